"""The library: one page over all editions and areas of a folder of reports, for any web server to host.

Here: what the page lists, and what has changed since the edition before. Not here: building a report's folder
(`report/output.py`), serving it on one's own machine (`report/serving.py`) or markup (`report_templates/library`).

Everything is told by the manifests and the sizes of files; no data are opened. A folder that does not say that it
is public is not listed. Folders that are broken or half written are left out, and their names are given back.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from urllib.parse import quote

from pydantic import BaseModel, Field, ValidationError

from jsna_pipeline.editions import EDITION, year_and_number
from jsna_pipeline.errors import BuildError, InputError
from jsna_pipeline.governance.freezing import frozen
from jsna_pipeline.report import formatting, html
from jsna_pipeline.report.companions import pages
from jsna_pipeline.report.output import MANIFEST

PAGE = "index.html"
SLUG = r"[a-z0-9][a-z0-9-]*"
# What a visitor looks for first, in this order; all other files stand folded below.
NAMES = {
    "index.html": "Full report",
    "jsna.pdf": "Report as PDF",
    "infographic.html": "One-page summary",
    "infographic.pdf": "One-page summary as PDF",
    "easy-read.html": "Easy read draft",
    "figures/index.html": "Figures for slides",
    "jsna-data.xlsx": "Workbook",
    "data/observations.csv": "All figures as CSV",
    "data/README.md": "About the data",
    "accessibility.html": "Accessibility statement",
    MANIFEST: "What it rests on",
}

# --- what a manifest says ----------------------------------------------------------------------


class _Area(BaseModel):
    name: str
    code: str
    slug: str = Field(pattern=f"^{SLUG}$")


class _Input(BaseModel):
    dataset_id: str
    sha256: str
    title: str = ""
    role: str = "used"


class _Headline(BaseModel):
    indicator_id: str
    name: str
    period: str
    value: str


class _Manifest(BaseModel):
    """The part of `manifest.json` that the library reads; `restricted` has no default: silence is not public."""

    area: _Area
    edition: str = Field(pattern=f"^{EDITION}$")
    illustrative: bool
    draft: bool
    restricted: bool
    cut_off: date
    inputs: tuple[_Input, ...]
    row_counts: dict[str, int]
    files: dict[str, str]
    headlines: tuple[_Headline, ...] = ()


# --- the library -------------------------------------------------------------------------------


@dataclass(frozen=True)
class FileLink:
    name: str  # for people
    address: str  # relative to the library's page, ready for a link
    size: str  # "1.3 MB"


@dataclass(frozen=True)
class Changes:
    """What differs from `since`, the edition before; inputs by title, `rows` and `headlines` as (name, before, now)."""

    since: str
    new: tuple[str, ...]
    gone: tuple[str, ...]
    changed: tuple[str, ...]
    unchanged: int
    rows: tuple[tuple[str, str, str], ...]
    headlines: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True)
class Entry:
    """One report: an area in an edition."""

    area: str
    slug: str
    edition: str
    status: tuple[str, ...]  # "Illustrative", "Draft"
    cut_off: date
    inputs: int
    main: tuple[FileLink, ...]
    others: tuple[FileLink, ...]
    others_size: str
    changes: Changes | None = None


@dataclass(frozen=True)
class Library:
    """`areas` in alphabetical order, each with its reports, newest first; sentences on folders that are left out."""

    areas: tuple[tuple[Entry, ...], ...]
    restricted: tuple[Path, ...]
    left_out: tuple[str, ...]


def library(out: Path) -> Library:
    """What lies in `<out>/<edition>/<slug>/`; folders of other names are none of its business."""
    reports: list[tuple[_Manifest, Entry]] = []
    restricted, left_out = [], []
    for folder in _folders(out):
        try:
            manifest = _manifest(folder)
            if manifest.restricted:
                restricted.append(folder)
                continue
            reports.append((manifest, _entry(folder, manifest)))
        except (BuildError, InputError) as error:
            left_out.append(str(error))
    left_out += [f"{folder}: for named readers alone; move it back into the restricted store." for folder in restricted]
    by_area: dict[str, list[tuple[_Manifest, Entry]]] = {}
    for manifest, entry in sorted(reports, key=lambda one: year_and_number(one[1].edition), reverse=True):
        by_area.setdefault(entry.slug, []).append((manifest, entry))
    areas = sorted(by_area.values(), key=lambda editions: (editions[0][1].area, editions[0][1].slug))
    return Library(tuple(tuple(_with_changes(one)) for one in areas), tuple(restricted), tuple(left_out))


def write_library(out: Path, private: Path) -> tuple[str, ...]:
    """Writes `<out>/index.html`, whole or not at all; returns a sentence on each folder that is left out.

    `private` is a folder that no library may touch: the restricted store, or the state folder that holds it. Raises
    InputError where one lies within the other.
    """
    here, kept = out.resolve(), private.resolve()
    if kept.exists() and (here.is_relative_to(kept) or kept.is_relative_to(here)):
        raise InputError(f"{out} is no place for a library: {private} is kept for named readers; choose another --out.")
    found = library(out)
    page = render(found)
    unfinished = out / f".{PAGE}.{os.getpid()}"
    try:
        unfinished.write_bytes(page)
        unfinished.replace(out / PAGE)
    except OSError as error:
        raise InputError(f"{out}: the library cannot be written ({error.strerror}); make it writable.") from None
    finally:
        unfinished.unlink(missing_ok=True)
    return found.left_out


def render(found: Library) -> bytes:
    entries = [entry for editions in found.areas for entry in editions]
    illustrative = bool(entries) and all("Illustrative" in entry.status for entry in entries)
    marks = (("Illustrative", "Synthetic data: no figure in these reports describes a real place."),)
    page = html.environment().get_template("library/library.html.j2")
    return page.render(
        medium="screen",
        css=html.style_sheet(*pages.SCREEN),
        marks=marks if illustrative else (),
        areas=found.areas,
        reports=len(entries),
    ).encode("utf-8")


# --- one report --------------------------------------------------------------------------------


def _folders(out: Path) -> Iterator[Path]:
    """Folders named like a report of an edition, without those that a link leads to."""
    for edition in sorted(out.iterdir()) if out.is_dir() else ():
        if _is_named(edition, EDITION):
            yield from (folder for folder in sorted(edition.iterdir()) if _is_named(folder, SLUG))


def _is_named(folder: Path, pattern: str) -> bool:
    return re.fullmatch(pattern, folder.name) is not None and folder.is_dir() and not folder.is_symlink()


def _manifest(folder: Path) -> _Manifest:
    try:
        manifest = _Manifest.model_validate_json((folder / MANIFEST).read_bytes())
    except (OSError, ValidationError):
        raise InputError(f"{folder}: has no whole {MANIFEST}; build it again.") from None
    if (manifest.edition, manifest.area.slug) != (folder.parent.name, folder.name):
        raise InputError(f"{folder}: says it is edition {manifest.edition} of {manifest.area.slug}; move it there.")
    return manifest


def _entry(folder: Path, manifest: _Manifest) -> Entry:
    sizes = {name: _size(folder, name) for name in [*manifest.files, MANIFEST]}
    address = f"{manifest.edition}/{manifest.area.slug}"

    def link(name: str) -> FileLink:
        return FileLink(NAMES.get(name, name), quote(f"{address}/{name}"), size_words(sizes[name]))

    others = [name for name in sorted(sizes) if name not in NAMES]
    seal = frozen(folder)
    status = ["Illustrative"] if manifest.illustrative else []
    if seal:
        status.append(f"Published {formatting.date_words(seal.frozen_on)}")
    else:
        status.append("Draft" if manifest.draft else "Approved")
    return Entry(
        area=manifest.area.name,
        slug=manifest.area.slug,
        edition=manifest.edition,
        status=tuple(status),
        cut_off=manifest.cut_off,
        inputs=len(manifest.inputs),
        main=tuple(link(name) for name in NAMES if name in sizes),
        others=tuple(link(name) for name in others),
        others_size=size_words(sum(sizes[name] for name in others)),
    )


def _size(folder: Path, name: str) -> int:
    """Bytes of a file that the manifest names; InputError where it is not there, or not in the folder at all."""
    path = folder / name
    if not path.is_file() or not path.resolve().is_relative_to(folder.resolve()):
        raise InputError(f"{folder}: {name} of its {MANIFEST} is not there; build it again.")
    return path.stat().st_size


def size_words(size: int) -> str:
    """ "812 bytes", "640 kB", "1.3 MB": thousands, as downloads are given."""
    if size < 1_000:
        return formatting.counted(size, "byte")
    if size < 999_500:
        return f"{formatting.number(size / 1_000)} kB"
    return f"{formatting.number(size / 1_000_000, 1)} MB"


# --- what changed ------------------------------------------------------------------------------


def _with_changes(editions: list[tuple[_Manifest, Entry]]) -> Iterator[Entry]:
    """Each report of one area, newest first, with what changed since the next older one."""
    for place, (manifest, entry) in enumerate(editions):
        before = editions[place + 1][0] if place + 1 < len(editions) else None
        yield replace(entry, changes=changes(before, manifest)) if before else entry


def changes(before: _Manifest, now: _Manifest) -> Changes:
    """What two manifests of one area tell of the difference: inputs, rows of tables, values that lead."""
    was, held = _digests(before), _digests(now)
    titles = {one.dataset_id: one.title or one.dataset_id for one in (*before.inputs, *now.inputs)}

    def named(names: set[str]) -> tuple[str, ...]:
        return tuple(sorted(titles[name] for name in names))

    both = was.keys() & held.keys()
    changed = {name for name in both if was[name] != held[name]}
    return Changes(
        since=before.edition,
        new=named(held.keys() - was.keys()),
        gone=named(was.keys() - held.keys()),
        changed=named(changed),
        unchanged=len(both - changed),
        rows=tuple(_differing(_rows(before), _rows(now))),
        headlines=tuple(_differing(_headlines(before), _headlines(now))),
    )


def _digests(manifest: _Manifest) -> dict[str, frozenset[str]]:
    """The files in use of each dataset, by their SHA-256: names change from year to year."""
    used: dict[str, set[str]] = {}
    for one in manifest.inputs:
        if one.role != "superseded":
            used.setdefault(one.dataset_id, set()).add(one.sha256)
    return {name: frozenset(digests) for name, digests in used.items()}


def _rows(manifest: _Manifest) -> dict[str, tuple[str, str]]:
    return {name: (name, formatting.number(rows)) for name, rows in manifest.row_counts.items()}


def _headlines(manifest: _Manifest) -> dict[str, tuple[str, str]]:
    return {one.indicator_id: (one.name, f"{one.value} ({one.period})") for one in manifest.headlines}


def _differing(
    before: Mapping[str, tuple[str, str]], now: Mapping[str, tuple[str, str]]
) -> Iterator[tuple[str, str, str]]:
    """Name, before and now of whatever is not the same, in the order of `now`, then of `before`."""
    for key in [*now, *(key for key in before if key not in now)]:
        was, held = before.get(key), now.get(key)
        name = (held or was or ("", ""))[0]
        if was is None or held is None or was[1] != held[1]:
            yield name, was[1] if was else "not given", held[1] if held else "not given"
