"""How a chapter opens: the law first, then children, then tests; the number in the first sentence."""

from __future__ import annotations

from dataclasses import replace

import pytest

from jsna_pipeline.catalogue.chapters import chapters
from jsna_pipeline.catalogue.indicators import indicators
from jsna_pipeline.report.openings import MOST_WORDS, leading, opening
from jsna_pipeline.vocabulary import AreaLevel, Comparator, Direction, Judgement, Method
from tests.report.invented_facts import a_fact, beside
from tests.report.plain_english import words

EHC = chapters()["ehc_system"]
ON_TIME, REVIEWS, LATE = "ehcp_within_20_weeks_excl", "ehcp_reviews_held", "ehcp_over_one_year"
REFUSED, CASELOAD = "ehcp_requests_refused", "ehcp_caseload"


def test_a_failed_standard_opens_the_chapter_with_its_number_late_whatever_england_is() -> None:
    found = [a_fact(CASELOAD, counts=(2132.0, 1.0)), a_fact(LATE, "worse"), a_fact(ON_TIME, "better", (182.0, 386.0))]
    assert opening(EHC, found, 4) == (
        "In 2024, 204 of 386 plans were issued after 20 weeks; the law sets a standard, and it is not met.",
        "The 47.2% in time is better than England (60.0%); 2,132 children and young people had an EHC plan maintained "
        "by the authority.",
        "Of 2 measures tested against England, 1 is worse and 1 is better; 4 questions have no public answer.",
    )


def test_of_several_standards_the_one_that_leads_page_one_leads_and_all_are_counted() -> None:
    kept = a_fact("ehcp_decision_within_6_weeks", counts=(540.0, 540.0))
    found = [a_fact(REVIEWS), a_fact(ON_TIME), kept]
    assert leading(found).record.id == ON_TIME  # type: ignore[union-attr]
    assert opening(EHC, found, 0)[0].endswith("; two of the three statutory standards are not met.")
    assert opening(EHC, found[:2], 0)[0].endswith("; none of the two statutory standards is met.")


def test_without_a_failed_standard_the_widest_gap_in_children_leads_not_the_widest_in_percent() -> None:
    few = a_fact("persistent_absence_children_in_need", "worse", (9.0, 10.0))  # 30 points, 3 children
    many = a_fact("good_level_by_group", "worse", (1650.0, 3000.0))  # 5 points, 150 children
    assert leading([few, many]) is many


def test_a_gap_without_a_test_leads_only_where_no_test_found_one() -> None:
    last = a_fact("good_level_of_development", counts=None)
    last = replace(
        last, comparisons={Comparator.ENGLAND: beside(20.0, -7.7, "not_tested", rank=150, out_of=151, quartile=4)}
    )
    tested = a_fact("good_level_by_group", "worse")
    assert leading([last, tested]) is tested
    assert leading([last, a_fact("good_level_by_group", "similar")]) is last


def test_a_figure_too_old_leads_only_a_chapter_that_has_no_other() -> None:
    old = a_fact(LATE, "worse", period="2022")
    young = a_fact(REFUSED, "similar")
    assert leading([old, young]) is young
    assert leading([old]) is old


def test_how_well_something_is_recorded_never_leads() -> None:
    assert leading([a_fact("ehcp_placement_unknown", "worse")]) is None


def test_a_trend_and_a_mean_of_neighbours_are_said_once_each() -> None:
    one = a_fact(
        REFUSED,
        direction=Direction.DECREASING.value,
        judgement=Judgement.NO_JUDGEMENT.value,
        first_period="2020",
        comparisons={
            Comparator.ENGLAND: beside(60.0, -10.0, "lower"),
            Comparator.NEIGHBOURS_MEAN: beside(55.0, -5.0, "lower"),
        },
    )
    assert opening(EHC, [one], 0)[1:] == (
        "That is lower than England (60.0%) and the mean of its statistical neighbours (55.0%), and has fallen since "
        "2020.",
        "The one measure that could be tested is lower than England.",
    )


def test_an_nhs_figure_that_leads_says_whom_it_covers() -> None:
    nhs = a_fact("health_autism_wait_over_13_weeks", comparisons={}, area_level=AreaLevel.SUB_ICB, area_name="NHS 02H")
    said = opening(chapters()["health"], [nhs], 2)
    assert said[1] == "This NHS area figure covers NHS 02H, not the local authority alone."


def test_a_chapter_of_which_nothing_is_known_says_what_it_is_about_and_what_is_open() -> None:
    said = opening(EHC, [], 1)
    assert said[0] == "Requests, decisions, new plans, reviews and plans that end, against the time limits of the law."
    assert said[1] == "1 question has no public answer."


@pytest.mark.parametrize("record", indicators().values(), ids=lambda record: record.id)
def test_whatever_leads_each_sentence_stays_under_thirty_words(record: object) -> None:
    counted = record.method is Method.PROPORTION  # type: ignore[attr-defined]
    one = a_fact(record.id, "worse", (1234.0, 4567.0) if counted else (1234.0, 1.0))  # type: ignore[attr-defined]
    one = replace(
        one,
        comparisons={
            Comparator.ENGLAND: beside(60.0, -10.0, "worse"),
            Comparator.NEIGHBOURS_MEAN: beside(55.0, -5.0, "similar"),
        },
        direction=Direction.INCREASING.value,
        first_period=one.period,
    )
    found = [one, a_fact(CASELOAD, counts=(2132.0, 1.0))]
    for sentence in opening(chapters()[record.chapter], found, 16):  # type: ignore[attr-defined]
        assert words(sentence) <= MOST_WORDS, sentence
