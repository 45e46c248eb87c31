"""Geometry: scales, breaks, labels that neither overlap nor leave the canvas, and drawings as sound SVG."""

from __future__ import annotations

import re
from dataclasses import fields, replace
from importlib import resources
from io import BytesIO
from itertools import pairwise

import pytest
from fontTools.ttLib import TTFont
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from jsna_pipeline.report import charts, geometry, html
from jsna_pipeline.report.charts import age as age_kind
from jsna_pipeline.report.charts import benchmark as benchmark_kind
from jsna_pipeline.report.charts import composition as composition_kind
from jsna_pipeline.report.charts import line as line_kind
from jsna_pipeline.report.charts import pyramid as pyramid_kind
from tests.report import sample_report

SVG = "{http://www.w3.org/2000/svg}"
REPORT = sample_report.build()
FIGURES = list(html.figures(REPORT))
AREA_NAMES = st.sampled_from(
    ["Wigan", "Bournemouth, Christchurch and Poole", "Westmorland and Furness", "Llanfairpwllgwyngyllgogerychwyrn"]
)
VALUES = st.floats(0, 100).map(lambda value: round(value, 1))


def text(name: str = "figure") -> charts.FigureText:
    return charts.FigureText(name, "Title", "Subtitle", "What it shows", "Source")


def points(values: list[float | None]) -> tuple[charts.LinePoint, ...]:
    def point(i: int, value: float | None) -> charts.LinePoint:
        period = f"{2010 + i}/{(11 + i) % 100:02d}"
        limits = (None, None) if value is None else (max(value - 3, 0), min(value + 3, 100))
        return charts.LinePoint(period, value, *limits)

    return tuple(point(i, value) for i, value in enumerate(values))


def line(values: list[float | None], **more: object) -> charts.LineFigure:
    return charts.LineFigure(text(), "percent", 1, (charts.LineSeries("Wigan", "area", points(values)),), **more)  # type: ignore[arg-type]


def assert_sound(drawing: charts.Drawing) -> None:
    """No two labels overlap, and all stay on the canvas at a size that can be read in print."""
    assert geometry.overlapping(drawing.labels) == ()
    for label in drawing.labels:
        left, top, right, bottom = label.bounds
        assert left >= -0.5 and right <= drawing.width + 0.5, label
        assert top >= -0.5 and bottom <= drawing.height + 0.5, label
        printed = label.size * (84 / 25.4 * 96) / geometry.WIDTH  # a chart is printed 84 mm wide
        assert printed >= 11


# --- scales ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("low", "high", "ticks"),
    [
        (0, 96.2, (0, 20, 40, 60, 80, 100)),
        (0, 0.3, (0, 0.1, 0.2, 0.3)),
        (0, 2966, (0, 1000, 2000, 3000)),
        (-3.4, 2.1, (-4, -2, 0, 2, 4)),
        (0, 0, (0, 0.2, 0.4, 0.6, 0.8, 1)),
    ],
)
def test_ticks_are_round(low: float, high: float, ticks: tuple[float, ...]) -> None:
    assert geometry.nice_ticks(low, high) == ticks


@given(st.floats(-1e7, 1e7), st.floats(0, 1e7))
def test_ticks_enclose_the_range_evenly(low: float, span: float) -> None:
    ticks = geometry.nice_ticks(low, low + span)
    assert 2 <= len(ticks) <= 7
    room = 1e-6 * max(abs(low), span, 1e-6)
    assert ticks[0] <= low + room and ticks[-1] >= low + span - room
    steps = [b - a for a, b in pairwise(ticks)]
    assert min(steps) > 0 and max(steps) - min(steps) <= 1e-6 * max(steps[0], abs(low))


@given(st.lists(st.tuples(st.floats(0, 200), st.floats(5, 30)), min_size=1, max_size=6))
def test_spread_blocks_keep_their_order_and_do_not_overlap(blocks: list[tuple[float, float]]) -> None:
    centres, heights = zip(*blocks, strict=True)
    tops = geometry.spread(centres, heights, 0, 200)
    placed = sorted(zip(tops, heights, strict=True))
    assert all(a + h <= b + 1e-6 for (a, h), (b, _) in pairwise(placed))
    assert placed[0][0] >= -1e-6 and placed[-1][0] + placed[-1][1] <= 200 + 1e-6
    order = sorted(range(len(centres)), key=lambda i: (centres[i], i))
    assert order == sorted(range(len(centres)), key=lambda i: tops[i])


