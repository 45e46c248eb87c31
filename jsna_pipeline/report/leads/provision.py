"""The figures that lead the chapter on where children learn, and whether places will do.

Here: what they show and say, from the area's view. Not here: how a kind of figure is drawn (`report/charts/`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from jsna_pipeline.findings import Facts
from jsna_pipeline.report import formatting
from jsna_pipeline.report.charts import Figure, FigureText, PlaceRow, PlacesFigure, ShareRow, SharesFigure
from jsna_pipeline.report.charts.places import gap_words
from jsna_pipeline.report.leads.own_records import HIDDEN, HIDDEN_REMARK, SOURCE, OwnRecords, own_records
from jsna_pipeline.report.leads.published import Published, found, published, source_of, when
from jsna_pipeline.report.view import AreaView
from jsna_pipeline.statistics.proportions import wilson_interval
from jsna_pipeline.statistics.rounding import half_up
from jsna_pipeline.vocabulary import Status

MIX, INDEPENDENT = "ehcp_placement_mix", "ehcp_independent_special"
SPECIAL_KINDS, RESOURCED = "ehcp_special_school_kinds", "ehcp_resourced_or_unit"
ALTERNATIVE, UNFILLED = "ehcp_alternative_provision", "school_places_unfilled"
# Category of the mix: its name in the chart, and what the area's own spending calls such a place.
KINDS: tuple[tuple[str, str, str], ...] = (
    ("mainstream", "Mainstream schools", "mainstream"),
    ("special", "State special schools", "special_state"),
    ("independent", "Independent special schools", "independent_special"),
    ("further_education", "Colleges, after 16", "post_16"),
    ("alternative_provision", "Alternative provision", "alternative_provision"),
    ("early_years", "Early years settings", "early_years"),
    ("educated_elsewhere", "Education elsewhere, or none", ""),
    ("not_recorded", "Not recorded", ""),
)
PLACE_KINDS = {
    "special_school": "Special schools",
    "sen_unit": "SEN units in mainstream schools",
    "resourced_provision": "Resourced provision in mainstream schools",
    "alternative_provision": "Alternative provision",
    "post_16": "Special places after 16",
}
STATE_SCHOOLS = ("maintained", "academy_or_free_school")


def lead_figures(view: AreaView, known: Mapping[str, Facts]) -> tuple[Figure, ...]:
    """The mix of placements; then special places, or unfilled places in schools where only those are known."""
    made = (placements_figure(view, known), places_figure(view, known) or unfilled_figure(view, known))
    return tuple(figure for figure in made if figure is not None)


# --- where children with a plan learn ----------------------------------------------------------


def placements_figure(view: AreaView, known: Mapping[str, Facts]) -> SharesFigure | None:
    """Shares of all plans by kind of placement, the independent schools apart, with cost where the area gives it."""
    if MIX not in known or INDEPENDENT not in known or known[MIX].period != known[INDEPENDENT].period:
        return None
    mix, independent = known[MIX], published(view, known[INDEPENDENT])
    spend = own_records(view, "high_needs_spend")
    parts = {category: published(view, mix, "placement", category) for category, _, _ in KINDS}
    parts["special"] = _without(parts["special"], independent)
    parts["independent"] = independent
    rows = tuple(
        _placement_row(name, parts[category], _cost(spend, paid), category == "independent")
        for category, name, paid in KINDS
        if parts[category].value is not None
    )
    text = FigureText(
        "provision-placements",
        _placements_title(independent),
        f"Children and young people with an EHC plan by where they learn, % of plans, {view.area.name}, {when(mix)}",
        f"Bars of shares of EHC plans, {when(mix)}. {' '.join(_spoken(row) for row in rows)}",
        source_of([mix]) + (f"; cost: {SOURCE}" if spend else ""),
    )
    return SharesFigure(
        text, view.area.name, "percent", 1, rows, _cost_remarks(spend, rows), "Cost a child" if spend else ""
    )


def _without(whole: Published, part: Published) -> Published:
    """Placements in special schools less those that are independent; nothing where either is unknown."""
    if whole.count is None or part.count is None or not whole.whole:
        return Published(None, None, None, None, None, None, None)
    count = whole.count - part.count
    lower, upper = wilson_interval(count, whole.whole)
    share = float(half_up(count, whole.whole, 1))
    alike = whole.compared == part.compared
    return Published(
        share,
        float(lower) * 100,
        float(upper) * 100,
        count,
        whole.whole,
        _difference(whole.england, part.england),
        _difference(whole.neighbours, part.neighbours) if alike else None,
    )


def _difference(one: float | None, other: float | None) -> float | None:
    return None if one is None or other is None else round(one - other, 6)


def _placement_row(name: str, one: Published, cost: str, marked: bool) -> ShareRow:
    return ShareRow(
        name, one.value, one.lower, one.upper, one.count, one.england, one.neighbours, remark=cost, marked=marked
    )


def _cost(spend: OwnRecords | None, placement: str) -> str:
    """What such a place costs by the area's own returns: "£16,360 a child"."""
    if spend is None or placement not in spend.categories("placement"):
        return ""
    mean = spend.statistic("mean_amount", "placement", placement)
    return f"£{formatting.number(mean.value)} a child" if mean else f"cost {HIDDEN}"


def _cost_remarks(spend: OwnRecords | None, rows: Sequence[ShareRow]) -> tuple[str, ...]:
    meant = "Independent: with non-maintained special schools"
    if spend is None:
        return (meant, "What each kind of place costs here is not published")
    hidden = (HIDDEN_REMARK,) if any(row.remark.endswith(HIDDEN) for row in rows) else ()
    return (meant, f"Cost: mean spending from the high-needs budget, {spend.when}, provisional", *hidden)


