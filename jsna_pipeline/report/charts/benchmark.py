"""The area among England, its region and its statistical neighbours, as bars in order.

Here: the figure, its drawing and its table of data. Not here: what it is drawn from (`report/figures.py`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Literal

from jsna_pipeline.report import formatting
from jsna_pipeline.report.charts.axes import absent_label, horizontal_tick_labels, vertical_reference
from jsna_pipeline.report.charts.cells import headed, limits
from jsna_pipeline.report.charts.figure import DataRows, Drawing, Figure, data_table, draw
from jsna_pipeline.report.geometry import (
    PALETTE,
    WIDTH,
    Box,
    Label,
    Path,
    Rule,
    Scale,
    axis_ticks,
    hatch,
    label_ticks,
    polyline,
    text_width,
    wrap,
)


@dataclass(frozen=True)
class Bar:
    name: str
    role: Literal["area", "england", "region", "neighbours_mean", "neighbour"]
    value: float | None
    lower: float | None = None
    upper: float | None = None
    note: str = ""


@dataclass(frozen=True)
class BenchmarkFigure(Figure):
    """The area against England, its region and each of its statistical neighbours, ordered."""

    unit: str
    decimals: int
    bars: tuple[Bar, ...]
    reference: float | None = None
    reference_label: str = ""


@dataclass(frozen=True)
class BenchmarkDrawing(Drawing):
    grid: tuple[Rule, ...]
    bars: tuple[Box, ...]
    hatches: tuple[Path, ...]
    whiskers: tuple[Path, ...]
    reference: Rule | None
    template: ClassVar[str] = "benchmark"


_NAME_COLUMN = 140.0
_BAR_STYLE: Mapping[str, tuple[str, str, int]] = {
    # role: colour, hatching, weight of the label
    "area": (PALETTE["area"], "", 600),
    "england": (PALETTE["england"], "", 600),
    "region": (PALETTE["region"], "rising", 400),
    "neighbours_mean": (PALETTE["neighbours"], "falling", 400),
    "neighbour": (PALETTE["neighbour"], "", 400),
}


@draw.register
def draw_benchmark(figure: BenchmarkFigure) -> BenchmarkDrawing:
    """Horizontal bars from zero in the given order, with 95 % interval whiskers and printed values."""
    values = [bound for bar in figure.bars for bound in (bar.value, bar.lower, bar.upper) if bound is not None] + (
        [figure.reference] if figure.reference is not None else []
    )
    ticks = axis_ticks(values, figure.unit, zero=True)
    shown = [_bar_text(bar, figure) for bar in figure.bars]
    value_column = max([text_width(text) for text, bar in zip(shown, figure.bars, strict=True)
                        if bar.value is not None], default=30.0)  # fmt: skip
    left, right = _NAME_COLUMN + 6, WIDTH - value_column - 10
    x = Scale(ticks[0], ticks[-1], left, right)
    top = 20.0 if figure.reference is not None and figure.reference_label else 6.0
    labels: list[Label] = []
    bars: list[Box] = []
    hatches: list[Path] = []
    whiskers: list[Path] = []
    y = top
    for bar, text in zip(figure.bars, shown, strict=True):
        colour, hatching, weight = _BAR_STYLE[bar.role]
        lines = wrap(bar.name, _NAME_COLUMN)
        height = len(lines) * 12.0 + 2.0
        middle = y + height / 2
        first = middle - (len(lines) - 1) * 6 + 4.5
        labels += [
            Label(_NAME_COLUMN, first + k * 12, line, "end", PALETTE["ink"], weight) for k, line in enumerate(lines)
        ]
        if bar.value is None:
            labels.append(absent_label(text, x(0), left, middle + 4.5))
        else:
            box = Box(min(x(0), x(bar.value)), middle - 5.5, abs(x(bar.value) - x(0)), 11, colour)
            bars.append(box)
            if hatching and (lines_of_hatch := hatch(box, rising=hatching == "rising")):
                hatches.append(Path(lines_of_hatch, stroke=PALETTE["paper"], width=1))
            labels.append(Label(WIDTH - 2, middle + 4.5, text, "end", PALETTE["ink"], weight))
            whiskers += _whisker(bar, x, middle)
        y += height
    grid = tuple(Rule(x(tick), top, x(tick), y + 2, PALETTE["axis" if tick == 0 else "grid"]) for tick in ticks)
    labels += horizontal_tick_labels(ticks, label_ticks(ticks, figure.unit), x, y + 17)
    reference, reference_labels = vertical_reference(figure.reference, figure.reference_label, x, top, y)
    return BenchmarkDrawing(
        width=WIDTH,
        height=y + 24,
        title=figure.text.alternative,
        labels=(*labels, *reference_labels),
        notes=("Lines across the bars show 95% intervals.",) if whiskers else (),
        grid=grid,
        bars=tuple(bars),
        hatches=tuple(hatches),
        whiskers=tuple(whiskers),
        reference=reference,
    )


def _bar_text(bar: Bar, figure: BenchmarkFigure) -> str:
    if bar.value is None:
        return bar.note or "not published"
    return formatting.short_measure(bar.value, figure.unit, figure.decimals)


def _whisker(bar: Bar, x: Scale, middle: float) -> list[Path]:
    """The interval as a capped line, drawn twice: a pale edge keeps it visible on a dark bar."""
    if bar.lower is None or bar.upper is None:
        return []
    low, high = x(bar.lower), x(bar.upper)
    ends = [[(end, middle - 4), (end, middle + 4)] for end in (low, high)]
    path = "".join(polyline(stroke) for stroke in (ends[0], [(low, middle), (high, middle)], ends[1]))
    return [Path(path, stroke=PALETTE["paper"], width=3.6), Path(path, stroke=PALETTE["ink"], width=1.5)]


@data_table.register
def benchmark_data(figure: BenchmarkFigure) -> DataRows:
    unit = formatting.unit_label(figure.unit)
    rows = tuple(
        (
            bar.name,
            bar.note or "not published" if bar.value is None else formatting.number(bar.value, figure.decimals),
            limits(bar.lower, bar.upper, figure.decimals),
        )
        for bar in figure.bars
    )
    return ("Area", headed("Value", unit), "95% interval"), rows
