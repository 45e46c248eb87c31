"""What a rule of a return is, and the frames on which a rule that looks beyond its own row is evaluated.

Here: the record of a rule and the views that rules share: a row with its parent's columns, the parents
counted by their children, a fact of a whole file. Not here: the rules themselves (one module a return),
or running them (`checking.py`).

A rule never quotes a value: its message says what is wrong, its remedy what the officer does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import polars as pl

from jsna_pipeline.catalogue.returns import Return

Tables = Mapping[str, pl.LazyFrame]
View = Callable[[Tables], pl.LazyFrame]


class Severity(StrEnum):
    """What a failed rule does to its row."""

    ERROR = "error"  # the row is refused and counted: a figure made with it would be wrong
    WARNING = "warning"  # the row is kept and listed


@dataclass(frozen=True, eq=False)
class Rule:
    """One rule on the rows of one table.

    `fails` is true where a row breaks the rule; null passes, so that a blank cell is left to the rule on
    blanks. It is evaluated on the typed table or, where `view` is given, on that frame, which has `file`
    and `row` of the table (`row` null for a fault of the file). `needs` names the other tables that the
    view reads; without them the rule is not run. `suspect` is a cheaper aggregate that is 0 or false where
    no row can fail. `blanks`: the named columns cannot be believed and are left blank in the kept row.
    """

    id: str
    return_id: str
    table: str
    columns: tuple[str, ...]
    severity: Severity
    message: str
    remedy: str
    fails: pl.Expr
    view: View | None = None
    needs: tuple[str, ...] = ()
    suspect: pl.Expr | None = None
    blanks: bool = False


def ancestors(record: Return, table: str) -> list[str]:
    """The tables that `table` belongs to, nearest first."""
    found: list[str] = []
    while parent := record.tables[table].parent:
        found.append(parent)
        table = parent
    return found


def with_ancestor(record: Return, table: str, ancestor: str, columns: Iterable[str]) -> View:
    """Rows of `table` with `columns` of the ancestor's row, each named `<ancestor>.<column>`."""
    wanted = list(columns)
    line = ancestors(record, table)
    path = line[: line.index(ancestor) + 1]

    def view(tables: Tables) -> pl.LazyFrame:
        frame = tables[table]
        for name in path:
            key = f"{name}_key"
            carried = [pl.col(column).alias(f"{name}.{column}") for column in wanted] if name == ancestor else []
            onward = [f"{record.tables[name].parent}_key"] if name != ancestor else []
            # A repeated key is a fault of its own; without `unique` it would multiply the rows here.
            parents = tables[name].select(key, *onward, *carried).unique(key, keep="any")
            frame = frame.join(parents, on=key, how="left")
        return frame

    return view


def with_children(table: str, child: str, *measures: pl.Expr) -> View:
    """Rows of `table` with `measures` over their rows in `child`; null where there are none."""

    def view(tables: Tables) -> pl.LazyFrame:
        counted = tables[child].group_by(f"{table}_key").agg(*measures)
        return tables[table].join(counted, on=f"{table}_key", how="left")

    return view


def by_file(table: str, *measures: pl.Expr) -> View:
    """One row a file with `measures` over its rows of `table`; `row` is null."""

    def view(tables: Tables) -> pl.LazyFrame:
        return tables[table].group_by("file").agg(*measures).with_columns(row=pl.lit(None, pl.UInt32))

    return view


def repeated(*columns: str) -> pl.Expr:
    """Whether the values of `columns`, none of them blank, stand in more than one row."""
    together = pl.struct(*columns) if len(columns) > 1 else pl.col(columns[0])
    return together.is_duplicated() & pl.all_horizontal(pl.col(*columns).is_not_null())


def later_repeat(*columns: str) -> pl.Expr:
    """Whether an earlier row has the same values in `columns`, none of them blank."""
    together = pl.struct(*columns) if len(columns) > 1 else pl.col(columns[0])
    return ~together.is_first_distinct() & pl.all_horizontal(pl.col(*columns).is_not_null())


def has_repeats(column: str) -> pl.Expr:
    """Whether `column` may hold a value twice, by 64-bit hashes: eight bytes a row instead of the texts.

    Two values with one hash only cost an exact look.
    """
    hashes = pl.col(column).drop_nulls().hash()
    return hashes.map_batches(_equal_neighbours, return_dtype=pl.Boolean, returns_scalar=True)


def _equal_neighbours(numbers: pl.Series) -> pl.Series:
    """Whether any of `numbers` is there twice; sorting them takes a quarter of the time of a set of them."""
    ordered = np.sort(numbers.to_numpy())
    return pl.Series([bool((ordered[1:] == ordered[:-1]).any())])
