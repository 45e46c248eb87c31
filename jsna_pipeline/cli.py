"""The command line: `jsna …`.

Here: commands, their options, and how a result or an error is printed. Not here: any work, which
lies in the library, or in `assets.build`, imported inside the commands that need it so that
`jsna areas` never waits for Dagster.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from jsna_pipeline.errors import BuildError, InputError, JsnaError

if TYPE_CHECKING:
    from jsna_pipeline.contributions.reading import Problem
    from jsna_pipeline.geography import Area
    from jsna_pipeline.settings import Settings

app = typer.Typer(
    help="The Joint Strategic Needs Assessment for children and young people with SEND, from published files.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


class SourceName(StrEnum):
    SEEDS = "seeds"
    LANDING = "landing"


class Format(StrEnum):
    HTML = "html"
    PDF = "pdf"
    DATA = "data"


class AudienceName(StrEnum):
    PUBLIC = "public"
    RESTRICTED = "restricted"


SourceOption = Annotated[
    SourceName | None, typer.Option(help="Where published files come from. [default: settings, else seeds]")
]
LandingOption = Annotated[
    Path | None, typer.Option(help="Folder with <edition>/<publication>/<file>; implies --source landing.")
]
EditionOption = Annotated[
    str | None, typer.Option(help="Edition, for example 2025. [default: the newest of the source]")
]
ReturnsOption = Annotated[
    Path | None, typer.Option(help="Folder with <edition>/<area>/<return>/<file>: the area's own person-level returns.")
]

ContributionsOption = Annotated[
    Path | None, typer.Option(help="Folder with <edition>/<area>/<file>: what the area writes for its assessment.")
]
commentary = typer.Typer(help="Words by many hands: workbooks out to contributors, and back.", no_args_is_help=True)
app.add_typer(commentary, name="commentary")


@app.command()
def build(
    areas: Annotated[list[str], typer.Argument(help="Areas by name, slug, ONS or DfE code.")],
    edition: EditionOption = None,
    source: SourceOption = None,
    landing: LandingOption = None,
    returns: ReturnsOption = None,
    contributions: ContributionsOption = None,
    out: Annotated[Path | None, typer.Option(help="Folder for reports. [default: reports/<source>]")] = None,
    only: Annotated[Format | None, typer.Option(help="Write one format alone.")] = None,
    full: Annotated[bool, typer.Option("--full", help="Draw every measure in the PDF.")] = False,
    audience: Annotated[
        AudienceName | None,
        typer.Option(help="restricted: local figures unprotected, OFFICIAL-SENSITIVE, kept in the restricted store."),
    ] = None,
) -> None:
    """Build the report of one or more areas: HTML, PDF and data."""
    with _one_sentence():
        from jsna_pipeline import geography

        wanted = [geography.local_authority(text) for text in areas]
        settings = _settings(
            source,
            landing,
            out=out,
            edition=edition,
            returns=returns,
            contributions=contributions,
            audience=audience,
            full=full or None,
        )
        if out is not None and settings.audience == "restricted":
            raise InputError("--out is for the public report; a restricted one stays in the restricted store.")
        chosen = _edition(settings)
        typer.echo(f"Source: {settings.source} ({settings.published_files}); edition {chosen}.")
        from assets.build import build as run
        from jsna_pipeline.report import output

        result = run(settings, wanted, chosen, [only.value] if only else [form.value for form in Format], typer.echo)
        for folder in result.folders.values():
            for sentence in output.problems_of(folder):
                typer.echo(f"Left out: {sentence}")
            for name in ("index.html", "jsna.pdf", "data", "jsna-data.xlsx", "manifest.json"):
                if (folder / name).exists() and (only is None or _belongs(name, only)):
                    typer.echo(str(folder / name))
        spent = ", ".join(f"{layer} {seconds:.1f} s" for layer, seconds in result.seconds.items())
        typer.echo(f"Done. {spent}")


def _belongs(name: str, only: Format) -> bool:
    return name == "manifest.json" or {"index.html": "html", "jsna.pdf": "pdf"}.get(name, "data") == only.value


@app.command()
def preview(
    area: Annotated[str, typer.Argument(help="Area by name, slug, ONS or DfE code.")],
    edition: EditionOption = None,
    source: SourceOption = None,
    landing: LandingOption = None,
    contributions: ContributionsOption = None,
) -> None:
    """Write the page as the catalogue's definitions say now, in seconds; a build makes it a report."""
    with _one_sentence():
        from jsna_pipeline import geography
        from jsna_pipeline.report.preview import preview as run

        wanted = geography.local_authority(area)
        settings = _settings(source, landing, edition=edition, contributions=contributions)
        made = run(settings, wanted, _edition(settings))
        if made.recomputed:
            typer.echo(f"Computed anew: {', '.join(made.recomputed)}.")
        typer.echo(str(made.page))


