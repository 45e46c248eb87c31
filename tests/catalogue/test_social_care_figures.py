"""Social care, alternative provision and pupils: indicators against the figures printed in the releases.

Expected counts were read off the published lines of Children in need (2024 and 2025), Children looked after
(2025), Outcomes for children in need (2021/22) and Schools, pupils and their characteristics (2021/22 and
2022/23), and of the interactive tool. Not here: the rules that every record keeps (`test_indicators.py`).
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from jsna_pipeline.catalogue.datasets import datasets
from jsna_pipeline.catalogue.indicators import indicators
from jsna_pipeline.core_tables import core_table
from jsna_pipeline.indicator_engine import observations
from jsna_pipeline.sources.folder import LandingFolder

pytestmark = pytest.mark.landing

WIGAN, WOLVERHAMPTON, BCP, CUMBERLAND, CUMBRIA, ENGLAND = (
    "E08000010", "E08000031", "E06000058", "E06000063", "E10000006", "E92000001",
)  # fmt: skip
# Indicator, area, period, category, numerator, denominator, value.
PRINTED = [
    ("children_in_need_primary_need", WIGAN, "2024", "child_disability", 131, 2606, 5.0),
    ("children_in_need_primary_need", CUMBERLAND, "2024", "child_disability", 137, 1771, 7.7),
    ("assessment_factor_child_disability", WIGAN, "2025", "learning_disability_child", 594, 3696, 16.1),
    ("assessment_factors", CUMBERLAND, "2025", "domestic_abuse_parent", 1063, 3095, 34.3),
    ("social_care_groups_ehcp", WIGAN, "2021/22", "children_in_need", 194, 1292, 15.0),
    ("social_care_groups_ehcp", WIGAN, "2021/22", "protection_plan", 19, 344, 5.5),
    ("children_looked_after_sen_type", BCP, "2021/22", "social_emotional_mental", 71, 113, 62.8),
    ("cla_health_checks", CUMBERLAND, "2025", "dental_check", 164, 317, 52),
    ("cla_emotional_health", WIGAN, "2025", "cause_for_concern", 145, 319, 45),
    ("cla_emotional_health", ENGLAND, "2025", "cause_for_concern", 14320, 33790, 42),
    ("child_protection_plan_rate", BCP, "2025", "total", 494, 74810, 66.0),
    ("child_protection_reviewed_on_time", WIGAN, "2024/25", "total", 153, 185, 82.7),
    ("care_leavers_suitable_home", WOLVERHAMPTON, "2024/25", "total", 180, 195, 92.3),
    ("persistent_absence_social_care", WIGAN, "2024/25", "looked_after", 45, 316, 14.2),
    ("ap_school_arranged_sen", WIGAN, "2022/23", "ehc_plan", 35, 157, 22.3),
    ("ap_school_arranged_settings", WIGAN, "2022/23", "unregistered_provider", 29, 157, 18.5),
    ("ap_school_arranged_reasons", ENGLAND, "2022/23", "behaviour_support", 13725, 24577, 55.8),
    ("ap_authority_funded_settings", BCP, "2022/23", "education_setting", 399, 510, 78.2),
]
# A pupil stands once in each of these breakdowns.
COMPLETE = ["ap_school_arranged_reasons", "ap_school_arranged_sen", "ap_school_arranged_free_meals",
            "ap_school_arranged_sex", "ap_school_arranged_settings"]  # fmt: skip


@pytest.fixture(scope="module")
def observed(landing: Path) -> pd.DataFrame:
    wanted = {name for name, *_ in PRINTED} | {*COMPLETE, "youth_justice_first_time_entrants", "pupils_by_ethnicity"}
    records = {name: indicators()[name] for name in sorted(wanted)}
    sides = [side for record in records.values() for side in (record.numerator, record.denominator) if side]
    folder = LandingFolder(landing, "2025")
    tables = {name: core_table(datasets()[name], folder).table for name in {side.table for side in sides}}
    return observations(records, tables, "2025")


@pytest.mark.parametrize("printed", PRINTED, ids=lambda printed: f"{printed[0]}-{printed[1]}-{printed[3]}")
def test_counts_are_those_of_the_release(printed: tuple[object, ...], observed: pd.DataFrame) -> None:
    keys = ["indicator_id", "area_code", "period", "category"]
    row = observed.set_index(keys).loc[printed[:4]]
    assert (row["numerator"], row["denominator"], row["value"]) == printed[4:]


def test_a_pupil_in_alternative_provision_stands_once_in_each_breakdown(observed: pd.DataFrame) -> None:
    """A group without pupils has no row; the rest add up to the whole, in every area."""
    rows = observed[observed["indicator_id"].isin(COMPLETE)]
    areas = rows.groupby(["indicator_id", "area_code"]).agg(parts=("numerator", "sum"), whole=("denominator", "first"))
    assert len(areas) > 5 * 155
    assert (areas["parts"] == areas["whole"]).all()


def test_ethnic_groups_are_counted_where_the_release_prints_no_share(observed: pd.DataFrame) -> None:
    """For Bournemouth, Christchurch and Poole in January 2021 every printed share is 0; the counts are not."""
    rows = observed.query("indicator_id == 'pupils_by_ethnicity' and area_code == @BCP and period == '2020/21'")
    assert rows["numerator"].sum() == 51_942
    assert rows["value"].sum() == pytest.approx(100, abs=1)


def test_the_tools_impossible_rate_for_england_is_left_out(observed: pd.DataFrame) -> None:
    rows = observed[observed["indicator_id"] == "youth_justice_first_time_entrants"]
    assert set(rows["area_level"]) == {"region", "local_authority"}
    assert rows["value"].max() < 1_000


def test_cumberland_has_nothing_from_before_it_was_made(observed: pd.DataFrame) -> None:
    before = observed[observed["indicator_id"].isin(["social_care_groups_ehcp", *COMPLETE])]
    assert CUMBERLAND not in set(before["area_code"])
    assert CUMBRIA in set(before["area_code"])
