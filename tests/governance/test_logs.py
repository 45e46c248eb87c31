"""Assumptions stay though unsigned, decisions keep their days in order, and a correction says what it corrects."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from jsna_pipeline.governance.logs import (
    Decision,
    DecisionStatus,
    read_assumptions,
    read_decisions,
    read_errata,
)

TODAY = date(2026, 3, 1)


def test_an_assumption_is_never_left_out_for_its_signature(tmp_path: Path) -> None:
    (tmp_path / "assumptions.csv").write_text(
        "Assumption,Why,Effect if wrong,Owner,Signed by,Signed on\n"
        "a,b,c,d,Example Lead,2026-03-01\n"
        "a,b,c,d,Example Lead,\n"
        "a,b,c,d,,2026-03-01\n"
        "a,b,c,d,Example Lead,2026-03-02\n"
        "a,b,c,,,\n"
        "a,b,,,,\n"
    )
    found = read_assumptions(tmp_path, TODAY)
    assert [(row.row, row.signed_by, row.signed_on) for row in found.rows] == [
        (2, "Example Lead", TODAY),
        *((row, "", None) for row in (3, 4, 5, 6)),
    ]
    assert [problem.place for problem in found.problems] == [
        "row 7, column effect_if_wrong",
        "row 3, column signed_on",
        "row 4, column signed_by",
        "row 5, column signed_on",
    ]


@pytest.mark.parametrize(
    ("cells", "what"),
    [
        ("2026-01-10,Board,Do it,Lead,2026-01-10,2026-01-10,done", None),
        ("2026-01-10,Board,Do it,Lead,,,", None),
        ("2026-01-10,Board,Do it,Lead,,,withdrawn", None),
        ("2026-01-10,Board,Do it,Lead,,,done", "row 2: has to have a day in done_on where the status is done"),
        (
            "2026-01-10,Board,Do it,Lead,,2026-01-11,open",
            "row 2: has to have a day in done_on where the status is done",
        ),
        ("2026-01-10,Board,Do it,Lead,2026-01-09,,open", "row 2: is due or done before it was decided"),
        ("2026-01-10,Board,Do it,Lead,,2026-01-09,done", "row 2: is due or done before it was decided"),
        ("2026-03-02,Board,Do it,Lead,,,open", "row 2, column date: is after the day of this build"),
        ("2026-01-10,Board,Do it,Lead,,2026-03-02,done", "row 2, column done_on: is after the day of this build"),
        ("2026-01-10,Board,Do it,Lead,,,perhaps", "row 2, column status: has to be 'open', 'done' or 'withdrawn'"),
        ("2026-01-10,Board,Do it,,,,", "row 2, column owner: is blank and has to be filled in"),
    ],
)
def test_a_decision_and_its_faults(tmp_path: Path, cells: str, what: str | None) -> None:
    (tmp_path / "decision_log.csv").write_text(f"date,board,decision,owner,due,done_on,status\n{cells}\n")
    found = read_decisions(tmp_path, TODAY)
    assert len(found.rows) == (what is None) and len(found.problems) == (what is not None)
    if what:
        assert found.problems[0].sentence.startswith(f"decision_log.csv, {what}")


@pytest.mark.parametrize(
    ("status", "due", "done_on", "overdue"),
    [
        ("open", -1, None, True),
        ("open", 0, None, True),
        ("open", 1, None, False),
        ("open", None, None, False),
        ("done", -2, 0, False),
        ("done", -2, 1, True),
        ("withdrawn", -1, None, False),
    ],
)
def test_overdue_is_told_at_the_end_of_a_day(status: str, due: int | None, done_on: int | None, overdue: bool) -> None:
    day = date(2025, 12, 31)

    def at(days: int | None) -> date | None:
        return None if days is None else day + timedelta(days=days)

    one = Decision(
        date=date(2025, 1, 1),
        board="Board",
        decision="Do it",
        owner="Lead",
        due=at(due),
        done_on=at(done_on),
        status=DecisionStatus(status),
    )
    assert one.overdue_at(day) is overdue


HEAD = "edition,chapter,was,is_now,why,found_by,corrected_on\n"
ROW = "{edition},Requests,120,130,Typed wrongly,Example Forum,{on}\n"


def errata(tmp_path: Path, edition: str, *rows: tuple[str, str]) -> tuple[list[str], list[str]]:
    text = HEAD + "".join(ROW.format(edition=of, on=on) for of, on in rows)
    (tmp_path / "errata.csv").write_text(text)
    found = read_errata(tmp_path, edition, TODAY)
    return [row.edition for row in found.rows], [f"{one.place}: {one.what}" for one in found.problems]


def test_a_correction_has_errata_of_its_own_beside_those_before_it(tmp_path: Path) -> None:
    on = "2026-02-10"
    assert errata(tmp_path, "2025.1", ("2025.1", on)) == (["2025.1"], [])
    assert errata(tmp_path, "2025.10", ("2025.9", on), ("2025.10", on)) == (["2025.9", "2025.10"], [])
    kept, problems = errata(tmp_path, "2025.2", ("2025.1", on))
    assert kept == ["2025.1"] and problems == [": has no row of edition 2025.2; say what this correction corrects"]


def test_errata_of_another_edition_are_left_out_and_told(tmp_path: Path) -> None:
    on = "2026-02-10"
    for edition, other in (("2025.1", "2025.2"), ("2025.1", "2024.1"), ("2025", "2025.1")):
        kept, problems = errata(tmp_path, edition, (other, on))
        assert not kept and problems[0].startswith(f"row 2, column edition: is no correction up to edition {edition};")
    for wrong in ("2025", "2025.0", "2025.01", "25.1", "2025.1.1"):
        assert errata(tmp_path, "2025.1", (wrong, on))[1][0].startswith("row 2, column edition: is not written in the")
    assert errata(tmp_path, "2025.1", ("2025.1", "2026-03-02"))[1][0].startswith("row 2, column corrected_on: is after")


def test_only_a_correction_needs_errata(tmp_path: Path) -> None:
    assert not read_errata(tmp_path, "2025", TODAY).problems
    assert [one.sentence for one in read_errata(tmp_path, "2025.1", TODAY).problems] == [
        "errata.csv: has no row of edition 2025.1; say what this correction corrects."
    ]
