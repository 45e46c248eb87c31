"""The HTML report: structure, anchors, self-containment, escaping, and agreement with the frozen report."""

from __future__ import annotations

import base64
import hashlib
import re
from collections import Counter
from dataclasses import replace
from itertools import pairwise

import pytest
from lxml import html as lxml_html

from jsna_pipeline.errors import BuildError
from jsna_pipeline.report import geometry, html
from jsna_pipeline.report import model as m
from jsna_pipeline.report.branding import DARK_GROUNDS, Brand
from jsna_pipeline.report.charts import line
from tests.report import sample_report

REPORT = sample_report.build()
PAGE = html.render(REPORT)
TREE = lxml_html.document_fromstring(PAGE)


def words(element: lxml_html.HtmlElement) -> str:
    return " ".join(element.text_content().split())


def test_headings_descend_one_level_at_a_time_from_a_single_h1() -> None:
    levels = [int(element.tag[1]) for element in TREE.iter("h1", "h2", "h3", "h4", "h5", "h6")]
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(b - a <= 1 for a, b in pairwise(levels))


def test_document_names_its_language_title_landmarks_and_skip_link() -> None:
    assert TREE.get("lang") == "en-GB"
    assert TREE.findtext(".//title") == "Joint Strategic Needs Assessment: Merrowdale, 2025 edition"
    assert [len(TREE.findall(f".//{tag}")) for tag in ("main", "nav", "footer")] == [1, 2, 1]
    other_forms, contents = TREE.findall(".//nav")
    assert other_forms.get("aria-label") == "Other forms of this report"
    assert contents.get("aria-labelledby") == "contents"
    first_link = next(TREE.iter("a"))
    assert first_link.get("href") == "#main" and TREE.get_element_by_id("main").tag == "main"


def test_ids_are_unique_and_every_inner_link_leads_somewhere() -> None:
    ids = Counter(element.get("id") for element in TREE.iter() if element.get("id"))
    assert [name for name, count in ids.items() if count > 1] == []
    inner = {a.get("href")[1:] for a in TREE.iter("a") if a.get("href", "").startswith("#")}
    assert inner <= ids.keys()
    for name in ("aria-labelledby", "aria-describedby"):
        assert {element.get(name) for element in TREE.iter() if element.get(name)} <= ids.keys()


def test_permanent_anchors_are_the_ids_of_sections_and_figures() -> None:
    for chapter in REPORT.chapters:
        for section in chapter.sections:
            assert TREE.get_element_by_id(section.section_id).text == section.heading
    for figure in html.figures(REPORT):
        assert TREE.get_element_by_id(figure.text.figure_id).tag == "figure"


def test_every_figure_has_a_title_an_alternative_its_source_and_its_data() -> None:
    figures = TREE.findall(".//figure")
    expected = list(html.figures(REPORT))
    assert len(figures) == len(expected)
    for element, figure in zip(figures, expected, strict=True):
        svg = element.find(".//svg")
        assert svg is not None and svg[0].tag == "title" and svg[0].text == figure.text.alternative
        shown = words(element)
        assert figure.text.title in shown and figure.text.source in shown
        rows = element.findall(".//details//tbody/tr")
        assert len(rows) == len(html.figure_table(figure).rows) > 0


def test_tables_are_simple_with_caption_and_scoped_headers() -> None:
    tables = TREE.findall(".//table")
    assert len(tables) > len(list(html.figures(REPORT)))
    for table in tables:
        assert words(table.find("caption"))
        heads = table.findall("thead/tr/th")
        assert len(table.findall("thead/tr")) == 1 and {th.get("scope") for th in heads} == {"col"}
        for row in table.findall("tbody/tr"):
            assert len(row) == len(heads)
            assert row[0].tag == "th" and row[0].get("scope") == "row"
        assert not table.xpath(".//@colspan | .//@rowspan")


def test_marks_carry_a_word_beside_their_colour() -> None:
    for item in TREE.find_class("statement"):
        if "tone-neutral" not in item.get("class"):
            assert words(item.find_class("mark")[0])
    front = words(TREE.find_class("front-page")[0])
    assert "Statutory standard failed for 222 children." in front
    assert "Cannot tell. 41 young people" in front  # a statement without its own label gets the tone's


def test_cover_says_who_answers_and_the_banner_what_this_is() -> None:
    cover = words(TREE.find_class("cover")[0])
    for piece in ("Merrowdale", "2025 edition", "26 June 2025", "Health and Wellbeing Board", "Kestrel Bay"):
        assert piece in cover
    assert "Approved onNot yet recorded" in cover
    assert "Illustrative." in words(TREE.find_class("ribbon")[0])
    final = html.render(replace(REPORT, illustrative=False, draft=False))
    assert 'class="ribbon"' not in final and "Illustrative." not in final


