"""Money ahead: worked examples by hand, sums within each simulation, and what is said where something is not known."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jsna_pipeline.catalogue.costs import CostFigure, PlacementCost, unit_costs
from jsna_pipeline.future.finance import Finance
from jsna_pipeline.future.money import (
    CHANGE,
    NO_FORECAST,
    Money,
    OwnCosts,
    independent_share,
    money,
    money_ahead,
    own_costs,
    price_of_settings,
    prices,
    triangular,
)
from jsna_pipeline.future.tables import SETTINGS, MoneyAhead
from jsna_pipeline.schemas.validation import validate

YEARS = (2026, 2027)
CODE = "E08000010"


def plans(**settings: float) -> np.ndarray:
    """Plans by setting; those not named are 0."""
    return np.array([settings.get(setting, 0.0) for setting in SETTINGS])


def fixed(**central: float) -> dict[str, PlacementCost]:
    """The catalogue's records with costs that do not vary."""

    def figure(value: float) -> CostFigure:
        return CostFigure(pounds=value, basis="judgement", source="", because="an example")

    known = unit_costs()
    return {
        setting: one
        if one.pounds is None
        else one.model_copy(update={name: figure(central.get(setting, 1_000.0)) for name in ("low", "central", "high")})
        for setting, one in known.items()
    }


def finance(**changes: object) -> Finance:
    return Finance.model_validate(
        {
            "financial_year": "2024/25",
            "high_needs_budget": 1_000_000,
            "balance": -100_000,
            "spending": 1_200_000,
            "expected_growth": {"low": 10, "central": 10, "high": 10},
            "source": "A paper",
            "date": date(2025, 10, 1),
        }
        | changes
    )


def certain(plans_ahead: Sequence[np.ndarray], base: np.ndarray, **given_: object) -> Money:
    """Money of four futures that are all the same."""
    ahead = np.repeat(np.stack(plans_ahead)[None], 4, axis=0)
    named = {"unit_costs": fixed(mainstream=10_000, special_state=20_000), "own": None, "finance": None} | given_
    return money(CODE, {"baseline": ahead}, base, 2025, years=YEARS, rng=np.random.default_rng(1), **named)  # type: ignore[arg-type]


def value(rows: pd.DataFrame, quantity: str, year: int, column: str = "central") -> float:
    found = rows.loc[(rows["quantity"] == quantity) & (rows["year"] == year), column]
    assert len(found) == 1
    return float(found.iloc[0])


BASE = plans(mainstream=40, special_state=30)
AHEAD = (plans(mainstream=44, special_state=33), plans(mainstream=44, special_state=43))


def test_cost_is_plans_times_the_cost_of_a_place() -> None:
    rows = certain(AHEAD, BASE).rows
    assert value(rows, "cost", 2025) == pytest.approx(40 * 10_000 + 30 * 20_000)
    assert value(rows, "cost_mainstream", 2026) == pytest.approx(440_000)
    assert value(rows, "cost", 2026) == pytest.approx(1_100_000)
    assert value(rows, "cost", 2027) == pytest.approx(1_300_000)
    validate(rows.assign(edition="2025"), MoneyAhead.to_schema(), name="future_money")
    assert not rows["quantity"].isin(["budget", "deficit", "cost_educated_elsewhere"]).any()


def test_a_plan_without_a_recorded_setting_costs_the_mean_and_one_elsewhere_nothing() -> None:
    ahead = plans(mainstream=40, special_state=30, not_recorded=7, educated_elsewhere=50)
    rows = certain((ahead, ahead), BASE).rows
    assert value(rows, "cost_not_recorded", 2026) == pytest.approx(7 * 1_000_000 / 70)
    assert value(rows, "cost", 2026) == pytest.approx(1_100_000)
    told = price_of_settings(prices(fixed(mainstream=10_000, special_state=20_000)), BASE)
    assert told["educated_elsewhere"] == (0, 0, 0)
    assert told["not_recorded"] == pytest.approx((100_000 / 7,) * 3)


def test_the_balance_is_carried_by_hand() -> None:
    found = certain(AHEAD, BASE, finance=finance())
    # Spending of 1.2 million against a modelled million: every cost is times 1.2.
    assert found.factor == pytest.approx(1.2)
    assert value(found.rows, "cost", 2026) == pytest.approx(1_320_000)
    assert value(found.rows, "budget", 2026) == pytest.approx(1_100_000)
    assert value(found.rows, "budget", 2027) == pytest.approx(1_210_000)
    assert value(found.rows, "deficit", 2026) == pytest.approx(100_000 + 1_320_000 - 1_100_000)
    assert value(found.rows, "deficit", 2027) == pytest.approx(320_000 + 1_560_000 - 1_210_000)
    assert "multiplied by 1.20" in " ".join(found.notes)


