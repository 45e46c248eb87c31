"""Every measure of an area's own strategies, judged by its rule on what is published, reported and answered.

Here: which figures bear on a measure, which rule each is held against, and the one verdict and sentence of the
measure. Not here: the rules (`rules/`), finding published series (`published_series.py`), reading what areas
report (`reported.py`), or laying out a scorecard (`scorecard.py`).

A measure may be borne on by several figures: published ones, the area's own, milestones and answers of a survey.
Each has an outcome of its own; the measure has the gravest of them, and a statutory standard that the area fails
makes it not met whatever the comparison says, and also where there is none. What nobody publishes or supplies is
a gap with its holder.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import chain

from jsna_pipeline.catalogue.strategies import AnsweringIndicator, EvidenceKind, Measure, Strategy, TargetRule
from jsna_pipeline.geography import Area
from jsna_pipeline.periods import may_be_headline, period_end
from jsna_pipeline.report import formatting
from jsna_pipeline.statistics import rounding
from jsna_pipeline.strategies.published_series import Cell, Found, PublishedFigures
from jsna_pipeline.strategies.question import Answers, MilestoneState, Question, Reported
from jsna_pipeline.strategies.reported import ReportedFigures, ReportedRow
from jsna_pipeline.strategies.rules import evaluate
from jsna_pipeline.strategies.rules.estimates import Basis
from jsna_pipeline.strategies.rules.value import COST_ALONE
from jsna_pipeline.strategies.rules.wording import NO_TEST, ON_PRINTED, no_data
from jsna_pipeline.strategies.series import Point, Series
from jsna_pipeline.strategies.verdict import Outcome, Verdict, overall
from jsna_pipeline.vocabulary import TOTAL, Method, PeriodType, Polarity

RECENT = 8  # values of a series that a scorecard shows
SHARE_DECIMALS = 1  # of what an area reports or its people answer
FEWEST_ANSWERS = 10  # respondents of a share that is printed
SAID = 2  # outcomes that the sentence of a measure spells out
# Rules about something done or kept: a published figure beside them is their setting, not their answer.
NOT_OF_FIGURES = (TargetRule.IN_PLACE, TargetRule.REPRESENTATIVE, TargetRule.RECORD, TargetRule.CONSISTENT)
DECIDED = (Verdict.MET, Verdict.ON_COURSE, Verdict.NOT_MET)
NOTHING = Series((), Method.PUBLISHED, "", 0)
NO_ANSWER = {
    EvidenceKind.STATISTIC: "No figure is published or was supplied.",
    EvidenceKind.SURVEY: "No survey has asked it yet.",
    EvidenceKind.MILESTONE: "No milestone was reported.",
    EvidenceKind.RECORD: "No local record was supplied.",
}


@dataclass(frozen=True)
class FigureResult:
    """One figure that bears on a measure, and what the rule says of it.

    `recent` are its last values, the oldest first; `comparators` the values beside the newest, of its period.
    Both are empty where the figure is no number or is too small to print. `standard` says how a statutory
    standard is failed, blank where it is not.
    """

    name: str
    rule: TargetRule
    outcome: Outcome
    source: str  # "published", "reported", "milestones" or "survey"
    cell: Cell | None = None  # of a published indicator
    whose: str = ""
    period_type: PeriodType | None = None
    unit: str = ""
    decimals: int = 0
    recent: tuple[Point, ...] = ()
    comparators: Mapping[str, float] = field(default_factory=dict)
    standard: str = ""
    aged: str = ""  # said of a figure too old to be a headline

    @property
    def newest(self) -> Point | None:
        return self.recent[-1] if self.recent else None

    @property
    def answers(self) -> bool:
        """Whether the measure is about this figure, and not only shown beside it."""
        return self.outcome.verdict is not Verdict.NO_JUDGEMENT and self.rule is not TargetRule.CONTEXT

    @property
    def as_printed(self) -> bool:
        """Whether it is judged on printed values without their counts."""
        return self.outcome.evidence.get("basis") == Basis.PRINTED


@dataclass(frozen=True)
class MeasureResult:
    """What an edition says of one measure for one area."""

    strategy: Strategy
    measure: Measure
    area: Area
    owner: str
    verdict: Verdict
    figures: tuple[FigureResult, ...]
    sentence: str

    @property
    def lead(self) -> FigureResult | None:
        """The first figure that decides the verdict, else the first with a value."""
        valued = [one for one in self.figures if one.newest is not None]
        deciding = [one for one in valued if one.outcome.verdict is self.verdict or one.standard]
        return next(iter([*deciding, *valued]), None)

    @property
    def rests_on(self) -> tuple[str, ...]:
        """What weakens a verdict: that others have no comparison, or all that decide it are printed or too old."""
        deciding = [one for one in self.figures if one.outcome.verdict is self.verdict]
        if self.verdict not in DECIDED or not deciding or _failed_standards(self.figures):
            return ()
        asked = [one for one in self.figures if one.answers and one.newest is not None]
        silent = sum(one.outcome.verdict is Verdict.NO_DATA for one in asked)
        weak = {
            # One figure that fails is enough to fail; for the rest to be met, others would have to be known.
            f"{len(asked) - silent} of {len(asked)} figures": silent and self.verdict is not Verdict.NOT_MET,
            "printed figures": all(one.as_printed for one in deciding),
            "two values": all(one.as_printed and len(one.recent) == 2 for one in deciding),
            "old": all(one.aged for one in deciding),
        }
        return tuple(words for words, found in weak.items() if found)

    @property
    def gap_holder(self) -> str:
        """Who holds what nobody publishes or has supplied; blank where something is known."""
        if self.verdict is not Verdict.NO_DATA:
            return ""
        return self.measure.holder or self.owner


@dataclass(frozen=True)
class Evidence:
    """What is known of one area, whatever it may be used for.

    `answers` are those of the area's survey by question; `own_tables` the titles of the tables that its own
    returns give, by id. `today` is the edition's cut-off.
    """

    area: Area
    published: PublishedFigures
    reported: ReportedFigures
    answers: Mapping[str, Answers]
    own_tables: Mapping[str, str]
    today: date


def cells_asked(chosen: Iterable[Strategy]) -> set[Cell]:
    """Every group of an indicator that the measures of these strategies need."""
    named = [
        one
        for strategy in chosen
        for measure in strategy.measures
        for one in (*measure.indicators, *(leg.indicator for leg in measure.target.legs), *chain(*measure.gaps))
    ]
    return {(one.id, *one.dimension_and_category) for one in named}


def evaluate_measures(chosen: Mapping[str, Strategy], known: Evidence) -> tuple[MeasureResult, ...]:
    """One result for each measure of each strategy of `known.area`, in the order of the strategies and their measures.

    Strategies of other areas are left out: their targets are not this area's.
    """
    own = [strategy for strategy in chosen.values() if known.area.slug in strategy.areas]
    return tuple(_result(strategy, measure, known) for strategy in own for measure in strategy.measures)


def _result(strategy: Strategy, measure: Measure, known: Evidence) -> MeasureResult:
    asked = _Asked(strategy, measure, known)
    figures = (*_of_published(asked), *_of_reported(asked), *_of_milestones(asked), *_of_survey(asked))
    verdict = _verdict(figures)
    return MeasureResult(
        strategy=strategy,
        measure=measure,
        area=known.area,
        owner=strategy.owner_of(measure),
        verdict=verdict,
        figures=figures,
        sentence=_sentence(asked, figures, verdict),
    )


def _verdict(figures: tuple[FigureResult, ...]) -> Verdict:
    """The gravest of the figures' verdicts; what has a value but nothing to compare it with cannot be told."""
    failed = " ".join(_failed_standards(figures))
    verdict = overall([one.outcome for one in figures], failed_standard=failed)
    incomparable = any(one.outcome.verdict is Verdict.NO_DATA and one.newest is not None for one in figures)
    unjudged = verdict in (Verdict.NO_DATA, Verdict.NO_JUDGEMENT)
    return Verdict.CANNOT_TELL if unjudged and incomparable else verdict


