"""The children and young people of the imaginary person-level Wigan: one row a person, for two Januaries.

Here: who they are (names, numbers, birth, home), what plan they have and which school they attend in January
2024 and 2025. Not here: the steps towards a plan (`local_steps`), nor any return's layout (`local_sen2`,
`local_census`, `local_extracts`).

Persons with a plan are those of `plans.caseload`, whom the tables of the release count too; the roll of the
schools has the totals that `schools` publishes. Names are drawn from short lists. A UPN has its right check
letter and the authority number 999, a ULN its right check digit and begins with 9990: neither can be real.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd

from seeds.generator import local_places, plans, schools
from seeds.generator.country import Floats, Ints, country, stream
from seeds.generator.figures import apportion
from seeds.generator.local_places import establishments, school_of, wards
from seeds.generator.plans import LEAVES, NEEDS, People

EDITIONS = (2024, 2025)
CENSUS_DAY = {2024: pd.Timestamp("2024-01-18"), 2025: pd.Timestamp("2025-01-16")}
FLAGSHIP = "wigan"

FORENAMES = {
    "F": ("Ada", "Amina", "Beth", "Carys", "Cora", "Daisy", "Edie", "Elin", "Esme", "Fern", "Grace", "Hana", "Iris",
          "Jess", "Kaya", "Lena", "Lucy", "Maja", "Nell", "Orla", "Poppy", "Rosa", "Sana", "Tess", "Una", "Vera",
          "Willa", "Zara"),
    "M": ("Aaron", "Adam", "Ali", "Ben", "Callum", "Dan", "Eli", "Ewan", "Finn", "George", "Hari", "Ivan", "Jack",
          "Joel", "Kai", "Leo", "Luca", "Max", "Nathan", "Omar", "Owen", "Pavel", "Reuben", "Sam", "Theo", "Toby",
          "Yusuf", "Zac"),
}  # fmt: skip
SURNAMES = (
    "Appleyard", "Ashdown", "Barrowby", "Beckside", "Brackley", "Calderwood", "Copley", "Dunmore", "Eastham",
    "Fairlie", "Farrow", "Garside", "Greenhow", "Hallam", "Hartley", "Hesketh", "Holroyd", "Ibrahim", "Jarvis",
    "Kendrick", "Kowal", "Langdale", "Lomax", "Marsden", "Mistry", "Newall", "Nowak", "Ollerton", "Osei", "Parr",
    "Pendle", "Quigley", "Ramsden", "Rigby", "Saleem", "Selby", "Tarleton", "Thorley", "Unsworth", "Varley",
    "Walmsley", "Yates",
)  # fmt: skip
ETHNICITY_CODES = (
    "OOTH", "AOTH", "ABAN", "CHNE", "AIND", "APKN", "BOTH", "BAFR", "BCRB", "MOTH", "MWAS", "MWBA", "MWBC", "NOBT",
    "WOTH", "WROM", "WIRI", "WIRT", "WBRI",
)  # fmt: skip
NEED_CODES = tuple("" if need == "need_unknown" else need.upper() for need in NEEDS)
# Pupils without a plan; the ethnic mix of a northern borough.
_ETHNICITY = np.array([7, 8, 4, 5, 10, 12, 5, 22, 2, 9, 8, 8, 9, 14, 35, 3, 2, 1, 836], float)
_SUPPORT_NEED = np.array([110, 14, 150, 2, 25, 22, 1, 235, 300, 4, 125, 9, 3], float)
_CHECK_LETTERS = np.array(list("ABCDEFGHJKLMNPQRTUVWXYZ"))


def code_of_year(year: Ints) -> pd.Series:
    """National curriculum year as the census writes it: -2 is N1, -1 is N2, 0 is R."""
    names = {-4: "E1", -3: "E2", -2: "N1", -1: "N2", 0: "R"} | {number: str(number) for number in range(1, 15)}
    return pd.Series(year).map(names).fillna("X")


def cohort_of(birth: pd.Series) -> pd.Series:
    """National curriculum year in 2024/25 of those born on a day: September to August is one cohort."""
    return 2020 - (birth.dt.year + (birth.dt.month >= 9))


# Where a plan's placement is found in the register of schools: leaf -> types of school there. Placements without
# a school have a code instead.
_STATE = ("Community school", "Academy converter", "Free schools")
SCHOOL_TYPES = {
    "special_la_maintained": "Community special school", "special_academy_free": "Academy special converter",
    "special_independent": "Other independent special school",
    "special_non_maintained": "Non-maintained special school",
    "mainstream_independent": "Other independent school",
    "ap_pru_academy": "Academy alternative provision converter",
    "ap_pru_free_school": "Free schools alternative provision", "ap_pru_la_maintained": "Pupil referral unit",
    "general_fe_tertiary_colleges": "Further education",
    "specialist_post_16_institutions": "Special post 16 institution", "ukrlp_provider": "Training provider",
    "online_provider": "Online provider", "w_settings": "Welsh establishment",
    "other_schools": "Secure units",
}  # fmt: skip
SETTING_CODES = {
    "elective_home_education": "EHE", "other_arrangements_la": "OLA", "other_arrangements_parents": "OPA",
    "other_placement_settings": "OLA", "neet": "NEET", "neet_ntci": "NIEC", "neet_other": "NIEO",
    "neet_other_csa": "NIEO", "nm_early_years": "EYP",
}  # fmt: skip


@cache
def with_a_plan() -> pd.DataFrame:
    """Everyone with a plan in January 2024 or 2025, or whose plan ended in 2023 or 2024; one row a person.

    `age` is that of the 31 August before `CENSUS_DAY[aged_in]` in whole years, as plans are counted. `leaf_2024` and
    `leaf_2025` are the placements (index of `LEAVES`, -1 without a plan). `started` is the calendar year of the
    plan's start, `moved_in` that in which it came from another authority (0: never). `new_2023`, `new_2024`,
    `ceased_2023` and `ceased_2024` are the person's row among `plans.new_plans` and `plans.ceased_people` of the
    year, -1 for none.
    """
    now, before = plans.followed(plans.caseload(2025)), plans.followed(plans.caseload(2024))
    left, left_before = (plans.followed(plans.ceased_people(year)) for year in (2024, 2023))
    stays, rows = now.held > 0, np.arange(len(before))
    gone = before.part(rows >= stays.sum())
    brief = left.part(np.arange(len(left)) >= len(gone))
    parts = [
        _persons(now, 2025, 2024 - now.held),
        _persons(gone, 2024, 2023 - gone.held),
        _persons(brief, 2025, np.full(len(brief), 2024)),
        _persons(left_before, 2023, _started_before(left_before)),
    ]
    table = pd.concat(parts, ignore_index=True)
    first, second, third = np.cumsum([len(part) for part in parts])[:3]
    at = {name: np.full(len(table), -1) for name in ("leaf_2024", "leaf_2025", "ceased_2023", "ceased_2024", "_row")}
    at["leaf_2025"][:first] = now.placement
    at["_row"][np.flatnonzero(stays)] = rows[: stays.sum()]
    at["_row"][first:second] = rows[stays.sum() :]
    at["leaf_2024"] = np.where(at["_row"] >= 0, before.placement[at["_row"]], -1)
    at["ceased_2024"][first:third] = np.arange(len(left))
    at["ceased_2023"][third:] = np.arange(len(left_before))
    at["new_2024"], moved = _new_in(2024, np.flatnonzero(~stays), np.arange(second, third), len(table))
    young = np.flatnonzero(at["_row"] >= 0)
    young = young[np.argsort(at["_row"][young])][before.held == 0]
    brief_before = np.arange(third + plans.leavers(2023), len(table))
    at["new_2023"], moved_before = _new_in(2023, young, brief_before, len(table))
    started = np.where((moved > 0) | (moved_before > 0), np.maximum(moved, moved_before) - 2, table["started"])
    del at["_row"]
    return table.assign(**at, started=started, moved_in=np.maximum(moved, moved_before))


def _persons(people: People, aged_in: int, started: Ints) -> pd.DataFrame:
    """The drawn attributes in the words of a return; ages are whole years, those under 3 mostly 2."""
    return pd.DataFrame(
        {
            "age": people.age + 2, "aged_in": aged_in, "started": started,
            "sex": np.where(people.sex == 1, "M", "F"), "need": np.array(NEED_CODES, object)[people.need],
            "ethnicity": np.array(ETHNICITY_CODES, object)[people.ethnicity],
        }
    )  # fmt: skip


def _started_before(left: People) -> Ints:
    """Calendar year of the start of the plans ended in 2023: in 2023 itself where they were given and ended in it."""
    long = np.arange(len(left)) < plans.leavers(2023)
    return np.where(long, 2022 - np.minimum(left.held, left.age), 2023)


def _new_in(year: int, held: Ints, brief: Ints, size: int) -> tuple[Ints, Ints]:
    """For each person the row among the year's new plans (-1: none), and the year of a move into the area (0: none).

    `held` are the persons whose plan is of the year and who have it in the January after: the last of them moved in
    with it. `brief` are those who were given one and had it ended in the year.
    """
    row, moved = np.full(size, -1), np.zeros(size, dtype=np.int64)
    given = held[: len(held) - plans.moved_in(year)]
    row[np.append(given, brief)] = np.arange(len(given) + len(brief))
    moved[held[len(given) :]] = year
    return row, moved


# Pupils: national curriculum years of 2024/25 of each kind of school of the census; 0 is Reception.
PRIMARY, SECONDARY, NURSERY = range(7), range(7, 12), (-2, -1)
KINDS = ("primary", "secondary", "special", "nursery", "referral")
"""In the order of `schools.PHASES`."""


def kind_of_year(year: Ints) -> pd.Series:
    """The kind of mainstream school of those in a national curriculum year; empty where there is none of the census."""
    kind = np.select(
        [np.isin(year, NURSERY), np.isin(year, PRIMARY), np.isin(year, SECONDARY)],
        ["nursery", "primary", "secondary"],
        "",
    )
    return pd.Series(kind, dtype=object)


@cache
def roll(edition: int) -> pd.DataFrame:
    """Pupils by kind of school (rows) and cohort (columns, year of 2024/25): what the schools have room for.

    Primary and secondary schools have the published pupils of each year, nursery schools one of two and two of three.
    Special schools and referral units, whose pupils are of many years, have theirs under the cohort 99.
    """
    place = country().index_of(FLAGSHIP)
    by_phase = schools.pupils()[:, schools.JANUARIES.index(edition)]
    groups = schools.year_groups(schools.pupils()[:, -1])[place]
    if edition < 2025:
        parts = ((0, groups[:7]), (1, groups[7:]))
        groups = np.concatenate([apportion(int(by_phase[place, at]), part.astype(float)) for at, part in parts])
    nursery = apportion(int(by_phase[place, 3]), np.array([1.0, 2.0]))
    back = 2025 - edition
    table = pd.DataFrame(0, index=list(KINDS), columns=[*range(-3, 15), 99])
    for kind, years, counts in (
        ("nursery", NURSERY, nursery),
        ("primary", PRIMARY, groups[:7]),
        ("secondary", SECONDARY, groups[7:]),
        ("special", (99 - back,), by_phase[place, 2:3]),
        ("referral", (99 - back,), by_phase[place, 4:5]),
    ):
        table.loc[kind, [year + back for year in years]] = counts
    return table


@cache
def people() -> pd.DataFrame:
    """Everyone: those with a plan, the other pupils of the roll, children known for a request alone, school leavers.

    Columns beside those of `with_a_plan`: group (plan, pupil, applicant, leaver), surname, forename, birth, cohort,
    ward (row of `wards`, -1 outside the area), postcode, upn, uln, and for both editions provision (N, K, E or empty
    off the roll), kind (of the census school, or empty), school (number in the register, or empty) and setting
    (code where there is no school).
    """
    rng = stream("local people")
    holders = with_a_plan()
    birth = _born(rng, (holders["aged_in"] - 2 - holders["age"]).to_numpy())
    # Plans end before the 26th birthday: those who are 25 in the last edition have it after census day.
    early = (holders["age"] + 2025 - holders["aged_in"]).ge(25) & ((birth.dt.month >= 9) | (birth.dt.month == 1))
    holders["birth"] = birth.where(~early, birth + pd.to_timedelta(np.where(birth.dt.month == 1, 40, 160), unit="D"))
    holders["cohort"] = cohort_of(holders["birth"])
    holders["ward"] = _homes(rng, len(holders), 0.16)
    for edition in EDITIONS:
        holders = _placed(rng, holders, edition)
    holders = _before_the_plan(rng, holders)
    others = _other_pupils(rng, holders)
    parts = {"plan": holders, "pupil": others, "applicant": _applicants_off_roll(rng, others), "leaver": _leavers(rng)}
    table = pd.concat([part.assign(group=group) for group, part in parts.items()], ignore_index=True)
    table[_TEXT] = table[_TEXT].fillna("")
    whole = ["leaf_2024", "leaf_2025", "new_2023", "new_2024", "ceased_2023", "ceased_2024"]
    table[whole] = table[whole].fillna(-1).astype(np.int64)
    table["moved_in"] = table["moved_in"].fillna(0).astype(np.int64)
    return _numbered(rng, _named(rng, table))


_TEXT = ["need", *(f"{name}_{edition}" for name in ("provision", "kind", "school", "setting") for edition in EDITIONS)]


def _homes(rng: np.random.Generator, count: int, slope: float, outside: float = 0.0) -> Ints:
    """Home wards: larger wards and, with `slope`, more deprived ones have more of them; -1 is outside the area."""
    weight = wards()["size"].to_numpy() * np.exp(slope * wards()["deprivation"].to_numpy())
    home = rng.choice(len(weight), count, p=weight / weight.sum())
    return np.where(rng.random(count) < outside, -1, home)


def _placed(rng: np.random.Generator, holders: pd.DataFrame, edition: int) -> pd.DataFrame:
    """Adds school, setting, kind of census school and provision of those who have a plan in January of the edition.

    Who has the placement of the year before in the same kind of school has the same school.
    """
    leaf, year = holders[f"leaf_{edition}"].to_numpy(), holders["cohort"].to_numpy() - (2025 - edition)
    name = np.where(leaf >= 0, np.array(LEAVES, object)[leaf], "")
    stage = np.select([year < -2, year < 0, year < 7, year < 12], ["none", "nursery", "primary", "secondary"], "none")
    mainstream = pd.Series(name).str.match("mainstream_(la|academy|free)").to_numpy()
    school = pd.Series("", index=holders.index, dtype=object)
    register = establishments()
    for key in sorted(set(zip(name[name != ""], np.where(mainstream, stage, "")[name != ""], strict=True))):
        rows = (name == key[0]) & (np.where(mainstream, stage, "") == key[1])
        allowed = register[_allowed(register, *key)]
        if len(allowed):
            school[rows] = school_of(rng, allowed, holders["ward"].to_numpy()[rows]).to_numpy()
    if edition > EDITIONS[0]:
        before = holders[f"leaf_{edition - 1}"].to_numpy()
        stays = (before == leaf) & ((kind_of_year(year) == kind_of_year(year - 1)).to_numpy() | ~mainstream)
        school = school.where(~stays, holders[f"school_{edition - 1}"])
    found = register.set_index("urn").reindex(school)
    counted = (found["size"] > 0).to_numpy()
    return holders.assign(
        **{
            f"school_{edition}": school,
            f"setting_{edition}": pd.Series(name, index=holders.index).map(SETTING_CODES).fillna(""),
            f"kind_{edition}": np.where(counted, found["kind"].to_numpy(), ""),
            f"provision_{edition}": np.where(counted, "E", ""),
        }
    )


def _before_the_plan(rng: np.random.Generator, holders: pd.DataFrame) -> pd.DataFrame:
    """Puts those given a plan in 2024 on the roll of January 2024, most of them with SEN support."""
    year = holders["cohort"].to_numpy() - 1
    kind = kind_of_year(year)
    rows = (holders["new_2024"].ge(0) & kind.isin(["primary", "secondary"])).to_numpy()
    register = establishments()
    for name in ("primary", "secondary"):
        allowed = register[(register["kind"] == name) & (register["size"] > 0)]
        these = rows & (kind == name).to_numpy()
        near = school_of(rng, allowed, holders["ward"].to_numpy()[these]).to_numpy()
        same = (holders["kind_2025"] == name).to_numpy()[these]
        holders.loc[these, "school_2024"] = np.where(same, holders["school_2025"][these], near)
    holders.loc[rows, "kind_2024"] = kind[rows]
    holders.loc[rows, "provision_2024"] = np.where(rng.random(rows.sum()) < 0.86, "K", "N")
    return holders


def _allowed(register: pd.DataFrame, leaf: str, stage: str) -> pd.Series:
    """The schools of the register that a leaf placement can mean for a child of the stage.

    Primary and secondary schools of the census have no nursery and no sixth form: those too young or too old for
    them are in schools outside the area.
    """
    if not stage:
        return register["type"] == SCHOOL_TYPES.get(leaf, "")
    state = next(at for at, word in enumerate(("la_maintained", "academy", "free")) if word in leaf)
    inside = stage in ("primary", "secondary")
    kind = stage if inside else "primary" if stage == "nursery" else "secondary"
    here = (register["size"] > 0) == inside
    return here & (register["kind"] == kind) & register["type"].str.startswith(_STATE[state].split()[0])


def _other_pupils(rng: np.random.Generator, holders: pd.DataFrame) -> pd.DataFrame:
    """Pupils of the roll without a plan of this authority: as many as the schools have room for, in both Januaries."""
    parts = []
    for kind_before, kind_now, cohort, room_before, room_now in _rooms(holders):
        both = round((0.30 if kind_now == "referral" else 0.965) * min(room_before, room_now))
        size = room_before + room_now - both
        number = np.arange(size)
        parts.append(
            pd.DataFrame(
                {
                    "kind_2024": np.where(number < room_before, kind_before, ""),
                    "kind_2025": np.where(number >= room_before - both, kind_now, ""),
                    "cohort": cohort if cohort < 99 else rng.integers(*_SPAN[kind_now], size),
                }
            )
        )
    table = pd.concat(parts, ignore_index=True)
    count = len(table)
    visitor = ((table["kind_2024"] == "special") | (table["kind_2025"] == "special")).to_numpy()
    table["birth"] = _born(rng, 2019 - table["cohort"].to_numpy())
    table["sex"] = np.where(rng.random(count) < np.where(visitor, 0.72, 0.51), "M", "F")
    table["ethnicity"] = rng.choice(ETHNICITY_CODES, count, p=_ETHNICITY / _ETHNICITY.sum())
    table["ward"] = np.where(visitor, -1, _homes(rng, count, 0.0, outside=0.015))
    table = _at_school(rng, table)
    return _supported(rng, table, visitor)


_SPAN = {"special": (1, 13), "referral": (7, 12)}
"""Cohorts, by their year of 2024/25, of the pupils who fill special schools and referral units in both Januaries."""


def _born(rng: np.random.Generator, year: Ints) -> pd.Series:
    """Birthdays from 1 September of each year to the 31 August after.

    None is from 17 to 31 January: an age reckoned from the month of birth is then that of the census day.
    """
    first = pd.to_datetime(pd.DataFrame({"year": year, "month": 9, "day": 1}))
    birth = first + pd.to_timedelta(rng.integers(0, 365, len(year)), unit="D")
    late = (birth.dt.month == 1) & (birth.dt.day >= 17)
    return birth.where(~late, birth + pd.Timedelta(days=15))


def _rooms(holders: pd.DataFrame) -> list[tuple[str, str, int, int, int]]:
    """Kind of school in both years, cohort, and the places that those with a plan leave in each year."""
    free = {}
    for edition in EDITIONS:
        table = roll(edition).copy()
        kind = holders[f"kind_{edition}"]
        for name in KINDS:
            taken = holders.loc[kind == name, "cohort"]
            if name in _SPAN:
                table.loc[name, 99] = table.loc[name].sum() - len(taken)
            else:
                counts = taken.value_counts()
                table.loc[name, counts.index] -= counts
        if (table.to_numpy() < 0).any():
            raise ValueError(f"{edition}: more children with a plan than a kind of school has room for")
        free[edition] = table
    rooms = []
    for cohort in range(-2, 13):
        before, now = kind_of_year(np.array([cohort - 1, cohort]))
        rooms.append(
            (before, now, cohort, int(free[2024].loc[before, cohort]) if before else 0,
             int(free[2025].loc[now, cohort]) if now else 0)
        )  # fmt: skip
    return rooms + [(kind, kind, 99, int(free[2024].loc[kind, 99]), int(free[2025].loc[kind, 99])) for kind in _SPAN]


def _at_school(rng: np.random.Generator, table: pd.DataFrame) -> pd.DataFrame:
    """A school near home for each kind; who stays in a kind of school stays in the school."""
    register = establishments()
    for edition in EDITIONS:
        school = pd.Series("", index=table.index, dtype=object)
        for kind in KINDS:
            rows = (table[f"kind_{edition}"] == kind).to_numpy()
            allowed = register[(register["kind"] == kind) & (register["size"] > 0)]
            school[rows] = school_of(rng, allowed, table["ward"].to_numpy()[rows]).to_numpy()
        if edition > EDITIONS[0]:
            stays = table[f"kind_{edition}"] == table[f"kind_{edition - 1}"]
            school = school.where(~stays, table[f"school_{edition - 1}"])
        table[f"school_{edition}"] = school
    return table


def _supported(rng: np.random.Generator, table: pd.DataFrame, visitor: Ints) -> pd.DataFrame:
    """Adds the SEN provision of both years and the type of need of those with SEN support.

    Some 13 % of all pupils have SEN support: boys, the middle primary years and deprived wards more than others.
    Pupils of special schools have a plan of another authority.
    """
    deprivation = np.append(wards()["deprivation"].to_numpy(), 0.0)[table["ward"]]
    year = table["cohort"].to_numpy()
    chance: Floats = -0.035 * (year - 6) ** 2 + 0.45 * (table["sex"] == "M").to_numpy() + 0.22 * deprivation
    chance = chance + 2.5 * ((table["kind_2025"] == "referral") | (table["kind_2024"] == "referral")).to_numpy()
    score = chance + rng.gumbel(0, 1, len(table))
    drift = rng.normal(0, 0.25, len(table))
    for edition, share in ((2024, 0.126), (2025, 0.131)):
        here = (table[f"kind_{edition}"] != "").to_numpy()
        level = score + (drift if edition == 2024 else 0)
        least = np.sort(level[here & ~visitor])[-round(share * roll(edition).to_numpy().sum())]
        provision = np.where(visitor, "E", np.where(level >= least, "K", "N"))
        table[f"provision_{edition}"] = np.where(here, provision, "")
        table[f"setting_{edition}"] = ""
    some = table["provision_2024"].isin(["K", "E"]) | table["provision_2025"].isin(["K", "E"])
    codes = [code if code else "NSA" for code in NEED_CODES]
    need = rng.choice(codes, len(table), p=_SUPPORT_NEED / _SUPPORT_NEED.sum())
    return table.assign(need=np.where(some, need, ""))


def _applicants_off_roll(rng: np.random.Generator, others: pd.DataFrame) -> pd.DataFrame:
    """Children known to the authority for a request alone: too young for school, after school, or taught elsewhere."""
    count = 260
    ages = rng.choice([2, 3, 4, 16, 17, 18, 19, 9, 13], count, p=[0.14, 0.34, 0.22, 0.08, 0.06, 0.03, 0.02, 0.05, 0.06])
    birth = _born(rng, 2023 - ages)
    return pd.DataFrame(
        {
            "birth": birth, "cohort": cohort_of(birth), "ward": _homes(rng, count, 0.16),
            "sex": np.where(rng.random(count) < 0.7, "M", "F"),
            "ethnicity": rng.choice(others["ethnicity"].to_numpy(), count),
        }
    )  # fmt: skip


def _leavers(rng: np.random.Generator) -> pd.DataFrame:
    """Young people who left school in the two summers before that of 2024, whom the authority tracks."""
    cohort = np.repeat([13, 14], (3_640, 3_560))
    return pd.DataFrame(
        {
            "birth": _born(rng, 2019 - cohort), "cohort": cohort, "ward": _homes(rng, len(cohort), 0.0),
            "sex": np.where(rng.random(len(cohort)) < 0.51, "M", "F"),
            "ethnicity": rng.choice(ETHNICITY_CODES, len(cohort), p=_ETHNICITY / _ETHNICITY.sum()),
        }
    )  # fmt: skip


def _named(rng: np.random.Generator, table: pd.DataFrame) -> pd.DataFrame:
    """Adds names from the short lists and a home postcode of the ward."""
    count = len(table)
    pick = rng.integers(0, len(FORENAMES["F"]), count)
    ward = table["ward"].to_numpy()
    number = rng.integers(0, local_places.POSTCODES_A_WARD, count)
    return table.assign(
        forename=np.where(table["sex"] == "F", np.array(FORENAMES["F"])[pick], np.array(FORENAMES["M"])[pick]),
        surname=rng.choice(SURNAMES, count),
        # Homes outside the area have the one outward code that the lookup does not know.
        postcode=local_places.postcode(np.where(ward < 0, 98, ward), number),
    )


def _numbered(rng: np.random.Generator, table: pd.DataFrame) -> pd.DataFrame:
    """Adds UPNs, given by the first school in the year of Reception, and ULNs from year 10 on."""
    primary = np.arange(98)
    first = rng.choice(primary, len(table))
    at_primary = table["kind_2025"].eq("primary") | table["kind_2024"].eq("primary")
    school = table["school_2025"].where(table["kind_2025"] == "primary", table["school_2024"])
    first = np.where(at_primary, pd.to_numeric(school, errors="coerce").fillna(0).astype(int) % 1000, first)
    year = (2024 - table["cohort"]) % 100
    # A school numbers a year's new pupils by the alphabet.
    by_name = table.assign(first=first, joined=year).sort_values(
        ["first", "joined", "surname", "forename"], kind="stable"
    )
    serial = (by_name.groupby(["first", "joined"]).cumcount() + 1).reindex(table.index)
    digits = "999" + pd.Series(first + 2000).astype(str) + year.map("{:02d}".format) + serial.map("{:03d}".format)
    upn = upn_letter(digits) + digits
    young = (table["cohort"] < -2) | (
        (table["cohort"] < 0) & table["school_2025"].eq("") & (rng.random(len(table)) < 0.5)
    )
    learner = (table["cohort"] >= 9).to_numpy()
    number = 999_000_000 + 3 * np.cumsum(learner)
    total = sum((number // 10 ** (8 - at) % 10) * (10 - at) for at in range(9)) % 11
    # A remainder of 0 has no check digit: such numbers are not given out, and the next is taken.
    number = np.where(total == 0, number + 1, number)
    total = sum((number // 10 ** (8 - at) % 10) * (10 - at) for at in range(9)) % 11
    uln = pd.Series(number).astype(str) + pd.Series(10 - total).astype(str)
    return table.assign(upn=upn.where(~young, ""), uln=uln.where(learner, ""))


def upn_letter(digits: pd.Series) -> pd.Series:
    """The check letter of a UPN's twelve digits: their sum with weights 2 to 13, modulo 23, among 23 letters."""
    number = digits.map(list).tolist()
    total = (np.array(number, dtype=np.int64) * np.arange(2, 14)).sum(axis=1) % 23
    return pd.Series(_CHECK_LETTERS[total], index=digits.index, dtype=object)
