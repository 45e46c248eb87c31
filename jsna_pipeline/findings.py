"""Findings: sentences that the pipeline derives from observations, each with its evidence.

Here: gathering what is known of one indicator in one area, and saying it in plain English with its
number, interval, comparators, trend, rank and age. Not here: computing any of these, or choosing
where a sentence stands in the report (`report/assemble.py`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

import pandas as pd

from jsna_pipeline import geography
from jsna_pipeline.catalogue.indicators import Indicator
from jsna_pipeline.periods import may_be_headline, period_end
from jsna_pipeline.report import formatting
from jsna_pipeline.report.model import Statement
from jsna_pipeline.report.view import AreaView, each_row
from jsna_pipeline.statistics.detectable import detectable_gaps
from jsna_pipeline.statistics.rounding import half_up
from jsna_pipeline.vocabulary import (
    AreaLevel,
    Comparator,
    Direction,
    Judgement,
    Method,
    PeriodType,
    Polarity,
    Significance,
)

SEEN_IN_ANY_CASE = 8.0  # percentage points; the warning is for small numbers, not for every measure
Tone = Literal["fails_standard", "worse", "better", "similar", "neutral", "unknown"]


@dataclass(frozen=True)
class Comparison:
    value: float
    count: int
    difference: float
    significance: str
    rank: int | None
    out_of: int | None
    quartile: int | None


@dataclass(frozen=True)
class Facts:
    """All that the tables say about one indicator's headline in one area."""

    record: Indicator
    area_name: str
    area_level: AreaLevel
    region_name: str
    period: str
    period_type: PeriodType
    value: float
    lower: float | None
    upper: float | None
    numerator: float | None
    denominator: float | None
    comparisons: dict[str, Comparison]
    direction: str
    judgement: str
    first_period: str
    last_period: str
    points: int
    cut_off: date
    england_numerator: float | None = None  # the counts behind England's value in the same period
    england_denominator: float | None = None

    @property
    def late(self) -> int | None:
        """How many missed the statutory standard; None where the law sets none."""
        if self.record.standard is None or self.numerator is None or self.denominator is None:
            return None
        return int(self.denominator - self.numerator)

    @property
    def fails_standard(self) -> bool:
        return bool(self.late) and self.record.standard is not None and self.value < self.record.standard.target

    @property
    def against_england(self) -> Comparison | None:
        return self.comparisons.get(Comparator.ENGLAND)

    @property
    def gap_to_england(self) -> int | None:
        """By how many the numerator would differ at England's exact share, rounded half up; below 0 is fewer.

        None unless single children, plans or events are counted, here and in England: repeated events and
        published shares without counts have no such number.
        """
        if self.record.method is not Method.PROPORTION or not self.record.independent_events:
            return None
        counts = (self.numerator, self.denominator, self.england_numerator, self.england_denominator)
        if None in counts or not self.denominator or not self.england_denominator:
            return None
        expected = half_up(self.england_numerator or 0, self.england_denominator, 0, self.denominator)
        return int(expected) - int(self.numerator or 0)

    @property
    def is_current(self) -> bool:
        return may_be_headline(self.period, self.period_type, self.cut_off)

    @property
    def may_lead(self) -> bool:
        """Young enough to be a headline, and of a measure of which more, or less, is good."""
        return self.is_current and self.record.polarity is not Polarity.NONE

    @property
    def is_bad_beside_england(self) -> bool:
        """Worse than England or, where no test is possible, in the last quarter of authorities."""
        england = self.against_england
        if england is None:
            return False
        if england.significance == Significance.NOT_TESTED:
            return england.quartile == 4
        return england.significance == Significance.WORSE


def facts(view: AreaView, record: Indicator) -> Facts | None:
    """The newest valued headline of `record` in the view's area, or None where there is none."""
    code, level = view.speaks_for(record)
    dimension, category = record.headline_group
    rows = view.observations(record.id, area_code=code, dimension=dimension, category=category)
    rows = rows.loc[rows["value"].notna()]
    if rows.empty:
        return None
    newest = rows.sort_values("period").iloc[-1]
    trend = _trend(view, record, code, dimension, category)
    england = _england(view, record, str(newest["period"]))
    return Facts(
        record=record,
        area_name=str(newest["area_name"]),
        area_level=level,
        region_name=view.region_name,
        period=str(newest["period"]),
        period_type=PeriodType(newest["period_type"]),
        value=float(newest["value"]),
        lower=_number(newest["lower_ci"]),
        upper=_number(newest["upper_ci"]),
        numerator=_number(newest["numerator"]),
        denominator=_number(newest["denominator"]),
        comparisons=_comparisons(view, record, str(newest["period"]), dimension, category),
        direction=trend.get("direction", Direction.CANNOT_BE_CALCULATED.value),
        judgement=trend.get("judgement", Judgement.NO_JUDGEMENT.value),
        first_period=trend.get("first_period", ""),
        last_period=trend.get("last_period", ""),
        points=int(trend.get("points", 0)),
        cut_off=view.cut_off,
        england_numerator=england.get("numerator"),
        england_denominator=england.get("denominator"),
    )


