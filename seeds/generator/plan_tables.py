"""The release "Education, health and care plans": its tables, their headers with all their oddities, its zip.

Here: how the imaginary persons of `plans` are counted into the published tables. Every table is built
by authority first and rolled up after, so regions and England are sums of what authorities returned.
Not here: how the persons are drawn.

The oddities are those of the real layout and are kept on purpose: misspelt column names, a column
that is twice in the header, `age 10` beside `Aged 10`, `x` for what was not collected.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from seeds.generator import plans, tribunals
from seeds.generator.country import Floats, Ints, country, stream
from seeds.generator.figures import as_text, column_names, count, expand, half_up, identifiers, in_published_order
from seeds.generator.plans import ETHNICITIES, GROUPS, LEAVES, NEEDS, PLACEMENTS, SEXES, People
from seeds.generator.writing import csv_bytes, write, zip_bytes

IDENTIFIERS = (
    "time_period", "time_identifier", "geographic_level", "country_code", "country_name",
    "region_code", "region_name", "new_la_code", "old_la_code", "la_name",
)  # fmt: skip

# Who did not return what. The gaps are those that the real release's guidance states, so that the footnotes
# of the catalogue hold here too: Blackpool and Reading no annual reviews, Hackney and Peterborough the
# total of their January 2024 plans only. Rutland's requests for 2020 are a gap of our own.
NO_REVIEWS = ("E06000009", "E06000038")
TOTAL_ONLY_2024 = ("E09000012", "E06000031")
NO_REQUESTS_2020 = "E06000017"
# Gateshead recorded more review decisions than meetings.
NEGATIVE_REVIEWS = "E08000037"

Counts = dict[str, Ints]
"""Column -> counts by authority (153) and category."""

PERCENTAGES = {"mainstream_total": "mainstream_total_pc", "special_total": "special_total_pc",
               "ap_pru_total": "AP_PRU_total_pc", "fe_total": "fe_total_pc", "ed_elsewhere": "ed_elsewhere_pc",
               "nm_early_years": "nm_early_years_pc", "placement_unknown": "placement_unknown_pc"}  # fmt: skip


class Topic:
    """A breakdown of one table: its name, its categories and each person's category."""

    def __init__(self, name: str, categories: Sequence[str], of_person: Ints) -> None:
        self.name, self.categories, self.of_person = name, tuple(categories), of_person

    def counts(self, people: People, where: NDArray[np.bool_] | None = None) -> Ints:
        shape = (country().size, len(self.categories))
        return count(shape, people.authority, self.of_person, where=where)


def _whole(name: str, people: People) -> Topic:
    return Topic(name, (name,), np.zeros(len(people), dtype=np.int64))


def _aged(categories: Sequence[str]) -> tuple[str, ...]:
    return tuple(word.replace("age ", "Aged ") for word in categories)


def _grouped_ages(people: People) -> Ints:
    """Ages of the caseload in the coarser groups of the flow tables (20 and over as one)."""
    return np.minimum(people.age, len(plans.START_AGES) - 1)


def _placement_rows(counts_by_leaf: Callable[[], Counts], special: str) -> tuple[tuple[str, ...], Counts]:
    """Rows of "Type of placement": the leaves and the group totals, from counts by leaf."""
    totals = ("Mainstream - total", "Special - total", "AP/PRU - total", "FE - total", "Educated elsewhere - total")
    names = tuple(special if word == "Special - Academy/free schools" else word for word in PLACEMENTS.values())
    members = [[LEAVES.index(leaf) for leaf in group] for group in GROUPS.values()]
    counts = {
        column: np.concatenate([values, *(values[:, part].sum(axis=1, keepdims=True) for part in members)], axis=1)
        for column, values in counts_by_leaf().items()
    }
    return names + totals, counts


def _rows(
    date: str,
    period: str,
    topic: str,
    categories: Sequence[str],
    counts: Mapping[str, Ints],
    *,
    unreturned: Sequence[str] = (),
    kept: Sequence[str] = (),
) -> pd.DataFrame:
    """Rows of one period and topic for authorities, regions and England.

    `unreturned` authorities (codes) show `x`, except in the columns `kept`; what their rows of `counts`
    hold all the same is counted above them.
    A category with nothing in its first column is left out, as in the real tables; a total is not.
    """
    place, vintage = country(), country().at(date)
    identifier = "Academic year" if len(period) == 6 else "Calendar year"
    rolled = {column: vintage.roll_up(values.astype(np.int64)) for column, values in counts.items()}
    ids = identifiers(place, vintage, period, identifier, IDENTIFIERS)
    labels = {"breakdown_topic": [topic] * len(categories), "breakdown": list(categories)}
    table = expand(ids, labels, rolled)
    out = table["new_la_code"].isin(list(unreturned))
    columns = [column for column in counts if column not in kept]
    if unreturned:
        table[columns] = table[columns].astype("Int64").mask(out, axis=0)
    if len(categories) == 1:
        return table
    return table[out | table[next(iter(counts))].fillna(0).ne(0)]


def _without(counts: Counts, authorities: Sequence[str], kept: Sequence[str] = ()) -> Counts:
    """The counts with nothing in the rows of `authorities` (codes), except in the columns `kept`."""
    rows = np.isin(country().codes, list(authorities))
    return {
        column: values if column in kept else np.where(rows[:, None], 0, values) for column, values in counts.items()
    }


