"""The report as one self-contained HTML page, and what both renderers share.

Here: the Jinja environment, the context of the templates, the style sheets and fonts they embed, and
the table of data behind each figure. Not here: geometry (`charts/`), paged output (`pdf.py`) or any
statistic: every number in the frozen `Report` is printed as it stands.

The page loads nothing: style, fonts and charts are inside it, it has no script, and its content
security policy forbids both, so that it opens from disk and is safe to e-mail.
"""

from __future__ import annotations

import base64
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from importlib import resources
from typing import Any, Literal
from urllib.parse import urlsplit

import jinja2
from markupsafe import Markup

from jsna_pipeline.errors import BuildError
from jsna_pipeline.report import charts, formatting, geometry
from jsna_pipeline.report.charts import Figure
from jsna_pipeline.report.model import DictionaryEntry, Report, Section, SourceEntry, Table

TEMPLATES = "report_templates"
Medium = Literal["screen", "print"]

# family weight and vendored file; the licence lies beside the files
_FONTS = ((400, "source-sans-3-latin-400-normal.woff2"), (600, "source-sans-3-latin-600-normal.woff2"))

# --- the environment ---------------------------------------------------------------------------


def _load_template(name: str) -> str | None:
    source = resources.files(TEMPLATES).joinpath(*name.split("/"))
    return source.read_text(encoding="utf-8") if source.is_file() else None


def _web_address(text: str) -> bool:
    """Whether a source's page may become a link: `javascript:` and the like may not."""
    return urlsplit(text).scheme in ("http", "https")


