"""The report on a checked return that an officer works through: a page, a table, and lines for a terminal.

Here: findings grouped by rule, with what is wrong, what to do and where. Not here: finding them
(`checking.py`). No cell of the return is in it: a place is a file, a row and a column.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from pathlib import Path

import polars as pl

from jsna_pipeline.catalogue.returns import Return
from jsna_pipeline.returns.checking import REFUSED_LIMIT, Checked
from jsna_pipeline.returns.raw import FILE, ROW
from jsna_pipeline.returns.rules.base import Rule, Severity
from jsna_pipeline.safe_tables import csv_bytes
from jsna_pipeline.storage import write_private

PLACES_SHOWN = 20


@dataclass(frozen=True)
class TableRows:
    """Rows of one table: read, refused, and kept with a warning."""

    title: str
    read: int
    refused: int
    warned: int
    above_limit: bool


@dataclass(frozen=True)
class RuleFindings:
    """The failures of one rule: how many, and the first places as (file, row; None for the whole file)."""

    rule_id: str
    severity: Severity
    table: str
    columns: tuple[str, ...]
    message: str
    remedy: str
    count: int
    places: tuple[tuple[str, int | None], ...]


@dataclass(frozen=True)
class ValidationReport:
    """What is right and wrong with one return; `rules` are the broken ones, worst first."""

    return_id: str
    title: str
    year: int
    reference_date: date
    files: tuple[str, ...]
    tables: tuple[TableRows, ...]
    rules: tuple[RuleFindings, ...]
    rules_run: int
    notes: tuple[str, ...]
    findings: pl.DataFrame

    @property
    def usable(self) -> bool:
        """Whether no table has more refused rows than a return may have."""
        return not any(table.above_limit for table in self.tables)

    def to_csv(self) -> bytes:
        """Every finding with its rule's message and remedy, safe to open in a spreadsheet."""
        texts = pl.DataFrame(
            {
                "rule_id": [rule.rule_id for rule in self.rules],
                "message": [rule.message for rule in self.rules],
                "remedy": [rule.remedy for rule in self.rules],
            },
            schema={"rule_id": pl.String, "message": pl.String, "remedy": pl.String},
        )
        listed = self.findings.join(texts, on="rule_id", how="left", maintain_order="left")
        return csv_bytes(listed.to_pandas(use_pyarrow_extension_array=True))

    def to_html(self) -> str:
        """One self-contained, accessible page: worst first, each rule with its remedy and places."""
        from jsna_pipeline.report.html import environment, style_sheet  # as in `to_csv`

        errors, warnings = (
            [rule for rule in self.rules if rule.severity is severity]
            for severity in (Severity.ERROR, Severity.WARNING)
        )
        return (
            environment()
            .get_template("validation.html.j2")
            .render(
                report=self,
                verdict=verdict(self),
                groups=[("Refused rows", "refused", errors), ("Warnings", "warnings", warnings)],
                by_file=rows_by_file,
                css=style_sheet("tokens.css", "screen.css"),
                limit=REFUSED_LIMIT,
                shown=PLACES_SHOWN,
            )
        )

    def summary_lines(self) -> list[str]:
        """The report for a terminal: a line a table, then a line a broken rule."""
        lines = [f"{self.title}, {self.year}: {verdict(self)}"]
        lines += [
            f"  {table.title}: {table.read:,} rows read, {table.refused:,} refused, {table.warned:,} with a warning"
            for table in self.tables
        ]
        lines += [
            f"  {rule.severity} {rule.rule_id}, {rule.count:,} ×, first at {place(rule.places[0])}: {rule.message}"
            for rule in self.rules
        ]
        return lines + [f"  note: {note}" for note in self.notes]


def validation_report(
    checked: Checked,
    record: Return,
    year: int,
    reference_date: date,
    notes: Iterable[str] = (),
    files: Iterable[str] = (),
) -> ValidationReport:
    """The report on `checked`; `files` names what was read, by default the files with a finding."""
    named = tuple(files) or tuple(checked.findings[FILE].unique().drop_nulls().sort())
    return ValidationReport(
        return_id=record.id,
        title=record.title,
        year=year,
        reference_date=reference_date,
        files=named,
        tables=tuple(_rows(checked, record, name) for name in checked.rows_read),
        rules=_broken_rules(checked, record),
        rules_run=len(checked.rules),
        notes=tuple(notes),
        findings=checked.findings,
    )


def write_report(folder: Path, name: str, report: ValidationReport) -> list[Path]:
    """`<name>.html` and `<name>.csv` of the report in `folder`, readable by their owner alone."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    page, table = folder / f"{name}.html", folder / f"{name}.csv"
    write_private(page, report.to_html().encode("utf-8"))
    write_private(table, report.to_csv())
    return [page, table]


def verdict(report: ValidationReport) -> str:
    """One sentence on whether the return can be used."""
    refused, read = (sum(getattr(table, name) for table in report.tables) for name in ("refused", "read"))
    if not report.usable:
        above = ", ".join(table.title for table in report.tables if table.above_limit)
        return f"It cannot be used: more than {REFUSED_LIMIT:.0%} of the rows are refused in {above}."
    if refused:
        return f"It can be used without the {refused:,} refused of {read:,} rows."
    return f"It can be used; no row of {read:,} is refused."


def place(found: tuple[str, int | None]) -> str:
    """A place in words."""
    file, row = found
    return f"{file}, the whole file" if row is None else f"{file}, row {row}"


def rows_by_file(rule: RuleFindings) -> list[tuple[str, list[int | None]]]:
    """The places of a rule, a file at a time."""
    return [(file, [row for _, row in found]) for file, found in groupby(rule.places, key=lambda found: found[0])]


def _rows(checked: Checked, record: Return, name: str) -> TableRows:
    own = checked.findings.filter((pl.col("table") == name) & pl.col(ROW).is_not_null())
    refused = own.filter(pl.col("severity") == Severity.ERROR).select(FILE, ROW).unique()
    warned = own.select(FILE, ROW).unique().join(refused, on=[FILE, ROW], how="anti").height
    return TableRows(
        record.tables[name].title,
        checked.rows_read[name],
        checked.rows_refused[name],
        warned,
        name in checked.above_limit,
    )


def _broken_rules(checked: Checked, record: Return) -> tuple[RuleFindings, ...]:
    rules = {rule.id: rule for rule in checked.rules}
    grouped = checked.findings.group_by("rule_id", maintain_order=True).agg(
        pl.len().alias("count"), pl.col(FILE).head(PLACES_SHOWN), pl.col(ROW).head(PLACES_SHOWN)
    )
    found = [
        _of_rule(rules[row["rule_id"]], record, row["count"], tuple(zip(row[FILE], row[ROW], strict=True)))
        for row in grouped.iter_rows(named=True)
    ]
    return tuple(sorted(found, key=lambda rule: (rule.severity is not Severity.ERROR, -rule.count, rule.rule_id)))


def _of_rule(rule: Rule, record: Return, count: int, places: tuple[tuple[str, int | None], ...]) -> RuleFindings:
    """A rule's findings, its columns by the first name that they have in files."""
    columns = record.tables[rule.table].columns
    names = tuple(columns[name].names[0] if columns[name].names else name for name in rule.columns)
    return RuleFindings(
        rule.id, rule.severity, record.tables[rule.table].title, names, rule.message, rule.remedy, count, places
    )
