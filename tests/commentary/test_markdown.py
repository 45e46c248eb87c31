"""Markdown of strangers: the structure that is wanted, and nothing that a browser would run."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jsna_pipeline.commentary import markdown

ATTRIBUTES = {("a", "href"), ("a", "rel"), ("ol", "start"), ("mark", "class"), ("span", "class")}


class Page(HTMLParser):
    """What a browser makes of a piece of HTML: its elements, their nesting, its text."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.words: list[str] = []
        self.links: list[str] = []
        self.seen: set[str] = set()
        self.feed(html)
        self.close()
        assert not self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in markdown.TAGS, tag
        assert {(tag, name) for name, _ in attrs} <= ATTRIBUTES, attrs
        self.links += [str(content) for name, content in attrs if name == "href"]
        self.seen.add(tag)
        if tag != "br":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    def handle_comment(self, data: str) -> None:
        raise AssertionError("a comment")

    def handle_decl(self, decl: str) -> None:
        raise AssertionError("a declaration")

    def handle_pi(self, data: str) -> None:
        raise AssertionError("an instruction")

    def unknown_decl(self, data: str) -> None:
        raise AssertionError("a marked section")


def page(words: str) -> Page:
    read = Page(str(markdown.markup(markdown.parse(words)[0])))
    for link in read.links:
        assert link.startswith(("https://", "mailto:")) and not set(link) & set("<>\"' \n\t")
    return read


HOSTILE = [
    "<script>alert(1)</script>",
    "<ScRiPt/src=//x.example></sCrIpT>",
    "<img src=x onerror=alert(1)>",
    "<svg onload=alert(1)><script>alert(1)</script></svg>",
    "<svg><a xlink:href=javascript:alert(1)>x</a></svg>",
    "<math><mi//xlink:href='data:x,<script>alert(4)</script>'>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<style>*{background:url(javascript:alert(1))}</style>",
    "<a href='https://x.example' onclick=alert(1)>x</a>",
    "<!-- <script>alert(1)</script> -->",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<?php echo 1 ?><!DOCTYPE html>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "&#60;script&#62;alert(1)&#x3c;/script&#x3e;",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](java&#10;script:alert(1))",
    "[x](&#106;avascript:alert(1))",
    "[x](<javascript:alert(1)>)",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "[x](vbscript:msgbox(1))",
    "[x](file:///etc/passwd)",
    "[x](http://plain.example/)",
    "[x](//other.example)",
    "[x](https://)",
    "[x](https://user:word@x.example/)",
    "[x](https://x.example/\"onmouseover=alert(1))",
    "[x](https://x.example/?a='><script>alert(1)</script>)",
    "[x](https://x.example 'title\" onmouseover=\"alert(1)')",
    "[x](https://[::1)",
    "[x](mailto:a@b.example?subject=x&body=y)",
    "[x](mailto:a@b.example,c@d.example)",
    "<javascript:alert(1)>",
    "![x](https://x.example/spy.png)",
    "![x](javascript:alert(1))",
    "[x][1]\n\n[1]: javascript:alert(1)",
    "[a](https://x.example/)[b](javascript:b)",
    "[[x](javascript:alert(1))](https://x.example/)",
    "**<b onmouseover=alert(1)>**",
    "*<svg*/onload=alert(1)>",
    "<b><i></b></i></p></div></section></body></html>",
    "</section><h1>Not ours</h1>",
    "{{ <script>alert(1)</script> }}",
    "{{ x }}<script>",
    "[[ 14 <script>alert(1)</script> | source: <img src=x onerror=alert(1)> ]]",
    "{% for x in y %}{{ config }}{% endfor %}",
    "```html\n<script>alert(1)</script>\n```",
    "    <script>alert(1)</script>",
    "`<script>`",
    "| a | b |\n|---|---|\n| <script> | 2 |",
    "> <script>alert(1)</script>\n> - <img src=x>",
    "# <script>alert(1)</script>",
    "\u202e<script>\u202c",
    "\x00<scr\x00ipt>alert(1)</scr\x00ipt>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<" * 3000,
    "[" * 3000,
    "[x](" * 1500,
    "> " * 2000 + "x",
    "*" * 4000,
    "- " * 2000 + "x",
    "&" * 4000,
    "<script>" * 1000,
]  # fmt: skip


