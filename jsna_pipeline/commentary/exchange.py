"""What `jsna commentary export` and `jsna commentary import` do for one area.

Here: the two functions, with plain arguments. Not here: settings and the commands (`cli.py`), or the workbooks
themselves.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from jsna_pipeline.commentary.area_figures import AreaFigures
from jsna_pipeline.commentary.contributors import FILE, read_contributors
from jsna_pipeline.commentary.reading import read_commentary
from jsna_pipeline.commentary.workbook_export import briefs, export_workbooks
from jsna_pipeline.commentary.workbook_import import import_workbook, write_commentaries
from jsna_pipeline.contributions.reading import Problem
from jsna_pipeline.errors import InputError
from jsna_pipeline.report.model import Report
from jsna_pipeline.report.view import AreaView


def export_commentary(
    view: AreaView, report: Report, folder: Path, out: Path
) -> tuple[list[Path], tuple[Problem, ...]]:
    """Writes a workbook for each contributor of the area's `folder` into `out`.

    Raises InputError where nobody is asked, or a workbook would be overwritten.
    """
    asked, faults = read_contributors(folder)
    if not asked:
        raise InputError(f"{folder / FILE}: nobody is asked for words; list who is, with name, role and chapters.")
    written, unread = read_commentary(folder, report.edition)
    wanted = {chapter for contributor in asked for chapter in contributor.chapters}
    shown = briefs((each for each in report.chapters if each.chapter_id in wanted), AreaFigures(view))
    paths = export_workbooks(shown, asked, out, report.area_slug, report.edition, written)
    return paths, (*faults, *unread)


def import_commentary(
    files: Iterable[Path], folder: Path, area: str, edition: str
) -> tuple[tuple[Path, ...], tuple[Problem, ...]]:
    """Takes workbooks back into the area's `folder`; returns the Markdown files that changed. `area` is its slug.

    Raises InputError for a file that does not exist.
    """
    changed: list[Path] = []
    problems: list[Problem] = []
    for path in files:
        if not path.is_file():
            raise InputError(f"{path}: there is no such file; name the workbooks that came back.")
        delivered, faults = import_workbook(path, area, edition)
        written, refused = write_commentaries(folder, delivered, edition)
        changed += written
        problems += [*faults, *refused]
    return tuple(dict.fromkeys(changed)), tuple(problems)
