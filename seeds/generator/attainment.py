"""Attainment with counts at both ends of childhood: the early years profile and qualifications by age 19.

Here: the headline measures of the "Early years foundation stage profile" of 2025, its closed series to
2019, and the dashboard file of "Level 2 and 3 attainment age 16 to 25". Levels are those drawn for the
synthetic LAIT, which repeats what becomes of them in whole children. Not here: attainment of pupils in
contact with social care (`social_care`) or of pupils at school (`lait`).
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from seeds.generator import lait
from seeds.generator.country import Floats, Ints, Vintage, country, stream
from seeds.generator.figures import column_names, half_up, identifiers, in_published_order
from seeds.generator.writing import csv_bytes, gzip_bytes, write

IDENTIFIERS = (
    "time_period", "time_identifier", "geographic_level", "country_code", "country_name",
    "region_code", "region_name", "old_la_code", "new_la_code", "la_name",
)  # fmt: skip
# Topic and group -> share of children, and how likely a good level of development is in it, or LAIT's measure.
Groups = dict[str, tuple[float, float | str]]
GROUPS: dict[str, Groups] = {
    "Ethnic group: major": {
        "White": (0.70, "FSP_Gooddev_White"), "Mixed/multiple ethnic groups": (0.08, "FSP_Gooddev_Mixed"),
        "Asian/Asian British": (0.11, "FSP_Gooddev_Asian"),
        "Black/African/Caribbean/Black British": (0.05, "FSP_Gooddev_Black"),
        "Other ethnic group": (0.03, "FSP_Gooddev_Other"), "Unclassified": (0.03, 0.50),
    },
    "First language": {
        "Known or believed to be English": (0.78, 0.69), "Known or believed to be other than English": (0.21, 0.63),
        "Unclassified": (0.01, 0.45),
    },
    "Free school meal eligibility": {
        "Not known to be eligible for free school meals": (0.83, "FSP_Gooddev_FSM_Other"),
        "Known to be eligible for free school meals": (0.17, "FSP_Gooddev_FSM"),
    },
    "SEN provision": {
        "No identified SEN": (0.865, 0.75), "SEN support": (0.095, "FSP_Gooddev_Without_SENSTATE"),
        "EHC plan": (0.03, "FSP_Gooddev_With_SENSTATE"),
        "Unclassified": (0.01, 0.40),
    },
    "Term of birth": {"Autumn-born": (0.34, 0.76), "Spring-born": (0.32, 0.68), "Summer-born": (0.34, 0.60)},
}  # fmt: skip
SEXES: Groups = {"Boys": (0.512, 0.61), "Girls": (0.488, 0.75)}
NEW_HEADER = column_names("""
children_number average_elgs elg_number elg_percentage comm_lang_lit_number comm_lang_lit_percentage gld_number
gld_percentage
""")
OLD_HEADER = column_names("""
number_of_children point_score average_point_score elg_number elg_percent gld_number gld_percent
comm_lang_lit_number comm_lang_lit_percent
""")
# Children who reach less and more than a good level: all goals, and communication, language and literacy.
ALL_GOALS, _COMMUNICATION = 0.97, 0.08
CHILDREN, GOALS, COMMUNICATION, GOOD = range(4)


def publish_early_years(folder: Path) -> list[Path]:
    return [
        write(folder / "1_eyfsp_headline_measures_2025.csv.gz", gzip_bytes(csv_bytes(profile_table()))),
        write(folder / "APS_GLD_ELG_EXP_2017_2019.csv.gz", gzip_bytes(csv_bytes(profile_to_2019_table()))),
    ]


def _whole(children: Ints, percent: Floats) -> Ints:
    """Children, all goals, communication and good level by authority (153 x 4)."""
    good = np.rint(children * percent / 100).astype(np.int64)
    goals = np.rint(good * ALL_GOALS).astype(np.int64)
    communication = good + np.rint((children - good) * _COMMUNICATION).astype(np.int64)
    return np.column_stack([children, goals, communication, good])


def _split(whole: Ints, groups: Groups, rng: np.random.Generator) -> Ints:
    """The whole divided among groups (153 x groups x 4), so that each measure adds up to it.

    The largest group takes what rounding leaves, so it comes first in `groups`.
    """
    share = np.array([of_all for of_all, _ in groups.values()])
    levels = [lait.last_values(one) / 100 if isinstance(one, str) else one for _, one in groups.values()]
    chance = np.column_stack([np.broadcast_to(level, len(whole)) for level in levels])
    children = rng.multinomial(whole[:, CHILDREN], share / share.sum())
    good = _allotted(whole[:, GOOD], children * chance, children)
    fewer = _allotted(whole[:, GOOD] - whole[:, GOALS], good.astype(float), good)
    more = _allotted(whole[:, COMMUNICATION] - whole[:, GOOD], (children - good).astype(float), children - good)
    return np.stack([children, good - fewer, good + more, good], axis=2)


def _allotted(total: Ints, weight: Floats, most: Ints) -> Ints:
    """`total` by authority in proportion to `weight`, no group above `most` while the others have room."""
    sums = weight.sum(axis=1, keepdims=True)
    exact = np.divide(weight * total[:, None], sums, out=np.zeros_like(weight), where=sums > 0)
    parts = np.minimum(np.floor(exact).astype(np.int64), most)
    for group in range(parts.shape[1]):
        left = total - parts.sum(axis=1)
        parts[:, group] += np.minimum(left, most[:, group] - parts[:, group])
    return parts


def profile_table() -> pd.DataFrame:
    """The profile of 2024/25 by topic and group, and the whole by sex."""
    place, rng = country(), stream("early years profile")
    vintage = place.at("2025-08-31")
    whole = _whole(np.rint(place.children * 0.052).astype(np.int64), lait.last_values("FSP_NEW_GOODDEV"))
    ids = identifiers(place, vintage, "202425", "Academic year", IDENTIFIERS).assign(lad_code="", lad_name="")
    parts = [_profile_rows(ids, vintage, whole, "Total", "Total", "Total")]
    by_sex = _split(whole, SEXES, rng)
    parts += [_profile_rows(ids, vintage, by_sex[:, at], "Total", "Total", sex) for at, sex in enumerate(SEXES)]
    for topic, groups in GROUPS.items():
        counts = _split(whole, groups, rng)
        parts += [_profile_rows(ids, vintage, counts[:, at], topic, group, "Total") for at, group in enumerate(groups)]
        if topic == "SEN provision":
            parts.append(_profile_rows(ids, vintage, counts[:, 1:3].sum(axis=1), topic, "All SEN", "Total"))
    table = in_published_order(pd.concat(parts, ignore_index=True))
    return table[[*IDENTIFIERS, "lad_code", "lad_name", "characteristic", "characteristic_type", "gender", *NEW_HEADER]]


def _profile_rows(ids: pd.DataFrame, vintage: Vintage, counts: Ints, topic: str, group: str, sex: str) -> pd.DataFrame:
    """One group's rows; the real file names the topic `characteristic` and the group `characteristic_type`."""
    rolled = vintage.roll_up(counts)
    children = rolled[:, CHILDREN]
    rows = ids.assign(characteristic=topic, characteristic_type=group, gender=sex, children_number=children)
    goals = 6.5 + 11.5 * rolled[:, GOOD] / np.maximum(children, 1)
    rows["average_elgs"] = [f"{value:.1f}" if of else "z" for value, of in zip(goals, children, strict=True)]
    for at, name in ((GOALS, "elg"), (COMMUNICATION, "comm_lang_lit"), (GOOD, "gld")):
        rows[f"{name}_number"] = rolled[:, at]
        rows[f"{name}_percentage"] = _six_places(half_up(rolled[:, at], children, dp=1))
    return rows


