"""A view of Wigan made once, with what a test of leads puts into it, and the facts of its measures.

Here: short ways to both. Not here: the tables themselves (`tests/invented_indicators.py`, `protected_tables.py`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import cache

from jsna_pipeline.catalogue.indicators import indicators
from jsna_pipeline.findings import Facts, facts
from jsna_pipeline.report.view import AreaView
from tests.invented_area import view_of

_made = cache(view_of)


def bare_view(**changes: object) -> AreaView:
    """The invented view with `changes` of its fields."""
    return replace(_made(), **changes)  # type: ignore[arg-type]


def known_of(view: AreaView, names: Iterable[str]) -> dict[str, Facts]:
    """What the view knows of the measures named."""
    found = {name: facts(view, indicators()[name]) for name in names}
    return {name: one for name, one in found.items() if one is not None}
