"""The report as one self-contained HTML page, and what both renderers share.

Here: the Jinja environment, the context of the templates, the style sheets and fonts they embed, and
the table of data behind each figure. Not here: geometry (`charts/`), paged output (`pdf.py`) or any
statistic: every number in the frozen `Report` is printed as it stands.

The page loads nothing: style, fonts, charts and one script are inside it, and its content security policy names
that script by its digest and forbids all else, so that it opens from disk and is safe to e-mail. Without the
script it says the same.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from functools import cache
from importlib import resources
from pathlib import PurePosixPath
from typing import Any, Literal, NamedTuple
from urllib.parse import urlsplit

import jinja2
from markupsafe import Markup

from jsna_pipeline.errors import BuildError
from jsna_pipeline.report import charts, formatting, geometry, glossary, printed
from jsna_pipeline.report.charts import Figure
from jsna_pipeline.report.compact import compact
from jsna_pipeline.report.dark import dark_sheet, drawn_in_palette
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
        "glossary_anchor": glossary.anchor,
        "glossary_links": glossary.linked,
        "glossary_printed": glossary.printed,
        "listed": formatting.listed,
        "web_address": _web_address,
    }
    env.globals |= {"tone_labels": formatting.TONE_LABELS, "definition": definition, "svg": svg}
    env.globals |= {"spark_line": geometry.sparkline, "spark_size": (geometry.SPARK_WIDTH, geometry.SPARK_HEIGHT)}
    return env


def svg(drawing: charts.Drawing) -> Markup:
    """One chart as an inline SVG whose first child is its text alternative.

    Its class says whether dark mode knows a counterpart of each of its colours.
    """
    drawn = environment().get_template(f"charts/{drawing.template}.svg.j2").render(drawing=drawing)
    if drawn_in_palette(drawn):
        drawn = drawn.replace('class="chart"', 'class="chart mapped"', 1)
    return Markup(drawn)  # noqa: S704 - rendered with autoescape


@cache
def style_sheet(*names: str) -> Markup:
    """The named sheets of `report_templates/css` behind the embedded fonts, as the content of `<style>`.

    With `screen.css` goes the palette of dark mode.
    """
    folder = resources.files(TEMPLATES)
    faces = []
    for weight, name in _FONTS:
        data = base64.b64encode(folder.joinpath("fonts", name).read_bytes()).decode("ascii")
        faces.append(
            "@font-face{font-family:'Source Sans 3';font-style:normal;font-display:swap;"
            f"font-weight:{weight};src:url(data:font/woff2;base64,{data}) format('woff2')}}"
        )
    sheets = [folder.joinpath("css", name).read_text(encoding="utf-8") for name in names]
    if "screen.css" in names:
        sheets.append(dark_sheet(folder.joinpath("css", "tokens.css").read_text(encoding="utf-8")))
    bare = [re.sub(r"/\*.*?\*/\s*|^\s+", "", sheet, flags=re.DOTALL | re.MULTILINE) for sheet in sheets]
    return Markup("\n".join([*faces, *bare]))  # noqa: S704 - files of this package


@cache
def script() -> Markup:
    """The page's one script, as the content of `<script>`."""
    source = resources.files(TEMPLATES).joinpath("scripts", "report.js").read_text(encoding="utf-8")
    return Markup(source)  # noqa: S704 - a file of this package


@cache
def script_digest() -> str:
    """The script as a content security policy names it."""
    return "sha256-" + base64.b64encode(hashlib.sha256(script().encode("utf-8")).digest()).decode("ascii")


# --- the context of the templates --------------------------------------------------------------


def definition(entry: DictionaryEntry, shown: bool = False) -> list[tuple[str, str]]:
    """The lines of a dictionary entry that say something, in the order in which they are read.

    Where the page shows the indicator's figures (`shown`), they have its method, source and caveats beside them.
    """
    beside = {"Method", "Source", "Columns", "Caveats", "Reviewed"} if shown else set()
    lines = [
        ("Population", entry.population),
        ("Numerator", entry.numerator),
        ("Denominator", entry.denominator),
        ("Method", entry.method),
        ("Unit", entry.unit),
        ("Direction", entry.polarity),
        ("Source", entry.source),
        ("Columns", entry.rows),
        ("Caveats", " ".join(entry.caveats)),
        ("Strategies", ", ".join(entry.strategy_tags)),
        ("Reviewed", entry.reviewed),
    ]
    return [(term, value) for term, value in lines if value and term not in beside]


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
    pairs += [(anchor, entry.title) for anchor, entry in zip(source_anchors(report), report.sources, strict=True)]
    pairs += [(chapter.further_table.table_id, "") for chapter in report.chapters if chapter.further_table]
    pairs += [
        (f"chapter-{chapter.chapter_id}-local", f"{chapter.title}, own records")
        for chapter in report.chapters
        if chapter.local
    ]
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
    stated += [s for chapter in report.chapters for s in (*chapter.gaps, *chapter.meaning)]
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