def _finish(parts: Sequence[pd.DataFrame], header: Sequence[str], shares: Mapping[str, tuple[str, str]]) -> bytes:
    """All rows in published order, percentages added from their counts, numbers as text."""
    table = in_published_order(pd.concat(parts, ignore_index=True), ("breakdown_topic", "breakdown"))
    columns: dict[str, object] = {
        name: table[name].to_numpy() for name in (*IDENTIFIERS, "breakdown_topic", "breakdown")
    }
    for name in header:
        if name in shares:
            top, bottom = (_numbers(table[part]) for part in shares[name])
            known = ~(np.isnan(top) | np.isnan(bottom))
            rounded = half_up(np.where(known, top, 0), np.where(known, bottom, 0), dp=1)
            columns[name] = as_text(rounded)
        elif name in table:
            columns[name] = as_text(_numbers(table[name]))
        else:
            columns[name] = np.full(len(table), "x", dtype=object)
    order = [*IDENTIFIERS, "breakdown_topic", "breakdown", *header]
    return csv_bytes(pd.DataFrame({name: columns[name] for name in order}), bom=True, crlf=True)


def _numbers(column: pd.Series) -> Floats:
    numbers: Floats = column.astype("Float64").to_numpy(dtype=float, na_value=np.nan)
    return numbers


def _placement_columns(people: People, topic: Topic, first: str, uncollected: Sequence[str]) -> Counts:
    shape = (country().size, len(topic.categories), len(LEAVES))
    leaves = count(shape, people.authority, topic.of_person, people.placement)
    columns: Counts = {first: leaves.sum(axis=2)}
    for position, leaf in enumerate(LEAVES):
        if leaf not in uncollected:
            columns[leaf] = leaves[:, :, position]
    for total, members in GROUPS.items():
        columns[total] = np.sum([columns[leaf] for leaf in members if leaf in columns], axis=0)
    return columns


_LATE = ("online_provider", "w_settings", "other_schools")
_EARLIER = ("ukrlp_provider", "neet_ntci", "neet_other", "neet_other_csa", "placement_unknown", *_LATE)
PLACEMENT_HEADER = column_names("""
mainstream_la_maintained mainstream_la_maintained_resourced_provision mainstream_la_maintained_senunit
mainstream_academy mainstream_academy_resourced_provision mainstream_academy_senunit mainstream_free_school
mainstream_free_school_resourced_provision mainstream_free_school_senunit mainstream_independent
mainstream_total mainstream_total_pc special_la_maintained special_academy_free special_independent
special_non_maintained special_total special_total_pc ap_pru_academy ap_pru_free_school ap_pru_la_maintained
ap_pru_total AP_PRU_total_pc general_fe_tertiary_colleges specialist_post_16_institutions ukrlp_provider
fe_total fe_total_pc elective_home_education other_arrangements_la other_arrangements_parents
online_provider w_settings other_schools other_placement_settings neet neet_ntci neet_other neet_other_csa
ed_elsewhere ed_elsewhere_pc nm_early_years nm_early_years_pc placement_unknown placement_unknown_pc
await_prov_2022 perm_ex_2022
""")
TIMELINESS_HEADER = column_names("""
plans_issued_den plans_issued_den_ex plans_issued_within_20_weeks plans_issued_20_weeks_ex
pc_plans_issued_within_20_weeks PC_plans_issued_20_weeks_ex plans_issued_gt20weeks_ltYear
plans_issued_gt20weeks_ltYear_ex pc_plans_issued_gt20weeks_ltYear PC_plans_issued_gt20weeks_ltYear_ex
plans_issued_gt_1_year plans_issued_gt_1_year_ex pc_plans_issued_gt_1_year PC_plans_issued_gt_1_year_ex
""")
ASSESSMENT_HEADER = column_names("""
assess_in_year assess_issued assess_issued_pc assess_not_issued assess_not_issued_pc assess_not_made
assess_not_made_pc assess_withdrawn assess_withdrawn_pc outcome_decision_within_time
outcome_decision_over_time outcome_decision_within_time_pc outcome_decision_over_time_pc
number_assess_mediation number_assess_tribunal number_asssess_mediation_tribunal number_other_mediation
number_other_tribunal number_other_mediation_tribunal
""")
REQUEST_HEADER = column_names("""
requests_received_in_year requests_rya requests_decided_to_assess requests_decided_not_to_assess
requests_decision_not_made requests_withdrawn request_assess_pc request_not_assess_pc request_outstanding_pc
request_withdrawn_pc request_outcome_six_weeks request_outcome_over_6_weeks request_outcome_six_weeks_pc
request_outcome_over_6_weeks_pc mediation_related_request tribunal_related_request
tribunal_after_mediation_request
""")
REVIEW_HEADER = column_names("""
total_ehc_plans review_expected review_not_expected review_meeting_25 review_meeting_24
review_meeting_prior_24 total_review_meeting no_review_meeting review_decision25 review_decision24
review_decision_prior24 review_decision_not_due review_decision_outstanding outcome_amend outcome_cease
outcome_maintan no_outcome number_decsion_4weeks number_decision_gt_4weeks pc_decsion_4weeks
pc_decision_gt_4weeks
""")


