"""The page of one area as the definitions say now, from tables that were computed before they were changed.

Here: telling which indicators are defined otherwise than when the tables were stored, computing those alone, for
every area, and putting them in the view. Not here: building a report (`assets/build.py`), whose tables, checks
and manifest vouch for its figures: a preview is for the eyes of whoever edits the catalogue.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from jsna_pipeline.catalogue.datasets import datasets
from jsna_pipeline.catalogue.indicators import Indicator, indicators
from jsna_pipeline.comparisons import comparisons
from jsna_pipeline.errors import InputError
from jsna_pipeline.geography import Area
from jsna_pipeline.indicator_engine import definitions, observations
from jsna_pipeline.inequalities import inequalities
from jsna_pipeline.priorities import priorities
from jsna_pipeline.reconciliation.withholding import without_defects
from jsna_pipeline.report import html
from jsna_pipeline.report.assemble import assemble
from jsna_pipeline.report.national import headlines_of
from jsna_pipeline.report.view import NEIGHBOURS_TABLE, AreaView, at_hand, load_view
from jsna_pipeline.settings import Settings
from jsna_pipeline.steering import steer
from jsna_pipeline.storage import TableFolder
from jsna_pipeline.trend_table import trend_table
from jsna_pipeline.vocabulary import AreaLevel

DEFINITIONS_TABLE = "indicators_definitions"


@dataclass(frozen=True)
class Preview:
    """Where the page was written, and which indicators were computed anew for it."""

    page: Path
    recomputed: tuple[str, ...]


def preview(settings: Settings, area: Area, edition: str) -> Preview:
    """Write the page of `area`, marked as a draft, below the state folder; nothing that is stored changes.

    Raises InputError where the edition's tables have not been built, and for a restricted audience.
    """
    if settings.audience == "restricted":
        raise InputError("A preview is of the public report alone; build the restricted one.")
    tables = TableFolder(settings.tables)
    if not tables.path(DEFINITIONS_TABLE, edition).exists():
        raise InputError(f"Edition {edition} of source {settings.source} has not been built; run `jsna build` first.")
    changed = changed_since(tables.read(DEFINITIONS_TABLE, edition))
    view = load_view(tables, settings, area, edition)
    if changed:
        view = with_changed(view, changed, tables)
    made = replace(assemble(view, settings, steer(view, settings.priority_weights)), draft=True)
    page = settings.state_folder / "preview" / edition / area.slug / "index.html"
    page.parent.mkdir(parents=True, exist_ok=True)
    written = page.with_name(".index.html.tmp")
    written.write_text(html.render(made), "utf-8")
    written.replace(page)
    return Preview(page, tuple(changed))


def changed_since(stored: pd.DataFrame) -> dict[str, Indicator]:
    """The indicators whose definition is not the one that the tables were computed with, new ones among them."""
    now = definitions(indicators(), "").merge(stored, on=["indicator_id", "digest"], how="left", indicator=True)
    names = now.loc[now["_merge"] == "left_only", "indicator_id"]
    return {name: indicators()[name] for name in names}


def with_changed(view: AreaView, changed: Mapping[str, Indicator], tables: TableFolder) -> AreaView:
    """`view` with the figures of `changed` computed anew from the stored core tables."""
    edition = view.edition
    sides = [side for one in changed.values() for side in (one.numerator, one.denominator) if side]
    core = {name: tables.read(datasets()[name].core_asset, edition) for name in sorted({side.table for side in sides})}
    observed = observations(changed, without_defects(core, tables.read("evidence_reconciliation", edition)), edition)
    compared = comparisons(changed, observed, tables.read(NEIGHBOURS_TABLE, edition), edition)
    trended = trend_table(changed, observed, edition)
    areas = {*view.observed["area_code"], view.area.code}

    def put(stored: pd.DataFrame, fresh: pd.DataFrame, codes: set[str]) -> pd.DataFrame:
        kept = stored.loc[~stored["indicator_id"].isin(list(changed))]
        mine = fresh.loc[fresh["area_code"].isin(codes)]
        return at_hand(pd.concat([kept, mine.astype(kept.dtypes.to_dict())], ignore_index=True))

    own = {view.area.code}
    bodies = {view.area.code, view.nhs.sub_icb, view.nhs.provider}
    of_area = put(view.observed, observed, areas)
    valued = observed.loc[(observed["area_level"] == AreaLevel.LOCAL_AUTHORITY.value) & observed["value"].notna()]
    authorities = {str(code) for code in valued["area_code"]}
    return replace(
        view,
        observed=of_area,
        compared=put(view.compared, compared, own),
        trended=put(view.trended, trended, bodies),
        unequal=put(view.unequal, inequalities(changed, observed, edition), own),
        prioritised=put(view.prioritised, priorities(changed, observed, compared, trended, view.cut_off, edition), own),
        national=put(view.national, headlines_of(valued, of_area, view.area.code), authorities),
    )
