"""A report's folder on disk: replaced whole, with a manifest, or left exactly as it was.

Here: what lies in `<out>/<edition>/<slug>/`, how it is swapped in, and how a failed build marks the
last good one. Not here: making the files' content.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from jsna_pipeline.governance.freezing import frozen, refuse_frozen
from jsna_pipeline.report.model import Report

MANIFEST = "manifest.json"
FAILURE_NOTE = "LAST-BUILD-FAILED.txt"


def report_folder(out: Path, edition: str, slug: str) -> Path:
    return out / edition / slug


def publish(folder: Path, files: Mapping[str, bytes], manifest: Mapping[str, Any]) -> None:
    """`files` (path below the folder -> bytes) and the manifest, in place of what was there.

    Raises BuildError where what was there is published and frozen.

    Everything is first written to a folder beside it. Files of other formats from a build with the
    same fingerprint are kept; older ones go, since two formats of different data are two truths.
    """
    refuse_frozen(folder)
    folder.parent.mkdir(parents=True, exist_ok=True)
    _recover(folder)
    with _scratch(folder, "new") as fresh:
        _keep_same_build(folder, fresh, manifest.get("fingerprint"))
        for name, content in files.items():
            path = fresh / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        listed = {
            path.relative_to(fresh).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
            for path in sorted(fresh.rglob("*"))
            if path.is_file()
        }
        text = json.dumps({**manifest, "files": listed}, indent=2, ensure_ascii=False, sort_keys=True) + "\n"
        (fresh / MANIFEST).write_text(text, "utf-8")
        _swap(fresh, folder)


def problems_of(folder: Path) -> list[str]:
    """The sentences on what could not be used, as the manifest of the report in `folder` keeps them."""
    with contextlib.suppress(FileNotFoundError, json.JSONDecodeError):
        return list(json.loads((folder / MANIFEST).read_text("utf-8")).get("problems", []))
    return []


def mark_failed(folder: Path, reason: str) -> None:
    """Beside a last good report, the note that a newer build failed; nothing where there is none."""
    if (folder / MANIFEST).is_file() and frozen(folder) is None:
        moment = datetime.now(UTC).strftime("%d %B %Y, %H:%M UTC")
        note = folder / FAILURE_NOTE
        temporary = note.with_name(f".{FAILURE_NOTE}.{os.getpid()}")
        temporary.write_text(
            f"A build on {moment} failed: {reason}\n"
            "The files in this folder are the last good report and are unchanged.\n",
            "utf-8",
        )
        temporary.replace(note)


def _recover(folder: Path) -> None:
    """Put back a report that a killed build had just moved aside, and clear what it left behind."""
    for aside in sorted(folder.parent.glob(f".{folder.name}.old.*")):
        if not folder.exists() and (aside / "report").exists():
            (aside / "report").replace(folder)
    for left in folder.parent.glob(f".{folder.name}.*.*"):
        owner = left.name.rpartition(".")[2]
        if left.is_dir() and owner.isdigit() and not _is_running(int(owner)):
            shutil.rmtree(left, ignore_errors=True)


def _is_running(process: int) -> bool:
    """Whether a process of this number exists; another build of the area may be under way."""
    if os.name == "nt":
        return False  # os.kill would end the process there; Windows refuses to delete what is in use
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


@contextlib.contextmanager
def _scratch(folder: Path, kind: str) -> Iterator[Path]:
    path = folder.with_name(f".{folder.name}.{kind}.{os.getpid()}")
    shutil.rmtree(path, ignore_errors=True)
    path.mkdir()
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)


def _keep_same_build(folder: Path, fresh: Path, fingerprint: object) -> None:
    with contextlib.suppress(FileNotFoundError, json.JSONDecodeError, KeyError):
        before = json.loads((folder / MANIFEST).read_text("utf-8"))
        if before["fingerprint"] == fingerprint:
            for name, sha256 in before["files"].items():
                content = (folder / name).read_bytes()
                if hashlib.sha256(content).hexdigest() != sha256:
                    continue  # altered by hand or cut short since: no longer what this build made
                target = fresh / name
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(content)


def _swap(fresh: Path, folder: Path) -> None:
    with _scratch(folder, "old") as aside:
        if folder.exists():
            folder.replace(aside / "report")
        try:
            fresh.replace(folder)
        except BaseException:  # an interrupt between the two moves must not lose the report either
            if (aside / "report").exists():
                (aside / "report").replace(folder)
            raise
        fresh.mkdir(exist_ok=True)


def manifest_of(
    report: Report,
    fingerprint: str,
    rows: Mapping[str, int],
    checks: Mapping[str, bool],
    inputs: list[dict[str, Any]],
    problems: Sequence[str] = (),
) -> dict[str, Any]:
    """What the report rests on: every input with its digest, code version, row counts, check results.

    `problems` are the sentences on what the area wrote and could not be used.
    """
    return {
        "area": {"name": report.area_name, "code": report.area_code, "slug": report.area_slug},
        "edition": report.edition,
        "source": report.source,
        "illustrative": report.illustrative,
        "draft": report.draft,
        "restricted": report.restricted,
        "cut_off": report.cut_off.isoformat(),
        "code_version": report.code_version,
        "fingerprint": fingerprint,
        "row_counts": dict(rows),
        "checks": dict(checks),
        "inputs": inputs,
        "problems": list(problems),
        # What the library sets beside the edition before, so that it need not open any data.
        "headlines": [
            {"indicator_id": one.indicator_id, "name": one.name, "period": one.period, "value": one.printed}
            for one in report.glance.figures
        ],
    }
