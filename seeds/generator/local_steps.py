"""The steps towards and from a plan in the imaginary person-level Wigan, with their true dates.

Here: every request for an assessment since 2023 and the request behind every earlier plan: received, decided,
assessed, plan issued, plan ended. Not here: what a return of one year knows of them (`local_sen2`).

For calendar years 2023 and 2024 the counts are those of the published tables: requests by outcome, assessments
ended, plans issued and issued within 20 weeks, plans ceased. What was not finished at the end of 2023 is
finished in 2024 or open still, so nobody is lost between the two returns. No step falls on the days from
1 to 18 January, so that a calendar year and a census year end with the same steps.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from seeds.generator import plan_tables, plans
from seeds.generator.country import Floats, Ints, country, stream
from seeds.generator.local_people import FLAGSHIP, people, with_a_plan

YEARS = (2023, 2024)
FIRST_DAY, LAST_DAY = 19, 365
CEASE_CODES = ("1", "2", "3", "4", "5", "6", "7", "8", "9", "9")
"""Reason why a plan ended, for the columns of the published table in their order."""


@dataclass(frozen=True)
class Year:
    """What is published of a calendar year: requests by outcome, plans issued, assessments refused and withdrawn."""

    agreed: int
    refused: int
    undecided: int
    withdrawn: int
    issued: int
    not_issued: int
    assessment_withdrawn: int

    @property
    def without_plan(self) -> int:
        return self.not_issued + self.assessment_withdrawn


@cache
def published(year: int) -> Year:
    place = country().index_of(FLAGSHIP)
    persons, outcome = plan_tables.requests_of(year)
    requests = np.bincount(outcome[persons.authority == place], minlength=4)
    refused, undecided, withdrawn = (int(counts[place]) for counts in plan_tables._assessed(year))
    issued = int(plans.issued()[place, plans.FLOW_YEARS.index(year)])
    agreed, not_agreed, open_still, called_off = (int(count) for count in requests)
    return Year(agreed, not_agreed, open_still, called_off, issued, refused, withdrawn + undecided)


def day_of(year: Ints | int, day: Ints) -> pd.Series:
    """The date of a day of the year, from 1."""
    first = pd.to_datetime(pd.DataFrame({"year": np.broadcast_to(year, len(day)), "month": 1, "day": 1}))
    return first + pd.to_timedelta(day - 1, unit="D")


@cache
def steps() -> pd.DataFrame:
    """One row a request, in the order of its person (row of `local_people.people`).

    Columns: person, received, decision and decided (Y, N, W; empty while open), outcome_date and outcome of the
    assessment, exception, start and cease of the plan, cease_reason, moved_in (year, 0 for never), source.
    """
    rng = stream("local steps")
    planned = _of_plans(rng)
    table = pd.concat([planned, _without_plan(rng, planned)], ignore_index=True)
    source = rng.choice(["1", "2", "3", "4", "5"], len(table), p=[0.37, 0.52, 0.06, 0.03, 0.02])
    mediated = rng.random((4, len(table)))
    refused = (table["decided"] == "N").to_numpy()
    unplanned = (table["outcome"] == "N").to_numpy()
    table = table.assign(
        source=source,
        request_mediation=refused & (mediated[0] < 0.27),
        request_tribunal=refused & (mediated[1] < 0.12),
        assessment_mediation=unplanned & (mediated[2] < 0.3),
        assessment_tribunal=unplanned & (mediated[3] < 0.21),
    )
    return table.sort_values(["person", "received"], kind="stable").reset_index(drop=True)


def _carried(year: int) -> int:
    """Requests received in the year that were agreed or undecided, and led to an end of the assessment the year after.

    The rest of those agreed in the year are finished in it; five of a year stay open into a third.
    """
    return round(0.48 * (published(year + 1).issued + published(year + 1).without_plan))


STILL_OPEN = 5
AGREED_LATER = 0.6
"""Of requests undecided at the end of a year, the share agreed in the next; most of the others are refused."""


def _from_before(year: int) -> int:
    """How many plans issued, and assessments ended without one, in the year were asked for in the year before."""
    done = published(year).issued + published(year).without_plan
    if year == YEARS[-1]:
        return _carried(year - 1)
    later = round(AGREED_LATER * published(year).undecided)
    return done - published(year).agreed - later + _carried(year) + STILL_OPEN


def _of_plans(rng: np.random.Generator) -> pd.DataFrame:
    """The requests that led to a plan which anyone had in 2023 or since."""
    holders = with_a_plan()
    count = len(holders)
    start = day_of(holders["started"].to_numpy(), rng.integers(FIRST_DAY, LAST_DAY + 1, count))
    received = start - pd.to_timedelta(rng.integers(90, 300, count), unit="D")
    exception = np.zeros(count, dtype=bool)
    for year in YEARS:
        order = holders[f"new_{year}"].to_numpy()
        rows = np.flatnonzero(order >= 0)
        excepted, span = _time_taken(year)
        days = _days(rng, span[order[rows]])
        before = _from_before(year) - round(0.4 * published(year).without_plan)
        begun = _start_days(rng, days, before)
        start[rows] = day_of(year, begun).to_numpy()
        received[rows] = start[rows] - pd.to_timedelta(days, unit="D")
        exception[rows] = excepted[order[rows]]
    table = pd.DataFrame(
        {
            "person": np.arange(count),
            "received": received,
            "decided": "Y",
            "outcome": "Y",
            "start": start,
            "exception": exception,
            "moved_in": holders["moved_in"],
        }
    )
    taken = (start - received).dt.days.to_numpy()
    lag = np.minimum(rng.integers(18, 60, count), (0.5 * taken).astype(np.int64))
    table["decision"] = received + pd.to_timedelta(lag, unit="D")
    table["outcome_date"] = start - pd.to_timedelta(np.minimum(rng.integers(18, 45, count), taken // 3), unit="D")
    return _ended(rng, _settled(rng, table), holders)


def _time_taken(year: int) -> tuple[NDArray[np.bool_], Ints]:
    """Exception and span of the followed persons' new plans, in the order of `plans.new_plans`."""
    new = plans.new_plans(year)
    here = new.authority == country().index_of(FLAGSHIP)
    excepted, span = plan_tables._time_taken(year, new)
    return excepted[here], span[here]


