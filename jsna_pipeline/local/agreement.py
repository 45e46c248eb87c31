"""Local counts held against the published figures of the same units and period, once these are out.

Here: agreement cell by cell, and the published figures that an attacker has. Not here: explaining a difference
(the authority revises a return until it is published), or figures of different periods: a local count is
never compared with an earlier or later one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

import pandas as pd
import polars as pl

from jsna_pipeline.catalogue.local_tables import MOST_DIMENSIONS, LocalTable
from jsna_pipeline.local import bands
from jsna_pipeline.local.counts import CELL_COLUMNS, COUNT_COLUMNS
from jsna_pipeline.local.units import OPEN_RULE, Population
from jsna_pipeline.vocabulary import TOTAL

PUBLISHED = "published"
GROUP = ["indicator_id", "period", "period_type", "published_dimension", "published_category"]
AGREEMENT_COLUMNS = [
    "table_id", "population", "period", "period_type", "dimension", "category", "indicator_id", "published_dimension",
    "published_category", "local", "published", "difference", "agreement",
]  # fmt: skip


class Agreement(StrEnum):
    AGREES = "agrees"
    DIFFERS = "differs"
    NOT_YET_PUBLISHED = "not_yet_published"


def agreement(
    counts: pd.DataFrame, observations: pd.DataFrame, tables: Iterable[LocalTable], area_code: str
) -> pd.DataFrame:
    """One row per local cell that a published indicator counts too: both counts and whether they agree.

    `counts` is LOCAL_COUNTS before protection, so the result is as confidential as they are: print `published`
    and how many cells agree, and never a difference beside a suppressed cell. `published` is the indicator's
    numerator, null where the period is not published.
    """
    asked = _asked(tables)
    simple = counts.loc[(counts[["dimension_2", "dimension_3"]] == TOTAL).all(axis=1)].rename(
        columns={"dimension_1": "dimension", "category_1": "category", "count": "local"}
    )
    held = simple.merge(asked, on=["table_id", "dimension", "category"], how="inner", validate="1:m")
    published = observations.loc[observations["area_code"] == area_code].rename(
        columns={"dimension": "published_dimension", "category": "published_category", "numerator": "published"}
    )
    joined = held.merge(published[[*GROUP, "published"]], on=GROUP, how="left", validate="m:1")
    joined["published"] = joined["published"].round().astype("Int64")
    joined["difference"] = joined["local"] - joined["published"]
    result = pd.Series(Agreement.DIFFERS.value, index=joined.index)
    result[joined["difference"].eq(0).fillna(False)] = Agreement.AGREES.value
    result[joined["published"].isna()] = Agreement.NOT_YET_PUBLISHED.value
    return joined.assign(agreement=result)[AGREEMENT_COLUMNS]


def known_cells(agreed: pd.DataFrame) -> pd.DataFrame:
    """The openly published figures that are exactly a local cell, in the columns of LOCAL_COUNTS.

    A published figure that differs says nothing exact of the local count and is not among them.
    """
    exact = agreed.loc[agreed["agreement"] == Agreement.AGREES.value]
    exact = exact.drop_duplicates(["population", "period", "period_type", "dimension", "category"])
    cells = {
        name: exact[name.removesuffix("_1")] if name.endswith("_1") else TOTAL  # one dimension, in the first slot
        for name in CELL_COLUMNS
    }
    rows = exact[["population", "period", "period_type"]].assign(**cells)
    rows = rows.assign(table_id=PUBLISHED, count=exact["published"], rule=OPEN_RULE)
    return rows[COUNT_COLUMNS].reset_index(drop=True)


@dataclass(frozen=True)
class PublishedGroup:
    """What an indicator's numerator counts in the words of a local population: all of it, or one group."""

    population: str
    group: Mapping[str, str] = field(default_factory=dict)


