"""The chapters of the report: in order, asked as questions, each with evidence and with owned gaps."""

from __future__ import annotations

from collections import Counter

import pytest

from jsna_pipeline.catalogue.chapters import ChapterRecord, chapters
from jsna_pipeline.catalogue.indicators import indicators
from jsna_pipeline.catalogue.loading import parse
from jsna_pipeline.errors import InputError

EXPECTED = [
    "population",
    "identified_need",
    "early_years",
    "ehc_system",
    "provision",
    "attendance",
    "outcomes",
    "health",
    "social_care",
    "alternative_provision",
    "adulthood",
    "money",
]


def test_chapters_stand_in_the_order_of_a_needs_assessment() -> None:
    assert list(chapters()) == EXPECTED
    assert [record.number for record in chapters().values()] == list(range(1, len(EXPECTED) + 1))


def test_every_chapter_rests_on_at_least_two_indicators() -> None:
    counts = Counter(record.chapter for record in indicators().values())
    assert set(counts) == set(EXPECTED)
    assert min(counts.values()) >= 2


@pytest.mark.parametrize("record", chapters().values(), ids=lambda record: record.id)
def test_every_chapter_says_what_it_cannot_know_and_who_can(record: ChapterRecord) -> None:
    assert 2 <= len(record.gaps) <= 8
    assert len({gap.measure for gap in record.gaps}) == len(record.gaps)
    for gap in record.gaps:
        assert all((gap.measure, gap.why, gap.holder, gap.supply))
        assert gap.why.endswith(".") and gap.supply.endswith(".")


def test_a_gap_without_an_owner_is_refused_by_line() -> None:
    text = (
        "number: 1\ntitle: Health\nquestion: Are children well?\nintroduction: Health.\n"
        "gaps:\n  - measure: Waits\n    why: They are long.\n    supply: A list.\n"
    )
    with pytest.raises(InputError, match=r"chapters/health\.yml, line 6: gaps\.0\.holder: Field required"):
        parse(text, ChapterRecord, "chapters/health.yml", "health")
