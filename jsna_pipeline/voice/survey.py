"""Reading a survey: a CSV file of answers, and beside it the map that says what its columns ask.

Here: the model of the map, and answers held against it cell by cell. Not here: weights (`weighting.py`), results and
what may be printed of them (`results.py`), or the registers that people write (`registers.py`).

Comments are refused, file and all: a child's own words may name them, and themes are entered by people. No message
quotes a cell, nor a heading that the map does not know, since a file without a header has answers in its place.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal, Self

import numpy as np
import pandas as pd
from pydantic import BaseModel, ConfigDict, Discriminator, Field, Tag, field_validator, model_validator

from jsna_pipeline.contributions.reading import SEPARATORS, Day, Problem, YesNo, read_record

LARGEST = 64 * 2**20  # bytes: 100,000 rows of 40 answers
MOST_ROWS = 100_000
MOST_COLUMNS = 200
MOST_TOLD = 20  # faulty rows that are told one by one
COMMENT_WORDS = 6  # an answer outside the map with so many words is somebody's comment
YES = ("yes", "y", "true", "1")
NO = ("no", "n", "false", "0")
CHARACTERISTICS = ("age_band", "sex", "ethnic_group", "need", "locality", "sen_stage")
AUDIENCES = {
    "children": "children",
    "young_people": "young people",
    "parents": "parents and carers",
    "staff": "staff",
}


Answer = Annotated[str, Field(min_length=1, max_length=120)]


class MapPart(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


class Fieldwork(MapPart):
    first: Day = Field(alias="from")
    last: Day = Field(alias="to")

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.last < self.first:
            raise ValueError("`to` lies before `from`")
        return self


class Characteristic(MapPart):
    """A column that says who answers: its name in the population's margins, and its codes with their labels."""

    characteristic: Literal["age_band", "sex", "ethnic_group", "need", "locality", "sen_stage"]
    label: str = Field(description="as a table's heading prints it: Age of the child")
    codes: dict[str, str] = Field(min_length=2, description="code in the file: label in print")

    @model_validator(mode="after")
    def _codes_differ(self) -> Self:
        if len({normal(code) for code in self.codes}) < len(self.codes):
            raise ValueError("codes: two codes are one but for capitals or spaces")
        return self


class AskedQuestion(MapPart):
    """A column with the answers to one question."""

    question: str = Field(pattern=r"^[a-z][a-z0-9_]{0,39}$", description="id, the same in every wave")
    wording: str = Field(min_length=3, max_length=300, description="as it was asked")
    type: Literal["scale", "choice", "yes_no", "number"]
    answers: tuple[Answer, ...] = Field((), description="in order, the most positive first for a scale")
    positive: tuple[Answer, ...] = ()
    negative: tuple[Answer, ...] = Field((), description="with `positive` it gives a net score")
    not_counted: tuple[Answer, ...] = Field((), description="answers that say nothing: Don't know, Not applicable")
    lowest: float = Field(0, description="of a number")
    highest: float = Field(1_000, description="of a number")
    topic: str = ""
    key: YesNo = Field(False, description="printed on paper")

    @model_validator(mode="after")
    def _answers_fit_the_type(self) -> Self:
        if self.type in ("scale", "choice") and len(self.answers) < 2:
            raise ValueError("answers: list the answers of a scale or a choice")
        if self.type in ("yes_no", "number") and self.answers:
            raise ValueError("answers: belong to a scale or a choice alone")
        if self.type == "scale" and not self.positive:
            raise ValueError("positive: say which answers of the scale are positive")
        if self.type == "number" and (self.positive or self.negative or self.lowest >= self.highest):
            raise ValueError("a number has no positive answers, and `lowest` lies below `highest`")
        every = [normal(one) for one in (*self.counted, *self.not_counted)]
        if len(set(every)) < len(every):
            raise ValueError("answers: the same answer stands twice")
        for name, chosen in (("positive", self.positive), ("negative", self.negative)):
            if not {normal(one) for one in chosen} <= {normal(one) for one in self.counted}:
                raise ValueError(f"{name}: holds a word that is none of the answers")
        if {normal(one) for one in self.positive} & {normal(one) for one in self.negative}:
            raise ValueError("negative: an answer cannot be positive too")
        return self

    @property
    def counted(self) -> tuple[str, ...]:
        """The answers that make up the denominator."""
        return ("Yes", "No") if self.type == "yes_no" else self.answers

    @property
    def good(self) -> tuple[str, ...]:
        return self.positive or (("Yes",) if self.type == "yes_no" else ())

    @property
    def bad(self) -> tuple[str, ...]:
        return self.negative

    def same_as(self, other: AskedQuestion) -> bool:
        """Whether answers of two waves may be compared: nothing that was asked or could be answered has changed."""
        told = ("type", "answers", "positive", "negative", "not_counted", "lowest", "highest")
        return normal(self.wording) == normal(other.wording) and all(
            getattr(self, name) == getattr(other, name) for name in told
        )


