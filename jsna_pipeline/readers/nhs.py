"""NHS England's files: the community waiting lists workbook and the monthly measures CSVs.

Here: organisations, services, reporting periods and suppression as NHS England writes them. Not here:
giving any figure to a local authority: an NHS figure stands for an organisation or its patients.
"""

from __future__ import annotations

import calendar
import re
from datetime import date, datetime

import numpy as np
import pandas as pd

from jsna_pipeline import geography
from jsna_pipeline.catalogue.datasets import Dataset
from jsna_pipeline.errors import InputError
from jsna_pipeline.readers import text_tables
from jsna_pipeline.readers.markers import NHS_MARKERS, parse_values
from jsna_pipeline.readers.result import ReadResult, no_rejects, rejects
from jsna_pipeline.schemas.base import KEY_COLUMNS, CoreModel, filter_columns, status_column
from jsna_pipeline.sources.published_file import PublishedFile
from jsna_pipeline.vocabulary import TOTAL, AreaLevel, PeriodType, Status

# --- community waiting lists --------------------------------------------------------------------------

TABLES = {
    "Table 4": "waiting",
    "Table 4a": "waiting_0_1_weeks",
    "Table 4b": "waiting_1_2_weeks",
    "Table 4c": "waiting_2_4_weeks",
    "Table 4d": "waiting_4_12_weeks",
    "Table 4e": "waiting_12_18_weeks",
    "Table 4f": "waiting_18_52_weeks",
    "Table 4g": "waiting_over_52_weeks",
}
# Columns that are sums of bands. A list may hold people whose weeks were not submitted, so that the bands
# together, and not the list, are what a share by weeks is out of.
SUMS = {
    "waiting_over_18_weeks": ["waiting_18_52_weeks", "waiting_over_52_weeks"],
    "waiting_with_weeks": [column for column in TABLES.values() if column != "waiting"],
}
SERVICE = re.compile(r"\((A|CYP)\)\s*(.+)")
AGE_GROUPS = {"A": "adult", "CYP": "children"}
# The NHS's regions are not those of ONS, so their rows are left aside.
ORGANISATION_LEVELS = {
    "national": AreaLevel.ENGLAND.value,
    "england": AreaLevel.ENGLAND.value,
    "icb": AreaLevel.ICB.value,
    "provider": AreaLevel.PROVIDER.value,
}
ORGANISATION_TYPES = {*ORGANISATION_LEVELS, "region"}
MONTHS = {name: number for number, name in enumerate(calendar.month_name) if name}
MONTH_IN_TITLE = re.compile(rf"({'|'.join(MONTHS)})\s+(20\d\d)")
LINE_ID = ["area_level", "area_code", "service", "age_group"]


def read_community_waits(file: PublishedFile, dataset: Dataset, model: CoreModel) -> ReadResult:
    """Tables 4 and 4a to 4g: one row for each organisation and service, adults' and children's lines.

    A blank cell means that nothing was submitted and is `unavailable`, but in the service lines of
    `dataset.options["withheld_services"]`, published for England alone, it is suppressed as `*` is; 0 is
    nobody waiting. Organisations of releases that print no codes (before late 2023) get their upper-case
    name for a code. `source_line` is the row of Table 4. Raises InputError for a missing table, an
    unknown layout, a title without a month, or an unknown marker.
    """
    sheets = text_tables.read_sheets(file, r"Table 4[a-g]?")
    missing = [name for name in TABLES if name not in sheets]
    if missing:
        raise InputError(f"{file.name}: no sheet {missing[0]!r}; download the full workbook from {dataset.page}.")
    lists = {column: _waiting_list(sheets[name], name, file) for name, column in TABLES.items()}
    table = lists["waiting"].drop(columns="text")
    withheld = table["service"].isin(dataset.options.get("withheld_services", []))
    for name, column in TABLES.items():
        cells = lists[column].drop_duplicates(LINE_ID).set_index(LINE_ID)["text"]
        text = cells.reindex(pd.MultiIndex.from_frame(table[LINE_ID])).fillna("").set_axis(table.index)
        table[column], table[status_column(column)] = parse_values(
            text, markers=NHS_MARKERS, file=file.name, column=f"sheet {name}", lines=table["source_line"]
        )
        blank_for_privacy = withheld & table[column].isna()
        table[status_column(column)] = table[status_column(column)].mask(blank_for_privacy, Status.SUPPRESSED.value)
    for name, bands in SUMS.items():
        table[name] = table[bands].sum(axis="columns", skipna=False)
        table[status_column(name)] = _status_of_sum([table[status_column(band)] for band in bands])
    table = table.assign(
        period=_month_of(sheets["Table 4"], file),
        period_type=PeriodType.MONTH.value,
        dimension=TOTAL,
        category=TOTAL,
        source_file=file.name,
    )
    return ReadResult(text_tables.arranged(table, model), len(table), notes=_note_on_codes(table, file))


