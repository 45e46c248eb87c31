"""How wrong a forecast may be: pools of past errors, their scale in each authority, and futures drawn from them.

Here: conformal quantiles of pooled residuals, the scale that lets one pool serve large and small, steady and unsteady
authorities, and a Gaussian copula over horizons and authorities. Not here: which model's errors they are (`models.py`),
nor rules that widen or withhold (`forecast.py`).

Conformal prediction: Vovk, Gammerman and Shafer, Algorithmic Learning in a Random World, 2005; the pool's k-th smallest
absolute error, k = ceil((n + 1) p), covers with probability p if the coming error is like those of the pool. All
authorities share a year's national error, so that coverage of one year strays further than that of n separate trials.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence

import numpy as np

from jsna_pipeline.future.panel import Floats, Panel

LEVELS = (0.5, 0.8, 0.95)
# Part of an authority's error variance that is the nation's: measured on the origins to 2022, and England's sum lay
# inside its simulated 95 interval at every origin and horizon since.
COMMON = 0.05
_STEADY_SHARE = 0.5  # weight of the authority's own unsteadiness in its scale; 0 to 1 all cover
_POISSON = 400.0  # a count's own chance, in units of the typical error: about 0.8 of 1/count; 0 to 400 all cover
_YEARS, _PSEUDO_YEARS = 4, 4
_GRID = (np.arange(500) + 0.5) / 500
_BEYOND = 1.05  # the largest error drawn, as a multiple of the largest seen


def volatility(panel: Panel) -> Floats:
    """(A, Y) unsteadiness of growth over the last 4 years, 1 in the middle authority.

    Mean absolute deviation of growth less the nation's from its own median, shrunk to the middle authority by 4
    pseudo-years; 1 where nothing is known.
    """
    logs = np.log(panel.plans)
    before = panel.lagged(panel.plans, 1)
    both = ~np.isnan(panel.plans) & ~np.isnan(before)
    with np.errstate(divide="ignore", invalid="ignore"):
        nation = np.log(np.where(both, panel.plans, 0).sum(axis=0) / np.where(both, before, 0).sum(axis=0))
    own = np.stack([panel.lagged(logs - np.log(before) - nation, back) for back in range(_YEARS)])
    seen = ~np.isnan(own)
    years = seen.sum(axis=0)
    middle = np.nanmedian(np.where(years > 0, own, 0.0), axis=0)  # without a year nothing is averaged below
    total = np.where(seen, np.abs(own - middle), 0.0).sum(axis=0)
    mean = np.where(years > 0, total / np.maximum(years, 1), np.nan)
    typical = np.array([np.median(held[~np.isnan(held)]) if (~np.isnan(held)).any() else np.nan for held in mean.T])
    with np.errstate(divide="ignore", invalid="ignore"):
        shrunk = (total + _PSEUDO_YEARS * typical) / (years + _PSEUDO_YEARS) / typical
    return np.asarray(np.where(np.isfinite(shrunk), shrunk, 1.0))


def scale(plans: Floats, unsteadiness: Floats) -> Floats:
    """How large an authority's log errors are beside the pool's: from its unsteadiness and the chance in its count."""
    steady = 1 - _STEADY_SHARE + _STEADY_SHARE * unsteadiness
    with np.errstate(divide="ignore"):
        return np.asarray(np.sqrt(steady**2 + _POISSON / plans))


def conformal(pool: Floats, level: float) -> float:
    """The half width, in scales, that holds `level` of errors like those of the sorted `pool`; NaN for an empty one."""
    if not len(pool):
        return float("nan")
    rank = int(np.ceil((len(pool) + 1) * level - 1e-9))
    return float(pool[min(rank, len(pool)) - 1])


def continued(nearer: Floats, last: Floats) -> Floats:
    """The pool one horizon beyond `last`, growing as it grew from `nearer` (empty: from nothing); never narrower."""
    if not len(last):
        return last
    upper = np.quantile(last, _GRID)
    lower = np.quantile(nearer, _GRID) if len(nearer) else np.zeros_like(upper)
    return np.sort(np.maximum(2 * upper - lower, upper))


def shocks(area_codes: Sequence[str], draws: int, horizons: Sequence[int], seed: int) -> Floats:
    """(A, D, H) probabilities, each uniform, correlated over horizons and, by the nation's share, over authorities.

    What an authority draws follows from `seed` and its code, whoever else is drawn beside it. Errors at two horizons
    share what happened in the years that both span: correlation sqrt(shorter / longer). The draws of each authority
    and horizon are spread evenly over 0 to 1 in the order of the copula's (Stein, Large Sample Properties of
    Simulations Using Latin Hypercube Sampling, 1987), so that an authority's interval is the one that the back-test
    scored, without the chance of a thousand draws.
    """
    spans = np.asarray(horizons, dtype="float64")
    together = np.sqrt(np.minimum.outer(spans, spans) / np.maximum.outer(spans, spans))
    mixing = np.linalg.cholesky(together + 1e-9 * np.eye(len(spans))).T
    shape = (draws, len(spans))
    common = np.random.default_rng(seed).standard_normal(shape)
    own = np.empty((len(area_codes), *shape))
    for place, code in enumerate(area_codes):  # a stream each, so that no authority's draws depend on another's
        own[place] = np.random.default_rng([seed, zlib.crc32(code.encode())]).standard_normal(shape)
    joint = (np.sqrt(COMMON) * common + np.sqrt(1 - COMMON) * own) @ mixing
    return np.asarray((joint.argsort(axis=1).argsort(axis=1) + 0.5) / draws)


def errors(probabilities: Floats, pool: Floats) -> Floats:
    """The error, in scales, at each of `probabilities`: symmetric about 0, of a size distributed as the `pool`."""
    if not len(pool):
        return np.full_like(probabilities, np.nan)
    steps = np.arange(1, len(pool) + 1) / (len(pool) + 1)
    size = np.interp(np.abs(2 * probabilities - 1), [0, *steps, 1], [0, *pool, pool[-1] * _BEYOND])
    return np.asarray(np.where(probabilities < 0.5, -size, size))