class LeftOut(MapPart):
    """A column that is known and not read: a number of the response, a day of entry. Never comments."""

    left_out: YesNo

    @field_validator("left_out")
    @classmethod
    def _only_yes(cls, value: bool) -> bool:
        if not value:
            raise ValueError("is yes, or the column holds a question or a characteristic")
        return value


def _kind(column: Any) -> str:
    """The kind of a column's entry. Its name is none of the entry's own fields, among which a fault is looked up."""
    kinds = ("characteristic", "left_out") if isinstance(column, dict) else ()
    return f"kind:{next((name for name in kinds if name in column), 'question')}"


Column = Annotated[
    Annotated[Characteristic, Tag("kind:characteristic")]
    | Annotated[AskedQuestion, Tag("kind:question")]
    | Annotated[LeftOut, Tag("kind:left_out")],
    Discriminator(_kind),
]


class SurveyMap(MapPart):
    """What a survey is and what its columns hold."""

    title: str = Field(max_length=120)
    survey: str = Field(pattern=r"^[a-z][a-z0-9_]{0,39}$", description="id, the same in every wave")
    wave: str = Field(min_length=4, max_length=20, description="period, as printed: 2025 or autumn 2025")
    fieldwork: Fieldwork
    population: Literal["children", "young_people", "parents", "staff"]
    asked: int | None = Field(None, ge=1, description="how many were asked; blank for an open link")
    illustrative: YesNo = False
    columns: dict[str, Column] = Field(min_length=1, max_length=MOST_COLUMNS)

    @model_validator(mode="after")
    def _each_asked_once(self) -> Self:
        for kind, names in (
            ("question", [one.question for one in self.questions]),
            ("characteristic", [one.characteristic for one in self.characteristics]),
        ):
            if len(set(names)) < len(names):
                raise ValueError(f"columns: a {kind} stands twice")
        if len({normal_heading(name) for name in self.columns}) < len(self.columns):
            raise ValueError("columns: two columns are one but for capitals or spaces")
        if not self.questions:
            raise ValueError("columns: no column holds a question")
        return self

    @property
    def questions(self) -> tuple[AskedQuestion, ...]:
        return tuple(one for one in self.columns.values() if isinstance(one, AskedQuestion))

    @property
    def characteristics(self) -> tuple[Characteristic, ...]:
        return tuple(one for one in self.columns.values() if isinstance(one, Characteristic))


@dataclass(frozen=True, eq=False)
class Survey:
    """One wave. `answers` has a row for everybody who answered at least one question.

    Its columns are the ids of questions and the names of characteristics: categorical with the map's answers or
    codes, or float for numbers; null where nothing, or nothing that the map knows, was answered. `outside` counts
    the cells that the map does not know, by the heading in the map.
    """

    plan: SurveyMap
    answers: pd.DataFrame
    outside: Mapping[str, int] = field(default_factory=dict)

    @property
    def key(self) -> tuple[str, str]:
        return self.plan.survey, self.plan.wave

    @property
    def respondents(self) -> int:
        return len(self.answers)

    @property
    def ended(self) -> date:
        return self.plan.fieldwork.last


def normal(text: str) -> str:
    """An answer without what people vary: capitals, spaces, and the apostrophe's shape."""
    return " ".join(text.split()).casefold().replace("’", "'")


