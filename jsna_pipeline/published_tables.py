"""Pandera models of the tables that others may rely on: observations, comparisons, trends, evidence.

Here: the contract of each national table, from which its Dagster column schema, its blocking check
and the data package's description are generated. Not here: core tables (`schemas/`).
"""

from __future__ import annotations

import pandas as pd
import pandera.pandas as pa

from jsna_pipeline.catalogue.strategies import EvidenceKind, TargetRule
from jsna_pipeline.schemas.validation import validate
from jsna_pipeline.strategies.verdict import Verdict
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


EXCEPTION_STATES = ["new", "open", "closed"]
EXCEPTION_STAGES = ["explanation_wanted", "decision_wanted", "decided", "closed"]
SCORES = [0.0, 1.0, 2.0, 3.0, 4.0]  # of a criterion of commissioning priorities


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


class Definitions(PublishedTable):
    """Which definition of each indicator the tables of an edition were computed with."""

    indicator_id: str
    digest: str = pa.Field(description="SHA-256 of what is measured and how; wording has no part in it")
    edition: str

    class Config:
        unique = ["indicator_id"]


class CommissioningPriorities(PublishedTable):
    """How strongly each chapter of one area calls for commissioning: seven criteria, a total, and how far it holds.

    A criterion's figure is null where it is not known, and so is its score: it is left out of the total.
    """

    area_code: str
    topic: str = pa.Field(description="Chapter of the report")
    measures: int = pa.Field(description="Current measures that could be judged", ge=0)
    standards_failed: int = pa.Field(description="Statutory standards that are not met", ge=0)
    size: float = pa.Field(
        description="Children on the wrong side of the largest measure, per 1,000 residents under 18", nullable=True
    )
    size_score: float = pa.Field(nullable=True, isin=SCORES)
    severity: float = pa.Field(description="Percentage of measures that are bad beside England", nullable=True)
    severity_score: float = pa.Field(description="At least 3 where a standard is failed", nullable=True, isin=SCORES)
    inequality: float = pa.Field(
        description="Least gap of the worst group from the rest, percentage points", nullable=True, ge=0
    )
    inequality_score: float = pa.Field(nullable=True, isin=SCORES)
    trend: float = pa.Field(description="Percentage of measures with a trend that get worse", nullable=True)
    trend_score: float = pa.Field(nullable=True, isin=SCORES)
    gap: float = pa.Field(description="Mean normal score of the rank; above 0 is worse than the middle", nullable=True)
    gap_score: float = pa.Field(nullable=True, isin=SCORES)
    voice: float = pa.Field(description="Percentage of mentions by families and children", nullable=True)
    voice_score: float = pa.Field(nullable=True, isin=SCORES)
    evidence: float = pa.Field(description="Percentage of what could be known that is known", ge=0, le=100)
    evidence_score: float = pa.Field(isin=SCORES)
    missing: str = pa.Field(description="Criteria that are not known, with semicolons between")
    total: float = pa.Field(description="Weighted mean of the known scores, 0 to 100", nullable=True, ge=0, le=100)
    rank: float = pa.Field(description="1 calls most strongly; null where too little is known", nullable=True, ge=1)
    best_rank: float = pa.Field(
        description="Best rank when any criterion is left out or counts twice", nullable=True, ge=1
    )
    worst_rank: float = pa.Field(description="Worst rank of the same", nullable=True, ge=1)
    top_five_share: float = pa.Field(
        description="Percentage of 1,000 random sets of weights that put it in the first five", nullable=True
    )
    edition: str

    class Config:
        unique = ["area_code", "topic"]


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


class Scorecard(PublishedTable):
    """One measure of a strategy of the area: the verdict of its rule, and the figure that it rests on."""

    strategy_id: str = pa.Field(description="Id of the strategy")
    row: int = pa.Field(description="Number of the measure in the reviewed list", ge=1)
    area_code: str
    references: str = pa.Field(description="Objectives, priorities or themes that ask for it, with semicolons between")
    measure: str
    rule: str = pa.Field(description="Rule by which the measure is judged", isin=_words(TargetRule))
    verdict: str = pa.Field(description="What the rule says; no_data is a gap with a holder", isin=_words(Verdict))
    sentence: str = pa.Field(description="The verdict in words, with the figures it rests on")
    owner: str = pa.Field(description="Who answers for the measure")
    evidence: str = pa.Field(description="Kind of evidence that the measure asks for", isin=_words(EvidenceKind))
    indicator_ids: str = pa.Field(description="Published indicators that bear on it, with semicolons between")
    figure: str = pa.Field(description="What the value is; blank where there is none, or none that may be printed")
    period: str
    value: float = pa.Field(description="The newest figure that decides the verdict", nullable=True)
    unit: str
    england_value: float = pa.Field(nullable=True)
    region_value: float = pa.Field(nullable=True)
    neighbours_mean_value: float = pa.Field(nullable=True)
    holder: str = pa.Field(description="Who holds what is missing; blank where the measure could be judged or shown")
    edition: str

    class Config:
        unique = ["strategy_id", "row", "area_code"]

    @pa.dataframe_check(name="gap_is_owned", error="a measure without data names who holds it")
    def _gap_is_owned(cls, table: pd.DataFrame) -> pd.Series:
        return (table["verdict"] != Verdict.NO_DATA.value) | (table["holder"] != "")


