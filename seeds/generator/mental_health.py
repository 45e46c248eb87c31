"""NHS England's monthly files on children's mental health and suspected autism, by sub-ICB location.

Here: seven autism measures for ages 0 to 17 with two of them by age and two for ages 18 to 24, and nine of
the Mental Health Services Data Set, January 2024 to June 2025.
Not here: waits for community services (`community_waits`).

As in the real files, counts below England are rounded to 5 and `*` under 5, and shares are taken from
the counts before that rounding. A location is never an authority's.
"""

from __future__ import annotations

import calendar
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from seeds.generator.country import Floats, Ints, stream
from seeds.generator.figures import round_to
from seeds.generator.nhs_places import BOARDS, sub_icbs
from seeds.generator.writing import csv_bytes, gzip_bytes, write

MONTHS = tuple((year, month) for year in (2024, 2025) for month in range(1, 13) if (year, month) <= (2025, 6))

AUTISM = {
    "ASD11a": 'Number of open "suspected autism" referrals for those aged 0 to 17 in the month',
    "ASD12a": 'Number of new "suspected autism" referrals for those aged 0 to 17 in the month',
    "ASD16b": 'Number of patients aged 0 to 17 with an open "suspected autism" referral in the month',
    "ASD16c": (
        'Number of patients aged 0 to 17 with an open "suspected autism" referral in the month '
        "that has been open for at least 13 weeks"
    ),
}
_AFTER = (
    'Number of patients aged 0 to 17 with an open "suspected autism" referral in the month, '
    "that has been open for at least 13 weeks, "
)
AUTISM |= {
    "ASD18c": _AFTER + "receiving a first appointment in 13 weeks or less",
    "ASD18e": _AFTER + "receiving a first appointment after more than 13 weeks",
    "ASD18f": _AFTER + "that have not had a care contact appointment recorded",
}

# Age group -> the measures published by it: all ages together have ids of their own.
AUTISM_BY_AGE = {
    "Under 10": ("ASD16b", "ASD16c"),
    "10 to 17": ("ASD16b", "ASD16c"),
    "18 to 24": ("ASD16", "ASD16a"),
}
ALL_AGES = {
    "ASD16": AUTISM["ASD16b"].replace(" aged 0 to 17", ""),
    "ASD16a": AUTISM["ASD16c"].replace(" aged 0 to 17", ""),
}

MENTAL_HEALTH = {
    "MHS95": (
        "Number of CYP aged under 18 supported through NHS funded mental health "
        "with at least one contact (12 month rolling)"
    ),
    "ED86": "Referrals with eating disorder issues categorised as urgent entering treatment in RP, aged 0-18",
    "ED86a": (
        "Referrals with eating disorder issues categorised as urgent entering treatment "
        "within one week, in RP, aged 0-18"
    ),
    "ED86e": (
        "Proportion of referrals with eating disorders categorized as urgent cases entering treatment "
        "within one week in RP, aged 0-18"
    ),
    "ED87": "Referrals eating disorder issues categorised as routine entering treatment in RP, aged 0-18",
    "ED87a": (
        "Referrals with eating disorder issues categorised as routine entering treatment "
        "within one week, in RP, aged 0-18"
    ),
    "ED87e": (
        "Proportion of referrals with eating disorders categorized as routine cases entering treatment "
        "within four weeks in RP, aged 0-18"
    ),
    "MHS104": "The number of people discharged in the RP aged 0 to 17 with a length of stay of 60+ days",
    "MHS105": "The number of people discharged in the RP aged 0 to 17 with a length of stay of 90+ days",
}
OF_RESIDENCE = ("MHS95", "MHS104", "MHS105")


def publish_autism(folder: Path) -> list[Path]:
    return [write(folder / "AutismStats_subICB.csv.gz", gzip_bytes(csv_bytes(autism_table(), crlf=True)))]


def publish_mental_health(folder: Path) -> list[Path]:
    name = "MHSDS Time_Series_data_Jan_2024_JunPrf_2025.csv.gz"
    return [write(folder / name, gzip_bytes(csv_bytes(mental_health_table(), crlf=True)))]


def _last_day(year: int, month: int) -> str:
    return f"{calendar.monthrange(year, month)[1]:02d}/{month:02d}/{year}"


