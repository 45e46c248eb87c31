"""The intake of local returns: from delivered files to records that name nobody.

Here: the steps of one return (recognise, read, type, check, pseudonymise), what of each column is kept, and
the walk through the folders of one area. Not here: the steps themselves (`formats/`, `typed.py`,
`checking.py`, `linking.py`, `small_areas.py`) or where records are kept (`store.py`).

Identifiers, names, days of birth and postcodes exist only inside `take_in`: what leaves it, an exception
included, carries none.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl

from jsna_pipeline.catalogue.returns import (
    IDENTIFIERS,
    Code,
    ColumnKind,
    Return,
    ReturnColumn,
    ReturnTable,
    code_lists,
    returns,
)
from jsna_pipeline.errors import InputError, without_values
from jsna_pipeline.linking import NATIONAL_NUMBERS, Pseudonyms, United, identify, no_aliases, unite
from jsna_pipeline.returns import formats
from jsna_pipeline.returns.checking import Checked, check
from jsna_pipeline.returns.delivered import DeliveredFile, delivered_files
from jsna_pipeline.returns.small_areas import SMALL_AREAS, SmallAreas
from jsna_pipeline.returns.typed import typed
from jsna_pipeline.returns.validation_report import ValidationReport, validation_report

NEEDED = "sen2"
BIRTH_MONTH = "birth_month"
KEYS = (ColumnKind.ROW_KEY, ColumnKind.PARENT_KEY)
# Texts whose column says "a place" but whose shape says "a person's": a number, a day or a full postcode, alone or
# among other words, is not kept. A name cannot be told by its shape; the guidance of each template says so.
PERSONAL_SHAPE = (
    r"(?i)\b(?:[A-Z][0-9]{11}[0-9A-Z]|[0-9]{10}|[A-Z]{1,2}[0-9][0-9A-Z]?\s*[0-9][A-Z]{2}"
    r"|[0-9]{1,4}[-/. ](?:[0-9]{1,2}|[A-Z]{3,9})[-/. ][0-9]{1,4}|(?:19|20)[0-9]{6})(?:\b|T)"
)
# A number of the registers of schools, providers or authorities; what SEN2 calls exported may be a plain yes or no.
REGISTER_SHAPE = r"(?i)^\s*(?:[0-9]{3,7}|[0-9]{3}/[0-9]{4}|1[0-9]{7}|true|false|yes|no|[yn01])\s*$"


@dataclass(frozen=True, repr=False)
class Intake:
    """What was taken in of one return.

    `records` are the record tables by their full names (`sen2_person`); `aliases` the pairs of pseudonyms
    that stand in one record; `findings` those of validation (rule, file, row, column, no value), rows by table;
    `reference_date` the day the collection refers to, None for an extract that does not say; `report` is the
    officer's, of what to mend.
    """

    return_id: str
    records: dict[str, pl.DataFrame]
    aliases: pl.DataFrame
    findings: pl.DataFrame
    rows_read: dict[str, int]
    rows_refused: dict[str, int]
    notes: tuple[str, ...]
    reference_date: date | None
    year: int
    report: ValidationReport

    def __repr__(self) -> str:
        return f"Intake({self.return_id}, {self.year}, {len(self.records)} tables)"


@dataclass(frozen=True, repr=False)
class AreaIntake:
    """All returns of one area and edition, with one pseudonym a person across them.

    `records` are the united record tables; `aliases` what the edition's records equate, for later editions.
    """

    edition: str
    area_slug: str
    intakes: dict[str, Intake]
    records: dict[str, pl.DataFrame]
    aliases: pl.DataFrame
    notes: tuple[str, ...]

    @property
    def reports(self) -> tuple[ValidationReport, ...]:
        return tuple(intake.report for intake in self.intakes.values())

    def __repr__(self) -> str:
        return f"AreaIntake({self.area_slug}, {self.edition}, {', '.join(self.intakes)})"


# --- one return ---------------------------------------------------------------------------------------


def take_in(
    record: Return,
    files: Sequence[DeliveredFile],
    *,
    edition_year: int,
    pseudonyms: Pseudonyms,
    small_areas: SmallAreas,
) -> Intake:
    """The records of one return from the files of its folder.

    The collection year is that of the file's header, else `edition_year`. Raises InputError for a file that
    cannot be taken in, and BuildError for a fault nobody foresaw; neither, nor what led to it, holds a value
    of a file.
    """
    intake, _ = _without_leaks(record, files, edition_year, pseudonyms, small_areas)
    return intake


def _without_leaks(
    record: Return, files: Sequence[DeliveredFile], year: int, pseudonyms: Pseudonyms, small_areas: SmallAreas | None
) -> tuple[Intake, SmallAreas]:
    """`_take_in`, whose failure is raised anew with nothing behind it: even `from None` would keep the first error."""
    try:
        return _take_in(record, files, year, pseudonyms, small_areas)
    except (Exception, pl.exceptions.PanicException) as error:  # a panic of polars is no Exception
        refusal = without_values(error, record.id)
    finally:
        for file in files:
            file.discard()
    raise refusal


def _take_in(
    record: Return, files: Sequence[DeliveredFile], year: int, pseudonyms: Pseudonyms, small_areas: SmallAreas | None
) -> tuple[Intake, SmallAreas]:
    """The intake and the lookup it was placed with: the one given, else the return's own."""
    raw = formats.reader(_one_format(record, files))(files, record, year)
    year = _year(raw.header, year)
    reference_date = record.reference_date(year) or _day(raw.header.get("ReferenceDate"))
    # An extract says nothing after the end of its edition's year: a later date in it is a slip.
    last_day = reference_date or date(year, 12, 31)
    checked = check(typed(raw, record, year), record, year, last_day)
    report = validation_report(checked, record, year, last_day, raw.notes, [file.name for file in files])
    tables = {name: table.lazy().collect() for name, table in checked.tables.items()}
    lookup = small_areas
    if lookup is None:
        layout = record.tables["row"]
        lookup = SmallAreas.from_table(tables["row"].with_columns(_impersonal(layout).values()))
    made = _RecordTables(record, year, pseudonyms, lookup)
    for name in record.tables:
        if name in tables:
            made.add(name, tables[name])
    return _intake(record, year, reference_date, checked, made, raw.notes, report), lookup


