"""The mix of plans: margins that meet the printed counts, futures that add up, ageing worked by hand."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jsna_pipeline import geography
from jsna_pipeline.catalogue.datasets import datasets
from jsna_pipeline.core_tables import core_table
from jsna_pipeline.future import composition as made
from jsna_pipeline.future import composition_counts as counts
from jsna_pipeline.future.composition import Composition, area_draws, backtest, fit, margins, mix, setting_draws
from jsna_pipeline.future.simulated import Forecast
from jsna_pipeline.future.tables import AGE_BANDS, NEEDS, SETTINGS, Mix, Projections, Standing
from jsna_pipeline.schemas.validation import validate
from jsna_pipeline.sources.folder import LandingFolder
from tests.builds import EDITION

WIGAN, CAMBRIDGESHIRE, WOLVERHAMPTON, SURREY = "E08000010", "E10000003", "E08000031", "E10000030"
DATASETS = ("caseload", "primary_needs", "new_plans", "new_plan_needs", "ceased_plans")
DRAWS = 200


def invented_forecast(comp: Composition, draws: int = DRAWS) -> Forecast:
    """Ten percent a year, give or take; tiny authorities are withheld."""
    base = comp.joint.sum(axis=(1, 2, 3))
    walk = np.random.default_rng(1).standard_normal((len(base), draws, 5)).cumsum(axis=2)
    tiny = np.repeat(base[:, None] < 100, 5, axis=1)
    return Forecast(
        areas=comp.areas,
        base=base,
        base_year=comp.base_year,
        years=tuple(comp.base_year + step for step in range(1, 6)),
        draws=base[:, None, None] * np.exp(0.1 * np.arange(1, 6) + 0.05 * walk),
        model=np.full(len(base), "invented"),
        status=np.where(tiny, Standing.WITHHELD.value, Standing.OK.value),
        reason=np.where(tiny, "Too few plans.", ""),
    )


@pytest.fixture(scope="module")
def core(landing: Path) -> dict[str, pd.DataFrame]:
    folder = LandingFolder(landing, EDITION)
    return {name: core_table(datasets()[name], folder).table for name in (f"dfe__sen2_{part}" for part in DATASETS)}


@pytest.fixture(scope="module")
def comp(core: dict[str, pd.DataFrame]) -> Composition:
    return fit(core, 2025)


@pytest.fixture(scope="module")
def forecast(comp: Composition) -> Forecast:
    return invented_forecast(comp)


def test_bands_and_settings_are_all_of_what_is_published() -> None:
    assert len(counts.AGES) == len(counts.BAND_OF_AGE) == 24
    first_of_band = [counts.AGES[list(counts.BAND_OF_AGE).index(band)] for band in range(len(AGE_BANDS))]
    assert first_of_band == ["under 3", "5", "11", "16", "20"]
    assert tuple(counts.COLUMNS_OF_SETTING) == SETTINGS and tuple(counts.COLUMN_OF_NEED) == NEEDS
    assert set(counts.SETTING_OF_PLACEMENT.values()) == set(SETTINGS)


@given(st.integers(0, 2**32 - 1))
def test_fitting_meets_margins_that_a_table_has(seed: int) -> None:
    """The margins of any table can be met from a table of ones; a margin of nothing empties its cells."""
    rng = np.random.default_rng(seed)
    table = rng.poisson(3.0, (2, 4, 3, 2)).astype(float)
    table[0, 1] = 0.0
    wanted = {"a": (table.sum(axis=3), 3), "b": (table.sum(axis=1), 1), "c": (table.sum(axis=2), 2)}
    found = made.fitted(np.ones_like(table), wanted, rounds=3000)
    assert all(np.abs(found.sum(axis=over) - margin).max() < 0.1 for margin, over in wanted.values())
    assert (found[0, 1] == 0).all()


def test_a_margin_that_is_not_published_is_skipped() -> None:
    ages = np.array([[3.0, 1.0], [6.0, 2.0]])
    needs = np.array([[2.0, 2.0], [np.nan, np.nan]])
    found = made.fitted(np.ones((2, 2, 2)), {"ages": (ages, 2), "needs": (needs, 1)})
    assert found[0].tolist() == [[1.5, 1.5], [0.5, 0.5]]
    assert found[1].tolist() == [[3.0, 3.0], [1.0, 1.0]]


def test_a_year_makes_everybody_older_and_new_plans_fill_the_total() -> None:
    """10 of age 3, 9 of them at 4 a year later; a total of 20 asks for 11 joiners, all of them 5."""
    before, kept, joining = np.zeros((1, 24)), np.full((1, 24), 0.9), np.zeros((1, 24))
    before[0, 1], joining[0, 3] = 10.0, 1.0
    found = made._aged_once(before, np.array([20.0]), kept, joining)
    assert found[0, :5].tolist() == [0, 0, 9, 11, 0]


def test_survivors_and_joiners_over_two_years_by_hand() -> None:
    """Two cells. 80, then 60, are left of today's plans; half of a joiner lasts to the second year."""
    old, new = np.zeros((1, 2, made.CELLS)), np.zeros((1, 2, made.CELLS))
    old[0, :, 0], new[0, :, 1] = [80.0, 60.0], [1.0, 0.5]
    found = made._cells(np.array([[[100.0, 130.0]]]), old, new)
    assert found[0, 0, 0, :2].tolist() == [80, 20]
    assert found[0, 0, 1, :2].tolist() == [60, 70]  # 20 x 0.5 of the first joiners and 60 of the second


def test_drift_fades() -> None:
    assert made._faded(3) == pytest.approx([0.75, 0.75 + 0.5625, 0.75 + 0.5625 + 0.421875])


