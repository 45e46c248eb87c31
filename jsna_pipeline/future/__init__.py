"""Future need: expected children, population, plans five years ahead with their error, scenarios, places and cost.

Here: pure functions from core tables to the tables of `future/tables.py`. Every forecast carries its interval and the
record of its method (`backtest.py`); sums of parts are taken within each simulation. Not here: Dagster (`assets/`),
reviewed definitions (`catalogue/prevalence/`, `catalogue/scenarios/`, `catalogue/costs/`) or the report
(`report/future/`).

A forecast says what follows if things go on as they have; it is not a target, and no interval here covers a change
of law.
"""
