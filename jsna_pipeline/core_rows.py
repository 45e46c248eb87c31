"""The rows of a core table that match a record's filters, found quickly and taken lean.

Here: factorizing a column once, so that each of some hundred filters compares whole numbers. Not here:
what is done with the rows (`indicator_engine.py`).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from jsna_pipeline.catalogue.indicators import Filters

Mask = npt.NDArray[np.bool_]


class CoreRows:
    """A core table to be filtered many times; text columns are factorized when first filtered on."""

    def __init__(self, table: pd.DataFrame) -> None:
        # Read from several row groups, a text column is in as many chunks, and each take from it slow.
        self.table = pa.Table.from_pandas(table, preserve_index=False).combine_chunks().to_pandas()
        self._codes: dict[str, tuple[npt.NDArray[np.intp], pd.Index]] = {}

    def __len__(self) -> int:
        return len(self.table)

    def matching(self, filters: Filters) -> Mask:
        """True for the rows that match by equality or membership; KeyError for an unknown column."""
        wanted = np.ones(len(self.table), dtype=bool)
        for column, value in filters.items():
            codes, words = self._factorized(column)
            asked = words.get_indexer(value if isinstance(value, list) else [value])
            asked = asked[asked >= 0]
            wanted &= codes == asked[0] if len(asked) == 1 else np.isin(codes, asked)
        return wanted

    def take(self, wanted: Mask, columns: Sequence[str]) -> pd.DataFrame:
        """The rows of `wanted` with only `columns`."""
        return self.table[list(dict.fromkeys(columns))].take(np.flatnonzero(wanted))

    def _factorized(self, column: str) -> tuple[npt.NDArray[np.intp], pd.Index]:
        if column not in self._codes:
            codes, words = pd.factorize(self.table[column])
            self._codes[column] = (codes, pd.Index(words))
        return self._codes[column]
