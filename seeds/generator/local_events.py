"""What the extracts of services have in common: who is chosen, and what is known on the day of an extract.

Here: choosing persons by weight, identifying columns, waits, and the view of one day. Not here: any one
extract (`local_health`, `local_services`, `local_social_care`).

Events are drawn once, with the dates on which they truly happen; an extract of an edition holds those begun by its
day and leaves blank what happens later. So a child still waiting in one edition is seen in the next.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache

import numpy as np
import pandas as pd

from seeds.generator.country import Floats, Ints
from seeds.generator.local_people import CENSUS_DAY, people
from seeds.generator.local_places import wards

HISTORY = (pd.Timestamp("2022-09-01"), CENSUS_DAY[2025])
"""First and last day on which the drawn events begin."""


@cache
def stage(edition: int) -> pd.Series:
    """SEN provision of everyone in January of the edition: E with a plan, else that of the roll; empty off it."""
    table = people()
    held = table[f"leaf_{edition}"] >= 0
    return table[f"provision_{edition}"].where(~held, "E").where(table["group"] != "applicant", "")


@cache
def residents() -> pd.DataFrame:
    """Everyone who lives in the area, with `stage` (2025), `deprivation` of the ward and `age` on census day 2025."""
    table = people()
    table = table.assign(
        person=table.index,
        stage=stage(2025),
        age=((CENSUS_DAY[2025] - table["birth"]).dt.days / 365.25).astype(int),
        deprivation=np.append(wards()["deprivation"].to_numpy(), 0.0)[table["ward"]],
    )
    return table[table["ward"] >= 0].reset_index(drop=True)


def chosen(
    rng: np.random.Generator,
    count: int,
    ages: tuple[int, int],
    plan: float,
    support: float,
    other: float,
    needs: Mapping[str, float] | None = None,
    slope: float = 0.15,
) -> pd.DataFrame:
    """`count` different residents of an age range, by weight of their stage of SEN, need and ward."""
    table = residents()
    weight: Floats = table["stage"].map({"E": plan, "K": support, "N": other, "": other}).to_numpy(dtype=float)
    weight = weight * table["need"].map(needs or {}).fillna(1.0 if needs is None else 0.35).to_numpy(dtype=float)
    weight = weight * np.exp(slope * table["deprivation"].to_numpy()) * table["age"].between(*ages).to_numpy()
    rows = rng.choice(len(table), count, replace=False, p=weight / weight.sum())
    return table.iloc[np.sort(rows)].reset_index(drop=True)


def identified(table: pd.DataFrame, *more: str) -> dict[str, pd.Series]:
    """The identifying columns of a template, and sex or postcode where it asks for them."""
    birth = table["birth"].dt.strftime("%Y-%m-%d")
    return {"upn": table["upn"], "uln": table["uln"], "birth_date": birth} | {name: table[name] for name in more}


def begun(rng: np.random.Generator, count: int, growth: float = 0.12, first: pd.Timestamp = HISTORY[0]) -> pd.Series:
    """Days on which events begin, with `growth` a year more of them."""
    span = (HISTORY[1] - first).days
    rate = np.log1p(growth) * span / 365.25
    point = rng.random(count)
    place = np.log1p(point * np.expm1(rate)) / rate if growth else point
    return pd.Series(first + pd.to_timedelta((place * span).astype(int), unit="D"))


def after(rng: np.random.Generator, day: pd.Series, median: float, spread: float) -> pd.Series:
    """Days after `day` by a log-normal wait of `median` days."""
    wait = median * np.exp(rng.normal(0, spread, len(day)))
    return day + pd.to_timedelta(np.maximum(1, wait).astype(int), unit="D")


def words(rng: np.random.Generator, count: int, shares: Mapping[str, float]) -> np.ndarray:
    """Codes drawn by their shares."""
    weight = np.array(list(shares.values()))
    return rng.choice(np.array(list(shares), object), count, p=weight / weight.sum())


def as_known(
    table: pd.DataFrame, edition: int, first: str, later: Mapping[str, Sequence[str]] = {}, kept_years: int = 2
) -> pd.DataFrame:
    """The events that an extract of the edition holds, as text: begun by its day and not ended long before.

    `later` names dates that may lie after the day, each with the columns that are known with it; the last of them
    ends the event, and one that ended more than `kept_years` before the day is no longer in the extract.
    """
    day = CENSUS_DAY[edition]
    seen = table[table[first] <= day].copy()
    if later:
        seen = seen[~(seen[list(later)[-1]] < day - pd.DateOffset(years=kept_years))].copy()
    for date, with_it in later.items():
        unknown = ~(seen[date] <= day)
        seen.loc[unknown, date] = pd.NaT
        for column in with_it:
            seen[column] = seen[column].astype(object).where(~unknown, "")
    return as_text(seen)


def as_text(table: pd.DataFrame) -> pd.DataFrame:
    """Dates as 2025-01-16 and truth values as true and false; other cells as they are."""
    cells: dict[str, object] = {}
    for name in table.columns:
        column = table[name]
        if column.dtype.kind == "M":
            cells[name] = column.dt.strftime("%Y-%m-%d").fillna("").to_numpy()
        elif column.dtype.kind == "b":
            cells[name] = np.where(column, "true", "false")
        elif column.dtype.kind in "iuf":
            cells[name] = column.to_numpy()
        else:
            # A flag that is not known yet is empty: such a column holds truth values and text.
            cells[name] = column.astype(str).replace({"True": "true", "False": "false"}).to_numpy()
    return pd.DataFrame(cells).reset_index(drop=True)


def provision(table: pd.DataFrame, edition: int) -> pd.Series:
    """SEN provision of chosen persons in January of the edition."""
    return pd.Series(stage(edition).to_numpy()[table["person"]])


def rows_of(table: pd.DataFrame, keep: Ints) -> pd.DataFrame:
    return table.iloc[keep].reset_index(drop=True)
