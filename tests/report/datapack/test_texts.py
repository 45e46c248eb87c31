"""README, licence and citation: what they must say, of whom, and that no name can break them."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from jsna_pipeline.governance.sign_off import SignOff
from jsna_pipeline.report.datapack import texts
from jsna_pipeline.report.datapack.files import flat_tables
from jsna_pipeline.report.datapack.marking import UNNAMED, markings
from jsna_pipeline.report.datapack.reference import reference_of
from jsna_pipeline.report.datapack.star import star_of
from jsna_pipeline.report.governance_section import governance_box
from tests.report.datapack import invented_pack as pack

REQUIRED_BY_CFF = {"cff-version", "message", "title", "authors"}


def all_texts(*, restricted: bool = False, returns: bool = True, steering: bool = True) -> dict[str, str]:
    made, view = pack.report(restricted=restricted), pack.view(restricted=restricted, returns=returns)
    tables = flat_tables(view, pack.steering_tables() if steering else {})
    star = star_of(view, reference_of(made, view))
    contents = {
        "README": texts.readme(made, view, tables, star),
        "LICENCE": texts.licence(made, tables),
        "CITATION": texts.citation(made, tables),
    }
    return {name: content.decode("utf-8") for name, content in contents.items()}


@pytest.mark.parametrize("restricted", [True, False])
def test_all_of_them_carry_the_markings(restricted: bool) -> None:
    for name, text in all_texts(restricted=restricted).items():
        for sentence in markings(pack.report(restricted=restricted)):
            assert sentence in text, name
        assert ("OFFICIAL-SENSITIVE" in text) is restricted, name


def test_the_readme_names_every_table_and_every_relation_and_explains_every_status() -> None:
    text = all_texts()["README"]
    tables = flat_tables(pack.view(), pack.steering_tables())
    assert all(f"| `{name}` | {len(table):,} |" in text for name, table in tables.items())
    assert "| `fact_observation` | `source_key` | `dim_source` |" in text
    for status in ("ok", "suppressed", "unavailable", "not_applicable", "rounds_to_zero", "low_reliability"):
        assert f"| `{status}` |" in text
    assert "provisional" in text and "rounded half up" in text
    assert all(f"**{tool}.**" in text for tool in ("Excel", "Power BI", "R", "Python"))


def test_without_returns_nothing_is_said_of_own_records() -> None:
    bare = all_texts(returns=False, steering=False)
    assert "local_" not in bare["README"] and "own records" not in bare["LICENCE"]
    assert yaml.safe_load(bare["CITATION"])["license"] == "OGL-UK-3.0"
    assert "license" not in yaml.safe_load(all_texts()["CITATION"]), "it would say too much of part of the files"


def test_the_licence_names_the_publishers_and_what_it_does_not_cover() -> None:
    text = all_texts()["LICENCE"]
    assert "- Department for Education (Open Government Licence v3.0)" in text and texts.OGL_PAGE in text
    assert "- local_counts.csv and local_counts.parquet" in text and "observations.csv" not in text


def test_the_citation_is_of_version_1_2_0() -> None:
    told = yaml.safe_load(all_texts()["CITATION"])
    assert set(told) >= REQUIRED_BY_CFF and told["cff-version"] == "1.2.0" and told["type"] == "dataset"
    assert told["date-released"] == pack.report().cut_off.isoformat() and told["version"] == "2025"
    assert [one["name"] for one in told["authors"]] == [
        "Director of Children’s Services", " ".join(pack.HOSTILE_NAME.split()),
    ]  # fmt: skip


def test_nobody_is_made_up_where_no_author_is_named() -> None:
    blank = governance_box(SignOff())
    assert blank.owner == blank.author == UNNAMED
    made = replace(pack.report(), governance=blank)
    assert yaml.safe_load(texts.citation(made, {}))["authors"] == [{"name": "Wigan, owner not yet named"}]


@given(st.text(alphabet=st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=30))
def test_names_are_printed_as_they_are_written(name: str) -> None:
    page = MarkdownIt("commonmark").renderInline(f"Author: {texts.plain(name)}.")
    seen = page.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", '"').replace("&amp;", "&")
    assert not re.search(r"<(?!/?$)[a-z/]", page) and seen == f"Author: {name}."
