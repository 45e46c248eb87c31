"""The figures that lead the chapter on the way into adult life.

Here: what they show and say, from the area's view. Not here: how a kind of figure is drawn (`report/charts/`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from jsna_pipeline.findings import Facts
from jsna_pipeline.report import formatting
from jsna_pipeline.report.charts import Figure, FigureText, ShareRow, SharesFigure
from jsna_pipeline.report.leads.published import published, source_of, when
from jsna_pipeline.report.view import AreaView

SUSTAINED, NOT_IN = "ks4_sustained_destination", "neet_or_unknown_16_17"
STAGES = {"ehc_plan": "With an EHC plan", "sen_support": "With SEN support", "no_sen": "Without SEN"}
PLAN, NONE = "ehc_plan", "no_sen"


def lead_figures(view: AreaView, known: Mapping[str, Facts]) -> tuple[Figure, ...]:
    """Who stays in education, training or work after 16, and who does neither at 16 and 17."""
    made = (
        _by_stage(
            view,
            known,
            SUSTAINED,
            "adulthood-destinations",
            "stayed in education, training or work after 16",
            "Pupils who stayed at least two terms in education, training or work after year 11, %",
        ),
        _by_stage(
            view,
            known,
            NOT_IN,
            "adulthood-neet",
            "were out of education and work at 16 and 17, or not known",
            "Young people of 16 and 17 out of education, employment and training, or not known, %",
        ),
    )
    return tuple(figure for figure in made if figure is not None)


def _by_stage(
    view: AreaView, known: Mapping[str, Facts], name: str, figure_id: str, doing: str, measured: str
) -> SharesFigure | None:
    """A share of young people with a plan, with SEN support and without SEN, beside England and the neighbours."""
    if name not in known:
        return None
    measure = known[name]
    parts = {stage: published(view, measure, "sen_provision", stage) for stage in STAGES}
    rows = tuple(
        ShareRow(
            STAGES[stage],
            one.value,
            one.lower,
            one.upper,
            one.count,
            one.england,
            one.neighbours,
            marked=stage == PLAN,
        )
        for stage, one in parts.items()
        if one.value is not None or one.england is not None
    )
    if parts[PLAN].value is None and parts["sen_support"].value is None:
        return None
    text = FigureText(
        figure_id,
        _title(parts[PLAN].value, parts[NONE].value, doing),
        f"{measured}, {view.area.name}, {when(measure)}",
        f"Bars of shares, {when(measure)}. {_spoken(rows)}",
        source_of([measure]),
    )
    remarks = () if measure.is_current else (f"The newest figures are of {when(measure)}, over two years old",)
    return SharesFigure(text, view.area.name, "percent", 1, rows, remarks)


def _title(plan: float | None, none: float | None, doing: str) -> str:
    if plan is None:
        return f"How many of those with SEN {doing}"
    against = f", against {formatting.measure(none, 'percent')} of those without SEN" if none is not None else ""
    return f"{formatting.measure(plan, 'percent')} of those with a plan {doing}{against}"


def _spoken(rows: Sequence[ShareRow]) -> str:
    return " ".join(
        f"{row.name} {formatting.measure(row.value, 'percent')}"
        + (f", England {formatting.measure(row.england, 'percent')}." if row.england is not None else ".")
        for row in rows
    )
