"""Forms of rule that several returns share: dates in order, ages, what goes with what, one row a thing.

Here: functions that make such rules for a given table. Not here: which return has which (its own module),
or what the catalogue implies of one column (`columns.py`).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import polars as pl

from jsna_pipeline.catalogue.returns import Return
from jsna_pipeline.returns.rules.base import Rule, Severity, Tables, View, has_repeats, later_repeat

BOTH_DATES = "Correct whichever of the two dates is wrong in the source system and export the return again."


class RuleBook:
    """The rules of one return as they are written down, each under its own id."""

    def __init__(self, record: Return) -> None:
        self.record = record
        self.rules: list[Rule] = []

    def add(
        self,
        rule_id: str,
        table: str,
        columns: Sequence[str],
        severity: Severity,
        message: str,
        remedy: str,
        fails: pl.Expr,
        *,
        view: View | None = None,
        needs: tuple[str, ...] = (),
        suspect: pl.Expr | None = None,
        blanks: bool = False,
    ) -> None:
        """One rule; see `Rule` for what each part means."""
        rule = Rule(
            rule_id,
            self.record.id,
            table,
            tuple(columns),
            severity,
            message,
            remedy,
            fails,
            view,
            needs,
            suspect,
            blanks,
        )
        self.rules.append(rule)

    def title(self, table: str, column: str) -> str:
        return self.record.tables[table].columns[column].title

    def order(self, rule_id: str, table: str, earlier: str, later: str, severity: Severity = Severity.ERROR) -> None:
        """`earlier` is not after `later`, both columns of `table`.

        A warning leaves both dates blank, because neither can be believed.
        """
        message = f"{self.title(table, later)} is before {_inside(self.title(table, earlier))}."
        self.add(rule_id, table, (earlier, later), severity, message, BOTH_DATES,
                 pl.col(earlier) > pl.col(later), blanks=severity is Severity.WARNING)  # fmt: skip

    def order_from_above(
        self, rule_id: str, table: str, later: str, above: tuple[str, str], view: View, needs: tuple[str, ...]
    ) -> None:
        """A date of `above`, a (table, column) carried by `view`, is not after `later`."""
        message = f"{self.title(table, later)} is before {_inside(self.title(*above))}."
        self.add(rule_id, table, (later,), Severity.ERROR, message, BOTH_DATES,
                 pl.col(".".join(above)) > pl.col(later), view=view, needs=needs)  # fmt: skip

    def over_age(self, rule_id: str, table: str, born: str, age: int, reference_date: date) -> None:
        """Nobody is older than `age` on the day of the return."""
        self.add(
            rule_id,
            table,
            (born,),
            Severity.ERROR,
            f"The person is older than {age} on the day to which the return refers.",
            f"Check the date of birth; the return is about persons up to {age}.",
            pl.col(born) <= birthday_cut_off(reference_date, age + 1),
        )

    def one_each(self, rule_id: str, table: str, column: str, message: str, remedy: str) -> None:
        """A value of `column` stands in one row; the first is kept, any later row refused."""
        self.add(rule_id, table, (column,), Severity.ERROR, message, remedy, later_repeat(column),
                 suspect=has_repeats(column))  # fmt: skip


def birthday_cut_off(day: date, age: int) -> date:
    """The latest date of birth of those aged `age` or over on `day`; born on 29 February counts from 1 March."""
    try:
        return day.replace(year=day.year - age)
    except ValueError:
        return date(day.year - age, 2, 28)


def repeats_within(table: str, keep: pl.Expr, *columns: str) -> View:
    """The rows of `table` that `keep`, marked in column `repeat` where an earlier one has the same `columns`."""

    def view(tables: Tables) -> pl.LazyFrame:
        return tables[table].filter(keep).with_columns(repeat=later_repeat(*columns))

    return view


def _inside(title: str) -> str:
    """A column's title within a sentence."""
    return title[:1].lower() + title[1:] if title[1:2].islower() else title
