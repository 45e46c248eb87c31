"""What one local table says of another in other words: groups that are the same persons, or nearly.

Here: the list of them, and the relations that it makes between counts. Not here: categories that lie in wider ones
(`bands.NESTS`), or what follows for printing (`disclosure/`).

A reader knows that a request not decided is one withdrawn or still open, and subtracts the one table from the other.
Groups that are only nearly the same (children looked after with a plan, counted from either return) are listed too:
the attack then takes their difference as known, which errs on the safe side.
"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from jsna_pipeline.local import bands
from jsna_pipeline.local.bands import NOT_KNOWN
from jsna_pipeline.local.counts import CELL_COLUMNS
from jsna_pipeline.vocabulary import TOTAL

IDENTITY = ["population", "period", "period_type"]
RELATION_COLUMNS = [*IDENTITY, *CELL_COLUMNS, "relation", "coefficient"]
Group = frozenset[tuple[str, str]]


@dataclass(frozen=True)
class Side:
    """Groups of one population that together are the same persons as the other side's."""

    population: str
    groups: tuple[Group, ...]


def side(population: str, dimension: str, *categories: str) -> Side:
    return Side(population, tuple(frozenset({(dimension, category)}) for category in categories))


_STAYED = tuple(frozenset({("moved_from", kind), ("moved_to", kind)}) for kind in sorted(set(bands.PLACEMENT.values())))
IDENTITIES: tuple[tuple[Side, Side], ...] = (
    (
        side("requests", "decision", "not_yet_decided", "withdrawn", NOT_KNOWN),
        side("requests", "decided_in_6_weeks", "not_decided"),
    ),
    (side("issued_plans", "weeks_from_request", "up_to_20"), side("issued_plans", "within_20_weeks", "yes")),
    (side("plans", "review_held", "no", "not_yet_due"), side("plans", "review_decided_in_4_weeks", "no_review")),
    (side("plans", "provision", "not_in_education"), side("plans", "after_16", "not_in_education")),
    (side("plans", "provision", NOT_KNOWN), side("plans", "after_16", NOT_KNOWN)),
    (side("pupils", "primary_need", "none"), side("pupils", "sen_stage", "no_sen")),
    (side("pupils", "area_of_need", "none"), side("pupils", "sen_stage", "no_sen")),
    (side("pupils", "persistent_absence", NOT_KNOWN), side("pupils", "severe_absence", NOT_KNOWN)),
    (side("pupils", "persistent_absence", NOT_KNOWN), side("pupils", "absent_for_health", NOT_KNOWN)),
    (Side("moves", _STAYED), side("moves", "between_kinds", "no")),
    (side("missing_education", "outcome", NOT_KNOWN), side("missing_education", "open", "yes")),
    (side("alternative_provision", "outcome", NOT_KNOWN), side("alternative_provision", "open", "yes")),
    (side("open_cases", "stage", "deciding_whether_to_assess"), side("requests", "decision", "not_yet_decided")),
    (side("looked_after", "sen_stage", "ehc_plan"), side("plans", "social_care", "looked_after")),
    (
        side("children_in_need", "sen_stage", "ehc_plan"),
        side("plans", "social_care", "child_in_need", "child_protection", "looked_after"),
    ),
)


def relations(counts: pd.DataFrame) -> pd.DataFrame:
    """LOCAL_COUNTS to the relations among them, in the columns of `RELATION_COLUMNS`.

    One relation for each identity and each further group (an age band, say) in which the tables print both sides:
    coefficient 1 for the cells of one side and -1 for those of the other.
    """
    cells = counts.drop_duplicates([*IDENTITY, *CELL_COLUMNS])[[*IDENTITY, *CELL_COLUMNS]].reset_index(drop=True)
    slots = [cells[CELL_COLUMNS[place : place + 2]].itertuples(index=False, name=None) for place in (0, 2, 4)]
    groups = [frozenset(part for part in row if part[0] != TOTAL) for row in zip(*slots, strict=True)]
    cells["group"] = groups
    found = [_related(cells, number, one, other) for number, (one, other) in enumerate(IDENTITIES)]
    return pd.concat([pd.DataFrame(columns=RELATION_COLUMNS), *found], ignore_index=True)[RELATION_COLUMNS]


def _related(cells: pd.DataFrame, number: int, one: Side, other: Side) -> pd.DataFrame:
    both = [_beside(cells, each).assign(coefficient=sign) for each, sign in ((one, 1.0), (other, -1.0))]
    shared = set(both[0]["beside"]) & set(both[1]["beside"])
    rows = pd.concat(both)
    rows = rows.loc[rows["beside"].isin(shared)]
    return rows.assign(relation=[f"{number} {sorted(group)}" for group in rows["beside"]])


def _beside(cells: pd.DataFrame, wanted: Side) -> pd.DataFrame:
    """The cells of one side with `beside`, the rest of their group."""
    inside = cells.loc[cells["population"] == wanted.population]
    found = [
        inside.loc[[group <= has for has in inside["group"]]].assign(
            beside=lambda rows, group=group: [has - group for has in rows["group"]]
        )
        for group in wanted.groups
    ]
    return pd.concat(found)
