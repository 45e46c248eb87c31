"""What an area reports of its own strategies: milestones, figures of its own, and its managers' words.

Here: the rows of the three files, reading them, and which figures about children are too small to print.
Not here: judging them (`rules/`, `evaluation.py`), or carrying exceptions on (`exceptions.py`).

A row belongs to a measure by the strategy's id and the measure's number, as the scorecard prints both.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Literal, Self, TypeVar

from pydantic import Field, model_validator

from jsna_pipeline.catalogue.strategies import Strategy, strategies
from jsna_pipeline.contributions.reading import ContributedRow, Day, Problem, Rows, Several, read_rows
from jsna_pipeline.vocabulary import PeriodType

MILESTONES, FIGURES, COMMENTARY = "milestones.csv", "reported_figures.csv", "manager_commentary.csv"
FEWEST = 1  # children: a count from here …
MOST = 5  # … to here might tell who they are
Key = tuple[str, int]  # strategy, number of the measure


class MilestoneStatus(StrEnum):
    NOT_STARTED = "not_started"
    UNDER_WAY = "under_way"
    DONE = "done"
    STOPPED = "stopped"


class Decision(StrEnum):
    ACCEPT = "accept"  # the explanation; the action goes on
    ACT = "act"  # further action is asked for
    CHANGE_TARGET = "change_target"
    CLOSE = "close"


class _OfMeasure(ContributedRow):
    """A row about one measure of one strategy."""

    strategy: str = Field(pattern=r"^[a-z][a-z0-9_]+$", description="id of the strategy, as the scorecard prints it")
    measure: int = Field(ge=1, description="number of the measure, as the scorecard prints it")

    @property
    def key(self) -> Key:
        return self.strategy, self.measure


class MilestoneRow(_OfMeasure):
    """Something that is to be in place by a day."""

    milestone: str = Field(max_length=300, description="what is to be in place")
    owner: str = Field("", max_length=100, description="role that answers for it")
    due: Day | None = Field(None, description="day by which it is to be in place")
    status: MilestoneStatus = Field(description="where it stands")
    done_on: Day | None = Field(None, description="day on which it was in place; needed where it is done")
    evidence: str = Field("", max_length=300, description="document or address that shows it")

    @model_validator(mode="after")
    def _done_has_its_day(self) -> Self:
        if (self.status is MilestoneStatus.DONE) != (self.done_on is not None):
            raise ValueError("a milestone that is done has its day in done_on, and no other has one")
        return self


class ReportedRow(_OfMeasure):
    """A figure that the area counts itself, of one period."""

    what: str = Field(max_length=120, description="what is counted; the same words in every period")
    period: str = Field(pattern=r"^\d{4}(/\d{2}|-(0[1-9]|1[0-2]))?$", description="2024, 2024/25 or 2025-03")
    numerator: float | None = Field(None, ge=0, allow_inf_nan=False, description="count above the line")
    denominator: float | None = Field(None, gt=0, allow_inf_nan=False, description="count below the line")
    value: float | None = Field(
        None, allow_inf_nan=False, description="the figure, where it is no count and no share of counts"
    )
    unit: str = Field(max_length=40, description="percent where there is a denominator; else children, days, £ …")
    about: Literal["children", "organisations", "documents", "staff", "money", "events"] = Field(
        description="who or what is counted; small figures about children are not printed"
    )
    source: str = Field(max_length=200, description="register or record that the figure comes from")
    supplied_on: Day | None = Field(None, description="day on which the figure was supplied")
    exceptions: Several = Field((), description="schools or documents that do not fulfil it; semicolons between")

    @model_validator(mode="after")
    def _one_figure(self) -> Self:
        if self.numerator is None and self.value is None:
            raise ValueError("a figure has a numerator or a value")
        if self.denominator is not None and (self.numerator is None or self.unit != "percent"):
            raise ValueError("a denominator stands below a numerator, and the unit is percent")
        if self.numerator is not None and self.denominator is not None and self.numerator > self.denominator:
            raise ValueError("the numerator is larger than the denominator")
        if self.exceptions and self.about == "children":
            raise ValueError("children are not named as exceptions; leave the cell blank")
        if self.numerator is not None and self.value is not None:
            raise ValueError("counts and a value are two figures; leave the value blank, it follows from the counts")
        return self

    @property
    def period_type(self) -> PeriodType:
        """Shown by how the period is written."""
        if "/" in self.period:
            return PeriodType.ACADEMIC_YEAR
        return PeriodType.MONTH if "-" in self.period else PeriodType.CALENDAR_YEAR

    @property
    def too_small(self) -> bool:
        """Whether the counts, or what can be worked out from them, are of 1 to 5 children.

        A value without counts is taken as a count of children only where its unit says so.
        """
        if self.about != "children":
            return False
        remainder = None if self.denominator is None or self.numerator is None else self.denominator - self.numerator
        counted = self.value if self.unit.strip().lower() in ("children", "pupils", "young people") else None
        return any(part is not None and FEWEST <= part <= MOST for part in (self.numerator, remainder, counted))


class CommentaryRow(_OfMeasure):
    """What the manager says of a measure that is not met, and what the board decided."""

    explanation: str = Field(max_length=2000, description="why it is not met")
    action: str = Field("", max_length=1000, description="what is being done")
    due: Day | None = Field(None, description="day by which it is done")
    decision: Decision | None = Field(None, description="what the board decided")
    decided_on: Day | None = Field(None, description="day of the decision; needed with a decision")

    @model_validator(mode="after")
    def _decision_has_its_day(self) -> Self:
        if (self.decision is None) != (self.decided_on is None):
            raise ValueError("a decision has its day in decided_on")
        return self


@dataclass(frozen=True)
class ReportedFigures:
    """What an area reports, by measure; figures in the order of their periods."""

    milestones: Mapping[Key, tuple[MilestoneRow, ...]]
    figures: Mapping[Key, tuple[ReportedRow, ...]]
    commentary: Mapping[Key, CommentaryRow]


NOTHING_REPORTED = ReportedFigures({}, {}, {})
M = TypeVar("M", bound=_OfMeasure)


def read_reported(
    folder: Path, known: Mapping[str, Strategy] | None = None
) -> tuple[ReportedFigures, tuple[Problem, ...]]:
    """The three files of `folder`; each is optional. `known` are the strategies, by default the catalogue's."""
    numbers = {
        (strategy.id, measure.row)
        for strategy in (strategies() if known is None else known).values()
        for measure in strategy.measures
    }
    problems: list[Problem] = []

    def rows(file: str, model: type[M], same: Callable[[M], tuple[object, ...]]) -> list[M]:
        found = read_rows(folder / file, model)
        kept, faults = _of_known_measures(file, found, numbers, same)
        problems.extend([*found.problems, *faults])
        return kept

    milestones = rows(MILESTONES, MilestoneRow, lambda row: (*row.key, row.milestone))
    figures = rows(FIGURES, ReportedRow, lambda row: (*row.key, row.what, row.period))
    figures, mixed = _of_one_kind(figures)
    commentary = rows(COMMENTARY, CommentaryRow, lambda row: row.key)
    subject = ReportedFigures(
        milestones=_by_measure(milestones),
        figures=_by_measure(sorted(figures, key=lambda row: row.period)),
        commentary={row.key: row for row in commentary},
    )
    return subject, (*problems, *mixed)