def _six_places(values: Floats) -> list[str]:
    return ["z" if np.isnan(value) else f"{value:.6f}" for value in values]


def profile_to_2019_table() -> pd.DataFrame:
    """The earlier profile, 2016/17 to 2018/19, by sex, newest first; national rows have a space for no area."""
    place, rng = country(), stream("early years profile to 2019")
    level = lait.values_by_authority("FSP_NEW_GOODDEV")[2019].to_numpy() + 3.6
    parts = []
    for year in (2019, 2018, 2017):
        vintage = place.at(f"{year}-08-31")
        ids = identifiers(place, vintage, f"{year - 1}{year % 100:02d}", "Academic year", IDENTIFIERS)
        percent = np.clip(level - 0.5 * (2019 - year) + rng.normal(0, 0.6, place.size), 40, 95)
        whole = _whole(np.rint(place.children * 0.0535).astype(np.int64), percent)
        by_sex = _split(whole, SEXES, rng)
        of_year = [_old_rows(ids, vintage, whole, "Total")]
        of_year += [_old_rows(ids, vintage, by_sex[:, at], sex) for at, sex in enumerate(SEXES)]
        parts.append(in_published_order(pd.concat(of_year, ignore_index=True)))
    table = pd.concat(parts, ignore_index=True)
    table["geographic_level"] = table["geographic_level"].replace({"Local authority": "Local Authority"})
    places = list(IDENTIFIERS[5:])
    table[places] = table[places].mask(table[places] == "", " ")
    return table[["time_identifier", "time_period", *IDENTIFIERS[2:], "gender", *OLD_HEADER]]