def test_a_budget_of_the_year_ahead_moves_the_balance_only_after_it() -> None:
    found = certain(AHEAD, BASE, finance=finance(financial_year="2025/26", spending=1_100_000))
    assert value(found.rows, "deficit", 2026) == pytest.approx(100_000)
    assert value(found.rows, "deficit", 2027) == pytest.approx(100_000 + 1_300_000 - 1_100_000)


def test_prices_stand_still_unless_a_growth_is_given() -> None:
    grown = finance(spending=None, price_growth={"low": 5, "central": 5, "high": 5})
    found = certain(AHEAD, BASE, finance=grown)
    assert value(found.rows, "cost", 2027) == pytest.approx(1_300_000 * 1.05**2)


@pytest.mark.parametrize(
    ("given_", "told", "budgets"),
    [
        (None, "has given no high-needs budget", 0),
        (finance(spending=None), "not known well enough", 2),
        (finance(spending=9_000_000), "too far apart", 2),
        (finance(financial_year="2022/23"), "2022/23, which is not a year of this forecast", 0),
    ],
)
def test_without_a_budget_or_spending_that_fits_no_balance_is_carried(
    given_: Finance | None, told: str, budgets: int
) -> None:
    found = certain(AHEAD, BASE, finance=given_)
    assert told in " ".join(found.notes)
    assert found.rows["quantity"].eq("budget").sum() == budgets
    assert not found.rows["quantity"].eq("deficit").any()


def test_returns_that_leave_much_out_are_not_scaled_to() -> None:
    near, far = (certain(AHEAD, BASE, own=OwnCosts({}, total, 2025)) for total in (1_100_000.0, 500_000.0))
    assert near.factor == pytest.approx(1.1)
    assert far.factor is None
    assert "too far apart" in " ".join(far.notes)


def test_a_year_without_a_forecast_is_withheld_with_its_reason() -> None:
    found = certain((AHEAD[0], np.full(len(SETTINGS), np.nan)), BASE, finance=finance())
    rows = found.rows.loc[found.rows["year"].eq(2027) & found.rows["quantity"].ne("budget")]
    assert rows["central"].isna().all()
    assert rows["reason"].eq(NO_FORECAST).all()
    assert value(found.rows, "deficit", 2026) == pytest.approx(320_000)
    validate(found.rows.assign(edition="2025"), MoneyAhead.to_schema(), name="future_money")


def test_own_means_take_the_place_of_published_ones_where_they_are_printed() -> None:
    columns = ["table_id", "period", "dimension", "category", "statistic", "value", "status"]
    statistics = pd.DataFrame(
        [
            ("high_needs_spend", "2024/25", "total", "total", "total_amount", 900_000.0, "ok"),
            ("high_needs_spend", "2024/25", "placement", "mainstream", "mean_amount", 8_000.0, "ok"),
            ("high_needs_spend", "2024/25", "placement", "independent_special", "mean_amount", None, "suppressed"),
            ("high_needs_spend", "2024/25", "placement", "other", "mean_amount", 50.0, "ok"),
            ("transport_spend", "2024/25", "total", "total", "total_amount", 5.0, "ok"),
        ],
        columns=columns,
    )
    own = own_costs(statistics)
    assert own == OwnCosts({"mainstream": 8_000.0}, 900_000.0, 2025)
    assert own_costs(statistics.iloc[:0]) == OwnCosts()
    priced = prices(unit_costs(), own)
    place = SETTINGS.index("mainstream")
    assert (priced.low[place], priced.central[place], priced.high[place]) == pytest.approx((7_200, 8_000, 8_800))
    assert priced.basis[place] == "own"
    assert priced.basis[SETTINGS.index("special_independent")] == "published"
    rows = certain(AHEAD, BASE, unit_costs=unit_costs(), own=own).rows
    assert set(rows.loc[rows["quantity"] == "cost", "basis"]) == {"mixed"}
    assert value(rows, "cost_mainstream", 2026, "unit_central") == 8_000


