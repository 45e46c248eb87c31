"""The figures that lead the chapter on children's health and how long they wait for care.

Here: what they show and say, from the area's view. Not here: how a kind of figure is drawn (`report/charts/`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from jsna_pipeline.findings import Facts
from jsna_pipeline.local.bands import NO, YES
from jsna_pipeline.periods import period_end
from jsna_pipeline.report import formatting
from jsna_pipeline.report.charts import Figure, FigureText, WaitGroup, WaitRow, WaitsFigure
from jsna_pipeline.report.charts.waits import by_longest
from jsna_pipeline.report.leads.own_records import HIDDEN, HIDDEN_REMARK, SOURCE, OwnRecords, own_records
from jsna_pipeline.report.leads.published import published, source_of, when
from jsna_pipeline.report.local_words import category_words, within_sentence
from jsna_pipeline.report.view import AreaView
from jsna_pipeline.vocabulary import TOTAL

WAITING, OVER_18, OVER_52 = "health_cyp_waiting", "health_cyp_waits_over_18_weeks", "health_cyp_waits_over_52_weeks"
AUTISM = "health_autism_wait_over_13_weeks"
HIDDEN_WORDS = f"{HIDDEN}: hidden"
FEWEST = 20  # on a list whose share leads the title: of fewer, one child is more than five points
BANDS = ("up to 18 weeks", "over 18 weeks")
PATHWAYS = {"both": "Autism and ADHD together"}
HALF_WITHIN = "Half within, weeks (95% CI)"


@dataclass(frozen=True)
class _OwnList:
    """A list of the area's own: its two tables, and what its pathways are."""

    title: str
    waiting: str  # the table of those who wait
    waits: str  # the table of how long it takes
    dimension: str  # one row each of its categories; the total where it has none
    whole: str = ""  # the name of the row of everybody, where it stands for its parts


OWN_LISTS = (
    _OwnList("Autism and ADHD assessment", "autism_waiting_now", "autism_waits", "pathway"),
    # Teams are few and small: nearly all of their numbers are hidden.
    _OwnList("Mental health support", "camhs_waiting_now", "camhs_waits", TOTAL, "Mental health, all teams"),
    _OwnList("Therapies and community services", "therapy_waiting_now", "therapy_waits", "service"),
)


def lead_figures(view: AreaView, known: Mapping[str, Facts]) -> tuple[Figure, ...]:
    """The area's own children on each waiting list, then what the NHS publishes of the bodies that cover it."""
    made = (own_waits_figure(view), published_waits_figure(view, known))
    return tuple(figure for figure in made if figure is not None)


# --- the area's own children -------------------------------------------------------------------


def own_waits_figure(view: AreaView) -> WaitsFigure | None:
    """Children waiting by pathway, up to and over 18 weeks, with the weeks within which half were seen."""
    groups: list[WaitGroup] = []
    medians: dict[str, float] = {}
    months: list[str] = []
    rounded = 0
    for one in OWN_LISTS:
        waiting, waits = own_records(view, one.waiting), own_records(view, one.waits)
        if waiting is None:
            continue
        names = [name for name in waiting.categories(one.dimension) if name != TOTAL] or [TOTAL]
        rows = [_own_row(one, name, waiting, waits) for name in names]
        medians |= {row.name: half for half, row in rows if half is not None}
        groups.append(WaitGroup(one.title, BANDS, HALF_WITHIN, by_longest(rows)))
        months.append(waiting.when)
        rounded = max(rounded, waiting.rounded)
    if not groups:
        return None
    rows_shown = [row for group in groups for row in group.rows]
    spoken = " ".join(
        _spoken(row, BANDS, f"half within {row.measure} weeks" if row.measure else "") for row in rows_shown
    )
    text = FigureText(
        "health-waits-own",
        _own_title(medians, rows_shown),
        f"Children of {view.area.name} waiting, by weeks since referral, "
        f"{formatting.listed(list(dict.fromkeys(months)))}, provisional",
        f"Bars of children waiting. {spoken}",
        SOURCE[:1].upper() + SOURCE[1:],
    )
    remarks = ["Half within: weeks to the first contact, or the decision on autism or ADHD, with those who still wait"]
    if any(row.note == HIDDEN_WORDS for row in rows_shown):
        remarks.append(HIDDEN_REMARK)
    if rounded:
        remarks.append(f"Counts are rounded to the nearest {rounded}")
    return WaitsFigure(text, tuple(groups), tuple(remarks))


def _own_row(
    one: _OwnList, category: str, waiting: OwnRecords, waits: OwnRecords | None
) -> tuple[float | None, WaitRow]:
    """The row of a pathway and the weeks by which rows are ordered; None where they are hidden."""
    group = {} if category == TOTAL else {one.dimension: category}
    counts = [waiting.count(over_18_weeks=answer, **group) for answer in (NO, YES)]
    half = waits.statistic("median", TOTAL if category == TOTAL else one.dimension, category) if waits else None
    name = one.whole or PATHWAYS.get(category) or formatting.sentence(category_words(one.dimension, category))
    known = None not in counts
    row = WaitRow(
        name,
        tuple(None if count is None else float(count) for count in counts),
        # Of two printed numbers, or none: a hidden one is not told by their sum.
        float(sum(count or 0 for count in counts)) if known else None,
        _weeks(half.value, half.lower, half.upper) if half else "",
        "" if known else HIDDEN_WORDS,
    )
    return (half.value if half else None), row


def _weeks(value: float, lower: float | None, upper: float | None) -> str:
    text = formatting.number(value) if value >= 0.5 else "under 1"
    return text if lower is None or upper is None else f"{text} ({formatting.interval(lower, upper, 0)})"


