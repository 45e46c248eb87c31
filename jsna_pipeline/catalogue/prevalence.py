"""Prevalence studies: how common a condition is among children, by whom it was found, and how surely.

Here: the model of one study's rates and its loader. Not here: what they expect of an area (`future/expected.py`), or
counts of children who are known to a service (core tables).

A study is not a target. Another study, another year or another criterion gives another number; the records of one
`group` stand beside each other so that a reader sees it. An interval is the study's own or Wilson's from its cases and
its sample; where neither can be had it is left blank, with a sentence, and never guessed.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from functools import cache
from typing import Self

from pydantic import Field, field_validator, model_validator

from jsna_pipeline.catalogue.datasets import datasets
from jsna_pipeline.catalogue.loading import Definition, load_folder
from jsna_pipeline.statistics.proportions import wilson_interval

OLDEST = 25  # years of age: plans end before 26
_ROUNDING = 0.006  # limits are written to two decimals


class Sex(StrEnum):
    PERSONS = "persons"
    FEMALE = "female"
    MALE = "male"


class Interval(StrEnum):
    """Where the 95 % interval of a rate comes from."""

    PUBLISHED = "published"
    WILSON = "wilson"  # from cases and sample; weights and clusters of a survey would make it wider
    NONE = "none"


class Checked(StrEnum):
    """Whether the figure was seen in a source, or is quoted from memory and must be looked up before use."""

    READ = "read"
    FROM_MEMORY = "from_memory"


class Rate(Definition):
    """Children with the condition per 100 of an age and sex, with its 95 % interval."""

    age_from: int = Field(ge=0, le=OLDEST)
    age_to: int = Field(ge=0, le=OLDEST)
    sex: Sex
    rate: float = Field(ge=0, le=100)
    lower: float | None = Field(None, ge=0, le=100)
    upper: float | None = Field(None, ge=0, le=100)
    interval: Interval = Interval.NONE
    cases: int | None = Field(None, ge=0, description="children found with it; where weighted, rate x sample")
    sample: int | None = Field(None, ge=1, description="children studied")

    @model_validator(mode="after")
    def _is_sound(self) -> Self:
        if self.age_to < self.age_from:
            raise ValueError("age_to is below age_from")
        if self.interval is Interval.NONE:
            if self.lower is not None or self.upper is not None:
                raise ValueError("limits are given, but not whose they are")
            return self
        if self.lower is None or self.upper is None:
            raise ValueError("an interval needs both limits")
        if not self.lower <= self.rate <= self.upper:
            raise ValueError("the rate is outside its limits")
        if self.interval is Interval.WILSON:
            self._match_wilson(self.lower, self.upper)
        return self

    @property
    def limits(self) -> tuple[float, float]:
        """Its interval; the rate twice where none is given."""
        return (self.rate if self.lower is None else self.lower, self.rate if self.upper is None else self.upper)

    def _match_wilson(self, lower: float, upper: float) -> None:
        if self.cases is None or self.sample is None:
            raise ValueError("Wilson's interval needs cases and sample")
        low, high = (100 * float(limit) for limit in wilson_interval(self.cases, self.sample))
        if abs(low - lower) > _ROUNDING or abs(high - upper) > _ROUNDING:
            raise ValueError(f"Wilson's limits are {low:.2f} and {high:.2f}")


class Study(Definition):
    """Who found it, among whom, and when."""

    authors: str
    title: str
    publisher: str = Field(description="journal with volume and pages, or publishing body")
    year: int = Field(ge=1980)
    sample: str = Field(description="who was studied, as a phrase")
    country: str
    fieldwork: str = Field(pattern=r"\d{4}", description="years in which children were studied")
    short: str = Field(description="as the report's sentences name it: authors or survey, and year")


class Identified(Definition):
    """A published count of children known with something like it, of the ages of the study."""

    table: str
    columns: list[str] = Field(min_length=1, description="added; columns of the core table, broken down by age")
    named: str = Field(pattern=r"^named .*[^.]$", description="follows “of the area's plans”: named autism as …")
    note: str = Field(pattern=r"\.$", description="why it is only in part comparable")

    @field_validator("table")
    @classmethod
    def _is_dataset(cls, value: str) -> str:
        if value not in datasets():
            raise ValueError(f"no dataset {value!r} in catalogue/datasets")
        return value


class Prevalence(Definition):
    """One study of one condition. The file name is the id."""

    id: str = Field(pattern=r"^[a-z][a-z0-9_]+$")
    group: str = Field(pattern=r"^[a-z][a-z_]+$", description="condition that several studies share")
    preferred: bool = Field(description="the study of its group that a summary prints")
    name: str
    condition: str = Field(pattern=r"\.$", description="what it is, in plain words")
    would: str = Field(pattern=r"^would .*[^.]$", description="what a child counted would be or have")
    study: Study
    page: str = Field(pattern=r"^https://")
    definition: str = Field(pattern=r"\.$", description="by what a child counted as having it")
    rates: list[Rate] = Field(min_length=1)
    whole: Rate | None = Field(None, description="rate of the whole study: its interval stands for parts without one")
    no_interval: str = Field("", description="why no interval is given; blank where one is")
    extended: str = Field("", description="why the rate is used beyond the ages studied; blank where it is not")
    identified: Identified | None = None
    not_compared: str = Field("", description="why no published count is comparable; blank where one is")
    limits: list[str] = Field(min_length=1, description="what the figure cannot tell, each a sentence")
    checked: Checked
    checked_note: str = Field(pattern=r"\.$", description="where it was read, or what is quoted from memory")
    owner: str
    reviewed: date

    @field_validator("limits")
    @classmethod
    def _are_sentences(cls, value: list[str]) -> list[str]:
        if loose := [text for text in value if not text.endswith(".")]:
            raise ValueError(f"not a sentence: {loose[0]!r}")
        return value

    @model_validator(mode="after")
    def _covers_each_age_once(self) -> Self:
        sexes = {one.sex for one in self.rates}
        if sexes not in ({Sex.PERSONS}, {Sex.FEMALE, Sex.MALE}):
            raise ValueError("rates are of persons, or of both sexes")
        wanted = list(range(self.age_from, self.age_to + 1))
        for sex in sorted(sexes):
            ages = [age for one in self.rates if one.sex is sex for age in range(one.age_from, one.age_to + 1)]
            if sorted(ages) != wanted:
                raise ValueError(f"{sex}: the ages have a gap or stand twice")
        return self

    @model_validator(mode="after")
    def _accounts_for_itself(self) -> Self:
        kinds = {one.interval for one in self.rates}
        if Interval.NONE in kinds and len(kinds) > 1:
            raise ValueError("some rates have an interval and some have none")
        if self.identified is not None and self.age_from in (1, 2):
            raise ValueError("plans are published for ages 0 to 2 together, so that none can be counted from 1 or 2 on")
        if self.whole is not None and (kinds != {Interval.NONE} or self.whole.interval is Interval.NONE):
            raise ValueError("the interval of the whole stands for rates that have none of their own")
        if bool(self.no_interval) == self.has_interval:
            raise ValueError("no_interval is a sentence just where no interval is given")
        if bool(self.not_compared) == (self.identified is not None):
            raise ValueError("not_compared is a sentence just where nothing is identified")
        return self

    @property
    def age_from(self) -> int:
        return min(one.age_from for one in self.rates)

    @property
    def age_to(self) -> int:
        return max(one.age_to for one in self.rates)

    @property
    def has_interval(self) -> bool:
        """Whether the study's own uncertainty is known; else an expected number has that of chance alone."""
        return self.whole is not None or all(one.interval is not Interval.NONE for one in self.rates)


@cache
def prevalences() -> dict[str, Prevalence]:
    """Every study by id, in the order of file names."""
    return load_folder("prevalence", Prevalence)
