"""Sign-off: a step counts where every step before it does, and nothing but the board's approval ends the draft."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jsna_pipeline.contributions.reading import Problem
from jsna_pipeline.governance.sign_off import (
    Assurance,
    AssuranceEntry,
    Office,
    SignOff,
    SignOffFile,
    Standing,
    Step,
    StepEntry,
    read_sign_off,
    signed_off,
)

CUT_OFF = date(2025, 12, 31)
TODAY = date(2026, 6, 30)
FIRST = date(2026, 1, 5)
BLOCKER = Problem("commentary/requests.md", "line 9", "prints 120 where the data say 130")


def entry(step: Step, on: date | None, **fields: str) -> StepEntry:
    return StepEntry.model_validate({"step": step, "by": "Example Officer", "role": "Example role", "on": on, **fields})


def through(last: Step) -> list[StepEntry]:
    """Every step up to `last`, a week apart."""
    steps = list(Step)[: list(Step).index(last) + 1]
    return [entry(step, FIRST + timedelta(weeks=place)) for place, step in enumerate(steps)]


def evaluated(
    steps: list[StepEntry], *, cut_off: date = CUT_OFF, today: date = TODAY, blocking: tuple[Problem, ...] = ()
) -> tuple[SignOff, list[tuple[tuple[str | int, ...], str]]]:
    signed, faults = signed_off(SignOffFile(steps=tuple(steps)), cut_off=cut_off, today=today, blocking=blocking)
    return signed, [(one.location, one.what) for one in faults]


@pytest.mark.parametrize("last", list(Step))
def test_the_state_is_the_last_step_taken_and_only_approval_ends_the_draft(last: Step) -> None:
    signed, faults = evaluated(through(last))
    assert signed.state is last and not faults
    assert signed.draft == (last not in (Step.APPROVED, Step.PUBLISHED))
    order = list(Step)
    assert signed.next_step is (None if last is Step.PUBLISHED else order[order.index(last) + 1])
    assert [one.step for one in signed.steps] == order


def test_without_a_signature_there_is_a_draft() -> None:
    assert evaluated([]) == (SignOff(), [])
    assert SignOff().draft and SignOff().next_step is Step.DATA_CHECKED


def test_the_order_in_the_file_does_not_matter() -> None:
    assert evaluated(through(Step.PUBLISHED)[::-1])[0].state is Step.PUBLISHED


@pytest.mark.parametrize("left_out", list(Step)[1:-1])
def test_no_step_counts_without_each_one_before_it(left_out: Step) -> None:
    steps = [one for one in through(Step.PUBLISHED) if one.step is not left_out]
    signed, faults = evaluated(steps)
    order = list(Step)
    after = order[order.index(left_out) + 1 :]
    assert signed.state is order[order.index(left_out) - 1]
    assert [one.step for one in signed.steps if one.standing is Standing.NOT_ACCEPTED] == after
    assert len(faults) == len(after)
    assert all(what.startswith(f"does not count without the step {left_out};") for _, what in faults)


def test_the_first_step_needs_no_signature() -> None:
    assert evaluated(through(Step.APPROVED)[1:])[0].state is Step.APPROVED


@pytest.mark.parametrize(
    ("on", "what"),
    [
        (CUT_OFF - timedelta(days=1), "is dated before the data cut-off"),
        (CUT_OFF, None),
        (TODAY, None),
        (TODAY + timedelta(days=1), "is dated after the day of this build"),
    ],
)
def test_a_step_lies_between_cut_off_and_build(on: date, what: str | None) -> None:
    signed, faults = evaluated([entry(Step.DATA_CHECKED, on)])
    assert signed.state is (Step.DRAFT if what else Step.DATA_CHECKED)
    assert [(place, told.startswith(str(what))) for place, told in faults] == (
        [(("steps", 0, "on"), True)] if what else []
    )


def test_a_draft_may_be_begun_before_the_cut_off_but_not_signed_ahead_of_time() -> None:
    assert evaluated([entry(Step.DRAFT, CUT_OFF - timedelta(days=60)), *through(Step.DATA_CHECKED)[1:]])[1] == []
    signed, faults = evaluated([entry(Step.DRAFT, TODAY + timedelta(days=1)), *through(Step.APPROVED)[1:]])
    assert signed.state is Step.DRAFT and len(faults) == 6, "nothing counts after a step that does not"


def test_a_step_is_not_before_the_one_that_precedes_it_but_may_be_on_its_day() -> None:
    steps = through(Step.HEALTH_CHECKED)
    same = [*steps[:2], entry(Step.HEALTH_CHECKED, steps[1].on)]
    assert evaluated(same)[0].state is Step.HEALTH_CHECKED
    assert steps[1].on is not None
    before = [*steps[:2], entry(Step.HEALTH_CHECKED, steps[1].on - timedelta(days=1))]
    signed, faults = evaluated(before)
    assert signed.state is Step.DATA_CHECKED
    assert faults == [(("steps", 2, "on"), "is dated before the step that goes before it; correct one of the days")]


@pytest.mark.parametrize("missing", ["by", "role", "on"])
def test_a_signature_is_name_role_and_day_together(missing: str) -> None:
    half = StepEntry.model_validate(
        {"step": "data_checked"} | {k: v for k, v in {"by": "A", "role": "B", "on": FIRST}.items() if k != missing}
    )
    signed, faults = evaluated([half])
    assert signed.state is Step.DRAFT and signed.steps[1].standing is Standing.NOT_ACCEPTED
    assert faults[0][0] == ("steps", 0) and faults[0][1].startswith("is signed in part")


def test_a_role_alone_is_a_step_still_to_be_taken() -> None:
    signed, faults = evaluated([StepEntry(step=Step.DATA_CHECKED, role="Performance", note="in March")])
    assert not faults
    assert (signed.steps[1].standing, signed.steps[1].note) == (Standing.PENDING, "in March")


def test_a_step_given_twice_is_told_and_the_first_is_used() -> None:
    signed, faults = evaluated([*through(Step.DATA_CHECKED), entry(Step.DATA_CHECKED, TODAY)])
    assert signed.state is Step.DATA_CHECKED and signed.steps[1].on == FIRST + timedelta(weeks=1)
    assert faults == [(("steps", 2), "gives a step a second time; keep one of them")]


def test_approval_does_not_count_while_a_problem_blocks_it() -> None:
    signed, faults = evaluated(through(Step.PUBLISHED), blocking=(BLOCKER,))
    assert signed.state is Step.ENDORSED and signed.draft and signed.blocking == (BLOCKER,)
    assert [place for place, _ in faults] == [("steps", 5), ("steps", 6)]
    assert faults[0][1] == "does not count while a problem is in the way of approval; mend what blocks it first"
    assert evaluated(through(Step.ENDORSED), blocking=(BLOCKER,))[1] == [], "nothing was signed that does not count"


signatures = st.lists(
    st.builds(
        entry,
        st.sampled_from(list(Step)),
        st.one_of(st.none(), st.dates(CUT_OFF - timedelta(days=3), TODAY + timedelta(days=3))),
    ),
    max_size=9,
)


@given(steps=signatures, blocked=st.booleans())
def test_whatever_is_signed_the_steps_that_count_are_an_unbroken_row_in_the_order_of_their_days(
    steps: list[StepEntry], blocked: bool
) -> None:
    signed, faults = evaluated(steps, blocking=(BLOCKER,) if blocked else ())
    order = list(Step)
    counted = [one for one in signed.steps if one.standing is Standing.SIGNED]
    reached = order.index(signed.state)
    assert {one.step for one in counted} | {Step.DRAFT} == set(order[: reached + 1])
    days = [one.on for one in counted if one.on]
    assert days == sorted(days) and len(days) == len(counted)
    assert all(day <= TODAY for day in days) and all(one.on >= CUT_OFF for one in counted[1:] if one.on)
    assert not (blocked and not signed.draft)
    refused = sum(one.standing is Standing.NOT_ACCEPTED for one in signed.steps)
    assert len(faults) == refused + len(steps) - len({one.step for one in steps})


def test_an_assurance_is_a_name_and_a_day_and_every_office_has_its_line() -> None:
    file = SignOffFile(
        assurance=(
            AssuranceEntry(office=Office.CARE_BOARD, by="Example Lead", on=TODAY),
            AssuranceEntry(office=Office.CLINICAL_OFFICER, by="Example Officer"),
            AssuranceEntry(office=Office.CHILDRENS_SERVICES, by="Example Director", on=TODAY + timedelta(days=1)),
            AssuranceEntry(office=Office.CARE_BOARD, by="Another", on=TODAY),
        )
    )
    signed, faults = signed_off(file, cut_off=CUT_OFF, today=TODAY)
    assert signed.assurance == (
        Assurance(Office.CHILDRENS_SERVICES),
        Assurance(Office.CLINICAL_OFFICER),
        Assurance(Office.CARE_BOARD, "Example Lead", TODAY),
    )
    assert [one.location for one in faults] == [("assurance", 1), ("assurance", 2, "on"), ("assurance", 3)]


# --- the file ----------------------------------------------------------------------------------

FILE = """\
owner: Director of Children's Services
replaces: 2024
steps:
  - step: Data-checked
    by: Example Officer
    role: Performance
    on: 2026-01-14

  - step: health checked
    by: Example Officer
    role: Designated clinical officer
    on: 14/01/2025
  - step: endorsed
    by: Example Chair
    role: SEND board
    on: 2026-03-01
