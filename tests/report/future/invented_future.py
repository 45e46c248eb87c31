"""Tables of future need with invented figures about an invented Wigan, and views that hold them.

Here: a whole outlook, one of a short history, one of a tiny authority, and one that is withheld. Not here: what is
said of them. No figure here was forecast by anything.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pandas as pd

from jsna_pipeline import geography
from jsna_pipeline.catalogue.scenarios import scenarios as catalogue
from jsna_pipeline.future.sensitivity import NAMES as DRIVERS
from jsna_pipeline.future.tables import AGE_BANDS, BANDS, HORIZONS, NATIONAL, NEEDS, OF_AREA, SETTINGS
from jsna_pipeline.report.view import AreaView
from tests.invented_area import EDITION, view_of
from tests.invented_indicators import ENGLAND, WIGAN

NORTH_WEST = "E12000002"
CUMBERLAND, CITY, NEWHAM = "E06000063", "E09000001", "E09000025"
NAMES = {WIGAN: "Wigan", CUMBERLAND: "Cumberland", CITY: "City of London", NEWHAM: "Newham"}
BASE_YEAR = 2025
MODEL = "leading_indicators"
# Year: the middle, and the limits of 95 futures in a hundred.
WIGAN_PLANS = {
    2026: (4097.0, 3773.0, 4372.0),
    2027: (4655.0, 4110.0, 5190.0),
    2028: (5266.0, 4412.0, 6232.0),
    2029: (5863.0, 4720.0, 7140.0),
    2030: (6551.0, 5100.0, 8081.0),
}
HISTORY = {2019: 1720, 2020: 1848, 2021: 2010, 2022: 2249, 2023: 2516, 2024: 3020, 2025: 3579}
SHORT = "Only two January counts exist since the authority was formed in 2023."
TINY = "With fewer than 100 plans, a few families moving changes the count by more than any method can foresee."
BROKEN = "The last count does not follow from the plans that were made and that ended."


def view(area_code: str = WIGAN, tables: Mapping[str, pd.DataFrame] | None = None, **changes: object) -> AreaView:
    """The invented view of an authority with `tables`, or those of `tables_of` it, and its published plans."""
    made = view_of(area=geography.local_authority(NAMES[area_code]), **changes)
    observed = pd.concat([made.observed, published_plans(area_code, made.observed)], ignore_index=True)
    return replace(made, observed=observed, future=tables_of(area_code) if tables is None else tables)


def tables_of(area_code: str = WIGAN) -> dict[str, pd.DataFrame]:
    """Every table by its name, each valid by its model once typed; empty ones where the authority has none."""
    plain = area_code == WIGAN
    made = {
        "future_projections": projections(area_code),
        "future_backtest": backtest(),
        "future_backtest_summary": backtest_summary(),
        "future_population": population(area_code),
        "future_expected_need": expected_need(),
    }
    if plain:
        made |= {
            "future_scenarios": scenarios(),
            "future_sensitivity": sensitivity(),
            "future_goal_seek": goal_seek(),
            "future_places": places_ahead(),
            "future_money": money_ahead(),
        }
    return {
        name: _typed(made[name], model) if name in made else model.empty()
        for name, model in (NATIONAL | OF_AREA).items()
    }


def _typed(frame: pd.DataFrame, model: type) -> pd.DataFrame:
    return model.validate(frame.assign(edition=EDITION)[list(model.to_schema().columns)])  # type: ignore[attr-defined]


def published_plans(area_code: str, like: pd.DataFrame) -> pd.DataFrame:
    """Januaries as the observations hold them; Cumberland has two, the City 26 at last."""
    known = {
        WIGAN: HISTORY,
        CUMBERLAND: {2024: 2410, 2025: 2790},
        CITY: {2022: 19, 2023: 21, 2024: 24, 2025: 26},
        NEWHAM: {2022: 2190, 2023: 2650, 2024: 2705, 2025: 1199},
    }[area_code]
    row = like.iloc[0].to_dict()
    rows = [
        row
        | {
            "indicator_id": "ehcp_caseload",
            "area_code": area_code,
            "area_name": NAMES[area_code],
            "area_level": "local_authority",
            "period": f"{year - 1}/{year % 100:02d}",
            "period_type": "january_snapshot",
            "numerator": float(plans),
            "denominator": None,
            "value": float(plans),
            "lower_ci": None,
            "upper_ci": None,
            "unit": "plans",
            "source_id": "dfe__sen2_caseload",
        }
        for year, plans in known.items()
    ]
    return pd.DataFrame(rows).astype(like.dtypes.to_dict())


def banded(middle: float, lower: float, upper: float) -> dict[str, float]:
    """The middle, and bands of which the widest is given."""
    shares = {"50": 0.34, "80": 0.65, "95": 1.0}
    made = {"central": middle}
    for futures, share in shares.items():
        made |= {
            f"lower_{futures}": middle - share * (middle - lower),
            f"upper_{futures}": middle + share * (upper - middle),
        }
    return made


NOTHING = dict.fromkeys(("central", *BANDS))
SURE = {"status": "ok", "reason": ""}


def projections(area_code: str) -> pd.DataFrame:
    shared = {"area_code": area_code, "base_year": BASE_YEAR, "model": MODEL, "measure": "ehc_plans"}
    whole = shared | {"dimension": "total", "category": "total"}
    rows: list[dict[str, object]] = []
    if area_code == WIGAN:
        rows += [whole | {"year": year, "base": 3579.0} | banded(*at) | SURE for year, at in WIGAN_PLANS.items()]
        rows += _splits(shared)
        rows += [
            whole
            | {"measure": "sen_support", "year": year, "base": 6810.0}
            | banded(6810.0 + 90 * k, 6500.0, 7700.0)
            | SURE
            for k, year in enumerate(WIGAN_PLANS, 1)
        ]
    elif area_code == CUMBERLAND:
        wide = {"status": "widened", "reason": SHORT, "base": 2790.0}
        rows += [
            whole | {"year": BASE_YEAR + k} | banded(2790.0 + 396 * k, 2790.0 + 148 * k, 2790.0 + 639 * k) | wide
            for k in HORIZONS
        ]
    elif area_code == CITY:
        few = {"status": "widened", "reason": TINY, "base": 26.0}
        rows.append(whole | {"year": 2026} | banded(29.0, 18.0, 44.0) | few)
        rows += [whole | {"year": year, "status": "withheld", "reason": TINY, "base": 26.0} | NOTHING
                 for year in range(2027, 2031)]  # fmt: skip
    else:
        rows += [
            whole | {"year": year, "status": "withheld", "reason": BROKEN, "base": 1199.0} | NOTHING
            for year in WIGAN_PLANS
        ]
    for code, scale in ((NORTH_WEST, 24.0), (ENGLAND, 173.0)):
        rows += [
            whole
            | {"area_code": code, "year": year, "base": 3579.0 * scale}
            | banded(*(one * scale for one in at))
            | SURE
            for year, at in WIGAN_PLANS.items()
        ]
    return pd.DataFrame(rows)


def _splits(shared: Mapping[str, object]) -> list[dict[str, object]]:
    """Parts of every total, the first parts growing fastest."""
    made: list[dict[str, object]] = []
    phases = ("early_years", "primary", "secondary", "post_16")
    for dimension, names in (
        ("age_band", AGE_BANDS),
        ("primary_need", NEEDS),
        ("setting", SETTINGS),
        ("phase", phases),
    ):
        weights = [len(names) - place for place in range(len(names))]
        for place, name in enumerate(names):
            share = weights[place] / sum(weights)
            for year, at in WIGAN_PLANS.items():
                lean = 1 + 0.02 * (year - BASE_YEAR) * (1 if place == 0 else -share)
                made.append(
                    dict(shared)
                    | {"dimension": dimension, "category": name, "year": year, "base": round(3579 * share)}
                    | banded(*(value * share * lean for value in at))
                    | SURE
                )
    return made


def backtest() -> pd.DataFrame:
    """The chosen method over four authorities, back to 2020; a year ago it would have said 3,420 of Wigan's 3,579."""
    counts = {
        WIGAN: HISTORY,
        NEWHAM: {2020: 1700, 2021: 1840, 2022: 2190, 2023: 2650, 2024: 2705, 2025: 1199},
        "E08000003": {year: 4000 + 500 * (year - 2019) for year in range(2019, 2026)},
        "E06000031": {year: 1500 + 160 * (year - 2019) for year in range(2019, 2026)},
    }
    rows = []
    for code, known in counts.items():
        for origin in range(2020, 2025):
            for horizon in HORIZONS:
                if origin not in known or origin + horizon not in known:
                    continue
                actual = float(known[origin + horizon])
                forecast = 3420.0 if (code, origin, horizon) == (WIGAN, 2024, 1) else known[origin] * 1.09**horizon
                wide = 0.05 + 0.04 * horizon
                bands = {
                    f"{side}_{futures}": forecast * (1 + sign * wide * share)
                    for futures, share in (("50", 0.34), ("80", 0.65), ("95", 1.0))
                    for side, sign in (("lower", -1), ("upper", 1))
                }
                note = "The count of 2025 does not follow from the flows." if (code, origin) == (NEWHAM, 2024) else ""
                rows.append(
                    {"model": MODEL, "area_code": code, "origin": origin, "horizon": horizon, "actual": actual}
                    | {
                        "forecast": forecast,
                        "error": 100 * (forecast - actual) / actual,
                        "scored": not note,
                        "note": note,
                    }
                    | bands
                )
    return pd.DataFrame(rows)