def _totals_row(table: pd.DataFrame, first: str, uncollected: Sequence[str], until_2022: bool) -> Counts:
    """The totals row of a year without persons: leaves moved out of what was not yet collected.

    Such years count other placements beside those educated elsewhere, later ones among them.
    """
    columns: Counts = {leaf: table[[leaf]].to_numpy() for leaf in LEAVES}
    if until_2022:
        # Until 2022 a plan without a placement was "awaiting provision" or "permanently excluded".
        columns["perm_ex_2022"] = columns["placement_unknown"] // 40
        columns["await_prov_2022"] = columns["placement_unknown"] - columns["perm_ex_2022"]
    for leaf in uncollected:
        if leaf == "placement_unknown":
            del columns[leaf]
            continue
        columns["other_placement_settings"] = columns["other_placement_settings"] + columns.pop(leaf)
    for total, members in GROUPS.items():
        counted = [leaf for leaf in members if leaf in columns and leaf != "other_placement_settings"]
        columns[total] = np.sum([columns[leaf] for leaf in counted], axis=0)
    ends = [
        *("nm_early_years", "other_placement_settings"),
        *(name for name in ("placement_unknown", "await_prov_2022", "perm_ex_2022") if name in columns),
    ]
    return {first: np.sum([columns[name] for name in [*GROUPS, *ends]], axis=0), **columns}


def _placement_shares(first: str) -> dict[str, tuple[str, str]]:
    return {percentage: (total, first) for total, percentage in PERCENTAGES.items()}


def caseload() -> bytes:
    """Plans in January by placement, with breakdowns for January 2024 and 2025."""
    parts = []
    for january in range(2020, 2024):
        uncollected = _EARLIER if january < 2023 else _LATE
        counts = _totals_row(plans.earlier_placements(january), "ehcplans", uncollected, january < 2023)
        parts.append(_rows(f"{january}-01-15", _academic(january), "All EHC plans", ("All EHC plans",), counts))
    for january in (2024, 2025):
        people = plans.caseload(january)
        late = _LATE if january == 2024 else ()
        gap = TOTAL_ONLY_2024 if january == 2024 else ()
        for topic in (_whole("All EHC plans", people), *_caseload_topics(people)):
            kept = ("ehcplans",) if topic.name == "All EHC plans" else ()
            counts = _without(_placement_columns(people, topic, "ehcplans", late), gap, kept)
            period = f"{january}-01-15", _academic(january)
            parts.append(_rows(*period, topic.name, topic.categories, counts, unreturned=gap, kept=kept))
    return _finish(parts, ("ehcplans", *PLACEMENT_HEADER), _placement_shares("ehcplans"))


def _academic(january: int) -> str:
    return f"{january - 1}{january % 100:02d}"


def _caseload_topics(people: People) -> list[Topic]:
    return [
        Topic("Age when plan started", plans.START_AGES, plans.age_when_started(people)),
        Topic("Child or young persons age", plans.AGES, people.age),
        Topic("Ethnicity", ETHNICITIES, people.ethnicity),
        Topic("Sex", SEXES, people.sex),
        Topic("Years EHC plan in place", plans.YEARS_HELD, people.held),
    ]


def new_plans() -> bytes:
    """New plans of each calendar year by placement, with breakdowns from 2023."""
    parts = []
    early = (*_EARLIER, "neet")
    for year in plans.FLOW_YEARS:
        people = plans.new_plans(year)
        topics = [_whole("New EHC plans", people)]
        if year >= 2023:
            topics += [
                Topic("Age when plan started", plans.START_AGES, people.age),
                Topic("Ethnicity", ETHNICITIES, people.ethnicity),
                Topic("Sex", SEXES, people.sex),
            ]
        for topic in topics:
            counts = _placement_columns(people, topic, "new_ehc_plans", ())
            if year < 2022:
                leaves = pd.DataFrame({leaf: counts[leaf][:, 0] for leaf in LEAVES})
                counts = _totals_row(leaves, "new_ehc_plans", early, until_2022=True)
            else:
                for leaf in _LATE:
                    del counts[leaf]
            parts.append(_rows(f"{year}-12-31", str(year), topic.name, topic.categories, counts))
    return _finish(parts, ("new_ehc_plans", *PLACEMENT_HEADER), _placement_shares("new_ehc_plans"))


def timeliness() -> bytes:
    """New plans by the time from request to issue; `_ex` columns leave out cases with a lawful exception."""
    spans = {"plans_issued_within_20_weeks": 0, "plans_issued_gt20weeks_ltYear": 1, "plans_issued_gt_1_year": 2}
    without = {"plans_issued_within_20_weeks": "plans_issued_20_weeks_ex"}
    parts = []
    for year in plans.FLOW_YEARS:
        people = plans.new_plans(year)
        excepted, span = _time_taken(year, people)
        topics = [_whole("All EHC plans issued", people)]
        if year >= 2023:
            topics += _flow_topics(people, plans.START_AGES)
        for topic in topics:
            counts = {"plans_issued_den": topic.counts(people), "plans_issued_den_ex": topic.counts(people, ~excepted)}
            for column, code in spans.items():
                if year >= 2023 or code == 0:
                    counts[column] = topic.counts(people, span == code)
                    counts[without.get(column, f"{column}_ex")] = topic.counts(people, (span == code) & ~excepted)
            parts.append(_rows(f"{year}-12-31", str(year), topic.name, topic.categories, counts))
    shares = {}
    for column in spans:
        excluding = without.get(column, f"{column}_ex")
        shares[f"pc_{column}"] = (column, "plans_issued_den")
        shares[f"PC_{excluding}"] = (excluding, "plans_issued_den_ex")
    return _finish(parts, TIMELINESS_HEADER, shares)


