"""The strategies as reviewed records: every row once, every objective with what it asks, every gap with a holder."""

from __future__ import annotations

from datetime import date
from importlib.resources import files

import pandas as pd
import pytest
import yaml

from jsna_pipeline import geography
from jsna_pipeline.catalogue.indicators import indicators
from jsna_pipeline.catalogue.loading import parse
from jsna_pipeline.catalogue.strategies import (
    Answer,
    AnsweringIndicator,
    EvidenceKind,
    Measure,
    Strategy,
    TargetRule,
    check_rows,
    strategies,
)
from jsna_pipeline.errors import InputError
from jsna_pipeline.storage import TableFolder
from jsna_pipeline.vocabulary import Polarity
from tests.builds import EDITION, Build

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
BY_ROW = {measure.row: measure for measure in ALL}


def test_the_160_rows_stand_once_each_in_the_order_of_the_specification() -> None:
    assert {name: [one.row for one in found.measures] for name, found in strategies().items()} == {
        name: list(rows) for name, rows in ROWS.items()
    }
    assert list(strategies()) == list(ROWS)
    assert {name: found.areas for name, found in strategies().items()} == AREAS


def test_the_wigan_strategy_has_its_five_priorities_and_37_objectives_and_asks_for_each() -> None:
    strategy = strategies()["wigan_education"]
    numbered = [
        (str(one), f"{one}.{two}") for one, last in OBJECTIVES_OF_PRIORITY.items() for two in range(1, last + 1)
    ]
    assert len(numbered) == 37
    assert [priority.id for priority in strategy.priorities] == ["1", "2", "3", "4", "5"]
    assert [(objective.priority, objective.id) for objective in strategy.objectives] == numbered
    assert all(strategy.asked_by(objective) for _, objective in numbered)
    assert all(objective.activities and objective.outcomes for objective in strategy.objectives)
    # The document's own table of contents.
    assert [priority.page for priority in strategy.priorities] == [9, 19, 28, 40, 47]


def test_the_six_priorities_of_cumberland_hold_what_the_summary_wants_of_each() -> None:
    strategy = strategies()["cumberland"]
    wants = {"1": 3, "2": 3, "3": 5, "4": 5, "5": 3, "6": 4}  # bullet points under each heading
    held = [objective.priority for objective in strategy.objectives]
    assert {priority.id: held.count(priority.id) for priority in strategy.priorities} == wants
    asked = {strategy.priority_of(one) for measure in strategy.measures for one in measure.references}
    assert asked == {*wants, ""}  # blank: of the strategy as a whole


def test_each_document_names_its_board_and_what_it_sets_out_to_do() -> None:
    assert {name: strategy.board for name, strategy in strategies().items()} == {
        "wigan_education": "Wigan Education Partnership Board",
        "wigan_send_page": "SEND Partnership Board",
        "bcp_improvement": "SEND Improvement Board",
        "wolverhampton": "Wolverhampton SEND Partnership Board",
        "cumberland": "Local Area SEND Alternative Provision Board",
    }
    plan = strategies()["bcp_improvement"]
    assert {"governance", "quality_assurance", "effective_data", "progress"} < plan.part_ids
    assert len(plan.progress) == 7
    # Eight key activities, the consultation and the plan for all children that the strategy supports.
    assert len(strategies()["wolverhampton"].objectives) == 10


@pytest.mark.parametrize("strategy", strategies().values(), ids=lambda strategy: strategy.id)
def test_parts_are_told_in_few_words(strategy: Strategy) -> None:
    for objective in strategy.objectives:
        for phrase in (objective.title, *objective.activities, *objective.outcomes):
            assert len(phrase.split()) <= 25, phrase
            assert phrase[-1] not in ".;:", phrase


def test_a_measure_without_an_owner_is_the_boards() -> None:
    strategy = strategies()["cumberland"]
    measure = strategy.measures[0]
    assert strategy.owner_of(measure) == strategy.board
    assert strategy.owner_of(measure.model_copy(update={"owner": "Head of SEND"})) == "Head of SEND"


@pytest.mark.parametrize(
    ("years", "open_on", "closed_on"),
    [
        ({"ends": 2023}, date(2023, 12, 31), date(2024, 1, 1)),
        ({"ends": 2026, "last_day": date(2026, 3, 31)}, date(2026, 3, 31), date(2026, 4, 1)),
        ({"ends": None}, date(2099, 12, 31), None),
    ],
)
def test_a_strategy_is_closed_from_the_day_after_its_last(
    years: dict[str, object], open_on: date, closed_on: date | None
) -> None:
    strategy = strategies()["wolverhampton"].model_copy(update=years)
    assert not strategy.closed(open_on)
    assert closed_on is None or strategy.closed(closed_on)


