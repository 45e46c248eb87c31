"""How wrong the method has been: over all authorities, beside simpler methods, and in this area.

Here: the back-test in words and tables. Not here: making it (`future/backtest.py`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pandas as pd

from jsna_pipeline.future.backtest import IN_DOUBT
from jsna_pipeline.future.models import RUNGS
from jsna_pipeline.future.tables import HORIZONS
from jsna_pipeline.report import formatting
from jsna_pipeline.report.future import rows, words
from jsna_pipeline.report.future.expected_plans import SOURCE
from jsna_pipeline.report.future.rows import Outlook
from jsna_pipeline.report.model import Section, Statement, Table
from jsna_pipeline.report.view import AreaView, each_row

ANCHOR = "future-error"
# The simple methods that every other has to beat, as a sentence names them.
IN_SENTENCE: Mapping[str, str] = {
    "last_value": "keeping the last count",
    "linear": "a straight line",
    "national_growth": "England’s growth",
}
NAIVE = tuple(IN_SENTENCE)
CHOSEN = "The method used here"
NAMED = 3  # authorities named where the method was furthest out
LISTED = 10  # of them in the table, for each horizon
LEANING = 1.0  # percent of mean error that is told
SPOKEN = 3  # years ahead up to which errors are said


def error_section(view: AreaView, seen: Outlook) -> Section | None:
    """The section; None where nothing was tried out."""
    summary = rows.table(view, "future_backtest_summary")
    tried = rows.table(view, "future_backtest")
    if summary.empty and tried.empty:
        return None
    model = chosen_model(view, seen)
    statements = (
        _own(view, seen),
        *_of_all(summary, model),
        _furthest(tried, model),
        _left_out(tried),
    )
    tables = (
        _errors_table(summary, model),
        _full_table(summary, model),
        _own_table(view, model),
        _furthest_table(tried, model),
        _breaks_table(tried),
    )
    return Section(
        section_id=ANCHOR,
        heading="How wrong has the method been?",
        statements=tuple(one for one in statements if one),
        figures=(),
        tables=tuple(table for table in tables if table),
        method=(
            "Each method was given what was known in a past January and asked for the years after it; the answers "
            "were set "
            "beside the counts. The average miss is the mean of the differences without their sign, as a percentage "
            "of the count. Authorities with too few Januaries are left out; those with a doubtful count are in."
        ),
        sources=(SOURCE,),
    )


def chosen_model(view: AreaView, seen: Outlook) -> str:
    """The method of the area's forecast; the one that most authorities have where it has none."""
    if seen.model in set(rows.table(view, "future_backtest_summary")["model"]):
        return seen.model
    found = rows.table(view, "future_backtest")["model"]
    return seen.model if found.empty else str(found.mode().iloc[0])


def method_name(model: str, chosen: str = "") -> str:
    """A method as a table's row prints it."""
    if model == chosen:
        return f"{CHOSEN}: {RUNGS[model].name[:1].lower()}{RUNGS[model].name[1:]}" if model in RUNGS else CHOSEN
    return RUNGS[model].name if model in RUNGS else formatting.sentence(model.replace("_", " "))


# --- this area ---------------------------------------------------------------------------------


def last_year(view: AreaView, seen: Outlook) -> Any | None:
    """What the method would have said a year ago of the last count."""
    found = rows.own(view, "future_backtest")
    chosen = found["model"].eq(seen.model) & found["origin"].eq(seen.base_year - 1) & found["horizon"].eq(1)
    return next(each_row(found.loc[chosen]), None)


def last_year_sentence(row: Any) -> str:
    """ "A year ago this method would have said about 3,420 plans for January 2025; there were 3,579."."""
    year = row.origin + row.horizon
    if words.about(row.forecast) == formatting.number(row.actual):
        return f"A year ago this method would have said about {words.about(row.forecast)} plans, as it came."
    return (
        f"A year ago this method would have said about {words.about(row.forecast)} plans for January {year}. "
        f"There were {formatting.number(row.actual)}, so it was {missed(row.error)}."
    )


def missed(error: float) -> str:
    """ "4.4% too low"; "right to the last digit printed" where nothing is left of the error."""
    share = formatting.measure(abs(error), "percent")
    if share == formatting.measure(0.0, "percent"):
        return "right to a tenth of a percent"
    return f"{share} too {'high' if error > 0 else 'low'}"


def _own(view: AreaView, seen: Outlook) -> Statement | None:
    row = last_year(view, seen)
    if row is None:
        return None
    inside = ""
    if pd.notna(row.lower_95) and pd.notna(row.upper_95):
        where = "inside" if row.lower_95 <= row.actual <= row.upper_95 else "outside"
        inside = f" The count lay {where} the range ({words.between(row.lower_95, row.upper_95)})."
    note = f" {row.note}" if row.note else ""
    return Statement(last_year_sentence(row) + inside + note, "neutral", view.area.name)


