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
import re
from collections.abc import Callable, Collection, Hashable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Generic, Literal, TypeVar, get_args, get_origin

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError, model_validator
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from jsna_pipeline.catalogue.loading import line_of

LARGEST = 20 * 2**20  # bytes; a year's log of a large authority is under one megabyte
LARGEST_RECORD = 2**20  # bytes; a megabyte of YAML takes the parser ten seconds
MOST_ROWS = 100_000
MOST_PROBLEMS = 50  # of one file: enough to see what is wrong with all its rows
LONGEST_CELL = 10_000  # characters, four pages of print
SEPARATORS = ",;\t"
# Word's soft line breaks and signs that turn the order of what follows them are no one's words: the first break the
# writing of a workbook, the second print a sentence backwards.
CONTROLS = {*range(1, 32), *range(127, 160), *range(0x202A, 0x202F), *range(0x2066, 0x206A)} - set(b"\t\r\n")
UNSEEN = dict.fromkeys(CONTROLS, " ")
HOW_WRITTEN: dict[type, str] = {
    date: "2025-09-30 or 30/09/2025",
    bool: "yes or no",
    int: "a whole number",
    float: "a number",
    tuple: "several with semicolons between",
}
# What pydantic says of these kinds of fault is written for programmers.
MESSAGES = {
    "missing": "is blank and has to be filled in",
    "int_parsing": "has to be a whole number",
    "int_parsing_size": "has to be a whole number",
    "int_from_float": "has to be a whole number",
    "float_parsing": "has to be a number",
    "decimal_parsing": "has to be a number",
    "bool_parsing": "is neither yes nor no",
    "date_parsing": "is no day; write it as 2025-09-30",
    "date_from_datetime_parsing": "is no day; write it as 2025-09-30",
    "string_type": "has to be words",
    "tuple_type": "has to be a list, each part of it beginning with a dash",
    "model_type": "does not have the entries that are asked for; see the template",
    "string_pattern_mismatch": "is not written in the way that is asked for; see the guide of `jsna template`",
}


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

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True, str_max_length=LONGEST_CELL)

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

# --- reading a table ---------------------------------------------------------------------------


def read_rows(path: Path, model: type[R], name: str | None = None) -> Rows[R]:
    """The rows of a CSV file as `model`; none and no problem where there is no such file.

    `name` is what the file is called in problems, its own name by default. Raises nothing for what the file holds.
    """
    name = name or path.name
    if not path.is_file():
        return Rows()
    text = _text(path, name, LARGEST)
    if isinstance(text, Problem):
        return Rows(problems=(text,))
    first = text.partition("\n")[0]
    separator = max(SEPARATORS, key=first.count)
    found = _rows(csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True), model, name)
    if len(found.problems) <= MOST_PROBLEMS:
        return found
    untold = len(found.problems) - MOST_PROBLEMS
    further = Problem(name, "", f"has {untold:,} further faults; mend these and look again")
    return Rows(found.rows, (*found.problems[:MOST_PROBLEMS], further), found.rows_read)


def checked_rows(found: Rows[R], name: str, fault: Callable[[R], tuple[str, str] | None]) -> Rows[R]:
    """`found` without the rows of which `fault` says column and remedy: what a row alone cannot know of itself."""
    said = [(row, fault(row)) for row in found.rows]
    faults = tuple(Problem(name, f"row {row.row}, column {one[0]}", one[1]) for row, one in said if one)
    return Rows(tuple(row for row, one in said if not one), (*found.problems, *faults), found.rows_read)


def _text(path: Path, name: str, largest: int) -> str | Problem:
    try:
        if path.stat().st_size > largest:
            return Problem(
                name, "", f"is larger than {largest // 2**20} MB; split it, or leave out what is not asked for"
            )
        text = path.read_text("utf-8-sig")
    except OSError:
        return Problem(name, "", "cannot be opened; look who may read it, and whether a program holds it open")
    except UnicodeDecodeError:
        return Problem(name, "", "is not UTF-8 text; save it as “CSV UTF-8”")
    if "\0" in text:
        return Problem(name, "", "holds characters that no text has; save it again as text")
    return text.translate(UNSEEN)