def test_a_walk_forgets_at_its_memory() -> None:
    still = made._walk(np.random.default_rng(3), 4000, 5, 1, 0.5)[:, :, 0]
    assert still.var(axis=0) == pytest.approx([1, 1.25, 1.3125, 1.328, 1.332], rel=0.1)


# --- the real release -----------------------------------------------------------------------------------


@pytest.mark.landing
def test_margins_are_the_printed_counts_of_every_authority(comp: Composition) -> None:
    assert comp.joint.sum() == pytest.approx(638_745, abs=0.5)  # plans in England, January 2025
    assert max(comp.gaps.values()) < 0.05
    assert len(comp.areas) == len(geography.local_authorities()) and (comp.joint >= 0).all()
    wigan = dict(zip(SETTINGS, comp.joint[comp.position(WIGAN)].sum(axis=(0, 1)).round(), strict=True))
    assert (wigan["mainstream"], wigan["resourced_or_unit"], wigan["special_state"]) == (1501, 48, 1100)
    autism = comp.joint[comp.position(WIGAN)].sum(axis=(0, 2))[NEEDS.index("autism")]
    assert autism == pytest.approx(1054, abs=0.05)


@pytest.mark.landing
def test_needs_by_age_that_are_not_published_follow_england(comp: Composition) -> None:
    """Surrey gives its needs in all, not by age: total by need and by age are its own."""
    assert comp.joint[comp.position(SURREY)].sum() > 15_000
    assert np.isfinite(comp.joint).all() and np.isfinite(comp.setting_given).all()


@pytest.mark.landing
def test_parts_add_up_to_the_total_in_every_future(comp: Composition, forecast: Forecast) -> None:
    for code in (WIGAN, SURREY, CAMBRIDGESHIRE):
        draws = area_draws(forecast, comp, code)
        assert draws.shape == (DRAWS, 5, len(AGE_BANDS), len(NEEDS), len(SETTINGS))
        assert draws.min() >= 0
        assert draws.sum(axis=(2, 3, 4)) == pytest.approx(forecast.draws[forecast.position(code)], rel=1e-6)


@pytest.mark.landing
def test_national_and_area_draws_are_the_same_futures(comp: Composition, forecast: Forecast) -> None:
    settings = setting_draws(forecast, comp)
    assert settings.dtype == np.float32
    at = forecast.position(WIGAN)
    draws = area_draws(forecast, comp, WIGAN)
    np.testing.assert_allclose(settings[at], draws.sum(axis=(2, 3)), rtol=1e-5)
    allowed = forecast.splits()
    np.testing.assert_allclose(settings[allowed].sum(axis=3, dtype=float), forecast.draws[allowed], rtol=1e-6)
    assert np.isnan(settings[~allowed]).all() and not allowed.all()
    table = margins(forecast, comp)
    autism = table.query("area_code == @WIGAN and category == 'autism' and year == 2030").iloc[0]
    assert autism["central"] == pytest.approx(np.median(draws[:, 4, :, NEEDS.index("autism")].sum(axis=(1, 2))))
    post_16 = table.query("area_code == @WIGAN and category == 'post_16' and year == 2030").iloc[0]
    assert post_16["central"] == pytest.approx(np.median(draws[:, 4, 3:].sum(axis=(1, 2, 3))))


@pytest.mark.landing
def test_an_authority_has_the_same_futures_in_any_company(comp: Composition, forecast: Forecast) -> None:
    at = forecast.position(WIGAN)
    alone = Forecast(
        (WIGAN,), forecast.base[[at]], forecast.base_year, forecast.years, forecast.draws[[at]],
        forecast.model[[at]], forecast.status[[at]], forecast.reason[[at]],
    )  # fmt: skip
    np.testing.assert_allclose(area_draws(alone, comp, WIGAN), area_draws(forecast, comp, WIGAN), rtol=1e-9)


@pytest.mark.landing
def test_tables_keep_their_contract_and_withhold_settings_nobody_recorded(
    comp: Composition, forecast: Forecast
) -> None:
    table = margins(forecast, comp)
    validate(table.assign(edition=EDITION), Projections.to_schema(), name="margins")
    validate(mix(forecast, comp, WIGAN).assign(edition=EDITION), Mix.to_schema(), name="mix")
    settings = table[table["dimension"].eq("setting")].set_index("area_code")
    assert settings.loc[CAMBRIDGESHIRE, "central"].isna().all()
    assert "26% of plans" in settings.loc[WOLVERHAMPTON, "reason"].iloc[0]
    withheld = table[table["status"].eq(Standing.WITHHELD.value)]
    assert set(withheld["dimension"]) == {"setting"} and withheld["area_code"].nunique() == 2


@pytest.mark.landing
def test_no_split_of_an_authority_that_is_widened_or_withheld(comp: Composition, forecast: Forecast) -> None:
    city = "E09000001"
    assert np.isnan(area_draws(forecast, comp, city)).all()
    assert mix(forecast, comp, city).empty
    assert city not in set(margins(forecast, comp)["area_code"])


@pytest.mark.landing
def test_it_would_have_been_nearer_than_shares_that_stay(core: dict[str, pd.DataFrame]) -> None:
    """Percentage points over authorities and parts, January 2025 from January 2024."""
    error = backtest(core, 2025).set_index(["dimension", "method"])["error"].round(2).to_dict()
    assert error["age", "cohorts"] < 0.3 < 0.46 < error["age", "shares_stay"]
    assert error["age_band", "cohorts"] < error["age_band", "shares_stay"]
    assert error["setting", "cohorts_and_drift"] < error["setting", "shares_stay"]
