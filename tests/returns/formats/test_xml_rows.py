"""Elements become rows with true parents, whatever the file does; what is hostile is refused, what is odd is noted."""

from __future__ import annotations

from pathlib import Path
from xml.sax.saxutils import escape

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jsna_pipeline.catalogue.returns import returns
from jsna_pipeline.errors import InputError
from jsna_pipeline.returns.delivered import DeliveredFile
from jsna_pipeline.returns.formats import sen2_xml, xml_rows
from jsna_pipeline.returns.raw import RawReturn

CANARY = "Q4NARY"
PERSON = f"<Person><Surname>{CANARY}</Surname></Person>"


def read(tmp_path: Path, *texts: str | bytes) -> RawReturn:
    """One SEN2 return of as many files as there are texts."""
    files = []
    for number, text in enumerate(texts, 1):
        path = tmp_path / f"{number}.xml"
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        files.append(DeliveredFile(path, path.name))
    return sen2_xml.read(files, returns()["sen2"], 2025)


def message(persons: str, header: str = "") -> str:
    return f"<Message><Header>{header}</Header><Persons>{persons}</Persons></Message>"


WORKED = message(
    """
    <Person><!-- first --><Surname> Zoë </Surname><sex>F</sex><Ethnicity/><PostCode>   </PostCode>
      <Requests><ReceivedDate>2024-01-02</ReceivedDate>
        <Assessment><AssessmentOutcome>Y</AssessmentOutcome>
          <NamedPlan><StartDate>2024-05-06</StartDate>
            <PlanDetail><URN>100001</URN></PlanDetail><PlanDetail><URN>100002</URN></PlanDetail></NamedPlan>
        </Assessment>
        <ActivePlans><SENneed><SENtype>ASD</SENtype></SENneed></ActivePlans></Requests>
      <Requests><ReceivedDate>2024-03-04</ReceivedDate></Requests></Person>
    <Person source="x"><GenderCurrent>1</GenderCurrent><Requests><Assessment/>
      <ActivePlans><SENneed><SENtype><![CDATA[MLD]]></SENtype></SENneed></ActivePlans></Requests></Person>""",
    "<CollectionDetails><Collection>SEN2</Collection><Year>2025</Year></CollectionDetails>"
    "<Source><LEA>359</LEA><SoftwareCode>x</SoftwareCode></Source>",
)


def test_a_worked_return(tmp_path: Path) -> None:
    raw = read(tmp_path, WORKED)
    rows = {name: frame.collect() for name, frame in raw.tables.items()}
    assert raw.header == {"Collection": "SEN2", "Year": "2025", "LEA": "359"}
    person = rows["person"].select("person_key", "surname", "sex", "ethnicity", "postcode", "file", "row")
    assert person.rows() == [("1", "Zoë", "F", None, None, "1.xml", 1), ("2", None, "1", None, None, "1.xml", 2)]
    assert rows["request"].select("request_key", "person_key", "received_date", "row").rows() == [
        ("1", "1", "2024-01-02", 1),
        ("2", "1", "2024-03-04", 2),
        ("3", "2", None, 3),
    ]
    assert rows["plan_detail"].select("named_plan_key", "urn").rows() == [("1", "100001"), ("1", "100002")]
    assert rows["active_plan"].select("active_plan_key", "request_key").rows() == [("1", "1"), ("2", "3")]
    assert rows["need"].select("active_plan_key", "need").rows() == [("1", "ASD"), ("2", "MLD")]
    assert raw.notes == ("1.xml: <Assessment> 2 is empty and is not read.",)
    for name, table in returns()["sen2"].tables.items():
        assert rows[name].columns == [*table.columns, "file", "row"]


def test_keys_are_counted_through_all_files_and_rows_through_each(tmp_path: Path) -> None:
    rows = read(tmp_path, WORKED, WORKED).tables["request"].collect()
    assert rows["request_key"].to_list() == ["1", "2", "3", "4", "5", "6"]
    assert rows["person_key"].to_list() == ["1", "1", "2", "3", "3", "4"]
    assert rows["row"].to_list() == [1, 2, 3, 1, 2, 3]
    assert rows["file"].to_list() == ["1.xml"] * 3 + ["2.xml"] * 3


