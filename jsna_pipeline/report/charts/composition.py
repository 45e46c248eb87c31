"""Shares of a whole: the area above its comparators.

Here: the figure, its drawing and its table of data. Not here: what it is drawn from (`report/figures.py`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal

from jsna_pipeline.report import formatting
from jsna_pipeline.report.charts.axes import contrast_text
from jsna_pipeline.report.charts.cells import count_and_share
from jsna_pipeline.report.charts.figure import DataRows, Drawing, Figure, data_table, draw
from jsna_pipeline.report.geometry import (
    LINE_HEIGHT,
    PALETTE,
    WIDTH,
    Box,
    Label,
    Path,
    Rule,
    ellipsis,
    hatch,
    text_width,
    wrap,
)


@dataclass(frozen=True)
class Segment:
    category: str
    count: float | None
    share: float | None  # percent of the bar


@dataclass(frozen=True)
class StackedBar:
    name: str
    role: Literal["area", "england", "region", "neighbours_mean", "neighbour"]
    segments: tuple[Segment, ...]


@dataclass(frozen=True)
class CompositionFigure(Figure):
    """Shares of a whole, the area above its comparators, segments in one order throughout."""

    unit: str
    bars: tuple[StackedBar, ...]


@dataclass(frozen=True)
class CompositionDrawing(Drawing):
    segments: tuple[Box, ...]
    hatches: tuple[Path, ...]
    swatches: tuple[Box, ...]
    rules: tuple[Rule, ...]
    template: ClassVar[str] = "composition"


_CATEGORY_COLOURS = tuple(PALETTE[f"category-{k}"] for k in range(1, 7))
_BAR_HEIGHT = 24.0
_KEY_COLUMN, _WIDEST_KEY_COLUMN = 80.0, 120.0  # of a heading in the key; no authority's longest word needs more


@draw.register
def draw_composition(figure: CompositionFigure) -> CompositionDrawing:
    """Bars of 100 %; a share is printed in its segment where it fits, and always in the key.

    Segments beyond the sixth repeat the colours with hatching, so no two look alike.
    """
    categories = tuple(dict.fromkeys(s.category for bar in figure.bars for s in bar.segments))
    labels: list[Label] = []
    segments: list[Box] = []
    hatches: list[Path] = []
    y = 0.0
    for bar in figure.bars:
        weight = 600 if bar.role == "area" else 400
        labels.append(Label(0, y + 13, ellipsis(bar.name, WIDTH), weight=weight))
        boxes, texts = _segments(bar, categories, y + 19)
        segments += boxes.values()
        for category, box in boxes.items():
            if hatching := _category_hatch(categories.index(category), box):
                hatches.append(hatching)
        labels += texts
        y += 19 + _BAR_HEIGHT + 10
    key = _composition_key(figure, categories, y + 4)
    return CompositionDrawing(
        width=WIDTH,
        height=key.height,
        title=figure.text.alternative,
        labels=(*labels, *key.labels),
        notes=(),
        segments=tuple(segments),
        hatches=(*hatches, *key.hatches),
        swatches=key.swatches,
        rules=key.rules,
    )


def _segments(bar: StackedBar, categories: Sequence[str], top: float) -> tuple[dict[str, Box], list[Label]]:
    """Boxes by category from the left, and the shares that fit into them.

    Rounded shares may add to a little over 100; the bar is then that much longer than its scale, so
    the scale takes the larger of the two.
    """
    total = max(100.0, sum(segment.share or 0.0 for segment in bar.segments))
    boxes: dict[str, Box] = {}
    texts: list[Label] = []
    x = 0.0
    for segment in bar.segments:
        if not segment.share:
            continue
        width = segment.share / total * WIDTH
        index = categories.index(segment.category)
        fill = _CATEGORY_COLOURS[index % 6]
        box = Box(x, top, min(max(width - 1.5, 0.5), WIDTH - x), _BAR_HEIGHT, fill)
        boxes[segment.category] = box
        text = formatting.short_measure(segment.share, "percent", 1)
        # A hatched segment carries no text: lines behind digits would make them hard to read.
        if index < 6 and text_width(text) + 8 <= box.width:
            texts.append(Label(x + box.width / 2, top + 16.5, text, "middle", contrast_text(fill), 600))
        x += width
    return boxes, texts


def _category_hatch(index: int, box: Box) -> Path | None:
    """White hatching on the second and further rounds of the six colours."""
    if index < 6:
        return None
    path = hatch(box, rising=index < 12, gap=5 if index < 18 else 9)
    return Path(path, stroke=PALETTE["paper"], width=1.4) if path else None


def _composition_key(figure: CompositionFigure, categories: Sequence[str], top: float) -> CompositionDrawing:
    """The key: swatch, category, and the shares of the first two bars, whether they fitted or not."""
    heads = figure.bars[:2]
    headings = [_key_heading(bar.name) for bar in heads]
    columns = [max(52.0, max(map(text_width, heading)) + 12) for heading in headings]
    name_width = WIDTH - 20 - sum(columns) - 4
    ends = [WIDTH - sum(columns[k + 1 :]) - 1 for k in range(len(heads))]
    labels: list[Label] = []
    swatches: list[Box] = []
    hatches: list[Path] = []
    rules: list[Rule] = []
    foot = top + 11 + LINE_HEIGHT * (max(map(len, headings), default=1) - 1)
    for bar, end, heading in zip(heads, ends, headings, strict=True):
        weight = 600 if bar.role == "area" else 400
        labels += [
            Label(end, foot - k * LINE_HEIGHT, line, "end", weight=weight) for k, line in enumerate(reversed(heading))
        ]
    y = foot + 6
    shares = [{segment.category: segment.share for segment in bar.segments} for bar in heads]
    for index, category in enumerate(categories):
        rules.append(Rule(0, y, WIDTH, y, PALETTE["grid"]))
        lines = wrap(category, name_width)
        swatch = Box(0, y + 4, 13, 13, _CATEGORY_COLOURS[index % 6])
        swatches.append(swatch)
        if hatching := _category_hatch(index, swatch):
            hatches.append(hatching)
        labels += [Label(20, y + 15 + k * 14, line) for k, line in enumerate(lines)]
        for bar_shares, end in zip(shares, ends, strict=True):
            share = bar_shares.get(category)
            text = "n/a" if share is None else formatting.short_measure(share, "percent", 1)
            labels.append(Label(end, y + 15, text, "end"))
        y += 7 + len(lines) * 14
    return CompositionDrawing(WIDTH, y + 2, "", tuple(labels), (), (), tuple(hatches), tuple(swatches), tuple(rules))


def _key_heading(name: str) -> tuple[str, ...]:
    """The name of a bar over its column, in lines as narrow as its longest word allows."""
    longest = max((text_width(word) for word in name.split()), default=0.0)
    return wrap(name, min(max(longest, _KEY_COLUMN), _WIDEST_KEY_COLUMN)) or ("",)


@data_table.register
def composition_data(figure: CompositionFigure) -> DataRows:
    names = tuple(dict.fromkeys(s.category for bar in figure.bars for s in bar.segments))
    cells = [{s.category: (s.count, s.share) for s in bar.segments} for bar in figure.bars]
    rows = tuple((name, *(count_and_share(*bar.get(name, (None, None))) for bar in cells)) for name in names)
    return ("Category", *(bar.name for bar in figure.bars)), rows
