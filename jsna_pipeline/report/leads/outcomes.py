"""The figures that lead the chapter on outcomes: how far pupils with SEN are from the others at each age.

Here: what they show and say, from the area's view. Not here: how a kind of figure is drawn (`report/charts/`).
"""

from __future__ import annotations

from collections.abc import Mapping

from jsna_pipeline import geography
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
    SpineFigure,
)
from jsna_pipeline.report.leads.published import found, source_of, when
from jsna_pipeline.report.leads.spines import spine_figure
from jsna_pipeline.report.view import AreaView

CHAPTER = "outcomes"
DIMENSION = "sen_provision"
STAGES = ("no_sen", "sen_support", "ehc_plan")
MEASURES = ("phonics_standard", "ks2_reading_writing_maths", "attainment_8")  # in the order of age
LEADING = ("ks2_reading_writing_maths", "phonics_standard", "attainment_8")  # of which the title speaks, first known


def lead_figures(view: AreaView, known: Mapping[str, Facts]) -> tuple[Figure, ...]:
    """The gap between pupils with and without SEN at each age, and where those with a plan stand in England."""
    made = (gaps_figure(view, known), place_figure(view, known))
    return tuple(figure for figure in made if figure is not None)


def place_figure(view: AreaView, known: Mapping[str, Facts]) -> SpineFigure | None:
    """Current results of pupils with an EHC plan among the authorities, in the order of the chapter."""
    results = [
        one
        for one in known.values()
        if one.record.chapter == CHAPTER and one.may_lead and one.record.headline_group == (DIMENSION, STAGES[-1])
    ]
    return spine_figure(view, f"{CHAPTER}-place", "results of pupils with an EHC plan", results, with_group=False)


def gaps_figure(view: AreaView, known: Mapping[str, Facts]) -> DumbbellFigure | None:
    """A panel a measure: the stages of SEN on a line, for the area and for England."""
    measures = [one for one in found(known, *MEASURES) if one.is_current]
    panels = {one.record.id: panel for one in measures if (panel := _panel(view, one)) is not None}
    if not panels:
        return None
    measures = [one for one in measures if one.record.id in panels]
    series = (
        DumbbellSeries("EHC plan", "ehc_plan"),
        DumbbellSeries("SEN support", "sen_support"),
        DumbbellSeries("No SEN", "no_sen"),
    )
    text = FigureText(
        f"{CHAPTER}-gaps",
        _title(measures, panels),
        f"Results by stage of SEN, {view.area.name} and England; pupils of one year at each age, not the same children",
        "Marks on a line by stage of SEN. " + " ".join(_spoken(panel) for panel in panels.values()),
        source_of(measures),
    )
    return DumbbellFigure(text, series, tuple(panels.values()))


def _panel(view: AreaView, one: Facts) -> DumbbellPanel | None:
    """The area and England; None unless the area has two stages of SEN to compare."""
    rows = []
    for name, code in ((view.area.name, view.area.code), ("England", geography.ENGLAND)):
        found_rows = view.observations(one.record.id, area_code=code, period=one.period, dimension=DIMENSION)
        found_rows = found_rows.set_index("category")
        marks = tuple(
            DumbbellMark(float(found_rows.at[stage, "value"]))
            if stage in found_rows.index and found_rows["value"].notna()[stage]
            else DumbbellMark(None, note=_why(found_rows["status"].get(stage)))
            for stage in reversed(STAGES)
        )
        if any(mark.value is not None for mark in marks):
            rows.append(DumbbellRow(name, marks))
    if not rows or rows[0].name != view.area.name or sum(mark.value is not None for mark in rows[0].marks) < 2:
        return None
    unit = formatting.unit_label(one.record.unit)
    unit = "" if unit == "%" else f", {unit}"
    return DumbbellPanel(tuple(rows), one.record.unit, one.record.decimals, f"{one.record.name}{unit}, {when(one)}")


def _why(status: object) -> str:
    return "not published" if status in (None, "ok") else str(status).replace("_", " ")


def _title(measures: list[Facts], panels: Mapping[str, DumbbellPanel]) -> str:
    """The gap at the age that says most, of pupils with a plan where they have a value."""
    leading = next(name for name in LEADING if name in panels)
    record = next(one.record for one in measures if one.record.id == leading)
    own = panels[leading].rows[0].marks
    without = own[2].value
    who, value = ("an EHC plan", own[0].value) if own[0].value is not None else ("SEN support", own[1].value)
    if value is None or without is None:
        return f"{record.name} by stage of SEN"
    here, others = (formatting.measure(one, record.unit, record.decimals) for one in (value, without))
    return (
        f"{record.name}: {here} of pupils with {who}, {others} of those without SEN"
        if formatting.is_percent(record.unit)
        else f"{record.name}: {here} for pupils with {who}, {others} for those without SEN"
    )


def _spoken(panel: DumbbellPanel) -> str:
    said = []
    for row in panel.rows:
        values = [
            f"{name} {mark.words(panel.unit, panel.decimals)}"
            for name, mark in zip(("EHC plan", "SEN support", "no SEN"), row.marks, strict=True)
        ]
        said.append(f"{row.name}: {', '.join(values)}")
    return f"{panel.title}. {'; '.join(said)}."
