"""Linking the area's returns: one pseudonym a person, made with a key that the pipeline never keeps.

Here: keyed pseudonyms, uniting what two returns know of one person, and how much of each return was found
in the others. Not here: reading returns (`returns/`), counting what was joined (`local/`).

Records are linked by number alone: unique pupil number, unique learner number, or a system's own number.
They are never linked by name or date of birth. Twins, namesakes and changed names would be joined or
lost without anyone knowing how often, more often among some families than others; the pipeline would have
to keep names to do it; and a figure built on a guess about one child cannot be put right afterwards. What
has no number stays unlinked and is counted as such.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import itertools
import os
import re
import secrets
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import NoReturn

import numpy as np
import pandas as pd
import polars as pl

from jsna_pipeline.catalogue.returns import IDENTIFIERS, ColumnKind, Return, ReturnTable
from jsna_pipeline.errors import InputError

KEY_VARIABLE = "JSNA_LINKING_KEY"
KEY_BYTES = 32
PSEUDONYM_BYTES = 16  # 128 bits: no two of 60 million persons share one by chance
NOT_LINKED = "none"
FORMER_UPN = "former_upn"
# Strongest first: a row is linked by the first of these that it has.
STRENGTH = (ColumnKind.UPN, ColumnKind.ULN, ColumnKind.LOCAL_ID)
NATIONAL_NUMBERS = (ColumnKind.UPN.value, ColumnKind.ULN.value)
_RANK = {ColumnKind.UPN.value: 0, ColumnKind.ULN.value: 1, ColumnKind.LOCAL_ID.value: 2, FORMER_UPN: 3}

_ONE_DIGIT_REPEATED = "(?:0+|1+|2+|3+|4+|5+|6+|7+|8+|9+)"
# The shape alone: whether the check letter or digit is right is a rule of validation, but a word or a
# placeholder written in many rows would make one person of many.
_SHAPE = {ColumnKind.UPN: "^[A-Z][0-9]{11}[0-9A-Z]$", ColumnKind.ULN: "^[1-9][0-9]{9}$", ColumnKind.LOCAL_ID: "."}
_PLACEHOLDER = f"^[A-Z]?{_ONE_DIGIT_REPEATED}$"

ALIAS_COLUMNS = {"person": pl.String, "person_kind": pl.String, "alias": pl.String, "alias_kind": pl.String}


def no_aliases() -> pl.DataFrame:
    """An empty frame of aliases: one row for each two numbers that a record gives to one person."""
    return pl.DataFrame(schema=ALIAS_COLUMNS)


# --- the key ------------------------------------------------------------------------------------------


def _weak(key: bytes) -> bool:
    """Whether the bytes cannot have come from a source of randomness; one sound key in 10⁹ is refused."""
    steps = {(after - before) % 256 for before, after in itertools.pairwise(key)}
    printable = all(32 <= byte < 127 for byte in key)
    return printable or min(len(set(key)), len(steps)) < KEY_BYTES // 2 or len(zlib.compress(key, 9)) < len(key)


def _decoded(text: str) -> bytes:
    """The bytes that a key's text stands for: hexadecimal, or base64 in either alphabet."""
    packed = "".join(text.split())
    if re.fullmatch(r"(?:[0-9a-fA-F]{2})+", packed):
        return bytes.fromhex(packed)
    if packed == packed.lower() or packed == packed.upper():
        return b""  # words written together, not base64 of random bytes
    standard = packed.rstrip("=").replace("-", "+").replace("_", "/")
    try:
        return base64.b64decode(standard + "=" * (-len(standard) % 4), validate=True)
    except (binascii.Error, ValueError):
        return b""