def _days(rng: np.random.Generator, span: Ints) -> Ints:
    """Days from request to plan: within 20 weeks (most in the last of them), within a year, or a little longer."""
    point = rng.random(len(span))
    return np.select(
        [span == 0, span == 1],
        [140 - (60 * point**2).astype(int), 141 + (200 * point**1.4).astype(int)],
        366 + (18 * point).astype(int),
    )


def _start_days(rng: np.random.Generator, days: Ints, before: int) -> Ints:
    """The day of the year on which a plan starts, so that exactly `before` of them were asked for the year before."""
    score: Floats = np.where(days >= LAST_DAY - 15, np.inf, days + rng.normal(0, 60, len(days)))
    early = np.zeros(len(days), dtype=bool)
    early[np.argsort(-score, kind="stable")[:before]] = True
    point = rng.random(len(days))
    first = np.where(early, np.maximum(FIRST_DAY, days - LAST_DAY + 1), days + 1)
    last = np.where(early, np.minimum(days, LAST_DAY), LAST_DAY)
    return np.maximum(first, FIRST_DAY) + (point * (last - np.maximum(first, FIRST_DAY) + 1)).astype(int)


def _settled(rng: np.random.Generator, table: pd.DataFrame) -> pd.DataFrame:
    """Decisions on requests of 2023 that ran on: the latest are taken after census day, all others within the year."""
    ran_on = table["received"].dt.year.eq(2023) & table["start"].dt.year.eq(2024) & table["moved_in"].eq(0)
    latest = table.loc[ran_on, "received"].nlargest(round(AGREED_LATER * published(2023).undecided)).index
    within = table.index[ran_on].difference(latest)
    table.loc[within, "decision"] = table.loc[within, "decision"].clip(upper=pd.Timestamp("2023-12-31"))
    table.loc[latest, "decision"] = day_of(2024, rng.integers(19, 40, len(latest))).to_numpy()
    soonest = table["decision"] + pd.Timedelta(days=7)
    table["outcome_date"] = table["outcome_date"].where(table["outcome_date"] > soonest, soonest)
    # The assessment behind a plan ends in the year of the plan, after census day.
    first = pd.to_datetime(pd.DataFrame({"year": table["start"].dt.year, "month": 1, "day": FIRST_DAY}))
    table["outcome_date"] = table["outcome_date"].where(table["outcome_date"] > first, first)
    table["outcome_date"] = table[["outcome_date", "start"]].min(axis=1)
    return table


