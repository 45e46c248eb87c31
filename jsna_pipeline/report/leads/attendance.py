"""The figures that lead the chapter on attendance and exclusion: who misses school, and who is sent home.

Here: what they show and say, from the area's view. Not here: how a kind of figure is drawn (`report/charts/`).
"""

from __future__ import annotations

from collections.abc import Mapping

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
from jsna_pipeline.report.leads.own_records import HIDDEN, HIDDEN_REMARK, SOURCE, own_records
from jsna_pipeline.report.leads.published import found, published, source_of, when
from jsna_pipeline.report.view import AreaView

CHAPTER = "attendance"
MEASURES = ("persistent_absence", "suspension_rate")
SCHOOL_TYPES = ("primary", "secondary", "special")
STAGES = ("no_sen", "sen_support", "ehc_plan")
# The area's own tables, what each counts as "yes", and how a row of the figure names it.
OWN_MEASURES = (
    ("absence_by_need", "persistent_absence", "Missed a tenth of school or more"),
    ("absence_by_need", "severe_absence", "Missed half of school or more"),
    ("suspensions_by_need", "suspended", "Suspended at least once"),
)


def lead_figures(view: AreaView, known: Mapping[str, Facts]) -> tuple[Figure, ...]:
    """By stage of SEN where the area counts it itself, and by type of school beside England."""
    made = (stages_figure(view), schools_figure(view, known))
    return tuple(figure for figure in made if figure is not None)


# --- by type of school, beside England ---------------------------------------------------------


def schools_figure(view: AreaView, known: Mapping[str, Facts]) -> DumbbellFigure | None:
    """A panel for each measure with values for at least two types of school, the area and England in each row."""
    measures = [one for one in found(known, *MEASURES) if one.is_current]
    panels = {one.record.id: _panel(view, one) for one in measures}
    measures = [one for one in measures if len(panels[one.record.id].rows) > 1]
    if not measures:
        return None
    series = (DumbbellSeries(view.area.name, "area"), DumbbellSeries("England", "england"))
    shown = tuple(panels[one.record.id] for one in measures)
    text = FigureText(
        f"{CHAPTER}-schools",
        _schools_title(measures[0], shown[0]),
        f"Absence and suspension by type of school, {view.area.name} and England",
        "Marks on a line by type of school. " + " ".join(_panel_spoken(panel) for panel in shown),
        source_of(measures),
    )
    return DumbbellFigure(text, series, shown, own_scales=True)


def _panel(view: AreaView, one: Facts) -> DumbbellPanel:
    rows = []
    for kind in SCHOOL_TYPES:
        here = published(view, one, "school_type", kind)
        if here.value is None and here.england is None:
            continue
        marks = (DumbbellMark(here.value, here.lower, here.upper), DumbbellMark(here.england))
        rows.append(DumbbellRow(formatting.sentence(kind), marks))
    unit = formatting.unit_label(one.record.unit)
    suffix = "" if unit == "%" else f", {unit} pupils" if unit == "per 100" else f", {unit}"
    title = f"{one.record.name}{suffix}, {when(one)}"
    return DumbbellPanel(tuple(rows), one.record.unit, one.record.decimals, title)


def _schools_title(first: Facts, panel: DumbbellPanel) -> str:
    """The type of school with the highest value here, beside England's."""
    highest = max(panel.rows, key=lambda row: -1.0 if row.marks[0].value is None else row.marks[0].value)
    own, england = (mark.value for mark in highest.marks)
    unit, decimals = first.record.unit, first.record.decimals
    name = f"{first.record.name} is highest in {highest.name.lower()} schools"
    if own is None:
        return f"{first.record.name} by type of school"
    said = f"{name}: {formatting.measure(own, unit, decimals)}"
    return said if england is None else f"{said}, and {formatting.measure(england, unit, decimals)} in England"


def _panel_spoken(panel: DumbbellPanel) -> str:
    said = []
    for row in panel.rows:
        own, england = (mark.words(panel.unit, panel.decimals) for mark in row.marks)
        said.append(f"{row.name} {own}, England {england}")
    return f"{panel.title}: {'; '.join(said)}."


# --- the area's own pupils, by stage of SEN ----------------------------------------------------


def stages_figure(view: AreaView) -> DumbbellFigure | None:
    """Share of pupils at each stage of SEN who missed much or were suspended, from printed counts alone."""
    rows, times = [], []
    for table, dimension, name in OWN_MEASURES:
        own = own_records(view, table)
        if own is None:
            continue
        marks = []
        for stage in STAGES:
            part = own.count(**{"sen_stage": stage, dimension: "yes"})
            whole = _whole(own.count(**{"sen_stage": stage, dimension: "no"}), part)
            marks.append(
                DumbbellMark(None, note=HIDDEN) if part is None or not whole else DumbbellMark(100 * part / whole)
            )
        if sum(mark.value is not None for mark in marks) > 1:
            rows.append(DumbbellRow(name, tuple(marks)))
            times.append(own.when)
    if not rows:
        return None
    series = (
        DumbbellSeries("No SEN", "no_sen"),
        DumbbellSeries("SEN support", "sen_support"),
        DumbbellSeries("EHC plan", "ehc_plan"),
    )
    hidden = f"; {HIDDEN_REMARK}" if any(mark.note for row in rows for mark in row.marks) else ""
    text = FigureText(
        f"{CHAPTER}-stages",
        _stages_title(rows[0]),
        f"% of pupils on roll at each stage of SEN, in the term before the census of "
        f"{formatting.listed(list(dict.fromkeys(times)))}; provisional{hidden}",
        "Marks on a line. " + " ".join(_stage_spoken(row) for row in rows),
        formatting.sentence(SOURCE),
    )
    return DumbbellFigure(text, series, (DumbbellPanel(tuple(rows)),))


def _whole(others: int | None, part: int | None) -> int | None:
    """Those of whom it is known either way: two printed numbers, or none."""
    return None if others is None or part is None else others + part


def _stages_title(row: DumbbellRow) -> str:
    without, plan = row.marks[0].value, row.marks[2].value
    name = row.name[:1].lower() + row.name[1:]
    if plan is None or without is None:
        return f"Who {name}, by stage of SEN"
    said = f"{formatting.measure(plan, 'percent')} of pupils with an EHC plan {name}"
    return f"{said}, and {formatting.measure(without, 'percent')} of those without SEN"


def _stage_spoken(row: DumbbellRow) -> str:
    names = ("no SEN", "SEN support", "EHC plan")
    said = [
        f"{name} {mark.words('percent', 1) if mark.value is not None else 'hidden'}"
        for name, mark in zip(names, row.marks, strict=True)
    ]
    return f"{row.name}: {', '.join(said)}."
