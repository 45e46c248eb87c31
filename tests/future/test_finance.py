"""The area's own budget: sums as people write them, faults as sentences that quote nothing."""

from __future__ import annotations

from datetime import date
from importlib.resources import as_file, files
from pathlib import Path

import pytest
import yaml

from jsna_pipeline.future.finance import FILE, TEMPLATE, Finance, read_finance

TODAY = date(2026, 11, 22)
WHOLE = """\
financial_year: 2024-25
high_needs_budget: "£50,200,000"
balance: −6,100,000
spending: 55400000
expected_growth: {low: 2, central: 4, high: 6 %}
source: A paper
date: 16/10/2025
"""


def read(folder: Path, text: str) -> tuple[Finance | None, str]:
    (folder / FILE).write_text(text, "utf-8")
    found, problems = read_finance(folder, TODAY)
    return found, " ".join(one.sentence for one in problems)


def test_the_example_is_read_and_says_that_it_is_invented() -> None:
    with as_file(files("seeds").joinpath("contributions/2025/wigan")) as folder:
        found, problems = read_finance(folder, TODAY)
        assert "invented" in (folder / FILE).read_text("utf-8").partition("\n")[0]
    assert not problems
    assert found is not None
    assert (found.january, found.high_needs_budget, found.balance) == (2025, 27_400_000, -4_100_000)


def test_sums_are_read_as_people_write_them(tmp_path: Path) -> None:
    found, told = read(tmp_path, WHOLE)
    assert told == ""
    assert found is not None
    assert (found.financial_year, found.high_needs_budget, found.balance) == ("2024/25", 50_200_000, -6_100_000)
    assert (found.expected_growth.high, found.price_growth, found.date) == (6, None, date(2025, 10, 16))


def test_no_file_is_no_fault(tmp_path: Path) -> None:
    assert read_finance(tmp_path, TODAY) == (None, ())


@pytest.mark.parametrize(
    ("was", "now", "told"),
    [
        ("2024-25", "2024-26", "line 1: is no financial year; write it as 2024/25"),
        ("financial_year: 2024-25\n", "", "“financial_year” is blank and has to be filled in"),
        ('"£50,200,000"', "fifty", "line 2: has to be a number"),
        ('"£50,200,000"', "50200000000", "line 2: has to be less than or equal to 5000000000"),
        ("low: 2", "low: 5", "out of order; give the smallest first"),
        ("16/10/2025", "16/10/2027", "line 7: is dated after the day of this build"),
        ("source:", "paper: A\nsource:", "line 6: the name of this entry is not known"),
    ],
)
def test_faults_are_sentences_and_take_the_file_with_them(tmp_path: Path, was: str, now: str, told: str) -> None:
    found, said = read(tmp_path, WHOLE.replace(was, now))
    assert found is None
    assert told in said
    assert "fifty" not in said


def test_the_empty_file_asks_for_every_entry_and_is_told_to_be_blank(tmp_path: Path) -> None:
    asked = set(yaml.safe_load(TEMPLATE)) | {"price_growth"}
    assert asked == set(Finance.model_fields)
    assert "# price_growth:" in TEMPLATE
    found, told = read(tmp_path, TEMPLATE)
    assert found is None
    assert "has to be filled in" in told
