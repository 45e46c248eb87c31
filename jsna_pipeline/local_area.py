"""One area's own records, from the folder of its returns to tables that may be published.

Here: the order of the steps (take in, count, protect, check what is printed) and what is kept in the
restricted store on the way. Not here: any step itself (`returns/`, `local/`, `disclosure/`), or Dagster.

What leaves this module as a frame is protected, except where its name says `exact`: that stays in the
restricted store and reaches a report for a restricted audience alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import polars as pl

from jsna_pipeline import published_tables
from jsna_pipeline.catalogue.disclosure import disclosure_rules
from jsna_pipeline.catalogue.local_tables import LocalTable, local_tables
from jsna_pipeline.catalogue.returns import returns
from jsna_pipeline.disclosure.protect import Protected, protect
from jsna_pipeline.errors import BuildError
from jsna_pipeline.future.transitions import persons
from jsna_pipeline.geography import Area
from jsna_pipeline.linking import Pseudonyms, beyond_the_roll, match_rates
from jsna_pipeline.local.agreement import Agreement, agreement, known_cells, known_groups
from jsna_pipeline.local.amounts import amount_statistics
from jsna_pipeline.local.counts import count_tables, nests
from jsna_pipeline.local.identities import relations
from jsna_pipeline.local.plans import plan_persons
from jsna_pipeline.local.populations import populations
from jsna_pipeline.local.units import AreaRecords
from jsna_pipeline.local.waits import wait_statistics
from jsna_pipeline.returns.intake import AreaIntake, take_in_area
from jsna_pipeline.returns.store import ALIASES, RecordStore
from jsna_pipeline.vocabulary import TOTAL, Status

NEAREST = 10
EXACT_COUNTS, EXACT_STATISTICS, SUPPRESSION_LOG = "exact_counts", "exact_statistics", "suppression_log"
DERIVED = frozenset({ALIASES, EXACT_COUNTS, EXACT_STATISTICS, SUPPRESSION_LOG})
MODELS = {
    "local_counts": published_tables.LocalCounts,
    "local_statistics": published_tables.LocalStatistics,
    "local_agreement": published_tables.LocalAgreement,
    "local_suppression": published_tables.LocalSuppression,
    "local_unseen": published_tables.LocalUnseen,
}


def held(folder: Path | None, edition: str, area: Area) -> bool:
    """Whether the area has delivered returns for the edition; without any, the report has no local part."""
    return folder is not None and (folder / edition / area.slug).is_dir()


# --- taking in ----------------------------------------------------------------------------------------


def take_in(folder: Path, edition: str, area: Area, store: RecordStore, today: date) -> tuple[pd.DataFrame, AreaIntake]:
    """The returns of `area`, pseudonymised and kept in `store`; and the public account of them, LOCAL_RETURNS.

    Raises InputError or BuildError, neither with a value of a file.
    """
    pseudonyms = Pseudonyms.from_environment()
    earlier = store.earlier_aliases(edition, area.slug, pseudonyms.key_check)
    taken = take_in_area(folder, edition, area.slug, pseudonyms=pseudonyms, earlier_aliases=earlier)
    store.keep(taken, pseudonyms, today)
    return local_returns(taken, edition), taken


def local_returns(taken: AreaIntake, edition: str) -> pd.DataFrame:
    """LOCAL_RETURNS: a row a return, every number to the nearest ten."""
    rates = match_rates(taken.records, returns()).set_index("return_id")
    rows = [
        {
            "return_id": name,
            "title": returns()[name].title,
            "population": returns()[name].population,
            "reference_date": intake.reference_date.isoformat() if intake.reference_date else "",
            "rows_read": sum(intake.rows_read.values()),
            "rows_refused": sum(intake.rows_refused.values()),
            "findings": intake.findings.height,
        }
        for name, intake in taken.intakes.items()
    ]
    matched = ["persons", "with_identifier", "with_plan", "on_roll", "neither"]
    table = pd.DataFrame(rows).join(rates[matched], on="return_id")
    numbers = ["rows_read", "rows_refused", "findings", *matched]
    table[numbers] = table[numbers].apply(nearest_ten)
    return table.assign(edition=edition).astype(dict.fromkeys(matched, "Int64"))


def nearest_ten(numbers: pd.Series) -> pd.Series:
    """`numbers` to the nearest ten, halves up, and 10 for any from 1 to 14: those of a small return are protected.

    To print 1 to 4 as 0 and 5 to 7 as 10 would tell apart what the rules keep together.
    """
    rounded = np.floor(numbers.astype("Float64") / NEAREST + 0.5) * NEAREST
    return rounded.mask(numbers.gt(0).fillna(False) & rounded.lt(NEAREST).fillna(False), NEAREST).astype("Int64")


# --- counting and protecting --------------------------------------------------------------------------


@dataclass(frozen=True)
class LocalTables:
    """The printable tables of one area and edition, by the names of `MODELS`, each as its model says."""

    tables: Mapping[str, pd.DataFrame]

    @property
    def unprinted(self) -> int:
        return int(self.tables["local_suppression"]["suppressed"].sum())


def tabulate(
    store: RecordStore,
    edition: str,
    area: Area,
    cut_off: date,
    observations: pd.DataFrame,
    earlier: pd.DataFrame | None,
) -> LocalTables:
    """Count the kept records, protect the counts, attack them, and keep what is not for print in `store`.

    `observations` are the published ones of the area, known to everybody; `earlier` are the protected counts of
    the area's other editions. Raises BuildError where what would be printed gives a child away.
    """
    records = _records(store, edition, area, cut_off)
    made = populations(records)
    chosen = list(local_tables().values())
    counts = count_tables(made, chosen)
    statistics = pd.concat([wait_statistics(made, chosen), amount_statistics(made, chosen)], ignore_index=True)
    agreed = agreement(counts, observations, chosen, area.code)
    protected = protect(
        counts,
        statistics,
        disclosure_rules(),
        nests(made),
        sensitive_dimensions(chosen),
        pd.concat([known_cells(agreed), known_groups(made, observations, area.code)], ignore_index=True),
        earlier,
        relations(counts),
    )
    assert_log_accounts_for(protected)
    _keep(store, edition, area, {EXACT_COUNTS: counts, EXACT_STATISTICS: statistics, SUPPRESSION_LOG: protected.log})
    tables = {
        "local_counts": protected.counts,
        "local_statistics": protected.statistics,
        "local_agreement": printable_agreement(agreed, protected.counts),
        "local_suppression": protected.summary.rename(columns={"table": "table_id"}),
        "local_unseen": unseen_by_the_roll(records),
    }
    return LocalTables({name: checked(table, name, edition) for name, table in tables.items()})


def exact_tables(store: RecordStore, edition: str, area: Area) -> dict[str, pd.DataFrame]:
    """Counts and statistics without protection, in the shape of the printable ones: for a restricted audience."""
    exact = {"local_counts": (EXACT_COUNTS, "count"), "local_statistics": (EXACT_STATISTICS, "value")}
    made = {}
    for name, (kept, figure) in exact.items():
        table = store.scan(edition, area.slug, kept).collect().to_pandas()
        # A quartile that nobody reached is no figure, for whomever it is printed.
        status = np.where(table[figure].isna(), Status.UNAVAILABLE.value, Status.OK.value)
        made[name] = checked(table.assign(status=status), name, edition)
    return made


def empty_tables() -> dict[str, pd.DataFrame]:
    """The tables of an area that has delivered nothing."""
    models = {**MODELS, "local_returns": published_tables.LocalReturns}
    return {name: published_tables.empty_table(model) for name, model in models.items()}


def unseen_by_the_roll(records: AreaRecords) -> pd.DataFrame:
    """Why plans are not found on the area's rolls: `beyond_the_roll`, numbers to the nearest ten."""
    found = beyond_the_roll(records.tables, records.la_code)
    return found.assign(plans=nearest_ten(found["plans"]))


