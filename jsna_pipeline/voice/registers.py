"""What people write down of what children, young people and families say, as registers.

Here: themes, quotations, "you said, we did", consultations and statements of forums: their rows, and what may be
counted or printed of them. Not here: surveys (`survey.py`) or how the chapter says it (`report/voice_chapter.py`).

Nothing is judged from anybody's words: a theme and its mentions are what a person entered. Words without consent
are dropped as the row is read, so that nothing later can print them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from statistics import median
from typing import Any, Literal, Self

from pydantic import Field, model_validator

from jsna_pipeline.contributions.reading import ContributedRow, Day, Several, YesNo

LONGEST_WORDS = 600  # characters of a quotation: three or four sentences
LONGEST_STATEMENT = 6_000
Medium = Literal["report", "web"]
Speaker = Literal["child", "young person", "parent", "carer", "sibling", "staff"]


class Theme(ContributedRow):
    """What was said often, in the words of whoever read the answers."""

    theme: str = Field(max_length=160, description="The theme, in a few plain words")
    source: Literal["survey", "consultation", "forum", "complaints", "case study"] = Field(description="Where from")
    audience: Literal["children", "young people", "parents", "carers", "parents and carers", "staff"] = Field(
        description="Who said it"
    )
    mentions: int | None = Field(None, ge=0, description="How many people or cases raised it")
    out_of: int | None = Field(None, ge=1, description="Of how many")
    entered_by: str = Field(max_length=120, description="Role of the person who read and counted")
    entered_on: Day = Field(description="Day on which it was entered")
    chapter: str = Field("", max_length=60, description="Chapter of the report that it bears on")

    @model_validator(mode="after")
    def _part_of_a_whole(self) -> Self:
        if self.mentions is not None and self.out_of is not None and self.mentions > self.out_of:
            raise ValueError("has more mentions than there were people; check the two numbers")
        return self


class ConsentFor(StrEnum):
    REPORT = "report"
    WEB = "web"
    BOTH = "both"


class Quotation(ContributedRow):
    """Somebody's own words, with what they agreed to. Without consent in force the words are dropped here."""

    words: str = Field("", max_length=LONGEST_WORDS, description="Their own words, without names")
    speaker_kind: Speaker = Field(description="Who speaks")
    age_band: str = Field("", max_length=20, description="Age band of the speaker, for example 11 to 15")
    consent: YesNo = Field(description="Whether they agreed to be quoted (yes or no)")
    consent_for: ConsentFor | None = Field(
        None, description="Where: on paper (report), on web pages (web), or both; this report is both"
    )
    consent_on: Day | None = Field(None, description="Day on which they agreed")
    withdrawn_on: Day | None = Field(None, description="Day on which they took their consent back")
    chapter: str = Field("", max_length=60, description="Chapter of the report that it bears on")

    @model_validator(mode="before")
    @classmethod
    def _without_words_not_agreed_to(cls, cells: Any) -> Any:
        """Before anything else looks at them: only a plain yes, and nothing in the column of withdrawal, keeps them."""
        if not isinstance(cells, dict):
            return cells
        agreed = str(cells.get("consent") or "").strip().lower() in ("yes", "y", "true")
        return cells if agreed and not str(cells.get("withdrawn_on") or "").strip() else {**cells, "words": ""}

    @model_validator(mode="after")
    def _consent_says_where_and_when(self) -> Self:
        if self.consent and (self.consent_for is None or self.consent_on is None):
            raise ValueError("has consent without saying for what or since when; fill in consent_for and consent_on")
        if self.withdrawn_on and self.consent_on and self.withdrawn_on < self.consent_on:
            raise ValueError("has a consent taken back before it was given; check the two days")
        if self.in_force and not self.words:
            raise ValueError("has consent and no words")
        return self

    @property
    def in_force(self) -> bool:
        return self.consent and self.withdrawn_on is None

    def may_be_printed(self, medium: Medium) -> bool:
        return self.in_force and self.consent_for in (ConsentFor.BOTH, ConsentFor(medium))


class YouSaidStatus(StrEnum):
    DONE = "done"
    IN_PROGRESS = "in_progress"
    LISTENING = "listening"
    NOT_POSSIBLE = "not_possible"


OPEN = (YouSaidStatus.IN_PROGRESS, YouSaidStatus.LISTENING)


