"""The children in need census as XML, the file that an authority uploads to COLLECT.

Here: nothing but the choice of the engine, since the catalogue says it all. Not here: the engine
(`xml_rows.py`).

    Message/Children/Child/ChildCharacteristics/Disabilities/Disability
                          /CINdetails/Assessments/FactorsIdentifiedAtAssessment/AssessmentFactors
                                     /CINPlanDates, Section47, ChildProtectionPlans

Follows https://www.gov.uk/guidance/children-in-need-census and the schema of the collection.
"""

from __future__ import annotations

from collections.abc import Sequence

from jsna_pipeline.catalogue.returns import Return
from jsna_pipeline.returns.delivered import DeliveredFile
from jsna_pipeline.returns.formats.xml_rows import read_xml
from jsna_pipeline.returns.raw import RawReturn


def read(files: Sequence[DeliveredFile], record: Return, year: int) -> RawReturn:
    """Children, disabilities, episodes and what happened in them; see `xml_rows.read_xml`."""
    return read_xml(files, record)