@cache
def environment() -> jinja2.Environment:
    """The one Jinja environment: everything escaped, nothing undefined, templates from the package."""
    env = jinja2.Environment(
        loader=jinja2.FunctionLoader(_load_template),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    env.filters |= {
        "coordinate": geometry.coordinate,
        "date_words": formatting.date_words,
        "listed": formatting.listed,
        "web_address": _web_address,
    }
    env.globals |= {"tone_labels": formatting.TONE_LABELS, "definition": definition, "svg": svg}
    env.globals |= {"spark_line": geometry.sparkline, "spark_size": (geometry.SPARK_WIDTH, geometry.SPARK_HEIGHT)}
    return env


def svg(drawing: charts.Drawing) -> Markup:
    """One chart as an inline SVG whose first child is its text alternative."""
    return Markup(environment().get_template(f"charts/{drawing.template}.svg.j2").render(drawing=drawing))  # noqa: S704 - rendered with autoescape


@cache
def style_sheet(*names: str) -> Markup:
    """The named sheets of `report_templates/css` behind the embedded fonts, as the content of `<style>`."""
    folder = resources.files(TEMPLATES)
    faces = []
    for weight, name in _FONTS:
        data = base64.b64encode(folder.joinpath("fonts", name).read_bytes()).decode("ascii")
        faces.append(
            "@font-face{font-family:'Source Sans 3';font-style:normal;font-display:swap;"
            f"font-weight:{weight};src:url(data:font/woff2;base64,{data}) format('woff2')}}"
        )
    sheets = [folder.joinpath("css", name).read_text(encoding="utf-8") for name in names]
    return Markup("\n".join([*faces, *sheets]))  # noqa: S704 - files of this package


# --- the context of the templates --------------------------------------------------------------


def definition(entry: DictionaryEntry) -> list[tuple[str, str]]:
    """The lines of a dictionary entry that say something, in the order in which they are read."""
    lines = [
        ("Population", entry.population),
        ("Numerator", entry.numerator),
        ("Denominator", entry.denominator),
        ("Method", entry.method),
        ("Unit", entry.unit),
        ("Direction", entry.polarity),
        ("Source", entry.source),
        ("Caveats", " ".join(entry.caveats)),
        ("Strategies", ", ".join(entry.strategy_tags)),
        ("Reviewed", entry.reviewed),
    ]
    return [(term, value) for term, value in lines if value]


def _governance(report: Report) -> list[tuple[str, str]]:
    box = report.governance
    return [
        ("Owner", box.owner),
        ("Author", box.author),
        ("Endorsed by", box.endorsed_by),
        ("Approved by", box.approved_by),
        ("Approved on", box.approved_on),
        ("Replaces", box.replaces),
        ("Next refresh", box.next_refresh),
    ]


def _sections(report: Report) -> Iterator[Section]:
    for chapter in report.chapters:
        yield from chapter.sections
        yield from chapter.further
        yield from chapter.local
    yield from report.quality


def figures(report: Report) -> Iterator[Figure]:
    """Every figure of the report: those that lead chapters, then those of sections."""
    for chapter in report.chapters:
        yield from chapter.figures
    for section in _sections(report):
        yield from section.figures


def anchor_titles(report: Report) -> dict[str, str]:
    """Each permanent anchor with the heading it leads to.

    Raises BuildError where two parts share an anchor or a statement points to one that is not there:
    a link that leads nowhere is a figure without evidence.
    """
    pairs = [("governance", ""), ("front-page", ""), ("contents", ""), ("main", ""), ("glossary", ""),
             ("data-quality", "How good are the data"), ("sources", "Sources"),
             ("dictionary", "Indicator dictionary")]  # fmt: skip
    pairs += [(f"chapter-{chapter.chapter_id}", chapter.title) for chapter in report.chapters]
    pairs += [(f"dictionary-{entry.indicator_id}", entry.name) for entry in report.dictionary]
    pairs += [(chapter.further_table.table_id, "") for chapter in report.chapters if chapter.further_table]
    for section in _sections(report):
        pairs.append((section.section_id, section.heading))
        pairs += [(table.table_id, table.caption) for table in section.tables]
    pairs += [(figure.text.figure_id, figure.text.title) for figure in figures(report)]
    if repeated := [anchor for anchor, count in Counter(anchor for anchor, _ in pairs).items() if count > 1]:
        raise BuildError(f"The report uses the anchor {repeated[0]!r} more than once; give each part its own id.")
    for anchor, _ in pairs:
        if not re.fullmatch(r"[A-Za-z][A-Za-z0-9_.-]*", anchor):
            raise BuildError(f"The anchor {anchor!r} is not usable in an address; use letters, digits, _ . and -.")
    titles = dict(pairs)
    stated = [s for front in report.front_page for s in front.statements]
    stated += [s for section in _sections(report) for s in section.statements]
    stated += [s for chapter in report.chapters for s in chapter.gaps]
    if lost := [s.anchor for s in stated if s.anchor and s.anchor not in titles]:
        raise BuildError(f"A statement of the report points to {lost[0]!r}, which no section, figure or table has.")
    return titles


def _anchors(report: Report, medium: Medium, titles: Mapping[str, str]) -> frozenset[str]:
    """Where a statement of this medium may lead: on paper, further measures that do not stand out have no place."""
    if medium == "screen":
        return frozenset(titles)
    further = {section.section_id for chapter in report.chapters for section in chapter.further}
    notable = {row for chapter in report.chapters if chapter.paper_table for row in chapter.paper_table.anchors}
    return frozenset(titles) - (further - notable)


def sources_table(report: Report) -> Table:
    """The sources as the PDF prints them, a row a publication; addresses and checksums are in the page."""
    by_publication: dict[str, list[SourceEntry]] = {}
    for entry in report.sources:
        by_publication.setdefault(f"{entry.publication} ({entry.publisher})", []).append(entry)
    rows = tuple(
        (
            publication,
            formatting.number(len([entry for entry in entries if entry.present])),
            formatting.number(len([entry for entry in entries if not entry.present])),
            max(entry.latest_period for entry in entries),
        )
        for publication, entries in sorted(by_publication.items())
    )
    columns = ("Publication", "Files used", "Missing", "Latest period")
    return Table("sources-table", "Publications behind this report", columns, rows, (False, True, True, False))


def render_page(
    report: Report, medium: Medium, sheets: tuple[str, ...], table_parts: Callable[[Table], tuple[Table, ...]]
) -> str:
    """The HTML of `report` for one medium; `table_parts` says in how many parts a table is printed.

    Raises BuildError for an anchor that is repeated, unusable or missing.
    """
    drawn = {figure.text.figure_id: charts.draw(figure) for figure in figures(report)}
    titles = anchor_titles(report)
    given = {table.table_id for section in _sections(report) for table in section.tables}
    given |= {chapter.further_table.table_id for chapter in report.chapters if chapter.further_table}
    context: Mapping[str, Any] = {
        "report": report,
        "medium": medium,
        "css": style_sheet(*sheets),
        "drawings": drawn,
        "figure_tables": {figure.text.figure_id: figure_table(figure, given) for figure in figures(report)},
        "governance": _governance(report),
        "titles": titles,
        "anchors": _anchors(report, medium, titles),
        "wide_figures": frozenset(name for name, drawing in drawn.items() if drawing.width > geometry.WIDTH),
        "dictionary_ids": frozenset(entry.indicator_id for entry in report.dictionary),
        "sources_table": sources_table(report),
        "table_parts": table_parts,
    }
    return environment().get_template("base.html.j2").render(context)


def render(report: Report) -> str:
    """`report` as one self-contained HTML document for the screen.

    Raises BuildError for an anchor that is repeated, unusable or missing.
    """
    return render_page(report, "screen", ("tokens.css", "screen.css"), lambda table: (table,))


# --- the data behind a figure ------------------------------------------------------------------


def figure_table(figure: Figure, taken: set[str] | frozenset[str] = frozenset()) -> Table:
    """The values that `figure` draws, as a table under it; its id avoids those already `taken`."""
    columns, rows = charts.data_table(figure)
    table_id = f"{figure.text.figure_id}-data"
    while table_id in taken:
        table_id += "-drawn"
    numeric = (False, *(True for _ in columns[1:]))
    return Table(table_id, f"Data: {figure.text.title}", columns, rows, numeric)
