"""What the axes of several kinds of chart share: tick labels, a reference line, text on a filled bar.

Here: placing them. Not here: scales, ticks and text widths (`report/geometry.py`) or any one kind of chart.
"""

from __future__ import annotations

from collections.abc import Sequence

from jsna_pipeline.report.geometry import (
    PALETTE,
    WIDTH,
    Label,
    Rule,
    Scale,
    contrast,
    ellipsis,
    text_width,
)


def tick_labels(ticks: Sequence[float], texts: Sequence[str], y: Scale, right: float) -> list[Label]:
    return [
        Label(right, y(tick) + 4.5, text, "end", PALETTE["ink-muted"]) for tick, text in zip(ticks, texts, strict=True)
    ]


def horizontal_tick_labels(ticks: Sequence[float], texts: Sequence[str], x: Scale, baseline: float) -> list[Label]:
    """Tick labels under a horizontal axis; one that would touch its neighbour is left out."""
    labels: list[Label] = []
    for tick, text in zip(ticks, texts, strict=True):
        half = text_width(text) / 2
        centre = min(max(x(tick), half), WIDTH - half)
        label = Label(centre, baseline, text, "middle", PALETTE["ink-muted"])
        if not labels or label.bounds[0] > labels[-1].bounds[2] + 4:
            labels.append(label)
    return labels


def absent_label(text: str, zero: float, left: float, baseline: float) -> Label:
    """Why a bar is absent, in its place: on the side of zero that has more room."""
    room_right, room_left = WIDTH - zero - 6, zero - left - 4
    if room_right >= room_left:
        return Label(zero + 4, baseline, ellipsis(text, room_right), fill=PALETTE["ink-muted"])
    return Label(zero - 4, baseline, ellipsis(text, room_left), "end", PALETTE["ink-muted"])


def contrast_text(fill: str) -> str:
    """Paper or ink, whichever is read better on `fill`."""
    return max((PALETTE["paper"], PALETTE["ink"]), key=lambda colour: contrast(colour, fill))


def vertical_reference(
    value: float | None, label: str, x: Scale, top: float, bottom: float
) -> tuple[Rule | None, list[Label]]:
    if value is None:
        return None, []
    at = x(value)
    rule = Rule(at, top - 2, at, bottom, PALETTE["fails-standard"], 2, "12 3")
    if not label:
        return rule, []
    text = ellipsis(label, WIDTH - 4)
    half = text_width(text) / 2
    centre = min(max(at, half + 2), WIDTH - half - 2)
    return rule, [Label(centre, top - 6, text, "middle", PALETTE["fails-standard"])]
