"""Waiting lists: one row a pathway, split into bands of waiting time, with how many wait and how long.

Here: the figure, its drawing and its table of data. Not here: whose waits they are (`report/leads/health.py`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from jsna_pipeline.report import formatting
from jsna_pipeline.report.charts.axes import contrast_text
from jsna_pipeline.report.charts.figure import DataRows, Drawing, Figure, data_table, draw
from jsna_pipeline.report.charts.keys import KeyEntry, flowing_key
from jsna_pipeline.report.geometry import (
    LINE_HEIGHT,
    PALETTE,
    WIDTH,
    Box,
    Label,
    Rule,
    text_width,
    wrap,
)

NONE_WAITING, NOT_GIVEN = "none waiting", "not given"


@dataclass(frozen=True)
class WaitRow:
    """A pathway: children in each band of its group, the shortest wait first."""

    name: str
    counts: tuple[float | None, ...]  # None where a count is hidden or was not given
    waiting: float | None  # None where it is not printed
    measure: str = ""  # how long, in words: "24 (21–25)"
    note: str = ""  # printed in the bar's place where any count is absent: "c"


@dataclass(frozen=True)
class WaitGroup:
    """Pathways of one list: whose children they are, when they were counted, and its bands of waiting time."""

    heading: str
    bands: tuple[str, ...]  # the shortest first: "up to 18 weeks"; at most three
    measure: str  # what `measure` of its rows says: "Over 18 weeks"
    rows: tuple[WaitRow, ...]


@dataclass(frozen=True)
class WaitsFigure(Figure):
    """Bars of 100 %, in the given order: length shows how the waiting divide, the number says how many they are."""

    groups: tuple[WaitGroup, ...]
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True)
class WaitsDrawing(Drawing):
    bars: tuple[Box, ...]
    rules: tuple[Rule, ...]
    template: ClassVar[str] = "waits"


# The longer the wait, the darker; of two bands the longer is the darkest.
_SHADES = {1: ("area",), 2: ("area-band", "area"), 3: ("area-band", "neighbour", "area")}
_NAME_COLUMN = 124.0
_MEASURE_COLUMN = 68.0  # at most: its heading wraps
_GAP = 8.0
_BAR = 16.0


@draw.register
def draw_waits(figure: WaitsFigure) -> WaitsDrawing:
    """Groups under their headings; names left of the bars, numbers right of them.

    A group has a key and headings of its own only where they differ from those of the group before.
    """
    columns = _columns(figure)
    labels: list[Label] = []
    bars: list[Box] = []
    rules: list[Rule] = []
    y = 0.0
    before: tuple[object, ...] = ()
    for group in figure.groups:
        lines = wrap(group.heading, WIDTH)
        labels += [Label(0, y + 12 + k * LINE_HEIGHT, line, weight=600) for k, line in enumerate(lines)]
        y += len(lines) * LINE_HEIGHT + 4
        if before != (group.bands, group.measure):
            swatches, heads, y = _group_head(group, columns, y)
            bars += swatches
            labels += heads
        before = (group.bands, group.measure)
        for row in group.rows:
            rules.append(Rule(0, y, WIDTH, y, PALETTE["grid"]))
            names = wrap(row.name, _NAME_COLUMN)
            labels += [Label(0, y + 16 + k * LINE_HEIGHT, line) for k, line in enumerate(names)]
            boxes, texts = _bar(row, len(group.bands), columns, y + 4)
            bars += boxes
            labels += texts
            if row.waiting is not None:
                labels.append(Label(columns.waiting, y + 16, formatting.number(row.waiting), "end", weight=600))
            if row.measure:
                labels.append(Label(columns.measure, y + 16, row.measure, "end"))
            y += max(len(names) * LINE_HEIGHT + 7, _BAR + 8)
        y += 8
    return WaitsDrawing(
        width=WIDTH,
        height=y,
        title=figure.text.alternative,
        labels=tuple(labels),
        notes=figure.remarks,
        bars=tuple(bars),
        rules=tuple(rules),
    )


@dataclass(frozen=True)
class _Columns:
    """Where the bars begin and end, and where the two columns of numbers end."""

    left: float
    right: float
    waiting: float
    measure: float


def _columns(figure: WaitsFigure) -> _Columns:
    rows = [row for group in figure.groups for row in group.rows]
    heads = [line for group in figure.groups for line in wrap(group.measure, _MEASURE_COLUMN)]
    measure = max([text_width(text) for text in (*heads, *(row.measure for row in rows))], default=0.0)
    numbers = [formatting.number(row.waiting) for row in rows if row.waiting is not None]
    waiting = max(text_width(text) for text in ("Waiting", *numbers))
    ends = (WIDTH - 1 - measure - (_GAP + 2 if measure else 0), WIDTH - 1)
    return _Columns(_NAME_COLUMN + _GAP, ends[0] - waiting - _GAP, *ends)


def _group_head(group: WaitGroup, columns: _Columns, top: float) -> tuple[tuple[Box, ...], list[Label], float]:
    """The key of the bands at the left, the headings of the numbers at the right, and where both end."""
    key = flowing_key(_key_entries(group), top, columns.right)
    head = wrap(group.measure, _MEASURE_COLUMN)
    bottom = max(key.bottom, top + max(len(head), 1) * LINE_HEIGHT + 3)
    first = bottom - 7 - (len(head) - 1) * LINE_HEIGHT
    labels = [
        Label(columns.measure, first + k * LINE_HEIGHT, line, "end", PALETTE["ink-muted"])
        for k, line in enumerate(head)
    ]
    labels.append(Label(columns.waiting, bottom - 7, "Waiting", "end", PALETTE["ink-muted"]))
    return key.swatches, [*key.labels, *labels], bottom


def _shades(bands: int) -> tuple[str, ...]:
    return tuple(PALETTE[name] for name in _SHADES[bands])


def _key_entries(group: WaitGroup) -> list[KeyEntry]:
    return [
        KeyEntry(band, shade, PALETTE["area-mid"])
        for band, shade in zip(group.bands, _shades(len(group.bands)), strict=True)
    ]


def _bar(row: WaitRow, bands: int, columns: _Columns, top: float) -> tuple[list[Box], list[Label]]:
    """The bands from the left with the counts that fit; words where a count is absent or nobody waits."""
    width = columns.right - columns.left
    total = sum(count or 0.0 for count in row.counts)
    if any(count is None for count in row.counts) or not total:
        text = (row.note or NOT_GIVEN) if any(count is None for count in row.counts) else NONE_WAITING
        lines = wrap(text, width)[:1]
        return [], [Label(columns.left, top + 12, line, fill=PALETTE["ink-muted"]) for line in lines]
    boxes: list[Box] = []
    texts: list[Label] = []
    x = columns.left
    for count, shade in zip(row.counts, _shades(bands), strict=True):
        span = (count or 0.0) / total * width
        if span:
            boxes.append(Box(x, top, span, _BAR, shade, PALETTE["area-mid"]))
            text = formatting.number(count or 0.0)
            if text_width(text) + 6 <= span:
                texts.append(Label(x + span / 2, top + 12.5, text, "middle", contrast_text(shade), 600))
        x += span
    return boxes, texts


@data_table.register
def waits_data(figure: WaitsFigure) -> DataRows:
    """A row for each pathway; bands that a group does not have stay empty."""
    bands = tuple(dict.fromkeys(band for group in figure.groups for band in group.bands))
    measures = tuple(dict.fromkeys(group.measure for group in figure.groups))
    rows = []
    for group in figure.groups:
        for row in group.rows:
            counts = dict(zip(group.bands, row.counts, strict=True))
            rows.append(
                (
                    row.name,
                    group.heading,
                    *(_cell(row, counts[band]) if band in counts else formatting.EN_DASH for band in bands),
                    _cell(row, row.waiting),
                    *(row.measure or formatting.EN_DASH if group.measure == one else formatting.EN_DASH
                      for one in measures),
                )
            )  # fmt: skip
    return ("Pathway", "List", *(formatting.sentence(band) for band in bands), "Waiting", *measures), tuple(rows)


def _cell(row: WaitRow, count: float | None) -> str:
    return (row.note or NOT_GIVEN) if count is None else formatting.number(count)


def by_longest(rows: Sequence[tuple[float | None, WaitRow]]) -> tuple[WaitRow, ...]:
    """Rows by how long they wait, the longest first; those of which that is hidden follow by name.

    A hidden number must not be told by its place.
    """
    ordered = sorted(rows, key=lambda pair: (pair[0] is None, -(pair[0] or 0.0), pair[1].name))
    return tuple(row for _, row in ordered)
