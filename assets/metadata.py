"""What the Dagster UI shows of an asset, generated from the definitions and the tables.

Here: column schemas from pandera models, owners, tags and materialisation metadata. Not here: text
that belongs to a dataset's or indicator's own record.
"""

from typing import Any

import dagster as dg
import pandas as pd
import pandera.pandas as pa

OWNERS = ["team:send-intelligence"]


def column_schema(schema: pa.DataFrameSchema) -> dg.TableSchema:
    """A pandera schema as Dagster's, with each column's unit as a tag."""
    return dg.TableSchema(
        columns=[
            dg.TableColumn(
                name=str(name),
                type=str(column.dtype),
                description=column.description,
                constraints=dg.TableColumnConstraints(nullable=column.nullable, unique=column.unique),
                tags={"unit": _tag((column.metadata or {})["unit"])} if (column.metadata or {}).get("unit") else {},
            )
            for name, column in schema.columns.items()
        ]
    )


def _tag(text: str) -> str:
    """A unit in the characters that Dagster allows in a tag."""
    return "".join(letter if letter.isalnum() else "_" for letter in text)[:63].strip("_")


def table_metadata(table: pd.DataFrame, **extra: Any) -> dict[str, Any]:
    """Row count and whatever else a materialisation records; never a cell of the table."""
    return {"dagster/row_count": len(table), **extra}


def national_table(group: str, model: type[pa.DataFrameModel], description: str) -> dict[str, Any]:
    """What an asset of one of the published tables declares, for `dg.asset` and `dg.AssetOut` alike."""
    return {
        "group_name": group,
        "description": description,
        "kinds": {"pandas", "parquet"},
        "owners": OWNERS,
        "tags": tags(group),
        "metadata": {"dagster/column_schema": column_schema(model.to_schema())},
    }


def protected_table(group: str, model: type[pa.DataFrameModel], description: str) -> dict[str, Any]:
    """As `national_table`, of a table about one area: protected rather than published."""
    declared = national_table(group, model, description)
    return {**declared, "tags": {**tags(group), "sensitivity": "protected"}}


def tags(domain: str) -> dict[str, str]:
    return {"domain": domain, "sensitivity": "published"}
