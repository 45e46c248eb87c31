"""How many children and young people are expected to live here.

Here: residents aged 0 to 25 by age band, now and ahead. Not here: how they are projected (`future/population.py`).
"""

from __future__ import annotations

import pandas as pd

from jsna_pipeline.report import formatting
from jsna_pipeline.report.future import rows, words
from jsna_pipeline.report.model import Section, Statement, Table
from jsna_pipeline.report.view import AreaView, each_row

ANCHOR = "future-population"
BANDS = ((0, 4), (5, 10), (11, 15), (16, 19), (20, 25))
AHEAD = 6  # mid-years after the last estimate that are shown
BASES = {
    "estimate": "estimated",
    "worked_back": "worked back",
    "cohort": "worked out from births, ages and moves",
    "published": "as projected by the ONS",
}


def population_section(view: AreaView) -> Section | None:
    """The section; None where nothing is known of the area's residents."""
    found = rows.own(view, "future_population")
    known = found.loc[found["basis"].isin(["estimate", "worked_back"]), "year"]
    if found.empty or known.empty:
        return None
    start = int(known.max())
    shown = found.loc[found["year"].between(start, start + AHEAD)]
    return Section(
        section_id=ANCHOR,
        heading="How many children and young people are expected to live here?",
        statements=_statements(shown, start),
        figures=(),
        tables=(_bands_table(view, shown), _ages_table(view, shown)),
        method=(
            "Each year, those of one age are a year older; some move in and some move away, as in recent years; births "
            "follow those of recent years. Where the Office for National Statistics has published a projection, it is "
            "used."
        ),
        sources=("Worked out from Office for National Statistics, mid-year population estimates and projections",),
    )


def _statements(shown: pd.DataFrame, start: int) -> tuple[Statement, ...]:
    whole = shown.groupby("year")["central"].sum()
    last = int(whole.index.max())
    if last == start:
        return ()
    change = 100 * (whole[last] / whole[start] - 1)
    moved = formatting.measure(abs(change), "percent")
    way = "as many" if moved == formatting.measure(0.0, "percent") else f"{moved} {'more' if change > 0 else 'fewer'}"
    text = (
        f"About {words.about(whole[last])} residents aged 0 to 25 are expected in mid-{last}, {way} than the "
        f"{words.about(whole[start])} of mid-{start}."
    ).replace("as many than", "as many as")
    return (Statement(text, "neutral", "Aged 0 to 25"),)


def _bands_table(view: AreaView, shown: pd.DataFrame) -> Table:
    years = sorted(int(year) for year in shown["year"].unique())
    sums = {
        (low, high): shown.loc[shown["age"].between(low, high)].groupby("year")["central"].sum()
        for low, high in (*BANDS, (0, 25))
    }
    return Table(
        table_id="future-population-bands",
        caption=f"Residents by age at mid-year, {view.area.name}",
        columns=("Age", *map(str, years)),
        rows=tuple(
            (f"{low} to {high}", *(words.cell(by_year.get(year)) for year in years))
            for (low, high), by_year in sums.items()
        ),
        numeric=(False, *(True,) * len(years)),
        notes=("Ranges are given by single year of age; those of a sum are not theirs added up.",),
        in_pdf=False,
    )


def _ages_table(view: AreaView, shown: pd.DataFrame) -> Table:
    last = shown.loc[shown["year"] == shown["year"].max()].sort_values("age")
    return Table(
        table_id="future-population-ages",
        caption=f"Residents expected by single year of age, {view.area.name}, mid-{int(last['year'].max())}",
        columns=("Age", "Expected", "95% range", "How"),
        rows=tuple(
            (str(row.age), words.cell(row.central), words.range_cell(row.lower_95, row.upper_95), BASES[row.basis])
            for row in each_row(last)
        ),
        numeric=(False, True, True, False),
        in_pdf=False,
    )
