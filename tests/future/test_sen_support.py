"""SEN support ahead: methods worked by hand, rows that keep their contract, the error that the real shares show."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from jsna_pipeline import geography
from jsna_pipeline.catalogue.datasets import datasets
from jsna_pipeline.core_tables import core_table
from jsna_pipeline.future import sen_support as made
from jsna_pipeline.future.composition_counts import january_label
from jsna_pipeline.future.sen_support import PARTS, backtest, chosen_methods, sen_support
from jsna_pipeline.future.tables import HORIZONS, Projections, Standing
from jsna_pipeline.schemas.validation import validate
from jsna_pipeline.sources.folder import LandingFolder
from tests.builds import EDITION

WIGAN, WOLVERHAMPTON, CITY, CUMBRIA = "E08000010", "E08000031", "E09000001", "E10000006"
CUMBERLAND, WESTMORLAND = "E06000063", "E06000064"
OLD = (WIGAN, WOLVERHAMPTON, "E08000001", "E08000002", "E08000003", CITY)
HEIRS = (CUMBERLAND, WESTMORLAND)


@pytest.fixture(scope="module")
def residents() -> pd.DataFrame:
    """1,000 of each age everywhere, Cumberland 3,000; 2,000 in Wigan from 2029 on."""
    index = pd.MultiIndex.from_product(
        [[*OLD, *HEIRS], range(2015, 2030), range(26)], names=["area_code", "year", "age"]
    )
    table = index.to_frame(index=False).assign(central=1_000.0)
    table.loc[table["area_code"].eq(CUMBERLAND), "central"] = 3_000.0
    table.loc[table["area_code"].eq(WIGAN) & table["year"].eq(2029), "central"] = 2_000.0
    return table


@pytest.fixture(scope="module")
def core() -> dict[str, pd.DataFrame]:
    """Ten percent always, for two years only in the heirs of Cumbria; 500 pupils a year group, 10 in the City."""
    shares = [
        (code, january_label(year), part.measure, 10.0)
        for part in PARTS
        for code in (*OLD, *HEIRS)
        for year in range(2016 if code in OLD else 2024, 2026)
    ]
    pupils = [
        ("local_authority", code, january_label(year), group, eligibility, 50.0, 10.0 if code == CITY else 500.0)
        for code in (*OLD, CUMBRIA)
        for year in range(2016, 2023)
        for group in (*made._PRIMARY, *made._SECONDARY)
        for eligibility in ("eligible", "not eligible")
    ]
    columns = ["area_level", "area_code", "period", "characteristic", "eligibility", "pupils", "all_pupils"]
    return {
        "dfe__lait": pd.DataFrame(shares, columns=["area_code", "period", "measure", "value"]),
        "dfe__pupils_by_year_group": pd.DataFrame(pupils, columns=columns),
    }


@pytest.fixture(scope="module")
def table(core: dict[str, pd.DataFrame], residents: pd.DataFrame) -> pd.DataFrame:
    return sen_support(core, residents)


def one(table: pd.DataFrame, area: str, year: int, category: str) -> pd.Series:
    return table.set_index(["area_code", "year", "category"]).loc[(area, year, category)]


def test_trends_by_hand() -> None:
    """Up 10, 20 and 30 log points a year, the middle 20: a quarter of what differs stays; damped, .8 and .64 of it."""
    logs = np.array([[0.0, 0.1, 0.2], [0.0, 0.2, 0.4], [0.0, 0.3, 0.6]])
    assert made._last_value(logs, 2).tolist() == [0.2, 0.4, 0.6]
    assert made._damped_trend(logs, 2) == pytest.approx([0.2 + 0.144, 0.4 + 0.288, 0.6 + 0.432])
    assert made._shrunk_trend(logs, 2) == pytest.approx([0.2 + 2 * 0.175, 0.4 + 2 * 0.2, 0.6 + 2 * 0.225])


def test_an_error_has_the_sign_and_the_rank_of_its_normal() -> None:
    pool = np.array([0.01, 0.02, 0.03])  # a normal of .6745 lies in the middle half: the second of three
    assert made._drawn(np.array([0.6745, -0.6745, 9.0]), pool) == pytest.approx([0.02, -0.02, 0.03], abs=1e-4)


def test_a_count_is_the_share_of_pupils_counted_once(table: pd.DataFrame) -> None:
    """7 year groups of 500, each printed twice by eligibility: a tenth of 3,500."""
    found = one(table, WIGAN, 2026, "primary")
    assert found["base"] == pytest.approx(350) and found["central"] == pytest.approx(350, rel=1e-6)


def test_pupils_follow_residents(table: pd.DataFrame) -> None:
    """January 2030 is the mid-year of 2029, when Wigan has twice the residents."""
    assert one(table, WIGAN, 2030, "secondary")["central"] == pytest.approx(800, rel=1e-6)


def test_pupils_of_a_predecessor_are_shared_out(table: pd.DataFrame) -> None:
    """Cumbria's 3,500 pupils, three quarters of them Cumberland's by residents."""
    found = one(table, CUMBERLAND, 2026, "primary")
    assert found["base"] == pytest.approx(262.5) and found["status"] == Standing.WIDENED.value


def test_one_january_of_pupils_is_enough(core: dict[str, pd.DataFrame], residents: pd.DataFrame) -> None:
    """Their error is then the usual one: two percent a year, so that 95 of a hundred lie within 4 at one."""
    pupils = core["dfe__pupils_by_year_group"].assign(period=january_label(2025))
    pupils = pupils.drop_duplicates(["area_code", "characteristic", "eligibility"])
    found = one(sen_support(core | {"dfe__pupils_by_year_group": pupils}, residents), WIGAN, 2026, "primary")
    assert found["central"] == pytest.approx(350, rel=0.01)
    assert found["upper_95"] == pytest.approx(350 * np.exp(1.96 * 0.02), rel=0.01)


def test_a_tiny_number_is_given_for_a_year_alone(table: pd.DataFrame) -> None:
    city = table[table["area_code"].eq(CITY)]
    assert set(city.loc[city["year"].eq(2026), "status"]) == {Standing.WIDENED.value}
    assert city.loc[city["year"].gt(2026), "central"].isna().all()


def test_an_authority_without_a_share_has_no_row(table: pd.DataFrame) -> None:
    assert set(table["area_code"]) >= {*OLD, *HEIRS, geography.ENGLAND}
    assert "E06000001" not in set(table["area_code"])


def test_england_is_the_sum_and_rows_keep_their_contract(table: pd.DataFrame) -> None:
    validate(table.assign(edition=EDITION), Projections.to_schema(), name="sen_support")
    own = table[table["area_code"].isin([*OLD, *HEIRS]) & table["year"].eq(2026) & table["category"].eq("total")]
    assert one(table, geography.ENGLAND, 2026, "total")["base"] == pytest.approx(own["base"].sum())
    assert len(table) == len(PARTS) * len(HORIZONS) * (len(OLD) + len(HEIRS) + table["area_code"].nunique() - 8)


def test_the_next_edition_counts_from_its_own_january(
    core: dict[str, pd.DataFrame], residents: pd.DataFrame, table: pd.DataFrame
) -> None:
    """Every file a year on: the same numbers a year later; one part without its newest share holds all of them back."""
    later = {
        name: rows.assign(period=[january_label(int(label[:4]) + 2) for label in rows["period"]])
        for name, rows in core.items()
    }
    found = sen_support(later, residents.assign(year=residents["year"] + 1))
    pd.testing.assert_frame_equal(
        found, table.assign(year=table["year"] + 1, base_year=table["base_year"] + 1), check_dtype=False
    )
    shares = later["dfe__lait"]
    late = shares["measure"].eq(PARTS[-1].measure) & shares["period"].eq(january_label(2026))
    assert made.newest_january(shares) == 2026 and made.newest_january(shares[~late]) == 2025


def test_without_enough_shares_or_residents_nothing_is_asked_of_it(
    core: dict[str, pd.DataFrame], residents: pd.DataFrame
) -> None:
    assert made.enough_is_known(core, residents)
    shares = core["dfe__lait"]
    few = shares[shares["period"].isin([january_label(year) for year in (2023, 2024, 2025)])]
    other = shares[shares["measure"].ne(PARTS[1].measure)]
    for lait in (few, other):
        assert made.newest_january(lait) is None
        assert not made.enough_is_known(core | {"dfe__lait": lait}, residents)
        with pytest.raises(ValueError, match="too few shares"):
            sen_support(core | {"dfe__lait": lait}, residents)
    assert not made.enough_is_known(core, residents[residents["year"].lt(2029)])


@pytest.mark.landing
def test_real_shares_are_best_carried_on_with_englands_trend(landing: Path) -> None:
    """Mean absolute error of the share of all pupils at one to five years: 3.1, 4.9, 6.8, 8.3, 9.1 percent of it."""
    core = {"dfe__lait": core_table(datasets()["dfe__lait"], LandingFolder(landing, EDITION)).table}
    scores = backtest(core, 2025)
    assert set(chosen_methods(scores).values()) == {"trend_shrunk_to_england"}
    total = scores.query("category == 'total' and method == 'trend_shrunk_to_england'")["mape"]
    assert total.tolist() == pytest.approx([3.09, 4.91, 6.82, 8.26, 9.10], abs=0.02)
