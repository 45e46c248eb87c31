"""Commentaries as files: what is read, in which order, and how a fault is told."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jsna_pipeline.commentary.reading import (
    FOLDER,
    LARGEST_FILE,
    Commentary,
    as_markdown,
    chapter_ids,
    free_name,
    parsed,
    read_commentary,
)
from jsna_pipeline.contributions.reading import Problem

UNTOLD = "Zebedee"


def text(words: str = "Words.", **facts: str) -> str:
    given_facts = {"chapter": "health", "author": "A team", "date": "2025-09-30", "edition": "2025"} | facts
    return "\n".join(["---", *(f"{name}: {entry}" for name, entry in given_facts.items()), "---", words])


def put(folder: Path, name: str, content: str | bytes) -> None:
    (folder / FOLDER).mkdir(exist_ok=True)
    (folder / FOLDER / name).write_bytes(content.encode() if isinstance(content, str) else content)


def test_commentaries_come_by_chapter_date_and_author(tmp_path: Path) -> None:
    put(tmp_path, "1.md", text("a", chapter="health", author="Zoe’s team"))
    put(tmp_path, "2.md", text("b", chapter="health", author="Another team"))
    put(tmp_path, "3.md", text("c", chapter="health", date="2025-01-02"))
    put(tmp_path, "4.md", text("d", chapter="population"))
    put(tmp_path, "5.md", text("e", chapter="voice", role="Head of SEND", date="30/09/2025", edition="2024"))
    put(tmp_path, ".hidden.md", "x")
    put(tmp_path, "notes.txt", "x")
    found, problems = read_commentary(tmp_path, "2025")
    assert problems == ()
    assert [each.words for each in found] == ["d", "c", "b", "a", "e"]
    assert found[4] == Commentary(
        "voice", "A team", "Head of SEND", date(2025, 9, 30), "2024", "e", f"{FOLDER}/5.md", found[4].first_line
    )


def test_no_folder_is_no_commentary(tmp_path: Path) -> None:
    assert read_commentary(tmp_path, "2025") == ((), ())


def test_the_first_line_of_the_words_is_known(tmp_path: Path) -> None:
    put(tmp_path, "a.md", "\ufeff" + text("\n\n  \nHere.").replace("\n", "\r\n"))
    (found,), _ = read_commentary(tmp_path, "2025")
    lines = (tmp_path / FOLDER / "a.md").read_text("utf-8-sig").splitlines()
    assert lines[found.first_line - 1] == "Here." and found.words == "Here."


@pytest.mark.parametrize(
    ("content", "place", "said"),
    [
        (text(chapter="helth"), "line 2", "near it: health, "),
        (text(date="2025-13-45"), "line 4", "is no day"),
        (text(edition="2026"), "line 5", "later edition"),
        (text(edition=UNTOLD), "line 5", "written"),
        (text(author=f"{UNTOLD}@example.org"), "line 3", ""),
        (text(author="<b>x</b>"), "line 3", ""),
        (text(author="x" * 200), "line 3", "120"),
        (text(mood=UNTOLD), "line 6", "not known"),
        (text().replace("author: A team\n", ""), "line ", "author"),
        (text(""), "", "no words"),
        (text("x" * 10_001), "", "longer than 10,000"),
        (f"Only words of {UNTOLD}", "line 1", "two lines ---"),
        (f"---\nchapter: health\n{UNTOLD}", "line 1", "two lines ---"),
        ("---\n---\nx", "line 2", "blank"),
        (f"---\nchapter: [{UNTOLD}\n---\nx", "line ", "YAML"),
        ("---\n- a\n- b\n---\nx", "line 2", "entries"),
        ("---\na: &a [b, b]\nc: *a\n---\nx", "line ", ""),
        ("---\n" + "a" * 5000 + ": b\n---\nx", "line 1", "4,000"),
        (b"---\nauthor: \xff\xfe\n---\n", "", "UTF-8"),
        (b"x" * (LARGEST_FILE + 1), "", "larger than"),
        ("---\n" + "[" * 3000 + "\n---\nx", "", ""),
    ],
)
def test_a_fault_is_told_with_its_place_and_without_content(
    tmp_path: Path, content: str | bytes, place: str, said: str
) -> None:
    put(tmp_path, "bad.md", content)
    put(tmp_path, "good.md", text())
    found, problems = read_commentary(tmp_path, "2025")
    assert [each.file for each in found] == [f"{FOLDER}/good.md"]
    (problem,) = problems
    assert problem.file == f"{FOLDER}/bad.md" and problem.place.startswith(place) and said in problem.what
    assert UNTOLD not in problem.sentence


def test_a_link_out_of_the_folder_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "secret.md").write_text(text(UNTOLD))
    put(tmp_path, "good.md", text())
    (tmp_path / FOLDER / "link.md").symlink_to(tmp_path / "secret.md")
    (tmp_path / FOLDER / "folder.md").mkdir()
    found, problems = read_commentary(tmp_path, "2025")
    assert [each.words for each in found] == ["Words."]
    assert sorted(problem.file for problem in problems) == [f"{FOLDER}/folder.md", f"{FOLDER}/link.md"]


def test_a_correction_is_of_its_year(tmp_path: Path) -> None:
    put(tmp_path, "a.md", text(edition="2025"))
    put(tmp_path, "b.md", text(edition="2025.1"))
    assert len(read_commentary(tmp_path, "2025.1")[0]) == len(read_commentary(tmp_path, "2025")[0]) == 2


NAMES = st.text(
    st.characters(codec="utf-8", exclude_characters="<>@\n\r", exclude_categories=["C", "Z"]), min_size=2, max_size=60
)
WORDS = st.text(
    st.characters(codec="utf-8", exclude_categories=["C", "Zl", "Zp"], include_characters="\n"), max_size=300
)


@given(NAMES, NAMES | st.just(""), st.dates(date(2000, 1, 1)), st.sampled_from(chapter_ids()), WORDS)
def test_what_is_written_is_read_again(author: str, role: str, day: date, chapter: str, words: str) -> None:
    given_one = Commentary(chapter, author, role, day, "2025", words.strip())
    read = parsed(as_markdown(given_one), "x.md", "2025")
    if not words.strip():
        assert isinstance(read, Problem)
        return
    assert isinstance(read, Commentary)
    assert (read.author, read.role, read.date, read.chapter, read.edition) == (author, role, day, chapter, "2025")
    assert read.words.strip() == words.strip()


def test_each_author_has_a_file_of_his_own() -> None:
    one = Commentary("health", "A. Team", "", date(2025, 1, 1), "2025", "x")
    assert free_name(one, ()) == "health-a-team.md"
    assert free_name(one, {"health-a-team.md", "health-a-team-2.md"}) == "health-a-team-3.md"
    assert free_name(Commentary("health", "李", "", date(2025, 1, 1), "2025", "x"), ()) == "health-author.md"
    assert "/" not in free_name(Commentary("health", "../../etc", "", date(2025, 1, 1), "2025", "x"), ())
