"""Alternative provision: what authorities pay for, and where schools send their pupils.

Here: the three tables on alternative provision of "Schools, pupils and their characteristics". Not here:
pupils on roll, referral units among them (`schools`), or plans placed in alternative provision (`plans`).

As in the real files a group without pupils has no row.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd

from seeds.generator.country import Floats, Ints, country, stream
from seeds.generator.figures import expand, identifiers, in_published_order
from seeds.generator.writing import csv_bytes, gzip_bytes, write

ORDER = (
    "time_period", "time_identifier", "geographic_level", "country_code", "country_name",
    "region_code", "region_name", "new_la_code", "la_name", "old_la_code",
)  # fmt: skip
FUNDED_JANUARIES = (2023, 2024, 2025)
ARRANGED_JANUARIES = (2024, 2025)
FUNDED_SETTINGS = {
    "Education setting with URN": 0.62, "One on one tuition": 0.13, "Other unregistered provider": 0.11,
    "Non-maintained further education college": 0.06, "Registered provider with UKPRN": 0.05,
    "Work based placement": 0.03,
}  # fmt: skip
ARRANGED_SETTINGS = {
    "Education setting with URN": 0.51, "Other unregistered provider": 0.26, "One on one tuition": 0.10,
    "Registered provider with UKPRN": 0.08, "Work based placement": 0.035,
    "Non-maintained further education college": 0.015,
}  # fmt: skip
REASONS = {
    "Off-site placement for behavioural support": 0.56, "Other": 0.22, "Medical condition (mental health need)": 0.182,
    "Medical condition (physical health need)": 0.023,
    "Permanent exclusion (where still going through the review process)": 0.01, "Suspension": 0.005,
}  # fmt: skip
_AGES = (3, 6, 9, 12, 16, 20, 28, 45, 80, 135, 210, 370, 45, 15, 6)
CHARACTERISTICS: dict[str, dict[str, float]] = {
    "Age": {str(age): weight / sum(_AGES) for age, weight in zip(range(4, 19), _AGES, strict=True)},
    "FSM eligibility": {"FSM eligible": 0.54, "Not FSM eligible": 0.46},
    "Gender": {"Male": 0.63, "Female": 0.37},
    "SEN on entry": {"No SEN": 0.375, "SEN Support": 0.425, "EHC plan": 0.20},
}


def publish(folder: Path) -> list[Path]:
    characteristics, reasons = arranged_tables()
    return [
        write(folder / "spc_ap_setting.csv.gz", gzip_bytes(csv_bytes(funded_table(), bom=True))),
        write(folder / "spc_school_ap_characteristics.csv.gz", gzip_bytes(csv_bytes(characteristics, bom=True))),
        write(folder / "spc_school_ap_placement.csv.gz", gzip_bytes(csv_bytes(reasons, bom=True))),
    ]


def funded_table() -> pd.DataFrame:
    """Placements in alternative provision paid for by authorities, by kind of setting."""
    place = country()
    rng = stream("alternative provision")
    habit = np.exp(rng.normal(0, 0.7, place.size))
    parts = []
    for january in FUNDED_JANUARIES:
        vintage = place.at(f"{january}-01-15")
        ids = identifiers(place, vintage, _academic(january), "Academic year", ORDER)
        placements = rng.poisson(0.0026 * (1 + 0.06 * (january - 2023)) * place.children * habit)
        split = rng.multinomial(placements, np.array(list(FUNDED_SETTINGS.values())))
        counts = vintage.roll_up(np.column_stack([split, split.sum(axis=1)]))
        parts.append(expand(ids, {"setting_type": (*FUNDED_SETTINGS, "Total")}, {"placements": counts}))
    table = in_published_order(pd.concat(parts, ignore_index=True))
    return table[table["placements"] > 0]


@cache
def arranged_tables() -> tuple[pd.DataFrame, pd.DataFrame]:
    """Pupils whom schools sent elsewhere: by characteristic, and by reason. Both have the same totals."""
    place = country()
    rng = stream("school arranged alternative provision")
    level = 0.0021 * np.exp(0.25 * place.deprivation + 0.45 * rng.standard_normal(place.size))
    characteristics, reasons = [], []
    for january in ARRANGED_JANUARIES:
        pupils = rng.poisson(level * (1 + 0.05 * (january - 2024)) * place.children)
        total = _by_setting(january, rng.multinomial(pupils, _shares(ARRANGED_SETTINGS)))
        for group, parts in CHARACTERISTICS.items():
            characteristics.append(_by_group(january, group, rng.multinomial(pupils, _shares(parts)), parts))
        by_reason = _by_group(january, "Placement Reason", rng.multinomial(pupils, _shares(REASONS)), REASONS)
        characteristics.append(total)
        reasons += [by_reason[by_reason["pupil_characteristic"] != "Total"], total]
    return _laid_out(characteristics), _laid_out(reasons)


def _shares(weights: Mapping[str, float]) -> Floats:
    found = np.array(list(weights.values()))
    return found / found.sum()


def _by_group(january: int, group: str, split: Ints, parts: Mapping[str, float]) -> pd.DataFrame:
    """Pupils of a characteristic's groups and of all, in all kinds of setting."""
    labels = [*parts, "Total"]
    return _expanded(january, split, [group] * len(labels), labels, ["Total"] * len(labels))


def _by_setting(january: int, split: Ints) -> pd.DataFrame:
    """All pupils by kind of setting."""
    labels = [*ARRANGED_SETTINGS, "Total"]
    return _expanded(january, split, ["Total"] * len(labels), ["Total"] * len(labels), labels)


def _expanded(january: int, split: Ints, groups: list[str], parts: list[str], settings: list[str]) -> pd.DataFrame:
    place = country()
    vintage = place.at(f"{january}-01-15")
    ids = identifiers(place, vintage, _academic(january), "Academic year", ORDER)
    filters = {"characteristic_grouping": groups, "pupil_characteristic": parts, "setting_type": settings}
    return expand(ids, filters, {"pupils": vintage.roll_up(np.column_stack([split, split.sum(axis=1)]))})


def _laid_out(parts: list[pd.DataFrame]) -> pd.DataFrame:
    table = in_published_order(pd.concat(parts, ignore_index=True))
    return table[table["pupils"] > 0]


def _academic(january: int) -> str:
    return f"{january - 1}{january % 100:02d}"
