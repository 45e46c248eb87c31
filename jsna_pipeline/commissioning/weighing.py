"""Scores and weights as totals and ranks, and how far an order rests on the weights.

Here: weighted totals, ranks, and the same under other weights. Not here: where the scores come from
(`prioritisation.py`) or how an order is printed (`report/commissioning_chapter.py`).

A missing score is neither 0 nor a guess: a total is the weighted mean of the scores that are known.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from jsna_pipeline.errors import InputError

FULL_SCORE = 4
TOP = 5
DRAWS = 1000
SEED = 20251231  # any fixed number: two builds of the same tables print the same shares
AS_SET = "as set"
TIE_DECIMALS = 9  # totals that differ by less differ by floating point alone

FloatArray = npt.NDArray[np.float64]


def full_weights(weights: Mapping[str, float] | None, criteria: Sequence[str]) -> FloatArray:
    """One weight for each of `criteria`, adding up to 1; a criterion that is not named weighs 1 before that.

    InputError where a name is unknown, a weight is negative or not finite, or all are 0.
    """
    given = dict(weights or {})
    if unknown := sorted(set(given) - set(criteria)):
        raise InputError(f"priority_weights: no criterion {unknown[0]!r}; the criteria are {', '.join(criteria)}.")
    found = np.array([float(given.get(name, 1.0)) for name in criteria])
    if not np.isfinite(found).all() or (found < 0).any() or not found.any():
        raise InputError("priority_weights: give numbers of 0 or more, at least one above 0.")
    return np.asarray(found / found.sum())


def totals(scores: FloatArray, weights: FloatArray) -> FloatArray:
    """Totals from 0 to 100, shape (sets of weights, topics), of `scores` (topics, criteria) from 0 to 4.

    `weights` has shape (sets, criteria). A total is null where no known score has a weight.
    """
    known = ~np.isnan(scores)
    weighed = weights @ np.where(known, scores, 0.0).T
    of = weights @ known.T.astype(float)
    share = np.divide(weighed, of, out=np.full_like(weighed, np.nan), where=of > 0)
    return np.asarray(np.round(share * 100 / FULL_SCORE, TIE_DECIMALS))


def ranks(totalled: FloatArray) -> FloatArray:
    """Rank within each row, 1 the largest total; ties share the better rank, null stays null."""
    above = (totalled[:, None, :] > totalled[:, :, None]).sum(axis=2) + 1.0
    return np.where(np.isnan(totalled), np.nan, above)


def sensitivity(scores: pd.DataFrame, weights: FloatArray) -> pd.DataFrame:
    """How each topic's rank moves with the weights; rows as in `scores` (index topic, columns criteria).

    Columns: the rank `as set`, `without <criterion>` and `double <criterion>` for each criterion that has a
    weight; `best` and `worst` over all of these; and `top_five_share`, the percentage of 1,000 random sets of
    weights that put the topic among the first five. Random weights are drawn from a flat Dirichlet distribution
    over the criteria that have a weight: every division of the weight among them is equally likely.
    """
    values = scores.to_numpy(float)
    named = _other_weights(list(scores.columns), weights)
    found = pd.DataFrame(
        ranks(totals(values, np.array(list(named.values())))).T, index=scores.index, columns=list(named)
    )
    best, worst = found.min(axis=1), found.max(axis=1)
    return found.assign(best=best, worst=worst, top_five_share=_top_share(values, weights))


def _other_weights(criteria: list[str], weights: FloatArray) -> dict[str, FloatArray]:
    sets = {AS_SET: weights}
    used = [place for place in range(len(criteria)) if weights[place] > 0]
    if len(used) > 1:  # without its only criterion there is no order
        sets |= {f"without {criteria[place]}": _times(weights, place, 0.0) for place in used}
    return sets | {f"double {criteria[place]}": _times(weights, place, 2.0) for place in used}


def _times(weights: FloatArray, place: int, factor: float) -> FloatArray:
    changed = weights.copy()
    changed[place] *= factor
    return changed


def _top_share(scores: FloatArray, weights: FloatArray) -> FloatArray:
    used = weights > 0
    drawn = np.random.default_rng(SEED).dirichlet(np.ones(int(used.sum())), DRAWS)
    found = ranks(totals(scores[:, used], drawn))
    share = (found <= TOP).mean(axis=0) * 100
    return np.where(np.isnan(found).all(axis=0), np.nan, share)
