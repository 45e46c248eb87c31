"""The account of the area's own records: which returns, how well they match, and how small numbers are protected.

Here: sentences and tables from the public account of the intake. Not here: what the records say of children,
which stands in the chapters (`local_section.py`).
"""

from __future__ import annotations

from datetime import date

import pandas as pd

from jsna_pipeline.catalogue.disclosure import disclosure_rules
from jsna_pipeline.catalogue.local_tables import local_tables
from jsna_pipeline.linking import POPULATIONS
from jsna_pipeline.local.agreement import Agreement
from jsna_pipeline.report import formatting
from jsna_pipeline.report.model import Chapter, Section, Statement, Table
from jsna_pipeline.report.view import AreaView
from jsna_pipeline.vocabulary import TOTAL

NEAREST = "Numbers are to the nearest ten, because the exact number of a small return is itself protected."
NO_CHILDREN = f"{formatting.EN_DASH}: the return has no numbers of children to match."
SHORT = {
    "plans": "Plans",
    "pupils_on_roll": "Pupils on roll",
    "residents": "Residents",
    "registered_patients": "Patients",
    "services": "Users of services",
}
NOT_PERSONS = "No children by number"
FIRST = ("sen2", "school_census")  # what all other returns are matched with
PLAN_HOLDERS = "children and young people with a plan"
DIFFERENCES_SHOWN = 20


def local_chapter(view: AreaView, number: int) -> Chapter | None:
    """The chapter; None where the area delivered no returns."""
    if view.local["local_returns"].empty:
        return None
    sections = [_returns(view), _agreement(view), _unseen(view), _protection(view)]
    return Chapter(
        chapter_id="own-records",
        number=number,
        title="The area’s own records",
        question="Which records of its own does the area hold, and how are children in them protected?",
        opening=(
            f"Figures marked provisional were counted from returns that {view.area.name} and its partners hold about "
            "children and young people, joined by a keyed pseudonym of the pupil or learner number.",
            "No name, number, day of birth or postcode is kept. "
            + (
                "This copy is for named readers: small numbers are not hidden in it."
                if view.restricted
                else "Small numbers were hidden, and what hides them was attacked, before anything was printed."
            ),
        ),
        sections=tuple(section for section in sections if section is not None),
    )


def _returns(view: AreaView) -> Section:
    table = view.local["local_returns"].sort_values("title")
    counted = set(table.loc[table["persons"].notna(), "population"])
    ahead = table["return_id"].map({name: place for place, name in enumerate(FIRST)}).fillna(len(FIRST))
    rows = tuple(
        (
            row.title,
            SHORT[row.population] if pd.notna(row.persons) else NOT_PERSONS,
            formatting.date_words(date.fromisoformat(row.reference_date)) if row.reference_date else "Its own dates",
            *(_about(value) for value in (row.rows_read, row.rows_refused, row.persons, row.with_plan, row.on_roll)),
        )
        for row in table.iloc[ahead.argsort(kind="stable")].itertuples()
    )
    return Section(
        section_id="own-records-returns",
        heading="Which returns were used, and how well do they match?",
        statements=(
            Statement(
                f"{view.area.name} delivered {formatting.counted(len(table), 'return')}. A row that breaks a rule of "
                "its return is refused and listed for the officer who can mend it; it is never guessed at.",
            ),
            Statement(
                "Children and young people for whom the authority maintains a plan and pupils on the area’s rolls are "
                "different groups: neither contains the other, and they are never added together."
            ),
        ),
        figures=(),
        tables=(
            Table(
                table_id="own-records-returns-table",
                caption="Returns read, and how many of their children were found among plans and on rolls",
                columns=("Return", "Who it counts", "As at", "Rows", "Refused", "Children", "With a plan", "On roll"),
                rows=rows,
                numeric=(False, False, False, True, True, True, True, True),
                notes=(
                    *(f"{SHORT[name]}: {words}." for name, words in POPULATIONS.items() if name in counted),
                    NEAREST,
                    NO_CHILDREN,
                ),
                in_pdf=False,
            ),
        ),
        method=(
            "Children are joined by a keyed hash of the unique pupil number or unique learner number alone. Names and "
            "dates of birth are never used to join, because a wrong match gives one child another’s history."
        ),
        sources=("Returns of the area, see the information governance page",),
    )


def _about(value: object) -> str:
    return formatting.EN_DASH if pd.isna(value) else formatting.number(float(value))  # type: ignore[arg-type]


