"""The means of drawing: palette, measured text, scales, and the few shapes that charts are made of.

Here: what all charts share. Not here: the arrangement of any chart (`report/charts/`) or markup.

Text is measured with the advance widths of the vendored font, therefore labels are placed so that they
neither overlap nor leave the canvas.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from jsna_pipeline.report import formatting

# The one palette: tokens.css repeats it as custom properties (a test compares them), since page CSS
# does not reach into an inline SVG in the PDF. Marks have at least 3:1 on paper and text 4.5:1. The
# categories are the Government Analysis Function's accessible palette.
PALETTE: Mapping[str, str] = MappingProxyType(
    {
        "paper": "#ffffff",
        "ink": "#17212b",
        "ink-muted": "#4a5763",
        "grid": "#d9e0e6",
        "axis": "#6b7885",
        "area": "#12436d",
        "area-mid": "#5f86ab",
        "area-band": "#d3e0ec",
        "england": "#3d3d3d",
        "region": "#1a706a",
        "neighbours": "#801650",
        "neighbour": "#7b92a8",
        "fails-standard": "#a8320a",
        "worse": "#8a4b00",
        "better": "#17695f",
        "similar": "#4a5763",
        "unknown": "#5b4b8a",
        "category-1": "#12436d",
        "category-2": "#28a197",
        "category-3": "#801650",
        "category-4": "#e45f1b",
        "category-5": "#3d3d3d",
        "category-6": "#9a7dcb",
    }
)

WIDTH = 360.0
WIDE = 744.0  # two charts and the gap between them: the whole width of a page of A4
SPARK_WIDTH, SPARK_HEIGHT, SPARK_MARGIN = 96.0, 24.0, 3.0
TEXT = 13.0  # units; 11.4 px where the chart is printed 317 px (84 mm) wide
LINE_HEIGHT = 15.0
ASCENT, DESCENT = 0.74, 0.22  # of capitals and descenders, as a share of the size

# Advance widths of Source Sans 3 in thousandths of an em, the wider of regular and semibold, for the
# printable ASCII characters from space to tilde and some others; a test compares them with the font.
_ASCII_ADVANCES = (
    200, 315, 482, 513, 513, 841, 639, 275, 324, 324, 438, 513, 275, 322, 275, 350,
    513, 513, 513, 513, 513, 513, 513, 513, 513, 513, 275, 275, 513, 513, 513, 444,
    875, 558, 597, 576, 625, 538, 510, 628, 663, 282, 494, 597, 502, 745, 657, 674,
    582, 674, 592, 545, 546, 655, 536, 800, 541, 501, 540, 324, 350, 324, 513, 500,
    549, 516, 563, 462, 564, 507, 317, 520, 558, 262, 263, 522, 271, 843, 560, 549,
    564, 564, 373, 431, 361, 556, 495, 748, 481, 495, 443, 324, 255, 324, 513,
)  # fmt: skip
ADVANCES: Mapping[str, int] = MappingProxyType(
    {chr(32 + i): advance for i, advance in enumerate(_ASCII_ADVANCES)}
    | {"–": 480, "—": 800, "−": 513, "×": 513, "’": 275, "‘": 275, "“": 482, "”": 482, "…": 964, "£": 513}
)
_UNKNOWN_ADVANCE = 880  # a fallback font's glyph: as wide as the widest common letter

Anchor = Literal["start", "middle", "end"]

# --- drawing primitives ------------------------------------------------------------------------


@dataclass(frozen=True)
class Label:
    """A line of text with its baseline at `y`."""

    x: float
    y: float
    text: str
    anchor: Anchor = "start"
    fill: str = PALETTE["ink"]
    weight: int = 400
    size: float = TEXT

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """Left, top, right, bottom of the ink, in units of the drawing."""
        width = text_width(self.text, self.size)
        left = self.x - {"start": 0.0, "middle": width / 2, "end": width}[self.anchor]
        return left, self.y - ASCENT * self.size, left + width, self.y + DESCENT * self.size


@dataclass(frozen=True)
class Rule:
    x1: float
    y1: float
    x2: float
    y2: float
    stroke: str
    width: float = 1.0
    dash: str = ""


@dataclass(frozen=True)
class Box:
    x: float
    y: float
    width: float
    height: float
    fill: str
    stroke: str = ""


@dataclass(frozen=True)
class Path:
    d: str
    fill: str = "none"
    stroke: str = ""
    width: float = 1.0
    dash: str = ""


# --- text --------------------------------------------------------------------------------------


def text_width(text: str, size: float = TEXT) -> float:
    """Width of `text` set in the report's font at `size`, never less than it really takes."""
    return sum(ADVANCES.get(character, _UNKNOWN_ADVANCE) for character in text) * size / 1000


def wrap(text: str, width: float, size: float = TEXT) -> tuple[str, ...]:
    """`text` in lines no wider than `width`; a single word that is wider is cut with a hyphen."""
    lines: list[str] = []
    for word in text.split():
        if lines and text_width(f"{lines[-1]} {word}", size) <= width:
            lines[-1] += f" {word}"
            continue
        while text_width(word, size) > width and len(word) > 2:
            keep = max(1, _longest_prefix(word, width - text_width("-", size), size))
            lines.append(word[:keep] + "-")
            word = word[keep:]
        lines.append(word)
    return tuple(lines)


