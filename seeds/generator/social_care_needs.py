"""Why children need social care, what assessments find, and the needs and health of children it helps.

Here: tables b3 and c3 of "Children in need", the special educational needs of "Outcomes for children in
need", and health, convictions and substance misuse of "Children looked after". Not here: how many children
there are, their disabilities, and how they fare at school (`social_care`).

As in the real files, counts of regions and England are rounded to 10 and small counts of authorities are `c`.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from seeds.generator import lait, social_care
from seeds.generator.country import Floats, Ints, country, stream
from seeds.generator.figures import LEVELS, as_text, half_up, identifiers, in_published_order, round_to
from seeds.generator.social_care import IDENTIFIERS, OUTCOME_IDENTIFIERS, SMALL, YEARS
from seeds.generator.writing import csv_bytes, gzip_bytes, write

PRIMARY_NEEDS = {
    "N1_Abuse_or_neglect": 0.585, "N2_Childs_disability_or_illness": 0.08, "N3_Parents_disability_or_illness": 0.02,
    "N4_Family_in_acute_stress": 0.085, "N5_Family_dysfunction": 0.12, "N6_Socially_unacceptable_behaviour": 0.02,
    "N7_Low_income": 0.003, "N8_Absent_parenting": 0.055, "N9_Cases_other_than_CIN": 0.009, "N0_Not_stated": 0.023,
}  # fmt: skip
FACTORS = {
    "Alcohol_Misuse_child": 0.02, "Alcohol_Misuse_parent": 0.14, "Alcohol_Misuse_person": 0.02,
    "Drug_Misuse_child": 0.05, "Drug_Misuse_parent": 0.14, "Drug_Misuse_person": 0.03, "Domestic_Abuse_child": 0.11,
    "Domestic_Abuse_parent": 0.32, "Domestic_Abuse_person": 0.05, "Mental_Health_child": 0.18,
    "Mental_Health_parent": 0.33, "Mental_Health_person": 0.05, "Learning_Disability_child": 0.12,
    "Learning_Disability_parent": 0.03, "Learning_Disability_person": 0.015, "Physical_Disability_child": 0.05,
    "Physical_Disability_parent": 0.05, "Physical_Disability_person": 0.01, "Young_Carer": 0.04,
    "Privately_fostered": 0.004, "Unaccompanied_asylum_seeker": 0.012, "Going_missing": 0.033,
    "Child_sexual_exploitation": 0.024, "Trafficking": 0.004, "Gangs": 0.017, "Socially_unacceptable_behaviour": 0.07,
    "Self_harm": 0.05, "Neglect": 0.176, "Emotional_Abuse": 0.19, "Physical_Abuse_child_on_child": 0.03,
    "Physical_Abuse_adult_on_child": 0.12, "Sexual_Abuse_child_on_child": 0.025, "Sexual_Abuse_adult_on_child": 0.037,
    "Female_Genital_Mutilation": 0.002, "Faith_linked_abuse": 0.004, "Child_criminal_exploitation": 0.032,
    "Other": 0.163,
}  # fmt: skip
SEN_YEARS = (2020, 2021, 2022)
# The tool's measures of SEN support and of plans, whose levels the group's children have.
STAGES = {
    "CINO at 31 March": ("CINSEN_SUP", "CINStatement"), "CLA 12 months at 31 March": ("LAC_SEN", "LAC_SEN_Statement"),
}  # fmt: skip
# SEN support and plans of the group that the tool has no measure of.
PROTECTED = {"CPPO at 31 March": (0.27, 0.13)}
NEEDS = {
    "ASD": 0.16, "HI": 0.01, "MLD": 0.13, "MSI": 0.003, "NSA": 0.02, "OTH": 0.03, "PD": 0.03, "PMLD": 0.035,
    "SEMH": 0.33, "SLCN": 0.12, "SLD": 0.072, "SPLD": 0.05, "VI": 0.01,
}  # fmt: skip
HEALTH_YEARS = (2023, 2024, 2025)
EMOTIONS = "Ages 5 to 16 years with SDQ score"
# Subject -> its whole as a share of children looked after, and each outcome's share of that whole.
HEALTH: dict[str, tuple[str, float, dict[str, float]]] = {
    "Health assessments: Children looked after all ages": (
        "Total all ages", 0.72, {"Had their annual health assessment": 0.90, "Had their immunisations up to date": 0.84,
                                 "Had their teeth checked by a dentist": 0.80}),
    "Development assessments: Children looked after ages 0 to 4 years": (
        "Total ages 0 to 4 years", 0.08, {"Development assessments up to date": 0.88}),
    "Convictions: Children looked after Ages 10 to 17 years": (
        "Total ages 10 to 17 years", 0.50,
        {"Convicted or subject to youth cautions, or youth conditional cautions during the year": 0.022}),
    "Substance misuse: Children looked after all ages": (
        "Total all ages", 0.72, {"Identified as having a substance misuse problem": 0.03}),
}  # fmt: skip
SCORES = {"SDQ score is a cause for concern": 0.42, "SDQ score is borderline": 0.13, "SDQ score is normal": 0.45}


def publish_children_in_need(folder: Path) -> list[Path]:
    return [
        *social_care.publish_children_in_need(folder),
        write(folder / "b3_cin_primary_need_2020_to_2024.csv", csv_bytes(primary_need_table(), crlf=True)),
        write(folder / "c3_factors_identified_at_end_of_assessment_2020_to_2025.csv.gz", _packed(factors_table())),
        write(folder / "sen_la.csv.gz", _packed(sen_table())),
    ]


def publish_looked_after(folder: Path) -> list[Path]:
    return [
        *social_care.publish_looked_after(folder),
        write(folder / "la_conviction_health_outcome_cla.csv.gz", _packed(health_table())),
    ]


def _packed(table: pd.DataFrame) -> bytes:
    return gzip_bytes(csv_bytes(table))


def _level(name: str, spread: float) -> Floats:
    """How much more than England an authority finds, as a factor near 1."""
    return np.exp(spread * stream(f"{name}: level").standard_normal((country().size, 1)))


def primary_need_table() -> pd.DataFrame:
    """Table b3: episodes of need open on 31 March by main reason; to 2024. The reasons add up to the whole."""
    rng = stream("primary need")
    chances = np.array(list(PRIMARY_NEEDS.values())) * np.exp(0.35 * rng.standard_normal((country().size, 10)))
    chances /= chances.sum(axis=1, keepdims=True)
    parts = []
    for at, year in reversed(list(enumerate(YEARS[:-1]))):
        split = rng.multinomial(social_care.in_need()["at_31_march"][:, at], chances)
        counts = np.column_stack([split.sum(axis=1), split])
        names = ("At31_episodes", *PRIMARY_NEEDS)
        parts.append(_counted(year, "Primary need at assessment", names, counts))
    return pd.concat(parts, ignore_index=True)


def factors_table() -> pd.DataFrame:
    """Table c3: factors found at the end of assessments; an assessment can have several."""
    rng = stream("assessment factors")
    chances = np.clip(np.array(list(FACTORS.values())) * _level("assessment factors", 0.25), 0, 0.9)
    parts = []
    for at, year in reversed(list(enumerate(YEARS))):
        episodes = np.rint(social_care.in_need()["started"][:, at] * 1.28).astype(np.int64)
        counts = np.column_stack([episodes, rng.binomial(episodes[:, None], chances)])
        names = ("Episodes_with_assessment_factor", *FACTORS)
        parts.append(_counted(year, "Factors identified at the end of assessment", names, counts))
    return pd.concat(parts, ignore_index=True)


def _counted(year: int, category: str, names: tuple[str, ...], counts: Ints) -> pd.DataFrame:
    """One year of a table of counts by area, small ones hidden and the two authorities' gaps written over."""
    place = country()
    vintage = place.at(f"{year}-03-31")
    ids = identifiers(place, vintage, str(year), "Reporting year", IDENTIFIERS).assign(category=category)
    shown, _ = _shown(ids, vintage.roll_up(counts))
    table = pd.concat([ids, pd.DataFrame(shown, columns=list(names))], axis=1)
    social_care.mark(table, list(names))
    return in_published_order(table)


