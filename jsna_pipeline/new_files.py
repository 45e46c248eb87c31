"""Files that a command writes for people to fill in: whole or not at all, and never over one that exists.

Here: the one way to write them. Not here: what they hold, or files that a later run replaces (`storage.py`,
`report/output.py`).
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from jsna_pipeline.errors import InputError

# What `write_new` is told of an empty file to fill in.
EMPTY_FILE = ("the template", "move it away or choose another folder")


def write_new(contents: Mapping[str, bytes], folder: Path, what: str, remedy: str) -> list[Path]:
    """Writes files of these names into `folder`; returns the paths.

    `what` is their name in an error ("the template"), `remedy` what to do about one that exists. Raises InputError
    for that, before anything is written, and for a folder that cannot be written to.
    """
    for name in contents:
        if (folder / name).exists():
            raise InputError(f"{folder / name} exists already and is not overwritten: {remedy}.")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return [_write(folder / name, content) for name, content in contents.items()]
    except OSError as error:
        raise InputError(
            f"{folder}: {what} cannot be written ({error.strerror}): choose a folder that you may write to."
        ) from None


def _write(path: Path, content: bytes) -> Path:
    unfinished = path.with_name(f".{path.name}.{os.getpid()}.part")
    unfinished.write_bytes(content)
    return unfinished.rename(path)
