"""Reading reviewed YAML definitions into pydantic models, with errors that name file and line.

Here: the one loader used for datasets, indicators and chapters. Not here: the models themselves.
"""

from __future__ import annotations

from importlib.resources import files
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from jsna_pipeline.errors import InputError


class Definition(BaseModel):
    """Base of every reviewed record: frozen, and a misspelt key is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")


D = TypeVar("D", bound=Definition)


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


def parse(text: str, model: type[D], name: str, definition_id: str) -> D:
    """One YAML text as a model; the id comes from the file's name and is not written inside it."""
    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
        data = yaml.safe_load(text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        place = f", line {mark.line + 1}" if mark else ""
        raise InputError(f"catalogue/{name}{place}: not valid YAML ({getattr(error, 'problem', error)}).") from None
    if not isinstance(data, dict):
        raise InputError(f"catalogue/{name}, line 1: expected a mapping of fields, as in the files beside it.")
    try:
        return model.model_validate({"id": definition_id} | data)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        line = _line_of(node, first["loc"])
        field = ".".join(str(part) for part in first["loc"])
        raise InputError(f"catalogue/{name}, line {line}: {field}: {first['msg']}.") from None


def _line_of(node: Any, location: tuple[Any, ...]) -> int:
    """Line (from 1) of the deepest part of `location` that the YAML text contains."""
    line = 1
    for part in location:
        if isinstance(node, yaml.MappingNode):
            pair = next(((k, v) for k, v in node.value if k.value == str(part)), None)
            if pair is None:
                return line
            line, node = pair[0].start_mark.line + 1, pair[1]
        elif isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
            node = node.value[part]
            line = node.start_mark.line + 1
        else:
            return line
    return line
