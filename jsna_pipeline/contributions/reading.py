"""Reading tables and records that people write by hand, with faults as sentences and the rest kept.

Here: CSV files as validated rows, YAML files as validated records, the kinds of cell that people write (a
day, yes or no, several words), and a problem that names file, place and remedy. Not here: what each file
holds (the module of its subject), gathering an area's whole folder (`gather.py`), or person-level returns
(`jsna_pipeline/returns/`).

A faulty row is left out and told; the rest is used. No message quotes a cell: it may hold a person's words.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any, Generic, TypeVar, get_args, get_origin

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError, model_validator
from pydantic_core import ErrorDetails

from jsna_pipeline.catalogue.loading import DefinitionFault, validated

LARGEST = 20 * 2**20  # bytes; a year's log of a large authority is under one megabyte
MOST_ROWS = 100_000
SEPARATORS = ",;\t"


@dataclass(frozen=True)
class Problem:
    """One fault of a contributed file: where it is, and what is to be done. Never a cell's content."""

    file: str  # below the area's folder
    place: str  # "row 7, column due", "line 12", or blank for the whole file
    what: str  # what is wrong and its remedy, without a full stop

    @property
    def sentence(self) -> str:
        return f"{self.file}, {self.place}: {self.what}." if self.place else f"{self.file}: {self.what}."


