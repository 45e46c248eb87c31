"""CSV files as people and systems write them: each is read rightly or refused in one sentence without its cells."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from unittest.mock import patch

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jsna_pipeline.catalogue.returns import ReturnTable
from jsna_pipeline.errors import InputError
from jsna_pipeline.returns.delivered import DeliveredFile
from jsna_pipeline.returns.formats import csv_text
from jsna_pipeline.returns.formats.csv_text import LONGEST_RECORD, PIECE, open_csv

TABLE = ReturnTable.model_validate(
    {
        "title": "Three columns",
        "one_row_per": "row",
        "columns": {
            "a": {"kind": "label", "title": "First", "required": True},
            "b": {"kind": "label", "title": "Second"},
            "c": {"kind": "label", "title": "Third", "names": ["Sea"]},
        },
    }
)


def scanned(folder: Path, content: bytes) -> tuple[list[tuple[object, ...]], list[str]]:
    """Cells and line of each row, and the notes. The file's name is a pattern to whoever takes it for one."""
    path = folder / "rows [2025]*.csv"
    path.write_bytes(content)
    frame, notes = open_csv(DeliveredFile(path, "rows.csv")).scan(TABLE, 2025)
    assert frame.collect_schema() == {**dict.fromkeys("abc", pl.String), "file": pl.String, "row": pl.UInt32}
    return frame.drop("file").collect(engine="streaming").rows(), notes


@pytest.mark.parametrize(
    ("content", "rows"),
    [
        pytest.param(b"a,b,c\n1,2,3\n", [("1", "2", "3", 2)], id="plain"),
        pytest.param(b"a,b,c\r\n1,2,3\r\n\r\n4,5,6", [("1", "2", "3", 2), ("4", "5", "6", 4)], id="blank line"),
        pytest.param(b"a,b,c\n1,2,3\n,,\n,,\n", [("1", "2", "3", 2)], id="rows that a spreadsheet left over"),
        pytest.param(
            b'a,b,c\n1,"x\ny\nz",3\n4,5,6\n', [("1", "x\ny\nz", "3", 2), ("4", "5", "6", 5)], id="line breaks"
        ),
        pytest.param(b'a,"b",c\n"1, or 2","say ""no""",\n', [("1, or 2", 'say "no"', None, 2)], id="quoted"),
        pytest.param(b'\xef\xbb\xbf"a","b","c"\n"1","2","3"\n', [("1", "2", "3", 2)], id="byte order mark"),
        pytest.param("a\tb\tc\n1\té\t3\n".encode("utf-16"), [("1", "é", "3", 2)], id="Excel's Unicode text"),
        pytest.param(b"a,b,c\n1,\xe9,3\n", [("1", "é", "3", 2)], id="Windows-1252"),
        pytest.param(b"a;b;c\n1;2,5;3\n", [("1", "2,5", "3", 2)], id="semicolons"),
        pytest.param(b"Sea, A ,x\n3,1,9\n", [("1", None, "3", 2)], id="other order, case and names"),
        pytest.param(b"a,b,c,,\n1,2,3,,\n", [("1", "2", "3", 2)], id="headings without a name"),
        pytest.param(b"a,b,c\n=1+1,@SUM(A1),+3\n", [("=1+1", "@SUM(A1)", "+3", 2)], id="formulas are text"),
        pytest.param(b"a,b,c\n 1 ,  ,\n", [("1", None, None, 2)], id="spaces"),
        pytest.param(b"a,b,c\n1\n4,5,6\n", [("1", None, None, 2), ("4", "5", "6", 3)], id="first row short"),
        pytest.param(b'a,"b\nb",c\n1,2,3\n', [("1", None, "3", 3)], id="line break in the header"),
        pytest.param(b"a,b,c", [], id="header alone"),
    ],
)
def test_rows_and_the_lines_on_which_they_stand(tmp_path: Path, content: bytes, rows: list[object]) -> None:
    assert scanned(tmp_path, content)[0] == rows


