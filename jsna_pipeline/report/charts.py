"""The arrangement of the report's charts: from a frozen figure to a frozen drawing.

Here: where the bars, lines, bands, labels and keys of each kind of figure are placed. Not here: scales,
text and palette (`report/geometry.py`), markup (`report_templates/charts/*.svg.j2`) or any statistic.

Every chart is 360 units wide, so that one drawing serves a phone, half a desktop column and half a page
of A4, where a label of 13 units prints at 11.4 px. Colour is never the only signal: series also differ
in weight, dash, marker, hatching and label.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from jsna_pipeline.report import formatting
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
    contrast,
    ellipsis,
    hatch,
    label_ticks,
    marker,
    polyline,
    spread,
    text_width,
    unbroken_runs,
    wrap,
)
from jsna_pipeline.report.model import (
    AgeFigure,
    Bar,
    BenchmarkFigure,
    CompositionFigure,
    Figure,
    LineFigure,
    LinePoint,
    LineSeries,
    PyramidFigure,
    StackedBar,
)


@dataclass(frozen=True)
class Drawing:
    """What every chart has: its canvas, its text alternative, and remarks for the caption."""

    width: float
    height: float
    title: str  # the text alternative, first child of the SVG
    labels: tuple[Label, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True)
class LineDrawing(Drawing):
    grid: tuple[Rule, ...]
    bands: tuple[Path, ...]  # the area's 95 % interval, one for each unbroken run
    breaks: tuple[Rule, ...]
    reference: Rule | None
    leaders: tuple[Rule, ...]  # from a line's end to its label
    strokes: tuple[Path, ...]
    markers: tuple[Path, ...]
    template: str = "line"


@dataclass(frozen=True)
class BenchmarkDrawing(Drawing):
    grid: tuple[Rule, ...]
    bars: tuple[Box, ...]
    hatches: tuple[Path, ...]
    whiskers: tuple[Path, ...]
    reference: Rule | None
    template: str = "benchmark"


@dataclass(frozen=True)
class CompositionDrawing(Drawing):
    segments: tuple[Box, ...]
    hatches: tuple[Path, ...]
    swatches: tuple[Box, ...]
    rules: tuple[Rule, ...]
    template: str = "composition"


@dataclass(frozen=True)
class AgeDrawing(Drawing):
    grid: tuple[Rule, ...]
    columns: tuple[Box, ...]
    outline: Path | None  # the older year
    keys: tuple[Box, ...]
    key_rules: tuple[Rule, ...]
    template: str = "age"


@dataclass(frozen=True)
class PyramidDrawing(Drawing):
    grid: tuple[Rule, ...]
    bars: tuple[Box, ...]
    hatches: tuple[Path, ...]
    outlines: tuple[Path, ...]  # England, females then males
    key_rules: tuple[Rule, ...]
    template: str = "pyramid"


AnyDrawing = LineDrawing | BenchmarkDrawing | CompositionDrawing | AgeDrawing | PyramidDrawing

# --- a series through time ---------------------------------------------------------------------

_LINE_STYLE: Mapping[str, tuple[str, float, str, str, bool]] = {
    # role: colour, width, dash, marker, hollow
    "area": (PALETTE["area"], 3.0, "", "circle", False),
    "england": (PALETTE["england"], 2.0, "7 4", "square", True),
    "region": (PALETTE["region"], 2.0, "2 3", "triangle", True),
    "neighbours": (PALETTE["neighbours"], 2.0, "9 3 2 3", "diamond", True),
}
_LABEL_COLUMN = 98.0
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


class _EndLabel(NamedTuple):
    """What stands in the column on the right for one line, at the height of its last value."""

    value: float | None
    lines: tuple[str, ...]
    colour: str
    weight: int

    @property
    def height(self) -> float:
        return len(self.lines) * LINE_HEIGHT + 4


def _end_texts(figure: LineFigure, periods: Sequence[str]) -> list[_EndLabel]:
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
        found.append(_EndLabel(value, wrap(text, _LABEL_COLUMN), _LINE_STYLE[line.role][0], weight))
    if figure.reference is not None and figure.reference_label:
        lines = wrap(figure.reference_label, _LABEL_COLUMN)
        found.append(_EndLabel(figure.reference, lines, PALETTE["fails-standard"], 400))
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


def draw_line(figure: LineFigure) -> LineDrawing:
    """Lines with the area's interval band; both stop at unpublished points and at series breaks.

    The chart grows as high as its direct labels need.
    """
    periods = ordered_periods(figure.series)
    ends = _end_texts(figure, periods)
    ticks = axis_ticks(_line_values(figure), figure.unit, figure.zero_baseline)
    tick_texts = label_ticks(ticks, figure.unit)
    top = 26.0 if figure.breaks else 12.0
    bottom = top + max(158.0, sum(end.height for end in ends))
    left, right = max(text_width(text) for text in tick_texts) + 8, WIDTH - _LABEL_COLUMN - 14
    y = Scale(ticks[0], ticks[-1], bottom, top)
    step = (right - left - 24) / max(len(periods) - 1, 1)
    x = {period: left + 12 + i * step for i, period in enumerate(periods)}
    starts = frozenset(periods.index(b.period) for b in figure.breaks if b.period in periods and not b.connected)
    breaks, break_labels = _break_marks(figure, periods, x, step, top, bottom)
    end_labels, leaders = _end_labels(ends, y, right, top, bottom)
    bands, strokes, markers = _line_marks(figure, periods, x, y, starts)
    return LineDrawing(
        width=WIDTH,
        height=bottom + 26,
        title=figure.text.alternative,
        labels=(
            *_tick_labels(ticks, tick_texts, y, left - 6),
            *_period_labels(periods, x, step, bottom),
            *break_labels,
            *end_labels,
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


def _tick_labels(ticks: Sequence[float], texts: Sequence[str], y: Scale, right: float) -> list[Label]:
    return [
        Label(right, y(tick) + 4.5, text, "end", PALETTE["ink-muted"]) for tick, text in zip(ticks, texts, strict=True)
    ]


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


def _end_labels(
    ends: Sequence[_EndLabel], y: Scale, right: float, top: float, bottom: float
) -> tuple[list[Label], tuple[Rule, ...]]:
    """Direct labels in the column on the right, moved apart, each with a leader from its line's end."""
    wanted = [bottom if end.value is None else y(end.value) for end in ends]
    places = spread(wanted, [end.height for end in ends], top, bottom)
    labels: list[Label] = []
    leaders: list[Rule] = []
    for end, place in zip(ends, places, strict=True):
        labels += [
            Label(right + 12, place + 13.5 + k * LINE_HEIGHT, text, fill=end.colour, weight=end.weight)
            for k, text in enumerate(end.lines)
        ]
        if end.value is not None:
            leaders.append(Rule(right - 6, y(end.value), right + 9, place + end.height / 2, end.colour, 1))
    return labels, tuple(leaders)


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


