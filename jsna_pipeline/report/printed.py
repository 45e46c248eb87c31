"""What paper prints of a report: the lists of its figures and of its tables.

Here: which figures and tables stand in the paged report, in its order. Not here: which measures a chapter draws
there (`report/further.py`), cutting tables to the page or page numbers (`report/pdf.py`, the templates).
"""

from __future__ import annotations

from collections.abc import Iterator

from jsna_pipeline.report.charts import BenchmarkFigure, Figure
from jsna_pipeline.report.model import Report, Table

Listed = tuple[str, str]  # anchor and title


def printed_figures(report: Report) -> tuple[Listed, ...]:
    """Anchor of every figure on paper, in reading order, with its message."""
    return tuple(
        (figure.text.figure_id, _message(figure))
        for chapter in report.chapters
        for figures in (chapter.figures, *(section.figures for section in chapter.paper_sections))
        for figure in figures
    )


def _message(figure: Figure) -> str:
    """The title; of a benchmark, whose title names areas and values alone, with what is measured before it."""
    if not isinstance(figure, BenchmarkFigure):
        return figure.text.title
    return f"{figure.text.subtitle.rpartition(', ')[0] or figure.text.subtitle}: {figure.text.title}"


def printed_tables(report: Report, last: Table) -> tuple[Listed, ...]:
    """Anchor and caption of every table on paper, in reading order; `last` is the table of sources."""
    return tuple((table.table_id, table.caption) for table in _tables(report, last))


def _tables(report: Report, last: Table) -> Iterator[Table]:
    for chapter in report.chapters:
        for section in chapter.paper_sections:
            yield from (table for table in section.tables if table.in_pdf)
        if chapter.paper_table:
            yield chapter.paper_table
    for section in report.quality:
        yield from (table for table in section.tables if table.in_pdf)
    yield last