def backtest_summary() -> pd.DataFrame:
    """The errors that the study measured, rounded; the simple methods have no intervals of their own."""
    errors = {
        MODEL: (3.6, 5.2, 7.4, 8.6, 9.6),
        "last_value": (8.4, 17.9, 25.7, 31.2, 36.0),
        "linear": (4.0, 7.6, 12.1, 15.3, 18.8),
        "national_growth": (4.0, 6.3, 8.6, 10.0, 11.6),
    }
    rows = []
    for model, by_year in errors.items():
        for horizon, mape in zip(HORIZONS, by_year, strict=True):
            for origin, more in (("total", 0.0), ("2022", 0.1)):
                own = model == MODEL
                rows.append(
                    {
                        "model": model,
                        "origin": origin,
                        "horizon": horizon,
                        "areas": 147 * (1 if origin != "total" else 5),
                        "mape": mape + more,
                        "median_error": mape * 0.75,
                        "bias": {MODEL: 0.4, "last_value": -mape, "linear": -mape / 2}.get(model, 0.2),
                        "coverage_50": 54.0 if own else None,
                        "coverage_80": 84.0 if own else None,
                        "coverage_95": 95.6 if own else None,
                        "half_width_95": 4.0 + 5 * horizon if own else None,
                    }
                )
    return pd.DataFrame(rows)