def _shown(ids: pd.DataFrame, counts: Ints) -> tuple[NDArray[np.object_], Ints]:
    """Counts by area as text, `c` for small ones of an authority; and as numbers, regions rounded to 10."""
    local = (ids["geographic_level"] == LEVELS[0]).to_numpy()[:, None]
    printed = np.where(local, counts, round_to(counts, 10))
    hidden = local & (printed > 0) & (printed < SMALL)
    return np.where(hidden, "c", as_text(printed)), printed


def sen_table() -> pd.DataFrame:
    """School-age children of the three groups by stage of SEN and type of need; the last release is of 2022."""
    parts = [_sen_rows(year, group) for year in SEN_YEARS for group in (*STAGES, *PROTECTED)]
    return in_published_order(pd.concat(parts, ignore_index=True), ("social_care_group",))


def _stages(year: int, group: str) -> Floats:
    """Shares with SEN support and with a plan by authority (153 x 2)."""
    if group in STAGES:
        return np.column_stack([lait.values_by_authority(short)[year] for short in STAGES[group]]) / 100
    return np.array(PROTECTED[group]) * np.exp(0.12 * stream(f"stages of {group}").standard_normal((country().size, 2)))


def _sen_rows(year: int, group: str) -> pd.DataFrame:
    place = country()
    rng = stream(f"needs of {group} {year}")
    vintage = place.at(f"{year}-03-31")
    ids = identifiers(place, vintage, f"{year - 1}{year % 100:02d}", "Academic year", OUTCOME_IDENTIFIERS)
    pupils = social_care.groups()[group][:, YEARS.index(year)]
    sen_stages = np.floor(pupils[:, None] * _stages(year, group) + 0.5).astype(np.int64)
    by_stage = np.column_stack([pupils - sen_stages.sum(axis=1), sen_stages])
    sen = by_stage[:, 1:].sum(axis=1)
    needs = rng.multinomial(sen, np.array(list(NEEDS.values())) / sum(NEEDS.values()))
    names = ["pupils", "no_identified_SEN", "all_SEN", "SEN_support", "statement_or_EHC_plan", *NEEDS]
    counts = vintage.roll_up(np.column_stack([pupils, by_stage[:, 0], sen, by_stage[:, 1:], needs]))
    shown, printed = _shown(ids, counts)
    table = pd.concat([ids, pd.DataFrame(shown, columns=[f"t_{name}" for name in names])], axis=1)
    table.insert(len(OUTCOME_IDENTIFIERS), "social_care_group", group)
    for at, name in enumerate(names[1:], start=1):
        whole = printed[:, 0] if at <= 4 else printed[:, 2]
        share = as_text(half_up(printed[:, at], whole, dp=1), "z")
        table[f"pt_{name}"] = np.where((shown[:, at] == "c") | (whole < SMALL), "c", share)
    return table


