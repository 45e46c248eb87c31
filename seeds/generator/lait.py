"""The Local Authority Interactive Tool: its long table of measures, its dictionary and the neighbours workbook.

Here: some ninety measures about children with SEN and the context of their lives, drawn at the levels
of `lait_measures.csv` (rounded magnitudes, our own wording), except those that the tool takes from the
EHC-plan release, which are taken from the synthetic release. Not here: that release (`plan_tables`).

Kept from the real files: values as text with the digits of binary floats, `-` for missing, an empty
`Data item` after a measure's first year, Cumberland missing before it existed and Cumbria after.
"""

from __future__ import annotations

import io
from collections.abc import Hashable, Mapping
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray

from seeds.generator import plan_tables, plans
from seeds.generator.country import Floats, country, register, stream
from seeds.generator.writing import csv_bytes, parquet_bytes, write, xlsx_bytes

SPELLINGS = {"840": "Durham", "822": "Bedford Borough", "884": "Herefordshire", "810": "Kingston Upon Hull, City of"}
PREDECESSORS = {
    "837": ("Bournemouth (Pre LG)", "South West"), "835": ("Dorset (Pre LG)", "South West"),
    "836": ("Poole (Pre LG)", "South West"), "909": ("Cumbria", "North West"),
    "928": ("Northamptonshire", "East Midlands"),
}  # fmt: skip
# Last year of a predecessor's own figures, and the authorities now in its place.
ENDED = {"837": (2018, ("839",)), "836": (2018, ("839",)), "835": (2018, ("838",)),
         "928": (2020, ("940", "941")), "909": (2023, ("942", "943"))}  # fmt: skip
BEGAN = {"839": 2019, "838": 2019, "940": 2021, "941": 2021, "942": 2024, "943": 2024}
INNER_LONDON = ("201", "202", "204", "205", "206", "207", "208", "209", "210", "211", "212", "213", "309", "316")
UPPER = (
    ("England", 970), ("North East", 980), ("North West", 981), ("Yorkshire and the Humber", 982),
    ("East Midlands", 983), ("West Midlands", 984), ("East of England", 985), ("London", 986),
    ("London (Inner)", 987), ("London (Outer)", 988), ("South East", 989), ("South West", 990),
)  # fmt: skip
TOO_SMALL = ("201", "420")
"""City of London and Isles of Scilly: too few pupils for any drawn measure."""

# Measures that the tool copies from the EHC-plan release: table and column there.
FROM_SEN2 = {
    "SEN_INIT_REQ": ("requests.csv", "requests_received_in_year"),
    "EHCP_Initial_req_refused": ("requests.csv", "request_not_assess_pc"),
    "SEN_ASSESSMENT": ("assessments.csv", "assess_in_year"),
    "SEN_PLAN_ISSUED": ("assessments.csv", "assess_issued_pc"),
    "SEN_PLAN_NOT_ISSUED": ("assessments.csv", "assess_not_issued_pc"),
    "SEN_NOT_ISSUE_PLAN_16WKS": ("assessments.csv", "outcome_decision_within_time_pc"),
    "SEN_EHC_Excpt_20wks": ("timeliness_20_week.csv", "PC_plans_issued_20_weeks_ex"),
    "SEN_EHC_All_20wks": ("timeliness_20_week.csv", "pc_plans_issued_within_20_weeks"),
    "SEN_CASES_JAN": ("caseload.csv", "ehcplans"),
    "SEN_CASES_DUR_YEAR": ("newplans.csv", "new_ehc_plans"),
    "SEN_AN_REVIEW_EXPECTED": ("annual_reviews.csv", "review_expected"),
    "SEN_AN_REVIEW_MEET_REC": ("annual_reviews.csv", "total_review_meeting"),
    "SEN_PEC_OUTCOME_COM_4WKS": ("annual_reviews.csv", "pc_decsion_4weeks"),
    "SEN_TOT_CEASED_EHC_PLAN": ("ceased_plans.csv", "total_ceased"),
}


# A measure that is what others leave of 100 percent.
REMAINDERS = {"CINNoSEN": ("CINSEN_SUP", "CINStatement")}


@cache
def measures() -> pd.DataFrame:
    """The list of measures with their calibration."""
    file = resources.files("seeds.generator").joinpath("lait_measures.csv")
    with file.open(encoding="utf-8") as handle:
        return pd.read_csv(handle, dtype={"dps": str, "polarity": str}, keep_default_na=False)