def test_own_records_fold_away_and_what_a_sign_means_is_told_with_its_table() -> None:
    (first, *others) = TREE.find_class("local")
    assert len(others) == 4
    assert words(first.find("h3")) == "From Merrowdale’s own records (provisional)"
    assert "a hidden number is printed as c." in words(first.find_class("provisional")[0])
    folded = first.findall("details")
    assert [words(one.find("summary/h4")) for one in folded] == [
        "How long do children wait?",
        "Are needs notified early?",
    ]
    assert not any("open" in one.attrib for one in TREE.iter("details"))
    table = next(folded[0].iter("table"))
    notes = TREE.get_element_by_id(table.get("aria-describedby"))
    assert words(notes) == "c: hidden to protect children. Rounded to the nearest 5."
    without = [one for one in TREE.iter("table") if not one.get("aria-describedby")]
    assert without and TREE.xpath("count(//div[contains(@id, '-notes')])") == len(TREE.xpath("//table")) - len(without)


def test_a_copy_for_named_readers_is_marked_and_hides_nothing() -> None:
    tree = lxml_html.document_fromstring(html.render(replace(REPORT, restricted=True, illustrative=False, draft=False)))
    assert words(tree.find_class("ribbon")[0]).startswith("OFFICIAL-SENSITIVE. For named readers alone:")
    assert "printed as c" not in words(tree.find_class("provisional")[0])
    assert "OFFICIAL-SENSITIVE" not in PAGE


def test_the_page_loads_nothing_and_runs_only_the_script_that_its_policy_names() -> None:
    (script,) = TREE.findall(".//script")
    assert not script.attrib and not TREE.xpath("//@*[starts-with(name(), 'on')]")
    assert not TREE.xpath("//link | //img | //iframe | //object | //embed | //form | //base | //*[@src]")
    style = "".join(element.text or "" for element in TREE.iter("style"))
    assert set(re.findall(r"url\(['\"]?(\w+:)", style)) == {"data:"} and "@import" not in style
    policy = dict(
        part.strip().split(" ", 1)
        for part in TREE.xpath("string(//meta[@http-equiv='Content-Security-Policy']/@content)").split(";")
    )
    digest = base64.b64encode(hashlib.sha256(script.text.encode()).digest()).decode()
    assert policy["default-src"] == "'none'" and policy["script-src"] == f"'sha256-{digest}'"
    assert len(script.text.encode()) <= 12_288
    assert len(PAGE.encode()) <= 3_000_000


def test_how_we_know_leads_from_a_section_to_its_file_its_rows_and_its_definition() -> None:
    section = REPORT.chapters[0].sections[0]
    source = replace(
        REPORT.sources[0], file="2025/plans/caseload.csv in release.zip", present=True, released="2025-06-26"
    )
    entry = replace(
        REPORT.dictionary[0],
        indicator_id=section.section_id,
        rows="within_20_weeks out of issued where sex is Total",
        datasets=(source.dataset_id,),
        owner="Head of SEND",
    )
    others = tuple(
        one
        for one in (*REPORT.sources[1:], replace(source, file="other.csv"), replace(source, file="", present=False))
        if one.dataset_id != source.dataset_id or one.file != REPORT.sources[0].file
    )
    report = replace(REPORT, dictionary=(entry,), sources=(source, *others))
    tree = lxml_html.document_fromstring(html.render(report))
    (known,) = [one for one in tree.find_class("method") if section.heading in words(one.find("summary"))]
    said = words(known)
    assert said.startswith("How do we know?") and section.method in said
    assert entry.rows in said
    assert "caseload.csv, data to" in said and "released 26 June 2025" in said and source.sha256[:12] in said
    assert f"indicator {section.section_id}" in said and said.endswith(f"{entry.reviewed}, Head of SEND")
    leads = [link.get("href") for link in known.iter("a")]
    assert leads[0] == f"#source-{source.dataset_id}" and leads[-1] == f"#dictionary-{section.section_id}"
    assert "data/observations.csv" in leads
    row = tree.get_element_by_id(f"source-{source.dataset_id}")
    assert row.tag == "tr" and source.sha256 in words(row)
    # The definition does not repeat what stands beside the figures.
    definition = words(tree.get_element_by_id(f"dictionary-{section.section_id}"))
    assert entry.numerator in definition and entry.source not in definition and entry.question in definition


def test_an_indicator_without_figures_is_defined_whole() -> None:
    entry = replace(REPORT.dictionary[0], indicator_id="without_figures")
    tree = lxml_html.document_fromstring(html.render(replace(REPORT, dictionary=(*REPORT.dictionary, entry))))
    definition = words(tree.get_element_by_id("dictionary-without_figures"))
    assert entry.question in definition and entry.source in definition and entry.description in definition
    assert entry.caveats[0] in definition


