"""Trying a return before it is built: which return a file belongs to, and what its rules say of it.

Here: `jsna validate`, for one file, an export of several, or a folder. Not here: taking records in
(`intake.py`): nothing is kept, and a return that could not be used still gets its whole report.

A single table of an export is held against the rules that need no other table.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import polars as pl

from jsna_pipeline.catalogue.returns import ColumnKind, Return, ReturnTable, returns
from jsna_pipeline.errors import InputError, without_values
from jsna_pipeline.returns import formats
from jsna_pipeline.returns.checking import examine
from jsna_pipeline.returns.delivered import DeliveredFile, delivered_files
from jsna_pipeline.returns.formats.csv_text import CsvTable, open_csv
from jsna_pipeline.returns.raw import RawReturn, spelling, spellings
from jsna_pipeline.returns.typed import typed
from jsna_pipeline.returns.validation_report import ValidationReport, validation_report

# Fewer of a table's columns than this in a header, and the file is taken for something else.
RECOGNISED = 0.5
COLLECTIONS = {"SEN2": "sen2", "CIN": "children_in_need", "SC": "school_census"}
SCHEMA = re.compile(rb"<(?:\w+:)?schema\b")
COLLECTION = re.compile(rb"<(?:\w+:)?Collection>\s*(\w+)")
YEAR = re.compile(r"(?<![0-9])20[0-9]{2}(?![0-9])")


def trial(place: Path, return_id: str | None = None, year: int | None = None) -> ValidationReport:
    """The report on the file or folder at `place`; which return it is, is told by its content where not given.

    The collection year is `year`, else the one that the return says or its name holds, else this year. Raises
    InputError for a file that cannot be read or belongs to no return; never with a value of it.
    """
    files = delivered_files(place)
    try:
        return _examined(files, place, return_id, year)
    except (Exception, pl.exceptions.PanicException) as error:  # a panic of polars is no Exception
        refusal = without_values(error, place.name)
    finally:
        for file in files:
            file.discard()
    raise refusal


def _examined(files: Sequence[DeliveredFile], place: Path, return_id: str | None, year: int | None) -> ValidationReport:
    if not files:
        raise InputError(f"{place}: there is no file in it; put the files of one return there.")
    named = YEAR.search(place.name)
    assumed = year or (int(named[0]) if named else date.today().year)
    record, table = _record_of(files, return_id, assumed)
    raw = _one_table(files[0], record, table, assumed) if table else _whole(files, record, assumed)
    told = raw.header.get("Year", "")
    collected = year or (int(told) if told.isdecimal() and len(told) == 4 else assumed)
    last_day = record.reference_date(collected) or date(collected, 12, 31)
    checked = examine(typed(raw, record, collected), record, collected, last_day)
    return validation_report(checked, record, collected, last_day, raw.notes, [file.name for file in files])


def _whole(files: Sequence[DeliveredFile], record: Return, year: int) -> RawReturn:
    return formats.reader(formats.recognise(files[0], record))(files, record, year)


def _one_table(file: DeliveredFile, record: Return, table: str, year: int) -> RawReturn:
    """One table of a return that has several: rules that need its parent or children are not run."""
    frame, notes = open_csv(file).scan(record.tables[table], year)
    alone = (
        f"Only the table of {record.tables[table].title.lower()} was given; rules that need the others were not run."
    )
    return RawReturn({table: frame}, {}, (alone, *notes))


# --- which return a file belongs to -------------------------------------------------------------------


def _record_of(files: Sequence[DeliveredFile], return_id: str | None, year: int) -> tuple[Return, str]:
    """The return of `files`, and the table where a single CSV file holds one of several; else no table."""
    if return_id is not None and return_id not in returns():
        nearest = difflib.get_close_matches(return_id, list(returns()), n=1, cutoff=0.0)[0]
        raise InputError(f"There is no return {return_id!r}; did you mean {nearest!r}?")
    known = [returns()[return_id]] if return_id else list(returns().values())
    kind = formats.kind_of(files[0])
    if kind == "XML":
        return _of_message(files[0], known), ""
    candidates = [record for record in known if kind in {formats.KINDS[name] for name in record.formats}]
    if not candidates:
        raise InputError(f"{files[0].name}: {kind}, in which no such return is read; export it again.")
    if kind == "workbook":
        return candidates[0], ""
    record, table = _of_headings(open_csv(files[0]), candidates, year)
    return record, table if len(files) == 1 and len(record.tables) > 1 else ""


def _of_message(file: DeliveredFile, known: Sequence[Return]) -> Return:
    begins = next(file.chunks(), b"")
    if SCHEMA.search(begins):
        raise InputError(f"{file.name}: a schema, which describes a return; give the file of the return itself.")
    if len(known) == 1:
        return known[0]
    found = COLLECTION.search(begins)
    name = COLLECTIONS.get(found[1].decode().upper(), "") if found else ""
    if not name:
        listed = ", ".join(COLLECTIONS)
        raise InputError(f"{file.name}: no message of a known collection ({listed}); name the return with --return.")
    return returns()[name]


def _of_headings(opened: CsvTable, known: Sequence[Return], year: int) -> tuple[Return, str]:
    """The table whose columns the headings have most of; one that lacks a needed column is a last resort.

    Raises InputError where too little is recognised, or naming the column that is missing.
    """
    headings = {spelling(name) for name in opened.headings}
    ranked = []
    for record in known:
        for name, table in record.tables.items():
            matched = {column for spelt, column in spellings(table).items() if spelt in headings}
            complete = not _needed(table, year) - matched
            ranked.append((complete, len(matched) / len(table.columns), len(matched), record, name))
    complete, share, _, record, name = max(ranked, key=lambda one: one[:3])
    several = len(record.tables) > 1
    if len(known) == 1 and not several:
        doubtful = False  # it can be nothing else: the column that is missing is named below
    else:
        doubtful = share < RECOGNISED or (not complete and several and len(known) > 1)
    if doubtful:
        advice = "name the return with --return, or " if len(known) > 1 else ""
        raise InputError(
            f"{opened.file.name}: its headings are of no table that is read; {advice}leave the file out (exports "
            "have tables that are not used)."
        )
    opened.matched(record.tables[name], year)
    return record, name


def _needed(table: ReturnTable, year: int) -> set[str]:
    keys = set(table.of_kind(ColumnKind.ROW_KEY, ColumnKind.PARENT_KEY))
    return keys | {name for name, column in table.columns.items() if column.required and column.collected_in(year)}
