"""The school census as XML, one file for each school, as the school's system writes it for COLLECT.

Here: what the census does otherwise than the catalogue says. Not here: the engine (`xml_rows.py`) or the
CSV tables that COLLECT exports of all schools (`collect_csv.py`).

    Message/Pupils/PupilsOnRoll/PupilOnRoll/PupilIdentifiers, PupilCharacteristics, PupilStatus
                                           /SpecialEducationalNeeds/SENneeds/SENneed
                                           /Exclusions/TermlyExclusion
                                           /HomeInformation/…/Address
                                           /Attendance/TermlyAttendance/SessionDetails/SessionDetail

Follows the department's "School census: business and technical specification" (sections 2, 4.3 and 4.4), which
https://www.gov.uk/guidance/complete-the-school-census names.

A pupil has no element for the school, which the header names. Pupils no longer on roll, the second half of
the summer term and places in alternative provision repeat the names of elements and are left aside.
"""

from __future__ import annotations

from collections.abc import Sequence

from jsna_pipeline.catalogue.returns import Return
from jsna_pipeline.returns.delivered import DeliveredFile
from jsna_pipeline.returns.formats.xml_rows import Dialect, read_xml
from jsna_pipeline.returns.raw import RawReturn

CENSUS = Dialect(
    aliases={("TermlyAttendance", "SessionsPossible"): "sessions_possible"},
    from_header={"school": ("URN", "Estab")},
    beside=("PupilNoLongerOnRoll",),
    aside=("SummerHalfTerm2Attendance", "AnnualAttendance", "APprovisionDetail", "LearningAim", "LearnerFAM"),
)


def read(files: Sequence[DeliveredFile], record: Return, year: int) -> RawReturn:
    """Pupils on roll with their needs, addresses, absence and exclusions; see `xml_rows.read_xml`."""
    return read_xml(files, record, CENSUS)
