"""Text tables: encodings, line numbers of damaged files, and headings under several names."""

import gzip
from pathlib import Path

import pytest

from jsna_pipeline.errors import InputError
from jsna_pipeline.readers import text_tables
from jsna_pipeline.sources.published_file import PublishedFile


def file(folder: Path, content: bytes) -> PublishedFile:
    path = folder / "table.csv"
    path.write_bytes(content)
    return PublishedFile(path, "table.csv")


@pytest.mark.parametrize(
    "content",
    [
        "name,n\r\nHéritage,1\r\n".encode("utf-8-sig"),
        "name,n\nHéritage,1\n".encode("cp1252"),
        gzip.compress('"name","n"\n"Héritage","1"'.encode(), mtime=0),
    ],
)
def test_encodings_and_packing_make_no_difference(tmp_path: Path, content: bytes) -> None:
    text, rejected = text_tables.read_csv(file(tmp_path, content))
    assert text[["name", "n", "_line"]].to_numpy().tolist() == [["Héritage", "1", 2]]
    assert rejected.empty


def test_codes_and_markers_stay_text_and_lines_count_refused_rows(tmp_path: Path) -> None:
    text, rejected = text_tables.read_csv(file(tmp_path, b"code,n\n007,NA\none,two,three\n008,\nfour\n009,1\n"))
    assert text.to_numpy().tolist() == [["007", "NA", 2], ["008", "", 4], ["009", "1", 6]]
    assert rejected["line"].tolist() == [3, 5] and set(rejected["scope"]) == {"row"}


def test_cells_over_several_lines_and_repeated_headings(tmp_path: Path) -> None:
    text, _ = text_tables.read_csv(file(tmp_path, b'a,a,b\n1,2,"two\nlines"\n'), multiline=True)
    assert text[["a", "a.1", "b"]].to_numpy().tolist() == [["1", "2", "two\nlines"]]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"a,b\n", "a header and no rows"),
        (b"a,b", "a header and no rows"),
        ("a,b\n1,2\n".encode("utf-16"), "not CSV text"),
        (b"  \n", "the file is empty"),
    ],
)
def test_files_without_a_table_are_refused(tmp_path: Path, content: bytes, message: str) -> None:
    with pytest.raises(InputError, match=message):
        text_tables.read_csv(file(tmp_path, content))


def test_a_column_is_found_under_any_of_its_names(tmp_path: Path) -> None:
    published = file(tmp_path, b"a\n1\n")
    names = {"lower": ["Lower CI 95.0 limit"], "measure": ["MEASURE_ID", "METRIC"]}
    found = text_tables.locate(["LowerCI95.0limit", "METRIC"], names, published)
    assert found == {"lower": "LowerCI95.0limit", "measure": "METRIC"}
    with pytest.raises(InputError, match="column 'MEASURE_ID' missing from the header"):
        text_tables.locate(["Lower_CI_95.0_limit"], names, published)
