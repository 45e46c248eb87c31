"""Which columns each sheet of the workbook shows, in which order: what a reader asks for first stands first.

Here: a plan for every table. Not here: how a cell is worded (`sheet_words.py`), the columns of the files
(`columns.py`), or the rows (`sheets.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from jsna_pipeline.future.tables import BANDS
from jsna_pipeline.report import formatting
from jsna_pipeline.report.datapack.columns import title_of
from jsna_pipeline.report.datapack.notes import INTERVAL, RANKED, ROUNDED
from jsna_pipeline.report.datapack.sheet_words import (
    MIDDLE,
    NARROW,
    OWN_STATUS,
    PAGE,
    WIDE,
    Shown,
    area,
    chapter_title,
    day,
    future_group,
    future_quantity,
    group,
    indicator,
    local_dimension,
    local_group,
    local_title,
    local_units,
    mapped,
    period,
    plain,
    scenario_name,
    strategy,
    unit,
    words,
    yes_or_no,
)
from jsna_pipeline.report.datapack.shorthand import CONFIDENTIAL, NOT_APPLICABLE, NOT_AVAILABLE
from jsna_pipeline.report.future.error import method_name
from jsna_pipeline.report.future.need import condition_name


def _text(table: str, *columns: str, width: int = MIDDLE, blank: str = NOT_APPLICABLE) -> tuple[Shown, ...]:
    return tuple(Shown(title_of(table, name), plain(name), width, blank) for name in columns)


def _figures(table: str, *columns: str, blank: str = NOT_APPLICABLE, decimals: int | None = None) -> tuple[Shown, ...]:
    return tuple(
        Shown(title_of(table, name), plain(name), blank=blank, figure=True, decimals=decimals) for name in columns
    )


def _worded(table: str, *columns: str, width: int = NARROW) -> tuple[Shown, ...]:
    return tuple(Shown(title_of(table, name), mapped(name, words), width) for name in columns)


def _own_status() -> Shown:
    return Shown("Status", mapped("status", lambda one: OWN_STATUS.get(one, words(one))))


def _measured(heading: str, column: str, blank: str = NOT_APPLICABLE) -> Shown:
    return Shown(heading, plain(column), figure=True, by_indicator=True, blank=blank)


def _subject() -> tuple[Shown, ...]:
    return (Shown("Indicator", indicator(), WIDE),)


def _groups() -> tuple[Shown, ...]:
    return (
        Shown("Breakdown", mapped("dimension", group), MIDDLE),
        Shown("Group", mapped("category", group), MIDDLE),
    )


def _ids() -> tuple[Shown, ...]:
    """For whoever goes on from the workbook to the files."""
    return (Shown("Chapter", indicator("chapter"), WIDE), Shown("Indicator id", plain("indicator_id"), WIDE))


def _observations() -> tuple[Shown, ...]:
    return (
        *_subject(),
        Shown("Area", plain("area_name"), MIDDLE),
        Shown("Period", partial(period, "period"), MIDDLE),
        *_groups(),
        _measured(f"Value {ROUNDED}", "value"),
        Shown("Unit", mapped("unit", formatting.unit_label)),
        _measured(f"Lower 95% limit {INTERVAL}", "lower_ci"),
        _measured(f"Upper 95% limit {INTERVAL}", "upper_ci"),
        Shown("Numerator", plain("numerator"), figure=True, blank=NOT_AVAILABLE),
        Shown("Denominator", plain("denominator"), figure=True),
        Shown("Status", mapped("status", lambda one: formatting.STATUS_LABELS[one]), NARROW),  # type: ignore[index]
        *_ids(),
        Shown("Area code", plain("area_code")),
    )


def _comparisons() -> tuple[Shown, ...]:
    return (
        *_subject(),
        Shown("Period", partial(period, "period"), MIDDLE),
        *_groups(),
        Shown("Compared with", mapped("comparator", lambda one: formatting.COMPARATOR_LABELS[one]), MIDDLE),  # type: ignore[index]
        _measured(f"Value {ROUNDED}", "value", blank=NOT_AVAILABLE),
        _measured("Value compared with", "comparator_value"),
        _measured("Difference", "difference"),
        Shown("Unit", unit),
        *_worded("comparisons", "significance"),
        *_figures("comparisons", "comparator_count"),
        Shown(f"Rank {RANKED}", plain("rank"), figure=True),
        *_figures("comparisons", "out_of", "quartile"),
        *_ids(),
    )


def _trends() -> tuple[Shown, ...]:
    return (
        *_subject(),
        Shown("Area", area, MIDDLE),
        *_groups(),
        *_worded("trends", "direction", "judgement", width=MIDDLE),
        *_figures("trends", "points"),
        Shown("First period", partial(period, "first_period"), MIDDLE),
        Shown("Last period", partial(period, "last_period"), MIDDLE),
        *_figures("trends", "statistic", decimals=2),
        *_ids(),
    )


def _inequalities() -> tuple[Shown, ...]:
    return (
        *_subject(),
        Shown("Period", partial(period, "period"), MIDDLE),
        *_groups(),
        *_figures("inequalities", "denominator"),
        _measured("Value of the group, %", "value"),
        _measured("Value of the rest, %", "rest_value"),
        _measured("Difference, percentage points", "difference"),
        _measured(f"Lower 99.8% limit {INTERVAL}", "lower_ci"),
        _measured(f"Upper 99.8% limit {INTERVAL}", "upper_ci"),
        *_figures("inequalities", "ratio", "ratio_lower", "ratio_upper", decimals=2),
        *_figures("inequalities", "children"),
        *_worded("inequalities", "significance"),
        *_ids(),
    )


def _priorities() -> tuple[Shown, ...]:
    flags = ("worse", "worsening", "listed")
    return (
        *_subject(),
        Shown("Period", partial(period, "period"), MIDDLE),
        *_groups(),
        _measured(f"Value {ROUNDED}", "value"),
        _measured("England's value", "comparator_value"),
        _measured("Difference", "difference"),
        Shown("Unit", unit),
        Shown(f"Rank {RANKED}", plain("rank"), figure=True),
        *_figures("priorities", "out_of"),
        *(Shown(title_of("priorities", name), mapped(name, yes_or_no)) for name in flags),
        *_ids(),
    )


def _reconciliation() -> tuple[Shown, ...]:
    return (
        Shown("Rule", mapped("rule", lambda one: formatting.RECONCILIATION_RULE_LABELS[one]), WIDE),  # type: ignore[index]
        Shown("Why", mapped("exception_class", lambda one: formatting.EXCEPTION_CLASS_LABELS[one]), MIDDLE),  # type: ignore[index]
        *_text("reconciliation", "area_name", "period"),
        *_groups(),
        *_text("reconciliation", "group"),
        *_figures("reconciliation", "published", "expected", "difference"),
        *_text("reconciliation", "evidence", width=PAGE),
        *_text("reconciliation", "dataset_id", "column"),
        *_text("reconciliation", "source_file", width=WIDE),
        *_figures("reconciliation", "source_line"),
    )


def _scorecard() -> tuple[Shown, ...]:
    return (
        Shown("Strategy", strategy, MIDDLE),
        *_figures("scorecard", "row"),
        *_text("scorecard", "measure", width=WIDE),
        *_worded("scorecard", "verdict"),
        Shown("In words", plain("sentence"), PAGE),
        *_text("scorecard", "figure", width=WIDE),
        *_text("scorecard", "period"),
        *_figures("scorecard", "value", blank=NOT_AVAILABLE),
        Shown("Unit", mapped("unit", formatting.unit_label)),
        *_figures("scorecard", "england_value", "region_value", "neighbours_mean_value", blank=NOT_AVAILABLE),
        *_text("scorecard", "owner"),
        *_text("scorecard", "holder", width=WIDE),
        *_worded("scorecard", "evidence"),
        Shown("Asked for by", plain("references"), MIDDLE),
        *_text("scorecard", "indicator_ids", width=WIDE),
    )


def _scorecard_exceptions() -> tuple[Shown, ...]:
    return (
        Shown("Strategy", strategy, MIDDLE),
        *_figures("scorecard_exceptions", "row"),
        *_text("scorecard_exceptions", "measure", width=WIDE),
        *_worded("scorecard_exceptions", "verdict", "state"),
        *_worded("scorecard_exceptions", "stage", width=MIDDLE),
        Shown("In words", plain("sentence"), PAGE),
        *_text("scorecard_exceptions", "explanation", "action", width=WIDE, blank=NOT_AVAILABLE),
        Shown("Action due", mapped("due", day), blank=NOT_AVAILABLE),
        *_text("scorecard_exceptions", "decision", width=WIDE, blank=NOT_AVAILABLE),
        Shown("Decided on", mapped("decided_on", day), blank=NOT_AVAILABLE),
        *_text("scorecard_exceptions", "owner", "opened"),
        *_figures("scorecard_exceptions", "editions_open"),
    )


def _survey_results() -> tuple[Shown, ...]:
    return (
        Shown("Survey", mapped("survey", words), MIDDLE),
        *_text("survey_results", "wave", width=NARROW),
        *_worded("survey_results", "population"),
        *_text("survey_results", "question", width=WIDE),
        *_worded("survey_results", "topic", "measure"),
        *_text("survey_results", "answer"),
        Shown("Breakdown", mapped("dimension", local_dimension), MIDDLE),
        *_text("survey_results", "category_name"),
        *_figures("survey_results", "value", "lower", "upper", decimals=1),
        *_text("survey_results", "unit", width=NARROW),
        *_figures("survey_results", "respondents", "effective_n", decimals=0),
        Shown("Weighted", mapped("weighted", yes_or_no)),
        *_text("survey_results", "previous_wave", width=NARROW),
        *_figures("survey_results", "change", "change_lower", "change_upper", decimals=1),
        *_worded("survey_results", "significance"),
        _own_status(),
        Shown("Illustrative", mapped("illustrative", yes_or_no)),
    )


def _commissioning_priorities() -> tuple[Shown, ...]:
    criteria = ("size", "severity", "inequality", "trend", "gap", "voice", "evidence")
    scored = [part for name in criteria for part in (name, f"{name}_score")]
    return (
        Shown("Chapter", mapped("topic", chapter_title), WIDE),
        *_figures("commissioning_priorities", "rank", "total", blank=NOT_AVAILABLE),
        *_figures("commissioning_priorities", "measures", "standards_failed"),
        *_figures("commissioning_priorities", *scored, blank=NOT_AVAILABLE),
        *_text("commissioning_priorities", "missing"),
        *_figures("commissioning_priorities", "best_rank", "worst_rank", "top_five_share", blank=NOT_AVAILABLE),
    )


def _local_counts() -> tuple[Shown, ...]:
    slots = [
        column
        for slot in (1, 2, 3)
        for column in (
            Shown(f"Breakdown {slot}", mapped(f"dimension_{slot}", local_dimension), MIDDLE),
            Shown(f"Group {slot}", partial(local_group, f"dimension_{slot}", f"category_{slot}"), MIDDLE),
        )
    ]
    return (
        Shown("Table", mapped("table_id", local_title), WIDE),
        Shown("Counted", mapped("table_id", local_units), MIDDLE),
        Shown("Period", partial(period, "period"), MIDDLE),
        *slots,
        *_figures("local_counts", "count"),
        _own_status(),
        *_text("local_counts", "table_id"),
    )


def _local_statistics() -> tuple[Shown, ...]:
    return (
        Shown("Table", mapped("table_id", local_title), WIDE),
        Shown("Period", partial(period, "period"), MIDDLE),
        Shown("Breakdown", mapped("dimension", local_dimension), MIDDLE),
        Shown("Group", partial(local_group, "dimension", "category"), MIDDLE),
        *_worded("local_statistics", "statistic", width=MIDDLE),
        *_figures("local_statistics", "value"),
        *_text("local_statistics", "unit", width=NARROW),
        *_figures("local_statistics", "lower", "upper"),
        _own_status(),
        *_text("local_statistics", "table_id"),
    )


def _local_agreement() -> tuple[Shown, ...]:
    return (
        Shown("Table", mapped("table_id", local_title), WIDE),
        *_text("local_agreement", "period", width=NARROW),
        Shown("Breakdown", mapped("dimension", local_dimension), MIDDLE),
        Shown("Group", partial(local_group, "dimension", "category"), MIDDLE),
        *_figures("local_agreement", "local_count", blank=CONFIDENTIAL),
        *_figures("local_agreement", "published_count", blank=NOT_AVAILABLE),
        *_worded("local_agreement", "agreement", width=MIDDLE),
    )


def _local_returns() -> tuple[Shown, ...]:
    matched = ("persons", "with_identifier", "with_plan", "on_roll", "neither")
    return (
        Shown("Return", plain("title"), WIDE),
        Shown("Day of the return", mapped("reference_date", day), MIDDLE, NOT_AVAILABLE),
        *_worded("local_returns", "population"),
        *_figures("local_returns", "rows_read", "rows_refused", "findings", *matched),
    )


def _local_suppression() -> tuple[Shown, ...]:
    return (
        Shown("Table", mapped("table_id", local_title), WIDE),
        *_figures("local_suppression", "cells", "suppressed"),
        *_text("local_suppression", "table_id", width=WIDE),
    )


def _local_unseen() -> tuple[Shown, ...]:
    return (
        Shown("Reason", mapped("reason", words), WIDE),
        *_figures("local_unseen", "plans"),
        Shown("In words, after the number", plain("sentence"), PAGE),
    )


def _indicators() -> tuple[Shown, ...]:
    return (
        Shown("Indicator", plain("indicator"), WIDE),
        *(Shown(name.capitalize(), plain(name), MIDDLE) for name in ("chapter",)),
        *(Shown(name.capitalize(), plain(name), WIDE) for name in ("question", "description", "population")),
        *(Shown(name.capitalize(), plain(name), WIDE) for name in ("numerator", "denominator")),
        Shown("Method", mapped("method", lambda one: formatting.METHOD_LABELS[one])),  # type: ignore[index]
        Shown("Which way is better", mapped("polarity", lambda one: formatting.POLARITY_LABELS[one]), MIDDLE),  # type: ignore[index]
        Shown("Unit", mapped("unit", formatting.unit_label)),
        *(Shown(name.capitalize(), plain(name), WIDE) for name in ("source", "caveats")),
        Shown("Reviewed", mapped("reviewed", day)),
        Shown("Indicator id", plain("indicator_id"), WIDE),
    )


def _sources() -> tuple[Shown, ...]:
    return (
        *(Shown(name.capitalize(), plain(name), WIDE) for name in ("title", "publisher", "publication")),
        Shown("Latest period", plain("latest_period"), blank=NOT_AVAILABLE),
        Shown("Released", mapped("released", day), MIDDLE, NOT_AVAILABLE),
        Shown("Licence", plain("licence"), MIDDLE),
        Shown("Page", plain("page"), PAGE),
        Shown("Source id", plain("source_id"), MIDDLE),
    )


def _projections() -> tuple[Shown, ...]:
    return (
        Shown("Area", area, MIDDLE),
        *_worded("projections", "measure", width=MIDDLE),
        Shown("January", plain("year"), figure=True),
        Shown("Breakdown", mapped("dimension", group), MIDDLE),
        Shown("Group", future_group, WIDE),
        *_figures("projections", "central", *BANDS, blank=NOT_AVAILABLE, decimals=0),
        *_figures("projections", "base", blank=NOT_AVAILABLE, decimals=0),
        *_figures("projections", "base_year"),
        *_worded("projections", "status"),
        Shown("Reason", plain("reason"), PAGE),
        Shown("Method", mapped("model", method_name), WIDE),
    )


def _backtest() -> tuple[Shown, ...]:
    return (
        Shown("Area", area, MIDDLE),
        Shown("Method", mapped("model", method_name), WIDE),
        *_figures("backtest", "origin", "horizon"),
        *_figures("backtest", "forecast", "actual", decimals=0),
        *_figures("backtest", "error", decimals=1),
        *_figures("backtest", *BANDS, decimals=0),
        Shown("Counts in the summary", mapped("scored", yes_or_no)),
        *_text("backtest", "note", width=PAGE),
    )


def _backtest_summary() -> tuple[Shown, ...]:
    errors = ("mape", "median_error", "bias", "coverage_50", "coverage_80", "coverage_95", "half_width_95")
    return (
        Shown("Method", mapped("model", method_name), WIDE),
        Shown("From January", mapped("origin", words), MIDDLE),
        *_figures("backtest_summary", "horizon", "areas"),
        *_figures("backtest_summary", *errors, decimals=1),
    )


def _scenarios() -> tuple[Shown, ...]:
    return (
        Shown("Scenario", plain("name"), WIDE),
        Shown("January", plain("year"), figure=True),
        Shown("Quantity", mapped("quantity", future_quantity), WIDE),
        *_figures("scenarios", "central", "lower_95", "upper_95", blank=NOT_AVAILABLE, decimals=0),
        *_figures("scenarios", "difference", "difference_lower", "difference_upper", blank=NOT_AVAILABLE, decimals=0),
        *_worded("scenarios", "status"),
        Shown("Reason", plain("reason"), PAGE),
        *_text("scenarios", "scenario"),
    )


def _expected_need() -> tuple[Shown, ...]:
    return (
        Shown("Condition", mapped("condition", condition_name), WIDE),
        Shown("Area", area, MIDDLE),
        *_figures("expected_need", "age_from", "age_to"),
        *_figures("expected_need", "residents", "expected", "lower_95", "upper_95", decimals=0),
        *_figures("expected_need", "identified", blank=NOT_AVAILABLE, decimals=0),
        *_text("expected_need", "identified_as", width=PAGE),
        *_figures(
            "expected_need", "ratio", "ratio_lower", "ratio_upper", "england_ratio", blank=NOT_AVAILABLE, decimals=1
        ),
        *_worded("expected_need", "place", width=MIDDLE),
        *_text("expected_need", "condition", width=WIDE),
    )


def _places_ahead() -> tuple[Shown, ...]:
    asked = ("demand", "demand_lower", "demand_upper", "gap", "gap_lower", "gap_upper")
    return (
        Shown("January", plain("year"), figure=True),
        Shown("Breakdown", mapped("dimension", group), MIDDLE),
        Shown("Group", future_group, WIDE),
        *_figures("places_ahead", "places", "filled", blank=NOT_AVAILABLE, decimals=0),
        *_figures("places_ahead", "occupancy", blank=NOT_AVAILABLE, decimals=1),
        *_figures("places_ahead", *asked, "chance_short", blank=NOT_AVAILABLE, decimals=0),
        *_worded("places_ahead", "basis", width=MIDDLE),
    )


def _money_ahead() -> tuple[Shown, ...]:
    return (
        Shown("Scenario", mapped("scenario", scenario_name), WIDE),
        Shown("Year", plain("year"), figure=True),
        Shown("Quantity", mapped("quantity", future_quantity), WIDE),
        *_figures("money_ahead", "central", "lower_95", "upper_95", blank=NOT_AVAILABLE, decimals=0),
        *_figures("money_ahead", "unit_low", "unit_central", "unit_high", decimals=0),
        *_worded("money_ahead", "basis", "status"),
        Shown("Reason", plain("reason"), PAGE),
        *_text("money_ahead", "scenario"),
    )


PLANS: Mapping[str, Callable[[], Sequence[Shown]]] = {
    "indicators": _indicators,
    "sources": _sources,
    "observations": _observations,
    "comparisons": _comparisons,
    "trends": _trends,
    "inequalities": _inequalities,
    "priorities": _priorities,
    "reconciliation": _reconciliation,
    "projections": _projections,
    "backtest": _backtest,
    "backtest_summary": _backtest_summary,
    "scenarios": _scenarios,
    "expected_need": _expected_need,
    "places_ahead": _places_ahead,
    "money_ahead": _money_ahead,
    "scorecard": _scorecard,
    "scorecard_exceptions": _scorecard_exceptions,
    "survey_results": _survey_results,
    "commissioning_priorities": _commissioning_priorities,
    "local_counts": _local_counts,
    "local_statistics": _local_statistics,
    "local_agreement": _local_agreement,
    "local_returns": _local_returns,
    "local_suppression": _local_suppression,
    "local_unseen": _local_unseen,
}
