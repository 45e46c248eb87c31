"""National tables for use elsewhere: one table, all areas, one edition.

Here: `jsna export`. Not here: the data beside a report, which holds one area and its comparators.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from jsna_pipeline.errors import InputError
from jsna_pipeline.future import tables as future_tables
from jsna_pipeline.safe_tables import csv_bytes, parquet_bytes
from jsna_pipeline.settings import Settings
from jsna_pipeline.storage import TableFolder

EXPORTS = {
    "observations": "indicators_observations",
    "comparisons": "indicators_comparisons",
    "trends": "indicators_trends",
    "inequalities": "indicators_inequalities",
    "priorities": "indicators_priorities",
    "strategy_answers": "indicators_strategy_answers",
    "definitions": "indicators_definitions",
    "reconciliation": "evidence_reconciliation",
    "reconciliation_coverage": "evidence_reconciliation_coverage",
    "sources": "evidence_sources",
    "rejects": "evidence_rejects",
    **{asset.removeprefix("future_"): asset for asset in future_tables.NATIONAL},
}


def export_table(settings: Settings, name: str, edition: str, out: Path | None) -> None:
    """Write the table to `out` (.csv or .parquet), under a temporary name first, or as CSV to standard output."""
    if name not in EXPORTS:
        raise InputError(f"No table {name!r}; the tables are {', '.join(EXPORTS)}.")
    path = TableFolder(settings.tables).path(EXPORTS[name], edition)
    if not path.exists():
        raise InputError(f"Edition {edition} of source {settings.source} has not been built; run `jsna build` first.")
    table = TableFolder(settings.tables).read(EXPORTS[name], edition)
    if out is None:
        sys.stdout.buffer.write(csv_bytes(table))
        return
    writers = {".csv": csv_bytes, ".parquet": parquet_bytes}
    if out.suffix not in writers:
        raise InputError(f"{out}: give a name that ends in .csv or .parquet.")
    if not out.parent.is_dir():
        raise InputError(f"{out}: there is no folder {out.parent}; make it first, or name another.")
    temporary = out.with_name(f".{out.name}.{os.getpid()}.tmp")
    try:
        temporary.write_bytes(writers[out.suffix](table))
        temporary.replace(out)
    finally:
        temporary.unlink(missing_ok=True)
