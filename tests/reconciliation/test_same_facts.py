"""Facts that two datasets print: the records, the classes of disagreement, and the two releases side by side."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from jsna_pipeline.catalogue.datasets import datasets
from jsna_pipeline.catalogue.same_facts import SameFact, same_facts
from jsna_pipeline.core_tables import core_table, model_of
from jsna_pipeline.reconciliation import repeats
from jsna_pipeline.reconciliation import same_facts as rule
from jsna_pipeline.reconciliation.exceptions import held
from jsna_pipeline.schemas.base import filter_columns, value_columns
from jsna_pipeline.sources.folder import LandingFolder

CASELOAD, LAIT = "dfe__sen2_caseload", "dfe__lait"
PLACES = {"E08000010": "Wigan", "E08000031": "Wolverhampton"}


def record(**changed: object) -> SameFact:
    sides = {
        "left": {"table": CASELOAD, "columns": ["ehc_plans"]},
        "right": {"table": LAIT, "columns": ["value"], "filters": {"measure": "SEN_CASES_JAN"}},
    }
    return SameFact.model_validate({"id": "made_up", "what": "plans"} | sides | changed)


def side(column: str, figures: dict[str, list[float]], **columns: object) -> pd.DataFrame:
    """A core table of totals: by period, the figures of Wigan and Wolverhampton."""
    rows = [
        {"area_code": code, "area_name": name, "period": period, column: value}
        for period, values in figures.items()
        for (code, name), value in zip(PLACES.items(), values, strict=False)
    ]
    frame = pd.DataFrame(rows).assign(
        area_level="local_authority", dimension="total", category="total", source_file=f"{column}.csv", **columns
    )
    return frame.assign(source_line=range(2, len(frame) + 2))


def classes(fact: SameFact, ours: dict[str, list[float]], theirs: dict[str, list[float]]) -> dict[str, str]:
    """Class of each disagreement, by area and period."""
    core = {CASELOAD: side("ehc_plans", ours), LAIT: side("value", theirs, measure="SEN_CASES_JAN")}
    found, covered = rule.find({fact.id: fact}, datasets(), core)
    assert covered["compared"].sum() <= sum(map(len, ours.values()))
    return dict(zip(found["area_name"] + " " + found["period"], found["exception_class"], strict=True))


def test_every_record_names_columns_and_filters_that_its_datasets_have() -> None:
    for fact in same_facts().values():
        for said in (fact.left, fact.right):
            model = model_of(datasets()[said.table])
            assert set(said.columns + said.denominator) <= set(value_columns(model)), fact.id
            keys = {"dimension", "category", "area_level", *filter_columns(model)}
            assert set(said.filters) <= keys, fact.id


def test_equal_figures_are_no_exception_and_are_counted() -> None:
    assert (
        classes(record(), {"2023/24": [10, 20], "2024/25": [11, 21]}, {"2023/24": [10, 20], "2024/25": [11, 21]}) == {}
    )


def test_figures_that_differ_without_a_reason_are_unexplained() -> None:
    found = classes(record(), {"2024/25": [100, 20]}, {"2024/25": [101, 20]})
    assert found == {"Wigan 2024/25": "unexplained"}


def test_a_compilation_that_ends_earlier_is_of_an_earlier_edition() -> None:
    ours = {"2023/24": [100, 200], "2024/25": [110, 210]}
    assert classes(record(), ours, {"2023/24": [101, 150]}) == {
        "Wigan 2023/24": "source_revision",
        "Wolverhampton 2023/24": "unexplained",  # no later edition moves a figure by a quarter
    }


def test_a_half_that_each_rounds_its_way_is_a_tie() -> None:
    fact = record(decimals=1)
    assert classes(fact, {"2024/25": [96.7, 20]}, {"2024/25": [96.75, 20]}) == {"Wigan 2024/25": "rounding_tie"}
    assert classes(fact, {"2024/25": [96.6, 20]}, {"2024/25": [96.75, 20]}) == {"Wigan 2024/25": "unexplained"}


@pytest.mark.parametrize(
    ("periods", "lag", "ours", "theirs"),
    [
        ("begins", 0, "2024/25", "2024"),
        ("ends", 0, "2024/25", "2025"),
        ("ends", 1, "2025", "2024"),
        ("same", 0, "2024", "2024"),
    ],
)
def test_periods_of_two_kinds_are_matched_as_the_record_says(periods: str, lag: int, ours: str, theirs: str) -> None:
    fact = record(periods=periods, right_lag=lag)
    assert classes(fact, {ours: [1, 2]}, {theirs: [9, 2]}) == {f"Wigan {ours}": "unexplained"}


def test_labels_of_two_kinds_are_not_taken_for_one_period() -> None:
    assert classes(record(), {"2024": [1, 2]}, {"2024/25": [9, 9]}) == {}


def test_counts_of_nearly_the_same_thing_may_lie_apart_as_far_as_the_record_says() -> None:
    fact = record(within=40)
    assert classes(fact, {"2024/25": [100, 10]}, {"2024/25": [61, 1]}) == {}
    assert classes(fact, {"2024/25": [100, 10]}, {"2024/25": [59, 1]}) == {"Wigan 2024/25": "unexplained"}


@pytest.mark.landing
def test_plan_figures_equal_laits_for_every_area_and_year_or_are_explained(landing: Path) -> None:
    """LAIT compiles the release of June 2025: of 12,000 figures that both print, 20 differ, each with a reason."""
    folder = LandingFolder(landing, "2025")
    facts = {
        name: fact
        for name, fact in same_facts().items()
        if fact.left.table.startswith("dfe__sen2") and fact.right.table == LAIT
    }
    core = {
        name: core_table(datasets()[name], folder).table for name in {LAIT, *(f.left.table for f in facts.values())}
    }
    new_plans = datasets()["dfe__sen2_new_plans"]
    suspects, _ = repeats.find(held(new_plans, core[new_plans.id]), repeats.count_columns(new_plans))
    found, covered = rule.find(facts, datasets(), core, suspects)
    assert covered["compared"].sum() > 9_000 and covered["not_comparable"].sum() == 0
    assert found["exception_class"].value_counts().to_dict() == {
        "source_defect": 14, "rounding_tie": 4, "documented_footnote": 2,
    }  # fmt: skip
    assert set(found["column"]) == {"mainstream_la / new_plans"} and set(found["period"]) == {"2022"}
    counted = core[CASELOAD].query("dimension == 'total' and area_code == 'E08000010' and period == '2024/25'")
    assert counted["ehc_plans"].tolist() == [3579]
