"""Plans that end and join: rates worked by hand, and the identity that holds in every simulated year."""

from __future__ import annotations

import zipfile
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from jsna_pipeline.future.flows import ENGLAND_RATE, ceasing_rates, implied_flows, national_growth, new_plans_now
from tests.invented_forecast import ceasing, forecast

ENGLAND, NEAR, FAR, NEW_AREA = "E92000001", "E08000010", "E08000031", "E06000063"


def _totals(column: str, cells: dict[tuple[str, str], float | None], **more: float) -> pd.DataFrame:
    rows = [(area, period, value) for (area, period), value in cells.items()]
    table = pd.DataFrame(rows, columns=["area_code", "period", column])
    return table.assign(dimension="total", category="total", **more)


@pytest.fixture
def core() -> dict[str, pd.DataFrame]:
    """England ends 5 of 100 in both years, Wigan 10, Wolverhampton is published for one year, Cumberland for none."""
    held = {(ENGLAND, "2021/22"): 10_000, (ENGLAND, "2022/23"): 10_000, (ENGLAND, "2023/24"): 12_000}
    held |= {(NEAR, "2021/22"): 1_000, (NEAR, "2022/23"): 1_000, (NEAR, "2023/24"): 1_100}
    held |= {(FAR, "2021/22"): 2_000, (FAR, "2022/23"): None}
    ended = {(ENGLAND, "2022"): 600, (ENGLAND, "2023"): 600, (NEAR, "2022"): 200, (NEAR, "2023"): 200}
    ended |= {(FAR, "2022"): 100, (FAR, "2023"): 100}
    moved = {ENGLAND: 100.0, NEAR: 100.0, FAR: 0.0}
    ceased = _totals("ceased", ended)
    return {
        "dfe__sen2_caseload": _totals("ehc_plans", held),
        "dfe__sen2_ceased_plans": ceased.assign(transferred=ceased["area_code"].map(moved)),
        "dfe__sen2_new_plans": _totals("new_plans", {(NEAR, "2022"): 6_078, (NEAR, "2024"): 170, (FAR, "2023"): 90}),
    }


def test_an_areas_rate_is_shrunk_to_englands(core: dict[str, pd.DataFrame]) -> None:
    """Passed-on plans aside: 100 and 100 of 1,000 and 1,000, against nine years at 5 of 100: (200 + 450) / 11,000."""
    found = ceasing_rates(core, [NEW_AREA, NEAR, FAR])
    assert found.england == pytest.approx(0.05)
    assert found.rate == pytest.approx([0.05, 650 / 11_000, 0.05])  # one year of 5 of 100 is England's too
    assert found.own_years.tolist() == [0, 2, 1]
    assert found.usual == pytest.approx((0.055, 0.095))  # a tenth of the way between 5 and 10 of 100


def test_without_ended_plans_every_area_has_englands_rate(core: dict[str, pd.DataFrame]) -> None:
    del core["dfe__sen2_ceased_plans"]
    assert set(ceasing_rates(core, [NEAR, FAR]).rate) == {ENGLAND_RATE}


def test_new_plans_are_of_the_newest_year_alone(core: dict[str, pd.DataFrame]) -> None:
    found = new_plans_now(core, [NEAR, FAR])
    assert found[0] == 170 and np.isnan(found[1])
    assert np.isnan(new_plans_now({}, [NEAR])).all()


def test_joiners_are_what_the_next_count_asks_for() -> None:
    """1,000 plans of which 10 of 100 end become 1,100 by 200 new ones, and then 800 with none."""
    flows = implied_flows(forecast([1_000], [[[1_100, 800]]]), ceasing([0.1]))
    assert flows.joiners[0, 0] == pytest.approx([200, 0])
    assert flows.leaving[0, 0] == pytest.approx([0.1, 3 / 11])  # the fall itself, above 0.1
    assert flows.clipped == pytest.approx([0.5])
    assert flows.path[..., :-1] * (1 - flows.leaving) + flows.joiners == pytest.approx(flows.path[..., 1:])


def test_england_grows_by_the_areas_known_at_both_ends() -> None:
    made = forecast([100, 300], [[[110, 121]], [[330, np.nan]]])
    assert national_growth(made) == pytest.approx([1.1, 1.1])


def test_published_rates_of_england_are_those_that_the_code_falls_back_to(landing: Path) -> None:
    """The release of June 2025: 34,724, 39,419 and 44,862 ended, 9,400, 11,231 and 13,953 of them passed on."""
    release = landing / "2025/education-health-and-care-plans/education-health-and-care-plans_2025.zip"
    with zipfile.ZipFile(release) as archive, archive.open("data/ceased_plans.csv") as file:
        rows = pd.read_csv(file, dtype=str, encoding="utf-8-sig")
    with zipfile.ZipFile(release) as archive, archive.open("data/caseload.csv") as file:
        plans = pd.read_csv(file, dtype=str, encoding="utf-8-sig")
    rows, plans = (one[one["breakdown"].isin(["All ceased EHC plans", "All EHC plans"])] for one in (rows, plans))
    rows, plans = (
        one.assign(area_code=one["new_la_code"].where(one["geographic_level"].eq("Local authority"), ENGLAND))[
            one["geographic_level"].ne("Regional")
        ]
        for one in (rows, plans)
    )
    numbers = rows[["total_ceased", "transfer"]].apply(pd.to_numeric, errors="coerce")
    core = {
        "dfe__sen2_ceased_plans": rows.assign(
            dimension="total",
            period=rows["time_period"],
            ceased=numbers["total_ceased"],
            transferred=numbers["transfer"],
        ),
        "dfe__sen2_caseload": plans.assign(
            dimension="total",
            period=plans["time_period"].str[:4] + "/" + plans["time_period"].str[4:],
            ehc_plans=pd.to_numeric(plans["ehcplans"], errors="coerce"),
        ),
    }
    live = plans.loc[plans["time_period"].eq("202425") & plans["area_code"].ne(ENGLAND), "area_code"].tolist()
    found = ceasing_rates(core, live)
    assert found.england == pytest.approx(ENGLAND_RATE, abs=5e-5)
    assert found.usual == pytest.approx((0.032, 0.074), abs=5e-4)
    # Wigan: 191, 137 and 128 of 2,337, 2,607 and 2,966.
    assert found.rate[live.index(NEAR)] == pytest.approx(
        (456 + 9 * found.england * 7_910 / 3) / (7_910 + 9 * 7_910 / 3), rel=1e-9
    )
    assert np.isfinite(found.rate).all() and found.rate.min() > 0.03 and found.rate.max() < 0.08
