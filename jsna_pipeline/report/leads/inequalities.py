"""The figures that lead the chapter on inequalities: the largest gaps inside the area, and its place in England.

Here: what they show and say, from the area's view. Not here: how a kind of figure is drawn (`report/charts/`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from jsna_pipeline.catalogue.indicators import indicators
from jsna_pipeline.findings import Facts
from jsna_pipeline.report import formatting
from jsna_pipeline.report.charts import (
    DumbbellFigure,
    DumbbellMark,
    DumbbellPanel,
    DumbbellRow,
    DumbbellSeries,
    Figure,
    FigureText,
)
from jsna_pipeline.report.inequality_chapter import current_groups, group_words, largest_first, when_words
from jsna_pipeline.report.leads.published import source_of
from jsna_pipeline.report.leads.spines import overview
from jsna_pipeline.report.view import AreaView
from jsna_pipeline.vocabulary import Significance

CHAPTER = "inequalities"
SHOWN = 6
UNSAID = ("not recorded", "not_recorded", "unclassified", "unknown", "not known")  # in a category: no group of children


def lead_figures(view: AreaView, known: Mapping[str, Facts]) -> tuple[Figure, ...]:
    """Gaps inside the area that chance does not explain, and beside them how the whole area stands in England."""
    figure = gaps_figure(view, known)
    if figure is None:
        return ()
    place = overview(view, known, f"{CHAPTER}-place")
    return (figure, place) if place is not None else (figure,)


def gaps_figure(view: AreaView, known: Mapping[str, Facts]) -> DumbbellFigure | None:
    """The groups that fare worse and, where those are few, others unlike the rest; of a measure only the largest."""
    found = current_groups(view)
    found = found.loc[[not any(word in category.lower() for word in UNSAID) for category in found["category"]]]
    unlike = largest_first(found.loc[found["significance"] != Significance.SIMILAR.value])
    unlike = unlike.assign(worse=unlike["significance"] == Significance.WORSE.value)
    unlike = unlike.sort_values("worse", ascending=False, kind="stable").drop_duplicates("indicator_id")
    shown = unlike.head(SHOWN).to_dict("records")
    if not shown:
        return None
    decimals = max(indicators()[row["indicator_id"]].decimals for row in shown)
    series = (DumbbellSeries("The group", "area"), DumbbellSeries("The rest", "rest"))
    text = FigureText(
        f"{CHAPTER}-gaps",
        _title(shown[0]),
        f"Groups beside everybody else of the same measure in {view.area.name}, %, the gaps that touch most children",
        "Marks on a line. " + " ".join(_spoken(row) for row in shown),
        source_of([known[name] for name in dict.fromkeys(str(row["indicator_id"]) for row in shown) if name in known])
        or "Published files of this edition",
    )
    panel = DumbbellPanel(tuple(_row(row) for row in shown), "percent", decimals)
    return DumbbellFigure(text, series, (panel,), interval="99.8%")


def _row(row: dict[str, Any]) -> DumbbellRow:
    """The group's mark carries the interval of the gap, laid from the rest's value, within 0 to 100%."""
    low, high = (min(max(row["rest_value"] + row[limit], 0.0), 100.0) for limit in ("lower_ci", "upper_ci"))
    marks = (DumbbellMark(row["value"], low, high), DumbbellMark(row["rest_value"]))
    return DumbbellRow(f"{_what(row)}, {when_words(row).removeprefix('calendar year ')}", marks)


def _what(row: dict[str, Any]) -> str:
    name = indicators()[row["indicator_id"]].name.removesuffix(", counted by group")
    return f"{name}: {group_words(row)}"


def _title(row: dict[str, Any]) -> str:
    return f"{_what(row)}, {_percent(row, 'value')} against {_percent(row, 'rest_value')} of the rest"


def _spoken(row: dict[str, Any]) -> str:
    gap = formatting.interval(row["lower_ci"], row["upper_ci"], 1)
    return (
        f"{_what(row)}: {_percent(row, 'value')}, the rest {_percent(row, 'rest_value')}, gap "
        f"{formatting.number(row['difference'], 1)} points (99.8% interval {gap})."
    )


def _percent(row: dict[str, Any], column: str) -> str:
    return formatting.measure(row[column], "percent", indicators()[row["indicator_id"]].decimals)
