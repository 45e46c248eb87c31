"""What a chapter means for commissioning: exact gaps, only where a test or the law gives ground, four at most."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jsna_pipeline.catalogue.chapters import chapters
from jsna_pipeline.catalogue.indicators import indicators
from jsna_pipeline.commissioning.plan import Commissioning, Decision, Proposal, Service
from jsna_pipeline.findings import Facts
from jsna_pipeline.report.meaning import is_behind, meaning
from jsna_pipeline.report.model import Statement
from tests.report.invented_facts import CUT_OFF, a_fact

EHC = chapters()["ehc_system"]
DECIDED, LATE, ON_TIME = "ehcp_review_decision_within_4_weeks", "ehcp_over_one_year", "ehcp_within_20_weeks_excl"
NONE_RANKED = pd.DataFrame({"topic": ["ehc_system"], "rank": [float("nan")], "total": [float("nan")]})
RANKED = pd.DataFrame(
    {
        "topic": ["ehc_system", "health", "money"],
        "rank": [1.0, 1.0, float("nan")],
        "total": [82.1, 82.1, float("nan")],
        "best_rank": [1.0, 1.0, float("nan")],
        "worst_rank": [2.0, 1.0, float("nan")],
    }
)
DECISION = Decision.model_validate(
    {
        "row": 2,
        "decision": "agree the backlog team",
        "lead": "Head of SEND",
        "by": "2026-02-28",
        "chapter": "ehc_system",
    }
)
PROPOSAL = {"row": 3, "chapter": "ehc_system", "need": "Late plans", "proposal": "Pay by the case", "lead": "both"}
SERVICE = {"row": 4, "chapter": "ehc_system", "service": "Advice", "commissioner": "authority", "tier": "universal"}


def said(found: list[Facts], **given: object) -> tuple[Statement, ...]:
    priorities, plan = given.get("priorities", NONE_RANKED), given.get("plan", Commissioning())
    return meaning(EHC, found, priorities, plan, given.get("gaps", ()), CUT_OFF)  # type: ignore[arg-type]


def test_the_gap_is_the_difference_of_two_counts_at_englands_exact_share() -> None:
    """459 of 1,082 beside 44,100 of 91,300 (48.3%): 522.63 at that share, so 523, which is 64 more."""
    (one,) = said([a_fact(DECIDED, "worse", (459.0, 1082.0), (44_100.0, 91_300.0))])
    assert one.label == "To match England" and one.tone == "worse" and one.anchor == DECIDED
    assert one.text == (
        "64 more of 1,082 (523 rather than 459). In 2024, 42.4% of decisions after an annual review were made within "
        "4 weeks of the meeting, against 48.3% in England."
    )


def test_where_less_is_good_the_gap_is_fewer() -> None:
    (one,) = said([a_fact(LATE, "worse", (60.0, 400.0), (6_000.0, 100_000.0))])
    assert one.text.startswith("36 fewer of 400 (24 rather than 60).")


@given(st.integers(0, 5_000), st.integers(1, 5_000), st.integers(0, 99_999), st.integers(1, 99_999))
def test_the_gap_is_the_nearest_whole_number_halves_up(n: int, more: int, there: int, others: int) -> None:
    one = a_fact(LATE, "worse", (n, n + more), (there, there + others))
    exact = Fraction(there, there + others) * (n + more) - n
    assert one.gap_to_england is not None
    assert -Fraction(1, 2) < one.gap_to_england - exact <= Fraction(1, 2)


@pytest.mark.parametrize("significance", ["similar", "better", "higher", "lower", "not_tested"])
def test_no_gap_is_said_without_a_test_that_found_one(significance: str) -> None:
    assert said([a_fact(LATE, significance)]) == ()


def test_no_gap_is_said_without_counts_of_single_children() -> None:
    repeated = [record.id for record in indicators().values() if not record.independent_events]
    assert repeated and all(a_fact(name).gap_to_england is None for name in repeated)
    assert a_fact("good_level_of_development", "worse", counts=None).gap_to_england is None
    assert a_fact(LATE, "worse", england=None).gap_to_england is None
    assert not is_behind(a_fact(LATE, "worse", period="2022"))  # too old


def test_a_failed_standard_gives_the_gap_though_england_is_similar_and_the_law_where_the_area_is_ahead() -> None:
    (behind,) = said([a_fact(ON_TIME, "similar", (182.0, 386.0), (50_000.0, 100_000.0))])
    assert behind.label == "To match England" and behind.text.startswith("11 more of 386 (193 rather than 182).")
    (ahead,) = said([a_fact(ON_TIME, "better", (346.0, 386.0), (50_000.0, 100_000.0))])
    assert (ahead.label, ahead.tone) == ("To meet the standard", "fails_standard")
    assert ahead.text == "In 2024, 40 of 386 plans were issued after 20 weeks."


def test_the_rank_is_among_ranked_chapters_and_says_when_it_is_shared() -> None:
    (one,) = said([], priorities=RANKED)
    assert one.label == "Joint priority 1 of 2"
    assert one.text == "It scores 82 of 100 on seven criteria. Under other weights its rank lies between 1 and 2."
    alone = RANKED.assign(rank=[1.0, 2.0, float("nan")], worst_rank=[1.0, 2.0, float("nan")])
    (one,) = said([], priorities=alone)
    assert one.label == "Priority 1 of 2" and one.text.endswith("its rank stays the same.")


def test_a_decision_goes_before_a_proposal_and_a_proposal_before_services() -> None:
    proposal, service = (
        Proposal.model_validate(PROPOSAL),
        Service.model_validate(SERVICE | {"contract_ends": "2026-09-30"}),
    )
    (decided,) = said([], plan=Commissioning((proposal,), (service,), (DECISION,)))
    assert decided.label == "Decision sought" and decided.anchor == "commissioning-decisions"
    assert decided.text == (
        "Agree the backlog team. Lead: Head of SEND; by 28 February 2026; not costed. The area’s plan also has "
        "1 proposal and 1 service here. The contract of Advice ends on 30 September 2026."
    )
    (proposed,) = said([], plan=Commissioning((proposal,), (), ()))
    assert (proposed.label, proposed.text) == ("Proposed", "Pay by the case. Lead: authority and ICB.")
    (there,) = said([], plan=Commissioning((), (service,), ()))
    assert there.label == "In place"
    done = Proposal.model_validate(PROPOSAL | {"status": "done"})
    assert said([], plan=Commissioning((done,), (), ())) == ()


def test_what_belongs_to_another_chapter_is_not_said_here() -> None:
    elsewhere = Decision.model_validate(DECISION.model_dump() | {"chapter": "health"})
    assert said([], plan=Commissioning((), (), (elsewhere,))) == ()


def test_the_first_open_gap_names_its_holder_and_there_are_never_more_than_four() -> None:
    found = [a_fact(DECIDED, "worse"), a_fact(LATE, "worse", (300.0, 400.0))]
    every = said(found, priorities=RANKED, plan=Commissioning((), (), (DECISION,)), gaps=EHC.gaps)
    assert [one.label for one in every][0::3] == ["To match England", "First to find out"] and len(every) == 4
    assert every[0].text.endswith("1 other measure here is behind England too.")
    assert every[3].text == (f"{EHC.gaps[0].measure}. Who holds it: {EHC.gaps[0].holder}.")


def test_nothing_known_means_nothing_said() -> None:
    assert said([]) == ()
    assert isinstance(CUT_OFF, date)
