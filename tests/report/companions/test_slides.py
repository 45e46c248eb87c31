"""Figures for slides: few, whole, well-formed, large enough to read, and marked."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from dataclasses import replace

import pytest

from jsna_pipeline.report import geometry
from jsna_pipeline.report.companions import slides
from jsna_pipeline.report.model import Report
from tests.report import sample_report

SVG = "{http://www.w3.org/2000/svg}"
LONG = "Plans for children and young people in Bournemouth, Christchurch and Poole that were issued late " * 3


@pytest.fixture(scope="module")
def report() -> Report:
    return sample_report.build()


@pytest.fixture(scope="module")
def files(report: Report) -> dict[str, bytes]:
    return slides.files(report)


def test_lead_figures_come_first_and_at_most_forty_are_given(report: Report) -> None:
    chosen = [figure.text.figure_id for figure in slides.chosen(report)]
    assert 10 < len(chosen) <= slides.MOST and len(set(chosen)) == len(chosen)
    second = report.chapters[0].sections[0].figures[1]
    assert second.text.figure_id not in chosen
    leading = replace(second, text=replace(second.text, figure_id="lead"))
    last = replace(report.chapters[-1], figures=(leading,))
    crowded = replace(report, chapters=(*report.chapters[:-1], last))
    many = [figure.text.figure_id for figure in slides.chosen(crowded)]
    assert "lead" in many and len(many) <= slides.MOST


def test_each_file_is_a_whole_drawing_that_reaches_for_nothing(report: Report, files: dict[str, bytes]) -> None:
    drawings = {name: content for name, content in files.items() if name.endswith(".svg")}
    for name, content in drawings.items():
        root = ET.fromstring(content)  # noqa: S314 - our own
        assert root.tag == f"{SVG}svg" and root.get("viewBox") == "0 0 1280 720"
        assert [child.tag for child in root[:2]] == [f"{SVG}title", f"{SVG}desc"] and root[0].text and root[1].text
        text = content.decode()
        assert "Illustrative: Synthetic data" in "".join(root.itertext()).replace("\n", " ") and "Source: " in text
        assert "<script" not in text and "http" not in text.replace("http://www.w3.org/2000/svg", "")
        assert name == f"figures/{name.rpartition('/')[2]}"
    page = files["figures/index.html"].decode()
    assert all(f'src="{name.rpartition("/")[2]}"' in page for name in drawings)
    assert sum(map(len, files.values())) < 3_000_000


@pytest.mark.parametrize("long", [False, True])
def test_nothing_overlaps_or_leaves_the_slide_and_text_can_be_read(report: Report, long: bool) -> None:
    for figure in slides.chosen(report):
        if long:
            figure = replace(figure, text=replace(figure.text, title=LONG, subtitle=LONG, source=LONG))
        slide = slides.place(figure, "Merrowdale, 2025 edition. Draft: Not yet approved.")
        if slide is None:
            continue
        assert slide.scale * geometry.TEXT >= 16 and all(label.size >= 16 for label in slide.labels)
        assert not geometry.overlapping(slide.labels)
        chart = (slide.x, slide.y, slide.x + slide.scale * slide.drawing.width,
                 slide.y + slide.scale * slide.drawing.height)  # fmt: skip
        for left, top, right, bottom in [chart, *(label.bounds for label in slide.labels)]:
            assert left >= 0 and top >= 0 and right <= 1280 and bottom <= 720
        for left, top, right, bottom in (label.bounds for label in slide.labels):
            assert right <= chart[0] or left >= chart[2] or bottom <= chart[1] or top >= chart[3]


def test_what_is_too_full_for_a_slide_is_named_instead(report: Report) -> None:
    bars = next(figure for figure in slides.chosen(report) if hasattr(figure, "bars") and len(figure.bars) > 10)
    crowded = replace(bars, bars=tuple(replace(bars.bars[0], name=f"Area {n}", role="neighbour") for n in range(60)))
    assert slides.place(bars, "") is not None and slides.place(crowded, "") is None
    chapter = replace(report.chapters[0], figures=(crowded,), sections=())
    made = slides.files(replace(report, chapters=(chapter,)))
    assert list(made) == ["figures/index.html"]
    assert f"../index.html#{crowded.text.figure_id}" in made["figures/index.html"].decode()
