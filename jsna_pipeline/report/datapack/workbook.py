"""`jsna-data.xlsx`: the tables for people, laid out by the Analysis Function's guidance on accessible spreadsheets.

Here: cover, contents, notes and one table a worksheet, starting in column A, as marked-up tables without merged,
empty or frozen cells; identical bytes for identical input. Not here: what the tables show (`sheets.py`).

The guidance: "Releasing statistics in spreadsheets" and "Making spreadsheets accessible: checklist of the basics".
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from datetime import datetime

import pandas as pd
import xlsxwriter
from lxml import etree
from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from jsna_pipeline.report import formatting
from jsna_pipeline.report.datapack.contents import LOCAL, STEERING
from jsna_pipeline.report.datapack.marking import UNNAMED, markings
from jsna_pipeline.report.datapack.notes import NOTES
from jsna_pipeline.report.datapack.reference import Reference
from jsna_pipeline.report.datapack.sheet_words import NARROW, PAGE, WIDE
from jsna_pipeline.report.datapack.sheets import Sheet, SheetColumn, sheets_of
from jsna_pipeline.report.datapack.shorthand import MEANINGS, NOT_APPLICABLE
from jsna_pipeline.report.model import Report
from jsna_pipeline.report.view import AreaView
from jsna_pipeline.safe_tables import FORMULA_STARTS

COVER, CONTENTS, NOTES_SHEET = "Cover", "Contents", "Notes"
FONT = {"font_name": "Arial", "font_size": 12, "valign": "top", "align": "left"}
HEADING_SIZES = {16: ("Heading 1", 16), 14: ("Heading 2", 17)}  # by font size: the name and number Excel knows it by
LINE = 16  # points of a line of text
LONGEST_CELL = 32_767  # characters; Excel's limit
MOST_DECIMALS = 4
ZIP_EPOCH = (1980, 1, 1, 0, 0, 0)
MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def workbook_bytes(made: Report, view: AreaView, tables: Mapping[str, pd.DataFrame], known: Reference) -> bytes:
    """The workbook of `tables` (by the names of their files), with the dictionary and the sources in front."""
    sheets = sheets_of(view, tables, known)
    stream = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(stream, options) as book:
        book.set_properties(
            {
                "title": f"{made.title}: {made.area_name}, edition {made.edition}: data",
                "subject": made.subtitle,
                "author": made.area_name if made.governance.author == UNNAMED else made.governance.author,
                "keywords": "SEND, JSNA, special educational needs",
                "comments": " ".join(markings(made)),
                "created": datetime(made.cut_off.year, made.cut_off.month, made.cut_off.day),
            }
        )
        styles = _Styles(book)
        _cover(book, styles, made, sheets)
        _contents(book, styles, sheets)
        _notes(book, styles)
        for sheet in sheets:
            _table_sheet(book, styles, made, sheet)
    return _tagged(stream.getvalue())


class _Styles:
    """The few formats of the workbook: one font, no colour that means something, no fill."""

    def __init__(self, book: Workbook) -> None:
        def style(**more: object) -> Format:
            return book.add_format(FONT | more)

        self.title = style(bold=True, font_size=16)
        self.heading = style(bold=True, font_size=14)
        self.text = style(text_wrap=True)
        self.line = style()
        self.strong = style(bold=True)
        self.head = style(bold=True, text_wrap=True, bottom=1)
        self.number_head = style(bold=True, text_wrap=True, bottom=1, align="right", indent=1)
        self.link = style(font_color="#12436D", underline=1)
        self.number = [
            style(align="right", indent=1, num_format="#,##0" + (f".{'0' * places}" if places else ""))
            for places in range(MOST_DECIMALS + 1)
        ]
        self.mark = style(align="right", indent=1)


# --- the sheets before the tables ------------------------------------------------------------------------


def _cover(book: Workbook, styles: _Styles, made: Report, sheets: Sequence[Sheet]) -> None:
    sheet = book.add_worksheet(COVER)
    width = PAGE + NARROW
    sheet.set_column(0, 0, width, styles.text)
    row = _line(sheet, 0, f"{made.title}: {made.area_name}", styles.title)
    for marking in markings(made):
        row = _line(sheet, row, marking, styles.strong, width)
    for heading, paragraphs in cover_text(made, [one.file for one in sheets]):
        row = _line(sheet, row, heading, styles.heading)
        for paragraph in paragraphs:
            row = _line(sheet, row, paragraph, styles.text, width)
    sheet.write_url(row, 0, f"internal:'{CONTENTS}'!A1", styles.link, "Go to the table of contents")


def cover_text(made: Report, files: Sequence[str]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Heading and paragraphs of each part of the cover."""
    origin = (
        "The published figures in it are synthetic: they show what the workbook looks like."
        if made.illustrative
        else "It rests on published official statistics; each indicator names its source."
    )
    about = (
        f"{made.subtitle}. These are the data behind the report.",
        f"Edition {made.edition}. Data cut-off: {formatting.date_words(made.cut_off)}. {origin}",
    )
    answers = (
        f"Owner: {made.governance.owner}.",
        f"Author: {made.governance.author}.",
        f"Approved by: {made.governance.approved_by}. Next refresh: {made.governance.next_refresh}.",
    )
    reading = (
        "Each worksheet holds one table. No cell of a table is empty: where there is no figure, a mark such as [c] "
        "says why. The worksheet Notes explains the marks.",
        "The same tables, with ids and in full precision, are in the folder data, with a README.",
    )
    return (
        ("About this workbook", about),
        ("Who answers for it", answers),
        ("How to read it", reading),
        *_own_part(made, files),
        ("Licence", (licence_sentence(made, files),)),
    )


