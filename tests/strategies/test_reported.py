"""What an area reports of its strategies: good rows kept, faults told by place, small figures about children known."""

from __future__ import annotations

from importlib.resources import as_file, files
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jsna_pipeline.contributions.reading import template_csv
from jsna_pipeline.strategies.reported import (
    COMMENTARY,
    FIGURES,
    MILESTONES,
    NOTHING_REPORTED,
    CommentaryRow,
    MilestoneRow,
    MilestoneStatus,
    ReportedRow,
    read_reported,
)
from jsna_pipeline.vocabulary import PeriodType

WIGAN = "wigan_education"
FIGURE = {"strategy": WIGAN, "measure": 59, "what": "Audits", "period": "2024/25", "unit": "percent", "source": "Log"}


def _write(folder: Path, file: str, *lines: str) -> None:
    model = {MILESTONES: MilestoneRow, FIGURES: ReportedRow, COMMENTARY: CommentaryRow}[file]
    (folder / file).write_text(template_csv(model) + "\n".join(lines) + "\n", "utf-8")


def _row(**changes: object) -> ReportedRow:
    return ReportedRow.model_validate({**FIGURE, "about": "children", "numerator": 50, "denominator": 100} | changes)


def test_an_area_that_reports_nothing_has_no_problem(tmp_path: Path) -> None:
    assert read_reported(tmp_path) == (NOTHING_REPORTED, ())


def test_the_seeds_hold_an_example_of_each_file_without_a_fault() -> None:
    with as_file(files("seeds") / "contributions" / "2025" / "wigan") as folder:
        found, problems = read_reported(folder)
    assert problems == ()
    assert found.milestones and found.figures and found.commentary
    words = [row.what for rows in found.figures.values() for row in rows]
    words += [row.milestone for rows in found.milestones.values() for row in rows]
    assert all(
        text.startswith("Example: ") for text in [*words, *(row.explanation for row in found.commentary.values())]
    )


def test_good_rows_are_kept_and_faulty_ones_told_by_their_place(tmp_path: Path) -> None:
    _write(
        tmp_path,
        MILESTONES,
        f"{WIGAN},103,Officer in post,Chief nurse,30/06/2025,done,2025-05-01,Minutes",
        f"{WIGAN},103,Deputy in post,Chief nurse,2025-06-30,done,,",
        f"{WIGAN},999,Nothing,Nobody,,under_way,,",
        f"{WIGAN},103,Officer in post,Chief nurse,,under_way,,",
        "secret_plan,1,Mary Smith,,,under_way,,",
    )
    found, problems = read_reported(tmp_path)
    kept = found.milestones[(WIGAN, 103)]
    assert [(row.milestone, row.status) for row in kept] == [("Officer in post", MilestoneStatus.DONE)]
    assert list(found.milestones) == [(WIGAN, 103)]
    assert [(one.file, one.place) for one in problems] == [
        (MILESTONES, "row 3"),
        (MILESTONES, "row 4, column measure"),
        (MILESTONES, "row 5"),
        (MILESTONES, "row 6, column measure"),
    ]
    assert "repeats row 2" in problems[2].what
    assert not any("Mary" in one.sentence for one in problems)


def test_figures_of_one_series_are_alike_and_in_the_order_of_their_periods(tmp_path: Path) -> None:
    columns = template_csv(ReportedRow).strip().split(",")
    rows = [
        {"period": "2024/25", "numerator": "40", "denominator": "50", "unit": "percent"},
        {"period": "2023/24", "numerator": "30", "denominator": "50", "unit": "percent"},
        {"period": "2024-03", "numerator": "3", "denominator": "5", "unit": "percent"},
        {"period": "2022/23", "numerator": "7", "unit": "documents"},
        {"period": "2022/23", "numerator": "51", "denominator": "50", "unit": "percent"},
    ]
    shared = {"strategy": WIGAN, "measure": "59", "what": "Audits with a current policy", "about": "organisations"}
    lines = [",".join((shared | {"source": "Audit"} | row).get(name, "") for name in columns) for row in rows]
    _write(tmp_path, FIGURES, *lines)
    found, problems = read_reported(tmp_path)
    assert [row.period for row in found.figures[(WIGAN, 59)]] == ["2023/24", "2024/25"]
    # The reader's own fault comes first, then the rows that are unlike the first of their series.
    assert [one.place for one in problems] == ["row 6", "row 4", "row 5"]


def test_a_managers_words_are_one_row_a_measure(tmp_path: Path) -> None:
    _write(
        tmp_path,
        COMMENTARY,
        f'{WIGAN},121,"Too few psychologists, for too long",Three posts,2026-03-31,act,2025-10-01',
        f"{WIGAN},122,No day,,,accept,",
    )
    found, problems = read_reported(tmp_path)
    assert (found.commentary, {one.place for one in problems}) == ({}, {"row 2, column measure", "row 3"})
    _write(tmp_path, COMMENTARY, f'{WIGAN},63,"Too few psychologists, for too long",Posts,2026-03-31,act,2025-10-01')
    found, problems = read_reported(tmp_path)
    assert problems == ()
    assert found.commentary[(WIGAN, 63)].explanation == "Too few psychologists, for too long"


@pytest.mark.parametrize(
    ("changes", "small"),
    [
        ({"numerator": 0}, False),  # nobody is nobody
        ({"numerator": 1}, True),
        ({"numerator": 5}, True),
        ({"numerator": 6}, False),
        ({"numerator": 94}, False),
        ({"numerator": 95}, True),  # five are left
        ({"numerator": 99}, True),
        ({"numerator": 100}, False),
        ({"numerator": 3, "about": "organisations"}, False),
        ({"numerator": 3, "denominator": None, "unit": "children"}, True),
        ({"numerator": None, "denominator": None, "value": 4, "unit": "Pupils"}, True),
        ({"numerator": None, "denominator": None, "value": 4, "unit": "days"}, False),
    ],
)
def test_which_figures_about_children_are_too_small(changes: dict[str, object], small: bool) -> None:
    assert _row(**changes).too_small is small


@given(st.integers(1, 5), st.integers(0, 500))
def test_a_small_part_is_small_on_either_side(part: int, rest: int) -> None:
    whole = part + rest
    assert _row(numerator=part, denominator=whole).too_small
    assert _row(numerator=rest, denominator=whole).too_small


@pytest.mark.parametrize(
    ("period", "kind"),
    [("2024/25", PeriodType.ACADEMIC_YEAR), ("2024", PeriodType.CALENDAR_YEAR), ("2024-09", PeriodType.MONTH)],
)
def test_how_a_period_is_written_says_its_kind(period: str, kind: PeriodType) -> None:
    assert _row(period=period).period_type is kind


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"numerator": None, "denominator": None}, "a numerator or a value"),
        ({"denominator": 100, "unit": "schools"}, "the unit is percent"),
        ({"numerator": 101}, "larger than the denominator"),
        ({"value": 50}, "leave the value blank"),
        ({"exceptions": "A. Child"}, "children are not named"),
    ],
)
def test_a_figure_that_contradicts_itself_is_refused(changes: dict[str, object], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        _row(**changes)
