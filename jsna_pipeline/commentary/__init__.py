"""Commentary by many hands: words that people write beside the figures of a chapter.

Here: reading and writing the Markdown files, figures bound to observations, figures that were typed and
have to agree with the data, safe markup, and the workbooks that carry words to contributors and back. Not
here: how the report prints a commentary (`report/commentary_box.py`), or sentences that the pipeline derives
(`findings.py`).
"""
