"""Weighting a survey to the mix of the population that it speaks for.

Here: which characteristics can be weighted on, why others cannot, and the weights. Not here: the arithmetic
(`statistics/surveys.py`) or how unlike the population the answers are before weighting (`representativeness.py`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from jsna_pipeline.statistics.proportions import FloatArray
from jsna_pipeline.statistics.surveys import effective_sample_size, rake
from jsna_pipeline.voice.survey import Characteristic, Survey

LEAST_STATED = 0.5  # of the answers must state a characteristic, or it says too little of the others
MARGIN_COLUMNS = ("characteristic", "category", "count")

Margins = Mapping[str, pd.DataFrame]
"""For each population of a survey (`parents`, `young_people`, …) its mix: characteristic, category, count.

Categories are the codes of the survey's map. The mix of parents is that of their children.
"""


@dataclass(frozen=True, eq=False)
class Weighting:
    """Weights (n,) with mean 1, all 1 where `used` is empty.

    `used` are the characteristics weighted on; `left_out` says why others were not; `not_reached` are categories of
    the population from which nobody answered, as (characteristic, code). `furthest` is the largest difference that
    trimming left between a weighted share and the population's, as a fraction.
    """

    weights: FloatArray
    used: tuple[str, ...] = ()
    left_out: tuple[tuple[str, str], ...] = ()
    not_reached: tuple[tuple[str, str], ...] = ()
    capped: int = 0
    furthest: float = 0.0

    @property
    def weighted(self) -> bool:
        return bool(self.used)

    @property
    def effective_n(self) -> float:
        return effective_sample_size(self.weights)

    @property
    def design_effect(self) -> float:
        return len(self.weights) / self.effective_n if len(self.weights) else float("nan")


def population_mix(margins: pd.DataFrame | None, column: Characteristic) -> pd.Series:
    """Count for each code of a characteristic, codes of nobody left out; empty where the mix is not known.

    Categories that the survey does not ask for (not known; children without SEN) are no part of its population. A mix
    with a count that is missing or withheld is not known: the others would stand for too much.
    Raises ValueError where the frame lacks a column, or has a category twice or with a negative count.
    """
    nothing = pd.Series(dtype=float)
    if margins is None:
        return nothing
    if missing := [name for name in MARGIN_COLUMNS if name not in margins]:
        raise ValueError(f"the population's mix lacks the column {missing[0]}")
    rows = margins.loc[(margins["characteristic"] == column.characteristic) & margins["category"].isin(column.codes)]
    counts = pd.Series(pd.to_numeric(rows["count"]).to_numpy(dtype=float, na_value=np.nan), index=rows["category"])
    if counts.index.has_duplicates or (counts < 0).any():
        raise ValueError(f"the population's mix has a category of {column.characteristic} twice, or a negative count")
    return nothing if counts.isna().any() else counts[counts > 0]


def weigh(survey: Survey, margins: pd.DataFrame | None) -> Weighting:
    """The weights of a survey's answers; all 1 where no characteristic of its can be weighted on."""
    codes: list[np.ndarray] = []
    targets: list[FloatArray] = []
    used: list[str] = []
    left_out: list[tuple[str, str]] = []
    not_reached: list[tuple[str, str]] = []
    for column in survey.plan.characteristics:
        name = column.characteristic
        if name not in survey.answers:
            continue
        mix = population_mix(margins, column)
        stated = survey.answers[name].where(survey.answers[name].isin(mix.index))
        reached = mix[mix.index.isin(stated.dropna().unique())]
        if reason := _unusable(mix, reached, stated):
            left_out.append((name, reason))
            continue
        used.append(name)
        not_reached += [(name, str(code)) for code in mix.index.difference(reached.index, sort=False)]
        codes.append(pd.Categorical(stated.astype(object), categories=list(reached.index)).codes.astype(np.int64))
        targets.append((reached / reached.sum()).to_numpy())
    if not used:
        return Weighting(np.ones(survey.respondents), left_out=tuple(left_out))
    raked = rake(codes, targets)
    return Weighting(raked.weights, tuple(used), tuple(left_out), tuple(not_reached), raked.capped, raked.furthest)


def _unusable(mix: pd.Series, reached: pd.Series, stated: pd.Series) -> str:
    if mix.empty:
        return "the population’s mix is not known"
    if len(reached) < 2:
        return "answers came from fewer than two of its groups"
    if stated.notna().mean() < LEAST_STATED:
        return "fewer than half of those who answered stated it"
    return ""
