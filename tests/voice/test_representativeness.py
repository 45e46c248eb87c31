"""Who answered beside who could have: worked by hand, and never a verdict from chance."""

from __future__ import annotations

from pathlib import Path

import pytest
from scipy import stats

from jsna_pipeline.voice.representativeness import Likeness, mixes, representativeness_index
from tests.voice.invented_surveys import population, survey


def test_mix_by_hand(tmp_path: Path) -> None:
    """75 of 100 are women where half should be: a quarter would have to be somebody else."""
    found = survey(tmp_path, {("female", "a"): (40, 20), ("female", "b"): (10, 5), ("male", "a"): (20, 5)})
    sex, need = mixes(found, population(sex={"female": 800, "male": 800}, need={"a": 840, "b": 160, "c": 0}))
    assert sex.table.to_dict("list") == {
        "category": ["female", "male"], "respondents": [75, 25], "share": [75, 25],
        "population_share": [50, 50], "difference": [25, -25],
    }  # fmt: skip
    assert (sex.index, sex.likeness) == (pytest.approx(75), Likeness.UNLIKE)
    assert sex.p_value == pytest.approx(stats.chisquare([75, 25]).pvalue)
    assert (need.index, need.likeness) == (pytest.approx(99), Likeness.CLOSE)
    assert representativeness_index((sex, need)) == pytest.approx(75)


@pytest.mark.parametrize(
    ("women", "men", "likeness"),
    [
        (540, 460, Likeness.CLOSE),  # 4 in 100 apart: small, whatever the test says
        (570, 430, Likeness.SOME_DIFFERENCE),  # 7 in 100
        (620, 380, Likeness.UNLIKE),  # 12 in 100
        (28, 20, Likeness.CANNOT_TELL),  # 8 in 100, which chance gives often
        (20, 5, Likeness.CANNOT_TELL),  # 30 in 100, of 25 answers
    ],
)
def test_verdicts(tmp_path: Path, women: int, men: int, likeness: Likeness) -> None:
    found = survey(tmp_path, {("female", "a"): (women, 0), ("male", "a"): (men, 0)})
    (mix,) = mixes(found, population(sex={"female": 5000, "male": 5000}))
    assert mix.likeness is likeness


def test_without_a_population_nothing_is_said(tmp_path: Path) -> None:
    assert mixes(survey(tmp_path, {("female", "a"): (40, 20)}), None) == ()
    assert representativeness_index(()) != representativeness_index(())  # not a number
