"""How many EHC plans, and how much SEN support, are expected in the coming Januaries.

Here: what is said of the forecast, and its tables by year, age, primary need and setting. Not here: its chart
(`figures.py`) or its error (`error.py`).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd

from jsna_pipeline import geography
from jsna_pipeline.future.models import RUNGS
from jsna_pipeline.future.tables import Measure
from jsna_pipeline.report import formatting
from jsna_pipeline.report.future import rows, words
from jsna_pipeline.report.future.own_support import needs_sentence, needs_table
from jsna_pipeline.report.future.rows import Outlook
from jsna_pipeline.report.model import Section, Statement, Table
from jsna_pipeline.report.view import AreaView, each_row
from jsna_pipeline.vocabulary import TOTAL

ANCHOR = "future-plans"
NO_TARGET = (
    "A forecast says what follows if things go on as they have. It is not a target, and a person’s right to an "
    "assessment does not depend on it."
)
SOURCE = "Worked out from Department for Education, Education, health and care plans"
SPLITS = ("age_band", "primary_need", "setting", "phase")
SAID = ("age_band", "primary_need", "setting")  # whose largest rise is said


def plans_section(view: AreaView, seen: Outlook) -> Section:
    statements = (
        _next(seen),
        _later(seen),
        *_limits_of(seen),
        *_largest_rises(view, seen),
        _no_splits(view, seen),
        _sen_support(view),
        needs_sentence(view),
        _second_opinion(view, seen),
    )
    tables = (
        _years_table(view, seen),
        *(_split_table(view, seen, dimension) for dimension in SPLITS),
        _support_table(view),
        needs_table(view),
    )
    return Section(
        section_id=ANCHOR,
        heading="How many plans are expected?",
        statements=tuple(one for one in statements if one),
        figures=(),
        tables=tuple(table for table in tables if table),
        method=(
            f"{_described(seen.model)}A thousand futures are drawn with the errors that the method made on past years; "
            "the middle one is printed. Parts and sums are taken within each future."
        ),
        sources=(SOURCE,),
        caveats=(
            NO_TARGET,
            words.RANGE,
            "No range here covers a change of the law. Those of ages, needs and settings rest on one or two years, and "
            "have not been tried years ahead.",
        ),
    )


def _described(model: str) -> str:
    """What the method goes by, as its record says it: "England's growth, more where requests …. "."""
    return f"{RUNGS[model].description} " if model in RUNGS else ""


def expected_sentence(seen: Outlook) -> str:
    """ "About 4,100 EHC plans are expected in January 2026 (3,770 to 4,370)."; blank where nothing is said of it."""
    row = seen.next
    if row is None:
        return ""
    if seen.only_next:
        return f"{range_of(row)} EHC plans are expected in January {row.year}."
    noun = f"EHC plans are expected in January {row.year}"
    return f"About {words.counted(row.central, noun, row.lower_95, row.upper_95)}."


def range_of(row: Any) -> str:
    """ "Between 18 and 44": of a tiny authority the range is said, and no middle."""
    return f"Between {words.about(row.lower_95)} and {words.about(row.upper_95)}"


def _next(seen: Outlook) -> Statement | None:
    text = expected_sentence(seen)
    if not text:
        return None
    known = "" if seen.base is None else f" There were {formatting.number(seen.base)} in January {seen.base_year}."
    return Statement(text + known, "neutral", f"January {seen.base_year + 1}")


def _later(seen: Outlook) -> Statement | None:
    last = seen.last
    if last is None or last.year <= seen.base_year + 1:
        return None
    said = words.with_range(last.central, last.lower_95, last.upper_95)
    text = f"If things go on as they have, there would be about {said}. The further ahead, the wider the range."
    return Statement(text, "neutral", f"January {last.year}")


def _limits_of(seen: Outlook) -> Iterator[Statement]:
    if seen.widened:
        yield Statement(f"The range is wider than the method’s own. {seen.widened}", "unknown", "Less certain")
    if seen.withheld:
        when = words.januaries([row.year for row in seen.withheld])
        reason = "" if seen.reason == seen.widened else f" {seen.reason}"
        yield Statement(f"No figure is given for {when}.{reason}", "unknown", "Not given")


def _told(view: AreaView, dimension: str) -> pd.DataFrame:
    """Rows of a breakdown that have a figure."""
    found = rows.projected(view, dimension)
    return found.loc[found["central"].notna()]


def _largest_rises(view: AreaView, seen: Outlook) -> Iterator[Statement]:
    """Of each breakdown, the group to which most plans are added by the last year, in one sentence."""
    rises = [row for dimension in SAID if (row := _largest_rise(view, dimension)) is not None]
    if not rises:
        return
    parts = [
        f"{words.heading(row.dimension, row.category)}, from {words.about(row.base)} to about "
        f"{words.with_range(row.central, row.lower_95, row.upper_95)}"
        for row in rises
    ]
    yield Statement(f"By January {rises[0].year}: {'; '.join(parts)}.", "neutral", "Most added")


def _largest_rise(view: AreaView, dimension: str) -> Any | None:
    found = _told(view, dimension)
    found = found.loc[found["base"].notna() & (found["category"] != "not_recorded")]
    found = found.loc[found["year"] == found["year"].max()]
    rises = found["central"] - found["base"]
    return next(each_row(found.loc[[rises.idxmax()]])) if rises.gt(0).any() else None


def _no_splits(view: AreaView, seen: Outlook) -> Statement | None:
    if seen.next is None or any(len(_told(view, dimension)) for dimension in SPLITS):
        return None
    given = [row.reason for dimension in SPLITS for row in each_row(rows.projected(view, dimension)) if row.reason]
    reason = next(iter(given), seen.widened or seen.reason)
    said = "" if reason in (seen.widened, seen.reason) else f" {reason}"
    return Statement(f"Plans are not split by age, need or setting here.{said}", "unknown", "Not split")


def _sen_support(view: AreaView) -> Statement | None:
    found = rows.projected(view, measure=Measure.SEN_SUPPORT)
    found = found.loc[found["central"].notna()]
    if found.empty:
        return None
    row = next(each_row(found))
    said = words.with_range(row.central, row.lower_95, row.upper_95)
    known = "" if pd.isna(row.base) else f", after about {words.about(row.base)} in January {row.base_year}"
    text = (
        f"About {said} pupils in state-funded schools here are expected to have SEN support in January "
        f"{row.year}{known}. Both are worked out from the share and an earlier count of pupils."
    )
    return Statement(text, "neutral", "SEN support")


def _second_opinion(view: AreaView, seen: Outlook) -> Statement | None:
    """What the area's own records of who joined and left would expect, beside the method's own range."""
    found = rows.own(view, "future_second_opinion")
    found = found.loc[(found["dimension"] == TOTAL) & (found["year"] == seen.base_year + 1)]
    if found.empty or seen.next is None:
        return None
    row = next(each_row(found))
    said = words.with_range(row.central, row.lower_95, row.upper_95)
    inside = seen.next.lower_95 <= row.central <= seen.next.upper_95
    agrees = "inside" if inside else "outside"
    text = (
        f"Counted from who joined, moved and left in {words.number_word(row.januaries)} of its own January returns, "
        f"about {said} plans would be expected. That is {agrees} the range above."
    )
    return Statement(text, "neutral" if inside else "unknown", "A second opinion, provisional")


# --- tables ------------------------------------------------------------------------------------


def _years_table(view: AreaView, seen: Outlook) -> Table | None:
    """The area by year with its three ranges, and the middle for its region and England."""
    if not seen.years:
        return None
    beside = {
        code: {row.year: row.central for row in each_row(rows.projected(view, area_code=code))}
        for code in (view.region_code, geography.ENGLAND)
    }
    told = {row.year: row for row in seen.years}
    every = sorted({*told, *(row.year for row in seen.withheld)})
    return Table(
        table_id="future-plans-years",
        caption=f"EHC plans expected each January, {view.area.name}",
        columns=("January", "Expected", "50 in 100", "80 in 100", "95 in 100", view.region_name, "England"),
        rows=tuple(
            (
                str(year),
                *_year_cells(told.get(year), seen.only_next),
                *(words.cell(middles.get(year)) for middles in beside.values()),
            )
            for year in every
        ),
        numeric=(False, *(True,) * 6),
        notes=(
            "Of 100 futures like the past, 50, 80 and 95 would lie within the limits.",
            *((f"{formatting.EN_DASH}: not given.",) if seen.withheld else ()),
        ),
    )


def _year_cells(row: object, only_next: bool) -> tuple[str, ...]:
    """The middle and the three ranges; of a tiny authority no middle."""
    if row is None:
        return (formatting.EN_DASH,) * 4
    middle = formatting.EN_DASH if only_next else words.cell(getattr(row, "central"))  # noqa: B009 - a row has no static type
    ranges = (
        words.range_cell(getattr(row, f"lower_{share}"), getattr(row, f"upper_{share}")) for share in (50, 80, 95)
    )
    return (middle, *ranges)


def _split_table(view: AreaView, seen: Outlook, dimension: str) -> Table | None:
    """Each group now, in the next January and in the last, with its range."""
    found = _told(view, dimension)
    if found.empty:
        return None
    first, last = int(found["year"].min()), int(found["year"].max())
    shown = list(dict.fromkeys((first, last)))
    at = {(row.category, row.year): row for row in each_row(found)}
    body = []
    for name in found["category"].unique():
        known = at.get((name, first))
        cells = [words.cell(known.base if known else None)]
        for year in shown:
            row = at.get((name, year))
            cells.append(words.cell(row.central if row else None))
            cells.append(words.range_cell(row.lower_95, row.upper_95) if row else formatting.EN_DASH)
        body.append((words.heading(dimension, name), *cells))
    kind = words.DIMENSIONS[dimension]
    return Table(
        table_id=f"future-plans-{dimension.replace('_', '-')}",
        caption=f"EHC plans expected by {kind}, {view.area.name}",
        columns=(
            formatting.sentence(kind),
            f"January {seen.base_year}",
            *(head for year in shown for head in (f"January {year}", "95 in 100")),
        ),
        rows=tuple(body),
        numeric=(False, *(True,) * (1 + 2 * len(shown))),
        notes=("Each number is the middle of its own futures, so that parts need not add up to the whole.",),
        in_pdf=False,
    )


def _support_table(view: AreaView) -> Table | None:
    found = rows.projected(view, measure=Measure.SEN_SUPPORT)
    found = found.loc[found["central"].notna()]
    if found.empty:
        return None
    return Table(
        table_id="future-plans-sen-support",
        caption=f"Pupils expected to have SEN support each January, schools of {view.area.name}",
        columns=("January", "Expected", "50 in 100", "80 in 100", "95 in 100"),
        rows=tuple((str(row.year), *_year_cells(row, only_next=False)) for row in each_row(found)),
        numeric=(False, *(True,) * 4),
        in_pdf=False,
    )
