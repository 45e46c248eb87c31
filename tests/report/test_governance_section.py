"""Who answers for the assessment, as printed: unsigned fields stay visible, and no signature counts that does not."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

from lxml import html as lxml_html

import seeds
from jsna_pipeline.contributions.reading import Problem
from jsna_pipeline.governance.logs import Assumption, Erratum
from jsna_pipeline.governance.partners import Contribution, Kind
from jsna_pipeline.governance.records import AreaGovernance, read_governance
from jsna_pipeline.governance.sign_off import SignOff, SignOffFile, Step, signed_off
from jsna_pipeline.report import html
from jsna_pipeline.report.governance_section import (
    KINDS,
    OFFICES,
    STATUSES,
    STEPS,
    UNSIGNED,
    governance_box,
    governance_chapter,
    governance_sections,
)
from jsna_pipeline.report.model import Section, Table
from tests.report import sample_report

CUT_OFF = date(2025, 12, 31)
TODAY = date(2026, 6, 30)
EXAMPLE, _ = read_governance(
    Path(seeds.__file__).parent / "contributions" / "2025" / "wigan", "2025", TODAY, cut_off=CUT_OFF
)
BLOCKER = Problem("commentary/requests.md", "line 9", "prints a figure that the data do not")
ERRATUM = Erratum(
    edition="2025.1",
    chapter="Requests",
    was="120 requests",
    is_now="<b>130</b> requests",
    why="Typed wrongly",
    corrected_on=date(2026, 2, 10),
)


def signed_through(last: Step, *, blocking: tuple[Problem, ...] = ()) -> SignOff:
    steps = list(Step)[: list(Step).index(last) + 1]
    given = [{"step": step, "by": "Example Chair", "role": f"Role {step}", "on": date(2026, 3, 2)} for step in steps]
    file = SignOffFile.model_validate({"owner": "Example Director", "steps": given})
    return signed_off(file, cut_off=CUT_OFF, today=TODAY, blocking=blocking)[0]


def section(governance: AreaGovernance, name: str) -> Section:
    return next(one for one in governance_sections(governance) if one.section_id == f"governance-{name}")


def table(governance: AreaGovernance, name: str) -> Table:
    every = [one for part in governance_sections(governance) for one in part.tables]
    return next(one for one in every if one.table_id == f"governance-{name}-table")


def said(part: Section) -> list[tuple[str, str]]:
    return [(one.label, one.text) for one in part.statements]


def test_every_word_of_the_closed_lists_has_its_print() -> None:
    assert [set(words) for words in (STEPS, OFFICES, KINDS, STATUSES)] == [
        set(type(next(iter(words)))) for words in (STEPS, OFFICES, KINDS, STATUSES)
    ]


def test_nothing_written_is_no_chapter() -> None:
    assert governance_chapter(AreaGovernance("2025", CUT_OFF), 9) is None
    assert governance_chapter(AreaGovernance("2025", CUT_OFF, SignOff(blocking=(BLOCKER,))), 9) is None


def test_the_example_prints_what_is_signed_and_what_is_not() -> None:
    chapter = governance_chapter(EXAMPLE, 9)
    assert chapter is not None and [one.section_id for one in chapter.sections] == [
        f"governance-{name}" for name in ("sign-off", "contributions", "assumptions", "decisions")
    ]
    assert chapter.opening == ("This is a draft: the health and wellbeing board has not approved it.",)
    assert said(chapter.sections[0])[0] == (
        "Draft",
        "The last step taken is “data checked” on 14 January 2026. The next is “health checked”, by the designated "
        "clinical or medical officer, for the integrated care board.",
    )
    steps = table(EXAMPLE, "sign-off").rows
    assert [row[0] for row in steps] == list(STEPS.values())
    assert [row[1] == UNSIGNED for row in steps] == [False, False, True, True, True, True, True]
    assert [row[1:] for row in table(EXAMPLE, "assurance").rows] == [(UNSIGNED, "–")] * 3


def test_partners_are_counted_at_the_cut_off() -> None:
    texts = dict(said(section(EXAMPLE, "contributions"))[1:])
    assert table(EXAMPLE, "partners").rows[-1] == ("All partners", "9", "5", "2", "4 of 7")
    assert texts["Overdue at the cut-off"] == (
        "2 contributions from Example Community Health Trust and Example Youth Voice Group."
    )
    received = {row[0]: row[4] for row in table(EXAMPLE, "contributions").rows}
    assert received["Referrals to children’s therapies"] == "Overdue"
    assert received["What young people say of preparing for adulthood"] == "9 January 2026, after the cut-off"
    assert received["Co-production statement"] == "Not yet due"


def test_one_contribution_that_is_not_due_is_no_share_of_nothing() -> None:
    one = Contribution(partner="Example Forum", kind=Kind.CHECK, what="Check", due=date(2026, 2, 1))
    governance = AreaGovernance("2025", CUT_OFF, contributions=(one,))
    assert said(section(governance, "contributions")) == [
        ("", "1 partner was asked for 1 contribution. By 31 December 2025, 0 had come.")
    ]
    assert table(governance, "partners").rows[0] == ("Example Forum", "1", "0", "0", "–")


def test_unsigned_assumptions_stay_visible() -> None:
    assert [row[-1] for row in table(EXAMPLE, "assumptions").rows] == [
        "Example Reviewer, 14 January 2026",
        UNSIGNED,
        UNSIGNED,
    ]
    assert (UNSIGNED, "2 of 3: no named person has agreed to them.") in said(section(EXAMPLE, "assumptions"))
    many = Assumption(assumption="a", why="b", effect_if_wrong="c")
    assert table(AreaGovernance("2025", CUT_OFF, assumptions=(many,) * 6), "assumptions").in_pdf
    assert not table(AreaGovernance("2025", CUT_OFF, assumptions=(many,) * 7), "assumptions").in_pdf


def test_decisions_say_which_are_overdue() -> None:
    assert said(section(EXAMPLE, "decisions")) == [
        ("", "4 decisions in the log: 2 open, 1 done and 1 withdrawn."),
        ("Overdue at the cut-off", "1 decision of Head of joint commissioning."),
    ]
    statuses = {row[0].split()[0]: row[-1] for row in table(EXAMPLE, "decisions").rows}
    assert statuses == {
        "Print": "Open",
        "Hold": "Withdrawn",
        "Refresh": "Done, 8 December 2025",
        "Ask": "Open, overdue",
    }


def test_a_blocked_approval_is_no_approval_and_says_why() -> None:
    governance = AreaGovernance("2025", CUT_OFF, signed_through(Step.APPROVED, blocking=(BLOCKER,)))
    told = dict(said(section(governance, "sign-off")))
    assert told["Draft"].startswith("The last step taken is “endorsed” on 2 March 2026. The next is “approved”")
    assert told["Not counted"].startswith("Signed, but not counted: approved.")
    assert told["Approval blocked"].startswith("1 problem of the contributed files blocks approval.")
    assert table(governance, "sign-off").rows[5][1] == "Not counted: Example Chair, Role approved"
    assert table(governance, "blocking").rows == (
        ("commentary/requests.md", "line 9", "Prints a figure that the data do not"),
    )
    box = governance_box(governance.sign_off)
    assert (box.approved_by, box.approved_on) == ("Not yet approved", "Not yet approved")
    assert box.endorsed_by == "Example Chair, Role endorsed"


def test_the_box_of_an_approved_edition_names_who_approved_it_and_when() -> None:
    box = governance_box(signed_through(Step.PUBLISHED))
    assert (box.owner, box.author) == ("Example Director", "Not yet named")
    assert (box.approved_by, box.approved_on) == ("Example Chair, Role approved", "2 March 2026")
    published = section(AreaGovernance("2025", CUT_OFF, signed_through(Step.PUBLISHED)), "sign-off")
    approved = governance_chapter(AreaGovernance("2025", CUT_OFF, signed_through(Step.APPROVED)), 9)
    assert approved and approved.opening == (
        "The health and wellbeing board approved this assessment on 2 March 2026.",
    )
    assert said(published)[0] == ("Published", "The last step taken is “published” on 2 March 2026.")


def test_errata_come_first_and_stand_on_paper() -> None:
    earlier = ERRATUM.model_copy(update={"edition": "2025.1"})
    here = ERRATUM.model_copy(update={"edition": "2025.2", "found_by": "Example Forum"})
    governance = AreaGovernance("2025.2", CUT_OFF, errata=(earlier, here))
    first = governance_sections(governance)[0]
    assert said(first) == [("Corrected", "1 correction in edition 2025.2. 1 correction of editions before it.")]
    assert first.tables[0].in_pdf and [row[-2] for row in first.tables[0].rows] == ["2025.1", "2025.2"]


def test_the_chapter_fits_the_report_and_what_people_wrote_stays_text() -> None:
    governance = replace(
        EXAMPLE,
        edition="2025.1",
        errata=(ERRATUM,),
        sign_off=replace(signed_through(Step.APPROVED, blocking=(BLOCKER,)), author="<script>x</script>"),
    )
    chapter = governance_chapter(governance, 99)
    assert chapter is not None
    report = sample_report.build()
    page = html.render(
        replace(report, chapters=(*report.chapters, chapter), governance=governance_box(governance.sign_off))
    )
    assert "<b>130" not in page and "<script>x" not in page
    tree = lxml_html.document_fromstring(page)
    for part in chapter.sections:
        assert tree.get_element_by_id(part.section_id).text == part.heading
        for one in part.tables:
            assert tree.get_element_by_id(one.table_id).findtext("caption") == one.caption
            assert {len(row) for row in one.rows} == {len(one.columns)} == {len(one.numeric)}


def test_sentences_are_short() -> None:
    governance = replace(EXAMPLE, edition="2025.1", errata=(ERRATUM,), sign_off=signed_through(Step.APPROVED))
    parts = governance_sections(governance)
    texts = [one.text for part in parts for one in part.statements] + [part.method for part in parts]
    assert max(len(sentence.split()) for text in texts for sentence in text.split(". ")) < 30
