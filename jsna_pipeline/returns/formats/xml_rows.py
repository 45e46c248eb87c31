"""Rows from the XML of a statutory return: one stream through the file, each catalogued element a row.

Here: the hardened parser, the walk from a row's element to its columns and child rows, and the message
header. Not here: what a return's elements are (`catalogue/returns/`), or what is peculiar to one return
(`sen2_xml.py`, `school_census_xml.py`, `cin_xml.py`).

An element is a row where the catalogue says so, and a column where it holds text; an element around others
(`ChildIdentifiers`) is passed through. Attributes and namespaces are ignored. A row's key is its number in
the return, because the elements have none. An absent element is a null: rules say which must not be.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

import polars as pl
from lxml import etree

from jsna_pipeline.catalogue.returns import ColumnKind, Return, ReturnTable
from jsna_pipeline.errors import InputError
from jsna_pipeline.returns.delivered import MIB, DeliveredFile, safe_name
from jsna_pipeline.returns.raw import FILE, ROW, RawReturn, in_shape, spelling, spellings

# 400,000 persons at 1.3 KiB of elements; their rows, held until they are collected, take twice as much.
MAX_XML = 512 * MIB
# A child with years of history takes some 100 KiB. What has not closed after this much is no record.
MAX_RECORD = 16 * MIB
# What stands before the first element: a declaration, perhaps a comment.
MAX_PROLOG = MIB
PIECE = 64 * 1024
# Rows are kept as Python strings until they are this many, and then as a column of bytes.
ROWS_HELD = 20_000
# So many places are named in the notes of one return; the rest are counted.
PLACES_NAMED = 20
HARDENED = {
    "resolve_entities": False,
    "no_network": True,
    "load_dtd": False,
    "huge_tree": False,
    "remove_comments": True,
    "remove_pis": True,
}
HEADER = ("Collection", "Year", "Term", "ReferenceDate", "SourceLevel", "LEA", "Estab", "URN", "DateTime")


@dataclass(frozen=True)
class Dialect:
    """What one return's XML does that the catalogue does not say.

    `aliases` gives the column for an element inside another: {("TermlyAttendance", "SessionsPossible"):
    "sessions_possible"}. `from_header` gives the header's elements, first choice first, that fill a column of
    the main table. `aside` are elements within a record, and `beside` records of their own, of modules that
    the catalogue leaves out.
    """

    aliases: Mapping[tuple[str, str], str] = field(default_factory=dict)
    from_header: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    aside: Collection[str] = ()
    beside: Collection[str] = ()


def read_xml(files: Sequence[DeliveredFile], record: Return, dialect: Dialect | None = None) -> RawReturn:
    """The rows of all `files` of one return, keys counted through all of them, `row` through each.

    Raises InputError for a file that is no well-formed XML (with its line), declares a document type, has no
    row of the main table, or is larger than 512 MiB.
    """
    walk = _Walk(record, dialect or Dialect())
    for file in files:
        walk.read(file)
    tables = {place.name: in_shape(place.frame(), place.table) for place in walk.places}
    return RawReturn(tables, walk.header, tuple(walk.notes.sentences()))


class _Notes:
    """Sentences for the validation report: places by name and number, never a value."""

    def __init__(self) -> None:
        self._unknown: dict[str, dict[str, None]] = {}
        self._places: list[str] = []
        self._more = 0

    def unknown(self, row_element: str, name: str) -> None:
        self._unknown.setdefault(row_element, {}).setdefault(safe_name(name))

    def place(self, sentence: str) -> None:
        if len(self._places) < PLACES_NAMED:
            self._places.append(sentence)
        else:
            self._more += 1

    def sentences(self) -> Iterator[str]:
        yield from self._places
        if self._more:
            yield f"{self._more:,} more places like these are not listed."
        for row_element, names in self._unknown.items():
            listed = ", ".join(list(names)[:PLACES_NAMED])
            more = f" and {len(names) - PLACES_NAMED:,} more" if len(names) > PLACES_NAMED else ""
            yield f"Elements of <{row_element}> that are not in the catalogue and are not used: {listed}{more}."


class _Place:
    """One table of the return while its rows are collected."""

    def __init__(self, name: str, table: ReturnTable, dialect: Dialect) -> None:
        self.name, self.table = name, table
        self.element = table.element.rsplit("/", 1)[-1]
        self.path = [spelling(part) for part in table.element.split("/")]
        keys = table.of_kind(ColumnKind.ROW_KEY, ColumnKind.PARENT_KEY)
        outside = {*keys, *dialect.from_header}
        self.columns = {name: column for name, column in spellings(table).items() if column not in outside}
        self.own_key = next(iter(table.of_kind(ColumnKind.ROW_KEY)), None)
        self.parent_key = next(iter(table.of_kind(ColumnKind.PARENT_KEY)), None)
        self.below: dict[str, list[_Place]] = {}
        self.keys_given = 0
        self.ordinal = 0
        self._held: dict[str, list[str | int | None]] = {name: [] for name in (*table.columns, FILE, ROW)}
        self._frames: list[pl.DataFrame] = []

    def matches(self, element: etree._Element) -> bool:
        """Whether the elements around `element` are those of the catalogue's path, as far as it gives one."""
        around = element.iterancestors()
        return all(_name(parent.tag) == part for part, parent in zip(self.path[-2::-1], around, strict=False))

    def append(self, values: Mapping[str, str | int]) -> None:
        for column, held in self._held.items():
            held.append(values.get(column))
        if len(self._held[ROW]) >= ROWS_HELD:
            self._flush()

    def frame(self) -> pl.LazyFrame:
        self._flush()
        return pl.concat(self._frames).lazy()

    def _flush(self) -> None:
        schema = {column: pl.UInt32 if column == ROW else pl.String for column in self._held}
        self._frames.append(pl.DataFrame(self._held, schema=schema))
        for held in self._held.values():
            held.clear()


