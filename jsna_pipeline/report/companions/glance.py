"""The few facts of an area that a page of one minute needs, with the counts behind them.

Here: the frozen facts, and gathering them from what the report's sentences are made of. Not here: their
words (`infographic.py`, `easy_read.py`) or choosing what leads the report itself (`front_page.py`).

The report's own sentences cannot be cut shorter without guessing, so the companions start from the same
facts. Figures more than 24 months old, and counts of the area's own records, are not among them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from jsna_pipeline.vocabulary import TOTAL, AreaLevel, Comparator, PeriodType

if TYPE_CHECKING:
    from jsna_pipeline.commissioning.plan import Decision
    from jsna_pipeline.findings import Facts
    from jsna_pipeline.voice.results import VoiceResults
    from jsna_pipeline.voice.survey import Survey

CASELOAD, REQUESTS, SEN_SUPPORT = "ehcp_caseload", "ehcp_requests", "sen_support_prevalence"
AUTISM_WAIT, THERAPY_WAIT = "health_autism_wait_over_13_weeks", "health_cyp_waits_over_52_weeks"
WANTED = (CASELOAD, REQUESTS, SEN_SUPPORT, AUTISM_WAIT, THERAPY_WAIT)
HEARD_EACH = 3  # the least positive answers of each survey


@dataclass(frozen=True)
class KeyFigure:
    """The newest headline of one indicator; `value` and counts are those of the observation."""

    indicator_id: str
    name: str
    period: str  # "January 2025"
    when: str  # "In January 2025"
    value: float
    printed: str  # "47.2%"
    phrase: str  # what the value is of: "of new EHC plans were issued within 20 weeks"
    count: int | None = None
    out_of: int | None = None
    late: int | None = None  # how many missed the standard that the law sets; None where it sets none
    late_words: str = ""  # "plans were issued after 20 weeks"
    before: float | None = None  # the same count a year before
    covers: str = ""  # the NHS area or provider whose figure it is


@dataclass(frozen=True)
class Heard:
    """How many of those asked gave a positive answer to one question: weighted share and answers counted."""

    audience: str  # "parents and carers"
    question: str
    share: float  # percent
    answers: int
    wave: str


@dataclass(frozen=True)
class Sought:
    """A decision that a board is asked for."""

    decision: str
    board: str
    by: date


@dataclass(frozen=True)
class Glance:
    """Standards of the law come first, in their order of weight; `heard` has the least positive answers first."""

    figures: tuple[KeyFigure, ...] = ()
    heard: tuple[Heard, ...] = ()
    sought: tuple[Sought, ...] = ()

    def get(self, indicator_id: str) -> KeyFigure | None:
        return next((one for one in self.figures if one.indicator_id == indicator_id), None)

    @property
    def standards(self) -> tuple[KeyFigure, ...]:
        """Those that the law sets a limit for, kept or not."""
        return tuple(one for one in self.figures if one.late is not None)


NOTHING = Glance()


def glance(known: Mapping[str, Facts], voice: VoiceResults, decisions: Sequence[Decision], cut_off: date) -> Glance:
    """The facts of one area; `decisions` are in the order in which the report lists them."""
    standards = [one for one in known.values() if one.is_current and one.late is not None]
    standards.sort(key=lambda one: (one.record.standard.priority if one.record.standard else 0, one.record.order))
    others = [known[name] for name in WANTED if name in known and known[name].is_current]
    return Glance(
        figures=tuple(_key_figure(one) for one in (*standards, *others)),
        heard=_heard(voice, cut_off),
        sought=tuple(Sought(one.decision, one.board, one.by) for one in decisions),
    )


def _key_figure(one: Facts) -> KeyFigure:
    from jsna_pipeline.findings import when
    from jsna_pipeline.report import formatting

    record = one.record
    counted = record.id in (CASELOAD, REQUESTS)
    before = one.comparisons.get(Comparator.PREVIOUS)
    yearly = one.period_type in (PeriodType.JANUARY_SNAPSHOT, PeriodType.CALENDAR_YEAR)
    return KeyFigure(
        indicator_id=record.id,
        name=record.name,
        period=formatting.sentence(formatting.period_words(one.period, one.period_type)),
        when=when(one),
        value=one.value,
        printed=formatting.measure(one.value, "" if counted else record.unit, record.decimals),
        phrase=record.phrase,
        count=None if one.numerator is None else int(one.numerator),
        out_of=None if one.denominator is None else int(one.denominator),
        late=one.late,
        late_words=record.standard.late if record.standard else "",
        before=before.value if before and counted and yearly else None,
        covers=one.area_name if one.area_level is not AreaLevel.LOCAL_AUTHORITY else "",
    )


def _heard(voice: VoiceResults, cut_off: date) -> tuple[Heard, ...]:
    """Of each survey's last wave, if it is recent, the questions with the fewest positive answers; fewest first."""
    heard = [one for survey in voice.newest() if _recent(survey, cut_off) for one in _least_positive(voice, survey)]
    return tuple(sorted(heard, key=lambda one: (one.share, one.question)))


def _recent(survey: Survey, cut_off: date) -> bool:
    from jsna_pipeline.periods import HEADLINE_AGE_IN_MONTHS, months_between

    return survey.ended <= cut_off and months_between(survey.ended, cut_off) <= HEADLINE_AGE_IN_MONTHS


def _least_positive(voice: VoiceResults, survey: Survey) -> list[Heard]:
    from jsna_pipeline.voice.survey import AUDIENCES

    table, plan = voice.table, survey.plan
    asked = (table["survey"] == plan.survey) & (table["wave"] == plan.wave)
    everybody = (table["measure"] == "positive") & (table["dimension"] == TOTAL)
    rows = table.loc[asked & everybody & table["value"].notna()].sort_values(["value", "question_id"])
    return [
        Heard(AUDIENCES[plan.population], str(row.question).strip().rstrip("."), float(row.value),
              int(row.respondents), plan.wave)
        for row in rows.head(HEARD_EACH).itertuples()
    ]  # fmt: skip
