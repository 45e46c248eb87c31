"""The synthetic early years profile and qualifications by 19: that they agree with the synthetic LAIT.

Here: what `seeds/generator/attainment.py` promises. Not here: what is true of all seeds (`test_seeds.py`).
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from seeds.generator import attainment, lait
from seeds.generator.country import country


@pytest.fixture(scope="module")
def profile() -> pd.DataFrame:
    return attainment.profile_table()


def test_a_good_level_of_development_is_that_of_the_tool(profile: pd.DataFrame) -> None:
    whole = profile.query("characteristic == 'Total' and gender == 'Total'").set_index("new_la_code")
    ours = whole.loc[list(country().codes), "gld_percentage"].astype(float).to_numpy()
    large = country().children > 10_000
    # Whole children in place of a percentage move it by half a child.
    assert np.abs(ours - lait.last_values("FSP_NEW_GOODDEV"))[large].max() < 0.2


def test_groups_add_up_and_no_goal_is_reached_by_more_than_the_one_that_it_includes(profile: pd.DataFrame) -> None:
    numbers = ["children_number", "elg_number", "gld_number", "comm_lang_lit_number"]
    england = profile.query("geographic_level == 'National' and gender == 'Total' and characteristic_type != 'All SEN'")
    by_topic = england.groupby("characteristic")[numbers].sum()
    assert len(by_topic) == 1 + len(attainment.GROUPS) and (by_topic == by_topic.loc["Total"]).all(axis=None)
    assert (np.diff(profile[["elg_number", "gld_number", "comm_lang_lit_number", "children_number"]]) >= 0).all()


def test_cohorts_are_the_sum_of_their_parts_and_the_youngest_stands_with_zeros() -> None:
    table = attainment.qualifications_table()
    counts = [name for name in table if name.endswith(("_by19", "_by16", "_belowat16")) or name.startswith("number")]
    keys = ["cohort_19_in", "la_code_9", "region"]
    whole = table.query("gender == 'ALL' and fsm == 'ALL' and sen == 'ALL'").groupby(keys)[counts].sum()
    for column in ("sen", "fsm", "gender"):
        parts = table.loc[table[column] != "ALL"].groupby(keys)[counts].sum()
        pd.testing.assert_frame_equal(parts, whole)
    youngest = table.loc[table["cohort_19_in"] == attainment.TOO_YOUNG[0]]
    assert youngest["l2_by19"].sum() == youngest["l3_by19"].sum() == 0 < youngest["l2_em_by16"].sum()
