"""England as squares: one for each authority, in blocks of regions that stand where they do in the country.

Here: the figure, its drawing and its table of data. Not here: the fifths or which indicator is shown
(`report/place_figures.py`), or places inside an area (`map.py`).

A square is both larger and stronger in colour the higher its fifth. A map of the land would show the emptiest
authorities largest; a square shows each as one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from jsna_pipeline.report import formatting
from jsna_pipeline.report.charts.cells import headed
from jsna_pipeline.report.charts.figure import DataRows, Drawing, Figure, data_table, draw
from jsna_pipeline.report.geometry import (
    LINE_HEIGHT,
    PALETTE,
    TINTS,
    WIDTH,
    Box,
    Label,
    Path,
    coordinate,
    polyline,
    wrap,
)


@dataclass(frozen=True)
class Tile:
    name: str
    value: float | None
    fifth: int | None  # 1 the lowest values, 5 the highest; None where there is no value
    own: bool = False  # the area that the report is about


@dataclass(frozen=True)
class TileBlock:
    region: str
    tiles: tuple[Tile, ...]  # in the order in which they are drawn, row by row


@dataclass(frozen=True)
class TilesFigure(Figure):
    """Every authority of England by fifth of its value, with the range of values of each fifth."""

    unit: str
    decimals: int
    blocks: tuple[TileBlock, ...]
    ranges: tuple[tuple[float, float] | None, ...]  # of the five fifths, the lowest first


@dataclass(frozen=True)
class TilesDrawing(Drawing):
    squares: tuple[Path, ...]  # one path for each fifth
    crosses: tuple[Path, ...]  # authorities without a value
    rings: tuple[Box, ...]  # round the area's square, and its mark in the key
    template: ClassVar[str] = "tiles"


# Column from the west, row from the north. The first place of the west and the last column of the first two
# rows are empty, as the sea is: they hold the area's name and the key.
_PLACES: Mapping[str, tuple[int, int]] = {
    "North East": (1, 0),
    "North West": (0, 1),
    "Yorkshire and The Humber": (1, 1),
    "West Midlands": (0, 2),
    "East Midlands": (1, 2),
    "East of England": (2, 2),
    "South West": (0, 3),
    "South East": (1, 3),
    "London": (2, 3),
}
_COLUMN, _BLOCK = 124.0, 110.0  # from one column of blocks to the next, and the width of a block
_PITCH, _ACROSS = 18.0, 6  # from one square to the next, and how many stand in a row
_SIDES = (5.0, 8.0, 11.0, 13.5, 16.0)  # of the squares of the five fifths
_GAP = 12.0  # under a block
_CALLOUT = 118.0  # for the area's name: no authority's longest word needs more
FIFTHS = ("lowest", "second-lowest", "middle", "second-highest", "highest")


@draw.register
def draw_tiles(figure: TilesFigure) -> TilesDrawing:
    """Blocks in four rows; each row is as high as its highest block, its key or the area's name."""
    callout, ring = _callout(figure)
    key_labels, key_squares = _key(figure)
    heads = {block.region: wrap(block.region, _BLOCK) for block in figure.blocks}
    tops = _tops(figure, heads, callout[-1].y + 8 if callout else 0.0, key_labels[-1].y + 8)
    labels = [*callout, *key_labels]
    squares: list[list[tuple[float, float]]] = [list(places) for places in key_squares]
    crosses: list[str] = []
    rings = list(ring)
    for block in figure.blocks:
        column, row = _PLACES[block.region]
        left, top = column * _COLUMN, tops[row]
        weight = 600 if any(tile.own for tile in block.tiles) else 400
        lines = heads[block.region]
        labels += [Label(left, top + 11 + k * LINE_HEIGHT, line, weight=weight) for k, line in enumerate(lines)]
        first = top + len(lines) * LINE_HEIGHT + 2
        for k, tile in enumerate(block.tiles):
            x, y = left + (k % _ACROSS + 0.5) * _PITCH, first + (k // _ACROSS + 0.5) * _PITCH
            if tile.fifth is None:
                crosses.append(polyline([(x - 3, y - 3), (x + 3, y + 3)]) + polyline([(x + 3, y - 3), (x - 3, y + 3)]))
            else:
                squares[tile.fifth - 1].append((x, y))
            if tile.own:
                rings.append(_ring(x, y))
    return TilesDrawing(
        width=WIDTH,
        height=tops[-1] - _GAP + 4,
        title=figure.text.alternative,
        labels=tuple(labels),
        notes=_notes(figure),
        squares=tuple(_squares(places, k) for k, places in enumerate(squares) if places),
        crosses=(Path("".join(crosses), stroke=PALETTE["axis"], width=1.5),) if crosses else (),
        rings=tuple(rings),
    )


def _tops(
    figure: TilesFigure, heads: Mapping[str, Sequence[str]], callout: float, key: float
) -> tuple[float, float, float, float, float]:
    """Where each row of blocks begins and, last, where the whole ends."""
    heights = [callout, 0.0, 0.0, 0.0]
    for block in figure.blocks:
        row = _PLACES[block.region][1]
        rows_of_tiles = -(-len(block.tiles) // _ACROSS)
        heights[row] = max(heights[row], len(heads[block.region]) * LINE_HEIGHT + 2 + rows_of_tiles * _PITCH)
    first = heights[0] + _GAP
    # The key stands above the last block of the third row, beside the first two rows.
    second = max(first + heights[1] + _GAP, key + _GAP)
    third = second + heights[2] + _GAP
    return 0.0, first, second, third, third + heights[3] + _GAP


def _callout(figure: TilesFigure) -> tuple[list[Label], tuple[Box, ...]]:
    """The area in the north-west: its value behind the ring that marks its square, its name and its fifth below."""
    own = next((tile for block in figure.blocks for tile in block.tiles if tile.own), None)
    if own is None:
        return [], ()
    value = "no value" if own.value is None else formatting.short_measure(own.value, figure.unit, figure.decimals)
    labels = [Label(26, 14.5, value, fill=PALETTE["area"], weight=600)]
    fifth = wrap(f"{FIFTHS[own.fifth - 1]} fifth", _CALLOUT) if own.fifth else ()
    lines = [*((line, 600, "area") for line in wrap(own.name, _CALLOUT)), *((line, 400, "ink") for line in fifth)]
    labels += [
        Label(1, 34 + k * LINE_HEIGHT, text, fill=PALETTE[colour], weight=weight)
        for k, (text, weight, colour) in enumerate(lines)
    ]
    return labels, (_ring(10.5, 10.5),)


def _ring(x: float, y: float) -> Box:
    return Box(x - 9, y - 9, 18, 18, "none", PALETTE["ink"])


def _key(figure: TilesFigure) -> tuple[list[Label], list[list[tuple[float, float]]]]:
    """A square of each fifth with its range of values, the highest on top."""
    left = 2 * _COLUMN
    labels = [Label(left, 11, "Authorities in fifths", fill=PALETTE["ink-muted"])]
    squares: list[list[tuple[float, float]]] = [[] for _ in _SIDES]
    y = 20.0
    for k in reversed(range(len(_SIDES))):
        span = figure.ranges[k]
        if span is None:
            continue
        ends = [formatting.number(value, figure.decimals) for value in span]
        text = ends[0] if ends[0] == ends[1] else formatting.interval(*span, figure.decimals)
        squares[k].append((left + 9, y + _PITCH / 2))
        labels.append(
            Label(left + 24, y + _PITCH / 2 + 4.5, text + ("%" if formatting.is_percent(figure.unit) else ""))
        )
        y += _PITCH
    return labels, squares


def _squares(places: Sequence[tuple[float, float]], fifth: int) -> Path:
    side = coordinate(_SIDES[fifth])
    half = _SIDES[fifth] / 2
    d = "".join(f"M{coordinate(x - half)} {coordinate(y - half)}h{side}v{side}h-{side}Z" for x, y in places)
    return Path(d, fill=TINTS[fifth], stroke=PALETTE["area"], width=0.75)


def _notes(figure: TilesFigure) -> tuple[str, ...]:
    notes = ["One square an authority, the highest of each region first; larger and stronger is higher."]
    if any(tile.fifth is None for block in figure.blocks for tile in block.tiles):
        notes.append("A cross is an authority without a value.")
    return tuple(notes)


@data_table.register
def tiles_data(figure: TilesFigure) -> DataRows:
    """One row an authority, region by region in the order of the squares."""
    rows = tuple(
        (
            tile.name,
            block.region,
            "not published" if tile.value is None else formatting.number(tile.value, figure.decimals),
            formatting.EN_DASH if tile.fifth is None else FIFTHS[tile.fifth - 1],
        )
        for block in figure.blocks
        for tile in block.tiles
    )
    return ("Authority", "Region", headed("Value", formatting.unit_label(figure.unit)), "Fifth"), rows
