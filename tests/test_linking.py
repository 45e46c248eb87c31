"""Linking: pseudonyms under a key, persons known by several numbers, and what was found where."""

from __future__ import annotations

import base64
import copy
import pickle
import secrets

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jsna_pipeline.catalogue.returns import ColumnKind, ReturnTable, returns
from jsna_pipeline.errors import InputError
from jsna_pipeline.linking import (
    BEYOND_THE_ROLL,
    KEY_VARIABLE,
    Pseudonyms,
    beyond_the_roll,
    identify,
    match_rates,
    no_aliases,
    unite,
)

KEY = bytes.fromhex("8f1d33a2c4e07b5916fa0d6b2c98e1740ab3d5577ce2914f68b00e3d1a96c5f2")
TABLE = ReturnTable.model_validate(
    {
        "title": "Children",
        "one_row_per": "child",
        "columns": {
            "local_id": {"kind": "local_id", "title": "Number in the system"},
            "upn": {"kind": "upn", "title": "UPN"},
            "former_upn": {"kind": "upn", "title": "Former UPN"},
            "uln": {"kind": "uln", "title": "ULN"},
        },
    }
)


def children(*rows: tuple[str | None, str | None, str | None, str | None]) -> pl.DataFrame:
    """A table of local number, UPN, former UPN and ULN."""
    return pl.DataFrame(rows, schema=dict.fromkeys(TABLE.columns, pl.String), orient="row")


def upn(number: int) -> str:
    return f"B{number + 10**10:011d}7"


def uln(number: int) -> str:
    return str(1_000_000_012 + number)


# --- the key ------------------------------------------------------------------------------------------


def test_a_pseudonym_is_an_hmac_of_kind_and_number_cut_to_128_bits() -> None:
    """Worked by `printf 'upn:A801200001001' | openssl dgst -sha256 -mac HMAC -macopt hexkey:<key>`."""
    made = Pseudonyms(KEY).of(pl.Series(["A801200001001"]), ColumnKind.UPN)
    assert made.to_list() == [OPENSSL]


OPENSSL = "9113299aa5cdde526bd92eca5a11d17c"


