"""Figures that show one indicator in every authority of England: the funnel and the tile map.

Here: choosing the rows, the limits and the fifths, and saying in words what the figure shows. Not here: any
geometry (`report/charts/`), the limits' method (`statistics/funnel.py`), figures of the area and its comparators
(`report/figures.py`) or of its own records (`report/own_figures.py`).
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from jsna_pipeline import geography
from jsna_pipeline.catalogue.indicators import Indicator
from jsna_pipeline.comparisons import MINIMUM_RANKED_DENOMINATOR
from jsna_pipeline.findings import Facts, when
from jsna_pipeline.report import formatting
from jsna_pipeline.report.charts import (
    ControlLimits,
    FigureText,
    FunnelFigure,
    FunnelPoint,
    Tile,
    TileBlock,
    TilesFigure,
)
from jsna_pipeline.report.charts.funnel import size_ticks
from jsna_pipeline.report.charts.tiles import FIFTHS
from jsna_pipeline.report.view import AreaView
from jsna_pipeline.statistics import funnel
from jsna_pipeline.statistics.funnel import ALARM, WARNING, Place
from jsna_pipeline.statistics.quantiles import quantile_within
from jsna_pipeline.vocabulary import AreaLevel, Method, Polarity

FEWEST_AUTHORITIES = 20  # fewer make neither a funnel nor a map of the country
LIMIT_POINTS = 48  # places at which a limit is drawn, closer where it bends

PLACE_WORDS = {
    Place.ABOVE_99_8: "above the 99.8% limit",
    Place.ABOVE_95: "above the 95% limit",
    Place.WITHIN: "within the limits",
    Place.BELOW_95: "below the 95% limit",
    Place.BELOW_99_8: "below the 99.8% limit",
    Place.NOT_TESTED: "not tested",
}


def _national(view: AreaView, record: Indicator) -> pd.DataFrame:
    """Every authority's headline with its name, by name; the authorities without a value are not there."""
    rows = view.authorities(record.id)
    if rows.empty:
        return rows.assign(area_name="")
    return rows.assign(area_name=geography.attributes(rows["area_code"])["area_name"].to_numpy()).sort_values(
        "area_name", ignore_index=True
    )


def _absent(rows: pd.DataFrame) -> tuple[str, ...]:
    register = geography.local_authorities()
    return tuple(register.loc[~register["area_code"].isin(rows["area_code"]), "area_name"].sort_values())


def _value(record: Indicator, value: float) -> str:
    return formatting.measure(value, record.unit, record.decimals)


# --- the funnel --------------------------------------------------------------------------------


def funnel_figure(view: AreaView, record: Indicator, known: Facts, source: str) -> FunnelFigure | None:
    """Every authority's proportion against its denominator, round England's value in the same period.

    None for a measure that is not a proportion of independent persons, without England's value, or that fewer
    than 20 authorities have.
    """
    if record.method is not Method.PROPORTION or known.area_level is not AreaLevel.LOCAL_AUTHORITY:
        return None
    england = _england(view, record, known.period)
    rows = _national(view, record)
    rows = rows.loc[rows["denominator"].gt(0) & rows["numerator"].notna()]
    own = rows.loc[rows["area_code"] == view.area.code]
    if not record.independent_events or england is None or len(rows) < FEWEST_AUTHORITIES or own.empty:
        return None
    places = _places(rows, england)
    roles = {view.area.code: "area"} | dict.fromkeys(view.neighbour_codes, "neighbour")
    points = tuple(
        FunnelPoint(row.area_name, roles.get(row.area_code, "other"), row.value, row.denominator, PLACE_WORDS[place])  # type: ignore[arg-type]
        for row, place in zip(rows.itertuples(), places, strict=True)
    )
    here = places[rows.index.get_loc(own.index[0])]
    outside = sum(place in (Place.ABOVE_99_8, Place.BELOW_99_8) for place in places)
    return FunnelFigure(
        text=_funnel_text(record, known, england, here, outside, len(rows), source),
        unit=record.unit,
        decimals=record.decimals,
        baseline=england,
        counted=f"Out of: {record.population[:1].lower()}{record.population[1:]}",
        points=points,
        limits=_limits(england, rows["denominator"].min(), size_ticks(rows["denominator"].max())[-1]),
        absent=_absent(rows),
    )


def _england(view: AreaView, record: Indicator, period: str) -> float | None:
    dimension, category = record.headline_group
    rows = view.observations(
        record.id, area_code=geography.ENGLAND, period=period, dimension=dimension, category=category
    )
    value = rows["value"].dropna()
    return None if value.empty else float(value.iloc[0])


def _places(rows: pd.DataFrame, england: float) -> list[Place]:
    """Where each authority stands, from its counts and not from its rounded value."""
    share = england / 100
    warning, alarm = (
        funnel.proportion_limits(rows["denominator"], share, confidence) for confidence in (WARNING, ALARM)
    )
    words = funnel.place(rows["numerator"] / rows["denominator"], warning, alarm)
    return [Place(word) for word in words]


