"""Commentaries as Markdown files: a block of facts between two lines `---`, and the words below it.

Here: the frozen commentary, reading an area's folder of them, and writing one. Not here: what the words hold
(`checking.py`), or the workbooks that carry them (`workbook_import.py`).

    ---
    chapter: ehc_system
    author: Example SEND service
    role: Head of SEND
    date: 2025-09-30
    edition: 2025
    ---
    Plans were issued within 20 weeks in {{ ehcp_within_20_weeks_excl }} of cases.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from jsna_pipeline.catalogue.chapters import chapters
from jsna_pipeline.commentary.markdown import without_unseen
from jsna_pipeline.contributions.reading import Day, Problem, record_of
from jsna_pipeline.editions import EDITION, year_and_number
from jsna_pipeline.report.formatting import listed

FOLDER = "commentary"
# Chapters that the report makes of something other than a list of indicators.
GENERATED_CHAPTERS = ("inequalities", "strategies", "own-records", "voice", "self-evaluation", "commissioning")
MOST_FILES = 400
LARGEST_FILE = 2**18  # bytes: the longest words in the longest letters, several times over
LONGEST_WORDS = 10_000  # characters, about four pages of print
LONGEST_BLOCK = 4_000


@dataclass(frozen=True)
class Commentary:
    """Words of one author about one chapter. `edition` is the one that they were written for.

    `file` and `first_line` say where the words begin, for problems that are found in them.
    """

    chapter: str
    author: str
    role: str
    date: date
    edition: str
    words: str
    file: str = ""
    first_line: int = 1

    @property
    def key(self) -> tuple[str, str]:
        """One author has one commentary in a chapter when it comes back from a workbook."""
        return self.chapter, " ".join(self.author.casefold().split())


Line = Annotated[str, Field(max_length=120, pattern=r"^[^\r\n<>@]*$")]


class _Facts(BaseModel):
    """The block above the words."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    chapter: str = Field(description="id of a chapter, as `jsna indicators` prints it")
    author: Annotated[Line, Field(min_length=2)] = Field(description="who wrote the words: a team, forum or post")
    role: Line = Field("", description="what the author answers for; no e-mail address")
    date: Day = Field(description="day on which the words were written")
    edition: str = Field(pattern=f"^{EDITION}$", description="edition that the words are for")


def chapter_ids() -> tuple[str, ...]:
    """Chapters that a commentary may stand in, in the order of the report."""
    return (*chapters(), *GENERATED_CHAPTERS)


def read_commentary(folder: Path, edition: str) -> tuple[tuple[Commentary, ...], tuple[Problem, ...]]:
    """The commentaries of an area's folder, by chapter, date and author, and what is wrong with the others.

    Words for a later edition than `edition` are left out; those for an earlier one are kept, and flagged where
    they are printed.
    """
    place = folder / FOLDER
    names = sorted(path.name for path in place.glob("*.md") if not path.name.startswith((".", "~")))
    found: list[Commentary] = []
    problems: list[Problem] = []
    for name in names[:MOST_FILES]:
        read = _read(place / name, place, edition)
        (problems if isinstance(read, Problem) else found).append(read)  # type: ignore[arg-type]
    if len(names) > MOST_FILES:
        problems.append(Problem(FOLDER, "", f"holds more than {MOST_FILES} files; only the first are read"))
    order = {chapter: number for number, chapter in enumerate(chapter_ids())}
    found.sort(key=lambda each: (order[each.chapter], each.date, each.author.casefold(), each.file))
    return tuple(found), tuple(problems)


def _read(path: Path, folder: Path, edition: str) -> Commentary | Problem:
    name = f"{FOLDER}/{path.name}"
    text = _text(path, folder, name)
    return text if isinstance(text, Problem) else parsed(text, name, edition)


