"""What families said, and the decisions that a board is asked for.

Here: choosing from what the area has written. Not here: survey results (`voice/results.py`), their sentences
(`report/voice_chapter.py`), or reading decisions (`commissioning/plan.py`). Where nobody has written anything, page one
says so: an empty place is a finding too.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from jsna_pipeline.commissioning.decisions import ANCHOR, in_order
from jsna_pipeline.commissioning.plan import Decision
from jsna_pipeline.report import formatting
from jsna_pipeline.report.front import words
from jsna_pipeline.report.model import FrontSection, FrontStatement, StandardCard, Statement
from jsna_pipeline.report.view import AreaView
from jsna_pipeline.report.voice_chapter import voice_front
from jsna_pipeline.voice.results import VoiceResults

SAID = "What families and young people say"
DECISIONS = "Decisions sought"
MOST_SAID, MOST_DECISIONS, MOST_QUESTIONS = 2, 5, 3
LONGEST_DECISION, LONGEST_NAME = 120, 48  # characters: two lines for each decision


def families(view: AreaView, voice: VoiceResults) -> FrontSection:
    said = voice_front(view.contributions.voice, voice, view.cut_off)[:MOST_SAID]
    if said:
        return FrontSection(SAID, "From surveys and registers: who answers is not everybody.", said, "families")
    text = "No survey and no register of what families asked was supplied: their view is missing from this edition."
    return FrontSection(SAID, "", (FrontStatement(text, "unknown", "Not known"),), "families")


def decisions(view: AreaView, failed: Sequence[StandardCard]) -> FrontSection:
    """Up to five, the earliest first; where none is written, the questions that failed standards put to the board."""
    ordered = in_order(view.contributions.commissioning.decisions)
    if not ordered:
        return _none_yet(failed)
    shown = ordered[:MOST_DECISIONS]
    said = [_decision(one, view.cut_off, ANCHOR if one is shown[-1] else "") for one in shown]
    more = len(ordered) - len(said)
    lead = f"The first {MOST_DECISIONS} by date; the chapter has {more} more." if more else ""
    return FrontSection(DECISIONS, lead, tuple(said), "decisions")


def _decision(one: Decision, today: date, anchor: str) -> FrontStatement:
    late = " (that day has passed)" if one.by < today else ""
    key = f"{formatting.sentence(words.cut(one.decision, LONGEST_DECISION))}."
    lead = words.cut(one.lead, LONGEST_NAME)
    board = f" {words.cut(one.board, LONGEST_NAME)}." if one.board else ""
    text = f"{key} Lead: {lead}, by {formatting.date_words(one.by)}{late}.{board}"
    return FrontStatement(text, anchor=anchor, key=key)


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