@app.command()
def status(edition: EditionOption = None, source: SourceOption = None, landing: LandingOption = None) -> None:
    """Which published files are new, present, late or missing, and the chapters they feed."""
    with _one_sentence():
        from jsna_pipeline.status import status_table

        settings = _settings(source, landing, edition=edition)
        chosen = _edition(settings)
        typer.echo(
            f"Source: {settings.source} ({settings.published_files}); edition {chosen}, "
            f"data cut-off {settings.cut_off_of(chosen)}."
        )
        table = status_table(settings, chosen)
        _print_rows(["state", "dataset", "file", "released each", "feeds"], table)


@app.command()
def areas(text: Annotated[str, typer.Argument(help="Part of a name, or a region.")] = "") -> None:
    """The areas a report can be built for."""
    with _one_sentence():
        from jsna_pipeline import geography

        found = geography.search(text)
        if not found:
            raise InputError(f"No area matches {text!r}; `jsna areas` alone lists all.")
        _print_rows(
            ["code", "DfE", "name", "slug"], [[area.code, area.dfe_code, area.name, area.slug] for area in found]
        )


@app.command()
def indicators(text: Annotated[str, typer.Argument(help="Part of an id, name or chapter.")] = "") -> None:
    """The indicators of the catalogue."""
    with _one_sentence():
        from jsna_pipeline.catalogue.indicators import indicators as catalogue

        sought = text.casefold()
        found = [
            [record.id, record.chapter, record.name]
            for record in catalogue().values()
            if sought in f"{record.id} {record.name} {record.chapter}".casefold()
        ]
        if not found:
            raise InputError(f"No indicator matches {text!r}; `jsna indicators` alone lists all.")
        _print_rows(["id", "chapter", "name"], found)


@app.command()
def export(
    table: Annotated[
        str, typer.Argument(help="observations, comparisons, trends, reconciliation, sources or rejects.")
    ],
    edition: EditionOption = None,
    source: SourceOption = None,
    landing: LandingOption = None,
    out: Annotated[
        Path | None, typer.Option(help="File to write: .csv or .parquet. [default: CSV to the screen]")
    ] = None,
) -> None:
    """A national table, for all areas, of an edition that has been built."""
    with _one_sentence():
        from jsna_pipeline.export import export_table

        settings = _settings(source, landing, edition=edition)
        export_table(settings, table, _edition(settings), out)
        if out is not None:
            typer.echo(str(out))


@app.command()
def template(
    name: Annotated[str, typer.Argument(help="Name of a return or a contribution; without one, all are listed.")] = "",
    out: Annotated[Path, typer.Option(help="Folder to write to.")] = Path(),
    year: Annotated[int | None, typer.Option(help="Collection year of a return. [default: this year]")] = None,
) -> None:
    """Write the empty file of a local return or of a contribution, with its data dictionary."""
    with _one_sentence():
        from datetime import date

        from jsna_pipeline.catalogue.returns import returns
        from jsna_pipeline.contributions.templates import templates, write_contribution_template
        from jsna_pipeline.returns.templates import write_template

        if not name:
            listed = [[each.id, each.kind, each.title] for each in returns().values()]
            listed += [[each.name, "contribution", each.title] for each in templates().values()]
            _print_rows(["name", "kind", "title"], listed)
            return
        if name in templates():
            written = write_contribution_template(name, out.resolve())
        elif name in returns():
            written = list(write_template(returns()[name], out.resolve(), year or date.today().year))
        else:
            raise InputError(f"There is no return or contribution {name!r}; `jsna template` alone lists all.")
        for path in written:
            typer.echo(str(path))


@commentary.command("export")
def export_words(
    area: Annotated[str, typer.Argument(help="Area by name, slug or code.")],
    edition: EditionOption = None,
    source: SourceOption = None,
    landing: LandingOption = None,
    contributions: ContributionsOption = None,
    out: Annotated[Path, typer.Option(help="Folder for the workbooks.")] = Path(),
) -> None:
    """Write one workbook for each contributor: what the data say, and where words are wanted."""
    with _one_sentence():
        from jsna_pipeline.commentary.exchange import export_commentary
        from jsna_pipeline.report.assemble import assemble
        from jsna_pipeline.report.view import load_view
        from jsna_pipeline.steering import steer
        from jsna_pipeline.storage import TableFolder

        settings, chosen, found, folder = _contributed(area, edition, source, landing, contributions)
        view = load_view(TableFolder(settings.tables), settings, found, chosen)
        report = assemble(view, settings, steer(view, settings.priority_weights))
        written, problems = export_commentary(view, report, folder, out.resolve())
        _print_outcome(written, problems)


