"""The dedicated schools grant: totals of several years, and the blocks of 2022 to 2023.

Here: two workbooks in the layout of the real ones, the second an OpenDocument file without its type member,
as the Department published it. Not here: what authorities spend (`lait`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from xml.sax.saxutils import escape

import numpy as np

from seeds.generator.country import Ints, country, stream
from seeds.generator.population import YEARS as POPULATION_YEARS
from seeds.generator.population import children
from seeds.generator.writing import write, xlsx_bytes, zip_bytes

YEARS = (2019, 2020, 2021, 2022, 2023)
BLOCK_YEAR = 2022
PER_CHILD = {2019: 3750, 2020: 3960, 2021: 4250, 2022: 4450, 2023: 4740}
NOT_FUNDED = ("E06000053", "E09000001")
GROUPS = ("METROPOLITAN AUTHORITIES", "UNITARY AUTHORITIES", "UPPER TIER AUTHORITIES")
OFFICE = "urn:oasis:names:tc:opendocument:xmlns:office:1.0"
TABLE = "urn:oasis:names:tc:opendocument:xmlns:table:1.0"
TEXT = "urn:oasis:names:tc:opendocument:xmlns:text:1.0"

SUMMARY = (
    "Schools block (£s)", "Central school services block (£s)", "High needs block (£s)", "Early years block (£s)",
    "Total DSG allocation (£s)", "Schools block (£s)", "Central school services block allocation (£s)",
    "High needs block allocation (£s)", "Early years block (£s)", "Total DSG allocation (£s)",
)  # fmt: skip
HIGH_NEEDS = (
    "Total high needs elements in the funding floor and gains calculation (£s)",
    "Import/export adjustment (based on January 2022 school census and February 2022 learner records) (£s)",
    "Total high needs block before deductions (£s)",
)


def publish(folder: Path) -> list[Path]:
    sheets = {f"dsg_budget_{year + 1}": _totals(year) for year in YEARS}
    return [
        write(folder / "DSG_by_year_dr.xlsx", xlsx_bytes(sheets)),
        write(folder / "dedicated-schools-grant_2023_07_20.ods", ods_bytes(_blocks())),
    ]


def _grant(year: int) -> Ints:
    """Pounds by authority: per child, with a tilt that stays from year to year."""
    place = country()
    rng = stream("schools grant")
    tilt = np.exp(0.06 * place.deprivation + 0.05 * rng.standard_normal(place.size))
    people = children()[:, POPULATION_YEARS.index(year)]
    pounds = np.rint(PER_CHILD[year] * tilt * people).astype(np.int64)
    return np.where(np.isin(place.codes, NOT_FUNDED), 0, pounds)


def _rows(year: int, values: Ints) -> list[tuple[str, str, list[int]]]:
    """Number, name and pounds: England, the authorities of the year by number, London, groups and regions."""
    place = country()
    vintage = place.at(f"{year + 1}-03-31")
    sums = vintage.roll_up(values.reshape(place.size, -1)).astype(np.int64).tolist()
    areas = vintage.areas
    local = [
        (number, name, pounds)
        for number, name, pounds in zip(areas["dfe_code"], areas["area_name"], sums, strict=False)
        if pounds[0]
    ]
    regions = list(zip(place.regions["area_name"], sums[len(areas) : -1], strict=True))
    london = dict(regions)["London"]
    groups = [(name, "", london) for name in ("LONDON", *GROUPS)]
    return [("ENGLAND", "", sums[-1]), *sorted(local), *groups, *[(name, "", pounds) for name, pounds in regions]]


def _totals(year: int) -> list[list[object]]:
    header: list[object] = ["la_code", "la_name", "Total DSG allocation (£s)", "time_period"]
    period = f"{year}{(year + 1) % 100}"
    return [header, *([number, name, pounds[0], period] for number, name, pounds in _rows(year, _grant(year)))]


def _blocks() -> dict[str, list[list[object]]]:
    place = country()
    rng = stream("grant blocks")
    total = _grant(BLOCK_YEAR)
    needs = np.rint(total * np.clip(0.168 + 0.012 * rng.standard_normal(place.size), 0.12, 0.26)).astype(np.int64)
    early = np.rint(total * 0.069).astype(np.int64)
    central = np.rint(total * 0.0075).astype(np.int64)
    schools = total - needs - early - central
    after = np.rint(needs * np.clip(0.888 + 0.05 * rng.standard_normal(place.size), 0.7, 0.99)).astype(np.int64)
    after_schools = np.rint(schools * 0.41).astype(np.int64)
    moved = 6000 * np.rint(needs / 1e6 * rng.normal(-0.8, 2.2, place.size) / 0.6).astype(np.int64)
    before = [schools, central, needs, early, total]
    left = [after_schools, central, after, early, after_schools + central + after + early]
    summary = _rows(BLOCK_YEAR, np.column_stack([*before, *left]))
    detail = _rows(BLOCK_YEAR, np.column_stack([needs - moved, moved, needs]))
    year = f"{BLOCK_YEAR} to {BLOCK_YEAR + 1}"
    title = f"Dedicated schools grant: {year}"
    return {
        f"Information_{BLOCK_YEAR}_to_{BLOCK_YEAR + 1}": [["", f"Synthetic allocations, {year}"]],
        "Allocations_summary": _sheet(f"{title} allocations local authority summary", SUMMARY, summary),
        "High_needs_block": _sheet(f"{title} high needs block allocations", HIGH_NEEDS, detail),
    }


def _sheet(title: str, headings: Sequence[str], rows: Sequence[tuple[str, str, list[int]]]) -> list[list[object]]:
    letters = [f"[{chr(65 + at)}]" for at in range(len(headings))]
    body: list[list[object]] = [
        [int(number) if number.isdigit() else number, name, *pounds] for number, name, pounds in rows
    ]
    return [[title], ["", "", *headings], [" ", " ", *letters], *body, [""]]


def ods_bytes(sheets: Mapping[str, Sequence[Sequence[object]]]) -> bytes:
    """A minimal OpenDocument spreadsheet; no `mimetype`, which the real file lacks too."""
    tables = "".join(
        f'<table:table table:name="{name}">{"".join(map(_ods_row, rows))}</table:table>'
        for name, rows in sheets.items()
    )
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content xmlns:office="{OFFICE}" '
        f'xmlns:table="{TABLE}" xmlns:text="{TEXT}" office:version="1.2"><office:body><office:spreadsheet>'
        f"{tables}</office:spreadsheet></office:body></office:document-content>"
    )
    manifest = (
        '<?xml version="1.0" encoding="UTF-8"?><manifest:manifest '
        'xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"><manifest:file-entry '
        'manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>'
    )
    return zip_bytes({"content.xml": content.encode(), "META-INF/manifest.xml": manifest.encode()})


def _ods_row(row: Sequence[object]) -> str:
    return f"<table:table-row>{''.join(map(_ods_cell, row))}</table:table-row>"


def _ods_cell(value: object) -> str:
    number = isinstance(value, int)
    kind = f'office:value-type="float" office:value="{value}"' if number else 'office:value-type="string"'
    return f"<table:table-cell {kind}><text:p>{escape(str(value))}</text:p></table:table-cell>"
