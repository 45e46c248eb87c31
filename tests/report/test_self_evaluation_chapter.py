"""The chapter of self-evaluation: the grid, what figures do not bear out, and the index that links to them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from jsna_pipeline.catalogue.inspection import framework_on
from jsna_pipeline.report import html
from jsna_pipeline.report.model import Chapter
from jsna_pipeline.report.self_evaluation_chapter import self_evaluation_chapter
from jsna_pipeline.self_evaluation import Figures, SelfEvaluation, SelfEvaluationRow, inspection_index
from tests.report import sample_report

TODAY = date(2025, 12, 31)
FRAMEWORK = framework_on(TODAY)
FIGURES: Figures = {
    "ehcp_reviews_held": ("better", True),
    "ehcp_review_decision_within_4_weeks": ("worse", True),
    "severe_absence": ("worse", False),
    "persistent_absence": ("similar", False),
}


def _row(criterion: str, judgement: str, **given: object) -> SelfEvaluationRow:
    cells = {"criterion": criterion, "judgement": judgement, "confidence": "high", "judged_on": "2025-10-14"}
    return SelfEvaluationRow.model_validate(cells | given)


def _chapter(*rows: SelfEvaluationRow, figures: Figures = FIGURES) -> Chapter | None:
    evaluation = SelfEvaluation({row.criterion: row for row in rows})
    return self_evaluation_chapter(inspection_index(evaluation, FRAMEWORK, figures), FRAMEWORK, figures, 16, TODAY)


def test_nothing_judged_is_no_chapter() -> None:
    assert _chapter() is None


def test_all_criteria_are_counted_and_those_without_a_row_are_not_yet_judged() -> None:
    chapter = _chapter(_row("right_help", "developing"), _row("next_steps", "area for development"))
    assert chapter is not None
    assert chapter.opening[1] == "Of 11 criteria, 1 is developing, 1 is for development and 9 are not yet judged."
    grid = chapter.sections[0].tables[0]
    assert grid.in_pdf and len(grid.rows) == 11
    judged = {row[0]: row[1] for row in grid.rows}
    assert list(judged.values()).count("Not yet judged") == 9


def test_a_strength_that_figures_do_not_bear_out_is_said_in_words_and_linked() -> None:
    chapter = _chapter(_row("taking_part", "strength"), _row("valued_and_included", "strength"))
    assert chapter is not None
    taking_part, valued = (
        one for one in chapter.sections[0].statements if one.label == "The figures do not bear this out"
    )
    assert taking_part.tone == "fails_standard" and taking_part.anchor == "ehcp_reviews_held"
    assert taking_part.text.endswith(
        "Look again at Annual reviews held in the year (fails the standard) and Review decisions within 4 weeks of the "
        "meeting (fails the standard)."
    )
    assert valued.tone == "worse" and valued.text.endswith("Look again at Severe absence (worse than England).")
    grid = chapter.sections[0].tables[0]
    assert sum("(figures do not bear this out)" in row[1] for row in grid.rows) == 2


def test_an_old_judgement_is_to_be_made_again() -> None:
    chapter = _chapter(
        _row("right_help", "developing", judged_on="2024-12-31"), _row("ambition", "developing", judged_on="2025-01-01")
    )
    assert chapter is not None
    said = [one.text for one in chapter.sections[0].statements if one.label == "Judge again"]
    assert said == ["1 judgement was made a year or more before the data cut-off."]


def test_paper_takes_the_first_sentence_and_the_screen_all_of_it() -> None:
    words = "Reviews are held in time. Families say so."
    chapter = _chapter(_row("right_help", "developing", strengths=words, owner="Head of SEND"))
    assert chapter is not None
    short, full, _ = chapter.sections[0].tables
    assert [row[3] for row in short.rows if row[3] != "–"] == ["Reviews are held in time."]
    assert [row[4] for row in full.rows if row[4] != "–"] == [words]
    assert short.in_pdf and not full.in_pdf


def test_the_index_has_a_linked_row_for_each_criterion_and_figure() -> None:
    chapter = _chapter(_row("right_help", "developing"))
    assert chapter is not None
    index = chapter.sections[0].tables[-1]
    expected = sum(one in criterion.indicators for one in FIGURES for criterion in FRAMEWORK.criteria)
    assert index.table_id == "evaluation-index" and len(index.rows) == len(index.anchors) == expected
    assert set(index.anchors) == set(FIGURES) and not index.in_pdf
    assert {row[0]: row[2] for row in index.rows}["Annual reviews held in the year"] == (
        "Better; fails what the law requires"
    )


def test_without_any_figure_there_is_a_grid_and_no_index() -> None:
    chapter = _chapter(_row("right_help", "strength"), figures={})
    assert chapter is not None and len(chapter.sections[0].tables) == 2


def test_it_prints_and_markup_of_a_cell_stays_text() -> None:
    chapter = _chapter(_row("right_help", "developing", strengths="<b>Good</b> & kind."), figures={})
    assert chapter is not None
    report = sample_report.build()
    page = html.render(replace(report, chapters=(*report.chapters, chapter)))
    assert "<b>Good</b>" not in page and "&lt;b&gt;Good&lt;/b&gt; &amp; kind." in page
