"""Figures that an author typed, found in running words and held against those that the report prints.

Here: what counts as a figure, and whether it agrees. Not here: the printed figures of an area
(`area_figures.py`), or what follows from a disagreement (`checking.py`).

A figure is a percentage, a number of percentage points, a sum of money, a rate, a rank or a count, in digits,
or in words from eleven on ("one in ten" and "five per cent" are figures too; a bare "three" is none). Not
figures are: years and academic years, days and clock times, ages, lengths and limits of time, numbers of lists,
sections, laws, key stages, year groups, grades and tiers, codes and telephone numbers, addresses, and the 95 %
of a confidence interval. A year of four digits is a count only before such a noun as "children", and not after
"in" or "the".

A typed figure agrees where a printed one of the same unit, rounded half up to the digits that were typed, is
the same. Fewer digits may be typed than are printed, never more. "About", "over" or "nearly" before a figure
lets its last zeros be rounding: "nearly 3,000" agrees with 2,966, "over 3,000" does not.

A chapter prints so many figures that almost any whole percentage is one of them, rounded. A figure of one or two
digits is therefore held against the leading ones alone: the present headlines, their counts and comparators.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property
from typing import Literal

import numpy as np

from jsna_pipeline.report import formatting

PERCENT, POINTS, POUNDS, RANK, PLAIN, FREQUENCY = "percent", "points", "pounds", "rank", "plain", "frequency"
Nearness = Literal["", "about", "over", "under"]


@dataclass(frozen=True)
class PrintedFigure:
    """A figure that the report prints: its exact value, and the unit and decimals of its print."""

    value: float
    unit: str
    decimals: int
    about: str = ""  # what it is: "EHC plans issued within 20 weeks, 2024"
    placeholder: str = ""  # how an author may bind it
    leading: bool = True  # a present headline, its count or comparator: see above

    @property
    def text(self) -> str:
        if self.unit == RANK:
            return formatting.ordinal(int(self.value))
        return formatting.measure(self.value, self.unit, self.decimals)


@dataclass(frozen=True)
class TypedFigure:
    """A figure as it was typed, from character `start` up to `end` of the text.

    `step` is the unit of its last digit: 0.1 for 42.6 %, 100,000 for £2.3 million. A frequency, "one in 24", has
    its second number in `of`.
    """

    text: str
    start: int
    end: int
    value: Decimal
    step: Decimal
    kind: str
    signed: bool = False
    nearness: Nearness = ""
    of: int = 0

    @property
    def is_coarse(self) -> bool:
        """Whether one or two digits say all that was typed: 43 %, £2.3 million, one in 24."""
        return self.kind == FREQUENCY or (self.kind != RANK and abs(self.value) < 100 * self.step)


# --- numbers in words --------------------------------------------------------------------------

_ONES = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_TEENS = (
    "ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
WORD_VALUES = (
    {word: number for number, word in enumerate(_ONES, 1)}
    | {word: number for number, word in enumerate(_TEENS, 10)}
    | dict(zip(_TENS, range(20, 100, 10), strict=True))
    | {"a": 1, "an": 1, "hundred": 100, "thousand": 1_000, "million": 1_000_000, "billion": 1_000_000_000}
)
_SMALL = rf"(?:(?:{'|'.join(_TENS)})(?:[-\s](?:{'|'.join(_ONES)}))?|{'|'.join(_TEENS)}|{'|'.join(_ONES)})"
_HUNDREDS = rf"(?:(?:{_SMALL}|a)\s+hundred(?:\s+and\s+{_SMALL})?|{_SMALL})"
_WORDS = rf"(?:(?:{_HUNDREDS}|a)\s+(?:thousand|million|billion)(?:,?\s+(?:and\s+)?{_HUNDREDS})?|{_HUNDREDS})"
_SCALES = {"million": 10**6, "m": 10**6, "billion": 10**9, "bn": 10**9, "thousand": 10**3, "k": 10**3}


def number_in_words(text: str) -> int:
    """Value of a number in English words: "two hundred and fifty" is 250."""
    total = part = 0
    for word in re.split(r"[-\s,]+", text.casefold()):
        value = WORD_VALUES.get(word, 0)
        if value == 100:
            part *= 100
        elif value >= 1_000:
            total, part = total + part * value, 0
        else:
            part += value
    return total + part


# --- numbers that are no figures ---------------------------------------------------------------

_MONTH = rf"(?:{'|'.join(formatting.MONTHS)}|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\b"
_N = rf"(?:\d{{1,3}}|{_SMALL})"
_RANGE = rf"{_N}(?:\s*(?:to|and|or|[-–])\s*{_N})?"
_TIME = r"(?:hours?|days?|weeks?|months?|terms?|years?)\b"
_NO_SHARE = r"(?![\d.,]*\s*(?:%|per[\s-]?cent|percentage))"
_LABEL_NUMBER = rf"(?:\d{{1,3}}(?:\.\d+)*[a-z]?\b{_NO_SHARE}(?:\(\w{{1,3}}\))*)"
_LABELS = (
    r"key\s+stages?|attainment|progress|sections?|s\.|§|chapters?|pages?|paragraphs?|para|clause|part|table|figure|"
    r"regulations?|articles?|annex|appendix|schedule|grades?|levels?|stages?|tiers?|bands?|phase|decile|quintile|"
    r"priority|objective|outcome|measure|action|question|recommendation|standard|version|no\."
)
_NOUNS = (
    r"(?:children|young people|people|pupils|plans|requests|appeals|families|residents|places|assessments|reviews|"
    r"students|learners|births|schools|sessions|referrals|parents|carers)\b"
)
_IGNORE_CASE = (
    r"\d{13,}",  # a code; and no pattern below is given thousands of digits to try
    r"\b[a-z]{2,10}://\S+|\bwww\.\S+|(?<!\S)\S{1,120}@\S+",
    r"\b\d{4}-\d{2}-\d{2}\b|\b\d{1,2}/\d{1,2}/\d{2,4}\b|\b24/7\b",
    r"\b(?:19|20)\d{2}\s?[/–-]\s?(?:\d{4}|\d{2})\b(?!%)",
    r"\b\d{1,2}(?:[:.]\d{2})?\s?(?:am|pm)\b|\b\d{1,2}:\d{1,2}\b|\b1[\s-]to[\s-]1\b|\b50/50\b",
    r"\b95(?:\.0)?\s?(?:%|per cent)\s+(?:confidence|CI\b|intervals?)",
    rf"(?:\b|(?<=\s)|^)(?:{_LABELS})\s?{_LABEL_NUMBER}(?:\s*(?:,|and|to|or|&|[-–/])\s*{_LABEL_NUMBER}(?!,\d))*",
    rf"\bage(?:d|s)?\s+(?:of\s+|between\s+|from\s+|under\s+|over\s+|up to\s+)*{_RANGE}\b\+?",
    rf"\b{_RANGE}[\s-]*years?[\s-]*olds?\b|\b{_RANGE}\s+years?\s+(?:old|of\s+age)\b",
    r"\b(?:under|over|pre|post|rising)(?:-\d{1,2}(?:s|’s|'s)?|\s\d{1,2}(?:s|’s|'s))(?!\w)|\bpost\s16\b",
    rf"\b0\s?(?:to|[-–])\s?\d{{1,2}}\b{_NO_SHARE}|\b\d{{1,2}}\+(?!\w)|\bturn(?:s|ed|ing)?\s+\d{{1,2}}\b",
    rf"\b(?:within|after|every|inside)\s+(?:the\s+|another\s+)?{_RANGE}\s+(?:\w+\s+)?{_TIME}",
    rf"\bthe\s+(?:statutory\s+|legal\s+|last\s+|past\s+|next\s+|first\s+|previous\s+|coming\s+)*{_RANGE}[\s-]+{_TIME}",
    rf"\b(?:last|past|next|first|previous|coming|following)\s+{_RANGE}\s+{_TIME}|\b{_N}-{_TIME}|\b{_N}\s+years?\b",
    r"\b(?:over|more than|longer than|beyond|under|less than|at least)\s+(?:4|6|12|13|15|16|18|20|26|38|52|78|104)"
    r"\s+weeks\b",
    r"(?:^|\n)[ \t]{0,8}\(?\d{1,2}[.)]\s",
    r"(?<=[a-z])-\d+\b",  # COVID-19
    r"(?<![\d,.])0\d{2,}(?:\s\d{2,})*|(?<!\d)\d+(?:\.\d+){2,}",  # telephone numbers; numbered paragraphs
)
# "Year 9" is a group of pupils; "last year 9 schools" is not.
_YEAR_GROUP = rf"(?:[1-9]|[1-4]\d)\b{_NO_SHARE}"
_NO_TIME_WORD = "".join(
    rf"(?<!\b(?i:{word}) )"
    for word in (
        "last", "this", "that", "each", "every", "per", "a", "the", "next", "previous", "past", "one", "school",
        "financial", "academic", "calendar",
    )
)  # fmt: skip
_CASE = (
    rf"\b\d{{1,2}}(?:st|nd|rd|th)?(?:\s?(?:to|and|[-–])\s?\d{{1,2}}(?:st|nd|rd|th)?)?(?:\s+of)?\s+{_MONTH}(?:,?\s+\d{{4}}\b)?",
    rf"\b{_MONTH}\s+\d{{1,2}}(?:(?:st|nd|rd|th)\b|,\s*\d{{4}}\b)|\b{_MONTH}\s+(?:19|20)\d{{2}}\b",
    rf"{_NO_TIME_WORD}\b(?:[Yy]ears?|Weeks?|Quarter)\s+{_YEAR_GROUP}(?:\s*(?:,|and|to|or|[-–/])\s*{_YEAR_GROUP})*",
    r"\b\d{1,3}(?:st|nd|rd|th)\s+(?:century|birthday|edition|anniversary|meeting|year|grade)\b",
)
_NOT_FIGURES = [re.compile(pattern, re.IGNORECASE) for pattern in _IGNORE_CASE] + [re.compile(p) for p in _CASE]
_YEAR = re.compile(
    rf"(?<![\d,.£\w])(?:19|20)\d{{2}}(?![\d\w%]|[,.]\d|\s*(?:%|per[\s-]?cent|percentage))(?!\s+{_NOUNS})", re.IGNORECASE
)
_YEAR_AFTER = re.compile(
    r"\b(?:in|since|from|by|until|to|during|of|the|our|their|its|this|before|after)\s+(?:19|20)\d{2}\b(?![,.]\d)",
    re.IGNORECASE,
)
_BLANK = "\ufffd"


def _without_numbers_of_other_kinds(text: str) -> str:
    """`text` of the same length, with what is no figure blotted out."""
    patterns = [*_NOT_FIGURES, _YEAR_AFTER, _YEAR]
    if "(1)" in text and "(2)" in text:
        patterns = [*patterns, re.compile(r"\(\d{1,2}\)")]
    for pattern in patterns:
        text = pattern.sub(lambda match: _BLANK * len(match[0]), text)
    return text


# --- figures -----------------------------------------------------------------------------------

_DIGITS = r"\d{1,3}(?:[,\u00a0\u2009\u202f]\d{3})+(?!\d)|\d+"
_NUMBER = re.compile(
    rf"(?P<sign>(?<![\w)\]%])[−-])?(?P<pound>£\s?)?(?<![\w.])(?:(?P<digits>{_DIGITS})(?P<fraction>\.\d+)?"
    rf"(?P<scale>(?:bn|m|k)\b|\s?(?:million|billion|thousand)\b)?|\b(?P<words>{_WORDS})\b(?!-?\w))",
    re.IGNORECASE,
)
_POINTS_UNIT = re.compile(r"\s*-?(?:per[\s-]?cent(?:age)?[\s-]+points?|%[\s-]?points?|ppts?|pps?)\b", re.IGNORECASE)
_PERCENT_UNIT = re.compile(r"\s*(?:%|-?per[\s-]?cent\b|pc\b)", re.IGNORECASE)
_ORDINAL = re.compile(r"(?:st|nd|rd|th)\b", re.IGNORECASE)
_PER = re.compile(
    r"(?:\s+\w+){0,2}?\s+(?:per|for every|in every)\s+(?P<base>1?00,000|10,000|1,000|100000|10000|1000|100|"
    r"hundred thousand|ten thousand|thousand|hundred)\b",
    re.IGNORECASE,
)
_FREQUENCY = re.compile(
    rf"\s+(?:in|out of)\s+(?:every\s+)?(?P<of>\d{{1,3}}(?:,\d{{3}})+|\d{{1,6}}|{_SMALL})\b"
    r"(?![,./-]?\d|\s*%|\s*per[\s-]?cent)",
    re.IGNORECASE,
)
_POUNDS = re.compile(r"\s+pounds?\b", re.IGNORECASE)
_CHAIN = re.compile(r"\s*(?:[-–]|,|to|and|or|,\s*and)\s*")
_RANKED = re.compile(r"\b(?:rank(?:s|ed|ing)?|placed|position)\s+(?:number\s+|at\s+|of\s+|as\s+)?$", re.IGNORECASE)
_EXACT: Nearness = ""
_NEAR: tuple[tuple[Nearness, re.Pattern[str]], ...] = (
    ("about", re.compile(r"\b(?:about|around|roughly|approximately|some|close to|approx\.?)\s+(?:an?\s+)?$", re.I)),
    ("over", re.compile(r"\b(?:over|more than|above)\s+$", re.I)),
    ("under", re.compile(r"\b(?:nearly|almost|under|fewer than|less than|below)\s+$", re.I)),
)
_BASES = {"hundred": 100, "thousand": 1_000, "ten thousand": 10_000, "hundred thousand": 100_000}


def typed_figures(text: str) -> tuple[TypedFigure, ...]:
    """The figures of a paragraph, in order. Placeholders have to be taken out of `text` before."""
    plain = _without_numbers_of_other_kinds(text)
    found: list[tuple[TypedFigure, bool]] = []  # with whether its unit stands beside it
    position = 0
    while match := _NUMBER.search(plain, position):
        figure, has_unit = _figure(plain, text, match)
        position = max(figure.end, match.end())
        if position < len(plain) and plain[position].isalpha() and figure.kind == PLAIN:
            continue  # a code such as 3a
        found.append((figure, has_unit))
    return tuple(each for each in _units_shared(found, plain) if not _small_word(each, text))


def _figure(plain: str, text: str, match: re.Match[str]) -> tuple[TypedFigure, bool]:
    value, step = _value(match)
    kind, end, of = _unit(plain, match, value)
    before = plain[max(0, match.start() - 40) : match.start()]
    if kind == PLAIN and _RANKED.search(before):
        kind = RANK
    signed = match["sign"] is not None
    near = next((name for name, words in _NEAR if words.search(before)), _EXACT)
    figure = TypedFigure(
        text[match.start() : end],
        match.start(),
        end,
        -value if signed else value,
        _rounded_step(value, step) if near else step,
        kind,
        signed,
        near,
        of,
    )
    return figure, kind != PLAIN


def _value(match: re.Match[str]) -> tuple[Decimal, Decimal]:
    if match["words"]:
        return Decimal(number_in_words(match["words"])), Decimal(1)
    fraction = match["fraction"] or ""
    scale = Decimal(_SCALES[match["scale"].strip().casefold()] if match["scale"] else 1)
    value = Decimal(re.sub(r"\D", "", match["digits"]) + fraction) * scale
    return value, Decimal(1).scaleb(-max(0, len(fraction) - 1)) * scale


def _unit(plain: str, match: re.Match[str], value: Decimal) -> tuple[str, int, int]:
    """Kind of the number, where it ends with its unit, and the second number of a frequency."""
    end = match.end()
    if match["pound"]:
        return POUNDS, end, 0
    for kind, pattern in ((POINTS, _POINTS_UNIT), (PERCENT, _PERCENT_UNIT), (POUNDS, _POUNDS)):
        if unit := pattern.match(plain, end):
            return kind, unit.end(), 0
    if match["digits"] and not match["fraction"] and (unit := _ORDINAL.match(plain, end)):
        return RANK, unit.end(), 0
    if unit := _PER.match(plain, end):
        base = unit["base"].casefold()
        number = _BASES.get(base) or int(base.replace(",", ""))
        return f"per {number:,}", unit.end(), 0
    if not match["fraction"] and (unit := _FREQUENCY.match(plain, end)):
        of = int(unit["of"].replace(",", "")) if unit["of"][0].isdigit() else number_in_words(unit["of"])
        if 0 < value < of:
            return FREQUENCY, unit.end(), of
    return PLAIN, end, 0


def _rounded_step(value: Decimal, step: Decimal) -> Decimal:
    """The step of a rounded figure: its last zeros are rounding, so that 2,900 has a step of 100."""
    while value and value % (step * 10) == 0 and step * 10 <= abs(value):
        step *= 10
    return step


def _units_shared(found: list[tuple[TypedFigure, bool]], plain: str) -> Iterator[TypedFigure]:
    """Numbers of a range or list take the unit that stands behind its last: "38 to 46 per cent"."""
    kinds = [figure.kind for figure, _ in found]
    for place in range(len(found) - 2, -1, -1):
        figure, has_unit = found[place]
        following = found[place + 1][0]
        joined = _CHAIN.fullmatch(plain[figure.end : following.start]) is not None
        if not has_unit and joined and kinds[place + 1] not in (FREQUENCY, RANK, POUNDS):
            kinds[place] = kinds[place + 1]
    for (figure, _), kind in zip(found, kinds, strict=True):
        yield figure if figure.kind == kind else TypedFigure(**(vars(figure) | {"kind": kind}))


def _small_word(figure: TypedFigure, text: str) -> bool:
    """Whether a figure is a bare "three" or a "one" of the language, and not a statement of number."""
    return figure.kind == PLAIN and figure.value <= 10 and not any(letter.isdigit() for letter in figure.text)


# --- agreement ---------------------------------------------------------------------------------


def kind_of(unit: str) -> str:
    """The kind of a printed figure by its unit."""
    label = formatting.unit_label(unit)
    if unit == RANK:
        return RANK
    if label in ("%", "£"):
        return PERCENT if label == "%" else POUNDS
    if "percentage point" in label or label in ("pp", "ppt"):
        return POINTS
    return label if label.startswith("per ") else PLAIN


class PrintedFigures:
    """The figures that a chapter prints, ready to be searched."""

    def __init__(self, figures: Iterable[PrintedFigure]) -> None:
        self.figures = tuple(dict.fromkeys(figures))

    @cached_property
    def _by_kind(self) -> dict[str, tuple[list[PrintedFigure], np.ndarray]]:
        groups: dict[str, list[PrintedFigure]] = {}
        for figure in self.figures:
            groups.setdefault(kind_of(figure.unit), []).append(figure)
        return {kind: (group, np.array([each.value for each in group], dtype=float)) for kind, group in groups.items()}

    def _of_kind(self, typed: TypedFigure) -> Iterator[tuple[list[PrintedFigure], np.ndarray]]:
        # A rate or a rank is often typed bare, "a rate of 12.3"; a percentage or a sum of money is not.
        bare = {kind for kind in self._by_kind if kind in (PLAIN, RANK) or kind.startswith("per ")}
        kinds = bare if typed.kind == PLAIN else {PERCENT} if typed.kind == FREQUENCY else {typed.kind}
        return (self._by_kind[kind] for kind in sorted(kinds & set(self._by_kind)))

    def agrees(self, typed: TypedFigure, any_figure: bool = False) -> bool:
        """Whether one of the printed figures is the typed one, to the digits that were typed.

        `any_figure` holds a figure of one or two digits against all, not against the leading ones alone.
        """
        leading = typed.is_coarse and not any_figure
        for group, values in self._of_kind(typed):
            for place in self._close(typed, values):
                figure = group[place]
                same = _same_frequency(typed, figure.value) if typed.kind == FREQUENCY else _same(typed, figure)
                if same and (figure.leading or not leading):
                    return True
        return False

    def _close(self, typed: TypedFigure, values: np.ndarray) -> Iterable[int]:
        """Places of figures that may be the typed one; the floats only narrow the search, exact decimals decide."""
        if typed.kind == FREQUENCY:
            return range(len(values))
        held = values if typed.signed else np.abs(values)
        return [
            int(place) for place in np.flatnonzero(np.abs(held - float(typed.value)) <= 1.01 * float(typed.step) + 1)
        ]

    def nearest(self, typed: TypedFigure) -> PrintedFigure | None:
        """The printed figure of the typed one's unit that lies nearest; None where there is none of that unit."""
        value = float(typed.value) if typed.kind != FREQUENCY else 100 * float(typed.value) / typed.of
        best: tuple[float, PrintedFigure] | None = None
        for group, values in self._of_kind(typed):
            distances = np.abs((values if typed.signed else np.abs(values)) - value)
            place = int(distances.argmin())
            if best is None or distances[place] < best[0]:
                best = float(distances[place]), group[place]
        return best[1] if best else None


