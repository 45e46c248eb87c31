"""The measures without a figure: a row each on screen, and on paper only those that stand out, by rule."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from jsna_pipeline.catalogue.chapters import chapters
from jsna_pipeline.catalogue.indicators import indicators
from jsna_pipeline.findings import Comparison, Facts
from jsna_pipeline.report.further import drawn_on_paper, further_table, paper_table, stands_out
from jsna_pipeline.vocabulary import AreaLevel, PeriodType

CHAPTER = chapters()["ehc_system"]
ENGLAND = Comparison(46.4, 1, -3.8, "similar", 88, 149, 3)
TWENTY_WEEKS = Facts(
    record=indicators()["ehcp_within_20_weeks_excl"],
    area_name="Wigan",
    area_level=AreaLevel.LOCAL_AUTHORITY,
    region_name="North West",
    period="2024",
    period_type=PeriodType.CALENDAR_YEAR,
    value=42.6,
    lower=38.7,
    upper=46.6,
    numerator=257,
    denominator=603,
    comparisons={"england": ENGLAND, "neighbours_mean": Comparison(54.2, 10, -11.6, "worse", None, None, None)},
    direction="cannot_be_calculated",
    judgement="no_judgement",
    first_period="",
    last_period="",
    points=3,
    cut_off=date(2025, 12, 31),
)


def _beside_england(significance: str, quartile: int) -> Facts:
    beside = replace(ENGLAND, significance=significance, quartile=quartile)
    return replace(TWENTY_WEEKS, comparisons={"england": beside})


def test_a_row_says_in_words_what_a_figure_would_show() -> None:
    table = further_table(CHAPTER, [TWENTY_WEEKS], "Wigan")
    assert table is not None
    name, period, *rest = table.rows[0]
    assert (name, period) == (TWENTY_WEEKS.record.name, "Calendar year 2024")
    assert rest == ["42.6%", "46.4%", "54.2%", "Similar, below the standard, 88 of 149", "–"]
    assert table.anchors == ("ehcp_within_20_weeks_excl",)


@pytest.mark.parametrize(
    ("one", "notable"),
    [
        (_beside_england("worse", 3), True),
        (_beside_england("not_tested", 4), True),
        (replace(_beside_england("similar", 2), judgement="worsening"), True),
        (_beside_england("similar", 4), False),
        (_beside_england("not_tested", 3), False),
        (_beside_england("better", 1), False),
        (replace(_beside_england("worse", 4), period="2021"), False),
        (replace(TWENTY_WEEKS, comparisons={}), False),
    ],
)
def test_only_what_is_current_and_bad_stands_out_on_paper(one: Facts, notable: bool) -> None:
    assert stands_out(one) == notable


def test_paper_says_how_many_it_leaves_to_the_page() -> None:
    table = paper_table(CHAPTER, [], [_beside_england("worse", 4), TWENTY_WEEKS], "Wigan")
    assert table is not None and len(table.rows) == 1
    assert "also has 1 further measure: not worse" in table.notes[0]
    assert paper_table(CHAPTER, [], [TWENTY_WEEKS], "Wigan") is None
    whole = paper_table(CHAPTER, [TWENTY_WEEKS], [], "Wigan")
    assert whole is not None and len(whole.rows) == 1 and whole.notes == ()


def _named(name: str, one: Facts = TWENTY_WEEKS) -> Facts:
    return replace(one, record=indicators()[name])


def test_paper_draws_what_leads_what_the_law_asks_what_stands_out_and_what_no_row_can_show() -> None:
    plain = ["ehcp_requests", "ehcp_new_plans", "ehcp_ceased"]
    bad = _named("ehcp_neet", _beside_england("worse", 4))
    found = [*map(_named, plain), TWENTY_WEEKS, bad, _named("ehcp_placement_mix")]
    printed = {"ehcp_requests", "ehcp_new_plans", "ehcp_within_20_weeks_excl", "ehcp_neet", "ehcp_placement_mix"}
    assert drawn_on_paper(found, led=False) == printed
    # Figures of the whole chapter say what its first measures, mixes and shapes would.
    assert drawn_on_paper(found, led=True) == {"ehcp_within_20_weeks_excl", "ehcp_neet"}


def test_the_full_edition_lists_every_further_measure_on_paper() -> None:
    table = paper_table(CHAPTER, [], [TWENTY_WEEKS, _beside_england("worse", 4)], "Wigan", full=True)
    assert table is not None and len(table.rows) == 2 and table.notes == ()