def _longest_prefix(word: str, width: float, size: float) -> int:
    return sum(text_width(word[: n + 1], size) <= width for n in range(len(word) - 1))


def ellipsis(text: str, width: float, size: float = TEXT) -> str:
    """`text`, cut with "…" where it is wider than `width`."""
    if text_width(text, size) <= width:
        return text
    keep = max(1, _longest_prefix(text, width - text_width("…", size), size))
    return text[:keep].rstrip() + "…"


def spread(centres: Sequence[float], heights: Sequence[float], low: float, high: float) -> tuple[float, ...]:
    """Tops of blocks of `heights`, as near as may be to `centres`, in their order, none overlapping.

    All lie within `low` to `high` provided their total height does; the caller makes room for that.
    """
    order = sorted(range(len(centres)), key=lambda i: (centres[i], i))
    tops = [0.0] * len(centres)
    free = low
    for i in order:
        tops[i] = max(free, centres[i] - heights[i] / 2)
        free = tops[i] + heights[i]
    limit = high
    for i in reversed(order):
        tops[i] = min(tops[i], limit - heights[i])
        limit = tops[i]
    return tuple(tops)


# --- scales ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Scale:
    """A linear scale from the data's domain to units of the drawing."""

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        share = (value - self.low) / (self.high - self.low)
        return self.start + share * (self.end - self.start)


def nice_ticks(low: float, high: float, most: int = 5) -> tuple[float, ...]:
    """At most `most` + 1 round values (1, 2, 2.5 or 5 times a power of ten) that enclose low to high."""
    if high < low:
        raise ValueError(f"ticks need an ascending range, not {low!r} to {high!r}")
    # Published values have six decimals at most: a narrower range is one value, given a span about it.
    if high - low < 1e-6 * max(abs(high), abs(low), 1.0):
        margin = max(abs(high) / 2, 0.5)
        low, high = (0.0, max(high, 1.0)) if 0 <= low < 1 else (low - margin, high + margin)
    exponent = math.floor(math.log10((high - low) / most))
    for power in (exponent, exponent + 1):
        for factor in (1, 2, 2.5, 5):
            # Dividing by a positive power keeps 0.1-like steps at their shortest decimal form.
            step = factor * 10**power if power >= 0 else factor / 10**-power
            first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
            if last - first <= most:
                return tuple(round(k * step, 12) for k in range(first, last + 1))
    return (low, high)


def axis_ticks(values: Iterable[float], unit: str, zero: bool, most: int = 5) -> tuple[float, ...]:
    """Ticks for `values`; from zero unless told otherwise, and no percentage beyond 100."""
    known = list(values) or [0.0, 1.0]
    low, high = min(known), max(known)
    if zero:
        low, high = min(low, 0.0), max(high, 0.0)
    ticks = nice_ticks(low, high, most)
    if formatting.is_percent(unit) and high <= 100 < ticks[-1]:
        return (*(tick for tick in ticks if tick < 100), 100.0)
    return ticks


def label_ticks(ticks: Sequence[float], unit: str) -> tuple[str, ...]:
    """Ticks with as many decimals as their step needs, and the sign of their unit."""
    decimals = next((d for d in range(4) if all(abs(round(tick, d) - tick) < 1e-9 for tick in ticks)), 4)
    return tuple(formatting.short_measure(tick, unit, decimals) for tick in ticks)


def coordinate(value: float) -> str:
    """A coordinate: two decimals at most, no trailing zeros, so that output is compact and stable."""
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def polyline(points: Sequence[tuple[float, float]], close: bool = False) -> str:
    return "M" + "L".join(f"{coordinate(x)} {coordinate(y)}" for x, y in points) + ("Z" if close else "")


def sparkline(values: Sequence[float]) -> tuple[str, tuple[float, float]]:
    """A line through equally spaced values, the least at the bottom, and the place of the last.

    Equal values lie in the middle: without an axis a height would say nothing.
    """
    low, span = min(values), max(values) - min(values)
    step = (SPARK_WIDTH - 2 * SPARK_MARGIN) / (len(values) - 1)
    room = SPARK_HEIGHT - 2 * SPARK_MARGIN
    places = [
        (SPARK_MARGIN + place * step, SPARK_MARGIN + room * (1 - (value - low) / span if span else 0.5))
        for place, value in enumerate(values)
    ]
    return polyline(places), places[-1]


def unbroken_runs(present: Sequence[bool], starts: frozenset[int] = frozenset()) -> list[range]:
    """Unbroken runs of present points; a run also ends before each index in `starts`."""
    runs: list[range] = []
    for i, here in enumerate(present):
        if not here:
            continue
        if runs and runs[-1].stop == i and i not in starts:
            runs[-1] = range(runs[-1].start, i + 1)
        else:
            runs.append(range(i, i + 1))
    return runs


