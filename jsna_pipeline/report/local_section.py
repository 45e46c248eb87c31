"""What the area's own records say, as sections of the chapters: sentences, and tables on screen.

Here: sentences and tables from the protected local tables. Not here: counting or protecting them
(`local_area.py`), or the account of the returns themselves (`local_chapter.py`).

A share is made of two printed numbers or not at all, and a sentence names only printed numbers: whatever is
hidden in a table is as hidden in the words about it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product

import pandas as pd

from jsna_pipeline.catalogue.disclosure import disclosure_rules
from jsna_pipeline.catalogue.local_tables import LocalTable, Share, local_tables
from jsna_pipeline.local.bands import NESTS, NO, NOT_KNOWN
from jsna_pipeline.periods import period_end
from jsna_pipeline.report import formatting
from jsna_pipeline.report.local_words import (
    HELD_WORDS,
    category_words,
    dimension_words,
    place_on_scale,
    within_sentence,
)
from jsna_pipeline.report.model import Section, Statement, Table
from jsna_pipeline.report.own_figures import section_figures
from jsna_pipeline.report.view import AreaView
from jsna_pipeline.statistics.rounding import half_up
from jsna_pipeline.vocabulary import TOTAL, PeriodType

LEFT_OUT_NOTE = "Groups of which every figure is hidden are left out."
ABSENT_NOTE = f"{formatting.EN_DASH}: too few have been followed for so long to tell."
NOTES = {formatting.HIDDEN: formatting.HIDDEN_NOTE, formatting.EN_DASH: ABSENT_NOTE}
NAMED = 3  # groups that a sentence names
FEW = 5  # groups that it names all
FEWEST = 20  # in a group whose share is said: in a smaller one a single child is more than five points
WORTH_PRINTING = 1 / 3  # of the cells inside a table; one that hides more tells nothing
MOST_COLUMNS = 10
MONTHS = ("month", "month_begun")
UNNAMED = (NOT_KNOWN, "none", "not_given", "before")  # categories that no sentence ranks
AMOUNT_WORDS = {
    "places_commissioned": "special places were commissioned",
    "places_filled": "were filled",
}
HALF = 0.5
RANKING = ("median", "total_amount", "total_places_commissioned")  # what orders the rows of a table
STATISTIC_WORDS = {
    "total_amount": "Spent",
    "mean_amount": "Spent a child",
    "lower_quartile": "A quarter within (weeks)",
    "median": "Half within (weeks)",
    "upper_quartile": "Three quarters within (weeks)",
}
Cells = Mapping[frozenset[tuple[str, str]], int | None]  # printed count of a group, None where hidden
YEARS_TO_MARCH = frozenset({PeriodType.FINANCIAL_YEAR, PeriodType.REPORTING_YEAR})
Group = Mapping[str, str]


@dataclass(frozen=True)
class Counted:
    """The printed counts of one table: its record, its cells, when it was, and how far they are rounded."""

    record: LocalTable
    cells: Cells
    when: str
    rounded: int  # to the nearest 5; 0 where they are exact

    @property
    def units(self) -> str:
        """What is counted, with what the table's filters hold: "pupils with SEN"."""
        return " ".join([self.record.units, *(HELD_WORDS.get(name, "") for name in self.record.filters)]).strip()

    def held(self, group: Group) -> frozenset[tuple[str, str]]:
        """The key of a group of the table: its categories and those that the table's filters hold."""
        # As in the counts themselves: beside a dimension nested in it, a filter's own says nothing more.
        filters = self.record.filters.items()
        kept = {name: category for name, category in filters if not any((used, name) in NESTS for used in group)}
        return frozenset({**kept, **group}.items())

    def count(self, group: Group) -> int | None:
        """The printed count of a group; None where it is hidden or not there."""
        return self.cells.get(self.held(group))

    def categories(self, dimension: str) -> list[str]:
        """The categories of a dimension in the order of its scale, else of size; what is not known comes last."""
        found = {dict(group)[dimension] for group in self.cells if dimension in dict(group)}
        # Only printed sizes order them: a hidden one must not be told by its place.
        sizes = {category: self.count({dimension: category}) or 0 for category in found}
        return sorted(found, key=lambda category: (*place_on_scale(category), -sizes[category], category))


