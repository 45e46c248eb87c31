"""Residents by age: made-up countries whose numbers are known, and the real files with the back-test."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jsna_pipeline import geography
from jsna_pipeline.catalogue.datasets import datasets
from jsna_pipeline.core_tables import core_table
from jsna_pipeline.future import population
from jsna_pipeline.future.tables import FuturePopulation
from jsna_pipeline.published_tables import checked
from jsna_pipeline.sources.folder import LandingFolder

WIGAN, MANCHESTER, LEEDS = "E08000010", "E08000003", "E08000035"
CUMBERLAND, WESTMORLAND, CUMBRIA = "E06000063", "E06000064", "E10000006"
NORTH_WEST, YORKSHIRE, ENGLAND = "E12000002", "E12000003", "E92000001"
Core = dict[str, pd.DataFrame]


def by_age(numbers: dict[str, np.ndarray], year: int = 2023) -> pd.DataFrame:
    """Estimates as the core table has them, from 91 residents by age for each area."""
    rows = [
        {"area_code": code, "period": str(year), "dimension": "age", "category": f"{age}{'+' if age == 90 else ''}",
         "sex": sex, "population": float(many) * scale}
        for code, ages in numbers.items() for age, many in enumerate(ages)
        for sex, scale in (("persons", 1.0), ("female", 0.49))
    ]  # fmt: skip
    return pd.DataFrame(rows)


def totals(numbers: dict[str, dict[int, float]]) -> pd.DataFrame:
    return pd.DataFrame(
        [{"area_code": code, "period": str(year), "residents": many}
         for code, series in numbers.items() for year, many in series.items()]
    )  # fmt: skip


def flat(many: float = 1000.0) -> np.ndarray:
    return np.full(91, many)


def at(table: pd.DataFrame, code: str, year: int) -> pd.Series:
    rows = table[(table["area_code"] == code) & (table["year"] == year)]
    return rows.set_index("age")["central"]


def is_whole(table: pd.DataFrame) -> None:
    """Every area, year and age once, within its interval, adding up to regions and England."""
    checked(table.assign(edition="2025"), FuturePopulation)
    assert (table["lower_95"] <= table["central"]).all() and (table["central"] <= table["upper_95"]).all()
    wide = table.pivot_table("central", ["year", "age"], "area_code")
    assert len(wide) == table["year"].nunique() * 26 and wide.notna().all(axis=None)
    regions = geography.local_authorities().set_index("area_code")["region_code"]
    authorities = [code for code in wide if code in regions.index]
    added = wide[authorities].T.groupby(regions.reindex(authorities)).sum().T
    assert np.allclose(added, wide[added.columns])
    assert np.allclose(wide[authorities].sum(axis=1), wide[ENGLAND])


def test_nothing_comes_of_nothing() -> None:
    for core in ({}, {"ons__population_by_age": by_age({}).reindex(columns=["dimension", "sex", "period"])}):
        table = population.residents(core)
        assert table.empty
        checked(table.assign(edition="2025"), FuturePopulation)
        assert population.backtest(core).empty


def test_with_estimates_alone_cohorts_age_and_births_follow_the_youngest() -> None:
    ages = flat()
    ages[5], ages[0] = 1500.0, 900.0
    table = population.residents({"ons__population_by_age": by_age({WIGAN: ages, LEEDS: flat()})})
    is_whole(table)
    assert (table["year"].min(), table["year"].max()) == (2010, 2030)
    assert at(table, WIGAN, 2023).tolist() == ages[:26].tolist()
    # Without totals nobody is known to move: the large cohort is 12 in 2030, less a handful who died.
    assert 1497 < at(table, WIGAN, 2030)[12] < 1500
    assert at(table, WIGAN, 2018)[0] == 1500  # and was 0 in 2018
    infants = at(table, WIGAN, 2026)[0] + at(table, LEEDS, 2026)[0]
    assert infants == pytest.approx(1900)
    assert at(table, WIGAN, 2026)[0] > 900  # drawn towards its children of 1 and 2
    basis = table.drop_duplicates("year").set_index("year")["basis"]
    assert basis[[2010, 2022, 2023, 2024, 2030]].tolist() == [
        "worked_back", "worked_back", "estimate", "cohort", "cohort",
    ]  # fmt: skip


def test_children_add_up_to_the_published_total_of_every_year() -> None:
    series = {year: 18_000.0 + 100 * (year - 2012) for year in range(2012, 2025)}
    core = {
        "ons__population_by_age": by_age({WIGAN: flat(), LEEDS: flat(2000)}),
        "ons__population_under_18": totals({WIGAN: series, LEEDS: {year: 2 * many for year, many in series.items()}}),
    }
    table = population.residents(core)
    is_whole(table)
    children = table[table["age"] < 18].groupby(["area_code", "year"])["central"].sum()
    for code, times in ((WIGAN, 1), (LEEDS, 2), (ENGLAND, 3)):
        assert np.allclose(children[code].loc[2012:2024], times * np.array(list(series.values())))
    # The years before the first total are as far out as that one; one cohort in eighteen is another.
    assert children[WIGAN][2010] == pytest.approx(children[WIGAN][2012], rel=0.03)


def test_children_who_came_go_on_coming() -> None:
    """A flat country of 1,000 at each age, whose totals grow by more than nothing else would explain."""
    growing = {year: 18_000.0 * 1.02 ** (year - 2024) for year in range(2012, 2025)}
    steady = dict.fromkeys(growing, 18_000.0)
    ages = {WIGAN: flat(), LEEDS: flat()}
    core = {
        "ons__population_by_age": by_age(ages),
        "ons__population_under_18": totals({WIGAN: growing, LEEDS: steady}),
    }
    table = population.residents(core)
    wigan, leeds = at(table, WIGAN, 2030), at(table, LEEDS, 2030)
    assert wigan[6:17].sum() > 1.02 * leeds[6:17].sum()
    # Moves are least in the teens: a child born in 2024 gains more by 2030 than one of 11 by then 17.
    assert wigan[6] / at(table, WIGAN, 2024)[0] > wigan[17] / at(table, WIGAN, 2024)[11]


def test_students_stay_with_the_university_and_not_with_the_cohort() -> None:
    town = flat()
    town[18:22] = 5000
    table = population.residents({"ons__population_by_age": by_age({MANCHESTER: town, WIGAN: flat()})})
    for year in (2010, 2018, 2026, 2030):
        shares = at(table, MANCHESTER, year) / at(table, ENGLAND, year)
        assert np.allclose(shares[18:22], 5 / 6) and np.allclose(shares[22:26], 1 / 2)
    # Those of 18 in 2023 were 12 in 2017, and no more of them there than of other children.
    assert at(table, MANCHESTER, 2017)[12] / at(table, ENGLAND, 2017)[12] == pytest.approx(1 / 2)


def test_an_authority_formed_since_has_its_part_of_what_its_region_has_left() -> None:
    before = range(2012, 2023)
    numbers = {
        CUMBERLAND: {2023: 6_000.0, 2024: 6_000.0},
        WESTMORLAND: {2023: 3_000.0, 2024: 3_000.0},
        CUMBRIA: dict.fromkeys(before, 9_900.0),
        WIGAN: dict.fromkeys(range(2012, 2025), 18_000.0),
        NORTH_WEST: {**dict.fromkeys(before, 27_900.0), 2023: 27_000.0, 2024: 27_000.0},
    }
    ages = {CUMBERLAND: flat(330), WESTMORLAND: flat(170), WIGAN: flat()}
    table = population.residents({"ons__population_by_age": by_age(ages), "ons__population_under_18": totals(numbers)})
    is_whole(table)
    assert at(table, CUMBERLAND, 2015)[:18].sum() == pytest.approx(6_600)
    assert at(table, WESTMORLAND, 2015)[:18].sum() == pytest.approx(3_300)
    assert CUMBRIA not in set(table["area_code"])


def test_projections_of_ons_take_the_place_of_cohorts_where_they_are_landed() -> None:
    ages = by_age({WIGAN: flat(), LEEDS: flat()})
    # A base 10 % too low and a growth of 3 % a year in Wigan; Leeds is not in the file.
    rows = [
        {"area_code": WIGAN, "period": str(year), "category": str(age), "residents": 900 * 1.03 ** (year - 2022)}
        for year in range(2022, 2048) for age in range(26)
    ]  # fmt: skip
    table = population.residents({"ons__population_by_age": ages, "ons__population_projections": pd.DataFrame(rows)})
    is_whole(table)
    assert np.allclose(at(table, WIGAN, 2025), 1000 * 1.03**2)
    assert at(table, WIGAN, 2023).tolist() == [1000.0] * 26
    basis = table[table["year"] == 2026].drop_duplicates("area_code").set_index("area_code")["basis"]
    assert basis.to_dict() == {
        WIGAN: "published", NORTH_WEST: "published", LEEDS: "cohort", YORKSHIRE: "cohort", ENGLAND: "cohort",
    }  # fmt: skip
    # A file that ends too early is not used at all: half of each would be a break of method.
    short = pd.DataFrame(rows).query("period < '2028'")
    again = population.residents({"ons__population_by_age": ages, "ons__population_projections": short})
    assert "published" not in set(again["basis"])


def test_intervals_widen_with_time_and_for_small_areas() -> None:
    table = population.residents({"ons__population_by_age": by_age({WIGAN: flat(5000), LEEDS: flat(100)})})
    width = np.log(table["upper_95"] / table["lower_95"])
    wide = table.assign(width=width).pivot_table("width", "year", ["area_code", "age"])
    assert (wide.loc[2023:].diff().dropna() >= -1e-3).all(axis=None)
    assert (wide.loc[:2023].diff().dropna() <= 1e-3).all(axis=None)
    assert (wide[LEEDS] > wide[WIGAN]).all(axis=None)
    assert wide.loc[2030, (WIGAN, 2)] > wide.loc[2030, (WIGAN, 9)]  # not born yet, against 9 now 2


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_any_numbers_add_up_and_are_never_below_nothing(seed: int) -> None:
    rng = np.random.default_rng(seed)
    known = {WIGAN: dict(zip(range(2012, 2025), rng.uniform(100, 200_000, 13), strict=True))}
    core = {
        "ons__population_by_age": by_age({WIGAN: rng.uniform(1, 9_000, 91), LEEDS: flat()}),
        "ons__population_under_18": totals(known),
    }
    is_whole(population.residents(core))


@pytest.fixture(scope="module")
def real(landing: Path) -> Core:
    folder = LandingFolder(landing, "2025")
    names = ("ons__population_by_age", "ons__population_under_18", "ons__population_change")
    return {name: core_table(datasets()[name], folder).table for name in names}


def test_the_real_population(real: Core) -> None:
    table = population.residents(real)
    is_whole(table)
    assert table["area_code"].nunique() == 153 + 9 + 1
    pd.testing.assert_frame_equal(table, population.residents(real))
    children = table[table["age"] < 18].groupby(["area_code", "year"])["central"].sum()
    published = real["ons__population_under_18"].astype({"period": int}).set_index(["area_code", "period"])["residents"]
    areas = published[published.index.isin(children.index)]
    assert len(areas) > 2_050
    assert np.allclose(areas, children.reindex(areas.index))
    # Cohorts born since 2012 are ever smaller: England's children stop growing within the decade.
    assert children[ENGLAND][2030] < 1.02 * children[ENGLAND][2024]
    # No projection leaves half or twice of what there is.
    ratio = children.unstack()[2030] / children.unstack()[2024]  # noqa: PD010
    assert ratio.between(0.8, 1.2).all()


def test_the_method_beats_holding_the_number_constant(real: Core) -> None:
    tested = population.backtest(real)
    authorities = tested[tested["level"] == 0]
    error = {
        name: (authorities[name] / authorities["actual"] - 1).abs().groupby(authorities["horizon"]).mean() * 100
        for name in ("forecast", "constant")
    }
    assert len(authorities) > 5_000
    assert error["forecast"][[1, 3, 5]].round(1).tolist() == [0.7, 2.0, 2.6]
    assert error["constant"][[1, 3, 5]].round(1).tolist() == [0.9, 2.3, 3.2]
