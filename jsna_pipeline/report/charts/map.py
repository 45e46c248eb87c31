"""The places of one area by value: on a map where their outlines are known, else as named tiles.

Here: the figure, its drawing in both forms, and its table of data. Not here: reading outlines
(`jsna_pipeline/boundaries.py`), the values (`report/own_figures.py`), or England as squares (`tiles.py`).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import numpy.typing as npt

from jsna_pipeline.report import formatting
from jsna_pipeline.report.charts.axes import contrast_text
from jsna_pipeline.report.charts.cells import headed
from jsna_pipeline.report.charts.figure import DataRows, Drawing, Figure, data_table, draw
from jsna_pipeline.report.charts.keys import KeyEntry, flowing_key
from jsna_pipeline.report.geometry import (
    LINE_HEIGHT,
    PALETTE,
    TEXT,
    TINTS,
    WIDTH,
    Box,
    Label,
    Path,
    polyline,
    text_width,
    tint_step,
    wrap,
)

Points = npt.NDArray[np.float64]  # a row a point: x, y
Ring = tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class Place:
    name: str
    value: float | None
    mark: str = ""  # what stands for a value that is withheld: "c"
    rings: tuple[Ring, ...] = ()  # its outline in degrees, longitude first, if known


@dataclass(frozen=True)
class MapFigure(Figure):
    """Wards or localities by value, none negative; on a map where every one of them has an outline."""

    unit: str
    decimals: int
    places: tuple[Place, ...]  # the highest value first
    marks: tuple[str, ...] = ()  # what each mark means


@dataclass(frozen=True)
class MapDrawing(Drawing):
    boxes: tuple[Box, ...]  # tiles, or the key
    shapes: tuple[Path, ...]  # outlines
    template: ClassVar[str] = "map"


_TALLEST = 400.0  # of the map
_RESOLUTION = 0.8  # units: a corner that strays less from the line is not drawn
_COLUMNS, _GAP = 2, 4.0
_CANDIDATES = 24  # places along each side of a ward's box at which its value is tried


@draw.register
def draw_map(figure: MapFigure) -> MapDrawing:
    """The map if every place has an outline; otherwise tiles."""
    outlined = bool(figure.places) and all(place.rings for place in figure.places)
    return _map(figure) if outlined else _tiles(figure)


def _most(figure: MapFigure) -> float:
    return max((place.value for place in figure.places if place.value is not None), default=0.0)


def _fill(place: Place, most: float) -> str:
    return PALETTE["paper"] if place.value is None else TINTS[tint_step(place.value, most)]


def _printed(place: Place, figure: MapFigure) -> str:
    if place.value is None:
        return place.mark or "n/a"
    return formatting.short_measure(place.value, figure.unit, figure.decimals)


# --- tiles -------------------------------------------------------------------------------------


def _tiles(figure: MapFigure) -> MapDrawing:
    """Tiles in two columns, read down the first and then the second, each with its name and value."""
    most = _most(figure)
    width = (WIDTH - _GAP * (_COLUMNS - 1)) / _COLUMNS
    printed = [_printed(place, figure) for place in figure.places]
    room = width - 18 - max(map(text_width, printed), default=0.0)
    names = [wrap(place.name, room) for place in figure.places]
    down = -(-len(names) // _COLUMNS)
    labels: list[Label] = []
    boxes: list[Box] = []
    y = 0.0
    for row in range(down):
        here = range(row, len(names), down)
        height = max(len(names[k]) for k in here) * LINE_HEIGHT + 8
        for column, k in enumerate(here):
            box = Box(column * (width + _GAP), y, width, height - 2, _fill(figure.places[k], most))
            boxes.append(box)
            ink = contrast_text(box.fill)
            first = y + height / 2 - (len(names[k]) - 1) * LINE_HEIGHT / 2 + 3.5
            labels += [Label(box.x + 6, first + n * LINE_HEIGHT, line, "start", ink) for n, line in enumerate(names[k])]
            labels.append(Label(box.x + width - 6, first, printed[k], "end", ink, 600))
        y += height
    return MapDrawing(WIDTH, y + 2, figure.text.alternative, tuple(labels), _notes(figure), tuple(boxes), ())


# --- the map -----------------------------------------------------------------------------------


def _map(figure: MapFigure) -> MapDrawing:
    """Outlines tinted by value; each value is printed inside its outline where it fits, every one in the table."""
    projected, height = project([place.rings for place in figure.places], WIDTH, _TALLEST)
    most = _most(figure)
    labels: list[Label] = []
    shapes: list[Path] = []
    unprinted = 0
    for place, rings in zip(figure.places, projected, strict=True):
        drawn = [simplified(ring, _RESOLUTION) for ring in rings]
        drawn = [ring for ring in drawn if len(ring) >= 3]
        if not drawn:  # smaller than the drawing can show: kept as a speck rather than lost
            drawn = [rings[0][:3]]
        fill = _fill(place, most)
        d = "".join(polyline([(float(x), float(y)) for x, y in ring], close=True) for ring in drawn)
        shapes.append(Path(d, fill=fill, stroke=PALETTE["axis"], width=0.9))
        text = _printed(place, figure)
        centre = room_inside(drawn, text_width(text) + 3, TEXT * 0.8)
        if centre is None:
            unprinted += 1
        else:
            labels.append(Label(centre[0], centre[1] + 4.5, text, "middle", contrast_text(fill)))
    key = flowing_key(_key_entries(figure, most), height + 8)
    notes = _notes(figure)
    if unprinted:
        notes += (f"{formatting.counted(unprinted, 'value')} too large for the outline: see the data table.",)
    return MapDrawing(
        width=WIDTH,
        height=key.bottom + 2,
        title=figure.text.alternative,
        labels=(*labels, *key.labels),
        notes=notes,
        boxes=key.swatches,
        shapes=tuple(shapes),
    )


def _key_entries(figure: MapFigure, most: float) -> list[KeyEntry]:
    """The five steps of the tint with their limits."""
    if most <= 0:
        return []
    edges = [most * k / len(TINTS) for k in range(len(TINTS) + 1)]
    percent = "%" if formatting.is_percent(figure.unit) else ""
    return [
        KeyEntry(
            f"to {formatting.number(edges[k + 1], figure.decimals)}{percent}" if k else
            f"0 to {formatting.number(edges[1], figure.decimals)}{percent}",
            TINTS[k],
            PALETTE["axis"],
        )
        for k in range(len(TINTS))
    ]  # fmt: skip


def project(places: Sequence[Sequence[Ring]], width: float, tallest: float) -> tuple[list[list[Points]], float]:
    """Rings in degrees as rings in units of the drawing, `width` wide or `tallest` high, and the height.

    Equirectangular: a degree of longitude is as much shorter as it is at the middle latitude. Across one
    authority the error is under a thousandth, a third of a unit.
    """
    rings = [[np.asarray(ring, dtype=float) for ring in place] for place in places]
    every = np.concatenate([ring for place in rings for ring in place])
    (west, south), (east, north) = every.min(axis=0), every.max(axis=0)
    shrink = math.cos(math.radians((south + north) / 2))
    wide, high = max((east - west) * shrink, 1e-9), max(north - south, 1e-9)
    scale = min((width - 4) / wide, (tallest - 4) / high)
    margin = (width - wide * scale) / 2

    def placed(ring: Points) -> Points:
        return np.column_stack(((ring[:, 0] - west) * shrink * scale + margin, (north - ring[:, 1]) * scale + 2))

    return [[placed(ring) for ring in place] for place in rings], high * scale + 4


def simplified(ring: Points, tolerance: float) -> Points:
    """The ring without the corners that stray less than `tolerance` from the line between those kept.

    Douglas and Peucker (1973), from the two corners that lie furthest apart from the first. Fewer than three
    points come back for a ring that is no larger than the tolerance.
    """
    away = int(np.argmax(np.hypot(*(ring - ring[0]).T)))
    closed = np.vstack((ring, ring[:1]))
    keep = np.zeros(len(closed), dtype=bool)
    keep[[0, away]] = True
    open_spans = [(0, away), (away, len(ring))]
    while open_spans:
        first, last = open_spans.pop()
        if last - first < 2:
            continue
        start, step = closed[first], closed[last] - closed[first]
        between = closed[first + 1 : last] - start
        # From the line between the two, not from its extension: a spit beyond its end is far from it.
        along = np.clip(between @ step / max(float(step @ step), 1e-12), 0, 1)
        strays = np.hypot(*(between - along[:, None] * step).T)
        furthest = int(np.argmax(strays))
        if strays[furthest] > tolerance:
            middle = first + 1 + furthest
            keep[middle] = True
            open_spans += [(first, middle), (middle, last)]
    return closed[:-1][keep[:-1]]


def room_inside(rings: Sequence[Points], width: float, height: float) -> tuple[float, float] | None:
    """The centre of a box of this size that lies inside the rings, as near their middle as may be; None if none does.

    Tried on a grid; a box is inside if its corners and the middles of its sides are.
    """
    largest = max(rings, key=lambda ring: float(np.ptp(ring[:, 0]) * np.ptp(ring[:, 1])))
    (left, top), (right, bottom) = largest.min(axis=0), largest.max(axis=0)
    if right - left < width or bottom - top < height:
        return None
    x = np.linspace(left + width / 2, right - width / 2, _CANDIDATES)
    y = np.linspace(top + height / 2, bottom - height / 2, _CANDIDATES)
    centres = np.column_stack([grid.ravel() for grid in np.meshgrid(x, y)])
    inside = np.ones(len(centres), dtype=bool)
    for dx in (-width / 2, 0.0, width / 2):
        for dy in (-height / 2, 0.0, height / 2):
            inside &= _inside(centres + np.array([dx, dy]), rings)
    if not inside.any():
        return None
    middle = ((left + right) / 2, (top + bottom) / 2)
    possible = centres[inside]
    chosen = possible[int(np.argmin(np.hypot(*(possible - middle).T)))]
    return float(chosen[0]), float(chosen[1])


def _inside(points: Points, rings: Sequence[Points]) -> npt.NDArray[np.bool_]:
    """Whether each point lies inside, by how often a ray to the right crosses the rings."""
    crossings = np.zeros(len(points), dtype=int)
    for ring in rings:
        start, end = ring, np.roll(ring, -1, axis=0)
        px, py = points[:, :1], points[:, 1:]
        spans = (start[:, 1] > py) != (end[:, 1] > py)
        rise = np.where(end[:, 1] == start[:, 1], 1.0, end[:, 1] - start[:, 1])
        at = start[:, 0] + (py - start[:, 1]) / rise * (end[:, 0] - start[:, 0])
        crossings += (spans & (px < at)).sum(axis=1)
    return crossings % 2 == 1


def _notes(figure: MapFigure) -> tuple[str, ...]:
    return ("Darker is more.", *figure.marks)


@data_table.register
def map_data(figure: MapFigure) -> DataRows:
    """One row a place, in the figure's order."""
    unit = formatting.unit_label(figure.unit)
    return ("Place", headed("Value", unit)), tuple((place.name, _printed(place, figure)) for place in figure.places)
