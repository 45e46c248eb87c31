"""Reading reviewed YAML definitions into pydantic models, with errors that name file and line.

Here: the one loader used for datasets, indicators and chapters. Not here: the models themselves.
"""

from __future__ import annotations

from importlib.resources import files
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from jsna_pipeline.errors import InputError

# The C library reads the catalogue in a tenth of the time; a Python built without it still reads it.
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class Definition(BaseModel):
    """Base of every reviewed record: frozen, and a misspelt key is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")


D = TypeVar("D", bound=Definition)
M = TypeVar("M", bound=BaseModel)


def load_folder(folder: str, model: type[D]) -> dict[str, D]:
    """All `<folder>/*.yml` of the catalogue, keyed by id, in the order of their file names.

    The file name is the id. Raises InputError naming file, line and field.
    """
    found: dict[str, D] = {}
    for resource in sorted(files("jsna_pipeline.catalogue").joinpath(folder).iterdir(), key=lambda entry: entry.name):
        if resource.name.endswith(".yml"):
            definition_id = resource.name.removesuffix(".yml")
            found[definition_id] = parse(resource.read_text("utf-8"), model, f"{folder}/{resource.name}", definition_id)
    return found


class DefinitionFault(Exception):
    """What is wrong with a YAML text, and on which line."""

    def __init__(self, line: int, what: str) -> None:
        super().__init__(f"line {line}: {what}")
        self.line, self.what = line, what


def parse(text: str, model: type[D], name: str, definition_id: str) -> D:
    """One YAML text as a model; the id comes from the file's name and is not written inside it."""
    try:
        return validated(text, model, id=definition_id)
    except DefinitionFault as fault:
        raise InputError(f"catalogue/{name}, line {fault.line}: {fault.what}.") from None


def validated(text: str, model: type[M], **given: object) -> M:
    """A YAML text with the fields `given` beside it as a model; raises DefinitionFault."""
    try:
        data = yaml.load(text, Loader=_LOADER)  # noqa: S506 - both are safe loaders
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        raise DefinitionFault(
            mark.line + 1 if mark else 1, "not valid YAML; look for a tab, a colon or a mark"
        ) from None
    if not isinstance(data, dict):
        raise DefinitionFault(1, "expected a mapping of fields, as in the files beside it")
    try:
        return model.model_validate(given | data)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        field = ".".join(str(part) for part in first["loc"])
        node = yaml.compose(text, Loader=_LOADER)
        raise DefinitionFault(line_of(node, first["loc"]), f"{field}: {first['msg']}") from None


def line_of(node: Any, location: tuple[Any, ...]) -> int:
    """Line (from 1) of the deepest part of `location` that the YAML text contains."""
    line = 1
    for part in location:
        if isinstance(node, yaml.MappingNode):
            pair = next(((k, v) for k, v in node.value if k.value == str(part)), None)
            if pair is None:
                continue  # the name of one of several kinds of entry, which stands in no text, or a missing field
            line, node = pair[0].start_mark.line + 1, pair[1]
        elif isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
            node = node.value[part]
            line = node.start_mark.line + 1
        else:
            return line
    return line
