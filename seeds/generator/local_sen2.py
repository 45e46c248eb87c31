"""The SEN2 person-level return of the imaginary Wigan: XML in 2025, "Blade" CSV modules in 2024.

Here: what the return of a year knows of the steps and persons, its tables, and both layouts. Not here: the steps
themselves (`local_steps`), or who the persons are (`local_people`).

A few faults are put in on purpose (`_with_faults`), so that a validation report has something to show; none
touches what the published tables count.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from xml.sax.saxutils import escape

import numpy as np
import pandas as pd

from seeds.generator import plan_tables, plans
from seeds.generator.country import country, stream
from seeds.generator.local_people import CENSUS_DAY, FLAGSHIP, people
from seeds.generator.local_steps import day_of, steps
from seeds.generator.plans import LEAVES
from seeds.generator.writing import csv_bytes, gzip_bytes, write, zip_bytes

# Table -> column -> name in the files, in their order; keys of rows and parents come first in the CSV modules.
LAYOUT = {
    "person": {
        "surname": "Surname", "forename": "Forename", "birth": "PersonBirthDate", "sex": "Sex",
        "ethnicity": "Ethnicity", "postcode": "PostCode", "upn": "UPN", "uln": "UniqueLearnerNumber",
        "upn_unknown": "UPNunknown",
    },
    "requests": {
        "received": "ReceivedDate", "source": "RequestSource", "youth": "RYA", "decision": "RequestOutcomeDate",
        "decided": "RequestOutcome", "request_mediation": "RequestMediation",
        "request_tribunal": "RequestTribunal", "exported": "Exported",
    },
    "assessment": {
        "outcome": "AssessmentOutcome", "outcome_date": "AssessmentOutcomeDate",
        "assessment_mediation": "AssessmentMediation", "assessment_tribunal": "AssessmentTribunal",
        "other_mediation": "OtherMediation", "other_tribunal": "OtherTribunal", "exception": "Week20",
    },
    "namedplan": {
        "start": "StartDate", "residential": "PlanRes", "work_based": "PlanWBP", "personal_budget": "PB",
        "organised": "OA", "direct_payments": "DP", "cease": "CeaseDate", "cease_reason": "CeaseReason",
    },
    "plandetail": {
        "urn": "URN", "ukprn": "UKPRN", "setting": "SENsetting", "rank": "PlacementRank",
        "sen_unit": "SENunitIndicator", "resourced": "ResourcedProvisionIndicator",
    },
    "activeplans": {
        "transferred_from": "TransferLA", "review_meeting": "ReviewMeeting", "review_outcome": "ReviewOutcome",
        "last_review": "LastReview", "review_draft": "ReviewDraft", "transfer_due": "PhaseTransferDueDate",
        "transfer_final": "PhaseTransferFinalDate",
    },
    "placementdetail": {
        "urn": "URN", "ukprn": "UKPRN", "setting": "SENsetting", "rank": "PlacementRank", "entry": "EntryDate",
        "leaving": "LeavingDate", "residential": "RES", "work_based": "WBP", "sen_unit": "SENunitIndicator",
        "resourced": "ResourcedProvisionIndicator",
    },
    "senneed": {"need": "SENtype", "rank": "SENtypeRank"},
}  # fmt: skip
PARENT = {"requests": "person", "assessment": "requests", "namedplan": "assessment", "plandetail": "namedplan",
          "activeplans": "requests", "placementdetail": "activeplans", "senneed": "activeplans"}  # fmt: skip
ELEMENT = {"person": "Person", "requests": "Requests", "assessment": "Assessment", "namedplan": "NamedPlan",
           "plandetail": "PlanDetail", "activeplans": "ActivePlans", "placementdetail": "PlacementDetail",
           "senneed": "SENneed"}  # fmt: skip
FROM_2025 = ("RequestSource", "ReviewDraft", "PhaseTransferDueDate", "PhaseTransferFinalDate")
OTHER_AUTHORITIES = ("350", "355", "342", "877", "889", "341")
Tables = dict[str, pd.DataFrame]
"""Table of `LAYOUT` -> its rows, with `key` (from 1) and `parent` (key of the row above), all cells as text."""


def publish(folder: Path, edition: int) -> list[Path]:
    """Writes the return of an edition: one packed XML file in 2025, a zip of CSV modules in 2024."""
    if edition == 2025:
        return [write(folder / "sen2_2025.xml.gz", gzip_bytes(as_xml(tables(edition), edition)))]
    day = CENSUS_DAY[edition].strftime("%d-%m-%Y")
    members = {f"Blade-Export_{day}_{name}.csv": content for name, content in as_modules(tables(edition)).items()}
    return [write(folder / f"Blade-Export_{day}.zip", zip_bytes(members))]


@cache
def tables(edition: int) -> Tables:
    """Every table of the return, as the authority hands it in."""
    known = _known(edition)
    rng = stream(f"sen2 {edition}")
    found = {"person": _text(_persons(rng, known)), "requests": _text(known)}
    assessed = known[known["outcome"] != ""]
    found["assessment"] = _text(assessed)
    planned = _planned(rng, assessed[assessed["start"].notna()], edition)
    found["namedplan"] = _text(planned)
    found["plandetail"] = _text(_places(planned[planned["start"].dt.year == edition - 1], edition))
    active = _active(rng, known, edition)
    found["activeplans"] = _text(active)
    found["placementdetail"] = _text(_placements(rng, active, edition))
    found["senneed"] = _text(_needs(rng, active))
    return _with_faults(_keyed(found))


def _known(edition: int) -> pd.DataFrame:
    """The requests that the return of a year holds, with what is known on census day.

    It holds plans maintained on census day, and requests, assessments and plans that ended in the calendar year
    before or had not ended in it.
    """
    day, year = CENSUS_DAY[edition], edition - 1
    table = steps()
    last = table["cease"].fillna(table["outcome_date"].where(table["outcome"].isin(["N", "W"])))
    last = last.fillna(table["decision"].where(table["decided"].isin(["N", "W"])))
    here = (table["received"] <= day) & ~(last < f"{year}-01-01") & ~(table["moved_in"] > year)
    table = table[here].reset_index(drop=True)
    for date, codes in (("decision", ["decided", "request_mediation", "request_tribunal"]),
                        ("outcome_date", ["outcome", "assessment_mediation", "assessment_tribunal"]),
                        ("start", []), ("cease", ["cease_reason"])):  # fmt: skip
        unknown = ~(table[date] <= day)
        table.loc[unknown, date] = pd.NaT
        for code in codes:
            table.loc[unknown, code] = "" if table[code].dtype == object or str(table[code].dtype) == "str" else False
    agreed = table["decided"] == "Y"
    table["outcome"] = np.where(agreed & (table["outcome"] == ""), "A", table["outcome"])
    table["decided"] = np.where(table["decided"] == "", "A", table["decided"])
    # What was decided in an earlier year, or by another authority, is historical and has no date.
    earlier = (table["outcome_date"].notna() & (table["outcome_date"] < f"{year}-01-01")) | (table["moved_in"] > 0)
    table.loc[earlier, ["decided", "outcome"]] = "H"
    table.loc[earlier, ["decision", "outcome_date"]] = pd.NaT
    table["active"] = table["start"].notna() & table["cease"].isna()
    return table.assign(exported=table["cease_reason"] == "5", youth=np.arange(len(table)) % 701 == 700,
                        other_mediation=False, other_tribunal=False)  # fmt: skip


def _persons(rng: np.random.Generator, known: pd.DataFrame) -> pd.DataFrame:
    table = people().iloc[known["person"]].reset_index(drop=True)
    neither = (table["upn"] == "") & (table["uln"] == "")
    return table.assign(upn_unknown=np.where(neither, "UN1", ""))


def _planned(rng: np.random.Generator, table: pd.DataFrame, edition: int) -> pd.DataFrame:
    """Adds residential places, work-based learning and personal budgets to the plans."""
    age = (CENSUS_DAY[edition] - people()["birth"].iloc[table["person"]]).dt.days.to_numpy() / 365.25
    point = rng.random((4, len(table)))
    budget = point[0] < 0.03
    work = np.where(age >= 16, np.select([point[1] < 0.02, point[1] < 0.03], ["I", "A"], ""), "")
    return table.assign(
        residential=np.select([point[2] < 0.002, point[2] < 0.003], ["A", "B"], ""), work_based=work,
        personal_budget=budget, organised=budget & (point[3] < 0.2),
        direct_payments=np.select([budget & (point[3] > 0.85), budget & (point[3] > 0.3)], ["A", "B"], ""),
    )  # fmt: skip


def _places(table: pd.DataFrame, edition: int) -> pd.DataFrame:
    """The setting of each plan on the census day of the edition; plans without one have no row.

    Plans that were ended by then named the setting of the year before, or a type of setting.
    """
    persons = people().iloc[table["person"]]
    school, setting = (persons[f"{name}_{edition}"].to_numpy() for name in ("school", "setting"))
    leaf = persons[f"leaf_{edition}"].to_numpy()
    name = np.where(leaf >= 0, np.array(LEAVES, object)[leaf], "")
    provider = pd.Series(school).str.len().to_numpy() > 6
    placed = table.assign(
        urn=np.where(provider, "", school), ukprn=np.where(provider, school, ""),
        setting=np.where(leaf < 0, "OTH", setting), rank="1",
        sen_unit=pd.Series(name).str.endswith("senunit").to_numpy(),
        resourced=pd.Series(name).str.endswith("resourced_provision").to_numpy(),
    )  # fmt: skip
    return placed[(placed["urn"] != "") | (placed["ukprn"] != "") | (placed["setting"] != "")]


def _active(rng: np.random.Generator, known: pd.DataFrame, edition: int) -> pd.DataFrame:
    """The plans maintained on census day, with their last review and the change of phase that was due."""
    table = known[known["active"]]
    came = (table["moved_in"] == edition - 1).to_numpy()
    table = table.assign(transferred_from=np.where(came, rng.choice(OTHER_AUTHORITIES, len(table)), ""))
    reviewed = _reviews(rng, table, edition)
    year = people()["cohort"].iloc[table["person"]].to_numpy() - (2025 - edition)
    due = pd.Series(pd.NaT, index=table.index, dtype="datetime64[ns]")
    due[np.isin(year, (0, 7))] = pd.Timestamp(f"{edition - 1}-02-15")
    due[year == 12] = pd.Timestamp(f"{edition - 1}-03-31")
    due = due.where(table["start"] < due)
    count = len(table)
    late = rng.random(count) < 0.22
    days = np.where(late, rng.integers(1, 90, count), -rng.integers(0, 40, count))
    final = (due + pd.to_timedelta(days, unit="D")).where(pd.Series(rng.random(count) < 0.96, index=table.index))
    return reviewed.assign(transfer_due=due, transfer_final=final.where(final >= table["start"]))


def _reviews(rng: np.random.Generator, table: pd.DataFrame, edition: int) -> pd.DataFrame:
    """Adds meeting, decision and outcome of the last annual review; in 2025 those that the published table counts."""
    count, day = len(table), CENSUS_DAY[edition]
    if edition == 2025:
        everyone = plans.caseload(2025)
        here = everyone.authority == country().index_of(FLAGSHIP)
        rows = table["person"].to_numpy()
        state = {name: values[here][rows] for name, values in plan_tables._review_states(everyone).items()}
    else:
        held = (table["start"].dt.year < edition - 1).to_numpy() & (rng.random(count) < 0.84)
        decided = held & (rng.random(count) < 0.8)
        prompt = decided & (rng.random(count) < 0.45)
        state = {"review_meeting_25": np.zeros(count, bool), "review_meeting_24": held, "total_review_meeting": held,
                 "number_decsion_4weeks": prompt, "number_decision_gt_4weeks": decided & ~prompt,
                 "outcome_amend": decided & (rng.random(count) < 0.6),
                 "outcome_cease": np.zeros(count, bool)}  # fmt: skip
    year = np.select([state["review_meeting_25"], state["review_meeting_24"]], [edition, edition - 1], edition - 2)
    day_number = np.where(year == edition, rng.integers(2, 15, count), rng.integers(8, 330, count))
    meeting = pd.Series(day_of(year, day_number).to_numpy(), index=table.index)
    # A review follows the plan that it reviews.
    soonest = table["start"] + pd.Timedelta(days=60)
    meeting = meeting.where(meeting > soonest, soonest).clip(upper=day)
    lag = np.where(state["number_decsion_4weeks"], rng.integers(7, 29, count), rng.integers(29, 110, count))
    decision = (meeting + pd.to_timedelta(lag, unit="D")).clip(upper=day)
    decided = state["number_decsion_4weeks"] | state["number_decision_gt_4weeks"]
    outcome = np.select([state["outcome_amend"], state["outcome_cease"], decided], ["A", "C", "M"], "")
    draft = meeting + pd.to_timedelta(np.minimum(lag, rng.integers(5, 60, count)), unit="D")
    return table.assign(
        review_meeting=meeting.where(state["total_review_meeting"]), last_review=decision.where(decided),
        review_outcome=outcome, review_draft=draft.clip(upper=day).where(decided & (outcome == "A")),
    )  # fmt: skip


def _placements(rng: np.random.Generator, active: pd.DataFrame, edition: int) -> pd.DataFrame:
    """Where those with an active plan are taught now, and where they were until the summer if they moved since."""
    now = _places(active, edition)
    stage = people()["cohort"].iloc[now["person"]].to_numpy() - (2025 - edition)
    since = np.select([stage < 0, stage < 7, stage < 12], [1, stage + 1, stage - 6], np.clip(stage - 11, 1, 3))
    first = pd.to_datetime(pd.DataFrame({"year": edition - since, "month": 9, "day": 3}))
    now = now.assign(entry=first.to_numpy(), leaving=pd.NaT)
    if edition > 2024:
        was = _places(active, edition - 1)
        was = was[people()[f"leaf_{edition - 1}"].iloc[was["person"]].to_numpy() >= 0]
        place = ["urn", "ukprn", "setting"]
        both = was.merge(now, on="person", suffixes=("", "_now"))
        moved = np.logical_or.reduce([(both[name] != both[f"{name}_now"]).to_numpy() for name in place])
        was = was[was["person"].isin(both.loc[moved, "person"])]
        now.loc[now["person"].isin(was["person"]), "entry"] = pd.Timestamp(f"{edition - 1}-09-03")
        was = was.assign(entry=pd.Timestamp(f"{edition - 2}-09-04"), leaving=pd.Timestamp(f"{edition - 1}-07-22"))
        now = pd.concat([now, was]).sort_values(["person", "leaving"], na_position="first", kind="stable")
    return now.assign(residential="", work_based="")


def _needs(rng: np.random.Generator, active: pd.DataFrame) -> pd.DataFrame:
    """The primary need, and a second one of a third of the plans; plans whose need is not recorded have no row."""
    need = people()["need"].iloc[active["person"]].to_numpy()
    first = active.assign(need=need, rank="1")
    other = rng.choice(["SLCN", "SEMH", "MLD", "PD", "ASD", "SPLD"], len(active), p=[0.3, 0.3, 0.17, 0.08, 0.08, 0.07])
    second = active.assign(need=other, rank="2")[(rng.random(len(active)) < 0.34) & (other != need)]
    both = pd.concat([first, second]).sort_values(["person", "rank"], kind="stable")
    return both[both["person"].isin(first.loc[first["need"] != "", "person"])]


def _text(table: pd.DataFrame) -> pd.DataFrame:
    """All columns as text: dates as 2025-01-16, truth values as 1 and 0, nothing as an empty cell."""
    cells: dict[str, object] = {}
    for name in table.columns:
        column = table[name]
        if column.dtype.kind == "M":
            cells[name] = column.dt.strftime("%Y-%m-%d").fillna("")
        elif column.dtype.kind == "b":
            cells[name] = np.where(column, "1", "0")
        else:
            cells[name] = column
    return pd.DataFrame(cells).reset_index(drop=True)


def _keyed(found: Tables) -> Tables:
    """Numbers the rows of each table from 1 and gives each the number of the row above it."""
    owner = "person"
    keyed: Tables = {}
    for name, table in found.items():
        # Everyone has one request, one assessment, one plan: a row's parent is its person's row there.
        person = pd.Series(np.arange(len(table)), index=table.index) if name == "person" else table[owner]
        if name == "person":
            person = found["requests"][owner]
        parent = ""
        if name in PARENT:
            above = keyed[PARENT[name]]
            parent = person.map(pd.Series(above["key"].to_numpy(), index=above["person"].to_numpy()))
        keyed[name] = table.assign(key=np.arange(1, len(table) + 1), parent=parent, person=person)
    return keyed


def _with_faults(found: Tables) -> Tables:
    """A handful of the mistakes that real returns hold: a few cells in ten thousand, none of an active plan."""
    person, request = found["person"], found["requests"]
    # Those asked for longest ago and without a plan: few of them are in the figures of the year.
    planned = person["person"].isin(found["namedplan"]["person"])
    numbered = (person["upn"] != "") & (person["uln"] == "") & ~planned
    pupils = request.loc[numbered, "received"].sort_values(kind="stable").index
    one, two = sorted(pupils[:2])
    person.loc[two, "upn"] = person["upn"][one]
    person.loc[pupils[3], "postcode"] = "ZZ1 1"
    person.loc[pupils[[5, 7]], "upn"] = ""
    person.loc[pupils[9], "upn"] = "A" + person["upn"][pupils[9]][1:]
    person.loc[pupils[11], "ethnicity"] = ""
    first = request.loc[request["decided"] == "N", "received"].idxmin()
    before = pd.Timestamp(request["received"][first]) - pd.Timedelta(days=9)
    request.loc[first, "decision"] = before.strftime("%Y-%m-%d")
    return found


def as_modules(found: Tables) -> dict[str, bytes]:
    """The CSV files of the collection system's export: lower-case headings, dates as `2024-Jan-18 00:00:00`."""
    files = {}
    for name, layout in LAYOUT.items():
        table = found[name]
        columns: dict[str, object] = {f"{name}tableid": table["key"]}
        if name in PARENT:
            columns[f"{PARENT[name]}tableid"] = table["parent"]
        for column, heading in layout.items():
            if heading not in FROM_2025:
                columns[heading.lower()] = _exported(table[column])
        files[name] = csv_bytes(pd.DataFrame(columns))
    return files


