"""What each table of the data folder is called and holds, in words: read by the workbook, the schema and the README.

Here: titles and one-line descriptions by the name of the file. Not here: columns (`columns.py`), or the tables.
"""

from __future__ import annotations

from collections.abc import Mapping

# By the name of the file: the title, and what a row is.
PUBLISHED: Mapping[str, tuple[str, str]] = {
    "observations": ("Figures", "Each row is one indicator for one area, period and group, as published or computed."),
    "comparisons": (
        "Comparisons",
        "Each row sets a figure of the area beside England, its region, its statistical neighbours or its own past.",
    ),
    "trends": (
        "Trends",
        "Each row is the direction of one series over its last five points, as far as it can be told.",
    ),
    "inequalities": (
        "Inequalities",
        "Each row sets one group of children beside all others of the same area, in the newest period.",
    ),
    "priorities": (
        "Measures worse and getting worse",
        "Each row is a current measure that could be tested both against England and over time.",
    ),
    "reconciliation": (
        "Published figures that break a rule",
        "Each row is a published figure of the area, its region or England that does not follow from the others.",
    ),
}
FUTURE: Mapping[str, tuple[str, str]] = {
    "projections": (
        "Plans and SEN support expected",
        "Each row is a number expected in one coming January, in all or of one group, with its ranges.",
    ),
    "backtest": (
        "What the method would have said",
        "Each row is what the method would have said of the area in a past year, beside the count.",
    ),
    "backtest_summary": (
        "Errors of each method",
        "Each row is the error of one method over all authorities, so many years ahead.",
    ),
    "scenarios": (
        "Scenarios",
        "Each row is what one assumption would give in one year, and the difference from things going on.",
    ),
    "expected_need": (
        "Children expected and identified",
        "Each row is one study's expected number of children in the area, beside those identified.",
    ),
}
FUTURE_OF_AREA: Mapping[str, tuple[str, str]] = {
    "places_ahead": (
        "Places asked for",
        "Each row sets what the forecast asks of one kind of place beside the places of today.",
    ),
    "money_ahead": (
        "Cost expected",
        "Each row is a yearly cost of placements under one scenario, or the balance carried forward.",
    ),
}
STEERING: Mapping[str, tuple[str, str]] = {
    "scorecard": (
        "Measures of the strategies",
        "Each row is one measure of a local strategy, with the verdict of its rule and the figure behind it.",
    ),
    "scorecard_exceptions": (
        "Measures that are not met",
        "Each row is a measure that is not met, or was not, with explanation, action and decision.",
    ),
    "survey_results": ("Answers to surveys", "Each row is one measure of a survey question, for everybody or a group."),
    "commissioning_priorities": (
        "Commissioning priorities",
        "Each row says how strongly one chapter calls for commissioning, by seven criteria.",
    ),
}
LOCAL: Mapping[str, tuple[str, str]] = {
    "local_counts": ("Own records: counts", "Each row is a count of one group from the area's own returns."),
    "local_statistics": (
        "Own records: waits, places and money",
        "Each row is a wait, a share still waiting, a number of places or a sum of money.",
    ),
    "local_agreement": (
        "Own records beside published counts",
        "Each row sets a count from the area's own returns beside the published one.",
    ),
    "local_returns": ("Returns that were read", "Each row is one return, with its numbers to the nearest ten."),
    "local_suppression": ("Hidden figures by table", "Each row says how many figures of one table are hidden."),
    "local_unseen": (
        "Plans that the school census does not see",
        "Each row is a reason why plans are on no school roll of the area, to the nearest ten.",
    ),
}
REFERENCE: Mapping[str, tuple[str, str]] = {
    "indicators": (
        "Indicators",
        "Each row defines one indicator: what is counted, of whom, how, and with which limits.",
    ),
    "areas": ("Areas", "Each row is an area whose figures are in these files, and what it is to this report."),
    "sources": ("Sources", "Each row is a published dataset that the indicators rest on, or may rest on."),
}
STAR: Mapping[str, tuple[str, str]] = {
    "fact_observation": ("Star: figures", "The figures of observations.csv, with keys."),
    "fact_comparison": ("Star: comparisons", "The comparisons of comparisons.csv, with keys."),
    "fact_trend": ("Star: trends", "The trends of trends.csv, with keys; the period is the last of the series."),
    "dim_indicator": ("Star: indicators", "A row an indicator."),
    "dim_area": ("Star: areas", "A row an area."),
    "dim_period": ("Star: periods", "A row a period of one kind, in the order of time."),
    "dim_category": ("Star: breakdowns", "A row a group of a breakdown."),
    "dim_source": ("Star: sources", "A row a published dataset."),
}
_ALL = {**PUBLISHED, **FUTURE, **FUTURE_OF_AREA, **STEERING, **LOCAL, **REFERENCE, **STAR}
TITLES: Mapping[str, str] = {name: title for name, (title, _) in _ALL.items()}
DESCRIPTIONS: Mapping[str, str] = {name: description for name, (_, description) in _ALL.items()}


def is_own(name: str) -> bool:
    """Whether the table rests on what the area itself returned or wrote, and is no published figure."""
    return name in LOCAL or name in STEERING or name in FUTURE_OF_AREA


def is_provisional(name: str) -> bool:
    """Whether the table is counted from returns that run ahead of publication."""
    return name in LOCAL
