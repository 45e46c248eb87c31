"""Rules that every record of a local return keeps, and the lists that it must name."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from datetime import date

import pytest
from pydantic import ValidationError

from jsna_pipeline.catalogue.returns import (
    IDENTIFIERS,
    ColumnKind,
    Return,
    ReturnColumn,
    ReturnTable,
    code_lists,
    returns,
)

STATUTORY = {"sen2", "school_census"}
# Templates by what finds the same child in another return: three identifiers, a birth date alone, or nothing.
OF_PERSONS = {
    "therapies",
    "autism_adhd_pathway",
    "camhs",
    "continuing_care",
    "section_23_notifications",
    "dynamic_support_register",
    "early_help",
    "short_breaks",
    "elective_home_education",
    "children_missing_education",
    "education_otherwise",
    "part_time_timetables",
    "alternative_provision",
    "exclusions_by_reason",
    "youth_justice",
    "participation_tracking",
    "tribunals_and_mediation",
    "high_needs_spend",
    "transport",
}
OF_NO_ONE = {"complaints", "special_place_capacity", "small_areas", "establishments"}
TEMPLATES = OF_PERSONS | OF_NO_ONE | {"sendiass"}
DISCLOSURE = {"education", "nhs", "social_care", "money", "open"}
PERSONAL = IDENTIFIERS | {ColumnKind.NAME, ColumnKind.BIRTH_DATE}
WORD = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")


def tables() -> Iterator[tuple[Return, ReturnTable]]:
    yield from ((record, table) for record in returns().values() for table in record.tables.values())


def columns() -> Iterator[tuple[str, Return, ReturnColumn]]:
    """Every column of the catalogue with its full name, for a message that says where."""
    for record in returns().values():
        for table_id, table in record.tables.items():
            yield from ((f"{record.id}.{table_id}.{name}", record, entry) for name, entry in table.columns.items())


def test_every_return_that_an_area_can_bring_is_here() -> None:
    assert returns().keys() >= STATUTORY
    assert {record.id for record in returns().values() if record.kind == "template"} == TEMPLATES


@pytest.mark.parametrize("return_id", sorted(TEMPLATES))
def test_a_template_asks_for_the_identifiers_that_join_it_and_for_no_name(return_id: str) -> None:
    record = returns()[return_id]
    assert list(record.tables) == ["row"] and record.formats == ("template_csv",)
    asked = Counter(column.kind for column in record.tables["row"].columns.values() if column.kind in PERSONAL)
    if return_id in OF_PERSONS:
        assert asked == {ColumnKind.UPN: 1, ColumnKind.ULN: 1, ColumnKind.BIRTH_DATE: 1}
    else:
        assert asked == ({ColumnKind.BIRTH_DATE: 1} if return_id == "sendiass" else {})


def test_only_a_statutory_return_may_carry_names() -> None:
    for name, record, column in columns():
        assert column.kind is not ColumnKind.NAME or record.kind != "template", name


def test_no_column_invites_free_text() -> None:
    free = re.compile(r"(?<![a-z])(notes?|comments?|description|details?|free|text|narrative|remarks?)(?![a-z])")
    for name, _, column in columns():
        if column.kind in (ColumnKind.ROW_KEY, ColumnKind.PARENT_KEY):
            continue  # a number, named after its table
        assert not free.search(name.rsplit(".", 1)[1]) and not free.search(column.title.casefold()), name


def test_a_label_names_a_place_or_a_period_and_never_a_person() -> None:
    labels = {name.rsplit(".", 1)[1] for name, record, column in columns() if column.kind is ColumnKind.LABEL}
    places = {"provider", "establishment", "locality", "ward_code", "ward", "name", "type", "phase", "la_code"}
    assert labels <= places | {"financial_year", "language"}, "a new label must be shown to hold no child's name"


def test_sentences_end_and_names_do_not() -> None:
    for record in returns().values():
        for sentence in (record.description, record.purpose, *record.caveats):
            assert re.fullmatch(r"[A-Z].*\.", sentence), (record.id, sentence)
        for phrase in (record.title, record.basis, record.controller):
            assert re.fullmatch(r"[A-Z].*[^.\s]", phrase), (record.id, phrase)
        assert record.caveats, f"{record.id} does not say what it cannot see"
    for record, table in tables():
        assert re.fullmatch(r"[A-Z].*[^.\s]", table.title) and not table.one_row_per.endswith("."), record.id
    for name, _, column in columns():
        assert re.fullmatch(r"[A-Z].*[^.\s]", column.title), name
        assert all(re.fullmatch(r"\S.*[^.\s]|\S", code.label) for code in column.codes.values()), name


def test_names_and_codes_of_templates_are_plain_lower_case_words() -> None:
    for name, record, column in columns():
        assert WORD.fullmatch(name.rsplit(".", 1)[1]), name
        if record.kind == "template":
            assert not [code for code in column.codes if not WORD.fullmatch(code)], name


def test_every_code_list_exists_and_has_codes_in_every_year_of_the_returns() -> None:
    for name, _, column in columns():
        assert column.code_list is None or column.code_list in code_lists(), name
        if column.kind is ColumnKind.CODE:
            for year in range(column.since or 2024, 2027):
                assert column.allowed(year), (name, year)


def test_one_spelling_means_one_column_of_a_table() -> None:
    for record, table in tables():
        spellings = Counter()
        for name, column in table.columns.items():
            spellings.update({name.casefold(), *(spelling.casefold() for spelling in column.names)})
        assert not [spelling for spelling, times in spellings.items() if times > 1], (record.id, table.title)


def test_figures_of_patients_keep_the_stricter_rule_of_the_nhs() -> None:
    for record in returns().values():
        assert record.disclosure in DISCLOSURE, record.id
        assert (record.population == "registered_patients") == (record.disclosure == "nhs"), record.id
        open_to_all = record.disclosure == "open"
        assert not open_to_all or not [
            column for table in record.tables.values() for column in table.columns.values() if column.kind in PERSONAL
        ], f"{record.id} holds persons and cannot be open"


def test_a_measured_number_has_its_unit_and_bounds_are_in_order() -> None:
    for name, _, column in columns():
        assert column.kind is not ColumnKind.AMOUNT or column.unit, name
        if column.minimum is not None and column.maximum is not None:
            assert column.minimum < column.maximum, name


def test_the_day_of_a_census_is_the_third_thursday_of_january() -> None:
    assert returns()["sen2"].reference_date(2025) == date(2025, 1, 16)
    assert returns()["sen2"].reference_date(2026) == date(2026, 1, 15)
    assert returns()["therapies"].reference_date(2025) is None


def test_a_code_column_without_codes_is_refused() -> None:
    record = returns()["therapies"].model_dump()
    record["tables"]["row"]["columns"]["source"]["codes"] = {}
    with pytest.raises(ValidationError, match=r"row\.source: codes belong to a column of kind 'code'"):
        Return.model_validate(record)
