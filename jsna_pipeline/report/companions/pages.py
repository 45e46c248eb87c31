"""What all companions share: their base page, their style and the marking that each must bear.

Here: rendering a companion's template for a screen or for paper. Not here: what any one of them says
(a module each beside this one), the report's own page (`report/html.py`) or markup (`report_templates/companions`).
"""

from __future__ import annotations

from markupsafe import Markup

from jsna_pipeline.report import html
from jsna_pipeline.report.model import Report

SCREEN, PRINT = ("tokens.css", "companion.css", "companion_screen.css"), ("tokens.css", "companion.css")
# File, and its name where one companion leads to the others; the report itself stands first.
BESIDE = (
    ("index.html", "Full report"),
    ("infographic.html", "One-page summary"),
    ("easy-read.html", "Easy read draft"),
    ("figures/index.html", "Figures for slides"),
    ("accessibility.html", "Accessibility"),
)


def marking(report: Report) -> tuple[tuple[str, str], ...]:
    """What every page made from `report` has to say of itself: a word, and what it means."""
    marks = []
    if report.restricted:
        marks.append(("OFFICIAL-SENSITIVE", "For named readers alone."))
    if report.illustrative:
        marks.append(("Illustrative", "Synthetic data: no figure here describes a real place."))
    if report.draft:
        marks.append(("Draft", "Not yet approved."))
    return tuple(marks)


def contact(report: Report) -> str:
    """Whom a reader may ask: the role that owns the report, else the authority."""
    owner = report.governance.owner
    return f"the local authority of {report.area_name}" if owner in ("", "Not yet named") else owner


def _style(report: Report, medium: html.Medium) -> Markup:
    """The sheets of the medium, and the colours of whose report it is, which are checked when they are set."""
    if medium == "screen":
        return html.style_sheet(*SCREEN) + Markup(report.brand.screen_properties())  # noqa: S704 - checked colours
    return html.style_sheet(*PRINT) + Markup(report.brand.light_properties())  # noqa: S704 - checked colours


def render(template: str, report: Report, here: str, medium: html.Medium = "screen", **context: object) -> str:
    """The companion `here` (its path below the report's folder) as one self-contained page."""
    up = "../" * here.count("/")
    page = html.environment().get_template(f"companions/{template}")
    return page.render(
        report=report,
        medium=medium,
        css=_style(report, medium),
        marks=marking(report),
        contact=contact(report),
        beside=[(up + path, name, path == here) for path, name in BESIDE],
        **context,
    )
