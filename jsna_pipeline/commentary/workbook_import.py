"""A contributor's workbook taken back: its words as Markdown files of the area's folder.

Here: opening the workbook as if it were hostile, reading its cells, and writing the files. Not here: the
workbook's layout (`workbook_layout.py`), or what the words hold (`checking.py`).

Nothing in a workbook is evaluated. A cell with a formula is refused where words are wanted; text that merely
begins like one is text.
"""

from __future__ import annotations

import io
import os
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

from openpyxl import load_workbook

from jsna_pipeline.commentary import workbook_layout as layout
from jsna_pipeline.commentary.markdown import without_unseen
from jsna_pipeline.commentary.reading import (
    FOLDER,
    LONGEST_WORDS,
    Commentary,
    as_markdown,
    chapter_ids,
    free_name,
    markdown_file,
    parsed,
    read_commentary,
)
from jsna_pipeline.contributions.reading import Problem
from jsna_pipeline.errors import InputError
from jsna_pipeline.returns.delivered import DeliveredFile, safe_name

LARGEST_FILE = 4 * 2**20
# All parts unpacked: a contributor's workbook of all chapters takes under one megabyte.
LARGEST_UNPACKED = 12 * 2**20


@dataclass(frozen=True)
class Delivered:
    """Words as they came back, and the contributor whose workbook held them."""

    commentary: Commentary
    contributor: str


def import_workbook(path: Path, area: str, edition: str) -> tuple[tuple[Delivered, ...], tuple[Problem, ...]]:
    """The words of a contributor's workbook for `area` and `edition`, and what is wrong with the rest.

    Sheets without words are passed over. Raises nothing for what the file holds.
    """
    name = safe_name(path.name)
    content = _content(path, name)
    if isinstance(content, Problem):
        return (), (content,)
    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=False, keep_links=False)
        sheets = {sheet.title: _labelled(sheet) for sheet in book.worksheets[: layout.MOST_SHEETS]}
        book.close()
    except Exception:  # openpyxl raises errors of many kinds for damaged parts, and they may hold cells
        return (), (Problem(name, "", "is not a readable workbook; save it again as .xlsx"),)
    cover = sheets.pop(layout.COVER, {})
    if fault := _wrong_workbook(cover, area, edition):
        return (), (Problem(name, f"sheet {layout.COVER}", fault),)
    contributor = _one(cover, layout.FOR_LABEL)
    found: list[Delivered] = []
    problems: list[Problem] = []
    for title, cells in sheets.items():
        read = _sheet(cells, title, name, edition)
        if isinstance(read, Problem):
            problems.append(read)
        elif read is not None:
            found.append(Delivered(read, contributor))
    return tuple(found), tuple(problems)


def write_commentaries(
    folder: Path, delivered: Sequence[Delivered], edition: str
) -> tuple[tuple[Path, ...], tuple[Problem, ...]]:
    """Writes the words below `folder/commentary`; returns the files that changed.

    Words replace those of the same author in the same chapter, and of nobody else: a workbook in another
    contributor's name adds a file, or is refused where that author has words already.
    """
    place = folder / FOLDER
    place.mkdir(parents=True, exist_ok=True)
    taken = {path.name for path in place.iterdir()}
    own = {each.key: each for each in read_commentary(folder, edition)[0]}
    written: list[Path] = []
    problems: list[Problem] = []
    for each in delivered:
        commentary, before = each.commentary, own.get(each.commentary.key)
        if before is not None and _same_name(commentary.author) != _same_name(each.contributor):
            what = "is the work of another author than the workbook’s; its words are kept, and the new ones left out"
            problems.append(Problem(before.file, "", what))
            continue
        name = Path(before.file).name if before else free_name(commentary, taken)
        taken.add(name)
        own[commentary.key] = replace(commentary, file=f"{FOLDER}/{name}")
        if _write(place / name, as_markdown(commentary)):
            written.append(place / name)
    return tuple(written), tuple(problems)


def _same_name(name: str) -> str:
    return " ".join(name.casefold().split())


def _write(path: Path, text: str) -> bool:
    """`text` under `path`, whole or not at all; False where it stands there already."""
    if path.is_file() and not path.is_symlink() and path.read_bytes() == text.encode("utf-8"):
        return False
    unfinished = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        unfinished.write_bytes(text.encode("utf-8"))
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
    return True


# --- opening -----------------------------------------------------------------------------------


def _content(path: Path, name: str) -> bytes | Problem:
    """The bytes of a workbook that is small, of today's format, and without macros or XML of a foreign kind."""
    if path.suffix.casefold() != ".xlsx":
        return Problem(name, "", "is no workbook of the kind .xlsx; save it as one, without macros")
    try:
        if path.stat().st_size > LARGEST_FILE:
            return Problem(name, "", f"is larger than {LARGEST_FILE // 2**20} MB; take pictures and other sheets out")
        content = DeliveredFile(path, name).workbook()
        return Problem(name, "", fault) if (fault := _odd_parts(content)) else content
    except InputError as error:
        return Problem(name, "", str(error).removeprefix(f"{name}: ").rstrip("."))
    except (OSError, zipfile.BadZipFile, ValueError, RuntimeError, EOFError, LookupError):
        return Problem(name, "", "is damaged or cannot be opened; save it again as .xlsx")
    except Exception:  # zlib and struct have errors of their own for damaged parts
        return Problem(name, "", "is damaged; save it again as .xlsx")


