"""A delivered file: what an authority or partner put into a return's folder, opened as if it were hostile.

Here: which files lie there, how they are unpacked, their size, their encoding, and a name that is safe to
print. Not here: what a file says (`formats/`), or published files, which come from a known publisher
(`sources/`).

A member of a zip is never written under its own name, and nothing here follows a path out of the folder.
"""

from __future__ import annotations

import codecs
import errno
import gzip
import io
import os
import re
import stat
import struct
import tempfile
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import IO

from jsna_pipeline.errors import InputError
from jsna_pipeline.sources.folder import WORKBOOK_MEMBERS
from jsna_pipeline.sources.published_file import GZIP_MAGIC, ZIP_MAGIC

GIB = 2**30
MIB = 2**20
# A pupil's row of 44 columns takes about 300 bytes, so that England's 9 million are 2.5 GiB. A plain file is
# scanned where it lies and never held.
MAX_PLAIN = 8 * GIB
# What is unpacked or transcoded fills a disk: enough for the census of any one authority many times over.
MAX_UNPACKED = 2 * GIB
# What a reader holds as one piece: a spreadsheet, which cannot be scanned.
MAX_IN_MEMORY = 256 * MIB
# Real returns shrink 2 to 15 times, synthetic ones up to 90; a bomb shrinks 1,000 times. Small files may do either.
MAX_RATIO = 200
RATIO_FROM = 16 * MIB
# Even the largest authority has fewer schools, each with a file; an entry takes 46 bytes and its name.
MAX_MEMBERS = 2_000
MAX_DIRECTORY = 2 * MIB
# Without a line's end in 1 MiB, when a row takes 300 bytes, a file is not a table.
CHUNK = MIB

# What the libraries raise for a damaged archive: a password or an odd compression is a RuntimeError, a broken
# entry a LookupError, ValueError or struct.error, depending on the byte.
DAMAGED = (
    zipfile.BadZipFile,
    gzip.BadGzipFile,
    zlib.error,
    EOFError,
    LookupError,
    OverflowError,
    RuntimeError,
    ValueError,
    struct.error,
)
WORKBOOK_ENDINGS = (".xlsx", ".xlsm", ".xlsb", ".ods")
BOMS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
# A character of two to four bytes in UTF-8, and the bytes that stand for nothing in Windows-1252.
MULTIBYTE = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
NOT_WINDOWS = re.compile(rb"[\x81\x8d\x8f\x90\x9d]")


