"""The PDF report: tagged, clean, complete, reproducible, and closed to anything outside the report."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jsna_pipeline.errors import BuildError
from jsna_pipeline.report import html, pdf
from jsna_pipeline.report import model as m
from tests.report import sample_report

pikepdf = pytest.importorskip("pikepdf")
pytest.importorskip("weasyprint", exc_type=ImportError)

DATA = {"observations.csv": b"indicator_id,value\nehcp_caseload,2966\n"}


def small_report() -> m.Report:
    """One chapter of the sample, for what need not be seen on forty pages."""
    report = sample_report.build()
    return replace(
        report,
        front_page=(),
        chapters=(replace(report.chapters[0], sections=report.chapters[0].sections[:1]),),
        quality=report.quality[:1],
        dictionary=report.dictionary[:2],
        sources=report.sources[:2],
        glossary=report.glossary[:2],
    )


@pytest.fixture(scope="module")
def full() -> bytes:
    return pdf.render(sample_report.build(), DATA)


@pytest.fixture(scope="module")
def document(full: bytes) -> Iterator[Any]:
    with pikepdf.open(BytesIO(full)) as opened:
        yield opened


@pytest.fixture(scope="module")
def page_texts(full: bytes, tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    path = tmp_path_factory.mktemp("pdf") / "jsna.pdf"
    path.write_bytes(full)
    return texts_of(path)


def texts_of(path: Path) -> list[str]:
    """The text of each page as pdftotext reads it."""
    import shutil
    import subprocess

    if not (reader := shutil.which("pdftotext")):
        pytest.skip("pdftotext (poppler-utils) is not installed")
    done = subprocess.run([reader, "-layout", str(path), "-"], capture_output=True, check=True, text=True)
    return [" ".join(page.split()) for page in done.stdout.split("\f")[:-1]]


def test_size_pages_and_attachment(full: bytes, document: Any) -> None:
    assert len(full) < 5_000_000
    assert len(document.pages) <= 50
    attached = document.attachments["observations.csv"]
    assert attached.get_file().read_bytes() == DATA["observations.csv"]


def test_document_is_tagged_titled_and_in_english(document: Any) -> None:
    root = document.Root
    assert bool(root.MarkInfo.Marked) and str(root.Lang) == "en-GB"
    assert bool(root.ViewerPreferences.DisplayDocTitle)
    with document.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as metadata:
        assert metadata["dc:title"] == "Joint Strategic Needs Assessment: Merrowdale, 2025 edition"
        assert metadata["pdfuaid:part"] == "1"
    assert str(document.docinfo["/Author"]) == "Public health intelligence team"
    assert str(document.docinfo["/CreationDate"]).startswith("D:20250626")


def test_bookmarks_name_the_chapters(document: Any) -> None:
    with document.open_outline() as outline:
        titles = [item.title for item in outline.root[0].children]
    assert titles[:4] == ["The report on one page", "Contents", "Figures and tables", "1 Population"]
    assert titles[-1] == "Glossary"


def test_tables_stay_whole_and_every_header_cell_has_its_scope(document: Any) -> None:
    kinds = Counter()
    for element, above in pdf._elements(document):
        kinds[str(element.S)] += 1
        if str(element.S) == "/TH":
            expected = "/Column" if "/THead" in above else "/Row"
            assert str(element.A.Scope) == expected
    assert kinds["/Table"] == kinds["/Caption"] - kinds["/Figure"]  # a caption for each table and figure
    assert kinds["/Figure"] == len(list(html.figures(sample_report.build())))


def test_every_figure_has_its_alternative(document: Any) -> None:
    alternatives = [str(e.Alt) for e, _ in pdf._elements(document) if str(e.S) == "/Figure"]
    assert sorted(alternatives) == sorted(f.text.alternative for f in html.figures(sample_report.build()))


def test_every_page_after_the_cover_names_area_edition_status_and_number(page_texts: list[str]) -> None:
    count = len(page_texts)
    for number, page in enumerate(page_texts[1:], start=2):
        assert "Merrowdale, 2025 edition" in page
        assert "ILLUSTRATIVE: synthetic data | DRAFT" in page
        assert f"Page {number} of {count}" in page
    assert "ILLUSTRATIVE: synthetic data | DRAFT" in page_texts[0]


def test_the_answer_is_on_the_page_after_the_cover_with_the_pages_of_its_evidence(page_texts: list[str]) -> None:
    front = page_texts[1]
    assert "Statutory standard failed for 222 children. 222 of 479 plans were issued after the 20-week limit" in front
    report = sample_report.build()
    anchor = report.front_page[0].statements[0].anchor
    (heading,) = {one.heading for chapter in report.chapters for one in chapter.sections if one.section_id == anchor}
    # Its section, after the lists that name it too.
    evidence = next(i for i, page in enumerate(page_texts, start=1) if i > 4 and heading in page)
    assert f"above England (46.4%). page {evidence}" in front


def test_long_tables_of_the_screen_stay_out(page_texts: list[str]) -> None:
    everything = " ".join(page_texts)
    assert "Age of each source (part 1 of" in everything
    assert "Rows set aside" not in everything


def test_checkers_find_no_fault(full: bytes, tmp_path: Path) -> None:
    page: ModuleType = pytest.importorskip("page")
    pdfua: ModuleType = pytest.importorskip("pdfua")
    report = page.validate_pdf_bytes(full, profile=page.ValidationProfile.PDF_UA_1)
    assert [failure.rule_id for failure in report.failures] == [] and report.is_compliant
    path = tmp_path / "jsna.pdf"
    path.write_bytes(full)
    assert [finding.rule_id for finding in pdfua.validate(str(path)).findings] == []


def test_own_records_are_sentences_on_paper(page_texts: list[str]) -> None:
    everything = " ".join(page_texts)
    assert everything.count("From Merrowdale’s own records (provisional)") == 5
    assert everything.count("half of the referrals waited up to 13 weeks.") == 5
    assert "Learning disability nursing" not in everything


def test_a_copy_for_named_readers_is_marked_on_every_page(tmp_path: Path) -> None:
    path = tmp_path / "jsna.pdf"
    path.write_bytes(pdf.render(replace(small_report(), restricted=True), DATA))
    pages = texts_of(path)
    assert len(pages) > 3 and all("OFFICIAL-SENSITIVE" in page for page in pages)
    path.write_bytes(pdf.render(small_report(), DATA))
    assert not any("OFFICIAL-SENSITIVE" in page for page in texts_of(path))


def test_the_same_report_gives_the_same_bytes() -> None:
    assert pdf.render(small_report(), DATA) == pdf.render(small_report(), DATA)


def test_an_address_outside_the_report_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    secret = tmp_path / "secret.svg"
    secret.write_text("<svg xmlns='http://www.w3.org/2000/svg'/>", encoding="utf-8")
    for address in (secret.as_uri(), "http://127.0.0.1:9/x.png", "https://example.org/x.png"):
        page = f'<html lang="en"><title>t</title><img alt="a" src="{address}">'
        with pytest.raises(BuildError, match="may not load"):
            pdf._paged(page, small_report(), {})


def test_a_remark_of_the_renderer_stops_the_build() -> None:
    with pytest.raises(BuildError, match=r"weasyprint: .*made-up"):
        pdf._paged("<html lang=en><title>t</title><p style='made-up: 1'>x", small_report(), {})
    with pytest.raises(BuildError, match="fontTools"), pdf._no_remarks():
        logging.getLogger("fontTools.subset").warning("a glyph is missing")


def test_markup_in_the_text_stays_text() -> None:
    attack = "<script>alert(1)</script><img src='file:///etc/hostname'>"
    report = small_report()
    chapter = replace(report.chapters[0], opening=(attack,))
    content = pdf.render(replace(report, chapters=(chapter,), area_name='A"; } @page { size: A3'))
    with pikepdf.open(BytesIO(content)) as opened:
        assert all(round(float(p.mediabox[2])) == 595 for p in opened.pages)


@settings(max_examples=50)
@given(st.lists(st.tuples(st.text("ab cd", min_size=1, max_size=120), st.just("x")), max_size=150), st.floats(100, 310))
def test_parts_of_a_table_hold_all_rows_in_order_and_fit(rows: list[tuple[str, str]], height: float) -> None:
    table = m.Table("t", "Caption", ("A", "B"), tuple(rows), (False, True), ("note",))
    parts = pdf.table_parts(table, height)
    assert sum((part.rows for part in parts), ()) == table.rows
    assert len({part.table_id for part in parts}) == len({part.caption for part in parts}) == len(parts)
    assert [part.notes for part in parts] == [()] * (len(parts) - 1) + [("note",)]
    highest = max(pdf._row_heights(table), default=0.0)
    for part in parts if len(parts) > 1 else ():
        assert part.rows and sum(pdf._row_heights(part)) <= height * 1.35 + highest
