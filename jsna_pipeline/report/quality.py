"""The data-quality chapter: what was refused, what does not add up, what is missing or old.

Here: sections of the report about its own evidence. Not here: finding the faults
(`quarantine.py`, `reconciliation.py`).
"""

from __future__ import annotations

from jsna_pipeline.catalogue.datasets import datasets
from jsna_pipeline.catalogue.indicators import indicators
from jsna_pipeline.report import formatting
from jsna_pipeline.report.model import Section, Statement, Table
from jsna_pipeline.report.view import AreaView

SHOWN = 12


def quality_sections(view: AreaView) -> tuple[Section, ...]:
    """Sections on refused rows, reconciliation, and missing files, in that order."""
    return (_reconciliation(view), _rejects(view), _missing(view))


def _section(section_id: str, heading: str, statements: list[Statement], tables: list[Table], method: str) -> Section:
    return Section(section_id, heading, tuple(statements), (), tuple(tables), method, ())


def _reconciliation(view: AreaView) -> Section:
    found = view.reconciliation
    own = found.loc[found["area_code"] == view.area.code]
    said = [
        Statement(
            f"{formatting.counted(len(found), 'published figure')} in England, {formatting.number(len(own))} of them "
            f"for {view.area.name}, do not follow from their own counts to the printed digit.",
            "neutral",
            "Reconciliation",
        )
    ]
    known = indicators()
    largest_first = (own if len(own) else found).sort_values("difference", key=abs, ascending=False, kind="stable")
    shown = largest_first.head(SHOWN)
    rows = tuple(
        (
            known[row.indicator_id].name,
            row.area_name,
            row.period,
            row.category,
            formatting.number(row.recomputed, 1),
            formatting.number(row.published, 1),
            f"line {row.source_line}",
        )
        for row in shown.itertuples()
    )
    tables = []
    if rows:
        tables.append(
            Table(
                "reconciliation-exceptions",
                f"The {len(rows)} largest exceptions" + ("" if len(own) else f" elsewhere (none for {view.area.name})"),
                ("Indicator", "Area", "Period", "Group", "From the counts", "As published", "Source row"),
                rows,
                (False, False, False, False, True, True, False),
            )
        )
    return _section(
        "quality-reconciliation",
        "Do published figures follow from their own counts?",
        said,
        tables,
        "Every published percentage with counts is recomputed, rounded half up on exact fractions and compared with "
        "the printed digit. The source is never corrected; the report prints what the counts give.",
    )


def _rejects(view: AreaView) -> Section:
    found = view.rejects
    rows = (found["scope"] == "row").sum()
    cells = (found["scope"] == "cell").sum()
    said = [
        Statement(
            f"{formatting.counted(int(rows), 'row')} and {formatting.counted(int(cells), 'single value')} "
            "were refused as unusable.",
            "neutral",
            "Refused",
        )
    ]
    grouped = found.groupby(["dataset_id", "column", "scope", "reason"], as_index=False).size()
    known = datasets()
    body = tuple(
        (
            known[row.dataset_id].title,
            row.column or "whole row",
            formatting.sentence(row.reason),
            formatting.number(row.size_),
        )
        for row in grouped.rename(columns={"size": "size_"}).itertuples()
    )
    tables = (
        [
            Table(
                "refused-rows",
                "Refused rows and values",
                ("Dataset", "Column", "Reason", "Number"),
                body,
                (False, False, False, True),
            )
        ]
        if body
        else []
    )
    return _section(
        "quality-refused",
        "What was refused?",
        said,
        tables,
        "A row that cannot be placed, appears twice, or has the wrong number of fields is set aside and counted; "
        "a file with more than 1% of such rows stops the build.",
    )


def _missing(view: AreaView) -> Section:
    missing = view.sources.loc[view.sources["role"] == "missing"]
    said = [
        Statement(
            f"{formatting.counted(len(missing), 'dataset')} of {view.sources['dataset_id'].nunique()} in the catalogue "
            "had no file in this edition.",
            "unknown" if len(missing) else "neutral",
            "Missing files" if len(missing) else "All files present",
        )
    ]
    body = tuple((row.title, row.publication, row.page) for row in missing.itertuples())
    tables = (
        [
            Table(
                "missing-files",
                "Datasets without a file",
                ("Dataset", "Publication", "Where it is published"),
                body,
                (False, False, False),
            )
        ]
        if body
        else []
    )
    return _section(
        "quality-missing",
        "What is missing?",
        said,
        tables,
        "An optional dataset that is missing is a gap, shown in its chapter; a required one stops the build.",
    )