@pytest.mark.parametrize("words", HOSTILE)
def test_nothing_of_a_hostile_text_is_run(words: str) -> None:
    read = page(words)
    assert not {"script", "svg", "img", "iframe", "style"} & read.seen
    assert not any("javascript" in link.lower() or "data:" in link.lower() for link in read.links)


@pytest.mark.parametrize("words", HOSTILE[:6])
def test_what_is_neutralised_is_still_seen(words: str) -> None:
    """An author who pastes HTML finds it in the draft, as the text that it is."""
    assert "".join(page(words).words).strip() == words


@given(st.text(alphabet="<>&\"'[]()*_{}|#!-\\`~:/ \nahrefscriptjv:x;=1.>", max_size=200))
def test_any_text_gives_whole_elements_of_the_few_that_are_allowed(words: str) -> None:
    page(words)


@given(st.text(max_size=200))
def test_any_text_at_all(words: str) -> None:
    page(words)


def html(words: str) -> str:
    return str(markdown.markup(markdown.parse(words)[0]))


def test_the_elements_that_are_wanted() -> None:
    assert html("One *two* **three**\nfour  \nfive") == ("<p>One <em>two</em> <strong>three</strong> four<br>five</p>")
    assert html("- a\n- b") == "<ul><li>a</li>\n<li>b</li></ul>"
    assert html("- a\n\n- b") == "<ul><li><p>a</p></li>\n<li><p>b</p></li></ul>"
    assert html("3. a\n4. b") == '<ol start="3"><li>a</li>\n<li>b</li></ol>'
    assert html("> said") == "<blockquote><p>said</p></blockquote>"
    assert html("[law](https://www.legislation.gov.uk/a?b=1&c=2)") == (
        '<p><a href="https://www.legislation.gov.uk/a?b=1&amp;c=2" rel="noopener noreferrer nofollow">law</a></p>'
    )
    assert 'href="mailto:send@example.org"' in html("[write](mailto:send@example.org)")


@pytest.mark.parametrize("marks", range(1, 7))
def test_no_heading_stands_above_those_of_the_report(marks: int) -> None:
    assert html("#" * marks + " Head") == "<h4>Head</h4>"
    assert "<h" not in html("Head\n====\n\nHead\n----")


def test_a_link_that_is_not_printed_is_told_with_its_line() -> None:
    _, faults = markdown.parse("a\n\nb\n[x](http://plain.example/)", first_line=8)
    assert [(fault.line, "https://" in fault.what) for fault in faults] == [(11, True)]
    assert html("[**x** y](javascript:z)") == "<p><strong>x</strong> y</p>"


def test_figures_are_found_inside_any_style_and_know_their_line() -> None:
    blocks, _ = markdown.parse("one\n**{{ a }}** and\n- [[ 4 | source: b ]]\n\n> [{{ c }}](https://x.example)\n{{ d", 3)
    runs = [run for block in markdown.paragraphs(blocks) for run in markdown.runs(block.words)]
    assert [(run.kind, run.text.strip(), run.line) for run in runs if run.kind not in ("text", "break")] == [
        ("bound", "a", 4),
        ("sourced", "4 | source: b", 5),
        ("bound", "c", 7),
        ("loose", "{{", 8),
    ]


def test_the_tree_is_changed_run_by_run_and_stays_a_tree() -> None:
    blocks, _ = markdown.parse("- *a* {{ b }}\n> c")
    changed = markdown.mapped(blocks, lambda run: (markdown.Run(run.text.upper(), run.line),))
    assert str(markdown.markup(changed)) == "<ul><li><em>A</em>  B </li></ul>\n<blockquote><p>C</p></blockquote>"
