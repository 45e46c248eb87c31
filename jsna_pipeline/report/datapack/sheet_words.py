"""How a column of the workbook speaks: which words a cell has for an id, a code, a period or a day.

Here: what is shown of a column, and the sayings that the sheets share. Not here: which columns a sheet shows
(`sheet_columns.py`), or the words themselves (`formatting.py`, `local_words.py`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date

import pandas as pd

from jsna_pipeline.catalogue.chapters import chapters
from jsna_pipeline.catalogue.local_tables import local_tables
from jsna_pipeline.catalogue.scenarios import scenarios
from jsna_pipeline.report import formatting, local_words
from jsna_pipeline.report.datapack.reference import Reference
from jsna_pipeline.report.datapack.shorthand import NOT_APPLICABLE
from jsna_pipeline.report.future import words as future_words
from jsna_pipeline.report.view import AreaView
from jsna_pipeline.vocabulary import TOTAL

NARROW, MIDDLE, WIDE, PAGE = 16, 22, 40, 80  # widths of columns, in characters
ACRONYMS = re.compile(r"\b(sen|send|ehc|neet|semh|nhs|icb)\b", re.IGNORECASE)
OWN_STATUS = {"ok": "Shown", "suppressed": "Hidden", "unavailable": "Not available"}


@dataclass(frozen=True)
class Names:
    """What ids are called: of indicators, areas and strategies, and which kind of period an indicator has."""

    indicators: Mapping[str, Mapping[str, str]]
    decimals: Mapping[str, int]
    areas: Mapping[str, str]
    strategies: Mapping[str, str]
    period_types: Mapping[str, str]
    order: Mapping[str, int] = field(default_factory=dict)

    def of_indicator(self, part: str, ids: pd.Series) -> pd.Series:
        return called(ids, {name: known[part] for name, known in self.indicators.items()})


Said = Callable[[Names, pd.DataFrame], pd.Series]


@dataclass(frozen=True)
class Shown:
    """A column to show: its heading, what it says of each row, and what stands where that is nothing."""

    heading: str
    of: Said
    width: int = NARROW
    blank: str = NOT_APPLICABLE
    figure: bool = False  # a number
    decimals: int | None = None  # that a figure is shown with; None is none for whole numbers, else one
    by_indicator: bool = False  # shown with as many as its indicator


def names_of(view: AreaView, known: Reference) -> Names:
    rows = known.indicators.to_dict("records")
    seen = view.observed.drop_duplicates("indicator_id") if len(view.observed) else None
    given = getattr(view.contributions, "strategies", {})
    return Names(
        indicators={row["indicator_id"]: row for row in rows},
        decimals={row["indicator_id"]: int(row["decimals"]) for row in rows},
        areas=dict(zip(known.areas["area_code"], known.areas["area_name"], strict=True)),
        strategies={name: record.title for name, record in given.items()},
        period_types={} if seen is None else dict(zip(seen["indicator_id"], seen["period_type"], strict=True)),
        order={code: place for place, code in enumerate(known.areas["area_code"])},
    )


def called(ids: pd.Series, names: Mapping[str, str]) -> pd.Series:
    """`ids` by their names; an id without one stays as it is."""
    return ids.map({one: names.get(one, one) for one in ids.unique()})


def plain(name: str) -> Said:
    return lambda _, table: table[name]


def mapped(name: str, say: Callable[[str], str]) -> Said:
    """A column whose few different values are each said once."""
    return lambda _, table: table[name].map({one: say(one) for one in table[name].dropna().unique()})


def indicator(part: str = "indicator") -> Said:
    return lambda names, table: names.of_indicator(part, table["indicator_id"])


def area(names: Names, table: pd.DataFrame) -> pd.Series:
    return called(table["area_code"], names.areas)


def period(name: str, names: Names, table: pd.DataFrame) -> pd.Series:
    kind = table["period_type"] if "period_type" in table else table["indicator_id"].map(names.period_types)
    pairs = pd.Series(list(zip(table[name], kind, strict=True)), index=table.index, dtype=object)
    said = {one: formatting.period_words(*one) if isinstance(one[1], str) else one[0] for one in pairs.unique()}
    return pairs.map({one: formatting.sentence(words_) for one, words_ in said.items()})


def words(text: str) -> str:
    """A word of a closed list as a cell prints it: "not_met" → "Not met"."""
    return capitals(formatting.sentence(text.replace("_", " ")))


def capitals(text: str) -> str:
    """Abbreviations as abbreviations: "Sen provision" → "SEN provision"."""
    return ACRONYMS.sub(lambda found: found[0].upper(), text)


def group(name: str) -> str:
    """A breakdown or a group of a published table as the report prints it; the whole is "All"."""
    return "All" if name == TOTAL else capitals(formatting.sentence(formatting.category_label(name)))


def yes_or_no(value: object) -> str:
    return "Yes" if value else "No"


def future_group(_: Names, table: pd.DataFrame) -> pd.Series:
    """A group of what is expected, as the chapter prints it."""
    pairs = pd.Series(list(zip(table["dimension"], table["category"], strict=True)), index=table.index, dtype=object)
    return pairs.map({one: future_words.heading(*one) for one in pairs.unique()})


def future_quantity(name: str) -> str:
    return capitals(formatting.sentence(future_words.quantity(name)))


def scenario_name(scenario: str) -> str:
    return scenarios()[scenario].name if scenario in scenarios() else words(scenario)


def day(text: str) -> str:
    try:
        return formatting.date_words(date.fromisoformat(text))
    except ValueError:
        return text


def local_group(dimension: str, category: str, _: Names, table: pd.DataFrame) -> pd.Series:
    pairs = pd.Series(list(zip(table[dimension], table[category], strict=True)), index=table.index, dtype=object)
    said = {
        one: "All" if one[1] == TOTAL else formatting.sentence(local_words.category_words(*one))
        for one in pairs.unique()
    }
    return pairs.map(said)


def local_dimension(dimension: str) -> str:
    return "All" if dimension == TOTAL else capitals(formatting.sentence(local_words.dimension_words(dimension)))


def chapter_title(chapter: str) -> str:
    return chapters()[chapter].title if chapter in chapters() else words(chapter)


def local_title(table_id: str) -> str:
    return local_tables()[table_id].title if table_id in local_tables() else words(table_id)


def local_units(table_id: str) -> str:
    return formatting.sentence(local_tables()[table_id].units) if table_id in local_tables() else ""


def unit(names: Names, table: pd.DataFrame) -> pd.Series:
    return names.of_indicator("unit", table["indicator_id"]).map(formatting.unit_label)


def strategy(names: Names, table: pd.DataFrame) -> pd.Series:
    return called(table["strategy_id"], names.strategies)
