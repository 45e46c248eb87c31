"""The page as it is used: with a keyboard, a search, downloads, without scripts, printed."""

from __future__ import annotations

import csv
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from jsna_pipeline.report import html
from tests.browser import chromium
from tests.report import sample_report

pytestmark = pytest.mark.skipif(chromium.executable() is None, reason="Chromium is not installed")

FOCUS = """
const it = document.activeElement, box = it.getBoundingClientRect(), style = getComputedStyle(it);
return {tag: it.tagName, text: it.textContent.replace(/\\s+/g, " ").trim().slice(0, 80), id: it.id, hash: it.hash || "",
  outlined: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
  inView: box.bottom > 0 && box.top < innerHeight};
"""


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("report") / "index.html"
    path.write_text(html.render(sample_report.build()), "utf-8")
    return path


@pytest.fixture(scope="module")
def tab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[chromium.Tab]:
    with chromium.tab(tmp_path_factory.mktemp("profile")) as opened:
        yield opened


@pytest.fixture
def opened(tab: chromium.Tab, page: Path) -> Iterator[chromium.Tab]:
    tab.said.clear()
    tab.look(1280)
    tab.open(page)
    yield tab
    assert tab.said == []  # nothing in the console, whatever was done


def focus(tab: chromium.Tab) -> dict[str, Any]:
    found: dict[str, Any] = tab.run(FOCUS)
    return found


def test_tab_begins_with_the_skip_link_and_every_stop_is_seen(opened: chromium.Tab) -> None:
    opened.press("Tab")
    first = focus(opened)
    assert (first["text"], first["inView"]) == ("Skip to main content", True)
    stops = []
    for _ in range(6):  # the other forms of the report
        opened.press("Tab")
        stops.append(focus(opened))
    assert [stop["text"] for stop in stops][0::5] == ["PDF", "Accessibility statement"]
    opened.press("Tab")
    assert focus(opened)["id"] == "search-box"
    for _ in range(60):
        opened.press("Tab")
        stops.append(focus(opened))
    assert all(stop["outlined"] and stop["inView"] for stop in stops), [s for s in stops if not s["outlined"]][:3]
    assert len({(stop["text"], stop["hash"], stop["id"]) for stop in stops}) > 50  # no trap: focus moves on


def test_the_skip_link_goes_to_the_main_part(opened: chromium.Tab) -> None:
    opened.press("Tab", "Enter", "Tab")
    assert opened.run("return document.activeElement.closest('main') !== null")


def test_details_open_and_close_with_enter_and_space(opened: chromium.Tab) -> None:
    opened.run("document.querySelector('figure details.data > summary').focus()")
    state = "return document.querySelector('figure details.data').open"
    for key, expected in (("Enter", True), (" ", False), (" ", True)):
        opened.press(key)
        assert opened.run(state) is expected
    opened.press("Tab")
    reached = opened.run("return document.activeElement.closest('details.data') !== null")
    assert reached, "what was opened is the next stop"


def test_search_is_used_without_a_mouse(opened: chromium.Tab) -> None:
    heading = opened.run("return document.querySelector('section.question > h3').textContent.trim()")
    opened.run("document.getElementById('search-box').focus()")
    opened.write(heading[:24])
    told = opened.run("const it = document.querySelector('.search-told'); return [it.ariaLive, it.textContent]")
    assert told[0] == "polite" and told[1].rstrip(".").split(" ")[1].startswith("result")
    opened.press("ArrowDown")
    assert focus(opened)["tag"] == "A"
    opened.press("ArrowUp")
    assert focus(opened)["id"] == "search-box"
    opened.press("ArrowDown", "Enter")
    time.sleep(0.2)
    reached = focus(opened)
    assert reached["tag"] in ("H3", "SUMMARY") and reached["inView"]
    assert opened.run("return location.hash").removeprefix("#") == reached["id"]
    opened.run("document.getElementById('search-box').focus()")
    opened.press("Escape")
    assert opened.run("return document.querySelectorAll('#search-results a').length") == 0


@pytest.mark.parametrize(
    ("asked", "expected"),
    [("20 weeks", True), ("PLANS ISSUED", True), ("zzzz", False), ("a", None), ("<b>", None)],
)
def test_search_tells_how_many_it_found(opened: chromium.Tab, asked: str, expected: bool | None) -> None:
    opened.run("document.getElementById('search-box').focus()")
    opened.write(asked)
    count = opened.run("return document.querySelectorAll('#search-results a').length")
    told = opened.run("return document.querySelector('.search-told').textContent")
    if expected is None:
        assert (count, told) == (0, "")
    elif expected:
        assert 0 < count <= 12 and " result" in told and (count == 12 or told.startswith(str(count)))
    else:
        assert count == 0 and told.startswith("Nothing found.")
    opened.press("Escape")


def test_an_address_opens_what_is_folded_over_its_target(opened: chromium.Tab, page: Path) -> None:
    entry = sample_report.build().dictionary[0]
    opened.open(page, f"dictionary-{entry.indicator_id}")
    assert opened.run(f"return document.getElementById('dictionary-{entry.indicator_id}').closest('details').open")


def test_the_contents_say_where_the_reader_is(opened: chromium.Tab) -> None:
    opened.run("document.querySelectorAll('main > section > h2')[3].scrollIntoView()")
    time.sleep(0.2)
    (current,) = opened.run(
        "return [...document.querySelectorAll('.contents [aria-current]')].map(link => link.hash.slice(1))"
    )
    assert current == opened.run("return document.querySelectorAll('main > section > h2')[3].id")


