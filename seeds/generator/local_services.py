"""Extracts of the imaginary Wigan's own services and schools, and the lookups of places.

Here: help in families, education out of school, participation after 16, disputes, special places and money. Not
here: health (`local_health`), children in need and looked after (`local_social_care`), or how an extract knows
the past (`local_events`).

Spend is as skewed as in life: a handful of independent placements cost more than a hundred top-ups.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import numpy as np
import pandas as pd

from seeds.generator import local_census, local_places
from seeds.generator.country import stream
from seeds.generator.local_events import (
    after,
    as_known,
    as_text,
    begun,
    chosen,
    identified,
    provision,
    residents,
    words,
)
from seeds.generator.local_people import CENSUS_DAY, people
from seeds.generator.plans import LEAVES


@cache
def _early_help() -> pd.DataFrame:
    rng = stream("early help")
    table = chosen(rng, 1_900, (0, 18), plan=3.0, support=2.6, other=0.8, slope=0.3)
    opened = begun(rng, len(table), growth=0.05)
    return pd.DataFrame(
        {
            **identified(table, "postcode"),
            "opened_date": opened,
            "closed_date": after(rng, opened, 190, 0.5),
            "lead_agency": words(
                rng,
                len(table),
                {"school": 0.5, "local_authority": 0.28, "health": 0.11, "voluntary": 0.08, "other": 0.03},
            ),
            "closed_reason": words(
                rng,
                len(table),
                {"needs_met": 0.62, "stepped_up": 0.14, "disengaged": 0.16, "moved": 0.05, "other": 0.03},
            ),
            "reopened_within_12_months": rng.random(len(table)) < 0.11,
        }
    )


def early_help(edition: int) -> pd.DataFrame:
    return as_known(
        _early_help(), edition, "opened_date", {"closed_date": ["closed_reason", "reopened_within_12_months"]}, 1
    )


@cache
def _short_breaks() -> pd.DataFrame:
    rng = stream("short breaks")
    table = chosen(
        rng,
        520,
        (3, 18),
        plan=9.0,
        support=0.8,
        other=0.0,
        needs={"ASD": 3.0, "SLD": 5.0, "PMLD": 9.0, "PD": 4.0, "": 0.3},
    )
    asked = begun(rng, len(table))
    start = after(rng, asked, 70, 0.6)
    kind = words(
        rng,
        len(table),
        {"group": 0.42, "one_to_one": 0.2, "overnight": 0.08, "holiday": 0.16, "direct_payment": 0.13, "other": 0.01},
    )
    hours = pd.Series(kind).map(
        {"group": 70, "one_to_one": 110, "overnight": 400, "holiday": 48, "direct_payment": 130, "other": 40}
    )
    return pd.DataFrame(
        {
            **identified(table, "postcode"),
            "kind": kind,
            "start_date": start,
            "end_date": after(rng, start, 500, 0.5),
            "hours_per_year": (hours * rng.uniform(0.5, 1.6, len(table))).round().astype(int),
            "waiting_since": asked,
        }
    )


def short_breaks(edition: int) -> pd.DataFrame:
    return as_known(_short_breaks(), edition, "waiting_since", {"start_date": ["hours_per_year"], "end_date": []})


@cache
def _home_education() -> pd.DataFrame:
    rng = stream("home education")
    everyone = residents()
    school_age = everyone["cohort"].between(0, 11)
    plan = everyone[school_age & everyone["setting_2025"].eq("EHE")]
    off = everyone[school_age & (everyone["kind_2025"] == "") & (everyone["stage"] != "E")]
    table = pd.concat([plan, off.sample(min(560, len(off)), random_state=5)]).reset_index(drop=True)
    count = len(table)
    start = begun(rng, count, growth=0.25, first=pd.Timestamp("2021-09-01"))
    reason = words(
        rng,
        count,
        {
            "lifestyle": 0.16,
            "philosophical": 0.14,
            "dissatisfied_with_school": 0.12,
            "dissatisfied_with_send_provision": 0.08,
            "mental_health": 0.21,
            "bullying": 0.07,
            "risk_of_exclusion": 0.03,
            "did_not_get_preferred_school": 0.04,
            "other": 0.05,
            "not_given": 0.10,
        },
    )
    end = after(rng, start, 620, 0.6).where(table["stage"] != "E")
    return pd.DataFrame(
        {
            **identified(table, "postcode", "sex"),
            "start_date": start,
            "end_date": end,
            "reason": reason,
            "returned_to": words(
                rng, count, {"school": 0.68, "other_authority": 0.12, "over_age": 0.16, "other": 0.04}
            ),
            "sen_provision": np.where(table["stage"] == "E", "E", np.where(rng.random(count) < 0.19, "K", "N")),
        }
    )


def home_education(edition: int) -> pd.DataFrame:
    return as_known(_home_education(), edition, "start_date", {"end_date": ["returned_to"]})


@cache
def _missing_education() -> pd.DataFrame:
    rng = stream("missing education")
    table = chosen(rng, 330, (5, 15), plan=5.0, support=2.2, other=1.0, slope=0.25)
    added = begun(rng, len(table))
    return pd.DataFrame(
        {
            **identified(table, "postcode"),
            "added_date": added,
            "removed_date": after(rng, added, 62, 0.9),
            "reason": words(
                rng,
                len(table),
                {
                    "awaiting_place": 0.34,
                    "moved_in": 0.24,
                    "moved_out": 0.14,
                    "excluded": 0.04,
                    "home_education_unsuitable": 0.08,
                    "not_known": 0.11,
                    "other": 0.05,
                },
            ),
            "outcome": words(rng, len(table), {"on_roll": 0.7, "home_educated": 0.09, "moved": 0.17, "other": 0.04}),
            "sen_provision": provision(table, 2025),
        }
    )


def missing_education(edition: int) -> pd.DataFrame:
    return as_known(_missing_education(), edition, "added_date", {"removed_date": ["outcome"]}, 1)


@cache
def _otherwise() -> pd.DataFrame:
    rng = stream("education otherwise")
    everyone = residents()
    package = everyone[everyone["setting_2025"].eq("OLA")]
    table = pd.concat(
        [package, chosen(rng, 150, (5, 15), plan=9.0, support=4.0, other=0.25, needs={"SEMH": 4.0, "": 0.7})]
    )
    table = table.drop_duplicates("person").reset_index(drop=True)
    eotas = table["setting_2025"].eq("OLA").to_numpy()
    start = begun(rng, len(table), growth=0.3)
    basis = np.where(
        eotas,
        "eotas",
        words(rng, len(table), {"section_19_health": 0.62, "section_19_excluded": 0.2, "section_19_other": 0.18}),
    )
    return pd.DataFrame(
        {
            **identified(table),
            "basis": basis,
            "start_date": start,
            "end_date": after(rng, start, 170, 0.6).where(~eotas),
            "hours_per_week": np.where(eotas, rng.integers(8, 22, len(table)), rng.integers(3, 16, len(table))),
            "sen_provision": np.where(eotas, "E", provision(table, 2025)),
        }
    )


def otherwise(edition: int) -> pd.DataFrame:
    return as_known(_otherwise(), edition, "start_date", {"end_date": []}, 1)


@cache
def _part_time() -> pd.DataFrame:
    """The timetables behind the census's absence code of the autumn of 2024, and as many of the two years before."""
    rng = stream("part-time timetables")
    everyone = people()
    now = everyone.iloc[local_census.part_time_pupils()]
    table = pd.concat([now, now.sample(240, random_state=7)])
    table = table.assign(person=table.index).reset_index(drop=True)
    count, recent = len(table), np.arange(len(table)) < len(now)
    first = pd.Timestamp("2024-09-05") + pd.to_timedelta(rng.integers(0, 100, count), unit="D")
    start = pd.Series(first - pd.to_timedelta(np.where(recent, 0, rng.integers(100, 640, count)), unit="D"))
    reason = np.where(
        table["need"] == "SEMH",
        words(rng, count, {"behaviour": 0.42, "reintegration": 0.28, "send_provision": 0.18, "medical": 0.12}),
        words(rng, count, {"medical": 0.4, "send_provision": 0.27, "reintegration": 0.25, "other": 0.08}),
    )
    return pd.DataFrame(
        {
            **identified(table),
            "school": table["school_2025"],
            "start_date": start,
            "end_date": after(rng, start, 74, 0.7),
            "expected_end_date": start + pd.Timedelta(days=42),
            "hours_per_week": rng.integers(4, 21, count),
            "reason": reason,
            "agreed_with_parent": rng.random(count) < 0.88,
            "sen_provision": provision(table, 2025),
        }
    )


