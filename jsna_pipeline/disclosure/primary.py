"""Which counts nobody may come to know: small ones, and groups that share one sensitive attribute.

Here: the cells that must stay unprinted for their own sake, and the range of values that must remain possible
for each. Not here: what else must stay unprinted to protect them (`secondary`).

Small counts: a count from `suppress_from` to `suppress_to` of its rule; both ends must remain possible.

Group disclosure: where every member of a group has the same category of a sensitive attribute, the table tells
it of each of them, however large the group is. The full cell is not printed, and an `others` cell (the group less
that category, in truth empty) must remain possibly as large as a small count. Zeros that would give it away
become partners of the suppression. For a yes/no attribute, 0 % of one is 100 % of the other and so is covered;
among three or more categories a 0 alone tells of nobody which of the others applies, and is printed. The whole
population is no group (its attribute is its definition), nor is a dimension with a single category.

Zeros are otherwise printed, as the NHS's and the Department's rules do. A zero that is impossible by definition
(a ward outside its locality) is known to everybody and never serves as a partner.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

import numpy as np
import pandas as pd

from jsna_pipeline.catalogue.disclosure import DisclosureRule
from jsna_pipeline.disclosure.cells import LinkedCells, with_others


def per_cell(cells: pd.DataFrame, rules: Mapping[str, DisclosureRule], field: str) -> np.ndarray:
    """A field of each cell's rule."""
    return cells["rule"].map({rule_id: getattr(rule, field) for rule_id, rule in rules.items()}).to_numpy()


def small_counts(linked: LinkedCells, rules: Mapping[str, DisclosureRule]) -> pd.DataFrame:
    """cell, low, high: the cells whose count is refused, and the values that must remain possible."""
    low, high = (per_cell(linked.cells, rules, field) for field in ("suppress_from", "suppress_to"))
    count = linked.cells["count"].to_numpy()
    small = (linked.cells["kind"] == "counted").to_numpy() & (high > 0) & (count >= low) & (count <= high)
    return pd.DataFrame({"cell": np.flatnonzero(small), "low": low[small], "high": high[small]})


def uniform_groups(
    linked: LinkedCells, rules: Mapping[str, DisclosureRule], sensitive: Collection[str]
) -> pd.DataFrame:
    """group, member: cells of a group and of its one category of a sensitive dimension, where the two are equal."""
    sums = linked.sums.loc[linked.sums["along"].isin(list(sensitive))]
    choices = sums.groupby(["table_id", "along", "parent"])["child"].transform("size")
    group, member = sums["parent"].to_numpy(dtype=int), sums["child"].to_numpy(dtype=int)
    count, dimensions = linked.cells["count"].to_numpy(), linked.cells["dimensions"].to_numpy()
    refused = per_cell(linked.cells, rules, "group_disclosure").astype(bool)
    told = (
        (choices.to_numpy() > 1)
        & (dimensions[group] > 0)
        & (count[member] > 0)
        & (count[member] == count[group])
        & refused[member]
    )
    return pd.DataFrame({"group": group[told], "member": member[told]}).drop_duplicates(ignore_index=True)


def with_primary(
    linked: LinkedCells, rules: Mapping[str, DisclosureRule], sensitive: Collection[str]
) -> tuple[LinkedCells, pd.DataFrame]:
    """The cells with their `others`, and what must hold: cell, low, high, hidden, reason.

    `hidden` is the printed cell that must stay unprinted for this requirement; for a small count the cell itself.
    """
    small = small_counts(linked, rules).assign(hidden=lambda frame: frame["cell"], reason="primary")
    uniform = uniform_groups(linked, rules, sensitive)
    if uniform.empty:
        return linked, small
    first_other = len(linked.cells)
    high = np.minimum(
        per_cell(linked.cells, rules, "suppress_to")[uniform["member"]],
        linked.cells["count"].to_numpy()[uniform["member"]],
    )
    linked = with_others(linked, uniform["group"].to_numpy(), uniform["member"].to_numpy())
    others = pd.DataFrame(
        {
            "cell": first_other + np.arange(len(uniform)),
            "low": 0,
            "high": high,
            "hidden": uniform["member"],
            "reason": "group",
        }
    )
    return linked, pd.concat([small, others], ignore_index=True)
