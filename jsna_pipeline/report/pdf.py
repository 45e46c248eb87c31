"""The report as one tagged PDF on A4.

Here: paged rendering with WeasyPrint, its guards, tables cut to the page, and the scope of header cells.
Not here: markup and style (`report_templates`), geometry (`geometry.py`, `charts/`) or any statistic.

WeasyPrint is imported only when a PDF is rendered, so that the HTML report works without it and
without the system libraries it needs. The file is made as PDF/UA-1; which checkers it passes is tested,
conformance is not claimed.
"""

from __future__ import annotations

import logging
import math
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, time
from functools import partial
from io import BytesIO
from itertools import accumulate
from typing import TYPE_CHECKING, Any

from jsna_pipeline.errors import BuildError
from jsna_pipeline.report import geometry, html
from jsna_pipeline.report.model import Report, Table

if TYPE_CHECKING:
    import pikepdf

# Heights in points. A page has 737 of them. Parts of at most the first measure go two to a page, so that
# they fill what a chapter's text leaves. A table that a page cuts becomes two tagged tables
# (WeasyPrint#2903), so the next measure is tried before giving up.
_PART_HEIGHTS = (310.0, 200.0, 120.0)
_WHOLE_TABLE = 1.35  # a table this many times the measure stays whole: better one table than two short ones
_TABLE_WIDTH = 174 / 25.4 * 72
_LINE, _ROW_PADDING, _CELL_PADDING = 8.4 * 1.28, 4.4, 2.5 / 25.4 * 72
_REGULAR = 8.4 * 0.97  # geometry.text_width measures semibold; cells are set in regular, 3% narrower

# --- tables cut to the page --------------------------------------------------------------------


def table_parts(table: Table, height: float = _PART_HEIGHTS[0]) -> tuple[Table, ...]:
    """`table` in captioned parts of about equal height, none above `height` points by more than a row.

    A table only a third higher stays whole. The notes follow the last part.
    """
    heights = _row_heights(table)
    total = sum(heights)
    if total <= height * _WHOLE_TABLE or len(heights) < 2:
        return (table,)
    goal = total / math.ceil(total / height)
    ends_of_rows = list(accumulate(heights))
    part_of = [int((end - row / 2) / goal) for end, row in zip(ends_of_rows, heights, strict=True)]
    starts = [i for i, part in enumerate(part_of) if i == 0 or part != part_of[i - 1]]
    ends = [*starts[1:], len(table.rows)]
    return tuple(
        replace(
            table,
            table_id=table.table_id if part == 1 else f"{table.table_id}-part-{part}",
            caption=f"{table.caption} (part {part} of {len(starts)})",
            rows=table.rows[start:end],
            anchors=table.anchors[start:end],
            notes=table.notes if part == len(starts) else (),
        )
        for part, (start, end) in enumerate(zip(starts, ends, strict=True), start=1)
    )


def _width(text: str) -> float:
    return geometry.text_width(text, _REGULAR)


def _column_widths(table: Table) -> list[float]:
    """Text widths of the columns in points, as automatic table layout shares out the width of the page."""
    columns = list(zip(table.columns, *table.rows, strict=True))
    widest = [max(_width(cell) for cell in column) for column in columns]
    words = [max(_width(word) for cell in column for word in cell.split() or [""]) for column in columns]
    room = _TABLE_WIDTH - _CELL_PADDING * len(columns)
    stretch = sum(widest) - sum(words)
    if sum(widest) <= room or stretch <= 0:
        return widest
    share = max(0.0, room - sum(words)) / stretch
    return [narrow + (wide - narrow) * share for narrow, wide in zip(words, widest, strict=True)]


def _row_heights(table: Table) -> list[float]:
    """About how high each row will be, in points."""
    widths = [max(width, 20.0) for width in _column_widths(table)]
    return [
        max(len(geometry.wrap(cell, width, _REGULAR)) for cell, width in zip(row, widths, strict=True)) * _LINE
        + _ROW_PADDING
        for row in table.rows
    ]


# --- rendering ---------------------------------------------------------------------------------