def _limits(england: float, smallest: float, largest: float) -> tuple[ControlLimits, ...]:
    """The curves, in percent, at whole sizes that lie closer together where the funnel narrows fast."""
    sizes = np.unique(np.round(np.geomspace(max(smallest, 1.0), largest, LIMIT_POINTS)))
    inner, outer = (funnel.proportion_limits(sizes, england / 100, confidence) for confidence in (WARNING, ALARM))
    curves = (np.round(100 * curve, 2) for curve in (*inner, *outer))
    return tuple(ControlLimits(*map(float, values)) for values in zip(sizes, *curves, strict=True))


def _funnel_text(
    record: Indicator, known: Facts, england: float, here: Place, outside: int, drawn: int, source: str
) -> FigureText:
    value, of_england = _value(record, known.value), _value(record, england)
    side = "above" if here in (Place.ABOVE_95, Place.ABOVE_99_8) else "below"
    title = (
        f"{known.area_name} ({value}) is no further from England ({of_england}) than chance explains"
        if here is Place.WITHIN
        else f"{known.area_name} ({value}) is further {side} England ({of_england}) than chance explains"
    )
    period = when(known)
    return FigureText(
        figure_id=f"{record.id}-funnel",
        title=title,
        subtitle=f"{record.name}, {formatting.unit_label(record.unit)}. {period}, authorities by the number counted",
        alternative=(
            f"Funnel plot of {drawn} authorities. {period}, {known.area_name}: {value} of "
            f"{formatting.number(known.denominator or 0)}, {PLACE_WORDS[here]}. England: {of_england}. "
            f"{formatting.counted(outside, 'authority lies', 'authorities lie')} outside the 99.8% limits."
        ),
        source=source,
    )


# --- England in squares ------------------------------------------------------------------------


def tiles_figure(view: AreaView, record: Indicator, known: Facts, source: str) -> TilesFigure | None:
    """Every authority of the register in fifths of the published values, 1 the lowest; None for fewer than 20.

    Authorities whose denominator is under ten are shown without a value, as they are not ranked either.
    """
    rows = _national(view, record)
    rows = rows.loc[~rows["denominator"].lt(MINIMUM_RANKED_DENOMINATOR)]
    if known.area_level is not AreaLevel.LOCAL_AUTHORITY or len(rows) < FEWEST_AUTHORITIES:
        return None
    fifths = quantile_within(np.zeros(len(rows)), rows["value"], np.full(len(rows), Polarity.NONE.value))
    found = rows.assign(fifth=fifths.astype(int)).set_index("area_code")[["value", "fifth"]]
    ranges = found.groupby("fifth")["value"].agg(["min", "max"])
    register = geography.local_authorities().set_index("area_code")
    blocks = tuple(
        TileBlock(region.area_name, _tiles(register.loc[register["region_code"] == region.area_code], found, view))
        for region in geography.regions().itertuples()
    )
    own = next((tile for block in blocks for tile in block.tiles if tile.own), None)
    if own is None or own.fifth is None:
        return None
    return TilesFigure(
        text=_tiles_text(record, known, own.fifth, ranges, len(found), source),
        unit=record.unit,
        decimals=record.decimals,
        blocks=blocks,
        ranges=tuple(
            (float(ranges.at[k, "min"]), float(ranges.at[k, "max"])) if k in ranges.index else None for k in range(1, 6)
        ),
    )


def _tiles(authorities: pd.DataFrame, found: pd.DataFrame, view: AreaView) -> tuple[Tile, ...]:
    """A region's authorities, the highest value first, those without one last."""
    made = [
        Tile(
            name=name,
            value=float(found.at[code, "value"]) if code in found.index else None,
            fifth=int(found.at[code, "fifth"]) if code in found.index else None,
            own=code == view.area.code,
        )
        for code, name in authorities["area_name"].items()
    ]
    return tuple(sorted(made, key=lambda tile: (tile.value is None, -(tile.value or 0.0), tile.name)))


def _tiles_text(
    record: Indicator, known: Facts, fifth: int, ranges: pd.DataFrame, drawn: int, source: str
) -> FigureText:
    value = _value(record, known.value)
    low, high = (formatting.number(float(ranges.at[fifth, end]), record.decimals) for end in ("min", "max"))
    england = known.against_england
    beside = f" England: {_value(record, england.value)}." if england else ""
    return FigureText(
        figure_id=f"{record.id}-tiles",
        title=f"{known.area_name} ({value}) is in the {FIFTHS[fifth - 1]} fifth of authorities",
        subtitle=f"{record.name}, {formatting.unit_label(record.unit)}. {when(known)}, every authority by region",
        alternative=(
            f"England in squares, {drawn} authorities with a value in five equal groups. {when(known)}, "
            f"{known.area_name}: {value}, in the {FIFTHS[fifth - 1]} fifth ({low} to {high}).{beside}"
        ),
        source=source,
    )
