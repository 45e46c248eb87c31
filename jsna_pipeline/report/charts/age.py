"""Counts by single year of age, the older year as an outline.

Here: the figure, its drawing and its table of data. Not here: what it is drawn from (`report/figures.py`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from jsna_pipeline.report.charts.axes import tick_labels
from jsna_pipeline.report.charts.cells import or_dash
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
    ellipsis,
    label_ticks,
    polyline,
    text_width,
    unbroken_runs,
)


@dataclass(frozen=True)
class AgeSeries:
    name: str  # "January 2025"
    values: tuple[float | None, ...]  # one for each of `ages`


@dataclass(frozen=True)
class AgeFigure(Figure):
    """Counts by single year of age, in one or two years (columns, the older year as an outline)."""

    unit: str
    ages: tuple[str, ...]
    series: tuple[AgeSeries, ...]  # newest first


@dataclass(frozen=True)
class AgeDrawing(Drawing):
    grid: tuple[Rule, ...]
    columns: tuple[Box, ...]
    outline: Path | None  # the older year
    keys: tuple[Box, ...]
    key_rules: tuple[Rule, ...]
    template: ClassVar[str] = "age"


@draw.register
def draw_age(figure: AgeFigure) -> AgeDrawing:
    """Columns for the newest year, the year before as a stepped outline over them."""
    values = [value for series in figure.series for value in series.values if value is not None]
    ticks = axis_ticks(values, figure.unit, zero=True)
    tick_texts = label_ticks(ticks, figure.unit)
    left = max(text_width(text) for text in tick_texts) + 8
    top, bottom = 28.0, 206.0
    y = Scale(ticks[0], ticks[-1], bottom, top)
    step = (WIDTH - 2 - left) / max(len(figure.ages), 1)
    newest = figure.series[0]
    columns = tuple(
        Box(left + i * step + 1, y(value), max(step - 2, 1), bottom - y(value), PALETTE["area-mid"])
        for i, value in enumerate(newest.values)
        if value is not None
    )
    outline = None
    if len(figure.series) > 1:
        steps = [
            polyline([(left + j * step, y(figure.series[1].values[i] or 0))
                       for i in run for j in (i, i + 1)])
            for run in unbroken_runs([value is not None for value in figure.series[1].values])
        ]  # fmt: skip
        outline = Path("".join(steps), stroke=PALETTE["ink"], width=2)
    labels = tick_labels(ticks, tick_texts, y, left - 6)
    centres = [left + (i + 0.5) * step for i in range(len(figure.ages))]
    labels += _age_labels(figure.ages, centres, step, bottom + 17)
    keys, key_rules, key_labels = _age_key(figure)
    return AgeDrawing(
        width=WIDTH,
        height=bottom + 24,
        title=figure.text.alternative,
        labels=(*labels, *key_labels),
        notes=(),
        grid=tuple(Rule(left, y(tick), WIDTH, y(tick), PALETTE["axis" if tick == 0 else "grid"]) for tick in ticks),
        columns=columns,
        outline=outline,
        keys=keys,
        key_rules=key_rules,
    )


def _age_labels(ages: Sequence[str], centres: Sequence[float], step: float, baseline: float) -> list[Label]:
    """Ages under their columns: every one where there is room, else every second, fifth, tenth."""
    widest = max((text_width(age) for age in ages), default=0) + 5
    every = next((k for k in (1, 2, 5, 10) if k * step >= widest), len(ages))
    labels = []
    for age, centre in list(zip(ages, centres, strict=True))[::every]:
        half = text_width(age) / 2
        labels.append(Label(min(max(centre, half), WIDTH - half), baseline, age, "middle", PALETTE["ink-muted"]))
    return labels


def _age_key(figure: AgeFigure) -> tuple[tuple[Box, ...], tuple[Rule, ...], list[Label]]:
    newest, *older = figure.series
    half = WIDTH / 2
    labels = [Label(18, 13, ellipsis(newest.name, half - 26))]
    rules: tuple[Rule, ...] = ()
    if older:
        x = 18 + text_width(labels[0].text) + 20
        rules = (Rule(x, 8.5, x + 18, 8.5, PALETTE["ink"], 2),)
        labels.append(Label(x + 24, 13, ellipsis(older[0].name, WIDTH - x - 26)))
    return (Box(0, 2.5, 12, 12, PALETTE["area-mid"]),), rules, labels


@data_table.register
def age_data(figure: AgeFigure) -> DataRows:
    rows = tuple(
        (age, *(or_dash(series.values[i], 0) for series in figure.series)) for i, age in enumerate(figure.ages)
    )
    return ("Age", *(series.name for series in figure.series)), rows
