"""What an area says of itself against each criterion of inspection, beside what its figures say.

Here: reading the grid, joining it with the criteria, and flagging a strength that the figures do not bear out. Not
here: the criteria (`catalogue/inspection.py`), the figures (`findings.py`), or printing
(`report/self_evaluation_chapter.py`).

The judgement is the area's own. Nothing here makes, changes or withholds one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, Literal, Self

from pydantic import Field, field_validator, model_validator

from jsna_pipeline.catalogue.inspection import Criterion, InspectionFramework
from jsna_pipeline.contributions.reading import ContributedRow, Day, Problem, read_rows
from jsna_pipeline.vocabulary import Significance

FILE = "self_evaluation.csv"
LONGEST = 600  # characters: a cell of the grid, not an essay
Figures = Mapping[str, tuple[str, bool]]  # indicator id → (significance against England, fails its standard)


class OwnJudgement(StrEnum):
    STRENGTH = "strength"
    DEVELOPING = "developing"
    AREA_FOR_DEVELOPMENT = "area for development"
    NOT_YET_JUDGED = "not yet judged"


class SelfEvaluationRow(ContributedRow):
    """One criterion as the partnership judges itself."""

    criterion: str = Field(description="Id of the criterion, as `needs_identified`")
    judgement: OwnJudgement = Field(description="The partnership's own judgement")
    strengths: str = Field("", max_length=LONGEST, description="What goes well, and how you know")
    areas_for_development: str = Field("", max_length=LONGEST, description="What has to get better")
    confidence: Literal["high", "medium", "low", ""] = Field("", description="How sure you are of the judgement")
    evidence: str = Field("", max_length=LONGEST, description="Documents and records that show it, beside the figures")
    owner: str = Field("", max_length=120, description="Role that answers for it, not a person's name")
    judged_on: Day | None = Field(None, description="Day of the judgement")

    @field_validator("judgement", "confidence", mode="before")
    @classmethod
    def _in_small_letters(cls, value: Any) -> Any:
        return " ".join(value.lower().replace("_", " ").split()) if isinstance(value, str) else value

    @model_validator(mode="after")
    def _is_complete(self) -> Self:
        if self.judgement is not OwnJudgement.NOT_YET_JUDGED and not (self.judged_on and self.confidence):
            raise ValueError("a judgement needs its day in judged_on and its confidence; fill in both")
        return self


@dataclass(frozen=True)
class SelfEvaluation:
    """The good rows by id of the criterion; empty where the area has written nothing."""

    rows: Mapping[str, SelfEvaluationRow]


def read_self_evaluation(folder: Path, framework: InspectionFramework) -> tuple[SelfEvaluation, tuple[Problem, ...]]:
    """`self_evaluation.csv` of an area's folder, one row a criterion of `framework`."""
    found = read_rows(folder / FILE, SelfEvaluationRow)
    problems = list(found.problems)
    rows: dict[str, SelfEvaluationRow] = {}
    for row in found.rows:
        place = f"row {row.row}, column criterion"
        if row.criterion not in framework.by_id:
            listed = ", ".join(framework.by_id)
            problems.append(Problem(FILE, place, f"names no criterion of the framework; they are {listed}"))
        elif row.criterion in rows:
            first = rows[row.criterion].row
            problems.append(Problem(FILE, place, f"repeats the criterion of row {first}; keep one of them"))
        else:
            rows[row.criterion] = row
    return SelfEvaluation(rows), tuple(problems)


@dataclass(frozen=True)
class Contradiction:
    """A figure that does not bear a strength out."""

    indicator_id: str
    fails_standard: bool  # else it is worse than England


@dataclass(frozen=True)
class IndexEntry:
    """One criterion with the area's judgement, if any, and the figures that there are."""

    criterion: Criterion
    row: SelfEvaluationRow | None
    evidenced_by: tuple[str, ...]  # ids of indicators with a figure here, the most telling first
    contradictions: tuple[Contradiction, ...]  # only beside a strength

    @property
    def judgement(self) -> OwnJudgement:
        return self.row.judgement if self.row else OwnJudgement.NOT_YET_JUDGED


def inspection_index(
    evaluation: SelfEvaluation, framework: InspectionFramework, figures: Figures
) -> tuple[IndexEntry, ...]:
    """Every criterion of `framework` in its order. `figures` are those that the report holds of the area."""
    return tuple(_entry(criterion, evaluation.rows.get(criterion.id), figures) for criterion in framework.criteria)


def _entry(criterion: Criterion, row: SelfEvaluationRow | None, figures: Figures) -> IndexEntry:
    there = tuple(one for one in criterion.indicators if one in figures)
    against = tuple(Contradiction(one, figures[one][1]) for one in there if _is_bad(figures[one]))
    claimed = row is not None and row.judgement is OwnJudgement.STRENGTH
    return IndexEntry(criterion, row, there, against if claimed else ())


def _is_bad(figure: tuple[str, bool]) -> bool:
    significance, fails_standard = figure
    return fails_standard or significance == Significance.WORSE
