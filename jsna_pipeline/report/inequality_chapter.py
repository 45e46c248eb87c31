"""The chapter on inequality inside the area: which groups fare unlike the rest, and how much that makes.

Here: sentences and tables from the inequalities table. Not here: computing it (`inequalities.py`) or
comparing the area with others.
"""

from __future__ import annotations

from typing import Any

import pandas as pd

from jsna_pipeline.catalogue.indicators import indicators
from jsna_pipeline.inequalities import CONFIDENCE
from jsna_pipeline.periods import may_be_headline
from jsna_pipeline.report import formatting
from jsna_pipeline.report.model import Chapter, Section, Statement, Table
from jsna_pipeline.report.view import AreaView
from jsna_pipeline.vocabulary import Significance

Row = dict[str, Any]  # one row of the inequalities table
SAID = 5
IN_PDF = 8  # rows of the largest gaps on paper; all are on the page
COLUMNS = ("Measure", "Group", "Period", "Group's value", "The rest", "Gap and 99.8% interval", "Number", "Reading")
NUMERIC = (False, False, False, True, True, True, True, False)
CAUTION = "A difference between groups is a reason to look, not proof of unfairness: their needs may differ."
GAP_MEASURE = "Outcomes by deprivation within the area."
GAP_HOLDER = "Who holds it: the local authority and the integrated care board."
GAP = (
    f"{GAP_MEASURE} No public file gives an outcome by neighbourhood, so nobody can say how children in poorer places "
    f"fare. {GAP_HOLDER} What to ask for: person-level returns with a postcode."
)
# The publisher's names of groups, as a sentence says them; in the order in which they are replaced.
NAMES = (
    ("AP/PRU", "alternative provision"),
    ("FE - UKRLP provider", "further education, other provider"),
    ("FE - ", "further education, "),
    ("NEET", "no education or training"),
    (" by LA", " by the authority"),
    ("LA maintained", "maintained by an authority"),
    (" - total", ", all"),
    (" - ", ", "),
    ("general FE", "general"),
)
DIMENSIONS = {"sen_provision": "SEN stage", "free_meals": "free school meals"}


def inequality_chapter(view: AreaView, number: int) -> Chapter | None:
    """The chapter, or None where no group of the area could be compared in a current period."""
    found = current_groups(view)
    if found.empty:
        return None
    unlike = found.loc[found["significance"] != Significance.SIMILAR.value]
    shown = largest_first(unlike)
    return Chapter(
        chapter_id="inequalities",
        number=number,
        title="Inequalities within the area",
        question="Which children and young people fare unlike the rest?",
        opening=(_leading(shown, view.area.name), _counted(found, unlike), CAUTION),
        sections=(_section(shown),),
        gaps=(Statement(GAP, "unknown", "No public source"),),
        meaning=_meaning(shown),
    )


def _worst(shown: pd.DataFrame) -> list[Row]:
    rows: list[Row] = shown.loc[shown["significance"] == Significance.WORSE.value].to_dict("records")
    return rows


def _leading(shown: pd.DataFrame, area: str) -> str:
    """The gap that touches most, or what was looked at where no group is behind."""
    worst = _worst(shown)
    if not worst:
        return f"In {area} no group that the public files count is tested worse than everybody else."
    row = worst[0]
    return f"{_name(row)} ({group_words(row)}): {_beside(row)}."


def _beside(row: Row) -> str:
    return f"{_percent(row, 'value')} against {_percent(row, 'rest_value')} of the rest"


def _meaning(shown: pd.DataFrame) -> tuple[Statement, ...]:
    """What the widest gap means in children, and what to find out first."""
    said = []
    if worst := _worst(shown):
        row = worst[0]
        more = "fewer" if row["value"] > row["rest_value"] else "more"
        text = (
            f"{formatting.number(abs(row['children']))} {more} of {formatting.number(row['denominator'])}. "
            f"{_name(row)} ({group_words(row)}): {_beside(row)}."
        )
        said.append(Statement(text, "worse", "To match the rest", row["indicator_id"]))
    return (*said, Statement(f"{GAP_MEASURE} {GAP_HOLDER}", "unknown", "First to find out"))


def current_groups(view: AreaView) -> pd.DataFrame:
    """The rows that the chapter is made of: groups of a period more than 24 months old are in the data alone."""
    return view.unequal.loc[[_may_lead(view, row) for row in view.unequal.to_dict("records")]]


