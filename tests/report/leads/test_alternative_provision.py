"""Children outside school: published and own counts side by side, rates from printed numbers, hidden ones as c."""

from __future__ import annotations

import pandas as pd

from jsna_pipeline.catalogue.indicators import indicators
from jsna_pipeline.local_area import empty_tables
from jsna_pipeline.report.charts import TallyFigure
from jsna_pipeline.report.leads.alternative_provision import lead_figures
from tests.invented_indicators import WIGAN, direct
from tests.report.leads.bare_view import bare_view, known_of
from tests.report.protected_tables import EVERYBODY, counts

MEASURES = ("ehcp_neet", "ehcp_alternative_provision")
YES = (("part_time_timetable", "yes"),)


def observed(*years: tuple[str, int]) -> pd.DataFrame:
    rows = [
        {
            "area_code": WIGAN,
            "period": period,
            "period_type": "january_snapshot",
            "numerator": count,
            "denominator": 500,
            "value": count / 5,
        }
        for period, count in years
    ]
    return direct(indicators()["ehcp_neet"], rows)


def figure(rows: pd.DataFrame, given: pd.DataFrame | None = None) -> TallyFigure:
    tables = empty_tables() | ({} if given is None else {"local_counts": given})
    view = bare_view(observed=rows, local=tables)
    known = known_of(view, MEASURES)
    (made,) = lead_figures(view, known)
    assert isinstance(made, TallyFigure)
    return made


def test_a_published_count_brings_its_years_and_its_share() -> None:
    (row,) = figure(observed(("2023/24", 53), ("2024/25", 65))).rows
    assert (row.count, row.when, row.provisional) == (65, "January 2025", False)
    assert row.rate == "13.0% of plans at 16 to 23"
    assert [(point.period, point.count) for point in row.run] == [("January 2024", 53.0), ("January 2025", 65.0)]


def test_a_line_begins_with_the_last_change_of_what_is_counted() -> None:
    years = [("2020/21", 40), ("2021/22", 44), ("2022/23", 50), ("2023/24", 53), ("2024/25", 65)]
    (row,) = figure(observed(*years)).rows
    since = max(known.from_period for known in indicators()["ehcp_neet"].all_breaks)
    assert since == "2022/23" and len(row.run) == 3


def test_an_old_count_is_not_among_them() -> None:
    view = bare_view(observed=observed(("2021/22", 65)))
    known = known_of(view, MEASURES)
    assert lead_figures(view, known) == ()


def test_own_counts_are_provisional_and_a_rate_is_made_of_two_printed_numbers_alone() -> None:
    given = counts("part_time_timetables", {EVERYBODY: 48_000, YES: 306})
    row = figure(observed(("2024/25", 65)), given).rows[-1]
    assert (row.count, row.provisional, row.rate, row.run) == (306, True, "0.6% of pupils", ())


def test_a_hidden_count_stays_hidden_though_its_complement_is_printed() -> None:
    given = counts("part_time_timetables", {EVERYBODY: 48_000, YES: None, (("part_time_timetable", "no"),): 47_997})
    made = figure(observed(("2024/25", 65)), given)
    row = made.rows[-1]
    assert (row.count, row.note, row.rate) == (None, "c", "")
    assert "On a part-time timetable, January 2025: hidden" in made.text.alternative
    assert any(remark.startswith("c:") for remark in made.remarks)


def test_without_either_nothing_is_drawn() -> None:
    assert lead_figures(bare_view(), {}) == ()
