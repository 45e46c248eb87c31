"""The local strategies: what each asks to be measured, and whether public figures can answer it.

Here: the model of a strategy document and of its measures, and their loader. Not here: the figures that
answer a measure (`strategy_answers.py`) or how the list is printed (`report/strategy_section.py`).

A measure is of one of four kinds of evidence, which are never mixed: a statistic (something counted), a
survey (what people answer), a milestone (something in place by a date) and a record (a log, an audit or an
account that somebody keeps). `answer` says what published files in use give: all that the measure asks,
part of it, or nothing; whatever is missing has a holder. `local_tables` name what the area's own returns
add to that; they leave the public answer as it is, because not every area holds every return.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from functools import cache
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, field_validator, model_validator

from jsna_pipeline import geography
from jsna_pipeline.catalogue.indicators import indicators
from jsna_pipeline.catalogue.loading import Definition, load_folder
from jsna_pipeline.catalogue.local_tables import local_tables
from jsna_pipeline.errors import InputError
from jsna_pipeline.vocabulary import Polarity


class EvidenceKind(StrEnum):
    STATISTIC = "statistic"
    SURVEY = "survey"
    MILESTONE = "milestone"
    RECORD = "record"


class TargetRule(StrEnum):
    """How a strategy words what it wants, as the rules by which it will be judged."""

    IN_LINE_OR_BETTER = "IN_LINE_OR_BETTER"
    NOT_ABOVE = "NOT_ABOVE"
    GAP_CLOSING_FASTER = "GAP_CLOSING_FASTER"
    REDUCE = "REDUCE"
    INCREASE = "INCREASE"
    REDUCE_WINDOW = "REDUCE_WINDOW"
    MONTHLY_REDUCE = "MONTHLY_REDUCE"
    MAINTAIN_AND_IMPROVE = "MAINTAIN_AND_IMPROVE"
    VS_PRIOR_TO_INTERVENTION = "VS_PRIOR_TO_INTERVENTION"
    CONSISTENT = "CONSISTENT"
    LINKED = "LINKED"
    ALL = "ALL"
    IN_PLACE = "IN_PLACE"
    REPRESENTATIVE = "REPRESENTATIVE"
    RECORD = "RECORD"
    BEST_VALUE = "BEST_VALUE"
    CONTEXT = "CONTEXT"


class Answer(StrEnum):
    YES = "yes"
    PARTLY = "partly"
    NO = "no"


class AnsweringIndicator(Definition):
    """An indicator that answers a measure: its headline, or the group that the measure is about.

    Written as the bare id, or as `{id: persistent_absence, group: school_type/secondary}`.
    """

    id: str
    group: str = Field("", pattern=r"^([a-z_0-9]+/\S.*)?$", description="`dimension/category`; blank is the headline")

    @model_validator(mode="before")
    @classmethod
    def _from_id(cls, value: Any) -> Any:
        return {"id": value} if isinstance(value, str) else value

    @field_validator("id")
    @classmethod
    def _is_known(cls, value: str) -> str:
        if value not in indicators():
            raise ValueError(f"no indicator {value!r} in catalogue/indicators")
        return value

    @property
    def dimension_and_category(self) -> tuple[str, str]:
        """The observation that answers the measure."""
        dimension, _, category = self.group.partition("/")
        return (dimension, category) if self.group else indicators()[self.id].headline_group


class Gap(Definition):
    """The two groups between which a gap is to close, each as `dimension/category` of the measure's indicators."""

    group: str = Field(pattern=r"^[a-z_0-9]+/\S.*$")
    reference: str = Field(pattern=r"^[a-z_0-9]+/\S.*$")


class Leg(Definition):
    """One side of a linked pair: an indicator, and the direction in which it is to move."""

    indicator: AnsweringIndicator
    want: Literal["increase", "reduce"]


