"""Invented persons counted into linked tables, for tests and benchmarks of disclosure control."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pandas as pd

from jsna_pipeline.disclosure.cells import COUNT_COLUMNS

NO_NESTS = pd.DataFrame(columns=["dimension", "category", "parent_dimension", "parent_category"], dtype=str)
NO_STATISTICS = pd.DataFrame(
    columns=[
        *("table_id", "population", "period", "period_type", "dimension", "category", "statistic"),
        *("value", "lower", "upper", "unit", "contributors", "largest_share", "rule"),
    ]
).astype({"statistic": str, "dimension": str, "category": str, "unit": str})


def cross(
    persons: pd.DataFrame, dimensions: tuple[str, ...], table: str, rule: str = "education", period: str = "2025"
) -> pd.DataFrame:
    """LOCAL_COUNTS of a cross with all its margins; `persons` has categorical columns."""
    frames = []
    for size in range(len(dimensions) + 1):
        for used in combinations(sorted(dimensions), size):
            frames.append(_counts(persons, used))
    frame = pd.concat(frames, ignore_index=True)
    return frame.assign(table_id=table, population="plans", period=period, period_type="january_snapshot", rule=rule)[
        COUNT_COLUMNS
    ]


def _counts(persons: pd.DataFrame, used: tuple[str, ...]) -> pd.DataFrame:
    if used:
        counted = persons.groupby(list(used), observed=False).size().reset_index(name="count")
    else:
        counted = pd.DataFrame({"count": [len(persons)]})
    counted["count"] = counted["count"].astype("Int64")
    for slot in (1, 2, 3):
        named = slot <= len(used)
        counted[f"dimension_{slot}"] = used[slot - 1] if named else "total"
        counted[f"category_{slot}"] = counted[used[slot - 1]].astype(str) if named else "total"
    return counted.drop(columns=list(used))


def invented_persons(number: int, sizes: dict[str, int], seed: int = 0, skew: float = 1.0) -> pd.DataFrame:
    """Persons with one category in each dimension, the first categories the commonest."""
    random = np.random.default_rng(seed)
    columns = {}
    for name, size in sizes.items():
        share = 1 / (1 + np.arange(size)) ** skew
        drawn = random.choice(size, number, p=share / share.sum())
        columns[name] = pd.Categorical.from_codes(drawn, [f"{name}{index}" for index in range(size)])
    return pd.DataFrame(columns)


def with_parent(persons: pd.DataFrame, child: str, parent: str, groups: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Persons with a wider category too, and the nests."""
    names = list(persons[child].cat.categories)
    wider = {name: f"{parent}{index % groups}" for index, name in enumerate(names)}
    nests = pd.DataFrame(
        {"dimension": child, "category": names, "parent_dimension": parent, "parent_category": list(wider.values())}
    )
    categories = sorted(set(wider.values()))
    return persons.assign(**{parent: pd.Categorical(persons[child].map(wider), categories)}), nests


def table_of(cells: dict[tuple[str, str], int], rule: str = "education") -> pd.DataFrame:
    """LOCAL_COUNTS of a two-way table (row, column) from its inner cells."""
    people = [pair for pair, count in cells.items() for _ in range(count)]
    rows, columns = (list(dict.fromkeys(pair[side] for pair in cells)) for side in (0, 1))
    persons = pd.DataFrame(
        {
            "row": pd.Categorical([person[0] for person in people], rows),
            "column": pd.Categorical([person[1] for person in people], columns),
        }
    )
    return cross(persons, ("row", "column"), "table", rule)
