"""The tables of the workbook as people read them: names before ids, words before codes, no cell without a word.

Here: which tables have a sheet, in which order their rows stand, and what fills each cell. Not here: which columns a
sheet shows (`sheet_columns.py`), or writing cells (`workbook.py`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import pandas as pd

from jsna_pipeline.report.datapack.contents import DESCRIPTIONS, TITLES, is_provisional
from jsna_pipeline.report.datapack.notes import NEIGHBOURS, PROVISIONAL
from jsna_pipeline.report.datapack.reference import Reference
from jsna_pipeline.report.datapack.sheet_columns import PLANS
from jsna_pipeline.report.datapack.sheet_words import MIDDLE, Names, Shown, names_of, plain
from jsna_pipeline.report.datapack.shorthand import OF_STATUS
from jsna_pipeline.report.view import AreaView
from jsna_pipeline.vocabulary import TOTAL

Cell = str | int | float
# The sheets in the order of the workbook, by the name of the file that holds the same.
SHEET_NAMES: Mapping[str, str] = {
    "indicators": "Indicators",
    "sources": "Sources",
    "observations": "Figures",
    "comparisons": "Comparisons",
    "trends": "Trends",
    "inequalities": "Inequalities",
    "priorities": "Worse and worsening",
    "reconciliation": "Broken rules",
    "projections": "Expected plans",
    "backtest": "Tried on the past",
    "backtest_summary": "Errors of methods",
    "scenarios": "Scenarios",
    "expected_need": "Expected need",
    "places_ahead": "Places asked for",
    "money_ahead": "Cost expected",
    "scorecard": "Scorecard",
    "scorecard_exceptions": "Exceptions",
    "survey_results": "Surveys",
    "commissioning_priorities": "Commissioning",
    "local_counts": "Own counts",
    "local_statistics": "Own waits and money",
    "local_agreement": "Own beside published",
    "local_returns": "Own returns",
    "local_suppression": "Own hidden figures",
    "local_unseen": "Plans on no roll",
}


BY_INDICATOR = ("observations", "comparisons", "trends", "inequalities", "priorities")


@dataclass(frozen=True)
class SheetColumn:
    """One column, every cell filled; `decimals` say for each row how many digits a number shows."""

    heading: str
    cells: tuple[Cell, ...]
    width: int
    decimals: tuple[int, ...] = ()  # () for text


@dataclass(frozen=True)
class Sheet:
    """One table of the workbook; its rows are those of its columns."""

    file: str
    name: str
    title: str
    description: str
    columns: tuple[SheetColumn, ...]

    @property
    def rows(self) -> int:
        return len(self.columns[0].cells)

    @property
    def table_name(self) -> str:
        return self.name.replace(" ", "_")


def sheets_of(view: AreaView, tables: Mapping[str, pd.DataFrame], known: Reference) -> tuple[Sheet, ...]:
    """A sheet for every table that has a row, in the order of `SHEET_NAMES`."""
    names = names_of(view, known)
    given = {**tables, "indicators": known.indicators, "sources": known.sources}
    # People read the workbook: the neighbours' own rows, four in five of all, stay with the CSV.
    seen = tables["observations"]
    given["observations"] = seen.loc[~seen["area_code"].isin(view.neighbour_codes)]
    given["comparisons"] = _with_own_value(tables["comparisons"], seen)
    given |= {name: _in_reading_order(given[name], names) for name in BY_INDICATOR}
    wanted = [name for name in SHEET_NAMES if name in given and not given[name].empty]
    return tuple(sheet_of(name, given[name], names) for name in wanted)


def sheet_of(name: str, table: pd.DataFrame, names: Names) -> Sheet:
    marked = (Shown("Marking", plain("marking"), MIDDLE),) if "marking" in table else ()
    shown = (*PLANS[name](), *marked)
    columns = tuple(_column(one, table, names) for one in shown)
    note = f" {PROVISIONAL}" if is_provisional(name) else f" {NEIGHBOURS}" if name == "observations" else ""
    return Sheet(name, SHEET_NAMES[name], TITLES[name] + note, DESCRIPTIONS[name], columns)


def _with_own_value(compared: pd.DataFrame, seen: pd.DataFrame) -> pd.DataFrame:
    """Comparisons with the figure of the area itself beside that of its comparator."""
    key = ["indicator_id", "area_code", "period", "dimension", "category"]
    own = seen[[*key, "value"]].drop_duplicates(key)
    return compared.merge(own, on=key, how="left", validate="m:1")


def _in_reading_order(table: pd.DataFrame, names: Names) -> pd.DataFrame:
    """By indicator as the report has them, the whole before its groups, the area first, the newest period first."""
    order = {name: place for place, name in enumerate(names.indicators)}
    keys = pd.DataFrame(
        {
            "indicator": table["indicator_id"].map(order),
            "part": table["dimension"] != TOTAL,
            "dimension": table["dimension"],
            "category": _in_number_order(table["category"]),
            "area": table["area_code"].map(names.order),
            "period": table["period" if "period" in table else "last_period"],
        }
    )
    ascending = [True, True, True, True, True, False]
    return table.loc[keys.sort_values(list(keys), ascending=ascending, kind="stable").index]


def _in_number_order(categories: pd.Series) -> pd.Series:
    """Keys that sort age 2 before age 10."""
    return categories.map({one: re.sub(r"\d+", lambda number: number[0].zfill(4), one) for one in categories.unique()})


def _column(shown: Shown, table: pd.DataFrame, names: Names) -> SheetColumn:
    said = shown.of(names, table)
    if not shown.figure:
        text = said.astype("str").where(said.notna(), "")
        return SheetColumn(shown.heading, tuple(text.where(text.str.strip() != "", shown.blank).tolist()), shown.width)
    figures = said.astype("float64")
    why: Iterable[str] = [shown.blank] * len(table)
    if "status" in table:
        # A figure that is there explains its missing interval; one that is not, its missing parts.
        why = table["status"].map(OF_STATUS).fillna(shown.blank).tolist()
    missing = figures.isna().tolist()
    values = figures.tolist()
    cells = tuple(mark if absent else value for value, absent, mark in zip(values, missing, why, strict=True))
    return SheetColumn(shown.heading, cells, shown.width, _decimals(shown, table, names, figures))


def _decimals(shown: Shown, table: pd.DataFrame, names: Names, figures: pd.Series) -> tuple[int, ...]:
    if shown.by_indicator:
        return tuple(table["indicator_id"].map(names.decimals).fillna(1).astype(int).tolist())
    if shown.decimals is not None:
        return (shown.decimals,) * len(figures)
    return tuple((figures.mod(1).fillna(0) != 0).astype(int).tolist())
