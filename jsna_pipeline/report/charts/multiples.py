"""Small multiples: one little chart a need or a group, all on one scale, the area over England.

Here: the figure, its drawing and its table of data. Not here: what it is drawn from.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from jsna_pipeline.report import formatting
from jsna_pipeline.report.charts.cells import or_dash
from jsna_pipeline.report.charts.figure import DataRows, Drawing, Figure, data_table, draw
from jsna_pipeline.report.charts.line import LinePoint, LineSeries, SeriesBreak, ordered_periods
from jsna_pipeline.report.geometry import (
    LINE_HEIGHT,
    PALETTE,
    WIDTH,
    Label,
    Path,
    Rule,
    Scale,
    axis_ticks,
    ellipsis,
    label_ticks,
    marker,
    polyline,
    spread,
    text_width,
    unbroken_runs,
    wrap,
)

MOST_PANELS = 12


@dataclass(frozen=True)
class Panel:
    name: str  # the need or group
    area: tuple[LinePoint, ...]
    england: tuple[LinePoint, ...] = ()


@dataclass(frozen=True)
class MultiplesFigure(Figure):
    """Series through time side by side, on one axis of values and one of periods."""

    area_name: str
    unit: str
    decimals: int
    panels: tuple[Panel, ...]  # in the order in which they are read
    breaks: tuple[SeriesBreak, ...] = ()  # the same in every panel


@dataclass(frozen=True)
class MultiplesDrawing(Drawing):
    grid: tuple[Rule, ...]
    breaks: tuple[Rule, ...]
    bands: tuple[Path, ...]  # 95 % intervals of the area
    strokes: tuple[Path, ...]
    markers: tuple[Path, ...]
    template: ClassVar[str] = "multiples"


_COLUMNS = 2
_GAP = 14.0
_PLOT = 56.0  # height of a panel's plot


@dataclass(frozen=True)
class _Scales:
    """What all panels share: the periods, the ticks and where a series must break."""

    periods: tuple[str, ...]
    ticks: tuple[float, ...]
    starts: frozenset[int]
    axis: float  # width of the column of tick labels
    pitch: float  # from one column of panels to the next
    beside: float  # room beside each plot for the last values


@dataclass(frozen=True)
class _Place:
    """Where one panel's plot lies."""

    left: float
    right: float
    x: Mapping[str, float]
    y: Scale


@draw.register
def draw_multiples(figure: MultiplesFigure) -> MultiplesDrawing:
    """Panels in two columns; values stand at the lines' ends, the scale beside each row, the years at the foot."""
    panels = figure.panels[:MOST_PANELS]
    scales = _scales(figure, panels)
    texts = label_ticks(scales.ticks, figure.unit)
    labels, key = _key(figure)
    placed: list[tuple[Panel, _Place]] = []
    y = LINE_HEIGHT + 8.0
    for row in [panels[k : k + _COLUMNS] for k in range(0, len(panels), _COLUMNS)]:
        heads = [wrap(panel.name, scales.pitch - _GAP) for panel in row]
        top = y + LINE_HEIGHT * max(map(len, heads)) + 8
        scale = Scale(scales.ticks[0], scales.ticks[-1], top + _PLOT, top)
        labels += [
            Label(scales.axis - 6, scale(tick) + 4.5, text, "end", PALETTE["ink-muted"])
            for tick, text in zip(scales.ticks, texts, strict=True)
        ]
        for column, (panel, head) in enumerate(zip(row, heads, strict=True)):
            place = _place(scales, column, scale)
            placed.append((panel, place))
            labels += [Label(place.left, y + 12 + k * LINE_HEIGHT, one, weight=600) for k, one in enumerate(head)]
            labels += _end_values(panel, place, figure)
        y = top + _PLOT + 12
    last = len(panels) - len(panels) % _COLUMNS if len(panels) % _COLUMNS else len(panels) - _COLUMNS
    labels += [label for _, place in placed[max(last, 0) :] for label in _years(scales.periods, place)]
    return MultiplesDrawing(
        width=WIDTH,
        height=y + LINE_HEIGHT,
        title=figure.text.alternative,
        labels=tuple(labels),
        notes=_notes(figure, placed),
        grid=(*key, *(rule for _, place in placed for rule in _grid(scales, place))),
        breaks=tuple(rule for _, place in placed for rule in _breaks(scales, place)),
        bands=tuple(band for panel, place in placed for band in _bands(panel, place, scales)),
        strokes=tuple(stroke for panel, place in placed for stroke in _strokes(panel, place, scales)),
        markers=tuple(_last_marker(panel, place) for panel, place in placed if _newest(panel.area)),
    )


