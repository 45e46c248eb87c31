"""The target rules: whether figures, answers or milestones reach what a strategy set out to reach.

Here: one function from a rule and a question to an outcome. Each family of rules has its own module.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from jsna_pipeline.catalogue.strategies import TargetRule
from jsna_pipeline.strategies.question import Question
from jsna_pipeline.strategies.rules import (
    change,
    comparators,
    completeness,
    context,
    equivalence,
    gaps,
    intervention,
    linked,
    milestones,
    months,
    representative,
    value,
)
from jsna_pipeline.strategies.rules.estimates import rests_on_reported
from jsna_pipeline.strategies.verdict import Outcome, Verdict

RULES: Mapping[TargetRule, Callable[[Question], Outcome]] = {
    TargetRule.IN_LINE_OR_BETTER: comparators.in_line_or_better,
    TargetRule.NOT_ABOVE: comparators.not_above,
    TargetRule.GAP_CLOSING_FASTER: gaps.gap_closing_faster,
    TargetRule.REDUCE: partial(change.change_as_wanted, TargetRule.REDUCE),
    TargetRule.INCREASE: partial(change.change_as_wanted, TargetRule.INCREASE),
    TargetRule.REDUCE_WINDOW: change.reduce_window,
    TargetRule.MONTHLY_REDUCE: months.monthly_reduce,
    TargetRule.MAINTAIN_AND_IMPROVE: change.maintain_and_improve,
    TargetRule.VS_PRIOR_TO_INTERVENTION: intervention.vs_prior_to_intervention,
    TargetRule.CONSISTENT: equivalence.consistent,
    TargetRule.LINKED: linked.linked,
    TargetRule.ALL: completeness.all_of_them,
    TargetRule.IN_PLACE: milestones.in_place,
    TargetRule.REPRESENTATIVE: representative.representative,
    TargetRule.RECORD: completeness.record,
    TargetRule.BEST_VALUE: value.best_value,
    TargetRule.CONTEXT: context.context,
}
WITHOUT_FIGURES = frozenset({TargetRule.IN_PLACE, TargetRule.REPRESENTATIVE})
# Rules with several series: which of them are the reported ones nobody can tell, so all count as hidden.
OF_SEVERAL = frozenset({TargetRule.LINKED, TargetRule.CONSISTENT, TargetRule.GAP_CLOSING_FASTER, TargetRule.BEST_VALUE})
HIDDEN_WORDS = {
    Verdict.MET: "The target is met",
    Verdict.ON_COURSE: "It is on course",
    Verdict.NOT_MET: "The target is not met",
    Verdict.CANNOT_TELL: "Whether the target is met cannot be told",
    Verdict.NO_DATA: "There is no figure to compare with",
    Verdict.NO_JUDGEMENT: "It is not judged",
}


def evaluate(rule: TargetRule, question: Question) -> Outcome:
    """What `rule` says of the figures, answers or milestones of `question`.

    Pure. Where it rests on reported counts of 1 to 5 children the verdict stands without any number. ValueError
    only where the question is no such question (a leg wanted neither to increase nor to reduce).
    """
    outcome = RULES[rule](question)
    reported = question.reported
    if reported is not None and reported.hidden and reported.points and _may_show(rule, question):
        words = f"{HIDDEN_WORDS[outcome.verdict]}; the figures are too small to print."
        return Outcome(outcome.verdict, words, {"hidden": "yes", "period": reported.points[-1].period})
    return outcome


def _may_show(rule: TargetRule, question: Question) -> bool:
    """Whether an outcome may hold reported numbers."""
    return rule in OF_SEVERAL or (rule not in WITHOUT_FIGURES and rests_on_reported(question))