class Pseudonyms:
    """Makes pseudonyms under one key: HMAC-SHA256 of kind and number, cut to 128 bits, in hexadecimal.

    `key` has at least 32 random bytes and is held by the information asset owner; without one a random
    key serves this run alone. The key is in no message and no representation, and the object refuses to
    be copied to another process or file. Raises InputError for a short or guessable key.
    """

    def __init__(self, key: bytes | None = None) -> None:
        if key is not None and (len(key) < KEY_BYTES or _weak(key)):
            raise InputError(
                f"{KEY_VARIABLE}: the key must be at least {KEY_BYTES} random bytes, in hexadecimal or base64; make "
                'one with `python -c "import secrets; print(secrets.token_hex(32))"` and give it to the information '
                "asset owner to keep."
            )
        self.cross_edition = key is not None
        # In a closure, the bytes stand in no attribute that a debugger or a careless print would show.
        self.__digest = _keyed_digest(secrets.token_bytes(KEY_BYTES) if key is None else key)

    @classmethod
    def from_environment(cls) -> Pseudonyms:
        """Under the key in JSNA_LINKING_KEY; under a random one where the variable is unset or empty."""
        text = os.environ.get(KEY_VARIABLE, "").strip()
        return cls(_decoded(text) if text else None)

    def __repr__(self) -> str:
        return f"Pseudonyms(cross_edition={self.cross_edition})"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a linking key is never copied to another process or file; read it there")

    @property
    def key_check(self) -> str:
        """The same for two editions exactly when they were made under the same key, which it does not reveal."""
        return self.__digest("key check:")[:16]

    @property
    def note(self) -> str:
        """What a build prints of the key."""
        if self.cross_edition:
            return f"Records are linked under the key of the information asset owner (check {self.key_check})."
        return (
            f"No linking key is set ({KEY_VARIABLE}): records are linked within this build under a random key, and "
            "cannot be linked to those of another edition."
        )

    def of(self, numbers: pl.Series, kind: ColumnKind, scope: str = "") -> pl.Series:
        """The pseudonym of each number, null where it is blank, misshapen or a placeholder; one per distinct number.

        `scope` is the return whose system gave a local number: two systems may give one number to two
        children, so such a number links within its return alone.
        """
        normal = normalised(numbers, kind)
        distinct = normal.drop_nulls().unique()
        prefix = f"{kind.value}/{scope}:" if kind is ColumnKind.LOCAL_ID else f"{kind.value}:"
        made = [self.__digest(prefix + number) for number in distinct.to_list()]
        return normal.replace_strict(distinct, pl.Series(made, dtype=pl.String), default=None, return_dtype=pl.String)


def _keyed_digest(key: bytes) -> Callable[[str], str]:
    return lambda message: hmac.digest(key, message.encode(), "sha256")[:PSEUDONYM_BYTES].hex()


def normalised(numbers: pl.Series, kind: ColumnKind) -> pl.Series:
    """Numbers as they are compared: capitals without spaces or a spreadsheet's `.0`; null where none is given."""
    number = pl.col("number").str.to_uppercase().str.replace_all(r"\s", "").str.replace(r"\.0+$", "")
    sound = number.str.contains(_SHAPE[kind])
    if kind is not ColumnKind.LOCAL_ID:
        sound &= ~number.str.contains(_PLACEHOLDER)
    frame = pl.DataFrame({"number": numbers.cast(pl.String)})
    return frame.select(pl.when(sound).then(number).alias(numbers.name)).to_series()


# --- persons of one table -----------------------------------------------------------------------------


@dataclass(frozen=True, repr=False)
class Identified:
    """A table with `person` and `linked_by` in place of its numbers, row for row, and what its rows equate."""

    table: pl.DataFrame
    aliases: pl.DataFrame


def identify(table: pl.DataFrame, layout: ReturnTable, pseudonyms: Pseudonyms, scope: str) -> Identified:
    """`table` with every identifier column replaced by `person` and `linked_by`; null and `none` without one.

    A second column of pupil numbers holds former ones: it links what was known by them, and names nobody.
    """
    named = [(name, kind) for kind in STRENGTH for name in layout.of_kind(kind)]
    main_upn = next((name for name, kind in named if kind is ColumnKind.UPN), None)
    kinds = [FORMER_UPN if kind is ColumnKind.UPN and name != main_upn else kind.value for name, kind in named]
    made = pl.DataFrame([pseudonyms.of(table[name], kind, scope).alias(name) for name, kind in named])
    naming = [(name, kind) for (name, _), kind in zip(named, kinds, strict=True) if kind != FORMER_UPN]
    linked_by = pl.coalesce(
        *(pl.when(pl.col(name).is_not_null()).then(pl.lit(kind)) for name, kind in naming), pl.lit(NOT_LINKED)
    )
    person = pl.coalesce(*(pl.col(name) for name, _ in naming)) if naming else pl.lit(None, pl.String)
    if not named:
        return Identified(table.with_columns(person=person, linked_by=linked_by), no_aliases())
    made = made.with_columns(person=person, linked_by=linked_by)
    pairs = [
        made.select("person", pl.col("linked_by").alias("person_kind"), alias=pl.col(name), alias_kind=pl.lit(kind))
        for (name, _), kind in zip(named, kinds, strict=True)
    ]
    aliases = pl.concat(pairs).drop_nulls().filter(pl.col("person") != pl.col("alias")).unique()
    columns = [column for column in table.columns if column not in made.columns]
    return Identified(pl.concat([table.select(columns), made.select("person", "linked_by")], how="horizontal"), aliases)


# --- persons of all returns ---------------------------------------------------------------------------


@dataclass(frozen=True, repr=False)
class United:
    """Record tables in which a person has one pseudonym; how many were joined, and how many conflicts were not."""

    records: dict[str, pl.DataFrame]
    joined: int
    conflicts: int

    @property
    def note(self) -> str:
        joined = f"Numbers of persons known by two numbers and joined: {self.joined}."
        if not self.conflicts:
            return joined
        return (
            f"{joined} Groups of records not joined, because they give one learner number to two pupil numbers or the "
            f"reverse: {self.conflicts}; put them right at their source."
        )


