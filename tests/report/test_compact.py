"""A compact page parses to what the long one does, and nothing that a reader sees is lost."""

from __future__ import annotations

from typing import Any

import pytest
import tinyhtml5
from lxml import html as lxml_html

from jsna_pipeline.report import html
from jsna_pipeline.report.compact import compact
from tests.report import sample_report


def outline(root: Any) -> list[tuple[str, tuple[tuple[str, str], ...], str, str]]:
    """Elements in order with their attributes and the words in and after them."""
    return [
        (element.tag, tuple(sorted(element.attrib.items())), _plain(element.text), _plain(element.tail))
        for element in root.iter()
        if isinstance(element.tag, str)
    ]


def _plain(text: str | None) -> str:
    return " ".join((text or "").split())


@pytest.mark.parametrize(
    "parse", [lambda page: tinyhtml5.parse(page, namespace_html_elements=False), lxml_html.document_fromstring]
)
def test_a_whole_report_parses_to_the_same_elements_and_words(parse: Any) -> None:
    long = html.render_page(
        sample_report.build(), "screen", ("tokens.css", "screen.css", "page_one.css"), lambda table: (table,)
    )
    short = compact(long)
    assert outline(parse(short)) == outline(parse(long))
    assert len(short.encode()) < 0.92 * len(long.encode())
    assert compact(short) == short


@pytest.mark.parametrize(
    ("long", "short"),
    [
        (
            '<table id="t">\n<tbody>\n<tr>\n<th scope="row">A b</th><td>1</td>\n</tr>\n</tbody>\n</table>',
            '<table id="t"><tbody><tr><th scope=row>A b<td>1</table>',
        ),
        ("<ul>\n<li><p>one</p></li>\n<li>two</li>\n</ul>", "<ul>\n<li><p>one\n<li>two\n</ul>"),
        ('<p><strong>A</strong>\n<a href="#b">b</a></p>', "<p><strong>A</strong>\n<a href=#b>b</a></p>"),
        ('<rect x="1" fill="#fff"/>', "<rect x=1 fill=#fff />"),
        (
            '<p class="lead" title="two words" data-x="a=b">x</p>',
            '<p class="lead" title="two words" data-x="a=b">x</p>',
        ),
        (
            "<script>if (a < b) {\n  c = '</li> <li>';\n}</script>",
            "<script>if (a < b) {\n  c = '</li> <li>';\n}</script>",
        ),
        ("<pre>a\n <b>b</b>\n</pre>", "<pre>a\n <b>b</b>\n</pre>"),
    ],
)
def test_only_what_the_parser_supplies_is_left_out(long: str, short: str) -> None:
    assert compact(long) == short


def test_words_stay_apart_where_inline_elements_meet() -> None:
    assert compact("<p><em>one</em> <em>two</em></p>") == "<p><em>one</em> <em>two</em></p>"
    assert compact("<p>a &lt;td&gt; b=&quot;c&quot;</p>") == "<p>a &lt;td&gt; b=&quot;c&quot;</p>"
