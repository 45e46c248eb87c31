"""What every companion keeps: self-contained, marked, navigable, readable in both schemes, and an honest statement."""

from __future__ import annotations

import re
from dataclasses import replace
from importlib import resources
from itertools import pairwise

import pytest

from jsna_pipeline.report import geometry, library
from jsna_pipeline.report.branding import Brand
from jsna_pipeline.report.companions import accessibility
from jsna_pipeline.report.companions.files import companions
from tests.report.companions import sample_glance


@pytest.fixture(scope="module")
def made() -> dict[str, str]:
    files = companions(sample_glance.build(area_name="Merrow <b>dale</b>"))
    written = {name: content.decode() for name, content in files.items() if name.endswith(".html")}
    return written | {"library.html": library.render(library.Library((), (), ())).decode()}


def test_pages_load_nothing_run_nothing_and_have_landmarks(made: dict[str, str]) -> None:
    assert set(made) == {
        "infographic.html",
        "easy-read.html",
        "accessibility.html",
        "figures/index.html",
        "library.html",
    }
    for name, page in made.items():
        policy = re.search(r'Content-Security-Policy" content="([^"]+)"', page)
        assert policy and "default-src 'none'" in policy[1] and "script" not in policy[1], name
        assert not re.search(r"<script|<link|<iframe|\son[a-z]+=|@import|url\((?!.?data:)", page), name
        assert page.count("<h1>") == 1 and page.count('<main id="main">') == 1 and '<html lang="en-GB">' in page
        assert '<a class="skip-link" href="#main">' in page and "<title>" in page
        headings = [int(level) for level in re.findall(r"<h([1-6])[ >]", page)]
        assert headings[0] == 1 and all(b - a <= 1 for a, b in pairwise(headings)), name
        ids = re.findall(r'\sid="([^"]+)"', page)
        assert len(ids) == len(set(ids)), name
        assert "<b>dale" not in page


def test_companions_lead_to_each_other_and_are_marked(made: dict[str, str]) -> None:
    for name, page in made.items():
        if name == "library.html":
            continue
        up = "../" if "/" in name else ""
        links = re.findall(r'<li><a href="([^"]+)">', page.split("</nav>")[0])
        others = [up + path for path in ("index.html", *made) if path not in (name, "library.html")]
        assert sorted(links) == sorted(others)
        assert page.count('aria-current="page"') == 1
        assert "<strong>Illustrative.</strong>" in page and "<strong>Draft.</strong>" in page
    secret = companions(sample_glance.build(restricted=True, draft=False))
    for name, content in secret.items():
        if name.endswith(".html") or name.endswith(".svg"):
            assert b"OFFICIAL-SENSITIVE" in content, name


def test_the_same_report_gives_the_same_bytes_and_its_owners_colours() -> None:
    report = sample_glance.build()
    assert companions(report) == companions(report)
    branded = companions(replace(report, brand=Brand("Merrowdale Council", "data:image/png;base64,AA", "#7a1f5c")))
    page = branded["infographic.html"].decode()
    assert "--brand:#7a1f5c" in page and 'alt="Merrowdale Council"' in page


def test_text_and_its_ground_contrast_in_both_schemes() -> None:
    css = "\n".join(resources.files("report_templates").joinpath("css", name).read_text("utf-8")
                    for name in ("tokens.css", "companion_screen.css"))  # fmt: skip
    light, dark = dict(geometry.PALETTE), {}
    for scheme, text in ((light, css.split("@media (prefers-color-scheme: dark)")[0]),
                         (dark, css.split("@media (prefers-color-scheme: dark)")[1].split("\n}\n")[0])):  # fmt: skip
        scheme.update(re.findall(r"--([a-z0-9-]+):\s*(#[0-9a-f]{6});", text))
    light |= {"text": light["ink"], "text-muted": light["ink-muted"], "accent": light["brand-ink"]}
    dark["accent"] = dark["brand-ink"]
    for scheme in (light, dark):
        for ink in ("text", "text-muted", "accent", "link"):
            for ground in ("page", "card"):
                assert geometry.contrast(scheme[ink], scheme[ground]) >= 4.5, (ink, ground)
        assert geometry.contrast(scheme["notice-text"], scheme["notice"]) >= 4.5
    assert geometry.contrast("#12436d", "#e3edf6") >= 4.5, "a symbol on its plate"


def test_the_statement_has_the_parts_that_the_regulations_ask_and_claims_no_conformance(made: dict[str, str]) -> None:
    page = " ".join(re.sub(r"<[^>]+>", " ", made["accessibility.html"].split("<main")[1]).split())
    for part in ("How accessible this report is", "Feedback and contact information", "Enforcement procedure",
                 "Equality and Human Rights Commission", "Equality Advisory and Support Service", "Compliance status",
                 "Preparation of this accessibility statement", "26 June 2025", "axe-core", "page-validation", "pdfua",
                 "Not yet tested"):  # fmt: skip
        assert part in page, part
    assert "We do not claim that this report meets" in page and "partially compliant" in page
    assert not re.search(r"fully compliant|conforms to|is compliant with", page)
    assert sample_glance.build().governance.owner in page.replace("&#39;", "'")
    unnamed = replace(sample_glance.build().governance, owner="Not yet named")
    other = accessibility.render(sample_glance.build(governance=unnamed)).decode()
    assert "the local authority of Merrowdale" in other and "Not yet named" not in other
