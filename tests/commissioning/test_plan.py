"""What an area writes of its commissioning: the example reads whole, and each fault is told with its remedy."""

from __future__ import annotations

from importlib.resources import as_file, files
from pathlib import Path

import pytest

from jsna_pipeline.catalogue.chapters import chapters
from jsna_pipeline.commissioning.plan import (
    DECISIONS,
    PROPOSALS,
    SERVICES,
    Commissioning,
    Decision,
    Proposal,
    Service,
    catalogued_rows,
    read_commissioning,
)
from jsna_pipeline.contributions.reading import ContributedRow, template_csv, template_guide

PROPOSAL = "chapter,need,proposal,lead,measure,target_rule,due\n"
SERVICE = "service,commissioner,tier,chapter,age_from,age_to,waiting\n"
DECISION = "decision,lead,by,chapter\n"


def _problems(folder: Path, name: str, text: str) -> tuple[Commissioning, list[str]]:
    (folder / name).write_text(text, "utf-8")
    plan, problems = read_commissioning(folder, ["wigan_education/61"])
    return plan, [one.sentence for one in problems]


def test_the_example_of_the_seeds_reads_without_a_fault() -> None:
    with as_file(files("seeds").joinpath("contributions/2025/wigan")) as folder:
        plan, problems = read_commissioning(folder)
    assert not problems
    assert plan.proposals and plan.services and 3 <= len(plan.decisions) <= 5
    assert all("xample" in one.need for one in plan.proposals)  # plainly invented
    assert all("xample" in one.service for one in plan.services)


def test_an_area_that_has_written_nothing_has_an_empty_plan(tmp_path: Path) -> None:
    assert read_commissioning(tmp_path) == (Commissioning(), ())
    assert not Commissioning()


def test_a_proposal_names_an_indicator_or_a_row_of_a_strategy(tmp_path: Path) -> None:
    rows = "ehc_system,Late,More staff,BOTH,ehcp_reviews_held,increase,2026-01-31\n"
    rows += "health,Waits,Therapists,icb,wigan_education/61,,\n"
    plan, problems = _problems(tmp_path, PROPOSALS, PROPOSAL + rows)
    assert not problems
    assert [(one.lead, one.measure, one.target_rule) for one in plan.proposals] == [
        ("both", "ehcp_reviews_held", "INCREASE"),
        ("icb", "wigan_education/61", None),
    ]


def test_a_measure_that_does_not_exist_is_taken_out_and_the_proposal_kept(tmp_path: Path) -> None:
    plan, problems = _problems(tmp_path, PROPOSALS, PROPOSAL + "health,Waits,Therapists,icb,secret word,REDUCE,\n")
    assert problems == [
        "commissioning.csv, row 2, column measure: is neither an indicator nor a row of a strategy; "
        "`jsna indicators` lists the first."
    ]
    assert [(one.proposal, one.measure, one.target_rule) for one in plan.proposals] == [("Therapists", "", None)]


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        (PROPOSALS, PROPOSAL + "helth,Jo Bloggs waits,More,icb,,,\n", "row 2, column chapter: is no chapter; the"),
        (PROPOSALS, PROPOSAL + "health,Jo Bloggs waits,More,council,,,\n", "row 2, column lead: has to be 'authority'"),
        (PROPOSALS, PROPOSAL + "health,Waits,,icb,,,\n", "row 2, column proposal: is blank and has to be filled in"),
        (PROPOSALS, PROPOSAL + "health,Waits,More,icb,,REDUCE,\n", "row 2: a target rule needs the measure"),
        (PROPOSALS, PROPOSAL + "health,Waits,More,icb,x,FALL,\n", "row 2, column target_rule: is no target rule"),
        (PROPOSALS, PROPOSAL + "health,Waits,More,icb,,,soon\n", "row 2, column due: is no day; write it as"),
        (PROPOSALS, PROPOSAL + f"health,{'Jo Bloggs ' * 50},More,icb,,,\n", "row 2, column need: "),
        (SERVICES, SERVICE + "Portage,authority,some,early_years,0,5,\n", "row 2, column tier: has to be 'universal'"),
        (SERVICES, SERVICE + "Portage,authority,targeted,early_years,9,5,\n", "row 2: age_from is above age_to"),
        (SERVICES, SERVICE + "Portage,authority,targeted,early_years,0,26,\n", "row 2, column age_to: "),
        (SERVICES, SERVICE + "Portage,authority,targeted,early_years,0,5,few\n", "row 2, column waiting: "),
        (DECISIONS, DECISION + "Agree it,Head of SEND,,\n", "row 2, column by: is blank and has to be filled in"),
        (DECISIONS, "decision,by\nAgree it,2026-01-31\n", "line 1: column “lead” is missing"),
    ],
)
def test_a_faulty_row_is_left_out_and_told_without_its_words(tmp_path: Path, name: str, text: str, says: str) -> None:
    plan, problems = _problems(tmp_path, name, text)
    assert not plan
    assert len(problems) == 1 and problems[0].startswith(f"{name}, {says}")
    assert "Bloggs" not in problems[0]


def test_one_faulty_row_leaves_the_others(tmp_path: Path) -> None:
    text = DECISION + "Agree it,Head of SEND,soon,\nChoose it,Head of SEND,31/03/2026,health\n"
    plan, problems = _problems(tmp_path, DECISIONS, text)
    assert [one.decision for one in plan.decisions] == ["Choose it"] and len(problems) == 1


@pytest.mark.parametrize("model", [Proposal, Service, Decision])
def test_the_template_explains_every_column(model: type[ContributedRow]) -> None:
    guide = template_guide(model)
    assert template_csv(model).strip().split(",") == [name for name, _, _ in guide]
    assert all(meaning for _, _, meaning in guide)


def test_the_catalogues_strategies_have_rows_that_a_proposal_may_name() -> None:
    assert all(row.partition("/")[2].isdigit() for row in catalogued_rows())
    assert len(catalogued_rows()) >= 100
    assert not catalogued_rows() & chapters().keys()
