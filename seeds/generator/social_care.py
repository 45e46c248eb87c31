"""Children in need, children looked after, and how both fare at school.

Here: tables b1 and b2 of "Children in need", the numbers and rates of "Children looked after" and the
absence, key stage 2 and key stage 4 tables of "Outcomes for children in need". Not here: why children need
help, their special educational needs and their health (`social_care_needs`), children of the whole
population (`population`) or attainment of pupils with SEN (`lait`).

As in the real files, counts of regions and England are rounded to 10, small counts of authorities are
`c`, and percentages are of the printed counts.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from seeds.generator import population
from seeds.generator.country import Floats, Ints, Vintage, country, register, stream
from seeds.generator.figures import (
    LEVELS,
    as_text,
    column_names,
    expand,
    half_up,
    identifiers,
    in_published_order,
    round_to,
)
from seeds.generator.writing import csv_bytes, gzip_bytes, write

IDENTIFIERS = (
    "time_period", "time_identifier", "geographic_level", "country_code", "country_name",
    "region_code", "region_name", "old_la_code", "new_la_code", "la_name",
)  # fmt: skip
OUTCOME_IDENTIFIERS = (*IDENTIFIERS[:8], "la_name", "new_la_code")
YEARS = (2020, 2021, 2022, 2023, 2024, 2025)
SMALL = 6
"""Counts under this are printed as `c` for an authority, unless they are 0."""
GROUPS = {"CINO at 31 March": 0.30, "CLA 12 months at 31 March": 0.415, "CPPO at 31 March": 0.66}

NOT_RETURNED_2021 = "E09000012"
"""Hackney has no figures on children in need for 2021."""
UNRELIABLE_2024 = "E06000019"
"""Herefordshire's of 2024 are of low reliability."""


@cache
def in_need() -> dict[str, Ints]:
    """Children in need by authority and year (153 x 6): at 31 March, started, ended, unassessed."""
    place = country()
    rng = stream("children in need")
    rate = 0.0325 * np.exp(0.22 * place.deprivation + 0.16 * rng.standard_normal(place.size))
    drift = np.exp(np.cumsum(rng.normal(0.0, 0.035, (place.size, len(YEARS) + 1)), axis=1))
    children = population.children()[:, [population.YEARS.index(2018), *range(7, 13)]]
    stock = np.rint(children * rate[:, None] * drift).astype(np.int64)
    started = np.rint(stock[:, 1:] * np.exp(rng.normal(-0.02, 0.10, (place.size, len(YEARS))))).astype(np.int64)
    ended = np.maximum(stock[:, :-1] + started - stock[:, 1:], 0)
    waiting = rng.binomial(stock[:, 1:], 0.04 * np.exp(rng.normal(0, 0.4, (place.size, 1))).clip(0.2, 3))
    return {"at_31_march": stock[:, 1:], "started": started, "ended": ended, "waiting": waiting}


@cache
def looked_after() -> dict[str, Ints]:
    """Children looked after by authority and year (153 x 6): on 31 March, starting and ceasing."""
    place = country()
    rng = stream("children looked after")
    rate = 0.0064 * np.exp(0.30 * place.deprivation + 0.20 * rng.standard_normal(place.size))
    drift = np.exp(np.cumsum(rng.normal(0.0, 0.03, (place.size, len(YEARS) + 1)), axis=1))
    children = population.children()[:, [population.YEARS.index(2018), *range(7, 13)]]
    stock = np.rint(children * rate[:, None] * drift).astype(np.int64)
    starting = np.rint(stock[:, 1:] * np.exp(rng.normal(-0.93, 0.15, (place.size, len(YEARS))))).astype(np.int64)
    ceasing = np.maximum(stock[:, :-1] + starting - stock[:, 1:], 0)
    return {"on_31_march": stock[:, 1:], "starting": starting, "ceasing": ceasing}


def _printed(ids: pd.DataFrame, counts: Ints) -> Ints:
    """Counts by area (axis 0) as printed: regions and England rounded to 10."""
    upper = (ids["geographic_level"] != LEVELS[0]).to_numpy()
    shaped = upper.reshape((-1, *[1] * (counts.ndim - 1)))
    return np.where(shaped, round_to(counts, 10), counts)


