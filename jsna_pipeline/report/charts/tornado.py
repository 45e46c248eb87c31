"""How far a number moves when one driver at a time takes its low or its high value: the widest bar on top.

Here: the figure, its drawing and its table of data. Not here: which drivers are moved, and how far
(`future/sensitivity.py`).

A bar begins at the middle, where things go on as they have. Low and high values differ in hatching as well as in
shade; what each gives stands at both ends, and which value gives it stands under them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from jsna_pipeline.report import formatting
from jsna_pipeline.report.charts.cells import headed
from jsna_pipeline.report.charts.figure import DataRows, Drawing, Figure, data_table, draw
from jsna_pipeline.report.charts.keys import KeyEntry, flowing_key
from jsna_pipeline.report.geometry import (
    LINE_HEIGHT,
    PALETTE,
    WIDTH,
    Box,
    Label,
    Path,
    Rule,
    Scale,
    hatch,
    text_width,
    wrap,
)


@dataclass(frozen=True)
class TornadoBar:
    """One driver: its low and its high value as printed, and what the number becomes at each."""

    name: str
    low_value: str
    high_value: str
    at_low: float
    at_high: float


@dataclass(frozen=True)
class TornadoFigure(Figure):
    """Drivers, the widest first, round the number that is expected if things go on."""

    unit: str
    decimals: int
    central: float
    central_name: str  # what the middle is: "If things go on"
    bars: tuple[TornadoBar, ...]
    scale: float = 1.0  # what one unit as printed is worth: 1,000,000 for millions


@dataclass(frozen=True)
class TornadoDrawing(Drawing):
    bars: tuple[Box, ...]  # and the swatches of the key
    hatches: tuple[Path, ...]
    rules: tuple[Rule, ...]
    template: ClassVar[str] = "tornado"


_BAR = 14.0
_GAP = 9.0
_END = 5.0  # between the end of a bar and its number


@draw.register
def draw_tornado(figure: TornadoFigure) -> TornadoDrawing:
    """A row a driver: its name, its bar with a number at each end, and the values that give them."""
    key = flowing_key(_key_entries(), 0.0)
    margin = max(
        (text_width(_printed(figure, end)) for one in figure.bars for end in (one.at_low, one.at_high)), default=0.0
    )
    x = _scale(figure, margin + _END + 1)
    labels: list[Label] = [*key.labels, _middle_label(figure, x, key.bottom)]
    bars: list[Box] = list(key.swatches)
    hatches: list[Path] = list(key.marks)
    plumb: list[Rule] = []
    y = key.bottom + LINE_HEIGHT + 6
    for one in figure.bars:
        names = wrap(one.name, WIDTH)
        labels += [Label(0, y + 12 + k * LINE_HEIGHT, name, weight=600) for k, name in enumerate(names)]
        top = y + len(names) * LINE_HEIGHT + 3
        drawn = _bars(figure, one, x, top)
        bars += drawn
        hatches += [Path(lines, stroke=PALETTE["area"], width=1.2) for lines in _hatched(drawn)]
        plumb.append(Rule(x(figure.central), top - 2, x(figure.central), top + _BAR + 2, PALETTE["ink"], 1.5))
        labels += _end_labels(figure, one, x, top)
        said = _value_labels(one, top + _BAR + 13)
        labels += said
        y = max((label.y for label in said), default=top + _BAR) + 4 + _GAP
    return TornadoDrawing(
        width=WIDTH,
        height=y,
        title=figure.text.alternative,
        labels=tuple(labels),
        notes=("Bars begin at the middle, not at zero. One driver moves at a time.",),
        bars=tuple(bars),
        hatches=tuple(hatches),
        rules=tuple(plumb),
    )


def _scale(figure: TornadoFigure, margin: float) -> Scale:
    """From the lowest to the highest number, with room for a label at each end."""
    values = [figure.central, *(end for one in figure.bars for end in (one.at_low, one.at_high))]
    low, high = min(values), max(values)
    if high - low <= 1e-9 * max(abs(high), abs(low), 1.0):
        low, high = low - 1.0, high + 1.0
    return Scale(low, high, margin, WIDTH - margin)


def _printed(figure: TornadoFigure, value: float) -> str:
    return formatting.short_measure(value / figure.scale, figure.unit, figure.decimals)


def _middle_label(figure: TornadoFigure, x: Scale, top: float) -> Label:
    """The number that is expected, over the middle of all bars or as near as the canvas allows."""
    text = f"{figure.central_name}: {_printed(figure, figure.central)}"
    half = text_width(text) / 2
    centre = min(max(x(figure.central), half + 1), WIDTH - half - 1)
    return Label(centre, top + 13, text, "middle", PALETTE["ink"], 600)


def _bars(figure: TornadoFigure, one: TornadoBar, x: Scale, top: float) -> list[Box]:
    """The low value's bar pale, to be hatched, then the high value's; one over the other where both go one way."""
    together = (one.at_low - figure.central) * (one.at_high - figure.central) > 0
    height = _BAR / 2 if together else _BAR
    made = []
    for place, (value, fill) in enumerate(((one.at_low, PALETTE["area-band"]), (one.at_high, PALETTE["area"]))):
        left, right = sorted((x(figure.central), x(value)))
        made.append(
            Box(
                left,
                top + (place * height if together else 0.0),
                max(right - left, 0.01),
                height,
                fill,
                PALETTE["area"],
            )
        )
    return made


def _hatched(drawn: Sequence[Box]) -> list[str]:
    """Lines over the low value's bar, if it is wide enough for one."""
    low = drawn[0]
    lines = hatch(Box(low.x, low.y, low.width, low.height, "none"), rising=True, gap=5.0) if low.width > 2 else ""
    return [lines] if lines else []


