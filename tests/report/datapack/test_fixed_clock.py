"""A workbook saved twice, at two times, is one workbook."""

from __future__ import annotations

import io
import zipfile
from datetime import datetime, timezone
from types import SimpleNamespace

import pytest
from openpyxl import Workbook

from jsna_pipeline.report.datapack.fixed_clock import without_clock

MOMENT = datetime(2025, 12, 31)


def saved() -> bytes:
    book = Workbook()
    book.active["A1"] = "as at noon"
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def test_the_time_of_saving_is_nowhere_in_it(monkeypatch: pytest.MonkeyPatch) -> None:
    now = saved()

    class Later(datetime):
        @classmethod
        def now(cls, tz=None):
            return datetime(2031, 5, 4, 3, 2, 1, tzinfo=tz)

    monkeypatch.setattr("openpyxl.writer.excel.datetime", SimpleNamespace(datetime=Later, timezone=timezone))
    later = saved()
    assert now != later
    fixed = without_clock(later, MOMENT)
    with zipfile.ZipFile(io.BytesIO(fixed)) as book:
        assert {info.date_time for info in book.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert b"2025-12-31T00:00:00Z</dcterms:modified>" in book.read("docProps/core.xml")
