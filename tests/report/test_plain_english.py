"""The report keeps to plain English: short sentences, no jargon without an explanation, no word that hides another.

Here: the rules, on the catalogue's own texts, on assembled reports and on the whole page of a build. Not here: what a
sentence or a word is (`tests/report/plain_english.py`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from statistics import median

import pytest
from lxml import html as lxml_html

import seeds
from jsna_pipeline.catalogue.chapters import chapters
from jsna_pipeline.catalogue.indicators import indicators
from jsna_pipeline.report.assemble import assemble
from jsna_pipeline.report.glossary import GLOSSARY, _pattern, terms_in
from jsna_pipeline.report.model import Report
from jsna_pipeline.steering import steer
from tests.builds import Build, settings_in
from tests.invented_area import group, view_of
from tests.report.plain_english import (
    AVOIDED,
    DOUBLE_NEGATIVES,
    MEDIAN_WORDS,
    MOST_WORDS,
    OPENING_WORDS,
    printed,
    sentences,
    words,
)

EXAMPLE = Path(seeds.__file__).parent / "contributions" / "2025" / "wigan"
# Abbreviations that everybody knows, and the publisher's names of things that are no words of a sentence.
KNOWN = frozenset({"NHS", "GP", "AP", "PRU", "LA", "FE", "UK", "SEN2"})
# Words of the field that a parent need not know: used only because the glossary explains them.
JARGON = (
    "alternative provision", "annual review", "Attainment 8", "back-test", "care leavers", "caseload",
    "child protection plan", "children in need", "confidence interval", "cut-off", "dedicated schools grant",
    "early learning goals", "forecast", "EHC needs assessment", "EHC plan", "elective home education",
    "English Baccalaureate", "free school meals", "good level of development", "high needs", "integrated care board",
    "key stage 4", "level 2", "looked after", "mediation", "median", "percentage points", "persistent absence",
    "personal budget", "phonics", "Portage", "prevalence", "primary need", "Progress 8", "provisional", "pseudonym",
    "pupil referral unit", "projection", "resourced provision", "scenario", "SEN", "SEN support", "SEN unit", "SENCO",
    "sessions", "severe absence", "short breaks", "statistical neighbours", "statutory standard",
    "strengths and difficulties score", "supported internship", "suppressed", "suspensions", "Tribunal",
    "virtual school", "youth justice service",
)  # fmt: skip
# Jargon for which plain words stand in the report.
UNUSED = ("EHCNA", "INMSS", "CYP", "LAC", "CLA", "CIN", "SLCN", "SEMH", "MLD", "EYFSP", "GLD", "DSG", "HNB", "RSA")


def report_of(place: Path, **given: object) -> Report:
    view = view_of(**given)  # type: ignore[arg-type]
    settings = settings_in(place)
    return assemble(view, settings, steer(view, settings.priority_weights))


@pytest.fixture(scope="module", params=["bare", "full"])
def report(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Report:
    given = {} if request.param == "bare" else {"folder": EXAMPLE, "unequal": group("2024")}
    return report_of(tmp_path_factory.mktemp(request.param), **given)


def catalogue_texts() -> Iterator[tuple[str, str]]:
    """Every text of the catalogue that a report prints as it stands, but for definitions: they must be exact."""
    for chapter in chapters().values():
        yield from ((chapter.id, text) for text in (chapter.title, chapter.question, chapter.introduction))
        for gap in chapter.gaps:
            yield from ((f"{chapter.id}, gaps", f"{text.rstrip('.')}.") for text in (gap.measure, gap.why, gap.supply))
    for one in indicators().values():
        yield from ((one.id, text) for text in (one.name, one.question, one.rationale, *one.caveats))


CATALOGUE = [(where, sentence) for where, text in catalogue_texts() for sentence in sentences(text)]


def unplain(told: list[tuple[str, str]]) -> list[str]:
    """What breaks a rule, with the rule and where it stands."""
    found = []
    for where, sentence in told:
        if words(sentence) > MOST_WORDS:
            found.append(f"{where}: {words(sentence)} words: {sentence}")
        low = f" {sentence.lower()}"
        found += [
            f"{where}: {word!r}, say {plain!r}: {sentence}" for word, plain in AVOIDED.items() if f" {word}" in low
        ]
        if DOUBLE_NEGATIVES.search(sentence):
            found.append(f"{where}: two negatives: {sentence}")
    return found


def unexplained(told: list[tuple[str, str]]) -> dict[str, str]:
    """Abbreviations that the glossary does not explain, with a sentence that uses each."""
    found: dict[str, str] = {}
    for _, sentence in told:
        for word in re.findall(r"(?<![\w-])[A-Z][A-Za-z]*[A-Z][A-Za-z0-9]*(?![\w-])", _pattern().sub("", sentence)):
            if word not in KNOWN:
                found.setdefault(word, sentence)
    return found


def test_the_catalogues_own_texts_are_plain() -> None:
    assert unplain(CATALOGUE) == []
    assert unexplained(CATALOGUE) == {}
    assert median(words(sentence) for _, sentence in CATALOGUE) <= MEDIAN_WORDS


def test_an_assembled_report_is_plain(report: Report) -> None:
    told = list(printed(report))
    assert len(told) > 100
    assert unplain(told) == []
    assert unexplained(told) == {}
    assert median(words(sentence) for _, sentence in told) <= MEDIAN_WORDS


def test_every_chapter_of_the_catalogue_opens_in_three_short_sentences_at_most(report: Report) -> None:
    for chapter in report.chapters:
        if chapter.chapter_id not in chapters():
            continue
        assert 1 <= len(chapter.opening) <= 3
        for sentence in chapter.opening:
            assert len(sentences(sentence)) == 1 and words(sentence) <= OPENING_WORDS, sentence


def test_every_word_of_the_field_is_explained() -> None:
    assert [word for word in JARGON if not terms_in(word)] == []


def test_abbreviations_of_the_trade_are_not_used() -> None:
    told = " ".join(sentence for _, sentence in CATALOGUE)
    assert [word for word in UNUSED if re.search(rf"\b{word}\b", told)] == []


@pytest.mark.parametrize(
    ("sentence", "broken"),
    [
        ("We shall utilise it.", "utilis"),
        ("It is not uncommon for families to wait.", "two negatives"),
        ("In order to plan, count.", "in order to"),
        (f"{'word ' * 36}.", "36 words"),
    ],
)
def test_the_rules_find_what_they_forbid(sentence: str, broken: str) -> None:
    assert any(broken in found for found in unplain([("here", sentence)]))


def test_a_sentence_ends_where_the_next_begins() -> None:
    assert sentences("In 2024, 1.5% waited. 3 did not! “Why?” Who knows, e.g. Nobody.") == [
        "In 2024, 1.5% waited.", "3 did not!", "“Why?", "Who knows, e.g. Nobody.",
    ]  # fmt: skip
    assert words("In 2024, 47.2% (182 of 386; 95% CI 42.2–52.1) of plans – all of them.") == 14


def page_sentences(page: str) -> list[tuple[str, str]]:
    """What a reader of the page sees in its chapters, but for words of people, the law and notes on method."""
    root = lxml_html.fromstring(page)
    found = []
    for chapter in root.xpath("//section[contains(@class, 'chapter')][h2[starts-with(@id, 'chapter-')]]"):
        name = chapter.xpath("string(h2/@id)").removeprefix("chapter-")
        if name not in chapters():
            continue
        for element in chapter.xpath(
            ".//*[self::p or self::span[contains(@class, 'statement-text')] or self::h3 or self::caption]"
            "[not(ancestor::aside or ancestor::svg or ancestor::details[contains(@class, 'method')])]"
        ):
            said = " ".join(element.text_content().split())
            label = element.xpath("string(preceding-sibling::strong[1])").rstrip(". ")
            if said and label not in ("Decision sought", "Proposed", "In place", "Statutory standard not met"):
                found += [(name, sentence) for sentence in sentences(said)]
    return found


def test_the_whole_page_of_a_build_is_plain_and_links_each_term_once_a_chapter(seeds_build: Build) -> None:
    page = (seeds_build.report() / "index.html").read_text("utf-8")
    told = page_sentences(page)
    assert len(told) > 1000
    assert unplain(told) == []
    assert median(words(sentence) for _, sentence in told) <= MEDIAN_WORDS
    root = lxml_html.fromstring(page)
    explained = set(root.xpath("//dfn/@id"))
    assert len(explained) == len(GLOSSARY)
    for chapter in root.xpath("//section[contains(@class, 'chapter')]"):
        linked = chapter.xpath(".//a[contains(@class, 'term')]/@href")
        assert len(set(linked)) == len(linked)
        assert {name.removeprefix("#") for name in linked} <= explained
    assert not root.xpath("//*[self::h2 or self::h3 or self::h4 or self::summary or self::aside]//a[@class='term']")