def _rows(reader: Any, model: type[R], name: str) -> Rows[R]:
    records = _records(reader)
    header = _header(next(records, (1, []))[1] or [])
    if faults := _header_faults(header, model):
        return Rows(problems=tuple(Problem(name, "line 1", fault) for fault in faults))
    good: list[R] = []
    problems: list[Problem] = []
    read = 0
    for start, cells in records:
        if cells is None:
            what = "opens or closes a quotation mark too many; the file is read no further than this row"
            problems.append(Problem(name, f"row {start}", what))
        elif any(cell.strip() for cell in cells):
            if read == MOST_ROWS:
                what = f"is beyond the {MOST_ROWS:,} rows that are read; split the file"
                problems.append(Problem(name, f"row {start}", what))
                break
            read += 1
            row = _row(start, header, cells, model)
            if isinstance(row, model):
                good.append(row)
            else:
                problems += [Problem(name, place, what) for place, what in row]
    return Rows(tuple(good), tuple(problems), read)


def _records(reader: Any) -> Iterator[tuple[int, list[str] | None]]:
    """The line on which each row starts, and its cells; None and no more where the quotation marks do not pair."""
    while True:
        start = reader.line_num + 1  # not the count of rows: a cell may hold line breaks
        try:
            yield start, next(reader)
        except StopIteration:
            return
        except csv.Error:
            yield start, None
            return


def _row(start: int, header: list[str], cells: list[str], model: type[R]) -> R | list[tuple[str, str]]:
    """A row of the file as `model`, or its faults: where and what."""
    if any(cell.strip() for cell in cells[len(header) :]):
        return [(f"row {start}", "has more cells than columns; put cells with commas in quotes")]
    try:
        return model.model_validate({"row": start} | dict(zip(header, cells, strict=False)))
    except ValidationError as error:
        return [_fault(start, one) for one in error.errors(include_url=False, include_input=False)]


def _header(cells: list[str]) -> list[str]:
    """Names of the columns as the models have them; spreadsheet programs add blank ones at the end."""
    names = [" ".join(cell.split()).lower().replace(" ", "_") for cell in cells]
    while names and not names[-1]:
        names.pop()
    return names


def _header_faults(header: list[str], model: type[ContributedRow]) -> list[str]:
    """Columns are told by their place: where the header line is missing, its cells are a row's words."""
    fields = [field for field in model.model_fields if field != "row"]
    if len(set(header)) < len(header):
        return ["two columns have one name; give each its own"]
    if missing := [field for field in fields if model.model_fields[field].is_required() and field not in header]:
        return [f"column “{missing[0]}” is missing; `jsna template` writes the file with its columns"]
    if not header:
        return ["the line with the names of the columns is missing; `jsna template` writes it"]
    return [
        f"the name of column {place} is not known; the columns are {', '.join(fields)}"
        for place, column in enumerate(header, 1)
        if column not in fields
    ]


def _fault(row: int, error: ErrorDetails) -> tuple[str, str]:
    column = str(error["loc"][0]) if error["loc"] else ""
    return (f"row {row}, column {column}" if column else f"row {row}"), _plain(error)


def _plain(error: ErrorDetails) -> str:
    """What the validator says, as the end of a sentence."""
    if error["type"] in MESSAGES:
        return MESSAGES[error["type"]]
    text = error["msg"].removeprefix("Value error, ").removeprefix("Assertion failed, ")
    return re.sub(r"^\w+ should ", "has to ", text).rstrip(".")


# --- reading a record --------------------------------------------------------------------------


class _Refused(yaml.MarkedYAMLError):
    """What valid YAML may hold and a file written by hand has no use for; `problem` is ours and may be printed."""

    def __init__(self, problem: str, mark: Any) -> None:
        super().__init__(problem=problem, problem_mark=mark)


