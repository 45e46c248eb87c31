"""Plans of every authority in the coming Januaries, as simulated futures, and where no figure is honest.

Here: the chosen model fitted on all that is known, draws round it, rules that widen or withhold, and the tables of
paths and of totals for authorities, regions and England. Not here: the models (`models.py`), their record
(`backtest.py`), plans by age, need or setting (`composition.py`).

The thresholds are judgement: too few authorities were ever formed, miscounted or tiny to test them.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from jsna_pipeline import geography
from jsna_pipeline.future import intervals
from jsna_pipeline.future.backtest import UNEXPLAINED, Choice, backtest, choose, formed
from jsna_pipeline.future.models import RUNGS, Fit, evidence, fit
from jsna_pipeline.future.panel import Floats, Panel
from jsna_pipeline.future.simulated import Forecast, banded
from jsna_pipeline.future.tables import DRAWS, HORIZONS, Measure, Standing
from jsna_pipeline.vocabulary import TOTAL

SEED = 20_251
TINY = 100  # plans: next year's interval is already half the count, and later ones say nothing
SHORT, SHORT_WIDENS = 3, 1.5  # Januaries under its own code
FAULT_WIDENS = 2.0
NOT_FOLLOWED = 0.25  # change beyond new and ceased plans at which the last count is no base for a forecast
SUM_OF_AUTHORITIES = "sum_of_authorities"
_NAMED = 5  # authorities named in a reason before they are only numbered
_COUNT_WORDS = {1: "one January count exists", 2: "two January counts exist"}


def forecast(
    panel: Panel,
    residents: pd.DataFrame | None = None,
    draws: int = DRAWS,
    seed: int = SEED,
    choice: Choice | None = None,
) -> Forecast:
    """`draws` simulated futures of the plans of every authority of today, from the panel's last January.

    `choice` is what the back-test chose; without it the back-test is run here. NaN where withheld.
    """
    choice = choose(backtest(panel, residents)) if choice is None else choice
    live = set(geography.local_authorities()["area_code"])
    kept = np.flatnonzero([code in live for code in panel.areas])
    areas = tuple(panel.areas[place] for place in kept)
    known = evidence(panel, residents)
    wanted = np.array([choice.model_of(code) for code in areas], dtype=object)
    fits = {name: fit(RUNGS[name], known, panel.years[-1]) for name in np.unique(wanted.astype(str))}
    widening, status, reason = _standing(panel, kept)
    base = panel.plans[kept, -1]
    probabilities = intervals.shocks(areas, draws, HORIZONS, seed)
    simulated = np.full((len(areas), draws, len(HORIZONS)), np.nan)
    model = wanted.copy()
    for name, fitted in fits.items():
        mine = wanted == name
        simulated[mine] = _futures(fitted, kept[mine], probabilities[mine], widening[mine])
        model[mine] = fitted.rung[kept[mine]]
    unsaid = np.isnan(simulated).any(axis=1) & (status != Standing.WITHHELD.value)
    status[unsaid], reason[unsaid] = Standing.WITHHELD.value, "No earlier January says how wrong a forecast may be."
    simulated = np.where((status == Standing.WITHHELD.value)[:, None, :], np.nan, simulated)
    years = tuple(panel.years[-1] + ahead for ahead in HORIZONS)
    return Forecast(areas, base, panel.years[-1], years, simulated, model, status, reason)


def _futures(fitted: Fit, places: np.ndarray, probabilities: Floats, widening: Floats) -> Floats:
    """(A, D, H) plans of the authorities at `places`, each round its forecast by its own scale."""
    errors = np.full(probabilities.shape, np.nan)
    for rung, pools in fitted.rung_pools.items():
        spoke = fitted.rung[places] == rung
        for column, pool in enumerate(pools):
            errors[spoke, :, column] = intervals.errors(probabilities[spoke, :, column], pool)
    spread = (fitted.scale[places] * widening)[:, None, None]
    return np.asarray(np.exp(fitted.log_plans[places][:, None, :] + spread * errors))


# --- what may be said ---------------------------------------------------------------------------------


def _standing(panel: Panel, kept: np.ndarray) -> tuple[Floats, np.ndarray, np.ndarray]:
    """Factor on each authority's half width, and (A, H) status and reason; withholding outweighs widening."""
    widening = np.ones(len(kept))
    status = np.full((len(kept), len(HORIZONS)), Standing.OK.value, dtype=object)
    reason = np.full(status.shape, "", dtype=object)
    plans, counts = panel.plans[kept, -1], panel.known()[kept, -1]
    change = np.abs(np.nan_to_num(panel.unexplained()[kept, -1]))

    def say(where: np.ndarray, standing: Standing, sentences: np.ndarray, later: bool = False) -> None:
        """The stronger standing replaces the weaker; two reasons of one standing are both given."""
        for place in np.flatnonzero(where):  # a handful of authorities
            columns = slice(1, None) if later else slice(None)
            sentence = str(sentences[place])
            if standing is Standing.WIDENED and reason[place, -1]:
                sentence = f"{reason[place, -1]} {sentence}"
            status[place, columns], reason[place, columns] = standing.value, sentence

    short, faulty = counts < SHORT, change > UNEXPLAINED
    widening[short] = SHORT_WIDENS
    widening[faulty] = np.maximum(widening[faulty], FAULT_WIDENS)
    tiny = plans < TINY
    few = _few(panel, kept)
    say(short, Standing.WIDENED, few)
    say(faulty, Standing.WIDENED, _unexplained(panel, kept, "the interval is wider for it"))
    say(tiny, Standing.WIDENED, _tiny(panel, kept, "the interval is wide, and the middle of it says little"))
    say(tiny, Standing.WITHHELD, _tiny(panel, kept, "nothing can be said beyond next year"), later=True)
    say(change > NOT_FOLLOWED, Standing.WITHHELD, _unexplained(panel, kept, "nothing can be projected from it"))
    say(counts < SHORT - 1, Standing.WITHHELD, few)
    absent = np.full(len(kept), f"No count of January {panel.years[-1]} was published for the authority.", dtype=object)
    say(np.isnan(plans), Standing.WITHHELD, absent)
    return widening, status, reason


