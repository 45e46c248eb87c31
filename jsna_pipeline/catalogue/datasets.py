"""The catalogue of published datasets: who publishes what, in which file, when, and with which traps.

Here: the model of a dataset record and its loader. Not here: reading the file (`readers/`), its
columns (`schemas/`), or where the user keeps it (`sources/`).
"""

from __future__ import annotations

import fnmatch
from datetime import date
from functools import cache
from typing import Any, Literal

from pydantic import Field

from jsna_pipeline.catalogue.arithmetic import Arithmetic
from jsna_pipeline.catalogue.loading import Definition, load_folder
from jsna_pipeline.editions import EDITION
from jsna_pipeline.vocabulary import AreaLevel, PeriodType


class FilePattern(Definition):
    """Where the dataset's file is expected: a publication folder and a glob on the file's own name.

    The glob is matched, without regard to case, to files in the folder (a trailing `.gz` put aside)
    and to the members of any zip in it, by the last part of the member's path. `edition` names the last
    edition that published a series which has ended: later editions find the file in that edition's folder,
    or in their own if it was put there.
    """

    folder: str
    name: str
    take: Literal["one", "all"] = "one"
    edition: str | None = Field(None, pattern=rf"^{EDITION}$")

    @property
    def place(self) -> str:
        """The glob with its folder, below the edition's; below the landing folder where the series has ended."""
        return "/".join(part for part in (self.edition, self.folder, self.name) if part)

    def matches(self, file_name: str) -> bool:
        name = file_name.lower().removesuffix(".gz")
        # `caseload.meta.csv` describes the columns of `caseload.csv`; it is not a newer release of it.
        return fnmatch.fnmatchcase(name, self.name.lower()) and not name.endswith(".meta.csv")


class Break(Definition):
    """A point from which a series no longer means what it meant."""

    from_period: str = Field(alias="from")
    kind: Literal["definition", "boundary", "collection"]
    reason: str


class Dataset(Definition):
    """One published dataset. `id` is `<publisher>__<subject>`, the stem of its assets' names."""

    id: str = Field(pattern=r"^[a-z]+__[a-z0-9_]+$")
    publisher: str
    publication: str
    title: str
    description: str
    files: list[FilePattern] = Field(min_length=1)
    format: str
    table: str = Field(description="pandera model, `<module of schemas>.<class>`", pattern=r"^[a-z_]+\.[A-Za-z0-9]+$")
    period_type: PeriodType
    geographic_levels: list[AreaLevel]
    required: bool = False
    licence: str = "Open Government Licence v3.0"
    page: str = Field(pattern=r"^https://")
    api: str | None = None
    release_months: list[int] = Field(min_length=1)
    released: dict[str, date] = Field(default_factory=dict, description="release date by edition, where known")
    breaks: list[Break] = []
    caveats: list[str] = []
    dimensions: dict[str, str] = Field(
        default_factory=dict, description="EES: published breakdown topic -> dimension; `total` for the whole"
    )
    arithmetic: Arithmetic = Field(default_factory=lambda: Arithmetic.model_validate({}))
    options: dict[str, Any] = Field(default_factory=dict, description="what only this dataset's reader needs")

    @property
    def source_line(self) -> str:
        """As a report cites it: "Department for Education, Dedicated schools grant: Allocations …"."""
        return f"{self.publisher}, {self.publication}: {self.title}"

    @property
    def landed_asset(self) -> str:
        return f"landed_{self.id}"

    @property
    def core_asset(self) -> str:
        return f"core_{self.id}"


@cache
def datasets() -> dict[str, Dataset]:
    """Every dataset of the catalogue by id."""
    return load_folder("datasets", Dataset)
