"""The measures of a chapter that are not drawn, a row each: value, comparators, test and trend.

Here: the table that closes a chapter, and which measures are drawn on paper. Not here: the section behind each row
(`report/assemble.py`) or the words of a finding (`findings.py`).
"""

from __future__ import annotations

from dataclasses import replace

from jsna_pipeline.catalogue.chapters import ChapterRecord
from jsna_pipeline.findings import Comparison, Facts, tone_of
from jsna_pipeline.report import formatting
from jsna_pipeline.report.model import Table
from jsna_pipeline.vocabulary import TOTAL, AreaLevel, Comparator, Direction, Judgement, Significance

LEADING = 2
SHAPES = {"composition", "ages", "pyramid"}
DIRECTION_WORDS = {
    Direction.INCREASING: "Rising",
    Direction.DECREASING: "Falling",
    Direction.NO_CHANGE: "No clear trend",
}


def further_table(record: ChapterRecord, found: list[Facts], area_name: str) -> Table | None:
    """One row for each of `found`, in the order of the chapter."""
    return _table(f"{record.id}-further", f"Further measures: {record.title}", found, area_name)


def drawn_on_paper(found: list[Facts], led: bool) -> frozenset[str]:
    """Of a chapter's measures with figures, in its order, those drawn on paper; the others are rows of its table.

    Those for which the law sets a limit, those that stand out and, of a chapter without figures of the whole (`led`),
    the first and the mixes and shapes, which no row can show.
    """
    return frozenset(
        one.record.id
        for place, one in enumerate(found)
        if one.record.standard or stands_out(one) or (not led and (place < LEADING or SHAPES & set(one.record.figures)))
    )


def paper_table(
    record: ChapterRecord, undrawn: list[Facts], further: list[Facts], area_name: str, full: bool = False
) -> Table | None:
    """On paper: every measure of `undrawn`, and those of `further` that stand out; the note says where the rest are.

    `full`: all of `further`.
    """
    notable = [one for one in further if full or stands_out(one)]
    table = _table(f"{record.id}-paper", f"Other measures: {record.title}", [*undrawn, *notable], area_name)
    left_out = len(further) - len(notable)
    note = (
        "With a figure of each of these, the page beside this document also has "
        f"{formatting.counted(left_out, 'further measure')}: not worse than England, not in the last quarter of "
        "authorities where no test is possible, and not getting worse."
    )
    return replace(table, notes=(note,)) if table and left_out else table


def stands_out(one: Facts) -> bool:
    """Young enough to lead, and bad beside England or over time."""
    if not one.may_lead or one.against_england is None:
        return False
    return one.is_bad_beside_england or one.judgement == Judgement.WORSENING


def _table(table_id: str, caption: str, found: list[Facts], area_name: str) -> Table | None:
    if not found:
        return None
    return Table(
        table_id=table_id,
        caption=caption,
        columns=("Measure", "Period", area_name, "England", "Neighbours (mean)", "Against England", "Trend"),
        rows=tuple(_row(one) for one in found),
        numeric=(False, False, True, True, True, False, False),
        anchors=tuple(one.record.id for one in found),
    )


def _row(one: Facts) -> tuple[str, ...]:
    unit = formatting.unit_label(one.record.unit)
    return (
        f"{named(one)} ({unit})" if unit.startswith("per ") else named(one),
        formatting.sentence(formatting.period_words(one.period, one.period_type)),
        formatting.short_measure(one.value, one.record.unit, one.record.decimals),
        _beside(one, one.comparisons.get(Comparator.ENGLAND)),
        _beside(one, one.comparisons.get(Comparator.NEIGHBOURS_MEAN)),
        _tested(one),
        _trend(one),
    )


def named(one: Facts) -> str:
    """The measure's name with the group that the headline speaks of, and whose figure it is."""
    name = one.record.name
    _, category = one.record.headline_group
    if category != TOTAL:
        name += f": {formatting.category_label(category)}"
    return name if one.area_level is AreaLevel.LOCAL_AUTHORITY else f"{name} ({one.area_name})"


def _beside(one: Facts, comparison: Comparison | None) -> str:
    if comparison is None:
        return formatting.EN_DASH
    return formatting.short_measure(comparison.value, one.record.unit, one.record.decimals)


def _tested(one: Facts) -> str:
    """The word of the test with the rank, so that colour is never needed."""
    england = one.against_england
    if england is None:
        return formatting.EN_DASH
    rank = f", {england.rank} of {england.out_of}" if england.rank and england.out_of else ""
    if england.significance == Significance.NOT_TESTED:
        return f"Not tested{rank}"
    _, words = tone_of(one)
    return words.replace(" than England", "").replace(" to England", "") + rank


def _trend(one: Facts) -> str:
    if one.direction == Direction.CANNOT_BE_CALCULATED:
        return formatting.EN_DASH
    if one.judgement in {Judgement.IMPROVING, Judgement.WORSENING}:
        return formatting.JUDGEMENT_LABELS[Judgement(one.judgement)]
    return DIRECTION_WORDS[Direction(one.direction)]
