"""Which return a file is, told by its content, and a whole report on one that could not be used."""

from __future__ import annotations

import shutil
import zipfile
from pathlib import Path

import pytest

from jsna_pipeline.catalogue.returns import returns
from jsna_pipeline.errors import InputError
from jsna_pipeline.returns.templates import write_template
from jsna_pipeline.returns.trial import trial
from jsna_pipeline.returns.validation_report import verdict
from tests.returns import canaries

THERAPIES = "upn,sex,service,referral_date,first_contact_date,discharge_date,source\n"
REFERRAL = "{upn},M,speech_and_language,2024-09-02,2024-12-02,,school\n"
NEEDS = "pupilonrolltableid,NativeId,senneedstableid,sentyperank,sentype\n"
SEN2 = """<?xml version="1.0" encoding="UTF-8"?>
<Message><Header><CollectionDetails><Collection>SEN2</Collection><Year>2025</Year>
<ReferenceDate>2025-01-16</ReferenceDate></CollectionDetails></Header>
<SEN2><Persons><Person><Surname>{surname}</Surname><PersonBirthDate>2011-08-23</PersonBirthDate>
<Sex>M</Sex><UPN>{upn}</UPN></Person></Persons></SEN2></Message>
"""


def written(folder: Path, name: str, text: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text, "utf-8")
    return folder / name


def told(error: pytest.ExceptionInfo[InputError]) -> str:
    """The sentence of a refusal, once it is certain that neither it nor what led to it holds a cell of the file."""
    whole = f"{error.value!s} {error.value.__cause__!r} {error.value.__context__!r}"
    assert not [text for text in canaries.planted() if text in whole]
    return str(error.value)


# --- told by its content ------------------------------------------------------------------------------


def test_a_template_is_told_by_its_headings_whatever_it_is_called(tmp_path: Path) -> None:
    rows = "".join(REFERRAL.format(upn=upn) for upn in canaries.UPNS)
    report = trial(written(tmp_path, "export 2024 (final).csv", THERAPIES + rows))
    assert (report.return_id, report.year, report.files) == ("therapies", 2024, ("export 2024 (final).csv",))
    assert [(table.read, table.refused) for table in report.tables] == [(2, 0)] and report.usable


@pytest.mark.parametrize("name", [name for name, record in returns().items() if record.kind == "template"])
def test_every_template_that_is_written_is_told_again(name: str, tmp_path: Path) -> None:
    empty = next(path for path in write_template(returns()[name], tmp_path, 2025) if path.name == f"{name}.csv")
    report = trial(empty, year=2025)
    assert report.return_id == name and [table.read for table in report.tables] == [0]


def test_a_message_is_told_by_its_collection_and_says_its_year(tmp_path: Path) -> None:
    message = SEN2.format(surname=canaries.SURNAMES[0], upn=canaries.UPNS[0])
    report = trial(written(tmp_path, "out.xml", message))
    assert (report.return_id, report.year) == ("sen2", 2025) and report.reference_date.isoformat() == "2025-01-16"
    assert next(table.read for table in report.tables) == 1
    # The year that a user gives goes before the one in the file.
    assert trial(tmp_path / "out.xml", year=2024).year == 2024


def test_a_folder_and_a_zip_are_one_return_and_a_single_table_of_several_says_so(tmp_path: Path) -> None:
    school = written(tmp_path / "census", "2025_spring_senneeds.csv", NEEDS + "1,7,3,1,ASD\n")
    alone = trial(school)
    assert (alone.return_id, alone.year) == ("school_census", 2025)
    assert [(table.title, table.read) for table in alone.tables] == [("Types of need", 1)]
    assert alone.notes[0] == "Only the table of types of need was given; rules that need the others were not run."
    with zipfile.ZipFile(tmp_path / "therapies.zip", "w") as packed:
        packed.writestr("a/therapies.csv", THERAPIES + REFERRAL.format(upn=canaries.UPNS[0]))
    folder = written(tmp_path / "extract", "one.csv", THERAPIES + REFERRAL.format(upn=canaries.UPNS[1])).parent
    for place in (tmp_path / "therapies.zip", folder):
        assert trial(place, year=2025).return_id == "therapies"


def test_a_return_that_cannot_be_used_gets_its_whole_report(tmp_path: Path) -> None:
    bad = REFERRAL.format(upn=canaries.MALFORMED_UPN).replace("speech_and_language", canaries.SURNAMES[0])
    report = trial(written(tmp_path, "x.csv", THERAPIES + bad * 30), "therapies", 2025)
    assert not report.usable and verdict(report).startswith("It cannot be used: more than ")
    assert {rule.count for rule in report.rules} >= {30}
    shown = "\n".join(report.summary_lines()) + report.to_html() + report.to_csv().decode()
    assert not [text for text in canaries.planted() if text in shown] and canaries.MALFORMED_UPN not in shown


