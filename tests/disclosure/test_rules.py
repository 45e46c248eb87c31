"""The ladder of disclosure rules, and printing to the nearest 5."""

from itertools import pairwise

import numpy as np
import pytest

from jsna_pipeline.catalogue.disclosure import disclosure_rules, strictest
from jsna_pipeline.disclosure import rounding
from jsna_pipeline.errors import InputError


def test_the_ladder_runs_from_open_to_health_and_each_step_is_stricter() -> None:
    rules = list(disclosure_rules().values())
    assert [rule.id for rule in rules] == ["open", "education", "money", "social_care", "nhs"]
    assert all(late.at_least_as_strict_as(early) for early, late in pairwise(rules))


def test_the_strictest_of_joined_sources() -> None:
    assert strictest(["education", "nhs", "open"]) == "nhs"
    with pytest.raises(InputError, match="'secret' is unknown; the rules are open, education"):
        strictest(["education", "secret"])


def test_the_largest_share_satisfies_the_p_percent_rule_whatever_the_second_is() -> None:
    rule = disclosure_rules()["money"]
    largest = rule.largest_share
    for second in np.linspace(0, largest, 11):
        assert 100 - largest - second >= rule.p_percent / 100 * largest - 1e-9


def test_an_interval_holds_exactly_the_counts_that_print_as_its_value() -> None:
    counts = np.arange(8, 200).astype(float)
    fives = np.full(len(counts), 5)
    value = rounding.printed(counts, fives)
    lower, upper = rounding.interval(value, fives, np.full(len(counts), 7))
    for number in np.unique(value):
        behind = counts[value == number]
        assert lower[value == number].tolist() == [behind.min()] * len(behind)
        if number < 200:
            assert upper[value == number].tolist() == [number + 2] * len(behind)
    assert rounding.interval(np.zeros(1), fives[:1], np.full(1, 7)) == (0, 0)
