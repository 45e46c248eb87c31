"""Appeals to the SEND Tribunal by authority: the wide table made for people beside the EHC-plan release.

Here: its titles, two header rows (year over measure), footnote digits, regional headings and notes, and
the authorities whose number is another's. Not here: which of the two rates an indicator uses.
"""

from __future__ import annotations

import csv
import io

import pandas as pd

from jsna_pipeline import geography
from jsna_pipeline.catalogue.datasets import Dataset
from jsna_pipeline.errors import InputError
from jsna_pipeline.readers import text_tables
from jsna_pipeline.readers.markers import parse_values
from jsna_pipeline.readers.result import ReadResult, rejects
from jsna_pipeline.schemas.base import CoreModel, published_names, status_column, value_columns
from jsna_pipeline.sources.published_file import PublishedFile
from jsna_pipeline.vocabulary import TOTAL, AreaLevel, PeriodType, Status

# The file's own key: `..` not available, `~` suppressed. `x` is the mark of the EHC-plan release beside it.
MARKERS = {
    "": Status.UNAVAILABLE,
    "..": Status.UNAVAILABLE,
    "x": Status.UNAVAILABLE,
    "-": Status.UNAVAILABLE,
    "~": Status.SUPPRESSED,
}
FOOTNOTES = r"[\d,]+$"
ENGLAND_TOTAL = "England Total"
ENGLAND_IN_DEVELOPMENT = "England total excluding suppressed"
NAME, NUMBER = "name", "number"


def read(file: PublishedFile, dataset: Dataset, model: CoreModel) -> ReadResult:
    """One row for England and each authority, ended ones included, and calendar year.

    A dash beside a rate of 0% is the spreadsheet's way to print none and is read as 0; any other dash is
    unavailable. `dataset.options["rows_by_name"]` names the authorities whose number in the file belongs to
    another; `options["withheld"]` gives years (by name) whose figures stand in another authority's row: they
    are rejected. Raises InputError where the headings are missing or a name and a number disagree otherwise.
    """
    cells = _cells(file)
    header = _header(cells, file)
    years = cells.iloc[header].mask(cells.iloc[header].eq("")).ffill()
    measures = cells.iloc[header + 1].str.replace(FOOTNOTES, "", regex=True).str.strip()
    rows = cells.iloc[header + 2 :]
    areas = _areas(rows, file, dataset)
    wanted = years[years.fillna("").str.fullmatch(r"20\d\d")]
    apart = rows[0].eq(ENGLAND_IN_DEVELOPMENT).to_numpy()
    parts = [
        _year(year, rows, areas, {measures[column]: column for column in group.index}, apart, file, model)
        for year, group in wanted.groupby(wanted, sort=True)
    ]
    table = pd.concat(parts, ignore_index=True)
    table, refused = _withhold(table, file, dataset)
    return ReadResult(text_tables.arranged(table, model), len(table) + len(refused), refused)


def _cells(file: PublishedFile) -> pd.DataFrame:
    """Every cell as stripped text, columns numbered, index one less than the line."""
    text = file.content.decode("utf-8-sig", errors="replace")
    rows = list(csv.reader(io.StringIO(text, newline="")))
    width = max(map(len, rows))
    cells = pd.DataFrame([row + [""] * (width - len(row)) for row in rows], dtype="str")
    return cells.apply(lambda column: column.str.strip())


def _header(cells: pd.DataFrame, file: PublishedFile) -> int:
    found = (cells[0].eq("Local Authority") & cells.get(1, pd.Series(dtype="str")).eq("LA code")).to_numpy()
    if not found[: text_tables.SEARCH_ROWS].any():
        raise InputError(
            f"{file.name}: no row with 'Local Authority' and 'LA code' among the first {text_tables.SEARCH_ROWS}; "
            "check that it is the table of appeal rates from the EHC-plan release."
        )
    return int(found.argmax())


