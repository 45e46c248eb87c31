"""axe-core finds nothing at WCAG 2.2 AA: every page of a report, in light and dark, from a small phone to a desk."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from pathlib import Path

import pytest

from jsna_pipeline.report import html
from tests.browser import chromium
from tests.browser.test_screen import AXE, TAGS, axe_core
from tests.builds import Build

WIDTHS = (320, 768, 1440)
SCHEMES = ("light", "dark")
AXE_COLOURS = AXE.replace(TAGS, 'runOnly: ["color-contrast", "link-in-text-block"]')
UNFOLD = "for (const one of document.querySelectorAll('details')) one.open = true;"

pytestmark = [
    pytest.mark.skipif(chromium.executable() is None, reason="Chromium is not installed"),
    pytest.mark.skipif(axe_core() is None, reason="axe-core is not installed (.ci/setup does it where npm is)"),
]


@pytest.fixture(scope="module")
def tab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[chromium.Tab]:
    with chromium.tab(tmp_path_factory.mktemp("profile")) as opened:
        yield opened


def violations(tab: chromium.Tab, page: Path) -> dict[tuple[str, int, str], list[str]]:
    """What axe objects to, by scheme, width and folding; only where it objects to something.

    All rules run in light at each width; in dark those that look at colours, since no other can differ.
    """
    tab.said.clear()
    library = axe_core()
    assert library is not None
    tab.look(WIDTHS[0])
    tab.open(page)
    tab.run(library.read_text("utf-8"))
    found = {}
    for folding, looks in (("folded", product(SCHEMES, WIDTHS)), ("unfolded", (("light", 768), ("dark", 320)))):
        if folding == "unfolded":
            tab.run(UNFOLD)
        for scheme, width in looks:
            tab.look(width, scheme)
            outcome = tab.run(AXE if scheme == "light" else AXE_COLOURS)
            assert outcome["passed"] > (3 if scheme == "light" else 0), "the rules did not run"
            if outcome["violations"]:
                found[scheme, width, folding] = outcome["violations"]
    assert tab.said == []
    return found


def test_a_page_with_faults_has_violations_wherever_they_show(tab: chromium.Tab, tmp_path: Path) -> None:
    sheet = html.style_sheet("tokens.css", "screen.css")
    body = "<h1>A page</h1><p style='color:#888'>This text is too pale.</p><details><img src='data:,'></details>"
    page = tmp_path / "index.html"
    page.write_text(
        f"<!doctype html><html lang='en'><head><title>A</title><style>{sheet}</style></head><main>{body}</main></html>"
    )
    told = {look: {one.split(":")[0] for one in found} for look, found in violations(tab, page).items()}
    assert told == {
        ("light", 320, "folded"): {"color-contrast"},
        ("light", 768, "folded"): {"color-contrast"},
        ("light", 1440, "folded"): {"color-contrast"},
        ("light", 768, "unfolded"): {"color-contrast", "image-alt"},
    }


def test_every_page_of_a_built_report_has_no_violation(tab: chromium.Tab, seeds_build: Build) -> None:
    folder = seeds_build.report()
    pages = sorted(folder.rglob("*.html"))
    assert folder / "index.html" in pages
    told = {page.relative_to(folder).as_posix(): violations(tab, page) for page in pages}
    assert not {name: found for name, found in told.items() if found}
