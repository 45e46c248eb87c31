"""Dark mode keeps what colour says: marks stand out from their ground, and labels are read on their fills."""

from __future__ import annotations

import re
from importlib import resources

import pytest

from jsna_pipeline.report import charts, dark, html
from jsna_pipeline.report.charts.axes import contrast_text
from jsna_pipeline.report.dark import DARK, DARK_TINTS, dark_sheet, drawn_in_palette
from jsna_pipeline.report.geometry import PALETTE, TINTS, contrast
from tests.report import sample_report

GROUNDS = {"paper", "grid", "area-band"}  # never a signal of their own
TEXTS = {"ink", "ink-muted", "axis", "area", "england", "region", "neighbours", "fails-standard", "worse", "better"}
TOKENS = resources.files("report_templates").joinpath("css", "tokens.css").read_text(encoding="utf-8")


def test_every_colour_has_one_counterpart_and_one_literal_never_two() -> None:
    assert DARK.keys() == PALETTE.keys()
    pairs = {(PALETTE[name], DARK[name]) for name in PALETTE}
    assert len(pairs) == len(set(PALETTE.values())) == len({light for light, _ in pairs})


@pytest.mark.parametrize("name", sorted(PALETTE.keys() - GROUNDS))
def test_a_mark_keeps_three_to_one_and_text_four_and_a_half(name: str) -> None:
    assert contrast(DARK[name], DARK["paper"]) >= 3
    if name in TEXTS | {"similar", "unknown"}:
        assert contrast(DARK[name], DARK["paper"]) >= 4.5


@pytest.mark.parametrize("name", sorted(PALETTE))
def test_a_label_on_a_fill_is_still_read_on_its_counterpart(name: str) -> None:
    label = next(key for key in ("paper", "ink") if PALETTE[key] == contrast_text(PALETTE[name]))
    if contrast(PALETTE[label], PALETTE[name]) >= 4.5:
        assert contrast(DARK[label], DARK[name]) >= 4.5


def test_the_steps_of_a_ramp_rise_from_the_ground_and_carry_their_labels() -> None:
    heights = [contrast(step, DARK["paper"]) for step in DARK_TINTS]
    assert len(TINTS) == len(DARK_TINTS) and heights == sorted(heights)
    for light, step in zip(TINTS, DARK_TINTS, strict=True):
        label = next(key for key in ("paper", "ink") if PALETTE[key] == contrast_text(light))
        assert contrast(DARK[label], step) >= 4.5


def test_bands_and_grids_stay_fainter_than_marks() -> None:
    for name in ("grid", "area-band"):
        assert 1.2 <= contrast(DARK[name], DARK["paper"]) < 3


def test_every_colour_of_a_drawing_is_answered_and_a_stranger_keeps_its_light_ground() -> None:
    sheet = dark_sheet(TOKENS)
    for figure in html.figures(sample_report.build()):
        drawn = html.svg(charts.draw(figure))
        assert drawn_in_palette(drawn) and 'class="chart mapped"' in drawn
        for part, colour in re.findall(r'(fill|stroke)="(#\w+)"', drawn):
            assert f'.mapped [{part}="{colour}"]{{' in sheet
    assert not drawn_in_palette('<rect fill="#123456"/>')
    assert not drawn_in_palette('<rect stroke="#fff"/>')  # a short form no rule would match


def test_marks_change_colour_with_their_words() -> None:
    marks = dict(re.findall(r"\.tone-(\w+)::before\{background-image: url\(\"(.*?)\"\)", dark_sheet(TOKENS)))
    assert marks.keys() == {"fails_standard", "worse", "better", "similar", "unknown", "neutral"}
    assert DARK["fails-standard"].replace("#", "%23") in marks["fails_standard"]
    lights = {colour.replace("#", "%23") for colour in PALETTE.values()} - {
        colour.replace("#", "%23") for colour in DARK.values()
    }
    assert not [light for light in lights for image in marks.values() if light in image]


def test_paper_and_light_screens_are_left_alone() -> None:
    assert dark_sheet(TOKENS).startswith("@media screen and (prefers-color-scheme:dark){")
    assert dark_sheet(TOKENS).count("@media") == 1
    assert (
        "prefers-color-scheme"
        not in html.style_sheet("tokens.css", "page_one.css", "print.css").split("@media screen")[0]
    )
    assert dark.DARK is DARK
