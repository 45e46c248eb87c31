"""The criteria of inspection: all there, each with evidence that exists, and faults told by line."""

from __future__ import annotations

from datetime import date

import pytest

from jsna_pipeline.catalogue import inspection
from jsna_pipeline.catalogue.indicators import indicators
from jsna_pipeline.catalogue.inspection import InspectionFramework, Part, framework_on, frameworks
from jsna_pipeline.catalogue.loading import parse
from jsna_pipeline.errors import InputError

GOOD = """\
title: Inspections
publishers: Ofsted
used_from: 2023-01-01
updated: 2025-06-06
page: https://www.gov.uk/
reviewed: 2026-11-22
note: In our own words.
criteria:
  - id: right_help
    part: impact
    criterion: Children get help
    looked_for: [Help starts early.]
    indicators: [ehcp_reviews_held]
    chapters: [ehc_system]
    gaps: [Some help is not counted.]
"""


def _parsed(text: str) -> InspectionFramework:
    return parse(text, InspectionFramework, "inspection/own.yml", "own")


def test_the_area_framework_has_its_eleven_criteria() -> None:
    """Five on the impact for children, six on how partners work together (framework as updated on 6 June 2025)."""
    found = framework_on(date(2025, 12, 31))
    assert found.id == "area_send" and found.updated == date(2025, 6, 6)
    assert [one.part for one in found.criteria] == [Part.IMPACT] * 5 + [Part.PARTNERSHIP] * 6


def test_every_criterion_says_what_is_looked_for_and_what_figures_do_not_show() -> None:
    for one in (criterion for known in frameworks().values() for criterion in known.criteria):
        assert all(text.endswith(".") for text in (*one.looked_for, *one.gaps))
        assert len(one.criterion) <= 80  # a cell of a printed table
        # A criterion points to every chapter whose figures it names.
        assert {indicators()[key].chapter for key in one.indicators} <= set(one.chapters)


def test_a_framework_holds_from_its_first_day_until_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    first = _parsed(GOOD)
    second = first.model_copy(update={"used_from": date(2027, 1, 1)})
    monkeypatch.setattr(inspection, "frameworks", lambda: {"first": first, "second": second})
    for day, expected in ((date(2015, 1, 1), first), (date(2026, 12, 31), first), (date(2027, 1, 1), second)):
        assert framework_on(day) is expected


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("[ehcp_reviews_held]", "[ehcp_held]", r"line 13: .*no indicator 'ehcp_held' in catalogue/indicators"),
        ("[ehcp_reviews_held]", "[ehcp_requests, ehcp_requests]", "line 13: .*names one indicator twice"),
        ("[ehc_system]", "[system]", r"line 14: .*no chapter 'system' in catalogue/chapters"),
        ("part: impact", "part: leaders", "line 10: "),
        ("page: https:", "page: http:", "line 5: "),
        ("    gaps: [Some help is not counted.]\n", "", r"line 9: criteria\.0\.gaps: Field required"),
        ("criteria:\n", "criteria:\n  - {id: right_help, part: impact, criterion: C, looked_for: [L.], "
         "chapters: [health], gaps: [G.]}\n", "criterion 'right_help' stands twice"),
    ],
)  # fmt: skip
def test_a_fault_is_told_by_file_and_line(old: str, new: str, says: str) -> None:
    assert _parsed(GOOD).by_id["right_help"].chapters == ["ehc_system"]
    with pytest.raises(InputError, match=rf"catalogue/inspection/own\.yml, .*{says}"):
        _parsed(GOOD.replace(old, new))
