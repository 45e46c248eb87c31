"""The paged report of a whole build as a reader's software meets it: its structure, its order, its pages."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from types import ModuleType
from typing import Any

import pikepdf
import pytest

from jsna_pipeline.report import pdf
from tests.builds import Build

HEADINGS = re.compile(r"^\s*(H[1-6]) \(block\)")
PAINTED = {"Tj", "TJ", "'", '"', "f", "F", "f*", "S", "s", "B", "B*", "b", "b*", "sh"}


@pytest.fixture(scope="module")
def path(seeds_build: Build) -> Path:
    return seeds_build.report() / "jsna.pdf"


@pytest.fixture(scope="module")
def document(path: Path) -> Iterator[Any]:
    with pikepdf.open(path) as opened:
        yield opened


@pytest.fixture(scope="module")
def spoken(document: Any, tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """Headings and paragraphs with their text, a line each, as a screen reader goes through them.

    Of a copy without what is inside lists, tables and figures: poppler takes a page's time for every element.
    """
    copy = tmp_path_factory.mktemp("spoken") / "jsna.pdf"
    document.save(copy)
    with pikepdf.open(copy, allow_overwriting_input=True) as opened:
        for element, _ in list(pdf._elements(opened)):
            if str(element.S) in {"/L", "/Table", "/Figure", "/Caption"}:
                element.K = pikepdf.Array([])
        opened.save(copy)
    return _poppler("pdfinfo", "-struct-text", str(copy)).splitlines()


def _poppler(command: str, *arguments: str) -> str:
    if not (found := shutil.which(command)):
        pytest.skip(f"{command} (poppler-utils) is not installed")
    return subprocess.run([found, *arguments], capture_output=True, check=True, text=True).stdout


def test_a_standard_report_has_at_most_forty_pages_and_five_megabytes(path: Path, document: Any) -> None:
    assert len(document.pages) <= 40
    assert path.stat().st_size < 5_000_000


def test_language_title_and_the_data_inside(document: Any) -> None:
    assert str(document.Root.Lang) == "en-GB" and bool(document.Root.ViewerPreferences.DisplayDocTitle)
    with document.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as metadata:
        assert metadata["dc:title"] == "Joint Strategic Needs Assessment: Wigan, 2025 edition"
    attached = document.attachments["observations.csv"].get_file().read_bytes().decode()
    areas = {line.split(",")[1] for line in attached.splitlines()[1:]}
    assert areas == {"E08000010"}


def test_headings_go_down_one_level_at_a_time_and_name_every_chapter_once(path: Path, spoken: list[str]) -> None:
    structure = _poppler("pdfinfo", "-struct", str(path)).splitlines()
    levels = [int(found.group(1)[1]) for line in structure if (found := HEADINGS.match(line))]
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    numbers = [int(n) for n in re.findall(r'^\s*"(\d+)"$', "\n".join(_texts_of(spoken, "H2")), re.MULTILINE)]
    assert numbers == list(range(1, len(numbers) + 1)) and len(numbers) >= 12


def _texts_of(spoken: list[str], kind: str) -> list[str]:
    """The quoted texts below every element of a kind."""
    found: list[str] = []
    depth: int | None = None
    for line in spoken:
        indent = len(line) - len(line.lstrip())
        if depth is not None and indent <= depth:
            depth = None
        if line.lstrip().startswith(f"{kind} "):
            depth = indent
        elif depth is not None and line.lstrip().startswith('"'):
            found.append(line)
    return found


def test_what_a_reader_hears_is_in_the_order_of_the_report(spoken: list[str]) -> None:
    text = " ".join(" ".join(re.findall(r'^\s*"(.*)"$', "\n".join(spoken), re.MULTILINE)).split())
    order = [
        *("Joint Strategic Needs Assessment", "Who answers for this document", "The report on one page"),
        *("Is the law kept?", "Decisions sought", "What is not known?", "Figures and tables"),
        *("Who are the children and young people of this", "Do families get assessments, plans and reviews"),
        *("What is spent on children with SEND", "Who wrote, checked and approved it"),
    ]
    places = [text.find(words) for words in order]
    assert -1 not in places and places == sorted(places), dict(zip(order, places, strict=True))


def test_every_figure_has_an_alternative_with_a_number_and_every_table_headers_with_scope(document: Any) -> None:
    kinds: Counter[str] = Counter()
    for element, above in pdf._elements(document):
        kind = str(element.S)
        kinds[kind] += 1
        if kind == "/Figure":
            assert len(str(element.Alt)) > 20 and re.search(r"\d", str(element.Alt)), str(element.Alt)
        if kind == "/TH":
            assert str(element.A.Scope) == ("/Column" if "/THead" in above else "/Row")
        if kind == "/TD":
            assert "/TBody" in above
    assert kinds["/Figure"] >= 20 and kinds["/Table"] >= 15
    assert kinds["/THead"] == kinds["/Table"]


def test_everything_painted_is_content_or_marked_as_an_artifact(document: Any) -> None:
    for number, page in enumerate(document.pages, start=1):
        depth = 0
        for operands, operator in pikepdf.parse_content_stream(page):
            name = str(operator)
            depth += (name in {"BDC", "BMC"}) - (name == "EMC")
            assert depth > 0 or name not in PAINTED, f"page {number}: {name} {operands} is neither"


def test_no_page_is_blank_or_nearly_blank(path: Path) -> None:
    pages = _poppler("pdftotext", "-bbox", str(path), "-").split("<page ")[1:]
    for number, page in enumerate(pages, start=1):
        found = re.search(r'height="([\d.]+)"', page)
        assert found
        height = float(found.group(1))
        lowest = max(y for y in map(float, re.findall(r'yMax="([\d.]+)"', page)) if y < height - 40)
        assert lowest / height > (0.6 if number < len(pages) else 0.2), f"page {number} ends at {lowest / height:.0%}"


def test_the_open_checkers_find_no_fault(path: Path) -> None:
    page: ModuleType = pytest.importorskip("page")
    pdfua: ModuleType = pytest.importorskip("pdfua")
    report = page.validate_pdf_bytes(path.read_bytes(), profile=page.ValidationProfile.PDF_UA_1)
    assert [failure.rule_id for failure in report.failures] == []
    assert [finding.rule_id for finding in pdfua.validate(str(path)).findings] == []
