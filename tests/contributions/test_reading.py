"""Tables and records that people write: what is read, what is left out, and that no fault tells what a cell holds."""

from __future__ import annotations

import csv
import io
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, ConfigDict, Field, model_validator

from jsna_pipeline.contributions import reading
from jsna_pipeline.contributions.reading import (
    ContributedRow,
    Day,
    Problem,
    Rows,
    Several,
    YesNo,
    checked_rows,
    read_record,
    read_rows,
    record_line,
    record_of,
    template_csv,
    template_guide,
)
from jsna_pipeline.contributions.templates import templates

CANARY = "Kanarienvogel"


class Colour(StrEnum):
    RED = "red"
    GREEN = "green"


class Told(ContributedRow):
    """A row with each kind of cell."""

    said: str = Field(description="what was said", max_length=80)
    on: Day = Field(description="day on which it was said.")
    until: Day | None = Field(None, description="day on which it ends")
    agreed: YesNo = Field(False, description="whether all agreed")
    people: int | None = Field(None, ge=1, description="how many")
    words: Several = Field((), description="key words")
    colour: Colour = Field(Colour.RED, description="colour")
    size: Literal["large", "small", ""] = Field("", description="size")

    @model_validator(mode="after")
    def _in_order(self) -> Told:
        if self.until and self.until < self.on:
            raise ValueError("ends before it begins; correct the day")
        return self


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "told.csv"


def read(file: Path, content: str | bytes) -> Rows[Told]:
    file.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
    return read_rows(file, Told)


def sentences(found: Rows[Told]) -> list[str]:
    return [problem.sentence for problem in found.problems]


# --- tables ------------------------------------------------------------------------------------


def test_a_row_is_read_with_each_kind_of_cell(file: Path) -> None:
    found = read(file, "Said, ON ,agreed,People,words,colour\nYes we did,30/09/2025,Yes,12,time; space ;,green\n")
    assert not found.problems and found.rows_read == 1
    (row,) = found.rows
    assert (row.row, row.said, row.on, row.agreed, row.people) == (2, "Yes we did", date(2025, 9, 30), True, 12)
    assert (row.words, row.colour, row.until, row.size) == (("time", "space"), Colour.GREEN, None, "")


@pytest.mark.parametrize("written", ["2025-09-30", "30/09/2025", "30 September 2025", " 2025-09-30 "])
def test_a_day_is_read_as_people_write_it(file: Path, written: str) -> None:
    assert read(file, f"said,on\na,{written}\n").rows[0].on == date(2025, 9, 30)


@pytest.mark.parametrize("written", ["09/30/2025", "30/09/25", "2025-02-29", "today", "45930", "2025-09-30 10:00"])
def test_what_is_no_day_is_told_with_how_to_write_one(file: Path, written: str) -> None:
    found = read(file, f"said,on\na,{written}\nb,2025-09-30\n")
    assert sentences(found) == ["told.csv, row 2, column on: is no day; write it as 2025-09-30 or 30/09/2025."]
    assert [row.said for row in found.rows] == ["b"] and found.rows_read == 2


def test_a_missing_file_is_an_empty_subject_and_a_file_of_nothing_a_fault(file: Path) -> None:
    assert read_rows(file, Told) == Rows()
    for content in ("", "\n", "\ufeff", ",,,\n"):
        assert sentences(read(file, content)) == [
            "told.csv, line 1: column “said” is missing; `jsna template` writes the file with its columns."
        ]
    assert read(file, "said,on\n") == Rows()


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_any_separator_line_ending_and_mark_of_a_spreadsheet_program_is_read(
    file: Path, separator: str, ending: str
) -> None:
    lines = [["said", "on", "", ""], ['"one, two; three\tfour"', "2025-01-02", "", ""], [], ["", "", "", ""]]
    content = ending.join(separator.join(line) for line in lines)
    found = read(file, "\ufeff" + content)
    assert not found.problems and [row.said for row in found.rows] == ["one, two; three\tfour"]
    assert found.rows_read == 1