# --- refused ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("x.csv", "Fruit,Colour\n{upn},red\n", r"x\.csv: its headings are of no table that is read; name the return"),
        ("x.xml", "<Message><Pupil>{upn}</Pupil></Message>", r"x\.xml: no message of a known collection \(SEN2, CIN"),
        (
            "x.xsd",
            '<xs:schema xmlns:xs="x"><!-- <Collection>CIN</Collection> {upn} --></xs:schema>',
            r"x\.xsd: a schema, which describes a return; give the file of the return itself",
        ),
        ("x.pdf", "%PDF-1.7 {upn}", r"x\.pdf"),
    ],
)
def test_what_is_no_return_is_refused_in_a_sentence(tmp_path: Path, name: str, text: str, said: str) -> None:
    with pytest.raises(InputError, match=said) as caught:
        trial(written(tmp_path, name, text.format(upn=canaries.UPNS[0])))
    assert "\n" not in told(caught)


def test_a_missing_column_is_named_where_the_return_is_given(tmp_path: Path) -> None:
    headings = THERAPIES.replace("referral_date,", "")
    rows = f"{canaries.UPNS[0]},M,vision,2024-12-02,,school\n"
    with pytest.raises(InputError, match="referral_date") as caught:
        trial(written(tmp_path, "x.csv", headings + rows), "therapies")
    told(caught)


def test_a_table_of_an_export_that_is_not_used_says_so_even_where_the_return_is_given(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="of no table that is read; leave the file out"):
        trial(written(tmp_path, "x.csv", "Fruit,Colour\npear,green\n"), "school_census")


def test_an_unknown_return_and_an_empty_folder(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(InputError, match="there is no file in it; put the files of one return there"):
        trial(tmp_path / "empty")
    with pytest.raises(InputError, match="There is no return 'terapies'; did you mean 'therapies'"):
        trial(written(tmp_path, "x.csv", THERAPIES), "terapies")


# --- the sample files of real layouts -----------------------------------------------------------------

READ = {
    "annex-a-sen/fake_sen.xlsx": "annex_a",
    "children-in-need-census/BAR_cin_2022.xml": "children_in_need",
    "children-in-need-census/CIN_Census_2024.xml": "children_in_need",
    "children-in-need-census/CIN_Census_2026.xml": "children_in_need",
    "children-in-need-census/fake_CIN_data.xml": "children_in_need",
    "school-census/2024_autumn_pupilonroll.csv": "school_census",
    "school-census/2025_spring_pupilonroll.csv": "school_census",
    "school-census/2025_spring_senneeds.csv": "school_census",
    "school-census/2025_spring_termlyexclusionsonroll.csv": "school_census",
    "school-census/2025_spring_termlysessiondetailsonroll.csv": "school_census",
}
REFUSED = {
    "annex-a-sen/annex a send validation rules.xlsx": "no sheet 'List_1' with the headings",
    "children-in-need-census/CIN_schema_2025.xsd": "a schema, which describes a return",
    "children-in-need-census/CIN_schema_2026.xsd": "a schema, which describes a return",
    "school-census/2025_spring_fsmperiod.csv": "its headings are of no table that is read",
    "school-census/2025_spring_pupilnolongeronroll.csv": "its headings are of no table that is read",
    "school-census/2025_summer_termlyexclusionsoffroll.csv": "its headings are of no table that is read",
}


@pytest.mark.landing
def test_no_sample_file_is_left_untried(landing: Path) -> None:
    folder = landing / "returns"
    found = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert {name for name in found if "/schema/" not in name} == READ.keys() | REFUSED.keys()


@pytest.mark.landing
@pytest.mark.parametrize("name", READ)
def test_a_sample_file_is_the_return_that_it_is(landing: Path, name: str) -> None:
    report = trial(landing / "returns" / name)
    assert report.return_id == READ[name] and sum(table.read for table in report.tables) > 0
    lines = report.summary_lines()
    assert lines[0].startswith(f"{returns()[READ[name]].title}, 20") and verdict(report) in lines[0]
    assert all(rule.message.endswith(".") and rule.remedy for rule in report.rules)


@pytest.mark.landing
@pytest.mark.parametrize("name", REFUSED)
def test_a_sample_file_that_is_no_return_is_refused(landing: Path, name: str) -> None:
    with pytest.raises(InputError, match=REFUSED[name]):
        trial(landing / "returns" / name)


@pytest.mark.landing
def test_an_export_of_several_files_is_one_return(landing: Path, tmp_path: Path) -> None:
    for name in READ:
        if name.startswith("school-census/2025_spring"):
            shutil.copy(landing / "returns" / name, tmp_path)
    report = trial(tmp_path, year=2025)
    assert report.return_id == "school_census" and len(report.files) == 4
    assert {table.title for table in report.tables if table.read} >= {"Pupils on roll", "Types of need"}