# --- all authorities ---------------------------------------------------------------------------


def _pooled(summary: pd.DataFrame) -> pd.DataFrame:
    return summary.loc[summary["origin"] == "total"]


def _at(summary: pd.DataFrame, model: str) -> dict[int, Any]:
    """Rows of one method over all origins, by years ahead."""
    return {row.horizon: row for row in each_row(_pooled(summary)) if row.model == model}


def _of_all(summary: pd.DataFrame, model: str) -> Iterator[Statement]:
    every = _at(summary, model)
    own = {horizon: row for horizon, row in every.items() if horizon <= SPOKEN}
    if not own:
        return
    parts = [
        f"{formatting.measure(row.mape, 'percent')} {words.years_ahead(horizon)} ahead" for horizon, row in own.items()
    ]
    yield Statement(f"On average it missed the count by {formatting.listed(parts)}.", "neutral", "All authorities")
    furthest = max(own)
    simple = {name: _at(summary, name) for name in NAIVE if name != model}
    beside = [
        f"{formatting.measure(by_year[furthest].mape, 'percent')} ({IN_SENTENCE[name]})"
        for name, by_year in simple.items()
        if furthest in by_year
    ]
    if beside:
        ahead = f"{formatting.sentence(words.number_word(furthest))} {'year' if furthest == 1 else 'years'} ahead"
        text = f"{ahead}, simpler methods missed by {formatting.listed(beside)}."
        yield Statement(text, "neutral", "Simpler methods")
    longest = max(every)
    held = [row.coverage_95 for row in own.values() if pd.notna(row.coverage_95)]
    if held:
        low, high = (formatting.number(limit, 1) for limit in (min(held), max(held)))
        share = low if low == high else f"{low} to {high}"
        half = every[longest].coverage_50
        also = ""
        if pd.notna(half) and half > 55:
            also = f" The range meant to hold 50 held {formatting.number(half, 0)} at {words.years_ahead(longest)}."
        yield Statement(f"The range meant to hold 95 of 100 counts held {share}.{also}", "neutral", "Ranges")
    if abs(every[longest].bias) >= LEANING:
        ahead = f"{formatting.sentence(words.number_word(longest))} years ahead"
        yield Statement(f"{ahead}, it was {missed(every[longest].bias)} on average.", "neutral", "Which way")


def _furthest(tried: pd.DataFrame, model: str) -> Statement | None:
    """The authorities where the newest forecast of a year ahead was furthest out."""
    found = _newest(tried, model, 1)
    found = found.loc[found["scored"].astype(bool)]
    if found.empty:
        return None
    worst = found.reindex(found["error"].abs().sort_values(ascending=False, kind="stable").index).head(NAMED)
    names = [f"{words.area_name(row.area_code)} ({missed(row.error)}{_doubt(row.note)})" for row in each_row(worst)]
    year = int(worst["origin"].iloc[0]) + 1
    return Statement(
        f"For January {year} it was furthest out in {formatting.listed(names)}.", "neutral", "Furthest out"
    )


def _doubt(note: str) -> str:
    return "; its count is in doubt" if IN_DOUBT in note else ""


def _newest(tried: pd.DataFrame, model: str, horizon: int) -> pd.DataFrame:
    found = tried.loc[tried["model"].eq(model) & tried["horizon"].eq(horizon)]
    return found.loc[found["origin"] == found["origin"].max()]


def _faults(tried: pd.DataFrame) -> pd.DataFrame:
    """Each kind of break or fault with the authorities that have it: columns fault, area_code, scored, once each."""
    told = tried.loc[tried["note"].ne(""), ["area_code", "note", "scored"]].drop_duplicates()
    faults = told.assign(fault=told["note"].str.findall(r"[^.]+\."))
    each = faults.explode("fault").assign(fault=lambda rows_: rows_["fault"].str.strip())
    return each.groupby(["fault", "area_code"], as_index=False)["scored"].any()


def _left_out(tried: pd.DataFrame) -> Statement | None:
    """How many authorities have a break of their own; one that most share is a change of the collection."""
    faults = _faults(tried)
    own = faults.loc[faults.groupby("fault")["area_code"].transform("size") < tried["area_code"].nunique() / 2]
    broken = own["area_code"].nunique()
    if not broken:
        return None
    text = (
        f"{formatting.counted(broken, 'authority has', 'authorities have')} a break or a fault in the counts. "
        "On screen, each is listed with its kind."
    )
    return Statement(text, "unknown", "Breaks")


# --- tables ------------------------------------------------------------------------------------


def _errors_table(summary: pd.DataFrame, model: str) -> Table | None:
    """Methods by years ahead: the average miss."""
    ordered = _methods(summary, model)
    if not ordered:
        return None
    at = {name: _at(summary, name) for name in ordered}
    return Table(
        table_id="future-error-methods",
        caption="Average miss of each method by years ahead, all authorities, % of the count",
        columns=("Method", *(words.years_ahead(horizon) for horizon in HORIZONS)),
        rows=tuple(
            (
                method_name(name, model),
                *(words.cell(at[name][horizon].mape if horizon in at[name] else None, 1) for horizon in HORIZONS),
            )
            for name in ordered
        ),
        numeric=(False, *(True,) * len(HORIZONS)),
    )


