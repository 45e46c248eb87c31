"""One return without a fault, and what happens to it when some of its cells are changed.

Here: what the tests of rules share. A test names a rule and the cells that break it; the return as it
stands is the example that keeps every rule.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl

from jsna_pipeline.catalogue.returns import Return, returns
from jsna_pipeline.returns.checking import Checked, examine
from jsna_pipeline.returns.raw import RawReturn
from jsna_pipeline.returns.typed import typed

FILE = "return.csv"
FIRST_ROW = 2
Rows = dict[str, list[dict[str, str]]]
# A change: a table, the ordinal of its row (one past the last adds a copy of the last), and new cells.
Change = tuple[str, int, dict[str, str | None]]
UPN, OTHER_UPN, TEMPORARY_UPN = "U359200012001", "H359200012002", "E35920001200A"


def frame(record: Return, table: str, rows: list[dict[str, Any]]) -> pl.LazyFrame:
    """Rows as a reader hands them on: text or null in every catalogued column, `file` and `row`."""
    columns = record.tables[table].columns
    assert not {name for row in rows for name in row} - set(columns), "a cell of no column"
    cells: dict[str, list[Any]] = {name: [row.get(name) for row in rows] for name in columns}
    places = {"file": [FILE] * len(rows), "row": list(range(FIRST_ROW, FIRST_ROW + len(rows)))}
    return pl.LazyFrame(
        cells | places, schema=dict.fromkeys(columns, pl.String) | {"file": pl.String, "row": pl.UInt32}
    )


def changed(rows: Rows, *changes: Change) -> Rows:
    """`rows` with the cells of `changes` in place; the given rows are not touched."""
    made: dict[str, list[dict[str, Any]]] = {name: [dict(row) for row in given] for name, given in rows.items()}
    for table, ordinal, cells in changes:
        if ordinal == len(made[table]):
            made[table].append(dict(made[table][-1]))
        made[table][ordinal] |= cells
    return made


def checked(return_id: str, rows: Rows, year: int, reference_date: date) -> Checked:
    """The return of `rows` after its rules, without limit and gate."""
    record = returns()[return_id]
    raw = RawReturn({name: frame(record, name, given) for name, given in rows.items()}, {}, ())
    return examine(typed(raw, record, year), record, year, reference_date)


def places(found: Checked, rule_id: str) -> list[tuple[str, int | None]]:
    """Table and ordinal of each row in which `rule_id` found a fault; None for a fault of the file."""
    own = found.findings.filter(pl.col("rule_id") == rule_id)
    return [(table, None if row is None else row - FIRST_ROW) for table, row in own.select("table", "row").iter_rows()]
