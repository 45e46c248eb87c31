"""The scorecard of an area's strategies as a table: one row for each measure, with its verdict and evidence.

Here: the table that the data pack publishes and the next edition reads. Not here: judging a measure
(`evaluation.py`), its contract (`published_tables.Scorecard`), or printing it (`report/strategy_section.py`).
"""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from jsna_pipeline.geography import Area
from jsna_pipeline.published_tables import Scorecard, checked
from jsna_pipeline.strategies.evaluation import MeasureResult
from jsna_pipeline.vocabulary import Comparator

SEPARATOR = "; "


def scorecard_table(results: Iterable[MeasureResult], edition: str, area: Area) -> pd.DataFrame:
    """SCORECARD: a row a measure, in the order of `results`; empty with all its columns where there are none."""
    rows = [_row(result, edition, area) for result in results]
    columns = list(Scorecard.to_schema().columns)
    return checked(pd.DataFrame(rows, columns=columns), Scorecard)


def _row(result: MeasureResult, edition: str, area: Area) -> dict[str, object]:
    lead = result.lead
    newest = lead.newest if lead else None
    beside = lead.comparators if lead else {}
    return {
        "strategy_id": result.strategy.id,
        "row": result.measure.row,
        "area_code": area.code,
        "references": SEPARATOR.join(result.measure.references),
        "measure": result.measure.measure,
        "rule": result.measure.rule.value,
        "verdict": result.verdict.value,
        "sentence": result.sentence,
        "owner": result.owner,
        "evidence": result.measure.evidence.value,
        "indicator_ids": SEPARATOR.join(dict.fromkeys(one.id for one in result.measure.indicators)),
        "figure": lead.name if lead and newest else "",
        "period": newest.period if newest else "",
        "value": newest.value if newest else None,
        "unit": lead.unit if lead and newest else "",
        "england_value": beside.get(Comparator.ENGLAND.value),
        "region_value": beside.get(Comparator.REGION.value),
        "neighbours_mean_value": beside.get(Comparator.NEIGHBOURS_MEAN.value),
        "holder": result.gap_holder,
        "edition": edition,
    }
