"""A series and where it may go: its history, then a forecast as bands of 50, 80 and 95 in a hundred, and scenarios.

Here: the figure, its drawing and its table of data. Not here: any forecast or scenario, which come with their
bands and their reasons already worked out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from jsna_pipeline.report import formatting
from jsna_pipeline.report.charts.axes import tick_labels
from jsna_pipeline.report.charts.cells import headed, limits, or_dash
from jsna_pipeline.report.charts.ends import EndLabel, end_labels, label_column
from jsna_pipeline.report.charts.figure import DataRows, Drawing, Figure, data_table, draw
from jsna_pipeline.report.charts.line import LinePoint, SeriesBreak
from jsna_pipeline.report.geometry import (
    LINE_HEIGHT,
    PALETTE,
    TINTS,
    WIDTH,
    Box,
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
class FanPoint:
    """One period of a forecast: its middle, and the bands that hold 50, 80 and 95 of a hundred futures."""

    period: str
    central: float
    band_50: tuple[float, float]
    band_80: tuple[float, float]
    band_95: tuple[float, float]


@dataclass(frozen=True)
class Scenario:
    """What follows from an assumption, as a line of its own."""

    name: str
    points: tuple[tuple[str, float], ...]  # period and value


@dataclass(frozen=True)
class FanFigure(Figure):
    """A history with its breaks, a forecast or the reason why there is none, and scenarios."""

    unit: str
    decimals: int
    name: str
    history: tuple[LinePoint, ...]  # the oldest first
    forecast: tuple[FanPoint, ...] = ()  # every period after the history, in order
    scenarios: tuple[Scenario, ...] = ()
    breaks: tuple[SeriesBreak, ...] = ()
    withheld: str = ""  # why no forecast is given, in a sentence
    middle: bool = True  # of very few plans, the bands are drawn and the middle is not
    zero_baseline: bool = True


@dataclass(frozen=True)
class FanDrawing(Drawing):
    bands: tuple[Path, ...]
    grid: tuple[Rule, ...]
    breaks: tuple[Rule, ...]
    panel: tuple[Box, ...]  # in place of a forecast that is withheld
    leaders: tuple[Rule, ...]
    strokes: tuple[Path, ...]
    markers: tuple[Path, ...]
    template: ClassVar[str] = "fan"


_HEIGHT = 176.0
_BANDS = (("95", 0), ("80", 1), ("50", 2))  # futures in a hundred, and the tint, the widest band palest
_DASHES = ("6 4", "2 3", "9 3 2 3", "12 3")
_SCENARIO_MARKS = ("square", "triangle", "diamond", "square")
_REASON = 172.0  # beside the history, for the reason in place of a forecast
MOST_SCENARIOS = len(_DASHES)


@dataclass(frozen=True)
class _Plot:
    periods: tuple[str, ...]
    x: Mapping[str, float]
    y: Scale
    left: float
    right: float
    top: float
    bottom: float
    step: float


@draw.register
def draw_fan(figure: FanFigure) -> FanDrawing:
    """History on the left, the fan from its last point, names and bands beside the last period."""
    column = label_column([figure.name, *(scenario.name for scenario in figure.scenarios)])
    ends = _ends(figure, column)
    ticks = axis_ticks(_values(figure), figure.unit, figure.zero_baseline)
    texts = label_ticks(ticks, figure.unit)
    plot = _plot(figure, ticks, texts, column, ends)
    beside, leaders = end_labels(ends, plot.y, plot.right, plot.top, plot.bottom)
    rules, headings = _boundaries(figure, plot)
    panel, reason = _withheld(figure, plot)
    return FanDrawing(
        width=WIDTH,
        height=plot.bottom + 26,
        title=figure.text.alternative,
        labels=(
            *tick_labels(ticks, texts, plot.y, plot.left - 6),
            *_period_labels(plot),
            *headings,
            *reason,
            *beside,
        ),
        notes=_notes(figure, texts[0] if ticks[0] > 0 else ""),
        bands=_bands(figure, plot),
        grid=tuple(
            Rule(plot.left, plot.y(t), plot.right, plot.y(t), PALETTE["axis" if t == ticks[0] else "grid"])
            for t in ticks
        ),
        breaks=rules,
        panel=panel,
        leaders=leaders,
        strokes=_strokes(figure, plot),
        markers=_markers(figure, plot),
    )


def _known(figure: FanFigure) -> list[tuple[str, float]]:
    return [(point.period, point.value) for point in figure.history if point.value is not None]


def _values(figure: FanFigure) -> list[float]:
    values = [value for _, value in _known(figure)]
    values += [limit for point in figure.forecast for limit in point.band_95]
    return values + [value for one in figure.scenarios for _, value in one.points]


def _ends(figure: FanFigure, column: float) -> list[EndLabel]:
    """The middle of the forecast, the upper edges of its bands, and the scenarios, each at its last value.

    Of a history alone, its last value; beside a reason in place of a forecast, that says it (`_withheld`).
    """
    ends = []
    for last in figure.forecast[-1:]:
        if figure.middle:
            text = f"Forecast {_printed(figure, last.central)} in {last.period}"
            ends.append(EndLabel(last.central, wrap(text, column), PALETTE["area"], 600))
        for (futures, _), band in zip(_BANDS, (last.band_95, last.band_80, last.band_50), strict=True):
            ends.append(EndLabel(band[1], (f"{futures} in 100",), PALETTE["ink-muted"], 400))
    for scenario in figure.scenarios[:MOST_SCENARIOS]:
        value = scenario.points[-1][1]
        text = f"{scenario.name}: {_printed(figure, value)}"
        ends.append(EndLabel(value, wrap(text, column), PALETTE["neighbours"], 400))
    if ends or _reason_stands_inside(figure):
        return ends
    known = _known(figure)
    return [EndLabel(known[-1][1] if known else None, wrap(_last_words(figure), column), PALETTE["area"], 600)]


def _printed(figure: FanFigure, value: float) -> str:
    return formatting.short_measure(value, figure.unit, figure.decimals)


def _last_words(figure: FanFigure) -> str:
    """The series by name with its last value."""
    known = _known(figure)
    return f"{figure.name} {_printed(figure, known[-1][1])} in {known[-1][0]}" if known else f"{figure.name}: no value"


def _reason_stands_inside(figure: FanFigure) -> bool:
    """Whether the reason for no forecast takes the place of one; scenarios need that place themselves."""
    return bool(figure.withheld) and not figure.forecast and not figure.scenarios


def _plot(
    figure: FanFigure, ticks: Sequence[float], texts: Sequence[str], column: float, ends: Sequence[EndLabel]
) -> _Plot:
    top = 28.0
    bottom = top + max(_HEIGHT, sum(end.height for end in ends))
    inside = _reason_stands_inside(figure)
    left, right = max(map(text_width, texts)) + 8, WIDTH - (_REASON if inside else column + 14)
    later = [point.period for point in figure.forecast]
    later += [p for one in figure.scenarios for p, _ in one.points if p not in later]
    periods = tuple(dict.fromkeys([*(point.period for point in figure.history), *sorted(later)]))
    step = (right - left - 20) / max(len(periods) - 1, 1)
    x = {period: left + 10 + k * step for k, period in enumerate(periods)}
    return _Plot(periods, x, Scale(ticks[0], ticks[-1], bottom, top), left, right, top, bottom, step)


def _bands(figure: FanFigure, plot: _Plot) -> tuple[Path, ...]:
    """The widest first; each opens at the last point that is known."""
    known = _known(figure)
    start = [known[-1]] if known else []
    made = []
    for (_, tint), of in zip(_BANDS, ("band_95", "band_80", "band_50"), strict=True):
        edges = [(point.period, *getattr(point, of)) for point in figure.forecast]
        if not edges:
            continue
        upper = [*((p, v) for p, v in start), *((p, high) for p, _, high in edges)]
        lower = [*((p, v) for p, v in start), *((p, low) for p, low, _ in edges)]
        corners = [(plot.x[p], plot.y(v)) for p, v in upper] + [(plot.x[p], plot.y(v)) for p, v in reversed(lower)]
        if len(corners) < 4:  # one period without a history: a bar instead of a band
            (x, high), (_, low) = corners
            corners = [(x - 5, high), (x + 5, high), (x + 5, low), (x - 5, low)]
        made.append(Path(polyline(corners, close=True), fill=TINTS[tint], stroke=PALETTE["area-mid"], width=0.75))
    return tuple(made)


def _boundaries(figure: FanFigure, plot: _Plot) -> tuple[tuple[Rule, ...], list[Label]]:
    """Where the forecast begins, and where the series broke, each headed if there is room."""
    places = [
        (plot.x[b.period] - (plot.step / 2 if b.period != plot.periods[0] else 8), "Break", "middle")
        for b in figure.breaks
        if b.period in plot.x
    ]
    later = [p for p in plot.periods if p not in {point.period for point in figure.history}]
    if later and figure.history:
        places.append((plot.x[later[0]] - plot.step / 2, "Forecast" if figure.forecast else "Scenarios", "start"))
    rules: list[Rule] = []
    labels: list[Label] = []
    for x, text, anchor in sorted(places):
        rules.append(Rule(x, plot.top - 12, x, plot.bottom, PALETTE["axis"], 1.5, "3 3"))
        label = Label(x + (4 if anchor == "start" else 0), plot.top - 14, text, anchor, PALETTE["ink-muted"])  # type: ignore[arg-type]
        if label.bounds[0] >= 0 and (not labels or label.bounds[0] > labels[-1].bounds[2] + 3):
            labels.append(label)
    return tuple(rules), labels


def _withheld(figure: FanFigure, plot: _Plot) -> tuple[tuple[Box, ...], list[Label]]:
    """The last value, and why nothing is said of the years after it."""
    if not _reason_stands_inside(figure):
        return (), []
    box = Box(plot.right + 8, plot.top, _REASON - 10, plot.bottom - plot.top, PALETTE["paper"], PALETTE["axis"])
    value = wrap(_last_words(figure), box.width - 16)
    reason = wrap(f"No forecast. {figure.withheld}", box.width - 16)
    most = int((box.height - 14) // LINE_HEIGHT) - len(value)
    # A reason too long for the box is in the notes below in any case.
    shown = reason if len(reason) <= most else ("No forecast: see below.",)
    lines = [*((line, 600, PALETTE["area"]) for line in value), *((line, 400, PALETTE["ink"]) for line in shown)]
    return (box,), [
        Label(box.x + 8, plot.top + 18 + k * LINE_HEIGHT, line, "start", fill, weight)
        for k, (line, weight, fill) in enumerate(lines)
    ]


def _strokes(figure: FanFigure, plot: _Plot) -> tuple[Path, ...]:
    """Scenarios under the forecast's middle, which is dashed, under the history, which is whole."""
    known = _known(figure)
    start = [known[-1]] if known else []
    made = []
    for scenario, dash in zip(figure.scenarios, _DASHES, strict=False):
        line = [(plot.x[p], plot.y(v)) for p, v in (*start, *scenario.points)]
        if len(line) > 1:
            made.append(Path(polyline(line), stroke=PALETTE["neighbours"], width=2, dash=dash))
    middle = [(plot.x[p], plot.y(v)) for p, v in (*start, *((one.period, one.central) for one in figure.forecast))]
    if figure.forecast and figure.middle and len(middle) > 1:
        made.append(Path(polyline(middle), stroke=PALETTE["area"], width=2.5, dash="5 3"))
    values = dict(known)
    starts = frozenset(
        plot.periods.index(b.period) for b in figure.breaks if b.period in plot.periods and not b.connected
    )
    for run in unbroken_runs([period in values for period in plot.periods], starts):
        if len(run) > 1:
            line = [(plot.x[plot.periods[k]], plot.y(values[plot.periods[k]])) for k in run]
            made.append(Path(polyline(line), stroke=PALETTE["area"], width=3))
    return tuple(made)


