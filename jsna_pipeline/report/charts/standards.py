"""The limits of the law: how many were in time, how many late, and how far that is from all.

Here: the figure, its drawing and its table of data. Not here: which standards there are (the catalogue) or what an
area's figure says (`report/leads/ehc_system.py`).

The number late is the largest word of a row. Length is a share from 0 to 100%: solid what was in time, hatched what
was late, so that a row is full only where the law is kept.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import ClassVar, Literal

from jsna_pipeline.report import formatting
from jsna_pipeline.report.charts.cells import limits, or_dash
from jsna_pipeline.report.charts.figure import DataRows, Drawing, Figure, data_table, draw
from jsna_pipeline.report.geometry import (
    LINE_HEIGHT,
    PALETTE,
    WIDTH,
    Anchor,
    Box,
    Label,
    Path,
    Rule,
    Scale,
    coordinate,
    hatch,
    marker,
    polyline,
    text_width,
    wrap,
)


@dataclass(frozen=True)
class Standard:
    """One limit of the law: who was counted, how many were late, and the share in time."""

    name: str  # "New EHC plans issued within 20 weeks, without exceptions"
    late: int | None  # None where not published; then `note` says why
    total: int | None
    met: float | None  # percent in time
    lower: float | None = None  # 95 % interval of `met`
    upper: float | None = None
    england: float | None = None  # percent
    neighbours: float | None = None  # percent, mean of the statistical neighbours
    note: str = ""


@dataclass(frozen=True)
class StandardsFigure(Figure):
    """The statutory standards of one year, a row each, the gravest first."""

    standards: tuple[Standard, ...]
    decimals: int = 1


@dataclass(frozen=True)
class StandardsDrawing(Drawing):
    bars: tuple[Box, ...]  # in time, and the outline of what was late
    hatches: tuple[Path, ...]
    whiskers: tuple[Path, ...]
    law: tuple[Rule, ...]
    ticks: tuple[Rule, ...]  # England and the neighbours, across the bar and down to their labels
    markers: tuple[Path, ...]
    template: ClassVar[str] = "standards"


_BIG, _BAR = 19.0, 16.0
_SIDE = 2.0  # room for the edge of a stroke
_APART = 11.0  # of two marks side by side
_EDGE = 6.0  # of a mark from the edge of the canvas
Beside = Literal["england", "neighbours"]
_Way = tuple[tuple[float, Anchor], tuple[float, Anchor]]  # two marks, and the side of each that its words end at
_BESIDE: Mapping[Beside, tuple[str, str]] = {
    "england": ("England", "square"),
    "neighbours": ("Neighbours", "diamond"),
}


@draw.register
def draw_standards(figure: StandardsFigure) -> StandardsDrawing:
    """A row a standard: its name, the number late, the bar to the line of the law, and the others' places under it."""
    x = Scale(0, 100, _SIDE, WIDTH - _SIDE)
    made = _Marks()
    y = _key(made)
    for standard in figure.standards:
        names = wrap(standard.name, WIDTH)
        made.labels += [Label(0, y + 11 + k * LINE_HEIGHT, text, weight=600) for k, text in enumerate(names)]
        y = _row(made, figure, standard, x, y + len(names) * LINE_HEIGHT) + 15
    return StandardsDrawing(
        width=WIDTH,
        height=y - 9,
        title=figure.text.alternative,
        labels=tuple(made.labels),
        notes=_notes(figure),
        bars=tuple(made.bars),
        hatches=tuple(made.hatches),
        whiskers=tuple(made.whiskers),
        law=tuple(made.law),
        ticks=tuple(made.ticks),
        markers=tuple(made.markers),
    )


class _Marks:
    """What the rows of a drawing add to it."""

    def __init__(self) -> None:
        self.labels: list[Label] = []
        self.bars: list[Box] = []
        self.hatches: list[Path] = []
        self.whiskers: list[Path] = []
        self.law: list[Rule] = []
        self.ticks: list[Rule] = []
        self.markers: list[Path] = []


def _key(made: _Marks) -> float:
    """What solid and hatched mean, and the line of the law, once above the rows; returns where it ends."""
    at = 0.5
    for text, late in (("in time", False), ("late", True)):
        _fill(made, Box(at, 3, 18, 10, PALETTE["area"]), late)
        made.labels.append(Label(at + 23, 12.5, text, fill=PALETTE["ink-muted"]))
        at += 23 + text_width(text) + 14
    made.labels.append(Label(WIDTH - _SIDE, 12.5, "The law: 100%", "end", PALETTE["fails-standard"], 600))
    return 24.0


def _fill(made: _Marks, box: Box, late: bool) -> None:
    """A solid bar for what was in time, an outlined and hatched one for what was late."""
    if not late:
        made.bars.append(box)
        return
    made.bars.append(replace(box, fill=PALETTE["paper"], stroke=PALETTE["fails-standard"]))
    if lines := hatch(box, rising=True, gap=6):
        made.hatches.append(Path(lines, stroke=PALETTE["fails-standard"], width=1.5))


def _row(made: _Marks, figure: StandardsFigure, standard: Standard, x: Scale, top: float) -> float:
    """One row below its name, from `top`; returns where it ends."""
    if standard.met is None or standard.late is None or standard.total is None:
        text = formatting.sentence(standard.note or "not published")
        made.labels.append(Label(0, top + 12, text, fill=PALETTE["ink-muted"]))
        return top + 16
    _late_words(made, standard, figure.decimals, top + 17)
    y = top + 24
    if standard.met > 0:
        _fill(made, Box(x(0), y, x(standard.met) - x(0), _BAR, PALETTE["area"]), late=False)
    if standard.met < 100:
        _fill(made, Box(x(standard.met), y, x(100) - x(standard.met), _BAR, PALETTE["area"]), late=True)
    made.whiskers += _whisker(standard, x, y + _BAR / 2)
    made.law.append(Rule(x(100), y - 5, x(100), y + _BAR + 5, PALETTE["fails-standard"], 3))
    return _beside(made, figure, standard, x, y)