def part_time(edition: int) -> pd.DataFrame:
    return as_known(_part_time(), edition, "start_date", {"end_date": []}, 1)


@cache
def _alternative() -> pd.DataFrame:
    rng = stream("local alternative provision")
    table = chosen(rng, 390, (7, 15), plan=6.0, support=5.0, other=0.15, needs={"SEMH": 6.0, "": 0.6}, slope=0.25)
    start = begun(rng, len(table))
    kind = words(
        rng,
        len(table),
        {
            "pupil_referral_unit": 0.42,
            "ap_academy": 0.14,
            "unregistered": 0.24,
            "independent_school": 0.12,
            "further_education": 0.05,
            "other": 0.03,
        },
    )
    names = local_places.establishments().query("kind == 'referral'")["name"].to_numpy()
    return pd.DataFrame(
        {
            **identified(table),
            "provider": np.where(
                np.isin(kind, ["pupil_referral_unit", "ap_academy"]), rng.choice(names, len(table)), ""
            ),
            "provider_kind": kind,
            "commissioner": words(rng, len(table), {"school": 0.63, "local_authority": 0.37}),
            "start_date": start,
            "end_date": after(rng, start, 150, 0.6),
            "days_per_week": rng.choice([1, 2, 3, 5], len(table), p=[0.1, 0.2, 0.2, 0.5]),
            "outcome": words(
                rng,
                len(table),
                {
                    "reintegrated": 0.4,
                    "specialist_place": 0.22,
                    "college": 0.18,
                    "permanently_excluded": 0.08,
                    "other": 0.12,
                },
            ),
            "sen_provision": provision(table, 2025),
        }
    )


