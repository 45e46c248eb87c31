"""The charts of future need: the fan of plans, places asked for, children expected, and what moves the forecast.

Here: what they show and say, from the tables of one area. Not here: how a kind of chart is drawn (`report/charts/`).
"""

from __future__ import annotations

from typing import Any

import pandas as pd

from jsna_pipeline.catalogue.indicators import indicators
from jsna_pipeline.future.expected import funnel_points
from jsna_pipeline.report import formatting
from jsna_pipeline.report.charts import (
    ControlLimits,
    DumbbellFigure,
    DumbbellMark,
    DumbbellPanel,
    DumbbellRow,
    DumbbellSeries,
    Expected,
    FanFigure,
    FanPoint,
    FigureText,
    FunnelFigure,
    FunnelPoint,
    LinePoint,
    PlaceRow,
    PlacesFigure,
    Scenario,
    SeriesBreak,
    TornadoBar,
    TornadoFigure,
)
from jsna_pipeline.report.charts.places import NOT_KNOWN
from jsna_pipeline.report.future import money, need, places, rows, scenarios, words
from jsna_pipeline.report.future.expected_plans import SOURCE, range_of
from jsna_pipeline.report.future.rows import Outlook
from jsna_pipeline.report.place_figures import FEWEST_AUTHORITIES, LIMIT_POINTS, PLACE_WORDS
from jsna_pipeline.report.view import AreaView, each_row
from jsna_pipeline.statistics.funnel import Place

MOST_SCENARIOS = 3  # lines of the fan: their names stand beside it
MOST_BARS = 6
MOST_ROWS = 6


# --- the fan -----------------------------------------------------------------------------------


def plans_fan(view: AreaView, seen: Outlook) -> FanFigure | None:
    """Plans as counted, the bands ahead, and the scenarios that move them most; or why nothing is said."""
    known = rows.history(view)
    if seen.base is not None:
        known.setdefault(seen.base_year, seen.base)
    known = dict(sorted(known.items()))
    if not known and not seen.years:
        return None
    ahead = tuple(_point(row) for row in seen.years)
    lines = _lines(view) if ahead else ()
    return FanFigure(
        text=FigureText(
            "future-plans-fan",
            _fan_title(seen),
            f"EHC plans that the authority maintains, each January, {view.area.name}",
            _fan_alternative(known, seen, lines),
            SOURCE,
        ),
        unit="plans",
        decimals=0,
        name=view.area.name,
        history=tuple(LinePoint(str(year), value, None, None) for year, value in known.items()),
        forecast=ahead,
        scenarios=lines,
        breaks=_breaks(known),
        middle=not seen.only_next,
        withheld="" if ahead else seen.reason or "The forecast was withheld.",
    )


def _point(row: Any) -> FanPoint:
    bands = ((getattr(row, f"lower_{share}"), getattr(row, f"upper_{share}")) for share in (50, 80, 95))
    return FanPoint(str(row.year), row.central, *bands)


def _breaks(known: dict[int, float]) -> tuple[SeriesBreak, ...]:
    """Breaks of the published series at the Januaries that are drawn."""
    years = {f"{year - 1}/{year % 100:02d}": str(year) for year in known}
    return tuple(
        SeriesBreak(years[one.from_period], one.reason, connected=one.kind == "collection")
        for one in indicators()[rows.CASELOAD].all_breaks
        if one.from_period in years
    )


def _lines(view: AreaView) -> tuple[Scenario, ...]:
    """The scenarios that move plans most, each as a line; one that moves none would lie on the middle."""
    found = scenarios.supposed(view)
    last = scenarios.in_last_year(found, scenarios.PLANS)
    moved = [row for name, row in last.items() if name != rows.BASELINE and abs(row.difference or 0.0) >= 1]
    chosen = sorted(moved, key=lambda row: -abs(row.difference))[:MOST_SCENARIOS]
    plans = found.loc[found["quantity"].eq(scenarios.PLANS) & found["central"].notna()].sort_values("year")
    return tuple(
        Scenario(
            one.name,
            tuple(
                (str(row.year), float(row.central)) for row in each_row(plans.loc[plans["scenario"] == one.scenario])
            ),
        )
        for one in sorted(chosen, key=lambda row: -row.central)
    )


def _fan_title(seen: Outlook) -> str:
    row = seen.next
    if row is None:
        return "No number of plans is forecast here"
    if seen.only_next:
        return f"{range_of(row)} plans are expected in January {row.year}"
    return (
        f"About {words.counted(row.central, f'plans are expected in January {row.year}', row.lower_95, row.upper_95)}"
    )


