"""The summary on one page of A4: the few numbers that matter, large, each with its period and its counts.

Here: which numbers stand on it and in which words, as a page and as a PDF. Not here: gathering them
(`glance.py`), the easy-read draft (`easy_read.py`) or markup.
"""

from __future__ import annotations

import textwrap
from dataclasses import dataclass

from jsna_pipeline.errors import BuildError
from jsna_pipeline.report import formatting, pdf
from jsna_pipeline.report.companions import pages
from jsna_pipeline.report.companions.glance import (
    AUTISM_WAIT,
    CASELOAD,
    REQUESTS,
    SEN_SUPPORT,
    THERAPY_WAIT,
    Glance,
    Heard,
    KeyFigure,
    Sought,
)
from jsna_pipeline.report.model import Report

HERE = "infographic.html"
LONGEST_WORDS, LONGEST_NAME = 110, 60  # characters of words that people wrote; the page must stay one page
MOST_STANDARDS, MOST_TILES, MOST_DECISIONS = 2, 6, 4
SYMBOLS = {CASELOAD: "people", REQUESTS: "letter", AUTISM_WAIT: "health", THERAPY_WAIT: "talk"}


@dataclass(frozen=True)
class Tile:
    """One number: `numeral` is set large, `words` say of what, `small` when and how it compares."""

    symbol: str
    numeral: str
    words: str
    small: str
    share: float | None = None  # percent, drawn as a bar
    share_words: str = ""


def tiles(glance: Glance) -> tuple[Tile, ...]:
    """At most six: children with a plan, the standards failed by most weight, demand, waits, what families say.

    Where some are not known, SEN support and further standards stand in their places.
    """
    failed = [_late(one) for one in glance.standards if one.late]
    wait = glance.get(AUTISM_WAIT) or glance.get(THERAPY_WAIT)
    chosen = [
        *(_counted(one) for one in [glance.get(CASELOAD)] if one),
        *failed[:MOST_STANDARDS],
        *(_counted(one) for one in [glance.get(REQUESTS)] if one),
        *([_waiting(wait)] if wait else []),
        *(_heard(one) for one in glance.heard[:1]),
        *(_supported(one) for one in [glance.get(SEN_SUPPORT)] if one),
        *failed[MOST_STANDARDS:],
    ]
    return tuple(chosen[:MOST_TILES])


def _supported(one: KeyFigure) -> Tile:
    return Tile("school", one.printed, one.phrase, f"{one.period}.", one.value, f"Bar: {one.printed}")


def _counted(one: KeyFigure) -> Tile:
    small = f"{one.period}."
    if one.before:
        change = (one.value - one.before) / one.before * 100
        verb = "Up" if change > 0 else "Down"
        moved = f"{verb} {formatting.number(abs(change), 1)}% from {formatting.number(one.before)} a year before."
        small += f" {moved if change else 'The same as a year before.'}"
    return Tile(SYMBOLS[one.indicator_id], one.printed, one.phrase, small)


def _late(one: KeyFigure) -> Tile:
    late, out_of = one.late or 0, one.out_of or 0
    share = 100 * late / out_of
    said = f"{formatting.measure(share, 'percent')} missed the limit that the law sets"
    return Tile("late", formatting.of(late, out_of), one.late_words, f"{one.period}. {said}.",
                share, f"Bar: {said}")  # fmt: skip


def _waiting(one: KeyFigure) -> Tile:
    counts = f" {formatting.of(one.count, one.out_of)}." if one.count is not None and one.out_of else ""
    small = f"{one.period}.{counts} It covers {_cut(one.covers, LONGEST_NAME)}, not this authority alone."
    return Tile(SYMBOLS[one.indicator_id], one.printed, one.phrase, small, one.value, f"Bar: {one.printed}")


def _heard(one: Heard) -> Tile:
    printed = formatting.measure(one.share, "percent")
    small = f"{one.wave} survey, {formatting.counted(one.answers, 'answer')}. The fewest of all that was asked."
    return Tile(
        "talk",
        printed,
        f"of {one.audience} say: “{_cut(one.question, LONGEST_WORDS)}”",
        small,
        one.share,
        f"Bar: {printed}",
    )


def decision_line(one: Sought) -> str:
    """ "Agree the backlog team. SEND Partnership Board, by 31 March 2026." """
    board = f" {_cut(one.board, LONGEST_NAME)}," if one.board else ""
    day = f"{'by' if board else 'By'} {formatting.date_words(one.by)}"
    said = formatting.sentence(_cut(one.decision, LONGEST_WORDS)).rstrip(".")
    return f"{said}{'' if said.endswith('…') else '.'}{board} {day}."


def _cut(words: str, longest: int) -> str:
    return textwrap.shorten(words, longest, placeholder="…")


def not_known(report: Report) -> str:
    """What the summary cannot say, counted from the report."""
    gaps = sum(len(chapter.gaps) for chapter in report.chapters)
    missing = sum(not entry.present for entry in report.sources)
    parts = [f"{formatting.counted(gaps, 'measure')} could not be given for this area"] if gaps else []
    parts += [f"{formatting.counted(missing, 'published file')} had not been supplied"] if missing else []
    parts = parts or ["nothing that was looked for is missing"]
    return f"{formatting.sentence(formatting.listed(parts))}. The full report names each, and who holds it."


def _page(report: Report, medium: pages.html.Medium, most_decisions: int = MOST_DECISIONS) -> str:
    sought = report.glance.sought
    return pages.render(
        "infographic.html.j2",
        report,
        HERE,
        medium,
        tiles=tiles(report.glance),
        decisions=[decision_line(one) for one in sought[:most_decisions]],
        more_decisions=max(0, len(sought) - most_decisions),
        not_known=not_known(report),
    )


def render(report: Report) -> bytes:
    return _page(report, "screen").encode("utf-8")


def render_pdf(report: Report) -> bytes:
    """The same on one page of A4, tagged like the report, with fewer decisions where all are too long for it.

    Raises BuildError where the page is too full even so, and for anything that the renderer remarks on.
    """
    for most in range(MOST_DECISIONS, 0, -1):
        if content := pdf.one_page(_page(report, "print", most), report):
            return content
    raise BuildError("The summary runs over its page; shorten the names of the area and of its boards.")
