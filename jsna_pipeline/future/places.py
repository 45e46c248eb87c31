"""What the forecast asks of special places: their number, how full they are, and the gap.

Here: places ahead by kind, phase, need and locality where the area's returns hold its places, extra plans by setting
in every area, and plans inside and outside the area. Not here: the forecast by age, need and setting
(`composition.py`), or protecting the area's own figures, which arrive protected (`disclosure/`).

The places asked for are those filled now, times the plans of the same kind, phase or need in a simulated January over
those of now. Places filled count children of every authority, and the area's own plans stand for all of them. Kinds
are the measure: phases, needs and localities are scaled so that they add up to the kinds in every simulation, and a
locality grows as the whole area does. A hidden number stays hidden, and nothing is worked out from it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from jsna_pipeline.future.simulated import Forecast, summarise
from jsna_pipeline.future.tables import AGE_BANDS, NEEDS, SETTINGS, PlacesAhead, Standing
from jsna_pipeline.report.formatting import number
from jsna_pipeline.vocabulary import TOTAL, Status

OWN_PLACES, PUBLISHED_PLANS = "own_places", "published_plans"
SETTING_OF_KIND = {
    "special_school": "special_state",
    "sen_unit": "resourced_or_unit",
    "resourced_provision": "resourced_or_unit",
    "alternative_provision": "alternative_provision",
    "post_16": "further_education",
}
AGES_OF_PHASE = {
    "early_years": ("under_5",),
    "primary": ("5_to_10",),
    "secondary": ("11_to_15",),
    "post_16": ("16_to_19", "20_to_25"),
    "all_through": ("under_5", "5_to_10", "11_to_15", "16_to_19"),
}
DIMENSIONS = ("place_kind", "phase", "primary_need", "locality")
# A category grows as all special places do where its plans are a handful, or fewer than half of the places filled, for
# then others fill them, as children without a plan do in alternative provision. Both limits are our judgement.
FEWEST = 10
FEWEST_TO_FILLED = 0.5
# Plans without a place, or of which nothing is recorded, ask for no place that can be named.
NO_PLACE = ("educated_elsewhere", "not_recorded")
_COLUMNS = [name for name in PlacesAhead.to_schema().columns if name != "edition"]


def places_ahead(
    forecast: Forecast, draws: np.ndarray | None, base: np.ndarray, local_statistics: pd.DataFrame, area_code: str
) -> pd.DataFrame:
    """Rows of PlacesAhead without edition; none where plans are not split, for which `no_places` gives the reason.

    `draws` (D, H, AGE_BANDS, NEEDS, SETTINGS) are simulated plans of the area, `base` (AGE_BANDS, NEEDS, SETTINGS)
    those of `forecast.base_year`, `local_statistics` the area's protected LOCAL_STATISTICS.
    """
    if draws is None or np.isnan(draws).all():
        return pd.DataFrame(columns=_COLUMNS)
    own = _own_places(local_statistics)
    found = [_of_settings(draws, base, forecast.years)]
    if not own.empty:
        found += _of_places(own, draws, base, forecast.years)
    return pd.concat(found, ignore_index=True).assign(area_code=area_code)[_COLUMNS]


def no_places(forecast: Forecast, area_code: str) -> str:
    """Why there is nothing to say of places; blank where there is."""
    place = forecast.position(area_code)
    if forecast.splits()[place]:
        return ""
    standing = forecast.status[place]
    reasons = [
        str(why) for why, word in zip(forecast.reason[place], standing, strict=True) if word != Standing.OK.value
    ]
    told = next((why for why in reasons if why), "")
    return f"What the forecast asks of places is not given, because plans are not split by setting here. {told}".strip()


# --- the area's own places ---------------------------------------------------------------------


def _own_places(local_statistics: pd.DataFrame) -> pd.DataFrame:
    """Places and places filled by dimension and category; NaN where one is hidden or not known."""
    rows = local_statistics.loc[local_statistics["table_id"] == "special_places"]
    printed = rows.assign(value=rows["value"].where(rows["status"] == Status.OK.value).astype(float))
    keys = ["dimension", "category"]
    commissioned, filled = (
        printed.loc[printed["statistic"] == f"total_places_{name}", [*keys, "value"]]
        for name in ("commissioned", "filled")
    )
    both = commissioned.merge(filled, on=keys, how="outer", suffixes=("_places", "_filled"), validate="1:1")
    return both.rename(columns={"value_places": "places", "value_filled": "filled"})


def _of_places(own: pd.DataFrame, draws: np.ndarray, base: np.ndarray, years: Sequence[int]) -> list[pd.DataFrame]:
    by_dimension = {name: own.loc[own["dimension"] == name].reset_index(drop=True) for name in (TOTAL, *DIMENSIONS)}
    kinds = by_dimension["place_kind"]
    settings = sorted({SETTINGS.index(SETTING_OF_KIND[kind]) for kind in kinds["category"] if kind in SETTING_OF_KIND})
    settings = settings or [SETTINGS.index(setting) for setting in dict.fromkeys(SETTING_OF_KIND.values())]
    whole = _growth(draws[..., settings].sum(axis=(2, 3, 4)), float(base[..., settings].sum()))
    demand: dict[str, np.ndarray | None] = {}
    of_kinds = demand["place_kind"] = _demand(kinds, "place_kind", draws, base, settings, whole)
    total = _total_demand(by_dimension[TOTAL], of_kinds, whole)
    for name in DIMENSIONS[1:]:
        found = _demand(by_dimension[name], name, draws, base, settings, whole)
        demand[name] = _scaled(found, total, by_dimension[name], by_dimension[TOTAL])
    demand[TOTAL] = None if total is None else total[None]
    return [
        _rows(by_dimension[name], demand[name], years, OWN_PLACES)
        for name in (TOTAL, *DIMENSIONS)
        if len(by_dimension[name])
    ]


def _growth(plans: np.ndarray, now: float) -> np.ndarray:
    """(D, H) plans over those of now; 1 where there are none now."""
    return plans / now if now > 0 else np.ones_like(plans)


def _demand(
    held: pd.DataFrame, dimension: str, draws: np.ndarray, base: np.ndarray, settings: Sequence[int], whole: np.ndarray
) -> np.ndarray:
    """(rows, D, H) places asked for: filled now times the growth of the plans that are like them."""
    demand = np.empty((len(held), *whole.shape))
    alike = [_alike(dimension, category, settings) for category in held["category"]]
    for place, (filled, cells) in enumerate(zip(held["filled"], alike, strict=True)):
        like_it = [other == cells for other in alike]  # SEN units and resourced provision are one setting of plans
        now = 0.0 if cells is None else float(base[np.ix_(*cells)].sum())
        if cells is None or now < FEWEST or now < FEWEST_TO_FILLED * held.loc[like_it, "filled"].sum():
            demand[place] = filled * whole
        else:
            plans = draws[np.ix_(range(draws.shape[0]), range(draws.shape[1]), *cells)].sum(axis=(2, 3, 4))
            demand[place] = filled * _growth(plans, now)
    return demand


def _alike(dimension: str, category: str, settings: Sequence[int]) -> tuple[list[int], list[int], list[int]] | None:
    """Age bands, needs and settings of the plans that are like a category's places; None where none are told apart."""
    ages, needs = list(range(len(AGE_BANDS))), list(range(len(NEEDS)))
    if dimension == "place_kind" and category in SETTING_OF_KIND:
        return ages, needs, [SETTINGS.index(SETTING_OF_KIND[category])]
    if dimension == "phase" and category in AGES_OF_PHASE:
        return [AGE_BANDS.index(band) for band in AGES_OF_PHASE[category]], needs, list(settings)
    if dimension == "primary_need" and category in NEEDS:
        return ages, [NEEDS.index(category)], list(settings)
    return None


