"""The family of models: worked examples, what each does where all grow alike, and that none sees the future."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jsna_pipeline.future import models
from jsna_pipeline.future.models import FAMILY, LEADING, NATIONAL, RUNGS, evidence, fit, forecast
from jsna_pipeline.future.panel import Panel
from tests.future.invented_panel import CODES, grown

MODEL = {model.id: model for model in FAMILY}
RATES = np.linspace(0.02, 0.18, len(CODES))


def residents(panel: Panel, growth: float = 0.0) -> pd.DataFrame:
    """As many of every age in every area, growing by `growth` (log, a year)."""
    years = np.arange(panel.years[0] - 1, panel.years[-1] + 5)
    keys = pd.MultiIndex.from_product([panel.areas, years, range(26)], names=["area_code", "year", "age"])
    table = keys.to_frame(index=False)
    return table.assign(central=2_000 * np.exp(growth * (table["year"] - years[0])))


def ahead(model: str, panel: Panel, origin: int = 2025) -> np.ndarray:
    """(A, 5) plans, not their logarithms."""
    return np.exp(forecast(MODEL[model], panel, origin, residents=residents(panel)))


def test_each_model_is_named_and_described() -> None:
    assert len({model.id for model in RUNGS.values()}) == len(RUNGS)
    assert all(model.name and model.description.endswith(".") for model in RUNGS.values())


@pytest.mark.parametrize("model", ["national_growth", "shrunk_growth", "leading_indicators", "age_rates"])
def test_where_all_grow_alike_growth_goes_on(model: str) -> None:
    panel = grown(0.1)
    np.testing.assert_allclose(
        ahead(model, panel), panel.plans[:, -1:] * np.exp(0.1 * np.arange(1, 6)) * np.ones((len(CODES), 1)), rtol=1e-6
    )


def test_worked_examples() -> None:
    panel = grown(0.0)
    panel.plans[:] = 100
    panel.plans[0, -4:] = [100, 120, 140, 160]
    panel.plans[1, -4:] = [1000, 1000 * 1.1, 1000 * 1.21, 1000 * 1.331]
    panel.plans[2, -4:] = [160, 110, 60, 10]
    assert ahead("last_value", panel)[0].tolist() == pytest.approx([160] * 5)
    assert ahead("linear", panel)[0].tolist() == pytest.approx([180, 200, 220, 240, 260])
    assert ahead("linear", panel)[2].tolist() == pytest.approx([1] * 5)  # never below one plan
    damped = 1331 * 1.1 ** np.cumsum([0.9, 0.81, 0.729, 0.6561, 0.59049])
    assert ahead("damped_trend", panel)[1].tolist() == pytest.approx(damped)
    growth = np.log((160 + 1331 + 10 + 2700) / (120 + 1100 + 110 + 2700)) / 2
    assert models.national_growth(panel)[-1] == pytest.approx(growth)


def test_two_januaries_make_a_line_and_one_does_not() -> None:
    panel = grown(0.1)
    panel.plans[0, :-2] = np.nan
    panel.plans[1, :-1] = np.nan
    line = ahead("linear", panel)
    first, last = panel.plans[0, -2:]
    assert line[0, 0] == pytest.approx(2 * last - first)
    assert np.isnan(line[1]).all()


@settings(max_examples=15)
@given(origin=st.integers(2018, 2024), model=st.sampled_from(sorted(MODEL)), factor=st.floats(0.2, 5))
def test_nothing_after_the_origin_moves_a_forecast(origin: int, model: str, factor: float) -> None:
    panel = grown(RATES, noise=0.03)
    later = [year > origin for year in panel.years]
    changed = {
        name: np.where(np.reshape(later, (1, -1, 1)[: getattr(panel, name).ndim]), factor, 1) * getattr(panel, name)
        for name in ("plans", "by_age", "requests", "refused", "children")
    }
    of_year = residents(panel)
    before = fit(MODEL[model], evidence(panel, of_year), origin)
    after = fit(MODEL[model], evidence(replace(panel, **changed), of_year), origin)
    np.testing.assert_allclose(before.log_plans, after.log_plans)
    np.testing.assert_allclose(before.scale, after.scale)
    for one, other in zip(before.pools, after.pools, strict=True):
        np.testing.assert_allclose(one, other)


def test_steady_differences_of_growth_are_learned() -> None:
    """Where each authority keeps its own growth, the fitted weight of its difference is all of it each year."""
    fitted = fit(MODEL["shrunk_growth"], evidence(grown(RATES)), 2025)
    np.testing.assert_allclose(fitted.weights[:, 0], np.arange(1, 6), rtol=0.1)


def test_an_authority_takes_the_rung_that_it_can_stand_on() -> None:
    panel = grown(RATES, noise=0.02)
    panel.requests[0, -1] = np.nan
    panel.plans[1, :-1] = np.nan
    panel.plans[2, :-1], panel.refused[2, -1] = np.nan, 1e9
    panel.plans[3, -1] = np.nan
    fitted = fit(LEADING, evidence(panel), 2025)
    assert fitted.rung[:3].tolist() == ["without_requests", "without_growth", "national_growth"]
    assert np.isfinite(fitted.log_plans[:3]).all()
    assert np.isnan(fitted.log_plans[3]).all()
    assert set(fitted.rung[4:]) == {LEADING.id}
    assert set(fitted.rung_pools) == {LEADING.id, "without_requests", "without_growth", NATIONAL.id}


def test_horizons_that_too_few_origins_teach_continue_the_ones_before() -> None:
    panel = grown(RATES, range(2019, 2026), noise=0.03)  # at 2022: h1 from 2020 and 2021, h2 from 2020, then none
    fitted = fit(LEADING, evidence(panel), 2022)
    prevalence = LEADING.signals.index("prevalence")
    steps = np.diff(fitted.weights, axis=0)
    np.testing.assert_allclose(np.delete(steps[1:], prevalence, axis=1), 0, atol=1e-12)
    np.testing.assert_allclose(steps[1:, prevalence], steps[0, prevalence])
    assert all(
        np.median(wide) >= np.median(near) for near, wide in zip(fitted.pools[1:], fitted.pools[2:], strict=False)
    )


def test_nothing_is_fitted_before_an_outcome_is_known() -> None:
    fitted = fit(LEADING, evidence(grown(RATES)), 2017)
    assert np.isnan(fitted.log_plans).all()
    assert np.isfinite(fit(NATIONAL, evidence(grown(RATES)), 2017).log_plans).all()


def test_more_children_of_an_age_mean_more_plans_of_it() -> None:
    panel = grown(0.0, base=1_000)
    people = residents(panel)
    grows = people["area_code"].eq(CODES[0]) & people["age"].le(4) & people["year"].ge(2025)
    people.loc[grows, "central"] *= 2
    said = np.exp(forecast(MODEL["age_rates"], panel, 2025, residents=people))
    np.testing.assert_allclose(said[0], 1_000 * (0.1 * 2 + 0.9), rtol=1e-6)  # a tenth of plans are of that age
    np.testing.assert_allclose(said[1:], 1_000, rtol=1e-6)


def test_rates_by_age_need_residents() -> None:
    assert "age_rates" not in {model.id for model in models.family(None)}
    with pytest.raises(ValueError, match="needs residents"):
        forecast(MODEL["age_rates"], grown(), 2025)
