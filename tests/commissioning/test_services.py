"""The map of services: who serves a place, and where nothing is named."""

from __future__ import annotations

from datetime import date

from jsna_pipeline.commissioning.plan import Service
from jsna_pipeline.commissioning.services import Gap, ending_within, gaps, localities, serves_whole_area, serving


def _service(name: str, tier: str, places: str = "", **given: object) -> Service:
    cells = {"service": name, "tier": tier, "commissioner": "both", "chapter": "health", "localities": places}
    return Service.model_validate(cells | given)


NURSING = _service("Nursing", "specialist", "Wigan Central; Ashton")
THERAPY = _service("Therapy", "targeted", "leigh; Ashton")
ADVICE = _service("Advice", "universal")


def test_places_are_named_once_however_they_are_written() -> None:
    assert localities([NURSING, THERAPY, _service("Portage", "targeted", "Leigh")]) == (
        "Ashton",
        "leigh",
        "Wigan Central",
    )
    assert localities([ADVICE, _service("Line", "universal", "All")]) == ()


def test_a_place_without_a_tier_is_a_gap_and_a_service_of_the_whole_area_closes_it() -> None:
    found = gaps([NURSING, THERAPY, ADVICE])
    assert found == (Gap("leigh", "specialist"), Gap("Wigan Central", "targeted"))
    assert gaps([NURSING, THERAPY, ADVICE, _service("Hospital", "specialist", "whole area")]) == found[1:]


def test_a_tier_that_nobody_offers_is_missing_everywhere() -> None:
    assert gaps([NURSING]) == tuple(
        Gap(place, tier) for tier in ("targeted", "universal") for place in ("Ashton", "Wigan Central")
    )
    assert gaps([]) == ()


def test_who_serves_a_place() -> None:
    assert serving([NURSING, THERAPY], "LEIGH", "targeted") == (THERAPY,)
    assert serves_whole_area(ADVICE) and not serves_whole_area(THERAPY)
    assert not serves_whole_area(_service("Both", "universal", "All; Leigh"))


def test_contracts_that_end_within_a_year_or_have_ended_come_first_to_last() -> None:
    day = date(2025, 12, 31)
    ended = _service("Ended", "targeted", contract_ends="2025-03-31")
    soon = _service("Soon", "targeted", contract_ends="2026-12-30")
    later = _service("Later", "targeted", contract_ends="2026-12-31")
    assert ending_within([later, soon, ended, ADVICE], day) == (ended, soon)