def unite(records: Mapping[str, pl.DataFrame], aliases: Sequence[pl.DataFrame]) -> United:
    """`records` with one pseudonym for every person whom `aliases` know by several numbers.

    Numbers that stand together in a record, in any return or earlier edition, are one person's; the
    strongest names the person. Where that would join two pupil numbers or two learner numbers, nothing of
    the group is joined: a child counted twice is a smaller fault than two children made one. The answer does
    not depend on the order of records or aliases, and uniting again changes nothing.
    """
    known = pl.concat([no_aliases(), *aliases]).unique()
    groups = _groups(known)
    conflicts = groups.filter("conflict")["group"].n_unique()
    leaders = groups.filter(~pl.col("conflict") & (pl.col("pseudonym") != pl.col("leader")))
    person = pl.col("person").replace(leaders["pseudonym"], leaders["leader"])
    return United(
        {name: table.with_columns(person) for name, table in records.items()},
        joined=leaders.height,
        conflicts=conflicts,
    )


def _groups(aliases: pl.DataFrame) -> pl.DataFrame:
    """Each pseudonym of `aliases` with its group, the group's leader, and whether the group is in conflict."""
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components

    rank = pl.col("kind").replace_strict(_RANK, return_dtype=pl.Int8)
    ends = [aliases.select(pseudonym=end, kind=f"{end}_kind") for end in ("person", "alias")]
    # A pupil number that is anywhere a former one is no second number of the pupil: the greater rank holds.
    nodes = pl.concat(ends).group_by("pseudonym").agg(rank.max().alias("rank")).sort("pseudonym")
    place = [
        aliases[end].replace_strict(nodes["pseudonym"], pl.arange(nodes.height, eager=True))
        for end in ("person", "alias")
    ]
    edges = (np.ones(aliases.height, dtype=np.int8), (place[0].to_numpy(), place[1].to_numpy()))
    _, group = connected_components(coo_matrix(edges, shape=(nodes.height, nodes.height)), directed=False)
    several = (((pl.col("rank") == 0).sum() > 1) | ((pl.col("rank") == 1).sum() > 1)).over("group")
    leader = pl.col("pseudonym").sort_by("rank", "pseudonym").first().over("group")
    return nodes.with_columns(group=pl.Series(group, dtype=pl.Int32)).with_columns(leader=leader, conflict=several)


# --- how much was found -------------------------------------------------------------------------------

PLAN_TABLE, PLACEMENT_TABLE, ROLL_TABLE = "sen2_active_plan", "sen2_placement", "school_census_pupil"
ESTABLISHMENT_TABLE = "establishments_row"
POPULATIONS = {
    "plans": "children and young people for whom the authority maintains or considers an EHC plan",
    "pupils_on_roll": "pupils on the roll of the area's state-funded schools, wherever they live",
    "residents": "children and young people who live in the area, wherever they learn",
    "registered_patients": "patients of the area's GP practices, wherever they live",
    "services": "children and young people for whom the authority pays or provides a service",
}


def match_rates(records: Mapping[str, pl.DataFrame], catalogue: Mapping[str, Return]) -> pd.DataFrame:
    """How many persons of each return were found among those with a plan, on the roll, and in neither.

    Columns: return_id, title, population (residents and pupils on roll are different children and are named
    apart), persons, with_identifier (a pupil or learner number: a system's own number is known to no other
    return), with_plan, on_roll, neither; the last three count persons with an identifier, and are null where
    the return they look into was not delivered. The counts are exact: they pass through disclosure control
    before they are printed.
    """
    sought = {"with_plan": _persons(records, PLAN_TABLE), "on_roll": _persons(records, ROLL_TABLE)}
    numbered = _numbered_persons(records)
    rows = []
    for record in catalogue.values():
        tables = [records[name] for name in _person_tables(record) if name in records]
        if not tables:
            continue
        people = pl.concat([table.select("person") for table in tables])["person"]
        everyone = people.drop_nulls().unique()
        persons = everyone.filter(everyone.is_in(numbered.implode()))
        found = {name: None if who is None else persons.is_in(who.implode()) for name, who in sought.items()}
        anywhere = [hits for hits in found.values() if hits is not None]
        rows.append(
            {"return_id": record.id, "title": record.title, "population": POPULATIONS[record.population]}
            | {"persons": everyone.len() + people.null_count(), "with_identifier": persons.len()}
            | {name: None if hits is None else int(hits.sum()) for name, hits in found.items()}
            | {"neither": int((~np.logical_or.reduce(anywhere)).sum()) if len(anywhere) == len(found) else None}
        )
    counts = ["persons", "with_identifier", *sought, "neither"]
    return pd.DataFrame(rows, columns=["return_id", "title", "population", *counts]).astype(
        dict.fromkeys(counts, "Int64")
    )