def _failed_standards(figures: Iterable[FigureResult]) -> list[str]:
    """How the law is failed by the figures that the measure is about, each said once.

    What the law asks is known without a comparison: a figure with no earlier one fails it too.
    """
    return list(dict.fromkeys(one.standard for one in figures if one.standard and one.answers))


# --- published figures -------------------------------------------------------------------------


@dataclass(frozen=True)
class _Asked:
    """One measure, and what is known of its area."""

    strategy: Strategy
    measure: Measure
    known: Evidence

    @property
    def closed(self) -> bool:
        return self.strategy.closed(self.known.today)

    def found(self, one: AnsweringIndicator) -> Found | None:
        return self.known.published.find(one.id, one.dimension_and_category)

    def question(self, area: Series, polarity: Polarity, kind: PeriodType | None = None) -> Question:
        return Question(
            area=area,
            polarity=polarity,
            target=self.measure.target,
            today=self.known.today,
            years=(self.strategy.begins, self.strategy.ends),
            period_type=kind,
        )


def _of_published(asked: _Asked) -> list[FigureResult]:
    measure = asked.measure
    if measure.rule is TargetRule.LINKED:
        judged = _linked(asked)
        named = {leg.indicator.id for leg in measure.target.legs} if judged else set()
    elif measure.rule is TargetRule.GAP_CLOSING_FASTER:
        judged = [one for pair in measure.gaps if (one := _of_gap(asked, *pair)) is not None]
        named = {one.id for pair in measure.gaps for one in pair} if judged else set()
    else:
        found = [(one, asked.found(one)) for one in measure.indicators]
        return [_of_series(asked, one, series, _rule(asked, one)) for one, series in found if series is not None]
    # What a pair or a gap leaves over is shown beside it: alone, it is not what the measure is about.
    rest = [(one, asked.found(one)) for one in measure.indicators if one.id not in named]
    return [*judged, *(_of_series(asked, one, series, TargetRule.CONTEXT) for one, series in rest if series)]


