"""A series through time, with the interval of the area, its comparators, breaks and a reference line.

Here: the figure, its drawing and its table of data. Not here: what it is drawn from (`report/figures.py`).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal

from jsna_pipeline.report import formatting
from jsna_pipeline.report.charts.axes import tick_labels
from jsna_pipeline.report.charts.cells import headed, limits, or_dash
from jsna_pipeline.report.charts.ends import EndLabel, end_labels, label_column
from jsna_pipeline.report.charts.figure import DataRows, Drawing, Figure, data_table, draw
from jsna_pipeline.report.geometry import (
    PALETTE,
    WIDTH,
    Label,
    Path,
    Rule,
    Scale,
    axis_ticks,
    label_ticks,
    marker,
    polyline,
    text_width,
    unbroken_runs,
    wrap,
)


@dataclass(frozen=True)
class LinePoint:
    period: str
    value: float | None  # None where not published; the line is broken there
    lower: float | None
    upper: float | None
    note: str = ""  # why a value is absent


@dataclass(frozen=True)
class LineSeries:
    name: str  # "Wigan", "England", "North West", "Statistical neighbours (mean)"
    role: Literal["area", "england", "region", "neighbours"]
    points: tuple[LinePoint, ...]


@dataclass(frozen=True)
class SeriesBreak:
    period: str  # the first period of the new meaning
    reason: str
    connected: bool = False  # a change of collection is marked, and the line goes on


@dataclass(frozen=True)
class LineFigure(Figure):
    """A series through time with its 95 % interval band, comparators and a reference line."""

    unit: str
    decimals: int
    series: tuple[LineSeries, ...]  # the area first
    breaks: tuple[SeriesBreak, ...] = ()
    reference: float | None = None  # the statutory line, e.g. 100
    reference_label: str = ""
    zero_baseline: bool = True


@dataclass(frozen=True)
class LineDrawing(Drawing):
    grid: tuple[Rule, ...]
    bands: tuple[Path, ...]  # the area's 95 % interval, one for each unbroken run
    breaks: tuple[Rule, ...]
    reference: Rule | None
    leaders: tuple[Rule, ...]  # from a line's end to its label
    strokes: tuple[Path, ...]
    markers: tuple[Path, ...]
    template: ClassVar[str] = "line"


_LINE_STYLE: Mapping[str, tuple[str, float, str, str, bool]] = {
    # role: colour, width, dash, marker, hollow
    "area": (PALETTE["area"], 3.0, "", "circle", False),
    "england": (PALETTE["england"], 2.0, "7 4", "square", True),
    "region": (PALETTE["region"], 2.0, "2 3", "triangle", True),
    "neighbours": (PALETTE["neighbours"], 2.0, "9 3 2 3", "diamond", True),
}
_MOST_MARKED_PERIODS = 12


def ordered_periods(series: Sequence[LineSeries]) -> tuple[str, ...]:
    """Every period of the series in order of time.

    Labels that begin with their year (2023/24) sort as text. Others (terms, months in words) keep the
    order of the series that name them, a period unknown to the first before the one that follows it.
    """
    named = [[point.period for point in line.points] for line in series]
    merged: list[str] = []
    for own in named:
        for i, period in enumerate(own):
            if period not in merged:
                following = (merged.index(later) for later in own[i + 1 :] if later in merged)
                merged.insert(next(following, len(merged)), period)
    by_year = all(period[:4].isdigit() for period in merged) and all(own == sorted(own) for own in named)
    return tuple(sorted(merged) if by_year else merged)


def _thinned(texts: Sequence[str], step: float) -> list[int]:
    """Which labels to print so that neighbours stay 8 units apart, counted back from the last."""
    widest = max(text_width(text) for text in texts) + 8
    every = max(1, math.ceil(widest / step)) if step > 0 else 1
    return sorted(range(len(texts) - 1, -1, -every))


def _end_texts(figure: LineFigure, periods: Sequence[str], column: float) -> list[EndLabel]:
    """Each series by name with its last published value, and the reference line by its label."""
    position = {period: i for i, period in enumerate(periods)}
    found = []
    for line in figure.series:
        known = [point for point in line.points if point.value is not None]
        end = max(known, key=lambda point: position[point.period], default=None)
        if end is None or end.value is None:
            value, text = None, f"{line.name}: not published"
        else:
            when = "" if end.period == periods[-1] else f" ({end.period})"
            value = end.value
            text = f"{line.name} {formatting.short_measure(value, figure.unit, figure.decimals)}{when}"
        weight = 600 if line.role == "area" else 400
        found.append(EndLabel(value, wrap(text, column), _LINE_STYLE[line.role][0], weight))
    if figure.reference is not None and figure.reference_label:
        lines = wrap(figure.reference_label, column)
        found.append(EndLabel(figure.reference, lines, PALETTE["fails-standard"], 400))
    return found


def _line_values(figure: LineFigure) -> list[float]:
    """All that the axis must hold: values, the area's interval, the reference line."""
    values = [point.value for line in figure.series for point in line.points]
    values += [
        limit
        for line in figure.series
        if line.role == "area"
        for point in line.points
        if point.value is not None
        for limit in (point.lower, point.upper)
    ]
    return [value for value in (*values, figure.reference) if value is not None]


