"""One series of figures as the target rules read it: an indicator, or what an area reports of itself.

Here: the frozen series and its points. Not here: finding them in the tables (`published_series.py`), or judging
them (`rules/`).
"""

from __future__ import annotations

from dataclasses import dataclass

from jsna_pipeline.vocabulary import Method


@dataclass(frozen=True)
class Point:
    """A figure of one period; `value` is as printed, None where it is missing or withheld.

    `numerator` and `denominator` are the exact counts behind it, None where only the value is published.
    """

    period: str
    value: float | None
    numerator: float | None = None
    denominator: float | None = None


@dataclass(frozen=True)
class Series:
    """Points of equal period types, the oldest first, without a break of definition or boundary between them.

    `multiplier` turns the counts' ratio into the value (100 for percentages). `independent` is false where one
    child may be counted often (sessions, suspensions): such counts bear no test of chance.
    """

    points: tuple[Point, ...]
    method: Method
    unit: str
    decimals: int
    multiplier: float = 100.0
    independent: bool = True
    name: str = ""  # whose figures: "Wigan", "England"

    def at(self, period: str) -> Point | None:
        """The point of a period, None where there is none with a value."""
        return next((point for point in self.points if point.period == period and point.value is not None), None)

    @property
    def valued(self) -> tuple[Point, ...]:
        return tuple(point for point in self.points if point.value is not None)