def health_table() -> pd.DataFrame:
    """Children looked after for 12 months or more: checks, vaccinations, emotional health, convictions, misuse."""
    parts = [
        _outcomes(year, subject, whole, share, outcomes)
        for year in HEALTH_YEARS
        for subject, (whole, share, outcomes) in HEALTH.items()
    ]
    parts += [_emotional_health(year) for year in HEALTH_YEARS]
    return in_published_order(pd.concat(parts, ignore_index=True), ("characteristic",))


def _outcomes(year: int, subject: str, whole: str, share: float, outcomes: Mapping[str, float]) -> pd.DataFrame:
    rng = stream(f"{subject} {year}")
    children = np.rint(social_care.looked_after()["on_31_march"][:, YEARS.index(year)] * share).astype(np.int64)
    chances = np.array(list(outcomes.values()))
    odds = chances / (1 - chances) * _level(subject, 0.5)
    reached = rng.binomial(children[:, None], odds / (1 + odds))
    labels = [*outcomes, whole]
    return _subject_rows(year, subject, labels, np.column_stack([reached, children]), [len(outcomes)] * len(labels))


def _emotional_health(year: int) -> pd.DataFrame:
    """Scores received, as a share of children aged 5 to 16, and their bands, as shares of the scores received."""
    rng = stream(f"{EMOTIONS} {year}")
    children = np.rint(social_care.looked_after()["on_31_march"][:, YEARS.index(year)] * 0.53).astype(np.int64)
    received = rng.binomial(children, np.clip(0.78 * _level(EMOTIONS, 0.12)[:, 0], 0.3, 0.99))
    bands = rng.multinomial(received, np.array(list(SCORES.values())))
    labels = [*SCORES, "SDQ score was received", "Total ages 5 to 16 years"]
    return _subject_rows(year, EMOTIONS, labels, np.column_stack([bands, received, children]), [3, 3, 3, 4, 4])


def _subject_rows(year: int, subject: str, labels: list[str], counts: Ints, wholes: list[int]) -> pd.DataFrame:
    """One subject's outcomes by area with percentages of the outcome at `wholes`."""
    place = country()
    vintage = place.at(f"{year}-03-31")
    ids = identifiers(place, vintage, str(year), "Reporting year", OUTCOME_IDENTIFIERS)
    shown, printed = _shown(ids, vintage.roll_up(counts))
    share = as_text(half_up(printed, printed[:, wholes], dp=0), "z")
    table = ids.loc[ids.index.repeat(len(labels))].reset_index(drop=True)
    return table.assign(
        characteristic=subject,
        breakdown=labels * len(ids),
        children_count=shown.ravel(),
        children_percent=np.where((shown == "c") | (shown[:, wholes] == "c"), "c", share).ravel(),
    )
