"""One workbook for each contributor: what the data say, and where words are wanted.

Here: what a contributor is shown, and the workbook, identical for identical input. Not here: reading it back
(`workbook_import.py`), or who is asked (`contributors.py`).

Nothing in a workbook is a formula: each cell is written as text, and the cells for words keep as text what is
typed into them.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from openpyxl import Workbook
from openpyxl.cell.cell import Cell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from jsna_pipeline.commentary import workbook_layout as layout
from jsna_pipeline.commentary.area_figures import AreaFigures
from jsna_pipeline.commentary.contributors import Contributor
from jsna_pipeline.commentary.markdown import without_unseen
from jsna_pipeline.commentary.reading import Commentary, slug
from jsna_pipeline.new_files import write_new
from jsna_pipeline.report.datapack import without_clock
from jsna_pipeline.report.model import Chapter

MOST_SENTENCES = 60
_WRAP = Alignment(wrap_text=True, vertical="top")
_UNLOCKED = Protection(locked=False)
_WANTED = PatternFill("solid", fgColor="FFFBE6")
_EDGE = Side(style="thin", color="8A6D00")
_FRAME = Border(left=_EDGE, right=_EDGE, top=_EDGE, bottom=_EDGE)
_CHAR_WIDTH = 92  # characters on a line of column B

HOW_TO = (
    "Each further sheet is one chapter of the report. Read what the data say, then write in the cells with a frame.",
    "One cell is one paragraph. Plain words are best; **bold**, *emphasis*, lists that begin with - and links to "
    "https:// pages may be used.",
    "Do not type a figure of the report: copy its placeholder from the list at the foot of the sheet, with its braces. "
    "It is filled in with the newest figure when the report is built.",
    "A figure of your own needs a source: [[ 14 routes | source: transport team, June 2025 ]].",
    "A typed figure that does not agree with the data is marked in the draft and stops the report’s approval.",
    "Write nothing by which a child or family could be known, and no e-mail address.",
    "Fill in the date. Words from an earlier edition stand in their cells: change them, or write yes to confirm them.",
)


@dataclass(frozen=True)
class ChapterBrief:
    """What a contributor is shown of a chapter."""

    chapter_id: str
    title: str
    question: str
    sentences: tuple[str, ...]
    placeholders: tuple[tuple[str, str, str], ...]  # as written, what it is, its present figure


def briefs(made: Iterable[Chapter], figures: AreaFigures) -> tuple[ChapterBrief, ...]:
    """The chapters of a report as contributors are shown them."""
    return tuple(
        ChapterBrief(
            chapter.chapter_id,
            chapter.title,
            chapter.question,
            (
                *chapter.opening,
                *(statement.text for section in chapter.sections for statement in section.statements),
            )[:MOST_SENTENCES],
            figures.placeholders(chapter.chapter_id),
        )
        for chapter in made
    )


def export_workbooks(
    shown: Sequence[ChapterBrief],
    asked: Sequence[Contributor],
    folder: Path,
    area: str,
    edition: str,
    written: Sequence[Commentary] = (),
) -> list[Path]:
    """Writes `<area>-<edition>-<contributor>.xlsx` for each who is asked; returns the paths in their order.

    `written` are the commentaries there are: an author's own words stand in the workbook. A chapter that the
    report does not have is left out, and a contributor without chapters has no workbook. Raises InputError, before
    anything is written, where one of the files exists: it may hold words that have not been imported.
    """
    by_id = {brief.chapter_id: brief for brief in shown}
    contents: dict[str, bytes] = {}
    for contributor in asked:
        chapters = [by_id[chapter] for chapter in contributor.chapters if chapter in by_id]
        if chapters:
            name = _free(f"{slug(area)}-{edition}-{slug(contributor.name)}", contents)
            contents[name] = workbook_bytes(chapters, contributor, area, edition, written)
    return write_new(contents, folder, "the workbooks", "import it first, or choose another folder")


def _free(stem: str, taken: Iterable[str]) -> str:
    names = set(taken)
    name, number = f"{stem}.xlsx", 2
    while name in names:
        name, number = f"{stem}-{number}.xlsx", number + 1
    return name


# --- a workbook --------------------------------------------------------------------------------


def workbook_bytes(
    shown: Sequence[ChapterBrief],
    contributor: Contributor,
    area: str,
    edition: str,
    written: Sequence[Commentary] = (),
) -> bytes:
    """The workbook of one contributor; the same input gives the same bytes."""
    book = Workbook()
    cover = book.active
    assert cover is not None  # noqa: S101 - a new workbook always has a sheet; this tells the type checker
    cover.title = layout.COVER
    _rows(cover, [(layout.FORM_LABEL, layout.FORM), (layout.AREA_LABEL, area), (layout.EDITION_LABEL, edition)])
    _rows(cover, [(layout.FOR_LABEL, contributor.name), *(("How to", line) for line in HOW_TO)])
    _finish(cover)
    own = {each.key: each for each in written}  # the last in order is the newest
    name = " ".join(contributor.name.casefold().split())
    for brief in shown:
        sheet = book.create_sheet(brief.chapter_id[:31])
        _add_chapter(sheet, brief, contributor, edition, own.get((brief.chapter_id, name)))
        _finish(sheet)
    moment = datetime(int(edition[:4]), 1, 1)
    book.properties.creator, book.properties.title = "jsna_pipeline", f"Commentary: {area}, edition {edition}"
    book.properties.created = book.properties.modified = moment
    stream = io.BytesIO()
    book.save(stream)
    return without_clock(stream.getvalue(), moment)


def _add_chapter(
    sheet: Worksheet, brief: ChapterBrief, contributor: Contributor, edition: str, own: Commentary | None
) -> None:
    _rows(sheet, [(layout.CHAPTER_LABEL, brief.chapter_id), ("Title", brief.title), ("Question", brief.question)])
    _rows(sheet, [(layout.EDITION_LABEL, edition)])
    _wanted(sheet, layout.AUTHOR_LABEL, contributor.name)
    _wanted(sheet, layout.ROLE_LABEL, own.role if own else contributor.role)
    _wanted(sheet, layout.DATE_LABEL, own.date if own else None)
    earlier = own is not None and own.edition != edition
    _rows(sheet, [(layout.WRITTEN_FOR_LABEL, own.edition if own else edition)])
    confirmed = _wanted(sheet, layout.CONFIRMED_LABEL, "no" if earlier else "yes")
    choice = DataValidation(type="list", formula1='"yes,no"', allow_blank=False)
    choice.add(confirmed)
    sheet.add_data_validation(choice)
    _rows(sheet, [(layout.SAYS_LABEL, sentence) for sentence in brief.sentences])
    for paragraph in _paragraphs(own.words if own else ""):
        cell = _wanted(sheet, layout.WORDS_LABEL, paragraph)
        sheet.row_dimensions[cell.row].height = max(45.0, _height(paragraph))
    for placeholder, meaning, text in brief.placeholders:
        _rows(sheet, [(layout.FIGURES_LABEL, placeholder, meaning, text)])


def _paragraphs(words: str) -> list[str]:
    """The words in as many cells as there are, a paragraph each; the last takes what is left."""
    parts = [part for part in re.split(r"\n[ \t]*\n", words.strip("\n")) if part.strip()]
    if len(parts) > layout.WORD_CELLS:
        parts = [*parts[: layout.WORD_CELLS - 1], "\n\n".join(parts[layout.WORD_CELLS - 1 :])]
    return parts + [""] * (layout.WORD_CELLS - len(parts))


def _rows(sheet: Worksheet, rows: Iterable[tuple[str, ...]]) -> None:
    """Locked rows: a label, and text beside it."""
    for row in rows:
        number = _next_row(sheet)
        for column, text in enumerate(row, 1):
            cell = _text(sheet.cell(number, column), text)
            cell.font = Font(bold=column == 1)
        sheet.row_dimensions[number].height = _height(row[1])


def _wanted(sheet: Worksheet, label: str, content: str | date | None) -> Cell:
    """An unlocked row: a label, and a framed cell to be filled in, which keeps as text what is typed."""
    number = _next_row(sheet)
    _text(sheet.cell(number, 1), label).font = Font(bold=True)
    cell = sheet.cell(number, 2)
    if isinstance(content, date):
        content = content.isoformat()
    cell.number_format = "@"
    cell.protection, cell.fill, cell.border = _UNLOCKED, _WANTED, _FRAME
    return _text(cell, content or None)


def _next_row(sheet: Worksheet) -> int:
    return 1 if sheet.max_row == 1 and sheet["A1"].value is None else int(sheet.max_row) + 1


def _text(cell: Cell, text: str | None) -> Cell:
    """`text` as text, whatever it begins with."""
    cell.alignment = _WRAP
    if text is not None:
        cell.value = without_unseen(text)[: layout.LONGEST_CELL]
        cell.data_type = "s"
        # Shown without a mark; keeps a spreadsheet from taking the text for a formula when it is edited.
        cell.quotePrefix = cell.protection.locked is False
    return cell


def _height(text: str) -> float:
    lines = sum(1 + len(line) // _CHAR_WIDTH for line in text.split("\n"))
    return min(15.0 * lines, 400.0)


def _finish(sheet: Worksheet) -> None:
    for column, width in (("A", 28), ("B", 90), ("C", 60), ("D", 16)):
        sheet.column_dimensions[column].width = width
    sheet.protection.sheet = True  # without a password: it guards against slips, not against people
    sheet.protection.formatRows = False
    sheet.protection.formatColumns = False
