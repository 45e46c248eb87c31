"""Trying to work out what was not printed, from everything that was.

Here: the smallest and largest value that each unprinted cell can have, given every printed and known figure and
every equation; which requirements do not withstand; and the error that stops a build. Not here: choosing what to
print. Nothing of `secondary` is used, so that a mistake there is found here.

Two questions, two ways. `bounds` answers the exact one, two optimisations a cell. `holes` asks only whether low
and high ends of the required range remain possible, and one table of whole numbers that shows it for one cell
often shows it for hundreds: it maximises (or minimises) many cells at once, ticks off every cell whose end was
reached, and asks cell by cell only for the rest. A witness counts only if it is whole, because an attacker knows
that children are.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, linprog, milp
from scipy.sparse import csgraph

from jsna_pipeline.disclosure.cells import LinkedCells
from jsna_pipeline.errors import BuildError

TOLERANCE = 1e-6
NODES = 20_000  # of one question in whole numbers; unanswered counts as a hole
SHARED_ROUNDS = 12


@dataclass(frozen=True)
class Unknowns:
    """What is left to find out: the cells of which more than one value is possible, and their equations.

    `start` is one table that satisfies them (the true one): searches begin there, witnesses never rest on it.
    """

    matrix: sparse.csr_matrix
    right: np.ndarray
    lower: np.ndarray
    upper: np.ndarray
    start: np.ndarray

    @cached_property
    def component(self) -> np.ndarray:
        """Number of the group of cells that hang together, per cell."""
        links = sparse.csr_matrix(self.matrix.T @ self.matrix) if self.matrix.shape[0] else self.matrix.T @ self.matrix
        return csgraph.connected_components(links, directed=False)[1]

    def of(self, component: int) -> tuple[Unknowns, np.ndarray]:
        """One component alone, and the numbers of its cells here."""
        cells = np.flatnonzero(self.component == component)
        columns = self.matrix[:, cells]
        rows = np.flatnonzero(np.diff(columns.indptr))
        return Unknowns(columns[rows], self.right[rows], self.lower[cells], self.upper[cells], self.start[cells]), cells

    def whole(self, tables: np.ndarray) -> np.ndarray:
        """Per cell, whether its whole component has whole numbers in this solution."""
        fraction = np.abs(tables - np.round(tables)) > TOLERANCE
        return np.bincount(self.component, fraction, minlength=self.component.max(initial=-1) + 1)[self.component] == 0


def unknowns(linked: LinkedCells, lower: np.ndarray, upper: np.ndarray) -> tuple[Unknowns, np.ndarray]:
    """The unknown cells with the known ones moved to the right-hand side, and their numbers."""
    free = np.flatnonzero(upper > lower)
    settled = np.where(upper > lower, 0.0, lower)
    columns = linked.equations[:, free]
    rows = np.flatnonzero(np.diff(columns.indptr))
    right = (linked.constants - linked.equations @ settled)[rows]
    start = linked.cells["count"].to_numpy(dtype=float)[free]
    return Unknowns(columns[rows], right, lower[free], upper[free], start), free


def extreme(
    problem: Unknowns, weights: np.ndarray, lower: np.ndarray, upper: np.ndarray, whole: bool = False
) -> np.ndarray | None:
    """The possible table that minimises weights @ table; None where there is none, it is unbounded or too hard."""
    if whole:
        found = milp(
            weights,
            integrality=np.ones(len(weights)),
            bounds=Bounds(lower, upper),
            constraints=LinearConstraint(problem.matrix, problem.right, problem.right),
            options={"node_limit": NODES, "mip_rel_gap": 0},
        )
        return None if found.status != 0 or found.x is None else np.round(found.x)
    found = linprog(
        weights, A_eq=problem.matrix, b_eq=problem.right, bounds=np.column_stack([lower, upper]), method="highs"
    )
    return found.x if found.status == 0 else None


def bounds(
    linked: LinkedCells, lower: np.ndarray, upper: np.ndarray, targets: np.ndarray, whole: bool = False
) -> tuple[np.ndarray, np.ndarray]:
    """Smallest and largest possible value of each target cell, drawn in to whole numbers.

    `lower` and `upper` say what each cell's print tells by itself (0 and infinity where nothing is printed). By
    linear programs, whose bounds may be too wide by fractions of other cells; with `whole` by integer programs,
    exactly. A bound is infinite where nothing limits a cell.
    """
    problem, free = unknowns(linked, lower, upper)
    low, high = lower[targets].astype(float), upper[targets].astype(float)
    place = pd.Index(free).get_indexer(pd.Index(targets))
    for component in np.unique(problem.component[place[place >= 0]]):
        part, cells = problem.of(component)
        for target in np.flatnonzero(place >= 0):
            position = np.flatnonzero(cells == place[target])
            if len(position):
                low[target], high[target] = _ends(part, position[0], whole)
    return np.ceil(low - TOLERANCE), np.floor(high + TOLERANCE)


def _ends(part: Unknowns, position: int, whole: bool) -> tuple[float, float]:
    weights = np.zeros(len(part.lower))
    weights[position] = 1
    least = extreme(part, weights, part.lower, part.upper, whole)
    most = extreme(part, -weights, part.lower, part.upper, whole)
    return (
        part.lower[position] if least is None else least[position],
        part.upper[position] if most is None else most[position],
    )


def holes(linked: LinkedCells, lower: np.ndarray, upper: np.ndarray, needs: pd.DataFrame) -> pd.DataFrame:
    """The requirements (cell, low, high) that do not withstand, with `end` ('low' or 'high') that is ruled out."""
    cell = needs["cell"].to_numpy()
    open_low = lower[cell] > needs["low"].to_numpy()
    open_high = upper[cell] < needs["high"].to_numpy()
    settled = upper[cell] <= lower[cell]
    problem, free = unknowns(linked, lower, upper)
    place = pd.Index(free).get_indexer(pd.Index(cell))
    asked = np.flatnonzero(~settled)
    for end, failed in (("low", open_low), ("high", open_high)):
        ask = asked[~failed[asked]]
        wanted = needs[end].to_numpy(dtype=float)[ask]
        failed[ask] = ~reachable(problem, place[ask], wanted, 1 if end == "high" else -1)
    found = [needs.loc[failed].assign(end=end) for end, failed in (("low", open_low), ("high", open_high))]
    return pd.concat(found).sort_index(kind="stable")


def reachable(problem: Unknowns, place: np.ndarray, wanted: np.ndarray, side: int) -> np.ndarray:
    """Whether each cell can be at least (side 1) or at most (side -1) its wanted value in a table of whole numbers."""
    reached = np.zeros(len(place), dtype=bool)
    if not len(place):
        return reached
    random = np.random.default_rng(len(place))
    for _ in range(SHARED_ROUNDS):
        left = np.flatnonzero(~reached)
        table = _pushed_together(problem, place[left], wanted[left], side, random)
        if table is None:
            break
        witnessed = (side * (table[place] - wanted) > -TOLERANCE) & problem.whole(table)[place]
        if not (witnessed & ~reached).any():
            break
        reached |= witnessed
        if reached.all():
            return reached
    return _one_by_one(problem, place, wanted, side, reached)


def _pushed_together(
    problem: Unknowns, place: np.ndarray, wanted: np.ndarray, side: int, random: np.random.Generator
) -> np.ndarray | None:
    """A table that moves as many of the cells as far as it can towards, and not beyond, what is wanted."""
    count, cells = len(problem.lower), len(place)
    # one more unknown a cell: how much of the wanted value is reached (high) or missed (low)
    gain = sparse.csr_matrix((np.ones(cells), (np.arange(cells), place)), shape=(cells, count))
    rows = sparse.hstack([-side * gain, sparse.eye(cells) if side == 1 else -sparse.eye(cells)], format="csr")
    limit = np.zeros(cells) if side == 1 else wanted
    weights = np.concatenate([np.zeros(count), -side * random.uniform(0.5, 2, cells)])
    found = linprog(
        weights,
        A_ub=rows,
        b_ub=limit,
        A_eq=sparse.hstack([problem.matrix, sparse.csr_matrix((problem.matrix.shape[0], cells))], format="csr"),
        b_eq=problem.right,
        bounds=np.column_stack(
            [
                np.concatenate([problem.lower, np.zeros(cells)]),
                np.concatenate([problem.upper, wanted if side == 1 else np.full(cells, np.inf)]),
            ]
        ),
        method="highs",
    )
    return found.x[:count] if found.status == 0 else None


def _one_by_one(problem: Unknowns, place: np.ndarray, wanted: np.ndarray, side: int, reached: np.ndarray) -> np.ndarray:
    """The cells still open, each asked alone within its component: first in any, then in whole numbers."""
    for component in np.unique(problem.component[place[~reached]]):
        part, cells = problem.of(component)
        inside = np.flatnonzero(problem.component[place] == component)
        position = np.searchsorted(cells, place[inside])
        for asked in range(len(inside)):
            if reached[inside[asked]]:
                continue
            table = _alone(part, position[asked], wanted[inside[asked]], side)
            if table is not None:
                reached[inside] |= side * (table[position] - wanted[inside]) > -TOLERANCE
    return reached


def _alone(part: Unknowns, position: int, wanted: float, side: int) -> np.ndarray | None:
    """A table of whole numbers in which one cell reaches what is wanted, or None."""
    lower, upper = part.lower.copy(), part.upper.copy()
    (lower if side == 1 else upper)[position] = wanted
    if lower[position] > upper[position]:
        return None
    table = _nearest(part, lower, upper)
    if table is None or np.abs(table - np.round(table)).max() <= TOLERANCE:
        return table
    return extreme(part, np.zeros(len(lower)), lower, upper, whole=True)


def _nearest(part: Unknowns, lower: np.ndarray, upper: np.ndarray) -> np.ndarray | None:
    """The possible table that differs least from the start: a change of few cells is nearly always a whole one."""
    away = sparse.hstack([part.matrix, -part.matrix], format="csr")
    up = np.column_stack([lower - part.start, upper - part.start]).clip(min=0)
    down = np.column_stack([part.start - upper, part.start - lower]).clip(min=0)
    found = linprog(
        np.ones(2 * len(lower)),
        A_eq=away,
        b_eq=part.right - part.matrix @ part.start,
        bounds=np.vstack([up, down]),
        method="highs",
    )
    moves = found.x
    return part.start + moves[: len(lower)] - moves[len(lower) :] if found.status == 0 else None


def assert_withstands(linked: LinkedCells, lower: np.ndarray, upper: np.ndarray, needs: pd.DataFrame) -> None:
    """Raises BuildError, with table and group but no value, where any requirement does not withstand."""
    found = holes(linked, lower, upper, needs)
    if found.empty:
        return
    cells = linked.cells.iloc[found["cell"].unique()]
    named = "; ".join(f"{row.table}: {row.population} {row.period}, {row.group}" for row in cells.head(5).itertuples())
    raise BuildError(
        f"Disclosure control does not withstand: {len(cells)} unprinted counts can be worked out from what would be "
        f"printed ({named}). Nothing was published; print fewer crosses of these tables."
    )
