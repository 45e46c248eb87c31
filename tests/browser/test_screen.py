"""The page as people meet it: on a small phone, a phone and a desk, nothing runs out of the screen."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from tests.browser import chromium
from tests.builds import Build

WIDTHS = (320, 360, 1280)  # 320 is 1280 at 400 % zoom: WCAG 2.2, 1.4.10 Reflow
LAYOUT = """
const page = document.scrollingElement;
const scrolls = element => element && (element !== document.documentElement) &&
  (["auto", "scroll"].includes(getComputedStyle(element).overflowX) || scrolls(element.parentElement));
const wide = [...document.body.querySelectorAll("*")].filter(element =>
  element.getBoundingClientRect().right > innerWidth + 1 && !scrolls(element) && !element.closest("svg"));
const ids = [...document.querySelectorAll("[id]")].map(element => element.id);
const targets = [...document.querySelectorAll('a[href^="#"]')].map(link => link.getAttribute("href").slice(1));
return {
  scrollWidth: page.scrollWidth,
  wide: wide.slice(0, 5).map(element => element.outerHTML.slice(0, 120)),
  lost: targets.filter(target => !ids.includes(target)),
  repeated: ids.filter((id, index) => ids.indexOf(id) !== index),
  headings: [...document.querySelectorAll("h1,h2,h3,h4,h5,h6")].map(heading => Number(heading.tagName[1])),
  silent: [...document.querySelectorAll("svg")].filter(svg =>
    svg.getAttribute("aria-hidden") !== "true" && svg.firstElementChild?.tagName !== "title").length,
  drawings: document.querySelectorAll("svg").length,
  unscoped: [...document.querySelectorAll("th")].filter(cell => !cell.scope).length,
  uncaptioned: [...document.querySelectorAll("table")].filter(table => !table.caption).length,
  language: document.documentElement.lang,
  font: document.fonts.check("16px 'Source Sans 3'"),
  small: [...document.body.querySelectorAll("p,li,td,th")].filter(element =>
    element.textContent.trim() && element.offsetParent && parseFloat(getComputedStyle(element).fontSize) < 12).length,
};
"""
TAGS = 'runOnly: {type: "tag", values: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}'
# Of what passes, a line each is enough.
AXE = f"""
const outcome = await axe.run(document, {{{TAGS}, resultTypes: ["violations"]}});"""
AXE += """
const told = found => `${found.id}: ${found.nodes.length} × ${found.nodes[0].html.slice(0, 160)}`;
return {violations: outcome.violations.map(told), passed: outcome.passes.length};
"""

pytestmark = pytest.mark.skipif(chromium.executable() is None, reason="Chromium is not installed")


@pytest.fixture(scope="module")
def screens(seeds_build: Build, tmp_path_factory: pytest.TempPathFactory) -> dict[int, dict[str, Any]]:
    page = seeds_build.report() / "index.html"
    return chromium.measure(page, LAYOUT, WIDTHS, tmp_path_factory.mktemp("screens"))


def test_nothing_runs_out_of_the_screen(screens: dict[int, dict[str, Any]]) -> None:
    assert set(screens) == set(WIDTHS)
    for width, screen in screens.items():
        assert not screen["errors"]
        assert screen["result"]["wide"] == [], width
        assert screen["result"]["scrollWidth"] <= width


def test_the_areas_own_records_fit_a_small_phone_when_all_is_unfolded(seeds_build: Build, tmp_path: Path) -> None:
    page = seeds_build.report() / "index.html"
    unfold = "for (const one of document.querySelectorAll('details')) one.open = true;"
    shown = """
    const own = [...document.querySelectorAll("section.local")];
    return {...measured, own: own.length, tables: own.flatMap(one => [...one.querySelectorAll("table")]).length,
      silent: own.flatMap(one => [...one.querySelectorAll("table")]).filter(table =>
        [...table.querySelectorAll("td")].some(cell => cell.textContent === "c") &&
        !document.getElementById(table.getAttribute("aria-describedby"))?.textContent.includes("c: hidden")).length};
    """
    layout = LAYOUT.replace("return {", "const measured = {").rstrip()
    for width, screen in chromium.measure(page, f"{unfold}{layout}{shown}", (320, 1280), tmp_path).items():
        assert not screen["errors"]
        found = screen["result"]
        assert found["own"] > 8 and found["tables"] > 100
        assert found["wide"] == [] and found["scrollWidth"] <= width
        assert found["unscoped"] == 0 and found["uncaptioned"] == 0 and found["silent"] == 0
        assert found["small"] == 0


def test_a_page_that_does_run_out_is_noticed(tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text("<!doctype html><html><head></head><body><p style='width:700px'>x</p></body>")
    found = chromium.measure(tmp_path / "page.html", LAYOUT, (360, 1280), tmp_path)
    assert found[360]["result"]["scrollWidth"] > 360 and found[360]["result"]["wide"]
    assert found[1280]["result"]["scrollWidth"] <= 1280 and not found[1280]["result"]["wide"]


def test_the_page_can_be_navigated_and_heard(screens: dict[int, dict[str, Any]]) -> None:
    page = screens[360]["result"]
    assert page["lost"] == [] and page["repeated"] == []
    levels = page["headings"]
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    assert page["drawings"] > 20 and page["silent"] == 0
    assert page["unscoped"] == 0 and page["uncaptioned"] == 0
    assert page["language"] == "en-GB"


def test_the_embedded_font_loads_and_text_is_large_enough(screens: dict[int, dict[str, Any]]) -> None:
    assert screens[1280]["result"]["font"]
    assert screens[360]["result"]["small"] == 0


def axe_core() -> Path | None:
    """axe-core as `.ci/setup` installs it from its lock file; it is never fetched here."""
    path = Path(__file__).parent / "node_modules" / "axe-core" / "axe.min.js"
    return path if path.is_file() else None
