"""The indices of deprivation 2019 by small area, and the list of districts that leads to authorities.

Here: Files 1, 2 and 6 for about 8,000 imaginary small areas (a quarter of the real number, so four times as
large), and `la_lad_hierarchy.csv`. A county's small areas all lie in the few of its districts that are
listed here. Not here: the real small areas, whose codes begin with the same E01 but end below 040000.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd

from seeds.generator import population
from seeds.generator.country import Ints, country, register, stream
from seeds.generator.figures import apportion
from seeds.generator.writing import csv_bytes, gzip_bytes, write

SMALL_AREAS = 8_000
WORKING_AGE = "Working age population 18-59/64: for use with Employment Deprivation Domain (excluding prisoners)"

# How far each domain follows the index as a whole; the rest is its own.
DOMAINS = {
    "Income": 0.95, "Employment": 0.93, "Education, Skills and Training": 0.8,
    "Health Deprivation and Disability": 0.85, "Crime": 0.6, "Barriers to Housing and Services": 0.0,
    "Living Environment": 0.3,
}  # fmt: skip

# Districts of today's counties of which the files need any: two of each.
DISTRICTS = {
    "E10000003": {"E07000008": "Cambridge", "E07000009": "East Cambridgeshire"},
    "E10000007": {"E07000032": "Amber Valley", "E07000034": "Chesterfield"},
    "E10000008": {"E07000041": "Exeter", "E07000043": "North Devon"},
    "E10000011": {"E07000061": "Eastbourne", "E07000062": "Hastings"},
    "E10000012": {"E07000066": "Basildon", "E07000071": "Colchester"},
    "E10000013": {"E07000078": "Cheltenham", "E07000081": "Gloucester"},
    "E10000014": {"E07000084": "Basingstoke and Deane", "E07000094": "Winchester"},
    "E10000015": {"E07000096": "Dacorum", "E07000103": "Watford"},
    "E10000016": {"E07000106": "Canterbury", "E07000110": "Maidstone"},
    "E10000017": {"E07000117": "Burnley", "E07000123": "Preston"},
    "E10000018": {"E07000130": "Charnwood", "E07000132": "Hinckley and Bosworth"},
    "E10000019": {"E07000136": "Boston", "E07000138": "Lincoln"},
    "E10000020": {"E07000148": "Norwich", "E07000149": "South Norfolk"},
    "E10000024": {"E07000170": "Ashfield", "E07000174": "Mansfield"},
    "E10000025": {"E07000177": "Cherwell", "E07000178": "Oxford"},
    "E10000028": {"E07000192": "Cannock Chase", "E07000197": "Stafford"},
    "E10000029": {"E07000202": "Ipswich", "E07000203": "Mid Suffolk"},
    "E10000030": {"E07000207": "Elmbridge", "E07000209": "Guildford"},
    "E10000031": {"E07000218": "North Warwickshire", "E07000222": "Warwick"},
    "E10000032": {"E07000223": "Adur", "E07000225": "Chichester"},
    "E10000034": {"E07000237": "Worcester", "E07000238": "Wychavon"},
}
# Districts of 2019 that have been abolished: county of the time, last day, and the authority of today.
ABOLISHED = {
    "E06000063": ("E10000006", "2023-03-31", {
        "E07000026": "Allerdale", "E07000028": "Carlisle", "E07000029": "Copeland",
    }),
    "E06000064": ("E10000006", "2023-03-31", {
        "E07000027": "Barrow-in-Furness", "E07000030": "Eden", "E07000031": "South Lakeland",
    }),
    "E06000061": ("E10000021", "2021-03-31", {
        "E07000150": "Corby", "E07000152": "East Northamptonshire", "E07000153": "Kettering",
        "E07000156": "Wellingborough",
    }),
    "E06000062": ("E10000021", "2021-03-31", {
        "E07000151": "Daventry", "E07000154": "Northampton", "E07000155": "South Northamptonshire",
    }),
    "E06000060": ("E10000002", "2020-03-31", {
        "E07000004": "Aylesbury Vale", "E07000005": "Chiltern", "E07000006": "South Bucks",
        "E07000007": "Wycombe",
    }),
    "E06000065": ("E10000023", "2023-03-31", {
        "E07000163": "Craven", "E07000164": "Hambleton", "E07000165": "Harrogate",
        "E07000166": "Richmondshire", "E07000167": "Ryedale", "E07000168": "Scarborough",
        "E07000169": "Selby",
    }),
    "E06000066": ("E10000027", "2023-03-31", {
        "E07000187": "Mendip", "E07000188": "Sedgemoor", "E07000189": "South Somerset",
        "E07000246": "Somerset West and Taunton",
    }),
}  # fmt: skip


def publish(folder: Path) -> list[Path]:
    files = {
        "File_1_-_IMD2019_Index_of_Multiple_Deprivation.csv.gz": index_table(),
        "File_2_-_IoD2019_Domains_of_Deprivation.csv.gz": domains_table(),
        "File_6_-_IoD2019_Population_Denominators.csv.gz": population_table(),
    }
    return [write(folder / name, gzip_bytes(csv_bytes(table, bom=True, crlf=True))) for name, table in files.items()]


def publish_hierarchy(folder: Path) -> list[Path]:
    return [write(folder / "la_lad_hierarchy.csv", csv_bytes(hierarchy_table()))]


def _districts_2019(code: str) -> dict[str, str]:
    """Code and name of the districts in which an authority of today lay in 2019."""
    if code in ABOLISHED:
        return ABOLISHED[code][2]
    return DISTRICTS.get(code, {code: str(register().loc[code, "area_name"])})


@cache
def _small_areas() -> pd.DataFrame:
    """Small areas with their district and rank: code, name, district, total, children, adults, older."""
    place = country()
    rng = stream("small areas")
    people = population.residents().sum(axis=1)
    total = people.sum(axis=1)
    number = np.maximum(1, np.rint(SMALL_AREAS * total / total.sum())).astype(np.int64)
    parts = []
    for authority, code in enumerate(place.codes):
        districts = _districts_2019(code)
        at = np.sort(rng.integers(0, len(districts), number[authority]))
        at[: len(districts)] = np.arange(len(districts))[: len(at)]
        spread = np.exp(0.15 * rng.standard_normal(number[authority]))
        score = 0.75 * place.deprivation[authority] + 0.85 * rng.standard_normal(number[authority])
        bands = [people[authority, :16].sum(), people[authority, 16:60].sum(), people[authority, 60:].sum()]
        # In mid-2015 there were some 5 % fewer people than in mid-2024; poorer places are younger.
        tilt = (0.10, 0.03, -0.16)
        sizes = [
            apportion(int(0.95 * band), spread * np.exp(lean * score)) for band, lean in zip(bands, tilt, strict=True)
        ]
        parts.append(
            pd.DataFrame(
                {
                    "district": np.array(list(districts))[np.sort(at)],
                    "district_name": np.array(list(districts.values()))[np.sort(at)],
                    "score": score,
                    **dict(zip(("children", "adults", "older"), sizes, strict=True)),
                }
            )
        )
    table = pd.concat(parts, ignore_index=True).sort_values("district", kind="stable", ignore_index=True)
    table["code"] = [f"E01{900_000 + at}" for at in range(len(table))]
    within = table.groupby("district").cumcount()
    table["name"] = (
        table["district_name"] + " " + (1 + within // 5).map("{:03d}".format) + (within % 5).map(lambda at: "ABCDE"[at])
    )
    table["rank"] = (-table["score"]).rank(method="first").astype(np.int64)
    return table


def _identity(table: pd.DataFrame) -> dict[str, pd.Series]:
    return {
        "LSOA code (2011)": table["code"],
        "LSOA name (2011)": table["name"],
        "Local Authority District code (2019)": table["district"],
        "Local Authority District name (2019)": table["district_name"],
    }


def _thousands(values: pd.Series | Ints) -> list[str]:
    """With thousands separators, as the real sheets were saved."""
    return [f"{value:,}" for value in values]


def index_table() -> pd.DataFrame:
    """File 1: rank of each small area, 1 the most deprived, and its decile among all."""
    table = _small_areas()
    decile = (10 * (table["rank"] - 1)) // len(table) + 1
    return pd.DataFrame(
        _identity(table)
        | {
            "Index of Multiple Deprivation (IMD) Rank": _thousands(table["rank"]),
            "Index of Multiple Deprivation (IMD) Decile": decile,
        }
    )


def domains_table() -> pd.DataFrame:
    """File 2: rank and decile in the index and in each domain; no thousands separators, longer headings."""
    table = _small_areas()
    rng = stream("domains of deprivation")
    ranks = {"Index of Multiple Deprivation (IMD)": table["rank"]}
    for name, shared in DOMAINS.items():
        own = rng.standard_normal(len(table))
        score = shared * table["score"] / table["score"].std() + np.sqrt(1 - shared**2) * own
        ranks[name] = (-score).rank(method="first").astype(np.int64)
    columns: dict[str, pd.Series] = {}
    for name, rank in ranks.items():
        columns[f"{name} Rank (where 1 is most deprived)"] = rank
        columns[f"{name} Decile (where 1 is most deprived 10% of LSOAs)"] = (10 * (rank - 1)) // len(table) + 1
    return pd.DataFrame(_identity(table) | columns)


def population_table() -> pd.DataFrame:
    """File 6: residents of mid-2015 by age group; the three groups add up to the total."""
    table = _small_areas()
    total = table["children"] + table["adults"] + table["older"]
    working = table["adults"] - (table["adults"] * 2) // 44 + (table["older"] * 11) // 50
    return pd.DataFrame(
        _identity(table)
        | {
            "Total population: mid 2015 (excluding prisoners)": _thousands(total),
            "Dependent Children aged 0-15: mid 2015 (excluding prisoners)": _thousands(table["children"]),
            "Population aged 16-59: mid 2015 (excluding prisoners)": _thousands(table["adults"]),
            "Older population aged 60 and over: mid 2015 (excluding prisoners)": _thousands(table["older"]),
            WORKING_AGE: _thousands(working),
        }
    )


def hierarchy_table() -> pd.DataFrame:
    """Districts with the authority they are or were in; abolished ones name the county of their time."""
    rows = []
    for area in country().areas.to_dict("records"):
        code = str(area["area_code"])
        since = area["valid_from"]
        if code in DISTRICTS:
            rows += [(lad, name, "", "", "live", code) for lad, name in DISTRICTS[code].items()]
        else:
            rows.append((code, area["area_name"], since, "", "live", code))
        if code in ABOLISHED:
            county, last_day, districts = ABOLISHED[code]
            rows += [(lad, name, "", last_day, "terminated", county) for lad, name in districts.items()]
    columns = ["lad_code", "lad_name", "date_of_introduction", "date_of_termination", "status", "new_la_code"]
    table = pd.DataFrame(rows, columns=columns).sort_values("lad_name", kind="stable", ignore_index=True)
    owners = register().loc[table["new_la_code"]].reset_index(drop=True)
    return table.assign(la_name=owners["area_name"], old_la_code=owners["dfe_code"])
