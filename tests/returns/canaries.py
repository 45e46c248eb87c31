"""Canaries: planted identifiers of children who do not exist, and a search for them in whatever was written.

The values have the shape of real ones and stand nowhere else in the project, so that one found outside a
delivered file got there from it. Shared by the tests of every part that handles returns.
"""

from __future__ import annotations

import gzip
import io
import sqlite3
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

# Numbers have the shape of real ones and their check letters and digits; no register holds them.
UPNS = ("K801299910347", "W801488820961")
MALFORMED_UPN = "A801299910347"  # the check letter is wrong
ULNS = ("7361904822", "4829173652")
LOCAL_IDS = ("LCH7739185", "LCH7739186")
SURNAMES = ("Quillfeather", "Zephyrine-Ó Máirtín")
FORENAMES = ("Thessalonia", "Bartimæus")
POSTCODES = ("ZE9 7QX", "ZE9 8QY")  # no postcode has these districts
BIRTH_DATES = ("2011-08-23", "2014-02-07")


def spellings_of_dates() -> Iterator[str]:
    """Each day of birth as systems write it."""
    months = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
    for iso in BIRTH_DATES:
        year, month, day = iso.split("-")
        name = months[int(month) - 1]
        yield from (
            iso,
            f"{year}{month}{day}",
            f"{day}/{month}/{year}",
            f"{day}-{month}-{year}",
            f"{day}.{month}.{year}",
        )
        yield from (
            f"{year}-{name}-{day}",
            f"{day} {name} {year}",
            f"{day}-{name}-{year}",
            f"{year}, {int(month)}, {int(day)}",
        )


def spellings_of_postcodes() -> Iterator[str]:
    for postcode in POSTCODES:
        for spelt in (postcode, postcode.replace(" ", ""), postcode.replace(" ", "  "), postcode.replace(" ", "-")):
            yield from (spelt, spelt.lower())


def planted() -> list[str]:
    """Every text that must not be found, in every spelling."""
    names = [form for name in (*SURNAMES, *FORENAMES) for form in (name, name.upper(), name.lower())]
    numbers = [form for number in (*UPNS, MALFORMED_UPN, *ULNS, *LOCAL_IDS) for form in (number, number.lower())]
    return list(dict.fromkeys([*names, *numbers, *spellings_of_postcodes(), *spellings_of_dates()]))


def assert_none_in(*found: Path | str | bytes) -> None:
    """Fail where a planted value stands in a text, or in any file at or below a path.

    Files are searched as bytes and, where they are packed, unpacked: gzip, zip (and so spreadsheets), PDF
    streams, Parquet by column, SQLite by cell. A failure names the place and the kind of value, not the value.
    """
    places = [place for entry in found for place in _places(entry)]
    assert places, "nothing to search: a canary test of nothing would always pass"
    forms = {form: text for text in planted() for form in _forms(text)}
    everything = b"\n\0\n".join(content for _, content in places)  # one search of all of it, place by place if it finds
    found_forms = [form for form in forms if form in everything]
    leaks = [f"{name}: {_kind(forms[form])}" for name, content in places for form in found_forms if form in content]
    assert not leaks, "\n".join(dict.fromkeys(leaks))


def _places(entry: Path | str | bytes) -> Iterator[tuple[str, bytes]]:
    if isinstance(entry, str | bytes):
        yield "text", entry if isinstance(entry, bytes) else entry.encode()
        return
    files = sorted(path for path in entry.rglob("*") if path.is_file()) if entry.is_dir() else [entry]
    for path in files:
        yield f"name of {path}", str(path).encode()
        yield from unpacked(str(path), path.read_bytes())


def unpacked(name: str, content: bytes) -> Iterator[tuple[str, bytes]]:
    """The bytes themselves, and all that they hold in packed form, each with its place."""
    yield name, content
    if content.startswith(b"\x1f\x8b"):
        yield from unpacked(f"{name} (gzip)", gzip.decompress(content))
    elif content.startswith(b"PK\x03\x04"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for member in archive.namelist():
                yield from unpacked(f"{name}/{member}", archive.read(member))
    elif content.startswith(b"PAR1"):
        yield from ((f"{name}, column {column}", text) for column, text in _parquet(content))
    elif content.startswith(b"SQLite format 3\0"):
        yield f"{name} (cells)", _sqlite(content)
    elif content.startswith(b"%PDF"):
        yield f"{name} (streams)", b"\n".join(_pdf_streams(content))


def _parquet(content: bytes) -> Iterator[tuple[str, bytes]]:
    """Every column's distinct values as text: pages and dictionaries are compressed on disk."""
    table = pq.read_table(io.BytesIO(content))
    yield "metadata", str(table.schema.to_string(show_schema_metadata=True)).encode()
    for column in table.column_names:
        values = pc.unique(table[column])
        simple = not (pa.types.is_nested(values.type) or pa.types.is_dictionary(values.type))
        texts = pc.cast(values, pa.string()).to_pylist() if simple else map(repr, values.to_pylist())
        yield column, "\n".join(str(text) for text in texts).encode()


def _sqlite(content: bytes) -> bytes:
    connection = sqlite3.connect(":memory:")
    try:
        # A database with a write-ahead log (bytes 18 and 19) cannot be opened in memory; the log is searched by itself.
        connection.deserialize(content[:18] + b"\1\1" + content[20:])
        return "\n".join(connection.iterdump()).encode()
    finally:
        connection.close()


def _pdf_streams(content: bytes) -> Iterable[bytes]:
    for part in content.split(b"stream")[1::2]:
        try:
            yield zlib.decompressobj().decompress(part.strip(b"\r\n"))
        except zlib.error:
            continue


def _forms(text: str) -> tuple[bytes, ...]:
    """A text as the bytes of each encoding and of an escaped string."""
    return (text.encode(), text.encode("cp1252", "ignore"), text.encode("utf-16-le"), ascii(text)[1:-1].encode())


def _kind(text: str) -> str:
    kinds = {
        "a UPN": (*UPNS, MALFORMED_UPN),
        "a ULN": ULNS,
        "a local number": LOCAL_IDS,
        "a name": (*SURNAMES, *FORENAMES),
    }
    for kind, values in kinds.items():
        if text.lower() in {value.lower() for value in values}:
            return kind
    return "a postcode" if text in set(spellings_of_postcodes()) else "a date of birth"