def publish(folder: Path) -> list[Path]:
    schema = pa.schema(
        [(name, pa.string()) for name in ("Short Desc", "Data item", "Years", "LA and Regions", "Values")]
        + [("LA Number", pa.float64()), ("Region", pa.string())]
    )
    return [
        write(folder / "bds_long_0.parquet", parquet_bytes(long_table(), schema)),
        write(folder / "lait_data_dictionary.csv", dictionary()),
        write(folder / "sn_may_2025.xlsx", xlsx_bytes({"LA SN Groups": neighbour_rows()})),
    ]


def long_table() -> pd.DataFrame:
    """All measures, years and areas, in the order of the list."""
    return pd.concat([_block(row) for row in measures().to_dict("records")], ignore_index=True)


def _block(measure: Mapping[Hashable, Any]) -> pd.DataFrame:
    first, last = int(str(measure["first"])), int(str(measure["last"]))
    years = list(range(first, last + 1))
    areas = listed_areas()
    if measure["gaps"] == "sen2":
        values = _taken(str(measure["short"]), years, areas)
    elif measure["gaps"] == "remainder":
        values = _remainder(REMAINDERS[str(measure["short"])], np.array(years), areas)
    else:
        values = _drawn(measure, np.array(years), areas)
    labels = [_label(year, str(measure["style"]), year == last) for year in years]
    frame = pd.DataFrame(
        {
            "Short Desc": measure["short"],
            "Data item": [measure["name"] if year == first else None for year in np.repeat(years, len(areas))],
            "Years": np.repeat(labels, len(areas)),
            "LA and Regions": np.tile(areas["name"], len(years)),
            "Values": values.T.reshape(-1),
            "LA Number": np.tile(areas["number"].astype(float), len(years)),
            "Region": np.tile(areas["region"], len(years)),
        }
    )
    return frame


def _label(year: int, style: str, is_last: bool) -> str:
    """How the tool writes the year of a measure."""
    if style == "span":
        return f"{year - 1}/{year % 100:02d}"
    if style == "ot":
        return f"{year}-{(year + 1) % 100:02d} (OT)"
    return f"{year} (prov)" if style == "prov" and is_last else str(year)


@cache
def listed_areas() -> pd.DataFrame:
    """The 158 authorities, old ones included, by name, then England and the regions."""
    live = country().areas
    table = pd.DataFrame(
        {
            "number": live["dfe_code"],
            "name": [SPELLINGS.get(code, name) for code, name in zip(live["dfe_code"], live["area_name"], strict=True)],
            "region": register().loc[live["region_code"], "area_name"].to_numpy(),
        }
    )
    london = table["region"] == "London"
    table.loc[london, "region"] = np.where(table["number"][london].isin(INNER_LONDON), "Inner London", "Outer London")
    old = pd.DataFrame([(code, *what) for code, what in PREDECESSORS.items()], columns=["number", "name", "region"])
    upper = pd.DataFrame([(str(code), name, "NA") for name, code in UPPER], columns=["number", "name", "region"])
    return pd.concat([pd.concat([table, old]).sort_values("name"), upper], ignore_index=True)


def _taken(short: str, years: list[int], areas: pd.DataFrame) -> NDArray[np.object_]:
    """A measure of the EHC-plan release: the published numbers by area number and year."""
    if short == "SEN_PEC_AN_REVIEW_MEET_REC":
        held, due = (_taken(name, years, areas) for name in ("SEN_AN_REVIEW_MEET_REC", "SEN_AN_REVIEW_EXPECTED"))
        share = [f"{np.floor(1000 * float(h) / float(d) + 0.5) / 10:.17g}" if h != "-" and float(d) else "-"
                 for h, d in zip(held.ravel(), due.ravel(), strict=True)]  # fmt: skip
        return np.array(share, dtype=object).reshape(held.shape)
    file, column = FROM_SEN2[short]
    table = _sen2(file)
    number = table["old_la_code"].where(table["geographic_level"] == "Local authority", table["region_name"])
    number = number.replace({"Yorkshire and The Humber": "Yorkshire and the Humber"})
    number = number.replace({name: str(code) for name, code in UPPER}).where(
        table["geographic_level"] != "National", "970"
    )
    year = table["time_period"].str[:4].astype(int) + (table["time_period"].str.len() == 6)
    found = pd.Series(table[column].to_numpy(), index=pd.MultiIndex.from_arrays([number, year]))
    wanted = pd.MultiIndex.from_product([areas["number"], years])
    text = found.reindex(wanted).fillna("-").replace({"x": "-"}).to_numpy(dtype=object)
    return np.array([word if word == "-" else f"{float(word):.17g}" for word in text], object).reshape(-1, len(years))


