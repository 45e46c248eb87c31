"""Counts by single year of age, the older year as an outline.

Here: the figure, its drawing and its table of data. Not here: what it is drawn from (`report/figures.py`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from jsna_pipeline.report import formatting
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
    """Columns for the newest year with the highest one's count, the year before as a stepped outline over them."""
    values = [value for series in figure.series for value in series.values if value is not None]
    ticks = axis_ticks(values, figure.unit, zero=True)
    tick_texts = label_ticks(ticks, figure.unit)
    left = max(text_width(text) for text in tick_texts) + 8
    top, bottom = 36.0, 206.0
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
        outline = Path("".join(steps), stroke=PALETTE["ink"], width=2) if steps else None
    labels = tick_labels(ticks, tick_texts, y, left - 6)
    centres = [left + (i + 0.5) * step for i in range(len(figure.ages))]
    labels += _age_labels(figure.ages, centres, bottom + 17)
    labels += _peak_label(figure, centres, step, y, left)
    missing = [centre for centre, value in zip(centres, newest.values, strict=True) if value is None]
    if step > text_width(formatting.EN_DASH) + 2:
        labels += [Label(centre, bottom - 5, formatting.EN_DASH, "middle", PALETTE["ink-muted"]) for centre in missing]
    keys, key_rules, key_labels = _age_key(figure)
    return AgeDrawing(
        width=WIDTH,
        height=bottom + 24,
        title=figure.text.alternative,
        labels=(*labels, *key_labels),
        notes=(f"{formatting.EN_DASH}: not published in {newest.name}",) if missing else (),
        grid=tuple(Rule(left, y(tick), WIDTH, y(tick), PALETTE["axis" if tick == 0 else "grid"]) for tick in ticks),
        columns=columns,
        outline=outline,
        keys=keys,
        key_rules=key_rules,
    )


def _age_labels(ages: Sequence[str], centres: Sequence[float], baseline: float) -> list[Label]:
    """The youngest age with the word, then every one where there is room, else those that a ruler would mark."""
    if not ages:
        return []
    for every in (1, 2, 5, 10):
        labels = [Label(0, baseline, f"Age {ages[0]}", fill=PALETTE["ink-muted"])]
        chosen = [place for place in range(1, len(ages)) if every == 1 or _years(ages[place], place) % every == 0]
        wanted = [_tick(ages[place], centres[place], baseline) for place in chosen]
        for label in wanted:
            if label.bounds[0] > labels[-1].bounds[2] + 4:
                labels.append(label)
        # The first two give way to the word; among the others a gap would look like a missing age.
        if len(labels) > len(wanted) - 2 or every == 10:
            return labels
    return []


def _years(age: str, place: int) -> int:
    """The number in an age, or its place where it has none."""
    digits = "".join(letter for letter in age if letter.isdigit())
    return int(digits) if digits else place


def _tick(age: str, centre: float, baseline: float) -> Label:
    half = text_width(age) / 2
    return Label(min(max(centre, half), WIDTH - half), baseline, age, "middle", PALETTE["ink-muted"])


def _peak_label(figure: AgeFigure, centres: Sequence[float], step: float, y: Scale, left: float) -> list[Label]:
    """The largest count of the newest year, above its column and whatever the other year has beside it."""
    values = [value or 0.0 for value in figure.series[0].values]
    if not any(values):
        return []
    peak = max(range(len(values)), key=lambda place: values[place])
    text = formatting.number(values[peak])
    half = text_width(text) / 2
    centre = min(max(centres[peak], left + half), WIDTH - half)
    beside = [place for place, one in enumerate(centres) if abs(one - centre) < half + step / 2 + 2]
    highest = max(series.values[place] or 0.0 for series in figure.series for place in beside)
    return [Label(centre, y(highest) - 5, text, "middle", weight=600)]


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
