"""The text of a return as types: dates, flags, counts, amounts, codes, numbers of persons, postcodes.

Here: how the text of each kind of column is read, as vectorised expressions on lazy frames, and the mark
beside a cell that could not be read. Not here: what is wrong with a value that could be read
(`rules/columns.py`), or finding the cells in a file (`formats/`).

Every spelling that systems export is accepted: a date as `2022-Sep-28 00:00:00`, ISO or dd/mm/yyyy, a
whole number as `785.0`, an amount as `£1,234.50`. Anything else becomes null, never a guess.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl

from jsna_pipeline.catalogue.returns import ColumnKind, Return, ReturnColumn
from jsna_pipeline.returns.raw import FILE, ROW, UNSTRIPPED, RawReturn

# Format of a day: its length, after which a time may follow.
DATE_FORMATS = {"%Y-%b-%d": 11, "%Y-%m-%d": 10, "%d/%m/%Y": 10}
TIME_OF_DAY = r"^([T ][0-9]{1,2}:[0-9:.]+(Z|[+-][0-9:]+)?)?$"
FLAGS = dict.fromkeys(("true", "yes", "y", "1", "1.0"), True) | dict.fromkeys(("false", "no", "n", "0", "0.0"), False)

# What exports are full of, in the order of the values: to find a spelling in such a list takes a tenth of the
# time of reading it, which counts with millions of pupils.
DAYS = pl.date_range(date(1990, 1, 1), date(2049, 12, 31), eager=True)
EXPORTED_DAYS = pl.Enum(pl.concat([DAYS.dt.strftime(form) for form in ("%Y-%b-%d 00:00:00", "%Y-%m-%d", "%d/%m/%Y")]))
EXPORTED_FLAGS = pl.Enum(["False", "True", "false", "true"])
EXPORTED_COUNTS = pl.Enum([f"{number}{point}" for number in range(1000) for point in ("", ".0")])

TYPES: dict[ColumnKind, type[pl.DataType]] = {
    ColumnKind.BIRTH_DATE: pl.Date,
    ColumnKind.DATE: pl.Date,
    ColumnKind.FLAG: pl.Boolean,
    ColumnKind.COUNT: pl.Int32,
    ColumnKind.AMOUNT: pl.Float64,
}

UPN_LENGTH = 13
# Parts of a cell that is read in two steps.
TEXT, VALUE, UNREAD = "text", "value", "unread"
Later = Callable[[pl.DataFrame], pl.DataFrame]


def data_type(kind: ColumnKind) -> type[pl.DataType]:
    """The polars type of a column of `kind`; whatever is not measured or dated stays text."""
    return TYPES.get(kind, pl.String)


def unreadable(column: str) -> str:
    """Name of the Boolean column that marks the cells of `column` that held something unreadable."""
    return f"{column} unreadable"


def typed(raw: RawReturn, record: Return, year: int) -> dict[str, pl.LazyFrame]:
    """Every table of `raw` with its columns typed, `file` and `row` as they were.

    Columns of dates, flags, counts, amounts and codes have a Boolean column beside them, named by `unreadable`; a
    code that is not in the list of `year` is marked and stays. Lazy: nothing is read here, so nothing is raised
    for a cell.
    """
    return {name: typed_table(table, record.tables[name].columns, year) for name, table in raw.tables.items()}


def typed_table(table: pl.LazyFrame, columns: Mapping[str, ReturnColumn], year: int) -> pl.LazyFrame:
    """One table of text as types; see `typed`.

    Most cells of a file are in the few spellings that exports use. So cells are first looked up among those, by
    polars alone; only what a batch has left is read by Python, and only once for all its columns: a call of Python
    for each column and batch would take as long as the rest.
    """
    readings = {column: _reading(pl.col(column), entry, year) for column, entry in columns.items()}
    later = {column: reading.later for column, reading in readings.items() if reading.later}
    parts = table.select(*(reading.cell.alias(column) for column, reading in readings.items()), FILE, ROW)
    # A column is completed without the others, so one that nobody asks for need not even be scanned.
    whole = parts.map_batches(lambda batch: _completed(batch, later), projection_pushdown=True, streamable=True)
    return whole.select(
        *(pl.col(column).struct.field(VALUE).alias(column) if column in later else column for column in columns),
        *(
            pl.col(column).struct.field(UNREAD).alias(unreadable(column))
            for column, entry in columns.items()
            if entry.kind in UNSTRIPPED
        ),
        FILE,
        ROW,
    )


def _completed(batch: pl.DataFrame, later: Mapping[str, Later]) -> pl.DataFrame:
    """`batch` with what is unread in its columns of parts read by their `later`."""
    for place, column in enumerate(batch.get_columns()):
        if column.name in later:
            parts = column.struct.unnest()
            if parts.get_column(UNREAD).any():
                batch.replace_column(place, later[column.name](parts).to_struct(column.name))
    return batch


@dataclass(frozen=True)
class _Reading:
    """How a column is read: its `cell`; or, with `later`, the parts `TEXT`, `VALUE` and `UNREAD` of it.

    `later` completes `VALUE` and `UNREAD` of a batch in which the expression left a cell unread.
    """

    cell: pl.Expr
    later: Later | None = None


def _reading(cell: pl.Expr, entry: ReturnColumn, year: int) -> _Reading:
    text = pl.col(TEXT)
    match entry.kind:
        case ColumnKind.DATE | ColumnKind.BIRTH_DATE:
            number = _place(cell, EXPORTED_DAYS).cast(pl.Int32) % len(DAYS)
            day = (number + DAYS.to_physical()[0]).cast(pl.Date)
            return _in_turn(cell, day, [_day(text, *form) for form in DATE_FORMATS.items()])
        case ColumnKind.FLAG:
            low = text.str.to_lowercase().replace_strict(FLAGS, default=None, return_dtype=pl.Boolean)
            return _in_turn(cell, _place(cell, EXPORTED_FLAGS) % 2 == 1, [low])
        case ColumnKind.COUNT:
            number = (_place(cell, EXPORTED_COUNTS) // 2).cast(pl.Int32)
            return _in_turn(cell, number, [_whole(text), _whole(text.str.replace_all(r"\s|,", ""))])
        case ColumnKind.AMOUNT:
            return _in_turn(cell, _number(cell), [_number(text.str.replace_all(r"^£|\s|,", ""))])
        case ColumnKind.CODE:
            return _listed(cell, list(entry.allowed(year)))
        case ColumnKind.UPN:
            return _capitals(cell)
        case ColumnKind.ULN | ColumnKind.ESTABLISHMENT:
            return _Reading(cell.str.strip_suffix(".0"))
        case ColumnKind.POSTCODE:
            return _Reading(_postcode(cell))
        case _:
            return _Reading(cell)


def _place(cell: pl.Expr, spellings: pl.Enum) -> pl.Expr:
    """The place of a cell's text among `spellings`; null where it is none of them."""
    return cell.cast(spellings, strict=False).to_physical()


