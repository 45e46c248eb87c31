"""Tables for people: safe to open in a spreadsheet, true to the numbers, the same for the same input."""

from __future__ import annotations

import io

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from jsna_pipeline.safe_tables import FORMULA_STARTS, csv_bytes, formula_safe, parquet_bytes

RISKY = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", '=HYPERLINK("http://x")', "＝1"]
TABLE = pd.DataFrame(
    {
        "area_name": [*RISKY, "Wigan", "2024/25", "E08000010", None],
        "value": np.array([-1.5, 2, 0.1, -0.0, np.nan, 1e9, -7, 33.3, 2, 42.6, 0, 1, 3]),
        "rank": pd.Series(range(-6, 7), dtype="int64"),
        "mixed": pd.Series([-5, "=2", None, 3.5, *["x"] * 9], dtype="object"),
    }
)


def test_formulas_become_text_and_numbers_stay_numbers_in_csv() -> None:
    back = pd.read_csv(io.BytesIO(csv_bytes(TABLE)), keep_default_na=False, na_values=[""], dtype={"mixed": str})
    assert back["area_name"].tolist()[:9] == ["'" + text.replace("\r", "\n") for text in RISKY]
    assert back["area_name"].tolist()[9:12] == ["Wigan", "2024/25", "E08000010"] and pd.isna(back["area_name"].iloc[12])
    pd.testing.assert_series_equal(back["value"], TABLE["value"])
    assert back["rank"].tolist() == TABLE["rank"].tolist()
    assert back["mixed"].tolist()[:4] == ["-5", "'=2", back["mixed"].tolist()[2], "3.5"]
    assert TABLE["area_name"].tolist()[0] == "=1+1"


def test_yes_and_no_beside_ones_stay_what_they_are() -> None:
    """1 and True are equal, and a column of both must not lose either."""
    mixed = pd.DataFrame({"a": pd.Series([1, True, "=x", 1.0, None], dtype="object")})
    safe = formula_safe(mixed)["a"].tolist()
    assert [type(cell) for cell in safe[:2]] == [int, bool] and safe[2:4] == ["'=x", 1.0] and pd.isna(safe[4])


def test_parquet_gives_back_the_table() -> None:
    plain = TABLE.drop(columns="mixed")
    assert parquet_bytes(plain) == parquet_bytes(plain)
    pd.testing.assert_frame_equal(pd.read_parquet(io.BytesIO(parquet_bytes(plain))), plain, check_dtype=False)


@given(st.lists(st.text(), min_size=1))
def test_no_text_starts_like_a_formula_and_no_other_text_is_changed(cells: list[str]) -> None:
    safe = formula_safe(pd.DataFrame({"a": cells}))["a"].tolist()
    for before, after in zip(cells, safe, strict=True):
        assert not after.startswith(FORMULA_STARTS)
        assert after == before or (after == "'" + before and before.startswith(FORMULA_STARTS))
