"""The log of assumptions: what scenarios rest on, how certain it is, and what would change it.

Here: the assumptions of the records beside those that every scenario shares, as rows. Not here: the records
(`catalogue/scenarios.py`), or the assumptions that an area signs for its whole report (`governance/logs.py`).
"""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from jsna_pipeline.catalogue.scenarios import RIGHTS, Assumption, Certainty, Scenario
from jsna_pipeline.future.flows import PSEUDO_YEARS

COLUMNS = ["scenario", "name", "assumption", "basis", "certainty", "would_change"]
EVERY = ("all", "Every scenario")
SHARED = (
    Assumption(
        assumption=(
            "Plans of next January are those of this January, less those that end, plus those that join: new plans, "
            "and plans that move in beyond those that move out."
        ),
        basis=(
            "The published counts of January, new plans and ended plans agree in this way for England within 1 % of "
            "plans in 2022, 2023 and 2024."
        ),
        certainty=Certainty.MEASURED,
        would_change="Another way of counting plans, new plans or ended plans.",
    ),
    Assumption(
        assumption="An authority's plans end at nearly England's rate, not counting those passed on to another one.",
        basis=(
            "Ended plans are published for 2022, 2023 and 2024; an authority's rates of two years are hardly alike, so "
            f"that its own years weigh against {PSEUDO_YEARS:.0f} of England's."
        ),
        certainty=Certainty.ESTIMATED,
        would_change="More years of ended plans, or an area's own records of why and when plans end.",
    ),
    Assumption(
        assumption="A scenario multiplies flows of the forecast; people and services do not respond in other ways.",
        basis="Supposed, as nobody has measured how requests respond to places, or places to plans.",
        certainty=Certainty.ASSUMED,
        would_change="Evidence that new places, or earlier support, bring more or fewer requests.",
    ),
    Assumption(
        assumption="A place costs its central cost, in the prices of its source, in every scenario and year.",
        basis="The records of unit costs; the tornado shows what their low and high values would do.",
        certainty=Certainty.ASSUMED,
        would_change="An area's own cost of each kind of place.",
    ),
    Assumption(
        assumption="No interval covers a change of law, except in the scenario that supposes one.",
        basis="Past errors, from which the intervals are made, were of years under one law.",
        certainty=Certainty.ESTIMATED,
        would_change="A change of law.",
    ),
    Assumption(
        assumption="No scenario is a target, a decision or advice.",
        basis="Each answers what would follow if something changed; nobody has decided that it should.",
        certainty=Certainty.ASSUMED,
        would_change="A decision of the boards that answer for it.",
    ),
)
# Of every scenario with fewer new plans, whoever wrote it.
STILL_ASSESSED = Assumption(
    assumption="Everyone who needs an assessment, or a plan, still has one.",
    basis=f"The law asks for it (Children and Families Act 2014, sections 36 and 37). {RIGHTS}",
    certainty=Certainty.ASSUMED,
    would_change="Only Parliament can change the right; delays and wrong refusals would show that it is not met.",
)


def log(records: Iterable[Scenario], clipped: float | None = None) -> pd.DataFrame:
    """A row an assumption: those of every scenario first, then each record's. Columns COLUMNS, all text.

    A record that supposes fewer new plans has STILL_ASSESSED among its own.
    `clipped` is the area's share of simulated years without joiners (`flows.Flows.clipped`), told where it is not 0.
    """
    rows = [(*EVERY, one) for one in SHARED]
    if clipped:
        rows.append((*EVERY, _no_joiners(clipped)))
    for record in records:
        own = [*record.assumptions, *([STILL_ASSESSED] if record.fewer_new_plans else [])]
        rows += [(record.id, record.name, one) for one in own]
    return pd.DataFrame(
        [[key, name, one.assumption, one.basis, one.certainty.value, one.would_change] for key, name, one in rows],
        columns=COLUMNS,
    )


def _no_joiners(share: float) -> Assumption:
    told = "fewer than 1" if share < 0.01 else f"about {100 * share:.0f}"
    return Assumption(
        assumption="Where a simulated path falls faster than plans usually end, there are no new plans in that year.",
        basis=f"So it is in {told} of 100 simulated years of this area; more plans end there than usual.",
        certainty=Certainty.ESTIMATED,
        would_change="A longer record of ended plans.",
    )
