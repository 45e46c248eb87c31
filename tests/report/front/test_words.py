"""A figure first, then what it is, when it was, and how England stands; an NHS figure is never the authority's."""

from __future__ import annotations

from jsna_pipeline.report.front import words
from jsna_pipeline.vocabulary import AreaLevel, PeriodType
from tests.report.front.known_facts import beside, facts

JANUARY = PeriodType.JANUARY_SNAPSHOT


def test_a_share_has_its_counts_period_and_england() -> None:
    neet = facts(
        "ehcp_neet", 11.7, "2024/25", period_type=JANUARY, counts=(65.0, 556.0),
        comparisons={"england": beside(9.7, "similar")},
    )  # fmt: skip
    said = words.sentence(neet, "Wigan")
    assert said.text == (
        "11.7% of young people aged 16 to 23 with a plan had no education or training (65 of 556, January 2025); "
        "similar to England (9.7%)."
    )
    assert said.key == "11.7%" and said.anchor == "ehcp_neet"


def test_a_mark_that_says_worse_is_not_repeated_and_what_was_not_tested_is_not_told() -> None:
    one = facts("level_2_at_19", 9.8, "2023/24", comparisons={"england": beside(30.5)})
    assert words.beside_england(one) == "England 30.5%"
    worse = facts("level_2_at_19", 9.8, "2023/24", comparisons={"england": beside(30.5, "worse")})
    assert words.sentence(worse, "Wigan", "worse", "Worse than England").text.endswith("; England 30.5%.")


def test_an_nhs_figure_says_whom_it_covers() -> None:
    trust = facts(
        "health_cyp_waits_over_52_weeks", 9.3, "2025-08", period_type=PeriodType.MONTH, counts=(99.0, 1063.0),
        area_level=AreaLevel.PROVIDER, area_name="An NHS Trust",
    )  # fmt: skip
    assert words.sentence(trust, "Wigan").text.endswith(
        "(99 of 1,063, August 2025); covers An NHS Trust, not Wigan alone."
    )


def test_long_words_are_cut() -> None:
    assert words.cut("one two three", 13) == "one two three"
    assert words.cut("one two three four", 13) == "one two …"