def _note_on_codes(table: pd.DataFrame, file: PublishedFile) -> tuple[str, ...]:
    below_england = table[table["area_level"].ne(AreaLevel.ENGLAND.value)]
    if below_england["area_code"].eq(below_england["area_name"].str.upper()).any():
        return (f"{file.name}: the release has no organisation codes; names stand in for them.",)
    return ()


def _waiting_list(sheet: pd.DataFrame, name: str, file: PublishedFile) -> pd.DataFrame:
    """One table of the workbook, long: area, service, age_group, source_line and the cell's text."""
    wide = text_tables.below_header(
        sheet, lambda cells: any(SERVICE.fullmatch(cell) for cell in cells), file=file, name=name
    )
    services = [heading for heading in wide.columns if SERVICE.fullmatch(str(heading))]
    labels = list(wide.columns[: wide.columns.get_loc(services[0])])
    organisations = _organisations(wide, labels, name, file)
    long = (
        pd.concat([organisations, wide[[*services, text_tables.LINE]]], axis="columns")
        .dropna(subset="area_level")
        .melt(
            id_vars=["area_level", "area_code", "area_name", text_tables.LINE],
            value_vars=services,
            var_name="heading",
            value_name="text",
        )
        .rename(columns={text_tables.LINE: "source_line"})
    )
    prefixes = {heading: SERVICE.fullmatch(heading) for heading in services}
    long["age_group"] = long["heading"].map({key: AGE_GROUPS[match[1]] for key, match in prefixes.items() if match})
    long["service"] = long.pop("heading").map({key: _service(match[2]) for key, match in prefixes.items() if match})
    return long


def _service(text: str) -> str:
    """`Therapy interventions: dietetics` and `…: Dietetics` are one line of service."""
    return re.sub(r":\s*(\w)", lambda found: f": {found[1].upper()}", re.sub(r"\s+", " ", text.strip()))


def _organisations(wide: pd.DataFrame, labels: list[str], name: str, file: PublishedFile) -> pd.DataFrame:
    """area_level (null for rows left aside), area_code and area_name from the columns of labels."""
    kinds = {label: wide[label].str.casefold() for label in labels}
    typed = [label for label in labels if kinds[label].isin(ORGANISATION_TYPES).any()]
    # England may head the names; the column of types is the one that says Provider.
    typed = [label for label in typed if kinds[label].eq("provider").any()]
    filled = [label for label in labels if label not in typed and wide[label].ne("").mean() > 0.5]
    if not typed or not filled:
        raise InputError(
            f"{file.name}: sheet {name!r} does not say which rows are providers; "
            "compare its first columns with the layout in the catalogue."
        )
    # Older releases write the type once, at the head of its block.
    kind = kinds[typed[0]].mask(kinds[typed[0]].eq("")).ffill()
    names = wide[filled[-1]]
    coded = [label for label in filled if text_tables.simplified(label) == "organisationcode"]
    codes = wide[coded[0]] if coded else names.str.upper()
    is_england = kind.isin(["national", "england"]) | names.str.casefold().eq("england")
    level = kind.map(ORGANISATION_LEVELS).mask(is_england, AreaLevel.ENGLAND.value)
    blank = names.eq("") | (codes.eq("") & ~is_england)
    return pd.DataFrame(
        {
            "area_level": level.mask(blank),
            "area_code": codes.mask(is_england, geography.ENGLAND),
            "area_name": organisation_names(names).mask(is_england, "England"),
        }
    )