def _first_day(year: int, month: int, months_before: int = 0) -> str:
    index = year * 12 + month - 1 - months_before
    return f"01/{index % 12 + 1:02d}/{index // 12}"


def _below_england(counts: Ints) -> NDArray[np.object_]:
    """Rounded to 5, and `*` for counts under 5 that are not 0 (0 is hidden too, as in the real files)."""
    return np.where(counts < 5, "*", round_to(counts, 5).astype(str).astype(object))


def autism_counts() -> dict[str, Ints]:
    """Counts by location and month (106 x 18), before rounding."""
    places = sub_icbs()
    rng = stream("autism")
    shape = (len(places), len(MONTHS))
    children = places["children"].to_numpy()[:, None]
    # Some services record nearly nothing in this data set: their pathway is in community paediatrics.
    recorded = np.where(rng.random((len(places), 1)) < 0.2, 0.08, 1.0) * np.exp(rng.normal(0, 0.5, (len(places), 1)))
    recorded[places["code"].to_numpy() == "02H"] = 0.7
    growth = np.exp(0.016 * np.arange(len(MONTHS)) + np.cumsum(rng.normal(0, 0.012, shape), axis=1))
    patients = rng.poisson(children * 0.0145 * recorded * growth)
    waiting = rng.binomial(patients, np.clip(0.86 + 0.05 * rng.standard_normal((len(places), 1)), 0.6, 0.97))
    prompt = rng.binomial(waiting, 0.06)
    later = rng.binomial(waiting - prompt, 0.30)
    return {
        "ASD11a": np.rint(patients * 1.03).astype(np.int64),
        "ASD12a": rng.poisson(children * 0.0011 * recorded * np.ones(shape)),
        "ASD16b": patients,
        "ASD16c": waiting,
        "ASD18c": prompt,
        "ASD18e": later,
        "ASD18f": waiting - prompt - later,
    }


def autism_counts_by_age() -> dict[tuple[str, str], Ints]:
    """Patients with an open referral, and of them those waiting 13 weeks, by age group and measure.

    The two groups of children add up to `autism_counts`; young adults are as many as three in ten of them.
    """
    counts = autism_counts()
    rng = stream("autism by age")
    patients, waiting = counts["ASD16b"], counts["ASD16c"]
    young_waiting = rng.binomial(waiting, 0.45)
    young = young_waiting + rng.binomial(patients - waiting, 0.5)
    adults = rng.poisson(0.3 * patients)
    return {
        ("Under 10", "ASD16b"): young,
        ("Under 10", "ASD16c"): young_waiting,
        ("10 to 17", "ASD16b"): patients - young,
        ("10 to 17", "ASD16c"): waiting - young_waiting,
        ("18 to 24", "ASD16"): adults,
        ("18 to 24", "ASD16a"): rng.binomial(adults, 0.84),
    }


def autism_table() -> pd.DataFrame:
    """Each month's measures of all children, then those by age group."""
    counts, by_age = autism_counts(), autism_counts_by_age()
    parts = []
    for at in range(len(MONTHS)):
        parts += [_autism_rows(at, metric, "NONE", counts[metric][:, at]) for metric in AUTISM]
        parts += [
            _autism_rows(at, metric, group, by_age[group, metric][:, at])
            for group, metrics in AUTISM_BY_AGE.items()
            for metric in metrics
        ]
    return pd.concat(parts, ignore_index=True)


def _autism_rows(at: int, metric: str, group: str, counts: Ints) -> pd.DataFrame:
    places = sub_icbs()
    year, month = MONTHS[at]
    return pd.DataFrame(
        {
            "REPORTING_PERIOD_START": _first_day(year, month),
            "REPORTING_PERIOD_END": _last_day(year, month),
            "STATUS": "Latest Available Data",
            "BREAKDOWN": "CCG or Sub ICB Location - GP Practice or Residence"
            + ("" if group == "NONE" else "; Age Group"),
            "PRIMARY_LEVEL": places["code"],
            "PRIMARY_LEVEL_DESCRIPTION": places["name"],
            "SECONDARY_LEVEL": group,
            "SECONDARY_LEVEL_DESCRIPTION": group,
            "METRIC": metric,
            "METRIC_DESCRIPTION": (AUTISM | ALL_AGES)[metric],
            "METRIC_VALUE": _below_england(counts),
        }
    )


