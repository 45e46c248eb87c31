"""All of something, or a named share of it: ALL and RECORD.

Here: complete counts held against the share that is asked for, with the exceptions. Not here: shares of samples
and what chance does to them (`change.py`), things in place (`milestones.py`).

Who is counted is everybody, so no test of chance applies: the share is reached or it is not, decided on the
counts and not on the rounded percentage. A percentage without counts is judged as printed, and that is said.
Where a low figure is wanted (children without a place) the share is of those whom the figure leaves out.
"""

from __future__ import annotations

from fractions import Fraction

from jsna_pipeline.report import formatting
from jsna_pipeline.strategies.question import Question
from jsna_pipeline.strategies.rules import wording
from jsna_pipeline.strategies.rules.estimates import Basis, Estimate, Run, final, own_run
from jsna_pipeline.strategies.rules.periods import time_left
from jsna_pipeline.strategies.verdict import Outcome, Verdict
from jsna_pipeline.vocabulary import Method, Polarity

MOST_EXCEPTIONS = 3  # named in the sentence; the evidence holds them all


def all_of_them(question: Question) -> Outcome:
    """ALL: whether every one (or the target's share) is there, and which ones are not."""
    return _complete(question, "are the exceptions", "is the exception")


def record(question: Question) -> Outcome:
    """RECORD: whether a field is filled in for every one, or for the target's share of them."""
    return _complete(question, "have no record", "has no record")


def _complete(question: Question, several: str, one: str) -> Outcome:
    run = own_run(question)
    if not run.estimates:
        return wording.no_own_figure(question, run)
    now, share = final(question, run), question.target.share
    left = _left_out(question, now)
    share_known = formatting.is_percent(run.unit) and 0 <= now.value <= 100
    if not share_known and not _counts_a_part(run, now):
        return wording.no_data("of a share of all", missing_series="area")
    reached = _reached(question, now, share)
    verdict = Verdict.MET if reached else Verdict.NOT_MET
    told = [_shown(question, run, now, share), _exceptions(question, left, several, one)]
    evidence: dict[str, float | str] = {"value": now.value, "period": now.period, "share": share, "unit": run.unit}
    evidence |= wording.counts(now)
    if left is not None:
        evidence["exceptions"] = left
    if question.reported is not None and question.reported.exceptions:
        evidence["exceptions_named"] = "; ".join(question.reported.exceptions)
    basis = run.basis(now)
    if left is None:
        evidence["basis"] = Basis.PRINTED.value
        told.append("This rests on the printed percentage, without its counts.")
    elif basis is Basis.TESTED:
        evidence["basis"] = "counted"
    if not reached and question.target.due is not None and time_left(question) and _rising(question, run):
        verdict = Verdict.ON_COURSE
        told.append(f"It moves the right way, and the day is {formatting.date_words(question.target.due)}.")
    return wording.outcome(verdict, *told, evidence=evidence)


def _counts_a_part(run: Run, now: Estimate) -> bool:
    """Whether a rate ("5.1 per 1,000") is of people who are among those in its denominator, both counted."""
    if run.method is not Method.RATE or run.events or now.numerator is None or now.denominator is None:
        return False
    return now.denominator > 0 and 0 <= now.numerator <= now.denominator


def _left_out(question: Question, now: Estimate) -> float | None:
    if now.numerator is None or now.denominator is None:
        return None
    return now.numerator if question.polarity is Polarity.LOW else now.denominator - now.numerator


def _reached(question: Question, now: Estimate, share: float) -> bool:
    wanted = Fraction(repr(float(share)))
    left = _left_out(question, now)
    if left is not None and now.denominator:
        there = Fraction(repr(float(now.denominator))) - Fraction(repr(float(left)))
        return 100 * there >= wanted * Fraction(repr(float(now.denominator)))
    printed = Fraction(repr(float(now.value)))
    return (100 - printed if question.polarity is Polarity.LOW else printed) >= wanted


def _rising(question: Question, run: Run) -> bool:
    if len(run.estimates) < 2:
        return False
    change = run.estimates[-1].exact - run.estimates[-2].exact
    return change < 0 if question.polarity is Polarity.LOW else change > 0


def _shown(question: Question, run: Run, now: Estimate, share: float) -> str:
    low = question.polarity is Polarity.LOW
    asked = formatting.measure(100 - share if low else share, "percent", 0 if float(share).is_integer() else 1)
    wanted = f"{asked} is asked for" if share == 100 else f"at least {asked} is asked for"
    if low:
        wanted = "none is to be left" if share == 100 else f"at most {asked} is asked for"
    name, said = formatting.sentence(wording.own_name(run)), wording.figure(run, now)
    if _counts_a_part(run, now):
        said += f" ({formatting.of(now.numerator or 0, now.denominator or 0)})"
    return f"{name}: {said} in {wording.when(question, now.period)}; {wanted}."


def _exceptions(question: Question, left: float | None, several: str, one: str) -> str:
    if not left:
        return ""
    counted = f"{formatting.number(left)} {one if left == 1 else several}"
    named = question.reported.exceptions if question.reported is not None else ()
    if not named:
        return f"{counted}."
    shown = formatting.listed(named[:MOST_EXCEPTIONS])
    return f"{counted}: {shown}{' and others' if len(named) > MOST_EXCEPTIONS else ''}."