# --- the area among its comparators ------------------------------------------------------------

_NAME_COLUMN = 140.0
_BAR_STYLE: Mapping[str, tuple[str, str, int]] = {
    # role: colour, hatching, weight of the label
    "area": (PALETTE["area"], "", 600),
    "england": (PALETTE["england"], "", 600),
    "region": (PALETTE["region"], "rising", 400),
    "neighbours_mean": (PALETTE["neighbours"], "falling", 400),
    "neighbour": (PALETTE["neighbour"], "", 400),
}


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
            labels.append(_absent_label(text, x(0), left, middle + 4.5))
        else:
            box = Box(min(x(0), x(bar.value)), middle - 5.5, abs(x(bar.value) - x(0)), 11, colour)
            bars.append(box)
            if hatching and (lines_of_hatch := hatch(box, rising=hatching == "rising")):
                hatches.append(Path(lines_of_hatch, stroke=PALETTE["paper"], width=1))
            labels.append(Label(WIDTH - 2, middle + 4.5, text, "end", PALETTE["ink"], weight))
            whiskers += _whisker(bar, x, middle)
        y += height
    grid = tuple(Rule(x(tick), top, x(tick), y + 2, PALETTE["axis" if tick == 0 else "grid"]) for tick in ticks)
    labels += _horizontal_tick_labels(ticks, label_ticks(ticks, figure.unit), x, y + 17)
    reference, reference_labels = _vertical_reference(figure, x, top, y)
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


