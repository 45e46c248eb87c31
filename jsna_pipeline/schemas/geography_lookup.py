"""Published look-ups between areas.

Here: which upper-tier authority of today a district, live or ended, belongs to. Not here: the
reviewed register of authorities (`geography.py`), which no published file may change.
"""

from __future__ import annotations

import pandera.pandas as pa

from jsna_pipeline.schemas.base import key


class DistrictHierarchy(pa.DataFrameModel):
    """One district, live or ended, and the upper-tier authority that has its area today."""

    district_code: str = key("ONS code of the district", str_matches=r"^E0[6789]\d{6}$", unique=True)
    district_name: str = key("Name of the district")
    area_code: str = key("ONS code of the upper-tier authority of today")
    is_live: bool = key("Whether the district still exists")
    source_file: str = key("Published file that holds the row")
    source_line: int = key("Line of that file", ge=1)

    class Config:
        strict = True
        coerce = True
