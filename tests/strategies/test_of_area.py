"""An area's own strategies: read as reviewed records, faults told by file and line, and never in the file's words."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel

from jsna_pipeline.catalogue.strategies import (
    Answer,
    EvidenceKind,
    Gap,
    Leg,
    Measure,
    Objective,
    Priority,
    Strategy,
    Target,
    TargetRule,
    strategies,
)
from jsna_pipeline.contributions.reading import Problem
from jsna_pipeline.strategies.of_area import MOST_FILES, area_strategies, strategy_template

TEMPLATE = strategy_template()
WORDS = "Zara Quill told us"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "wigan" / "strategies").mkdir(parents=True)
    return tmp_path / "wigan"


def _write(folder: Path, text: str, name: str = "send_2025.yml") -> Path:
    path = folder / "strategies" / name
    path.write_text(text, "utf-8")
    return path


def _line(text: str, part: str) -> str:
    return f"line {text[: text.rindex(part)].count(chr(10)) + 1}"


# --- the template ------------------------------------------------------------------------------


def test_the_template_is_a_strategy_as_it_stands(folder: Path) -> None:
    _write(folder, TEMPLATE)
    found, problems = area_strategies(folder)
    assert problems == ()
    strategy = found["send_2025"]
    assert [measure.row for measure in strategy.measures] == [1, 2, 3, 4, 5]
    # A bare `no` and `yes` are answers, and a day is a day.
    assert [measure.answer for measure in strategy.measures[:2]] == [Answer.YES, Answer.NO]
    assert strategy.final_day is not None and strategy.final_day.isoformat() == "2028-03-31"
    assert strategy.owner_of(strategy.measures[0]) == strategy.board
    assert strategy.owner_of(strategy.measures[1]) == "Head of the SEND service"


@pytest.mark.parametrize("model", [Strategy, Priority, Objective, Measure, Target, Gap, Leg])
def test_the_template_names_every_entry(model: type[BaseModel]) -> None:
    # An id is the file's name; a second indicator for the reference of a gap is for the catalogue's rare pairs.
    untold = {"reference_indicator"} | ({"id"} if model is Strategy else set())
    assert [name for name in model.model_fields if name not in untold and name not in TEMPLATE] == []


def test_the_template_explains_every_rule_answer_and_kind_of_evidence() -> None:
    explained = "\n".join(line for line in TEMPLATE.splitlines() if line.startswith("#"))
    assert [one for kind in (TargetRule, Answer, EvidenceKind) for one in kind if one.value not in explained] == []


def test_a_bare_year_is_a_period_of_any_figure_and_a_board_has_to_be_named(folder: Path) -> None:
    _write(folder, TEMPLATE.replace("baseline: 2021/22", "baseline: 2021"))
    assert area_strategies(folder)[1] == ()
    _write(folder, TEMPLATE.replace("board: SEND", "bord: SEND"))
    (problem,) = area_strategies(folder)[1]
    assert problem.what == "“board” is blank and has to be filled in"


# --- what is read ------------------------------------------------------------------------------


def test_an_area_without_strategies_has_none_and_no_problem(tmp_path: Path) -> None:
    assert area_strategies(tmp_path / "wigan") == ({}, ())
    (tmp_path / "wigan" / "strategies").mkdir(parents=True)
    assert area_strategies(tmp_path / "wigan") == ({}, ())


def test_rows_of_an_areas_file_are_its_own(folder: Path) -> None:
    """Row 1 is also one of the catalogue's Wigan strategy, and of a second file."""
    for name in ("first.yml", "second.yml"):
        _write(folder, TEMPLATE, name)
    found, problems = area_strategies(folder)
    assert (list(found), problems) == (["first", "second"], ())
    assert not found.keys() & strategies().keys()