def _half_up(value: Decimal, step: Decimal) -> Decimal:
    """`value` to a multiple of `step`, halves away from zero, as the report prints it."""
    return (value / step).quantize(Decimal(1), rounding=ROUND_HALF_UP) * step


def _same(typed: TypedFigure, printed: PrintedFigure) -> bool:
    exact = Decimal(repr(float(printed.value)))
    shown = _half_up(exact, Decimal(1).scaleb(-printed.decimals))
    if not typed.signed:
        exact, shown = abs(exact), abs(shown)
    if typed.nearness == "over":
        return typed.value < shown < typed.value + typed.step
    if typed.nearness == "under":
        return typed.value - typed.step < shown < typed.value
    if typed.step < Decimal(1).scaleb(-printed.decimals):
        return typed.value == shown
    # A reader rounds what is printed, an analyst what lies behind it: 42.46 is printed 42.5, and either 42 or 43.
    return typed.value in (_half_up(shown, typed.step), _half_up(exact, typed.step))


def _same_frequency(typed: TypedFigure, percent: float) -> bool:
    """Whether a percentage is "n in m": m hundredths of it round to n, or it is worded so by the report."""
    if not 0 < percent < 100:
        return False
    exact = Decimal(repr(float(percent)))
    if typed.value > 1 and _half_up(exact * typed.of / 100, Decimal(1)) == typed.value:
        return True
    return formatting.one_in(percent) == f"{typed.value} in {typed.of:,}"
