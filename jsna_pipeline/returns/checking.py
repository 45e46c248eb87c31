"""Holding a typed return against its rules: what fails, what is refused, and what remains.

Here: running rules in few passes, the findings, splitting off refused rows with the rows that hang on
them, and the gate that the remainder must pass. Not here: the rules (`rules/`), or their printed report
(`validation_report.py`).

The first pass only counts, all rules of all tables at once and streaming; the places of failures are
sought for rules that failed, so a clean return of millions of rows is never held in memory for it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl

from jsna_pipeline.catalogue.returns import Return
from jsna_pipeline.errors import InputError
from jsna_pipeline.returns.raw import FILE, ROW
from jsna_pipeline.returns.rules import rules_of
from jsna_pipeline.returns.rules.base import Rule, Severity, Tables, View
from jsna_pipeline.returns.rules.model import record_model
from jsna_pipeline.schemas.validation import validate_records

# A return with more bad rows than this in a table is not a return with slips in it: the export or our
# reading of it is wrong. Far above the 1 % of published files, because systems of record are not clean.
REFUSED_LIMIT = 0.2
# Rows of a table that are held in memory at once: the pupils of all England's schools would be nine million, those of
# the largest authority with every placement of fifteen years are under one.
MOST_ROWS = 3_000_000
PLACE = [FILE, ROW]
PARENT_REFUSED = "parent_refused"
FINDINGS = {
    "rule_id": pl.String,
    "severity": pl.String,
    "return_id": pl.String,
    "table": pl.String,
    FILE: pl.String,
    ROW: pl.UInt32,
    "column": pl.String,
}


@dataclass(frozen=True)
class Checked:
    """A return after its rules: `tables` without refused rows, the cells that cannot be believed blank.

    `findings` has one row a failure, columns as `FINDINGS` and never a value; `row` is null for a fault of
    the whole file. `rows_read` and `rows_refused` count by table. `rules` are those that were run.
    """

    tables: dict[str, pl.LazyFrame]
    findings: pl.DataFrame
    rows_read: dict[str, int]
    rows_refused: dict[str, int]
    rules: tuple[Rule, ...]

    @property
    def above_limit(self) -> list[str]:
        """Tables with more refused rows than a return may have."""
        return [name for name, refused in self.rows_refused.items() if refused > REFUSED_LIMIT * self.rows_read[name]]


def check(tables: Tables, record: Return, year: int, reference_date: date) -> Checked:
    """`tables`, as `typed` gives them, without the rows that failed an error, and proven to fit their model.

    Raises InputError where more than `REFUSED_LIMIT` of a table's rows are refused, or it has more than `MOST_ROWS`.
    """
    checked = examine(tables, record, year, reference_date)
    _refuse_above_size(checked, record)
    _refuse_above_limit(checked, record)
    proven = {}
    for name, table in checked.tables.items():
        model = record_model(record, name, checked.rules, year)
        # Once into memory: each check of the model would read the files again.
        held = table.collect(engine="streaming").sort(PLACE).lazy()
        proven[name] = validate_records(held, model, name=record.record_table(name))
    return Checked(proven, checked.findings, checked.rows_read, checked.rows_refused, checked.rules)


def examine(tables: Tables, record: Return, year: int, reference_date: date) -> Checked:
    """As `check`, without limit and gate: for the report on a return that cannot be used. Tables stay lazy."""
    rules = applicable(rules_of(record, year, reference_date), tables)
    rows_read, failing = count_failures(tables, rules)
    places = _places(tables, failing)
    findings = [_as_findings(rule, found) for rule, found in places]
    refused: dict[str, pl.DataFrame] = {}
    for name in _parents_first(record, tables):
        own = [found for rule, found in places if rule.table == name and rule.severity is Severity.ERROR]
        orphaned = _children_of_refused(tables, record, name, refused)
        findings.append(_as_findings(orphan_rule(record, name), orphaned))
        refused[name] = pl.concat([*own, orphaned, _no_places()]).drop_nulls(ROW).unique()
    kept = {name: _kept(table, record, name, refused[name], places) for name, table in tables.items()}
    order = ["severity", "rule_id", FILE, ROW]
    return Checked(
        kept,
        pl.concat([*findings, pl.DataFrame(schema=FINDINGS)]).sort(order),
        rows_read,
        {name: found.height for name, found in refused.items()},
        (*rules, *(orphan_rule(record, name) for name in tables if record.tables[name].parent)),
    )


def applicable(rules: Iterable[Rule], tables: Tables) -> list[Rule]:
    """The rules whose tables are all there."""
    return [rule for rule in rules if rule.table in tables and all(name in tables for name in rule.needs)]


def count_failures(tables: Tables, rules: Sequence[Rule]) -> tuple[dict[str, int], list[Rule]]:
    """Rows of each table, and the rules that some row (may) break: one shared, streaming pass."""
    queries = count_queries(tables, rules)
    counted = pl.collect_all([query for query, _ in queries], engine="streaming")
    sizes = pl.collect_all([table.select(pl.len()) for table in tables.values()], engine="streaming")
    failing = [
        rule
        for frame, (_, group) in zip(counted, queries, strict=True)
        for rule, count in zip(group, frame.row(0), strict=True)
        if count
    ]
    return dict(zip(tables, (frame.item() for frame in sizes), strict=True)), failing


def count_queries(tables: Tables, rules: Sequence[Rule]) -> list[tuple[pl.LazyFrame, list[Rule]]]:
    """One query for each frame that rules are evaluated on: a column a rule, its failures or its suspicion."""
    return [
        (
            frame.select(
                (rule.fails.sum() if rule.suspect is None else rule.suspect).alias(str(index))
                for index, rule in enumerate(group)
            ),
            group,
        )
        for frame, group in _by_frame(tables, rules)
    ]


def _by_frame(tables: Tables, rules: Iterable[Rule]) -> Iterator[tuple[pl.LazyFrame, list[Rule]]]:
    groups: dict[tuple[str, View | None], list[Rule]] = {}
    for rule in rules:
        groups.setdefault((rule.table, rule.view), []).append(rule)
    for (table, view), group in groups.items():
        yield (tables[table] if view is None else view(tables)), group


def _places(tables: Tables, failing: Sequence[Rule]) -> list[tuple[Rule, pl.DataFrame]]:
    """Each failed rule with file and row of its failures."""
    groups = list(_by_frame(tables, failing))
    queries = [
        frame.select(
            *PLACE, *(rule.fails.fill_null(False).alias(str(index)) for index, rule in enumerate(group))
        ).filter(pl.any_horizontal(pl.exclude(PLACE)))
        for frame, group in groups
    ]
    found = pl.collect_all(queries, engine="streaming")
    return [
        (rule, frame.filter(pl.col(str(index))).select(PLACE))
        for frame, (_, group) in zip(found, groups, strict=True)
        for index, rule in enumerate(group)
    ]


def _as_findings(rule: Rule, found: pl.DataFrame) -> pl.DataFrame:
    return found.select(
        rule_id=pl.lit(rule.id),
        severity=pl.lit(str(rule.severity)),
        return_id=pl.lit(rule.return_id),
        table=pl.lit(rule.table),
        file=FILE,
        row=ROW,
        column=pl.lit(", ".join(rule.columns)),
    )


def _no_places() -> pl.DataFrame:
    return pl.DataFrame(schema={name: FINDINGS[name] for name in PLACE})


def _parents_first(record: Return, tables: Tables) -> list[str]:
    order: list[str] = []

    def place(name: str) -> None:
        parent = record.tables[name].parent
        if parent in tables:
            place(parent)
        if name not in order:
            order.append(name)

    for name in tables:
        place(name)
    return order


def _children_of_refused(
    tables: Tables, record: Return, name: str, refused: Mapping[str, pl.DataFrame]
) -> pl.DataFrame:
    """Rows of `name` whose parent's row was refused: without it they hang in the air."""
    parent = record.tables[name].parent
    if parent not in refused or refused[parent].is_empty():
        return _no_places()
    key = f"{parent}_key"
    gone = tables[parent].join(refused[parent].lazy(), on=PLACE, how="semi").select(key)
    kept = tables[parent].join(refused[parent].lazy(), on=PLACE, how="anti").select(key)
    orphans = tables[name].join(gone, on=key, how="semi").join(kept, on=key, how="anti")
    return orphans.select(PLACE).collect(engine="streaming")


