"""Waiting lists of the area's own children and of the NHS bodies: what is printed, and what stays hidden."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from jsna_pipeline.catalogue.indicators import indicators
from jsna_pipeline.local_area import empty_tables
from jsna_pipeline.report.charts import WaitsFigure
from jsna_pipeline.report.leads.health import lead_figures, own_waits_figure
from jsna_pipeline.report.view import AreaView
from jsna_pipeline.settings import NhsCover
from tests.invented_indicators import direct
from tests.report.leads.bare_view import bare_view, known_of
from tests.report.protected_tables import Groups, counts, statistics

MEASURES = (
    "health_cyp_waiting",
    "health_cyp_waits_over_18_weeks",
    "health_cyp_waits_over_52_weeks",
    "health_autism_wait_over_13_weeks",
)
PROVIDER = "RRF"


def waiting(**services: tuple[int | None, int | None]) -> pd.DataFrame:
    """Therapies: children up to and over 18 weeks of each service."""
    groups: Groups = {
        (("over_18_weeks", answer), ("service", name)): count
        for name, pair in services.items()
        for answer, count in zip(("no", "yes"), pair, strict=True)
    }
    return counts("therapy_waiting_now", groups, rule="nhs")


def own(given: pd.DataFrame, **medians: float | None) -> WaitsFigure:
    rows = [("service", name, "median", weeks, 10.0, 30.0, "weeks") for name, weeks in medians.items()]
    tables = {"local_counts": given, "local_statistics": statistics("therapy_waits", *rows, rule="nhs")}
    figure = own_waits_figure(bare_view(local=empty_tables() | tables))
    assert figure is not None
    return figure


def test_the_longest_wait_leads_and_says_within_how_many_weeks_half_are_seen() -> None:
    figure = own(waiting(audiology=(80, 5), podiatry=(20, 30)), audiology=8.0, podiatry=24.0)
    first, second = figure.groups[0].rows
    assert (first.name, first.counts, first.waiting, first.measure) == ("Podiatry", (20.0, 30.0), 50.0, "24 (10–30)")
    assert second.name == "Audiology"
    assert figure.text.title == "Podiatry: half wait more than 24 weeks"
    assert "provisional" in figure.text.subtitle
    assert "Counts are rounded to the nearest 5" in figure.remarks


def test_a_hidden_count_hides_its_bar_and_sum_and_no_other_number_gives_it_away() -> None:
    figure = own(waiting(audiology=(85, None), podiatry=(20, 30)), audiology=8.0, podiatry=24.0)
    hidden = figure.groups[0].rows[1]
    assert (hidden.counts, hidden.waiting, hidden.note) == ((85.0, None), None, "c: hidden")
    assert "Audiology: number hidden" in figure.text.alternative and "85" not in figure.text.alternative
    assert any(remark.startswith("c:") for remark in figure.remarks)


def test_hidden_rows_are_not_ordered_by_what_is_hidden() -> None:
    rows = own(waiting(vision=(None, None), audiology=(None, 90), podiatry=(20, 30)), podiatry=5.0).groups[0].rows
    assert [row.name for row in rows] == ["Podiatry", "Audiology", "Vision services and orthoptics"]


def test_without_records_of_its_own_an_area_has_no_such_figure() -> None:
    assert own_waits_figure(bare_view()) is None


# --- published ---------------------------------------------------------------------------------


def published(period: str = "2025-08") -> AreaView:
    """A provider with 100 children waiting for speech therapy, 40 over 18 weeks and 10 over 52; no dietetics."""
    over = {"health_cyp_waits_over_18_weeks": 40, "health_cyp_waits_over_52_weeks": 10}
    parts = [
        direct(
            indicators()[name],
            [
                _service(period, "speech_and_language", numerator=count, denominator=100, value=float(count)),
                _service(period, "dietetics", value=None, status="unavailable"),
            ],
        )
        for name, count in over.items()
    ]
    waits = [_service(period, "speech_and_language", numerator=100, value=100.0)]
    waits.append(_service(period, "dietetics", value=None, status="unavailable"))
    parts.append(direct(indicators()["health_cyp_waiting"], waits))
    return bare_view(observed=pd.concat(parts, ignore_index=True), nhs=NhsCover(provider=PROVIDER))


def _service(period: str, service: str, **values: object) -> dict[str, object]:
    return {"area_code": PROVIDER, "area_level": "provider", "area_name": "A Trust", "period_type": "month",
            "period": period, "dimension": "service", "category": service, "lower_ci": None, "upper_ci": None,
            **values}  # fmt: skip


def leads(view: AreaView) -> tuple[object, ...]:
    known = known_of(view, MEASURES)
    return lead_figures(view, known)


def test_published_waits_name_whom_they_cover_and_what_was_not_submitted() -> None:
    (figure,) = leads(published())
    assert isinstance(figure, WaitsFigure)
    (group,) = figure.groups
    (row,) = group.rows
    assert group.heading == "A Trust, August 2025"
    assert (row.counts, row.waiting, row.measure) == ((60.0, 30.0, 10.0), 100.0, "40.0%")
    assert figure.text.title == "Speech and language: 40 of 100 children had waited more than 18 weeks"
    assert "Covers patients of A Trust" in figure.text.subtitle
    assert "Not submitted, so not known: dietetics" in figure.remarks


def test_an_old_list_is_dated_in_its_title_and_says_how_old_it_is() -> None:
    (old,) = leads(published("2023-10"))
    assert isinstance(old, WaitsFigure)
    assert old.text.title == "In October 2023, 40 of 100 children had waited more than 18 weeks: speech and language"
    assert any("2 years 2 months old" in remark for remark in old.remarks)
    assert leads(replace(published(), nhs=NhsCover())) == ()
