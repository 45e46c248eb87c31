"""How a file's column names find the catalogue's, and the shape that every reader hands on."""

from __future__ import annotations

import polars as pl
import pytest

from jsna_pipeline.catalogue.returns import ReturnTable, returns
from jsna_pipeline.errors import InputError
from jsna_pipeline.returns.raw import in_shape, match_columns

CANARY = "Q4NARY"


def table() -> ReturnTable:
    return ReturnTable.model_validate(
        {
            "title": "Plans",
            "one_row_per": "plan",
            "columns": {
                "plan_key": {"kind": "row_key", "title": "Row", "names": ["plantableid"]},
                "sex": {"kind": "label", "title": "Sex", "required": True, "names": ["Sex", "Gender"]},
                "urn": {"kind": "establishment", "title": "School", "names": ["URN - number of school"]},
                "new": {"kind": "flag", "title": "New", "required": True, "since": 2026, "names": ["New"]},
            },
        }
    )


def test_names_match_in_any_case_spacing_and_dash_and_by_the_catalogues_own() -> None:
    matched = match_columns(
        ["PLAN_KEY", "gender", "URN \u2013 Number  of\u00a0school ", "Other"], table(), 2025, "a.csv"
    )
    assert matched.names == {
        "PLAN_KEY": "plan_key", "gender": "sex", "URN \u2013 Number  of\u00a0school ": "urn"
    }  # fmt: skip
    assert matched.unknown == ("Other",)


def test_of_two_spellings_the_catalogues_first_is_taken_and_the_other_named() -> None:
    matched = match_columns(["Gender", "plantableid", "Sex"], table(), 2025, "a.csv")
    assert matched.names["Sex"] == "sex"
    assert matched.unknown == ("Gender",)


@pytest.mark.parametrize(
    ("found", "year", "missing"),
    [
        (["plantableid", CANARY], 2025, "Sex"),
        (["Sex", CANARY], 2025, "plantableid"),
        (["plantableid", "Sex"], 2026, "New"),
    ],
)
def test_a_missing_column_is_named_and_the_files_own_words_are_not(found: list[str], year: int, missing: str) -> None:
    """A file without a header row has a child's details where the names should be."""
    with pytest.raises(InputError, match=rf"^a\.csv: no column '{missing}'") as refused:
        match_columns(found, table(), year, "a.csv")
    assert CANARY not in str(refused.value)


def test_the_same_heading_twice_is_refused() -> None:
    with pytest.raises(InputError, match=r"^a\.csv: .*twice"):
        match_columns(["plantableid", "Sex", "SEX "], table(), 2025, "a.csv")


def test_the_shape_has_every_column_of_the_catalogue_and_no_blank() -> None:
    frame = pl.LazyFrame({"row": [2, 3], "file": "a.csv", "sex": [" F ", " \t"], "extra": 1, "plan_key": ["1", ""]})
    shaped = in_shape(frame, table()).collect()
    assert shaped.schema == {
        "plan_key": pl.String, "sex": pl.String, "urn": pl.String, "new": pl.String, "file": pl.String, "row": pl.UInt32
    }  # fmt: skip
    assert shaped.rows() == [("1", "F", None, None, "a.csv", 2), (None, None, None, None, "a.csv", 3)]


def test_what_typing_reads_by_itself_stays_as_the_file_has_it() -> None:
    """It knows a blank from a fault; see `test_typed.py`."""
    shaped = in_shape(pl.LazyFrame({"row": [2], "file": "a.csv", "new": [" yes "]}), table()).collect()
    assert shaped["new"].to_list() == [" yes "]


def test_every_return_of_the_catalogue_has_one_column_for_a_spelling() -> None:
    """Two columns of one table under one spelling would leave it to chance which of them is filled."""
    for record in returns().values():
        for name, layout in record.tables.items():
            found = [name for column in layout.columns.values() for name in {n.casefold() for n in column.names}]
            assert len(found) == len(set(found)), (record.id, name)
