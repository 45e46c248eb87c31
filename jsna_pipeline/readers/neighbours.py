"""The statistical neighbours workbook that DfE publishes with its Local Authority Interactive Tool.

Here: the ten neighbours of each authority, as pairs. Not here: any mean over them
(`statistics/comparison.py`), or NHS and CIPFA neighbours, which are other models.
"""

from __future__ import annotations

import re

import pandas as pd
import pandera.pandas as pa

from jsna_pipeline import geography
from jsna_pipeline.catalogue.datasets import Dataset
from jsna_pipeline.errors import InputError
from jsna_pipeline.readers import text_tables
from jsna_pipeline.readers.result import ReadResult
from jsna_pipeline.sources.published_file import PublishedFile

SHEET = "LA SN Groups"
RANKS = range(1, 11)
NO_NEIGHBOUR = {"", "-"}  # an authority younger than the model has dashes


def read(file: PublishedFile, dataset: Dataset, model: type[pa.DataFrameModel]) -> ReadResult:
    """Ten rows for each live authority: area_code, neighbour_code, rank, closeness, model_year, source.

    Reading stops at the first blank authority number: below it stand the predecessors' old neighbours.
    The model's year comes from the file's name, else from `dataset.options["model_year"]`. Raises
    InputError for a missing sheet or column, an unknown authority number, or an unknown year.
    """
    sheet = text_tables.read_sheets(file, SHEET).popitem()[1]
    table = text_tables.below_header(sheet, text_tables.has_headings("LA num", "LA Name"), file=file, name=SHEET)
    blank = table["LA num"].eq("")
    if blank.any():
        table = table.iloc[: int(blank.to_numpy().argmax())]
    if table.empty:
        raise InputError(f"{file.name}: sheet {SHEET!r} names no authority; download the workbook again.")
    pairs = _pairs(table, file)
    absent = pairs["neighbour"].isin(NO_NEIGHBOUR)
    notes = [f"{file.name}: {pairs.loc[absent, 'LA Name'].nunique()} authorities have no neighbours in this model."]
    pairs = pairs[~absent]
    result = pd.DataFrame(
        {
            "area_code": _ons_codes(pairs, "LA num", file),
            "neighbour_code": _ons_codes(pairs, "neighbour", file),
            "rank": pairs["rank"].astype("int64"),
            "closeness": pairs["closeness"].str.strip().str.casefold(),
            "model_year": _model_year(file, dataset),
            "source_file": file.name,
            "source_line": pairs[text_tables.LINE].astype("int64"),
        }
    )
    columns = list(model.to_schema().columns)
    return ReadResult(result[columns].reset_index(drop=True), len(result), notes=tuple(notes) if absent.any() else ())


def _pairs(table: pd.DataFrame, file: PublishedFile) -> pd.DataFrame:
    """One row for each authority and rank. The heading of closeness, `SNP`, is the same ten times."""
    closeness = ["SNP", *[f"SNP.{number}" for number in range(1, 10)]]
    wanted = {name: [name] for name in (*[f"SN{rank}" for rank in RANKS], *closeness)}
    located = text_tables.locate(table.columns, wanted, file)
    parts = [
        table[["LA num", "LA Name", text_tables.LINE]].assign(
            rank=rank, neighbour=table[located[f"SN{rank}"]], closeness=table[located[closeness[rank - 1]]]
        )
        for rank in RANKS
    ]
    return pd.concat(parts, ignore_index=True).sort_values([text_tables.LINE, "rank"], ignore_index=True)


def _ons_codes(pairs: pd.DataFrame, column: str, file: PublishedFile) -> pd.Series:
    dfe_codes = pairs[column].str.removesuffix(".0")
    codes = geography.codes_from_dfe(dfe_codes)
    unknown = codes.isna()
    if unknown.any():
        row = int(pairs.loc[unknown, text_tables.LINE].iloc[0])
        raise InputError(
            f"{file.name}: sheet {SHEET!r}, row {row}: authority number {dfe_codes[unknown].iloc[0]!r} "
            "is not in the register of areas; "
            "correct the file, or add the authority to catalogue/geography/areas.csv."
        )
    return geography.canonical_codes(codes)


def _model_year(file: PublishedFile, dataset: Dataset) -> str:
    years = re.findall(r"20\d\d", file.path.name) or [str(dataset.options.get("model_year", ""))]
    if not years[-1]:
        raise InputError(
            f"{file.name}: the name does not say the year of the neighbours model; name it as published "
            "(sn_may_2025.xlsx), or set options.model_year in its catalogue record."
        )
    return years[-1]
