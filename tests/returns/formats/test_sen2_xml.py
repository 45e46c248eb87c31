"""The tree of the SEN2 return as its guide has it: each of its elements is a column or a row of the catalogue."""

from __future__ import annotations

from pathlib import Path

from jsna_pipeline.catalogue.returns import ColumnKind, returns
from jsna_pipeline.returns.delivered import DeliveredFile
from jsna_pipeline.returns.formats import sen2_xml

# Modules of the return and their elements, from the guide to the collections of 2023 to 2026.
MODULES = {
    "Person": "Surname Forename PersonBirthDate Sex Ethnicity PostCode UPN UniqueLearnerNumber UPNunknown",
    "Requests": "ReceivedDate RequestSource RYA RequestOutcomeDate RequestOutcome RequestMediation RequestTribunal "
    "Exported",
    "Assessment": "AssessmentOutcome AssessmentOutcomeDate AssessmentMediation AssessmentTribunal OtherMediation "
    "OtherTribunal Week20",
    "NamedPlan": "StartDate PlanRes PlanWBP PB OA DP CeaseDate CeaseReason",
    "PlanDetail": "URN UKPRN SENsetting PlacementRank SENunitIndicator ResourcedProvisionIndicator",
    "ActivePlans": "TransferLA ReviewMeeting ReviewOutcome LastReview ReviewDraft PhaseTransferDueDate "
    "PhaseTransferFinalDate",
    "PlacementDetail": "URN UKPRN SENsetting PlacementRank EntryDate LeavingDate SENunitIndicator "
    "ResourcedProvisionIndicator RES WBP",
    "SENneed": "SENtype SENtypeRank",
}
CLOSING = {
    "Person": "<Requests>{Requests}<Assessment>{Assessment}<NamedPlan>{NamedPlan}<PlanDetail>{PlanDetail}</PlanDetail>"
    "</NamedPlan></Assessment><ActivePlans>{ActivePlans}<PlacementDetail>{PlacementDetail}</PlacementDetail>"
    "<SENneed>{SENneed}</SENneed></ActivePlans></Requests>"
}


def test_every_element_of_the_guide_is_read_into_its_column(tmp_path: Path) -> None:
    leaves = {
        module: "".join(f"<{name}>{name} of {module}</{name}>" for name in names.split())
        for module, names in MODULES.items()
    }
    path = tmp_path / "sen2.xml"
    person = f"<Person>{leaves['Person']}{CLOSING['Person'].format(**leaves)}</Person>"
    path.write_text(f"<Message><Persons>{person}</Persons></Message>")
    record = returns()["sen2"]
    raw = sen2_xml.read([DeliveredFile(path, "sen2.xml")], record, 2025)
    assert raw.notes == ()
    for name, table in record.tables.items():
        (row,) = raw.tables[name].collect().to_dicts()
        keys = set(table.of_kind(ColumnKind.ROW_KEY, ColumnKind.PARENT_KEY)) | {"file", "row"}
        read = {str(value) for column, value in row.items() if column not in keys}
        assert read == {f"{element} of {table.element}" for element in MODULES[table.element].split()}
        assert {row[key] for key in keys if key.endswith("_key")} == {"1"}
