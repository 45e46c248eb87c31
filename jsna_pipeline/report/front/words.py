"""The short sentences of page one: a figure first, then what it is, when it was, and how England stands beside it.

Here: one indicator in about 25 words, and how long words are cut. Not here: which indicator stands in which part, or
the long sentence that evidences it (`findings.py`).
"""

from __future__ import annotations

import textwrap
from collections.abc import Collection

from jsna_pipeline.findings import Facts, Tone
from jsna_pipeline.periods import period_end
from jsna_pipeline.report import formatting
from jsna_pipeline.report.model import FrontStatement
from jsna_pipeline.vocabulary import AreaLevel, Method, PeriodType, Significance

# The catalogue's phrase where it takes too long for one page: the same group, in fewer words.
PHRASES = {
    "cla_emotional_health_asked": "of children in care aged 5 to 16 had an emotional health score",
    "ehcp_neet": "of young people aged 16 to 23 with a plan had no education or training",
    "ehcp_within_20_weeks_all": "of all new plans came within 20 weeks, legal exceptions counted",
    "ehcp_within_20_weeks_excl": "of new plans came within 20 weeks, legal exceptions left out",
    "good_level_of_development": "of children with an EHC plan were recorded at a good level of development at age 5",
    "health_autism_wait_over_13_weeks": "of children’s autism referrals had been open for 13 weeks or more",
    "health_cyp_waits_over_18_weeks": "of children waiting for speech and language therapy had waited over 18 weeks",
    "health_cyp_waits_over_52_weeks": "of children waiting for speech and language therapy had waited over 52 weeks",
    "ks2_reading_writing_maths": (
        "of pupils with a plan were recorded at the expected standard in reading, writing and maths at age 11"
    ),
    "level_2_at_19": "of 19-year-olds with a plan at school were recorded at level 2",
    "level_2_english_maths_at_19": (
        "of 19-year-olds with a plan at school were recorded at level 2 with English and maths"
    ),
    "level_3_at_19": "of 19-year-olds with a plan at school were recorded at level 3",
    "neet_or_unknown_16_17": "of 16 and 17-year-olds with a plan were out of education and work, or not known",
}


def figure(one: Facts, value: float | None = None) -> str:
    """The figure as the sentence begins with it: "47.2%", "2,132"; of another period where its `value` is given."""
    unit = "" if one.record.method is Method.COUNT else one.record.unit
    return formatting.measure(one.value if value is None else value, unit, one.record.decimals)


def phrase(one: Facts) -> str:
    return PHRASES.get(one.record.id, one.record.phrase)


def when(one: Facts) -> str:
    """ "January 2025", "2024", "year to March 2024"."""
    if one.period_type is PeriodType.CALENDAR_YEAR:
        return one.period
    end = period_end(one.period, one.period_type)
    if one.period_type in {PeriodType.FINANCIAL_YEAR, PeriodType.REPORTING_YEAR} and end:
        return f"year to March {end.year}"
    return formatting.period_words(one.period, one.period_type)


def counted(one: Facts) -> str:
    """ "182 of 386, 2024": the counts behind a share, and its period; a share without them is said to have none."""
    if one.numerator is None or one.denominator is None:
        return f"{when(one)}, counts not published" if formatting.is_percent(one.record.unit) else when(one)
    if one.record.method is not Method.PROPORTION:
        return when(one)
    return f"{formatting.of(one.numerator, one.denominator)}, {when(one)}"


def beside_england(one: Facts, untold: Collection[str] = (Significance.NOT_TESTED,)) -> str:
    """ "similar to England (50.2%)"; "England 50.2%" where the word is one of `untold`; blank where it is not known."""
    england = one.against_england
    if england is None:
        return ""
    value = figure(one, england.value)
    if england.significance in untold:
        return f"England {value}"
    joined = "to" if england.significance == Significance.SIMILAR else "than"
    return f"{england.significance} {joined} England ({value})"


def covers(one: Facts, area_name: str) -> str:
    """Whom an NHS figure is about: it is never the authority's own."""
    return "" if one.area_level is AreaLevel.LOCAL_AUTHORITY else f"covers {one.area_name}, not {area_name} alone"


def sentence(one: Facts, area_name: str, tone: Tone = "neutral", label: str = "") -> FrontStatement:
    """ "11.7% of young people … (65 of 556, January 2025); similar to England (9.7%)."""
    key = figure(one)
    # A mark that says how it stands need not be repeated.
    england = beside_england(one, tuple(Significance) if tone == "worse" else (Significance.NOT_TESTED,))
    parts = [f"{key} {phrase(one)} ({counted(one)})", england, covers(one, area_name)]
    return FrontStatement(f"{'; '.join(part for part in parts if part)}.", tone, label, one.record.id, key)


def number_word(number: int) -> str:
    """ "four"; above ten in figures, as the house writes numbers."""
    return _NUMBERS[number - 1] if 1 <= number <= len(_NUMBERS) else formatting.number(number)


_NUMBERS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


def cut(text: str, characters: int) -> str:
    """`text` in at most so many characters, ended between words: what people write may be longer than the page."""
    return textwrap.shorten(text, characters, placeholder=" …")
