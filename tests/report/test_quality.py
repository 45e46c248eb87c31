"""The data-quality chapter and the file of exceptions: what is said of an area's own figures."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pandas as pd

from jsna_pipeline import geography
from jsna_pipeline.contributions.reading import Problem
from jsna_pipeline.published_tables import Reconciliation, ReconciliationCoverage, checked
from jsna_pipeline.report import datapack
from jsna_pipeline.report.quality import quality_sections

WIGAN = geography.area("Wigan")
PLANS = {"dataset_id": "dfe__sen2_new_plans", "column": "new_plans", "rule": "parts_and_whole", "period": "2022"}


def exception(code: str, published: float, expected: float | None, **changes: Any) -> dict[str, Any]:
    place = geography.area(code)
    return PLANS | {
        "exception_class": "source_defect",
        "area_code": code,
        "area_name": place.name,
        "area_level": place.level.value,
        "dimension": "total",
        "category": "total",
        "group": "",
        "published": published,
        "expected": expected,
        "difference": None if expected is None else published - expected,
        "evidence": "the parts add up to another number",
        "source_file": "a.csv",
        "source_line": 2,
        "edition": "2025",
    } | changes  # fmt: skip


def view(*found: dict[str, Any]) -> Any:
    table = pd.DataFrame(found, columns=list(Reconciliation.to_schema().columns))
    counts = {"rounding_tie": 0, "documented_footnote": 0, "source_revision": 0, "source_defect": 2, "unexplained": 1}
    covered = pd.DataFrame(
        [
            PLANS | counts | {"compared": 1000, "not_comparable": 7, "edition": "2025"},
            PLANS | counts | {"compared": 500, "not_comparable": 0, "edition": "2025", "column": "mainstream"},
        ]
    ).drop(columns="period")
    return SimpleNamespace(
        area=WIGAN,
        region_code=WIGAN.region_code,
        reconciliation=checked(table, Reconciliation),
        reconciled=checked(covered, ReconciliationCoverage),
        rejects=pd.DataFrame(columns=["dataset_id", "column", "scope", "reason"]),
        sources=pd.DataFrame({"dataset_id": ["x"], "role": ["used"]}),
    )


OWN = [
    exception(WIGAN.code, 1010, 1000, period="2023"),
    exception(WIGAN.code, 0, None, dimension="age", category="8", period="2021"),
    exception(WIGAN.code, 90, 30, exception_class="unexplained", dimension="sex"),
]
OTHERS = [exception("E92000001", 5, 4), exception("E08000031", 5, 4), exception(WIGAN.region_code, 5, 4)]


def test_the_rules_table_adds_up_what_was_compared_and_found() -> None:
    section = quality_sections(view(*OWN, *OTHERS))[0]
    rules = section.tables[0]
    assert rules.rows == (("Parts add up to their whole", "1,500", "6", "0", "0", "0", "4", "2"),)
    assert len(rules.columns) == len(rules.numeric) == 8
    assert "1,500 comparisons" in section.statements[0].text
    assert "6 figures did not pass, 3 of them for Wigan" in section.statements[0].text


def test_the_areas_own_exceptions_come_largest_for_their_size_first_and_in_words() -> None:
    own = quality_sections(view(*OTHERS, *OWN))[0].tables[1]
    assert [row[1] for row in own.rows] == ["2022", "2023", "2021"]
    assert own.rows[0] == (
        "New plans (New EHC plans)",
        "2022",
        "all, by sex",
        "90",
        "30",
        "Not explained. The parts add up to another number",
    )
    assert own.rows[2][2:5] == ("8", "0", "")
    assert own.caption == "The 3 largest exceptions for Wigan" and own.notes == ()


def test_only_the_largest_are_shown_and_the_rest_are_said_to_be_in_the_files() -> None:
    section = quality_sections(view(*OWN * 10))[0]
    assert len(section.tables[1].rows) == 12 and section.tables[1].notes == ("18 more in the data files.",)
    assert len(quality_sections(view(*OTHERS))[0].tables) == 1


def test_faults_of_what_people_wrote_are_listed_by_file_and_place_where_there_are_some() -> None:
    assert [one.section_id for one in quality_sections(view(*OWN))] == [
        "quality-reconciliation",
        "quality-refused",
        "quality-missing",
    ]
    problems = [
        Problem("themes.csv", "row 2, column mentions", "has to be a whole number"),
        Problem("themes.csv", "row 3, column source", "is blank and has to be filled in"),
        Problem("services.csv", "", "is not UTF-8 text; save it as “CSV UTF-8”"),
    ]
    section = quality_sections(view(*OWN), problems)[-1]
    assert section.section_id == "quality-contributed"
    assert section.statements[0].text.startswith("3 faults in 2 files that the area wrote")
    assert section.tables[0].rows == (
        ("themes.csv", "row 2, column mentions", "Has to be a whole number"),
        ("themes.csv", "row 3, column source", "Is blank and has to be filled in"),
        ("services.csv", "Whole file", "Is not UTF-8 text; save it as “CSV UTF-8”"),
    )


def test_the_file_of_exceptions_holds_the_area_its_region_and_england_in_that_order() -> None:
    file = datapack.exceptions_of(view(*OTHERS, *OWN))
    assert file["area_code"].tolist() == [WIGAN.code] * 3 + [WIGAN.region_code, "E92000001"]
    assert list(file) == list(Reconciliation.to_schema().columns)
