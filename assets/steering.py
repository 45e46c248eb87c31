"""Layer `steering`: one area's scorecards, exceptions, survey results and commissioning priorities.

Here: one step per edition and area that stores what its figures and its words together say. Not here: how any of
it is made (`jsna_pipeline/steering.py`), or what is printed of it (`report.py`).

An area that has written nothing still gets its scorecards and priorities, from published figures alone.
"""

from collections.abc import Iterator
from typing import Any

import dagster as dg
import pandas as pd

from assets import metadata
from assets.future import FUTURE_TABLES
from assets.local import LOCAL_TABLES, area_and_edition
from assets.partitions import report_partitions
from assets.resources import Tables
from assets.soundness import UPSTREAM, sound, sound_upstream
from jsna_pipeline import steering
from jsna_pipeline.fingerprints import digest
from jsna_pipeline.governance import freezing
from jsna_pipeline.report import output
from jsna_pipeline.report.view import AreaView, load_view
from jsna_pipeline.settings import Settings

GROUP = "steering"
STEERING_TABLES = steering.MODELS
DESCRIPTIONS = {
    "steering_scorecard": "Each measure of the area's strategies: the verdict of its rule, and what it rests on.",
    "steering_scorecard_exceptions": "Measures not met, with explanation and decision, carried on between editions.",
    "steering_survey_results": "What people answered, weighted, with intervals; hidden where too few did.",
    "steering_commissioning_priorities": "How strongly each chapter calls for commissioning, by seven criteria.",
}


def steering_assets(settings: Settings) -> dg.AssetsDefinition:
    @dg.multi_asset(
        name="steering",
        outs={name: dg.AssetOut(**_table(name, text)) for name, text in DESCRIPTIONS.items()},
        deps=[*UPSTREAM, *LOCAL_TABLES, *FUTURE_TABLES],
        partitions_def=report_partitions(settings),
    )
    def steering_asset(context: dg.AssetExecutionContext, tables: Tables) -> Iterator[dg.Output[pd.DataFrame]]:
        area, edition = area_and_edition(context)
        freezing.refuse_frozen(output.report_folder(settings.reports, edition, area.slug))
        sound_upstream(context.instance, edition)
        sound(context.instance, [*LOCAL_TABLES, *FUTURE_TABLES], str(context.partition_key))
        # Stored tables are for everybody, also where a report for named readers follows.
        view = load_view(tables.folder(), settings.model_copy(update={"audience": "public"}), area, edition)
        made = steering_of(view, settings)
        for problem in made.problems:
            context.log.warning(problem.sentence)
        for name in DESCRIPTIONS:
            facts = metadata.table_metadata(made.tables[name])
            yield dg.Output(made.tables[name], name, metadata={**facts, "files_at_fault": len(made.problems)})

    return steering_asset


_newest: dict[str, steering.Steering] = {}


def steering_of(view: AreaView, settings: Settings) -> steering.Steering:
    """What follows from `view`; the report's step finds what this layer's has just made in the same process."""
    weights = str(sorted(settings.priority_weights.items()))
    day = str(view.contributions.today)
    key = digest(view.fingerprint, view.nhs.model_dump_json(), str(view.restricted), weights, day)
    if key not in _newest:
        made = steering.steer(view, settings.priority_weights)
        _newest.clear()
        _newest[key] = made
    return _newest[key]


def _table(name: str, description: str) -> dict[str, Any]:
    return metadata.protected_table(GROUP, STEERING_TABLES[name], description)
