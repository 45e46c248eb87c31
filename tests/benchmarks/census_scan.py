"""Nine million census rows read, typed, held against eleven rules and counted, against a bare scan of the file.

Here: a measurement to run by hand (`python -m tests.benchmarks.census_scan [--rows N] [--runs N]`), not a
test. The file is synthetic, has the layout of the collection's `pupilonroll` export, some of its cells in
quotation marks as there, and is deleted afterwards. The floor is Polars' streaming scan-and-group of the same
file. All run in turn, each time in a process of its own, so that the peak memory of each is known.
"""

from __future__ import annotations

import argparse
import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import polars as pl

from jsna_pipeline.catalogue.returns import Return, code_lists, returns
from jsna_pipeline.returns.checking import applicable, count_queries, examine
from jsna_pipeline.returns.delivered import DeliveredFile
from jsna_pipeline.returns.formats.csv_text import open_csv
from jsna_pipeline.returns.raw import RawReturn, in_shape, match_columns
from jsna_pipeline.returns.rules import rules_of
from jsna_pipeline.returns.rules.columns import UPN_LETTERS
from jsna_pipeline.returns.typed import typed

YEAR, CHUNK = 2025, 500_000
RULES = frozenset(
    {
        "school_census.pupil.pupil_key.repeated",
        "school_census.pupil.upn.malformed",
        "school_census.pupil.birth_date.unreadable",
        "school_census.pupil.birth_date.after_reference",
        "school_census.pupil.entry_date.before_birth",
        "school_census.pupil.sex.not_in_list",
        "school_census.pupil.ethnicity.not_in_list",
        "school_census.pupil.sen_provision.not_in_list",
        "school_census.pupil.year_group.not_in_list",
        "school_census.pupil.sen_unit.unreadable",
        "school_census.pupil.sessions_possible.outside_limits",
    }
)
# Columns of the export that no rule of the benchmark reads, with what they hold.
IDLE = {
    "middlenames": "MID", "preferredsurname": "PRE", "formersurname": "", "formerupn": "",
    "pupilonrollorderseqcolumn": "1", "sourceid": "f50bf7cf", "schoolcensustableid": "348ce0cb",
    "hoursatsetting": "25.0", "schoollunchtaken": "True", "topupfunding": "False", "unitcontacttime": "",
    "moveoffrollflag": "False", "fundedhours": "", "missingaddress": "False", "duplicatenotfunded": "False",
    "extendedhours": "", "eligibilitycode": "", "dafindicator": "", "servicechild": "N",
    "classtype": "O", "boarder": "B", "plaa": "", "eyppr": "", "eyppbf": "", "youngcarer": "N",
}  # fmt: skip


def chunk(first: int, rows: int) -> pl.DataFrame:
    """`rows` invented pupils in the export's columns, keys from `first` on; every one keeps every rule."""
    random = np.random.default_rng(first)
    age = random.integers(4, 18, rows)
    born = np.datetime64("2020-09-01") - (365 * (age - 4) + random.integers(1, 364, rows)).astype("timedelta64[D]")
    entered = np.minimum(born + np.timedelta64(365 * 4, "D"), np.datetime64("2024-09-02"))
    digits = random.integers(0, 10, (rows, 12))
    letter = np.array(list(UPN_LETTERS))[(digits * np.arange(2, 14)).sum(axis=1) % len(UPN_LETTERS)]
    number = pl.Series((digits * 10 ** np.arange(11, -1, -1)).sum(axis=1)).cast(pl.String).str.zfill(12)
    key = pl.Series(np.arange(first, first + rows)).cast(pl.String).str.zfill(8)
    year = np.where(age == 4, "R", np.minimum(age - 4, 14).astype(str))
    drawn = pl.DataFrame(
        {
            "pupilonrolltableid": key + "-8ca",
            "dob": pl.Series(born).dt.strftime("%Y-%b-%d 00:00:00"),
            "upn": pl.Series(letter) + number,
            "sex": random.choice(["M", "F"], rows),
            "entrydate": pl.Series(entered).dt.strftime("%Y-%b-%d 00:00:00"),
            "termlysessionspossible": pl.Series(random.integers(100, 140, rows)).cast(pl.String) + ".0",
            "senunitindicator": random.choice(["True", "False"], rows, p=[0.02, 0.98]),
            "ethnicity": random.choice(["WBRI", "AIND", "APKN", "BAFR", "MWAS"], rows),
            "senprovision": random.choice(["N", "K", "E"], rows, p=[0.8, 0.15, 0.05]),
            "ncyearactual": year,
            "yssa": random.choice(["", "Yes", "Sought, no reply"], rows, p=[0.8, 0.1, 0.1]),
        }
    )
    fixed = {"NativeId": "SCH1", "surname": "SUR", "forename": "FOR", "uniquelearnernumber": "", "parttime": "False",
             "resourcedprovisionindicator": "False", "language": "ENG", "enrolstatus": "C"}  # fmt: skip
    frame = drawn.with_columns(pl.lit(text).alias(name) for name, text in (fixed | IDLE).items())
    return frame.with_columns(pl.col(pl.String).replace("", None))  # a blank has no quotation marks in an export


