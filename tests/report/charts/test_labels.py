"""No label of any chart overlaps another, leaves its canvas or is too small, in reports of real areas.

Areas very different in size, and with the longest names, from the real published files; and Wigan from
the seeds, whose report has every figure of the area's own records and surveys.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from jsna_pipeline import geography
from jsna_pipeline.catalogue.chapters import chapters
from jsna_pipeline.catalogue.indicators import indicators
from jsna_pipeline.findings import Facts, facts
from jsna_pipeline.report import charts, html
from jsna_pipeline.report.assemble import assemble
from jsna_pipeline.report.figures import figures
from jsna_pipeline.report.leads import lead_figures
from jsna_pipeline.report.view import AreaView, load_view
from jsna_pipeline.settings import Settings
from jsna_pipeline.steering import steer
from jsna_pipeline.storage import TableFolder
from tests.builds import EDITION, Build, settings_in
from tests.report.chart_checks import faults

AREAS = (
    "birmingham", "kent", "essex", "wigan", "wolverhampton", "cumberland", "bournemouth-christchurch-and-poole",
    "rutland", "isles-of-scilly", "city-of-london", "westmorland-and-furness", "hartlepool",
)  # fmt: skip
TEXT = charts.FigureText("figure", "Title", "Subtitle", "What it shows", "Source")
ALWAYS = {
    "LineFigure", "BenchmarkFigure", "CompositionFigure", "AgeFigure", "PyramidFigure", "FunnelFigure", "TilesFigure",
}  # fmt: skip


def settings_of(build: Build) -> Settings:
    return settings_in(build.folder, source=build.source)


def area_view(build: Build, slug: str) -> AreaView:
    return load_view(TableFolder(str(build.tables)), settings_of(build), geography.local_authority(slug), EDITION)


def figures_of(view: AreaView) -> tuple[charts.Figure, ...]:
    """The figures of the area's sections and those that lead its chapters, without the rest of its report."""
    known: Mapping[str, Facts] = {
        record.id: found for record in indicators().values() if (found := facts(view, record)) is not None
    }
    leading = [
        figure for chapter in [*chapters(), "inequalities", "voice"] for figure in lead_figures(chapter, view, known)
    ]
    return (*leading, *(figure for one in known.values() for figure in figures(view, one.record, one, "Source")))


@pytest.mark.parametrize("name", sorted(geography.local_authorities()["area_name"]))
def test_the_older_kinds_cut_no_authoritys_name(name: str) -> None:
    """The newer kinds are held against every name in tests of their own."""
    line = charts.LineSeries(
        name, "area", (charts.LinePoint("2023", 98.7, 97.0, 99.0), charts.LinePoint("2024", 99.9, 99.0, 100.0))
    )
    parts = tuple(charts.Segment(f"Need {k}", 100.0, 25.0) for k in range(4))
    drawn: tuple[charts.Figure, ...] = (
        charts.LineFigure(TEXT, "percent", 1, (line, replace(line, name="England", role="england"))),
        charts.BenchmarkFigure(TEXT, "percent", 1, (charts.Bar(name, "area", 99.9, 99.0, 100.0),)),
        charts.CompositionFigure(
            TEXT, "percent", (charts.StackedBar(name, "area", parts), charts.StackedBar("England", "england", parts))
        ),
    )
    assert [fault for figure in drawn for fault in faults(figure)] == []


@pytest.mark.landing
@pytest.mark.parametrize("slug", AREAS)
def test_no_label_of_a_real_area_overlaps_or_leaves_its_chart(real_build: Build, slug: str) -> None:
    drawn = figures_of(area_view(real_build, slug))
    assert [fault for figure in drawn for fault in faults(figure)] == []
    assert len(drawn) >= 20
    if slug == "wigan":
        assert {type(figure).__name__ for figure in drawn} >= ALWAYS


def test_no_label_of_the_seeds_report_overlaps_or_leaves_its_chart(seeds_build: Build) -> None:
    view = area_view(seeds_build, "wigan")
    report = assemble(view, settings_of(seeds_build), steer(view, {}))
    drawn = list(html.figures(report))
    assert [fault for figure in drawn for fault in faults(figure)] == []
    assert len(drawn) >= 60
