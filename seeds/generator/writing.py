"""Files whose bytes depend on their content alone.

Here: csv, gzip, zip, xlsx and parquet without clock, user or host in them. Not here: what the files
say. Byte identity holds for one version of zlib, openpyxl and pyarrow (the lock file fixes them);
with another, the contents are the same and the packing may differ.
"""

from __future__ import annotations

import gzip
import io
import re
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import openpyxl
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

ZIP_DATE = (2025, 6, 26, 9, 30, 0)
_XLSX_DATE = b"2025-06-26T09:30:00Z"
_UNIX, _REGULAR_FILE = 3, 0o100644 << 16


def csv_bytes(table: pd.DataFrame, *, bom: bool = False, crlf: bool = False, quote_all: bool = False) -> bytes:
    """The table as UTF-8 CSV with the byte order mark and line ends of the publication."""
    text = table.to_csv(index=False, lineterminator="\r\n" if crlf else "\n", quoting=1 if quote_all else 0)
    return text.encode("utf-8-sig" if bom else "utf-8")


def write(path: Path, content: bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def gzip_bytes(content: bytes) -> bytes:
    """Gzip without file name and time."""
    target = io.BytesIO()
    with gzip.GzipFile(filename="", mode="wb", compresslevel=9, fileobj=target, mtime=0) as packed:
        packed.write(content)
    return target.getvalue()


def zip_bytes(members: Mapping[str, bytes]) -> bytes:
    """A zip archive with fixed dates and attributes, members in the order given."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, content in members.items():
            entry = zipfile.ZipInfo(name, ZIP_DATE)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = _UNIX
            entry.external_attr = _REGULAR_FILE
            archive.writestr(entry, content)
    return target.getvalue()


def xlsx_bytes(sheets: Mapping[str, Sequence[Sequence[object]]]) -> bytes:
    """A workbook of plain rows. openpyxl stamps the time of saving; it is replaced by a fixed one."""
    book = openpyxl.Workbook(write_only=True)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(list(row))
    saved = io.BytesIO()
    book.save(saved)
    with zipfile.ZipFile(saved) as archive:
        members = {name: archive.read(name) for name in sorted(archive.namelist())}
    stamp = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*(<)")
    members["docProps/core.xml"] = stamp.sub(rb"\g<1>" + _XLSX_DATE + rb"\g<2>", members["docProps/core.xml"])
    return zip_bytes(members)


def parquet_bytes(table: pd.DataFrame, schema: pa.Schema) -> bytes:
    """A Parquet file without pandas' own metadata, which names the version that wrote it."""
    target = io.BytesIO()
    arrow = pa.Table.from_pandas(table, schema=schema, preserve_index=False).replace_schema_metadata(None)
    pq.write_table(arrow, target, compression="zstd", compression_level=9)
    return target.getvalue()
