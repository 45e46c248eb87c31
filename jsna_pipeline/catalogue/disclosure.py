"""The catalogue of disclosure rules: from which count on a figure may be printed, source by source.

Here: the model of a rule, its loader, and which of several rules is the strictest. Not here: applying a
rule (`jsna_pipeline/disclosure/`), or which return falls under which rule (`catalogue/returns.py`).

Rules form one ladder. A rule with a higher `strictness` is at least as strict in every respect, which the
loader checks; so "the strictest rule of the joined sources" is always one rule and never a mixture.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from itertools import pairwise
from typing import Literal

from pydantic import Field, model_validator

from jsna_pipeline.catalogue.loading import Definition, load_folder
from jsna_pipeline.errors import InputError


class DisclosureRule(Definition):
    """How the figures of one kind of source are protected. Counts `suppress_from`–`suppress_to` are never printed."""

    id: str
    title: str
    reference: str
    reason: str
    strictness: int = Field(ge=0)
    suppress_from: int = Field(ge=0)
    suppress_to: int = Field(ge=0)
    round_to: Literal[1, 5]
    minimum_contributors: int = Field(ge=0, description="persons behind a median, mean, share or sum")
    group_disclosure: bool = Field(description="whether 0 % or 100 % of a sensitive attribute is refused")
    p_percent: float | None = Field(None, gt=0, lt=100, description="p% rule for sums of money")

    @model_validator(mode="after")
    def _coherent(self) -> DisclosureRule:
        if (self.suppress_from == 0) != (self.suppress_to == 0) or self.suppress_from > self.suppress_to:
            raise ValueError("suppress_from and suppress_to are both 0, or a range such as 1 to 5")
        if self.suppresses and self.minimum_contributors <= self.suppress_to:
            raise ValueError("minimum_contributors must exceed suppress_to")
        return self

    @property
    def suppresses(self) -> bool:
        return self.suppress_to > 0

    @property
    def largest_share(self) -> float:
        """The share of a sum, in percent, that its largest contributor may have.

        The p% rule (Hundepool et al. 2012, section 4.2.2) refuses a sum from which the second largest contributor
        can estimate the largest to within p %. That needs both amounts; this bound needs only the largest and
        satisfies the rule whatever the second is: 100 − 2s ≥ p/100 × s.
        """
        return 100.0 if self.p_percent is None else 100 / (2 + self.p_percent / 100)

    def at_least_as_strict_as(self, other: DisclosureRule) -> bool:
        """Whether everything that `other` refuses, this rule refuses too."""
        return (
            self.largest_share <= other.largest_share
            and self.suppress_to >= other.suppress_to
            and (not other.suppresses or 0 < self.suppress_from <= other.suppress_from)
            and self.round_to >= other.round_to
            and self.minimum_contributors >= other.minimum_contributors
            and self.group_disclosure >= other.group_disclosure
        )


@cache
def disclosure_rules() -> dict[str, DisclosureRule]:
    """Every rule by id, from the mildest to the strictest. InputError where the ladder is broken."""
    ladder = sorted(load_folder("disclosure", DisclosureRule).values(), key=lambda rule: rule.strictness)
    for milder, stricter in pairwise(ladder):
        if milder.strictness == stricter.strictness or not stricter.at_least_as_strict_as(milder):
            raise InputError(
                f"catalogue/disclosure/{stricter.id}.yml: strictness is {stricter.strictness}, yet the rule is not "
                f"stricter than {milder.id!r} in every respect; change its place in the order or its limits."
            )
    return {rule.id: rule for rule in ladder}


def strictest(ids: Iterable[str]) -> str:
    """The id of the strictest of the given rules. InputError for an unknown id; ValueError where none is given."""
    rules = disclosure_rules()
    given = set(ids)
    if unknown := sorted(given - rules.keys()):
        raise InputError(f"Disclosure rule {unknown[0]!r} is unknown; the rules are {', '.join(rules)}.")
    return max(given, key=lambda rule_id: rules[rule_id].strictness)