def _agreement(view: AreaView) -> Section | None:
    table = view.local["local_agreement"]
    held = table.loc[table["agreement"].isin([Agreement.AGREES.value, Agreement.DIFFERS.value])]
    if table.empty:
        return None
    waiting = int((table["agreement"] == Agreement.NOT_YET_PUBLISHED.value).sum())
    agrees = int((held["agreement"] == Agreement.AGREES.value).sum())
    said = [
        f"{formatting.number(agrees)} of {formatting.number(len(held))} printed local counts equal the figure that the "
        "Department for Education published for the same children and day."
        if len(held)
        else "No printed local count refers to a day for which figures have been published."
    ]
    if waiting:
        runs = "runs" if waiting == 1 else "run"
        said.append(f"{formatting.counted(waiting, 'count')} {runs} ahead of publication and will be held against it.")
    return Section(
        section_id="own-records-agreement",
        heading="Do local counts agree with what has been published?",
        statements=tuple(Statement(text) for text in said),
        figures=(),
        tables=_differences(held),
        method="A difference is shown and not corrected: the authority revises a return until it is published.",
        sources=("Department for Education, Education, health and care plans",),
    )


def _differences(held: pd.DataFrame) -> tuple[Table, ...]:
    differing = held.loc[held["agreement"] == Agreement.DIFFERS.value].head(DIFFERENCES_SHOWN)
    if differing.empty:
        return ()
    rows = tuple(
        (
            local_tables()[row.table_id].title,
            "All" if row.dimension == TOTAL else formatting.sentence(formatting.category_label(row.category)),
            formatting.number(row.local_count),
            formatting.number(row.published_count),
        )
        for row in differing.itertuples()
    )
    return (
        Table(
            table_id="own-records-differences",
            caption="Printed local counts that differ from the published figure",
            columns=("Table", "Group", "Local", "Published"),
            rows=rows,
            numeric=(False, False, True, True),
            in_pdf=False,
        ),
    )


def _unseen(view: AreaView) -> Section | None:
    table = view.local["local_unseen"]
    shown = table.loc[table["plans"] > 0]
    if shown.empty:
        return None
    return Section(
        section_id="own-records-unseen",
        heading="Whom does the school census not see?",
        statements=tuple(
            Statement(f"About {formatting.number(row.plans)} {PLAN_HOLDERS} {row.sentence.removeprefix('plans ')}.")
            for row in shown.sort_values("plans", ascending=False, kind="stable").itertuples()
        ),
        figures=(),
        tables=(),
        method=f"Active plans whose child or young person was not found on the roll of a school of the area. {NEAREST}",
        sources=("SEN2 and school census of the area",),
    )


def _protection(view: AreaView) -> Section:
    table = view.local["local_suppression"]
    cells, hidden = int(table["cells"].sum()), int(table["suppressed"].sum())
    used = {*view.local["local_counts"]["rule"], *view.local["local_statistics"]["rule"]}
    rules = [rule for name, rule in disclosure_rules().items() if name in used and rule.suppresses]
    rows = tuple(
        (
            local_tables()[row.table_id].title,
            formatting.number(row.cells),
            formatting.number(row.suppressed),
        )
        for row in table.sort_values(["suppressed", "table_id"], ascending=[False, True]).itertuples()
    )
    return Section(
        section_id="own-records-protection",
        heading="How are small numbers protected?",
        statements=(
            Statement(
                f"{'In the public report ' if view.restricted else ''}{formatting.number(hidden)} of "
                f"{formatting.number(cells)} local figures are hidden: small ones, those that would tell something "
                "of every child of a group, and others without which a hidden one could be worked out."
                f"{' Here none is, so keep this copy as you would the returns themselves.' if view.restricted else ''}"
            ),
            Statement(
                "Before publication, every hidden figure was attacked: from all printed figures, those of earlier "
                "editions and everything the Department for Education publishes, the smallest and largest value "
                "that it could have were worked out. Had any been narrower than its rule allows, nothing would have "
                "been printed."
            ),
        ),
        figures=(),
        tables=(
            Table(
                table_id="own-records-protection-table",
                caption="Local figures in all and hidden in public, by table",
                columns=("Table", "Figures in all", "Hidden"),
                rows=rows,
                numeric=(False, True, True),
                in_pdf=False,
            ),
        ),
        method=" ".join(f"{rule.title}: {rule.reason}" for rule in rules),
        sources=("Which figures are hidden and why is logged in the restricted store",),
    )
