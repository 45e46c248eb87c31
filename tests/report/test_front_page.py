"""Page one: nine parts in a fixed order, read in that order, on one page of paper."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO

import pikepdf
import pytest
from lxml import html as lxml_html

from jsna_pipeline.catalogue.indicators import indicators
from jsna_pipeline.findings import facts
from jsna_pipeline.report import html, pdf
from jsna_pipeline.report.front import fit
from jsna_pipeline.report.front_page import front_page
from jsna_pipeline.report.model import FrontSection, FrontStatement, Report, StandardCard
from jsna_pipeline.voice.results import voice_results
from tests.invented_area import IN_TIME, view_of
from tests.report import sample_report

UNASKED = voice_results((), {}, "2025")
PARTS = (
    "standards", "education", "waits", "demand", "outcomes", "families", "changes", "decisions", "unknowns"
)  # fmt: skip


def invented() -> tuple[FrontSection, ...]:
    view = view_of()
    found = facts(view, indicators()[IN_TIME])
    assert found is not None
    return front_page(view, {IN_TIME: found}, UNASKED)


def crowded(words: int) -> tuple[FrontSection, ...]:
    """Every part as full as it can be, each sentence with so many long words and the mark that takes most room."""
    report = sample_report.build()
    anchor = report.chapters[0].sections[0].section_id
    text = " ".join(["1,234 of 5,678", *["circumstances"] * words])
    said = FrontStatement(text, "fails_standard", "Worse and getting worse", anchor, "1,234 of 5,678")
    card = StandardCard(
        "Requests decided in 6 weeks", "11,505", "12,684", "late", "10.6% on time", "10.6",
        "Worse than England (44.4%)", "44.4", False, "Standard not met",
        "Year to March 2025; 95% CI 10.2–12.2; worsening since 2020. SEND Regulations 2014, regs 4 and 5", anchor,
    )  # fmt: skip
    lead = "A lead of a dozen words or so that says what is shown and what is missing from it."
    made = [FrontSection("Is the law kept?", lead * 3, (said,) * 4, "standards", (card,) * 4)]
    made += [FrontSection("What is worse, and getting worse?", lead, (said,) * 3, name) for name in PARTS[1:7]]
    decided = FrontStatement("W" + "ord " * 64, anchor=anchor, key="W")  # 260 characters
    unknown = FrontStatement("figures are too old " * 5, "unknown", "No public source", anchor)
    made += [FrontSection("Decisions sought", "", (decided,) * 5, "decisions")]
    made += [FrontSection("What is not known?", "", (unknown,) * 4, "unknowns")]
    return fit.fitted(made)


def test_the_parts_stand_in_their_order_each_with_few_and_short_sentences() -> None:
    page = invented()
    assert tuple(part.part for part in page) == PARTS
    for part in page:
        assert len(part.statements) <= (5 if part.part == "decisions" else 4)
        assert all(len(one.text.split()) <= 40 for one in part.statements)
        assert all(one.text.startswith(getattr(one, "key", "")) for one in part.statements)


def report_with(page: tuple[FrontSection, ...]) -> Report:
    return replace(sample_report.build(), front_page=page)


def test_cards_are_read_as_words_in_order_and_bars_are_not_read() -> None:
    tree = lxml_html.document_fromstring(html.render(report_with(crowded(12))))
    (front,) = tree.find_class("front-page")
    assert [head.get("id") for head in front.iter("h3")] == [f"front-page-{part}" for part in PARTS]
    cards = front.find_class("standard")
    assert len(cards) == 4 and all(card.getparent().tag == "ul" for card in cards)
    words = " ".join(cards[0].text_content().split())
    order = ("Requests decided in 6 weeks", "Standard not met.", "Evidence", "11,505 of 12,684 late", "10.6% on time",
             "Worse than England (44.4%)", "Year to March 2025")  # fmt: skip
    places = [words.index(piece) for piece in order]
    assert places == sorted(places)
    lines = front.find_class("standard-line")
    assert all(line.get("aria-hidden") == "true" and line.text_content().strip() == "England" for line in lines)
    assert [one.get("style") for one in front.find_class("standard-reached")] == ["width:10.6%"] * 4
    assert [one.text for one in front.find_class("standard-rest")] == ["late"] * 4
    assert [one.get("style") for one in front.find_class("standard-england")] == ["left:44.4%"] * 4
    (decided,) = front.find_class("front-decisions")
    assert decided.find("ol") is not None


def items(outline: list[pikepdf.OutlineItem]) -> Iterator[pikepdf.OutlineItem]:
    for item in outline:
        yield item
        yield from items(item.children)


@pytest.mark.parametrize("words", [7, 16])
def test_the_fullest_page_one_takes_one_page_of_paper(words: int) -> None:
    report = replace(report_with(crowded(words)), chapters=sample_report.build().chapters[:1], quality=(), sources=(),
                     dictionary=(), glossary=())  # fmt: skip
    with pikepdf.open(BytesIO(pdf.render(report))) as document, document.open_outline() as outline:
        pages = [page.objgen for page in document.pages]
        starts = {str(item.title): pages.index(item.destination[0].objgen) for item in items(outline.root)}
    assert {starts[part.heading] for part in report.front_page} == {1}  # the page after the cover
    following = [page for title, page in starts.items() if title not in {part.heading for part in report.front_page}]
    assert 2 in following  # and what comes next begins the page after
