"""Page one: what a board must act on, in a fixed order, on one page.

Here: which parts there are and how they follow. Not here: what each says (`report/front/`, a module each). Nothing
older than 24 months at the cut-off, and nothing superseded, may lead; the long sentence of evidence stands in the
chapter.
"""

from __future__ import annotations

from collections.abc import Mapping

from jsna_pipeline.findings import Facts
from jsna_pipeline.report.front.changes import changes
from jsna_pipeline.report.front.demand import demand
from jsna_pipeline.report.front.education import education
from jsna_pipeline.report.front.fit import fitted
from jsna_pipeline.report.front.outcomes import outcomes
from jsna_pipeline.report.front.people import decisions, families, sought
from jsna_pipeline.report.front.standards import furthest, standards
from jsna_pipeline.report.front.unknowns import unknowns
from jsna_pipeline.report.front.waits import waits
from jsna_pipeline.report.model import FrontSection
from jsna_pipeline.report.view import AreaView
from jsna_pipeline.voice.results import VoiceResults


def front_page(view: AreaView, known: Mapping[str, Facts], voice: VoiceResults) -> tuple[FrontSection, ...]:
    """The nine parts of page one; `known` holds the facts of the area's indicators, `voice` its surveys' results."""
    law = standards(known, sought(view))
    parts = (
        law,
        education(view, known),
        waits(view, known),
        demand(view, known),
        outcomes(view, known),
        families(view, voice),
        changes(view, known),
        decisions(view, [card for card in law.cards if not card.met], furthest(known)),
        unknowns(view, known),
    )
    return fitted(parts)
