"""The mix of placements and the places: the independent share apart, cost where the area gives it, gaps by number."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from jsna_pipeline.catalogue.indicators import indicators
from jsna_pipeline.comparisons import comparisons
from jsna_pipeline.local_area import empty_tables
from jsna_pipeline.report.charts import PlacesFigure, SharesFigure
from jsna_pipeline.report.leads.provision import lead_figures
from jsna_pipeline.report.view import AreaView
from tests.invented_area import EDITION, NO_NEIGHBOURS
from tests.invented_indicators import ENGLAND, WIGAN, direct
from tests.report.leads.bare_view import bare_view, known_of
from tests.report.protected_tables import statistics

MEASURES = (
    "ehcp_placement_mix",
    "ehcp_independent_special",
    "ehcp_special_school_kinds",
    "ehcp_alternative_provision",
)
YEAR = "2024/25"
MIX = {"mainstream": 500, "special": 300, "further_education": 120, "alternative_provision": 20, "early_years": 5,
       "educated_elsewhere": 40, "not_recorded": 15}  # fmt: skip


def counted(
    area: str, numerator: int, denominator: int, dimension: str = "total", category: str = "total"
) -> dict[str, object]:
    share = round(100 * numerator / denominator, 1)
    group = {"dimension": dimension, "category": category}
    counts = {"numerator": numerator, "denominator": denominator, "value": share}
    return {
        "area_code": area,
        "period": YEAR,
        "period_type": "january_snapshot",
        **group,
        **counts,
        "lower_ci": share - 1,
        "upper_ci": share + 1,
    }


def observed(scale: int = 1) -> pd.DataFrame:
    """Wigan with 1,000 plans, 60 of them in independent special schools; England with ten times as many, 4 %."""
    parts = {
        "ehcp_placement_mix": [
            counted(area, count * times, 1000 * times, "placement", name)
            for area, times in ((WIGAN, 1), (ENGLAND, 10))
            for name, count in MIX.items()
        ],
        "ehcp_independent_special": [counted(WIGAN, 60, 1000), counted(ENGLAND, 400, 10_000)],
        "ehcp_special_school_kinds": [
            counted(WIGAN, count, 300, "school", name)
            for name, count in {"maintained": 180, "academy_or_free_school": 60, "independent": 60}.items()
        ],
        "ehcp_alternative_provision": [counted(WIGAN, 20, 1000)],
    }
    return pd.concat([direct(indicators()[name], rows) for name, rows in parts.items()], ignore_index=True)


def view(rows: pd.DataFrame | None = None, **tables: pd.DataFrame) -> AreaView:
    rows = observed() if rows is None else rows
    records = {name: indicators()[name] for name in rows["indicator_id"].unique()}
    compared = comparisons(records, rows, NO_NEIGHBOURS, EDITION)
    local = empty_tables() | tables
    return bare_view(observed=rows, compared=compared.loc[compared["area_code"] == WIGAN], local=local)


def drawn(one: AreaView) -> list[object]:
    return list(lead_figures(one, known_of(one, MEASURES)))


def test_the_independent_share_stands_apart_and_is_the_message() -> None:
    (mix,) = drawn(view())
    assert isinstance(mix, SharesFigure)
    assert mix.text.title == "6.0% of plans (60 of 1,000) are in independent special schools; England 4.0%"
    rows = {row.name: row for row in mix.rows}
    assert [row.name for row in mix.rows if row.marked] == ["Independent special schools"]
    state = rows["State special schools"]
    assert (state.count, state.value, state.england) == (240, 24.0, 26.0)
    assert state.lower is not None and state.lower < 24.0 < (state.upper or 0)
    assert sum(row.count or 0 for row in mix.rows) == 1000
    assert any("not published" in remark for remark in mix.remarks)


def test_cost_stands_beside_its_kind_of_place_with_its_year_and_a_hidden_one_stays_hidden() -> None:
    spend = statistics(
        "high_needs_spend",
        ("placement", "independent_special", "mean_amount", 73_840.0, None, None, "pounds a child"),
        ("placement", "mainstream", "mean_amount", None, None, None, "pounds a child"),
        rule="money",
    )
    mix = drawn(view(local_statistics=spend))[0]
    assert isinstance(mix, SharesFigure)
    said = {row.name: row.remark for row in mix.rows}
    assert said["Independent special schools"] == "£73,840 a child"
    assert said["Mainstream schools"] == "cost c"
    assert said["State special schools"] == ""
    assert any("2024/25, provisional" in remark for remark in mix.remarks)
    assert any(remark.startswith("c:") for remark in mix.remarks)


def test_placements_of_different_years_are_not_taken_from_each_other() -> None:
    rows = observed()
    rows.loc[rows["indicator_id"] == "ehcp_independent_special", "period"] = "2023/24"
    assert not [one for one in drawn(view(rows)) if isinstance(one, SharesFigure)]


def places(**changes: float | None) -> pd.DataFrame:
    filled = {"special_school": 560.0, "sen_unit": 56.0, **changes}
    rows = [("place_kind", kind, "total_places_filled", count, None, None, "places") for kind, count in filled.items()]
    rows += [
        ("place_kind", kind, "total_places_commissioned", count, None, None, "places")
        for kind, count in {"special_school": 545.0, "sen_unit": 63.0}.items()
    ]
    return statistics("special_places", *rows)


def test_places_stand_beside_what_is_filled_and_published_plans_of_the_state_s_schools() -> None:
    figure = drawn(view(local_statistics=places()))[1]
    assert isinstance(figure, PlacesFigure)
    assert figure.text.title == "Special schools: 560 of 545 places are filled, 15 too few"
    special, unit = figure.rows
    assert (special.plans, special.free) == (240, -15)
    assert (unit.plans, unit.free) == (None, 7)


def test_a_hidden_number_of_filled_places_leaves_no_gap() -> None:
    figure = drawn(view(local_statistics=places(special_school=None)))[1]
    assert isinstance(figure, PlacesFigure)
    special = figure.rows[0]
    assert (special.filled, special.free, special.note) == (None, None, "c")
    assert figure.text.title.startswith("SEN units")
    assert any(remark.startswith("c:") for remark in figure.remarks)


@pytest.mark.parametrize("name", ["ehcp_placement_mix", "ehcp_independent_special"])
def test_without_placements_no_mix_is_drawn(name: str) -> None:
    rows = observed()
    one = view(rows.loc[rows["indicator_id"] != name])
    assert not [figure for figure in drawn(one) if isinstance(figure, SharesFigure)]


def test_the_figures_do_not_depend_on_the_order_of_rows() -> None:
    one = view()
    turned = replace(one, observed=one.observed.iloc[::-1].reset_index(drop=True))
    assert drawn(one) == drawn(turned)