class _Remarks(logging.Handler):
    """Collects what a library logs from WARNING up."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.messages: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.messages.append(f"{record.name}: {record.getMessage()}")


@contextmanager
def _no_remarks() -> Iterator[None]:
    """Turns any warning of the rendering libraries into a BuildError.

    WeasyPrint only logs a missing image, an unknown property or a broken link and goes on; a report must
    rather stop than lack a chart.
    """
    remarks = _Remarks()
    loggers = [logging.getLogger(name) for name in ("weasyprint", "fontTools")]
    before = [(logger.level, logger.propagate, logger.disabled) for logger in loggers]
    for logger in loggers:
        logger.addHandler(remarks)
        logger.disabled = False
        logger.setLevel(logging.WARNING)
    try:
        yield
    finally:
        for logger, (level, propagate, disabled) in zip(loggers, before, strict=True):
            logger.removeHandler(remarks)
            logger.setLevel(level)
            logger.propagate, logger.disabled = propagate, disabled
    if remarks.messages:
        raise BuildError(f"The PDF could not be rendered cleanly: {remarks.messages[0]}")


def render(report: Report, attachments: Mapping[str, bytes] | None = None) -> bytes:
    """`report` as a tagged PDF, with `attachments` (file name to content) embedded as its data.

    The same report and attachments give the same bytes: the dates inside are the data cut-off's. Raises
    BuildError for anything the renderer remarks on, for an address outside the report, and for a table
    that no measure keeps on one page.
    """
    cut = 0
    for height in _PART_HEIGHTS:
        page = html.render_page(
            report, "print", ("tokens.css", "print.css", "page_one.css"), partial(table_parts, height=height)
        )
        content = _finish(_paged(page, report, attachments or {}), page.count("<table "))
        if isinstance(content, bytes):
            return content
        cut = content
    raise BuildError(
        f"{cut} more tables are tagged in the PDF than the report has, so a page cuts one in two; "
        "shorten its cells or mark it in_pdf=False."
    )


def one_page(page: str, report: Report) -> bytes | None:
    """`page`, a companion of `report`, as a tagged PDF of one page; None where it needs more."""
    import pikepdf

    content = _finish(_paged(page, report, {}), page.count("<table "))
    if not isinstance(content, bytes):
        return None
    with pikepdf.open(BytesIO(content)) as document:
        return content if len(document.pages) == 1 else None


def _paged(page: str, report: Report, attachments: Mapping[str, bytes]) -> bytes:
    """`page` laid out by WeasyPrint, which may fetch nothing but what the page itself contains."""
    try:
        import weasyprint
        from weasyprint.urls import FatalURLFetchingError, URLFetcher
    except (ImportError, OSError) as error:  # OSError: the library is there, Pango is not
        raise BuildError(
            f"The PDF needs WeasyPrint and its system libraries, which could not be loaded ({error}); "
            "install them as the README says, or build with --only html."
        ) from None

    class InnerFetcher(URLFetcher):
        """Fonts and marks are data: addresses inside the page; anything else is refused."""

        def fetch(self, url: str, headers: Mapping[str, str] | None = None) -> Any:
            if not url.startswith("data:"):
                raise FatalURLFetchingError(f"the report may not load {url.split('?')[0]}")
            return super().fetch(url, headers)

    moment = datetime.combine(report.cut_off, time(), tzinfo=UTC)
    fetcher = InnerFetcher(allowed_protocols=("data",))
    with _no_remarks():
        try:
            return weasyprint.HTML(string=page, url_fetcher=fetcher).write_pdf(
                pdf_variant="pdf/ua-1",
                attachments=[
                    weasyprint.Attachment(
                        string=content, name=name, description=f"Data of the report: {name}",
                        created=moment, modified=moment, relationship="Data", url_fetcher=fetcher,
                    )
                    for name, content in sorted(attachments.items())
                ],
            )  # fmt: skip
        except FatalURLFetchingError as error:
            raise BuildError(f"The PDF was stopped: {error}") from None


# --- finishing ---------------------------------------------------------------------------------


def _finish(content: bytes, tables: int) -> bytes | int:
    """`content` with /Scope on each header cell, or how many tables too many a page break has made.

    WeasyPrint writes Headers and IDs but no /Scope (WeasyPrint#2508), and leaves the corner cell without
    either; readers and checkers look for it.
    """
    import pikepdf

    with pikepdf.open(BytesIO(content)) as document:
        tagged = 0
        for element, parents in _elements(document):
            kind = str(element.get("/S"))
            tagged += kind == "/Table"
            if kind != "/TH":
                continue
            scope = pikepdf.Name.Column if "/THead" in parents else pikepdf.Name.Row
            attributes = element.get("/A")
            if attributes is None:
                attributes = element["/A"] = pikepdf.Dictionary(O=pikepdf.Name.Table)
            attributes["/Scope"] = scope
        if tagged != tables:
            return tagged - tables
        target = BytesIO()
        document.save(target, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return target.getvalue()


def _elements(document: pikepdf.Pdf) -> Iterator[tuple[pikepdf.Dictionary, tuple[str, ...]]]:
    """Every structure element with the types of those above it, nearest last."""
    import pikepdf

    stack: list[tuple[Any, tuple[str, ...]]] = [(document.Root.StructTreeRoot, ())]
    while stack:
        element, above = stack.pop()
        if not isinstance(element, pikepdf.Dictionary):
            continue
        if "/S" in element:
            yield element, above
            above = (*above, str(element.S))
        children = element.get("/K")
        if isinstance(children, pikepdf.Array):
            stack += [(child, above) for child in children]
        elif isinstance(children, pikepdf.Dictionary):
            stack.append((children, above))