def _scales(figure: MultiplesFigure, panels: Sequence[Panel]) -> _Scales:
    series = [LineSeries("", "area", points) for panel in panels for points in (panel.area, panel.england) if points]
    periods = ordered_periods(series) if series else ()
    values = [point.value for line in series for point in line.points if point.value is not None]
    values += [
        limit
        for panel in panels
        for point in panel.area
        if point.value is not None
        for limit in (point.lower, point.upper)
        if limit is not None
    ]
    ticks = axis_ticks(values, figure.unit, zero=True, most=2)
    axis = max(map(text_width, label_ticks(ticks, figure.unit))) + 8
    starts = frozenset(periods.index(b.period) for b in figure.breaks if b.period in periods and not b.connected)
    printed = [
        _printed(end.value, figure)
        for panel in panels
        for end in (_newest(panel.area), _newest(panel.england))
        if end and end.value is not None
    ]
    beside = max(map(text_width, (*printed, "n/a"))) + 8
    return _Scales(periods, ticks, starts, axis, (WIDTH - axis + _GAP) / _COLUMNS, beside)


def _place(scales: _Scales, column: int, y: Scale) -> _Place:
    left = scales.axis + column * scales.pitch
    right = left + scales.pitch - _GAP - scales.beside
    step = (right - left - 8) / max(len(scales.periods) - 1, 1)
    return _Place(left, right, {period: left + 4 + k * step for k, period in enumerate(scales.periods)}, y)


def _key(figure: MultiplesFigure) -> tuple[list[Label], tuple[Rule, ...]]:
    """Which line is whose, once for all panels: the area's is thick, England's thin and dashed."""
    england = any(panel.england for panel in figure.panels)
    name = ellipsis(figure.area_name, WIDTH - 140)
    labels = [Label(28, 12, name, fill=PALETTE["area"], weight=600)]
    rules = [Rule(0, 8, 22, 8, PALETTE["area"], 2.5)]
    if england:
        at = 28 + text_width(name) + 18
        labels.append(Label(at + 28, 12, "England", fill=PALETTE["england"]))
        rules.append(Rule(at, 8, at + 22, 8, PALETTE["england"], 1.5, "5 3"))
    return labels, tuple(rules)


def _grid(scales: _Scales, place: _Place) -> list[Rule]:
    return [
        Rule(place.left, place.y(tick), place.right, place.y(tick), PALETTE["axis" if tick == 0 else "grid"])
        for tick in scales.ticks
    ]


def _breaks(scales: _Scales, place: _Place) -> list[Rule]:
    """A dashed rule before the first period of a new meaning."""
    step = (place.right - place.left - 8) / max(len(scales.periods) - 1, 1)
    at = [place.x[scales.periods[k]] - (step / 2 if k else 3) for k in sorted(scales.starts)]
    return [Rule(x, place.y.end, x, place.y.start, PALETTE["axis"], 1.5, "3 3") for x in at]


def _newest(points: Sequence[LinePoint]) -> LinePoint | None:
    return next((point for point in reversed(points) if point.value is not None), None)


def _end_values(panel: Panel, place: _Place, figure: MultiplesFigure) -> list[Label]:
    """The last values of area and England beside the plot, moved apart."""
    ends = [(_newest(panel.area), PALETTE["area"], 600), (_newest(panel.england), PALETTE["england"], 400)]
    known = [(end.value, colour, weight) for end, colour, weight in ends if end and end.value is not None]
    if not known:
        return [Label(place.right + 6, place.y.start, "n/a", fill=PALETTE["ink-muted"])]
    tops = spread(
        [place.y(value) for value, _, _ in known], [LINE_HEIGHT] * len(known), place.y.end - 8, place.y.start + 8
    )
    return [
        Label(place.right + 6, top + 12, _printed(value, figure), "start", colour, weight)
        for (value, colour, weight), top in zip(known, tops, strict=True)
    ]


