"""`datapackage.json`: every file of the folder described so that a program can read and check it.

Here: a Frictionless Data Package (specification 1) with a Table Schema for each table. Not here: what the columns
mean (`columns.py`, `reference.py`, `star.py`), or making the files (`files.py`).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from jsna_pipeline.report.datapack import columns as described
from jsna_pipeline.report.datapack import reference
from jsna_pipeline.report.datapack.columns import Column
from jsna_pipeline.report.datapack.contents import DESCRIPTIONS, TITLES, is_own
from jsna_pipeline.report.datapack.marking import markings
from jsna_pipeline.report.datapack.star import RELATIONS, Star
from jsna_pipeline.report.model import Report

OGL = {
    "name": "OGL-UK-3.0",
    "title": "Open Government Licence v3.0",
    "path": "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/",
}
OWN = {"name": "other-closed", "title": "The area's own: see LICENCE.txt", "path": "LICENCE.txt"}


def data_package(made: Report, files: Mapping[str, bytes], star: Star, star_files: Mapping[str, bytes]) -> bytes:
    """The description of `files` (CSV, by name of table) and `star_files` (Parquet, by name of table)."""
    resources = [_csv_resource(name, content, made, files) for name, content in files.items()]
    resources += [_star_resource(name, content, star) for name, content in star_files.items()]
    package = {
        "profile": "data-package",
        "name": f"jsna-{made.area_slug}-{made.edition}",
        "title": f"{made.title}: {made.area_name}",
        "description": " ".join([*markings(made), f"The data behind the report. {made.subtitle}."]),
        "version": made.edition,
        "created": f"{made.cut_off.isoformat()}T00:00:00Z",
        "keywords": ["SEND", "JSNA", "special educational needs", made.area_name],
        "markings": list(markings(made)),
        "licenses": [OGL, OWN] if any(is_own(name) for name in files) else [OGL],
        "sources": _sources(made),
        "resources": resources,
    }
    return (json.dumps(package, indent=1, ensure_ascii=False) + "\n").encode("utf-8")


def _sources(made: Report) -> list[dict[str, Any]]:
    """Every published file that was read, with its digest."""
    return [
        {
            "title": f"{one.publisher}, {one.publication}: {one.title}",
            "path": one.page,
            "file": one.file,
            "sha256": one.sha256,
            "released": one.released,
            "licence": one.licence,
        }
        for one in made.sources
        if one.present
    ]


def _csv_resource(name: str, content: bytes, made: Report, files: Mapping[str, bytes]) -> dict[str, Any]:
    schema: dict[str, Any] = {"fields": [_field(column) for column in _columns(name, made)], "missingValues": [""]}
    key = reference.KEYS.get(name) or list(described.primary_key(name))
    if key:
        schema["primaryKey"] = key
    names = [column.name for column in _columns(name, made)]
    refers = [(one, *described.REFERENCES[one]) for one in names if one in described.REFERENCES]
    keys = [_foreign(one, to, field) for one, to, field in refers if to in files and to != name]
    if keys:
        schema["foreignKeys"] = keys
    return {
        **_resource(name, f"{name}.csv", content, TITLES[name], DESCRIPTIONS[name]),
        "profile": "tabular-data-resource",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "dialect": {"delimiter": ",", "lineTerminator": "\n", "quoteChar": '"', "doubleQuote": True, "header": True},
        "licenses": [OWN if is_own(name) else OGL],
        "schema": schema,
    }


def _columns(name: str, made: Report) -> tuple[Column, ...]:
    if name in reference.COLUMNS:
        return reference.COLUMNS[name]
    return described.columns_of(name, made.restricted and is_own(name))


def _star_resource(name: str, content: bytes, star: Star) -> dict[str, Any]:
    columns = star.columns[name]
    schema: dict[str, Any] = {"fields": [_field(column) for column in columns]}
    if name.startswith("dim_"):
        schema["primaryKey"] = columns[0].name
    else:
        schema["foreignKeys"] = [_foreign(key, dimension, key) for key, dimension in RELATIONS[name].items()]
    return {
        **_resource(name, f"star/{name}.parquet", content, TITLES[name], DESCRIPTIONS[name]),
        "profile": "data-resource",
        "type": "file",  # programs that read no Parquet then check its digest alone
        "format": "parquet",
        "mediatype": "application/vnd.apache.parquet",
        "licenses": [OGL],
        "schema": schema,
    }


def _resource(name: str, path: str, content: bytes, title: str, description: str) -> dict[str, Any]:
    digest = hashlib.sha256(content).hexdigest()
    told = {"title": title, "description": description, "bytes": len(content), "hash": f"sha256:{digest}"}
    return {"name": name, "path": path, **told}


def _field(column: Column) -> dict[str, Any]:
    constraints: dict[str, Any] = {"required": True} if column.required else {}
    if column.words or column.numbers:
        constraints["enum"] = list(column.words or column.numbers)
    if column.minimum is not None:
        constraints["minimum"] = column.minimum
    if column.maximum is not None:
        constraints["maximum"] = column.maximum
    field: dict[str, Any] = {"name": column.name, "type": column.kind, "title": column.title}
    field["description"] = column.description
    if column.kind == "boolean":
        field |= {"trueValues": ["True"], "falseValues": ["False"]}  # as pandas writes them
    if column.unit:
        field["unit"] = column.unit
    return field | ({"constraints": constraints} if constraints else {})


def _foreign(field: str, resource: str, referred: str) -> dict[str, Any]:
    return {"fields": field, "reference": {"resource": resource, "fields": referred}}
