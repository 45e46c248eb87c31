"""Who is asked for words, and about which chapters.

Here: the file `contributors.csv` of an area. Not here: the workbook that each is sent (`workbook_export.py`).
"""

from __future__ import annotations

from difflib import get_close_matches
from pathlib import Path
from typing import Annotated

from pydantic import Field

from jsna_pipeline.commentary.reading import chapter_ids
from jsna_pipeline.contributions.reading import ContributedRow, Problem, Several, read_rows
from jsna_pipeline.report.formatting import listed

FILE = "contributors.csv"
_Name = Annotated[str, Field(max_length=120, pattern=r"^[^\r\n<>@]*$")]


class Contributor(ContributedRow):
    """One team, forum or post. An e-mail address is refused: the file is kept with the report's inputs."""

    name: Annotated[_Name, Field(min_length=2)] = Field(description="who is asked: a team, forum or post")
    role: _Name = Field("", description="what they answer for; no e-mail address")
    chapters: Several = Field(description="ids of the chapters, with semicolons between", min_length=1)


def read_contributors(folder: Path) -> tuple[tuple[Contributor, ...], tuple[Problem, ...]]:
    """The contributors of an area's folder; a chapter that does not exist is left out of a row and told."""
    read = read_rows(folder / FILE, Contributor)
    problems = list(read.problems)
    kept: dict[str, Contributor] = {}
    for row in read.rows:
        unknown = [chapter for chapter in row.chapters if chapter not in chapter_ids()]
        for chapter in unknown:
            near = listed(get_close_matches(chapter, chapter_ids(), n=3, cutoff=0.0))
            problems.append(Problem(FILE, f"row {row.row}, column chapters", f"names no chapter; near it: {near}"))
        chapters = tuple(dict.fromkeys(chapter for chapter in row.chapters if chapter not in unknown))
        name = " ".join(row.name.casefold().split())
        if name in kept:
            problems.append(Problem(FILE, f"row {row.row}", "names a contributor a second time; keep one row for each"))
        elif chapters:
            kept[name] = row.model_copy(update={"chapters": chapters})
    return tuple(kept.values()), tuple(problems)
