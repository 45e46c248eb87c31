"""What a printed share follows from, where it does not follow from the counts beside it.

Here: proofs from other figures of the same release: another whole, the sum of the parts, a larger area,
the total without areas that returned nothing else, a pair of shares that contradict each other. Each
answers with a sentence, blank where it proves nothing. Not here: what class of exception that makes it
(`classes.py`).

A proof must hold for every share that is printed of the same whole in that row: one printed digit agrees
with some other number by chance too easily.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from jsna_pipeline import geography
from jsna_pipeline.catalogue.arithmetic import PartsOfWhole, PrintedShare
from jsna_pipeline.reconciliation.classes import counted, printed
from jsna_pipeline.reconciliation.exceptions import HeldTable
from jsna_pipeline.statistics import rounding
from jsna_pipeline.vocabulary import AreaLevel

EXACT = 1e-9


def family(held: HeldTable, share: PrintedShare) -> list[PrintedShare]:
    """The shares that are printed of the same whole, `share` among them."""
    return [
        other
        for other in held.arithmetic.shares
        if (other.denominator, other.multiplier) == (share.denominator, share.multiplier) and not other.whole_in
    ]


def sum_of(rows: pd.DataFrame, columns: Sequence[str]) -> pd.Series:
    """The columns added; null where any is."""
    first, *others = columns
    return sum((rows[name] for name in others), rows[first])


def expected(share: PrintedShare, numerator: pd.Series, denominator: pd.Series) -> pd.Series:
    """The share that the counts give, at the printed digit."""
    return pd.Series(rounding.half_up(numerator, denominator, share.decimals, share.multiplier), index=numerator.index)


def all_follow(held: HeldTable, share: PrintedShare, rows: pd.DataFrame, whole: pd.Series) -> pd.Series:
    """Whether every printed share of the family follows from `whole` in place of its own denominator."""
    follow = whole.to_numpy() > 0
    for other in family(held, share):
        published = rows[other.published].to_numpy()
        gives = rounding.half_up(sum_of(rows, other.numerator), whole, other.decimals, other.multiplier)
        follow &= np.isnan(published) | (np.abs(gives - published) < EXACT)
    return pd.Series(follow, index=rows.index)


def share_of_nothing(share: PrintedShare, rows: pd.DataFrame, denominator: pd.Series) -> pd.Series:
    """A share is printed of a whole of 0, which has none."""
    sentence = printed(rows[share.published], share) + " is printed as a share of a whole that is printed as 0."
    return sentence.where(denominator.eq(0), "")


def left_at_zero(held: HeldTable, share: PrintedShare, rows: pd.DataFrame) -> pd.Series:
    """The column is 0 in every row of the area and period, though there are counts to take shares of."""
    place = held.numbers("area_code", "period")
    most = pd.Series(held.column(share.published)).groupby(place).max()
    zero = most.loc[place[rows.index]].set_axis(rows.index).eq(0)
    sentence = "0 is printed in every row of " + rows["area_name"] + " for " + rows["period"]
    return (sentence + ", though counts are printed beside it.").where(zero, "")


def contradiction(held: HeldTable, share: PrintedShare, rows: pd.DataFrame) -> pd.Series:
    """The printed shares of all parts of a whole do not add up to 100, further off than rounding takes them.

    Rounding half up moves each share by at most half a step and never a whole half down, so two shares that
    make up a whole add up to 100.0 or 100.1 and never to 99.9.
    """
    said = pd.Series("", index=rows.index, dtype="str")
    shares = family(held, share)
    complete = _make_up_a_whole(held, share, shares, rows)
    total = sum_of(rows, [other.published for other in shares])
    error, room = (total - share.multiplier).round(6), len(shares) * 10.0**-share.decimals / 2
    wrong = complete & total.notna() & (error.gt(room + EXACT) | error.le(-room + EXACT))
    if not wrong.any():
        return said
    parts = printed(rows[shares[0].published], share)
    for other in shares[1:]:
        parts = parts + " and " + printed(rows[other.published], share)
    sentence = parts + " are printed of one whole and add up to " + printed(total, share) + ", not "
    sentence += f"{share.multiplier:g}" + _common_whole(shares, rows)
    return sentence.where(wrong, said)


def _make_up_a_whole(held: HeldTable, share: PrintedShare, shares: list[PrintedShare], rows: pd.DataFrame) -> pd.Series:
    """Rows in which the numerators of the family are all the parts of its denominator."""
    numerators = sorted(name for other in shares for name in other.numerator)
    if numerators == sorted(share.denominator):
        return pd.Series(True, index=rows.index)
    whole = pd.Series(False, index=rows.index)
    for record in _parts_of(held, share):
        if sorted(record.parts) == numerators:
            whole |= in_periods(record, rows["period"])
    return whole


def _common_whole(shares: list[PrintedShare], rows: pd.DataFrame) -> pd.Series:
    """The whole numbers that would give all printed shares at once, as the end of a sentence."""
    least = pd.Series(0.0, index=rows.index)
    most = pd.Series(np.inf, index=rows.index)
    numerator = sum((sum_of(rows, share.numerator) for share in shares), pd.Series(0.0, index=rows.index))
    for share in shares:
        half, count = 10.0**-share.decimals / 2, sum_of(rows, share.numerator) * share.multiplier
        below = rows[share.published] - half
        least = np.maximum(least, count / (rows[share.published] + half))
        most = np.minimum(most, (count / below).where(below.gt(0), np.inf))
    first, last = np.floor(least + EXACT) + 1, np.floor(most + EXACT)
    exists = np.isfinite(last) & last.ge(first) & first.gt(numerator)
    span = counted(first).where(first.eq(last), "between " + counted(first) + " and " + counted(last))
    counts = counted(numerator)
    return ("; all follow from a whole of " + span + ", where the counts printed add up to " + counts + ".").where(
        exists, "."
    )


def sum_of_parts(held: HeldTable, share: PrintedShare, rows: pd.DataFrame) -> pd.Series:
    """All shares follow from the sum of the parts, where the whole that is printed is another number."""
    said = pd.Series("", index=rows.index, dtype="str")
    for record in _parts_of(held, share):
        parts, whole = sum_of(rows, record.parts), rows[record.whole]
        follow = in_periods(record, rows["period"]) & parts.ne(whole) & all_follow(held, share, rows, parts)
        if not follow.any():
            continue
        sentence = _follows(share, rows, parts) + ", the sum of the parts, and not from the " + counted(whole)
        sentence += " printed as their whole" + _whose(held, record.whole, rows) + "."
        said = said.mask(follow & said.eq(""), sentence)
    return said


def _parts_of(held: HeldTable, share: PrintedShare) -> list[PartsOfWhole]:
    return [record for record in held.arithmetic.parts if [record.whole] == share.denominator]


def in_periods(record: PartsOfWhole, periods: pd.Series) -> pd.Series:
    """Whether the parts are said to make up the whole in each period; labels of one kind sort by time."""
    applies = pd.Series(True, index=periods.index)
    if record.from_period:
        applies &= periods.ge(record.from_period)
    if record.to_period:
        applies &= periods.le(record.to_period)
    return applies


def larger_area(held: HeldTable, share: PrintedShare, rows: pd.DataFrame) -> pd.Series:
    """All shares are those of the region, or of England, printed for a smaller area."""
    said = pd.Series("", index=rows.index, dtype="str")
    for codes in larger_areas(rows):
        columns = {name for other in family(held, share) for name in (*other.numerator, *other.denominator)}
        theirs = in_area(held, codes, rows, sorted(columns))
        theirs[[other.published for other in family(held, share)]] = rows[[s.published for s in family(held, share)]]
        follow = codes.ne(rows["area_code"]) & all_follow(held, share, theirs, sum_of(theirs, share.denominator))
        names = geography.attributes(codes)["area_name"]
        sentence = printed(rows[share.published], share) + " follows from the counts of " + names + "."
        said = said.mask(follow & said.eq(""), sentence)
    return said


def other_whole(held: HeldTable, share: PrintedShare, rows: pd.DataFrame) -> pd.Series:
    """All shares follow from another whole of the same row: with exceptions for without, met for decided."""
    said = pd.Series("", index=rows.index, dtype="str")
    wholes = {tuple(other.denominator) for other in held.arithmetic.shares if not other.whole_in}
    wholes |= {(record.whole,) for record in held.arithmetic.parts}
    wholes |= {(bound.whole,) for bound in held.arithmetic.bounds}
    for columns in sorted(wholes - {tuple(share.denominator)}):
        whole = sum_of(rows, columns)
        follow = whole.ne(sum_of(rows, share.denominator)) & all_follow(held, share, rows, whole)
        sentence = _follows(share, rows, whole) + ", the whole of " + " and ".join(columns) + "."
        said = said.mask(follow & said.eq(""), sentence)
    return said


def exchanged(held: HeldTable, share: PrintedShare, rows: pd.DataFrame) -> pd.Series:
    """Two shares of the family stand in each other's column."""
    said = pd.Series("", index=rows.index, dtype="str")
    whole, own = sum_of(rows, share.denominator), rows[share.published]
    for other in family(held, share):
        theirs = expected(other, sum_of(rows, other.numerator), whole)
        ours = expected(share, sum_of(rows, share.numerator), whole)
        swapped = (theirs - own).abs().lt(EXACT) & (ours - rows[other.published]).abs().lt(EXACT) & ours.ne(theirs)
        sentence = printed(own, share) + f" is the share of {other.published}, and the other way about."
        said = said.mask(swapped & said.eq(""), sentence)
    return said