def local_sections(view: AreaView, chapter_id: str) -> tuple[Section, ...]:
    """The sections of a chapter, one for each local table of which the area's returns give anything."""
    records = [record for record in local_tables().values() if record.chapter == chapter_id]
    made = [_section(view, record) for record in records]
    return tuple(section for section in made if section is not None)


def _section(view: AreaView, record: LocalTable) -> Section | None:
    counts = view.local["local_counts"]
    counts = counts.loc[counts["table_id"] == record.id]
    statistics = view.local["local_statistics"]
    statistics = statistics.loc[statistics["table_id"] == record.id]
    if counts.empty and statistics.empty:
        return None
    rows = counts if len(counts) else statistics
    steps = set() if view.restricted else {disclosure_rules()[rule].round_to for rule in counts["rule"].unique()} - {1}
    when = _when(rows["period"].iloc[0], rows["period_type"].iloc[0])
    counted = Counted(record, _cells(counts), when, max(steps, default=0))
    tables = (*_count_tables(counted), *_statistic_tables(record, statistics, when))
    said = [*_said_of_counts(counted), *_said_of_waits(record, statistics), *_said_of_amounts(record, statistics)]
    if said and not tables:
        said.append("The groups are too small for a table.")
    rounding = [f"Counts are rounded to the nearest {step}, so parts may not add up to their total." for step in steps]
    return Section(
        section_id=f"local-{record.id}",
        heading=record.question,
        statements=(Statement(f"In {when}, {' '.join(said)}"),) if said else (),
        figures=section_figures(view, record.id),
        tables=tables,
        method=" ".join([record.description, *_left_out_of_share(counted), *rounding]),
        sources=("The area’s own returns, provisional; see the chapter on the area’s own records",),
        caveats=tuple(record.caveats),
    )


def _when(period: str, period_type: str) -> str:
    """ "January 2025", "2024", "the year to March 2025", "the twelve months to January 2025"."""
    words = formatting.period_words(period, period_type).removeprefix("calendar year ")
    if period_type in YEARS_TO_MARCH and (end := period_end(period, PeriodType(period_type))):
        return f"the year to March {end.year}"
    if period_type == PeriodType.ROLLING.value:
        return f"the twelve months to {words.rpartition(' to ')[2]}"
    return f"the {words}" if words[:1].islower() else words


# --- counts -------------------------------------------------------------------------------------------


def _cells(counts: pd.DataFrame) -> Cells:
    slots = counts[[f"{part}_{slot}" for slot in (1, 2, 3) for part in ("dimension", "category")]]
    groups = [
        frozenset(
            (dimension, category) for dimension, category in zip(row[::2], row[1::2], strict=True) if dimension != TOTAL
        )
        for row in slots.itertuples(index=False, name=None)
    ]
    return {group: None if pd.isna(count) else int(count) for group, count in zip(groups, counts["count"], strict=True)}


def _said_of_counts(counted: Counted) -> list[str]:
    if not counted.cells:
        return []
    share = counted.record.share
    said = _share_of_all(counted, share) if share else ""
    if share is None or not said:
        return [text for text in (_largest_groups(counted),) if text]
    return [text for text in (said, _share_by_group(counted, share)) if text]


def _share(counted: Counted, share: Share, group: Group) -> tuple[int, int] | None:
    """Part and whole of the share within a group; None unless both are printed."""
    part = counted.count({**group, share.dimension: share.category})
    if share.among:
        among = [counted.count({**group, share.dimension: category}) for category in share.among]
        whole = None if None in among else sum(filter(None, among))
    else:
        whole = counted.count(group)
    return (part, whole) if part is not None and whole else None


def _percent(counted: Counted, part: int, whole: int) -> str:
    """A share of printed counts; of rounded ones without a decimal that they cannot bear."""
    decimals = 0 if counted.rounded else 1
    return formatting.measure(float(half_up(part, whole, decimals, 100)), "percent", decimals)


def _share_of_all(counted: Counted, share: Share) -> str:
    if (found := _share(counted, share, {})) is None:
        return ""
    part, whole = found
    return (
        f"{'about ' if counted.rounded else ''}{_percent(counted, part, whole)} of {counted.units} {share.phrase} "
        f"({formatting.of(part, whole)})."
    )


