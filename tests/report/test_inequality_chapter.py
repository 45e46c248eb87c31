"""The chapter on inequality: what is counted, what leads, and that a pair of groups is one gap."""

from __future__ import annotations

from dataclasses import fields
from datetime import date

import pandas as pd

from jsna_pipeline import geography
from jsna_pipeline.report.inequality_chapter import inequality_chapter
from jsna_pipeline.report.view import AreaView

HELD = "ehcp_reviews_held"


def _group(category: str, value: float, rest: float, children: float, **given: object) -> dict[str, object]:
    significance = "similar" if abs(value - rest) < 5 else "worse" if value < rest else "better"
    base = {
        "indicator_id": HELD,
        "area_code": "E08000010",
        "period": "2024",
        "dimension": "age",
        "category": category,
        "value": value,
        "denominator": 273.0,
        "rest_value": rest,
        "difference": value - rest,
        "lower_ci": value - rest - 4,
        "upper_ci": value - rest + 4,
        "children": children,
        "significance": significance,
    }
    return base | given


def _view(groups: list[dict[str, object]]) -> AreaView:
    unequal = pd.DataFrame(groups, columns=list(_group("9", 50, 50, 0)))
    given = {"area": geography.area("Wigan"), "unequal": unequal, "cut_off": date(2025, 12, 31)}
    return AreaView(**({field.name: pd.DataFrame() for field in fields(AreaView)} | given))  # type: ignore[arg-type]


def test_the_worst_group_is_said_with_its_number_and_its_evidence() -> None:
    view = _view([_group("16", 19.0, 69.3, -137), _group("15", 92.2, 61.8, 71), _group("9", 64.0, 64.4, -1)])
    chapter = inequality_chapter(view, 13)
    assert chapter is not None
    assert "Of 3 groups in 1 measure, 2 fare unlike the rest at 99.8% confidence" in chapter.opening[1]
    said = chapter.sections[0].statements
    assert [one.text for one in said] == [
        "Annual reviews held in the year, age 16: 19.0% against 69.3% of the rest, a gap of 137 of the group's 273 "
        "(calendar year 2024)."
    ]
    assert said[0].anchor == HELD
    assert [row[1] for row in chapter.sections[0].tables[0].rows] == ["Age 16", "Age 15"]


def test_girls_and_boys_are_one_gap_and_not_two() -> None:
    pair = [
        _group("Female", 20.0, 30.0, -40, dimension="sex"),
        _group("Male", 30.0, 20.0, 90, dimension="sex"),
    ]
    chapter = inequality_chapter(_view(pair), 13)
    assert chapter is not None
    assert [row[1] for row in chapter.sections[0].tables[0].rows] == ["Sex Male"]


def test_no_group_no_chapter_and_no_gap_says_so() -> None:
    assert inequality_chapter(_view([]), 13) is None
    assert inequality_chapter(_view([_group("16", 19.0, 69.3, -137, period="2021")]), 13) is None
    chapter = inequality_chapter(_view([_group("9", 64.0, 64.4, -1)]), 13)
    assert chapter is not None and not chapter.sections[0].tables
    assert chapter.sections[0].statements[0].text.startswith("No group fares significantly worse")