def test_a_faulty_file_is_told_and_the_others_are_used(folder: Path) -> None:
    _write(folder, TEMPLATE)
    _write(folder, TEMPLATE.replace("rule: ALL", "rule: HOPE").replace("rule: IN_PLACE", "rule: HOPE"), "later.yml")
    found, problems = area_strategies(folder)
    assert list(found) == ["send_2025"]
    assert [(one.file, one.place) for one in problems] == [("strategies/later.yml", _line(TEMPLATE, "rule: IN_PLACE"))]


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ('references: ["1.1"]', 'references: ["1.9"]', "no priority or objective of this strategy has this id"),
        ("- ehcp_within_20_weeks_excl", "- plans_in_time", "no such indicator"),
        ("baseline: 2021/22", "baseline: 2021-09", "absence has no such period; its periods are written as 2018/19"),
        ("reference: disadvantage/not_", "reference: disadvantage/in", "it has disadvantage/"),
        ("due: 2026-03-31", "due: 2026-02-30", "is no day; write it as 2025-09-30"),
        ("row: 5", "row: 6", "number them from 1 to 5"),
        ("row: 5", "row: 4", "another measure of this strategy has this row already"),
        ("areas: [wigan]", "areas: [cumberland]", "is in the folder of wigan, which it does not name"),
        ("areas: [wigan]", "areas: [wigam]", "no local authority has this slug"),
        ("title: Example strategy", "title: Example: strategy", "is not valid YAML"),
        ('    priority: "1"', '    priority: "7"', "no priority of this strategy has this id; add it, or mend this"),
    ],
)
def test_a_fault_is_told_with_its_file_line_and_remedy(folder: Path, old: str, new: str, what: str) -> None:
    text = TEMPLATE.replace(old, new, 1)
    _write(folder, text)
    found, problems = area_strategies(folder)
    assert found == {}
    assert [(one.file, one.place) for one in problems] == [("strategies/send_2025.yml", _line(text, new))]
    assert what in problems[0].what


@pytest.mark.parametrize(
    ("name", "text", "what"),
    [
        ("Our Strategy.yml", TEMPLATE, "its name becomes the strategy's id"),
        ("strategy.yaml", TEMPLATE, "end it with .yml"),
        ("cumberland.yml", TEMPLATE, "a strategy of the catalogue has this id already"),
        ("empty.yml", "# only a comment\n", "`jsna template strategy` writes one to fill in"),
        ("tied.yml", "note: &a x\ntitle: *a\n", "write the part out"),
        ("deep.yml", "[" * 3000, "parts within parts"),
        ("named.yml", TEMPLATE.replace("parts: objective", "parts: objective\nid: other"), "see the template"),
        ("large.yml", "note: " + "x" * 2**20, "larger than 1 MB"),
    ],
)
def test_a_file_that_cannot_be_used_is_told_by_name(folder: Path, name: str, text: str, what: str) -> None:
    _write(folder, text, name)
    found, problems = area_strategies(folder)
    assert found == {}
    assert [one.file for one in problems] == [f"strategies/{name}"]
    assert what in problems[0].what


def test_more_files_than_any_area_steers_by_are_not_read(folder: Path) -> None:
    for number in range(MOST_FILES + 2):
        _write(folder, "# nothing yet\n", f"plan_{number:02}.yml")
    _, problems = area_strategies(folder)
    assert len(problems) == MOST_FILES + 1
    assert problems[-1] == Problem("strategies", "", f"holds more than {MOST_FILES} files; the others are not read")


# --- whatever a file holds ---------------------------------------------------------------------


def _with_words(data: object, place: int) -> object:
    """`data` with the leaf at `place`, counted through, replaced by somebody's words."""
    leaves = iter(range(10**6))

    def replaced(part: object) -> object:
        if isinstance(part, dict):
            return {name: replaced(entry) for name, entry in part.items()}
        if isinstance(part, list):
            return [replaced(entry) for entry in part]
        return WORDS if next(leaves) == place else part

    return replaced(data)


@settings(max_examples=30, deadline=None)
@given(place=st.integers(0, 110))
def test_no_problem_repeats_what_the_file_says(tmp_path_factory: pytest.TempPathFactory, place: int) -> None:
    folder = tmp_path_factory.mktemp("area") / "wigan"
    (folder / "strategies").mkdir(parents=True)
    data = yaml.load(TEMPLATE, Loader=yaml.BaseLoader)  # noqa: S506 (makes text alone, and the template is ours)
    _write(folder, yaml.safe_dump(_with_words(data, place), sort_keys=False))
    found, problems = area_strategies(folder)
    assert len(found) + len(problems) == 1
    assert "Zara" not in " ".join(one.sentence for one in problems)


@settings(max_examples=30, deadline=None)
@given(cut=st.integers(0, len(TEMPLATE)), put=st.sampled_from(["", "\t", "- ", ": ", "{", "'", "!!x ", "\x00", "2 "]))
def test_no_damage_to_a_file_raises(tmp_path_factory: pytest.TempPathFactory, cut: int, put: str) -> None:
    folder = tmp_path_factory.mktemp("area") / "wigan"
    (folder / "strategies").mkdir(parents=True)
    _write(folder, TEMPLATE[:cut] + put + TEMPLATE[cut + 1 :])
    found, problems = area_strategies(folder)
    assert len(found) + len(problems) == 1