def _ended(rng: np.random.Generator, table: pd.DataFrame, holders: pd.DataFrame) -> pd.DataFrame:
    """Adds when and why plans ended; young people's mostly in the summer."""
    table["cease"], table["cease_reason"] = pd.Series(pd.NaT, index=table.index, dtype="datetime64[ns]"), ""
    for year in YEARS:
        order = holders[f"ceased_{year}"].to_numpy()
        rows = np.flatnonzero(order >= 0)
        ended = plans.ceased_people(year)
        reason = plan_tables._reasons(year, ended)[ended.authority == country().index_of(FLAGSHIP)]
        day = np.where(rng.random(len(rows)) < 0.5, rng.integers(195, 245, len(rows)), rng.integers(19, 366, len(rows)))
        date = day_of(year, day)
        begun = table["start"].iloc[rows].reset_index(drop=True)
        latest = pd.Timestamp(f"{year}-12-31")
        # A plan given and ended in one year ends after it begins.
        table.loc[rows, "cease"] = date.where(date > begun, begun + (latest - begun) * 0.6).dt.normalize().to_numpy()
        table.loc[rows, "cease_reason"] = np.array(CEASE_CODES, object)[reason[order[rows]]]
    return table


def _without_plan(rng: np.random.Generator, planned: pd.DataFrame) -> pd.DataFrame:
    """Requests refused, withdrawn or undecided, assessments ended without a plan, and those still open in 2025."""
    parts = [part for year in YEARS for part in (_refused(rng, year), _assessed_in_vain(rng, year))] + [
        _open_assessments(rng),
        _undecided(rng),
    ]
    table = pd.concat(parts, ignore_index=True)
    table["person"] = _known_for_a_request(rng, table["received"].dt.year, planned)
    table["exception"], table["moved_in"], table["cease_reason"] = False, 0, ""
    return table


