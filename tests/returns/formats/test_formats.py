"""A file's format is told by its first bytes; every format of the catalogue has its reader."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from jsna_pipeline.catalogue.returns import returns
from jsna_pipeline.errors import InputError
from jsna_pipeline.returns.delivered import DeliveredFile
from jsna_pipeline.returns.formats import reader, recognise

FORMATS = sorted({name for record in returns().values() for name in record.formats})


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_of_the_catalogue_has_a_reader(name: str) -> None:
    assert reader(name).__module__ == f"jsna_pipeline.returns.formats.{name}"  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("content", "record", "name"),
    [
        (b"persontableid,upn\n", "sen2", "collect_csv"),
        (b"\xef\xbb\xbf  <?xml version='1.0'?><Message/>", "sen2", "sen2_xml"),
        ("<Message/>".encode("utf-16"), "school_census", "school_census_xml"),
        (gzip.compress(b"<Message/>", mtime=0), "sen2", "sen2_xml"),
        (b"PK\x03\x04", "annex_a", "annex_a_workbook"),
        (b"CHILD,DOB\n", "looked_after", "looked_after_csv"),
    ],
)
def test_a_file_is_what_its_first_bytes_are(tmp_path: Path, content: bytes, record: str, name: str) -> None:
    path = tmp_path / "misleading.pdf"
    path.write_bytes(content)
    assert recognise(DeliveredFile(path, path.name), returns()[record]) == name


def test_a_kind_in_which_the_return_is_not_delivered_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "therapies.csv"
    path.write_bytes(b"PK\x03\x04")
    with pytest.raises(
        InputError, match=r"^therapies\.csv: workbook, but .* is read from CSV; export or save it as CSV"
    ):
        recognise(DeliveredFile(path, path.name), returns()["therapies"])