def _follows(share: PrintedShare, rows: pd.DataFrame, whole: pd.Series) -> pd.Series:
    counts = counted(sum_of(rows, share.numerator)) + " of " + counted(whole)
    return printed(rows[share.published], share) + " follows from " + counts


def larger_areas(rows: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
    """The codes of the region and of England for each row."""
    regions = geography.attributes(rows["area_code"])["region_code"].fillna("")
    return regions, pd.Series(geography.ENGLAND, index=rows.index)


def in_area(held: HeldTable, codes: pd.Series, rows: pd.DataFrame, columns: Sequence[str]) -> pd.DataFrame:
    """The columns of each row's period and group in another area; null where that has no row."""
    areas = held.factorized("area_code")[1].get_indexer(codes)
    at = held.elsewhere(rows.index.to_numpy(), areas)
    theirs = {name: np.where(at >= 0, held.column(name)[at], np.nan) for name in columns}
    return pd.DataFrame(theirs, index=rows.index)


def _whose(held: HeldTable, column: str, rows: pd.DataFrame) -> pd.Series:
    """` (the figure of North West)` where the row's count is the larger area's."""
    whose = pd.Series("", index=rows.index, dtype="str")
    for codes in larger_areas(rows):
        same = codes.ne(rows["area_code"]) & in_area(held, codes, rows, [column])[column].eq(rows[column])
        named = " (the figure of " + geography.attributes(codes)["area_name"].astype("str") + ")"
        whose = whose.mask(same & whose.eq(""), named)
    return whose


def total_of_larger_area(held: HeldTable, column: str, rows: pd.DataFrame, sums: pd.Series) -> pd.Series:
    """The total that is printed is that of the region or of England, where this area's parts give another."""
    whose = _whose(held, column, rows)
    sentence = "The " + counted(rows[column]) + " printed is " + whose.str.strip(" ()") + "; the parts of this area "
    return (sentence + "add up to " + counted(sums) + ".").where(whose.ne(""), "")


def carried_from_smaller_areas(held: HeldTable, rows: pd.DataFrame, shortfalls: pd.Series) -> pd.Series:
    """The total misses its parts by just what those of its smaller areas miss theirs, and names them.

    `shortfalls` are those of every row of the table, printed less added, null where there is none.
    """
    keys = ["area_code", "period", "dimension", "category", *held.filters]
    shortfall, missing = shortfalls[rows.index], shortfalls[shortfalls.fillna(0).ne(0)]
    small = held.rows(missing.index, [])
    region = geography.attributes(small["area_code"])["region_code"]
    above = region.where(small["area_level"].eq(AreaLevel.LOCAL_AUTHORITY.value), geography.ENGLAND)
    lines = small[keys].assign(area_code=above, area=small["area_name"], missed=missing)
    lines = lines.loc[above.ne(small["area_code"])]
    joined = lines.groupby(keys).agg(missed=("missed", "sum"), areas=("area", lambda names: ", ".join(names[:3])))
    place = pd.MultiIndex.from_frame(rows[keys])
    theirs = joined.reindex(place).set_axis(rows.index)
    sentence = "It is " + counted(shortfall) + " more than its parts, as the figures of " + theirs["areas"] + " are."
    return sentence.where(theirs["missed"].eq(shortfall), "")