def _of_known_measures(
    file: str, found: Rows[M], numbers: set[Key], same: Callable[[M], tuple[object, ...]]
) -> tuple[list[M], list[Problem]]:
    """Rows of measures that exist, the first of several that say the same thing."""
    kept: dict[tuple[object, ...], M] = {}
    problems = []
    for row in found.rows:
        place = f"row {row.row}"
        if row.key not in numbers:
            what = "is of no measure of that strategy; the scorecard prints the id and the numbers"
            problems.append(Problem(file, f"{place}, column measure", what))
        elif same(row) in kept:
            problems.append(Problem(file, place, f"repeats row {kept[same(row)].row}; keep one of the two"))
        else:
            kept[same(row)] = row
    return list(kept.values()), problems


def _of_one_kind(figures: list[ReportedRow]) -> tuple[list[ReportedRow], list[Problem]]:
    """A series is of one unit, one population and one kind of period: rows unlike its first are left out."""
    first: dict[tuple[object, ...], ReportedRow] = {}
    kept, problems = [], []
    for row in figures:
        lead = first.setdefault((*row.key, row.what), row)
        shapes = [(one.unit, one.about, one.period_type, one.denominator is None) for one in (lead, row)]
        if shapes[0] == shapes[1]:
            kept.append(row)
        else:
            what = f"is not of the unit, the kind of period or the counts of row {lead.row}; use other words in what"
            problems.append(Problem(FIGURES, f"row {row.row}", what))
    return kept, problems


def _by_measure(rows: list[M]) -> dict[Key, tuple[M, ...]]:
    found: dict[Key, list[M]] = {}
    for row in rows:
        found.setdefault(row.key, []).append(row)
    return {key: tuple(several) for key, several in found.items()}