def _rule(asked: _Asked, one: AnsweringIndicator) -> TargetRule:
    """The rule that a published figure is held against."""
    measure = asked.measure
    undirected = measure.wanted(one) is Polarity.NONE and measure.polarity is not Polarity.NONE
    return TargetRule.CONTEXT if measure.rule in NOT_OF_FIGURES or undirected else measure.rule


def _of_series(asked: _Asked, one: AnsweringIndicator, found: Found, rule: TargetRule) -> FigureResult:
    def judged(series: Found) -> Outcome:
        question = asked.question(series.area, asked.measure.wanted(one), series.period_type)
        return evaluate(rule, replace(question, comparators=series.comparators))

    if not asked.closed:
        return _published_result(asked, found, rule, judged(found))
    final = _until(found, asked.strategy.final_day)
    if final.area.valued:
        return _published_result(asked, final, rule, judged(final))
    # What came after is all there is. It is shown with its date, and neither meets nor fails the strategy.
    outcome = no_data(f"within the years of the strategy, which ended in {asked.strategy.ends}", missing_series="area")
    return replace(_published_result(asked, found, rule, outcome), standard="")


def _until(found: Found, last: date | None) -> Found:
    """The points of periods that were over on the last day of the strategy."""

    def cut(series: Series) -> Series:
        ends = [(point, period_end(point.period, found.period_type)) for point in series.points]
        return replace(series, points=tuple(point for point, end in ends if last and end and end <= last))

    beside = {name: cut(series) for name, series in found.comparators.items()}
    return replace(
        found, area=cut(found.area), comparators={name: series for name, series in beside.items() if series.valued}
    )


def _of_gap(asked: _Asked, one: AnsweringIndicator, other: AnsweringIndicator) -> FigureResult | None:
    """A gap between two groups, judged beside the same gap elsewhere; None where a group has no figure."""
    group, reference = asked.found(one), asked.found(other)
    if group is None or reference is None:
        return None
    question = replace(
        asked.question(group.area, Polarity.LOW, group.period_type),
        comparators=group.comparators,
        group=group.area,
        reference=reference.area,
        comparator_group=group.comparators,
        comparator_reference=reference.comparators,
        group_name=_group_words(group),
        reference_name=_group_words(reference),
    )
    outcome = evaluate(TargetRule.GAP_CLOSING_FASTER, question)
    made = _published_result(asked, _gap_between(group, reference), TargetRule.GAP_CLOSING_FASTER, outcome)
    return replace(made, name=f"{group.record.name}, gap of {_group_words(group)} from {_group_words(reference)}")


