"""One area's rows of the national tables, those of its comparators, and the headlines of every authority.

Here: reading the stored tables for one report, by Parquet filter. Not here: sentences
(`findings.py`), figures (`report/figures.py`) or layout.
"""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache, cached_property
from typing import Any

import numpy as np
import pandas as pd
from pandas.util import hash_pandas_object

from jsna_pipeline import geography
from jsna_pipeline.boundaries import Boundaries, read_boundaries
from jsna_pipeline.catalogue.indicators import Indicator, indicators
from jsna_pipeline.contributions.gather import Contributions, gather
from jsna_pipeline.core_tables import PROVENANCE_COLUMNS
from jsna_pipeline.fingerprints import catalogue_digest, code_digest, digest
from jsna_pipeline.future.tables import NATIONAL, OF_AREA
from jsna_pipeline.geography import Area
from jsna_pipeline.local_area import empty_tables, exact_tables
from jsna_pipeline.published_tables import empty_table
from jsna_pipeline.report.national import NATIONAL_COLUMNS, read_national
from jsna_pipeline.returns.store import RecordStore
from jsna_pipeline.settings import NhsCover, Settings
from jsna_pipeline.storage import TableFolder
from jsna_pipeline.vocabulary import AreaLevel, Comparator

NEIGHBOURS_TABLE = "core_dfe__statistical_neighbours"
OF_ALL = ("future_expected_need", "future_backtest", "future_backtest_summary")  # read for every authority


class IndexedRows:
    """Rows of a table by the values of some columns, found without comparing every row anew.

    A report asks some thousand times for a few rows of the same table.
    """

    def __init__(self, table: pd.DataFrame) -> None:
        self._table = table
        self._rows: dict[tuple[str, ...], dict[Hashable, np.ndarray]] = {}
        self._found: dict[tuple[tuple[str, str], ...], pd.DataFrame] = {}

    def where(self, **equal: str) -> pd.DataFrame:
        """The rows whose columns equal the values given, in the table's order."""
        asked = tuple(equal.items())
        if asked not in self._found:
            self._found[asked] = self._table.iloc[self._positions(tuple(equal)).get(_key(equal), _NONE)]
        return self._found[asked].copy(deep=False)  # a caller may add columns to what it was given

    def _positions(self, columns: tuple[str, ...]) -> dict[Hashable, np.ndarray]:
        if columns not in self._rows:
            by = list(columns) if len(columns) > 1 else columns[0]
            self._rows[columns] = self._table.groupby(by, sort=False, observed=True).indices
        return self._rows[columns]


def _key(equal: Mapping[str, str]) -> Hashable:
    """Under a single column a group's key is the value itself."""
    values = tuple(equal.values())
    return values if len(values) > 1 else values[0]


_NONE = np.array([], dtype="int64")


def each_row(rows: pd.DataFrame) -> Iterator[Any]:
    """As `itertuples`, in a tenth of the time for a few rows of many columns."""
    named = _row_type(tuple(rows.columns))
    return map(named._make, zip(*(rows[name].tolist() for name in rows.columns), strict=True))