def _time_taken(year: int, people: People) -> tuple[NDArray[np.bool_], Ints]:
    """Whether a new plan had an exception, and its span: within 20 weeks, within a year, longer."""
    rng = stream(f"time taken {year}")
    chance = plans.within_20_weeks()[people.authority, plans.FLOW_YEARS.index(year)]
    excepted = rng.random(len(people)) < 0.062
    point = rng.random(len(people))
    within = point < np.where(excepted, 0.75 * chance, chance)
    long = rng.random(len(people)) < 0.05 + 0.12 * (1 - chance)
    return excepted, np.where(within, 0, np.where(long, 2, 1))


def _flow_topics(people: People, ages: Sequence[str]) -> list[Topic]:
    return [
        Topic("Child or young persons age", ages, people.age),
        Topic("Ethnicity", ETHNICITIES, people.ethnicity),
        Topic("Sex", SEXES, people.sex),
    ]


def _assessed(year: int) -> tuple[Ints, Ints, Ints]:
    """Assessments that ended without a plan, without a decision and withdrawn, by authority."""
    rng = stream(f"assessments {year}")
    issued = plans.issued()[:, plans.FLOW_YEARS.index(year)]
    refused = rng.binomial(issued, np.clip(0.062 * np.exp(rng.normal(0, 0.5, len(issued))), 0, 0.3))
    return refused, rng.binomial(issued, 0.001), rng.binomial(issued, 0.004)


def assessments() -> bytes:
    """Assessments that ended in the year; those with a plan are exactly the new plans."""
    parts = []
    name = "All EHC needs assessments"
    for year in plans.FLOW_YEARS:
        issued = plans.new_plans(year)
        refused, undecided, withdrawn = (
            plans.applicants(f"assessed {part}", year, tuple(counts))
            for part, counts in zip(("refused", "undecided", "withdrawn"), _assessed(year), strict=True)
        )
        in_time, over_time, disputes = _refusals(year, refused)
        topics = [[_whole(name, part) for part in (issued, refused, undecided, withdrawn)]]
        if year >= 2023:
            split = [_flow_topics(part, _aged(plans.START_AGES)) for part in (issued, refused, undecided, withdrawn)]
            topics += [list(same) for same in zip(*split, strict=True)]
        for group in topics:
            of_issued, of_refused, of_undecided, of_withdrawn = group
            a, b, c, d = (
                of_issued.counts(issued), of_refused.counts(refused),
                of_undecided.counts(undecided), of_withdrawn.counts(withdrawn),
            )  # fmt: skip
            counts = {"assess_in_year": a + b + c + d, "assess_issued": a, "assess_not_issued": b}
            if year >= 2022:
                counts |= {"assess_not_made": c, "assess_withdrawn": d}
            else:
                counts = {"assess_issued": a, "assess_not_issued": b}
            if year >= 2023:
                counts["outcome_decision_within_time"] = of_refused.counts(refused, in_time)
                counts["outcome_decision_over_time"] = of_refused.counts(refused, over_time)
                counts |= {column: of_refused.counts(refused, rows) for column, rows in disputes.items()}
            parts.append(_rows(f"{year}-12-31", str(year), of_issued.name, of_issued.categories, counts))
    outcomes = ("assess_issued", "assess_not_issued", "assess_not_made", "assess_withdrawn")
    shares = {f"{column}_pc": (column, "assess_in_year") for column in outcomes}
    table = pd.concat(parts, ignore_index=True)
    return _with_decided(table, ASSESSMENT_HEADER, shares, "outcome_decision_within_time", "outcome_decision_over_time")


def _with_decided(
    table: pd.DataFrame, header: Sequence[str], shares: dict[str, tuple[str, str]], timely: str, late: str
) -> bytes:
    """Adds the shares in time and late of decisions taken, whose denominator has no column of its own."""
    table = table.assign(_decided=table[timely] + table[late])
    shares |= {f"{timely}_pc": (timely, "_decided"), f"{late}_pc": (late, "_decided")}
    return _finish([table], header, shares)


def _refusals(year: int, refused: People) -> tuple[NDArray[np.bool_], NDArray[np.bool_], dict[str, NDArray[np.bool_]]]:
    rng = stream(f"refusals {year}")
    in_time = rng.random(len(refused)) < 0.18 + 0.35 * plans.within_20_weeks()[refused.authority, -1]
    dispute = rng.random((6, len(refused)))
    chances = (0.30, 0.21, 0.07, 0.26, 0.40, 0.09)
    names = (
        "number_assess_mediation", "number_assess_tribunal", "number_asssess_mediation_tribunal",
        "number_other_mediation", "number_other_tribunal", "number_other_mediation_tribunal",
    )  # fmt: skip
    disputes = {name: dispute[row] < chances[row] for row, name in enumerate(names)}
    for both, kind in (("number_asssess_mediation_tribunal", "assess"), ("number_other_mediation_tribunal", "other")):
        disputes[both] &= disputes[f"number_{kind}_mediation"] & disputes[f"number_{kind}_tribunal"]
    return in_time, ~in_time, disputes


