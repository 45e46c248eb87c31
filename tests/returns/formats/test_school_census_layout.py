"""The catalogue's school census against the field layouts of its spring export, 2016 to 2026.

The layouts are a first one and yearly differences: a column or table added, modified, removed or renamed.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from jsna_pipeline.catalogue.returns import returns

pytestmark = pytest.mark.landing

# Where the catalogue is stricter than the layout on purpose, by column of a table.
ENDED = {
    "SEN provision": {"S", "A", "P"},  # statements ended in 2018, action plans in 2015
    "attendance": {"H", "J"},  # ended in August 2024; the layout keeps them for schools that lag behind
}


@cache
def layouts(folder: Path) -> dict[int, Mapping[str, Any]]:
    """Table -> column -> field of each year's spring census."""
    tables = yaml.safe_load((folder / "school_census_schema_2015.yml").read_text("utf-8"))["spring"]
    found: dict[int, Mapping[str, Any]] = {}
    for year in range(2016, 2027):
        changes = yaml.safe_load((folder / f"school_census_schema_{year}.diff.yml").read_text("utf-8"))
        for path, change in changes.get("spring", {}).items():
            apply(tables, path, change["type"], change["value"])
        found[year] = copy.deepcopy(tables["column_map"])
    return found


def apply(tables: dict[str, Any], path: str, kind: str, value: Any) -> None:
    *folders, name = path.split(".")
    for folder in folders:
        tables = tables[folder]
    match kind:
        case "add" | "modify":
            tables[name] = value
        case "rename":
            tables[value] = tables.pop(name)
        case "remove":
            for column in value:
                tables[name].pop(column, None)
        case _:
            raise ValueError(kind)


@pytest.fixture(params=[2016, 2020, 2021, 2024, 2025, 2026])
def year(request: pytest.FixtureRequest) -> int:
    return int(request.param)


@pytest.fixture
def layout(landing: Path, year: int) -> Mapping[str, Any]:
    return layouts(landing / "returns" / "school-census" / "schema")[year]


def test_every_column_of_the_catalogue_is_in_the_layout_under_one_of_its_names(
    layout: Mapping[str, Any], year: int
) -> None:
    missing = [
        f"{table.file}.{column}"
        for table in returns()["school_census"].tables.values()
        for column, entry in table.columns.items()
        if entry.collected_in(year)
        and not {name.lower() for name in entry.names} & {name.lower() for name in layout[table.file]}
    ]
    # Three reasons were one until 2020.
    assert missing == (["termlyexclusionsonroll.reason_2", "termlyexclusionsonroll.reason_3"] if year <= 2020 else [])


def test_allowed_codes_are_the_layout_s_but_for_those_that_ended(layout: Mapping[str, Any], year: int) -> None:
    census = returns()["school_census"].tables
    allowed = {
        (table.file, column): set(entry.allowed(year))
        for table in census.values()
        for column, entry in table.columns.items()
    }

    def published(table: str, column: str) -> set[str]:
        return {str(code["code"]).replace("\\\\", "\\") for code in layout[table][column]["category"]}

    sex = "sex" if "sex" in layout["pupilonroll"] else "gender"
    assert published("pupilonroll", sex) == allowed["pupilonroll", "sex"] & {"M", "F"}
    assert allowed["pupilonroll", "ethnicity"] == published("pupilonroll", "ethnicity")
    assert allowed["pupilonroll", "year_group"] == published("pupilonroll", "ncyearactual")
    assert allowed["pupilonroll", "enrolment"] == published("pupilonroll", "enrolstatus")
    provision = allowed["pupilonroll", "sen_provision"]
    assert {"N", "E", "K"} <= provision <= published("pupilonroll", "senprovision")
    assert published("pupilonroll", "senprovision") - provision <= ENDED["SEN provision"]
    if year >= 2025:
        assert provision == {"N", "E", "K"}
        assert allowed["pupilonroll", "sex"] == {"M", "F"}
        attendance = published("termlysessiondetailsonroll", "attendancereason")
        assert attendance - allowed["termlysessiondetailsonroll", "reason"] == ENDED["attendance"]
        assert allowed["termlysessiondetailsonroll", "reason"] < attendance
    if year >= 2021:
        reasons = published("termlyexclusionsonroll", "reason1")
        assert all(allowed["termlyexclusionsonroll", f"reason_{number}"] == reasons for number in (1, 2, 3))
        # The layout takes `FIXD` for another spelling of `SUSP`.
        assert allowed["termlyexclusionsonroll", "category"] == published("termlyexclusionsonroll", "category") | {
            "FIXD"
        }
