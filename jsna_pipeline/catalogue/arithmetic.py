"""What must add up in a published dataset, as reviewed data: the part of its record that checks read.

Here: the models of printed shares, parts of wholes, bounds, sums over levels and groups, and the
release's own footnotes. Not here: doing the sums (`reconciliation/`).
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from jsna_pipeline.catalogue.loading import Definition
from jsna_pipeline.vocabulary import AreaLevel


class PrintedShare(Definition):
    """A column in which the publisher printed what two counts of the same row give.

    `published` equals the sum of `numerator` times `multiplier` over the sum of `denominator`, rounded half
    up to `decimals`. Where the whole stands in a row of its own, `whole_in` gives that row's filters, the
    others being the share's; `rows` says which rows print the share, where not all do.
    """

    published: str
    numerator: list[str] = Field(min_length=1)
    denominator: list[str] = Field(min_length=1)
    decimals: int = Field(1, ge=0, le=8)
    multiplier: float = 100
    rows: dict[str, list[str]] = {}
    whole_in: dict[str, str] = {}


class PartsOfWhole(Definition):
    """Columns of one row that add up to another column of it, from a period on where earlier ones differ."""

    whole: str
    parts: list[str] = Field(min_length=1)
    from_period: str = Field("", alias="from")
    to_period: str = Field("", alias="to")


class Bound(Definition):
    """A column, or several added, that can never exceed another of the same row: plans in time, plans issued."""

    part: str | list[str]
    whole: str


class Footnote(Definition):
    """What the release itself says of some of its figures, by code, period, breakdown and column.

    An empty list means all. `effect` says what it makes of the figures: `missing` (not returned, so that
    larger areas hold less than their parts should give), `partial` (returned in part), `other_basis`
    (counted otherwise than the rest).
    """

    areas: list[str] = []
    periods: list[str] = []
    dimensions: list[str] = []
    columns: list[str] = []
    effect: Literal["missing", "partial", "other_basis"]
    says: str
    where: str = Field(
        description="which document says so: the data guidance's footnote 4; `the file itself` where none does"
    )

    @property
    def is_documented(self) -> bool:
        """Whether the publisher says it; what only the reviewer saw in the file excuses nothing."""
        return not self.where.startswith("the file itself")


class Arithmetic(Definition):
    """Everything that must hold inside one dataset.

    `levels` names the count columns that add up from authorities to regions and from regions to England;
    `tolerance` is the room that published rounding leaves a sum of one addend (5 for counts rounded to 10).
    `complete_dimensions` are breakdowns whose categories add up to the total in each of `levels`' columns.
    """

    shares: list[PrintedShare] = []
    parts: list[PartsOfWhole] = []
    bounds: list[Bound] = []
    levels: list[str] = []
    complete_dimensions: list[str] = []
    tolerance: float = Field(0, ge=0)
    exact_levels: list[AreaLevel] = Field([], description="levels whose counts are not rounded, where others are")
    footnotes: list[Footnote] = []
