"""What partners contributed: counted at the end of the cut-off day, whatever came since."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jsna_pipeline.governance.partners import Contribution, Kind, PartnerAccount, partner_accounts, read_contributions

CUT_OFF = date(2025, 12, 31)
DAY = timedelta(days=1)


def asked(due: date, received_on: date | None = None, partner: str = "Example Trust") -> Contribution:
    return Contribution(partner=partner, kind=Kind.DATA, what="Waits", due=due, received_on=received_on)


@pytest.mark.parametrize(
    ("due", "received_on", "counts"),
    [
        # received, due, on time, overdue at the cut-off
        (CUT_OFF, CUT_OFF, (1, 1, 1, 0)),
        (CUT_OFF, CUT_OFF + DAY, (0, 1, 0, 1)),
        (CUT_OFF, None, (0, 1, 0, 1)),
        (CUT_OFF - DAY, CUT_OFF, (1, 1, 0, 0)),
        (CUT_OFF - DAY, CUT_OFF - DAY, (1, 1, 1, 0)),
        (CUT_OFF + DAY, None, (0, 0, 0, 0)),
        (CUT_OFF + DAY, CUT_OFF, (1, 0, 0, 0)),
    ],
)
def test_the_cut_off_day_itself_counts(due: date, received_on: date | None, counts: tuple[int, ...]) -> None:
    assert partner_accounts([asked(due, received_on)], CUT_OFF) == (PartnerAccount("Example Trust", 1, *counts),)


def test_one_partner_has_one_account_however_its_name_is_written() -> None:
    rows = [asked(CUT_OFF, CUT_OFF, name) for name in ("Example Trust", "example  trust", "A forum")]
    assert [(one.partner, one.asked) for one in partner_accounts(rows, CUT_OFF)] == [
        ("A forum", 1),
        ("Example Trust", 2),
    ]
    assert partner_accounts([], CUT_OFF) == ()


days = st.dates(CUT_OFF - 5 * DAY, CUT_OFF + 5 * DAY)
rows = st.lists(st.builds(asked, days, st.one_of(st.none(), days), st.sampled_from("ABC")), max_size=12)


@given(rows)
def test_what_was_due_came_on_time_or_late_or_is_overdue(contributions: list[Contribution]) -> None:
    accounts = partner_accounts(contributions, CUT_OFF)
    assert sum(one.asked for one in accounts) == len(contributions)
    for one in accounts:
        late = one.due - one.on_time - one.overdue
        assert 0 <= late <= one.received <= one.asked
        assert one.on_time + late <= one.received


def test_a_row_received_after_the_build_is_left_out_and_told(tmp_path: Path) -> None:
    (tmp_path / "partner_contributions.csv").write_text(
        "partner,kind,what,due,received_on,contact_role\n"
        "Example Trust,data,Waits,2025-11-28,2026-01-02,Lead\n"
        "Example Trust,data,Waits,2025-11-28,2026-01-03,Lead\n"
        "Example Trust,gift,Waits,2025-11-28,,Lead\n"
    )
    found = read_contributions(tmp_path, today=date(2026, 1, 2))
    assert [row.row for row in found.rows] == [2]
    assert [problem.sentence for problem in found.problems] == [
        "partner_contributions.csv, row 4, column kind: has to be 'data', 'words', 'statement' or 'check'.",
        "partner_contributions.csv, row 3, column received_on: is after the day of this build; correct the day.",
    ]
