"""An area's own name, logo and colour on its report, checked so that they stay readable and harmless.

Here: what `[brand]` in jsna.toml may hold, the check of the colour's contrast, the logo as a data URI, and the
custom properties that follow. Not here: where they are used (`report_templates/`), or the colours of charts,
which mean something and are the same in every report (`geometry.PALETTE`).
"""

from __future__ import annotations

import base64
import colorsys
import re
import struct
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, model_validator

from jsna_pipeline.errors import InputError
from jsna_pipeline.report.geometry import PALETTE, contrast

if TYPE_CHECKING:
    from lxml import etree

TEXT_CONTRAST = 4.5  # WCAG 2.2, 1.4.3
DARK_GROUNDS = ("#0e141b", "#141c25", "#1c2833")  # page, card and tint in dark mode (screen.css; a test compares)
_TINT = 0.1  # share of the colour in its tint
_DARK_CONTRAST = 7.0  # headings on dark: comfortably above what is asked
_LARGEST_LOGO = 150_000  # bytes: it is inside the page and the PDF
_LONGEST_SIDE = 3000  # pixels of a PNG
_PNG = b"\x89PNG\r\n\x1a\n"

# --- settings ----------------------------------------------------------------------------------


class BrandSettings(BaseModel):
    """`[brand]`: the organisation that publishes, its logo and its colour; each may be left out."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: Annotated[str, Field(max_length=80)] | None = None
    logo: Path | None = None  # PNG or SVG, at most 150 kB
    colour: str | None = None  # #rrggbb, readable with white


class BrandTable(BrandSettings):
    """`[brand]` with a table `[brand.<area>]` for what is an area's own."""

    areas: Mapping[str, BrandSettings] = {}

    @model_validator(mode="before")
    @classmethod
    def _areas_apart(cls, given: Any) -> Any:
        if not isinstance(given, dict) or "areas" in given:
            return given
        return {name: one for name, one in given.items() if not isinstance(one, dict)} | {
            "areas": {name: one for name, one in given.items() if isinstance(one, dict)}
        }


# --- the brand of a report ---------------------------------------------------------------------


@dataclass(frozen=True)
class Brand:
    """How a report shows whose it is; without settings, in the report's own blue and without a logo."""

    name: str = ""
    logo: str = ""  # data URI
    colour: str = PALETTE["area"]

    @property
    def tint(self) -> str:
        """A pale ground of the colour."""
        return _mixed(self.colour, "#ffffff", _TINT)

    @property
    def on_dark(self) -> str:
        """The colour made light enough for text on the grounds of dark mode."""
        return _shaded(
            self.colour, lambda colour: min(contrast(colour, ground) for ground in DARK_GROUNDS) >= _DARK_CONTRAST, 1
        )

    def light_properties(self) -> str:
        return f":root{{--brand:{self.colour};--brand-ink:{self.colour};--brand-tint:{self.tint}}}"

    def screen_properties(self) -> str:
        """The custom properties of both schemes; the PDF renderer knows only the light one."""
        dark = f":root{{--brand-ink:{self.on_dark};--brand-tint:{DARK_GROUNDS[2]}}}"
        return f"{self.light_properties()}@media screen and (prefers-color-scheme:dark){{{dark}}}"


PLAIN = Brand()


def brand_of(table: BrandTable, slug: str, base: Path) -> Brand:
    """The brand of the area `slug`; `base` is the folder that a logo's path starts from.

    Raises InputError for a colour that text cannot be read on, and for a logo that is missing, too large or may
    do more than be looked at.
    """
    own = table.areas.get(slug, BrandSettings())
    name, colour, logo = (getattr(own, key) or getattr(table, key) for key in ("name", "colour", "logo"))
    return Brand(name or "", logo_uri(base / logo) if logo else "", checked_colour(colour or Brand.colour))


# --- colour ------------------------------------------------------------------------------------


def checked_colour(colour: str) -> str:
    """`colour` as #rrggbb if white text can be read on it, and it on white and on its own tint."""
    if not re.fullmatch(r"#[0-9a-fA-F]{6}", colour):
        raise InputError(f"The brand colour {colour!r} is not six hexadecimal digits after #, such as #12436d.")
    colour = colour.lower()
    if _readable(colour):
        return colour
    nearest = _shaded(colour, _readable, -1)
    raise InputError(
        f"Text in the brand colour {colour} has a contrast of {_worst(colour):.1f}:1 on white or its tint and needs "
        f"{TEXT_CONTRAST}:1; the nearest darker colour that can be read is {nearest}."
    )


def _worst(colour: str) -> float:
    return min(contrast(colour, "#ffffff"), contrast(colour, _mixed(colour, "#ffffff", _TINT)))


def _readable(colour: str) -> bool:
    return _worst(colour) >= TEXT_CONTRAST


def _channels(colour: str) -> tuple[float, float, float]:
    red, green, blue = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    return red, green, blue


