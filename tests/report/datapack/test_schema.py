"""The data package: a valid description, true to every cell of every file that it describes."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
from functools import cache
from typing import Any

import pyarrow.parquet as pq
import pytest

from jsna_pipeline.report.datapack.columns import TABLES, columns_of, primary_key
from jsna_pipeline.report.datapack.files import data_files
from jsna_pipeline.report.datapack.reference import COLUMNS
from tests.report.datapack import invented_pack as pack

TYPES = {"string", "integer", "number", "boolean", "date"}
NAME = re.compile(r"^[-a-z0-9._/]+$")
DAY = re.compile(r"^\d{4}-\d{2}-\d{2}$")


@cache
def files(restricted: bool = False) -> dict[str, bytes]:
    return data_files(pack.report(restricted=restricted), pack.view(restricted=restricted), pack.steering_tables())


def package(restricted: bool = False) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(files(restricted)["data/datapackage.json"])
    return found


def rows(resource: dict[str, Any], restricted: bool = False) -> list[dict[str, str]]:
    text = files(restricted)[f"data/{resource['path']}"].decode("utf-8")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def tabular(restricted: bool = False) -> list[dict[str, Any]]:
    return [one for one in package(restricted)["resources"] if one["profile"] == "tabular-data-resource"]


def faults_of_cells(resource: dict[str, Any], table: list[dict[str, str]]) -> list[str]:
    """Every cell that its field does not allow, by the rules of Table Schema."""
    found = []
    for field in resource["schema"]["fields"]:
        limits = field.get("constraints", {})
        for cell in {row[field["name"]] for row in table}:
            if cell in resource["schema"]["missingValues"]:
                allowed = not limits.get("required")
            else:
                allowed = _is_of_type(cell, field) and _within(cell, field["type"], limits)
            found += [] if allowed else [f"{resource['name']}.{field['name']}: {cell!r}"]
    return found


def _is_of_type(cell: str, field: dict[str, Any]) -> bool:
    if field["type"] == "boolean":
        return cell in [*field["trueValues"], *field["falseValues"]]
    if field["type"] == "date":
        return bool(DAY.match(cell))
    if field["type"] in {"integer", "number"}:
        return bool(re.fullmatch(r"-?\d+" + (r"(\.\d+)?(e[+-]\d+)?" if field["type"] == "number" else ""), cell))
    return True


def _within(cell: str, kind: str, limits: dict[str, Any]) -> bool:
    value: Any = float(cell) if kind in {"integer", "number"} else cell
    return (
        value in limits.get("enum", [value])
        and not ("minimum" in limits and value < limits["minimum"])
        and not ("maximum" in limits and value > limits["maximum"])
    )


# --- the description -----------------------------------------------------------------------------------


def test_it_has_what_the_specification_asks_for() -> None:
    told = package()
    assert NAME.match(told["name"]) and told["version"] == pack.report().edition
    assert told["created"] == f"{pack.report().cut_off.isoformat()}T00:00:00Z"
    names = [one["name"] for one in told["resources"]]
    assert len(set(names)) == len(names) and all(NAME.match(name) for name in names)
    for one in told["resources"]:
        assert not one["path"].startswith("/") and ".." not in one["path"]
        assert one["profile"] in {"tabular-data-resource", "data-resource"}
        for field in one["schema"]["fields"]:
            assert field["type"] in TYPES and field["title"] and field["description"], field
    assert all(one["name"] or one["path"] for one in told["licenses"])


def test_every_csv_and_every_table_of_the_star_is_described_with_its_digest() -> None:
    described = {f"data/{one['path']}": one for one in package()["resources"]}
    assert set(described) == {name for name in files() if name.endswith(".csv") or "/star/" in name}
    for path, one in described.items():
        content = files()[path]
        assert (one["bytes"], one["hash"]) == (len(content), f"sha256:{hashlib.sha256(content).hexdigest()}")


def test_sources_are_the_files_that_were_read_with_their_digests() -> None:
    assert [(one["title"], one["sha256"]) for one in package()["sources"]] == [
        ("Department for Education, Education, health and care plans: EHC plans", "ab" * 32)
    ]


def test_every_column_of_every_table_says_what_it_is() -> None:
    for table in TABLES:
        titles = [column.title for column in columns_of(table)]
        assert len(set(titles)) == len(titles), table
        assert all(column.description for column in columns_of(table))
    assert set(primary_key("observations")) == {
        "indicator_id", "area_code", "period", "period_type", "dimension", "category",
    }  # fmt: skip
    assert primary_key("survey_results") == (), "an answer may be blank, and a key may not"


# --- the description against the files -------------------------------------------------------------------


@pytest.mark.parametrize("restricted", [False, True])
def test_every_cell_is_as_its_field_says(restricted: bool) -> None:
    for resource in tabular(restricted):
        table = rows(resource, restricted)
        fields = [field["name"] for field in resource["schema"]["fields"]]
        assert table == [] or list(table[0]) == fields, resource["name"]
        assert faults_of_cells(resource, table) == []


def test_cells_that_break_a_rule_are_found() -> None:
    resource = next(one for one in tabular() if one["name"] == "observations")
    good = rows(resource)[0]
    for name, cell in (("status", "hidden"), ("value", "12 plans"), ("indicator_id", ""), ("area_level", "parish")):
        assert faults_of_cells(resource, [good | {name: cell}]) == [f"observations.{name}: {cell!r}"]


def test_primary_keys_are_unique_and_foreign_keys_lead_to_a_row() -> None:
    tables = {one["name"]: rows(one) for one in tabular()}
    seen = 0
    for one in tabular():
        key = one["schema"].get("primaryKey")
        names = [key] if isinstance(key, str) else key or []
        keys = [tuple(row[name] for name in names) for row in tables[one["name"]]]
        assert not names or len(set(keys)) == len(keys), one["name"]
        for foreign in one["schema"].get("foreignKeys", []):
            to = foreign["reference"]
            known = {row[to["fields"]] for row in tables[to["resource"]]}
            assert {row[foreign["fields"]] for row in tables[one["name"]]} <= known | {""}, (one["name"], foreign)
            seen += 1
    assert seen >= 8


def test_the_star_has_the_columns_that_are_described() -> None:
    types = {"string": "string", "integer": "int64", "number": "double", "boolean": "bool", "date": "date32[day]"}
    for one in package()["resources"]:
        if one["format"] == "parquet":
            schema = pq.read_schema(io.BytesIO(files()[f"data/{one['path']}"]))
            described = {field["name"]: types[field["type"]] for field in one["schema"]["fields"]}
            assert dict(zip(schema.names, map(str, schema.types), strict=True)) == described, one["name"]


def test_own_tables_are_outside_the_open_licence() -> None:
    licences = {one["name"]: one["licenses"][0]["name"] for one in package()["resources"]}
    assert licences["observations"] == licences["fact_trend"] == "OGL-UK-3.0"
    assert licences["local_counts"] == licences["scorecard"] == "other-closed"


def test_rows_for_named_readers_say_so_in_a_column_of_their_own() -> None:
    fields = {one["name"]: [field["name"] for field in one["schema"]["fields"]] for one in tabular(True)}
    assert fields["local_counts"][-1] == fields["scorecard"][-1] == "marking"
    assert "marking" not in fields["observations"] and set(COLUMNS) <= set(fields)
