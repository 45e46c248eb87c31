"""The figures that lead the chapter on who learns outside school.

Here: what they show and say, from the area's view. Not here: how a kind of figure is drawn (`report/charts/`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from jsna_pipeline.findings import Facts
from jsna_pipeline.local.bands import YES
from jsna_pipeline.report import formatting
from jsna_pipeline.report.charts import Figure, FigureText, TallyFigure, TallyPoint, TallyRow
from jsna_pipeline.report.leads.own_records import HIDDEN, HIDDEN_REMARK, SOURCE, OwnRecords, own_records
from jsna_pipeline.report.leads.published import found, source_of, when
from jsna_pipeline.report.view import AreaView
from jsna_pipeline.statistics.rounding import half_up
from jsna_pipeline.vocabulary import TOTAL

NO_EDUCATION, NOT_IN = "ehcp_no_education_school_age", "ehcp_neet"
# Measure: who is counted, and what the rate is of.
PUBLISHED: Mapping[str, tuple[str, str]] = {
    NO_EDUCATION: ("Aged 5 to 15 with a plan, no education", "plans at 5 to 15"),
    NOT_IN: ("Aged 16 to 23 with a plan, no education", "plans at 16 to 23"),
    "ehcp_other_arrangements": ("With a plan, education arranged outside school", "plans"),
    "ehcp_elective_home_education": ("With a plan, home educated", "plans"),
    "ehcp_alternative_provision": ("With a plan, in alternative provision", "plans"),
}
# Table of the area's own: who is counted, and the group that counts them.
OWN: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "missing_education": ("Missing education", {"open": YES}),
    "home_educated": ("Home educated", {"open": YES}),
    "part_time_timetables": ("On a part-time timetable", {"part_time_timetable": YES}),
    "education_otherwise": ("Taught outside school, under section 19 or a plan", {"open": YES}),
}
YEARS = 5


def lead_figures(view: AreaView, known: Mapping[str, Facts]) -> tuple[Figure, ...]:
    """Children who are not taught full time in a school, by why."""
    figure = outside_school_figure(view, known)
    return () if figure is None else (figure,)


def outside_school_figure(view: AreaView, known: Mapping[str, Facts]) -> TallyFigure | None:
    """Published counts of children with a plan, then the area's own of all children."""
    current = [one for one in found(known, *PUBLISHED) if one.numerator is not None and one.is_current]
    tables = {name: own for name in OWN if (own := own_records(view, name)) is not None}
    rows = (*(_published_row(view, one) for one in current), *(_own_row(name, own) for name, own in tables.items()))
    if not rows:
        return None
    months = list(dict.fromkeys(row.when for row in rows))
    spoken = " ".join(
        f"{row.name}, {row.when}: {'hidden' if row.count is None else formatting.number(row.count)}." for row in rows
    )
    text = FigureText(
        "alternative_provision-outside-school",
        _title(current, tables),
        f"Children and young people who are not in a school full time, {view.area.name}, {formatting.listed(months)}",
        f"Counts of children. {spoken}",
        "; ".join([*([source_of(current)] if current else []), *([SOURCE] if tables else [])]),
    )
    remarks = ["A child may be in several groups, so they are not added up"]
    if any(row.note == HIDDEN for row in rows):
        remarks.append(HIDDEN_REMARK)
    return TallyFigure(text, "Children", rows, tuple(remarks))


def _published_row(view: AreaView, one: Facts) -> TallyRow:
    name, whole = PUBLISHED[one.record.id]
    rows = view.observations(one.record.id, area_code=view.area.code, dimension=TOTAL, category=TOTAL)
    # A line joins what is counted alike: it begins with the last change of the definition or of the collection.
    since = max((known.from_period for known in one.record.all_breaks), default="")
    rows = rows.loc[rows["period"] >= since].sort_values("period").tail(YEARS)
    run = tuple(
        TallyPoint(
            formatting.period_words(row.period, row.period_type),
            None if row.numerator != row.numerator else float(row.numerator),
        )
        for row in rows.itertuples()
    )
    share = "" if not one.denominator else f"{formatting.measure(_percent(one), 'percent')} of {whole}"
    return TallyRow(name, when(one), one.numerator, rate=share, run=run if len(run) > 1 else ())


def _percent(one: Facts) -> float:
    """The share in percent; rates of another base are brought to it from their counts."""
    return float(half_up(one.numerator or 0.0, one.denominator or 1.0, 1))


def _own_row(name: str, own: OwnRecords) -> TallyRow:
    title, group = OWN[name]
    count, everybody = own.count(**group), own.count()
    rate = ""
    if name == "part_time_timetables" and count is not None and everybody:
        rate = f"{formatting.measure(float(half_up(count, everybody, 1)), 'percent')} of pupils"
    hidden = HIDDEN if count is None else ""
    return TallyRow(title, own.when, None if count is None else float(count), True, rate, note=hidden)


def _title(current: Sequence[Facts], tables: Mapping[str, OwnRecords]) -> str:
    counts = {one.record.id: int(one.numerator or 0) for one in current}
    without = [
        f"{formatting.number(counts[name])} {words}"
        for name, words in ((NO_EDUCATION, "aged 5 to 15"), (NOT_IN, "aged 16 to 23"))
        if name in counts
    ]
    if without:
        return f"No education despite a plan: {formatting.listed(without)}"
    missing = tables["missing_education"].count(open=YES) if "missing_education" in tables else None
    if missing is not None:
        return f"{formatting.counted(missing, 'child', 'children')} are missing education"
    return "Children who are not in a school full time"
