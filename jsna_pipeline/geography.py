"""Areas: the register of English authorities, their codes, names, predecessors and successors.

Belongs here: looking an area up by whatever a person or a file calls it, and bringing published codes to
the live ones. Does not belong here: the facts themselves (`catalogue/geography/*.csv`), statistical
neighbours (they come from a published workbook), NHS areas, boundaries as shapes.

The module reads its files with `csv` and imports pandas only inside the functions that return frames,
so that `jsna areas` answers at once.
"""

from __future__ import annotations

import csv
import difflib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

from jsna_pipeline.errors import InputError
from jsna_pipeline.vocabulary import AreaLevel

if TYPE_CHECKING:
    import pandas as pd

ENGLAND = "E92000001"

#: What publishers write where a row has no area code: national rows, pupils from outside England, and the
#: pre-2009 counties. Compare after `strip()` and `casefold()`.
NO_AREA_MARKERS = frozenset({"", ".", "..", ":", "-", "~", "z", "x", "n/a"})

_RECODE = "recode"
_REGION = "region"  # the `area_type` of the nine; Inner and Outer London are `region_part`
_TITLES_BEFORE = re.compile(r"^(the )?((london|royal|metropolitan) borough|borough|city|county) (council )?of (the )?")
_TITLES_AFTER = re.compile(
    r" (region|mbc|((metropolitan )?(borough|district) |city |county )?council"
    r"|metropolitan (borough|district))$"
)


@dataclass(frozen=True, slots=True)
class Area:
    """One row of the register; `dfe_code` and `region_code` are text, blank where there is none."""

    code: str
    name: str
    level: AreaLevel
    dfe_code: str
    region_code: str
    slug: str
    area_type: str
    valid_from: date | None
    valid_to: date | None

    @property
    def is_live(self) -> bool:
        return self.valid_to is None


# --- the register -------------------------------------------------------------------------------------


def _read(name: str) -> list[dict[str, str]]:
    """The rows of one file of the register, all values as text."""
    # The folder is reached from the top package: importing `catalogue` would load its pydantic models.
    path = resources.files("jsna_pipeline") / "catalogue" / "geography" / name
    return list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


@cache
def _areas() -> dict[str, Area]:
    """Every area, live or ended, by its ONS code."""
    return {
        row["area_code"]: Area(
            code=row["area_code"],
            name=row["area_name"],
            level=AreaLevel(row["area_level"]),
            dfe_code=row["dfe_code"],
            region_code=row["region_code"],
            slug=row["slug"],
            area_type=row["area_type"],
            valid_from=_day(row["valid_from"]),
            valid_to=_day(row["valid_to"]),
        )
        for row in _read("areas.csv")
    }


@cache
def _register_frame() -> pd.DataFrame:
    import pandas as pd

    return pd.DataFrame(_read("areas.csv"), dtype="str")


def register() -> pd.DataFrame:
    """The whole register, one row for each code, live or ended; all columns text, blank where unknown.

    Columns: area_code, area_name, area_level, dfe_code, region_code, slug, area_type, valid_from, valid_to.
    """
    return _register_frame().copy()


def local_authorities() -> pd.DataFrame:
    """The live upper-tier local authorities, in the columns of `register`, ordered by slug."""
    frame = _register_frame()
    live = frame["area_level"].eq(AreaLevel.LOCAL_AUTHORITY) & frame["valid_to"].eq("")
    return frame[live].sort_values("slug", ignore_index=True)


def regions() -> pd.DataFrame:
    """The nine regions, in the columns of `register`; Inner and Outer London are not among them."""
    frame = _register_frame()
    return frame[frame["area_type"].eq(_REGION)].reset_index(drop=True)


@cache
def slugs() -> tuple[str, ...]:
    """The slugs of the live local authorities, sorted: the keys of the `area` partitions."""
    live = (a for a in _areas().values() if a.is_live)
    return tuple(sorted(a.slug for a in live if a.level is AreaLevel.LOCAL_AUTHORITY))


# --- predecessors and successors ----------------------------------------------------------------------


@cache
def _recodes() -> dict[str, str]:
    """Ended code -> live code of the same authority."""
    return {row["predecessor_code"]: row["successor_code"] for row in _read("successors.csv") if row["kind"] == _RECODE}