def _total_demand(whole_area: pd.DataFrame, of_kinds: np.ndarray, whole: np.ndarray) -> np.ndarray | None:
    """(D, H) the kinds together; all places by the growth of all where a kind is hidden; None where all are."""
    if len(of_kinds) and not np.isnan(of_kinds).any():
        return np.asarray(of_kinds.sum(axis=0))
    filled = whole_area["filled"]
    return filled.iloc[0] * whole if len(filled) and filled.notna().all() else None


def _scaled(demand: np.ndarray, total: np.ndarray | None, held: pd.DataFrame, whole: pd.DataFrame) -> np.ndarray:
    """`demand` (rows, D, H) made to add up to `total` where its places filled add up to all that are filled."""
    if total is None or not len(held) or held["filled"].isna().any() or not len(whole):
        return demand
    if held["filled"].sum() != whole["filled"].iloc[0]:
        return demand
    added = demand.sum(axis=0)
    return np.asarray(demand * np.divide(total, added, out=np.ones_like(total), where=added > 0))


# --- rows --------------------------------------------------------------------------------------


def _of_settings(draws: np.ndarray, base: np.ndarray, years: Sequence[int]) -> pd.DataFrame:
    """Plans by setting, which in an area without places of its own stand for them."""
    chosen = [place for place, setting in enumerate(SETTINGS) if setting not in NO_PLACE]
    demand = np.moveaxis(draws.sum(axis=(2, 3)), 2, 0)[chosen]
    held = pd.DataFrame(
        {
            "dimension": "setting",
            "category": [SETTINGS[place] for place in chosen],
            "places": np.nan,
            "filled": base.sum(axis=(0, 1))[chosen],
        }
    )
    return _rows(held, demand, years, PUBLISHED_PLANS)


