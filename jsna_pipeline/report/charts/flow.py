"""A way through stages, as bands whose width is the number on it: what goes on, and what turns aside.

Here: the figure, its drawing and its table of data. Not here: which stages an area's figures give
(`report/leads/ehc_system.py`).

Every band of a drawing has one scale. Stages are counted apart: between two a rule breaks the band, since those
counted in one are not all the same children as in the next. A stock at the end (plans in force) is a box without
scale, which one band enters and one leaves.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from jsna_pipeline.report import formatting
from jsna_pipeline.report.charts.figure import DataRows, Drawing, Figure, data_table, draw
from jsna_pipeline.report.geometry import (
    LINE_HEIGHT,
    PALETTE,
    WIDTH,
    Box,
    Label,
    Path,
    Rule,
    coordinate,
    ellipsis,
    polyline,
    wrap,
)


@dataclass(frozen=True)
class FlowPart:
    """A part of a stage: how many, what became of them, and their share of the stage."""

    name: str  # "refused"
    count: int
    share: float | None = None  # percent of the stage


@dataclass(frozen=True)
class FlowStage:
    """Those counted at one step: some turn aside, the others go on."""

    name: str  # "requests for an assessment"
    when: str  # "2024"
    count: int
    aside: tuple[FlowPart, ...]  # in the order of the way
    onward: FlowPart


@dataclass(frozen=True)
class FlowStock:
    """What the way fills: how many there are, and how many left in the year."""

    name: str  # "children and young people with a plan"
    when: str
    count: int
    left: FlowPart | None = None


@dataclass(frozen=True)
class FlowFigure(Figure):
    """The stages in order, and the stock that the last one fills."""

    stages: tuple[FlowStage, ...]
    stock: FlowStock | None = None


@dataclass(frozen=True)
class FlowDrawing(Drawing):
    bands: tuple[Path, ...]
    asides: tuple[Path, ...]
    breaks: tuple[Rule, ...]
    boxes: tuple[Box, ...]
    template: ClassVar[str] = "flow"


_WIDEST = 150.0  # of a band
_LEAST = 1.5  # of a band that is not empty: thinner would not be seen
_TURN = 196.0  # where an aside ends, and its words begin
_WORDS = WIDTH - _TURN - 8
_TIP = 9.0


@draw.register
def draw_flow(figure: FlowFigure) -> FlowDrawing:
    """From top to bottom; what turns aside leaves to the right, the first on the outside, so that bands never cross."""
    counts = [stage.count for stage in figure.stages]
    if figure.stock and figure.stock.left:
        counts.append(figure.stock.left.count)
    made = _Marks(_WIDEST / max(max(counts, default=1), 1))
    y = 0.0
    for place, stage in enumerate(figure.stages):
        if place:
            made.breaks.append(Rule(0, y, WIDTH, y, PALETTE["axis"], 1, "3 3"))
            y += 6
        y = _stage(made, stage, y)
    if figure.stock is not None:
        y = _stock(made, figure.stock, y)
    return FlowDrawing(
        width=WIDTH,
        height=y + 4,
        title=figure.text.alternative,
        labels=tuple(made.labels),
        notes=_notes(figure),
        bands=tuple(made.bands),
        asides=tuple(made.asides),
        breaks=tuple(made.breaks),
        boxes=tuple(made.boxes),
    )


class _Marks:
    """What the stages add to a drawing, and the one scale of its bands."""

    def __init__(self, scale: float) -> None:
        self.scale = scale
        self.labels: list[Label] = []
        self.bands: list[Path] = []
        self.asides: list[Path] = []
        self.breaks: list[Rule] = []
        self.boxes: list[Box] = []

    def width(self, count: int) -> float:
        return max(count * self.scale, _LEAST) if count > 0 else 0.0

    def words(self, text: str, count: str, x: float, top: float, room: float, colour: str) -> float:
        """A count in bold with what it counts, in lines from `top`; returns their end."""
        lines = wrap(f"{count} {text}", room)
        for k, line in enumerate(lines):
            self.labels.append(Label(x, top + 11 + k * LINE_HEIGHT, line, fill=colour, weight=600))
        return top + len(lines) * LINE_HEIGHT


def _stage(made: _Marks, stage: FlowStage, top: float) -> float:
    """A heading, the band as wide as its count, the asides that leave it, and what goes on."""
    heading = f"{stage.name}, {stage.when}"
    start = made.words(heading, formatting.number(stage.count), 0, top, WIDTH, PALETTE["ink"]) + 4
    right = made.width(stage.count)
    edge = [(0.0, start), (right, start)]  # of the band: its right side steps in where an aside leaves
    free = start
    for part in (part for part in stage.aside if part.count):
        width, height = made.width(part.count), _part_height(part, _WORDS)
        level = max(edge[-1][1] + 7, free + (height - width) / 2)
        made.asides.append(Path(_turn(right - width, right, edge[-1][1], level), fill=PALETTE["neighbour"]))
        free = _part_words(made, part, _TURN + 8, level + (width - height) / 2) + 3
        edge += [(right, edge[-1][1]), (right - width, edge[-1][1])]
        right = max(right - width, 0.0)
        edge.append((right, level + width))
    if not stage.onward.count:
        made.bands.append(Path(polyline([*edge, (0.0, edge[-1][1])], close=True), fill=PALETTE["area"]))
        return max(free, edge[-1][1]) + 8
    words = max(free, edge[-1][1] + 2)
    end = max(_part_words(made, stage.onward, max(right, _TIP) + 10, words, WIDTH), words + 2 * _TIP)
    edge += [(right, end - _TIP), (right / 2, end), (0.0, end - _TIP)]
    made.bands.append(Path(polyline(edge, close=True), fill=PALETTE["area"]))
    return end + 8


def _part_height(part: FlowPart, room: float) -> float:
    lines = wrap(f"{formatting.number(part.count)} {part.name}", room)
    return (len(lines) + (part.share is not None)) * LINE_HEIGHT


def _part_words(made: _Marks, part: FlowPart, x: float, top: float, right: float = WIDTH) -> float:
    """The count and name in bold, the share under them."""
    end = made.words(part.name, formatting.number(part.count), x, top, right - x, PALETTE["ink"])
    if part.share is None:
        return end
    share = formatting.measure(part.share, "percent", 1)
    made.labels.append(Label(x, end + 11, share, fill=PALETTE["ink-muted"]))
    return end + LINE_HEIGHT


def _stock(made: _Marks, stock: FlowStock, top: float) -> float:
    """An outlined box without scale, which the arrow above enters, with a band for those who left it."""
    left = stock.left if stock.left and stock.left.count else None
    width = made.width(left.count) if left else 0.0
    heading = wrap(f"{formatting.number(stock.count)} {stock.name}, {stock.when}", _TURN - 50)
    height = max(len(heading) * LINE_HEIGHT + 14, width + 12)
    made.boxes.append(Box(0.75, top, _TURN - 40, height, PALETTE["area-band"], PALETTE["area"]))
    first = top + (height - len(heading) * LINE_HEIGHT) / 2 + 11.5
    made.labels += [Label(8, first + k * LINE_HEIGHT, text, weight=600) for k, text in enumerate(heading)]
    if left is None:
        return top + height
    edge, middle = _TURN - 39.25, top + height / 2
    path = polyline(
        [
            (edge, middle - width / 2),
            (_TURN - _TIP, middle - width / 2),
            (_TURN, middle),
            (_TURN - _TIP, middle + width / 2),
            (edge, middle + width / 2),
        ],
        close=True,
    )
    made.asides.append(Path(path, fill=PALETTE["neighbour"]))
    end = _part_words(made, left, _TURN + 8, max(middle - _part_height(left, _WORDS) / 2, top))
    return max(top + height, end)


def _turn(left: float, right: float, top: float, level: float) -> str:
    """A band from `left` to `right` that goes down from `top` and turns right at `level`, as thick as it was wide."""
    n, width = coordinate, right - left
    inner = min(6.0, level - top)
    outer = inner + width
    return (
        f"M{n(left)} {n(top)}L{n(right)} {n(top)}L{n(right)} {n(level - inner)}"
        f"A{n(inner)} {n(inner)} 0 0 0 {n(right + inner)} {n(level)}"
        f"L{n(_TURN)} {n(level)}L{n(_TURN)} {n(level + width)}L{n(right + inner)} {n(level + width)}"
        f"A{n(outer)} {n(outer)} 0 0 1 {n(left)} {n(level - inner)}Z"
    )


def _notes(figure: FlowFigure) -> tuple[str, ...]:
    notes = ["The width of a band is its number."]
    if len(figure.stages) > 1:
        notes.append(
            "Each stage counts what happened in its year: those assessed are not all the same children as those who "
            "asked in it."
        )
    if figure.stock is not None:
        notes.append(f"The box of {ellipsis(figure.stock.name, WIDTH)} is not to scale.")
    return tuple(notes)


@data_table.register
def flow_data(figure: FlowFigure) -> DataRows:
    """One row a stage, and one for each part of it."""
    rows: list[tuple[str, ...]] = []
    for stage in figure.stages:
        rows.append(_data_row(stage.name, stage.when, FlowPart(stage.name, stage.count)))
        rows += [_data_row(stage.name, stage.when, part) for part in (*stage.aside, stage.onward)]
    if figure.stock is not None:
        stock = figure.stock
        rows.append(_data_row(stock.name, stock.when, FlowPart(stock.name, stock.count)))
        if stock.left is not None:
            rows.append(_data_row(stock.name, stock.when, stock.left))
    return ("What", "When", "Number", "Share of the stage (%)"), tuple(rows)


def _data_row(stage: str, when: str, part: FlowPart) -> tuple[str, ...]:
    name = formatting.sentence(stage) if part.name == stage else f"{formatting.sentence(stage)}: {part.name}"
    share = formatting.EN_DASH if part.share is None else formatting.number(part.share, 1)
    return name, when, formatting.number(part.count), share
