"""Tables of the Department for Education's Local Authority Interactive Tool (LAIT).

Here: the tool's long table of measures, and the statistical neighbours model that is published with
it. Not here: Explore Education Statistics (`schemas/dfe_*.py`).
"""

from __future__ import annotations

import pandera.pandas as pa

from jsna_pipeline.schemas.base import CoreTable, filter_column, key, number


class LocalAuthorityInteractiveTool(CoreTable):
    """One measure of the tool for one area and period; the unit is the measure's own."""

    measure: str = filter_column(
        "Short name of the measure, `Measure_short` of the data dictionary", published_as=["Short Desc"]
    )
    # Scores such as Progress 8 are negative, and the tool mixes counts, rates and pounds: no bounds.
    value: float = number("The published value", published_as=["Values"], unit="varies by measure")


class StatisticalNeighbours(pa.DataFrameModel):
    """Pairs of authorities: the ten neighbours of each, nearest first. Not a table of observations."""

    area_code: str = key("ONS code of the authority")
    neighbour_code: str = key("ONS code of its neighbour")
    rank: int = key("Place among the ten, 1 being the nearest", ge=1, le=10)
    closeness: str = key(
        "How alike the two are, in the publisher's words",
        isin=["extremely close", "very close", "close", "somewhat close", "not close"],
    )
    model_year: str = key("Year of the neighbours model", str_matches=r"^20\d\d$")
    source_file: str = key("Published file that holds the pair")
    source_line: int = key("Row of the sheet", ge=1)

    class Config:
        strict = True
        coerce = True
        unique = ["area_code", "rank", "model_year"]
