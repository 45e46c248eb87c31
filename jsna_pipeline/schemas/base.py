"""What every core table shares: its key columns, the kinds of field, and the status beside a value.

Here: the base model and the field constructors, which carry description, unit and the publisher's
own column names, so that readers, Dagster column schemas and the data package are generated from
one declaration. Not here: any publisher's table (`schemas/<publisher>.py`) or the act of validating
(`schemas/validation.py`).
"""

from __future__ import annotations

from functools import cache
from typing import Any

import pandera.pandas as pa

from jsna_pipeline.vocabulary import AreaLevel, PeriodType, Status

STATUS_SUFFIX = "_status"


def key(description: str, **checks: Any) -> Any:
    """A column that identifies the row; made by the reader, never read under its own name."""
    return pa.Field(description=description, metadata={"role": "key"}, **checks)


def filter_column(description: str, *, published_as: list[str]) -> Any:
    """A column of the published file that says which group the row counts (text, never null)."""
    return pa.Field(description=description, metadata={"role": "filter", "published_as": published_as})


def count(description: str, *, published_as: list[str], unit: str = "children") -> Any:
    """A number of people or events, never negative."""
    return _value(description, published_as, unit, ge=0)


def percentage(description: str, *, published_as: list[str], unit: str = "percent") -> Any:
    """A percentage on the scale 0 to 100."""
    return _value(description, published_as, unit, ge=0, le=100)


def number(description: str, *, published_as: list[str], unit: str, **bounds: float) -> Any:
    """Any other published number: a score, a rate, a mean."""
    return _value(description, published_as, unit, **bounds)


def _value(description: str, published_as: list[str], unit: str, **bounds: Any) -> Any:
    return pa.Field(
        nullable=True,
        description=description,
        metadata={"role": "value", "unit": unit, "published_as": published_as},
        **bounds,
    )


class CoreTable(pa.DataFrameModel):
    """Base of every core table: one row per area, period and group, as the publisher released it.

    Each value column `x` stands beside `x_status` (see `vocabulary.Status`): a null value always
    says why it is null, and no marker ever becomes 0.
    """

    area_code: str = key("ONS code of the area, or the NHS organisation's own code")
    area_name: str = key("Name of the area in the register, or the NHS organisation's own name")
    area_level: str = key("Level of the area", isin=[level.value for level in AreaLevel])
    period: str = key("Period as the report prints it, for example 2024/25 or 2024")
    period_type: str = key("What kind of period it is", isin=[kind.value for kind in PeriodType])
    dimension: str = key("What the row is broken down by; `total` for the whole population")
    category: str = key("The group within the dimension; `total` for the whole population")
    source_file: str = key("Published file that holds the row")
    source_line: int = key("Line of that file, the header being line 1 (or row of the sheet)", ge=1)

    class Config:
        strict = True
        coerce = True
        ordered = False


KEY_COLUMNS = ["area_code", "area_name", "area_level", "period", "period_type", "dimension", "category"]
SOURCE_COLUMNS = ["source_file", "source_line"]

CoreModel = type[CoreTable]


def _columns_with_role(model: CoreModel, role: str) -> list[str]:
    columns = model.to_schema().columns
    return [name for name, column in columns.items() if (column.metadata or {}).get("role") == role]


@cache
def value_columns(model: CoreModel) -> tuple[str, ...]:
    """Names of the value columns, in the order they are declared."""
    return tuple(_columns_with_role(model, "value"))


@cache
def filter_columns(model: CoreModel) -> tuple[str, ...]:
    """Names of the published filter columns, in the order they are declared."""
    return tuple(_columns_with_role(model, "filter"))


def published_names(model: CoreModel, column: str) -> list[str]:
    """The spellings under which the publisher has released `column`, newest first."""
    return list(model.to_schema().columns[column].metadata["published_as"])


def status_column(value_column: str) -> str:
    return value_column + STATUS_SUFFIX


@cache
def table_schema(model: CoreModel) -> pa.DataFrameSchema:
    """The full pandera schema of a core table: the model's columns and a status beside each value."""
    schema = model.to_schema()
    statuses = {
        status_column(name): pa.Column(
            str,
            pa.Check.isin([status.value for status in Status]),
            description=f"Why `{name}` is present or absent",
            metadata={"role": "status"},
        )
        for name in value_columns(model)
    }
    return schema.add_columns(statuses)