class ScorecardExceptions(PublishedTable):
    """A measure that is not met, or was not: what its manager says, what the board decided, and for how long."""

    strategy_id: str
    row: int = pa.Field(ge=1)
    area_code: str
    measure: str
    owner: str
    state: str = pa.Field(
        description="new, open since an earlier edition, or closed in this one", isin=EXCEPTION_STATES
    )
    stage: str = pa.Field(description="What is wanted next", isin=EXCEPTION_STAGES)
    opened: str = pa.Field(description="Edition in which it was first not met")
    editions_open: int = pa.Field(description="Editions in which it was open, this one included", ge=1)
    verdict: str = pa.Field(isin=_words(Verdict))
    sentence: str = pa.Field(description="What the edition says of the measure")
    explanation: str = pa.Field(description="The manager's; blank where none was given")
    action: str
    due: str = pa.Field(description="Day by which the action is done; blank where none is set")
    decision: str = pa.Field(description="The board's; blank where none was taken")
    decided_on: str
    edition: str

    class Config:
        unique = ["strategy_id", "row", "area_code"]


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


class SurveyResults(PublishedTable):
    """One measure of a survey question in one wave, for everybody or for a group; blank where too few answered."""

    survey: str = pa.Field(description="Id of the survey, the same in every wave")
    wave: str = pa.Field(description="Period of the survey")
    population: str = pa.Field(isin=["children", "young_people", "parents", "staff"])
    question_id: str = pa.Field(description="Id of the question, the same in every wave")
    question: str = pa.Field(description="As it was asked")
    topic: str
    measure: str = pa.Field(
        description="Share of positive answers, share of one answer, positive minus negative, or a mean",
        isin=["positive", "answer", "net", "mean"],
    )
    answer: str = pa.Field(description="The answer whose share it is; blank for the other measures")
    dimension: str = pa.Field(description="Characteristic of those who answered; total for everybody")
    category: str
    category_name: str
    respondents: pd.Int64Dtype = pa.Field(description="Answers counted, without weights", nullable=True, ge=0)
    effective_n: float = pa.Field(description="Answers that weighting leaves, by Kish’s rule", nullable=True)
    value: float = pa.Field(description="Weighted share in percent, net score in points, or mean", nullable=True)
    lower: float = pa.Field(description="Lower 95 % limit", nullable=True)
    upper: float = pa.Field(description="Upper 95 % limit", nullable=True)
    unit: str = pa.Field(isin=["percent", "percentage points", "number"])
    weighted: bool = pa.Field(description="Weighted to the mix of the population")
    previous_wave: str = pa.Field(description="Wave that the change is counted from; blank where there is none")
    change: float = pa.Field(description="Value minus that of the previous wave", nullable=True)
    change_lower: float = pa.Field(description="Lower 95 % limit of the change", nullable=True)
    change_upper: float = pa.Field(description="Upper 95 % limit of the change", nullable=True)
    significance: str = pa.Field(
        description="Whether the change is more than chance, all questions of the dimension tested together",
        isin=_words(Significance),
    )
    status: str = pa.Field(isin=["ok", "suppressed", "unavailable"])
    illustrative: bool = pa.Field(description="Invented answers that show what the table looks like")
    edition: str

    class Config:
        unique = ["survey", "wave", "question_id", "measure", "answer", "dimension", "category"]


def checked(table: pd.DataFrame, model: type[pa.DataFrameModel]) -> pd.DataFrame:
    """`table` coerced to and held against `model`; the one gate before a national table is stored."""
    return validate(table, model.to_schema(), name=model.__name__)


def empty_table(model: type[pa.DataFrameModel]) -> pd.DataFrame:
    """A table of `model` without rows, its columns of the declared types."""
    columns = model.to_schema().columns
    return pd.DataFrame({name: pd.Series(dtype=str(column.dtype)) for name, column in columns.items()})
