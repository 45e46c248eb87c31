"""A table whose cells are tinted by their value: needs by place, by year group or by group.

Here: the figure, its drawing and its table of data. Not here: which own counts or indicators it shows
(`report/own_figures.py`).

Every value is printed in its cell, so that the tint only helps the eye to find what is large.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from jsna_pipeline.report import formatting
from jsna_pipeline.report.charts.axes import contrast_text
from jsna_pipeline.report.charts.cells import headed
from jsna_pipeline.report.charts.figure import DataRows, Drawing, Figure, data_table, draw
from jsna_pipeline.report.geometry import (
    LINE_HEIGHT,
    PALETTE,
    TINTS,
    WIDE,
    WIDTH,
    Box,
    Label,
    text_width,
    tint_step,
    wrap,
)

MOST_ROWS, MOST_COLUMNS = 18, 9  # more would be a table to search, not a picture to see


@dataclass(frozen=True)
class HeatCell:
    value: float | None  # None where it is withheld or not there
    mark: str = ""  # what stands in its place: "c" for a withheld number


@dataclass(frozen=True)
class HeatRow:
    name: str
    cells: tuple[HeatCell, ...]  # one for each column


@dataclass(frozen=True)
class HeatFigure(Figure):
    """Values by row and column, none of them negative, tinted from 0 to the largest."""

    unit: str
    decimals: int
    heading: str  # what the rows are, over their names: "Main need"
    columns: tuple[str, ...]
    rows: tuple[HeatRow, ...]
    marks: tuple[str, ...] = ()  # what each mark means: "c: withheld, so that no child can be recognised"


@dataclass(frozen=True)
class HeatDrawing(Drawing):
    cells: tuple[Box, ...]
    template: ClassVar[str] = "heat"


_GAP = 2.0  # between cells
_ROW = 24.0
_NAMES, _NARROWEST_NAMES, _WIDE_NAMES = 140.0, 76.0, 220.0  # room for the names of rows
_PADDING = 6.0


@draw.register
def draw_heat(figure: HeatFigure) -> HeatDrawing:
    """As wide as a column of the page where the headings and the names fit into it, else as wide as the page."""
    width, names = _widths(figure)
    pitch = (width - names) / max(len(figure.columns), 1)
    heads = [wrap(column, pitch - _GAP) for column in figure.columns]
    above = wrap(figure.heading, names - _PADDING)
    foot = 11 + LINE_HEIGHT * (max(map(len, (*heads, above)), default=1) - 1)
    labels = _heading_labels(above, 0.0, foot, "start")
    for k, lines in enumerate(heads):
        labels += _heading_labels(lines, names + (k + 0.5) * pitch - _GAP / 2, foot, "middle")
    most = max((cell.value for row in figure.rows for cell in row.cells if cell.value is not None), default=0.0)
    cells: list[Box] = []
    y = foot + 7
    for row in figure.rows:
        lines = wrap(row.name, names - _PADDING)
        height = max(_ROW, len(lines) * LINE_HEIGHT + 4)
        middle = y + height / 2
        first = middle - (len(lines) - 1) * LINE_HEIGHT / 2 + 4.5
        labels += [Label(0, first + k * LINE_HEIGHT, line) for k, line in enumerate(lines)]
        for k, cell in enumerate(row.cells):
            box = Box(names + k * pitch, y, pitch - _GAP, height - _GAP, _fill(cell, most))
            cells.append(box)
            text = _printed(cell, figure)
            if text:
                labels.append(Label(box.x + box.width / 2, middle + 3.5, text, "middle", contrast_text(box.fill)))
        y += height
    return HeatDrawing(
        width=width,
        height=y + 2,
        title=figure.text.alternative,
        labels=tuple(labels),
        notes=("Darker is more.", *figure.marks),
        cells=tuple(cells),
    )


def _heading_labels(lines: Sequence[str], x: float, foot: float, anchor: str) -> list[Label]:
    """A heading in lines that stand on `foot`."""
    first = foot - (len(lines) - 1) * LINE_HEIGHT
    return [
        Label(x, first + k * LINE_HEIGHT, line, anchor, PALETTE["ink-muted"])  # type: ignore[arg-type]
        for k, line in enumerate(lines)
    ]


def _widths(figure: HeatFigure) -> tuple[float, float]:
    """The width of the drawing and of its column of names: the narrow form wherever no word need be cut."""
    words = [word for column in figure.columns for word in column.split()]
    printed = [_printed(cell, figure) for row in figure.rows for cell in row.cells]
    pitch = max(map(text_width, (*words, *printed)), default=0.0) + _GAP + _PADDING
    longest = max((text_width(word) for row in figure.rows for word in row.name.split()), default=0.0) + _PADDING
    left = WIDTH - pitch * len(figure.columns)
    if left >= max(longest, _NARROWEST_NAMES):
        return WIDTH, min(left, _NAMES)
    return WIDE, max(min(WIDE - pitch * len(figure.columns), _WIDE_NAMES), _NARROWEST_NAMES)


def _fill(cell: HeatCell, most: float) -> str:
    if cell.value is None or cell.value == 0:
        return PALETTE["paper"]
    return TINTS[tint_step(cell.value, most)]


def _printed(cell: HeatCell, figure: HeatFigure) -> str:
    """The value as printed in its cell; the unit stands in the subtitle."""
    return cell.mark if cell.value is None else formatting.number(cell.value, figure.decimals)


@data_table.register
def heat_data(figure: HeatFigure) -> DataRows:
    """One row a row, with the mark where a value is withheld."""
    unit = formatting.unit_label(figure.unit)
    columns = (figure.heading, *(headed(column, unit) for column in figure.columns))
    return columns, tuple(
        (row.name, *(_printed(cell, figure) or formatting.EN_DASH for cell in row.cells)) for row in figure.rows
    )
