"""Expected need: how many children a prevalence study would expect in each area, beside those a public file counts.

Here: expected numbers with their interval, the ratio of identified to expected, its place in the funnel of authorities,
and the sentence that says so. Not here: the studies (`catalogue/prevalence/`), the funnel's own limits
(`statistics/funnel.py`), the figure (`report/charts/funnel.py`).

The difference between expected and identified is *possible* unmet need by a named study. It may as well be support
without a plan (pupils with SEN support by need are in no file of an area), another definition, or a study that does
not fit the area: rates of one country and year are laid on every area alike. It is never a target.

Two things make an expected number uncertain, and its interval joins both: the study's own interval, and that a true
number of children with an average of E scatters about E by chance. With distances d from the number to each limit,
d = sqrt(study's d squared + chance's d squared): the method of variance estimates recovery (Zou GY, Donner A (2008),
Stat Med 27: 1693-702), as in `statistics/proportions.py`. Chance has the exact Poisson limits of a count, taken as
continuous. Rates of different ages and sexes are taken as independent, and one interval of the whole study as common
to all. Where a study has no interval the number has that of chance alone, and the sentence says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from jsna_pipeline import geography
from jsna_pipeline.catalogue.prevalence import OLDEST, Prevalence, Sex
from jsna_pipeline.future.tables import ExpectedNeed
from jsna_pipeline.statistics import funnel
from jsna_pipeline.statistics.proportions import FloatArray, as_floats, normal_quantile
from jsna_pipeline.statistics.rates import byars_interval

POPULATION = "ons__population_by_age"
SEXES = (Sex.PERSONS, Sex.FEMALE, Sex.MALE)
AGES = tuple(range(OLDEST + 1))
SMALLEST = 5  # identified children that England's ratio expects, below which a place in the funnel says nothing
_UNDER_3 = "under 3"  # how plans of the youngest are published: one row for ages 0 to 2
_TAIL = 10  # percent of authorities at each end that are drawn in before their spread is measured
_LEFT = 0.6787  # of the variance of a normal scatter, after a tenth at each end is drawn in
_COLUMNS = [name for name in ExpectedNeed.to_schema().columns if name != "edition"]


@dataclass(frozen=True)
class Population:
    """Residents of A areas: `counts` is (A, 3, 26), by sex as in SEXES and by single year of age 0 to 25."""

    areas: tuple[str, ...]
    counts: FloatArray


@dataclass(frozen=True)
class Expected:
    """What one study expects of A areas, each array (A,)."""

    residents: FloatArray
    number: FloatArray
    below: FloatArray  # distance from the number to the study's lower limit; 0 where the study has none
    above: FloatArray

    def interval(self) -> tuple[FloatArray, FloatArray]:
        """95 % limits of the true number of children: of the study and of chance together."""
        low, high = (np.nan_to_num(limit) * self.number for limit in funnel.ratio_limits(self.number))
        lower = self.number - np.hypot(self.below, self.number - low)
        return np.maximum(lower, 0.0), self.number + np.hypot(self.above, high - self.number)


def expected_need(
    records: Iterable[Prevalence],
    core: Mapping[str, pd.DataFrame],
    residents: pd.DataFrame | None = None,
    *,
    year: int | None = None,
) -> pd.DataFrame:
    """Rows of `ExpectedNeed` without `edition`: every study in every authority, region and England.

    Residents are the newest published estimate, by age and sex; with `year`, those of `residents` (rows of
    `FuturePopulation`) at that mid-year, split by sex as in the estimate. Identified children are those of the newest
    January, of the same ages. Areas whose residents are not all known are left out.
    """
    people = population(core)
    if year is not None:
        if residents is None:
            raise ValueError("a year needs the residents of that year")
        people = at_year(people, residents, year)
    frames = [_of_study(record, people, core) for record in records]
    rows = pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=_COLUMNS)
    return rows[_COLUMNS].sort_values(["area_code", "condition"], ignore_index=True)


def population(core: Mapping[str, pd.DataFrame]) -> Population:
    """The newest estimate of residents aged 0 to 25; KeyError if `core` lacks it."""
    table = core[POPULATION]
    ages = table.loc[table["dimension"].eq("age") & table["category"].isin([str(age) for age in AGES])]
    newest = ages.loc[ages["period"].eq(ages["period"].max())]
    keys = [newest["area_code"], newest["sex"], newest["category"].astype("int64")]
    codes = sorted(set(newest["area_code"]))
    cells = pd.MultiIndex.from_product([codes, [sex.value for sex in SEXES], AGES])
    counts = newest.set_index(keys)["population"].reindex(cells).to_numpy("float64")
    counts = counts.reshape(len(codes), len(SEXES), len(AGES))
    known = np.isfinite(counts).all(axis=(1, 2))
    return Population(tuple(np.array(codes)[known]), counts[known])


def at_year(people: Population, residents: pd.DataFrame, year: int) -> Population:
    """Residents of authorities at mid-`year` by age, split by sex as in `people`; regions and England their sums.

    ValueError where an authority of `people` is not in `residents` in that year and at every age.
    """
    authorities = geography.local_authorities().set_index("area_code")["region_code"]
    codes = [code for code in people.areas if code in authorities.index]
    rows = residents.loc[residents["year"].eq(year)].set_index(["area_code", "age"])["central"]
    persons = rows.reindex(pd.MultiIndex.from_product([codes, AGES])).to_numpy("float64").reshape(len(codes), len(AGES))
    if unknown := np.flatnonzero(np.isnan(persons).any(axis=1)).tolist():
        raise ValueError(f"no residents of {year} for {codes[unknown[0]]}")
    now = people.counts[[people.areas.index(code) for code in codes]]
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.where(now[:, :1] > 0, now / now[:, :1], [[1.0], [0.5], [0.5]])
    later = share * persons[:, None, :]
    regions = authorities[codes]
    wholes = {code: later[regions.eq(code).to_numpy()].sum(axis=0) for code in sorted(set(regions))}
    wholes[geography.ENGLAND] = later.sum(axis=0)
    areas = (*codes, *wholes)
    return Population(areas, np.concatenate([later, np.stack(list(wholes.values()))]))


def expected(record: Prevalence, people: Population) -> Expected:
    """What the study's rates, laid on the residents of each age and sex, come to."""
    cells = np.zeros((len(record.rates), len(SEXES), len(AGES)))
    for position, one in enumerate(record.rates):
        cells[position, SEXES.index(one.sex), one.age_from : one.age_to + 1] = 1.0
    exposed = np.tensordot(people.counts, cells, axes=([1, 2], [1, 2])) / 100  # (A, rates)
    rate = np.array([one.rate for one in record.rates])
    number = exposed @ rate
    if record.whole is not None:
        lower, upper = record.whole.limits
        below, above = number * (1 - lower / record.whole.rate), number * (upper / record.whole.rate - 1)
    else:
        limits = np.array([one.limits for one in record.rates])  # (rates, 2)
        distances = exposed[:, :, None] * np.abs(limits - rate[:, None])
        below, above = np.hypot.reduce(distances, axis=1).T
    ages = slice(record.age_from, record.age_to + 1)
    return Expected(people.counts[:, 0, ages].sum(axis=1), number, below, above)