def _status_of_sum(parts: list[pd.Series]) -> pd.Series:
    """A sum is suppressed where a part is, else unavailable where a part is missing."""
    suppressed = np.logical_or.reduce([part.eq(Status.SUPPRESSED.value) for part in parts])
    complete = np.logical_and.reduce([part.eq(Status.OK.value) for part in parts])
    texts = np.select([suppressed, complete], [Status.SUPPRESSED.value, Status.OK.value], Status.UNAVAILABLE.value)
    return pd.Series(texts, index=parts[0].index, dtype="str")


def _month_of(sheet: pd.DataFrame, file: PublishedFile) -> str:
    found = MONTH_IN_TITLE.search(" ".join(sheet.iloc[:3].to_numpy().ravel()))
    if not found:
        raise InputError(f"{file.name}: the title of sheet 'Table 4' names no month; download the workbook again.")
    return f"{found[2]}-{MONTHS[found[1]]:02d}"


# --- monthly measures ---------------------------------------------------------------------------------

MONTHLY_COLUMNS = {
    "start": ["REPORTING_PERIOD_START"],
    "end": ["REPORTING_PERIOD_END"],
    "state": ["STATUS"],
    "breakdown": ["BREAKDOWN"],
    "area": ["PRIMARY_LEVEL"],
    "area_name": ["PRIMARY_LEVEL_DESCRIPTION"],
    "group": ["SECONDARY_LEVEL"],
}
UNUSED_MONTHLY = ["SECONDARY_LEVEL_DESCRIPTION", "MEASURE_NAME", "METRIC_DESCRIPTION"]
# Where a period was released twice, the later state counts.
STATES = ["provisional", "primary", "performance", "latest available data", "final"]
NO_ORGANISATION = {"UNKNOWN", "NONE", "OTHER", "INVALID"}


def read_monthly_csv(file: PublishedFile, dataset: Dataset, model: CoreModel) -> ReadResult:
    """The measures, breakdowns and groups that the record's options list, for NHS organisations.

    `options.measures` are measure ids; `options.breakdowns` maps a published breakdown (in order of
    preference) to `{level, dimension}`, dimension absent for the whole population; `options.categories`
    may limit a dimension to some groups. A period of one calendar month is `2022-09` (month), of
    several `2022-07 to 2022-09` (rolling). An organisation goes by its newest name, since sub-ICB areas
    kept the codes of the commissioning groups before them. Raises InputError for a missing column, an
    unknown marker, or a file without any of the measures.
    """
    text, malformed = text_tables.read_csv(file)
    sources = text_tables.locate(text.columns, MONTHLY_COLUMNS | text_tables.model_columns(model), file)
    header = list(text.columns)
    text = text.rename(columns={heading: name for name, heading in sources.items()})
    text = _wanted(text, dataset, file)
    text, refused = _without_bad_rows(text, file)
    table = _monthly_table(text, file)
    table["value"], table["value_status"] = parse_values(
        text["value"],
        markers=NHS_MARKERS,
        file=file.name,
        column=sources["value"],
        lines=table["source_line"],
    )
    found = [part for part in (malformed, *refused) if len(part)] or [no_rejects()]
    rejected = pd.concat(found, ignore_index=True)
    once, notes = _latest_release(table, text, model, file)
    once, aside = _one_level_for_each_code(once, file)
    notes += aside
    notes += text_tables.added_columns_note(header, [*sources.values(), *UNUSED_MONTHLY], file)
    return ReadResult(text_tables.arranged(once, model), len(once) + len(rejected), rejected, tuple(notes))