@pytest.mark.parametrize(
    ("content", "message"),
    [
        pytest.param(b"a,b,c\n1,2,3\nCAN,AR,Y,\n", "rows.csv, line 3: more cells than the header", id="too many cells"),
        pytest.param(b'a,b,c\n1,"\n",3\nCAN,AR,Y,\n', "rows.csv, line 4: more cells", id="lines count, not records"),
        pytest.param(b'a,b,c\n1,2,3\n1,"CANARY,3\n', "rows.csv, line 3: a quotation mark", id="never closed"),
        pytest.param(b'a,b,c\n1,CAN"AR"Y,3\n', "rows.csv, line 2: a quotation mark", id="mark inside a cell"),
        pytest.param(b'a,b,c\n1, "CAN,ARY",3\n', "rows.csv, line 2: a quotation mark", id="space before the mark"),
        pytest.param(b"a,b,c\rCANARY,2,3\r", "rows.csv: its lines end", id="carriage returns"),
        pytest.param(b"b,c\nCANARY,2\n", "rows.csv: no column 'a' (First)", id="required column missing"),
        pytest.param(b"CANARY,2,3\n4,5,6\n", "rows.csv: no column 'a' (First)", id="no header"),
        pytest.param(b"a,b,A\nCANARY,2,3\n", "rows.csv: the heading", id="heading twice"),
        pytest.param(b"\na,b,c\nCANARY,2,3\n", "rows.csv: line 1 is blank", id="blank first line"),
        pytest.param(b'a,b"x,c\nCANARY,2,3\n', "rows.csv", id="mark in the header"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_line_and_without_its_cells(
    tmp_path: Path, content: bytes, message: str
) -> None:
    with pytest.raises(InputError) as refused:
        scanned(tmp_path, content)
    assert message in str(refused.value)
    assert "CAN" not in str(refused.value)


def test_cells_missing_at_the_end_are_blank_and_counted(tmp_path: Path) -> None:
    rows, notes = scanned(tmp_path, b"a,b,c\n1,2,3\n4\n5,6\n\n")
    assert rows == [("1", "2", "3", 2), ("4", None, None, 3), ("5", "6", None, 4)]
    assert notes == [
        "rows.csv: lines that end before the last column: 2, the first of them line 3; the cells missing there are "
        "read as blank."
    ]


CELLS = st.text(st.sampled_from('ab ,;"\n\té'), max_size=4)


@given(
    records=st.lists(st.tuples(CELLS, CELLS, CELLS), max_size=12),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
    ending=st.sampled_from(["\n", "\r\n"]),
    piece=st.sampled_from([16, 80, PIECE]),
)
def test_what_a_csv_writer_writes_is_read_back(
    tmp_path_factory: pytest.TempPathFactory,
    records: list[tuple[str, str, str]],
    quoting: int,
    ending: str,
    piece: int,
) -> None:
    """Every cell in its place, and every row on the line where a text editor shows it, however the file is cut."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, quoting=quoting, lineterminator=ending)  # type: ignore[arg-type]
    writer.writerow("abc")
    expected = []
    for record in records:
        line = text.getvalue().count("\n") + 1
        before = len(text.getvalue())
        writer.writerow(record)
        if text.getvalue()[before:].strip("\r\n,"):
            expected.append((*(cell.strip() or None for cell in record), line))
    with patch.object(csv_text, "PIECE", piece):
        rows, notes = scanned(tmp_path_factory.mktemp("written"), text.getvalue().encode())
    assert rows == expected
    assert notes == []


@given(st.lists(st.text(st.sampled_from('ab,"\r'), max_size=9).filter(lambda line: "\r" not in line[:-1]), max_size=30))
def test_a_file_is_read_or_refused_alike_in_many_pieces_and_in_one(
    tmp_path_factory: pytest.TempPathFactory, lines: list[str]
) -> None:
    """The quick look at a piece must see whatever the thorough one would."""
    folder = tmp_path_factory.mktemp("cut")
    content = "\n".join(("a,b,c", *lines)).encode()

    def outcome(piece: int) -> object:
        with patch.object(csv_text, "PIECE", piece):
            try:
                return scanned(folder, content)
            except InputError:
                return "refused"

    assert outcome(8) == outcome(PIECE)


ROWS = PIECE // 5


def test_a_file_of_many_pieces_counts_its_lines_on(tmp_path: Path) -> None:
    """Regular pieces are passed over quickly; quoted line breaks, blank and short lines stand far apart."""
    plain = b"1,2,3\n" * ROWS
    content = b"a,b,c\n" + plain + b'4,"x\ny",6\n' + plain + b"\n" + plain + b"7\n" + plain
    rows, notes = scanned(tmp_path, content)
    lines = len(content.splitlines())
    assert len(rows) == lines - 3
    assert rows[-1] == ("1", "2", "3", lines)
    third = 2 + ROWS
    assert [(row[0], row[3]) for row in rows if row[0] != "1"] == [("4", third), ("7", third + 3 + 2 * ROWS)]
    assert f"the first of them line {third + 3 + 2 * ROWS:,};" in notes[0]
    with pytest.raises(InputError, match=rf"line {lines + 1:,}: more cells"):
        scanned(tmp_path, content + b"1,2,3,4\n")


def test_a_mark_that_is_never_closed_is_found_long_before_the_end_of_a_large_file(tmp_path: Path) -> None:
    content = b"a,b,c\n" + b"1,2,3\n" * ROWS + b'1,"CANARY,3\n' + b"4,5,6\n" * (LONGEST_RECORD // 4)
    with pytest.raises(InputError, match=rf"^rows\.csv, line {ROWS + 2:,}: a quotation mark is opened there"):
        scanned(tmp_path, content)
