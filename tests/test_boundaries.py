"""Outlines from outside: what is sound is used, what is not is told, and nothing stops a report."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jsna_pipeline import boundaries
from jsna_pipeline.boundaries import FILE, Boundaries, plain_name, read_boundaries, signed_area

WIGAN = "E08000010"
SQUARE = [[-2.60, 53.50], [-2.58, 53.50], [-2.58, 53.52], [-2.60, 53.52], [-2.60, 53.50]]
HOLE = [[-2.595, 53.505], [-2.585, 53.505], [-2.585, 53.515], [-2.595, 53.515], [-2.595, 53.505]]


def feature(name: object = "Abram", rings: object = None, **properties: object) -> dict[str, object]:
    named = {"WD24CD": "E05000001", "WD24NM": name, "LAD24CD": WIGAN} | properties
    geometry = {"type": "Polygon", "coordinates": [SQUARE] if rings is None else rings}
    return {"type": "Feature", "properties": named, "geometry": geometry}


def collection(*features: object, **more: object) -> dict[str, object]:
    return {"type": "FeatureCollection", "features": list(features)} | more


def read(folder: Path, content: object) -> Boundaries:
    path = folder / "2025" / FILE
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
    return read_boundaries(folder, "2025", WIGAN)


def test_no_file_is_no_outline_and_no_problem(tmp_path: Path) -> None:
    assert read_boundaries(tmp_path, "2025", WIGAN) == Boundaries()


def test_wards_of_the_area_are_kept_with_their_code_and_name(tmp_path: Path) -> None:
    found = read(tmp_path, collection(feature(), feature("Elsewhere", LAD24CD="E08000001")))
    (ward,) = found.wards
    assert (ward.code, ward.name) == ("E05000001", "Abram")
    assert found.problems == () and len(found.sha256) == 64


@pytest.mark.parametrize(
    "properties", [{"WD25CD": "E05000001", "WD25NM": "Abram"}, {"code": "1", "name": "Abram"}, {"ward_name": "Abram"}]
)
def test_properties_are_found_by_the_names_that_publishers_use(tmp_path: Path, properties: dict[str, str]) -> None:
    one = feature() | {"properties": properties}
    assert [ward.name for ward in read(tmp_path, collection(one)).wards] == ["Abram"]


def test_outer_rings_run_anticlockwise_and_holes_clockwise_however_they_were_written(tmp_path: Path) -> None:
    for rings in ([SQUARE, HOLE], [SQUARE[::-1], HOLE], [SQUARE, HOLE[::-1]]):
        outer, hole = read(tmp_path, collection(feature(rings=rings))).wards[0].rings
        assert signed_area(outer) > 0 > signed_area(hole)
        assert outer[0] != outer[-1]


def test_a_ward_of_several_parts_keeps_them_all(tmp_path: Path) -> None:
    island = [[x + 0.1, y] for x, y in SQUARE]
    one = feature() | {"geometry": {"type": "MultiPolygon", "coordinates": [[SQUARE], [island, HOLE]]}}
    assert len(read(tmp_path, collection(one)).wards[0].rings) == 3


@pytest.mark.parametrize(
    ("rings", "said"),
    [
        ([SQUARE[:-1]], "does not close"),
        ([[SQUARE[0], SQUARE[1], SQUARE[0]]], "fewer than three corners"),
        ([[SQUARE[0], SQUARE[1], SQUARE[1], SQUARE[0]]], "without an area"),
        ([[[358_000.0, 405_000.0], *SQUARE]], "outside England"),
        ([[[53.5, -2.6], *SQUARE]], "outside England"),
        ([[["-2.6", "53.5"], *SQUARE]], "no number"),
        ([[[True, 53.5], *SQUARE]], "no number"),
        ([], "without an outline"),
    ],
)
def test_a_ward_at_fault_is_left_out_and_told_and_the_others_are_used(
    tmp_path: Path, rings: list[object], said: str
) -> None:
    found = read(tmp_path, collection(feature("Bad", rings), feature("Good")))
    assert [ward.name for ward in found.wards] == ["Good"]
    assert [(one.place, said in one.what) for one in found.problems] == [("feature 1", True)]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"not json", "not GeoJSON"),
        (b"[" * 100_000, "not GeoJSON"),
        (b"\xff\xfe", "not GeoJSON"),
        (b'{"type": "FeatureCollection", "features": [NaN]}', "no number"),
        ({"type": "Topology"}, "not a GeoJSON collection"),
        (collection(), "no features"),
        (collection(feature(), crs={"properties": {"name": "urn:ogc:def:crs:EPSG::27700"}}), "not in WGS84"),
        (collection({"type": "Feature", "properties": {"id": 1}, "geometry": None}), "names no ward"),
        (collection(feature(LAD24CD="E08000001")), "no ward of this area"),
    ],
)  # fmt: skip
def test_a_file_at_fault_is_told_in_a_sentence(tmp_path: Path, content: object, said: str) -> None:
    found = read(tmp_path, content)
    assert found.wards == ()
    (problem,) = found.problems
    assert said in problem.what and problem.file == FILE and problem.sentence.endswith(".")


def test_the_national_grid_may_be_named_and_wgs84_is_accepted(tmp_path: Path) -> None:
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:OGC:1.3:CRS84"}}
    assert len(read(tmp_path, collection(feature(), crs=crs)).wards) == 1


def test_a_file_too_large_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(boundaries, "LARGEST", 10)
    assert "larger than" in read(tmp_path, collection(feature())).problems[0].what


def test_names_meet_whatever_marks_their_writers_used(tmp_path: Path) -> None:
    assert plain_name("Aspull, New Springs & Whelley") == plain_name("Aspull New Springs and Whelley")
    twice = read(tmp_path, collection(feature("Abram"), feature("ABRAM"), feature("Ince")))
    assert list(twice.by_name()) == ["ince"]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(["type", "coordinates", "name"]), inner)
    ),
    max_leaves=20,
)


@given(JSON, JSON, JSON)
def test_no_content_raises(tmp_path_factory: pytest.TempPathFactory, one: object, rings: object, crs: object) -> None:
    folder = tmp_path_factory.getbasetemp()
    for content in (one, collection(one), collection(feature(rings, rings)), collection(feature(), one, crs=crs)):
        found = read(folder, content)
        assert all(abs(signed_area(ring)) > 1e-14 for ward in found.wards for ring in ward.rings)
