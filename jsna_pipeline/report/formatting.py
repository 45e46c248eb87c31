"""Numbers, dates, periods and enumerations as the field prints them.

Here: pure functions from values to text, and the labels of the enumerations in `vocabulary`. Not
here: deriving a value (`statistics/`), choosing what to say (`findings`) or markup (templates).

House style follows the Office for National Statistics' and the Government Analysis Function's
guidance: thousands separators, percentages to one decimal place with "%", a minus sign rather than
a hyphen, en dashes in intervals, and half-up rounding as the publishers do.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from jsna_pipeline.vocabulary import (
    AreaLevel,
    Comparator,
    Direction,
    ExceptionClass,
    Judgement,
    Method,
    PeriodType,
    Polarity,
    ReconciliationRule,
    Significance,
    Status,
)

MINUS = "−"
HIDDEN = "c"  # in place of a number that would give a child away
HIDDEN_NOTE = "c: hidden to protect children, because the group is small or would give a small one away."
EN_DASH = "–"
NOT_AVAILABLE = "not available"

MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)

# --- labels of the enumerations ----------------------------------------------------------------

AREA_LEVEL_LABELS: Mapping[AreaLevel, str] = {
    AreaLevel.ENGLAND: "England",
    AreaLevel.REGION: "Region",
    AreaLevel.LOCAL_AUTHORITY: "Local authority",
    AreaLevel.WARD: "Ward",
    AreaLevel.LOCALITY: "Locality",
    AreaLevel.SUB_ICB: "Sub-ICB location",
    AreaLevel.ICB: "Integrated care board",
    AreaLevel.PROVIDER: "NHS provider",
}
PERIOD_TYPE_LABELS: Mapping[PeriodType, str] = {
    PeriodType.ACADEMIC_YEAR: "Academic year",
    PeriodType.CALENDAR_YEAR: "Calendar year",
    PeriodType.FINANCIAL_YEAR: "Financial year",
    PeriodType.JANUARY_SNAPSHOT: "January census",
    PeriodType.REPORTING_YEAR: "Reporting year",
    PeriodType.TERM: "Term",
    PeriodType.WEEK: "Week",
    PeriodType.MONTH: "Month",
    PeriodType.ROLLING: "Rolling years",
}
STATUS_LABELS: Mapping[Status, str] = {
    Status.OK: "Published",
    Status.SUPPRESSED: "Suppressed",
    Status.UNAVAILABLE: "Not available",
    Status.NOT_APPLICABLE: "Not applicable",
    Status.ROUNDS_TO_ZERO: "Rounds to zero",
    Status.LOW_RELIABILITY: "Low reliability",
}
POLARITY_LABELS: Mapping[Polarity, str] = {
    Polarity.HIGH: "Higher is better",
    Polarity.LOW: "Lower is better",
    Polarity.NONE: "Neither higher nor lower is better",
}
METHOD_LABELS: Mapping[Method, str] = {
    Method.COUNT: "Count",
    Method.PROPORTION: "Proportion",
    Method.RATE: "Rate",
    Method.MEAN: "Mean",
    Method.RATIO: "Ratio",
    Method.DIFFERENCE: "Difference",
    Method.DSR: "Directly standardised rate",
    Method.PUBLISHED: "As published",
}
COMPARATOR_LABELS: Mapping[Comparator, str] = {
    Comparator.ENGLAND: "England",
    Comparator.REGION: "Region",
    Comparator.NEIGHBOURS_MEAN: "Statistical neighbours (mean)",
    Comparator.NEIGHBOURS_POOLED: "Statistical neighbours (pooled)",
    Comparator.PREVIOUS: "Previous period",
    Comparator.TARGET: "Target",
}
SIGNIFICANCE_LABELS: Mapping[Significance, str] = {
    Significance.BETTER: "Better",
    Significance.SIMILAR: "Similar",
    Significance.WORSE: "Worse",
    Significance.HIGHER: "Higher",
    Significance.LOWER: "Lower",
    Significance.NOT_TESTED: "Not tested",
}
DIRECTION_LABELS: Mapping[Direction, str] = {
    Direction.INCREASING: "Increasing",
    Direction.DECREASING: "Decreasing",
    Direction.NO_CHANGE: "No significant change",
    Direction.CANNOT_BE_CALCULATED: "Cannot be calculated",
}
JUDGEMENT_LABELS: Mapping[Judgement, str] = {
    Judgement.IMPROVING: "Improving",
    Judgement.WORSENING: "Worsening",
    Judgement.NO_CHANGE: "No significant change",
    Judgement.NO_JUDGEMENT: "No judgement",
}
RECONCILIATION_RULE_LABELS: Mapping[ReconciliationRule, str] = {
    ReconciliationRule.SHARE_FROM_COUNTS: "A percentage or rate follows from its counts",
    ReconciliationRule.PARTS_AND_WHOLE: "Parts add up to their whole",
    ReconciliationRule.LEVELS_ADD_UP: "Authorities add up to regions and England",
    ReconciliationRule.CATEGORIES_ADD_UP: "Groups add up to the total",
    ReconciliationRule.SAME_FACT: "Two sources print the same figure",
    ReconciliationRule.REPEATED_VALUES: "No figure repeats another area's or year's",
    ReconciliationRule.IMPOSSIBLE_VALUE: "No figure is impossible",
    ReconciliationRule.JUMP: "No figure moves as no other area's does",
}
EXCEPTION_CLASS_LABELS: Mapping[ExceptionClass, str] = {
    ExceptionClass.ROUNDING_TIE: "Rounded at an exact half",
    ExceptionClass.DOCUMENTED_FOOTNOTE: "The publisher says why",
    ExceptionClass.SOURCE_REVISION: "Revised since",
    ExceptionClass.SOURCE_DEFECT: "The source contradicts itself",
    ExceptionClass.UNEXPLAINED: "Not explained",
}
# The word printed with a mark where the statement brings none: a mark is never colour alone.
TONE_LABELS: Mapping[str, str] = {
    "fails_standard": "Statutory standard not met",
    "worse": "Worse",
    "better": "Better",
    "similar": "Similar",
    "neutral": "",
    "unknown": "Cannot tell",
}

# --- numbers -----------------------------------------------------------------------------------

_PERCENT_UNITS = frozenset({"%", "percent", "per cent", "percentage"})
_POINT_UNITS = frozenset({"percentage point", "percentage points", "pp", "ppt"})
_BARE_UNITS = frozenset({"", "count", "number", "score", "points score", "ratio", "index"})
_POUND_UNITS = frozenset({"£", "pounds", "gbp"})


def _canonical_unit(unit: str) -> str:
    """`per_1000`, `per 1,000` and `Per 1000` are one unit."""
    return unit.strip().lower().replace("_", " ").replace(",", "")


def is_percent(unit: str) -> bool:
    """Whether values of `unit` are printed with a percent sign."""
    return _canonical_unit(unit) in _PERCENT_UNITS


def number(value: float, decimals: int = 0) -> str:
    """`value` with thousands separators, rounded half up on its shortest decimal form.

    2.5 prints as 3 and 0.15 as 0.2, as the publishers print them; binary half-even would not.
    A result of zero carries no minus sign.
    """
    exact = Decimal(repr(float(value)))
    if not exact.is_finite():
        raise ValueError(f"a number to print must be finite, not {value!r}")
    rounded = exact.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
    text = f"{abs(rounded):,f}"
    return MINUS + text if rounded < 0 else text


def measure(value: float | None, unit: str, decimals: int = 1) -> str:
    """`value` with its unit: "42.6%", "12.3 per 1,000", "£1,250", "2,966 plans", "−1.4 percentage points".

    None prints as "not available". Counts ("count", "number" or an empty unit) print bare.
    """
    if value is None:
        return NOT_AVAILABLE
    text, name = number(value, decimals), _canonical_unit(unit)
    if name in _PERCENT_UNITS:
        return f"{text}%"
    if name in _POINT_UNITS:
        return points(value, decimals)
    if name in _POUND_UNITS:
        return text.replace(MINUS, f"{MINUS}£", 1) if value < 0 and text[0] == MINUS else f"£{text}"
    if name in _BARE_UNITS:
        return text
    if match := re.fullmatch(r"(?:rate )?per (\d+)(.*)", name):
        return f"{text} per {int(match[1]):,}{match[2]}"
    return f"{text} {unit.strip().replace('_', ' ')}"


def pounds(value: float) -> str:
    """A sum of money in a sentence: "£29.3 million", "£123 million", "£845,000"; below a million in full."""
    if round(abs(value)) < 1_000_000:
        return measure(value, "pounds", 0)
    return f"{measure(value / 1_000_000, 'pounds', 1 if abs(value) < 99_950_000 else 0)} million"


def short_measure(value: float, unit: str, decimals: int = 1) -> str:
    """`value` for an axis or a bar, whose unit the subtitle already names: only % and £ are kept."""
    name = _canonical_unit(unit)
    if name in _PERCENT_UNITS or name in _POUND_UNITS:
        return measure(value, unit, decimals)
    return number(value, decimals)


def unit_label(unit: str) -> str:
    """A unit as a column heading prints it: "percent" → "%", "per_1000" → "per 1,000"."""
    name = _canonical_unit(unit)
    if name in _PERCENT_UNITS:
        return "%"
    if name in _POUND_UNITS:
        return "£"
    if match := re.fullmatch(r"(?:rate )?per (\d+)(.*)", name):
        return f"per {int(match[1]):,}{match[2]}"
    return unit.strip().replace("_", " ")


def interval(lower: float | None, upper: float | None, decimals: int = 1) -> str:
    """ "38.7–46.6"; "to" between limits when one is negative, since a dash beside a minus misleads."""
    if lower is None or upper is None:
        return NOT_AVAILABLE
    join = " to " if lower < 0 or upper < 0 else EN_DASH
    return f"{number(lower, decimals)}{join}{number(upper, decimals)}"


def with_interval(value: float, lower: float | None, upper: float | None, unit: str, decimals: int = 1) -> str:
    """ "42.6% (95% CI 38.7–46.6)"; the interval is left out where it is not given."""
    text = measure(value, unit, decimals)
    if lower is None or upper is None:
        return text
    return f"{text} (95% CI {interval(lower, upper, decimals)})"


def points(difference: float, decimals: int = 1) -> str:
    """A difference of two percentages: "3.8 percentage points", never "%"."""
    text = number(difference, decimals)
    one = text.removeprefix(MINUS) == number(1, 0)
    return f"{text} percentage point{'' if one else 's'}"


def of(count: float, denominator: float) -> str:
    """ "257 of 603": the counts behind a percentage."""
    return f"{number(count)} of {number(denominator)}"


def one_in(percent: float) -> str:
    """A percentage as a frequency people can picture: 4.2 → "1 in 24", 42.6 → "4 in 10".

    Below a fifth the frequency is "1 in n"; from there on it is "n in 10". 0 and 100 have no such form
    and raise ValueError.
    """
    if not 0 < percent < 100:
        raise ValueError(f"a frequency needs a percentage between 0 and 100, not {percent!r}")
    if percent < 20:
        return f"1 in {number(100 / percent)}"
    tenths = min(int(number(percent / 10)), 9)
    return f"{tenths} in 10"


def ordinal(position: int) -> str:
    """1 → "1st", 12 → "12th", 88 → "88th"."""
    if position % 100 in (11, 12, 13):
        return f"{number(position)}th"
    return number(position) + {1: "st", 2: "nd", 3: "rd"}.get(position % 10, "th")


def counted(count: int, singular: str, plural: str | None = None) -> str:
    """ "1 area", "2,013 areas": a count with its noun in the right number."""
    return f"{number(count)} {singular if count == 1 else (plural or singular + 's')}"


CATEGORY_WORDS = {
    "no_sen": "no SEN",
    "sen_support": "SEN support",
    "ehc_plan": "EHC plan",
    "semh": "social, emotional and mental health",
    "sen_unit": "SEN unit",
    "weeks_52": "52 weeks",
    "weeks_38_to_51": "38 to 51 weeks",
    "social_emotional_mental": "social, emotional and mental health",
    "personal_social_emotional": "personal, social and emotional",
    "speech_language": "speech, language and communication",
    "speech_language_and_communication": "speech, language and communication",
    "moderate_learning": "moderate learning difficulty",
    "severe_learning": "severe learning difficulty",
    "specific_learning": "specific learning difficulty",
    "profound_multiple": "profound and multiple learning difficulty",
    "multi_sensory": "multi-sensory impairment",
    "multi_sensory_impairment": "multi-sensory impairment",
    "childrens_home": "children's home",
    "self_harm": "self-harm",
    "long_term_conditions": "long-term conditions",
    "one_to_one_tuition": "one-to-one tuition",
    "work_based_placement": "work-based placement",
    "non_maintained": "non-maintained",
    "moved_outside_england": "moved outside England",
    "primary_first": "primary, first choice",
    "primary_first_three": "primary, one of three choices",
    "secondary_first": "secondary, first choice",
    "secondary_first_three": "secondary, one of three choices",
    "gypsy_roma": "Gypsy or Roma",
    "irish_traveller": "Irish Traveller",
    "alcohol_child": "alcohol use of the child",
    "alcohol_parent": "alcohol use of a parent",
    "drugs_child": "drug use of the child",
    "drugs_parent": "drug use of a parent",
    "domestic_abuse_child": "domestic abuse of the child",
    "domestic_abuse_parent": "domestic abuse of a parent",
    "learning_disability_child": "learning disability of the child",
    "learning_disability_parent": "learning disability of a parent",
    "mental_health_child": "mental health of the child",
    "mental_health_parent": "mental health of a parent",
    "physical_disability_child": "physical disability of the child",
    "physical_disability_parent": "physical disability of a parent",
    "asian": "Asian",
    "bangladeshi": "Bangladeshi",
    "black": "Black",
    "chinese": "Chinese",
    "indian": "Indian",
    "pakistani": "Pakistani",
    "asian_other": "other Asian",
    "black_other": "other Black",
    "black_african": "Black African",
    "black_caribbean": "Black Caribbean",
    "mixed_other": "other mixed",
    "white": "White",
    "white_british": "White British",
    "white_irish": "White Irish",
    "white_other": "other White",
    "white_and_asian": "White and Asian",
    "white_and_black_african": "White and Black African",
    "white_and_black_caribbean": "White and Black Caribbean",
}


def category_label(category: str) -> str:
    """A category's id in words."""
    return CATEGORY_WORDS.get(category, category.replace("_", " "))


