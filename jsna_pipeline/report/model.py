"""The frozen view of one area and one edition that every renderer formats and none computes.

Here: the dataclasses of the report, from the cover to the indicator dictionary. Not here: deriving
them from the tables (`report/assemble.py`), drawing (`report/charts.py`) or markup (templates).

Every number is already rounded as it is printed, every sentence is already written, and every
figure carries its data and its text alternative, so that HTML and PDF cannot disagree.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from jsna_pipeline.report.commentary_box import CommentaryBox

# --- figures -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class FigureText:
    """What every figure has: an anchor, the message as its title, and its reading in words."""

    figure_id: str  # unique in the report, used as anchor: "ehcp_within_20_weeks_excl-trend"
    title: str  # the message, as a sentence
    subtitle: str  # what is measured, population and unit
    alternative: str  # text alternative: says what the figure shows, with its key numbers
    source: str  # publisher, publication, release


@dataclass(frozen=True)
class LinePoint:
    period: str
    value: float | None  # None where not published; the line is broken there
    lower: float | None
    upper: float | None
    note: str = ""  # why a value is absent


@dataclass(frozen=True)
class LineSeries:
    name: str  # "Wigan", "England", "North West", "Statistical neighbours (mean)"
    role: Literal["area", "england", "region", "neighbours"]
    points: tuple[LinePoint, ...]


@dataclass(frozen=True)
class SeriesBreak:
    period: str  # the first period of the new meaning
    reason: str
    connected: bool = False  # a change of collection is marked, and the line goes on


@dataclass(frozen=True)
class LineFigure:
    """A series through time with its 95 % interval band, comparators and a reference line."""

    text: FigureText
    unit: str
    decimals: int
    series: tuple[LineSeries, ...]  # the area first
    breaks: tuple[SeriesBreak, ...] = ()
    reference: float | None = None  # the statutory line, e.g. 100
    reference_label: str = ""
    zero_baseline: bool = True


@dataclass(frozen=True)
class Bar:
    name: str
    role: Literal["area", "england", "region", "neighbours_mean", "neighbour"]
    value: float | None
    lower: float | None = None
    upper: float | None = None
    note: str = ""


@dataclass(frozen=True)
class BenchmarkFigure:
    """The area against England, its region and each of its statistical neighbours, ordered."""

    text: FigureText
    unit: str
    decimals: int
    bars: tuple[Bar, ...]
    reference: float | None = None
    reference_label: str = ""


@dataclass(frozen=True)
class Segment:
    category: str
    count: float | None
    share: float | None  # percent of the bar


@dataclass(frozen=True)
class StackedBar:
    name: str
    role: Literal["area", "england", "region", "neighbours_mean", "neighbour"]
    segments: tuple[Segment, ...]


@dataclass(frozen=True)
class CompositionFigure:
    """Shares of a whole, the area above its comparators, segments in one order throughout."""

    text: FigureText
    unit: str
    bars: tuple[StackedBar, ...]


@dataclass(frozen=True)
class AgeSeries:
    name: str  # "January 2025"
    values: tuple[float | None, ...]  # one for each of `ages`


@dataclass(frozen=True)
class AgeFigure:
    """Counts by single year of age, in one or two years (columns, the older year as an outline)."""

    text: FigureText
    unit: str
    ages: tuple[str, ...]
    series: tuple[AgeSeries, ...]  # newest first


@dataclass(frozen=True)
class PyramidFigure:
    """Population by age group and sex: females left, males right, England's shape as an outline."""

    text: FigureText
    ages: tuple[str, ...]  # youngest first
    females: tuple[float, ...]
    males: tuple[float, ...]
    england_females_share: tuple[float, ...]  # percent of England's population in the figure
    england_males_share: tuple[float, ...]


Figure = LineFigure | BenchmarkFigure | CompositionFigure | AgeFigure | PyramidFigure

# --- tables and text ---------------------------------------------------------------------------


@dataclass(frozen=True)
class Spark:
    """The values of a cell as a line without axes; the cell's own words say the same."""

    column: int
    values: tuple[float, ...]  # at least two, the oldest first


