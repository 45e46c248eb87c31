"""One fact printed in two published datasets: the two must agree, or say why they do not.

Here: bringing both sides of a reviewed record to the same areas, periods and groups, and the classes of
their disagreements. Not here: which columns state the same fact (`catalogue/same_facts`), or sums within
one dataset.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import Literal

import numpy as np
import pandas as pd

from jsna_pipeline.catalogue.datasets import Dataset
from jsna_pipeline.catalogue.same_facts import FactSide, SameFact
from jsna_pipeline.reconciliation.classes import NO_SUSPECTS, counted, documented_footnote, judge, suspect_counts
from jsna_pipeline.reconciliation.exceptions import (
    NONE,
    BoolArray,
    Found,
    HeldTable,
    coverage,
    exceptions,
    held,
    together,
)
from jsna_pipeline.statistics import rounding
from jsna_pipeline.vocabulary import TOTAL, ExceptionClass, ReconciliationRule

RULE = ReconciliationRule.SAME_FACT
STATED = ["area_code", "period", "dimension", "category"]
KEYS = ["area_code", "year", "dimension", "category"]

# Two counts of nearly the same thing are compared from here on: one plan of twenty is already 5 %.
LEAST_COUNT = 20
EXACT = 1e-9


def find(
    records: Mapping[str, SameFact],
    known: Mapping[str, Dataset],
    core: Mapping[str, pd.DataFrame],
    suspects: pd.DataFrame = NO_SUSPECTS,
) -> Found:
    """Exceptions and coverage of every record both of whose core tables have rows.

    An exception stands at the left side's row: `published` is its figure, `expected` the right side's.
    Figures are compared at the record's decimals, halves rounded up. Coverage counts the figures that both
    sides hold and, as not comparable, those that the left alone holds in periods that the right covers.
    `suspects` are figures that another rule shows to be wrong, as `classes.suspect_counts` takes them.

    Classes, first to last: a defect of the source, where either figure is a suspect; a rounding tie; a
    revision, where one side ends with an earlier period than the other, so that it was made from an earlier
    edition, and the two lie within `revised_by` percent; a footnote of either release; unexplained.
    """
    sides = [side for record in records.values() for side in (record.left, record.right)]
    tables = {
        name: _narrowed(held(known[name], core[name]), [side for side in sides if side.table == name])
        for name in dict.fromkeys(side.table for side in sides)
        if name in core and len(core[name])
    }
    return together(
        _compared(record, tables[record.left.table], tables[record.right.table], known, suspects)
        for record in records.values()
        if record.left.table in tables and record.right.table in tables
    )


def _narrowed(table: HeldTable, sides: Sequence[FactSide]) -> HeldTable:
    """The rows and columns that any side can want: a compilation has twenty times as many as all of them use."""
    values = [name for side in sides for name in (*side.columns, *side.denominator)]
    wanted = np.logical_or.reduce([_wanted(side, table) for side in sides])
    return replace(table, table=table.rows(np.flatnonzero(wanted), values).reset_index(drop=True))


def _wanted(side: FactSide, table: HeldTable) -> BoolArray:
    """The rows that match the filters of a side."""
    whole: dict[str, str | list[str]] = {} if "dimension" in side.filters else {"dimension": TOTAL, "category": TOTAL}
    filters = (whole | side.filters).items()
    return np.logical_and.reduce([table.matching(column, _listed(values)) for column, values in filters])


def _listed(values: str | list[str]) -> list[str]:
    return [values] if isinstance(values, str) else values


def _compared(
    record: SameFact, left: HeldTable, right: HeldTable, known: Mapping[str, Dataset], suspects: pd.DataFrame
) -> Found:
    ours, theirs = _stated(record, record.left, left), _stated(record, record.right, right)
    theirs["year"] += record.right_lag
    both = ours.merge(theirs, on=KEYS, suffixes=("", "_right")).set_index("row")
    alone = int(ours["year"].isin(theirs["year"].unique()).sum()) - len(both)
    name = _column(record.left)
    covered = coverage(left, RULE, name, len(both), alone)
    apart = both.loc[_apart(record, both)]
    if apart.empty:
        return NONE, covered
    rows = left.rows(apart.index, []).assign(**{name: apart["value"]})
    judged = _judged(record, apart, (left, right), (ours, theirs), known, suspects)
    return exceptions(left, RULE, name, rows, apart["value_right"], judged), covered


def _stated(record: SameFact, side: FactSide, table: HeldTable) -> pd.DataFrame:
    """What one side says: KEYS, value, top and bottom of its share (bottom null for a count), period, row."""
    rows = np.flatnonzero(_wanted(side, table))
    bottom = table.sum_of(side.denominator) if side.denominator else np.full(len(table.table), np.nan)
    place = {name: table.table[name].array.take(rows) for name in STATED}
    stated = pd.DataFrame(place | {"top": table.sum_of(side.columns)[rows], "bottom": bottom[rows], "row": rows})
    if side.add_rows:
        stated = stated.assign(dimension=TOTAL, category=TOTAL)
        sums = {"top": ("top", lambda parts: parts.sum(skipna=False)), "bottom": ("bottom", "first")}
        stated = stated.groupby(STATED, as_index=False, sort=False).agg(**sums, row=("row", "first"))
    if side.denominator:
        value = rounding.half_up(stated["top"], stated["bottom"], record.decimals, record.multiplier)
    else:
        value = rounding.half_up_value(stated["top"], record.decimals)
    stated = stated.assign(value=value, year=_year(stated["period"], record))
    inside = stated["period"] >= record.from_period
    if record.to_period:
        inside &= stated["period"] <= record.to_period
    return stated.loc[inside & stated["value"].notna() & stated["year"].notna()]


def _year(periods: pd.Series, record: SameFact) -> pd.Series:
    """A number that the two sides' labels share: by begin, by end, or all of the label (begin and end)."""
    places, labels = pd.factorize(periods)
    years = np.array([_year_of(label, record.periods) for label in labels], dtype="float64")
    return pd.Series(years[places], index=periods.index)


