"""A workbook's way out and back: what is shown, what returns, and what a hostile one cannot do."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from jsna_pipeline.commentary import workbook_layout as layout
from jsna_pipeline.commentary.contributors import Contributor, read_contributors
from jsna_pipeline.commentary.exchange import import_commentary
from jsna_pipeline.commentary.reading import FOLDER, Commentary, as_markdown, read_commentary
from jsna_pipeline.commentary.workbook_export import ChapterBrief, export_workbooks, workbook_bytes
from jsna_pipeline.commentary.workbook_import import import_workbook
from jsna_pipeline.errors import InputError

UNTOLD = "Zebedee"
TEAM = Contributor(name="Health team", role="Clinical officer", chapters=("health", "voice", "money"))
BRIEFS = [
    ChapterBrief(
        "health",
        "Health",
        "Who waits?",
        ("=1+1 is a sentence.", "Long waits are common."),
        (("{{ waits }}", "Waits, June 2025", "955 children"), ("{{ change }}", "Change", "-1.4 percentage points")),
    ),
    ChapterBrief("voice", "Voice", "What do families say?", (), ()),
]
OWN = Commentary("health", "Health Team", "Head", date(2024, 9, 1), "2024", "Old *words*.\n\n- a\n- {{ waits }}")


@pytest.fixture
def sent(tmp_path: Path) -> Path:
    (path,) = export_workbooks(BRIEFS, [TEAM], tmp_path / "out", "wigan", "2025")
    return path


def rows(sheet) -> dict[str, list]:
    found: dict[str, list] = {}
    for row in sheet.iter_rows():
        found.setdefault(row[0].value, []).append(row[1])
    return found


def fill(path: Path, chapter: str, words: list[object], **cells: object) -> Path:
    book = load_workbook(path)
    found = rows(book[chapter])
    for cell, text in zip(found[layout.WORDS_LABEL], words, strict=False):
        cell.value = text
        if isinstance(text, str) and text.startswith("'"):  # as a spreadsheet program keeps what is typed as text
            cell.value, cell.data_type = text[1:], "s"
    for label, content in ({"date": date(2025, 10, 1)} | cells).items():
        found[{"date": layout.DATE_LABEL, "author": layout.AUTHOR_LABEL, "yes": layout.CONFIRMED_LABEL}[label]][
            0
        ].value = content
    book.save(path)
    return path


# --- out ---------------------------------------------------------------------------------------


def test_a_workbook_shows_the_data_locked_and_wants_words_unlocked(sent: Path) -> None:
    assert sent.name == "wigan-2025-health-team.xlsx"
    book = load_workbook(sent)
    assert book.sheetnames == [layout.COVER, "health", "voice"]  # the report has no chapter on money
    sheet = rows(book["health"])
    assert all(page.protection.sheet for page in book)
    assert [cell.value for cell in sheet[layout.SAYS_LABEL]] == ["=1+1 is a sentence.", "Long waits are common."]
    wanted = [layout.AUTHOR_LABEL, layout.ROLE_LABEL, layout.DATE_LABEL, layout.CONFIRMED_LABEL, layout.WORDS_LABEL]
    for label, cells in sheet.items():
        assert all(cell.protection.locked is (label not in wanted) for cell in cells), label
        assert all(cell.alignment.wrap_text for cell in cells)
    assert {cell.number_format for cell in sheet[layout.WORDS_LABEL]} == {"@"}
    assert [cell.value for cell in sheet[layout.WORDS_LABEL]] == [None] * layout.WORD_CELLS
    assert sheet[layout.AUTHOR_LABEL][0].value == "Health team"
    figures = [[cell.value for cell in row[1:4]] for row in book["health"] if row[0].value == layout.FIGURES_LABEL]
    assert figures == [list(each) for each in BRIEFS[0].placeholders]
    assert not [cell for page in book for row in page.iter_rows() for cell in row if cell.data_type == "f"]


def test_the_same_input_gives_the_same_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    first = workbook_bytes(BRIEFS, TEAM, "wigan", "2025", [OWN])
    monkeypatch.setattr("time.time", lambda: 2e9)
    assert workbook_bytes(BRIEFS, TEAM, "wigan", "2025", [OWN]) == first


def test_a_workbook_is_never_overwritten(sent: Path) -> None:
    before = sent.read_bytes()
    with pytest.raises(InputError, match="exists already"):
        export_workbooks(BRIEFS, [Contributor(name="Another", chapters=("voice",)), TEAM], sent.parent, "wigan", "2025")
    assert [sent] == list(sent.parent.iterdir()) and sent.read_bytes() == before


def test_contributors_of_one_spelling_have_a_workbook_each(tmp_path: Path) -> None:
    asked = [Contributor(name=name, chapters=("voice",)) for name in ("A. B", "A-B", "Nobody")]
    asked[2] = Contributor(name="Nobody", chapters=("money",))
    assert [path.name for path in export_workbooks(BRIEFS, asked, tmp_path, "wigan", "2025")] == [
        "wigan-2025-a-b.xlsx",
        "wigan-2025-a-b-2.xlsx",
    ]


# --- and back ----------------------------------------------------------------------------------


def test_words_that_were_filled_in_are_read_as_commentary(sent: Path, tmp_path: Path) -> None:
    fill(
        sent,
        "health",
        ["We **know**.", "'=1+1 is text", "- one\n- {{ waits }}", None, "  "],
        date=datetime(2025, 10, 1),
    )
    changed, problems = import_commentary([sent], tmp_path, "wigan", "2025")
    assert problems == () and [path.name for path in changed] == ["health-health-team.md"]
    (read,), faults = read_commentary(tmp_path, "2025")
    assert faults == ()
    assert (read.chapter, read.author, read.role, read.date, read.edition) == (
        "health", "Health team", "Clinical officer", date(2025, 10, 1), "2025",
    )  # fmt: skip
    assert read.words == "We **know**.\n\n=1+1 is text\n\n- one\n- {{ waits }}"
    assert import_commentary([sent], tmp_path, "wigan", "2025") == ((), ()), "nothing changed"


def test_a_workbook_without_words_changes_nothing(sent: Path, tmp_path: Path) -> None:
    (tmp_path / FOLDER).mkdir()
    (tmp_path / FOLDER / "a.md").write_text(as_markdown(OWN))
    assert import_commentary([sent], tmp_path, "wigan", "2025") == ((), ())
    assert [path.name for path in (tmp_path / FOLDER).iterdir()] == ["a.md"]


def test_words_of_an_earlier_edition_come_back_as_such_until_they_are_confirmed(tmp_path: Path) -> None:
    (tmp_path / FOLDER).mkdir()
    (tmp_path / FOLDER / "any-name.md").write_text(as_markdown(OWN))
    (path,) = export_workbooks(BRIEFS, [TEAM], tmp_path / "out", "wigan", "2025", read_commentary(tmp_path, "2025")[0])
    sheet = rows(load_workbook(path)["health"])
    assert [cell.value for cell in sheet[layout.WORDS_LABEL]][:3] == ["Old *words*.", "- a\n- {{ waits }}", None]
    assert sheet[layout.DATE_LABEL][0].value == "2024-09-01" and sheet[layout.CONFIRMED_LABEL][0].value == "no"
    import_commentary([path], tmp_path, "wigan", "2025")
    (read,), _ = read_commentary(tmp_path, "2025")
    assert (read.words, read.edition, read.date) == (OWN.words, "2024", OWN.date)
    fill(path, "health", [], yes="Yes")
    import_commentary([path], tmp_path, "wigan", "2025")
    (read,), _ = read_commentary(tmp_path, "2025")
    assert (read.words, read.edition, read.date, read.file) == (
        OWN.words,
        "2025",
        date(2025, 10, 1),
        f"{FOLDER}/any-name.md",
    )


def test_words_replace_those_of_the_same_author_and_of_nobody_else(sent: Path, tmp_path: Path) -> None:
    folder = tmp_path / FOLDER
    folder.mkdir()
    other = Commentary("health", "Forum", "", date(2025, 1, 1), "2025", "The forum’s.")
    (folder / "health-health-team.md").write_text(as_markdown(other))  # another's words under our name
    fill(sent, "health", ["Ours."])
    import_commentary([sent], tmp_path, "wigan", "2025")
    assert (folder / "health-health-team.md").read_text() == as_markdown(other)
    assert "Ours." in (folder / "health-health-team-2.md").read_text()
    fill(sent, "health", ["Ours, again."])
    import_commentary([sent], tmp_path, "wigan", "2025")
    assert sorted(path.name for path in folder.iterdir()) == ["health-health-team-2.md", "health-health-team.md"]
    assert "Ours, again." in (folder / "health-health-team-2.md").read_text()
    fill(sent, "health", ["In the forum’s name."], author="FORUM")
    changed, (problem,) = import_commentary([sent], tmp_path, "wigan", "2025")
    assert changed == () and "another author" in problem.what
    assert (folder / "health-health-team.md").read_text() == as_markdown(other)


def test_a_file_that_cannot_be_read_is_not_overwritten(sent: Path, tmp_path: Path) -> None:
    (tmp_path / FOLDER).mkdir()
    (tmp_path / FOLDER / "health-health-team.md").write_text("half written by hand")
    fill(sent, "health", ["Ours."])
    (path,), _ = import_commentary([sent], tmp_path, "wigan", "2025")
    assert path.name == "health-health-team-2.md"
    assert (tmp_path / FOLDER / "health-health-team.md").read_text() == "half written by hand"


LINES = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"], include_characters=" \n"), max_size=80)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(LINES.filter(lambda line: line.strip() != ""), min_size=1, max_size=layout.WORD_CELLS + 6))
def test_any_words_come_back_as_they_went_out(tmp_path: Path, paragraphs: list[str]) -> None:
    words = "\n\n".join(each.strip("\n") for each in paragraphs)
    own = Commentary("health", TEAM.name, "", date(2025, 9, 1), "2025", words)
    path = tmp_path / "w.xlsx"
    path.write_bytes(workbook_bytes(BRIEFS, TEAM, "wigan", "2025", [own]))
    (back,), problems = import_workbook(path, "wigan", "2025")
    assert problems == ()

    def kept(text: str) -> list[str]:  # spaces at the ends of lines and blank lines between paragraphs do not count
        return [line.rstrip() for line in text.split("\n") if line.strip()]

    assert kept(back.commentary.words) == kept(words)


# --- faults ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "cells", "said"),
    [
        (["x"], {"date": None}, "no date"),
        (["x"], {"date": UNTOLD}, "date: is no day"),
        (["x"], {"author": f"{UNTOLD}@example.org"}, "author"),
        (["x"], {"author": None}, "author"),
        (["=1+1"], {}, "formula"),
        (["fine", '=HYPERLINK("http://x.example","x")'], {}, "formula"),
        (["x"], {"date": "=TODAY()"}, "formula"),
        (["x" * 9_000, "y" * 9_000], {}, "10,000"),
    ],
)
def test_a_sheet_at_fault_is_told_and_the_others_are_read(sent: Path, words: list, cells: dict, said: str) -> None:
    fill(sent, "voice", ["Good."])
    fill(sent, "health", words, **cells)
    found, (problem,) = import_workbook(sent, "wigan", "2025")
    assert [each.commentary.chapter for each in found] == ["voice"]
    assert said in problem.sentence and problem.place.startswith("sheet health") and UNTOLD not in problem.sentence


def test_a_sheet_of_somebodys_own_is_not_read(sent: Path) -> None:
    book = load_workbook(sent)
    book.create_sheet("Notes").append([UNTOLD, "=1+1"])
    book.save(sent)
    found, (problem,) = import_workbook(sent, "wigan", "2025")
    assert found == () and problem.place == "sheet Notes" and UNTOLD not in problem.sentence


@pytest.mark.parametrize(("area", "edition"), [("bolton", "2025"), ("wigan", "2024"), ("wigan", "2025.1")])
def test_a_workbook_of_another_area_or_edition_is_refused(sent: Path, area: str, edition: str) -> None:
    found, (problem,) = import_workbook(fill(sent, "health", ["x"]), area, edition)
    assert found == () and "another" in problem.what


def repacked(path: Path, change: Callable[[str, bytes], bytes], more: dict[str, bytes] | None = None) -> Path:
    content = path.read_bytes()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, change(name, old.read(name)))
        for name, part in (more or {}).items():
            new.writestr(name, part)
    return path


def in_sheet(old: bytes, new: bytes) -> Callable[[str, bytes], bytes]:
    return lambda name, part: part.replace(old, new, 1) if name.startswith("xl/worksheets/") else part


LAUGHS = b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]><worksheet'
HOSTILE: dict[str, Callable[[Path], object]] = {
    "macros": lambda path: repacked(path, lambda _, part: part, {"xl/vbaProject.bin": b"x"}),
    "macro type": lambda path: repacked(
        path, lambda name, part: part.replace(b"sheet.main", b"sheet.macroEnabled.main") if "Content" in name else part
    ),
    "entities": lambda path: repacked(path, in_sheet(b"<worksheet", LAUGHS)),
    "wide characters": lambda path: repacked(
        path, lambda name, part: part.decode().encode("utf-16") if "sheet1" in name else part
    ),
    "bomb": lambda path: repacked(path, lambda _, part: part, {"xl/media/big.png": b"\0" * 40_000_000}),
    "many megabytes": lambda path: repacked(path, lambda _, part: part, {"xl/a.bin": bytes(range(256)) * 60_000}),
    "large": lambda path: path.write_bytes(path.read_bytes() + b"\0" * 5_000_000),
    "cut short": lambda path: path.write_bytes(path.read_bytes()[:3_000]),
    "text": lambda path: path.write_text("words"),
    "empty": lambda path: path.write_bytes(b""),
    "no workbook": lambda path: repacked(path, lambda name, part: b"" if name == "xl/workbook.xml" else part),
    "broken sheet": lambda path: repacked(path, in_sheet(b"</row>", b"</cell>")),
    "another form": lambda path: Workbook().save(path),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hostile_workbook_is_refused_with_one_sentence(sent: Path, kind: str) -> None:
    fill(sent, "health", ["x"])
    HOSTILE[kind](sent)
    found, (problem,) = import_workbook(sent, "wigan", "2025")
    assert found == ()
    assert problem.file == sent.name and problem.sentence.endswith(".") and "Traceback" not in problem.sentence


@pytest.mark.parametrize("ending", [".xlsm", ".xls", ".ods", ".csv"])
def test_only_plain_workbooks_are_taken(sent: Path, ending: str) -> None:
    found, (problem,) = import_workbook(sent.rename(sent.with_suffix(ending)), "wigan", "2025")
    assert found == () and ".xlsx" in problem.what


def test_a_cell_in_the_farthest_corner_costs_nothing(sent: Path) -> None:
    fill(sent, "health", ["Words."])
    far = b'<row r="1048576"><c r="XFD1048576" t="n"><v>1</v></c></row></sheetData>'
    repacked(sent, in_sheet(b"</sheetData>", far))
    repacked(sent, lambda _, part: re.sub(rb'<dimension ref="[^"]*"', b'<dimension ref="A1:XFD1048576"', part))
    found, problems = import_workbook(sent, "wigan", "2025")
    assert problems == () and [each.commentary.words for each in found] == ["Words."]


def test_a_missing_workbook_is_the_callers_mistake(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such file"):
        import_commentary([tmp_path / "none.xlsx"], tmp_path, "wigan", "2025")


# --- who is asked ------------------------------------------------------------------------------


def test_contributors_are_read_and_faulty_rows_left_out(tmp_path: Path) -> None:
    (tmp_path / "contributors.csv").write_text(
        "name,role,chapters\n"
        "Health team,Lead,health; helth;health\n"
        f"{UNTOLD}@example.org,Lead,health\n"
        "Health  Team,,voice\n"
        "No chapters,,\n"
        "Only unknown,,nothing\n"
    )
    asked, problems = read_contributors(tmp_path)
    assert [(each.name, each.role, each.chapters) for each in asked] == [("Health team", "Lead", ("health",))]
    assert sorted({problem.place.split(",")[0] for problem in problems}) == [
        "row 2",
        "row 3",
        "row 4",
        "row 5",
        "row 6",
    ]
    assert not [problem for problem in problems if UNTOLD in problem.sentence]
    assert read_contributors(tmp_path / "none") == ((), ())
