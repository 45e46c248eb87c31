"""Attainment and attendance with counts: what the releases print must follow from what the tables hold."""

from __future__ import annotations

import io
from pathlib import Path

import pandas as pd
import pytest

from jsna_pipeline.catalogue.datasets import datasets
from jsna_pipeline.catalogue.indicators import indicators
from jsna_pipeline.core_tables import core_table
from jsna_pipeline.indicator_engine import observations
from jsna_pipeline.reconciliation import shares, totals
from jsna_pipeline.reconciliation.exceptions import held
from jsna_pipeline.sources.folder import LandingFolder

pytestmark = pytest.mark.landing

TABLES = [
    "dfe__early_years_profile",
    "dfe__early_years_profile_to_2019",
    "dfe__social_care_ks4",
    "dfe__social_care_sessions",
    "dfe__attendance_to_date",
    "dfe__qualifications_by_19",
]
# Shares and sums that the rules of the records compare in the releases at hand.
COMPARED = {
    "dfe__early_years_profile": 30_000,
    "dfe__early_years_profile_to_2019": 10_000,
    "dfe__social_care_ks4": 6_000,
    "dfe__social_care_sessions": 40_000,
    "dfe__attendance_to_date": 1_200,
    "dfe__qualifications_by_19": 5_000,
}


@pytest.fixture(scope="module")
def core(landing: Path) -> dict[str, pd.DataFrame]:
    folder = LandingFolder(landing, "2025")
    return {name: core_table(datasets()[name], folder).table for name in [*TABLES, "dfe__social_care_ks2"]}


@pytest.fixture(scope="module")
def observed(core: dict[str, pd.DataFrame]) -> pd.DataFrame:
    records = {name: one for name, one in indicators().items() if one.numerator.table in core}
    return observations(records, core, "2025")


@pytest.mark.parametrize("name", TABLES)
def test_every_printed_share_and_sum_holds_without_exception(core: dict[str, pd.DataFrame], name: str) -> None:
    table = held(datasets()[name], core[name])
    rules = [shares.find, totals.parts_and_whole, totals.levels_add_up, totals.categories_add_up]
    found, covered = zip(*(rule(table) for rule in rules), strict=True)
    assert sum(map(len, found)) == 0
    assert sum(int(part["compared"].sum()) for part in covered if len(part)) > COMPARED[name]


@pytest.mark.parametrize(
    ("indicator", "group", "area", "period", "numerator", "denominator", "value"),
    [
        ("good_level_by_group", "total/total", "E08000010", "2021/22", 2266, 3649, 62.1),
        ("good_level_by_group", "sen_provision/SEN support", "E08000010", "2021/22", 68, 452, 15.0),
        ("good_level_by_group", "total/total", "E92000001", "2021/22", 405723, 622583, 65.2),
        ("good_level_to_2019", "sex/girls", "E08000010", "2018/19", 1318, 1762, 74.8),
        ("attainment_8_social_care", "social_care_group/children_in_need", "E08000010", "2024/25", 1411.5, 83, 17.0),
        ("english_maths_grade_4_social_care", "social_care_group/looked_after", "E08000010", "2024/25", 15, 61, 24.6),
        ("progress_8_social_care", "social_care_group/looked_after", "E08000010", "2023/24", -64.137, 46, -1.39),
        ("absence_social_care", "social_care_group/children_in_need", "E92000001", "2024/25", 7397200, 42464140, 17.4),
        ("attendance_to_date", "total/total", "E08000010", "2025/26", 14000897, 15017734, 93.2),
        ("health_absence_to_date", "total/total", "E08000010", "2025/26", 564350, 15017734, 3.8),
        ("part_time_timetables_to_date", "school_type/special", "E08000010", "2025/26", 2050, 316825, 6.5),
        ("english_maths_gained_after_16", "sen_provision/ehc_plan", "E08000010", "2021/22", 10, 101, 9.9),
        ("ks2_looked_after", "social_care_group/looked_after", "E92000001", "2024/25", None, None, 35),
    ],
)
def test_published_figures(
    observed: pd.DataFrame,
    indicator: str,
    group: str,
    area: str,
    period: str,
    numerator: float | None,
    denominator: float | None,
    value: float,
) -> None:
    """Read off the releases: early years 2022 and 2019, outcomes of March 2025, attendance, level 2 and 3 of 2022."""
    groups = observed["dimension"] + "/" + observed["category"]
    one = observed["indicator_id"].eq(indicator) & observed["area_code"].eq(area) & observed["period"].eq(period)
    row = observed.loc[one & groups.eq(group)].iloc[0]
    assert row["value"] == value
    if numerator is not None:
        assert (row["numerator"], row["denominator"]) == (numerator, denominator)


def test_sessions_carry_no_interval_and_children_do(observed: pd.DataFrame) -> None:
    known = observed.loc[observed["value"].notna() & (observed["denominator"] > 0)]
    sessions = known["source_id"].isin(["dfe__attendance_to_date", "dfe__social_care_sessions"])
    assert known.loc[sessions, "lower_ci"].isna().all() and sessions.sum() > 5000
    children = known["source_id"].isin(["dfe__early_years_profile", "dfe__qualifications_by_19"])
    assert known.loc[children, "lower_ci"].notna().all() and children.sum() > 10_000


def test_the_year_to_date_gives_the_percentages_that_are_published(landing: Path, observed: pd.DataFrame) -> None:
    """The file prints unrounded percentages of some measures; rounded half up they are our values."""
    file = LandingFolder(landing, "2025").require(datasets()["dfe__attendance_to_date"]).chosen[0]
    printed = pd.read_csv(io.BytesIO(file.content), na_values="c")
    printed = printed.loc[(printed["geographic_level"] == "Local authority") & (printed["education_phase"] == "Total")]
    for indicator, column in [
        ("attendance_to_date", "attendance_perc"),
        ("unauthorised_absence_to_date", "unauthorised_absence_perc"),
        ("persistent_absence_to_date", "pa_perc"),
    ]:
        whole = observed["indicator_id"].eq(indicator) & observed["dimension"].eq("total")
        ours = observed.loc[whole].set_index("area_code")["value"]
        theirs = printed.set_index("new_la_code")[column].dropna()
        assert len(theirs) > 145
        assert (ours.reindex(theirs.index) - theirs).abs().max() <= 0.05 + 1e-9
