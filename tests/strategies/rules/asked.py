"""Questions for the target rules, built by hand: series of shares, printed values and events."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from jsna_pipeline.catalogue.strategies import Target, TargetRule
from jsna_pipeline.strategies.question import Question
from jsna_pipeline.strategies.rules import evaluate
from jsna_pipeline.strategies.series import Point, Series
from jsna_pipeline.strategies.verdict import Outcome, Verdict
from jsna_pipeline.vocabulary import Method, Polarity

TODAY = date(2025, 9, 30)
HIGH, LOW, NEITHER = Polarity.HIGH, Polarity.LOW, Polarity.NONE
MET, ON_COURSE, NOT_MET = Verdict.MET, Verdict.ON_COURSE, Verdict.NOT_MET
CANNOT_TELL, NO_DATA, NO_JUDGEMENT = Verdict.CANNOT_TELL, Verdict.NO_DATA, Verdict.NO_JUDGEMENT


def shares(name: str, counts: Mapping[str, tuple[float, float]], **more: Any) -> Series:
    """Percentages with their counts: {"2024": (257, 603)}."""
    points = (Point(period, round(100 * part / whole, 1), part, whole) for period, (part, whole) in counts.items())
    return Series(tuple(points), Method.PROPORTION, "percent", 1, name=name, **more)


def printed(name: str, values: Mapping[str, float | None], unit: str = "score", **more: Any) -> Series:
    """Values published without counts."""
    points = (Point(period, value) for period, value in values.items())
    return Series(tuple(points), more.pop("method", Method.PUBLISHED), unit, more.pop("decimals", 1), name=name, **more)


def events(name: str, values: Mapping[str, float]) -> Series:
    """A rate of events of which one child may have many."""
    return printed(name, values, "per 100", decimals=2, method=Method.RATE, independent=False)


NOTHING = shares("Wigan", {})


def ask(area: Series, polarity: Polarity = HIGH, target: Mapping[str, Any] | None = None, **more: Any) -> Question:
    return Question(area, polarity, Target.model_validate(dict(target or {})), more.pop("today", TODAY), **more)


def answer(rule: str, question: Question) -> Outcome:
    """The outcome, held to what every outcome owes its reader."""
    outcome = evaluate(TargetRule(rule), question)
    text = outcome.sentence
    assert text and text.endswith("."), text
    assert "nan" not in text.split() and "None" not in text and "  " not in text and ".." not in text, text
    for sentence in re.split(r"(?<=\.)\s+(?=[A-Z“0-9])", text):
        assert len(sentence.split()) < 30, sentence
    assert outcome.verdict is CANNOT_TELL or outcome.detectable is None
    if outcome.detectable is not None:
        assert "could not be seen" in text, text
    for value in outcome.evidence.values():
        assert isinstance(value, str) or value == value, outcome.evidence
    return outcome
