"""Small published files for tests: EES text by the row, and a landing folder to lay them in.

Here: invented figures in the shape in which the Department publishes. Not here: the seeds, which are a
whole country, or anything copied from a release.
"""

from __future__ import annotations

import gzip
import io
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from jsna_pipeline.catalogue.datasets import Dataset, datasets
from jsna_pipeline.core_tables import model_of
from jsna_pipeline.schemas.base import published_names, value_columns

PLACES = {
    "E92000001": ("National", "", "", "", "", ""),
    "E12000002": ("Regional", "E12000002", "North West", "", "", ""),
    "E08000010": ("Local authority", "E12000002", "North West", "E08000010", "359", "Wigan"),
    "E08000031": ("Local authority", "E12000005", "West Midlands", "E08000031", "336", "Wolverhampton"),
}
STANDARD = (
    "time_period", "time_identifier", "geographic_level", "country_code", "country_name", "region_code",
    "region_name", "new_la_code", "old_la_code", "la_name",
)  # fmt: skip
EHC_PLANS = "education-health-and-care-plans"
ASSESSMENTS: Dataset = datasets()["dfe__sen2_assessments"]
ASSESSMENT_COLUMNS = ("assess_in_year", "assess_issued", "assess_issued_pc")
# What the release prints besides; these rows leave it out, as releases write it.
OTHER_COLUMNS = tuple(
    published_names(model_of(ASSESSMENTS), name)[0]
    for name in value_columns(model_of(ASSESSMENTS))
    if published_names(model_of(ASSESSMENTS), name)[0] not in ASSESSMENT_COLUMNS
)
WHOLE = ("All EHC needs assessments", "All EHC needs assessments")


def row(
    values: Sequence[object],
    *,
    area: str = "E08000010",
    period: str = "2024",
    breakdown: tuple[str, ...] = WHOLE,
    identifier: str = "Calendar year",
) -> dict[str, str]:
    """One EES row by column name; `values` follow `ASSESSMENT_COLUMNS`."""
    level, region_code, region, code, old_code, name = PLACES.get(area, ("Local authority", "", "", area, "", ""))
    place = (period, identifier, level, "E92000001", "England", region_code, region, code, old_code, name)
    cells = dict(zip(STANDARD, place, strict=True))
    cells |= dict(zip(("breakdown_topic", "breakdown"), breakdown, strict=True))
    cells |= {name: str(value) for name, value in zip(ASSESSMENT_COLUMNS, values, strict=True)}
    return cells | dict.fromkeys(OTHER_COLUMNS, "x")


def text(rows: Sequence[Mapping[str, str]], columns: Sequence[str] | None = None, newline: str = "\n") -> str:
    """Rows as CSV under the columns of the first, or in the order of `columns`."""
    columns = list(columns or rows[0])
    lines = [columns, *([cells.get(column, "") for column in columns] for cells in rows)]
    return newline.join(",".join(line) for line in lines) + newline


def many(number: int) -> list[dict[str, str]]:
    """Good rows of one area, one period each, to stand around a bad one."""
    ages = [("Child or young persons age", f"Age {age}") for age in range(25)]
    years = range(2024 - number // 25, 2025)
    return [row((40, 10, 25), period=str(year), breakdown=age) for year in years for age in ages][:number]


def zipped(members: Mapping[str, str | bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return stream.getvalue()


def gzipped(content: str) -> bytes:
    return gzip.compress(content.encode())


def land(root: Path, files: Mapping[str, str | bytes], folder: str = EHC_PLANS, edition: str = "2025") -> Path:
    """`root` with `files` in a publication's folder."""
    where = root / edition / folder
    where.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (where / name).write_bytes(content.encode() if isinstance(content, str) else content)
    return root