def mental_health_counts() -> dict[str, Ints]:
    """Counts by location and month (106 x 18); eating disorders over three months, contacts over twelve."""
    places = sub_icbs()
    rng = stream("mental health")
    shape = (len(places), len(MONTHS))
    children = places["children"].to_numpy()[:, None]
    growth = np.exp(0.004 * np.arange(len(MONTHS)) + np.cumsum(rng.normal(0, 0.006, shape), axis=1))
    access = np.exp(rng.normal(0, 0.22, (len(places), 1)))
    contacts = np.rint(children * 0.067 * access * growth).astype(np.int64)
    urgent = rng.poisson(children * 0.00004 * np.ones(shape))
    routine = rng.poisson(children * 0.00018 * np.ones(shape))
    prompt = np.clip(0.78 + 0.10 * rng.standard_normal((len(places), 1)), 0.3, 0.99)
    within_one = rng.binomial(routine, 0.27)
    stays = stream("long stays").poisson(children * 0.00005 * np.ones(shape))
    return {
        "MHS95": contacts,
        "ED86": urgent,
        "ED86a": rng.binomial(urgent, prompt),
        "ED87": routine,
        "ED87a": within_one,
        "_within_four": within_one + rng.binomial(routine - within_one, np.clip(prompt - 0.05, 0.2, 0.95)),
        "MHS104": stays,
        "MHS105": stream("longer stays").binomial(stays, 0.55),
    }


def mental_health_table() -> pd.DataFrame:
    """Rows of England, the boards and the locations; the last two months are not yet final."""
    places = sub_icbs()
    boards = list(BOARDS)
    of_board = np.array([boards.index(code) for code in places["board"]])
    rolled = {}
    for name, values in mental_health_counts().items():
        by_board = np.zeros((len(boards), values.shape[1]), dtype=np.int64)
        np.add.at(by_board, of_board, values)
        rolled[name] = {"England": values.sum(axis=0, keepdims=True), "ICB": by_board, "Sub ICB": values}
    labels = {
        "England": (["England"], ["England"]),
        "ICB": (boards, [f"NHS {name.upper()} INTEGRATED CARE BOARD" for name in BOARDS.values()]),
        "Sub ICB": (list(places["code"]), list(places["name"])),
    }
    parts = []
    for at, (year, month) in enumerate(MONTHS):
        for measure, description in MENTAL_HEALTH.items():
            for level, (codes, names) in labels.items():
                counts = {name: values[level][:, at] for name, values in rolled.items()}
                span = 11 if measure == "MHS95" else 2
                within = "of Residence" if measure in OF_RESIDENCE else "- GP Practice or Residence"
                parts.append(
                    pd.DataFrame(
                        {
                            "REPORTING_PERIOD_START": _first_day(year, month, span),
                            "REPORTING_PERIOD_END": _last_day(year, month),
                            "STATUS": "Performance" if at >= len(MONTHS) - 2 else "Final",
                            "BREAKDOWN": f"Sub ICB {within}" if level == "Sub ICB" else level,
                            "PRIMARY_LEVEL": codes,
                            "PRIMARY_LEVEL_DESCRIPTION": names,
                            "SECONDARY_LEVEL": "NONE",
                            "SECONDARY_LEVEL_DESCRIPTION": "NONE",
                            "MEASURE_ID": measure,
                            "MEASURE_NAME": f"{measure} - {description}",
                            "MEASURE_VALUE": _printed(measure, counts, level),
                        }
                    )
                )
    return pd.concat(parts, ignore_index=True)


def _printed(measure: str, counts: dict[str, Ints], level: str) -> NDArray[np.object_]:
    """A measure's values as text: shares from unrounded counts, counts below England rounded and hidden."""
    shares = {"ED86e": ("ED86a", "ED86"), "ED87e": ("_within_four", "ED87")}
    if measure in shares:
        top, bottom = (counts[name] for name in shares[measure])
        share: Floats = 100 * top / np.maximum(bottom, 1)
        text = np.array([f"{value:.6f}".rstrip("0").rstrip(".") for value in share], dtype=object)
        return text if level == "England" else np.where(np.minimum(top, bottom) < 5, "*", text)
    values = counts[measure]
    return values.astype(str).astype(object) if level == "England" else _below_england(values)
