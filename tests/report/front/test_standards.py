"""The law first, with how many were late; England never makes a failed standard read as good."""

from __future__ import annotations

from jsna_pipeline.report.front.standards import PLAIN, standards
from jsna_pipeline.report.model import StandardCard
from tests.report.front.known_facts import beside, facts

PLANS, REVIEWS, REQUESTS = "ehcp_within_20_weeks_excl", "ehcp_reviews_held", "ehcp_decision_within_6_weeks"


def late_plans(england: float, significance: str, **given: object):  # type: ignore[no-untyped-def]
    return facts(
        PLANS, 47.2, counts=(182.0, 386.0), lower=42.2, upper=52.1,
        comparisons={"england": beside(england, significance)}, **given,
    )  # fmt: skip


def test_a_card_says_how_many_were_late_and_how_far_the_law_is_kept() -> None:
    part = standards({PLANS: late_plans(50.2, "similar", judgement="worsening", first_period="2020")})
    assert part.cards == (
        StandardCard(
            name="Plans within 20 weeks", late="204", out_of="386", missed="late", share="47.2% on time",
            reached="47.2", england="Similar to England (50.2%)", england_at="50.2", met=False,
            label="Standard not met",
            detail="2024; 95% CI 42.2–52.1; worsening since 2020. SEND Regulations 2014, reg. 13", anchor=PLANS,
        ),
    )  # fmt: skip
    (said,) = part.statements
    assert said.text == (
        "204 of 386 plans were issued after 20 weeks (47.2% on time, 2024); similar to England (50.2%)."
    )


def test_better_than_england_is_still_not_met() -> None:
    part = standards({PLANS: late_plans(20.0, "better")})
    assert [card.label for card in part.cards] == ["Standard not met"]
    assert part.statements[0].tone == "fails_standard"


def test_failed_standards_stand_before_kept_ones_and_the_lead_names_the_furthest() -> None:
    kept = facts(REVIEWS, 100.0, counts=(50.0, 50.0))
    near = facts(REQUESTS, 99.0, counts=(99.0, 100.0))
    part = standards({REVIEWS: kept, REQUESTS: near, PLANS: late_plans(50.2, "similar")})
    assert [card.anchor for card in part.cards] == [PLANS, REQUESTS, REVIEWS]
    assert [card.met for card in part.cards] == [False, False, True]
    assert part.lead == (
        "Two of the three legal standards with published figures are missed. "
        "Furthest: plans within 20 weeks, 204 of 386 late."  # as elsewhere, which does not soften it
    )
    assert standards({REVIEWS: kept}).lead == "The one legal standard with a published figure is met."
    worse = standards({REQUESTS: near, PLANS: late_plans(70.0, "worse")}, "One decision is sought, by 1 May 2026.")
    assert worse.lead == (
        "Both legal standards with published figures are missed. Furthest: plans within 20 weeks, "
        "204 of 386 late, worse than England. One decision is sought, by 1 May 2026."
    )


def test_a_standard_too_old_to_lead_is_not_told() -> None:
    part = standards({PLANS: late_plans(50.2, "worse", period="2022")})
    assert part.cards == () and part.statements == ()
    assert part.lead.startswith("No published figure young enough")


def test_every_standard_of_the_catalogue_has_plain_words() -> None:
    from jsna_pipeline.catalogue.indicators import indicators

    assert {record.id for record in indicators().values() if record.standard} == set(PLAIN)