@draw.register
def draw_line(figure: LineFigure) -> LineDrawing:
    """Lines with the area's interval band; both stop at unpublished points and at series breaks.

    The chart grows as high as its direct labels need.
    """
    periods = ordered_periods(figure.series)
    column = label_column(line.name for line in figure.series)
    ends = _end_texts(figure, periods, column)
    ticks = axis_ticks(_line_values(figure), figure.unit, figure.zero_baseline)
    tick_texts = label_ticks(ticks, figure.unit)
    top = 26.0 if figure.breaks else 12.0
    bottom = top + max(158.0, sum(end.height for end in ends))
    left, right = max(text_width(text) for text in tick_texts) + 8, WIDTH - column - 14
    y = Scale(ticks[0], ticks[-1], bottom, top)
    step = (right - left - 24) / max(len(periods) - 1, 1)
    x = {period: left + 12 + i * step for i, period in enumerate(periods)}
    starts = frozenset(periods.index(b.period) for b in figure.breaks if b.period in periods and not b.connected)
    breaks, break_labels = _break_marks(figure, periods, x, step, top, bottom)
    labels_at_ends, leaders = end_labels(ends, y, right, top, bottom)
    bands, strokes, markers = _line_marks(figure, periods, x, y, starts)
    return LineDrawing(
        width=WIDTH,
        height=bottom + 26,
        title=figure.text.alternative,
        labels=(
            *tick_labels(ticks, tick_texts, y, left - 6),
            *_period_labels(periods, x, step, bottom),
            *break_labels,
            *labels_at_ends,
        ),
        notes=_line_notes(figure, bool(bands), tick_texts[0] if ticks[0] > 0 else ""),
        grid=tuple(
            Rule(left, y(tick), right, y(tick), PALETTE["axis" if tick == ticks[0] else "grid"]) for tick in ticks
        ),
        bands=bands,
        breaks=breaks,
        reference=None
        if figure.reference is None
        else Rule(left, y(figure.reference), right, y(figure.reference), PALETTE["fails-standard"], 2, "12 3"),
        leaders=leaders,
        strokes=strokes,
        markers=markers,
    )


def _line_notes(figure: LineFigure, banded: bool, start: str) -> tuple[str, ...]:
    """What the reader must know to read the chart: the band, each break, an axis that starts above zero."""
    notes = ["The shading shows the 95% interval."] if banded else []
    notes += [f"Break in the series at {b.period}: {b.reason}" for b in figure.breaks]
    if start:
        notes.append(f"The axis starts at {start}, not at zero.")
    return tuple(notes)


def _period_labels(periods: Sequence[str], x: Mapping[str, float], step: float, bottom: float) -> list[Label]:
    labels = []
    for i in _thinned(periods, step):
        half = text_width(periods[i]) / 2
        centre = min(max(x[periods[i]], half), WIDTH - half)
        labels.append(Label(centre, bottom + 18, periods[i], "middle", PALETTE["ink-muted"]))
    return labels


