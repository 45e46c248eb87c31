"""The logs of an edition: what it assumes, what boards decided, and what a correction corrects.

Here: the files `assumptions.csv`, `decision_log.csv` and `errata.csv`. Not here: decisions that the assessment asks
for (`commissioning/`), or printing (`report/governance_section.py`).
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from pathlib import Path

from pydantic import Field, model_validator

from jsna_pipeline.contributions.reading import ContributedRow, Day, Problem, Rows, checked_rows, read_rows
from jsna_pipeline.editions import year_and_number

WORDS, NAME = 400, 120  # characters: a cell of a printed table, and who or where
ASSUMPTIONS = "assumptions.csv"
DECISIONS = "decision_log.csv"
ERRATA = "errata.csv"
AHEAD = "is after the day of this build; correct the day"

# --- assumptions -------------------------------------------------------------------------------


class Assumption(ContributedRow):
    """Something that the assessment takes to be so; it stays unsigned until somebody named answers for it."""

    assumption: str = Field(max_length=WORDS, description="what is taken to be so")
    why: str = Field(max_length=WORDS, description="why, and on what grounds")
    effect_if_wrong: str = Field(max_length=WORDS, description="what would change in the assessment if it were not so")
    owner: str = Field("", max_length=NAME, description="role that answers for it")
    signed_by: str = Field("", max_length=NAME, description="name of the person who has agreed to it; blank until then")
    signed_on: Day | None = Field(None, description="day on which it was agreed; blank until then")


def read_assumptions(folder: Path, today: date) -> Rows[Assumption]:
    """The rows of the area's `folder`; one that is signed in part or ahead of time is told and stays unsigned.

    An assumption is not left out for its signature: the figures rest on it all the same.
    """
    found = read_rows(folder / ASSUMPTIONS, Assumption)
    rows, problems = [], list(found.problems)
    for row in found.rows:
        fault = _unsigned(row, today)
        rows.append(row.model_copy(update={"signed_by": "", "signed_on": None}) if fault else row)
        problems += [Problem(ASSUMPTIONS, f"row {row.row}, column {fault[0]}", fault[1])] if fault else []
    return Rows(tuple(rows), tuple(problems), found.rows_read)


def _unsigned(row: Assumption, today: date) -> tuple[str, str] | None:
    if bool(row.signed_by) != bool(row.signed_on):
        blank = "signed_on" if row.signed_by else "signed_by"
        return blank, "is blank beside half a signature; fill in both, or neither"
    return ("signed_on", AHEAD) if row.signed_on and row.signed_on > today else None


# --- decisions ---------------------------------------------------------------------------------


class DecisionStatus(StrEnum):
    OPEN = "open"
    DONE = "done"
    WITHDRAWN = "withdrawn"


class Decision(ContributedRow):
    """What a board decided about the assessment or upon it, and what came of it."""

    date: Day = Field(description="day of the meeting")
    board: str = Field(max_length=NAME, description="board that decided")
    decision: str = Field(max_length=WORDS, description="what was decided")
    owner: str = Field(max_length=NAME, description="role that carries it out")
    due: Day | None = Field(None, description="day by which it is to be done")
    done_on: Day | None = Field(None, description="day on which it was done; blank until then")
    status: DecisionStatus = Field(DecisionStatus.OPEN, description="where it stands; open when blank")

    @model_validator(mode="after")
    def _days_in_order(self) -> Decision:
        if (self.status is DecisionStatus.DONE) != (self.done_on is not None):
            raise ValueError("has to have a day in done_on where the status is done, and only there")
        if any(day is not None and day < self.date for day in (self.due, self.done_on)):
            raise ValueError("is due or done before it was decided; correct the day")
        return self

    def overdue_at(self, day: Day) -> bool:  # in this class `date` is the day of the meeting
        """Whether it was to be done by the end of `day`, and was not.

        A decision done since then was overdue at the time; one withdrawn asks nothing of anyone.
        """
        late = self.due is not None and self.due <= day
        return late and self.status is not DecisionStatus.WITHDRAWN and not (self.done_on and self.done_on <= day)


def read_decisions(folder: Path, today: date) -> Rows[Decision]:
    """The rows of the area's `folder` of an edition, without those that are ahead of the day of the build."""

    def fault(row: Decision) -> tuple[str, str] | None:
        if row.date > today:
            return "date", AHEAD
        return ("done_on", AHEAD) if row.done_on and row.done_on > today else None

    return checked_rows(read_rows(folder / DECISIONS, Decision), DECISIONS, fault)


# --- errata ------------------------------------------------------------------------------------


class Erratum(ContributedRow):
    """One thing that was wrong in a published edition, and is put right in a correction."""

    edition: str = Field(description="edition in which it is put right, such as 2025.1", pattern=r"^\d{4}\.[1-9]\d*$")
    chapter: str = Field(max_length=NAME, description="chapter or page in which it stood")
    was: str = Field(max_length=WORDS, description="what was printed")
    is_now: str = Field(max_length=WORDS, description="what is printed now")
    why: str = Field(max_length=WORDS, description="how the mistake came about")
    found_by: str = Field("", max_length=NAME, description="role or organisation that found it, never a person's name")
    corrected_on: Day = Field(description="day on which it was put right")


def read_errata(folder: Path, edition: str, today: date) -> Rows[Erratum]:
    """The errata of `edition` and of the corrections of the same year before it, as its folder lists them.

    A correction that corrects nothing is a problem: readers of the edition before it have to know what changed.
    """
    year, number = year_and_number(edition)

    def fault(row: Erratum) -> tuple[str, str] | None:
        of_year, of_number = year_and_number(row.edition)
        if of_year != year or of_number > number:
            return "edition", f"is no correction up to edition {edition}; move the row to the folder of its edition"
        return ("corrected_on", AHEAD) if row.corrected_on > today else None

    found = checked_rows(read_rows(folder / ERRATA, Erratum), ERRATA, fault)
    if number == 0 or any(row.edition == edition for row in found.rows):
        return found
    lacking = Problem(ERRATA, "", f"has no row of edition {edition}; say what this correction corrects")
    return Rows(found.rows, (*found.problems, lacking), found.rows_read)
