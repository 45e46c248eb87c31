"""A second opinion from records: counts worked by hand, nobody lost, nothing exact that leaves."""

from __future__ import annotations

import numpy as np
import pandas as pd
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jsna_pipeline.errors import InputError
from jsna_pipeline.future import transitions as made
from jsna_pipeline.future.tables import AGE_BANDS, SETTINGS
from jsna_pipeline.future.transitions import STATES, Priors, estimate, joiner_draws, persons, second_opinion, simulate

WIGAN = "E08000010"
MAINSTREAM, STATE_SPECIAL = SETTINGS.index("mainstream"), SETTINGS.index("special_state")


@pytest.fixture
def priors() -> Priors:
    even = np.full((5, len(SETTINGS)), 1 / len(SETTINGS))
    return Priors(np.full(5, 0.1), np.array([0.5, 0.2, 0.2, 0.2, 0.0]), even, even / 5, 0.2)


def people(*rows: tuple[str, str, str]) -> pl.DataFrame:
    return pl.DataFrame(rows, ["person", "age_band", "setting"], orient="row").with_columns(need=pl.lit("autism"))


def many(number: int, band: str, setting: str, start: int = 0) -> pl.DataFrame:
    return people(*((f"p{at}", band, setting) for at in range(start, start + number)))


def test_prior_moves_are_chances(priors: Priors) -> None:
    moves = made._prior_moves(priors)
    assert moves.sum(axis=1) == pytest.approx(np.ones(STATES)) and (moves >= 0).all()
    assert moves[:, STATES] == pytest.approx(np.full(STATES, 0.1))


def test_one_stays_one_moves_one_leaves_one_joins(priors: Priors) -> None:
    before = people(*((name, "5_to_10", "mainstream") for name in "abc"))
    after = people(("a", "5_to_10", "mainstream"), ("b", "11_to_15", "special_state"), ("d", "under_5", "mainstream"))
    found = estimate(before, after, priors)
    own = found.moves - made.PRIOR_PERSONS * made._prior_moves(priors)
    start, moved = len(SETTINGS) + MAINSTREAM, 2 * len(SETTINGS) + STATE_SPECIAL
    assert own[start, [start, moved, STATES]] == pytest.approx([1, 1, 1])
    assert own.sum() == pytest.approx(3) and found.joined == 1 and found.held.sum() == 3


@given(st.integers(0, 50), st.integers(0, 200))
def test_nobody_is_lost(joiners: int, held: int) -> None:
    """Where nobody can leave, the total grows by the joiners of each year."""
    moves = np.hstack([1e6 * np.eye(STATES), np.zeros((STATES, 1))])
    known = made.Transitions(moves, np.ones(STATES), np.bincount([0] * held, minlength=STATES), joiners)
    found = simulate(known, np.full((20, 3), joiners), 20, 3, np.random.default_rng(1))
    total = found.sum(axis=(2, 3))
    assert np.abs(total - (held + joiners * np.arange(1, 4))).max() <= 2  # a chance of a millionth to leave
    assert (found >= 0).all()


def test_joiners_are_as_many_as_last_year_give_or_take() -> None:
    found = joiner_draws(400, 0.2, 4000, 5, np.random.default_rng(1))
    assert np.median(found, axis=0) == pytest.approx(np.full(5, 400), rel=0.05)
    assert found[:, 4].std() > found[:, 0].std()


def test_only_rounded_totals_leave(priors: Priors) -> None:
    before = pl.concat([many(150, "5_to_10", "mainstream"), many(50, "11_to_15", "special_state", 150)])
    after = pl.concat([before, many(20, "under_5", "early_years", 300)])
    found = second_opinion(before, after, priors, WIGAN, 2025)
    assert list(found.columns) == ["year", "dimension", "category", "central", "lower_95", "upper_95"]
    figures = found[["central", "lower_95", "upper_95"]].to_numpy()
    assert (figures % 5 == 0).all() and (figures >= 0).all()
    assert set(found["dimension"]) == {"total", "age_band", "setting"}
    assert len(found) == 5 * (1 + len(AGE_BANDS) + len(SETTINGS))
    assert (found["lower_95"] <= found["central"]).all() and (found["central"] <= found["upper_95"]).all()
    pd.testing.assert_frame_equal(found, second_opinion(before, after, priors, WIGAN, 2025))
    total = found[found["dimension"].eq("total")].set_index("year")
    assert 180 <= total.loc[2026, "central"] <= 260


def test_one_or_two_are_not_told_from_three_to_seven() -> None:
    assert made._nearest(np.array([0, 0.4, 1, 2.4, 3, 7.4, 7.5, 12])).tolist() == [0, 5, 5, 5, 5, 5, 10, 10]


def test_few_persons_give_nothing(priors: Priors) -> None:
    assert second_opinion(
        many(99, "under_5", "mainstream"), many(500, "under_5", "mainstream"), priors, "x", 2025
    ).empty


def test_errors_and_texts_hold_nobody(priors: Priors) -> None:
    twice = people(("secret", "under_5", "mainstream"), ("secret", "under_5", "mainstream"))
    with pytest.raises(InputError) as caught:
        estimate(twice, twice, priors)
    assert "secret" not in str(caught.value)
    found = estimate(people(("a", "under_5", "mainstream")), people(("a", "under_5", "mainstream")), priors)
    assert repr(found) == "Transitions()"


def test_persons_take_the_words_of_the_local_tables() -> None:
    units = pl.DataFrame(
        {
            "person": ["a", "b", None, "c"],
            "age_band": ["0-4", "20-25", "5-10", "not_known"],
            "provision": ["independent_mainstream", "not_in_education", "mainstream", "not_known"],
            "primary_need": ["autism", "semh", "autism", "none"],
        }
    )
    assert persons(units).rows() == [
        ("a", "under_5", "mainstream", "autism"),
        ("b", "20_to_25", "educated_elsewhere", "semh"),
        ("c", "not_recorded", "not_recorded", "none"),
    ]
