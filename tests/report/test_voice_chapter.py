"""The chapter on what families say, and its sentences on page one: what is printed, and what never is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from importlib import resources
from pathlib import Path

import pandas as pd
import pytest
from lxml import html as lxml_html

from jsna_pipeline.report import html
from jsna_pipeline.report.model import Chapter, Section, Table
from jsna_pipeline.report.voice_chapter import voice_chapter, voice_front
from jsna_pipeline.voice.reading import Voice, read_voice
from jsna_pipeline.voice.results import VoiceResults, voice_results
from jsna_pipeline.voice.survey import Survey
from tests.report import sample_report
from tests.voice.invented_surveys import population, survey

CUT_OFF = date(2025, 9, 30)
EXAMPLE = Path(str(resources.files("seeds"))) / "contributions" / "2025" / "wigan"
MARGINS = {"parents": population(sex={"female": 2700, "male": 5150}, sen_stage={"ehc_plan": 2966, "sen_support": 5900})}


def results_of(surveys: Sequence[Survey], margins: Mapping[str, pd.DataFrame] | None = None) -> VoiceResults:
    return voice_results(surveys, margins or {}, "2025")


@pytest.fixture(scope="module")
def example() -> tuple[Voice, VoiceResults]:
    voice, _ = read_voice(EXAMPLE)
    return voice, results_of(voice.surveys, MARGINS)


@pytest.fixture(scope="module")
def chapter(example: tuple[Voice, VoiceResults]) -> Chapter:
    made = voice_chapter(*example, CUT_OFF, 15)
    assert made is not None
    return made


def section(chapter: Chapter, name: str) -> Section:
    return next(one for one in chapter.sections if one.section_id == name)


def said(one: Section) -> str:
    return " ".join(statement.text for statement in one.statements)


def chapter_of(folder: Path, **files: str) -> Chapter | None:
    for name, text in files.items():
        (folder / f"{name}.csv").write_text(text, "utf-8")
    voice, _ = read_voice(folder)
    return voice_chapter(voice, results_of(voice.surveys), CUT_OFF, 1)


def everything(chapter: Chapter | None) -> str:
    return repr(chapter)


def test_an_area_that_wrote_nothing_has_no_chapter() -> None:
    assert voice_chapter(Voice(), results_of(()), CUT_OFF, 1) is None
    assert voice_front(Voice(), results_of(()), CUT_OFF) == ()


def test_response_weights_and_likeness_are_said(chapter: Chapter) -> None:
    who = section(chapter, "voice-who-answered")
    assert "538 of 3,400 parents and carers who were asked answered (15.8%)" in said(who)
    assert "weighted to the population by sex of the child and kind of support" in said(who)
    assert "Not used: age of the child (the population’s mix is not known)" in said(who)
    assert "Answers of young people are not weighted" in said(who)
    labels = [one.label for one in who.statements if one.label]
    assert labels == ["Unlike the population"]


def test_every_share_stands_beside_the_number_who_answered(
    chapter: Chapter, example: tuple[Voice, VoiceResults]
) -> None:
    table = section(chapter, "voice-send-parents").tables[0]
    assert table.columns[:2] == ("Question", "Answers") and table.in_pdf
    counted = (
        example[1]
        .table.query("survey == 'send_parents' and wave == '2025' and dimension == 'total' and measure == 'positive'")
        .set_index("question")["respondents"]
    )
    assert {row[0]: int(row[1]) for row in table.rows} == {row[0]: counted[row[0]] for row in table.rows}


def test_a_dissenting_forum_is_printed_whole_with_its_name_and_day(
    chapter: Chapter, example: tuple[Voice, VoiceResults]
) -> None:
    statement = section(chapter, "voice-statement-1")
    assert statement.statements[0].label == "Agrees in part with the report"
    assert "Example Parent Carer Forum" in statement.statements[0].text and "12 September 2025" in said(statement)
    printed = " ".join(one.text for one in statement.statements[1:])
    assert printed.split() == example[0].statements[0].text.split()
    assert any("does not wholly agree" in one for one in chapter.opening)


def test_words_go_no_further_than_their_consent(chapter: Chapter, tmp_path: Path) -> None:
    header = "words,speaker_kind,age_band,consent,consent_for,consent_on,withdrawn_on\n"
    rows = [
        f"Canary{number},parent,,{consent}"
        for number, consent in enumerate(
            ["yes,both,2025-06-01,", "yes,web,2025-06-01,", "yes,report,2025-06-01,", "no,both,2025-06-01,",
             "yes,both,2025-06-01,2025-06-02"]
        )
    ]  # fmt: skip
    made = chapter_of(tmp_path, quotations=header + "\n".join(rows))
    assert made is not None
    quotations = section(made, "voice-quotations")
    assert "Canary0" in said(quotations) and [row[1] for row in quotations.tables[0].rows] == ["Canary1"]
    assert not quotations.tables[0].in_pdf  # agreed to for web pages alone
    assert not [name for name in ("Canary2", "Canary3", "Canary4") if name in everything(made)]
    assert quotations.caveats == ("3 quotations are not printed, for want of consent to print them here.",)


def test_words_of_people_are_text_and_never_markup(tmp_path: Path) -> None:
    evil = "<script>alert(1)</script>"
    made = chapter_of(
        tmp_path,
        quotations=f"words,speaker_kind,consent,consent_for,consent_on\n{evil},parent,yes,both,2025-06-01\n",
        statements=f"by,role,date,text,agrees\nForum{evil},Role,2025-06-01,{evil},no\n",
        themes=f"theme,source,audience,entered_by,entered_on\n{evil},survey,parents,Officer,2025-06-01\n",
        you_said=f"id,said_on,who,said,status,owner\n1,2025-06-01,Parents,{evil},listening,Head\n",
    )
    assert made is not None
    page = html.render(replace(sample_report.build(), chapters=(made,), front_page=()))
    assert evil not in page and page.count("&lt;script&gt;alert(1)") >= 4


def test_anchors_are_unique_and_the_page_is_well_formed(chapter: Chapter) -> None:
    page = html.render(replace(sample_report.build(), chapters=(chapter,), front_page=()))
    ids = [element.get("id") for element in lxml_html.document_fromstring(page).iter() if element.get("id")]
    assert len(ids) == len(set(ids))
    assert all(name.startswith("voice-") for name in [one.section_id for one in chapter.sections])


def test_tables_are_rectangular_and_paper_holds_the_short_ones(chapter: Chapter) -> None:
    tables: list[Table] = [table for one in chapter.sections for table in one.tables]
    assert all(len(row) == len(table.columns) == len(table.numeric) for table in tables for row in table.rows)
    assert sum(len(table.rows) for table in tables if table.in_pdf) <= 26


def test_a_low_base_stands_nowhere_in_the_chapter(tmp_path: Path) -> None:
    """Men: 7 of 9 are heard. Neither their base nor their share may be printed, nor the women's beside everybody's."""
    found = survey(tmp_path, {("female", "a"): (31, 22), ("male", "a"): (7, 2)})
    voice = Voice(surveys=(found,))
    made = voice_chapter(
        voice, results_of([found], {"parents": population(sex={"female": 50, "male": 50})}), CUT_OFF, 1
    )
    assert made is not None
    tables = {table.table_id: table for one in made.sections for table in one.tables}
    assert "voice-invented-by-sex" not in tables
    assert [row[1:3] for row in tables["voice-mix-invented-sex"].rows] == [("c", "c"), ("c", "c")]
    assert not [text for text in ("78%", "77.8%", "58%", "58.5%", "'9'", "'53'") if text in everything(made)]


def test_page_one_has_at_most_three_sentences_and_nothing_old(
    example: tuple[Voice, VoiceResults], chapter: Chapter
) -> None:
    front = voice_front(*example, CUT_OFF)
    assert [one.label for one in front] == ["Better than in 2024", "", ""]
    assert front[0].text.startswith(
        "More parents and carers say “Professionals listen to what we say about our child”: "
    )
    assert {one.anchor for one in front} <= {one.section_id for one in chapter.sections}
    assert all(len(one.text.split()) <= 40 for one in front)
    later = voice_front(*example, date(2027, 7, 1))
    assert [one.anchor for one in later] == ["voice-you-said"]
    assert voice_front(*example, date(2025, 6, 1))[0].anchor == "voice-you-said"  # the survey ended after this day
