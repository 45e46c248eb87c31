"""The published figures as a small star schema: facts and dimensions that Power BI relates by itself.

Here: the frames with their integer keys, the relations between them, and Parquet of plain types. Not here: the area's
own records, surveys and strategies, which no star mixes with published figures; or the flat tables (`files.py`).
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from jsna_pipeline.errors import BuildError
from jsna_pipeline.periods import period_end
from jsna_pipeline.report import formatting
from jsna_pipeline.report.datapack import columns as described
from jsna_pipeline.report.datapack import reference
from jsna_pipeline.report.datapack.columns import Column
from jsna_pipeline.report.datapack.reference import Reference
from jsna_pipeline.report.datapack.sheet_words import group
from jsna_pipeline.report.view import AreaView
from jsna_pipeline.vocabulary import TOTAL, PeriodType

PERIOD, CATEGORY = ["period", "period_type"], ["dimension", "category"]
# Each fact's keys, and the dimension on whose row each stands once.
RELATIONS: Mapping[str, Mapping[str, str]] = {
    "fact_observation": {
        "indicator_key": "dim_indicator",
        "area_key": "dim_area",
        "period_key": "dim_period",
        "category_key": "dim_category",
        "source_key": "dim_source",
    },
    "fact_comparison": {
        "indicator_key": "dim_indicator",
        "area_key": "dim_area",
        "period_key": "dim_period",
        "category_key": "dim_category",
    },
    "fact_trend": {
        "indicator_key": "dim_indicator",
        "area_key": "dim_area",
        "period_key": "dim_period",
        "category_key": "dim_category",
    },
}
MEASURES = {
    "fact_observation": ("observations", "numerator denominator value lower_ci upper_ci status edition"),
    "fact_comparison": (
        "comparisons",
        "comparator comparator_value comparator_count difference significance confidence rank out_of quartile edition",
    ),
    "fact_trend": ("trends", "direction judgement points first_period last_period statistic edition"),
}
PERIOD_COLUMNS = (
    Column("period", "Period", "Period as its publisher labels it", required=True),
    Column("period_type", "Kind of period", "Kind of period", words=tuple(PeriodType), required=True),
    Column("period_in_words", "Period in words", "Period as a sentence says it: January 2025", required=True),
    Column("last_day", "Last day", "Last day of the period; blank where its label does not tell", "date"),
)
CATEGORY_COLUMNS = (
    Column("dimension", "Breakdown", "What the row is broken down by; total for the whole", required=True),
    Column("category", "Group", "Group within the breakdown; total for the whole", required=True),
    Column("dimension_in_words", "Breakdown in words", "The breakdown as the report prints it", required=True),
    Column("category_in_words", "Group in words", "The group as the report prints it", required=True),
    Column("is_total", "Is the whole", "Whether the row is the whole population", "boolean", required=True),
)
KEY_TITLES = {
    "indicator_key": "Key of the indicator",
    "area_key": "Key of the area",
    "period_key": "Key of the period; of a trend, its last",
    "category_key": "Key of breakdown and group",
    "source_key": "Key of the source",
}
ARROW = {
    "string": pa.string(),
    "integer": pa.int64(),
    "number": pa.float64(),
    "boolean": pa.bool_(),
    "date": pa.date32(),
}


@dataclass(frozen=True)
class Star:
    """Dimensions and facts by name, and the columns of each."""

    tables: Mapping[str, pd.DataFrame]
    columns: Mapping[str, tuple[Column, ...]]

    def parquet(self, name: str, note: Mapping[str, str]) -> bytes:
        """One table as Parquet of plain types, `note` in its metadata; no Arrow schema, whose types readers differ on.

        Text is UTF-8, whole numbers 64 bits, dates have no time of day.
        """
        fields = [
            pa.field(one.name, ARROW[one.kind], nullable=not (one.required or one.name.endswith("_key")))
            for one in self.columns[name]
        ]
        table = pa.Table.from_pandas(self.tables[name], schema=pa.schema(fields), preserve_index=False)
        stream = io.BytesIO()
        plain = table.schema.remove_metadata()
        with pq.ParquetWriter(stream, plain, store_schema=False) as writer:
            writer.write_table(table.cast(plain))
            writer.add_key_value_metadata(dict(note))
        return stream.getvalue()


def star_of(view: AreaView, known: Reference) -> Star:
    """The star of the published figures of `view`. Raises BuildError where a figure names what no table knows."""
    dimensions = {
        "dim_indicator": known.indicators,
        "dim_area": known.areas,
        "dim_period": _periods(view),
        "dim_category": _categories(view),
        "dim_source": known.sources.assign(released=_days(known.sources["released"])),
    }
    keyed = {name: _with_key(name, table) for name, table in dimensions.items()}
    kinds = _period_types(view)
    flat = {
        "fact_observation": view.observed,
        "fact_comparison": _with_period_type(view.compared, kinds, "period"),
        "fact_trend": _with_period_type(view.trended.assign(period=view.trended["last_period"]), kinds, "last_period"),
    }
    facts = {name: _fact(name, table, keyed) for name, table in flat.items()}
    tables = {**facts, **keyed}
    return Star(tables, {name: _columns(name) for name in tables})


def _key_of(dimension: str) -> str:
    return f"{dimension.removeprefix('dim_')}_key"


def _with_key(name: str, table: pd.DataFrame) -> pd.DataFrame:
    table = table.reset_index(drop=True)
    table.insert(0, _key_of(name), pd.RangeIndex(1, len(table) + 1))
    return table


def _columns(name: str) -> tuple[Column, ...]:
    if name.startswith("dim_"):
        key = _key_of(name)
        attributes = {
            "dim_indicator": reference.COLUMNS["indicators"],
            "dim_area": reference.COLUMNS["areas"],
            "dim_source": reference.COLUMNS["sources"],
            "dim_period": PERIOD_COLUMNS,
            "dim_category": CATEGORY_COLUMNS,
        }[name]
        return (_key_column(key), *attributes)
    flat, measures = MEASURES[name]
    declared = {column.name: column for column in described.columns_of(flat)}
    return (*(_key_column(key) for key in RELATIONS[name]), *(declared[one] for one in measures.split()))


def _key_column(key: str) -> Column:
    return Column(key, key.replace("_", " ").capitalize(), KEY_TITLES[key], "integer", minimum=1, required=True)


def _periods(view: AreaView) -> pd.DataFrame:
    """Every period of a figure, in the order of time."""
    seen = view.observed[PERIOD].drop_duplicates() if len(view.observed) else pd.DataFrame(columns=PERIOD)
    ends = [period_end(one.period, one.period_type) for one in seen.itertuples()]
    words = [formatting.period_words(one.period, one.period_type) for one in seen.itertuples()]
    table = seen.assign(period_in_words=words, last_day=pd.Series(ends, index=seen.index, dtype=object))
    order = table["last_day"].map(lambda day: day.toordinal() if day else 0)
    return table.assign(order=order).sort_values(["order", *PERIOD], kind="stable").drop(columns="order")


def _categories(view: AreaView) -> pd.DataFrame:
    seen = view.observed[CATEGORY].drop_duplicates() if len(view.observed) else pd.DataFrame(columns=CATEGORY)
    whole = (seen["dimension"] == TOTAL) & (seen["category"] == TOTAL)
    table = seen.assign(
        dimension_in_words=seen["dimension"].map(group),
        category_in_words=seen["category"].map(group),
        is_total=whole.astype(bool),
    )
    return table.sort_values(["is_total", *CATEGORY], ascending=[False, True, True], kind="stable")


def _days(released: pd.Series) -> pd.Series:
    return pd.to_datetime(released.mask(released == ""), format="%Y-%m-%d").dt.date


def _period_types(view: AreaView) -> pd.DataFrame:
    """The kind of period of each series and period: comparisons and trends leave it to their observations."""
    key = ["indicator_id", "area_code", "period", *CATEGORY]
    return view.observed[[*key, "period_type"]].drop_duplicates(key)


def _with_period_type(table: pd.DataFrame, kinds: pd.DataFrame, period: str) -> pd.DataFrame:
    key = ["indicator_id", "area_code", *CATEGORY]
    kinds = kinds.rename(columns={"period": period})
    return table.merge(kinds, on=[*key, period], how="left", validate="m:1")


def _fact(name: str, table: pd.DataFrame, dimensions: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    naturals: Mapping[str, Sequence[str]] = {
        "indicator_key": ["indicator_id"],
        "area_key": ["area_code"],
        "period_key": PERIOD,
        "category_key": CATEGORY,
        "source_key": ["source_id"],
    }
    for key, dimension in RELATIONS[name].items():
        natural = list(naturals[key])
        table = table.merge(dimensions[dimension][[key, *natural]], on=natural, how="left", validate="m:1")
        unknown = int(table[key].isna().sum())
        if unknown:
            raise BuildError(f"{unknown} rows of {name} name a {key.removesuffix('_key')} that no table of it knows.")
        table[key] = table[key].astype("int64")
    return table[[*RELATIONS[name], *MEASURES[name][1].split()]]
