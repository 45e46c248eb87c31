"""The returns of a small area: the embedded ones cut down, and identifiers planted in every one of them.

Here: a folder of returns that a local build takes in within seconds, and the same with canaries in right places,
in wrong ones, and in rows that break rules. Not here: the canaries themselves and the search for them
(`returns/canaries.py`), or whole builds (`builds.py`).
"""

from __future__ import annotations

import csv
import gzip
import io
from collections.abc import Collection, Iterator
from importlib.resources import files
from itertools import cycle
from pathlib import Path
from typing import Any

import openpyxl
from lxml import etree  # type: ignore[import-untyped]

from jsna_pipeline.catalogue.returns import ColumnKind, Return, ReturnColumn, ReturnTable, returns
from tests.returns.canaries import (
    BIRTH_DATES,
    FORENAMES,
    LOCAL_IDS,
    MALFORMED_UPN,
    POSTCODES,
    SURNAMES,
    ULNS,
    UPNS,
    planted,
)

AREA = "wigan"
PERSONS = 250  # kept of every table of persons; more would make a test slow, fewer leave nothing to print
SPOILT = 40  # persons of an XML return with a value in the wrong place: well under the fifth that stops a build
LOOKUPS = ("small_areas", "establishments", "special_place_capacity")
PERSON_ELEMENTS = {"sen2": "Person", "children_in_need": "Child"}
BOOK_TITLES = {"annex_a": ("List_1", "List_2")}
RIGHT_VALUES = {
    ColumnKind.UPN: UPNS,
    ColumnKind.ULN: ULNS,
    ColumnKind.LOCAL_ID: LOCAL_IDS,
    ColumnKind.NAME: (SURNAMES[0], FORENAMES[1]),
    ColumnKind.BIRTH_DATE: BIRTH_DATES,
    ColumnKind.POSTCODE: POSTCODES,
}
# What stands where it should not: whole cells, as a shifted column or a hasty hand leaves them.
STRAY_DATES = ("23/08/2011", "2014-Feb-07", BIRTH_DATES[0])
STRAY_POSTCODES = (POSTCODES[0].replace(" ", "").lower(), POSTCODES[1])
STRAY_WORDS = (SURNAMES[0], FORENAMES[1], LOCAL_IDS[0])
STRAY_VALUES = (UPNS[0], *STRAY_WORDS, ULNS[1], *STRAY_POSTCODES, MALFORMED_UPN, *STRAY_DATES, UPNS[1].lower())
# What nothing can tell from a right value there: any day is a date, and a family's name may be a school's.
NOT_STRAY = {
    ColumnKind.DATE: STRAY_DATES,
    ColumnKind.POSTCODE: STRAY_POSTCODES,
    ColumnKind.LABEL: STRAY_WORDS,
}
COMMENT = f"{FORENAMES[0]} {SURNAMES[0]} ({UPNS[0]}), born {BIRTH_DATES[0]}, {POSTCODES[0]}"
Rows = list[list[Any]]


def small_returns(root: Path, edition: str = "2025", only: Collection[str] = ()) -> Path:
    """The first persons of every embedded return (or of those in `only`), in the folders that a user fills."""
    source = files("seeds") / "returns" / edition / AREA
    target = root / edition / AREA
    wanted: set[str] = set()
    for name in sorted(only or returns(), key=lambda name: name != "sen2"):  # who has a plan is kept everywhere
        for path in sorted((source / name).iterdir(), key=lambda path: (_order(path.name), path.name)):
            kept = target / name / path.name.removesuffix(".gz")
            kept.parent.mkdir(parents=True, exist_ok=True)
            kept.write_bytes(_cut_down(name, path.name, path.read_bytes(), wanted))
    return root


def _order(name: str) -> int:
    """First the rarest rows, whose pupils are then kept; then who rows belong to; then all else of those persons."""
    return 0 if "exclusionsonroll" in name else 1 if "pupilonroll" in name or "header" in name else 2


def _cut_down(return_id: str, name: str, content: bytes, wanted: set[str]) -> bytes:
    content = gzip.decompress(content) if name.endswith(".gz") else content
    if return_id in LOOKUPS:
        return content
    if return_id in PERSON_ELEMENTS:
        tree = _first_persons(content, PERSON_ELEMENTS[return_id])
        if return_id == "sen2":
            wanted.update(element.text for element in tree.iter("UPN"))
        return bytes(etree.tostring(tree, encoding="UTF-8", xml_declaration=True))
    if name.endswith(".xlsx"):
        return _first_rows_of_sheets(content)
    head, *rows = csv.reader(io.StringIO(content.decode("utf-8")))
    return _as_csv([head, *_first_rows(name, head, rows, wanted)])


def _first_persons(content: bytes, element: str) -> Any:
    tree = etree.fromstring(content)
    for person in list(tree.iter(element))[PERSONS:]:
        person.getparent().remove(person)
    return tree


def _first_rows_of_sheets(content: bytes) -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(content), read_only=True)
    cut = openpyxl.Workbook()
    cut.remove(cut.active)
    for sheet in book:
        copy = cut.create_sheet(sheet.title)
        for row in sheet.iter_rows(max_row=PERSONS + 1, values_only=True):
            copy.append(row)
    stream = io.BytesIO()
    cut.save(stream)
    return stream.getvalue()


