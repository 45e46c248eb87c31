"""The report says what is wrong, what to do and where, worst first, and holds no cell of the return."""

from __future__ import annotations

import csv
import io
import re
from html.parser import HTMLParser

import polars as pl

from jsna_pipeline.catalogue.returns import returns
from jsna_pipeline.returns.validation_report import PLACES_SHOWN, ValidationReport, validation_report
from tests.returns.rules.examples import Rows, checked
from tests.returns.rules.test_sen2 import DAY, GOOD, YEAR

FILE = "=cmd <b>.csv"
CANARIES = ("ZQX7", "QQ9 9ZZ", "X999999999999")


def report(rows: Rows, notes: tuple[str, ...] = ()) -> ValidationReport:
    return validation_report(checked("sen2", rows, YEAR, DAY), returns()["sen2"], YEAR, DAY, notes, (FILE,))


def faulty(count: int = 50, bad: int = 30) -> Rows:
    person = GOOD["person"][0] | {"upn": CANARIES[2], "postcode": CANARIES[1]}
    return {
        "person": [
            person | {"person_key": str(n)} | ({"birth_date": CANARIES[0]} if n < bad else {}) for n in range(count)
        ]
    }


def test_rules_stand_worst_first_with_their_first_places() -> None:
    made = report(faulty())
    assert [str(rule.severity) for rule in made.rules] == sorted(str(rule.severity) for rule in made.rules)
    births = next(rule for rule in made.rules if rule.rule_id == "sen2.person.birth_date.unreadable")
    assert births.count == 30 and births.columns == ("PersonBirthDate",)
    assert births.places == tuple(("return.csv", row) for row in range(2, 2 + PLACES_SHOWN))


def test_rows_are_counted_once_as_refused_or_with_a_warning() -> None:
    (table,) = report(faulty(50, 10)).tables
    # the UPN stands in every row: the first of the fifty is kept by that rule, but its birth date is not read
    assert (table.read, table.refused, table.warned) == (50, 50, 0)
    (table,) = report({"person": faulty(1, 0)["person"]}).tables
    assert (table.read, table.refused, table.warned) == (1, 0, 1)


def test_the_csv_has_every_finding_and_nothing_that_a_spreadsheet_runs() -> None:
    made = report(faulty())
    rows = list(csv.DictReader(io.StringIO(made.to_csv().decode())))
    assert len(rows) == made.findings.height > PLACES_SHOWN
    assert all(row["message"] and row["remedy"] for row in rows)
    formula = made.findings.with_columns(file=pl.lit(FILE))
    cells = ValidationReport(**{**made.__dict__, "findings": formula}).to_csv().decode()
    assert f"'{FILE}" in cells and f",{FILE}" not in cells


def test_no_cell_of_the_return_is_in_any_form_of_the_report() -> None:
    made = report(faulty())
    told = made.to_html() + made.to_csv().decode() + "\n".join(made.summary_lines()) + repr(made)
    assert not [canary for canary in CANARIES if canary in told]


class Outline(HTMLParser):
    """Headings, ids, what labels refer to, and what the page would load."""

    def __init__(self) -> None:
        super().__init__()
        self.headings: list[int] = []
        self.ids: list[str] = []
        self.referred: list[str] = []
        self.loaded: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))
        self.ids += [given["id"]] if "id" in given else []
        self.referred += given.get("aria-labelledby", "").split() + [given.get("href", "")[1:]] * ("href" in given)
        self.loaded += [given[name] for name in ("src", "data") if name in given] + (
            ["script"] if tag == "script" else []
        )


def test_the_page_can_be_read_by_ear_and_loads_nothing() -> None:
    page = report(faulty(), notes=("The column <i> is not in the catalogue.",)).to_html()
    outline = Outline()
    outline.feed(page)
    assert page.startswith("<!doctype html>") and '<html lang="en-GB">' in page and "<main" in page
    assert outline.headings[0] == 1 and outline.headings.count(1) == 1
    assert all(after - before <= 1 for before, after in zip(outline.headings, outline.headings[1:], strict=False))
    assert len(set(outline.ids)) == len(outline.ids) and set(outline.referred) <= set(outline.ids)
    assert outline.loaded == [] and "<b>" not in page and "<i>" not in page
    assert "all 30 are in the CSV file" in page and "It cannot be used" in page


def test_a_return_in_order_says_so() -> None:
    made = report(GOOD)
    assert made.usable and made.rules == ()
    assert made.summary_lines()[0].endswith("It can be used; no row of 11 is refused.")
    assert "Refused rows" not in made.to_html()
