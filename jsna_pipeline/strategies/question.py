"""What a target rule is asked: the figures of an area, what they stand beside, and what the strategy wants.

Here: the frozen question and its parts, as the evaluation fills them in. Not here: finding the figures
(`evaluation.py`), the files that areas write (`reported.py`), or judging (`rules/`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from jsna_pipeline.catalogue.strategies import Target
from jsna_pipeline.strategies.reported import MilestoneStatus
from jsna_pipeline.strategies.series import Point, Series
from jsna_pipeline.vocabulary import PeriodType, Polarity

About = Literal["children", "organisations", "documents", "staff", "money", "events"]


@dataclass(frozen=True)
class MilestoneState:
    """Something that is to be in place; `due` None is the target's due day, if it has one."""

    milestone: str
    status: MilestoneStatus
    owner: str = ""
    due: date | None = None
    done_on: date | None = None
    evidence: str = ""


@dataclass(frozen=True)
class Reported:
    """A figure that the area counts itself, the oldest period first.

    `hidden` says that a count, or what is left of one, is of 1 to 5 children: the outcome then has a verdict
    and no number. `exceptions` name those who do not fulfil a rule of all (schools, documents; never children).
    A point with a numerator and a denominator may leave its value blank: it follows from the counts.
    """

    points: tuple[Point, ...]
    what: str
    about: About
    unit: str = "percent"
    decimals: int = 1
    hidden: bool = False
    source: str = ""
    name: str = ""  # whose figures: "Wigan"
    exceptions: tuple[str, ...] = ()


@dataclass(frozen=True)
class Wave:
    """One round of a survey question: percentage that answers as wanted, with its 95 % interval.

    `respondents` were counted; `effective` is the number they are worth after weighting.
    """

    period: str
    respondents: int
    effective: float
    share: float
    lower: float
    upper: float


@dataclass(frozen=True)
class MixGroup:
    """A group among those who answered, beside its percentage of the population that was asked."""

    dimension: str  # "age group"
    group: str  # "11 to 15"
    respondents: int
    population_share: float


@dataclass(frozen=True)
class Answers:
    """What a survey says: a question's share by wave, the oldest first, and who answered the newest.

    Every `dimension` of `mix` holds all its groups, also those from which nobody answered. `invited` is how
    many were asked, None where that is not known.
    """

    question: str
    waves: tuple[Wave, ...] = ()
    mix: tuple[MixGroup, ...] = ()
    invited: int | None = None
    name: str = ""  # whose answers: "Wigan"


@dataclass(frozen=True)
class Question:
    """All that a rule may look at.

    `polarity` is the way these figures have to move for the strategy: of a measure on better attendance, its
    indicator of absence has the polarity `low`. `comparators` are keyed by the words of `Target.comparators`;
    comparator groups of gaps likewise. A rule that looks at one series takes `area`, where that has no values
    `reported`, where that has none either `answers`. `period_type` lets sentences say periods in words;
    without it they are printed as labelled.
    """

    area: Series
    polarity: Polarity
    target: Target
    today: date  # the edition's cut-off
    years: tuple[int | None, int | None] = (None, None)  # first and last of the strategy
    comparators: Mapping[str, Series] = field(default_factory=dict)
    group: Series | None = None
    reference: Series | None = None
    comparator_group: Mapping[str, Series] = field(default_factory=dict)
    comparator_reference: Mapping[str, Series] = field(default_factory=dict)
    legs: tuple[tuple[Series, str], ...] = ()  # each with "increase" or "reduce"
    leg_names: tuple[str, ...] = ()  # how sentences call them: "Pupils in resourced provision"
    leg_kinds: tuple[PeriodType | None, ...] = ()  # of their periods, where they are not those of the question
    group_name: str = "the group"
    reference_name: str = "its reference group"
    milestones: tuple[MilestoneState, ...] = ()
    reported: Reported | None = None
    answers: Answers | None = None
    period_type: PeriodType | None = None