class _Walk:
    """The walk through the files of one return."""

    def __init__(self, record: Return, dialect: Dialect) -> None:
        self.dialect = dialect
        self.aside = {spelling(name) for name in dialect.aside}
        self.aliases = {(spelling(around), spelling(name)): col for (around, name), col in dialect.aliases.items()}
        by_name = {name: _Place(name, table, dialect) for name, table in record.tables.items() if table.element}
        for place in by_name.values():
            if place.table.parent:
                by_name[place.table.parent].below.setdefault(place.path[-1], []).append(place)
        self.places = list(by_name.values())
        self.main = next(place for place in self.places if not place.table.parent)
        self.title = record.title
        self.header: dict[str, str] = {}
        self.notes = _Notes()

    def read(self, file: DeliveredFile) -> None:
        for place in self.places:
            place.ordinal = 0
        self.file = file.name
        self.own_header: dict[str, str] = {}
        for element in _closed_elements(file, (self.main.element, "Header", *self.dialect.beside)):
            name = _name(element.tag)
            if name == "header":
                self._read_header(element)
            elif name == self.main.path[-1] and self.main.matches(element):
                self._row(element, self.main, None)
        if not self.main.ordinal:
            raise InputError(
                f"{file.name}: no <{self.main.element}> in it; check that it is the XML of the return '{self.title}'."
            )

    def _read_header(self, header: etree._Element) -> None:
        known = {spelling(name): name for name in HEADER}
        for element in header.iter():
            name = known.get(_name(element.tag))
            if name and (text := (element.text or "").strip()):
                self.own_header.setdefault(name, text)
        for name, text in self.own_header.items():
            if self.header.setdefault(name, text) != text and name in {"Collection", "Year", "LEA"}:
                self.notes.place(f"{self.file}: its header has another {name} than the files before it.")

    def _row(self, element: etree._Element, place: _Place, parent_key: str | None) -> None:
        place.ordinal += 1
        values: dict[str, str | int] = {FILE: self.file, ROW: place.ordinal}
        if not len(element) and not (element.text or "").strip():
            self.notes.place(f"{self.file}: <{place.element}> {place.ordinal:,} is empty and is not read.")
            return
        place.keys_given += 1
        key = str(place.keys_given)
        if place.own_key:
            values[place.own_key] = key
        if place.parent_key and parent_key:
            values[place.parent_key] = parent_key
        if place is self.main:
            values |= self._values_from_header()
        if len(element):
            self._fields(element, place, key, values)
        else:  # a row of one column: <Disability>LD</Disability>
            self._value(element, place, values)
        place.append(values)

    def _values_from_header(self) -> dict[str, str]:
        found = {
            column: next((self.own_header[name] for name in names if name in self.own_header), "")
            for column, names in self.dialect.from_header.items()
        }
        return {column: text for column, text in found.items() if text}

    def _fields(self, around: etree._Element, place: _Place, key: str, values: dict[str, str | int]) -> None:
        stray = bool((around.text or "").strip())
        for element in around:
            tail = element.tail
            stray |= tail is not None and not tail.isspace()
            name = _name(element.tag)
            if name in place.below and (rows := _row_of(element, place.below[name])):
                self._row(element, rows, key)
            elif name in self.aside:
                self.notes.unknown(place.element, etree.QName(element).localname)
            elif len(element):
                self._fields(element, place, key, values)
            else:
                self._value(element, place, values)
        if stray:
            self.notes.place(
                f"{self.file}: text outside the elements of <{safe_name(etree.QName(around).localname)}> in "
                f"<{place.element}> {place.ordinal:,} is not read; correct the return at its source."
            )

    def _value(self, element: etree._Element, place: _Place, values: dict[str, str | int]) -> None:
        text = (element.text or "").strip()
        if not text:
            return
        column = self._column(element, place)
        if column is None:
            self.notes.unknown(place.element, etree.QName(element).localname)
            return
        free: str | None = column
        while free in values:
            free = _next_of(free, place.table)
        if free:
            values[free] = text
        else:
            self.notes.place(
                f"{self.file}: <{place.element}> {place.ordinal:,} has one more "
                f"<{safe_name(etree.QName(element).localname)}> than it can have; the first is read."
            )

    def _column(self, element: etree._Element, place: _Place) -> str | None:
        name = _name(element.tag)
        around = element.getparent()
        if self.aliases and around is not None and (_name(around.tag), name) in self.aliases:
            return self.aliases[_name(around.tag), name]
        return place.columns.get(name)