def requests() -> bytes:
    """Requests for an assessment by outcome; those agreed are the year's assessments give or take a few weeks."""
    parts = []
    name = "All requests for EHC needs assessments"
    for year in plans.FLOW_YEARS:
        people, outcome = requests_of(year)
        rng = stream(f"request decisions {year}")
        # Agreed 0, refused 1, no decision yet 2, withdrawn 3.
        decided = outcome < 2
        six = decided & (rng.random(len(people)) < (0.55 + 0.45 * plans.within_20_weeks()[people.authority, -1] ** 0.5))
        young = rng.random(len(people)) < 0.0015
        mediation = (outcome == 1) & (rng.random(len(people)) < 0.27)
        tribunal = (outcome == 1) & (rng.random(len(people)) < 0.12)
        topics = [_whole(name, people)] + (_flow_topics(people, _aged(plans.START_AGES)) if year >= 2023 else [])
        for topic in topics:
            counts = {"requests_received_in_year": topic.counts(people), "requests_rya": topic.counts(people, young)}
            counts["requests_decided_not_to_assess"] = topic.counts(people, outcome == 1)
            if year >= 2023:
                counts |= {
                    "requests_decided_to_assess": topic.counts(people, outcome == 0),
                    "requests_decision_not_made": topic.counts(people, outcome == 2),
                    "requests_withdrawn": topic.counts(people, outcome == 3),
                    "request_outcome_six_weeks": topic.counts(people, six),
                    "request_outcome_over_6_weeks": topic.counts(people, decided & ~six),
                    "mediation_related_request": topic.counts(people, mediation),
                    "tribunal_related_request": topic.counts(people, tribunal),
                    "tribunal_after_mediation_request": topic.counts(people, tribunal & mediation),
                }
            gap = (NO_REQUESTS_2020,) if year == 2020 else ()
            counts = _without(counts, gap)
            parts.append(_rows(f"{year}-12-31", str(year), topic.name, topic.categories, counts, unreturned=gap))
    table = pd.concat(parts, ignore_index=True)
    # Before 2023 the shares were not published, although requests and refusals were.
    table["_received"] = table["requests_received_in_year"].where(table["time_period"].astype(int) >= 2023)
    shares = {
        "request_assess_pc": ("requests_decided_to_assess", "_received"),
        "request_not_assess_pc": ("requests_decided_not_to_assess", "_received"),
        "request_outstanding_pc": ("requests_decision_not_made", "_received"),
        "request_withdrawn_pc": ("requests_withdrawn", "_received"),
    }
    return _with_decided(table, REQUEST_HEADER, shares, "request_outcome_six_weeks", "request_outcome_over_6_weeks")


def requests_of(year: int) -> tuple[People, Ints]:
    """Everyone for whom an assessment was requested, with the outcome of the request."""
    rng = stream(f"requests {year}")
    place = country()
    habit = stream("requests").standard_normal((2, place.size))
    refused, undecided, withdrawn = _assessed(year)
    agreed = plans.issued()[:, plans.FLOW_YEARS.index(year)] + refused + undecided + withdrawn
    strict = np.clip(0.25 + 0.055 * habit[0] - 0.02 * place.mainstream + rng.normal(0, 0.02, place.size), 0.05, 0.5)
    open_share = np.clip(0.075 + 0.025 * habit[1], 0.01, 0.2)
    received = np.rint(agreed / (1 - strict - open_share - 0.016)).astype(np.int64)
    people = plans.applicants("requests", year, tuple(received))
    outcome = np.full(len(people), 3)
    point = rng.random(len(people))
    refused_share, open_cases = strict[people.authority], open_share[people.authority]
    outcome[point < 1 - 0.016] = 2
    outcome[point < 1 - 0.016 - open_cases] = 1
    outcome[point < 1 - 0.016 - open_cases - refused_share] = 0
    return people, outcome


def ceased_plans() -> bytes:
    """Plans that ended in the year by reason."""
    reasons = (
        "max_age",
        "needs_met",
        "he",
        "employ",
        "transfer",
        "no_engage",
        "moved_outside_eng",
        "deceased",
        "not_rec",
        "other",
    )
    parts = []
    for year in (2022, 2023, 2024):
        people = plans.ceased_people(year)
        reason = _reasons(year, people)
        topics = [_whole("All ceased EHC plans", people)]
        if year >= 2023:
            topics += [Topic("Age plan ceased", plans.START_AGES, people.age), Topic("Sex", SEXES, people.sex)]
        for topic in topics:
            counts = {"total_ceased": topic.counts(people)}
            counts |= {column: topic.counts(people, reason == code) for code, column in enumerate(reasons)}
            parts.append(_rows(f"{year}-12-31", str(year), topic.name, topic.categories, counts))
        if year >= 2023:

            def by_leaf(people: People = people, reason: Ints = reason) -> Counts:
                shape = (country().size, len(LEAVES), len(reasons))
                cells = count(shape, people.authority, people.placement, reason)
                return {"total_ceased": cells.sum(axis=2)} | {
                    name: cells[:, :, code] for code, name in enumerate(reasons)
                }

            spelling = "Special - academy/free school" if year == 2023 else "Special - Academy/free schools"
            names, counts = _placement_rows(by_leaf, spelling)
            parts.append(_rows(f"{year}-12-31", str(year), "Type of placement", names, counts))
    return _finish(parts, (*reasons, "total_ceased"), {})


