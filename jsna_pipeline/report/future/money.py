"""What the expected plans would cost, and what that would do to the high needs balance.

Here: the yearly cost of placements, and the balance carried forward, in words and a table. Not here: costs of a place
(`catalogue/costs/`) or working it out (`future/money.py`).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd

from jsna_pipeline.catalogue.datasets import datasets
from jsna_pipeline.future.tables import SETTINGS
from jsna_pipeline.report import formatting
from jsna_pipeline.report.future import rows, words
from jsna_pipeline.report.model import Section, Statement, Table
from jsna_pipeline.report.view import AreaView, each_row
from jsna_pipeline.vocabulary import TOTAL

ANCHOR = "future-money"
COST, DEFICIT = "cost", "deficit"
BLOCK = "high_needs_block_per_child"  # whose numerator is the block in pounds
BASES = {"own": "the area’s own spending", "published": "published costs", "mixed": "own and published costs"}


def money_section(view: AreaView) -> Section | None:
    """The section; None where no cost is worked out for the area."""
    found = rows.own(view, "future_money")
    if found.empty:
        return None
    scale = tuple(_for_scale(view))
    return Section(
        section_id=ANCHOR,
        heading="What would that cost?",
        statements=(*_statements(found, rows.ahead(view, "future_money")), *scale),
        figures=(),
        tables=tuple(table for table in (_settings_table(view, found), _balance_table(view, found)) if table),
        method=(
            "Plans of each kind of setting, from each simulated future, are multiplied by what a place there costs a "
            "year. The cost is drawn between its low and its high value. It is worked out, and is not what was spent."
        ),
        sources=(
            "The area’s own returns where it has given them, else published costs",
            *([datasets()["dfe__schools_grant_blocks"].source_line] if scale else []),
        ),
        caveats=(
            "Every amount is conditional: it says what follows if plans come as expected and a place costs what it "
            "does now.",
            *rows.notes(view, "money"),
        ),
    )


def of(found: pd.DataFrame, quantity: str, scenario: str = rows.BASELINE) -> dict[int, Any]:
    """Rows of one quantity by year, those with a figure, in order."""
    chosen = found["quantity"].eq(quantity) & found["scenario"].eq(scenario) & found["central"].notna()
    return {row.year: row for row in each_row(found.loc[chosen].sort_values("year"))}


def cost_words(row: Any) -> str:
    """ "£67.6 million a year (£62.3 million to £72.1 million)"."""
    return f"{words.pounds(row.central)} a year ({words.pounds_between(row.lower_95, row.upper_95)})"


def financial_year(january: int) -> str:
    """The year of accounts in which a January lies: "2025/26" of January 2026."""
    return f"{january - 1}/{january % 100:02d}"


def _statements(found: pd.DataFrame, ahead: pd.DataFrame) -> Iterator[Statement]:
    """`ahead` are the rows of `found` after the last count."""
    cost = list(of(ahead, COST).values())
    if cost:
        before = of(found, COST).get(cost[0].year - 1)
        known = f", after about {words.pounds(before.central)} in the same reckoning a year before" if before else ""
        text = f"Placements would cost about {cost_words(cost[0])}{known}, by {BASES[cost[0].basis]}."
        yield Statement(text, "neutral", financial_year(cost[0].year))
        if len(cost) > 1:
            text = f"Placements would cost about {cost_words(cost[-1])}."
            yield Statement(text, "neutral", financial_year(cost[-1].year))
        if cost[0].reason:
            yield Statement(cost[0].reason, "unknown", "Less certain")
    withheld = found.loc[found["quantity"].eq(COST) & found["scenario"].eq(rows.BASELINE) & found["central"].isna()]
    if len(withheld) and withheld["reason"].iloc[0]:
        when = formatting.listed([financial_year(int(year)) for year in withheld["year"]])
        yield Statement(f"No cost is given for {when}. {withheld['reason'].iloc[0]}", "unknown", "Not given")
    owed = list(of(ahead, DEFICIT).values())
    if owed:
        yield Statement(_balance_sentence(owed[-1]), "unknown", "Only if nothing changes")
    elif cost:
        text = "The high needs budget and its balance have not been supplied, so none is carried forward."
        yield Statement(text, "unknown", "Not held")


def _for_scale(view: AreaView) -> Iterator[Statement]:
    """The newest high needs block that is published and held: older than the cost, and for more than placements."""
    told = view.observations(BLOCK, area_code=view.area.code, dimension=TOTAL, category=TOTAL)
    told = told.loc[told["numerator"].gt(0)].sort_values("period")
    if len(told):
        row = told.iloc[-1]
        text = (
            f"The newest published high needs block held here is {formatting.pounds(row['numerator'])}, for "
            f"{row['period']}, before deductions. It cannot be set against the cost above: it is of another year, it "
            "pays for more than placements, and not every placement is paid from it."
        )
        yield Statement(text, "neutral", "For scale")


def _balance_sentence(row: Any) -> str:
    size = f"about {words.pounds(row.central)}"
    what = f"{size} short" if row.central >= 0 else f"{size} in hand"
    limits = f"{_standing(row.lower_95)} to {_standing(row.upper_95)}"
    return (
        f"If the budget grows as it was told and nothing else is decided, high needs would be {what} "
        f"at the end of {financial_year(row.year)} ({limits})."
    )


def _standing(deficit: float) -> str:
    """The high needs balance counts what is owed: below 0 it is money in hand."""
    return f"{words.pounds(deficit)} {'short' if deficit >= 0 else 'in hand'}"


def _settings_table(view: AreaView, found: pd.DataFrame) -> Table | None:
    """Each kind of setting: what a place costs, and what all would cost in the first and the last year."""
    kinds = [f"cost_{setting}" for setting in SETTINGS if f"cost_{setting}" in set(found["quantity"])]
    every = {name: list(of(found, name).values()) for name in (*kinds, COST)}
    body = []
    for name, given in every.items():
        if not given:
            continue
        first, last = given[0], given[-1]
        body.append(
            (
                "All" if name == COST else words.heading("setting", name.removeprefix("cost_")),
                words.cell(first.unit_central),
                words.range_cell(first.unit_low, first.unit_high),
                words.millions(first.central),
                words.millions_range(first.lower_95, first.upper_95),
                words.millions(last.central),
                words.millions_range(last.lower_95, last.upper_95),
                formatting.sentence(BASES[first.basis]),
            )
        )
    if not body:
        return None
    shown = [row.year for row in next(given for given in every.values() if given)]
    return Table(
        table_id="future-money-settings",
        caption=f"Cost of placements a year by kind of setting, {view.area.name}",
        columns=(
            "Setting",
            "A place, £",
            "Low to high, £",
            f"{financial_year(shown[0])}, £ million",
            "95% range",
            f"{financial_year(shown[-1])}, £ million",
            "95% range",
            "Whose cost of a place",
        ),
        rows=tuple(body),
        numeric=(False, *(True,) * 6, False),
        in_pdf=False,
    )


def _balance_table(view: AreaView, found: pd.DataFrame) -> Table | None:
    """Budget, cost and deficit of each year, if things go on."""
    budget, cost, owed = (of(found, name) for name in ("budget", COST, DEFICIT))
    if not owed:
        return None
    return Table(
        table_id="future-money-balance",
        caption=f"High needs budget and deficit if nothing else is decided, {view.area.name}, £ million",
        columns=("Year", "Budget", "Cost of placements", "Deficit carried forward", "95% range"),
        rows=tuple(
            (
                financial_year(year),
                words.millions(budget[year].central if year in budget else None),
                words.millions(cost[year].central if year in cost else None),
                words.millions(row.central),
                words.millions_range(row.lower_95, row.upper_95),
            )
            for year, row in owed.items()
        ),
        numeric=(False, *(True,) * 4),
        notes=("A deficit below 0 is money in hand.",),
        in_pdf=False,
    )
