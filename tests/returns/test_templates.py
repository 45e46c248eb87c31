"""Empty templates and their data dictionaries: what a person who fills in a return is given."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html as lxml_html

from jsna_pipeline.catalogue.returns import ColumnKind, Return, returns
from jsna_pipeline.errors import InputError
from jsna_pipeline.returns.templates import (
    HELD,
    POPULATIONS,
    data_dictionary,
    dictionary_csv,
    dictionary_html,
    empty_template,
    write_template,
)
from jsna_pipeline.safe_tables import FORMULA_STARTS

YEAR = 2025


def cells(content: bytes) -> list[list[str]]:
    assert content.startswith(b"\xef\xbb\xbf"), "without the mark a spreadsheet misreads accents"
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def described(**fields: object) -> Return:
    """A return of one table and one coded column, whose texts a test chooses."""
    text = str(fields.get("text", "Plain"))
    column = {"kind": "code", "title": text, "codes": {"one": text}, **fields.get("column", {})}  # type: ignore[dict-item]
    return Return.model_validate(
        {
            **dict.fromkeys(("title", "description", "controller", "basis", "purpose"), text),
            "id": "example",
            "kind": "template",
            "population": "residents",
            "retention_years": 1,
            "disclosure": "education",
            "formats": ["template_csv"],
            "tables": {"row": {"title": text, "one_row_per": text, "columns": {"coded": column}}},
            "caveats": [text],
        }
    )


def test_a_template_is_one_header_line_in_the_order_of_the_catalogue() -> None:
    assert empty_template(returns()["complaints"]) == (
        b"\xef\xbb\xbfreceived_date,stage,subject,closed_date,upheld\r\n"
    )


def test_a_column_is_in_the_template_only_in_the_years_in_which_it_is_collected() -> None:
    sen2 = returns()["sen2"]
    assert "request_source" not in cells(empty_template(sen2, "request", 2024))[0]
    assert "request_source" in cells(empty_template(sen2, "request", 2025))[0]
    assert "request_source" in cells(empty_template(sen2, "request"))[0]


@pytest.mark.parametrize("return_id", sorted(returns()))
def test_template_and_dictionary_tell_of_the_same_columns(return_id: str) -> None:
    record = returns()[return_id]
    head, *rows = cells(dictionary_csv(record, YEAR))
    listed = [(row[head.index("table")], row[head.index("column")]) for row in rows]
    assert listed == [
        (table, name) for table in record.tables for name in cells(empty_template(record, table, YEAR))[0]
    ]
    tree = lxml_html.document_fromstring(dictionary_html(record, YEAR))
    assert [cell.text for cell in tree.findall(".//tbody//th/code")] == [name for _, name in listed]


def test_identifiers_are_said_to_be_kept_only_in_a_form_that_names_no_one() -> None:
    kept = {column.name: column.kept for table in data_dictionary(returns()["sen2"], YEAR) for column in table.columns}
    assert kept["surname"] == kept["forename"] == "never kept"
    assert kept["upn"] == kept["uln"] == "kept only as a keyed pseudonym"
    assert kept["birth_date"] == "kept as month and year of birth"
    assert kept["postcode"] == "kept as ward and locality"
    assert kept["received_date"] == "kept as given"
    lookup = data_dictionary(returns()["small_areas"], YEAR)[0].columns
    assert {column.kept for column in lookup} == {"kept as given"}, "a lookup by postcode needs its postcodes"


def test_every_kind_and_population_of_the_model_has_its_words() -> None:
    assert set(HELD) == set(ColumnKind)
    populations = Return.model_fields["population"].annotation.__args__  # type: ignore[union-attr]
    assert set(POPULATIONS) == set(populations)


def test_bounds_and_codes_are_those_that_hold_in_the_year() -> None:
    columns = {column.name: column for column in data_dictionary(returns()["participation_tracking"], YEAR)[0].columns}
    assert columns["academic_age"].holds == "whole number, from 16 to 25" and columns["academic_age"].required
    breaks = {column.name: column.holds for column in data_dictionary(returns()["short_breaks"], YEAR)[0].columns}
    assert breaks["hours_per_year"] == "number of hours, from 0 to 8784"
    needs = {
        year: dict(data_dictionary(returns()["section_23_notifications"], year)[0].columns[4].codes)
        for year in (2024, 2025)
    }
    assert needs[2025].keys() - needs[2024].keys() == {"DS"}, "Down syndrome has a code of its own since 2025"


@given(st.sampled_from(FORMULA_STARTS), st.text(max_size=8))
@settings(max_examples=25, deadline=None)
def test_no_cell_of_a_dictionary_can_be_run_as_a_formula(start: str, rest: str) -> None:
    record = described(text=start + rest, column={"names": [start + rest]})
    for row in cells(dictionary_csv(record, YEAR)):
        assert not [cell for cell in row if cell.startswith(FORMULA_STARTS)]


def test_the_page_is_whole_accessible_and_inert() -> None:
    hostile = "<script>alert(1)</script>"
    tree = lxml_html.document_fromstring(dictionary_html(described(text=hostile), YEAR))
    assert not tree.findall(".//script") and hostile in tree.findtext(".//h1")
    for record in returns().values():
        tree = lxml_html.document_fromstring(dictionary_html(record, YEAR))
        assert tree.get("lang") == "en-GB" and record.title in tree.findtext(".//title")
        assert not tree.xpath("//script | //img | //link | //iframe | //*[@src] | //*[@style]")
        assert [level.tag for level in tree.xpath("//h1 | //h2")].index("h1") == 0 and len(tree.findall(".//h1")) == 1
        names = tree.xpath("//@id")
        assert len(set(names)) == len(names)
        for table in tree.findall(".//table"):
            assert table.findtext("caption") and not table.xpath(".//th[not(@scope)]")
            region = table.getparent()
            assert region.get("tabindex") == "0" and region.get("aria-labelledby") in names
        for fact in (record.purpose, record.basis, record.controller, f"{record.retention_years} year"):
            assert fact in " ".join(tree.text_content().split()), record.id


def test_the_files_of_a_return_are_written_whole_and_never_over_another(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "therapies"
    paths = write_template(returns()["therapies"], folder, YEAR)
    assert [path.name for path in paths] == [
        "therapies.csv",
        "therapies-dictionary.csv",
        "therapies-dictionary.html",
    ]
    assert sorted(folder.iterdir()) == sorted(paths), "nothing unfinished is left"
    paths[0].write_text("filled")
    paths[1].unlink()
    with pytest.raises(InputError, match=r"therapies\.csv exists already .* choose another folder"):
        write_template(returns()["therapies"], folder, YEAR)
    assert paths[0].read_text() == "filled" and not paths[1].exists(), "refused before anything is written"


def test_a_return_of_several_tables_has_a_file_for_each(tmp_path: Path) -> None:
    names = [path.name for path in write_template(returns()["sen2"], tmp_path, YEAR)]
    assert names[:3] == ["sen2_person.csv", "sen2_requests.csv", "sen2_assessment.csv"]
    assert len(names) == len(returns()["sen2"].tables) + 2


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match="cannot be written"):
        write_template(returns()["camhs"], tmp_path / "file" / "below", YEAR)
