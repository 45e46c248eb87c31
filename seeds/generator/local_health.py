"""Extracts of the imaginary Wigan's health services: therapies, autism and ADHD, CAMHS and what follows from them.

Here: referrals and their waits, continuing care, notifications of young children, the dynamic support register.
Not here: the services of the authority (`local_services`), or how an extract knows the past (`local_events`).

Waits are log-normal and long: twelve weeks in the middle for most therapies, forty for an autism assessment; many
have not ended on the day of the extract.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import numpy as np
import pandas as pd

from seeds.generator.country import stream
from seeds.generator.local_events import after, as_known, begun, chosen, identified, residents, rows_of, words
from seeds.generator.local_people import code_of_year

SOURCES = {"school": 0.42, "gp": 0.2, "parent": 0.14, "health": 0.18, "social_care": 0.03, "other": 0.03}
CLOSED = {"treated": 0.72, "did_not_attend": 0.08, "not_suitable": 0.1, "moved": 0.03, "declined": 0.05, "other": 0.02}

# Service: share of referrals, median wait in days, oldest child referred.
SERVICES = {
    "speech_and_language": (0.36, 95, 18),
    "occupational_therapy": (0.15, 130, 18),
    "physiotherapy": (0.10, 55, 18),
    "audiology": (0.11, 50, 18),
    "dietetics": (0.05, 60, 18),
    "vision": (0.06, 65, 12),
    "podiatry": (0.03, 60, 18),
    "community_paediatrics": (0.12, 150, 18),
    "learning_disability_nursing": (0.02, 70, 24),
}


@cache
def _therapies() -> pd.DataFrame:
    rng = stream("therapies")
    people = chosen(rng, 5_200, (1, 18), plan=14.0, support=4.5, other=0.35, slope=0.08)
    people = rows_of(people, np.sort(np.append(np.arange(5_200), rng.choice(5_200, 1_300))))
    count = len(people)
    service = words(rng, count, {name: facts[0] for name, facts in SERVICES.items()})
    median = pd.Series(service).map({name: facts[1] for name, facts in SERVICES.items()}).to_numpy()
    referral = begun(rng, count)
    contact = after(rng, referral, 1, 0.0) + pd.to_timedelta(
        (median * np.exp(rng.normal(0, 0.6, count))).astype(int), unit="D"
    )
    # One in nine referrals is closed without a contact, some of them while others wait.
    refused = rng.random(count) < 0.11
    discharge = after(rng, contact, 190, 0.7).where(~refused, after(rng, referral, 45, 0.6))
    reason = np.where(
        refused, words(rng, count, {"not_suitable": 0.6, "declined": 0.3, "moved": 0.1}), words(rng, count, CLOSED)
    )
    return pd.DataFrame(
        {
            **identified(people, "sex", "postcode"),
            "service": service,
            "referral_date": referral,
            "first_contact_date": contact.where(~refused),
            "discharge_date": discharge,
            "closed_reason": reason,
            "source": words(rng, count, SOURCES),
        }
    )


def therapies(edition: int) -> pd.DataFrame:
    return as_known(
        _therapies(), edition, "referral_date", {"first_contact_date": [], "discharge_date": ["closed_reason"]}
    )


@cache
def _autism_adhd() -> pd.DataFrame:
    rng = stream("autism and adhd")
    people = chosen(
        rng, 2_300, (2, 18), plan=10.0, support=5.0, other=0.6, needs={"ASD": 5.0, "SEMH": 2.0, "SLCN": 1.6, "": 1.0}
    )
    pathway = words(rng, len(people), {"autism": 0.55, "adhd": 0.31, "both": 0.14})
    median = pd.Series(pathway).map({"autism": 280, "adhd": 230, "both": 300}).to_numpy()
    referral = begun(rng, len(people), growth=0.22)
    wait = (median * np.exp(rng.normal(0, 0.42, len(people)))).astype(int)
    outcome = words(rng, len(people), {"confirmed": 0.7, "not_confirmed": 0.2, "withdrawn": 0.07, "moved": 0.03})
    left = np.isin(outcome, ["withdrawn", "moved"])
    first = referral + pd.to_timedelta(wait, unit="D")
    return pd.DataFrame(
        {
            **identified(people, "sex", "postcode"),
            "pathway": pathway,
            "referral_date": referral,
            "first_appointment_date": first.where(~left),
            "decision_date": after(rng, first, 75, 0.5).where(~left, after(rng, referral, 120, 0.5)),
            "outcome": outcome,
            "source": words(rng, len(people), SOURCES),
        }
    )


def autism_adhd(edition: int) -> pd.DataFrame:
    return as_known(
        _autism_adhd(), edition, "referral_date", {"first_appointment_date": [], "decision_date": ["outcome"]}
    )


@cache
def _camhs() -> pd.DataFrame:
    rng = stream("camhs")
    people = chosen(
        rng, 2_900, (5, 18), plan=6.0, support=3.5, other=0.9, needs={"SEMH": 5.0, "ASD": 2.5, "": 1.0}, slope=0.12
    )
    count = len(people)
    team = words(
        rng,
        count,
        {
            "getting_help": 0.36,
            "getting_more_help": 0.29,
            "crisis": 0.09,
            "eating_disorders": 0.06,
            "learning_disability": 0.05,
            "mental_health_support_team": 0.15,
        },
    )
    median = (
        pd.Series(team)
        .map(
            {
                "getting_help": 62,
                "getting_more_help": 84,
                "crisis": 2,
                "eating_disorders": 14,
                "learning_disability": 70,
                "mental_health_support_team": 35,
            }
        )
        .to_numpy()
    )
    referral, accepted = begun(rng, count), rng.random(count) < 0.78
    first = referral + pd.to_timedelta((median * np.exp(rng.normal(0, 0.7, count))).astype(int), unit="D")
    second = after(rng, first, 30, 0.7)
    closed = after(rng, second, 200, 0.6).where(accepted, after(rng, referral, 20, 0.5))
    return pd.DataFrame(
        {
            **identified(people, "sex", "postcode"),
            "team": team,
            "referral_date": referral,
            "accepted": accepted,
            "first_contact_date": first.where(accepted),
            "second_contact_date": second.where(accepted),
            "discharge_date": closed,
            "closed_reason": np.where(accepted, words(rng, count, CLOSED), "not_suitable"),
        }
    )


def camhs(edition: int) -> pd.DataFrame:
    later = {"first_contact_date": [], "second_contact_date": [], "discharge_date": ["closed_reason"]}
    return as_known(_camhs(), edition, "referral_date", later)


@cache
def _continuing_care() -> pd.DataFrame:
    rng = stream("continuing care")
    people = chosen(
        rng, 74, (3, 19), plan=1.0, support=0.0, other=0.0, needs={"PMLD": 30.0, "SLD": 4.0, "PD": 6.0, "": 0.2}
    )
    referral = begun(rng, len(people))
    return pd.DataFrame(
        {
            **identified(people),
            "referral_date": referral,
            "decision_date": after(rng, referral, 48, 0.5),
            "eligible": rng.random(len(people)) < 0.68,
            "adult_assessment_planned": (people["cohort"] >= 9) & (rng.random(len(people)) < 0.6),
            "year_group": code_of_year(people["cohort"].clip(-4, 14).to_numpy()),
        }
    )


def continuing_care(edition: int) -> pd.DataFrame:
    return as_known(_continuing_care(), edition, "referral_date", {"decision_date": ["eligible"]}, kept_years=5)


@cache
def _section_23() -> pd.DataFrame:
    rng = stream("section 23")
    everyone = residents()
    young = everyone[
        everyone["cohort"].between(-3, 2) & (everyone["stage"].isin(["E", "K"]) | (everyone["group"] == "applicant"))
    ]
    people = young.sample(230, random_state=23).sort_index().reset_index(drop=True)
    age = people["birth"] + pd.to_timedelta(rng.integers(700, 1_850, len(people)), unit="D")
    need = people["need"].where(people["need"].isin(["ASD", "SLCN", "PD", "HI", "VI", "SLD", "PMLD"]), "SLCN")
    return pd.DataFrame(
        {
            **identified(people),
            "notification_date": age,
            "need": need,
            "parent_informed": rng.random(len(people)) < 0.97,
            "notifier": words(
                rng, len(people), {"health_visitor": 0.4, "paediatrician": 0.34, "therapist": 0.2, "other": 0.06}
            ),
        }
    )


def section_23(edition: int) -> pd.DataFrame:
    table = _section_23()
    return as_known(table[table["notification_date"] >= f"{edition - 3}-01-01"], edition, "notification_date")


@cache
def _dynamic_support() -> pd.DataFrame:
    rng = stream("dynamic support")
    people = chosen(
        rng, 96, (8, 24), plan=6.0, support=1.0, other=0.03, needs={"ASD": 6.0, "SLD": 5.0, "PMLD": 2.0, "": 0.5}
    )
    added = begun(rng, len(people), growth=0.3)
    rating = words(rng, len(people), {"red": 0.18, "amber": 0.36, "green": 0.46})
    return pd.DataFrame(
        {
            **identified(people),
            "added_date": added,
            "removed_date": after(rng, added, 420, 0.6),
            "rating": rating,
            "group": np.where(
                people["need"] == "ASD", "autism", words(rng, len(people), {"learning_disability": 0.6, "both": 0.4})
            ),
            "review_date": after(rng, added, 60, 0.5),
            "inpatient": (rating == "red") & (rng.random(len(people)) < 0.45),
        }
    )


def dynamic_support(edition: int) -> pd.DataFrame:
    return as_known(_dynamic_support(), edition, "added_date", {"review_date": [], "removed_date": []})


EXTRACTS: dict[str, Callable[[int], pd.DataFrame]] = {
    "therapies": therapies,
    "autism_adhd_pathway": autism_adhd,
    "camhs": camhs,
    "continuing_care": continuing_care,
    "section_23_notifications": section_23,
    "dynamic_support_register": dynamic_support,
}
"""Return id -> its one table in an edition."""
