"""Tables of the Office for National Statistics.

Here: population estimates by single year of age from the annual workbook. Not here: the under-18
estimates that the Department for Education publishes as EES (`schemas/dfe.py`).
"""

from __future__ import annotations

from jsna_pipeline.schemas.base import CoreTable, count, filter_column


class PopulationByAge(CoreTable):
    """Usual residents at 30 June, by single year of age (`dimension` age) and for all ages (`total`)."""

    sex: str = filter_column("persons, female or male", published_as=["MYE2 - Persons"])
    population: float = count("Usual residents", published_as=["All ages"], unit="residents")
