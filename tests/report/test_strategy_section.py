"""What the strategies ask: scorecards of the area's own, its exceptions for the board, and a checklist without any."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from datetime import date

import pandas as pd
import pytest

from jsna_pipeline import geography
from jsna_pipeline.catalogue.indicators import indicators
from jsna_pipeline.catalogue.strategies import Strategy, strategies
from jsna_pipeline.comparisons import comparisons
from jsna_pipeline.findings import facts
from jsna_pipeline.local_area import empty_tables
from jsna_pipeline.report.model import Chapter, Table
from jsna_pipeline.report.strategy_section import _verdict, evidence_of, recent_words, strategies_chapter
from jsna_pipeline.report.view import AreaView
from jsna_pipeline.settings import NhsCover
from jsna_pipeline.strategies.evaluation import evaluate_measures
from jsna_pipeline.strategies.exceptions import exceptions
from jsna_pipeline.strategies.reported import CommentaryRow, Key
from jsna_pipeline.strategies.series import Point
from jsna_pipeline.strategies.verdict import Outcome, Verdict
from jsna_pipeline.trend_table import trend_table
from jsna_pipeline.vocabulary import PeriodType
from tests.invented_indicators import ENGLAND, WIGAN, direct
from tests.strategies.invented_strategies import figure, result

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


PLANS_ASKED = {
    "row": 1,
    "references": ["1.1"],
    "measure": "Plans in time, in line with England",
    "evidence": "statistic",
    "polarity": "high",
    "rule": "IN_LINE_OR_BETTER",
    "answer": "yes",
    "indicators": [IN_TIME],
    "owner": "Head of SEND",
}
ABSENCE_ASKED = PLANS_ASKED | {
    "row": 2,
    "references": ["2.1", "1.1"],
    "measure": "Less absence",
    "polarity": "low",
    "rule": "REDUCE",
    "indicators": [{"id": ABSENCE, "group": "school_type/secondary"}, ABSENCE],
    "owner": "",
}
SURVEY_ASKED = PLANS_ASKED | {
    "row": 3,
    "references": ["all"],
    "measure": "Trust in services",
    "evidence": "survey",
    "rule": "INCREASE",
    "answer": "no",
    "indicators": [],
    "missing": "Nobody asks it.",
    "holder": "the parent carer forum",
    "owner": "",
}
PLAN = {
    "id": "invented",
    "title": "An invented plan",
    "areas": ["wigan"],
    "board": "The board",
    "note": "Invented.",
    "parts": "objective",
    "priorities": [{"id": "1", "title": "Plans"}, {"id": "2", "title": "Schools"}],
    "objectives": [
        {"id": "1.1", "priority": "1", "title": "In time"},
        {"id": "1.2", "priority": "1", "title": "Of quality"},
        {"id": "2.1", "priority": "2", "title": "In school"},
    ],
    "measures": [PLANS_ASKED, ABSENCE_ASKED, SURVEY_ASKED],
}


def view_of(slug: str) -> AreaView:
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
        "local": empty_tables(),
    }
    return AreaView(**({field.name: pd.DataFrame() for field in fields(AreaView)} | known))


def _chapter(slug: str = "wigan", said: Mapping[Key, CommentaryRow] | None = None, **changes: object) -> Chapter:
    """The chapter of an area whose only strategy is the invented one; of another area, all of the catalogue."""
    view = view_of(slug)
    chosen = {"invented": Strategy.model_validate(PLAN | changes)} if slug == "wigan" else strategies()
    results = evaluate_measures(chosen, evidence_of(view, chosen))
    excepted = exceptions(results, said or {}, None, "2025", view.area, CUT_OFF)
    known = {name: one for name, record in RECORDS.items() if (one := facts(view, record)) is not None}
    return strategies_chapter(view, known, {}, chosen, results, excepted, 14)


@pytest.fixture(scope="module")
def wigan() -> Chapter:
    return _chapter()


def _table(chapter: Chapter, table_id: str) -> Table:
    return next(table for section in chapter.sections for table in section.tables if table.table_id == table_id)


def _cells(chapter: Chapter, table_id: str, first: str) -> dict[str, str]:
    table = _table(chapter, table_id)
    row = next(row for row in table.rows if row[0] == first)
    return dict(zip(table.columns, row, strict=True))


def _said(chapter: Chapter, label: str) -> str:
    return next(one.text for section in chapter.sections for one in section.statements if one.label == label)


def test_priorities_are_counted_on_paper_and_measures_stand_on_screen(wigan: Chapter) -> None:
    summary = _table(wigan, "scorecard-invented-summary")
    assert summary.in_pdf
    assert summary.columns[:2] == ("Priority", "Objectives")
    counts = {row[0]: dict(zip(summary.columns[1:], row[1:], strict=True)) for row in summary.rows}
    assert list(counts) == ["The whole strategy", "1. Plans", "2. Schools"]
    assert (counts["1. Plans"]["Objectives"], counts["1. Plans"]["Not met"]) == ("2", "1")
    assert counts["2. Schools"]["Cannot tell"] == "1"
    assert counts["The whole strategy"]["No data"] == "1"
    full = [_table(wigan, f"scorecard-invented-{name}") for name in ("whole", "1", "2")]
    assert [len(table.rows) for table in full] == [1, 1, 1]
    assert not any(table.in_pdf for table in full)


def test_a_measure_stands_with_its_figure_comparators_owner_and_grounds(wigan: Chapter) -> None:
    cells = _cells(wigan, "scorecard-invented-1", "1. Plans in time, in line with England")
    name = indicators()[IN_TIME].name
    assert (cells["Verdict"], cells["Owner"], cells["Asked in"]) == ("Not met", "Head of SEND", "Objective 1.1")
    assert cells["Newest figure"] == f"{name}: 42.6% (calendar year 2024)"
    assert cells["Beside it"] == "England 46.4%"
    assert "346 of 603 plans were issued after 20 weeks" in cells["What the verdict rests on, and what is missing"]
    gap = _cells(wigan, "scorecard-invented-whole", "3. Trust in services")
    assert (gap["Verdict"], gap["Owner"], gap["Newest figure"]) == ("No data", "The board", "–")
    assert gap["What the verdict rests on, and what is missing"].endswith("Held by the parent carer forum.")


def test_recent_values_are_a_line_of_text() -> None:
    years = range(2019, 2025)
    points = tuple(Point(str(year), float(year % 10)) for year in years)
    known = figure(Verdict.MET, recent=points, period_type=PeriodType.CALENDAR_YEAR, decimals=1)
    assert recent_words(known) == "Calendar year 2019 to calendar year 2024: 9.0, 0.0, 1.0, 2.0, 3.0, 4.0"
    assert recent_words(figure(Verdict.MET, recent=points[:1])) == "–"


def test_the_law_is_said_first_and_gaps_have_their_holders(wigan: Chapter) -> None:
    law = next(one for one in wigan.sections[0].statements if one.tone == "fails_standard")
    assert "346 of 603 plans were issued after 20 weeks" in law.text
    assert _said(wigan, "No data") == "1 measure has no data; the scorecard names who holds each."


def test_what_is_not_met_goes_to_the_board_until_it_decides() -> None:
    first = "1. Plans in time, in line with England"
    assert _cells(_chapter(), "scorecard-exceptions-open", first)["Wanted next"] == "Explanation"
    fields = {
        "strategy": "invented",
        "measure": 1,
        "explanation": "Posts are vacant.",
        "action": "Recruit.",
        "due": "2026-03-31",
    }
    said = CommentaryRow.model_validate(fields)
    explained = _chapter(said={said.key: said})
    cells = _cells(explained, "scorecard-exceptions-all", first)
    assert cells["Explanation and action"] == "Posts are vacant. Action: Recruit. By 31 March 2026."
    assert (cells["Decision"], cells["State"]) == ("Decision wanted", "New: 2025")
    assert _said(explained, "Exceptions") == "1 exception: 1 new. Wanted: 1 decision."
    decided = CommentaryRow.model_validate(fields | {"decision": "act", "decided_on": "2025-11-03"})
    cells = _cells(_chapter(said={said.key: decided}), "scorecard-exceptions-all", first)
    assert cells["Decision"] == "Further action, 3 November 2025"


def test_an_ended_strategy_is_closed_and_shows_its_final_position() -> None:
    ended = _chapter(begins=2020, ends=2024)
    card = ended.sections[0]
    assert card.heading.endswith("where did it end?")
    closed = _said(ended, "Closed: final position")
    assert closed == "The strategy ended on 31 December 2024."
    assert _table(ended, "scorecard-invented-not-met").in_pdf
    assert _said(ended, "Exceptions").startswith("No measure of a running strategy")


def test_an_area_with_a_strategy_is_not_shown_those_of_others(wigan: Chapter) -> None:
    chosen = {"invented": Strategy.model_validate(PLAN), **strategies()}
    view = view_of("bury")
    results = evaluate_measures(chosen, evidence_of(view, chosen))
    assert results == ()
    ids = [table.table_id for section in wigan.sections for table in section.tables]
    assert len(set(ids)) == len(ids)
    assert all(name.startswith("scorecard-") for name in ids)


def test_an_area_without_a_strategy_has_all_of_them_as_a_checklist() -> None:
    bury = _chapter("bury")
    assert [section.section_id for section in bury.sections] == ["local-strategies"]
    assert "None of the documents is of Bury" in bury.sections[0].statements[0].text
    assert [len(table.rows) for table in bury.sections[0].tables] == [113, 9, 9, 10, 19]
    assert not any(table.in_pdf for table in bury.sections[0].tables)


def test_every_section_and_link_leads_somewhere(wigan: Chapter) -> None:
    sections = [section.section_id for section in wigan.sections]
    assert sections == ["scorecard-invented", "scorecard-exceptions", "local-strategies"]
    assert _table(wigan, "scorecard-invented-1").anchors == (IN_TIME,)
    assert _table(wigan, "scorecard-invented-whole").anchors == ("",)


def test_a_verdict_without_counts_or_on_an_old_figure_says_so_beside_it() -> None:
    on_printed = figure(Verdict.MET, outcome=Outcome(Verdict.MET, "Said.", {"basis": "printed"}), aged="It is old.")
    counted = figure(Verdict.MET, outcome=Outcome(Verdict.MET, "Said.", {"basis": "tested"}))
    assert _verdict(result(Verdict.MET, on_printed)) == "Met (printed figures, old)"
    assert _verdict(result(Verdict.MET, on_printed, counted)) == "Met"
    assert _verdict(result(Verdict.NO_DATA)) == "No data"
