"""Population by age group and sex, with the shape of England.

Here: the figure, its drawing and its table of data. Not here: what it is drawn from (`report/figures.py`).
"""

from __future__ import annotations

from collections.abc import Sequence
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
    Scale,
    axis_ticks,
    hatch,
    label_ticks,
    polyline,
    text_width,
)


@dataclass(frozen=True)
class PyramidFigure(Figure):
    """Population by age group and sex: females left, males right, England's shape as an outline."""

    ages: tuple[str, ...]  # youngest first
    females: tuple[float, ...]
    males: tuple[float, ...]
    england_females_share: tuple[float, ...]  # percent of England's population in the figure
    england_males_share: tuple[float, ...]


@dataclass(frozen=True)
class PyramidDrawing(Drawing):
    grid: tuple[Rule, ...]
    bars: tuple[Box, ...]
    hatches: tuple[Path, ...]
    outlines: tuple[Path, ...]  # England, females then males
    key_rules: tuple[Rule, ...]
    template: ClassVar[str] = "pyramid"


@draw.register
def draw_pyramid(figure: PyramidFigure) -> PyramidDrawing:
    """Each age's share of the whole population, females left and males right, England as an outline."""
    total = sum(figure.females) + sum(figure.males)
    females, males = (
        [100 * value / total if total else 0.0 for value in counts] for counts in (figure.females, figure.males)
    )
    shares = [*females, *males, *figure.england_females_share, *figure.england_males_share]
    ticks = axis_ticks(shares, "percent", zero=True, most=3)
    gutter = max((text_width(age) for age in figure.ages), default=20) + 14
    centre = WIDTH / 2
    reach = centre - gutter / 2 - 16
    left = Scale(0, ticks[-1], centre - gutter / 2, centre - gutter / 2 - reach)
    right = Scale(0, ticks[-1], centre + gutter / 2, centre + gutter / 2 + reach)
    row = max(11.0, min(24.0, 230.0 / max(len(figure.ages), 1)))
    top = 24.0
    bottom = top + row * len(figure.ages)
    # The youngest stand at the foot, as in every population pyramid.
    tops = [bottom - (i + 1) * row for i in range(len(figure.ages))]
    bars: list[Box] = []
    hatches: list[Path] = []
    for place, female, male in zip(tops, females, males, strict=True):
        bars.append(Box(left(female), place + 1, left(0) - left(female), row - 2, PALETTE["area-mid"]))
        box = Box(right(0), place + 1, right(male) - right(0), row - 2, PALETTE["neighbour"])
        bars.append(box)
        if path := hatch(box, rising=True, gap=7):
            hatches.append(Path(path, stroke=PALETTE["paper"], width=1))
    outlines = tuple(
        Path(
            polyline([(scale(share), edge) for share, place in zip(england, tops, strict=True)
                       for edge in (place + row, place)]),
            stroke=PALETTE["ink"],
            width=2,
        )
        for scale, england in ((left, figure.england_females_share), (right, figure.england_males_share))
    )  # fmt: skip
    labels, key_rules = _pyramid_labels(figure, ticks, left, right, tops, row, bottom)
    return PyramidDrawing(
        width=WIDTH,
        height=bottom + 46,
        title=figure.text.alternative,
        labels=labels,
        notes=("Bars and outline show percent of the whole population in the figure.",),
        grid=tuple(
            Rule(scale(tick), top, scale(tick), bottom, PALETTE["axis" if tick == 0 else "grid"])
            for scale in (left, right)
            for tick in ticks
        ),
        bars=tuple(bars),
        hatches=tuple(hatches),
        outlines=outlines,
        key_rules=key_rules,
    )


def _pyramid_labels(
    figure: PyramidFigure,
    ticks: Sequence[float],
    left: Scale,
    right: Scale,
    tops: Sequence[float],
    row: float,
    bottom: float,
) -> tuple[tuple[Label, ...], tuple[Rule, ...]]:
    centre = WIDTH / 2
    labels = [
        Label((left.start + left.end) / 2, 13, "Females", "middle", weight=600),
        Label((right.start + right.end) / 2, 13, "Males", "middle", weight=600),
    ]
    every = next((k for k in (1, 2, 5, 10) if k * row >= LINE_HEIGHT), 10)
    labels += [
        Label(centre, tops[i] + row / 2 + 4.5, figure.ages[i], "middle", PALETTE["ink-muted"])
        for i in range(0, len(figure.ages), every)
    ]
    texts = label_ticks(ticks, "percent")
    labels += [
        Label(scale(tick), bottom + 17, text, "middle", PALETTE["ink-muted"])
        for scale in (left, right)
        for tick, text in zip(ticks, texts, strict=True)
        if tick > 0
    ]
    key = Rule(centre - 60, bottom + 35.5, centre - 38, bottom + 35.5, PALETTE["ink"], 2)
    labels.append(Label(centre - 32, bottom + 40, "England (outline)"))
    return tuple(labels), (key,)


@data_table.register
def pyramid_data(figure: PyramidFigure) -> DataRows:
    columns = (figure.females, figure.males, figure.england_females_share, figure.england_males_share)
    rows = tuple(
        (
            age,
            formatting.number(females),
            formatting.number(males),
            formatting.measure(england_females, "percent"),
            formatting.measure(england_males, "percent"),
        )
        for age, females, males, england_females, england_males in zip(figure.ages, *columns, strict=True)
    )
    return ("Age", "Females", "Males", "England females", "England males"), rows
