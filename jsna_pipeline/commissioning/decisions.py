"""The decisions sought, as page one says them.

Here: their order and words. Not here: reading them (`plan.py`).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from jsna_pipeline.commissioning.plan import CostBand, Decision
from jsna_pipeline.report import formatting
from jsna_pipeline.report.model import Statement

MOST = 5  # page one is one page
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


def decisions_front(decisions: Sequence[Decision], today: date | None = None) -> tuple[Statement, ...]:
    """Up to five decisions, the earliest first; the last says how many more the chapter holds.

    `today` is the edition's cut-off: a day before it is said to have passed.
    """
    ordered = in_order(decisions)
    said = [decision_sentence(one, today) for one in ordered[:MOST]]
    if len(ordered) > MOST:
        more = formatting.counted(len(ordered) - MOST, "more decision")
        said[-1] += f" The chapter has {more}."
    return tuple(Statement(text, "neutral", "Decision sought", ANCHOR) for text in said)
