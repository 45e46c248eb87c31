"""The opening of a chapter: what it says, in up to three sentences, the answer first.

Here: choosing the finding that leads a chapter, and saying it, how it compares and what to be careful of. Not here:
the sentences of each section (`findings.py`), or the openings of the chapters that are not the catalogue's
(`report/*_chapter.py`).

The finding that leads is chosen by a fixed rule, so that nobody's taste decides: a statutory standard that is
failed; else, of the measures tested worse than England, the one furthest behind in children; else the one in the
last quarter of authorities that no test can judge; else one that gets worse; else the strongest tested difference.
Of the last quarter and of differences, a measure in a figure goes before one in a table. Nothing older than 24
months leads unless all of the chapter is.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence

from jsna_pipeline.catalogue.chapters import ChapterRecord
from jsna_pipeline.commissioning.prioritisation import RECORDING
from jsna_pipeline.findings import (
    Comparison,
    Facts,
    counts_in_words,
    covers_sentence,
    finding_sentence,
    period_in_words,
    standard_in_short,
)
from jsna_pipeline.report import formatting
from jsna_pipeline.vocabulary import AreaLevel, Comparator, Direction, Judgement, Method, Significance

MOST_WORDS = 29  # of a sentence: under thirty
LAST_QUARTER = 4
TESTED_WORDS = {  # in the order in which they are said
    Significance.WORSE: "worse",
    Significance.SIMILAR: "similar",
    Significance.BETTER: "better",
    Significance.HIGHER: "higher",
    Significance.LOWER: "lower",
}


def opening(record: ChapterRecord, found: Sequence[Facts], open_gaps: int) -> tuple[str, ...]:
    """Up to three sentences on a chapter of which `found` is known, in the catalogue's order.

    `open_gaps` is how many of its questions no source at hand answers. A chapter of which nothing is known opens
    with what it is about.
    """
    lead = leading(found)
    if lead is None:
        said = [_first_sentence(record.introduction), _unanswered(open_gaps)]
    else:
        said = [_finding(lead, found), _beside(lead, found), _caution(found, open_gaps)]
    return tuple(sentence for sentence in said if sentence)


# --- the finding that leads --------------------------------------------------------------------


def leading(found: Iterable[Facts]) -> Facts | None:
    """The finding that leads a chapter; None where nothing is known of it."""
    known = [one for one in found if one.record.id not in RECORDING]
    current = [one for one in known if one.is_current]
    pool = current or known
    return next((chosen for rule in _RULES if (chosen := rule(pool))), None)


def _drawn_first(pool: list[Facts]) -> tuple[list[Facts], list[Facts]]:
    """Measures in a figure, then all: what a chapter is about goes before what it adds in a table."""
    return [one for one in pool if one.record.figures], pool


def _failed(pool: list[Facts]) -> Facts | None:
    """A failed standard, the one that leads page one before the others."""
    failed = [one for one in pool if one.fails_standard and one.record.standard]
    return min(failed, key=lambda one: (one.record.standard.priority, one.record.id), default=None)  # type: ignore[union-attr]


def _furthest_behind(pool: list[Facts]) -> Facts | None:
    worse = [one for one in pool if one.against_england and one.against_england.significance == Significance.WORSE]
    return max(worse, key=lambda one: (abs(one.gap_to_england or 0), strength(one), one.record.id), default=None)


def _last_quarter(pool: list[Facts]) -> Facts | None:
    last = [
        one
        for one in pool
        if one.may_lead
        and one.against_england
        and one.against_england.significance == Significance.NOT_TESTED
        and one.against_england.quartile == LAST_QUARTER
    ]
    for part in _drawn_first(last):
        if part:
            return max(part, key=lambda one: (_share_before(one), one.record.id))
    return None


def _getting_worse(pool: list[Facts]) -> Facts | None:
    worsening = [one for one in pool if one.judgement == Judgement.WORSENING]
    return max(worsening, key=lambda one: (strength(one), one.record.id), default=None)


def _strongest(pool: list[Facts]) -> Facts | None:
    unlike = {Significance.BETTER, Significance.HIGHER, Significance.LOWER}
    tested = [one for one in pool if one.against_england and one.against_england.significance in unlike]
    for part in _drawn_first(tested):
        if part:
            return max(part, key=lambda one: (strength(one), one.record.id))
    return None


def _first(pool: list[Facts]) -> Facts | None:
    """The first that has a share or a rate, else the first."""
    return next((one for one in pool if one.record.method is not Method.COUNT), pool[0] if pool else None)


_RULES: tuple[Callable[[list[Facts]], Facts | None], ...] = (
    _failed,
    _furthest_behind,
    _last_quarter,
    _getting_worse,
    _strongest,
    _first,
)


def strength(one: Facts) -> float:
    """How many times the half-width of its interval the area's value lies from England's; 0 without an interval."""
    england = one.against_england
    if england is None or one.lower is None or one.upper is None:
        return 0.0
    near = one.lower if one.value > england.value else one.upper
    half = abs(one.value - near)
    return abs(one.value - england.value) / half if half else 0.0


def _share_before(one: Facts) -> float:
    england = one.against_england
    return england.rank / england.out_of if england and england.rank and england.out_of else 0.0


# --- its words ---------------------------------------------------------------------------------


def _finding(lead: Facts, found: Sequence[Facts]) -> str:
    """ "In 2024, 204 of 386 plans were issued after 20 weeks; all four statutory standards are not met." """
    if not lead.fails_standard:
        return finding_sentence(lead, counts_in_words(lead))
    late = standard_in_short(lead).rstrip(".")
    judged = [one for one in found if one.record.standard and one.is_current]
    failed = sum(one.fails_standard for one in judged)
    return f"{late}; {_standards(failed, len(judged))}."


def _standards(failed: int, judged: int) -> str:
    """ "none of the four statutory standards is met", "two of the four statutory standards are not met"."""
    if judged == 1:
        return "the law sets a standard, and it is not met"
    if failed == judged:
        return f"none of the {spelt(judged)} statutory standards is met"
    return f"{spelt(failed)} of the {spelt(judged)} statutory standards {'is' if failed == 1 else 'are'} not met"


def _beside(lead: Facts, found: Sequence[Facts]) -> str:
    """How the finding compares, and how many children the chapter is about where there is room to say it."""
    compared = _compared(lead)
    size = _size(lead, found)
    if not compared:
        return covers_sentence(lead) or (f"{formatting.sentence(size)}." if size else "")
    whole = f"{compared}; {size}" if size else compared
    return f"{whole if _words(whole) <= MOST_WORDS else compared}."


def _compared(lead: Facts) -> str:
    england, neighbours = lead.against_england, lead.comparisons.get(Comparator.NEIGHBOURS_MEAN)
    if england is None:
        return ""
    beside = f"{_relation(england)} England ({_printed(lead, england)})"
    if neighbours:
        same = _relation(neighbours) == _relation(england)
        relation = "" if same else f"{_relation(neighbours)} "
        beside += f" and {relation}the mean of its statistical neighbours ({_printed(lead, neighbours)})"
    if not lead.fails_standard:
        return f"That is {beside}{_moved(lead)}"
    value = formatting.measure(lead.value, lead.record.unit, lead.record.decimals)
    return f"The {value} in time is {beside}{_moved(lead)}"


def _moved(lead: Facts) -> str:
    verb = {Direction.INCREASING: "risen", Direction.DECREASING: "fallen"}.get(Direction(lead.direction))
    return f", and has {verb} since {period_in_words(lead, lead.first_period)}" if verb else ""


def _relation(beside: Comparison) -> str:
    match Significance(beside.significance):
        case Significance.NOT_TESTED:
            return "the same as" if beside.difference == 0 else "above" if beside.difference > 0 else "below"
        case Significance.SIMILAR:
            return "similar to"
    return f"{beside.significance} than"


def _printed(lead: Facts, beside: Comparison) -> str:
    return formatting.short_measure(beside.value, lead.record.unit, lead.record.decimals)


def _size(lead: Facts, found: Sequence[Facts]) -> str:
    """ "2,132 children and young people had an EHC plan …": the chapter's first current count, unless it leads."""
    for one in found:
        counted = one.record.method is Method.COUNT and one.is_current and one.area_level is AreaLevel.LOCAL_AUTHORITY
        if counted and one is not lead and one.value not in (lead.numerator, lead.denominator):
            return f"{formatting.number(one.value)} {one.record.phrase}"
    return ""