def _hex(channels: tuple[float, ...]) -> str:
    return "#" + "".join(f"{round(255 * min(1.0, max(0.0, value))):02x}" for value in channels)


def _mixed(one: str, other: str, share: float) -> str:
    return _hex(tuple(a * share + b * (1 - share) for a, b in zip(_channels(one), _channels(other), strict=True)))


def _shaded(colour: str, serves: Callable[[str], bool], step: int) -> str:
    """The first colour of the same hue that `serves`, darker (-1) or lighter (1) by hundredths."""
    hue, lightness, saturation = colorsys.rgb_to_hls(*_channels(colour))
    for n in range(201):
        level = min(1.0, max(0.0, lightness + step * n / 200))
        shade = _hex(colorsys.hls_to_rgb(hue, level, saturation))
        if serves(shade):
            return shade
    raise AssertionError("black and white serve always")  # pragma: no cover


# --- logo --------------------------------------------------------------------------------------

_DRAWN = re.compile(
    "svg|g|defs|title|desc|metadata|path|rect|circle|ellipse|line|polyline|polygon|text|tspan|linearGradient|"
    "radialGradient|stop|clipPath|mask|use|symbol|style"
)
_SVG = "http://www.w3.org/2000/svg"
# What could load or run something: an address that is not of the drawing itself, a script, an import.
_REACHES_OUT = re.compile(r"url\s*\((?!\s*['\"]?#)|javascript:|expression\s*\(|@|\\", flags=re.IGNORECASE)


def logo_uri(path: Path) -> str:
    """The logo at `path` as a data URI."""
    try:
        content = path.read_bytes()
    except OSError:
        raise InputError(f"The logo {path} cannot be read; correct `logo` under [brand] in jsna.toml.") from None
    if len(content) > _LARGEST_LOGO:
        raise InputError(f"The logo {path.name} has {len(content):,} bytes; at most {_LARGEST_LOGO:,} can be embedded.")
    if content.startswith(_PNG):
        return _data_uri("image/png", _checked_png(content, path.name))
    return _data_uri("image/svg+xml", _checked_svg(content, path.name))


def _data_uri(kind: str, content: bytes) -> str:
    return f"data:{kind};base64,{base64.b64encode(content).decode('ascii')}"


def _checked_png(content: bytes, name: str) -> bytes:
    if len(content) < 33 or content[12:16] != b"IHDR":
        raise InputError(f"The logo {name} is a damaged PNG; export it again.")
    width, height = struct.unpack(">II", content[16:24])
    if not 0 < width <= _LONGEST_SIDE or not 0 < height <= _LONGEST_SIDE:
        raise InputError(f"The logo {name} is {width} by {height} pixels; at most {_LONGEST_SIDE} a side serve.")
    return content


def _checked_svg(content: bytes, name: str) -> bytes:
    """The drawing written anew from its parsed tree, so that nothing unparsed reaches a reader's browser."""
    from lxml import etree  # settings are read by every command, most of which need no logo

    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, remove_pis=True
    )
    try:
        tree = etree.fromstring(content, parser)
    except etree.XMLSyntaxError:
        raise InputError(f"The logo {name} is neither a PNG nor a well-formed SVG; export it again.") from None
    if tree.getroottree().docinfo.internalDTD is not None:
        raise InputError(f"The logo {name} has a document type, which an SVG does not need; export it as plain SVG.")
    if tree.tag != f"{{{_SVG}}}svg" or not (tree.get("viewBox") or (tree.get("width") and tree.get("height"))):
        raise InputError(f"The logo {name} is not an SVG with a viewBox or a width and height; export it anew.")
    _drop_editors_notes(tree)
    for element in tree.iter():
        if found := _harm(element):
            raise InputError(f"The logo {name} holds {found}, which a drawing does not need; export it as plain SVG.")
    etree.cleanup_namespaces(tree)
    return etree.tostring(tree, encoding="utf-8")


def _drop_editors_notes(tree: etree._Element) -> None:
    """What drawing programs keep for themselves, in namespaces of their own, is not drawn."""
    for element in list(tree.iter()):
        own = [key for key in element.attrib if key.startswith("{") and "xlink" not in key]
        for key in own:
            del element.attrib[key]
        parent = element.getparent()
        if parent is not None and not str(element.tag).startswith(f"{{{_SVG}}}"):
            parent.remove(element)


def _harm(element: etree._Element) -> str:
    """What of an element could load or run something, in words; nothing if it only draws."""
    tag = _local(element.tag)
    if not _DRAWN.fullmatch(tag):
        return f"<{tag}>"
    for key, value in element.attrib.items():
        local = _local(key)
        if local.lower().startswith("on"):
            return f"a script ({local})"
        if local == "href" and not value.startswith("#"):
            return "an address outside the drawing"
        if _REACHES_OUT.search(value):
            return f"an address or script in {local}"
    if tag == "style" and _REACHES_OUT.search(element.text or ""):
        return "an address in its style"
    return ""


def _local(name: str | bytes | bytearray) -> str:
    return str(name).rpartition("}")[2]
