"""The funnel and the map of England from every authority's headline: limits, fifths, and what is left out."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import pandas as pd
import pytest

from jsna_pipeline import geography
from jsna_pipeline.catalogue.indicators import indicators
from jsna_pipeline.findings import facts
from jsna_pipeline.report.charts import FunnelFigure, TilesFigure
from jsna_pipeline.report.place_figures import funnel_figure, tiles_figure
from jsna_pipeline.report.view import AreaView
from tests.invented_area import IN_TIME, WIGAN, view_of

RECORD = indicators()[IN_TIME]
CODES = list(geography.local_authorities()["area_code"])


def national(codes: list[str], **own: float) -> pd.DataFrame:
    """Shares of 46.4 % of 1,000 everywhere, and `own` counts in Wigan; City of London counted too few."""
    rows = pd.DataFrame({"indicator_id": IN_TIME, "area_code": codes, "period": "2024"})
    rows["numerator"], rows["denominator"] = 464.0, 1000.0
    rows.loc[rows["area_code"] == WIGAN, ["numerator", "denominator"]] = (
        own.get("numerator", 257.0),
        own.get("denominator", 603.0),
    )
    rows["value"] = (rows["numerator"] / rows["denominator"] * 100).round(1)
    return rows


@cache
def bare() -> AreaView:
    """A view costs half a second to make."""
    return view_of()


def view(codes: list[str] = CODES, **own: float) -> AreaView:
    return replace(bare(), national=national(codes, **own))


def funnel(given: AreaView) -> FunnelFigure | None:
    known = facts(given, RECORD)
    assert known is not None
    return funnel_figure(given, RECORD, known, "Source")


def test_wigan_is_within_the_limits_of_603_plans_round_england() -> None:
    """46.4 ± 1.96 x sqrt(0.464 x 0.536 / 603) is 42.4 to 50.4: 42.6 lies inside."""
    figure = funnel(view())
    assert figure is not None
    assert figure.text.title == "Wigan (42.6%) is no further from England (46.4%) than chance explains"
    own = next(point for point in figure.points if point.role == "area")
    assert (own.value, own.denominator, own.place) == (42.6, 603, "within the limits")
    assert figure.absent == () and len(figure.points) == 153


@pytest.mark.parametrize(
    ("count", "place"),
    [(230, "below the 99.8% limit"), (252, "below the 95% limit"), (330, "above the 99.8% limit")],
)
def test_the_place_follows_from_the_counts(count: float, place: str) -> None:
    figure = funnel(view(numerator=count))
    assert figure is not None
    assert next(point.place for point in figure.points if point.role == "area") == place


def test_limits_are_wider_at_99_8_and_for_smaller_sizes() -> None:
    figure = funnel(view())
    assert figure is not None
    first, last = figure.limits[0], figure.limits[-1]
    assert first.lower_998 < first.lower_95 < 46.4 < first.upper_95 < first.upper_998
    assert first.upper_95 - first.lower_95 > last.upper_95 - last.lower_95
    at_largest = 196 * (0.464 * 0.536 / last.denominator) ** 0.5
    assert last.upper_95 - 46.4 == pytest.approx(at_largest, abs=0.02)


def test_an_authority_without_a_value_is_named() -> None:
    dorset = geography.local_authority("Dorset").code
    figure = funnel(view([code for code in CODES if code != dorset]))
    assert figure is not None and figure.absent == ("Dorset",)


def test_there_is_no_funnel_without_counts_or_of_a_few_authorities() -> None:
    assert funnel(view([WIGAN, *CODES[:5]])) is None
    assert funnel(bare()) is None
    without = view()
    assert funnel(replace(without, national=without.national.assign(numerator=None))) is None


def spread_values() -> AreaView:
    """Values from 1 to 153 in the order of the register."""
    rows = national(CODES).assign(value=[float(k) for k in range(1, 154)])
    return replace(bare(), national=rows)


def tiles(given: AreaView) -> TilesFigure | None:
    known = facts(given, RECORD)
    assert known is not None
    return tiles_figure(given, RECORD, known, "Source")


def test_fifths_hold_a_fifth_of_the_authorities_each_and_their_ranges_do_not_overlap() -> None:
    figure = tiles(spread_values())
    assert figure is not None
    fifths = [tile.fifth for block in figure.blocks for tile in block.tiles]
    assert sorted({fifth: fifths.count(fifth) for fifth in fifths}.values()) == [30, 30, 31, 31, 31]
    ends = [end for span in figure.ranges if span for end in span]
    assert ends == sorted(ends) and ends[0] == 1 and ends[-1] == 153


def test_a_region_holds_its_own_authorities_the_highest_first() -> None:
    figure = tiles(spread_values())
    assert figure is not None
    north_west = next(block for block in figure.blocks if block.region == "North West")
    assert len(north_west.tiles) == 24
    values = [tile.value for tile in north_west.tiles]
    assert values == sorted(values, reverse=True)
    assert [tile.name for block in figure.blocks for tile in block.tiles if tile.own] == ["Wigan"]


def test_equal_values_share_a_fifth_and_a_fifth_without_any_has_no_range() -> None:
    figure = tiles(view())
    assert figure is not None
    assert figure.ranges == ((42.6, 46.4), None, None, None, None)
    assert {tile.fifth for block in figure.blocks for tile in block.tiles} == {1}


def test_an_authority_that_counted_too_few_is_shown_without_a_value() -> None:
    rows = national(CODES)
    london = geography.local_authority("City of London")
    rows.loc[rows["area_code"] == london.code, ["numerator", "denominator"]] = 3.0, 9.0
    figure = tiles(replace(bare(), national=rows))
    assert figure is not None
    assert [tile.name for block in figure.blocks for tile in block.tiles if tile.fifth is None] == ["City of London"]
