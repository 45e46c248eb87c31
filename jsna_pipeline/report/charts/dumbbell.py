"""Two to four marks on a line, a row for each thing compared: how far apart groups or places are.

Here: the figure, its drawing and its table of data. Not here: what an area's figures compare (`report/leads/`).

The length of the line is the gap. Each mark has the colour, shape and label of its series; the name of a series stands
at its first mark, so that no key is needed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal, NamedTuple

from jsna_pipeline.report import formatting
from jsna_pipeline.report.charts.cells import headed, limits, or_dash
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
    label_ticks,
    marker,
    polyline,
    spread_closely,
    text_width,
    wrap,
)

Role = Literal["area", "england", "neighbours", "rest", "newer", "no_sen", "sen_support", "ehc_plan"]


@dataclass(frozen=True)
class DumbbellMark:
    value: float | None  # None where not published or hidden; then `note` says why
    lower: float | None = None
    upper: float | None = None
    note: str = ""

    def words(self, unit: str, decimals: int) -> str:
        """The value as printed, or why there is none."""
        if self.value is None:
            return self.note or "not published"
        return formatting.short_measure(self.value, unit, decimals)


@dataclass(frozen=True)
class DumbbellRow:
    name: str
    marks: tuple[DumbbellMark, ...]  # one for each series of the figure, in its order


@dataclass(frozen=True)
class DumbbellSeries:
    name: str
    role: Role


@dataclass(frozen=True)
class DumbbellPanel:
    """Rows of one unit, under a heading of their own."""

    rows: tuple[DumbbellRow, ...]
    unit: str = "percent"
    decimals: int = 1
    title: str = ""


@dataclass(frozen=True)
class DumbbellFigure(Figure):
    """Rows of marks in one panel or several; those of one unit share an axis unless `own_scales`."""

    series: tuple[DumbbellSeries, ...]
    panels: tuple[DumbbellPanel, ...]
    own_scales: bool = False
    interval: str = "95%"  # which interval the marks' limits are


@dataclass(frozen=True)
class DumbbellDrawing(Drawing):
    grid: tuple[Rule, ...]
    plates: tuple[Box, ...]  # of paper under names that stand over the grid
    joins: tuple[Rule, ...]
    leaders: tuple[Rule, ...]
    whiskers: tuple[Path, ...]
    markers: tuple[Path, ...]
    template: ClassVar[str] = "dumbbell"


_STYLE: Mapping[Role, tuple[str, str, bool, float]] = {
    # role: colour, marker, hollow, radius; a hollow one is larger, so that it is seen round a filled one
    "area": (PALETTE["area"], "circle", False, 4.2),
    "england": (PALETTE["england"], "square", True, 4.6),
    "neighbours": (PALETTE["neighbours"], "diamond", True, 4.6),
    "rest": (PALETTE["england"], "square", True, 4.6),
    "newer": (PALETTE["neighbours"], "triangle", False, 4.0),
    "no_sen": (PALETTE["england"], "square", True, 4.4),
    "sen_support": (PALETTE["region"], "triangle", False, 4.0),
    "ehc_plan": (PALETTE["area"], "circle", False, 4.2),
}
_NAMES = 122.0  # column of row names, where they stand beside the marks
_MOST_NAME_LINES = 3  # a longer name stands above its marks
_INSET = 8.0  # of the axis from the edges, for marks at its ends
_MARKS = 13.0  # height of the line of marks
_FAR = 9.0  # a label further than this from its mark has a line to it


@draw.register
def draw_dumbbell(figure: DumbbellFigure) -> DumbbellDrawing:
    """Rows from top to bottom; every label over its mark, moved sideways where two would touch."""
    above = _names_above(figure)
    left = 0.0 if above else _NAMES
    made = _Marks(left, above, _series_room(WIDTH - left, figure))
    y, named = 0.0, set[int]()
    for place, panel in enumerate(figure.panels):
        following = figure.panels[place + 1 :][:1]
        alike = [panel] if figure.own_scales else [one for one in figure.panels if one.unit == panel.unit]
        ticks = axis_ticks(_values([row for one in alike for row in one.rows]), panel.unit, zero=True)
        x = Scale(ticks[0], ticks[-1], left + _INSET, WIDTH - _INSET)
        if panel.title:
            lines = wrap(panel.title, WIDTH)
            made.labels += [Label(0, y + 12 + k * LINE_HEIGHT, text, weight=600) for k, text in enumerate(lines)]
            y += len(lines) * LINE_HEIGHT + 4
        top = y
        for row in panel.rows:
            y = _row(made, figure.series, panel, row, x, y, named)
        goes_on = not figure.own_scales and bool(following) and following[0].unit == panel.unit
        y = _axis(made, ticks, panel.unit, x, top, y, labelled=not goes_on) + (10 if following else 0)
    return DumbbellDrawing(
        width=WIDTH,
        height=y,
        title=figure.text.alternative,
        labels=tuple(made.labels),
        notes=(f"Lines with end caps show {figure.interval} intervals.",) if made.whiskers else (),
        grid=tuple(made.grid),
        plates=tuple(made.plates),
        joins=tuple(made.joins),
        leaders=tuple(made.leaders),
        whiskers=tuple(made.whiskers),
        markers=tuple(made.markers),
    )


def _names_above(figure: DumbbellFigure) -> bool:
    """Whether names stand above their rows, because one is long or those of the series need the whole width."""
    room = _series_room(WIDTH - _NAMES, figure)
    words = [word for one in figure.series for word in one.name.split()]
    rows = [row for panel in figure.panels for row in panel.rows]
    return any(text_width(word) > room for word in words) or any(
        len(wrap(row.name, _NAMES - 8)) > _MOST_NAME_LINES for row in rows
    )


def _series_room(width: float, figure: DumbbellFigure) -> float:
    """How wide the name of a series may be, so that those of all of them fit side by side."""
    return width / len(figure.series) - 8


class _Marks:
    """What the rows add to a drawing, and the column that their marks lie in."""

    def __init__(self, left: float, above: bool, series_room: float) -> None:
        self.left, self.above, self.series_room = left, above, series_room
        self.labels: list[Label] = []
        self.grid: list[Rule] = []
        self.plates: list[Box] = []
        self.joins: list[Rule] = []
        self.leaders: list[Rule] = []
        self.whiskers: list[Path] = []
        self.markers: list[Path] = []


class _Block(NamedTuple):
    """The lines over one mark: the name of its series where it is the first of it, and its value."""

    at: float
    lines: tuple[str, ...]
    style: tuple[str, str, bool, float]
    strong: bool

    @property
    def width(self) -> float:
        return max(text_width(line) for line in self.lines) + 7


def _values(rows: Sequence[DumbbellRow]) -> list[float]:
    found = [limit for row in rows for mark in row.marks if mark.value is not None
             for limit in (mark.value, mark.lower, mark.upper)]  # fmt: skip
    return [value for value in found if value is not None]


def _row(
    made: _Marks,
    series: Sequence[DumbbellSeries],
    panel: DumbbellPanel,
    row: DumbbellRow,
    x: Scale,
    top: float,
    named: set[int],
) -> float:
    """One row from `top`; returns where it ends. `named`: the series whose name already stands at a mark."""
    blocks = _blocks(made, series, panel, row, x, named)
    absent = [
        f"{one.name}: {mark.words(panel.unit, panel.decimals)}"
        for one, mark in zip(series, row.marks, strict=True)
        if mark.value is None
    ]
    y = top
    if made.above:
        y += _name(made, row.name, absent, top + 2, WIDTH) + 2
        made.plates.append(Box(0, top, WIDTH, y - top + 2, PALETTE["paper"]))
    over = max((len(block.lines) for block in blocks), default=1) * LINE_HEIGHT
    height = over + _MARKS
    if not made.above:
        # The name is level with the value and its mark, under the lines that name a series.
        names = _name_height(row.name, absent, _NAMES - 8)
        height = max(height, names + 4)
        over = height - _MARKS
        level = y + height - (LINE_HEIGHT + _MARKS) / 2 - names / 2
        _name(made, row.name, absent, min(max(level, y), y + height - names), _NAMES - 8)
    marks = y + over + _MARKS / 2 - 1
    _labels(made, blocks, marks)
    _join(made, row, x, marks)
    for block in reversed(blocks):
        colour, shape, hollow, radius = block.style
        made.markers.append(marker(shape, block.at, marks, radius, colour, hollow))
    return y + height + 3


def _blocks(
    made: _Marks,
    series: Sequence[DumbbellSeries],
    panel: DumbbellPanel,
    row: DumbbellRow,
    x: Scale,
    named: set[int],
) -> list[_Block]:
    blocks = []
    for place, (one, mark) in enumerate(zip(series, row.marks, strict=True)):
        if mark.value is None:
            continue
        value = mark.words(panel.unit, panel.decimals)
        lines = (value,) if place in named else (*wrap(one.name, made.series_room), value)
        named.add(place)
        blocks.append(_Block(x(mark.value), lines, _STYLE[one.role], one.role in {"area", "ehc_plan"}))
    return blocks


def _name_height(name: str, absent: Sequence[str], room: float) -> float:
    return sum(len(wrap(text, room)) for text in (name, *absent)) * LINE_HEIGHT


def _name(made: _Marks, name: str, absent: Sequence[str], top: float, room: float) -> float:
    """The name of a row, and what it lacks in paler type; returns their height."""
    y = top
    for text, colour in ((name, PALETTE["ink"]), *((text, PALETTE["ink-muted"]) for text in absent)):
        for line in wrap(text, room):
            made.labels.append(Label(0, y + 11, line, fill=colour))
            y += LINE_HEIGHT
    return y - top


def _labels(made: _Marks, blocks: Sequence[_Block], marks: float) -> None:
    """Each block over its mark; the last line of all of them is one line of text."""
    starts = spread_closely([block.at for block in blocks], [block.width for block in blocks], made.left, WIDTH)
    for block, start in zip(blocks, starts, strict=True):
        centre, colour = start + block.width / 2, block.style[0]
        baseline = marks - _MARKS / 2 - 2.5
        for back, line in enumerate(reversed(block.lines)):
            weight = 600 if block.strong or back else 400
            made.labels.append(Label(centre, baseline - back * LINE_HEIGHT, line, "middle", colour, weight))
        if abs(centre - block.at) > _FAR:
            made.leaders.append(Rule(block.at, marks, centre, baseline + 2.5, colour, 1))


def _join(made: _Marks, row: DumbbellRow, x: Scale, marks: float) -> None:
    """The line between the outermost marks, and the interval of each mark that has one."""
    known = [x(mark.value) for mark in row.marks if mark.value is not None]
    if len(known) > 1:
        made.joins.append(Rule(min(known), marks, max(known), marks, PALETTE["neighbour"], 2))
    for mark in row.marks:
        if mark.value is None or mark.lower is None or mark.upper is None:
            continue
        low, high = x(mark.lower), x(mark.upper)
        ends = "".join(polyline([(end, marks - 4), (end, marks + 4)]) for end in (low, high))
        path = polyline([(low, marks), (high, marks)]) + ends
        made.whiskers += [Path(path, stroke=PALETTE["paper"], width=3.4), Path(path, stroke=PALETTE["ink"], width=1.2)]


def _axis(
    made: _Marks, ticks: Sequence[float], unit: str, x: Scale, top: float, bottom: float, labelled: bool
) -> float:
    """Faint lines through the rows, with their values below; returns where the panel ends."""
    made.grid += [Rule(x(tick), top, x(tick), bottom, PALETTE["axis" if tick == 0 else "grid"]) for tick in ticks]
    if not labelled:
        return bottom
    labels: list[Label] = []
    for tick, text in zip(ticks, label_ticks(ticks, unit), strict=True):
        half = text_width(text) / 2
        centre = min(max(x(tick), made.left + half), WIDTH - half)
        label = Label(centre, bottom + 13, text, "middle", PALETTE["ink-muted"])
        if not labels or label.bounds[0] > labels[-1].bounds[2] + 4:
            labels.append(label)
    made.labels += labels
    return bottom + 17


@data_table.register
def dumbbell_data(figure: DumbbellFigure) -> DataRows:
    """One row for each of the figure's; a series with an interval brings it."""
    units = {panel.unit for panel in figure.panels}
    unit = formatting.unit_label(units.pop()) if len(units) == 1 else ""
    every = [row for panel in figure.panels for row in panel.rows]
    with_limits = [any(row.marks[k].lower is not None for row in every) for k in range(len(figure.series))]
    columns = ["What"]
    for one, limited in zip(figure.series, with_limits, strict=True):
        columns += [headed(one.name, unit), *([f"{figure.interval} interval"] if limited else [])]
    body = []
    for panel in figure.panels:
        for row in panel.rows:
            cells = [f"{panel.title}: {row.name}" if panel.title else row.name]
            for mark, limited in zip(row.marks, with_limits, strict=True):
                cells.append(or_dash(mark.value, panel.decimals, mark.note if mark.value is None else ""))
                cells += [limits(mark.lower, mark.upper, panel.decimals)] if limited else []
            body.append(tuple(cells))
    return tuple(columns), tuple(body)