def test_of_the_five_documents_only_wolverhamptons_is_closed_in_2025() -> None:
    assert [name for name, one in strategies().items() if one.closed(date(2025, 12, 31))] == ["wolverhampton"]


# --- what measures want ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("row", "wanted"),
    [
        (63, {"attendance_to_date": Polarity.HIGH, "absence": Polarity.LOW}),  # better attendance: less absence
        (113, {"attainment_8": Polarity.HIGH, "suspension_rate": Polarity.LOW}),
        (72, {"referrals_no_further_action": Polarity.LOW}),  # more apt referrals: fewer without action
        (79, {"neet_16_17": Polarity.LOW}),
        (34, {"ehcp_mainstream_primary_age": Polarity.HIGH}),  # the strategy's wish; the indicator has none
        (33, {"school_places_unfilled": Polarity.NONE}),  # neither full nor empty schools are the aim
        (128, {"ehcp_over_one_year": Polarity.LOW, "ehcp_within_20_weeks_excl": Polarity.HIGH}),
        (17, {"sen_support_prevalence": Polarity.NONE}),
    ],
)
def test_each_figure_of_a_measure_has_its_own_direction(row: int, wanted: dict[str, Polarity]) -> None:
    found = {one.id: BY_ROW[row].wanted(one) for one in BY_ROW[row].indicators}
    assert {name: found[name] for name in wanted} == wanted


@pytest.mark.parametrize("measure", ALL, ids=lambda measure: str(measure.row))
def test_no_figure_is_to_move_against_its_own_direction(measure: Measure) -> None:
    """No strategy wants children to do worse: a wish against an indicator's own direction is a slip of the pen."""
    for one in (*measure.indicators, *(leg.indicator for leg in measure.target.legs)):
        own = indicators()[one.id].polarity
        assert Polarity.NONE in (own, measure.wanted(one)) or own is measure.wanted(one)


def test_gaps_stand_between_the_groups_that_the_strategy_names() -> None:
    told = {
        row: {(group.id, group.group, reference.id, reference.group) for group, reference in BY_ROW[row].gaps}
        for row in (12, 26)
    }
    for found in told.values():
        groups = {group for _, group, _, _ in found}
        assert {"social_care_group/looked_after", "disadvantage/disadvantaged", "sen_provision/ehc_plan"} < groups
        # Children in care are published apart, and stand beside all pupils.
        assert ("attainment_8_social_care", "social_care_group/looked_after", "attainment_8", "total/total") in found
    assert BY_ROW[12].target.gap == BY_ROW[12].target.gaps[0]


def test_targets_say_what_the_strategies_say() -> None:
    """Read off the documents: the years, the comparators and the levels that each measure names."""
    assert {row: BY_ROW[row].target.window for row in (23, 72, 77, 83, 86)} == {
        23: ("2018/19", "2022/23"),  # "2019-2023"
        **dict.fromkeys((72, 77, 83, 86), ("2018/19", "2021/22")),  # "from 2019 - 2022"
    }
    region_too = [row for row, one in BY_ROW.items() if "region" in one.target.comparators]
    assert region_too == [34, 35, 83]  # "compared to regional and national", three times
    before_and_after = [one.target for one in ALL if one.rule is TargetRule.VS_PRIOR_TO_INTERVENTION]
    assert {(one.baseline, one.intervention) for one in before_and_after} == {("2018/19", "2021/22")}
    assert [(leg.indicator.id, leg.want) for leg in BY_ROW[89].target.legs] == [
        ("ehcp_resourced_or_unit", "increase"),
        ("part_time_timetables_to_date", "reduce"),
    ]
    assert (BY_ROW[13].target.level, BY_ROW[13].target.due) == (100, date(2030, 12, 31))  # "all Wigan children"
    assert BY_ROW[75].target.margin == 1.0
    assert all(one.target.share == 100 for one in ALL)  # no document asks for less than all


def test_questions_that_answer_a_measure_are_those_of_the_example_survey() -> None:
    maps = files("seeds").joinpath("contributions", EDITION, "wigan", "survey").iterdir()
    texts = [yaml.safe_load(path.read_text("utf-8")) for path in maps if path.name.endswith(f"_{EDITION}.yml")]
    asked = {column["question"] for text in texts for column in text["columns"].values() if "question" in column}
    named = {row: set(one.survey_questions) for row, one in BY_ROW.items() if one.survey_questions}
    assert set(named) == {21, 41, 94, 95, 98, 99, 117, 142, 159}
    assert set.union(*named.values()) <= asked
    # The share that answers as wanted is to rise: such a measure wants more, and is of no other kind of evidence.
    assert {(BY_ROW[row].evidence, BY_ROW[row].polarity) for row in named} == {(EvidenceKind.SURVEY, Polarity.HIGH)}