def _gap_between(group: Found, reference: Found) -> Found:
    """What a scorecard shows of a gap: its size in each period that has both groups, and beside others' of the same."""

    def between(one: Series, other: Series) -> Series:
        pairs = [(point, other.at(point.period)) for point in one.valued]
        # Printed values have as many decimals as the series says: their difference has no more.
        points = [
            Point(point.period, round(abs(beside.value - point.value), one.decimals))
            for point, beside in pairs
            if beside is not None and beside.value is not None and point.value is not None
        ]
        unit = "percentage points" if formatting.is_percent(one.unit) else one.unit
        return replace(one, points=tuple(points), unit=unit)

    both = group.comparators.keys() & reference.comparators.keys()
    beside = {name: between(group.comparators[name], reference.comparators[name]) for name in sorted(both)}
    area = between(group.area, reference.area)
    return replace(group, area=area, comparators=beside) if area.valued else group


def _group_words(found: Found) -> str:
    _, category = found.group
    return "all children" if category == TOTAL else formatting.category_label(category)


def _linked(asked: _Asked) -> list[FigureResult]:
    """The two sides of a linked pair, judged together; none where one of them has no figure."""
    legs = asked.measure.target.legs
    sides = [series for leg in legs if (series := asked.found(leg.indicator)) is not None]
    if not legs or len(sides) < len(legs):
        return []
    first = sides[0]
    question = replace(
        asked.question(first.area, asked.measure.polarity, first.period_type),
        comparators=first.comparators,
        legs=tuple((series.area, leg.want) for leg, series in zip(legs, sides, strict=True)),
        leg_names=tuple(figure_name(series) for series in sides),
        leg_kinds=tuple(series.period_type for series in sides),
    )
    made = _published_result(asked, first, TargetRule.LINKED, evaluate(TargetRule.LINKED, question))
    return [replace(made, name=" and ".join(figure_name(series) for series in sides))]


def _published_result(asked: _Asked, found: Found, rule: TargetRule, outcome: Outcome) -> FigureResult:
    newest = found.newest
    beside = {name: series.at(newest.period) for name, series in found.comparators.items()}
    return FigureResult(
        name=figure_name(found),
        rule=rule,
        outcome=outcome,
        source="published",
        cell=(found.record.id, *found.group),
        whose=found.name,
        period_type=found.period_type,
        unit=found.area.unit,
        decimals=found.area.decimals,
        recent=found.area.valued[-RECENT:],
        comparators={name: point.value for name, point in beside.items() if point and point.value is not None},
        standard=_standard(found),
        aged=_aged(asked, newest.period, found.period_type),
    )


def figure_name(found: Found) -> str:
    """The indicator's name, with its group where the name does not say it, and the NHS body whose figure it is."""
    name, (_, category) = found.record.name, found.group
    headline, label = found.group == found.record.headline_group, formatting.category_label(category)
    if category == TOTAL:
        name += "" if headline else ", all children"
    elif not headline or label.lower() not in name.lower():
        name += f", {label}"
    return f"{name} ({found.name})" if found.of_nhs else name


def _standard(found: Found) -> str:
    """How many missed what the law requires, by the newest figure; blank where it is kept or sets nothing."""
    standard, newest = found.record.standard, found.newest
    if standard is None or newest.numerator is None or newest.denominator is None or newest.value is None:
        return ""
    late = newest.denominator - newest.numerator
    if late <= 0 or newest.value >= standard.target:
        return ""
    when = formatting.period_words(newest.period, found.period_type).removeprefix("calendar year ")
    return f"In {when}, {formatting.number(late)} of {formatting.number(newest.denominator)} {standard.late}."


def _aged(asked: _Asked, period: str, kind: PeriodType) -> str:
    """What a figure's age takes from it; the final position of a strategy that has ended is as old as it is."""
    end, last = period_end(period, kind), asked.strategy.final_day
    if end is None:
        return ""
    if asked.closed and last is not None:
        return "" if end <= last else "The strategy had ended before this period was over."
    if may_be_headline(period, kind, asked.known.today):
        return ""
    return f"The newest figure was {formatting.age_of_figure(end, asked.known.today)} at the cut-off."


# --- what the area reports and its people answer -----------------------------------------------


def _of_reported(asked: _Asked) -> list[FigureResult]:
    rows = asked.known.reported.figures.get((asked.strategy.id, asked.measure.row), ())
    whats = dict.fromkeys(row.what for row in rows)
    return [_of_own_figure(asked, [row for row in rows if row.what == what]) for what in whats]


