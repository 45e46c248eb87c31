"""The map of services: what there is by tier and place, and where nothing is named.

Here: cover and gaps of the services that an area has listed. Not here: reading the list (`plan.py`), or printing
it (`report/commissioning_chapter.py`).

A gap says that no service is *named*: an empty cell may be a service that nobody wrote down.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import get_args

from jsna_pipeline.commissioning.plan import Service, Tier
from jsna_pipeline.periods import months_between

TIERS: tuple[Tier, ...] = get_args(Tier)
EVERYWHERE = ("", "all", "whole area", "area-wide", "borough-wide", "county-wide")


@dataclass(frozen=True)
class Gap:
    """A place in which no service of a tier is named, its own or the whole area's."""

    locality: str
    tier: Tier


def localities(services: Iterable[Service]) -> tuple[str, ...]:
    """The places that any service names, each once and as first written, in alphabetical order."""
    written: dict[str, str] = {}
    for service in services:
        for name in service.localities:
            if name.casefold() not in EVERYWHERE:
                written.setdefault(name.casefold(), name)
    return tuple(written[key] for key in sorted(written))


def serves_whole_area(service: Service) -> bool:
    return all(name.casefold() in EVERYWHERE for name in service.localities)


def serving(services: Iterable[Service], locality: str, tier: Tier) -> tuple[Service, ...]:
    """The services of a tier that name this place."""
    return tuple(
        one
        for one in services
        if one.tier == tier and locality.casefold() in {name.casefold() for name in one.localities}
    )


def whole_area(services: Iterable[Service], tier: Tier) -> tuple[Service, ...]:
    return tuple(one for one in services if one.tier == tier and serves_whole_area(one))


def gaps(services: Sequence[Service]) -> tuple[Gap, ...]:
    """Places without a service of a tier, the specialist tier first; none where a service covers the whole area."""
    return tuple(
        Gap(place, tier)
        for tier in reversed(TIERS)
        if not whole_area(services, tier)
        for place in localities(services)
        if not serving(services, place, tier)
    )


def ending_within(services: Iterable[Service], day: date, months: int = 12) -> tuple[Service, ...]:
    """Services whose contract has ended by, or ends within `months` after, `day`; the first to end first."""
    found = [one for one in services if one.contract_ends and months_between(day, one.contract_ends) < months]
    return tuple(sorted(found, key=lambda one: (one.contract_ends or day, one.service)))