def test_a_row_is_told_by_the_line_on_which_it_starts(file: Path) -> None:
    content = 'said,on\n"first\nof three\nlines",2025-01-02\n\n"two\r\nlines",never\nlast,2025-01-03\n'
    found = read(file, content)
    assert [(row.row, row.said) for row in found.rows] == [(2, "first\nof three\nlines"), (8, "last")]
    assert [problem.place for problem in found.problems] == ["row 6, column on"]


def test_too_many_cells_are_told_and_blank_ones_too_many_are_nothing(file: Path) -> None:
    found = read(file, "said,on\na,2025-01-02,oh\nb,2025-01-02,,\nc\n")
    assert sentences(found) == [
        "told.csv, row 2: has more cells than columns; put cells with commas in quotes.",
        "told.csv, row 4, column on: is blank and has to be filled in.",
    ]
    assert [row.said for row in found.rows] == ["b"]


def test_a_fault_of_two_cells_together_is_told_of_the_row(file: Path) -> None:
    found = read(file, "said,on,until\na,2025-01-02,2025-01-01\n")
    assert sentences(found) == ["told.csv, row 2: ends before it begins; correct the day."]


@pytest.mark.parametrize(
    ("column", "cell", "what"),
    [
        ("people", "a dozen", "has to be a whole number"),
        ("people", "1.5", "has to be a whole number"),
        ("people", "0", "has to be greater than or equal to 1"),
        ("people", "9" * 5000, "has to be a whole number"),
        ("agreed", "perhaps", "is neither yes nor no"),
        ("colour", "blue", "has to be 'red' or 'green'"),
        ("size", "huge", "has to be 'large', 'small' or ''"),
        ("until", "soon", "is no day; write it as 2025-09-30 or 30/09/2025"),
    ],
)
def test_every_kind_of_fault_is_the_end_of_a_plain_sentence(file: Path, column: str, cell: str, what: str) -> None:
    found = read(file, f"said,on,{column}\na,2025-01-02,{cell}\n")
    assert [(problem.place, problem.what) for problem in found.problems] == [(f"row 2, column {column}", what)]


def test_words_longer_than_the_column_or_than_any_cell_are_told(file: Path) -> None:
    found = read(file, f"said,on,words\n{'a' * 81},2025-01-02,\nb,2025-01-02,{'c' * 10_001}\n")
    assert [problem.what for problem in found.problems] == [
        "has to have at most 80 characters",
        "has to have at most 10000 characters",
    ]


def test_columns_that_are_not_known_are_told_by_their_place_alone(file: Path) -> None:
    found = read(file, f"said,on,{CANARY},note\na,2025-01-02,b,c\n")
    known = "the columns are said, on, until, agreed, people, words, colour, size"
    assert sentences(found) == [
        f"told.csv, line 1: the name of column {place} is not known; {known}." for place in (3, 4)
    ]
    assert sentences(read(file, "said,on,row\na,2025-01-02,7\n"))[0].startswith(
        "told.csv, line 1: the name of column 3"
    )
    assert sentences(read(file, "said,On,on\n")) == ["told.csv, line 1: two columns have one name; give each its own."]


def test_rows_before_a_lost_quotation_mark_are_kept(file: Path) -> None:
    for broken in (
        '"b,2025-01-02\nc,2025-01-03\n',
        '"b"x,2025-01-02\nc,2025-01-03\n',
        f'"{"b" * 200_000}",2025-01-02\n',
    ):
        found = read(file, f"said,on\na,2025-01-02\n{broken}")
        assert [row.said for row in found.rows] == ["a"]
        assert sentences(found) == [
            "told.csv, row 3: opens or closes a quotation mark too many; the file is read no further than this row."
        ]


