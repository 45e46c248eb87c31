"""The map of an area's places: projection, simplification, room for values, and tiles where outlines lack."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jsna_pipeline.report.charts import FigureText, MapFigure, Place, data_table
from jsna_pipeline.report.charts.map import _inside, draw_map, project, room_inside, simplified
from jsna_pipeline.report.geometry import TINTS
from tests.report.chart_checks import faults

TEXT = FigureText("map", "Title", "Subtitle", "What it shows", "Source")
WARDS = st.sampled_from(
    ["Abram", "Bryn with Ashton-in-Makerfield North", "Shevington with Lower Ground and Moor", "St Mary’s & St Peter’s"]
)


def square(west: float, south: float, side: float = 0.02) -> tuple[tuple[float, float], ...]:
    return ((west, south), (west + side, south), (west + side, south + side), (west, south + side))


def star(seed: int, corners: int, west: float = -2.6, south: float = 53.5, size: float = 0.05) -> tuple:
    """A closed line round its middle, whose distance from it goes up and down."""
    angles = [2 * math.pi * k / corners for k in range(corners)]
    radii = [size * (1 + 0.5 * math.sin(seed + 3 * angle) + 0.2 * math.cos(seed * k)) for k, angle in enumerate(angles)]
    return tuple((west + r * math.cos(a), south + r * math.sin(a)) for r, a in zip(radii, angles, strict=True))


def test_a_square_kilometre_is_drawn_as_a_square() -> None:
    """At 53.5 degrees north a degree of longitude is 0.595 of one of latitude."""
    side = 0.01
    ring = ((-2.6, 53.495), (-2.6 + side / math.cos(math.radians(53.5)), 53.495),
            (-2.6 + side / math.cos(math.radians(53.5)), 53.505), (-2.6, 53.505))  # fmt: skip
    ((drawn,),), height = project([[ring]], 360, 400)
    wide, high = np.ptp(drawn, axis=0)
    assert wide == pytest.approx(high) == pytest.approx(356)
    assert height == pytest.approx(360)
    assert drawn[0][1] > drawn[2][1]  # south is at the foot


@settings(max_examples=60)
@given(st.integers(0, 1000), st.integers(3, 120), st.floats(0.1, 5))
def test_a_simplified_ring_strays_no_further_than_the_tolerance(seed: int, corners: int, tolerance: float) -> None:
    ((ring,),), _ = project([[star(seed, corners)]], 360, 400)
    kept = simplified(ring, tolerance)
    assert {tuple(point) for point in kept} <= {tuple(point) for point in ring}
    if len(kept) < 3:
        return
    start, end = kept, np.roll(kept, -1, axis=0)
    for point in ring:
        along = np.clip(((point - start) * (end - start)).sum(axis=1) / ((end - start) ** 2).sum(axis=1), 0, 1)
        distance = np.hypot(*(start + along[:, None] * (end - start) - point).T).min()
        assert distance <= tolerance + 1e-6


@settings(max_examples=60)
@given(st.integers(0, 1000), st.integers(3, 60), st.floats(5, 120))
def test_a_value_is_printed_only_where_its_box_lies_inside(seed: int, corners: int, width: float) -> None:
    ((ring,),), _ = project([[star(seed, corners)]], 360, 400)
    found = room_inside([ring], width, 10)
    if found is None:
        return
    box = [(found[0] + dx * width / 2, found[1] + dy * 5) for dx in (-0.98, 0, 0.98) for dy in (-0.98, 0, 0.98)]
    assert _inside(np.array(box), [ring]).all()


def test_a_value_keeps_out_of_a_hole() -> None:
    outer = np.array([(0.0, 0.0), (100.0, 0.0), (100.0, 100.0), (0.0, 100.0)])
    hole = np.array([(30.0, 10.0), (30.0, 90.0), (70.0, 90.0), (70.0, 10.0)])
    found = room_inside([outer, hole], 20, 10)
    assert found is not None and not 30 - 10 < found[0] < 70 + 10


def test_outlines_make_a_map_and_one_that_lacks_makes_tiles() -> None:
    places = tuple(Place(f"Ward {k}", 10.0 * k, "", (square(-2.6 + 0.02 * k, 53.5),)) for k in range(1, 6))
    drawn = draw_map(MapFigure(TEXT, "count", 0, places))
    assert [path.fill for path in drawn.shapes] == list(TINTS)
    assert {"10", "20", "30", "40", "50"} <= {label.text for label in drawn.labels}
    lacking = (*places[:-1], Place("Ward 5", None, "c"))
    tiles = draw_map(MapFigure(TEXT, "count", 0, lacking, ("c: hidden.",)))
    assert tiles.shapes == () and len(tiles.boxes) == 5
    assert data_table(MapFigure(TEXT, "count", 0, lacking))[1][-1] == ("Ward 5", "c")


def test_a_ward_too_small_to_be_drawn_is_kept() -> None:
    speck = Place("Speck", 1.0, "", (square(-2.5, 53.5, 1e-6),))
    wide = Place("Wide", 2.0, "", (square(-2.6, 53.5, 0.09),))
    drawn = draw_map(MapFigure(TEXT, "count", 0, (wide, speck)))
    assert len(drawn.shapes) == 2
    assert any("see the data table" in note for note in drawn.notes)


@settings(max_examples=40)
@given(
    st.lists(st.tuples(WARDS, st.none() | st.floats(0, 99_999).map(round)), min_size=1, max_size=40),
    st.booleans(),
    st.integers(3, 40),
)
def test_labels_are_sound(rows: list[tuple[str, float | None]], outlined: bool, corners: int) -> None:
    places = tuple(
        Place(
            name,
            value,
            "" if value is not None else "c",
            (star(k, corners, -2.6 + 0.3 * (k % 6), 53.5 + 0.2 * (k // 6)),) if outlined else (),
        )
        for k, (name, value) in enumerate(rows)
    )
    assert faults(MapFigure(TEXT, "count", 0, places)) == []
