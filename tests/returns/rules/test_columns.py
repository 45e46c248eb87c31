"""The rules that a column has by its declaration: what breaks them, and what it costs the row."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jsna_pipeline.catalogue.returns import returns
from jsna_pipeline.returns.rules import rules_of
from jsna_pipeline.returns.rules.base import has_repeats
from jsna_pipeline.returns.rules.columns import malformed_postcode, malformed_uln, malformed_upn
from tests.returns.rules.examples import TEMPORARY_UPN, UPN, Change, changed, checked, places
from tests.returns.rules.test_sen2 import DAY, GOOD, YEAR

REFUSED, BLANK, LISTED = "refused", "blank", "listed"
BROKEN: list[tuple[str, Change, str]] = [
    ("person.surname.blank", ("person", 0, {"surname": None}), LISTED),
    ("person.birth_date.blank", ("person", 0, {"birth_date": None}), REFUSED),
    ("person.birth_date.unreadable", ("person", 0, {"birth_date": "2012-13-01"}), REFUSED),
    ("person.birth_date.before_1990", ("person", 0, {"birth_date": "1989-12-31"}), REFUSED),
    ("person.birth_date.after_reference", ("person", 1, {"birth_date": "2025-01-17"}), REFUSED),
    ("person.sex.not_in_list", ("person", 0, {"sex": "U"}), BLANK),
    ("person.ethnicity.not_in_list", ("person", 0, {"ethnicity": "XXXX"}), BLANK),
    ("person.postcode.malformed", ("person", 0, {"postcode": "WN1"}), BLANK),
    ("person.upn.malformed", ("person", 0, {"upn": "A" + UPN[1:]}), BLANK),
    ("person.uln.malformed", ("person", 0, {"uln": "1234567890"}), BLANK),
    ("person.person_key.blank", ("person", 1, {"person_key": None}), REFUSED),
    ("request.person_key.blank", ("request", 1, {"person_key": None}), REFUSED),
    ("request.person_key.parent_missing", ("request", 1, {"person_key": "9"}), REFUSED),
    ("request.outcome.not_in_list", ("request", 1, {"outcome": "Z"}), REFUSED),
    ("request.tribunal.unreadable", ("request", 1, {"tribunal": "perhaps"}), BLANK),
    ("request.outcome_date.after_reference", ("request", 0, {"outcome_date": "2025-01-17"}), BLANK),
    ("request.received_date.before_birth", ("request", 1, {"received_date": "2021-04-30"}), REFUSED),
    ("placement.leaving_date.unreadable", ("placement", 0, {"leaving_date": "?"}), BLANK),
    ("placement.entry_date.before_birth", ("placement", 0, {"entry_date": "2012-04-30"}), BLANK),
    ("placement.placement_rank.outside_limits", ("placement", 0, {"placement_rank": "10"}), BLANK),
    ("need.need_rank.outside_limits", ("need", 1, {"need_rank": "0"}), REFUSED),
    ("need.need_rank.unreadable", ("need", 1, {"need_rank": "1.5"}), REFUSED),
]


@pytest.mark.parametrize(("rule", "change", "cost"), BROKEN, ids=[rule for rule, _, _ in BROKEN])
def test_each_fault_is_found_and_costs_what_it_should(rule: str, change: Change, cost: str) -> None:
    table, ordinal, cells = change
    found = checked("sen2", changed(GOOD, change), YEAR, DAY)
    assert places(found, f"sen2.{rule}") == [(table, ordinal)]
    kept = found.tables[table].collect().filter(pl.col("row") == ordinal + 2)
    assert kept.height == (0 if cost == REFUSED else 1)
    if cost != REFUSED:
        assert (kept[next(iter(cells))][0] is None) == (cost == BLANK or None in cells.values())


def test_both_rows_of_a_repeated_key_are_refused() -> None:
    found = checked("sen2", changed(GOOD, ("need", 1, {"need_key": "1"})), YEAR, DAY)
    assert places(found, "sen2.need.need_key.repeated") == [("need", 0), ("need", 1)]
    assert found.tables["need"].collect().is_empty()


def test_a_column_not_collected_in_the_year_is_one_finding_a_file() -> None:
    found = checked("sen2", GOOD, 2024, DAY)
    assert places(found, "sen2.request.request_source.not_collected") == [("request", None)]
    assert places(checked("sen2", GOOD, 2025, DAY), "sen2.request.request_source.not_collected") == []


def test_a_code_is_held_against_the_list_of_its_year() -> None:
    female = changed(GOOD, ("person", 0, {"sex": "9"}))
    rule = "sen2.person.sex.not_in_list"
    assert places(checked("sen2", female, 2025, DAY), rule) == [("person", 0)]
    assert places(checked("sen2", female, 2022, DAY), rule) == []


def test_a_foreseen_date_may_lie_after_the_return() -> None:
    due = changed(GOOD, ("active_plan", 0, {"transfer_due": "2025-02-15"}))
    assert checked("sen2", due, YEAR, DAY).findings.is_empty()


@pytest.mark.parametrize(
    ("upn", "wrong"),
    [
        # the example in the documentation of python-stdnum
        ("B801200005001", False),
        ("A801200005001", True),
        (UPN, False),
        (TEMPORARY_UPN, False),
        (UPN[:-1], True),
        (UPN + "1", True),
        (UPN.lower(), True),
        ("I" + UPN[1:], True),
        (UPN[:12] + "S", True),
        ("21db2df8-fa0", True),
    ],
)
def test_form_and_check_letter_of_a_upn(upn: str, wrong: bool) -> None:
    assert pl.select(pl.lit(upn).alias("upn")).select(malformed_upn("upn")).item() is wrong


def test_any_single_wrong_digit_of_a_upn_is_found() -> None:
    wrong = [UPN[:place] + digit + UPN[place + 1 :] for place in range(1, 13) for digit in "0123456789"]
    upns = pl.DataFrame({"upn": [upn for upn in wrong if upn != UPN]})
    assert upns.select(malformed_upn("upn")).to_series().all()


def test_each_upn_of_a_column_is_judged_by_itself() -> None:
    upns = pl.DataFrame({"upn": [UPN, None, "", UPN[:12], TEMPORARY_UPN, "é" + UPN[2:], "A" + UPN[1:], UPN]})
    assert upns.select(malformed_upn("upn")).to_series().to_list() == [False, False] + [True] * 2 + [False] + (
        [True] * 2 + [False]
    )


@given(st.lists(st.none() | st.text("ab", max_size=2)))
def test_no_repeat_goes_without_suspicion(keys: list[str | None]) -> None:
    known = [key for key in keys if key is not None]
    frame = pl.LazyFrame({"key": keys}, schema={"key": pl.String})
    suspected = frame.select(has_repeats("key")).collect(engine="streaming").item()
    assert suspected == (len(set(known)) < len(known))


@pytest.mark.parametrize(
    ("uln", "wrong"),
    [("1000000000", False), ("1234567899", False), ("1234567898", True), ("9876543210", True), ("123456789", True)],
)
def test_form_and_check_digit_of_a_uln(uln: str, wrong: bool) -> None:
    assert pl.DataFrame({"uln": [uln]}).select(malformed_uln("uln")).item() is wrong


@pytest.mark.parametrize(
    ("postcode", "wrong"),
    [("WN1 1AA", False), ("W1A 0AX", False), ("BH12 5BB", False), ("M1 1AE", False), ("WN1 1A", True), (" 1AA", True)],
)
def test_form_of_a_postcode(postcode: str, wrong: bool) -> None:
    assert pl.DataFrame({"p": [postcode]}).select(malformed_postcode("p")).item() is wrong


@pytest.mark.parametrize("return_id", sorted(returns()))
def test_every_rule_has_its_own_id_and_says_what_to_do(return_id: str) -> None:
    rules = rules_of(returns()[return_id], 2025, date(2025, 3, 31))
    assert len({rule.id for rule in rules}) == len(rules)
    for rule in rules:
        assert rule.message.endswith(".") and rule.remedy.endswith("."), rule.id
        assert set(rule.columns) <= set(returns()[return_id].tables[rule.table].columns), rule.id