def parsed(text: str, name: str, edition: str) -> Commentary | Problem:
    """The commentary that a Markdown text holds, or its first fault; `name` is the file's in problems."""
    lines = without_unseen(text.replace("\r\n", "\n").replace("\r", "\n")).split("\n")
    ends = [number for number, line in enumerate(lines) if line.rstrip() == "---"]
    if len(ends) < 2 or ends[0] != 0:
        return Problem(name, "line 1", "does not begin with its facts between two lines ---; see the example")
    block = "\n".join(lines[1 : ends[1]])
    if len(block) > LONGEST_BLOCK:
        return Problem(name, "line 1", f"the facts above the words are longer than {LONGEST_BLOCK:,} characters")
    facts = record_of(block, _Facts, name, before=1)
    if facts is None or isinstance(facts, Problem):
        return facts or Problem(name, "line 2", "the facts above the words are blank; see the example")
    # The line of the first word: blank lines before it are no part of the words.
    start = next((number for number in range(ends[1] + 1, len(lines)) if lines[number].strip()), len(lines))
    words = "\n".join(lines[start:]).rstrip()
    if fault := _fault(facts, words, edition):
        return Problem(name, _line_of(lines, fault[0]), fault[1])
    return Commentary(**facts.model_dump(), words=words, file=name, first_line=start + 1)


def _text(path: Path, folder: Path, name: str) -> str | Problem:
    try:
        if not path.resolve().is_relative_to(folder.resolve()):
            return Problem(name, "", "is a link out of the folder; put the file itself there")
        if path.stat().st_size > LARGEST_FILE:
            return Problem(name, "", f"is larger than {LARGEST_FILE // 1024} kB; a commentary is a few pages at most")
        text = path.read_text("utf-8-sig")
    except (OSError, RuntimeError):
        return Problem(name, "", "cannot be opened; look who may read it")
    except UnicodeDecodeError:
        return Problem(name, "", "is not UTF-8 text; save it again as plain text in UTF-8")
    return text


def _fault(facts: _Facts, words: str, edition: str) -> tuple[str, str] | None:
    """The entry that is at fault, and what is wrong with it."""
    if facts.chapter not in chapter_ids():
        near = get_close_matches(facts.chapter, chapter_ids(), n=3, cutoff=0.0)
        return "chapter", f"there is no chapter of this id; near it: {listed(near)}"
    if year_and_number(facts.edition)[0] > year_and_number(edition)[0]:
        return "edition", f"the words are for a later edition than {edition}; they wait for it"
    if not words.strip():
        return "", "has no words below its facts; write them, or take the file away"
    if len(words) > LONGEST_WORDS:
        return "", f"is longer than {LONGEST_WORDS:,} characters; shorten it"
    return None


def _line_of(lines: list[str], entry: str) -> str:
    found = (number for number, line in enumerate(lines, 1) if entry and re.match(rf"\s*{entry}\s*:", line))
    return f"line {number}" if (number := next(found, 0)) else ""


# --- writing -----------------------------------------------------------------------------------


def as_markdown(commentary: Commentary) -> str:
    """The file of a commentary, as `read_commentary` reads it."""
    facts = {name: str(getattr(commentary, name)) for name in _Facts.model_fields}
    return markdown_file(facts, commentary.words)


def markdown_file(facts: Mapping[str, str], words: str) -> str:
    """A file from the entries of its block and the words; blank entries are left out."""
    block = [f"{name}: {json.dumps(entry, ensure_ascii=False)}" for name, entry in facts.items() if entry]
    return "\n".join(["---", *block, "---", "", words.strip("\n"), ""])


def slug(text: str) -> str:
    """A part of a file's name made of a name: "Head of SEND" is head-of-send."""
    return re.sub(r"[^a-z0-9]+", "-", text.casefold()).strip("-")[:60] or "author"


def free_name(commentary: Commentary, taken: Collection[str]) -> str:
    """A file name of its own for a commentary, none of `taken`."""
    stem = f"{commentary.chapter}-{slug(commentary.author)}"
    name, number = f"{stem}.md", 2
    while name in taken:
        name, number = f"{stem}-{number}.md", number + 1
    return name
