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
from jsna_pipeline.report.charts.diverging import DivergingFigure, DivergingRow, PossibleAnswer
from jsna_pipeline.report.charts.dumbbell import (
    DumbbellFigure,
    DumbbellMark,
    DumbbellPanel,
    DumbbellRow,
    DumbbellSeries,
)
from jsna_pipeline.report.charts.fan import FanFigure, FanPoint, Scenario
from jsna_pipeline.report.charts.figure import Drawing, Figure, FigureText, data_table, draw
from jsna_pipeline.report.charts.flow import FlowFigure, FlowPart, FlowStage, FlowStock
from jsna_pipeline.report.charts.funnel import ControlLimits, FunnelFigure, FunnelPoint
from jsna_pipeline.report.charts.heat import HeatCell, HeatFigure, HeatRow
from jsna_pipeline.report.charts.line import LineFigure, LinePoint, LineSeries, SeriesBreak
from jsna_pipeline.report.charts.map import MapFigure, Place
from jsna_pipeline.report.charts.multiples import MultiplesFigure, Panel
from jsna_pipeline.report.charts.places import Expected, PlaceRow, PlacesFigure
from jsna_pipeline.report.charts.pyramid import PyramidFigure
from jsna_pipeline.report.charts.shares import ShareRow, SharesFigure
from jsna_pipeline.report.charts.spine import SpineFigure, SpineRow
from jsna_pipeline.report.charts.standards import Standard, StandardsFigure
from jsna_pipeline.report.charts.tally import TallyFigure, TallyPoint, TallyRow
from jsna_pipeline.report.charts.tiles import Tile, TileBlock, TilesFigure
from jsna_pipeline.report.charts.tornado import TornadoBar, TornadoFigure
from jsna_pipeline.report.charts.waits import WaitGroup, WaitRow, WaitsFigure

__all__ = [
    "AgeFigure",
    "AgeSeries",
    "Bar",
    "BenchmarkFigure",
    "CompositionFigure",
    "ControlLimits",
    "DivergingFigure",
    "DivergingRow",
    "Drawing",
    "DumbbellFigure",
    "DumbbellMark",
    "DumbbellPanel",
    "DumbbellRow",
    "DumbbellSeries",
    "Expected",
    "FanFigure",
    "FanPoint",
    "Figure",
    "FigureText",
    "FlowFigure",
    "FlowPart",
    "FlowStage",
    "FlowStock",
    "FunnelFigure",
    "FunnelPoint",
    "HeatCell",
    "HeatFigure",
    "HeatRow",
    "LineFigure",
    "LinePoint",
    "LineSeries",
    "MapFigure",
    "MultiplesFigure",
    "Panel",
    "Place",
    "PlaceRow",
    "PlacesFigure",
    "PossibleAnswer",
    "PyramidFigure",
    "Scenario",
    "Segment",
    "SeriesBreak",
    "ShareRow",
    "SharesFigure",
    "SpineFigure",
    "SpineRow",
    "StackedBar",
    "Standard",
    "StandardsFigure",
    "TallyFigure",
    "TallyPoint",
    "TallyRow",
    "Tile",
    "TileBlock",
    "TilesFigure",
    "TornadoBar",
    "TornadoFigure",
    "WaitGroup",
    "WaitRow",
    "WaitsFigure",
    "data_table",
    "draw",
]