def listed(items: Sequence[str]) -> str:
    """ "Bury, Bolton and Leigh"; an empty sequence is an empty text."""
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} and {items[-1]}"


def sentence(text: str) -> str:
    """`text` with its first letter in upper case; the rest is left alone, unlike `str.capitalize`."""
    return text[:1].upper() + text[1:]


# --- dates and periods -------------------------------------------------------------------------


def date_words(day: date) -> str:
    """ "26 June 2025", independent of the machine's locale."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def age_of_figure(period_end: date, cut_off: date) -> str:
    """How old a figure is at the data cut-off: "5 months old", "2 years 1 month old".

    Whole months are counted; under one month is "less than a month old".
    """
    months = (cut_off.year - period_end.year) * 12 + cut_off.month - period_end.month
    months -= cut_off.day < period_end.day
    if months < 1:
        return "less than a month old"
    years, rest = divmod(months, 12)
    parts = [counted(years, "year")] if years else []
    return " ".join([*parts, *([counted(rest, "month")] if rest else [])]) + " old"


def period_words(period: str, period_type: PeriodType | str) -> str:
    """A period as a sentence says it: "2024/25", "January 2025", "calendar year 2024", "May 2024".

    DfE labels a January count with its academic year, so the snapshot "2024/25" is January 2025.
    A label outside the known forms is returned unchanged, for it is the publisher's own.
    """
    kind = PeriodType(period_type)
    if kind is PeriodType.JANUARY_SNAPSHOT:
        split_year = re.fullmatch(r"(\d{4})/\d{2}", period)
        year = str(int(split_year[1]) + 1) if split_year else period
        return f"January {year}" if re.fullmatch(r"\d{4}", year) else period
    if kind is PeriodType.MONTH and (match := re.fullmatch(r"(\d{4})[-/ ]?(0[1-9]|1[0-2])", period)):
        return f"{MONTHS[int(match[2]) - 1]} {match[1]}"
    if kind is PeriodType.MONTH and (match := re.fullmatch(r"(\d{4}) ([A-Z][a-z]+)", period)):
        return f"{match[2]} {match[1]}"
    if kind is PeriodType.WEEK and (match := re.fullmatch(r"(\d{4})[-/ ]?(?:W|[Ww]eek )(\d{1,2})", period)):
        return f"week {int(match[2])} of {match[1]}"
    if kind is PeriodType.TERM and (match := re.fullmatch(r"(\d{4}/\d{2}) (.+)", period)):
        return f"{match[2][:1].lower()}{match[2][1:]} {match[1]}"
    if months := re.fullmatch(r"(\d{4})-(0[1-9]|1[0-2]) to (\d{4})-(0[1-9]|1[0-2])", period):
        first = MONTHS[int(months[2]) - 1] + ("" if months[1] == months[3] else f" {months[1]}")
        return f"{first} to {MONTHS[int(months[4]) - 1]} {months[3]}"
    if kind is PeriodType.ROLLING and (match := re.fullmatch(r"(\d{4}) ?[-–] ?(\d{2,4})", period)):
        end = match[2] if len(match[2]) == 4 else match[1][:2] + match[2]
        return f"{match[1]} to {end}"
    prefix = {
        PeriodType.CALENDAR_YEAR: "calendar year ",
        PeriodType.FINANCIAL_YEAR: "financial year ",
        PeriodType.REPORTING_YEAR: "reporting year ",
    }.get(kind, "")
    return prefix + period
