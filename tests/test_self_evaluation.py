"""Self-evaluation: reading the grid, the index over all criteria, and strengths that figures do not bear out."""

from __future__ import annotations

from datetime import date
from importlib.resources import as_file, files
from pathlib import Path

import pytest

from jsna_pipeline.catalogue.inspection import framework_on
from jsna_pipeline.contributions.reading import template_guide
from jsna_pipeline.self_evaluation import (
    FILE,
    Contradiction,
    Figures,
    OwnJudgement,
    SelfEvaluation,
    SelfEvaluationRow,
    inspection_index,
    read_self_evaluation,
)

FRAMEWORK = framework_on(date(2025, 12, 31))
HEADER = "criterion,judgement,strengths,confidence,judged_on\n"


def _read(folder: Path, rows: str) -> tuple[SelfEvaluation, list[str]]:
    (folder / FILE).write_text(HEADER + rows, "utf-8")
    found, problems = read_self_evaluation(folder, FRAMEWORK)
    return found, [one.sentence for one in problems]


def _judged(judgement: str, figures: Figures) -> tuple[Contradiction, ...]:
    row = SelfEvaluationRow.model_validate(
        {"criterion": "taking_part", "judgement": judgement, "confidence": "high", "judged_on": "2025-10-14"}
    )
    index = inspection_index(SelfEvaluation({"taking_part": row}), FRAMEWORK, figures)
    return next(entry for entry in index if entry.criterion.id == "taking_part").contradictions


def test_the_example_of_the_seeds_reads_without_a_fault() -> None:
    with as_file(files("seeds").joinpath("contributions/2025/wigan")) as folder:
        found, problems = read_self_evaluation(folder, FRAMEWORK)
    assert not problems
    assert 5 < len(found.rows) < len(FRAMEWORK.criteria)  # one is left to show as not yet judged
    assert all(row.strengths.startswith("Example: ") for row in found.rows.values())


def test_a_criterion_without_a_row_is_not_yet_judged(tmp_path: Path) -> None:
    assert read_self_evaluation(tmp_path, FRAMEWORK) == (SelfEvaluation({}), ())
    found, problems = _read(tmp_path, "right_help,Area_for  Development,,Low,14/10/2025\nambition,not yet judged,,,\n")
    assert not problems
    index = inspection_index(found, FRAMEWORK, {})
    assert [entry.criterion for entry in index] == FRAMEWORK.criteria
    judged = {entry.criterion.id: entry.judgement for entry in index}
    assert judged.pop("right_help") is OwnJudgement.AREA_FOR_DEVELOPMENT
    assert set(judged.values()) == {OwnJudgement.NOT_YET_JUDGED}


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        ("the_help,strength,Jo Bloggs,high,2025-10-14\n", "row 2, column criterion: names no criterion of the"),
        ("right_help,good,Jo Bloggs,high,2025-10-14\n", "row 2, column judgement: has to be 'strength', 'developing'"),
        ("right_help,strength,Jo Bloggs,,2025-10-14\n", "row 2: a judgement needs its day in judged_on and its"),
        ("right_help,strength,Jo Bloggs,high,\n", "row 2: a judgement needs its day in judged_on and its confidence"),
        ("right_help,strength,Jo Bloggs,sure,2025-10-14\n", "row 2, column confidence: has to be 'high', 'medium'"),
        (f"right_help,strength,{'Jo Bloggs ' * 70},high,2025-10-14\n", "row 2, column strengths: "),
    ],
)  # fmt: skip
def test_a_faulty_row_is_left_out_and_told_without_its_words(tmp_path: Path, rows: str, says: str) -> None:
    good = "next_steps,developing,,low,2025-10-14\n"
    found, problems = _read(tmp_path, rows + good)
    assert list(found.rows) == ["next_steps"]
    assert len(problems) == 1 and problems[0].startswith(f"self_evaluation.csv, {says}")
    assert "Bloggs" not in problems[0]


def test_of_two_rows_on_one_criterion_the_first_holds(tmp_path: Path) -> None:
    found, problems = _read(tmp_path, "right_help,strength,,high,2025-10-14\nright_help,developing,,low,2025-11-14\n")
    assert found.rows["right_help"].judgement is OwnJudgement.STRENGTH
    assert problems == [
        "self_evaluation.csv, row 3, column criterion: repeats the criterion of row 2; keep one of them."
    ]


@pytest.mark.parametrize(
    ("figure", "contradicts"),
    [
        (("worse", False), True),
        (("better", True), True),  # no favourable comparison makes up for what the law requires
        (("similar", False), False),
        (("higher", False), False),  # neither good nor bad
        (("not_tested", False), False),
    ],
)
def test_a_strength_beside_a_bad_figure_is_flagged(figure: tuple[str, bool], contradicts: bool) -> None:
    expected = (Contradiction("ehcp_reviews_held", figure[1]),) if contradicts else ()
    assert _judged("strength", {"ehcp_reviews_held": figure}) == expected
    assert _judged("developing", {"ehcp_reviews_held": figure}) == ()
    assert _judged("strength", {"severe_absence": ("worse", False)}) == ()  # evidences another criterion


def test_the_index_names_the_figures_that_there_are_in_the_catalogues_order() -> None:
    figures = dict.fromkeys(("severe_absence", "persistent_absence", "residents_0_17"), ("similar", False))
    index = inspection_index(SelfEvaluation({}), FRAMEWORK, figures)
    found = {entry.criterion.id: entry.evidenced_by for entry in index}
    assert found["valued_and_included"] == ("persistent_absence", "severe_absence")
    assert found["engagement"] == ()


def test_the_template_explains_every_column() -> None:
    assert all(meaning for _, _, meaning in template_guide(SelfEvaluationRow))
