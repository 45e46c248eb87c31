"""The national tables of future need together: what an edition without most of its files still gives, and the gate."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from jsna_pipeline.catalogue.datasets import datasets
from jsna_pipeline.core_tables import core_table
from jsna_pipeline.errors import BuildError
from jsna_pipeline.future import of_england
from jsna_pipeline.future.tables import NATIONAL, SETTINGS
from jsna_pipeline.published_tables import checked
from jsna_pipeline.sources.folder import LandingFolder
from tests.builds import small_landing
from tests.invented_forecast import forecast


def test_the_caseload_alone_gives_a_forecast_with_its_record_and_nothing_that_it_cannot_bear(tmp_path: Path) -> None:
    landing = LandingFolder(small_landing(tmp_path), "2025")
    core = {name: core_table(datasets()[name], landing).table for name in of_england.DATASETS}
    made = of_england.national_tables(core, "2025").tables
    assert set(made) == set(NATIONAL)
    for name, table in made.items():
        checked(table, NATIONAL[name])
    assert set(made["future_projections"]["dimension"]) == {"total"}
    assert made["future_projections"]["central"].notna().mean() > 0.9
    assert made["future_backtest_summary"]["horizon"].max() >= 3
    unborne = ("future_population", "future_expected_need", "future_scenarios", "future_sensitivity")
    assert all(made[name].empty for name in unborne)


def test_parts_that_lose_a_plan_stop_the_build() -> None:
    ahead = forecast([1000.0], np.full((1, 4, 5), 1100.0), areas=["E08000010"])
    whole = ahead.draws[..., None] * np.full(len(SETTINGS), 1 / len(SETTINGS))
    assert of_england.parts_gap(ahead, whole) < 1e-12
    whole[0, 3, 2, 0] -= 1.0
    with pytest.raises(BuildError, match="miss their simulated total"):
        of_england.parts_gap(ahead, whole)


def test_the_method_of_most_authorities_is_the_chosen_one() -> None:
    rows = pd.DataFrame({"measure": "ehc_plans", "dimension": "total", "model": ["a", "b", "b"]})
    assert of_england.chosen_model(rows) == "b" and of_england.chosen_model(rows.iloc[:0]) == ""
