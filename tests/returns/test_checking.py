"""A return that was checked holds only rows that keep their rules, and says what it left out."""

from __future__ import annotations

import traceback
from dataclasses import replace
from datetime import date

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jsna_pipeline.catalogue.returns import returns
from jsna_pipeline.errors import InputError
from jsna_pipeline.returns import checking
from jsna_pipeline.returns.checking import FINDINGS, check
from jsna_pipeline.returns.raw import RawReturn
from jsna_pipeline.returns.rules.base import Severity
from jsna_pipeline.returns.typed import typed
from tests.returns.rules.examples import Rows, changed, checked, frame
from tests.returns.rules.test_sen2 import DAY, GOOD, YEAR

RECORD = returns()["sen2"]
CANARY = "ZQX7"


def persons(count: int, *, bad: int = 0) -> Rows:
    good = [{"person_key": str(n), "surname": "A", "forename": "B", "birth_date": "2012-05-01", "sex": "M",
             "ethnicity": "WBRI", "upn_unknown": "UN1"} for n in range(count)]  # fmt: skip
    return {"person": [row | ({"birth_date": CANARY} if n < bad else {}) for n, row in enumerate(good)]}


def typed_tables(rows: Rows) -> dict[str, pl.LazyFrame]:
    raw = RawReturn({name: frame(RECORD, name, given) for name, given in rows.items()}, {}, ())
    return typed(raw, RECORD, YEAR)


def test_a_good_return_is_kept_whole_and_fits_its_model() -> None:
    made = check(typed_tables(GOOD), RECORD, YEAR, DAY)
    assert made.rows_read == {name: len(rows) for name, rows in GOOD.items()}
    assert sum(made.rows_refused.values()) == 0
    for name, table in made.tables.items():
        assert table.collect_schema().names() == [*RECORD.tables[name].columns, "file", "row"]
        assert table.collect()["row"].to_list() == list(range(2, 2 + len(GOOD[name])))


def test_findings_hold_places_and_no_cell() -> None:
    made = checked("sen2", persons(5, bad=2), YEAR, DAY)
    assert dict(made.findings.schema) == FINDINGS
    assert made.findings.rows() == [
        ("sen2.person.birth_date.unreadable", "error", "sen2", "person", "return.csv", row, "birth_date")
        for row in (2, 3)
    ]
    assert CANARY not in repr(made) + str(made.findings.to_dicts())


def test_a_fifth_of_refused_rows_is_borne_and_one_more_is_not() -> None:
    made = check(typed_tables(persons(10, bad=2)), RECORD, YEAR, DAY)
    assert made.tables["person"].collect().height == 8
    with pytest.raises(
        InputError, match=r"return\.csv: 3 of 10 rows of “Person details”.*row 2.*birth_date"
    ) as refused:
        check(typed_tables(persons(10, bad=3)), RECORD, YEAR, DAY)
    assert CANARY not in "".join(traceback.format_exception(refused.value))


def test_a_return_larger_than_any_area_is_refused_before_it_is_held(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checking, "MOST_ROWS", 9)
    assert check(typed_tables(persons(9)), RECORD, YEAR, DAY).rows_read == {"person": 9}
    with pytest.raises(InputError, match=r"has 10 rows, more than the 9 .*; deliver the return of the area alone\.$"):
        check(typed_tables(persons(10)), RECORD, YEAR, DAY)


def test_a_rule_is_left_out_where_its_other_table_is_absent() -> None:
    alone = {"need": [{"need_key": "1", "active_plan_key": "1", "need": "ASD", "need_rank": "1"}]}
    assert checked("sen2", alone, YEAR, DAY).findings.is_empty()


def test_an_empty_table_is_in_order() -> None:
    made = check(typed_tables({"person": [], "request": []}), RECORD, YEAR, DAY)
    assert made.rows_read == {"person": 0, "request": 0}
    assert made.findings.is_empty()


def test_the_gate_stops_what_the_rules_let_through(monkeypatch: pytest.MonkeyPatch) -> None:
    """Were the mask to miss a row, the model would not, and its error would say nothing of the child."""
    examine = checking.examine

    def forgetful(tables: dict[str, pl.LazyFrame], *rest: object) -> checking.Checked:
        made = examine(tables, *rest)  # type: ignore[arg-type]
        bad = made.tables["person"].with_columns(birth_date=pl.lit(date(1991, 2, 3)), sex=pl.lit(CANARY))
        return replace(made, tables=made.tables | {"person": bad})

    monkeypatch.setattr(checking, "examine", forgetful)
    with pytest.raises(InputError, match=r"sen2_person: .*sex in its list.*SEN2-P01") as refused:
        check(typed_tables(GOOD), RECORD, YEAR, DAY)
    told = "".join(traceback.format_exception(refused.value))
    assert CANARY not in told and "1991" not in told
    assert refused.value.__cause__ is None and refused.value.__context__ is None


def test_the_gate_cannot_be_switched_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PANDERA_VALIDATION_ENABLED", "False")
    with pytest.raises(InputError, match="PANDERA_VALIDATION_ENABLED"):
        check(typed_tables(GOOD), RECORD, YEAR, DAY)


CELLS = st.sampled_from(
    [None, "1", "2", "3", "2012-05-01", "2024-01-05", "2031-01-01", "Y", "A", "ASD", "?", "WN1 1AA"]
)


@settings(max_examples=8)  # each builds and runs every rule of the return
@given(st.data())
def test_whatever_the_cells_rows_are_kept_or_refused_and_the_rest_satisfies_the_model(data: st.DataObject) -> None:
    """The model is built from the same rules: no cell may slip between mask and gate."""
    changes = [
        (table, row, {column: data.draw(CELLS)})
        for table in ("person", "request", "active_plan", "need")
        for row, column in [(0, data.draw(st.sampled_from(sorted(RECORD.tables[table].columns))))]
    ]
    rows = changed(GOOD, *changes)
    made = checking.examine(typed_tables(rows), RECORD, YEAR, DAY)
    for name, table in made.tables.items():
        model = checking.record_model(RECORD, name, made.rules, YEAR)
        kept = checking.validate_records(table, model, name=name).collect()
        assert kept.height + made.rows_refused[name] == made.rows_read[name]
    errors = made.findings.filter(pl.col("severity") == Severity.ERROR).select("table", "file", "row").unique()
    assert errors.height == sum(made.rows_refused.values())