def _fan_alternative(known: dict[int, float], seen: Outlook, lines: tuple[Scenario, ...]) -> str:
    said = []
    if known:
        first, last = min(known), max(known)
        said.append(
            f"Line of EHC plans from {formatting.number(known[first])} in January {first} to "
            f"{formatting.number(known[last])} in January {last}."
        )
    for row in dict.fromkeys((seen.years[0], seen.years[-1])) if seen.years else ():
        middle = "" if seen.only_next else f"{words.cell(row.central)}, "
        limits = words.range_cell(row.lower_95, row.upper_95)
        said.append(f"Expected in January {row.year}: {middle}95 of 100 futures {limits}.")
    said += [f"{line.name}: {words.cell(line.points[-1][1])} in January {line.points[-1][0]}." for line in lines]
    if seen.withheld:
        said.append(f"Not given for {words.januaries([row.year for row in seen.withheld])}. {seen.reason}")
    return " ".join(said)


# --- places ------------------------------------------------------------------------------------


def places_figure(view: AreaView) -> PlacesFigure | None:
    """Places by kind, or plans by setting where places are not known, with what the forecast asks for."""
    found = rows.ahead(view, "future_places")
    owned = found["basis"].eq(places.OWN_PLACES).any()
    dimension = "place_kind" if owned else "setting"
    part = found.loc[found["dimension"].eq(dimension) & found["demand"].notna()]
    if not owned:
        part = part.loc[part["category"].isin(places.SPECIAL)]
    if part.empty:
        return None
    shown = {int(part["year"].min()), int(part["year"].max())}
    made = tuple(
        _place_row(dimension, str(category), group.loc[group["year"].isin(shown)], owned)
        for category, group in part.groupby("category", sort=False)
    )[:MOST_ROWS]
    subject = (
        "Special places commissioned, filled and asked for" if owned else "Plans in special settings, now and expected"
    )
    return PlacesFigure(
        FigureText(
            "future-places-figure",
            _places_title(found, owned),
            f"{subject}, {view.area.name}",
            f"Bars of {'places' if owned else 'plans'}. {' '.join(_place_spoken(row) for row in made)}",
            "; ".join(_sources(owned)),
        ),
        made,
        ("Places are those of today" if owned else "How many places there are is not known here",),
    )


def _sources(owned: bool) -> tuple[str, ...]:
    own = (places.OWN_SOURCE[:1].upper() + places.OWN_SOURCE[1:],) if owned else ()
    return (*own, places.PUBLISHED_SOURCE)


def _place_row(dimension: str, category: str, group: pd.DataFrame, owned: bool) -> PlaceRow:
    at = list(each_row(group.sort_values("year")))
    return PlaceRow(
        words.heading(dimension, category),
        _known(at[0].places) if owned else None,
        _known(at[0].filled) if owned else None,
        None if owned else _known(at[0].filled),
        tuple(Expected(str(row.year), row.demand_lower, row.demand, row.demand_upper) for row in at),
        NOT_KNOWN if pd.isna(at[0].places) else "",
    )


def _known(value: float) -> float | None:
    return None if pd.isna(value) else float(value)


def _places_title(found: pd.DataFrame, owned: bool) -> str:
    row = places.whole(found) if owned else None
    if row is None:
        return "Places now, and what the forecast asks for" if owned else "Plans in special settings, now and ahead"
    return f"In January {row.year}: {places.gap_sentence(row)}"


def _place_spoken(row: PlaceRow) -> str:
    now = (
        f"{words.cell(row.filled)} filled of {words.cell(row.places)}"
        if row.places is not None
        else f"{words.cell(row.plans)} now"
    )
    ahead = [f"{one.year} {words.cell(one.middle)} ({words.range_cell(one.low, one.high)})" for one in row.expected]
    return f"{row.name}: {now}, expected {formatting.listed(ahead)}."


# --- children expected -------------------------------------------------------------------------


