"""What a user may set: in `jsna.toml`, in `JSNA_*` variables, or on the command line over both.

Here: the settings, their defaults and the paths that follow from them. Not here: definitions of
datasets and indicators, which are reviewed records in `catalogue/`.

Relative paths start from the folder of `jsna.toml`, else from the working directory, so that a
command behaves alike wherever in the project it is given.
"""

from __future__ import annotations

import os
import tomllib
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    SettingsError,
    TomlConfigSettingsSource,
)

from jsna_pipeline.errors import InputError
from jsna_pipeline.report.branding import BrandTable

SETTINGS_FILE = "jsna.toml"
Source = Literal["seeds", "landing"]
Audience = Literal["public", "restricted"]


class NhsCover(BaseModel):
    """The NHS organisations that serve an authority's residents; their figures are printed as theirs."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    sub_icb: str = ""
    provider: str = ""


# Which NHS organisation covers an authority is a fact of NHS geography that no open file here
# states; other areas add theirs in jsna.toml under [nhs.<slug>].
KNOWN_NHS_COVER = {
    "wigan": NhsCover(sub_icb="02H", provider="RRF"),
    "wolverhampton": NhsCover(sub_icb="D2P2L", provider="RL4"),
    "cumberland": NhsCover(sub_icb="01H", provider="RNN"),
    "bournemouth-christchurch-and-poole": NhsCover(sub_icb="11J", provider="RDY"),
}


class Settings(BaseSettings):
    """All settings, read once at start."""

    model_config = SettingsConfigDict(
        env_prefix="JSNA_",
        env_nested_delimiter="__",
        extra="forbid",
        frozen=True,
        coerce_numbers_to_str=True,  # `edition = 2025` is how anyone writes it
    )

    source: Source = "seeds"
    landing: Path | None = Field(None, description="folder with <edition>/<publication>/<file>")
    returns: Path | None = Field(None, description="folder with <edition>/<area>/<return>/<file>, the area's own")
    contributions: Path | None = Field(
        None, description="folder with <edition>/<area>/<file>: surveys, logs, judgements and words of the area"
    )
    priority_weights: dict[str, Annotated[float, Field(ge=0)]] = Field(
        default_factory=dict, description="weight of a criterion of commissioning priorities; 1 where not named"
    )
    full: bool = Field(False, description="every measure drawn in the PDF, not only what leads or stands out")
    audience: Audience = Field("public", description="restricted: unprotected local figures, kept in the state folder")
    state: Path = Field(Path(".jsna"), description="tables and the Dagster home, one folder per source")
    out: Path | None = Field(None, description="reports; `reports/<source>` when not set")
    tables_url: str | None = Field(None, description="where tables are kept instead of `state`: any fsspec URL")
    edition: str | None = Field(None, description="the newest edition of the source when not set")
    first_edition: Annotated[int, Field(ge=2015, le=2100)] = 2022
    corrections: tuple[str, ...] = Field((), description="corrected editions, such as 2025.1")
    cut_off: dict[str, date] = Field(
        default_factory=dict, description="data cut-off by edition; 31 December when not set"
    )
    areas: tuple[str, ...] = Field(("wigan",), description="areas that jobs and schedules build")
    refresh_cron: str = "0 6 15 12 *"
    refresh_enabled: bool = False
    nhs: dict[str, NhsCover] = Field(default_factory=dict)
    brand: BrandTable = Field(
        BrandTable(), description="name, logo and colour of the publishing body; [brand.<slug>] by area"
    )
    base: Path = Field(default_factory=Path.cwd, description="folder that relative paths start from")

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Command line over environment over `jsna.toml`; no .env file, which is a secret's way to leak."""
        found = settings_file()
        toml = (TomlConfigSettingsSource(settings_cls, found),) if found else ()
        return (init_settings, env_settings, *toml)

    def absolute(self, path: Path) -> Path:
        return path if path.is_absolute() else (self.base / path).resolve()

    @cached_property
    def state_folder(self) -> Path:
        """State of this source alone, so that synthetic tables can never reach a real report."""
        return self.absolute(self.state) / self.source

    @property
    def tables(self) -> str:
        return f"{self.tables_url.rstrip('/')}/{self.source}" if self.tables_url else str(self.state_folder / "tables")

    @property
    def dagster_home(self) -> Path:
        """The one Dagster home of this source, shared by the command line and the UI."""
        return self.state_folder / "dagster"

    @property
    def restricted_folder(self) -> Path:
        """The restricted store: pseudonymised records, suppression logs and reports for a restricted audience."""
        return self.state_folder / "restricted"

    @property
    def reports(self) -> Path:
        """Where reports go; those for a restricted audience never leave the restricted store by themselves."""
        if self.audience == "restricted":
            return self.restricted_folder / "reports"
        return self.absolute(self.out) if self.out else self.absolute(Path("reports")) / self.source

    @property
    def published_files(self) -> Path:
        """The landing folder of the chosen source."""
        if self.source == "seeds":
            import seeds

            return Path(seeds.__file__).parent
        if self.landing is None:
            raise InputError(
                "The source is 'landing' but no folder is named; give --landing DIR, or set `landing` in jsna.toml."
            )
        return self.absolute(self.landing)

    @property
    def local_returns(self) -> Path | None:
        """The folder of the areas' own returns; None where this source has none."""
        if self.returns is not None:
            return self.absolute(self.returns)
        return self.published_files / "returns" if self.source == "seeds" else None

    def contributions_of(self, edition: str, slug: str) -> Path | None:
        """What an area wrote for an edition; None where there is no such folder."""
        folder = self.absolute(self.contributions) if self.contributions is not None else None
        if folder is None and self.source == "seeds":
            folder = self.published_files / "contributions"
        wanted = folder / edition / slug if folder is not None else None
        return wanted if wanted is not None and wanted.is_dir() else None

    def cut_off_of(self, edition: str) -> date:
        """The date after which nothing was taken into the edition."""
        return self.cut_off.get(edition, date(int(edition[:4]), 12, 31))

    def nhs_cover_of(self, slug: str) -> NhsCover:
        return self.nhs.get(slug, KNOWN_NHS_COVER.get(slug, NhsCover()))


def settings_file() -> Path | None:
    """`jsna.toml` named by JSNA_CONFIG, or in the working directory or the nearest folder above it."""
    named = os.environ.get("JSNA_CONFIG")
    if named:
        path = Path(named)
        if not path.is_file():
            raise InputError(f"JSNA_CONFIG names {named}, which is not a file; correct or unset it.")
        return path.resolve()
    here = Path.cwd()
    return next(
        (folder / SETTINGS_FILE for folder in (here, *here.parents) if (folder / SETTINGS_FILE).is_file()), None
    )


def load_settings(**overrides: object) -> Settings:
    """Settings with `overrides` that are not None; a wrong one is an InputError that names it."""
    given = {name: value for name, value in overrides.items() if value is not None}
    found = settings_file()
    if found and "base" not in given:
        given["base"] = found.parent
    try:
        return Settings(**given)  # type: ignore[arg-type]
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        field = ".".join(str(part) for part in first["loc"])
        unknown = first["type"] == "extra_forbidden"
        what = f"there is no such setting (misspelt in {found}?)" if unknown else first["msg"]
        raise InputError(f"Setting {field!r}: {what}; see the settings table in the README.") from None
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"{found}: not valid TOML ({error}); correct the line or restore the file.") from None
    except UnicodeDecodeError:
        raise InputError(f"{found}: not a UTF-8 text file; save it as UTF-8.") from None
    except SettingsError as error:
        raise InputError(f"An environment variable cannot be read: {error}; lists are written as JSON.") from None