def _odd_parts(content: bytes) -> str:
    """What no workbook of words has: macros, a document type with entities, or more than a few megabytes of parts."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        members = archive.infolist()
        if sum(info.file_size for info in members) > LARGEST_UNPACKED:
            return f"unpacks to more than {LARGEST_UNPACKED // 2**20} MB; take other sheets out"
        for info in members:
            part = archive.read(info)
            if "vbaproject" in info.filename.casefold() or b"macroEnabled" in part:
                return "holds macros; save it as .xlsx, without macros"
            if info.filename.endswith((".xml", ".rels")) and (b"<!" in part.replace(b"<!--", b"") or b"\0" in part):
                return "holds parts that no spreadsheet program writes; save it again as .xlsx"
    return ""


# --- reading -----------------------------------------------------------------------------------

_FORMULA = object()
Cells = dict[str, list[Any]]  # the contents beside each label, in order; `_FORMULA` for a formula


def _labelled(sheet: Any) -> Cells:
    """The cells of column B by the label in column A, within the size that a sheet of ours has."""
    found: Cells = {}
    # A sheet may claim any size; the first rows and two columns are read whatever it claims.
    sheet.reset_dimensions()
    for row in sheet.iter_rows(min_row=1, max_row=layout.MOST_ROWS, max_col=2):
        label = row[0].value if row else None
        if isinstance(label, str) and len(row) > 1:
            content = _FORMULA if row[1].data_type == "f" else row[1].value
            found.setdefault(label.strip(), []).append(content)
    return found


def _one(cells: Cells, label: str) -> str:
    return next(_texts(cells, label), "")


def _texts(cells: Cells, label: str) -> Iterator[str]:
    """The filled cells of a label as text."""
    for content in cells.get(label, []):
        if isinstance(content, datetime):
            content = content.date()
        if content is not None and content is not _FORMULA and str(content).strip():
            whole = isinstance(content, float) and content.is_integer()
            text = content.isoformat() if isinstance(content, date) else str(int(content) if whole else content)
            yield without_unseen(text.replace("_x000D_", "").replace("\r\n", "\n").replace("\r", "\n"))


def _wrong_workbook(cover: Cells, area: str, edition: str) -> str:
    if _one(cover, layout.FORM_LABEL).strip() != layout.FORM:
        return "is missing or of another form; use the workbook that `jsna commentary export` wrote"
    if _one(cover, layout.AREA_LABEL).strip() != area:
        return f"is of another area than {area}; import it there"
    if _one(cover, layout.EDITION_LABEL).strip() != edition:
        return f"is of another edition than {edition}; import it there, or export it anew"
    return ""


def _sheet(cells: Cells, title: str, name: str, edition: str) -> Commentary | Problem | None:
    """The words of one sheet, its first fault, or None where nothing was written."""
    place = f"sheet {safe_name(title)}"
    chapter = _one(cells, layout.CHAPTER_LABEL).strip()
    if chapter not in chapter_ids():
        return Problem(name, place, "is of no chapter and is not read; write in the chapters’ own sheets")
    wanted = (layout.WORDS_LABEL, layout.AUTHOR_LABEL, layout.ROLE_LABEL, layout.DATE_LABEL, layout.CONFIRMED_LABEL)
    if any(content is _FORMULA for label in wanted for content in cells.get(label, [])):
        return Problem(name, place, "holds a formula where words are wanted; type the words themselves")
    words = "\n\n".join(text.strip("\n").rstrip() for text in _texts(cells, layout.WORDS_LABEL))
    if not words.strip():
        return None
    if len(words) > LONGEST_WORDS:
        return Problem(name, place, f"has more than {LONGEST_WORDS:,} characters of words; shorten them")
    if not _one(cells, layout.DATE_LABEL):
        return Problem(name, place, "has words and no date; fill in the day on which they were written")
    read = parsed(markdown_file(_facts(cells, chapter, edition), words), name, edition)
    return replace(read, place=f"{place}{_part(read)}") if isinstance(read, Problem) else replace(read, file="")


def _facts(cells: Cells, chapter: str, edition: str) -> dict[str, str]:
    confirmed = _one(cells, layout.CONFIRMED_LABEL).strip().casefold() in ("yes", "y", "true")
    return {
        "chapter": chapter,
        "author": " ".join(_one(cells, layout.AUTHOR_LABEL).split()),
        "role": " ".join(_one(cells, layout.ROLE_LABEL).split()),
        "date": _one(cells, layout.DATE_LABEL).strip(),
        "edition": edition if confirmed else _one(cells, layout.WRITTEN_FOR_LABEL).strip() or edition,
    }


def _part(problem: Problem) -> str:
    """Which entry of the block a problem is about: its lines are those of the entries, in their order."""
    labels = ("", "chapter", "author", "role", "date", "edition")
    line = problem.place.removeprefix("line ")
    number = int(line) - 1 if line.isdigit() else 0
    return f", {labels[number]}" if 0 < number < len(labels) else ""
