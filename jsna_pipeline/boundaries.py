"""Outlines of wards from a GeoJSON file that the user puts beside the published files, for the map of an area.

Here: finding and reading `<landing>/<edition>/boundaries/wards.geojson`, and refusing what is no sound outline in
WGS84. Not here: values of wards (the area's own records), projection and drawing (`report/charts/map.py`), or
outlines of anything larger.

The file is optional and comes from outside: nothing in it stops a report. A place at fault is left out and told; a
file at fault is told, and the wards are then drawn as tiles. The Office for National Statistics publishes the
outlines ("Wards, Boundaries UK BUC": ultra generalised) at https://geoportal.statistics.gov.uk.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jsna_pipeline.contributions.reading import Problem

FILE = "boundaries/wards.geojson"
LARGEST = 80 * 2**20  # bytes; the ultra-generalised wards of the whole United Kingdom take about a fifth
MOST_PLACES = 10_000
MOST_POINTS = 3_000_000
# Degrees that hold England. Metres of the National Grid, or latitude written first, lie outside.
WEST, EAST, SOUTH, NORTH = -7.0, 2.2, 49.7, 56.0
_CODE = re.compile(r"(wd\d{2}|ward_?)cd|code|ward_?code", re.IGNORECASE)
_NAME = re.compile(r"(wd\d{2}|ward_?)nm|name|ward_?name", re.IGNORECASE)
_AUTHORITY = re.compile(r"(lad|utla|ctyua|la)\d{2}cd|lad_?code", re.IGNORECASE)
_WGS84 = re.compile(r"(CRS:?:?84|EPSG:?:?4326)$", re.IGNORECASE)

Point = tuple[float, float]  # longitude and latitude in degrees
Ring = tuple[Point, ...]  # closed without repeating its first point; outer rings run anticlockwise, holes clockwise


class _Unusable(ValueError):
    """What is wrong, as a sentence without a value of the file."""


@dataclass(frozen=True)
class Outline:
    """One ward: its code, its name, and the rings of all its parts."""

    code: str
    name: str
    rings: tuple[Ring, ...]


@dataclass(frozen=True)
class Boundaries:
    """The wards of one area that have a sound outline, what was left out, and the file's digest."""

    wards: tuple[Outline, ...] = ()
    problems: tuple[Problem, ...] = ()
    sha256: str = ""

    def by_name(self) -> dict[str, Outline]:
        """Outlines by name as the returns write it; a name that two wards bear stands for neither."""
        names = [plain_name(ward.name) for ward in self.wards]
        return {name: ward for name, ward in zip(names, self.wards, strict=True) if names.count(name) == 1}


def plain_name(name: str) -> str:
    """A ward's name without what writers differ in: capitals, "&" for "and", commas and other marks."""
    return " ".join(re.sub(r"[^a-z0-9]+", " ", name.casefold().replace("&", " and ")).split())


def read_boundaries(landing: Path, edition: str, area_code: str) -> Boundaries:
    """The outlines of the area's wards. Never raises for what the file holds; a missing file is no outlines.

    Where the file names each ward's authority (LAD24CD), only wards of `area_code` are kept.
    """
    path = landing / edition / FILE
    if not path.is_file():
        return Boundaries()
    try:
        if path.stat().st_size > LARGEST:
            raise _Unusable(f"is larger than {LARGEST // 2**20} MB; use the ultra-generalised outlines (BUC)")
        content = path.read_bytes()
        found, faults = _wards(_features(content), area_code)
    except _Unusable as fault:
        return Boundaries(problems=(Problem(FILE, "", str(fault)),))
    except OSError:
        return Boundaries(problems=(Problem(FILE, "", "cannot be read; check that this account may open it"),))
    if not found and not faults:
        faults = [Problem(FILE, "", "holds no ward of this area; use a file with its wards")]
    return Boundaries(tuple(found), tuple(faults), hashlib.sha256(content).hexdigest())


def _features(content: bytes) -> list[Any]:
    """The features of a collection in WGS84."""

    def refuse(constant: str) -> None:
        raise _Unusable("holds a coordinate that is no number")

    try:
        document = json.loads(content.decode("utf-8-sig"), parse_constant=refuse)
    except _Unusable:
        raise
    except (ValueError, RecursionError):
        raise _Unusable("is not GeoJSON; save the outlines as GeoJSON in UTF-8") from None
    if not isinstance(document, dict) or document.get("type") != "FeatureCollection":
        raise _Unusable("is not a GeoJSON collection of features; export the whole layer as GeoJSON")
    crs = document.get("crs")
    described = crs.get("properties") if isinstance(crs, dict) else None
    named = described.get("name") if isinstance(described, dict) else ""
    if crs is not None and not _WGS84.search(str(named)):
        raise _Unusable("is not in WGS84; export it as longitude and latitude (EPSG:4326)")
    features = document.get("features")
    if not isinstance(features, list) or not features:
        raise _Unusable("has no features; export the whole layer as GeoJSON")
    if len(features) > MOST_PLACES:
        raise _Unusable(f"has more than {MOST_PLACES:,} places; keep the wards of one country")
    return features