def alternative(edition: int) -> pd.DataFrame:
    return as_known(_alternative(), edition, "start_date", {"end_date": ["outcome"]}, 1)


def exclusions(edition: int) -> pd.DataFrame:
    """The suspensions and exclusions of the census, as the schools tell them to the authority at once."""
    found = local_census.suspensions(edition)
    pupils = local_census.pupils(edition).iloc[found["pupil"]].reset_index(drop=True)
    return as_text(
        pd.DataFrame(
            {
                **identified(pupils),
                "school": pupils["school"],
                "category": found["category"],
                "reason": found["reason1"],
                "start_date": found["start"],
                "sessions": found["sessions"],
                "sen_provision": pupils["provision"],
            }
        )
    )


@cache
def _youth_justice() -> pd.DataFrame:
    rng = stream("youth justice")
    table = chosen(rng, 170, (10, 17), plan=4.0, support=4.0, other=0.5, needs={"SEMH": 5.0, "": 0.8}, slope=0.35)
    start = begun(rng, len(table), growth=0.0)
    return pd.DataFrame(
        {
            **identified(table),
            "intervention": words(
                rng, len(table), {"prevention": 0.4, "out_of_court": 0.33, "community": 0.25, "custody": 0.02}
            ),
            "start_date": start,
            "end_date": after(rng, start, 160, 0.4),
            "sen_provision": provision(table, 2025),
            "send_screened": rng.random(len(table)) < 0.8,
            "first_time_entrant": rng.random(len(table)) < 0.42,
        }
    )


def youth_justice(edition: int) -> pd.DataFrame:
    return as_known(_youth_justice(), edition, "start_date", {"end_date": []}, 1)


PATHS = {
    "plan": {
        "college": 0.55,
        "school": 0.13,
        "supported_internship": 0.045,
        "training": 0.07,
        "apprenticeship": 0.02,
        "employment": 0.035,
        "neet_seeking": 0.045,
        "neet_not_available": 0.07,
        "not_known": 0.035,
    },
    "other": {
        "college": 0.68,
        "school": 0.12,
        "apprenticeship": 0.07,
        "training": 0.04,
        "employment": 0.025,
        "neet_seeking": 0.025,
        "neet_not_available": 0.01,
        "not_known": 0.03,
    },
}