def _break_marks(
    figure: LineFigure,
    periods: Sequence[str],
    x: Mapping[str, float],
    step: float,
    top: float,
    bottom: float,
) -> tuple[tuple[Rule, ...], list[Label]]:
    """A dashed rule before the first period of each new meaning, headed "Break" where that fits."""
    places = sorted(x[b.period] - (step / 2 if b.period != periods[0] else 8) for b in figure.breaks if b.period in x)
    rules = tuple(Rule(place, top - 8, place, bottom, PALETTE["axis"], 1.5, "3 3") for place in places)
    labels: list[Label] = []
    for place in places:
        label = Label(place, top - 12, "Break", "middle", PALETTE["ink-muted"])
        if not labels or label.bounds[0] > labels[-1].bounds[2] + 3:
            labels.append(label)
    return rules, labels


def _line_marks(
    figure: LineFigure,
    periods: Sequence[str],
    x: Mapping[str, float],
    y: Scale,
    starts: frozenset[int],
) -> tuple[tuple[Path, ...], tuple[Path, ...], tuple[Path, ...]]:
    """Bands, lines and markers, the area's last so that it lies on top."""
    bands: list[Path] = []
    strokes: list[Path] = []
    markers: list[Path] = []
    for line in reversed(figure.series):
        points = {point.period: point for point in line.points if point.value is not None}
        colour, width, dash, shape, hollow = _LINE_STYLE[line.role]
        at = {p: (x[p], y(point.value)) for p, point in points.items() if point.value is not None}
        runs = unbroken_runs([period in points for period in periods], starts)
        for run in runs:
            if len(run) > 1:
                path = polyline([at[periods[i]] for i in run])
                strokes.append(Path(path, stroke=colour, width=width, dash=dash))
        lone = {periods[run[0]] for run in runs if len(run) == 1}
        marked = periods if len(periods) <= _MOST_MARKED_PERIODS else (*lone, max(at, default=""))
        radius = 3.6 if line.role == "area" else 2.8
        markers += [marker(shape, *at[p], radius, colour, hollow) for p in periods if p in marked and p in at]
        if line.role == "area":
            bands += _interval_bands(points, periods, x, y, starts)
    return tuple(bands), tuple(strokes), tuple(markers)


def _interval_bands(
    points: Mapping[str, LinePoint],
    periods: Sequence[str],
    x: Mapping[str, float],
    y: Scale,
    starts: frozenset[int],
) -> list[Path]:
    """The interval as a band for each unbroken run, as a bar where a point stands alone."""
    limits = {
        period: (y(point.lower), y(point.upper))
        for period, point in points.items()
        if point.lower is not None and point.upper is not None
    }
    bands = []
    for run in unbroken_runs([period in limits for period in periods], starts):
        here = [periods[i] for i in run]
        edges = [(x[p], limits[p][1]) for p in here] + [(x[p], limits[p][0]) for p in reversed(here)]
        if len(here) == 1:
            (centre, upper), (_, lower) = edges
            edges = [(centre - 4, upper), (centre + 4, upper), (centre + 4, lower), (centre - 4, lower)]
        bands.append(
            Path(polyline(edges, close=True), fill=PALETTE["area-band"], stroke=PALETTE["area-mid"], width=0.75)
        )
    return bands


@data_table.register
def line_data(figure: LineFigure) -> DataRows:
    """One row a period; the first series brings its interval."""
    unit = formatting.unit_label(figure.unit)
    columns = ["Period"]
    cells: list[dict[str, str]] = []
    for k, line in enumerate(figure.series):
        columns.append(headed(line.name, unit))
        cells.append({p.period: or_dash(p.value, figure.decimals, p.note) for p in line.points})
        if k == 0:
            columns.append("95% interval")
            cells.append({p.period: limits(p.lower, p.upper, figure.decimals) for p in line.points})
    rows = tuple(
        (period, *(column.get(period, formatting.EN_DASH) for column in cells))
        for period in ordered_periods(figure.series)
    )
    return tuple(columns), rows
