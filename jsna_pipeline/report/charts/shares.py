"""Shares as bars from zero, one a row, each with where England and the neighbours stand.

Here: the figure, its drawing and its table of data. Not here: what it is drawn from (`report/leads/`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from jsna_pipeline.report import formatting
from jsna_pipeline.report.charts.axes import absent_label
from jsna_pipeline.report.charts.cells import headed, limits, or_dash
from jsna_pipeline.report.charts.figure import DataRows, Drawing, Figure, data_table, draw
from jsna_pipeline.report.charts.keys import KeyEntry, flowing_key
from jsna_pipeline.report.geometry import (
    LINE_HEIGHT,
    PALETTE,
    WIDTH,
    Box,
    Label,
    Path,
    Rule,
    Scale,
    marker,
    polyline,
    text_width,
    wrap,
)


@dataclass(frozen=True)
class ShareRow:
    name: str
    value: float | None
    lower: float | None = None
    upper: float | None = None
    count: float | None = None  # children behind the share, where published
    england: float | None = None
    neighbours: float | None = None
    remark: str = ""  # a line under the name: "£16,360 a child"
    marked: bool = False  # the row that the message is about: bold, on a band of its own
    note: str = ""  # why a value is absent


@dataclass(frozen=True)
class SharesFigure(Figure):
    """Shares of the area in the given order, with England's and the neighbours' mean as marks under the bars."""

    area_name: str
    unit: str
    decimals: int
    rows: tuple[ShareRow, ...]
    remarks: tuple[str, ...] = ()  # printed under the chart
    remark_heading: str = ""  # what the remarks of rows are, for the table of data


@dataclass(frozen=True)
class SharesDrawing(Drawing):
    bars: tuple[Box, ...]
    bands: tuple[Box, ...]  # behind the rows that are marked
    whiskers: tuple[Path, ...]
    marks: tuple[Path, ...]
    rules: tuple[Rule, ...]
    template: ClassVar[str] = "shares"


_NAME_COLUMN = 130.0
_GAP = 10.0
_BAR, _LANE = 12.0, 10.0  # heights of the bar, and of the marks under it


@draw.register
def draw_shares(figure: SharesFigure) -> SharesDrawing:
    """Rows of name, bar and printed values; no axis, since every value stands beside its bar."""
    compared = any(row.england is not None for row in figure.rows)
    key = flowing_key(_key_entries(figure), 0.0)
    columns, heads = _value_columns(figure, compared, key.bottom)
    left, right = _NAME_COLUMN + _GAP, columns[0].left - _GAP
    x = Scale(0.0, max(_drawn_values(figure), default=1.0) or 1.0, left, right)
    labels: list[Label] = [*key.labels, *heads]
    bars: list[Box] = list(key.swatches)
    bands: list[Box] = []
    whiskers: list[Path] = []
    marks: list[Path] = list(key.marks)
    rules: list[Rule] = []
    y = key.bottom + (LINE_HEIGHT + 6 if heads else 4)
    first = y
    for row in figure.rows:
        lines = wrap(row.name, _NAME_COLUMN)
        weight = 600 if row.marked else 400
        labels += [Label(0, y + 12 + k * LINE_HEIGHT, line, weight=weight) for k, line in enumerate(lines)]
        below = y + 12 + len(lines) * LINE_HEIGHT
        said = wrap(row.remark, _NAME_COLUMN)
        labels += [Label(0, below + k * LINE_HEIGHT, line, fill=PALETTE["ink-muted"]) for k, line in enumerate(said)]
        if row.value is None:
            labels.append(absent_label(row.note or "not published", left, left, y + 12))
        else:
            bar = Box(left, y + 2, max(x(row.value) - left, 0.5), _BAR, PALETTE["area"])
            bars.append(bar)
            whiskers += _whisker(row, x, y + 2 + _BAR / 2)
            labels.append(Label(columns[0].end, y + 12, _value(figure, row.value), "end", weight=600))
        marks += _comparators(row, x, y + 2 + _BAR + _LANE / 2)
        if row.england is not None:
            labels.append(Label(columns[1].end, y + 12, _value(figure, row.england), "end", PALETTE["england"]))
        height = max((len(lines) + len(said)) * LINE_HEIGHT, 2 + _BAR + _LANE)
        if row.marked:
            bands.append(Box(0, y - 2.5, WIDTH, height + 5, PALETTE["area-band"]))
        y += height + 5
    rules.append(Rule(left, first, left, y - 4, PALETTE["axis"]))
    return SharesDrawing(
        width=WIDTH,
        height=y,
        title=figure.text.alternative,
        labels=tuple(labels),
        notes=_notes(figure),
        bars=tuple(bars),
        bands=tuple(bands),
        whiskers=tuple(whiskers),
        marks=tuple(marks),
        rules=tuple(rules),
    )


@dataclass(frozen=True)
class _Column:
    left: float
    end: float


def _value_columns(figure: SharesFigure, compared: bool, top: float) -> tuple[list[_Column], list[Label]]:
    """The columns of printed values, the area's and England's, each as wide as its widest, and their headings."""
    own = max((text_width(_value(figure, row.value)) for row in figure.rows if row.value is not None), default=30.0)
    if not compared:
        return [_Column(WIDTH - 1 - own, WIDTH - 1)], []
    head = figure.area_name if text_width(figure.area_name) <= 52 else "Area"
    own = max(own, text_width(head))
    theirs = max(text_width(_value(figure, row.england)) for row in figure.rows if row.england is not None)
    theirs = max(theirs, text_width("England"))
    far = _Column(WIDTH - 1 - theirs, WIDTH - 1)
    near = _Column(far.left - _GAP - own, far.left - _GAP)
    heads = [
        Label(near.end, top + 13, head, "end", weight=600),
        Label(far.end, top + 13, "England", "end", PALETTE["england"]),
    ]
    return [near, far], heads


def _key_entries(figure: SharesFigure) -> list[KeyEntry]:
    """What the marks mean, those that are drawn; a chart of bars alone needs no key."""
    entries = []
    if any(row.england is not None for row in figure.rows):
        entries.append(KeyEntry("England", PALETTE["england"], shape="square"))
    if any(row.neighbours is not None for row in figure.rows):
        entries.append(KeyEntry("Statistical neighbours (mean)", PALETTE["neighbours"], shape="diamond"))
    return [KeyEntry(figure.area_name, PALETTE["area"]), *entries] if entries else []


def _drawn_values(figure: SharesFigure) -> list[float]:
    found = [(row.value, row.upper if row.value is not None else None, row.england, row.neighbours)
             for row in figure.rows]  # fmt: skip
    return [value for values in found for value in values if value is not None]


def _value(figure: SharesFigure, value: float | None) -> str:
    return "" if value is None else formatting.short_measure(value, figure.unit, figure.decimals)


def _whisker(row: ShareRow, x: Scale, middle: float) -> list[Path]:
    """The interval as a capped line, drawn twice: a pale edge keeps it visible on a dark bar."""
    if row.lower is None or row.upper is None:
        return []
    low, high = x(max(row.lower, 0.0)), x(row.upper)
    ends = [[(end, middle - 3.5), (end, middle + 3.5)] for end in (low, high)]
    path = "".join(polyline(stroke) for stroke in (ends[0], [(low, middle), (high, middle)], ends[1]))
    return [Path(path, stroke=PALETTE["paper"], width=3.6), Path(path, stroke=PALETTE["ink"], width=1.4)]


def _comparators(row: ShareRow, x: Scale, middle: float) -> list[Path]:
    made = []
    if row.england is not None:
        made.append(marker("square", x(row.england), middle, 3.2, PALETTE["england"], hollow=True))
    if row.neighbours is not None:
        made.append(marker("diamond", x(row.neighbours), middle, 3.2, PALETTE["neighbours"], hollow=True))
    return made


def _notes(figure: SharesFigure) -> tuple[str, ...]:
    banded = any(row.value is not None and row.lower is not None and row.upper is not None for row in figure.rows)
    return (*(("The thin lines show 95% intervals",) if banded else ()), *figure.remarks)


@data_table.register
def shares_data(figure: SharesFigure) -> DataRows:
    """Only the columns that have something to say."""
    unit = formatting.unit_label(figure.unit)
    columns: list[tuple[str, list[str]]] = [
        (headed(figure.area_name, unit), [or_dash(row.value, figure.decimals, row.note) for row in figure.rows])
    ]
    if any(row.lower is not None for row in figure.rows):
        columns.append(("95% interval", [limits(row.lower, row.upper, figure.decimals) for row in figure.rows]))
    if any(row.count is not None for row in figure.rows):
        counts = [formatting.EN_DASH if row.count is None else formatting.number(row.count) for row in figure.rows]
        columns.append(("Number", counts))
    for name, values in (
        ("England", [row.england for row in figure.rows]),
        ("Statistical neighbours (mean)", [row.neighbours for row in figure.rows]),
    ):
        if any(value is not None for value in values):
            columns.append((headed(name, unit), [or_dash(value, figure.decimals) for value in values]))
    if figure.remark_heading:
        columns.append((figure.remark_heading, [row.remark or formatting.EN_DASH for row in figure.rows]))
    rows = tuple((row.name, *(cells[place] for _, cells in columns)) for place, row in enumerate(figure.rows))
    return ("Group", *(name for name, _ in columns)), rows