@commentary.command("import")
def import_words(
    area: Annotated[str, typer.Argument(help="Area by name, slug or code.")],
    files: Annotated[list[Path], typer.Argument(help="Workbooks that came back.")],
    edition: EditionOption = None,
    source: SourceOption = None,
    landing: LandingOption = None,
    contributions: ContributionsOption = None,
) -> None:
    """Take workbooks back as Markdown files; words of another author are never overwritten."""
    with _one_sentence():
        from jsna_pipeline.commentary.exchange import import_commentary

        settings, chosen, found, folder = _contributed(area, edition, source, landing, contributions)
        if settings.contributions is None:
            raise InputError("The example that comes with the program is not written to; name --contributions DIR.")
        changed, problems = import_commentary(files, folder, found.slug, chosen)
        _print_outcome(changed, problems)


@app.command()
def verify(
    area: Annotated[str, typer.Argument(help="Area by name, slug or code.")],
    edition: EditionOption = None,
    source: SourceOption = None,
    landing: LandingOption = None,
    out: Annotated[Path | None, typer.Option(help="Folder of reports. [default: reports/<source>]")] = None,
) -> None:
    """Whether a published edition is still what was frozen; exit code 1 where a file differs."""
    with _one_sentence():
        from jsna_pipeline import geography
        from jsna_pipeline.governance import freezing
        from jsna_pipeline.report.output import report_folder

        settings = _settings(source, landing, out=out, edition=edition)
        folder = report_folder(settings.reports, _edition(settings), geography.local_authority(area).slug)
        seal = freezing.frozen(folder)
        if seal is None:
            raise InputError(f"{folder} is not frozen; an edition is once its sign-off says published.")
        if differences := freezing.verify(folder):
            raise BuildError(f"{folder} is not what was published: {'; '.join(differences)}.")
        typer.echo(f"Unchanged since {seal.frozen_on}. Digest of the seal: {seal.digest}")


@app.command()
def validate(
    paths: Annotated[list[Path], typer.Argument(help="Files of local returns, or folders with one return each.")],
    return_id: Annotated[
        str | None, typer.Option("--return", help="Name of the return. [default: told by the file's content]")
    ] = None,
    year: Annotated[int | None, typer.Option(help="Collection year. [default: as the file says]")] = None,
    out: Annotated[Path | None, typer.Option(help="Folder for the reports as page and table.")] = None,
) -> None:
    """Hold returns against their rules, without keeping anything; exit code 2 where one cannot be used."""
    with _one_sentence():
        from jsna_pipeline.returns.trial import trial
        from jsna_pipeline.returns.validation_report import write_report

        if out and len({path.stem for path in paths}) < len(paths):
            raise InputError("Two of the files have one name and would write one report; validate them one by one.")
        refused = []
        for path in paths:
            try:
                report = trial(path, return_id, year)
            except InputError as error:
                typer.echo(f"{path.name}: cannot be read as a return.\n  {error}")
                refused.append(path.name)
                continue
            typer.echo("\n".join(report.summary_lines()))
            for written in write_report(out.resolve(), path.stem, report) if out else ():
                typer.echo(f"  {written}")
            refused += [] if report.usable else [path.name]
        if refused:
            raise InputError(f"{len(refused)} of {len(paths)} cannot be used: {', '.join(refused)}.")


@app.command()
def purge(
    edition: EditionOption = None,
    area: Annotated[str | None, typer.Option(help="Area by name, slug or code.")] = None,
    expired: Annotated[bool, typer.Option("--expired", help="Only records whose retention has ended.")] = False,
    source: SourceOption = None,
    landing: LandingOption = None,
) -> None:
    """Delete records of children from the restricted store: of an edition, of an area, or those past retention."""
    with _one_sentence():
        from datetime import date

        from jsna_pipeline import geography
        from jsna_pipeline.returns.store import RecordStore

        if edition is None and area is None and not expired:
            raise InputError("Say what to delete: --edition, --area, both, or --expired.")
        settings = _settings(source, landing)
        slug = geography.local_authority(area).slug if area else None
        restricted = settings.restricted_folder
        store = RecordStore(restricted / "records", beside=[restricted / "reports", restricted / "validation"])
        gone = store.purge(edition, slug, date.today() if expired else None)
        _print_rows(["edition", "area", "table"], [[one.edition, one.area, one.table] for one in gone])
        typer.echo(f"{len(gone)} {'table' if len(gone) == 1 else 'tables'} deleted.")