def _refused(rng: np.random.Generator, year: int) -> pd.DataFrame:
    """Requests of the year that were refused or withdrawn: in the year, or after a late request in the next."""
    facts = published(year)
    later = facts.undecided - round(AGREED_LATER * facts.undecided) if year < YEARS[-1] else 0
    decided = ["N"] * facts.refused + ["W"] * facts.withdrawn + ["N"] * (later - later // 5) + ["W"] * (later // 5)
    late = np.arange(len(decided)) >= facts.refused + facts.withdrawn
    day = np.where(late, rng.integers(300, 366, len(decided)), rng.integers(1, 330, len(decided)))
    lag = np.where(
        rng.random(len(decided)) < 0.68, rng.integers(14, 43, len(decided)), rng.integers(43, 90, len(decided))
    )
    received = day_of(year, day)
    taken = (received + pd.to_timedelta(lag, unit="D")).clip(upper=pd.Timestamp(f"{year}-12-31"))
    later_day = day_of(year + 1, rng.integers(19, 60, len(decided)))
    return pd.DataFrame(
        {"received": received, "decision": taken.where(~late, later_day), "decided": decided, "outcome": ""}
    )


def _assessed_in_vain(rng: np.random.Generator, year: int) -> pd.DataFrame:
    """Assessments ended in the year without a plan; two in five were asked for the year before."""
    facts = published(year)
    count = facts.without_plan
    early = np.arange(count) < round(0.4 * count)
    days = rng.integers(95, 170, count)
    done = day_of(year, np.where(early, rng.integers(19, 95, count), rng.integers(172, 366, count)))
    received = done - pd.to_timedelta(days, unit="D")
    return pd.DataFrame(
        {
            "received": received,
            "decision": received + pd.to_timedelta(rng.integers(18, 25, count), unit="D"),
            "decided": "Y",
            "outcome_date": done,
            "outcome": rng.permutation(["N"] * facts.not_issued + ["W"] * facts.assessment_withdrawn),
        }
    ).assign(
        decision=lambda table: table["decision"].where(
            ~early, table["decision"].clip(upper=pd.Timestamp(f"{year - 1}-12-31"))
        )
    )


def _open_assessments(rng: np.random.Generator) -> pd.DataFrame:
    """Assessments agreed in 2024, and a few in 2023, on whose plan nothing is decided by January 2025."""
    facts = published(2024)
    done_of_the_year = facts.issued + facts.without_plan - _from_before(2024)
    count = facts.agreed - done_of_the_year
    # Older cases are fewer, as most of them have been decided.
    age = 18 + (347 * rng.beta(1.15, 2.3, count)).astype(int)
    received = pd.concat([day_of(2024, 366 - age), day_of(2023, rng.integers(200, 330, STILL_OPEN))], ignore_index=True)
    decision = (received + pd.to_timedelta(rng.integers(18, 60, len(received)), unit="D")).to_frame("decision")
    decision = decision["decision"].where(
        received.dt.year == 2023, decision["decision"].clip(upper=pd.Timestamp("2024-12-31"))
    )
    decision = decision.where(received.dt.year == 2024, decision.clip(upper=pd.Timestamp("2023-12-31")))
    return pd.DataFrame({"received": received, "decision": decision, "decided": "Y", "outcome": ""})


def _undecided(rng: np.random.Generator) -> pd.DataFrame:
    """Requests of 2024 without a decision in January 2025: most of the last weeks, some long overdue."""
    count = published(2024).undecided
    fresh = rng.random(count) < 0.8
    day = np.where(fresh, rng.integers(325, 366, count), rng.integers(200, 325, count))
    return pd.DataFrame({"received": day_of(2024, day), "decided": "", "outcome": ""})


def _known_for_a_request(rng: np.random.Generator, year: pd.Series, planned: pd.DataFrame) -> Ints:
    """Who the requests without a plan are for, given the year of each: pupils with SEN support, children off the roll.

    There are as many girls among the requests of a year as the published table counts.
    """
    everyone = people()
    pupils = everyone["group"].eq("pupil") & everyone["kind_2025"].isin(["primary", "secondary"])
    pupils &= everyone["cohort"].between(0, 11) & everyone["need"].ne("") & everyone["ward"].ge(0)
    chance = pupils * 1.0 + everyone["group"].eq("applicant") * 8.0
    girl = np.zeros(len(year), dtype=bool)
    for one in YEARS:
        persons, _ = plan_tables.requests_of(one)
        girls = int((persons.sex[persons.authority == country().index_of(FLAGSHIP)] == 0).sum())
        with_plan = planned["person"][planned["received"].dt.year.eq(one) & planned["moved_in"].eq(0)]
        rows = np.flatnonzero(year == one)
        girl[rng.permutation(rows)[: girls - int(everyone["sex"].iloc[with_plan].eq("F").sum())]] = True
    found = np.empty(len(year), dtype=np.int64)
    for sex, rows in (("F", girl), ("M", ~girl)):
        weight = (chance * everyone["sex"].eq(sex)).to_numpy()
        found[rows] = rng.choice(len(everyone), rows.sum(), replace=False, p=weight / weight.sum())
    return found