def _wards(features: list[Any], area_code: str) -> tuple[list[Outline], list[Problem]]:
    """The area's wards in the file's order, and the features that could not be used."""
    described = (one["properties"] for one in features if isinstance(one, dict) and one.get("properties"))
    first: object = next(described, None)
    keys = list(first) if isinstance(first, dict) else []
    code_key, name_key, authority_key = (_key(keys, pattern) for pattern in (_CODE, _NAME, _AUTHORITY))
    if name_key is None:
        raise _Unusable("names no ward; it needs a property such as WD24NM, and WD24CD for the code")
    found: list[Outline] = []
    faults: list[Problem] = []
    points = 0
    for number, feature in enumerate(features, 1):
        properties = feature.get("properties") if isinstance(feature, dict) else None
        if not isinstance(properties, dict):
            faults.append(Problem(FILE, f"feature {number}", "has no properties, so it has no name"))
            continue
        if authority_key and str(properties.get(authority_key, "")).strip() != area_code:
            continue
        try:
            rings = _rings(feature.get("geometry"))
            points += sum(map(len, rings))
            name = str(properties.get(name_key) or "").strip()[:120]
            if not name:
                raise _Unusable("has no name")
        except _Unusable as fault:
            faults.append(Problem(FILE, f"feature {number}", str(fault)))
            continue
        if points > MOST_POINTS:
            raise _Unusable(f"has more than {MOST_POINTS:,} points; use the ultra-generalised outlines (BUC)")
        code = str(properties.get(code_key) or "").strip()[:20] if code_key else ""
        found.append(Outline(code, name, rings))
    return found, faults


def _key(keys: list[str], pattern: re.Pattern[str]) -> str | None:
    """The first property so named, the longest name first: WD24CD is meant before a bare `code`."""
    return next((key for key in sorted(keys, key=len, reverse=True) if pattern.fullmatch(str(key))), None)


def _rings(geometry: object) -> tuple[Ring, ...]:
    """The rings of a polygon or of several, oriented; raises for what is no sound outline."""
    if not isinstance(geometry, dict) or geometry.get("type") not in ("Polygon", "MultiPolygon"):
        raise _Unusable("is neither a polygon nor several")
    given = geometry.get("coordinates")
    polygons = [given] if geometry["type"] == "Polygon" else given
    if not isinstance(polygons, list) or not polygons:
        raise _Unusable("has no outline")
    rings: list[Ring] = []
    for polygon in polygons:
        if not isinstance(polygon, list) or not polygon:
            raise _Unusable("has a part without an outline")
        for place, ring in enumerate(polygon):
            rings.append(_oriented(_ring(ring), outer=place == 0))
    return tuple(rings)


def _ring(ring: object) -> Ring:
    if not isinstance(ring, list) or len(ring) < 4:
        raise _Unusable("has an outline of fewer than three corners")
    points = [_point(place) for place in ring]
    if points[0] != points[-1]:
        raise _Unusable("has an outline that does not close")
    kept = [point for point, before in zip(points[1:], points, strict=False) if point != before]
    if len(set(kept)) < 3 or abs(signed_area(kept)) < 1e-14:
        raise _Unusable("has an outline without an area")
    return tuple(kept)


def _point(place: object) -> Point:
    """Longitude and latitude; a height is ignored."""
    if not isinstance(place, list) or len(place) < 2 or any(type(one) not in (int, float) for one in place[:2]):
        raise _Unusable("holds a coordinate that is no number")
    longitude, latitude = place[:2]
    if not (WEST <= longitude <= EAST and SOUTH <= latitude <= NORTH):
        raise _Unusable("lies outside England; coordinates have to be WGS84, longitude first (EPSG:4326)")
    return float(longitude), float(latitude)


def signed_area(ring: Ring | list[Point]) -> float:
    """Area inside a ring in square units of its coordinates, above 0 where it runs anticlockwise."""
    following = (*ring[1:], ring[0])
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(ring, following, strict=True)) / 2


def _oriented(ring: Ring, outer: bool) -> Ring:
    """As RFC 7946 asks: outer rings anticlockwise, holes clockwise."""
    return ring if (signed_area(ring) > 0) == outer else ring[::-1]
