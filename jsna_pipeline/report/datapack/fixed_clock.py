"""A workbook's bytes without the time at which it was written, so that identical input gives identical bytes.

Here: for workbooks that openpyxl writes; it puts the time of saving over whatever their properties said. Not here:
the workbook of a report, whose writer asks for the time (`workbook.py`).
"""

from __future__ import annotations

import io
import re
import zipfile
from datetime import datetime

SAVED_NOW = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*")
ZIP_EPOCH = (1980, 1, 1, 0, 0, 0)


def without_clock(content: bytes, moment: datetime) -> bytes:
    """`content` with fixed dates in and on its parts."""
    saved = rb"\g<1>" + f"{moment:%Y-%m-%dT%H:%M:%SZ}".encode()
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for info in source.infolist():
            fixed = zipfile.ZipInfo(info.filename, ZIP_EPOCH)
            fixed.compress_type = zipfile.ZIP_DEFLATED
            fixed.external_attr = info.external_attr
            part = source.read(info.filename)
            target.writestr(fixed, SAVED_NOW.sub(saved, part) if info.filename == "docProps/core.xml" else part)
    return out.getvalue()
