"""The shorthand that stands in a cell of the workbook instead of nothing, as the Analysis Function recommends it.

Here: the marks, their meaning, and which one an absent figure gets. Not here: the notes on whole columns
(`sheets.py`), or the CSV files, where a missing value is blank and its reason is in the column status.
"""

from __future__ import annotations

from collections.abc import Mapping

from jsna_pipeline.future.tables import Standing
from jsna_pipeline.vocabulary import Status

CONFIDENTIAL, NOT_AVAILABLE, NOT_APPLICABLE, LOW, UNRELIABLE = "[c]", "[x]", "[z]", "[low]", "[u]"
MEANINGS: Mapping[str, str] = {
    CONFIDENTIAL: "Confidential: hidden so that no child can be recognised, or hidden by the publisher",
    NOT_AVAILABLE: "Not available: not collected, not published or not given",
    NOT_APPLICABLE: "Not applicable: there is no such figure or text here, for example no interval of a count",
    LOW: "Low: a figure that is not zero but rounds to zero",
    UNRELIABLE: "Low reliability: withheld because it rests on too little",
}
OF_STATUS: Mapping[str, str] = {
    Status.SUPPRESSED.value: CONFIDENTIAL,
    Status.UNAVAILABLE.value: NOT_AVAILABLE,
    Status.NOT_APPLICABLE.value: NOT_APPLICABLE,
    Status.ROUNDS_TO_ZERO.value: LOW,
    Status.LOW_RELIABILITY.value: UNRELIABLE,
    Standing.WITHHELD.value: UNRELIABLE,
}
