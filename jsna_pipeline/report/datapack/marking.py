"""What every file of the data must say of itself before anything else: for whom it is, and how far it may be trusted.

Here: the markings of a report in words. Not here: where each file puts them, or the marking in the rows of a
restricted audience's tables (`files.py`).
"""

from __future__ import annotations

from jsna_pipeline.report.model import Report

MARKING = "OFFICIAL-SENSITIVE"
RESTRICTED = f"{MARKING}: for named readers alone. Small numbers are not hidden in this copy."
ILLUSTRATIVE = "Illustrative: built from synthetic files, not for use."
DRAFT = "Draft: not yet approved."
UNNAMED = "Not yet named"  # what a report says of an owner or author that nobody has entered


def markings(report: Report) -> tuple[str, ...]:
    """The sentences that mark every file of `report`, the gravest first; none of an approved public one."""
    marked = ((report.restricted, RESTRICTED), (report.illustrative, ILLUSTRATIVE), (report.draft, DRAFT))
    return tuple(sentence for applies, sentence in marked if applies)
