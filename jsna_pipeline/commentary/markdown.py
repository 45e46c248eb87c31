"""Markdown of a commentary as a small tree, and the tree as markup that is safe to print.

Here: the few elements that a commentary may have, and the only place where they become HTML. Not here: what
its figures say (`checking.py`), or the box around them (`report_templates/`).

Safety is by construction. The Markdown library only finds the structure: its renderer is never used. Each
text is escaped, each element is one of `TAGS`, and an address is checked before it becomes a link. Raw HTML,
images, code, tables and reference links are no elements here: they are printed as the text they are.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Literal
from urllib.parse import urlsplit

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from markupsafe import Markup, escape

from jsna_pipeline.commentary.placeholders import LONGEST

TAGS = frozenset({"p", "h4", "ul", "ol", "li", "blockquote", "strong", "em", "a", "br", "mark", "span"})
LONGEST_ADDRESS = 500
# What the Markdown library may find; every other rule of it is off.
_RULES = (
    "normalize", "block", "inline", "text_join", "paragraph", "heading", "list", "blockquote", "hr",
    "text", "newline", "escape", "emphasis", "link", "autolink", "entity", "balance_pairs", "fragments_join",
)  # fmt: skip
_BLOCKS = {
    "paragraph_open": "p",
    "heading_open": "h4",  # below the report's own headings, however many marks the author writes
    "bullet_list_open": "ul",
    "ordered_list_open": "ol",
    "list_item_open": "li",
    "blockquote_open": "blockquote",
}
_STYLES = {"strong_open": "strong", "em_open": "em", "link_open": "a"}
# Marks that turn the direction of writing, and control characters: they would hide what a text says.
_UNSEEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufffc\ufffe\uffff]"
)

Kind = Literal["text", "break", "bound", "sourced", "loose", "printed", "missing", "disputed"]


@dataclass(frozen=True)
class Run:
    """A piece of text of one kind on one line; `bound`, `sourced` and `loose` are still to be filled."""

    text: str
    line: int
    kind: Kind = "text"


@dataclass(frozen=True)
class Styled:
    """Runs that are stressed, strongly stressed, or linked."""

    tag: str
    parts: tuple[Run | Styled, ...]
    address: str = ""


Inline = Run | Styled


@dataclass(frozen=True)
class Block:
    """A paragraph or heading with words, or a list, item or quotation with blocks."""

    tag: str  # blank for the words of an item whose list is set tight
    words: tuple[Inline, ...] = ()
    blocks: tuple[Block, ...] = ()
    start: int = 1  # of an ordered list


@dataclass(frozen=True)
class Fault:
    line: int
    what: str


def without_unseen(text: str) -> str:
    """`text` without characters that nobody sees."""
    return _UNSEEN.sub("", text)


def parse(words: str, first_line: int = 1) -> tuple[tuple[Block, ...], tuple[Fault, ...]]:
    """The tree of `words`, and faults by line of the file on whose line `first_line` they begin."""
    tokens = _parser().parse(without_unseen(words))
    reader = _Reader(first_line)
    return reader.blocks(iter(tokens)), tuple(reader.faults)


# --- the Markdown library ----------------------------------------------------------------------


def _figure_rule(state: StateInline, silent: bool) -> bool:
    """`{{ … }}` and `[[ … ]]`, before anything between their marks is read as a link or a stress."""
    opening = state.src[state.pos : state.pos + 2]
    if opening not in ("{{", "[["):
        return False
    closing = "}}" if opening == "{{" else "]]"
    end = state.src.find(closing, state.pos + 2, min(state.posMax, state.pos + LONGEST))
    if not silent:
        token = state.push("loose" if end < 0 else "bound" if opening == "{{" else "sourced", "", 0)
        token.content = opening if end < 0 else state.src[state.pos + 2 : end]
    state.pos = state.pos + 2 if end < 0 else end + 2
    return True


@cache
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False, "linkify": False, "typographer": False, "maxNesting": 12})
    rules = parser.get_all_rules()
    parser.disable([rule for chain in rules.values() for rule in chain if rule not in _RULES], ignoreInvalid=True)
    parser.inline.ruler.before("link", "figure", _figure_rule)
    parser.validateLink = lambda url: True  # type: ignore[method-assign] # `safe_address` decides, and tells
    return parser


class _Reader:
    """Tokens of the Markdown library as blocks, with the faults met on the way."""

    def __init__(self, first_line: int) -> None:
        self.line = first_line
        self.first_line = first_line
        self.faults: list[Fault] = []

    def blocks(self, tokens: Iterator[Token]) -> tuple[Block, ...]:
        """Blocks up to the end of the element that the caller has opened."""
        found: list[Block] = []
        for token in tokens:
            if token.nesting < 0:
                break
            if token.type in ("paragraph_open", "heading_open"):
                found.append(Block("" if token.hidden else _BLOCKS[token.type], words=self._words(tokens)))
            elif token.type in _BLOCKS:
                start = int(token.attrGet("start") or 1)
                found.append(Block(_BLOCKS[token.type], blocks=self.blocks(tokens), start=start))
        return tuple(found)

    def _words(self, tokens: Iterator[Token]) -> tuple[Inline, ...]:
        inline = next(tokens)
        next(tokens)  # the end of the paragraph or heading
        self.line = self.first_line + (inline.map[0] if inline.map else 0)
        return self._inlines(iter(inline.children or []))

    def _inlines(self, tokens: Iterator[Token]) -> tuple[Inline, ...]:
        found: list[Inline] = []
        for token in tokens:
            if token.nesting < 0:
                break
            if token.type in _STYLES:
                found += self._styled(token, tokens)
            elif token.type in ("softbreak", "hardbreak"):
                found.append(Run(" ", self.line) if token.type == "softbreak" else Run("\n", self.line, "break"))
                self.line += 1
            elif token.type in ("bound", "sourced", "loose"):
                found.append(Run(token.content, self.line, token.type))  # type: ignore[arg-type]
                self.line += token.content.count("\n")
            elif token.content:
                found.append(Run(token.content, self.line))
        return tuple(found)

    def _styled(self, token: Token, tokens: Iterator[Token]) -> tuple[Inline, ...]:
        line = self.line
        tag, parts = _STYLES[token.type], self._inlines(tokens)
        if tag != "a":
            return (Styled(tag, parts),)
        address = str(token.attrGet("href") or "")
        if safe_address(address):
            return (Styled(tag, parts, address),)
        self.faults.append(Fault(line, "a link is printed as plain text; links begin with https:// or mailto:"))
        return parts


def safe_address(address: str) -> bool:
    """Whether an address may become a link: https with a host, or mailto, and nothing hidden in it."""
    if len(address) > LONGEST_ADDRESS or re.search(r"[\s\\<>\"'`{}\x00-\x1f]", address):
        return False
    try:
        parts = urlsplit(address)
        host = parts.hostname
    except ValueError:  # a host in odd brackets
        return False
    if parts.scheme == "mailto":
        return re.fullmatch(r"[^@\s?&%]+@[A-Za-z0-9.-]+", parts.path) is not None and not parts.query
    return parts.scheme == "https" and bool(host) and "@" not in parts.netloc


# --- walking and printing ----------------------------------------------------------------------


def paragraphs(blocks: Sequence[Block]) -> Iterator[Block]:
    """Every block that has words, in order."""
    for block in blocks:
        if block.words:
            yield block
        yield from paragraphs(block.blocks)


def runs(words: Sequence[Inline]) -> Iterator[Run]:
    """The runs of a paragraph, in order, whatever their style."""
    for each in words:
        if isinstance(each, Run):
            yield each
        else:
            yield from runs(each.parts)


def mapped(blocks: Sequence[Block], change: Callable[[Run], Sequence[Run]]) -> tuple[Block, ...]:
    """The tree with each run replaced; runs come in the order in which they are printed."""

    def inlines(words: Sequence[Inline]) -> Iterator[Inline]:
        for each in words:
            if isinstance(each, Run):
                yield from change(each)
            else:
                yield replace(each, parts=tuple(inlines(each.parts)))

    return tuple(
        replace(block, words=tuple(inlines(block.words)), blocks=mapped(block.blocks, change)) for block in blocks
    )


def markup(blocks: Sequence[Block]) -> Markup:
    """The tree as HTML. Whatever the words hold, only elements of `TAGS` come out."""
    return Markup("\n").join(_block(block) for block in blocks)


_PRINTED = {
    "break": Markup("<br>"),
    "disputed": Markup('<mark class="disputed">{}</mark>'),
    "missing": Markup('<span class="missing-figure">{}</span>'),
}
_OPENED = {tag: (Markup("<%s>") % tag, Markup("</%s>") % tag) for tag in TAGS}
_LINK = Markup('<a href="{}" rel="noopener noreferrer nofollow">{}</a>')
_NUMBERED = Markup('<ol start="{}">{}</ol>')


def _block(block: Block) -> Markup:
    inside = _inlines(block.words) + markup(block.blocks)
    if not block.tag:
        return inside
    if block.tag == "ol" and block.start != 1:
        return _NUMBERED.format(block.start, inside)
    opening, closing = _OPENED[block.tag]
    return opening + inside + closing


def _inlines(words: Sequence[Inline]) -> Markup:
    return Markup("").join(_inline(each) for each in words)


def _inline(each: Inline) -> Markup:
    if isinstance(each, Run):
        return _PRINTED[each.kind].format(each.text) if each.kind in _PRINTED else escape(each.text)
    if each.tag == "a":
        return _LINK.format(each.address, _inlines(each.parts))
    opening, closing = _OPENED[each.tag]
    return opening + _inlines(each.parts) + closing