def _exported(column: pd.Series) -> pd.Series:
    """Dates and truth values as the export writes them."""
    filled = column[column != ""]
    if len(filled) and filled.str.fullmatch(r"\d{4}-\d\d-\d\d").all():
        return pd.to_datetime(column, errors="coerce").dt.strftime("%Y-%b-%d 00:00:00").fillna("")
    if column.name in _FLAGS:
        return column.map({"1": "True", "0": "False"})
    return column


_FLAGS = ("youth", "request_mediation", "request_tribunal", "exported", "assessment_mediation", "assessment_tribunal",
          "other_mediation", "other_tribunal", "exception", "personal_budget", "organised", "sen_unit",
          "resourced")  # fmt: skip


def as_xml(found: Tables, edition: int) -> bytes:
    """The return as one XML message: header, what the authority says of itself, then the persons."""
    inside: dict[str, pd.Series] = {}
    for name in reversed(LAYOUT):
        table = found[name]
        body = _elements(table, LAYOUT[name])
        for child, parent in PARENT.items():
            if parent == name:
                body = body + inside[child].reindex(table["key"]).fillna("").set_axis(table.index)
        whole = f"<{ELEMENT[name]}>" + body + f"</{ELEMENT[name]}>\n"
        inside[name] = whole.groupby(table["parent"].to_numpy()).sum() if name in PARENT else whole
    day = CENSUS_DAY[edition].date()
    head = (
        f"<CollectionDetails><Collection>SEN2</Collection><Year>{edition}</Year>"
        f"<ReferenceDate>{day}</ReferenceDate></CollectionDetails>"
        "<Source><SourceLevel>L</SourceLevel><LEA>359</LEA><SoftwareCode>Synthetic</SoftwareCode>"
        f"<Release>1</Release><SerialNo>001</SerialNo><DateTime>{day}T12:00:00</DateTime></Source>"
    )
    parts = ['<?xml version="1.0" encoding="UTF-8"?>\n<Message><Header>', head, "</Header>\n"]
    parts += ["<SEN2><DMO>1</DMO><DCO>1</DCO><DSCO>1</DSCO></SEN2>\n<Persons>\n", "".join(inside["person"])]
    return "".join([*parts, "</Persons></Message>\n"]).encode()


def _elements(table: pd.DataFrame, layout: Mapping[str, str]) -> pd.Series:
    """The filled cells of each row as elements, one after the other; flags as true and false."""
    text = pd.Series("", index=table.index, dtype=object)
    for column, name in layout.items():
        cells = table[column].astype(str)
        cells = cells.map({"1": "true", "0": "false"}) if column in _FLAGS else cells.map(escape)
        text = text + np.where(cells == "", "", f"<{name}>" + cells + f"</{name}>")
    return text
