"""The page in fewer bytes: the same document written without what HTML lets an author leave out.

Here: white space between blocks, optional end tags and quotes that an HTML parser supplies itself, so that
templates can be written legibly and 20,000 cells still load at once on a phone. Not here: content (`html.py`,
templates): what a parser reads before and after is the same, which a test holds for a whole report.

The input is what autoescaped templates give: no `<` or `>` stands inside text or an attribute.
"""

from __future__ import annotations

import re

# Text whose white space or `<` has a meaning of its own.
_KEPT = re.compile(r"(<(style|script|pre|textarea)\b.*?</\2>)", flags=re.DOTALL)

# Between these white space says nothing. Between other blocks a line break stays, so that whoever takes the words out
# of the page still finds them apart.
_TIGHT = "table|caption|thead|tbody|tr|th|td|dt|dd|svg|g|title|path|rect|line|circle|ellipse|polyline|polygon|text"
_BLOCKS = (
    "html|head|meta|link|body|header|main|nav|footer|section|aside|article|div|p|h[1-6]|ul|ol|li|dl|"
    "blockquote|figure|figcaption|details|summary|form"
)
_AFTER_TIGHT = re.compile(rf"(</?(?:{_TIGHT})\b[^<>]*>)\s+(?=<)")
_BEFORE_TIGHT = re.compile(rf"(?<=>)\s+(?=</?(?:{_TIGHT})\b)")
_BLANK_LINES = re.compile(rf"(</?(?:{_BLOCKS})\b[^<>]*>)\s+(?=<)")

# End tags that the next tag implies (HTML, 13.1.2.4 "Optional tags").
_CLOSERS = "div|li|dd|td|th|blockquote"
_FLOW = "p|div|ul|ol|dl|table|blockquote|h[1-6]"
_IMPLIED = re.compile(
    r"</t[dh]>(?=<t[dh]\b|</tr>)"
    r"|</tr>(?=<tr\b|</tbody>|</thead>)"
    r"|</thead>(?=<tbody\b)|</tbody>(?=</table>)"
    r"|</li>(?=\n?(?:<li\b|</[uo]l>))"
    r"|</dt>(?=<d[dt]\b)|</dd>(?=<d[dt]\b|</dl>)"
    rf"|</p>(?=\n?(?:<(?:{_FLOW})\b|</(?:{_CLOSERS})>))"
)
_TAG = re.compile(r"<[a-zA-Z][^<>]*>")
# `class` and `id` keep their quotes: people search the source for them.
_QUOTED = re.compile(r"""(?<! class)(?<! id)="([^"'`=<>\s]+)"(\s*/>)?""")


def compact(page: str) -> str:
    """`page` as a shorter document that parses to the same elements, attributes and words."""
    parts = _KEPT.split(page)
    # `split` gives text, kept block, its tag name, text, …
    return "".join(_compact(part) if place % 3 == 0 else part for place, part in enumerate(parts) if place % 3 != 2)


def _compact(markup: str) -> str:
    markup = _AFTER_TIGHT.sub(r"\1", markup)
    markup = _BEFORE_TIGHT.sub("", markup)
    markup = _BLANK_LINES.sub("\\1\\n", markup)
    markup = _IMPLIED.sub("", markup)
    return _TAG.sub(lambda tag: _QUOTED.sub(_unquoted, tag[0]), markup)


def _unquoted(found: re.Match[str]) -> str:
    # A slash right behind an unquoted value would be read as part of it.
    return f"={found[1]} />" if found[2] else f"={found[1]}"
