"""The files that stand beside a report's page, by their paths below its folder.

Here: which companions there are. Not here: any of them (a module each beside this one), or the PDF of the summary,
which is made where the report's PDF is.
"""

from __future__ import annotations

from jsna_pipeline.report.companions import accessibility, easy_read, infographic, slides
from jsna_pipeline.report.model import Report


def companions(report: Report) -> dict[str, bytes]:
    """The summary on one page, the easy-read draft, the figures for slides and the accessibility statement."""
    return {
        infographic.HERE: infographic.render(report),
        easy_read.HERE: easy_read.render(report),
        accessibility.HERE: accessibility.render(report),
        **slides.files(report),
    }
