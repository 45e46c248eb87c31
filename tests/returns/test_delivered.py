"""What a sender may put into a folder, and what becomes of it: taken, refused with one sentence, or harmless."""

from __future__ import annotations

import gzip
import os
import stat
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jsna_pipeline.errors import InputError
from jsna_pipeline.returns import delivered
from jsna_pipeline.returns.delivered import CHUNK, DeliveredFile, delivered_files, safe_name

TABLE = "UPN,Surname\nA1,Zoë\n"
CANARY = "Q4NARY"


def zipped(path: Path, members: dict[str, str | bytes], **details: int) -> Path:
    """A zip with `members`; `details` are set on each entry (external_attr, flag_bits)."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            info = zipfile.ZipInfo(name)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = details.get("external_attr", 0)
            archive.writestr(info, content)
    return path


def locked(path: Path) -> None:
    """A zip whose entry says that it is encrypted: bit 0 of the flags, in both of its headers."""
    data = bytearray(zipped(path, {"person.csv": TABLE}).read_bytes())
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(data)


def crowded(path: Path) -> None:
    """A zip that claims more members than any return has."""
    data = bytearray(zipped(path, {"person.csv": TABLE}).read_bytes())
    struct.pack_into("<H", data, data.rindex(b"PK\x05\x06") + 10, 60_000)
    path.write_bytes(data)


def test_files_and_members_are_found_and_hidden_ones_left_aside(tmp_path: Path) -> None:
    (tmp_path / "b.csv").write_text(TABLE, "utf-8")
    (tmp_path / ".DS_Store").write_bytes(b"\0")
    (tmp_path / "~$a.xlsx").write_bytes(b"\0")
    zipped(tmp_path / "a.zip", {"blade/person.csv": TABLE, "__MACOSX/person.csv": "x", "blade/.hidden": "x"})
    files = delivered_files(tmp_path)
    assert [file.name for file in files] == ["blade/person.csv in a.zip", "b.csv"]
    assert [file.content().decode() for file in files] == [TABLE, TABLE]
    assert delivered_files(tmp_path / "b.csv") == [files[1]]


HOSTILE: dict[str, Callable[[Path], object]] = {
    "climbs": lambda path: zipped(path, {"../person.csv": TABLE}),
    "climbs by backslash": lambda path: zipped(path, {"a\\..\\..\\person.csv": TABLE}),
    "absolute": lambda path: zipped(path, {"/etc/person.csv": TABLE}),
    "drive": lambda path: zipped(path, {"C:person.csv": TABLE}),
    "link": lambda path: zipped(path, {"person.csv": "/etc/passwd"}, external_attr=(stat.S_IFLNK | 0o777) << 16),
    "locked": locked,
    "crowded": crowded,
    "nested": lambda path: zipped(path, {"a.zip": zipped(path.with_suffix(".in"), {"b.csv": TABLE}).read_bytes()}),
    "nested gz": lambda path: zipped(path, {"a.csv": gzip.compress(TABLE.encode())}),
    "bomb": lambda path: zipped(path, {"person.csv": bytes(20 * 2**20)}),
    "empty member": lambda path: zipped(path, {"person.csv": ""}),
    "cut short": lambda path: path.write_bytes(zipped(path, {"person.csv": TABLE}).read_bytes()[:-30]),
    "empty": lambda path: path.write_bytes(b""),
    "folder": lambda path: path.mkdir(),
    "pipe": os.mkfifo,
    "link out": lambda path: path.symlink_to("/etc/hostname"),
    "link to itself": lambda path: path.symlink_to(path),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_what_cannot_be_taken_safely_is_refused_by_name(kind: str, tmp_path: Path) -> None:
    folder = tmp_path / "sen2"
    folder.mkdir()
    HOSTILE[kind](folder / "sent.zip")
    (folder / "sent.in").unlink(missing_ok=True)
    with pytest.raises(InputError, match=r"^(person\.csv in |a\.\w+ in )?sent\.zip: ") as refused:
        delivered_files(folder)
    assert "\n" not in str(refused.value)
    assert refused.value.__cause__ is None


@given(place=st.integers(0, 400), gone=st.integers(0, 40), put=st.binary(max_size=8))
def test_a_damaged_zip_is_unpacked_or_refused_and_nothing_else(
    place: int, gone: int, put: bytes, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("damaged") / "sent.zip"
    data = zipped(path, {"blade/person.csv": TABLE * 20, "blade/requests.csv": TABLE}).read_bytes()
    path.write_bytes(data[:place] + put + data[place + gone :])
    try:
        for file in delivered_files(path):
            file.content()
            file.csv_source()
            file.discard()
    except InputError as refused:
        assert "sent.zip" in str(refused)


def test_a_bomb_is_given_up_before_it_fills_anything(tmp_path: Path) -> None:
    """100 MiB of two letters shrink a thousandfold; a fifth of them is unpacked, and none kept."""
    with gzip.open(tmp_path / "bomb.csv.gz", "wb") as out:
        for _ in range(100):
            out.write(b"a," * (CHUNK // 2 - 1) + b"\n\n")
    (file,) = delivered_files(tmp_path)
    taken = 0
    with pytest.raises(InputError, match="times its size"):
        for chunk in file.chunks():
            taken += len(chunk)
    assert taken < 24 * 2**20
    with pytest.raises(InputError, match="times its size"):
        file.csv_source()


def test_a_file_over_its_limit_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "large.csv"
    with path.open("wb") as out:
        out.truncate(delivered.MAX_PLAIN + 1)  # a hole: it takes no room on the disk
    with pytest.raises(InputError, match="larger than 8 GiB"):
        delivered_files(tmp_path)
    small = DeliveredFile(tmp_path / "small.csv", "small.csv")
    small.path.write_text(TABLE)
    with pytest.raises(InputError, match="larger than"):
        small.content(limit=5)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_each_encoding_is_known_and_read_as_text(encoding: str, tmp_path: Path) -> None:
    (tmp_path / "person.csv").write_bytes(TABLE.encode(encoding))
    (file,) = delivered_files(tmp_path)
    assert file.encoding == encoding
    read = pl.scan_csv(file.csv_source(), infer_schema=False).collect()
    assert read.to_dicts() == [{"UPN": "A1", "Surname": "Zoë"}]


@given(before=st.integers(0, 3 * CHUNK), broken=st.sampled_from([b"\xff", b"\xc3\x28", b"\xe2\x82\n", b"\xed\xa0\x80"]))
def test_broken_text_is_refused_at_its_byte(
    before: int, broken: bytes, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """With a true character of UTF-8 before it, a broken one is a fault and never a letter of another alphabet."""
    start = "Zoë\n".encode()
    path = tmp_path_factory.mktemp("broken") / "person.csv"
    path.write_bytes(start + (b"a,b,c\n" * (before // 6 + 1))[:before] + broken + CANARY.encode())
    with pytest.raises(InputError) as refused:
        _ = DeliveredFile(path, "person.csv").encoding
    assert str(refused.value).startswith(f"person.csv: byte {len(start) + before:,} ")
    assert CANARY not in str(refused.value)


@pytest.mark.parametrize(
    "content",
    [b"UPN\nA\x001\n", b"\xff\xfeA\x00\x00\x00", b"\xff\xfe\x00\xd8\n\x00", b"\xef\xbb\xbfUPN\n\xe9\n", b"\x81\xe9\n"],
    ids=["nul", "nul in utf-16", "half a pair", "mark of utf-8 before windows text", "no letter of windows"],
)
def test_what_is_no_text_is_refused(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "person.csv").write_bytes(content)
    with pytest.raises(InputError, match=r"^person\.csv: byte \d+ is no text"):
        delivered_files(tmp_path)[0].csv_source()


def test_a_file_without_lines_is_refused(tmp_path: Path) -> None:
    (tmp_path / "person.csv").write_bytes(b"a" * (2 * CHUNK))
    with pytest.raises(InputError, match="no line ends"):
        _ = delivered_files(tmp_path)[0].encoding


def test_a_plain_file_is_scanned_where_it_lies_and_a_packed_one_in_a_private_copy(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(TABLE, "utf-8")
    zipped(tmp_path / "b.zip", {"person.csv": TABLE})
    plain, packed = delivered_files(tmp_path)
    assert plain.csv_source() == tmp_path / "a.csv"
    copy = packed.csv_source()
    assert copy == packed.csv_source()
    assert copy.read_text("utf-8") == TABLE
    assert "person" not in copy.as_posix()
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    assert stat.S_IMODE(copy.parent.stat().st_mode) == 0o700
    packed.discard()
    assert not copy.exists()


def test_a_spreadsheet_is_one_file_and_measured_before_it_is_opened(tmp_path: Path) -> None:
    sheet = {"[Content_Types].xml": "<x/>", "xl/worksheets/sheet1.xml": "<x/>"}
    zipped(tmp_path / "a.xlsx", sheet)
    zipped(tmp_path / "b.xlsx", sheet | {"xl/worksheets/sheet1.xml": bytes(30 * 2**20)})
    zipped(tmp_path / "c.zip", {"annex.xlsx": (tmp_path / "a.xlsx").read_bytes()})
    good, bomb, member = delivered_files(tmp_path)
    assert good.workbook() == (tmp_path / "a.xlsx").read_bytes() == member.workbook()
    with pytest.raises(InputError, match="times its size"):
        bomb.workbook()


@given(st.text())
def test_a_name_is_safe_to_print_whatever_it_was(name: str) -> None:
    shown = safe_name(name)
    assert shown.isprintable() or all(letter.isprintable() or letter.isspace() for letter in shown)
    assert not set(shown) & set("\n\r\t\x1b\0\u202e\u2066")
    assert len(shown) <= 120
