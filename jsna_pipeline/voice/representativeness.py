"""Who answered, beside who could have: the mix of a survey's respondents and of the population.

Here: shares, their differences, a test, an index and a verdict in words, before any weighting. Not here: weighting
(`weighting.py`), or the target rule of a strategy that asks for it (`strategies/rules/`).

The index of a characteristic is 100 × (1 − D), D being the dissimilarity index: 100 where the mixes are the same, and
otherwise the percentage of respondents who need not have been somebody else. That of a survey is its lowest. An
R-indicator (Schouten, Cobben and Bethlehem 2009, Surv Methodol 35: 101-13) would need to know each person who was
asked and did not answer. The thresholds of the verdict are this report's own: 5 and 10 in 100.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import pandas as pd

from jsna_pipeline.statistics.surveys import dissimilarity_index, fit_test
from jsna_pipeline.voice.survey import Survey
from jsna_pipeline.voice.weighting import population_mix

CLOSE, FAR = 0.05, 0.10
CHANCE = 0.05
LEAST = 30  # stated answers; below it a mix says little whatever it is


class Likeness(StrEnum):
    CLOSE = "close"
    SOME_DIFFERENCE = "some_difference"
    UNLIKE = "unlike"
    CANNOT_TELL = "cannot_tell"


LIKENESS_WORDS = {
    Likeness.CLOSE: "Close to the population",
    Likeness.SOME_DIFFERENCE: "Somewhat unlike the population",
    Likeness.UNLIKE: "Unlike the population",
    Likeness.CANNOT_TELL: "Cannot tell",
}


@dataclass(frozen=True, eq=False)
class Mix:
    """One characteristic of a survey. `table`: category, respondents, share, population_share, difference (percent).

    `index` is 0 to 100, `p_value` that of the chi-square test; both nan where nobody stated the characteristic.
    """

    characteristic: str
    table: pd.DataFrame
    stated: int
    index: float
    p_value: float
    likeness: Likeness


def mixes(survey: Survey, margins: pd.DataFrame | None) -> tuple[Mix, ...]:
    """A mix for each characteristic of the survey whose population is known."""
    found = (
        _mix(survey, column.characteristic, population_mix(margins, column))
        for column in survey.plan.characteristics
        if column.characteristic in survey.answers
    )
    return tuple(mix for mix in found if mix is not None)


def representativeness_index(found: tuple[Mix, ...]) -> float:
    """The lowest index of a survey's characteristics, 0 to 100; nan where none is known."""
    return float(np.nanmin([mix.index for mix in found])) if any(mix.stated for mix in found) else float("nan")


def _mix(survey: Survey, characteristic: str, population: pd.Series) -> Mix | None:
    if len(population) < 2:
        return None
    counts = survey.answers[characteristic].value_counts().reindex(population.index, fill_value=0).astype(float)
    stated = int(counts.sum())
    wanted = population / population.sum()
    shares = counts / stated if stated else counts * np.nan
    table = pd.DataFrame(
        {
            "category": population.index,
            "respondents": counts.to_numpy(dtype=int),
            "share": 100 * shares.to_numpy(),
            "population_share": 100 * wanted.to_numpy(),
            "difference": 100 * (shares - wanted).to_numpy(),
        }
    )
    apart = dissimilarity_index(shares, wanted)
    p_value = fit_test(counts, wanted)[0] if stated else float("nan")
    return Mix(characteristic, table, stated, 100 * (1 - apart), p_value, _likeness(stated, apart, p_value))


def _likeness(stated: int, apart: float, p_value: float) -> Likeness:
    """A difference that chance alone could make is no verdict, unless it is small anyway."""
    if stated < LEAST:
        return Likeness.CANNOT_TELL
    if apart < CLOSE:
        return Likeness.CLOSE
    if not p_value < CHANCE:
        return Likeness.CANNOT_TELL
    return Likeness.SOME_DIFFERENCE if apart < FAR else Likeness.UNLIKE
