"""What public figures answer: counts that add up, each figure in its words, and a checklist where an area has none."""

from __future__ import annotations

import re

import pytest

from jsna_pipeline.catalogue.indicators import indicators
from jsna_pipeline.catalogue.strategies import Strategy, strategies
from jsna_pipeline.findings import facts
from jsna_pipeline.report.model import Section
from jsna_pipeline.report.strategy_checklist import answers_section
from tests.report.test_strategy_section import ABSENCE, PLANS, RECORDS, view_of


def _section(chosen: dict[str, Strategy]) -> Section:
    view = view_of("wigan")
    known = {name: one for name, record in RECORDS.items() if (one := facts(view, record)) is not None}
    return answers_section(view, known, {}, chosen)


@pytest.fixture(scope="module")
def checklist() -> Section:
    """Every strategy as if it were another area's, beside Wigan's figures."""
    return _section({name: one.model_copy(update={"areas": ["bury"]}) for name, one in strategies().items()})


def _cells(section: Section, measure: str) -> dict[str, str]:
    row = next(row for table in section.tables for row in table.rows if row[0] == measure)
    return dict(zip(section.tables[0].columns, row, strict=True))


def _said(section: Section, label: str) -> str:
    return next(one.text for one in section.statements if one.label == label)


def test_the_counts_add_up_to_the_measures(checklist: Section) -> None:
    own = _section(strategies())
    for text, total in ((_said(own, "Strategies of Wigan"), 122), (_said(checklist, "All strategies"), 160)):
        numbers = re.search(
            r"of (\d+) measures, public figures answer (\d+) in full and (\d+) in part; (\d+) have none", text
        )
        assert numbers is not None
        assert int(numbers[1]) == total == sum(map(int, numbers.groups()[1:]))
    kinds = [int(number) for number in re.findall(r"\d+", _said(checklist, "No public figure"))]
    assert sum(kinds) == sum(row[3] == "–" for table in checklist.tables for row in table.rows)
    assert own.tables == ()


def test_a_figure_is_printed_with_its_period_and_england(checklist: Section) -> None:
    cells = _cells(checklist, "Persistent absence, above all in secondary schools")
    name = indicators()[ABSENCE].name
    assert cells["Newest figure beside England"].startswith(
        f"{name}: 17.5% (2024/25); England 18.1%. {name}: secondary: 22.9% (2024/25); England 23.4%."
    )
    assert (cells["Answer"], cells["Asked in"]) == ("In part", "Introduction")
    assert cells["What is missing, and who holds it"].endswith(". Held by the local authority's data team.")


def test_a_part_without_a_number_is_called_by_its_title(checklist: Section) -> None:
    cells = _cells(checklist, "Help at the right time, by the right person, in the right place")
    assert cells["Asked in"] == "Help at the right time, by the right person and in the right place"
    words = "42.6% (calendar year 2024); similar to England (46.4%), below the standard"
    assert words in cells["Newest figure beside England"]


def test_the_count_beside_england_says_what_the_law_finds_wanting() -> None:
    assert _said(_section(strategies()), "Beside England") == (
        "Of the 1 figure behind them that can be tested against England, 1 similar to England. "
        "Whatever England's value, 1 figure falls short of what the law requires."
    )


def test_what_is_not_published_here_and_what_nobody_publishes_differ(checklist: Section) -> None:
    here = _cells(checklist, "Children placed in the school of their first choice")
    assert (here["Answer"], here["Newest figure beside England"]) == ("Yes", "No figure is published for Wigan.")
    survey = _cells(checklist, "Staff who feel able to meet each child's needs")
    assert (survey["Answer"], survey["Newest figure beside England"]) == ("No: needs a survey", "–")


def test_a_measure_leads_to_the_section_of_its_first_figure(checklist: Section) -> None:
    own = checklist.tables[0]
    anchors = dict(zip((row[0] for row in own.rows), own.anchors, strict=True))
    assert anchors["Children and young people with an EHC plan"] == PLANS
    assert anchors["Staff who speak well of their training"] == ""
    assert set(own.anchors) <= {"", *RECORDS}