@pytest.mark.parametrize("weight", [400, 600])
def test_advance_widths_are_the_vendored_font_s(weight: int) -> None:
    data = resources.files("report_templates").joinpath("fonts", f"source-sans-3-latin-{weight}-normal.woff2")
    font = TTFont(BytesIO(data.read_bytes()))
    glyphs, advances = font.getBestCmap(), font["hmtx"]
    assert font["head"].unitsPerEm == 1000
    real = {character: advances[glyphs[ord(character)]][0] for character in geometry.ADVANCES}
    assert all(real[character] <= geometry.ADVANCES[character] for character in real)
    if weight == 600:
        # Widths are not padded either: two in three characters are exactly semibold's.
        assert sum(real[c] == geometry.ADVANCES[c] for c in real) > len(real) * 2 / 3


@given(st.text("abcdefg WMi’", min_size=1, max_size=60), st.floats(40, 200))
def test_wrapped_lines_fit_and_lose_no_letter(words: str, width: float) -> None:
    lines = geometry.wrap(words, width)
    assert all(geometry.text_width(one) <= width for one in lines)
    assert "".join(lines).replace("-", "").replace(" ", "") == words.replace(" ", "")


# --- a series through time ---------------------------------------------------------------------


def test_line_and_band_stop_at_an_unpublished_point_and_at_a_break() -> None:
    values = [10.0, 12.0, None, 15.0, 16.0, 18.0, 19.0]
    drawing = line_kind.draw_line(line(values, breaks=(charts.SeriesBreak("2015/16", "new return"),)))
    # 2010/11–2011/12, gap, 2013/14–2014/15, break, 2015/16–2016/17
    assert [stroke.d.count("L") for stroke in drawing.strokes] == [1, 1, 1]
    assert len(drawing.bands) == 3
    assert len(drawing.breaks) == 1
    assert "Break in the series at 2015/16: new return" in drawing.notes
    x = [float(n) for stroke in drawing.strokes for n in re.findall(r"[ML]([\d.]+) ", stroke.d)]
    assert x[3] < drawing.breaks[0].x1 < x[4]


def test_a_line_starts_at_zero_unless_told_otherwise_and_then_says_so() -> None:
    high = [93.0, 94.0, 95.0]
    from_zero = line_kind.draw_line(line(high))
    assert "0%" in {label.text for label in from_zero.labels}
    cut = line_kind.draw_line(line(high, zero_baseline=False))
    assert "0%" not in {label.text for label in cut.labels}
    assert any("not at zero" in note for note in cut.notes)


def test_the_legal_standard_lies_on_the_plot_and_no_percentage_axis_passes_100() -> None:
    drawing = line_kind.draw_line(line([40.0, 99.4], reference=100.0, reference_label="Legal standard"))
    assert drawing.reference is not None
    top_rule = min(drawing.grid, key=lambda rule: rule.y1)
    assert drawing.reference.y1 == pytest.approx(top_rule.y1)
    assert "120%" not in {label.text for label in drawing.labels}
    assert "Legal" in " ".join(label.text for label in drawing.labels)


@settings(max_examples=60)
@given(
    st.lists(st.lists(st.none() | VALUES, min_size=1, max_size=16), min_size=1, max_size=4),
    AREA_NAMES,
    st.booleans(),
    st.booleans(),
)
def test_line_labels_never_overlap(values: list[list[float | None]], name: str, broken: bool, zero: bool) -> None:
    names = [name, "England", "Yorkshire and The Humber", "Statistical neighbours (mean)"]
    roles = ("area", "england", "region", "neighbours")
    series = tuple(
        charts.LineSeries(one, role, points(v))  # type: ignore[arg-type]
        for one, role, v in zip(names, roles, values, strict=False)
    )
    figure = charts.LineFigure(
        text(), "percent", 1, series,
        breaks=(charts.SeriesBreak("2010/11", "a"), charts.SeriesBreak("2012/13", "b")) if broken else (),
        reference=100.0, reference_label="Legal standard: all in 20 weeks", zero_baseline=zero,
    )  # fmt: skip
    assert_sound(line_kind.draw_line(figure))


