"""Identifiers planted in every kind of return are in nothing that a build writes or says, whether it ends well or not.

Here: whole builds and their failures, searched file by file. Not here: the parts (`returns/test_intake.py` and its
neighbours search theirs), or how the search works (`returns/canaries.py`).
"""

from __future__ import annotations

import logging
import shutil
import tempfile
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path

import polars as pl
import pytest

from assets import build as building
from assets import resources
from jsna_pipeline import geography, local_area
from jsna_pipeline.errors import JsnaError
from jsna_pipeline.report.output import FAILURE_NOTE
from jsna_pipeline.returns import intake, store
from tests.builds import EDITION, Build, jsna, settings_in
from tests.local_returns import AREA, plant_everywhere, small_returns
from tests.returns.canaries import BIRTH_DATES, POSTCODES, SURNAMES, UPNS, assert_none_in

WIGAN = geography.local_authority(AREA)
FEW = ("plans_by_age", "therapy_waits")


@pytest.fixture(scope="module")
def everything(small_build: Build, small_files: Path, tmp_path_factory: pytest.TempPathFactory) -> Build:
    """All returns, all formats, by the command that a user gives."""
    folder = tmp_path_factory.mktemp("canaries")
    shutil.copytree(small_build.folder, folder, dirs_exist_ok=True)
    area = small_returns(folder / "returns", EDITION) / EDITION / AREA
    with pytest.raises(AssertionError):
        assert_none_in(*plant_everywhere(area).rglob("*.*"))
    (folder / "tmp").mkdir()
    run = jsna(
        folder, "build", AREA, "--landing", small_files, "--returns", folder / "returns", TMPDIR=str(folder / "tmp")
    )
    assert run.returncode == 0, run.stderr
    return Build(folder, "landing", run.stdout + run.stderr)


def outside_the_store(build: Build) -> list[Path]:
    """Every file that a build may have written, but for what was delivered and what the restricted store keeps."""
    kept = (build.folder / "returns", build.folder / "landing", build.state / "landing" / "restricted")
    found = (path for path in build.folder.rglob("*") if path.is_file())
    return [path for path in found if not any(path.is_relative_to(folder) for folder in kept)]


def test_every_return_was_taken_in_with_what_was_planted_in_it(everything: Build) -> None:
    """Otherwise the searches below prove nothing."""
    delivered = {path.name for path in (everything.folder / "returns" / EDITION / AREA).iterdir()}
    page = everything.state / "landing" / "restricted" / "validation" / EDITION / AREA
    assert {path.stem for path in page.glob("*.html")} == delivered and len(delivered) > 25
    faulty = {path.stem for path in page.glob("*.csv") if len(path.read_text("utf-8").splitlines()) > 1}
    assert len(faulty) > 20


def test_nothing_planted_leaves_the_restricted_store(everything: Build) -> None:
    files = outside_the_store(everything)
    kinds = {path.suffix for path in files}
    assert {".html", ".pdf", ".csv", ".parquet", ".xlsx", ".json", ".db", ".out"} <= kinds, kinds
    assert_none_in(everything.printed, *files)


def test_inside_the_store_are_pseudonyms_and_no_identifier(everything: Build) -> None:
    restricted = everything.state / "landing" / "restricted"
    persons = pl.read_parquet(restricted / "records" / EDITION / AREA / "sen2_person.parquet")["person"]
    assert persons.drop_nulls().len() > 100
    assert_none_in(restricted)


# --- builds that fail ---------------------------------------------------------------------------------


@pytest.fixture
def delivered(small_copy: Build, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Build, Path]]:
    """A build with a last good report, and the folder of the area's returns: two of them, full of canaries."""
    few = {name: table for name, table in local_area.local_tables().items() if name in FEW}
    monkeypatch.setattr(local_area, "local_tables", lambda: few)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    returns = small_returns(small_copy.folder / "returns", EDITION, ("sen2", "therapies"))
    yield small_copy, plant_everywhere(returns / EDITION / AREA)


