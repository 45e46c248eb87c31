"""The one entrance to disclosure control: exact counts and statistics in, printable ones out.

Here: the order of the steps and what counts as known. Not here: the steps themselves (see `disclosure`).

Known to everybody are openly published figures, which are printed as published, and whatever an earlier edition
printed. Both count as known at today's value even where they differ from it (a provisional count, a revision):
the difference is usually small, so taking them as exact errs on the safe side. What an earlier edition did not
print stays unprinted. A refused count that an earlier edition printed is not printed again, and is marked in the
log as known already, because nothing can take it back.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from jsna_pipeline.catalogue.disclosure import DisclosureRule
from jsna_pipeline.disclosure import attack, cells, primary, rounding, secondary
from jsna_pipeline.disclosure.cells import LinkedCells
from jsna_pipeline.disclosure.log import log_of, summary_of
from jsna_pipeline.disclosure.statistics import protect_statistics
from jsna_pipeline.vocabulary import Status

EFFORT = 400  # linear programs for improving the choice of partners; the first choice and the attack take their own
ROUNDS = 5  # of completing the choice where the attack, in whole numbers, finds more than the linear programs did


@dataclass(frozen=True)
class Protected:
    """`counts` and `statistics` printable, with `status`; `log` restricted; `summary` public."""

    counts: pd.DataFrame
    statistics: pd.DataFrame
    log: pd.DataFrame
    summary: pd.DataFrame


@dataclass(frozen=True)
class Problem:
    """The cells, what must hold, and what is settled before any choice.

    `known_lower`, `known_upper` (n,): what everybody knows of each cell whatever is printed now. `withheld` (n,):
    cannot be printed, `earlier` (n,) among them because an earlier edition did not. `needs`: cell, low,
    high, hidden, reason, known_already.
    """

    linked: LinkedCells
    needs: pd.DataFrame
    known_lower: np.ndarray
    known_upper: np.ndarray
    withheld: np.ndarray
    earlier: np.ndarray

    @property
    def fixed(self) -> np.ndarray:
        return np.isfinite(self.known_upper)


def protect(
    counts: pd.DataFrame,
    statistics: pd.DataFrame,
    rules: Mapping[str, DisclosureRule],
    nests: pd.DataFrame,
    sensitive: Collection[str],
    known: pd.DataFrame | None = None,
    earlier: pd.DataFrame | None = None,
    relations: pd.DataFrame | None = None,
    *,
    with_secondary: bool = True,
    with_joint: bool = True,
    effort: int = EFFORT,
) -> Protected:
    """Printable counts and statistics of one area and edition, attacked before they are returned.

    `counts`, `statistics`: LOCAL_COUNTS and LOCAL_STATISTICS. `rules`: by id. `nests`: dimension, category,
    parent_dimension, parent_category. `sensitive`: names of dimensions that are sensitive attributes. `known`:
    LOCAL_COUNTS of openly published figures. `earlier`: protected counts of earlier editions, with `status`.
    `relations`: see `cells.link`. `with_secondary` off leaves out the partners, to show that the attack then finds
    them missing. Raises BuildError where any requirement does not withstand the attack.
    """
    counts = counts.reset_index(drop=True)
    problem = _problem(counts, rules, nests, sensitive, known, earlier, relations, with_joint)
    hidden = _choose(problem, rules, effort) if with_secondary else problem.withheld
    attack.assert_withstands(problem.linked, *_seen(problem, rules, hidden), problem.needs)
    public, count_log = _printed(counts, problem, rules, hidden, known)
    printable, reason = protect_statistics(statistics, rules, nests)
    log = pd.concat([count_log, _statistics_log(printable, reason)], ignore_index=True)
    summary = summary_of(
        pd.concat([public["table_id"], printable["table_id"]]), pd.concat([public["status"], printable["status"]])
    )
    return Protected(public, printable, log_of(log), summary)


def _problem(
    counts: pd.DataFrame,
    rules: Mapping[str, DisclosureRule],
    nests: pd.DataFrame,
    sensitive: Collection[str],
    known: pd.DataFrame | None,
    earlier: pd.DataFrame | None,
    relations: pd.DataFrame | None,
    with_joint: bool,
) -> Problem:
    """Links all cells, finds what must hold, and settles what is known."""
    none = counts.iloc[:0]
    known, earlier = (none if frame is None else frame for frame in (known, earlier))
    shown_before = earlier.loc[earlier["status"] == Status.OK] if len(earlier) else none
    unrounded = shown_before["rule"].map({rule_id: rule.round_to == 1 for rule_id, rule in rules.items()})
    exact = pd.concat([known[cells.COUNT_COLUMNS], shown_before.loc[unrounded.astype(bool), cells.COUNT_COLUMNS]])
    linked = cells.link(counts, rules, nests, exact, relations)
    if with_joint:
        linked = cells.with_joint_cells(linked, nests)
    linked, needs = primary.with_primary(linked, rules, sensitive)
    held_back = earlier.loc[earlier["status"] != Status.OK] if len(earlier) else none
    lower, upper = _known_intervals(linked, rules, _keys(exact), _keys(shown_before))
    before = _keys(held_back)
    printable = (linked.cells["kind"] == "counted").to_numpy()
    stays = linked.cells["key"].isin(before).to_numpy() & printable
    withheld = ~printable & (linked.cells["kind"] != "known").to_numpy() | stays
    withheld[needs["hidden"]] = True
    problem = Problem(linked, needs, lower, upper, withheld, stays)
    return replace(problem, needs=_attainable(problem))


def _keys(frame: pd.DataFrame) -> pd.Index:
    return pd.Index(cells.keys_of(frame, cells.parts_of(frame))) if len(frame) else pd.Index([])


def _known_intervals(
    linked: LinkedCells, rules: Mapping[str, DisclosureRule], exact: pd.Index, shown_before: pd.Index
) -> tuple[np.ndarray, np.ndarray]:
    """What published files, earlier editions and definitions tell of each cell: 0 to infinity where nothing."""
    count = linked.cells["count"].to_numpy()
    lower, upper = np.zeros(len(count)), np.full(len(count), np.inf)
    own = linked.cells["kind"].isin(("counted", "known"))
    rounded = (linked.cells["key"].isin(shown_before) & own).to_numpy()
    print_lower, print_upper = _print_intervals(linked, rules)
    lower[rounded], upper[rounded] = np.minimum(print_lower, count)[rounded], np.maximum(print_upper, count)[rounded]
    certain = (linked.cells["key"].isin(exact) & own).to_numpy() | linked.cells["structural"].to_numpy(dtype=bool)
    lower[certain] = upper[certain] = count[certain]
    return lower, upper


def _print_intervals(linked: LinkedCells, rules: Mapping[str, DisclosureRule]) -> tuple[np.ndarray, np.ndarray]:
    """What printing each cell under its rule would tell."""
    round_to = primary.per_cell(linked.cells, rules, "round_to")
    value = rounding.printed(linked.cells["count"].to_numpy(), round_to)
    return rounding.interval(value, round_to, primary.per_cell(linked.cells, rules, "suppress_to"))


def _attainable(problem: Problem) -> pd.DataFrame:
    """The requirements, lowered to what known figures leave possible, and marked where they had to be."""
    needs = problem.needs.assign(known_already=False)
    lost = attack.holes(problem.linked, problem.known_lower, problem.known_upper, needs).index.unique()
    if len(lost):
        low, high = attack.bounds(
            problem.linked, problem.known_lower, problem.known_upper, needs.loc[lost, "cell"].to_numpy(), whole=True
        )
        needs.loc[lost, "low"] = np.maximum(needs.loc[lost, "low"], low).astype(int)
        needs.loc[lost, "high"] = np.minimum(needs.loc[lost, "high"], high).astype(int)
        needs.loc[lost, "known_already"] = True
    return needs


def _seen(problem: Problem, rules: Mapping[str, DisclosureRule], hidden: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """What a reader knows of each cell once everything but `hidden` is printed."""
    lower, upper = _print_intervals(problem.linked, rules)
    count = problem.linked.cells["count"].to_numpy()
    lower = np.where(hidden, 0, np.minimum(lower, count))
    upper = np.where(hidden, np.inf, np.maximum(upper, count))
    return np.maximum(lower, problem.known_lower), np.minimum(upper, problem.known_upper)


def _choose(problem: Problem, rules: Mapping[str, DisclosureRule], effort: int) -> np.ndarray:
    """The cells to withhold, completed until the attack finds nothing that they could still prevent."""
    linked, count = problem.linked, problem.linked.cells["count"].to_numpy()
    hidden, asked = problem.withheld, problem.needs
    for attempt in range(ROUNDS):
        lower, upper = _seen(problem, rules, hidden)
        open_ends = hidden & ~problem.fixed
        pattern = secondary.Pattern(
            equations=linked.equations,
            counts=count,
            weights=secondary.weights_of(linked.cells),
            hidden=hidden,
            fixed=problem.fixed,
            down=np.where(open_ends, 0, count - lower),
            up=np.where(open_ends, 0, upper - count),
        )
        hidden = secondary.choose(pattern, asked, effort, whole=attempt > 0)
        found = attack.holes(linked, *_seen(problem, rules, hidden), problem.needs)
        if found.empty:
            break
        asked = problem.needs.loc[found.index.unique()]
    return hidden


def _printed(
    counts: pd.DataFrame,
    problem: Problem,
    rules: Mapping[str, DisclosureRule],
    hidden: np.ndarray,
    known: pd.DataFrame | None,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The counts as printed, and the log of those that are not."""
    linked, table = problem.linked, problem.linked.cells
    value = pd.Series(rounding.printed(table["count"].to_numpy(), primary.per_cell(table, rules, "round_to")))
    published = pd.Series(dtype=float)
    if known is not None and len(known):
        published = pd.Series(known["count"].to_numpy(dtype=float), index=_keys(known))
        published = published[~published.index.duplicated()]
    as_published = table["key"].map(published)
    kept = hidden & as_published.isna().to_numpy()
    shown = as_published.fillna(value).mask(kept)
    public = counts.assign(
        count=shown.iloc[linked.rows].round().astype("Int64").to_numpy(),
        status=np.where(kept[linked.rows], Status.SUPPRESSED.value, Status.OK.value),
    )
    public["count"] = public["count"].astype("Int64")
    return public, _counts_log(counts, problem, kept)


