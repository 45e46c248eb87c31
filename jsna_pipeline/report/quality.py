"""The data-quality chapter: what was refused, what does not add up, what is missing or old.

Here: sections of the report about its own evidence. Not here: finding the faults
(`quarantine.py`, `reconciliation/`).
"""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from jsna_pipeline.catalogue.datasets import datasets
from jsna_pipeline.contributions.reading import Problem
from jsna_pipeline.core_tables import model_of
from jsna_pipeline.report import formatting
from jsna_pipeline.report.model import Section, Statement, Table
from jsna_pipeline.report.view import AreaView
from jsna_pipeline.vocabulary import TOTAL, ExceptionClass, ReconciliationRule

SHOWN = 12


def quality_sections(view: AreaView, problems: Sequence[Problem] = ()) -> tuple[Section, ...]:
    """Sections on reconciliation, refused rows, missing files and, if there are any, faults of contributed files."""
    written = (_contributed(problems),) if problems else ()
    return (_reconciliation(view), _rejects(view), _missing(view), *written)


def _contributed(problems: Sequence[Problem]) -> Section:
    """What could not be used of what people wrote; no cell of theirs is quoted."""
    files = len({one.file for one in problems})
    text = (
        f"{formatting.counted(len(problems), 'fault')} in {formatting.counted(files, 'file')} that the area wrote for "
        "this edition. What is at fault was left out; the rest was used."
    )
    rows = tuple((one.file, one.place or "Whole file", formatting.sentence(one.what)) for one in problems)
    table = Table(
        "quality-contributed-faults",
        "Faults of contributed files",
        ("File", "Where", "What is to be mended"),
        rows,
        (False, False, False),
        in_pdf=False,
    )
    return _section(
        "quality-contributed",
        "What was wrong in what people wrote?",
        [Statement(text, "unknown", "Left out")],
        [table],
        "Each file is held against its columns and codes, and typed figures against the data.",
    )


def _section(section_id: str, heading: str, statements: list[Statement], tables: list[Table], method: str) -> Section:
    return Section(section_id, heading, tuple(statements), (), tuple(tables), method, ())


def _reconciliation(view: AreaView) -> Section:
    found, name = view.reconciliation, view.area.name
    own = found.loc[found["area_code"] == view.area.code]
    compared = int(view.reconciled["compared"].sum())
    shares = found.loc[found["rule"] == ReconciliationRule.SHARE_FROM_COUNTS.value]
    unexplained = int((shares["exception_class"] == ExceptionClass.UNEXPLAINED.value).sum())
    said = [
        f"{formatting.counted(compared, 'comparison')} of published figures were made for the whole of England. "
        f"{formatting.counted(len(found), 'figure')} did not pass, {formatting.number(len(own))} of them for {name}.",
        f"{formatting.counted(len(shares), 'printed percentage or rate', 'printed percentages and rates')} in England "
        f"did not follow from the published counts to the printed digit; {formatting.number(unexplained)} of these "
        "remain unexplained.",
    ]
    tables = [_rules_table(view.reconciled)] if len(view.reconciled) else []
    if len(own):
        said.append(f"Those of {name} by reason: {_by_class(own)}.")
        tables.append(_own_exceptions(own, name))
    return _section(
        "quality-reconciliation",
        "Do published figures agree with one another?",
        [Statement(text, "neutral", "Reconciliation") for text in said],
        tables,
        "Every percentage printed beside its counts is recomputed, rounded half up on exact fractions and compared "
        "with the printed digit; totals are compared with their parts; figures printed twice with one another. The "
        "source is never corrected; the data files list every exception of the area, its region and England.",
    )


def _by_class(own: pd.DataFrame) -> str:
    """`46 the source contradicts itself, 14 revised since`, the most first."""
    counts = own["exception_class"].value_counts()
    return formatting.listed(
        [f"{formatting.EXCEPTION_CLASS_LABELS[kind].lower()} ({formatting.number(n)})" for kind, n in counts.items()]
    )


def _rules_table(covered: pd.DataFrame) -> Table:
    """What each rule compared in all areas, and what came of it."""
    sums = covered.groupby("rule")[["compared", *formatting.EXCEPTION_CLASS_LABELS]].sum()
    rows = tuple(
        (
            words,
            formatting.number(sums.loc[rule, "compared"]),
            formatting.number(sums.loc[rule, list(formatting.EXCEPTION_CLASS_LABELS)].sum()),
            *(formatting.number(sums.loc[rule, kind]) for kind in formatting.EXCEPTION_CLASS_LABELS),
        )
        for rule, words in formatting.RECONCILIATION_RULE_LABELS.items()
        if rule in sums.index
    )
    heads = ("Rule", "Compared", "Not as the rule says", *formatting.EXCEPTION_CLASS_LABELS.values())
    return Table("reconciliation-rules", "What was compared in all areas", heads, rows, (False, *[True] * 7))


def _own_exceptions(own: pd.DataFrame, name: str) -> Table:
    """The area's exceptions, the largest for their size first."""
    relative = own["difference"].abs() / own["expected"].abs().clip(lower=1)
    shown = own.loc[relative.sort_values(ascending=False, kind="stable", na_position="last").index[:SHOWN]]
    rows = tuple(
        (
            _figure(row.dataset_id, row.column),
            row.period,
            _group(row.dimension, row.category, row.group),
            _plain(row.published),
            _plain(row.expected),
            f"{formatting.EXCEPTION_CLASS_LABELS[row.exception_class]}. {formatting.sentence(row.evidence)}",
        )
        for row in shown.itertuples()
    )
    caption = f"The {len(rows)} largest exceptions for {name}" if len(rows) > 1 else f"The exception for {name}"
    return Table(
        "reconciliation-exceptions",
        caption,
        ("Figure", "Period", "Group", "As published", "By the rule", "Why"),
        rows,
        (False, False, False, True, True, False),
        (f"{formatting.number(len(own) - len(rows))} more in the data files.",) if len(own) > len(rows) else (),
        in_pdf=False,
    )


def _figure(dataset_id: str, column: str) -> str:
    """A column in words; a fact may be a sum of columns over another (`a + b / c`)."""
    dataset = datasets()[dataset_id]
    known = model_of(dataset).to_schema().columns
    sides = [" and ".join(known[name].description for name in side.split(" + ")) for side in column.split(" / ")]
    return f"{' out of '.join(sides)} ({dataset.title})"


def _group(dimension: str, category: str, group: str) -> str:
    if category != TOTAL:
        return formatting.category_label(category)
    whole = "all" if dimension == TOTAL else f"all, by {dimension.replace('_', ' ')}"
    return group.replace("=", ": ").replace("_", " ") or whole


def _plain(value: float) -> str:
    return "" if pd.isna(value) else f"{value:,.10g}"


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
