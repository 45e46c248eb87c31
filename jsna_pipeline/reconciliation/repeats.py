"""Implausible repeats: figures of one area that stand again in another area's row or another year's.

Here: authorities that carry their region's or England's own figure, areas that share a figure or a whole
row of counts beyond chance, and rows carried forward from another period. Not here: sums over levels,
or which figures ought to be equal (`same_facts.py`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import gammaln, i0e

from jsna_pipeline import geography
from jsna_pipeline.catalogue.datasets import Dataset
from jsna_pipeline.core_tables import model_of
from jsna_pipeline.reconciliation.exceptions import (
    NONE,
    Found,
    HeldTable,
    IntArray,
    coverage_of_columns,
    exceptions,
    together,
)
from jsna_pipeline.schemas.base import CoreTable, value_columns
from jsna_pipeline.statistics.proportions import FloatArray
from jsna_pipeline.vocabulary import AreaLevel, ExceptionClass, ReconciliationRule

RULE = ReconciliationRule.REPEATED_VALUES

# A repeat is reported where fewer than this many would be met by chance in the whole dataset.
NEGLIGIBLE = 1e-3
LEAST_COUNTS = 5
LEAST_TOTAL = 50
# The other areas inside a parent hold at least this share of the figure that one of them repeats. Below it
# the region may all but consist of the one, and its sum decides (`levels`).
OTHERS_SHARE = 0.1


def count_columns(dataset: Dataset) -> tuple[str, ...]:
    """The value columns that count people or events: not percentages, rates or mixed measures."""
    model = model_of(dataset)
    if not issubclass(model, CoreTable):
        return ()
    columns = model.to_schema().columns
    units = {name: str(columns[name].metadata["unit"]) for name in value_columns(model)}
    return tuple(name for name, unit in units.items() if not unit.startswith(("per ", "varies", "percent")))


def find(held: HeldTable, counts: Sequence[str]) -> Found:
    """Exceptions and coverage of the count columns of one core table.

    Within a period and group, a child is held against its parent area and areas of one level against each
    other; then each area against itself in other periods. How often equality comes about by chance is
    bounded from above by supposing that all areas expect the same: two Poisson counts of mean m agree with
    probability exp(-2m) I0(2m) (Skellam, 1946), and any spread between areas makes it rarer. A row's chance
    multiplies those of its different counts above 0, its greatest left out, which the others may add up to.
    A row is compared where it has 5 different counts and one above 50; where a table has fewer columns than
    that, an area's whole breakdown stands for the row.
    """
    columns = list(counts)
    values = held.table[columns].to_numpy("float64")
    known = pd.Series((~np.isnan(values)).sum(axis=0), index=columns)
    covered = (NONE, coverage_of_columns(held, RULE, known, known * 0))
    if not values.size:
        return together([covered])
    lines = _lines(held, values)
    parts = [_parents_figures(held, values, columns), _shared_figures(held, values, columns)]
    if lines["log_match"].any():  # else no two are alike, or only in what says nothing
        parts += [_shared_rows(lines, columns), _carried_forward(lines, columns)]
    found = pd.concat(parts, ignore_index=True).drop_duplicates(["row", "column"])
    exceptional = [(_as_exceptions(held, found, column), NONE) for column in found["column"].unique()]
    return together([*exceptional, covered])


def _as_exceptions(held: HeldTable, found: pd.DataFrame, column: str) -> pd.DataFrame:
    """The finds in one column. What a repeated figure should have been, nothing in the table says."""
    here = found.loc[found["column"] == column].set_index("row").sort_index()
    judged = here[["evidence"]].assign(exception_class=ExceptionClass.SOURCE_DEFECT.value)
    rows = held.rows(here.index, [column])
    return exceptions(held, RULE, column, rows, pd.Series(np.nan, index=here.index), judged)


# --- a parent area's figure ---------------------------------------------------------------------------


def _parents_figures(held: HeldTable, values: FloatArray, columns: list[str]) -> pd.DataFrame:
    """Cells that repeat the region's (or England's) figure while other areas inside it hold figures too."""
    child, parent = _children(held)
    mine, theirs = values[child], values[parent]
    row, column = np.nonzero((mine == theirs) & (mine > LEAST_TOTAL))
    value, above = mine[row, column], parent[row]
    inside = np.isin(parent, above)
    family = pd.DataFrame(mine[inside]).groupby(parent[inside])
    alike = pd.DataFrame(mine[inside] == theirs[inside]).groupby(parent[inside]).sum()
    at = alike.index.get_indexer(above), column
    several = family.sum().to_numpy()[at] - value >= OTHERS_SHARE * value
    some, every = alike.to_numpy()[at], family.count().to_numpy()[at]
    names = held.table["area_name"].array.take(above)
    said = (part[several] for part in (some, every, names, value))
    evidence = [
        f"{some} of the {every} areas of {name} with a figure hold that of {name} itself, {number:,.0f}."
        for some, every, name, number in zip(*said, strict=True)
    ]
    return _cells(child[row[several]], column[several], columns, evidence)


def _children(held: HeldTable) -> tuple[IntArray, IntArray]:
    """Authorities' and regions' rows, and the row of the same period and group of the area above each."""
    area, areas = held.factorized("area_code")
    parent = np.where(held.matching("area_level", [AreaLevel.LOCAL_AUTHORITY.value]), held.region_of[area], -1)
    england = areas.get_indexer([geography.ENGLAND])
    parent = np.where(held.matching("area_level", [AreaLevel.REGION.value]), england, parent)
    child = np.flatnonzero(parent >= 0)
    at = held.elsewhere(child, parent[child])
    return child[at >= 0], at[at >= 0]


def _cells(row: IntArray, column: IntArray, columns: list[str], evidence: list[str]) -> pd.DataFrame:
    return pd.DataFrame({"row": row, "column": np.array(columns, dtype=object)[column], "evidence": evidence})


# --- areas that agree beyond chance -------------------------------------------------------------------


def _log_match(counts: FloatArray, step: float | FloatArray) -> FloatArray:
    """Natural log of the chance that two Poisson counts of this mean, rounded to `step`, agree."""
    return np.minimum(np.log(i0e(2 * counts)) + np.log(step), 0.0)


def _log_choose(n: FloatArray, k: FloatArray) -> FloatArray:
    return np.asarray(gammaln(n + 1) - gammaln(k + 1) - gammaln(n - k + 1))


def _step(values: FloatArray) -> float:
    """What the published counts are rounded to: 10, 5 or 1."""
    known = values[~np.isnan(values)]
    some = known[:100]  # nearly always enough to show that a column is not rounded
    return next((step for step in (10.0, 5.0) if not (some % step).any() and not (known % step).any()), 1.0)


def _by_chance(log_expected: FloatArray) -> list[str]:
    """How many such repeats chance would give, for people: one in so many releases."""
    tens = np.minimum(-log_expected / np.log(10), 12).astype(int)
    return [f"chance would show this in fewer than 1 of {10**ten:,} releases." for ten in tens]


def _shared_figures(held: HeldTable, values: FloatArray, columns: list[str]) -> pd.DataFrame:
    """Cells whose figure so many areas of one level share that chance does not explain it."""
    level = held.numbers("period", *held.group, "area_level")
    column, row = np.nonzero(values.T > LEAST_TOTAL)
    value = values[row, column]
    same = pd.factorize((pd.factorize(value)[0] * (level.max() + 1) + level[row]) * len(columns) + column)[0]
    alike = np.bincount(same)[same]
    row, column, value, alike = (part[alike > 1] for part in (row, column, value, alike))
    areas = pd.DataFrame(values).groupby(level).count().to_numpy()[level[row], column]
    steps = {place: _step(values[:, place]) for place in np.unique(column)}
    log_match = _log_match(value, np.array([steps[place] for place in column], dtype="float64"))
    tests = np.log((level.max() + 1) * len(columns))
    expected = tests + _log_choose(areas, alike) + (alike - 1) * log_match
    hit = expected < np.log(NEGLIGIBLE)
    said = zip(alike[hit], areas[hit], value[hit], _by_chance(expected[hit]), strict=True)
    evidence = [f"{n} of {of} areas hold the same figure, {number:,.0f}; {by}" for n, of, number, by in said]
    return _cells(row[hit], column[hit], columns, evidence)


# --- whole rows ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Telling:
    """The counts above 0 of each block of rows: how many differ, and what they say.

    One line for each block. `row` and `place` (of the column) are where its `greatest` count stands; `cells`
    are the blocks and values of the different counts, the greatest left out.
    """

    different: IntArray
    greatest: FloatArray
    row: IntArray
    place: IntArray
    cells: tuple[IntArray, FloatArray]


def _telling(values: FloatArray, block: IntArray) -> Telling:
    blocks = block.max() + 1
    row, place = np.nonzero(values > 0)
    order = np.lexsort([values[row, place], block[row]])
    row, place = row[order], place[order]
    value, of = values[row, place], block[row]
    last = np.append(of[1:] != of[:-1], True)[: len(of)]
    distinct = last | np.append(value[1:] != value[:-1], True)[: len(of)]
    at, others = of[last], distinct & ~last
    greatest, rows, places = np.zeros(blocks), np.zeros(blocks, dtype=int), np.zeros(blocks, dtype=int)
    greatest[at], rows[at], places[at] = value[last], row[last], place[last]
    different = np.bincount(of[distinct], minlength=blocks)
    return Telling(different, greatest, rows, places, (of[others], value[others]))


def _lines(held: HeldTable, values: FloatArray) -> pd.DataFrame:
    """One line per area, period and subject of which the counts say enough to be known by them.

    A subject is a row's group or, where rows have fewer than five counts, a whole breakdown. Columns: among
    and series (numbers of the lines of one period and level, and of one area), fingerprint (of all counts),
    different (counts above 0 that differ), row and place of the greatest of them, log_match (chance that all
    but the greatest agree; 0 where no other line has the fingerprint), area_name, period.
    """
    inside = () if values.shape[1] >= LEAST_COUNTS else ("category", *held.filters)
    subject = ("dimension",) if inside else held.group
    block = held.numbers("area_code", *subject, "period")
    telling = _telling(values, block)
    first = np.flatnonzero(~pd.Series(block).duplicated())
    named = np.column_stack([held.numbers(*inside), values]) if inside else values
    lines = pd.DataFrame(
        {
            "among": held.numbers("period", *subject, "area_level")[first],
            "series": held.numbers("area_code", *subject)[first],
            "fingerprint": pd.util.hash_pandas_object(pd.DataFrame(named), index=False).groupby(block).sum(),
            "different": telling.different,
            "row": telling.row,
            "place": telling.place,
        }
    )
    enough = (telling.different >= LEAST_COUNTS) & (telling.greatest > LEAST_TOTAL)
    lines = lines.loc[enough]
    repeated = np.zeros(len(enough), dtype=bool)
    repeated[lines.index[lines["fingerprint"].duplicated(keep=False)]] = True
    of, value = telling.cells
    asked = repeated[of]
    chances = np.bincount(of[asked], _log_match(value[asked], _step(values)), minlength=len(enough))
    text = {name: held.table[name].array.take(first[enough]) for name in ("area_name", "period")}
    return lines.assign(log_match=chances[enough], **text)


def _shared_rows(lines: pd.DataFrame, columns: list[str]) -> pd.DataFrame:
    """The greatest count of each row that other areas of its level share whole, in the same period."""
    among = lines.groupby("among")["row"]
    same = lines.groupby(["among", "fingerprint"])["row"].transform("size")
    areas = among.transform("size")
    expected = np.log(max(among.ngroups, 1)) + _log_choose(areas, same) + (same - 1) * lines["log_match"]
    hit = lines.loc[(same > 1) & (expected < np.log(NEGLIGIBLE))]
    alike = hit.groupby(["among", "fingerprint"])["area_name"]
    names = alike.transform(lambda of: " and ".join(of.iloc[:2])) if len(hit) else []
    said = zip(hit["different"], same[hit.index], names, _by_chance(expected[hit.index].to_numpy()), strict=True)
    evidence = [
        f"All {n} different counts are the same in {of} areas, {some} among them; {by}" for n, of, some, by in said
    ]
    return _cells(hit["row"].to_numpy(), hit["place"].to_numpy(), columns, evidence)


def _carried_forward(lines: pd.DataFrame, columns: list[str]) -> pd.DataFrame:
    """The greatest count of each row that repeats an earlier period's row of the same area whole."""
    size = lines.groupby("series")["row"].transform("size")
    pairs = (size - 1).sum() / 2 + 1  # each row of a series of n meets n - 1 others
    again = lines.loc[lines.duplicated(["series", "fingerprint"], keep=False)].sort_values("period", kind="stable")
    alike = again.groupby(["series", "fingerprint"])
    expected = np.log(pairs) + again["log_match"]
    hit = again.loc[(alike.cumcount() > 0) & (expected < np.log(NEGLIGIBLE))]
    first = alike["period"].transform("first").loc[hit.index]
    said = zip(hit["different"], first, _by_chance(expected[hit.index].to_numpy()), strict=True)
    evidence = [f"All {n} different counts are those of {period} again; {by}" for n, period, by in said]
    return _cells(hit["row"].to_numpy(), hit["place"].to_numpy(), columns, evidence)
