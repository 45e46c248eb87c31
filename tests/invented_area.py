"""Wigan with one measure of the catalogue, invented figures, and whatever a test lets the area write.

Here: a whole view, small enough to be assembled and printed in a second, and short ways to write contributed files.
Not here: what follows from them (`test_steering.py`, `report/test_assemble.py`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from datetime import date
from pathlib import Path

import pandas as pd

from jsna_pipeline import geography
from jsna_pipeline.boundaries import Boundaries
from jsna_pipeline.catalogue.indicators import indicators
from jsna_pipeline.comparisons import comparisons
from jsna_pipeline.contributions.gather import gather
from jsna_pipeline.governance.sign_off import Step
from jsna_pipeline.inequalities import INEQUALITY_COLUMNS
from jsna_pipeline.local_area import empty_tables
from jsna_pipeline.published_tables import Priorities, Reconciliation, ReconciliationCoverage, Rejects, Sources
from jsna_pipeline.report.national import NATIONAL_COLUMNS
from jsna_pipeline.report.view import AreaView
from jsna_pipeline.settings import NhsCover
from jsna_pipeline.trend_table import trend_table
from tests.invented_indicators import ENGLAND, WIGAN, direct

EDITION, CUT_OFF, TODAY = "2025", date(2025, 12, 31), date(2026, 6, 1)
IN_TIME = "ehcp_within_20_weeks_excl"
NO_NEIGHBOURS = pd.DataFrame({"area_code": [], "neighbour_code": [], "rank": [], "name": []}, dtype="str")
# Every step taken, the last on 7 March 2026.
SIGNED = "owner: The owner\nsteps:\n" + "".join(
    f"  - {{step: {step}, by: An officer, role: An office, on: 2026-03-0{day}}}\n" for day, step in enumerate(Step, 1)
)


def write(folder: Path, files: Mapping[str, str]) -> Path:
    """Contributed files by their names below `folder`; returns the folder."""
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, "utf-8")
    return folder


def words(text: str, chapter: str = "ehc_system") -> str:
    """A commentary of this edition about `chapter`."""
    return f"---\nchapter: {chapter}\nauthor: A team\ndate: 2025-10-01\nedition: {EDITION}\n---\n{text}\n"


def group(period: str) -> pd.DataFrame:
    """INEQUALITIES of one group of one period, in which the young fare worse than the rest."""
    row = dict.fromkeys(INEQUALITY_COLUMNS) | {
        "indicator_id": IN_TIME,
        "area_code": WIGAN,
        "period": period,
        "dimension": "age",
        "category": "11 to 15",
        "value": 30.0,
        "denominator": 200.0,
        "rest_value": 48.0,
        "difference": -18.0,
        "lower_ci": -29.0,
        "upper_ci": -6.0,
        "ratio": 0.62,
        "ratio_lower": 0.45,
        "ratio_upper": 0.86,
        "children": 36.0,
        "significance": "worse",
        "confidence": 0.998,
        "edition": EDITION,
    }
    return pd.DataFrame([row])


def view_of(folder: Path | None = None, **changes: object) -> AreaView:
    """The view of Wigan with what lies in `folder`; `changes` replace its fields."""
    records = {IN_TIME: indicators()[IN_TIME]}
    observed = direct(
        records[IN_TIME],
        [_in_time(WIGAN, "2023", 292, 453), _in_time(WIGAN, "2024", 257, 603), _in_time(ENGLAND, "2024", 464, 1000)],
    )
    compared = comparisons(records, observed, NO_NEIGHBOURS, EDITION)
    known = {
        "area": geography.local_authority("Wigan"),
        "edition": EDITION,
        "cut_off": CUT_OFF,
        "nhs": NhsCover(),
        "observed": observed,
        "compared": compared.loc[compared["area_code"] == WIGAN],
        "trended": trend_table(records, observed, EDITION),
        "sources": Sources.empty(),
        "rejects": Rejects.empty(),
        "reconciliation": Reconciliation.empty(),
        "reconciled": ReconciliationCoverage.empty(),
        "unequal": pd.DataFrame(columns=INEQUALITY_COLUMNS),
        "prioritised": Priorities.empty(),
        "neighbours": NO_NEIGHBOURS,
        "local": empty_tables(),
        "contributions": gather(folder, EDITION, CUT_OFF, TODAY),
        "exceptions_before": None,
        "observed_before": None,
        "restricted": False,
        "national": pd.DataFrame(columns=NATIONAL_COLUMNS),
        "boundaries": Boundaries(),
        "future": {},
    }
    assert known.keys() == {one.name for one in fields(AreaView)}
    return AreaView(**(known | changes))  # type: ignore[arg-type]


def _in_time(area: str, period: str, numerator: int, denominator: int) -> dict[str, object]:
    share = 100 * numerator / denominator
    counts = {"numerator": numerator, "denominator": denominator, "value": share}
    return {"area_code": area, "period": period, **counts, "lower_ci": share - 4, "upper_ci": share + 4}
