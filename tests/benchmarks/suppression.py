"""How long protecting and attacking one area's tables takes, and how much of them stays printed.

Here: a measurement to run by hand (`python -m tests.benchmarks.suppression [--effort 400]`), not a test:
nothing here passes or fails. About 5,000 cells of three invented populations of the size of an authority's plans, in
linked tables with nested wards and year groups. Printed beside the whole: the attack alone, reading nothing but
what is printed, and what suppression loses compared with its own first, heuristic choice.
"""

from __future__ import annotations

import argparse
import time

import pandas as pd

from jsna_pipeline.catalogue.disclosure import disclosure_rules
from jsna_pipeline.disclosure import attack, protect
from tests.disclosure.invented_tables import cross, invented_persons, with_parent

SIZES = {"need": 13, "setting": 10, "sex": 2, "ward": 25, "year": 20}
POPULATIONS = {"plans": (2_132, "education"), "pupils_with_sen": (8_000, "education"), "waiting": (1_500, "nhs")}
TABLES = {
    "need_by_ward": ("need", "ward"),
    "need_by_locality": ("locality", "need"),
    "need_by_setting": ("need", "setting"),
    "need_by_sex_and_year": ("need", "sex", "year"),
    "need_by_phase": ("need", "phase"),
    "setting_by_ward": ("setting", "ward"),
}


def area(seed: int = 0) -> tuple[pd.DataFrame, pd.DataFrame]:
    """LOCAL_COUNTS and nests of one invented area."""
    frames, nests = [], []
    for number, (population, (persons, rule)) in enumerate(POPULATIONS.items()):
        people = invented_persons(persons, SIZES, seed + number)
        people, wards = with_parent(people, "ward", "locality", 3)
        people, years = with_parent(people, "year", "phase", 4)
        nests = [wards, years]
        frames += [
            cross(people, dimensions, table, rule).assign(population=population, table_id=f"{population}_{table}")
            for table, dimensions in TABLES.items()
        ]
    return pd.concat(frames, ignore_index=True), pd.concat(nests, ignore_index=True)


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--effort", type=int, default=protect.EFFORT)
    arguments.add_argument("--joint", action="store_true")
    arguments.add_argument("--sensitive", nargs="*", default=[])
    given = arguments.parse_args()
    counts, nests = area()
    rules = disclosure_rules()
    problem = protect._problem(counts, rules, nests, given.sensitive, None, None, None, given.joint)
    printed = (problem.linked.cells["kind"] == "counted").to_numpy()
    print(f"{len(counts)} rows, {printed.sum()} cells, {len(problem.linked.cells)} with unprinted ones")
    print(f"{problem.linked.equations.shape[0]} equations, {len(problem.needs)} requirements")
    for name, effort in (("first choice", 0), ("improved", given.effort)):
        started = time.perf_counter()
        hidden = protect._choose(problem, rules, effort)
        chosen = time.perf_counter()
        holes = attack.holes(problem.linked, *protect._seen(problem, rules, hidden), problem.needs)
        attacked = time.perf_counter() - chosen
        kept = hidden & printed
        print(
            f"{name:<14}{chosen - started:>7.1f} s, attack {attacked:.1f} s, {len(holes)} holes; unprinted "
            f"{kept.sum()} = {problem.withheld[printed].sum()} refused + {(kept & ~problem.withheld).sum()} partners"
        )


if __name__ == "__main__":
    main()