def orphan_rule(record: Return, name: str) -> Rule:
    """The rule under which rows of a refused parent are listed."""
    key = f"{record.tables[name].parent}_key"
    return Rule(
        id=f"{record.id}.{name}.{key}.{PARENT_REFUSED}",
        return_id=record.id,
        table=name,
        columns=(key,),
        severity=Severity.ERROR,
        message="The row belongs to a row that was refused.",
        remedy="Correct the row above it; this one is then read again.",
        fails=pl.lit(False),
    )


def _kept(
    table: pl.LazyFrame, record: Return, name: str, refused: pl.DataFrame, places: Sequence[tuple[Rule, pl.DataFrame]]
) -> pl.LazyFrame:
    """`table` with its catalogued columns, without `refused` rows and with unbelievable cells blank."""
    kept = table.select(*record.tables[name].columns, *PLACE)
    if not refused.is_empty():
        kept = kept.join(refused.lazy(), on=PLACE, how="anti")
    blanks: dict[str, list[pl.DataFrame]] = {}
    for rule, found in places:
        if rule.table == name and rule.blanks:
            for column in rule.columns:
                blanks.setdefault(column, []).append(found)
    for column, cells in blanks.items():
        unbelievable = pl.concat(cells).unique().lazy().with_columns(unbelievable=True)
        cell = pl.when(pl.col("unbelievable").is_null()).then(pl.col(column))
        joined = kept.join(unbelievable, on=PLACE, how="left", maintain_order="left")
        kept = joined.with_columns(cell.alias(column)).drop("unbelievable")
    return kept


def _refuse_above_size(checked: Checked, record: Return) -> None:
    for name, rows in checked.rows_read.items():
        if rows > MOST_ROWS:
            raise InputError(
                f"{record.title}: table “{record.tables[name].title}” has {rows:,} rows, more than the {MOST_ROWS:,} "
                "that one area can have; deliver the return of the area alone."
            )


def _refuse_above_limit(checked: Checked, record: Return) -> None:
    for name in checked.above_limit:
        errors = checked.findings.filter((pl.col("table") == name) & (pl.col("severity") == Severity.ERROR))
        worst = errors.group_by("rule_id").len().sort("len", "rule_id", descending=[True, False]).row(0, named=True)
        rule = next(rule for rule in checked.rules if rule.id == worst["rule_id"])
        first = errors.filter(pl.col("rule_id") == rule.id).row(0, named=True)
        raise InputError(
            f"{first[FILE]}: {checked.rows_refused[name]} of {checked.rows_read[name]} rows of "
            f"“{record.tables[name].title}” cannot be used, more than {REFUSED_LIMIT:.0%}; most often "
            f"({worst['len']} rows, first row {first[ROW]}) by rule {rule.id}: {rule.message} {rule.remedy}"
        )
