"""All rules over the real release of EHC plans: what does not add up in it, and that rules say why."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from jsna_pipeline.catalogue.datasets import datasets
from jsna_pipeline.core_tables import core_table
from jsna_pipeline.published_tables import Reconciliation, ReconciliationCoverage, checked
from jsna_pipeline.readers.result import REJECT_COLUMNS
from jsna_pipeline.reconciliation import reconcile, reconciled_datasets
from jsna_pipeline.sources.folder import LandingFolder

PLANS = [name for name in datasets() if name.startswith("dfe__sen2_")]
NO_REJECTS = pd.DataFrame(columns=["dataset_id", *REJECT_COLUMNS])


@pytest.fixture(scope="module")
def release(landing: Path) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Exceptions and coverage of the twelve files of the release of 2025."""
    built = {name: core_table(datasets()[name], LandingFolder(landing, "2025")) for name in PLANS}
    rejects = pd.concat([made.rejects.assign(dataset_id=name) for name, made in built.items()], ignore_index=True)
    core = {name: made.table for name, made in built.items()}
    found, covered = reconcile(datasets(), {}, core, rejects, "2025")
    return checked(found, Reconciliation), checked(covered, ReconciliationCoverage)


def one(found: pd.DataFrame, **where: str) -> pd.Series:
    rows = found
    for name, value in ({"dimension": "total", "rule": "share_from_counts"} | where).items():
        rows = rows.loc[rows[name] == value]
    assert len(rows) == 1, f"{len(rows)} rows for {where}"
    return rows.iloc[0]


@pytest.mark.landing
def test_of_the_printed_shares_of_the_release_none_in_ten_thousand_is_unexplained(
    release: tuple[pd.DataFrame, pd.DataFrame],
) -> None:
    _, covered = release
    shares = covered.loc[covered["rule"].eq("share_from_counts")]
    assert shares["compared"].sum() > 800_000
    assert shares["unexplained"].sum() / shares["compared"].sum() <= 0.0001
    assert shares[["rounding_tie", "documented_footnote", "source_revision"]].sum().tolist() == [39, 23, 0]
    # Decisions within six weeks, whose share counts requests that neither count does; and one wrong whole.
    assert shares.groupby("dataset_id")["source_defect"].sum().loc[lambda number: number > 0].to_dict() == {
        "dfe__sen2_new_plans": 94,
        "dfe__sen2_requests": 461,
    }


@pytest.mark.landing
def test_the_known_exceptions_of_the_release_have_their_class_and_say_what_it_rests_on(
    release: tuple[pd.DataFrame, pd.DataFrame],
) -> None:
    found, _ = release
    tie = one(found, dataset_id="dfe__sen2_timeliness", area_name="Birmingham", dimension="age", category="8",
              column="within_20_weeks_excl_percent")  # fmt: skip
    assert (tie["exception_class"], tie["published"], tie["expected"]) == ("rounding_tie", 28.7, 28.8)
    assert tie["evidence"].startswith("23 of 80 is exactly 28.75, halfway") and tie["source_line"] == 8911
    noted = one(found, dataset_id="dfe__sen2_caseload", area_name="England", column="mainstream_percent")
    assert (noted["exception_class"], noted["period"]) == ("documented_footnote", "2023/24")
    assert "Hackney and Peterborough" in noted["evidence"] and "248,016 of 572,829" in noted["evidence"]
    barnsley = one(found, dataset_id="dfe__sen2_new_plans", area_name="Barnsley", column="mainstream_percent")
    assert (barnsley["published"], barnsley["expected"], barnsley["period"]) == (79.6, 4.2, "2022")
    assert barnsley["evidence"] == (
        "79.6 follows from 254 of 319, the sum of the parts, and not from the 6,078 printed as their whole "
        "(the figure of Yorkshire and The Humber)."
    )
    trafford = one(found, dataset_id="dfe__sen2_requests", area_name="Trafford", period="2023",
                   column="within_6_weeks_percent")  # fmt: skip
    assert trafford["exception_class"] == "source_defect"
    assert trafford["evidence"].endswith("all follow from a whole of 676, where the counts printed add up to 660.")


@pytest.mark.landing
def test_totals_of_the_release_that_do_not_add_up(release: tuple[pd.DataFrame, pd.DataFrame]) -> None:
    found, covered = release
    sums = covered.loc[covered["rule"].isin(["parts_and_whole", "levels_add_up", "categories_add_up"])]
    assert sums["compared"].sum() > 700_000
    # Essex's plans that ceased in 2023 and 2024 include seven without any of the ten printed reasons.
    unexplained = found.loc[found["rule"].isin(set(sums["rule"])) & found["exception_class"].eq("unexplained")]
    assert set(unexplained["area_name"]) == {"Essex"} and len(unexplained) == 21
    doubled = found.query("dataset_id == 'dfe__sen2_residential' and area_name == 'North East'")
    assert set(doubled["rule"]) == {"parts_and_whole", "levels_add_up"}
    assert doubled[["published", "expected"]].drop_duplicates().values.tolist() == [[110, 42]]
    assert doubled["evidence"].str.endswith("2 ways of adding up agree on 42.").all()
    surrey = found.query("dataset_id == 'dfe__sen2_primary_needs' and rule == 'levels_add_up'")
    assert set(surrey["area_name"]) == {"South East"}
    assert set(surrey["exception_class"]) == {"documented_footnote"}


@pytest.mark.landing
def test_authorities_that_decided_more_requests_than_they_received_are_named(
    release: tuple[pd.DataFrame, pd.DataFrame],
) -> None:
    """requests.csv of 2025: Wigan, 1,031 decisions within six weeks and 6 after, of 1,020 requests in 2024."""
    found, _ = release
    above = found.query("dataset_id == 'dfe__sen2_requests' and rule == 'impossible_value' and dimension == 'total'")
    assert above["period"].value_counts().to_dict() == {"2023": 25, "2024": 42}
    assert set(above["area_level"]) == {"local_authority"} and set(above["exception_class"]) == {"source_defect"}
    wigan = above.set_index("area_name").loc["Wigan"]
    assert wigan["evidence"] == "within_6_weeks and over_6_weeks, 1,037, cannot be more than requests, 1,020."


def test_an_edition_without_files_has_tables_without_rows() -> None:
    empty = {name: pd.DataFrame() for name in reconciled_datasets(datasets())}
    found, covered = reconcile(datasets(), {}, empty, NO_REJECTS, "2025")
    assert checked(found, Reconciliation).empty and checked(covered, ReconciliationCoverage).empty