def _hidden(table: pd.DataFrame, column: str) -> NDArray[np.bool_]:
    small = table[column].between(1, SMALL - 1) & (table["geographic_level"] == LEVELS[0])
    return small.to_numpy()


def children_in_need_table() -> pd.DataFrame:
    """Table b1: episodes and children at any point, starting, ending, and at 31 March."""
    place, figures = country(), in_need()
    parts = []
    for at, year in reversed(list(enumerate(YEARS))):
        vintage = place.at(f"{year}-03-31")
        ids = identifiers(place, vintage, str(year), "Reporting year", IDENTIFIERS)
        stock, started, ended, waiting = (
            figures[name][:, at] for name in ("at_31_march", "started", "ended", "waiting")
        )
        ids["category"] = "Children in Need"
        # A child can have several episodes of need in a year.
        by_name = {
            "Anypoint_episodes": stock + ended, "Anypoint_child": (stock + ended) * 932 // 1000,
            "Started_episodes": started, "Started_child": started * 936 // 1000,
            "Ended_episodes": ended, "Ended_child": ended * 944 // 1000,
            "At31_episodes": stock, "awaiting_assessment": waiting,
        }  # fmt: skip
        for name, counts in by_name.items():
            ids[name] = _printed(ids, vintage.roll_up(counts))
        parts.append(in_published_order(ids))
    table = pd.concat(parts, ignore_index=True)
    columns = list(table.columns[len(IDENTIFIERS) + 1 :])
    hidden = {column: _hidden(table, column) for column in columns}
    table = table.astype(dict.fromkeys(columns, object))
    for column in columns:
        table.loc[hidden[column], column] = "c"
    mark(table, columns)
    return table


def mark(table: pd.DataFrame, columns: Sequence[str]) -> None:
    """Writes the two authorities' gaps over their figures."""
    for code, year, symbol in ((NOT_RETURNED_2021, "2021", "x"), (UNRELIABLE_2024, "2024", "u")):
        table.loc[(table["new_la_code"] == code) & (table["time_period"] == year), list(columns)] = symbol


DISABILITIES = {
    "Autism": 0.44, "Behaviour": 0.19, "Communication": 0.16, "Consciousness": 0.035, "Hand_Function": 0.017,
    "Hearing": 0.037, "Incontinence": 0.04, "Learning_Difficulties": 0.34, "Mobility": 0.127, "Personal_care": 0.051,
    "Vision": 0.057, "Other": 0.19,
}  # fmt: skip


def disability_table() -> pd.DataFrame:
    """Table b2: children in need with a recorded disability and the shares of its kinds; to 2024."""
    place, figures = country(), in_need()
    rng = stream("disability")
    level = np.clip(0.135 * np.exp(0.25 * rng.standard_normal(place.size)), 0.03, 0.4)
    parts = []
    for at, year in reversed(list(enumerate(YEARS[:-1]))):
        vintage = place.at(f"{year}-03-31")
        ids = identifiers(place, vintage, str(year), "Reporting year", IDENTIFIERS)
        stock = figures["at_31_march"][:, at]
        recorded = rng.binomial(stock, level)
        kinds = np.column_stack([rng.binomial(recorded, chance) for chance in DISABILITIES.values()])
        printed = _printed(ids, vintage.roll_up(np.column_stack([stock, recorded, kinds])))
        ids["category"] = "Recorded disability"
        ids["At31_episodes"], ids["At31_episodes_disability_recorded"] = printed[:, 0], printed[:, 1]
        ids["At31_episodes_disability_recorded_percent"] = half_up(printed[:, 1], printed[:, 0], dp=1)
        for position, kind in enumerate(DISABILITIES):
            share = half_up(printed[:, 2 + position], printed[:, 1], dp=1)
            local = (ids["geographic_level"] == LEVELS[0]).to_numpy()
            few = local & (printed[:, 2 + position] > 0) & (printed[:, 2 + position] < SMALL)
            ids[f"{kind}_percent"] = np.where(few, "c", as_text(share, "z"))
        parts.append(in_published_order(ids))
    table = pd.concat(parts, ignore_index=True)
    columns = list(table.columns[len(IDENTIFIERS) + 1 :])
    few = _hidden(table, "At31_episodes_disability_recorded")
    of_all = "At31_episodes_disability_recorded_percent"
    table[of_all] = as_text(table[of_all].to_numpy(), "z")
    table = table.astype(dict.fromkeys(columns, object))
    table.loc[few, columns[1:]] = "c"
    mark(table, columns)
    return table