def hatch(box: Box, rising: bool, gap: float = 7.0) -> str:
    """Path data of 45° lines `gap` apart, cut off at the edges of `box`; empty where none crosses it.

    Lines are computed instead of a `<pattern>`, whose id would have to be unique in the page.
    """
    span = box.width + box.height
    parts = []
    for k in range(1, int(span / gap) + 1):
        # x + y = offset, from the left or top edge to the bottom or right edge
        offset = k * gap
        x1, x2 = max(0.0, offset - box.height), min(offset, box.width)
        if x2 - x1 < 0.5:
            continue
        y1, y2 = offset - x1, offset - x2
        if not rising:
            y1, y2 = box.height - y1, box.height - y2
        parts.append(
            f"M{coordinate(box.x + x1)} {coordinate(box.y + y1)}L{coordinate(box.x + x2)} {coordinate(box.y + y2)}"
        )
    return "".join(parts)


def marker(shape: str, x: float, y: float, radius: float, colour: str, hollow: bool) -> Path:
    """A circle, square, triangle or diamond about (x, y), of about equal weight to the eye."""
    r, n = radius, coordinate
    outlines = {
        "circle": f"M{n(x - r)} {n(y)}a{n(r)} {n(r)} 0 1 0 {n(2 * r)} 0a{n(r)} {n(r)} 0 1 0 {n(-2 * r)} 0Z",
        "square": polyline([(x - r, y - r), (x + r, y - r), (x + r, y + r), (x - r, y + r)], close=True),
        "triangle": polyline([(x, y - 1.2 * r), (x + 1.2 * r, y + r), (x - 1.2 * r, y + r)], close=True),
        "diamond": polyline([(x, y - 1.35 * r), (x + 1.35 * r, y), (x, y + 1.35 * r), (x - 1.35 * r, y)], close=True),
    }  # fmt: skip
    return Path(outlines[shape], fill=PALETTE["paper"] if hollow else colour, stroke=colour, width=1.5)


# --- checking ----------------------------------------------------------------------------------


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours `#rrggbb`, 1 to 21 (WCAG 2.2, relative luminance)."""

    def luminance(colour: str) -> float:
        channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def overlapping(labels: Sequence[Label], tolerance: float = 0.5) -> tuple[tuple[str, str], ...]:
    """Pairs of labels whose ink overlaps by more than `tolerance` both ways: none in a sound drawing."""
    boxes = [(label.text, *label.bounds) for label in labels]
    pairs = [(one, other) for i, one in enumerate(boxes) for other in boxes[i + 1 :]]
    return tuple(
        (a[0], b[0])
        for a, b in pairs
        if min(a[3], b[3]) - max(a[1], b[1]) > tolerance and min(a[4], b[4]) - max(a[2], b[2]) > tolerance
    )


# --- tints -------------------------------------------------------------------------------------


def mixed(one: str, other: str, share: float) -> str:
    """The colour `share` (0 to 1) of the way from `one` to `other`, both `#rrggbb`."""
    pairs = zip(bytes.fromhex(one[1:]), bytes.fromhex(other[1:]), strict=True)
    return "#" + bytes(round(a + (b - a) * share) for a, b in pairs).hex()


# Five steps from paper to the area's colour for cells, squares and places. No step lies near the middle,
# where neither ink nor paper could be read on it at 4.5:1.
TINTS: tuple[str, ...] = tuple(mixed(PALETTE["paper"], PALETTE["area"], share) for share in (0.06, 0.2, 0.38, 0.8, 1.0))


def tint_step(value: float, most: float) -> int:
    """Which of the `TINTS` shows `value` on a scale of equal steps from 0 to `most`."""
    if most <= 0 or value <= 0:
        return 0
    return min(math.ceil(len(TINTS) * value / most), len(TINTS)) - 1


def spread_closely(centres: Sequence[float], sizes: Sequence[float], low: float, high: float) -> tuple[float, ...]:
    """Starts of blocks of `sizes`, together as near as may be to `centres`, in their order, none overlapping.

    Unlike `spread`, blocks that want one place move apart to both sides of it (least squares: pooled neighbours).
    All lie within `low` to `high` provided their total size does; the caller makes room for that.
    """
    order = sorted(range(len(centres)), key=lambda i: (centres[i], i))
    before = [0.0]
    for i in order[:-1]:
        before.append(before[-1] + sizes[i])
    pools: list[tuple[float, int]] = []  # mean wanted start of the first block, and how many blocks
    for i, taken in zip(order, before, strict=False):
        wanted, count = centres[i] - sizes[i] / 2 - taken, 1
        while pools and pools[-1][0] > wanted:
            mean, more = pools.pop()
            wanted, count = (wanted * count + mean * more) / (count + more), count + more
        pools.append((wanted, count))
    last = high - sum(sizes)
    starts = [0.0] * len(centres)
    firsts = [max(low, min(mean, last)) for mean, count in pools for _ in range(count)]
    for i, taken, first in zip(order, before, firsts, strict=False):
        starts[i] = first + taken
    return tuple(starts)
