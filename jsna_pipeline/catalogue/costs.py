"""What a placement of each kind costs in a year: reviewed records, each figure with where it is from.

Here: the model of a record and its loader. Not here: an area's own mean costs, drawing from a range or adding up
(`future/money.py`).

A figure is `published`, and names its source, or it is our `judgement`, and says why; no range is given without one
of the two. A cost is what the high-needs budget pays for a place in one year (place funding, top-up, fees,
therapies in plans), never transport. A setting that has no cost of its own says how it is treated instead.
"""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import Literal, Self

from pydantic import Field, model_validator

from jsna_pipeline.catalogue.loading import Definition, load_folder
from jsna_pipeline.errors import InputError
from jsna_pipeline.future.tables import SETTINGS

Checked = Literal["read", "from_memory"]  # whether the figure was seen on the page when the record was reviewed
Treatment = Literal[
    "costed",  # plans times the cost of a place
    "left_out",  # counts as nothing, because nothing sound is known
    "mean_of_others",  # costs what the mean plan with a cost does
]


class CostSource(Definition):
    """A text from which figures are taken."""

    citation: str
    page: str = Field(pattern=r"^https://")
    checked: Checked
    shows: str = Field(description="what the text says, in our words, with its figures")


class CostFigure(Definition):
    """Pounds a year, and where they are from."""

    pounds: float = Field(gt=0)
    basis: Literal["published", "judgement"]
    source: str = Field("", description="key of the source, where published")
    because: str = Field("", description="why this figure, where it is a judgement")

    @model_validator(mode="after")
    def _is_founded(self) -> Self:
        if (self.basis == "published") != bool(self.source):
            raise ValueError("a published figure names its source, and a judgement none")
        if (self.basis == "judgement") != bool(self.because):
            raise ValueError("a judgement says why, and a published figure needs no reason")
        return self


class PlacementCost(Definition):
    """The cost of one setting. The file name, one of SETTINGS, is the id."""

    id: str
    name: str = Field(description="the setting in the plural, as a sentence says it: 'special schools of the state'")
    treatment: Treatment = "costed"
    low: CostFigure | None = None
    central: CostFigure | None = None
    high: CostFigure | None = None
    price_year: str = Field("", description="year of the central figure's prices, such as 2024/25")
    includes: str = ""
    sources: dict[str, CostSource] = {}
    limits: list[str] = Field(min_length=1, description="what to bear in mind, each a sentence")
    owner: str
    reviewed: date

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if self.id not in SETTINGS:
            raise ValueError(f"{self.id!r} is no setting; the settings are {', '.join(SETTINGS)}")
        given = [figure for figure in (self.low, self.central, self.high) if figure is not None]
        if self.treatment != "costed":
            if given or self.price_year or self.includes:
                raise ValueError("treatment: a setting that is not costed has no figures")
            return self
        if len(given) < 3 or not self.price_year or not self.includes or not self.sources:
            raise ValueError("treatment: a costed setting needs low, central, high, price_year, includes and sources")
        if not given[0].pounds <= given[1].pounds <= given[2].pounds:
            raise ValueError("low, central and high are not in order")
        if unknown := [figure.source for figure in given if figure.source and figure.source not in self.sources]:
            raise ValueError(f"sources: {unknown[0]!r} is not among them")
        return self

    @property
    def pounds(self) -> tuple[float, float, float] | None:
        """Low, central and high, or None where the setting has no cost of its own."""
        if self.low is None or self.central is None or self.high is None:
            return None
        return self.low.pounds, self.central.pounds, self.high.pounds

    @property
    def checked(self) -> Checked | Literal["judgement"]:
        """`read` where every source that a figure comes from was read; `judgement` where no figure has a source."""
        named = {
            figure.source for figure in (self.low, self.central, self.high) if figure is not None and figure.source
        }
        if not named:
            return "judgement"
        return "read" if all(self.sources[name].checked == "read" for name in named) else "from_memory"

    @property
    def judged(self) -> tuple[str, ...]:
        """Which of low, central and high are judgements."""
        figures = {"low": self.low, "central": self.central, "high": self.high}
        return tuple(name for name, figure in figures.items() if figure is not None and figure.basis == "judgement")


@cache
def unit_costs() -> dict[str, PlacementCost]:
    """The cost of a placement by setting, every setting in the order of SETTINGS."""
    found = load_folder("costs", PlacementCost)
    if missing := [setting for setting in SETTINGS if setting not in found]:
        raise InputError(f"catalogue/costs/{missing[0]}.yml is missing; every setting has a record of its cost.")
    return {setting: found[setting] for setting in SETTINGS}
