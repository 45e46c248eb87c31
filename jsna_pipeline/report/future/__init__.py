"""What the report says of future need: the chapter, its figures and its line on page one.

Here: sentences, tables and figures from the tables of `future/tables.py`, a module for each question. Not here: any
forecast, scenario or cost (`jsna_pipeline/future/`), or how a kind of figure is drawn (`report/charts/`).

Every projected number stands with its range and is said to be expected, never to be certain; an expected need is a
possible unmet need; and no projection is a target.
"""