def _own_rule(asked: _Asked) -> TargetRule:
    """What is reported or answered beside a milestone is its setting, as a published figure is."""
    return TargetRule.CONTEXT if asked.measure.rule is TargetRule.IN_PLACE else asked.measure.rule


def _of_own_figure(asked: _Asked, rows: list[ReportedRow]) -> FigureResult:
    """A figure that the area reports, its periods in `rows`; without a number where one is too small to print."""
    newest, name = rows[-1], asked.known.area.name
    points = tuple(reported_point(row) for row in rows)
    hidden = any(row.too_small for row in rows)
    reported = Reported(
        points=points,
        what=newest.what,
        about=newest.about,
        unit=newest.unit,
        decimals=decimals_of(points),
        hidden=hidden,
        source=newest.source,
        name=name,
        exceptions=newest.exceptions,
    )
    question = asked.question(NOTHING, asked.measure.polarity, newest.period_type)
    outcome = evaluate(_own_rule(asked), replace(question, reported=reported))
    return FigureResult(
        name=newest.what,
        rule=_own_rule(asked),
        # The rule's sentence names no number of a hidden figure; its evidence does not leave either.
        outcome=replace(outcome, evidence={}, detectable=None) if hidden else outcome,
        source="reported",
        whose=name,
        period_type=newest.period_type,
        unit=newest.unit,
        decimals=decimals_of(points),
        recent=() if hidden else points[-RECENT:],
        aged=_aged(asked, newest.period, newest.period_type),
    )


def reported_point(row: ReportedRow) -> Point:
    """A reported figure as a point: a share in percent of its counts, a count alone, or the value given."""
    if row.numerator is None:
        return Point(row.period, row.value)
    if row.denominator is None:
        return Point(row.period, row.numerator, row.numerator)
    share = float(rounding.half_up(row.numerator, row.denominator, SHARE_DECIMALS))
    return Point(row.period, share, row.numerator, row.denominator)


def decimals_of(points: Iterable[Point]) -> int:
    """Shares and broken values are printed with one decimal, whole numbers with none."""
    broken = any(point.denominator is not None or (point.value or 0) % 1 != 0 for point in points)
    return SHARE_DECIMALS if broken else 0


def _of_milestones(asked: _Asked) -> list[FigureResult]:
    rows = asked.known.reported.milestones.get((asked.strategy.id, asked.measure.row), ())
    if not rows:
        return []
    states = tuple(
        MilestoneState(row.milestone, row.status, row.owner, row.due, row.done_on, row.evidence) for row in rows
    )
    question = replace(asked.question(NOTHING, asked.measure.polarity), milestones=states)
    outcome = evaluate(TargetRule.IN_PLACE, question)
    return [FigureResult("Milestones", TargetRule.IN_PLACE, outcome, "milestones", whose=asked.known.area.name)]


def _of_survey(asked: _Asked) -> list[FigureResult]:
    known = asked.known.answers
    return [_of_answers(asked, known[name]) for name in asked.measure.survey_questions if name in known]


def _of_answers(asked: _Asked, answers: Answers) -> FigureResult:
    # The share is of answers as wanted: it has to rise, whichever way the measure's figures have to go.
    question = replace(asked.question(NOTHING, Polarity.HIGH), answers=answers)
    # A wave that too few answered is not printed, here or in the sentence of the rule; and of a measure about who
    # answered, what they answered is not the figure.
    about_who = asked.measure.rule is TargetRule.REPRESENTATIVE
    waves = [] if about_who else [wave for wave in answers.waves if wave.respondents >= FEWEST_ANSWERS]
    shares = [Point(wave.period, float(rounding.half_up_value(wave.share, SHARE_DECIMALS))) for wave in waves]
    return FigureResult(
        name=answers.question.rstrip("."),
        rule=_own_rule(asked),
        outcome=evaluate(_own_rule(asked), question),
        source="survey",
        whose=asked.known.area.name,
        unit="percent",
        decimals=SHARE_DECIMALS,
        recent=tuple(shares[-RECENT:]),
    )


# --- sentences ---------------------------------------------------------------------------------


