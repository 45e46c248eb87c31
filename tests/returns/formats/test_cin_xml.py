"""The children in need census: the real samples with their faults, and the catalogue against the schemas."""

from __future__ import annotations

from pathlib import Path

import pytest
from lxml import etree

from jsna_pipeline.catalogue.returns import returns
from jsna_pipeline.returns.delivered import DeliveredFile
from jsna_pipeline.returns.formats import cin_xml
from jsna_pipeline.returns.raw import RawReturn

FOLDER = "returns/children-in-need-census"
XS = "{http://www.w3.org/2001/XMLSchema}"
# Left out on purpose: of no use to the assessment, and the more harm if it were lost.
NOT_TAKEN = {"FormerUPN", "ExpectedPersonBirthDate", "PersonDeathDate"}
CODED = {
    "disability.disability": "disabilitytype",
    "episode.referral_source": "referralsourcetype",
    "episode.primary_need": "primaryneedcodetype",
    "episode.closure_reason": "reasonforclosuretype",
    "assessment_factor.factor": "assessmentfactorstype",
    "protection_plan.latest_category": "categoryofabusetype",
    "child.sex": "sextype",
}
# The schemas still list what their own remark calls removed; the department published none for 2025.
REMOVED = {"18A", "19A"}


def read(landing: Path, name: str) -> RawReturn:
    return cin_xml.read([DeliveredFile(landing / FOLDER / name, name)], returns()["children_in_need"], 2025)


@pytest.mark.landing
def test_the_sample_of_2026_with_its_faults(landing: Path) -> None:
    """A stray word, a year that is not its reference date's, and dates to come: noted or left to the rules."""
    raw = read(landing, "CIN_Census_2026.xml")
    rows = {name: frame.collect() for name, frame in raw.tables.items()}
    assert raw.header["Year"] == "2023"
    assert raw.header["ReferenceDate"] == "2024-03-31"
    assert rows["child"].select("child_id", "sex").rows() == [("DfEX0000001", "1"), ("child_fails_assessments", "M")]
    assert rows["disability"].select("child_key", "disability").rows() == [("1", "HAND"), ("1", "HEAR"), ("2", "NONE")]
    assert rows["assessment"]["start_date"].to_list() == ["2028-04-28", "2023-12-25"]
    assert rows["assessment_factor"].select("assessment_key", "factor").rows() == [
        ("1", "1C"),
        ("1", "RB"),
        ("1", "6B"),
    ]
    assert rows["episode"]["conference_date"].to_list() == ["2022-12-06", None]
    assert rows["section_47"]["conference_date"].to_list() == ["2022-06-17"]
    assert rows["protection_review"].select("protection_plan_key", "review_date").rows() == [("1", "2023-02-15")]
    assert "text outside the elements of <ChildIdentifiers> in <Child> 1" in raw.notes[0]
    assert not any("PersonBirthDate" in note for note in raw.notes)


@pytest.mark.landing
def test_the_large_sample_is_read_whole(landing: Path) -> None:
    """Counts taken from the file's text, without a parser."""
    text = (landing / FOLDER / "fake_CIN_data.xml").read_text("utf-8")
    tables = read(landing, "fake_CIN_data.xml").tables
    for name, element in {"child": "<Child>", "episode": "<CINdetails>", "disability": "<Disability>"}.items():
        assert tables[name].collect().height == text.count(element) > 100


@pytest.mark.landing
@pytest.mark.parametrize("year", [2025, 2026])
def test_the_catalogue_has_the_elements_and_codes_of_the_schema(year: int, landing: Path) -> None:
    schema = etree.parse(landing / FOLDER / f"CIN_schema_{year}.xsd")
    children = next(t for t in schema.iter(f"{XS}complexType") if t.get("name") == "childrentype")
    after = [children, *children.itersiblings()]
    leaves = {e.get("name") for part in after for e in part.iter(f"{XS}element") if not _holds_others(e)}
    tables = returns()["children_in_need"].tables
    named = {name for table in tables.values() for column in table.columns.values() for name in column.names}
    assert leaves == (named | NOT_TAKEN) - {"GenderCurrent"}
    for where, kind in CODED.items():
        table, column = where.split(".")
        (listed,) = [t for t in schema.iter(f"{XS}simpleType") if t.get("name") == kind]
        codes = {entry.get("value") for entry in listed.iter(f"{XS}enumeration")} - REMOVED
        assert set(tables[table].columns[column].allowed(year)) == codes, where


def _holds_others(element: etree._Element) -> bool:
    parts = {"childtype", "childidentifierstype", "childcharacteristicstype", "cindetailstype", "assessmentstype",
             "cinplandatesttype", "section47type", "childprotectionplanstype"}  # fmt: skip
    return element.get("type") in parts or element.find(f"{XS}complexType") is not None
