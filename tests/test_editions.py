"""What an edition is called, and which comes first."""

from __future__ import annotations

import pytest

from jsna_pipeline.editions import year_and_number


def test_editions_stand_in_the_order_of_their_corrections() -> None:
    names = ["2024.10", "2025", "2024", "2024.9", "2024.1"]
    assert sorted(names, key=year_and_number) == ["2024", "2024.1", "2024.9", "2024.10", "2025"]


@pytest.mark.parametrize("name", ["25", "2025.0", "2025.", "2025.1.1", "latest", "2025.01", " 2025"])
def test_an_edition_is_a_year_or_a_year_and_number(name: str) -> None:
    assert (year_and_number("2025"), year_and_number("2025.12")) == ((2025, 0), (2025, 12))
    with pytest.raises(ValueError, match="an edition is a year or a correction"):
        year_and_number(name)