"""


def test_faults_have_the_line_of_their_step(tmp_path: Path) -> None:
    (tmp_path / "sign_off.yml").write_text(FILE, "utf-8")
    signed, problems = read_sign_off(tmp_path, cut_off=CUT_OFF, today=TODAY)
    assert (signed.state, signed.owner, signed.replaces) == (
        Step.DATA_CHECKED,
        "Director of Children's Services",
        "2024",
    )
    assert [problem.sentence for problem in problems] == [
        "sign_off.yml, line 12: is dated before the data cut-off, when figures could still change; correct the day.",
        "sign_off.yml, line 13: does not count without the step health_checked; sign that first, "
        "or leave this one blank.",
    ]


@pytest.mark.parametrize(
    ("wrong", "line"),
    [
        (("Data-checked", "data_looked_at"), 4),
        (("2026-01-14", "14 Jan"), 7),
        (("owner:", "owners:"), 1),
        (("by:", "by"), 6),
    ],
)
def test_a_file_that_cannot_be_read_signs_nothing(tmp_path: Path, wrong: tuple[str, str], line: int) -> None:
    (tmp_path / "sign_off.yml").write_text(FILE.replace(*wrong, 1), "utf-8")
    signed, (problem,) = read_sign_off(tmp_path, cut_off=CUT_OFF, today=TODAY, blocking=(BLOCKER,))
    assert signed == SignOff(blocking=(BLOCKER,)) and signed.draft
    assert (problem.file, problem.place) == ("sign_off.yml", f"line {line}")


def test_no_file_is_an_unsigned_draft(tmp_path: Path) -> None:
    assert read_sign_off(tmp_path / "none", cut_off=CUT_OFF, today=TODAY) == (SignOff(), ())
