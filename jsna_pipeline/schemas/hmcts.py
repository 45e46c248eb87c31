"""Tables of HM Courts and Tribunals Service about the SEND Tribunal.

Here: appeals registered and the decisions that could have been appealed, which the Department for Education
prints beside its release on EHC plans. Not here: mediation and appeals as authorities report them
(`schemas/dfe_plans.py`).
"""

from __future__ import annotations

from jsna_pipeline.schemas.base import CoreTable, count, percentage


class TribunalAppeals(CoreTable):
    """Appeals registered in a calendar year, beside two rival counts of decisions open to appeal."""

    appeals: float = count("Appeals registered", published_as=["Appeals registered"], unit="appeals")
    decisions: float = count(
        "Decisions open to appeal, every plan in force in January among them",
        published_as=["Total Appealable Decisions"],
        unit="decisions",
    )
    appeal_rate: float = percentage("Appeals of 100 decisions, as printed", published_as=["SEND Tribunal Appeal Rate"])
    # England's differs from `appeals`: six authorities have no decisions on the new basis and their
    # appeals are taken out of England's, as the file's own row does.
    appeals_in_development: float = count(
        "Appeals registered in areas that have decisions on the new basis",
        published_as=["England total excluding suppressed"],
        unit="appeals",
    )
    decisions_in_development: float = count(
        "Decisions open to appeal on the new basis, in development",
        published_as=["In development: Total Appealable Decisions"],
        unit="decisions",
    )
    appeal_rate_in_development: float = percentage(
        "Appeals of 100 decisions on the new basis, as printed",
        published_as=["In development: SEND Tribunal Appeal Rate"],
    )