class _File(NamedTuple):
    """A file behind an indicator, as `How do we know?` names it."""

    anchor: str  # its row among the sources, with the whole checksum
    name: str
    latest_period: str
    released: str
    sha256: str


def source_anchors(report: Report) -> tuple[str, ...]:
    """The anchor of each source's row; a dataset of several files numbers them."""
    seen: Counter[str] = Counter()
    made = []
    for entry in report.sources:
        seen[entry.dataset_id] += 1
        number = seen[entry.dataset_id]
        made.append(f"source-{entry.dataset_id}" + (f"-{number}" if number > 1 else ""))
    return tuple(made)


def _files_of(report: Report) -> dict[str, list[_File]]:
    """The files at hand of each dataset."""
    found: dict[str, list[_File]] = {}
    for anchor, entry in zip(source_anchors(report), report.sources, strict=True):
        if entry.present:
            # A member of an archive is told as "member in archive".
            name = PurePosixPath(entry.file.partition(" in ")[0]).name
            found.setdefault(entry.dataset_id, []).append(
                _File(anchor, name, entry.latest_period, _in_words(entry.released), entry.sha256)
            )
    return found


def _in_words(released: str) -> str:
    """A date of release as people write it; what is not one stays as it is told."""
    try:
        return formatting.date_words(date.fromisoformat(released))
    except ValueError:
        return released


def _lists(report: Report) -> dict[str, Any]:
    """What paper lists after its contents, the figures cut where the two columns are about as long."""
    drawn, tables = printed.printed_figures(report), printed.printed_tables(report, sources_table(report))
    split = min(len(drawn), (len(drawn) + len(tables) + 1) // 2)
    return {"printed_figures": drawn, "printed_tables": tables, "figures_split": split}


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
        "css": style_sheet(*sheets) + _brand_properties(report, medium),
        "script": script() if medium == "screen" else "",
        "script_digest": script_digest(),
        "drawings": drawn,
        "figure_tables": {figure.text.figure_id: figure_table(figure, given) for figure in figures(report)},
        "governance": _governance(report),
        "titles": titles,
        "anchors": _anchors(report, medium, titles),
        "wide_figures": frozenset(name for name, drawing in drawn.items() if drawing.width > geometry.WIDTH),
        "dictionary_ids": frozenset(entry.indicator_id for entry in report.dictionary),
        "entries": {entry.indicator_id: entry for entry in report.dictionary},
        "files_of": _files_of(report),
        "source_anchors": source_anchors(report),
        "sources_table": sources_table(report),
        **_lists(report),
        "table_parts": table_parts,
    }
    return environment().get_template("base.html.j2").render(context)


def _brand_properties(report: Report, medium: Medium) -> Markup:
    brand = report.brand
    said = brand.screen_properties() if medium == "screen" else brand.light_properties()
    return Markup("\n" + said)  # noqa: S704 - colours alone, checked when read


def render(report: Report) -> str:
    """`report` as one self-contained HTML document for the screen.

    Raises BuildError for an anchor that is repeated, unusable or missing.
    """
    return compact(render_page(report, "screen", ("tokens.css", "screen.css", "page_one.css"), lambda table: (table,)))


# --- the data behind a figure ------------------------------------------------------------------


def figure_table(figure: Figure, taken: set[str] | frozenset[str] = frozenset()) -> Table:
    """The values that `figure` draws, as a table under it; its id avoids those already `taken`."""
    columns, rows = charts.data_table(figure)
    table_id = f"{figure.text.figure_id}-data"
    while table_id in taken:
        table_id += "-drawn"
    numeric = (False, *(True for _ in columns[1:]))
    hidden = any(cell == formatting.HIDDEN for row in rows for cell in row)
    notes = (formatting.HIDDEN_NOTE,) if hidden else ()
    return Table(table_id, f"Data: {figure.text.title}", columns, rows, numeric, notes)
