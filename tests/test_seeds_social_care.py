"""The synthetic tables on social care and alternative provision keep the sums that the real ones keep.

Here: what the generator writes, taken from its own functions. Not here: that the committed files are what it
writes (`test_seeds.py`), or what the readers make of them.
"""

from __future__ import annotations

import pandas as pd

from seeds.generator import alternative_provision, lait_files, schools, social_care_needs


def numbers(table: pd.DataFrame, columns: list[str]) -> pd.DataFrame:
    """The columns as numbers, markers as NaN."""
    return table[columns].apply(pd.to_numeric, errors="coerce")


def test_reasons_and_stages_add_up_in_every_authority() -> None:
    reasons = social_care_needs.primary_need_table()
    counts = numbers(reasons, ["At31_episodes", *social_care_needs.PRIMARY_NEEDS]).dropna()
    counts = counts[reasons.loc[counts.index, "geographic_level"] == "Local authority"]
    assert len(counts) > 50
    assert (counts.iloc[:, 1:].sum(axis=1) == counts["At31_episodes"]).all()
    stages = social_care_needs.sen_table()
    local = stages["geographic_level"] == "Local authority"
    parts = ["t_no_identified_SEN", "t_SEN_support", "t_statement_or_EHC_plan"]
    counts = numbers(stages[local], ["t_pupils", *parts]).dropna()
    assert len(counts) > 1_000
    assert (counts[parts].sum(axis=1) == counts["t_pupils"]).all()


def test_no_factor_and_no_outcome_exceeds_its_whole() -> None:
    factors = social_care_needs.factors_table()
    counts = numbers(factors, list(social_care_needs.FACTORS))
    whole = numbers(factors, ["Episodes_with_assessment_factor"]).iloc[:, 0]
    assert not counts.gt(whole, axis=0).any(axis=None)
    health = social_care_needs.health_table()
    assert pd.to_numeric(health["children_percent"], errors="coerce").max() <= 100
    assert set(health["breakdown"]) >= {"SDQ score was received", "Had their teeth checked by a dentist"}


def test_pupils_in_alternative_provision_are_the_same_by_characteristic_and_reason() -> None:
    characteristics, reasons = alternative_provision.arranged_tables()
    keys = ["time_period", "geographic_level", "region_code", "new_la_code"]
    whole = reasons[(reasons["pupil_characteristic"] == "Total") & (reasons["setting_type"] == "Total")]
    whole = whole.set_index(keys)["pupils"].sort_index()
    tables = {"Placement Reason": reasons} | dict.fromkeys(alternative_provision.CHARACTERISTICS, characteristics)
    for group, table in tables.items():
        parts = table[(table["characteristic_grouping"] == group) & (table["pupil_characteristic"] != "Total")]
        pd.testing.assert_series_equal(parts.groupby(keys)["pupils"].sum().sort_index(), whole)


def test_year_groups_add_up_to_the_pupils_of_primary_and_secondary_schools() -> None:
    table = schools.meals_table()
    years = table[table["characteristic_group"] == "NC year group"]
    january = years["time_period"].iloc[0]
    assert set(years["time_period"]) == {january} and years["characteristic"].nunique() == 12
    mainstream = table["phase_type_grouping"].isin(["State-funded primary", "State-funded secondary"])
    expected = table.loc[mainstream & (table["time_period"] == january), "number_of_pupils"].sum()
    assert years["number_of_pupils"].sum() == expected


def test_counts_of_the_interactive_tool_add_up_and_stay_within_their_whole() -> None:
    table = lait_files.long_table().query("`Short Desc` in ['NoCareLeavers', 'CareLeaverEETNum']")
    wide = table.assign(Values=pd.to_numeric(table["Values"], errors="coerce")).pivot_table(
        index=["Years", "LA Number"], columns="Short Desc", values="Values", aggfunc="first"
    )
    assert (wide["CareLeaverEETNum"] <= wide["NoCareLeavers"]).sum() > 700
    assert not (wide["CareLeaverEETNum"] > wide["NoCareLeavers"]).any()
    areas = wide.reset_index(level="LA Number")
    local = areas[areas["LA Number"] < 970].groupby("Years")["NoCareLeavers"].sum()
    england = areas[areas["LA Number"] == 970].set_index("LA Number", append=True)["NoCareLeavers"].droplevel(1)
    assert ((england - local).abs() <= 0.01 * england).all()
