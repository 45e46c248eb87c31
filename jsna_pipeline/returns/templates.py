"""Empty templates of local returns, each with its data dictionary as CSV and as a web page.

Here: what a person who fills in or agrees a return needs to read, made from the return's one declaration
in the catalogue. Not here: the declaration (`catalogue/returns.py`), reading a filled template
(`returns/formats/`), or the markup (`report_templates/data_dictionary.html.j2`).
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from jsna_pipeline.catalogue.returns import ColumnKind, Return, ReturnColumn, ReturnTable
from jsna_pipeline.new_files import EMPTY_FILE, write_new
from jsna_pipeline.report.html import environment
from jsna_pipeline.safe_tables import csv_bytes

TEMPLATE = "data_dictionary.html.j2"

HELD = {
    ColumnKind.ROW_KEY: "number of the row, by which other tables refer to it",
    ColumnKind.PARENT_KEY: "number of the row that this one belongs to",
    ColumnKind.UPN: "unique pupil number: 13 characters, a letter first",
    ColumnKind.ULN: "unique learner number: 10 digits",
    ColumnKind.LOCAL_ID: "number by which your own system knows the child or young person",
    ColumnKind.NAME: "name of the child or young person",
    ColumnKind.BIRTH_DATE: "date, as 2025-01-31 or 31/01/2025",
    ColumnKind.POSTCODE: "full postcode",
    ColumnKind.DATE: "date, as 2025-01-31 or 31/01/2025",
    ColumnKind.CODE: "one of the codes listed",
    ColumnKind.FLAG: "yes or no",
    ColumnKind.COUNT: "whole number",
    ColumnKind.AMOUNT: "number",
    ColumnKind.ESTABLISHMENT: "number of the establishment: URN (6 digits) or UKPRN (8 digits)",
    ColumnKind.LABEL: "name of a place, service, setting or period, never of a person",
}
KEPT = {
    ColumnKind.ROW_KEY: "kept as a plain number",
    ColumnKind.PARENT_KEY: "kept as a plain number",
    ColumnKind.UPN: "kept only as a keyed pseudonym",
    ColumnKind.ULN: "kept only as a keyed pseudonym",
    ColumnKind.LOCAL_ID: "kept only as a keyed pseudonym",
    ColumnKind.NAME: "never kept",
    ColumnKind.BIRTH_DATE: "kept as month and year of birth",
    ColumnKind.POSTCODE: "kept as ward and locality",
}
POPULATIONS = {
    "plans": "Children and young people with a request, an assessment or an EHC plan",
    "pupils_on_roll": "Pupils on the roll of the area's schools",
    "residents": "Children and young people who live in the area",
    "registered_patients": "Children and young people registered with a general practice of the area",
    "services": "Services, places and spending",
}


@dataclass(frozen=True)
class DictionaryColumn:
    """One column as its data dictionary describes it; a text is empty where the catalogue says nothing."""

    name: str
    title: str
    holds: str
    required: bool
    codes: tuple[tuple[str, str], ...]  # code and label, in the order of the catalogue
    unit: str
    minimum: str
    maximum: str
    collected: str
    kept: str
    other_names: tuple[str, ...]


@dataclass(frozen=True)
class DictionaryTable:
    """One table of a return with its columns in the order of the template."""

    id: str
    title: str
    one_row_per: str
    columns: tuple[DictionaryColumn, ...]


def empty_template(record: Return, table: str | None = None, year: int | None = None) -> bytes:
    """The header line of `table` (of the return's first one unless told) as a CSV file without rows.

    UTF-8 with a byte order mark, without which spreadsheet programs misread accents, and CRLF. With a
    collection `year`, columns that are not collected in it are left out.
    """
    declared = record.tables[table] if table else next(iter(record.tables.values()))
    return _spreadsheet_csv(pd.DataFrame(columns=list(_collected(declared, year)), dtype="str"))


def data_dictionary(record: Return, year: int) -> tuple[DictionaryTable, ...]:
    """What each column of `record` holds in the collection of `year`, and what is kept of it."""
    return tuple(
        DictionaryTable(
            id=table_id,
            title=table.title,
            one_row_per=table.one_row_per,
            columns=tuple(_described(name, column, record, year) for name, column in _collected(table, year).items()),
        )
        for table_id, table in record.tables.items()
    )


def dictionary_csv(record: Return, year: int) -> bytes:
    """The data dictionary as CSV, one row a column; the return's own facts are repeated on each row."""
    rows = [
        {
            "table": table.id,
            "column": column.name,
            "title": column.title,
            "holds": column.holds,
            "required": "yes" if column.required else "no",
            "codes": "; ".join(f"{code}: {label}" for code, label in column.codes),
            "unit": column.unit,
            "minimum": column.minimum,
            "maximum": column.maximum,
            "collected": column.collected,
            "kept": column.kept,
            "other_names": "; ".join(column.other_names),
            "return": record.title,
            "controller": record.controller,
            "basis": record.basis,
            "purpose": record.purpose,
            "retention": _retention(record),
        }
        for table in data_dictionary(record, year)
        for column in table.columns
    ]
    return _spreadsheet_csv(pd.DataFrame(rows, dtype="str"))


def dictionary_html(record: Return, year: int) -> str:
    """The data dictionary as one page that needs no other file."""
    return (
        environment()
        .get_template(TEMPLATE)
        .render(
            record=record,
            year=year,
            tables=data_dictionary(record, year),
            population=POPULATIONS[record.population],
            retention=_retention(record),
            template_files=list(_template_files(record)),
        )
    )


def write_template(record: Return, folder: Path, year: int) -> list[Path]:
    """Writes the empty template of each table and the data dictionary into `folder`; returns the paths.

    `<id>.csv` (a return of several tables has `<id>_<file of the table>.csv` for each),
    `<id>-dictionary.csv` and `<id>-dictionary.html`. Raises InputError, before anything is written, if one
    of them exists: it may hold a filled template.
    """
    contents = {name: empty_template(record, table, year) for name, table in _template_files(record).items()}
    contents[f"{record.id}-dictionary.csv"] = dictionary_csv(record, year)
    contents[f"{record.id}-dictionary.html"] = dictionary_html(record, year).encode("utf-8")
    return write_new(contents, folder, *EMPTY_FILE)


def _template_files(record: Return) -> dict[str, str]:
    """The table of each template file, by the file's name."""
    if len(record.tables) == 1:
        return {f"{record.id}.csv": next(iter(record.tables))}
    return {f"{record.id}_{(table.file or name).lower()}.csv": name for name, table in record.tables.items()}


def _collected(table: ReturnTable, year: int | None) -> dict[str, ReturnColumn]:
    return {name: column for name, column in table.columns.items() if year is None or column.collected_in(year)}


def _described(name: str, column: ReturnColumn, record: Return, year: int) -> DictionaryColumn:
    return DictionaryColumn(
        name=name,
        title=column.title,
        holds=_holds(column),
        required=column.required,
        codes=tuple((code, entry.label) for code, entry in column.allowed(year).items()),
        unit=column.unit,
        minimum=_plain(column.minimum),
        maximum=_plain(column.maximum),
        collected=_years(column.since, column.until),
        kept=_kept(column, record),
        other_names=tuple(spelling for spelling in column.names if spelling.casefold() != name.casefold()),
    )


def _holds(column: ReturnColumn) -> str:
    """What a cell holds, in words: "whole number of places, 0 or more"."""
    words = HELD[column.kind]
    if column.kind is ColumnKind.AMOUNT and column.unit:
        words = f"number of {column.unit}"
    if column.minimum is not None and column.maximum is not None:
        return f"{words}, from {_plain(column.minimum)} to {_plain(column.maximum)}"
    if column.minimum is not None:
        return f"{words}, {_plain(column.minimum)} or more"
    return words if column.maximum is None else f"{words}, {_plain(column.maximum)} or less"


def _kept(column: ReturnColumn, record: Return) -> str:
    # An open lookup holds no persons: its postcodes are those of places, and it is looked up by them.
    if record.disclosure == "open":
        return "kept as given"
    return KEPT.get(column.kind, "kept as given")


def _years(since: int | None, until: int | None) -> str:
    return " ".join([f"since {since}"] * (since is not None) + [f"until {until}"] * (until is not None))


def _plain(bound: float | None) -> str:
    return "" if bound is None else f"{bound:g}"


def _retention(record: Return) -> str:
    return f"{record.retention_years} {'year' if record.retention_years == 1 else 'years'}"


def _spreadsheet_csv(table: pd.DataFrame) -> bytes:
    return codecs.BOM_UTF8 + re.sub(rb"\r?\n", b"\r\n", csv_bytes(table))
