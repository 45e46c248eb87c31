"""A landing folder, indexed: which published files lie in it and which dataset each one serves.

Here: walking `landing/<edition>/<publication>/`, looking inside download zips, choosing the newest
of several editions of one file, looking for a series that has ended in the edition that ended it.
Not here: the content of a file (`readers/`) or fetching it.
"""

from __future__ import annotations

import re
import zipfile
from dataclasses import dataclass
from pathlib import Path

from jsna_pipeline.catalogue.datasets import Dataset, FilePattern
from jsna_pipeline.editions import EDITION, year_and_number
from jsna_pipeline.errors import InputError
from jsna_pipeline.sources.published_file import ZIP_MAGIC, PublishedFile

# An xlsx or ods workbook is a zip too, but one file to its reader; these members tell it apart.
WORKBOOK_MEMBERS = {"[Content_Types].xml", "mimetype", "META-INF/manifest.xml"}


@dataclass(frozen=True)
class FoundFiles:
    """What a landing folder holds for one dataset: the files chosen, and older ones left aside."""

    chosen: tuple[PublishedFile, ...]
    superseded: tuple[PublishedFile, ...] = ()


class LandingFolder:
    """One edition's folder of published files. Reading starts only when a file is opened."""

    def __init__(self, root: Path, edition: str) -> None:
        self.root = root
        self.edition = edition
        self.folder = root / edition
        known = available_editions(root)
        if edition not in known:
            editions = ", ".join(known) or "none"
            raise InputError(
                f"{self.folder} is not a folder: no published files for edition {edition} "
                f"(editions found in {root}: {editions}). Name another with --edition, or add the folder."
            )
        self._index: dict[Path, list[PublishedFile]] = {}

    def find(self, dataset: Dataset) -> FoundFiles:
        """The files of `dataset`, one per pattern unless the pattern takes all that match."""
        chosen: list[PublishedFile] = []
        superseded: list[PublishedFile] = []
        for pattern in dataset.files:
            matching = self._matching(pattern)
            if pattern.take == "one":
                superseded += matching[:-1]
                matching = matching[-1:]
            chosen += matching
        return FoundFiles(tuple(chosen), tuple(superseded))

    def find_companion(self, pattern: FilePattern) -> PublishedFile | None:
        """A second file that a reader needs beside the dataset's own, such as its dictionary."""
        matching = self._matching(pattern)
        return matching[-1] if matching else None

    def require(self, dataset: Dataset) -> FoundFiles:
        """As `find`, but a missing file is an InputError that says which one and where to get it."""
        found = self.find(dataset)
        if not found.chosen:
            raise InputError(
                f"{self._home(dataset.files[0])}: no file like {dataset.files[0].name!r} for the required "
                f"dataset '{dataset.publication}: {dataset.title}'; download the release from {dataset.page} "
                f"and put its zip or that file in the folder."
            )
        return found

    def _matching(self, pattern: FilePattern) -> list[PublishedFile]:
        """Files that match, oldest first; of one name, that of this edition's own folder comes last."""
        places = {self._home(pattern), self.folder / pattern.folder}
        files = sorted((file for place in places for file in self._files_in(place)), key=_release_order)
        return [file for file in files if pattern.matches(_own_name(file))]

    def _home(self, pattern: FilePattern) -> Path:
        """The folder of the edition that holds the file: of a series that has ended, the last one that did."""
        ended = pattern.edition is not None and year_and_number(pattern.edition) < year_and_number(self.edition)
        return (self.root / pattern.edition if ended and pattern.edition else self.folder) / pattern.folder

    def _files_in(self, place: Path) -> list[PublishedFile]:
        if place not in self._index:
            self._index[place] = _list_folder(place, self.root) if place.exists() else []
        return self._index[place]


def available_editions(root: Path) -> list[str]:
    """Editions for which `root` has a folder, oldest first."""
    if not root.is_dir():
        return []
    found = [entry.name for entry in root.iterdir() if entry.is_dir() and re.fullmatch(EDITION, entry.name)]
    return sorted(found, key=year_and_number)


def _own_name(file: PublishedFile) -> str:
    return Path(file.member or file.path.name).name


def _release_order(file: PublishedFile) -> tuple[list[str | int], list[str | int]]:
    """Sort key under which `…_2013_to_2025.csv` follows `…_2013_to_2024.csv`: numbers compare as numbers.

    Members of the same name follow the names of their zips (`plans_2025.zip` after `plans_2022.zip`).
    """
    return _by_numbers(_own_name(file)), _by_numbers(file.relative)


def _by_numbers(name: str) -> list[str | int]:
    # The split gives text and digits in turn, so that like is always compared with like.
    return [int(part) if odd % 2 else part for odd, part in enumerate(re.split(r"([0-9]+)", name.lower()))]


def _list_folder(folder: Path, root: Path) -> list[PublishedFile]:
    if not folder.is_dir():
        raise InputError(
            f"{folder}: expected a folder with the publication's files, found a file; move it into such a folder."
        )
    found: list[PublishedFile] = []
    for path in sorted(folder.iterdir()):
        if path.name.startswith((".", "~$", "__")):
            continue
        relative = path.relative_to(root).as_posix()
        if path.is_dir():
            if path.suffix:
                raise InputError(
                    f"{relative}: a folder where a published file was expected; put the file itself in its place."
                )
            continue
        members = _zip_members(path, relative)
        if members is None:
            found.append(PublishedFile(path, relative))
        else:
            found += [PublishedFile(path, relative, member) for member in members]
    return found


def _zip_members(path: Path, relative: str) -> list[str] | None:
    """Names inside a download zip, or None where the file is not one (decided by its first bytes)."""
    try:
        with path.open("rb") as stream:
            if stream.read(4) != ZIP_MAGIC:
                return None
        with zipfile.ZipFile(path) as archive:
            names = [info.filename for info in archive.infolist() if not info.is_dir()]
    except OSError as error:
        raise InputError(f"{relative}: cannot be read ({error.strerror}); check the file's permissions.") from None
    except zipfile.BadZipFile:
        raise InputError(
            f"{relative}: the zip is damaged or cut short; download it again from its publication page."
        ) from None
    if WORKBOOK_MEMBERS & set(names):
        return None
    return [name for name in names if not Path(name).name.startswith(".") and not name.startswith("__MACOSX/")]