POPULATION_TYPES = {
    "Children ceasing to be looked after each year": "ceasing",
    "Children looked after on 31 March each year": "on_31_march",
    "Children starting to be looked after each year": "starting",
}


def looked_after_table() -> pd.DataFrame:
    """Children looked after and their rates per 10,000; each area's population is of the mid-year before.

    Cumbria and its successors have rows in every year, with `x` and `z` where they did not exist.
    """
    place, figures = country(), looked_after()
    parts = []
    for at, year in reversed(list(enumerate(YEARS))):
        if year == 2020:
            continue
        vintage = place.at(f"{year}-03-31")
        ids = identifiers(place, vintage, str(year), "Reporting year", OUTCOME_IDENTIFIERS)
        children = vintage.roll_up(population.children()[:, population.YEARS.index(year - 1)])
        counts = _printed(
            ids, vintage.roll_up(np.column_stack([figures[name][:, at] for name in POPULATION_TYPES.values()]))
        )
        base = np.broadcast_to(children[:, None], counts.shape)
        values = {
            "population_estimate": base,
            "children_count": counts,
            "rate_per_10000": half_up(counts, base, 0, 10_000),
        }
        table = expand(ids, {"population_type": list(POPULATION_TYPES)}, values)
        few = _hidden(table, "children_count")
        table["rate_per_10000"] = as_text(table["rate_per_10000"].to_numpy(), "z")
        table = table.astype({"children_count": object, "population_estimate": object})
        table.loc[few, ["children_count", "rate_per_10000"]] = "c"
        table = pd.concat([table, _not_in_being(table, year)], ignore_index=True)
        parts.append(in_published_order(table, ("population_type",)))
    return pd.concat(parts, ignore_index=True)


def _not_in_being(table: pd.DataFrame, year: int) -> pd.DataFrame:
    codes = ("E06000063", "E06000064") if year <= 2023 else ("E10000006",)
    pattern = table[table["new_la_code"] == "E08000010"]
    rows = []
    for code in codes:
        area = register().loc[code]
        names = {"old_la_code": area["dfe_code"], "la_name": area["area_name"], "new_la_code": code}
        rows.append(pattern.assign(**names, population_estimate="x", children_count="z", rate_per_10000="z"))
    return pd.concat(rows)


PHASES = (
    "Total",
    "State-funded secondary",
    "State-funded primary",
    "State-funded alternative provision school",
    "Special",
)
_PHASE_SHARE = np.array([0.37, 0.42, 0.02, 0.19])
# Sessions missed with and without leave, and pupils missing a tenth and a half, by type of school.
_AUTHORISED = np.array([0.11, 0.064, 0.247, 0.109])
_UNAUTHORISED = np.array([0.144, 0.045, 0.278, 0.033])
_PERSISTENT = np.array([0.61, 0.343, 0.923, 0.375])
_SEVERE = np.array([0.20, 0.033, 0.545, 0.075])
_GROUP_LEVEL = {"CINO at 31 March": 1.0, "CLA 12 months at 31 March": 0.52, "CPPO at 31 March": 1.25}


@cache
def groups() -> dict[str, Ints]:
    """Pupils of school age in each social care group by authority and year (153 x 6)."""
    place = country()
    rng = stream("social care groups")
    own = np.exp(rng.normal(0, 0.06, (place.size, 1)))
    protected = np.rint(in_need()["at_31_march"] * 0.122 * np.exp(0.15 * rng.standard_normal((place.size, 1))))
    base = {"CINO at 31 March": in_need()["at_31_march"], "CLA 12 months at 31 March": looked_after()["on_31_march"],
            "CPPO at 31 March": protected}  # fmt: skip
    return {name: np.rint(base[name] * share * own).astype(np.int64) for name, share in GROUPS.items()}


