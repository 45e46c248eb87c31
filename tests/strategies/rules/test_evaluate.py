"""Facts about every rule at once: mirrored figures, more of the same, nothing at all, and what may not be printed."""

from __future__ import annotations

import re
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jsna_pipeline.catalogue.strategies import TargetRule
from jsna_pipeline.strategies.question import Answers, Question, Reported
from jsna_pipeline.strategies.rules import RULES, evaluate
from jsna_pipeline.strategies.series import Point, Series
from jsna_pipeline.vocabulary import Method, PeriodType, Polarity
from tests.strategies.rules.asked import (
    CANNOT_TELL,
    HIGH,
    LOW,
    MET,
    NEITHER,
    NO_DATA,
    NOT_MET,
    NOTHING,
    answer,
    ask,
    printed,
    shares,
)

YEARS = ("2020", "2021", "2022", "2023", "2024")
# Of a thousand each, so that a share and what is left of it are printed exactly.
counts = st.lists(st.integers(0, 1000), min_size=5, max_size=5)
values = st.lists(st.integers(0, 1000).map(lambda tenths: tenths / 10), min_size=5, max_size=5)


def thousand(name: str, parts: list[int], mirrored: bool = False, times: int = 1) -> Series:
    part = [1000 - one if mirrored else one for one in parts]
    return shares(name, {year: (one * times, 1000 * times) for year, one in zip(YEARS, part, strict=True)})


def question(own: list[int], other: list[int], mirrored: bool = False, times: int = 1, **target) -> Question:
    return ask(
        thousand("Wigan", own, mirrored, times),
        LOW if mirrored else HIGH,
        {"intervention": "2022", "window": ("2020", "2023")} | target,
        comparators={"england": thousand("England", other, mirrored, times)},
    )


@pytest.mark.parametrize(
    "rule",
    ["IN_LINE_OR_BETTER", "INCREASE", "REDUCE", "REDUCE_WINDOW", "MAINTAIN_AND_IMPROVE", "VS_PRIOR_TO_INTERVENTION"],
)
@settings(max_examples=40)
@given(own=counts, other=counts)
def test_mirrored_figures_with_polarity_turned_round_have_the_same_verdict(rule, own, other) -> None:
    given_so, mirrored = answer(rule, question(own, other)), answer(rule, question(own, other, mirrored=True))
    assert given_so.verdict is mirrored.verdict
    assert given_so.detectable == pytest.approx(mirrored.detectable)


@settings(max_examples=40)
@given(own=values, other=values)
def test_mirrored_printed_values_have_the_same_verdict(own, other) -> None:
    def asked(sign: int) -> Question:
        both = (
            printed(name, dict(zip(YEARS, (sign * one for one in row), strict=True)))
            for name, row in (("Wigan", own), ("England", other))
        )
        area, england = both
        target = {"intervention": "2022"}
        return ask(area, HIGH if sign > 0 else LOW, target, comparators={"england": england})

    for rule in ("IN_LINE_OR_BETTER", "INCREASE", "MAINTAIN_AND_IMPROVE", "VS_PRIOR_TO_INTERVENTION"):
        assert answer(rule, asked(1)).verdict is answer(rule, asked(-1)).verdict


@settings(max_examples=40)
@given(own=counts, other=counts, times=st.integers(2, 20))
def test_more_of_the_same_never_turns_met_into_not_met(own, other, times) -> None:
    for rule in ("INCREASE", "REDUCE_WINDOW", "VS_PRIOR_TO_INTERVENTION"):
        few, many = (answer(rule, question(own, other, times=one)).verdict for one in (1, times))
        assert few is CANNOT_TELL or few is many
    groups = [thousand("Wigan", row, times=1) for row in (own, other)]
    more = [thousand("Wigan", row, times=times) for row in (own, other)]
    same = [
        answer("CONSISTENT", ask(NOTHING, NEITHER, {"margin": 5}, group=one, reference=two)).verdict
        for one, two in (groups, more)
    ]
    assert same[0] is CANNOT_TELL or same[0] is same[1]


