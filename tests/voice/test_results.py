"""Results of surveys: worked shares, low bases that no subtraction gives away, and tested changes."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jsna_pipeline.statistics.proportions import newcombe_difference, wilson_interval
from jsna_pipeline.statistics.surveys import share_interval
from jsna_pipeline.voice.results import LOW_BASE, answers_for, hidden_categories, voice_results
from jsna_pipeline.voice.survey import Survey, read_surveys
from tests.voice.invented_surveys import population, survey, write_survey

HEARD = {("female", "a"): (25, 20), ("female", "b"): (10, 5), ("male", "a"): (5, 10), ("male", "b"): (12, 13)}


def survey_table(*given: Any) -> pd.DataFrame:
    return voice_results(*given).table


def row(table: pd.DataFrame, group: str = "total/total", measure: str = "positive", **of: str) -> pd.Series:
    dimension, category = group.split("/")
    chosen = {"question_id": "heard", "measure": measure, "dimension": dimension, "category": category} | of
    found = table.loc[np.logical_and.reduce([table[name] == value for name, value in chosen.items()])]
    assert len(found) == 1
    return found.iloc[0]


def test_unweighted_shares_are_wilsons(tmp_path: Path) -> None:
    total = row(survey_table([survey(tmp_path, HEARD)], {}, "2025"))
    lower, upper = wilson_interval(52, 100)
    assert total[["respondents", "effective_n", "value", "weighted"]].tolist() == [100, 100, 52, False]
    assert (total["lower"], total["upper"]) == (pytest.approx(100 * lower), pytest.approx(100 * upper))


def test_weighted_share_by_hand(tmp_path: Path) -> None:
    """60 women of whom 35 are heard, 40 men of whom 17: where sexes are equal, half of 35/60 and half of 17/40."""
    margins = {"parents": population(sex={"female": 1, "male": 1})}
    total = row(table := survey_table([survey(tmp_path, HEARD)], margins, "2025"))
    share, effective = (35 / 60 + 17 / 40) / 2, 100**2 / (60 * (5 / 6) ** 2 + 40 * (5 / 4) ** 2)
    assert total["value"] == pytest.approx(100 * share) and total["effective_n"] == pytest.approx(effective)
    assert total["lower"] == pytest.approx(100 * float(share_interval(share, effective)[0]))
    assert total["weighted"] and total["respondents"] == 100
    assert row(table, "sex/female")["value"] == pytest.approx(100 * 35 / 60)
    assert row(table, measure="net")["value"] == pytest.approx(100 * (2 * share - 1))
    assert row(table, measure="answer", answer="Neither")["value"] == 0


def test_other_kinds_of_question(tmp_path: Path) -> None:
    rows = [("female", "a", "", trips, told) for trips, told in [(2, "yes"), (4, "no"), (9, "yes")] * 5]
    (found,), _ = read_surveys(write_survey(tmp_path, rows, ["sex", "need", "heard", "trips", "told"]))
    table = survey_table([found], {}, "2025")
    assert row(table, question_id="trips", measure="mean")["value"] == 5
    assert row(table, question_id="told")["value"] == pytest.approx(200 / 3)
    unanswered = row(table)
    assert unanswered["status"] == "suppressed" and pd.isna(unanswered["value"])


# --- low bases ---------------------------------------------------------------------------------


@given(st.lists(st.integers(0, 60), min_size=1, max_size=9))
def test_no_subtraction_gives_a_base_below_ten(sizes: list[int]) -> None:
    hidden = hidden_categories(sizes)
    left = [size for size, is_hidden in zip(sizes, hidden, strict=True) if is_hidden]
    printed = [size for size, is_hidden in zip(sizes, hidden, strict=True) if not is_hidden]
    assert all(size == 0 or size >= LOW_BASE for size in printed)
    rest = sum(sizes) - sum(printed)
    assert rest == 0 or rest >= LOW_BASE or not sum(printed)  # or nothing of the characteristic is printed
    assert len(left) != 1 or sum(sizes) == left[0]


@pytest.mark.parametrize(
    ("sizes", "hidden"),
    [
        ([30, 20, 10], [False, False, False]),
        ([30, 20, 9], [False, True, True]),
        ([30, 5, 5], [False, True, True]),
        ([30, 4, 5], [True, True, True]),  # nine together would still be worked out
        ([30, 20, 0, 9], [False, True, False, True]),  # nobody hides nobody
        ([30, 0], [False, False]),
    ],
)
def test_partners_by_hand(sizes: list[int], hidden: list[bool]) -> None:
    assert hidden_categories(sizes) == hidden


groups = st.dictionaries(
    st.tuples(st.sampled_from(["female", "male", ""]), st.sampled_from(["a", "b", "c", "d", ""])),
    st.tuples(st.integers(0, 14), st.integers(0, 14)), min_size=1, max_size=8,
)  # fmt: skip


@settings(max_examples=15, deadline=None)
@given(groups)
def test_what_the_table_prints_gives_no_low_base_away(counts: Mapping[tuple[str, str], tuple[int, int]]) -> None:
    """For each question and characteristic: printed bases add up to everybody, or leave ten or more of two groups."""
    if not sum(map(sum, counts.values())):
        return
    with TemporaryDirectory() as folder:
        table = survey_table([survey(Path(folder), counts)], {}, "2025")
    assert not (table["respondents"] < LOW_BASE).loc[table["respondents"] > 0].any()
    blank = table["status"] != "ok"
    assert table.loc[blank, ["value", "lower", "upper", "effective_n", "change"]].isna().all(axis=None)
    positive = table.loc[(table["measure"] == "positive") & (table["question_id"] == "heard")]
    everybody = positive.loc[positive["dimension"] == "total", "respondents"].iloc[0]
    for _, parts in positive.loc[positive["dimension"] != "total"].groupby("dimension"):
        if pd.isna(everybody):
            assert parts["respondents"].isna().all() or parts["respondents"].fillna(0).eq(0).all()
        elif parts["respondents"].fillna(0).sum():
            left = everybody - parts["respondents"].fillna(0).sum()
            assert left == 0 or (left >= LOW_BASE and (parts["status"] == "suppressed").sum() >= 2)


def test_few_who_state_nothing_are_counted_with_the_largest_group(tmp_path: Path) -> None:
    table = survey_table([survey(tmp_path, {**HEARD, ("", "a"): (3, 1)})], {}, "2025")
    women = row(table, "sex/female")
    assert (women["category_name"], women["respondents"]) == ("Female or not stated", 64)
    many = survey_table([survey(tmp_path / "many", {**HEARD, ("", "a"): (8, 4)})], {}, "2025")
    assert row(many, "sex/female")["respondents"] == 60 and row(many, "sex/not_stated")["respondents"] == 12


# --- change ------------------------------------------------------------------------------------


def waves(tmp_path: Path, then: Mapping, now: Mapping) -> list[Survey]:
    return [survey(tmp_path, then, "2024"), survey(tmp_path, now, "2025")]


def test_change_is_newcombes_and_tested(tmp_path: Path) -> None:
    table = survey_table(waves(tmp_path, {("female", "a"): (45, 55)}, {("female", "a"): (70, 50)}), {}, "2025")
    now, then = row(table, wave="2025"), row(table, wave="2024")
    change = [100 * float(one) for one in newcombe_difference(70, 120, 45, 100)]
    assert now[["change", "change_lower", "change_upper"]].tolist() == pytest.approx(change)
    assert (now["significance"], now["previous_wave"]) == ("better", "2024")
    assert pd.isna(then["change"]) and (then["significance"], then["previous_wave"]) == ("not_tested", "")
    assert row(table, wave="2025", measure="net")["significance"] == "not_tested"


def test_a_worse_share_and_one_that_chance_explains(tmp_path: Path) -> None:
    worse = survey_table(waves(tmp_path / "w", {("female", "a"): (60, 40)}, {("female", "a"): (40, 60)}), {}, "2025")
    same = survey_table(waves(tmp_path / "s", {("female", "a"): (50, 50)}, {("female", "a"): (55, 45)}), {}, "2025")
    assert row(worse, wave="2025")["significance"] == "worse"
    assert row(same, wave="2025")["significance"] == "similar"


def test_no_change_where_a_wave_is_hidden_or_asked_otherwise(tmp_path: Path) -> None:
    now = {("female", "a"): (40, 20), ("male", "a"): (15, 15)}
    table = survey_table(waves(tmp_path, {("female", "a"): (40, 20), ("male", "a"): (4, 3)}, now), {}, "2025")
    assert row(table, "sex/male", wave="2025")["status"] == "ok"
    assert pd.isna(row(table, "sex/male", wave="2025")["change"])  # it would tell what 2024 hides
    assert row(table, "sex/male", wave="2025")["previous_wave"] == ""
    other = tmp_path / "other"
    write_survey(other, [("female", "a", "Agree", "", "")] * 20, ["sex", "need", "heard", "trips", "told"], "2024")
    path = other / "survey" / "w2024.yml"
    path.write_text(path.read_text("utf-8").replace("We are heard.", "They hear us."), "utf-8")
    write_survey(other, [("female", "a", "Agree", "", "")] * 20, ["sex", "need", "heard", "trips", "told"])
    asked_otherwise = survey_table(read_surveys(other)[0], {}, "2025")
    assert pd.isna(row(asked_otherwise, wave="2025")["change"])


def test_answers_for_a_target_rule(tmp_path: Path) -> None:
    surveys = waves(tmp_path, {("female", "a"): (45, 55)}, {("female", "a"): (40, 50), ("male", "b"): (20, 10)})
    results = voice_results(surveys, {"parents": population(sex={"female": 3, "male": 1})}, "2025")
    (found,) = answers_for(results, ["nobody_asked", "invented/heard"], "Wigan")
    assert (found.question, found.name, found.invited) == ("We are heard.", "Wigan", 4000)
    assert [(wave.period, wave.respondents) for wave in found.waves] == [("2024", 100), ("2025", 120)]
    assert (
        found.waves[1].share == pytest.approx(100 * (0.75 * 40 / 90 + 0.25 * 20 / 30))
        and found.waves[1].effective <= 120
    )
    assert [(one.dimension, one.group, one.respondents, one.population_share) for one in found.mix] == [
        ("Sex", "Female", 90, 75), ("Sex", "Male", 30, 25),
    ]  # fmt: skip
    (mix_alone,) = answers_for(results, ["invented/"])
    assert mix_alone.waves == () and len(mix_alone.mix) == 2
