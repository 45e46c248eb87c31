"""All tables of one area as one set of cells and the linear equations between them.

Here: which rows of which tables are the same cell, which cells add up to which, and the cells that nobody
prints but everybody can reason about. Not here: which cells are sensitive (`primary`) or printed (`protect`).

A cell is a population, a period and a set of (dimension, category); the order of the slots, and the table that
prints it, do not matter. Cells that no table holds but the equations need:
- `remainder`: what the categories leave over where they do not exhaust their total (not stated, not listed);
- `others`: the members of a group outside its one category (see `primary`);
- `implied`: the cells of a wider dimension that follow by adding up a printed cross of a narrower one. Two tables
  that share no cell can still meet in one: need by age and area of need at 16 or over both say how many children
  with one need are under 16;
- `joint`: the cross behind tables that meet in every two of its dimensions, so that what is possible in each table
  alone but not in all together is not thought possible.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import combinations, permutations

import numpy as np
import pandas as pd
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp

from jsna_pipeline.catalogue.disclosure import DisclosureRule
from jsna_pipeline.errors import BuildError
from jsna_pipeline.vocabulary import TOTAL

SLOTS = (1, 2, 3)
FIELD, PAIR = "\x1f", "\x1e"  # separators that no label contains
IDENTITY = ["population", "period", "period_type"]
COUNT_COLUMNS = [
    "table_id",
    *IDENTITY,
    *(f"{part}_{slot}" for slot in SLOTS for part in ("dimension", "category")),
    "count",
    "rule",
]
INFEASIBLE = 2  # of scipy's milp
MOST_JOINT = 4  # dimensions of a joint cross
JOINT_NODES = 5_000  # in looking for one possible table; the true one is possible, so the first is soon found
JOINT_LIMIT = 2_500  # its cells; above it the linear programs outgrow a local build


@dataclass(frozen=True)
class LinkedCells:
    """Cells 0..n-1 and the equations `equations @ counts == constants`.

    `cells`: key, table (first that prints it), population, period, group (words), dimensions (how many), count
    (float; for `joint` cells one possible value), rule, kind (counted|known|implied|remainder|others|joint), structural
    (impossible by definition, so known to be 0). `sums`: parent, child, along: which cells are the categories of
    which, along one dimension of one table. `rows` gives the cell of each row of the counts.
    """

    cells: pd.DataFrame
    equations: sparse.csr_matrix
    constants: np.ndarray
    sums: pd.DataFrame
    rows: np.ndarray

    def with_cells(self, cells: pd.DataFrame, rows: sparse.spmatrix, constants: np.ndarray) -> LinkedCells:
        """The same with more cells, and equations over old and new ones."""
        widened = sparse.csr_matrix(
            (self.equations.data, self.equations.indices, self.equations.indptr),
            shape=(self.equations.shape[0], len(self.cells) + len(cells)),
        )
        return replace(
            self,
            cells=pd.concat([self.cells, cells], ignore_index=True),
            equations=sparse.csr_matrix(sparse.vstack([widened, rows])),
            constants=np.concatenate([self.constants, constants]),
        )


def parts_of(frame: pd.DataFrame) -> np.ndarray:
    """(rows, 3) text `dimension PAIR category`, sorted along each row; margins and unused slots are empty."""
    slots = [
        np.where(
            frame[f"dimension_{slot}"] == TOTAL,
            "",
            frame[f"dimension_{slot}"].astype(str) + PAIR + frame[f"category_{slot}"].astype(str),
        )
        for slot in SLOTS
    ]
    return np.sort(np.stack(slots, axis=1).astype(str), axis=1)


def keys_of(frame: pd.DataFrame, parts: np.ndarray) -> pd.Series:
    """One text per row that is the same for the same cell."""
    key = frame["population"].astype(str) + FIELD + frame["period"].astype(str) + FIELD + frame["period_type"]
    for slot in range(parts.shape[1]):
        key = key + FIELD + pd.Series(parts[:, slot], index=frame.index)
    return key


def link(
    counts: pd.DataFrame,
    rules: Mapping[str, DisclosureRule],
    nests: pd.DataFrame,
    known: pd.DataFrame | None = None,
    relations: pd.DataFrame | None = None,
) -> LinkedCells:
    """All cells of `counts` and `known` with their equations.

    `counts`: LOCAL_COUNTS. `known`: the same columns, figures that everybody has, of which only cells that
    `counts` lacks add anything. `nests`: dimension, category, parent_dimension, parent_category. `relations`: the
    identity and slot columns with relation, coefficient; each relation's sum is constant. Raises BuildError where
    two tables count one group differently.
    """
    frames = [counts[COUNT_COLUMNS].assign(kind="counted")]
    if known is not None and len(known):
        frames.append(known[COUNT_COLUMNS].assign(kind="known"))
    frame = _with_implied(pd.concat(frames, ignore_index=True), nests)
    parts = parts_of(frame)
    frame["key"] = keys_of(frame, parts)
    frame["cell"] = pd.factorize(frame["key"])[0]
    cells = _cells(frame, parts, rules, nests)
    first = frame.drop_duplicates("cell").index
    cell_parts, source = parts[first], frame.drop_duplicates(["table_id", "cell"])[["table_id", "cell"]]
    sums = pd.concat(
        [_category_sums(source, cells, cell_parts), _nested_sums(source, cells, cell_parts, nests)], ignore_index=True
    )
    linked = LinkedCells(
        cells, sparse.csr_matrix((0, len(cells))), np.zeros(0), sums, frame["cell"].to_numpy()[: len(counts)]
    )
    linked = _with_sums(linked, sums)
    return linked if relations is None or relations.empty else _with_relations(linked, relations)


def _with_implied(frame: pd.DataFrame, nests: pd.DataFrame) -> pd.DataFrame:
    """The rows, followed by those of wider dimensions that each table adds up to, whether or not another prints them.

    A table implies the cells of a wider dimension where each of its categories of the narrower one has a place there.
    All of them, since a sum within one table is a sum only if none of its parts is left to another.
    """
    pairs = [nest for _, nest in nests.groupby(["dimension", "parent_dimension"])]
    every, newest = [frame], frame.loc[frame["kind"] == "counted"]
    while len(newest):
        widened = [_widened(newest, slot, nest) for nest in pairs for slot in SLOTS]
        newest = _added_up(pd.concat([newest.iloc[:0].assign(way=""), *widened], ignore_index=True))
        every.append(newest)
    return pd.concat(every, ignore_index=True)


def _widened(frame: pd.DataFrame, slot: int, nest: pd.DataFrame) -> pd.DataFrame:
    """The rows with the nest's narrower dimension in this slot, moved to its wider one; `way` names their cross."""
    inner, outer = nest[["dimension", "parent_dimension"]].iloc[0]
    names = frame[[f"dimension_{place}" for place in SLOTS]]
    here = (names[f"dimension_{slot}"] == inner) & ~(names == outer).any(axis=1)
    wider = frame[f"category_{slot}"].map(nest.drop_duplicates("category").set_index("category")["parent_category"])
    without_place = frame.loc[here & wider.isna(), "table_id"]
    rows = frame.loc[here & ~frame["table_id"].isin(without_place)]
    way = rows["table_id"].astype(str).str.cat(names.loc[rows.index].astype(str), FIELD)
    moved = {f"dimension_{slot}": outer, f"category_{slot}": wider[rows.index]}
    return rows.assign(kind="implied", way=way, **moved)


