"""What would change what is expected: scenarios, the rate at which plans would stand still, and what moves most.

Here: the comparison in words and tables, and the log of assumptions. Not here: running a scenario
(`future/scenarios.py`) or the charts (`figures.py`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import pandas as pd

from jsna_pipeline.catalogue.scenarios import RIGHTS, SettingOpens
from jsna_pipeline.catalogue.scenarios import scenarios as catalogue
from jsna_pipeline.future.assumptions import log
from jsna_pipeline.report import formatting
from jsna_pipeline.report.charts import Figure
from jsna_pipeline.report.future import money, rows, words
from jsna_pipeline.report.future.expected_plans import SOURCE
from jsna_pipeline.report.model import Section, Statement, Table
from jsna_pipeline.report.view import AreaView, each_row

ANCHOR, COST_ANCHOR = "future-scenarios", "future-cost-drivers"
PLANS, COST = "plans", "cost"
SHOWN = ("plans", "new_plans")


def cost_section(view: AreaView, figures: tuple[Figure, ...]) -> Section | None:
    """What moves the cost of placements, on screen alone; None without a figure."""
    if not figures:
        return None
    return Section(
        section_id=COST_ANCHOR,
        heading="What would move the cost?",
        statements=(),
        figures=figures,
        tables=(),
        method=(
            "Each driver takes its low and its high value, one at a time. The cost of a place takes all its lowest, or "
            "all its highest, values at once, which is wider than the other bars. The middle is at the most likely "
            "cost of a place, the same for every authority, and may differ from that of the section on money."
        ),
        sources=(SOURCE,),
    )


def scenarios_section(view: AreaView, figures: tuple[Figure, ...]) -> Section | None:
    """The section; None where nothing was supposed."""
    found = supposed(view)
    if not in_last_year(found, PLANS):
        return None
    statements = (*_moves(view, found), _goal(view))
    tables = (_comparison(view, found), *_settings(view, found), _balances(view, found), _assumptions(view, found))
    return Section(
        section_id=ANCHOR,
        heading="What would change it?",
        statements=tuple(one for one in statements if one),
        figures=figures,
        tables=tuple(table for table in tables if table),
        method=(
            "Each scenario changes one thing in the same thousand futures, so that the difference holds the "
            "assumption alone. The chart of drivers moves one at a time to its low and to its high value."
        ),
        sources=(SOURCE,),
        caveats=(
            "A scenario answers “what if?”. It is neither likely nor a plan nor a target. What it would itself cost, "
            "such as earlier support or a building, is not counted.",
            RIGHTS,
        ),
    )


def supposed(view: AreaView) -> pd.DataFrame:
    """Scenarios of the catalogue, then the area's own, in their order."""
    parts = [rows.own(view, name) for name in ("future_scenarios", "future_own_scenarios")]
    held = [part for part in parts if len(part)]
    if not held:
        return parts[0]
    return pd.concat(held, ignore_index=True).drop_duplicates(["scenario", "year", "quantity"], ignore_index=True)


def in_last_year(found: pd.DataFrame, quantity: str) -> dict[str, Any]:
    """Rows of one quantity in its last year, by scenario, those with a figure."""
    part = found.loc[found["quantity"].eq(quantity) & found["central"].notna()]
    return {row.scenario: row for row in each_row(part.loc[part["year"] == part["year"].max()])}


def _costs(view: AreaView, found: pd.DataFrame) -> dict[str, Any]:
    """Cost of the last year by scenario at the area's prices, with its difference from things going on.

    From the table of money alone: that of scenarios holds every authority, at the middle of published prices.
    """
    paid = rows.own(view, "future_money")
    paid = paid.loc[paid["year"] == paid["year"].max()]
    whole = paid.loc[paid["quantity"].eq("cost")]
    other = paid.loc[paid["quantity"].eq("cost_difference")].set_index("scenario")
    whole = whole.assign(
        name=whole["scenario"].map(dict(zip(found["scenario"], found["name"], strict=True))),
        difference=whole["scenario"].map(other["central"]),
        difference_lower=whole["scenario"].map(other["lower_95"]),
        difference_upper=whole["scenario"].map(other["upper_95"]),
    )
    return {row.scenario: row for row in each_row(whole) if pd.notna(row.central)}


# --- in words ----------------------------------------------------------------------------------


