"""The report's charts: from a frozen figure to a frozen drawing, one module for each kind.

Here: where the bars, lines, bands, labels and keys of each kind of figure are placed, and the table of what
it draws. Not here: scales, text and palette (`report/geometry.py`), markup (`report_templates/charts/*.svg.j2`),
what an area's figures show (`report/figures.py`, `report/leads/`) or any statistic.

A chart is 360 units wide, so that one drawing serves a phone, half a desktop column and half a page of A4,
where a label of 13 units prints at 11.4 px. Colour is never the only signal: series also differ in weight,
dash, marker, hatching and label. A new kind is a new module, its template, and a line here: importing it
registers it with `draw` and `data_table`.
"""

from jsna_pipeline.report.charts.age import AgeFigure, AgeSeries
from jsna_pipeline.report.charts.benchmark import Bar, BenchmarkFigure
from jsna_pipeline.report.charts.composition import CompositionFigure, Segment, StackedBar
from jsna_pipeline.report.charts.figure import Drawing, Figure, FigureText, data_table, draw
from jsna_pipeline.report.charts.line import LineFigure, LinePoint, LineSeries, SeriesBreak
from jsna_pipeline.report.charts.pyramid import PyramidFigure

__all__ = [
    "AgeFigure",
    "AgeSeries",
    "Bar",
    "BenchmarkFigure",
    "CompositionFigure",
    "Drawing",
    "Figure",
    "FigureText",
    "LineFigure",
    "LinePoint",
    "LineSeries",
    "PyramidFigure",
    "Segment",
    "SeriesBreak",
    "StackedBar",
    "data_table",
    "draw",
]