def _reasons(year: int, people: People) -> Ints:
    rng = stream(f"reasons {year}")
    young = np.array([0, 120, 0, 0, 720, 60, 60, 20, 0, 20], float)
    older = np.array([60, 80, 62, 105, 210, 430, 12, 8, 0, 33], float)
    adult = np.array([90, 60, 80, 140, 90, 480, 6, 7, 0, 47], float)
    chances = np.stack([young, older, adult])
    band = np.digitize(people.age, (14, 17))
    cumulative = np.cumsum(chances / chances.sum(axis=1, keepdims=True), axis=1)
    return (rng.random(len(people))[:, None] > cumulative[band]).sum(axis=1)


def annual_reviews() -> bytes:
    """Reviews of the January 2025 caseload in 2024: expected, held, decided, in four weeks."""
    people = plans.caseload(2025)
    state = _review_states(people)
    topics = [
        _whole("All annual reviews", people),
        Topic("Child or young persons age", _aged(plans.START_AGES), _grouped_ages(people)),
        Topic("Ethnicity", ETHNICITIES, people.ethnicity),
        Topic("Sex", SEXES, people.sex),
        Topic("Years EHC plan in place", plans.YEARS_HELD, people.held),
    ]
    parts = []
    for topic in topics:
        counts = {column: topic.counts(people, rows) for column, rows in state.items()}
        parts.append(_review_rows(topic.name, topic.categories, counts))

    def by_leaf() -> Counts:
        leaves = Topic("Type of placement", LEAVES, people.placement)
        return {column: leaves.counts(people, rows) for column, rows in state.items()}

    names, counts = _placement_rows(by_leaf, "Special - Academy/free schools")
    parts.append(_review_rows("Type of placement", names, counts))
    table = pd.concat(parts, ignore_index=True)
    table["_decided"] = table["number_decsion_4weeks"] + table["number_decision_gt_4weeks"]
    shares = {
        "pc_decsion_4weeks": ("number_decsion_4weeks", "_decided"),
        "pc_decision_gt_4weeks": ("number_decision_gt_4weeks", "_decided"),
    }
    return _repeat_column(_finish([table], REVIEW_HEADER, shares), "review_meeting_prior_24")


def _repeat_column(content: bytes, name: str) -> bytes:
    """The header holds the column twice, with the same cells, as the real file does."""
    text = content.decode("utf-8-sig").split("\r\n")
    position = text[0].split(",").index(name)
    head = pd.Series(text[0].split(","))
    repeated = ",".join([*head[: position + 1], name, *head[position + 1 :]])
    # Only authority names hold commas, inside quotes and left of this column: count from the right.
    from_right = len(head) - position
    lines = []
    for line in text[1:]:
        if line:
            cells = line.rsplit(",", from_right)
            lines.append(",".join([*cells[:2], cells[1], *cells[2:]]))
    return ("\r\n".join([repeated, *lines]) + "\r\n").encode("utf-8-sig")


def _review_rows(topic: str, categories: Sequence[str], counts: Counts) -> pd.DataFrame:
    kept = ("total_ehc_plans",)
    counts = _none_expected(_without(_more_decisions_than_meetings(counts), NO_REVIEWS, kept), NO_REVIEWS)
    return _rows("2024-12-31", "2024", topic, categories, counts, unreturned=NO_REVIEWS, kept=kept)


def _none_expected(counts: Counts, authorities: Sequence[str]) -> Counts:
    """Regions and England count the plans of who returned no reviews as plans of which none was expected."""
    rows = np.isin(country().codes, list(authorities))
    not_expected = np.where(rows[:, None], counts["total_ehc_plans"], counts["review_not_expected"])
    return counts | {"review_not_expected": not_expected}


def _more_decisions_than_meetings(counts: Counts) -> Counts:
    """Gateshead, whose decisions are all taken, counts seven of them as not yet due as well.

    Outstanding decisions are a remainder, so theirs falls to minus seven, in the first category of
    each breakdown with enough reviews. Real releases hold such negative counts.
    """
    place = country().position(NEGATIVE_REVIEWS)
    changed = {column: values.copy() for column, values in counts.items()}
    category = int(np.argmax(changed["review_decision24"][place] >= 7))
    changed["review_decision_not_due"][place, category] += 7
    changed["review_decision_outstanding"][place, category] -= 7
    totals = {"Mainstream": 33}
    if len(changed["total_ehc_plans"][0]) == len(LEAVES) + 5 and category < 10:
        changed["review_decision_not_due"][place, totals["Mainstream"]] += 7
        changed["review_decision_outstanding"][place, totals["Mainstream"]] -= 7
    return changed


