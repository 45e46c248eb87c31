"""The local strategies: what each sets out to do, what it asks to be measured, and by which rule it is judged.

Here: the model of a strategy document (vision, priorities, objectives, measures and their targets) and the
loader of the catalogue's. Not here: the files of an area's own strategies (`strategies/of_area.py`), the
figures that answer a measure (`strategy_answers.py`), the target rules (`strategies/rules/`) or how any of
it is printed (`report/strategy_section.py`).

A measure is of one of four kinds of evidence, which are never mixed: a statistic (something counted), a
survey (what people answer), a milestone (something in place by a date) and a record (a log, an audit or an
account that somebody keeps). `answer` says what published files in use give: all that the measure asks,
part of it, or nothing; whatever is missing has a holder. `local_tables` name what the area's own returns
add to that; they leave the public answer as it is, because not every area holds every return.
"""

from __future__ import annotations

import re
from datetime import date
from enum import StrEnum
from functools import cache
from typing import Annotated, Any, Literal, Self

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    StringConstraints,
    ValidationError,
    field_validator,
    model_validator,
)

from jsna_pipeline import geography
from jsna_pipeline.catalogue.indicators import indicators
from jsna_pipeline.catalogue.loading import Definition, load_folder
from jsna_pipeline.catalogue.local_tables import local_tables
from jsna_pipeline.errors import InputError
from jsna_pipeline.vocabulary import TOTAL, PeriodType, Polarity

# References that mean no single part: the document as a whole, and its introduction with its headline figures.
WHOLE_STRATEGY = ("all", "introduction")
_SLASHED, _YEAR, _MONTH = r"\d{4}/\d{2}", r"\d{4}", r"\d{4}-(0[1-9]|1[0-2])"
PERIOD_LABELS = {
    PeriodType.ACADEMIC_YEAR: _SLASHED,
    PeriodType.FINANCIAL_YEAR: _SLASHED,
    PeriodType.JANUARY_SNAPSHOT: _SLASHED,
    PeriodType.CALENDAR_YEAR: _YEAR,
    PeriodType.REPORTING_YEAR: _YEAR,
    PeriodType.MONTH: _MONTH,
}
EXAMPLES = {_SLASHED: "written as 2018/19", _YEAR: "written as 2019", _MONTH: "written as 2019-09"}
PART_ID = r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,59}$"


def _fault(place: tuple[str | int, ...], what: str) -> ValidationError:
    """A fault at a place below the record that is validated, so that the loader finds its line."""
    error = {"error": ValueError(what)}
    return ValidationError.from_exception_data(
        "strategy", [{"type": "value_error", "loc": place, "input": None, "ctx": error}]
    )


def _is_period(label: str) -> str:
    years = re.fullmatch(r"(\d{4})/(\d{2})", label)
    if years and (int(years[1]) + 1) % 100 != int(years[2]):
        raise ValueError("the second year follows the first, as in 2018/19")
    if label and not re.match(r"\d{4}", label):
        raise ValueError("write a period as 2018/19, 2019 or 2019-09")
    return label


def _has_group(indicator_id: str, group: str) -> bool:
    """Whether an indicator may have observations of a `dimension/category`, as far as the catalogue can tell.

    Categories of a composed dimension are listed; those of a publisher's own column are known to its file alone.
    """
    record = indicators()[indicator_id]
    side, (dimension, _, category) = record.numerator, group.partition("/")
    if side.split_by and dimension.endswith(f"_and_{side.split_by}"):
        return True
    if not side.categories:
        return dimension in record.breakdowns and (dimension == TOTAL) == (category == TOTAL)
    if dimension == TOTAL:
        # The columns of a composed side itself, where it has any, are the whole.
        whole = side.columns and not any(one.filters for one in side.categories.values())
        return category == TOTAL and bool(whole or TOTAL in side.categories)
    return dimension == side.dimension and category in side.categories


def _no_such_group(indicator_id: str) -> str:
    """The fault of a group that an indicator has not, with those that it has."""
    record = indicators()[indicator_id]
    side = record.numerator
    known = [f"{side.dimension}/{name}" for name in side.categories if name != TOTAL]
    known = known or [f"{name}/…" for name in record.breakdowns if name != TOTAL] or [f"{TOTAL}/{TOTAL} alone"]
    return f"{indicator_id} has no such group; it has {', '.join(known[:8])}{', …' if len(known) > 8 else ''}"


def _is_indicator(name: str) -> str:
    if name not in indicators():
        raise ValueError("no such indicator in catalogue/indicators; `jsna indicators` lists them")
    return name


def _is_indicator_or_blank(name: str) -> str:
    return name and _is_indicator(name)


