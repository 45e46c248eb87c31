"""The criteria by which inspectors look at a local area, and which figures of the report bear on each.

Here: the model of an inspection framework and its loader. Not here: what an area says of itself
(`self_evaluation.py`), or how the grid looks (`report/self_evaluation_chapter.py`).

The wording is ours and short; the framework itself is cited and decides. Figures bear on a criterion, they do not
settle it: inspectors speak with children, families and staff. A framework that replaces another is another file.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from functools import cache
from typing import Self

from pydantic import Field, field_validator, model_validator

from jsna_pipeline.catalogue.chapters import chapters
from jsna_pipeline.catalogue.indicators import indicators
from jsna_pipeline.catalogue.loading import Definition, load_folder


class Part(StrEnum):
    IMPACT = "impact"  # on the experiences and outcomes of children and young people
    PARTNERSHIP = "partnership"  # how partners plan, evaluate and develop the system together


class Criterion(Definition):
    """One criterion in our words, and what of the report evidences it."""

    id: str = Field(pattern=r"^[a-z][a-z_]+$")
    part: Part
    criterion: str = Field(pattern=r"[^.]$", description="what should be so, as a sentence without its full stop")
    looked_for: list[str] = Field(min_length=1, description="what an inspector looks for, each a short sentence")
    indicators: list[str] = Field([], description="ids of indicators that bear on it, the most telling first")
    chapters: list[str] = Field(min_length=1, description="ids of chapters to read")
    gaps: list[str] = Field(min_length=1, description="what figures do not show, each a sentence")

    @field_validator("indicators")
    @classmethod
    def _are_indicators(cls, value: list[str]) -> list[str]:
        return _known(value, indicators().keys(), "indicator")

    @field_validator("chapters")
    @classmethod
    def _are_chapters(cls, value: list[str]) -> list[str]:
        return _known(value, chapters().keys(), "chapter")


def _known(value: list[str], known: object, kind: str) -> list[str]:
    if unknown := [one for one in value if one not in known]:  # type: ignore[operator]
        raise ValueError(f"no {kind} {unknown[0]!r} in catalogue/{kind}s")
    if len(set(value)) < len(value):
        raise ValueError(f"names one {kind} twice")
    return value


class InspectionFramework(Definition):
    """One published framework. The file name is the id."""

    id: str = Field(pattern=r"^[a-z][a-z0-9_]+$")
    title: str
    publishers: str
    used_from: date = Field(description="first day of inspections under it")
    updated: date = Field(description="date of the text that was read")
    page: str = Field(pattern=r"^https://")
    reviewed: date
    note: str = Field(description="how our words relate to the framework's")
    criteria: list[Criterion] = Field(min_length=1)

    @model_validator(mode="after")
    def _each_once(self) -> Self:
        ids = [one.id for one in self.criteria]
        if repeated := [one for one in ids if ids.count(one) > 1]:
            raise ValueError(f"criterion {repeated[0]!r} stands twice")
        return self

    @property
    def by_id(self) -> dict[str, Criterion]:
        return {one.id: one for one in self.criteria}


@cache
def frameworks() -> dict[str, InspectionFramework]:
    """Every framework by id, the one used from the earliest day first."""
    found = load_folder("inspection", InspectionFramework)
    return dict(sorted(found.items(), key=lambda item: item[1].used_from))


def framework_on(day: date) -> InspectionFramework:
    """The framework in use on `day`; the first there is where the day lies before all of them."""
    known = list(frameworks().values())
    return ([one for one in known if one.used_from <= day] or known[:1])[-1]
