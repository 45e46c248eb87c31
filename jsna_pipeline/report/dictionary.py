"""The indicator dictionary: definitions in words, generated from the records.

Here: a record as a dictionary entry. Not here: values, or the field's terms (`report/glossary.py`).
"""

from __future__ import annotations

from jsna_pipeline.catalogue.datasets import Dataset, datasets
from jsna_pipeline.catalogue.indicators import Filters, Indicator, Side
from jsna_pipeline.core_tables import model_of
from jsna_pipeline.report import formatting
from jsna_pipeline.report.model import DictionaryEntry


def dictionary_entry(record: Indicator, source: Dataset) -> DictionaryEntry:
    """How the report's dictionary prints `record`."""
    return DictionaryEntry(
        indicator_id=record.id,
        name=record.name,
        question=record.question,
        description=record.description,
        rationale=record.rationale,
        population=record.population,
        numerator=side_in_words(record.numerator),
        denominator=side_in_words(record.denominator) if record.denominator else "none",
        method=formatting.METHOD_LABELS[record.method],
        polarity=formatting.POLARITY_LABELS[record.polarity],
        unit=formatting.unit_label(record.unit),
        source=source.source_line,
        caveats=tuple(record.caveats),
        strategy_tags=tuple(record.strategies),
        reviewed=formatting.date_words(record.reviewed),
        rows=rows_in_words(record),
        datasets=tuple(dict.fromkeys((record.source, *(side.table for side in sides_of(record))))),
        owner=record.owner,
    )


def sides_of(record: Indicator) -> tuple[Side, ...]:
    return (record.numerator, record.denominator) if record.denominator else (record.numerator,)


def rows_in_words(record: Indicator) -> str:
    """Which columns are counted, in which rows, by the names that they have in the core tables."""
    columns, rows = zip(*(_place(side, record.filters) for side in sides_of(record)), strict=True)
    if len(set(rows)) == 1:  # said once where numerator and denominator are of the same rows
        columns, rows = (" out of ".join(dict.fromkeys(columns)),), rows[:1]
    sides = zip(columns, rows, strict=True)
    return "; out of ".join(f"{name} where {where}" if where else name for name, where in sides)


def _place(side: Side, filters: Filters) -> tuple[str, str]:
    """The columns of one side, and what is asked of its rows."""
    wanted = {name: _values(given) for name, given in {**filters, **side.filters}.items()}
    for category in side.categories.values():
        for name, given in category.filters.items():
            wanted[name] = tuple(dict.fromkeys((*wanted.get(name, ()), *_values(given))))
    apart = dict.fromkeys(name for category in side.categories.values() for name in category.columns)
    where = " and ".join(f"{name} is {_one_of(values)}" for name, values in wanted.items())
    return " + ".join(side.columns) or ", ".join(apart), where


def _one_of(values: tuple[str, ...]) -> str:
    """Values as alternatives; whole numbers that follow each other as a range."""
    numbers = [int(value) for value in values if value.isdecimal()]
    if len(values) > 3 and numbers == list(range(numbers[0] if numbers else 0, len(values))):
        return f"{values[0]} to {values[-1]}"
    return " or ".join(values)


def _values(given: str | list[str]) -> tuple[str, ...]:
    return (given,) if isinstance(given, str) else tuple(given)


def side_in_words(side: Side) -> str:
    """A numerator or denominator as the descriptions of the columns it adds."""
    columns = model_of(datasets()[side.table]).to_schema().columns
    if side.categories:
        return f"by {(side.dimension or '').replace('_', ' ')}: " + "; ".join(
            name.replace("_", " ") for name in side.categories
        )
    return " plus ".join(str(columns[name].description) for name in side.columns)