@cache
def successors(code: str) -> tuple[Area, ...]:
    """The areas that followed an ended ONS code, by name; empty for a live or an unknown code."""
    areas = _areas()
    followed = {row["successor_code"] for row in _read("successors.csv") if row["predecessor_code"] == code}
    return tuple(sorted((areas[successor] for successor in followed), key=lambda a: a.name))


def boundary_breaks() -> pd.DataFrame:
    """The dates at which the series of a live authority starts anew because its area is a different one.

    One row for each successor and date. Columns: area_code, date (ISO text, first day of the new area),
    predecessors (ONS codes) and predecessor_names, both joined by "; ", note. Recodes are not breaks.
    """
    import pandas as pd

    changes = pd.DataFrame(_read("successors.csv"), dtype="str")
    changes = changes[changes["kind"].ne(_RECODE)]
    names = _register_frame().set_index("area_code")["area_name"]
    changes = changes.assign(predecessor_name=changes["predecessor_code"].map(names))
    return (
        changes.groupby(["successor_code", "date"], as_index=False)
        .agg(
            predecessors=("predecessor_code", "; ".join),
            predecessor_names=("predecessor_name", "; ".join),
            note=("note", lambda notes: "; ".join(dict.fromkeys(notes))),
        )
        .rename(columns={"successor_code": "area_code"})
    )


# --- codes in published tables ------------------------------------------------------------------------


def canonical_codes(codes: pd.Series) -> pd.Series:
    """ONS codes with the ended code of an unchanged authority replaced by its live one.

    `codes` is text of any length; the answer has its index and name. Codes of areas that really changed
    (Cumbria, Bournemouth, …), unknown codes, markers and nulls come back as they are.
    """
    import pandas as pd

    if isinstance(codes.dtype, pd.CategoricalDtype):
        codes = codes.astype(codes.cat.categories.dtype)
    recoded = codes.isin(list(_recodes()))
    if not recoded.any():
        return codes
    canonical = codes.copy()
    canonical[recoded.to_numpy()] = codes[recoded].map(_recodes()).to_numpy()
    return canonical


def codes_from_dfe(dfe_codes: pd.Series) -> pd.Series:
    """ONS codes for DfE's three-digit codes (text); the live code where an authority was recoded.

    An abolished authority keeps its own ended ONS code; an unknown DfE code becomes null.
    """
    by_dfe = {a.dfe_code: a.code for a in sorted(_areas().values(), key=lambda a: a.is_live)}
    return dfe_codes.map(by_dfe).astype("str")


def unknown_codes(codes: pd.Series) -> list[str]:
    """The distinct codes that are neither in the register nor one of `NO_AREA_MARKERS`, sorted."""
    distinct = (str(code) for code in codes.dropna().unique())
    return sorted(c for c in distinct if c not in _areas() and c.strip().casefold() not in NO_AREA_MARKERS)


def attributes(codes: pd.Series) -> pd.DataFrame:
    """area_name, area_level and region_code of each ONS code, on the index of `codes`; null if unknown."""
    import pandas as pd

    columns = ["area_name", "area_level", "region_code"]
    positions, distinct = pd.factorize(codes, use_na_sentinel=False)
    looked_up = _register_frame().set_index("area_code")[columns].reindex(distinct)
    return looked_up.take(positions).set_axis(codes.index, axis="index")


# --- lookup by what a person writes -------------------------------------------------------------------


def _key(text: str) -> str:
    """Text reduced to what two spellings of one name share: letters and digits, `and`, single spaces."""
    letters = re.sub("['\u2019.]", "", text.casefold()).replace("&", " and ")
    return " ".join(re.findall(r"[^\W_]+", letters))


@cache
def _names() -> dict[str, str]:
    """Key of every name, slug and spelling -> ONS code; a live area takes a name that two codes share."""
    live_last = sorted(_areas().values(), key=lambda a: a.is_live)
    names = {_key(row["spelling"]): row["area_code"] for row in _read("spellings.csv")}
    for spelt in ("slug", "name"):
        names |= {_key(getattr(a, spelt)): a.code for a in live_last}
    return names


@cache
def _identifiers() -> dict[str, str]:
    """Key of every ONS code and DfE code -> ONS code."""
    live_last = sorted(_areas().values(), key=lambda a: a.is_live)
    return {a.dfe_code: a.code for a in live_last} | {a.code.casefold(): a.code for a in live_last}