@cache
def _row_type(columns: tuple[str, ...]) -> Any:
    return namedtuple("Row", columns)


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
    observed_before: pd.DataFrame | None = None  # what the edition before knew of the area
    restricted: bool = False  # its own counts and statistics are exact, for named readers alone
    # Published headlines of all authorities, for charts that show how they are spread (`report/national.py`).
    national: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=NATIONAL_COLUMNS))
    # Future need by table: rows of the area, its region and England, and of all authorities where methods are held
    # against each other (`future_rows`).
    future: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    boundaries: Boundaries = field(default_factory=Boundaries)  # outlines of its wards, if the user supplied them

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
        return self._observed.where(indicator_id=indicator_id, **where)

    def comparisons(self, indicator_id: str, **where: str) -> pd.DataFrame:
        """Comparisons of one indicator whose columns equal `where`."""
        return self._compared.where(indicator_id=indicator_id, **where)

    def trends(self, indicator_id: str, **where: str) -> pd.DataFrame:
        """Trends of one indicator whose columns equal `where`."""
        return self._trended.where(indicator_id=indicator_id, **where)

    def authorities(self, indicator_id: str) -> pd.DataFrame:
        """Every authority's headline of one indicator in the area's newest period: NATIONAL_COLUMNS, by area."""
        return self._national_by_indicator.get(indicator_id, self.national.iloc[:0])

    def neighbours_mean(self, indicator_id: str, dimension: str, category: str) -> pd.Series:
        """The neighbours' mean by period, oldest first."""
        comparator = Comparator.NEIGHBOURS_MEAN.value
        rows = self.comparisons(indicator_id, comparator=comparator, dimension=dimension, category=category)
        return rows.sort_values("period").set_index("period")["comparator_value"]

    @cached_property
    def _observed(self) -> IndexedRows:
        return IndexedRows(self.observed)

    @cached_property
    def _compared(self) -> IndexedRows:
        return IndexedRows(self.compared)

    @cached_property
    def _trended(self) -> IndexedRows:
        return IndexedRows(self.trended)

    @cached_property
    def _national_by_indicator(self) -> dict[str, pd.DataFrame]:
        return dict(iter(self.national.groupby("indicator_id", sort=False)))

    @cached_property
    def fingerprint(self) -> str:
        """Digest of everything the report depends on: input files, the area's own tables, catalogue and code."""
        digests = sorted(self.sources["sha256"])
        before = [table for table in (self.exceptions_before, self.observed_before) if table is not None]
        own = [*self.local.values(), *before]
        digests += [str(hash_pandas_object(table, index=False).to_list()) for table in own]
        digests += [
            str(hash_pandas_object(self.future[name], index=False).to_list())
            for name in sorted(OF_AREA)
            if name in self.future
        ]
        digests += [self.contributions.digest, self.boundaries.sha256]
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

    @cached_property
    def _areas_of(self) -> dict[str, frozenset[str]]:
        return {name: frozenset(codes) for name, codes in self.observed.groupby("indicator_id")["area_code"]}

    def speaks_for(self, record: Indicator) -> tuple[str, AreaLevel]:
        """Whose figure the report prints for `record`: the area's own, or that of the NHS body that covers it."""
        codes = self._areas_of.get(record.id, frozenset())
        if self.area.code in codes:
            return self.area.code, AreaLevel.LOCAL_AUTHORITY
        if self.nhs.sub_icb in codes:
            return self.nhs.sub_icb, AreaLevel.SUB_ICB
        if self.nhs.provider in codes:
            return self.nhs.provider, AreaLevel.PROVIDER
        return self.area.code, AreaLevel.LOCAL_AUTHORITY


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
    observed = at_hand(observed.loc[observed["indicator_id"].isin(known)].reset_index(drop=True))
    return AreaView(
        area=area,
        edition=edition,
        cut_off=settings.cut_off_of(edition),
        nhs=nhs,
        observed=observed,
        compared=at_hand(tables.read_areas("indicators_comparisons", edition, [area.code])),
        trended=at_hand(
            tables.read_areas("indicators_trends", edition, [area.code, *[c for c in (nhs.sub_icb, nhs.provider) if c]])
        ),
        sources=tables.read("evidence_sources", edition),
        rejects=tables.read("evidence_rejects", edition),
        reconciliation=tables.read("evidence_reconciliation", edition),
        reconciled=tables.read("evidence_reconciliation_coverage", edition),
        unequal=at_hand(tables.read_areas("indicators_inequalities", edition, [area.code])),
        prioritised=at_hand(tables.read_areas("indicators_priorities", edition, [area.code])),
        neighbours=neighbours,
        local={name: at_hand(table) for name, table in _local(tables, settings, area, edition, records).items()},
        contributions=gather(
            settings.contributions_of(edition, area.slug), edition, settings.cut_off_of(edition), date.today()
        ),
        exceptions_before=tables.read_edition_before("steering_scorecard_exceptions", edition, area.slug),
        observed_before=tables.read_edition_before("indicators_observations", edition, area_codes=[area.code]),
        restricted=settings.audience == "restricted",
        national=at_hand(read_national(tables, edition, observed, area.code)),
        future=future_rows(tables, edition, area),
        boundaries=_boundaries(settings, edition, area),
    )


def future_rows(tables: TableFolder, edition: str, area: Area) -> dict[str, pd.DataFrame]:
    """Stored tables of future need, by name; empty ones where they have not been built. Simulations are not read."""
    found = {}
    near = [area.code, area.region_code, geography.ENGLAND]
    for name, model in {**NATIONAL, **OF_AREA}.items():
        slug = area.slug if name in OF_AREA else ""
        if name == "future_paths":
            continue
        if not tables.path(name, edition, slug).exists():
            found[name] = empty_table(model)
        elif slug or name in OF_ALL:
            found[name] = at_hand(tables.read(name, edition, slug))
        else:
            found[name] = at_hand(tables.read_areas(name, edition, near))
    return found


def at_hand(table: pd.DataFrame) -> pd.DataFrame:
    """`table` with texts as Python holds them: of an Arrow column, taking ten rows costs as much as ten thousand."""
    text = pd.StringDtype("python", na_value=np.nan)
    return table.astype({name: text for name, kind in table.dtypes.items() if isinstance(kind, pd.StringDtype)})


def _boundaries(settings: Settings, edition: str, area: Area) -> Boundaries:
    """Outlines beside the published files; tables alone, without the folder they came from, have none."""
    if settings.source == "landing" and settings.landing is None:
        return Boundaries()
    return read_boundaries(settings.published_files, edition, area.code)


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
