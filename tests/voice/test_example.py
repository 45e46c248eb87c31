"""The example in the seeds: it is whole, read without a fault, marked as invented, and what its generator writes."""

from __future__ import annotations

from importlib import resources
from pathlib import Path

import pandas as pd

from jsna_pipeline.voice.reading import read_voice
from jsna_pipeline.voice.results import voice_results
from seeds.generator.survey import survey_files

FOLDER = Path(str(resources.files("seeds"))) / "contributions" / "2025" / "wigan"


def test_the_generator_writes_the_stored_files() -> None:
    for name, content in survey_files().items():
        assert (FOLDER / name).read_bytes() == content, name


def test_the_example_has_every_kind_of_voice_and_no_fault() -> None:
    voice, problems = read_voice(FOLDER)
    assert problems == ()
    assert [survey.key for survey in voice.surveys] == [
        ("send_parents", "2024"), ("send_parents", "2025"), ("send_young_people", "2025"),
    ]  # fmt: skip
    assert all(survey.plan.illustrative for survey in voice.surveys)
    assert voice.themes and voice.quotations and voice.you_said and voice.consultations and voice.statements
    assert {one.agrees for one in voice.statements} == {"yes", "in part"}  # a forum that dissents is shown too
    assert voice.held_back.without_consent and voice.held_back.withdrawn
    assert all("example" in (one.words + one.chapter).lower() for one in voice.quotations)


def test_the_published_counts_of_the_example_are_those_of_the_file() -> None:
    """Counted again from the file itself, without the library."""
    voice, _ = read_voice(FOLDER)
    table = voice_results(voice.surveys, {}, "2025").table
    raw = pd.read_csv(FOLDER / "survey" / "parents_2025.csv", dtype=str, keep_default_na=False)["q1"]
    counted = raw[~raw.isin(["", "Don't know", "Not applicable"])]
    row = table.query(
        "wave == '2025' and question_id == 'listened_to' and measure == 'positive' and dimension == 'total'"
    )
    assert row["respondents"].item() == len(counted)
    assert abs(row["value"].item() - 100 * counted.isin(["Agree", "Strongly agree"]).mean()) < 1e-9