def test_a_namespace_changes_nothing(tmp_path: Path) -> None:
    plain, named = read(tmp_path, WORKED), read(tmp_path, WORKED.replace("<Message>", "<Message xmlns='urn:dfe'>", 1))
    prefixed = WORKED.replace("<Person>", "<d:Person xmlns:d='urn:x'>").replace("<Person ", "<d:Person xmlns:d='u' ")
    for other in (named, read(tmp_path, prefixed.replace("</Person>", "</d:Person>"))):
        for name, frame in plain.tables.items():
            assert frame.collect().equals(other.tables[name].collect()), name


TEXT = st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "Zs"]), min_size=1, max_size=5).map(str.strip)
NEEDS = st.lists(TEXT, max_size=3)
REQUESTS = st.lists(st.tuples(TEXT, st.lists(NEEDS, max_size=2)), max_size=3)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(persons=st.lists(st.tuples(TEXT, REQUESTS), min_size=1, max_size=5))
def test_every_value_comes_back_under_its_own_parents(
    persons: list[tuple[str, list[tuple[str, list[list[str]]]]]], tmp_path: Path
) -> None:
    """Joined on their keys, the tables give back each path of the tree, and nothing else."""
    text, paths = "", []
    for who, (surname, requests) in enumerate(persons):
        text += f"<Person><Surname>{who}:{escape(surname)}</Surname>"
        for received, plans in requests:
            text += f"<Requests><ReceivedDate>{escape(received)}</ReceivedDate>"
            for needs in plans:
                text += "<ActivePlans><PB>x</PB>"
                text += "".join(f"<SENneed><SENtype>n{escape(need)}</SENtype></SENneed>" for need in needs)
                text += "</ActivePlans>"
                paths += [(f"{who}:{surname}".strip(), received or None, f"n{need}") for need in needs]
            text += "</Requests>"
        text += "</Person>"
    tables = {name: frame.drop("file", "row") for name, frame in read(tmp_path, message(text)).tables.items()}
    joined = (
        tables["need"]
        .join(tables["active_plan"], on="active_plan_key", validate="m:1")
        .join(tables["request"], on="request_key", validate="m:1")
        .join(tables["person"], on="person_key", validate="m:1")
        .select("surname", "received_date", "need")
        .collect()
    )
    assert sorted(joined.rows(), key=str) == sorted(paths, key=str)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(place=st.integers(0, len(WORKED)), gone=st.integers(0, 40), put=st.binary(max_size=12))
def test_a_damaged_file_is_read_or_refused_and_nothing_else(place: int, gone: int, put: bytes, tmp_path: Path) -> None:
    data = WORKED.encode()
    try:
        read(tmp_path, data[:place] + put + data[place + gone :])
    except InputError as refused:
        assert str(refused).startswith("1.xml")


BILLION = "".join(f"<!ENTITY b{n} '{f'&b{n - 1};' * 10}'>" for n in range(1, 10))
DOCUMENT_TYPES = {
    "bomb": f"<!DOCTYPE Message [<!ENTITY b0 'ha'>{BILLION}]>",
    "bomb in an attribute": f"<!DOCTYPE Message [<!ENTITY b0 'ha'>{BILLION}<!ATTLIST Message a CDATA '&b9;'>]>",
    "file": "<!DOCTYPE Message [<!ENTITY b9 SYSTEM 'file:///etc/hostname'>]>",
    "parameter entity": "<!DOCTYPE Message [<!ENTITY % p SYSTEM 'file:///etc/hostname'>%p;<!ENTITY b9 'x'>]>",
    "outside type": "<!DOCTYPE Message SYSTEM 'http://example.invalid/b.dtd'>",
    "after a long comment": f"<!-- {'x' * 5000} --><!DOCTYPE Message>",
    "long": "<!DOCTYPE Message [" + "<!ELEMENT Message ANY>" * 100_000,
}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
@pytest.mark.parametrize("kind", DOCUMENT_TYPES)
def test_a_document_type_is_refused_whatever_it_declares(kind: str, encoding: str, tmp_path: Path) -> None:
    text = DOCUMENT_TYPES[kind] + message("<Person><Surname>&b9;</Surname></Person>")
    with pytest.raises(InputError, match=r"^1\.xml: has a document type declaration"):
        read(tmp_path, text.encode(encoding))


