"""The easy-read draft keeps its rules for every area and every value: short sentences, hard words explained."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jsna_pipeline import geography
from jsna_pipeline.report.companions import easy_read
from jsna_pipeline.report.companions.glance import CASELOAD, Glance, Heard, Sought
from jsna_pipeline.report.model import Report
from tests.report.companions import sample_glance
from tests.report.companions.sample_glance import GLANCE

# Words of the trade that none of our own sentences may hold, whatever is explained.
JARGON = {*easy_read.TOO_HARD, "percent", "per", "cent", "ehcp", "jsna", "icb", "local authority", "data", "maintained"}


def sentences(report: Report) -> list[str]:
    """Every sentence of our own; words of other people are quoted apart."""
    lines = [line for part in easy_read.easy_read(report) for line in part.lines]
    return [said for line in lines for said in (*line.sentences, *line.explained)]


def told(report: Report, heading: str) -> list[str]:
    part = next(part for part in easy_read.easy_read(report) if part.heading == heading)
    return [said for line in part.lines for said in line.sentences]


def plain_words(sentence: str) -> set[str]:
    return {word.strip(".,:").casefold() for word in sentence.split()}


@pytest.mark.parametrize("edition", [{}, {"illustrative": False, "draft": False}, {"glance": Glance()}])
def test_no_sentence_is_long_double_or_in_jargon_for_any_area(edition: dict[str, object]) -> None:
    base = sample_glance.build(**edition)
    for name in geography.local_authorities()["area_name"]:
        for said in sentences(replace(base, area_name=name)):
            assert easy_read.words(said) <= 15, said
            assert re.search(r"[.:]$", said) and not re.search(r"[.;:?!] ", said.replace("St. ", "")), said
            assert not plain_words(said) & JARGON, said


def test_every_hard_word_is_explained_where_it_first_stands() -> None:
    known: set[str] = set()
    for part in easy_read.easy_read(sample_glance.build()):
        for line in part.lines:
            known |= {word for word, means in easy_read.HARD_WORDS.items() if set(means) <= set(line.explained)}
            for word in easy_read.HARD_WORDS:
                if any(re.search(rf"\b{word}s?\b", said) for said in line.sentences):
                    assert word in known, (word, line)
    assert known == set(easy_read.HARD_WORDS), "an explanation that nothing needs"
    assert [piece for piece, hard in easy_read.emphasise("Some EHC plans need a review.") if hard] == [
        "EHC plans",
        "review",
    ]


def test_numbers_stand_in_words_and_exactly() -> None:
    late = told(sample_glance.build(), "Are plans on time?")
    assert late[1:3] == ["About half of the new plans were late.", "That is 204 of 386 plans, in 2024."]
    assert "That is 610 of 1,628 reviews, in 2024." in late
    assert "None of the first answers were late." in late and "That is 0 of 540 answers, in 2024." not in late
    many = told(sample_glance.build(), "How many children and young people?")
    assert many[:3] == ["In January 2025, 2,132 children and young people had an EHC plan.",
                        "A year before, it was 1,830.", "So more people have a plan now."]  # fmt: skip
    fewer = replace(GLANCE.figures[4], value=1700.0)
    assert fewer.indicator_id == CASELOAD
    less = told(sample_glance.build(glance=Glance(figures=(fewer,))), "How many children and young people?")
    assert less[-1] == "So fewer people have a plan now."
    waits = told(sample_glance.build(), "Who waits for health care?")
    assert "That is 795 of 955 children, in January 2025." in waits and "It is not only Merrowdale." in waits


@pytest.mark.parametrize(
    ("part", "whole", "words"),
    [(0, 5, "none"), (5, 5, "all"), (1, 500, "fewer than 1 in 100"), (1, 20, "about 1 in 20"),
     (7, 100, "about 1 in 14"), (24, 100, "about a quarter"), (1, 3, "about a third"), (40, 100, "about 4 in 10"),
     (204, 386, "about half"),
     (2, 3, "about two thirds"), (3, 4, "about three quarters"), (9, 10, "about 9 in 10"), (97, 100, "nearly all")],
)  # fmt: skip
def test_shares_as_people_say_them(part: float, whole: float, words: str) -> None:
    assert easy_read.about(part, whole) == words


@given(st.integers(1, 100_000).flatmap(lambda whole: st.tuples(st.integers(0, whole), st.just(whole))))
def test_a_share_in_words_is_never_far_from_the_share(drawn: tuple[int, int]) -> None:
    part, whole = drawn
    words = easy_read.about(part, whole)
    meant = {"a quarter": 25, "a third": 100 / 3, "half": 50, "two thirds": 200 / 3, "three quarters": 75}
    if words in ("none", "all"):
        assert part == (0 if words == "none" else whole)
    elif found := re.fullmatch(r"about (\d+) in (\d+)", words):
        assert abs(100 * int(found[1]) / int(found[2]) - 100 * part / whole) <= 5
    elif words.startswith("about "):
        assert abs(meant[words.removeprefix("about ")] - 100 * part / whole) <= 3.5


@pytest.mark.parametrize(("part", "whole"), [(-1, 5), (6, 5), (0, 0)])
def test_what_is_no_share_is_refused(part: float, whole: float) -> None:
    with pytest.raises(ValueError, match="is no share"):
        easy_read.about(part, whole)


def test_words_of_other_people_are_quoted_only_where_they_are_easy() -> None:
    lines = [line for part in easy_read.easy_read(sample_glance.build()) for line in part.lines]
    quoted = [line.quoted for line in lines if line.quoted]
    assert quoted == ["My child gets help in time", "I get the help I need to learn",
                      "Choose four schools for a new class"]  # fmt: skip
    assert all(easy_read.is_easy(words) for words in quoted)
    for hard in ("word " * 16, "Agree the governance framework", "Do this; then that", "First. Second", "This (that)"):
        assert not easy_read.is_easy(hard)


def test_nothing_is_said_of_what_is_not_known() -> None:
    headings = [part.heading for part in easy_read.easy_read(sample_glance.build(glance=Glance()))]
    assert headings == ["What is this?", "What happens next?", "What do we not know?", "Who can I ask?"]
    only_hard = Glance(heard=(Heard("young people", "The pathway is timely", 5.0, 40, "2025"),),
                       sought=(Sought("agree the framework", "", GLANCE.sought[0].by),))  # fmt: skip
    lines = [line for part in easy_read.easy_read(sample_glance.build(glance=only_hard)) for line in part.lines]
    assert not any(line.quoted for line in lines)
    assert "Leaders have 1 thing to decide." in sentences(sample_glance.build(glance=only_hard))


def test_the_page_calls_itself_a_draft_describes_each_picture_and_names_whom_to_ask() -> None:
    report = sample_glance.build()
    page = easy_read.render(report).decode()
    assert "A draft until tested with young people." in page and "Young people have not tested it yet." in page
    lines = [line for part in easy_read.easy_read(report) for line in part.lines]
    pictures = re.findall(r'<svg [^>]*role="img"[^>]*><title>([^<]+)</title>', page)
    assert pictures == [line.picture for line in lines]
    assert f"Who to ask: {report.governance.owner}" in page
    assert re.findall(r"<(?:script|link|iframe|object)\b|src=\"http|url\(http", page) == []
    hostile = replace(GLANCE, heard=(Heard("young people", "<b>&", 10.0, 40, "2025"),))
    assert "“&lt;b&gt;&amp;”" in easy_read.render(sample_glance.build(glance=hostile)).decode()
