"""The figures that lead the chapter on the limits of the law and the way from request to plan.

Here: what they show and say, from the area's view. Not here: how a kind of figure is drawn (`report/charts/`).
"""

from __future__ import annotations

from collections.abc import Mapping

from jsna_pipeline.catalogue.indicators import indicators
from jsna_pipeline.findings import Facts
from jsna_pipeline.report import formatting
from jsna_pipeline.report.charts import (
    Figure,
    FigureText,
    FlowFigure,
    FlowPart,
    FlowStage,
    FlowStock,
    Standard,
    StandardsFigure,
)
from jsna_pipeline.report.leads.published import source_of
from jsna_pipeline.report.view import AreaView
from jsna_pipeline.vocabulary import Comparator

CHAPTER = "ehc_system"
REQUESTS, REFUSED, OPEN = "ehcp_requests", "ehcp_requests_refused", "ehcp_requests_outstanding"
ASSESSED = "ehcp_assessments_leading_to_plan"
CASELOAD, CEASED = "ehcp_caseload", "ehcp_ceased"
FEWEST = 20  # requests or assessments of a year: a band of fewer is one child or two
NUMBER_WORDS = ("no", "one", "two", "three", "four", "five", "six")


def lead_figures(view: AreaView, known: Mapping[str, Facts]) -> tuple[Figure, ...]:
    """The limits of the law, then the way from request to plan."""
    made = (standards_figure(view, known), flow_figure(view, known))
    return tuple(figure for figure in made if figure is not None)


# --- the limits of the law ---------------------------------------------------------------------


def standards_figure(view: AreaView, known: Mapping[str, Facts]) -> StandardsFigure | None:
    """Every statutory standard of the chapter, the gravest first; None where none has a value."""
    records = [one for one in indicators().values() if one.chapter == CHAPTER and one.standard is not None]
    records.sort(key=lambda one: (one.standard.priority if one.standard else 0, one.id))
    found = [known[one.id] for one in records if one.id in known]
    if not found:
        return None
    periods = {_when(one) for one in found}
    rows = [
        _standard(known[one.id], dated=len(periods) > 1) if one.id in known else _unknown(view, one.id)
        for one in records
    ]
    when = f", {periods.pop()}" if len(periods) == 1 else ""
    text = FigureText(
        f"{CHAPTER}-standards",
        _standards_title(found),
        f"Decisions, plans and reviews within the limits of the law, {view.area.name}{when}",
        f"Bars for the limits of the law. {' '.join(_spoken(row) for row in rows)}",
        source_of(found),
    )
    return StandardsFigure(text, tuple(rows))


def _standard(one: Facts, dated: bool) -> Standard:
    beside = {name: one.comparisons[name].value for name in one.comparisons}
    when = f", {_when(one)}" if dated else ""
    counted = one.denominator is not None and one.numerator is not None
    return Standard(
        name=f"{one.record.name}{when}",
        late=one.late,
        total=int(one.denominator) if one.denominator is not None else None,
        met=one.value if counted else None,
        lower=one.lower,
        upper=one.upper,
        england=beside.get(Comparator.ENGLAND),
        neighbours=beside.get(Comparator.NEIGHBOURS_MEAN),
        note="" if counted else "published without its counts",
    )


def _unknown(view: AreaView, indicator_id: str) -> Standard:
    """A standard of which the area has no figure, with the publisher's reason where one is given."""
    rows = view.observations(indicator_id, area_code=view.area.code, dimension="total").sort_values("period")
    status = str(rows["status"].iloc[-1]) if len(rows) else ""
    note = status.replace("_", " ") if status not in {"", "ok"} else "not published"
    return Standard(indicators()[indicator_id].name, None, None, None, note=note)


def _standards_title(found: list[Facts]) -> str:
    """How many limits are missed, and the number let down by the gravest."""
    missed = [one for one in found if one.fails_standard]
    if not missed:
        return "Every limit of the law that is published was kept"
    gravest = missed[0]
    late, total = gravest.late or 0, gravest.denominator or 0
    said = f"{formatting.of(late, total)} {gravest.record.standard.late}" if gravest.record.standard else ""
    if len(missed) == 1:
        return formatting.sentence(said)
    others = NUMBER_WORDS[len(missed) - 1]
    more = "one other limit" if others == "one" else f"{others} other limits"
    return f"{said}, and {more} of the law {'was' if others == 'one' else 'were'} missed"