@cache
def _sen2(file: str) -> pd.DataFrame:
    """The totals rows of a table of the synthetic release, all text."""
    content = plan_tables.tables()[file]
    table = pd.read_csv(io.BytesIO(content), dtype=str, keep_default_na=False, encoding="utf-8-sig")
    return table[table["breakdown_topic"].str.match("All |New ")]


def _remainder(parts: tuple[str, ...], years: NDArray[np.int64], areas: pd.DataFrame) -> NDArray[np.object_]:
    """What the other parts of a whole leave of 100 percent."""
    by_name = measures().set_index("short", drop=False)
    drawn = [_drawn(by_name.loc[part].to_dict(), years, areas) for part in parts]
    left = [
        "-" if "-" in cells else f"{round(100 - sum(float(cell) for cell in cells), 1):.17g}"
        for cells in zip(*(part.ravel() for part in drawn), strict=True)
    ]
    return np.array(left, object).reshape(drawn[0].shape)


def _drawn(measure: Mapping[Hashable, Any], years: NDArray[np.int64], areas: pd.DataFrame) -> NDArray[np.object_]:
    """A measure drawn around England's level; England and regions are means weighted by children."""
    place = country()
    rng = stream(f"lait {measure['short']}")
    england, spread, change, by_deprivation, by_outcomes = (
        float(str(measure[name])) for name in ("england", "sd", "change", "deprivation", "outcomes")
    )
    shared = by_deprivation * place.deprivation + by_outcomes * place.outcomes
    if measure["gaps"] == "prevalence":
        per_child = plans.stock()[:, -1] / place.children
        shared = shared + 0.8 * (np.log(per_child) - np.log(per_child).mean()) / np.log(per_child).std()
    own = np.sqrt(max(0.1, 1 - shared.var())) * rng.standard_normal(place.size)
    level = spread * (shared + own)
    path = england + change * (years - years[-1]) + 0.05 * spread * rng.standard_normal(len(years))
    noise = np.cumsum(rng.normal(0, 0.18 * spread, (place.size, len(years))), axis=1)
    values = path[None, :] + (level - np.average(level, weights=place.children))[:, None] + noise
    if england > 0 and measure["axis"] != "Score":
        # A share cannot leave 0 to 100; the far ends are pulled in rather than cut, which would tie them.
        ceiling = 99.9 if str(measure["axis"]).startswith("%") else np.inf
        values = np.clip(
            np.where(values < 0.15 * england, 0.15 * england * np.exp(values / england - 0.15), values), 0, ceiling
        )
    decimals = 2 if measure["dps"] == "2" else 0 if measure["dps"] == "0" else 1
    return _laid_out(values, years, areas, decimals, covid=measure["gaps"] == "covid")


def _laid_out(
    values: Floats, years: NDArray[np.int64], areas: pd.DataFrame, decimals: int, *, covid: bool
) -> NDArray[np.object_]:
    """Values by authority as text by listed area, with `-` where an area or a year has none."""
    place = country()
    numbers = list(place.areas["dfe_code"])
    weights = place.children.astype(float)
    region = place.areas["region_code"].to_numpy()
    inner = np.isin(numbers, INNER_LONDON)
    upper = {"970": np.ones(len(numbers), bool), "987": inner, "988": (region == "E12000007") & ~inner}
    upper |= {
        code: region == name for code, name in zip(place.regions["dfe_code"], place.regions["area_code"], strict=True)
    }
    result = np.full((len(areas), len(years)), np.nan)
    for row, number in enumerate(areas["number"]):
        if number in upper:
            rows = upper[number]
            result[row] = np.average(values[rows], axis=0, weights=weights[rows])
        elif number in ENDED:
            last, successors = ENDED[number]
            rows = np.isin(numbers, successors)
            result[row] = np.where(years <= last, np.average(values[rows], axis=0, weights=weights[rows]), np.nan)
        elif number not in TOO_SMALL:
            result[row] = np.where(years >= BEGAN.get(number, 0), values[numbers.index(number)], np.nan)
    if covid:
        result[:, np.isin(years, (2020, 2021))] = np.nan
    scaled = np.floor(result * 10**decimals + 0.5) / 10**decimals + 0.0
    return np.array(["-" if np.isnan(value) else f"{value:.17g}" for value in scaled.ravel()], object).reshape(
        result.shape
    )