def _moves(view: AreaView, found: pd.DataFrame) -> Iterator[Statement]:
    """The scenario that moves plans most, and the one that moves cost most where it is another."""
    plans = {name: row for name, row in in_last_year(found, PLANS).items() if name != rows.BASELINE}
    cost = {name: row for name, row in _costs(view, found).items() if name != rows.BASELINE}
    said = _most(plans)
    if said and round(said.difference):
        way = "fewer" if said.difference < 0 else "more"
        low, high = sorted((abs(said.difference_lower), abs(said.difference_upper)))
        noun = f"plans {way} in January {said.year} than if things go on"
        text = f"{said.name}: about {words.counted(abs(said.difference), noun, low, high)}."
        yield Statement(text, "neutral", "Moves plans most")
    dear = _most(cost)
    if dear and dear.difference and (said is None or dear.scenario != said.scenario):
        way = "less" if dear.difference < 0 else "more"
        text = f"{dear.name}: about {words.pounds(dear.difference)} a year {way} by {dear.year} than if things go on."
        yield Statement(text, "neutral", "Moves cost most")
    yield from _widest_driver(view)


def _most(given: dict[str, Any]) -> Any | None:
    known = [row for row in given.values() if pd.notna(row.difference)]
    return max(known, key=lambda row: abs(row.difference), default=None)


def _widest_driver(view: AreaView) -> Iterator[Statement]:
    drivers = drivers_of(view, PLANS)
    if drivers:  # the area's own growth is the forecast's own range, and no driver beside others
        one = drivers[0]
        low, high = sorted((one.at_low, one.at_high))
        values = f"{one.low_value} or {one.high_value}"
        text = f"{driver_name(one)} ({values}) would give {words.between(low, high)} plans in January {one.year}."
        yield Statement(text, "neutral", "Driver that matters most")


def driver_name(one: Any) -> str:
    """A driver without the account of its values in brackets."""
    return str(one.name).partition(" (")[0]


def drivers_of(view: AreaView, quantity: str) -> list[Any]:
    """What moves `quantity`, the widest first; a driver that moves nothing is left out."""
    found = rows.own(view, "future_sensitivity")
    found = found.loc[found["quantity"].eq(quantity) & found["driver"].ne("own_growth")]
    moved = [row for row in each_row(found) if round(row.at_high - row.at_low, 6)]
    return sorted(moved, key=lambda row: -abs(row.at_high - row.at_low))


def _goal(view: AreaView) -> Statement | None:
    """At which rate of new plans the caseload would stand where it stands."""
    row = next(each_row(rows.own(view, "future_goal_seek")), None)
    if row is None:
        return None
    if not row.reachable or pd.isna(row.factor):
        text = f"No rate of new plans would bring the number of plans in January {row.year} back to that of today."
        return Statement(text, "neutral", "To stand still")
    share = _share(row.factor, row.factor_lower, row.factor_upper)
    text = (
        f"Plans would stand in January {row.year} where they stand now at {share} of the new plans expected, those "
        "that move in among them. This is arithmetic, not advice: every child who needs a plan has a right to it."
    )
    return Statement(text, "neutral", "To stand still")


def _share(factor: float, lower: float, upper: float) -> str:
    """ "34% (22% to 49%)"."""
    middle = formatting.measure(100 * factor, "percent", 0)
    if pd.isna(lower) or pd.isna(upper):
        return middle
    limits = (formatting.measure(100 * limit, "percent", 0) for limit in (lower, upper))
    return f"{middle} ({' to '.join(limits)})"


# --- tables ------------------------------------------------------------------------------------


def _comparison(view: AreaView, found: pd.DataFrame) -> Table | None:
    """Plans, new plans and cost of each scenario in the last year, and the difference from things going on."""
    plans, new = (in_last_year(found, quantity) for quantity in SHOWN)
    cost = _costs(view, found)
    if not plans:
        return None
    year = next(iter(plans.values())).year
    body = []
    for name, row in plans.items():
        paid, made = cost.get(name), new.get(name)
        body.append(
            (
                row.name,
                words.cell(row.central),
                _difference(row),
                words.cell(made.central if made else None),
                words.millions(paid.central if paid else None),
                _difference(paid, 1_000_000, 1) if paid else formatting.EN_DASH,
            )
        )
    return Table(
        table_id="future-scenarios-comparison",
        caption=f"What each scenario would give in January {year}, {view.area.name}",
        columns=(
            "Scenario",
            "Plans",
            "Difference (95% range)",
            "New plans",
            "Cost, £ million",
            "Difference (95% range)",
        ),
        rows=tuple(body),
        numeric=(False, *(True,) * 5),
        notes=(
            "Differences are taken within each future, so they need not be those of the middles. New plans are of the "
            f"calendar year {year - 1}. The range of another law is supposed.",
            *_where_places_are_filled_from(view, plans),
        ),
    )


