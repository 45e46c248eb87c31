"""The whole report of one area: which chapters and parts there are, their order, and what people wrote in its place."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from lxml import html as lxml_html

import seeds
from jsna_pipeline.catalogue.chapters import chapters
from jsna_pipeline.commentary.reading import chapter_ids
from jsna_pipeline.governance.sign_off import Step
from jsna_pipeline.local_area import empty_tables
from jsna_pipeline.report import html
from jsna_pipeline.report.assemble import assemble
from jsna_pipeline.report.model import Report
from jsna_pipeline.report.view import AreaView
from jsna_pipeline.steering import steer
from tests.builds import settings_in
from tests.invented_area import IN_TIME, SIGNED, group, view_of, words, write
from tests.report import protected_tables

EXAMPLE = Path(seeds.__file__).parent / "contributions" / "2025" / "wigan"
SAYS, DECISIONS = "What families and young people say", "Decisions sought"
SCRIPT = "<script>alert(1)</script>"
RETURNED = pd.DataFrame([protected_tables.returned("sen2", "SEN2 person-level return", "plans")])


def report_of(view: AreaView, folder: Path) -> Report:
    """The report, the settings being those of a command in `folder`."""
    settings = settings_in(folder)
    return assemble(view, settings, steer(view, settings.priority_weights))


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Report:
    """Of an area that has written and delivered nothing."""
    return report_of(view_of(), tmp_path_factory.mktemp("bare"))


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> Report:
    """With the example's files, a return, and groups that differ."""
    delivered = {**empty_tables(), "local_returns": RETURNED}
    return report_of(view_of(EXAMPLE, local=delivered, unequal=group("2024")), tmp_path_factory.mktemp("full"))


def anchors(report: Report) -> Iterator[str]:
    for chapter in report.chapters:
        yield f"chapter-{chapter.chapter_id}"
        for section in (*chapter.sections, *chapter.further, *chapter.local):
            yield section.section_id
            yield from (table.table_id for table in section.tables)
        yield from (box.box_id for box in chapter.commentary)
    for section in report.quality:
        yield section.section_id
        yield from (table.table_id for table in section.tables)


# --- chapters ----------------------------------------------------------------------------------


def test_chapters_are_numbered_without_a_gap_in_their_order(bare: Report, full: Report) -> None:
    for report in (bare, full):
        assert [chapter.number for chapter in report.chapters] == list(range(1, len(report.chapters) + 1))
        assert [chapter.chapter_id for chapter in report.chapters][: len(chapters())] == list(chapters())
    ends = [chapter.chapter_id for chapter in full.chapters][len(chapters()) :]
    assert ends == [
        "inequalities",
        "voice",
        "strategies",
        "self-evaluation",
        "commissioning",
        "own-records",
        "who-answers",
    ]
    assert [chapter.chapter_id for chapter in bare.chapters][len(chapters()) :] == ["strategies"]


def test_each_anchor_stands_once_and_both_reports_can_be_printed(bare: Report, full: Report) -> None:
    for report in (bare, full):
        assert [name for name, count in Counter(anchors(report)).items() if count > 1] == []
        html.render(report)  # BuildError for a lost or repeated anchor


def test_every_chapter_of_which_words_are_taken_is_one_that_a_report_can_have(full: Report) -> None:
    assert set(chapter_ids()) <= {chapter.chapter_id for chapter in full.chapters}


@pytest.mark.parametrize("period", ["2024", "2019"])
def test_words_are_printed_or_told_and_never_lost(tmp_path: Path, period: str) -> None:
    """Groups of 2019 are out of date at the cut-off: there is no chapter on them, and words about it are told."""
    folder = write(tmp_path, {f"commentary/{name}.md": words("Words.", name) for name in chapter_ids()})
    view = view_of(folder, unequal=group(period))
    settings = settings_in(tmp_path)
    steered = steer(view, settings.priority_weights)
    report = assemble(view, settings, steered)
    there = {chapter.chapter_id for chapter in report.chapters if chapter.commentary}
    told = {Path(problem.file).stem for problem in steered.problems}
    assert there | told == set(chapter_ids()) and not there & told
    assert there == set(chapter_ids()) & {chapter.chapter_id for chapter in report.chapters}
    assert ("inequalities" in there) is (period == "2024")


# --- page one and the quality chapter ----------------------------------------------------------


def test_page_one_says_what_families_said_and_what_is_asked_or_that_there_is_nothing(
    bare: Report, full: Report
) -> None:
    headings = [section.heading for section in full.front_page]
    assert headings == [section.heading for section in bare.front_page]
    said, nothing = ({one.heading: one.statements for one in report.front_page} for report in (full, bare))
    assert 1 <= len(said[SAYS]) <= 2 and all(one.label != "Not known" for one in said[SAYS])
    assert [one.label for one in nothing[SAYS]] == ["Not known"]
    assert all("Lead: " in one.text for one in said[DECISIONS]) and len(said[DECISIONS]) >= 3
    assert {one.label for one in nothing[DECISIONS]} == {"Question for the board"}


