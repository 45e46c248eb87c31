"""How projected numbers are worded: to three figures in sentences, whole in tables, and always with their range.

Here: rounding, ranges, names of ages, needs, settings and methods. Not here: which number is said where.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from functools import cache

import pandas as pd

from jsna_pipeline import geography
from jsna_pipeline.report import formatting
from jsna_pipeline.report.front import words as front_words
from jsna_pipeline.report.leads.provision import PLACE_KINDS

FIGURES = 3  # of a projected number in a sentence
RANGE = "In brackets: the range that would hold 95 of 100 futures like the past."
SETTINGS: Mapping[str, str] = {
    "mainstream": "mainstream schools",
    "resourced_or_unit": "resourced provision or a SEN unit",
    "special_state": "state special schools",
    "special_independent": "independent special schools",
    "alternative_provision": "alternative provision",
    "further_education": "colleges, after 16",
    "early_years": "early years settings",
    "educated_elsewhere": "education elsewhere, or none",
    "not_recorded": "a setting that is not recorded",
}
OTHERS: Mapping[str, str] = {
    "total": "all",
    "not_recorded": "not recorded",
    "post_16": "after 16",
    "semh": "social, emotional and mental health",
}
DIMENSIONS: Mapping[str, str] = {
    "age_band": "age",
    "primary_need": "primary need",
    "setting": "setting",
    "phase": "phase of education",
    "place_kind": "kind of place",
    "locality": "locality",
}
QUANTITIES: Mapping[str, str] = {
    "plans": "EHC plans",
    "new_plans": "new plans in the year",
    "cost": "cost of placements a year",
    "budget": "high needs budget",
    "deficit": "high needs deficit carried forward",
}


def category(dimension: str, name: str) -> str:
    """A group in words, in the middle of a sentence: "state special schools", "ages 5 to 10"."""
    if dimension == "setting" and name in SETTINGS:
        return SETTINGS[name]
    if dimension == "place_kind" and name in PLACE_KINDS:
        kind = PLACE_KINDS[name]
        return kind if kind.startswith("SEN") else f"{kind[:1].lower()}{kind[1:]}"
    if dimension == "locality":
        return name
    if dimension == "age_band":
        words = name.replace("_", " ")
        return f"ages {words}" if words[:1].isdigit() else words
    return OTHERS.get(name) or formatting.category_label(name)


def heading(dimension: str, name: str) -> str:
    """The same as the head of a table's row."""
    return formatting.sentence(category(dimension, name))


def quantity(name: str) -> str:
    """What a number counts: "EHC plans", "plans in state special schools"."""
    for kind in ("plans", "cost"):
        if name.startswith(f"{kind}_"):
            return f"{kind} in {category('setting', name.removeprefix(f'{kind}_'))}"
    return QUANTITIES.get(name) or name.replace("_", " ")


# --- numbers -----------------------------------------------------------------------------------


def rounded(value: float) -> Decimal:
    """`value` to three figures, halves up; a number below a thousand to the whole."""
    exact = Decimal(repr(float(value)))
    digits = exact.adjusted() + 1 if exact else 1
    step = Decimal(10) ** max(digits - FIGURES, 0)
    return (exact / step).quantize(Decimal(1), ROUND_HALF_UP) * step


def about(value: float) -> str:
    """ "4,100" of 4,097: a projected count as a sentence says it."""
    return formatting.number(float(rounded(value)))


def between(lower: float, upper: float) -> str:
    """ "3,770 to 4,370"."""
    return f"{about(lower)} to {about(upper)}"


def with_range(value: float, lower: float, upper: float) -> str:
    """ "4,100 (3,770 to 4,370)"."""
    return f"{about(value)} ({between(lower, upper)})"


def counted(value: float, noun: str, lower: float, upper: float) -> str:
    """ "124 places too few (48 to 181)"."""
    return f"{about(value)} {noun} ({between(lower, upper)})"


def chance(percent: float) -> str:
    """How many of a hundred futures: never none of them, and never all."""
    if percent < 1:
        return "fewer than 1"
    return "more than 99" if percent > 99 else formatting.number(percent)


def pounds(value: float) -> str:
    """ "£92.3 million", "£845,000": to three figures, and without its sign, which the sentence says."""
    return formatting.pounds(float(rounded(abs(value))))


def pounds_between(lower: float, upper: float) -> str:
    """ "£84.9 million to £99.1 million"."""
    return f"{pounds(lower)} to {pounds(upper)}"


def cell(value: float | None, decimals: int = 0) -> str:
    """A number as a table prints it; a dash where there is none."""
    return formatting.EN_DASH if value is None or pd.isna(value) else formatting.number(value, decimals)


def range_cell(lower: float | None, upper: float | None, decimals: int = 0) -> str:
    """A range as a table prints it: "3,773 to 4,372"."""
    if lower is None or upper is None or pd.isna(lower) or pd.isna(upper):
        return formatting.EN_DASH
    return f"{formatting.number(lower, decimals)} to {formatting.number(upper, decimals)}"


def millions(value: float | None) -> str:
    """Pounds in millions with one decimal, for a table whose heading says so."""
    return cell(None if value is None or pd.isna(value) else value / 1_000_000, 1)


def millions_range(lower: float | None, upper: float | None) -> str:
    if lower is None or upper is None or pd.isna(lower) or pd.isna(upper):
        return formatting.EN_DASH
    return range_cell(lower / 1_000_000, upper / 1_000_000, 1)


def januaries(years: list[int]) -> str:
    """ "January 2027", "January 2027 to January 2030"."""
    first, last = min(years), max(years)
    return f"January {first}" if first == last else f"January {first} to January {last}"


def years_ahead(horizon: int) -> str:
    return formatting.counted(horizon, "year")


def number_word(number: int) -> str:
    """ "two"; above ten in figures, as the house writes numbers."""
    return front_words.number_word(int(number))


@cache
def area_name(code: str) -> str:
    """The name of an authority, of today's or of one that has ended."""
    return str(geography.attributes(pd.Series([code]))["area_name"].fillna(code).iloc[0])


def area_names(codes: pd.Series) -> dict[str, str]:
    """Names of many authorities by their codes."""
    names = geography.attributes(codes)["area_name"].fillna(codes)
    return dict(zip(codes, names, strict=True))
