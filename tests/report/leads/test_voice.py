"""What leads the chapter on voice: key questions of each survey, most agreement first, low bases withheld."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import resources
from pathlib import Path

import pytest

from jsna_pipeline.report.leads.voice import WITHHELD, voice_figures
from jsna_pipeline.voice.reading import read_voice
from jsna_pipeline.voice.results import voice_results
from jsna_pipeline.voice.survey import Survey
from tests.voice.invented_surveys import survey

EXAMPLE = Path(str(resources.files("seeds"))) / "contributions" / "2025" / "wigan"


def results_of(surveys: Sequence[Survey]):  # type: ignore[no-untyped-def]
    return voice_results(surveys, {}, "2025")


def test_shares_are_those_of_the_results_and_add_up_to_all() -> None:
    voice, _ = read_voice(EXAMPLE)
    results = results_of(voice.surveys)
    parents, young = voice_figures(results)
    assert "parents and carers in 2025" in parents.text.subtitle and "young people" in young.text.subtitle
    assert len(parents.rows) == 6
    table = results.table
    right = table.loc[
        (table["wave"] == "2025")
        & (table["question_id"] == "right_place")
        & (table["measure"] == "positive")
        & (table["dimension"] == "total")
    ].iloc[0]
    row = next(one for one in parents.rows if one.question == "My child is in the right place for their education")
    assert [row.positive, row.lower, row.upper, row.respondents] == [
        right[name] for name in ("value", "lower", "upper", "respondents")
    ]
    for one in (*parents.rows, *young.rows):
        assert sum(share or 0 for share in one.shares) == pytest.approx(100)
    shares = [one.positive or 0 for one in parents.rows]
    assert shares == sorted(shares, reverse=True)
    least = min(parents.rows, key=lambda one: one.positive or 0)
    assert least.question in parents.text.title


def test_answers_run_from_the_most_negative_to_the_most_positive(tmp_path: Path) -> None:
    (figure,) = voice_figures(results_of([survey(tmp_path, {("female", "a"): (30, 20)})]))
    assert [(one.text, one.side) for one in figure.answers] == [
        ("Disagree", "negative"),
        ("Neither", "neutral"),
        ("Agree", "positive"),
    ]
    (row,) = figure.rows
    assert row.shares == pytest.approx((40.0, 0.0, 60.0))
    assert (row.respondents, row.net) == (50, pytest.approx(20.0))


def test_a_survey_of_a_low_base_draws_nothing(tmp_path: Path) -> None:
    assert voice_figures(results_of([survey(tmp_path, {("female", "a"): (5, 4)})])) == ()


def test_a_question_of_a_low_base_is_withheld_and_stands_last() -> None:
    voice, _ = read_voice(EXAMPLE)
    one = next(each for each in reversed(voice.surveys) if each.plan.survey == "send_parents")
    answers = one.answers.copy()
    answers.loc[answers.index[9:], "right_place"] = None
    cut = Survey(**{**one.__dict__, "answers": answers})
    (figure,) = voice_figures(results_of([cut]))
    last = figure.rows[-1]
    assert (last.question, last.note) == ("My child is in the right place for their education", WITHHELD)
    assert last.positive is None and last.respondents is None and set(last.shares) == {None}
    assert "in the right place for their education: withheld" in figure.text.alternative
