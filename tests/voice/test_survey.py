"""Reading a survey: what the map knows is kept, everything else is told by place and never by content."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jsna_pipeline.contributions.reading import Problem
from jsna_pipeline.voice.survey import MOST_TOLD, Survey, read_surveys
from tests.voice.invented_surveys import MAP, write_survey

COLUMNS = ["sex", "need", "heard", "trips", "told"]
CANARY = "Zebedee"


def read(folder: Path) -> tuple[tuple[Survey, ...], list[str]]:
    surveys, problems = read_surveys(folder)
    return surveys, [problem.sentence for problem in problems]


def test_answers_are_read_whatever_their_capitals_and_blanks_are_no_answer(tmp_path: Path) -> None:
    rows = [("female", "a", " AGREE ", 3, "y"), ("Male", "", "don’t know", "", ""), ("", "b", "Neither", 0, "No")]
    (found,), told = read(write_survey(tmp_path, rows, COLUMNS))
    assert told == []
    # The second person answered nothing that counts, and so is no respondent.
    assert found.respondents == 2
    assert found.answers["heard"].tolist() == ["Agree", "Neither"]
    assert found.answers["trips"].tolist() == [3, 0] and found.answers["told"].tolist() == ["Yes", "No"]
    assert found.answers["sex"].isna().tolist() == [False, True]


def test_cells_outside_the_map_are_counted_one_by_one_and_never_shown(tmp_path: Path) -> None:
    rows = [("female", "a", CANARY, 3, "yes"), (CANARY, "b", "Agree", 51, CANARY), ("male", "c", "Agree", "1e9", "no")]
    (found,), told = read(write_survey(tmp_path, rows, COLUMNS))
    assert dict(found.outside) == {"sex": 1, "heard": 1, "trips": 2, "told": 1}
    assert found.respondents == 3 and found.answers["heard"].notna().sum() == 2
    assert "survey/w2025.csv, column trips: 2 cells hold nothing that the map lists" in " ".join(told)
    assert CANARY not in " ".join(told)


def test_an_unknown_column_is_told_by_its_place_and_not_read(tmp_path: Path) -> None:
    rows = [("female", "Agree", CANARY)]
    (found,), told = read(write_survey(tmp_path, rows, ["sex", "heard", CANARY]))
    assert list(found.answers) == ["sex", "heard"]
    assert any("column 3: is not in the map and is not read" in one for one in told)
    assert any("column told: is in the map and not in the file" in one for one in told)
    assert CANARY.lower() not in " ".join(told).lower()


@pytest.mark.parametrize("column", ["comments", "heard", "need"])
def test_comments_are_refused_with_the_whole_file(tmp_path: Path, column: str) -> None:
    header = ["sex", "need", "heard", "comments"]
    row = {"sex": "female", "need": "a", "heard": "Agree", "comments": ""} | {
        column: f"{CANARY} waits far too long now"
    }
    surveys, told = read(write_survey(tmp_path, [tuple(row.values())], header))
    assert surveys == ()
    place = header.index(column) + 1
    assert told[-1] == (
        f"survey/w2025.csv, column {place}: holds free text; take comments out of the file, and enter their themes "
        "in themes.csv."
    )
    assert CANARY not in " ".join(told)


def test_rows_that_do_not_fit_are_left_out_by_line(tmp_path: Path) -> None:
    rows = [
        ("female", "a", "Agree", 1, "yes"),
        ("male", "b", "Agree", 1, "yes", CANARY),
        ("male", "b", "Disagree", 2, "no"),
    ]
    (found,), told = read(write_survey(tmp_path, rows, COLUMNS))
    assert found.respondents == 2
    assert told == [
        "survey/w2025.csv, line 3: has more or fewer cells than there are headings, and is left out; export the row "
        "again."
    ]


def test_many_faulty_rows_are_told_together(tmp_path: Path) -> None:
    rows = [("female", "a", "Agree", 1, "yes")] + [("x",)] * (MOST_TOLD + 7)
    _, told = read(write_survey(tmp_path, rows, COLUMNS))
    assert len(told) == MOST_TOLD + 1 and told[-1].startswith("survey/w2025.csv: 7 more rows do not fit")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("type: scale", "type: scail", "w2025.yml, line 16: has to be"),
        ("positive: [Agree]", "positive: [Often]", "positive: holds a word that is none of the answers"),
        ("negative: [Disagree]", "negative: [Agree]", "an answer cannot be positive too"),
        ("question: told", "question: heard", "a question stands twice"),
        ("to: 2025-05-31", "to: 2025-04-31", "w2025.yml, line 4"),
        ("asked: 4000", "asked: many", "w2025.yml, line 6: has to be a whole number"),
        ("population: parents", "population: pets", "w2025.yml, line 5"),
        ("characteristic: need", "characteristic: name", "w2025.yml, line 10"),
        ("    answers: [Agree, Neither, Disagree]\n", "", "w2025.yml, line 13: answers: list the answers"),
        ("    wording: We are heard.\n", "", "w2025.yml, line 13: “wording” is blank and has to be filled in"),
        ("columns:", "columns: [", "is not valid YAML"),
    ],
)
def test_a_faulty_map_is_told_with_line_and_remedy(tmp_path: Path, old: str, new: str, said: str) -> None:
    write_survey(tmp_path, [("female", "a", "Agree", 1, "yes")], COLUMNS)
    text = MAP.format(wave="2025")
    assert old in text
    (tmp_path / "survey" / "w2025.yml").write_text(text.replace(old, new, 1), "utf-8")
    surveys, told = read(tmp_path)
    assert surveys == () and len(told) == 1 and said in told[0]


def test_each_half_of_a_survey_asks_for_the_other(tmp_path: Path) -> None:
    write_survey(tmp_path, [("female", "a", "Agree", 1, "yes")], COLUMNS, wave="2024")
    write_survey(tmp_path, [("female", "a", "Agree", 1, "yes")], COLUMNS)
    (tmp_path / "survey" / "w2024.yml").unlink()
    (tmp_path / "survey" / "w2025.csv").unlink()
    surveys, told = read(tmp_path)
    assert surveys == ()
    assert told == [
        "survey/w2024.csv: has no map; write survey/w2024.yml, which says what each column asks.",
        "survey/w2025.yml: has no answers; put survey/w2025.csv beside it.",
    ]


def test_one_wave_cannot_stand_in_two_files(tmp_path: Path) -> None:
    write_survey(tmp_path, [("female", "a", "Agree", 1, "yes")], COLUMNS)
    for end in ("csv", "yml"):
        (tmp_path / "survey" / f"x.{end}").write_text(
            (tmp_path / "survey" / f"w2025.{end}").read_text("utf-8"), "utf-8"
        )
    surveys, told = read(tmp_path)
    assert len(surveys) == 1 and told[0].startswith("survey/x.yml: names a survey and wave that another file has")


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    content=st.one_of(st.binary(max_size=300), st.text(max_size=300).map(lambda text: text.encode("utf-8", "replace")))
)
def test_no_content_raises(tmp_path: Path, content: bytes) -> None:
    write_survey(tmp_path, [("female", "a", "Agree", 1, "yes")], COLUMNS)
    (tmp_path / "survey" / "w2025.csv").write_bytes(content)
    _, problems = read_surveys(tmp_path)
    assert all(isinstance(problem, Problem) for problem in problems)
    (tmp_path / "survey" / "w2025.yml").write_bytes(content)
    assert read_surveys(tmp_path)[0] == ()
