"""What the edition does not know, counted, in words that a parent understands.

Here: files not supplied, figures too old, trends that cannot be told, measures that nobody publishes. Not here: who
holds each (the chapters), or how good the data are (the chapter on data quality).
"""

from __future__ import annotations

from collections.abc import Mapping

from jsna_pipeline.catalogue.chapters import chapters
from jsna_pipeline.catalogue.indicators import indicators
from jsna_pipeline.findings import Facts
from jsna_pipeline.report import formatting
from jsna_pipeline.report.model import FrontSection, FrontStatement, Statement
from jsna_pipeline.report.view import AreaView
from jsna_pipeline.vocabulary import Direction, Method

HEADING = "What is not known?"
ANCHOR = "data-quality"


def unknowns(view: AreaView, known: Mapping[str, Facts]) -> FrontSection:
    said = (_too_old(known), _no_trend(known), _nobody_publishes(), _no_figure(view, known))
    return FrontSection(HEADING, "", tuple(one for one in said if one), "unknowns")


def _unknown(number: int, label: str, text: str) -> Statement | None:
    return FrontStatement(text, "unknown", label, ANCHOR) if number else None


def _too_old(known: Mapping[str, Facts]) -> Statement | None:
    number = sum(not one.is_current for one in known.values())
    figures = "1 figure is" if number == 1 else f"{formatting.number(number)} figures are"
    return _unknown(number, "Out of date", f"{figures} more than two years old, so none of them is on this page.")


def _no_trend(known: Mapping[str, Facts]) -> Statement | None:
    number = sum(
        one.direction == Direction.CANNOT_BE_CALCULATED and one.record.method in {Method.PROPORTION, Method.RATE}
        for one in known.values()
    )
    measures = formatting.counted(number, "measure")
    return _unknown(
        number, "No trend", f"For {measures} there are too few years to say whether things get better or worse."
    )


def _nobody_publishes() -> Statement | None:
    number = sum(len(chapter.gaps) for chapter in chapters().values())
    things = "1 thing" if number == 1 else f"{formatting.number(number)} things"
    return _unknown(
        number,
        "No public source",
        f"{things} that local plans ask about are not published; chapters say who could tell.",
    )


def _no_figure(view: AreaView, known: Mapping[str, Facts]) -> Statement | None:
    """Files that were not supplied, and measures without a figure for the area."""
    missing = int((view.sources["role"] == "missing").sum())
    absent = len(indicators()) - len(known)
    files = f"; {formatting.counted(missing, 'published file')} not supplied" if missing else ""
    have = "has" if absent == 1 else "have"
    text = f"{absent} of {len(indicators())} measures {have} no figure for {view.area.name}{files}."
    return _unknown(absent + missing, "Not known", text)