def _areas(rows: pd.DataFrame, file: PublishedFile, dataset: Dataset) -> pd.Series:
    """ONS code by row, null for headings and notes. Numbers decide; names only where they must."""
    names = rows[0].str.replace(FOOTNOTES, "", regex=True).str.strip()
    by_name = names.str.casefold().map(_codes_by_name())
    has_figures = rows.iloc[:, 2:].apply(lambda column: column.str.contains(r"\d")).any(axis=1)
    numbered = rows[1].str.fullmatch(r"\d{3}")
    codes = geography.codes_from_dfe(rows[1].where(numbered, ""))
    disputed = numbered & by_name.notna() & codes.notna() & by_name.ne(codes)
    excepted = names.isin(dataset.options.get("rows_by_name", []))
    _refuse(disputed & ~excepted, rows, "name and number of the authority belong to two areas", file)
    codes = codes.mask((disputed & excepted) | (has_figures & ~numbered), by_name)
    codes = codes.mask(names.eq(ENGLAND_TOTAL), geography.ENGLAND)
    lost = has_figures & codes.isna() & names.ne(ENGLAND_IN_DEVELOPMENT)
    _refuse(lost, rows, "the authority is not in the register of areas", file)
    return geography.canonical_codes(codes)


def _codes_by_name() -> pd.Series:
    """ONS code by name in lower case; the live authority's where an ended one had its name."""
    register = geography.register().query("area_level == 'local_authority'").sort_values("valid_to")
    codes = geography.canonical_codes(register["area_code"])
    return codes.set_axis(register["area_name"].str.casefold())[lambda found: ~found.index.duplicated()]


def _refuse(bad: pd.Series, rows: pd.DataFrame, what: str, file: PublishedFile) -> None:
    if bad.any():
        row = rows[bad].iloc[0]
        raise InputError(
            f"{file.name}: column 'LA code', line {int(row.name) + 1} ({row[0][:40]}): {what}; "
            "correct the file, or settle the row in the dataset's catalogue record."
        )


def _year(
    year: str,
    rows: pd.DataFrame,
    areas: pd.Series,
    columns: dict[str, int],
    apart: pd.Series,
    file: PublishedFile,
    model: CoreModel,
) -> pd.DataFrame:
    """The block of one year; columns that only later blocks have are unavailable."""
    kept = rows[areas.notna()]
    codes = areas[areas.notna()]
    table = pd.DataFrame({"area_code": codes, **geography.attributes(codes)[["area_name", "area_level"]]})
    table = table.assign(period=year, period_type=PeriodType.CALENDAR_YEAR.value, dimension=TOTAL, category=TOTAL)
    table["source_file"], table["source_line"] = file.name, kept.index + 1
    texts = {name: _text(kept, columns, published_names(model, name)[0]) for name in value_columns(model)}
    _refuse_missing(columns, file, model, year)
    none_at_all = texts["appeals"].eq("-") & texts["appeal_rate"].str.fullmatch(r"0(?:\.0+)?%")
    texts["appeals"] = texts["appeals"].mask(none_at_all, "0")
    counted = texts["decisions_in_development"].str.contains(r"\d")
    texts["appeals_in_development"] = texts["appeals"].where(counted, "")
    if apart.any() and counted.any():
        stated = _text(rows[apart], columns, published_names(model, "appeals")[0]).iloc[0]
        england = codes.eq(geography.ENGLAND)
        texts["appeals_in_development"] = texts["appeals_in_development"].mask(england, stated)
    for name, text in texts.items():
        table[name], table[status_column(name)] = parse_values(
            text, markers=MARKERS, file=file.name, column=f"{year}, {name}", lines=table["source_line"]
        )
    return table


def _text(rows: pd.DataFrame, columns: dict[str, int], heading: str) -> pd.Series:
    return rows[columns[heading]] if heading in columns else pd.Series("", index=rows.index, dtype="str")


def _refuse_missing(columns: dict[str, int], file: PublishedFile, model: CoreModel, year: str) -> None:
    for name in ("appeals", "decisions", "appeal_rate"):
        heading = published_names(model, name)[0]
        if heading not in columns:
            raise InputError(
                f"{file.name}: no column {heading!r} under {year}; compare the second header row with the "
                "release's own, and add a new spelling to schemas/hmcts.py."
            )


def _withhold(table: pd.DataFrame, file: PublishedFile, dataset: Dataset) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Rows that the reviewed record calls another authority's, taken out and listed."""
    withheld = pd.Series(False, index=table.index)
    for name, years in dataset.options.get("withheld", {}).items():
        withheld |= table["area_name"].eq(name) & table["period"].isin([str(year) for year in years])
    known = table["area_level"].isin([AreaLevel.ENGLAND.value, AreaLevel.LOCAL_AUTHORITY.value])
    reason = "the figures of this authority and year stand in another's row"
    return table[known & ~withheld], rejects(file.name, table.loc[withheld, "source_line"], "", "row", reason)