def _share_by_group(counted: Counted, share: Share) -> str:
    """The share in the groups of the leading dimension: all of a few, else the highest."""
    dimension = _compared(counted.record, share)
    every = [category for category in counted.categories(dimension) if category not in UNNAMED]
    found = {
        category: printed
        for category in every
        if (printed := _telling_share(counted, share, {dimension: category})) is not None
    }
    nobody = all(counted.count({dimension: name, share.dimension: share.category}) == 0 for name in {*every} - {*found})
    if not found or (len(found) == 1 and not nobody):
        return ""
    many = len(found) > FEW
    ranked = (
        sorted(found, key=lambda category: -found[category][0] / found[category][1])[:NAMED] if many else list(found)
    )
    named = [f"{category_words(dimension, name)} ({_percent(counted, *found[name])})" for name in ranked]
    if nobody and len(found) < len(every) and not many:
        named.append("none of the others")
    by = dimension_words(dimension)
    if not many:
        return f"By {by}: {formatting.listed(named)}."
    # A group that is hidden or small may have a higher share.
    among = "" if nobody else ", among groups large enough to tell"
    return f"Highest by {by}{among}: {formatting.listed(named)}."


def _telling_share(counted: Counted, share: Share, group: Group) -> tuple[int, int] | None:
    """The share of a group that is large enough, in which most are known, and that is not none."""
    found = _share(counted, share, group)
    unknown = counted.count({**group, share.dimension: NOT_KNOWN}) or 0
    return found if found is not None and found[0] and found[1] >= max(FEWEST, unknown) else None


def _compared(record: LocalTable, share: Share) -> str:
    """The dimension whose groups are compared: the leading one if it is counted with the share, else the first."""
    crosses = [cross for cross in record.crosses if share.dimension in cross]
    beside = [name for cross in crosses for name in cross if name != share.dimension]
    return record.lead if record.lead in beside else next(iter(beside), TOTAL)


def _left_out_of_share(counted: Counted) -> list[str]:
    share = counted.record.share
    if share is None or not share.among:
        return []
    others = [name for name in counted.categories(share.dimension) if name not in share.among]
    words = formatting.listed([category_words(share.dimension, name) for name in others])
    return [f"The share leaves out: {words}."] if others else []


def _largest_groups(counted: Counted) -> str:
    """The largest groups of the leading dimension, of those that no hidden one can exceed."""
    total, lead = counted.count({}), counted.record.lead
    if not total:
        return ""
    said = f"there were {formatting.number(total)} {counted.units}"
    every = {} if lead == TOTAL else {name: counted.count({lead: name}) for name in counted.categories(lead)}
    hidden = total - sum(count or 0 for count in every.values()) if None in every.values() else 0
    sizes = {name: count for name, count in every.items() if name not in (*UNNAMED, NO, "other") and count}
    sizes = {name: count for name, count in sizes.items() if count > hidden}
    if len(sizes) < 2:
        return f"{said}."
    largest = sorted(sizes, key=lambda category: -sizes[category])[:NAMED]
    named = formatting.listed([f"{category_words(lead, name)} ({formatting.number(sizes[name])})" for name in largest])
    if lead in MONTHS:
        return f"{said}; the busiest months were {named}."
    return f"{said}. The largest groups by {dimension_words(lead)} are {named}."


def _count_tables(counted: Counted) -> list[Table]:
    record = counted.record
    made: dict[frozenset[str], Table | None] = {}
    for cross in sorted(record.crosses, key=lambda cross: record.lead not in cross):
        shown = _worth_crossing(counted, cross)
        if shown and frozenset(shown) not in made:
            made[frozenset(shown)] = _matrix(counted, shown)
    return [table for table in made.values() if table is not None]


def _worth_crossing(counted: Counted, cross: Sequence[str]) -> list[str]:
    """The two dimensions of a cross that are shown; one of a single category would only repeat the total."""
    share = counted.record.share
    wanted = [counted.record.lead, share.dimension if share else TOTAL, *cross]
    sizes = {name: len(counted.categories(name)) for name in dict.fromkeys(wanted) if name in cross}
    # Where the returns lack a dimension, the cross is not counted at all.
    return [name for name, size in sizes.items() if size > 1][:2] if all(sizes.values()) else []


