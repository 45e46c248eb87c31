"""The commentaries of a report, as boxes beside the figures of their chapters.

Here: what a template prints of a commentary. Not here: filling and checking its words
(`jsna_pipeline/commentary/checking.py`), or how a box looks (`report_templates/`).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass

from markupsafe import Markup

from jsna_pipeline.commentary.checking import CheckedCommentary, check
from jsna_pipeline.commentary.placeholders import Figures
from jsna_pipeline.commentary.reading import Commentary
from jsna_pipeline.commentary.typed_figures import PrintedFigures
from jsna_pipeline.contributions.reading import Problem
from jsna_pipeline.report import formatting

DISPUTED = "Figures marked in this text do not agree with the data. It cannot be approved until they do."


@dataclass(frozen=True)
class CommentaryBox:
    """One commentary, printed below its chapter's opening. `body` is safe: see `commentary/markdown.py`."""

    box_id: str  # anchor: "commentary-ehc_system-1"
    heading: str  # "Commentary by Example SEND service, Head of SEND, 30 September 2025"
    by: str
    role: str
    date: str  # in words
    edition: str
    flags: tuple[str, ...]  # sentences above the words: written for an earlier edition, figures that disagree
    body: Markup


@dataclass(frozen=True)
class PrintedCommentary:
    """All boxes by chapter, and what is to be told; `blocking` stands in the way of approval alone."""

    boxes: dict[str, tuple[CommentaryBox, ...]]
    told: tuple[Problem, ...] = ()
    blocking: tuple[Problem, ...] = ()


def printed_commentary(
    commentaries: Iterable[Commentary],
    edition: str,
    figures: Figures,
    printed: Callable[[str], PrintedFigures],
    chapters: Collection[str],
) -> PrintedCommentary:
    """The boxes of a report whose chapters are `chapters`; `printed` gives a chapter's figures by its id.

    Words about a chapter that this report does not have are told, and printed nowhere.
    """
    boxes: dict[str, tuple[CommentaryBox, ...]] = {}
    told: list[Problem] = []
    blocking: list[Problem] = []
    for commentary in commentaries:
        if commentary.chapter not in chapters:
            what = "is about a chapter that this report does not have; its words are not printed"
            told.append(Problem(commentary.file, "", what))
            continue
        checked = check(commentary, edition, figures, printed(commentary.chapter))
        before = boxes.get(commentary.chapter, ())
        boxes[commentary.chapter] = (*before, commentary_box(checked, len(before) + 1))
        told += checked.told
        blocking += checked.blocking
    return PrintedCommentary(boxes, tuple(told), tuple(blocking))


def commentary_box(checked: CheckedCommentary, number: int) -> CommentaryBox:
    """The box of one commentary, the `number`th of its chapter."""
    commentary = checked.commentary
    day = formatting.date_words(commentary.date)
    who = ", ".join(part for part in (commentary.author, commentary.role, day) if part)
    flags = tuple(f"{flag}." for flag in checked.flags)
    return CommentaryBox(
        box_id=f"commentary-{commentary.chapter}-{number}",
        heading=f"Commentary by {who}",
        by=commentary.author,
        role=commentary.role,
        date=day,
        edition=commentary.edition,
        flags=(*flags, DISPUTED) if checked.disagreements else flags,
        body=checked.body,
    )
