"""Page one is one page, whatever is said on it; what it must say is never left out."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from jsna_pipeline.report.front import fit
from jsna_pipeline.report.model import FrontSection, Statement

NARROW = ("education", "waits", "demand", "outcomes", "families", "changes")
sentence = st.integers(1, 60).map(lambda words: Statement(" ".join(["evidence"] * words), "worse", "", "an-anchor"))
sentences = st.lists(sentence, min_size=1, max_size=4).map(tuple)


def part(name: str, said: tuple[Statement, ...]) -> FrontSection:
    return FrontSection("A heading", "A lead.", said, name)


def page(narrow: list[tuple[Statement, ...]], wide: tuple[Statement, ...]) -> list[FrontSection]:
    made = [part("standards", wide)] + [part(name, said) for name, said in zip(NARROW, narrow, strict=True)]
    return [*made, part("decisions", wide), part("unknowns", wide)]


@settings(max_examples=60, deadline=None)
@given(st.lists(sentences, min_size=6, max_size=6), sentences)
def test_only_the_last_sentences_of_the_columns_are_left_out_and_no_more_than_needed(
    narrow: list[tuple[Statement, ...]], wide: tuple[Statement, ...]
) -> None:
    given_parts = page(narrow, wide)
    kept = fit.fitted(given_parts)
    assert [one.part for one in kept] == [one.part for one in given_parts]
    for before, after in zip(given_parts, kept, strict=True):
        assert after.statements == before.statements[: len(after.statements)]
        assert after.statements == before.statements or (
            before.part in (*NARROW, "unknowns") and len(after.statements) >= fit.FEWEST
        )
    columns = (kept[1:4], kept[4:7])
    spent = [all(len(one.statements) == fit.FEWEST for one in column) for column in columns]
    assert fit.height(kept) <= fit.ROOM or any(spent)
    if fit.height(given_parts) <= fit.ROOM:
        assert kept == tuple(given_parts)


def test_a_longer_sentence_never_stands_lower() -> None:
    short, long = (page([(Statement("word " * words),)] * 6, ()) for words in (5, 50))
    assert fit.height(short) < fit.height(long)
