"""All that an area writes, gathered: the example whole, each faulty file told alone, and a digest of the rest."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import fields, replace
from datetime import date
from pathlib import Path

import pytest

import seeds
from jsna_pipeline.contributions.gather import Contributions, _files, gather
from jsna_pipeline.contributions.reading import Problem
from jsna_pipeline.governance.records import AreaGovernance
from jsna_pipeline.governance.sign_off import Standing, Step
from jsna_pipeline.strategies.of_area import strategy_template

EXAMPLE = Path(seeds.__file__).parent / "contributions" / "2025" / "wigan"
EDITION, CUT_OFF, TODAY = "2025", date(2025, 12, 31), date(2026, 2, 1)
CANARY = "Zebedee Quill"
# What may differ where a file is at fault: the fault itself, and the file as it lies there.
ALWAYS = {"folder", "files", "problems"}


def gathered(folder: Path | None) -> Contributions:
    return gather(folder, EDITION, CUT_OFF, TODAY)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copytree(EXAMPLE, tmp_path / "wigan")
    strategies = tmp_path / "wigan" / "strategies"
    strategies.mkdir()
    (strategies / "send_2025.yml").write_text(strategy_template(), "utf-8")
    return tmp_path / "wigan"


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Contributions:
    """The example with a strategy of the area's own."""
    copy = tmp_path_factory.mktemp("whole") / "wigan"
    shutil.copytree(EXAMPLE, copy)
    (copy / "strategies").mkdir()
    (copy / "strategies" / "send_2025.yml").write_text(strategy_template(), "utf-8")
    return gathered(copy)


def replaced(old: str, new: str) -> Callable[[str], str]:
    def change(text: str) -> str:
        assert old in text
        return text.replace(old, new, 1)

    return change


# --- the example -------------------------------------------------------------------------------


def test_the_example_is_read_whole_and_without_problems(whole: Contributions) -> None:
    assert whole.problems == ()
    assert "send_2025" in whole.strategies and "wigan_education" in whole.strategies
    assert [survey.key for survey in whole.voice.surveys] == [
        ("send_parents", "2024"),
        ("send_parents", "2025"),
        ("send_young_people", "2025"),
    ]
    assert len(whole.voice.themes) == 7 and not whole.voice.is_empty
    assert {one.chapter for one in whole.commentary} == {"attendance", "ehc_system", "health"}
    assert len(whole.self_evaluation.rows) > 5
    assert all((whole.commissioning.proposals, whole.commissioning.services, whole.commissioning.decisions))
    assert sum(len(one) for one in whole.reported.milestones.values()) == 7
    governance, told = whole.governance()
    assert told == () and governance.sign_off.state is Step.DATA_CHECKED and governance.sign_off.draft


def test_every_file_is_listed_with_its_size_and_none_that_a_program_hides(folder: Path) -> None:
    (folder / ".DS_Store").write_text(CANARY)
    names = {one.name: one.bytes for one in gathered(folder).files}
    assert {"sign_off.yml", "survey/parents_2025.csv", "strategies/send_2025.yml"} <= names.keys()
    assert ".DS_Store" not in names
    assert all(size == (folder / name).stat().st_size for name, size in names.items())


@pytest.mark.parametrize("there", [False, True], ids=["no folder", "an empty one"])
def test_an_area_that_wrote_nothing_is_blank(tmp_path: Path, there: bool) -> None:
    blank = gathered(tmp_path if there else None)
    assert (blank.problems, blank.files, blank.commentary) == ((), (), ())
    assert blank.voice.is_empty and not blank.self_evaluation.rows and not blank.commissioning
    assert blank.strategies.keys() >= {"wigan_education", "wigan_send_page"}
    governance, told = blank.governance()
    assert told == () and governance == AreaGovernance(EDITION, CUT_OFF)


# --- faults ------------------------------------------------------------------------------------

# Of each kind of file: which one, the change that spoils it, where the fault is, a part of its remedy, and the
# fields of `Contributions` that may be less than the whole for it.
SPOILT: dict[str, tuple[str, Callable[[str], str], str, str, set[str]]] = {
    "strategy": (
        "strategies/send_2025.yml",
        replaced("title: Example strategy", f"title: {CANARY}: strategy"),
        "line",
        "is not valid YAML",
        {"strategies"},
    ),
    "survey map": (
        "survey/parents_2025.yml",
        replaced("population: parents", f"population: {CANARY}"),
        "line 8",
        "has to be 'children', 'young_people', 'parents' or 'staff'",
        {"voice"},
    ),
    "survey answers": (
        "survey/young_people_2025.csv",
        replaced(",ehc_plan,Disagree,", f",ehc_plan,{CANARY} {'told us of his school and of much more ' * 3},"),
        "column 5",
        "holds free text; take comments out of the file",
        {"voice"},
    ),
    "commentary": (
        "commentary/health-example-integrated-care-board.md",
        replaced("date: 2025-10-13", f"date: {CANARY}"),
        "line 5",
        "write it as 2025-09-30",
        {"commentary"},
    ),
    "themes": (
        "themes.csv",
        replaced("survey,parents and carers,118,", f"survey,parents and carers,{CANARY},"),
        "row 2, column mentions",
        "has to be a whole number",
        {"voice"},
    ),
    "milestones": (
        "milestones.csv",
        replaced(",done,2025-07-10,", f",{CANARY},2025-07-10,"),
        "row 2, column status",
        "under_way",
        {"reported"},
    ),
}


