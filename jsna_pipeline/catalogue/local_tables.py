"""The catalogue of local tables: each a reviewed record of what is counted from the area's own returns.

Here: the model of a table, its loader, and what holds between its fields. Not here: the populations
(`local/`), counting (`local/counts.py`), or protecting (`disclosure/`).

Local figures run ahead of publication and are revised until they are published, so they are provisional and
stand for one period alone. A record therefore has no place for a trend, a comparator, a target or a polarity:
what is compared over years and with other areas is the published figure, which `published_as` names.
"""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import ClassVar, Self

from pydantic import Field, model_validator

from jsna_pipeline.catalogue.chapters import chapters
from jsna_pipeline.catalogue.indicators import indicators
from jsna_pipeline.catalogue.loading import Definition, load_folder
from jsna_pipeline.errors import InputError
from jsna_pipeline.vocabulary import TOTAL, PeriodType

# The places of LOCAL_COUNTS: more dimensions would make tables of ones and twos.
MOST_DIMENSIONS = 3


class Share(Definition):
    """The share that a table is read for: units of one category among all, or among those that could be it."""

    dimension: str
    category: str
    among: list[str] = Field([], description="categories that make up the denominator; blank is all of them")
    phrase: str = Field(description="how a sentence says it: 'had a review meeting in the last twelve months'")

    @model_validator(mode="after")
    def _part_of_its_whole(self) -> Self:
        if self.among and self.category not in self.among:
            raise ValueError(f"among: must contain {self.category!r}, the part that is shared")
        return self


class PublishedAs(Definition):
    """A published indicator whose numerators count the same units: how its categories are named here.

    `dimension` is the local one, `published` the indicator's. `categories` maps a local category to the
    published one; both are `total` where the whole is compared.
    """

    indicator: str
    dimension: str = TOTAL
    published: str = TOTAL
    categories: dict[str, str] = {TOTAL: TOTAL}


class Waits(Definition):
    """Quartiles of a wait and the share still waiting, for each category of the dimensions named."""

    by: list[str] = []
    after_weeks: list[int] = [18, 52]


class Amount(Definition):
    """Sums of measured columns, for each category of the dimensions named."""

    columns: list[str] = Field(min_length=1)
    unit: str
    by: list[str] = []
    mean: bool = False


class LocalTable(Definition):
    """One table. The file name is the id.

    `crosses` are sets of dimensions counted together, each with all its margins. `filters` hold a dimension
    at one category; it then stands in every row as a dimension of its own, so that a cell means the same in
    whichever table it is printed.
    """

    provisional: ClassVar[bool] = True

    id: str = Field(pattern=r"^[a-z][a-z0-9_]+$")
    title: str
    question: str = Field(pattern=r"\?$")
    chapter: str
    order: int
    description: str
    population: str
    units: str = Field(description="what a count counts, in the plural: 'plans'")
    period_type: PeriodType
    crosses: list[list[str]] = []
    filters: dict[str, str] = {}
    lead: str = Field(TOTAL, description="dimension to show first")
    share: Share | None = None
    sensitive: list[str] = Field([], description="dimensions whose category would tell something of a child")
    wait: Waits | None = None
    amount: Amount | None = None
    published_as: list[PublishedAs] = []
    caveats: list[str] = []
    owner: str
    reviewed: date

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if not (self.crosses or self.wait or self.amount):
            raise ValueError("names neither crosses, a wait nor an amount")
        if self.wait and self.amount:
            raise ValueError("a table is of a wait or of an amount")
        for cross in self.crosses:
            if len({*cross, *self.filters}) != len(cross) + len(self.filters):
                raise ValueError(f"crosses: {cross} names a dimension twice")
            if not 1 <= len(cross) <= MOST_DIMENSIONS - len(self.filters):
                raise ValueError(f"crosses: {cross} needs 1 to {MOST_DIMENSIONS - len(self.filters)} dimensions")
        unknown = {self.lead, *self.sensitive, *([self.share.dimension] if self.share else [])} - self.dimensions
        if unknown - {TOTAL}:
            raise ValueError(f"{min(unknown - {TOTAL})!r} is in no cross")
        return self

    @property
    def dimensions(self) -> frozenset[str]:
        """Every dimension that the table shows."""
        by = [*(self.wait.by if self.wait else []), *(self.amount.by if self.amount else [])]
        return frozenset([*by, *self.filters, *(name for cross in self.crosses for name in cross)])


@cache
def local_tables() -> dict[str, LocalTable]:
    """Every table of the catalogue by id, in the order of chapters and within them."""
    found = load_folder("local_tables", LocalTable)
    for table in found.values():
        if table.chapter not in chapters():
            raise InputError(f"catalogue/local_tables/{table.id}.yml: no chapter {table.chapter!r}.")
        for same in table.published_as:
            if same.indicator not in indicators():
                raise InputError(f"catalogue/local_tables/{table.id}.yml: no indicator {same.indicator!r}.")
    numbers = {chapter: record.number for chapter, record in chapters().items()}
    return dict(sorted(found.items(), key=lambda item: (numbers[item[1].chapter], item[1].order, item[0])))