def population(area_code: str) -> pd.DataFrame:
    rows = [
        {
            "area_code": area_code,
            "year": year,
            "age": age,
            "central": 3600.0 - 12 * abs(age - 10) - 10 * (year - 2024),
            "lower_95": 3500.0 - 12 * abs(age - 10) - 30 * (year - 2024),
            "upper_95": 3700.0 - 12 * abs(age - 10) + 10 * (year - 2024),
            "basis": "estimate" if year == 2024 else "cohort",
        }
        for year in range(2024, 2031)
        for age in range(26)
    ]
    return pd.DataFrame(rows)


CONDITIONS = {  # id of the study: ages, expected, limits, identified, as what, ratio with limits, England's
    "autism_school_records": (5, 19, 1206.0, 1120.0, 1300.0, 940.0, "Plans named autism", 77.9, 70.1, 86.2, 84.0),
    "hearing_impairment": (9, 16, 95.0, 70.0, 125.0, 101.0, "Plans named hearing", 106.3, 79.0, 145.0, 98.0),
    "probable_mental_disorder": (8, 25, 7350.0, 6900.0, 7800.0, None, "", None, None, None, None),
}


def expected_need() -> pd.DataFrame:
    """Wigan, and forty authorities round England's ratio."""
    rows = []
    for condition, (
        age_from,
        age_to,
        expected,
        low,
        high,
        found,
        what,
        ratio,
        lower,
        upper,
        there,
    ) in CONDITIONS.items():
        shared = {"condition": condition, "age_from": age_from, "age_to": age_to, "identified_as": what}
        shared |= {"england_ratio": there, "residents": expected / 0.0176}
        rows.append(
            shared
            | {"area_code": WIGAN, "expected": expected, "lower_95": low, "upper_95": high, "identified": found}
            | {"ratio": ratio, "ratio_lower": lower, "ratio_upper": upper}
            | {"place": "below_95" if condition == "autism_school_records" else "within" if ratio else "not_tested"}
        )
        codes = geography.local_authorities()["area_code"].tolist()
        for place, code in enumerate(code for code in codes[:40] if code != WIGAN):
            size = expected * (0.3 + place / 20)
            other = None if ratio is None else there + 9 * (place % 7 - 3)
            rows.append(
                shared
                | {"area_code": code, "expected": size, "lower_95": size * 0.9, "upper_95": size * 1.1}
                | {"identified": None if other is None else round(size * other / 100), "ratio": other}
                | {"ratio_lower": other and other * 0.9, "ratio_upper": other and other * 1.1, "place": "within"}
            )
    return pd.DataFrame(rows)


