"""Where an area stands among all authorities, a row for each measure: the spine chart of public health.

Here: the figure, its drawing and its table of data. Not here: the spread of the authorities (`report/national.py`)
or which measures are shown (`report/leads/spines.py`).

England is the spine: one upright line through all rows. To its right lies what is better, to its left what is worse;
of measures of which neither more nor less is good, what is higher and lower. Each side of each row is drawn to that
row's own scale, so that the end of the longer side is the edge of the chart.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import ClassVar, Literal

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
    marker,
    text_width,
    wrap,
)

Sense = Literal["high", "low", "none"]
Verdict = Literal["better", "worse", "similar", "higher", "lower", "not_tested"]


@dataclass(frozen=True)
class SpineRow:
    """One measure: the area's value, England's, and how the authorities lie; all in the measure's unit."""

    name: str
    value: float
    england: float
    least: float
    lower_quartile: float
    upper_quartile: float
    most: float
    verdict: Verdict  # of the area beside England
    sense: Sense  # whether a high or a low value is good, or neither
    unit: str
    decimals: int


@dataclass(frozen=True)
class SpineFigure(Figure):
    """Measures in order; those with a good side stand before those without."""

    area: str
    rows: tuple[SpineRow, ...]


@dataclass(frozen=True)
class SpineDrawing(Drawing):
    ranges: tuple[Rule, ...]  # from one end of the authorities to the other
    quartiles: tuple[Box, ...]  # the middle half of them
    spines: tuple[Rule, ...]  # England
    markers: tuple[Path, ...]
    template: ClassVar[str] = "spine"


_NAMES = 156.0
_LEAST_SPINE = 96.0  # width of the rows: wide values take their room from the names
_LEAST_VALUES = 50.0  # width of a column of values, wider where they are
_EDGE = 5.0  # of a mark from the end of its row
_MARKS: Mapping[Verdict, tuple[str, str, bool, str]] = {
    # verdict: colour, marker, hollow, word in the key
    "better": (PALETTE["better"], "circle", False, "better"),
    "worse": (PALETTE["fails-standard"], "diamond", False, "worse"),
    "similar": (PALETTE["ink"], "circle", True, "similar"),
    "higher": (PALETTE["area"], "triangle", False, "higher"),
    "lower": (PALETTE["area"], "triangle", True, "lower"),
    "not_tested": (PALETTE["unknown"], "square", True, "not tested"),
}
_SIDES: Mapping[bool, tuple[str, str]] = {True: ("Worse", "Better"), False: ("Lower", "Higher")}


@draw.register
def draw_spine(figure: SpineFigure) -> SpineDrawing:
    """A part for measures with a good side, a part for those without; the key of the marks used below."""
    made = _Marks(_values_width(figure))
    y = 0.0
    ordered = sorted(figure.rows, key=lambda row: row.sense == "none")
    for place, (judged, part) in enumerate(groupby(ordered, key=lambda row: row.sense != "none")):
        y = _head(made, judged, y + (8 if place else 0))
        top = y
        for row in part:
            y = _row(made, row, y)
        made.spines.append(Rule(made.spine, top - 3, made.spine, y, PALETTE["england"], 1.5))
    y = _key(made, figure, y + 8)
    return SpineDrawing(
        width=WIDTH,
        height=y,
        title=figure.text.alternative,
        labels=tuple(made.labels),
        notes=(
            "Thin line: from one end of the authorities to the other. Box: the middle half of them.",
            "Each row has its own scale; England is the upright line.",
        ),
        ranges=tuple(made.ranges),
        quartiles=tuple(made.quartiles),
        spines=tuple(made.spines),
        markers=tuple(made.markers),
    )


def _values_width(figure: SpineFigure) -> float:
    texts = [
        formatting.short_measure(value, row.unit, row.decimals)
        for row in figure.rows
        for value in (row.value, row.england)
    ]
    return max([_LEAST_VALUES, *(text_width(text) + 8 for text in texts)])


class _Marks:
    """What the rows add to a drawing, and where its columns lie."""

    def __init__(self, values: float) -> None:
        self.values = values
        self.right = WIDTH - 2 * values - 4
        self.left = min(_NAMES + 8, self.right - _LEAST_SPINE)
        self.spine = (self.left + self.right) / 2
        self.labels: list[Label] = []
        self.ranges: list[Rule] = []
        self.quartiles: list[Box] = []
        self.spines: list[Rule] = []
        self.markers: list[Path] = []

    def x(self, row: SpineRow, value: float) -> float:
        return self.spine + place_on_spine(row, value) * ((self.right - self.left) / 2 - _EDGE)


