"""Small surveys written by hand for the tests of what families say: a map, answers, and a population."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import pandas as pd

from jsna_pipeline.voice.survey import Survey, read_survey

MAP = """\
title: Invented survey
survey: invented
wave: "{wave}"
fieldwork: {{from: {wave}-05-01, to: {wave}-05-31}}
population: parents
asked: 4000
columns:
  sex: {{characteristic: sex, label: Sex, codes: {{female: Female, male: Male}}}}
  need:
    characteristic: need
    label: Need
    codes: {{a: Need A, b: Need B, c: Need C, d: Need D}}
  heard:
    question: heard
    wording: We are heard.
    type: scale
    answers: [Agree, Neither, Disagree]
    positive: [Agree]
    negative: [Disagree]
    not_counted: [Don't know]
    key: yes
  trips: {{question: trips, wording: "How many trips?", type: number, highest: 50}}
  told: {{question: told, wording: "Were you told?", type: yes_no}}
"""


def write_survey(folder: Path, rows: Sequence[Sequence[object]], columns: Sequence[str], wave: str = "2025") -> Path:
    """`survey/w<wave>.csv` with its map below `folder`; returns the folder."""
    place = folder / "survey"
    place.mkdir(parents=True, exist_ok=True)
    text = "\n".join(",".join(str(cell) for cell in row) for row in [columns, *rows])
    (place / f"w{wave}.csv").write_text(text + "\n", "utf-8")
    (place / f"w{wave}.yml").write_text(MAP.format(wave=wave), "utf-8")
    return folder


def survey(folder: Path, groups: Mapping[tuple[str, str], tuple[int, int]], wave: str = "2025") -> Survey:
    """A survey in which, for each (sex, need), so many agree and so many disagree that they are heard."""
    rows = [
        (sex, need, answer, "", "")
        for (sex, need), counts in groups.items()
        for answer, count in zip(("Agree", "Disagree"), counts, strict=True)
        for _ in range(count)
    ]
    write_survey(folder, rows, ["sex", "need", "heard", "trips", "told"], wave)
    found, problems = read_survey(folder / "survey" / f"w{wave}.csv", folder / "survey" / f"w{wave}.yml")
    assert found is not None and not problems
    return found


def population(**characteristics: Mapping[str, float | None]) -> pd.DataFrame:
    """Margins: characteristic, category, count."""
    rows = [(name, code, count) for name, codes in characteristics.items() for code, count in codes.items()]
    return pd.DataFrame(rows, columns=["characteristic", "category", "count"])
