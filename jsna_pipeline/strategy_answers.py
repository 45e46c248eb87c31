"""What public figures answer to each measure of the local strategies, for all authorities at once.

Here: joining the measures of `catalogue/strategies` with observations, comparisons and trends. Not here:
whether a target is met (a rule needs baselines and windows that the strategies' owners set), the report's
list of measures (`report/strategy_section.py`), or any test (`comparisons.py`, `trend_table.py`).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import pandas as pd

from jsna_pipeline import geography
from jsna_pipeline.catalogue.strategies import Strategy
from jsna_pipeline.vocabulary import Comparator, Direction, Judgement, Significance

GROUP = ["indicator_id", "dimension", "category"]
SERIES = ["area_code", *GROUP]
FIGURE = ["period", "period_type", "value", "unit"]
ANSWER_COLUMNS = [
    "strategy_id",
    "row",
    "area_code",
    *GROUP,
    "figure_code",
    "figure_name",
    "figure_level",
    *FIGURE,
    "england_value",
    "significance",
    "direction",
    "judgement",
]


def strategy_answers(
    strategies: Mapping[str, Strategy],
    observed: pd.DataFrame,
    compared: pd.DataFrame,
    trended: pd.DataFrame,
    areas: Collection[str] | None = None,
    nhs_bodies: Mapping[str, Sequence[str]] | None = None,
) -> pd.DataFrame:
    """One row per measure, indicator that answers it and authority: the newest figure in its setting.

    `observed`, `compared` and `trended` are the national tables, or their rows of one area and its
    comparators. `areas` are authorities' codes; all authorities if None. `nhs_bodies` gives, for an
    authority's code, the NHS organisations that serve it, the preferred first: where an authority has no
    figure of its own, the row holds theirs and `figure_code`, `figure_name` and `figure_level` say whose it
    is. Where nothing is published the figure's cells are blank, so that the gap stays countable.
    `england_value` is blank for counts, which say nothing beside a whole country. `judgement` rests on the
    indicator's own polarity, not on the direction that the strategy wants.
    """
    asked = _asked(strategies)
    served = _served(areas, nhs_bodies or {})
    figures = _figures(asked[GROUP].drop_duplicates(), served["figure_code"].unique(), observed, compared, trended)
    theirs = served.merge(figures, on="figure_code", how="inner")
    best = theirs.sort_values("preference", kind="stable").drop_duplicates(SERIES)
    rows = asked.merge(served[["area_code"]].drop_duplicates(), how="cross")
    found = rows.merge(best.drop(columns="preference"), on=SERIES, how="left", validate="m:1")
    found["significance"] = found["significance"].fillna(Significance.NOT_TESTED.value)
    found["direction"] = found["direction"].fillna(Direction.CANNOT_BE_CALCULATED.value)
    found["judgement"] = found["judgement"].fillna(Judgement.NO_JUDGEMENT.value)
    return found.sort_values(["area_code", "row", "place"], ignore_index=True)[ANSWER_COLUMNS]


def _asked(strategies: Mapping[str, Strategy]) -> pd.DataFrame:
    """Every measure with each indicator that answers it, in the order in which they are named."""
    rows = [
        (strategy.id, measure.row, place, indicator.id, *indicator.dimension_and_category)
        for strategy in strategies.values()
        for measure in strategy.measures
        for place, indicator in enumerate(measure.indicators)
    ]
    columns = ["strategy_id", "row", "place", *GROUP]
    return pd.DataFrame(rows, columns=columns).astype(dict.fromkeys(["strategy_id", *GROUP], "str"))


def _served(areas: Collection[str] | None, nhs_bodies: Mapping[str, Sequence[str]]) -> pd.DataFrame:
    """Each authority with the organisations whose figures may speak for it, itself first."""
    wanted = geography.local_authorities()["area_code"].tolist() if areas is None else list(areas)
    rows = [
        (code, body, preference)
        for code in wanted
        for preference, body in enumerate((code, *filter(None, nhs_bodies.get(code, ()))))
    ]
    columns = ["area_code", "figure_code", "preference"]
    return pd.DataFrame(rows, columns=columns).astype({"area_code": "str", "figure_code": "str"})


def _figures(
    groups: pd.DataFrame,
    codes: Collection[str],
    observed: pd.DataFrame,
    compared: pd.DataFrame,
    trended: pd.DataFrame,
) -> pd.DataFrame:
    """The newest valued figure of each group and organisation, beside England's of the same period."""
    valued = _of_groups(observed, groups, codes)
    valued = valued.loc[valued["value"].notna(), [*SERIES, "area_name", "area_level", *FIGURE]]
    newest = valued.sort_values("period", kind="stable").drop_duplicates(SERIES, keep="last")
    beside = compared.loc[compared["comparator"] == Comparator.ENGLAND.value]
    beside = _of_groups(beside, groups, codes)[[*SERIES, "period", "comparator_value", "significance"]]
    trends = _of_groups(trended, groups, codes)[[*SERIES, "direction", "judgement"]]
    return (
        newest.merge(beside, on=[*SERIES, "period"], how="left", validate="1:1")
        .merge(trends, on=SERIES, how="left", validate="1:1")
        .rename(
            columns={
                "area_code": "figure_code",
                "area_name": "figure_name",
                "area_level": "figure_level",
                "comparator_value": "england_value",
            }
        )
    )


def _of_groups(table: pd.DataFrame, groups: pd.DataFrame, codes: Collection[str]) -> pd.DataFrame:
    """Rows of `table` for these groups and organisations."""
    # Three cheap tests leave a few rows in a hundred for the join, which alone would take most of the time.
    likely = table["area_code"].isin(codes)
    for column in GROUP:
        likely &= table[column].isin(groups[column].unique())
    return table.loc[likely].merge(groups, on=GROUP, how="inner", validate="m:1")