def participation(edition: int) -> pd.DataFrame:
    """Young people of academic age 16 and 17, and up to 25 those with a plan."""
    rng = stream(f"participation {edition}")
    everyone = residents()
    age = everyone["cohort"] + 4 - (2025 - edition)
    plan = everyone[f"leaf_{edition}"] >= 0
    table = everyone[age.between(16, 17) | (plan & age.between(16, 25))]
    age, plan = age[table.index].reset_index(drop=True), plan[table.index].to_numpy()
    leaf = np.array(LEAVES, object)[table[f"leaf_{edition}"].clip(lower=0)]
    path = np.where(plan, words(rng, len(table), PATHS["plan"]), words(rng, len(table), PATHS["other"]))
    idle = pd.Series(leaf).str.startswith("neet").to_numpy() & plan
    path = np.where(idle, words(rng, len(table), {"neet_seeking": 0.4, "neet_not_available": 0.6}), path)
    recorded = CENSUS_DAY[edition] - pd.to_timedelta(rng.integers(1, 110, len(table)), unit="D")
    return as_text(
        pd.DataFrame(
            {
                **identified(table.reset_index(drop=True), "postcode"),
                "academic_age": age,
                "activity": path,
                "activity_date": recorded,
                "has_plan": plan,
                "september_offer": rng.random(len(table)) < 0.955,
            }
        )
    )


@cache
def _advice() -> pd.DataFrame:
    rng = stream("sendiass")
    table = chosen(rng, 1_150, (2, 22), plan=9.0, support=4.0, other=0.1)
    contact = begun(rng, len(table), growth=0.2)
    return pd.DataFrame(
        {
            "contact_date": contact,
            "caller": words(rng, len(table), {"parent": 0.9, "young_person": 0.03, "professional": 0.07}),
            "stage": words(
                rng,
                len(table),
                {
                    "sen_support": 0.24,
                    "assessment": 0.27,
                    "plan": 0.2,
                    "review": 0.13,
                    "exclusion": 0.05,
                    "tribunal": 0.07,
                    "other": 0.04,
                },
            ),
            "closed_date": after(rng, contact, 35, 0.8),
            "birth_date": table["birth"],
        }
    )


def advice(edition: int) -> pd.DataFrame:
    return as_known(_advice(), edition, "contact_date", {"closed_date": []})


@cache
def _disputes() -> pd.DataFrame:
    rng = stream("disputes")
    table = chosen(rng, 230, (3, 22), plan=6.0, support=2.0, other=0.02)
    lodged = begun(rng, len(table), growth=0.25)
    appeal = rng.random(len(table)) < 0.55
    return pd.DataFrame(
        {
            **identified(table),
            "kind": np.where(appeal, "appeal", "mediation"),
            "subject": words(
                rng,
                len(table),
                {
                    "refuse_to_assess": 0.27,
                    "refuse_to_issue": 0.08,
                    "contents": 0.4,
                    "placement": 0.2,
                    "cease": 0.03,
                    "other": 0.02,
                },
            ),
            "lodged_date": lodged,
            "closed_date": after(rng, lodged, 60, 0.4).where(~appeal, after(rng, lodged, 260, 0.35)),
            "outcome": np.where(
                appeal,
                words(
                    rng,
                    len(table),
                    {"conceded": 0.36, "withdrawn": 0.16, "upheld": 0.3, "part_upheld": 0.15, "dismissed": 0.03},
                ),
                words(rng, len(table), {"agreed": 0.76, "withdrawn": 0.14, "dismissed": 0.1}),
            ),
        }
    )


def disputes(edition: int) -> pd.DataFrame:
    table = as_known(_disputes(), edition, "lodged_date", {"closed_date": ["outcome"]})
    return table.assign(outcome=table["outcome"].replace("", "waiting"))


