"""Every printed share against its counts, to the printed digit.

Here: the rule `share_from_counts`. Not here: what else a share that fails follows from (`derivations.py`)
or the classes (`classes.py`).
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from jsna_pipeline.catalogue.arithmetic import PrintedShare
from jsna_pipeline.reconciliation import classes, derivations
from jsna_pipeline.reconciliation.derivations import EXACT, expected, sum_of
from jsna_pipeline.reconciliation.exceptions import NONE, Found, HeldTable, InColumn, IntArray, exceptions, in_columns
from jsna_pipeline.statistics import rounding
from jsna_pipeline.statistics.proportions import FloatArray
from jsna_pipeline.vocabulary import ExceptionClass, ReconciliationRule

Proof = Callable[[HeldTable, PrintedShare, pd.DataFrame], pd.Series]
OTHER_WHOLES: list[Proof] = [
    derivations.sum_of_parts,
    derivations.contradiction,
    derivations.exchanged,
    derivations.other_whole,
    derivations.larger_area,
]
RULE = ReconciliationRule.SHARE_FROM_COUNTS


def find(held: HeldTable, suspects: pd.DataFrame = classes.NO_SUSPECTS) -> Found:
    """Exceptions and coverage of every share that the dataset prints beside its counts.

    A share is compared where it is printed and its counts are known. `suspects` are counts that another
    rule shows to be wrong: dataset_id, column, source_file, source_line, evidence.
    """
    own = suspects.loc[suspects["dataset_id"].eq(held.dataset_id)]
    return in_columns(held, RULE, (_compare(held, share, own) for share in held.arithmetic.shares))


def _compare(held: HeldTable, share: PrintedShare, suspects: pd.DataFrame) -> InColumn:
    printed = held.column(share.published)
    for name, values in share.rows.items():
        printed = np.where(held.matching(name, values), printed, np.nan)
    whole = _whole(held, share)
    compared = np.flatnonzero(~np.isnan(printed + held.sum_of(share.numerator) + whole))
    tally = share.published, compared.size, int((~np.isnan(printed)).sum()) - compared.size
    least, most = _bounds(held, share, whole, compared)
    # A publisher that prints a share with all its digits is held to as many as the record names.
    digits = rounding.half_up_value(printed[compared], share.decimals)
    broken = compared[~((digits >= least - EXACT) & (digits <= most + EXACT))]
    if not broken.size:
        return tally, NONE
    rows = held.table.take(broken)  # a proof may look at any column
    denominator = pd.Series(whole[broken], broken)
    judged = _judged(held, share, rows, denominator, suspects)
    gives = expected(share, sum_of(rows, share.numerator), denominator)
    return tally, exceptions(held, RULE, share.published, rows, gives, judged)


def _whole(held: HeldTable, share: PrintedShare) -> FloatArray:
    """What the share is of: in its own row, or in the row of the same place and period that holds the whole."""
    whole = held.sum_of(share.denominator)
    if not share.whole_in:
        return whole
    groups = [name for name in held.group if name not in share.whole_in]
    place = held.numbers("area_code", "period", *groups)
    held_in = np.logical_and.reduce([held.matching(name, [value]) for name, value in share.whole_in.items()])
    rows = np.flatnonzero(held_in)[::-1]  # of several, the first counts
    wholes = np.full(place.max() + 1, np.nan)
    wholes[place[rows]] = whole[rows]
    return wholes[place]


def _bounds(held: HeldTable, share: PrintedShare, whole: FloatArray, rows: IntArray) -> tuple[FloatArray, FloatArray]:
    """The least and the most that counts may give which were rounded, for print; `rows` are compared.

    Without rounding both are the one share that the counts give.
    """
    numerator, denominator, rounded = held.sum_of(share.numerator)[rows], whole[rows], held.rounding[rows]

    def gives(top: FloatArray, bottom: FloatArray) -> FloatArray:
        return rounding.half_up(top, bottom, share.decimals, share.multiplier)

    if not rounded.any():
        exact = gives(numerator, denominator)
        return exact, exact
    above, below = len(share.numerator) * rounded, len(share.denominator) * rounded
    smallest = denominator - below
    least = gives(np.maximum(numerator - above, 0), denominator + below)
    most = gives(numerator + above, np.where(smallest > 0, smallest, np.nan))
    # Counts that may round a single child to nothing, or nothing to five, bound a share by nothing at all.
    return least, np.where((smallest > 0) | (rounded == 0), most, np.inf)


def _judged(
    held: HeldTable, share: PrintedShare, rows: pd.DataFrame, denominator: pd.Series, suspects: pd.DataFrame
) -> pd.DataFrame:
    numerator = sum_of(rows, share.numerator)
    columns = [share.published, *share.numerator, *share.denominator]

    def proof(prove: Proof) -> Callable[[pd.Index], pd.Series]:
        return lambda labels: prove(held, share, rows.loc[labels])

    def documented(labels: pd.Index) -> pd.Series:
        said = classes.documented_footnote(held.arithmetic.footnotes, rows.loc[labels], columns)
        if share.whole_in:
            return said
        parts = derivations.sum_of_parts(held, share, rows.loc[labels])
        return said.where(said.eq("") | parts.eq(""), said + " " + parts)

    defects: list[Proof] = [derivations.left_at_zero]
    if not share.whole_in:  # the others try other wholes for all shares of one row
        defects += OTHER_WHOLES
    counts = classes.counted(numerator) + " of " + classes.counted(denominator)
    return classes.judge(
        [
            (ExceptionClass.ROUNDING_TIE, classes.rounding_tie(share, numerator, denominator, rows[share.published])),
            (ExceptionClass.DOCUMENTED_FOOTNOTE, documented),
            (ExceptionClass.SOURCE_DEFECT, derivations.share_of_nothing(share, rows, denominator)),
            *[(ExceptionClass.SOURCE_DEFECT, proof(prove)) for prove in defects],
            (ExceptionClass.SOURCE_DEFECT, classes.suspect_counts(rows, columns, suspects)),
        ],
        otherwise="The counts are " + counts + "; nothing in the release explains the difference.",
    )