def _added_up(rows: pd.DataFrame) -> pd.DataFrame:
    """One row a table and cell, with the sum over the first of its crosses that implies it."""
    key = rows["table_id"].astype(str) + FIELD + keys_of(rows, parts_of(rows))
    one = rows.loc[rows["way"] == rows["way"].groupby(key).transform("first")]
    total = one["count"].groupby(key[one.index]).transform("sum")
    return one.assign(count=total).loc[~key[one.index].duplicated()].drop(columns="way")


def _cells(
    frame: pd.DataFrame, parts: np.ndarray, rules: Mapping[str, DisclosureRule], nests: pd.DataFrame
) -> pd.DataFrame:
    """One row per cell, under the strictest of the rules of the rows that print it."""
    order = {rule_id: rule.strictness for rule_id, rule in rules.items()}
    counted = frame.loc[frame["kind"] == "counted"]
    spread = counted.groupby("cell")["count"].agg(["min", "max"])
    if len(unequal := spread.index[spread["min"] != spread["max"]]):
        tables = sorted(counted.loc[counted["cell"].isin(unequal), "table_id"].unique())
        raise BuildError(f"Tables {', '.join(tables)} count the same group differently, so none can be printed.")
    strictness = frame["rule"].map(order)
    strict = frame.loc[strictness.groupby(frame["cell"]).idxmax(), ["cell", "rule"]].set_index("cell")["rule"]
    first = frame.drop_duplicates("cell")
    first_parts = parts[first.index]
    group = [", ".join(part.replace(PAIR, " ") for part in row if part) or TOTAL for row in first_parts.tolist()]
    return pd.DataFrame(
        {
            "key": first["key"].to_numpy(),
            "table": first["table_id"].to_numpy(),
            "population": first["population"].to_numpy(),
            "period": first["period"].to_numpy(),
            "group": group,
            "dimensions": (first_parts != "").sum(axis=1),
            "count": first["count"].to_numpy(dtype=float),
            "rule": strict.loc[first["cell"]].to_numpy(),
            "kind": first["kind"].to_numpy(),
            "structural": _structural(first_parts, nests),
        }
    )


