"""The figures that lead the chapter on the limits of the law and the way from request to plan.

Here: what they show and say, from the area's view. Not here: how a kind of figure is drawn (`report/charts/`).
"""

from __future__ import annotations

from collections.abc import Mapping

from jsna_pipeline.findings import Facts
from jsna_pipeline.report.charts import Figure
from jsna_pipeline.report.view import AreaView


def lead_figures(view: AreaView, known: Mapping[str, Facts]) -> tuple[Figure, ...]:
    return ()
