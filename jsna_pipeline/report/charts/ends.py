"""Direct labels in a column beside a plot, each at the height of what it names.

Here: how wide the column must be, and placing the labels so that none overlaps, with leaders. Not here: what
they say, which is each kind of chart's own.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from jsna_pipeline.report.geometry import LINE_HEIGHT, Label, Rule, Scale, spread, text_width

NARROWEST_COLUMN, WIDEST_COLUMN = 98.0, 120.0


class EndLabel(NamedTuple):
    """What stands in the column for one line, at the height of its last value."""

    value: float | None
    lines: tuple[str, ...]
    colour: str
    weight: int

    @property
    def height(self) -> float:
        return len(self.lines) * LINE_HEIGHT + 4


def label_column(names: Iterable[str]) -> float:
    """The width of the column: no word of a name need be cut, as long as any authority's is no longer than 120."""
    longest = max((text_width(word) for name in names for word in name.split()), default=0.0)
    return min(max(longest, NARROWEST_COLUMN), WIDEST_COLUMN)


def end_labels(
    ends: Sequence[EndLabel], y: Scale, right: float, top: float, bottom: float
) -> tuple[list[Label], tuple[Rule, ...]]:
    """Direct labels in the column on the right, moved apart, each with a leader from its line's end."""
    wanted = [bottom if end.value is None else y(end.value) for end in ends]
    places = spread(wanted, [end.height for end in ends], top, bottom)
    labels: list[Label] = []
    leaders: list[Rule] = []
    for end, place in zip(ends, places, strict=True):
        labels += [
            Label(right + 12, place + 13.5 + k * LINE_HEIGHT, text, fill=end.colour, weight=end.weight)
            for k, text in enumerate(end.lines)
        ]
        if end.value is not None:
            leaders.append(Rule(right - 6, y(end.value), right + 9, place + end.height / 2, end.colour, 1))
    return labels, tuple(leaders)
