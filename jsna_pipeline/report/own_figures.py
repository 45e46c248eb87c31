"""Figures of the area's own records that cross two groups or name its wards.

Here: choosing the protected counts of the heat tables and the ward map, and saying in words what they show. Not
here: counting and protecting (`local_area.py`), any geometry (`report/charts/`), or the tables of every local
section (`report/local_section.py`).

A hidden count stays hidden: it prints "c", and no share, sum or remainder is made of it or around it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from itertools import permutations

import pandas as pd

from jsna_pipeline.boundaries import Boundaries, plain_name
from jsna_pipeline.catalogue.local_tables import local_tables
from jsna_pipeline.report import formatting
from jsna_pipeline.report.charts import Figure, FigureText, HeatCell, HeatFigure, HeatRow, MapFigure, Place
from jsna_pipeline.report.charts.heat import MOST_COLUMNS, MOST_ROWS
from jsna_pipeline.report.leads.own_records import HIDDEN, HIDDEN_REMARK, SOURCE, own_records
from jsna_pipeline.report.local_words import category_words, dimension_words, place_on_scale
from jsna_pipeline.report.view import AreaView
from jsna_pipeline.vocabulary import TOTAL

FEWEST_WARDS = 3
# Own table: the dimension down and the one across.
HEAT_TABLES = {
    "plans_by_need_and_place": ("primary_need", "age_band"),
    "plans_by_provision": ("area_of_need", "placement"),
    "pupils_with_sen_by_need": ("year_group", "area_of_need"),
}
WARD_TABLES = frozenset({"plans_by_ward"})


def section_figures(view: AreaView, table_id: str) -> tuple[Figure, ...]:
    """The figure of the section of one of the area's own tables; none for most tables."""
    figure_id = f"local-{table_id}-figure"
    if table_id in WARD_TABLES:
        made: Figure | None = ward_figure(view, table_id, figure_id)
    elif table_id in HEAT_TABLES:
        made = heat_figure(view, table_id, *HEAT_TABLES[table_id], figure_id)
    else:
        made = None
    return (made,) if made else ()


# --- one group by another ----------------------------------------------------------------------


def heat_figure(view: AreaView, table_id: str, rows: str, columns: str, figure_id: str) -> HeatFigure | None:
    """Counts of one of the area's own tables, dimension `rows` down and `columns` across.

    None where the table does not cross them, or where fewer than two of either are printed. Ages and years stand
    in their order, other groups by size; rows beyond the eighteenth are left to the table of the section.
    """
    own = own_records(view, table_id)
    if own is None:
        return None
    held = local_tables()[table_id].filters
    cells = _crossed(own.counts, rows, columns, held)
    if len(cells) < 2 or cells.shape[1] < 2:
        return None
    totals = {name: own.count(**{rows: name, **held}) for name in cells.index}
    scale = {name: place_on_scale(name) for name in cells.index}
    ordered = len(set(scale.values())) > len(scale) / 2  # a few, such as those not known, are no order
    order = sorted(cells.index, key=lambda name: (scale[name] if ordered else -(totals[name] or 0), name))[:MOST_ROWS]
    across = sorted(cells.columns, key=lambda name: (place_on_scale(name), name))
    if len(across) > MOST_COLUMNS:
        return None
    drawn = tuple(
        HeatRow(
            formatting.sentence(category_words(rows, name)),
            tuple(_cell(cells.at[name, other]) for other in across),
        )
        for name in order
    )
    words = [category_words(columns, name) for name in across]
    return HeatFigure(
        text=_heat_text(view, table_id, figure_id, (rows, columns), own.when, drawn, words),
        unit="count",
        decimals=0,
        heading=formatting.sentence(dimension_words(rows)),
        columns=tuple(map(_short, words)),
        rows=drawn,
        marks=(f"{HIDDEN_REMARK}.",) if any(cell.mark for row in drawn for cell in row.cells) else (),
    )


def _crossed(counts: pd.DataFrame, rows: str, columns: str, held: Collection[str]) -> pd.DataFrame:
    """Counts by `rows` and `columns`, null where hidden; blank where the table does not cross the two alone.

    `held` are the dimensions that the table keeps at one category, which stand in every row.
    """
    for one, other, rest in permutations((1, 2, 3)):
        chosen = (counts[f"dimension_{one}"] == rows) & (counts[f"dimension_{other}"] == columns)
        found = counts.loc[chosen & counts[f"dimension_{rest}"].isin([TOTAL, *held])]
        if len(found):
            cells = found.set_index([f"category_{one}", f"category_{other}"])["count"]
            return cells.unstack()  # noqa: PD010 - pivot_table would drop what is hidden
    return pd.DataFrame()