PUBLISHED_GROUPS = {
    "ehcp_caseload": PublishedGroup("plans"),
    "ehcp_mainstream": PublishedGroup("plans", {"placement": "mainstream"}),
    "provision_special_share": PublishedGroup("plans", {"placement": "special"}),
    "ehcp_primary_need_autism": PublishedGroup("plans", {"primary_need": "autism"}),
    "ehcp_primary_need_semh": PublishedGroup("plans", {"primary_need": "semh"}),
    "ehcp_primary_need_speech_language": PublishedGroup("plans", {"primary_need": "speech_language_and_communication"}),
    "ehcp_requests": PublishedGroup("requests"),
    "ehcp_requests_refused": PublishedGroup("requests", {"decision": "not_assess"}),
    "ehcp_decision_within_6_weeks": PublishedGroup("requests", {"decided_in_6_weeks": "yes"}),
    "ehcp_new_plans": PublishedGroup("issued_plans"),
    "ehcp_within_20_weeks_all": PublishedGroup("issued_plans", {"within_20_weeks": "yes"}),
    "ehcp_assessments_leading_to_plan": PublishedGroup("assessments", {"outcome": "plan"}),
    "ehcp_ceased": PublishedGroup("ceased_plans"),
}
_AGES = dict(zip(["under 3", *map(str, range(3, 26))], bands.AGES, strict=True))
_BANDS = {published: bands.NESTS["year_of_age", "age_band"][year] for published, year in _AGES.items()}
_BANDS |= {"2 and under": "0-4", "20 and over": "20-25"}
_SEXES = {"Female": "female", "Male": "male"}
# published dimension, local dimension, published categories in the words of the local one; an age may be a band's part
PUBLISHED_DIMENSIONS: tuple[tuple[str, str, Mapping[str, str]], ...] = (
    ("age", "year_of_age", _AGES),
    ("age", "age_band", _BANDS),
    ("age_at_start", "age_band", _BANDS),
    ("age_ceased", "age_band", _BANDS),
    ("sex", "sex", _SEXES),
)


def known_groups(made: Mapping[str, Population], observations: pd.DataFrame, area_code: str) -> pd.DataFrame:
    """Published figures of groups within groups (plans in special schools by age) that are exactly a local count.

    In the columns of LOCAL_COUNTS, as `known_cells`; a figure that differs from the local count is not among them.
    """
    of_area = observations.loc[(observations["area_code"] == area_code) & observations["numerator"].notna()]
    found = [
        _known_group(made[named.population], named.group, of_area.loc[of_area["indicator_id"] == indicator], *words)
        for indicator, named in PUBLISHED_GROUPS.items()
        if named.population in made
        for words in PUBLISHED_DIMENSIONS
        if made[named.population].attributes >= {*named.group, words[1]}
    ]
    return pd.concat([pd.DataFrame(columns=COUNT_COLUMNS), *found], ignore_index=True)


def _known_group(
    counted: Population,
    group: Mapping[str, str],
    published: pd.DataFrame,
    dimension: str,
    local: str,
    words: Mapping[str, str],
) -> pd.DataFrame:
    same_time = (published["period"] == counted.period) & (published["period_type"] == counted.period_type.value)
    figures = published.loc[same_time & (published["dimension"] == dimension)]
    figures = figures.assign(category=figures["category"].map(words)).groupby("category")["numerator"].sum()
    inside = counted.units.filter(*(pl.col(name) == category for name, category in group.items()))
    ours = inside[local].to_pandas().value_counts().reindex(figures.index, fill_value=0)
    exact = figures[figures.round() == ours].round().astype("Int64")
    cells = pd.DataFrame({"category": exact.index.astype("str"), "count": exact.to_numpy()})
    slots = sorted([*group, local])
    for place in range(MOST_DIMENSIONS):
        name = slots[place] if place < len(slots) else TOTAL
        cells[f"dimension_{place + 1}"] = name
        cells[f"category_{place + 1}"] = cells["category"] if name == local else group.get(name, TOTAL)
    cells = cells.assign(
        table_id=PUBLISHED,
        population=counted.id,
        period=counted.period,
        period_type=counted.period_type.value,
        rule=OPEN_RULE,
    )
    return cells[COUNT_COLUMNS]


def _asked(tables: Iterable[LocalTable]) -> pd.DataFrame:
    """Every local cell of one dimension that a published indicator is said to count too."""
    rows = [
        (table.id, same.dimension, category, same.indicator, same.published, published)
        for table in tables
        if not table.filters
        for same in table.published_as
        for category, published in same.categories.items()
    ]
    columns = ["table_id", "dimension", "category", "indicator_id", "published_dimension", "published_category"]
    return pd.DataFrame(rows, columns=columns).astype("str")
