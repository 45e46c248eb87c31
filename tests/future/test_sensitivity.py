"""The tornado by hand: each driver alone, from one end of its range to the other."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from jsna_pipeline.future.sensitivity import NAMES, NATIONAL_ERROR, sensitivity
from jsna_pipeline.future.simulated import Forecast
from jsna_pipeline.future.tables import SETTINGS, Sensitivity
from tests.invented_forecast import COSTS, ceasing, forecast, split

# 1,000 plans, 10 of 100 end, 200 join, then 200: 1,100, 1,190.
STEADY = forecast([1_000], [[[1_100, 1_190]]])


def _rows(made: Forecast = STEADY, **given: object) -> pd.DataFrame:
    rates = ceasing([0.1] * len(made.areas), usual=(0.05, 0.2))
    parts = given.get("settings", split(made, special_independent=0.5))
    found = sensitivity(made, rates, parts, given.get("costs", COSTS))  # type: ignore[arg-type]
    Sensitivity.validate(found.assign(edition="2025"))
    return found.set_index(["area_code", "quantity", "driver"]).loc[made.areas[0]]


def test_each_driver_by_hand() -> None:
    """10 % fewer new plans: 1,000 x .81 + 180 x 1.9. 5 of 100 end: 1,000 x .9025 + 200 x 1.95."""
    plans = _rows().loc["plans"]
    assert plans.index.tolist() == ["new_plans", "ceasing", "national_growth", "own_growth"]
    assert (plans["central"] == 1_190).all()
    assert plans.loc["new_plans", ["at_low", "at_high"]].tolist() == pytest.approx([1_152, 1_228])
    assert plans.loc["ceasing", ["at_low", "at_high"]].tolist() == pytest.approx([1_292.5, 1_000])
    assert plans.loc["national_growth", "at_high"] == pytest.approx(1_190 * np.exp(1.2816 * NATIONAL_ERROR[1]))
    assert plans.loc["ceasing", ["low_value", "high_value"]].tolist() == ["5.0 of 100 plans", "20.0 of 100 plans"]
    assert plans.loc["new_plans", ["low_value", "high_value"]].tolist() == ["10% fewer", "10% more"]


def test_cost_follows_plans_the_independent_share_and_the_cost_of_a_place() -> None:
    """Half of 1,190 plans at 60,000 pounds and half at 10,000; low and high are 50,000 and 9,000, 80,000 and 12,000."""
    cost = _rows().loc["cost"]
    assert cost.index.tolist() == list(NAMES)
    assert cost["central"].tolist() == pytest.approx([1_190 * 35_000] * 6)
    assert cost.loc["new_plans", "at_low"] == pytest.approx(1_152 * 35_000)
    assert cost.loc["unit_costs", ["at_low", "at_high"]].tolist() == pytest.approx([1_190 * 29_500, 1_190 * 46_000])
    assert cost.loc["independent_share", "at_low"] == cost.loc["independent_share", "central"]  # one simulation alone


def test_a_share_that_varies_moves_children_between_independent_and_state_schools() -> None:
    """Shares of 0 to 20 % around 10 of 100: at the low end 8 of 100 of 1,000 plans cost 25,000 and not 60,000."""
    made = forecast([1_000], np.full((1, 101, 1), 1_000.0))
    parts = np.zeros((1, 101, 1, len(SETTINGS)))
    parts[..., SETTINGS.index("special_independent")] = np.linspace(0, 200, 101)[None, :, None]
    parts[..., SETTINGS.index("special_state")] = 1_000 - parts[..., SETTINGS.index("special_independent")]
    row = _rows(made, settings=parts).loc[("cost", "independent_share")]
    assert row["central"] - row["at_low"] == pytest.approx(80 * 35_000)
    assert (row["low_value"], row["high_value"]) == ("2.0%", "18.0%")


def test_what_is_withheld_has_no_bar() -> None:
    made = forecast([1_000, 20], np.full((2, 9, 2), 100.0), withheld={(1, 1): "Fewer than 100 plans."})
    parts = split(made, special_state=0.3)
    parts[0] = np.nan
    found = sensitivity(made, ceasing([0.1, 0.1]), parts, COSTS)
    assert set(found["area_code"]) == {made.areas[0]} and set(found["quantity"]) == {"plans"}
    assert set(sensitivity(made, ceasing([0.1, 0.1]), None, None)["quantity"]) == {"plans"}
