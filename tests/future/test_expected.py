"""Expected need: worked examples by hand, what an interval promises, and Wigan's figures from the real files."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import brentq
from scipy.stats import chi2, norm

from jsna_pipeline import geography
from jsna_pipeline.catalogue.datasets import datasets
from jsna_pipeline.catalogue.prevalence import Identified, Interval, Prevalence, Rate, Sex, Study, prevalences
from jsna_pipeline.core_tables import core_table
from jsna_pipeline.future import expected as need
from jsna_pipeline.future.tables import ExpectedNeed
from jsna_pipeline.schemas.validation import validate
from jsna_pipeline.sources.folder import LandingFolder
from jsna_pipeline.statistics import funnel

WIGAN, SURREY, CITY, ENGLAND = "E08000010", "E10000030", "E09000001", geography.ENGLAND
NEEDS = "dfe__sen2_primary_needs"


def record(*rates: Rate, whole: Rate | None = None, counted: bool = True) -> Prevalence:
    """A study of autism with these rates, beside plans unless it is not `counted`."""
    bounded = whole is not None or all(one.interval is not Interval.NONE for one in rates)
    return Prevalence(
        id="own", group="autism", preferred=True, name="Autism", condition="Autism.", would="would be autistic",
        study=Study(authors="A", title="T", publisher="P", year=2020, sample="pupils", country="England",
                    fieldwork="2019", short="the study of 2019"),
        page="https://www.gov.uk/", definition="Recorded.", rates=list(rates), whole=whole,
        no_interval="" if bounded else "None was found.",
        identified=Identified(table=NEEDS, columns=["autism"], named="named autism as the first need", note="A part.")
        if counted else None,
        not_compared="" if counted else "Nothing is counted.", limits=["It is old."], checked="read",
        checked_note="The abstract.", owner="Head of SEND", reviewed=date(2026, 11, 22),
    )  # fmt: skip


def rate(value: float, *limits: float, ages: tuple[int, int] = (5, 9), sex: Sex = Sex.PERSONS) -> Rate:
    bounds = {"lower": limits[0], "upper": limits[1], "interval": Interval.PUBLISHED} if limits else {}
    return Rate(age_from=ages[0], age_to=ages[1], sex=sex, rate=value, **bounds)


def people(**of_age: float) -> need.Population:
    """Areas with so many boys and so many girls at each age."""
    counts = np.array([np.array([[2.0], [1.0], [1.0]]) * each * np.ones(26) for each in of_age.values()])
    return need.Population(tuple(of_age), counts)


def residents_table(of_age: dict[str, float], period: str = "2023") -> pd.DataFrame:
    rows = [
        (code, period, "age", str(age), sex, each * (2 if sex == "persons" else 1))
        for code, each in of_age.items()
        for age in range(30)
        for sex in ("persons", "female", "male")
    ]
    return pd.DataFrame(rows, columns=["area_code", "period", "dimension", "category", "sex", "population"])


def plans_table(counts: dict[tuple[str, str], float]) -> pd.DataFrame:
    rows = [(code, "2024/25", "age", age, count) for (code, age), count in counts.items()]
    return pd.DataFrame(rows, columns=["area_code", "period", "dimension", "category", "autism"])


def exact_limits(expected: float) -> tuple[float, float]:
    """Counts, taken as continuous, whose exact Poisson interval just reaches `expected`."""
    low = brentq(lambda k: chi2.ppf(0.975, 2 * (k + 1)) / 2 - expected, 0, expected)
    high = brentq(lambda k: chi2.ppf(0.025, 2 * k) / 2 - expected, expected, expected * 3)
    return low, high


# --- expected numbers ---------------------------------------------------------------------------------


def test_an_expected_number_by_hand() -> None:
    """1,000 boys and 1,000 girls at each of five ages; 2 in 100 (1 to 3): 200, of the study 100 to 300."""
    found = need.expected(record(rate(2, 1, 3)), people(a=1000.0))
    assert (found.residents[0], found.number[0], found.below[0], found.above[0]) == (10_000, 200, 100, 100)
    low, high = exact_limits(200)
    lower, upper = found.interval()
    assert lower[0] == pytest.approx(200 - np.hypot(100, 200 - low))  # chance adds little to so wide a study
    assert upper[0] == pytest.approx(200 + np.hypot(100, high - 200))
    assert (round(lower[0], 1), round(upper[0], 1)) == (96.2, 304.0)


def test_each_sex_and_age_has_its_own_rate() -> None:
    boys = [rate(3, 2, 5, sex=Sex.MALE), rate(1, 0.5, 1.5, ages=(10, 19), sex=Sex.MALE)]
    girls = [rate(1, 0.9, 1.1, sex=Sex.FEMALE), rate(2, 1.8, 2.2, ages=(10, 19), sex=Sex.FEMALE)]
    found = need.expected(record(*boys, *girls), people(a=100.0))
    assert found.number[0] == pytest.approx(15 + 10 + 5 + 20)
    assert found.below[0] == pytest.approx(np.sqrt(5**2 + 5**2 + 0.5**2 + 2**2))
    assert found.above[0] == pytest.approx(np.sqrt(10**2 + 5**2 + 0.5**2 + 2**2))
    assert found.residents[0] == 3000


def test_the_interval_of_a_whole_study_stands_for_all_its_parts() -> None:
    whole = rate(4, 3, 6, ages=(5, 19))
    parts = [rate(5, ages=(5, 19), sex=Sex.MALE), rate(3, ages=(5, 19), sex=Sex.FEMALE)]
    found = need.expected(record(*parts, whole=whole), people(a=100.0))
    assert (found.number[0], found.below[0], found.above[0]) == pytest.approx((120, 30, 60))


def test_without_an_interval_of_the_study_the_number_has_that_of_chance_alone() -> None:
    lower, upper = need.expected(record(rate(2)), people(a=1000.0)).interval()
    assert (lower[0], upper[0]) == pytest.approx(exact_limits(200))


def test_a_small_area_has_a_wide_interval_and_an_empty_one_none() -> None:
    lower, upper = need.expected(record(rate(2, 1, 3)), people(tiny=10.0, empty=0.0)).interval()
    assert lower[0] == 0 and upper[0] > 5  # of 2 expected
    assert (lower[1], upper[1]) == (0, 0)


@given(st.floats(0.1, 10_000), st.floats(0.01, 40), st.floats(0, 1), st.floats(0, 1))
def test_the_interval_holds_the_number_and_grows_with_the_studys(
    each: float, value: float, down: float, up: float
) -> None:
    study = rate(value, value * (1 - down), value * (1 + up))
    lower, upper = need.expected(record(study), people(a=each)).interval()
    narrow, wide = need.expected(record(rate(value)), people(a=each)).interval()
    number = each * 10 * value / 100
    assert 0 <= lower[0] <= narrow[0] + 1e-9 <= number + 2e-9 and number <= wide[0] + 1e-9 <= upper[0] + 2e-9


def test_the_interval_holds_the_true_number_ninety_five_times_in_a_hundred() -> None:
    random = np.random.default_rng(7)
    lower, upper = (limit[0] for limit in need.expected(record(rate(1, 0.8, 1.2)), people(a=600.0)).interval())
    true = random.poisson(6000 * random.normal(1, 0.2 / 1.96, 40_000) / 100)
    assert 93.5 < 100 * ((true >= lower) & (true <= upper)).mean() < 96.5


# --- identified children, and their ratio -------------------------------------------------------------


def test_only_children_of_the_studys_ages_are_identified() -> None:
    plans = plans_table(
        {("a", "4"): 7, ("a", "5"): 2, ("a", "9"): 3, ("a", "10"): 9, ("b", "12"): 4, ("b", "5"): np.nan}
    )
    counts, january = need.identified(record(rate(2, 1, 3)), {NEEDS: plans}, ("a", "b", "c"))
    # An age without a row is nobody; an age withheld hides the area's count; an area without rows is not known.
    np.testing.assert_array_equal(counts, [5, np.nan, np.nan])
    assert january == "2025"


def test_the_youngest_are_published_together() -> None:
    plans = plans_table({("a", "under 3"): 2, ("a", "3"): 1, ("b", "20"): 1})
    counts, _ = need.identified(record(rate(2, 1, 3, ages=(0, 9))), {NEEDS: plans}, ("a", "b"))
    np.testing.assert_array_equal(counts, [3, 0])


def test_a_ratio_by_hand() -> None:
    """100 of 200 (160 to 250): Byar's limits of 100 are 81.36 and 121.63; distances join on the logarithm."""
    study = need.Expected(np.array([1.0]), np.array([200.0]), np.array([40.0]), np.array([50.0]))
    ratio, lower, upper = (value[0] for value in need.ratio_interval([100], study))
    assert (ratio, round(lower, 1), round(upper, 1)) == (50, 36.9, 67.3)