def _structural(parts: np.ndarray, nests: pd.DataFrame) -> np.ndarray:
    """Whether a cell crosses a category with a parent that it does not belong to: known to be empty."""
    impossible = np.zeros(len(parts), dtype=bool)
    if nests.empty:
        return impossible
    child = nests["dimension"] + PAIR + nests["category"]
    pairs = set(child + FIELD + nests["parent_dimension"] + PAIR + nests["parent_category"])
    parents_of = nests.groupby(child)["parent_dimension"].agg(set).to_dict()
    dimension = pd.DataFrame(parts).apply(lambda slot: slot.str.split(PAIR).str[0])
    for inner, outer in ((a, b) for a in range(3) for b in range(3) if a != b):
        nested = [
            place in parents_of.get(part, ()) for part, place in zip(parts[:, inner], dimension[outer], strict=True)
        ]
        listed = pd.Series(parts[:, inner]).str.cat(parts[:, outer].astype(object), FIELD).isin(pairs)
        impossible |= np.asarray(nested) & ~listed.to_numpy()
    return impossible


def _parents(cells: pd.DataFrame, changed: np.ndarray) -> np.ndarray:
    """Number of the cell with other parts but the same population and period; -1 where there is none."""
    stem = cells["key"].str.split(FIELD).str[:3].str.join(FIELD)
    key = stem
    for slot in range(changed.shape[1]):
        key = key + FIELD + pd.Series(changed[:, slot], index=cells.index)
    return pd.Index(cells["key"]).get_indexer(pd.Index(key))


def _category_sums(source: pd.DataFrame, cells: pd.DataFrame, parts: np.ndarray) -> pd.DataFrame:
    """(sum, parent, child): each cell under the same cell without one of its dimensions, table by table."""
    found = []
    for slot in range(3):
        without = parts.copy()
        without[:, slot] = ""
        dimension = pd.Series(parts[:, slot]).str.split(PAIR).str[0]
        parent = np.where(parts[:, slot] == "", -1, _parents(cells, np.sort(without, axis=1)))
        found.append(_sums(source, parent, dimension.to_numpy()))
    return pd.concat(found, ignore_index=True)


def _nested_sums(source: pd.DataFrame, cells: pd.DataFrame, parts: np.ndarray, nests: pd.DataFrame) -> pd.DataFrame:
    """The same for wards in localities, ages in bands: each cell under the cell of the wider category."""
    found = [pd.DataFrame(columns=["table_id", "along", "parent", "child"])]
    wider = nests.assign(
        part=nests["dimension"] + PAIR + nests["category"],
        outer=nests["parent_dimension"] + PAIR + nests["parent_category"],
    )
    for (inner, outer), nest in wider.groupby(["dimension", "parent_dimension"]):
        within = nest.drop_duplicates("part").set_index("part")["outer"]
        for slot in range(3):
            moved = pd.Series(parts[:, slot]).map(within)
            changed = parts.astype(object)
            changed[:, slot] = moved.fillna("")
            parent = np.where(moved.isna(), -1, _parents(cells, np.sort(changed.astype(str), axis=1)))
            found.append(_sums(source, parent, np.full(len(cells), f"{inner} in {outer}")))
    return pd.concat(found, ignore_index=True)


def _sums(source: pd.DataFrame, parent: np.ndarray, along: np.ndarray) -> pd.DataFrame:
    child = source["cell"].to_numpy()
    rows = pd.DataFrame({"table_id": source["table_id"].to_numpy(), "along": along[child], "parent": parent[child]})
    return rows.assign(child=child).loc[rows["parent"] >= 0]


