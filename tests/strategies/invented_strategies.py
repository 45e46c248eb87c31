"""Invented strategies and results, a measure or two each, for tests of evaluation, scorecards and exceptions.

Here: builders with defaults, so that a test states only what it is about. Not here: the catalogue's strategies.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import pandas as pd

from jsna_pipeline import geography
from jsna_pipeline.catalogue.strategies import Strategy, TargetRule
from jsna_pipeline.strategies.evaluation import Evidence, FigureResult, MeasureResult, cells_asked
from jsna_pipeline.strategies.published_series import PublishedFigures
from jsna_pipeline.strategies.reported import NOTHING_REPORTED
from jsna_pipeline.strategies.verdict import Outcome, Verdict

AREA = geography.local_authority("Wigan")
TODAY = date(2025, 12, 31)


def measure(**changes: Any) -> dict[str, Any]:
    fields = {
        "row": 1,
        "references": ["all"],
        "measure": "Something better",
        "evidence": "statistic",
        "polarity": "high",
        "rule": "INCREASE",
        "answer": "no",
        "missing": "It is not published.",
        "holder": "the data team",
    }
    return fields | changes


def strategy(*measures: dict[str, Any], **changes: Any) -> Strategy:
    fields = {"id": "invented", "title": "An invented plan", "areas": ["wigan"], "board": "The board", "note": "N"}
    return Strategy.model_validate(fields | {"parts": "objective", "measures": list(measures or [measure()])} | changes)


def result(verdict: Verdict, *figures: FigureResult, of: Strategy | None = None, row: int = 1) -> MeasureResult:
    plan = of or strategy(measure(row=row))
    asked = next(one for one in plan.measures if one.row == row)
    return MeasureResult(plan, asked, AREA, plan.owner_of(asked), verdict, figures, f"It is {verdict.value}.")


def figure(verdict: Verdict, **changes: Any) -> FigureResult:
    fields = {"name": "Figure", "rule": TargetRule.INCREASE, "outcome": Outcome(verdict, "Said."), "source": "reported"}
    return FigureResult(**(fields | changes))


def evidence(plans: Sequence[Strategy], observed: pd.DataFrame, **changes: Any) -> Evidence:
    """What is known of Wigan: the observations, and nothing else unless `changes` say so."""
    given = {"neighbours": (), "nhs_bodies": (), "area": AREA} | changes
    area = given.pop("area")
    published = PublishedFigures(observed, cells_asked(plans), area, given.pop("neighbours"), given.pop("nhs_bodies"))
    fields = {"reported": NOTHING_REPORTED, "answers": {}, "own_tables": {}, "today": TODAY} | given
    return Evidence(area=area, published=published, **fields)