def write_census(path: Path, rows: int) -> None:
    with path.open("wb") as file:
        for first in range(0, rows, CHUNK):
            chunk(first, min(CHUNK, rows - first)).write_csv(file, include_header=first == 0)


def floor(path: Path) -> int:
    """The bare scan-and-group; gives the rows counted."""
    grouped = pl.scan_csv(path, infer_schema=False).group_by("senprovision", "ncyearactual").len()
    return int(grouped.collect(engine="streaming")["len"].sum())


def ours(path: Path) -> int:
    """As an intake reads a delivered file, the check of its lines and quotation marks included."""
    record = returns()["school_census"]
    return counted(open_csv(DeliveredFile(path, path.name)).scan(record.tables["pupil"], YEAR)[0], record)


def unchecked(path: Path) -> int:
    """The same without the check of lines and quotation marks, which reads the file once by itself."""
    record = returns()["school_census"]
    scanned = pl.scan_csv(path, infer_schema=False, row_index_name="row", row_index_offset=2)
    headings = pl.scan_csv(path, infer_schema=False).collect_schema().names()
    names = match_columns(headings, record.tables["pupil"], YEAR, path.name).names
    pupils = scanned.rename(names).with_columns(file=pl.lit(path.name))
    return counted(in_shape(pupils, record.tables["pupil"]), record)


def counted(pupils: pl.LazyFrame, record: Return) -> int:
    """Typing, rules and counts in one shared pass; gives the rows counted that no rule refuses.

    A rule that may fail costs a second pass, as in an intake; in the file of this benchmark none does.
    """
    tables = typed(RawReturn({"pupil": pupils}, {}, ()), record, YEAR)
    day = record.reference_date(YEAR)
    assert day is not None
    rules = [rule for rule in applicable(rules_of(record, YEAR, day), tables) if rule.id in RULES]
    assert len(rules) == len(RULES)
    cells, *suspicions = pl.collect_all(
        [by_provision_and_year(tables["pupil"]), *(query for query, _ in count_queries(tables, rules))],
        engine="streaming",
    )
    if any(any(frame.row(0)) for frame in suspicions):
        kept = examine(tables, record, YEAR, day).tables["pupil"]
        cells = by_provision_and_year(kept).collect(engine="streaming")
    return int(cells["len"].sum())


def by_provision_and_year(pupils: pl.LazyFrame) -> pl.LazyFrame:
    return pupils.group_by("sen_provision", "year_group").len()


WAYS: dict[str, Callable[[Path], int]] = {"floor": floor, "unchecked": unchecked, "ours": ours}


def measured(way: str, path: Path) -> dict[str, float]:
    """Wall time, processor time of all threads, rows counted, and peak memory of the process.

    The catalogue, which a build reads once for all its returns, is read before the clock starts.
    """
    returns(), code_lists()
    started, busy = time.perf_counter(), time.process_time()
    rows = WAYS[way](path)
    return {
        "seconds": time.perf_counter() - started,
        "cpu": time.process_time() - busy,
        "rows": rows,
        "mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


def in_turn(path: Path, runs: int) -> Iterator[tuple[str, dict[str, float]]]:
    """Each way `runs` times, alternating, each in its own process."""
    for _ in range(runs):
        for way in WAYS:
            command = [sys.executable, "-m", "tests.benchmarks.census_scan", "--way", way, "--file", str(path)]
            done = subprocess.run(command, capture_output=True, text=True, check=True)
            yield way, json.loads(done.stdout)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--rows", type=int, default=9_000_000)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--way", choices=list(WAYS), help=argparse.SUPPRESS)
    parser.add_argument("--file", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.way:
        print(json.dumps(measured(given.way, given.file)))
        return
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "pupilonroll.csv"
        write_census(path, given.rows)
        print(f"{given.rows:,} rows, {path.stat().st_size / 2**30:.2f} GiB, {len(RULES)} rules, {given.runs} runs each")
        found: dict[str, list[dict[str, float]]] = {way: [] for way in WAYS}
        for way, result in in_turn(path, given.runs):
            assert result["rows"] == given.rows
            found[way].append(result)
    medians = {
        way: {part: statistics.median(result[part] for result in results) for part in ("seconds", "cpu")}
        for way, results in found.items()
    }
    for way, median in medians.items():
        print(
            f"{way:<10}{median['seconds']:>7.2f} s{median['cpu']:>7.2f} s CPU (medians)"
            f"{max(result['mb'] for result in found[way]):>7.0f} MB peak"
            f"{median['seconds'] / medians['floor']['seconds']:>7.2f} × floor"
        )


if __name__ == "__main__":
    main()
