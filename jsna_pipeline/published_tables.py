"""Pandera models of the tables that others may rely on: observations, comparisons, trends, evidence.

Here: the contract of each national table, from which its Dagster column schema, its blocking check
and the data package's description are generated. Not here: core tables (`schemas/`).
"""

from __future__ import annotations

import pandas as pd
import pandera.pandas as pa

from jsna_pipeline.schemas.validation import validate
from jsna_pipeline.vocabulary import (
    AreaLevel,
    Comparator,
    Direction,
    ExceptionClass,
    Judgement,
    PeriodType,
    ReconciliationRule,
    Significance,
    Status,
)


def _words(enumeration: type) -> list[str]:
    return [member.value for member in enumeration]  # type: ignore[attr-defined]


class PublishedTable(pa.DataFrameModel):
    """Base of the tables: exactly the declared columns, of the declared types."""

    class Config:
        strict = True
        coerce = True


class Observations(PublishedTable):
    """One indicator, area, period and breakdown: its counts, value, 95 % interval and status."""

    indicator_id: str = pa.Field(description="Id of the indicator in the dictionary")
    area_code: str = pa.Field(description="ONS code, or the NHS organisation's own code")
    area_name: str = pa.Field(description="Name of the area")
    area_level: str = pa.Field(description="Level of the area", isin=_words(AreaLevel))
    period: str = pa.Field(description="Period as printed: 2024/25 or 2024")
    period_type: str = pa.Field(description="Kind of period", isin=_words(PeriodType))
    dimension: str = pa.Field(description="What the row is broken down by; total for the whole")
    category: str = pa.Field(description="Group within the dimension; total for the whole")
    numerator: float = pa.Field(description="Count above the line", nullable=True)
    denominator: float = pa.Field(description="Count below the line", nullable=True)
    value: float = pa.Field(description="Value, rounded half up to the indicator's decimals", nullable=True)
    lower_ci: float = pa.Field(description="Lower 95 % confidence limit, unrounded", nullable=True)
    upper_ci: float = pa.Field(description="Upper 95 % confidence limit, unrounded", nullable=True)
    unit: str = pa.Field(description="Unit of the value; percentages are 0 to 100")
    status: str = pa.Field(description="Why the value is present or absent", isin=_words(Status))
    source_id: str = pa.Field(description="Dataset that the indicator cites")
    edition: str = pa.Field(description="Edition of the JSNA")

    class Config:
        unique = ["indicator_id", "area_code", "period", "period_type", "dimension", "category"]

    @pa.dataframe_check(name="value_and_status_agree", error="a value is present exactly where its status says so")
    def _value_and_status_agree(cls, table: pd.DataFrame) -> pd.Series:
        # A figure of low reliability may be printed with its warning, or withheld for it.
        agree = table["value"].notna() == (table["status"] == Status.OK.value)
        return agree | (table["status"] == Status.LOW_RELIABILITY.value)

    @pa.dataframe_check(name="interval_holds_value", error="an interval lies on both sides of its value")
    def _interval_holds_value(cls, table: pd.DataFrame) -> pd.Series:
        # The value is rounded and the limits are not: half a unit of the coarsest rounding is allowed.
        inside = (table["lower_ci"] <= table["value"] + 0.5) & (table["value"] <= table["upper_ci"] + 0.5)
        return inside | table["lower_ci"].isna()


class Comparisons(PublishedTable):
    """An observation beside one comparator; rank and quartile stand on the england row."""

    indicator_id: str
    area_code: str
    period: str
    dimension: str
    category: str
    comparator: str = pa.Field(description="Who it is compared with", isin=_words(Comparator))
    comparator_value: float = pa.Field(description="The comparator's value, at printed precision", nullable=True)
    comparator_count: int = pa.Field(description="How many areas the comparator's value rests on", ge=1)
    difference: float = pa.Field(description="Value minus comparator's value", nullable=True)
    significance: str = pa.Field(description="Result of the test at 95 %", isin=_words(Significance))
    confidence: float = pa.Field(description="Confidence of the test; null where none was made", nullable=True)
    rank: float = pa.Field(description="1 is best by polarity, highest where there is none", nullable=True, ge=1)
    out_of: float = pa.Field(description="Number of authorities ranked", nullable=True)
    quartile: float = pa.Field(description="Quarter of the ranking, 1 best", nullable=True, isin=[1, 2, 3, 4])
    edition: str

    class Config:
        unique = ["indicator_id", "area_code", "period", "dimension", "category", "comparator"]


class Trends(PublishedTable):
    """The recent trend of one series."""

    indicator_id: str
    area_code: str
    dimension: str
    category: str
    direction: str = pa.Field(description="Direction over the last five points", isin=_words(Direction))
    judgement: str = pa.Field(description="Whether the direction is good", isin=_words(Judgement))
    points: int = pa.Field(description="Points the trend rests on, or that exist where it cannot be calculated", ge=0)
    first_period: str
    last_period: str
    statistic: float = pa.Field(description="Chi-square for trend; null where not calculated", nullable=True)
    edition: str

    class Config:
        unique = ["indicator_id", "area_code", "dimension", "category"]