@pytest.mark.parametrize(
    "text",
    [
        "ab" * 16,  # 16 bytes
        "00" * 32,
        "0123456789abcdef" * 4,
        bytes(range(32)).hex(),
        b"the quick brown fox jumps over it".hex(),
        base64.b64encode(b"wigan council linking key of 2025!").decode(),
        "correcthorsebatterystaplecorrecthorsebattery",
        "not a key, but a sentence that is long enough to be one",
    ],
)
def test_a_short_or_guessable_key_is_refused_and_never_repeated(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(KEY_VARIABLE, text)
    with pytest.raises(InputError, match=KEY_VARIABLE) as refused:
        Pseudonyms.from_environment()
    assert text not in str(refused.value)


def test_a_random_key_is_taken_in_each_of_its_spellings(monkeypatch: pytest.MonkeyPatch) -> None:
    spellings = [KEY.hex(), KEY.hex().upper(), base64.b64encode(KEY).decode(), base64.urlsafe_b64encode(KEY).decode()]
    for text in [*spellings, spellings[-1].rstrip("="), f" {KEY.hex()}\n"]:
        monkeypatch.setenv(KEY_VARIABLE, text)
        assert Pseudonyms.from_environment().key_check == Pseudonyms(KEY).key_check
    for _ in range(200):
        Pseudonyms(secrets.token_bytes(32))


def test_without_a_key_editions_cannot_be_linked_and_the_build_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(KEY_VARIABLE, raising=False)
    first, second = Pseudonyms.from_environment(), Pseudonyms.from_environment()
    assert not first.cross_edition and "cannot be linked" in first.note
    numbers = pl.Series([upn(1)])
    assert first.of(numbers, ColumnKind.UPN)[0] != second.of(numbers, ColumnKind.UPN)[0]
    assert first.key_check != second.key_check


def test_the_key_cannot_be_seen_or_carried_off() -> None:
    pseudonyms = Pseudonyms(KEY)
    shown = repr(pseudonyms) + str(vars(pseudonyms)) + pseudonyms.note + pseudonyms.key_check
    assert KEY.hex()[:12] not in shown and repr(KEY)[2:20] not in shown
    for carry in (pickle.dumps, copy.deepcopy, copy.copy):
        with pytest.raises(TypeError, match="never copied"):
            carry(pseudonyms)


# --- pseudonyms ---------------------------------------------------------------------------------------


def test_spellings_of_one_number_are_one_person_and_placeholders_are_nobody() -> None:
    pseudonyms = Pseudonyms(KEY)
    upns = pseudonyms.of(pl.Series([upn(1), f" {upn(1).lower()}", "B100 0000 0001 7"]), ColumnKind.UPN)
    assert upns.n_unique() == 1 and upns.null_count() == 0
    ulns = pseudonyms.of(pl.Series(["1234567893", "1234567893.0", "1234 567 893"]), ColumnKind.ULN)
    assert ulns.n_unique() == 1 and ulns.null_count() == 0
    nobody = pl.Series([None, "", " ", "N/A", "UNKNOWN", "A000000000000", "0", "12345", "tbc"])
    assert pseudonyms.of(nobody, ColumnKind.UPN).null_count() == nobody.len()
    assert pseudonyms.of(pl.Series(["9999999999", "0000000000", "n/a"]), ColumnKind.ULN).null_count() == 3


@given(st.lists(st.integers(0, 50)))
def test_pseudonyms_follow_numbers_one_to_one_under_one_key_and_not_under_another(numbers: list[int]) -> None:
    given_upns = pl.Series([upn(number) for number in numbers], dtype=pl.String)
    made, again = (Pseudonyms(KEY).of(given_upns, ColumnKind.UPN) for _ in range(2))
    assert made.equals(again) and made.n_unique() == len(set(numbers))
    other = Pseudonyms(KEY[::-1]).of(given_upns, ColumnKind.UPN)
    assert not set(made) & set(other)


def test_a_local_number_links_within_its_own_return_alone() -> None:
    pseudonyms, numbers = Pseudonyms(KEY), pl.Series(["1001"])
    care = pseudonyms.of(numbers, ColumnKind.LOCAL_ID, "children_in_need")
    assert care[0] == pseudonyms.of(numbers, ColumnKind.LOCAL_ID, "children_in_need")[0]
    assert care[0] != pseudonyms.of(numbers, ColumnKind.LOCAL_ID, "looked_after")[0]


def test_a_row_is_linked_by_its_strongest_number() -> None:
    rows = children(("7", upn(1), None, uln(1)), ("8", None, None, uln(2)), ("9", None, upn(3), None), (None,) * 4)
    made = identify(rows, TABLE, Pseudonyms(KEY), "children_in_need")
    assert made.table.columns == ["person", "linked_by"]
    assert made.table["linked_by"].to_list() == ["upn", "uln", "local_id", "none"]
    assert made.table["person"].is_null().to_list() == [False, False, False, True]
    assert sorted(made.aliases["alias_kind"]) == ["former_upn", "local_id", "local_id", "uln"]


# --- uniting ------------------------------------------------------------------------------------------


def united(*tables: pl.DataFrame) -> tuple[list[list[str | None]], int]:
    """The persons of each table after uniting all, and the number of conflicts."""
    made = [identify(table, TABLE, Pseudonyms(KEY), "children_in_need") for table in tables]
    answer = unite({str(place): one.table for place, one in enumerate(made)}, [one.aliases for one in made])
    return [table["person"].to_list() for table in answer.records.values()], answer.conflicts


def test_a_young_person_known_by_learner_number_here_and_by_both_there_is_one_person() -> None:
    (college, school, care), conflicts = united(
        children((None, None, None, uln(1)), (None, None, None, uln(2))),
        children((None, upn(1), None, uln(1)), (None, upn(2), None, None)),
        children(("7", None, None, uln(1)), ("7", None, None, None)),
    )
    assert conflicts == 0
    assert school[0] == college[0] == care[0] == care[1]
    assert len({college[1], school[0], school[1]}) == 3


def test_a_former_pupil_number_links_what_was_known_by_it() -> None:
    (before, now), conflicts = united(children((None, upn(1), None, None)), children(("7", upn(2), upn(1), None)))
    assert before == now and conflicts == 0


@pytest.mark.parametrize(
    ("one", "other"),
    [((upn(1), uln(1)), (upn(2), uln(1))), ((upn(1), uln(1)), (upn(1), uln(2)))],
    ids=["one learner number, two pupils", "one pupil number, two learners"],
)
def test_conflicting_numbers_are_not_joined_but_counted(one: tuple[str, str], other: tuple[str, str]) -> None:
    conflicting = children((None, one[0], None, one[1]), (None, other[0], None, other[1]))
    (_, by_uln), conflicts = united(conflicting, children((None, None, None, one[1]), (None, upn(9), None, uln(9))))
    expected = Pseudonyms(KEY).of(pl.Series([one[1]]), ColumnKind.ULN)[0]
    assert conflicts == 1 and by_uln[0] == expected


people = st.lists(st.tuples(*(st.none() | st.integers(0, 4) for _ in range(3))), max_size=12)


@given(st.lists(people, min_size=1, max_size=4), st.randoms(use_true_random=False))
def test_uniting_is_idempotent_and_free_of_order_and_loses_no_row(tables: list[list[tuple]], random: object) -> None:
    frames = [
        children(
            *[(a and f"L{a}", None if b is None else upn(b), None, None if c is None else uln(c)) for a, b, c in rows]
        )
        for rows in tables
    ]
    made = {str(place): identify(frame, TABLE, Pseudonyms(KEY), "r") for place, frame in enumerate(frames)}
    records, aliases = {name: one.table for name, one in made.items()}, [one.aliases for one in made.values()]
    once = unite(records, aliases)
    assert [table.height for table in once.records.values()] == [len(rows) for rows in tables]
    again = unite(once.records, aliases)
    shuffled = list(records)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    reordered = unite({name: records[name] for name in shuffled}, aliases[::-1])
    for name, table in once.records.items():
        assert table.equals(again.records[name]) and table.equals(reordered.records[name])
    assert once.conflicts == reordered.conflicts
    # Two pupils are never made one, whatever the other numbers say.
    pupils = pl.concat([frame.select("upn") for frame in frames])["upn"]
    named = pl.concat([table.select("person") for table in once.records.values()])["person"]
    together = pl.DataFrame({"upn": pupils, "person": named}).drop_nulls().group_by("person").agg(pl.n_unique("upn"))
    assert (together["upn"] == 1).all()


# --- match rates --------------------------------------------------------------------------------------


def persons(*names: str | None, **columns: list[object]) -> pl.DataFrame:
    linked_by = ["none" if name is None else "local_id" if name.startswith("local") else "upn" for name in names]
    return pl.DataFrame({"person": pl.Series(names, dtype=pl.String), "linked_by": linked_by, **columns})


def test_match_rates_keep_populations_apart_and_count_each_person_once() -> None:
    records = {
        "sen2_person": persons("a", "b", "c", None),
        "sen2_active_plan": persons("a", "b"),
        "school_census_pupil": persons("a", "d", "e"),
        "therapies_row": persons("a", "a", "e", "x", None, None),
        "looked_after_child": persons("a", "local 1"),
        "small_areas_row": persons(None),
    }
    rates = match_rates(records, returns()).set_index("return_id")
    assert set(rates.index) == {"sen2", "school_census", "therapies", "looked_after"}
    counts = ["persons", "with_identifier", "with_plan", "on_roll", "neither"]
    assert rates.loc["therapies", counts].to_list() == [5, 3, 1, 2, 1]
    assert rates.loc["school_census", counts].to_list() == [3, 3, 1, 3, 0]
    assert rates.loc["looked_after", counts].to_list() == [2, 1, 1, 1, 0]
    assert "on the roll" in rates.loc["school_census", "population"] and "GP" in rates.loc["therapies", "population"]
    no_roll = match_rates({k: v for k, v in records.items() if not k.startswith("school")}, returns())
    assert no_roll[["on_roll", "neither"]].isna().all(axis=None)


def test_plans_that_the_roll_cannot_see_are_told_by_their_setting() -> None:
    """Ten plans, one of each kind of setting and one on the roll."""
    settings = [
        # urn, ukprn, setting
        ("100001", None, None),  # on the roll
        ("100001", None, None),  # no number
        (None, None, "OLA"),
        (None, None, "NEET"),
        (None, None, "EYP"),
        ("100002", None, None),  # independent special school
        (None, "10000001", None),  # college
        ("100003", None, None),  # another authority
        ("100009", None, None),  # not in the register
        ("100001", None, None),  # in the area, not found
    ]
    keys = list(range(1, 12))
    records = {
        "sen2_active_plan": persons("a", None, *"cdefghijk", active_plan_key=keys),
        "sen2_placement": pl.DataFrame(
            {
                "active_plan_key": [*keys[:10], 3],
                "urn": [urn for urn, _, _ in settings] + ["100001"],
                "ukprn": [ukprn for _, ukprn, _ in settings] + [None],
                "setting": [setting for _, _, setting in settings] + [None],
                "placement_rank": [1] * 10 + [2],
                "entry_date": pl.Series([None] * 11, dtype=pl.Date),
                "leaving_date": pl.Series([None] * 11, dtype=pl.Date),
            }
        ),
        "school_census_pupil": persons("a", "z"),
        "establishments_row": pl.DataFrame(
            {
                "urn": ["100001", "100002", "100003"],
                "type": ["Community school", "Other independent special school", "Academy converter"],
                "la_code": ["359", "359", "888"],
            }
        ),
    }
    found = beyond_the_roll(records, "359").set_index("reason")["plans"]
    assert found.to_dict() == dict.fromkeys(BEYOND_THE_ROLL, 1)
    assert beyond_the_roll({"sen2_active_plan": records["sen2_active_plan"]}, "359").empty


def test_no_aliases_unite_nothing() -> None:
    answer = unite({"t": persons("a", "b")}, [no_aliases()])
    assert (answer.joined, answer.conflicts) == (0, 0) and answer.records["t"]["person"].to_list() == ["a", "b"]