def _matrix(counted: Counted, cross: Sequence[str]) -> Table | None:
    """One dimension down, the other across, with totals; a single one with its count alone."""
    categories = {name: counted.categories(name) for name in cross}
    inner = [
        counted.count(dict(zip(cross, group, strict=True))) for group in product(*(categories[name] for name in cross))
    ]
    if sum(count is not None for count in inner) < WORTH_PRINTING * len(inner):
        return None
    down, *across = sorted(cross, key=lambda name: (name not in MONTHS, -len(categories[name]), name))
    columns: list[Group] = [{across[0]: name} for name in categories[across[0]]] if across else []
    rows: list[Group] = [{down: name} for name in categories[down]]
    # A month or a lone group is missed where it is left out; a group of groups that are all hidden is not.
    told_columns = [one for one in columns if any(counted.count({**row, **one}) is not None for row in [*rows, {}])]
    told_rows = [
        one
        for one in rows
        if not across
        or down in MONTHS
        or any(counted.count({**one, **column}) is not None for column in [*columns, {}])
    ]
    if not told_rows or len(told_columns) > MOST_COLUMNS:
        return None
    heads = [_heading(across[0], one[across[0]]) for one in told_columns]
    body = tuple(
        (
            _heading(down, row[down]) if row else "All",
            *(_printed(counted, {**row, **one}) for one in [*told_columns, {}]),
        )
        for row in [*told_rows, {}]
    )
    by = " and ".join(dimension_words(name) for name in (down, *across))
    left_out = [LEFT_OUT_NOTE] if len(told_rows) + len(told_columns) < len(rows) + len(columns) else []
    return Table(
        table_id=f"local-{counted.record.id}-{'-'.join(sorted(cross))}".replace("_", "-"),
        caption=f"{formatting.sentence(counted.units)} by {by}, {counted.when.removeprefix('the ')} (provisional)",
        columns=(
            formatting.sentence(dimension_words(down)),
            *heads,
            "All" if across else formatting.sentence(counted.record.units),
        ),
        rows=body,
        numeric=(False, *(True for _ in heads), True),
        notes=(*_notes(body), *left_out, *([f"Rounded to the nearest {counted.rounded}."] if counted.rounded else [])),
        in_pdf=False,
    )


def _heading(dimension: str, category: str) -> str:
    return formatting.sentence(category_words(dimension, category))


def _printed(counted: Counted, group: Group) -> str:
    if counted.held(group) not in counted.cells:
        return formatting.EN_DASH
    count = counted.count(group)
    return formatting.HIDDEN if count is None else formatting.number(count)


def _notes(body: Sequence[Sequence[str]]) -> list[str]:
    cells = {cell for row in body for cell in row[1:]}
    return [note for sign, note in NOTES.items() if sign in cells]


# --- waits and amounts --------------------------------------------------------------------------------


def _of_all(statistics: pd.DataFrame) -> pd.DataFrame:
    """The printed statistics of everybody, by name."""
    printed = (statistics["dimension"] == TOTAL) & (statistics["status"] == "ok")
    return statistics.loc[printed].set_index("statistic")


def _said_of_waits(record: LocalTable, statistics: pd.DataFrame) -> list[str]:
    if record.wait is None:
        return []
    total = _of_all(statistics)
    shares = [
        (weeks, _share_waiting(float(total.loc[name, "value"])))
        for weeks in record.wait.after_weeks
        if (name := f"waiting_over_{weeks}_weeks") in total.index
    ]
    longer = formatting.listed([f"{share} more than {weeks}" for weeks, share in shares]).replace(
        " more than ", " waited more than ", 1
    )
    if "median" not in total.index:
        return [f"of {record.units}, {longer} weeks."] if longer else []
    half = total.loc["median"]
    said = (
        f"half of the {record.units} waited up to {_weeks(half['value'])} weeks{_limits(half['lower'], half['upper'])}"
    )
    return [f"{said}.", "Those still waiting are counted in.", *([f"{longer} weeks."] if longer else [])]


def _weeks(value: float) -> str:
    return formatting.number(value) if value >= HALF else "under 1"


def _limits(lower: float, upper: float) -> str:
    """The interval of a median; one that is open above says so, since many were still waiting."""
    if pd.isna(lower):
        return ""
    if pd.isna(upper):
        return f" (95% interval from {formatting.number(lower)} up)"
    return f" (95% interval {formatting.number(lower)} to {formatting.number(upper)})"


