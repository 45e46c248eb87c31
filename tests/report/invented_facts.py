"""Facts of single measures with invented figures, for tests of what is said about them.

Here: a current headline of a measure of the catalogue, with England beside it. Not here: whole views
(`tests/invented_area.py`).
"""

from __future__ import annotations

from datetime import date

from jsna_pipeline.catalogue.indicators import indicators
from jsna_pipeline.findings import Comparison, Facts
from jsna_pipeline.vocabulary import AreaLevel, Comparator, Direction, Judgement, Method

CUT_OFF = date(2025, 12, 31)
PERIODS = {"calendar_year": "2024", "reporting_year": "2025", "financial_year": "2024/25"}


def beside(value: float, difference: float, significance: str, **given: int) -> Comparison:
    """A comparison with 1 area; `rank`, `out_of` and `quartile` where given."""
    places = {"rank": None, "out_of": None, "quartile": None} | given
    return Comparison(value, 1, difference, significance, **places)


def a_fact(
    indicator_id: str,
    significance: str = "not_tested",
    counts: tuple[float, float] | None = (300.0, 600.0),
    england: tuple[float, float] | None = (66_000.0, 110_000.0),
    **changes: object,
) -> Facts:
    """The newest figure of a measure: 300 of 600 (50%) beside England's 66,000 of 110,000 (60%), unless told."""
    record = indicators()[indicator_id]
    share = record.method is Method.PROPORTION and counts is not None
    value = 100 * counts[0] / counts[1] if share and counts else counts[0] if counts else 12.3
    there = 100 * england[0] / england[1] if england else 20.0
    compared = beside(there, value - there, significance)
    given: dict[str, object] = {
        "record": record,
        "area_name": "Wigan",
        "area_level": AreaLevel.LOCAL_AUTHORITY,
        "region_name": "North West",
        "period": PERIODS.get(record.period_type.value, "2024/25"),
        "period_type": record.period_type,
        "value": value,
        "lower": value - 4 if share else None,
        "upper": value + 4 if share else None,
        "numerator": counts[0] if counts else None,
        "denominator": counts[1] if share and counts else None,
        "comparisons": {Comparator.ENGLAND: compared},
        "direction": Direction.CANNOT_BE_CALCULATED.value,
        "judgement": Judgement.NO_JUDGEMENT.value,
        "first_period": "",
        "last_period": "",
        "points": 1,
        "cut_off": CUT_OFF,
        "england_numerator": england[0] if england else None,
        "england_denominator": england[1] if england else None,
    }
    return Facts(**(given | changes))  # type: ignore[arg-type]
