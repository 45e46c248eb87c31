"""The SEN2 person-level return as XML, the file that an authority uploads to COLLECT.

Here: nothing but the choice of the engine, since the catalogue says it all. Not here: the engine
(`xml_rows.py`) or the CSV modules of the same return (`collect_csv.py`).

    Message/Persons/Person/Requests/Assessment/NamedPlan/PlanDetail
                                   /ActivePlans/PlacementDetail, SENneed

Follows https://www.gov.uk/guidance/special-educational-needs-survey (guide for the current collection).
"""

from __future__ import annotations

from collections.abc import Sequence

from jsna_pipeline.catalogue.returns import Return
from jsna_pipeline.returns.delivered import DeliveredFile
from jsna_pipeline.returns.formats.xml_rows import read_xml
from jsna_pipeline.returns.raw import RawReturn


def read(files: Sequence[DeliveredFile], record: Return, year: int) -> RawReturn:
    """Persons, requests, assessments, plans, placements and needs of one return; see `xml_rows.read_xml`."""
    return read_xml(files, record)
