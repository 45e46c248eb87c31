"""Plans and requests, places and money, and which of them nobody has supplied.

Here: plans and requests, special places, spending and grant. Not here: what is expected (`report/future/front.py`).
What the area's own records say is marked provisional; school places and the grant are published.
"""

from __future__ import annotations

from collections.abc import Mapping

from jsna_pipeline.findings import Facts
from jsna_pipeline.report import formatting
from jsna_pipeline.report.front import own_records, words
from jsna_pipeline.report.future.front import future_statement
from jsna_pipeline.report.model import FrontSection, FrontStatement
from jsna_pipeline.report.view import AreaView
from jsna_pipeline.vocabulary import Comparator

HEADING = "Are there enough places and money?"
PLANS, REQUESTS, UNFILLED, GRANT = "ehcp_caseload", "ehcp_requests", "school_places_unfilled", "schools_grant_per_child"
PLACES, SPENT, TRANSPORT = "special_places", "high_needs_spend", "transport_spend"
BALANCE = "the balance of the dedicated schools grant (DSG)"


def demand(view: AreaView, known: Mapping[str, Facts]) -> FrontSection:
    current = {name: one for name, one in known.items() if one.is_current}
    places, money = _own_places(view), _own_money(view)
    missing = [
        *([] if places else ["special-school places"]),
        *([] if money else ["high-needs spending"]),
        *([] if view.contributions.finance else [BALANCE]),
    ]
    said = [
        _asked_for(current),
        future_statement(view),
        places or _published(current, UNFILLED, view),
        money or _published(current, GRANT, view),
    ]
    lead = f"Not held here: {formatting.listed(missing)}." if missing else ""
    return FrontSection(HEADING, lead, tuple(one for one in said if one), "demand")


def _asked_for(current: Mapping[str, Facts]) -> FrontStatement | None:
    plans, requests = current.get(PLANS), current.get(REQUESTS)
    told = [one for one in (plans, requests) if one]
    if not told:
        return None
    names = {PLANS: "plans", REQUESTS: "requests for assessment"}
    parts = [f"{words.figure(one)} {names[one.record.id]} in {words.when(one)}{_growth(one)}" for one in told]
    key = f"{words.figure(told[0])} {names[told[0].record.id]}"
    return FrontStatement(f"{'; '.join(parts)}.", anchor=told[0].record.id, key=key)


def _growth(one: Facts) -> str:
    before = one.comparisons.get(Comparator.PREVIOUS)
    if before is None or not before.value:
        return ""
    if one.value == before.value:
        return ", as in the year before"
    share = formatting.measure(abs(one.value - before.value) / before.value * 100, "percent")
    return f", {'up' if one.value > before.value else 'down'} {share} in a year"


def _own_places(view: AreaView) -> FrontStatement | None:
    printed = own_records.statistics(view, PLACES)
    filled, held = printed.get("total_places_filled"), printed.get("total_places_commissioned")
    if filled is None or held is None:
        return None
    key = formatting.of(filled, held)
    text = f"{key} special places commissioned were filled ({own_records.when(view, PLACES)})."
    return FrontStatement(text, "neutral", own_records.LABEL, own_records.anchor(PLACES), key)


def _own_money(view: AreaView) -> FrontStatement | None:
    spent = own_records.statistics(view, SPENT).get("total_amount")
    if spent is None:
        return None
    key = formatting.pounds(spent)
    transport = own_records.statistics(view, TRANSPORT).get("total_amount")
    also = ""
    if transport is not None and own_records.when(view, TRANSPORT) == own_records.when(view, SPENT):
        also = f", and {formatting.pounds(transport)} on transport to school"
    text = f"{key} was spent from the high-needs budget{also} ({own_records.when(view, SPENT)})."
    return FrontStatement(text, "neutral", own_records.LABEL, own_records.anchor(SPENT), key)


def _published(current: Mapping[str, Facts], name: str, view: AreaView) -> FrontStatement | None:
    one = current.get(name)
    return words.sentence(one, view.area.name) if one else None
