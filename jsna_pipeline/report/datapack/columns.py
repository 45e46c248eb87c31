"""What every column of the data files is called, means and may hold, read from the models of the tables.

Here: titles and descriptions of columns, their types, units and closed lists, and the keys of the tables. Not here:
the models themselves (`published_tables.py`), or how all this is written down (`schema.py`, `sheets.py`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import pandera.pandas as pa

from jsna_pipeline import published_tables as models
from jsna_pipeline.future import tables as future

MARKING_COLUMN = "marking"
TABLES: Mapping[str, type[models.PublishedTable]] = {
    "observations": models.Observations,
    "comparisons": models.Comparisons,
    "trends": models.Trends,
    "inequalities": models.Inequalities,
    "priorities": models.Priorities,
    "reconciliation": models.Reconciliation,
    "projections": future.Projections,
    "backtest": future.Backtest,
    "backtest_summary": future.BacktestSummary,
    "scenarios": future.Scenarios,
    "expected_need": future.ExpectedNeed,
    "places_ahead": future.PlacesAhead,
    "money_ahead": future.MoneyAhead,
    "scorecard": models.Scorecard,
    "scorecard_exceptions": models.ScorecardExceptions,
    "survey_results": models.SurveyResults,
    "commissioning_priorities": models.CommissioningPriorities,
    "local_counts": models.LocalCounts,
    "local_statistics": models.LocalStatistics,
    "local_agreement": models.LocalAgreement,
    "local_returns": models.LocalReturns,
    "local_suppression": models.LocalSuppression,
    "local_unseen": models.LocalUnseen,
}
# Parts of a key that are blank in some rows: Table Schema reads a blank as missing, and a primary key has none.
BLANK_IN_KEY = {("survey_results", "answer")}
REFERENCES = {
    "indicator_id": ("indicators", "indicator_id"),
    "area_code": ("areas", "area_code"),
    "source_id": ("sources", "source_id"),
    "dataset_id": ("sources", "source_id"),
}

TITLES = {
    "indicator_id": "Indicator id",
    "indicator_ids": "Indicator ids",
    "area_code": "Area code",
    "area_name": "Area",
    "area_level": "Level of area",
    "period_type": "Kind of period",
    "dimension": "Breakdown",
    "category": "Group",
    "lower_ci": "Lower 95% limit",
    "upper_ci": "Upper 95% limit",
    "lower": "Lower 95% limit",
    "upper": "Upper 95% limit",
    "source_id": "Source id",
    "dataset_id": "Source id",
    "comparator": "Compared with",
    "comparator_value": "Value compared with",
    "comparator_count": "Areas in that value",
    "out_of": "Areas ranked",
    "first_period": "First period",
    "last_period": "Last period",
    "statistic": "Chi-square for trend",
    "rest_value": "Value of the rest",
    "ratio_lower": "Lower limit of the ratio",
    "ratio_upper": "Upper limit of the ratio",
    "children": "More or fewer children",
    "worse": "Worse than England",
    "worsening": "Getting worse",
    "listed": "Worse and getting worse",
    "exception_class": "Why",
    "column": "Column of the source",
    "group": "Other filters",
    "published": "Published figure",
    "expected": "Figure by the rule",
    "strategy_id": "Strategy id",
    "row": "Number of the measure",
    "holder": "Who holds what is missing",
    "figure": "What the value is",
    "england_value": "England",
    "region_value": "Region",
    "neighbours_mean_value": "Mean of statistical neighbours",
    "state": "State of the exception",
    "stage": "What is wanted next",
    "opened": "First not met in edition",
    "editions_open": "Editions open",
    "due": "Action due",
    "decided_on": "Decided on",
    "table_id": "Table id",
    "rule": "Rule",
    "count": "Count",
    "local_count": "Own count",
    "published_count": "Published count",
    "return_id": "Return id",
    "reference_date": "Day of the return",
    "persons": "Children and young people",
    "with_identifier": "With a pupil or learner number",
    "with_plan": "With an EHC plan",
    "on_roll": "On a school roll",
    "neither": "Neither with a plan nor on a roll",
    "cells": "Figures in all",
    "suppressed": "Figures hidden",
    "question_id": "Question id",
    "category_name": "Group in words",
    "effective_n": "Effective number of answers",
    "previous_wave": "Wave before",
    "change_lower": "Lower 95% limit of the change",
    "change_upper": "Upper 95% limit of the change",
    "best_rank": "Best rank when weights change",
    "worst_rank": "Worst rank when weights change",
    "top_five_share": "Share of weightings in the first five",
    "total": "Total score",
    "missing": "Criteria not known",
    "central": "Expected",
    "base": "Last count",
    "base_year": "January of the last count",
    "model": "Method",
    "origin": "From January",
    "horizon": "Years ahead",
    "actual": "Counted",
    "forecast": "It would have said",
    "error": "Error",
    "scored": "Counts in the summary",
    "areas": "Forecasts",
    "mape": "Average miss",
    "median_error": "Median miss",
    "bias": "Leaning",
    "half_width_95": "Half the range of 95 in 100",
    "scenario": "Scenario id",
    "name": "Scenario",
    "condition": "Study id",
    "age_from": "From age",
    "age_to": "To age",
    "identified_as": "What was counted",
    "england_ratio": "England's ratio",
    "place": "Place in the funnel",
    "demand": "Places asked for",
    "occupancy": "Filled per 100 places",
    "chance_short": "Futures with too few places",
    "difference_lower": "Lower limit of the difference, 95 in 100",
    "difference_upper": "Upper limit of the difference, 95 in 100",
    "demand_lower": "Lower limit of places asked for, 95 in 100",
    "demand_upper": "Upper limit of places asked for, 95 in 100",
    "gap_lower": "Lower limit of the gap, 95 in 100",
    "gap_upper": "Upper limit of the gap, 95 in 100",
    "unit_low": "Cost of a place, low",
    "unit_central": "Cost of a place",
    "unit_high": "Cost of a place, high",
    MARKING_COLUMN: "Marking",
}
TITLES |= {
    f"{side}_{share}": f"{side.capitalize()} limit, {share} in 100"
    for side in ("lower", "upper")
    for share in (50, 80, 95)
}
TITLES |= {f"coverage_{share}": f"Counts within {share} in 100" for share in (50, 80, 95)}
TITLES |= {f"{part}_{slot}": f"{TITLES[part]} {slot}" for part in ("dimension", "category") for slot in (1, 2, 3)}
TITLES_HERE = {
    ("inequalities", "lower_ci"): "Lower 99.8% limit",
    ("inequalities", "upper_ci"): "Upper 99.8% limit",
    ("inequalities", "value"): "Value of the group",
    ("inequalities", "denominator"): "Size of the group",
    ("priorities", "comparator_value"): "England's value",
    ("local_statistics", "statistic"): "What the value is",
    ("local_counts", "rule"): "Disclosure rule",
    ("local_statistics", "rule"): "Disclosure rule",
    ("reconciliation", "difference"): "Published minus expected",
    ("expected_need", "expected"): "Expected by the study",
    ("scenarios", "difference"): "Difference from things going on",
    ("commissioning_priorities", "trend"): "Share getting worse",
}
DESCRIPTIONS = {
    "indicator_id": "Id of the indicator in the file indicators.csv",
    "area_code": "ONS code of the area, or the NHS organisation's own code",
    "area_name": "Name of the area",
    "area_level": "Level of the area",
    "period": "Period as its publisher labels it: 2024/25, 2024 or 2024-09",
    "period_type": "Kind of period",
    "dimension": "What the row is broken down by; total for the whole",
    "category": "Group within the breakdown; total for the whole",
    "edition": "Edition of the needs assessment",
    "first_period": "First period of the series that was tested",
    "last_period": "Last period of the series that was tested",
    "confidence": "Confidence of the test, 0 to 1",
    "value": "The figure, in the unit given",
    "unit": "Unit of the value; percentages are 0 to 100",
    "difference": "Value minus the value compared with",
    "rank": "Place among authorities",
    "out_of": "Number of authorities ranked",
    "dataset_id": "Id of the source in the file sources.csv",
    "source_file": "Published file that the figure stands in",
    "source_line": "Line of that file",
    "measure": "The measure in the words of the strategy",
    "england_value": "England's value of the same figure",
    "region_value": "The region's value of the same figure",
    "neighbours_mean_value": "Simple mean of the ten statistical neighbours",
    "strategy_id": "Id of the strategy",
    "row": "Number of the measure in the reviewed list",
    "owner": "Who answers for the measure",
    "verdict": "What the target rule says",
    "action": "What will be done; blank where nothing is written",
    "decided_on": "Day of the decision; blank where none was taken",
    "table_id": "Id of the table of own records in the catalogue",
    "population": "Who is counted",
    "local_count": "Count from the area's own records; blank where hidden",
    "published_count": "Published count; blank where not yet published",
    "agreement": "Whether both counts agree, where both are printed",
    "return_id": "Id of the return",
    "title": "Name of the return",
    "rows_read": "Rows read, to the nearest ten",
    "rows_refused": "Rows refused, to the nearest ten",
    "persons": "Children and young people in the return, to the nearest ten",
    "with_identifier": "Of them with a pupil or learner number, to the nearest ten",
    "with_plan": "Of them with an EHC plan, to the nearest ten",
    "on_roll": "Of them on a school roll, to the nearest ten",
    "neither": "Of them neither with a plan nor on a roll, to the nearest ten",
    "rule": "Rule under which the figure is printed or hidden",
    "status": "Why the value is present or absent",
    "cells": "Figures of the table in all",
    "suppressed": "Figures of the table that are hidden",
    "reason": "Id of the reason",
    "sentence": "The reason in words, after the number",
    "plans": "EHC plans, to the nearest ten",
    "topic": "What the question is about",
    "category_name": "The group in words",
    "size_score": "Score of size, 0 to 4",
    "inequality_score": "Score of inequality, 0 to 4",
    "trend_score": "Score of trend, 0 to 4",
    "gap_score": "Score of the gap, 0 to 4",
    "voice_score": "Score of voice, 0 to 4",
    "evidence_score": "Score of evidence, 0 to 4",
    "year": "January of the count; of money, the year of that January",
    "base_year": "January of the last known count",
    "model": "Id of the method",
    "horizon": "Years from the last count that the method knew to the January that it was asked for",
    "actual": "What was counted in that January",
    "forecast": "What the method would have said of that January",
    "name": "The scenario in words",
    "scenario": "Id of the scenario; baseline for things going on",
    "age_from": "Youngest age of the study, in years",
    "age_to": "Oldest age of the study, in years",
    "residents": "Residents of those ages",
    "expected": "Children whom the study's rate would expect among them: a possible need, not a target",
    "ratio_upper": "Upper 95 limit of the ratio",
    "england_ratio": "England's identified per 100 expected",
    "difference_upper": "Upper 95 limit of the difference",
    "demand_lower": "Lower 95 limit of the places asked for",
    "demand_upper": "Upper 95 limit of the places asked for",
    "gap_lower": "Lower 95 limit of the gap",
    "gap_upper": "Upper 95 limit of the gap",
    "unit_central": "Cost of a place a year, in the middle",
    "unit_high": "Cost of a place a year, high",
    "basis": "own_places: the area's own places; published_plans: plans by placement, as published",
    MARKING_COLUMN: "Protective marking; the row is for named readers alone",
}
DESCRIPTIONS |= {
    f"{side}_{share}": f"{side.capitalize()} limit of {share} futures in a hundred"
    for side in ("lower", "upper")
    for share in (50, 80, 95)
}
DESCRIPTIONS |= {
    f"coverage_{share}": f"Percent of actual counts inside the interval of {share}" for share in (50, 80, 95)
}
DESCRIPTIONS |= {
    f"{part}_{slot}": f"{DESCRIPTIONS[part]} ({'first' if slot == 1 else 'second' if slot == 2 else 'third'})"
    for part in ("dimension", "category")
    for slot in (1, 2, 3)
}
AS_GIVEN = "as given in the column unit"
PERCENT, POINTS = "percent", "percentage points"
ERRORS = ("mape", "median_error", "bias", "half_width_95")
PLACES = ("places", "filled", "demand", "demand_lower", "demand_upper", "gap", "gap_lower", "gap_upper")
UNITS = {
    **{("observations", name): AS_GIVEN for name in ("value", "lower_ci", "upper_ci")},
    **{("survey_results", name): AS_GIVEN for name in ("value", "lower", "upper", "change")},
    **{("local_statistics", name): AS_GIVEN for name in ("value", "lower", "upper")},
    **{("scorecard", name): AS_GIVEN for name in ("value", "england_value", "region_value", "neighbours_mean_value")},
    **{("comparisons", name): "unit of the indicator" for name in ("comparator_value", "difference")},
    **{("priorities", name): "unit of the indicator" for name in ("value", "comparator_value", "difference")},
    **{("inequalities", name): PERCENT for name in ("value", "rest_value")},
    **{("inequalities", name): POINTS for name in ("difference", "lower_ci", "upper_ci")},
    ("inequalities", "denominator"): "children",
    ("inequalities", "children"): "children",
    ("commissioning_priorities", "size"): "children per 1,000 residents under 18",
    ("commissioning_priorities", "inequality"): POINTS,
    **{("commissioning_priorities", name): PERCENT for name in ("severity", "trend", "voice", "evidence")},
    ("commissioning_priorities", "top_five_share"): PERCENT,
    ("backtest", "error"): PERCENT,
    **{("backtest_summary", name): PERCENT for name in (*ERRORS, *(f"coverage_{share}" for share in (50, 80, 95)))},
    **{("expected_need", name): "children" for name in ("residents", "expected", "lower_95", "upper_95", "identified")},
    **{
        ("expected_need", name): "per 100 expected" for name in ("ratio", "ratio_lower", "ratio_upper", "england_ratio")
    },
    **{("places_ahead", name): "places" for name in PLACES},
    ("places_ahead", "occupancy"): "per 100 places",
    ("places_ahead", "chance_short"): PERCENT,
    **{("money_ahead", name): "pounds" for name in ("central", *future.BANDS, "unit_low", "unit_central", "unit_high")},
}


@dataclass(frozen=True)
class Column:
    """One column as a Table Schema and a heading need it; `kind` is a type of Table Schema."""

    name: str
    title: str
    description: str
    kind: str = "string"
    unit: str = ""
    words: tuple[str, ...] = ()  # the closed list of its values, where there is one
    numbers: tuple[float, ...] = ()  # the same for a number
    minimum: float | None = None
    maximum: float | None = None
    required: bool = False


@cache
def columns_of(table: str, marked: bool = False) -> tuple[Column, ...]:
    """The columns of the file `<table>.csv`, in their order; `marked` adds that of a restricted audience."""
    schema = TABLES[table].to_schema()
    key = primary_key(table)
    found = [_column(table, name, declared, name in key) for name, declared in schema.columns.items()]
    if marked:
        found.append(Column(MARKING_COLUMN, TITLES[MARKING_COLUMN], DESCRIPTIONS[MARKING_COLUMN], required=True))
    return tuple(found)


@cache
def primary_key(table: str) -> tuple[str, ...]:
    """The columns that no two rows share; () where the table promises none, or one of them may be blank."""
    unique = tuple(TABLES[table].to_schema().unique or ())
    return () if any((table, name) in BLANK_IN_KEY for name in unique) else unique


def title_of(table: str, name: str) -> str:
    return TITLES_HERE.get((table, name)) or TITLES.get(name) or name.replace("_", " ").capitalize()


def _column(table: str, name: str, declared: pa.Column, in_key: bool) -> Column:
    kind = _kind(str(declared.dtype))
    allowed: tuple[str | float, ...] = ()
    minimum = maximum = None
    for check in declared.checks:
        found = check.statistics or {}
        allowed = tuple(found.get("allowed_values", allowed))
        minimum, maximum = found.get("min_value", minimum), found.get("max_value", maximum)
    # Text may be blank where a model says so only in words; of ids, closed lists and numbers it is certain.
    certain = kind != "string" or bool(allowed) or in_key
    return Column(
        name=name,
        title=title_of(table, name),
        description=declared.description or DESCRIPTIONS[name],
        kind=kind,
        unit=UNITS.get((table, name), ""),
        words=tuple(str(one) for one in allowed) if kind == "string" else (),
        numbers=tuple(float(one) for one in allowed) if kind != "string" else (),
        minimum=minimum,
        maximum=maximum,
        required=certain and not declared.nullable,
    )


def _kind(dtype: str) -> str:
    kinds = (("int", "integer"), ("float", "number"), ("bool", "boolean"))
    return next((kind for begins, kind in kinds if dtype.lower().startswith(begins)), "string")
