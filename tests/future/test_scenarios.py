"""Scenarios worked by hand, identities within simulations, and what no scenario can break."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jsna_pipeline.catalogue.scenarios import Scenario, scenarios
from jsna_pipeline.future.flows import implied_flows, national_growth
from jsna_pipeline.future.scenarios import (
    Simulated,
    comparison,
    cost_of,
    goal_seek,
    run,
    settings_of_area,
    simulate,
)
from jsna_pipeline.future.simulated import Forecast
from jsna_pipeline.future.tables import SETTINGS, GoalSeek, Scenarios
from tests.invented_forecast import COSTS, ceasing, forecast, scenario, split

# 1,000 plans, 10 of 100 end, 200 join in each of the three years: 1,100, 1,190, 1,271.
STEADY = forecast([1_000], [[[1_100, 1_190, 1_271]]])
TENTH = ceasing([0.1])
BASELINE = scenarios()["baseline"]
SHARES = {"special_state": 0.3, "special_independent": 0.1, "resourced_or_unit": 0.1}


def _simulated(record: Scenario, made: Forecast = STEADY, settings: np.ndarray | None = None) -> Simulated:
    rates = ceasing([0.1] * len(made.areas))
    return simulate(record, made, implied_flows(made, rates), settings, national_growth(made))


def _change(kind: str, begins: int, **given: object) -> Scenario:
    return scenario({"kind": kind, "from": begins, **given})


def _of(found: np.ndarray, name: str) -> np.ndarray:
    return np.asarray(found[0, 0, :, SETTINGS.index(name)])


def _random(seed: int = 7, draws: int = 50) -> Forecast:
    rng = np.random.default_rng(seed)
    base = np.array([900.0, 4_000.0])
    growth = np.cumsum(rng.normal(0.07, 0.08, (2, draws, 5)), axis=2)
    return forecast(base, base[:, None, None] * np.exp(growth))


# --- flows -------------------------------------------------------------------------------------


def test_new_plans_change_after_the_january_from_which_it_holds() -> None:
    """From January 2026: 100 join in each later year. 1,100 x .9 + 100 = 1,090, and 1,090 x .9 + 100 = 1,081."""
    found = _simulated(_change("new_plan_rate", 2026, factor=0.5))
    assert found.plans[0, 0] == pytest.approx([1_100, 1_090, 1_081])
    assert found.new_plans[0, 0] == pytest.approx([200, 100, 100])


def test_a_rate_ends_at_the_january_until_which_it_holds() -> None:
    found = _simulated(_change("new_plan_rate", 2026, factor=0.5, until=2027))
    assert found.plans[0, 0] == pytest.approx([1_100, 1_090, 1_181])


def test_more_plans_end() -> None:
    """From the base on: 20 of 100 end. 1,000 x .8 + 200 = 1,000 for ever."""
    found = _simulated(_change("ceasing_rate", 2025, factor=2))
    assert found.plans[0, 0] == pytest.approx([1_000, 1_000, 1_000])
    assert found.new_plans[0, 0] == pytest.approx([200, 200, 200])
    assert _simulated(_change("ceasing_rate", 2025, factor=0)).plans[0, 0] == pytest.approx([1_200, 1_400, 1_600])


def test_more_children_mean_more_plans_from_that_january_on() -> None:
    found = _simulated(_change("population", 2027, factor=1.1))
    assert found.plans[0, 0] == pytest.approx([1_100, 1_309, 1_398.1])
    assert found.new_plans[0, 0] == pytest.approx([200, 220, 220])


def test_another_law_multiplies_englands_growth() -> None:
    """England grows as the area does: by 1,190 / 1,100 and 1,271 / 1,190. None of it leaves 1,100, two make squares."""
    none = _simulated(_change("regime", 2026, lowest=0, highest=0))
    assert none.plans[0, 0] == pytest.approx([1_100, 1_100, 1_100])
    assert none.new_plans[0, 0] == pytest.approx([200, 110, 110])
    twice = _simulated(_change("regime", 2026, lowest=2, highest=2)).plans[0, 0]
    assert twice == pytest.approx([1_100, 1_190**2 / 1_100, 1_271**2 / 1_100])


def test_the_doubt_of_a_law_is_two_sided_and_the_same_for_all_areas() -> None:
    made = _random(draws=101)
    found = _simulated(_change("regime", 2027, lowest=0.35, highest=1.65), made)
    ratio = found.plans / made.draws
    assert ratio[0] == pytest.approx(ratio[1])
    assert (ratio[..., :2] == 1).all() and np.median(ratio[0, :, 4]) == pytest.approx(1, abs=1e-3)
    assert ratio[0, :, 4].min() < 0.9 and ratio[0, :, 4].max() > 1.1


def test_what_changes_nothing_is_the_forecast_to_the_last_digit() -> None:
    made = _random()
    neutral = scenario(
        {"kind": "new_plan_rate", "factor": 1, "from": 2025},
        {"kind": "ceasing_rate", "factor": 1, "from": 2025},
        {"kind": "population", "factor": 1, "from": 2026},
        {"kind": "regime", "lowest": 1, "highest": 1, "from": 2025},
        {"kind": "exclusion", "points": 0, "from": 2026},
    )
    parts = split(made, **SHARES)
    found = _simulated(neutral, made, parts)
    assert found.settings is not None
    assert (found.plans == made.draws).all() and (found.settings == parts).all()
    rows = run(made, ceasing([0.1, 0.1]), parts, COSTS, [BASELINE, neutral])
    first, second = (rows[rows["scenario"].eq(one)].reset_index(drop=True) for one in ("baseline", "invented"))
    pd.testing.assert_frame_equal(first.drop(columns=["scenario", "name"]), second.drop(columns=["scenario", "name"]))


# --- settings ----------------------------------------------------------------------------------


def test_a_school_fills_in_steps_from_the_settings_it_takes_from() -> None:
    """60 places over two Januaries from 2027, from mainstream (595 of 714 in 2027) and independent (119)."""
    record = _change(
        "setting_opens",
        2027,
        setting="special_state",
        places=60,
        over=2,
        takes_from=["mainstream", "special_independent"],
    )
    found = _simulated(record, settings=split(STEADY, **SHARES)).settings
    assert found is not None
    assert _of(found, "special_state") == pytest.approx([330, 357 + 30, 381.3 + 60], rel=1e-6)
    assert _of(found, "special_independent")[1] == pytest.approx(119 - 30 / 6, rel=1e-6)
    assert _of(found, "mainstream")[1] == pytest.approx(595 - 30 * 5 / 6, rel=1e-6)


def test_a_school_that_closes_takes_no_more_places_than_there_are() -> None:
    record = _change("setting_closes", 2027, setting="special_independent", places=500, goes_to=["special_state"])
    found = _simulated(record, settings=split(STEADY, **SHARES)).settings
    assert found is not None
    assert _of(found, "special_independent") == pytest.approx([110, 0, 0], abs=1e-4)
    assert _of(found, "special_state")[2] == pytest.approx(1_271 * 0.4, rel=1e-6)


def test_points_move_in_equal_steps_and_exclusion_is_a_shift() -> None:
    change = {"kind": "setting_shift", "from_setting": "special_state", "to_setting": "resourced_or_unit"}
    record = scenario(
        {**change, "points": 4, "from": 2026, "over": 4}, {"kind": "exclusion", "points": 1, "from": 2028}
    )
    found = _simulated(record, settings=split(STEADY, **SHARES)).settings
    assert found is not None
    share = found[0, 0] / found[0, 0].sum(axis=-1, keepdims=True)
    assert share[:, SETTINGS.index("resourced_or_unit")] == pytest.approx([0.11, 0.12, 0.13], rel=1e-5)
    assert share[:, SETTINGS.index("alternative_provision")] == pytest.approx([0, 0, 0.01], abs=1e-6)
    back = _simulated(
        _change("exclusion", 2026, points=-2), settings=split(STEADY, alternative_provision=0.01)
    ).settings
    assert back is not None and _of(back, "alternative_provision") == pytest.approx([0, 0, 0], abs=1e-4)


def test_a_share_of_new_plans_builds_up_and_ends_as_plans_do() -> None:
    """10 of 100 of 200 new plans after January 2026: 20, then 20 x .9 + 20."""
    shift = {"from_setting": "special_state", "to_setting": "special_independent", "share_of_new": 10}
    found = _simulated(_change("setting_shift", 2026, **shift), settings=split(STEADY, special_state=0.5)).settings
    assert found is not None
    assert _of(found, "special_independent") == pytest.approx([0, 20, 38], rel=1e-6)


def test_cost_is_plans_times_the_cost_of_a_place_and_no_setting_is_free_unsaid() -> None:
    parts = split(STEADY, special_state=0.5)
    assert cost_of(parts, COSTS)[0, 0, 0] == pytest.approx(550 * 25_000 + 550 * 10_000, rel=1e-6)
    assert cost_of(parts, COSTS, 2)[0, 0, 0] == pytest.approx(550 * 30_000 + 550 * 12_000, rel=1e-6)
    with pytest.raises(ValueError, match="no unit cost of mainstream"):
        cost_of(parts, {name: cost for name, cost in COSTS.items() if name != "mainstream"})


_factors = st.floats(0, 5)
_years = st.integers(2024, 2032)
_settings = st.permutations(SETTINGS).map(lambda order: order[:3])
_changes = st.one_of(
    st.builds(lambda f, y: {"kind": "new_plan_rate", "factor": f, "from": y}, _factors, _years),
    st.builds(lambda f, y: {"kind": "ceasing_rate", "factor": f, "from": y}, _factors, _years),
    st.builds(lambda f, y: {"kind": "population", "factor": 0.5 + 0.3 * f, "from": y}, _factors, _years),
    st.builds(lambda f, y: {"kind": "regime", "lowest": f - 2, "highest": f, "from": y}, _factors, _years),
    st.builds(lambda f, y: {"kind": "exclusion", "points": 8 * f - 20, "from": y}, _factors, _years),
    st.builds(
        lambda s, n, y: {"kind": "setting_opens", "setting": s[0], "takes_from": s[1:], "places": n, "from": y},
        _settings, st.integers(1, 2_000), _years,
    ),
    st.builds(
        lambda s, n, y: {"kind": "setting_closes", "setting": s[0], "goes_to": s[1:], "places": n, "from": y},
        _settings, st.integers(1, 2_000), _years,
    ),
    st.builds(
        lambda s, n, y, key: {"kind": "setting_shift", "from_setting": s[0], "to_setting": s[1], key: n, "from": y},
        _settings, st.floats(0.1, 100), _years, st.sampled_from(["points", "share_of_new"]),
    ),
)  # fmt: skip


@given(st.lists(_changes, min_size=1, max_size=4), st.integers(0, 99))
def test_no_plan_is_below_nothing_and_parts_add_up_in_every_simulation(changes: list[dict], seed: int) -> None:
    made = _random(seed, draws=8)
    parts = split(made, **SHARES)
    found = _simulated(scenario(*changes), made, parts)
    assert found.settings is not None
    for one in (found.plans, found.new_plans, found.settings):
        assert np.isfinite(one).all() and (one >= 0).all()
    assert found.settings.sum(axis=-1) == pytest.approx(found.plans, rel=1e-5, abs=1e-2)


# --- the table ---------------------------------------------------------------------------------


def test_the_table_holds_what_it_promises() -> None:
    made = _random()
    rows = run(made, ceasing([0.1, 0.1]), split(made, **SHARES), COSTS, scenarios().values())
    Scenarios.validate(rows.assign(edition="2025"))
    assert len(rows) == 2 * len(scenarios()) * 5 * (2 + len(SETTINGS) + 1)
    fewer = rows[rows["scenario"].eq("earlier_support") & rows["quantity"].eq("plans")]
    assert (fewer.loc[fewer["year"].le(2027), "difference_upper"] == 0).all()
    assert (fewer.loc[fewer["year"].ge(2029), "difference_upper"] < 0).all()


def test_no_record_makes_no_row() -> None:
    found = run(STEADY, TENTH, None, None, [])
    Scenarios.validate(found.assign(edition="2025"))
    assert found.empty


def test_differences_are_taken_within_simulations() -> None:
    """Of a forecast that may be anything from 500 to 2,000, 10 % more children are 10 % more in each."""
    made = forecast([1_000], np.linspace(500, 2_000, 101)[None, :, None])
    rows = run(made, TENTH, None, None, [_change("population", 2026, factor=1.1)])
    row = rows[rows["quantity"].eq("plans")].iloc[0]
    assert row[["central", "difference"]].tolist() == pytest.approx([1_375, 125])
    assert row[["difference_lower", "difference_upper"]].tolist() == pytest.approx([53.75, 196.25])


def test_what_is_withheld_stays_withheld_with_its_reason() -> None:
    made = forecast([20, 1_000], np.full((2, 9, 2), 100.0), withheld={(0, 1): "Fewer than 100 plans."})
    parts = split(made, **SHARES)
    parts[0] = np.nan
    rows = run(made, ceasing([0.1, 0.1]), parts, COSTS, scenarios().values())
    Scenarios.validate(rows.assign(edition="2025"))
    tiny = rows[rows["area_code"].eq(made.areas[0])].set_index(["scenario", "quantity", "year"])
    assert tiny.loc[("more_children", "plans", 2027), "reason"] == "Fewer than 100 plans."
    assert tiny.loc[("more_children", "plans", 2026), ["status", "central"]].tolist() == ["ok", 100]
    assert set(tiny.xs("cost", level="quantity")["status"]) == {"withheld"}
    assert (tiny["status"].eq("withheld") == tiny["central"].isna()).all()
    assert (tiny["difference"].isna() == tiny["central"].isna()).all()
    other = rows[rows["area_code"].ne(made.areas[0])]
    assert set(other["status"]) == {"ok"}


def test_an_area_is_the_same_whatever_stands_beside_it() -> None:
    made = _random()
    growth = national_growth(made)
    alone = forecast([made.base[0]], made.draws[:1])
    records = list(scenarios().values())
    both = run(made, ceasing([0.1, 0.1]), None, None, records)
    one = run(alone, TENTH, None, None, records, growth)
    pd.testing.assert_frame_equal(both[both["area_code"].eq(made.areas[0])].reset_index(drop=True), one)


def test_the_comparison_has_a_row_a_scenario_and_year() -> None:
    made = _random()
    parts = split(made, **SHARES)
    rows = run(made, ceasing([0.1, 0.1]), parts, COSTS, scenarios().values())
    found = comparison(rows, made.areas[1], (2028, 2030))
    assert found["scenario"].tolist() == [one for one in scenarios() for _ in range(2)]
    row = rows.query("area_code == @made.areas[1] and scenario == 'inclusion' and year == 2030 and quantity == 'cost'")
    shown = found.query("scenario == 'inclusion' and year == 2030")
    assert shown["cost_difference"].item() == row["difference"].item() < 0
    assert shown["plans_difference"].item() == 0
    without = comparison(run(made, ceasing([0.1, 0.1]), None, None, [BASELINE]), made.areas[0], [2026])
    assert without["cost"].isna().all() and without["plans"].notna().all()


def test_plans_of_one_area_by_setting_are_those_of_the_table() -> None:
    made = _random()
    parts = split(made, **SHARES)
    records = list(scenarios().values())
    found = settings_of_area(made.areas[1], made, ceasing([0.1, 0.1]), parts, records)
    rows = run(made, ceasing([0.1, 0.1]), parts, COSTS, records).set_index(
        ["area_code", "scenario", "quantity", "year"]
    )
    for name, one in found.items():
        shown = rows.loc[(made.areas[1], name, "plans_special_state", 2030), "central"]
        assert np.median(one[:, 4, SETTINGS.index("special_state")]) == pytest.approx(shown)


# --- standing still ----------------------------------------------------------------------------


def test_standing_still_by_hand() -> None:
    """As 10 of 100 end, 1,000 plans are held by 100 new ones a year: half of 200."""
    row = goal_seek(STEADY, TENTH, np.array([180.0])).iloc[0]
    assert row[["factor", "factor_lower", "factor_upper"]].tolist() == pytest.approx([0.5] * 3)
    assert row["new_plans_needed"] == pytest.approx(100) and row["reachable"]
    assert row["new_plans_now"] == 180


def test_the_solution_put_back_into_the_scenario_holds_the_caseload() -> None:
    made = _random(draws=1)
    factor = goal_seek(made, ceasing([0.1, 0.1]), np.zeros(2))["factor"]
    for at, one in enumerate(factor):
        found = _simulated(_change("new_plan_rate", 2025, factor=one), made)
        assert found.plans[at, 0, -1] == pytest.approx(made.base[at])


def test_a_goal_that_no_rate_reaches_is_said_to_be_none() -> None:
    """Without any new plan 729 of 1,000 are left after three years: 600 cannot be reached, 729 can, by none."""
    found = goal_seek(STEADY, TENTH, np.array([np.nan]), hold=np.array([600.0]))
    GoalSeek.validate(found.assign(edition="2025"))
    assert not found["reachable"].item() and np.isnan(found["factor"].item())
    least = goal_seek(STEADY, TENTH, np.array([np.nan]), hold=np.array([729.0])).iloc[0]
    assert least["reachable"] and least["factor"] == pytest.approx(0, abs=1e-9)
    assert np.isnan(least["new_plans_now"])


def test_a_simulation_without_joiners_does_not_count() -> None:
    made = forecast([1_000], [[[1_100, 1_190, 1_271], [500, 200, 100], [1_100, 1_190, 1_271]]])
    row = goal_seek(made, TENTH, np.array([180.0])).iloc[0]
    assert row["reachable"] and row[["factor", "new_plans_needed"]].tolist() == pytest.approx([0.5, 100])


def test_no_goal_is_sought_where_the_last_year_is_withheld() -> None:
    made = forecast([20, 1_000], np.full((2, 9, 2), 1_000.0), withheld={(0, 1): "Fewer than 100 plans."})
    found = goal_seek(made, ceasing([0.1, 0.1]), np.array([3.0, 100.0]))
    GoalSeek.validate(found.assign(edition="2025"))
    assert found["area_code"].tolist() == [made.areas[1]] and found["factor"].item() == pytest.approx(1)
