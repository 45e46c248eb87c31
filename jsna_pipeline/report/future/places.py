"""What the expected plans would mean for special places.

Here: places beside what the forecast asks for, in words and a table. Not here: working it out (`future/places.py`) or
the chart (`figures.py`).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd

from jsna_pipeline.report import formatting
from jsna_pipeline.report.future import rows, words
from jsna_pipeline.report.leads.own_records import SOURCE as OWN_SOURCE
from jsna_pipeline.report.model import Section, Statement, Table
from jsna_pipeline.report.view import AreaView, each_row
from jsna_pipeline.vocabulary import TOTAL

ANCHOR = "future-places"
HEADING = "What would that mean for places?"
OWN_PLACES = "own_places"
PUBLISHED_SOURCE = "Worked out from Department for Education, Education, health and care plans, by placement"
SPECIAL = ("special_state", "special_independent", "resourced_or_unit", "alternative_provision")


def places_section(view: AreaView) -> Section | None:
    """The section; None where nothing is worked out for the area."""
    found = rows.ahead(view, "future_places")
    reasons = tuple(Statement(said, "unknown", "Not given") for said in rows.notes(view, "places"))
    if found.empty and not reasons:
        return None
    if found.empty:
        return Section(ANCHOR, HEADING, reasons, (), (), "", ())
    owned = (found["basis"] == OWN_PLACES).any()
    return Section(
        section_id=ANCHOR,
        heading=HEADING,
        statements=(*_statements(found), *_elsewhere(view)),
        figures=(),
        tables=tuple(table for name in found["dimension"].unique() if (table := _table(view, found, name))),
        method=(
            "Plans of each kind of setting are taken from each simulated future and set beside the places commissioned "
            "today. Where places are not known, they are set beside the plans of today."
        ),
        sources=(OWN_SOURCE[:1].upper() + OWN_SOURCE[1:], PUBLISHED_SOURCE) if owned else (PUBLISHED_SOURCE,),
        caveats=("Places are counted as they are today; places that are planned are not in it.",) if owned else (),
    )


def _elsewhere(view: AreaView) -> Iterator[Statement]:
    """Plans in settings outside the area, and in independent special schools, now and ahead."""
    for subject, label in (("outside_area", "Outside the area"), ("independent", "Independent")):
        yield from (Statement(said, "neutral", label) for said in rows.notes(view, subject))


def whole(found: pd.DataFrame) -> Any | None:
    """Places of every kind together in the first year, where they are known."""
    chosen = found["dimension"].eq(TOTAL) & found["basis"].eq(OWN_PLACES) & found["gap"].notna()
    return next(each_row(found.loc[chosen].sort_values("year")), None)


def gap_sentence(row: Any) -> str:
    """ "about 124 places too few (48 to 181)", "about 20 places to spare (5 to 38)", or that it may be either."""
    if row.gap_lower > 0:
        return f"about {words.counted(row.gap, 'places too few', row.gap_lower, row.gap_upper)}"
    if row.gap_upper < 0:
        return f"about {words.counted(-row.gap, 'places to spare', -row.gap_upper, -row.gap_lower)}"
    few, spare = words.about(max(row.gap_upper, 0)), words.about(max(-row.gap_lower, 0))
    return f"between {spare} places to spare and {few} too few"


def _statements(found: pd.DataFrame) -> Iterator[Statement]:
    row = whole(found)
    if row is not None:
        asked = words.with_range(row.demand, row.demand_lower, row.demand_upper)
        text = (
            f"About {asked} special places would be asked for in January {row.year}, beside "
            f"{formatting.number(row.places)} commissioned: {gap_sentence(row)}."
        )
        yield Statement(text, "neutral", "Provisional")
        if pd.notna(row.chance_short):
            text = f"Places would be too few in {words.chance(row.chance_short)} of 100 futures like the past."
            yield Statement(text, "neutral", f"January {row.year}")
    kinds = found.loc[found["dimension"].isin(["place_kind", "setting"]) & found["gap"].notna()]
    kinds = kinds.loc[kinds["year"] == kinds["year"].min()]
    if row is None:
        kinds = kinds.loc[kinds["category"].isin(SPECIAL)]
        if kinds.empty:
            return
        yield Statement("How many special places there are is not known here.", "unknown", "Not held")
        for one in each_row(kinds.sort_values("gap", ascending=False).head(2)):
            known = formatting.number(one.filled)
            said = words.with_range(one.demand, one.demand_lower, one.demand_upper)
            group = words.category("setting", one.category)
            text = f"About {said} plans in {group} would be expected in January {one.year}, after {known}."
            yield Statement(text, "neutral", words.heading("setting", one.category))
        return
    # Of a setting alone the gap is of plans since today, not of places.
    most = kinds.loc[kinds["dimension"].eq("place_kind") & kinds["gap_lower"].gt(0)].sort_values("gap", ascending=False)
    for one in each_row(most.head(1)):
        yield Statement(
            f"{words.heading(one.dimension, one.category)}: {gap_sentence(one)}.", "neutral", "Furthest short"
        )


def _table(view: AreaView, found: pd.DataFrame, dimension: str) -> Table | None:
    """Each group in the first and in the last year."""
    part = found.loc[found["dimension"] == dimension]
    shown = sorted({int(part["year"].min()), int(part["year"].max())})
    part = part.loc[part["year"].isin(shown)]
    kind = words.DIMENSIONS.get(dimension, "all")
    by = "" if dimension == TOTAL else f", by {kind}"
    known = part["places"].notna().any()
    return Table(
        table_id=f"future-places-{dimension.replace('_', '-')}",
        caption=f"Places and what the forecast asks for{by}, {view.area.name}",
        columns=("Group", "January", "Places", "Filled", "Asked for", "95% range", "Gap", "95% range"),
        rows=tuple(
            (
                words.heading(dimension, row.category),
                str(row.year),
                words.cell(row.places),
                words.cell(row.filled),
                words.cell(row.demand),
                words.range_cell(row.demand_lower, row.demand_upper),
                words.cell(row.gap),
                words.range_cell(row.gap_lower, row.gap_upper),
            )
            for row in each_row(part)
        ),
        numeric=(False, False, *(True,) * 6),
        notes=(
            "Gap: asked for less places; below 0, places to spare."
            if known
            else "Filled: plans in such settings today. Gap: asked for less those.",
        ),
        in_pdf=False,
    )
