"""Scenarios of future need: what is supposed, what it rests on, and which flows or places it changes.

Here: the model of a scenario, its kinds of change and the loader of the catalogue's, which apply to any authority.
Not here: the files of an area's own (`future/own_scenarios.py`), or what follows from one (`future/scenarios.py`).

A scenario answers "what if?". It is neither a target nor advice, and what it supposes is printed beside what it gives.

`from` is always a January. Flows (new plans, plans that end, growth) change after it, so that the count of the next
January is the first to show it; places, shares and population have changed in the count of that January itself.
"""

from __future__ import annotations

import re
from datetime import date
from enum import StrEnum
from functools import cache
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BeforeValidator, ConfigDict, Field, field_validator, model_validator

from jsna_pipeline.catalogue.loading import Definition, load_folder
from jsna_pipeline.future.tables import NEEDS, SETTINGS

BASELINE = "baseline"
RIGHTS = (
    "A child's or young person's right to an assessment, and to a plan where one is needed, "
    "does not depend on any budget or forecast."
)
# A name or question with one of these would read as what somebody is to reach, or as help withheld to spend less.
_NO_SCENARIO = re.compile(r"\b(targets?|refus\w*|sav(e|es|ed|ing|ings)|ration\w*)\b", re.IGNORECASE)


def _setting(value: str) -> str:
    if value not in SETTINGS:
        raise ValueError(f"has to be one of {', '.join(SETTINGS)}")
    return value


def _need(value: str) -> str:
    if value not in NEEDS:
        raise ValueError(f"has to be one of {', '.join(NEEDS)}")
    return value


Setting = Annotated[str, AfterValidator(_setting)]
Year = Annotated[int, Field(ge=2020, le=2060)]
Phase = Literal["early_years", "primary", "secondary", "post_16"]


class Certainty(StrEnum):
    """How certain an assumption is."""

    MEASURED = "measured"  # counted and published
    ESTIMATED = "estimated"  # worked out from counts, with an error that is known
    ASSUMED = "assumed"  # supposed, so that its effect can be seen


class Assumption(Definition):
    """One thing that has to hold for a scenario to come about."""

    assumption: str = Field(pattern=r"\.$", description="a sentence")
    basis: str = Field(pattern=r"\.$", description="what it rests on, in a sentence")
    certainty: Certainty
    would_change: str = Field(pattern=r"\.$", description="what would change it, in a sentence")


# --- kinds of change ---------------------------------------------------------------------------


class Change(Definition):
    """What every change has."""

    model_config = ConfigDict(populate_by_name=True)

    from_: Year = Field(alias="from", description="January from which it holds")


class _Rate(Change):
    factor: float = Field(
        ge=0, le=5, allow_inf_nan=False, description="multiple of what is projected; 0.8 is a fifth fewer"
    )
    until: Year | None = Field(None, description="January at which it ends; blank for good")

    @model_validator(mode="after")
    def _ends_after_it_begins(self) -> Self:
        if self.until is not None and self.until <= self.from_:
            raise ValueError("ends (until) no later than it begins (from)")
        return self


class NewPlanRate(_Rate):
    """New plans of a year are a multiple of those projected."""

    kind: Literal["new_plan_rate"]


class CeasingRate(_Rate):
    """Of a hundred plans, a multiple of the usual number ends in a year."""

    kind: Literal["ceasing_rate"]


class _Places(Change):
    """So many places of one kind of setting, over some Januaries; whom they are for is information only."""

    setting: Setting
    places: int = Field(ge=1, le=2000)
    over: int = Field(1, ge=1, le=10, description="Januaries until all have opened or closed, in equal steps")
    need: Annotated[str, AfterValidator(_need)] | None = Field(None, description="first need; for information")
    phase: Phase | None = Field(None, description="for information")


class SettingOpens(_Places):
    """Places of one kind of setting are added and filled by children who would have been in others."""

    kind: Literal["setting_opens"]
    takes_from: list[Setting] = Field(min_length=1, description="settings where they would have been, in proportion")

    @model_validator(mode="after")
    def _from_elsewhere(self) -> Self:
        if self.setting in self.takes_from or len(set(self.takes_from)) < len(self.takes_from):
            raise ValueError("has to take from other settings (takes_from), each named once")
        return self


class SettingCloses(_Places):
    """Places of one kind of setting end, and the children who would have filled them are in others."""

    kind: Literal["setting_closes"]
    goes_to: list[Setting] = Field(min_length=1, description="settings where they are instead, in proportion")

    @model_validator(mode="after")
    def _to_elsewhere(self) -> Self:
        if self.setting in self.goes_to or len(set(self.goes_to)) < len(self.goes_to):
            raise ValueError("has to lead to other settings (goes_to), each named once")
        return self


