"""The companions and the library as people meet them: narrow or wide, nothing lost, silent or out of sight."""

from __future__ import annotations

from pathlib import Path

import pytest

from jsna_pipeline.report import library, output
from jsna_pipeline.report.companions.files import companions
from tests.browser import chromium
from tests.browser.test_screen import AXE, LAYOUT, axe_core
from tests.report.companions import sample_glance

WIDTHS = (320, 768, 1440)
PAGES = ("infographic.html", "easy-read.html", "accessibility.html", "figures/index.html", "../../index.html")

pytestmark = pytest.mark.skipif(chromium.executable() is None, reason="Chromium is not installed")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library of two editions."""
    out = tmp_path_factory.mktemp("library")
    for edition in ("2024", "2025"):
        report = sample_glance.build(edition=edition, area_name="Bournemouth, Christchurch and Poole")
        inputs = [{"dataset_id": edition, "file": "a", "sha256": edition, "title": f"File of {edition}"}]
        manifest = output.manifest_of(report, "f", {"observations": int(edition)}, {}, inputs)
        output.publish(output.report_folder(out, edition, "poole"), companions(report), manifest)
    library.write_library(out, out.parent / "private")
    return out / "2025" / "poole"


@pytest.mark.parametrize("name", PAGES)
def test_nothing_runs_out_of_the_screen_and_every_picture_speaks(folder: Path, name: str, tmp_path: Path) -> None:
    unfold = "for (const one of document.querySelectorAll('details')) one.open = true;"
    found = chromium.measure(folder / name, unfold + LAYOUT, WIDTHS, tmp_path)
    assert set(found) == set(WIDTHS)
    for width, screen in found.items():
        told = screen["result"]
        assert not screen["errors"] and told["wide"] == [] and told["scrollWidth"] <= width
        assert told["lost"] == [] and told["repeated"] == [] and told["silent"] == 0
        assert told["language"] == "en-GB" and told["font"] and told["unscoped"] == told["uncaptioned"] == 0


@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing(folder: Path, name: str, tmp_path: Path) -> None:
    try:
        axe = axe_core()
    except FileNotFoundError:  # npm
        axe = None
    if axe is None:
        pytest.skip("axe-core is not installed (npm install axe-core)")
    found = chromium.measure(folder / name, AXE, (360, 1280), tmp_path, axe.read_text("utf-8"))
    for screen in found.values():
        assert screen["result"]["violations"] == [] and screen["result"]["passed"] >= 8