@dataclass(frozen=True)
class DeliveredFile:
    """A file of a return's folder, or the `member` of a zip there. `name` is for messages, never for a path."""

    path: Path
    name: str
    member: str = ""

    def chunks(self, limit: int | None = None) -> Iterator[bytes]:
        """The unpacked bytes, at most 1 MiB at a time. Raises InputError beyond `limit` bytes or if damaged."""
        total = 0
        with _faults_named(self.name):
            limit = limit or (MAX_UNPACKED if self.packed else MAX_PLAIN)
            with self._unpacking() as stream:
                while chunk := stream.read(CHUNK):
                    total += len(chunk)
                    if total > limit:
                        raise InputError(f"{self.name}: larger than {_size(limit)}; split it into smaller files.")
                    if self.packed and total > max(RATIO_FROM, MAX_RATIO * self._packed_size):
                        raise InputError(_bomb(self.name))
                    yield chunk

    def content(self, limit: int = MAX_IN_MEMORY) -> bytes:
        """All unpacked bytes, for a file small enough to hold."""
        return b"".join(self.chunks(limit))

    def workbook(self) -> bytes:
        """The bytes of a spreadsheet, after measuring that its sheets unpack to no more than 256 MiB."""
        content = self.content()
        with _faults_named(self.name), zipfile.ZipFile(_checked_directory(io.BytesIO(content), self.name)) as archive:
            members = archive.infolist()
        if not WORKBOOK_MEMBERS & {info.filename for info in members}:
            raise InputError(f"{self.name}: not a spreadsheet, whatever its name says; save it again as .xlsx.")
        _check_members(members, self.name, MAX_IN_MEMORY)
        return content

    def csv_source(self) -> Path:
        """A file of UTF-8 text for a lazy scan: the file itself, or where it is packed or in another encoding, a
        private copy (mode 0600, in a folder of mode 0700) that lives until `discard` or the end of the process.

        Raises InputError where the bytes are no text; see `encoding`.
        """
        return self.path if not self.packed and self.encoding.startswith("utf-8") else self._copy

    def discard(self) -> None:
        """Remove the private copy; call it once the frames that scan `csv_source` are collected."""
        copy = self.__dict__.pop("_copy", None)
        if copy is not None:
            copy.unlink(missing_ok=True)

    @cached_property
    def encoding(self) -> str:
        """`utf-8`, `utf-8-sig`, `utf-16` or `cp1252`, decided by all of the bytes and never guessed.

        Without a byte order mark text is UTF-8. Where it is not, and holds no character of UTF-8 beyond ASCII
        at all, it is Windows-1252. Anything else raises InputError with the offset of the first bad byte.
        """
        head = next(self.chunks(), b"")
        if not head:
            raise InputError(_empty(self.name))
        encoding = next((name for mark, name in BOMS.items() if head.startswith(mark)), "utf-8")
        broken = _first_broken_byte(self, encoding)
        if broken is None:
            return encoding
        if encoding == "utf-8" and all(_windows(chunk) for chunk in self.chunks()):
            return "cp1252"
        raise InputError(f"{self.name}: byte {broken:,} is no text in UTF-8; export the file again as UTF-8.")

    @property
    def packed(self) -> bool:
        return bool(self.member) or self._gzipped

    @cached_property
    def _gzipped(self) -> bool:
        with self.path.open("rb") as stream:
            return not self.member and stream.read(2) == GZIP_MAGIC

    @cached_property
    def _packed_size(self) -> int:
        if not self.member:
            return self.path.stat().st_size
        with zipfile.ZipFile(self.path) as archive:
            return archive.getinfo(self.member).compress_size

    def _unpacking(self) -> IO[bytes] | gzip.GzipFile:
        if self.member:
            archive = zipfile.ZipFile(self.path)
            stream = archive.open(self.member)
            archive.close()  # the member keeps the file open until it is closed itself
            return stream
        return gzip.open(self.path) if self._gzipped else self.path.open("rb")

    @cached_property
    def _copy(self) -> Path:
        encoding = self.encoding
        handle, name = tempfile.mkstemp(suffix=".csv", dir=_private_folder().name)
        with os.fdopen(handle, "wb") as out:
            decode = codecs.getincrementaldecoder(encoding)().decode
            for chunk in self.chunks():
                out.write(decode(chunk).encode("utf-8"))
        return Path(name)


def delivered_files(place: Path) -> list[DeliveredFile]:
    """The files of one return's folder and the members of its zips, by name; hidden files are left aside.

    `place` may also be a single file. Raises InputError, naming the file, for what cannot be taken safely: a
    link out of the folder, an empty file, a folder or device in a file's place, a damaged, locked, nested,
    climbing or exploding archive.
    """
    if place.is_file():
        return _taken(place)
    if not place.is_dir():
        raise InputError(f"{place}: no such folder; make it and put the files of the return into it.")
    found: list[DeliveredFile] = []
    for path in sorted(place.iterdir()):
        if _hidden(path.name):
            continue
        if _leads_out(path, place):
            raise InputError(f"{safe_name(path.name)}: a link out of {place}; put the file itself there.")
        if not path.is_file():
            raise InputError(f"{safe_name(path.name)}: not a file; put the files of the return straight into {place}.")
        found += _taken(path)
    return found


def _taken(path: Path) -> list[DeliveredFile]:
    name = safe_name(path.name)
    files = _in_archive(path, name) if _starts(path, name) == ZIP_MAGIC else [DeliveredFile(path, name)]
    return [file for file in files if not _hidden(file.member)]


