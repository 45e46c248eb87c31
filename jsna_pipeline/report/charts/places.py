"""Places against children: what each kind of setting can hold, how much of it is filled, and who has a plan for it.

Here: the figure, its drawing and its table of data. Not here: where places and plans are counted
(`report/leads/provision.py`) or how many are expected (a projection).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from jsna_pipeline.report import formatting
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
    hatch,
    marker,
    polyline,
    text_width,
    wrap,
)


@dataclass(frozen=True)
class Expected:
    """How many children with a plan are expected in a later year, with its interval."""

    year: str
    low: float
    middle: float
    high: float


@dataclass(frozen=True)
class PlaceRow:
    """A kind of setting; None where a number is hidden or nobody gives it."""

    name: str
    places: float | None
    filled: float | None
    plans: float | None = None
    expected: tuple[Expected, ...] = ()
    note: str = ""  # why a number is absent: "c"

    @property
    def free(self) -> float | None:
        """Places less those filled; negative where more children are there than places."""
        return None if self.places is None or self.filled is None else self.places - self.filled


@dataclass(frozen=True)
class PlacesFigure(Figure):
    rows: tuple[PlaceRow, ...]
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True)
class PlacesDrawing(Drawing):
    capacities: tuple[Box, ...]  # outlined: as long as there are places
    bars: tuple[Box, ...]  # what is filled, and swatches of the key
    hatches: tuple[Path, ...]  # over what is filled beyond the places
    marks: tuple[Path, ...]
    rules: tuple[Rule, ...]
    template: ClassVar[str] = "places"


_CAPACITY, _FILLED = 16.0, 9.0
_YEAR_COLUMN = 40.0


@draw.register
def draw_places(figure: PlacesFigure) -> PlacesDrawing:
    """A frame as long as the places, a bar inside it as long as the filled ones, a diamond at the plans."""
    key = flowing_key(_key_entries(figure), 0.0)
    wide = max((text_width(_expected_text(one)) for row in figure.rows for one in row.expected), default=0.0)
    right = WIDTH - 6 - (wide + 8 if wide else 0.0)
    left = _YEAR_COLUMN if wide else 6.0  # half a diamond: there may be no plan at all
    x = Scale(0.0, max(_drawn_values(figure), default=1.0) or 1.0, left, right)
    labels: list[Label] = list(key.labels)
    capacities: list[Box] = []
    bars: list[Box] = list(key.swatches)
    hatches: list[Path] = []
    marks: list[Path] = list(key.marks)
    rules: list[Rule] = []
    y = key.bottom + 4
    for row in figure.rows:
        gap = gap_words(row)
        names = wrap(row.name, WIDTH - text_width(gap) - 16)
        labels += [Label(0, y + 13 + k * LINE_HEIGHT, name, weight=600) for k, name in enumerate(names)]
        labels.append(Label(WIDTH - 1, y + 13, gap, "end", weight=600))
        top = y + len(names) * LINE_HEIGHT + 5
        if row.places is not None:
            capacities.append(Box(left, top, x(row.places) - left, _CAPACITY, "none", PALETTE["axis"]))
        if row.filled is not None:
            bars.append(Box(left, top + 3.5, max(x(row.filled) - left, 0.5), _FILLED, PALETTE["area"]))
            hatches += _overfull(row, x, top)
        if row.plans is not None:
            marks.append(marker("diamond", x(row.plans), top + _CAPACITY / 2, 4.4, PALETTE["neighbours"], hollow=True))
        below = top + _CAPACITY + 15
        said = wrap(_numbers(row), WIDTH)
        labels += [Label(0, below + k * LINE_HEIGHT, text, fill=PALETTE["ink-muted"]) for k, text in enumerate(said)]
        y = below + (len(said) - 1) * LINE_HEIGHT + 6
        rules.append(Rule(left, top - 1, left, top + _CAPACITY + 1, PALETTE["axis"]))
        if row.expected:
            rules.append(Rule(left, y + 1, left, y + len(row.expected) * (LINE_HEIGHT + 2) - 1, PALETTE["axis"]))
        for one in row.expected:
            labels += [
                Label(0, y + 12, one.year, fill=PALETTE["ink-muted"]),
                Label(WIDTH - 1, y + 12, _expected_text(one), "end"),
            ]
            marks += _expected(one, x, y + 8)
            y += LINE_HEIGHT + 2
        y += 9
    return PlacesDrawing(
        width=WIDTH,
        height=y,
        title=figure.text.alternative,
        labels=tuple(labels),
        notes=figure.remarks,
        capacities=tuple(capacities),
        bars=tuple(bars),
        hatches=tuple(hatches),
        marks=tuple(marks),
        rules=tuple(rules) if wide else (),
    )


def gap_words(row: PlaceRow) -> str:
    """ "13 free", "15 more than places", "full"; that it cannot be told where a number is absent."""
    if row.free is None:
        return row.note or "not known"
    if row.free == 0:
        return "full"
    return f"{formatting.number(row.free)} free" if row.free > 0 else f"{formatting.number(-row.free)} over"


NOT_KNOWN = "places not known"  # note of a kind of which plans alone are known; of a hidden one the note says so


def _numbers(row: PlaceRow) -> str:
    if row.filled is None and row.places is None and row.plans is not None and row.note == NOT_KNOWN:
        return f"{formatting.number(row.plans)} plans now"
    absent = row.note or "not known"
    filled, places = (absent if one is None else formatting.number(one) for one in (row.filled, row.places))
    plans = "" if row.plans is None else f"; {formatting.number(row.plans)} plans"
    return f"{filled} filled of {places} places{plans}"


def _expected_text(one: Expected) -> str:
    return f"{formatting.number(one.middle)} ({formatting.interval(one.low, one.high, 0)})"


def _drawn_values(figure: PlacesFigure) -> list[float]:
    found = [value for row in figure.rows for value in (row.places, row.filled, row.plans)]
    found += [one.high for row in figure.rows for one in row.expected]
    return [value for value in found if value is not None]


def _overfull(row: PlaceRow, x: Scale, top: float) -> list[Path]:
    """Hatching over children beyond the places."""
    if row.free is None or row.free >= 0 or row.places is None or row.filled is None:
        return []
    box = Box(x(row.places), top + 3.5, x(row.filled) - x(row.places), _FILLED, "none")
    lines = hatch(box, rising=True, gap=4.0)
    return [Path(lines, stroke=PALETTE["paper"], width=1.4)] if lines else []


def _expected(one: Expected, x: Scale, middle: float) -> list[Path]:
    """The interval as a capped line with its middle as a hollow diamond."""
    low, high = x(one.low), x(one.high)
    ends = [[(end, middle - 4), (end, middle + 4)] for end in (low, high)]
    path = "".join(polyline(stroke) for stroke in (ends[0], [(low, middle), (high, middle)], ends[1]))
    return [
        Path(path, stroke=PALETTE["neighbours"], width=1.5),
        marker("diamond", x(one.middle), middle, 4.0, PALETTE["neighbours"], hollow=True),
    ]


def _key_entries(figure: PlacesFigure) -> list[KeyEntry]:
    entries = [
        KeyEntry("Places", PALETTE["paper"], PALETTE["axis"]),
        KeyEntry("Filled", PALETTE["area"]),
    ]
    if any(row.free is not None and row.free < 0 for row in figure.rows):
        entries.append(KeyEntry("Filled beyond the places", PALETTE["area"], shape="hatched"))
    if any(row.plans is not None for row in figure.rows):
        entries.append(KeyEntry("EHC plans", PALETTE["neighbours"], shape="diamond"))
    if any(row.expected for row in figure.rows):
        entries.append(KeyEntry("Expected, with 95% interval", PALETTE["neighbours"], shape="diamond"))
    return entries


@data_table.register
def places_data(figure: PlacesFigure) -> DataRows:
    planned = any(row.plans is not None for row in figure.rows)
    years = tuple(dict.fromkeys(one.year for row in figure.rows for one in row.expected))
    rows = []
    for row in figure.rows:
        cells = [_cell(row, value) for value in (row.places, row.filled)]
        cells.append(gap_words(row))
        cells += [_cell(row, row.plans)] if planned else []
        by_year = {one.year: _expected_text(one) for one in row.expected}
        rows.append((row.name, *cells, *(by_year.get(year, formatting.EN_DASH) for year in years)))
    heads = ("Kind of setting", "Places", "Filled", "Gap", *(("EHC plans",) if planned else ()))
    return (*heads, *(f"Expected in {year} (95% interval)" for year in years)), tuple(rows)


def _cell(row: PlaceRow, value: float | None) -> str:
    return (row.note or formatting.EN_DASH) if value is None else formatting.number(value)
