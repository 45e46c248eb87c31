"""What a chapter means for commissioning: at most four short statements at its end, each with its label.

Here: what follows from a chapter's own figures, its place in the order of priorities, what the area's plan asks and
names for it, and what should be found out first. Not here: the figures (`findings.py`), the order
(`commissioning/prioritisation.py`), the plan as a whole (`report/commissioning_chapter.py`).

Nothing is invented: a gap is a difference of two counts, at England's exact share and as counted, and is said only
where a test found a difference or where a standard of law is failed. It says how far apart two numbers are, never
why, and never what anybody must do: an obligation is named only where the catalogue holds the law that sets it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pandas as pd

from jsna_pipeline.catalogue.chapters import ChapterRecord, OwnedGap
from jsna_pipeline.commissioning import services as cover
from jsna_pipeline.commissioning.decisions import ANCHOR, decision_sentence, in_order
from jsna_pipeline.commissioning.plan import Commissioning, Proposal, Service
from jsna_pipeline.findings import Facts, finding_sentence, standard_in_short
from jsna_pipeline.report import formatting
from jsna_pipeline.report.commissioning_chapter import LEADS
from jsna_pipeline.report.local_words import within_sentence
from jsna_pipeline.report.model import Statement
from jsna_pipeline.vocabulary import Significance

MOST = 4
CLOSED = ("done", "declined")  # proposals on which nothing is asked any more
PRIORITIES = "commissioning-priorities"


def meaning(
    chapter: ChapterRecord,
    found: Sequence[Facts],
    priorities: pd.DataFrame,
    plan: Commissioning,
    unanswered: Sequence[OwnedGap],
    today: date,
) -> tuple[Statement, ...]:
    """Up to four statements on `chapter`; none on a part of which nothing is known.

    `found` are the chapter's facts, `priorities` a `CommissioningPriorities` table of the area, `unanswered` the
    chapter's owned gaps that no source at hand closes, `today` the edition's cut-off.
    """
    said = (
        _distance(found),
        _priority(chapter.id, priorities, found),
        _planned(chapter.id, plan, today),
        _first_to_find_out(unanswered),
    )
    return tuple(statement for statement in said if statement is not None)[:MOST]


# --- the gap in children -----------------------------------------------------------------------


def _distance(found: Sequence[Facts]) -> Statement | None:
    """The widest gap from England in children; where nothing is worse, the failed standard with most missed."""
    behind = [one for one in found if is_behind(one)]
    if not behind:
        return _to_the_law(found)
    one = max(behind, key=lambda each: (abs(each.gap_to_england or 0), each.record.id))
    text = f"{_gap(one)} {finding_sentence(one).rstrip('.')}, against {_england(one)} in England."
    if others := len(behind) - 1:
        verb = "is" if others == 1 else "are"
        text += f" {formatting.counted(others, 'other measure')} here {verb} behind England too."
    return Statement(text, "worse" if _is_worse(one) else "fails_standard", "To match England", one.record.id)


def _gap(one: Facts) -> str:
    """ "64 more of 1,082 (523 rather than 459).": the gap first, then the two counts behind it."""
    gap, counted = one.gap_to_england or 0, int(one.numerator or 0)
    number = formatting.number
    return (
        f"{number(abs(gap))} {'more' if gap > 0 else 'fewer'} of {number(one.denominator or 0)} "
        f"({number(counted + gap)} rather than {number(counted)})."
    )


def _england(one: Facts) -> str:
    england = one.against_england
    return formatting.measure(england.value if england else None, one.record.unit, one.record.decimals)


def is_behind(one: Facts) -> bool:
    """Whether a gap from England may be said in children: counted, current, and tested worse or a standard failed."""
    if not one.is_current or not one.gap_to_england or one.against_england is None:
        return False
    return _is_worse(one) or (one.fails_standard and one.value < one.against_england.value)


def _is_worse(one: Facts) -> bool:
    return one.against_england is not None and one.against_england.significance == Significance.WORSE


def _to_the_law(found: Sequence[Facts]) -> Statement | None:
    failed = [one for one in found if one.is_current and one.fails_standard]
    if not failed:
        return None
    one = max(failed, key=lambda each: (each.late or 0, each.record.id))
    return Statement(standard_in_short(one), "fails_standard", "To meet the standard", one.record.id)


# --- priority, plan and what to find out -------------------------------------------------------


def _priority(chapter: str, priorities: pd.DataFrame, found: Sequence[Facts]) -> Statement | None:
    """Its rank among the chapters that could be ranked, how far that rests on the weights, and the law."""
    ranked = priorities.loc[priorities["rank"].notna()]
    rows = ranked.loc[ranked["topic"] == chapter].to_dict("records")
    if not rows:
        return None
    row = rows[0]
    rank, best, worst = (formatting.number(row[name]) for name in ("rank", "best_rank", "worst_rank"))
    moves = "stays the same" if best == worst else f"lies between {best} and {worst}"
    text = (
        f"It scores {formatting.number(row['total'])} of 100 on seven criteria. Under other weights its rank {moves}."
    )
    shared = "Joint priority" if (ranked["rank"] == row["rank"]).sum() > 1 else "Priority"
    failed = sum(one.is_current and one.fails_standard for one in found)
    if failed:
        verb = "is" if failed == 1 else "are"
        text += f" {formatting.counted(failed, 'statutory standard')} {verb} not met."
    return Statement(text, "neutral", f"{shared} {rank} of {len(ranked)}", PRIORITIES)


def _planned(chapter: str, plan: Commissioning, today: date) -> Statement | None:
    """The first decision sought that belongs to the chapter, else its first open proposal, else its services."""
    decisions = in_order([one for one in plan.decisions if one.chapter == chapter])
    proposals = [one for one in plan.proposals if one.chapter == chapter and one.status not in CLOSED]
    services = [one for one in plan.services if one.chapter == chapter]
    if decisions:
        besides = _besides(len(decisions) - 1, len(proposals), services, today)
        return Statement(
            f"{decision_sentence(decisions[0], today)} {besides}".strip(), "neutral", "Decision sought", ANCHOR
        )
    if proposals:
        besides = _besides(0, len(proposals) - 1, services, today)
        said = _proposal_sentence(min(proposals, key=lambda one: (one.due or date.max, one.row)))
        return Statement(f"{said} {besides}".strip(), "neutral", "Proposed", "commissioning-proposals")
    besides = _besides(0, 0, services, today)
    return Statement(besides, "neutral", "In place", "commissioning-services") if services else None


def _proposal_sentence(proposal: Proposal) -> str:
    """ "Extend the hubs to pupils aged 7 to 11. Lead: schools; by 1 September 2026." """
    parts = [f"lead: {within_sentence(LEADS[proposal.lead])}"]
    parts += [f"by {formatting.date_words(proposal.due)}"] if proposal.due else []
    return f"{formatting.sentence(proposal.proposal.rstrip('.'))}. {formatting.sentence('; '.join(parts))}."


def _besides(decisions: int, proposals: int, services: Sequence[Service], today: date) -> str:
    """ "The area’s plan also has 1 proposal and 2 services here. The contract of Short Breaks ends on …" """
    counts = [
        *([formatting.counted(decisions, "more decision")] if decisions else []),
        *([formatting.counted(proposals, "proposal")] if proposals else []),
        *([formatting.counted(len(services), "service")] if services else []),
    ]
    said = [f"The area’s plan also has {formatting.listed(counts)} here."] if counts else []
    if ending := cover.ending_within(services, today):
        first = ending[0]
        verb = "ended" if first.contract_ends and first.contract_ends < today else "ends"
        said.append(f"The contract of {first.service} {verb} on {formatting.date_words(first.contract_ends or today)}.")
    return " ".join(said)


def _first_to_find_out(unanswered: Sequence[OwnedGap]) -> Statement | None:
    """The first of the chapter's open gaps, in the order of the catalogue, and who can answer it."""
    if not unanswered:
        return None
    gap = unanswered[0]
    return Statement(f"{gap.measure}. Who holds it: {gap.holder}.", "unknown", "First to find out")
