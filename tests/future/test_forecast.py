"""Forecasts: what is printed, widened and withheld, sums within each future, and the figures of real authorities."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from jsna_pipeline import geography
from jsna_pipeline.future.backtest import Choice
from jsna_pipeline.future.forecast import SUM_OF_AUTHORITIES, forecast, paths_table, projections
from jsna_pipeline.future.panel import Panel
from jsna_pipeline.future.simulated import Forecast
from jsna_pipeline.future.tables import Paths, Projections
from jsna_pipeline.schemas.validation import validate
from tests.future.invented_panel import CODES, grown, real_panel

WIGAN, NEWHAM, NOTTINGHAM, CITY, CUMBERLAND = "E08000010", "E09000025", "E06000018", "E09000001", "E06000063"
CHOICE = Choice("leading_indicators", {CODES[7]: "damped_trend"})


def panel() -> Panel:
    return grown(np.linspace(0.05, 0.15, len(CODES)), noise=0.03)


def found(of: Panel, draws: int = 200) -> Forecast:
    return forecast(of, draws=draws, choice=CHOICE)


@cache
def real(landing: Path) -> tuple[Forecast, pd.DataFrame]:
    simulated = forecast(real_panel(landing))
    return simulated, projections(simulated, real_panel(landing))


def of_area(table: pd.DataFrame, code: str) -> pd.DataFrame:
    return table[table["area_code"].eq(code)].set_index("year")


def test_the_tables_keep_their_contract() -> None:
    of = panel()
    of.plans[0, -1], of.plans[1, :-2], of.plans[2] = np.nan, np.nan, of.plans[2] / 50
    simulated = found(of)
    table = projections(simulated, of)
    validate(table.assign(edition="2025"), Projections.to_schema(), name="projections")
    paths = paths_table(simulated)
    validate(paths.assign(edition="2025"), Paths.to_schema(), name="paths")
    assert len(paths) == 200 * (27 * 5 + 5 + 1)  # one withheld, one short, one tiny with its next year alone
    assert simulated.areas == tuple(sorted(simulated.areas))
    assert simulated.model[7] == "damped_trend"
    assert not simulated.splits()[:3].any()
    assert simulated.splits()[3:].all()


def test_the_same_panel_gives_the_same_futures() -> None:
    np.testing.assert_array_equal(found(panel()).draws, found(panel()).draws)


def test_reasons_name_their_figures() -> None:
    of = panel()
    last = of.plans[:, -2]
    of.new_plans[:, -1], of.ceased[:, -1] = of.plans[:, -1] - last + 50, 50
    of.plans[0, -1] = 0.5 * last[0]
    of.plans[1, -1] = (of.plans[1, -1] + 0.2 * last[1]).round()
    of.plans[2, :-1] = np.nan
    of.plans[3, :-2] = np.nan
    of.plans[4, -1] = np.nan
    simulated = found(of)
    assert simulated.status[:6, 0].tolist() == ["withheld", "widened", "withheld", "widened", "withheld", "ok"]
    assert f"is {of.plans[0, -1]:,.0f}, but {last[0]:,.0f} a year before" in simulated.reason[0, 0]
    assert simulated.reason[2, 0] == "Only one January count exists."
    assert simulated.reason[3, 0] == "Only two January counts exist."
    assert simulated.reason[4, 0] == "No count of January 2025 was published for the authority."
    assert np.isnan(simulated.draws[[0, 2, 4]]).all()


def test_a_short_history_widens_and_a_fault_widens_more() -> None:
    of = panel()
    spread = np.log(found(of).draws[5]).std(axis=0)
    of.new_plans[5, -1], of.ceased[5, -1] = of.plans[5, -1] - 0.8 * of.plans[5, -2], 0
    np.testing.assert_allclose(np.log(found(of).draws[5]).std(axis=0) / spread, 2.0, rtol=1e-6)


def test_sums_are_taken_within_each_future() -> None:
    of = panel()
    of.plans[0, -1] = np.nan
    simulated = found(of)
    table = of_area(projections(simulated, of), geography.ENGLAND)
    whole = np.nansum(simulated.draws, axis=0)
    np.testing.assert_allclose(table["upper_95"], np.percentile(whole, 97.5, axis=0))
    np.testing.assert_allclose(table["base"], np.nansum(of.plans[:, -1]))
    assert table["status"].unique().tolist() == ["widened"]
    assert table["reason"].str.startswith("Not counted: ").all()
    middles = of_area(projections(simulated, of), WIGAN)["central"]
    assert (table["central"] > middles).all()


def test_a_withheld_authority_moves_with_england_in_a_sum() -> None:
    of = panel()
    of.plans[0] = of.plans[0] / of.plans[0, -1] * 90
    simulated = found(of)
    table = of_area(projections(simulated, of), geography.ENGLAND)
    others = simulated.draws[1:, :, 1].sum(axis=0)
    expected = others * (1 + 90 / of.plans[1:, -1].sum())
    assert table.loc[2027, "central"] == pytest.approx(np.median(expected))
    assert table.loc[2026, "reason"] == ""
    name = geography.area(CODES[0]).name
    assert table.loc[2027, "reason"] == f"Not projected, and moved from the last count as England's plans: {name}."


@pytest.mark.parametrize("januaries", [1, 2])
def test_nothing_is_said_without_a_record(januaries: int) -> None:
    of = grown(0.1, range(2026 - januaries, 2026))
    simulated = forecast(of, draws=50)
    table = projections(simulated, of)
    validate(table.assign(edition="2025"), Projections.to_schema(), name="projections")
    assert table["status"].unique().tolist() == ["withheld"]
    assert of_area(table, geography.ENGLAND)["reason"].unique().tolist() == ["No authority of England is projected."]
    assert paths_table(simulated).empty


@pytest.mark.landing
def test_wigan(landing: Path) -> None:
    table = of_area(real(landing)[1], WIGAN)
    assert table["base"].unique().tolist() == [3579]
    limits = table[["central", "lower_95", "upper_95"]]
    assert limits.loc[2026].tolist() == pytest.approx([4101, 3774, 4457], rel=0.01)
    assert limits.loc[2030].tolist() == pytest.approx([6570, 5150, 8380], rel=0.025)
    assert table["status"].unique().tolist() == ["ok"]


@pytest.mark.landing
def test_no_nonsense_for_short_tiny_and_faulty_counts(landing: Path) -> None:
    table = real(landing)[1]
    newham = of_area(table, NEWHAM)
    assert newham["status"].unique().tolist() == ["withheld"]
    assert newham["central"].isna().all()
    assert (
        "is 1,199, but 2,705 a year before, 379 new plans and 42 ended ones lead to 3,042" in newham.loc[2026, "reason"]
    )
    assert of_area(table, CITY)["status"].tolist() == ["widened", *["withheld"] * 4]
    cumberland = of_area(table, CUMBERLAND)
    assert cumberland["reason"].unique().tolist() == [
        "Only two January counts exist since the authority was formed in 2023."
    ]
    assert cumberland.loc[2026, "central"] == pytest.approx(3186, rel=0.01)
    assert of_area(table, NOTTINGHAM)["status"].unique().tolist() == ["widened"]


@pytest.mark.landing
def test_england_and_everyone(landing: Path) -> None:
    simulated, table = real(landing)
    validate(table.assign(edition="2025"), Projections.to_schema(), name="projections")
    assert simulated.draws.shape == (153, 1000, 5)
    assert len(table) == (153 + 9 + 1) * 5
    england = of_area(table, geography.ENGLAND)
    assert england.loc[2026, ["central", "lower_95", "upper_95"]].tolist() == pytest.approx(
        [709e3, 694e3, 724e3], rel=0.01
    )
    assert england["model"].unique().tolist() == [SUM_OF_AUTHORITIES]
    ok = simulated.status[:, 0] == "ok"
    assert ok.sum() >= 145