@cache
def _complaints() -> pd.DataFrame:
    rng = stream("complaints")
    received = begun(rng, 190, growth=0.3)
    return pd.DataFrame(
        {
            "received_date": received,
            "stage": words(rng, 190, {"one": 0.76, "two": 0.19, "ombudsman": 0.05}),
            "subject": words(
                rng,
                190,
                {
                    "delay": 0.38,
                    "provision_not_made": 0.24,
                    "communication": 0.19,
                    "transport": 0.1,
                    "review": 0.06,
                    "other": 0.03,
                },
            ),
            "closed_date": after(rng, received, 32, 0.6),
            "upheld": words(rng, 190, {"yes": 0.34, "part": 0.36, "no": 0.3}),
        }
    )


def complaints(edition: int) -> pd.DataFrame:
    return as_known(_complaints(), edition, "received_date", {"closed_date": ["upheld"]})


def special_places(edition: int) -> pd.DataFrame:
    """Special schools are full, some of them over what is commissioned; some units have places free."""
    rng = stream("special places")
    register = local_places.establishments()
    here = register[register["ward"] >= 0]
    locality = local_places.wards()["locality"].to_numpy()
    schools = here[here["kind"] == "special"]
    filled = people()[f"school_{edition}"].value_counts()
    units = here[here["kind"].isin(["primary", "secondary"])].iloc[::9]
    centres = here[here["kind"] == "referral"]
    # Two needs in each special school and one in each unit.
    table = pd.concat([schools, schools, units, centres]).reset_index(drop=True)
    count, special = len(table), (table["kind"] == "special").to_numpy()
    need = np.array(["ASD", "SLD", "SEMH", "MLD", "SLCN"], object)[np.arange(count) % 5]
    half = np.arange(count) < len(schools)
    on_roll = filled.reindex(table["urn"]).fillna(0).to_numpy()
    pupils = np.where(special, np.where(half, np.floor(on_roll / 2), np.ceil(on_roll / 2)), rng.integers(5, 13, count))
    pupils = np.where(table["kind"] == "referral", on_roll, pupils)
    commissioned = np.where(
        special, np.floor(pupils * np.where(np.arange(count) % 3, 1.0, 0.94)), pupils + rng.integers(0, 4, count)
    )
    kind = np.where(
        special,
        "special_school",
        np.where(
            table["kind"] == "referral",
            "alternative_provision",
            np.where(np.arange(count) % 2, "sen_unit", "resourced_provision"),
        ),
    )
    phase = table["kind"].map({"special": "all_through", "referral": "secondary"}).fillna(table["kind"])
    return as_text(
        pd.DataFrame(
            {
                "establishment": table["name"],
                "urn": table["urn"],
                "kind": kind,
                "phase": phase,
                "need": need,
                "locality": locality[table["ward"]],
                "places_commissioned": commissioned.astype(int),
                "places_filled": pupils.astype(int),
                "capacity": (commissioned + rng.integers(0, 4, count)).astype(int),
                "as_at": pd.Series([CENSUS_DAY[edition]] * count),
            }
        )
    )


# Placement of the return, heading, and what a place costs in a year in the middle and by the spread of its logarithm.
_COSTS = {
    "mainstream": ("top_up", 6_800, 0.45),
    "resourced_provision": ("top_up", 11_500, 0.3),
    "special_state": ("top_up", 14_800, 0.4),
    "independent_special": ("independent_fees", 62_000, 0.55),
    "alternative_provision": ("place", 19_000, 0.3),
    "post_16": ("top_up", 8_200, 0.5),
    "early_years": ("top_up", 4_200, 0.4),
    "other": ("other", 15_500, 0.6),
}


def _cost_group(leaf: pd.Series) -> pd.Series:
    """The placement of the spending return that each leaf placement belongs to."""
    name = leaf.map(dict(enumerate(LEAVES)))
    group = np.select(
        [
            name.str.endswith(("senunit", "resourced_provision")),
            name.isin(["special_independent", "special_non_maintained", "specialist_post_16_institutions"]),
            name.str.startswith("special"),
            name.str.startswith("mainstream"),
            name.str.startswith("ap_pru"),
            name.isin(["general_fe_tertiary_colleges", "ukrlp_provider"]),
            name == "nm_early_years",
        ],
        [
            "resourced_provision",
            "independent_special",
            "special_state",
            "mainstream",
            "alternative_provision",
            "post_16",
            "early_years",
        ],
        "other",
    )
    return pd.Series(group)


