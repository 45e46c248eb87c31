"""The shape of what every rule hands back: its exceptions, and how many figures it was applied to.

Here: one dataset's core table beside its arithmetic, its areas, periods and groups numbered once for all
rules, and the frames in the columns of `Reconciliation` and `ReconciliationCoverage`, without the edition.
Not here: any rule, or the classes of exceptions (`classes.py`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pandas as pd

from jsna_pipeline import geography
from jsna_pipeline.catalogue.arithmetic import Arithmetic
from jsna_pipeline.catalogue.datasets import Dataset
from jsna_pipeline.core_tables import model_of
from jsna_pipeline.published_tables import Reconciliation, ReconciliationCoverage
from jsna_pipeline.schemas.base import SOURCE_COLUMNS, CoreTable, filter_columns, status_column
from jsna_pipeline.statistics import rounding
from jsna_pipeline.statistics.proportions import FloatArray
from jsna_pipeline.vocabulary import ExceptionClass, ReconciliationRule, Status

PLACE = ["area_code", "area_name", "area_level", "period", "dimension", "category"]
EXCEPTION_COLUMNS = [name for name in Reconciliation.to_schema().columns if name != "edition"]
COVERAGE_COLUMNS = [name for name in ReconciliationCoverage.to_schema().columns if name != "edition"]
CLASSES = [kind.value for kind in ExceptionClass]

IntArray = npt.NDArray[np.intp]
BoolArray = npt.NDArray[np.bool_]
Found = tuple[pd.DataFrame, pd.DataFrame]  # exceptions and coverage, in the columns above
InColumn = tuple[tuple[str, int, int], pd.DataFrame]  # column, compared, not comparable; exceptions
NONE = pd.DataFrame()  # in place of exceptions, or of coverage, where a part has none of its own


@dataclass(frozen=True)
class HeldTable:
    """A core table that is held against what its dataset's record says must add up.

    `filters` are the columns of `table` that say, beside place and period, which group a row counts. The rows
    of `table` are numbered from 0, so that a row's label is its place in every array that is given here.
    """

    dataset_id: str
    arithmetic: Arithmetic
    table: pd.DataFrame
    filters: tuple[str, ...] = ()

    @property
    def group(self) -> tuple[str, ...]:
        """The columns that say, beside area and period, whom a row counts."""
        return ("dimension", "category", *self.filters)

    def column(self, name: str) -> FloatArray:
        """The figures of a value column, for every row."""
        return self.table[name].to_numpy("float64")

    def sum_of(self, columns: Sequence[str]) -> FloatArray:
        """The columns added, for every row; null where any is."""
        first, *others = columns
        total = self.column(first)
        for name in others:
            total = total + self.column(name)
        return total

    def addend(self, name: str) -> FloatArray:
        """A column with 0 where the publisher says that there can be none; other nulls stay unknown."""
        values = self.column(name)
        if not np.isnan(values).any():
            return values
        return np.where(self.table[status_column(name)] == Status.NOT_APPLICABLE.value, 0, values)

    def factorized(self, column: str) -> tuple[IntArray, pd.Index]:
        """Each row's place in the distinct values of a column, and those values in order of appearance."""
        if column not in self._factorized:
            codes, words = pd.factorize(self.table[column], use_na_sentinel=False)
            self._factorized[column] = (codes, pd.Index(words))
        return self._factorized[column]

    def numbers(self, *columns: str) -> IntArray:
        """For every row, the number from 0 of the group that these columns make, in order of appearance.

        Text is compared once for each column, however many rules group by it.
        """
        if columns not in self._numbers:
            *before, last = columns
            codes, words = self.factorized(last)
            if before:
                codes = pd.factorize(self.numbers(*before) * len(words) + codes)[0]
            self._numbers[columns] = codes
        return self._numbers[columns]

    def matching(self, column: str, values: Iterable[str]) -> BoolArray:
        """The rows that have one of `values` in a key or filter column."""
        codes, words = self.factorized(column)
        return np.asarray(words.isin(list(values)))[codes]

    def elsewhere(self, rows: IntArray, areas: IntArray) -> IntArray:
        """For each of `rows`, the number of the row of its period and group in another area; -1 without one.

        `areas` are places in the distinct area codes, -1 for a code that has no row.
        """
        group, (places, first) = self.numbers("period", *self.group)[rows], self._places
        found = places.get_indexer(group * len(self.factorized("area_code")[1]) + areas)
        return np.where((areas >= 0) & (found >= 0), first[found], -1)

    def rows(self, at: npt.ArrayLike, columns: Iterable[str]) -> pd.DataFrame:
        """Rows by number, with their place, group and line and only those other columns that are needed."""
        rows = np.asarray(at, dtype="int64")
        names = dict.fromkeys([*PLACE, *self.filters, *SOURCE_COLUMNS, *columns])
        # Column by column: choosing columns first would copy the whole table's.
        return pd.DataFrame({name: self.table[name].array.take(rows) for name in names}, index=rows)

    @cached_property
    def addends(self) -> FloatArray:
        """The columns of the record's `levels` side by side, as `addend` gives each."""
        return np.column_stack([self.addend(name) for name in self.arithmetic.levels])

    @cached_property
    def region_of(self) -> IntArray:
        """For each distinct area code, the place among them of its region's; -1 where that has no row."""
        areas = self.factorized("area_code")[1]
        return areas.get_indexer(geography.attributes(areas.to_series())["region_code"].fillna(""))

    @cached_property
    def rounding(self) -> FloatArray:
        """By how much the publisher may have rounded the counts of each row; 0 where they are exact."""
        tolerance = float(self.arithmetic.tolerance)
        exact = self.matching("area_level", [level.value for level in self.arithmetic.exact_levels])
        return np.where(exact, 0.0, tolerance)

    @cached_property
    def _places(self) -> tuple[pd.Index, IntArray]:
        """Every period, group and area that has a row, as one number, and the first of its rows."""
        area, areas = self.factorized("area_code")
        places = pd.Index(self.numbers("period", *self.group) * len(areas) + area)
        first = np.flatnonzero(~places.duplicated())
        return places[first], first

    @cached_property
    def _factorized(self) -> dict[str, tuple[IntArray, pd.Index]]:
        return {}

    @cached_property
    def _numbers(self) -> dict[tuple[str, ...], IntArray]:
        return {}


