"""A brand is shown only where it can be read and can do nothing but be looked at."""

from __future__ import annotations

import base64
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jsna_pipeline.errors import InputError
from jsna_pipeline.report.branding import DARK_GROUNDS, Brand, BrandTable, brand_of, checked_colour, logo_uri
from jsna_pipeline.report.geometry import contrast
from jsna_pipeline.settings import load_settings

PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
PLAIN = (
    '<svg xmlns="http://www.w3.org/2000/svg" xmlns:i="urn:inkscape" viewBox="0 0 10 10"><i:view i:zoom="2"/>'
    '<!-- note --><defs><linearGradient id="g"><stop offset="0" stop-color="#123456"/></linearGradient></defs>'
    '<style>.a{fill:url(#g)}</style><path class="a" i:label="x" d="M0 0h10v10z"/></svg>'
)


def svg(inside: str = "", attributes: str = 'viewBox="0 0 10 10"', before: str = "") -> str:
    return f'{before}<svg xmlns="http://www.w3.org/2000/svg" {attributes}>{inside}</svg>'


colours = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")


@given(colours)
def test_a_colour_is_taken_or_the_nearest_darker_one_that_is_taken_is_named(colour: str) -> None:
    try:
        taken = checked_colour(colour)
    except InputError as error:
        (taken,) = re.findall(r"(#[0-9a-f]{6})\.$", str(error))
        assert checked_colour(taken) == taken and contrast(taken, "#ffffff") > contrast(colour, "#ffffff")
    else:
        assert taken == colour
    brand = Brand(colour=taken)
    assert contrast(taken, "#ffffff") >= 4.5 and contrast(taken, brand.tint) >= 4.5
    assert all(contrast(brand.on_dark, ground) >= 4.5 for ground in DARK_GROUNDS)


def test_the_sentence_says_what_is_wrong_and_what_to_set() -> None:
    with pytest.raises(
        InputError,
        match=r"^Text in the brand colour #28a197 has a contrast of 2\.\d:1 on white or its tint and needs 4\.5:1; "
        r"the nearest darker colour that can be read is #1\w{5}\.$",
    ):
        checked_colour("#28A197")
    for wrong in ("blue", "#fff", "#12345g", "#12436d;}"):
        with pytest.raises(InputError, match="six hexadecimal digits"):
            checked_colour(wrong)


def test_an_area_has_its_own_and_else_that_of_all(tmp_path: Path) -> None:
    (tmp_path / "all.png").write_bytes(PNG)
    table = BrandTable.model_validate(
        {"name": "Shared service", "logo": "all.png", "wigan": {"name": "Wigan Council", "colour": "#7A1F5C"}}
    )
    own, other = brand_of(table, "wigan", tmp_path), brand_of(table, "cumberland", tmp_path)
    assert (own.name, own.colour, other.name, other.colour) == ("Wigan Council", "#7a1f5c", "Shared service", "#12436d")
    assert own.logo == other.logo == f"data:image/png;base64,{base64.b64encode(PNG).decode()}"
    assert brand_of(BrandTable(), "wigan", tmp_path) == Brand()


def test_settings_hold_it_and_name_what_is_misspelt(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "jsna.toml").write_text('[brand]\ncolour = "#7a1f5c"\n[brand.wigan]\nname = "Wigan Council"\n')
    settings = load_settings()
    assert brand_of(settings.brand, "wigan", settings.base) == Brand("Wigan Council", "", "#7a1f5c")
    (tmp_path / "jsna.toml").write_text('[brand]\ncolor = "#7a1f5c"\n')
    with pytest.raises(InputError, match=r"brand\.color"):
        load_settings()


def test_a_harmless_drawing_is_written_anew_without_its_editors_notes(tmp_path: Path) -> None:
    (tmp_path / "logo.svg").write_text(PLAIN)
    kind, _, data = logo_uri(tmp_path / "logo.svg").partition(",")
    drawn = base64.b64decode(data).decode()
    assert kind == "data:image/svg+xml;base64" and 'd="M0 0h10v10z"' in drawn and "linearGradient" in drawn
    assert "note" not in drawn and "zoom" not in drawn and "label" not in drawn and "inkscape" not in drawn


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (svg("<script>alert(1)</script>"), "holds <script>"),
        (svg("<foreignObject/>"), "holds <foreignObject>"),
        (svg('<image href="https://example.org/x.png"/>'), "holds <image>"),
        (svg("<animate/>"), "holds <animate>"),
        (svg('<use href="https://example.org/x.svg#a"/>'), "an address outside the drawing"),
        (svg('<path fill="url(https://example.org/x)" d=""/>'), "an address or script in fill"),
        (svg('<path style="fill:URL( //example.org)" d=""/>'), "an address or script in style"),
        (svg("<style>@import 'x'</style>"), "an address in its style"),
        (svg(attributes='viewBox="0 0 1 1" onload="alert(1)"'), r"a script \(onload\)"),
        (svg(attributes=""), "viewBox"),
        (svg(before='<!DOCTYPE svg [<!ENTITY a "b">]>'), "document type"),
        ("<html></html>", "viewBox"),
        ("<svg", "neither a PNG nor a well-formed SVG"),
        ("\x89PNG\r\n\x1a\n", "neither"),
    ],
)
def test_a_drawing_that_may_do_more_is_refused(tmp_path: Path, content: str, why: str) -> None:
    (tmp_path / "logo.svg").write_text(content, "utf-8")
    with pytest.raises(InputError, match=why):
        logo_uri(tmp_path / "logo.svg")


def test_a_logo_that_is_missing_damaged_or_too_large_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        logo_uri(tmp_path / "none.png")
    for name, content, why in (
        ("a.png", PNG[:20], "damaged"),
        ("b.png", PNG[:16] + b"\0\0\x27\x10" * 2 + PNG[24:], "10000 by 10000 pixels"),
        ("c.svg", svg("<desc>" + "x" * 150_001 + "</desc>").encode(), "at most 150,000"),
    ):
        (tmp_path / name).write_bytes(content)
        with pytest.raises(InputError, match=why):
            logo_uri(tmp_path / name)
