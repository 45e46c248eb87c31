"""The chapter on future need: its first sentences, what is withheld or widened, the error, and the rules of wording."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache

import pandas as pd
import pytest

from jsna_pipeline.report import html
from jsna_pipeline.report.charts import FanFigure, data_table
from jsna_pipeline.report.future.chapter import future_chapter
from jsna_pipeline.report.model import Chapter, Statement, Table
from tests.report import sample_report
from tests.report.chart_checks import faults
from tests.report.future import invented_future as invented
from tests.report.future.invented_future import CITY, CUMBERLAND, NEWHAM, WIGAN
from tests.report.plain_english import OPENING_WORDS, of_chapter, sentences, words
from tests.report.test_plain_english import unexplained, unplain

KINDS = (WIGAN, CUMBERLAND, CITY, NEWHAM)
# Words by which an expected number would read as certain, or as what somebody is to reach.
FORBIDDEN = re.compile(r"\bwill\b(?! be needed$)|\bshould\b|\bmust\b", re.IGNORECASE)


@cache
def chapter(area_code: str = WIGAN) -> Chapter:
    made = future_chapter(invented.view(area_code), 17)
    assert made is not None
    return made


def of_tables(tables: dict[str, pd.DataFrame]) -> Chapter:
    made = future_chapter(invented.view(tables=tables), 17)
    assert made is not None
    return made


def said(made: Chapter, section_id: str) -> dict[str, str]:
    """Statements of a section by their labels."""
    section = next(one for one in made.sections if one.section_id == f"future-{section_id}")
    return {one.label: one.text for one in section.statements}


def table(made: Chapter, name: str) -> Table:
    tables = (one for section in made.sections for one in section.tables)
    return next(one for one in tables if one.table_id == f"future-{name}")


def test_it_opens_with_next_years_plans_what_they_mean_and_last_years_error() -> None:
    assert chapter().opening == (
        "About 4,100 EHC plans are expected in January 2026 (3,770 to 4,370), after 3,579 a year before.",
        "That would mean about 99 special places too few (26 to 161) and placements of about £67.6 million a year "
        "(£62.3 million to £72.1 million).",
        "A year ago this method would have said about 3,420 plans for January 2025; there were 3,579, so it was 4.4% "
        "too low.",
    )


@pytest.mark.parametrize("area_code", KINDS)
def test_it_keeps_to_plain_english_and_to_the_rules_of_wording(area_code: str) -> None:
    made = chapter(area_code)
    told = [("future", sentence) for text in of_chapter(made) for sentence in sentences(text)]
    assert unplain(told) == [] and unexplained(told) == {}
    assert all(len(sentences(one)) == 1 and words(one) <= OPENING_WORDS for one in made.opening)
    assert [one for _, one in told if FORBIDDEN.search(one)] == []
    targets = [one for _, one in told if "target" in one]
    assert all("not a target" in one or "nor a target" in one for one in targets)
    assert any("right to an assessment does not depend on it" in one for _, one in told)


@pytest.mark.parametrize("area_code", KINDS)
def test_its_figures_are_sound_and_its_tables_are_whole(area_code: str) -> None:
    made = chapter(area_code)
    drawn = [*made.figures, *(figure for section in made.sections for figure in section.figures)]
    assert [fault for figure in drawn for fault in faults(figure)] == []
    for section in made.sections:
        for one in section.tables:
            assert one.rows and all(len(row) == len(one.columns) == len(one.numeric) for row in one.rows), one.table_id
            assert not [cell for row in one.rows for cell in row if cell in ("", "nan", "None", "nan to nan")], (
                one.table_id
            )


def test_a_short_history_is_said_to_be_less_certain_and_is_not_split() -> None:
    made = chapter(CUMBERLAND)
    assert made.opening == (
        "About 3,190 EHC plans are expected in January 2026 (2,940 to 3,430), after 2,790 a year before.",
        invented.SHORT,
    )
    assert said(made, "plans")["Less certain"] == f"The range is wider than the method’s own. {invented.SHORT}"
    assert said(made, "plans")["Not split"] == "Plans are not split by age, need or setting here."
    assert [one.table_id for one in made.sections[0].tables] == ["future-plans-years"]


def test_a_tiny_authority_has_next_years_range_without_a_middle() -> None:
    made = chapter(CITY)
    assert made.opening[0] == "Between 18 and 44 EHC plans are expected in January 2026, after 26 a year before."
    assert said(made, "plans")["Not given"] == "No figure is given for January 2027 to January 2030."
    rows = table(made, "plans-years").rows
    assert rows[0][1] == "–" and rows[0][4] == "18 to 44" and rows[1][:5] == ("2027", "–", "–", "–", "–")
    fan = made.figures[0]
    assert fan.text.title == "Between 18 and 44 plans are expected in January 2026"
    assert data_table(fan)[1][-1] == ("2026", "–", "–", "25–34", "22–39", "18–44") and "29" not in fan.text.alternative


def test_a_forecast_that_is_withheld_gives_its_reason_in_the_place_of_the_figure() -> None:
    made = chapter(NEWHAM)
    assert made.opening[:2] == ("No forecast of EHC plans is given.", invented.BROKEN)
    (fan,) = made.figures
    assert isinstance(fan, FanFigure) and fan.withheld == invented.BROKEN and not fan.forecast
    assert [row[0] for row in data_table(fan)[1]] == ["2022", "2023", "2024", "2025"]
    assert said(made, "plans") == {
        "Not given": f"No figure is given for January 2026 to January 2030. {invented.BROKEN}"
    }
    assert made.sections[0].tables == ()


def test_the_error_stands_beside_simpler_methods_and_names_the_worst() -> None:
    made = chapter()
    told = said(made, "error")
    assert told["Wigan"].endswith("so it was 4.4% too low. The count lay inside the range (3,110 to 3,730).")
    assert told["All authorities"] == (
        "On average it missed the count by 3.6% 1 year ahead, 5.2% 2 years ahead and 7.4% 3 years ahead."
    )
    assert told["Simpler methods"].startswith(
        "Three years ahead, simpler methods missed by 25.7% (keeping the last count)"
    )
    assert told["Furthest out"].startswith("For January 2025 it was furthest out in Wigan (4.4% too low)")
    methods = table(made, "error-methods")
    assert methods.rows[0] == ("The method used here: leading indicators", "3.6", "5.2", "7.4", "8.6", "9.6")
    assert len(methods.rows) == 4 and methods.in_pdf
    assert table(made, "error-breaks").rows == (("The count of 2025 does not follow from the flows.", "Newham", "no"),)
    assert said(chapter(NEWHAM), "error")["Newham"].endswith(
        "The count lay outside the range (2,680 to 3,210). The count of 2025 does not follow from the flows."
    )


def test_a_change_that_all_authorities_share_is_listed_and_is_no_break_of_one() -> None:
    tables = invented.tables_of()
    shared = tables["future_backtest"].assign(note="Counted person by person from January 2023.", scored=True)
    made = of_tables(tables | {"future_backtest": shared})
    assert "Breaks" not in said(made, "error")
    assert table(made, "error-breaks").rows[0][2] == "yes"


def test_need_is_possible_unmet_need_by_a_study_that_is_named() -> None:
    told = said(chapter(), "expected")
    assert told["Possible unmet need"] == (
        "Autism, by school records, ages 5 to 19: about 1,210 expected (1,120 to 1,300) by the study of England's "
        "school "
        "records of 2017 (Roman-Urrestarazu and others). 940 of the area’s plans named autism as the first need: 78 "
        "for every 100 expected (70 to 86; England 84)."
    )
    assert told["Identified about as expected"].startswith("Permanent hearing impairment")
    assert len(told) == 2, "a third would not stand beside the figure on paper; the table has them all"
    authorities = next(one for one in chapter().sections if one.section_id == "future-expected-authorities")
    assert authorities.figures[0].text.title.endswith("is below the 95% limit")


def test_a_deficit_is_conditional_and_one_nobody_told_is_not_invented() -> None:
    told = said(chapter(), "money")
    assert told["2025/26"].startswith(
        "Placements would cost about £67.6 million a year (£62.3 million to £72.1 million)"
    )
    assert told["Only if nothing changes"].endswith(
        "high needs would be about £23.5 million short at the end of 2029/30 (£17.7 million short to £31.3 million "
        "short)."
    )
    money = invented.tables_of()["future_money"]
    without = money.loc[~money["quantity"].isin(["deficit", "budget"])]
    told = said(of_tables(invented.tables_of() | {"future_money": without}), "money")
    assert "Not held" in told and "Only if nothing changes" not in told


def test_the_published_block_stands_beside_the_cost_and_is_not_subtracted() -> None:
    assert "For scale" not in said(chapter(), "money")
    view = invented.view()
    plans = view.observed.loc[view.observed["indicator_id"] == "ehcp_caseload"].iloc[-2:]
    blocks = plans.assign(
        indicator_id="high_needs_block_per_child", period=["2022/23", "2021/22"], numerator=[45_674_718.0, 40e6]
    )
    made = future_chapter(replace(view, observed=pd.concat([view.observed, blocks], ignore_index=True)), 17)
    assert made is not None
    told = said(made, "money")["For scale"]
    assert told.startswith("The newest published high needs block held here is £45.7 million, for 2022/23")
    assert "cannot be set against" in told
    section = next(one for one in made.sections if one.section_id == "future-money")
    assert any("Dedicated schools grant" in source for source in section.sources)


def test_places_that_nobody_gave_are_not_known_and_plans_stand_for_them() -> None:
    published = invented.places_ahead("published_plans").assign(edition="2025")
    made = of_tables(invented.tables_of() | {"future_places": published})
    told = said(made, "places")
    assert told["Not held"] == "How many special places there are is not known here."
    assert told["State special schools"].startswith("About 819 (755 to 874) plans in state special schools")
    assert made.opening[1].startswith("That would mean placements of about £67.6 million")
    assert "places not known" in str(data_table(made.figures[1]))


def test_scenarios_are_compared_with_things_going_on_and_the_assumptions_are_logged() -> None:
    made = chapter()
    rows = table(made, "scenarios-comparison").rows
    assert rows[0][:3] == ("Things go on as they have", "6,551", "–")
    assert rows[1][:3] == ("Earlier support, and a fifth fewer new plans", "5,961", "−590 (−737 to −442)")
    school = next(row for row in rows if row[0] == "A new special school with 100 places")
    assert school[2] == "none", "a move between settings changes no number of plans"
    held = invented.tables_of()["future_scenarios"]
    without = of_tables(invented.tables_of() | {"future_scenarios": held[held["scenario"] != "new_special_school"]})
    for made_here, expected in ((made, True), (without, False)):
        notes = table(made_here, "scenarios-comparison").notes
        assert any("most come from mainstream schools" in note for note in notes) is expected
    told = said(made, "scenarios")
    assert told["To stand still"].startswith(
        "Plans would stand in January 2030 where they stand now at 34% (22% to 49%) of the new plans expected"
    )
    assert {row[0] for row in table(made, "scenarios-assumptions").rows} == {
        "Every scenario",
        *(name for name, _ in invented.STEPS.values()),
    }
    unreachable = invented.goal_seek(reachable=False).assign(edition="2025")
    other = of_tables(invented.tables_of() | {"future_goal_seek": unreachable})
    assert said(other, "scenarios")["To stand still"].startswith("No rate of new plans would bring")


def test_the_areas_own_scenarios_follow_those_of_the_catalogue() -> None:
    held = invented.tables_of()["future_scenarios"]
    own = held.loc[held["scenario"].isin(["baseline", "more_children"])].replace({"more_children": "ours"})
    own = own.assign(name=own["name"].where(own["scenario"] == "baseline", "Our own plan"))
    rows = table(of_tables(invented.tables_of() | {"future_own_scenarios": own}), "scenarios-comparison").rows
    assert [row[0] for row in rows][-1] == "Our own plan" and len(rows) == len(invented.STEPS) + 1


def test_a_second_opinion_says_whether_it_agrees() -> None:
    row = {"area_code": WIGAN, "year": 2026, "dimension": "total", "category": "total", "central": 4600.0}
    row |= {"lower_95": 4200.0, "upper_95": 4900.0, "januaries": 2, "edition": "2025"}
    made = of_tables(invented.tables_of() | {"future_second_opinion": pd.DataFrame([row])})
    assert said(made, "plans")["A second opinion, provisional"] == (
        "Counted from who joined, moved and left in two of its own January returns, about 4,600 (4,200 to 4,900) plans "
        "would be expected. That is outside the range above."
    )


def test_without_projections_there_is_no_chapter_and_without_the_rest_no_empty_section() -> None:
    assert future_chapter(invented.view(tables={}), 17) is None
    made = of_tables({"future_projections": invented.tables_of()["future_projections"]})
    assert [one.section_id for one in made.sections] == ["future-plans"] and len(made.opening) == 1


def test_paper_leaves_out_the_population_and_the_funnel() -> None:
    printed = [section.section_id for section in chapter().paper_sections]
    assert "future-plans" in printed and not {"future-population", "future-expected-authorities"} & set(printed)
    full = future_chapter(invented.view(), 17, full=True)
    assert full is not None and full.on_paper is None


def test_it_prints_with_unique_anchors() -> None:
    report = sample_report.build()
    others = tuple(one for one in report.chapters if one.chapter_id != "future")
    page = html.render(replace(report, chapters=(*others, chapter())))
    anchors = re.findall(r' id="(future-[^"]+)"', page)
    assert len(anchors) == len(set(anchors)) > 20
    assert all(isinstance(one, Statement) for section in chapter().sections for one in section.statements)