class Target(Definition):
    """What a target rule needs to know beside the figures; each rule reads its own fields."""

    comparators: tuple[Literal["england", "region", "neighbours_mean"], ...] = ("england",)
    baseline: str = Field("", description="period to set out from; blank is the earliest of the strategy's years")
    window: tuple[str, str] | None = Field(None, description="first and last period of a window that is named")
    intervention: str = Field("", description="first period after an intervention")
    level: float | None = Field(None, description="value to be reached, in the indicator's unit")
    margin: float | None = Field(None, gt=0, description="difference that still counts as the same")
    share: float = Field(100, gt=0, le=100, description="percentage that has to be reached")
    due: date | None = Field(None, description="day by which it is to be reached")
    gap: Gap | None = None
    legs: tuple[Leg, ...] = ()


def _as_word(value: Any) -> Any:
    """YAML reads a bare yes or no as true or false."""
    return {True: Answer.YES, False: Answer.NO}.get(value, value) if isinstance(value, bool) else value


class Measure(Definition):
    """One line of the specification: what a strategy asks, and how far public figures answer it.

    `polarity` is the direction that the strategy wants, which may differ from the indicator's own.
    """

    row: int = Field(ge=1, description="row of the specification of strategy measures")
    references: list[str] = Field(min_length=1, description="objectives, priorities or themes that ask for it")
    measure: str
    evidence: EvidenceKind
    polarity: Polarity
    rule: TargetRule
    answer: Annotated[Answer, BeforeValidator(_as_word)]
    indicators: list[AnsweringIndicator] = []
    target: Target = Target.model_validate({})
    owner: str = Field("", description="who answers for it; blank is the strategy's board")
    survey_questions: list[str] = Field([], description="ids of survey questions that answer it")
    local_tables: list[str] = Field([], description="tables of the area's own returns that give what is missing")
    missing: str = Field("", pattern=r"^(.*\.)?$", description="what public figures do not say, in one sentence")
    holder: str = Field("", pattern=r"^(.*[^.])?$", description="who holds the rest; ends a sentence")

    @field_validator("local_tables")
    @classmethod
    def _are_tables(cls, value: list[str]) -> list[str]:
        if unknown := sorted(set(value) - local_tables().keys()):
            raise ValueError(f"no table {unknown[0]!r} in catalogue/local_tables")
        return value

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.answer is Answer.NO and self.indicators:
            raise ValueError("answer: no names no indicators")
        if self.answer is not Answer.NO and not self.indicators:
            raise ValueError(f"answer: {self.answer} names at least one indicator")
        if self.answer is not Answer.YES and not (self.missing and self.holder):
            raise ValueError(f"answer: {self.answer} says what is missing, and its holder")
        return self


class Strategy(Definition):
    """One published document of a local area. The file name is the id."""

    id: str = Field(pattern=r"^[a-z][a-z0-9_]+$")
    title: str
    short_title: str = ""
    areas: list[str] = Field(min_length=1, description="slugs of the authorities whose strategy it is")
    note: str = Field(description="what the document is, and what it leaves out")
    begins: int | None = None
    ends: int | None = None
    parts: str = Field(description="what a numbered reference is called: objective, priority, …")
    measures: list[Measure] = Field(min_length=1)

    @field_validator("areas")
    @classmethod
    def _are_authorities(cls, value: list[str]) -> list[str]:
        unknown = sorted(set(value) - set(geography.slugs()))
        if unknown:
            raise ValueError(f"no local authority has the slug {unknown[0]!r}; `jsna areas` lists them")
        return value

    @property
    def name(self) -> str:
        """The title as a table's column or a sentence can carry it."""
        return self.short_title or self.title


@cache
def strategies() -> dict[str, Strategy]:
    """Every strategy by id, in the order of the specification's rows.

    Raises InputError where two measures claim one row.
    """
    found = load_folder("strategies", Strategy)
    check_rows(found)
    return dict(sorted(found.items(), key=lambda item: item[1].measures[0].row))


def check_rows(found: dict[str, Strategy]) -> None:
    """Each row of the specification stands in one file, once."""
    claimed: dict[int, str] = {}
    for strategy in found.values():
        for measure in strategy.measures:
            if measure.row in claimed:
                raise InputError(
                    f"catalogue/strategies/{strategy.id}.yml: row {measure.row} is already a measure of "
                    f"catalogue/strategies/{claimed[measure.row]}.yml; keep it in one."
                )
            claimed[measure.row] = strategy.id
