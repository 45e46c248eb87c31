"""The frozen view of one area and one edition that every renderer formats and none computes.

Here: the dataclasses of the report, from the cover to the indicator dictionary. Not here: deriving
them from the tables (`report/assemble.py`), drawing (`report/charts/`) or markup (templates).

Every number is already rounded as it is printed, every sentence is already written, and every
figure carries its data and its text alternative, so that HTML and PDF cannot disagree.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING, Literal

from jsna_pipeline.report.branding import PLAIN, Brand
from jsna_pipeline.report.charts.figure import Figure
from jsna_pipeline.report.companions.glance import NOTHING, Glance

if TYPE_CHECKING:
    from jsna_pipeline.report.commentary_box import CommentaryBox

FIGURES_ON_PAPER = 2  # of a section: a third would stand alone on the next page

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
    # What paper prints in place of the text, where the page says more.
    on_paper: str = field(default="", kw_only=True)


@dataclass(frozen=True)
class FrontStatement(Statement):
    """A sentence of page one, and the figure with which it begins."""

    key: str = ""  # the beginning of `text`, printed bold: "204 of 386"


@dataclass(frozen=True)
class StandardCard:
    """One statutory standard of page one: how many were late, and how far the law is kept."""

    name: str  # what the law asks, in plain words: "Plans within 20 weeks"
    late: str  # how many were late: "204"
    out_of: str  # "386"
    missed: str  # what happened to them: "late", "missed"
    share: str  # "47.2% on time"
    reached: str  # the same on a line from 0 to 100: "47.2"
    england: str  # "Similar to England (50.2%)"; blank where it is not known
    england_at: str  # its place on that line; blank where it is not known
    met: bool
    label: str  # "Standard not met"
    detail: str  # the law, the period and the interval, in small print
    anchor: str  # id of the section that evidences it


@dataclass(frozen=True)
class FrontSection:
    """One part of page one."""

    heading: str
    lead: str
    statements: tuple[Statement, ...]
    part: str = ""  # "standards", "decisions", …: its anchor and its look
    cards: tuple[StandardCard, ...] = ()  # printed instead of the statements, which say the same


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
    figures: tuple[Figure, ...] = ()  # what the chapter shows at a glance, under its opening
    further: tuple[Section, ...] = ()  # measures without a figure, on screen only
    further_table: Table | None = None  # all of them, a row each, on screen
    on_paper: frozenset[str] | None = None  # sections that paper prints; the others are rows. None: all, whole
    paper_table: Table | None = None  # on paper: the sections that are not printed, and further ones that stand out
    local: tuple[Section, ...] = ()  # from the area's own records: tables on screen, sentences on paper
    gaps: tuple[Statement, ...] = ()  # what this chapter cannot know, and who holds it
    meaning: tuple[Statement, ...] = ()  # what follows for commissioning: at most four, each with its label
    about: str = ""  # what the chapter holds and how to read it, on screen
    commentary: tuple[CommentaryBox, ...] = ()  # words of people about it, signed

    @property
    def paper_sections(self) -> tuple[Section, ...]:
        """The sections that paper prints, each with the figures that stand there."""
        if self.on_paper is None:
            return self.sections
        return tuple(
            replace(section, figures=section.figures[:FIGURES_ON_PAPER])
            for section in self.sections
            if section.section_id in self.on_paper
        )


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
    rows: str = ""  # which columns of which rows are counted, by their names in the core table
    datasets: tuple[str, ...] = ()  # whose files they stand in
    owner: str = ""


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
    brand: Brand = PLAIN
    restricted: bool = False  # for named readers alone: marked OFFICIAL-SENSITIVE on every page
    glance: Glance = NOTHING  # the few facts that the companions are written from
