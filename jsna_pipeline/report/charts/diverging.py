"""What people answered: bars around the neutral middle, a question a row, with how many answered.

Here: the figure, its drawing and its table of data. Not here: weighting or hiding answers (`voice/`), or which
questions are shown (`report/leads/voice.py`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal

from jsna_pipeline.report import formatting
from jsna_pipeline.report.charts.axes import contrast_text
from jsna_pipeline.report.charts.cells import limits, or_dash
from jsna_pipeline.report.charts.figure import DataRows, Drawing, Figure, data_table, draw
from jsna_pipeline.report.charts.keys import KeyEntry, flowing_key
from jsna_pipeline.report.geometry import LINE_HEIGHT, PALETTE, WIDTH, Box, Label, Rule, text_width, wrap

Side = Literal["negative", "neutral", "positive"]


@dataclass(frozen=True)
class PossibleAnswer:
    text: str
    side: Side


@dataclass(frozen=True)
class DivergingRow:
    """A question: the share of each answer in percent, and of all positive ones with its interval."""

    question: str
    shares: tuple[float | None, ...]  # of the figure's answers, in their order
    positive: float | None
    lower: float | None
    upper: float | None
    respondents: int | None  # None where the answers are withheld
    net: float | None = None  # positive less negative, in percentage points
    note: str = ""  # why the answers are withheld


@dataclass(frozen=True)
class DivergingFigure(Figure):
    """Answers to questions that share one scale; the answers from the most negative to the most positive."""

    answers: tuple[PossibleAnswer, ...]
    rows: tuple[DivergingRow, ...]
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True)
class DivergingDrawing(Drawing):
    bars: tuple[Box, ...]
    middle: tuple[Rule, ...]  # where neutral is, across each row that has a bar
    template: ClassVar[str] = "diverging"


_BAR = 17.0
_GAP = 8.0
# From the outermost inwards; further answers of a side keep the last.
_NEGATIVE = (PALETTE["fails-standard"], PALETTE["category-4"])
_POSITIVE = (PALETTE["area"], PALETTE["neighbour"])


@draw.register
def draw_diverging(figure: DivergingFigure) -> DivergingDrawing:
    """Wording over its bar; the middle of the neutral answers stands in one line through all rows."""
    key = flowing_key([KeyEntry(one.text, fill, PALETTE["axis"]) for one, fill in _coloured(figure.answers)], 0.0)
    column = max((text_width(_share_text(row)) for row in figure.rows), default=0.0)
    left, right = _extents(figure)
    unit = (WIDTH - 1 - column - _GAP) / max(left + right, 1.0)
    zero = left * unit
    labels: list[Label] = list(key.labels)
    head = f"{formatting.sentence(_positive_words(figure.answers))} (95% interval)"
    labels.append(Label(WIDTH - 1, key.bottom + 13, head, "end", PALETTE["ink-muted"]))
    bars: list[Box] = list(key.swatches)
    middle: list[Rule] = []
    y = key.bottom + 22
    for row in figure.rows:
        base = f"n = {formatting.number(row.respondents)}" if row.respondents is not None else ""
        lines = wrap(row.question, WIDTH - text_width(base) - 12)
        labels += [Label(0, y + 12 + k * LINE_HEIGHT, line) for k, line in enumerate(lines)]
        if base:
            labels.append(Label(WIDTH - 1, y + 12, base, "end", PALETTE["ink-muted"]))
        top = y + len(lines) * LINE_HEIGHT + 2
        if row.note or row.positive is None:
            labels.append(Label(0, top + 13, row.note or "not asked", fill=PALETTE["ink-muted"]))
        else:
            boxes, texts = _bar(figure, row, zero, unit, top)
            bars += boxes
            labels += texts
            labels.append(Label(WIDTH - 1, top + 13, _share_text(row), "end", weight=600))
            middle.append(Rule(zero, top - 2, zero, top + _BAR + 2, PALETTE["ink"], 1.5))
        y = top + _BAR + 9
    return DivergingDrawing(
        width=WIDTH,
        height=y,
        title=figure.text.alternative,
        labels=tuple(labels),
        notes=figure.remarks,
        bars=tuple(bars),
        middle=tuple(middle),
    )


def _coloured(answers: Sequence[PossibleAnswer]) -> list[tuple[PossibleAnswer, str]]:
    """Each answer with its colour: the further from the middle, the darker."""
    sides = [one.side for one in answers]
    outwards = {"negative": sides, "positive": sides[::-1]}
    found = []
    for place, one in enumerate(answers):
        # Places of an answer among those of its side, counted from the end of the scale.
        rank = place if one.side == "negative" else len(answers) - 1 - place
        further = outwards.get(one.side, [])[:rank].count(one.side)
        colours = {"negative": _NEGATIVE, "positive": _POSITIVE}.get(one.side, (PALETTE["grid"],))
        found.append((one, colours[min(further, len(colours) - 1)]))
    return found


def _positive_words(answers: Sequence[PossibleAnswer]) -> str:
    """What the positive answers have in common, to head their column."""
    good = [one.text.lower() for one in answers if one.side == "positive"]
    return "agree" if good and all(text.endswith("agree") for text in good) else "positive"


def _share_text(row: DivergingRow) -> str:
    if row.positive is None or row.note:
        return ""
    percent = formatting.measure(row.positive, "percent")
    known = row.lower is not None and row.upper is not None
    return f"{percent} ({limits(row.lower, row.upper, 1)})" if known else percent


def _left_of_middle(figure: DivergingFigure, row: DivergingRow) -> float:
    """What stands left of the middle in percent: the negative answers and half of the neutral ones."""
    weight = {"negative": 1.0, "neutral": 0.5, "positive": 0.0}
    return sum((share or 0.0) * weight[answer.side] for answer, share in zip(figure.answers, row.shares, strict=True))


def _extents(figure: DivergingFigure) -> tuple[float, float]:
    """How far the longest bars reach to the left and to the right of the middle, in percent."""
    shown = [row for row in figure.rows if row.positive is not None and not row.note]
    lefts = [_left_of_middle(figure, row) for row in shown]
    rights = [sum(share or 0.0 for share in row.shares) - left for row, left in zip(shown, lefts, strict=True)]
    return max(lefts, default=50.0), max(rights, default=50.0)


def _bar(
    figure: DivergingFigure, row: DivergingRow, zero: float, unit: float, top: float
) -> tuple[list[Box], list[Label]]:
    """The answers from the most negative; whole percentages in the segments that hold them."""
    x = zero - _left_of_middle(figure, row) * unit
    boxes: list[Box] = []
    texts: list[Label] = []
    for (_, fill), share in zip(_coloured(figure.answers), row.shares, strict=True):
        if not share:
            continue
        span = share * unit
        boxes.append(Box(x, top, span, _BAR, fill, PALETTE["paper"]))
        text = formatting.number(share)
        if text_width(text) + 6 <= span and not x < zero - 1 < zero + 1 < x + span:
            texts.append(Label(x + span / 2, top + 13, text, "middle", contrast_text(fill)))
        x += span
    return boxes, texts


@data_table.register
def diverging_data(figure: DivergingFigure) -> DataRows:
    """A row for each question, the most positive answer first as it was asked."""
    netted = any(row.net is not None for row in figure.rows)
    columns = (
        "Question",
        "Answers",
        *(f"{one.text} (%)" for one in reversed(figure.answers)),
        "All positive (%)",
        "95% interval",
        *(("Net (percentage points)",) if netted else ()),
    )
    return columns, tuple(_data_row(row, netted) for row in figure.rows)


def _data_row(row: DivergingRow, netted: bool) -> tuple[str, ...]:
    base = row.note if row.respondents is None else formatting.number(row.respondents)
    cells = (
        row.question,
        base or formatting.EN_DASH,
        *(or_dash(share, 1, row.note) for share in reversed(row.shares)),
        or_dash(row.positive, 1, row.note),
        limits(row.lower, row.upper, 1),
    )
    return (*cells, or_dash(row.net, 1, row.note)) if netted else cells
