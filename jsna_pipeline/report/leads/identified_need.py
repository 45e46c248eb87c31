"""The figures that lead the chapter on identified need: which needs children with a plan have, and those without one.

Here: what they show and say, from the area's view. Not here: how a kind of figure is drawn (`report/charts/`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from jsna_pipeline.findings import Facts
from jsna_pipeline.report import formatting
from jsna_pipeline.report.charts import (
    DumbbellFigure,
    DumbbellMark,
    DumbbellPanel,
    DumbbellRow,
    DumbbellSeries,
    Figure,
    FigureText,
)
from jsna_pipeline.report.leads.own_records import HIDDEN, HIDDEN_REMARK, SOURCE, OwnRecords, own_records
from jsna_pipeline.report.leads.published import Published, published, source_of, when
from jsna_pipeline.report.view import AreaView

CHAPTER = "identified_need"
PLANS, NEW_PLANS = "ehcp_primary_need_mix", "ehcp_new_primary_need_mix"
OWN_TABLE = "pupils_with_sen_by_need"
STAGES = ("sen_support", "ehc_plan")
LEAST = 2.0  # percent here or in England: rarer needs would crowd the chart, and are in the chapter's table
UNSAID = ("not_recorded", "not_known", "no_specialist_assessment")  # no need of a child


def lead_figures(view: AreaView, known: Mapping[str, Facts]) -> tuple[Figure, ...]:
    """Needs of plans beside England, and by stage of SEN where the area counts them itself."""
    made = (plans_figure(view, known), stages_figure(view))
    return tuple(figure for figure in made if figure is not None)


# --- plans, new plans and England --------------------------------------------------------------


def plans_figure(view: AreaView, known: Mapping[str, Facts]) -> DumbbellFigure | None:
    """Each common need as a share of all plans, of new plans and of England's plans; the commonest here first."""
    plans = known.get(PLANS)
    if plans is None or not plans.is_current:
        return None
    needs = {need: _mix(view, plans, need) for need in plans.record.numerator.categories if need not in UNSAID}
    shown = [need for need, one in needs.items() if max(one.value or 0, one.england or 0) >= LEAST]
    shown.sort(key=lambda need: (-(needs[need].value or 0), need))
    if len(shown) < 2 or needs[shown[0]].value is None:
        return None
    new = known.get(NEW_PLANS)
    new = new if new is not None and new.is_current else None
    series = [DumbbellSeries("All plans", "area"), DumbbellSeries("England", "england")]
    series[1:1] = [DumbbellSeries("New plans", "newer")] if new else []
    rows = []
    for need in shown:
        one = needs[need]
        marks = [DumbbellMark(one.value), DumbbellMark(one.england)]
        marks[1:1] = [DumbbellMark(_mix(view, new, need).value)] if new else []
        rows.append(DumbbellRow(_need(need), tuple(marks)))
    first, beside = rows[0].name, needs[shown[0]]
    title = f"{first} is the commonest need: {_share(beside.value)} of plans"
    title += f" here, {_share(beside.england)} in England" if beside.england is not None else ""
    of_new = f" and of those begun in {when(new).removeprefix('calendar year ')}" if new else ""
    text = FigureText(
        f"{CHAPTER}-plans",
        title,
        f"First need of EHC plans, % of plans in force in {when(plans)}{of_new}, {view.area.name}; "
        f"needs of {formatting.number(LEAST)}% or more",
        _spoken("First need of EHC plans", series, rows),
        source_of([plans, *([new] if new else [])]),
    )
    return DumbbellFigure(text, tuple(series), (DumbbellPanel(tuple(rows)),))


def _mix(view: AreaView, mix: Facts, need: str) -> Published:
    return published(view, mix, mix.record.numerator.dimension or "", need)


# --- the area's own pupils, by stage of SEN ----------------------------------------------------


def stages_figure(view: AreaView) -> DumbbellFigure | None:
    """Each need as a share of pupils with SEN support and of those with a plan, from printed counts alone."""
    own = own_records(view, OWN_TABLE)
    if own is None:
        return None
    wholes = {stage: own.count(sen_stage=stage) for stage in STAGES}
    needs = [need for need in own.categories("primary_need") if need not in UNSAID]
    marks = {need: tuple(_own_mark(own, need, stage, wholes[stage]) for stage in STAGES) for need in needs}
    shown = [need for need in needs if max(mark.value or 0 for mark in marks[need]) >= LEAST]
    if len(shown) < 2:
        return None
    shown.sort(key=lambda need: (-(marks[need][0].value or 0), need))
    series = (DumbbellSeries("SEN support", "sen_support"), DumbbellSeries("EHC plan", "ehc_plan"))
    rows = tuple(DumbbellRow(_need(need), marks[need]) for need in shown)
    apart = max(rows, key=_gap)
    hidden = f"; {HIDDEN_REMARK}" if any(mark.note for row in rows for mark in row.marks) else ""
    text = FigureText(
        f"{CHAPTER}-stages",
        f"{apart.name} is {_share(apart.marks[0].value)} of SEN support and {_share(apart.marks[1].value)} of plans",
        f"First need of pupils on roll, % of each stage of SEN, {own.when}; provisional, needs of "
        f"{formatting.number(LEAST)}% or more{hidden}",
        _spoken("First need of pupils with SEN", series, rows),
        formatting.sentence(SOURCE),
    )
    return DumbbellFigure(text, series, (DumbbellPanel(rows),))


def _own_mark(own: OwnRecords, need: str, stage: str, whole: int | None) -> DumbbellMark:
    part = own.count(primary_need=need, sen_stage=stage)
    return DumbbellMark(None, note=HIDDEN) if part is None or not whole else DumbbellMark(100 * part / whole)


def _gap(row: DumbbellRow) -> float:
    values = [mark.value for mark in row.marks if mark.value is not None]
    return max(values) - min(values) if len(values) == len(row.marks) else -1.0


# --- words -------------------------------------------------------------------------------------


def _need(category: str) -> str:
    return formatting.sentence(formatting.category_label(category))


def _share(value: float | None) -> str:
    return formatting.measure(value, "percent")


def _spoken(what: str, series: Sequence[DumbbellSeries], rows: Sequence[DumbbellRow]) -> str:
    said = []
    for row in rows:
        marks = (f"{one.name} {mark.words('percent', 1)}" for one, mark in zip(series, row.marks, strict=True))
        said.append(f"{row.name}: {', '.join(marks)}")
    return f"Marks on a line. {what}. {'; '.join(said)}."