SIZES = st.lists(st.floats(0, 5_000), min_size=len(SETTINGS), max_size=len(SETTINGS))


@settings(max_examples=20, deadline=None)
@given(SIZES, SIZES, st.integers(0, 2**16), st.sampled_from([name for name in SETTINGS if unit_costs()[name].pounds]))
def test_parts_add_up_in_every_future_and_a_dearer_place_never_lowers_the_total(
    base: list[float], ahead: list[float], seed: int, dearer: str
) -> None:
    rng = np.random.default_rng(seed)
    simulated = np.array(ahead) * rng.uniform(0.5, 2, (30, 2, len(SETTINGS)))

    def costs(known: dict[str, PlacementCost]) -> Money:
        scenarios = {"baseline": simulated, "fewer": simulated * 0.9}
        return money(CODE, scenarios, np.array(base), 2025, known, None, None, YEARS, np.random.default_rng(seed))

    plain = costs(unit_costs())
    totals = np.median(plain.costs["baseline"].sum(axis=2), axis=0)
    printed = plain.rows.loc[(plain.rows["quantity"] == "cost") & (plain.rows["scenario"] == "baseline"), "central"]
    np.testing.assert_allclose(printed.to_numpy()[1:], totals, rtol=1e-9, atol=1e-6)
    assert plain.costs["baseline"][:, :, SETTINGS.index("educated_elsewhere")].max() == 0
    assert (plain.costs["fewer"] <= plain.costs["baseline"] + 1e-9).all()
    record = unit_costs()[dearer]
    assert record.central is not None
    assert record.high is not None
    more = record.model_copy(
        update={
            "central": record.central.model_copy(update={"pounds": record.high.pounds}),
            "high": record.high.model_copy(update={"pounds": record.high.pounds * 1.5}),
        }
    )
    after = costs({**unit_costs(), dearer: more})
    assert (after.costs["baseline"] >= plain.costs["baseline"] - 1e-6).all()


@given(st.floats(0, 1), st.tuples(st.floats(0, 1e5), st.floats(0, 1e5), st.floats(0, 1e5)))
def test_a_triangle_keeps_inside_its_ends(uniform: float, ends: tuple[float, float, float]) -> None:
    low, central, high = (np.array(one) for one in sorted(ends))
    found = float(triangular(np.array(uniform), low, central, high))
    assert low - 1e-6 <= found <= high + 1e-6


def test_a_triangle_has_the_mean_and_spread_of_the_textbook() -> None:
    drawn = triangular((np.arange(100_000) + 0.5) / 100_000, np.array(10.0), np.array(20.0), np.array(60.0))
    assert drawn.mean() == pytest.approx((10 + 20 + 60) / 3, rel=1e-4)
    variance = (10**2 + 20**2 + 60**2 - 10 * 20 - 10 * 60 - 20 * 60) / 18
    assert drawn.var() == pytest.approx(variance, rel=1e-3)


def test_the_same_seed_gives_the_same_rows() -> None:
    simulated = {"baseline": np.ones((10, 2, len(SETTINGS)))}

    def made() -> pd.DataFrame:
        return money_ahead(CODE, simulated, BASE, 2025, unit_costs(), None, finance(), YEARS, np.random.default_rng(7))

    pd.testing.assert_frame_equal(made(), made())


def test_plans_of_another_shape_are_refused() -> None:
    with pytest.raises(ValueError, match="plans of all scenarios are"):
        money_ahead(CODE, {"baseline": np.ones((3, 1, 9))}, BASE, 2025, unit_costs(), None, None, YEARS, _rng())


def _rng() -> np.random.Generator:
    return np.random.default_rng(1)


def test_changes_have_the_columns_of_the_table() -> None:
    found = certain(AHEAD, BASE)
    assert list(found.changes) == list(found.rows)
    assert set(found.changes["quantity"]) == {CHANGE}
    assert value(found.changes, CHANGE, 2027) == pytest.approx(300_000)


def test_the_share_of_independent_schools_is_taken_within_each_future() -> None:
    draws = np.stack([[plans(mainstream=90, special_independent=10)], [plans(mainstream=80, special_independent=20)]])
    (share,) = independent_share(plans(mainstream=95, special_independent=5), draws, (2026,))
    assert (share.now, share.central) == pytest.approx((5, 15))
    assert share.sentence.startswith(
        "Independent and non-maintained special schools hold 5.0% of plans now; by January"
    )
