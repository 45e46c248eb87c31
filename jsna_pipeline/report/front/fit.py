"""What of page one fits on one page of A4.

Here: how high its parts will stand, and which sentence is left out where they stand too high. Not here: choosing or
wording them. A sentence that is left out stands in its chapter; standards, decisions and what is not known always stay.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from jsna_pipeline.report import formatting, geometry
from jsna_pipeline.report.model import FrontSection, Statement

# Measures of css/page_one.css in points: a page of 270 mm less its heading and the cards of the standards.
ROOM = 568.0
_MM = 72 / 25.4
_SIZE = 8.4
_LINE = _SIZE * 1.23
_COLUMN, _WHOLE, _MARK = 84 * _MM, 169 * _MM, 4.4 * _MM
_HEADING, _GAP, _RULES = 10.4 * 1.18 + 0.5 * _MM, 0.8 * _MM, 3 * _MM
_LEAD = 1 * _MM
# geometry.text_width measures semibold; most of a sentence is set in regular, 3% narrower.
_REGULAR = 0.975
WIDE = ("decisions", "unknowns")  # parts that take the whole width
FEWEST = 1  # sentences that a part keeps


def fitted(sections: Sequence[FrontSection]) -> tuple[FrontSection, ...]:
    """`sections` on one page: the longer column loses its last sentences, the longest part first."""
    kept = list(sections)
    while height(kept) > ROOM:
        columns = _columns(kept)
        longer = max(columns, key=_column_height, default=[])
        able = [part for part in longer if len(part.statements) > FEWEST]
        if not able:
            break
        longest = max(able, key=lambda part: (len(part.statements), _height(part, _COLUMN)))
        kept[kept.index(longest)] = replace(longest, statements=longest.statements[:-1])
    return tuple(kept)


def height(sections: Sequence[FrontSection]) -> float:
    """About how high everything below the standards will stand, in points."""
    wide = [part for part in sections if part.part in WIDE]
    below = sum(_height(part, _WHOLE) for part in wide if part.part != "unknowns")
    below += sum(_in_two_columns(part) for part in wide if part.part == "unknowns")
    return max((_column_height(column) for column in _columns(sections)), default=0.0) + below


def _columns(sections: Sequence[FrontSection]) -> list[list[FrontSection]]:
    """The narrow parts as the template sets them: the first half left, the rest right."""
    narrow = [part for part in sections if part.part not in (*WIDE, "standards")]
    half = (len(narrow) + 1) // 2
    return [narrow[:half], narrow[half:]] if narrow else []


def _column_height(column: Sequence[FrontSection]) -> float:
    return sum(_height(part, _COLUMN) for part in column)


def _height(part: FrontSection, width: float) -> float:
    return _HEADING + _RULES + _lead(part, width) + sum(_statement(one, width) for one in part.statements)


def _in_two_columns(part: FrontSection) -> float:
    heights = [_statement(one, _COLUMN) for one in part.statements]
    rows = [max(heights[start : start + 2]) for start in range(0, len(heights), 2)]
    return _HEADING + _RULES + _lead(part, _WHOLE) + sum(rows)


def _lead(part: FrontSection, width: float) -> float:
    return _lines(part.lead, width) * _LINE + _LEAD if part.lead else 0.0


def _statement(one: Statement, width: float) -> float:
    label = one.label or formatting.TONE_LABELS[one.tone]
    words = [f"{label}." if label else "", one.text, "page 99" if one.anchor else ""]
    return _lines(" ".join(words), width - _MARK) * _LINE + _GAP


def _lines(text: str, width: float) -> int:
    return len(geometry.wrap(text, width, _SIZE * _REGULAR))
