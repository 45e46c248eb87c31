"""Projected numbers in words: three figures in sentences, ranges in brackets, no group by its id."""

from __future__ import annotations

import pytest

from jsna_pipeline.future.tables import AGE_BANDS, NEEDS, SETTINGS, MoneyAhead, Scenarios
from jsna_pipeline.report.future import words


@pytest.mark.parametrize(
    ("value", "text"),
    [(4097, "4,100"), (3773, "3,770"), (4372, "4,370"), (8081, "8,080"), (4995, "5,000"), (99.5, "100"), (0, "0"),
     (709_700, "710,000"), (25.4, "25")],
)  # fmt: skip
def test_a_sentence_has_three_figures(value: float, text: str) -> None:
    assert words.about(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [(67_600_500, "£67.6 million"), (108_091_500, "£108 million"), (845_400, "£845,000"), (999_600, "£1.0 million"),
     (-23_500_000, "£23.5 million"), (99_960_000, "£100 million")],
)  # fmt: skip
def test_money_has_three_figures_and_leaves_its_sign_to_the_sentence(value: float, text: str) -> None:
    assert words.pounds(value) == text


def test_a_range_follows_its_number_and_what_it_counts() -> None:
    assert words.with_range(4097, 3773, 4372) == "4,100 (3,770 to 4,370)"
    assert words.counted(99.4, "places too few", 25.6, 161) == "99 places too few (26 to 161)"
    assert words.range_cell(3773.2, 4371.9) == "3,773 to 4,372" and words.range_cell(None, 3.0) == "–"
    assert [words.chance(share) for share in (0.2, 94.0, 99.7)] == ["fewer than 1", "94", "more than 99"]


def test_every_group_and_quantity_has_words() -> None:
    groups = [
        *(words.heading("age_band", name) for name in AGE_BANDS),
        *(words.heading("primary_need", name) for name in NEEDS),
        *(words.heading("setting", name) for name in SETTINGS),
    ]
    assert not [name for name in groups if "_" in name or not name[:1].isupper()]
    assert words.heading("age_band", "5_to_10") == "Ages 5 to 10" and words.heading("age_band", "under_5") == "Under 5"
    for model in (Scenarios, MoneyAhead):
        allowed = model.to_schema().columns["quantity"].checks[0].statistics["allowed_values"]
        assert not [name for name in allowed if "_" in words.quantity(name)]