class SettingShift(Change):
    """Children are in one kind of setting rather than another: so many of all plans, or of each year's new ones."""

    kind: Literal["setting_shift"]
    from_setting: Setting
    to_setting: Setting
    points: float | None = Field(None, gt=0, le=100, allow_inf_nan=False, description="percentage points of all plans")
    share_of_new: float | None = Field(None, gt=0, le=100, allow_inf_nan=False, description="percent of new plans")
    over: int = Field(1, ge=1, le=10, description="Januaries until all points have moved")

    @model_validator(mode="after")
    def _says_how_many(self) -> Self:
        if (self.points is None) == (self.share_of_new is None):
            raise ValueError("has to have either points or share_of_new")
        if self.from_setting == self.to_setting:
            raise ValueError("has one setting as from_setting and to_setting")
        return self


class Exclusion(Change):
    """More (or, below 0, fewer) children with plans are in alternative provision rather than in mainstream schools."""

    kind: Literal["exclusion"]
    points: float = Field(
        ge=-20, le=20, allow_inf_nan=False, description="percentage points of all plans; below 0 back to mainstream"
    )
    over: int = Field(1, ge=1, le=10, description="Januaries until all points have moved")

    @property
    def shift(self) -> SettingShift | None:
        """The same as a shift; None where nothing moves."""
        ends = ("mainstream", "alternative_provision")
        begin, end = ends if self.points > 0 else ends[::-1]
        if self.points == 0:
            return None
        known = {"from": self.from_, "from_setting": begin, "to_setting": end, "points": abs(self.points)}
        return SettingShift.model_validate({"kind": "setting_shift", **known, "over": self.over})


class Population(Change):
    """More or fewer children than expected live in the area: those with plans, and new plans after."""

    kind: Literal["population"]
    factor: float = Field(
        ge=0.5, le=2, allow_inf_nan=False, description="multiple of the children expected; 1.05 is 5 % more"
    )


class Regime(Change):
    """England's growth itself changes, as it did when the law did.

    Each simulation draws its factor evenly between `lowest` and `highest`, the same for every authority.
    """

    kind: Literal["regime"]
    lowest: float = Field(
        ge=-2, le=5, allow_inf_nan=False, description="multiple of England's yearly growth; 0 is none"
    )
    highest: float = Field(ge=-2, le=5, allow_inf_nan=False, description="multiple of England's yearly growth")

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.highest < self.lowest:
            raise ValueError("has a highest factor below its lowest")
        return self


KINDS = (
    "new_plan_rate",
    "ceasing_rate",
    "setting_opens",
    "setting_closes",
    "setting_shift",
    "exclusion",
    "population",
    "regime",
)


def _known_kind(change: Any) -> Any:
    """Before pydantic looks for the kind: its own message quotes what stands there, which may be anybody's words."""
    if isinstance(change, dict) and change.get("kind") not in KINDS:
        raise ValueError(f"has to have a kind: one of {', '.join(KINDS)}")
    return change


AnyChange = Annotated[
    NewPlanRate | CeasingRate | SettingOpens | SettingCloses | SettingShift | Exclusion | Population | Regime,
    Field(discriminator="kind"),
    BeforeValidator(_known_kind),
]


# --- the record --------------------------------------------------------------------------------


class Scenario(Definition):
    """One reviewed scenario. The file name is the id."""

    id: str = Field(pattern=r"^[a-z][a-z0-9_]{1,59}$")
    order: int = Field(100, ge=0, description="place in tables, the baseline first")
    name: str = Field(pattern=r"[^.?]$", max_length=60, description="plain words, as a table's row can carry them")
    question: str = Field(pattern=r"\?$", description="what is asked")
    description: str = Field(pattern=r"\.$", description="what is supposed, and what it is not, in a few sentences")
    changes: list[AnyChange] = Field([], description="none for things going on")
    assumptions: list[Assumption] = Field(min_length=1)
    owner: str
    reviewed: date

    @field_validator("name", "question")
    @classmethod
    def _is_no_target(cls, value: str) -> str:
        if _NO_SCENARIO.search(value):
            raise ValueError("asks what would follow; it has to speak of no target, no saving and no refusal")
        return value

    @model_validator(mode="after")
    def _changes_something(self) -> Self:
        if bool(self.changes) == (self.id == BASELINE):
            raise ValueError("a scenario has changes; only that of things going on has none")
        return self

    @property
    def fewer_new_plans(self) -> bool:
        """Whether it supposes fewer new plans, so that the log of assumptions puts RIGHTS beside it."""
        return any(isinstance(one, NewPlanRate) and one.factor < 1 for one in self.changes)


@cache
def scenarios() -> dict[str, Scenario]:
    """Every scenario of the catalogue by id, in the order of tables."""
    found = load_folder("scenarios", Scenario)
    return dict(sorted(found.items(), key=lambda item: (item[1].order, item[0])))