def _late_words(made: _Marks, standard: Standard, decimals: int, baseline: float) -> None:
    """ "204 of 386 late" as the big word, and the share in time at the other end of the line."""
    late = formatting.number(standard.late or 0) if standard.late else "None"
    colour = PALETTE["fails-standard"] if standard.late else PALETTE["better"]
    made.labels.append(Label(0, baseline, late, fill=colour, weight=600, size=_BIG))
    rest = f"of {formatting.number(standard.total or 0)} late"
    made.labels.append(Label(text_width(late, _BIG) + 5, baseline, rest, fill=colour, weight=600))
    in_time = f"{formatting.measure(standard.met, 'percent', decimals)} in time"
    made.labels.append(Label(WIDTH - _SIDE, baseline, in_time, "end", PALETTE["area"], 600))


def _beside(made: _Marks, figure: StandardsFigure, standard: Standard, x: Scale, y: float) -> float:
    """England and the neighbours: a tick across the bar, and under it the mark, the name and the value.

    The words of the lower stand to the left of their mark and those of the higher to the right, or both on the side
    with room, so that the marks lie under their ticks.
    """
    known = sorted((value, role) for role, value in _others(standard) if value is not None)
    baseline = y + _BAR + 21
    texts = [f"{_BESIDE[role][0]} {formatting.measure(value, 'percent', figure.decimals)}" for value, role in known]
    for (value, role), text, (mark, anchor) in zip(known, texts, _places(known, texts, x), strict=True):
        colour, at = PALETTE[role], x(value)
        made.ticks += [
            Rule(at, y - 3, at, y + _BAR + 4, PALETTE["paper"], 4.5),
            Rule(at, y - 3, at, y + _BAR + 4, colour, 2),
            Rule(at, y + _BAR + 4, mark, baseline - 8.5, colour, 1),
        ]
        made.markers.append(marker(_BESIDE[role][1], mark, baseline - 4.5, 3.6, colour, hollow=True))
        made.labels.append(Label(mark + (-8 if anchor == "end" else 8), baseline, text, anchor, colour))
    return baseline + 3 if known else y + _BAR + 6


def _places(known: list[tuple[float, Beside]], texts: list[str], x: Scale) -> list[tuple[float, Anchor]]:
    """Where each mark stands, and on which side of it its words: "end" is to its left."""
    widths = [text_width(text) + 8 for text in texts]
    at = [x(value) for value, _ in known]
    if len(known) < 2:
        sides: list[Anchor] = [
            "start" if one + width <= WIDTH else "end" for one, width in zip(at, widths, strict=True)
        ]
        return [(min(max(one, _EDGE), WIDTH - _EDGE), side) for one, side in zip(at, sides, strict=True)]
    (first, last), (left, right) = widths, at
    low = min(max(min(left, right - _APART), first), WIDTH - last - _APART)
    apart: _Way = ((low, "end"), (min(max(right, low + _APART), WIDTH - last), "start"))
    high = min(right, WIDTH - _EDGE)
    to_the_left: _Way = ((min(left, high - last - _APART), "end"), (high, "end"))
    low = max(left, _EDGE)
    to_the_right: _Way = ((low, "start"), (max(right, low + first + _APART), "start"))
    ways = [apart]  # always on the canvas
    ways += [to_the_left] if to_the_left[0][0] >= first else []
    ways += [to_the_right] if to_the_right[1][0] + last <= WIDTH else []
    return list(min(ways, key=lambda way: sum(abs(place - one) for (place, _), one in zip(way, at, strict=True))))


def _others(standard: Standard) -> tuple[tuple[Beside, float | None], ...]:
    return ("england", standard.england), ("neighbours", standard.neighbours)


def _whisker(standard: Standard, x: Scale, middle: float) -> list[Path]:
    """The interval of the share in time, capped, drawn twice: a pale edge keeps it visible on bar and hatching."""
    if standard.lower is None or standard.upper is None:
        return []
    low, high = x(max(standard.lower, 0)), x(min(standard.upper, 100))
    n = coordinate
    caps = "".join(polyline([(end, middle - 4), (end, middle + 4)]) for end in (low, high))
    path = f"M{n(low)} {n(middle)}H{n(high)}{caps}"
    return [Path(path, stroke=PALETTE["paper"], width=4), Path(path, stroke=PALETTE["ink"], width=1.5)]


def _notes(figure: StandardsFigure) -> tuple[str, ...]:
    notes = []
    if any(standard.lower is not None for standard in figure.standards):
        notes.append("The line across the end of a solid bar is its 95% interval.")
    if any(standard.neighbours is not None for standard in figure.standards):
        notes.append("Neighbours: the mean of the statistical neighbours.")
    return tuple(notes)


@data_table.register
def standards_data(figure: StandardsFigure) -> DataRows:
    """One row a standard."""
    columns = ("Limit of the law", "Late", "Out of", "In time (%)", "95% interval", "England (%)", "Neighbours (%)")
    decimals = figure.decimals
    rows = tuple(
        (
            standard.name,
            formatting.EN_DASH if standard.late is None else formatting.number(standard.late),
            formatting.EN_DASH if standard.total is None else formatting.number(standard.total),
            or_dash(standard.met, decimals, standard.note if standard.met is None else ""),
            limits(standard.lower, standard.upper, decimals),
            or_dash(standard.england, decimals),
            or_dash(standard.neighbours, decimals),
        )
        for standard in figure.standards
    )
    return columns, rows