@cache
def _year_of(label: str, by: Literal["same", "begins", "ends"]) -> float:
    """The year of one label; nan where it does not begin with one."""
    found = re.match(r"(\d{4})(?:/(\d{2})$)?", label)
    if not found:
        return float("nan")
    begins = int(found[1])
    ends = begins + (int(found[2]) - begins) % 100 if found[2] else begins
    return {"begins": begins, "ends": ends, "same": begins + (ends - begins) / 10}[by]


def _apart(record: SameFact, both: pd.DataFrame) -> pd.Series:
    difference = (both["value"] - both["value_right"]).abs()
    if not record.within:
        return difference > EXACT
    larger = both[["value", "value_right"]].max(axis=1)
    return (larger >= LEAST_COUNT) & (difference > larger * record.within / 100)


def _judged(
    record: SameFact,
    apart: pd.DataFrame,
    tables: tuple[HeldTable, HeldTable],
    stated: tuple[pd.DataFrame, pd.DataFrame],
    known: Mapping[str, Dataset],
    suspects: pd.DataFrame,
) -> pd.DataFrame:
    """Class and evidence of each disagreement."""
    titles = _titles([known[table.dataset_id] for table in tables])
    said = f"{record.what[:1].upper()}{record.what[1:]}: {titles[0]} has " + counted(apart["value"])
    said += f", {titles[1]} " + counted(apart["value_right"]) + "."
    doubts, notes = [], []
    sides = (record.left, apart.index), (record.right, apart["row_right"])
    for (side, at), table in zip(sides, tables, strict=True):
        rows, columns = table.rows(at, []), [*side.columns, *side.denominator]
        own = suspects.loc[suspects["dataset_id"] == table.dataset_id]
        doubts.append(suspect_counts(rows.reset_index(drop=True), columns, own).set_axis(apart.index))
        notes.append(documented_footnote(table.arithmetic.footnotes, rows, columns).set_axis(apart.index))
    reasons = [(ExceptionClass.SOURCE_DEFECT, doubt) for doubt in doubts]
    reasons.append((ExceptionClass.ROUNDING_TIE, _tie(record, apart)))
    reasons.append((ExceptionClass.SOURCE_REVISION, _revision(record, apart, stated, titles)))
    reasons += [(ExceptionClass.DOCUMENTED_FOOTNOTE, note) for note in notes]
    return judge([(kind, why.where(why == "", said + " " + why)) for kind, why in reasons], said)


def _titles(datasets: list[Dataset]) -> list[str]:
    """What tells the two apart: the publications or, within one, the tables."""
    publications = [dataset.publication for dataset in datasets]
    return publications if len(set(publications)) > 1 else [f"“{dataset.title}”" for dataset in datasets]


def _tie(record: SameFact, apart: pd.DataFrame) -> pd.Series:
    """One last digit apart: exactly halfway, or rounded twice, first to one digit more."""
    step = 10.0**-record.decimals
    one_digit = np.isclose((apart["value"] - apart["value_right"]).abs(), step, rtol=0, atol=step / 1000)
    halfway, finer = pd.Series(False, index=apart.index), []
    for side in ("", "_right"):
        top, whole = apart[f"top{side}"], apart[f"bottom{side}"].where(apart[f"bottom{side}"] > 0)
        doubled = 2 * 10**record.decimals * top * np.where(whole.notna(), record.multiplier, 1)
        # A printed decimal such as 96.75 is the half itself, though its binary number lies beside it.
        units = np.where(whole.notna(), doubled / whole, doubled.round(9))
        halfway |= ((doubled % whole == 0) | (whole.isna() & (units % 1 == 0))) & (units % 2 == 1)
        share = rounding.half_up(top, whole, record.decimals + 1, record.multiplier)
        finer.append(np.where(whole.notna(), share, rounding.half_up_value(top, record.decimals + 1)))
    twice = one_digit & np.isclose(finer[0], finer[1], rtol=0, atol=step / 1000)
    sentences = [
        "One of the two rests on a number that is exactly halfway between them.",
        "To one digit more the two agree; rounding that again makes the difference.",
    ]
    found = np.select([one_digit & halfway, twice], sentences, default="")
    return pd.Series(found, index=apart.index, dtype="str")


def _revision(
    record: SameFact, apart: pd.DataFrame, stated: tuple[pd.DataFrame, pd.DataFrame], titles: list[str]
) -> pd.Series:
    """One side ends earlier, so it is of an earlier edition, and the later one moved the figure a little."""
    newest = [int(side["year"].max()) if len(side) else 0 for side in stated]
    larger = apart[["value", "value_right"]].abs().max(axis=1)
    small = (apart["value"] - apart["value_right"]).abs() <= larger * record.revised_by / 100
    if newest[0] == newest[1]:
        return pd.Series("", index=apart.index, dtype="str")
    earlier = newest.index(min(newest))
    last = stated[earlier]["period"].max(), stated[1 - earlier]["period"].max()
    sentence = (
        f"{titles[earlier]} ends with {last[0]} and the other with {last[1]}: the figure was revised after it, "
        f"by no more than {record.revised_by:g} %."
    )
    return pd.Series(np.where(small, sentence, ""), index=apart.index, dtype="str")


def _column(side: FactSide) -> str:
    """How the exception names what was compared: a column, a sum of columns or a share."""
    whole = " + ".join(side.denominator)
    return " + ".join(side.columns) + (f" / {whole}" if whole else "")