def absence_table() -> pd.DataFrame:
    """Absence of the three groups by type of school; 2019/20 was not published."""
    place = country()
    rng = stream("absence of groups")
    habit = np.exp(0.06 * place.deprivation - 0.04 * place.outcomes + 0.08 * rng.standard_normal(place.size))
    parts = []
    for at, year in reversed(list(enumerate(YEARS))):
        vintage = place.at(f"{year}-03-31")
        for group in GROUPS:
            pupils = rng.multinomial(groups()[group][:, at], _PHASE_SHARE)
            level = _GROUP_LEVEL[group] * habit[:, None] * (0.95 + 0.02 * (year - 2022))
            possible = pupils * 352 + rng.binomial(pupils * 6, 0.5)
            counts = {
                "t_pupils": pupils,
                "t_sess_possible": possible,
                "t_sess_authorised": rng.binomial(possible, np.clip(_AUTHORISED * level, 0, 0.45)),
                "t_sess_unauthorised": rng.binomial(possible, np.clip(_UNAUTHORISED * level, 0, 0.45)),
                "t_pupils_pa_10_exact": rng.binomial(pupils, np.clip(_PERSISTENT * level**0.9, 0, 0.97)),
            }
            severe = np.clip(_SEVERE * level / np.clip(_PERSISTENT * level**0.9, 0.01, 0.97), 0, 0.95)
            counts["t_pupils_pa_50_exact"] = rng.binomial(counts["t_pupils_pa_10_exact"], severe)
            counts["t_sess_overall"] = counts["t_sess_authorised"] + counts["t_sess_unauthorised"]
            ids = identifiers(place, vintage, f"{year - 1}{year % 100:02d}", "Academic year", OUTCOME_IDENTIFIERS)
            rolled = {
                name: _printed(ids, vintage.roll_up(np.column_stack([values.sum(axis=1), values])))
                for name, values in counts.items()
            }
            filters = {
                "absence_terms": ["six half terms"] * 5,
                "social_care_group": [group] * 5,
                "phase_type_grouping": PHASES,
            }
            parts.append(expand(ids, filters, rolled))
    return _absence_columns(pd.concat(parts, ignore_index=True))


_ABSENCE_SHARES = {
    "pt_overall": ("t_sess_overall", "t_sess_possible"), "pt_sess_authorised": ("t_sess_authorised", "t_sess_possible"),
    "pt_sess_unauthorised": ("t_sess_unauthorised", "t_sess_possible"),
    "pt_pupils_pa_10_exact": ("t_pupils_pa_10_exact", "t_pupils"),
    "pt_pupils_pa_50_exact": ("t_pupils_pa_50_exact", "t_pupils"),
}  # fmt: skip


ABSENCE_HEADER = column_names("""
t_pupils t_sess_possible t_sess_overall pt_overall t_sess_authorised pt_sess_authorised t_sess_unauthorised
pt_sess_unauthorised t_pupils_pa_10_exact pt_pupils_pa_10_exact t_pupils_pa_50_exact pt_pupils_pa_50_exact
""")


def _absence_columns(table: pd.DataFrame) -> pd.DataFrame:
    few, few_persistent, few_severe = (
        _hidden(table, name) for name in ("t_pupils", "t_pupils_pa_10_exact", "t_pupils_pa_50_exact")
    )
    none = table["t_pupils"].eq(0).to_numpy()
    for share, (top, bottom) in _ABSENCE_SHARES.items():
        table[share] = as_text(half_up(table[top].to_numpy(), table[bottom].to_numpy(), dp=1), "z")
    table = table.astype(dict.fromkeys(ABSENCE_HEADER, object))
    table.loc[few_persistent, ["t_pupils_pa_10_exact", "pt_pupils_pa_10_exact"]] = "c"
    table.loc[few_severe, ["t_pupils_pa_50_exact", "pt_pupils_pa_50_exact"]] = "c"
    table.loc[few, list(ABSENCE_HEADER)] = "c"
    table.loc[none, list(ABSENCE_HEADER[1:])] = "z"
    table.loc[table["time_period"] == "201920", list(ABSENCE_HEADER)] = "x"
    fixed = [*OUTCOME_IDENTIFIERS, "absence_terms", "social_care_group", "phase_type_grouping"]
    return in_published_order(table[[*fixed, *ABSENCE_HEADER]], ("social_care_group",))


SUBJECTS = {"read": 0.44, "writta": 0.39, "mat": 0.40, "rwm": 0.30, "gps": 0.41, "scita": 0.48}
_KS2_LEVEL = {"CINO at 31 March": 0.0, "CLA 12 months at 31 March": 0.07, "CPPO at 31 March": 0.02}