def _sentence(asked: _Asked, figures: tuple[FigureResult, ...], verdict: Verdict) -> str:
    """What decides the verdict, how the other figures stand, and what the area's own records add."""
    failed = _failed_standards(figures)
    said = ["The law is not kept.", *failed] if failed else []
    if verdict is Verdict.NO_DATA:
        said += list(dict.fromkeys(one.outcome.sentence for one in figures)) or [_gap(asked)]
    else:
        deciding = _deciding(figures, verdict)[:SAID]
        said += [_said(one, len(figures) > 1 or _is_of_one_thing(one)) for one in deciding]
        said.append(_of_the_others([one for one in figures if one not in deciding]))
        said.append(_not_reported(asked, figures))
    return _once(" ".join(filter(None, [*said, _own_records(asked)])), figures)


def _once(text: str, figures: tuple[FigureResult, ...]) -> str:
    """Several figures of one kind say once, at the last of them, what they can bear, what they lack and their age."""
    missing = [no_data(str(one.outcome.evidence["missing"])).sentence for one in figures if _lacks(one)]
    aged = [one.aged for one in figures if one.aged]
    for phrase in dict.fromkeys((ON_PRINTED, NO_TEST, COST_ALONE, *missing, *aged)):
        text = text.replace(f"{phrase} ", "", max(text.count(phrase) - 1, 0))
    return text


def _lacks(one: FigureResult) -> bool:
    """Whether its value is said and only the comparison is missing; else the gap is all that is said of it."""
    return "missing" in one.outcome.evidence and one.newest is not None and one.rule is not TargetRule.LINKED


def _deciding(figures: tuple[FigureResult, ...], verdict: Verdict) -> list[FigureResult]:
    """The figures whose verdict is the measure's; where a standard overrides them all, those that fail it."""
    same = [one for one in figures if one.outcome.verdict is verdict]
    return same or [one for one in figures if one.standard and one.answers] or [one for one in figures if one.newest]


def _is_of_one_thing(one: FigureResult) -> bool:
    """Whether its name has to be said: milestones and the two sides of a pair name themselves."""
    return one.source != "milestones" and one.rule is not TargetRule.LINKED


def _not_reported(asked: _Asked, figures: tuple[FigureResult, ...]) -> str:
    """What a measure asks for and nobody has told, where published figures are only its setting."""
    measure = asked.measure
    answered = any(one.source != "published" for one in figures) or measure.evidence is EvidenceKind.STATISTIC
    return "" if answered or measure.rule not in NOT_OF_FIGURES else NO_ANSWER[measure.evidence]


def _said(one: FigureResult, named: bool) -> str:
    # Several figures are told apart by their names; whose they are has then been said.
    sentence = one.outcome.sentence.removeprefix(f"{one.whose}: ") if named else one.outcome.sentence
    said = [f"{one.name}:" if named else "", _newest_words(one), sentence, one.aged]
    return " ".join(filter(None, said))


def _newest_words(one: FigureResult) -> str:
    """The newest value where the outcome could not speak of it."""
    if one.outcome.verdict is not Verdict.NO_DATA or one.newest is None or one.period_type is None:
        return ""
    value = formatting.measure(one.newest.value, one.unit, one.decimals)
    if value in one.outcome.sentence:
        return ""
    return f"{value} in {formatting.period_words(one.newest.period, one.period_type)}."


def _of_the_others(figures: list[FigureResult]) -> str:
    """ "Further figures: 2 met and 1 too uncertain to tell." """
    words = {
        Verdict.NOT_MET: "not met",
        Verdict.CANNOT_TELL: "too uncertain to tell",
        Verdict.ON_COURSE: "on course",
        Verdict.MET: "met",
        Verdict.NO_JUDGEMENT: "shown without judgement",
        Verdict.NO_DATA: "without a comparison",
    }
    counts = {word: sum(one.outcome.verdict is verdict for one in figures) for verdict, word in words.items()}
    parts = [f"{count} {word}" for word, count in counts.items() if count]
    return f"Further figures: {formatting.listed(parts)}." if parts else ""


def _gap(asked: _Asked) -> str:
    if asked.measure.indicators:
        return f"No figure is published for {asked.known.area.name}."
    return NO_ANSWER[asked.measure.evidence]


def _own_records(asked: _Asked) -> str:
    """Local counts stand for one period and are revised: they are pointed at, and judge nothing."""
    tables = asked.known.own_tables
    titles = [tables[name] for name in asked.measure.local_tables if name in tables]
    if not titles:
        return ""
    quoted = formatting.listed([f"“{title}”" for title in titles])
    return f"The area’s own records, which are provisional, are counted in {quoted}."
