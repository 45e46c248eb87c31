"""What families said, and the decisions that a board is asked for.

Here: choosing from what the area has written. Not here: survey results (`voice/results.py`), their sentences
(`report/voice_chapter.py`), or reading decisions (`commissioning/plan.py`). Where nobody has written anything, page one
says so: an empty place is a finding too.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from jsna_pipeline.commissioning.decisions import ANCHOR, COST_BANDS, in_order
from jsna_pipeline.commissioning.plan import Decision
from jsna_pipeline.findings import Facts
from jsna_pipeline.report import formatting
from jsna_pipeline.report.front import words
from jsna_pipeline.report.front.standards import standard_name
from jsna_pipeline.report.model import FrontSection, FrontStatement, StandardCard, Statement
from jsna_pipeline.report.view import AreaView
from jsna_pipeline.report.voice_chapter import voice_front
from jsna_pipeline.voice.results import VoiceResults

SAID = "What families and young people say"
DECISIONS = "Decisions sought"
MOST_SAID, MOST_DECISIONS, MOST_QUESTIONS = 2, 5, 3
LONGEST_DECISION, LONGEST_NAME = 110, 48  # characters: two lines for each decision


def families(view: AreaView, voice: VoiceResults) -> FrontSection:
    said = voice_front(view.contributions.voice, voice, view.cut_off)[:MOST_SAID]
    if said:
        return FrontSection(SAID, "From surveys and registers: who answers is not everybody.", said, "families")
    text = "No survey and no register of what families asked was supplied: their view is missing from this edition."
    return FrontSection(SAID, "", (FrontStatement(text, "unknown", "Not known"),), "families")


def sought(view: AreaView) -> str:
    """ "Four decisions are sought below, the first by 28 February 2026."; blank where none is written."""
    ordered = in_order(view.contributions.commissioning.decisions)
    if not ordered:
        return ""
    day = formatting.date_words(ordered[0].by)
    if len(ordered) == 1:
        return f"One decision is sought, by {day}."
    return f"{formatting.sentence(words.number_word(len(ordered)))} decisions are sought, the first by {day}."


def decisions(view: AreaView, failed: Sequence[StandardCard], worst: Facts | None = None) -> FrontSection:
    """Up to five, the earliest first; where none is written, the questions that failed standards put to the board.

    `worst` is the failed standard furthest from the law: where every decision names a chapter and none names its
    chapter, that is said.
    """
    ordered = in_order(view.contributions.commissioning.decisions)
    if not ordered:
        return _none_yet(failed)
    shown = ordered[:MOST_DECISIONS]
    said = [_decision(one, view.cut_off) for one in shown]
    more = len(ordered) - len(said)
    lead = [f"The first {MOST_DECISIONS} by date; the chapter on commissioning has {more} more."] if more else []
    if worst and all(one.chapter and one.chapter != worst.record.chapter for one in ordered):
        lead.append(f"No decision here is about the standard furthest from the law: {standard_name(worst)}.")
    return FrontSection(DECISIONS, " ".join(lead), tuple(said), "decisions")


def _decision(one: Decision, today: date) -> FrontStatement:
    """What, who decides, who leads, by when, at what cost; its evidence is the chapter it names, or the whole list."""
    late = " (that day has passed)" if one.by < today else ""
    key = f"{formatting.sentence(words.cut(one.decision, LONGEST_DECISION))}."
    lead = words.cut(one.lead, LONGEST_NAME)
    board = words.cut(one.board, LONGEST_NAME)
    the = "" if board.lower().startswith("the ") else "the "
    decides = f" For decision by {the}{board}." if board else ""
    when = f"{formatting.date_words(one.by)}{late}"
    text = f"{key}{decides} Lead: {lead}; by {when}; {_cost(one)}."
    return FrontStatement(text, anchor=f"chapter-{one.chapter}" if one.chapter else ANCHOR, key=key)


def _cost(one: Decision) -> str:
    band = COST_BANDS[one.cost_band]
    return band if one.cost_band in ("none", "not_costed") else f"{band} a year"


def _none_yet(failed: Sequence[StandardCard]) -> FrontSection:
    lead = "No decision has been put forward for this edition, so none has a lead or a date."
    asked: list[Statement] = [
        FrontStatement(
            f"{card.name}: {card.late} of {card.out_of} {card.missed}. Who will put this right, how and by when?",
            "neutral",
            "Question for the board",
            card.anchor,
        )
        for card in failed[:MOST_QUESTIONS]
    ]
    return FrontSection(DECISIONS, lead, tuple(asked), "decisions")
