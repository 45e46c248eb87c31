"""The funnel's drawing: curves end where they leave the plot, every authority is a dot, and no label is lost."""

from __future__ import annotations

import re

from hypothesis import given, settings
from hypothesis import strategies as st

from jsna_pipeline import geography
from jsna_pipeline.report.charts import ControlLimits, FigureText, FunnelFigure, FunnelPoint, data_table
from jsna_pipeline.report.charts.funnel import draw_funnel
from tests.report.chart_checks import faults

TEXT = FigureText("funnel", "Title", "Subtitle", "What it shows", "Source")
NAMES = list(geography.local_authorities()["area_name"])


def funnel(points: list[FunnelPoint], limits: list[ControlLimits], baseline: float = 50.0) -> FunnelFigure:
    return FunnelFigure(
        TEXT, "percent", 1, baseline, "Out of: new plans issued", tuple(points), tuple(limits), ("Dorset",)
    )


def limits_to(largest: float, baseline: float = 50.0) -> list[ControlLimits]:
    """Limits that narrow with the root of the size."""

    def at(size: float) -> ControlLimits:
        inner, outer = 98 / size**0.5, 154.5 / size**0.5
        held = [max(0.0, min(100.0, baseline + side * width)) for width in (inner, outer) for side in (-1, 1)]
        return ControlLimits(size, held[0], held[1], held[2], held[3])

    return [at(largest * k / 20) for k in range(1, 21)]


def test_every_authority_is_a_dot_and_the_area_and_its_neighbours_are_marked() -> None:
    points = [FunnelPoint("Wigan", "area", 42.6, 603, "within"), FunnelPoint("Bury", "neighbour", 60.0, 300, "above")]
    points += [FunnelPoint(f"Other {k}", "other", 30.0 + k, 100 + 10 * k, "within") for k in range(7)]
    drawing = draw_funnel(funnel(points, limits_to(1000)))
    assert drawing.others.count("M") == 7
    assert "Wigan 42.6% of 603" in {label.text for label in drawing.labels}
    assert "No value: Dorset." in drawing.notes
    rows = data_table(funnel(points, []))[1]
    assert [row[0] for row in rows[:2]] == ["Wigan", "Bury"] and len(rows) == 9


def test_a_dot_of_twice_the_size_lies_twice_as_far_from_the_axis() -> None:
    points = [FunnelPoint(f"Other {k}", "other", 50.0, size, "within") for k, size in enumerate((250, 500, 1000))]
    drawing = draw_funnel(funnel(points, []))
    x = [float(one) for one in re.findall(r"M([\d.]+)", drawing.others)]
    left = drawing.grid[0].x1
    assert abs((x[1] - left) - 2 * (x[0] - left)) < 0.05 and abs((x[2] - left) - 4 * (x[0] - left)) < 0.05


def test_a_limit_that_leaves_the_plot_is_cut_there_and_not_bent_along_its_edge() -> None:
    points = [FunnelPoint("Wigan", "area", 5.0, 900, "within"), FunnelPoint("Kent", "other", 6.0, 40, "within")]
    drawing = draw_funnel(funnel(points, limits_to(1000, 5.0), 5.0))
    top = min(rule.y1 for rule in drawing.grid)
    for curve in drawing.limits:
        ys = [float(y) for y in re.findall(r"[ML][\d.]+ ([\d.]+)", curve.d)]
        assert all(y >= top - 0.05 for y in ys)
        assert sum(abs(y - top) < 0.05 for y in ys) <= 1


@settings(max_examples=60)
@given(
    st.sampled_from(NAMES),
    st.lists(st.tuples(st.floats(0, 100), st.integers(1, 40_000)), min_size=1, max_size=40),
    st.floats(0, 100),
)
def test_labels_are_sound_for_any_size_and_share(name: str, values: list[tuple[float, int]], baseline: float) -> None:
    roles = ["area", *["neighbour"] * 10, *["other"] * 40]
    points = [
        FunnelPoint(name if k == 0 else f"Other {k}", role, round(value, 1), size, "within")  # type: ignore[arg-type]
        for k, ((value, size), role) in enumerate(zip(values, roles, strict=False))
    ]
    largest = max(size for _, size in values)
    assert faults(funnel(points, limits_to(largest, baseline), round(baseline, 1))) == []


def test_no_authoritys_name_is_cut() -> None:
    for name in NAMES:
        assert faults(funnel([FunnelPoint(name, "area", 100.0, 12_345, "within")], limits_to(15_000))) == []