def _with_sums(linked: LinkedCells, sums: pd.DataFrame) -> LinkedCells:
    """Adds the equation of each distinct sum, with a remainder where the categories do not exhaust their total.

    Categories that overlap (more children than their total) give no sum; each is then only no larger than it, and
    one that is larger (a figure of another day) says nothing.
    """
    if sums.empty:
        return linked
    sums["number"] = sums.groupby(["table_id", "along", "parent"]).ngroup()
    marks = np.random.default_rng(0).integers(1, 2**62, len(linked.cells))
    mark = pd.Series(marks[sums["child"].astype(int)], index=sums.index).groupby(sums["number"]).transform("sum")
    sums = sums.assign(mark=mark).drop_duplicates(["parent", "mark", "child"])
    counts = linked.cells["count"].to_numpy()
    parent, child = sums["parent"].to_numpy(dtype=int), sums["child"].to_numpy(dtype=int)
    inside = pd.Series(counts[child], index=sums.index).groupby(sums["number"]).transform("sum").to_numpy()
    overlapping = inside > counts[parent]
    number = np.where(overlapping, sums["number"].max() + 1 + np.arange(len(sums)), sums["number"])
    number, first = pd.factorize(number)[0], ~pd.Series(number).duplicated().to_numpy()
    total = parent[first]
    left = counts[total] - np.bincount(number, counts[child])
    sound = left[number] >= 0
    number, child, total, left = pd.factorize(number[sound])[0], child[sound], total[left >= 0], left[left >= 0]
    rows = np.arange(len(total))
    matrix = sparse.csr_matrix(
        (
            np.concatenate([np.ones(len(total)), -np.ones(len(child))]),
            (np.concatenate([rows, number]), np.concatenate([total, child])),
        ),
        shape=(len(total), len(linked.cells)),
    )
    return _with_remainders(linked, matrix, total, left, "remainder")


def _with_remainders(
    linked: LinkedCells, matrix: sparse.csr_matrix, total: np.ndarray, left: np.ndarray, kind: str
) -> LinkedCells:
    """Equations `matrix @ counts == left` where a positive left is itself a cell that nobody prints."""
    open_rows = np.flatnonzero(left > 0) if kind == "remainder" else np.arange(len(left))
    cells = linked.cells.iloc[total[open_rows]].assign(
        kind=kind, count=left[open_rows], structural=False, key=lambda frame: frame["key"] + FIELD + kind
    )
    extra = sparse.csr_matrix(
        (-np.ones(len(open_rows)), (open_rows, np.arange(len(open_rows)))), shape=(len(left), len(open_rows))
    )
    return linked.with_cells(cells, sparse.hstack([matrix, extra]), np.zeros(len(left)))


def with_others(linked: LinkedCells, group: np.ndarray, member: np.ndarray) -> LinkedCells:
    """Adds for each pair of cells (group, one category of it) the cell of the group's other members."""
    rows = np.arange(len(group))
    matrix = sparse.csr_matrix(
        (
            np.concatenate([np.ones(len(group)), -np.ones(len(group))]),
            (np.concatenate([rows, rows]), np.concatenate([group, member])),
        ),
        shape=(len(group), len(linked.cells)),
    )
    counts = linked.cells["count"].to_numpy()
    return _with_remainders(linked, matrix, member, counts[group] - counts[member], "others")


def _with_relations(linked: LinkedCells, relations: pd.DataFrame) -> LinkedCells:
    """Adds each given relation; what it leaves over is taken as known, which errs on the side of the attacker."""
    relations = relations.reset_index(drop=True)
    keys = linked.cells.loc[linked.cells["kind"] != "remainder", "key"]  # which come last, several to a total
    cell = pd.Index(keys).get_indexer(pd.Index(keys_of(relations, parts_of(relations))))
    number = pd.factorize(relations["relation"])[0]
    whole = ~np.isin(number, number[cell < 0])  # a relation with a cell that nobody counts says nothing here
    number = pd.factorize(number[whole])[0]
    matrix = sparse.csr_matrix(
        (relations["coefficient"].to_numpy(dtype=float)[whole], (number, cell[whole])),
        shape=(number.max(initial=-1) + 1, len(linked.cells)),
    )
    return linked.with_cells(linked.cells.iloc[:0], matrix, matrix @ linked.cells["count"].to_numpy())


