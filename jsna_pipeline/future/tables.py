"""Pandera models of the tables of future need.

Here: the contract of each table, from which its Dagster column schema, its blocking check and the data package are
generated. Not here: how any of them is made (the other modules of `future/`).

Conventions: `year` is the January of a count, 2026 for the school year 2025/26; of a population it is the mid-year.
Intervals hold 50, 80 and 95 of a hundred futures; `central` is the median of the simulations. Sums and differences are
taken within each simulation, so that the middle of a sum need not be the sum of the middles.
"""

from __future__ import annotations

from enum import StrEnum

import pandas as pd
import pandera.pandas as pa

from jsna_pipeline.published_tables import PublishedTable
from jsna_pipeline.vocabulary import TOTAL

HORIZONS = (1, 2, 3, 4, 5)  # years ahead
DRAWS = 1_000  # simulated futures of an area
AGE_BANDS = ("under_5", "5_to_10", "11_to_15", "16_to_19", "20_to_25")
NEEDS = (
    "autism",
    "semh",
    "speech_language_and_communication",
    "moderate_learning_difficulty",
    "severe_learning_difficulty",
    "profound_and_multiple_learning_difficulty",
    "specific_learning_difficulty",
    "physical_disability",
    "hearing_impairment",
    "vision_impairment",
    "multi_sensory_impairment",
    "other_difficulty_or_disability",
    "not_recorded",
)
SETTINGS = (
    "mainstream",
    "resourced_or_unit",
    "special_state",
    "special_independent",  # with non-maintained special schools
    "alternative_provision",
    "further_education",
    "early_years",
    "educated_elsewhere",
    "not_recorded",
)
BANDS = ("lower_50", "upper_50", "lower_80", "upper_80", "lower_95", "upper_95")


class Measure(StrEnum):
    """What is projected."""

    EHC_PLANS = "ehc_plans"  # plans that the authority maintains, in January
    SEN_SUPPORT = "sen_support"  # pupils with SEN support in schools of the area, in January


class Standing(StrEnum):
    """How far a projection may be relied on."""

    OK = "ok"
    WIDENED = "widened"  # a short or uncertain history: the interval is wider than the model's own
    WITHHELD = "withheld"  # no figure is given, and `reason` says why


def _band(limit: str, futures: int) -> float:
    return pa.Field(description=f"{limit} limit of {futures} futures in a hundred", nullable=True)


class Banded(PublishedTable):
    """A simulated number: its middle, its intervals, and how far it may be relied on."""

    central: float = pa.Field(description="Median of the simulations; null where withheld", nullable=True)
    lower_50: float = _band("Lower", 50)
    upper_50: float = _band("Upper", 50)
    lower_80: float = _band("Lower", 80)
    upper_80: float = _band("Upper", 80)
    lower_95: float = _band("Lower", 95)
    upper_95: float = _band("Upper", 95)
    status: str = pa.Field(description="How far it may be relied on", isin=[word.value for word in Standing])
    reason: str = pa.Field(description="Why it is widened or withheld, in a sentence; blank where neither")

    @pa.dataframe_check(name="bands_nest", error="each interval lies within the next wider one")
    def _bands_nest(cls, table: pd.DataFrame) -> pd.Series:
        order = ["lower_95", "lower_80", "lower_50", "upper_50", "upper_80", "upper_95"]
        steps = table[order].diff(axis=1).iloc[:, 1:]
        return (steps.isna() | steps.ge(-1e-9)).all(axis=1)

    @pa.dataframe_check(
        name="withheld_is_reasoned", error="what is withheld or widened says why, and what is not does not"
    )
    def _withheld_is_reasoned(cls, table: pd.DataFrame) -> pd.Series:
        return table["status"].ne(Standing.OK.value) == table["reason"].ne("")


class Projected(Banded):
    """A simulated count of children, plans or pounds spent: never below nothing."""

    @pa.dataframe_check(name="not_negative", error="no count and no cost is below 0")
    def _not_negative(cls, table: pd.DataFrame) -> pd.Series:
        return ~table[["central", *BANDS]].lt(0).any(axis=1)


class Projections(Projected):
    """Plans and SEN support of each area in the coming Januaries, in all and by age, first need and setting."""

    measure: str = pa.Field(description="What is projected", isin=[word.value for word in Measure])
    area_code: str
    year: int = pa.Field(description="January")
    dimension: str = pa.Field(isin=[TOTAL, "age_band", "primary_need", "setting", "phase"])
    category: str
    model: str = pa.Field(description="Method that the back-test chose for the area")
    base: float = pa.Field(description="The last known count, from which it starts", nullable=True, ge=0)
    base_year: int
    edition: str

    class Config:
        unique = ["measure", "area_code", "year", "dimension", "category"]


class Paths(PublishedTable):
    """Simulated plans of each authority: a row a future. Everything that sums over years or parts starts here."""

    area_code: str
    draw: int = pa.Field(ge=0)
    year: int
    plans: float = pa.Field(ge=0)
    edition: str

    class Config:
        unique = ["area_code", "draw", "year"]


