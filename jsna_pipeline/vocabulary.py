"""The closed vocabularies of the published tables, each value spelt once.

Here: enumerations that appear as cell values in observations, comparisons, trends and their data
package. Not here: labels for people (`report/formatting.py`) or rules about the values.
"""

from enum import StrEnum


class AreaLevel(StrEnum):
    ENGLAND = "england"
    REGION = "region"
    LOCAL_AUTHORITY = "local_authority"
    WARD = "ward"
    LOCALITY = "locality"
    SUB_ICB = "sub_icb"
    ICB = "icb"
    PROVIDER = "provider"


class PeriodType(StrEnum):
    ACADEMIC_YEAR = "academic_year"
    CALENDAR_YEAR = "calendar_year"
    FINANCIAL_YEAR = "financial_year"
    JANUARY_SNAPSHOT = "january_snapshot"
    REPORTING_YEAR = "reporting_year"
    TERM = "term"
    WEEK = "week"
    MONTH = "month"
    ROLLING = "rolling"


class Status(StrEnum):
    """Why a value is present or absent; only `ok` and `low_reliability` carry a number."""

    OK = "ok"
    SUPPRESSED = "suppressed"
    UNAVAILABLE = "unavailable"
    NOT_APPLICABLE = "not_applicable"
    ROUNDS_TO_ZERO = "rounds_to_zero"
    LOW_RELIABILITY = "low_reliability"


class Polarity(StrEnum):
    HIGH = "high"
    LOW = "low"
    NONE = "none"


class Method(StrEnum):
    COUNT = "count"
    PROPORTION = "proportion"
    RATE = "rate"
    MEAN = "mean"
    RATIO = "ratio"
    DIFFERENCE = "difference"
    DSR = "dsr"
    PUBLISHED = "published"


class Comparator(StrEnum):
    ENGLAND = "england"
    REGION = "region"
    NEIGHBOURS_MEAN = "neighbours_mean"
    NEIGHBOURS_POOLED = "neighbours_pooled"
    PREVIOUS = "previous"
    TARGET = "target"


class Significance(StrEnum):
    BETTER = "better"
    SIMILAR = "similar"
    WORSE = "worse"
    HIGHER = "higher"
    LOWER = "lower"
    NOT_TESTED = "not_tested"


class Direction(StrEnum):
    INCREASING = "increasing"
    DECREASING = "decreasing"
    NO_CHANGE = "no_change"
    CANNOT_BE_CALCULATED = "cannot_be_calculated"


class Judgement(StrEnum):
    IMPROVING = "improving"
    WORSENING = "worsening"
    NO_CHANGE = "no_change"
    NO_JUDGEMENT = "no_judgement"


class ReconciliationRule(StrEnum):
    """Which rule a published figure was held against."""

    SHARE_FROM_COUNTS = "share_from_counts"
    PARTS_AND_WHOLE = "parts_and_whole"
    LEVELS_ADD_UP = "levels_add_up"
    CATEGORIES_ADD_UP = "categories_add_up"
    SAME_FACT = "same_fact"
    REPEATED_VALUES = "repeated_values"
    IMPOSSIBLE_VALUE = "impossible_value"
    JUMP = "jump"


class ExceptionClass(StrEnum):
    """Why a published figure breaks a rule, as far as rules can tell."""

    ROUNDING_TIE = "rounding_tie"
    DOCUMENTED_FOOTNOTE = "documented_footnote"
    SOURCE_REVISION = "source_revision"
    SOURCE_DEFECT = "source_defect"
    UNEXPLAINED = "unexplained"


TOTAL = "total"  # the value of `dimension` and `category` for the whole population
