"""Registers of what people said: consent comes before words, and open items are counted at the cut-off."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from pydantic import ValidationError

from jsna_pipeline.voice.reading import FILES, read_voice
from jsna_pipeline.voice.registers import Quotation, open_items

CANARY = "Zebedee"
QUOTATIONS = "words,speaker_kind,age_band,consent,consent_for,consent_on,withdrawn_on,chapter\n"
YOU_SAID = "id,said_on,who,said,did,status,why_not,done_on,owner\n"


def written(folder: Path, **files: str) -> Path:
    for name, text in files.items():
        (folder / f"{name}.csv").write_text(text, "utf-8")
    return folder


def test_nothing_written_is_nothing_read(tmp_path: Path) -> None:
    voice, problems = read_voice(tmp_path)
    assert voice.is_empty and problems == ()


@pytest.mark.parametrize(
    "row",
    [
        f"{CANARY},parent,,no,both,2025-06-01,,",
        f"{CANARY},parent,,,both,2025-06-01,,",
        f"{CANARY},parent,,maybe,both,2025-06-01,,",
        f"{CANARY},parent,,yes,both,2025-06-01,2025-07-01,",
        f"{CANARY},parent,,yes,both,2025-06-01,last week,",
        f"{CANARY},parent,,yes,,2025-06-01,,",
        f"{CANARY},parent,,yes,both,,,",
        f"{CANARY},parent,,yes,everything,2025-06-01,,",
        f"{CANARY},a parent called {CANARY},,yes,both,2025-06-01,,",
        f"{CANARY * 100},parent,,yes,both,2025-06-01,,",
        f"{CANARY},parent,,yes,both,2025-06-01,,,one cell too many,{CANARY}",
    ],
)
def test_words_without_consent_in_force_are_nowhere(tmp_path: Path, row: str) -> None:
    voice, problems = read_voice(written(tmp_path, quotations=QUOTATIONS + row + "\n"))
    assert voice.quotations == ()
    assert CANARY not in repr(voice) and CANARY not in repr(problems)
    assert all(one.file == "quotations.csv" and one.place.startswith("row 2") for one in problems)


@pytest.mark.parametrize(("consent", "withdrawn"), [("no", ""), ("", ""), ("yes", "2025-07-01"), ("yes", "last week")])
def test_the_row_itself_keeps_no_words_without_consent(consent: str, withdrawn: str) -> None:
    """Not even where somebody prints the row, or the validator's own complaint about it."""
    cells = {"words": CANARY, "speaker_kind": "parent", "consent": consent, "withdrawn_on": withdrawn}
    try:
        told = repr(Quotation.model_validate(cells | {"consent_for": "both", "consent_on": "2025-06-01"}))
    except ValidationError as error:
        told = str(error)
    assert CANARY not in told


@pytest.mark.parametrize(
    ("consent_for", "report", "web"), [("report", True, False), ("web", False, True), ("both", True, True)]
)
def test_consent_reaches_as_far_as_it_says(tmp_path: Path, consent_for: str, report: bool, web: bool) -> None:
    row = f"Rainbows,child,5 to 10,Yes,{consent_for},01/06/2025,,\n"
    (one,) = read_voice(written(tmp_path, quotations=QUOTATIONS + row))[0].quotations
    assert (one.may_be_printed("report"), one.may_be_printed("web")) == (report, web)


def test_what_is_held_back_is_counted_by_why(tmp_path: Path) -> None:
    rows = [
        "a,parent,,no,,,,", ",parent,,no,,,,", "c,parent,,yes,both,2025-06-01,2025-06-02,",
        "d,parent,,yes,report,2025-06-01,,", "e,parent,,yes,web,2025-06-01,,",
    ]  # fmt: skip
    held = read_voice(written(tmp_path, quotations=QUOTATIONS + "\n".join(rows)))[0].held_back
    assert (held.without_consent, held.withdrawn, held.paper_alone) == (2, 1, 1)


def test_ages_of_open_items_at_the_cut_off(tmp_path: Path) -> None:
    rows = [
        "A,2025-01-01,Parents,x,y,done,,2025-03-01,Head",
        "B,2025-01-01,Parents,x,,not_possible,The law says so.,,Head",
        "C,2025-03-22,Parents,x,,listening,,,Head",  # 10 days open
        "D,2025-03-12,Parents,x,,in_progress,,,Head",  # 20
        "E,2024-12-22,Parents,x,z,done,,2025-04-02,Head",  # 100: done only after the cut-off
        "F,2025-04-02,Parents,x,,listening,,,Head",  # said after it
    ]
    voice, problems = read_voice(written(tmp_path, you_said=YOU_SAID + "\n".join(rows)))
    state = open_items(voice.you_said, date(2025, 4, 1))
    assert problems == ()
    assert (state.total, state.closed, state.open, state.share_closed) == (5, 2, 3, 40)
    assert (state.median_days, state.oldest_days) == (20, 100) and state.oldest is not None and state.oldest.id == "E"
    assert open_items((), date(2025, 4, 1)).share_closed is None


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("A,2025-01-01,Parents,x,,done,,2025-03-01,Head", "is done without saying what or when"),
        ("A,2025-01-01,Parents,x,y,done,,2024-03-01,Head", "is done before it was said"),
        ("A,2025-01-01,Parents,x,,not_possible,,,Head", "is not possible without saying why"),
        ("A,2025-01-01,Parents,x,,soon,,,Head", "column status: has to be 'done'"),
        ("A,yesterday,Parents,x,,listening,,,Head", "column said_on: is no day"),
    ],
)
def test_an_item_that_does_not_explain_itself_is_told(tmp_path: Path, row: str, said: str) -> None:
    voice, (problem,) = read_voice(written(tmp_path, you_said=YOU_SAID + row + "\n"))
    assert voice.you_said == () and problem.sentence.startswith("you_said.csv, row 2") and said in problem.sentence


def test_the_later_row_of_an_item_counts(tmp_path: Path) -> None:
    rows = ["A,2025-01-01,Parents,x,,listening,,,Head", "A,2025-01-01,Parents,x,y,done,,2025-02-01,Head"]
    voice, (problem,) = read_voice(written(tmp_path, you_said=YOU_SAID + "\n".join(rows)))
    assert [one.status for one in voice.you_said] == ["done"] and problem.place == "row 2"


def test_a_theme_is_part_of_a_whole_and_a_consultation_ends_after_it_begins(tmp_path: Path) -> None:
    themes = (
        "theme,source,audience,mentions,out_of,entered_by,entered_on\nWaits,survey,parents,12,10,Officer,2025-06-01\n"
    )
    talks = "title,kind,first_day,last_day\nShort breaks,consultation,2025-06-01,2025-05-01\n"
    _, problems = read_voice(written(tmp_path, themes=themes, consultations=talks))
    assert [one.file for one in problems] == ["themes.csv", "consultations.csv"]


def test_every_column_has_its_description() -> None:
    for model in FILES.values():
        assert [name for name, one in model.model_fields.items() if name != "row" and not one.description] == []
