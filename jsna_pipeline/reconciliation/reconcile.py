"""One run of all rules over the core tables of an edition.

Here: which rules run, in which order, and what one rule tells another. Not here: any rule.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from jsna_pipeline.catalogue.datasets import Dataset
from jsna_pipeline.catalogue.same_facts import SameFact
from jsna_pipeline.core_tables import model_of
from jsna_pipeline.reconciliation import classes, impossible, jumps, repeats, same_facts, shares, totals
from jsna_pipeline.reconciliation.exceptions import Found, HeldTable, held, together, with_classes_counted
from jsna_pipeline.schemas.base import CoreTable

SUSPECT = list(classes.NO_SUSPECTS.columns)


def reconciled_datasets(known: Mapping[str, Dataset]) -> list[str]:
    """Ids of the datasets that hold figures of areas, which are those that any rule can read."""
    return [dataset.id for dataset in known.values() if issubclass(model_of(dataset), CoreTable)]


def reconcile(
    known: Mapping[str, Dataset],
    facts: Mapping[str, SameFact],
    core: Mapping[str, pd.DataFrame],
    rejects: pd.DataFrame,
    edition: str,
) -> Found:
    """Every exception (columns of `Reconciliation`) and what was compared (`ReconciliationCoverage`).

    `facts` are those that two datasets print, `core` holds core tables by dataset id, and `rejects` what
    validation refused of them (columns of `Rejects`). Repeated and impossible figures come first: a sum or a
    share of a figure that cannot be right is a defect of the source, and not a second riddle.
    """
    names = [name for name in reconciled_datasets(known) if len(core.get(name, ()))]
    tables = {name: held(known[name], core[name]) for name in names}
    doubted = [part for name in names for part in _doubted(known[name], tables[name], rejects)]
    suspects = pd.concat([classes.NO_SUSPECTS, *[part[0][SUSPECT] for part in doubted if len(part[0])]])
    # Popped, so that no table's numbers of areas and groups outlive the rules that use them.
    others = [part for name in names for part in _others(known[name], tables.pop(name), suspects)]
    found, covered = together([*doubted, *others, same_facts.find(facts, known, core, suspects)])
    found, covered = classes.corroborated(found), covered.loc[covered["compared"] + covered["not_comparable"] > 0]
    return found.assign(edition=edition), with_classes_counted(covered, found).assign(edition=edition)


def _doubted(dataset: Dataset, table: HeldTable, rejects: pd.DataFrame) -> list[Found]:
    """Figures of one dataset that cannot be right, whatever they are compared with."""
    counts, refused = repeats.count_columns(dataset), rejects.loc[rejects["dataset_id"].eq(dataset.id)]
    return [repeats.find(table, counts), impossible.find(table, counts, refused)]


def _others(dataset: Dataset, table: HeldTable, suspects: pd.DataFrame) -> list[Found]:
    """The other rules that look at one dataset alone."""
    return [
        shares.find(table, suspects),
        totals.parts_and_whole(table, suspects),
        totals.levels_add_up(table, suspects),
        totals.categories_add_up(table, suspects),
        jumps.find(table, repeats.count_columns(dataset), dataset.breaks, suspects),
    ]
