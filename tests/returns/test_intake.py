"""The intake: what a file says of children is counted, and nothing that names one of them comes out."""

from __future__ import annotations

import datetime
import logging
import traceback
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from jsna_pipeline.catalogue.returns import ColumnKind, returns
from jsna_pipeline.errors import BuildError, InputError, JsnaError
from jsna_pipeline.linking import Pseudonyms
from jsna_pipeline.returns import intake as module
from jsna_pipeline.returns.delivered import delivered_files
from jsna_pipeline.returns.intake import AreaIntake, Intake, take_in, take_in_area
from jsna_pipeline.returns.small_areas import SmallAreas
from jsna_pipeline.returns.store import RecordStore
from tests.returns.canaries import (
    BIRTH_DATES,
    FORENAMES,
    MALFORMED_UPN,
    POSTCODES,
    SURNAMES,
    ULNS,
    UPNS,
    assert_none_in,
    planted,
)

EDITION, AREA = "2025", "wigan"
KEY = bytes.fromhex("8f1d33a2c4e07b5916fa0d6b2c98e1740ab3d5577ce2914f68b00e3d1a96c5f2")

# The second child's record has a pupil number where a school's should stand, and a name in a code's place.
SEN2 = f"""<?xml version="1.0" encoding="UTF-8"?>
<Message><Header><CollectionDetails><Collection>SEN2</Collection><Year>2025</Year>
<ReferenceDate>2025-01-16</ReferenceDate></CollectionDetails><Source><SourceLevel>L</SourceLevel><LEA>359</LEA></Source></Header>
<Persons>
<Person><Surname>{SURNAMES[0]}</Surname><Forename>{FORENAMES[0]}</Forename><PersonBirthDate>{BIRTH_DATES[0]}</PersonBirthDate>
<Sex>F</Sex><Ethnicity>WBRI</Ethnicity><PostCode>{POSTCODES[0]}</PostCode><UPN>{UPNS[0]}</UPN><UniqueLearnerNumber>{ULNS[0]}</UniqueLearnerNumber>
<Requests><ReceivedDate>2023-01-10</ReceivedDate><RequestSource>2</RequestSource><RYA>0</RYA>
<RequestOutcomeDate>2023-02-01</RequestOutcomeDate><RequestOutcome>Y</RequestOutcome>
<ActivePlans><LastReview>2024-06-01</LastReview>
<PlacementDetail><URN>100001</URN><PlacementRank>1</PlacementRank><EntryDate>2023-09-01</EntryDate></PlacementDetail>
<SENneed><SENtype>ASD</SENtype><SENtypeRank>1</SENtypeRank></SENneed></ActivePlans></Requests></Person>
<Person><Surname>{SURNAMES[1]}</Surname><Forename>{FORENAMES[1]}</Forename><PersonBirthDate>{BIRTH_DATES[1]}</PersonBirthDate>
<Sex>{SURNAMES[1]}</Sex><Ethnicity>WBRI</Ethnicity><PostCode>{POSTCODES[1].lower()}</PostCode><UPN>{MALFORMED_UPN}</UPN>
<Requests><ReceivedDate>2024-01-10</ReceivedDate><RequestSource>2</RequestSource><RYA>0</RYA><RequestOutcome>A</RequestOutcome>
<ActivePlans><PlacementDetail><URN>{UPNS[1]}</URN><PlacementRank>1</PlacementRank></PlacementDetail>
<SENneed><SENtype>MLD</SENtype><SENtypeRank>1</SENtypeRank></SENneed></ActivePlans></Requests></Person>
</Persons></Message>
"""
THERAPIES = f"""upn,uln,birth_date,sex,postcode,service,referral_date,first_contact_date,source
,{ULNS[0]},{BIRTH_DATES[0]},F,{POSTCODES[0]},speech_and_language,2024-03-01,,school
{UPNS[1]},,07/02/2014,M,{POSTCODES[1].replace(" ", "")},physiotherapy,2024-04-01,2024-05-01,{FORENAMES[1]}
"""
SMALL_AREAS = (
    f"postcode,ward_code,ward,locality\n{POSTCODES[0]},E05000001,Abram,Leigh\nWN1 1AA,E05000002,Ashton,Wigan\n"
)
PROVIDERS = f"""upn,birth_date,provider,provider_kind,commissioner,start_date,days_per_week,sen_provision
{UPNS[0]},{BIRTH_DATES[0]},{POSTCODES[0]},other,school,2024-09-02,3,E
{UPNS[1]},{BIRTH_DATES[1]},Oak House,other,school,2024-09-02,3,E
"""
FILES = {
    "sen2/sen2.xml": SEN2,
    "therapies/therapies.csv": THERAPIES,
    "small_areas/small_areas.csv": SMALL_AREAS,
    "alternative_provision/ap.csv": PROVIDERS,
}