def _spoken(row: Standard) -> str:
    if row.met is None:
        return f"{row.name}: {row.note}."
    said = f"{row.name}: {formatting.number(row.late or 0)} of {formatting.number(row.total or 0)} late"
    said += f", {formatting.with_interval(row.met, row.lower, row.upper, 'percent')} in time"
    beside = [
        f"{name} {formatting.measure(value, 'percent')}"
        for name, value in (("England", row.england), ("mean of the neighbours", row.neighbours))
        if value is not None
    ]
    return f"{said}; {', '.join(beside)}." if beside else f"{said}."


# --- from request to plan ----------------------------------------------------------------------


def flow_figure(view: AreaView, known: Mapping[str, Facts]) -> FlowFigure | None:
    """Requests, assessments and plans of one year; None unless all are known and there are enough to draw."""
    requests, assessed = known.get(REQUESTS), known.get(ASSESSED)
    if requests is None or assessed is None or requests.period != assessed.period:
        return None
    asked, made = _requests_stage(known, requests), _assessments_stage(assessed)
    if asked is None or made is None:
        return None
    stock = _stock(known, requests.period)
    stages = (asked, made)
    sources = [known[one] for one in (REQUESTS, ASSESSED, CASELOAD, CEASED) if one in known]
    text = FigureText(
        f"{CHAPTER}-flow",
        _flow_title(made, stock, asked),
        f"The way to an EHC plan, {view.area.name}, {asked.when}",
        _flow_spoken(stages, stock),
        source_of(sources),
    )
    return FlowFigure(text, stages, stock)


def _requests_stage(known: Mapping[str, Facts], requests: Facts) -> FlowStage | None:
    """Requests: refused and undecided aside; the others were agreed, or withdrawn by the family."""
    count = int(requests.value)
    aside = []
    for name, words in ((REFUSED, "refused"), (OPEN, "not yet decided")):
        one = known.get(name)
        if one is None or one.period != requests.period or one.numerator is None:
            return None  # without all of its parts the rest would not be those agreed
        aside.append(FlowPart(words, int(one.numerator), one.value))
    rest = count - sum(part.count for part in aside)
    if count < FEWEST or rest < 0:
        return None
    return FlowStage(
        "requests for an assessment",
        _when(requests),
        count,
        tuple(aside),
        FlowPart("agreed (a few of them withdrawn)", rest, 100 * rest / count),
    )


def _assessments_stage(assessed: Facts) -> FlowStage | None:
    if not assessed.denominator or assessed.denominator < FEWEST or assessed.numerator is None:
        return None
    total, plans = int(assessed.denominator), int(assessed.numerator)
    without = FlowPart("ended without a plan, or not yet ended", total - plans, 100 * (total - plans) / total)
    return FlowStage("assessments", _when(assessed), total, (without,), FlowPart("new plans", plans, assessed.value))


def _stock(known: Mapping[str, Facts], year: str) -> FlowStock | None:
    """Plans in force in the January after `year`, and those that ended in it."""
    caseload, ceased = known.get(CASELOAD), known.get(CEASED)
    if caseload is None:
        return None
    when = formatting.period_words(caseload.period, caseload.period_type)
    if when != f"January {int(year) + 1}":
        return None
    left = FlowPart(f"plans ended in {year}", int(ceased.value)) if ceased and ceased.period == year else None
    return FlowStock("plans in force", when, int(caseload.value), left)


def _flow_title(made: FlowStage, stock: FlowStock | None, asked: FlowStage) -> str:
    if stock is None or stock.left is None:
        requests = formatting.counted(asked.count, "request")
        return f"{requests} and {formatting.counted(made.onward.count, 'new plan')} in {asked.when}"
    begun = formatting.counted(made.onward.count, "plan")
    return f"{begun} began and {formatting.number(stock.left.count)} ended in {asked.when}"


def _flow_spoken(stages: tuple[FlowStage, ...], stock: FlowStock | None) -> str:
    said = ["Flow from request to plan."]
    for stage in stages:
        parts = ", ".join(f"{formatting.number(part.count)} {part.name}" for part in (*stage.aside, stage.onward))
        said.append(f"{formatting.number(stage.count)} {stage.name} in {stage.when}: {parts}.")
    if stock is not None:
        said.append(f"{formatting.number(stock.count)} {stock.name} in {stock.when}.")
        if stock.left is not None:
            said.append(f"{formatting.number(stock.left.count)} {stock.left.name}.")
    return " ".join(said)


def _when(one: Facts) -> str:
    return formatting.period_words(one.period, one.period_type).removeprefix("calendar year ")
