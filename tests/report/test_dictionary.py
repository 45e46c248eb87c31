"""Where an indicator's figure stands, in words: columns and rows of the core table, said once."""

from __future__ import annotations

import pytest

from jsna_pipeline.catalogue.datasets import datasets
from jsna_pipeline.catalogue.indicators import indicators
from jsna_pipeline.report.dictionary import dictionary_entry, rows_in_words


@pytest.mark.parametrize(
    ("indicator", "said"),
    [
        ("ehcp_within_20_weeks_excl", "within_20_weeks_excl out of issued_excl"),
        ("all_early_goals_by_group", "all_goals out of children where sex is Total"),
        ("absence", "value where measure is TotAbs or PriTotAbs or SecTotAbs or total_absence_special"),
        ("residents_0_25", "population where sex is female or male and dimension is age and category is 0 to 25"),
    ],
)
def test_rows_are_named_as_the_core_table_names_them(indicator: str, said: str) -> None:
    assert rows_in_words(indicators()[indicator]) == said


def test_every_entry_names_its_columns_its_files_and_who_answers() -> None:
    for record in indicators().values():
        entry = dictionary_entry(record, datasets()[record.source])
        for side in (record.numerator, record.denominator):
            if side is not None:
                assert all(name in entry.rows for name in side.columns), record.id
                assert side.table in entry.datasets
        assert entry.owner == record.owner and len(set(entry.datasets)) == len(entry.datasets)
