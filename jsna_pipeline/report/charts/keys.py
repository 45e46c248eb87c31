"""Keys that several kinds of chart share: a mark and its word, side by side, in as many lines as they need.

Here: placing them. Not here: which marks a kind of chart uses (its own module) or what the words say.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from jsna_pipeline.report.geometry import PALETTE, WIDTH, Box, Label, Path, ellipsis, hatch, marker, text_width

LINE = 18.0  # from one line of a key to the next
_SWATCH = 12.0
_GAP = 14.0  # between one entry and the next


@dataclass(frozen=True)
class KeyEntry:
    """A word and the mark before it: a swatch, hatched or not, or the shape of a marker."""

    text: str
    fill: str
    stroke: str = ""
    shape: str = "swatch"  # "swatch", "hatched", or a shape of `geometry.marker`
    hollow: bool = True  # a marker's shape is filled with paper


@dataclass(frozen=True)
class Key:
    labels: tuple[Label, ...]
    swatches: tuple[Box, ...]
    marks: tuple[Path, ...]
    bottom: float


def flowing_key(entries: Sequence[KeyEntry], top: float, width: float = WIDTH) -> Key:
    """The entries from the left, broken into lines no wider than `width`; the first baseline is at `top` + 13."""
    labels: list[Label] = []
    swatches: list[Box] = []
    marks: list[Path] = []
    x, y = 0.0, top
    for entry in entries:
        text = ellipsis(entry.text, width - _SWATCH - 6)
        needed = _SWATCH + 6 + text_width(text)
        if x and x + needed > width:
            x, y = 0.0, y + LINE
        if entry.shape in ("swatch", "hatched"):
            swatch = Box(x + 0.5, y + 3, _SWATCH - 1, _SWATCH - 1, entry.fill, entry.stroke)
            swatches.append(swatch)
            if entry.shape == "hatched":
                marks.append(Path(hatch(swatch, rising=True, gap=4.0), stroke=PALETTE["paper"], width=1.2))
        else:
            radius = 3.6 if entry.hollow else 2.4
            marks.append(marker(entry.shape, x + _SWATCH / 2, y + 8.5, radius, entry.fill, entry.hollow))
        labels.append(Label(x + _SWATCH + 6, y + 13, text))
        x += needed + _GAP
    return Key(tuple(labels), tuple(swatches), tuple(marks), y + LINE if entries else top)
