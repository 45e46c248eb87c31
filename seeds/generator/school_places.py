"""The school places scorecard: mainstream places, forecasts, offers and judgements by authority.

Here: the columns of the scorecard that the pipeline reads, beside a few that it must not, in the publisher's
mixture of fractions and percentages. Not here: pupils (`schools`) or special school places, which no file has.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from seeds.generator.country import Floats, Ints, country, stream
from seeds.generator.figures import as_text, round_to
from seeds.generator.writing import csv_bytes, write

YEARS = (2022, 2023, 2024)
PHASES = {"P": ("Pri", 0.38, 8_500), "S": ("Sec", 0.315, 9_800)}
JUDGEMENTS = {"1": 0.13, "2": 0.78, "3": 0.065, "4": 0.005, "NA": 0.02}
TOO_FEW = ("E06000053", "E09000001")


def publish(folder: Path) -> list[Path]:
    return [write(folder / "scorecard_data_2025_2023.csv", csv_bytes(table()))]


def table() -> pd.DataFrame:
    """The newest year first, England last in each, offers of one September in two years' rows."""
    return pd.concat([_year(year) for year in reversed(YEARS)], ignore_index=True)


def _year(year: int) -> pd.DataFrame:
    frame = _identifiers(year)
    for phase, (word, share, _) in PHASES.items():
        # The same draws in every year: places and forecasts move only by the change of the years between.
        places, values = _phase(phase, share, year)
        frame[f"{word}Cap"] = as_text(_with_england(places)) if year > YEARS[0] else "NA"
        for name, numbers in values.items():
            frame[name.format(phase)] = as_text(numbers, "z")
        judged = _judged(phase, places)
        for grade, numbers in judged.items():
            frame[f"Qual_{phase}_{grade}_E_QE"] = as_text(numbers) if year == YEARS[-1] else "NA"
        # The trap of the real file: national costs in every row.
        frame[f"CPP_{phase}_EP"] = str(PHASES[phase][2] + 300 * (year - YEARS[0]))
    few = frame["new_la_code"].isin(TOO_FEW)
    frame.loc[few, [name for name in frame if name.startswith("For_")]] = "Low"
    return frame


def _identifiers(year: int) -> pd.DataFrame:
    areas = country().areas
    regions = country().regions.set_index("area_code")["area_name"]
    local = pd.DataFrame(
        {
            "Year": f"{year}/{(year + 1) % 100}",
            "geographic_level": "Local authority",
            "country_code": "E92000001",
            "country_name": "England",
            "region_code": areas["region_code"],
            "Region": areas["region_code"].map(regions),
            "LANumber": areas["dfe_code"],
            "new_la_code": areas["area_code"],
            "LA_name": areas["area_name"],
        }
    )
    england = {"geographic_level": "National", "region_code": "", "Region": "England", "LANumber": "0"}
    last = local.iloc[[0]].assign(new_la_code="", LA_name="England", **england)
    return pd.concat([local, last], ignore_index=True)


def _phase(phase: str, share: float, year: int) -> tuple[Floats, dict[str, Floats]]:
    place = country()
    rng = stream(f"school places {phase}")
    places = np.rint(place.children * share * np.exp(0.05 * rng.standard_normal(place.size)))
    spare = np.clip(0.13 + 0.045 * rng.standard_normal(place.size) + 0.012 * (year - YEARS[-1]), 0.02, 0.35)
    later = np.clip(spare + 0.025 * rng.standard_normal(place.size), 0.01, 0.38)
    error = 0.012 + 0.02 * rng.standard_normal((2, place.size))
    growth = 0.025 * rng.standard_normal(place.size) - 0.01
    needed = round_to(np.where(later < 0.09, places * 0.01, 0), 10)
    mean = {"weights": places}
    values = {
        "Quan_{}_UP": 100 * np.append(spare, np.average(spare, **mean)),
        "Quan_{}_Su": np.append(later, np.average(later, **mean)),
        "An_{}_gro": np.append(growth, np.average(growth, **mean)),
        "For_1_{}": np.append(error[0] / 2, np.average(error[0] / 2, **mean)),
        "For_3_{}": np.append(error[1], np.average(error[1], **mean)),
        "Quan_{}_RP": np.append(needed, needed.sum()),
    }
    return places, values | _offers(phase, year, places)


def _offers(phase: str, year: int, places: Floats) -> dict[str, Floats]:
    """Offers for the next September (`CY`) and the one after (`NY`), the same in both rows that print them."""
    found = {}
    for suffix, entry in (("CY", year + 1), ("NY", year + 2)):
        rng = stream(f"offers {phase} {entry}")
        first = np.clip((92.5 if phase == "P" else 83.5) + 5 * rng.standard_normal(len(places)), 60, 99.5)
        three = np.minimum(100, first + 0.6 * (100 - first))
        found[f"Pref_{{}}_1_{suffix}"] = np.append(first, np.average(first, weights=places))
        found[f"Pref_{{}}_T3_{suffix}"] = np.append(three, np.average(three, weights=places))
    return found


def _judged(phase: str, places: Floats) -> dict[str, Floats]:
    """Places by the judgement of their school, which add up to the authority's places."""
    rng = stream(f"judgements {phase}")
    shares = rng.dirichlet(40 * np.array(list(JUDGEMENTS.values())), len(places))
    counts = rng.multinomial(places.astype(np.int64), shares)
    return {grade: _with_england(counts[:, at]) for at, grade in enumerate(JUDGEMENTS)}


def _with_england(values: Floats | Ints) -> Floats:
    return np.append(values, values.sum()).astype(np.float64)
