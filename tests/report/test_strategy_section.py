"""The section on local strategies: the area's own first, counts that add up, and each figure in its words."""

from __future__ import annotations

import re
from dataclasses import fields
from datetime import date

import pandas as pd
import pytest

from jsna_pipeline import geography
from jsna_pipeline.catalogue.indicators import indicators
from jsna_pipeline.catalogue.strategies import strategies
from jsna_pipeline.comparisons import comparisons
from jsna_pipeline.findings import facts
from jsna_pipeline.report.model import Section, Table
from jsna_pipeline.report.strategy_section import strategy_section
from jsna_pipeline.report.view import AreaView
from jsna_pipeline.settings import NhsCover
from jsna_pipeline.trend_table import trend_table
from tests.invented_indicators import ENGLAND, WIGAN, direct

CUT_OFF = date(2025, 12, 31)
IN_TIME, PLANS, ABSENCE = "ehcp_within_20_weeks_excl", "ehcp_caseload", "persistent_absence"
NO_NEIGHBOURS = pd.DataFrame({"area_code": [], "neighbour_code": [], "rank": []}, dtype="str")


def _in_time(area: str, numerator: float, denominator: float, value: float, interval: float) -> dict[str, object]:
    limits = {"lower_ci": value - interval, "upper_ci": value + interval}
    counts = {"numerator": numerator, "denominator": denominator}
    return {"area_code": area, "period_type": "calendar_year", "value": value, **counts, **limits}


def _absence(area: str, category: str, value: float) -> dict[str, object]:
    group = {"dimension": "total", "category": "total"}
    if category != "total":
        group = {"dimension": "school_type", "category": category}
    return {"area_code": area, "period": "2024/25", "period_type": "academic_year", "value": value, **group}


OBSERVED = pd.concat(
    [
        direct(indicators()[IN_TIME], [_in_time(WIGAN, 257, 603, 42.6, 4), _in_time(ENGLAND, 464, 1000, 46.4, 1)]),
        direct(
            indicators()[PLANS],
            [{"area_code": WIGAN, "period": "2024/25", "period_type": "january_snapshot", "value": 3579}],
        ),
        direct(
            indicators()[ABSENCE],
            [
                _absence(area, category, value)
                for category, values in {"total": (17.5, 18.1), "secondary": (22.9, 23.4)}.items()
                for area, value in zip((WIGAN, ENGLAND), values, strict=True)
            ],
        ),
    ],
    ignore_index=True,
)
RECORDS = {name: indicators()[name] for name in (IN_TIME, PLANS, ABSENCE)}


def _section(slug: str) -> Section:
    area = geography.local_authority(slug)
    compared = comparisons(RECORDS, OBSERVED, NO_NEIGHBOURS, "2025")
    known = {
        "area": area,
        "edition": "2025",
        "cut_off": CUT_OFF,
        "nhs": NhsCover(),
        "observed": OBSERVED,
        "compared": compared.loc[compared["area_code"] == area.code],
        "trended": trend_table(RECORDS, OBSERVED, "2025"),
        "neighbours": NO_NEIGHBOURS,
    }
    view = AreaView(**({field.name: pd.DataFrame() for field in fields(AreaView)} | known))
    found = {name: one for name, record in RECORDS.items() if (one := facts(view, record)) is not None}
    return strategy_section(view, found, {})


@pytest.fixture(scope="module")
def wigan() -> Section:
    return _section("wigan")


def _cells(section: Section, measure: str) -> dict[str, str]:
    row = next(row for table in section.tables for row in table.rows if row[0] == measure)
    return dict(zip(section.tables[0].columns, row, strict=True))


def _own_tables(section: Section, count: int) -> list[str]:
    return [table.table_id for table in section.tables[:count]]


def test_an_areas_own_strategies_come_first_and_all_are_listed(wigan: Section) -> None:
    assert _own_tables(wigan, 2) == ["strategy-wigan-education", "strategy-wigan-send-page"]
    assert _own_tables(_section("cumberland"), 1) == ["strategy-cumberland"]
    assert [len(table.rows) for table in wigan.tables] == [113, 9, 9, 10, 19]
    assert not any(table.in_pdf for table in wigan.tables)
    checklist = _section("bury")
    assert "None of the documents is of Bury" in checklist.statements[0].text
    assert sum(len(table.rows) for table in checklist.tables) == 160


def test_the_counts_add_up_to_the_measures(wigan: Section) -> None:
    own, everything = (
        next(one.text for one in wigan.statements if one.label == label)
        for label in ("Strategies of Wigan", "All strategies")
    )
    for text, total in ((own, 122), (everything, 160)):
        numbers = re.search(
            r"of (\d+) measures, public figures answer (\d+) in full and (\d+) in part; (\d+) have none", text
        )
        assert numbers is not None
        assert int(numbers[1]) == total == sum(map(int, numbers.groups()[1:]))
    unanswered = next(one.text for one in wigan.statements if one.label == "No public figure")
    kinds = [int(number) for number in re.findall(r"\d+", unanswered)]
    assert sum(kinds) == sum(row[3] == "–" for table in wigan.tables for row in table.rows)


def test_a_figure_is_printed_with_its_period_and_england(wigan: Section) -> None:
    cells = _cells(wigan, "Persistent absence, above all in secondary schools")
    name = indicators()[ABSENCE].name
    assert cells["Newest figure beside England"].startswith(
        f"{name}: 17.5% (2024/25); England 18.1%. {name}: secondary: 22.9% (2024/25); England 23.4%."
    )
    assert (cells["Answer"], cells["Asked in"]) == ("In part", "Introduction")
    assert cells["What is missing, and who holds it"].endswith(". Held by the local authority's data team.")


def test_a_comparison_never_reads_as_good_where_the_law_is_broken(wigan: Section) -> None:
    cells = _cells(wigan, "Help at the right time, by the right person, in the right place")
    assert (
        "42.6% (calendar year 2024); similar to England (46.4%), below the standard"
        in cells["Newest figure beside England"]
    )


def test_the_count_beside_england_says_what_the_law_finds_wanting(wigan: Section) -> None:
    text = next(one.text for one in wigan.statements if one.label == "Beside England")
    assert text == (
        "Of the 1 figure behind them that can be tested against England, 1 similar to England. "
        "Whatever England's value, 1 figure falls short of what the law requires."
    )


def test_what_is_not_published_here_and_what_nobody_publishes_differ(wigan: Section) -> None:
    here = _cells(wigan, "Children placed in the school of their first choice")
    assert (here["Answer"], here["Newest figure beside England"]) == ("Yes", "No figure is published for Wigan.")
    survey = _cells(wigan, "Staff who feel able to meet each child's needs")
    assert (survey["Answer"], survey["Newest figure beside England"]) == ("No: needs a survey", "–")
    assert survey["What is missing, and who holds it"].endswith("schools and the local authority's training team.")


def test_a_measure_leads_to_the_section_of_its_first_figure(wigan: Section) -> None:
    def anchor(table: Table, measure: str) -> str:
        return dict(zip((row[0] for row in table.rows), table.anchors, strict=True))[measure]

    own = wigan.tables[0]
    assert anchor(own, "Children and young people with an EHC plan") == PLANS
    assert anchor(own, "Staff who speak well of their training") == ""
    assert set(own.anchors) <= {"", *RECORDS}
    assert {table.table_id.removeprefix("strategy-").replace("-", "_") for table in wigan.tables} == set(strategies())
