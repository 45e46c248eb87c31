"""Figures that cannot be: those that validation refused, and those that take two columns to see."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from jsna_pipeline.catalogue.arithmetic import Arithmetic
from jsna_pipeline.catalogue.datasets import datasets
from jsna_pipeline.core_tables import core_table
from jsna_pipeline.readers.result import no_rejects, rejects
from jsna_pipeline.reconciliation import impossible, repeats
from jsna_pipeline.reconciliation.exceptions import HeldTable, held
from jsna_pipeline.sources.folder import LandingFolder

ARITHMETIC = Arithmetic.model_validate(
    {
        "bounds": [{"part": "in_time", "whole": "issued"}],
        "shares": [{"published": "share", "numerator": ["refused"], "denominator": ["requests"]}],
        "footnotes": [
            {
                "areas": ["E08000031"],
                "columns": ["in_time"],
                "effect": "partial",
                "says": "Returned in part.",
                "where": "guidance, footnote 1",
            }
        ],
    }
)


def table(**changed: list[float]) -> pd.DataFrame:
    """Two authorities whose figures are possible but for those that the test changes."""
    values = {"in_time": [4.0, 5.0], "issued": [9.0, 9.0], "refused": [2.0, 3.0], "requests": [8.0, 8.0]} | changed
    frame = pd.DataFrame(values).assign(
        area_code=["E08000010", "E08000031"],
        area_name=["Wigan", "Wolverhampton"],
        area_level="local_authority",
        period="2024",
        dimension="total",
        category="total",
        source_file="f.csv",
        source_line=[2, 3],
    )
    return frame.assign(**{f"{name}_status": "ok" for name in values})


def found_in(frame: pd.DataFrame, refused: pd.DataFrame | None = None) -> pd.DataFrame:
    counts = ["in_time", "issued", "refused", "requests"]
    return impossible.find(
        HeldTable("dfe__made_up", ARITHMETIC, frame), counts, no_rejects() if refused is None else refused
    )[0]


def test_possible_figures_are_left_alone_a_part_may_equal_its_whole() -> None:
    assert found_in(table()).empty
    assert found_in(table(in_time=[9.0, 9.0], refused=[8.0, 8.0])).empty


def test_a_part_above_its_whole_is_a_defect_unless_a_footnote_speaks_of_it() -> None:
    found = found_in(table(in_time=[10.0, 11.0])).set_index("area_name")
    assert found["exception_class"].to_dict() == {"Wigan": "source_defect", "Wolverhampton": "documented_footnote"}
    assert found.loc["Wigan", ["published", "expected", "difference"]].tolist() == [10, 9, 1]


def test_more_decisions_than_requests_are_impossible() -> None:
    found = found_in(table(refused=[9.0, 3.0]))
    assert found[["column", "area_name"]].to_numpy().tolist() == [["refused", "Wigan"]]
    assert "cannot be more than requests, 8" in found["evidence"].iloc[0]


def test_parts_that_only_together_are_above_their_whole_are_found() -> None:
    bounds = {"bounds": [{"part": ["in_time", "refused"], "whole": "requests"}]}
    arithmetic = Arithmetic.model_validate(bounds)
    frame = table(in_time=[6.0, 5.0], refused=[2.0, 4.0])
    found = impossible.find(HeldTable("dfe__made_up", arithmetic, frame), [], no_rejects())[0]
    assert found[["area_name", "column", "published", "expected"]].to_numpy().tolist() == [
        ["Wolverhampton", "in_time", 5, 4]
    ]
    assert found["evidence"].iloc[0] == "in_time and refused, 9, cannot be more than requests, 8."


def test_a_whole_that_stands_in_another_row_is_no_limit_in_this_one() -> None:
    share = {"published": "share", "numerator": ["refused"], "denominator": ["issued"]}
    frame = table(refused=[20.0, 3.0])
    found = {}
    for where, whole_in in (("here", {}), ("elsewhere", {"f_language": "Total"})):
        arithmetic = Arithmetic.model_validate({"shares": [share | {"whole_in": whole_in}]})
        found[where] = impossible.find(HeldTable("dfe__made_up", arithmetic, frame), [], no_rejects())[0]
    assert found["here"]["area_name"].tolist() == ["Wigan"] and found["elsewhere"].empty


def test_part_of_a_person_is_found_where_the_column_is_otherwise_whole() -> None:
    many = pd.concat([table()] * 150, ignore_index=True).assign(source_line=range(300))
    many.loc[7, "issued"] = 9.5
    assert found_in(many)[["column", "source_line"]].to_numpy().tolist() == [["issued", 7]]
    averages = table(issued=[9.5, 9.5])
    assert found_in(averages).empty


def test_what_validation_refused_is_named_by_area_without_its_value() -> None:
    frame = table(issued=[float("nan"), 9.0])
    refused = rejects("f.csv", [2], "issued", "cell", "below 0, the smallest possible value")
    row = found_in(frame, refused).iloc[0]
    assert (row["area_name"], row["column"], row["source_line"]) == ("Wigan", "issued", 2)
    assert pd.isna(row["published"]) and "below 0" in row["evidence"]
    whole_row = rejects("f.csv", [2], "", "row", "the same area, period and groups appear twice")
    assert found_in(table(), whole_row).empty


@pytest.mark.landing
def test_every_negative_count_of_the_release_is_named(landing: Path) -> None:
    """annual_reviews.csv of 2025 prints negative numbers of decisions outstanding, 33 of them authorities' totals."""
    dataset = datasets()["dfe__sen2_annual_reviews"]
    build = core_table(dataset, LandingFolder(landing, "2025"))
    found, _ = impossible.find(held(dataset, build.table), repeats.count_columns(dataset), build.rejects)
    refused = found.loc[found["published"].isna()]
    assert len(refused) == (build.rejects["scope"] == "cell").sum() > 0
    totals = refused.loc[(refused["dimension"] == "total") & (refused["column"] == "decision_outstanding")]
    assert len(totals) == 33 and set(totals["exception_class"]) == {"source_defect"}
    above = found.loc[(found["dimension"] == "total") & found["published"].notna()]
    assert above["area_name"].tolist() == ["Brighton and Hove"]
    assert above[["column", "published", "expected"]].to_numpy().tolist() == [["outcome_maintain", 2173, 2172]]
