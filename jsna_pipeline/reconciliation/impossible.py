"""Figures that cannot be: negative, above the whole they are part of, beyond 100 %, or part of a person.

Here: what validation refused, and what it cannot see because it takes two columns to see it. Not here:
refusing the cells (`quarantine.py`), or parts that merely do not add up (`totals.py`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd

from jsna_pipeline.reconciliation.classes import counted, documented_footnote, judge
from jsna_pipeline.reconciliation.derivations import in_periods
from jsna_pipeline.reconciliation.exceptions import (
    NONE,
    Found,
    HeldTable,
    IntArray,
    coverage_of_columns,
    exceptions,
    together,
)
from jsna_pipeline.schemas.base import SOURCE_COLUMNS, status_column
from jsna_pipeline.vocabulary import ExceptionClass, ReconciliationRule

RULE = ReconciliationRule.IMPOSSIBLE_VALUE

# A column whose figures are whole but for fewer than these counts people; the others are averages.
WHOLE_COLUMN = 0.99

Limit = tuple[str, pd.Series, pd.Series]  # column; by row that breaks it: the limit, the sentence


def find(held: HeldTable, counts: Sequence[str], rejects: pd.DataFrame) -> Found:
    """Exceptions and coverage of every value column of one core table.

    `rejects` are those of the same dataset. A cell that validation refused stands in the table as
    unavailable, and neither there nor in the rejects with its value: its exception names the cell by area,
    period and line, with `published` null. Class: a footnote of the release if one speaks of the figure,
    else a defect of the source.
    """
    table = held.table
    values = [name for name in table.columns if status_column(name) in table.columns]
    refused = _refused(table, rejects)
    limits = [*_above_their_whole(held), *_fractions(held, counts)]
    compared = table[values].count() + refused.groupby("column").size().reindex(values, fill_value=0)
    covered = (NONE, coverage_of_columns(held, RULE, compared, compared * 0))
    broken = [name for name in values if name in {*refused["column"], *(limit[0] for limit in limits)}]
    parts = []
    for column in broken:
        cells = refused.loc[refused["column"] == column].set_index("row")
        found, _ = together((part, NONE) for part in _exceptions(held, column, cells, limits))
        parts.append((found.drop_duplicates(SOURCE_COLUMNS), NONE))
    return together([*parts, covered])


def _exceptions(held: HeldTable, column: str, cells: pd.DataFrame, limits: list[Limit]) -> Iterator[pd.DataFrame]:
    """Exceptions in one column: the refused cells first, which no footnote excuses, then what is above a limit."""
    defects = cells[["said"]].rename(columns={"said": "evidence"})
    defects["exception_class"] = ExceptionClass.SOURCE_DEFECT.value
    if len(cells):
        nothing = pd.Series(np.nan, index=cells.index)
        yield exceptions(held, RULE, column, held.rows(cells.index, [column]), nothing, defects)
    for name, limit, said in limits:
        if name == column:
            rows = held.rows(limit.index, [column])
            footnotes = documented_footnote(held.arithmetic.footnotes, rows, [column])
            reasons = [(ExceptionClass.DOCUMENTED_FOOTNOTE, footnotes), (ExceptionClass.SOURCE_DEFECT, said)]
            yield exceptions(held, RULE, column, rows, limit, judge(reasons, said))


def _refused(table: pd.DataFrame, rejects: pd.DataFrame) -> pd.DataFrame:
    """row, column and sentence of each cell that validation blanked."""
    cells = rejects.loc[rejects["scope"] == "cell", ["file", "line", "column", "reason"]]
    if cells.empty:
        return pd.DataFrame({"row": [], "column": [], "said": []})
    lines = table[SOURCE_COLUMNS].loc[table["source_line"].isin(cells["line"])].reset_index(names="row")
    found = cells.merge(lines, left_on=["file", "line"], right_on=SOURCE_COLUMNS)
    said = "The printed figure is " + found["reason"].astype("str") + "; it was refused and is used nowhere."
    return found[["row", "column"]].assign(said=said).drop_duplicates(["row", "column"])


def _above_their_whole(held: HeldTable) -> Iterator[Limit]:
    """Parts above their whole: by the record's bounds, its sums of parts and its printed percentages."""
    arithmetic, periods = held.arithmetic, held.table["period"]
    everywhere = np.ones(len(periods), dtype=bool)
    pairs = [(_columns(bound.part), [bound.whole], everywhere) for bound in arithmetic.bounds]
    for record in arithmetic.parts:
        applies = in_periods(record, periods).to_numpy()
        pairs += [([part], [record.whole], applies) for part in record.parts]
    # A whole in a row of its own is no limit to what stands in the share's row.
    percentages = [share for share in arithmetic.shares if share.multiplier == 100 and not share.whole_in]
    pairs += [(share.numerator, share.denominator, everywhere) for share in percentages]
    for parts, whole, applies in pairs:
        if set(parts) - set(whole):
            broken = np.flatnonzero(applies & (held.sum_of(parts) > held.sum_of(whole)))
            if broken.size:
                yield _above(held, parts, whole, broken)


def _columns(named: str | list[str]) -> list[str]:
    return [named] if isinstance(named, str) else named


def _above(held: HeldTable, parts: list[str], whole: list[str], rows: IntArray) -> Limit:
    """`rows` in which the parts are above their whole by more than rounding makes them."""
    part, limit = held.sum_of(parts)[rows], held.sum_of(whole)[rows]
    beyond = part > limit + held.rounding[rows] * (len(parts) + len(whole))
    broken, first = rows[beyond], held.column(parts[0])[rows[beyond]]
    part, limit = pd.Series(part[beyond], broken), pd.Series(limit[beyond], broken)
    names = " and ".join(parts), " and ".join(whole)
    said = f"{names[0]}, " + counted(part) + f", cannot be more than {names[1]}, " + counted(limit) + "."
    return parts[0], limit - (part - first), said


def _fractions(held: HeldTable, counts: Sequence[str]) -> Iterator[Limit]:
    """Counts of people that are not whole numbers, in columns that otherwise are."""
    for column in counts:
        values = held.column(column)
        known, broken = ~np.isnan(values), np.flatnonzero(values > np.floor(values))
        if 0 < len(broken) < (1 - WHOLE_COLUMN) * known.sum():
            said = counted(pd.Series(values[broken], broken)) + " is no whole number."
            yield column, pd.Series(np.nan, index=broken), said
