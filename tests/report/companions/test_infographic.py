"""The summary on one page: which numbers, in which words, and one tagged page of A4 even with the longest words."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from io import BytesIO
from types import ModuleType

import pikepdf
import pytest

from jsna_pipeline.errors import BuildError
from jsna_pipeline.report import pdf
from jsna_pipeline.report.companions import infographic
from jsna_pipeline.report.companions.glance import Glance, Heard, Sought
from tests.report.companions import sample_glance
from tests.report.companions.sample_glance import GLANCE


def test_six_numbers_lead_with_the_law_and_their_counts() -> None:
    made = infographic.tiles(GLANCE)
    assert [one.numeral for one in made] == ["2,132", "204 of 386", "610 of 1,628", "609", "83%", "12.0%"]
    assert made[0].small == "January 2025. Up 16.5% from 1,830 a year before."
    assert made[1].small == "Calendar year 2024. 52.8% missed the limit that the law sets."
    assert made[1].share == pytest.approx(100 * 204 / 386) and made[1].share_words.startswith("Bar: 52.8%")
    assert made[3].small == "January 2025. The same as a year before."
    assert made[4].small == "January 2025. 795 of 955. It covers NHS Merrow ICB - 00X, not this authority alone."
    assert made[5].words == "of parents and carers say: “Professionals listen to what we say about our child”"


def test_places_of_what_is_not_known_are_taken_by_further_facts() -> None:
    public = replace(GLANCE, figures=GLANCE.figures[:-2], heard=())
    made = infographic.tiles(public)
    assert [one.numeral for one in made[4:]] == ["16.2%", "623 of 1,082"]
    assert made[4].words == "of pupils had SEN support"


def test_a_standard_that_is_kept_is_no_late_number_and_an_empty_area_has_no_tile() -> None:
    kept = replace(GLANCE, figures=GLANCE.figures[3:4])
    assert kept.standards and infographic.tiles(kept) == infographic.tiles(replace(kept, figures=()))
    assert infographic.tiles(Glance()) == ()
    assert b"Decisions sought" not in infographic.render(sample_glance.build(glance=Glance()))


def test_decisions_stand_with_board_and_day_and_what_is_left_out_is_counted() -> None:
    one = Sought("agree the plan", "", date(2026, 3, 1))
    assert infographic.decision_line(one) == "Agree the plan. By 1 March 2026."
    assert infographic.decision_line(replace(one, board="Forum")) == "Agree the plan. Forum, by 1 March 2026."
    page = infographic.render(sample_glance.build(glance=replace(GLANCE, sought=(one,) * 6))).decode()
    assert page.count("Agree the plan.") == 4 and "The full report has 2 more." in page


def test_the_paper_is_one_tagged_page_with_marking_whatever_people_wrote() -> None:
    long = "w" * 20 + " " + "Necessary interdisciplinary considerations " * 12
    full = replace(
        GLANCE,
        figures=tuple(replace(one, covers=long if one.covers else "") for one in GLANCE.figures),
        heard=(Heard("parents and carers", long, 12.0, 480, "2025"),),
        sought=tuple(Sought(long, long, date(2026, 3, day)) for day in range(1, 6)),
    )
    report = sample_glance.build(glance=full, area_name="Bournemouth, Christchurch and Poole", restricted=True)
    content = infographic.render_pdf(report)
    assert content == infographic.render_pdf(report), "the same report, the same bytes"
    with pikepdf.open(BytesIO(content)) as document:
        assert len(document.pages) == 1 and str(document.Root.Lang) == "en-GB" and document.Root.MarkInfo.Marked
        kinds = [(str(element.S), str(element.get("/Alt", ""))) for element, _ in pdf._elements(document)]
    assert sum(kind == "/Figure" for kind, _ in kinds) == 10 and all(alt for kind, alt in kinds if kind == "/Figure")
    assert sorted(kind for kind, _ in kinds if kind.startswith("/H")) == ["/H1", "/H2", "/H2"]


def test_checkers_find_no_fault() -> None:
    page: ModuleType = pytest.importorskip("page")
    content = infographic.render_pdf(sample_glance.build())
    found = page.validate_pdf_bytes(content, profile=page.ValidationProfile.PDF_UA_1)
    assert [failure.rule_id for failure in found.failures] == [] and found.is_compliant


def test_what_does_not_fit_a_page_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    assert (
        pdf.one_page("<html lang=en><title>t</title><p>a<p style='break-before:page'>b", sample_glance.build()) is None
    )
    monkeypatch.setattr(pdf, "one_page", lambda page, report: None)
    with pytest.raises(BuildError, match="runs over its page"):
        infographic.render_pdf(sample_glance.build())
