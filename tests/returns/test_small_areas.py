"""Postcodes are placed in a ward in the step that drops them."""

from __future__ import annotations

import polars as pl
import pytest

from jsna_pipeline.errors import InputError
from jsna_pipeline.returns.small_areas import SmallAreas
from tests.returns.canaries import POSTCODES, assert_none_in, spellings_of_postcodes

LOOKUP = pl.DataFrame(
    {
        "postcode": list(POSTCODES),
        "ward_code": ["E05000001", "E05000002"],
        "ward": ["Abram", "Ashton"],
        "locality": ["Leigh", None],
    }
)


def test_every_spelling_of_a_postcode_is_placed_and_none_is_kept() -> None:
    spelt = [*spellings_of_postcodes(), None, " ", "ZZ1 1ZZ"]
    placed, coverage = SmallAreas.from_table(LOOKUP).place(pl.DataFrame({"row": range(len(spelt)), "postcode": spelt}))
    assert placed.columns == ["row", "ward_code", "ward", "locality"]
    assert placed["row"].to_list() == list(range(len(spelt)))
    half = (len(spelt) - 3) // 2
    assert placed["ward"].to_list() == ["Abram"] * half + ["Ashton"] * half + [None] * 3
    assert (coverage.given, coverage.found) == (2 * half + 1, 2 * half)
    assert coverage.share_not_found == pytest.approx(100 / (2 * half + 1))


def test_without_a_lookup_postcodes_are_dropped_all_the_same() -> None:
    placed, coverage = SmallAreas.none().place(pl.DataFrame({"postcode": POSTCODES}))
    assert placed.columns == ["ward_code", "ward", "locality"] and placed.height == 2
    assert placed.null_count().row(0) == (2, 2, 2) and coverage.found == 0


def test_a_table_keeps_the_place_that_it_states_itself() -> None:
    school = pl.DataFrame({"postcode": [POSTCODES[0]], "locality": ["Wigan"]})
    placed, _ = SmallAreas.from_table(LOOKUP).place(school)
    assert placed.row(0, named=True) == {"locality": "Wigan", "ward_code": "E05000001", "ward": "Abram"}


def test_a_postcode_in_two_wards_stops_the_build_without_being_named() -> None:
    SmallAreas.from_table(pl.concat([LOOKUP, LOOKUP]))  # said twice alike
    moved = LOOKUP.with_columns(ward=pl.lit("Atherton"), postcode=pl.col("postcode").str.to_lowercase())
    with pytest.raises(InputError, match="2 rows place a postcode") as refused:
        SmallAreas.from_table(pl.concat([LOOKUP, moved]))
    assert_none_in(str(refused.value), repr(SmallAreas.from_table(LOOKUP)))