def identified(record: Prevalence, core: Mapping[str, pd.DataFrame], areas: tuple[str, ...]) -> tuple[FloatArray, str]:
    """(A,) children counted of the study's ages, nan where that is not known, and the January they were counted in.

    An age without a row has nobody; an area with any age withheld (Surrey in 2025) has no count.
    """
    table = core.get(record.identified.table) if record.identified else None
    if record.identified is None or table is None or table.empty:
        return np.full(len(areas), np.nan), ""
    period = str(table["period"].max())
    ages = table.loc[table["dimension"].eq("age") & table["period"].eq(period)]
    wanted = {str(age) for age in range(record.age_from, record.age_to + 1)}
    if record.age_from == 0:
        wanted.add(_UNDER_3)
    columns = record.identified.columns
    withheld = ages[columns].isna().any(axis=1).groupby(ages["area_code"]).any()
    counts = ages.loc[ages["category"].isin(wanted)].groupby("area_code")[columns].sum().sum(axis=1)
    counts = counts.reindex(withheld.index, fill_value=0.0).mask(withheld)
    return counts.reindex(list(areas)).to_numpy("float64"), str(int(period[:4]) + 1)


def ratio_interval(count: npt.ArrayLike, need: Expected) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Identified per 100 expected and its 95 % limits: of the count (Byar, exact below 10) and of the study.

    Chance in the number of children is the count's own, so that the expected number brings the study's interval only.
    The limits join on the logarithm, as the ratio of two independent estimates; of no children the upper one is that
    of the count over the study's lower limit. nan where a count is missing or nobody is expected.
    """
    found = as_floats(count)
    with np.errstate(divide="ignore", invalid="ignore"):
        awaited = np.where(need.number > 0, need.number, np.nan)
        ratio = found / awaited
        low, high = byars_interval(found)
        fewest = np.log(awaited) - np.log(np.maximum(awaited - need.below, 0.0))
        most = np.log(awaited + need.above) - np.log(awaited)
        lower = ratio * np.exp(-np.hypot(np.log(found) - np.log(low), most))
        upper = ratio * np.exp(np.hypot(np.log(high) - np.log(found), fewest))
        none = found == 0
        lower = np.where(none, ratio, lower)
        upper = np.where(none, high / (awaited - need.below), upper)
    return ratio * 100, lower * 100, np.where(np.isfinite(upper), upper * 100, np.nan)


@dataclass(frozen=True)
class Spread:
    """How the ratios of authorities scatter round England's, and the limits that allow for it.

    Authorities differ by far more than chance: in need, in practice, in who looks. Limits of chance alone would put
    most of them outside. `between` is the spread that chance leaves unexplained, as a standard deviation of the square
    root of the ratio, and the limits are widened by it, so that outside are those that stand out even so.

    Spiegelhalter DJ (2005), Funnel plots for comparing institutional performance, Stat Med 24: 1185-202; the same,
    Handling over-dispersion of performance indicators, Qual Saf Health Care 14: 347-51 (additive random effects, after
    drawing in a tenth at each end). Unlike there, the variance that drawing in takes from a normal scatter is given
    back: without it one authority in eight would be outside limits meant for one in twenty.
    """

    baseline: float  # England's identified per 100 expected
    between: float
    tested: int  # authorities whose ratio can be placed
    outside: int  # of them, outside the 95 % limits of chance alone
    by_chance: float  # of them, outside if they differed by chance alone

    def limits(self, need: npt.ArrayLike, confidence: float = funnel.WARNING) -> tuple[FloatArray, FloatArray]:
        """Limits per 100 expected of areas where `need` children are expected; nan where that is not above 0."""
        awaited = as_floats(need)
        if not self.between:
            return funnel.ratio_limits(awaited * self.baseline / 100, confidence, multiplier=self.baseline)
        with np.errstate(divide="ignore"):
            deviation = np.hypot(0.5 / np.sqrt(np.where(awaited > 0, awaited, np.nan)), self.between)
        centre, reach = np.sqrt(self.baseline / 100), normal_quantile(confidence) * deviation
        return np.maximum(centre - reach, 0.0) ** 2 * 100, (centre + reach) ** 2 * 100

    def sentence(self) -> str:
        """What the funnel can and cannot mean, in plain words."""
        return (
            f"If authorities differed by chance alone, about {round(self.by_chance)} of {self.tested} would be outside "
            f"the 95% limits; {self.outside} do. The limits shown are widened by how much authorities usually differ: "
            "one outside them stands out even so. The funnel does not show why. Need, early help, who is assessed and "
            "how needs are recorded all differ from place to place."
        )


def spread(need: npt.ArrayLike, count: npt.ArrayLike, baseline: float) -> Spread:
    """The scatter of authorities round `baseline` (per 100), from the expected and identified children of each.

    Authorities of which England's ratio expects fewer than `SMALLEST` identified children are left out.
    """
    awaited, found = as_floats(need), as_floats(count)
    kept = np.isfinite(found) & (awaited * baseline / 100 >= SMALLEST)
    awaited, found = awaited[kept], found[kept]
    if len(found) < 2:
        return Spread(baseline, 0.0, len(found), 0, float(funnel.expected_outside(len(found))))
    weight = 4 * awaited  # one over the variance by chance of the square root of a ratio
    score = (np.sqrt(found / awaited) - np.sqrt(baseline / 100)) * np.sqrt(weight)
    drawn_in = np.clip(score, *np.percentile(score, [_TAIL, 100 - _TAIL]))
    excess = float((drawn_in**2).sum() / _LEFT - (len(found) - 1))
    between = np.sqrt(max(excess, 0.0) / (weight.sum() - (weight**2).sum() / weight.sum()))
    low, high = funnel.ratio_limits(awaited * baseline / 100, multiplier=baseline)
    outside = int(((found / awaited * 100 < low) | (found / awaited * 100 > high)).sum())
    return Spread(baseline, float(between), len(found), outside, float(funnel.expected_outside(len(found))))


@dataclass(frozen=True)
class FunnelPoints:
    """What a funnel figure of one study draws, authorities only.

    `points`: area_code, expected (horizontal), ratio (vertical, per 100), place. `limits`: expected, lower_95,
    upper_95, lower_998, upper_998, from the smallest expected number to the largest. `absent`: codes without a ratio.
    """

    spread: Spread
    points: pd.DataFrame
    limits: pd.DataFrame
    absent: tuple[str, ...]


def funnel_points(rows: pd.DataFrame, condition: str, steps: int = 120) -> FunnelPoints | None:
    """The funnel of one study from rows of `ExpectedNeed`; None where England or every authority has no ratio."""
    own = rows.loc[rows["condition"].eq(condition) & rows["area_code"].isin(_authorities())]
    given = own.loc[own["ratio"].notna() & own["england_ratio"].notna()]
    if given.empty:
        return None
    found = spread(given["expected"], given["identified"], float(given["england_ratio"].iloc[0]))
    sizes = np.geomspace(max(given["expected"].min(), 1.0), max(given["expected"].max(), 2.0), steps)
    (low, high), (lowest, highest) = found.limits(sizes), found.limits(sizes, funnel.ALARM)
    limits = pd.DataFrame(
        {"expected": sizes, "lower_95": low, "upper_95": high, "lower_998": lowest, "upper_998": highest}
    )
    points = given[["area_code", "expected", "ratio", "place"]].reset_index(drop=True)
    return FunnelPoints(found, points, limits, tuple(own.loc[own["ratio"].isna(), "area_code"]))


def sentence(row: Mapping[str, Any] | pd.Series, record: Prevalence) -> str:
    """What one row of `ExpectedNeed` says, for a reader who knows neither the study nor statistics."""
    count = float(row["expected"])
    who = "children" if record.age_to < 18 else "children and young people"
    alone = "" if record.has_interval else ", by chance alone; no interval of the study was found"
    number = f"about {about(count)}" if count >= 0.5 else "fewer than 1"
    said = (
        f"By {record.study.short}, {number} ({about(float(row['lower_95']))} to "
        f"{about(float(row['upper_95']))}{alone}) {who} aged {record.age_from} to {record.age_to} in "
        f"{geography.area(str(row['area_code'])).name} {record.would}"
    )
    if record.identified is None:
        return f"{said}. {record.not_compared} The number is not a target."
    if pd.isna(row["identified"]):
        return f"{said}. How many are known is not published for the area. The number is not a target."
    plans = f"{row['identified']:,.0f}" if row["identified"] else "none"
    said = f"{said}; {plans} of the area's plans for those ages {record.identified.named}."
    if pd.isna(row["ratio_upper"]) or row["ratio_lower"] <= 100 <= row["ratio_upper"]:
        return f"{said} With this uncertainty the two cannot be told apart. It is not a target."
    if row["ratio"] < 100:
        why = "The difference may be unmet need, support without a plan or a different definition."
    else:
        why = "The study finds fewer, being older or defining it otherwise; that does not mean too many plans."
    return f"{said} {why} It is not a target."


def about(value: float) -> str:
    """A count to three figures, for a number that is not exact: 1,234 is 1,230, 86.4 is 86."""
    step = 10 ** max(len(str(int(value))) - 3, 0)
    return f"{int(value / step + 0.5) * step:,}"


def _of_study(record: Prevalence, people: Population, core: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    need = expected(record, people)
    lower, upper = need.interval()
    found, january = identified(record, core, people.areas)
    ratio, ratio_lower, ratio_upper = ratio_interval(found, need)
    rows = pd.DataFrame(
        {
            "area_code": list(people.areas),
            "condition": record.id,
            "age_from": record.age_from,
            "age_to": record.age_to,
            "residents": need.residents,
            "expected": need.number,
            "lower_95": lower,
            "upper_95": upper,
            "identified": found,
            "identified_as": np.where(np.isnan(found), "", _identified_as(record, january)),
            "ratio": ratio,
            "ratio_lower": ratio_lower,
            "ratio_upper": ratio_upper,
        }
    )
    england = rows.loc[rows["area_code"].eq(geography.ENGLAND), "ratio"]
    baseline = float(england.iloc[0]) if len(england) else np.nan
    return rows.assign(england_ratio=baseline, place=_places(rows, baseline))


def _identified_as(record: Prevalence, january: str) -> str:
    if record.identified is None:
        return ""
    return f"Plans that {record.identified.named}, January {january}, ages {record.age_from} to {record.age_to}"


def _places(rows: pd.DataFrame, baseline: float) -> npt.NDArray[Any]:
    """Each authority's place within the widened limits; regions, England and the smallest are not tested."""
    tested = rows["area_code"].isin(_authorities()) & rows["expected"].mul(baseline / 100).ge(SMALLEST)
    if not np.isfinite(baseline) or not tested.any():
        return np.full(len(rows), funnel.Place.NOT_TESTED.value)
    found = spread(rows.loc[tested, "expected"], rows.loc[tested, "identified"], baseline)
    value = rows["ratio"].where(tested)
    return funnel.place(value, found.limits(rows["expected"]), found.limits(rows["expected"], funnel.ALARM))


def _authorities() -> set[str]:
    return set(geography.local_authorities()["area_code"])
