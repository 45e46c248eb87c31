"""The catalogue of facts that two published datasets state: which columns of which two must be equal.

Here: the model of such a record and its loader. Not here: comparing them (`reconciliation/same_facts.py`).
"""

from __future__ import annotations

from functools import cache
from typing import Literal

from pydantic import Field

from jsna_pipeline.catalogue.loading import Definition, load_folder


class FactSide(Definition):
    """Where one dataset states the fact: columns of its core table, added, in the rows that match.

    With a `denominator` (columns of the same rows, added) the fact is their share. `filters` are equality or
    membership; unless they name a dimension, the whole population is meant. `add_rows` adds the rows of an
    area and period, such as single years of age.
    """

    table: str
    columns: list[str] = Field(min_length=1)
    denominator: list[str] = []
    filters: dict[str, str | list[str]] = {}
    add_rows: bool = False


class SameFact(Definition):
    """A fact printed twice. `left` is what the report uses or is nearest to the source; `right` checks it.

    `periods` says what of a period's label the two sides share: all of it, the year in which it begins
    (`2024` and `2024/25`), or the year in which it ends (`2025` and `2024/25`); `right_lag` years are added
    to the right's. `within` is 0 where both print one number; else the two count nearly the same, and lie
    apart by no more than that many percent. `revised_by` is how many percent of the figure a later edition
    may move it.
    """

    id: str = Field(pattern=r"^[a-z][a-z0-9_]+$")
    what: str
    left: FactSide
    right: FactSide
    decimals: int = Field(0, ge=0, le=4)
    multiplier: float = 100
    periods: Literal["same", "begins", "ends"] = "same"
    right_lag: int = 0
    from_period: str = Field("", alias="from")
    to_period: str = Field("", alias="to")
    within: float = Field(0, ge=0)
    revised_by: float = Field(5, ge=0)
    note: str = ""


@cache
def same_facts() -> dict[str, SameFact]:
    """Every record by id."""
    return load_folder("same_facts", SameFact)
