"""The project's own CSV templates, filled in by an authority's service, a school or a health provider.

Here: nothing but that every file of such a return holds its one table. Not here: the empty template
(`returns/templates.py`) or the scan of a file (`csv_text.py`).

A header of the catalogue's column names in any order, a record a row. Several providers may each send a
file: their rows are read one after the other.
"""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from jsna_pipeline.catalogue.returns import Return
from jsna_pipeline.errors import InputError
from jsna_pipeline.returns.delivered import DeliveredFile
from jsna_pipeline.returns.formats.csv_text import open_csv
from jsna_pipeline.returns.raw import RawReturn, spelling


def read(files: Sequence[DeliveredFile], record: Return, year: int) -> RawReturn:
    """The rows of all files, lazily, as the return's one table; columns that it does not know are noted.

    Raises InputError, naming the command that writes the template, where a file lacks a required column.
    """
    (name, table), *_ = record.tables.items()
    if not files:
        raise InputError(f"{record.title}: no file; fill in the one that `jsna template {record.id}` writes.")
    frames, notes = [], []
    for file in files:
        opened = open_csv(file)
        given = {spelling(heading) for heading in opened.headings}
        for column, entry in table.columns.items():
            expected = {spelling(known) for known in (column, *entry.names)}
            if entry.required and entry.collected_in(year) and not expected & given:
                raise InputError(
                    f"{file.name}: no column {column!r} ({entry.title}); its first line has to be the one that "
                    f"`jsna template {record.id}` writes."
                )
        frame, remarks = opened.scan(table, year)
        frames.append(frame)
        notes += remarks
    return RawReturn({name: pl.concat(frames)}, {}, tuple(notes))