def _intake(
    record: Return,
    year: int,
    reference_date: date | None,
    checked: Checked,
    made: _RecordTables,
    notes: Iterable[str],
    report: ValidationReport,
) -> Intake:
    return Intake(
        return_id=record.id,
        records={record.record_table(name): table for name, table in made.tables.items()},
        aliases=pl.concat([no_aliases(), *made.aliases]).unique(),
        findings=checked.findings,
        rows_read=checked.rows_read,
        rows_refused=checked.rows_refused,
        notes=(*notes, *made.notes),
        reference_date=reference_date,
        year=year,
        report=report,
    )


def _one_format(record: Return, files: Sequence[DeliveredFile]) -> str:
    """The format of all files; two formats of one return would count its children twice."""
    if not files:
        raise InputError(f"{record.id}: the folder is empty; put the files of the return into it or remove it.")
    found = {formats.recognise(file, record): file.name for file in files}
    if len(found) > 1:
        listed = " and ".join(f"{name} ({kind})" for kind, name in sorted(found.items()))
        raise InputError(f"{record.id}: files in different formats, {listed}; keep the files of one export.")
    return next(iter(found))


def _year(header: Mapping[str, str], edition_year: int) -> int:
    text = header.get("Year", "").strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) == 4 else edition_year


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text.strip()[:10]) if text else None
    except ValueError:
        return None


# --- what is kept of a table --------------------------------------------------------------------------


