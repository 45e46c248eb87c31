"""Every authority's share against the number it rests on, between the limits that chance alone explains.

Here: the figure, its drawing and its table of data. Not here: the limits (`statistics/funnel.py`) or which
indicator is shown (`report/place_figures.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal

from jsna_pipeline.report import formatting
from jsna_pipeline.report.charts.axes import horizontal_tick_labels, tick_labels
from jsna_pipeline.report.charts.cells import headed
from jsna_pipeline.report.charts.ends import EndLabel, end_labels
from jsna_pipeline.report.charts.figure import DataRows, Drawing, Figure, data_table, draw
from jsna_pipeline.report.charts.keys import KeyEntry, flowing_key
from jsna_pipeline.report.geometry import (
    LINE_HEIGHT,
    PALETTE,
    WIDTH,
    Label,
    Path,
    Rule,
    Scale,
    axis_ticks,
    coordinate,
    label_ticks,
    marker,
    nice_ticks,
    polyline,
    text_width,
    wrap,
)


@dataclass(frozen=True)
class FunnelPoint:
    name: str
    role: Literal["area", "neighbour", "other"]
    value: float
    denominator: float
    place: str  # where it stands, in words: "above the 99.8% limit"


@dataclass(frozen=True)
class ControlLimits:
    """The limits of an area of this size, were its true share the baseline's."""

    denominator: float
    lower_95: float
    upper_95: float
    lower_998: float
    upper_998: float


@dataclass(frozen=True)
class FunnelFigure(Figure):
    """Authorities by size and share round the baseline, England's value, with 95 % and 99.8 % control limits."""

    unit: str
    decimals: int
    baseline: float
    counted: str  # what the denominator counts, under the axis: "New plans issued in 2024"
    points: tuple[FunnelPoint, ...]
    limits: tuple[ControlLimits, ...]  # from the smallest size to the end of the axis
    absent: tuple[str, ...] = ()  # authorities without a value


@dataclass(frozen=True)
class FunnelDrawing(Drawing):
    grid: tuple[Rule, ...]
    limits: tuple[Path, ...]
    baseline: Rule
    leaders: tuple[Rule, ...]
    others: str  # path data: a point for each other authority, drawn as round dots
    others_colour: str
    markers: tuple[Path, ...]
    template: ClassVar[str] = "funnel"


_COLUMN = 76.0  # beside the plot: "99.8% limits"
_HEIGHT = 196.0
_LIMITS: Sequence[tuple[str, str, Callable[[ControlLimits], tuple[float, float]]]] = (
    ("95% limits", "4 3", lambda one: (one.lower_95, one.upper_95)),
    ("99.8% limits", "", lambda one: (one.lower_998, one.upper_998)),
)


def size_ticks(largest: float) -> tuple[float, ...]:
    """The axis of sizes, from 0 to a round number that holds the largest."""
    return nice_ticks(0.0, max(largest, 1.0), 5)


@draw.register
def draw_funnel(figure: FunnelFigure) -> FunnelDrawing:
    """Dots between two pairs of curves; the area's name stands above the plot, joined to its dot."""
    own = next((point for point in figure.points if point.role == "area"), None)
    callout = _callout(figure, own)
    ticks = axis_ticks([figure.baseline, *(point.value for point in figure.points)], figure.unit, zero=True)
    texts = label_ticks(ticks, figure.unit)
    sizes = size_ticks(max((point.denominator for point in figure.points), default=1.0))
    left, right = max(map(text_width, texts)) + 8, WIDTH - _COLUMN - 14
    top = len(callout) * LINE_HEIGHT + 14.0
    bottom = top + _HEIGHT
    x, y = Scale(0, sizes[-1], left, right), Scale(ticks[0], ticks[-1], bottom, top)
    beside, leaders = end_labels(_ends(figure, y), y, right + 4, top, bottom)
    axis = wrap(figure.counted, WIDTH - left)
    below = [Label(left, bottom + 34 + k * LINE_HEIGHT, line, fill=PALETTE["ink-muted"]) for k, line in enumerate(axis)]
    key = flowing_key(_key_entries(figure), bottom + 40 + (len(axis) - 1) * LINE_HEIGHT)
    labels = [
        *_callout_labels(callout, x(own.denominator) if own else left),
        *tick_labels(ticks, texts, y, left - 6),
        *horizontal_tick_labels(sizes, [formatting.number(size) for size in sizes], x, bottom + 17),
    ]
    if own:
        leaders = (*leaders, Rule(x(own.denominator), top - 9, x(own.denominator), y(own.value), PALETTE["area"]))
    return FunnelDrawing(
        width=WIDTH,
        height=key.bottom + 4,
        title=figure.text.alternative,
        labels=(*labels, *beside, *below, *key.labels),
        notes=_notes(figure),
        grid=tuple(
            Rule(left, y(tick), right, y(tick), PALETTE["axis" if tick == ticks[0] else "grid"]) for tick in ticks
        ),
        limits=tuple(
            Path(curve, stroke=PALETTE["axis"], width=1.2, dash=dash)
            for _, dash, of in _LIMITS
            for side in (0, 1)
            if (curve := _curve(figure.limits, of, side, x, y))
        ),
        baseline=Rule(left, y(figure.baseline), right, y(figure.baseline), PALETTE["england"], 1.5, "7 4"),
        leaders=leaders,
        others="".join(
            f"M{coordinate(x(point.denominator))} {coordinate(y(point.value))}h0"
            for point in figure.points
            if point.role == "other"
        ),
        others_colour=PALETTE["neighbour"],
        markers=(*key.marks, *_markers(figure.points, x, y)),
    )


