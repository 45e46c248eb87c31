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
TEXT, VALUE, LEFT = "text", "value", "left"


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

    A file has one form, and most of its cells are in the few spellings that exports use. So the cells are first
    looked up among those, in polars alone; only for a batch in which cells are left does Python read them, one
    form after the other.
    """
    readings = {column: _reading(pl.col(column), entry, year) for column, entry in columns.items()}
    texts = {column: _text(pl.col(column), entry.kind) for column, entry in columns.items()}
    later = {column: reading.later for column, reading in readings.items() if reading}
    read = [reading.cells().alias(column) if reading else texts[column] for column, reading in readings.items()]
    values = [pl.col(column).struct.field(VALUE).alias(column) if column in later else column for column in columns]
    marks = [
        pl.col(column).struct.field(LEFT).alias(unreadable(column))
        for column, entry in columns.items()
        if entry.kind in UNSTRIPPED
    ]
    # Each column is read apart from the others, so those that nobody asks for need not be scanned.
    whole = table.select(*read, FILE, ROW).map_batches(
        lambda batch: _with_the_rest(batch, later), projection_pushdown=True, streamable=True
    )
    return whole.select(*values, *marks, FILE, ROW)


def _with_the_rest(batch: pl.DataFrame, later: Mapping[str, Later]) -> pl.DataFrame:
    """`batch` with its structs of text, value and what is left completed where anything is left."""
    for place, column in enumerate(batch.get_columns()):
        if column.name in later:
            parts = column.struct.unnest()
            if parts.get_column(LEFT).any():
                batch.replace_column(place, later[column.name](parts).to_struct(column.name))
    return batch


Later = Callable[[pl.DataFrame], pl.DataFrame]


@dataclass(frozen=True)
class _Reading:
    """How a column is read: `value` and `left`, whether there is more to do, at once; the rest by `later`.

    `later` is given a batch's columns `TEXT`, `VALUE` and `LEFT`, and completes the latter two.
    """

    text: pl.Expr
    value: pl.Expr
    left: pl.Expr
    later: Later

    def cells(self) -> pl.Expr:
        return pl.struct(self.text.alias(TEXT), self.value.alias(VALUE), self.left.alias(LEFT))


def _reading(cell: pl.Expr, entry: ReturnColumn, year: int) -> _Reading | None:
    """How `cell` is read if that may take two steps."""
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
            codes = list(entry.allowed(year))
            code = _code(text, codes)
            unlisted = cell.is_not_null() & _place(cell, pl.Enum(codes)).is_null()
            return _Reading(
                cell,
                cell,
                unlisted,
                lambda parts: _stripped(parts).with_columns(
                    code.alias(VALUE), (~code.is_in(codes)).fill_null(False).alias(LEFT)
                ),
            )
        case ColumnKind.UPN:
            last = cell.cast(pl.Binary).bin.reinterpret(dtype=pl.Array(pl.UInt8, UPN_LENGTH)).arr.max()
            small = cell.is_not_null() & (last <= ord("Z")).fill_null(False).not_()
            return _Reading(cell, cell, small, lambda parts: parts.with_columns(text.str.to_uppercase().alias(VALUE)))
        case _:
            return None


def _place(cell: pl.Expr, spellings: pl.Enum) -> pl.Expr:
    """The place of a cell's text among `spellings`; null where it is none of them."""
    return cell.cast(spellings, strict=False).to_physical()


def _in_turn(cell: pl.Expr, value: pl.Expr, readings: Sequence[pl.Expr]) -> _Reading:
    """`cell` by `value`, else by the first of `readings`, each of column `TEXT`, that reads it."""

    def later(parts: pl.DataFrame) -> pl.DataFrame:
        parts = _stripped(parts)
        for reading in readings:
            parts = parts.with_columns(pl.coalesce(VALUE, reading).alias(VALUE))
            if parts[VALUE].null_count() == parts[TEXT].null_count():
                break
        return parts.with_columns((pl.col(VALUE).is_null() & pl.col(TEXT).is_not_null()).alias(LEFT))

    return _Reading(cell, value, value.is_null() & cell.is_not_null(), later)


def _stripped(parts: pl.DataFrame) -> pl.DataFrame:
    return parts.with_columns(pl.col(TEXT).str.strip_chars().replace("", None))


def _text(cell: pl.Expr, kind: ColumnKind) -> pl.Expr:
    """What stays text and is read in one step."""
    match kind:
        case ColumnKind.ULN | ColumnKind.ESTABLISHMENT:
            return cell.str.strip_suffix(".0")
        case ColumnKind.POSTCODE:
            return _postcode(cell)
        case _:
            return cell


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