class _RecordTables:
    """Record tables as they are made, parents before children, and what had to be noted."""

    def __init__(self, record: Return, year: int, pseudonyms: Pseudonyms, small_areas: SmallAreas) -> None:
        self._record, self._year, self._pseudonyms, self._small_areas = record, year, pseudonyms, small_areas
        self._keys: dict[str, pl.DataFrame] = {}  # per table: key as delivered, its number, its person
        self.tables: dict[str, pl.DataFrame] = {}
        self.aliases: list[pl.DataFrame] = []
        self.notes: list[str] = []

    def add(self, name: str, table: pl.DataFrame) -> None:
        """The record table of `name`: as many rows as were given, nothing that names a person."""
        layout = self._record.tables[name]
        # Only what the catalogue lists: file and row stay behind.
        identified = identify(table.select(list(layout.columns)), layout, self._pseudonyms, self._record.id)
        self.aliases.append(identified.aliases)
        kept = self._with_numbered_keys(name, layout, identified.table)
        kept = self._with_plain_values(name, layout, kept.drop(layout.of_kind(ColumnKind.NAME)))
        kept = _with_birth_month(kept, layout)
        for column in layout.of_kind(ColumnKind.POSTCODE):
            kept = self._placed(name, kept, column)
        front = ["person", "linked_by"]
        self.tables[name] = kept.select(*front, pl.exclude(front))

    def _with_numbered_keys(self, name: str, layout: ReturnTable, table: pl.DataFrame) -> pl.DataFrame:
        """Keys as numbers that mean nothing outside this intake; a child has its parent's person, else its own."""
        if layout.parent:
            (column,) = layout.of_kind(ColumnKind.PARENT_KEY)
            if layout.parent not in self._keys:
                raise InputError(
                    f"{self._record.id}: the table {name!r} was delivered without {layout.parent!r}, to which its rows "
                    "belong; export both together."
                )
            parents = self._keys[layout.parent].rename({"key": column, "number": "_number", "person": "_person"})
            joined = table.join(parents, on=column, how="left", maintain_order="left").drop(column)
            own = pl.col("_person").is_null()
            table = joined.with_columns(
                pl.coalesce("_person", "person").alias("person"),
                pl.when(own).then("linked_by").otherwise("_linked_by").alias("linked_by"),
                pl.col("_number").alias(column),
            ).drop("_number", "_person", "_linked_by")
        for column in layout.of_kind(ColumnKind.ROW_KEY):
            self._keys[name] = _numbered(table, column)
            numbers = self._keys[name]
            table = table.with_columns(
                pl.col(column).replace_strict(numbers["key"], numbers["number"], default=None, return_dtype=pl.Int64)
            )
        return table

    def _with_plain_values(self, name: str, layout: ReturnTable, table: pl.DataFrame) -> pl.DataFrame:
        """Codes that the catalogue lists and labels that cannot be a person's; every other text is blanked."""
        coded = [
            pl.when(pl.col(column).is_in(list(_codes(layout.columns[column])))).then(column).alias(column)
            for column in layout.of_kind(ColumnKind.CODE)
        ]
        for column, kept in _impersonal(layout).items():
            if blanked := table.select((pl.col(column).is_not_null() & kept.is_null()).sum()).item():
                self.notes.append(
                    f"{self._record.id}, table {name}: {blanked:,} cells of column {column!r} have the shape of a "
                    "person's number, date of birth or postcode and were left out; ask the sender to remove them."
                )
        return table.with_columns(*coded, *_impersonal(layout).values())

    def _placed(self, name: str, table: pl.DataFrame, column: str) -> pl.DataFrame:
        placed, coverage = self._small_areas.place(table, column)
        if self._small_areas.delivered and coverage.share_not_found:
            self.notes.append(
                f"{self._record.id}, table {name}: {coverage.share_not_found:.1f} % of postcodes are not in the lookup "
                f"of small areas ({SMALL_AREAS}); these rows have no ward."
            )
        return placed


def _impersonal(layout: ReturnTable) -> dict[str, pl.Expr]:
    """The columns of places and services, blank where what they hold has the shape of a person's."""
    labels = {name: ~pl.col(name).str.contains(PERSONAL_SHAPE) for name in layout.of_kind(ColumnKind.LABEL)}
    numbers = {name: pl.col(name).str.contains(REGISTER_SHAPE) for name in layout.of_kind(ColumnKind.ESTABLISHMENT)}
    return {name: pl.when(fits).then(name).alias(name) for name, fits in {**labels, **numbers}.items()}


def _codes(column: ReturnColumn) -> dict[str, Code]:
    """All codes of a column, of any year: one that has lapsed is a finding of validation, and still a code."""
    return code_lists()[column.code_list].codes if column.code_list else column.codes