def _counts_log(counts: pd.DataFrame, problem: Problem, kept: np.ndarray) -> pd.DataFrame:
    """One row per unprinted row of the counts, with the first reason that applies."""
    reason = pd.Series("secondary", index=range(len(kept)))
    reason[problem.earlier] = "earlier"
    for why in ("group", "primary"):
        reason[problem.needs.loc[problem.needs["reason"] == why, "hidden"]] = why
    lost = problem.needs.loc[problem.needs["known_already"], "hidden"]
    old = np.isin(np.arange(len(kept)), lost)
    rows = problem.linked.rows[kept[problem.linked.rows]]
    log = problem.linked.cells.iloc[rows][["population", "period", "group", "rule"]].reset_index(drop=True)
    return log.assign(
        table=counts.loc[kept[problem.linked.rows], "table_id"].to_numpy(),
        figure="count",
        reason=reason.to_numpy()[rows],
        known_already=old[rows],
    )


def _statistics_log(printable: pd.DataFrame, reason: pd.Series) -> pd.DataFrame:
    unprinted = printable.loc[reason.notna()]
    return pd.DataFrame(
        {
            "table": unprinted["table_id"],
            "population": unprinted["population"],
            "period": unprinted["period"],
            "group": unprinted["dimension"] + " " + unprinted["category"],
            "figure": unprinted["statistic"],
            "reason": reason[reason.notna()].astype(str),
            "rule": unprinted["rule"],
            "known_already": False,
        }
    )
