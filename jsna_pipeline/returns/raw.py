"""A return as its files have it: one lazy table of text per catalogued table.

Here: the shape every format's reader hands on, and the matching of a file's column names to the catalogue.
Not here: opening files (`delivered.py`), the formats (`formats/`), or turning text into types (`typed.py`).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from jsna_pipeline.catalogue.returns import ColumnKind, ReturnTable
from jsna_pipeline.errors import InputError
from jsna_pipeline.returns.delivered import safe_name

FILE = "file"
ROW = "row"
# Kinds of which `typed` reads every cell, blanks and spaces included; to strip them here too is a sixth of the
# time of reading millions of rows.
UNSTRIPPED = frozenset(
    {
        ColumnKind.BIRTH_DATE,
        ColumnKind.DATE,
        ColumnKind.FLAG,
        ColumnKind.COUNT,
        ColumnKind.AMOUNT,
        ColumnKind.CODE,
    }
)


@dataclass(frozen=True)
class RawReturn:
    """What was read of one return.

    `tables` has, by the catalogue's table name, every catalogued column as text (blank is null), `file`
    (display name) and `row` (UInt32: line of a CSV with the header as line 1, row of a sheet, or ordinal of
    the XML element). `header` is what the message says of itself (Collection, Year, ReferenceDate, LEA, …).
    `notes` are sentences for the validation report; they name files, columns, elements and rows, no values.
    """

    tables: dict[str, pl.LazyFrame]
    header: dict[str, str]
    notes: tuple[str, ...]


@dataclass(frozen=True)
class MatchedColumns:
    """`names` maps a file's column to the catalogue's; `unknown` are the others, safe to print."""

    names: dict[str, str]
    unknown: tuple[str, ...]


def spelling(name: str) -> str:
    """A column or element name without what people type differently: case, spaces, kinds of dash."""
    plain = re.sub(r"[\u2010-\u2015\u2212]", "-", unicodedata.normalize("NFKC", name))
    return re.sub(r"\s+", " ", plain.replace("\ufeff", "")).strip().casefold()


def spellings(table: ReturnTable) -> dict[str, str]:
    """Catalogue column by every spelling it may have in a file, its own name included."""
    return {
        spelling(name): column for column, entry in table.columns.items() for name in (column, *reversed(entry.names))
    }


def match_columns(found: Sequence[str], table: ReturnTable, year: int, place: str) -> MatchedColumns:
    """Which column of the catalogue each column of a file is; `place` names the file (and sheet) in errors.

    Where a file has two spellings of one column (Sex and Gender), the first of the catalogue's is taken.
    Raises InputError for the same heading twice, and for a missing required column or key. The message
    never repeats the file's own headings: a file without a header row has a child's details there.
    """
    by_spelling: dict[str, str] = {}
    for name in found:
        if spelling(name) in by_spelling:
            raise InputError(f"{place}: the heading {safe_name(name)!r} stands twice; remove one of the two columns.")
        by_spelling[spelling(name)] = name
    names: dict[str, str] = {}
    for column, entry in table.columns.items():
        given = next(
            (by_spelling[spelling(name)] for name in (*entry.names, column) if spelling(name) in by_spelling), ""
        )
        if given:
            names[given] = column
        elif entry.collected_in(year) and (entry.required or entry.kind in {ColumnKind.ROW_KEY, ColumnKind.PARENT_KEY}):
            wanted = entry.names[0] if entry.names else column
            raise InputError(
                f"{place}: no column {wanted!r} ({entry.title}); check that the first row holds the column names "
                f"and export the column."
            )
    return MatchedColumns(names, tuple(safe_name(name) for name in found if name and name not in names))


def in_shape(frame: pl.LazyFrame, table: ReturnTable) -> pl.LazyFrame:
    """`frame` with exactly the columns of a raw table, in the catalogue's order: blanks and absent columns are null.

    `frame` has catalogue names, `file` and `row`. Cells of the kinds `UNSTRIPPED` stay as they are.
    """
    present = set(frame.collect_schema().names())
    stripped = [column for column, entry in table.columns.items() if entry.kind not in UNSTRIPPED]
    cells = [
        pl.col(column).cast(pl.String) if column in present else pl.lit(None, pl.String).alias(column)
        for column in table.columns
    ]
    placed = frame.select(*cells, pl.col(FILE).cast(pl.String), pl.col(ROW).cast(pl.UInt32))
    # In two steps, or each cell is stripped twice; and `replace` would take five times as long.
    bare = placed.with_columns(pl.col(stripped).str.strip_chars())
    return bare.with_columns(pl.when(pl.col(column) != "").then(column).alias(column) for column in stripped)
