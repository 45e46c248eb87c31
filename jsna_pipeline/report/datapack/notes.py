"""The numbered notes of the workbook, which headings and titles refer to as [note 1].

Here: their words and numbers. Not here: the marks that stand in cells (`shorthand.py`).
"""

from __future__ import annotations

NOTES = (
    "Percentages run from 0 to 100. Values are rounded half up, as their publishers round them. The limits of an "
    "interval are shown with as many decimals; the cell holds more.",
    "An interval of 95% shows how far a figure could lie from the underlying level by chance alone. Groups beside all "
    "others of an area have an interval of 99.8%, because many groups are tested.",
    "A lower rank is better where high or low values are better; elsewhere rank 1 is the highest value.",
    "Own records are counted from the area's returns. They are provisional: compare them neither with other years nor "
    "with other areas.",
    "Figures of the statistical neighbours themselves are in the file data/observations.csv alone.",
)
ROUNDED, INTERVAL, RANKED, PROVISIONAL, NEIGHBOURS = (f"[note {number}]" for number in range(1, len(NOTES) + 1))
