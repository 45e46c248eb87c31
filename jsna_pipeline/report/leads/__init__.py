"""The figures that lead each chapter: what it shows at a glance, under its opening.

Here: one module for each chapter that has them, named by its id. Not here: the figures of single indicators
(`report/figures.py`) or how any kind of figure is drawn (`report/charts/`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from jsna_pipeline.findings import Facts
from jsna_pipeline.report.charts import Figure
from jsna_pipeline.report.leads import (
    adulthood,
    alternative_provision,
    attendance,
    ehc_system,
    health,
    identified_need,
    inequalities,
    outcomes,
    provision,
)
from jsna_pipeline.report.view import AreaView

_LEADS: Mapping[str, Callable[[AreaView, Mapping[str, Facts]], tuple[Figure, ...]]] = {
    "identified_need": identified_need.lead_figures,
    "ehc_system": ehc_system.lead_figures,
    "provision": provision.lead_figures,
    "attendance": attendance.lead_figures,
    "outcomes": outcomes.lead_figures,
    "health": health.lead_figures,
    "alternative_provision": alternative_provision.lead_figures,
    "adulthood": adulthood.lead_figures,
    "inequalities": inequalities.lead_figures,
}


def lead_figures(chapter_id: str, view: AreaView, known: Mapping[str, Facts]) -> tuple[Figure, ...]:
    """The figures under the opening of a chapter; none for a chapter without a module or without data."""
    lead = _LEADS.get(chapter_id)
    return lead(view, known) if lead else ()
