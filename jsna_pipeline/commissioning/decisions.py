"""The decisions sought: how they are ordered and said.

Here: their order and words. Not here: reading them (`plan.py`).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from jsna_pipeline.commissioning.plan import CostBand, Decision
from jsna_pipeline.report import formatting

ANCHOR = "commissioning-decisions"
COST_BANDS: dict[CostBand, str] = {  # of one year
    "none": "no cost",
    "under_50k": "under £50,000",
    "50k_250k": "£50,000 to £250,000",
    "250k_1m": "£250,000 to £1 million",
    "over_1m": "over £1 million",
    "not_costed": "not costed",
}


def in_order(decisions: Sequence[Decision]) -> tuple[Decision, ...]:
    """The earliest day first; of one day, as written."""
    return tuple(sorted(decisions, key=lambda one: (one.by, one.row)))


def decision_sentence(decision: Decision, today: date | None = None) -> str:
    """ "Agree the backlog team. SEND Partnership Board; lead: Head of SEND; by 31 March 2026; not costed."""
    late = " (that day has passed)" if today and decision.by < today else ""
    parts = [
        *([decision.board] if decision.board else []),
        f"lead: {decision.lead}",
        f"by {formatting.date_words(decision.by)}{late}",
        _cost(decision.cost_band),
    ]
    return f"{formatting.sentence(decision.decision)}. {formatting.sentence('; '.join(parts))}."


def _cost(band: CostBand) -> str:
    return COST_BANDS[band] if band in ("none", "not_costed") else f"{COST_BANDS[band]} a year"