def dictionary() -> bytes:
    """The dictionary of measures, with the real headings and our own descriptions."""
    table = measures()
    source = np.where(table["gaps"] == "sen2", "Synthetic EHC-plan release", "Synthetic")
    columns = {
        "Measure_code": [str(number) for number in range(1, len(table) + 1)],
        "Topic": table["topic"],
        "Measure": table["name"],
        "Chart_title": table["name"],
        "Measure_short": table["short"],
        "Polarity": table["polarity"],
        "y_axis_name": table["axis"],
        "state_funded_flag": "NA",
        "Table_status": "Synthetic",
        "Description": "Synthetic figures. " + table["name"] + ".",
        "Last Update": "45834",
        "Next Update": "TBC",
        "Data Owner (DO) /Supplier and Contact Details": "seeds/generate.py",
        "Methodology": "Drawn at random around a rounded national magnitude",
        "Hyperlink(s)": source,
        "dps": table["dps"],
        "Year_Type": table["year_type"],
        "No_Quartile": "NA",
    }
    return csv_bytes(pd.DataFrame(columns), crlf=True, quote_all=True)


def _features() -> Floats:
    """What makes two authorities alike: deprivation, size and kind of place (153 x 6)."""
    place = country()
    kind = place.areas["area_type"].to_numpy()
    size = np.log(place.children)
    london = (kind == "london_borough") * 2.2
    return np.column_stack(
        [
            1.6 * place.deprivation,
            0.5 * (size - size.mean()) / size.std(),
            0.5 * place.outcomes,
            0.9 * (kind == "county"),
            0.9 * (kind == "metropolitan_district"),
            london,
        ]
    )


def neighbour_rows() -> list[list[object]]:
    """The workbook's rows: two index rows, the heading, 153 authorities, then the old ones' block."""
    place = country()
    features = _features()
    distance = np.sqrt(((features[:, None] - features[None]) ** 2).sum(axis=2))
    numbers = [int(code) for code in place.areas["dfe_code"]]
    unfit = np.isin(numbers, [int(code) for code in TOO_SMALL])
    distance[:, unfit] = np.inf
    np.fill_diagonal(distance, np.inf)
    heading = ["LA num", "LA Name", "LA number", "GOInd", "GOReg"] + [
        word for rank in range(1, 11) for word in (f"SN{rank}", "SNP")
    ]
    listed = listed_areas().set_index("number")
    order = np.argsort(np.array([str(listed.loc[str(number), "name"]) for number in numbers]))
    rows: list[list[object]] = [["A", "B", "C", "D", "E", *range(3, 23)], [*range(1, 26)], [*heading]]
    rows += [_neighbours_of(numbers[at], distance[at], numbers, listed) for at in order]
    rows += [[None] * 25, [None, "Old SNs:", *[None] * 23], [None] * 25]
    for number in ("835", "836", "837", "928", "909"):
        successor = int(ENDED[number][1][0])
        row = _neighbours_of(successor, distance[numbers.index(successor)], numbers, listed)
        name, region = PREDECESSORS[number]
        rows.append([int(number), name, int(number), row[3], region, *row[5:]])
    return rows


_REGION_NUMBER = {"East Midlands": 1, "East of England": 2, "London (Outer)": 3, "North East": 4, "North West": 5,
                  "South East": 6, "South West": 7, "West Midlands": 8, "Yorkshire and the Humber": 9,
                  "London (Inner)": 10}  # fmt: skip


def _neighbours_of(number: int, distance: Floats, numbers: list[int], listed: pd.DataFrame) -> list[object]:
    nearest = np.argsort(distance, kind="stable")[:10]
    words = np.array(["Extremely Close", "Very close", "Close", "Somewhat close", "Not close"])
    closeness = words[np.digitize(distance[nearest], (0.15, 0.6, 1.2, 2.0))]
    region = str(listed.loc[str(number), "region"]).replace("Inner London", "London (Inner)")
    region = region.replace("Outer London", "London (Outer)").replace("The Humber", "the Humber")
    pairs = [item for at, word in zip(nearest, closeness, strict=True) for item in (numbers[at], str(word))]
    return [number, str(listed.loc[str(number), "name"]), number, _REGION_NUMBER[region], region, *pairs]


def values_by_authority(short: str) -> pd.DataFrame:
    """A drawn measure as the tool prints it, 153 authorities by year, for publications that must agree.

    An authority without a value of its own (too small, or not yet in being) takes England's level; a
    year that was not published is NaN throughout.
    """
    measure = measures().set_index("short", drop=False).loc[short].to_dict()
    areas = listed_areas()
    years = np.arange(int(measure["first"]), int(measure["last"]) + 1)
    text = pd.DataFrame(_drawn(measure, years, areas), index=areas["number"].to_numpy(), columns=years)
    printed = text.apply(pd.to_numeric, errors="coerce")
    return printed.reindex(country().areas["dfe_code"].to_numpy()).fillna(printed.loc["970"]).reset_index(drop=True)


def last_values(short: str) -> Floats:
    """A drawn measure's last year by authority."""
    return values_by_authority(short).iloc[:, -1].to_numpy()