def _ends(one: TornadoBar) -> tuple[tuple[float, str], tuple[float, str]]:
    """What the lower and the higher number are, and which value of the driver gives each."""
    low, high = sorted(((one.at_low, one.low_value), (one.at_high, one.high_value)), key=lambda end: end[0])
    return low, high


def _end_labels(figure: TornadoFigure, one: TornadoBar, x: Scale, top: float) -> list[Label]:
    (low, _), (high, _) = _ends(one)
    left, right = min(x(low), x(figure.central)), max(x(high), x(figure.central))
    baseline = top + _BAR / 2 + 4.5
    return [
        Label(left - _END, baseline, _printed(figure, low), "end"),
        Label(right + _END, baseline, _printed(figure, high)),
    ]


def _value_labels(one: TornadoBar, baseline: float) -> list[Label]:
    """The value that gives the lower number on the left, the other on the right, each in half the width."""
    (_, low), (_, high) = _ends(one)
    room = WIDTH / 2 - 6
    return [
        Label(0 if anchor == "start" else WIDTH - 1, baseline + k * LINE_HEIGHT, line, anchor, PALETTE["ink-muted"])  # type: ignore[arg-type]
        for text, anchor in ((low, "start"), (high, "end"))
        for k, line in enumerate(wrap(text, room))
    ]


def _key_entries() -> list[KeyEntry]:
    return [
        KeyEntry("At the low value", PALETTE["area-mid"], PALETTE["area"], shape="hatched"),
        KeyEntry("At the high value", PALETTE["area"]),
    ]


@data_table.register
def tornado_data(figure: TornadoFigure) -> DataRows:
    """One row a driver: both values, what each gives, and how far apart that is."""
    unit = formatting.unit_label(figure.unit)
    rows = tuple(
        (
            one.name,
            one.low_value,
            _cell(figure, one.at_low),
            one.high_value,
            _cell(figure, one.at_high),
            _cell(figure, abs(one.at_high - one.at_low)),
        )
        for one in figure.bars
    )
    return ("Driver", "Low value", headed("At low", unit), "High value", headed("At high", unit), "Apart"), rows


def _cell(figure: TornadoFigure, value: float) -> str:
    return formatting.number(value / figure.scale, figure.decimals)
