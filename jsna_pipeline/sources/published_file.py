"""One file exactly as published: where it lies, what it weighs, and its bytes.

Here: the record that every landed asset keeps and every reader opens. Not here: finding the file
(`sources/folder.py`) or understanding it (`readers/`).
"""

from __future__ import annotations

import gzip
import hashlib
import io
import zipfile
import zlib
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from jsna_pipeline.errors import InputError

ZIP_MAGIC = b"PK\x03\x04"
GZIP_MAGIC = b"\x1f\x8b"


@dataclass(frozen=True)
class PublishedFile:
    """A file in the landing folder, or a member of a zip there.

    `path` is the file on disk, `member` the name inside it when it is a download zip, `relative`
    the path below the landing folder as provenance prints it.
    """

    path: Path
    relative: str
    member: str | None = None

    @property
    def name(self) -> str:
        """How messages and provenance call it: `caseload.csv in education-health-and-care-plans_2025.zip`."""
        if self.member is None:
            return self.relative
        return f"{self.member} in {self.relative}"

    @cached_property
    def content(self) -> bytes:
        """The published bytes, unpacked by what the first bytes say, whatever the file is called."""
        try:
            raw = self.path.read_bytes()
        except (FileNotFoundError, IsADirectoryError, PermissionError) as error:
            # Any other OSError is the disk's or the network's, and worth a second try: it passes through.
            raise InputError(
                f"{self.relative}: cannot be read ({error.strerror}); check that it is a file and its permissions."
            ) from None
        content = self._unpack(raw)
        if not content.strip():
            raise InputError(f"{self.name}: the file is empty; download it again from its publication page.")
        return content

    def _unpack(self, raw: bytes) -> bytes:
        try:
            if self.member is not None:
                with zipfile.ZipFile(io.BytesIO(raw)) as archive:
                    raw = archive.read(self.member)
            if raw.startswith(GZIP_MAGIC):
                return gzip.decompress(raw)
        # zipfile raises RuntimeError for a member under a password, NotImplementedError for an odd compression.
        except (zipfile.BadZipFile, zlib.error, EOFError, gzip.BadGzipFile, KeyError, RuntimeError):
            raise InputError(
                f"{self.name}: the archive is damaged or cut short; download it again from its publication page."
            ) from None
        return raw

    def open(self) -> io.BytesIO:
        return io.BytesIO(self.content)

    @cached_property
    def sha256(self) -> str:
        """Digest of the published bytes (of the member, when the file came in a zip)."""
        return hashlib.sha256(self.content).hexdigest()
