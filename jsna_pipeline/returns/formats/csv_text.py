"""A delivered CSV file as a lazy table of text whose rows know their lines.

Here: the header, the separator, the check that every record has its cells in their places, and the scan
itself. Not here: encodings (`delivered.py` gives UTF-8), which table a file holds (`collect_csv.py`,
`looked_after_csv.py`, `template_csv.py`), or types.

The check reads the file once, before the scan, for three reasons: the scan is lazy, and would fail long
after the file's name is forgotten; it names no line; and its messages repeat what the cells hold.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import numpy.typing as npt
import polars as pl

from jsna_pipeline.catalogue.returns import ReturnTable
from jsna_pipeline.errors import InputError
from jsna_pipeline.returns.delivered import DeliveredFile
from jsna_pipeline.returns.raw import FILE, ROW, MatchedColumns, in_shape, match_columns

SEPARATORS = {",": "a comma", "\t": "a tab", ";": "a semicolon", "|": "a bar"}
PIECE = 2**18  # bytes: what is made of a piece stays near the processor
# A header has under 10 KiB, and so has a record: a quotation mark open for so long was never meant as one.
LONGEST_RECORD = 4 * 2**20
NEWLINE, RETURN, QUOTE = b"\n"[0], b"\r"[0], b'"'[0]

Piece = npt.NDArray[np.uint8]
Positions = npt.NDArray[np.int64]
Bits = npt.NDArray[np.uint64]


@dataclass(frozen=True)
class CsvTable:
    """A CSV file of which only the header has been read: its headings, some of which may be blank."""

    file: DeliveredFile
    headings: tuple[str, ...]
    separator: str

    def matched(self, table: ReturnTable, year: int) -> MatchedColumns:
        """The headings' columns of the catalogue; InputError where a required one is missing."""
        return match_columns([name for name in self.headings if name], table, year, self.file.name)

    def scan(self, table: ReturnTable, year: int) -> tuple[pl.LazyFrame, list[str]]:
        """The catalogue's `table`, lazily, and notes about the file.

        `row` is the line in the file where the record starts. Records without a character are left out; cells
        missing at the end of a record are blank, as spreadsheet programs save them. Raises InputError, with
        the line, for a record of too many cells and for quotation marks that do not pair.
        """
        matched = self.matched(table, year)
        checked = _checked(self)
        frame = pl.scan_csv(
            self.file.csv_source(),
            separator=self.separator,
            infer_schema=False,
            new_columns=[f"{number}" for number in range(len(self.headings))],  # headings may be blank
            row_index_name=ROW,
            row_index_offset=2,
            glob=False,  # or a file named `[2025].csv` is a pattern
        )
        if checked.blank:
            frame = frame.filter(~pl.col(ROW).is_in(pl.Series(checked.blank, dtype=pl.UInt32).implode()))
        frame = frame.select(
            *[
                pl.col(f"{number}").alias(matched.names[name])
                for number, name in enumerate(self.headings)
                if name in matched.names
            ],
            pl.lit(self.file.name).alias(FILE),
            checked.line_of(pl.col(ROW)).alias(ROW),
        )
        return in_shape(frame, table), self._notes(matched, checked)

    def first_row(self) -> dict[str, str]:
        """The first record under the header, by heading in lower case; empty where there is none."""
        with _text(self.file) as lines:
            rows = csv.reader(lines, delimiter=self.separator)
            next(rows, None)
            first = next(rows, [])
        return {name.lower(): cell.strip() for name, cell in zip(self.headings, first, strict=False)}

    def _notes(self, matched: MatchedColumns, checked: _Records) -> list[str]:
        notes = []
        if matched.unknown:
            notes.append(f"{self.file.name}: columns not used: {', '.join(matched.unknown)}.")
        if checked.short:
            notes.append(
                f"{self.file.name}: lines that end before the last column: {checked.short:,}, the first of them line "
                f"{checked.first_short:,}; the cells missing there are read as blank."
            )
        return notes


def open_csv(file: DeliveredFile) -> CsvTable:
    """The header of a CSV file; commas, tabs, semicolons or bars separate its cells.

    Raises InputError for a file without a header or with lines that end in a way nothing else reads.
    """
    with _text(file) as lines:
        start = lines.read(PIECE)
    first = start.partition("\n")[0]
    if "\r" in first.rstrip("\r"):
        raise InputError(f"{file.name}: its lines end in a way of old systems; open it and save it as CSV (UTF-8).")
    if not first.strip():
        raise InputError(f"{file.name}: line 1 is blank; the first line has to hold the column names.")
    separator = max(SEPARATORS, key=first.count)
    try:
        headings = next(csv.reader(io.StringIO(start, newline=""), delimiter=separator, strict=True))
    except csv.Error:
        raise InputError(f"{file.name}: the quotation marks of line 1 do not pair; export the file again.") from None
    return CsvTable(file, tuple(" ".join(name.split()) for name in headings), separator)