def _parts(text: pl.Expr, value: pl.Expr, unread: pl.Expr) -> pl.Expr:
    return pl.struct(text.alias(TEXT), value.alias(VALUE), unread.alias(UNREAD))


def _stripped(parts: pl.DataFrame) -> pl.DataFrame:
    return parts.with_columns(pl.col(TEXT).str.strip_chars().replace("", None))


def _in_turn(cell: pl.Expr, value: pl.Expr, readings: Sequence[pl.Expr]) -> _Reading:
    """By `value`, else by the first of `readings`, each of column `TEXT`, that reads the cell."""

    def later(parts: pl.DataFrame) -> pl.DataFrame:
        parts = _stripped(parts)
        for reading in readings:
            parts = parts.with_columns(pl.coalesce(VALUE, reading).alias(VALUE))
            if parts[VALUE].null_count() == parts[TEXT].null_count():
                break
        return parts.with_columns((pl.col(VALUE).is_null() & pl.col(TEXT).is_not_null()).alias(UNREAD))

    return _Reading(_parts(cell, value, value.is_null() & cell.is_not_null()), later)


def _listed(cell: pl.Expr, codes: list[str]) -> _Reading:
    """The code in the spelling of its list; one that is in no list stays unread."""

    def later(parts: pl.DataFrame) -> pl.DataFrame:
        code = _stripped(parts).select(_code(pl.col(TEXT), codes).alias(VALUE))
        return parts.with_columns(code[VALUE], (~code[VALUE].is_in(codes)).fill_null(False).alias(UNREAD))

    return _Reading(_parts(cell, cell, cell.is_not_null() & _place(cell, pl.Enum(codes)).is_null()), later)


def _capitals(cell: pl.Expr) -> _Reading:
    """A number in capitals, as it is if it has the right length and no byte after Z."""
    last = cell.cast(pl.Binary).bin.reinterpret(dtype=pl.Array(pl.UInt8, UPN_LENGTH)).arr.max()
    return _Reading(
        _parts(cell, cell, cell.is_not_null() & (last.is_null() | (last > ord("Z")))),
        lambda parts: parts.with_columns(pl.col(TEXT).str.to_uppercase().alias(VALUE)),
    )


def _day(text: pl.Expr, form: str, length: int) -> pl.Expr:
    """A date of one form, with or without a time of day; a day outside its month is no date."""
    day = text.str.head(length).str.to_date(form, strict=False)
    return pl.when(text.str.slice(length).str.contains(TIME_OF_DAY)).then(day)


def _number(text: pl.Expr) -> pl.Expr:
    number = text.cast(pl.Float64, strict=False)
    return pl.when(number.is_finite()).then(number)


def _whole(text: pl.Expr) -> pl.Expr:
    number = _number(text)
    return pl.when(number == number.floor()).then(number).cast(pl.Int32, strict=False)


def _code(text: pl.Expr, codes: list[str]) -> pl.Expr:
    """The code in the catalogue's case; a spreadsheet's `1.0` is the code `1`."""
    if any(code.isdigit() for code in codes):
        text = text.str.strip_suffix(".0")
    if all(code == code.upper() for code in codes):
        return text.str.to_uppercase()
    if all(code == code.lower() for code in codes):
        return text.str.to_lowercase()
    spelling = {code.lower(): code for code in codes}
    low = text.str.to_lowercase()
    return low.replace_strict(spelling, default=text, return_dtype=pl.String)


def _postcode(text: pl.Expr) -> pl.Expr:
    """Upper case, with one space before the last three characters, as registers and look-ups print it."""
    close = text.str.to_uppercase().str.replace_all(r"\s", "")
    return pl.when(close.is_not_null()).then(
        pl.concat_str(close.str.head(-3), pl.lit(" "), close.str.tail(3)).str.strip_chars_start()
    )
