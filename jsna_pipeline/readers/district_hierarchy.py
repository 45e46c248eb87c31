"""Districts and the upper-tier authorities that have them today.

Here: the published list of districts, brought to the authorities of today. Not here: the register of
authorities and their predecessors (`geography.py`).
"""

from __future__ import annotations

import pandas as pd
import pandera.pandas as pa

from jsna_pipeline import geography
from jsna_pipeline.catalogue.datasets import Dataset
from jsna_pipeline.errors import InputError
from jsna_pipeline.readers import text_tables
from jsna_pipeline.readers.result import ReadResult
from jsna_pipeline.sources.published_file import PublishedFile

COLUMNS = {
    "district_code": ["lad_code"],
    "district_name": ["lad_name"],
    "area_code": ["new_la_code"],
    "status": ["status"],
}
UNUSED = ["date_of_introduction", "date_of_termination", "la_name", "old_la_code"]

# The published list stops at the county that was abolished. Which of the new authorities has a
# district is law: Bournemouth, Dorset and Poole (Structural Changes) Order 2018, Northamptonshire
# (Structural Changes) Order 2020, Cumbria (Structural Changes) Order 2022. Counties that became one
# authority (Buckinghamshire, North Yorkshire, Somerset) are recodes and need no line here.
SUCCESSOR_OF_DISTRICT = {
    **dict.fromkeys(["E06000028", "E06000029", "E07000048"], "E06000058"),
    **dict.fromkeys(["E07000049", "E07000050", "E07000051", "E07000052", "E07000053"], "E06000059"),
    **dict.fromkeys(["E07000150", "E07000152", "E07000153", "E07000156"], "E06000061"),
    **dict.fromkeys(["E07000151", "E07000154", "E07000155"], "E06000062"),
    **dict.fromkeys(["E07000026", "E07000028", "E07000029"], "E06000063"),
    **dict.fromkeys(["E07000027", "E07000030", "E07000031"], "E06000064"),
}


def read(file: PublishedFile, dataset: Dataset, model: type[pa.DataFrameModel]) -> ReadResult:
    """One row for each English district, in the columns of `geography_lookup.DistrictHierarchy`.

    A district that was renamed under one code keeps its live row. Raises InputError for a missing
    column or for an authority that the register does not have or that ended without a known successor.
    """
    text, malformed = text_tables.read_csv(file)
    notes = text_tables.added_columns_note(text.columns, [*UNUSED, *[names[0] for names in COLUMNS.values()]], file)
    table = _today(text, file)
    columns = list(model.to_schema().columns)
    return ReadResult(table[columns], len(text) + len(malformed), malformed, tuple(notes))


def districts(file: PublishedFile) -> pd.Series:
    """Upper-tier ONS code of today by district code, for readers whose files name districts."""
    text, _ = text_tables.read_csv(file)
    return _today(text, file).set_index("district_code")["area_code"]


def _today(text: pd.DataFrame, file: PublishedFile) -> pd.DataFrame:
    located = text_tables.locate(text.columns, COLUMNS, file)
    cells = pd.DataFrame({name: text[heading].str.strip() for name, heading in located.items()})
    table = cells.assign(is_live=cells.pop("status").str.casefold().eq("live"))
    table = table.assign(source_file=file.name, source_line=text[text_tables.LINE].astype("int64"))
    table = table[table["district_code"].str.startswith("E")]
    table = table.sort_values(["is_live", "source_line"], ascending=[False, True], kind="stable")
    table = table.drop_duplicates("district_code").sort_values("source_line", ignore_index=True)
    successor = table["district_code"].map(SUCCESSOR_OF_DISTRICT)
    table["area_code"] = geography.canonical_codes(successor.fillna(table["area_code"]).astype("str"))
    ended = ~table["area_code"].isin(geography.local_authorities()["area_code"])
    if ended.any():
        first = table[ended].iloc[0]
        raise InputError(
            f"{file.name}: column {located['area_code']!r}, line {first['source_line']}: "
            f"{first['area_code']!r} is not a live upper-tier authority; "
            "correct the file, or add the district's successor to the reader."
        )
    return table
