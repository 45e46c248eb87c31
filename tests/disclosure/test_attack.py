"""What an attacker can work out: held against an example worked by hand and against every table that there could be."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jsna_pipeline.catalogue.disclosure import disclosure_rules
from jsna_pipeline.disclosure import attack
from jsna_pipeline.disclosure.cells import LinkedCells, link
from jsna_pipeline.errors import BuildError
from tests.disclosure.invented_tables import NO_NESTS, table_of

RULES = disclosure_rules()
# Investment by activity (rows) and region (columns), the textbook form of the problem. With the four cells of II and
# III in A and C unprinted, (II, C) is 30 − (II, A), and (II, A) lies between 0 and the 25 that column A leaves.
INVESTMENT = {
    ("I", "A"): 20,
    ("I", "B"): 50,
    ("I", "C"): 10,
    ("II", "A"): 8,
    ("II", "B"): 19,
    ("II", "C"): 22,
    ("III", "A"): 17,
    ("III", "B"): 32,
    ("III", "C"): 12,
}


def linked_table(inner: dict[tuple[str, str], int]) -> LinkedCells:
    return link(table_of(inner), RULES, NO_NESTS)


def cell(linked: LinkedCells, column: str, row: str) -> int:
    return linked.cells.index[linked.cells["group"] == f"column {column}, row {row}"][0]


def seen(linked: LinkedCells, hidden: list[int]) -> tuple[np.ndarray, np.ndarray]:
    count = linked.cells["count"].to_numpy()
    lower, upper = count.copy(), count.copy()
    lower[hidden], upper[hidden] = 0, np.inf
    return lower, upper


def test_the_worked_example_leaves_5_to_30() -> None:
    linked = linked_table(INVESTMENT)
    hidden = [cell(linked, region, activity) for region in "AC" for activity in ("II", "III")]
    lower, upper = attack.bounds(linked, *seen(linked, hidden), np.array([cell(linked, "C", "II")]))
    assert (lower[0], upper[0]) == (5, 30)


def test_one_unprinted_cell_follows_from_its_total() -> None:
    linked = linked_table(INVESTMENT)
    target = cell(linked, "C", "II")
    lower, upper = attack.bounds(linked, *seen(linked, [target]), np.array([target]))
    assert (lower[0], upper[0]) == (22, 22)


def test_the_error_names_table_and_group_but_no_count() -> None:
    linked = linked_table(INVESTMENT)
    target = cell(linked, "C", "II")
    needs = pd.DataFrame({"cell": [target], "low": [1], "high": [30]})
    with pytest.raises(BuildError) as raised:
        attack.assert_withstands(linked, *seen(linked, [target]), needs)
    assert "table: plans 2025, column C, row II" in str(raised.value)
    assert "22" not in str(raised.value)


def every_table(linked: LinkedCells, lower: np.ndarray, upper: np.ndarray) -> np.ndarray:
    """All tables of whole numbers, one a row, that agree with what is seen, by trying every inner count."""
    inner = np.flatnonzero(linked.cells["dimensions"] == 2)
    names = linked.cells["group"].iloc[inner].str.split(", ")
    total = int(linked.cells.loc[linked.cells["dimensions"] == 0, "count"].iloc[0])
    values = np.stack(np.meshgrid(*[np.arange(total + 1)] * len(inner), indexing="ij"), -1).reshape(-1, len(inner))
    tables = np.zeros((len(values), len(linked.cells)))
    for number, group in enumerate(linked.cells["group"]):
        parts = set(group.split(", ")) - {"total"}
        tables[:, number] = values[:, [parts <= set(name) for name in names]].sum(axis=1)
    return tables[((tables >= lower) & (tables <= upper)).all(axis=1)]


@settings(max_examples=20, deadline=None)
@given(
    counts=st.lists(st.integers(0, 2), min_size=6, max_size=6).filter(lambda counts: 0 < sum(counts) <= 5),
    choice=st.lists(st.sampled_from(["printed", "hidden", "rounded"]), min_size=12, max_size=12),
)
def test_bounds_are_those_of_all_possible_tables(counts: list[int], choice: list[str]) -> None:
    pairs = [(row, column) for row in "xy" for column in "abc"]
    linked = linked_table(dict(zip(pairs, counts, strict=True)))
    truth = linked.cells["count"].to_numpy()
    chosen = np.array(choice)
    lower = np.where(chosen == "hidden", 0, np.where(chosen == "rounded", np.maximum(truth - 2, 0), truth))
    upper = np.where(chosen == "hidden", np.inf, np.where(chosen == "rounded", truth + 2, truth))
    total = linked.cells["dimensions"] == 0
    lower[total] = upper[total] = truth[total]
    possible = every_table(linked, lower, upper)
    found = attack.bounds(linked, lower, upper, np.arange(len(truth)), whole=True)
    assert found[0].tolist() == possible.min(axis=0).tolist()
    assert found[1].tolist() == possible.max(axis=0).tolist()
    wide = attack.bounds(linked, lower, upper, np.arange(len(truth)))
    assert (wide[0] <= found[0]).all() and (wide[1] >= found[1]).all()
    needs = pd.DataFrame({"cell": np.arange(len(truth)), "low": 0, "high": 2})
    fails = attack.holes(linked, lower, upper, needs)
    assert set(fails.loc[fails["end"] == "low", "cell"]) == set(np.flatnonzero(possible.min(axis=0) > 0))
    assert set(fails.loc[fails["end"] == "high", "cell"]) == set(np.flatnonzero(possible.max(axis=0) < 2))
