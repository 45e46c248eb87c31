"""Cells of the data tables under figures.

Here: how a value, its limits and an absent value are printed there. Not here: which columns a kind of figure
has (its own module) or formats of single numbers (`report/formatting.py`).
"""

from __future__ import annotations

from jsna_pipeline.report import formatting


def headed(name: str, unit: str) -> str:
    return f"{name} ({unit})" if unit else name


def or_dash(value: float | None, decimals: int, note: str = "") -> str:
    return note or "not published" if value is None else formatting.number(value, decimals)


def limits(lower: float | None, upper: float | None, decimals: int) -> str:
    return formatting.EN_DASH if lower is None or upper is None else formatting.interval(lower, upper, decimals)


def count_and_share(count: float | None, share: float | None) -> str:
    if count is None and share is None:
        return "not published"
    if share is None:
        return formatting.number(count or 0)
    percent = formatting.measure(share, "percent")
    return percent if count is None else f"{formatting.number(count)} ({percent})"