def safe_name(text: str) -> str:
    """A name from outside as it may stand in a message: no control characters, at most 120 characters.

    Marks that turn the direction of writing are control characters of their own (category Cf).
    """
    plain = "".join("?" if unicodedata.category(letter).startswith("C") else letter for letter in text)
    return plain if len(plain) <= 120 else plain[:119] + "…"


@contextmanager
def _faults_named(name: str) -> Iterator[None]:
    """A damaged archive, or a file that may not be opened, as an InputError that names the file."""
    try:
        yield
    except DAMAGED:
        raise InputError(f"{name}: the file is damaged or cut short; ask for it again.") from None
    except OSError as error:
        if error.errno == errno.EINVAL:  # an archive that places a member before the file's beginning
            raise InputError(f"{name}: the file is damaged or cut short; ask for it again.") from None
        if isinstance(error, FileNotFoundError | IsADirectoryError | PermissionError):
            raise InputError(f"{name}: cannot be read ({error.strerror}); check its permissions.") from None
        raise  # the disk's or the network's fault, and worth a second try


def _leads_out(path: Path, folder: Path) -> bool:
    try:
        return not path.resolve().is_relative_to(folder.resolve())
    except (OSError, RuntimeError):  # a link that leads to itself
        return True


def _starts(path: Path, name: str) -> bytes:
    """The first four bytes of a file on disk, after checking its size."""
    with _faults_named(name), path.open("rb") as stream:
        size = path.stat().st_size
        start = stream.read(4)
    if size == 0:
        raise InputError(_empty(name))
    limit = MAX_UNPACKED if start == ZIP_MAGIC or start.startswith(GZIP_MAGIC) else MAX_PLAIN
    if size > limit:
        raise InputError(f"{name}: larger than {_size(limit)}; split it into smaller files.")
    return start


def _in_archive(path: Path, name: str) -> list[DeliveredFile]:
    """The members of a zip, or the file itself where the zip is a spreadsheet."""
    with _faults_named(name), path.open("rb") as stream, zipfile.ZipFile(_checked_directory(stream, name)) as archive:
        # A name of no letters is no file, but zipfile asks for its last letter.
        members = [info for info in archive.infolist() if info.filename and not info.is_dir()]
        if WORKBOOK_MEMBERS & {info.filename for info in members}:
            return [DeliveredFile(path, name)]
        _check_members(members, name, MAX_UNPACKED)
        if len({info.filename for info in members}) < len(members):
            raise InputError(f"{name}: two members have the same name; pack the files again.")
        for info in members:
            _check_member(archive, info, name)
    return [DeliveredFile(path, f"{safe_name(info.filename)} in {name}", info.filename) for info in members]


def _checked_directory(stream: IO[bytes], name: str) -> IO[bytes]:
    """`stream`, if the zip's list of members is short: `zipfile` reads that list whole, however long it is."""
    end = stream.seek(0, io.SEEK_END)
    stream.seek(max(0, end - 22 - 2**16))
    tail = stream.read()
    record = tail.rfind(b"PK\x05\x06")
    # A zip64 locator would replace the sizes read here; an archive under 2 GiB has no need of one.
    if record < 0 or len(tail) < record + 22 or tail[max(0, record - 20) : record].startswith(b"PK\x06\x07"):
        raise InputError(f"{name}: the zip is damaged or of an odd kind; pack the files again as an ordinary zip.")
    count, size = struct.unpack_from("<HL", tail, record + 10)
    if count > MAX_MEMBERS or size > MAX_DIRECTORY:
        raise InputError(f"{name}: more than {MAX_MEMBERS:,} files in one zip; deliver them in several.")
    stream.seek(0)
    return stream


def _check_members(members: list[zipfile.ZipInfo], name: str, limit: int) -> None:
    """Refuse a zip that unpacks to too much; `zipfile` reads no member beyond its declared size."""
    if sum(info.file_size for info in members) > limit:
        raise InputError(f"{name}: unpacks to more than {_size(limit)}; deliver it in several archives.")
    if any(info.file_size > max(RATIO_FROM, MAX_RATIO * info.compress_size) for info in members):
        raise InputError(_bomb(name))


