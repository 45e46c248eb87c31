"""Figures in a commentary that are bound to an observation, and those that an author brings with a source.

Here: the syntax, and filling it from a lookup that the caller gives. Not here: the lookup in an area's tables
(`area_figures.py`), or figures that were typed without either (`typed_figures.py`).

    {{ persistent_absence }}                                 the newest figure, as the report prints it
    {{ ehcp_within_20_weeks_excl | england }}                a part of it: see `Part`
    {{ good_level_by_group:sen_status/sen_support }}         the figure of a group: dimension/category
    {{ good_level_by_group:sen_status/sen_support | number }}
    [[ 14 routes | source: transport team, June 2025 ]]      the author's own, printed with its source
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum
from typing import Protocol

from jsna_pipeline.report.formatting import NOT_AVAILABLE, listed

LONGEST = 240  # characters between the braces
_BOUND = re.compile(r"([a-z][a-z0-9_]*)(?:\s*:\s*([a-z0-9_]+)\s*/\s*([A-Za-z0-9_ ]+?))?(?:\s*\|\s*([a-z]+))?")
_SOURCED = re.compile(r"([^|\[\]]{1,60}?)\s*\|\s*source:\s*([^|\[\]]{3,160})", re.IGNORECASE)
# A single count that may be one of children: the number alone, or with a noun of persons or of their plans.
_FEW = re.compile(
    r"[1-5](?:\s+(?:children|child|pupils?|plans?|young people|people|person|students?|learners?|boys?|girls?|"
    r"families|family|residents?|appeals?|requests?|cases?|exclusions?|suspensions?)\b.*)?",
    re.IGNORECASE,
)

Group = tuple[str, str]  # dimension and category


class Part(StrEnum):
    """What of an observation is printed."""

    VALUE = "value"  # with its unit: "42.6%"
    NUMBER = "number"  # its numerator
    DENOMINATOR = "denominator"
    PERIOD = "period"  # in words: "January 2025"
    PREVIOUS = "previous"  # the value of the period before
    ENGLAND = "england"  # England's value in the same period
    REGION = "region"
    NEIGHBOURS = "neighbours"  # mean of the statistical neighbours
    RANK = "rank"  # "88th of 153"


class Figures(Protocol):
    """Where bound figures come from; each is a text as the report prints it."""

    def value(self, indicator_id: str, group: Group | None, what: Part) -> str | None:
        """The printed figure; None where there is none. `group` None is the indicator's headline."""


@dataclass(frozen=True)
class Placeholder:
    """A bound figure as it is written."""

    indicator_id: str
    group: Group | None = None
    part: Part = Part.VALUE

    def __str__(self) -> str:
        group = f":{self.group[0]}/{self.group[1]}" if self.group else ""
        part = "" if self.part is Part.VALUE else f" | {self.part}"
        return f"{{{{ {self.indicator_id}{group}{part} }}}}"


@dataclass(frozen=True)
class Filled:
    """The printed text of a placeholder, and what is to be told of it.

    `fault` is the author's to mend and blocks approval; `missing` says that the data hold no such figure.
    """

    text: str
    fault: str = ""
    missing: str = ""


def placeholder(inner: str) -> Placeholder | None:
    """What stands between the braces as a placeholder; None where it is none. Its id need not exist."""
    match = _BOUND.fullmatch(" ".join(inner.split()))
    if match is None or (match[4] and match[4] not in set(Part)):
        return None
    return Placeholder(match[1], (match[2], match[3]) if match[2] else None, Part(match[4] or "value"))


def filled(inner: str, figures: Figures, known: Collection[str]) -> Filled:
    """The figure that `inner` is bound to; `known` are the ids of the catalogue."""
    wanted = placeholder(inner)
    if wanted is None:
        return Filled(
            NOT_AVAILABLE,
            fault="a placeholder is not written as {{ indicator }}, {{ indicator:dimension/category }} or "
            f"{{{{ indicator | part }}}}; the parts are {', '.join(Part)}",
        )
    if wanted.indicator_id not in known:
        near = get_close_matches(wanted.indicator_id, sorted(known), n=3, cutoff=0.0)
        return Filled(NOT_AVAILABLE, fault=f"there is no indicator “{wanted.indicator_id}”; near it: {listed(near)}")
    text = figures.value(wanted.indicator_id, wanted.group, wanted.part)
    if text is None:
        return Filled(NOT_AVAILABLE, missing=f"{wanted} has no figure in this edition; see the indicator’s groups")
    return Filled(text)


def sourced(inner: str) -> Filled:
    """The author's own figure with its source: "14 routes (source: transport team, June 2025)"."""
    match = _SOURCED.fullmatch(" ".join(inner.split()))
    if match is None or not re.search(r"\d", match[1]):
        return Filled(
            NOT_AVAILABLE,
            fault="a figure of your own is written as [[ 14 routes | source: transport team, June 2025 ]]",
        )
    if _FEW.fullmatch(match[1].strip()):
        return Filled(
            NOT_AVAILABLE,
            fault="a figure of your own from 1 to 5 may point at single children; leave it out, give a range, or name "
            "what else it counts",
        )
    return Filled(f"{match[1].strip()} (source: {match[2].strip()})")
