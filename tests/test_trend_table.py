"""Recent trends of every series at once: five points of equal spacing since the last break, or none."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from jsna_pipeline.catalogue.indicators import Indicator
from jsna_pipeline.indicator_engine import observations
from jsna_pipeline.published_tables import Trends, checked
from jsna_pipeline.statistics import trends
from jsna_pipeline.trend_table import TREND_COLUMNS, trend_table
from tests.invented_indicators import OTHER, TABLE, WIGAN, WOLVERHAMPTON, core, direct, record, series
from tests.published_release import PublishedTables

CUMBERLAND = "E06000063"
FALL = (900, 800, 700, 600, 500)


def trended(indicator: Indicator, observed: pd.DataFrame) -> pd.DataFrame:
    table = trend_table({indicator.id: indicator}, observed, "2025")
    assert list(table) == TREND_COLUMNS
    return checked(table, Trends)


def of(points: dict[str, int | float], **changes: object) -> pd.Series:
    """The one trend of counts out of a thousand."""
    indicator, observed = series({WIGAN: {period: (n, 1000) for period, n in points.items()}}, **changes)
    table = trended(indicator, observed)
    assert len(table) == 1
    return table.iloc[0]


def years(values: tuple[int, ...], first: int = 2020) -> dict[str, int]:
    return {str(first + place): value for place, value in enumerate(values)}


@pytest.mark.parametrize(
    ("values", "polarity", "direction", "judgement"),
    [
        (FALL, "high", "decreasing", "worsening"),
        (FALL, "low", "decreasing", "improving"),
        (FALL, "none", "decreasing", "no_judgement"),
        (FALL[::-1], "high", "increasing", "improving"),
        ((500, 505, 498, 501, 500), "high", "no_change", "no_change"),
        ((500, 505, 498, 501, 500), "none", "no_change", "no_judgement"),
    ],
)
def test_direction_and_judgement(values: tuple, polarity: str, direction: str, judgement: str) -> None:
    row = of(years(values), polarity=polarity)
    assert (row["direction"], row["judgement"], row["points"]) == (direction, judgement, 5)
    assert (row["first_period"], row["last_period"]) == ("2020", "2024")
    expected = trends.recent_trend_proportions(np.array(values), np.full(5, 1000))
    assert row["statistic"] == pytest.approx(float(expected.statistic))


def cannot(row: pd.Series) -> bool:
    """Whether no trend was calculated; then nothing is judged either."""
    none = row["direction"] == "cannot_be_calculated"
    assert pd.isna(row["statistic"]) == none and (not none or row["judgement"] == "no_judgement")
    return bool(none)


def test_only_the_last_five_points_count() -> None:
    row = of(years((100, 200, 300, *FALL), first=2017))
    assert (row["direction"], row["first_period"], row["points"]) == ("decreasing", "2020", 5)


def test_four_points_are_too_few_and_are_counted() -> None:
    row = of(years(FALL[:4]))
    assert cannot(row) and (row["points"], row["first_period"], row["last_period"]) == (4, "2020", "2023")


@pytest.mark.parametrize(
    ("periods", "calculated"),
    [
        (["2016", "2018", "2020", "2022", "2024"], True),  # every second year is equal spacing
        (["2019", "2020", "2021", "2022", "2024"], False),
        (["2015", "2020", "2021", "2022", "2023", "2024"], True),  # a gap before the last five is no matter
    ],
)
def test_the_five_points_are_equally_far_apart(periods: list[str], calculated: bool) -> None:
    values = [950, *FALL][-len(periods) :]
    assert cannot(of(dict(zip(periods, values, strict=True)))) is not calculated


@pytest.mark.parametrize(
    ("kind", "from_period", "direction", "points", "first"),
    [
        ("definition", "2021", "cannot_be_calculated", 4, "2021"),
        ("boundary", "2021", "cannot_be_calculated", 4, "2021"),
        ("collection", "2021", "decreasing", 5, "2020"),
        ("definition", "2020", "decreasing", 5, "2020"),
        ("definition", "2024", "cannot_be_calculated", 1, "2024"),
    ],
)
def test_a_break_cuts_the_series_unless_it_is_one_of_collection(
    kind: str, from_period: str, direction: str, points: int, first: str
) -> None:
    breaks = [{"from": from_period, "kind": kind, "reason": "x"}]
    row = of(years((950, *FALL), first=2019), breaks=breaks)
    assert (row["direction"], row["points"], row["first_period"]) == (direction, points, first)


def test_a_series_that_ended_before_a_break_has_no_trend_row() -> None:
    breaks = [{"from": "2030", "kind": "definition", "reason": "x"}]
    indicator, observed = series({WIGAN: {"2024": (1, 2)}}, breaks=breaks)
    assert trended(indicator, observed).empty


def test_a_monthly_series_is_cut_at_its_month() -> None:
    months = {f"2024-{month:02d}": 900 - 80 * month for month in range(1, 10)}
    breaks = [{"from": "2024-04", "kind": "definition", "reason": "x"}]
    row = of(months, period_type="month", breaks=breaks)
    assert (row["direction"], row["points"], row["first_period"]) == ("decreasing", 5, "2024-05")
    breaks = [{"from": "2024-06", "kind": "definition", "reason": "x"}]
    row = of(months, period_type="month", breaks=breaks)
    assert (row["direction"], row["points"], row["first_period"]) == ("cannot_be_calculated", 4, "2024-06")


def test_counts_by_their_poisson_limits_and_published_values_not_at_all() -> None:
    caseload = dict(zip(years(FALL), (1804, 1930, 2111, 2337, 2607), strict=True))
    changes = {"multiplier": 1, "decimals": 0, "denominator": None}
    assert of(caseload, method="count", **changes)["direction"] == "increasing"
    assert cannot(of(caseload, method="count", independent_events=False, **changes))
    assert cannot(of({period: n + 0.5 for period, n in caseload.items()}, method="count", **changes))
    assert cannot(of(caseload, method="published", unit="plans", **changes))
    assert of(caseload, method="rate", multiplier=1000)["direction"] == "increasing"
    assert cannot(of(caseload, method="ratio", multiplier=1))


@pytest.mark.parametrize("method", ["proportion", "rate"])
def test_sessions_and_repeated_events_have_no_trend(method: str) -> None:
    assert cannot(of(years(FALL), method=method, independent_events=False))


def test_overlapping_windows_keep_their_row_and_have_no_trend() -> None:
    windows = {f"{2015 + place} - {17 + place}": n for place, n in enumerate(FALL)}
    row = of(windows, period_type="rolling")
    assert cannot(row) and (row["points"], row["first_period"], row["last_period"]) == (5, "2015 - 17", "2019 - 21")


def test_a_point_of_nobody_or_everybody_has_no_trend() -> None:
    assert cannot(of(years((0, 100, 200, 300, 400)))) and cannot(of(years((1000, 900, 800, 700, 600))))


def test_years_and_months_stand_in_one_call_each_on_their_own_line() -> None:
    """A line of months from year 0 to 2024 would be 24,000 columns wide; laid apart it is nine."""
    monthly = record(id="months", period_type="month", numerator={"table": OTHER, "columns": ["n"]},
                     denominator={"table": OTHER, "columns": ["d"]})  # fmt: skip
    yearly = record()
    tables = {
        TABLE: core([{"period": period, "n": n, "d": 1000} for period, n in years(FALL).items()]),
        OTHER: core([
            {"period": f"2024-{month:02d}", "period_type": "month", "n": 100 + 60 * month, "d": 1000}
            for month in range(1, 10)
        ]),
    }  # fmt: skip
    records = {yearly.id: yearly, monthly.id: monthly}
    table = trend_table(records, observations(records, tables, "2025"), "2025").set_index("indicator_id")
    assert table["direction"].to_dict() == {"held": "decreasing", "months": "increasing"}
    assert table["first_period"].to_dict() == {"held": "2020", "months": "2024-05"}


def test_the_width_of_a_line_is_what_its_periods_span(monkeypatch: pytest.MonkeyPatch) -> None:
    shapes: list[tuple[int, ...]] = []
    latest_points = trends.latest_points

    def noted(*arrays: np.ndarray) -> object:
        shapes.append(arrays[0].shape)
        return latest_points(*arrays)

    monkeypatch.setattr(trends, "latest_points", noted)
    monthly, months = series(
        {WIGAN: {f"2024-{m:02d}": (m, 100) for m in range(1, 8)}}, id="months", period_type="month"
    )
    yearly, annual = series({WIGAN: {"2020": (5, 100), "2024": (6, 100)}}, id="years")
    trend_table({"months": monthly, "years": yearly}, pd.concat([months, annual], ignore_index=True), "2025")
    assert sorted(shapes) == [(1, 5), (1, 7)]


def test_series_do_not_touch_each_other() -> None:
    indicator, observed = series(
        {WIGAN: {period: (n, 1000) for period, n in years(FALL).items()},
         WOLVERHAMPTON: {period: (n, 1000) for period, n in years(FALL[::-1]).items()},
         CUMBERLAND: {"2023": (5, 10), "2024": (6, 10)}}
    )  # fmt: skip
    table = trended(indicator, observed).set_index("area_code")
    assert table["direction"].to_dict() == {
        CUMBERLAND: "cannot_be_calculated", WIGAN: "decreasing", WOLVERHAMPTON: "increasing",
    }  # fmt: skip
    alone = trended(indicator, observed.query("area_code == @WIGAN").reset_index(drop=True)).iloc[0]
    assert alone["statistic"] == table.loc[WIGAN, "statistic"]


def test_a_series_without_any_value_has_no_row() -> None:
    indicator, _ = series({WIGAN: {"2024": (1, 2)}})
    assert trended(indicator, direct(indicator, [{"area_code": WIGAN, "status": "suppressed"}])).empty


def test_the_release_of_2025(published_tables: PublishedTables) -> None:
    checked(published_tables.trended, Trends)

    def row(area: str, indicator: str = "ehcp_within_20_weeks_excl") -> pd.Series:
        return published_tables.row("trended", indicator_id=indicator, area_code=area)

    wigan = row(WIGAN)
    assert (wigan["direction"], wigan["judgement"], wigan["points"]) == ("decreasing", "worsening", 5)
    assert (wigan["first_period"], wigan["last_period"]) == ("2020", "2024")
    assert row(CUMBERLAND)["direction"] == "cannot_be_calculated" and row(CUMBERLAND)["points"] == 2
    assert row("E06000058")["direction"] != "cannot_be_calculated"
    caseload = row(WIGAN, "ehcp_caseload")
    assert (caseload["direction"], caseload["judgement"]) == ("increasing", "no_judgement")