# --- the records themselves --------------------------------------------------------------------


@pytest.mark.parametrize("measure", ALL, ids=lambda measure: str(measure.row))
def test_a_measure_is_named_plainly_and_answered_by_each_indicator_once(measure: Measure) -> None:
    assert 3 < len(measure.measure) <= 110
    assert measure.measure[0].isupper() and measure.measure[-1] not in ".?:"
    assert len({(one.id, one.group) for one in measure.indicators}) == len(measure.indicators)
    # Figures alone never settle what people think, whether a thing is in place, or what a log holds.
    assert measure.answer is not Answer.YES or measure.evidence is EvidenceKind.STATISTIC
    assert measure.holder[:1].islower() or not measure.holder or measure.holder.startswith("Ofsted")


HEAD = """\
title: Strategy
areas: [wigan]
board: Board
note: A document.
parts: objective
priorities: [{id: "1", title: First}]
objectives:
  - {id: "1.1", priority: "1", title: First of the first}
measures:
"""
ROW = """\
  - row: 1
    references: ["1.1"]
    measure: Plans
    evidence: statistic
    polarity: none
    rule: CONTEXT
"""
SOME = "    answer: yes\n    indicators: [ehcp_caseload]\n"
GAP = ROW.replace("CONTEXT", "GAP_CLOSING_FASTER") + "    answer: yes\n    indicators: [ks2_disadvantage]\n"
OF_GAP = "    target:\n      gap: {group: disadvantage/disadvantaged, reference: disadvantage/%s}\n"
LEGS = "    target:\n      legs:\n        - {indicator: %s, want: increase}\n"


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


def _with(rule: str, target: str = "", indicator: str = "absence") -> str:
    row = ROW.replace("CONTEXT", rule) + f"    answer: yes\n    indicators: [{indicator}]\n"
    return HEAD + row + (f"    target: {{{target}}}\n" if target else "")