def _find(text: str) -> Area | None:
    """The area that `text` names, ended or live, with and then without titles such as `Borough Council`."""
    key = _key(text)
    plain = _TITLES_AFTER.sub("", _TITLES_BEFORE.sub("", key))
    known = _identifiers() | _names()
    code = known.get(key) or known.get(plain)
    return _areas()[_recodes().get(code, code)] if code else None


def _live(area: Area) -> tuple[Area, ...]:
    """The area itself, or what took its place."""
    return (area,) if area.is_live else successors(area.code)


def _by_name(areas: Iterable[Area]) -> list[Area]:
    """Distinct areas in the order England, regions, local authorities, and by name within each."""
    order = (AreaLevel.ENGLAND, AreaLevel.REGION, AreaLevel.LOCAL_AUTHORITY)
    return sorted(set(areas), key=lambda a: (order.index(a.level), a.name))


def _likeness(typed: str, known: str) -> float:
    """How alike two keys are, 0 to 1; the first words of a long name count almost as much as all of it.

    `Westmoreland` is meant as Westmorland and Furness, though West Midlands is nearer letter for letter.
    """
    beginning = " ".join(known.split()[: len(typed.split())])
    return max(
        difflib.SequenceMatcher(None, typed, known).ratio(),
        0.95 * difflib.SequenceMatcher(None, typed, beginning).ratio(),
        0.9 * (len(typed) > 2 and known.startswith(typed)),
    )


def _nearest(text: str, count: int = 3) -> list[str]:
    """The names of the `count` live areas whose names are nearest to `text`, best first."""
    key = _key(text)
    # A code is compared with codes, a name with names, so that `999` is not near `Cheshire (Pre LGR 2009)`.
    is_code = any(character.isdigit() for character in key)
    known = _identifiers() if is_code else _names()
    ranked = sorted(known, key=lambda k: _likeness(key, k), reverse=True)
    found = dict.fromkeys(live.name for k in ranked for live in _live(_areas()[known[k]]))
    return list(found)[:count]


def _or(names: list[str]) -> str:
    return " or ".join(filter(None, [", ".join(names[:-1]), names[-1]]))


@cache
def area(text: str) -> Area:
    """The live area with this ONS code, DfE code, name, published spelling or slug.

    Case, punctuation, `&` and titles ("City Council", "London Borough of") do not matter, and the former
    code of an unchanged authority finds it. Raises `InputError` with the three nearest names for an unknown
    area, and with the successors for one that was abolished or changed.
    """
    if not text.strip():
        raise InputError("No area was named; `jsna areas` lists all.")
    found = _find(text)
    if found is None:
        raise InputError(f"No area '{text}'. Did you mean {_or(_nearest(text))}? `jsna areas` lists all.")
    if found.valid_to is not None:
        names = _or([successor.name for successor in successors(found.code)])
        ended = f"{found.valid_to.day} {found.valid_to:%B %Y}"
        raise InputError(f"{found.name} ({found.code}) ended on {ended}; use {names} instead.")
    return found


def local_authority(text: str) -> Area:
    """As `area`, but raises `InputError` for England, a region or a part of one."""
    found = area(text)
    if found.level is not AreaLevel.LOCAL_AUTHORITY:
        raise InputError(f'{found.name} is not a local authority; `jsna areas "{found.name}"` lists those that match.')
    return found


def search(text: str = "") -> list[Area]:
    """The live areas that `text` may mean, England and regions first; all local authorities if it is blank.

    Matches part of a name, slug or spelling, a whole DfE code, or the beginning of an ONS code. The name of a
    region brings its authorities, the name of an abolished authority its successors. Empty if none match.
    """
    areas = _areas().values()
    key = _key(text)
    if not key:
        return _by_name(a for a in areas if a.is_live and a.level is AreaLevel.LOCAL_AUTHORITY)
    codes = {code for name, code in _names().items() if key in name}
    codes |= {a.code for a in areas if a.code.casefold().startswith(key) or a.dfe_code == key}
    named = _find(text)
    if named and named.area_type == _REGION:
        codes |= {a.code for a in areas if a.region_code == named.code and a.is_live}
    if named:
        codes.add(named.code)
    return _by_name(live for code in codes for live in _live(_areas()[code]))
