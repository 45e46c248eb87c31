"""The data beside the report: a workbook to read, tables to compute with, and what describes them.

Here: one call that makes every file, `data_files`, and the names that others ask for. Not here: how each is made.
"""

from jsna_pipeline.report.datapack.contents import FUTURE, FUTURE_OF_AREA, LOCAL, PUBLISHED, REFERENCE, STAR, STEERING
from jsna_pipeline.report.datapack.files import data_files, exceptions_of, local_tables_of, steering_tables_of
from jsna_pipeline.report.datapack.fixed_clock import without_clock
from jsna_pipeline.report.datapack.marking import MARKING, markings

__all__ = [
    "FUTURE",
    "FUTURE_OF_AREA",
    "LOCAL",
    "MARKING",
    "PUBLISHED",
    "REFERENCE",
    "STAR",
    "STEERING",
    "data_files",
    "exceptions_of",
    "local_tables_of",
    "markings",
    "steering_tables_of",
    "without_clock",
]
