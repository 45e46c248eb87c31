"""The catalogue of local returns: what an authority and its partners hold about persons, table by table.

Here: the model of a return, its tables, columns and code lists, and their loader. Not here: reading a
file (`returns/formats/`), the rules between columns (`returns/rules/`), or published datasets
(`catalogue/datasets.py`).

One declaration of a column serves its reader, its validation rules, the empty template with its data
dictionary, and what may be kept of it: an identifier is never kept, whatever a reader does.
"""

from __future__ import annotations

from datetime import date, timedelta
from enum import StrEnum
from functools import cache
from typing import Any, Literal

from pydantic import Field, model_validator

from jsna_pipeline.catalogue.loading import Definition, load_folder


class ColumnKind(StrEnum):
    """What a column holds, and so how its text is read and what of it may be kept."""

    ROW_KEY = "row_key"  # names the row within its table; kept as a plain number
    PARENT_KEY = "parent_key"  # names the row of the parent table; kept as a plain number
    UPN = "upn"  # unique pupil number; kept only as a keyed pseudonym
    ULN = "uln"  # unique learner number; kept only as a keyed pseudonym
    LOCAL_ID = "local_id"  # a system's own number for a person; kept only as a keyed pseudonym
    NAME = "name"  # never kept
    BIRTH_DATE = "birth_date"  # kept as the first day of its month, named birth_month
    POSTCODE = "postcode"  # kept as ward and locality
    DATE = "date"
    CODE = "code"
    FLAG = "flag"
    COUNT = "count"  # a whole number
    AMOUNT = "amount"  # pounds, hours or another measured number; `unit` says which
    ESTABLISHMENT = "establishment"  # URN or UKPRN
    LABEL = "label"  # a name of a place, service or setting: never of a person


IDENTIFIERS = frozenset({ColumnKind.UPN, ColumnKind.ULN, ColumnKind.LOCAL_ID})


class Code(Definition):
    """One allowed code: what it means, the wider group it counts in, and the collection years it is valid."""

    label: str
    group: str = ""
    since: int | None = None
    until: int | None = None

    @model_validator(mode="before")
    @classmethod
    def _label_alone(cls, given: Any) -> Any:
        return {"label": given} if isinstance(given, str) else given

    def valid_in(self, year: int) -> bool:
        return (self.since is None or year >= self.since) and (self.until is None or year <= self.until)


class CodeList(Definition):
    """Codes that several returns share, such as ethnicity."""

    id: str
    title: str
    reference: str
    codes: dict[str, Code]


class ReturnColumn(Definition):
    """One column. `names` are its spellings in files, in any case; a template uses the column's own name."""

    kind: ColumnKind
    title: str
    names: tuple[str, ...] = ()
    required: bool = False
    code_list: str | None = None
    codes: dict[str, Code] = {}
    minimum: float | None = None
    maximum: float | None = None
    unit: str = ""
    since: int | None = Field(None, description="first collection year in which the column is collected")
    until: int | None = Field(None, description="last collection year in which the column is collected")

    def allowed(self, year: int) -> dict[str, Code]:
        """The codes valid in a collection year; empty where the column is no code."""
        known = code_lists()[self.code_list].codes if self.code_list else self.codes
        return {code: entry for code, entry in known.items() if entry.valid_in(year)}

    def collected_in(self, year: int) -> bool:
        return (self.since is None or year >= self.since) and (self.until is None or year <= self.until)


class ReturnTable(Definition):
    """One table of a return: a sheet, a CSV file of an export, or the rows of one repeated XML element."""

    title: str
    one_row_per: str
    columns: dict[str, ReturnColumn]
    element: str = Field("", description="XML element that holds one row")
    file: str = Field("", description="name of the CSV export's file, without date and ending; or sheet")
    parent: str = Field("", description="table that a row belongs to; joined by `<parent>_key`")
    optional: bool = False

    def of_kind(self, *kinds: ColumnKind) -> list[str]:
        return [name for name, column in self.columns.items() if column.kind in kinds]


class Return(Definition):
    """One return or extract: whose it is, why it may be used, what it holds, and how its figures are protected."""

    id: str
    title: str
    description: str
    kind: Literal["statutory", "extract", "template"]
    population: Literal["plans", "pupils_on_roll", "residents", "registered_patients", "services"]
    controller: str
    basis: str = Field(description="statute or duty under which it is collected and may be used")
    purpose: str
    retention_years: int = Field(ge=1, le=25)
    disclosure: str = Field(description="rule of `catalogue/disclosure/` under which its figures are published")
    formats: tuple[str, ...] = Field(min_length=1)
    reference: Literal["third_thursday_of_january", "31_march", "extract"] = "extract"
    reference_page: str = Field("", description="the specification that this record follows")
    tables: dict[str, ReturnTable]
    caveats: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _coherent(self) -> Return:
        for name, table in self.tables.items():
            if table.parent and table.parent not in self.tables:
                raise ValueError(f"table {name!r}: no table {table.parent!r} to belong to")
            for column, entry in table.columns.items():
                coded = bool(entry.codes) or entry.code_list is not None
                if coded != (entry.kind is ColumnKind.CODE):
                    raise ValueError(f"{name}.{column}: codes belong to a column of kind 'code', and it needs them")
        return self

    def record_table(self, table: str) -> str:
        """Name under which the records of `table` are kept: `sen2_person`."""
        return f"{self.id}_{table}"

    def reference_date(self, year: int) -> date | None:
        """The day to which the collection of `year` refers; None for an extract, whose files carry their own."""
        if self.reference == "third_thursday_of_january":
            first = date(year, 1, 1)
            return first + timedelta(days=(3 - first.weekday()) % 7 + 14)
        return date(year, 3, 31) if self.reference == "31_march" else None


@cache
def returns() -> dict[str, Return]:
    """Every return of the catalogue by id, in the order of their file names."""
    return load_folder("returns", Return)


@cache
def code_lists() -> dict[str, CodeList]:
    """Every shared code list by id."""
    return load_folder("code_lists", CodeList)