def _check_member(archive: zipfile.ZipFile, info: zipfile.ZipInfo, name: str) -> None:
    member = safe_name(info.filename)
    parts = re.split(r"[/\\]", info.orig_filename)
    if ".." in parts or parts[0] == "" or re.match(r"[A-Za-z]:", info.orig_filename):
        raise InputError(f"{name}: the member {member!r} points outside the archive; pack the files again.")
    if stat.S_ISLNK(info.external_attr >> 16):
        raise InputError(f"{name}: the member {member!r} is a link; pack the file itself.")
    if info.flag_bits & 0x1:
        raise InputError(f"{name}: the archive is locked with a password; unpack it and put the files there.")
    if info.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
        raise InputError(f"{name}: packed in an unusual way; pack the files again as an ordinary zip.")
    if _hidden(info.filename):
        return
    with archive.open(info) as stream:
        start = stream.read(4)
    if not start:
        raise InputError(_empty(f"{member} in {name}"))
    workbook = start == ZIP_MAGIC and info.filename.lower().endswith(WORKBOOK_ENDINGS)
    if (start == ZIP_MAGIC or start.startswith(GZIP_MAGIC)) and not workbook:
        raise InputError(f"{member} in {name}: an archive inside an archive; unpack it and put its files there.")


def _first_broken_byte(file: DeliveredFile, encoding: str = "utf-8") -> int | None:
    """Offset of the first byte that is not text in `encoding`, None where all are."""
    decoder = codecs.getincrementaldecoder(encoding)()
    before = 0
    for chunk in file.chunks():
        _check_lines(file, chunk, before, encoding)
        pending = len(decoder.getstate()[0])
        try:
            if pending or encoding != "utf-8" or not chunk.isascii():  # ASCII needs no decoding: most files are fast
                decoder.decode(chunk)
        except UnicodeDecodeError as error:
            return before - pending + error.start  # the decoder had put the bytes it kept before this chunk
        before += len(chunk)
    kept = len(decoder.getstate()[0])
    return before - kept if kept else None


def _windows(chunk: bytes) -> bool:
    """Whether a piece of a file that is not UTF-8 can be Windows-1252, and holds nothing that is UTF-8."""
    return chunk.isascii() or not (MULTIBYTE.search(chunk) or NOT_WINDOWS.search(chunk) or b"\0" in chunk)


def _check_lines(file: DeliveredFile, chunk: bytes, before: int, encoding: str) -> None:
    """Refuse what no table is: bytes of value 0, and a piece of 1 MiB without the end of a line."""
    # In UTF-16 every second byte of English text is 0; there the character itself is looked for.
    nul = chunk.find(b"\0") if encoding != "utf-16" else chunk.find(b"\0\0\0")
    if nul >= 0:
        raise InputError(f"{file.name}: byte {before + nul:,} is no text (NUL); export the file again as a text file.")
    if len(chunk) == CHUNK and b"\n" not in chunk and b"\r" not in chunk:
        raise InputError(f"{file.name}: no line ends near byte {before:,}; export the file again with one row a line.")


def _hidden(name: str) -> bool:
    own = name.rsplit("/", 1)[-1]
    return own.startswith((".", "~$", "__")) or name.startswith("__MACOSX/")


def _empty(name: str) -> str:
    return f"{name}: the file is empty; ask for it again or take it away."


def _bomb(name: str) -> str:
    return f"{name}: unpacks to more than {MAX_RATIO} times its size; unpack it and put its files there instead."


def _size(limit: int) -> str:
    return f"{limit // GIB} GiB" if limit >= GIB else f"{limit // MIB} MiB"


@cache
def _private_folder() -> tempfile.TemporaryDirectory[str]:
    return tempfile.TemporaryDirectory(prefix="jsna-returns-")
