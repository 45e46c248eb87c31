"""The accessibility statement that public sector bodies have to publish, in the order of the government's sample.

Here: what is tested and how, what is known not to work, and whom to ask. Not here: the tests themselves
(`tests/browser`, `tests/report/test_pdf.py`) or markup.

Sources: the Public Sector Bodies (Websites and Mobile Applications) (No. 2) Accessibility Regulations 2018; the
Government Digital Service's sample accessibility statement. What automatic checkers pass is said; that the report
meets a standard is not, since people who use assistive technology have not tested it.
"""

from __future__ import annotations

from jsna_pipeline.report.companions import pages
from jsna_pipeline.report.model import Report

HERE = "accessibility.html"
# What a reader can do. Each is tested or follows from the markup; a claim without a test does not belong here.
CAN_DO = (
    "zoom in to 400% without text running out of the screen",
    "read the report in light or dark colours, as your device is set",
    "get to every part of the report with a keyboard alone",
    "read what every chart says in its text description, and open its numbers as a table",
    "read the whole report with scripts switched off",
    "print every page on A4",
)
TESTED = (
    ("The page", "axe-core 4 in headless Chromium, for the rules of WCAG 2.2 levels A and AA, in light and in dark, "
                 "on narrow and wide screens"),
    ("Width", "headless Chromium from 320 pixels up, for text that runs out of the screen"),
    ("Colours", "contrast of text (4.5 to 1) and of marks (3 to 1), computed for every pair of colours in use"),
    ("The PDF", "page-validation and pdfua, two automatic checkers of PDF/UA-1, and the project’s own test of its "
                "language, title, headings, text alternatives and header cells"),
    ("Words", "the length of each sentence of the easy-read draft, and that each hard word in it is explained"),
)  # fmt: skip
NOT_TESTED = (
    "with people who use a screen reader, a magnifier, voice control or a switch",
    "the easy-read draft with children, young people or people with a learning disability",
    "the workbook and the data files with assistive technology",
)
# Part of the publication, what is wrong with it, the success criterion it may fail, and what to use instead.
LIMITS = (
    (
        "Tables in the PDF",
        "A long table is cut into several, each with its own header row; very long tables are left out.",
        "1.3.1 Info and relationships",
        "The same tables are whole in the web page and in the data files.",
    ),
    (
        "Charts",
        "A text description gives a chart’s message and key numbers, not every value. In dark colours, charts keep a "
        "white ground.",
        "1.1.1 Non-text content",
        "Every chart in the web page has its data as a table under it.",
    ),
    (
        "Wide tables",
        "On a narrow screen some tables scroll sideways inside the page.",
        "1.4.10 Reflow, which allows it for tables",
        "The data files have the same rows.",
    ),
    (
        "Figures for slides",
        "A slide carries a short description; once it is in a presentation as a picture, that program may drop it.",
        "1.1.1 Non-text content",
        "Copy the description from the page of figures into the presentation.",
    ),
    (
        "Words of contributors",
        "Commentary and quotations are printed as they were written; they may be longer or harder than our own words.",
        "3.1.5 Reading level (level AAA)",
        "The easy-read draft says the main things in short sentences.",
    ),
)


def render(report: Report) -> bytes:
    page = pages.render(
        "accessibility.html.j2", report, HERE, can_do=CAN_DO, tested=TESTED, not_tested=NOT_TESTED, limits=LIMITS
    )
    return page.encode("utf-8")
