"""What an area writes of its commissioning: proposals, services and the decisions it asks for.

Here: the rows of the three files and reading them. Not here: cover and gaps of the services (`services.py`), the
decisions on page one (`decisions.py`), or which chapter comes first (`prioritisation.py`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, field_validator, model_validator

from jsna_pipeline.catalogue.chapters import chapters
from jsna_pipeline.catalogue.indicators import indicators
from jsna_pipeline.catalogue.strategies import TargetRule, strategies
from jsna_pipeline.contributions.reading import ContributedRow, Day, Problem, Several, read_rows

PROPOSALS, SERVICES, DECISIONS = "commissioning.csv", "services.csv", "decisions.csv"
TEXT, NAME = 400, 120  # characters of a cell that is printed in a table

Lead = Literal["authority", "icb", "both", "schools"]
Tier = Literal["universal", "targeted", "specialist"]
CostBand = Literal["none", "under_50k", "50k_250k", "250k_1m", "over_1m", "not_costed"]
ProposalStatus = Literal["proposed", "agreed", "in progress", "done", "declined"]


def _small(cell: Any) -> Any:
    return " ".join(cell.lower().split()) if isinstance(cell, str) else cell


def _known_chapter(cell: str) -> str:
    if cell not in chapters():
        raise ValueError(f"is no chapter; the chapters are {', '.join(chapters())}")
    return cell


def _rule(cell: Any) -> Any:
    if isinstance(cell, str) and cell.strip().upper() not in TargetRule.__members__:
        raise ValueError(f"is no target rule; the rules are {', '.join(TargetRule)}")
    return cell.strip().upper() if isinstance(cell, str) else cell


InSmallLetters = BeforeValidator(_small)


class ChapterRow(ContributedRow):
    """A row that belongs to a chapter of the report."""

    chapter: str = Field(description="Id of the chapter, as `ehc_system`")

    _chapter = field_validator("chapter")(_known_chapter)


class Proposal(ChapterRow):
    """From a need to what should be commissioned, by whom, and how success will be seen."""

    need: str = Field(max_length=TEXT, description="The need, in a sentence that the chapter bears out")
    current_service: str = Field("", max_length=TEXT, description="What there is now")
    gap: str = Field("", max_length=TEXT, description="What is missing")
    proposal: str = Field(max_length=TEXT, description="What should be commissioned or changed")
    lead: Annotated[Lead, InSmallLetters] = Field(description="Who commissions it")
    cost_band: Annotated[CostBand, InSmallLetters] = Field("not_costed", description="Yearly cost, in pounds")
    measure: str = Field("", description="Id of an indicator, or a strategy and its row: `wigan_education/61`")
    target_rule: Annotated[TargetRule, BeforeValidator(_rule)] | None = Field(
        None, description="How the measure will be judged, as the strategies' measures are"
    )
    status: Annotated[ProposalStatus, InSmallLetters] = Field("proposed", description="How far it is")
    owner: str = Field("", max_length=NAME, description="Role that answers for it, not a person's name")
    due: Day | None = Field(None, description="Day by which it is to be in place")

    @model_validator(mode="after")
    def _has_something_to_judge(self) -> Self:
        if self.target_rule and not self.measure:
            raise ValueError("a target rule needs the measure that it judges; fill in measure")
        return self


class Service(ChapterRow):
    """A service that exists today."""

    service: str = Field(max_length=NAME, description="Name of the service")
    kind: str = Field("", max_length=NAME, description="What it offers: speech and language therapy")
    provider: str = Field("", max_length=NAME, description="Who provides it")
    commissioner: Annotated[Lead, InSmallLetters] = Field(description="Who commissions it")
    tier: Annotated[Tier, InSmallLetters] = Field(description="For everybody, for some, or for few")
    age_from: int | None = Field(None, ge=0, le=25, description="Youngest age, in years")
    age_to: int | None = Field(None, ge=0, le=25, description="Oldest age, in years")
    localities: Several = Field((), description="Where it works, with semicolons between; blank is the whole area")
    capacity: int | None = Field(None, ge=0, description="Children it can serve at one time")
    waiting: int | None = Field(None, ge=0, description="Children waiting; 1 to 5 are never printed")
    contract_ends: Day | None = Field(None, description="Last day of the contract")

    @model_validator(mode="after")
    def _ages_in_order(self) -> Self:
        if self.age_from is not None and self.age_to is not None and self.age_from > self.age_to:
            raise ValueError("age_from is above age_to; swap them")
        return self


class Decision(ContributedRow):
    """A decision that a board is asked for."""

    decision: str = Field(max_length=TEXT, pattern=r"[^.]$", description="What is to be decided, without a full stop")
    why: str = Field("", max_length=TEXT, description="Why now, in a sentence")
    lead: str = Field(max_length=NAME, description="Role that leads, not a person's name")
    by: Day = Field(description="Day by which it is needed")
    board: str = Field("", max_length=NAME, description="Who decides")
    options: Several = Field((), description="What can be chosen, with semicolons between")
    chapter: str = Field("", description="Id of the chapter that evidences it; blank is several")
    cost_band: Annotated[CostBand, InSmallLetters] = Field("not_costed", description="Yearly cost, in pounds")

    @field_validator("chapter")
    @classmethod
    def _chapter(cls, cell: str) -> str:
        return _known_chapter(cell) if cell else cell


@dataclass(frozen=True)
class Commissioning:
    """What an area has written; any part may be empty."""

    proposals: tuple[Proposal, ...] = ()
    services: tuple[Service, ...] = ()
    decisions: tuple[Decision, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.proposals or self.services or self.decisions)


def read_commissioning(
    folder: Path, strategy_rows: Iterable[str] | None = None
) -> tuple[Commissioning, tuple[Problem, ...]]:
    """The three files of an area's folder.

    `strategy_rows` are the measures that a proposal may name as `<strategy>/<row>`, by default those of the
    catalogue. A measure that does not exist is taken out of its proposal, with its rule, and told.
    """
    proposals = read_rows(folder / PROPOSALS, Proposal)
    services = read_rows(folder / SERVICES, Service)
    decisions = read_rows(folder / DECISIONS, Decision)
    known = {*indicators(), *(catalogued_rows() if strategy_rows is None else strategy_rows)}
    unknown = [one for one in proposals.rows if one.measure and one.measure not in known]
    told = [
        Problem(
            PROPOSALS,
            f"row {one.row}, column measure",
            "is neither an indicator nor a row of a strategy; `jsna indicators` lists the first",
        )
        for one in unknown
    ]
    kept = tuple(
        one.model_copy(update={"measure": "", "target_rule": None}) if one in unknown else one for one in proposals.rows
    )
    return (
        Commissioning(kept, services.rows, decisions.rows),
        (*proposals.problems, *told, *services.problems, *decisions.problems),
    )


def catalogued_rows() -> frozenset[str]:
    """Every measure of the catalogue's strategies, as `<strategy>/<row>`."""
    return frozenset(f"{one.id}/{measure.row}" for one in strategies().values() for measure in one.measures)
