"""The imaginary children and young people with an education, health and care plan, person by person.

Here: how many plans each authority maintains and issues each year, and the drawn attributes of the
persons behind them (age, sex, need, placement, ethnicity, years with the plan, reviews). Because all
tables of the release are counts of the same persons, every breakdown adds up to every total.
Not here: the layout of the release (`plan_tables`).

The probabilities are rounded and hand-made: they give the shape of such data (speech and language in
the early years, social, emotional and mental health in adolescence), not its published values.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from seeds.generator.country import FLAGSHIP, Country, Floats, Ints, country, stream
from seeds.generator.figures import apportion, draw

STOCK_YEARS = (2019, 2020, 2021, 2022, 2023, 2024, 2025)
FLOW_YEARS = (2019, 2020, 2021, 2022, 2023, 2024)
ENGLAND_STOCK = (356_000, 392_500, 432_000, 474_500, 518_500, 577_500, 640_500)

# January counts at which an authority is anchored. Wigan's 2,132 of January 2025 are the persons whom the
# embedded returns hold one by one (`local_people`), its years before are chosen to lead there; the others
# are magnitudes.
ANCHORS = {
    FLAGSHIP["wigan"]: (1_110, 1_180, 1_270, 1_390, 1_575, 1_830, 2_132),
    FLAGSHIP["wolverhampton"]: (1_790, 1_990, 2_220, 2_440, 2_640, 2_880, 3_110),
    FLAGSHIP["cumberland"]: (1_750, 1_930, 2_140, 2_360, 2_480, 2_610, 2_860),
    "E06000064": (1_460, 1_600, 1_780, 1_960, 2_050, 2_170, 2_350),
    FLAGSHIP["bcp"]: (2_180, 2_400, 2_690, 2_990, 3_320, 3_830, 4_360),
}

# Share of plans issued within 20 weeks, exceptions excluded, where a course is set; else drawn.
TIMELINESS = (0.60, 0.58, 0.60, 0.50, 0.50, 0.465)
TIMELINESS_ANCHORS = {
    FLAGSHIP["wigan"]: (0.95, 0.84, 0.81, 0.80, 0.66, 0.44),
    FLAGSHIP["wolverhampton"]: (0.52, 0.30, 0.36, 0.30, 0.70, 0.58),
    FLAGSHIP["cumberland"]: (0.62, 0.55, 0.50, 0.40, 0.34, 0.46),
    FLAGSHIP["bcp"]: (0.88, 0.28, 0.30, 0.12, 0.10, 0.72),
}

AGES = ("under 3", *(f"age {age}" for age in range(3, 26)))
YEARS_HELD = ("Less than a year", *(str(year) for year in range(1, 12)), "12 or more")
SEXES = ("Female", "Male")
ETHNICITIES = (
    "Any other ethnic group", "Asian - Any other Asian background", "Asian - Bangladeshi", "Asian - Chinese",
    "Asian - Indian", "Asian - Pakistani", "Black - Any other Black background", "Black - Black African",
    "Black - Black Caribbean", "Mixed - Any other Mixed background", "Mixed - White and Asian",
    "Mixed - White and Black African", "Mixed - White and Black Caribbean", "Unclassified",
    "White - Any other White background", "White - Gypsy/Roma", "White - Irish",
    "White - Traveller of Irish heritage", "White - White British",
)  # fmt: skip
NEEDS = ("asd", "hi", "mld", "msi", "oth", "pd", "pmld", "semh", "slcn", "sld", "spld", "vi", "need_unknown")

# Leaf placements in the column order of the release, with the published name of the breakdown row.
PLACEMENTS = {
    "mainstream_la_maintained": "Mainstream - LA maintained",
    "mainstream_la_maintained_resourced_provision": "Mainstream - LA maintained (resourced provision)",
    "mainstream_la_maintained_senunit": "Mainstream - LA maintained (SEN unit)",
    "mainstream_academy": "Mainstream - academy",
    "mainstream_academy_resourced_provision": "Mainstream - academy (resourced provision)",
    "mainstream_academy_senunit": "Mainstream - academy (SEN unit)",
    "mainstream_free_school": "Mainstream - free school",
    "mainstream_free_school_resourced_provision": "Mainstream - free school (resourced provision)",
    "mainstream_free_school_senunit": "Mainstream - free school (SEN unit)",
    "mainstream_independent": "Mainstream - independent",
    "special_la_maintained": "Special - LA maintained",
    "special_academy_free": "Special - Academy/free schools",
    "special_independent": "Special - independent",
    "special_non_maintained": "Special - non-maintained",
    "ap_pru_academy": "AP/PRU - academy",
    "ap_pru_free_school": "AP/PRU - free school",
    "ap_pru_la_maintained": "AP/PRU - LA maintained",
    "general_fe_tertiary_colleges": "FE - general FE and tertiary colleges",
    "specialist_post_16_institutions": "FE - specialist post-16 institutions",
    "ukrlp_provider": "FE - UKRLP provider",
    "elective_home_education": "Educated elsewhere - elective home education",
    "other_arrangements_la": "Educated elsewhere - other arrangements by LA",
    "other_arrangements_parents": "Educated elsewhere - other arrangements by parents",
    "online_provider": "Educated elsewhere - online provider",
    "w_settings": "Educated elsewhere - Welsh establishment",
    "other_schools": "Educated elsewhere - other schools and establishments",
    "other_placement_settings": "Educated elsewhere - other placement settings",
    "neet": "Educated elsewhere - NEET",
    "neet_ntci": "Educated elsewhere - not in education or training (notice to cease issued)",
    "neet_other": "Educated elsewhere - not in education or training (other)",
    "neet_other_csa": "Educated elsewhere - not in education or training (compulsory school age)",
    "nm_early_years": "Non-maintained early years",
    "placement_unknown": "Placement not recorded",
}
LEAVES = tuple(PLACEMENTS)
GROUPS = {
    "mainstream_total": LEAVES[0:10],
    "special_total": LEAVES[10:14],
    "ap_pru_total": LEAVES[14:17],
    "fe_total": LEAVES[17:20],
    "ed_elsewhere": LEAVES[20:31],
}
FAMILY = np.repeat(np.arange(7), (10, 4, 3, 3, 11, 1, 1))
"""Of each leaf placement: mainstream, special, AP, further education, elsewhere, early years, unknown."""

# Parts per thousand of the caseload at each age, under 3 to 25.
_AGE = np.array([1, 7, 35, 48, 50, 53, 57, 60, 65, 73, 74, 74, 74, 70, 66, 57, 45, 33, 23, 15, 10, 6, 3, 1], float)
# Age bands of the need and placement tables: under 5, 5-6, 7-10, 11-15, 16-18, 19 and over.
BAND = np.array([0] * 3 + [1] * 2 + [2] * 4 + [3] * 5 + [4] * 3 + [5] * 7)
_NEED = np.array(
    [
        [290, 14, 40, 4, 12, 50, 26, 23, 490, 25, 6, 9, 18],
        [333, 12, 42, 3, 10, 35, 14, 72, 433, 24, 6, 6, 9],
        [327, 13, 88, 3, 12, 36, 13, 168, 286, 33, 18, 7, 8],
        [309, 13, 122, 2, 12, 35, 11, 258, 146, 39, 30, 8, 7],
        [303, 15, 122, 2, 11, 43, 13, 285, 115, 48, 25, 9, 7],
        [303, 18, 159, 2, 10, 52, 15, 212, 123, 75, 23, 12, 6],
    ],
    float,
)
_MALE = np.array([0.76, 0.57, 0.62, 0.58, 0.63, 0.57, 0.55, 0.73, 0.72, 0.63, 0.67, 0.55, 0.68])

# Parts per thousand of each band by family of placement, then within family; rows are age bands.
_FAMILY = np.array(
    [
        [620, 172, 1, 0, 30, 150, 27],
        [690, 255, 2, 0, 18, 5, 22],
        [645, 302, 6, 0, 23, 0, 20],
        [473, 432, 14, 2, 50, 0, 26],
        [80, 224, 4, 480, 165, 0, 42],
        [12, 35, 1, 640, 262, 0, 50],
    ],
    float,
)
_WITHIN = (
    np.array([344, 24, 11, 508, 31, 21, 33, 1, 1, 26], float),
    np.array([443, 381, 153, 23], float),
    np.array([405, 123, 472], float),
    np.array([805, 110, 85], float),
    np.array([144, 232, 20, 2, 8, 4, 81, 363, 36, 60, 50], float),
    np.array([1.0]),
    np.array([1.0]),
)
# Pull of each need towards the families of placement, as multipliers.
_NEED_PULL = np.ones((13, 7))
_NEED_PULL[0] = (0.9, 1.2, 0.5, 1, 1, 0.8, 1)
_NEED_PULL[[6, 9]] = (0.25, 2.3, 0.1, 0.8, 0.7, 1.1, 1)
_NEED_PULL[7] = (0.75, 0.75, 2.8, 0.9, 1.7, 0.7, 1.1)
_NEED_PULL[8] = (1.35, 0.75, 0.4, 1, 0.5, 1.2, 1)
_NEED_PULL[10] = (1.3, 0.7, 0.5, 1, 0.9, 0.5, 1)

# Years with the plan: weight of each year held, cut off by age (no plan is older than age less two).
_HELD = np.array([176, 150, 138, 112, 95, 87, 74, 60, 42, 30, 16, 9, 12], float)
# Age at which a new plan starts: 2 and under to 19, 20 and over, parts per thousand.
START_AGES = ("age 2 and under", *(f"age {age}" for age in range(3, 20)), "age 20 and over")
_START = np.array([22, 108, 165, 106, 83, 80, 76, 72, 74, 72, 46, 32, 28, 18, 9, 4, 2, 1, 1], float)

_ETHNICITY = np.array([17, 16, 14, 3, 17, 33, 10, 37, 12, 24, 11, 9, 19, 77, 43, 4, 2.5, 1.5, 650], float)
_LONDON = np.array([2.6, 2.4, 3.4, 1.8, 1.9, 1.0, 3.6, 3.8, 4.4, 2.1, 1.6, 1.9, 1.7, 1.1, 2.2, 0.4, 1.6, 0.8, 0.38])


@dataclass(frozen=True)
class People:
    """Persons as parallel arrays of codes: authority, age, sex, need, placement, ethnicity, years held.

    `age` indexes `AGES` for persons with a plan and `START_AGES` for persons asking for or given one.
    """

    authority: Ints
    age: Ints
    sex: Ints
    need: Ints
    placement: Ints
    ethnicity: Ints
    held: Ints

    def __len__(self) -> int:
        return len(self.authority)

    def part(self, rows: NDArray[np.bool_]) -> People:
        return People(**{name: values[rows] for name, values in vars(self).items()})


@cache
def stock() -> Ints:
    """Plans in January by authority and year: shape (153, 7), years `STOCK_YEARS`."""
    place = country()
    rng = stream("stock")
    level = 0.16 * place.need + 0.05 * place.deprivation
    slope = 0.028 * place.growth
    years = np.array(STOCK_YEARS) - 2022
    wobble = np.cumsum(rng.normal(0, 0.008, (place.size, len(years))), axis=1)
    weights = place.children[:, None] * np.exp(level[:, None] + slope[:, None] * years + wobble)
    anchored = [place.position(code) for code in ANCHORS]
    fixed = np.array(list(ANCHORS.values()))
    weights[anchored] = 0
    totals = np.array(ENGLAND_STOCK) - fixed.sum(axis=0)
    plans = np.column_stack([apportion(int(total), weights[:, year]) for year, total in enumerate(totals)])
    plans[anchored] = fixed
    return np.maximum.accumulate(plans, axis=1)


@cache
def ceased() -> Ints:
    """Plans ceased in each calendar year, shape (153, 6)."""
    rng = stream("ceased")
    rate = np.array([0.074, 0.072, 0.070, 0.073, 0.076, 0.077])
    return rng.binomial(stock()[:, :-1], rate * np.exp(rng.normal(0, 0.12, (country().size, 1))).clip(0.6, 1.5))


@cache
def issued() -> Ints:
    """New plans in each calendar year: what the growth of the stock, the ceased and the moves need."""
    rng = stream("issued")
    before, after = stock()[:, :-1], stock()[:, 1:]
    moved_in = rng.binomial(before, 0.015)
    return np.maximum(after - before + ceased() - moved_in, np.ceil(0.02 * before).astype(np.int64))


@cache
def within_20_weeks() -> Floats:
    """Chance that a new plan without exception is issued within 20 weeks, shape (153, 6)."""
    place = country()
    rng = stream("timeliness")
    habit = 1.25 * place.practice[:, None] + np.cumsum(rng.normal(0, 0.45, (place.size, len(FLOW_YEARS))), axis=1)
    national = np.log(np.array(TIMELINESS) / (1 - np.array(TIMELINESS)))
    chance = 1 / (1 + np.exp(-(1.35 * national + habit)))
    for code, course in TIMELINESS_ANCHORS.items():
        chance[place.position(code)] = course
    return chance.clip(0.02, 0.99)


@cache
def _tilts() -> dict[str, Floats]:
    """What an authority does more or less than others: needs (153, 13), families (153, 7), ethnicity."""
    place = country()
    rng = stream("tilts")
    need = np.exp(rng.normal(0, 0.22, (place.size, len(NEEDS))))
    need[place.index_of("wigan"), NEEDS.index("semh")] = 1.25
    family = np.exp(rng.normal(0, 0.10, (place.size, 7)))
    family[:, 0] *= np.exp(0.14 * place.mainstream)
    family[:, 1] *= np.exp(-0.14 * place.mainstream)
    family[:, 6] *= np.exp(rng.normal(-0.9, 1.2, place.size)).clip(0, 5)
    london = (place.areas["region_code"] == "E12000007").to_numpy()
    ethnicity = np.exp(rng.normal(0, 0.35, (place.size, len(ETHNICITIES)))) * np.where(london[:, None], _LONDON, 1.0)
    sector = np.exp(rng.normal(0, 0.45, (place.size, len(LEAVES))))
    return {"need": need, "family": family, "ethnicity": ethnicity, "leaf": sector}


def placement_chances(bands: Floats | None = None) -> Floats:
    """Chance of each leaf placement by authority, band and need: shape (153, 6, 13, 33)."""
    tilt = _tilts()
    families = (_FAMILY if bands is None else bands)[None, :, None, :] * _NEED_PULL[None, None]
    families = families * tilt["family"][:, None, None, :]
    within = np.concatenate([part / part.sum() for part in _WITHIN])
    leaves = within[None, :] * tilt["leaf"]
    for family in range(7):
        members = family == FAMILY
        leaves[:, members] /= leaves[:, members].sum(axis=1, keepdims=True)
    return families[..., FAMILY] * leaves[:, None, None, :]


def _people(name: str, counts: Ints, ages: Floats, bands: Ints, families: Floats | None) -> People:
    """Persons of each authority with their drawn attributes; `bands` maps an age code to its band."""
    place: Country = country()
    rng = stream(name)
    tilt = _tilts()
    authority = np.repeat(np.arange(place.size), counts)
    age = draw(rng, ages * np.exp(rng.normal(0, 0.06, (place.size, ages.shape[-1]))), authority)
    band = bands[age]
    need_table = (_NEED[None] * tilt["need"][:, None, :]).reshape(-1, len(NEEDS))
    need = draw(rng, need_table, authority * 6 + band)
    sex = (rng.random(len(authority)) < _MALE[need]).astype(np.int64)
    chances = placement_chances(families).reshape(-1, len(LEAVES))
    placement = draw(rng, chances, (authority * 6 + band) * len(NEEDS) + need)
    ethnicity = draw(rng, _ETHNICITY * tilt["ethnicity"], authority)
    longest = np.arange(len(ages[0]) if ages.ndim > 1 else len(ages))
    allowed = np.arange(len(YEARS_HELD))[None, :] <= longest[:, None]
    held = draw(rng, _HELD * allowed, age)
    return People(authority, age, sex, need, placement, ethnicity, held)


@cache
def caseload(january: int) -> People:
    """Everyone with a plan in January of 2024 or 2025."""
    counts = stock()[:, STOCK_YEARS.index(january)]
    people = _people(f"caseload {january}", counts, np.broadcast_to(_AGE, (country().size, 24)), BAND, None)
    if january < 2025:
        _give(people, _a_year_before())
        # Collected from January 2025 only; before, such placements were "other".
        people.placement[np.isin(people.placement, _LATE)] = LEAVES.index("other_placement_settings")
    return people


_LATE = [LEAVES.index(name) for name in ("online_provider", "w_settings", "other_schools")]
_START_BAND = np.array([0] * 3 + [1] * 2 + [2] * 4 + [3] * 5 + [4] * 3 + [5] * 2)


@cache
def new_plans(year: int) -> People:
    """Everyone given a plan in the calendar year: more of them in mainstream than of the caseload."""
    families = _FAMILY * np.array([1.15, 0.62, 1.3, 0.8, 0.6, 1.4, 1.6])
    counts = issued()[:, FLOW_YEARS.index(year)]
    people = _people(f"new plans {year}", counts, np.broadcast_to(_START, (country().size, 19)), _START_BAND, families)
    if year >= 2023:
        _give(people, _given_a_plan(year))
    people.placement[np.isin(people.placement, _LATE)] = LEAVES.index("other_placement_settings")
    return people


@cache
def applicants(name: str, year: int, counts: tuple[int, ...]) -> People:
    """Persons of whom only age, sex and ethnicity are published: requests, refusals, withdrawals."""
    ages = np.broadcast_to(_START * np.linspace(0.9, 1.3, len(_START)), (country().size, 19))
    return _people(f"{name} {year}", np.array(counts), ages, _START_BAND, None)


@cache
def ceased_people(year: int) -> People:
    """Everyone whose plan ceased in the calendar year: mostly 16 and over."""
    counts = ceased()[:, FLOW_YEARS.index(year)]
    ages = np.array([6, 6, 9, 11, 13, 14, 15, 16, 18, 22, 24, 26, 28, 30, 118, 122, 160, 152, 210], float)
    return _people(f"ceased {year}", counts, np.broadcast_to(ages, (country().size, 19)), _START_BAND, None)


# Wigan's persons are followed from one January to the next, because its embedded returns hold them one by one:
# the tables of the release count the same children as the returns, in both years.


def followed(people: People) -> People:
    """The persons of the authority whose persons are followed."""
    return people.part(people.authority == country().index_of("wigan"))


def _give(people: People, given: People) -> None:
    """Puts the followed persons in the place of those drawn for their authority; as many of them."""
    rows = people.authority == country().index_of("wigan")
    for name, values in vars(given).items():
        getattr(people, name)[rows] = values


def moved_in(year: int) -> int:
    """Plans that came to the followed authority from another in the calendar year: what the growth needs."""
    place = country().index_of("wigan")
    at = FLOW_YEARS.index(year)
    before, after = stock()[place, at : at + 2]
    return int(after - before - issued()[place, at] + ceased()[place, at])


def leavers(year: int) -> int:
    """How many of the followed persons with a plan in January of the year had none a year later."""
    before = stock()[country().index_of("wigan"), STOCK_YEARS.index(year)]
    return int(before - (followed(caseload(year + 1)).held > 0).sum())


@cache
def _a_year_before() -> People:
    """The followed persons of January 2024: those of 2025 with a plan for a year or more, then the leavers."""
    stayed = followed(caseload(2025))
    stayed = stayed.part(stayed.held > 0)
    left = followed(ceased_people(2024))
    left = left.part(np.arange(len(left)) < leavers(2024))
    rng = stream("a year before")
    oldest = len(START_AGES) - 1
    older = np.where(left.age == oldest, rng.integers(0, 5, len(left)), 0)
    age = np.concatenate([np.maximum(stayed.age - 1, 0), left.age + older])
    both = {name: np.concatenate([values, vars(left)[name]]) for name, values in vars(stayed).items()}
    held = np.concatenate([stayed.held - 1, np.minimum(np.maximum(left.held, 1), left.age)])
    both |= {"age": age, "held": held, "placement": _placement_before(stayed, both, age)}
    return People(**both)


def _placement_before(stayed: People, both: dict[str, Ints], age: Ints) -> Ints:
    """Where the persons of `both` were the year before: most where they are, more of them elsewhere at a new phase."""
    rng = stream("placement before")
    rows = (both["authority"] * 6 + BAND[age]) * len(NEEDS) + both["need"]
    drawn = draw(rng, placement_chances().reshape(-1, len(LEAVES)), rows)
    new_phase = np.isin(stayed.age, [AGES.index(f"age {years}") for years in (4, 5, 11, 12, 16, 17)])
    college = (FAMILY[stayed.placement] == 3) & (stayed.age - 1 < AGES.index("age 16"))
    moved = college | (rng.random(len(stayed)) < np.where(new_phase, 0.35, 0.05))
    placement = both["placement"].copy()
    placement[: len(stayed)][moved] = drawn[: len(stayed)][moved]
    return placement


def _given_a_plan(year: int) -> People:
    """The followed persons given a plan in the year: those with one since, then those who had it ceased in the year."""
    now = followed(caseload(year + 1))
    new = np.flatnonzero(now.held == 0)
    kept = now.part(np.isin(np.arange(len(now)), new[: len(new) - moved_in(year)]))
    gone = followed(ceased_people(year))
    gone = gone.part(np.arange(len(gone)) >= leavers(year))
    both = {name: np.concatenate([values, vars(gone)[name]]) for name, values in vars(kept).items()}
    return People(**both | {"age": np.minimum(both["age"], len(START_AGES) - 1)})


def age_when_started(people: People) -> Ints:
    """Index into `START_AGES` of the age at which a person of the caseload was given the plan."""
    return np.clip(people.age - people.held, 0, len(START_AGES) - 1)


def earlier_placements(january: int) -> pd.DataFrame:
    """Placement counts of a year of which only the totals row is published, a column per leaf, 153 rows."""
    rng = stream(f"placements {january}")
    people = caseload(2024)
    shape = (country().size, len(LEAVES))
    shares = np.bincount(people.authority * shape[1] + people.placement, minlength=shape[0] * shape[1]).reshape(shape)
    drift = np.ones(len(LEAVES))
    back = 2024 - january
    drift[0:10] = 0.975**back
    drift[10:14] = 1.04**back
    drift[20:31] = 0.90**back
    drift[LEAVES.index("mainstream_academy")] = 0.91**back
    drift[LEAVES.index("mainstream_la_maintained")] = 1.02**back
    uncollected = [*_LATE]
    if january < 2023:
        uncollected += [LEAVES.index(name) for name in ("ukrlp_provider", "neet_ntci", "neet_other", "neet_other_csa")]
    drift[uncollected] = 0
    weights = (shares + 0.05) * drift
    plans = stock()[:, STOCK_YEARS.index(january)]
    return pd.DataFrame(rng.multinomial(plans, weights / weights.sum(axis=1, keepdims=True)), columns=list(LEAVES))