def _review_states(people: People) -> dict[str, NDArray[np.bool_]]:
    """For each person of the caseload whether each column of the table counts them."""
    rng = stream("annual reviews")
    place = country()
    persons = len(people)
    habit = np.clip(0.865 + 0.06 * place.practice + rng.normal(0, 0.03, place.size), 0.55, 0.985)
    prompt = np.clip(0.45 + 0.20 * place.practice + rng.normal(0, 0.08, place.size), 0.05, 0.97)
    decided_share = np.clip(0.77 + 0.07 * place.practice, 0.35, 0.97)
    decided_share[place.position(NEGATIVE_REVIEWS)] = 1.0
    # The first review falls due twelve months after the plan, from the age of five on every year.
    expected = (people.held >= 1) & (rng.random(persons) < np.where(people.age <= 2, 0.55, 0.985))
    met = expected & (rng.random(persons) < habit[people.authority])
    when = rng.random(persons)
    decided = met & (rng.random(persons) < decided_share[people.authority])
    due_later = met & ~decided & (rng.random(persons) < 0.15)
    decision = rng.random(persons)
    outcome = rng.random(persons)
    four = decided & (rng.random(persons) < prompt[people.authority])
    return {
        "total_ehc_plans": np.ones(persons, dtype=bool),
        "review_expected": expected,
        "review_not_expected": ~expected,
        "review_meeting_25": met & (when < 0.02),
        "review_meeting_24": met & (when >= 0.02) & (when < 0.72),
        "review_meeting_prior_24": met & (when >= 0.72),
        "total_review_meeting": met,
        "no_review_meeting": expected & ~met,
        "review_decision25": decided & (decision < 0.075),
        "review_decision24": decided & (decision >= 0.075) & (decision < 0.805),
        "review_decision_prior24": decided & (decision >= 0.805),
        "review_decision_not_due": due_later,
        "review_decision_outstanding": met & ~decided & ~due_later,
        "outcome_amend": decided & (outcome < 0.61),
        "outcome_cease": decided & (outcome >= 0.61) & (outcome < 0.621),
        "outcome_maintan": decided & (outcome >= 0.621),
        "no_outcome": met & ~decided,
        "number_decsion_4weeks": four,
        "number_decision_gt_4weeks": decided & ~four,
    }


def needs(year: int | None = None) -> bytes:
    """Plans by primary type of need: the January 2025 caseload, or the new plans of `year`."""
    people = plans.caseload(2025) if year is None else plans.new_plans(year)
    period, date = ("202425", "2025-01-15") if year is None else (str(year), f"{year}-12-31")
    age = (plans.AGES, people.age) if year is None else (plans.START_AGES, people.age)
    topics = [
        _whole("All EHC plans", people),
        Topic("Child or young persons age", *age),
        Topic("Ethnicity", ETHNICITIES, people.ethnicity),
        Topic("Sex", SEXES, people.sex),
    ]
    if year is None:
        topics.append(Topic("Years EHC plan in place", plans.YEARS_HELD, people.held))
    parts = [_rows(date, period, topic.name, topic.categories, _need_columns(people, topic)) for topic in topics]

    def by_leaf() -> Counts:
        return _need_columns(people, Topic("Type of placement", LEAVES, people.placement))

    names, counts = _placement_rows(by_leaf, "Special - Academy/free schools")
    parts.append(_rows(date, period, "Type of placement", names, counts))
    numbers = tuple(f"number_{need}" for need in NEEDS)
    percents = tuple("unknown_pc" if need == "need_unknown" else f"{need}_pc" for need in NEEDS)
    shares = {percent: (number, "ehc_plans") for percent, number in zip(percents, numbers, strict=True)}
    return _finish(parts, ("ehc_plans", *numbers, *percents), shares)


def _need_columns(people: People, topic: Topic) -> Counts:
    shape = (country().size, len(topic.categories), len(NEEDS))
    cells = count(shape, people.authority, topic.of_person, people.need)
    return {"ehc_plans": cells.sum(axis=2)} | {f"number_{need}": cells[:, :, code] for code, need in enumerate(NEEDS)}


def _subset_table(
    name: str, first: str, columns: Mapping[str, float], *, within: str | None, total: str | None
) -> bytes:
    """A table of a part of the caseload (personal budgets, residential places): six January counts.

    `columns` holds the chance of each column among all plans; with `within` it is the chance among
    the plans counted in that column, of which the others are then parts.
    """
    rng = stream(name)
    place = country()
    habit = np.exp(rng.normal(0, 0.8, place.size)).clip(0.05, 3.0)
    parts = []
    for january in range(2020, 2026):
        if january < 2024:
            counts = _subset_totals(rng, habit, plans.stock()[:, [plans.STOCK_YEARS.index(january)]], columns, within)
            counts = _with_total(counts, total)
            parts.append(_rows(f"{january}-01-15", _academic(january), first, (first,), counts))
            continue
        people = plans.caseload(january)
        rows: dict[str, NDArray[np.bool_]] = {}
        for column, chance in columns.items():
            of_all = column == within or within is None
            drawn = rng.random(len(people)) < (chance * habit[people.authority] if of_all else chance)
            rows[column] = drawn if of_all else drawn & rows[str(within)]
        topics = [
            _whole(first, people),
            Topic("Child or young persons age", plans.START_AGES, _grouped_ages(people)),
            Topic("Sex", SEXES, people.sex),
        ]
        for topic in topics:
            counts = _with_total({column: topic.counts(people, kept) for column, kept in rows.items()}, total)
            parts.append(_rows(f"{january}-01-15", _academic(january), topic.name, topic.categories, counts))

        def by_leaf(people: People = people, rows: dict[str, NDArray[np.bool_]] = rows) -> Counts:
            leaves = Topic("Type of placement", LEAVES, people.placement)
            return _with_total({column: leaves.counts(people, kept) for column, kept in rows.items()}, total)

        names, counts = _placement_rows(by_leaf, "Special - academy/free school")
        parts.append(_rows(f"{january}-01-15", _academic(january), "Type of placement", names, counts))
    return _finish(parts, (*columns, total) if total else tuple(columns), {})