class Backtest(PublishedTable):
    """What each method would have said of an authority's plans in a year now known."""

    model: str
    area_code: str
    origin: int = pa.Field(description="January of the last count that the method knew")
    horizon: int = pa.Field(isin=list(HORIZONS))
    actual: float = pa.Field(ge=0)
    forecast: float = pa.Field(ge=0)
    error: float = pa.Field(description="Forecast minus actual, percent of actual")
    lower_50: float = pa.Field(nullable=True)
    upper_50: float = pa.Field(nullable=True)
    lower_80: float = pa.Field(nullable=True)
    upper_80: float = pa.Field(nullable=True)
    lower_95: float = pa.Field(nullable=True)
    upper_95: float = pa.Field(nullable=True)
    scored: bool = pa.Field(description="Counts in the summary: its history is long enough and has no break")
    note: str = pa.Field(description="Break or fault of the area's counts; blank where there is none")
    edition: str

    class Config:
        unique = ["model", "area_code", "origin", "horizon"]


class BacktestSummary(PublishedTable):
    """The error and coverage of each method over all scored authorities, by origin and over all origins."""

    model: str
    origin: str = pa.Field(description="January of the last known count; total over all origins")
    horizon: int = pa.Field(isin=list(HORIZONS))
    areas: int = pa.Field(description="Forecasts scored", ge=1)
    mape: float = pa.Field(description="Mean absolute error, percent", ge=0)
    median_error: float = pa.Field(description="Median absolute error, percent", ge=0)
    bias: float = pa.Field(description="Mean error, percent; above 0 is too high")
    coverage_50: float = pa.Field(description="Percent of actual counts inside the interval", nullable=True)
    coverage_80: float = pa.Field(nullable=True)
    coverage_95: float = pa.Field(nullable=True)
    half_width_95: float = pa.Field(description="Median half width of the 95 interval, percent", nullable=True)
    edition: str

    class Config:
        unique = ["model", "origin", "horizon"]


class FuturePopulation(PublishedTable):
    """Residents by single year of age 0 to 25, at mid-year: estimated, worked back by cohort, or projected."""

    area_code: str
    year: int = pa.Field(description="Mid-year")
    age: int = pa.Field(ge=0, le=25)
    central: float = pa.Field(ge=0)
    lower_95: float = pa.Field(ge=0)
    upper_95: float = pa.Field(ge=0)
    basis: str = pa.Field(
        description="estimate, worked_back from it, cohort projection, or published projection",
        isin=["estimate", "worked_back", "cohort", "published"],
    )
    edition: str

    class Config:
        unique = ["area_code", "year", "age"]


class ExpectedNeed(PublishedTable):
    """Children expected by a prevalence study in an area, beside those identified where a count is published."""

    area_code: str
    condition: str = pa.Field(description="Id of the prevalence record")
    age_from: int = pa.Field(ge=0)
    age_to: int = pa.Field(le=25)
    residents: float = pa.Field(ge=0)
    expected: float = pa.Field(ge=0)
    lower_95: float = pa.Field(ge=0)
    upper_95: float = pa.Field(ge=0)
    identified: float = pa.Field(
        description="Published count compared with it; null where none is comparable", nullable=True
    )
    identified_as: str = pa.Field(description="What was counted; blank where nothing is")
    ratio: float = pa.Field(description="Identified per 100 expected", nullable=True)
    ratio_lower: float = pa.Field(
        description="Lower 95 limit of the ratio: of the count and of the study", nullable=True
    )
    ratio_upper: float = pa.Field(nullable=True)
    england_ratio: float = pa.Field(nullable=True)
    place: str = pa.Field(description="Where the ratio stands in the funnel of authorities round England's")
    edition: str

    class Config:
        unique = ["area_code", "condition"]


class Scenarios(Projected):
    """What each assumption would change: plans, new plans, places and yearly cost, as against things going on."""

    area_code: str
    scenario: str = pa.Field(description="Id of the scenario; `baseline` for things going on")
    name: str
    year: int
    quantity: str = pa.Field(
        description="plans, new_plans, plans of a setting, or cost in pounds of a year",
        isin=["plans", "new_plans", *(f"plans_{setting}" for setting in SETTINGS), "cost"],
    )
    difference: float = pa.Field(description="Median difference from the baseline, within simulations", nullable=True)
    difference_lower: float = pa.Field(description="Lower 95 limit of it", nullable=True)
    difference_upper: float = pa.Field(nullable=True)
    edition: str

    class Config:
        unique = ["area_code", "scenario", "year", "quantity"]


class Sensitivity(PublishedTable):
    """How far plans and cost in the last year move when one driver takes its low or its high value."""

    area_code: str
    driver: str
    name: str = pa.Field(description="The driver in words")
    low_value: str = pa.Field(description="Its low value, as printed")
    high_value: str
    quantity: str = pa.Field(isin=["plans", "cost"])
    year: int
    central: float = pa.Field(ge=0)
    at_low: float = pa.Field(ge=0)
    at_high: float = pa.Field(ge=0)
    edition: str

    class Config:
        unique = ["area_code", "driver", "quantity"]


