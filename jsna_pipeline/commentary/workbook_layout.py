"""How a contributor's workbook is laid out, known to the one who writes it and the one who reads it back.

Here: labels, sheets and sizes. Not here: writing (`workbook_export.py`) or reading (`workbook_import.py`).

Each sheet has labels in column A and their content in column B, so that a row inserted by hand moves nothing
out of reach.
"""

from __future__ import annotations

FORM = "JSNA commentary, form 1"
COVER = "Read me"

FORM_LABEL = "Form"
AREA_LABEL = "Area"
EDITION_LABEL = "Edition"
FOR_LABEL = "For"

CHAPTER_LABEL = "Chapter"
AUTHOR_LABEL = "Author"
ROLE_LABEL = "Role"
DATE_LABEL = "Date of the words"
WRITTEN_FOR_LABEL = "Words written for edition"
CONFIRMED_LABEL = "Confirmed for this edition (yes or no)"
SAYS_LABEL = "What the data say"
WORDS_LABEL = "Your words"
FIGURES_LABEL = "Figures to use"

WORD_CELLS = 16  # paragraphs; the last takes what is left
MOST_ROWS = 600
MOST_SHEETS = 60
LONGEST_CELL = 32_000  # a cell of Excel holds 32,767 characters
