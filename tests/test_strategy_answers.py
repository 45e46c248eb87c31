"""The figures that answer a strategy's measures: the newest, the right group, the right body, beside England."""

from __future__ import annotations

import pandas as pd
import pytest

from jsna_pipeline import geography
from jsna_pipeline.catalogue.indicators import indicators
from jsna_pipeline.catalogue.strategies import Answer, Strategy, strategies
from jsna_pipeline.comparisons import comparisons
from jsna_pipeline.findings import facts
from jsna_pipeline.report.view import load_view
from jsna_pipeline.settings import KNOWN_NHS_COVER
from jsna_pipeline.storage import TableFolder
from jsna_pipeline.strategy_answers import ANSWER_COLUMNS, strategy_answers
from jsna_pipeline.trend_table import trend_table
from tests.builds import EDITION, Build, settings_in
from tests.invented_indicators import ENGLAND, WIGAN, WOLVERHAMPTON, direct

IN_TIME, LEVEL, WAITS = "ehcp_within_20_weeks_excl", "good_level_of_development", "health_autism_wait_over_13_weeks"
SUB_ICB = "02H"
YEARS = [str(year) for year in range(2020, 2025)]


def _strategy(*answering: object) -> dict[str, Strategy]:
    measures = [
        {
            "row": row,
            "references": ["all"],
            "measure": "Invented",
            "evidence": "statistic",
            "polarity": "high",
            "rule": "INCREASE",
            "answer": "yes",
            "indicators": [one],
        }
        for row, one in enumerate(answering, start=1)
    ]
    fields = {"id": "invented", "title": "T", "areas": ["wigan"], "board": "B", "note": "N", "parts": "objective"}
    return {"invented": Strategy.model_validate(fields | {"measures": measures})}


def _in_time(area: str, counts: list[int], denominator: int) -> list[dict[str, object]]:
    return [
        {
            "area_code": area,
            "period": year,
            "period_type": "calendar_year",
            "numerator": count,
            "denominator": denominator,
            "value": 100 * count / denominator,
            "lower_ci": 100 * count / denominator - 3,
            "upper_ci": 100 * count / denominator + 3,
        }
        for year, count in zip(YEARS, counts, strict=True)
    ]


OBSERVED = pd.concat(
    [
        direct(
            indicators()[IN_TIME],
            [
                *_in_time(ENGLAND, [60_000] * 5, 100_000),
                *_in_time(WIGAN, [900, 850, 800, 450, 400], 1000),
                {"area_code": WIGAN, "period": "2025", "period_type": "calendar_year", "status": "suppressed"},
            ],
        ),
        direct(
            indicators()[LEVEL],
            [
                {"area_code": WIGAN, "value": 66.0, "period": "2024/25", "period_type": "academic_year"},
                {
                    "area_code": WIGAN,
                    "value": 3.5,
                    "period": "2024/25",
                    "period_type": "academic_year",
                    "dimension": "sen_provision",
                    "category": "ehc_plan",
                },
            ],
        ),
        direct(
            indicators()[WAITS],
            [
                {"area_code": SUB_ICB, "area_name": "A sub-ICB", "area_level": "sub_icb", "value": 67.0},
                {"area_code": "RRF", "area_name": "A provider", "area_level": "provider", "value": 50.0},
            ],
        ),
    ],
    ignore_index=True,
)
NO_NEIGHBOURS = pd.DataFrame({"area_code": [], "neighbour_code": [], "rank": []}, dtype="str")
RECORDS = {name: indicators()[name] for name in (IN_TIME, LEVEL, WAITS)}
COMPARED = comparisons(RECORDS, OBSERVED, NO_NEIGHBOURS, "2025")
TRENDED = trend_table(RECORDS, OBSERVED, "2025")


def _answers(*answering: object, **arguments: object) -> pd.DataFrame:
    found = strategy_answers(_strategy(*answering), OBSERVED, COMPARED, TRENDED, **arguments)
    assert list(found) == ANSWER_COLUMNS
    return found


def test_the_newest_value_stands_beside_england_and_its_trend() -> None:
    row = _answers(IN_TIME, areas=[WIGAN]).iloc[0]
    assert (row["period"], row["value"], row["england_value"]) == ("2024", 40.0, 60.0)  # 2025 has no value
    assert (row["significance"], row["direction"], row["judgement"]) == ("worse", "decreasing", "worsening")
    assert (row["figure_code"], row["figure_level"]) == (WIGAN, "local_authority")


def test_a_measure_may_ask_for_a_group_other_than_the_headline() -> None:
    found = _answers(LEVEL, {"id": LEVEL, "group": "total/total"}, areas=[WIGAN])
    assert found["value"].tolist() == [3.5, 66.0]
    assert found["significance"].tolist() == ["not_tested", "not_tested"]
    assert found["england_value"].isna().all()


