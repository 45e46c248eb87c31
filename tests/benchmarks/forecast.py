"""How long the top-line models of all authorities take, and 1,000 futures of them and of one, five years ahead.

Here: a measurement to run by hand (`python -m tests.benchmarks.forecast [--landing DIR]`), not a test. The core tables
are read first, outside every figure.
"""

from __future__ import annotations

import argparse
import resource
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from jsna_pipeline.future import backtest, forecast, intervals, models, population
from jsna_pipeline.future.panel import build_panel
from jsna_pipeline.future.tables import DRAWS, HORIZONS
from tests.future.invented_panel import TABLES, real_core

POPULATION = ("ons__population_by_age", "ons__population_change")

T = TypeVar("T")


def timed(name: str, work: Callable[[], T]) -> T:
    started = time.perf_counter()
    done = work()
    print(f"{name:<64}{time.perf_counter() - started:>8.2f} s")
    return done


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--landing", type=Path, default=Path("../shared/landing"))
    core = real_core(arguments.parse_args().landing.resolve(), (*TABLES, *POPULATION))
    panel = timed("panel of all authorities", lambda: build_panel(core))
    residents = timed("residents by single year of age", lambda: population.residents(core))
    residents = None if residents.empty else residents
    known = timed("signals of all Januaries", lambda: models.evidence(panel, residents))
    family = models.family(residents)
    last = panel.years[-1]
    timed(f"{len(family)} models of {len(panel.areas)} authorities at {last}",
          lambda: [models.fit(model, known, last) for model in family])  # fmt: skip
    rows = timed("back-test: every model, origin, horizon and authority", lambda: backtest.backtest(panel, residents))
    choice = timed("summary and choice", lambda: (backtest.summary(rows), backtest.choose(rows)))[1]
    found = timed(f"{DRAWS} futures of all authorities, {len(HORIZONS)} years",
                  lambda: forecast.forecast(panel, residents, choice=choice))  # fmt: skip
    timed(f"{DRAWS} futures of one authority", lambda: intervals.shocks(found.areas[:1], DRAWS, HORIZONS, 1))
    timed("paths and projections", lambda: (forecast.paths_table(found), forecast.projections(found, panel)))
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:,.0f} MB")


if __name__ == "__main__":
    main()
