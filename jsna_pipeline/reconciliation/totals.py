"""Totals against what they are totals of: columns, smaller areas, and categories.

Here: the rules `parts_and_whole` (columns of one row), `levels_add_up` (authorities, regions, England) and
`categories_add_up` (the groups of a breakdown). Not here: shares (`shares.py`), or limits that a part may
not exceed (`impossible.py`).

Counts that the publisher rounded may miss their total by the rounding of each addend and of the total.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache

import numpy as np
import pandas as pd

from jsna_pipeline import geography
from jsna_pipeline.catalogue.arithmetic import PartsOfWhole
from jsna_pipeline.periods import period_end
from jsna_pipeline.reconciliation import classes, derivations
from jsna_pipeline.reconciliation.derivations import EXACT
from jsna_pipeline.reconciliation.exceptions import (
    NONE,
    BoolArray,
    Found,
    HeldTable,
    InColumn,
    IntArray,
    coverage_of_columns,
    exceptions,
    in_columns,
    together,
)
from jsna_pipeline.statistics.proportions import FloatArray
from jsna_pipeline.vocabulary import TOTAL, AreaLevel, ExceptionClass, ReconciliationRule

DEFECT, DOCUMENTED = ExceptionClass.SOURCE_DEFECT, ExceptionClass.DOCUMENTED_FOOTNOTE


@dataclass(frozen=True)
class Sums:
    """Totals beside the sums of their parts, one line for each.

    `rows` are the numbers of the totals' rows in the core table; `sums` and `known` (no part is null) have a
    column for each of the record's `levels`; `room` is what rounding of the parts and of the total may come
    to, `size` how many parts there are and `named` what they are. Parts (`addends`, numbers of rows) and
    totals with the same number in `inside` and `of` belong together.
    """

    rows: IntArray
    of: IntArray
    sums: FloatArray
    known: BoolArray
    room: FloatArray
    size: IntArray
    named: str
    addends: IntArray
    inside: IntArray


# --- columns of one row -------------------------------------------------------------------------------


def parts_and_whole(held: HeldTable, suspects: pd.DataFrame = classes.NO_SUSPECTS) -> Found:
    """Columns that make up another column of their row."""
    own = suspects.loc[suspects["dataset_id"].eq(held.dataset_id)]
    rule = ReconciliationRule.PARTS_AND_WHOLE
    return in_columns(held, rule, (_parts(held, record, own) for record in held.arithmetic.parts))


def _parts(held: HeldTable, record: PartsOfWhole, suspects: pd.DataFrame) -> InColumn:
    added = np.add.reduce([held.addend(name) for name in record.parts])
    whole = np.where(derivations.in_periods(record, held.table["period"]), held.column(record.whole), np.nan)
    missed = whole - added
    compared = int((~np.isnan(missed)).sum())
    tally = record.whole, compared, int((~np.isnan(whole)).sum()) - compared
    room = held.rounding * (len(record.parts) + 1) + EXACT
    broken = np.flatnonzero(np.abs(missed) > room)
    if not broken.size:
        return tally, NONE
    columns = [record.whole, *record.parts]
    rows, sums = held.rows(broken, columns), pd.Series(added[broken], broken)
    judged = classes.judge(
        [
            (DOCUMENTED, classes.documented_footnote(held.arithmetic.footnotes, rows, columns)),
            (DEFECT, derivations.total_of_larger_area(held, record.whole, rows, sums)),
            (DEFECT, derivations.carried_from_smaller_areas(held, rows, pd.Series(missed))),
            (DEFECT, classes.suspect_counts(rows, columns, suspects)),
        ],
        otherwise=f"The {len(record.parts)} parts add up to " + classes.counted(sums) + ".",
    )
    return tally, exceptions(held, ReconciliationRule.PARTS_AND_WHOLE, record.whole, rows, sums, judged)


# --- smaller areas ------------------------------------------------------------------------------------


def levels_add_up(held: HeldTable, suspects: pd.DataFrame = classes.NO_SUSPECTS) -> Found:
    """Authorities to their region, and regions to England (authorities, where no region is published)."""
    if not held.arithmetic.levels:
        return together([])
    own = suspects.loc[suspects["dataset_id"].eq(held.dataset_id)]
    rule = ReconciliationRule.LEVELS_ADD_UP
    return together(
        _compare(held, rule, added, own, incomplete=_without_a_row(held, added.rows, absent))
        for added, absent in _by_level(held)
    )


def _by_level(held: HeldTable) -> Iterator[tuple[Sums, pd.DataFrame]]:
    """The sums of each level, and the totals that lack an addend (area_code, period)."""
    authorities = _of_level(held, AreaLevel.LOCAL_AUTHORITY)
    absent = _absent_authorities(held, authorities)
    england, codes = _of_level(held, AreaLevel.ENGLAND), held.factorized("area_code")[1]
    whole = np.full(len(codes), codes.get_indexer([geography.ENGLAND])[0])
    # Inner and Outer London are of the level, but are no addends of England.
    regions = _of_level(held, AreaLevel.REGION, geography.regions()["area_code"])
    if not regions.size:
        yield _of_larger_area(held, authorities, whole, england, "authorities"), absent
        return
    yield _of_larger_area(held, authorities, held.region_of, regions, "authorities"), absent
    yield _of_larger_area(held, regions, whole, england, "regions"), _absent_regions(held, regions)


def _of_level(held: HeldTable, level: AreaLevel, codes: Iterable[str] | None = None) -> IntArray:
    """The rows of areas of a level; of `codes` alone, if given."""
    wanted = held.matching("area_level", [level.value])
    return np.flatnonzero(wanted if codes is None else wanted & held.matching("area_code", codes))


def _of_larger_area(held: HeldTable, small: IntArray, above: IntArray, large: IntArray, named: str) -> Sums:
    """The sums of the rows `small` inside each row of `large`; `above` has, by area, the place of the area over it."""
    area, codes = held.factorized("area_code")
    group = held.numbers("period", *held.group) * len(codes)
    small = small[above[area[small]] >= 0]
    return _added(held, small, group[small] + above[area[small]], large, group[large] + area[large], named)


def _without_a_row(held: HeldTable, rows: IntArray, absent: pd.DataFrame) -> BoolArray:
    """Whether the area and period of each row are among those of `absent`."""
    area, codes = held.factorized("area_code")
    period, periods = held.factorized("period")
    places = codes.get_indexer(absent["area_code"]) * len(periods) + periods.get_indexer(absent["period"])
    return np.isin(area[rows] * len(periods) + period[rows], places)


def _absent_authorities(held: HeldTable, authorities: IntArray) -> pd.DataFrame:
    """Region, and England, and period in which an authority that existed throughout has no row at all."""
    area, codes = held.factorized("area_code")
    period, periods = held.factorized("period")
    present = np.zeros((len(codes) + 1, len(periods)), dtype=bool)  # the last line: codes without any row
    present[area[authorities], period[authorities]] = True
    kinds = pd.Series(held.numbers("period", "period_type")[authorities], authorities).drop_duplicates().index
    found = []
    for label, kind in held.table[["period", "period_type"]].take(kinds).itertuples(index=False, name=None):
        end = period_end(label, kind)
        if end is None:
            continue
        lived = _lived_a_year(end)
        here = present[codes.get_indexer(lived.index), periods.get_loc(label)]
        regions = lived[~here].unique()
        found += [(code, label) for code in (*regions, geography.ENGLAND) if len(regions)]
    return pd.DataFrame(found, columns=["area_code", "period"])


@cache
def _lived_a_year(end: date) -> pd.Series:
    """The region of every authority that existed throughout the year to `end`, by area code."""
    authorities = _authorities()
    a_year_before = end.replace(year=end.year - 1, day=min(end.day, 28)).isoformat()
    began = authorities["valid_from"].eq("") | authorities["valid_from"].le(a_year_before)
    lived = began & (authorities["valid_to"].eq("") | authorities["valid_to"].ge(end.isoformat()))
    return authorities.loc[lived, "region_code"]


@cache
def _authorities() -> pd.DataFrame:
    """Every authority that is or was, by its code: region_code, valid_from, valid_to."""
    register = geography.register()
    register = register.loc[register["area_level"].eq(AreaLevel.LOCAL_AUTHORITY.value)]
    # The new code of an unchanged authority begins late; the reader has put it in place of the old one.
    return register.set_index(geography.canonical_codes(register["area_code"]))


def _absent_regions(held: HeldTable, regions: IntArray) -> pd.DataFrame:
    """England, in each period in which not every region has a row."""
    rows = held.table[["area_code", "period"]].take(regions)
    number = rows.groupby("period")["area_code"].nunique()
    periods = number.index[number < len(geography.regions())]
    return pd.DataFrame({"area_code": geography.ENGLAND, "period": periods})


# --- categories of a breakdown ------------------------------------------------------------------------


def categories_add_up(held: HeldTable, suspects: pd.DataFrame = classes.NO_SUSPECTS) -> Found:
    """The categories of each complete breakdown to the total of their area and period."""
    if not held.arithmetic.levels:
        return together([])
    own = suspects.loc[suspects["dataset_id"].eq(held.dataset_id)]
    return together(_categories(held, dimension, own) for dimension in held.arithmetic.complete_dimensions)


def _categories(held: HeldTable, dimension: str, suspects: pd.DataFrame) -> Found:
    place = held.numbers("area_code", "period", *held.filters)
    small, large = (np.flatnonzero(held.matching("dimension", [name])) for name in (dimension, TOTAL))
    added = _added(held, small, place[small], large, place[large], f"categories of {dimension}")
    return _compare(held, ReconciliationRule.CATEGORIES_ADD_UP, added, suspects, dimension=dimension)


# --- what both kinds of sum share ---------------------------------------------------------------------


def _added(held: HeldTable, small: IntArray, inside: IntArray, large: IntArray, of: IntArray, named: str) -> Sums:
    """The sums of `small` for each row of `large` with the same key; rows without any part are left out."""
    place, keys = pd.factorize(inside)
    at = pd.Index(keys).get_indexer(of)
    rows, at = large[at >= 0], at[at >= 0]
    grouped, size = pd.DataFrame(held.addends[small]).groupby(place), np.bincount(place)[at]
    known = grouped.count().to_numpy()[at] == size[:, None]
    room = np.bincount(place, held.rounding[small])[at] + held.rounding[rows] + EXACT
    return Sums(rows, at, grouped.sum().to_numpy()[at], known, room, size, named, small, place)


def _compare(
    held: HeldTable,
    rule: ReconciliationRule,
    added: Sums,
    suspects: pd.DataFrame,
    *,
    incomplete: BoolArray | None = None,
    dimension: str = "",
) -> Found:
    """`incomplete` marks totals of which an addend has no row; an exception stands at `dimension`, if given."""
    columns = held.arithmetic.levels
    printed = np.column_stack([held.column(name)[added.rows] for name in columns])
    compared = ~np.isnan(printed) & added.known
    if incomplete is not None:
        compared &= ~incomplete[:, None]
    broken = compared & (np.abs(printed - added.sums) > added.room[:, None])
    number = pd.Series(compared.sum(axis=0), index=columns)
    covered = coverage_of_columns(held, rule, number, (~np.isnan(printed)).sum(axis=0) - number)
    found = [(NONE, covered)]
    for place in np.flatnonzero(broken.any(axis=0)):
        lines, column = np.flatnonzero(broken[:, place]), columns[place]
        rows = held.rows(added.rows[lines], [column])
        sums = pd.Series(added.sums[lines, place], index=rows.index)
        shown = rows.assign(dimension=dimension) if dimension else rows
        notes = classes.documented_footnote(
            held.arithmetic.footnotes, shown, [column], adds_areas=rule is ReconciliationRule.LEVELS_ADD_UP
        )
        in_doubt = _in_doubt(held, added, lines, suspects.loc[suspects["column"].eq(column)])
        judged = _judged(held, column, rows, sums, in_doubt, notes, _said(added, lines))
        found.append((exceptions(held, rule, column, shown, sums, judged), NONE))
    return together(found)


def _said(added: Sums, lines: IntArray) -> pd.Series:
    """What was added, for some lines: `12 authorities`."""
    return pd.Series([f"{size} {added.named}" for size in added.size[lines]], index=added.rows[lines])


def _in_doubt(held: HeldTable, added: Sums, lines: IntArray, suspects: pd.DataFrame) -> pd.Series:
    """The first addend of each total that another rule shows to be wrong, as a sentence; blank where none is."""
    said = pd.Series("", index=added.rows[lines], dtype="str")
    if suspects.empty:
        return said
    mine = np.isin(added.inside, added.of[lines])
    addends = held.rows(added.addends[mine], [])[["area_name", *classes.LINE]].assign(of=added.inside[mine])
    doubted = addends.merge(suspects, on=classes.LINE).drop_duplicates("of").set_index("of")
    told = "The figure of " + doubted["area_name"] + " is itself in doubt. " + doubted["evidence"]
    return told.reindex(added.of[lines], fill_value="").set_axis(said.index)


def _judged(
    held: HeldTable,
    column: str,
    rows: pd.DataFrame,
    sums: pd.Series,
    in_doubt: pd.Series,
    notes: pd.Series,
    named: pd.Series,
) -> pd.DataFrame:
    return classes.judge(
        [
            (DEFECT, in_doubt),  # an addend that is wrong makes the sum wrong, whatever a footnote says
            (DOCUMENTED, notes),
            (DEFECT, derivations.total_of_larger_area(held, column, rows, sums)),
        ],
        otherwise="The " + named + " add up to " + classes.counted(sums) + ".",
    )
