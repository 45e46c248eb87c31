"""Printed shares against their counts: that nothing else is found, and each class by an example."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from jsna_pipeline.published_tables import Reconciliation
from jsna_pipeline.reconciliation import shares
from tests.invented_indicators import ENGLAND, REGION, WIGAN
from tests.reconciliation.invented_tables import held

ROW = {"issued": 603, "in_time": 257, "late": 346, "in_time_pc": 42.6, "late_pc": 57.4}
SALFORD = "E08000006"


def found(*rows: dict[str, Any], **changes: Any) -> pd.DataFrame:
    return shares.find(held([ROW | row for row in rows], **changes))[0]


def the_one(*rows: dict[str, Any], **changes: Any) -> pd.Series:
    exceptions = found(*rows, **changes)
    assert len(exceptions) == 1
    return exceptions.iloc[0]


def test_shares_that_follow_are_counted_and_those_without_counts_are_not_compared() -> None:
    half_up = {"issued": 16, "in_time": 1, "late": 15, "in_time_pc": 6.3, "late_pc": 93.8}
    unknown = {"in_time": "suppressed", "late_pc": "suppressed"}
    exceptions, coverage = shares.find(held([ROW, ROW | half_up, ROW | unknown]))
    assert exceptions.empty
    assert coverage["column"].tolist() == ["in_time_pc", "late_pc"]
    assert coverage["compared"].tolist() == [2, 2] and coverage["not_comparable"].tolist() == [1, 0]


def test_an_exception_names_figure_place_and_line() -> None:
    row = the_one({}, {"in_time_pc": 43.6, "late": "suppressed", "f_kind": "First"}, {"f_kind": "x"})
    assert {*row.index} == set(Reconciliation.to_schema().columns) - {"edition"}
    assert (row["rule"], row["column"], row["group"]) == ("share_from_counts", "in_time_pc", "f_kind=First")
    assert (row["published"], row["expected"], row["difference"]) == (43.6, 42.6, 1.0)
    assert (row["area_code"], row["source_file"], row["source_line"]) == (WIGAN, "a.csv", 3)


# --- each class -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("counts", "printed", "said"),
    [
        ((23, 80), 28.7, "23 of 80 is exactly 28.75, halfway: half up gives 28.8, and 28.7 is printed (rounded down)."),
        ((1, 16), 6.2, "1 of 16 is exactly 6.25, halfway: half up gives 6.3, and 6.2 is printed (half to even)."),
    ],
)
def test_a_half_that_was_printed_as_the_lower_share_is_a_tie(
    counts: tuple[int, int], printed: float, said: str
) -> None:
    row = the_one({"in_time": counts[0], "issued": counts[1], "in_time_pc": printed, "late_pc": "unavailable"})
    assert (row["exception_class"], row["evidence"]) == ("rounding_tie", said)


def test_what_is_two_digits_off_or_rounded_up_from_below_a_half_is_no_tie() -> None:
    alone = {"late_pc": "unavailable"}
    rows = [
        {"in_time": 23, "issued": 80, "in_time_pc": 28.6} | alone,
        {"in_time": 1, "issued": 3, "in_time_pc": 33.4} | alone,
    ]
    assert found(*rows)["exception_class"].tolist() == ["unexplained"] * 2


FOOTNOTE = {
    "areas": [SALFORD],
    "periods": ["2024"],
    "columns": ["in_time"],
    "effect": "partial",
    "says": "Salford returned totals only.",
    "where": "guidance, footnote 5",
}


@pytest.mark.parametrize(
    ("area", "note", "kind"),
    [
        (SALFORD, {}, "documented_footnote"),
        (REGION, {}, "documented_footnote"),
        (ENGLAND, {}, "documented_footnote"),
        (WIGAN, {}, "unexplained"),
        (REGION, {"effect": "other_basis"}, "unexplained"),
        (SALFORD, {"periods": ["2023"]}, "unexplained"),
        (SALFORD, {"columns": ["late"]}, "unexplained"),
        (SALFORD, {"dimensions": ["sex"]}, "unexplained"),
        (SALFORD, {"where": "the file itself, which prints x"}, "unexplained"),
        (SALFORD, {"areas": [], "periods": [], "columns": []}, "unexplained"),
    ],
)
def test_a_footnote_explains_what_it_speaks_of_and_no_more(area: str, note: dict[str, Any], kind: str) -> None:
    wrong = {"area_code": area, "in_time_pc": 50, "late_pc": "unavailable"}
    row = the_one(wrong, footnotes=[FOOTNOTE | note])
    assert row["exception_class"] == kind
    if kind == "documented_footnote":
        assert row["evidence"] == "Guidance, footnote 5: Salford returned totals only."


def test_shares_of_another_whole_are_a_defect_where_all_of_the_row_follow_from_it() -> None:
    region = {"area_code": REGION, "issued": 6078, "in_time": 3039, "late": 3039, "in_time_pc": 50, "late_pc": 50}
    repeated = {"issued": 6078}
    exceptions = found(region, repeated)
    assert exceptions["exception_class"].tolist() == ["source_defect"] * 2
    assert exceptions["evidence"].iloc[0] == (
        "42.6 follows from 257 of 603, the sum of the parts, and not from the 6,078 printed as their whole "
        "(the figure of North West)."
    )
    # One share that happens to fit proves nothing where its sibling does not.
    lone = found(region, repeated | {"late_pc": 57.5})
    assert len(lone) == 2 and not lone["evidence"].str.contains("sum of the parts").any()


def test_two_shares_of_a_whole_that_do_not_make_100_contradict_each_other_and_name_the_whole() -> None:
    surrey = {"issued": 2867, "in_time": 2849, "late": 18, "in_time_pc": 98.3, "late_pc": 0.6}
    decided = [
        {"published": f"{name}_pc", "numerator": [name], "denominator": ["in_time", "late"]}
        for name in ("in_time", "late")
    ]
    row = the_one(surrey, shares=decided, parts=[])
    assert row["exception_class"] == "source_defect" and row["expected"] == 99.4
    assert row["evidence"] == (
        "98.3 and 0.6 are printed of one whole and add up to 98.9, not 100; all follow from a whole of "
        "between 2,897 and 2,899, where the counts printed add up to 2,867."
    )
    # Halves rounded up together may make 100.1, and never 99.9.
    tied = {"issued": 2000, "in_time": 1001, "late": 999, "in_time_pc": 50.1, "late_pc": 50.0}
    assert found(tied, shares=decided).empty


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([{"in_time_pc": 57.4, "late_pc": 42.6}], "57.4 is the share of late_pc, and the other way about."),
        (
            [{"issued": 0, "in_time": 0, "late": 0, "in_time_pc": 0, "late_pc": "unavailable"}, {}],
            "0.0 is printed as a share of a whole that is printed as 0.",
        ),
        (
            [{"in_time_pc": 0, "late_pc": "unavailable"}],
            "0 is printed in every row of Wigan for 2024, though counts are printed beside it.",
        ),
        (
            [
                {"in_time_pc": 20, "late_pc": 80},
                {"area_code": REGION, "issued": 10, "in_time": 2, "late": 8, "in_time_pc": 20, "late_pc": 80},
            ],
            "20.0 follows from the counts of North West.",
        ),
    ],
)
def test_other_defects_say_what_the_share_follows_from(rows: list[dict[str, Any]], said: str) -> None:
    exceptions = found(*rows, parts=[])
    assert set(exceptions["exception_class"]) == {"source_defect"}
    assert exceptions["evidence"].iloc[0] == said


def test_a_count_that_another_rule_doubts_makes_its_share_a_defect() -> None:
    table = held([ROW | {"in_time_pc": 50, "late_pc": "unavailable"}], parts=[])
    suspects = pd.DataFrame(
        [["dfe__cin", "in_time", "a.csv", 2, "It repeats 2023."], ["dfe__cla", "issued", "a.csv", 2, "Not this one."]],
        columns=["dataset_id", "column", "source_file", "source_line", "evidence"],
    )
    row = shares.find(table, suspects)[0].iloc[0]
    assert row["exception_class"] == "source_defect"
    assert row["evidence"] == "A count of the row is itself in doubt (in_time). It repeats 2023."


# --- rounded counts, and wholes in another row ----------------------------------------------------------


@pytest.mark.parametrize(("printed", "exceptions"), [(13.6, 0), (13.5, 0), (13.0, 1)])
def test_a_share_of_rounded_counts_may_be_any_that_they_can_have_had(printed: float, exceptions: int) -> None:
    # 545 to 555 of 4,025 to 4,035 is 13.51 to 13.79 %: only the printed digit of an authority is exact.
    row = {"issued": 4030, "in_time": 550, "in_time_pc": printed, "late_pc": "unavailable"}
    rounded = {"tolerance": 5, "exact_levels": ["local_authority"]}
    assert len(found(row | {"area_code": REGION}, **rounded)) == exceptions
    assert len(found(row, **rounded)) == (printed != 13.6)


def test_a_whole_in_a_row_of_its_own_is_found_by_its_filters() -> None:
    share = {"published": "pc", "numerator": ["n"], "denominator": ["n"], "whole_in": {"f_language": "Total"}}
    rows = [
        {"n": 200, "pc": 100, "f_language": "Total", "f_phase": "Primary"},
        {"n": 50, "pc": 25, "f_language": "English", "f_phase": "Primary"},
        {"n": 999, "pc": 100, "f_language": "Total", "f_phase": "Secondary"},
        {"n": 100, "pc": 60, "f_language": "Other", "f_phase": "Primary"},
        {"n": 100, "pc": 60, "f_language": "Other", "f_phase": "Special"},
    ]
    exceptions, coverage = shares.find(held(rows, shares=[share], parts=[], levels=[]))
    assert coverage["compared"].tolist() == [4] and coverage["not_comparable"].tolist() == [1]
    assert exceptions[["published", "expected", "exception_class"]].values.tolist() == [[60, 50, "unexplained"]]