def held(dataset: Dataset, table: pd.DataFrame) -> HeldTable:
    """`table` with the arithmetic and the filter columns of its dataset's record, its rows numbered anew."""
    model = model_of(dataset)
    filters = filter_columns(model) if issubclass(model, CoreTable) else ()
    return HeldTable(dataset.id, dataset.arithmetic, table.reset_index(drop=True), filters)


def group_text(rows: pd.DataFrame, filters: Sequence[str]) -> pd.Series:
    """The other filters of each row as `name=value; ...`; blank where the table has none."""
    text = pd.Series("", index=rows.index, dtype="str")
    for number, name in enumerate(filters):
        text = text + ("; " if number else "") + f"{name}=" + rows[name].astype("str")
    return text


def exceptions(
    held: HeldTable,
    rule: ReconciliationRule,
    column: str,
    rows: pd.DataFrame,
    expected: pd.Series,
    judged: pd.DataFrame,
) -> pd.DataFrame:
    """`rows` of the held table whose `column` breaks `rule`, with their class and evidence.

    `expected` and `judged` (columns `exception_class` and `evidence`) are aligned with `rows`.
    """
    if rows.empty:
        return pd.DataFrame(columns=EXCEPTION_COLUMNS)
    known = {name: rows[name] for name in (*PLACE, *SOURCE_COLUMNS)} | {
        "rule": rule.value,
        "exception_class": judged["exception_class"],
        "dataset_id": held.dataset_id,
        "column": column,
        "group": group_text(rows, held.filters),
        "published": rows[column],
        "expected": expected,
        "difference": rounding.half_up_value(rows[column] - expected, 4),
        "evidence": judged["evidence"],
    }
    return pd.DataFrame({name: known[name] for name in EXCEPTION_COLUMNS})


def coverage(
    held: HeldTable, rule: ReconciliationRule, column: str, compared: int, not_comparable: int = 0
) -> pd.DataFrame:
    """One row of coverage; the classes are counted when all exceptions are known."""
    return coverage_of_columns(held, rule, pd.Series({column: compared}), pd.Series({column: not_comparable}))


def coverage_of_columns(
    held: HeldTable, rule: ReconciliationRule, compared: pd.Series, not_comparable: pd.Series
) -> pd.DataFrame:
    """A row of coverage for each column: how many of its figures were compared, and how many could not be."""
    rows = dict.fromkeys(CLASSES, 0) | {
        "dataset_id": held.dataset_id,
        "rule": rule.value,
        "column": compared.index,
        "compared": compared.to_numpy("int64"),
        "not_comparable": not_comparable.to_numpy("int64"),
    }
    return pd.DataFrame({name: rows[name] for name in COVERAGE_COLUMNS})


def in_columns(held: HeldTable, rule: ReconciliationRule, parts: Iterable[InColumn]) -> Found:
    """What a rule finds that looks at one column after another."""
    pairs = list(parts)
    tallies = pd.DataFrame([tally for tally, _ in pairs], columns=["column", "compared", "not_comparable"])
    tallies = tallies.set_index("column")
    covered = coverage_of_columns(held, rule, tallies["compared"], tallies["not_comparable"])
    return together([*((found, NONE) for _, found in pairs), (NONE, covered)])


def together(parts: Iterable[Found]) -> Found:
    """Exceptions and coverage of several rules or datasets, each as one frame; both may be empty."""
    pairs = list(parts)
    found = [pair[0] for pair in pairs if len(pair[0])]
    covered = [pair[1] for pair in pairs if len(pair[1])]
    return (
        pd.concat(found, ignore_index=True) if found else pd.DataFrame(columns=EXCEPTION_COLUMNS),
        pd.concat(covered, ignore_index=True) if covered else pd.DataFrame(columns=COVERAGE_COLUMNS),
    )


def with_classes_counted(covered: pd.DataFrame, found: pd.DataFrame) -> pd.DataFrame:
    """`covered`, one row for each dataset, rule and column, with the number of exceptions of each class."""
    keys = ["dataset_id", "rule", "column"]
    sums = covered.groupby(keys, as_index=False, sort=False)[["compared", "not_comparable"]].sum()
    counted = pd.crosstab([found[key] for key in keys], found["exception_class"])
    counted = counted.reindex(columns=CLASSES, fill_value=0).reset_index()
    joined = sums.merge(counted, on=keys, how="left")
    joined[CLASSES] = joined[CLASSES].fillna(0).astype("int64")
    return joined[COVERAGE_COLUMNS]
