"""The catalogue of indicators: each a reviewed record that says what is counted, of whom, and why.

Here: the model of an indicator record, its loader and the rules that hold between its fields. Not
here: computing it (`indicator_engine.py`) or wording it (`findings.py`).
"""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import Any, Literal, Self

from pydantic import Field, model_validator

from jsna_pipeline.catalogue.chapters import chapters
from jsna_pipeline.catalogue.datasets import Break, datasets
from jsna_pipeline.catalogue.loading import Definition, load_folder
from jsna_pipeline.errors import InputError
from jsna_pipeline.fingerprints import digest
from jsna_pipeline.vocabulary import TOTAL, Method, PeriodType, Polarity

Filters = dict[str, str | list[str]]


# Fields that no table of figures depends on: they show in the next report without one being computed.
_WORDS = {"name", "question", "phrase", "chapter", "order", "description", "rationale", "caveats", "figures"}
_WORDS |= {"owner", "reviewed", "strategies", "population"}


class Category(Definition):
    """One category of a composed dimension: which columns, and which rows, make it up."""

    columns: list[str] = []
    filters: Filters = {}


class Side(Definition):
    """A numerator or a denominator: columns of one core table, added, in the rows that match.

    `filters` are equality or membership. `sum_over` names the dimension whose categories are added
    (single years of age into 0 to 25); `split_by` keeps the parts too, crossed with a filter column, as
    dimension `<dimension>_and_<column>`. `categories` make a dimension out of columns or filters.
    `align` brings a stock counted on another date to the numerator's period.
    """

    table: str
    columns: list[str] = []
    filters: Filters = {}
    sum_over: Literal["category"] | None = None
    split_by: str | None = None
    dimension: str | None = None
    categories: dict[str, Category] = {}
    align: Literal["same", "mid_year_before_january"] = "same"


class Standard(Definition):
    """What the law requires; a comparison with peers never reads as good where it is failed."""

    target: float = 100.0
    rule: str = Field(description="the requirement in words, with its source")
    late: str = Field(description="what the complement did: 'plans were issued after 20 weeks'")
    priority: int = Field(9, description="order on page one; 1 leads")


class Indicator(Definition):
    """One indicator. The file name is the id."""

    id: str = Field(pattern=r"^[a-z][a-z0-9_]+$")
    name: str
    question: str = Field(pattern=r"\?$")
    phrase: str = Field(description="how a sentence says it: 'of new plans were issued within 20 weeks'")
    chapter: str
    order: int
    description: str
    rationale: str
    population: str
    source: str = Field(description="dataset whose publication is cited")
    numerator: Side
    denominator: Side | None = None
    filters: Filters = {}
    breakdowns: list[str] = [TOTAL]
    headline: str = Field(TOTAL, description="`total`, or `dimension/category` of a composed indicator")
    unit: str
    multiplier: float = 1
    decimals: int = Field(ge=0, le=4)
    method: Method
    polarity: Polarity
    period_type: PeriodType
    published: str | None = Field(None, description="column that holds the publisher's own figure")
    lower: str | None = None
    upper: str | None = None
    independent_events: bool = Field(True, description="false for sessions and repeated events: no test is made")
    standard: Standard | None = None
    breaks: list[Break] = []
    caveats: list[str] = []
    figures: list[Literal["trend", "benchmark", "composition", "ages", "pyramid", "funnel", "tiles"]] = [
        "trend",
        "benchmark",
    ]
    owner: str
    reviewed: date
    strategies: list[str] = []

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        needs_denominator = self.method in {
            Method.PROPORTION,
            Method.RATE,
            Method.RATIO,
            Method.MEAN,
            Method.DIFFERENCE,
        }
        if needs_denominator and self.denominator is None:
            raise ValueError(f"method {self.method} needs a denominator")
        if self.method is Method.PROPORTION and self.multiplier != 100:
            raise ValueError("a proportion is printed as a percentage: multiplier 100")
        if not self.numerator.columns and not all(c.columns for c in self.numerator.categories.values()):
            raise ValueError("numerator names no columns")
        return self

    @property
    def headline_group(self) -> tuple[str, str]:
        """Dimension and category of the observation that speaks for the indicator."""
        dimension, _, category = self.headline.partition("/")
        return dimension, category or TOTAL

    @property
    def digest(self) -> str:
        """Of what is measured, and how: not of the words around it, nor of where it is printed."""
        breaks = [known.model_dump_json() for known in self.all_breaks]
        return digest(self.model_dump_json(exclude=_WORDS), *breaks)

    @property
    def all_breaks(self) -> list[Break]:
        """Breaks of the indicator and of the datasets it rests on, each once."""
        tables = [self.numerator.table] + ([self.denominator.table] if self.denominator else [])
        found = list(self.breaks)
        for table in dict.fromkeys(tables):
            found += [known for known in datasets()[table].breaks if known not in found]
        return found


@cache
def indicators() -> dict[str, Indicator]:
    """Every indicator of the catalogue by id, in the order of chapters and within them."""
    found = load_folder("indicators", Indicator)
    for indicator in found.values():
        _check_references(indicator)
    order = {chapter: record.number for chapter, record in chapters().items()}
    return dict(sorted(found.items(), key=lambda item: (order[item[1].chapter], item[1].order, item[0])))


def _check_references(indicator: Indicator) -> None:
    if indicator.chapter not in chapters():
        raise InputError(
            f"catalogue/indicators/{indicator.id}.yml: no chapter {indicator.chapter!r} in catalogue/chapters."
        )
    known = datasets()
    for side in (indicator.numerator, indicator.denominator):
        if side is not None and side.table not in known:
            raise InputError(
                f"catalogue/indicators/{indicator.id}.yml: no dataset {side.table!r} in catalogue/datasets."
            )
    _check_published(indicator)


def _check_published(indicator: Indicator) -> None:
    """The publisher's own figure is one that reconciliation holds against its counts, whatever uses it."""
    # A mean's total may be below 0 (scores of progress), which no share of a whole can be.
    if not indicator.published or indicator.method is Method.MEAN:
        return
    table = indicator.numerator.table
    if indicator.published not in {share.published for share in datasets()[table].arithmetic.shares}:
        raise InputError(
            f"catalogue/indicators/{indicator.id}.yml: published: {indicator.published!r} is no share in the "
            f"arithmetic of catalogue/datasets/{table}.yml; add it there with its numerator and denominator."
        )


def fields_of(indicator: Indicator) -> dict[str, Any]:
    """The record as plain data, for the dictionary of the data package and Dagster metadata."""
    return indicator.model_dump(mode="json", exclude_none=True)
