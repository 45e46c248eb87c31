"""Tables of NHS England: community waiting lists and the monthly measures files.

Here: columns of the published tables. These figures stand for NHS organisations and registered
patients, never for a local authority. Not here: OHID's profiles (`schemas/ohid.py`).
"""

from __future__ import annotations

from jsna_pipeline.schemas.base import CoreTable, count, filter_column, number


class CommunityWaits(CoreTable):
    """People waiting for one community service at the end of a month, by how long they have waited."""

    service: str = filter_column("Service line without its (A) or (CYP) prefix", published_as=["Service"])
    age_group: str = filter_column("`children` for (CYP) lines, `adult` for (A) lines", published_as=["Service"])
    waiting: float = count("People on the waiting list", published_as=["Table 4"], unit="people")
    waiting_0_1_weeks: float = count("Waiting up to 1 week", published_as=["Table 4a"], unit="people")
    waiting_1_2_weeks: float = count("Waiting over 1 and up to 2 weeks", published_as=["Table 4b"], unit="people")
    waiting_2_4_weeks: float = count("Waiting over 2 and up to 4 weeks", published_as=["Table 4c"], unit="people")
    waiting_4_12_weeks: float = count("Waiting over 4 and up to 12 weeks", published_as=["Table 4d"], unit="people")
    waiting_12_18_weeks: float = count("Waiting over 12 and up to 18 weeks", published_as=["Table 4e"], unit="people")
    waiting_18_52_weeks: float = count("Waiting over 18 and up to 52 weeks", published_as=["Table 4f"], unit="people")
    waiting_over_52_weeks: float = count("Waiting over 52 weeks", published_as=["Table 4g"], unit="people")
    waiting_over_18_weeks: float = count(
        "Waiting over 18 weeks: the sum of the 18 to 52 and over 52 week bands, null where either is",
        published_as=["Table 4f", "Table 4g"],
        unit="people",
    )
    waiting_with_weeks: float = count(
        "People in any band of weeks: fewer than `waiting` where a provider does not know everyone's weeks",
        published_as=["Table 4a", "Table 4b", "Table 4c", "Table 4d", "Table 4e", "Table 4f", "Table 4g"],
        unit="people",
    )


class MonthlyMeasures(CoreTable):
    """One measure of the Mental Health Services Data Set or of the autism statistics."""

    measure: str = filter_column("The publisher's measure identifier", published_as=["MEASURE_ID", "METRIC"])
    value: float = number(
        "The published value, rounded to 5 below England where it is a count",
        published_as=["MEASURE_VALUE", "METRIC_VALUE"],
        unit="varies by measure",
        ge=0,
    )