def _own_title(medians: Mapping[str, float], rows: Sequence[WaitRow]) -> str:
    if medians:
        slowest = max(medians, key=lambda name: medians[name])
        return f"{slowest}: half wait more than {_weeks(medians[slowest], None, None)} weeks"
    told = sum(row.counts[-1] or 0 for row in rows if row.waiting is not None)
    return f"At least {formatting.number(told)} children have waited more than 18 weeks"


def _spoken(row: WaitRow, bands: Sequence[str], measured: str = "") -> str:
    tail = f"; {measured}" if measured else ""
    if row.waiting is None:
        return f"{row.name}: number hidden{tail}."
    parts = ", ".join(f"{band} {formatting.number(count or 0)}" for band, count in zip(bands, row.counts, strict=True))
    return f"{row.name}: {formatting.number(row.waiting)} waiting, {parts}{tail}."


# --- what the NHS publishes --------------------------------------------------------------------


def published_waits_figure(view: AreaView, known: Mapping[str, Facts]) -> WaitsFigure | None:
    """Waiting lists of the provider and the NHS area that cover the place, by time waited."""
    measures = [known[name] for name in (OVER_18, AUTISM) if name in known]
    made = ((OVER_18, _services(view, known)), (AUTISM, _autism(view, known)))
    dated = [(known[name], group) for name, group in made if group is not None]
    if not dated:
        return None
    groups = [group for _, group in dated]
    spoken = " ".join(_spoken(row, group.bands) for group in groups for row in group.rows)
    bodies = dict.fromkeys(one.area_name for one in measures)
    text = FigureText(
        "health-waits",
        _published_title(dated),
        f"Children waiting, by time waited. Covers patients of {formatting.listed(list(bodies))}, wherever they live",
        f"Bars of children waiting. {spoken}",
        source_of(measures),
    )
    return WaitsFigure(text, tuple(groups), tuple(_published_remarks(view, known)))


def _services(view: AreaView, known: Mapping[str, Facts]) -> WaitGroup | None:
    """Community services of the provider whose lists are known by weeks waited."""
    if OVER_18 not in known or OVER_52 not in known or known[OVER_18].period != known[OVER_52].period:
        return None
    late = known[OVER_18]
    rows = []
    for service in late.record.numerator.categories or {}:
        over_18, over_52 = (published(view, known[name], "service", service) for name in (OVER_18, OVER_52))
        whole, longer, longest = over_18.whole, over_18.count, over_52.count
        if not whole or longer is None or longest is None or over_52.whole != whole:
            continue
        row = WaitRow(
            formatting.sentence(formatting.category_label(service)),
            (whole - longer, longer - longest, longest),
            whole,
            formatting.measure(over_18.value, "percent"),
        )
        rows.append((over_18.value, row))
    if not rows:
        return None
    heading = f"{late.area_name}, {when(late)}"
    return WaitGroup(heading, ("up to 18 weeks", "18 to 52 weeks", "over 52 weeks"), "Over 18 weeks", by_longest(rows))


def _autism(view: AreaView, known: Mapping[str, Facts]) -> WaitGroup | None:
    """Open referrals for suspected autism in the NHS area."""
    if AUTISM not in known:
        return None
    late = known[AUTISM]
    one = published(view, late)
    if one.count is None or not one.whole:
        return None
    share = formatting.measure(one.value, "percent", 0)
    row = WaitRow("Suspected autism, 0 to 17", (one.whole - one.count, one.count), one.whole, share)
    heading = f"{late.area_name}, {when(late)}"
    return WaitGroup(heading, ("under 13 weeks", "13 weeks or more"), "13 weeks or more", (row,))


def _published_title(groups: Sequence[tuple[Facts, WaitGroup]]) -> str:
    """Of the newest list, the pathway on which most children wait longer than the first band.

    The month stands in front where the list is too old to be a headline.
    """
    told = [(one, row) for one, group in groups for row in group.rows if (row.waiting or 0) >= FEWEST]
    if not told:
        return "Few children are on the waiting lists that are published"
    newest = max(one.period for one, _ in told)
    first = [pair for pair in told if pair[0].is_current] or [pair for pair in told if pair[0].period == newest]
    one, row = max(first, key=lambda pair: sum(count or 0 for count in pair[1].counts[1:]))
    longer = formatting.of(sum(count or 0 for count in row.counts[1:]), row.waiting or 0)
    limit = "13 weeks or more" if one.record.id == AUTISM else "more than 18 weeks"
    if one.is_current:
        return f"{row.name}: {longer} children had waited {limit}"
    return f"In {when(one)}, {longer} children had waited {limit}: {within_sentence(row.name)}"


def _published_remarks(view: AreaView, known: Mapping[str, Facts]) -> list[str]:
    remarks = []
    if WAITING in known:
        rows = view.observations(WAITING, area_code=view.speaks_for(known[WAITING].record)[0])
        rows = rows.loc[(rows["period"] == known[WAITING].period) & (rows["status"] == "unavailable")]
        silent = [formatting.category_label(name) for name in sorted(rows["category"])]
        if silent:
            remarks.append(f"Not submitted, so not known: {formatting.listed(silent)}")
    if AUTISM in known:
        remarks.append("Autism referrals to community paediatrics are largely missing")
    old = [known[name] for name in (OVER_18, AUTISM) if name in known and not known[name].is_current]
    ends = [end for one in old if (end := period_end(one.period, one.period_type)) is not None]
    if ends:
        remarks.append(f"The oldest count is {formatting.age_of_figure(min(ends), view.cut_off)}")
    return remarks