class Inequalities(PublishedTable):
    """One group of an indicator beside the rest of the same area, in its newest period."""

    indicator_id: str
    area_code: str
    period: str
    dimension: str = pa.Field(description="What the groups differ by: sex, age, ethnicity")
    category: str = pa.Field(description="The group")
    value: float = pa.Field(description="Value of the group, percent")
    denominator: float = pa.Field(description="Size of the group", ge=10)
    rest_value: float = pa.Field(description="Value of everybody else in the area, percent")
    difference: float = pa.Field(description="Group minus rest, percentage points")
    lower_ci: float = pa.Field(description="Lower 99.8 % limit of the difference")
    upper_ci: float = pa.Field(description="Upper 99.8 % limit of the difference")
    ratio: float = pa.Field(description="Group over rest (relative risk); null where the rest is 0", nullable=True)
    ratio_lower: float = pa.Field(description="Lower 99.8 % limit of the ratio", nullable=True)
    ratio_upper: float = pa.Field(description="Upper 99.8 % limit of the ratio", nullable=True)
    children: float = pa.Field(description="How many more (or fewer) than if the group had fared as the rest")
    significance: str = pa.Field(description="Result of the test at 99.8 %", isin=_words(Significance))
    confidence: float
    edition: str

    class Config:
        unique = ["indicator_id", "area_code", "dimension", "category"]


class Priorities(PublishedTable):
    """A current headline that could be tested against England and over time, and what both tests said."""

    indicator_id: str
    area_code: str
    dimension: str
    category: str
    period: str
    value: float
    comparator_value: float = pa.Field(description="England's value")
    difference: float
    rank: float = pa.Field(nullable=True)
    out_of: float = pa.Field(nullable=True)
    worse: bool = pa.Field(description="The 95 % interval lies on the bad side of England's value")
    worsening: bool = pa.Field(description="The recent trend is bad")
    listed: bool = pa.Field(description="Worse and getting worse")
    edition: str

    class Config:
        unique = ["indicator_id", "area_code"]


class StrategyAnswers(PublishedTable):
    """One public figure that answers a measure of a local strategy, for one authority; blank where there is none."""

    strategy_id: str = pa.Field(description="Id of the strategy")
    row: int = pa.Field(description="Number of the measure in the reviewed list", ge=1)
    area_code: str
    indicator_id: str
    dimension: str
    category: str
    figure_code: str = pa.Field(description="Whose figure it is: the authority's or an NHS body's", nullable=True)
    figure_name: str = pa.Field(nullable=True)
    figure_level: str = pa.Field(nullable=True)
    period: str = pa.Field(nullable=True)
    period_type: str = pa.Field(nullable=True)
    value: float = pa.Field(nullable=True)
    unit: str = pa.Field(nullable=True)
    england_value: float = pa.Field(description="England's value; blank for counts", nullable=True)
    significance: str = pa.Field(isin=_words(Significance))
    direction: str = pa.Field(isin=_words(Direction))
    judgement: str = pa.Field(isin=_words(Judgement))
    edition: str

    class Config:
        unique = ["strategy_id", "row", "area_code", "indicator_id", "dimension", "category"]


class Reconciliation(PublishedTable):
    """A published figure that breaks a rule, with the class of the exception and its evidence."""

    rule: str = pa.Field(description="Rule that the figure was held against", isin=_words(ReconciliationRule))
    exception_class: str = pa.Field(description="Why it breaks the rule", isin=_words(ExceptionClass))
    dataset_id: str
    column: str = pa.Field(description="Column of the core table")
    area_code: str
    area_name: str
    area_level: str = pa.Field(isin=_words(AreaLevel))
    period: str
    dimension: str
    category: str
    group: str = pa.Field(description="Other filters of the row, `name=value; ...`; blank where there are none")
    published: float = pa.Field(description="Value as the publisher printed it", nullable=True)
    expected: float = pa.Field(description="Value that the rule gives", nullable=True)
    difference: float = pa.Field(description="Published minus expected", nullable=True)
    evidence: str = pa.Field(description="What the class rests on, in one sentence")
    source_file: str
    source_line: int
    edition: str


class ReconciliationCoverage(PublishedTable):
    """How many published figures each rule was applied to, and what came of it."""

    dataset_id: str
    rule: str = pa.Field(isin=_words(ReconciliationRule))
    column: str
    compared: int = pa.Field(description="Figures held against the rule", ge=0)
    not_comparable: int = pa.Field(description="Totals with a part withheld or not returned, which prove nothing", ge=0)
    rounding_tie: int = pa.Field(ge=0)
    documented_footnote: int = pa.Field(ge=0)
    source_revision: int = pa.Field(ge=0)
    source_defect: int = pa.Field(ge=0)
    unexplained: int = pa.Field(ge=0)
    edition: str

    class Config:
        unique = ["dataset_id", "rule", "column"]


