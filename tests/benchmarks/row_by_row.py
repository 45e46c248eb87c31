"""How much faster the engine is than a loop over rows that gives the same figures, in one run.

Here: a measurement to run by hand (`python -m tests.benchmarks.row_by_row [--landing DIR]`), not a test.
Both ways read the same core tables and must agree in every value, limit and word; then seconds, their
ratio, and what the whole catalogue takes with its peak memory are printed.
"""

from __future__ import annotations

import argparse
import math
import resource
import time
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import TypeVar

import pandas as pd

from jsna_pipeline import geography
from jsna_pipeline.catalogue.datasets import datasets
from jsna_pipeline.catalogue.indicators import Indicator, indicators
from jsna_pipeline.comparisons import comparisons
from jsna_pipeline.core_tables import core_table
from jsna_pipeline.indicator_engine import observations
from jsna_pipeline.settings import Settings
from jsna_pipeline.sources.folder import LandingFolder
from jsna_pipeline.trend_table import trend_table
from jsna_pipeline.vocabulary import Method, Polarity

NEIGHBOURS = "dfe__statistical_neighbours"
LOOPED = 12  # indicators that the loop computes too: enough for a ratio, few enough to wait for
Z = 1.959963984540054
WORDS = {Polarity.HIGH: ("better", "worse"), Polarity.LOW: ("worse", "better"), Polarity.NONE: ("higher", "lower")}
Key = tuple[str, str, str, str, str]
T = TypeVar("T")


def timed(work: Callable[[], T]) -> tuple[T, float]:
    started = time.perf_counter()
    return work(), time.perf_counter() - started


def _plain(record: Indicator) -> bool:
    """A share of one column in another of the same rows, which is all that the loop can do."""
    top, bottom = record.numerator, record.denominator
    return (
        record.method is Method.PROPORTION
        and record.independent_events
        and bottom is not None
        and bottom.table == top.table
        and len(top.columns) == len(bottom.columns) == 1
        and not (record.filters or top.filters or bottom.filters or top.categories or top.sum_over)
    )


def looped(record: Indicator, table: pd.DataFrame) -> dict[Key, tuple[float, float, float, str]]:
    """Value, limits and England word of each row by the formulas on paper, one row at a time."""
    top, bottom = record.numerator.columns[0], record.denominator.columns[0]  # type: ignore[union-attr]
    values: dict[Key, tuple[float, float, float]] = {}
    for row in table.to_dict("records"):
        n, d = row[top], row[bottom]
        if row["dimension"] not in record.breakdowns or pd.isna(n) or pd.isna(d) or d == 0 or n > d:
            continue
        share = n / d
        scaled = Fraction(int(n)) * 100 * 10**record.decimals / Fraction(int(d))
        value = math.floor(scaled + Fraction(1, 2)) / 10**record.decimals
        spread = Z * math.sqrt(Z**2 + 4 * n * (1 - share))
        lower, upper = (2 * n + Z**2 - spread) / (2 * (d + Z**2)), (2 * n + Z**2 + spread) / (2 * (d + Z**2))
        key = (record.id, row["area_code"], row["period"], row["dimension"], row["category"])
        values[key] = (value, lower * 100, upper * 100)
    found = {}
    for key, (value, lower, upper) in values.items():
        england = values.get((key[0], geography.ENGLAND, *key[2:]))
        word = ""
        if england is not None and key[1] != geography.ENGLAND:
            better, worse = WORDS[record.polarity]
            word = better if lower > england[0] else worse if upper < england[0] else "similar"
        found[key] = (value, lower, upper, word)
    return found


def same(loop: dict[Key, tuple[float, float, float, str]], observed: pd.DataFrame, compared: pd.DataFrame) -> None:
    """Stops where the two ways differ: a fast wrong answer is no comparison."""
    keys = ["indicator_id", "area_code", "period", "dimension", "category"]
    rows = observed.loc[observed["value"].notna()].set_index(keys)
    words = compared.loc[compared["comparator"] == "england"].set_index(keys)["significance"].to_dict()
    expected = pd.DataFrame.from_dict(loop, orient="index", columns=["value", "lower_ci", "upper_ci", "word"])
    expected.index = pd.MultiIndex.from_tuples(expected.index, names=keys)
    if len(rows) != len(expected):
        raise SystemExit(f"{len(rows)} observations beside {len(expected)} of the loop")
    pd.testing.assert_frame_equal(
        rows[["value", "lower_ci", "upper_ci"]].sort_index(), expected.drop(columns="word").sort_index(), atol=1e-9
    )
    if different := [key for key, word in words.items() if expected.at[key, "word"] != word]:
        raise SystemExit(f"the loop reads {len(different)} comparisons otherwise, {different[0]} first")


def measured(folder: LandingFolder) -> None:
    known, records = datasets(), indicators()
    sides = [side for record in records.values() for side in (record.numerator, record.denominator) if side]
    core = {name: core_table(known[name], folder).table for name in {side.table for side in sides} | {NEIGHBOURS}}
    few = dict([(name, record) for name, record in records.items() if _plain(record)][:LOOPED])

    def engine(chosen: dict[str, Indicator]) -> tuple[pd.DataFrame, pd.DataFrame]:
        observed = observations(chosen, core, folder.edition)
        return observed, comparisons(chosen, observed, core[NEIGHBOURS], folder.edition)

    loop, slow = timed(lambda: {k: v for r in few.values() for k, v in looped(r, core[r.numerator.table]).items()})
    (observed, compared), fast = timed(lambda: engine(few))
    same(loop, observed, compared)
    print(f"{len(loop):,} figures: loop {slow:.2f} s (England alone), engine {fast:.2f} s (all comparators)")
    per_figure = (slow / len(loop)) / (fast / (len(observed) + len(compared)))
    print(f"the loop takes {slow / fast:.1f} times as long in all, {per_figure:.1f} times for each figure it gives")
    (observed, compared), all_seconds = timed(lambda: engine(dict(records)))
    trended, trend_seconds = timed(lambda: trend_table(records, observed, folder.edition))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    print(
        f"whole catalogue, {len(records)} indicators: {len(observed):,} observations, {len(compared):,} comparisons, "
        f"{len(trended):,} trends in {all_seconds + trend_seconds:.1f} s, peak {peak:.2f} GB with the core tables"
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--landing", type=Path, help="landing folder; the seeds where it is not given")
    chosen = parser.parse_args().landing
    measured(LandingFolder(chosen or Settings(source="seeds").published_files, "2025"))