def _callout(figure: FunnelFigure, own: FunnelPoint | None) -> tuple[str, ...]:
    if own is None:
        return ()
    value = formatting.short_measure(own.value, figure.unit, figure.decimals)
    return wrap(f"{own.name} {value} of {formatting.number(own.denominator)}", WIDTH - 8)


def _callout_labels(lines: Sequence[str], at: float) -> list[Label]:
    """The area's name in the strip above the plot, over its dot or as near as the canvas allows."""
    half = max(map(text_width, lines), default=0.0) / 2
    centre = min(max(at, half + 2), WIDTH - half - 2)
    return [Label(centre, 12 + k * LINE_HEIGHT, line, "middle", PALETTE["area"], 600) for k, line in enumerate(lines)]


def _ends(figure: FunnelFigure, y: Scale) -> list[EndLabel]:
    """England's line, and each pair of limits at its upper curve, if that ends inside the plot."""
    value = formatting.short_measure(figure.baseline, figure.unit, figure.decimals)
    ends = [EndLabel(figure.baseline, ("England", value), PALETTE["england"], 400)]
    for name, _, of in _LIMITS:
        if figure.limits and of(figure.limits[-1])[1] <= y.high:
            ends.append(EndLabel(of(figure.limits[-1])[1], (name,), PALETTE["ink-muted"], 400))
    # From the top, so that labels that meet keep the order of what they name.
    return sorted(ends, key=lambda end: -(end.value or 0.0))


def _key_entries(figure: FunnelFigure) -> list[KeyEntry]:
    entries = [KeyEntry("Another authority", PALETTE["neighbour"], shape="circle", hollow=False)]
    if any(point.role == "neighbour" for point in figure.points):
        entries.append(KeyEntry("Statistical neighbour", PALETTE["neighbours"], shape="diamond"))
    return entries


def _curve(
    limits: Sequence[ControlLimits],
    of: Callable[[ControlLimits], tuple[float, float]],
    side: int,
    x: Scale,
    y: Scale,
) -> str:
    """One limit as far as it lies inside the plot: cut where it leaves it, not bent along the edge."""
    places = [(one.denominator, of(one)[side]) for one in limits]
    inside = [(size, value) for size, value in places if y.low <= value <= y.high]
    if len(inside) < 2:
        return ""
    before = next(((size, value) for size, value in reversed(places) if size < inside[0][0]), None)
    if before and before[1] != inside[0][1]:
        edge = y.high if before[1] > y.high else y.low
        share = (edge - before[1]) / (inside[0][1] - before[1])
        inside.insert(0, (before[0] + share * (inside[0][0] - before[0]), edge))
    return polyline([(x(size), y(value)) for size, value in inside])


def _markers(points: Sequence[FunnelPoint], x: Scale, y: Scale) -> list[Path]:
    """Neighbours and, above all, the area."""
    found = []
    for role, shape, radius, colour in (
        ("neighbour", "diamond", 3.2, PALETTE["neighbours"]),
        ("area", "circle", 5.0, PALETTE["area"]),
    ):
        found += [
            marker(shape, x(point.denominator), y(point.value), radius, colour, hollow=role == "neighbour")
            for point in points
            if point.role == role
        ]
    return found


def _notes(figure: FunnelFigure) -> tuple[str, ...]:
    notes = ["Outside the limits, the difference from England is more than chance explains; it does not say why."]
    if figure.absent:
        names = (
            formatting.listed(figure.absent)
            if len(figure.absent) <= 3
            else formatting.counted(len(figure.absent), "authority", "authorities")
        )
        notes.append(f"No value: {names}.")
    return tuple(notes)


@data_table.register
def funnel_data(figure: FunnelFigure) -> DataRows:
    """One row an authority, the area first, then its neighbours, then the others, each by name."""
    order = ("area", "neighbour", "other")
    rows = tuple(
        (point.name, formatting.number(point.value, figure.decimals), formatting.number(point.denominator), point.place)
        for point in sorted(figure.points, key=lambda point: (order.index(point.role), point.name))
    )
    unit = formatting.unit_label(figure.unit)
    return ("Authority", headed("Value", unit), "Out of", "Beside England"), rows