def test_no_child_identified_still_has_an_upper_limit() -> None:
    study = need.Expected(*(np.array([value] * 3) for value in (1.0, 10.0, 2.0, 2.0)))
    ratio, lower, upper = need.ratio_interval([0, np.nan, 3], study)
    assert (ratio[0], lower[0]) == (0, 0) and upper[0] == pytest.approx(100 * 3.6889 / 8, rel=1e-4)
    assert np.isnan([ratio[1], lower[1], upper[1]]).all() and lower[2] < ratio[2] == 30 < upper[2]


def test_nothing_expected_has_no_ratio() -> None:
    nobody = need.Expected(*(np.zeros(2) for _ in range(4)))
    assert np.isnan(np.array(need.ratio_interval([0, 2], nobody))).all()


# --- the funnel ---------------------------------------------------------------------------------------


def test_a_tenth_drawn_in_at_each_end_leaves_so_much_of_a_normal_variance() -> None:
    edge = norm.ppf(0.9)
    left = 0.8 - 2 * edge * norm.pdf(edge) + 0.2 * edge**2
    assert left == pytest.approx(need._LEFT, abs=1e-4)


def test_authorities_that_differ_by_chance_keep_the_limits_of_chance() -> None:
    expected = np.linspace(50, 2000, 150)
    found = need.spread(expected, np.round(expected * 0.8), 80.0)
    assert found.between == 0 and found.outside == 0 and found.by_chance == pytest.approx(7.5)
    low, high = found.limits(expected)
    chance_low, chance_high = funnel.ratio_limits(expected * 0.8, multiplier=80.0)
    np.testing.assert_allclose([low, high], [chance_low, chance_high])


