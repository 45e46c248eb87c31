"""Costs of a placement: every setting has a record, and every figure names its source or says why it is a judgement."""

from __future__ import annotations

from datetime import date

import pytest

from jsna_pipeline.catalogue.costs import PlacementCost, unit_costs
from jsna_pipeline.catalogue.loading import parse
from jsna_pipeline.errors import InputError
from jsna_pipeline.future.tables import SETTINGS

# Read on the pages that the records cite, on 22 November 2026.
PUBLISHED = {
    ("mainstream", "central"): 8662,
    ("special_state", "low"): 17313,
    ("special_state", "central"): 26000,
    ("special_independent", "low"): 50000,
    ("special_independent", "central"): 64000,
    ("alternative_provision", "central"): 17000,
}


def test_every_setting_has_one_record_in_order() -> None:
    assert tuple(unit_costs()) == SETTINGS
    assert [setting for setting, one in unit_costs().items() if one.pounds is None] == [
        "educated_elsewhere",
        "not_recorded",
    ]
    assert unit_costs()["educated_elsewhere"].treatment == "left_out"
    assert unit_costs()["not_recorded"].treatment == "mean_of_others"


def test_published_figures_are_as_read_and_all_others_are_said_to_be_judgements() -> None:
    found = {
        (setting, name): figure.pounds
        for setting, one in unit_costs().items()
        for name in ("low", "central", "high")
        if (figure := getattr(one, name)) is not None and figure.basis == "published"
    }
    assert found == PUBLISHED
    for one in unit_costs().values():
        assert one.reviewed == date(2026, 11, 22)
        assert one.owner
        assert one.limits
        for name in one.judged:
            assert len(getattr(one, name).because) > 20
        for figure in (one.low, one.central, one.high):
            if figure is not None and figure.basis == "published":
                assert one.sources[figure.source].checked == "read", "no figure rests on memory alone"


def test_what_was_read_is_told_apart_from_what_is_judged() -> None:
    told = {setting: one.checked for setting, one in unit_costs().items()}
    assert told["special_independent"] == "read"
    assert told["further_education"] == told["educated_elsewhere"] == "judgement"


WHOLE = """\
name: early years settings
low: {pounds: 1, basis: judgement, because: a}
central: {pounds: 2, basis: published, source: one}
high: {pounds: 3, basis: judgement, because: b}
price_year: "2024/25"
includes: fees
sources: {one: {citation: A paper., page: "https://example.org", checked: read, shows: 2 pounds}}
limits: [None.]
owner: A
reviewed: 2026-11-22
"""


def test_a_record_that_is_whole_is_read() -> None:
    assert parse(WHOLE, PlacementCost, "costs/early_years.yml", "early_years").pounds == (1, 2, 3)


@pytest.mark.parametrize(
    ("was", "now", "told"),
    [
        ("because: a", "source: one", "a judgement"),
        ("source: one}", "because: so}", "names its source"),
        ("source: one}", "source: two}", "'two' is not among them"),
        ("pounds: 3", "pounds: 1", "not in order"),
        ("includes: fees\n", "", "needs low, central, high"),
        ("name:", "treatment: left_out\nname:", "has no figures"),
        ("https://example.org", "http://example.org", "page"),
    ],
)
def test_a_record_with_a_fault_is_refused(was: str, now: str, told: str) -> None:
    with pytest.raises(InputError, match=told):
        parse(WHOLE.replace(was, now), PlacementCost, "costs/early_years.yml", "early_years")


def test_a_record_of_no_setting_is_refused() -> None:
    with pytest.raises(InputError, match="is no setting"):
        parse(WHOLE, PlacementCost, "costs/nursery.yml", "nursery")
