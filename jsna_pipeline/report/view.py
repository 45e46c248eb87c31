"""One area's rows of the national tables, and nothing of any other area but its comparators.

Here: reading the stored tables for one report, by Parquet filter. Not here: sentences
(`findings.py`), figures (`report/figures.py`) or layout.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

import pandas as pd
from pandas.util import hash_pandas_object

from jsna_pipeline import geography
from jsna_pipeline.catalogue.indicators import Indicator, indicators
from jsna_pipeline.contributions.gather import Contributions, gather
from jsna_pipeline.core_tables import PROVENANCE_COLUMNS
from jsna_pipeline.fingerprints import catalogue_digest, code_digest, digest
from jsna_pipeline.geography import Area
from jsna_pipeline.local_area import empty_tables, exact_tables
from jsna_pipeline.returns.store import RecordStore
from jsna_pipeline.settings import NhsCover, Settings
from jsna_pipeline.storage import TableFolder
from jsna_pipeline.vocabulary import AreaLevel, Comparator

NEIGHBOURS_TABLE = "core_dfe__statistical_neighbours"


@dataclass(frozen=True)
class AreaView:
    """What a report of one area may read: its rows, and those of its comparators and NHS bodies."""

    area: Area
    edition: str
    cut_off: date
    nhs: NhsCover
    observed: pd.DataFrame
    compared: pd.DataFrame
    trended: pd.DataFrame
    sources: pd.DataFrame
    rejects: pd.DataFrame
    reconciliation: pd.DataFrame
    reconciled: pd.DataFrame  # what each reconciliation rule compared
    unequal: pd.DataFrame  # groups of the area beside the rest of it
    prioritised: pd.DataFrame  # measures of the area that were tested against England and over time
    neighbours: pd.DataFrame  # neighbour_code, name, rank
    local: Mapping[str, pd.DataFrame]  # the area's own tables by name; empty ones where it delivered nothing
    contributions: Contributions  # what the area has written for the edition
    exceptions_before: pd.DataFrame | None = None  # of the edition before, which this one carries on
    restricted: bool = False  # its own counts and statistics are exact, for named readers alone

    @cached_property
    def region_code(self) -> str:
        return self.area.region_code

    @cached_property
    def region_name(self) -> str:
        return geography.area(self.area.region_code).name

    @cached_property
    def neighbour_codes(self) -> list[str]:
        return self.neighbours["neighbour_code"].tolist()

    def observations(self, indicator_id: str, **where: str) -> pd.DataFrame:
        """Observations of one indicator whose columns equal `where`."""
        return _matching(self._observed_by_indicator.get(indicator_id, self.observed.iloc[:0]), where)

    def comparisons(self, indicator_id: str, **where: str) -> pd.DataFrame:
        """Comparisons of one indicator whose columns equal `where`."""
        return _matching(self._compared_by_indicator.get(indicator_id, self.compared.iloc[:0]), where)

    def trends(self, indicator_id: str, **where: str) -> pd.DataFrame:
        """Trends of one indicator whose columns equal `where`."""
        return _matching(self.trended.loc[self.trended["indicator_id"] == indicator_id], where)

    def neighbours_mean(self, indicator_id: str, dimension: str, category: str) -> pd.Series:
        """The neighbours' mean by period, oldest first."""
        comparator = Comparator.NEIGHBOURS_MEAN.value
        rows = self.comparisons(indicator_id, comparator=comparator, dimension=dimension, category=category)
        return rows.sort_values("period").set_index("period")["comparator_value"]

    @cached_property
    def _observed_by_indicator(self) -> dict[str, pd.DataFrame]:
        return dict(iter(self.observed.groupby("indicator_id", sort=False)))

    @cached_property
    def _compared_by_indicator(self) -> dict[str, pd.DataFrame]:
        return dict(iter(self.compared.groupby("indicator_id", sort=False)))

    @cached_property
    def fingerprint(self) -> str:
        """Digest of everything the report depends on: input files, the area's own tables, catalogue and code."""
        digests = sorted(self.sources["sha256"])
        own = [*self.local.values(), *([] if self.exceptions_before is None else [self.exceptions_before])]
        digests += [str(hash_pandas_object(table, index=False).to_list()) for table in own]
        digests.append(self.contributions.digest)
        return digest(*digests, catalogue_digest(), code_digest(), self.edition, self.area.code, str(self.cut_off))

    @property
    def row_counts(self) -> dict[str, int]:
        """Rows of the national tables per dataset, and of the report's own."""
        core = self.sources.drop_duplicates("dataset_id").set_index("dataset_id")["rows"].astype(int).to_dict()
        own = {"observations": len(self.observed), "comparisons": len(self.compared), "trends": len(self.trended)}
        return {**core, **own}

    @property
    def inputs(self) -> list[dict[str, Any]]:
        """Every file the edition rests on, as the manifest lists them."""
        records: list[dict[str, Any]] = self.sources[PROVENANCE_COLUMNS].to_dict("records")
        written = [{"file": one.name, "bytes": one.bytes, "sha256": one.sha256} for one in self.contributions.files]
        return [*records, *({"dataset_id": "contributions", **one} for one in written)]

    def speaks_for(self, record: Indicator) -> tuple[str, AreaLevel]:
        """Whose figure the report prints for `record`: the area's own, or that of the NHS body that covers it."""
        codes = set(self.observations(record.id)["area_code"])
        if self.area.code in codes:
            return self.area.code, AreaLevel.LOCAL_AUTHORITY
        if self.nhs.sub_icb in codes:
            return self.nhs.sub_icb, AreaLevel.SUB_ICB
        if self.nhs.provider in codes:
            return self.nhs.provider, AreaLevel.PROVIDER
        return self.area.code, AreaLevel.LOCAL_AUTHORITY


