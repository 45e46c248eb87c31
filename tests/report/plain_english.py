"""The rules of plain English that the report's printed sentences keep, and the sentences they are held against.

Here: what counts as a sentence and as a word, which words are not used, and every printed sentence of a report that
the pipeline itself words. Not here: words of people (commentary, surveys, plans), the law as quoted, and method
notes, which say exactly what was computed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from jsna_pipeline.report.model import Chapter, Report, Section

MOST_WORDS, MEDIAN_WORDS, OPENING_WORDS = 35, 20, 29
# What plain English does without, each with what says it plainly.
AVOIDED = {
    "in order to": "to",
    "utilis": "use",
    "commence": "begin",
    "prior to": "before",
    "subsequent": "later",
    "in respect of": "about, for",
    "with regard to": "about",
    "pertaining": "about",
    "facilitat": "help",
    "in the event": "if",
    "a number of": "the number",
    "going forward": "from now on",
    "stakeholder": "who they are",
    "cohort": "group, pupils of one year",
    "service user": "who they are",
    "leverage": "use",
    "holistic": "whole",
    "robust": "what was checked",
    "methodolog": "method",
    "disaggregat": "split",
    "granular": "by what",
    "statistically significant": "tested",
    "p-value": "tested",
    "outturn": "spending",
    "vulnerable to": "at risk of",
    "suffer": "have",
    "wheelchair-bound": "who uses a wheelchair",
    "special needs children": "children with special educational needs",
}
DOUBLE_NEGATIVES = re.compile(
    r"\bnot un\w+|\bnot (?:in|im)(?:frequent|possible|correct|complete|adequate|sufficient)\w*|\bnot without\b"
    r"|\bno\b[^.;:,]*\bnot\b[^.;:,]*\bun\w+|\bnever not\b|\bcannot not\b|\bnot\b[^.;:,]*\bnever\b",
    re.IGNORECASE,
)
_END = re.compile(r"(?<=[.?!])[”’)]?\s+(?=[“‘(]?[A-Z0-9£])")
_FALSE_END = re.compile(r"\b(?:e\.g|i\.e|cf|No|St)\.$")


def sentences(text: str) -> list[str]:
    """The sentences of a text: a full stop, question mark or exclamation mark, and a new beginning."""
    found: list[str] = []
    for part in _END.split(text.strip()):
        if found and _FALSE_END.search(found[-1]):
            found[-1] += f" {part}"
        elif part:
            found.append(part)
    return found


def words(sentence: str) -> int:
    """How many words a reader reads; a number is one, and so is each part of a bracket."""
    return sum(any(letter.isalnum() for letter in word) for word in sentence.split())


def _of_section(section: Section) -> Iterator[str]:
    yield section.heading
    yield from (said.text for said in section.statements if not _quotes_the_law(said.text))
    yield from section.caveats
    for table in section.tables:
        yield from (table.caption, *table.notes)
    for figure in section.figures:
        yield figure.text.title


def _quotes_the_law(text: str) -> bool:
    return bool(re.search(r"\((?:[A-Z][^()]*? )?(?:Regulations|Act) \d{4}", text))


def of_chapter(chapter: Chapter) -> Iterator[str]:
    """What the pipeline words in a chapter of the catalogue."""
    yield from (chapter.title, chapter.question, *chapter.opening)
    for section in (*chapter.sections, *chapter.further, *chapter.local):
        yield from _of_section(section)
    yield from (said.text for said in chapter.gaps)
    yield from (said.text for said in chapter.meaning if said.label not in OF_PEOPLE)


OF_PEOPLE = frozenset({"Decision sought", "Proposed", "In place"})
CHAPTERS_OF_PEOPLE = frozenset({"voice", "strategies", "self-evaluation", "commissioning", "who-answers"})


def printed(report: Report) -> Iterator[tuple[str, str]]:
    """(where, sentence) of everything the pipeline words: chapters and the quality chapter."""
    for chapter in report.chapters:
        if chapter.chapter_id in CHAPTERS_OF_PEOPLE:
            texts = [chapter.title, chapter.question, *chapter.opening]
        else:
            texts = list(of_chapter(chapter))
        for text in texts:
            yield from ((chapter.chapter_id, sentence) for sentence in sentences(text))
    for section in report.quality:
        for text in _of_section(section):
            yield from ((section.section_id, sentence) for sentence in sentences(text))
