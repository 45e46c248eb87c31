"""Every population that an area's returns can make: who is counted, one row per unit.

Here: the one list of them. Not here: how each is made (`plans.py`, `pupils.py`, `process.py`, `social_care.py`,
`services.py`, `waits.py`, `amounts.py`). Populations overlap (a pupil on roll may have a plan) and are
never added to each other; every count names its own.
"""

from __future__ import annotations

from jsna_pipeline.local.amounts import amount_populations
from jsna_pipeline.local.plans import plan_populations
from jsna_pipeline.local.process import process_populations
from jsna_pipeline.local.pupils import pupil_populations
from jsna_pipeline.local.services import service_populations
from jsna_pipeline.local.social_care import care_populations
from jsna_pipeline.local.units import AreaRecords, Population
from jsna_pipeline.local.waits import wait_populations

MAKERS = (
    plan_populations,
    pupil_populations,
    process_populations,
    care_populations,
    service_populations,
    wait_populations,
    amount_populations,
)


def populations(records: AreaRecords) -> dict[str, Population]:
    """Populations by id; one whose returns are not held is absent. Persons are never in what this returns."""
    return {made.id: made for maker in MAKERS for made in maker(records)}
