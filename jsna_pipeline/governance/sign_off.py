"""The sign-off of an edition: who took which step and when, how far it has come, and what holds it back.

Here: the file `sign_off.yml`, the order of the steps, the state that follows, and the assurance statement. Not
here: what blocks approval (it is given), printing (`report/governance_section.py`), or freezing what was published
(`freezing.py`).

A step counts only where every step before it does: an assessment is a draft until the health and wellbeing board
has approved it, whatever else is signed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from jsna_pipeline.contributions.reading import Day, Problem, read_record, record_line

FILE = "sign_off.yml"
LONGEST = 200  # characters of an entry: a name, an office, where it is minuted


class Step(StrEnum):
    """The steps in the order in which they are taken."""

    DRAFT = "draft"
    DATA_CHECKED = "data_checked"
    HEALTH_CHECKED = "health_checked"
    COPRODUCTION_STATEMENT = "coproduction_statement"
    ENDORSED = "endorsed"
    APPROVED = "approved"
    PUBLISHED = "published"


TAKEN_BY: Mapping[Step, str] = {
    Step.DRAFT: "the author",
    Step.DATA_CHECKED: "the reviewer of the figures",
    Step.HEALTH_CHECKED: "the designated clinical or medical officer, for the integrated care board",
    Step.COPRODUCTION_STATEMENT: "the parent carer forum and young people",
    Step.ENDORSED: "the SEND board",
    Step.APPROVED: "the health and wellbeing board",
    Step.PUBLISHED: "the owner",
}
BLOCKED = (Step.APPROVED, Step.PUBLISHED)  # not accepted while a problem blocks approval


class Office(StrEnum):
    """Who signs the assurance statement."""

    CHILDRENS_SERVICES = "director_of_childrens_services"
    CLINICAL_OFFICER = "designated_clinical_or_medical_officer"
    CARE_BOARD = "integrated_care_board_lead"


ASSURANCE = (
    "I have read this assessment. As far as I know, its figures are those that our services hold or publish. "
    "What is not known is said, and nothing is left out that would change its conclusions."
)


class Standing(StrEnum):
    SIGNED = "signed"
    PENDING = "pending"
    NOT_ACCEPTED = "not_accepted"


# --- the file ----------------------------------------------------------------------------------


def _one_word(entry: Any) -> Any:
    """ "Data-checked" and "data checked" are `data_checked`."""
    return "_".join(entry.lower().replace("-", " ").replace("_", " ").split()) if isinstance(entry, str) else entry


class _Entry(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True, str_max_length=LONGEST)


class StepEntry(_Entry):
    """One step as the file has it; it is signed by a name, a role and a day together."""

    step: Annotated[Step, BeforeValidator(_one_word)]
    by: str = Field(default="", description="who took the step")
    role: str = Field(default="", description="in which office, or for which board")
    on: Day | None = Field(default=None, description="the day")
    note: str = Field(default="", description="where it is minuted, or what was said")


class AssuranceEntry(_Entry):
    office: Annotated[Office, BeforeValidator(_one_word)]
    by: str = Field(default="", description="name of the person who signs")
    on: Day | None = Field(default=None, description="the day")


class SignOffFile(_Entry):
    """`sign_off.yml`: a blank entry has not been filled in."""

    owner: str = Field(default="", description="who answers for the document")
    author: str = Field(default="", description="who wrote it")
    quality_reviewed_by: str = Field(default="", description="who checked the figures and the method")
    replaces: str = Field(default="", description="the edition that this one replaces")
    next_refresh: str = Field(default="", description="when the next edition is due")
    steps: tuple[StepEntry, ...] = ()
    assurance: tuple[AssuranceEntry, ...] = ()


# --- what follows from it ----------------------------------------------------------------------


@dataclass(frozen=True)
class StepTaken:
    """One step, signed or not: `by`, `role` and `on` are as written, also where the signature is not accepted."""

    step: Step
    standing: Standing = Standing.PENDING
    by: str = ""
    role: str = ""
    on: date | None = None
    note: str = ""


@dataclass(frozen=True)
class Assurance:
    """A signature under the assurance statement; without a day it is unsigned."""

    office: Office
    by: str = ""
    on: date | None = None


@dataclass(frozen=True)
class SignOff:
    """How far an edition has come. `steps` holds every step in order, `blocking` what keeps approval from counting."""

    owner: str = ""
    author: str = ""
    quality_reviewed_by: str = ""
    replaces: str = ""
    next_refresh: str = ""
    state: Step = Step.DRAFT
    steps: tuple[StepTaken, ...] = tuple(StepTaken(step) for step in Step)
    assurance: tuple[Assurance, ...] = tuple(Assurance(office) for office in Office)
    blocking: tuple[Problem, ...] = ()

    @property
    def draft(self) -> bool:
        """Whether every page is to say DRAFT."""
        return self.state not in (Step.APPROVED, Step.PUBLISHED)

    def signed(self, step: Step) -> StepTaken | None:
        """A step whose signature counts."""
        return next((one for one in self.steps if one.step is step and one.standing is Standing.SIGNED), None)

    @property
    def next_step(self) -> Step | None:
        """The step that is to be taken now; None where the edition is published."""
        order = list(Step)
        return None if self.state is order[-1] else order[order.index(self.state) + 1]


@dataclass(frozen=True)
class Fault:
    """What is wrong with a part of the file: `location` as in `("steps", 2, "on")`."""

    location: tuple[str | int, ...]
    what: str


def read_sign_off(
    folder: Path, *, cut_off: date, today: date, blocking: tuple[Problem, ...] = ()
) -> tuple[SignOff, tuple[Problem, ...]]:
    """The sign-off of the area's `folder` of an edition; unsigned where there is no file or it cannot be read.

    `cut_off` is the edition's, `today` the day of the build, `blocking` what keeps approval from counting.
    """
    path = folder / FILE
    found = read_record(path, SignOffFile)
    if isinstance(found, Problem):
        return SignOff(blocking=blocking), (found,)
    signed, faults = signed_off(found or SignOffFile(), cut_off=cut_off, today=today, blocking=blocking)
    return signed, tuple(Problem(FILE, f"line {record_line(path, one.location)}", one.what) for one in faults)


def signed_off(
    file: SignOffFile, *, cut_off: date, today: date, blocking: tuple[Problem, ...] = ()
) -> tuple[SignOff, tuple[Fault, ...]]:
    """The state that the file's signatures come to, and each signature that does not count."""
    steps, faults = _steps(file, cut_off, today, blocking)
    assurance, unsigned = _assurance(file, today)
    signed = SignOff(
        owner=file.owner,
        author=file.author,
        quality_reviewed_by=file.quality_reviewed_by,
        replaces=file.replaces,
        next_refresh=file.next_refresh,
        state=next((one.step for one in reversed(steps) if one.standing is Standing.SIGNED), Step.DRAFT),
        steps=steps,
        assurance=assurance,
        blocking=blocking,
    )
    return signed, (*faults, *unsigned)


