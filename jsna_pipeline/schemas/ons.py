"""Tables of the Office for National Statistics.

Here: population estimates by single year of age and what changed them in a year, from the annual
workbook, those under 18 from Explore Education Statistics, and projections by single year of age. Not here:
deprivation of small areas (`schemas/mhclg.py`).
"""

from __future__ import annotations

from jsna_pipeline.schemas.base import CoreTable, count, filter_column


class PopulationByAge(CoreTable):
    """Usual residents at 30 June, by single year of age (`age`), in bands (`age_band`) and in all (`total`)."""

    sex: str = filter_column("persons, female or male", published_as=["MYE2 - Persons"])
    population: float = count("Usual residents", published_as=["All ages"], unit="residents")
    population_of_bands: float = count(
        "Usual residents of all age bands together, the denominator of a band's share",
        published_as=["All ages"],
        unit="residents",
    )


class PopulationChange(CoreTable):
    """Births, deaths and moves of the year to 30 June, beside the residents before and after it."""

    population_before: float = count(
        "Usual residents when the year began", published_as=["Estimated Population mid-"], unit="residents"
    )
    population: float = count(
        "Usual residents when the year ended", published_as=["Estimated Population mid-"], unit="residents"
    )
    births: float = count("Live births to residents", published_as=["Births"], unit="births")
    deaths: float = count("Deaths of residents", published_as=["Deaths"], unit="deaths")
    moved_in: float = count(
        "People who moved in from elsewhere in the United Kingdom",
        published_as=["Internal Migration Inflow"],
        unit="people",
    )
    moved_out: float = count(
        "People who moved out to elsewhere in the United Kingdom",
        published_as=["Internal Migration Outflow"],
        unit="people",
    )
    arrived: float = count(
        "People who came from abroad", published_as=["International Migration Inflow"], unit="people"
    )
    emigrated: float = count("People who went abroad", published_as=["International Migration Outflow"], unit="people")


class PopulationUnder18(CoreTable):
    """Residents aged 0 to 17 at mid-year, as the Department republishes the ONS estimates."""

    age_group: str = filter_column("Age group", published_as=["age_group"])
    residents: float = count("Residents aged 0 to 17", published_as=["population_estimate"], unit="residents")


class PopulationProjections(CoreTable):
    """Residents at mid-year by single year of age 0 to 25 (`age`), as projected; the first year is an estimate."""

    residents: float = count(
        "Residents projected", published_as=[str(year) for year in range(2018, 2048)], unit="residents"
    )
