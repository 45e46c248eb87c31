"""A small view of Wigan with figures in every shape that the data files know, and the report around it.

Here: invented figures of real indicators, hostile words of people, hidden counts. Not here: what is said of them.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import pandas as pd

from jsna_pipeline.catalogue.datasets import datasets
from jsna_pipeline.report.datapack.columns import columns_of
from jsna_pipeline.report.datapack.future_tables import SOURCES
from jsna_pipeline.report.model import Report, SourceEntry
from jsna_pipeline.report.view import AreaView
from jsna_pipeline.steering import MODELS
from tests.report import protected_tables, sample_report

WIGAN, ENGLAND, NORTH_WEST, NEIGHBOUR = "E08000010", "E92000001", "E12000002", "E08000036"
AREAS = {
    WIGAN: ("Wigan", "local_authority"),
    ENGLAND: ("England", "england"),
    NORTH_WEST: ("North West", "region"),
    NEIGHBOUR: ("Wakefield", "local_authority"),
}
CASELOAD, TIMELY = "ehcp_caseload", "ehcp_within_20_weeks_excl"
HOSTILE = '=HYPERLINK("http://example.org","pay")'
HOSTILE_NAME = "A [link](x) <b>*bold*</b>: 'x'\n- y"
SHAPES = (  # indicator, period, kind, dimension, category, numerator, denominator, value, lower, upper, unit, status
    (CASELOAD, "2023/24", "january_snapshot", "total", "total", 2800.0, None, 2800.0, None, None, "plans", "ok"),
    (CASELOAD, "2024/25", "january_snapshot", "total", "total", 2966.0, None, 2966.0, None, None, "plans", "ok"),
    (CASELOAD, "2024/25", "january_snapshot", "sex", "Female", None, None, None, None, None, "plans", "suppressed"),
    (TIMELY, "2023", "calendar_year", "total", "total", 257.0, 603.0, 42.6, 38.7, 46.6, "percent", "ok"),
    (TIMELY, "2024", "calendar_year", "total", "total", None, None, None, None, None, "percent", "unavailable"),
    (TIMELY, "2022", "calendar_year", "total", "total", 3.0, 9.0, None, None, None, "percent", "low_reliability"),
)
COUNTED = protected_tables.counts("plans_by_age", {(): 300, (("age_band", "0-4"),): None, (("age_band", "5-10"),): 120})
WAITED = protected_tables.statistics(
    "wait_for_plan", ("total", "total", "median", 22.0, 21.0, 24.0, "weeks"),
    ("age_band", "0-4", "median", None, None, None, "weeks"),
)  # fmt: skip
RETURNED = pd.DataFrame([protected_tables.returned("sen2", "SEN2 person-level return", "plans")])


def observed() -> pd.DataFrame:
    names = (
        "indicator_id period period_type dimension category numerator denominator value lower_ci upper_ci unit status"
    )
    rows = [
        dict(zip(names.split(), shape, strict=True)) | {"area_code": code, "area_name": name, "area_level": level}
        for code, (name, level) in AREAS.items()
        for shape in SHAPES
    ]
    made = pd.DataFrame(rows).assign(edition="2025")
    made["source_id"] = made["indicator_id"].map({CASELOAD: "dfe__sen2_caseload", TIMELY: "dfe__sen2_timeliness"})
    return _typed("observations", made)


def compared() -> pd.DataFrame:
    row = {"indicator_id": CASELOAD, "area_code": WIGAN, "period": "2024/25", "dimension": "total", "category": "total"}
    tested = {"comparator_count": 1, "significance": "not_tested", "confidence": None, "edition": "2025"}
    ranked = {"rank": 12.0, "out_of": 150.0, "quartile": 1.0}
    england = row | tested | ranked | {"comparator": "england", "comparator_value": 3000.0, "difference": -34.0}
    before = row | tested | {"comparator": "previous", "comparator_value": 2800.0, "difference": 166.0}
    return _typed("comparisons", pd.DataFrame([england, before]))


def trended() -> pd.DataFrame:
    row = {"area_code": WIGAN, "dimension": "total", "category": "total", "edition": "2025"}
    up = {"indicator_id": CASELOAD, "direction": "increasing", "judgement": "no_judgement", "points": 5}
    up |= {"first_period": "2023/24", "last_period": "2024/25", "statistic": 12.345}
    none = {"indicator_id": TIMELY, "direction": "cannot_be_calculated", "judgement": "no_judgement", "points": 2}
    none |= {"first_period": "2023", "last_period": "2024", "statistic": None}
    return _typed("trends", pd.DataFrame([row | up, row | none]))


def invented(table: str, rows: int = 3) -> pd.DataFrame:
    """Rows of any table as its columns allow: closed lists in turn, what may be missing missing in every other row."""
    fixed = {"indicator_id": CASELOAD, "area_code": WIGAN, "period": "2024/25", "dimension": "total"}
    fixed |= {"dataset_id": "dfe__sen2_caseload", "measure": HOSTILE, "edition": "2025"}
    made = {}
    for column in columns_of(table):
        allowed = column.words or column.numbers
        cells: list[object] = [f"{column.name} {row}" for row in range(rows)]
        if allowed:
            cells = [allowed[row % len(allowed)] for row in range(rows)]
        elif column.kind in ("integer", "number"):
            cells = [
                max(column.minimum or 0, 10) + row + (0.25 if column.kind == "number" else 0) for row in range(rows)
            ]
        elif column.kind == "boolean":
            cells = [row % 2 == 0 for row in range(rows)]
        elif column.name in fixed:
            cells = [fixed[column.name]] * rows
        missing = not column.required and column.kind in ("integer", "number")
        made[column.name] = [None if missing and row % 2 else cell for row, cell in enumerate(cells)]
    rows_made = _typed(table, pd.DataFrame(made))
    if "status" in rows_made:
        numbers = rows_made.select_dtypes("number").columns
        rows_made[numbers] = rows_made[numbers].mask(rows_made["status"] == "suppressed")
    return rows_made


def _typed(table: str, made: pd.DataFrame) -> pd.DataFrame:
    kinds = {"string": "str", "integer": "int64", "number": "float64", "boolean": "bool"}
    types = {one.name: "Int64" if one.kind == "integer" and made.get(one.name, pd.Series()).isna().any()
             else kinds[one.kind] for one in columns_of(table)}  # fmt: skip
    return made.reindex(columns=list(types)).astype(types)


@cache
def view(*, restricted: bool = False, returns: bool = True) -> AreaView:
    given = {"local_counts": COUNTED, "local_statistics": WAITED, "local_returns": RETURNED} if returns else {}
    if restricted and returns:
        given["local_counts"] = COUNTED.assign(count=COUNTED["count"].fillna(3), status="ok")
    given = {name: table[[column.name for column in columns_of(name)]] for name, table in given.items()}
    sources = pd.DataFrame(
        [{"dataset_id": name, "latest_period": "2024/25", "released": "2025-06-26"} for name in sorted(datasets())]
    )
    return replace(
        protected_tables.view(restricted=restricted, **given),
        edition="2025",
        observed=observed(),
        compared=compared(),
        trended=trended(),
        unequal=invented("inequalities"),
        prioritised=invented("priorities", 1),
        reconciliation=invented("reconciliation"),
        future=future_tables() if returns else {},
        sources=sources,
        neighbours=pd.DataFrame({"neighbour_code": [NEIGHBOUR], "name": ["Wakefield"], "rank": [1]}),
    )


def future_tables() -> dict[str, pd.DataFrame]:
    """What is expected, by the names of the tables in the view."""
    return {source: invented(name) for name, (source, _) in SOURCES.items()}


def steering_tables() -> dict[str, pd.DataFrame]:
    """By the names of `steering.MODELS`."""
    return {name: invented(name.removeprefix("steering_")) for name in MODELS}


def report(*, restricted: bool = False, draft: bool = True, illustrative: bool = True) -> Report:
    made = sample_report.build()
    source = SourceEntry(
        "dfe__sen2_caseload", "Department for Education", "Education, health and care plans", "EHC plans",
        "2025/plans.zip", "ab" * 32, "Open Government Licence v3.0", "https://example.org/plans", "2024/25",
        "2025-06-26", True,
    )  # fmt: skip
    missing = replace(source, title="A file that is missing", sha256="", present=False)
    return replace(
        made, area_name="Wigan", area_code=WIGAN, area_slug="wigan", restricted=restricted, draft=draft,
        illustrative=illustrative, dictionary=(), sources=(source, missing),
        governance=replace(made.governance, owner="Director of Children’s Services", author=HOSTILE_NAME),
    )  # fmt: skip