def _steps(
    file: SignOffFile, cut_off: date, today: date, blocking: tuple[Problem, ...]
) -> tuple[tuple[StepTaken, ...], list[Fault]]:
    given: dict[Step, tuple[int, StepEntry]] = {}
    faults = []
    for place, entry in enumerate(file.steps):
        if entry.step in given:
            faults.append(Fault(("steps", place), "gives a step a second time; keep one of them"))
        given.setdefault(entry.step, (place, entry))
    taken: list[StepTaken] = []
    lacking: Step | None = None  # the first step that does not count; nothing after it does
    last: date | None = None
    for step in Step:
        place, entry = given.get(step, (0, StepEntry(step=step)))
        standing = Standing.PENDING
        if entry.by or entry.on:
            fault = _fault_of(entry, cut_off, today, last) or _out_of_turn(step, lacking, blocking)
            standing = Standing.NOT_ACCEPTED if fault else Standing.SIGNED
            faults += [Fault(("steps", place, *fault[0]), fault[1])] if fault else []
        if standing is Standing.SIGNED:
            last = entry.on
        elif step is not Step.DRAFT or standing is Standing.NOT_ACCEPTED:  # a draft is there, signed or not
            lacking = lacking or step
        taken.append(StepTaken(step, standing, entry.by, entry.role, entry.on, entry.note))
    return tuple(taken), faults


_Told = tuple[tuple[str, ...], str]  # the entry within the step, and what is wrong


def _fault_of(entry: StepEntry, cut_off: date, today: date, last: date | None) -> _Told | None:
    if not (entry.by and entry.role and entry.on):
        return (), "is signed in part; a step needs by, role and on, or has by and on blank"
    if entry.on > today:
        return ("on",), "is dated after the day of this build; correct the day, or sign when it is done"
    if entry.on < cut_off and entry.step is not Step.DRAFT:
        return ("on",), "is dated before the data cut-off, when figures could still change; correct the day"
    if last and entry.on < last:
        return ("on",), "is dated before the step that goes before it; correct one of the days"
    return None


def _out_of_turn(step: Step, lacking: Step | None, blocking: tuple[Problem, ...]) -> _Told | None:
    if lacking:
        return (), f"does not count without the step {lacking}; sign that first, or leave this one blank"
    if step in BLOCKED and blocking:
        told = "a problem is" if len(blocking) == 1 else f"{len(blocking)} problems are"
        return (), f"does not count while {told} in the way of approval; mend what blocks it first"
    return None


def _assurance(file: SignOffFile, today: date) -> tuple[tuple[Assurance, ...], list[Fault]]:
    signed: dict[Office, Assurance] = {}
    faults = []
    for place, entry in enumerate(file.assurance):
        if entry.office in signed:
            faults.append(Fault(("assurance", place), "gives an office a second time; keep one of them"))
        elif bool(entry.by) != bool(entry.on):
            faults.append(Fault(("assurance", place), "is signed in part; give by and on, or leave both blank"))
        elif entry.on and entry.on > today:
            faults.append(Fault(("assurance", place, "on"), "is dated after the day of this build; correct the day"))
        else:
            signed[entry.office] = Assurance(entry.office, entry.by, entry.on)
    return tuple(signed.get(office, Assurance(office)) for office in Office), faults


TEMPLATE = "\n".join(
    [
        "# Sign-off of this edition. A step is signed by by, role and on together; leave by and on blank until then.",
        *(f"{name}:  # {field.description}" for name, field in SignOffFile.model_fields.items() if field.description),
        "steps:",
        *(
            f"  - step: {step}\n    by:\n    role: {TAKEN_BY[step].removeprefix('the ')}\n    on:\n    note:"
            for step in Step
        ),
        "assurance:",
        *(f"  - office: {office}\n    by:\n    on:" for office in Office),
        "",
    ]
)
