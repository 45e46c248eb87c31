"""Only what is printed and young enough is told; what is hidden is as if it were not there."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pandas as pd

from jsna_pipeline.findings import Facts
from jsna_pipeline.report.front import own_records
from jsna_pipeline.report.front.demand import demand
from jsna_pipeline.report.front.education import education
from jsna_pipeline.report.front.waits import waits
from jsna_pipeline.report.view import AreaView
from jsna_pipeline.vocabulary import PeriodType
from tests.report import protected_tables as local
from tests.report.front.known_facts import CUT_OFF, beside, facts

OPEN = (("open", "yes"),)
WEEKS = ("total", "total", "median", 51.0, 48.0, 54.0, "weeks")
YEAR = ("total", "total", "waiting_over_52_weeks", 48.0, None, None, "percent")


def view(counts: pd.DataFrame | None = None, statistics: pd.DataFrame | None = None, **given: bool) -> AreaView:
    tables = {"local_counts": counts, "local_statistics": statistics}
    made = local.view(**{name: table for name, table in tables.items() if table is not None}, **given)  # type: ignore[arg-type]
    return replace(made, cut_off=CUT_OFF)


def lists(missing: int | None, rule: str = "education") -> pd.DataFrame:
    return pd.concat(
        [local.counts("home_educated", {OPEN: 355}, rule), local.counts("missing_education", {OPEN: missing}, rule)]
    )


def test_a_count_is_printed_as_its_rule_lets_it() -> None:
    group = {"open": "yes"}
    assert own_records.count(view(lists(45)), "missing_education", group) == "45"
    assert own_records.count(view(lists(None)), "missing_education", group) is None
    assert own_records.count(view(lists(45)), "missing_education", {"open": "no"}) is None
    assert own_records.count(view(lists(45, "nhs")), "missing_education", group) == "about 45"
    assert own_records.count(view(lists(45, "nhs"), restricted=True), "missing_education", group) == "45"


def test_a_record_too_old_to_lead_is_not_there() -> None:
    old = replace(view(lists(45)), cut_off=date(2028, 1, 1))
    assert own_records.count(old, "missing_education", {"open": "yes"}) is None
    assert education(old, {}).statements == ()


def test_the_lists_name_what_is_printed_and_leave_out_what_is_hidden() -> None:
    (said,) = education(view(lists(45)), {}).statements
    assert said.label == "Provisional" and said.anchor == "chapter-attendance-local"
    assert said.text.startswith("355 educated at home and 45 missing education, with or without a plan")
    (hidden,) = education(view(lists(None)), {}).statements
    assert hidden.text.startswith("355 educated at home, with or without a plan")
    assert "missing" not in hidden.text


def test_plans_without_a_place_on_record_lead_where_they_are_more_than_elsewhere() -> None:
    january = {"period_type": PeriodType.JANUARY_SNAPSHOT}

    def known(significance: str) -> dict[str, Facts]:
        england = {"england": beside(3.0, significance)}
        unplaced = facts(
            "ehcp_placement_unknown", 26.2, "2024/25", counts=(824.0, 3148.0), comparisons=england, **january
        )
        none = facts("ehcp_no_education_school_age", 8.0, "2024/25", counts=(18.0, 2245.0), **january)
        return {"ehcp_placement_unknown": unplaced, "ehcp_no_education_school_age": none}

    first, second = education(view(), known("worse")).statements
    assert first.label == "Worse than England" and first.text.startswith(
        "26.2% of EHC plans had no placement on record"
    )
    assert "placement" not in second.text
    (only,) = education(view(), known("similar")).statements
    assert only.text == (
        "18 of 2,245 school-age children with a plan are recorded as out of education (8.0 per 1,000; January 2025); "
        "824 more plans, of any age, have no placement recorded."
    )


def test_a_single_child_is_never_the_first_thing_said() -> None:
    january = {"period_type": PeriodType.JANUARY_SNAPSHOT}
    one = facts("ehcp_no_education_school_age", 0.7, "2024/25", counts=(1.0, 1469.0), **january)
    untold = facts("ehcp_placement_unknown", 2.5, "2024/25", counts=(54.0, 2132.0), **january)
    neet = facts("ehcp_neet", 11.7, "2024/25", counts=(65.0, 556.0), **january)
    by_id = {fact.record.id: fact for fact in (one, untold, neet)}
    first, second = education(view(), by_id).statements
    assert first.text == (
        "54 of 2,132 plans have no placement recorded; apart from these, 1 of 1,469 school-age children with a plan "
        "is recorded as out of education (0.7 per 1,000; January 2025)."
    )
    assert (first.key, first.anchor, second.anchor) == ("54 of 2,132", "ehcp_placement_unknown", "ehcp_neet")
    del by_id["ehcp_placement_unknown"]
    assert [part.key for part in education(view(), by_id).statements] == ["11.7%", "1 of 1,469"]


def test_without_lists_it_is_said_that_nobody_publishes_them() -> None:
    part = education(view(), {})
    assert part.statements == () and part.lead.startswith("Who is missing education")


def test_the_longest_own_wait_is_that_of_which_most_wait_over_a_year() -> None:
    short = local.statistics(
        "therapy_waits", (*WEEKS[:3], 90.0, None, None, "weeks"), (*YEAR[:3], 3.0, None, None, "percent")
    )
    both = pd.concat([short, local.statistics("autism_waits", WEEKS, YEAR)])
    (said,) = waits(view(statistics=both), {}).statements
    assert said.text == (
        "51 weeks: half of referrals for autism or ADHD waited up to this long; 48% waited over a year "
        "(the area’s own records, January 2025)."
    )
    assert said.label == "Provisional"


def test_a_wait_without_a_median_is_told_by_its_share() -> None:
    (said,) = waits(view(statistics=local.statistics("autism_waits", YEAR)), {}).statements
    assert said.text.startswith("48% of referrals for autism or ADHD waited over a year")


def test_nhs_waits_too_old_are_named_and_none_at_all_is_said() -> None:
    month = {"period_type": PeriodType.MONTH}
    old = {name: facts(name, 9.3, period, **month) for name, period in (
        ("health_autism_wait_over_13_weeks", "2022-09"), ("health_cyp_waits_over_52_weeks", "2023-10"))}  # fmt: skip
    (said,) = waits(view(), old).statements
    assert (said.tone, said.label) == ("unknown", "Out of date")
    assert "autism assessment and community health are for October 2023" in said.text
    (none,) = waits(view(), {}).statements
    assert none.label == "Not known"


def test_places_and_money_are_told_or_named_as_missing() -> None:
    amounts = pd.concat(
        [
            local.statistics(
                "special_places",
                ("total", "total", "total_places_commissioned", 855.0, None, None, "places"),
                ("total", "total", "total_places_filled", 844.0, None, None, "places"),
            ),
            local.statistics(
                "high_needs_spend", ("total", "total", "total_amount", 29_259_000.0, None, None, "pounds")
            ),
        ]
    )
    told = demand(view(statistics=amounts), {})
    assert [one.key for one in told.statements] == ["844 of 855", "£29.3 million"]
    assert told.lead == "Not held here: the balance of the dedicated schools grant (DSG)."
    untold = demand(view(), {})
    assert untold.statements == () and "special-school places, high-needs spending" in untold.lead


def test_plans_and_requests_say_how_they_grew() -> None:
    plans = facts("ehcp_caseload", 2132.0, "2024/25", period_type=PeriodType.JANUARY_SNAPSHOT,
                  comparisons={"previous": beside(1830.0)})  # fmt: skip
    requests = facts("ehcp_requests", 500.0, comparisons={"previous": beside(500.0)})
    (said,) = demand(view(), {"ehcp_caseload": plans, "ehcp_requests": requests}).statements
    assert said.text == (
        "2,132 plans in January 2025, up 16.5% in a year; 500 requests for assessment in 2024, as in the year before."
    )
