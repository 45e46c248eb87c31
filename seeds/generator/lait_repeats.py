"""What the Local Authority Interactive Tool repeats from other publications, so that each fact has one figure.

Here: which column of which synthetic release a measure repeats, and that column by listed area and year. Not
here: the releases themselves, or measures that are only drawn (`lait`).
"""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache

import pandas as pd

from seeds.generator import attainment, participation, plan_tables, social_care, social_care_needs
from seeds.generator.figures import half_up
from seeds.generator.lait import UPPER, as_cells


@dataclass(frozen=True)
class Repeated:
    """A column of a publication's table, or its share (percent) of the column `of`, in the rows that match."""

    table: str
    column: str
    of: str = ""
    rows: Mapping[str, str] = field(default_factory=dict)


def _children(population: str, column: str) -> Repeated:
    return Repeated("looked after", column, rows={"population_type": f"Children {population}"})


def _check(outcome: str) -> Repeated:
    subject = "Health assessments: Children looked after all ages"
    return Repeated("health", "children_percent", rows={"characteristic": subject, "breakdown": outcome})


def _absent(group: str) -> Repeated:
    rows = {"social_care_group": group, "phase_type_grouping": "Total"}
    return Repeated("absence", "pt_pupils_pa_10_exact", rows=rows)


def _needs(group: str, column: str) -> Repeated:
    return Repeated("needs", column, rows={"social_care_group": group})


def _by_19(sen: str, level: str) -> Repeated:
    rows = {"sen": sen, "gender": "ALL", "fsm": "ALL"}
    return Repeated("qualifications", level, of="number_in_ss_cohort", rows=rows)


def _at_five(topic: str, group: str, column: str = "gld_percentage") -> Repeated:
    rows = {"characteristic": topic, "characteristic_type": group, "gender": "Total"}
    return Repeated("early years", column, rows=rows)


IN_NEED, LOOKED_AFTER = "CINO at 31 March", "CLA 12 months at 31 March"
REPEATED = {
    "SEN_INIT_REQ": Repeated("requests.csv", "requests_received_in_year"),
    "EHCP_Initial_req_refused": Repeated("requests.csv", "request_not_assess_pc"),
    "SEN_ASSESSMENT": Repeated("assessments.csv", "assess_in_year"),
    "SEN_PLAN_ISSUED": Repeated("assessments.csv", "assess_issued_pc"),
    "SEN_PLAN_NOT_ISSUED": Repeated("assessments.csv", "assess_not_issued_pc"),
    "SEN_NOT_ISSUE_PLAN_16WKS": Repeated("assessments.csv", "outcome_decision_within_time_pc"),
    "SEN_EHC_Excpt_20wks": Repeated("timeliness_20_week.csv", "PC_plans_issued_20_weeks_ex"),
    "SEN_EHC_All_20wks": Repeated("timeliness_20_week.csv", "pc_plans_issued_within_20_weeks"),
    "SEN_CASES_JAN": Repeated("caseload.csv", "ehcplans"),
    "SEN_CASES_DUR_YEAR": Repeated("newplans.csv", "new_ehc_plans"),
    "SEN_State-Plans_sch": Repeated("newplans.csv", "mainstream_la_maintained", of="new_ehc_plans"),
    "SEN_AN_REVIEW_EXPECTED": Repeated("annual_reviews.csv", "review_expected"),
    "SEN_PEC_AN_REVIEW_EXPECTED": Repeated("annual_reviews.csv", "review_expected", of="total_ehc_plans"),
    "SEN_AN_REVIEW_MEET_REC": Repeated("annual_reviews.csv", "total_review_meeting"),
    "SEN_PEC_AN_REVIEW_MEET_REC": Repeated("annual_reviews.csv", "total_review_meeting", of="review_expected"),
    "SEN_PEC_OUTCOME_COM_4WKS": Repeated("annual_reviews.csv", "pc_decsion_4weeks"),
    "SEN_TOT_CEASED_EHC_PLAN": Repeated("ceased_plans.csv", "total_ceased"),
    "LACnum": _children("looked after on 31 March each year", "children_count"),
    "LAC": _children("looked after on 31 March each year", "rate_per_10000"),
    "LACnum_Start": _children("starting to be looked after each year", "children_count"),
    "LAC_Start_Rate": _children("starting to be looked after each year", "rate_per_10000"),
    "LACceased": _children("ceasing to be looked after each year", "children_count"),
    "LAC_Cease_Rate": _children("ceasing to be looked after each year", "rate_per_10000"),
    "LACHealth%": _check("Had their annual health assessment"),
    "LACVaccinations%": _check("Had their immunisations up to date"),
    "LACDental%": _check("Had their teeth checked by a dentist"),
    "LAC_Pers_Abs": _absent(LOOKED_AFTER),
    "CINPermAbsent_3Term": _absent(IN_NEED),
    "CPPPerAbs_3Term": _absent("CPPO at 31 March"),
    "LAC_KS2_ExpStd_RWM": Repeated(
        "key stage 2", "pt_rwm_met_expected_standard", rows={"social_care_group": LOOKED_AFTER}
    ),
    "CINSEN_SUP": _needs(IN_NEED, "pt_SEN_support"),
    "CINStatement": _needs(IN_NEED, "pt_statement_or_EHC_plan"),
    "LAC_SEN": _needs(LOOKED_AFTER, "pt_SEN_support"),
    "LAC_SEN_Statement": _needs(LOOKED_AFTER, "pt_statement_or_EHC_plan"),
    "16-17 NEET": Repeated("participation", "NEET_percent"),
    "16-17_not known": Repeated("participation", "Notknown_percent"),
    "16-17_not known_NEET": Repeated("participation", "NEET_not_known_percent"),
    "16-17Ed&Training": Repeated("participation", "TOTAL_participating_in_education_and_training_percent"),
    "FSP_NEW_GOODDEV": _at_five("Total", "Total"),
    "FSP_NEW_ALL-ELGS": _at_five("Total", "Total", "elg_percentage"),
    "Level2Age19": _by_19("ALL", "l2_by19"),
    "Level3Age19": _by_19("ALL", "l3_by19"),
} | {
    measure: _at_five(topic, group)
    for topic, groups in attainment.GROUPS.items()
    for group, (_, measure) in groups.items()
    if isinstance(measure, str)
} | {
    short: _by_19(sen, level)
    for sen, (measures, *_) in attainment.SEN_AT_15.items()
    for short, level in zip(measures, ("l2_by19", "l2_with_em_by19", "l3_by19"), strict=True)
}  # fmt: skip