def _head(made: _Marks, judged: bool, top: float) -> float:
    """Over a part: what left and right mean, and whose values the columns hold."""
    muted, baseline = PALETTE["ink-muted"], top + 12
    left, right = _SIDES[judged]
    made.labels += [
        Label(made.left, baseline, left, fill=muted),
        Label(made.right, baseline, right, "end", muted),
        Label(WIDTH - made.values, baseline, "Here", "end", PALETTE["area"], 600),
        Label(WIDTH, baseline, "England", "end", PALETTE["england"]),
    ]
    if not judged:
        lines = wrap("Neither side is better", made.left - 8)
        made.labels += [Label(0, baseline + k * LINE_HEIGHT, line, fill=muted) for k, line in enumerate(lines)]
        return top + 5 + len(lines) * LINE_HEIGHT
    return top + 20


def place_on_spine(row: SpineRow, value: float) -> float:
    """Where a value lies from −1 to 1: England at 0, better (or higher) above it, the end of the longer side at ±1."""
    longest = max(abs(row.most - row.england), abs(row.england - row.least), abs(row.value - row.england))
    if longest == 0:
        return 0.0
    return (-1 if row.sense == "low" else 1) * (value - row.england) / longest


def _row(made: _Marks, row: SpineRow, top: float) -> float:
    lines = wrap(row.name, made.left - 8)
    height = len(lines) * LINE_HEIGHT + 5
    middle = top + height / 2
    made.labels += [
        Label(0, middle - len(lines) * LINE_HEIGHT / 2 + 11.5 + k * LINE_HEIGHT, line) for k, line in enumerate(lines)
    ]
    ends = sorted(made.x(row, value) for value in (row.least, row.most))
    made.ranges.append(Rule(ends[0], middle, ends[1], middle, PALETTE["axis"], 1.5))
    box = sorted(made.x(row, value) for value in (row.lower_quartile, row.upper_quartile))
    made.quartiles.append(Box(box[0], middle - 5, max(box[1] - box[0], 1), 10, PALETTE["neighbour"]))
    colour, shape, hollow, _ = _MARKS[row.verdict]
    at = made.x(row, row.value)
    made.markers.append(marker(shape, at, middle, 6.4, PALETTE["paper"], hollow=False))
    made.markers.append(marker(shape, at, middle, 4.4, colour, hollow))
    for value, right, fill, weight in (
        (row.value, WIDTH - made.values, PALETTE["area"], 600),
        (row.england, WIDTH, PALETTE["england"], 400),
    ):
        text = formatting.short_measure(value, row.unit, row.decimals)
        made.labels.append(Label(right, middle + 4.5, text, "end", fill, weight))
    return top + height


def _key(made: _Marks, figure: SpineFigure, top: float) -> float:
    """The marks that are used, each with its word, in as many lines as they need; returns where they end."""
    used = [verdict for verdict in _MARKS if any(row.verdict == verdict for row in figure.rows)]
    text = "Beside England:"
    made.labels.append(Label(0, top + 11, text, fill=PALETTE["ink-muted"]))
    x, y = text_width(text) + 14, top + 11
    for verdict in used:
        colour, shape, hollow, word = _MARKS[verdict]
        if x + 10 + text_width(word) > WIDTH:
            x, y = 6.0, y + LINE_HEIGHT
        made.markers.append(marker(shape, x, y - 4.5, 4.0, colour, hollow))
        made.labels.append(Label(x + 9, y, word))
        x += 9 + text_width(word) + 16
    return y + 5


@data_table.register
def spine_data(figure: SpineFigure) -> DataRows:
    """One row a measure, in the order drawn."""
    columns = (
        "Measure", figure.area, "England", "Lowest", "A quarter below", "A quarter above", "Highest", "Beside England",
    )  # fmt: skip
    rows = tuple(
        (
            row.name,
            *(
                formatting.short_measure(value, row.unit, row.decimals)
                for value in (
                    row.value, row.england, row.least, row.lower_quartile, row.upper_quartile, row.most,
                )
            ),
            _MARKS[row.verdict][3],
        )
        for row in sorted(figure.rows, key=lambda row: row.sense == "none")
    )  # fmt: skip
    return columns, rows
