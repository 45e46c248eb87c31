"""Dark mode: the palette's counterpart on a dark ground, for text, marks and the charts inside the page.

Here: one colour for each of `geometry.PALETTE`, and the rules that put it in place of the literal ones. Not
here: the grounds and rules of the page itself (`css/screen.css`) or paper, which is always light.

A chart's colours are literal, since page CSS does not reach into an SVG in the PDF; on a screen it does, so each
literal is answered by a rule. Two things must survive the change: a mark keeps 3:1 against its ground, and a
label that `contrast_text` set in white or in ink on a fill is still read on that fill (tests compute all pairs).
Hence colours that carried white text become light and those that carried ink become mid-dark.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

from jsna_pipeline.report.geometry import PALETTE, TINTS

DARK: Mapping[str, str] = MappingProxyType(
    {
        "paper": "#141c25",
        "ink": "#f1f5f9",
        "ink-muted": "#b9c4ce",
        "grid": "#35424f",
        "axis": "#a3afba",
        "area": "#8fc1ee",
        "area-mid": "#4b6f90",
        "area-band": "#24415c",
        "england": "#d0d0d0",
        "region": "#4bc9bf",
        "neighbours": "#f2a3cd",
        "neighbour": "#576e83",
        "fails-standard": "#ffa588",
        "worse": "#f0b46c",
        "better": "#6fd3c4",
        "similar": "#b9c4ce",
        "unknown": "#c5b8ee",
        "category-1": "#8fc1ee",
        "category-2": "#1e7770",
        "category-3": "#f2a3cd",
        "category-4": "#b44b15",
        "category-5": "#d0d0d0",
        "category-6": "#7d57bc",
    }
)
_COLOUR = re.compile(r'(?:fill|stroke)="(#[0-9a-fA-F]{3,8})"')
_MARK = re.compile(r"(\.tone-[a-z_]+::before) \{ (background-image: [^}]+;) \}")
# The steps of heat tables and maps: more is further from the ground, which in the dark means lighter.
DARK_TINTS = ("#1e2b38", "#2b4257", "#42627f", "#6b9bc6", DARK["area"])
_COUNTERPART = {PALETTE[name]: DARK[name] for name in PALETTE} | dict(zip(TINTS, DARK_TINTS, strict=True))


def drawn_in_palette(svg: str) -> bool:
    """Whether every colour of a drawing has a counterpart; one that has others keeps its light ground."""
    return set(_COLOUR.findall(svg)) <= _COUNTERPART.keys()


def dark_sheet(tokens: str) -> str:
    """The rules of dark mode for the palette, the charts and the marks that the sheet `tokens` draws."""
    properties = "".join(f"--{name}:{colour};" for name, colour in DARK.items())
    charts = "".join(
        f'.mapped [{part}="{light}"]{{{part}:{dark}}}'
        for light, dark in _COUNTERPART.items()
        for part in ("fill", "stroke")
    )
    marks = "".join(f"{rule}{{{_darkened(image)}}}" for rule, image in _MARK.findall(tokens))
    ink = f".mapped{{fill:{DARK['ink']}}}"
    return f"@media screen and (prefers-color-scheme:dark){{:root{{{properties}}}{ink}{charts}{marks}}}"


def _darkened(image: str) -> str:
    return re.sub(r"%23([0-9a-f]{6})", lambda found: _COUNTERPART[f"#{found[1]}"].replace("#", "%23"), image)
