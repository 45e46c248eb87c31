"""Published figures against their own counts, and the record of sources and gaps."""

from __future__ import annotations

import pandas as pd
import pytest

from jsna_pipeline.catalogue.datasets import datasets
from jsna_pipeline.catalogue.indicators import indicators
from jsna_pipeline.core_tables import PROVENANCE_COLUMNS
from jsna_pipeline.published_tables import Observations, Reconciliation, Sources, checked
from jsna_pipeline.reconciliation import reconcile, sources
from tests.invented_indicators import OTHER, TABLE, WIGAN, WOLVERHAMPTON, core, observed, record
from tests.published_release import PublishedTables

RECORD = record(published="pc", breakdowns=["total", "sex"], filters={"f_phase": "Total"})
AGREEING = [
    {"n": 257, "d": 603, "pc": 42.6, "f_phase": "Total"},
    {"n": 1, "d": 16, "pc": 6.3, "f_phase": "Total", "period": "2023"},  # half up, as the publisher does
    {"n": 200, "d": 300, "pc": 66.66666667, "f_phase": "Total", "period": "2022"},  # more digits than we print
    {"n": 3, "d": 10, "pc": "suppressed", "f_phase": "Total", "period": "2021"},
    {"n": "suppressed", "d": 10, "pc": 30, "f_phase": "Total", "period": "2020"},
    {"n": 30, "d": 100, "pc": 30, "f_phase": "Total", "dimension": "sex", "category": "Female"},
    {"n": 9, "d": 10, "pc": 0, "f_phase": "Primary"},  # not of this indicator
]


def reconciled(rows: list[dict]) -> tuple[pd.DataFrame, int]:
    table = core(rows)
    found, compared = reconcile({"held": RECORD}, {TABLE: table}, observed(RECORD, tables={TABLE: table}), "2025")
    return checked(found, Reconciliation), compared


def test_figures_that_follow_from_their_counts_are_counted_and_not_listed() -> None:
    found, compared = reconciled(AGREEING)
    assert found.empty and compared == 4


def test_a_figure_that_does_not_is_listed_with_its_file_and_line() -> None:
    planted = {"n": 100, "d": 300, "pc": 33.4, "f_phase": "Total", "area_code": WOLVERHAMPTON, "source_file": "x.csv"}
    found, compared = reconciled([*AGREEING, planted])
    assert compared == 5 and len(found) == 1
    row = found.iloc[0]
    assert (row["recomputed"], row["published"], row["difference"]) == (33.3, 33.4, -0.1)
    assert (row["source_file"], row["source_line"], row["area_name"]) == ("x.csv", 9, "Wolverhampton")
    assert (row["numerator"], row["denominator"], row["edition"]) == (100, 300, "2025")


def test_an_indicator_without_a_published_figure_is_not_compared() -> None:
    plain = record()
    table = core([{"n": 1, "d": 2}])
    found, compared = reconcile({"held": plain}, {TABLE: table}, observed(plain, tables={TABLE: table}), "2025")
    assert compared == 0 and list(found) == list(Reconciliation.to_schema().columns)
    checked(found, Reconciliation)


def test_sources_list_each_file_and_each_gap() -> None:
    known = {name: datasets()[name] for name in (TABLE, OTHER)}
    landed = dict.fromkeys(PROVENANCE_COLUMNS, "x") | {"dataset_id": TABLE, "bytes": 5, "role": "used"}
    record_of = {
        TABLE: pd.DataFrame([landed, landed | {"role": "superseded"}]),
        OTHER: pd.DataFrame(columns=PROVENANCE_COLUMNS),
    }
    core_of = {TABLE: core([{"n": 1, "period": "2023"}, {"n": 1}]), OTHER: core([{"n": 1}]).head(0)}
    table = checked(sources(known, record_of, core_of, "2025"), Sources)
    assert table["role"].tolist() == ["used", "superseded", "missing"]
    assert table["latest_period"].tolist() == ["2024", "2024", ""] and table["rows"].tolist() == [2, 2, 0]
    gap = table.iloc[2]
    assert (gap["file"], gap["sha256"], gap["page"]) == ("", "", known[OTHER].page)


def test_one_published_share_of_the_release_does_not_follow_from_its_counts(published_tables: PublishedTables) -> None:
    records = {name: indicators()[name] for name in ("ehcp_within_20_weeks_excl", "ehcp_within_20_weeks_all")}
    found, compared = reconcile(records, published_tables.core, published_tables.observed, "2025")
    # Birmingham, age 8: 23 of 80 is 28.75 exactly, which goes up to 28.8 and was printed as 28.7.
    assert compared > 14000 and len(found) == 1
    row = found.iloc[0]
    assert (row["area_name"], row["period"], row["dimension"], row["category"]) == ("Birmingham", "2024", "age", "8")
    assert (row["numerator"], row["denominator"], row["recomputed"], row["published"]) == (23, 80, 28.8, 28.7)
    assert row["source_file"].startswith("data/timeliness_20_week.csv in ") and row["source_line"] == 8911


def test_the_tables_of_the_release_state_the_published_figures(published_tables: PublishedTables) -> None:
    checked(published_tables.observed, Observations)
    assert list(published_tables.series("ehcp_caseload", WIGAN).values()) == [1804, 1930, 2111, 2337, 2607, 2966, 3579]
    assert list(published_tables.series("ehcp_caseload", WIGAN))[::6] == ["2018/19", "2024/25"]
    assert published_tables.series("ehcp_within_20_weeks_excl", WIGAN) == {
        "2019": 98.6, "2020": 80.4, "2021": 83.5, "2022": 83.9, "2023": 64.4, "2024": 42.6,
    }  # fmt: skip
    row = published_tables.row("observed", indicator_id="ehcp_within_20_weeks_excl", area_code=WIGAN, period="2024")
    assert (row["numerator"], row["denominator"]) == (257, 603)
    assert (round(row["lower_ci"], 1), round(row["upper_ci"], 1)) == (38.7, 46.6)
    reviews = published_tables.row("observed", indicator_id="ehcp_reviews_held", area_code=WIGAN, period="2024")
    assert (reviews["value"], reviews["numerator"], reviews["denominator"]) == (64.4, 1797, 2792)


@pytest.mark.parametrize(("area", "predecessor"), [("E06000063", "E10000006"), ("E06000058", "E06000028")])
def test_no_series_is_glued_over_a_boundary_change(
    published_tables: PublishedTables, area: str, predecessor: str
) -> None:
    now = published_tables.series("ehcp_caseload", area)
    before = published_tables.series("ehcp_caseload", predecessor)
    assert now and before and max(before) < min(now)