def test_one_gap_may_be_written_alone_and_is_of_the_first_indicator() -> None:
    measure = _parsed(HEAD + GAP + OF_GAP % "not_disadvantaged").measures[0]
    assert measure.gaps == (
        (
            AnsweringIndicator(id="ks2_disadvantage", group="disadvantage/disadvantaged"),
            AnsweringIndicator(id="ks2_disadvantage", group="disadvantage/not_disadvantaged"),
        ),
    )


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            HEAD + ROW + "    answer: yes\n    indicators:\n      - ehcp_caseload\n      - no_such\n",
            "line 19: .*no such",
        ),
        (HEAD + ROW + '    answer: yes\n    indicators:\n      - ""\n', "line 18: .*no such indicator"),
        (HEAD + ROW + "    answer: yes\n", "line 10: measures.0: .*at least one indicator"),
        (HEAD + ROW + "    answer: no\n    indicators: [ehcp_caseload]\n", "line 10: .*no names no indicators"),
        (HEAD + ROW + "    answer: no\n    missing: Nothing is published.\n", "line 10: .*its holder"),
        (HEAD + ROW + "    answer: no\n    missing: Nothing\n    holder: schools\n", "line 17: measures.0.missing"),
        (HEAD + ROW.replace('"1.1"', "1.1") + "    answer: no\n", "line 11: measures.0.references.0: .*valid string"),
        (HEAD + ROW.replace("CONTEXT", "HOPE") + "    answer: no\n", "line 15: measures.0.rule"),
        (HEAD.replace("wigan", "wigam") + ROW + SOME, "line 2: areas: .*no local authority has this slug"),
        (HEAD.replace("board: Board\n", "") + ROW + SOME, "line 1: board: .*required"),
        (HEAD.replace('priority: "1"', 'priority: "2"') + ROW + SOME, "line 8: objectives.0.priority: .*no priority"),
        (HEAD.replace('priority: "1", ', "") + ROW + SOME, "line 8: objectives.0.priority: .*no priority of this"),
        (HEAD.replace('id: "1.1"', 'id: "1"') + ROW + SOME, "line 8: objectives.0.id: .*another part has this id"),
        (HEAD.replace('id: "1"', 'id: "all"') + ROW + SOME, "line 6: priorities.0.id: .*another part"),
        (HEAD + ROW.replace('"1.1"', '"1.1", "1.2"') + SOME, "line 11: measures.0.references.1: .*no priority or obj"),
        (HEAD + ROW + SOME + ROW + SOME, "line 18: measures.1.row: .*another measure"),
        ("begins: 2024\nends: 2023\n" + HEAD + ROW + SOME, "line 2: ends: .*before it begins"),
        ("ends: 2023\nlast_day: 2024-01-31\n" + HEAD + ROW + SOME, "line 2: last_day: .*year that `ends`"),
        (_with("REDUCE_WINDOW"), "line 10: measures.0.target: .*rule REDUCE_WINDOW needs a `window`"),
        (_with("CONSISTENT", "share: 90"), "line 18: measures.0.target: .*needs a `margin`"),
        (_with("GAP_CLOSING_FASTER"), "line 10: .*needs its `gaps`"),
        (_with("VS_PRIOR_TO_INTERVENTION", "baseline: 2018/19"), "line 18: .*needs a `baseline` before and an `int"),
        (_with("REDUCE", "baseline: 2018-09"), "line 18: measures.0.target.baseline: .*absence has no such period"),
        (_with("REDUCE", "baseline: 2018/20"), "line 18: .*second year follows the first"),
        (_with("REDUCE_WINDOW", "window: [2021/22, 2018/19]"), "line 18: .*window ends before it begins"),
        (_with("REDUCE", "baseline: 2021/22, intervention: 2021/22"), "line 18: .*comes later than the baseline"),
        (_with("REDUCE", "comparators: []"), "line 18: measures.0.target.comparators"),
        (_with("REDUCE", "level: .inf"), "line 18: measures.0.target.level: .*finite"),
        (
            _with("REDUCE", indicator="{id: absence, group: school_type/nursery}"),
            "line 17: .*it has school_type/primary",
        ),
        (_with("REDUCE", indicator="{id: pupils_suspended, group: sex/boys}"), "line 17: .*has no such group"),
        (HEAD + GAP + OF_GAP % "rich", "line 18: .*ks2_disadvantage has no such group"),
        (HEAD + ROW.replace("CONTEXT", "LINKED") + SOME + LEGS % "absence", "line 18: .*needs two `legs`"),
        (HEAD + ROW.replace("CONTEXT", "LINKED") + SOME + LEGS % "no_such", "line 20: .*no such indicator"),
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


# --- the real published files ------------------------------------------------------------------

# Figures of NHS bodies, and what has not been published for Cumberland since it began.
OF_OTHERS = {"health_cyp_waits_over_18_weeks", "health_cyp_waits_over_52_weeks", "health_autism_wait_over_13_weeks"}
OF_OTHERS |= {"eating_disorder_routine_within_4_weeks"}
BEFORE_CUMBERLAND = {"high_needs_block_per_child"} | {name for name in indicators() if name.startswith("ap_")}
# Counted by this year's date, or begun later: they have no year before the strategy.
WITHOUT_THEN = {name for name in indicators() if name.endswith("_to_date")} | {"good_level_social_care"}


@pytest.mark.landing
def test_groups_gaps_and_periods_of_every_target_really_occur(real_build: Build) -> None:
    columns = ["indicator_id", "dimension", "category", "area_code", "period", "value"]
    observed = TableFolder(str(real_build.tables)).read("indicators_observations", EDITION)[columns]
    check_targets(observed.loc[observed["value"].notna()])


def check_targets(valued: pd.DataFrame) -> None:
    """Each group that a measure, gap or leg names has a value, and each gap the years to see whether it closes."""
    groups = valued.groupby(["area_code", "indicator_id", "dimension", "category"], observed=True)["period"].agg(set)
    known = groups.to_dict()
    for strategy in strategies().values():
        code = geography.area(strategy.areas[0]).code
        unpublished = OF_OTHERS | (BEFORE_CUMBERLAND if strategy.id == "cumberland" else set())
        for measure in strategy.measures:
            legs = [leg.indicator for leg in measure.target.legs]
            for one in (*measure.indicators, *legs):
                if one.id not in unpublished:
                    periods = known[code, one.id, *one.dimension_and_category]
                    named = {label for labels in measure.target.periods.values() for label in labels}
                    assert named <= periods or one.id in WITHOUT_THEN, (measure.row, one)
            for pair in measure.gaps:
                for place in (code, geography.ENGLAND):
                    both = set.intersection(*(known[place, one.id, *one.dimension_and_category] for one in pair))
                    assert {"2018/19", "2022/23", "2023/24", "2024/25"} <= both, (measure.row, pair)
