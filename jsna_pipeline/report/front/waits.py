"""The longest waits for health care.

Here: NHS figures, said as covering the NHS area or provider that they are about, and the area's own waits, marked
provisional. Not here: waits for a plan (`standards.py`). What is too old to lead is said to be.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from jsna_pipeline.catalogue.local_tables import local_tables
from jsna_pipeline.findings import Facts
from jsna_pipeline.periods import period_end
from jsna_pipeline.report import formatting
from jsna_pipeline.report.front import own_records, words
from jsna_pipeline.report.model import FrontSection, FrontStatement
from jsna_pipeline.report.view import AreaView

HEADING = "Who waits longest for health care?"
AUTISM, OVER_52, OVER_18 = (
    "health_autism_wait_over_13_weeks",
    "health_cyp_waits_over_52_weeks",
    "health_cyp_waits_over_18_weeks",
)
SHORT = {AUTISM: "autism assessment", OVER_52: "community health", OVER_18: "community health"}
OWN = ("autism_waits", "therapy_waits", "camhs_waits")
YEAR = "waiting_over_52_weeks"
NHS = "NHS figure"


def waits(view: AreaView, known: Mapping[str, Facts]) -> FrontSection:
    current = [known[name] for name in _asked(known) if name in known and known[name].is_current]
    said = [words.sentence(one, view.area.name, "neutral", NHS) for one in current]
    longest = _longest_of_own(view)
    old = [known[name] for name in SHORT if name in known and not known[name].is_current]
    if old:
        said.append(_too_old(old))
    if longest:
        said.append(longest)
    if not said:
        text = "No waiting times for this area were supplied, from the NHS or from local services."
        said.append(FrontStatement(text, "unknown", "Not known"))
    return FrontSection(HEADING, "", tuple(said), "waits")


def _asked(known: Mapping[str, Facts]) -> tuple[str, str]:
    """Autism, and the longest wait for community services that any child had."""
    year = known.get(OVER_52)
    return AUTISM, OVER_52 if year is not None and year.value > 0 else OVER_18


def _too_old(old: list[Facts]) -> FrontStatement:
    newest = max(old, key=lambda one: period_end(one.period, one.period_type) or date.min)
    names = formatting.listed(list(dict.fromkeys(SHORT[one.record.id] for one in old)))
    text = (
        f"The newest NHS figures held here on waits for {names} are for {words.when(newest)}, "
        "too old to lead this page."
    )
    return FrontStatement(text, "unknown", "Out of date", newest.record.id)


def _longest_of_own(view: AreaView) -> FrontStatement | None:
    """Of the services that the area's own records follow, the one for which most wait more than a year."""
    found = {table: printed for table in OWN if (printed := own_records.statistics(view, table))}
    told = {table: one for table, one in found.items() if "median" in one or YEAR in one}
    if not told:
        return None
    table = max(told, key=lambda name: (told[name].get(YEAR, 0.0), told[name].get("median", 0.0)))
    printed, units = told[table], local_tables()[table].units
    at = f"the area’s own records, {own_records.when(view, table)}"
    over = f"{formatting.measure(printed[YEAR], 'percent', 0)} waited over a year" if YEAR in printed else ""
    if "median" not in printed:
        key = formatting.measure(printed[YEAR], "percent", 0)
        text = f"{key} of {units} waited over a year ({at})."
    else:
        key = f"{formatting.number(printed['median'])} weeks"
        text = f"{key}: half of {units} waited up to this long{f'; {over}' if over else ''} ({at})."
    return FrontStatement(text, "neutral", own_records.LABEL, own_records.anchor(table), key)