def _absent_label(text: str, zero: float, left: float, baseline: float) -> Label:
    """Why a bar is absent, in its place: on the side of zero that has more room."""
    room_right, room_left = WIDTH - zero - 6, zero - left - 4
    if room_right >= room_left:
        return Label(zero + 4, baseline, ellipsis(text, room_right), fill=PALETTE["ink-muted"])
    return Label(zero - 4, baseline, ellipsis(text, room_left), "end", PALETTE["ink-muted"])


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


def _horizontal_tick_labels(ticks: Sequence[float], texts: Sequence[str], x: Scale, baseline: float) -> list[Label]:
    """Tick labels under a horizontal axis; one that would touch its neighbour is left out."""
    labels: list[Label] = []
    for tick, text in zip(ticks, texts, strict=True):
        half = text_width(text) / 2
        centre = min(max(x(tick), half), WIDTH - half)
        label = Label(centre, baseline, text, "middle", PALETTE["ink-muted"])
        if not labels or label.bounds[0] > labels[-1].bounds[2] + 4:
            labels.append(label)
    return labels


def _vertical_reference(
    figure: BenchmarkFigure, x: Scale, top: float, bottom: float
) -> tuple[Rule | None, list[Label]]:
    if figure.reference is None:
        return None, []
    at = x(figure.reference)
    rule = Rule(at, top - 2, at, bottom, PALETTE["fails-standard"], 2, "12 3")
    if not figure.reference_label:
        return rule, []
    text = ellipsis(figure.reference_label, WIDTH - 4)
    half = text_width(text) / 2
    centre = min(max(at, half + 2), WIDTH - half - 2)
    return rule, [Label(centre, top - 6, text, "middle", PALETTE["fails-standard"])]


# --- shares of a whole -------------------------------------------------------------------------

_CATEGORY_COLOURS = tuple(PALETTE[f"category-{k}"] for k in range(1, 7))
_BAR_HEIGHT = 24.0


def _contrast_text(fill: str) -> str:
    """Paper or ink, whichever is read better on `fill`."""
    return max((PALETTE["paper"], PALETTE["ink"]), key=lambda colour: contrast(colour, fill))


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
        box = Box(x, top, max(width - 1.5, 0.5), _BAR_HEIGHT, fill)
        boxes[segment.category] = box
        text = formatting.short_measure(segment.share, "percent", 1)
        # A hatched segment carries no text: lines behind digits would make them hard to read.
        if index < 6 and text_width(text) + 8 <= box.width:
            texts.append(Label(x + box.width / 2, top + 16.5, text, "middle", _contrast_text(fill), 600))
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
    columns = [min(max(text_width(bar.name) + 12, 52.0), 92.0) for bar in heads]
    name_width = WIDTH - 20 - sum(columns) - 4
    ends = [WIDTH - sum(columns[k + 1 :]) - 1 for k in range(len(heads))]
    labels: list[Label] = []
    swatches: list[Box] = []
    hatches: list[Path] = []
    rules: list[Rule] = []
    for bar, end, column in zip(heads, ends, columns, strict=True):
        head = ellipsis(bar.name, column - 10)
        labels.append(Label(end, top + 11, head, "end", weight=600 if bar.role == "area" else 400))
    y = top + 17
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


# --- counts by single year of age --------------------------------------------------------------


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
    labels = _tick_labels(ticks, tick_texts, y, left - 6)
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


# --- population by age and sex -----------------------------------------------------------------


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


# --- any figure --------------------------------------------------------------------------------


def draw(figure: Figure) -> AnyDrawing:
    """The drawing of any figure of the report."""
    match figure:
        case LineFigure():
            return draw_line(figure)
        case BenchmarkFigure():
            return draw_benchmark(figure)
        case CompositionFigure():
            return draw_composition(figure)
        case AgeFigure():
            return draw_age(figure)
        case PyramidFigure():
            return draw_pyramid(figure)
