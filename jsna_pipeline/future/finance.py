"""The area's own high-needs budget and balance: the file `finance.yml` of its folder.

Here: what the file holds, reading it with faults as sentences, and its empty form. Not here: carrying the balance
forward (`money.py`) or any spending for a child (the returns, `local/amounts.py`).

Only the authority knows its budget after deductions and its balance; without this file the report prints neither.
"""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from jsna_pipeline.contributions.reading import Day, Problem, read_record, record_line

FILE = "finance.yml"
LONGEST = 200  # characters of an entry
LARGEST_SUM = 5e9  # pounds; a sum beyond it has a digit too many, for England's whole block is some 12 billion
MOST_GROWTH = 50.0  # percent a year
_YEAR = re.compile(r"(20\d\d)[/-](\d\d)")


def _plain_number(entry: Any) -> Any:
    """ "£50,200,000" is 50200000, and "4 %" is 4."""
    if not isinstance(entry, str):
        return entry
    return re.sub(r"[£,%\s]", "", entry).replace("−", "-")


def _financial_year(entry: Any) -> Any:
    """ "2024-25" is "2024/25"."""
    found = _YEAR.fullmatch(entry.strip()) if isinstance(entry, str) else None
    if not found or int(found[2]) != (int(found[1]) + 1) % 100:
        raise ValueError("is no financial year; write it as 2024/25")
    return f"{found[1]}/{found[2]}"


_Pounds = Annotated[float, BeforeValidator(_plain_number)]
_Percent = Annotated[float, BeforeValidator(_plain_number), Field(ge=-MOST_GROWTH, le=MOST_GROWTH, allow_inf_nan=False)]


class _Entry(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True, str_max_length=LONGEST)


class Growth(_Entry):
    """A yearly growth in percent and the range that it may lie in."""

    low: _Percent
    central: _Percent
    high: _Percent

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if not self.low <= self.central <= self.high:
            raise ValueError("has low, central and high out of order; give the smallest first")
        return self


class Finance(_Entry):
    """`finance.yml`: what the area says of its high-needs block in one financial year."""

    financial_year: Annotated[str, BeforeValidator(_financial_year)] = Field(description="such as 2024/25")
    high_needs_budget: Annotated[_Pounds, Field(gt=0, le=LARGEST_SUM, allow_inf_nan=False)] = Field(
        description="pounds for the year, after deductions"
    )
    balance: Annotated[_Pounds, Field(ge=-LARGEST_SUM, le=LARGEST_SUM, allow_inf_nan=False)] = Field(
        description="pounds at the end of the year; below 0 is a deficit"
    )
    spending: Annotated[_Pounds, Field(gt=0, le=LARGEST_SUM, allow_inf_nan=False)] | None = Field(
        default=None, description="pounds spent from the budget in the year, on placements and all else"
    )
    expected_growth: Growth = Field(description="percent a year that the budget is expected to grow")
    price_growth: Growth | None = Field(
        default=None, description="percent a year that the cost of a place is expected to grow; blank is not at all"
    )
    source: str = Field(description="the paper that the figures are from")
    date: Day = Field(description="day of that paper")

    @property
    def january(self) -> int:
        """The January that lies in the financial year: 2025 in 2024/25."""
        return int(self.financial_year[:4]) + 1


def read_finance(folder: Path, today: date) -> tuple[Finance | None, tuple[Problem, ...]]:
    """The finance of the area's `folder` of an edition, and what is wrong with the file.

    None and no problem where there is no file. `today` is the day of the build, after which no paper can be dated.
    Raises nothing for what the file holds.
    """
    path = folder / FILE
    found = read_record(path, Finance)
    if isinstance(found, Problem):
        return None, (found,)
    if found is not None and found.date > today:
        what = "is dated after the day of this build; correct the day"
        return None, (Problem(FILE, f"line {record_line(path, ('date',))}", what),)
    return found, ()


TEMPLATE = """\
# The high-needs block of one financial year, from a paper that the schools forum or the cabinet has seen.
# Sums are in pounds. The report carries the balance forward under each scenario, and says that it is conditional.
financial_year:  # such as 2024/25
high_needs_budget:  # pounds for the year, after deductions
balance:  # pounds at the end of the year; below 0 is a deficit
spending:  # pounds spent from the budget in the year, on placements and all else; without it no balance is carried
expected_growth:  # percent a year that the budget is expected to grow
  low:
  central:
  high:
# Percent a year that the cost of a place is expected to grow. Leave these lines out to keep prices as they are.
# price_growth:
#   low:
#   central:
#   high:
source:  # the paper that the figures are from
date:  # day of that paper
"""