def need_dumbbell(view: AreaView) -> DumbbellFigure | None:
    """Conditions with a count beside them: how many are identified for every 100 expected, here and in England."""
    found = need.compared(need.conditions(view))[:MOST_ROWS]
    if not found:
        return None
    made = tuple(
        DumbbellRow(
            f"{need.condition_name(row.condition)}, {row.age_from} to {row.age_to}",
            (
                DumbbellMark(row.ratio, row.ratio_lower, row.ratio_upper),
                DumbbellMark(_known(row.england_ratio), note="not known"),
            ),
        )
        for row in found
    )
    lowest = found[0]
    spoken = " ".join(
        f"{need.condition_name(row.condition)}: {words.cell(row.ratio)} here, {words.cell(row.england_ratio)} in "
        "England."
        for row in found
    )
    return DumbbellFigure(
        FigureText(
            "future-expected-figure",
            f"{need.condition_name(lowest.condition)}: {words.cell(lowest.ratio)} plans name it first for every 100 "
            "expected",
            f"Plans that name it as first need, for every 100 children that a study would expect, {view.area.name} and "
            "England",
            f"Marks on a line for each condition. {spoken}",
            "Studies named in the table; Department for Education, plans by first need, and estimated residents",
        ),
        (DumbbellSeries(view.area.name, "area"), DumbbellSeries("England", "england")),
        (DumbbellPanel(made, "per 100", 0),),
    )


def need_funnel(view: AreaView) -> FunnelFigure | None:
    """Every authority's share identified against the number expected, for the area's condition that stands out."""
    found = need.compared(need.conditions(view))
    tested = [row for row in found if row.place in (Place.BELOW_95, Place.BELOW_99_8, Place.ABOVE_95, Place.ABOVE_99_8)]
    row = next(iter(tested or found), None)
    if row is None or pd.isna(row.england_ratio):
        return None
    found_points = funnel_points(rows.table(view, "future_expected_need"), row.condition, LIMIT_POINTS)
    if found_points is None or len(found_points.points) < FEWEST_AUTHORITIES:
        return None
    names = words.area_names(found_points.points["area_code"])
    roles = {view.area.code: "area"} | dict.fromkeys(view.neighbour_codes, "neighbour")
    points = tuple(
        FunnelPoint(names[one.area_code], roles.get(one.area_code, "other"), one.ratio, one.expected, _place(one.place))  # type: ignore[arg-type]
        for one in each_row(found_points.points)
    )
    name = need.condition_name(row.condition)
    return FunnelFigure(
        FigureText(
            "future-expected-funnel",
            f"{name}: {view.area.name} ({words.cell(row.ratio)} for every 100 expected) is {_place(row.place)}",
            f"Plans that name it first for every 100 expected by {need.study_name(row.condition)}, authorities by the "
            "number expected",
            f"Points of {len(points)} authorities round England’s {words.cell(row.england_ratio)}. "
            f"{view.area.name} {words.cell(row.ratio)}, {_place(row.place)}.",
            need.study_name(row.condition),
        ),
        "per 100",
        0,
        float(row.england_ratio),
        f"Children expected, ages {row.age_from} to {row.age_to}",
        points,
        tuple(ControlLimits(*map(float, limits)) for limits in found_points.limits.itertuples(index=False)),
        tuple(words.area_name(code) for code in found_points.absent),
    )


def _place(text: str) -> str:
    return (
        PLACE_WORDS.get(Place(text), text)
        if text in set(Place)
        else text.replace("_", " ") or PLACE_WORDS[Place.NOT_TESTED]
    )


# --- what moves the forecast -------------------------------------------------------------------


def drivers_figure(view: AreaView, quantity: str) -> TornadoFigure | None:
    """What moves `quantity` in the last year, one driver at a time; None where nothing does."""
    found = scenarios.drivers_of(view, quantity)[:MOST_BARS]
    if not found:
        return None
    costs = quantity == scenarios.COST
    scale, decimals = (1_000_000.0, 1) if costs else (1.0, 0)
    widest = found[0]
    low, high = sorted((widest.at_low, widest.at_high))
    between = words.pounds_between(low, high) if costs else f"{words.between(low, high)} plans"
    spoken = " ".join(
        f"{row.name}: {words.cell(row.at_low / scale, decimals)} ({row.low_value}), "
        f"{words.cell(row.at_high / scale, decimals)} ({row.high_value})."
        for row in found
    )
    year = money.financial_year(widest.year) if costs else f"January {widest.year}"
    what = "Cost of placements in £ million" if costs else "EHC plans"
    return TornadoFigure(
        text=FigureText(
            f"future-drivers-{quantity}",
            f"{scenarios.driver_name(widest)}: {between} in {year}",
            f"{what}, {year}, if one driver takes its low or high value, {view.area.name}",
            f"Bars round {words.cell(widest.central / scale, decimals)}. {spoken}",
            SOURCE,
        ),
        unit="pounds" if costs else "plans",
        decimals=decimals,
        scale=scale,
        central=float(widest.central),
        central_name="If things go on",
        bars=tuple(
            TornadoBar(row.name, row.low_value, row.high_value, float(row.at_low), float(row.at_high)) for row in found
        ),
    )