Period = Annotated[str, StringConstraints(max_length=40), AfterValidator(_is_period)]
IndicatorId = Annotated[str, AfterValidator(_is_indicator)]
IndicatorIdOrBlank = Annotated[str, AfterValidator(_is_indicator_or_blank)]
GroupName = Annotated[str, StringConstraints(pattern=r"^[a-z_0-9]+/\S.*$", max_length=120)]
Phrase = Annotated[str, StringConstraints(min_length=1, max_length=300, strip_whitespace=True)]


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

    Written as the bare id, or as `{id: persistent_absence, group: school_type/secondary}`. `want` is the direction
    in which it is to move for the measure's sake, where that is neither its own nor the measure's.
    """

    id: IndicatorId
    group: str = Field("", pattern=r"^([a-z_0-9]+/\S.*)?$", description="`dimension/category`; blank is the headline")
    want: Literal["increase", "reduce", "neither"] | None = None

    @model_validator(mode="before")
    @classmethod
    def _from_id(cls, value: Any) -> Any:
        return {"id": value} if isinstance(value, str) else value

    @model_validator(mode="after")
    def _has_its_group(self) -> Self:
        if self.group and not _has_group(self.id, self.group):
            raise _fault(("group",), _no_such_group(self.id))
        return self

    @property
    def dimension_and_category(self) -> tuple[str, str]:
        """The observation that answers the measure."""
        dimension, _, category = self.group.partition("/")
        return (dimension, category) if self.group else indicators()[self.id].headline_group


class Gap(Definition):
    """The two groups between which a gap is to close, each as `dimension/category`.

    `indicator` is blank where it is the first of the measure, `reference_indicator` where both groups are of one.
    """

    group: GroupName
    reference: GroupName
    indicator: IndicatorIdOrBlank = ""
    reference_indicator: IndicatorIdOrBlank = ""


class Leg(Definition):
    """One side of a linked pair: an indicator, and the direction in which it is to move."""

    indicator: AnsweringIndicator
    want: Literal["increase", "reduce"]


class Target(Definition):
    """What a target rule needs to know beside the figures; each rule reads its own fields.

    Periods are written as the indicators of the measure write them (`2018/19`).
    """

    comparators: tuple[Literal["england", "region", "neighbours_mean"], ...] = Field(("england",), min_length=1)
    baseline: Period = Field("", description="period to set out from; blank is the earliest of the strategy's years")
    window: tuple[Period, Period] | None = Field(None, description="first and last period of a window that is named")
    intervention: Period = Field("", description="first period after an intervention")
    level: float | None = Field(None, allow_inf_nan=False, description="value to be reached, in the indicator's unit")
    margin: float | None = Field(
        None, gt=0, allow_inf_nan=False, description="difference that still counts as the same, in the unit"
    )
    share: float = Field(100, gt=0, le=100, description="percentage that has to be reached")
    due: date | None = Field(None, description="day by which it is to be reached")
    gaps: tuple[Gap, ...] = ()
    legs: tuple[Leg, ...] = ()

    @model_validator(mode="before")
    @classmethod
    def _one_gap(cls, value: Any) -> Any:
        """A single gap may be written as `gap`."""
        if isinstance(value, dict) and value.get("gap") is not None and "gaps" not in value:
            return {name: part for name, part in value.items() if name != "gap"} | {"gaps": [value["gap"]]}
        return value

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.window and self.window[0] > self.window[1]:
            raise _fault(("window",), "the window ends before it begins")
        if self.baseline and self.intervention and self.baseline >= self.intervention:
            raise _fault(("intervention",), "the first period after the intervention comes later than the baseline")
        return self

    @property
    def gap(self) -> Gap | None:
        """The first gap, for a measure that has one."""
        return next(iter(self.gaps), None)

    @property
    def periods(self) -> dict[str, tuple[str, ...]]:
        """The periods that are named, by field."""
        named = {"baseline": (self.baseline,), "window": self.window or (), "intervention": (self.intervention,)}
        return {field: labels for field, labels in named.items() if any(labels)}


def _as_word(value: Any) -> Any:
    """YAML reads a bare yes or no as true or false; people write Yes and No."""
    if isinstance(value, bool):
        return Answer.YES if value else Answer.NO
    return value.lower() if isinstance(value, str) else value


class Measure(Definition):
    """One line of the specification: what a strategy asks, by which rule, and how far public figures answer it.

    `polarity` is the direction that the strategy wants, which may differ from the indicator's own (`wanted`).
    """

    row: int = Field(ge=1, description="its number: of the specification, or 1 to n in an area's own file")
    references: list[str] = Field(min_length=1, description="objectives, priorities or themes that ask for it")
    measure: Phrase = Field(description="what is asked, in a phrase without a full stop")
    evidence: EvidenceKind
    polarity: Polarity
    rule: TargetRule
    answer: Annotated[Answer, BeforeValidator(_as_word)]
    indicators: list[AnsweringIndicator] = []
    target: Target = Target.model_validate({})
    owner: str = Field("", max_length=200, description="who answers for it; blank is the strategy's board")
    survey_questions: list[str] = Field([], description="ids of survey questions that answer it")
    local_tables: list[str] = Field([], description="tables of the area's own returns that give what is missing")
    missing: str = Field("", pattern=r"^(.*\.)?$", description="what public figures do not say, in one sentence")
    holder: str = Field("", pattern=r"^(.*[^.])?$", description="who holds the rest; ends a sentence")

    @field_validator("local_tables")
    @classmethod
    def _are_tables(cls, value: list[str]) -> list[str]:
        if set(value) - local_tables().keys():
            raise ValueError("no such table in catalogue/local_tables")
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

    @model_validator(mode="after")
    def _rule_has_what_it_needs(self) -> Self:
        target, figures = self.target, self.answer is not Answer.NO
        needs = {
            TargetRule.REDUCE_WINDOW: (target.window is not None, "a `window`: its first and last period"),
            TargetRule.CONSISTENT: (target.margin is not None, "a `margin`: the difference that counts as the same"),
            TargetRule.GAP_CLOSING_FASTER: (bool(target.gaps) or not figures, "its `gaps`: group and reference"),
            TargetRule.LINKED: (len(target.legs) > 1 or not figures, "two `legs`: indicator, and want"),
            TargetRule.VS_PRIOR_TO_INTERVENTION: (
                bool(target.baseline and target.intervention) or not figures,
                "a `baseline` before and an `intervention`, the first period after",
            ),
        }
        has, what = needs.get(self.rule, (True, ""))
        if not has:
            raise _fault(("target",), f"rule {self.rule} needs {what}")
        return self

    @model_validator(mode="after")
    def _gaps_have_their_groups(self) -> Self:
        first = self.indicators[0].id if self.indicators else ""
        for place, gap in enumerate(self.target.gaps):
            indicator = gap.indicator or first
            if not indicator:
                raise _fault(
                    ("target", "gaps", place), "a gap without an `indicator` is of the measure's first; it has none"
                )
            for field, name in (("group", indicator), ("reference", gap.reference_indicator or indicator)):
                if not _has_group(name, getattr(gap, field)):
                    raise _fault(("target", "gaps", place, field), _no_such_group(name))
        return self

    @model_validator(mode="after")
    def _periods_are_those_of_its_figures(self) -> Self:
        kinds = {one.id: indicators()[one.id].period_type for one in self.indicators}
        for field, labels in self.target.periods.items():
            for name, kind in kinds.items():
                form = PERIOD_LABELS.get(kind)
                # A bare year is understood of every kind: the period that ends in it.
                if form and not all(re.fullmatch(f"{form}|{_YEAR}", label) for label in labels):
                    raise _fault(("target", field), f"{name} has no such period; its periods are {EXAMPLES[form]}")
        return self

    @property
    def gaps(self) -> tuple[tuple[AnsweringIndicator, AnsweringIndicator], ...]:
        """Group and reference of each gap, with the indicators that hold them."""
        first = self.indicators[0].id if self.indicators else ""
        named = [(gap, gap.indicator or first) for gap in self.target.gaps]
        return tuple(
            (
                AnsweringIndicator(id=indicator, group=gap.group),
                AnsweringIndicator(id=gap.reference_indicator or indicator, group=gap.reference),
            )
            for gap, indicator in named
        )

    def wanted(self, indicator: AnsweringIndicator) -> Polarity:
        """The direction in which `indicator` is to move for this measure.

        Better attendance means less absence: an indicator that has a good direction of its own keeps it, one
        that has none takes the measure's, and `want` overrules both.
        """
        if indicator.want:
            return {"increase": Polarity.HIGH, "reduce": Polarity.LOW, "neither": Polarity.NONE}[indicator.want]
        own = indicators()[indicator.id].polarity
        return self.polarity if Polarity.NONE in (own, self.polarity) else own


class Priority(Definition):
    """A heading under which a strategy puts its objectives."""

    id: str = Field(pattern=PART_ID)
    title: Phrase
    aim: str = Field("", max_length=400, description="what it wants, in a sentence")
    page: int | None = Field(None, ge=1, description="page of the document on which it begins")


class Objective(Definition):
    """One thing that a strategy sets out to do; `priority` is blank where the document has no priorities."""

    id: str = Field(pattern=PART_ID)
    title: Phrase
    priority: str = ""
    activities: tuple[Phrase, ...] = ()
    outcomes: tuple[Phrase, ...] = Field((), description="what it will look like for children and families")


class Strategy(Definition):
    """One published document of a local area. The file name is the id."""

    id: str = Field(pattern=r"^[a-z][a-z0-9_]+$")
    title: Phrase
    short_title: str = Field("", max_length=120)
    areas: list[str] = Field(min_length=1, description="slugs of the authorities whose strategy it is")
    board: Phrase = Field(description="the board that owns it, and answers for every measure without an owner")
    document: str = Field("", max_length=300, description="title of the document or page that was read")
    note: str = Field(max_length=800, description="what the document is, and what it leaves out")
    begins: int | None = Field(None, ge=1990, le=2100)
    ends: int | None = Field(None, ge=1990, le=2100)
    last_day: date | None = Field(None, description="last day in force; blank is 31 December of `ends`")
    parts: str = Field(max_length=40, description="what a numbered reference is called: objective, priority, …")
    vision: str = Field("", max_length=800)
    principles: tuple[Phrase, ...] = ()
    priorities: tuple[Priority, ...] = ()
    objectives: tuple[Objective, ...] = ()
    outcomes: tuple[Phrase, ...] = Field((), description="how the whole strategy says that success will show")
    progress: tuple[Phrase, ...] = Field((), description="progress to date, as the document tells it")
    measures: list[Measure] = Field(min_length=1)

    @field_validator("areas")
    @classmethod
    def _are_authorities(cls, value: list[str]) -> list[str]:
        if set(value) - set(geography.slugs()):
            raise ValueError("no local authority has this slug; `jsna areas` lists them")
        return value

    @model_validator(mode="after")
    def _years_in_order(self) -> Self:
        if self.begins and self.ends and self.begins > self.ends:
            raise _fault(("ends",), "the strategy ends before it begins")
        if self.last_day and self.last_day.year != self.ends:
            raise _fault(("last_day",), "the last day lies in the year that `ends` gives")
        return self

    @model_validator(mode="after")
    def _parts_exist_once(self) -> Self:
        found: set[str] = set(WHOLE_STRATEGY)
        for field, ids in self._ids_of_parts.items():
            for place, part in enumerate(ids):
                if part in found:
                    raise _fault((field, place, "id"), "another part has this id already; give each its own")
                found.add(part)
        priorities = {priority.id for priority in self.priorities}
        for place, objective in enumerate(self.objectives):
            if objective.priority not in (priorities or {""}):
                what = "no priority of this strategy has this id" if priorities else "this strategy has no priorities"
                raise _fault(("objectives", place, "priority"), f"{what}; add it, or mend this")
        return self

    @model_validator(mode="after")
    def _measures_ask_for_parts(self) -> Self:
        parts, rows = self.part_ids, set[int]()
        for place, measure in enumerate(self.measures):
            if measure.row in rows:
                raise _fault(("measures", place, "row"), "another measure of this strategy has this row already")
            rows.add(measure.row)
            for number, reference in enumerate(measure.references):
                if reference not in parts:
                    what = "no priority or objective of this strategy has this id; add it, or mend the reference"
                    raise _fault(("measures", place, "references", number), what)
        return self

    @property
    def name(self) -> str:
        """The title as a table's column or a sentence can carry it."""
        return self.short_title or self.title

    @property
    def part_ids(self) -> frozenset[str]:
        """Everything that a measure may refer to."""
        return frozenset(WHOLE_STRATEGY).union(*self._ids_of_parts.values())

    @property
    def _ids_of_parts(self) -> dict[str, list[str]]:
        return {
            "priorities": [priority.id for priority in self.priorities],
            "objectives": [objective.id for objective in self.objectives],
        }

    @property
    def final_day(self) -> date | None:
        """The last day in force; None where the document gives no end."""
        return self.last_day or (date(self.ends, 12, 31) if self.ends else None)

    def closed(self, on: date) -> bool:
        """Whether the strategy has ended before `on`, so that what is printed is its final position."""
        return self.final_day is not None and on > self.final_day

    def owner_of(self, measure: Measure) -> str:
        """Who answers for a measure: its own owner, or the strategy's board."""
        return measure.owner or self.board

    def asked_by(self, part: str) -> tuple[Measure, ...]:
        """The measures that refer to this priority or objective itself."""
        return tuple(measure for measure in self.measures if part in measure.references)

    def priority_of(self, reference: str) -> str:
        """The priority under which a reference stands; blank for the whole document or where it has none."""
        return next(
            (one.priority for one in self.objectives if one.id == reference),
            reference if any(one.id == reference for one in self.priorities) else "",
        )


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
