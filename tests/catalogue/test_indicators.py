"""The reviewed indicator records: that all load, keep the rules of the house, and fit the published files."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from jsna_pipeline.catalogue.chapters import chapters
from jsna_pipeline.catalogue.datasets import datasets
from jsna_pipeline.catalogue.indicators import Indicator, Side, indicators
from jsna_pipeline.catalogue.loading import parse
from jsna_pipeline.core_tables import core_table, model_of
from jsna_pipeline.errors import InputError
from jsna_pipeline.indicator_engine import observations
from jsna_pipeline.schemas.base import filter_columns, value_columns
from jsna_pipeline.sources.folder import LandingFolder
from jsna_pipeline.statistics import rounding
from jsna_pipeline.vocabulary import Method, Polarity

# Ids that the data package, page one or other programs name.
RELIED_ON = {
    "ehcp_caseload",
    "ehcp_within_20_weeks_excl",
    "ehcp_within_20_weeks_all",
    "ehcp_requests",
    "ehcp_new_plans",
    "ehcp_decision_within_6_weeks",
    "ehcp_reviews_held",
    "ehcp_no_education_school_age",
    "sen_support_prevalence",
    "ehcp_prevalence",
    "provision_special_share",
    "health_autism_wait_over_13_weeks",
    "health_cyp_waits_over_18_weeks",
    "health_cyp_waits_over_52_weeks",
}

UNITS = {
    *("plans", "requests", "assessments", "residents", "pupils", "children", "young people", "placements"),
    *("percent", "per 100", "per 1,000", "per 10,000", "per 100,000", "score", "pounds"),
}
RATE_MULTIPLIERS = {"per 100": 100, "per 1,000": 1_000, "per 10,000": 10_000, "per 100,000": 100_000}

# Neither more nor less of these is good in itself; what a strategy wants belongs to its measures.
WITHOUT_POLARITY = {
    "ehcp_elective_home_education",
    "ehcp_mainstream",
    "ehcp_placement_mix",
    "sen_support_prevalence",
    "ehcp_prevalence",
    "ehcp_rate_0_25",
    "ehcp_requests",
    "ehcp_requests_refused",
    "send_tribunal_appeal_rate",
    "ehcp_personal_budgets",
}

# The law sets a time limit for these four, and for no other public figure of the catalogue.
WITH_STANDARD = {
    "ehcp_decision_within_6_weeks": "regulations 4 and 5",
    "ehcp_within_20_weeks_excl": "regulation 13",
    "ehcp_reviews_held": "section 44",
    "ehcp_review_decision_within_4_weeks": "regulation 20",
}

# Objectives and priorities of the strategies whose measures the catalogue must be able to answer.
STRATEGY_TAGS = {
    *("wigan.intro", "wigan.missions", "wigan.right_support"),
    *(f"wigan.1.{number}" for number in range(1, 8)),
    *(f"wigan.2.{number}" for number in range(1, 10)),
    *(f"wigan.3.{number}" for number in range(1, 10)),
    *(f"wigan.4.{number}" for number in range(1, 6)),
    *(f"wigan.5.{number}" for number in range(1, 8)),
    *(f"cumberland.{number}" for number in range(1, 7)),
    *("wolverhampton.estate", "wolverhampton.assess_and_plan", "wolverhampton.short_breaks"),
    *("wolverhampton.early_help", "wolverhampton.transforming_care", "wolverhampton.culture_of_belonging"),
    *("wolverhampton.leisure", "wolverhampton.employment", "wolverhampton.consultation"),
    *("improvement.effective_data", "improvement.governance", "improvement.quality_assurance"),
    *("improvement.partner_contribution", "improvement.statutory_processes", "improvement.progress"),
}

ALL = list(indicators().values())
each = pytest.mark.parametrize("record", ALL, ids=lambda record: record.id)


def _sides(record: Indicator) -> list[Side]:
    return [side for side in (record.numerator, record.denominator) if side is not None]


# --- the catalogue as a whole ---------------------------------------------------------------------------


def test_the_catalogue_covers_the_field() -> None:
    assert len(ALL) >= 40
    assert len({record.chapter for record in ALL}) >= 8
    assert set(indicators()) >= RELIED_ON


def test_no_two_indicators_claim_one_place_or_say_one_thing() -> None:
    places = [(record.chapter, record.order) for record in ALL]
    phrases = [record.phrase for record in ALL]
    assert len(places) == len(set(places))
    assert len(phrases) == len(set(phrases))


def test_only_what_the_law_limits_has_a_standard_and_page_one_knows_which_leads() -> None:
    found = {record.id: record.standard for record in ALL if record.standard is not None}
    assert set(found) == set(WITH_STANDARD)
    assert all(source in found[record_id].rule for record_id, source in WITH_STANDARD.items())
    assert sorted(found, key=lambda record_id: found[record_id].priority)[0] == "ehcp_within_20_weeks_excl"


def test_what_is_good_or_bad_only_by_a_strategy_has_no_polarity() -> None:
    assert {indicators()[record_id].polarity for record_id in WITHOUT_POLARITY} == {Polarity.NONE}


# --- each record ----------------------------------------------------------------------------------------


@each
def test_unit_multiplier_and_method_agree(record: Indicator) -> None:
    assert record.unit in UNITS
    if record.method in {Method.PROPORTION, Method.RATIO}:
        assert (record.unit, record.multiplier) == ("percent", 100)
    elif record.method is Method.RATE:
        assert record.multiplier == RATE_MULTIPLIERS[record.unit]
    else:
        assert record.multiplier == 1
    if record.method is Method.COUNT:
        assert record.unit not in {"percent", "score", *RATE_MULTIPLIERS}
        assert (record.polarity, record.decimals) == (Polarity.NONE, 0)


@each
def test_strategy_tags_are_known_and_the_chapter_exists(record: Indicator) -> None:
    assert record.strategies
    assert set(record.strategies) <= STRATEGY_TAGS
    assert record.chapter in chapters()


@each
def test_every_column_filter_and_headline_exists(record: Indicator) -> None:
    for side in _sides(record):
        model = model_of(datasets()[side.table])
        categories = side.categories.values()
        assert {*side.columns, *(name for one in categories for name in one.columns)} <= set(value_columns(model))
        known = {*filter_columns(model), "dimension", "category", "area_level"}
        assert {*record.filters, *side.filters, *(name for one in categories for name in one.filters)} <= known
        assert bool(side.categories) == bool(side.dimension)
    if record.published:
        assert record.published in value_columns(model_of(datasets()[record.numerator.table]))
    dimension, category = record.headline_group
    if record.numerator.categories and dimension != "total":
        assert (dimension, True) == (record.numerator.dimension, category in record.numerator.categories)


@each
def test_sentences_can_be_built_from_the_record(record: Indicator) -> None:
    """A phrase follows the number, so it begins in lower case unless with an acronym, and has no full stop."""
    assert record.phrase[0].islower() or record.phrase.startswith("EHC")
    assert not record.phrase.endswith(".")
    if record.unit == "percent":
        assert record.phrase.startswith("of ")
    assert all(text.endswith(".") for text in (record.description, record.rationale, *record.caveats))
    assert len(record.rationale.split()) >= 8
    assert "ages" not in record.figures or "age" in record.breakdowns
    assert "composition" not in record.figures or record.numerator.categories


# --- the loader's errors --------------------------------------------------------------------------------


GOOD = """name: Plans
question: How many plans?
phrase: plans were maintained
chapter: ehc_system
order: 1
description: Plans.
rationale: Because they are a promise.
population: Plans
source: dfe__sen2_caseload
numerator: {table: dfe__sen2_caseload, columns: [ehc_plans]}
unit: plans
decimals: 0
method: count
polarity: none
period_type: january_snapshot
owner: Head of SEND
reviewed: 2026-11-22
"""


@pytest.mark.parametrize(
    ("fault", "line", "named"),
    [
        (GOOD.replace("polarity: none", "polarity: up"), 14, "polarity"),
        (GOOD.replace("How many plans?", "How many plans"), 2, "question"),
        (GOOD.replace("unit: plans\n", ""), 1, "unit: Field required"),
        (GOOD + "caveat: [misspelt]\n", 18, "caveat"),
        (GOOD.replace("columns: [ehc_plans]", "column: [ehc_plans]"), 10, "numerator.column"),
        (GOOD.replace("order: 1", "order: [1"), 6, "not valid YAML"),
        (GOOD.replace("method: count", "method: proportion"), 1, "needs a denominator"),
        ("- a list\n", 1, "expected a mapping"),
    ],
)
def test_a_faulty_record_is_refused_by_file_line_and_field(fault: str, line: int, named: str) -> None:
    assert parse(GOOD, Indicator, "indicators/plans.yml", "plans").id == "plans"
    with pytest.raises(InputError) as error:
        parse(fault, Indicator, "indicators/plans.yml", "plans")
    assert str(error.value).startswith(f"catalogue/indicators/plans.yml, line {line}: ")
    assert named in str(error.value)


# --- against the published files ------------------------------------------------------------------------


@pytest.fixture(scope="module")
def published(landing: Path) -> tuple[dict[str, pd.DataFrame], pd.DataFrame]:
    """Core tables of every dataset that an indicator uses, and all observations, from the real files."""
    folder = LandingFolder(landing, "2025")
    wanted = sorted({side.table for record in ALL for side in _sides(record)})
    tables = {name: core_table(datasets()[name], folder).table for name in wanted}
    return tables, observations(indicators(), tables, "2025")


@pytest.mark.landing
def test_every_indicator_has_its_headline_for_most_areas(
    published: tuple[dict[str, pd.DataFrame], pd.DataFrame],
) -> None:
    _, observed = published
    headline = {record.id: record.headline_group for record in ALL}
    groups = pd.DataFrame(headline, index=["dimension", "category"]).T.rename_axis("indicator_id").reset_index()
    valued = observed.merge(groups).query("value.notna()")
    areas = valued.groupby("indicator_id")["area_code"].nunique()
    assert set(areas.index) == set(indicators())
    # There are 106 sub-ICB locations, and in the smallest of them these two counts are suppressed.
    few = ["health_autism_first_contact", "health_autism_wait_young_adults"]
    assert areas.drop(few).min() >= 100
    assert areas[few].min() >= 80
    assert not (observed.loc[observed["unit"] == "percent", "value"] > 100).any()


@pytest.mark.landing
@pytest.mark.parametrize(
    ("indicator", "period", "numerator", "denominator", "value"),
    [
        ("ehcp_caseload", "2024/25", 3579, None, 3579),
        ("ehcp_requests", "2024", 1020, None, 1020),
        ("ehcp_within_20_weeks_excl", "2024", 257, 603, 42.6),
        ("ehcp_decision_within_6_weeks", "2024", 1031, 1037, 99.4),
        ("ehcp_reviews_held", "2024", 1797, 2792, 64.4),
        ("ehcp_review_decision_within_4_weeks", "2024", 931, 2527, 36.8),
        ("ehcp_rate_0_25", "2023/24", 2966, 98264, 30.2),
        ("children_in_need_rate", "2025", 2561, 71697, 357.2),
        ("sen_support_prevalence", "2024/25", None, None, 15.1),
    ],
)
def test_wigan_has_the_figures_that_were_published(
    published: tuple[dict[str, pd.DataFrame], pd.DataFrame],
    indicator: str,
    period: str,
    numerator: int | None,
    denominator: int | None,
    value: float,
) -> None:
    """Counts and percentages as printed in the releases of 2025 (and, for the rate, recomputed by hand)."""
    _, observed = published
    row = observed.query(
        "area_code == 'E08000010' and indicator_id == @indicator and period == @period and dimension == 'total'"
    ).iloc[0]
    assert row["value"] == value
    for column, expected in (("numerator", numerator), ("denominator", denominator)):
        assert pd.isna(row[column]) if expected is None else row[column] == expected


@pytest.mark.landing
def test_values_are_those_that_the_publisher_printed(
    published: tuple[dict[str, pd.DataFrame], pd.DataFrame],
) -> None:
    """Of the published figures of indicators fewer than 1 in 200 differs from the one that we print."""
    tables, observed = published
    keys = ["area_code", "period", "dimension", "category"]
    agree = []
    for record in (record for record in ALL if record.published and not record.numerator.categories):
        rows = tables[record.numerator.table]
        for column, value in (record.filters | record.numerator.filters).items():
            rows = rows.loc[rows[column].isin(value if isinstance(value, list) else [value])]
        printed = rows[[*keys, record.published]].dropna()
        ours = observed.loc[observed["indicator_id"] == record.id].merge(printed, on=keys).dropna(subset="value")
        agree.append(ours["value"].sub(rounding.half_up_value(ours[record.published], record.decimals)).abs() < 1e-9)
    same = pd.concat(agree)
    assert len(same) > 50_000
    assert same.mean() > 0.995


def test_an_indicator_cannot_cite_a_figure_that_nothing_is_held_against(monkeypatch: pytest.MonkeyPatch) -> None:
    cited = parse(GOOD + "published: ehc_plans\n", Indicator, "indicators/plans.yml", "plans")
    monkeypatch.setattr("jsna_pipeline.catalogue.indicators.load_folder", lambda *_: {"plans": cited})
    with pytest.raises(InputError, match=r"'ehc_plans' is no share in the arithmetic of .*dfe__sen2_caseload\.yml"):
        indicators.__wrapped__()
