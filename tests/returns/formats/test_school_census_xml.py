"""The school census as XML: what nests under a pupil, what only looks like it, and which school it is."""

from __future__ import annotations

from pathlib import Path

import pytest

from jsna_pipeline.catalogue.returns import returns
from jsna_pipeline.returns.delivered import DeliveredFile
from jsna_pipeline.returns.formats import school_census_xml
from jsna_pipeline.returns.raw import RawReturn

PUPIL = """<PupilOnRoll>
  <PupilIdentifiers><UPN>A1</UPN><Surname>S</Surname><DOB>2012-01-02</DOB><Sex>M</Sex></PupilIdentifiers>
  <PupilCharacteristics><Ethnicity>WBRI</Ethnicity>
    <APprovisionDetails><APprovisionDetail><URN>999999</URN><EntryDate>2024-09-09</EntryDate></APprovisionDetail>
    </APprovisionDetails></PupilCharacteristics>
  <PupilStatus><EnrolStatus>C</EnrolStatus><EntryDate>2020-09-01</EntryDate></PupilStatus>
  <SpecialEducationalNeeds><SENprovision>E</SENprovision>
    <SENneeds><SENneed><SENtypeRank>1</SENtypeRank><SENtype>ASD</SENtype></SENneed>
      <SENneed><SENtypeRank>2</SENtypeRank><SENtype>SLCN</SENtype></SENneed></SENneeds>
    <SENunitIndicator>0</SENunitIndicator></SpecialEducationalNeeds>
  <Exclusions><TermlyExclusion><Category>SUSP</Category><Reasons><Reason>PP</Reason><Reason>DB</Reason></Reasons>
    <StartDate>2024-10-01</StartDate><Sessions>4</Sessions><SENprovision>K</SENprovision></TermlyExclusion></Exclusions>
  <HomeInformation><Address><PostCode>WN1 1AA</PostCode></Address></HomeInformation>
  <Attendance>
    <TermlyAttendance><SessionsPossible>120</SessionsPossible><SessionDetails>
      <SessionDetail><AttendanceReason>I</AttendanceReason><AbsenceSessions>6</AbsenceSessions></SessionDetail>
    </SessionDetails></TermlyAttendance>
    <SummerHalfTerm2Attendance><SessionsPossible>60</SessionsPossible><SessionDetails>
      <SessionDetail><AttendanceReason>U</AttendanceReason><AbsenceSessions>60</AbsenceSessions></SessionDetail>
    </SessionDetails></SummerHalfTerm2Attendance></Attendance></PupilOnRoll>"""


def school(source: str) -> str:
    left = PUPIL.replace("PupilOnRoll", "PupilNoLongerOnRoll")
    return (
        f"<Message><Header><CollectionDetails><Collection>SC</Collection><Term>SPR</Term><Year>2025</Year>"
        f"</CollectionDetails><Source><LEA>359</LEA>{source}</Source></Header><School><SchoolName>x</SchoolName></School>"
        f"<Pupils><PupilsOnRoll>{PUPIL}</PupilsOnRoll><PupilsNoLongerOnRoll>{left}</PupilsNoLongerOnRoll></Pupils>"
        f"</Message>"
    )


@pytest.fixture
def census(tmp_path: Path) -> RawReturn:
    """Two schools, one that gives its URN and one that gives only its establishment number."""
    files = []
    for name, source in {"a.xml": "<Estab>4001</Estab><URN>100001</URN>", "b.xml": "<Estab>4002</Estab>"}.items():
        (tmp_path / name).write_text(school(source))
        files.append(DeliveredFile(tmp_path / name, name))
    return school_census_xml.read(files, returns()["school_census"], 2025)


def test_a_pupil_has_the_school_of_the_header_and_nothing_of_other_modules(census: RawReturn) -> None:
    pupils = census.tables["pupil"].collect()
    assert pupils.select("pupil_key", "school", "entry_date", "sen_provision", "sessions_possible").rows() == [
        ("1", "100001", "2020-09-01", "E", "120"),
        ("2", "4002", "2020-09-01", "E", "120"),
    ]
    assert census.header == {
        "Collection": "SC", "Term": "SPR", "Year": "2025", "LEA": "359", "Estab": "4001", "URN": "100001"
    }  # fmt: skip
    assert census.notes == (
        "Elements of <PupilOnRoll> that are not in the catalogue and are not used: "
        "APprovisionDetail, SummerHalfTerm2Attendance.",
    )


def test_needs_absence_addresses_and_exclusions_are_rows_under_their_pupil(census: RawReturn) -> None:
    rows = {name: frame.collect() for name, frame in census.tables.items()}
    assert rows["need"].select("pupil_key", "need", "need_rank").rows() == [
        ("1", "ASD", "1"), ("1", "SLCN", "2"), ("2", "ASD", "1"), ("2", "SLCN", "2")
    ]  # fmt: skip
    assert rows["session"].select("pupil_key", "reason", "sessions").rows() == [("1", "I", "6"), ("2", "I", "6")]
    assert rows["address"].select("pupil_key", "postcode").rows() == [("1", "WN1 1AA"), ("2", "WN1 1AA")]
    wanted = ["pupil_key", "category", "sessions", "reason_1", "reason_2", "reason_3", "sen_provision"]
    assert rows["exclusion"].select(wanted).row(0) == ("1", "SUSP", "4", "PP", "DB", None, "K")
