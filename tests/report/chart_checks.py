"""What is wrong with a drawing: for the tests of every kind of chart.

Here: labels that overlap, leave the canvas, print too small or cut an authority's name short, and marks
outside the canvas. Not here: the figures that are checked, or whether a chart says the right thing.
"""

from __future__ import annotations

import re
from functools import cache

from lxml import etree

from jsna_pipeline import geography
from jsna_pipeline.report import charts, geometry, html

COLUMN_MM, PAGE_MM = 84, 174  # a chart is printed half a page wide, one wider than that the whole width
SMALLEST = 11.0  # px at 96 to the inch, the least that print.css sets
SVG = "{http://www.w3.org/2000/svg}"


def faults(figure: charts.Figure) -> list[str]:
    """Every fault of the figure's drawing, in words that name the figure; empty for a sound one."""
    drawing = charts.draw(figure)
    found = [*label_faults(drawing), *mark_faults(drawing)]
    return [f"{figure.text.figure_id} ({type(figure).__name__}): {fault}" for fault in found]


def label_faults(drawing: charts.Drawing) -> list[str]:
    """Faults of the labels alone."""
    found = [f"{one!r} overlaps {other!r}" for one, other in geometry.overlapping(drawing.labels)]
    printed_mm = COLUMN_MM if drawing.width <= geometry.WIDTH else PAGE_MM
    for label in drawing.labels:
        left, top, right, bottom = label.bounds
        if left < -0.5 or top < -0.5 or right > drawing.width + 0.5 or bottom > drawing.height + 0.5:
            found.append(f"{label.text!r} leaves the canvas")
        if label.size * (printed_mm / 25.4 * 96) / drawing.width < SMALLEST:
            found.append(f"{label.text!r} prints smaller than {SMALLEST} px")
        if _cuts_a_name(label.text):
            found.append(f"{label.text!r} cuts an authority's name short")
    return found


def mark_faults(drawing: charts.Drawing) -> list[str]:
    """Marks that begin or end more than a stroke's width outside the canvas."""
    root = etree.fromstring(str(html.svg(drawing)))
    found = []
    for mark in root.iter(f"{SVG}rect", f"{SVG}line", f"{SVG}path", f"{SVG}circle"):
        for x, y in _corners(mark):
            if not (-2 <= x <= drawing.width + 2 and -2 <= y <= drawing.height + 2):
                found.append(f"a {etree.QName(mark).localname} reaches ({x:g}, {y:g}), outside the canvas")
                break
    return found


def _corners(mark: etree._Element) -> list[tuple[float, float]]:
    """The points of a mark that its markup names in absolute coordinates."""
    if path := mark.get("d"):
        return [(float(x), float(y)) for x, y in re.findall(r"[ML](-?[\d.]+) (-?[\d.]+)", path)]
    number = {name: float(value) for name, value in mark.attrib.items() if re.fullmatch(r"-?[\d.]+", value)}
    if "x1" in number:
        return [(number["x1"], number["y1"]), (number["x2"], number["y2"])]
    if "cx" in number:
        return [(number["cx"], number["cy"])]
    return [(number["x"], number["y"]), (number["x"] + number["width"], number["y"] + number["height"])]


@cache
def _names() -> tuple[str, ...]:
    return tuple(geography.local_authorities()["area_name"])


def _cuts_a_name(text: str) -> bool:
    """Whether `text` is an authority's name, or its longest word, cut off with "…" or a hyphen."""
    start = text[:-1].rstrip()
    if text.endswith("…"):
        return any(name.startswith(start) for name in _names())
    words = {word for name in _names() for word in name.split()}
    return text.endswith("-") and any(word != start and word.startswith(start) for word in words)
