"""The chapter on commissioning: what leads, what is missing, what is hidden, and that it prints and links."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pandas as pd

from jsna_pipeline.catalogue.strategies import TargetRule
from jsna_pipeline.commissioning.plan import Commissioning, Decision, Proposal, Service
from jsna_pipeline.commissioning.prioritisation import prioritise
from jsna_pipeline.report import html
from jsna_pipeline.report.commissioning_chapter import commissioning_chapter, rule_words
from jsna_pipeline.report.model import Chapter, Section, Statement, Table
from tests.commissioning.invented_evidence import HELD, RECORDS
from tests.report import sample_report

TODAY = date(2025, 12, 31)
ORDER = prioritise(RECORDS, HELD, "2025")
NO_ORDER = ORDER.iloc[:0]


def _proposal(**given: object) -> Proposal:
    cells = {"chapter": "ehc_system", "need": "Plans are late", "proposal": "More staff", "lead": "both"}
    return Proposal.model_validate(cells | given)


def _service(**given: object) -> Service:
    cells = {"service": "Therapy", "tier": "targeted", "commissioner": "icb", "chapter": "health"}
    return Service.model_validate(cells | given)


def _chapter(plan: Commissioning, order: pd.DataFrame = ORDER, **given: object) -> Chapter:
    chapter = commissioning_chapter(plan, order, 17, TODAY, **given)  # type: ignore[arg-type]
    assert chapter is not None
    return chapter


def _section(chapter: Chapter, name: str) -> Section:
    return next(section for section in chapter.sections if section.section_id == f"commissioning-{name}")


def _table(chapter: Chapter, name: str) -> Table:
    tables = (table for section in chapter.sections for table in section.tables)
    return next(table for table in tables if table.table_id == f"commissioning-{name}")


def _said(section: Section, label: str) -> list[Statement]:
    return [one for one in section.statements if one.label == label]


def test_nothing_written_and_nothing_ranked_is_no_chapter() -> None:
    assert commissioning_chapter(Commissioning(), NO_ORDER, 17, TODAY) is None
    assert [one.section_id for one in _chapter(Commissioning()).sections] == ["commissioning-priorities"]
    written = _chapter(Commissioning((_proposal(),)), NO_ORDER)
    assert [one.section_id for one in written.sections] == ["commissioning-proposals"]


def test_it_opens_with_what_comes_first_and_counts_what_is_written() -> None:
    ranked = ORDER["rank"].notna().sum()
    leads, weighed, written = _chapter(Commissioning((_proposal(), _proposal()), (_service(),))).opening
    assert leads.startswith(f"Of {ranked} chapter") and leads.split("come first: ")[1]
    assert "seven criteria" in weighed
    assert written == "The area has written down 2 proposals and 1 service."
    assert _chapter(Commissioning()).opening[-1] == "The area has written down no plan yet."
    assert len(_chapter(Commissioning((_proposal(),)), NO_ORDER).opening) == 2


def test_the_first_chapter_is_said_with_its_standard_and_how_firm_it_is() -> None:
    chapter = _chapter(Commissioning())
    (first,) = _said(_section(chapter, "priorities"), "Rank 1")
    assert first.text == (
        "The EHC system scores 75 of 100. 1 statutory standard is not met. It stays at rank 1 when criteria are left "
        "out or count twice, and is among the first 5 with 100% of random weights."
    )
    (not_ranked,) = _said(_section(chapter, "priorities"), "Not ranked")
    assert not_ranked.text.startswith("Money and value: not ranked") and not_ranked.tone == "unknown"


def test_scores_print_what_is_not_known_as_a_dash_and_weights_stand_in_the_method() -> None:
    chapter = _chapter(Commissioning(), weights={"voice": 2})
    assert [row[:10] for row in _table(chapter, "scores").rows] == [
        ("The EHC system", "3", "4", "2", "4", "1", "3", "4", "75", "1"),
        ("Health", "–", "3", "–", "–", "1", "–", "2", "50", "2"),
    ]
    assert "voice 25%" in _section(chapter, "priorities").method
    assert [row[0] for row in _table(chapter, "figures").rows] == ["The EHC system", "Health", "Money and value"]
    assert _table(chapter, "sensitivity").rows[0] == ("As set", "1", "2")
    assert len(_table(chapter, "thresholds").rows) == 7


def test_a_leading_chapter_without_a_proposal_or_a_service_is_said() -> None:
    plan = Commissioning((_proposal(measure="ehcp_reviews_held", target_rule="increase"),), (_service(),))
    chapter = _chapter(plan)
    assert [one.text for one in _said(_section(chapter, "proposals"), "No proposal")] == [
        "Among the first 5 chapters, no proposal is made for Health."
    ]
    assert [one.text for one in _said(_section(chapter, "services"), "No service listed")] == [
        "Among the first 5 chapters, no service is listed for The EHC system."
    ]
    assert not _said(_section(chapter, "proposals"), "No measure")


def test_proposals_without_a_measure_or_past_their_day_are_counted() -> None:
    plan = Commissioning(
        (
            _proposal(due="2025-12-30"),
            _proposal(due="2025-01-01", status="done", measure="severe_absence"),
            _proposal(due="2026-01-01", measure="wigan_education/61", target_rule="MONTHLY_REDUCE"),
        )
    )
    section = _section(_chapter(plan), "proposals")
    assert _said(section, "No measure")[0].text.startswith("1 proposal has no measure")
    assert _said(section, "Overdue")[0].text == "1 proposal was due before 31 December 2025, and not done."
    measures = [row[5] for row in section.tables[0].rows]
    assert measures[0] == "Not yet agreed" and measures[1].endswith(": target not yet agreed")
    assert measures[2].endswith("row 61: reduce month on month")


def test_proposals_stand_in_the_order_of_chapters_and_link_only_to_what_is_printed() -> None:
    plan = Commissioning(
        (
            _proposal(chapter="money", need="Later", measure="severe_absence"),
            _proposal(need="Sooner", measure="ehcp_reviews_held"),
        ),
        decisions=(
            Decision.model_validate(
                {"decision": "Agree", "lead": "Head", "by": "2026-01-31", "chapter": "health", "why": "It is time."}
            ),
        ),
    )
    chapter = _chapter(plan, printed={"ehcp_reviews_held", "chapter-ehc_system"})
    full = _table(chapter, "proposals-full")
    assert [row[0] for row in full.rows] == ["Sooner", "Later"]
    assert full.anchors == ("ehcp_reviews_held", "") and not full.in_pdf
    (decision,) = _section(chapter, "decisions").statements
    assert decision.anchor == "" and decision.text.endswith("not costed. It is time.")
    linked = _chapter(plan, printed={"chapter-health"})
    assert _section(linked, "decisions").statements[0].anchor == "chapter-health"


def test_few_children_waiting_are_hidden() -> None:
    services = tuple(_service(service=f"S{number}", waiting=number) for number in (0, 1, 5, 6, 1200))
    rows = _table(_chapter(Commissioning(services=services)), "services-table").rows
    assert {row[0]: row[8] for row in rows} == {"S0": "0", "S1": "c", "S5": "c", "S6": "6", "S1200": "1,200"}


def test_the_map_names_who_serves_each_place_and_says_where_nothing_is_named() -> None:
    services = (
        _service(service="Nursing", tier="specialist", localities="Ashton"),
        _service(localities="Ashton; Leigh", contract_ends="2026-03-31"),
    )
    chapter = _chapter(Commissioning(services=services))
    assert _table(chapter, "map").rows == (
        ("Whole area", "None named", "None named", "None named"),
        ("Ashton", "None named", "Therapy", "Nursing"),
        ("Leigh", "None named", "Therapy", "None named"),
    )
    assert _table(chapter, "map-counts").rows[1] == ("Ashton", "None named", "1", "1")
    section = _section(chapter, "services")
    assert [one.text for one in _said(section, "Gap in the map")] == [
        "No specialist service is named in Leigh.",
        "No universal service is named in Ashton and Leigh.",
    ]
    assert _said(section, "Contracts")[0].text == (
        "1 contract has ended or ends within a year of 31 December 2025; first Therapy, on 31 March 2026."
    )


def test_every_target_rule_has_words() -> None:
    assert all(rule_words(rule)[0].isupper() and "_" not in rule_words(rule) for rule in TargetRule)


def test_it_prints_with_unique_anchors_and_markup_of_a_cell_stays_text() -> None:
    plan = Commissioning((_proposal(need="<script>alert(1)</script>"),), (_service(localities="Leigh"),))
    report = sample_report.build()
    page = html.render(replace(report, chapters=(*report.chapters, _chapter(plan))))
    assert "<script>alert" not in page and "&lt;script&gt;alert(1)" in page
    assert page.count('id="commissioning-scores"') == 1