def key_stage_2_table() -> pd.DataFrame:
    """Expected standards at the end of primary school; not published for 2019/20 and 2020/21."""
    place = country()
    rng = stream("key stage 2")
    lift = 0.03 * place.outcomes + 0.03 * rng.standard_normal(place.size)
    parts = []
    for at, year in reversed(list(enumerate(YEARS))):
        vintage = place.at(f"{year}-03-31")
        for group in GROUPS:
            ids = identifiers(place, vintage, f"{year - 1}{year % 100:02d}", "Academic year", OUTCOME_IDENTIFIERS)
            ids["social_care_group"] = group
            ids["version"] = "Revised" if year == YEARS[-1] else "Final"
            cohort = rng.binomial(groups()[group][:, at], 0.090)
            everyone = _printed(ids, vintage.roll_up(cohort))
            for subject, met in _met(rng, cohort, _KS2_LEVEL[group] + lift + 0.004 * (year - 2023)).items():
                _ks2_columns(
                    ids, subject, everyone, _printed(ids, vintage.roll_up(met)), published=year not in (2020, 2021)
                )
            for subject in ("read", "writta", "mat"):
                for name in _progress_names(subject):
                    ids[name] = "x"
            parts.append(ids)
    return in_published_order(pd.concat(parts, ignore_index=True), ("social_care_group",))


def _met(rng: np.random.Generator, cohort: Ints, shift: Floats) -> dict[str, Ints]:
    """Pupils at the expected standard by subject; who meets all three core subjects meets each of them."""
    all_three = rng.binomial(cohort, np.clip(SUBJECTS["rwm"] + shift, 0.02, 0.9))
    met = {}
    for subject, chance in SUBJECTS.items():
        level = np.clip(chance + shift, 0.02, 0.95)
        if subject in ("gps", "scita"):
            met[subject] = rng.binomial(cohort, level)
        elif subject == "rwm":
            met[subject] = all_three
        else:
            floor = np.clip(SUBJECTS["rwm"] + shift, 0.02, 0.9)
            met[subject] = all_three + rng.binomial(cohort - all_three, np.clip((level - floor) / (1 - floor), 0, 1))
    return met


def _progress_names(subject: str) -> tuple[str, ...]:
    stem = f"avg_{subject}_progress_score"
    return (
        f"t_{subject}_progress_eligible_pupils",
        f"t_{subject}_progress_score",
        stem,
        f"{stem}_lower_CI",
        f"{stem}_upper_CI",
    )


def _ks2_columns(ids: pd.DataFrame, subject: str, everyone: Ints, met: Ints, *, published: bool) -> None:
    """Adds one subject's three columns; few pupils, or few on either side of the standard, are `c`."""
    names = (
        f"t_{subject}_eligible_pupils",
        f"t_{subject}_met_expected_standard",
        f"pt_{subject}_met_expected_standard",
    )
    if not published:
        for name in names:
            ids[name] = "x"
        return
    local = (ids["geographic_level"] == LEVELS[0]).to_numpy()
    few = local & (everyone < SMALL) & (everyone > 0)
    sensitive = local & ~few & (np.minimum(met, everyone - met) < 3) & (everyone > 0)
    ids[names[0]] = np.where(few, "c", as_text(everyone))
    ids[names[1]] = np.where(few | sensitive, "c", np.where(everyone == 0, "z", as_text(met)))
    ids[names[2]] = np.where(few | sensitive, "c", as_text(half_up(met, everyone, dp=0), "z"))


