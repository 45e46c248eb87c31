"""Figures from one area's rows: what is drawn, in which order, and what the text alternative says."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

from jsna_pipeline import geography
from jsna_pipeline.catalogue.indicators import indicators
from jsna_pipeline.contributions.gather import Contributions
from jsna_pipeline.findings import composition_statements, facts
from jsna_pipeline.local_area import empty_tables
from jsna_pipeline.report import figures
from jsna_pipeline.report.charts import AgeFigure, BenchmarkFigure, CompositionFigure, LineFigure, PyramidFigure
from jsna_pipeline.report.view import AreaView
from jsna_pipeline.settings import NhsCover

WIGAN = geography.area("Wigan")
ENGLAND = geography.area("England")
NORTH_WEST = geography.area("North West")
SEFTON = geography.area("Sefton")


def rows(indicator_id: str, area: geography.Area, values: dict[tuple[str, str, str], float | None]) -> pd.DataFrame:
    """Observations from {(period, dimension, category): value}; None is suppressed."""
    return pd.DataFrame(
        [
            {
                "indicator_id": indicator_id,
                "area_code": area.code,
                "area_name": area.name,
                "area_level": area.level.value,
                "period": period,
                "period_type": indicators()[indicator_id].period_type.value,
                "dimension": dimension,
                "category": category,
                "numerator": value,
                "denominator": 100.0,
                "value": value,
                "lower_ci": None if value is None else value - 2,
                "upper_ci": None if value is None else value + 2,
                "status": "suppressed" if value is None else "ok",
            }
            for (period, dimension, category), value in values.items()
        ]
    ).astype({"numerator": float, "value": float, "lower_ci": float, "upper_ci": float})


def view(*parts: pd.DataFrame) -> AreaView:
    compared = ["indicator_id", "area_code", "period", "dimension", "category", "comparator", "comparator_value"]
    trended = ["indicator_id", "area_code", "dimension", "category", "direction", "judgement", "points"]
    return AreaView(
        area=WIGAN,
        edition="2025",
        cut_off=date(2025, 12, 31),
        nhs=NhsCover(),
        observed=pd.concat(parts, ignore_index=True),
        compared=pd.DataFrame(columns=compared),
        trended=pd.DataFrame(columns=trended),
        sources=pd.DataFrame(),
        rejects=pd.DataFrame(),
        reconciliation=pd.DataFrame(),
        reconciled=pd.DataFrame(),
        unequal=pd.DataFrame(),
        prioritised=pd.DataFrame(),
        neighbours=pd.DataFrame({"neighbour_code": [SEFTON.code], "name": ["Sefton"], "rank": [1]}),
        local=empty_tables(),
        contributions=Contributions("2025", date(2025, 12, 31), date(2026, 1, 31)),
    )


def drawn(of: AreaView, indicator_id: str) -> dict[type, object]:
    record = indicators()[indicator_id]
    known = facts(of, record)
    assert known is not None
    return {type(figure): figure for figure in figures.figures(of, record, known, "Publisher, Publication")}


def total(*values: float | None) -> dict[tuple[str, str, str], float | None]:
    return {(str(2020 + index), "total", "total"): value for index, value in enumerate(values)}


def test_a_suppressed_year_breaks_the_line_and_says_why() -> None:
    indicator = "ehcp_within_20_weeks_excl"
    of = view(
        rows(indicator, WIGAN, total(80.0, None, 84.0, 64.0, 42.6)),
        rows(indicator, ENGLAND, total(58.0, 59.0, 50.0, 50.0, 46.4)),
    )
    line = drawn(of, indicator)[LineFigure]
    assert isinstance(line, LineFigure)
    own, england = line.series
    assert [point.value for point in own.points] == [80.0, None, 84.0, 64.0, 42.6]
    assert own.points[1].note == "suppressed"
    assert (england.name, len(england.points)) == ("England", 5)
    assert line.reference == 100
    assert [(mark.period, mark.connected) for mark in line.breaks] == [("2023", True)]
    assert "Wigan: 80.0% in 2020, 42.6% in 2024. England: 46.4% in 2024." in line.text.alternative


def test_the_benchmark_puts_the_best_first_and_the_unpublished_last() -> None:
    indicator = "ehcp_within_20_weeks_excl"
    of = view(
        rows(indicator, WIGAN, total(42.6)),
        rows(indicator, ENGLAND, total(46.4)),
        rows(indicator, NORTH_WEST, total(50.5)),
        rows(indicator, SEFTON, total(None)),
    )
    bars = drawn(of, indicator)[BenchmarkFigure]
    assert isinstance(bars, BenchmarkFigure)
    assert [(bar.name, bar.role, bar.value) for bar in bars.bars] == [
        ("North West", "region", 50.5),
        ("England", "england", 46.4),
        ("Wigan", "area", 42.6),
        ("Sefton", "neighbour", None),
    ]
    assert bars.bars[-1].note == "suppressed"


def test_ages_stand_in_order_with_the_year_before_behind() -> None:
    ages = {"under 3": 5.0, "3": 20.0, "10": 300.0, "25": 9.0}
    values = {("2024/25", "age", age): value for age, value in ages.items()}
    values |= {("2023/24", "age", age): value - 1 for age, value in ages.items()}
    values |= {("2023/24", "total", "total"): 330.0, ("2024/25", "total", "total"): 334.0}
    columns = drawn(view(rows("ehcp_caseload", WIGAN, values)), "ehcp_caseload")[AgeFigure]
    assert isinstance(columns, AgeFigure)
    assert columns.ages == ("under 3", "3", "10", "25")
    assert [series.name for series in columns.series] == ["January 2025", "January 2024"]
    assert columns.series[0].values == (5.0, 20.0, 300.0, 9.0)
    assert columns.text.title == "Age 10 has the most plans: 300 in January 2025"


def test_the_pyramid_adds_single_years_into_bands_by_sex() -> None:
    def residents(each: float) -> dict[tuple[str, str, str], float | None]:
        values = {("2023", "age_and_sex", f"{sex}_{age}"): each for sex in ("female", "male") for age in range(26)}
        return values | {("2023", "total", "total"): each * 52}

    of = view(rows("residents_0_25", WIGAN, residents(10)), rows("residents_0_25", ENGLAND, residents(1000)))
    pyramid = drawn(of, "residents_0_25")[PyramidFigure]
    assert isinstance(pyramid, PyramidFigure)
    assert pyramid.ages == ("0–4", "5–9", "10–14", "15–19", "20–24", "25")
    assert pyramid.females == (50.0, 50.0, 50.0, 50.0, 50.0, 10.0)
    assert sum(pyramid.england_females_share) + sum(pyramid.england_males_share) == pytest.approx(100)
    assert pyramid.text.title.startswith("520 residents aged 0 to 25")


def test_a_mix_names_its_largest_parts_and_what_is_unlike_england() -> None:
    def mix(autism: float, semh: float, physical: float) -> dict[tuple[str, str, str], float | None]:
        parts = {"autism": autism, "semh": semh, "physical_disability": physical, "moderate_learning_difficulty": 10.0}
        return {("2024/25", "primary_need", name): value for name, value in parts.items()}

    of = view(
        rows("ehcp_primary_need_mix", WIGAN, mix(29.4, 25.3, 2.7)),
        rows("ehcp_primary_need_mix", ENGLAND, mix(31.5, 20.7, 2.5)),
    )
    record = indicators()["ehcp_primary_need_mix"]
    known = facts(of, record)
    assert known is not None
    said = [statement.text for statement in composition_statements(of, record, known)]
    assert said == [
        "In January 2025, the largest groups were autism (29.4%), social, emotional and mental health (25.3%) "
        "and moderate learning difficulty (10.0%).",
        "The part most unlike England is social, emotional and mental health: 25.3% against 20.7%.",
    ]
    bars = drawn(of, "ehcp_primary_need_mix")[CompositionFigure]
    assert isinstance(bars, CompositionFigure)
    assert [bar.name for bar in bars.bars] == ["Wigan", "England"]
    assert [part.share for part in bars.bars[0].segments if part.share is not None] == [29.4, 25.3, 10.0, 2.7]
