"""Seconds to split one authority's futures by age, need and setting, against a bare sum of the same array.

Here: a measurement to run by hand (`python -m tests.benchmarks.composition [--landing DIR]`), not a test.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable
from pathlib import Path

from jsna_pipeline.catalogue.datasets import datasets
from jsna_pipeline.core_tables import core_table
from jsna_pipeline.future.composition import area_draws, fit, margins, setting_draws
from jsna_pipeline.future.tables import DRAWS
from jsna_pipeline.sources.folder import LandingFolder
from tests.builds import EDITION
from tests.conftest import LANDING
from tests.future.test_composition import DATASETS, WIGAN, invented_forecast


def seconds(work: Callable[[], object], runs: int = 5) -> float:
    """Median of `runs`."""
    taken = []
    for _ in range(runs):
        started = time.perf_counter()
        work()
        taken.append(time.perf_counter() - started)
    return statistics.median(taken)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--landing", type=Path, default=LANDING)
    folder = LandingFolder(parser.parse_args().landing, EDITION)
    core = {name: core_table(datasets()[name], folder).table for name in (f"dfe__sen2_{part}" for part in DATASETS)}
    comp = fit(core, 2025)
    forecast = invented_forecast(comp, DRAWS)
    made = area_draws(forecast, comp, WIGAN)
    split, bare = seconds(lambda: area_draws(forecast, comp, WIGAN)), seconds(made.sum)
    print(f"area_draws {made.shape}: {split:.3f} s, {split / bare:.0f} times a bare sum ({bare:.4f} s)")
    print(f"setting_draws of all authorities: {seconds(lambda: setting_draws(forecast, comp), 1):.1f} s")
    print(f"margins of all authorities: {seconds(lambda: margins(forecast, comp), 1):.1f} s")
    print(f"fit: {seconds(lambda: fit(core, 2025), 1):.1f} s")


if __name__ == "__main__":
    main()
