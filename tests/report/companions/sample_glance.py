"""An invented area's few facts, for the tests of the companions: every kind of fact once, with awkward values."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from jsna_pipeline.report.companions.glance import Glance, Heard, KeyFigure, Sought
from jsna_pipeline.report.model import Report
from tests.report import sample_report

STANDARDS = (
    ("ehcp_within_20_weeks_excl", "plans were issued after 20 weeks", 204, 386),
    ("ehcp_reviews_held", "reviews that fell due had no meeting recorded in the year", 610, 1628),
    ("ehcp_review_decision_within_4_weeks", "decisions came more than 4 weeks after the review meeting", 623, 1082),
    ("ehcp_decision_within_6_weeks", "decisions on requests came after 6 weeks", 0, 540),
)


def standard(indicator_id: str, words: str, late: int, out_of: int) -> KeyFigure:
    value = 100 * (out_of - late) / out_of
    return KeyFigure(
        indicator_id, indicator_id, "Calendar year 2024", "In 2024", value, f"{value:.1f}%", "of them were in time",
        count=out_of - late, out_of=out_of, late=late, late_words=words,
    )  # fmt: skip


def key_figure(indicator_id: str, value: float, phrase: str, **others: object) -> KeyFigure:
    made = KeyFigure(indicator_id, f"Name of {indicator_id}", "January 2025", "In January 2025", value,
                     f"{value:,g}", phrase)  # fmt: skip
    return replace(made, **others)  # type: ignore[arg-type]


GLANCE = Glance(
    figures=(
        *(standard(*one) for one in STANDARDS),
        key_figure("ehcp_caseload", 2132, "children and young people had an EHC plan", before=1830.0),
        key_figure("ehcp_requests", 609, "requests for an assessment were received", before=609.0, when="In 2024"),
        key_figure("sen_support_prevalence", 16.2, "of pupils had SEN support", printed="16.2%"),
        key_figure("health_autism_wait_over_13_weeks", 83, "of patients had been referred at least 13 weeks before",
                   printed="83%", count=795, out_of=955, covers="NHS Merrow ICB - 00X"),
        key_figure("health_cyp_waits_over_52_weeks", 9.3, "of children had waited more than 52 weeks", printed="9.3%",
                   count=99, out_of=1063, covers="Merrow Community NHS Trust"),
    ),
    heard=(
        Heard("parents and carers", "Professionals listen to what we say about our child", 12.0, 480, "2025"),
        Heard("parents and carers", "My child gets help in time", 16.7, 510, "2025"),
        Heard("young people", "I get the help I need to learn", 46.9, 160, "2025"),
    ),
    sought=(
        Sought("agree how the backlog of late plans is cleared", "SEND Partnership Board", date(2026, 2, 28)),
        Sought("choose four schools for a new class", "Schools Forum", date(2026, 4, 30)),
    ),
)  # fmt: skip


def build(**others: object) -> Report:
    return replace(sample_report.build(), **({"glance": GLANCE} | others))  # type: ignore[arg-type]
