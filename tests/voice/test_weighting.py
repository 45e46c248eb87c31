"""Weighting a survey to its population: which characteristics serve, and what is said where none does."""

from __future__ import annotations

from pathlib import Path

import pytest

from jsna_pipeline.voice.survey import Survey, read_surveys
from jsna_pipeline.voice.weighting import weigh
from tests.voice.invented_surveys import population, survey, write_survey


@pytest.fixture
def answered(tmp_path: Path) -> Survey:
    """60 women and 20 men; 60 of need A, 20 of need B."""
    return survey(
        tmp_path, {("female", "a"): (25, 20), ("female", "b"): (10, 5), ("male", "a"): (5, 10), ("male", "b"): (2, 3)}
    )


def test_weights_by_hand(answered: Survey) -> None:
    """Half of the children are boys: each man counts 40/20, each woman 40/60."""
    weighting = weigh(answered, population(sex={"female": 500, "male": 500}))
    men = (answered.answers["sex"] == "male").to_numpy()
    assert weighting.weights[men] == pytest.approx(2) and weighting.weights[~men] == pytest.approx(2 / 3)
    assert weighting.used == ("sex",) and weighting.left_out == (("need", "the population’s mix is not known"),)
    assert weighting.effective_n == pytest.approx(80**2 / (20 * 4 + 60 * 4 / 9))
    assert weighting.design_effect == pytest.approx(4 / 3)


def test_without_a_mix_nothing_is_weighted_and_it_is_said(answered: Survey) -> None:
    for margins in (None, population(sex={"female": 500, "male": None})):
        weighting = weigh(answered, margins)
        assert not weighting.weighted and set(weighting.weights) == {1.0} and weighting.design_effect == 1
        assert {why for _, why in weighting.left_out} == {"the population’s mix is not known"}


def test_groups_from_which_nobody_answered_are_named_and_cannot_be_made_up(answered: Survey) -> None:
    weighting = weigh(answered, population(need={"a": 300, "b": 300, "c": 50, "d": 0}))
    assert weighting.used == ("need",) and weighting.not_reached == (("need", "c"),)
    of_a = (answered.answers["need"] == "a").to_numpy()
    assert weighting.weights[of_a].sum() == pytest.approx(40)
    alone = weigh(answered, population(need={"a": 300, "c": 50}))
    assert ("need", "answers came from fewer than two of its groups") in alone.left_out


def test_a_characteristic_that_most_do_not_state_is_not_used(tmp_path: Path) -> None:
    rows = [("female", "a"), ("", "a"), ("male", "b"), ("", "b"), ("", "a")]
    write_survey(tmp_path, [(*row, "Agree", "", "") for row in rows], ["sex", "need", "heard", "trips", "told"])
    (found,), _ = read_surveys(tmp_path)
    weighting = weigh(found, population(sex={"female": 1, "male": 1}, need={"a": 1, "b": 1}))
    assert weighting.used == ("need",)
    assert weighting.left_out == (("sex", "fewer than half of those who answered stated it"),)


def test_groups_that_the_survey_does_not_ask_for_are_no_part_of_its_population(answered: Survey) -> None:
    asked = population(sex={"female": 500, "male": 500})
    beside = population(sex={"female": 500, "male": 500, "not_known": None, "total": 1000})
    assert (weigh(answered, beside).weights == weigh(answered, asked).weights).all()
    assert weigh(answered, beside).not_reached == ()


def test_a_faulty_mix_is_the_programmers_fault(answered: Survey) -> None:
    with pytest.raises(ValueError, match="lacks the column count"):
        weigh(answered, population(sex={"female": 1}).drop(columns="count"))
    with pytest.raises(ValueError, match="sex twice, or a negative count"):
        weigh(answered, population(sex={"female": -1}))
