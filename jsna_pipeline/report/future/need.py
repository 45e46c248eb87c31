"""Children expected by prevalence studies beside those who are identified: possible unmet need, and no target.

Here: what is said of each condition, and the table with the study named. Not here: the numbers
(`future/expected.py`), the studies (`catalogue/prevalence/`) or the charts (`figures.py`).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd

from jsna_pipeline.catalogue.prevalence import Prevalence, prevalences
from jsna_pipeline.report import formatting
from jsna_pipeline.report.charts import Figure
from jsna_pipeline.report.future import rows, words
from jsna_pipeline.report.model import Section, Statement, Table
from jsna_pipeline.report.view import AreaView, each_row

ANCHOR, AUTHORITIES = "future-expected", "future-expected-authorities"
NO_TARGET = (
    "An expected number is what a study of other children would find here. The difference may be unmet need, support "
    "without a plan or another definition. It is not a target."
)
SAID = 2  # conditions in sentences


def need_section(view: AreaView, figure: Figure | None) -> Section | None:
    """The section; None where no study was applied to the area."""
    found = conditions(view)
    if not found:
        return None
    return Section(
        section_id=ANCHOR,
        heading="How many children would studies expect, and how many plans name it?",
        statements=tuple(_statements(found)),
        figures=(figure,) if figure else (),
        tables=(_table(view, found),),
        method=(
            "The rate that a study found is multiplied by the residents of its ages. The count beside it is the "
            "published one that comes closest; the range of their ratio holds the error of both."
        ),
        sources=tuple(dict.fromkeys(study_line(row.condition) for row in found)),
        caveats=(NO_TARGET,),
    )


def authorities_section(view: AreaView, figure: Figure | None) -> Section | None:
    """How far authorities differ in one condition, on screen; None where too few have a count."""
    if figure is None:
        return None
    return Section(
        section_id=AUTHORITIES,
        heading="Do authorities identify as many as expected?",
        statements=(Statement(f"{figure.text.title}.", "neutral", "All authorities"),),
        figures=(figure,),
        tables=(),
        method=(
            "The limits are widened by how much authorities usually differ, so that one outside them stands out even "
            "so. They do not show why: need, early help, and how needs are recorded all differ from place to place."
        ),
        sources=(figure.text.source,),
        caveats=(NO_TARGET,),
    )


def conditions(view: AreaView) -> list[Any]:
    """The area's rows, those with the lowest share identified first, those without a count last."""
    found = rows.own(view, "future_expected_need")
    return list(each_row(found.sort_values(["ratio", "condition"], kind="stable", na_position="last")))


def _record(condition: str) -> Prevalence | None:
    return prevalences().get(condition)


def condition_name(condition: str) -> str:
    record = _record(condition)
    return record.name if record else formatting.sentence(condition.replace("_", " "))


def study_name(condition: str) -> str:
    """The study as a sentence names it: its authors or survey, and its year."""
    record = _record(condition)
    return record.study.short if record else "a study"


def study_line(condition: str) -> str:
    record = _record(condition)
    return (
        f"{record.study.authors} ({record.study.year}), {record.study.title}" if record else condition_name(condition)
    )


def _preferred(condition: str) -> bool:
    record = _record(condition)
    return record is None or record.preferred


def compared(found: list[Any]) -> list[Any]:
    """Conditions for which a count is published that comes close, one study each."""
    return [row for row in found if pd.notna(row.ratio) and _preferred(row.condition)]


def _statements(found: list[Any]) -> Iterator[Statement]:
    counted = compared(found)
    low = [row for row in counted if row.ratio_upper < 100]
    for row in low[:SAID]:
        yield Statement(_sentence(row), "unknown", "Possible unmet need")
    for row in [row for row in counted if row not in low][: SAID - len(low[:SAID])]:
        yield Statement(
            _sentence(row), "neutral", "Identified about as expected" if row.ratio_lower <= 100 else "More identified"
        )
    alone = [row for row in found if pd.isna(row.ratio) and _preferred(row.condition)]
    for row in alone[: max(SAID - len(counted), 0)]:
        yield Statement(_sentence(row), "unknown", "No count to compare")


def _sentence(row: Any) -> str:
    """ "Autism, ages 5 to 15: about 806 expected (720 to 900, Study 2021) and 640 identified, 79 of every 100."""
    ages = f"ages {row.age_from} to {row.age_to}"
    expected = f"about {words.about(row.expected)} expected ({words.between(row.lower_95, row.upper_95)})"
    start = f"{condition_name(row.condition)}, {ages}: {expected} by {study_name(row.condition)}"
    record = _record(row.condition)
    if record is not None and record.no_interval:
        start += "; the study gives no range, and this one is chance alone"
    if pd.isna(row.ratio):
        return f"{start}."
    england = "" if pd.isna(row.england_ratio) else f"; England {formatting.number(row.england_ratio)}"
    limits = words.between(row.ratio_lower, row.ratio_upper)
    number = formatting.number(row.identified)
    return (
        f"{start}. {number} {_counted(row)}: {formatting.number(row.ratio)} for every 100 expected ({limits}{england})."
    )


def _counted(row: Any) -> str:
    """What the number identified counts: "of the area’s plans named autism as the first need"."""
    record = _record(row.condition)
    return f"of the area’s plans {record.identified.named}" if record and record.identified else "are identified"


def _table(view: AreaView, found: list[Any]) -> Table:
    return Table(
        table_id="future-expected-table",
        caption=f"Children expected by study and children identified, {view.area.name}",
        columns=(
            "Condition",
            "Ages",
            "Expected",
            "95% range",
            "Identified",
            "For every 100 expected",
            "95% range",
            "England",
            "What was counted",
            "Study",
        ),
        rows=tuple(
            (
                condition_name(row.condition),
                f"{row.age_from} to {row.age_to}",
                words.cell(row.expected),
                words.range_cell(row.lower_95, row.upper_95),
                words.cell(row.identified),
                words.cell(row.ratio),
                words.range_cell(row.ratio_lower, row.ratio_upper),
                words.cell(row.england_ratio),
                row.identified_as or "nothing comparable is published",
                study_name(row.condition),
            )
            for row in found
        ),
        numeric=(False, False, True, True, True, True, True, True, False, False),
        in_pdf=False,
    )
