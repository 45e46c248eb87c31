"""Bound and sourced figures: their syntax, their faults, and that nothing else is printed for them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jsna_pipeline.commentary.placeholders import Part, Placeholder, filled, placeholder, sourced

KNOWN = {"persistent_absence", "ehcp_within_20_weeks_excl", "ehcp_within_20_weeks_all", "ehcp_requests"}


class Told:
    """Answers with what it was asked."""

    def value(self, indicator_id: str, group: tuple[str, str] | None, what: Part) -> str | None:
        return None if indicator_id == "ehcp_requests" else f"{indicator_id} {group} {what}"


@pytest.mark.parametrize(
    ("inner", "expected"),
    [
        ("persistent_absence", Placeholder("persistent_absence")),
        ("  persistent_absence\n|  england ", Placeholder("persistent_absence", None, Part.ENGLAND)),
        ("a_b:school_type/secondary", Placeholder("a_b", ("school_type", "secondary"))),
        ("a_b : age / 2 and under | number", Placeholder("a_b", ("age", "2 and under"), Part.NUMBER)),
        ("a_b:sex/Female|rank", Placeholder("a_b", ("sex", "Female"), Part.RANK)),
        ("a_b | wales", None),
        ("a_b | england | number", None),
        ("a_b:secondary", None),
        ("A_b", None),
        ("a_b.__class__", None),
        ("", None),
    ],
)
def test_the_syntax(inner: str, expected: Placeholder | None) -> None:
    assert placeholder(inner) == expected


@given(
    st.from_regex(r"[a-z][a-z0-9_]{0,20}", fullmatch=True),
    st.none() | st.tuples(st.just("age"), st.sampled_from(["2 and under", "16", "Female", "sen_support"])),
    st.sampled_from(Part),
)
def test_a_placeholder_is_read_as_it_is_written(indicator: str, group: tuple[str, str] | None, part: Part) -> None:
    written = Placeholder(indicator, group, part)
    text = str(written)
    assert text.startswith("{{ ") and text.endswith(" }}")
    assert placeholder(text[2:-2]) == written


def test_a_figure_is_what_the_lookup_says() -> None:
    assert filled("persistent_absence:sex/girls | previous", Told(), KNOWN).text == (
        "persistent_absence ('sex', 'girls') previous"
    )
    missing = filled("ehcp_requests", Told(), KNOWN)
    assert missing.text == "not available" and "{{ ehcp_requests }}" in missing.missing and not missing.fault


def test_an_unknown_indicator_is_told_with_the_three_nearest() -> None:
    wrong = filled("ehcp_within_20_weeks", Told(), KNOWN)
    assert wrong.text == "not available" and not wrong.missing
    assert "“ehcp_within_20_weeks”" in wrong.fault
    named = {each for each in KNOWN if each in wrong.fault.split("near it: ")[1]}
    assert len(named) == 3 and {"ehcp_within_20_weeks_excl", "ehcp_within_20_weeks_all"} <= named
    assert "is not written as" in filled("x | <script>", Told(), KNOWN).fault
    assert "<script>" not in filled("x | <script>", Told(), KNOWN).fault


def test_a_sourced_figure_is_printed_with_its_source() -> None:
    assert sourced(" 14 routes | source:  transport team,\nJune 2025 ").text == (
        "14 routes (source: transport team, June 2025)"
    )
    assert not sourced("£2.3 million | Source: finance, 2025").fault


@pytest.mark.parametrize(
    "inner", ["14", "14 | transport team", "14 | source:", "many | source: a team", "| source: x", "1|2|source: a team"]
)
def test_a_sourced_figure_needs_a_figure_and_a_source(inner: str) -> None:
    assert sourced(inner).text == "not available" and "source:" in sourced(inner).fault


@pytest.mark.parametrize(
    ("figure", "printed"),
    [("1", False), ("5", False), ("3 children", False), ("2 young people waiting", False), ("4 appeals", False),
     ("6", True), ("5%", True), ("3 schools", True), ("0", True), ("15 children", True), ("5.5", True)],
)  # fmt: skip
def test_a_sourced_count_that_may_be_of_single_children_is_not_printed(figure: str, printed: bool) -> None:
    read = sourced(f"{figure} | source: a team, June 2025")
    assert (figure in read.text) is printed and bool(read.fault) is not printed