def test_on_a_phone_the_contents_fold_into_a_bar(opened: chromium.Tab) -> None:
    opened.look(320, height=640)
    shown = "return document.querySelector('.contents ol').getClientRects().length > 0"
    assert opened.run(shown) is False
    opened.run("scrollTo(0, 4000); document.querySelector('.contents-toggle').focus()")
    opened.press("Enter")
    assert opened.run(shown) is True
    assert opened.run("return scrollY") == 4000  # opening moves nothing
    opened.press("Tab")
    assert focus(opened)["id"] == "search-box" and focus(opened)["inView"]


def test_a_figure_gives_its_numbers_and_its_drawing(opened: chromium.Tab, tmp_path: Path) -> None:
    opened.look(1280, "dark")
    opened.downloads_to(tmp_path)
    figure = next(html.figures(sample_report.build()))
    opened.run("document.querySelector('figure details.data > summary').click()")
    time.sleep(0.2)
    for place in (0, 1):
        opened.run(f"document.querySelectorAll('.figure-tools button')[{place}].click()")
    numbers = _arrived(tmp_path / f"{figure.text.figure_id}.csv")
    table = html.figure_table(figure)
    rows = list(csv.reader(numbers.decode("utf-8-sig").splitlines()))
    assert rows[0] == list(table.columns)
    assert rows[1:] == [[" ".join(cell.split()) for cell in row] for row in table.rows]
    drawing = etree.fromstring(_arrived(tmp_path / f"{figure.text.figure_id}.svg"))
    words = " ".join("".join(text.itertext()) for text in drawing.iter("{http://www.w3.org/2000/svg}text"))
    assert figure.text.title in words and figure.text.source in words
    ground = drawing[0]
    assert (ground.get("fill"), ground.get("width")) == ("#ffffff", drawing.get("viewBox").split()[2])
    assert drawing.find(".//{http://www.w3.org/2000/svg}title").text == figure.text.alternative


def _arrived(path: Path) -> bytes:
    """A download is written in the background, to another name first."""
    for _ in range(100):
        if path.is_file() and path.stat().st_size:
            return path.read_bytes()
        time.sleep(0.05)
    raise AssertionError(f"{path.name} did not arrive")


def test_a_cell_that_a_spreadsheet_would_run_becomes_text(opened: chromium.Tab, tmp_path: Path) -> None:
    opened.downloads_to(tmp_path)
    name = opened.run("""
    const figure = document.querySelectorAll("figure")[1];
    const cells = figure.querySelectorAll("tbody td");
    [cells[0].textContent, cells[1].textContent] = ["=1+1", "-3.5"];
    figure.querySelector("tbody th").textContent = "@a, b";
    figure.querySelector("summary").click();
    await new Promise(done => setTimeout(done, 100));
    figure.querySelector(".figure-tools button").click();
    return figure.id;
    """)
    row = list(csv.reader(_arrived(tmp_path / f"{name}.csv").decode("utf-8-sig").splitlines()))[1]
    assert row[:3] == ["'@a, b", "'=1+1", "-3.5"]


def test_a_table_that_fits_is_no_stop_and_one_that_does_not_is(opened: chromium.Tab) -> None:
    opened.run("for (const one of document.querySelectorAll('details')) one.open = true")
    stops = {}
    for width in (320, 2000):
        opened.look(width)
        time.sleep(0.3)
        stops[width] = opened.run("return document.querySelectorAll('.table-scroll[tabindex]').length")
    assert stops[320] > stops[2000]


def test_without_scripts_everything_is_there_and_nothing_is_dead(tab: chromium.Tab, page: Path, tmp_path: Path) -> None:
    with chromium.tab(tmp_path / "profile") as bare:
        bare.look(320)
        bare.without_scripts()
        bare.open(page)
        found = bare.run("""
        const all = selector => [...document.querySelectorAll(selector)];
        const seen = element => element.getClientRects().length > 0;
        return {script: document.documentElement.className, buttons: all("button, input").length,
          contents: all(".contents a").every(seen),
          headings: all("h1, h2, h3").filter(heading => !heading.closest("details")).every(seen),
          figures: all("figure").every(one => seen(one.querySelector("svg")) && one.querySelector("details table")),
          links: all("a").every(link => link.getAttribute("href"))};
        """)
        assert found == {"script": "", "buttons": 0, "contents": True, "headings": True, "figures": True, "links": True}
        assert bare.said == []


def test_it_prints_without_its_controls_and_with_what_is_folded_away(opened: chromium.Tab, tmp_path: Path) -> None:
    opened.look(1280, "dark")
    printed = opened.run("""
    const sheets = [...document.styleSheets].flatMap(sheet => [...sheet.cssRules]);
    return sheets.filter(rule => rule.conditionText === "print").length;
    """)
    assert printed >= 1
    (tmp_path / "page.pdf").write_bytes(opened.printed())
    words = _text_of(tmp_path / "page.pdf")
    section = sample_report.build().chapters[0].sections[0]
    assert "Search this report" not in words and "Skip to main content" not in words
    assert " ".join(section.method.split()[:6]) in words  # inside "How do we know?"


def _text_of(path: Path) -> str:
    told = subprocess.run(["pdftotext", path, "-"], capture_output=True, text=True, check=True).stdout
    return " ".join(told.split())
