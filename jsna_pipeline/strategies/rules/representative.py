"""Whether those who answered are like those who were asked: REPRESENTATIVE.

Here: each group's share among the respondents beside its share of the population, by the 90 % interval. Not
here: weighting (the survey's own module), what the answers say (`change.py`).

Small surveys are not representative for want of numbers to show that they are not. So the test is the one of
equivalence: a group is represented where its interval lies wholly above the least that is acceptable, under-
represented where it lies wholly below, else it cannot be told. The least is the population's share less the
target's margin (ten percentage points by default), and never under half of that share, so that a small group
cannot be passed over. Groups in which a fair sample would have fewer than ten are not judged by what they do
not show; missing clearly, they still count. Groups that answer more than their share are no fault: others are
then under theirs. Groups of fewer than ten respondents are named, and their number is not printed.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from jsna_pipeline.report import formatting
from jsna_pipeline.statistics.detectable import detectable_gaps
from jsna_pipeline.statistics.equivalence import CONFIDENCE
from jsna_pipeline.statistics.proportions import wilson_interval
from jsna_pipeline.strategies.question import Answers, MixGroup, Question
from jsna_pipeline.strategies.rules import wording
from jsna_pipeline.strategies.rules.estimates import FEWEST_COUNTED
from jsna_pipeline.strategies.verdict import Outcome, Verdict

MARGIN = 10.0  # percentage points
LEAST_SHARE = 0.5  # of the population's share
MOST_NAMED = 3


@dataclass(frozen=True)
class Represented:
    """A group with its share of the respondents and the verdict on it."""

    group: MixGroup
    share: float  # percent of the respondents of its dimension
    expected: float  # respondents of a fair sample of the same size
    least: float  # percent that would do
    verdict: Verdict
    seen: float  # percentage points below the population's share that would most likely show


def representative(question: Question) -> Outcome:
    """Whether every group of every dimension answered in numbers near its share of the population."""
    answers = question.answers
    if answers is None or not answers.mix:
        return wording.no_data("of who answered, beside the population that was asked", missing_series="answers")
    groups = [found for part in _dimensions(answers) for found in _represented(question, part)]
    name = formatting.sentence(answers.name or "the area")
    total = max(sum(one.respondents for one in part) for part in _dimensions(answers))
    told = [_respondents(answers, name, total)]
    evidence = _evidence(answers, groups, total)
    if total < FEWEST_COUNTED:
        evidence = {"groups": len(groups), "too_few_answers": "yes"}
        return wording.outcome(
            Verdict.CANNOT_TELL, f"{name}: fewer than 10 answered, which is too few to tell.", evidence=evidence
        )
    under = [one for one in groups if one.verdict is Verdict.NOT_MET]
    unclear = [one for one in groups if one.verdict is Verdict.CANNOT_TELL and one.expected >= FEWEST_COUNTED]
    small = [one for one in groups if one.verdict is Verdict.CANNOT_TELL and one.expected < FEWEST_COUNTED]
    if under:
        told.append(f"Under-represented: {_named(under)}.")
        return wording.outcome(Verdict.NOT_MET, *told, evidence=evidence)
    if unclear or len(small) == len(groups):
        seen = max(one.seen for one in unclear or small)
        told.append(f"Too few to tell for {_named(unclear or small)}.")
        told.append(f"A shortfall of under {formatting.points(seen)} could not be seen.")
        return wording.outcome(Verdict.CANNOT_TELL, *told, evidence=evidence, detectable=seen)
    told.append(f"{formatting.sentence(_of_groups(len(groups) - len(small)))} answered near their share.")
    if small:
        told.append(f"Too small to judge: {_named(small)}.")
    return wording.outcome(Verdict.MET, *told, evidence=evidence)


def _dimensions(answers: Answers) -> list[list[MixGroup]]:
    names = dict.fromkeys(one.dimension for one in answers.mix)
    return [[one for one in answers.mix if one.dimension == name] for name in names]


def _represented(question: Question, groups: Sequence[MixGroup]) -> list[Represented]:
    total = sum(one.respondents for one in groups)
    return [_one(question, group, total) for group in groups if group.population_share > 0]


def _one(question: Question, group: MixGroup, total: int) -> Represented:
    expected = total * group.population_share / 100
    margin = question.target.margin or MARGIN
    least = max(group.population_share - margin, group.population_share * LEAST_SHARE)
    if total == 0:
        return Represented(group, 0.0, 0.0, least, Verdict.CANNOT_TELL, 100.0)
    lower, upper = (100 * float(limit) for limit in wilson_interval(group.respondents, total, CONFIDENCE))
    verdict = Verdict.MET if lower > least else Verdict.NOT_MET if upper < least else Verdict.CANNOT_TELL
    below, _ = detectable_gaps(total, least / 100, confidence=CONFIDENCE)
    seen = group.population_share if math.isnan(below) else group.population_share - least + 100 * float(below)
    return Represented(group, 100 * group.respondents / total, expected, least, verdict, seen)


def _respondents(answers: Answers, name: str, total: int) -> str:
    if not answers.invited:
        return f"{name}: {formatting.counted(total, 'person', 'people')} answered."
    rate = formatting.measure(100 * total / answers.invited, "percent")
    return f"{name}: {formatting.number(total)} of {formatting.number(answers.invited)} answered ({rate})."


def _named(groups: Sequence[Represented]) -> str:
    shown = [one.group.group for one in groups[:MOST_NAMED]]
    rest = len(groups) - len(shown)
    return formatting.listed([*shown, formatting.counted(rest, "other group")] if rest else shown)


def _of_groups(number: int) -> str:
    return "the one group" if number == 1 else f"all {formatting.number(number)} groups"


def _evidence(answers: Answers, groups: Sequence[Represented], total: int) -> dict[str, float | str]:
    evidence: dict[str, float | str] = {"respondents": total, "groups": len(groups)}
    if answers.invited:
        evidence["invited"] = answers.invited
    for one in groups:
        key = f"{one.group.dimension}/{one.group.group}"
        evidence[f"population {key}"] = one.group.population_share
        evidence[f"verdict {key}"] = one.verdict.value
        # The groups of a dimension add up to the whole: one that is left out could be worked out from the rest.
        if _printable(answers, one.group.dimension):
            evidence[f"respondents {key}"] = one.group.respondents
    return evidence


def _printable(answers: Answers, dimension: str) -> bool:
    return all(one.respondents >= FEWEST_COUNTED for one in answers.mix if one.dimension == dimension)
