"""One commentary filled with its figures, held against the data, and ready to be printed.

Here: what of a commentary is printed as figure, flagged, told, or stands in the way of approval. Not here: what
a figure is (`typed_figures.py`, `placeholders.py`), the markup (`markdown.py`), or the approval itself
(`jsna_pipeline/governance`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from markupsafe import Markup

from jsna_pipeline.catalogue.indicators import indicators
from jsna_pipeline.commentary import markdown
from jsna_pipeline.commentary.markdown import Block, Run
from jsna_pipeline.commentary.placeholders import Figures, filled, sourced
from jsna_pipeline.commentary.reading import Commentary
from jsna_pipeline.commentary.typed_figures import PrintedFigures, TypedFigure, typed_figures
from jsna_pipeline.contributions.reading import Problem
from jsna_pipeline.editions import year_and_number

OUTSIDE = "\ufffc"  # stands for what is no text of the author's: a placeholder, a line break
DISPUTED_MARK = " [does not agree with the data]"


@dataclass(frozen=True)
class Disagreement:
    """A typed figure that the data do not bear out; the figure may be quoted, for it is the author's own."""

    file: str
    line: int
    typed: str
    nearest: str  # the nearest figure of its unit that the chapter prints, blank where there is none
    placeholder: str  # how that one may be bound
    too_rounded: bool = False  # it may be a lesser figure of the chapter, rounded: which one cannot be told

    @property
    def problem(self) -> Problem:
        """What is told: the figure, the nearest one, and the ways out."""
        fault = "is too rounded to be told from other figures" if self.too_rounded else "does not agree with the data"
        known = f"the nearest that the chapter prints is {self.nearest}" if self.nearest else "the chapter prints none"
        bind = f"; bind it as {self.placeholder}" if self.placeholder else "; type it as it is printed"
        remedy = f"{bind if self.nearest else ''}, or give its source in [[ … | source: … ]]"
        return Problem(self.file, f"line {self.line}", f"“{self.typed}” {fault}: {known}{remedy}")


@dataclass(frozen=True)
class CheckedCommentary:
    """A commentary as it is printed, with what is to be told of it.

    `told` is for the author's information; `blocking` stands in the way of approval, never of a draft.
    """

    commentary: Commentary
    body: Markup
    flags: tuple[str, ...]
    told: tuple[Problem, ...]
    blocking: tuple[Problem, ...]
    disagreements: tuple[Disagreement, ...]


def check(
    commentary: Commentary,
    edition: str,
    figures: Figures,
    printed: PrintedFigures,
    known: Collection[str] | None = None,
) -> CheckedCommentary:
    """`commentary` as the report of `edition` prints it.

    `printed` are the figures of its chapter; `known` the ids that a placeholder may name, by default those of the
    catalogue.
    """
    filling = _Filling(commentary, figures, indicators() if known is None else known)
    blocks, faults = markdown.parse(commentary.words, commentary.first_line)
    blocks = markdown.mapped(blocks, filling.fill)
    blocks, disagreements = _held_against(blocks, printed, commentary.file)
    links = tuple(Problem(commentary.file, f"line {fault.line}", fault.what) for fault in faults)
    return CheckedCommentary(
        commentary,
        markdown.markup(blocks),
        flags(commentary, edition),
        (*links, *filling.missing),
        (*filling.faults, *(each.problem for each in disagreements)),
        disagreements,
    )


def flags(commentary: Commentary, edition: str) -> tuple[str, ...]:
    """What is printed above words that were written for an earlier edition."""
    if year_and_number(commentary.edition)[0] >= year_and_number(edition)[0]:
        return ()
    return (f"Written for edition {commentary.edition}; not yet confirmed for {edition}",)


class _Filling:
    """Placeholders of one commentary as printed runs, with the problems met on the way."""

    def __init__(self, commentary: Commentary, figures: Figures, known: Collection[str]) -> None:
        self.file, self.figures, self.known = commentary.file, figures, known
        self.faults: list[Problem] = []
        self.missing: list[Problem] = []

    def fill(self, run: Run) -> tuple[Run, ...]:
        if run.kind == "loose":
            self._tell(self.faults, run, f"“{run.text}” opens a figure that is not closed on its line or the next")
            return (Run(run.text, run.line),)
        if run.kind not in ("bound", "sourced"):
            return (run,)
        text = filled(run.text, self.figures, self.known) if run.kind == "bound" else sourced(run.text)
        if text.fault:
            self._tell(self.faults, run, text.fault)
        if text.missing:
            self._tell(self.missing, run, text.missing)
        return (Run(text.text, run.line, "missing" if text.fault or text.missing else "printed"),)

    def _tell(self, problems: list[Problem], run: Run, what: str) -> None:
        problems.append(Problem(self.file, f"line {run.line}", what))


def _held_against(
    blocks: tuple[Block, ...], printed: PrintedFigures, file: str
) -> tuple[tuple[Block, ...], tuple[Disagreement, ...]]:
    """The tree with each disagreeing figure marked, and the disagreements in their order."""
    spans: list[tuple[int, int]] = []  # of disagreeing figures, in the text of all paragraphs after each other
    found: list[Disagreement] = []
    before = 0
    for paragraph in markdown.paragraphs(blocks):
        runs = list(markdown.runs(paragraph.words))
        text = "".join(_own_text(run) for run in runs)
        for figure in typed_figures(text):
            if not printed.agrees(figure):
                spans.append((before + figure.start, before + figure.end))
                found.append(_disagreement(figure, printed, file, _line_at(runs, figure.start)))
        before += len(text)
    marking = _Marking(spans)
    return markdown.mapped(blocks, marking.mark), tuple(found)


def _own_text(run: Run) -> str:
    return run.text if run.kind == "text" else "\n" if run.kind == "break" else OUTSIDE


def _line_at(runs: list[Run], place: int) -> int:
    for run in runs:
        place -= len(_own_text(run))
        if place < 0:
            return run.line
    return runs[-1].line


def _disagreement(figure: TypedFigure, printed: PrintedFigures, file: str, line: int) -> Disagreement:
    near = printed.nearest(figure)
    text = "" if near is None else f"{near.text} ({near.about})" if near.about else near.text
    return Disagreement(
        file,
        line,
        " ".join(figure.text.split()),
        text,
        near.placeholder if near else "",
        printed.agrees(figure, any_figure=True),
    )


class _Marking:
    """Runs cut where a disagreeing figure begins and ends; the note stands once, behind the figure's last piece."""

    def __init__(self, spans: list[tuple[int, int]]) -> None:
        self.spans = spans
        self.position = 0

    def mark(self, run: Run) -> tuple[Run, ...]:
        start = self.position
        self.position += len(_own_text(run))
        return tuple(self._pieces(run, start)) if run.kind == "text" else (run,)

    def _pieces(self, run: Run, start: int) -> Iterator[Run]:
        end, at = start + len(run.text), start
        for first, last in self.spans:
            if last <= at or first >= end:
                continue
            opening, closing = max(first, at), min(last, end)
            if opening > at:
                yield Run(run.text[at - start : opening - start], run.line)
            note = DISPUTED_MARK if closing == last else ""
            yield Run(run.text[opening - start : closing - start] + note, run.line, "disputed")
            at = closing
        if at < end:
            yield Run(run.text[at - start :], run.line)