def _own_part(made: Report, files: Sequence[str]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """What the cover says of the sheets that come from the area's own records."""
    if not any(name in LOCAL for name in files):
        return ()
    protection = (
        "Small numbers are not hidden in this copy, which is for named readers alone."
        if made.restricted
        else "Small numbers are hidden, marked [c], and others with them where a hidden one could be worked out."
    )
    provisional = (
        f"The worksheets whose titles begin with “Own records” are counted from {made.area_name}’s own returns: "
        f"provisional, and not to be compared with other years or areas. {protection}"
    )
    return (("Own records", (provisional,)),)


def licence_sentence(made: Report, files: Sequence[str]) -> str:
    open_part = "Contains public sector information licensed under the Open Government Licence v3.0."
    if not any(name in LOCAL or name in STEERING for name in files):
        return open_part
    return (
        f"{open_part} What comes from {made.area_name}’s own records, surveys and strategies is not under that "
        "licence unless its owner says so."
    )


def _contents(book: Workbook, styles: _Styles, sheets: Sequence[Sheet]) -> None:
    extra = ((COVER, "What this workbook is, for whom and on what terms"), (NOTES_SHEET, "Marks and notes"))
    none = (NOT_APPLICABLE,) * len(extra)
    said = tuple(f"{_bare(one.title)}. {one.description}" for one in sheets)
    columns = (
        SheetColumn("Worksheet", (*(name for name, _ in extra), *(one.name for one in sheets)), WIDE),
        SheetColumn("What it holds", (*(what for _, what in extra), *said), PAGE),
        SheetColumn("Rows", (*none, *(one.rows for one in sheets)), NARROW, (0,) * (len(extra) + len(sheets))),
        SheetColumn("File", (*none, *(f"data/{one.file}.csv" for one in sheets)), WIDE),
    )
    sheet = book.add_worksheet(CONTENTS)
    row = _line(sheet, 0, "Table of contents", styles.title)
    row = _line(sheet, row, "This worksheet contains one table. Each name is a link to its worksheet.", styles.line)
    _table(sheet, styles, row, CONTENTS, columns)
    _set_heights(sheet, row + 1, columns[1])
    for place, name in enumerate(columns[0].cells, row + 1):
        sheet.write_url(place, 0, f"internal:'{name}'!A1", styles.link, str(name))


def _bare(title: str) -> str:
    """A title without the number of its note."""
    return title.partition(" [note")[0]


def _notes(book: Workbook, styles: _Styles) -> None:
    marks = [*MEANINGS, *(f"[note {number}]" for number in range(1, len(NOTES) + 1))]
    columns = (
        SheetColumn("Mark", tuple(marks), NARROW),
        SheetColumn("Meaning", (*MEANINGS.values(), *NOTES), PAGE + NARROW),
    )
    sheet = book.add_worksheet(NOTES_SHEET)
    row = _line(sheet, 0, "Notes", styles.title)
    row = _line(sheet, row, "This worksheet contains one table. It explains marks and notes.", styles.line)
    _table(sheet, styles, row, NOTES_SHEET, columns)
    _set_heights(sheet, row + 1, columns[1])


# --- a sheet with a table ---------------------------------------------------------------------------------


def _table_sheet(book: Workbook, styles: _Styles, made: Report, one: Sheet) -> None:
    sheet = book.add_worksheet(one.name)
    row = _line(sheet, 0, f"{one.title}: {made.area_name}, edition {made.edition}", styles.title)
    row = _line(sheet, row, f"This worksheet contains one table. {one.description}", styles.line)
    row = _line(sheet, row, "Marks such as [c] and [note 1] are explained in the worksheet Notes.", styles.line)
    for marking in markings(made):
        row = _line(sheet, row, marking, styles.strong)
    sheet.write_url(row, 0, f"internal:'{CONTENTS}'!A1", styles.link, "Back to the table of contents")
    _table(sheet, styles, row + 1, one.table_name, one.columns)


def _table(sheet: Worksheet, styles: _Styles, row: int, name: str, columns: Sequence[SheetColumn]) -> None:
    """A table marked up as such, without filter buttons or stripes, from column A on."""
    last = row + len(columns[0].cells)
    headings = [
        {"header": one.heading, "header_format": styles.number_head if one.decimals else styles.head} for one in columns
    ]
    options = {"name": name, "style": None, "autofilter": False, "columns": headings}
    sheet.add_table(row, 0, last, len(columns) - 1, options)
    sheet.set_row(row, LINE * max(_lines(one.heading, one.width - 2) for one in columns))
    for place, column in enumerate(columns):
        sheet.set_column(place, place, column.width)
        if column.decimals:
            _numbers(sheet, styles, row + 1, place, column)
        else:
            said = {cell: _safe(str(cell)) for cell in set(column.cells)}
            for at, cell in enumerate(column.cells, row + 1):
                sheet.write_string(at, place, said[cell], styles.text)


def _set_heights(sheet: Worksheet, row: int, longest: SheetColumn) -> None:
    """Rows high enough for the column with the longest text."""
    for at, cell in enumerate(longest.cells, row):
        sheet.set_row(at, LINE * _lines(str(cell), longest.width))


def _numbers(sheet: Worksheet, styles: _Styles, row: int, place: int, column: SheetColumn) -> None:
    for at, (cell, decimals) in enumerate(zip(column.cells, column.decimals, strict=True), row):
        if isinstance(cell, str):
            sheet.write_string(at, place, cell, styles.mark)
        else:
            sheet.write_number(at, place, cell, styles.number[min(decimals, MOST_DECIMALS)])


def _line(sheet: Worksheet, row: int, text: str, style: Format, width: int = 0) -> int:
    """`text` in column A, wrapped where it has a width; the row below it.

    Heights are set, since not every program adapts them to large or wrapped text.
    """
    sheet.write_string(row, 0, _safe(text), style)
    sheet.set_row(
        row, LINE * 1.5 if style.font_size > FONT["font_size"] else LINE * (_lines(text, width) if width else 1)
    )
    return row + 1


def _lines(text: str, width: int) -> int:
    """Lines that `text` takes in a column, counted a little generously."""
    return -(-len(text) * 11 // (width * 10)) or 1


def _safe(text: str) -> str:
    """`text` as it may stand in a cell: never a formula, nor longer than Excel reads, nor what XML cannot hold."""
    text = text.replace("\ufffe", "").replace("\uffff", "")
    return ("'" + text if text.startswith(FORMULA_STARTS) else text)[:LONGEST_CELL]


# --- what the writer leaves out ------------------------------------------------------------------------------


def _tagged(content: bytes) -> bytes:
    """The workbook with its headings as Excel's own heading styles, and its language."""
    finish = {"xl/styles.xml": _with_heading_styles, "docProps/core.xml": _with_language}
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(out, "w") as target:
        for info in source.infolist():
            fixed = zipfile.ZipInfo(info.filename, ZIP_EPOCH)
            fixed.compress_type = zipfile.ZIP_DEFLATED
            fixed.external_attr = info.external_attr
            part = source.read(info.filename)
            target.writestr(fixed, finish.get(info.filename, bytes)(part))
    return out.getvalue()


def _with_heading_styles(content: bytes) -> bytes:
    """Titles as "Heading 1" and "Heading 2", by which screen readers find them; the writer knows no named styles."""
    root = etree.fromstring(content)
    sizes = [int(font.find(f"{MAIN}sz").get("val")) for font in root.find(f"{MAIN}fonts")]
    bases, styles = root.find(f"{MAIN}cellStyleXfs"), root.find(f"{MAIN}cellStyles")
    for format_ in root.find(f"{MAIN}cellXfs"):
        known = HEADING_SIZES.get(sizes[int(format_.get("fontId"))])
        if known is None:
            continue
        name, number = known
        base = etree.SubElement(
            bases, f"{MAIN}xf", {key: format_.get(key) for key in ("numFmtId", "fontId", "fillId", "borderId")}
        )
        place = str(len(bases) - 1)
        base.set("applyFont", "1")
        format_.set("xfId", place)
        etree.SubElement(styles, f"{MAIN}cellStyle", {"name": name, "xfId": place, "builtinId": str(number)})
    for group in (bases, styles):
        group.set("count", str(len(group)))
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def _with_language(content: bytes) -> bytes:
    return content.replace(b"</cp:coreProperties>", b"<dc:language>en-GB</dc:language></cp:coreProperties>")
