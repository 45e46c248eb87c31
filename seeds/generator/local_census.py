"""The spring school census of the imaginary Wigan as tables of the COLLECT export.

Here: pupils on roll in January with home, SEN provision and needs, and the absence, suspensions and exclusions
of the autumn term before. Not here: who the pupils are (`local_people`).

Absence rises with SEN support and plans, most of all where the need is social, emotional and mental health, and
with deprivation; some 20 % of pupils miss a tenth of their sessions and 2 % half of them.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd

from seeds.generator.country import Floats, Ints, stream
from seeds.generator.local_people import EDITIONS, code_of_year, people
from seeds.generator.local_places import wards
from seeds.generator.plans import LEAVES
from seeds.generator.writing import csv_bytes, gzip_bytes, write, zip_bytes

SESSIONS = 140
"""Possible sessions of an autumn term of 70 days."""

# Reasons of a suspension, and how often each is the first.
REASONS = {
    "DB": 0.44,
    "PP": 0.17,
    "VA": 0.16,
    "PA": 0.08,
    "VP": 0.05,
    "DM": 0.03,
    "OW": 0.02,
    "DA": 0.02,
    "MT": 0.01,
    "BU": 0.01,
    "RA": 0.01,
}


def publish(folder: Path, edition: int) -> list[Path]:
    """Writes the export: packed files in 2025, one zip of them in 2024."""
    files = {f"{edition}_spring_{name}.csv": csv_bytes(table) for name, table in tables(edition).items()}
    if edition == 2024:
        return [write(folder / f"{edition}_spring.zip", zip_bytes(files))]
    return [write(folder / f"{name}.gz", gzip_bytes(content)) for name, content in files.items()]


@cache
def pupils(edition: int) -> pd.DataFrame:
    """Pupils on roll on census day, by school and year: the columns of `people` without the edition, and `person`."""
    table = people()
    here = table[table[f"kind_{edition}"] != ""]
    now = {name: here[f"{name}_{edition}"] for name in ("kind", "school", "provision", "leaf")}
    year = here["cohort"] - (2025 - edition)
    return (
        here.assign(**now, year=year, person=here.index)
        .sort_values(["school", "year", "upn"], kind="stable")
        .reset_index(drop=True)
    )


@cache
def absence(edition: int) -> pd.DataFrame:
    """Sessions missed by pupil, in the order of `pupils`: illness, medical, part_time, unauthorised, holiday, other."""
    rng = stream(f"absence {edition}")
    table = pupils(edition)
    count = len(table)
    deprivation = np.append(wards()["deprivation"].to_numpy(), 0.0)[table["ward"]]
    mental = table["need"].isin(["SEMH"]) & table["provision"].ne("N")
    level: Floats = (
        np.log(0.037)
        + 0.14 * deprivation
        + 0.27 * (table["kind"] == "secondary")
        + 0.75 * (table["kind"] == "referral")
        + 0.17 * (table["provision"] == "K")
        + 0.32 * (table["provision"] == "E")
        + 0.42 * mental
    ).to_numpy()
    rate = np.exp(level + rng.normal(0, 0.80, count))
    # School-based anxiety: a few miss most of the term.
    rarely = rng.random(count) < np.where(mental, 0.060, 0.0175)
    rate = np.where(rarely, rng.uniform(0.45, 1.0, count), rate)
    missed = np.rint(SESSIONS * rate.clip(0, 1)).astype(np.int64)
    part_time = np.isin(table["person"], part_time_pupils())
    split = {}
    left = missed.copy()
    for name, share in (
        ("part_time", np.where(part_time, 0.55, 0.0)),
        ("unauthorised", 0.24 + 0.06 * deprivation),
        ("holiday", 0.11),
        ("medical", 0.07),
        ("other", 0.03),
    ):
        chance = np.where((rng.random(count) < 0.3) | part_time, 1.6 * share, 0.0)
        split[name] = rng.binomial(missed, np.clip(chance, 0, 0.6))
        split[name] = np.minimum(split[name], left)
        left = left - split[name]
    return pd.DataFrame({"illness": left, **split})


@cache
def part_time_pupils() -> Ints:
    """Rows of `people` of the pupils on a part-time timetable in the school year 2024/25."""
    rng = stream("part-time pupils")
    table = pupils(2025)
    weight = np.select(
        [
            table["provision"].eq("E") & table["need"].eq("SEMH"),
            table["provision"].eq("K") & table["need"].eq("SEMH"),
            table["provision"].eq("E") & table["need"].eq("ASD"),
            table["provision"].eq("E"),
            table["provision"].eq("K"),
        ],
        [26.0, 9.0, 9.0, 4.0, 1.5],
        0.06,
    ) * np.where(table["year"].between(0, 11), 1.0, 0.0)
    chosen = rng.choice(len(table), 310, replace=False, p=weight / weight.sum())
    return np.sort(table["person"].to_numpy()[chosen])


CODES = {"illness": "I", "medical": "M", "part_time": "C2", "unauthorised": "O", "holiday": "G", "other": "C"}


@cache
def suspensions(edition: int) -> pd.DataFrame:
    """Suspensions and permanent exclusions of the autumn term.

    Columns: pupil (row of `pupils`), category, start, sessions, reason1, reason2.
    """
    rng = stream(f"suspensions {edition}")
    table = pupils(edition)
    by_kind = table["kind"].map({"primary": 0.0030, "secondary": 0.034, "referral": 0.12, "special": 0.01}).fillna(0.0)
    factor = np.select(
        [table["provision"].ne("N") & table["need"].eq("SEMH"), table["provision"].isin(["K", "E"])], [6.0, 1.7], 0.62
    ) * np.where(table["sex"] == "M", 1.25, 0.75)
    times = rng.poisson(by_kind.to_numpy() * factor * rng.gamma(0.7, 1 / 0.7, len(table)))
    pupil = np.repeat(np.arange(len(table)), times.clip(0, 6))
    count = len(pupil)
    permanent = rng.random(count) < 0.02
    day = pd.Timestamp(f"{edition - 1}-09-04") + pd.to_timedelta(
        rng.integers(0, 15, count) * 7 + rng.integers(0, 5, count), unit="D"
    )
    first = rng.choice(list(REASONS), count, p=np.array(list(REASONS.values())))
    second = np.where(rng.random(count) < 0.25, rng.choice(["DB", "VA", "DM", "VP"], count), "")
    return pd.DataFrame(
        {
            "pupil": pupil,
            "category": np.where(permanent, "PERM", "SUSP"),
            "start": day,
            "sessions": np.where(permanent, 0, np.minimum(2 * rng.geometric(0.42, count), 30)),
            "reason1": first,
            "reason2": np.where(second == first, "", second),
        }
    )


def tables(edition: int) -> dict[str, pd.DataFrame]:
    """Every table of the export by the name of its file, all cells as the export writes them."""
    table = pupils(edition)
    key = pd.Series(np.arange(1, len(table) + 1)).astype(str)
    found = {
        "pupilonroll": _roll(table, key, edition),
        "addressesonroll": pd.DataFrame(
            {"pupilonrolltableid": key, "addressesonrolltableid": key, "postcode": table["postcode"]}
        ),
        "senneeds": _needs(table, key, edition),
        "termlyexclusionsonroll": _exclusions(table, key, edition),
    }
    # The absence of one edition shows all there is to show, and is a quarter of the files' size.
    if edition == EDITIONS[-1]:
        found["termlysessiondetailsonroll"] = _sessions(key, edition)
    return _with_faults(found)


def _roll(table: pd.DataFrame, key: pd.Series, edition: int) -> pd.DataFrame:
    name = np.where(table["leaf"] >= 0, np.array(LEAVES, object)[table["leaf"]], "")
    year = table["year"].to_numpy()
    # From the September of the first year in the kind of school; pupils who came later are not drawn.
    first = np.select([year < 0, year < 7], [np.minimum(year, -1), 0], 7)
    entered = edition - 1 - (year - first)
    return pd.DataFrame(
        {
            "pupilonrolltableid": key,
            "NativeId": table["school"],
            "dob": exported(table["birth"]),
            "surname": table["surname"],
            "forename": table["forename"],
            "upn": table["upn"],
            # Schools need give no ULN below the age of 16; those of the authority's plans are known.
            "uniquelearnernumber": table["uln"].where(table["leaf"] >= 0, ""),
            "sex": table["sex"],
            "entrydate": pd.Series(entered).astype(str) + "-Sep-03 00:00:00",
            "termlysessionspossible": f"{SESSIONS}.0",
            "parttime": np.where(year < 0, "True", "False"),
            "senunitindicator": np.where(pd.Series(name).str.endswith("senunit"), "True", "False"),
            "resourcedprovisionindicator": np.where(
                pd.Series(name).str.endswith("resourced_provision"), "True", "False"
            ),
            "ethnicity": table["ethnicity"],
            "language": np.where(table["ethnicity"].isin(["WBRI", "WIRI"]), "ENG", "OTB"),
            "enrolstatus": "C",
            "senprovision": table["provision"],
            "ncyearactual": code_of_year(year),
        }
    )


def exported(dates: pd.Series) -> pd.Series:
    """Dates as the export writes them: `2025-Jan-16 00:00:00`."""
    return dates.dt.strftime("%Y-%b-%d 00:00:00").fillna("")


def _needs(table: pd.DataFrame, key: pd.Series, edition: int) -> pd.DataFrame:
    """One or two types of need of the pupils with SEN support or a plan."""
    rng = stream(f"needs of pupils {edition}")
    supported = table["provision"].isin(["K", "E"]) & table["need"].ne("")
    first = pd.DataFrame({"pupilonrolltableid": key, "sentyperank": "1.0", "sentype": table["need"]})[supported]
    other = rng.choice(["SEMH", "SLCN", "MLD", "SPLD"], len(table))
    both = supported & (rng.random(len(table)) < 0.15) & (table["need"] != other) & (table["need"] != "NSA")
    second = pd.DataFrame({"pupilonrolltableid": key, "sentyperank": "2.0", "sentype": other})[both]
    found = pd.concat([first, second]).sort_index(kind="stable").reset_index(drop=True)
    found.insert(1, "senneedstableid", (found.index + 1).astype(str))
    return found


def _sessions(key: pd.Series, edition: int) -> pd.DataFrame:
    """A row for each pupil and reason with a missed session."""
    table = absence(edition)
    pupil, reason = np.nonzero(table.to_numpy())
    missed = table.to_numpy()[pupil, reason]
    found = pd.DataFrame(
        {
            "pupilonrolltableid": key.to_numpy()[pupil],
            "sessions": pd.Series(missed).astype(str) + ".0",
            "attendancereason": table.columns[reason].map(CODES),
        }
    )
    found.insert(1, "termlysessiondetailsonrolltableid", (found.index + 1).astype(str))
    return found


def _exclusions(table: pd.DataFrame, key: pd.Series, edition: int) -> pd.DataFrame:
    found = suspensions(edition)
    return pd.DataFrame(
        {
            "pupilonrolltableid": key.to_numpy()[found["pupil"]],
            "termlyexclusionsonrolltableid": np.arange(1, len(found) + 1).astype(str),
            "startdate": exported(found["start"]),
            "sessions": np.where(found["category"] == "PERM", "", found["sessions"].astype(str) + ".0"),
            "reason1": found["reason1"],
            "reason2": found["reason2"],
            "reason3": "",
            "category": found["category"],
            "senprovision": table["provision"].to_numpy()[found["pupil"]],
        }
    )


def _with_faults(found: dict[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """A handful of the mistakes that real returns hold: some ten cells in a million."""
    roll, homes = found["pupilonroll"], found["addressesonroll"]
    roll.loc[[7_000, 21_000], "upn"] = ""
    roll.loc[9_001, "upn"] = roll["upn"][9_000]
    roll.loc[12_000, "ncyearactual"] = "16"
    roll.loc[15_000, "ethnicity"] = ""
    roll.loc[18_000, "entrydate"] = "2031-Sep-03 00:00:00"
    roll.loc[24_000, "dob"] = "2012-Feb-30 00:00:00"
    homes.loc[[3_000, 33_000], "postcode"] = ["ZZ5", "UNKNOWN"]
    return found