def _text(file: DeliveredFile) -> io.TextIOWrapper:
    return file.csv_source().open(encoding="utf-8-sig", newline="")


@dataclass
class _Records:
    """What the check found: rows are counted as the scan counts them, the first under the header being 2."""

    blank: list[int] = field(default_factory=list)
    breaks: list[int] = field(default_factory=list)  # row of each line break inside a quoted cell
    short: int = 0
    first_short: int = 0

    def line_of(self, row: pl.Expr) -> pl.Expr:
        """The line on which a row starts: it and the line breaks inside the cells before it."""
        if not self.breaks:
            return row
        return row + pl.lit(pl.Series(self.breaks, dtype=pl.UInt32)).search_sorted(row, side="left")


def _checked(table: CsvTable) -> _Records:
    """Reads the whole file and sees that no record has more cells than the header. See `CsvTable.scan`."""
    found = _Records()
    width = len(table.headings)
    row, line = 1, 1
    for data, closed in _pieces(table.file.csv_source()):
        if not closed:
            raise InputError(
                f"{table.file.name}, line {line:,}: a quotation mark is opened there and not closed for "
                f"{LONGEST_RECORD // 2**20} MiB; export the file again."
            )
        lines = _regular_lines(data, width, ord(table.separator)) if row > 1 else 0
        if lines:
            row, line = row + lines, line + lines
            continue
        wrong = _stray_quote(data, ord(table.separator))
        if wrong is not None:
            raise InputError(
                f"{table.file.name}, line {_line(data, line, wrong):,}: a quotation mark inside a cell, or one without "
                "its pair; double the marks inside cells, or export the file again."
            )
        records = _records(data, ord(table.separator))
        long = np.flatnonzero(records.cells > width)
        if long.size:
            raise InputError(
                f"{table.file.name}, line {_line(data, line, records.starts[long[0]]):,}: more cells than the header "
                f"has columns; put a cell that holds {SEPARATORS[table.separator]} into quotation marks, or export the "
                "file again."
            )
        short = np.flatnonzero((records.cells < width) & ~records.blank)
        if short.size:
            found.first_short = found.first_short or _line(data, line, records.starts[short[0]])
            found.short += short.size
        found.blank += (row + np.flatnonzero(records.blank)).tolist()
        found.breaks += (row + np.searchsorted(records.starts, records.breaks) - 1).tolist()
        row, line = row + records.starts.size, _line(data, line, data.size)
    return found


def _line(data: Piece, first: int, position: int) -> int:
    """The line of a position in a piece that starts on line `first`."""
    return first + int(np.count_nonzero(data[:position] == NEWLINE))


def _pieces(path: Path) -> Iterator[tuple[Piece, bool]]:
    """The bytes of the file in pieces of whole records, each of which ends in a line feed.

    False stands beside the last piece if that is the start of a record with a quotation mark that is not closed.
    """
    with path.open("rb") as stream:
        rest = stream.read(3).removeprefix(b"\xef\xbb\xbf")
        while chunk := stream.read(PIECE):
            rest += chunk
            end = _last_record_end(rest)
            if end:
                yield np.frombuffer(rest, np.uint8, end), True
                rest = rest[end:]
            elif len(rest) > LONGEST_RECORD:
                yield np.frombuffer(rest, np.uint8), False
                return
    if rest:
        yield np.frombuffer(rest + b"\n", np.uint8), True


def _last_record_end(content: bytes) -> int:
    """Length of the whole records at the start of `content`: up to the last line feed outside quotation marks."""
    end = content.rfind(b"\n") + 1
    if QUOTE not in content:
        return end
    data = np.frombuffer(content, np.uint8)
    quotes = data == QUOTE
    if np.count_nonzero(quotes[:end]) % 2 == 0:
        return end
    ends = _outside(np.flatnonzero(data == NEWLINE), np.flatnonzero(quotes))
    return int(ends[-1]) + 1 if ends.size else 0


