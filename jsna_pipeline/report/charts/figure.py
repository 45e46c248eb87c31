"""What every kind of figure has, and the two things that are done with one: drawing it and tabling its data.

Here: the texts of a figure, the canvas of a drawing, and the functions that each kind registers with. Not
here: any one kind (a module each beside this one) or markup (`report_templates/charts/*.svg.j2`).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import singledispatch
from typing import ClassVar

from jsna_pipeline.report.geometry import Label

DataRows = tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]  # headings, and a row of cells each as printed


@dataclass(frozen=True)
class FigureText:
    """What every figure has: an anchor, the message as its title, and its reading in words."""

    figure_id: str  # unique in the report, used as anchor: "ehcp_within_20_weeks_excl-trend"
    title: str  # the message, as a sentence
    subtitle: str  # what is measured, population and unit
    alternative: str  # text alternative: says what the figure shows, with its key numbers
    source: str  # publisher, publication, release


@dataclass(frozen=True)
class Figure:
    """The data of one figure, final and rounded as printed; each kind adds its own."""

    text: FigureText


@dataclass(frozen=True)
class Drawing:
    """What every chart has: its canvas, its text alternative, and remarks for the caption."""

    width: float
    height: float
    title: str  # the text alternative, first child of the SVG
    labels: tuple[Label, ...]
    notes: tuple[str, ...]
    template: ClassVar[str]  # name of the template that writes it, without its ending


@singledispatch
def draw(figure: Figure) -> Drawing:
    """The drawing of any figure of the report."""
    raise TypeError(f"no drawing is registered for {type(figure).__name__}")


@singledispatch
def data_table(figure: Figure) -> DataRows:
    """The values that a figure draws, one row header a row, for the table under it."""
    raise TypeError(f"no table of data is registered for {type(figure).__name__}")
