"""Year-on-year jumps of an authority's totals that neither its own history nor other authorities make likely.

Here: changes of the headline counts and printed shares from one period to the next, within one core table.
Not here: trends of indicators (`trend_table.py`), or whether a change is good.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import ndtr

from jsna_pipeline.catalogue.arithmetic import PrintedShare
from jsna_pipeline.catalogue.datasets import Break
from jsna_pipeline.reconciliation.classes import NO_SUSPECTS, documented_footnote, judge, suspect_counts
from jsna_pipeline.reconciliation.exceptions import (
    NONE,
    BoolArray,
    Found,
    HeldTable,
    coverage_of_columns,
    exceptions,
    together,
)
from jsna_pipeline.statistics.proportions import FloatArray
from jsna_pipeline.vocabulary import TOTAL, AreaLevel, ExceptionClass, ReconciliationRule

RULE = ReconciliationRule.JUMP

# Distance from the median change, in robust standard deviations. Were changes normal, fewer than one in 500
# million would lie so far out; real ones have longer tails, and so the list holds the few that stand alone.
FAR = 6.0
# And from the authority's own usual change, where it has at least three others to judge by.
FAR_FROM_OWN = 4.0
OWN_CHANGES = 3
# What publishers call the whole of a filter.
TOTALS = {"total", "all", "persons"}
# Below this a year's change is too small to matter whatever the spread: a factor of 1.5, or of 1/1.5.
LEAST_CHANGE = float(np.log(1.5))
# The spread of a year is judged from at least this many authorities.
LEAST_AUTHORITIES = 30
# Makes the median absolute deviation of normal numbers their standard deviation.
MAD_TO_SD = 1.4826


@dataclass(frozen=True)
class LogScale:
    """One column of the table on the scale on which its changes are alike for small areas and large.

    `level` is the logarithm of the count (of a printed share, that of its odds) and `noise` the chance
    variance of that, for every row of the table; null where there is none.
    """

    column: str
    level: FloatArray
    noise: FloatArray
    share: PrintedShare | None = None


@dataclass(frozen=True)
class Changes:
    """Changes from one year to the next, a line for each step and a column for each series; null if unknown.

    `median` is the usual change of all authorities, `far` the distance from it and `far_from_own` that from
    the authority's other changes, in robust standard deviations.
    """

    change: FloatArray
    median: FloatArray
    far: FloatArray
    far_from_own: FloatArray


def find(
    held: HeldTable, counts: Sequence[str], breaks: Sequence[Break], suspects: pd.DataFrame = NO_SUSPECTS
) -> Found:
    """Exceptions and coverage of the totals of authorities in one core table.

    Headline counts are those that are no part of another column. A count's change is the difference of
    logs; a printed share's, that of the logs of its odds. Both are held against the median of all
    authorities in the period and a spread that is the larger of theirs (median absolute deviation) and
    zero, to which each figure adds the chance variation of its own size (1/count), so that small counts
    vary freely. `published` is the later figure, `expected` the earlier one moved by the usual change.
    `suspects` are figures that another rule shows to be wrong, as `classes.suspect_counts` takes them.
    Class: a defect of the source where either year's figure is one of them, then a footnote or a break of
    the series at that period, else unexplained.
    """
    parts = {part for record in held.arithmetic.parts for part in record.parts}
    columns = [column for column in counts if column not in parts]
    shares = [share for share in held.arithmetic.shares if share.multiplier == 100 and not share.whole_in]
    if not columns and not shares:
        return together([])
    steps = _steps(held, _totals_of_authorities(held))
    series = [_of_count(held, column) for column in columns] + [_of_share(held, share) for share in shares]
    changes = _changes(steps, series)
    tested = pd.Series((~np.isnan(changes.change)).sum(axis=0), index=[one.column for one in series])
    own = suspects.loc[suspects["dataset_id"] == held.dataset_id]
    found = [
        _jumps(held, series[place], _far(steps, changes, place), int(tested.iloc[place]), breaks, own)
        for place in np.flatnonzero(_implausible(changes).any(axis=0)).tolist()
    ]
    covered = coverage_of_columns(held, RULE, tested, tested * 0)
    return together([*[(jumps, NONE) for jumps in found], (NONE, covered)])


def _totals_of_authorities(held: HeldTable) -> BoolArray:
    """The rows of authorities that count everybody."""
    wanted = held.matching("area_level", [AreaLevel.LOCAL_AUTHORITY.value])
    wanted &= held.matching("dimension", [TOTAL]) & held.matching("category", [TOTAL])
    for name in held.filters:
        totals = [word for word in held.factorized(name)[1] if word.casefold() in TOTALS]
        if totals:  # a filter without a total splits the table into separate series
            wanted &= held.matching(name, totals)
    return wanted


def _of_count(held: HeldTable, column: str) -> LogScale:
    values = held.column(column)
    values = np.where(values > 0, values, np.nan)
    return LogScale(column, np.log(values), 1 / values)


def _of_share(held: HeldTable, share: PrintedShare) -> LogScale:
    """A share of 0 or 100 % has no odds and is left aside."""
    printed, whole = held.column(share.published), held.sum_of(share.denominator)
    inside = np.where((printed > 0) & (printed < 100), printed, np.nan) / 100
    noise = 1 / (np.where(whole > 0, whole, np.nan) * inside * (1 - inside))
    return LogScale(share.published, np.log(inside / (1 - inside)), noise, share)


def _jumps(
    held: HeldTable, series: LogScale, far: pd.DataFrame, tested: int, breaks: Sequence[Break], suspects: pd.DataFrame
) -> pd.DataFrame:
    """The exceptions of one column; `tested` changes of it were looked at."""
    before, median = series.level[far["before"]], _percent(far["median"])
    share = series.share
    if share is None:
        usual = (held.column(series.column)[far["before"]] * np.exp(far["median"])).round()
        said = _sentence(held.column(series.column), far, median, tested, "{:,.0f}")
    else:
        usual = (100 / (1 + np.exp(-before - far["median"]))).round(share.decimals)
        form = f"{{:,.{share.decimals}f}} %"
        said = _sentence(held.column(series.column), far, median + " in odds", tested, form)
    judged = _judged(held, far, said, [series.column], breaks, suspects)
    return exceptions(held, RULE, series.column, held.rows(far.index, [series.column]), usual, judged)


def _percent(logs: pd.Series) -> pd.Series:
    return ((np.exp(logs) - 1).round(2) + 0.0).map("{:+.0%}".format).astype("str")  # adding 0 makes -0 0


def _steps(held: HeldTable, wanted: BoolArray) -> pd.DataFrame:
    """Which row follows which: one line per row with the same series in the year before.

    Columns: before (number of the earlier row), year and series (numbers of the groups whose changes are
    alike: all authorities in a year, one authority over the years).
    """
    rows = np.flatnonzero(wanted)
    series, year = held.numbers("area_code", *held.filters)[rows], held.numbers("period", *held.filters)[rows]
    codes, periods = held.factorized("period")
    begins = pd.to_numeric(periods.str[:4], errors="coerce").to_numpy("float64")[codes[rows]]
    order = np.lexsort([begins, series])
    rows, series, year, begins = rows[order], series[order], year[order], begins[order]
    follows = (series[1:] == series[:-1]) & (begins[1:] == begins[:-1] + 1)
    lines = pd.DataFrame({"before": rows[:-1], "year": year[1:], "series": series[1:]}, index=rows[1:])
    return lines.loc[follows]


def _changes(steps: pd.DataFrame, series: Sequence[LogScale]) -> Changes:
    """The changes that are known in a year in which enough authorities have one."""
    after, before = steps.index.to_numpy(), steps["before"].to_numpy()
    change = pd.DataFrame({place: one.level[after] - one.level[before] for place, one in enumerate(series)})
    noise = pd.DataFrame({place: one.noise[after] + one.noise[before] for place, one in enumerate(series)})
    year, own = steps["year"].to_numpy(), steps["series"].to_numpy()
    change = change.where(change.groupby(year).transform("count") >= LEAST_AUTHORITIES)
    noise = noise.where(change.notna())
    median = change.groupby(year).transform("median")
    away = change - median
    # The variance of a year's changes beyond what the size of the counts makes, never below 0.
    spread = (MAD_TO_SD * away.abs().groupby(year).transform("median")) ** 2
    spread = (spread - noise.groupby(year).transform("median")).clip(lower=0)
    by_itself = away.abs().groupby(own)
    usual = (MAD_TO_SD * by_itself.transform("median")) ** 2
    from_own = (away / np.sqrt(usual + noise)).where(by_itself.transform("count") > OWN_CHANGES)
    far = away / np.sqrt(spread + noise)
    return Changes(change.to_numpy(), median.to_numpy(), far.to_numpy(), from_own.to_numpy())


def _implausible(changes: Changes) -> BoolArray:
    unlike_others = (np.abs(changes.far) >= FAR) & (np.abs(changes.change - changes.median) >= LEAST_CHANGE)
    return unlike_others & ((np.abs(changes.far_from_own) >= FAR_FROM_OWN) | np.isnan(changes.far_from_own))


def _far(steps: pd.DataFrame, changes: Changes, place: int) -> pd.DataFrame:
    """The implausible changes of one series, by number of the later row: before, median and far."""
    hit = _implausible(changes)[:, place]
    far = steps.loc[hit, ["before"]].assign(median=changes.median[hit, place], far=changes.far[hit, place])
    return far.sort_index()


def _sentence(values: FloatArray, far: pd.DataFrame, median: pd.Series, tested: int, form: str) -> pd.Series:
    tables = 1 / max(tested * 2 * ndtr(-FAR), 1e-9)
    by_chance = f"were changes normal, one set of {tested:,} in {tables:,.0f} would hold any beyond {FAR:g}"
    said = [
        f"From {form.format(before)} to {form.format(after)} in a year, where the usual change was {usual}: "
        f"{abs(z):.1f} standard deviations away; {by_chance}."
        for before, after, usual, z in zip(values[far["before"]], values[far.index], median, far["far"], strict=True)
    ]
    return pd.Series(said, index=far.index, dtype="str")


def _judged(
    held: HeldTable,
    far: pd.DataFrame,
    said: pd.Series,
    columns: list[str],
    breaks: Sequence[Break],
    suspects: pd.DataFrame,
) -> pd.DataFrame:
    """Class and evidence of each jump; the figure of either year may be what is wrong."""
    rows = held.rows(far.index, [])
    doubted = [suspect_counts(rows, columns, suspects)]
    doubted += [suspect_counts(held.rows(far["before"], []), columns, suspects).set_axis(rows.index)]
    broken = pd.Series("", index=rows.index, dtype="str")
    for known in breaks:
        broken = broken.mask(rows["period"] == known.from_period, f"The series breaks here: {known.reason}")
    documented = [documented_footnote(held.arithmetic.footnotes, rows, columns), broken]
    reasons = [(ExceptionClass.SOURCE_DEFECT, doubt) for doubt in doubted]
    reasons += [(ExceptionClass.DOCUMENTED_FOOTNOTE, reason) for reason in documented]
    told = [(kind, reason.where(reason == "", reason + " " + said)) for kind, reason in reasons]
    return judge(told, said)