def _rows(held: pd.DataFrame, demand: np.ndarray | None, years: Sequence[int], basis: str) -> pd.DataFrame:
    """A row a category and year from `held` (rows) and `demand` (rows, D, H); numbers missing where either is."""
    rows, horizons = len(held), len(years)
    keys = held.loc[held.index.repeat(horizons)].reset_index(drop=True).assign(year=np.tile(list(years), rows))
    numbers = summarise(np.full((rows, 1, horizons), np.nan) if demand is None else demand, axis=1)
    middle, lower, upper = (numbers[name].reshape(-1) for name in ("central", "lower_95", "upper_95"))
    against = keys["places"] if basis == OWN_PLACES else keys["filled"]
    short = np.full(rows * horizons, np.nan)
    if basis == OWN_PLACES and demand is not None:
        places = held["places"].to_numpy(dtype=float)[:, None, None]
        known = ~np.isnan(demand).any(axis=1) & ~np.isnan(places[:, :, 0])
        short = np.where(known, 100 * (demand > places).mean(axis=1), np.nan).reshape(-1)
    return keys.assign(
        occupancy=(100 * keys["filled"] / keys["places"].where(keys["places"] > 0)).astype(float),
        demand=middle,
        demand_lower=lower,
        demand_upper=upper,
        gap=middle - against,
        gap_lower=lower - against,
        gap_upper=upper - against,
        chance_short=short,
        basis=basis,
    )


# --- inside and outside the area ---------------------------------------------------------------


@dataclass(frozen=True)
class OutsideArea:
    """Plans for settings outside the area, now and in a coming January at the share of now."""

    inside: int
    outside: int
    year: int
    central: float
    lower: float
    upper: float

    @property
    def share(self) -> float:
        """Percent of the plans whose setting is known to lie inside or outside."""
        return 100 * self.outside / (self.inside + self.outside)

    @property
    def sentence(self) -> str:
        return (
            f"{number(self.outside)} of {number(self.inside + self.outside)} plans with a known setting "
            f"({number(self.share, 1)}%) are for one outside the area; at that share it would be about "
            f"{number(self.central)} ({number(self.lower)} to {number(self.upper)}) by January {self.year}."
        )


def outside_area(
    forecast: Forecast, local_counts: pd.DataFrame, area_code: str, horizon: int = 1
) -> OutsideArea | None:
    """Plans outside the area from the protected table plans_in_area; None where its counts are hidden or missing.

    The share of now is held and applied to the simulated plans, those of unknown place included in their proportion.
    """
    rows = local_counts.loc[local_counts["table_id"] == "plans_in_area"]
    alone = rows["dimension_1"].eq("in_area") & rows["dimension_2"].eq(TOTAL) & rows["dimension_3"].eq(TOTAL)
    counts = rows.loc[alone].set_index("category_1")["count"]
    known = [counts.get(answer) for answer in ("yes", "no", "no_setting", "not_known")]
    if any(count is None or pd.isna(count) for count in known[:2]):
        return None
    inside, outside = (int(count) for count in known[:2])
    plans = sum(int(count) for count in known if count is not None and not pd.isna(count))
    draws = forecast.draws[forecast.position(area_code)][:, horizon - 1]
    if inside + outside == 0 or np.isnan(draws).any():
        return None
    found = summarise(draws * outside / plans, axis=0)
    middle, lower, upper = (float(found[name]) for name in ("central", "lower_95", "upper_95"))
    return OutsideArea(inside, outside, forecast.years[horizon - 1], middle, lower, upper)