def _old_rows(ids: pd.DataFrame, vintage: Vintage, counts: Ints, sex: str) -> pd.DataFrame:
    rolled = vintage.roll_up(counts)
    children = rolled[:, CHILDREN]
    points = np.rint(children * 22.0 + rolled[:, GOOD] * 17.5).astype(np.int64)
    rows = ids.assign(gender=sex, number_of_children=children, point_score=points)
    rows["average_point_score"] = half_up(points, children, dp=1, multiplier=1)
    for at, name in ((GOALS, "elg"), (GOOD, "gld"), (COMMUNICATION, "comm_lang_lit")):
        rows[f"{name}_number"], rows[f"{name}_percent"] = rolled[:, at], half_up(rolled[:, at], children, dp=1)
    return rows


# --- qualifications by age 19 -----------------------------------------------------------------------------

LEVELS_HEADER = column_names("""
cohort_19_in number_in_ss_cohort region la_code_9 la_code_3 la_name gender fsm sen l2_by19 l2_with_em_by19 l3_by19
l2_em_by16 l2_em_by19_belowat16 l2_by19_rate l2_with_em_by19_rate l3_by19_rate l2_em_by19_belowat16_rate
""")
COHORTS, TOO_YOUNG = (2021, 2022, 2023, 2024), (2025,)
# Published SEN group -> LAIT's level 2, level 2 with English and mathematics, level 3; share of the cohort;
# how many who lack English and mathematics at 16 have them by 19.
SEN_AT_15 = {
    "No SEN": (("Age19_NoNSEN", "Age19_NoNSEN_L2EM", "Age19_NoNSEN_L3"), 0.845, 0.40),
    "SEN with statements or EHC plans": (("Age19_SEN-S", "Age19_SEN-S_L2EM", "Age19_SEN-S_L3"), 0.042, 0.11),
    "SEN without statements or EHC plans": (("Age19_SENwoS", "Age19_SENwoS_L2EM", "Age19_SENwoS_L3"), 0.113, 0.25),
}
COHORT, LEVEL_2, ENGLISH_MATHS, LEVEL_3, BY_16, AFTER_16 = range(6)


def publish_qualifications(folder: Path) -> list[Path]:
    name = f"LA_Dashboard_{COHORTS[-1]}_without_Scilly.csv.gz"
    return [write(folder / name, gzip_bytes(csv_bytes(qualifications_table())))]


def qualifications_table() -> pd.DataFrame:
    """Cohorts that are 19, and one that is not yet and stands with 0; without the Isles of Scilly and the City."""
    place = country()
    parts = []
    for year in (*COHORTS, *TOO_YOUNG):
        rng = stream(f"qualifications of {year}")
        by_sen = _by_sen(min(year, COHORTS[-1]), rng)
        if year in TOO_YOUNG:
            by_sen[:, :, [LEVEL_2, ENGLISH_MATHS, LEVEL_3, AFTER_16]] = 0
        vintage = place.at(f"{year}-03-31")
        parts += [_level_rows(vintage, year, counts, group) for group, counts in _cuts(by_sen, rng).items()]
    table = pd.concat(parts, ignore_index=True)
    table = table[~table["la_code_3"].isin(lait.TOO_SMALL)]
    return table[list(LEVELS_HEADER)]