def spend(edition: int) -> pd.DataFrame:
    """What each plan cost in the financial year before: most top-ups alike, a few independent places very dear."""
    rng = stream(f"spend {edition}")
    everyone = people()
    table = everyone[everyone[f"leaf_{edition}"] >= 0].reset_index(drop=True)
    group = _cost_group(table[f"leaf_{edition}"])
    middle, spread = (
        group.map({name: cost[at] for name, cost in _COSTS.items()}).to_numpy(dtype=float) for at in (1, 2)
    )
    amount = middle * np.exp(rng.normal(0, spread))
    # Residential places of the few with the most complex needs.
    dear = (group == "independent_special").to_numpy() & (rng.random(len(table)) < 0.03)
    amount = np.where(dear, rng.uniform(220_000, 390_000, len(table)), amount)
    paid = pd.DataFrame(
        {
            **identified(table),
            "placement": group,
            "budget_heading": group.map({name: cost[0] for name, cost in _COSTS.items()}),
            "amount": (amount / 10).round() * 10,
        }
    )
    therapy = paid[rng.random(len(table)) < 0.05].assign(
        budget_heading="therapies", amount=lambda rows: (rows["amount"] / 80).round() * 10
    )
    both = pd.concat([paid, therapy]).sort_index(kind="stable").reset_index(drop=True)
    return as_text(both.assign(amount=both["amount"].astype(int), financial_year=f"{edition - 1}-{edition % 100}"))


def transport(edition: int) -> pd.DataFrame:
    rng = stream(f"transport {edition}")
    everyone = residents()
    table = everyone[everyone[f"leaf_{edition}"] >= 0].reset_index(drop=True)
    group = _cost_group(table[f"leaf_{edition}"])
    chance = group.map(
        {
            "special_state": 0.62,
            "independent_special": 0.78,
            "resourced_provision": 0.3,
            "post_16": 0.24,
            "alternative_provision": 0.3,
        }
    ).fillna(0.05)
    rides = (rng.random(len(table)) < chance).to_numpy()
    table, far = table[rides].reset_index(drop=True), (group[rides] == "independent_special").to_numpy()
    mode = words(
        rng,
        len(table),
        {
            "minibus": 0.42,
            "taxi": 0.29,
            "taxi_with_assistant": 0.13,
            "personal_budget": 0.1,
            "public_transport": 0.04,
            "travel_training": 0.02,
        },
    )
    miles = np.where(far, rng.gamma(3, 6, len(table)), rng.gamma(3, 1.5, len(table))).round(1) + 0.5
    cost = pd.Series(mode).map(
        {
            "minibus": 4_600,
            "taxi": 7_900,
            "taxi_with_assistant": 16_500,
            "personal_budget": 2_100,
            "public_transport": 650,
            "travel_training": 900,
        }
    )
    amount = (cost * (0.6 + miles / 12) * np.exp(rng.normal(0, 0.25, len(table))) / 10).round() * 10
    return as_text(
        pd.DataFrame(
            {
                **identified(table),
                "mode": mode,
                "amount": amount.astype(int),
                "distance_miles": miles.round(1),
                "financial_year": f"{edition - 1}-{edition % 100}",
            }
        )
    )


EXTRACTS: dict[str, Callable[[int], pd.DataFrame]] = {
    "early_help": early_help,
    "short_breaks": short_breaks,
    "elective_home_education": home_education,
    "children_missing_education": missing_education,
    "education_otherwise": otherwise,
    "part_time_timetables": part_time,
    "alternative_provision": alternative,
    "exclusions_by_reason": exclusions,
    "youth_justice": youth_justice,
    "participation_tracking": participation,
    "sendiass": advice,
    "tribunals_and_mediation": disputes,
    "complaints": complaints,
    "special_place_capacity": special_places,
    "high_needs_spend": spend,
    "transport": transport,
}
"""Return id -> its one table in an edition."""
