"""Participation of young people of 16 and 17: the authorities' dashboard file "NEET or not known".

Here: the fifty columns of that file for 2025. The shares not in education, employment or training are
those of the synthetic LAIT, so that the two publications agree. Not here: level 2 and 3 by age 19.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from seeds.generator import lait, population
from seeds.generator.country import Floats, Ints, Vintage, country, stream
from seeds.generator.figures import LEVELS, as_text, column_names, half_up, identifiers, in_published_order
from seeds.generator.social_care import IDENTIFIERS
from seeds.generator.writing import csv_bytes, write

HEADER = column_names("""
Age Cohort_DJFavg NEET_not_known_percent NEET_percent Notknown_percent annual_change_ppts_NEET_not_known
annualchange_NEET annualchange_notknown cohort_March TOTAL_participating_in_education_and_training_percent
Full_time_education_percent Apprenticeship_percent Other_education_and_training_percent
annual_change_Participation_in_education_training annual_change_FTE annual_change_apprenticeship
annual_change_other_education_training September_guarantee_Offer_made_percent
September_guarantee_annual_change_ppts cohort_noSEN_percent NEET_NK_noSEN_percent cohort_EHCP_percent
NEET_NK_EHCP_percent cohort_SENDsupport_percent NEET_NK_SENDsupport_percent VG_cohort_DJF_avg
VG_cohort_percentage VG_NEET_NK_percentage Level_3 L2_em_GCSE_othL2 avg_att8 pt_l2basics_94
sess_overall_percent sess_overall_percent_pa_10_exact Age1617_ONS_population NEET_NK_quintile NEET_quintile
Notknown_quintile Participation_ET_quintile Sep_guarantee_quintile
""")
TOO_FEW = ("E06000053", "E09000001")


def publish(folder: Path) -> list[Path]:
    return [write(folder / "UD_NEETNK_LA_dashboard_2025_final.csv", csv_bytes(table()))]


def _counts() -> dict[str, Ints]:
    """Young people by authority: the cohort and its parts, whole numbers that add up."""
    place = country()
    rng = stream("participation")
    cohort = np.rint(place.children * 0.1065).astype(np.int64)
    neet, unknown, taking_part = (
        np.rint(cohort * lait.last_values(short) / 100).astype(np.int64)
        for short in ("16-17 NEET", "16-17_not known", "16-17Ed&Training")
    )
    neither_known = neet + unknown
    taking_part = np.minimum(taking_part, cohort - neither_known)
    plans = rng.binomial(cohort, 0.048)
    support = rng.binomial(cohort - plans, 0.085)
    chance = neither_known / np.maximum(cohort, 1)
    plan_out = rng.binomial(plans, np.clip(1.9 * chance, 0, 0.5))
    support_out = rng.binomial(support, np.clip(1.7 * chance, 0, 0.5))
    apprentices = rng.binomial(taking_part, np.clip(0.05 * np.exp(0.4 * rng.standard_normal(place.size)), 0.01, 0.15))
    other = rng.binomial(taking_part - apprentices, 0.022)
    vulnerable = rng.binomial(cohort, 0.026)
    return {
        "cohort": cohort, "out": neither_known, "neet": neet, "unknown": unknown, "plans": plans,
        "support": support, "none": cohort - plans - support, "plans_out": plan_out, "support_out": support_out,
        "none_out": np.maximum(neither_known - plan_out - support_out, 0), "part": taking_part,
        "apprentices": apprentices, "other": other, "full_time": taking_part - apprentices - other,
        "offers": rng.binomial(cohort, np.clip(0.945 + 0.02 * rng.standard_normal(place.size), 0.8, 0.995)),
        "vulnerable": vulnerable, "vulnerable_out": rng.binomial(vulnerable, 0.25),
        "residents": population.residents()[:, :, 16:18].sum(axis=(1, 2)),
    }  # fmt: skip


def table() -> pd.DataFrame:
    """All rows: England and regions add up the authorities' counts."""
    place = country()
    vintage = place.at("2025-03-31")
    total = {name: vintage.roll_up(values) for name, values in _counts().items()}
    frame = identifiers(place, vintage, "2025", "Calendar year", IDENTIFIERS)
    frame["Age"] = "16-17"
    frame["Cohort_DJFavg"] = total["cohort"]
    frame["cohort_March"] = total["cohort"]
    frame["VG_cohort_DJF_avg"] = total["vulnerable"]
    frame["Age1617_ONS_population"] = total["residents"]
    shares = {
        "NEET_not_known_percent": ("out", "cohort"), "NEET_percent": ("neet", "cohort"),
        "Notknown_percent": ("unknown", "cohort"),
        "TOTAL_participating_in_education_and_training_percent": ("part", "cohort"),
        "Full_time_education_percent": ("full_time", "cohort"), "Apprenticeship_percent": ("apprentices", "cohort"),
        "Other_education_and_training_percent": ("other", "cohort"),
        "September_guarantee_Offer_made_percent": ("offers", "cohort"), "cohort_noSEN_percent": ("none", "cohort"),
        "NEET_NK_noSEN_percent": ("none_out", "none"), "cohort_EHCP_percent": ("plans", "cohort"),
        "NEET_NK_EHCP_percent": ("plans_out", "plans"), "cohort_SENDsupport_percent": ("support", "cohort"),
        "NEET_NK_SENDsupport_percent": ("support_out", "support"), "VG_cohort_percentage": ("vulnerable", "cohort"),
        "VG_NEET_NK_percentage": ("vulnerable_out", "vulnerable"),
    }  # fmt: skip
    printed = {name: half_up(total[top], total[bottom], dp=1) for name, (top, bottom) in shares.items()}
    for name, values in printed.items():
        frame[name] = as_text(values, "z")
    _changes(frame)
    _attainment(frame, vintage)
    _quintiles(frame, printed)
    frame = frame[~frame["new_la_code"].isin(TOO_FEW)].reset_index(drop=True)
    return in_published_order(frame)[[*IDENTIFIERS, *HEADER]]


