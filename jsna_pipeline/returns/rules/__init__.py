"""Every rule on a return, by the return's record: what the catalogue implies, then what stands between columns.

Here: which module holds the rules of which return. Not here: a rule.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from jsna_pipeline.catalogue.returns import Return
from jsna_pipeline.returns.rules import annex_a, children_in_need, looked_after, school_census, sen2, templates
from jsna_pipeline.returns.rules.base import Rule
from jsna_pipeline.returns.rules.columns import column_rules

BETWEEN: dict[str, Callable[[Return, int, date], list[Rule]]] = {
    "annex_a": annex_a.rules,
    "children_in_need": children_in_need.rules,
    "looked_after": looked_after.rules,
    "sen2": sen2.rules,
    "school_census": school_census.rules,
}


def rules_of(record: Return, year: int, reference_date: date) -> list[Rule]:
    """The rules of `record` for the collection `year`; dates and ages are held against `reference_date`."""
    found = [rule for table in record.tables for rule in column_rules(record, table, year, reference_date)]
    between = templates.rules if record.kind == "template" else BETWEEN.get(record.id)
    return found + (between(record, year, reference_date) if between else [])