def test_real_differences_widen_the_limits_until_few_stand_out() -> None:
    random = np.random.default_rng(3)
    expected = random.uniform(100, 3000, 150)
    true = (np.sqrt(0.8) + random.normal(0, 0.12, 150)) ** 2
    counts = random.poisson(expected * true)
    found = need.spread(expected, counts, 80.0)
    assert found.between == pytest.approx(0.12, abs=0.02)
    low, high = found.limits(expected)
    ratio = counts / expected * 100
    assert found.outside > 75 and 2 <= ((ratio < low) | (ratio > high)).sum() <= 14  # of 150, 7.5 by the limits
    assert "The funnel does not show why" in found.sentence() and f"{found.outside} do" in found.sentence()


def test_areas_too_small_to_judge_are_not_placed() -> None:
    codes = geography.local_authorities()["area_code"].tolist()[:40]
    areas = dict.fromkeys(codes, 100.0) | {codes[0]: 2.0, ENGLAND: 5000.0}
    plans = {(code, "7"): 20.0 for code in codes[1:]} | {
        (codes[0], "7"): 9.0,
        (ENGLAND, "7"): 1000.0,
        (codes[1], "7"): 90.0,
    }
    core = {need.POPULATION: residents_table(areas), NEEDS: plans_table(plans)}
    rows = need.expected_need([record(rate(2, 1.9, 2.1))], core).set_index("area_code")
    assert rows.loc[codes[:3], "place"].tolist() == ["not_tested", "above_99_8", "within"]
    assert rows.at[ENGLAND, "place"] == "not_tested" and (rows["england_ratio"] == 100).all()
    points = need.funnel_points(rows.reset_index(), "own")
    assert points is not None and len(points.points) == 40 and ENGLAND not in set(points.points["area_code"])
    assert (points.limits["lower_998"] <= points.limits["lower_95"]).all() and points.limits[
        "expected"
    ].is_monotonic_increasing
    assert need.funnel_points(rows.assign(ratio=np.nan).reset_index(), "own") is None


# --- residents of a later year ------------------------------------------------------------------------


def test_a_later_year_keeps_the_sexes_and_sums_to_regions_and_england() -> None:
    codes = [WIGAN, "E08000003", "E08000031"]  # two of the North West and one of the West Midlands
    now = need.population({need.POPULATION: residents_table(dict.fromkeys(codes, 100.0))})
    later = pd.DataFrame(
        [(code, 2026, age, 220.0 if code == WIGAN else 200.0) for code in codes for age in range(26)],
        columns=["area_code", "year", "age", "central"],
    )
    found = need.at_year(now, later, 2026)
    totals = dict(zip(found.areas, found.counts[:, :, 7].tolist(), strict=True))
    assert totals[WIGAN] == [220, 110, 110] and totals["E12000002"] == [420, 210, 210] and totals[ENGLAND][0] == 620
    with pytest.raises(ValueError, match=f"no residents of 2026 for {WIGAN}"):
        need.at_year(now, later.loc[later["area_code"].ne(WIGAN)], 2026)


def test_without_residents_or_plans_there_are_no_rows_or_no_ratios() -> None:
    empty = residents_table({}).astype({"population": "float64"})
    assert need.expected_need([record(rate(2, 1, 3))], {need.POPULATION: empty, NEEDS: plans_table({})}).empty
    rows = need.expected_need([record(rate(2, 1, 3))], {need.POPULATION: residents_table({ENGLAND: 9.0})})
    assert rows["ratio"].isna().all() and rows["identified_as"].eq("").all()


# --- sentences ----------------------------------------------------------------------------------------