def _first_rows(name: str, head: list[str], rows: Rows, wanted: set[str]) -> Rows:
    """Rows of children with plans and the first others; where rows belong to a person, those of persons kept."""
    key = next((column for column in ("pupilonrolltableid", "CHILD") if column in head), None)
    upn = next((column for column in head if column.lower() == "upn"), None)
    if key is not None and _order(name) == 2:
        return [row for row in rows if row[head.index(key)] in wanted][: 4 * PERSONS]
    sought = [head.index(column) for column in (upn, key) if column is not None]
    kept = [row for number, row in enumerate(rows) if number < PERSONS or any(row[at] in wanted for at in sought)]
    if key is not None:
        wanted.update(row[head.index(key)] for row in kept)
    return kept


def _as_csv(rows: Rows) -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue().encode()


# --- planting -----------------------------------------------------------------------------------------


def plant_everywhere(folder: Path) -> Path:
    """Canaries in every file of an area's returns: as the data of two children, and in every column once, wrong.

    `folder` is that of the area. Where one of those two children lives, the lookup of wards is wrong as well.
    """
    stray = cycle(STRAY_VALUES)
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        record = returns()[path.parent.name]
        if path.suffix == ".xml":
            path.write_bytes(_planted_tree(path.read_bytes(), record, PERSON_ELEMENTS[record.id], stray))
        elif path.suffix == ".xlsx":
            _plant_book(path, record, stray)
        else:
            rows = list(csv.reader(io.StringIO(path.read_text("utf-8"))))
            path.write_bytes(_as_csv(_planted_rows(rows, _layout(path, record), stray)))
    return folder


def _layout(path: Path, record: Return) -> ReturnTable:
    """The table of the catalogue that a CSV file is: named in the file's name, else the only one."""
    named = sorted(
        (table for table in record.tables.values() if table.file and table.file in path.name),
        key=lambda table: -len(table.file),
    )
    return named[0] if named else next(iter(record.tables.values()))


def _column(heading: str, layout: ReturnTable) -> ReturnColumn | None:
    names = {spelt.lower(): column for name, column in layout.columns.items() for spelt in (name, *column.names)}
    return names.get(str(heading).lower())


def _planted_rows(rows: Rows, layout: ReturnTable, stray: Iterator[str]) -> Rows:
    head, *body = rows
    columns = [_column(heading, layout) for heading in head]
    for number, row in enumerate(body[:2]):
        for place, column in enumerate(columns):
            if column is not None and (values := RIGHT_VALUES.get(column.kind)):
                row[place] = values[number]
    for place, column in enumerate(columns):
        # Labels in one row, of the second child: a ward lies in one locality.
        label = column is not None and column.kind is ColumnKind.LABEL
        body[1 if label else 2 + place % (len(body) - 2)][place] = _stray_for(column, stray)
    return [[*head, "comments"], *([*row, COMMENT] for row in body)]


def _stray_for(column: ReturnColumn | None, stray: Iterator[str]) -> str:
    """The next value that is wrong in the column."""
    fitting = NOT_STRAY.get(column.kind, ()) if column is not None else ()
    return next(value for value in stray if value not in fitting)


def _planted_tree(content: bytes, record: Return, element: str, stray: Iterator[str]) -> bytes:
    """The first two persons become canaries; the next have one element spoilt each, another one every time."""
    tree = etree.fromstring(content)
    persons = list(tree.iter(element))
    columns = {
        name: column for table in record.tables.values() for column in table.columns.values() for name in column.names
    }
    for number, person in enumerate(persons[:2]):
        for leaf in _leaves(person):
            if leaf.tag in columns and (values := RIGHT_VALUES.get(columns[leaf.tag].kind)):
                leaf.text = values[number]
        etree.SubElement(person, "Comments").text = COMMENT
    for number, person in enumerate(persons[2 : 2 + SPOILT]):
        leaves = list(_leaves(person))
        leaf = leaves[number % len(leaves)]
        leaf.text = _stray_for(columns.get(leaf.tag), stray)
    return bytes(etree.tostring(tree, encoding="UTF-8", xml_declaration=True))


def _leaves(person: Any) -> Iterator[Any]:
    return (leaf for leaf in person.iter() if not len(leaf))


def _plant_book(path: Path, record: Return, stray: Iterator[str]) -> None:
    book = openpyxl.load_workbook(path)
    for layout in record.tables.values():
        sheet = book[layout.file]
        rows = _planted_rows([list(row) for row in sheet.iter_rows(values_only=True)], layout, stray)
        sheet.delete_rows(1, sheet.max_row)
        for row in rows:
            sheet.append(row)
    book.save(path)


def plainly_planted(folder: Path) -> set[str]:
    """The files of `folder` in which no canary stands: what a planting has missed."""
    texts = [text.encode() for text in planted()]
    return {
        str(path.relative_to(folder))
        for path in folder.rglob("*")
        if path.is_file() and path.suffix != ".xlsx" and not any(text in path.read_bytes() for text in texts)
    }
