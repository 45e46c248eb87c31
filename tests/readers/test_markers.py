"""Special markers: each to its status, never to 0; every number as written; anything else refused."""

from __future__ import annotations

import math

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jsna_pipeline.errors import InputError
from jsna_pipeline.readers.markers import EES_MARKERS, NHS_MARKERS, parse_values, shown
from jsna_pipeline.vocabulary import Status


def parsed(cells: list[object], markers: dict[str, Status] = EES_MARKERS) -> tuple[list[float], list[str]]:
    text = pd.Series(cells, index=range(100, 100 + len(cells)), dtype="object")
    lines = pd.Series(range(2, 2 + len(cells)), index=text.index)
    values, status = parse_values(text, markers=markers, file="a.csv", column="x", lines=lines)
    assert values.dtype == "float64" and values.index.equals(text.index) and status.index.equals(text.index)
    return values.tolist(), status.tolist()


@pytest.mark.parametrize(
    ("marker", "status"),
    [
        ("c", "suppressed"),
        ("x", "unavailable"),
        (":", "unavailable"),
        ("..", "unavailable"),
        ("-", "unavailable"),
        ("", "unavailable"),
        (" ", "unavailable"),
        (None, "unavailable"),
        ("NULL", "unavailable"),
        ("NA", "unavailable"),
        ("z", "not_applicable"),
        (".", "not_applicable"),
        ("#DIV/0!", "not_applicable"),
        ("low", "rounds_to_zero"),
        ("Low", "rounds_to_zero"),
        ("k", "rounds_to_zero"),
        ("~", "rounds_to_zero"),
        ("u", "low_reliability"),
        (" c ", "suppressed"),
    ],
)
def test_a_marker_is_null_and_says_why(marker: str | None, status: str) -> None:
    values, statuses = parsed(["0", marker, "3"])
    assert values[0] == 0 and math.isnan(values[1]) and values[2] == 3
    assert statuses == ["ok", status, "ok"]


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("97.508", 97.508),
        ("1e+05", 100000.0),
        ("9.77564103", 9.77564103),
        ("-4", -4.0),
        ("1,234", 1234.0),
        ("1,234,567.5", 1234567.5),
        ("42.6%", 42.6),
        ("007", 7.0),
        ("0", 0.0),
    ],
)
def test_a_number_is_what_is_written(written: str, value: float) -> None:
    assert parsed([written]) == ([value], ["ok"])


@pytest.mark.parametrize("written", ["*", "q", "inf", "-inf", "1e999", "inf%", "38,7", "1,2345", "1 234", "12a", "C"])
def test_anything_else_is_refused_with_column_line_and_remedy(written: str) -> None:
    with pytest.raises(InputError, match=r"a\.csv: column 'x', line 3: .* is neither a number nor a known marker") as e:
        parsed(["1", written])
    assert "add the marker to readers/markers.py" in str(e.value) and shown(written) in str(e.value)


@pytest.mark.parametrize("written", ["A123456789012", "QQ123456C", "Wilhelmina", "12a"])
def test_what_may_identify_a_person_is_not_repeated(written: str) -> None:
    with pytest.raises(InputError, match=rf"line 3: a text of {len(written)} characters is neither") as e:
        parsed(["1", written])
    assert written not in str(e.value)


def test_publishers_have_their_own_markers() -> None:
    assert parsed(["*", "5"], NHS_MARKERS)[1] == ["suppressed", "ok"]
    with pytest.raises(InputError, match="neither a number nor a known marker"):
        parsed(["c"], NHS_MARKERS)


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False) | st.sampled_from(sorted(EES_MARKERS)), min_size=1))
def test_every_number_comes_back_and_every_marker_is_null(cells: list[float | str]) -> None:
    values, statuses = parsed([repr(cell) if isinstance(cell, float) else cell for cell in cells])
    for cell, value, status in zip(cells, values, statuses, strict=True):
        if isinstance(cell, float):
            assert value == cell and status == "ok"
        else:
            assert math.isnan(value) and status == EES_MARKERS[cell].value != "ok"