def _few(panel: Panel, kept: np.ndarray) -> np.ndarray:
    """Sentences on how few counts there are, and since when."""
    since = formed(panel)[kept]
    counts = panel.known()[kept, -1]
    held = [_COUNT_WORDS.get(int(count), "no January count exists") for count in counts]
    born = [f" since the authority was formed in {year}" if year >= panel.years[0] else "" for year in since]
    return np.array([f"Only {words}{when}.".replace("Only no", "No") for words, when in zip(held, born, strict=True)],
                    dtype=object)  # fmt: skip


def _tiny(panel: Panel, kept: np.ndarray, then: str) -> np.ndarray:
    """Sentences on a count too small to project."""
    year = panel.years[-1]
    return np.array([f"Only {plans:,.0f} children and young people had a plan in January {year}: {then}."
                     for plans in panel.plans[kept, -1]], dtype=object)  # fmt: skip


def _unexplained(panel: Panel, kept: np.ndarray, then: str) -> np.ndarray:
    """Sentences on a last count that the plans made and ended do not lead to."""
    last, before = panel.plans[kept, -1], panel.lagged(panel.plans, 1)[kept, -1]
    new, ceased = panel.new_plans[kept, -1], panel.ceased[kept, -1]
    year = panel.years[-1]
    return np.array(
        [
            f"The count of January {year} is {now:,.0f}, but {past:,.0f} a year before, {made:,.0f} new plans and "
            f"{ended:,.0f} ended ones lead to {past + made - ended:,.0f}: {then}."
            for now, past, made, ended in zip(last, before, new, ceased, strict=True)
        ],
        dtype=object,
    )


# --- tables -------------------------------------------------------------------------------------------