def _changes(frame: pd.DataFrame) -> None:
    """Changes in percentage points since the year before, of which there is no file."""
    rng = stream("changes in participation")
    names = [name for name in HEADER if "change" in name]
    for name in names:
        frame[name] = as_text(np.rint(10 * rng.normal(0, 0.5, len(frame))) / 10 + 0.0)


def _attainment(frame: pd.DataFrame, vintage: Vintage) -> None:
    """Attainment and absence of the whole age group, from its levels in LAIT."""
    place = country()
    weights = place.children.astype(float)
    columns = {
        "avg_att8": "AVG_Attain8_Score",
        "sess_overall_percent": "SecTotAbs",
        "sess_overall_percent_pa_10_exact": "TotPerAbNew",
    }
    values: dict[str, Floats] = {name: lait.last_values(short) for name, short in columns.items()}
    values["pt_l2basics_94"] = values["avg_att8"] * 1.42
    values["Level_3"] = values["avg_att8"] * 1.24
    values["L2_em_GCSE_othL2"] = values["avg_att8"] * 0.74
    for name, level in values.items():
        sums = vintage.roll_up(np.column_stack([level * weights, weights]))
        frame[name] = as_text(np.floor(10 * sums[:, 0] / sums[:, 1] + 0.5) / 10)


def _quintiles(frame: pd.DataFrame, printed: dict[str, Floats]) -> None:
    """The authority's fifth, 1 the best; `z` for regions and England."""
    local = (frame["geographic_level"] == LEVELS[0]).to_numpy()
    measures = {
        "NEET_NK_quintile": printed["NEET_not_known_percent"], "NEET_quintile": printed["NEET_percent"],
        "Notknown_quintile": printed["Notknown_percent"],
        "Participation_ET_quintile": -printed["TOTAL_participating_in_education_and_training_percent"],
        "Sep_guarantee_quintile": -printed["September_guarantee_Offer_made_percent"],
    }  # fmt: skip
    for name, values in measures.items():
        edges = np.nanquantile(values[local], (0.2, 0.4, 0.6, 0.8))
        frame[name] = np.where(local, (1 + np.searchsorted(edges, np.nan_to_num(values))).astype(str), "z")
