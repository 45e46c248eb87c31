"""Places ahead: worked examples by hand, dimensions that add up in every future, and hidden numbers that stay so."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jsna_pipeline.future.places import (
    no_places,
    outside_area,
    places_ahead,
)
from jsna_pipeline.future.simulated import Forecast
from jsna_pipeline.future.tables import AGE_BANDS, NEEDS, SETTINGS, PlacesAhead
from jsna_pipeline.schemas.validation import validate

CODE = "E08000010"
SHAPE = (len(AGE_BANDS), len(NEEDS), len(SETTINGS))
NOTHING = pd.DataFrame(columns=["table_id", "dimension", "category", "statistic", "value", "status"])


def forecast(draws: int = 4, status: str = "ok", reason: str = "") -> Forecast:
    return Forecast(
        (CODE,),
        np.array([1000.0]),
        2025,
        (2026, 2027),
        np.full((1, draws, 2), 1100.0),
        np.array(["national_growth"]),
        np.full((1, 2), status, dtype=object),
        np.full((1, 2), reason, dtype=object),
    )


def plans(**of_setting: float) -> np.ndarray:
    """Plans of now, half of autistic pupils aged 5 to 10 and half of those with SEMH aged 11 to 15."""
    base = np.zeros(SHAPE)
    for setting, count in of_setting.items():
        base[1, NEEDS.index("autism"), SETTINGS.index(setting)] = count / 2
        base[2, NEEDS.index("semh"), SETTINGS.index(setting)] = count / 2
    return base


def held(*rows: tuple[str, str, float | None, float | None]) -> pd.DataFrame:
    """Rows of LOCAL_STATISTICS: dimension, category, places and filled; None is hidden."""
    return pd.DataFrame(
        [
            (
                "special_places",
                dimension,
                category,
                f"total_places_{name}",
                value,
                "suppressed" if value is None else "ok",
            )
            for dimension, category, *values in rows
            for name, value in zip(("commissioned", "filled"), values, strict=True)
        ],
        columns=NOTHING.columns,
    )


def growing(base: np.ndarray, *factors: float) -> np.ndarray:
    """A future for each factor, by which every plan grows in a year, and twice as far in the next."""
    return np.stack([np.stack([base * factor, base * (2 * factor - 1)]) for factor in factors])


def row(rows: pd.DataFrame, dimension: str, category: str, year: int = 2026) -> pd.Series:
    found = rows.loc[(rows["dimension"] == dimension) & (rows["category"] == category) & (rows["year"] == year)]
    assert len(found) == 1
    return found.iloc[0]


SPECIAL = held(("total", "total", 200, 190), ("place_kind", "special_school", 200, 190))


def test_demand_is_filled_now_times_the_growth_of_such_plans() -> None:
    base = plans(special_state=200, mainstream=500)
    rows = places_ahead(forecast(), growing(base, 1.0, 1.1, 1.1, 1.2), base, SPECIAL, CODE)
    validate(rows.assign(edition="2025"), PlacesAhead.to_schema(), name="future_places")
    found = row(rows, "place_kind", "special_school")
    assert (found["occupancy"], found["demand"], found["gap"]) == pytest.approx((95, 209, 9))
    assert found["chance_short"] == 75
    assert found["demand_lower"] == pytest.approx(190 * 1.0075)
    assert row(rows, "place_kind", "special_school", 2027)["demand"] == pytest.approx(228)


def test_more_children_than_places_is_allowed_and_said() -> None:
    base = plans(special_state=200)
    full = held(("place_kind", "special_school", 100, 115))
    rows = places_ahead(forecast(), growing(base, 0.9, 1.1), base, full, CODE)
    assert row(rows, "place_kind", "special_school")["occupancy"] == pytest.approx(115)


def test_without_places_of_its_own_an_area_has_extra_plans_by_setting() -> None:
    base = plans(special_independent=40, special_state=100, educated_elsewhere=9)
    rows = places_ahead(forecast(), growing(base, 1.5, 1.5), base, NOTHING, CODE)
    assert set(rows["dimension"]) == {"setting"}
    assert set(rows["basis"]) == {"published_plans"}
    assert set(rows["category"]) == set(SETTINGS) - {"educated_elsewhere", "not_recorded"}
    found = row(rows, "setting", "special_independent")
    assert (found["filled"], found["demand"], found["gap"]) == pytest.approx((40, 60, 20))
    assert rows[["places", "occupancy", "chance_short"]].isna().all(axis=None)


def test_a_kind_that_others_fill_grows_as_all_special_places_do() -> None:
    base = plans(special_state=200, alternative_provision=20)
    ahead = base.copy()
    ahead[..., SETTINGS.index("alternative_provision")] *= 3
    both = held(("place_kind", "special_school", 200, 200), ("place_kind", "alternative_provision", 170, 160))
    rows = places_ahead(forecast(), np.stack([np.stack([ahead, ahead])] * 2), base, both, CODE)
    assert row(rows, "place_kind", "special_school")["demand"] == pytest.approx(200)
    assert row(rows, "place_kind", "alternative_provision")["demand"] == pytest.approx(160 * 260 / 220)


def test_a_hidden_number_stays_hidden() -> None:
    base = plans(special_state=200, resourced_or_unit=100)
    hidden = held(
        ("total", "total", 260, 250),
        ("place_kind", "special_school", 200, 190),
        ("place_kind", "sen_unit", 60, None),
        ("phase", "primary", None, 100),
    )
    rows = places_ahead(forecast(), growing(base, 1.1, 1.1), base, hidden, CODE)
    unit = row(rows, "place_kind", "sen_unit")
    assert unit[["filled", "occupancy", "demand", "demand_lower", "gap", "chance_short"]].isna().all()
    assert unit["places"] == 60
    phase = row(rows, "phase", "primary")
    assert phase["demand"] == pytest.approx(110)
    assert phase[["places", "gap", "chance_short"]].isna().all()
    assert row(rows, "total", "total")["demand"] == pytest.approx(275)


def test_a_need_grows_as_its_own_plans_do_and_a_locality_as_the_area() -> None:
    base = plans(special_state=200)
    ahead = base.copy()
    ahead[:, NEEDS.index("autism")] *= 1.5
    own = held(
        ("total", "total", 210, 200),
        ("place_kind", "special_school", 210, 200),
        ("primary_need", "autism", 110, 100),
        ("primary_need", "semh", 100, 100),
        ("phase", "primary", 110, 100),
        ("phase", "all_through", 100, 100),
        ("locality", "Leigh", 60, 50),
        ("locality", "Wigan", 150, 150),
    )
    rows = places_ahead(forecast(), np.stack([np.stack([ahead, ahead])] * 2), base, own, CODE)
    assert row(rows, "total", "total")["demand"] == pytest.approx(250)
    assert row(rows, "primary_need", "autism")["demand"] == pytest.approx(150)
    assert row(rows, "primary_need", "semh")["demand"] == pytest.approx(100)
    assert row(rows, "locality", "Leigh")["demand"] == pytest.approx(62.5)
    # 100 x 1.5 and 100 x 1.25 make 275, which is scaled to the 250 of the kinds.
    assert row(rows, "phase", "primary")["demand"] == pytest.approx(150 * 250 / 275)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 2**16))
def test_every_dimension_adds_up_to_the_total_in_each_future(seed: int) -> None:
    rng = np.random.default_rng(seed)
    base = rng.gamma(2, 5, SHAPE)
    draws = base * rng.lognormal(0, 0.3, (1, 2, *SHAPE))  # one future, so that its numbers are the medians
    filled = rng.integers(1, 200, 4).astype(float)
    kinds = ("special_school", "sen_unit", "resourced_provision", "alternative_provision")
    phases = ("primary", "secondary", "post_16", "all_through")
    own = held(
        ("total", "total", 500, float(filled.sum())),
        *(("place_kind", kind, 100, one) for kind, one in zip(kinds, filled, strict=True)),
        *(("phase", phase, 100, one) for phase, one in zip(phases, filled, strict=True)),
        *(("primary_need", need, 100, one) for need, one in zip(NEEDS[:4], filled, strict=True)),
        *(("locality", place, 100, one) for place, one in zip("abcd", filled, strict=True)),
    )
    rows = places_ahead(forecast(1), draws, base, own, CODE)
    sums = rows.loc[rows["basis"] == "own_places"].groupby(["dimension", "year"])["demand"].sum()
    for dimension in ("place_kind", "phase", "primary_need", "locality"):
        np.testing.assert_allclose(sums[dimension], sums["total"], rtol=1e-9)
    assert rows["demand"].ge(0).all()


@pytest.mark.parametrize("draws", [None, np.full((2, 2, *SHAPE), np.nan)])
def test_where_plans_are_not_split_there_are_no_rows_and_a_reason(draws: np.ndarray | None) -> None:
    rows = places_ahead(forecast(), draws, np.zeros(SHAPE), SPECIAL, CODE)
    assert rows.empty
    validate(rows.assign(edition=""), PlacesAhead.to_schema(), name="future_places")
    short = forecast(status="widened", reason="Only two January counts exist since the authority was formed in 2023.")
    assert no_places(short, CODE).endswith("Only two January counts exist since the authority was formed in 2023.")
    assert no_places(forecast(), CODE) == ""


def counts(inside: int | None, outside: int | None) -> pd.DataFrame:
    rows = [("yes", inside), ("no", outside), ("no_setting", 60), ("not_known", 40)]
    return pd.DataFrame(
        [("plans_in_area", "in_area", answer, "total", "total", count) for answer, count in rows]
        + [("plans_in_area", "in_area", "yes", "placement", "total", 5)],
        columns=["table_id", "dimension_1", "category_1", "dimension_2", "dimension_3", "count"],
    ).astype({"count": "Int64"})


def test_plans_outside_the_area_keep_their_share() -> None:
    found = outside_area(forecast(), counts(800, 100), CODE)
    assert found is not None
    assert found.share == pytest.approx(100 / 9)
    assert found.central == pytest.approx(1100 * 100 / 1000)
    assert found.sentence == (
        "100 of 900 plans with a known setting (11.1%) are for one outside the area; at that share it would be about "
        "110 (110 to 110) by January 2026."
    )
    assert outside_area(forecast(), counts(800, None), CODE) is None
    assert outside_area(forecast(), counts(800, 100).iloc[:0], CODE) is None
