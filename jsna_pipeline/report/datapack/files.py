"""All files of the data beside a report: which tables they hold, by their path below the report's folder.

Here: `data_files`, the one call that makes them, and which rows of the view belong in them. Not here: the content of
any one kind of file (`workbook.py`, `schema.py`, `star.py`, `texts.py`, `safe_tables.py`).
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from jsna_pipeline import geography
from jsna_pipeline.errors import BuildError
from jsna_pipeline.report.datapack import texts
from jsna_pipeline.report.datapack.contents import FUTURE_OF_AREA, LOCAL, STEERING
from jsna_pipeline.report.datapack.future_tables import future_tables_of
from jsna_pipeline.report.datapack.marking import MARKING, markings
from jsna_pipeline.report.datapack.reference import reference_of
from jsna_pipeline.report.datapack.schema import data_package
from jsna_pipeline.report.datapack.star import star_of
from jsna_pipeline.report.datapack.workbook import workbook_bytes
from jsna_pipeline.report.model import Report
from jsna_pipeline.report.view import AreaView
from jsna_pipeline.safe_tables import csv_bytes, parquet_bytes
from jsna_pipeline.vocabulary import Status


def data_files(made: Report, view: AreaView, tables: Mapping[str, pd.DataFrame]) -> dict[str, bytes]:
    """The workbook and everything in the folder `data`, identical for identical input.

    `tables` are those that follow from figures and words together, by the names of `steering.MODELS`. Raises
    BuildError where a figure names an indicator, area, period or source that no table knows, or ought to be hidden.
    """
    flat = flat_tables(view, tables)
    known = reference_of(made, view)
    star = star_of(view, known)
    note = {"title": f"{made.title}: {made.area_name}, edition {made.edition}", "marking": " ".join(markings(made))}
    csv = {name: csv_bytes(table) for name, table in (flat | known.tables).items()}
    star_files = {name: star.parquet(name, note) for name in star.tables}
    return {
        "jsna-data.xlsx": workbook_bytes(made, view, flat, known),
        **{f"data/{name}.csv": content for name, content in csv.items()},
        **{f"data/{name}.parquet": parquet_bytes(table) for name, table in flat.items()},
        **{f"data/star/{name}.parquet": content for name, content in star_files.items()},
        "data/datapackage.json": data_package(made, csv, star, star_files),
        "data/README.md": texts.readme(made, view, flat, star),
        "data/LICENCE.txt": texts.licence(made, flat),
        "data/CITATION.cff": texts.citation(made, flat),
    }


def flat_tables(view: AreaView, tables: Mapping[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """The tables that are written as CSV and Parquet, by the name of their file."""
    published = {
        "observations": view.observed,
        "comparisons": view.compared,
        "trends": view.trended,
        "inequalities": view.unequal,
        "priorities": view.prioritised,
        "reconciliation": exceptions_of(view),
    }
    ahead = future_tables_of(view)
    own = local_tables_of(view) | steering_tables_of(tables, view)
    own |= {name: table for name, table in ahead.items() if name in FUTURE_OF_AREA}
    refuse_hidden_figures(own)
    return published | ahead | own


def refuse_hidden_figures(own: Mapping[str, pd.DataFrame]) -> None:
    """The last look before anything is written: a figure whose status says hidden is not there.

    Raises BuildError, which names the table and no figure.
    """
    for name, table in own.items():
        if "status" in table:
            hidden = table.loc[table["status"] == Status.SUPPRESSED.value]
            if hidden.select_dtypes("number").notna().any(axis=None):
                raise BuildError(f"{name} holds figures whose status says that they are hidden; nothing was written.")


def exceptions_of(view: AreaView) -> pd.DataFrame:
    """Published figures that break a rule: the area's own, its region's and England's, in that order."""
    order = [view.area.code, view.region_code, geography.ENGLAND]
    found = view.reconciliation.loc[view.reconciliation["area_code"].isin(order)]
    return found.sort_values("area_code", key=lambda codes: codes.map(order.index), kind="stable", ignore_index=True)


def local_tables_of(view: AreaView) -> dict[str, pd.DataFrame]:
    """The tables of the area's own records by name, none where it delivered no returns.

    Those of a restricted audience carry their marking in every row, so that it stays with a copied part.
    """
    if view.local["local_returns"].empty:
        return {}
    tables = {name: view.local[name] for name in LOCAL}
    return {name: table.assign(marking=MARKING) for name, table in tables.items()} if view.restricted else tables


def steering_tables_of(tables: Mapping[str, pd.DataFrame], view: AreaView) -> dict[str, pd.DataFrame]:
    """Scorecards, survey results and priorities by the names of their files, marked like the local tables."""
    named = {name: tables[f"steering_{name}"] for name in STEERING if f"steering_{name}" in tables}
    return {name: table.assign(marking=MARKING) for name, table in named.items()} if view.restricted else named
