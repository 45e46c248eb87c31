"""Layer `local`: one area's own returns, taken into the restricted store and counted under protection.

Here: two steps per edition and area, which hand folders and stores to the library and pass on what may be
printed. Not here: reading, counting or protecting (`jsna_pipeline/local_area.py` and what it calls).

Records of persons pass from the first step to the second through the restricted store alone: never through
an IO manager, an event or a log. An area that delivered nothing gets empty tables, and its report no local part.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

import dagster as dg
import pandas as pd
import polars as pl

from assets import metadata
from assets.partitions import report_partitions
from assets.resources import Restricted, Tables
from jsna_pipeline import geography, local_area, published_tables
from jsna_pipeline.errors import without_values
from jsna_pipeline.geography import Area
from jsna_pipeline.settings import Settings

Made = TypeVar("Made")
GROUP = "local"
LOCAL_TABLES = {"local_returns": published_tables.LocalReturns, **local_area.MODELS}
DESCRIPTIONS = {
    "local_counts": "Counts from the area's own records, small ones hidden and proven to stay so.",
    "local_statistics": "Waits and sums of money from the area's own records, hidden where too few stand behind them.",
    "local_agreement": "Printed local counts beside the published figures of the same children and day.",
    "local_unseen": "Why plans are not found on the rolls of the area's schools, to the nearest ten.",
    "local_suppression": "How many figures of each local table are printed and hidden.",
}


def local_assets(settings: Settings) -> list[dg.AssetsDefinition]:
    partitions = report_partitions(settings)

    @dg.asset(
        name="local_returns",
        partitions_def=partitions,
        **_table("local_returns", "What became of each return of the area: rows to the nearest ten, faults, matches."),
    )
    def returns_asset(context: dg.AssetExecutionContext, restricted: Restricted) -> dg.MaterializeResult[pd.DataFrame]:
        area, edition = area_and_edition(context)
        folder = settings.local_returns
        if folder is None or not local_area.held(folder, edition, area):
            return dg.MaterializeResult(value=local_area.empty_tables()["local_returns"], metadata={"delivered": False})
        table = without_leaks(f"returns of {area.slug}", lambda: _taken_in(folder, edition, area, restricted))
        return dg.MaterializeResult(value=table, metadata=metadata.table_metadata(table))

    @dg.multi_asset(
        name="local_tables",
        outs={name: dg.AssetOut(**_table(name, text)) for name, text in DESCRIPTIONS.items()},
        ins={"delivered": dg.AssetIn("local_returns")},
        deps=["indicators_observations"],
        partitions_def=partitions,
    )
    def tables_asset(
        context: dg.AssetExecutionContext, restricted: Restricted, tables: Tables, delivered: pd.DataFrame
    ) -> Iterator[dg.Output[pd.DataFrame]]:
        area, edition = area_and_edition(context)
        made = local_area.empty_tables()
        if len(delivered):
            subject = f"local tables of {area.slug}"
            made |= without_leaks(subject, lambda: _tabulated(settings, area, edition, restricted, tables))
        for name in DESCRIPTIONS:
            yield dg.Output(made[name], name, metadata=metadata.table_metadata(made[name]))

    return [returns_asset, tables_asset]


def _taken_in(folder: Path, edition: str, area: Area, restricted: Restricted) -> pd.DataFrame:
    table, taken = local_area.take_in(folder, edition, area, restricted.records(), date.today())
    restricted.keep_validation(edition, area.slug, taken)
    return published_tables.checked(table, published_tables.LocalReturns)


def _tabulated(
    settings: Settings, area: Area, edition: str, restricted: Restricted, tables: Tables
) -> Mapping[str, pd.DataFrame]:
    folder = tables.folder()
    observed = folder.read_areas("indicators_observations", edition, [area.code])
    earlier = folder.read_other_editions("local_counts", edition, area.slug)
    records = restricted.records()
    return local_area.tabulate(records, edition, area, settings.cut_off_of(edition), observed, earlier).tables


def without_leaks(subject: str, step: Callable[[], Made]) -> Made:
    """What `step` makes, or its refusal as the event store may keep it."""
    try:
        return step()
    except (Exception, pl.exceptions.PanicException) as error:  # a panic of polars is no Exception
        refusal = without_values(error, subject)
    # Outside the handler: even `from None` would keep the first error, and what it held, in its context.
    raise refusal


def area_and_edition(context: dg.AssetExecutionContext) -> tuple[Area, str]:
    """The area and edition of a run over both."""
    key = context.partition_key
    assert isinstance(key, dg.MultiPartitionKey)  # noqa: S101 - the partitions definition says so
    return geography.local_authority(key.keys_by_dimension["area"]), key.keys_by_dimension["edition"]


def _table(name: str, description: str) -> dict[str, Any]:
    return metadata.protected_table(GROUP, LOCAL_TABLES[name], description)
