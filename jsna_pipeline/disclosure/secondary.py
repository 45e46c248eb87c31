"""Choosing what else must not be printed so that what may not be known cannot be worked out, at least loss.

Here: the choice of partners. Not here: which cells are sensitive (`primary`) or whether the choice holds
(`attack`, which shares no code with this module).

The problem and the exact method are those of Fischetti and Salazar (2000, JASA 95, 916–928): choose x in {0, 1},
1 where a cell is not printed, minimising the weight of unprinted cells, such that for every requirement the
attacker's linear program still reaches the low and the high end. By duality each program that falls short gives a
capacity constraint on x, added to the master problem until none is violated. Three steps:
1. A heuristic (Kelly, Golden and Assad 1992): for each requirement in turn, the cheapest change of the table that
   reaches it; whatever changes is not printed. Unprinted cells move at almost no cost, so later ones share partners.
2. Cleaning: each partner, dearest first, is printed again if every requirement it served finds another witness.
3. The exact method within the effort left, where the first two set the mark to beat.

Effort is counted in programs solved and never in seconds: the same tables give the same pattern on every machine
and every day. Two patterns of one edition, each safe alone, would together tell what both hide.
Cells that move freely within their rounding protect without being withheld. Requirements that known figures alone
defeat are lowered by the caller beforehand.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, linprog, milp
from scipy.sparse import csgraph

MOVED = 1e-7
MASTER_NODES = 2_000  # of one master problem; beyond it the pattern at hand is kept
WHOLE_NODES = 5_000  # of one program in whole numbers
BATCH = 15  # requirements asked alone before the rest are asked together again
SHARE = 1e-3  # cost of moving an unprinted cell, relative to the cheapest printed one
EXACT_CANDIDATES = 600  # above this the master problem seldom closes within a local build
MARGIN_STEP = 20.0  # a margin is worth as much as this many of the cells it sums
TOTAL_STEP = 1_000.0


@dataclass(frozen=True)
class Pattern:
    """What is known of one linked set of cells, and what may be chosen.

    `counts` (n,), `weights` (n,); `hidden`: cannot be printed; `fixed`: known to everybody, so of no use as a
    partner; `down`, `up`: how far the print alone leaves the count open (rounding), 0 where printed exactly.
    """

    equations: sparse.csr_matrix
    counts: np.ndarray
    weights: np.ndarray
    hidden: np.ndarray
    fixed: np.ndarray
    down: np.ndarray
    up: np.ndarray

    def part(self, cells: np.ndarray) -> Pattern:
        columns = self.equations[:, cells]
        rows = np.flatnonzero(np.diff(columns.indptr))
        arrays = {name: getattr(self, name)[cells] for name in ("counts", "weights", "hidden", "fixed", "down", "up")}
        return Pattern(equations=columns[rows], **arrays)


@dataclass
class Requirement:
    """One end of a range that must remain possible: cell `cell` moved by `move` in direction `side`."""

    cell: int
    side: int
    move: float
    witness: np.ndarray | None = None


def weights_of(cells: pd.DataFrame) -> np.ndarray:
    """What is lost by not printing a cell: 1 + log(1 + count), and far more for margins and totals."""
    depth = cells.groupby("table")["dimensions"].transform("max") - cells["dimensions"]
    weight = (1 + np.log1p(cells["count"].to_numpy())) * MARGIN_STEP ** depth.to_numpy(dtype=float)
    return np.where(cells["dimensions"] == 0, weight * TOTAL_STEP, weight)


def choose(pattern: Pattern, needs: pd.DataFrame, effort: int, whole: bool = False) -> np.ndarray:
    """Which cells stay unprinted, `hidden` among them: boolean (n,).

    `needs`: cell, low, high. `effort`: linear programs for cleaning and the exact method, shared by the connected
    parts by their size; the heuristic always finishes. `whole`: witnesses must be whole numbers, for requirements
    on which the attack found linear programs too generous.
    """
    hidden = pattern.hidden.copy()
    loose = np.flatnonzero(~pattern.fixed | (pattern.down + pattern.up > 0))
    columns = pattern.equations[:, loose]
    component = csgraph.connected_components(columns.T @ columns, directed=False)[1]
    of_cell = np.full(len(hidden), -1)
    of_cell[loose] = component
    parts = [part for part in np.unique(of_cell[needs["cell"]]) if part >= 0]
    sizes = np.array([(component == part).sum() for part in parts], dtype=float)
    for index in np.argsort(sizes, kind="stable"):
        share = int(effort * sizes[index] / sizes.sum())
        cells = loose[component == parts[index]]
        inside = needs.loc[of_cell[needs["cell"]] == parts[index]]
        hidden[cells] = _choose_part(pattern.part(cells), inside, np.searchsorted(cells, inside["cell"]), share, whole)
    return hidden


def _choose_part(part: Pattern, needs: pd.DataFrame, cell: np.ndarray, effort: int, whole: bool) -> np.ndarray:
    count = part.counts[cell]
    ends = [
        Requirement(int(at), side, float(move))
        for side, moves in ((1, needs["high"].to_numpy() - count), (-1, count - needs["low"].to_numpy()))
        for at, move in zip(cell, moves, strict=True)
        if move > 0
    ]
    programs = Programs(part, reach=max((end.move for end in ends), default=1.0), whole=whole)
    hidden = _heuristic(programs, ends)
    if not whole:
        programs.left = effort
        hidden = _clean(programs, ends, hidden)
        candidates = ~part.hidden & ~part.fixed
        if candidates.sum() <= EXACT_CANDIDATES and (hidden & candidates).any():
            hidden = _exact(programs, ends, hidden)
    return hidden


class Programs:
    """The attacker's linear programs over one connected part, set up once.

    Unknowns are moves away from the true counts: up and down beyond rounding, and within rounding. `reach` is the
    largest move required; four times that is allowed to any cell, which only understates what is possible.
    """

    def __init__(self, part: Pattern, reach: float, whole: bool) -> None:
        self.part = part
        self.whole = whole
        self.left = 0  # programs that may still be solved for improvement
        size = len(part.counts)
        self.most_up = np.full(size, 4 * reach) - np.minimum(part.up, 4 * reach)
        self.most_down = np.minimum(part.counts, 4 * reach) - np.minimum(part.down, part.counts)
        self.most_down = np.maximum(self.most_down, 0)
        self.most_up[part.fixed] = self.most_down[part.fixed] = 0
        self.free_down = np.minimum(part.down, part.counts)
        self.rounded = np.flatnonzero(part.up + self.free_down > 0)
        equations = part.equations
        whole_counts = part.counts == np.round(part.counts)  # a joint cell's count is only one possible value
        self.integrality = np.concatenate([whole_counts, whole_counts, whole_counts[self.rounded]]).astype(int)
        self.matrix = sparse.hstack([equations, -equations, equations[:, self.rounded]], format="csc")

    def cheapest(self, end: Requirement, hidden: np.ndarray) -> np.ndarray | None:
        """The change of the table that reaches `end` at least cost, as moves beyond rounding; None if impossible."""
        weights = np.where(hidden, SHARE * self.part.weights.min(), self.part.weights)
        lower, upper = self._limits(np.ones(len(hidden), dtype=bool))
        return self._moves(end, np.concatenate([weights, weights, np.zeros(len(self.rounded))]), lower, upper)

    def within(self, end: Requirement, hidden: np.ndarray, dear: np.ndarray | None = None) -> np.ndarray | None:
        """A change that reaches `end` and moves only unprinted cells, as few of the `dear` ones as may be."""
        weights = np.zeros(len(hidden)) if dear is None else np.where(dear, self.part.weights, 0)
        lower, upper = self._limits(hidden)
        return self._moves(end, np.concatenate([weights, weights, np.zeros(len(self.rounded))]), lower, upper)

    def together(self, ends: list[Requirement], hidden: np.ndarray, random: np.random.Generator) -> np.ndarray | None:
        """A change of unprinted cells that moves as many of the ends (all of one side) as far as required."""
        size, count = len(hidden), len(ends)
        cell, side = np.array([end.cell for end in ends]), ends[0].side
        lower, upper = self._limits(hidden)
        # one more unknown an end: how much of its move is reached, never more than is required
        place = np.concatenate([cell, size + cell])
        sign = np.repeat([-side, side], count)
        reached = sparse.csr_matrix((sign, (np.tile(np.arange(count), 2), place)), shape=(count, len(lower)))
        found = linprog(
            np.concatenate([np.zeros(len(lower)), -random.uniform(0.5, 2, count)]),
            A_ub=sparse.hstack([reached, sparse.eye(count)], format="csc"),
            b_ub=np.zeros(count),
            A_eq=sparse.hstack([self.matrix, sparse.csc_matrix((self.matrix.shape[0], count))], format="csc"),
            b_eq=np.zeros(self.matrix.shape[0]),
            bounds=np.column_stack([np.append(lower, np.zeros(count)), np.append(upper, [end.move for end in ends])]),
            method="highs",
        )
        return found.x[:size] - found.x[size : 2 * size] if found.status == 0 else None

    def _limits(self, movable: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        upper = np.concatenate(
            [np.where(movable, self.most_up, 0), np.where(movable, self.most_down, 0), self.part.up[self.rounded]]
        )
        lower = np.zeros(len(upper))
        lower[2 * len(movable) :] = -self.free_down[self.rounded]
        return lower, upper

    def _moves(self, end: Requirement, weights: np.ndarray, lower: np.ndarray, upper: np.ndarray) -> np.ndarray | None:
        size = len(self.part.counts)
        place = end.cell if end.side == 1 else size + end.cell
        if upper[place] < end.move - MOVED:
            return None
        lower[place] = end.move
        upper[(size if end.side == 1 else 0) + end.cell] = 0
        found = self._solve(weights, lower, upper)
        return None if found is None else found[:size] - found[size : 2 * size]

    def _solve(self, weights: np.ndarray, lower: np.ndarray, upper: np.ndarray) -> np.ndarray | None:
        self.left -= 1
        right = np.zeros(self.matrix.shape[0])
        if self.whole:
            found = milp(
                weights,
                integrality=self.integrality,
                bounds=Bounds(lower, upper),
                constraints=LinearConstraint(self.matrix, right, right),
                options={"node_limit": WHOLE_NODES},
            )
            return found.x
        found = linprog(weights, A_eq=self.matrix, b_eq=right, bounds=np.column_stack([lower, upper]), method="highs")
        return found.x if found.status == 0 else None


def _heuristic(programs: Programs, ends: list[Requirement]) -> np.ndarray:
    """A pattern under which every requirement has a witness, or everything unprinted that may be."""
    hidden = programs.part.hidden.copy()
    _tick_off(programs, ends, hidden)
    asked = 0
    for end in sorted(ends, key=lambda end: -end.move):
        if end.witness is not None:
            continue
        if (asked := asked + 1) % BATCH == 0:
            _tick_off(programs, ends, hidden)
        moves = programs.cheapest(end, hidden)
        if (
            moves is None
        ):  # the limits on single moves stand in the way: withholding everything is the most that can be done
            return hidden | ~programs.part.fixed
        hidden |= (np.abs(moves) > MOVED) & ~programs.part.fixed
        _share(moves, ends)
    return hidden


def _tick_off(programs: Programs, ends: list[Requirement], hidden: np.ndarray) -> None:
    """Finds witnesses for the ends that unprinted cells alone reach already, many with one program."""
    random = np.random.default_rng(0)
    for side in (1, -1):
        left = [end for end in ends if end.side == side and end.witness is None]
        while left:
            moves = None if programs.whole else programs.together(left, hidden, random)
            if moves is not None:
                _share(moves, ends)
            still = [end for end in left if end.witness is None]
            if len(still) == len(left):
                break
            left = still


def _share(moves: np.ndarray, ends: list[Requirement]) -> None:
    """Lets one witness serve every requirement that it happens to reach."""
    for end in ends:
        if end.witness is None and end.side * moves[end.cell] >= end.move - MOVED:
            end.witness = moves


def _clean(programs: Programs, ends: list[Requirement], hidden: np.ndarray) -> np.ndarray:
    """Prints again, dearest first, whatever the requirements can do without."""
    partners = np.flatnonzero(hidden & ~programs.part.hidden)
    for partner in partners[np.argsort(-programs.part.weights[partners], kind="stable")]:
        if programs.left <= 0:
            break
        without = hidden.copy()
        without[partner] = False
        if _rewitness(programs, [end for end in ends if _uses(end, partner)], without, partner):
            hidden = without
    return hidden


def _uses(end: Requirement, partner: int) -> bool:
    return end.witness is not None and abs(end.witness[partner]) > MOVED


def _rewitness(programs: Programs, served: list[Requirement], hidden: np.ndarray, partner: int) -> bool:
    """Whether each of the requirements has a witness under `hidden`; keeps the new ones only if all have."""
    before = [end.witness for end in served]
    for end in served:
        end.witness = None
    for end in served:
        if end.witness is None:
            moves = programs.within(end, hidden, dear=hidden & ~programs.part.hidden)
            if moves is None:
                for old, witness in zip(served, before, strict=True):
                    old.witness = witness
                return False
            _share(moves, served)
    return True


def _exact(programs: Programs, ends: list[Requirement], best: np.ndarray) -> np.ndarray:
    """The best pattern by capacity constraints, or `best` where the effort runs out first."""
    part = programs.part
    candidates = np.flatnonzero(~part.hidden & ~part.fixed)
    rows, right = _balance_cuts(part, candidates, {end.cell for end in ends})
    while programs.left > 0:
        programs.left -= 1 + len(ends)  # the master problem, and a cut sought for each requirement
        found = milp(
            part.weights[candidates],
            integrality=np.ones(len(candidates)),
            bounds=Bounds(0, 1),
            constraints=LinearConstraint(sparse.csr_matrix(np.array(rows)), np.array(right), np.inf) if rows else (),
            options={"node_limit": MASTER_NODES, "mip_rel_gap": 1e-9},
        )
        if found.status != 0:
            return best
        chosen = part.hidden.copy()
        chosen[candidates] = found.x > 0.5
        if part.weights[chosen].sum() >= part.weights[best].sum() - 1e-9:
            return best  # the mark is already the optimum
        before = len(rows)
        for end in ends:
            if (cut := _capacity_cut(programs, end, chosen, candidates)) is not None:
                rows.append(cut[0])
                right.append(cut[1])
        if len(rows) == before:
            return chosen
    return best


def _balance_cuts(part: Pattern, candidates: np.ndarray, required: set[int]) -> tuple[list[np.ndarray], list[float]]:
    """In each equation printed exactly, no cell is unprinted alone: it would follow from the others."""
    rows: list[np.ndarray] = []
    right: list[float] = []
    place = np.full(len(part.counts), -1)
    place[candidates] = np.arange(len(candidates))
    for number in range(part.equations.shape[0]):
        cells = part.equations.indices[part.equations.indptr[number] : part.equations.indptr[number + 1]]
        hidden = cells[part.hidden[cells]]
        alone = len(hidden) == 1 and int(hidden[0]) in required
        if (part.down[cells] + part.up[cells]).any() or len(hidden) > alone:
            continue
        choices = place[cells[place[cells] >= 0]]
        for choice in [None] if alone else choices:
            row = np.zeros(len(candidates))
            row[choices] = 1
            if choice is not None:
                row[choice] = -1
            rows.append(row)
            right.append(1.0 if alone else 0.0)
    return rows, right


def _capacity_cut(
    programs: Programs, end: Requirement, chosen: np.ndarray, candidates: np.ndarray
) -> tuple[np.ndarray, float] | None:
    """The constraint that `chosen` violates for this requirement, or None where the requirement is reached."""
    part, size = programs.part, len(chosen)
    up = np.where(chosen, programs.most_up + part.up, part.up)
    down = np.where(chosen, programs.most_down + programs.free_down, programs.free_down)
    (up if end.side == 1 else down)[end.cell] = end.move
    weights = np.zeros(size)
    weights[end.cell] = -end.side
    found = linprog(
        weights,
        A_eq=part.equations,
        b_eq=np.zeros(part.equations.shape[0]),
        bounds=np.column_stack([-down, up]),
        method="highs",
    )
    if found.status != 0 or -found.fun >= end.move - 1e-6:
        return None
    # Strong duality: reach = sum of (upper price × up + lower price × down); every x has at most this reach.
    upper_price, lower_price = np.maximum(-found.upper.marginals, 0), np.maximum(found.lower.marginals, 0)
    given = upper_price @ np.where(part.hidden, up, part.up) + lower_price @ np.where(
        part.hidden, down, programs.free_down
    )
    gain = (upper_price * programs.most_up + lower_price * programs.most_down)[candidates]
    missing = end.move - given
    return np.minimum(gain, missing), missing