def _markers(figure: FanFigure, plot: _Plot) -> tuple[Path, ...]:
    made = [marker("circle", plot.x[p], plot.y(v), 3.2, PALETTE["area"], hollow=False) for p, v in _known(figure)]
    for scenario, shape in zip(figure.scenarios, _SCENARIO_MARKS, strict=False):
        period, value = scenario.points[-1]
        made.append(marker(shape, plot.x[period], plot.y(value), 3.2, PALETTE["neighbours"], hollow=True))
    if figure.forecast and figure.middle:
        last = figure.forecast[-1]
        made.append(marker("circle", plot.x[last.period], plot.y(last.central), 3.2, PALETTE["area"], hollow=True))
    return tuple(made)


def _period_labels(plot: _Plot) -> list[Label]:
    """Periods from the last backwards, as many as stand apart."""
    labels: list[Label] = []
    for period in reversed(plot.periods):
        half = text_width(period) / 2
        label = Label(max(plot.x[period], half), plot.bottom + 18, period, "middle", PALETTE["ink-muted"])
        if not labels or label.bounds[2] + 8 < labels[-1].bounds[0]:
            labels.append(label)
    return labels


def _notes(figure: FanFigure, start: str) -> tuple[str, ...]:
    notes = [f"Break in the series at {b.period}: {b.reason}" for b in figure.breaks]
    if figure.forecast:
        notes.append("Of 100 futures like the past, 50, 80 and 95 would lie within the bands from dark to pale.")
    if figure.scenarios:
        notes.append("A scenario says what would follow from its assumption, not what is likely.")
    if figure.withheld and not figure.forecast:
        notes.append(f"No forecast: {figure.withheld}")
    if start:
        notes.append(f"The axis starts at {start}, not at zero.")
    return tuple(notes)