@settings(max_examples=40)
@given(own=counts, gain=st.integers(0, 1000), england=st.integers(0, 1000))
def test_a_better_figure_never_has_a_worse_verdict(own, gain, england) -> None:
    other = [england] * 5
    better = [*own[:4], min(own[4] + gain, 1000)]
    order = (NOT_MET, CANNOT_TELL, MET)
    for rule in ("IN_LINE_OR_BETTER", "INCREASE"):
        worse, best = (answer(rule, question(row, other)).verdict for row in (own, better))
        assert order.index(worse) <= order.index(best)


@pytest.mark.parametrize("rule", list(TargetRule))
@pytest.mark.parametrize("polarity", list(Polarity))
def test_nothing_gives_no_verdict(rule: TargetRule, polarity: Polarity) -> None:
    target = {"intervention": "2022", "window": ("2020", "2023"), "margin": 5, "due": date(2026, 1, 1), "level": 5}
    missing = Series(
        (Point("2020", None), Point("2024", None, None, 100)), Method.PROPORTION, "percent", 1, name="Wigan"
    )
    for area in (NOTHING, missing, Series((), Method.PUBLISHED, "score", 1)):
        nothing = ask(
            area,
            polarity,
            target,
            comparators={"england": area},
            reported=Reported((), "", "children"),
            answers=Answers("Engaged"),
            group=area,
            reference=area,
        )
        assert answer(rule, nothing).verdict is NO_DATA


def test_every_rule_is_there() -> None:
    assert set(RULES) == set(TargetRule)


@pytest.mark.parametrize("method", list(Method))
@pytest.mark.parametrize("kind", [PeriodType.ROLLING, PeriodType.CALENDAR_YEAR, None])
def test_whatever_counts_a_publisher_prints_are_no_fault(method: Method, kind: PeriodType | None) -> None:
    """Fractions, more than the whole, negative values and counts of nobody bear no test, and do no harm."""
    odd = [(1.5, 3.0), (5.0, 3.0), (-1.0, 3.0), (0.0, 0.0), (None, 40.0), (4.0, None), (3.0, 3.5)]
    points = tuple(Point(str(2018 + place), 40.0 + place, *pair) for place, pair in enumerate(odd))
    area = Series(points, method, "percent", 1, name="Wigan")
    england = Series(points, method, "percent", 1, name="England")
    for rule in TargetRule:
        answer(
            rule,
            ask(
                area,
                LOW,
                {"intervention": "2020", "window": ("2018", "2024"), "margin": 1, "level": 3},
                comparators={"england": england},
                group=area,
                reference=area,
                comparator_group={"england": england},
                comparator_reference={"england": england},
                legs=((area, "increase"), (area, "reduce")),
                period_type=kind,
            ),
        )


@pytest.mark.parametrize(
    "rule", ["ALL", "RECORD", "INCREASE", "REDUCE", "MAINTAIN_AND_IMPROVE", "CONTEXT", "REDUCE_WINDOW"]
)
def test_figures_of_one_to_five_children_give_a_verdict_without_a_number(rule: str) -> None:
    points = (Point("2020", None, 37, 41), Point("2024", None, 38, 41))
    hidden = Reported(points, "Children seen", "children", hidden=True, name="Wigan")
    target = {"window": ("2020", "2024")}
    shown = answer(
        rule, ask(NOTHING, target=target, reported=Reported(points, "Children seen", "children", name="Wigan"))
    )
    outcome = evaluate(TargetRule(rule), ask(NOTHING, target=target, reported=hidden))
    assert outcome.verdict is shown.verdict
    assert not re.search(r"\d", outcome.sentence) and "too small to print" in outcome.sentence
    assert outcome.evidence == {"hidden": "yes", "period": "2024"} and outcome.detectable is None
    leg = shares("Wigan", {"2020": (37, 41), "2024": (38, 41)})
    linked = answer("LINKED", ask(leg, reported=hidden, legs=((leg, "increase"), (leg, "reduce"))))
    assert not re.search(r"\d", linked.sentence)
    # The area's published figures are judged and printed as they are; what is hidden plays no part in them.
    both = answer(rule, ask(shares("Wigan", {"2020": (300, 500), "2024": (400, 500)}), target=target, reported=hidden))
    assert "80.0%" in both.sentence