STEPS = {  # id: name, change of plans in 2030, in percent
    "baseline": (catalogue()["baseline"].name, 0.0),
    "earlier_support": (catalogue()["earlier_support"].name, -9.0),
    "plans_end_sooner": (catalogue()["plans_end_sooner"].name, -5.0),
    "new_special_school": (catalogue()["new_special_school"].name, 0.0),
    "more_children": (catalogue()["more_children"].name, 5.0),
    "law_changes": (catalogue()["law_changes"].name, 7.5),
}


def scenarios() -> pd.DataFrame:
    rows = []
    for name, (words, change) in STEPS.items():
        for year, (middle, low, high) in WIGAN_PLANS.items():
            part = change / 100 * (year - BASE_YEAR) / 5
            shared = {"area_code": WIGAN, "scenario": name, "name": words, "year": year} | SURE
            for quantity, size in (
                ("plans", 1.0),
                ("new_plans", 0.21),
                ("plans_special_state", 0.2),
                ("cost", 16_500.0),
            ):
                moved = [value * size * (1 + part) for value in (middle, low, high)]
                if name == "new_special_school" and quantity == "cost":
                    moved = [value * 0.985 for value in moved]
                away = moved[0] - middle * size
                rows.append(
                    shared
                    | {"quantity": quantity, "difference": away}
                    | {"difference_lower": away - abs(away) / 4, "difference_upper": away + abs(away) / 4}
                    | banded(*moved)
                )
    return pd.DataFrame(rows)


def sensitivity() -> pd.DataFrame:
    drivers = (
        ("new_plans", DRIVERS["new_plans"], "a tenth fewer", "a tenth more", -590.0, 600.0),
        ("national_growth", DRIVERS["national_growth"], "4.1% a year", "7.9% a year", -430.0, 510.0),
        ("ceasing", DRIVERS["ceasing"], "4 of 100 plans", "9 of 100 plans", 210.0, -200.0),
        ("own_growth", DRIVERS["own_growth"], "8.9% a year", "14.8% a year", -120.0, 90.0),
        ("unit_costs", DRIVERS["unit_costs"], "lowest", "highest", 0.0, 0.0),
    )
    rows = []
    for quantity, size in (("plans", 1.0), ("cost", 16_500.0)):
        for driver, name, low_value, high_value, low, high in drivers:
            ends = (
                (-11_000_000.0, 14_000_000.0)
                if (driver, quantity) == ("unit_costs", "cost")
                else (low * size, high * size)
            )
            rows.append(
                {"area_code": WIGAN, "driver": driver, "name": name, "low_value": low_value, "high_value": high_value}
                | {"quantity": quantity, "year": 2030, "central": 6551.0 * size}
                | {"at_low": 6551.0 * size + ends[0], "at_high": 6551.0 * size + ends[1]}
            )
    return pd.DataFrame(rows)