def test_a_figure_of_the_nhs_keeps_its_name_and_is_never_beside_england() -> None:
    bodies = {WIGAN: ("", SUB_ICB, "RRF")}
    row = _answers(WAITS, areas=[WIGAN], nhs_bodies=bodies).iloc[0]
    assert (row["figure_code"], row["figure_level"], row["value"]) == (SUB_ICB, "sub_icb", 67.0)
    assert pd.isna(row["england_value"])
    assert _answers(WAITS, areas=[WIGAN], nhs_bodies={WIGAN: ("RRF", SUB_ICB)}).iloc[0]["value"] == 50.0
    assert _answers(WAITS, areas=[WIGAN])["value"].isna().all()
    own = _answers(IN_TIME, areas=[WIGAN], nhs_bodies=bodies).iloc[0]
    assert own["figure_code"] == WIGAN


def test_an_area_without_a_figure_keeps_its_blank_row() -> None:
    found = _answers(IN_TIME, LEVEL, areas=[WOLVERHAMPTON, WIGAN])
    assert found.groupby("area_code")["value"].count().to_dict() == {WIGAN: 2, WOLVERHAMPTON: 0}
    assert len(found) == 4
    every = _answers(IN_TIME)
    assert every["area_code"].nunique() == len(every) == len(geography.local_authorities())


# --- the real published files ------------------------------------------------------------------


@pytest.fixture(scope="module")
def real_answers(real_build: Build) -> pd.DataFrame:
    """All areas, with the NHS organisations known for the four."""
    tables = TableFolder(str(real_build.tables))
    bodies = {geography.area(slug).code: (nhs.sub_icb, nhs.provider) for slug, nhs in KNOWN_NHS_COVER.items()}
    names = ("observations", "comparisons", "trends")
    return strategy_answers(
        strategies(), *(tables.read(f"indicators_{name}", EDITION) for name in names), nhs_bodies=bodies
    )


@pytest.mark.landing
def test_every_answerable_measure_of_an_areas_own_strategies_has_a_figure(real_answers: pd.DataFrame) -> None:
    valued = real_answers.loc[real_answers["value"].notna()]
    for strategy in strategies().values():
        asked = {measure.row for measure in strategy.measures if measure.answer is not Answer.NO}
        for slug in strategy.areas:
            own = valued.loc[valued["area_code"] == geography.area(slug).code, "row"]
            assert asked - set(own) == set(), f"{strategy.id} in {slug}"


def _cell(answers: pd.DataFrame, area: str, row: int, indicator: str) -> pd.Series:
    found = answers.query("area_code == @area and row == @row and indicator_id == @indicator")
    assert len(found) == 1
    return found.iloc[0]


@pytest.mark.landing
def test_answers_are_the_published_figures(real_answers: pd.DataFrame) -> None:
    """Read off the release of June 2025: Wigan's plans, and plans in time of Wigan and Wolverhampton."""
    plans = _cell(real_answers, WIGAN, 6, "ehcp_caseload")
    assert (plans["period"], plans["value"]) == ("2024/25", 3579)
    assert pd.isna(plans["england_value"])  # a count beside a country says nothing
    late = _cell(real_answers, WIGAN, 121, IN_TIME)
    assert (late["value"], late["england_value"], late["significance"]) == (42.6, 46.4, "similar")
    assert late["judgement"] == "worsening"
    elsewhere = _cell(real_answers, WOLVERHAMPTON, 133, IN_TIME)
    assert (elsewhere["value"], elsewhere["significance"]) == (55.8, "better")


@pytest.mark.landing
def test_answers_agree_with_the_findings_of_the_report(real_build: Build, real_answers: pd.DataFrame) -> None:
    settings = settings_in(real_build.folder, source="landing")
    view = load_view(TableFolder(str(real_build.tables)), settings, geography.area("Wigan"), EDITION)
    rows = real_answers.loc[real_answers["area_code"] == WIGAN].drop_duplicates(
        ["indicator_id", "dimension", "category"]
    )
    assert len(rows) > 80
    for row in rows.itertuples():
        record = indicators()[row.indicator_id].model_copy(update={"headline": f"{row.dimension}/{row.category}"})
        found = facts(view, record)
        assert (found is None) == pd.isna(row.value), row.indicator_id
        if found is None:
            continue
        england = found.against_england
        assert (found.period, found.value, found.judgement) == (row.period, row.value, row.judgement)
        assert (england.value if england else None) == (None if pd.isna(row.england_value) else row.england_value)