@data_table.register
def fan_data(figure: FanFigure) -> DataRows:
    """One row a period: what is known, the forecast with its bands, and each scenario."""
    known = {point.period: or_dash(point.value, figure.decimals, point.note) for point in figure.history}
    ahead = {point.period: point for point in figure.forecast}
    lines = [dict(scenario.points) for scenario in figure.scenarios]
    later = sorted({*ahead, *(p for line in lines for p in line)} - known.keys())
    unit = formatting.unit_label(figure.unit)
    columns = ["Period", headed(figure.name, unit)]
    if ahead:
        columns += ["Forecast", "50 in 100", "80 in 100", "95 in 100"]
    columns += [scenario.name for scenario in figure.scenarios]
    rows = []
    for period in (*known, *later):
        cells = [known.get(period, formatting.EN_DASH)]
        if ahead:
            point = ahead.get(period)
            cells += (
                [formatting.EN_DASH] * 4
                if point is None
                else [
                    formatting.number(point.central, figure.decimals) if figure.middle else formatting.EN_DASH,
                    *(limits(*band, figure.decimals) for band in (point.band_50, point.band_80, point.band_95)),
                ]
            )
        cells += [
            formatting.number(line[period], figure.decimals) if period in line else formatting.EN_DASH for line in lines
        ]
        rows.append((period, *cells))
    return tuple(columns), tuple(rows)
