"""What is known of one measure, made by hand: a catalogue record with invented figures.

Here: short ways to write facts and a comparison. Not here: what page one says of them (the tests beside it).
"""

from __future__ import annotations

from datetime import date
from typing import Any

from jsna_pipeline.catalogue.indicators import indicators
from jsna_pipeline.findings import Comparison, Facts
from jsna_pipeline.vocabulary import AreaLevel, PeriodType

CUT_OFF = date(2025, 12, 31)


def beside(value: float, significance: str = "not_tested", rank: int | None = None, quartile: int | None = None) -> Any:
    return Comparison(value, 1, 0.0, significance, rank, 151 if rank else None, quartile)


def facts(indicator: str, value: float, period: str = "2024", **given: Any) -> Facts:
    """Facts of a measure of the calendar year 2024; `counts` are numerator and denominator."""
    numerator, denominator = given.pop("counts", (None, None))
    base = {
        "record": indicators()[indicator],
        "area_name": "Wigan",
        "area_level": AreaLevel.LOCAL_AUTHORITY,
        "region_name": "North West",
        "period": period,
        "period_type": PeriodType.CALENDAR_YEAR,
        "value": value,
        "lower": None,
        "upper": None,
        "numerator": numerator,
        "denominator": denominator,
        "comparisons": {},
        "direction": "cannot_be_calculated",
        "judgement": "no_judgement",
        "first_period": "",
        "last_period": "",
        "points": 1,
        "cut_off": CUT_OFF,
    }
    return Facts(**(base | given))