def _wanted(text: pd.DataFrame, dataset: Dataset, file: PublishedFile) -> pd.DataFrame:
    """Rows of the listed measures, breakdowns and groups, with level, dimension and preference."""
    options = dataset.options
    breakdowns = {name.casefold(): place for name, place in options["breakdowns"].items()}
    text = text[text["measure"].str.strip().isin(options["measures"])]
    text = text.assign(measure=text["measure"].str.strip(), breakdown=text["breakdown"].str.strip().str.casefold())
    text = text[text["breakdown"].isin(list(breakdowns))]
    if text.empty:
        raise InputError(
            f"{file.name}: no row has the measures that '{dataset.title}' needs "
            f"({', '.join(options['measures'][:4])}, …) at its levels; "
            f"check that it is the right file from {dataset.page}."
        )
    text = text.assign(
        area_level=text["breakdown"].map({name: place["level"] for name, place in breakdowns.items()}),
        dimension=text["breakdown"].map({name: place.get("dimension", TOTAL) for name, place in breakdowns.items()}),
        preference=text["breakdown"].map({name: number for number, name in enumerate(breakdowns)}),
        area=text["area"].str.strip(),
        group=text["group"].str.strip(),
    )
    kept = ~text["area"].str.upper().isin(NO_ORGANISATION)
    for dimension, groups in options.get("categories", {}).items():
        kept &= text["dimension"].ne(dimension) | text["group"].isin(groups)
    return text[kept]


def _without_bad_rows(text: pd.DataFrame, file: PublishedFile) -> tuple[pd.DataFrame, list[pd.DataFrame]]:
    """Rows with a period and an organisation, in columns period and period_type, and the others' rejects."""
    ends = text["start"].str.strip() + "|" + text["end"].str.strip()
    periods = {both: reporting_period(*both.split("|")) for both in ends.unique()}
    text = text.assign(
        period=ends.map({both: period for both, (period, _) in periods.items()}),
        period_type=ends.map({both: kind for both, (_, kind) in periods.items()}),
    )
    unperiodic = text["period"].isna()
    nameless = text["area"].eq("") & ~unperiodic
    reasons = [
        (unperiodic, "REPORTING_PERIOD_END", "the reporting period is not of whole months"),
        (nameless, "PRIMARY_LEVEL", "the organisation's code is blank"),
    ]
    refused = [rejects(file.name, text.loc[bad, text_tables.LINE], column, "row", why) for bad, column, why in reasons]
    return text[~unperiodic & ~nameless], refused


def reporting_period(start: str, end: str) -> tuple[str | None, str | None]:
    """First and last day (`01/07/2022` or `2022-07-01`) as period and its type; nulls if not whole months."""
    first, last = _day(start), _day(end)
    if first is None or last is None or first > last or first.day != 1:
        return None, None
    if last.day != calendar.monthrange(last.year, last.month)[1]:
        return None, None
    if (first.year, first.month) == (last.year, last.month):
        return f"{first:%Y-%m}", PeriodType.MONTH.value
    return f"{first:%Y-%m} to {last:%Y-%m}", PeriodType.ROLLING.value


def _day(text: str) -> date | None:
    for form in ("%d/%m/%Y", "%Y-%m-%d"):
        try:
            return datetime.strptime(text, form).date()
        except ValueError:
            continue
    return None