@pytest.mark.parametrize("kind", SPOILT)
def test_a_faulty_file_is_told_in_one_sentence_and_takes_nothing_else_with_it(
    folder: Path, whole: Contributions, kind: str
) -> None:
    name, spoil, place, remedy, touched = SPOILT[kind]
    path = folder / name
    path.write_text(spoil(path.read_text("utf-8")), "utf-8")
    found = gathered(folder)
    (problem,) = found.problems
    assert problem.file == name and problem.place.startswith(place) and remedy in problem.what
    assert CANARY not in repr(found.problems) and CANARY.casefold() not in problem.sentence.casefold()
    others = {field.name for field in fields(Contributions)} - ALWAYS - touched
    for other in others:
        assert getattr(found, other) == getattr(whole, other) if other != "voice" else _same_voice(found, whole)
    assert found.governance() == whole.governance()


def _same_voice(found: Contributions, whole: Contributions) -> bool:
    return [one.key for one in found.voice.surveys] == [one.key for one in whole.voice.surveys] and (
        found.voice.themes,
        found.voice.quotations,
    ) == (whole.voice.themes, whole.voice.quotations)


def test_the_rest_of_a_file_at_fault_is_used(folder: Path, whole: Contributions) -> None:
    for kind in ("themes", "milestones", "commentary", "survey map"):
        name, spoil, *_ = SPOILT[kind]
        (folder / name).write_text(spoil((folder / name).read_text("utf-8")), "utf-8")
    found = gathered(folder)
    assert len(found.problems) == 4
    assert found.voice.themes == whole.voice.themes[1:] and found.commentary == whole.commentary[:2]
    assert [one.key[1] for one in found.voice.surveys] == ["2024", "2025"]
    assert sum(len(one) for one in found.reported.milestones.values()) == 6
    assert (found.voice.you_said, found.voice.statements) == (whole.voice.you_said, whole.voice.statements)


def test_a_faulty_sign_off_is_told_with_the_governance_and_signs_nothing(folder: Path, whole: Contributions) -> None:
    path = folder / "sign_off.yml"
    path.write_text(path.read_text("utf-8").replace("on: 2025-12-08", f"on: {CANARY}"), "utf-8")
    found = gathered(folder)
    assert found.problems == ()
    governance, (problem,) = found.governance()
    assert problem.file == "sign_off.yml" and problem.place.startswith("line ") and "2025-09-30" in problem.what
    assert CANARY not in problem.sentence
    assert governance.sign_off.draft and all(one.standing is not Standing.SIGNED for one in governance.sign_off.steps)
    expected, _ = whole.governance()
    assert (governance.decisions, governance.contributions) == (expected.decisions, expected.contributions)


def test_whatever_blocks_is_handed_on_to_the_sign_off(whole: Contributions) -> None:
    blocking = (Problem("commentary/a.md", "line 9", "does not agree with the data"),)
    governance, _ = whole.governance(blocking)
    assert governance.sign_off.blocking == blocking


# --- the digest --------------------------------------------------------------------------------


def test_the_digest_changes_with_any_file_and_with_nothing_else(folder: Path, tmp_path: Path) -> None:
    first = gathered(folder)
    shutil.copytree(folder, tmp_path / "elsewhere")
    assert gathered(tmp_path / "elsewhere").digest == first.digest
    seen = {first.digest}
    for name in [one.name for one in first.files]:
        path = tmp_path / "elsewhere" / name
        before = path.read_bytes()
        path.write_bytes(before + b"\n")
        seen.add(_digest(tmp_path / "elsewhere", first))
        path.write_bytes(before)
    assert len(seen) == 1 + len(first.files)
    (folder / "themes.csv").rename(folder / "other.csv")
    assert _digest(folder, first) not in seen


def _digest(folder: Path, like: Contributions) -> str:
    """The digest of the files as they lie there, without reading what they hold."""
    return replace(like, files=_files(folder)).digest


def test_the_day_of_the_build_alone_changes_nothing(folder: Path) -> None:
    assert gathered(folder).digest == gather(folder, EDITION, CUT_OFF, date(2026, 2, 2)).digest