MALFORMED = {
    "cut short": (f"<Message>\n<Persons>\n{PERSON}", 3),
    "crossed": (f"<Message>\n<Persons><Person><Surname>{CANARY}</Person></Persons></Message>", 2),
    "unknown entity": (f"<Message>\n<Persons><Person><Surname>&{CANARY};</Surname></Person></Persons></Message>", 2),
    "not utf-8": (f"<Message>\n\n<Persons><Person><Surname>{CANARY}ë</Surname>".encode("cp1252"), 3),
    "control character": (f"<Message><Persons><Person><Surname>{CANARY}\x01", 1),
    "two roots": (message(PERSON) + f"\n<{CANARY}/>", 2),
    "no xml": (f"UPN,Surname\n{CANARY},{CANARY}\n", 1),
    "deep": ("<Message>" + f"<{CANARY}>" * 5000, 1),
}


@pytest.mark.parametrize("kind", MALFORMED)
def test_malformed_xml_is_refused_at_its_line_without_its_words(kind: str, tmp_path: Path) -> None:
    text, line = MALFORMED[kind]
    with pytest.raises(InputError, match=rf"^1\.xml, line {line}: not well-formed XML") as refused:
        read(tmp_path, text)
    assert CANARY not in str(refused.value)
    assert refused.value.__suppress_context__


def test_the_xml_of_another_return_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"^1\.xml: no <Person> in it; check that it is the XML of the return 'SEN2"):
        read(tmp_path, "<Message><Children><Child/></Children></Message>")


@pytest.mark.parametrize(
    "persons",
    ["<Person>" + "<Requests><ReceivedDate>2024-01-01</ReceivedDate></Requests>" * 4_000, "<Junk/>" * 40_000],
    ids=["one person", "no person"],
)
def test_what_never_closes_a_record_is_refused(persons: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xml_rows, "MAX_RECORD", 2**17)
    monkeypatch.setattr(xml_rows, "MIB", 2**17)
    with pytest.raises(InputError, match="1 MiB without a whole <Person>"):
        read(tmp_path, f"<Message><Persons>{persons}")


def test_the_tree_never_holds_more_than_one_record(tmp_path: Path) -> None:
    path = tmp_path / "sen2.xml"
    path.write_text(message((PERSON + "<Junk/>") * 5_000, "<Year>2025</Year>"))
    closed = xml_rows._closed_elements(DeliveredFile(path, "sen2.xml"), ("Person", "Header"))
    held = [sum(1 for _ in element.getroottree().iter("Person")) for element in closed if element.tag == "Person"]
    # What the parser has read ahead of the row is at most one piece of the file.
    assert len(held) == 5_000
    assert max(held) <= xml_rows.PIECE // len(PERSON)
    assert held[-1] <= 2


def test_what_is_odd_is_noted_by_its_place_and_never_by_its_words(tmp_path: Path) -> None:
    raw = read(
        tmp_path,
        message(
            f"<Person><Surname>A</Surname>{CANARY}<Surname>{CANARY}</Surname><Favourite>{CANARY}</Favourite>"
            f"<Requests><PB>{CANARY}</PB></Requests></Person>",
            "<Year>2025</Year>",
        ),
        message(PERSON, "<Year>2024</Year>"),
    )
    assert raw.tables["person"].collect()["surname"].to_list() == ["A", CANARY]
    assert raw.header == {"Year": "2025"}
    assert raw.notes == (
        "1.xml: <Person> 1 has one more <Surname> than it can have; the first is read.",
        "1.xml: text outside the elements of <Person> in <Person> 1 is not read; correct the return at its source.",
        "2.xml: its header has another Year than the files before it.",
        "Elements of <Person> that are not in the catalogue and are not used: Favourite.",
        "Elements of <Requests> that are not in the catalogue and are not used: PB.",
    )


def test_a_thousand_faults_do_not_fill_the_report(tmp_path: Path) -> None:
    notes = read(tmp_path, message("<Person><Surname>A</Surname>stray</Person>" * 1000)).notes
    assert len(notes) == xml_rows.PLACES_NAMED + 1
    assert notes[-1] == "980 more places like these are not listed."