class Sources(PublishedTable):
    """Every file an edition rests on, and every dataset of the catalogue that it lacks."""

    dataset_id: str
    publisher: str
    publication: str
    title: str
    file: str = pa.Field(description="Path below the landing folder; blank where the file is missing")
    member: str = pa.Field(description="File inside the zip, where it came in one")
    bytes: int = pa.Field(ge=0)
    sha256: str
    released: str
    licence: str
    page: str
    role: str = pa.Field(isin=["used", "companion", "superseded", "missing"])
    latest_period: str
    rows: int = pa.Field(ge=0)
    edition: str


class Rejects(PublishedTable):
    """Rows and cells that were refused, by file and line, without their values."""

    dataset_id: str
    file: str
    line: int = pa.Field(ge=1)
    column: str
    scope: str = pa.Field(isin=["row", "cell"])
    reason: str
    edition: str


LOCAL_KEY = ["population", "period", "period_type"]
SLOTS = [name for slot in (1, 2, 3) for name in (f"dimension_{slot}", f"category_{slot}")]


class LocalCounts(PublishedTable):
    """A count from the area's own records after disclosure control: null where it is hidden, never why."""

    table_id: str = pa.Field(description="Id of the local table in the catalogue")
    population: str = pa.Field(description="Who is counted")
    period: str = pa.Field(description="Period or day that the count refers to")
    period_type: str = pa.Field(description="Kind of period", isin=_words(PeriodType))
    dimension_1: str = pa.Field(description="First dimension in alphabetical order; total where there is none")
    category_1: str
    dimension_2: str
    category_2: str
    dimension_3: str
    category_3: str
    count: pd.Int64Dtype = pa.Field(description="Children, plans, requests or events", nullable=True, ge=0)
    rule: str = pa.Field(description="Disclosure rule under which the count is printed or hidden")
    status: str = pa.Field(description="ok, or suppressed for one reason or another", isin=["ok", "suppressed"])
    edition: str

    class Config:
        unique = ["table_id", *LOCAL_KEY, *SLOTS]


class LocalStatistics(PublishedTable):
    """A median wait, a share still waiting or a sum of money from the area's own records, after protection."""

    table_id: str
    population: str
    period: str
    period_type: str = pa.Field(isin=_words(PeriodType))
    dimension: str
    category: str
    statistic: str = pa.Field(description="What the value is, for example median_weeks")
    value: float = pa.Field(nullable=True)
    lower: float = pa.Field(description="Lower 95 % limit", nullable=True)
    upper: float = pa.Field(description="Upper 95 % limit", nullable=True)
    unit: str
    rule: str
    status: str = pa.Field(isin=["ok", "suppressed", "unavailable"])
    edition: str

    class Config:
        unique = ["table_id", *LOCAL_KEY, "dimension", "category", "statistic"]


class LocalReturns(PublishedTable):
    """What became of each return: counts to the nearest ten, since those of a small return are themselves protected."""

    return_id: str
    title: str
    population: str
    reference_date: str = pa.Field(description="Day that the return refers to")
    rows_read: int = pa.Field(ge=0)
    rows_refused: int = pa.Field(ge=0)
    findings: int = pa.Field(description="Faults found, refused rows among them", ge=0)
    persons: pd.Int64Dtype = pa.Field(nullable=True)
    with_identifier: pd.Int64Dtype = pa.Field(nullable=True)
    with_plan: pd.Int64Dtype = pa.Field(nullable=True)
    on_roll: pd.Int64Dtype = pa.Field(nullable=True)
    neither: pd.Int64Dtype = pa.Field(nullable=True)
    edition: str


class LocalAgreement(PublishedTable):
    """A local count that may be printed beside the figure published for the same population and period."""

    table_id: str
    population: str
    period: str
    dimension: str
    category: str
    local_count: pd.Int64Dtype = pa.Field(nullable=True)
    published_count: pd.Int64Dtype = pa.Field(nullable=True)
    agreement: str
    edition: str


class LocalSuppression(PublishedTable):
    """How many cells of each local table are printed and hidden; which and why is kept in the restricted store."""

    table_id: str
    cells: int = pa.Field(ge=0)
    suppressed: int = pa.Field(ge=0)
    edition: str


class LocalUnseen(PublishedTable):
    """Why plans are not found on the rolls of the area's schools, to the nearest ten."""

    reason: str
    sentence: str
    plans: pd.Int64Dtype = pa.Field(ge=0)
    edition: str


def checked(table: pd.DataFrame, model: type[pa.DataFrameModel]) -> pd.DataFrame:
    """`table` coerced to and held against `model`; the one gate before a national table is stored."""
    return validate(table, model.to_schema(), name=model.__name__)
