"""The reviewed list of strategy measures: every row once, every objective asked, every gap with a holder."""

from __future__ import annotations

import pytest

from jsna_pipeline.catalogue.loading import parse
from jsna_pipeline.catalogue.strategies import Answer, EvidenceKind, Measure, Strategy, check_rows, strategies
from jsna_pipeline.errors import InputError

# The specification lists the documents one after another, each with its rows.
ROWS = {
    "wigan_education": range(1, 114),
    "wigan_send_page": range(114, 123),
    "bcp_improvement": range(123, 132),
    "wolverhampton": range(132, 142),
    "cumberland": range(142, 161),
}
AREAS = {
    "wigan_education": ["wigan"],
    "wigan_send_page": ["wigan"],
    "bcp_improvement": ["bournemouth-christchurch-and-poole"],
    "wolverhampton": ["wolverhampton"],
    "cumberland": ["cumberland"],
}
OBJECTIVES_OF_PRIORITY = {1: 7, 2: 9, 3: 9, 4: 5, 5: 7}  # of the Wigan strategy: 37
ALL = [measure for strategy in strategies().values() for measure in strategy.measures]


def test_the_160_rows_stand_once_each_in_the_order_of_the_specification() -> None:
    assert {name: [one.row for one in found.measures] for name, found in strategies().items()} == {
        name: list(rows) for name, rows in ROWS.items()
    }
    assert list(strategies()) == list(ROWS)
    assert {name: found.areas for name, found in strategies().items()} == AREAS


def test_every_objective_of_the_wigan_strategy_is_asked_for() -> None:
    objectives = {f"{one}.{two}" for one, last in OBJECTIVES_OF_PRIORITY.items() for two in range(1, last + 1)}
    assert len(objectives) == 37
    asked = {reference for measure in strategies()["wigan_education"].measures for reference in measure.references}
    assert asked == objectives | {"introduction"}


def test_every_priority_of_the_cumberland_strategy_is_asked_for() -> None:
    asked = {reference for measure in strategies()["cumberland"].measures for reference in measure.references}
    assert asked == {"1", "2", "3", "4", "5", "6", "all"}


@pytest.mark.parametrize("measure", ALL, ids=lambda measure: str(measure.row))
def test_a_measure_is_named_plainly_and_answered_by_each_indicator_once(measure: Measure) -> None:
    assert 3 < len(measure.measure) <= 110
    assert measure.measure[0].isupper() and measure.measure[-1] not in ".?:"
    assert len({(one.id, one.group) for one in measure.indicators}) == len(measure.indicators)
    # Figures alone never settle what people think, whether a thing is in place, or what a log holds.
    assert measure.answer is not Answer.YES or measure.evidence is EvidenceKind.STATISTIC
    assert measure.holder[:1].islower() or not measure.holder or measure.holder.startswith("Ofsted")


HEAD = "title: Strategy\nareas: [wigan]\nnote: A document.\nparts: objective\nmeasures:\n"
ROW = (
    '  - row: 1\n    references: ["1.1"]\n    measure: Plans\n'
    "    evidence: statistic\n    polarity: none\n    rule: CONTEXT\n"
)


def _parsed(text: str, name: str = "invented") -> Strategy:
    return parse(text, Strategy, f"strategies/{name}.yml", name)


def test_a_bare_yes_is_an_answer_and_a_bare_id_means_the_headline() -> None:
    measure = _parsed(
        HEAD + ROW + "    answer: yes\n    indicators: [ehcp_caseload, good_level_of_development]\n"
    ).measures[0]
    assert measure.answer is Answer.YES
    assert [one.dimension_and_category for one in measure.indicators] == [
        ("total", "total"),
        ("sen_provision", "ehc_plan"),
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            HEAD + ROW + "    answer: yes\n    indicators:\n      - ehcp_caseload\n      - no_such\n",
            "line 15: .*'no_such'",
        ),
        (HEAD + ROW + "    answer: yes\n", "line 6: measures.0: .*at least one indicator"),
        (HEAD + ROW + "    answer: no\n    indicators: [ehcp_caseload]\n", "line 6: .*no names no indicators"),
        (HEAD + ROW + "    answer: no\n    missing: Nothing is published.\n", "line 6: .*its holder"),
        (HEAD + ROW + "    answer: no\n    missing: Nothing\n    holder: schools\n", "line 13: measures.0.missing"),
        (HEAD + ROW.replace('"1.1"', "1.1") + "    answer: no\n", "line 7: measures.0.references.0: .*valid string"),
        (HEAD + ROW.replace("CONTEXT", "HOPE") + "    answer: no\n", "line 11: measures.0.rule"),
        (HEAD.replace("wigan", "wigam") + ROW + "    answer: no\n", "line 2: areas: .*'wigam'"),
    ],
)
def test_a_faulty_record_is_refused_by_file_and_line(text: str, message: str) -> None:
    with pytest.raises(InputError, match=f"catalogue/strategies/invented.yml, {message}"):
        _parsed(text)


def test_a_row_that_two_files_claim_is_refused_by_name() -> None:
    text = HEAD + ROW + "    answer: yes\n    indicators: [ehcp_caseload]\n"
    found = {name: _parsed(text, name) for name in ("first", "second")}
    with pytest.raises(InputError, match=r"strategies/second\.yml: row 1 is already .*strategies/first\.yml"):
        check_rows(found)