def stated(short: str, areas: pd.DataFrame) -> pd.DataFrame:
    """The figures that a measure repeats, text by listed area (rows of `areas`) and year, `-` for none.

    A year in which no authority has a figure is left out.
    """
    source = REPEATED[short]
    table = _table(source.table)
    for column, wanted in source.rows.items():
        table = table[table[column] == wanted]
    values = pd.to_numeric(table[source.column], errors="coerce")
    if source.of:
        whole = pd.to_numeric(table[source.of], errors="coerce")
        known = values.notna() & whole.notna()
        shares = half_up(values.where(known, 0).to_numpy(), whole.where(known, 0).to_numpy(), dp=1)
        values = pd.Series(shares, index=values.index)
    placed = table[["number", "year"]].assign(value=values).dropna()
    wide = placed.pivot_table(index="number", columns="year", values="value", aggfunc="first").reindex(areas["number"])
    return pd.DataFrame(as_cells(wide.to_numpy(), 2), columns=[int(year) for year in wide.columns], index=areas.index)


@cache
def _table(name: str) -> pd.DataFrame:
    """A synthetic table as text, with the tool's `number` of each area and the tool's `year` added."""
    if name.endswith(".csv"):
        content = io.BytesIO(plan_tables.tables()[name])
        table = pd.read_csv(content, dtype=str, keep_default_na=False, encoding="utf-8-sig")
        return _placed(table[table["breakdown_topic"].str.match("All |New ")])
    return TABLES[name]()


def _placed(table: pd.DataFrame) -> pd.DataFrame:
    """`number` and `year` of a table in the layout of Explore Education Statistics."""
    level = table["geographic_level"]
    number = table["old_la_code"].where(level == "Local authority", _number_of(table["region_name"]))
    period = table["time_period"].astype(str)
    # A school year is the tool's by the year in which it ends.
    year = period.str[:4].astype(int) + (period.str.len() == 6)
    return table.assign(number=number.where(level != "National", "970"), year=year)


def _number_of(regions: pd.Series) -> pd.Series:
    names = {name: str(code) for name, code in UPPER}
    return regions.replace({"Yorkshire and The Humber": "Yorkshire and the Humber"}).map(names)


def _qualifications() -> pd.DataFrame:
    table = attainment.qualifications_table()
    table = table[table["cohort_19_in"].isin(attainment.COHORTS)]
    number = table["la_code_3"].where(table["la_code_3"] != "ALL", _number_of(table["region"]))
    return table.assign(number=number.fillna("970"), year=table["cohort_19_in"])


TABLES: dict[str, Callable[[], pd.DataFrame]] = {
    "looked after": lambda: _placed(social_care.looked_after_table()),
    "absence": lambda: _placed(social_care.absence_table()),
    "key stage 2": lambda: _placed(social_care.key_stage_2_table()),
    "early years": lambda: _placed(attainment.profile_table()),
    "needs": lambda: _placed(social_care_needs.sen_table()),
    "health": lambda: _placed(social_care_needs.health_table()),
    "participation": lambda: _placed(participation.table()),
    "qualifications": _qualifications,
}
