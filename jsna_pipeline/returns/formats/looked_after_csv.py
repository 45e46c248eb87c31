"""The CSV files of the return on children looked after (SSDA903): header, episodes, and health (OC2).

Here: which file holds which table, and the identifiers that the files share. Not here: the scan of a file
(`csv_text.py`) or what the columns mean (`catalogue/returns/looked_after.yml`).

    header    CHILD,SEX,DOB,ETHNIC,UPN,MOTHER,MC_DOB
    episodes  CHILD,DECOM,RNE,LS,CIN,PLACE,PLACE_PROVIDER,DEC,REC,REASON_PLACE_CHANGE,HOME_POST,PL_POST,URN
    OC2       CHILD,DOB,SDQ_SCORE,SDQ_REASON,CONVICTED,HEALTH_CHECK,IMMUNISATIONS,TEETH_CHECK,…

Systems name the files as they like, so a file is known by its columns. The other files of the return
(reviews, adoption, care leavers, missing, social workers) are not read.
"""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from jsna_pipeline.catalogue.returns import Return, ReturnTable
from jsna_pipeline.errors import InputError
from jsna_pipeline.returns.delivered import DeliveredFile
from jsna_pipeline.returns.formats import unknown_numbers
from jsna_pipeline.returns.formats.csv_text import CsvTable, open_csv
from jsna_pipeline.returns.raw import RawReturn, spelling


def read(files: Sequence[DeliveredFile], record: Return, year: int) -> RawReturn:
    """Children, episodes and, if delivered, outcomes, lazily. A year's files alone may lie in the folder.

    Raises InputError where the header or the episodes are missing, or two files hold the same table.
    """
    found: dict[str, CsvTable] = {}
    notes: list[str] = []
    for file in files:
        opened = open_csv(file)
        name = next((name for name, table in record.tables.items() if _holds(opened, table)), "")
        if not name:
            notes.append(f"{file.name}: not read; its columns are those of no table of the return.")
        elif name in found:
            raise InputError(
                f"{found[name].file.name} and {file.name} both hold {record.tables[name].title.lower()}; keep the one "
                "of the year."
            )
        else:
            found[name] = opened
    tables: dict[str, pl.LazyFrame] = {}
    for name, table in record.tables.items():
        if name in found:
            tables[name], remarks = found[name].scan(table, year)
            notes += remarks
        elif not table.optional:
            columns = ", ".join(entry.names[0] for entry in table.columns.values() if entry.names)
            raise InputError(
                f"{record.title}: no file of {table.title.lower()} (columns {columns}); put it beside the others."
            )
    # The child's number in the authority's own system is both the key of the files and an identifier.
    children = tables["child"].with_columns(local_id=pl.col("child_key"))
    return RawReturn(tables | {"child": unknown_numbers.apart(children)}, {}, tuple(notes))


def _holds(opened: CsvTable, table: ReturnTable) -> bool:
    """Whether the file has all columns of the table; the layouts are the department's and are exported whole."""
    headings = {spelling(heading) for heading in opened.headings}
    return all(headings & {spelling(name) for name in entry.names} for entry in table.columns.values() if entry.names)
