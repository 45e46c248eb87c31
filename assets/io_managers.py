"""Tables as Parquet files, one per asset and edition, readable without Dagster.

Here: writing and reading a table, nothing else. Not here: any change to its content, or the files
of a report (`report.py` writes those itself).
Concept: https://docs.dagster.io/guides/build/io-managers
"""

import dagster as dg
import pandas as pd
from dagster import InputContext, OutputContext
from upath import UPath

from jsna_pipeline.storage import read_table, write_table


class ParquetTables(dg.UPathIOManager):
    """`<tables>/<asset>/<edition>.parquet`, written under a temporary name and renamed."""

    extension = ".parquet"

    def dump_to_path(self, context: OutputContext, obj: pd.DataFrame, path: UPath) -> None:
        write_table(obj, path)

    def load_from_path(self, context: InputContext, path: UPath) -> pd.DataFrame:
        return read_table(path)


class ParquetTablesFactory(dg.ConfigurableIOManagerFactory):
    """The tables of one source, under the folder or fsspec URL that settings name."""

    tables: str

    def create_io_manager(self, context: dg.InitResourceContext) -> ParquetTables:
        return ParquetTables(base_path=UPath(self.tables))