class GoalSeek(PublishedTable):
    """The rate of new plans at which the caseload would stand, in the last year, where it stands now."""

    area_code: str
    year: int
    new_plans_now: float = pa.Field(description="New plans of the last calendar year", nullable=True)
    factor: float = pa.Field(description="New plans of each year, as a multiple of what is projected", nullable=True)
    factor_lower: float = pa.Field(nullable=True)
    factor_upper: float = pa.Field(nullable=True)
    new_plans_needed: float = pa.Field(description="New plans a year at that rate, mean of the years", nullable=True)
    reachable: bool = pa.Field(description="Whether any rate from 0 holds it")
    edition: str

    class Config:
        unique = ["area_code"]


class PlacesAhead(PublishedTable):
    """Special places of one area beside what the forecast asks of them, by kind, phase, need and locality."""

    area_code: str
    dimension: str = pa.Field(isin=[TOTAL, "place_kind", "phase", "primary_need", "locality", "setting"])
    category: str
    year: int
    places: float = pa.Field(description="Places commissioned; null where they are not known or hidden", nullable=True)
    filled: float = pa.Field(
        description="Places filled now; plans in that setting where places are not known", nullable=True
    )
    occupancy: float = pa.Field(description="Filled per 100 places", nullable=True)
    demand: float = pa.Field(description="Places that the forecast asks for, median", nullable=True, ge=0)
    demand_lower: float = pa.Field(nullable=True, ge=0)
    demand_upper: float = pa.Field(nullable=True, ge=0)
    gap: float = pa.Field(
        description="Demand minus places; minus those filled now where places are not known", nullable=True
    )
    gap_lower: float = pa.Field(nullable=True)
    gap_upper: float = pa.Field(nullable=True)
    chance_short: float = pa.Field(description="Simulations, percent, in which places are too few", nullable=True)
    basis: str = pa.Field(isin=["own_places", "published_plans"])
    edition: str

    class Config:
        unique = ["area_code", "dimension", "category", "year"]


class MoneyAhead(Banded):
    """Yearly cost of placements of one area under a scenario, and the high-needs balance if its budget is known."""

    area_code: str
    scenario: str
    year: int
    quantity: str = pa.Field(
        description="cost of a setting or in all, change since the base year or from the baseline, budget, deficit",
        isin=[
            "cost",
            "cost_change",
            "cost_difference",
            *(f"cost_{setting}" for setting in SETTINGS),
            "budget",
            "deficit",
        ],
    )
    unit_low: float = pa.Field(description="Cost of a place a year, low", nullable=True)
    unit_central: float = pa.Field(nullable=True)
    unit_high: float = pa.Field(nullable=True)
    basis: str = pa.Field(description="Whose cost of a place it is", isin=["own", "published", "mixed"])
    edition: str

    class Config:
        unique = ["area_code", "scenario", "year", "quantity"]


class Mix(Projected):
    """Plans of one area by age band, first need and setting together, in the coming Januaries."""

    area_code: str
    year: int
    age_band: str = pa.Field(isin=list(AGE_BANDS))
    primary_need: str = pa.Field(isin=list(NEEDS))
    setting: str = pa.Field(isin=list(SETTINGS))
    edition: str

    class Config:
        unique = ["area_code", "year", "age_band", "primary_need", "setting"]


class Notes(PublishedTable):
    """What a reader has to know of an area's places and money ahead, in sentences."""

    area_code: str
    subject: str = pa.Field(isin=["places", "outside_area", "independent", "money"])
    position: int = pa.Field(description="Place among the sentences of the subject", ge=1)
    sentence: str
    edition: str

    class Config:
        unique = ["area_code", "subject", "position"]


class SecondOpinion(PublishedTable):
    """Plans ahead from the area's own joiners, movers and leavers, to the nearest five, beside the chosen method."""

    area_code: str
    year: int
    dimension: str = pa.Field(isin=[TOTAL, "age_band", "setting"])
    category: str
    central: float = pa.Field(ge=0)
    lower_95: float = pa.Field(ge=0)
    upper_95: float = pa.Field(ge=0)
    januaries: int = pa.Field(description="January returns that it was worked out from", ge=2)
    edition: str

    class Config:
        unique = ["area_code", "year", "dimension", "category"]


NATIONAL = {
    "future_population": FuturePopulation,
    "future_expected_need": ExpectedNeed,
    "future_paths": Paths,
    "future_projections": Projections,
    "future_backtest": Backtest,
    "future_backtest_summary": BacktestSummary,
    "future_scenarios": Scenarios,
    "future_sensitivity": Sensitivity,
    "future_goal_seek": GoalSeek,
}
OF_AREA = {
    "future_mix": Mix,
    "future_places": PlacesAhead,
    "future_money": MoneyAhead,
    "future_own_scenarios": Scenarios,
    "future_second_opinion": SecondOpinion,
    "future_notes": Notes,
}