class _Words(yaml.SafeLoader):
    """YAML in which each entry is the words that stand there.

    By YAML's own rules `on` is true, `no` is false, an edition 2025.1 a number and a day that no month has an
    exception. Refused are aliases (a few lines of them unfold to more than any memory holds), tags, and one entry
    given twice, of which the parser would keep the last.
    """

    yaml_implicit_resolvers = {
        first: [(tag, pattern) for tag, pattern in resolvers if tag.endswith(":null")]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        event = self.peek_event()
        if isinstance(event, yaml.AliasEvent):
            raise _Refused("repeats a part by an asterisk; write the part out", event.start_mark)
        if getattr(event, "tag", None):
            raise _Refused("holds a tag with an exclamation mark; put the words in quotes", event.start_mark)
        node = super().compose_node(parent, index)
        if isinstance(node, yaml.MappingNode):
            seen: set[Hashable] = set()
            for key, _ in node.value:
                if isinstance(key, yaml.ScalarNode) and key.value in seen:
                    raise _Refused("gives one entry twice; keep one of them", key.start_mark)
                seen.add(key.value if isinstance(key, yaml.ScalarNode) else id(key))
        return node


def read_record(path: Path, model: type[M], name: str | None = None, **given: object) -> M | Problem | None:
    """A YAML file as `model`, its first fault, or None where there is no such file or nothing in it.

    Every entry is text (models turn it into days and numbers) and a blank one is a missing one; `given` fields are
    not in the file. Raises nothing for what the file holds.
    """
    name = name or path.name
    if not path.is_file():
        return None
    text = _text(path, name, LARGEST_RECORD)
    return text if isinstance(text, Problem) else record_of(text, model, name, 0, **given)


RECORD_NAME = re.compile(r"[a-z][a-z0-9_]{1,59}\.yml")


def read_named_records(
    folder: Path,
    model: type[M],
    kind: str,
    known: Collection[str],
    most: int,
    fault: Callable[[Path, str, M], Problem | None] = lambda path, name, record: None,
) -> tuple[dict[str, M], tuple[Problem, ...]]:
    """The YAML files of `folder` as `model` by id, which is the file's name, and what is wrong with the others.

    `kind` is what a file holds, as its template is called; `known` are ids that the catalogue has; no more than `most`
    files are read; `fault` is what the record alone cannot know of itself. None and no problem where there is no such
    folder. Raises nothing for what the files hold.
    """
    found: dict[str, M] = {}
    problems: list[Problem] = []
    paths = sorted(path for path in folder.glob("*.y*ml") if path.is_file())
    for path in paths[:most]:
        name = f"{folder.name}/{path.name}"
        read = _named_record(path, model, name, kind, known)
        wrong = read if isinstance(read, Problem) else fault(path, name, read)
        if wrong is not None:
            problems.append(wrong)
        elif not isinstance(read, Problem):
            found[path.stem] = read
    if len(paths) > most:
        problems.append(Problem(folder.name, "", f"holds more than {most} files; the others are not read"))
    return found, tuple(problems)


def _named_record(path: Path, model: type[M], name: str, kind: str, known: Collection[str]) -> M | Problem:
    if not RECORD_NAME.fullmatch(path.name):
        what = f"its name becomes the {kind}'s id; use small letters, digits and underscores, and end it with .yml"
        return Problem(name, "", what)
    if path.stem in known:
        return Problem(name, "", f"a {kind} of the catalogue has this id already; give the file another name")
    read = read_record(path, model, name, id=path.stem)
    return read or Problem(name, "", f"is empty; `jsna template {kind}` writes one to fill in")


def record_of(text: str, model: type[M], name: str, before: int = 0, **given: object) -> M | Problem | None:
    """As `read_record`, of a YAML text that stands in a file after `before` other lines."""
    try:
        node, data = _composed(text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        own = error.problem if isinstance(error, _Refused) else None
        what = own or "is not valid YAML; look for a tab, a colon or a quotation mark"
        return Problem(name, f"line {before + mark.line + 1}" if mark else "", what)
    except RecursionError:
        return Problem(name, "", "has parts within parts within parts; write it as the template does")
    if data is None:
        return None
    if not isinstance(data, dict) or set(data) & set(given):
        return Problem(name, f"line {before + 1}", "does not have the entries that are asked for; see the template")
    try:
        return model.model_validate(data | given)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        return Problem(name, f"line {before + line_of(node, first['loc'])}", _record_fault(first, model))


def record_line(path: Path, location: Sequence[str | int]) -> int:
    """The line of a part of a YAML file that `read_record` has read: `("steps", 2, "on")`."""
    text = _text(path, path.name, LARGEST_RECORD)
    return 1 if isinstance(text, Problem) else line_of(_composed(text)[0], tuple(location))


def _composed(text: str) -> tuple[Any, Any]:
    """The nodes of a YAML text, which know their lines, and what they hold."""
    loader = _Words(text)
    try:
        node = loader.get_single_node()
        return node, None if node is None else _without_blank_entries(loader.construct_document(node))
    finally:
        loader.dispose()


def _without_blank_entries(data: Any) -> Any:
    if isinstance(data, dict):
        kept = {name: _without_blank_entries(entry) for name, entry in data.items()}
        return {name: entry for name, entry in kept.items() if entry is not None and entry != ""}
    if isinstance(data, list):
        return [_without_blank_entries(entry) for entry in data]
    return data.strip() if isinstance(data, str) else data


def _record_fault(error: ErrorDetails, model: type[BaseModel]) -> str:
    """Names an entry only where the model knows it: any other name is somebody's words."""
    if error["type"] == "missing":
        return f"“{error['loc'][-1]}” is blank and has to be filled in"
    if error["type"] == "extra_forbidden":
        known = f"; the entries are {', '.join(model.model_fields)}" if len(error["loc"]) == 1 else ""
        return f"the name of this entry is not known{known}"
    return _plain(error)


# --- templates ---------------------------------------------------------------------------------


def template_csv(model: type[ContributedRow]) -> str:
    """The empty file of a kind of row."""
    return ",".join(field for field in model.model_fields if field != "row") + "\n"


def template_guide(model: type[ContributedRow]) -> list[tuple[str, str, str]]:
    """Column, whether it is needed, and what it holds, as a data dictionary prints them."""
    return [
        (name, "yes" if field.is_required() else "no", _meaning(field))
        for name, field in model.model_fields.items()
        if name != "row"
    ]


def _meaning(field: FieldInfo) -> str:
    """The description, and how the cell is written: "Day of the meeting (2025-09-30 or 30/09/2025)"."""
    described = (field.description or "").rstrip(".")
    written = [f"one of: {', '.join(choices)}"] if (choices := _choices(field.annotation)) else []
    written += [words for kind, words in HOW_WRITTEN.items() if kind in _kinds(field.annotation)]
    written += [f"up to {limit:,} characters" for part in field.metadata if (limit := getattr(part, "max_length", 0))]
    added = "; ".join(words for words in written if words not in described)
    return f"{described} ({added})" if added else described


def _choices(annotation: Any) -> list[str]:
    """The words that a cell may hold where there is a list of them."""
    if isinstance(annotation, type) and issubclass(annotation, StrEnum):
        return [member.value for member in annotation]
    if get_origin(annotation) is Literal:
        return [one for one in get_args(annotation) if isinstance(one, str) and one]
    return [word for one in get_args(annotation) for word in _choices(one)]


def _kinds(annotation: Any) -> set[type]:
    """The plain types that an annotation comes to, without what validates them."""
    origin = get_origin(annotation)
    if origin is Literal:
        return set()
    if origin is tuple:
        return {tuple}  # of several words, only that they are several
    inner = {kind for one in get_args(annotation) for kind in _kinds(one)}
    return inner | ({annotation} if isinstance(annotation, type) else set())