def _england(view: AreaView, record: Indicator, period: str) -> dict[str, float | None]:
    """The counts behind England's headline of `period`; empty where England has none."""
    dimension, category = record.headline_group
    where = {"area_code": geography.ENGLAND, "period": period, "dimension": dimension, "category": category}
    rows = view.observations(record.id, **where)
    return {name: _number(rows.iloc[0][name]) for name in ("numerator", "denominator")} if len(rows) else {}


def _number(value: object) -> float | None:
    return None if pd.isna(value) else float(value)  # type: ignore[arg-type]


def _trend(view: AreaView, record: Indicator, code: str, dimension: str, category: str) -> dict[str, str]:
    rows = view.trends(record.id, area_code=code, dimension=dimension, category=category)
    return {} if rows.empty else rows.iloc[0].to_dict()


def _comparisons(
    view: AreaView, record: Indicator, period: str, dimension: str, category: str
) -> dict[str, Comparison]:
    rows = view.comparisons(record.id, period=period, dimension=dimension, category=category)
    return {
        row.comparator: Comparison(
            value=row.comparator_value,
            count=int(row.comparator_count),
            difference=row.difference,
            significance=row.significance,
            rank=None if pd.isna(row.rank) else int(row.rank),
            out_of=None if pd.isna(row.out_of) else int(row.out_of),
            quartile=None if pd.isna(row.quartile) else int(row.quartile),
        )
        for row in each_row(rows)
    }


# --- sentences ---------------------------------------------------------------------------------


def statements(known: Facts) -> tuple[Statement, ...]:
    """What a section says of its indicator: the law first, then the number, then its setting."""
    said = []
    if known.fails_standard:
        said.append(Statement(standard_sentence(known), "fails_standard", "Statutory standard not met"))
    tone, label = tone_of(known)
    said.append(Statement(headline_sentence(known), tone, label))
    setting = [comparison_sentence(known), unseen_sentence(known), trend_sentence(known), age_sentence(known)]
    if any(setting):
        said.append(Statement(" ".join(sentence for sentence in setting if sentence)))
    return tuple(said)


def composition_statements(view: AreaView, record: Indicator, known: Facts) -> tuple[Statement, ...]:
    """What a mix says: its three largest parts, and the part that differs most from England's."""
    dimension = record.numerator.dimension or ""
    shares = _shares(view, record, known.period, dimension, view.area.code)
    england = _shares(view, record, known.period, dimension, geography.ENGLAND)
    if len(shares) < 2:
        return statements(known)
    largest = shares.sort_values(ascending=False, kind="stable").head(3)
    named = [f"{formatting.category_label(name)} ({_share(record, value)})" for name, value in largest.items()]
    said = [Statement(f"{when(known)}, the largest groups were {formatting.listed(named)}.")]
    unlike = (shares - england.reindex(shares.index)).dropna()
    if len(unlike):
        name = str(unlike.abs().idxmax())
        here, there = _share(record, shares[name]), _share(record, england[name])
        said.append(
            Statement(f"The part most unlike England is {formatting.category_label(name)}: {here} against {there}.")
        )
    return tuple(said)


def _shares(view: AreaView, record: Indicator, period: str, dimension: str, code: str) -> pd.Series:
    rows = view.observations(record.id, area_code=code, period=period, dimension=dimension)
    return rows.set_index("category")["value"].dropna()


def _share(record: Indicator, value: float) -> str:
    return formatting.measure(float(value), record.unit, record.decimals)


def standard_sentence(known: Facts) -> str:
    """`In 2024, 346 of 603 plans were issued after 20 weeks.` with the rule of law behind it."""
    short = standard_in_short(known)
    return f"{short} {known.record.standard.rule}." if known.record.standard else short


