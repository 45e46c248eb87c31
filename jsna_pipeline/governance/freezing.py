"""Published editions, frozen by the digests of their files: what is out is corrected, never replaced.

Here: freezing a report's folder, telling what has changed since, and refusing to publish over it. Not here: writing
the report (`report/output.py`), or the signatures that make it publishable (`sign_off.py`).

The seal lies in the folder that it seals. It shows that a file was changed, not who changed it: whoever can write
there can write a new seal, so `Freeze.digest` belongs into the minutes of the board that published.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from jsna_pipeline.editions import year_and_number
from jsna_pipeline.errors import BuildError, InputError

SEAL = "frozen.json"
# `report/output.py` writes these two and asks this module before it does: it cannot be imported here.
MANIFEST = "manifest.json"
FAILURE_NOTE = "LAST-BUILD-FAILED.txt"
UNSEALED = frozenset({SEAL, FAILURE_NOTE})  # a failed build leaves its note beside the last good report


@dataclass(frozen=True)
class Freeze:
    """A sealed report: `files` gives the SHA-256 of each file by its path below the folder."""

    edition: str
    area: str
    frozen_on: date
    files: Mapping[str, str]

    @property
    def digest(self) -> str:
        """One SHA-256 over all of them, in the form of `sha256sum` of the files in the order of their names."""
        listing = "".join(f"{digest}  {name}\n" for name, digest in sorted(self.files.items()))
        return hashlib.sha256(listing.encode("utf-8")).hexdigest()


def freeze(folder: Path, on: date | None = None) -> Freeze:
    """Seals the report in `folder`, `on` today by default; one that is sealed and unchanged keeps its seal.

    Raises InputError where the folder holds no report, a draft, a file that is not as the build wrote it, or
    anything else than was sealed before.
    """
    manifest = _manifest(folder)
    edition, area = manifest["edition"], manifest["area"]["name"]
    if manifest["draft"]:
        raise InputError(f"Edition {edition} of {area} is a draft; it is frozen when it is approved and published.")
    if before := frozen(folder):
        if changed := verify(folder):
            raise InputError(
                f"Edition {edition} of {area} was frozen on {before.frozen_on.isoformat()} and has changed since "
                f"({changed[0]}); put back the published files, or publish a correction."
            )
        return before
    made = Freeze(edition, area, on or datetime.now(UTC).date(), _digests(folder))
    built = {**manifest["files"], MANIFEST: made.files[MANIFEST]}
    if changed := _differences(built, made.files):
        raise InputError(f"{folder}: not as the build left it ({changed[0]}); build it again and freeze it then.")
    _write(folder / SEAL, made)
    return made


def frozen(folder: Path) -> Freeze | None:
    """The seal of a report's folder, None where it has none; BuildError where the seal is damaged."""
    path = folder / SEAL
    if not path.exists():
        return None
    try:
        return TypeAdapter(Freeze).validate_json(path.read_bytes())
    except (OSError, ValidationError):
        raise BuildError(f"{path}: cannot be read as a seal; put back the one that was published.") from None


def verify(folder: Path) -> tuple[str, ...]:
    """Each file that differs from the seal, and how ("index.html is changed"); none where there is no seal."""
    seal = frozen(folder)
    return _differences(seal.files, _digests(folder)) if seal else ()


def refuse_frozen(folder: Path) -> None:
    """Raises BuildError where `folder` is sealed: for whoever is about to write a report there."""
    if seal := frozen(folder):
        raise BuildError(
            f"Edition {seal.edition} of {seal.area} is published and frozen; "
            f"publish a correction as {next_correction(folder, seal.edition)}."
        )


def next_correction(folder: Path, edition: str) -> str:
    """The first correction of the year that is not frozen yet: "2025.2" where 2025 and 2025.1 are.

    `folder` is `<out>/<edition>/<slug>`; other editions of the area lie in folders beside it.
    """
    year, number = year_and_number(edition)
    while (folder.parent.parent / f"{year}.{number + 1}" / folder.name / SEAL).exists():
        number += 1
    return f"{year}.{number + 1}"


def _manifest(folder: Path) -> dict[str, Any]:
    try:
        manifest = json.loads((folder / MANIFEST).read_text("utf-8"))
        # Looked up here once, so that a damaged manifest is one sentence and no KeyError later.
        return {"area": {"name": str(manifest["area"]["name"])}, "edition": str(manifest["edition"]),
                "draft": bool(manifest["draft"]), "files": dict(manifest["files"])}  # fmt: skip
    except (OSError, ValueError, KeyError, TypeError):
        raise InputError(f"{folder}: holds no whole report ({MANIFEST}); build the report first.") from None


def _digests(folder: Path) -> dict[str, str]:
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    names = {path.relative_to(folder).as_posix(): path for path in paths}
    return {name: hashlib.sha256(path.read_bytes()).hexdigest() for name, path in names.items() if name not in UNSEALED}


def _differences(before: Mapping[str, str], now: Mapping[str, str]) -> tuple[str, ...]:
    """What a file has become, by name. No file is opened by a name that a seal or manifest gives."""
    said = dict.fromkeys(before.keys() - now.keys(), "is missing")
    said |= dict.fromkeys(now.keys() - before.keys(), "is new")
    said |= {name: "is changed" for name in before.keys() & now.keys() if before[name] != now[name]}
    return tuple(f"{name} {what}" for name, what in sorted(said.items()))


def _write(path: Path, seal: Freeze) -> None:
    """`seal` under `path`, whole or not at all, and never over another."""
    text = json.dumps(asdict(seal) | {"frozen_on": seal.frozen_on.isoformat()}, indent=2, ensure_ascii=False)
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        unfinished.write_text(text + "\n", "utf-8")
        unfinished.replace(path)
    except OSError as error:
        raise InputError(f"{path}: cannot be written ({error.strerror}); make the folder writable.") from None
    finally:
        unfinished.unlink(missing_ok=True)
