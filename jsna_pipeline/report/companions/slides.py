"""Figures ready for a slide: each a 16:9 drawing of its own with title, source and marking inside.

Here: which figures are given, how a chart is placed on a slide, and the page to browse them. Not here: the
charts themselves (`report/charts/`) or markup (`report_templates/companions/slide.svg.j2`).

A slide is 1280 units wide, 96 of them an inch of a wide-screen slide, so that 16 units are 12 points. Each file
brings the report's typeface along: browsers use it, programs that do not fall back to the named families.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from jsna_pipeline.report import charts, geometry, html
from jsna_pipeline.report.charts import Drawing, Figure
from jsna_pipeline.report.companions import pages
from jsna_pipeline.report.geometry import Label
from jsna_pipeline.report.model import Report

HERE = "figures/index.html"
MOST = 40
WIDTH, HEIGHT, MARGIN = 1280.0, 720.0, 48.0
GAP = 32.0
BESIDE_WIDTH = 400.0  # of the title, where it stands beside the chart
LARGEST, SMALLEST_TEXT = 2.4, 16.0  # scale of a chart; units of its text
TITLE, SUBTITLE, SOURCE = 34.0, 22.0, 16.0
FOOT = HEIGHT - MARGIN - 2 * SOURCE * 1.3  # where source and marking begin, in two lines at most
MOST_TITLE, MOST_SUBTITLE, MOST_BESIDE = 2, 2, 9  # lines


@dataclass(frozen=True)
class Slide:
    """A chart at `x`, `y`, enlarged by `scale`, with the lines of text around it."""

    figure_id: str
    title: str
    alternative: str
    drawing: Drawing
    x: float
    y: float
    scale: float
    labels: tuple[Label, ...]


def chosen(report: Report) -> tuple[Figure, ...]:
    """At most forty: those that lead chapters, those of sections on page one, then the first of each section."""
    on_page_one = {said.anchor for part in report.front_page for said in part.statements}
    lead = [figure for chapter in report.chapters for figure in chapter.figures]
    sections = [section for chapter in report.chapters for section in chapter.sections if section.figures]
    firsts = sorted(sections, key=lambda section: section.section_id not in on_page_one)
    wanted = {figure.text.figure_id for figure in [*lead, *(section.figures[0] for section in firsts)][:MOST]}
    return tuple(figure for figure in _in_order(report) if figure.text.figure_id in wanted)


def _in_order(report: Report) -> Iterator[Figure]:
    for chapter in report.chapters:
        yield from chapter.figures
        for section in chapter.sections:
            yield from section.figures


def place(figure: Figure, marking: str) -> Slide | None:
    """`figure` on a slide; None where its text would be under 12 points even so: it has too much for a slide.

    The title stands beside the chart or above it, wherever the chart becomes larger.
    """
    drawing = charts.draw(figure)
    above, beside = _above(figure), _beside(figure)
    left, top, width, height, labels = max(
        (above, beside), key=lambda room: min(room[2] / drawing.width, room[3] / drawing.height)
    )
    scale = min(width / drawing.width, height / drawing.height, LARGEST)
    if scale * geometry.TEXT < SMALLEST_TEXT:
        return None
    return Slide(
        figure_id=figure.text.figure_id,
        title=figure.text.title,
        alternative=figure.text.alternative,
        drawing=drawing,
        x=left + (width - scale * drawing.width) / 2,
        y=top + (height - scale * drawing.height) / 2,
        scale=scale,
        labels=(*labels, *_foot(figure, drawing, marking)),
    )


_Room = tuple[float, float, float, float, tuple[Label, ...]]  # left, top, width, height, and the text beside it


def _above(figure: Figure) -> _Room:
    width = WIDTH - 2 * MARGIN
    title = _lines(figure.text.title, MARGIN, MARGIN + TITLE, width, TITLE, MOST_TITLE, 600)
    top = title[-1].y + SUBTITLE * 1.5
    subtitle = _lines(figure.text.subtitle, MARGIN, top, width, SUBTITLE, MOST_SUBTITLE)
    bottom = subtitle[-1].y + GAP / 2
    return MARGIN, bottom, width, FOOT - GAP - bottom, (*title, *subtitle)


def _beside(figure: Figure) -> _Room:
    title = _lines(figure.text.title, MARGIN, MARGIN + TITLE, BESIDE_WIDTH, TITLE, MOST_BESIDE, 600)
    top = title[-1].y + SUBTITLE * 1.8
    subtitle = _lines(figure.text.subtitle, MARGIN, top, BESIDE_WIDTH, SUBTITLE, MOST_BESIDE - 2)
    left = MARGIN + BESIDE_WIDTH + GAP
    fits = subtitle[-1].y <= FOOT - GAP
    return left, MARGIN, (WIDTH - MARGIN - left) * fits, FOOT - GAP - MARGIN, (*title, *subtitle)


def _foot(figure: Figure, drawing: Drawing, marking: str) -> tuple[Label, ...]:
    notes = "".join(f"{note.rstrip('.')}. " for note in drawing.notes)
    text = f"{notes}Source: {figure.text.source.rstrip('.')}. {marking}"
    return _lines(text, MARGIN, FOOT + SOURCE, WIDTH - 2 * MARGIN, SOURCE, 3, fill=geometry.PALETTE["ink-muted"])


def _lines(
    text: str, x: float, y: float, width: float, size: float, most: int, weight: int = 400, fill: str = ""
) -> tuple[Label, ...]:
    """`text` from the baseline `y` down; what does not fit `most` lines is cut with an ellipsis."""
    lines = list(geometry.wrap(text, width, size))
    if len(lines) > most:
        last = lines[most - 1]
        while last and geometry.text_width(f"{last}…", size) > width:
            last = last.rpartition(" ")[0]
        lines = [*lines[: most - 1], f"{last}…"]
    ink = fill or geometry.PALETTE["ink"]
    return tuple(
        Label(x, y + k * size * 1.25, line, "start", ink, weight, size) for k, line in enumerate(lines or [""])
    )


def svg(slide: Slide) -> bytes:
    """The slide as a file of its own."""
    template = html.environment().get_template("companions/slide.svg.j2")
    text = template.render(slide=slide, chart=html.svg(slide.drawing), css=html.style_sheet(), size=(WIDTH, HEIGHT))
    return text.encode("utf-8")


def files(report: Report) -> dict[str, bytes]:
    """The page and the slides by path below the report's folder."""
    words = " ".join(f"{word}: {meaning}" for word, meaning in pages.marking(report))
    marking = f"{report.area_name}, {report.edition} edition. {words}".strip()
    placed = [(figure, place(figure, marking)) for figure in chosen(report)]
    slides = [slide for _, slide in placed if slide]
    too_full = [figure.text for figure, slide in placed if slide is None]
    page = pages.render("figures.html.j2", report, HERE, slides=slides, too_full=too_full)
    return {HERE: page.encode("utf-8")} | {f"figures/{slide.figure_id}.svg": svg(slide) for slide in slides}