def paths_table(found: Forecast) -> pd.DataFrame:
    """Paths rows: each authority, draw and year that is not withheld."""
    areas, draws, years = found.draws.shape
    table = pd.DataFrame(
        {
            "area_code": np.repeat(np.asarray(found.areas, dtype=object), draws * years),
            "draw": np.tile(np.repeat(np.arange(draws), years), areas),
            "year": np.tile(found.years, areas * draws),
            "plans": found.draws.ravel(),
        }
    )
    return table.dropna(subset=["plans"]).reset_index(drop=True)


def projections(found: Forecast, panel: Panel) -> pd.DataFrame:
    """Projections rows of dimension total: plans of authorities, and of regions and England by sums within each draw.

    Where an authority is withheld, its last count times England's growth in the same draw stands in for it in the sum,
    which is marked widened and says so.
    """
    authorities = _rows(found, np.asarray(found.areas, dtype=object), found.base, found.draws)
    authorities = authorities.assign(
        model=np.repeat(found.model, len(found.years)), status=found.status.ravel(), reason=found.reason.ravel()
    )
    return pd.concat([_sums(found, panel), authorities], ignore_index=True)


def _rows(found: Forecast, codes: np.ndarray, base: Floats, draws: Floats) -> pd.DataFrame:
    """One row for each code and year, summarised from `draws` (codes, D, H)."""
    keys = pd.DataFrame(
        {
            "measure": Measure.EHC_PLANS.value,
            "area_code": np.repeat(codes, len(found.years)),
            "year": np.tile(found.years, len(codes)),
            "dimension": TOTAL,
            "category": TOTAL,
            "base": np.repeat(base, len(found.years)),
            "base_year": found.base_year,
        }
    )
    return banded(keys, draws.transpose(0, 2, 1).reshape(len(keys), -1))


def _sums(found: Forecast, panel: Panel) -> pd.DataFrame:
    """Rows of England and its regions, one for each year."""
    withheld = np.isnan(found.draws).any(axis=1)  # (A, H)
    base = np.nan_to_num(found.base)
    begun = np.where(withheld, 0.0, base[:, None]).sum(axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        growth = np.nansum(np.where(withheld[:, None], np.nan, found.draws), axis=0) / begun
    whole = np.where(withheld[:, None], base[:, None, None] * growth, found.draws)
    region = panel.region[[panel.position(code) for code in found.areas]]
    codes = [geography.ENGLAND, *sorted({str(code) for code in region if code})]
    members = [np.ones(len(found.areas), dtype=bool), *(region == code for code in codes[1:])]
    names = geography.attributes(pd.Series(list(found.areas), dtype="str"))["area_name"].to_numpy()
    reasons = [_stand_ins(names[of], withheld[of], np.isnan(found.base[of])) for of in members]
    table = _rows(
        found,
        np.array(codes, dtype=object),
        np.array([base[of].sum() for of in members]),
        np.stack([whole[of].sum(axis=0) for of in members]),
    )
    reason = np.array(reasons, dtype=object).ravel()
    status = np.where(reason == "", Standing.OK.value, Standing.WIDENED.value)
    nothing = np.tile(withheld.all(axis=0), len(codes))
    reason = np.where(nothing, "No authority of England is projected.", reason)
    status = np.where(nothing, Standing.WITHHELD.value, status)
    return table.assign(model=SUM_OF_AUTHORITIES, status=status, reason=reason)


def _stand_ins(names: np.ndarray, withheld: np.ndarray, uncounted: np.ndarray) -> list[str]:
    """A sentence for each year on the authorities of a sum that have no projection of their own."""
    sentences = []
    for year in withheld.T:
        moved, absent = _listed(names[year & ~uncounted]), _listed(names[uncounted])
        said = [f"Not projected, and moved from the last count as England's plans: {moved}."] * bool(moved)
        said += [f"Not counted: {absent}."] * bool(absent)
        sentences.append(" ".join(said))
    return sentences


def _listed(names: np.ndarray) -> str:
    """Names in a row; their number where they would fill a table's cell."""
    return f"{len(names)} authorities" if len(names) > _NAMED else ", ".join(names)
