"""The sentences of outcomes: figures with their units, differences, periods, and whose they are.

Here: turning estimates and differences into short sentences, and into evidence. Not here: numbers as text
(`report/formatting.py`) or the verdicts.

Every sentence stays under 30 words, so an outcome's text is several of them.
"""

from __future__ import annotations

from collections.abc import Mapping

from jsna_pipeline.report import formatting
from jsna_pipeline.strategies.question import Question
from jsna_pipeline.strategies.rules.estimates import Basis, Difference, Estimate, Run
from jsna_pipeline.strategies.verdict import Outcome, Verdict
from jsna_pipeline.vocabulary import Comparator, Method

WITHOUT_ARTICLE = ("London", "Yorkshire and The Humber", "England")
COMPARATOR_NAMES = {
    Comparator.ENGLAND: "England",
    Comparator.REGION: "the region",
    Comparator.NEIGHBOURS_MEAN: "the mean of its statistical neighbours",
}
ON_PRINTED = "This rests on the printed figures, which bear no test of chance."
NO_TEST = "One child may be counted often, so no test of chance is made."


def own_name(run: Run, default: str = "The area") -> str:
    return run.name or default


def comparator_name(key: str, name: str) -> str:
    """A comparator as a sentence names it: "England", "the North West"."""
    if not name:
        return COMPARATOR_NAMES[Comparator(key)]
    needs = key == Comparator.REGION and name not in WITHOUT_ARTICLE and not name.startswith("the ")
    return f"the {name}" if needs else name


def when(question: Question, period: str) -> str:
    return formatting.period_words(period, question.period_type) if question.period_type else period


def value(run: Run, number: float) -> str:
    return formatting.measure(number, run.unit, run.decimals)


def short_value(run: Run, number: float) -> str:
    """A value beside another of the same unit, which has already been named."""
    return formatting.short_measure(number, run.unit, run.decimals)


def figure(run: Run, one: Estimate) -> str:
    """ "42.6% (257 of 603)": the counts only where they are those of a share of people."""
    text = value(run, one.value)
    people = run.method is Method.PROPORTION and not run.events
    shown = people and one.numerator is not None and one.denominator is not None
    return f"{text} ({formatting.of(one.numerator, one.denominator)})" if shown else text  # type: ignore[arg-type]


def size(run: Run, number: float) -> str:
    """A difference without its sign: "3.8 percentage points", "1.2 per 1,000"."""
    number, decimals = abs(number), run.decimals
    while 0 < number < 0.5 * 10**-decimals and decimals < 4:
        decimals += 1  # a difference that is not nothing is not printed as nothing
    if formatting.is_percent(run.unit):
        return formatting.points(number, decimals)
    return formatting.measure(number, run.unit, decimals)


def limits(run: Run, one: Difference) -> str:
    if one.limits is None:
        return ""
    return f"95% CI {formatting.interval(*one.limits, max(run.decimals, 1))}"


def moved(run: Run, one: Difference) -> str:
    """ "a fall of 3.8 percentage points", "no change"."""
    if one.value == 0:
        return "no change as printed"
    return f"a {'rise' if one.value > 0 else 'fall'} of {size(run, one.value)}"


def then_and_now(question: Question, run: Run, then: Estimate, now: Estimate) -> str:
    return (
        f"{formatting.sentence(own_name(run))}: {figure(run, then)} in {when(question, then.period)} and "
        f"{figure(run, now)} in {when(question, now.period)}."
    )


def beside_change(run: Run, name: str, theirs: Difference, more: Difference) -> str:
    """A comparator's change, and the area's less it: the difference in differences with its interval."""
    shown = limits(run, more)
    return (
        f"For {name} it is {moved(run, theirs)}; the difference in changes is "
        f"{signed(run, more.value)}{f' ({shown})' if shown else ''}."
    )


def signed(run: Run, number: float) -> str:
    """A difference with its sign and, between percentages, its unit."""
    if formatting.is_percent(run.unit):
        return formatting.points(number, run.decimals)
    return formatting.number(number, run.decimals)


def unseen(run: Run, detectable: float | None, what: str = "change") -> str:
    """The sentence that a verdict of `cannot_tell` owes its reader."""
    if detectable is None or detectable != detectable:
        return f"The numbers are too small for any {what} to be seen."
    return f"A {what} of under {size(run, detectable)} could not be seen."


def basis_sentence(basis: Basis) -> str:
    return {Basis.PRINTED: ON_PRINTED, Basis.EVENTS: NO_TEST, Basis.TESTED: ""}[basis]


def joined(*sentences: str) -> str:
    return " ".join(one for one in sentences if one)


def after_the_window(question: Question, run: Run, period: str) -> str:
    """What has become of a figure since the window of a target closed; blank where nothing newer is known."""
    newest = run.estimates[-1]
    if newest.period == period:
        return ""
    return f"After the window it was {figure(run, newest)} in {when(question, newest.period)}."


def no_data(what: str, **evidence: str) -> Outcome:
    """An owned gap; `what` is missing, as the end of "There is no figure …"."""
    return Outcome(Verdict.NO_DATA, f"There is no figure {what}.", {"missing": what, **evidence})


def no_own_figure(question: Question, run: Run) -> Outcome:
    """Nothing published, supplied or answered; or answers of fewer than ten, which are not printed."""
    if run.too_few:
        return Outcome(
            Verdict.CANNOT_TELL,
            f"{formatting.sentence(own_name(run))}: fewer than 10 answered, which is too few to print.",
            {"too_few_answers": "yes"},
        )
    name = own_name(run, question.reported.name if question.reported and question.reported.name else "the area")
    return no_data(f"for {name}: none is published, and none was supplied", missing_series="area")


def change_evidence(run: Run, then: Estimate, now: Estimate, found: Difference) -> dict[str, float | str]:
    evidence: dict[str, float | str] = {
        "value": now.value,
        "period": now.period,
        "baseline": then.value,
        "baseline_period": then.period,
        "difference": found.value,
        "basis": found.basis.value,
        "unit": run.unit,
    }
    return evidence | counts(now) | counts(then, "baseline_") | limits_evidence(found)


def counts(one: Estimate, prefix: str = "") -> dict[str, float | str]:
    found = {f"{prefix}numerator": one.numerator, f"{prefix}denominator": one.denominator}
    return {name: number for name, number in found.items() if number is not None}


def limits_evidence(one: Estimate | Difference, suffix: str = "") -> dict[str, float | str]:
    if one.limits is None:
        return {}
    return {f"lower{suffix}": round(one.limits[0], 4), f"upper{suffix}": round(one.limits[1], 4)}


def outcome(
    verdict: Verdict, *sentences: str, evidence: Mapping[str, float | str], detectable: float | None = None
) -> Outcome:
    """An outcome; what could not have been seen is told only where the verdict is `cannot_tell`."""
    seen = detectable if detectable is not None and detectable == detectable else None
    known = dict(evidence) | ({"detectable": round(seen, 4)} if seen is not None else {})
    return Outcome(verdict, joined(*sentences), known, seen if verdict is Verdict.CANNOT_TELL else None)
