"""The tables that COLLECT exports as CSV: the modules of SEN2 and the tables of the school census.

Here: which file holds which table, and which of several collections in one folder is read. Not here: the
scan of a file (`csv_text.py`) or what a table holds (`catalogue/returns/`).

    Blade-Export_05-02-2025_person.csv    a module of SEN2 and the day of its export
    2025_spring_pupilonroll.csv           a table of the school census of a term
    pupilonroll.csv                       the same, its term not told

The last word of a file's name is the table's, and the file's header has to agree. The numbers by which
tables refer to each other hold within one collection, so only one is read: the spring census, whose
day the department's figures refer to, or else the newest.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from jsna_pipeline.catalogue.returns import Return
from jsna_pipeline.errors import InputError
from jsna_pipeline.returns.delivered import DeliveredFile
from jsna_pipeline.returns.formats.csv_text import open_csv
from jsna_pipeline.returns.raw import RawReturn

TERMS = ("autumn", "spring", "summer")
# Names that a table has in the autumn's export only, by the catalogue's.
AUTUMN_NAMES = {"addressesonroll": "addresses"}
MESSAGE = "sen2"  # the module of SEN2 that says whose return it is
# The message's own elements by the columns of that module.
HEADER = {"collection": "Collection", "year": "Year", "referencedate": "ReferenceDate", "lea": "LEA"}


@dataclass(frozen=True)
class Export:
    """A file with what its name says: the table's word, and the term, year and day of export where told."""

    file: DeliveredFile
    word: str
    term: str
    year: int
    day: date

    @property
    def collection(self) -> tuple[bool, bool, int]:
        """Which census it is of, the one to be read the greatest; modules of SEN2 are all of one."""
        return self.term == "spring", self.term == "", self.year


def read(files: Sequence[DeliveredFile], record: Return, year: int) -> RawReturn:
    """The tables of one collection of `record`, lazily; files of other collections are left aside with a note.

    A table without a file is absent, if it is optional. The header has the year (and authority) that the
    SEN2 message or the census's file names tell. Raises InputError where a needed table has no file, or
    two files that nothing tells apart.
    """
    words = {table.file.lower(): name for name, table in record.tables.items()}
    exports = [_export(file) for file in files]
    known = [export for export in exports if export.word in words]
    notes = [
        f"{export.file.name}: not read; its name ends in no table of the return."
        for export in exports
        if export.word not in words and export.word != MESSAGE
    ]
    chosen, others = _newest(known, root=next(iter(words)))
    notes += others
    tables = {}
    for word, name in words.items():
        table = record.tables[name]
        if word in chosen:
            tables[name], remarks = open_csv(chosen[word].file).scan(table, year)
            notes += remarks
        elif table.optional:
            notes.append(f"No file of {table.title.lower()} (…{word}.csv): what is made of it is left out.")
        else:
            raise InputError(
                f"{record.title}: no file of {table.title.lower()}; export the table {word!r} and put …{word}.csv "
                "beside the others."
            )
    return RawReturn(tables, _header(exports, chosen), tuple(notes))


def _export(file: DeliveredFile) -> Export:
    stem = re.split(r"[/\\]", file.member or file.path.name)[-1].lower()
    stem = re.sub(r"(\.csv|\.txt|\.gz)+$", "", stem)
    parts = re.split(r"[^a-z0-9]+", stem)
    words = [part for part in parts if re.search("[a-z]", part)]
    years = [int(part) for part in parts if re.fullmatch("20[0-9]{2}", part)]
    days = re.findall(r"(?<![0-9])([0-9]{2}-[0-9]{2}-20[0-9]{2})(?![0-9])", stem)
    return Export(
        file,
        word=AUTUMN_NAMES.get(words[-1], words[-1]) if words else "",
        term=next((word for word in words if word in TERMS), ""),
        # The year of an export's day is none of the collection's: a return is exported again months later.
        year=0 if days or not years else years[0],
        day=_day(days[0]) if days else date.min,
    )


def _day(text: str) -> date:
    try:
        return datetime.strptime(text, "%d-%m-%Y").date()
    except ValueError:
        return date.min


def _newest(exports: Iterable[Export], root: str) -> tuple[dict[str, Export], list[str]]:
    """For each table's word the export to read, of the best collection that has the `root` table; and notes."""
    by_word: dict[str, list[Export]] = defaultdict(list)
    for export in exports:
        by_word[export.word].append(export)
    best = max((export.collection for export in by_word[root]), default=None)
    chosen, notes = {}, []
    for word, candidates in by_word.items():
        ranked = sorted((export for export in candidates if export.collection == best), key=lambda export: export.day)
        if len(ranked) > 1 and ranked[-1].day == ranked[-2].day:
            raise InputError(
                f"{ranked[-2].file.name} and {ranked[-1].file.name} hold the same table; keep the one to be read."
            )
        if ranked:
            chosen[word] = ranked[-1]
        notes += [
            f"{export.file.name}: not read; a newer export of the table, or another collection, is."
            for export in candidates
            if export is not chosen.get(word)
        ]
    return chosen, notes


def _header(exports: Iterable[Export], chosen: dict[str, Export]) -> dict[str, str]:
    """What the SEN2 message says of itself, or the census's year and term by its file names."""
    messages = sorted((export for export in exports if export.word == MESSAGE), key=lambda export: export.day)
    if messages:
        row = open_csv(messages[-1].file).first_row()
        return {element: row[column].removesuffix(".0") for column, element in HEADER.items() if row.get(column)}
    root = next(iter(chosen.values()))
    told = {"Year": str(root.year) if root.year else "", "Term": root.term.title()}
    return {name: text for name, text in told.items() if text}