def normal_heading(text: str) -> str:
    return normal(text).replace(" ", "_")


# --- reading -----------------------------------------------------------------------------------


def read_surveys(folder: Path) -> tuple[tuple[Survey, ...], tuple[Problem, ...]]:
    """Every survey of `folder` (`survey/<name>.csv` with `survey/<name>.yml`), the oldest fieldwork first.

    Raises nothing for what a file holds; a survey that cannot be used is left out and told.
    """
    surveys: list[Survey] = []
    problems: list[Problem] = []
    for name in sorted({path.stem for path in folder.glob("survey/*") if path.suffix in (".csv", ".yml")}):
        survey, told = read_survey(folder / "survey" / f"{name}.csv", folder / "survey" / f"{name}.yml")
        problems += told
        if survey is None:
            continue
        if any(survey.key == other.key for other in surveys):
            problems.append(
                Problem(f"survey/{name}.yml", "", "names a survey and wave that another file has; give its own wave")
            )
            continue
        surveys.append(survey)
    return tuple(sorted(surveys, key=lambda one: (one.plan.survey, one.ended))), tuple(problems)


def read_survey(answers: Path, questions: Path) -> tuple[Survey | None, tuple[Problem, ...]]:
    """One wave from its file of answers and its map; None where either cannot be used."""
    told, mapped = f"survey/{answers.name}", f"survey/{questions.name}"
    plan = read_record(questions, SurveyMap, mapped)
    if plan is None:
        return None, (Problem(told, "", f"has no map; write {mapped}, which says what each column asks"),)
    if isinstance(plan, Problem):
        return None, (plan,)
    if not answers.is_file():
        return None, (Problem(mapped, "", f"has no answers; put {told} beside it"),)
    cells, problems = _cells(answers, told)
    if cells is None:
        return None, problems
    return _held_against(plan, cells, told, problems)


