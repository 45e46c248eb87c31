"""The library: every whole public report is listed with its files, nothing restricted or broken ever is."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest

from jsna_pipeline.errors import InputError
from jsna_pipeline.governance import freezing
from jsna_pipeline.report import library, output
from tests.report.companions import sample_glance

FILES = {
    "index.html": b"<p>page</p>",
    "jsna.pdf": b"%PDF" * 400_000,
    "data/observations.csv": b"a,b\n",
    "LIES MICH.md": b"x",
}
INPUTS = [
    {"dataset_id": "a", "file": "2024/a.csv", "sha256": "1", "title": "Caseload", "role": "used"},
    {"dataset_id": "b", "file": "2024/b.csv", "sha256": "2", "title": "Requests", "role": "used"},
    {"dataset_id": "c", "file": "2024/c.csv", "sha256": "3", "title": "Reviews", "role": "used"},
]


def publish(out: Path, edition: str = "2025", slug: str = "merrowdale", **others: Any) -> Path:
    """A report in `out`; `others` change the report, or the manifest where they are `inputs` or `rows`."""
    inputs, rows = others.pop("inputs", INPUTS), others.pop("rows", {"observations": 10})
    report = sample_glance.build(edition=edition, area_slug=slug, **others)
    folder = output.report_folder(out, edition, slug)
    output.publish(folder, FILES, output.manifest_of(report, "f", rows, {}, inputs))
    return folder


def page(out: Path, private: Path | None = None) -> str:
    library.write_library(out, private or out.parent / "private")
    return (out / "index.html").read_text("utf-8")


def test_reports_stand_by_area_newest_first_with_working_links_and_sizes(tmp_path: Path) -> None:
    out = tmp_path / "reports"
    for edition in ("2024", "2025.10", "2025", "2025.2"):
        publish(out, edition)
    publish(out, slug="aldersea", area_name="Aldersea")
    found = library.library(out)
    assert [[one.edition for one in area] for area in found.areas] == [["2025"], ["2025.10", "2025.2", "2025", "2024"]]
    assert found.areas[0][0].area == "Aldersea" and not found.left_out
    newest = found.areas[1][0]
    assert [(one.name, one.size) for one in newest.main[:3]] == [
        ("Full report", "11 bytes"), ("Report as PDF", "1.6 MB"), ("All figures as CSV", "4 bytes")]  # fmt: skip
    assert [one.name for one in newest.others] == ["LIES MICH.md"] and newest.status == ("Illustrative", "Draft")
    text = page(out)
    links = re.findall(r'href="([^"#]+)"', text)
    assert len(links) == 5 * (len(FILES) + 1) and all((out / unquote(link)).is_file() for link in links)
    assert "LIES%20MICH.md" in text and not re.search(r"<script|http-equiv=\"refresh", text)


@pytest.mark.parametrize(
    ("size", "words"),
    [(0, "0 bytes"), (1, "1 byte"), (999, "999 bytes"), (1_000, "1 kB"), (999_499, "999 kB"), (999_500, "1.0 MB"),
     (1_250_000, "1.3 MB")],
)  # fmt: skip
def test_sizes_as_downloads_are_given(size: int, words: str) -> None:
    assert library.size_words(size) == words


def test_what_changed_since_the_edition_before_is_told_by_the_two_manifests(tmp_path: Path) -> None:
    glance = sample_glance.GLANCE
    before = replace(glance, figures=tuple(
        replace(one, printed="1,830", period="January 2024") if one.indicator_id == "ehcp_caseload" else one
        for one in glance.figures[:-1]))  # fmt: skip
    publish(tmp_path / "r", "2024", glance=before, rows={"observations": 10, "gone": 3, "same": 1})
    now = [INPUTS[0], {**INPUTS[1], "sha256": "9", "file": "2025/new.csv"},
           {"dataset_id": "d", "file": "2025/d.csv", "sha256": "4", "title": "Appeals", "role": "used"},
           {**INPUTS[0], "sha256": "old", "role": "superseded"}]  # fmt: skip
    publish(tmp_path / "r", "2025", inputs=now, rows={"observations": 1200, "same": 1})
    newest, oldest = library.library(tmp_path / "r").areas[0]
    assert oldest.changes is None and newest.changes == library.Changes(
        since="2024", new=("Appeals",), gone=("Reviews",), changed=("Requests",), unchanged=1,
        rows=(("observations", "10", "1,200"), ("gone", "3", "not given")),
        headlines=(("Name of ehcp_caseload", "1,830 (January 2024)", "2,132 (January 2025)"),
                   ("Name of health_cyp_waits_over_52_weeks", "not given", "9.3% (January 2025)")),
    )  # fmt: skip
    assert "What changed since edition 2024" in page(tmp_path / "r")


def test_what_is_for_named_readers_is_neither_listed_nor_named(tmp_path: Path) -> None:
    out = tmp_path / "reports"
    publish(out)
    publish(out, slug="secret-place", area_name="Secret place", restricted=True)
    silent = publish(out, slug="silent-place", area_name="Silent place")
    manifest = json.loads((silent / "manifest.json").read_text("utf-8"))
    del manifest["restricted"]
    (silent / "manifest.json").write_text(json.dumps(manifest), "utf-8")
    found = library.library(out)
    assert found.restricted == (out / "2025" / "secret-place",)
    assert [sentence.split(":")[0].rpartition("/")[2] for sentence in found.left_out] == [
        "silent-place",
        "secret-place",
    ]
    text = page(out)
    assert "Merrowdale" in text and not re.search("secret|silent", text, re.IGNORECASE)


def test_the_restricted_store_and_what_holds_it_are_refused(tmp_path: Path) -> None:
    store = tmp_path / "state" / "seeds" / "restricted"
    publish(store / "reports")
    for out in (store / "reports", store, tmp_path):
        with pytest.raises(InputError, match="kept for named readers"):
            library.write_library(out, store)
        assert not (out / "index.html").exists()


def test_broken_half_written_and_misplaced_folders_are_named_and_left_out(tmp_path: Path) -> None:
    out = tmp_path / "reports"
    publish(out)
    whole = publish(out, slug="half")
    (whole / "jsna.pdf").unlink()
    (publish(out, slug="torn") / "manifest.json").write_text('{"area": ', "utf-8")
    (out / "2025" / "empty").mkdir()
    publish(out, slug="moved").rename(out / "2025" / "elsewhere")
    sealed = publish(out, slug="sealed")
    (sealed / freezing.SEAL).write_text("{", "utf-8")
    climbing = publish(out, slug="climbing")
    manifest = json.loads((climbing / "manifest.json").read_text("utf-8"))
    manifest["files"]["../merrowdale/jsna.pdf"] = "0"
    (climbing / "manifest.json").write_text(json.dumps(manifest), "utf-8")
    (out / "2025" / "link").symlink_to(out / "2025" / "merrowdale")
    (out / ".2025").mkdir()
    (out / "drafts").mkdir()
    found = library.library(out)
    assert [area[0].slug for area in found.areas] == ["merrowdale"]
    told = " ".join(found.left_out)
    for name in ("half: jsna.pdf", "torn: has no whole", "empty: has no whole", "elsewhere: says it is", "sealed/",
                 "climbing: ../merrowdale"):  # fmt: skip
        assert name in told
    assert len(found.left_out) == 6
    assert not re.search("half|torn|sealed", page(out))


def test_a_published_edition_says_since_when(tmp_path: Path) -> None:
    folder = publish(tmp_path / "r", illustrative=False, draft=False)
    freezing.freeze(folder, date(2026, 1, 15))
    assert library.library(tmp_path / "r").areas[0][0].status == ("Published 15 January 2026",)
    text = page(tmp_path / "r")
    assert "Illustrative" not in text and "Published 15 January 2026" in text


def test_the_page_is_replaced_whole_and_says_the_same_of_the_same(tmp_path: Path) -> None:
    publish(tmp_path / "r", area_name="A <b> & Ç")
    first = page(tmp_path / "r")
    assert "A &lt;b&gt; &amp; Ç" in first and first == page(tmp_path / "r")
    assert {path.name for path in (tmp_path / "r").iterdir()} == {"2025", "index.html"}
    assert "There is no report here yet." in library.render(library.library(tmp_path / "none")).decode()