def _person_tables(record: Return) -> list[str]:
    """Record tables of `record` that name persons by themselves, not through a parent."""
    return [record.record_table(name) for name, t in record.tables.items() if t.of_kind(*IDENTIFIERS) and not t.parent]


def _numbered_persons(records: Mapping[str, pl.DataFrame]) -> pl.Series:
    """Everyone whom any record knows by a pupil or learner number."""
    known = pl.col("linked_by").is_in(NATIONAL_NUMBERS)
    parts = [table.filter(known)["person"] for table in records.values() if "linked_by" in table.columns]
    return pl.concat([pl.Series("person", [], dtype=pl.String), *parts]).unique()


def _persons(records: Mapping[str, pl.DataFrame], name: str) -> pl.Series | None:
    return records[name]["person"].drop_nulls().unique() if name in records else None


BEYOND_THE_ROLL = {
    "no_number": "have neither a pupil number nor a learner number, and cannot be looked for on the roll",
    "educated_elsewhere": "are educated otherwise than at a school, or at home",
    "not_in_education": "have no setting, or are not in education",
    "early_years": "are at an early years provider that has no roll in the census",
    "independent": "are at an independent school, which does not take part in the school census",
    "college": "are at a college or another provider for those over 16",
    "out_of_area": "are at a school outside the area, whose roll another authority sees",
    "not_in_register": "are at a setting that the register of establishments delivered here does not list",
    "in_area_not_found": "are placed at a school of the area, on whose roll their number was not found",
    "no_placement": "have no current placement in the return",
}


def beyond_the_roll(records: Mapping[str, pl.DataFrame], la_code: str) -> pd.DataFrame:
    """Plans whose child or young person the area's roll does not show, by the reason that can be told.

    `la_code` is the authority's three-digit DfE code. Columns: reason (of `BEYOND_THE_ROLL`), sentence,
    plans (Int64, exact: disclosure control comes before print). Empty without a census; reasons that need
    the register of establishments fall under `not_in_register` without it.
    """
    on_roll = _persons(records, ROLL_TABLE)
    if on_roll is None:
        return pd.DataFrame({"reason": [], "sentence": [], "plans": pd.array([], dtype="Int64")})
    plans = records[PLAN_TABLE].select("active_plan_key", "person")
    unseen = plans.filter(pl.col("person").is_null() | ~pl.col("person").is_in(on_roll.implode()))
    placed = _main_placements(records).join(_register(records), on="urn", how="left")
    reasons = unseen.join(placed, on="active_plan_key", how="left", maintain_order="left").select(_reason(la_code))
    counted = dict(reasons["reason"].value_counts().iter_rows())
    rows = [(reason, f"plans {said}", counted.get(reason, 0)) for reason, said in BEYOND_THE_ROLL.items()]
    return pd.DataFrame(rows, columns=["reason", "sentence", "plans"]).astype({"plans": "Int64"})


def _main_placements(records: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """One current placement of each active plan: the first in rank, then the newest."""
    current = records[PLACEMENT_TABLE].filter(pl.col("leaving_date").is_null())
    first = current.sort("placement_rank", "entry_date", descending=[False, True], nulls_last=True, maintain_order=True)
    chosen = first.unique("active_plan_key", keep="first", maintain_order=True)
    return chosen.select("active_plan_key", "urn", "ukprn", "setting", placed=pl.lit(True))


def _register(records: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    empty = pl.DataFrame(schema={"urn": pl.String, "type": pl.String, "la_code": pl.String})
    register = records.get(ESTABLISHMENT_TABLE, empty)
    return register.select("urn", "type", "la_code").unique("urn", keep="first", maintain_order=True)


def _reason(la_code: str) -> pl.Expr:
    """Why the roll does not show a plan; the first that holds."""
    kind, setting = pl.col("type").str.to_lowercase(), pl.col("setting")
    rules = {
        "no_number": pl.col("person").is_null(),
        "no_placement": pl.col("placed").is_null(),
        "educated_elsewhere": setting.is_in(["OLA", "OPA", "EHE"]),
        "early_years": setting.is_in(["EYP"]),
        "not_in_education": setting.is_not_null() | pl.all_horizontal(pl.col("urn", "ukprn").is_null()),
        "college": kind.str.contains("further education|post.?16|sixth form") | pl.col("urn").is_null(),
        "independent": kind.str.contains("independent"),
        "not_in_register": kind.is_null(),
        "out_of_area": pl.col("la_code") != la_code,
    }
    ordered = [pl.when(rule).then(pl.lit(name)) for name, rule in rules.items()]
    return pl.coalesce(*ordered, pl.lit("in_area_not_found")).alias("reason")