def _where_places_are_filled_from(view: AreaView, shown: Iterable[str]) -> Iterator[str]:
    """Why more places may cost more: said once, where a scenario that opens a setting draws on mainstream schools."""
    every = {**catalogue(), **view.contributions.scenarios}
    opened = (one for name in shown if name in every for one in every[name].changes if isinstance(one, SettingOpens))
    if any("mainstream" in one.takes_from for one in opened):
        yield (
            "Children fill a new place from the settings that its scenario names, as far as those are used: most come "
            "from mainstream schools, where a place costs less."
        )


def _difference(row: Any, per: float = 1.0, decimals: int = 0) -> str:
    """ "−590 (−740 to −440)"; a dash for things going on, and "none" where no future differs."""
    if pd.isna(row.difference) or row.scenario == rows.BASELINE:
        return formatting.EN_DASH
    if row.difference == row.difference_lower == row.difference_upper == 0:
        return "none"
    middle = formatting.number(row.difference / per, decimals)
    if pd.isna(row.difference_lower) or pd.isna(row.difference_upper):
        return middle
    return f"{middle} ({words.range_cell(row.difference_lower / per, row.difference_upper / per, decimals)})"


def _settings(view: AreaView, found: pd.DataFrame) -> Iterator[Table]:
    """Plans by kind of setting in the last year, a column a scenario's difference."""
    kinds = [name for name in found["quantity"].unique() if name.startswith("plans_")]
    if not kinds:
        return
    by_kind = {kind: in_last_year(found, kind) for kind in kinds}
    named = {row.scenario: row.name for given in by_kind.values() for row in given.values()}
    yield Table(
        table_id="future-scenarios-settings",
        caption=f"Plans by kind of setting under each scenario, {view.area.name}",
        columns=("Scenario", *(words.heading("setting", kind.removeprefix("plans_")) for kind in kinds)),
        rows=tuple(
            (name, *(words.cell(by_kind[kind][one].central if one in by_kind[kind] else None) for kind in kinds))
            for one, name in named.items()
        ),
        numeric=(False, *(True,) * len(kinds)),
        in_pdf=False,
    )


def _balances(view: AreaView, found: pd.DataFrame) -> Table | None:
    """The high needs deficit that each scenario would carry forward."""
    paid = rows.own(view, "future_money")
    names = dict(zip(found["scenario"], found["name"], strict=True))
    last = {name: list(money.of(paid, money.DEFICIT, name).values())[-1:] for name in names}
    body = [
        (names[name], words.millions(row.central), words.millions_range(row.lower_95, row.upper_95))
        for name, given in last.items()
        for row in given
    ]
    if not body:
        return None
    end = money.financial_year(next(row.year for given in last.values() for row in given))
    return Table(
        table_id="future-scenarios-balance",
        caption=f"High needs deficit carried forward to {end} under each scenario, {view.area.name}, £ million",
        columns=("Scenario", "Deficit", "95% range"),
        rows=tuple(body),
        numeric=(False, True, True),
        notes=("Conditional on the budget that was told. A deficit below 0 is money in hand.",),
        in_pdf=False,
    )


def _assumptions(view: AreaView, found: pd.DataFrame) -> Table | None:
    """The log of assumptions of the scenarios that were run, the area's own among them."""
    every = {**catalogue(), **view.contributions.scenarios}
    told = log(record for name, record in every.items() if name in set(found["scenario"]))
    if told.empty:
        return None
    return Table(
        table_id="future-scenarios-assumptions",
        caption="What each scenario assumes, on what ground, and what would change it",
        columns=("Scenario", "Assumption", "Ground", "How certain", "What would change it"),
        rows=tuple(
            (row.name, row.assumption, row.basis, formatting.sentence(row.certainty), row.would_change)
            for row in each_row(told)
        ),
        numeric=(False,) * 5,
        in_pdf=False,
    )