def standard_in_short(known: Facts) -> str:
    """`In 2024, 346 of 603 plans were issued after 20 weeks.`"""
    standard = known.record.standard
    if standard is None or known.late is None or known.denominator is None:
        raise ValueError(f"{known.record.id} has no statutory standard to report against")
    return f"{when(known)}, {formatting.of(known.late, known.denominator)} {standard.late}."


def headline_sentence(known: Facts) -> str:
    """The number with its counts and interval, in words that name who is counted; an NHS figure says whom it covers."""
    said = finding_sentence(known, _evidence(known))
    return " ".join(part for part in (said, covers_sentence(known)) if part)


def finding_sentence(known: Facts, evidence: str = "") -> str:
    """What the headline says, with `evidence` in brackets behind the number.

    "In 2024, 47.2% (182 of 386) of new EHC plans were …"; of a phrase such as "live births was the rate of deaths
    before the first birthday": "In 2023, the rate of deaths before the first birthday was 6.1 per 1,000 live births".
    """
    of_whom, is_rate, subject = f" {known.record.phrase}".partition(" was the ")
    value, bracket = _value_bare(known, known.value), f" ({evidence})" if evidence else ""
    if is_rate:
        return f"{when(known)}, the {subject} was {value}{of_whom}{bracket}."
    return f"{when(known)}, {value}{bracket}{of_whom}."


def covers_sentence(known: Facts) -> str:
    """NHS figures belong to NHS bodies: which, and that it is not the authority's; blank for the authority's own."""
    if known.area_level is AreaLevel.LOCAL_AUTHORITY:
        return ""
    kind = "provider" if known.area_level is AreaLevel.PROVIDER else "area"
    return f"This NHS {kind} figure covers {known.area_name}, not the local authority alone."


def counts_in_words(known: Facts) -> str:
    """ "182 of 386": the counts behind a share; blank for what is no share."""
    if known.numerator is None or known.denominator is None or known.record.method is not Method.PROPORTION:
        return ""
    return formatting.of(known.numerator, known.denominator)


def _evidence(known: Facts) -> str:
    parts = [counts] if (counts := counts_in_words(known)) else []
    if known.lower is not None and known.upper is not None:
        parts.append(f"95% CI {formatting.interval(known.lower, known.upper, known.record.decimals)}")
    return "; ".join(parts)


def _is_counted_noun(record: Indicator) -> bool:
    """Counts print bare: their noun stands in the phrase."""
    return record.method is Method.COUNT


def when(known: Facts) -> str:
    """How a sentence opens: `In January 2025`, `In the year to March 2025`."""
    opening = "Over" if known.period_type is PeriodType.ROLLING else "In"
    return f"{opening} {period_in_words(known, known.period)}"


def comparison_sentence(known: Facts) -> str:
    """Beside England, the region and the statistical neighbours, with the rank; blank where none is known."""
    parts = []
    england = known.comparisons.get(Comparator.ENGLAND)
    region = known.comparisons.get(Comparator.REGION)
    neighbours = known.comparisons.get(Comparator.NEIGHBOURS_MEAN)
    if england:
        parts.append(f"{_relation(known, england)} England ({_value(known, england)})")
    if region:
        parts.append(f"{_relation(known, region)} the {known.region_name} ({_value(known, region)})")
    if neighbours:
        number = "ten" if neighbours.count == 10 else str(neighbours.count)
        which = (
            f"its {number} statistical neighbours"
            if number == "ten"
            else f"the {number} of its ten statistical neighbours with a value"
        )
        parts.append(f"{_relation(known, neighbours)} the mean of {which} ({_value(known, neighbours)})")
    if not parts:
        return ""
    said = [f"This is {formatting.listed(parts)}.", rank_sentence(known)]
    if england and england.significance == Significance.NOT_TESTED:
        said.append("The published figure has no counts, so the difference may be chance.")
    return " ".join(part for part in said if part)


def rank_sentence(known: Facts) -> str:
    """ "It ranks 84th of 151 authorities (best first)."; blank without a rank."""
    england = known.against_england
    if england is None or not england.rank or not england.out_of:
        return ""
    order = "best" if known.record.polarity is not Polarity.NONE else "highest"
    return f"It ranks {formatting.ordinal(england.rank)} of {england.out_of} authorities ({order} first)."