def _monthly_table(text: pd.DataFrame, file: PublishedFile) -> pd.DataFrame:
    england = text["area_level"].eq(AreaLevel.ENGLAND.value)
    newest = text.sort_values("period", key=lambda period: period.str[-7:], kind="stable")
    newest = newest.drop_duplicates(["area_level", "area"], keep="last")
    names = pd.Series(
        organisation_names(newest["area_name"]).to_numpy(),
        pd.MultiIndex.from_frame(newest[["area_level", "area"]]),
    )
    named = names.reindex(pd.MultiIndex.from_frame(text[["area_level", "area"]])).set_axis(text.index)
    return pd.DataFrame(
        {
            "area_code": text["area"].mask(england, geography.ENGLAND),
            "area_name": named.mask(england, "England").astype("str"),
            "area_level": text["area_level"],
            "period": text["period"],
            "period_type": text["period_type"],
            "dimension": text["dimension"],
            "category": text["group"].mask(text["dimension"].eq(TOTAL), TOTAL),
            "source_file": file.name,
            "source_line": text[text_tables.LINE].astype("int64"),
            "measure": text["measure"],
        }
    )


def _latest_release(
    table: pd.DataFrame, text: pd.DataFrame, model: CoreModel, file: PublishedFile
) -> tuple[pd.DataFrame, list[str]]:
    """One row for each key: the preferred breakdown, then the most final state."""
    state = text["state"].str.strip().str.casefold().map({name: number for number, name in enumerate(STATES)})
    order = pd.DataFrame({"preference": text["preference"], "state": -state.fillna(-1)}).sort_values(
        ["preference", "state"], kind="stable"
    )
    identity = [*KEY_COLUMNS, *filter_columns(model)]
    once = table.loc[order.index].drop_duplicates([name for name in identity if name != "area_name"]).sort_index()
    dropped = len(table) - len(once)
    if not dropped:
        return once, []
    return once, [f"{file.name}: {dropped} rows gave way to a more final release of the same figure."]


def _one_level_for_each_code(table: pd.DataFrame, file: PublishedFile) -> tuple[pd.DataFrame, list[str]]:
    """Without provider rows under the code of a board or location: a code must name one body only.

    A commissioner that reports a few contacts of its own stands among the providers, as NHS South West
    London did in 2022.
    """
    commissioners = table.loc[table["area_level"].isin([AreaLevel.ICB.value, AreaLevel.SUB_ICB.value]), "area_code"]
    twice = table["area_level"].eq(AreaLevel.PROVIDER.value) & table["area_code"].isin(commissioners)
    if not twice.any():
        return table, []
    codes = ", ".join(sorted(table.loc[twice, "area_code"].unique()))
    return table[~twice], [f"{file.name}: {int(twice.sum())} provider rows of commissioners ({codes}) are not used."]


# --- names --------------------------------------------------------------------------------------------

KEPT_UPPER = {"ICB", "CIC", "UK", "C.I.C", "II"}
VOWELLESS_WORDS = {"LTD", "ST", "DR"}  # any other word without a vowel is an abbreviation: NHS, CCG, HCRG
SMALL_WORDS = {"and", "of", "for", "the", "in", "on", "with", "upon", "by"}


def organisation_names(names: pd.Series) -> pd.Series:
    """Upper-case NHS names in the case one prints: `Wrightington, Wigan and Leigh NHS Foundation Trust`."""
    printed = {name: _printed(name) for name in names.unique()}
    return names.map(printed).astype("str")


def _printed(name: str) -> str:
    if name != name.upper():
        return name.strip()
    words = [_word(word, first=number == 0) for number, word in enumerate(name.split())]
    return " ".join(words)


def _word(word: str, *, first: bool) -> str:
    bare = word.strip("(),.")
    abbreviated = bare not in VOWELLESS_WORDS and not set(bare) & set("AEIOUY")
    if abbreviated or bare in KEPT_UPPER or any(letter.isdigit() for letter in bare):  # `M1J4Y` is a code
        return word
    if bare.casefold() in SMALL_WORDS and not first:
        return word.casefold()
    capitalised = re.sub(r"[A-Z][A-Z'\u2019]*", lambda letters: letters[0].capitalize(), word)
    return re.sub(r"-(On|Upon|In|Le|By)-", lambda part: part[0].casefold(), capitalised)