def _methods(summary: pd.DataFrame, model: str) -> Sequence[str]:
    """The chosen method first, then the simple ones, then the rest."""
    held = list(_pooled(summary)["model"].unique())
    return [name for name in dict.fromkeys((model, *NAIVE, *held)) if name in held]


def _full_table(summary: pd.DataFrame, model: str) -> Table | None:
    """Every method, origin and horizon."""
    if summary.empty:
        return None
    order = {name: place for place, name in enumerate(dict.fromkeys((*_methods(summary, model), *summary["model"])))}
    found = summary.assign(order=summary["model"].map(order), whole=summary["origin"].ne("total"))
    found = found.sort_values(["order", "whole", "origin", "horizon"], kind="stable")
    return Table(
        table_id="future-error-summary",
        caption="Error and range of each method, by the January from which it started",
        columns=(
            "Method",
            "From January",
            "Years ahead",
            "Forecasts",
            "Average miss, %",
            "Median miss, %",
            "Leaning, %",
            "Within 50 in 100",
            "Within 80 in 100",
            "Within 95 in 100",
            "Half the range, %",
        ),
        rows=tuple(
            (
                method_name(row.model, model),
                "all" if row.origin == "total" else row.origin,
                str(row.horizon),
                words.cell(row.areas),
                *(words.cell(value, 1) for value in (row.mape, row.median_error, row.bias)),
                *(
                    words.cell(value, 1)
                    for value in (row.coverage_50, row.coverage_80, row.coverage_95, row.half_width_95)
                ),
            )
            for row in each_row(found)
        ),
        numeric=(False, False, *(True,) * 9),
        notes=(
            "Leaning: the mean error with its sign; above 0 is too high.",
            "Within: how many of 100 counts lay inside the range. Half the range: that of 95 in 100, as a median.",
        ),
        in_pdf=False,
    )


def _own_table(view: AreaView, model: str) -> Table | None:
    found = rows.own(view, "future_backtest")
    found = found.loc[found["model"] == model].sort_values(
        ["origin", "horizon"], ascending=[False, True], kind="stable"
    )
    if found.empty:
        return None
    return Table(
        table_id="future-error-own",
        caption=f"What the method would have said of {view.area.name}, and what was counted",
        columns=("From January", "For January", "It would have said", "95 in 100", "Counted", "Error, %"),
        rows=tuple(
            (
                str(row.origin),
                str(row.origin + row.horizon),
                words.cell(row.forecast),
                words.range_cell(row.lower_95, row.upper_95),
                words.cell(row.actual),
                words.cell(row.error, 1),
            )
            for row in each_row(found)
        ),
        numeric=(False, False, True, True, True, True),
        in_pdf=False,
    )


def _furthest_table(tried: pd.DataFrame, model: str) -> Table | None:
    """The authorities furthest out, one to three years ahead, each from the newest January that can be judged."""
    found = [
        newest.reindex(newest["error"].abs().sort_values(ascending=False, kind="stable").index).head(LISTED)
        for horizon in range(1, SPOKEN + 1)
        if len(newest := _newest(tried, model, horizon))
    ]
    if not found:
        return None
    return Table(
        table_id="future-error-furthest",
        caption="Authorities where the method was furthest out",
        columns=("Authority", "From January", "For January", "It would have said", "Counted", "Error, %", "Note"),
        rows=tuple(
            (
                words.area_name(row.area_code),
                str(row.origin),
                str(row.origin + row.horizon),
                words.cell(row.forecast),
                words.cell(row.actual),
                words.cell(row.error, 1),
                row.note or formatting.EN_DASH,
            )
            for part in found
            for row in each_row(part)
        ),
        numeric=(False, False, False, True, True, True, False),
        in_pdf=False,
    )


def _breaks_table(tried: pd.DataFrame) -> Table | None:
    """Each kind of break with the authorities that have it."""
    faults = _faults(tried)
    if faults.empty:
        return None
    body = []
    for fault, of_kind in faults.groupby("fault", sort=True):
        names = [words.area_name(code) for code in of_kind["area_code"]]
        listed = (
            formatting.listed(names)
            if len(names) <= LISTED
            else formatting.counted(len(names), "authority", "authorities")
        )
        body.append((str(fault), listed, "yes" if of_kind["scored"].any() else "no"))
    return Table(
        table_id="future-error-breaks",
        caption="Breaks and faults of the counts, by kind",
        columns=("What is wrong", "Authorities", "Counted in the average miss"),
        rows=tuple(body),
        numeric=(False,) * 3,
        in_pdf=False,
    )