def _share_waiting(value: float) -> str:
    """A share in percent, whole; what rounds to none or to all and is neither says so."""
    if 0 < value < HALF:
        return "under 1%"
    if 100 - HALF <= value < 100:
        return "over 99%"
    return formatting.measure(value, "percent", 0)


def _said_of_amounts(record: LocalTable, statistics: pd.DataFrame) -> list[str]:
    if record.amount is None:
        return []
    shown = _of_all(statistics)["value"]
    said = {
        column: _amount(float(shown[f"total_{column}"]), record.amount.unit)
        for column in record.amount.columns
        if f"total_{column}" in shown.index
    }
    if not said:
        return []
    if record.amount.unit == "pounds":
        return [f"{within_sentence(_subject(record))} came to {formatting.listed(list(said.values()))}."]
    return [f"{formatting.listed([f'{amount} {AMOUNT_WORDS[column]}' for column, amount in said.items()])}."]


def _subject(record: LocalTable) -> str:
    """The table's title without the group that it may name ("… by kind of placement")."""
    return record.title.partition(" by ")[0]


def _amount(value: float, unit: str) -> str:
    return formatting.measure(value, "pounds" if unit.startswith("pounds") else "count", 0)


def _statistic_tables(record: LocalTable, statistics: pd.DataFrame, when: str) -> list[Table]:
    dimensions = [name for name in dict.fromkeys(statistics["dimension"]) if name != TOTAL]
    made = [_statistic_table(record, statistics, dimension, when) for dimension in dimensions]
    return [table for table in made if table is not None]


def _statistic_table(record: LocalTable, statistics: pd.DataFrame, dimension: str, when: str) -> Table | None:
    """A row for each group, the longest wait or largest amount first, and one for everybody."""
    names = list(dict.fromkeys(statistics["statistic"]))
    rows = statistics.loc[statistics["dimension"].isin([dimension, TOTAL])]
    printed = {(row.category, row.statistic): _statistic(row) for row in rows.itertuples()}
    ranked = rows.loc[(rows["dimension"] == dimension) & rows["statistic"].isin(RANKING) & (rows["status"] == "ok")]
    sizes = ranked.groupby("category")["value"].max()
    every = sorted(
        rows.loc[rows["dimension"] == dimension, "category"].unique(),
        key=lambda category: (*place_on_scale(category), -sizes.get(category, 0.0), category),
    )
    hidden = formatting.HIDDEN
    told = [one for one in every if any(printed.get((one, name), hidden) != hidden for name in names)]
    inner = [printed.get((category, name)) for category in every for name in names]
    if not told or sum(cell != hidden for cell in inner) < WORTH_PRINTING * len(inner):
        return None
    body = tuple(
        (
            _heading(dimension, category) if category != TOTAL else "All",
            *(printed.get((category, name), formatting.EN_DASH) for name in names),
        )
        for category in [*told, TOTAL]
    )
    by = dimension_words(dimension)
    return Table(
        table_id=f"local-{record.id}-{dimension}".replace("_", "-"),
        caption=f"{_subject(record)} by {by}, {when.removeprefix('the ')} ({record.units}, provisional)",
        columns=(formatting.sentence(by), *(_statistic_words(name) for name in names)),
        rows=body,
        numeric=(False, *(True for _ in names)),
        notes=(*_notes(body), *([LEFT_OUT_NOTE] if len(told) < len(every) else [])),
        in_pdf=False,
    )


def _statistic(row: object) -> str:
    status, value, unit = (getattr(row, name) for name in ("status", "value", "unit"))
    if status != "ok":
        return formatting.HIDDEN if status == "suppressed" else formatting.NOT_AVAILABLE
    if unit == "percent":
        return _share_waiting(float(value))
    return _weeks(float(value)) if unit == "weeks" else _amount(float(value), unit)


def _statistic_words(name: str) -> str:
    if name.startswith("waiting_over_"):
        return f"Waited over {name.removeprefix('waiting_over_').removesuffix('_weeks')} weeks"
    return STATISTIC_WORDS.get(name, formatting.sentence(name.removeprefix("total_").replace("_", " ")))