def key_stage_4_table() -> pd.DataFrame:
    """Attainment 8, English and maths, EBacc; Progress 8 does not exist for 2019/20, 2020/21 and 2024/25."""
    place = country()
    rng = stream("key stage 4")
    lift = 1.2 * place.outcomes + 1.0 * rng.standard_normal(place.size)
    parts = []
    for at, year in reversed(list(enumerate(YEARS))):
        vintage = place.at(f"{year}-03-31")
        for group in GROUPS:
            ids = identifiers(place, vintage, f"{year - 1}{year % 100:02d}", "Academic year", OUTCOME_IDENTIFIERS)
            ids["social_care_group"] = group
            ids["version"] = "Revised" if year == YEARS[-1] else "Final"
            cohort = rng.binomial(groups()[group][:, at], 0.115 if "CLA" not in group else 0.17)
            points = np.rint(cohort * np.clip(17.6 + lift + rng.normal(0, 1.2, place.size), 5, 40) * 4).astype(np.int64)
            strong = rng.binomial(cohort, 0.097)
            counts = np.column_stack([
                cohort, points, strong, strong + rng.binomial(cohort - strong, 0.092), rng.binomial(cohort, 0.118),
                np.rint(cohort * np.clip(1.46 + 0.08 * lift, 0.2, 4) * 100).astype(np.int64),
                rng.binomial(cohort, 0.86),
            ])  # fmt: skip
            _ks4_columns(ids, vintage.roll_up(counts), year, lift, vintage)
            parts.append(ids)
    return in_published_order(pd.concat(parts, ignore_index=True), ("social_care_group",))


def _ks4_columns(ids: pd.DataFrame, counts: Ints, year: int, lift: Floats, vintage: Vintage) -> None:
    pupils = _printed(ids, counts[:, 0])
    local = (ids["geographic_level"] == LEVELS[0]).to_numpy()
    few = local & (counts[:, 0] < SMALL)
    ids["t_pupils"] = np.where(few & (pupils > 0), "c", as_text(pupils))
    ids["t_att8"] = _or_hidden(counts[:, 1] / 4, few)
    ids["avg_att8"] = _or_hidden(half_up(counts[:, 1], counts[:, 0] * 4, 1, 1), few)
    for position, name in ((2, "l2basics_95"), (3, "l2basics_94"), (4, "ebacc_e_ptq_ee")):
        reached = _printed(ids, counts[:, position])
        small = few | (local & (reached < SMALL) & (reached > 0))
        ids[f"t_{name}"] = _or_hidden(reached.astype(float), small)
        ids[f"pt_{name}"] = _or_hidden(half_up(reached, pupils, 1), small)
    ids["t_ebaccaps"] = _or_hidden(counts[:, 5] / 100, few)
    ids["avg_ebaccaps"] = _or_hidden(half_up(counts[:, 5], counts[:, 0] * 100, 2, 1), few)
    names = ("t_inp8calc", "t_p8score", "avg_p8score", "p8score_CI_low", "p8score_CI_upp")
    if year in (2020, 2021, 2025):
        for name in names:
            ids[name] = "x"
        return
    measured = counts[:, 6]
    place = country()
    weights = vintage.roll_up(np.column_stack([place.children * lift, place.children.astype(float)]))
    mean = -1.6 + 0.1 * weights[:, 0] / weights[:, 1]
    half_width = 1.96 * 1.27 / np.sqrt(np.maximum(measured, 1))
    figures = (
        measured.astype(float),
        np.rint(1000 * mean * measured) / 1000,
        mean,
        mean - half_width,
        mean + half_width,
    )
    for name, values in zip(names, figures, strict=True):
        ids[name] = _or_hidden(np.floor(values * 100 + 0.5) / 100 if name[0] in "ap" else values, few | (measured == 0))


def _or_hidden(values: Floats, hidden: NDArray[np.bool_]) -> NDArray[np.object_]:
    return np.where(hidden, "c", as_text(np.asarray(values, dtype=float) + 0.0, "z"))


def publish_children_in_need(folder: Path) -> list[Path]:
    return [
        write(folder / "b1_children_in_need_2020_to_2025.csv", csv_bytes(children_in_need_table())),
        write(
            folder / "b2_children_in_need_recorded_disability_2020_to_2024.csv",
            csv_bytes(disability_table(), crlf=True),
        ),
    ]


def publish_looked_after(folder: Path) -> list[Path]:
    content = csv_bytes(looked_after_table(), bom=True)
    return [write(folder / "cla_number_and_rate_per_10k_children.csv.gz", gzip_bytes(content))]


def publish_outcomes(folder: Path) -> list[Path]:
    return [
        write(folder / "absence_la.csv.gz", gzip_bytes(csv_bytes(absence_table()))),
        write(folder / "ks2_la.csv.gz", gzip_bytes(csv_bytes(key_stage_2_table(), bom=True))),
        write(folder / "ks4_la.csv.gz", gzip_bytes(csv_bytes(key_stage_4_table(), bom=True))),
    ]
