"""Everything that an area has written of the governance of one edition.

Here: the one reading function of the subject. Not here: what each file holds (`sign_off.py`, `partners.py`,
`logs.py`), or printing (`report/governance_section.py`).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from jsna_pipeline.contributions.reading import Problem
from jsna_pipeline.editions import year_and_number
from jsna_pipeline.governance.logs import (
    Assumption,
    Decision,
    Erratum,
    read_assumptions,
    read_decisions,
    read_errata,
)
from jsna_pipeline.governance.partners import Contribution, read_contributions
from jsna_pipeline.governance.sign_off import SignOff, read_sign_off


@dataclass(frozen=True)
class AreaGovernance:
    """Who answers for one area's edition, and on what it rests. Lists are in the order of their files."""

    edition: str
    cut_off: date
    sign_off: SignOff = field(default_factory=SignOff)
    contributions: tuple[Contribution, ...] = ()
    assumptions: tuple[Assumption, ...] = ()
    decisions: tuple[Decision, ...] = ()
    errata: tuple[Erratum, ...] = ()

    @property
    def is_blank(self) -> bool:
        """Whether the area has written nothing."""
        return self == AreaGovernance(self.edition, self.cut_off, SignOff(blocking=self.sign_off.blocking))


def read_governance(
    folder: Path, edition: str, today: date, *, cut_off: date, blocking: tuple[Problem, ...] = ()
) -> tuple[AreaGovernance, tuple[Problem, ...]]:
    """What lies in the area's `folder` of `edition`, and what is wrong with it.

    `today` is the day of the build, after which nothing can have been signed; `cut_off` the edition's. `blocking` are
    problems of other files that keep approval from counting, and a correction without errata is one more.
    """
    contributions = read_contributions(folder, today)
    assumptions = read_assumptions(folder, today)
    decisions = read_decisions(folder, today)
    errata = read_errata(folder, edition, today)
    if year_and_number(edition)[1] and not any(row.edition == edition for row in errata.rows):
        blocking = (*blocking, errata.problems[-1])
    sign_off, faults = read_sign_off(folder, cut_off=cut_off, today=today, blocking=blocking)
    made = AreaGovernance(edition, cut_off, sign_off, contributions.rows, assumptions.rows, decisions.rows, errata.rows)
    found = (contributions, assumptions, decisions, errata)
    return made, (*faults, *(problem for one in found for problem in one.problems))