def _matching(rows: pd.DataFrame, where: dict[str, str]) -> pd.DataFrame:
    for column, value in where.items():
        rows = rows.loc[rows[column] == value]
    return rows


def load_view(
    tables: TableFolder, settings: Settings, area: Area, edition: str, records: RecordStore | None = None
) -> AreaView:
    """The view of `area`, read from the stored tables of its edition; for a restricted audience with exact counts."""
    nhs = settings.nhs_cover_of(area.slug)
    neighbours = tables.read_areas(NEIGHBOURS_TABLE, edition, [area.code]).sort_values("rank")
    neighbours = neighbours.assign(name=geography.attributes(neighbours["neighbour_code"])["area_name"].to_numpy())
    wanted = [area.code, geography.ENGLAND, area.region_code, *neighbours["neighbour_code"]]
    wanted += [code for code in (nhs.sub_icb, nhs.provider) if code]
    known = list(indicators())
    observed = tables.read_areas("indicators_observations", edition, wanted)
    return AreaView(
        area=area,
        edition=edition,
        cut_off=settings.cut_off_of(edition),
        nhs=nhs,
        observed=observed.loc[observed["indicator_id"].isin(known)].reset_index(drop=True),
        compared=tables.read_areas("indicators_comparisons", edition, [area.code]),
        trended=tables.read_areas(
            "indicators_trends", edition, [area.code, *[c for c in (nhs.sub_icb, nhs.provider) if c]]
        ),
        sources=tables.read("evidence_sources", edition),
        rejects=tables.read("evidence_rejects", edition),
        reconciliation=tables.read("evidence_reconciliation", edition),
        reconciled=tables.read("evidence_reconciliation_coverage", edition),
        unequal=tables.read_areas("indicators_inequalities", edition, [area.code]),
        prioritised=tables.read_areas("indicators_priorities", edition, [area.code]),
        neighbours=neighbours,
        local=_local(tables, settings, area, edition, records),
        contributions=gather(
            settings.contributions_of(edition, area.slug), edition, settings.cut_off_of(edition), date.today()
        ),
        exceptions_before=tables.read_edition_before("steering_scorecard_exceptions", edition, area.slug),
        restricted=settings.audience == "restricted",
    )


def _local(
    tables: TableFolder, settings: Settings, area: Area, edition: str, records: RecordStore | None
) -> dict[str, pd.DataFrame]:
    """The area's own tables as stored, those of a restricted audience without protection."""
    found = empty_tables()
    for name in found:
        if tables.path(name, edition, area.slug).exists():
            found[name] = tables.read(name, edition, area.slug)
    if settings.audience == "restricted" and records is not None and len(found["local_returns"]):
        found |= exact_tables(records, edition, area)
    return found