def unseen_sentence(known: Facts) -> str:
    """What `similar to England` may hide where few are counted; blank where a gap of five points would show."""
    england, record = known.against_england, known.record
    similar = england is not None and england.significance == Significance.SIMILAR
    if not similar or england is None or record.method is not Method.PROPORTION or not known.denominator:
        return ""
    below, above = detectable_gaps(known.denominator, england.value / 100)
    worse_side = below if record.polarity is Polarity.HIGH else above
    gap = float(worse_side) * 100
    if gap <= SEEN_IN_ANY_CASE:
        return ""
    counted = f"With {formatting.number(known.denominator)} counted"
    if gap != gap:  # no gap on that side could be seen, however large
        return f"{counted}, no gap from England could be seen: this is too few to tell."
    return f"{counted}, a gap under {formatting.points(gap, 0)} would most likely not be seen."


def _value(known: Facts, beside: Comparison) -> str:
    return formatting.measure(beside.value, known.record.unit, known.record.decimals)


def _relation(known: Facts, beside: Comparison) -> str:
    if beside.significance == Significance.NOT_TESTED:
        if beside.difference == 0:
            return "the same as"
        return "above" if beside.difference > 0 else "below"
    return {
        Significance.SIMILAR: "similar to",
        Significance.BETTER: "better than",
        Significance.WORSE: "worse than",
        Significance.HIGHER: "higher than",
        Significance.LOWER: "lower than",
    }[Significance(beside.significance)]


def trend_sentence(known: Facts) -> str:
    """Which way it has gone, over which points, and whether that is good."""
    if known.direction == Direction.CANNOT_BE_CALCULATED:
        change = _change_since_previous(known)
        if known.record.method is Method.PUBLISHED or known.record.method in {Method.MEAN, Method.RATIO}:
            return change
        since = "there is 1 comparable point" if known.points == 1 else f"there are {known.points} comparable points"
        return (change + " " if change else "") + f"The trend cannot be calculated: it needs five points and {since}."
    span = f"from {period_in_words(known, known.first_period)} to {period_in_words(known, known.last_period)}"
    if known.direction == Direction.NO_CHANGE:
        return f"There is no clear trend {span}."
    verb = "risen" if known.direction == Direction.INCREASING else "fallen"
    good = {Judgement.IMPROVING: ", an improvement", Judgement.WORSENING: ", a worsening"}
    return f"It has {verb} {span}{good.get(Judgement(known.judgement), '')}."


def _change_since_previous(known: Facts) -> str:
    before = known.comparisons.get(Comparator.PREVIOUS)
    if before is None:
        return ""
    was = _value_bare(known, before.value)
    if before.difference == 0:
        return f"It was the same the period before ({was})."
    return f"It was {was} the period before."


def _value_bare(known: Facts, value: float) -> str:
    unit = "" if _is_counted_noun(known.record) else known.record.unit
    return formatting.measure(value, unit, known.record.decimals)


def period_in_words(known: Facts, period: str) -> str:
    """A period of the measure inside a sentence: "2020", "January 2021", "the year to March 2021"."""
    if known.period_type is PeriodType.CALENDAR_YEAR:
        return period
    if known.period_type in {PeriodType.FINANCIAL_YEAR, PeriodType.REPORTING_YEAR}:
        end = period_end(period, known.period_type)
        return f"the year to March {end.year}" if end else period
    return formatting.period_words(period, known.period_type)


def age_sentence(known: Facts) -> str:
    """Said only of a figure too old to lead; every figure prints its period in any case."""
    end = period_end(known.period, known.period_type)
    if end is None or known.is_current:
        return ""
    age = formatting.age_of_figure(end, known.cut_off)
    return f"This figure was {age} at the data cut-off and is background, not a headline."


def tone_of(known: Facts) -> tuple[Tone, str]:
    """The mark of a headline and its words; a failed standard never reads as good."""
    england = known.against_england
    if england is None:
        return "neutral", ""
    if known.fails_standard and england.significance in {Significance.BETTER, Significance.SIMILAR}:
        word = "Better than" if england.significance == Significance.BETTER else "Similar to"
        return "neutral", f"{word} England, below the standard"
    match Significance(england.significance):
        case Significance.BETTER:
            return "better", "Better than England"
        case Significance.WORSE:
            return "worse", "Worse than England"
        case Significance.SIMILAR:
            return "similar", "Similar to England"
        case Significance.HIGHER:
            return "neutral", "Higher than England"
        case Significance.LOWER:
            return "neutral", "Lower than England"
    return "neutral", ""
