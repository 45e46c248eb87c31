"""The chapters of the report: their order, questions and what each cannot know from public files.

Here: the model of a chapter record and its loader. Not here: which indicators belong to a chapter
(each indicator says so itself) or how a chapter looks (`report_templates/`).
"""

from __future__ import annotations

from functools import cache

from pydantic import Field

from jsna_pipeline.catalogue.loading import Definition, load_folder


class OwnedGap(Definition):
    """A measure that no public source answers: why it matters, who holds it, how to supply it.

    `local_tables` close the gap where the area has delivered the returns behind all of them; with `finance`, where it
    has also told its high-needs budget and balance (`future/finance.py`).
    """

    measure: str
    why: str
    holder: str
    supply: str
    local_tables: list[str] = []
    finance: bool = False


class ChapterRecord(Definition):
    id: str
    number: int = Field(ge=1)
    title: str
    question: str = Field(pattern=r"\?$")
    introduction: str
    gaps: list[OwnedGap] = []


@cache
def chapters() -> dict[str, ChapterRecord]:
    """Every chapter by id, in order of number."""
    found = load_folder("chapters", ChapterRecord)
    return dict(sorted(found.items(), key=lambda item: item[1].number))