def _row_of(element: etree._Element, places: list[_Place]) -> _Place | None:
    return next((place for place in places if place.matches(element)), None)


@lru_cache(maxsize=4096)
def _name(tag: str) -> str:
    """An element's name as the catalogue's spellings have it, without a namespace."""
    return spelling(tag.rpartition("}")[2])


def _next_of(column: str, table: ReturnTable) -> str | None:
    """The column for a further element of one name: reason_2 after reason_1; None where there is none."""
    stem, _, number = column.rpartition("_")
    following = f"{stem}_{int(number) + 1}" if stem and number.isdigit() else ""
    return following if following in table.columns else None


def _closed_elements(file: DeliveredFile, names: Sequence[str]) -> Iterator[etree._Element]:
    """Each element with one of `names` once it is closed, then cleared: the tree never holds more than one record."""
    _refuse_document_type(file)
    parser = etree.XMLPullParser(events=("end",), tag=[f"{{*}}{name}" for name in names], **HARDENED)
    held = 0
    try:
        for piece in _pieces(file):
            parser.feed(piece)
            held += len(piece)
            for _, element in parser.read_events():
                held = 0
                yield element
                _forget(element)
            if held > MAX_RECORD:
                raise InputError(
                    f"{file.name}: {MAX_RECORD // MIB} MiB without a whole <{names[0]}>; no return has such records."
                )
        parser.close()
    except etree.XMLSyntaxError as error:
        # The first fault is the cause of those after it. The parser's own words may repeat what the file says.
        line = next((fault.line for fault in parser.feed_error_log), error.lineno)
        raise InputError(
            f"{file.name}, line {line}: not well-formed XML; export the return again from its system."
        ) from None


def _forget(element: etree._Element) -> None:
    element.clear(keep_tail=False)
    around = element.getparent()
    while around is not None and element.getprevious() is not None:
        del around[0]


def _pieces(file: DeliveredFile) -> Iterator[bytes]:
    for chunk in file.chunks(MAX_XML):
        for start in range(0, len(chunk), PIECE):
            yield chunk[start : start + PIECE]


class _Prolog:
    """What stands before the first element, as the parser itself understands it in whatever encoding."""

    def __init__(self) -> None:
        self.document_type = False
        self.begun = False

    def doctype(self, name: str | None, public: str | None, system: str | None) -> None:
        self.document_type = True

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        self.begun = True

    def end(self, tag: str) -> None: ...

    def data(self, text: str) -> None: ...

    def close(self) -> None: ...


def _refuse_document_type(file: DeliveredFile) -> None:
    """Refuse a document type: no return has one, and entities, bombs and outside files all need it.

    Fed in small pieces, so that the parser has read next to nothing of the declarations when it is refused.
    """
    prolog = _Prolog()
    parser = etree.XMLParser(target=prolog, **HARDENED)
    fed = 0
    for piece in _pieces(file):
        for start in range(0, len(piece), 1024):
            try:
                parser.feed(piece[start : start + 1024])
            except etree.XMLSyntaxError:
                prolog.begun = True  # the parser that reads the rows meets the fault again and says its line
            fed += 1024
            if prolog.document_type or fed > MAX_PROLOG:
                raise InputError(f"{file.name}: has a document type declaration, which no return needs; remove it.")
            if prolog.begun:
                return
