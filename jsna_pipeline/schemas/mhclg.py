"""Tables of the Ministry of Housing, Communities and Local Government.

Here: the English Indices of Deprivation by small area, and by authority the residents of each decile
and the children in the most deprived tenth of each domain that are derived from them. Not here:
deprivation splits that other publishers print.
"""

from __future__ import annotations

import pandera.pandas as pa

from jsna_pipeline.schemas.base import CoreTable, count, key


class Deprivation(pa.DataFrameModel):
    """One lower-layer super output area (LSOA 2011) and its place in the index. Not an observation."""

    lsoa_code: str = key("ONS code of the LSOA (2011)", str_matches=r"^E01\d{6}$", unique=True)
    lsoa_name: str = key("Name of the LSOA")
    district_code: str = key("ONS code of the district of 2019")
    area_code: str = key("ONS code of the upper-tier authority that has the LSOA today")
    rank: int = key("Rank among 32,844 LSOAs, 1 the most deprived", ge=1, le=32844)
    decile: int = key("Decile, 1 the most deprived tenth", ge=1, le=10)
    source_file: str = key("Published file that holds the row")
    source_line: int = key("Line of that file", ge=1)

    class Config:
        strict = True
        coerce = True


class DeprivationPopulation(CoreTable):
    """Residents of an area by the national deprivation decile (`deprivation_decile`) they live in."""

    children: float = count(
        "Dependent children aged 0 to 15, mid-2015, without prisoners",
        published_as=["Dependent Children aged 0-15: mid 2015 (excluding prisoners)"],
    )
    children_in_area: float = count(
        "Children of all deciles of the area, the denominator of the decile's share",
        published_as=["Dependent Children aged 0-15: mid 2015 (excluding prisoners)"],
    )
    population: float = count(
        "Residents of all ages, mid-2015, without prisoners",
        published_as=["Total population: mid 2015 (excluding prisoners)"],
        unit="residents",
    )


class DeprivationDomains(CoreTable):
    """Children of an area in the most deprived national tenth of one domain (`deprivation_domain`)."""

    children: float = count(
        "Dependent children aged 0 to 15, mid-2015, in the domain's most deprived tenth of small areas",
        published_as=["Dependent Children aged 0-15: mid 2015 (excluding prisoners)"],
    )
    children_in_area: float = count(
        "Children of the whole area, the denominator of the share",
        published_as=["Dependent Children aged 0-15: mid 2015 (excluding prisoners)"],
    )
