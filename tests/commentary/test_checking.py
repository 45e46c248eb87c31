"""A commentary as it is printed: figures filled, disagreements marked in the draft and told as blockers."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jsna_pipeline.commentary.checking import DISPUTED_MARK, check
from jsna_pipeline.commentary.placeholders import Part
from jsna_pipeline.commentary.reading import Commentary
from jsna_pipeline.commentary.typed_figures import PrintedFigure, PrintedFigures
from jsna_pipeline.report.commentary_box import DISPUTED, commentary_box, printed_commentary

WRITTEN = Commentary("health", "A team", "Head", date(2025, 9, 30), "2025", "Words.", "commentary/a.md", 8)
PRINTED = PrintedFigures(
    [
        PrintedFigure(42.62, "percent", 1, "plans in time, 2024", "{{ plans }}"),
        PrintedFigure(2966, "plans", 0, "plans"),
        PrintedFigure(61.3, "percent", 1, "boys", leading=False),
    ]
)


class Figures:
    def value(self, indicator_id: str, group: tuple[str, str] | None, what: Part) -> str | None:
        return {"plans": "42.6%", "hostile": "<b>5%</b>"}.get(indicator_id)


def checked(words: str, edition: str = "2025", printed: PrintedFigures = PRINTED):
    return check(replace(WRITTEN, words=words), edition, Figures(), printed, {"plans", "hostile", "empty"})


def test_a_bound_figure_is_printed_and_never_disagrees() -> None:
    read = checked("In time: {{ plans }}. [[ 14 routes | source: transport team, June 2025 ]].")
    assert str(read.body) == "<p>In time: 42.6%. 14 routes (source: transport team, June 2025).</p>"
    assert read.blocking == read.told == read.flags == ()


def test_a_typed_figure_of_the_chapter_is_fine() -> None:
    read = checked("In time were 42.6% of 2,966 plans, or nearly 3,000; 43 per cent in short.")
    assert read.blocking == () and "<mark" not in read.body


def test_a_disagreement_is_marked_in_the_draft_and_blocks_approval_with_its_line() -> None:
    read = checked("Good.\n\n- First\n- We reached **14**% in\n  2024, not 43%.")
    assert (
        f'<strong><mark class="disputed">14</mark></strong><mark class="disputed">%{DISPUTED_MARK}</mark> in'
        in read.body
    )
    assert read.body.count(DISPUTED_MARK) == 1 and read.told == ()
    (found,) = read.disagreements
    assert (found.line, found.typed, found.placeholder) == (11, "14%", "{{ plans }}")
    assert read.blocking[0].sentence == (
        "commentary/a.md, line 11: “14%” does not agree with the data: the nearest that the chapter prints is 42.6% "
        "(plans in time, 2024); bind it as {{ plans }}, or give its source in [[ … | source: … ]]."
    )


def test_a_figure_too_rounded_to_be_told_from_others_says_so() -> None:
    (found,) = checked("Boys: 61%.").disagreements
    assert found.too_rounded and "too rounded" in found.problem.what and "61.3% (boys)" in found.problem.what
    assert checked("Boys: 61.3%.").disagreements == ()


def test_without_a_figure_of_its_unit_there_is_no_nearest() -> None:
    (found,) = checked("£3 million more.").disagreements
    assert found.nearest == "" and "the chapter prints none, or give its source" in found.problem.what


def test_faults_block_and_missing_figures_are_told() -> None:
    read = checked("{{ plan }} {{ empty }} {{ plans | wales }}\n[[ 3 | source: a team ]] {{ open")
    assert [problem.place for problem in read.blocking] == ["line 8", "line 8", "line 9", "line 9"]
    assert [problem.place for problem in read.told] == ["line 8"]
    assert read.body.count("not available") == 4 and "{{ open" in read.body
    assert "3" not in str(read.body)


def test_a_printed_value_is_text_and_no_markup() -> None:
    assert "&lt;b&gt;5%&lt;/b&gt;" in checked("{{ hostile }}").body


def test_a_figure_beside_a_placeholder_is_one_of_its_own() -> None:
    assert [each.typed for each in checked("{{ plans }}7% and 8{{ plans }}").disagreements] == ["7%", "8"]


@pytest.mark.parametrize(
    ("written_for", "edition", "flagged"),
    [("2024", "2025", True), ("2025", "2025", False), ("2025", "2025.1", False), ("2024.2", "2025.1", True)],
)
def test_words_of_an_earlier_edition_are_flagged(written_for: str, edition: str, flagged: bool) -> None:
    read = check(replace(WRITTEN, edition=written_for), edition, Figures(), PRINTED, set())
    assert read.flags == ((f"Written for edition {written_for}; not yet confirmed for {edition}",) if flagged else ())
    assert read.blocking == ()


@given(st.text(alphabet="14%. \n*_{}[]|()source:plans>-#<&,£", max_size=200))
def test_any_words_are_printed_and_marks_stand_on_what_was_typed(words: str) -> None:
    read = checked(words)
    assert read.body.count(DISPUTED_MARK) == len(read.disagreements) == sum("[[ … |" in p.what for p in read.blocking)
    lines = words.count("\n") + 1
    assert all(8 <= each.line < 8 + lines for each in read.disagreements)
    assert "<script" not in read.body


def test_boxes_stand_by_chapter_with_their_flags() -> None:
    others = [
        replace(WRITTEN, words="Is it 14%?", edition="2024"),
        replace(WRITTEN, author="Forum", role="", words="{{ plans }}"),
        replace(WRITTEN, chapter="voice"),
    ]
    result = printed_commentary(others, "2025", Figures(), lambda chapter: PRINTED, ["health"])
    first, second = result.boxes["health"]
    assert first.heading == "Commentary by A team, Head, 30 September 2025"
    assert first.flags == ("Written for edition 2024; not yet confirmed for 2025.", DISPUTED)
    assert second.heading == "Commentary by Forum, 30 September 2025" and second.flags == ()
    assert (first.box_id, second.box_id) == ("commentary-health-1", "commentary-health-2")
    assert [problem.what for problem in result.told] == [
        "is about a chapter that this report does not have; its words are not printed"
    ]
    assert [problem.place for problem in result.blocking] == [
        "line 8",
        "line 8",
    ]  # 14%; “plans” is not in the catalogue


def test_a_box_carries_the_words_as_they_are_printed() -> None:
    box = commentary_box(checked("*Yes*: {{ plans }}"), 3)
    assert (str(box.body), box.by, box.role, box.date, box.edition) == (
        "<p><em>Yes</em>: 42.6%</p>", "A team", "Head", "30 September 2025", "2025",
    )  # fmt: skip
