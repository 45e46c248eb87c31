"""All that an area has written of its governance, read together; the example of the seeds among them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import seeds
from jsna_pipeline.contributions.reading import Problem
from jsna_pipeline.governance.records import AreaGovernance, read_governance
from jsna_pipeline.governance.sign_off import Standing, Step

CUT_OFF = date(2025, 12, 31)
TODAY = date(2026, 6, 30)
EXAMPLE = Path(seeds.__file__).parent / "contributions" / "2025" / "wigan"
APPROVED = "steps:\n" + "".join(
    f"  - {{step: {step}, by: Example, role: Example board, on: 2026-02-0{place}}}\n"
    for place, step in enumerate(list(Step)[:-1], 1)
)


def test_the_example_is_a_draft_whose_health_check_is_to_come() -> None:
    made, problems = read_governance(EXAMPLE, "2025", TODAY, cut_off=CUT_OFF)
    assert problems == ()
    assert made.sign_off.state is Step.DATA_CHECKED and made.sign_off.draft
    assert made.sign_off.next_step is Step.HEALTH_CHECKED
    assert not any(one.by for one in made.sign_off.assurance), "nobody signs an invented document"
    assert made.contributions and made.decisions and not made.errata and not made.is_blank
    signed = [one for one in made.assumptions if one.signed_on]
    assert 0 < len(signed) < len(made.assumptions)
    named = [made.sign_off.owner, made.sign_off.author, *(one.by for one in made.sign_off.steps if one.by)]
    assert all("xample" in name for name in named)


def test_an_area_that_has_written_nothing_is_blank(tmp_path: Path) -> None:
    made, problems = read_governance(tmp_path / "none", "2025", TODAY, cut_off=CUT_OFF)
    assert (made, problems) == (AreaGovernance("2025", CUT_OFF), ()) and made.is_blank
    blocker = Problem("commentary/a.md", "line 1", "is wrong")
    blocked, _ = read_governance(tmp_path, "2025", TODAY, cut_off=CUT_OFF, blocking=(blocker,))
    assert blocked.is_blank and blocked.sign_off.blocking == (blocker,)


def test_a_correction_without_errata_is_not_approved(tmp_path: Path) -> None:
    (tmp_path / "sign_off.yml").write_text(APPROVED)
    assert read_governance(tmp_path, "2025", TODAY, cut_off=CUT_OFF)[0].sign_off.state is Step.APPROVED
    made, problems = read_governance(tmp_path, "2025.1", TODAY, cut_off=CUT_OFF)
    assert made.sign_off.state is Step.ENDORSED and made.sign_off.steps[5].standing is Standing.NOT_ACCEPTED
    assert {problem.file for problem in problems} == {"sign_off.yml", "errata.csv"}
    (tmp_path / "errata.csv").write_text(
        "edition,chapter,was,is_now,why,corrected_on\n2025.1,Requests,120,130,Typed wrongly,2026-02-10\n"
    )
    made, problems = read_governance(tmp_path, "2025.1", TODAY, cut_off=CUT_OFF)
    assert made.sign_off.state is Step.APPROVED and problems == ()


def test_one_faulty_file_leaves_the_others_as_they_are(tmp_path: Path) -> None:
    for file in EXAMPLE.glob("*"):
        if file.is_file():
            (tmp_path / file.name).write_bytes(file.read_bytes())
    whole, _ = read_governance(tmp_path, "2025", TODAY, cut_off=CUT_OFF)
    (tmp_path / "decision_log.csv").write_bytes(b"\xff\xfe")
    made, problems = read_governance(tmp_path, "2025", TODAY, cut_off=CUT_OFF)
    assert [problem.file for problem in problems] == ["decision_log.csv"] and not made.decisions
    assert (made.sign_off, made.contributions, made.assumptions) == (
        whole.sign_off,
        whole.contributions,
        whole.assumptions,
    )
