"""Medians, means, shares and sums: printed only where enough persons stand behind them and none stands out.

Here: the rules for figures that are not counts. Not here: how they are computed (`local/`), or counts
(`primary`, `secondary`).

- Too few contributors: below `minimum_contributors` of the rule nothing is printed.
- A longest, largest or smallest value is one child's value, and is not printed at all.
- Dominance: a sum or mean of money of which one contributor has too large a share (`largest_share` of the rule).
- A share that stands for a small count, or for all but a small count, is that count.
- What adds up can be subtracted: where a total is printed, the categories not printed must together satisfy the
  rules themselves, so the smallest others join them, and if all do not suffice, so does the total. Means and shares
  count as adding up, because the counts that weight them are printed. Medians do not add up.
- No figure is printed finer than `PRINTED_TO`: a quartile in days is the wait of one child, a share to three places
  names its denominator.
- Of a group with too few contributors nothing is told, not even which figures could be estimated: that a median
  exists says that half were served.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from jsna_pipeline.catalogue.disclosure import DisclosureRule
from jsna_pipeline.vocabulary import TOTAL, Status

ONE_PERSONS = ("longest", "shortest", "maximum", "minimum", "largest", "smallest")
ORDER_STATISTICS = ("median", "quartile", "percentile", "decile")
CELL = ["population", "period", "period_type", "dimension", "category"]
AMOUNTS = ["value", "lower", "upper"]
PRINTED_TO = {"weeks": 1, "percent": 1, "pounds": 1_000, "pounds a child": 10}


def refusals(statistics: pd.DataFrame, rules: Mapping[str, DisclosureRule]) -> pd.Series:
    """'primary' or 'dominance' per row of LOCAL_STATISTICS, or null where the figure may be printed by itself.

    `contributors` are persons; `largest_share` is percent of the sum, null where no amount is summed.
    """
    rule = {
        field: statistics["rule"].map({rule_id: getattr(entry, field) for rule_id, entry in rules.items()})
        for field in ("minimum_contributors", "suppress_to", "suppresses", "largest_share")
    }
    persons = statistics["contributors"].astype(float).fillna(0)
    few = rule["suppresses"] & (persons < rule["minimum_contributors"])
    one = rule["suppresses"] & _named(statistics["statistic"], ONE_PERSONS)
    of_all = statistics["value"].astype(float) * persons / 100
    rest = persons - of_all
    percentage = statistics["unit"].isin(("percent", "percentage", "%"))
    edge = 0.5  # a printed share stands for the nearest whole count
    small = percentage & (
        ((of_all >= edge) & (of_all < rule["suppress_to"] + edge))
        | ((rest >= edge) & (rest < rule["suppress_to"] + edge))
    )
    dominated = statistics["largest_share"].astype(float) > rule["largest_share"]
    found = pd.Series(pd.NA, index=statistics.index, dtype="string")
    found[dominated] = "dominance"
    found[few | one | small] = "primary"
    return found.where(statistics["value"].notna() | few)


def protect_statistics(
    statistics: pd.DataFrame, rules: Mapping[str, DisclosureRule], nests: pd.DataFrame
) -> tuple[pd.DataFrame, pd.Series]:
    """The printable statistics, and the reason per row (null where printed).

    Contributors and largest share are not printed: they are counts, and counts are protected with the others.
    """
    frame = statistics.reset_index(drop=True)
    reason = refusals(frame, rules)
    adds = ~_named(frame["statistic"], (*ORDER_STATISTICS, *ONE_PERSONS)) & frame["value"].notna()
    families = _families(frame.loc[adds], nests)
    for _ in range(len(frame)):
        before = reason.isna().sum()
        reason = _same_group(frame, reason, adds)
        reason = _complete(frame, reason, families, rules)
        if reason.isna().sum() == before:
            break
    public = frame.drop(columns=["contributors", "largest_share"])
    step = frame["unit"].map(PRINTED_TO).astype(float)
    coarse = np.floor(public[AMOUNTS].astype(float).div(step, axis=0) + 0.5).mul(step, axis=0)
    public[AMOUNTS] = coarse.where(step.notna(), public[AMOUNTS]).mask(reason.notna())
    missing = np.where(frame["value"].isna(), Status.UNAVAILABLE.value, Status.OK.value)
    public["status"] = np.where(reason.notna(), Status.SUPPRESSED.value, missing)
    return public, reason


def _named(statistic: pd.Series, words: tuple[str, ...]) -> pd.Series:
    return statistic.str.contains("|".join(words), case=False)


def _families(adding: pd.DataFrame, nests: pd.DataFrame) -> pd.DataFrame:
    """family, parent, child: rows of the statistics whose categories make up another row, total or wider category."""
    keys = ["table_id", "population", "period", "period_type", "statistic"]
    rows = adding.reset_index(names="row")[[*keys, "dimension", "category", "row"]]
    children = rows.loc[rows["dimension"] != TOTAL]
    totals = rows.loc[rows["dimension"] == TOTAL, [*keys, "row"]].rename(columns={"row": "parent"})
    flat = children.merge(totals, on=keys).assign(along="total")
    parents = rows.rename(columns={"dimension": "parent_dimension", "category": "parent_category", "row": "parent"})
    nested = children.merge(nests, on=["dimension", "category"]).merge(
        parents, on=[*keys, "parent_dimension", "parent_category"]
    )
    nested = nested.assign(along="nest")
    both = pd.concat([flat, nested], ignore_index=True)
    return both.assign(family=both.groupby(["parent", "dimension", "along"]).ngroup())[["family", "parent", "row"]]


def _same_group(frame: pd.DataFrame, reason: pd.Series, adds: pd.Series) -> pd.Series:
    """What adds up is refused for a group as a whole: its sum follows from its mean and its count."""
    refused = (reason.notna() & adds).groupby([frame[column] for column in CELL]).transform("any")
    return reason.mask(refused & adds & reason.isna(), "secondary")


def _complete(
    frame: pd.DataFrame, reason: pd.Series, families: pd.DataFrame, rules: Mapping[str, DisclosureRule]
) -> pd.Series:
    """Refuses the smallest further categories, then the total, until each family's unprinted part is itself safe."""
    if families.empty:
        return reason
    at = families["row"].to_numpy()
    part = families.assign(
        refused=reason.notna().to_numpy()[at],
        persons=frame["contributors"].astype(float).fillna(0).to_numpy()[at],
        value=frame["value"].astype(float).to_numpy()[at],
        share=frame["largest_share"].astype(float).fillna(0).to_numpy()[at],
    )
    for field in ("minimum_contributors", "largest_share"):
        limit = frame["rule"].map({rule_id: getattr(rule, field) for rule_id, rule in rules.items()})
        part[field] = limit.to_numpy()[at]
    part = part.loc[part["persons"] > 0].sort_values(["family", "refused", "persons"], ascending=[True, False, True])
    part["largest"] = part["share"] * part["value"].abs() / 100
    together = part.groupby("family")
    persons, value = together["persons"].cumsum(), part["value"].abs().groupby(part["family"]).cumsum()
    largest = together["largest"].cummax()
    safe = (
        (together.cumcount() > 0)
        & (persons >= part["minimum_contributors"])
        & (100 * largest <= part["largest_share"] * value)
        & ~part["refused"].groupby(part["family"]).shift(-1, fill_value=False)
    )
    begun = part["refused"].groupby(part["family"]).transform("any")
    safe_before = safe.groupby(part["family"]).cumsum().groupby(part["family"]).shift(1, fill_value=0) > 0
    joins = begun & ~safe_before
    never = begun & ~safe.groupby(part["family"]).transform("any")
    more = np.unique(np.concatenate([part.loc[joins, "row"], part.loc[never, "parent"]])).astype(int)
    more = more[reason.isna().to_numpy()[more]]
    completed = reason.copy()
    completed.iloc[more] = "secondary"
    return completed