@app.command()
def governance() -> None:
    """Print the information governance page: purposes, what is kept, retention, and what an impact assessment asks."""
    with _one_sentence():
        from jsna_pipeline.returns.governance_page import governance_page

        typer.echo(governance_page())


@app.command()
def serve(
    port: Annotated[int, typer.Option(min=0, max=65_535, help="Port on this machine; 0 takes a free one.")] = 8000,
    source: SourceOption = None,
    landing: LandingOption = None,
    out: Annotated[Path | None, typer.Option(help="Folder of reports. [default: reports/<source>]")] = None,
) -> None:
    """Show the library of finished reports in a browser, on this machine alone, until Ctrl-C."""
    with _one_sentence():
        from jsna_pipeline.report.library import library, write_library
        from jsna_pipeline.report.serving import ADDRESS, server

        settings = _settings(source, landing, out=out)
        folder = settings.reports
        found = library(folder)
        if found.restricted:
            raise InputError(f"{folder} is not served: {found.left_out[-1]}")
        if not found.areas:
            raise InputError(f"{folder} holds no report yet; run `jsna build AREA` first, or name a folder with --out.")
        for sentence in write_library(folder, settings.absolute(settings.state)):
            typer.echo(f"Left out: {sentence}")
        with server(folder, port) as running:
            typer.echo(f"http://{ADDRESS}:{running.server_address[1]}/ shows {folder}; Ctrl-C ends it.")
            with suppress(KeyboardInterrupt):
                running.serve_forever()
        typer.echo("Ended.")


@app.command()
def home(source: SourceOption = None, landing: LandingOption = None) -> None:
    """Prepare and print the Dagster home that builds and the UI share."""
    with _one_sentence():
        from assets.dagster_home import prepare_home

        typer.echo(str(prepare_home(_settings(source, landing))))


def _settings(source: SourceName | None, landing: Path | None, **others: object) -> Settings:
    from jsna_pipeline.settings import load_settings

    if landing is not None and source is None:
        source = SourceName.LANDING
    if landing is not None and source is SourceName.SEEDS:
        raise InputError("--landing names a folder, but --source is seeds; leave one of them out.")
    paths = {name: value.resolve() if isinstance(value, Path) else value for name, value in others.items()}
    return load_settings(
        source=source.value if source else None, landing=landing.resolve() if landing else None, **paths
    )


def _contributed(
    area: str, edition: str | None, source: SourceName | None, landing: Path | None, contributions: Path | None
) -> tuple[Settings, str, Area, Path]:
    """Settings, edition, area and the folder of what the area writes; InputError where there is no such folder."""
    from jsna_pipeline import geography

    found = geography.local_authority(area)
    settings = _settings(source, landing, edition=edition, contributions=contributions)
    chosen = _edition(settings)
    folder = settings.contributions_of(chosen, found.slug)
    if folder is None:
        raise InputError(f"{found.name} has no folder {chosen}/{found.slug} of contributions; see the README.")
    return settings, chosen, found, folder


def _print_outcome(written: Iterable[Path], problems: Iterable[Problem]) -> None:
    for problem in problems:
        typer.echo(f"Left out: {problem.sentence}")
    for path in written:
        typer.echo(str(path))


def _edition(settings: Settings) -> str:
    """The edition asked for, or the newest that the source has."""
    from jsna_pipeline.sources.folder import LandingFolder, available_editions

    if settings.edition is None:
        found = available_editions(settings.published_files)
        if not found:
            raise InputError(
                f"{settings.published_files} has no edition folder such as 2025; see `--landing` in the README."
            )
        return found[-1]
    LandingFolder(settings.published_files, settings.edition)
    return settings.edition


def _print_rows(heads: list[str], rows: list[list[str]]) -> None:
    """Columns set under each other, plain enough to pipe."""
    widths = [max(len(str(row[index])) for row in [heads, *rows]) for index in range(len(heads))]
    for row in [heads, *rows]:
        typer.echo("  ".join(str(cell).ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


@contextmanager
def _one_sentence() -> Iterator[None]:
    """A user's error as one sentence on standard error, with its exit code."""
    try:
        yield
    except JsnaError as error:
        typer.echo(f"jsna: {error}", err=True)
        raise typer.Exit(error.exit_code) from None
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