def deliver(root: Path, files: dict[str, str]) -> Path:
    """`files` by `<return>/<file>` in the folder of the area; returns the folder that holds the editions."""
    for name, text in files.items():
        path = root / EDITION / AREA / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return root


def taken(root: Path, pseudonyms: Pseudonyms | None = None) -> AreaIntake:
    return take_in_area(root, EDITION, AREA, pseudonyms=pseudonyms or Pseudonyms(KEY))


@pytest.fixture
def area(tmp_path: Path) -> AreaIntake:
    return taken(deliver(tmp_path / "returns", FILES))


def test_nothing_planted_is_in_the_store_the_findings_the_notes_or_the_log(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    with caplog.at_level(logging.DEBUG):
        root = deliver(tmp_path / "returns", FILES)
        pseudonyms = Pseudonyms(KEY)
        area = taken(root, pseudonyms)
        store = RecordStore(tmp_path / "store")
        store.keep(area, pseudonyms, datetime.date(2025, 11, 1))
    printed = "".join(capfd.readouterr())
    findings = pl.concat([intake.findings for intake in area.intakes.values()])
    assert findings.height >= 3, "the planted faults were not found, so the search proves nothing"
    objects = [area, *area.intakes.values(), pseudonyms, store]
    findings.write_csv(tmp_path / "findings.csv")
    assert_none_in(store.root, tmp_path / "findings.csv", *area.notes, repr(objects), caplog.text + printed)
    # The search itself sees what is delivered.
    with pytest.raises(AssertionError, match=r"a UPN(.|\n)*a postcode"):
        assert_none_in(root)
    texts = [column for table in area.records.values() for column in table.get_columns() if column.dtype == pl.String]
    assert not {text for column in texts for text in column.drop_nulls()} & set(planted())


def test_what_is_kept_of_a_person(area: AreaIntake) -> None:
    """The worked example of the record-table contract."""
    person = area.records["sen2_person"]
    assert person.columns == [
        *("person", "linked_by", "person_key", "sex", "ethnicity", "upn_unknown", "birth_month"),
        *("ward_code", "ward", "locality"),
    ]
    assert person["birth_month"].to_list() == [datetime.date(2011, 8, 1), datetime.date(2014, 2, 1)]
    assert person["ward"].to_list() == ["Abram", None]
    assert person["linked_by"].to_list() == ["upn", "none"]  # a number with a wrong check letter links nothing
    assert person["person_key"].dtype == pl.Int64 and person["sex"].to_list() == ["F", None]
    assert area.records["sen2_placement"]["urn"].to_list() == ["100001", None]
    assert area.records["alternative_provision_row"]["provider"].to_list() == [None, "Oak House"]
    assert area.records["therapies_row"]["source"].to_list() == ["school", None]
    assert "postcode" not in area.records["small_areas_row"].columns


def test_persons_are_followed_through_tables_and_returns(area: AreaIntake) -> None:
    (person, unknown) = area.records["sen2_person"]["person"]
    need = area.records["sen2_need"].join(area.records["sen2_active_plan"], on="active_plan_key", suffix="_of_plan")
    assert unknown is None and need["person"].to_list() == need["person_of_plan"].to_list() == [person, None]
    assert area.records["sen2_need"]["linked_by"].to_list() == ["upn", "none"]
    # Known to therapies by learner number alone, and to SEN2 by both numbers.
    assert (
        area.records["therapies_row"]["person"][0] == person == area.records["alternative_provision_row"]["person"][0]
    )
    assert area.records["therapies_row"]["linked_by"].to_list() == ["uln", "upn"]


def test_no_row_is_lost_and_what_is_read_is_accounted_for(area: AreaIntake) -> None:
    for intake in area.intakes.values():
        record = returns()[intake.return_id]
        for name, read in intake.rows_read.items():
            assert area.records[record.record_table(name)].height == read - intake.rows_refused[name]
    assert area.intakes["sen2"].rows_read["person"] == 2
    assert (area.intakes["sen2"].year, area.intakes["sen2"].reference_date) == (2025, datetime.date(2025, 1, 16))
    assert area.intakes["therapies"].reference_date is None


def test_the_intake_says_what_could_not_be_linked_placed_or_kept(area: AreaIntake) -> None:
    notes = "\n".join(area.notes)
    assert "sen2: 50.0 % of rows in sen2_person have neither a pupil nor a learner number to link by." in notes
    assert "table person: 50.0 % of postcodes are not in the lookup" in notes
    assert "1 cells of column 'provider' have the shape" in notes
    assert "Numbers of persons known by two numbers and joined: 1." in notes


def test_under_one_key_editions_are_linked_and_without_a_key_they_are_not(tmp_path: Path) -> None:
    root = deliver(tmp_path, {"sen2/sen2.xml": SEN2})

    def person(pseudonyms: Pseudonyms) -> str:
        return taken(root, pseudonyms).records["sen2_person"]["person"][0]

    assert person(Pseudonyms(KEY)) == person(Pseudonyms(KEY)) != person(Pseudonyms())
    # The therapies of this edition know the learner number alone; the SEN2 of the last one knew both.
    earlier = taken(root).aliases
    therapies = deliver(tmp_path / "next", {"therapies/t.csv": THERAPIES, "sen2/sen2.xml": SEN2.replace(ULNS[0], "")})
    alone, joined = (
        take_in_area(therapies, EDITION, AREA, pseudonyms=Pseudonyms(KEY), earlier_aliases=known)
        for known in ([], [earlier])
    )
    of_person = joined.records["sen2_person"]["person"][0]
    assert alone.records["therapies_row"]["person"][0] != of_person == joined.records["therapies_row"]["person"][0]


# --- what breaks --------------------------------------------------------------------------------------


def refusal(run: Callable[[], object], caplog: pytest.LogCaptureFixture) -> JsnaError:
    """The error that `run` stops with, after a search of everything that it carries to a log or event."""
    with caplog.at_level(logging.DEBUG), pytest.raises(JsnaError) as caught:
        run()
    error = caught.value
    assert error.__cause__ is None and error.__context__ is None, "an earlier error, values and all, hangs on this one"
    assert_none_in(str(error), repr(error), "".join(traceback.format_exception(error)), caplog.text)
    return error


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("sen2/sen2.xml", SEN2.replace("</Surname>", "", 1)),
        ("sen2/sen2.xml", SEN2.replace("<Surname>", "<Surname &amp;>", 1)),
        ("sen2/sen2.xml", SEN2.partition("<Requests>")[0]),  # cut short
        ("sen2/sen2.csv", "\n".join(f"{surname},{upn}" for surname, upn in zip(SURNAMES, UPNS, strict=True))),
        ("therapies/t.csv", THERAPIES.split("\n", 1)[1]),  # a child's details where the heading should be
        ("therapies/t.csv", THERAPIES + f"{UPNS[0]},{ULNS[0]},{SURNAMES[0]},,,,,,,,,,,,,,,\n"),
        ("therapies/t.csv", THERAPIES + f'"{SURNAMES[0]},{UPNS[0]}\n'),
        ("therapies/t.csv", THERAPIES.replace("speech_and_language", SURNAMES[0]).replace("physiotherapy", UPNS[0])),
        ("therapies/t.csv", THERAPIES.replace("2024-03-01", BIRTH_DATES[0] + "x").replace("2024-04-01", ULNS[0])),
        ("small_areas/s.csv", SMALL_AREAS + f"{POSTCODES[0].lower()},E05000002,Ashton,Wigan\n"),
    ],
)
def test_a_broken_file_is_refused_in_one_sentence_without_a_value(
    name: str, text: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    files = {key: value for key, value in FILES.items() if key.split("/")[0] != name.split("/")[0]}
    error = refusal(lambda: taken(deliver(tmp_path, files | {name: text})), caplog)
    assert isinstance(error, InputError)


@pytest.mark.parametrize("step", ["typed", "check", "identify", "formats.reader", "SmallAreas.place"])
@pytest.mark.parametrize("kind", [ValueError, KeyError, pl.exceptions.ComputeError, pl.exceptions.PanicException])
def test_what_nobody_foresaw_carries_no_value_whatever_the_step(
    step: str,
    kind: type[BaseException],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def broken(*_: object, **__: object) -> object:
        try:
            raise LookupError(SURNAMES[0])
        except LookupError as first:
            raise kind(f"conversion of {UPNS[0]} born {BIRTH_DATES[0]} failed") from first

    owner, _, name = f"jsna_pipeline.returns.intake.{step}".rpartition(".")
    monkeypatch.setattr(f"{owner}.{name}", broken)
    root = deliver(tmp_path, FILES)
    error = refusal(lambda: taken(root), caplog)
    assert type(error) is BuildError and f"{kind.__name__} in test_intake.py" in str(error)


def test_folders_that_are_no_returns_are_refused_by_their_nearest_name(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such folder"):
        taken(tmp_path)
    root = deliver(tmp_path, FILES)
    (root / EDITION / AREA / ".cache").mkdir()
    (root / EDITION / AREA / "Therapy").mkdir()
    with pytest.raises(InputError, match="'Therapy' is named after no return; did you mean 'therapies'"):
        taken(root)


def test_a_local_build_needs_sen2_and_nothing_else(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="a local build needs the SEN2 return"):
        taken(deliver(tmp_path / "without", {"therapies/t.csv": THERAPIES}))
    alone = taken(deliver(tmp_path / "alone", {"sen2/sen2.xml": SEN2}))
    assert alone.records["sen2_person"]["ward"].is_null().all()
    assert "nothing is known by ward" in "\n".join(alone.notes)


def test_two_formats_of_one_return_are_not_read_as_two_returns(tmp_path: Path) -> None:
    root = deliver(tmp_path, FILES | {"sen2/person.csv": "persontableid,surname\n1,a\n"})
    with pytest.raises(InputError, match="different formats"):
        taken(root)


def test_an_empty_folder_is_said_to_be_empty(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="therapies: the folder is empty"):
        take_in(returns()["therapies"], [], edition_year=2025, pseudonyms=Pseudonyms(), small_areas=SmallAreas.none())


def test_one_return_can_be_taken_in_by_itself(tmp_path: Path) -> None:
    root = deliver(tmp_path, {"therapies/t.csv": THERAPIES})
    files = delivered_files(root / EDITION / AREA / "therapies")
    intake: Intake = take_in(
        returns()["therapies"], files, edition_year=2025, pseudonyms=Pseudonyms(KEY), small_areas=SmallAreas.none()
    )
    assert list(intake.records) == ["therapies_row"] and intake.year == 2025


# --- the catalogue ------------------------------------------------------------------------------------


def test_every_return_of_the_catalogue_can_be_made_into_records() -> None:
    """One invented row a table through the last step: no identifying column survives, whatever the layout."""
    never = {
        ColumnKind.UPN,
        ColumnKind.ULN,
        ColumnKind.LOCAL_ID,
        ColumnKind.NAME,
        ColumnKind.BIRTH_DATE,
        ColumnKind.POSTCODE,
    }
    for record in returns().values():
        made = module._RecordTables(record, 2025, Pseudonyms(KEY), SmallAreas.none())
        for name, layout in record.tables.items():
            row = {
                column: pl.Series([datetime.date(2011, 8, 23)])
                if entry.kind in {ColumnKind.BIRTH_DATE, ColumnKind.DATE}
                else pl.Series([None], dtype=pl.Boolean)
                if entry.kind is ColumnKind.FLAG
                else pl.Series([UPNS[0] if entry.kind in never else "1"])
                for column, entry in layout.columns.items()
            }
            made.add(name, pl.DataFrame(row))
            table = made.tables[name]
            kept = {column for column, entry in layout.columns.items() if entry.kind not in never}
            assert table.height == 1 and {"person", "linked_by"} <= set(table.columns), (record.id, name)
            extra = {"person", "linked_by", "birth_month", "ward_code", "ward", "locality"}
            assert kept <= set(table.columns) <= kept | extra, (record.id, name)
            assert_none_in(str(table.to_dicts()).replace("2011, 8, 23", ""))