def with_joint_cells(linked: LinkedCells, nests: pd.DataFrame, limit: int = JOINT_LIMIT) -> LinkedCells:
    """Adds the joint cross of every three or more dimensions that are known two by two but not all together.

    Only such a ring of tables limits the joint counts beyond its margins (a chain a×b, b×c never does); a ring of four
    without the crosses between is not looked for. Of rings that contain one another, or differ in how wide their
    dimensions are, the largest and narrowest within `limit` cells says all that the others do.
    """
    within = nests.groupby("parent_dimension")["dimension"].agg(set).to_dict()
    fields = linked.cells["key"].str.split(FIELD)
    told = linked.cells.assign(
        stem=fields.str[:3].str.join(FIELD),
        inner=fields.str[3:].map(lambda parts: tuple(part for part in parts if part)),
    ).loc[linked.cells["kind"].isin(("counted", "known", "implied"))]
    for _, world in told.groupby("stem"):
        crosses = world.assign(names=world["inner"].map(lambda parts: frozenset(p.split(PAIR)[0] for p in parts)))
        sizes = pd.Series(sorted(set(crosses["inner"].explode().dropna()))).str.split(PAIR).str[0].value_counts()
        for ring in _rings(set(crosses["names"]), sizes.to_dict(), within, limit):
            inside = crosses["names"].map(lambda names, ring=ring: len(names) > 1 and names <= set(ring))
            linked = _with_cross(linked, crosses.loc[inside], ring)
    return linked


def _rings(
    present: set[frozenset[str]], sizes: Mapping[str, int], within: Mapping[str, set[str]], limit: int
) -> list[tuple[str, ...]]:
    """Dimensions with every pair but not the whole among the crosses, the most and narrowest that are small enough."""
    names = sorted({name for pair in present if len(pair) == 2 for name in pair})
    rings = [
        ring
        for number in range(3, MOST_JOINT + 1)
        for ring in combinations(names, number)
        if all(frozenset(pair) in present for pair in combinations(ring, 2))
        and not any(set(ring) <= cross for cross in present)
        and np.prod([sizes[name] for name in ring]) <= limit
    ]
    return [ring for ring in rings if not any(_says_more(other, ring, within) for other in rings if other != ring)]


def _says_more(one: tuple[str, ...], other: tuple[str, ...], within: Mapping[str, set[str]]) -> bool:
    """Whether each dimension of `other` is one of `one`, or wider than one of its own there."""
    return any(
        all(mine == its or _lies_in(mine, its, within) for mine, its in zip(chosen, other, strict=True))
        for chosen in permutations(one, len(other))
    )


def _lies_in(inner: str, outer: str, within: Mapping[str, set[str]]) -> bool:
    return any(inner == child or _lies_in(inner, child, within) for child in within.get(outer, ()))


def _with_cross(linked: LinkedCells, crosses: pd.DataFrame, names: tuple[str, ...]) -> LinkedCells:
    """Adds the joint cross of `names` under the cells of `crosses`, at one possible table of whole numbers."""
    parts = crosses["inner"].explode().drop_duplicates()
    of = parts.str.split(PAIR).str[0]
    choices = [sorted(parts[of == name]) for name in names]
    size = int(np.prod([len(choice) for choice in choices]))
    cross = pd.MultiIndex.from_product(choices, names=names).to_frame(index=False)
    rows, columns = [], []
    for used, under in crosses.groupby("names"):
        wanted = pd.Series(under.index, index=under["inner"].map(FIELD.join))
        found = cross[sorted(used)].agg(FIELD.join, axis=1).map(wanted)
        columns.append(np.flatnonzero(found.notna()))
        rows.append(found.dropna().to_numpy(dtype=int))
    margin, cell = np.concatenate(rows), np.concatenate(columns)
    number, totals = pd.factorize(margin)
    inside = sparse.csr_matrix((np.ones(len(cell)), (number, cell)), shape=(len(totals), size))
    counts = linked.cells["count"].to_numpy()[totals]
    persons = LinearConstraint(inside, counts, counts)
    possible = milp(
        np.zeros(size),
        integrality=np.ones(size),
        bounds=Bounds(0, np.inf),
        constraints=persons,
        options={"node_limit": JOINT_NODES},
    )
    if possible.status == INFEASIBLE:  # the tables do not describe the same persons
        return linked
    if possible.status != 0:
        raise BuildError(f"The joint counts of {', '.join(names)} could not be linked, so they cannot be protected.")
    joint = linked.cells.iloc[np.repeat(totals[0], size)].assign(
        kind="joint",
        count=np.round(possible.x),
        structural=False,
        key=[FIELD.join((*row, "joint")) for row in cross.to_numpy()],
    )
    margins = sparse.csr_matrix(
        (np.ones(len(totals)), (np.arange(len(totals)), totals)), shape=(len(totals), len(linked.cells))
    )
    return linked.with_cells(joint, sparse.hstack([margins, -inside]), np.zeros(len(totals)))