def _numbered(table: pl.DataFrame, column: str) -> pl.DataFrame:
    """Each key of a table with its number, and its person where all rows under the key agree."""
    agreed = [pl.when(pl.col(name).n_unique() == 1).then(pl.col(name).first()) for name in ("person", "linked_by")]
    keys = table.drop_nulls(column).group_by(column).agg(agreed[0].alias("person"), agreed[1].alias("linked_by"))
    ordered = keys.sort(column).with_row_index("number", offset=1)
    return ordered.select(key=column, number=pl.col("number").cast(pl.Int64), person="person", _linked_by="linked_by")


def _with_birth_month(table: pl.DataFrame, layout: ReturnTable) -> pl.DataFrame:
    """The first day of the month of birth in place of the day."""
    days = layout.of_kind(ColumnKind.BIRTH_DATE)
    if not days:
        return table
    return table.with_columns(pl.coalesce(days).dt.truncate("1mo").alias(BIRTH_MONTH)).drop(days)


# --- one area -----------------------------------------------------------------------------------------


def take_in_area(
    returns_folder: Path,
    edition: str,
    area_slug: str,
    *,
    pseudonyms: Pseudonyms,
    earlier_aliases: Sequence[pl.DataFrame] = (),
) -> AreaIntake:
    """Every return of `<returns_folder>/<edition>/<area_slug>/<return>/`, with one pseudonym a person.

    `earlier_aliases` are those of editions kept under the same key. Raises InputError for a folder that is
    no return's, for a missing SEN2, and for any file that cannot be taken in.
    """
    folder = returns_folder / edition / area_slug
    found = _return_folders(folder)
    lookup = SmallAreas.none()
    intakes: dict[str, Intake] = {}
    for record in sorted((returns()[name] for name in found), key=lambda record: record.id != SMALL_AREAS):
        given = None if record.id == SMALL_AREAS else lookup
        files = delivered_files(folder / record.id)
        intakes[record.id], lookup = _without_leaks(record, files, int(edition[:4]), pseudonyms, given)
    aliases = pl.concat([no_aliases(), *(intake.aliases for intake in intakes.values())]).unique()
    united = unite({name: t for i in intakes.values() for name, t in i.records.items()}, [aliases, *earlier_aliases])
    return AreaIntake(
        edition, area_slug, intakes, united.records, aliases, _area_notes(intakes, united, lookup, pseudonyms)
    )


def _return_folders(folder: Path) -> list[str]:
    """The names of the returns delivered in `folder`."""
    if not folder.is_dir():
        raise InputError(f"{folder}: no such folder; make it, with a folder for each return (at least {NEEDED}).")
    names = sorted(path.name for path in folder.iterdir() if path.is_dir() and not path.name.startswith((".", "__")))
    for name in names:
        if name not in returns():
            nearest = difflib.get_close_matches(name.lower(), list(returns()), n=1, cutoff=0.0)[0]
            raise InputError(f"{folder}: the folder {name!r} is named after no return; did you mean {nearest!r}?")
    if NEEDED not in names:
        raise InputError(f"{folder}: there is no folder {NEEDED!r}; a local build needs the SEN2 return, and no other.")
    return names


def _area_notes(
    intakes: Mapping[str, Intake], united: United, lookup: SmallAreas, pseudonyms: Pseudonyms
) -> tuple[str, ...]:
    """What the build prints of the intake as a whole: for the officer who builds, not for the public report."""
    unplaced = () if lookup.delivered else (f"No lookup of small areas ({SMALL_AREAS}): nothing is known by ward.",)
    unlinked = tuple(
        f"{intake.return_id}: {100 * share:.1f} % of rows in {name} have neither a pupil nor a learner number "
        "to link by."
        for intake in intakes.values()
        for name, share in _unlinked(intake)
    )
    return (pseudonyms.note, united.note, *unplaced, *unlinked, *(n for i in intakes.values() for n in i.notes))


def _unlinked(intake: Intake) -> list[tuple[str, float]]:
    """Tables of persons with the share of rows that nothing links to other returns, where there are such rows."""
    record = returns()[intake.return_id]
    tables = {
        record.record_table(name): layout
        for name, layout in record.tables.items()
        if layout.of_kind(*IDENTIFIERS) and not layout.parent
    }
    shares = {
        name: float((~intake.records[name]["linked_by"].is_in(NATIONAL_NUMBERS)).mean() or 0.0)  # type: ignore[arg-type]
        for name in tables
        if name in intake.records
    }
    return [(name, share) for name, share in shares.items() if share]