def _may_lead(view: AreaView, row: Row) -> bool:
    return may_be_headline(row["period"], indicators()[row["indicator_id"]].period_type, view.cut_off)


def largest_first(unlike: pd.DataFrame) -> pd.DataFrame:
    """By how many it touches; where two groups are all there are, girls and boys, the pair is one gap."""
    ordered = unlike.assign(
        size=unlike["children"].abs(),
        low=unlike[["value", "rest_value"]].min(axis=1),
        high=unlike[["value", "rest_value"]].max(axis=1),
    ).sort_values(["size", "indicator_id", "dimension", "category"], ascending=[False, True, True, True], kind="stable")
    return ordered.drop_duplicates(["indicator_id", "dimension", "low", "high"])


def _counted(found: pd.DataFrame, unlike: pd.DataFrame) -> str:
    by_chance = len(found) * (1 - CONFIDENCE)
    chance = "fewer than one" if by_chance < 1 else f"about {formatting.number(by_chance)}"
    measures = formatting.counted(found["indicator_id"].nunique(), "measure")
    return (
        f"Of {formatting.counted(len(found), 'group')} in {measures}, "
        f"{formatting.number(len(unlike))} fare unlike the rest at 99.8% confidence; chance alone would give {chance}."
    )


def _section(unlike: pd.DataFrame) -> Section:
    worst = unlike.loc[unlike["significance"] == Significance.WORSE.value].head(SAID)
    said = tuple(
        Statement(_sentence(row), "worse", "Worse than the rest", row["indicator_id"])
        for row in worst.to_dict("records")
    ) or (Statement("No group fares significantly worse than the rest in any measure looked at.", "neutral"),)
    tables = []
    if len(unlike):
        tables.append(_table("inequalities-largest", "The gaps that touch most", unlike.head(IN_PDF), in_pdf=True))
    if len(unlike) > IN_PDF:
        tables.append(_table("inequalities-all", "Every gap that chance does not explain", unlike, in_pdf=False))
    return Section(
        section_id="inequalities-groups",
        heading="Who is left behind, and by how many?",
        statements=said,
        figures=(),
        tables=tuple(tables),
        method=(
            "Each group is compared with everybody else of the same measure and area, never with a whole that holds "
            "it. Intervals are Newcombe's at 99.8%, since many groups are looked at. Number is the gap times the "
            "group's size: how many more, or fewer, than if the group had fared as the rest did. Groups under ten are "
            "left out."
        ),
        sources=(),
        caveats=(CAUTION,),
    )


def _sentence(row: Row) -> str:
    return (
        f"{_name(row)}, {group_words(row)}: {_beside(row)}, "
        f"a gap of {formatting.number(abs(row['children']))} of the group's "
        f"{formatting.number(row['denominator'])} ({when_words(row)})."
    )


def _table(table_id: str, caption: str, rows: pd.DataFrame, in_pdf: bool) -> Table:
    body = tuple(
        (
            _name(row),
            formatting.sentence(group_words(row)),
            formatting.sentence(when_words(row)),
            _percent(row, "value"),
            _percent(row, "rest_value"),
            f"{formatting.number(row['difference'], 1)} ({formatting.interval(row['lower_ci'], row['upper_ci'], 1)})",
            formatting.number(row["children"]),
            formatting.sentence(row["significance"]),
        )
        for row in rows.to_dict("records")
    )
    return Table(table_id, caption, COLUMNS, body, NUMERIC, in_pdf=in_pdf)


def _name(row: Row) -> str:
    return indicators()[row["indicator_id"]].name


def group_words(row: Row) -> str:
    """ "sex male", "placement special school": the group as a sentence says it."""
    named = formatting.category_label(row["category"])
    for published, plain in NAMES if row["dimension"] == "placement" else ():
        named = named.replace(published, plain)
    return f"{DIMENSIONS.get(row['dimension'], row['dimension'].replace('_', ' '))} {named}"


def when_words(row: Row) -> str:
    """The period of the row as a sentence says it."""
    return formatting.period_words(row["period"], indicators()[row["indicator_id"]].period_type)


def _percent(row: Row, column: str) -> str:
    return formatting.measure(row[column], "percent", indicators()[row["indicator_id"]].decimals)
