"""The wards, postcodes and schools of the imaginary person-level Wigan.

Here: the lookups `small_areas` and `establishments`, which hold no person. Not here: who lives or learns
there (`local_people`).

The names of wards and localities are Wigan's; which ward lies in which locality, how deprived it is, every
ward code, postcode, school name and school number are invented. Postcodes begin with ZZ, which no postcode does;
ward codes begin with E05999, and school numbers with 9, which none of their kind does.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd

from seeds.generator.country import Floats, Ints, stream

# Ward: locality, deprivation from -2 (least) to 2, size.
WARDS = {
    "Abram": ("Wigan", 1.1, 10), "Aspull, New Springs and Whelley": ("Wigan", -0.2, 9),
    "Douglas": ("Wigan", 1.7, 11), "Hindley": ("Wigan", 0.6, 11), "Hindley Green": ("Wigan", 0.1, 8),
    "Ince": ("Wigan", 1.6, 10), "Orrell": ("Wigan", -1.1, 7), "Pemberton": ("Wigan", 1.3, 11),
    "Shevington with Lower Ground and Moor": ("Wigan", -0.8, 7), "Standish with Langtree": ("Wigan", -1.4, 8),
    "Wigan Central": ("Wigan", 0.4, 8), "Wigan West": ("Wigan", 0.9, 10), "Winstanley": ("Wigan", -0.6, 8),
    "Worsley Mesnes": ("Wigan", 1.2, 10), "Astley": ("Leigh", -0.9, 8), "Atherton North": ("Leigh", 0.2, 9),
    "Atherton South and Lilford": ("Leigh", 0.3, 10), "Leigh Central and Higher Folds": ("Leigh", 1.8, 11),
    "Leigh South": ("Leigh", -0.1, 8), "Leigh West": ("Leigh", 1.5, 12),
    "Tyldesley and Mosley Common": ("Leigh", -0.5, 10), "Ashton-in-Makerfield South": ("Ashton", 0.0, 9),
    "Bryn with Ashton-in-Makerfield North": ("Ashton", 0.3, 10), "Golborne and Lowton West": ("Ashton", 0.2, 9),
    "Lowton East": ("Ashton", -1.2, 8),
}  # fmt: skip
LOCALITIES = ("Wigan", "Leigh", "Ashton")
POSTCODES_A_WARD = 24
HERE = "359"
NEIGHBOURS = ("350", "355", "342", "877")

# Type in the register of schools, phase there, how many here and outside, and the mean size of one's roll.
KINDS = {
    "nursery": (("Local authority nursery school", "Nursery", 10, 0, 107),),
    "primary": (
        ("Community school", "Primary", 34, 3, 250), ("Voluntary aided school", "Primary", 24, 0, 250),
        ("Academy converter", "Primary", 36, 3, 290), ("Free schools", "Primary", 4, 1, 270),
    ),
    "secondary": (
        ("Community school", "Secondary", 4, 1, 950), ("Academy converter", "Secondary", 10, 3, 1_020),
        ("Academy sponsor led", "Secondary", 4, 0, 980), ("Free schools", "Secondary", 1, 1, 700),
    ),
    "special": (
        ("Community special school", "Not applicable", 4, 2, 110),
        ("Academy special converter", "Not applicable", 3, 2, 110),
    ),
    "referral": (
        ("Pupil referral unit", "Not applicable", 2, 0, 60),
        ("Academy alternative provision converter", "Not applicable", 1, 0, 40),
        ("Free schools alternative provision", "Not applicable", 1, 1, 30),
    ),
    "elsewhere": (
        ("Other independent school", "Not applicable", 2, 2, 0),
        ("Other independent special school", "Not applicable", 3, 7, 0),
        ("Non-maintained special school", "Not applicable", 0, 2, 0),
        ("Further education", "16 plus", 2, 3, 0), ("Special post 16 institution", "16 plus", 2, 4, 0),
        ("Online provider", "Not applicable", 0, 1, 0), ("Welsh establishment", "Not applicable", 0, 1, 0),
        ("Training provider", "16 plus", 2, 2, 0), ("Secure units", "Not applicable", 0, 2, 0),
    ),
}  # fmt: skip
_FIRST = ("Alder", "Ashfield", "Beech", "Birch", "Bramble", "Brook", "Cedar", "Chestnut", "Clover", "Elm", "Fern",
          "Foxglove", "Hawthorn", "Hazel", "Heather", "Holly", "Juniper", "Larch", "Laurel", "Linden", "Maple",
          "Meadow", "Oak", "Orchard", "Poplar", "Primrose", "Rowan", "Sycamore", "Willow", "Yew")  # fmt: skip
_SECOND = ("Bank", "Bridge", "Croft", "Dale", "Field", "Grove", "Hey", "Hill", "Lane", "Mill", "Moss", "View", "Wood")
_ENDING = {"nursery": "Nursery School", "primary": "Primary School", "secondary": "High School",
           "special": "Special School", "referral": "Centre"}  # fmt: skip


@cache
def wards() -> pd.DataFrame:
    """One row a ward in the order of their codes: ward, ward_code, locality, deprivation, size."""
    table = pd.DataFrame(
        [(name, *facts) for name, facts in WARDS.items()], columns=["ward", "locality", "deprivation", "size"]
    )
    return table.assign(ward_code=[f"E05999{number:03d}" for number in range(1, len(table) + 1)])


def postcode(ward: Ints, number: Ints) -> pd.Series:
    """The postcode `number` (from 0) of each ward: one ward has one outward code, from ZZ1 on."""
    letters = np.array(list("ABDEFGHJLNPQRSTUWXYZ"), object)
    unit = letters[number % 20] + letters[(number * 7) % 20]
    return pd.Series("ZZ" + (ward + 1).astype(str).astype(object) + " " + (number % 9 + 1).astype(str) + unit)


@cache
def small_areas() -> pd.DataFrame:
    """The lookup of postcodes: postcode, ward_code, ward, locality."""
    ward = np.repeat(np.arange(len(wards())), POSTCODES_A_WARD)
    number = np.tile(np.arange(POSTCODES_A_WARD), len(wards()))
    table = wards().iloc[ward].reset_index(drop=True)
    return table.assign(postcode=postcode(ward, number))[["postcode", "ward_code", "ward", "locality"]]


@cache
def establishments() -> pd.DataFrame:
    """Schools, colleges and providers: urn, name, kind, type, phase, la_code, ward (its row, -1 outside), size.

    `kind` is a key of `KINDS`; those of a kind here whose size is not 0 have the pupils of the census.
    """
    rng = stream("establishments")
    rows = []
    for kind, types in KINDS.items():
        for name, phase, here, outside, size in types:
            rows += [(kind, name, phase, HERE, size)] * here
            rows += [(kind, name, phase, NEIGHBOURS[at % len(NEIGHBOURS)], 0) for at in range(outside)]
    table = pd.DataFrame(rows, columns=["kind", "type", "phase", "la_code", "size"])
    count = len(table)
    pairs = rng.permutation(len(_FIRST) * len(_SECOND))[:count]
    ending = [
        _ENDING.get(kind, "College" if phase == "16 plus" else "School")
        for kind, phase in table[["kind", "phase"]].to_numpy()
    ]
    names = [
        f"{_FIRST[at // len(_SECOND)]} {_SECOND[at % len(_SECOND)]} {last}"
        for at, last in zip(pairs, ending, strict=True)
    ]
    number = np.arange(count)
    # Training providers are known by a provider number (UKPRN), the others by that of the register of schools.
    urn = np.where(table["type"] == "Training provider", 10_900_001 + number, 900_001 + number).astype(str)
    spread = rng.permutation(np.arange(count) % len(wards()))
    return table.assign(
        urn=urn, name=names, size=table["size"] * rng.uniform(0.7, 1.3, count),
        ward=np.where(table["la_code"] == HERE, spread, -1),
    )  # fmt: skip


def register_of_schools() -> pd.DataFrame:
    """The lookup of establishments with the headings of the register of schools."""
    table = establishments()
    here = table["ward"].to_numpy() >= 0
    number = np.arange(len(table)) % POSTCODES_A_WARD
    return pd.DataFrame(
        {
            "URN": table["urn"], "EstablishmentName": table["name"], "TypeOfEstablishment (name)": table["type"],
            "PhaseOfEducation (name)": table["phase"], "LA (code)": table["la_code"],
            "locality": np.where(here, wards()["locality"].to_numpy()[table["ward"]], ""),
            "Postcode": postcode(np.where(here, table["ward"], 98), number),
        }
    )  # fmt: skip


def school_of(rng: np.random.Generator, allowed: pd.DataFrame, ward: Ints) -> pd.Series:
    """A school of the frame `allowed` for each home ward: two in five in the ward itself, most in its locality.

    Drawn ward by ward (25), never person by person; a ward of -1 is a home outside the area.
    """
    locality = wards()["locality"].to_numpy()
    chosen = np.empty(len(ward), dtype=object)
    for home in np.unique(ward):
        near: Floats = np.where(allowed["ward"] == home, 6.0, 1.0)
        if home >= 0:
            same = locality[allowed["ward"]] == locality[home]
            near = near * np.where(same & (allowed["ward"] >= 0), 8.0, 1.0)
        weight = near * np.maximum(allowed["size"].to_numpy(), 1)
        rows = ward == home
        chosen[rows] = rng.choice(allowed["urn"].to_numpy(), rows.sum(), p=weight / weight.sum())
    return pd.Series(chosen)
