"""The parts of page one, a module each, and the short words they share.

Here: what each part says of an area. Not here: the order of the parts (`report/front_page.py`), the long sentences of
evidence (`findings.py`) or markup (`chapters/front_page.html.j2`).
"""
