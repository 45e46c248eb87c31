"""The standards that the law sets: those failed first, each with how many were late.

Here: the cards of page one and the same in sentences. Not here: what the law requires (the catalogue's standards).
A comparison with England never makes a failed standard read as good.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from jsna_pipeline.catalogue.indicators import Standard
from jsna_pipeline.findings import Facts
from jsna_pipeline.report import formatting
from jsna_pipeline.report.front import words
from jsna_pipeline.report.model import FrontSection, FrontStatement, StandardCard
from jsna_pipeline.vocabulary import Judgement

HEADING = "Is the law kept?"
MOST = 4
MET, FAILED = "Standard met", "Standard not met"


@dataclass(frozen=True)
class PlainWords:
    name: str  # what the law asks
    missed: str  # what happened to those counted as late
    kept: str  # and to the others


# A standard without an entry goes by its indicator's name.
PLAIN = {
    "ehcp_within_20_weeks_excl": PlainWords("Plans within 20 weeks", "late", "on time"),
    "ehcp_reviews_held": PlainWords("Plans reviewed every year", "missed", "held"),
    "ehcp_review_decision_within_4_weeks": PlainWords("Reviews decided in 4 weeks", "late", "on time"),
    "ehcp_decision_within_6_weeks": PlainWords("Requests decided in 6 weeks", "late", "on time"),
}


def standards(known: Mapping[str, Facts]) -> FrontSection:
    judged = [one for one in known.values() if one.record.standard is not None and one.is_current]
    judged.sort(key=lambda one: (not one.fails_standard, _of(one).priority, one.record.order))
    shown = judged[:MOST]
    return FrontSection(
        HEADING, _lead(judged), tuple(_sentence(one) for one in shown), "standards", tuple(_card(one) for one in shown)
    )


def _lead(judged: list[Facts]) -> str:
    """How many are failed, and which is furthest from what the law asks."""
    if not judged:
        return "No published figure young enough to lead this page tests a legal standard here."
    failed = [one for one in judged if one.fails_standard]
    tested = f"of the {formatting.counted(len(judged), 'legal standard')} with published figures"
    if not failed:
        return f"Each {tested} is met."
    verb = "is" if len(failed) == 1 else "are"
    said = f"None {tested} is met." if len(failed) == len(judged) else f"{len(failed)} {tested} {verb} not met."
    worst = min(failed, key=lambda one: one.value - _of(one).target)
    name = _plain(worst).name
    return f"{said} The law asks for 100%; furthest: {name[:1].lower()}{name[1:]} ({words.figure(worst)})."


def _of(one: Facts) -> Standard:
    if one.record.standard is None:
        raise ValueError(f"{one.record.id} has no statutory standard to report against")
    return one.record.standard


def _plain(one: Facts) -> PlainWords:
    return PLAIN.get(one.record.id, PlainWords(one.record.name, "late", "on time"))


def _counts(one: Facts) -> tuple[str, str]:
    return formatting.number(one.late or 0), formatting.number(one.denominator or 0)


def _sentence(one: Facts) -> FrontStatement:
    late, out_of = _counts(one)
    key = f"{late} of {out_of}"
    beside = f"; {words.beside_england(one)}" if one.against_england else ""
    text = f"{key} {_of(one).late} ({words.figure(one)} {_plain(one).kept}{beside}; {words.when(one)})."
    tone, label = ("fails_standard", FAILED) if one.fails_standard else ("better", MET)
    return FrontStatement(text, tone, label, one.record.id, key)  # type: ignore[arg-type]


def _card(one: Facts) -> StandardCard:
    late, out_of = _counts(one)
    england = one.against_england
    interval = (
        f"; 95% CI {formatting.interval(one.lower, one.upper, one.record.decimals)}" if one.lower is not None else ""
    )
    return StandardCard(
        name=_plain(one).name,
        late=late,
        out_of=out_of,
        missed=_plain(one).missed,
        share=f"{words.figure(one)} {_plain(one).kept}",
        reached=_on_line(one.value),
        england=words.beside_england(one),
        england_at=_on_line(england.value) if england else "",
        met=not one.fails_standard,
        label=FAILED if one.fails_standard else MET,
        detail=f"{formatting.sentence(words.when(one))}{interval}{_trend(one)}. {_law(_of(one).rule)}",
        anchor=one.record.id,
    )


def _trend(one: Facts) -> str:
    """ "; worsening since 2020": over the years that the trend is tested on, which may differ from the last of them."""
    way = {Judgement.IMPROVING: "improving", Judgement.WORSENING: "worsening"}.get(Judgement(one.judgement))
    return f"; {way} since {one.first_period}" if way else ""


def _on_line(percent: float) -> str:
    return formatting.number(min(max(percent, 0.0), 100.0), 1)


def _law(rule: str) -> str:
    """The law that a rule names at its end, in brackets; the whole rule where it names none."""
    named = re.search(r"\(([^()]+)\)\s*$", rule)
    law = named[1] if named else rule
    for long, short in _SHORT_LAW:
        law = law.replace(long, short)
    return law


_SHORT_LAW = (
    ("Special Educational Needs and Disability Regulations", "SEND Regulations"),
    ("regulations ", "regs "),
    ("regulation ", "reg. "),
    ("section ", "s. "),
)