def _row(**change: object) -> dict[str, object]:
    row = {"area_code": WIGAN, "expected": 1234.4, "lower_95": 1151.0, "upper_95": 1312.0, "identified": 640.0,
           "ratio": 51.8, "ratio_lower": 45.0, "ratio_upper": 60.0}  # fmt: skip
    return row | change


def test_a_sentence_names_the_study_and_never_a_target() -> None:
    study = record(rate(2, 1, 3))
    assert need.sentence(_row(), study) == (
        "By the study of 2019, about 1,230 (1,150 to 1,310) children aged 5 to 9 in Wigan would be autistic; 640 of "
        "the area's plans for those ages named autism as the first need. The difference may be unmet need, support "
        "without a plan or a different definition. It is not a target."
    )
    assert "does not mean too many plans" in need.sentence(_row(ratio=150, ratio_lower=140, ratio_upper=160), study)
    assert "cannot be told apart" in need.sentence(_row(ratio_lower=40, ratio_upper=110), study)
    assert "; none of the area's plans" in need.sentence(_row(identified=0.0), study)
    assert "is not published for the area" in need.sentence(_row(identified=np.nan), study)
    assert "fewer than 1 (0 to 2)" in need.sentence(_row(expected=0.3, lower_95=0.0, upper_95=2.2), study)
    assert "by chance alone" in need.sentence(_row(), record(rate(2)))
    assert need.sentence(_row(), record(rate(2, 1, 3), counted=False)).endswith(
        "Nothing is counted. The number is not a target."
    )


@pytest.mark.parametrize(
    ("value", "words"),
    [(0.0, "0"), (86.4, "86"), (999.4, "999"), (1234.4, "1,230"), (1235, "1,240"), (98_765, "98,800")],
)
def test_a_number_that_is_not_exact_is_told_to_three_figures(value: float, words: str) -> None:
    assert need.about(value) == words


# --- the real files -----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def rows(landing: Path) -> pd.DataFrame:
    folder = LandingFolder(landing, "2025")
    core = {name: core_table(datasets()[name], folder).table for name in (need.POPULATION, NEEDS)}
    return need.expected_need(prevalences().values(), core)


@pytest.mark.landing
def test_the_real_table_keeps_its_contract(rows: pd.DataFrame) -> None:
    validate(rows.assign(edition="2025"), ExpectedNeed.to_schema(), name="future_expected_need")
    assert len(rows) == len(prevalences()) * 163 and rows["area_code"].nunique() == 163
    tested = rows.loc[rows["ratio"].notna(), "place"].ne("not_tested").groupby(rows["condition"]).mean()
    assert tested[lambda share: share.index != "multi_sensory_impairment"].min() > 0.9


@pytest.mark.landing
def test_wigans_autistic_children_and_their_plans(rows: pd.DataFrame) -> None:
    """Boys and girls of 5 to 19 at mid-2023 (ONS) at 2.81 and 0.65 in 100; 952 plans of January 2025 (DfE)."""
    wigan = rows.query("area_code == @WIGAN and condition == 'autism_school_records'").iloc[0]
    assert (wigan["residents"], wigan["identified"]) == (59_273, 952)
    assert wigan[["expected", "lower_95", "upper_95"]].astype(float).round().tolist() == [1050, 986, 1115]
    assert (round(wigan["ratio"], 1), round(wigan["england_ratio"], 1), wigan["place"]) == (90.6, 100.7, "within")


@pytest.mark.landing
def test_regions_sum_to_england_and_surrey_has_no_count(rows: pd.DataFrame) -> None:
    regions = (
        rows.loc[rows["area_code"].str.startswith("E12")]
        .groupby("condition")[["expected", "identified"]]
        .sum(min_count=9)
    )
    england = rows.loc[rows["area_code"].eq(ENGLAND)].set_index("condition")[["expected", "identified"]]
    pd.testing.assert_frame_equal(regions, england, check_dtype=False)
    surrey = rows.loc[rows["area_code"].eq(SURREY)]
    assert surrey["identified"].isna().all() and surrey["place"].eq("not_tested").all()


@pytest.mark.landing
def test_the_city_of_london_shows_how_little_it_can_tell(rows: pd.DataFrame) -> None:
    city = rows.loc[rows["area_code"].eq(CITY)].set_index("condition")
    autism = city.loc["autism_school_records"]
    assert autism["lower_95"] < 7 and autism["upper_95"] > 20 and autism["identified"] == 17
    assert city.at["hearing_impairment", "place"] == "not_tested"


@pytest.mark.landing
def test_every_row_has_its_sentence(rows: pd.DataFrame) -> None:
    for code in (WIGAN, CITY, SURREY, ENGLAND):
        for _, row in rows.loc[rows["area_code"].eq(code)].iterrows():
            said = need.sentence(row, prevalences()[row["condition"]])
            assert said.startswith("By ") and said.endswith(" not a target.") and "nan" not in said