def _cells(path: Path, name: str) -> tuple[pd.DataFrame | None, tuple[Problem, ...]]:
    """The file as text, one column for each heading; rows that do not fit are told and left out."""

    def refused(what: str, place: str = "") -> tuple[None, tuple[Problem, ...]]:
        return None, (Problem(name, place, what),)

    try:
        if path.stat().st_size > LARGEST:
            return refused(f"is larger than {LARGEST // 2**20} MB; leave out columns that are not in the map")
        text = path.read_text("utf-8-sig")
    except OSError:
        return refused("cannot be opened; look who may read it, and whether a program holds it open")
    except UnicodeDecodeError:
        return refused("is not UTF-8 text; save it as “CSV UTF-8”")
    separator = max(SEPARATORS, key=text.partition("\n")[0].count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    rows: list[list[str]] = []
    problems: list[Problem] = []
    try:
        header = [normal_heading(cell) for cell in next(reader, [])]
        if not header or len(header) > MOST_COLUMNS:
            return refused(f"has no heading or more than {MOST_COLUMNS} columns; export it with one row of headings")
        if len(set(header)) < len(header):
            return refused("two columns have one heading; give each its own", "line 1")
        misfits = 0
        for cells in reader:
            if not any(cells):
                continue
            if len(rows) >= MOST_ROWS:
                problems.append(Problem(name, f"line {reader.line_num}", f"only {MOST_ROWS:,} rows are read; split it"))
                break
            if len(cells) == len(header):
                rows.append(cells)
                continue
            misfits += 1
            if misfits <= MOST_TOLD:
                what = "has more or fewer cells than there are headings, and is left out; export the row again"
                problems.append(Problem(name, f"line {reader.line_num}", what))
    except csv.Error:
        return refused("the quotation marks do not pair; export again", f"line {reader.line_num}")
    if misfits > MOST_TOLD:
        problems.append(Problem(name, "", f"{misfits - MOST_TOLD:,} more rows do not fit the headings; export again"))
    if not rows:
        return None, (*problems, Problem(name, "", "holds no answers"))
    return pd.DataFrame(np.array(rows, dtype=object), columns=header), tuple(problems)


def _held_against(
    plan: SurveyMap, cells: pd.DataFrame, name: str, problems: tuple[Problem, ...]
) -> tuple[Survey | None, tuple[Problem, ...]]:
    headings = {normal_heading(heading): column for heading, column in plan.columns.items()}
    read: dict[str, pd.Series] = {}
    outside: dict[str, int] = {}
    told = list(problems)
    for position, heading in enumerate(cells.columns, start=1):
        column = headings.get(heading)
        known, unknown, comments = _column(column, cells[heading])
        if comments:
            what = "holds free text; take comments out of the file, and enter their themes in themes.csv"
            return None, (*told, Problem(name, f"column {position}", what))
        if column is None:
            told.append(Problem(name, f"column {position}", "is not in the map and is not read; add it or take it out"))
        if known is not None:
            read[_id(column)] = known
        if unknown:
            outside[heading] = unknown
            what = f"{unknown:,} {'cell holds' if unknown == 1 else 'cells hold'} nothing that the map lists"
            told.append(
                Problem(name, f"column {heading}", f"{what}, counted as no answer; correct the file or the map")
            )
    missing = [
        heading for heading, column in headings.items() if not isinstance(column, LeftOut) and heading not in cells
    ]
    told += [Problem(name, f"column {heading}", "is in the map and not in the file") for heading in missing]
    asked = [one.question for one in plan.questions if one.question in read]
    if not asked:
        return None, (*told, Problem(name, "line 1", "no heading is a question of the map; compare the two"))
    table = pd.DataFrame(read)
    table = table.loc[table[asked].notna().any(axis=1)].reset_index(drop=True)
    if plan.asked is not None and len(table) > plan.asked:
        told.append(Problem(name, "", "holds more answers than people were asked; check `asked` in the map"))
    return Survey(plan, table, outside), tuple(told)


def _id(column: Characteristic | AskedQuestion | LeftOut | None) -> str:
    return column.characteristic if isinstance(column, Characteristic) else column.question  # type: ignore[union-attr]


def _column(
    column: Characteristic | AskedQuestion | LeftOut | None, cells: pd.Series
) -> tuple[pd.Series | None, int, bool]:
    """A column as the map reads it (None where it is not read), its cells outside the map, and whether any comments."""
    codes, words = pd.factorize(cells)
    spelt = [normal(word) for word in words]
    blank = np.array([not word for word in spelt], dtype=bool)
    if isinstance(column, AskedQuestion) and column.type == "number":
        numbers = np.array([_number(word, column) for word in spelt], dtype=float)
        known, values = ~np.isnan(numbers), pd.Series(numbers[codes])
        silent = np.array([word in {normal(one) for one in column.not_counted} for word in spelt], dtype=bool)
    else:
        places, categories = _places(column)
        at = np.array([places.get(word, -1) for word in spelt], dtype=int)
        known = at >= 0
        shown = np.where(at < len(categories), at, -1)  # answers that are not counted are known, and nothing
        values = pd.Series(pd.Categorical.from_codes(shown[codes], categories=categories, ordered=True))
        silent = np.zeros(len(at), dtype=bool)
    beyond = ~(known | blank | silent)
    comments = any(
        len(word.split()) >= COMMENT_WORDS for word, is_beyond in zip(spelt, beyond, strict=True) if is_beyond
    )
    if column is None or isinstance(column, LeftOut):
        return None, 0, comments
    return values, int(beyond[codes].sum()), comments


def _places(column: Characteristic | AskedQuestion | LeftOut | None) -> tuple[dict[str, int], list[str]]:
    """Where each spelling stands among the categories; past their end for answers that are not counted."""
    if isinstance(column, Characteristic):
        return {normal(code): place for place, code in enumerate(column.codes)}, list(column.codes)
    if not isinstance(column, AskedQuestion):
        return {}, []
    counted = list(column.counted)
    places = {normal(answer): place for place, answer in enumerate((*counted, *column.not_counted))}
    if column.type == "yes_no":
        places |= dict.fromkeys(YES, 0) | dict.fromkeys(NO, 1)
    return places, counted


def _number(word: str, column: AskedQuestion) -> float:
    if not re.fullmatch(r"-?\d{1,9}(\.\d{1,6})?", word):
        return float("nan")
    return float(word) if column.lowest <= float(word) <= column.highest else float("nan")
