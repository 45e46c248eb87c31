"""An invented SEND survey of an imaginary Wigan: parents and carers in two years, young people in one.

Here: who answers, what they answer, and the maps beside the answers. Not here: the registers of what people said,
which are written by hand in `seeds/contributions/`, or the mix of the population, which comes from the seeds' own
counts. Families with a plan answer more readily than families with SEN support, as in real surveys.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import yaml

from seeds.generator.writing import csv_bytes, write

SEED = 20_250_613
AGREE = ("Strongly agree", "Agree", "Neither agree nor disagree", "Disagree", "Strongly disagree")
NO_VIEW = ("Don't know", "Not applicable")
NOT_STATED = 0.03

# Code: label in print, share among those who answer. Codes are those of the area's own counts.
Codes = Mapping[str, tuple[str, float]]
AGES: Codes = {
    "0-4": ("0 to 4", 0.09), "5-10": ("5 to 10", 0.42), "11-15": ("11 to 15", 0.33),
    "16-19": ("16 to 19", 0.12), "20-25": ("20 to 25", 0.04),
}  # fmt: skip
SEXES: Codes = {"female": ("Female", 0.33), "male": ("Male", 0.67)}
ETHNIC: Codes = {
    "white": ("White", 0.925), "mixed": ("Mixed", 0.03), "asian": ("Asian", 0.022),
    "black": ("Black", 0.016), "other": ("Other", 0.007),
}  # fmt: skip
STAGES: Codes = {"ehc_plan": ("EHC plan", 0.55), "sen_support": ("SEN support", 0.45)}
LOCALITIES: Codes = {"Wigan": ("Wigan", 0.46), "Leigh": ("Leigh", 0.33), "Ashton": ("Ashton", 0.21)}
OLDER: Codes = {"11-15": ("11 to 15", 0.55), "16-19": ("16 to 19", 0.33), "20-25": ("20 to 25", 0.12)}


@dataclass(frozen=True)
class Asked:
    """A question, and the share of families with a plan and with SEN support who answer it positively."""

    column: str
    question: str
    wording: str
    topic: str
    positive: tuple[float, float]
    key: bool = False


@dataclass(frozen=True)
class Wave:
    """One wave: how many were asked and answered, and what changed against the first wave, in points of the share."""

    file: str
    survey: str
    title: str
    year: int
    population: str
    asked: int
    answered: int
    questions: tuple[Asked, ...]
    who: Mapping[str, tuple[str, str, Codes]]  # column: characteristic, label, codes
    change: Mapping[str, float]


PARENTS = (
    Asked("q1", "listened_to", "Professionals listen to what we say about our child.", "being heard",
          (0.48, 0.41), True),
    Asked("q2", "know_support", "I know where to find out about support for my child.", "communication",
          (0.44, 0.35), True),
    Asked("q3", "progress", "My child is making good progress in education.", "education", (0.55, 0.43), True),
    Asked("q4", "right_place", "My child is in the right place for their education.", "education", (0.66, 0.57), True),
    Asked("q5", "health_in_time", "My child gets the health support they need in time.", "health", (0.27, 0.24), True),
    Asked("q6", "confident", "I am confident that services will do what they say.", "trust", (0.33, 0.30), True),
    Asked("q7", "short_breaks", "We get the breaks from caring that we need.", "family life", (0.22, 0.17)),
    Asked("q8", "adulthood", "My child is being prepared well for adult life.", "adulthood", (0.31, 0.28)),
)  # fmt: skip
YOUNG_PEOPLE = (
    Asked("q1", "say_in_plans", "I have a say in plans about me.", "being heard", (0.57, 0.46), True),
    Asked("q2", "feel_safe", "I feel safe where I learn.", "safety", (0.74, 0.69), True),
    Asked("q3", "help_to_learn", "I get the help I need to learn.", "education", (0.64, 0.51), True),
    Asked("q4", "friends", "I have friends to spend time with.", "friends", (0.58, 0.66), True),
    Asked("q5", "live_here", "I want to live in Wigan when I am older.", "adulthood", (0.55, 0.52), True),
)
FAMILY = {
    "child_age": ("age_band", "Age of the child", AGES),
    "child_sex": ("sex", "Sex of the child", SEXES),
    "child_ethnicity": ("ethnic_group", "Ethnic group of the child", ETHNIC),
    "support": ("sen_stage", "Kind of support", STAGES),
    "area": ("locality", "Part of the borough", LOCALITIES),
}
YOUNG = {
    "age": ("age_band", "Age", OLDER),
    "sex": ("sex", "Sex", SEXES),
    "support": ("sen_stage", "Kind of support", STAGES),
}
TITLE = "Example SEND survey of {who} (illustrative)"
WAVES = (
    Wave("parents_2024", "send_parents", TITLE.format(who="parents and carers"), 2024, "parents", 3_100, 412,
         PARENTS, FAMILY, {}),
    Wave("parents_2025", "send_parents", TITLE.format(who="parents and carers"), 2025, "parents", 3_400, 538,
         PARENTS, FAMILY, {"listened_to": 0.15, "know_support": 0.06, "health_in_time": -0.09, "confident": 0.03}),
    Wave("young_people_2025", "send_young_people", TITLE.format(who="young people"), 2025, "young_people", 1_250, 171,
         YOUNG_PEOPLE, YOUNG, {}),
)  # fmt: skip


def survey_files() -> dict[str, bytes]:
    """Every file of the surveys by its path below the area's folder: answers and maps."""
    files: dict[str, bytes] = {}
    for number, wave in enumerate(WAVES):
        files[f"survey/{wave.file}.csv"] = csv_bytes(_answers(wave, np.random.default_rng([SEED, number])))
        text = yaml.safe_dump(_map(wave), sort_keys=False, allow_unicode=True, width=110)
        files[f"survey/{wave.file}.yml"] = f"# Invented: no child, family or answer is real.\n{text}".encode()
    return files