@pytest.mark.parametrize(
    ("first", "second", "order"),
    [
        (["2019/20", "2021/22"], ["2018/19", "2020/21"], ["2018/19", "2019/20", "2020/21", "2021/22"]),
        (["May 2024", "June 2024"], ["April 2024", "May 2024", "July 2024"],
         ["April 2024", "May 2024", "June 2024", "July 2024"]),
    ],
)  # fmt: skip
def test_periods_of_all_series_stand_in_order_of_time(first: list[str], second: list[str], order: list[str]) -> None:
    series = [
        charts.LineSeries("a", "area", tuple(charts.LinePoint(period, 1.0, None, None) for period in periods))
        for periods in (first, second)
    ]
    assert list(line_kind.ordered_periods(series)) == order


# --- bars --------------------------------------------------------------------------------------


def test_bars_start_at_zero_also_where_values_are_negative() -> None:
    bars = (charts.Bar("Wigan", "area", -2.0, -3.0, -1.0), charts.Bar("England", "england", 4.0))
    drawing = benchmark_kind.draw_benchmark(charts.BenchmarkFigure(text(), "percentage points", 1, bars))
    below, above = drawing.bars
    assert below.x + below.width == pytest.approx(above.x)
    assert above.width == pytest.approx(2 * below.width)


def test_an_unpublished_bar_says_why_instead_of_standing_at_zero() -> None:
    bars = (charts.Bar("Wigan", "area", 10.0), charts.Bar("Bury", "neighbour", None, note="suppressed"))
    drawing = benchmark_kind.draw_benchmark(charts.BenchmarkFigure(text(), "percent", 1, bars))
    assert len(drawing.bars) == 1
    assert "suppressed" in {label.text for label in drawing.labels}


@settings(max_examples=60)
@given(
    st.lists(
        st.tuples(AREA_NAMES, st.none() | st.floats(-50, 5000).map(lambda v: round(v, 1))), min_size=1, max_size=14
    ),
    st.none() | st.floats(0, 100),
)
def test_benchmark_labels_never_overlap(rows: list[tuple[str, float | None]], reference: float | None) -> None:
    bars = tuple(
        charts.Bar(n, "neighbour", v, None if v is None else v - 5, None if v is None else v + 5) for n, v in rows
    )
    figure = charts.BenchmarkFigure(text(), "per 1,000", 1, bars, reference, "Target" if reference is not None else "")
    assert_sound(benchmark_kind.draw_benchmark(figure))


@settings(max_examples=60)
@given(st.lists(st.floats(0, 100).map(lambda v: round(v, 1)), min_size=1, max_size=14), AREA_NAMES)
def test_every_share_is_printed_in_the_key_and_in_its_segment_only_where_it_fits(
    shares: list[float], name: str
) -> None:
    total = sum(shares) or 1.0
    segments = tuple(charts.Segment(f"Need {i}", None, round(100 * s / total, 1)) for i, s in enumerate(shares))
    figure = charts.CompositionFigure(
        text(),
        "percent",
        (charts.StackedBar(name, "area", segments), charts.StackedBar("England", "england", segments)),
    )
    drawing = composition_kind.draw_composition(figure)
    assert_sound(drawing)
    printed = [label.text for label in drawing.labels]
    assert all(printed.count(f"{segment.share:.1f}%") >= 2 for segment in segments)
    right = max((box.x + box.width for box in drawing.segments), default=0)
    assert right <= geometry.WIDTH + 0.01


@settings(max_examples=40)
@given(st.lists(st.none() | st.floats(0, 20_000).map(round), min_size=1, max_size=26), AREA_NAMES)
def test_age_columns_stand_on_zero(counts: list[float | None], name: str) -> None:
    ages = tuple(str(i) for i in range(len(counts)))
    figure = charts.AgeFigure(
        text(), "count", ages, (charts.AgeSeries(name, tuple(counts)), charts.AgeSeries("January 2024", tuple(counts)))
    )
    drawing = age_kind.draw_age(figure)
    assert_sound(drawing)
    assert len(drawing.columns) == sum(count is not None for count in counts)
    assert len({round(box.y + box.height, 6) for box in drawing.columns}) <= 1