def _subset_totals(
    rng: np.random.Generator, habit: Floats, plans_then: Ints, columns: Mapping[str, float], within: str | None
) -> Counts:
    """Totals by authority of a year without persons; the column `within` comes first."""
    counts: Counts = {}
    for column, chance in columns.items():
        of_all = column == within or within is None
        counts[column] = (
            rng.binomial(plans_then, np.clip(chance * habit, 0, 0.9)[:, None])
            if of_all
            else rng.binomial(counts[str(within)], chance)
        )
    return counts


def _with_total(counts: Counts, total: str | None) -> Counts:
    return {total: np.sum(list(counts.values()), axis=0), **counts} if total else counts


def personal_budgets() -> bytes:
    """Personal budgets and how they are held; a budget can be held in several ways."""
    columns = {"personal_budget": 0.030, "org_arrangments": 0.18, "pb_health": 0.008, "pb_education": 0.15,
               "pb_social": 0.66, "pb_integrated": 0.06}  # fmt: skip
    return _subset_table("personal budgets", "All personal budgets", columns, within="personal_budget", total=None)


def residential_settings() -> bytes:
    """Residential places of 38 to 51 weeks and of 52 weeks."""
    columns = {"Res_3851": 0.0020, "Res_52": 0.0012}
    return _subset_table("residential", "All residential placements", columns, within=None, total="Res_tot")


def work_based_placements() -> bytes:
    """Supported internships, apprenticeships and traineeships of January 2025, ages 16 and over."""
    people = plans.caseload(2025)
    rng = stream("work based placements")
    point = rng.random(len(people))
    habit = np.exp(rng.normal(0, 0.6, country().size)).clip(0.1, 2.5)[people.authority]
    older = people.age >= plans.AGES.index("age 16")
    edges = np.cumsum((0.015, 0.006, 0.004))
    kind = np.where(older, (point[:, None] > edges[None, :] * habit[:, None]).sum(axis=1), 3)
    names = ("open_supp_intern", "open_apprentice", "open_trainee")
    rows = {"open_wbp": kind < 3} | {name: kind == code for code, name in enumerate(names)}
    ages = ("age 15 and under", *(f"age {age}" for age in range(16, 25)), "age 25 or over")
    topics = [
        _whole("All work based placements", people),
        Topic("Sex", SEXES, people.sex),
        Topic("Young persons age", ages, np.maximum(people.age - 13, 0)),
    ]
    parts = [
        _rows("2025-01-15", "202425", topic.name, topic.categories,
              {column: topic.counts(people, kept) for column, kept in rows.items()})
        for topic in topics
    ]  # fmt: skip
    return _finish(parts, (*names, "open_wbp"), {})


GUIDANCE = """Education, health and care plans
Reporting year 2025

SYNTHETIC DATA. No figure in this archive describes a real authority. The files were drawn by a
random generator (seeds/generate.py) in the layout of the release of the same name, so that the
pipeline can be run without it. They must not be quoted.

Coverage
January counts for 2019/20 to 2024/25 and calendar years 2019 to 2024. England is the sum of its
regions and a region the sum of its authorities, except where an authority did not return:
1. Hackney and Peterborough returned only the total of their plans for January 2024. Figures by
   characteristic and placement do not therefore sum to the totals for 2023/24.
2. Blackpool and Reading returned no annual reviews for 2024; regions and England count their plans
   among those of which no review was expected.
3. Rutland returned no requests for 2020.
4. Gateshead returned seven more review decisions, or decisions not yet due, than meetings: its
   outstanding decisions are negative.

Symbols
z  Not applicable.
x  Unavailable: not collected in that year, or not returned.
No suppression or rounding has been applied. Percentages are rounded half up to one decimal.

Columns with "_ex" leave out plans to which an exception to the 20 weeks applied.
"""


@cache
def tables() -> dict[str, bytes]:
    """Every table of the release by file name."""
    return {
        "annual_reviews.csv": annual_reviews(),
        "assessments.csv": assessments(),
        "caseload.csv": caseload(),
        "ceased_plans.csv": ceased_plans(),
        "newplans.csv": new_plans(),
        "personal_budgets.csv": personal_budgets(),
        "requests.csv": requests(),
        "residential_settings.csv": residential_settings(),
        "sen_need_newplans.csv": needs(2024),
        "sen_needs_all_plans.csv": needs(),
        "timeliness_20_week.csv": timeliness(),
        "work_based_placements.csv": work_based_placements(),
    }


def publish(folder: Path) -> list[Path]:
    """Writes the release's zip as Explore Education Statistics offers it for download."""
    members = {f"data/{name}": content for name, content in tables().items()}
    members["data-guidance/data-guidance.txt"] = GUIDANCE.encode()
    members[f"supporting-files/{tribunals.NAME}"] = tribunals.content()
    return [write(folder / "education-health-and-care-plans_2025.zip", zip_bytes(members))]