def _printed(value: float, figure: MultiplesFigure) -> str:
    return formatting.short_measure(value, figure.unit, figure.decimals)


def _years(periods: Sequence[str], place: _Place) -> list[Label]:
    """The first and the last period under a plot; the first alone where there is no room for both."""
    if not periods:
        return []
    below = place.y.start + 19
    labels = [Label(place.left, below, periods[0], fill=PALETTE["ink-muted"])]
    if place.right - text_width(periods[-1]) > place.left + text_width(periods[0]) + 8:
        labels.append(Label(place.right, below, periods[-1], "end", PALETTE["ink-muted"]))
    return labels


def _strokes(panel: Panel, place: _Place, scales: _Scales) -> list[Path]:
    """England under the area; both stop where nothing is published and at breaks. A lone point is a short dash."""
    found = []
    for points, colour, width, dash in (
        (panel.england, PALETTE["england"], 1.5, "5 3"),
        (panel.area, PALETTE["area"], 2.5, ""),
    ):
        at = {p.period: (place.x[p.period], place.y(p.value)) for p in points if p.value is not None}
        for run in unbroken_runs([period in at for period in scales.periods], scales.starts):
            line = [at[scales.periods[k]] for k in run]
            if len(line) == 1:
                line = [(line[0][0] - 2.5, line[0][1]), (line[0][0] + 2.5, line[0][1])]
            found.append(Path(polyline(line), stroke=colour, width=width, dash=dash))
    return found


def _bands(panel: Panel, place: _Place, scales: _Scales) -> list[Path]:
    """The area's 95 % interval, one band for each unbroken run of two points or more."""
    limits = {
        p.period: (place.y(p.lower), place.y(p.upper))
        for p in panel.area
        if p.value is not None and p.lower is not None and p.upper is not None
    }
    found = []
    for run in unbroken_runs([period in limits for period in scales.periods], scales.starts):
        here = [scales.periods[k] for k in run]
        if len(here) > 1:
            edge = [(place.x[p], limits[p][1]) for p in here] + [(place.x[p], limits[p][0]) for p in reversed(here)]
            found.append(Path(polyline(edge, close=True), fill=PALETTE["area-band"]))
    return found


def _last_marker(panel: Panel, place: _Place) -> Path:
    newest = _newest(panel.area)
    if newest is None or newest.value is None:
        raise ValueError(f"{panel.name} has no value to mark")
    return marker("circle", place.x[newest.period], place.y(newest.value), 2.8, PALETTE["area"], hollow=False)


def _notes(figure: MultiplesFigure, placed: Sequence[tuple[Panel, _Place]]) -> tuple[str, ...]:
    notes = [f"Break in the series at {b.period}: {b.reason}" for b in figure.breaks]
    if any(point.lower is not None for panel, _ in placed for point in panel.area):
        notes.insert(0, "The shading shows the 95% interval.")
    if len(figure.panels) > MOST_PANELS:
        notes.append(f"The first {MOST_PANELS} of {len(figure.panels)} are drawn; the table has all.")
    return tuple(notes)


@data_table.register
def multiples_data(figure: MultiplesFigure) -> DataRows:
    """One row a panel and series, a column each period."""
    series = [LineSeries("", "area", points) for p in figure.panels for points in (p.area, p.england) if points]
    periods = ordered_periods(series) if series else ()
    rows = []
    for panel in figure.panels:
        for name, points in ((figure.area_name, panel.area), ("England", panel.england)):
            if points:
                cells = {p.period: or_dash(p.value, figure.decimals, p.note) for p in points}
                rows.append((f"{panel.name}, {name}", *(cells.get(period, formatting.EN_DASH) for period in periods)))
    return ("Series", *periods), tuple(rows)