def _cell(count: object) -> HeatCell:
    return HeatCell(None, HIDDEN) if pd.isna(count) else HeatCell(float(count))  # type: ignore[arg-type]


def _short(words: str) -> str:
    """A heading in as few letters as say the same: "ages 5 to 10" is "5–10" in a column headed by ages."""
    bare = words.removeprefix("ages ").removeprefix("age ").removeprefix("year ")
    return formatting.sentence(bare.replace(" to ", formatting.EN_DASH) if bare != words else words)


def _heat_text(
    view: AreaView,
    table_id: str,
    figure_id: str,
    dimensions: tuple[str, str],
    when: str,
    drawn: Sequence[HeatRow],
    across: Sequence[str],
) -> FigureText:
    units = local_tables()[table_id].units
    known = [
        (cell.value, f"{row.name}, {words}")
        for row in drawn
        for cell, words in zip(row.cells, across, strict=True)
        if cell.value is not None
    ]
    largest = sorted(known, key=lambda one: -one[0])[:3]
    by = formatting.listed([dimension_words(one) for one in dimensions])
    told = [f"{name}: {formatting.number(value)}" for value, name in largest]
    return FigureText(
        figure_id=figure_id,
        title=f"{told[0]} {units}, the largest group" if told else f"{formatting.sentence(units)} by {by}",
        subtitle=f"{formatting.sentence(units)} by {by}, {view.area.name}, {when} (provisional)",
        alternative=f"Table of {len(drawn)} by {len(across)} cells, stronger for more. Largest: {'; '.join(told)}.",
        source=formatting.sentence(SOURCE),
    )


# --- wards -------------------------------------------------------------------------------------


def ward_figure(view: AreaView, table_id: str, figure_id: str) -> MapFigure | None:
    """Counts of one of the area's own tables by ward, on a map where the user supplied outlines of them all.

    None where fewer than three wards have a printed count.
    """
    own = own_records(view, table_id)
    if own is None:
        return None
    counts = own.counts
    alone = counts.loc[(counts["dimension_1"] == "ward") & (counts["dimension_2"] == TOTAL)]
    if alone["count"].notna().sum() < FEWEST_WARDS:
        return None
    rings = _outlines(view.boundaries, alone["category_1"])
    places = [
        Place(
            row.category_1,
            None if pd.isna(row.count_) else float(row.count_),
            HIDDEN if pd.isna(row.count_) else "",
            rings.get(row.category_1, ()),
        )
        for row in alone.rename(columns={"count": "count_"}).itertuples()
    ]
    places.sort(key=lambda place: (place.value is None, -(place.value or 0.0), place.name))
    highest = [place for place in places if place.value is not None][:3]
    units = local_tables()[table_id].units
    spoken = formatting.listed([f"{place.name} {formatting.number(place.value or 0.0)}" for place in highest])
    kind = "Map" if rings else "Tiles"
    hidden = sum(place.value is None for place in places)
    text = FigureText(
        figure_id=figure_id,
        title=f"{highest[0].name} has the most {units}: {formatting.number(highest[0].value or 0.0)}",
        subtitle=f"{formatting.sentence(units)} by ward of home, {view.area.name}, {own.when} (provisional)",
        alternative=f"{kind} of {formatting.counted(len(places), 'ward')} by number of {units}. Highest: {spoken}.",
        source=formatting.sentence(SOURCE),
    )
    marks = ("These are numbers, not rates: a ward with more children has more.",)
    return MapFigure(text, "count", 0, tuple(places), (*marks, f"{HIDDEN_REMARK}.") if hidden else marks)


def _outlines(
    boundaries: Boundaries, wards: Sequence[str]
) -> Mapping[str, tuple[tuple[tuple[float, float], ...], ...]]:
    """Rings by ward as the returns name it; none at all unless every ward has them, for a map with holes misleads."""
    known = boundaries.by_name()
    found = {name: known[plain_name(name)].rings for name in wards if plain_name(name) in known}
    return found if len(found) == len(wards) else {}
