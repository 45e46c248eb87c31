"""The tables that the others refer to: indicators, areas and sources, a row each.

Here: `indicators.csv`, `areas.csv` and `sources.csv`, which the star schema shares, and their columns. Not here:
figures, or the dictionary as the report prints it (`report/dictionary.py`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from jsna_pipeline import geography
from jsna_pipeline.catalogue.chapters import chapters
from jsna_pipeline.catalogue.datasets import datasets
from jsna_pipeline.catalogue.indicators import indicators
from jsna_pipeline.report.datapack.columns import Column
from jsna_pipeline.report.dictionary import dictionary_entry
from jsna_pipeline.report.model import DictionaryEntry, Report
from jsna_pipeline.report.view import AreaView
from jsna_pipeline.vocabulary import AreaLevel, Method, Polarity

THIS_AREA, ENGLAND, REGION, NEIGHBOUR, NHS_BODY, OTHER = (
    "this_area",
    "england",
    "region",
    "statistical_neighbour",
    "nhs_body",
    "other",
)
ROLES = (THIS_AREA, REGION, ENGLAND, NEIGHBOUR, NHS_BODY, OTHER)


def _words(enumeration: type) -> tuple[str, ...]:
    return tuple(member.value for member in enumeration)  # type: ignore[attr-defined]


COLUMNS: Mapping[str, tuple[Column, ...]] = {
    "indicators": (
        Column("indicator_id", "Indicator id", "Id of the indicator, the same in every edition", required=True),
        Column("indicator", "Indicator", "Name of the indicator", required=True),
        Column("chapter", "Chapter", "Chapter of the report that prints it"),
        Column("question", "Question", "The question that it answers"),
        Column("description", "Description", "What is measured"),
        Column("population", "Population", "Who is counted"),
        Column("numerator", "Numerator", "What stands above the line"),
        Column("denominator", "Denominator", "What stands below the line; none for a count"),
        Column("method", "Method", "How the value is made", words=_words(Method), required=True),
        Column("polarity", "Polarity", "Whether high or low values are better", words=_words(Polarity), required=True),
        Column("unit", "Unit", "Unit of the value; percentages are 0 to 100", required=True),
        Column("decimals", "Decimals", "Decimal places at which the value is printed", "integer", minimum=0),
        Column("source", "Source", "Publisher, publication and table"),
        Column("caveats", "Caveats", "What limits its use"),
        Column("reviewed", "Reviewed", "Day on which the definition was last reviewed"),
    ),
    "areas": (
        Column("area_code", "Area code", "ONS code, or the NHS organisation's own code", required=True),
        Column("area_name", "Area", "Name of the area", required=True),
        Column("area_level", "Level of area", "Level of the area", words=_words(AreaLevel), required=True),
        Column("role", "Role", "What the area is to this report", words=ROLES, required=True),
        Column("neighbour_rank", "Rank as neighbour", "1 is the most alike; blank for all others", "integer"),
    ),
    "sources": (
        Column("source_id", "Source id", "Id of the dataset", required=True),
        Column("publisher", "Publisher", "Who publishes it", required=True),
        Column("publication", "Publication", "The publication that it belongs to", required=True),
        Column("title", "Title", "What the dataset holds", required=True),
        Column("latest_period", "Latest period", "Newest period in the file; blank where it was not used"),
        Column("released", "Released", "Day of its release; blank where it is not recorded", "date"),
        Column("licence", "Licence", "Terms under which it is published", required=True),
        Column("page", "Page", "Page of the publication", required=True),
    ),
}
KEYS = {"indicators": "indicator_id", "areas": "area_code", "sources": "source_id"}


@dataclass(frozen=True)
class Reference:
    """A frame each, with exactly the columns of `COLUMNS`, sorted as a reader looks them up."""

    indicators: pd.DataFrame
    areas: pd.DataFrame
    sources: pd.DataFrame

    @property
    def tables(self) -> dict[str, pd.DataFrame]:
        return {"indicators": self.indicators, "areas": self.areas, "sources": self.sources}


def reference_of(made: Report, view: AreaView) -> Reference:
    """Everything that a row of `view` may name, and every definition that the report prints."""
    return Reference(_indicators(made, view), _areas(view), _sources(view))


def _indicators(made: Report, view: AreaView) -> pd.DataFrame:
    known, catalogue = {entry.indicator_id: entry for entry in made.dictionary}, indicators()
    seen = [] if view.observed.empty else view.observed["indicator_id"].unique().tolist()
    names = list(dict.fromkeys([*known, *seen]))
    rows = []
    for name in (one for one in names if one in catalogue):
        record = catalogue[name]
        entry: DictionaryEntry = known.get(name) or dictionary_entry(record, datasets()[record.source])
        rows.append(
            {
                "indicator_id": name,
                "indicator": entry.name,
                "chapter": chapters()[record.chapter].title,
                "question": entry.question,
                "description": entry.description,
                "population": entry.population,
                "numerator": entry.numerator,
                "denominator": entry.denominator,
                "method": record.method.value,
                "polarity": record.polarity.value,
                "unit": record.unit,
                "decimals": record.decimals,
                "source": entry.source,
                "caveats": " ".join(entry.caveats),
                "reviewed": entry.reviewed,
            }
        )
    order = {name: place for place, name in enumerate(catalogue)}
    rows.sort(key=lambda row: order[row["indicator_id"]])
    return _frame("indicators", rows)


def _areas(view: AreaView) -> pd.DataFrame:
    """The area, its region and England always, and whoever else has a figure."""
    always = [view.area.code, view.region_code, geography.ENGLAND]
    rows: dict[str, dict[str, Any]] = {code: {"area_code": code, **_named(code)} for code in always}
    if not view.observed.empty:
        seen = view.observed[["area_code", "area_name", "area_level"]].drop_duplicates("area_code")
        rows |= {row["area_code"]: row for row in seen.to_dict("records")}
    ranks = {} if view.neighbours.empty else dict(zip(view.neighbour_codes, view.neighbours["rank"], strict=True))
    for code, row in rows.items():
        row["role"] = _role(view, code, row["area_level"], ranks)
        row["neighbour_rank"] = ranks.get(code)
    ordered = sorted(
        rows.values(), key=lambda row: (ROLES.index(row["role"]), ranks.get(row["area_code"], 0), row["area_code"])
    )
    return _frame("areas", ordered)


def _named(code: str) -> dict[str, str]:
    area = geography.area(code)
    return {"area_name": area.name, "area_level": area.level.value}


def _role(view: AreaView, code: str, level: str, ranks: Mapping[str, int]) -> str:
    if level in {AreaLevel.SUB_ICB, AreaLevel.ICB, AreaLevel.PROVIDER}:
        return NHS_BODY
    roles = {view.area.code: THIS_AREA, view.region_code: REGION, geography.ENGLAND: ENGLAND}
    return roles.get(code, NEIGHBOUR if code in ranks else OTHER)


def _sources(view: AreaView) -> pd.DataFrame:
    """A row a dataset of the catalogue; several files of one dataset share it."""
    found: dict[str, dict[str, str]] = {}
    if not view.sources.empty:
        newest = view.sources.sort_values(["dataset_id", "latest_period", "released"], kind="stable")
        rows = newest.drop_duplicates("dataset_id", keep="last").to_dict("records")
        found = {row["dataset_id"]: row for row in rows}
    rows = [
        {
            "source_id": name,
            "publisher": record.publisher,
            "publication": record.publication,
            "title": record.title,
            "latest_period": found.get(name, {}).get("latest_period", ""),
            "released": found.get(name, {}).get("released", ""),
            "licence": record.licence,
            "page": record.page,
        }
        for name, record in sorted(datasets().items())
    ]
    return _frame("sources", rows)


def _frame(name: str, rows: list[dict]) -> pd.DataFrame:
    types = {"integer": "Int64", "number": "float64"}
    columns = {column.name: types.get(column.kind, "str") for column in COLUMNS[name]}
    return pd.DataFrame(rows, columns=list(columns)).astype(columns)
