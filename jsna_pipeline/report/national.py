"""Every authority's headline of every indicator, in the newest period of the area that the report is about.

Here: reading those rows of the stored observations, and where an area stands among them. Not here: the area's own
rows and its comparators (`report/view.py`), ranks and tests (`comparisons.py`) or how a chart shows a spread
(`report/charts/`).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow.compute as pc
import pyarrow.parquet as pq

from jsna_pipeline.catalogue.indicators import indicators
from jsna_pipeline.comparisons import MINIMUM_RANKED_DENOMINATOR
from jsna_pipeline.storage import TableFolder
from jsna_pipeline.vocabulary import AreaLevel

_GROUP = ["indicator_id", "dimension", "category"]
_WORDS = [*_GROUP, "period", "area_code", "area_level"]
_KEPT = ["indicator_id", "area_code", "period", "numerator", "denominator", "value"]
NATIONAL_COLUMNS = _KEPT  # words, then counts and the value as printed


@dataclass(frozen=True)
class Spread:
    """How the values of the authorities lie: least, quarter, middle, three quarters, most, and how many there are."""

    least: float
    lower_quartile: float
    median: float
    upper_quartile: float
    most: float
    authorities: int


def read_national(tables: TableFolder, edition: str, observed: pd.DataFrame, area_code: str) -> pd.DataFrame:
    """NATIONAL_COLUMNS of every authority with a value, for each indicator that `area_code` has in `observed`.

    Only the headline group, in the newest period for which the area itself has a value: some 25,000 rows out of
    the 800,000 stored, in about 0.2 s, since words are read as codes.
    """
    with tables.path("indicators_observations", edition).open("rb") as stream:
        stored = pq.read_table(stream, columns=[*_WORDS, "numerator", "denominator", "value"], read_dictionary=_WORDS)
    level = AreaLevel.LOCAL_AUTHORITY.value
    stored = stored.filter(pc.and_(pc.equal(stored["area_level"], level), pc.is_valid(stored["value"])))
    return headlines_of(stored.to_pandas(), observed, area_code)


def headlines_of(rows: pd.DataFrame, observed: pd.DataFrame, area_code: str) -> pd.DataFrame:
    """As `read_national`, of observations of authorities with a value that are at hand."""
    asked = pd.MultiIndex.from_frame(_newest_headlines(observed, area_code))
    rows = rows.loc[pd.MultiIndex.from_frame(rows[[*_GROUP, "period"]]).isin(asked), _KEPT]
    return rows.astype(dict.fromkeys(["indicator_id", "area_code", "period"], "str")).reset_index(drop=True)


def _newest_headlines(observed: pd.DataFrame, area_code: str) -> pd.DataFrame:
    """The headline group and newest valued period of each indicator of the area."""
    spoken = pd.MultiIndex.from_tuples([(one.id, *one.headline_group) for one in indicators().values()])
    own = observed.loc[(observed["area_code"] == area_code) & observed["value"].notna(), [*_GROUP, "period"]]
    own = own.loc[pd.MultiIndex.from_frame(own[_GROUP]).isin(spoken)]
    return own.sort_values([*_GROUP, "period"]).drop_duplicates(_GROUP, keep="last")


def spread(rows: pd.DataFrame) -> Spread | None:
    """How the authorities of one indicator lie; None for fewer than four, of which quarters say nothing.

    Authorities with a denominator under ten are left out, as they are from ranks. Quartiles interpolate between
    the two nearest values (the common definition, number 7 of Hyndman and Fan 1996).
    """
    counted = rows["denominator"].isna() | (rows["denominator"] >= MINIMUM_RANKED_DENOMINATOR)
    values = rows.loc[counted, "value"].dropna().to_numpy(float)
    if len(values) < 4:
        return None
    least, lower, median, upper, most = (float(one) for one in np.quantile(values, (0, 0.25, 0.5, 0.75, 1)))
    return Spread(least, lower, median, upper, most, len(values))
