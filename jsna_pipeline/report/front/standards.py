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
from jsna_pipeline.vocabulary import Judgement, Significance

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


def standards(known: Mapping[str, Facts], asked: str = "") -> FrontSection:
    """The cards, failed ones first; `asked` ends the verdict: how many decisions are sought, and by when."""
    judged = [one for one in known.values() if one.record.standard is not None and one.is_current]
    judged.sort(key=lambda one: (not one.fails_standard, _of(one).priority, one.record.order))
    shown = judged[:MOST]
    return FrontSection(
        HEADING,
        _lead(judged, asked),
        tuple(_sentence(one) for one in shown),
        "standards",
        tuple(_card(one) for one in shown),
    )


def furthest(known: Mapping[str, Facts]) -> Facts | None:
    """The failed standard that is furthest from what the law asks."""
    failed = [one for one in known.values() if one.is_current and one.fails_standard]
    return min(failed, key=lambda one: (one.value - _of(one).target, one.record.id), default=None)


def standard_name(one: Facts) -> str:
    """ "reviews decided in 4 weeks": what the law asks, within a sentence."""
    name = _plain(one).name
    return f"{name[:1].lower()}{name[1:]}"


def _lead(judged: list[Facts], asked: str) -> str:
    """The verdict: how many are missed, which by most, and what is asked for."""
    if not judged:
        return "No published figure young enough to lead this page tests a legal standard here."
    failed = [one for one in judged if one.fails_standard]
    worst = furthest({one.record.id: one for one in judged})
    said = [_verdict(len(failed), len(judged)), *([_worst(worst)] if worst else []), *([asked] if asked else [])]
    return " ".join(said)


def _verdict(failed: int, judged: int) -> str:
    if judged == 1:
        return f"The one legal standard with a published figure is {'missed' if failed else 'met'}."
    standards_ = "legal standards with published figures"
    if failed in {0, judged}:
        number = "Both" if judged == 2 else f"All {words.number_word(judged)}"
        return f"{number} {standards_} are {'missed' if failed else 'met'}."
    verb = "is" if failed == 1 else "are"
    number = formatting.sentence(words.number_word(failed))
    return f"{number} of the {words.number_word(judged)} {standards_} {verb} missed."


def _worst(one: Facts) -> str:
    """Beside England only where it is worse there: nothing softens a standard that is not met."""
    late, out_of = _counts(one)
    england = one.against_england
    worse = ", worse than England" if england and england.significance == Significance.WORSE else ""
    return f"Furthest: {standard_name(one)}, {late} of {out_of} {_plain(one).missed}{worse}."


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
    text = f"{key} {_of(one).late} ({words.figure(one)} {_plain(one).kept}, {words.when(one)}){beside}."
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
        england=formatting.sentence(words.beside_england(one)),
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
