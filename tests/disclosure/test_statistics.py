"""Medians, means and sums: who stands behind them, who stands out, and what subtracting would tell."""

import numpy as np
import pandas as pd

from jsna_pipeline.catalogue.disclosure import disclosure_rules
from jsna_pipeline.disclosure.statistics import protect_statistics
from tests.disclosure.invented_tables import NO_NESTS, NO_STATISTICS

RULES = disclosure_rules()


def spend(rows: list[tuple[str, str, float, int, float]], statistic: str = "total_amount") -> pd.DataFrame:
    """LOCAL_STATISTICS from (dimension, category, value, contributors, largest share)."""
    frame = pd.DataFrame(rows, columns=["dimension", "category", "value", "contributors", "largest_share"])
    return frame.assign(
        table_id="spend",
        population="high_needs_spend",
        period="2024-25",
        period_type="financial_year",
        statistic=statistic,
        unit="pounds",
        lower=np.nan,
        upper=np.nan,
        rule="money",
    )[NO_STATISTICS.columns]


def reasons(frame: pd.DataFrame, nests: pd.DataFrame = NO_NESTS) -> list[str]:
    return protect_statistics(frame, RULES, nests)[1].fillna("").tolist()


def test_a_dominated_sum_takes_the_smallest_other_with_it() -> None:
    frame = spend(
        [
            ("total", "total", 1_000_000, 300, 5),
            ("placement", "mainstream", 500_000, 200, 2),
            ("placement", "special", 400_000, 60, 4),
            ("placement", "other", 100_000, 40, 80),
        ]
    )
    assert reasons(frame) == ["", "", "secondary", "dominance"]
    public, _ = protect_statistics(frame, RULES, NO_NESTS)
    assert public["value"].isna().tolist() == [False, False, True, True]
    assert not {"contributors", "largest_share"} & set(public.columns)


def test_two_refused_that_together_suffice_take_nobody_along() -> None:
    frame = spend(
        [
            ("total", "total", 1_000_000, 300, 5),
            ("placement", "mainstream", 940_000, 286, 2),
            ("placement", "special", 30_000, 8, 20),
            ("placement", "other", 30_000, 6, 20),
        ]
    )
    assert reasons(frame) == ["", "", "primary", "primary"]


def test_a_total_goes_where_its_categories_cannot_hide_each_other() -> None:
    frame = spend([("total", "total", 900, 12, 20), ("sex", "girls", 500, 7, 30), ("sex", "boys", 400, 5, 30)])
    assert reasons(frame.iloc[[0, 1]]) == ["secondary", "primary"]
    assert reasons(frame) == ["", "primary", "primary"]


def test_a_mean_is_refused_with_its_sum_and_a_median_is_not() -> None:
    rows = [("total", "total", 1_000, 100, 5), ("need", "a", 600, 60, 50), ("need", "b", 400, 40, 10)]
    frame = pd.concat([spend(rows), spend(rows, "mean_amount"), spend(rows, "median")], ignore_index=True)
    frame.loc[frame["statistic"] != "total_amount", "largest_share"] = np.nan
    assert reasons(frame) == ["", "dominance", "secondary", "", "secondary", "secondary", "", "", ""]


def test_few_contributors_one_persons_value_and_a_share_of_a_few() -> None:
    frame = spend(
        [("team", "crisis", 12, 9, np.nan), ("team", "help", 12, 10, np.nan), ("team", "other", 12, 50, np.nan)],
        "median",
    )
    assert reasons(frame) == ["primary", "", ""]
    assert set(reasons(frame.assign(statistic="longest_wait"))) == {"primary"}
    share = frame.assign(statistic="waiting_over_18_weeks", unit="percent", contributors=50)
    assert reasons(share.assign(value=[8.0, 12.0, 96.0])) == ["primary", "", "primary"]


def test_no_figure_is_one_childs_wait_and_of_a_small_group_nothing_is_told() -> None:
    frame = spend(
        [("team", "help", 37 / 7, 40, np.nan), ("team", "crisis", np.nan, 4, np.nan), ("team", "other", np.nan, 60, 0)],
        "median",
    ).assign(unit="weeks", lower=22 / 7, upper=60 / 7)
    public, _ = protect_statistics(frame, RULES, NO_NESTS)
    assert public.loc[0, ["value", "lower", "upper"]].tolist() == [5, 3, 9]
    assert public["status"].tolist() == ["ok", "suppressed", "unavailable"], "whether half of 4 were served is not told"
    shares, _ = protect_statistics(frame.assign(unit="percent", value=200 / 3, contributors=60), RULES, NO_NESTS)
    assert (shares["value"] == 67).all()
    money, _ = protect_statistics(spend([("total", "total", 29_259_390, 2132, 1)]), RULES, NO_NESTS)
    assert money["value"].tolist() == [29_259_000]


def test_a_ward_of_a_locality_cannot_be_had_by_subtraction() -> None:
    nests = pd.DataFrame(
        {
            "dimension": "ward",
            "category": ["w1", "w2", "w3"],
            "parent_dimension": "locality",
            "parent_category": ["north", "north", "south"],
        }
    )
    frame = spend(
        [
            ("locality", "north", 600, 62, 5),
            ("ward", "w1", 30, 4, 20),
            ("ward", "w2", 570, 58, 5),
            ("ward", "w3", 400, 40, 5),
        ]
    )
    assert reasons(frame, nests) == ["", "primary", "secondary", ""]
    assert reasons(frame) == ["", "primary", "", ""]