def _caution(found: Sequence[Facts], open_gaps: int) -> str:
    """How many measures were tested, how they stand, and how much cannot be said."""
    current = [one for one in found if one.is_current]
    told = Counter(one.against_england.significance for one in current if one.against_england)
    tested = sum(told[word] for word in TESTED_WORDS)
    if not tested:
        untested = "No measure here could be tested against England"
        return f"{untested}, and {_questions(open_gaps)} no public answer." if open_gaps else f"{untested}."
    said = f"{_tested(tested, told)}; {_questions(open_gaps)} no public answer" if open_gaps else _tested(tested, told)
    return f"{said}."


def _tested(number: int, told: Counter[str]) -> str:
    """ "Of 26 measures tested against England, 1 is worse and 15 are similar"."""
    parts = [(told[word], said) for word, said in TESTED_WORDS.items() if told[word]]
    if len(parts) == 1:
        said = parts[0][1]
        every = {1: "The one measure", 2: "Both measures"}.get(number, f"All {number} measures")
        verb, than = ("is" if number == 1 else "are"), ("to" if said == "similar" else "than")
        return f"{every} that could be tested {verb} {said} {than} England"
    standing = [f"{count} {'is' if count == 1 else 'are'} {said}" for count, said in parts]
    return f"Of {number} measures tested against England, {formatting.listed(standing)}"


def _questions(number: int) -> str:
    return f"{formatting.counted(number, 'question')} {'has' if number == 1 else 'have'}"


def _unanswered(open_gaps: int) -> str:
    return f"{formatting.sentence(_questions(open_gaps))} no public answer." if open_gaps else ""


def _first_sentence(text: str) -> str:
    return f"{text.split('. ')[0].rstrip('.')}."


def _words(text: str) -> int:
    return len(text.split())


def spelt(number: int) -> str:
    """A number below ten as a word, as sentences print it."""
    words = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
    return words[number] if number < len(words) else formatting.number(number)