def checked(table: pd.DataFrame, name: str, edition: str) -> pd.DataFrame:
    """`table` with the columns of its model and nothing else, held against it."""
    model = MODELS[name]
    wanted = list(model.to_schema().columns)
    return published_tables.checked(table.assign(edition=edition)[wanted].reset_index(drop=True), model)


def sensitive_dimensions(chosen: Iterable[LocalTable]) -> set[str]:
    """Dimensions whose category would tell something of a child; what is one in any table is one in all."""
    return {name for table in chosen for name in table.sensitive}


def printable_agreement(agreed: pd.DataFrame, printed: pd.DataFrame) -> pd.DataFrame:
    """Local beside published counts: the local one only where it is printed, agreement only where both are."""
    simple = printed.loc[(printed[["dimension_2", "dimension_3"]] == TOTAL).all(axis=1)]
    cell = ["table_id", "population", "period", "dimension", "category"]
    shown = simple.rename(columns={"dimension_1": "dimension", "category_1": "category", "count": "local_count"})
    joined = agreed.merge(shown[[*cell, "local_count"]], on=cell, how="left", validate="m:1")
    result = joined["agreement"].mask(joined["local_count"].isna(), "not_printed")
    result[joined["published"].isna()] = Agreement.NOT_YET_PUBLISHED.value
    return joined.assign(published_count=joined["published"], agreement=result)