def _by_sen(year: int, rng: np.random.Generator) -> Ints:
    """The six counts by authority and SEN group (153 x 3 x 6)."""
    place = country()
    shares = np.array([share for _, share, _ in SEN_AT_15.values()])
    young = rng.multinomial(np.rint(place.children * 0.049).astype(np.int64), shares / shares.sum())
    result = np.zeros((place.size, len(SEN_AT_15), 6), dtype=np.int64)
    for at, (measures, _, second_chance) in enumerate(SEN_AT_15.values()):
        cohort = young[:, at]
        level_2, both, level_3 = (
            np.rint(cohort * lait.values_by_authority(short)[year].to_numpy() / 100).astype(np.int64)
            for short in measures
        )
        by_16 = rng.binomial(np.minimum(both, level_2), 0.83)
        after = rng.binomial(cohort - by_16, second_chance)
        columns = [cohort, level_2, np.minimum(both, level_2), np.minimum(level_3, level_2), by_16, after]
        result[:, at] = np.column_stack(columns)
    return result


def _cuts(by_sen: Ints, rng: np.random.Generator) -> dict[tuple[str, str, str], Ints]:
    """(sex, free meals, SEN) -> counts by authority; the parts of each cut add up to the whole."""
    whole = by_sen.sum(axis=1)
    cuts = {("ALL", "ALL", "ALL"): whole}
    cuts |= {("ALL", "ALL", name): by_sen[:, at] for at, name in enumerate(SEN_AT_15)}
    for first, second, share, likelihood in (
        (("ALL", "Not eligible for FSM", "ALL"), ("ALL", "Eligible for FSM", "ALL"), 0.86, 1.04),
        (("Female", "ALL", "ALL"), ("Male", "ALL", "ALL"), 0.49, 1.03),
    ):
        part = np.empty_like(whole)
        part[:, COHORT] = rng.binomial(whole[:, COHORT], share)
        for at in (LEVEL_2, ENGLISH_MATHS, LEVEL_3, BY_16, AFTER_16):
            part[:, at] = np.rint(whole[:, at] * share * likelihood).astype(np.int64)
        part[:, 1:] = np.clip(part[:, 1:], whole[:, 1:] - (whole[:, :1] - part[:, :1]), part[:, :1]).clip(0)
        cuts |= {first: part, second: whole - part}
    return cuts


def _level_rows(vintage: Vintage, year: int, counts: Ints, group: tuple[str, str, str]) -> pd.DataFrame:
    """Authorities, regions and England; the file names no code of a region and writes `ALL` for every whole."""
    rolled = vintage.roll_up(counts)
    areas = vintage.areas
    regions = [
        name.replace("Yorkshire and The Humber", "Yorkshire and the Humber") for name in country().regions["area_name"]
    ]
    blank = ["ALL"] * 10
    rows = pd.DataFrame(
        {
            "cohort_19_in": year,
            "number_in_ss_cohort": rolled[:, COHORT],
            "region": [regions[at] for at in vintage.region] + regions + ["ALL"],
            "la_code_9": [*areas["area_code"], *blank],
            "la_code_3": [*areas["dfe_code"], *blank],
            "la_name": [*areas["area_name"], *blank],
        }
    )
    rows["gender"], rows["fsm"], rows["sen"] = group
    names = ("l2_by19", "l2_with_em_by19", "l3_by19", "l2_em_by16", "l2_em_by19_belowat16")
    for at, name in enumerate(names, start=LEVEL_2):
        rows[name] = rolled[:, at]
    for name in names[:3]:
        rows[f"{name}_rate"] = _ten_digits(rows[name], rows["number_in_ss_cohort"])
    without = rows["number_in_ss_cohort"] - rows["l2_em_by16"]
    rows["l2_em_by19_belowat16_rate"] = _ten_digits(rows["l2_em_by19_belowat16"], without)
    return rows


def _ten_digits(part: pd.Series, whole: pd.Series) -> list[str]:
    """Percentages with ten significant digits, as the real file prints them; 0 of nobody is 0."""
    return [f"{100 * top / bottom:.10g}" if bottom else "0" for top, bottom in zip(part, whole, strict=True)]