class YouSaid(ContributedRow):
    """One thing that was asked for, and what became of it."""

    id: str = Field(max_length=20, description="Number of the item, kept from edition to edition")
    said_on: Day = Field(description="Day on which it was said")
    who: str = Field(max_length=120, description="Who said it: a group, never a name")
    said: str = Field(max_length=600, description="What they said")
    did: str = Field("", max_length=600, description="What was done or is being done")
    status: YouSaidStatus = Field(description="Where it stands")
    why_not: str = Field("", max_length=600, description="Why it cannot be done")
    done_on: Day | None = Field(None, description="Day on which it was done")
    owner: str = Field(max_length=120, description="Role that answers for it")
    chapter: str = Field("", max_length=60, description="Chapter of the report that it bears on")
    linked_action: str = Field("", max_length=120, description="Action of a strategy or plan that it led to")

    @model_validator(mode="after")
    def _status_is_explained(self) -> Self:
        if self.status is YouSaidStatus.DONE and not (self.did and self.done_on):
            raise ValueError("is done without saying what or when; fill in did and done_on")
        if self.status is YouSaidStatus.NOT_POSSIBLE and not self.why_not:
            raise ValueError("is not possible without saying why; fill in why_not")
        if self.done_on and self.done_on < self.said_on:
            raise ValueError("is done before it was said; check the two days")
        return self

    @property
    def is_open(self) -> bool:
        return self.status in OPEN


class Consultation(ContributedRow):
    """A consultation or a piece of co-production, and what it changed."""

    title: str = Field(max_length=160, description="What it was about")
    kind: Literal["consultation", "co-production", "engagement"] = Field(description="What kind")
    first_day: Day = Field(description="First day")
    last_day: Day | None = Field(None, description="Last day; blank while it is open")
    participants: int | None = Field(None, ge=0, description="How many took part")
    methods: Several = Field((), description="How: workshop; questionnaire; school visit")
    what_changed: str = Field("", max_length=600, description="What is different because of it")

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.last_day and self.last_day < self.first_day:
            raise ValueError("ends before it begins; check the two days")
        return self


class Agrees(StrEnum):
    YES = "yes"
    IN_PART = "in part"
    NO = "no"


class ForumStatement(ContributedRow):
    """What a forum says of this report in its own words: printed whole, whether or not it agrees."""

    by: str = Field(max_length=120, description="The body that speaks")
    role: str = Field(max_length=120, description="What it is, or the role of who signs for it")
    date: Day = Field(description="Day of the statement")
    text: str = Field(max_length=LONGEST_STATEMENT, description="The statement, whole")
    agrees: Agrees = Field(description="Whether it agrees with the report")


@dataclass(frozen=True)
class HeldBack:
    """Quotations that are not printed, counted by why."""

    without_consent: int = 0
    withdrawn: int = 0
    paper_alone: int = 0  # agreed to for paper and not for web pages, and this report is both


@dataclass(frozen=True)
class OpenItems:
    """Items of "you said, we did": how many, how many closed, and the days that open ones have waited."""

    total: int
    closed: int
    median_days: float | None = None
    oldest_days: int | None = None
    oldest: YouSaid | None = field(default=None)

    @property
    def open(self) -> int:
        return self.total - self.closed

    @property
    def share_closed(self) -> float | None:
        """In percent; done and not possible are closed, since both have an answer."""
        return 100 * self.closed / self.total if self.total else None


def held_back(quotations: Sequence[Quotation]) -> HeldBack:
    return HeldBack(
        without_consent=sum(not one.consent for one in quotations),
        withdrawn=sum(one.consent and one.withdrawn_on is not None for one in quotations),
        paper_alone=sum(one.in_force and not one.may_be_printed("web") for one in quotations),
    )


def open_items(items: Sequence[YouSaid], cut_off: date) -> OpenItems:
    """The register as it stood at the cut-off: what was said later is not in it, what was done later is open."""
    said = [one for one in items if one.said_on <= cut_off]
    waiting = [one for one in said if one.is_open or (one.done_on is not None and one.done_on > cut_off)]
    if not waiting:
        return OpenItems(len(said), len(said))
    ages = [(cut_off - one.said_on).days for one in waiting]
    oldest = min(waiting, key=lambda one: one.said_on)
    return OpenItems(len(said), len(said) - len(waiting), float(median(ages)), max(ages), oldest)
