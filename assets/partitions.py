"""Editions and areas as Dagster partitions.

Here: the partition definitions, all static, so that a clean checkout has them without any instance
state. Not here: which areas a schedule builds (settings).
Concept: https://docs.dagster.io/guides/build/partitions-and-backfills
"""

from datetime import date

import dagster as dg

from jsna_pipeline import geography
from jsna_pipeline.settings import Settings


def editions(settings: Settings) -> list[str]:
    """Editions from the first in settings to next year's, with the corrections that settings name."""
    years = [str(year) for year in range(settings.first_edition, date.today().year + 2)]
    return sorted({*years, *settings.corrections, *([settings.edition] if settings.edition else [])})


def edition_partitions(settings: Settings) -> dg.StaticPartitionsDefinition:
    return dg.StaticPartitionsDefinition(editions(settings))


def report_partitions(settings: Settings) -> dg.MultiPartitionsDefinition:
    return dg.MultiPartitionsDefinition(
        {"area": dg.StaticPartitionsDefinition(list(geography.slugs())), "edition": edition_partitions(settings)}
    )
