"""The choice of partners: the least loss of all choices that withstand, as trying every choice shows."""

from itertools import product

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from jsna_pipeline.catalogue.disclosure import disclosure_rules
from jsna_pipeline.disclosure import attack, secondary
from jsna_pipeline.disclosure.cells import LinkedCells, link
from jsna_pipeline.disclosure.primary import small_counts
from tests.disclosure.invented_tables import NO_NESTS, table_of

RULES = disclosure_rules()


def pattern_of(linked: LinkedCells, needs: pd.DataFrame) -> secondary.Pattern:
    size = len(linked.cells)
    hidden = np.zeros(size, dtype=bool)
    hidden[needs["cell"]] = True
    nothing = np.zeros(size)
    return secondary.Pattern(
        equations=linked.equations,
        counts=linked.cells["count"].to_numpy(),
        weights=secondary.weights_of(linked.cells),
        hidden=hidden,
        fixed=np.zeros(size, dtype=bool),
        down=nothing,
        up=nothing,
    )


def withstands(linked: LinkedCells, hidden: np.ndarray, needs: pd.DataFrame) -> bool:
    count = linked.cells["count"].to_numpy()
    return attack.holes(linked, np.where(hidden, 0, count), np.where(hidden, np.inf, count), needs).empty


def least_loss(linked: LinkedCells, pattern: secondary.Pattern, needs: pd.DataFrame) -> float:
    """The smallest weight of all choices among the inner cells that withstand."""
    inner = np.flatnonzero((linked.cells["dimensions"] == 2) & ~pattern.hidden)
    choices = np.array(list(product([False, True], repeat=len(inner))))
    weight = choices @ pattern.weights[inner]
    for choice in choices[np.argsort(weight, kind="stable")]:
        hidden = pattern.hidden.copy()
        hidden[inner] = choice
        if withstands(linked, hidden, needs):
            return float(pattern.weights[hidden].sum())
    return np.inf


@settings(max_examples=5, deadline=None)
@given(counts=st.lists(st.sampled_from([0, 2, 6, 7, 9, 15, 30]), min_size=9, max_size=9))
def test_no_choice_that_withstands_loses_less(counts: list[int]) -> None:
    pairs = [(row, column) for row in "xyz" for column in "abc"]
    linked = link(table_of(dict(zip(pairs, counts, strict=True))), RULES, NO_NESTS)
    needs = small_counts(linked, RULES)
    pattern = pattern_of(linked, needs)
    if needs.empty or (linked.cells["count"].iloc[needs["cell"]] == 0).any():
        return
    hidden = secondary.choose(pattern, needs, effort=200)
    assert withstands(linked, hidden, needs)
    assert pattern.weights[hidden].sum() <= least_loss(linked, pattern, needs) + 1e-6


def test_three_partners_protect_one_small_count_and_no_total_is_lost() -> None:
    pairs = [(row, column) for row in "xyz" for column in "abc"]
    linked = link(table_of(dict(zip(pairs, [3, 20, 40, 9, 60, 8, 70, 80, 90], strict=True))), RULES, NO_NESTS)
    hidden = secondary.choose(pattern_of(linked, small_counts(linked, RULES)), small_counts(linked, RULES), effort=100)
    # the cheapest rectangle through the small count: (x, a), its neighbours (x, b), (y, a) and their corner (y, b)
    chosen = set(linked.cells.loc[hidden, "group"])
    rectangles = [
        {f"column {column}, row {row}" for column in ("a", other) for row in ("x", below)}
        for other in "bc"
        for below in "yz"
    ]
    weight = dict(zip(linked.cells["group"], secondary.weights_of(linked.cells), strict=True))
    assert chosen == min(rectangles, key=lambda cells: sum(weight[cell] for cell in cells))
