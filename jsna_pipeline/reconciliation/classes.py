"""The classes of an exception: why a published figure breaks a rule, as far as rules can tell.

Here: one function for each class of exception, answering with the sentence that it rests on (blank where
it does not apply), and the order in which they are asked. Not here: what else a printed share follows
from (`derivations.py`), or finding the exceptions.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cache
from typing import TypeAlias

import numpy as np
import pandas as pd

from jsna_pipeline import geography
from jsna_pipeline.catalogue.arithmetic import Footnote, PrintedShare
from jsna_pipeline.statistics import rounding
from jsna_pipeline.vocabulary import ExceptionClass, ReconciliationRule

LINE = ["source_file", "source_line"]
SUMS = [
    ReconciliationRule.PARTS_AND_WHOLE.value,
    ReconciliationRule.LEVELS_ADD_UP.value,
    ReconciliationRule.CATEGORIES_ADD_UP.value,
]
Reason: TypeAlias = pd.Series | Callable[[pd.Index], pd.Series]
NO_SUSPECTS = pd.DataFrame(columns=["dataset_id", "column", *LINE, "evidence"]).astype(
    dict.fromkeys(["dataset_id", "column", "source_file", "evidence"], "str") | {"source_line": "int64"}
)


def judge(reasons: Iterable[tuple[ExceptionClass, Reason]], otherwise: pd.Series) -> pd.DataFrame:
    """The first class with a sentence, for each exception; unexplained, with `otherwise`, where none has one.

    A reason is the sentences, aligned with `otherwise`, or a function that gives them for the labels of the
    exceptions that no earlier reason explains. Columns: exception_class, evidence.
    """
    judged = pd.DataFrame({"exception_class": ExceptionClass.UNEXPLAINED.value, "evidence": otherwise})
    open_ = otherwise.index
    for kind, reason in reasons:
        if open_.empty:
            break
        sentence = reason(open_) if callable(reason) else reason[open_]
        told = sentence[sentence.ne("")]
        if told.empty:
            continue
        judged.loc[told.index, "exception_class"] = kind.value
        judged.loc[told.index, "evidence"] = told
        open_ = open_.difference(told.index)
    return judged


def rounding_tie(share: PrintedShare, numerator: pd.Series, denominator: pd.Series, published: pd.Series) -> pd.Series:
    """The exact share lies halfway between two printable ones, and the publisher printed the lower.

    Half up gives the upper; half to even, and division in binary floating point, often the lower.
    """
    step = 10.0**-share.decimals
    doubled = 2 * numerator * share.multiplier * 10**share.decimals
    whole = denominator.gt(0) & (doubled % denominator.where(denominator.gt(0))).eq(0)
    halfway = whole & (doubled / denominator % 2).eq(1)
    upper = pd.Series(rounding.half_up(numerator, denominator, share.decimals, share.multiplier), index=numerator.index)
    tie = halfway & np.isclose(published, upper - step, rtol=0, atol=step / 1000)
    even = (published / step).round() % 2 == 0
    exact = (upper - step / 2).map(f"{{:.{share.decimals + 1}f}}".format)
    sentence = (
        counted(numerator) + " of " + counted(denominator) + " is exactly " + exact + ", halfway: half up gives "
        + printed(upper, share) + ", and " + printed(published, share) + " is printed"
    )  # fmt: skip
    return (sentence + np.where(even, " (half to even).", " (rounded down).")).where(tie, "")


def documented_footnote(
    footnotes: Sequence[Footnote], rows: pd.DataFrame, columns: Iterable[str], *, adds_areas: bool = False
) -> pd.Series:
    """A footnote of the release speaks of the area, period, breakdown and one of the columns.

    What was not returned, or in part, is also lacking from the region and from England; a figure that was
    counted otherwise is the named area's own, unless areas are added up (`adds_areas`). A footnote without
    areas and periods defines a figure, for all alike, and excuses none.
    """
    said = pd.Series("", index=rows.index, dtype="str")
    for note in reversed(footnotes):  # the first that applies is the one told
        defines = not note.areas and not note.periods
        if defines or not note.is_documented or (note.columns and not set(note.columns) & set(columns)):
            continue
        applies = _covers(note, rows, wider=adds_areas or note.effect != "other_basis")
        said = said.mask(applies, f"{note.where[:1].upper()}{note.where[1:]}: {note.says.rstrip('.')}.")
    return said


def _covers(note: Footnote, rows: pd.DataFrame, *, wider: bool) -> pd.Series:
    applies = pd.Series(True, index=rows.index)
    if note.areas:
        affected = _with_larger_areas(tuple(note.areas)) if wider else set(note.areas)
        applies &= rows["area_code"].isin(affected)
    if note.periods:
        applies &= rows["period"].isin(note.periods)
    if note.dimensions:
        applies &= rows["dimension"].isin(note.dimensions)
    return applies


@cache
def _with_larger_areas(codes: tuple[str, ...]) -> set[str]:
    """The areas, their regions and England."""
    return {*codes, *geography.attributes(pd.Series(codes))["region_code"].dropna(), geography.ENGLAND}


def suspect_counts(rows: pd.DataFrame, columns: Iterable[str], suspects: pd.DataFrame) -> pd.Series:
    """Another rule shows one of the row's own counts to be repeated or impossible."""
    said = pd.Series("", index=rows.index, dtype="str")
    if rows.empty or suspects.empty:
        return said
    wanted = suspects.loc[suspects["column"].isin(list(columns))]
    told = rows[LINE].reset_index(names="row").merge(wanted, on=LINE).drop_duplicates("row").set_index("row")
    said.loc[told.index] = "A count of the row is itself in doubt (" + told["column"] + "). " + told["evidence"]
    return said


def corroborated(found: pd.DataFrame) -> pd.DataFrame:
    """`found` with totals that two ways of adding up contradict alike made defects of the source.

    The parts of the row, its categories and its smaller areas are counted apart; where two of them agree on
    another number, the printed total is the one that is wrong.
    """
    cell = ["dataset_id", "column", *LINE, "area_code", "period", "expected"]
    sums = found.loc[found["rule"].isin(SUMS)]
    way = (sums["rule"] + " " + sums["dimension"]).rename("way")
    ways = way.groupby([sums[name] for name in cell]).transform("nunique").reindex(found.index, fill_value=0)
    agree = ways.gt(1) & found["exception_class"].eq(ExceptionClass.UNEXPLAINED.value)
    sentence = ways.astype("str") + " ways of adding up agree on " + counted(found["expected"]) + "."
    return found.assign(
        exception_class=found["exception_class"].mask(agree, ExceptionClass.SOURCE_DEFECT.value),
        evidence=found["evidence"].mask(agree, found["evidence"] + " " + sentence),
    )


def counted(numbers: pd.Series) -> pd.Series:
    """Numbers as a sentence says them: whole, with commas; `nothing known` for a missing one."""
    return numbers.map(lambda number: "nothing known" if pd.isna(number) else f"{number:,.10g}").astype("str")


def printed(shares: pd.Series, share: PrintedShare) -> pd.Series:
    """Shares with the decimals of their column."""
    return shares.map(f"{{:.{share.decimals}f}}".format).astype("str")