def assert_log_accounts_for(protected: Protected) -> None:
    """Every unprinted figure stands in the log and every entry of the log is unprinted; else BuildError."""
    unprinted = sum(
        int((table["status"] == Status.SUPPRESSED.value).sum()) for table in (protected.counts, protected.statistics)
    )
    if unprinted != len(protected.log):
        raise BuildError(
            f"Disclosure control left {unprinted} figures unprinted and its log accounts for {len(protected.log)}; "
            "nothing was published."
        )


def _records(store: RecordStore, edition: str, area: Area, cut_off: date) -> AreaRecords:
    index = store.index(edition, area.slug)["tables"]
    days = {
        entry["return"]: date.fromisoformat(entry["reference_date"])
        for entry in index.values()
        if entry["reference_date"]
    }
    extracts = {name: day for name, day in days.items() if name in returns() and returns()[name].reference == "extract"}
    year = days["sen2"].year
    return AreaRecords(_tables(store, edition, area), year, area.dfe_code, cut_off, extracts)


def persons_of_januaries(
    store: RecordStore, edition: str, area: Area, cut_off: date
) -> tuple[pl.DataFrame, pl.DataFrame, int] | None:
    """Persons with a plan a year ago and now, and the January of now; None where they cannot be told to be the same.

    Needs the records of two editions a year apart under one key of pseudonyms. Frames of persons: for the restricted
    store and what is simulated from it alone.
    """
    now = store.index(edition, area.slug)
    earlier = str(int(edition[:4]) - 1)
    before = store.index(earlier, area.slug)
    if not now or not before or not now["cross_edition"] or now["key_check"] != before["key_check"]:
        return None
    if any("sen2_person" not in index["tables"] for index in (now, before)):
        return None
    frames = [_records(store, one, area, cut_off) for one in (earlier, edition)]
    if frames[1].year - frames[0].year != 1:
        return None
    return persons(plan_persons(frames[0])), persons(plan_persons(frames[1])), frames[1].year


def _tables(store: RecordStore, edition: str, area: Area) -> dict[str, pl.DataFrame]:
    names = set(store.names(edition, area.slug)) - DERIVED
    return {name: store.scan(edition, area.slug, name).collect() for name in sorted(names)}


def _keep(store: RecordStore, edition: str, area: Area, tables: Mapping[str, pd.DataFrame]) -> None:
    for name, table in tables.items():
        store.write(edition, area.slug, name, pl.from_pandas(table.reset_index(drop=True)))