def test_what_is_no_text_is_refused_whole(file: Path) -> None:
    cases = {
        "said,on\ncafé,2025-01-02\n".encode("cp1252"): "is not UTF-8 text; save it as “CSV UTF-8”",
        "said,on\na,2025-01-02\n".encode("utf-16"): "is not UTF-8 text; save it as “CSV UTF-8”",
        b"said,on\na\0,2025-01-02\n": "holds characters that no text has; save it again as text",
    }
    for content, what in cases.items():
        assert read(file, content) == Rows(problems=(Problem("told.csv", "", what),))


def test_signs_that_nobody_sees_become_spaces(file: Path) -> None:
    row = read(file, "said,on\na\x0bb\u202ec\x9bd\te,2025-01-02\n").rows[0]
    assert row.said == "a b c d\te"


def test_a_file_too_large_is_refused_unread(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    content = "said,on\na,2025-01-02\n"
    monkeypatch.setattr(reading, "LARGEST", len(content))
    assert len(read(file, content).rows) == 1
    found = read(file, content + "\n")
    assert not found.rows and found.problems[0].what.startswith("is larger than")


def test_rows_beyond_the_most_and_faults_beyond_the_most_are_told_once(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "MOST_ROWS", 3)
    monkeypatch.setattr(reading, "MOST_PROBLEMS", 2)
    found = read(file, "said,on\n" + "a,2025-01-02\n" * 3)
    assert found.rows_read == 3 and not found.problems
    found = read(file, "said,on\n" + "a,2025-01-02\n" * 5)
    assert len(found.rows) == 3 and sentences(found) == [
        "told.csv, row 5: is beyond the 3 rows that are read; split the file."
    ]
    found = read(file, "said,on\n" + "a,never\n" * 5)
    assert [problem.place for problem in found.problems] == ["row 2, column on", "row 3, column on", ""]
    assert found.problems[-1].what == "has 2 further faults; mend these and look again"


def test_a_file_that_cannot_be_opened_is_told(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def locked(*_: object, **__: object) -> str:
        raise PermissionError(13, "locked")

    file.write_text("said,on\n")
    monkeypatch.setattr(Path, "read_text", locked)
    assert read_rows(file, Told).problems[0].what.startswith("cannot be opened")


def test_checked_rows_leave_out_what_the_subject_finds_wrong(file: Path) -> None:
    found = read(file, "said,on\na,2025-01-02\nb,2025-01-03\nc,never\n")
    kept = checked_rows(found, "told.csv", lambda row: ("said", "is the first letter") if row.said == "a" else None)
    assert [row.said for row in kept.rows] == ["b"] and kept.rows_read == 3
    assert [problem.place for problem in kept.problems] == ["row 4, column on", "row 2, column said"]


# --- no cell in a message ----------------------------------------------------------------------

cells = st.one_of(
    st.just(CANARY),
    st.text(max_size=12).map(lambda text: CANARY + text),
    st.text(max_size=12).map(lambda text: text + CANARY),
    st.sampled_from(["", "2025-09-30", "30/09/2025", "yes", "1", "0", "-1", "1e400", "nan", "done", "open", "'", '"']),
    st.text(max_size=8),
)


@pytest.mark.parametrize("name", sorted(name for name, one in templates().items() if one.model))
@settings(max_examples=60)
@given(data=st.data())
def test_no_fault_of_any_row_model_tells_what_a_cell_holds(name: str, data: st.DataObject) -> None:
    """Every kind of row that an area may write, its own rules included: nothing is raised, and no word leaves."""
    model = templates()[name].model
    assert model is not None
    fields = [field for field in model.model_fields if field != "row"]
    row = {"row": 2} | {field: data.draw(cells) for field in fields}
    found = reading._row(2, ["row", *fields], [str(cell) for cell in row.values()], model)
    if isinstance(found, list):
        assert found and CANARY not in repr(found)


@settings(max_examples=150)
@given(table=st.lists(st.lists(cells, max_size=10), max_size=6), header=st.sampled_from(["all", "some", "none"]))
def test_no_fault_of_a_table_tells_what_a_cell_holds(
    tmp_path_factory: pytest.TempPathFactory, table: list[list[str]], header: str
) -> None:
    file = tmp_path_factory.getbasetemp() / "canary.csv"
    heads = {"all": [["said", "on", "people", "colour"]], "some": [["said", CANARY]], "none": []}[header]
    stream = io.StringIO(newline="")
    csv.writer(stream).writerows([*heads, *table])
    found = read(file, stream.getvalue().encode("utf-8", "surrogatepass"))
    assert CANARY not in " ".join(sentences(found))
    assert len(found.rows) <= found.rows_read


@settings(max_examples=150)
@given(content=st.binary(max_size=200))
def test_no_bytes_make_the_reader_raise(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    file = tmp_path_factory.getbasetemp() / "bytes"
    file.write_bytes(content)
    read_rows(file, Told)
    read_record(file, Record)


# --- records -----------------------------------------------------------------------------------


class Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    on: Day | None = None


class Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    title: str
    edition: str = ""
    year: int | None = None
    agreed: YesNo = False
    parts: tuple[Part, ...] = ()
    labels: dict[str, str] = {}


def record(tmp_path: Path, text: str, **given: object) -> Record | Problem | None:
    file = tmp_path / "record.yml"
    file.write_text(text, "utf-8")
    return read_record(file, Record, **given)


def test_entries_of_a_record_are_the_words_that_stand_there(tmp_path: Path) -> None:
    """By YAML's own rules `on` and `no` are true and false, 2025.10 is 2025.1, and 1_000 and 0o17 are numbers."""
    made = record(
        tmp_path,
        "title: no\nedition: 2025.10\nyear: 2025\nagreed: yes\nlabels: {on: off, 1: 1_000}\n"
        "parts:\n  - name: 0o17\n    on: 2025-09-30\n  - name: 12:30:45\n    on:\n",
    )
    assert made == Record(
        title="no",
        edition="2025.10",
        year=2025,
        agreed=True,
        labels={"on": "off", "1": "1_000"},
        parts=(Part(name="0o17", on=date(2025, 9, 30)), Part(name="12:30:45")),
    )


def test_a_blank_entry_is_a_missing_one_and_a_blank_file_none(tmp_path: Path) -> None:
    assert read_record(tmp_path / "none.yml", Record) is None
    assert record(tmp_path, "") is None and record(tmp_path, "# title: one\n") is None
    assert record(tmp_path, 'title: one\nedition:\nyear: ~\nparts:\nagreed: " "\n') == Record(title="one")
    assert record(tmp_path, "title:\n") == Problem("record.yml", "line 1", "“title” is blank and has to be filled in")


@pytest.mark.parametrize(
    ("text", "line", "what"),
    [
        ("title: one\nyear: soon\n", 2, "has to be a whole number"),
        ("title: one\nagreed: maybe\n", 2, "is neither yes nor no"),
        ("title: one\nparts:\n  - name: a\n  - name: b\n    on: 2025-02-30\n", 5, "is no day; write it as"),
        ("title: one\nparts:\n  - name: a\n  - on: 2025-02-28\n", 4, "“name” is blank and has to be filled in"),
        ("title: one\n\nparts: [a]\n", 3, "does not have the entries that are asked for; see the template"),
        ("title: one\nparts: a\n", 2, "has to be a list, each part of it beginning with a dash"),
        ("title: [one]\n", 1, "has to be words"),
        (f"title: one\n{CANARY} said: so\n", 2, "the name of this entry is not known; the entries are title, edition"),
        (f"title: one\nparts:\n  - {{name: a, {CANARY}: b}}\n", 3, "the name of this entry is not known"),
        ("- one\n- two\n", 1, "does not have the entries that are asked for; see the template"),
        ("one\n", 1, "does not have the entries that are asked for; see the template"),
        ("title: one\ntitle: two\n", 2, "gives one entry twice; keep one of them"),
        ("title: one\nparts:\n  - {name: a, name: b}\n", 3, "gives one entry twice; keep one of them"),
        ("a: &a [x]\nb: [*a, *a]\n", 2, "repeats a part by an asterisk; write the part out"),
        ("title: one\nyear: !!int x\n", 2, "holds a tag with an exclamation mark; put the words in quotes"),
        ("title: !!python/object/apply:os.system [ls]\n", 1, "holds a tag with an exclamation mark"),
        ("title: one\n\tyear: 2025\n", 2, "is not valid YAML; look for a tab, a colon or a quotation mark"),
        (f"title: one\nedition: '{CANARY}\n", 3, "is not valid YAML"),
        (f"title: {CANARY}: so\n", 1, "is not valid YAML"),
        ("title: one\n---\ntitle: two\n", 2, "is not valid YAML"),
    ],
)
def test_a_fault_of_a_record_has_its_line_and_no_words(tmp_path: Path, text: str, line: int, what: str) -> None:
    found = record(tmp_path, text)
    assert isinstance(found, Problem)
    assert found.place == f"line {line}" and found.what.startswith(what)
    assert CANARY not in found.sentence


def test_small_texts_that_unfold_or_nest_without_end_are_refused_at_once(tmp_path: Path) -> None:
    laughs = "a: &a [x, x]\n" + "".join(
        f"{name}: &{name} [*{before}, *{before}]\n" for before, name in zip("abcdefgh", "bcdefghi", strict=True)
    )
    assert isinstance(record(tmp_path, laughs), Problem)
    for deep in ("[" * 5_000, "title: " + "{a: " * 5_000, "- " * 5_000):
        found = record(tmp_path, deep)
        assert isinstance(found, Problem) and not found.place


def test_a_record_is_smaller_than_a_table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "LARGEST_RECORD", 20)
    assert isinstance(record(tmp_path, "title: one\n"), Record)
    found = record(tmp_path, "title: one\n" + "#" * 20)
    assert isinstance(found, Problem) and found.what.startswith("is larger than")


def test_a_field_that_is_given_is_not_in_the_file(tmp_path: Path) -> None:
    assert record(tmp_path, "title: one\n", edition="2025") == Record(title="one", edition="2025")
    assert isinstance(record(tmp_path, "title: one\nedition: 2024\n", edition="2025"), Problem)


def test_lines_are_those_of_the_file(tmp_path: Path) -> None:
    file = tmp_path / "record.yml"
    file.write_text("# a remark\ntitle: one\nparts:\n\n  - name: a\n\n  - name: b\n    on: 2025-01-02\n")
    assert record_line(file, ("parts", 1, "on")) == 8 and record_line(file, ("parts", 0)) == 5
    found = record_of("title: one\nyear: x\n", Record, "words.md", 3)
    assert found == Problem("words.md", "line 5", "has to be a whole number")


@settings(max_examples=150)
@given(
    entries=st.dictionaries(
        st.one_of(st.sampled_from(["title", "year", "agreed", "parts"]), cells),
        st.one_of(cells, st.lists(cells, max_size=2), st.dictionaries(cells, cells, max_size=2)),
        max_size=4,
    )
)
def test_no_fault_of_a_record_tells_what_an_entry_holds(entries: dict[str, object]) -> None:
    found = record_of(repr(entries), Record, "record.yml")
    assert not isinstance(found, Problem) or CANARY not in found.sentence


# --- templates ---------------------------------------------------------------------------------


def test_the_template_of_a_row_is_read_back_and_its_guide_says_how_each_cell_is_written(file: Path) -> None:
    assert read(file, template_csv(Told)) == Rows()
    assert template_guide(Told) == [
        ("said", "yes", "what was said (up to 80 characters)"),
        ("on", "yes", "day on which it was said (2025-09-30 or 30/09/2025)"),
        ("until", "no", "day on which it ends (2025-09-30 or 30/09/2025)"),
        ("agreed", "no", "whether all agreed (yes or no)"),
        ("people", "no", "how many (a whole number)"),
        ("words", "no", "key words (several with semicolons between)"),
        ("colour", "no", "colour (one of: red, green)"),
        ("size", "no", "size (one of: large, small)"),
    ]
