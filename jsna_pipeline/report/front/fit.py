"""What of page one fits on one page of A4.

Here: how high its parts will stand, and which sentence is left out where they stand too high. Not here: choosing or
wording them. A sentence that is left out stands in its chapter; standards and decisions always stay.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from jsna_pipeline.report import formatting, geometry
from jsna_pipeline.report.model import FrontSection, StandardCard, Statement

# Measures of css/page_one.css in points: a page of 270 mm less its heading, its key and the fixed lines of the cards.
ROOM = 603.0
_MM = 72 / 25.4
_SIZE = 8.4
_LINE = _SIZE * 1.2
_COLUMN, _WHOLE, _MARK = 84 * _MM, 169 * _MM, 4.4 * _MM
_HEADING, _GAP, _RULES = 10.4 * 1.18 + 0.5 * _MM, 0.8 * _MM, 2.5 * _MM
_LEAD = 1 * _MM
# geometry.text_width measures semibold; most of a sentence is set in regular, 3% narrower.
_REGULAR = 0.975
WIDE = ("decisions", "unknowns")  # parts that take the whole width
_CARDS = {1: 81 * _MM, 2: 81 * _MM, 3: 52 * _MM, 4: 37 * _MM}  # width within a card, by how many there are
FEWEST = 1  # sentences that a part keeps


def fitted(sections: Sequence[FrontSection]) -> tuple[FrontSection, ...]:
    """`sections` on one page: the longer column loses its last sentences, the longest part first.

    Where no column can lose more, what is not known does: all of it stands in the chapter on data quality.
    """
    kept = list(sections)
    while height(kept) > ROOM:
        columns = _columns(kept)
        longer = max(columns, key=_column_height, default=[])
        unknown = [part for part in kept if part.part == "unknowns"]
        able = [part for part in longer if len(part.statements) > FEWEST]
        able = able or [part for part in unknown if len(part.statements) > FEWEST]
        if not able:
            break
        longest = max(able, key=lambda part: (len(part.statements), _height(part, _COLUMN)))
        kept[kept.index(longest)] = replace(longest, statements=longest.statements[:-1])
    return tuple(kept)


def height(sections: Sequence[FrontSection]) -> float:
    """About how high everything whose length varies will stand, in points."""
    wide = [part for part in sections if part.part in WIDE]
    below = sum(_height(part, _WHOLE) for part in wide if part.part != "unknowns")
    below += sum(_in_two_columns(part) for part in wide if part.part == "unknowns")
    above = sum(_standards(part) for part in sections if part.part == "standards")
    return above + max((_column_height(column) for column in _columns(sections)), default=0.0) + below


def _standards(part: FrontSection) -> float:
    """The verdict, and the small print of the fullest card; without cards their room is not used."""
    width = _CARDS.get(len(part.cards), 0.0)
    lines = [_lines(card.detail, width) + _wraps(card, width) for card in part.cards]
    return _lead(part, _WHOLE) + max(lines, default=0) * _LINE


def _wraps(card: StandardCard, width: float) -> bool:
    """Whether what follows the big number goes into a line of its own."""
    beside = geometry.text_width(f" of {card.out_of} {card.missed}", 9.4)
    return geometry.text_width(card.late, 20) + beside > width


def _columns(sections: Sequence[FrontSection]) -> list[list[FrontSection]]:
    """The narrow parts as the template sets them: the first half left, the rest right."""
    narrow = [part for part in sections if part.part not in (*WIDE, "standards")]
    half = (len(narrow) + 1) // 2
    return [narrow[:half], narrow[half:]] if narrow else []


def _column_height(column: Sequence[FrontSection]) -> float:
    return sum(_height(part, _COLUMN) for part in column)


def _height(part: FrontSection, width: float) -> float:
    leads_to = "Evidence: page 99" if part.part == "decisions" else "page 99"
    return _HEADING + _RULES + _lead(part, width) + sum(_statement(one, width, leads_to) for one in part.statements)


def _in_two_columns(part: FrontSection) -> float:
    heights = [_statement(one, _COLUMN) for one in part.statements]
    rows = [max(heights[start : start + 2]) for start in range(0, len(heights), 2)]
    return _HEADING + _RULES + _lead(part, _WHOLE) + sum(rows)


def _lead(part: FrontSection, width: float) -> float:
    return _lines(part.lead, width) * _LINE + _LEAD if part.lead else 0.0


def _statement(one: Statement, width: float, leads_to: str = "page 99") -> float:
    label = one.label or formatting.TONE_LABELS[one.tone]
    words = [f"{label}." if label else "", one.text, leads_to if one.anchor else ""]
    return _lines(" ".join(words), width - _MARK) * _LINE + _GAP


def _lines(text: str, width: float) -> int:
    return len(geometry.wrap(text, width, _SIZE * _REGULAR))
