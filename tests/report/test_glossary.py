"""The glossary: one plain sentence a term, and links that touch nothing but the first use in a chapter's sentences."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import escape

from jsna_pipeline.report.glossary import GLOSSARY, ON_PAPER, TERMS, UNTOUCHED, anchor, linked, printed, terms_in
from tests.report.plain_english import sentences, words

LINK = re.compile(r'<a class="term" href="#[a-z0-9-]+">([^<]*)</a>')


def test_each_term_stands_once_in_order_with_one_plain_sentence() -> None:
    names = [term for term, _ in GLOSSARY]
    assert names == sorted(names, key=str.casefold) and len(set(map(anchor, names))) == len(names)
    for term, meaning in GLOSSARY:
        assert len(sentences(meaning)) == 1 and meaning.endswith("."), term
        assert words(meaning) <= 29, term
    forms = [form for one in TERMS for form in one.spoken]
    assert len(set(forms)) == len(forms)  # no form belongs to two terms


def test_the_first_use_is_linked_and_no_other() -> None:
    made = linked("<p>Plans: an EHC plan.</p><p>Another EHC plan, and SEN support.</p>", GLOSSARY)
    assert made == (
        '<p>Plans: an <a class="term" href="#glossary-ehc-plan">EHC plan</a>.</p>'
        '<p>Another EHC plan, and <a class="term" href="#glossary-sen-support">SEN support</a>.</p>'
    )


def test_the_longest_form_is_taken_and_parts_of_words_are_not() -> None:
    assert terms_in("Children with SEN support.") == {"SEN support"}
    assert terms_in("A SENCO and a trendy sessional artist") == {"SENCO"}
    assert terms_in("the sub-ICB, an ICBs-like body") == {"Integrated care board (ICB)"}
    assert linked("<p>SENDIASS</p>", GLOSSARY) == "<p>SENDIASS</p>"


@pytest.mark.parametrize("name", sorted(UNTOUCHED))
def test_headings_links_charts_and_the_words_of_people_stay_as_they_are(name: str) -> None:
    inside = f"<{name} id='x'>An EHC plan <b>and an EHC plan</b></{name}>"
    made = linked(f"<div>{inside}<p>An EHC plan</p></div>", GLOSSARY)
    assert made.startswith(f"<div>{inside}<p>An <a ")


def test_a_term_that_the_page_does_not_explain_is_not_linked() -> None:
    assert linked("<p>An EHC plan</p>", [("NEET", "Not in work.")]) == "<p>An EHC plan</p>"
    assert linked("<p>An EHC plan</p>", ()) == "<p>An EHC plan</p>"


@given(
    st.lists(st.sampled_from(["EHC plan", "<b>SEND</b>", "&", '"><script>alert(1)</script>', "NEET’s", "&amp;", " "]))
)
def test_what_was_escaped_stays_so_and_no_letter_is_lost(parts: list[str]) -> None:
    given_text = str(escape(" ".join(parts)))
    made = linked(f"<p>{given_text}</p>", GLOSSARY)
    assert LINK.sub(r"\1", str(made)) == f"<p>{given_text}</p>"
    assert len(LINK.findall(str(made))) == len({name for name, form in (("p", "EHC plan"), ("s", "SEND"), ("n", "NEET"))
                                                if form in given_text})  # fmt: skip


def test_a_tag_with_an_entity_or_an_attribute_that_names_a_term_is_left_alone() -> None:
    markup = '<p title="EHC plan">&nbsp;<img alt="NEET"></p>'
    assert linked(markup, GLOSSARY) == markup


def test_paper_explains_the_terms_it_names_and_the_screen_all() -> None:
    assert {term for term, _ in printed(GLOSSARY, "print")} == ON_PAPER
    assert printed(GLOSSARY, "screen") == GLOSSARY
