"""Published text to number and status: the special markers that publishers write in place of a number.

Here: the marker tables and the one function that turns a text column into values and statuses.
Not here: anything that knows a file's layout.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from jsna_pipeline.errors import InputError
from jsna_pipeline.vocabulary import Status

# Explore Education Statistics: the government's symbols, their obsolete forms, and the leaks of
# spreadsheets and databases that real releases contain. An empty cell is "not published".
EES_MARKERS: dict[str, Status] = {
    "": Status.UNAVAILABLE,
    "c": Status.SUPPRESSED,
    "x": Status.UNAVAILABLE,
    "z": Status.NOT_APPLICABLE,
    "low": Status.ROUNDS_TO_ZERO,
    "k": Status.ROUNDS_TO_ZERO,
    "u": Status.LOW_RELIABILITY,
    ":": Status.UNAVAILABLE,
    "~": Status.ROUNDS_TO_ZERO,
    "..": Status.UNAVAILABLE,
    ".": Status.NOT_APPLICABLE,
    "-": Status.UNAVAILABLE,
    "NULL": Status.UNAVAILABLE,
    "null": Status.UNAVAILABLE,
    "#DIV/0!": Status.NOT_APPLICABLE,
    "NA": Status.UNAVAILABLE,
    "NaN": Status.UNAVAILABLE,
    "Low": Status.ROUNDS_TO_ZERO,
    "LOW": Status.ROUNDS_TO_ZERO,
}

NHS_MARKERS: dict[str, Status] = {
    "*": Status.SUPPRESSED,
    "": Status.UNAVAILABLE,
    "-": Status.UNAVAILABLE,
    "NULL": Status.UNAVAILABLE,
}

# The longest text that a message repeats: `#DIV/0!` is the longest marker and is known; publishers'
# new ones (`low`, `supp`, `n/a`) are shorter than any name with its initial or any number of a person.
LONGEST_MARKER = 6


def parse_values(
    text: pd.Series, *, markers: dict[str, Status], file: str, column: str, lines: pd.Series
) -> tuple[pd.Series, pd.Series]:
    """A text column as `(values float64, status str)`; a marker is null with its status, never 0.

    `lines` are the file's line numbers, aligned with `text`. Thousands separators and a trailing
    percent sign are understood. Raises InputError for a text that is neither a number nor a marker,
    naming file, column and line.
    """
    # A release repeats a few thousand different texts over tens of thousands of rows: each is read once.
    place, distinct = pd.factorize(text.fillna("").astype(str))
    stripped = pd.Series(distinct).astype("str").str.strip()
    values = _values_of(stripped)
    unknown = values.isna() & ~stripped.isin(list(markers))
    if unknown.any():
        first = int(unknown.to_numpy().argmax())
        raise _unknown_marker(stripped[first], file, column, int(lines.iloc[(place == first).argmax()]), markers)
    status = stripped.where(values.isna(), Status.OK.value).map(
        {Status.OK.value: Status.OK.value} | {marker: status.value for marker, status in markers.items()}
    )
    return values.take(place).set_axis(text.index), status.take(place).set_axis(text.index)


def _values_of(stripped: pd.Series) -> pd.Series:
    """Text as float64, null where it is no number even without its separators and its percent sign."""
    values = _numbers(stripped)
    odd = values.isna()
    tidied = stripped[odd].str.removesuffix("%").str.strip()
    # Only commas that stand between groups of three are separators: `38,7` is not 387.
    grouped = tidied.str.fullmatch(r"[+-]?\d{1,3}(?:,\d{3})+(?:\.\d+)?")
    tidied = tidied.mask(grouped, tidied.str.replace(",", "", regex=False))
    return values.where(~odd, _numbers(tidied).reindex(values.index))


def _numbers(text: pd.Series) -> pd.Series:
    """Text as float64, null where it is not a finite number (`inf` and `1e999` are none)."""
    return pd.to_numeric(text, errors="coerce").astype("float64").replace([np.inf, -np.inf], np.nan)


def _unknown_marker(marker: str, file: str, column: str, line: int, markers: dict[str, Status]) -> InputError:
    known = ", ".join(repr(known) for known in markers if known)
    return InputError(
        f"{file}: column {column!r}, line {line}: {shown(marker)} is neither a number nor a known marker "
        f"({known}); correct the file, or add the marker to readers/markers.py once its meaning is known."
    )


def shown(text: str) -> str:
    """`text` as a message may print it: quoted where it can only be a marker, else described by its length.

    Messages reach logs and Dagster's event store. What is longer than a marker, or mixes letters and
    digits as pupil, NHS and case numbers do, may identify a person and is not repeated.
    """
    mixed = any(letter.isdigit() for letter in text) and any(letter.isalpha() for letter in text)
    if mixed or len(text) > LONGEST_MARKER:
        return f"a text of {len(text)} characters"
    return repr(text)
