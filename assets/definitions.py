"""The code location: every asset, check, job, schedule and resource, built from settings.

Here: assembly only. Not here: any asset, check or job itself. Importing this module reads the catalogue
and settings, never data or the network.
"""

import warnings

import dagster as dg

from assets.checks import all_checks
from assets.core import core_assets
from assets.evidence import evidence_assets
from assets.future import future_assets
from assets.indicators import indicator_assets
from assets.io_managers import ParquetTablesFactory
from assets.jobs import refresh_schedule, reports_job, reports_sensor, tables_job
from assets.landed import landed_assets
from assets.local import local_assets
from assets.report import report_asset
from assets.resources import Landing, Quarantine, Restricted, Tables
from assets.steering import steering_assets
from jsna_pipeline.settings import Settings, load_settings

# Partitioned asset checks are a preview in Dagster 1.13 and we rely on them: exactly this warning is
# silenced, and the filter goes when they leave preview.
warnings.filterwarnings(
    "ignore", message="Specifying a partitions_def on an AssetCheckSpec", category=dg.PreviewWarning
)


def build_defs(settings: Settings) -> dg.Definitions:
    """A fresh code location for `settings`; tests and the command line use it as the UI does."""
    tables, reports = tables_job(), reports_job()
    return dg.Definitions(
        assets=[
            landed_assets(settings),
            *core_assets(settings),
            *indicator_assets(settings),
            *evidence_assets(settings),
            *future_assets(settings),
            *local_assets(settings),
            steering_assets(settings),
            report_asset(settings),
        ],
        asset_checks=all_checks(settings),
        jobs=[tables, reports],
        schedules=[refresh_schedule(settings, tables)],
        sensors=[reports_sensor(settings, tables, reports)],
        resources={
            "io_manager": ParquetTablesFactory(tables=settings.tables),
            "landing": Landing(root=str(settings.published_files)),
            "tables": Tables(root=settings.tables),
            "quarantine": Quarantine(root=settings.tables),
            "restricted": Restricted(root=str(settings.restricted_folder), published=[str(settings.reports)]),
        },
        executor=dg.in_process_executor,
    )


defs = build_defs(load_settings())