def publish(folder: Path) -> list[Path]:
    """Writes the surveys below an area's folder and returns the files."""
    return [write(folder / name, content) for name, content in survey_files().items()]


def _answers(wave: Wave, rng: np.random.Generator) -> pd.DataFrame:
    people: dict[str, np.ndarray] = {}
    for column, (_, _, codes) in wave.who.items():
        shares = np.array([share for _, share in codes.values()])
        drawn = rng.choice(np.array(list(codes), dtype=object), wave.answered, p=shares / shares.sum())
        people[column] = np.where(rng.random(wave.answered) < NOT_STATED, "", drawn)
    # Families who are content with one thing are more often content with the next.
    mood = rng.normal(0, 0.10, wave.answered)
    with_plan = people["support"] == "ehc_plan"
    answers = {asked.column: _agreement(asked, wave, with_plan, mood, rng) for asked in wave.questions}
    numbers = np.arange(1, wave.answered + 1)
    return pd.DataFrame({"response": numbers, **people, **answers})


def _agreement(
    asked: Asked, wave: Wave, with_plan: np.ndarray, mood: np.ndarray, rng: np.random.Generator
) -> np.ndarray:
    positive = np.where(with_plan, *asked.positive) + wave.change.get(asked.question, 0.0) + mood
    positive = np.clip(positive, 0.02, 0.97)
    point = rng.random(len(positive))
    # A third of the positive agree strongly; of the others a quarter sit between and a quarter disagree strongly.
    steps = [positive / 3, positive, positive + (1 - positive) / 4, positive + (1 - positive) * 0.75]
    place = sum((point > step).astype(int) for step in steps)
    words = np.array(AGREE, dtype=object)[place]
    silent = rng.random(len(positive))
    return np.select([silent < 0.02, silent < 0.05, silent < 0.07], ["", *NO_VIEW], words)


def _map(wave: Wave) -> dict[str, object]:
    columns: dict[str, dict[str, object]] = {"response": {"left_out": "yes"}}
    for column, (characteristic, label, codes) in wave.who.items():
        printed = {code: text for code, (text, _) in codes.items()}
        columns[column] = {"characteristic": characteristic, "label": label, "codes": printed}
    for asked in wave.questions:
        columns[asked.column] = _question(asked)
    return {
        "title": wave.title,
        "survey": wave.survey,
        "wave": str(wave.year),
        "fieldwork": {"from": f"{wave.year}-05-06", "to": f"{wave.year}-06-13"},
        "population": wave.population,
        "asked": wave.asked,
        "illustrative": "yes",
        "columns": columns,
    }


def _question(asked: Asked) -> dict[str, object]:
    return {
        "question": asked.question,
        "wording": asked.wording,
        "type": "scale",
        "answers": list(AGREE),
        "positive": list(AGREE[:2]),
        "negative": list(AGREE[3:]),
        "not_counted": list(NO_VIEW),
        "topic": asked.topic,
        "key": "yes" if asked.key else "no",
    }