class ContributedRow(BaseModel):
    """Base of a row that people write: a blank cell is a missing one, and an unknown column is no mistake of the row.

    `row` is the line of the file on which the row starts.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    row: int = 0

    @model_validator(mode="before")
    @classmethod
    def _without_blanks(cls, cells: Any) -> Any:
        if not isinstance(cells, dict):
            return cells
        return {name: cell for name, cell in cells.items() if not (isinstance(cell, str) and not cell.strip())}


R = TypeVar("R", bound=ContributedRow)
M = TypeVar("M", bound=BaseModel)


@dataclass(frozen=True)
class Rows(Generic[R]):
    """The good rows of a file, what is wrong with the others, and how many there were."""

    rows: tuple[R, ...] = ()
    problems: tuple[Problem, ...] = ()
    rows_read: int = 0


# --- kinds of cell -----------------------------------------------------------------------------


def _day(cell: Any) -> Any:
    if not isinstance(cell, str):
        return cell
    for form in ("%Y-%m-%d", "%d/%m/%Y", "%d %B %Y"):
        try:
            return datetime.strptime(cell.strip(), form).date()
        except ValueError:
            continue
    raise ValueError("is no day; write it as 2025-09-30 or 30/09/2025")


def _yes_or_no(cell: Any) -> Any:
    if not isinstance(cell, str):
        return cell
    known = {"yes": True, "y": True, "true": True, "no": False, "n": False, "false": False}
    if cell.strip().lower() not in known:
        raise ValueError("is neither yes nor no")
    return known[cell.strip().lower()]


def _several(cell: Any) -> Any:
    return tuple(word.strip() for word in cell.split(";") if word.strip()) if isinstance(cell, str) else cell


Day = Annotated[date, BeforeValidator(_day)]
YesNo = Annotated[bool, BeforeValidator(_yes_or_no)]
Several = Annotated[tuple[str, ...], BeforeValidator(_several)]  # cells with semicolons between

# --- reading -----------------------------------------------------------------------------------


def read_rows(path: Path, model: type[R], name: str | None = None) -> Rows[R]:
    """The rows of a CSV file as `model`; none and no problem where there is no such file.

    `name` is what the file is called in problems, its own name by default. Raises nothing for what the file holds.
    """
    name = name or path.name
    if not path.is_file():
        return Rows()
    text = _text(path, name)
    if isinstance(text, Problem):
        return Rows(problems=(text,))
    first = text.partition("\n")[0]
    separator = max(SEPARATORS, key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        return _rows(reader, model, name)
    except csv.Error:
        return Rows(
            problems=(Problem(name, f"line {reader.line_num}", "the quotation marks do not pair; export again"),)
        )


def read_record(path: Path, model: type[M], name: str | None = None, **given: object) -> M | Problem | None:
    """A YAML file as `model`, its fault, or None where there is no such file; `given` fields are not in the file."""
    name = name or path.name
    if not path.is_file():
        return None
    text = _text(path, name)
    if isinstance(text, Problem):
        return text
    try:
        # A few lines of aliases of aliases unfold to more than any memory holds.
        if any(isinstance(event, yaml.AliasEvent) for event in yaml.parse(text, Loader=yaml.SafeLoader)):
            return Problem(name, "", "repeats a part by an asterisk; write the part out")
        return validated(text, model, **given)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        return Problem(
            name, f"line {mark.line + 1}" if mark else "", "is not valid YAML; look for a tab, a colon or a mark"
        )
    except DefinitionFault as fault:
        return Problem(name, f"line {fault.line}", fault.what)


def _text(path: Path, name: str) -> str | Problem:
    if path.stat().st_size > LARGEST:
        return Problem(name, "", f"is larger than {LARGEST // 2**20} MB; split it, or leave out what is not asked for")
    try:
        text = path.read_text("utf-8-sig")
    except UnicodeDecodeError:
        return Problem(name, "", "is not UTF-8 text; save it as “CSV UTF-8”")
    return Problem(name, "", "holds characters that no text has; save it again as CSV") if "\0" in text else text


def _rows(reader: Any, model: type[R], name: str) -> Rows[R]:
    header = [" ".join(cell.split()).lower().replace(" ", "_") for cell in next(reader, [])]
    fields = [field for field in model.model_fields if field != "row"]
    required = [field for field in fields if model.model_fields[field].is_required()]
    if faults := _header_faults(header, fields, required):
        return Rows(problems=tuple(Problem(name, "line 1", fault) for fault in faults))
    good: list[R] = []
    problems: list[Problem] = []
    read, line = 0, reader.line_num + 1
    for cells in reader:
        start, line = line, reader.line_num + 1
        if not any(cell.strip() for cell in cells):
            continue
        read += 1
        if read > MOST_ROWS:
            problems.append(
                Problem(name, f"row {start}", f"is beyond the {MOST_ROWS:,} rows that are read; split the file")
            )
            break
        if len(cells) > len(header) and any(cell.strip() for cell in cells[len(header) :]):
            problems.append(
                Problem(name, f"row {start}", "has more cells than columns; put cells with commas in quotes")
            )
            continue
        try:
            good.append(model.model_validate({"row": start} | dict(zip(header, cells, strict=False))))
        except ValidationError as error:
            problems += [
                Problem(name, *_fault(start, one)) for one in error.errors(include_url=False, include_input=False)
            ]
    return Rows(tuple(good), tuple(problems), read)


def _header_faults(header: list[str], fields: list[str], required: list[str]) -> list[str]:
    if len(set(header)) < len(header):
        return ["two columns have one name; give each its own"]
    if missing := [field for field in required if field not in header]:
        return [f"column “{missing[0]}” is missing; `jsna template` writes the file with its columns"]
    return [
        f"column “{column[:40]}” is not known; the columns are {', '.join(fields)}"
        for column in header
        if column not in fields
    ]


def _fault(row: int, error: ErrorDetails) -> tuple[str, str]:
    column = str(error["loc"][0]) if error["loc"] else ""
    what = "is blank and has to be filled in" if error["type"] == "missing" else _plain(error["msg"])
    return (f"row {row}, column {column}" if column else f"row {row}"), what


def _plain(message: str) -> str:
    """A message of the validator as the end of a sentence."""
    text = message.removeprefix("Value error, ").removeprefix("Assertion failed, ")
    return text.replace("Input should be", "has to be").rstrip(".")


# --- templates ---------------------------------------------------------------------------------


def template_csv(model: type[ContributedRow]) -> str:
    """The empty file of a kind of row."""
    return ",".join(field for field in model.model_fields if field != "row") + "\n"


def template_guide(model: type[ContributedRow]) -> list[tuple[str, str, str]]:
    """Column, whether it is needed, and what it holds, as a data dictionary prints them."""
    return [
        (name, "yes" if field.is_required() else "no", _meaning(field.annotation, field.description or ""))
        for name, field in model.model_fields.items()
        if name != "row"
    ]


def _meaning(annotation: Any, description: str) -> str:
    choices = _choices(annotation)
    return f"{description} ({' | '.join(choices)})" if choices else description


def _choices(annotation: Any) -> list[str]:
    if isinstance(annotation, type) and issubclass(annotation, str) and hasattr(annotation, "__members__"):
        return [str(member.value) for member in annotation]  # type: ignore[attr-defined]
    if get_origin(annotation) is not None and all(isinstance(one, str) for one in get_args(annotation)):
        return [str(one) for one in get_args(annotation)]
    return [word for one in get_args(annotation) for word in _choices(one)]
