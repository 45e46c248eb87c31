"""What partners were asked to contribute to an edition, and what had come by its data cut-off.

Here: the file `partner_contributions.csv` and the account of each partner. Not here: the contributions themselves
(`contributions/`), or printing (`report/governance_section.py`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path

from pydantic import Field

from jsna_pipeline.contributions.reading import ContributedRow, Day, Rows, checked_rows, read_rows

FILE = "partner_contributions.csv"


class Kind(StrEnum):
    DATA = "data"
    WORDS = "words"
    STATEMENT = "statement"
    CHECK = "check"


class Contribution(ContributedRow):
    """One thing that one partner was asked for."""

    partner: str = Field(max_length=120, description="organisation, service or forum that was asked")
    kind: Kind = Field(description="what kind of thing was asked for")
    what: str = Field(max_length=200, description="what was asked for, in a few words")
    due: Day = Field(description="day by which it was asked for")
    received_on: Day | None = Field(None, description="day on which it came; blank until then")
    contact_role: str = Field("", max_length=120, description="role, never the name, of the person who answers for it")

    def received_by(self, day: date) -> bool:
        return self.received_on is not None and self.received_on <= day

    def overdue_at(self, day: date) -> bool:
        """Whether it was due by the end of `day` and had not come."""
        return self.due <= day and not self.received_by(day)


@dataclass(frozen=True)
class PartnerAccount:
    """What one partner was asked for and had contributed by the end of the cut-off day.

    `on_time` counts those of `due` (asked for by a day up to the cut-off) that came no later than that day.
    """

    partner: str
    asked: int
    received: int
    due: int
    on_time: int
    overdue: int


def read_contributions(folder: Path, today: date) -> Rows[Contribution]:
    """The rows of the area's `folder` of an edition; `today` is the day of the build."""

    def fault(row: Contribution) -> tuple[str, str] | None:
        ahead = row.received_on is not None and row.received_on > today
        return ("received_on", "is after the day of this build; correct the day") if ahead else None

    return checked_rows(read_rows(folder / FILE, Contribution), FILE, fault)


def partner_accounts(contributions: Sequence[Contribution], cut_off: date) -> tuple[PartnerAccount, ...]:
    """The account of each partner, in the order of the alphabet; small and capital letters make no difference."""
    by_partner: dict[str, list[Contribution]] = {}
    for one in contributions:
        by_partner.setdefault(" ".join(one.partner.casefold().split()), []).append(one)
    return tuple(account(rows[0].partner, rows, cut_off) for _, rows in sorted(by_partner.items()))


def account(partner: str, contributions: Sequence[Contribution], cut_off: date) -> PartnerAccount:
    """The account of `contributions` under the name `partner`."""
    due = [one for one in contributions if one.due <= cut_off]
    return PartnerAccount(
        partner=partner,
        asked=len(contributions),
        received=sum(one.received_by(cut_off) for one in contributions),
        due=len(due),
        on_time=sum(one.received_by(one.due) for one in due),
        overdue=sum(one.overdue_at(cut_off) for one in contributions),
    )