def goal_seek(reachable: bool = True) -> pd.DataFrame:
    row = {"area_code": WIGAN, "year": 2030, "new_plans_now": 603.0, "factor": 0.34, "factor_lower": 0.22}
    row |= {"factor_upper": 0.49, "new_plans_needed": 310.0, "reachable": reachable}
    if not reachable:
        row |= dict.fromkeys(("factor", "factor_lower", "factor_upper", "new_plans_needed"))
    return pd.DataFrame([row])


KINDS = {"special_school": (545.0, 560.0), "sen_unit": (120.0, 96.0), "resourced_provision": (160.0, 151.0)}


def places_ahead(basis: str = "own_places") -> pd.DataFrame:
    """By kind of place where the area's own places are known; else plans by setting as published."""
    if basis == "published_plans":
        parts = {
            ("setting", name): (None, 3579.0 * size) for name, size in (("special_state", 0.2), ("mainstream", 0.5))
        }
    else:
        parts = {("place_kind", name): both for name, both in KINDS.items()}
        parts |= {("phase", "primary"): (400.0, 392.0), ("locality", "Leigh"): (210.0, 204.0)}
        parts |= {("total", "total"): (825.0, 807.0)}
    rows = []
    for (dimension, category), (places, filled) in parts.items():
        for year, at in WIGAN_PLANS.items():
            demand, low, high = (filled * value / 3579.0 for value in at)
            held = filled if places is None else places
            rows.append(
                {"area_code": WIGAN, "dimension": dimension, "category": category, "year": year, "places": places}
                | {"filled": filled, "occupancy": None if places is None else 100 * filled / places}
                | {"demand": demand, "demand_lower": low, "demand_upper": high}
                | {"gap": demand - held, "gap_lower": low - held, "gap_upper": high - held}
                | {"chance_short": None if places is None else 94.0, "basis": basis}
            )
    return pd.DataFrame(rows)


def money_ahead(balance: bool = True) -> pd.DataFrame:
    rows = []
    for scenario, (_, change) in STEPS.items():
        for year, at in ({BASE_YEAR: (3579.0, 3579.0, 3579.0)} | WIGAN_PLANS).items():
            part = 1 + change / 100 * (year - BASE_YEAR) / 5
            shared = {"area_code": WIGAN, "scenario": scenario, "year": year} | SURE
            rows.append(
                shared
                | {"quantity": "cost", "unit_low": None, "unit_central": None, "unit_high": None, "basis": "mixed"}
                | banded(*(value * 16_500.0 * part for value in at))
            )
            for setting, unit in (
                ("special_state", 24_000.0),
                ("special_independent", 62_000.0),
                ("mainstream", 8_000.0),
            ):
                rows.append(
                    shared
                    | {"quantity": f"cost_{setting}", "unit_low": unit * 0.9, "unit_central": unit}
                    | {"unit_high": unit * 1.2, "basis": "own" if setting != "mainstream" else "published"}
                    | banded(*(value * 0.2 * unit * part for value in at))
                )
            if balance:
                owed = [4_000_000.0 + 3_900_000.0 * (year - BASE_YEAR) * part * size for size in (1.0, 0.7, 1.4)]
                rows.append(shared | {"quantity": "deficit", "basis": "own"} | banded(*owed))
                rows.append(shared | {"quantity": "budget", "basis": "own"} | banded(58e6, 58e6, 58e6))
    return pd.DataFrame(rows)
