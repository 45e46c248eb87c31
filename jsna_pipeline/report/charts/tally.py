"""A tally: how many children, row by row, each with its last years as a line and its rate in words.

Here: the figure, its drawing and its table of data. Not here: who is counted (`report/leads/`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from jsna_pipeline.report import formatting
from jsna_pipeline.report.charts.figure import DataRows, Drawing, Figure, data_table, draw
from jsna_pipeline.report.geometry import (
    LINE_HEIGHT,
    PALETTE,
    WIDTH,
    Label,
    Path,
    Rule,
    Scale,
    marker,
    polyline,
    text_width,
    unbroken_runs,
    wrap,
)


@dataclass(frozen=True)
class TallyPoint:
    period: str
    count: float | None


@dataclass(frozen=True)
class TallyRow:
    name: str
    when: str  # "January 2025"
    count: float | None  # None where it is hidden
    provisional: bool = False  # from the area's own records
    rate: str = ""  # "8.9% of plans (95% CI 7.1–11.1)"
    run: tuple[TallyPoint, ...] = ()  # the last periods, the newest last; empty where only one is known
    note: str = ""  # why the count is absent: "c"


@dataclass(frozen=True)
class TallyFigure(Figure):
    """Counts of children in several groups that may share children: never added up."""

    unit: str  # what is counted, to head the column: "Children"
    rows: tuple[TallyRow, ...]
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True)
class TallyDrawing(Drawing):
    rules: tuple[Rule, ...]
    lines: tuple[Path, ...]
    marks: tuple[Path, ...]
    template: ClassVar[str] = "tally"


_LARGE = 19.0
_LINE_WIDTH = 62.0
_GAP = 10.0
_RISE = 20.0  # height of a line, from none to its largest count


@draw.register
def draw_tally(figure: TallyFigure) -> TallyDrawing:
    """Words left, the line of years in the middle with its first count, the newest count large at the right.

    Rows of one source and time stand under one heading.
    """
    counts = max((text_width(_count(row), _LARGE) for row in figure.rows), default=0.0)
    counts = max(counts, text_width(figure.unit))
    firsts = max((text_width(_first(row)) for row in figure.rows), default=0.0)
    right = WIDTH - 1 - counts - _GAP - 4
    left = right - _LINE_WIDTH
    longest = max((len(row.run) for row in figure.rows), default=0)
    labels = [Label(WIDTH - 1, 13, figure.unit, "end", PALETTE["ink-muted"])]
    if longest > 1:
        labels.append(Label(right + 3, 13, f"{longest} years", "end", PALETTE["ink-muted"]))
    rules: list[Rule] = []
    lines: list[Path] = []
    marks: list[Path] = []
    y, before = 0.0, ""
    for row in figure.rows:
        if _source(row) != before:
            room = left - 8 if not before else WIDTH
            said = wrap(_source(row), room)
            y += 6 if before else 0
            labels += [
                Label(0, y + 13 + k * LINE_HEIGHT, text, fill=PALETTE["ink-muted"]) for k, text in enumerate(said)
            ]
            y, before = y + 5 + len(said) * LINE_HEIGHT, _source(row)
        rules.append(Rule(0, y, WIDTH, y, PALETTE["grid"]))
        runs = len(row.run) > 1
        words = (left - firsts - 5 if runs else right + 4) - _GAP
        names, rate = wrap(row.name, words), wrap(row.rate, words)
        labels += [Label(0, y + 16 + k * LINE_HEIGHT, text, weight=600) for k, text in enumerate(names)]
        below = y + 16 + len(names) * LINE_HEIGHT
        labels += [Label(0, below + k * LINE_HEIGHT, text, fill=PALETTE["ink-muted"]) for k, text in enumerate(rate)]
        labels.append(Label(WIDTH - 1, y + 20, _count(row), "end", weight=600, size=_LARGE))
        if runs:
            start = right - (len(row.run) - 1) * _LINE_WIDTH / (longest - 1)
            path, (at, end) = _line(row, start, right, y + 5)
            lines.append(path)
            marks.append(marker("circle", at, end, 3.0, PALETTE["area"], hollow=row.provisional))
            labels.append(Label(start - 5, y + 20, _first(row), "end", PALETTE["ink-muted"]))
        y += max((len(names) + len(rate)) * LINE_HEIGHT + 7, _RISE + 9 if runs else 27.0)
    return TallyDrawing(
        width=WIDTH,
        height=y + 2,
        title=figure.text.alternative,
        labels=tuple(labels),
        notes=figure.remarks,
        rules=tuple(rules),
        lines=tuple(lines),
        marks=tuple(marks),
    )


def _source(row: TallyRow) -> str:
    return f"{row.when}, {'the area’s own records (provisional)' if row.provisional else 'published'}"


def _count(row: TallyRow) -> str:
    if row.count is None:
        return row.note or formatting.EN_DASH
    return formatting.number(row.count)


def _first(row: TallyRow) -> str:
    """The oldest count of the line, printed at its start."""
    known = [point.count for point in row.run if point.count is not None]
    return formatting.number(known[0]) if len(row.run) > 1 and known else ""


def _line(row: TallyRow, left: float, right: float, top: float) -> tuple[Path, tuple[float, float]]:
    """The counts at equal steps above zero, and where the newest stands; the line breaks where one is absent."""
    counts = [point.count for point in row.run]
    y = Scale(0.0, max(max((count for count in counts if count is not None), default=1.0), 1.0), top + _RISE, top)
    step = (right - left) / (len(counts) - 1)
    places = [(left + i * step, y(count if count is not None else 0.0)) for i, count in enumerate(counts)]
    runs = unbroken_runs([count is not None for count in counts])
    path = "".join(polyline([places[i] for i in run]) for run in runs if len(run) > 1)
    last = max((i for i, count in enumerate(counts) if count is not None), default=len(counts) - 1)
    return Path(path or polyline([places[last]]), stroke=PALETTE["area"], width=2), places[last]


@data_table.register
def tally_data(figure: TallyFigure) -> DataRows:
    """A row for each group, with every year of its line in words."""
    rows = tuple(
        (
            row.name,
            _source(row),
            _count(row),
            row.rate or formatting.EN_DASH,
            "; ".join(
                f"{point.period}: {formatting.EN_DASH if point.count is None else formatting.number(point.count)}"
                for point in row.run[:-1]
            )
            or formatting.EN_DASH,
        )
        for row in figure.rows
    )
    return ("Group", "When and source", figure.unit, "Rate", "Years before"), rows
