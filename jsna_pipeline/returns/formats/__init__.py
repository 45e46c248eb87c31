"""The formats in which returns are delivered, one module each, and which of them a file has.

Here: the names of the formats that a return's `formats` may list, and finding the reader. Not here:
reading anything; each module's `read` takes all files of one return and gives its tables of text.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from typing import Protocol, cast

from jsna_pipeline.catalogue.returns import Return
from jsna_pipeline.errors import InputError
from jsna_pipeline.returns.delivered import DeliveredFile
from jsna_pipeline.returns.raw import RawReturn
from jsna_pipeline.sources.published_file import ZIP_MAGIC

# A format's name, which is its module's, and the kind of file that it is made of.
KINDS = {
    "sen2_xml": "XML",
    "school_census_xml": "XML",
    "cin_xml": "XML",
    "collect_csv": "CSV",
    "looked_after_csv": "CSV",
    "template_csv": "CSV",
    "annex_a_workbook": "workbook",
}
OLD_WORKBOOK = b"\xd0\xcf\x11\xe0"  # .xls, which its reader refuses with a remedy
# What may stand before the first `<` of an XML file: marks of the encoding, zeros of UTF-16, white space.
BEFORE_XML = b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n"


class Reader(Protocol):
    """A format's `read`: all files of one return to its raw tables. Raises InputError; never a cell's value."""

    def __call__(self, files: Sequence[DeliveredFile], record: Return, year: int) -> RawReturn: ...


def reader(name: str) -> Reader:
    """The `read` of the format called `name` in the catalogue."""
    if name not in KINDS:
        raise ValueError(f"no format {name!r}; there are: {', '.join(KINDS)}")
    return cast(Reader, import_module(f"{__name__}.{name}").read)


def recognise(file: DeliveredFile, record: Return) -> str:
    """Which of the return's formats `file` has, by its first bytes and not by its name.

    Raises InputError where the return is not delivered in this kind of file.
    """
    kind = kind_of(file)
    for name in record.formats:
        if KINDS[name] == kind:
            return name
    wanted = " or ".join(dict.fromkeys(KINDS[name] for name in record.formats))
    raise InputError(f"{file.name}: {kind}, but {record.title!r} is read from {wanted}; export or save it as {wanted}.")


def kind_of(file: DeliveredFile) -> str:
    """Workbook, XML or, where it is neither, CSV, by the file's first bytes and not by its name."""
    start = next(file.chunks(), b"")
    if start.startswith((ZIP_MAGIC, OLD_WORKBOOK)):
        return "workbook"
    return "XML" if start.lstrip(BEFORE_XML).startswith(b"<") else "CSV"
