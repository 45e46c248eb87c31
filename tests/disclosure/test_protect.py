"""What leaves disclosure control: right where printed, silent where not, and proof against all of it together."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jsna_pipeline.catalogue.disclosure import disclosure_rules
from jsna_pipeline.disclosure import attack, rounding
from jsna_pipeline.disclosure.cells import LinkedCells, keys_of, link, parts_of, with_joint_cells
from jsna_pipeline.disclosure.protect import Protected, protect
from jsna_pipeline.errors import BuildError
from tests.disclosure.invented_tables import (
    NO_NESTS,
    NO_STATISTICS,
    cross,
    invented_persons,
    table_of,
    with_parent,
)

RULES = disclosure_rules()
SMALL = {("x", "a"): 3, ("x", "b"): 20, ("y", "a"): 9, ("y", "b"): 60}


def group(frame: pd.DataFrame, *parts: str) -> pd.Series:
    """The row of a group, by its words `dimension category`."""
    words = pd.Series([{part for part in row if part} for row in parts_of(frame).tolist()], index=frame.index)
    wanted = {part.replace(" ", "\x1e") for part in parts}
    return frame.loc[words.map(lambda found: found == wanted)].iloc[0]


def seen_by_readers(linked: LinkedCells, printed: list[pd.DataFrame]) -> tuple[np.ndarray, np.ndarray]:
    """What the printed counts alone tell of each cell, worked out from the public tables and nothing else."""
    lower, upper = np.zeros(len(linked.cells)), np.full(len(linked.cells), np.inf)
    place = pd.Index(linked.cells["key"])
    for frame in printed:
        shown = frame.loc[frame["status"] == "ok"]
        round_to = shown["rule"].map({name: rule.round_to for name, rule in RULES.items()}).to_numpy()
        to = shown["rule"].map({name: rule.suppress_to for name, rule in RULES.items()}).to_numpy()
        low, high = rounding.interval(shown["count"].to_numpy(dtype=float), round_to, to)
        cell = place.get_indexer(pd.Index(keys_of(shown, parts_of(shown))))
        lower[cell], upper[cell] = np.maximum(lower[cell], low), np.minimum(upper[cell], high)
    return lower, upper


def assert_no_small_count_is_known(counts: pd.DataFrame, nests: pd.DataFrame, printed: list[pd.DataFrame]) -> None:
    linked = link(counts, RULES, nests)
    rule = linked.cells["rule"].map(RULES)
    low, high = rule.map(lambda entry: entry.suppress_from), rule.map(lambda entry: entry.suppress_to)
    small = np.flatnonzero(linked.cells["count"].between(low, high) & (linked.cells["kind"] == "counted"))
    least, most = attack.bounds(linked, *seen_by_readers(linked, printed), small, whole=True)
    assert (least <= low.to_numpy()[small]).all()
    assert (most >= high.to_numpy()[small]).all()


def assert_printed_rightly(counts: pd.DataFrame, given: Protected) -> None:
    shown = (given.counts["status"] == "ok").to_numpy()
    round_to = counts["rule"].map({name: rule.round_to for name, rule in RULES.items()}).to_numpy()
    expected = rounding.printed(counts["count"].to_numpy(dtype=float), round_to)
    assert (given.counts["count"].to_numpy(dtype=float, na_value=-1)[shown] == expected[shown]).all()
    assert given.counts.loc[~shown, "count"].isna().all()
    logged = given.log.groupby("table").size().to_dict()
    assert logged == given.counts.loc[~shown].groupby("table_id").size().to_dict()
    assert given.summary["suppressed"].sum() == (~shown).sum() == len(given.log)
    assert "count" not in given.log.columns and not given.log.map(lambda value: isinstance(value, float)).any().any()


def linked_tables(seed: int, rule: str, people: int = 150) -> tuple[pd.DataFrame, pd.DataFrame]:
    persons = invented_persons(people, {"need": 3, "ward": 4, "year": 3}, seed)
    persons, nests = with_parent(persons, "ward", "locality", 2)
    tables = {"a": ("need", "ward"), "b": ("need", "year"), "c": ("ward", "year"), "d": ("locality", "need")}
    frames = [cross(persons, dimensions, table, rule) for table, dimensions in tables.items()]
    return pd.concat(frames, ignore_index=True), nests


@settings(max_examples=6, deadline=None)
@given(seed=st.integers(0, 10_000), rule=st.sampled_from(["education", "nhs", "social_care"]))
def test_linked_tables_withstand_in_whole_numbers(seed: int, rule: str) -> None:
    counts, nests = linked_tables(seed, rule)
    given = protect(counts, NO_STATISTICS, RULES, nests, [], effort=20)
    assert_printed_rightly(counts, given)
    assert_no_small_count_is_known(counts, nests, [given.counts])
    assert group(given.counts)["status"] == "ok"


@settings(max_examples=3, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_a_further_edition_opens_no_hole_in_the_first(seed: int) -> None:
    counts, nests = linked_tables(seed, "education")
    first = protect(counts.loc[counts["table_id"].isin(["a", "d"])], NO_STATISTICS, RULES, nests, [], effort=20)
    second = protect(counts, NO_STATISTICS, RULES, nests, [], earlier=first.counts, effort=20)
    assert_no_small_count_is_known(counts, nests, [first.counts, second.counts])
    unprinted = first.counts.loc[first.counts["status"] == "suppressed", ["table_id", "category_1", "category_2"]]
    again = unprinted.merge(second.counts, on=["table_id", "category_1", "category_2"])
    assert (again["status"] == "suppressed").all()


def test_without_partners_the_attack_stops_the_build() -> None:
    with pytest.raises(BuildError, match=r"1 unprinted counts can be worked out.*column a, row x"):
        protect(table_of(SMALL), NO_STATISTICS, RULES, NO_NESTS, [], with_secondary=False)


def test_a_two_way_table_loses_its_four_cells_and_keeps_its_margins() -> None:
    given = protect(table_of(SMALL), NO_STATISTICS, RULES, NO_NESTS, [])
    inner = given.counts["dimension_2"] != "total"
    assert (given.counts.loc[inner, "status"] == "suppressed").all()
    assert (given.counts.loc[~inner, "status"] == "ok").all()
    assert given.log["reason"].value_counts().to_dict() == {"secondary": 3, "primary": 1}


def test_three_two_way_tables_are_attacked_through_the_joint_counts_behind_them() -> None:
    """All 12 of a0 are in b0, and b0 has only 9 of c0: at least 3 are in c1, which no table tells by itself."""
    joint = {("a0", "b0", "c0"): 8, ("a0", "b0", "c1"): 4, ("a1", "b0", "c0"): 1, ("a1", "b0", "c1"): 7}
    joint |= {("a1", "b1", "c0"): 30, ("a1", "b1", "c1"): 30}
    people = pd.DataFrame([who for who, number in joint.items() for _ in range(number)], columns=["a", "b", "c"])
    persons = people.astype("category")
    counts = pd.concat([cross(persons, pair, "".join(pair)) for pair in (("a", "b"), ("b", "c"), ("a", "c"))])
    table_by_table = protect(counts, NO_STATISTICS, RULES, NO_NESTS, [], with_joint=False)
    together = protect(counts, NO_STATISTICS, RULES, NO_NESTS, [])
    assert set(table_by_table.log["table"]) == {"ac"}
    assert len(set(together.log["table"])) > 1
    assert group(together.counts)["status"] == "ok"


def test_such_a_ring_may_close_through_a_wider_dimension() -> None:
    """The same persons, of whom one table knows only the half of a: b tells of the halves what c tells of the whole."""
    joint = {("a0", "b0", "c0"): 8, ("a0", "b0", "c1"): 4, ("a1", "b0", "c0"): 1, ("a1", "b0", "c1"): 7}
    joint |= {("a1", "b1", "c0"): 30, ("a1", "b1", "c1"): 30}
    people = [(f"{a}{half}", *rest, a) for (a, *rest), number in joint.items() for half in "xy" for _ in range(number)]
    persons = pd.DataFrame(people, columns=["part", "b", "c", "a"]).astype("category")
    nests = pd.DataFrame({"dimension": "part", "category": ["a0x", "a0y", "a1x", "a1y"], "parent_dimension": "a"})
    nests["parent_category"] = nests["category"].str[:2]
    pairs = (("part", "b"), ("b", "c"), ("a", "c"))
    counts = pd.concat([cross(persons, pair, "".join(pair)) for pair in pairs], ignore_index=True)
    linked = with_joint_cells(link(counts, RULES, nests), nests)
    assert (linked.cells["kind"] == "joint").sum() == 8, "a, b and c: the cross a × b is in no table, yet known"


def test_two_tables_without_a_cell_in_common_are_subtracted_all_the_same() -> None:
    """Need by age, and area of need of the older: one area has one need, so the rest of it is the young."""
    number = {("semh", "0-4"): 1, ("semh", "5-15"): 30, ("semh", "16-25"): 20}
    number |= {("autism", "0-4"): 9, ("autism", "5-15"): 40, ("autism", "16-25"): 15}
    number |= {("slcn", "0-4"): 12, ("slcn", "5-15"): 50, ("slcn", "16-25"): 2}
    people = [who for who, times in number.items() for _ in range(times)]
    persons = pd.DataFrame(people, columns=["need", "age"]).astype("category")
    wider = {"need": {"semh": "semh", "autism": "ci", "slcn": "ci"}, "age": {"0-4": "no", "5-15": "no", "16-25": "yes"}}
    parents = {"need": "area", "age": "over_15"}
    nests = pd.DataFrame(
        [(name, category, parents[name], up) for name, lies in wider.items() for category, up in lies.items()],
        columns=NO_NESTS.columns,
    )
    older = persons.assign(area=persons["need"].map(wider["need"]), over_15=persons["age"].map(wider["age"]))
    areas = cross(older.astype("category"), ("area", "over_15"), "older")
    areas = areas.loc[(areas[["category_1", "category_2"]] == "yes").any(axis=1)]
    counts = pd.concat([cross(persons, ("need", "age"), "needs"), areas], ignore_index=True)
    given = protect(counts, NO_STATISTICS, RULES, nests, [])
    young = [("needs", "need semh"), ("needs", "need semh", "age 5-15"), ("older", "area semh", "over_15 yes")]
    shown = [group(given.counts.loc[given.counts["table_id"] == name], *parts)["status"] for name, *parts in young]
    assert "suppressed" in shown, "all three printed give the one child under 5"


def test_a_known_figure_larger_than_its_total_says_nothing() -> None:
    counts = table_of(SMALL)
    known = counts.iloc[:1].assign(category_1="gone", dimension_1="row", dimension_2="total", category_2="total")
    linked = link(counts, RULES, NO_NESTS, known.assign(rule="open", count=400))
    assert linked.cells["kind"].eq("known").sum() == 1
    assert np.allclose(linked.equations @ linked.cells["count"], linked.constants), "no equation that is not true"


def test_a_published_figure_is_printed_as_published_and_is_no_partner() -> None:
    counts = table_of(SMALL)
    published = counts.loc[(counts["category_1"] == "b") & (counts["category_2"] == "x")].assign(rule="open", count=21)
    given = protect(counts, NO_STATISTICS, RULES, NO_NESTS, [], known=published)
    assert group(given.counts, "column b", "row x")["count"] == 21
    small = group(given.counts, "column a", "row x")
    assert small["status"] == "suppressed"
    # with its row neighbour known, only the row's total can hide it
    assert group(given.counts, "row x")["status"] == "suppressed"


def test_a_count_that_an_earlier_edition_gave_away_is_logged_as_known_already() -> None:
    counts = table_of(SMALL)
    before = counts.assign(status="ok")
    given = protect(counts, NO_STATISTICS, RULES, NO_NESTS, [], earlier=before)
    log = given.log.loc[given.log["group"] == "column a, row x"]
    assert log["known_already"].all() and len(log) == 1
    assert group(given.counts, "column a", "row x")["status"] == "suppressed"
    assert group(given.counts, "column b", "row x")["status"] == "ok"


def test_a_whole_group_with_one_need_is_not_told_however_large() -> None:
    wards = {("x", "autism"): 40, ("x", "speech"): 0, ("y", "autism"): 30, ("y", "speech"): 50, ("z", "autism"): 20}
    counts = table_of(wards | {("z", "speech"): 25})
    given = protect(counts, NO_STATISTICS, RULES, NO_NESTS, ["column"])
    assert group(given.counts, "column autism", "row x")["status"] == "suppressed"
    assert group(given.counts, "column speech", "row x")["status"] == "suppressed"
    assert set(given.log["reason"]) == {"group", "secondary"}
    open_to_all = protect(counts, NO_STATISTICS, RULES, NO_NESTS, [])
    assert (open_to_all.counts["status"] == "ok").all()


def test_a_relation_between_populations_is_used_by_the_attack() -> None:
    """Plans now = plans before + new − ceased: three of the four printed would give the fourth."""
    flows = {"plans": 103, "plans_before": 101, "new_plans": 6, "ceased_plans": 4}
    alone = table_of({("x", "a"): 1}).iloc[:1]
    counts = pd.concat(
        [alone.assign(population=name, table_id=name, count=number) for name, number in flows.items()],
        ignore_index=True,
    )
    signs = {"plans": 1, "plans_before": -1, "new_plans": -1, "ceased_plans": 1}
    relations = counts.assign(relation="stock", coefficient=counts["population"].map(signs))
    given = protect(counts, NO_STATISTICS, RULES, NO_NESTS, [], relations=relations)
    status = given.counts.set_index("population")["status"]
    assert status["ceased_plans"] == "suppressed" and (status == "suppressed").sum() == 2


def test_a_relation_holds_beside_categories_that_leave_something_over() -> None:
    short = table_of(SMALL).loc[lambda rows: (rows[["category_1", "category_2"]] != "b").all(axis=1)]
    short = short.loc[~short["category_1"].eq("y") & ~short["category_2"].eq("y")]
    relations = short.iloc[:2].assign(relation="one", coefficient=[1.0, -1.0])
    assert len(protect(short, NO_STATISTICS, RULES, NO_NESTS, [], relations=relations).counts) == len(short)


def test_two_tables_that_count_one_group_differently_stop_the_build() -> None:
    counts = table_of(SMALL)
    with pytest.raises(BuildError, match="other, table count the same group differently"):
        protect(
            pd.concat([counts, counts.assign(table_id="other", count=counts["count"] + 1)]),
            NO_STATISTICS,
            RULES,
            NO_NESTS,
            [],
        )


@pytest.mark.parametrize("first", ["whole", "part"])
def test_what_a_table_adds_up_to_is_whole_though_another_prints_a_part_of_it(first: str) -> None:
    """Another table prints the middle zones of one kind; in the first the wide zones still have both kinds."""
    persons = invented_persons(300, {"small": 8, "kind": 2})
    persons, inner = with_parent(persons, "small", "middle", 4)
    persons, outer = with_parent(persons, "middle", "wide", 2)
    whole, part = cross(persons, ("small", "kind"), "whole"), cross(persons, ("middle", "kind"), "part")
    part = part.loc[(part[["category_1", "category_2"]] == "kind0").any(axis=1)]
    tables = [whole, part] if first == "whole" else [part, whole]
    linked = link(pd.concat(tables, ignore_index=True), RULES, pd.concat([inner, outer]))
    name = linked.cells["group"]
    sums = linked.sums.loc[(linked.sums["along"] == "kind") & (linked.sums["table_id"] == "whole")]
    kinds = sums["child"].map(name).groupby(sums["parent"].map(name)).agg(set)
    for wide in ("wide0", "wide1"):
        assert kinds[f"wide {wide}"] == {f"kind kind0, wide {wide}", f"kind kind1, wide {wide}"}


def test_an_area_without_counts_has_nothing_to_protect() -> None:
    given = protect(table_of(SMALL).iloc[:0], NO_STATISTICS, RULES, NO_NESTS, ["row"])
    assert given.counts.empty and given.log.empty and given.summary.empty


def test_the_public_status_is_one_word_whatever_the_reason() -> None:
    given = protect(table_of(SMALL), NO_STATISTICS, RULES, NO_NESTS, [])
    assert set(given.counts["status"]) == {"ok", "suppressed"}
    assert "reason" not in given.counts.columns