def test_the_cover_shows_whose_report_it_is_and_the_sheet_has_their_colour() -> None:
    assert not TREE.find_class("brand") and "--brand:#12436d" in PAGE
    logo = "data:image/png;base64,iVBORw0KGgo="
    tree = lxml_html.document_fromstring(
        html.render(replace(REPORT, brand=Brand("Merrowdale Council", logo, "#7a1f5c")))
    )
    (image,) = tree.iter("img")
    assert image.get("src") == logo and image.get("alt") == ""  # the name beside it says the same
    assert words(tree.find_class("brand")[0]) == "Merrowdale Council"
    assert "--brand:#7a1f5c" in "".join(style.text for style in tree.iter("style"))
    nameless = html.render(replace(REPORT, brand=Brand(logo=logo)))
    assert next(lxml_html.document_fromstring(nameless).iter("img")).get("alt") == f"Logo of {REPORT.area_name}"


def test_text_from_outside_is_escaped_and_only_web_addresses_become_links() -> None:
    attack = "<script>alert(1)</script>\"'{{ 7 * 7 }}"
    chapter = REPORT.chapters[0]
    section = replace(chapter.sections[0], statements=(m.Statement(attack, "worse", attack),), heading=attack)
    hostile = replace(
        REPORT,
        area_name=attack,
        title=attack,
        chapters=(replace(chapter, sections=(section, *chapter.sections[1:])), *REPORT.chapters[1:]),
        sources=(replace(REPORT.sources[0], page="javascript:alert(1)", title=attack),),
    )
    tree = lxml_html.document_fromstring(html.render(hostile))
    assert [script.text for script in tree.iter("script")] == [html.script()]
    assert attack in tree.get_element_by_id("sources-table").text_content()
    assert not [a for a in tree.iter("a") if a.get("href", "").lower().startswith("javascript")]


def test_a_repeated_a_missing_and_an_unusable_anchor_stop_the_build() -> None:
    chapter = REPORT.chapters[0]
    first, second, *rest = chapter.sections
    twice = replace(chapter, sections=(first, replace(second, section_id=first.section_id), *rest))
    with pytest.raises(BuildError, match=f"anchor '{first.section_id}' more than once"):
        html.render(replace(REPORT, chapters=(twice, *REPORT.chapters[1:])))
    lost = m.FrontSection("Heading", "", (m.Statement("A finding", anchor="nowhere"),))
    with pytest.raises(BuildError, match="points to 'nowhere'"):
        html.render(replace(REPORT, front_page=(lost,)))
    odd = replace(chapter, sections=(replace(first, section_id="two words"), second, *rest))
    with pytest.raises(BuildError, match="two words"):
        html.render(replace(REPORT, front_page=(), chapters=(odd, *REPORT.chapters[1:])))


def test_the_data_table_of_a_line_holds_every_period_and_says_why_a_value_is_absent() -> None:
    figure = sample_report.line_figure("x", 4)
    table = html.figure_table(figure)
    assert [row[0] for row in table.rows] == list(line.ordered_periods(figure.series))
    assert table.columns[:3] == ("Period", "Merrowdale (%)", "95% interval")
    assert table.rows[2][1:3] == ("suppressed", "–")
    assert html.figure_table(figure, {table.table_id}).table_id != table.table_id


def test_the_same_report_gives_the_same_page() -> None:
    assert html.render(sample_report.build()) == PAGE


def test_text_and_its_ground_contrast_in_both_schemes() -> None:
    for scheme in _schemes():
        for ground in ("page", "card", "paper", "brand-tint"):
            for ink in ("text", "text-muted", "link", "accent", "brand-ink", "fails-standard", "worse", "better"):
                assert geometry.contrast(scheme[ink], scheme[ground]) >= 4.5, (ink, ground)
        for ink in ("notice-text", "link"):
            assert geometry.contrast(scheme[ink], scheme["notice"]) >= 4.5, ink
        assert geometry.contrast(scheme["hero-text"], scheme["hero"]) >= 4.5
        assert geometry.contrast(scheme["axis"], scheme["card"]) >= 3  # the frame of the search box


def test_the_dark_grounds_are_those_a_brand_is_checked_on() -> None:
    _, dark = _schemes()
    assert (dark["page"], dark["card"], dark["brand-tint"]) == DARK_GROUNDS
    assert dark["card"] == dark["paper"]  # a chart's ground is its card's


def _schemes() -> tuple[dict[str, str], dict[str, str]]:
    """The custom properties of the light scheme and of the dark one, each reference resolved."""
    sheet = str(html.style_sheet("tokens.css", "screen.css"))
    blocks = re.findall(r"(@media [^{]*\{\s*)?:root ?\{(.*?)\}", sheet, re.DOTALL)
    light: dict[str, str] = {}
    dark: dict[str, str] = {}
    for condition, block in blocks:
        said = dict(re.findall(r"--([a-z0-9-]+): ?([^;]+);", block))
        if "dark" in condition:
            dark |= said
        elif "print" not in condition:
            light |= said
    return _resolved(light), _resolved(light | dark)


def _resolved(named: dict[str, str]) -> dict[str, str]:
    while references := {name: value[6:-1] for name, value in named.items() if value.startswith("var(")}:
        named = named | {name: named[other] for name, other in references.items()}
    return named