def test_pyramid_has_the_youngest_at_the_foot_and_females_on_the_left() -> None:
    figure = charts.PyramidFigure(text(), ("0–4", "5–9"), (10.0, 20.0), (30.0, 40.0), (20.0, 20.0), (30.0, 30.0))
    drawing = pyramid_kind.draw_pyramid(figure)
    assert_sound(drawing)
    young_female, young_male, old_female, _ = drawing.bars
    assert young_female.y > old_female.y
    assert young_female.x + young_female.width < young_male.x
    assert young_male.width == pytest.approx(3 * young_female.width)
    assert len(drawing.outlines) == 2


# --- SVG and palette ---------------------------------------------------------------------------


@pytest.mark.parametrize("figure", FIGURES, ids=[figure.text.figure_id for figure in FIGURES])
def test_every_chart_is_a_titled_svg_with_literal_colours(figure: charts.Figure) -> None:
    drawing = charts.draw(figure)
    assert_sound(drawing)
    markup = str(html.svg(drawing))
    root = etree.fromstring(markup)
    assert root.tag == f"{SVG}svg" and root.get("role") == "img"
    assert root[0].tag == f"{SVG}title" and root[0].text == figure.text.alternative
    assert "var(" not in markup and "currentColor" not in markup and " id=" not in markup
    colours = set(re.findall(r"#[0-9a-f]{6}", markup))
    assert colours <= set(geometry.PALETTE.values())
    assert markup == str(html.svg(charts.draw(replace(figure))))


def test_markup_in_the_text_alternative_stays_text() -> None:
    figure = line([1.0, 2.0])
    hostile = replace(figure, text=replace(figure.text, alternative="</title><script>alert(1)</script>"))
    root = etree.fromstring(str(html.svg(line_kind.draw_line(hostile))))
    assert root[0].text == "</title><script>alert(1)</script>"
    assert root.find(f".//{SVG}script") is None


def test_tokens_repeat_the_palette() -> None:
    sheet = resources.files("report_templates").joinpath("css", "tokens.css").read_text(encoding="utf-8")
    declared = dict(re.findall(r"--([a-z0-9-]+): (#[0-9a-f]{6});", sheet))
    brand = {name: declared.pop(name) for name in ("brand", "brand-ink", "brand-tint")}
    assert declared == dict(geometry.PALETTE)
    assert brand["brand"] == brand["brand-ink"] == geometry.PALETTE["area"]  # until settings give another
    assert {"#" + colour for colour in re.findall(r"%23([0-9a-f]{6})", sheet)} <= set(geometry.PALETTE.values())


def test_marks_have_a_contrast_of_3_and_text_of_4_5_on_paper() -> None:
    decorative = {"paper", "grid", "area-band"}
    words = {"ink", "ink-muted", "area", "england", "region", "neighbours", "fails-standard", "worse", "better",
             "similar", "unknown"}  # fmt: skip
    for name, colour in geometry.PALETTE.items():
        ratio = geometry.contrast(colour, geometry.PALETTE["paper"])
        if name in words:
            assert ratio >= 4.5, name
        elif name not in decorative:
            assert ratio >= 3, name
    assert geometry.contrast("#000000", "#ffffff") == pytest.approx(21)


def test_series_differ_without_colour() -> None:
    styles = [style[1:] for style in line_kind._LINE_STYLE.values()]
    assert len({style[1] for style in styles}) == len(styles)  # dashes
    assert len({style[2] for style in styles}) == len(styles)  # markers


def test_drawings_are_frozen() -> None:
    assert all(field.name for field in fields(line_kind.LineDrawing))
    with pytest.raises(AttributeError):
        line_kind.draw_line(line([1.0])).width = 1  # type: ignore[misc]


@given(st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=8))
def test_a_sparkline_stays_in_its_cell_and_ends_where_its_dot_is(values: list[float]) -> None:
    line, last = geometry.sparkline(values)
    places = [tuple(map(float, pair.split())) for pair in line.removeprefix("M").split("L")]
    assert len(places) == len(values)
    assert all(0 <= x <= geometry.SPARK_WIDTH and 0 <= y <= geometry.SPARK_HEIGHT for x, y in places)
    assert places[-1] == pytest.approx(last, abs=0.005)
    assert places[values.index(max(values))][1] == min(y for _, y in places)


def test_equal_values_lie_in_the_middle() -> None:
    assert {y for _, y in [geometry.sparkline([5.0, 5.0, 5.0])[1]]} == {geometry.SPARK_HEIGHT / 2}