@dataclass(frozen=True)
class Table:
    """A simple rectangular table: one header row, one header column, cells already formatted."""

    table_id: str
    caption: str
    columns: tuple[str, ...]  # the first heads the row headers
    rows: tuple[tuple[str, ...], ...]
    numeric: tuple[bool, ...]  # for each column, whether it is set right-aligned with tabular figures
    notes: tuple[str, ...] = ()
    in_pdf: bool = True  # long tables belong to the HTML and the data alone
    anchors: tuple[str, ...] = ()  # for each row, the section it sums up: a link on screen, its place on paper
    sparks: tuple[Spark | None, ...] = ()  # for each row, drawn on screen


@dataclass(frozen=True)
class Statement:
    """A sentence derived from observations, with how it should be marked (never by colour alone)."""

    text: str
    tone: Literal["fails_standard", "worse", "better", "similar", "neutral", "unknown"] = "neutral"
    label: str = ""  # the word printed with the mark: "Statutory standard failed", "Worse than England"
    anchor: str = ""  # id of the section that evidences it


@dataclass(frozen=True)
class FrontSection:
    heading: str
    lead: str
    statements: tuple[Statement, ...]


@dataclass(frozen=True)
class Section:
    """One indicator (or a small family) in a chapter."""

    section_id: str  # anchor: the indicator id
    heading: str  # a question
    statements: tuple[Statement, ...]
    figures: tuple[Figure, ...]
    tables: tuple[Table, ...]
    method: str  # one or two sentences: numerator, denominator, interval, test
    sources: tuple[str, ...]
    caveats: tuple[str, ...] = ()


@dataclass(frozen=True)
class Chapter:
    chapter_id: str
    number: int
    title: str
    question: str
    opening: tuple[str, ...]  # what the chapter says, in up to three sentences
    sections: tuple[Section, ...]
    further: tuple[Section, ...] = ()  # measures without a figure, on screen only
    further_table: Table | None = None  # all of them, a row each, on screen
    on_paper: frozenset[str] = frozenset()  # sections that paper prints whole; the others are rows of its table
    paper_table: Table | None = None  # on paper: the sections that are not printed, and further ones that stand out
    local: tuple[Section, ...] = ()  # from the area's own records: tables on screen, sentences on paper
    gaps: tuple[Statement, ...] = ()  # what this chapter cannot know, and who holds it
    commentary: tuple[CommentaryBox, ...] = ()  # words of people about it, signed

    def prints(self, section: Section) -> bool:
        """Whether paper prints the section whole; a chapter that names none prints all."""
        return not self.on_paper or section.section_id in self.on_paper


@dataclass(frozen=True)
class Governance:
    """The box on the cover: who answers for the document."""

    owner: str
    author: str
    endorsed_by: str
    approved_by: str
    approved_on: str
    replaces: str
    next_refresh: str


@dataclass(frozen=True)
class DictionaryEntry:
    indicator_id: str
    name: str
    question: str
    description: str
    rationale: str
    population: str
    numerator: str
    denominator: str
    method: str
    polarity: str
    unit: str
    source: str
    caveats: tuple[str, ...]
    strategy_tags: tuple[str, ...]
    reviewed: str


@dataclass(frozen=True)
class SourceEntry:
    """One published file that the report rests on (or lacks)."""

    dataset_id: str
    publisher: str
    publication: str
    title: str
    file: str
    sha256: str
    licence: str
    page: str
    latest_period: str
    released: str
    present: bool


@dataclass(frozen=True)
class Report:
    area_name: str
    area_code: str
    area_slug: str
    region_name: str
    edition: str
    source: str  # "seeds" or "landing"
    illustrative: bool  # built from synthetic seeds: marked on every page
    draft: bool
    cut_off: date
    title: str
    subtitle: str
    governance: Governance
    neighbours: tuple[str, ...]
    neighbours_model: str  # "DfE statistical neighbours model, 2025"
    front_page: tuple[FrontSection, ...]
    chapters: tuple[Chapter, ...]
    quality: tuple[Section, ...]  # the data-quality chapter
    dictionary: tuple[DictionaryEntry, ...]
    sources: tuple[SourceEntry, ...]
    glossary: tuple[tuple[str, str], ...]
    code_version: str
    published: bool = False  # signed as published: its files are then frozen
    restricted: bool = False  # for named readers alone: marked OFFICIAL-SENSITIVE on every page
