"""Page one's line on future need: next year's plans with their range, and the places that they would ask for.

Here: one short statement. Not here: where it stands (`report/front/demand.py`) or its evidence (`chapter.py`).
"""

from __future__ import annotations

from jsna_pipeline.report import formatting
from jsna_pipeline.report.future import money, places, rows, words
from jsna_pipeline.report.future.expected_plans import ANCHOR
from jsna_pipeline.report.model import FrontStatement
from jsna_pipeline.report.view import AreaView

LABEL = "Expected"


def future_statement(view: AreaView) -> FrontStatement | None:
    """ "About 4,100 plans in January 2026 (3,770 to 4,370); about 107 special places too few (34 to 169)."

    None where nothing is projected or the forecast is withheld: its chapter says why.
    """
    seen = rows.outlook(view)
    if seen is None or seen.next is None:
        return None
    row = seen.next
    if seen.only_next:
        key = f"{words.between(row.lower_95, row.upper_95)} plans"
        return FrontStatement(f"{key} in January {row.year}.", "neutral", LABEL, ANCHOR, key)
    key = f"About {words.about(row.central)} plans"
    text = f"{key} in January {row.year} ({words.between(row.lower_95, row.upper_95)})"
    short = places.whole(rows.ahead(view, "future_places"))
    ahead = f"; {places.gap_sentence(short).replace(' places ', ' special places ', 1)}" if short is not None else ""
    return FrontStatement(f"{text}{ahead or _dearer(view)}.", "neutral", LABEL, ANCHOR, key)


def _dearer(view: AreaView) -> str:
    """ "; placements would then cost about £8.1 million more a year (£0.0m to £18.2m)"; blank without a cost."""
    row = next(iter(money.of(rows.ahead(view, "future_money"), "cost_change").values()), None)
    if row is None:
        return ""
    low, high = (f"£{formatting.number(limit / 1_000_000, 1)}m" for limit in (row.lower_95, row.upper_95))
    way = "more" if row.central >= 0 else "less"
    return f"; placements would then cost about {words.pounds(row.central)} {way} a year ({low} to {high})"