def _placements_title(independent: Published) -> str:
    share = formatting.measure(independent.value, "percent")
    counted = ""
    if independent.count is not None and independent.whole is not None:
        counted = f" ({formatting.of(independent.count, independent.whole)})"
    england = f"; England {formatting.measure(independent.england, 'percent')}" if independent.england else ""
    return f"{share} of plans{counted} are in independent special schools{england}"


def _spoken(row: ShareRow) -> str:
    england = f", England {formatting.measure(row.england, 'percent')}" if row.england is not None else ""
    cost = f", {row.remark}" if row.remark else ""
    return f"{row.name} {formatting.measure(row.value, 'percent')}{england}{cost}."


# --- places against plans ----------------------------------------------------------------------


def places_figure(view: AreaView, known: Mapping[str, Facts]) -> PlacesFigure | None:
    """Special places by kind: commissioned, filled, and the plans of children in such settings."""
    own = own_records(view, "special_places")
    if own is None:
        return None
    plans = _plans_by_place(view, known)
    kinds = [kind for kind in PLACE_KINDS if kind in own.categories("place_kind")]
    rows = tuple(
        PlaceRow(
            PLACE_KINDS[kind],
            _places(own, "commissioned", kind),
            _places(own, "filled", kind),
            plans.get(kind),
            note=_absent(own, kind),
        )
        for kind in kinds
    )
    if not rows:
        return None
    measures = found(known, SPECIAL_KINDS, RESOURCED, ALTERNATIVE)
    text = FigureText(
        "provision-places",
        _places_title(rows),
        f"Special places that the area commissions and how many are filled, {view.area.name}, {own.when}",
        "Bars of places and filled places. "
        + " ".join(
            f"{row.name}: {_number(row.filled)} filled of {_number(row.places)}, {gap_words(row)}." for row in rows
        ),
        "; ".join([SOURCE[:1].upper() + SOURCE[1:], *([source_of(measures)] if plans else [])]),
    )
    remarks = ["Places filled count pupils of every authority"]
    if plans:
        month = when(measures[0])
        remarks.append(f"EHC plans are the area’s own in that kind of setting, wherever it is, {month}, published")
    if any(row.note == HIDDEN for row in rows):
        remarks.append(HIDDEN_REMARK)
    return PlacesFigure(text, rows, tuple(remarks))


def _places(own: OwnRecords, column: str, kind: str) -> float | None:
    total = own.statistic(f"total_places_{column}", "place_kind", kind)
    return total.value if total else None


def _absent(own: OwnRecords, kind: str) -> str:
    """Why a number of this kind is missing: hidden, or not told."""
    rows = own.statistics
    rows = rows.loc[(rows["dimension"] == "place_kind") & (rows["category"] == kind)]
    if (rows["status"] == Status.SUPPRESSED.value).any():
        return HIDDEN
    return "" if (rows["status"] == Status.OK.value).all() else "not known"


def _plans_by_place(view: AreaView, known: Mapping[str, Facts]) -> dict[str, float]:
    """Published plans in each kind of setting; of special schools those of the state alone."""
    counts: dict[str, float | None] = {}
    if SPECIAL_KINDS in known:
        kinds = [published(view, known[SPECIAL_KINDS], "school", kind).count for kind in STATE_SCHOOLS]
        counts["special_school"] = None if None in kinds else sum(kind or 0 for kind in kinds)
    if RESOURCED in known:
        for kind in ("sen_unit", "resourced_provision"):
            counts[kind] = published(view, known[RESOURCED], "setting", kind).count
    if ALTERNATIVE in known:
        counts["alternative_provision"] = published(view, known[ALTERNATIVE]).count
    return {kind: count for kind, count in counts.items() if count is not None}


def _number(value: float | None) -> str:
    return "not known" if value is None else formatting.number(value)


def _places_title(rows: Sequence[PlaceRow]) -> str:
    """The kind of place that is fullest."""
    told = [(row.filled / row.places, row) for row in rows if row.places and row.filled is not None]
    if not told:
        return "Special places of the area"
    _, row = max(told, key=lambda pair: pair[0])
    free = row.free or 0.0
    end = "none is free" if free == 0 else f"{formatting.number(abs(free))} {'free' if free > 0 else 'too few'}"
    return f"{row.name}: {formatting.of(row.filled or 0, row.places or 0)} places are filled, {end}"


def unfilled_figure(view: AreaView, known: Mapping[str, Facts]) -> SharesFigure | None:
    """Unfilled mainstream places by phase: all that is published of places."""
    if UNFILLED not in known:
        return None
    measure = known[UNFILLED]
    parts = {phase: published(view, measure, "phase", phase) for phase in ("primary", "secondary")}
    rows = tuple(
        ShareRow(f"{formatting.sentence(phase)} schools", one.value, england=one.england, neighbours=one.neighbours)
        for phase, one in parts.items()
        if one.value is not None
    )
    said = " and ".join(f"{formatting.measure(row.value, 'percent')} of {row.name.split()[0].lower()}" for row in rows)
    text = FigureText(
        "provision-unfilled",
        f"{said} school places are unfilled",
        f"Unfilled places in mainstream state-funded schools, % of places, {view.area.name}, {when(measure)}",
        f"Bars of unfilled school places, {when(measure)}. {' '.join(_spoken(row) for row in rows)}",
        source_of([measure]),
    )
    remark = "Places in special schools, and how many are filled, are not published"
    return SharesFigure(text, view.area.name, "percent", 1, rows, (remark,)) if rows else None