def test_decisions_without_families_and_families_without_decisions(tmp_path: Path) -> None:
    for name, heading in (("decisions.csv", DECISIONS), ("you_said.csv", SAYS)):
        (tmp_path / heading).mkdir()
        shutil.copy(EXAMPLE / name, tmp_path / heading / name)
        report = report_of(view_of(tmp_path / heading), tmp_path)
        said = {section.heading: {one.label for one in section.statements} for section in report.front_page}
        written = {SAYS: said[SAYS] != {"Not known"}, DECISIONS: said[DECISIONS] != {"Question for the board"}}
        assert written == {SAYS: heading == SAYS, DECISIONS: heading == DECISIONS}
        html.render(report)  # what page one points to is there


def test_the_quality_chapter_lists_what_could_not_be_used_of_what_people_wrote(bare: Report, tmp_path: Path) -> None:
    canary = "Zebedee Quill"
    head = "theme,source,audience,entered_by,entered_on"
    write(
        tmp_path,
        {
            "themes.csv": f"{head}\nWaits,survey,parents,P,{canary}\n,survey,p,P,\n",
            "sign_off.yml": f"steps:\n  - step: {canary}\n",
            "commentary/a.md": words("In time were 14% of plans."),
        },
    )
    report = report_of(view_of(tmp_path), tmp_path)
    assert [one.section_id for one in report.quality] == [
        *(one.section_id for one in bare.quality),
        "quality-contributed",
    ]
    section = report.quality[-1]
    (table,) = section.tables
    assert {row[0] for row in table.rows} == {"themes.csv", "sign_off.yml", "commentary/a.md"}
    assert section.statements[0].text.startswith(f"{len(table.rows)} faults in 3 files")
    assert all(row[1] and row[2] for row in table.rows)
    assert canary not in html.render(report)


# --- words in their place ----------------------------------------------------------------------


def test_a_commentary_stands_in_its_chapter_with_its_author_and_runs_nothing(tmp_path: Path) -> None:
    text = f"We **know** {SCRIPT} and [so](javascript:alert(1)) {{{{ {IN_TIME} }}}}."
    folder = write(tmp_path, {"commentary/a.md": words(text), "commentary/b.md": words("Money words.", "money")})
    report = report_of(view_of(folder), tmp_path)
    boxes = {chapter.chapter_id: chapter.commentary for chapter in report.chapters if chapter.commentary}
    assert boxes.keys() == {"ehc_system", "money"}
    page = html.render(report)
    tree = lxml_html.document_fromstring(page)
    assert len(tree.findall(".//script")) == page.count("<script>") == 1  # the report's own, named in its policy
    aside = tree.get_element_by_id("commentary-ehc_system-1")
    printed = " ".join(aside.text_content().split())
    assert "Commentary by A team, 1 October 2025" in printed and SCRIPT in printed and "42.6%" in printed
    assert aside.find(".//strong") is not None and not aside.findall(".//a") and not aside.findall(".//script")
    chapter = next(aside.iterancestors("section"))
    assert chapter.get("aria-labelledby") == "chapter-ehc_system"
    places = [page.index(f'id="{name}"') for name in ("chapter-ehc_system", "commentary-ehc_system-1", IN_TIME)]
    assert places == sorted(places), "below the opening, above the figures"


@pytest.mark.parametrize("step", [Step.ENDORSED, Step.APPROVED, Step.PUBLISHED])
def test_a_report_is_a_draft_until_it_is_approved(tmp_path: Path, step: Step) -> None:
    """With every step up to `step` signed."""
    lines = SIGNED.splitlines(keepends=True)
    signed = "".join(lines[: 2 + list(Step).index(step) + 1])
    report = report_of(view_of(write(tmp_path, {"sign_off.yml": signed})), tmp_path)
    assert report.draft is (step is Step.ENDORSED)
    assert report.published is (step is Step.PUBLISHED)
    page = html.render(replace(report, illustrative=False))
    assert ('class="ribbon"' in page) is report.draft


def test_a_disputed_figure_keeps_a_signed_report_a_draft(tmp_path: Path) -> None:
    folder = write(tmp_path, {"sign_off.yml": SIGNED, "commentary/a.md": words("In time were 14% of plans.")})
    report = report_of(view_of(folder), tmp_path)
    assert report.draft and not report.published
    tree = lxml_html.document_fromstring(html.render(replace(report, illustrative=False)))
    assert "DRAFT" in tree.find_class("ribbon")[0].text_content().upper()
    assert tree.get_element_by_id("commentary-ehc_system-1").find_class("disputed")
