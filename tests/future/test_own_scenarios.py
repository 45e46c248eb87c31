"""An area's own scenarios: read as reviewed records, faults told by file and line, and never in the file's words."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import seeds
from jsna_pipeline.catalogue import scenarios as records
from jsna_pipeline.catalogue.scenarios import KINDS, Assumption, Certainty, Scenario
from jsna_pipeline.contributions.reading import Problem
from jsna_pipeline.future.own_scenarios import MOST_FILES, area_scenarios, scenario_template
from jsna_pipeline.future.tables import SETTINGS

TEMPLATE = scenario_template()
WORDS = "Zara Quill told us"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "wigan" / "scenarios").mkdir(parents=True)
    return tmp_path / "wigan"


def _write(folder: Path, text: str, name: str = "school_2028.yml") -> None:
    (folder / "scenarios" / name).write_text(text, "utf-8")


def _line(text: str, part: str) -> str:
    return f"line {text[: text.index(part)].count(chr(10)) + 1}"


def test_the_template_is_a_scenario_as_it_stands_with_every_kind_of_change(folder: Path) -> None:
    _write(folder, TEMPLATE)
    found, problems = area_scenarios(folder)
    assert problems == ()
    scenario = found["school_2028"]
    assert {change.kind for change in scenario.changes} == set(KINDS)
    assert scenario.reviewed.isoformat() == "2026-01-14" and scenario.fewer_new_plans


def test_the_template_names_every_entry_setting_and_certainty() -> None:
    kinds = [getattr(records, name) for name in dir(records) if isinstance(getattr(records, name), type)]
    changes = [one for one in kinds if issubclass(one, records.Change) and "kind" in one.model_fields]
    names = {name for one in (*changes, Assumption, Scenario) for name in one.model_fields} - {"id", "from_"}
    assert [one for one in (*names, "from", *SETTINGS, *Certainty) if one not in TEMPLATE] == []


def test_the_example_of_the_seeds_is_read() -> None:
    example = Path(seeds.__file__).parent / "contributions" / "2025" / "wigan"
    found, problems = area_scenarios(example)
    assert problems == () and found["resourced_provision_2028"].name.endswith("(example)")


def test_an_area_without_scenarios_has_none_and_no_problem(tmp_path: Path) -> None:
    assert area_scenarios(tmp_path / "wigan") == ({}, ())


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("kind: exclusion", f"kind: {WORDS}", "has to have a kind: one of new_plan_rate, ceasing_rate"),
        ("factor: 0.8", f"factor: {WORDS}", "has to be a number"),
        ("factor: 0.8", "factor: 80", "has to be less than or equal to 5"),
        ("factor: 0.8", "factor: nan", "has to be a finite number"),
        ("setting: special_state\n    places: 60", f"setting: {WORDS}\n    places: 60", "has to be one of mainstream"),
        ("places: 60", "places: 6.5", "has to be a whole number"),
        ("phase: secondary", f"phase: {WORDS}", "has to be 'early_years'"),
        ("certainty: assumed\n", f"certainty: {WORDS}\n", "has to be 'measured', 'estimated' or 'assumed'"),
        ("reviewed: 2026-01-14", "reviewed: 2026-02-30", "is no day; write it as 2025-09-30"),
        ("name: Example,", f'name: "Target: {WORDS}" #', "it has to speak of no target, no saving and no refusal"),
        ("owner: Head", f"{WORDS.replace(' ', '_')}: Head", "the name of this entry is not known"),
    ],
)
def test_a_fault_is_told_with_its_line_and_without_its_words(folder: Path, old: str, new: str, what: str) -> None:
    text = TEMPLATE.replace(old, new, 1)
    assert text != TEMPLATE
    if "not known" in what:
        text += "\nowner: Nobody\n"
    _write(folder, text)
    _write(folder, TEMPLATE, "good.yml")
    found, (problem,) = area_scenarios(folder)
    assert list(found) == ["good"]
    assert problem.file == "scenarios/school_2028.yml" and what in problem.what
    at = new if "kind" not in old else "- " + new
    assert problem.place == _line(text, at)
    assert WORDS.split()[0] not in problem.sentence


def test_a_change_that_contradicts_itself_is_told_at_its_own_line(folder: Path) -> None:
    for old, new, change, what in (
        ("until: 2030", "until: 2027", "- kind: new_plan_rate", "ends (until) no later than it begins (from)"),
        (
            "share_of_new: 5",
            "over: 2",
            "- kind: setting_shift\n    from_setting: special_ind",
            "either points or share",
        ),
        ("highest: 1.2", "highest: 0.2", "- kind: regime", "a highest factor below its lowest"),
        (
            "takes_from: [special_ind",
            "takes_from: [special_state, special_ind",
            "- kind: setting_opens",
            "other settings",
        ),
    ):
        text = TEMPLATE.replace(old, new, 1)
        _write(folder, text)
        (problem,) = area_scenarios(folder)[1]
        assert what in problem.what and problem.place == _line(text, change)


@pytest.mark.parametrize(
    ("name", "text", "what"),
    [
        ("School 2028.yml", TEMPLATE, "its name becomes the scenario's id"),
        ("inclusion.yml", TEMPLATE, "a scenario of the catalogue has this id already"),
        ("blank.yml", "# nothing yet\n", "`jsna template scenario` writes one"),
        (
            "idle.yml",
            TEMPLATE[: TEMPLATE.index("changes:")] + TEMPLATE[TEMPLATE.index("assumptions:") :],
            "has changes",
        ),
    ],
)
def test_what_a_file_may_not_be(folder: Path, name: str, text: str, what: str) -> None:
    _write(folder, text, name)
    found, (problem,) = area_scenarios(folder)
    assert found == {} and what in problem.what


def test_no_more_files_are_read_than_a_table_holds(folder: Path) -> None:
    for number in range(MOST_FILES + 1):
        _write(folder, TEMPLATE, f"s_{number:02}.yml")
    found, problems = area_scenarios(folder)
    assert len(found) == MOST_FILES
    assert problems == (Problem("scenarios", "", f"holds more than {MOST_FILES} files; the others are not read"),)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, len(TEMPLATE.splitlines()) - 1), st.text(max_size=30))
def test_whatever_a_line_holds_nothing_is_raised(folder: Path, at: int, words: str) -> None:
    lines = TEMPLATE.splitlines()
    lines[at] = words
    _write(folder, "\n".join(lines))
    found, problems = area_scenarios(folder)
    assert len(found) + len(problems) == 1