def failure(build: Build, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]) -> JsnaError:
    """The error of a build that must fail, after a search of all that it left and said."""
    told: list[str] = []
    settings = settings_in(
        build.folder, source="landing", landing=build.folder / "landing", returns=build.folder / "returns"
    )
    with caplog.at_level(logging.DEBUG), pytest.raises(JsnaError) as caught:
        building.build(settings, [WIGAN], EDITION, ["html"], told.append)
    error = caught.value
    note = build.report() / FAILURE_NOTE
    assert str(error) in note.read_text("utf-8")
    chain = "".join(traceback.format_exception(error))
    assert_none_in(str(error), repr(error), chain, caplog.text, "".join(capfd.readouterr()), "\n".join(told))
    assert_none_in(note, *outside_the_store(build))
    restricted = build.state / "landing" / "restricted"
    if any(restricted.rglob("*")):
        assert_none_in(restricted)
    return error


def cut_short(area: Path) -> None:
    path = area / "sen2" / "sen2_2025.xml"
    path.write_bytes(path.read_bytes()[:3000])


def heading_lost(area: Path) -> None:
    path = area / "therapies" / "therapies.csv"
    path.write_text(path.read_text("utf-8").split("\n", 1)[1], "utf-8")


def quote_left_open(area: Path) -> None:
    path = area / "therapies" / "therapies.csv"
    path.write_text(path.read_text("utf-8") + f'"{SURNAMES[0]},{UPNS[0]}\n', "utf-8")


def most_rows_refused(area: Path) -> None:
    path = area / "therapies" / "therapies.csv"
    head, *rows = path.read_text("utf-8").splitlines()
    at = head.split(",").index("referral_date")
    spoilt = [",".join([*cells[:at], f"{UPNS[1]} {BIRTH_DATES[0]}", *cells[at + 1 :]]) for cells in map(_cells, rows)]
    path.write_text("\n".join([head, *spoilt]), "utf-8")


def _cells(row: str) -> list[str]:
    return row.split(",")


@pytest.mark.parametrize("spoil", [cut_short, heading_lost, quote_left_open, most_rows_refused])
def test_a_file_that_cannot_be_used_is_refused_without_a_word_of_it(
    delivered: tuple[Build, Path],
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
    spoil: Callable[[Path], None],
) -> None:
    build, area = delivered
    spoil(area)
    error = failure(build, caplog, capfd)
    assert error.exit_code == 2 and ("therapies" in str(error) or "sen2" in str(error))


STEPS = {
    "reading": (intake.formats, "reader"),
    "typing": (intake, "typed"),
    "checking": (intake, "check"),
    "uniting": (intake, "unite"),
    "keeping": (store.RecordStore, "write"),
    "reporting faults": (resources, "write_report"),
    "counting": (local_area, "count_tables"),
    "protecting": (local_area, "protect"),
    "logging": (local_area, "unseen_by_the_roll"),
}


# A panic of polars is no Exception: it is asked where polars runs outside the steps of one return.
PANICS = ("uniting", "keeping", "counting")


@pytest.mark.parametrize(
    ("step", "kind"),
    [*((step, ValueError) for step in STEPS), *((step, pl.exceptions.PanicException) for step in PANICS)],
)
def test_what_nobody_foresaw_carries_no_value_into_the_event_store(
    delivered: tuple[Build, Path],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
    step: str,
    kind: type[BaseException],
) -> None:
    def broken(*_: object, **__: object) -> object:
        try:
            raise LookupError(f"{SURNAMES[0]}, {POSTCODES[0]}")
        except LookupError as first:
            raise kind(f"cannot convert {UPNS[0]} born {BIRTH_DATES[0]}") from first

    build, _ = delivered
    owner, name = STEPS[step]
    monkeypatch.setattr(owner, name, broken)
    error = failure(build, caplog, capfd)
    assert f"{kind.__name__} in test_canaries.py" in str(error)