def _outside(positions: Positions, quotes: Positions) -> Positions:
    """Those positions before which an even number of quotation marks stands."""
    return positions[np.searchsorted(quotes, positions) % 2 == 0]


def _regular_lines(data: Piece, width: int, separator: int) -> int:
    """Number of lines of a piece that has nothing to look into; 0 if it may have.

    That is: no quotation mark astray, no line break in a cell, no record with a blank first cell, which may be
    blank altogether, and as many separators as the lines should have. (A line too long and one too short could
    make up for each other; the scan itself still refuses the long one.)

    One bit stands for each byte, 64 of them are held at a time: a file may have all its cells in quotation marks.
    """
    newlines, separators, quotes = (_bits(data, byte) for byte in (NEWLINE, separator, QUOTE))
    if quotes.any():
        inside = _inside(quotes)
        edges = quotes | newlines | separators | _bits(data, RETURN)
        astray = quotes & inside & ~_shifted(edges, 1) | quotes & ~inside & ~_shifted(edges, -1)
        if astray.any() or (newlines & inside).any():
            return 0
        separators &= ~inside
    lines = int(np.bitwise_count(newlines).sum())
    blank_first = (_shifted(newlines, 1) & separators).any()
    whole = int(np.bitwise_count(separators).sum()) == lines * (width - 1)
    return lines if whole and not blank_first and width > 1 else 0


def _bits(data: Piece, byte: int) -> Bits:
    """Where `byte` stands, the first place in the lowest bit."""
    bits = np.zeros(-(-data.size // 64) * 8, np.uint8)
    packed = np.packbits(data == byte, bitorder="little")
    bits[: packed.size] = packed
    return bits.view("<u8")


def _shifted(bits: Bits, by: int) -> Bits:
    """Each bit one place later (`by` 1), after a line feed before the first; or one place earlier (`by` -1)."""
    one, top = np.uint64(1), np.uint64(63)
    if by > 0:
        return (bits << one) | np.append(one, bits[:-1] >> top)
    return (bits >> one) | np.append(bits[1:] << top, np.uint64(0))


def _inside(quotes: Bits) -> Bits:
    """The places from each opening quotation mark up to the one before its closing mark."""
    odd = quotes
    for distance in (1, 2, 4, 8, 16, 32):
        odd = odd ^ (odd << np.uint64(distance))
    open_before = np.bitwise_xor.accumulate(odd >> np.uint64(63))[:-1]
    odd[1:] ^= np.uint64(0) - open_before
    return odd


@dataclass(frozen=True)
class _PieceRecords:
    """The records of a piece: where each starts, its number of cells, whether it has a character in any, and the
    line breaks inside cells."""

    starts: Positions
    cells: Positions
    blank: npt.NDArray[np.bool_]
    breaks: Positions


def _records(data: Piece, separator: int) -> _PieceRecords:
    quotes = np.flatnonzero(data == QUOTE)
    newlines = np.flatnonzero(data == NEWLINE)
    ends = _outside(newlines, quotes)
    starts = np.concatenate(([0], ends[:-1] + 1))
    marks = np.flatnonzero(data == separator)
    separators = np.diff(np.searchsorted(marks, ends), prepend=0)
    if quotes.size:  # marks between quotation marks are part of a cell
        opening, closing = quotes[0::2], quotes[1::2]
        inside = np.searchsorted(marks, closing) - np.searchsorted(marks, opening)
        separators -= np.bincount(np.searchsorted(ends, opening), inside, ends.size).astype(np.int64)
    returns = (data[ends - 1] == RETURN) & (ends > starts)
    breaks = newlines if ends.size < newlines.size else newlines[:0]
    return _PieceRecords(
        starts,
        cells=separators + 1,
        blank=ends - starts == separators + returns,
        breaks=np.setdiff1d(breaks, ends, assume_unique=True),
    )


def _stray_quote(data: Piece, separator: int) -> int | None:
    """Position of the first quotation mark that neither begins nor ends a cell, nor is one of two; or None."""
    quotes = np.flatnonzero(data == QUOTE)
    opening, closing = quotes[0::2], quotes[1::2]
    edges = [separator, NEWLINE, RETURN, QUOTE]
    astray = [
        opening[(opening > 0) & ~np.isin(data[opening - 1], edges)],
        closing[~np.isin(data[np.minimum(closing + 1, data.size - 1)], edges)],
        quotes[quotes.size - quotes.size % 2 :],
    ]
    return min((int(positions[0]) for positions in astray if positions.size), default=None)
