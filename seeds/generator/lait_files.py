"""The files of the Local Authority Interactive Tool: its long table, its dictionary and the neighbours workbook.

Here: how drawn, repeated and composed measures become the tool's rows, and who resembles whom. Not here: the
levels of measures (`lait`) or what the tool takes from other publications (`lait_repeats`).

Kept from the real files: an empty `Data item` after a measure's first year, old authorities beside new ones.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from seeds.generator import attainment, lait_repeats
from seeds.generator.country import Floats, country
from seeds.generator.lait import ENDED, PREDECESSORS, TOO_SMALL, as_cells, decimals_of, drawn, listed_areas, measures
from seeds.generator.writing import csv_bytes, parquet_bytes, write, xlsx_bytes

# Measures that others add up to, or leave over: what they start from, the sign of the others, and these.
COMPOSED = {
    "CINNoSEN": (100, -1, ("CINSEN_SUP", "CINStatement")),
    "16-17_not known_NEET": (0, 1, ("16-17 NEET", "16-17_not known")),
}
# Measures that are one count of the tool in percent of another.
SHARES = {
    "CareLeaverEET": ("CareLeaverEETNum", "NoCareLeavers"),
    "CareLeaverAcc": ("NoCareLeaverAcc", "NoCareLeavers"),
}
# Measures that are another in a fixed proportion.
SCALED = {"FSP_NEW_ALL-ELGS": ("FSP_NEW_GOODDEV", attainment.ALL_GOALS)}


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
    areas, cells = listed_areas(), _cells(str(measure["short"]))
    years = [int(year) for year in cells.columns]
    labels = [_label(year, str(measure["style"]), year == years[-1]) for year in years]
    return pd.DataFrame(
        {
            "Short Desc": measure["short"],
            "Data item": [measure["name"] if year == years[0] else None for year in np.repeat(years, len(areas))],
            "Years": np.repeat(labels, len(areas)),
            "LA and Regions": np.tile(areas["name"], len(years)),
            "Values": cells.to_numpy().T.reshape(-1),
            "LA Number": np.tile(areas["number"].astype(float), len(years)),
            "Region": np.tile(areas["region"], len(years)),
        }
    )


@cache
def _cells(short: str) -> pd.DataFrame:
    """A measure's text by listed area and year: what another publication states goes before what is drawn."""
    areas = listed_areas()
    made = {**dict.fromkeys(COMPOSED, _composed), **dict.fromkeys(SHARES, _share), **dict.fromkeys(SCALED, _scaled)}
    cells = made.get(short, drawn)(short, areas)
    if short not in lait_repeats.REPEATED:
        return cells
    stated = lait_repeats.stated(short, areas)
    years = cells.columns.intersection(stated.columns)
    result = _led_up_to(cells, stated[years], decimals_of(short))
    result[years] = stated[years]
    return result


def _led_up_to(cells: pd.DataFrame, stated: pd.DataFrame, decimals: int) -> pd.DataFrame:
    """Drawn years moved by what lies between drawn and stated in the nearest stated year, so that none leaps."""
    drawn_values, stated_values = (part.apply(pd.to_numeric, errors="coerce") for part in (cells, stated))
    apart = stated_values - drawn_values[stated.columns]
    nearest = np.clip(cells.columns, stated.columns.min(), stated.columns.max())
    shift = apart.fillna(0).reindex(columns=nearest).fillna(0).to_numpy()
    # What is drawn and repeated too is a percentage.
    moved = (drawn_values.to_numpy() + shift).clip(0, 100)
    return pd.DataFrame(as_cells(moved, decimals), columns=cells.columns, index=cells.index)


def _composed(short: str, areas: pd.DataFrame) -> pd.DataFrame:
    """What the other parts of a whole leave over, or add up to, in the years that all of them have."""
    start, sign, parts = COMPOSED[short]
    of_parts = [_numbers(part) for part in parts]
    years = sorted(set.intersection(*(set(part.columns) for part in of_parts)))
    whole = start + sign * np.sum([part[years].to_numpy() for part in of_parts], axis=0)
    return pd.DataFrame(as_cells(whole, 1), columns=years, index=areas.index)


def _share(short: str, areas: pd.DataFrame) -> pd.DataFrame:
    """One count in percent of another, to the whole percentage."""
    part, whole = (_numbers(count) for count in SHARES[short])
    percent = 100 * part / whole.where(whole > 0)
    return pd.DataFrame(as_cells(percent.to_numpy(), 0), columns=part.columns, index=areas.index)


def _scaled(short: str, areas: pd.DataFrame) -> pd.DataFrame:
    """Another measure in a fixed proportion."""
    other, proportion = SCALED[short]
    numbers = _numbers(other)
    return pd.DataFrame(as_cells(proportion * numbers.to_numpy(), 1), columns=numbers.columns, index=areas.index)


def _numbers(short: str) -> pd.DataFrame:
    """A measure of the tool as numbers, NaN for missing."""
    return _cells(short).apply(pd.to_numeric, errors="coerce")


def _label(year: int, style: str, is_last: bool) -> str:
    """How the tool writes the year of a measure."""
    if style == "span":
        return f"{year - 1}/{year % 100:02d}"
    if style == "three years":
        return f"{year - 3}/{(year - 2) % 100:02d}-{(year - 1) % 100:02d}/{year % 100:02d}"
    if style in ("dashed", "ot"):
        return f"{year}-{(year + 1) % 100:02d}" + (" (OT)" if style == "ot" else "")
    return f"{year} (prov)" if style == "prov" and is_last else str(year)


def dictionary() -> bytes:
    """The dictionary of measures, with the real headings and our own descriptions."""
    table = measures()
    source = np.where(table["short"].isin(list(lait_repeats.REPEATED)), "Synthetic release beside", "Synthetic")
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
