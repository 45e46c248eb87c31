"""Exceptions from one edition to the next: opened, explained, decided, and closed only for a reason."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

from jsna_pipeline.strategies.exceptions import exceptions
from jsna_pipeline.strategies.reported import CommentaryRow, Key
from jsna_pipeline.strategies.verdict import Verdict
from tests.strategies.invented_strategies import AREA, TODAY, measure, result, strategy

KEY = ("invented", 1)


def _table(
    verdict: Verdict,
    earlier: pd.DataFrame | None = None,
    edition: str = "2025",
    today: date = TODAY,
    said: dict[Key, CommentaryRow] | None = None,
    **plan: object,
) -> pd.DataFrame:
    results = [result(verdict, of=strategy(measure(), **plan))]
    return exceptions(results, said or {}, earlier, edition, AREA, today)


def _said(**changes: object) -> dict[Key, CommentaryRow]:
    fields = {"strategy": "invented", "measure": 1, "explanation": "Posts are vacant."}
    return {KEY: CommentaryRow.model_validate(fields | changes)}


def _row(table: pd.DataFrame) -> dict[str, object]:
    assert len(table) == 1
    found: dict[str, object] = table.iloc[0].to_dict()
    return found


@pytest.mark.parametrize("verdict", [one for one in Verdict if one is not Verdict.NOT_MET])
def test_only_what_is_not_met_opens_an_exception(verdict: Verdict) -> None:
    assert _table(verdict).empty


def test_red_wants_an_explanation_then_a_decision() -> None:
    new = _row(_table(Verdict.NOT_MET))
    assert (new["state"], new["stage"], new["opened"], new["editions_open"]) == ("new", "explanation_wanted", "2025", 1)
    explained = _row(_table(Verdict.NOT_MET, said=_said()))
    assert (explained["stage"], explained["explanation"]) == ("decision_wanted", "Posts are vacant.")
    decided = _row(_table(Verdict.NOT_MET, said=_said(decision="act", decided_on="2025-10-01")))
    assert (decided["state"], decided["stage"], decided["decided_on"]) == ("new", "decided", "2025-10-01")
    closed = _row(_table(Verdict.NOT_MET, said=_said(decision="close", decided_on="2025-10-01")))
    assert (closed["state"], closed["stage"]) == ("closed", "closed")


def test_an_exception_is_carried_with_its_words_and_counted() -> None:
    first = _table(Verdict.NOT_MET, edition="2024", said=_said(action="Recruit.", due="2025-03-31"))
    second = _row(_table(Verdict.NOT_MET, first))
    assert (second["state"], second["opened"], second["editions_open"]) == ("open", "2024", 2)
    assert (second["explanation"], second["action"], second["due"]) == ("Posts are vacant.", "Recruit.", "2025-03-31")
    third = _row(_table(Verdict.NOT_MET, _table(Verdict.NOT_MET, first), edition="2026", said=_said(action="Agency.")))
    assert (third["opened"], third["editions_open"], third["action"]) == ("2024", 3, "Agency.")


@pytest.mark.parametrize(
    ("verdict", "state"),
    [
        (Verdict.MET, "closed"),
        (Verdict.ON_COURSE, "closed"),
        (Verdict.NOT_MET, "open"),
        (Verdict.CANNOT_TELL, "open"),  # figures that fall silent close nothing
        (Verdict.NO_DATA, "open"),
        (Verdict.NO_JUDGEMENT, "open"),
    ],
)
def test_what_closes_an_exception(verdict: Verdict, state: str) -> None:
    assert _row(_table(verdict, _table(Verdict.NOT_MET, edition="2024")))["state"] == state


def test_what_is_closed_is_told_once_and_may_open_anew() -> None:
    closed = _table(Verdict.MET, _table(Verdict.NOT_MET, edition="2023"), edition="2024")
    assert _table(Verdict.MET, closed).empty
    again = _row(_table(Verdict.NOT_MET, closed))
    assert (again["state"], again["opened"], again["editions_open"]) == ("new", "2025", 1)


def test_an_ended_strategy_opens_nothing_and_closes_what_was_open() -> None:
    years = {"begins": 2020, "ends": 2024}
    assert _table(Verdict.NOT_MET, **years).empty
    before = _table(Verdict.NOT_MET, edition="2024", today=date(2024, 12, 31), **years)
    assert _row(before)["state"] == "new"  # its last day
    assert _row(_table(Verdict.NOT_MET, before, **years))["state"] == "closed"


def test_a_measure_no_longer_asked_for_is_closed() -> None:
    before = _table(Verdict.NOT_MET, edition="2024")
    gone = _row(exceptions([], {}, before, "2025", AREA, TODAY))
    assert (gone["state"], gone["editions_open"], gone["verdict"]) == ("closed", 2, "no_data")
    assert gone["edition"] == "2025"


def test_other_areas_and_a_repeated_build_are_not_an_edition_before() -> None:
    before = _table(Verdict.NOT_MET, edition="2024")
    elsewhere = before.assign(area_code="E08000031")
    assert _row(_table(Verdict.NOT_MET, elsewhere))["state"] == "new"
    assert _row(_table(Verdict.NOT_MET, _table(Verdict.NOT_MET)))["state"] == "new"
