"""Jumps of totals: planted ones, those that a break or another rule explains, and the release's own."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from jsna_pipeline import geography
from jsna_pipeline.catalogue.arithmetic import Arithmetic
from jsna_pipeline.catalogue.datasets import Break, datasets
from jsna_pipeline.core_tables import core_table
from jsna_pipeline.reconciliation import jumps, repeats
from jsna_pipeline.reconciliation.exceptions import HeldTable, held
from jsna_pipeline.sources.folder import LandingFolder

YEARS = [str(year) for year in range(2019, 2025)]
AREAS = geography.local_authorities()[["area_code", "area_name", "area_level"]]


def series(seed: int = 0) -> pd.DataFrame:
    """Every authority's plans for six years: sizes from 5 to 5,000, growing by 10 % a year, give or take 5 %."""
    random = np.random.default_rng(seed)
    grown = np.exp(np.cumsum(random.normal(0.1, 0.05, (len(AREAS), len(YEARS))), axis=1))
    plans = random.poisson(np.geomspace(5, 5000, len(AREAS))[:, None] * grown).astype("float64")
    long = AREAS.loc[AREAS.index.repeat(len(YEARS))].assign(period=YEARS * len(AREAS), plans=plans.ravel())
    return long.assign(
        dimension="total", category="total", source_file="f.csv", source_line=np.arange(len(long)) + 2
    ).reset_index(drop=True)


def found_in(
    table: pd.DataFrame, breaks: list[Break] | None = None, suspects: pd.DataFrame = jumps.NO_SUSPECTS
) -> pd.DataFrame:
    return jumps.find(HeldTable("dfe__made_up", Arithmetic(), table), ["plans"], breaks or [], suspects)[0]


def doubled_in(table: pd.DataFrame, place: int, period: str) -> pd.DataFrame:
    """The table with one authority's figure trebled in one period and since."""
    there = (table["area_code"] == AREAS["area_code"].iloc[place]) & (table["period"] >= period)
    return table.assign(plans=table["plans"].mask(there, table["plans"] * 3))


@pytest.mark.parametrize("seed", range(5))
def test_ordinary_growth_of_small_and_large_authorities_is_no_jump(seed: int) -> None:
    assert found_in(series(seed)).empty


def test_a_large_authority_that_trebles_is_found_with_what_was_usual() -> None:
    row = found_in(doubled_in(series(), 140, "2022"))
    assert row[["area_code", "period"]].to_numpy().tolist() == [[AREAS["area_code"].iloc[140], "2022"]]
    assert row["published"].iloc[0] == pytest.approx(3 * row["expected"].iloc[0], rel=0.25)
    assert row["exception_class"].iloc[0] == "unexplained"
    assert "standard deviations away" in row["evidence"].iloc[0]


def test_an_authority_of_five_plans_that_trebles_is_not() -> None:
    assert found_in(doubled_in(series(), 0, "2022")).empty


def test_a_break_of_the_series_or_a_suspect_figure_says_why() -> None:
    table = doubled_in(series(), 140, "2022")
    known = Break.model_validate({"from": "2022", "kind": "collection", "reason": "Collected anew."})
    assert found_in(table, [known])["exception_class"].tolist() == ["documented_footnote"]
    line = table.loc[(table["area_code"] == AREAS["area_code"].iloc[140]) & (table["period"] == "2021"), "source_line"]
    suspect = pd.DataFrame(
        {
            "dataset_id": "dfe__made_up",
            "column": "plans",
            "source_file": "f.csv",
            "source_line": line,
            "evidence": "Wrong.",
        }
    )
    assert found_in(table, [known], suspect)["exception_class"].tolist() == ["source_defect"]


@pytest.mark.landing
def test_the_list_of_the_real_release_is_short_and_names_what_stands_out(landing: Path) -> None:
    """Mainstream shares of Redcar and Cleveland by caseload.csv of 2025: 41.6, 20.5 and 43.8 %."""
    dataset = datasets()["dfe__sen2_caseload"]
    core = core_table(dataset, LandingFolder(landing, "2025")).table
    found, covered = jumps.find(held(dataset, core), repeats.count_columns(dataset), dataset.breaks)
    assert 0 < len(found) < covered["compared"].sum() / 200
    redcar = found.loc[(found["area_code"] == "E06000003") & (found["column"] == "mainstream_percent")]
    assert redcar[["period", "published", "exception_class"]].to_numpy().tolist() == [
        ["2022/23", 20.5, "documented_footnote"],
        ["2023/24", 43.8, "unexplained"],
    ]
