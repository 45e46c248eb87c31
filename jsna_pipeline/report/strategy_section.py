"""What the strategies ask: the scorecard of each strategy of the area, and the exceptions report for its board.

Here: the chapter's sentences and tables from evaluated measures. Not here: evaluating them
(`strategies/evaluation.py`), carrying exceptions on (`strategies/exceptions.py`), or what public figures answer
of all strategies (`report/strategy_checklist.py`).

On paper stand the counts by priority and what is not met; the measures themselves are on screen and in the data.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

import pandas as pd

from jsna_pipeline.catalogue.local_tables import local_tables
from jsna_pipeline.catalogue.strategies import Measure, Strategy
from jsna_pipeline.findings import Facts
from jsna_pipeline.report import formatting
from jsna_pipeline.report.model import Chapter, Section, Spark, Statement, Table
from jsna_pipeline.report.strategy_checklist import answers_section, asked_in, cited, missing_words
from jsna_pipeline.report.view import AreaView
from jsna_pipeline.strategies.evaluation import Evidence, FigureResult, MeasureResult, cells_asked
from jsna_pipeline.strategies.published_series import PublishedFigures
from jsna_pipeline.strategies.question import Answers
from jsna_pipeline.strategies.reported import NOTHING_REPORTED, ReportedFigures
from jsna_pipeline.strategies.verdict import Verdict
from jsna_pipeline.vocabulary import Comparator, PeriodType

VERDICT_WORDS = {
    Verdict.MET: "Met",
    Verdict.ON_COURSE: "On course",
    Verdict.NOT_MET: "Not met",
    Verdict.CANNOT_TELL: "Cannot tell",
    Verdict.NO_JUDGEMENT: "Shown, not judged",
    Verdict.NO_DATA: "No data",
}
COUNTED_WORDS = {
    Verdict.MET: ("is met", "are met"),
    Verdict.ON_COURSE: ("is on course", "are on course"),
    Verdict.NOT_MET: ("is not met", "are not met"),
    Verdict.CANNOT_TELL: ("cannot be told", "cannot be told"),
    Verdict.NO_JUDGEMENT: ("is shown without judgement", "are shown without judgement"),
    Verdict.NO_DATA: ("has no data", "have no data"),
}
EXPLANATION_WANTED, DECISION_WANTED = "Explanation wanted", "Decision wanted"
WANTED_WORDS = {"explanation_wanted": "Explanation", "decision_wanted": "Decision", "decided": "Decided"}
DECISION_WORDS = {
    "accept": "The explanation is accepted",
    "act": "Further action",
    "change_target": "The target is changed",
    "close": "Closed by the board",
}
SCORECARD_COLUMNS = (
    "Measure",
    "Asked in",
    "Verdict",
    "Newest figure",
    "Beside it",
    "Recent values",
    "Owner",
    "What the verdict rests on, and what is missing",
)
BOARD_COLUMNS = ("Measure not met", "Newest figure", "England", "Open since", "Wanted next")
EXCEPTION_COLUMNS = ("Measure", "State", "What the figures say", "Explanation and action", "Decision", "Owner")
WHOLE = "The whole strategy"
LAWS_SAID = 3
FEWEST_DRAWN = 3  # values of a sparkline


def evidence_of(
    view: AreaView,
    chosen: Mapping[str, Strategy],
    reported: ReportedFigures = NOTHING_REPORTED,
    answers: Mapping[str, Answers] | None = None,
) -> Evidence:
    """What is known of the view's area for evaluating the strategies `chosen`; `answers` by survey question."""
    own = [strategy for strategy in chosen.values() if view.area.slug in strategy.areas]
    tables = {*view.local["local_counts"]["table_id"], *view.local["local_statistics"]["table_id"]}
    return Evidence(
        area=view.area,
        published=PublishedFigures(
            view.observed, cells_asked(own), view.area, view.neighbour_codes, (view.nhs.sub_icb, view.nhs.provider)
        ),
        reported=reported,
        answers=answers or {},
        own_tables={name: table.title for name, table in local_tables().items() if name in tables},
        today=view.cut_off,
    )


def strategies_chapter(
    view: AreaView,
    known: dict[str, Facts],
    own_records: Mapping[str, Section],
    chosen: Mapping[str, Strategy],
    results: Sequence[MeasureResult],
    excepted: pd.DataFrame,
    number: int,
) -> Chapter:
    """The chapter "What the strategies ask".

    `known` are the area's headline facts, `own_records` the sections of its own returns by id, `chosen` the
    strategies, `results` its evaluated measures and `excepted` its SCORECARD_EXCEPTIONS. An area without a strategy
    of its own has no results: it gets all strategies as a checklist.
    """
    own = [strategy for strategy in chosen.values() if any(one.strategy.id == strategy.id for one in results)]
    cards = [_scorecard(view, strategy, _of(results, strategy), known) for strategy in own]
    board = [_exceptions(results, excepted)] if own else []
    return Chapter(
        chapter_id="strategies",
        number=number,
        title="What the strategies ask",
        question="Does the area reach what its strategies set out to reach?" if own else "What do strategies ask?",
        opening=_opening(own, results),
        sections=(*cards, *board, answers_section(view, known, own_records, chosen)),
    )


def _opening(own: list[Strategy], results: Sequence[MeasureResult]) -> tuple[str, ...]:
    aim = "Local strategies say what should change for children with SEND, and how they will know."
    if not own:
        return (aim,)
    owned = "What nobody publishes or has supplied is shown as a gap, with who holds it."
    return (f"Of {formatting.counted(len(results), 'measure')}, {_counted(results)}.", aim, owned)


def _of(results: Iterable[MeasureResult], strategy: Strategy) -> list[MeasureResult]:
    return [one for one in results if one.strategy.id == strategy.id]


# --- one scorecard -----------------------------------------------------------------------------


def _scorecard(view: AreaView, strategy: Strategy, results: list[MeasureResult], known: Mapping[str, Facts]) -> Section:
    closed = strategy.closed(view.cut_off)
    summary = _summary(strategy, results)
    final = _not_met_at_the_end(strategy, results) if closed else None
    return Section(
        section_id=f"scorecard-{_dashed(strategy.id)}",
        heading=f"{strategy.name}: where did it end?" if closed else f"{strategy.name}: what is reached?",
        statements=tuple(_statements(strategy, results, closed)),
        figures=(),
        tables=tuple(table for table in (summary, final, *_full(strategy, results, known)) if table),
        method=(
            "Each measure is judged by the rule that its words ask for. The gravest of several figures decides, and no "
            "comparison makes up for a law that is not kept. What weakens a verdict stands "
            "in brackets: printed figures bear no test of chance, two values show no usual variation, and old ones may "
            "not lead."
        ),
        sources=(cited(strategy),),
        caveats=(strategy.note,),
    )


def _statements(strategy: Strategy, results: list[MeasureResult], closed: bool) -> list[Statement]:
    said = []
    if closed and strategy.final_day:
        ended = formatting.date_words(strategy.final_day)
        said.append(Statement(f"The strategy ended on {ended}.", "neutral", "Closed: final position"))
    text = f"Of {formatting.counted(len(results), 'measure')}, {_counted(results)}."
    said.append(Statement(text, "neutral", "Verdicts"))
    laws = list(dict.fromkeys(one.standard for result in results for one in result.figures if one.standard))
    if laws:
        more = f" {formatting.counted(len(laws) - LAWS_SAID, 'further standard')} failed." if laws[LAWS_SAID:] else ""
        said.append(Statement(" ".join(laws[:LAWS_SAID]) + more, "fails_standard"))
    holders = Counter(one.gap_holder for one in results if one.gap_holder)
    if holders:
        most, count = holders.most_common(1)[0]
        gaps = sum(holders.values())
        text = (
            f"{formatting.counted(gaps, 'measure')} {'has' if gaps == 1 else 'have'} no data; the scorecard names who "
            "holds each."
        )
        text += f" {formatting.sentence(most)} holds the most: {count}." if count > 1 else ""
        said.append(Statement(text, "unknown", "No data"))
    return said


def _counted(results: Iterable[MeasureResult]) -> str:
    """ "3 are met, 1 is on course and 9 have no data"."""
    counts = Counter(one.verdict for one in results)
    parts = [
        f"{formatting.number(counts[verdict])} {words[0] if counts[verdict] == 1 else words[1]}"
        for verdict, words in COUNTED_WORDS.items()
        if counts[verdict]
    ]
    return formatting.listed(parts)


def _headings(strategy: Strategy) -> dict[str, str]:
    """The headings of the scorecard: priorities, or where there are none its numbered or named parts."""
    parts = strategy.priorities or strategy.objectives
    return {part.id: f"{part.id}. {part.title}" if part.id[0].isdigit() else part.title for part in parts}


def _heading_of(strategy: Strategy, measure: Measure) -> str:
    """The id of the heading under which a measure stands, by its first reference that has one; blank for none."""
    places = [strategy.priority_of(one) or one for one in measure.references]
    return next((place for place in places if place in _headings(strategy)), "")


def _grouped(strategy: Strategy, results: list[MeasureResult]) -> list[tuple[str, str, list[MeasureResult]]]:
    """Id, title and measures of each heading that has any, the whole strategy first."""
    headings = {"": WHOLE} | _headings(strategy)
    found = [
        (name, title, [one for one in results if _heading_of(strategy, one.measure) == name])
        for name, title in headings.items()
    ]
    return [(name, title, sorted(group, key=_by_objective)) for name, title, group in found if group]


def _by_objective(result: MeasureResult) -> int:
    """Place of the first objective that asks for it; those of a priority as a whole come first."""
    order = [objective.id for objective in result.strategy.objectives]
    return min((order.index(one) for one in result.measure.references if one in order), default=-1)


def _summary(strategy: Strategy, results: list[MeasureResult]) -> Table:
    """Verdicts counted by priority, with the number of its objectives."""
    rows = []
    with_objectives = bool(strategy.priorities)
    for name, title, group in _grouped(strategy, results):
        counts = Counter(one.verdict for one in group)
        objectives = sum(one.priority == name for one in strategy.objectives) if name else 0
        cells = [formatting.number(objectives) if objectives else formatting.EN_DASH] if with_objectives else []
        rows.append((title, *cells, *(formatting.number(counts[verdict]) for verdict in VERDICT_WORDS)))
    columns = (
        "Priority" if strategy.priorities else formatting.sentence(strategy.parts),
        *(["Objectives"] if with_objectives else []),
        *VERDICT_WORDS.values(),
    )
    return Table(
        table_id=f"scorecard-{_dashed(strategy.id)}-summary",
        caption=f"{strategy.name}: measures by verdict",
        columns=columns,
        rows=tuple(rows),
        numeric=(False, *[True] * (len(columns) - 1)),
    )


def _not_met_at_the_end(strategy: Strategy, results: list[MeasureResult]) -> Table | None:
    rows = [
        (_numbered(one), _asked(one), _newest(one.lead), _beside(one.lead))
        for one in results
        if one.verdict is Verdict.NOT_MET
    ]
    if not rows:
        return None
    return Table(
        table_id=f"scorecard-{_dashed(strategy.id)}-not-met",
        caption=f"{strategy.name}: what was not met at its end",
        columns=("Measure not met", "Asked in", "Figure", "Beside it"),
        rows=tuple(rows),
        numeric=(False,) * 4,
    )


def _full(strategy: Strategy, results: list[MeasureResult], known: Mapping[str, Facts]) -> list[Table]:
    """The scorecard: a table for each priority, a row for each measure, linked to the section of its figure."""
    made = []
    for name, title, group in _grouped(strategy, results):
        made.append(
            Table(
                table_id=f"scorecard-{_dashed(strategy.id)}-{_dashed(name) or 'whole'}",
                caption=f"Scorecard of {strategy.name}: {title}",
                columns=SCORECARD_COLUMNS,
                rows=tuple(_row(one) for one in group),
                numeric=(False,) * len(SCORECARD_COLUMNS),
                in_pdf=False,
                anchors=tuple(_anchor(one, known) for one in group),
                sparks=tuple(_spark(one.lead) for one in group),
            )
        )
    return made


def _row(result: MeasureResult) -> tuple[str, ...]:
    missing = missing_words(result.measure)
    rests = result.sentence if missing == formatting.EN_DASH else f"{result.sentence} {missing}"
    return (
        _numbered(result),
        _asked(result),
        _verdict(result),
        _newest(result.lead),
        _beside(result.lead),
        recent_words(result.lead),
        result.owner,
        rests,
    )


def _verdict(result: MeasureResult) -> str:
    """ "Met", or "Met (printed figures, old)": what weakens it stands beside it."""
    weak = ", ".join(result.rests_on)
    return f"{VERDICT_WORDS[result.verdict]} ({weak})" if weak else VERDICT_WORDS[result.verdict]


def _spark(one: FigureResult | None) -> Spark | None:
    """The recent values as a line; two values are no course."""
    values = tuple(point.value for point in one.recent if point.value is not None) if one else ()
    return Spark(SCORECARD_COLUMNS.index("Recent values"), values) if len(values) >= FEWEST_DRAWN else None


def _anchor(result: MeasureResult, known: Mapping[str, Facts]) -> str:
    cells = [one.cell[0] for one in result.figures if one.cell]
    return next((name for name in cells if name in known), "")


def _numbered(result: MeasureResult) -> str:
    """The measure with its number, by which those who report of it name it."""
    return f"{result.measure.row}. {result.measure.measure}"


def _asked(result: MeasureResult) -> str:
    return asked_in(result.strategy, result.measure)


def _newest(one: FigureResult | None) -> str:
    """ "New plans within 20 weeks: 42.6% (calendar year 2024)"."""
    if one is None or one.newest is None:
        return formatting.EN_DASH
    value = formatting.measure(one.newest.value, one.unit, one.decimals)
    return f"{one.name}: {value} ({_when(one.newest.period, one.period_type)})"


def _beside(one: FigureResult | None) -> str:
    """ "England 46.4%, region 51.0%, neighbours’ mean 54.2%"."""
    names = {
        Comparator.ENGLAND: "England",
        Comparator.REGION: "region",
        Comparator.NEIGHBOURS_MEAN: "neighbours’ mean",
    }
    if one is None or not one.comparators:
        return formatting.EN_DASH
    return formatting.sentence(
        ", ".join(
            f"{words} {formatting.measure(one.comparators[name.value], one.unit, one.decimals)}"
            for name, words in names.items()
            if name.value in one.comparators
        )
    )


def recent_words(one: FigureResult | None) -> str:
    """ "2019 to 2024: 98.6, 80.4, 83.5, 83.9, 64.4, 42.6"; of one value nothing, for it is the newest."""
    points = [point for point in one.recent if point.value is not None] if one else []
    if one is None or len(points) < 2:
        return formatting.EN_DASH
    values = ", ".join(formatting.number(point.value, one.decimals) for point in points if point.value is not None)
    first, last = (_when(point.period, one.period_type) for point in (points[0], points[-1]))
    return f"{formatting.sentence(first)} to {last}: {values}"


def _when(period: str, kind: PeriodType | None) -> str:
    return formatting.period_words(period, kind) if kind else period


def _dashed(name: str) -> str:
    return name.replace("_", "-").replace(".", "-").lower()


# --- the exceptions report ---------------------------------------------------------------------


def _exceptions(results: Sequence[MeasureResult], excepted: pd.DataFrame) -> Section:
    """What is not met, for the board: since when, what the manager says, and what is to be decided."""
    leads = {(one.strategy.id, one.measure.row): one.lead for one in results}
    rows = excepted.to_dict("records")
    still = [row for row in rows if row["state"] != "closed"]
    return Section(
        section_id="scorecard-exceptions",
        heading="What is not met, and what does the board have to decide?",
        statements=(_exceptions_statement(rows),),
        figures=(),
        tables=tuple(table for table in (_board_table(still, leads), _exceptions_table(rows)) if table is not None),
        method=(
            "A measure that is not met stays here until it is met or on course, or the board closes it. One whose "
            "figures fall silent stays open."
        ),
        sources=(),
    )


def _exceptions_statement(rows: list[dict[str, object]]) -> Statement:
    if not rows:
        return Statement("No measure of a running strategy is known not to be met.", "neutral", "Exceptions")
    states, stages = (Counter(str(row[name]) for row in rows) for name in ("state", "stage"))
    opened = states["new"] + states["open"]
    parts = [f"{states[name]} {words}" for name, words in (("new", "new"), ("open", "open before")) if states[name]]
    text = (
        f"{formatting.counted(opened, 'exception')}: {formatting.listed(parts)}." if opened else "No exception is open."
    )
    wanted = [
        f"{formatting.counted(stages[name], word)}"
        for name, word in (("explanation_wanted", "explanation"), ("decision_wanted", "decision"))
        if stages[name]
    ]
    text += f" Wanted: {formatting.listed(wanted)}." if wanted else ""
    text += f" {states['closed']} closed in this edition." if states["closed"] else ""
    return Statement(text, "worse" if opened else "neutral", "Exceptions")


def _board_table(rows: list[dict[str, object]], leads: Mapping[tuple[str, int], FigureResult | None]) -> Table | None:
    """On paper: one line for each open exception."""
    if not rows:
        return None
    return Table(
        table_id="scorecard-exceptions-open",
        caption="Measures that are not met",
        columns=BOARD_COLUMNS,
        rows=tuple(
            (
                f"{row['row']}. {row['measure']}",
                *_short(leads.get((str(row["strategy_id"]), int(str(row["row"]))))),
                _since(row),
                WANTED_WORDS[str(row["stage"])],
            )
            for row in rows
        ),
        numeric=(False, False, True, False, False),
    )


def _short(one: FigureResult | None) -> tuple[str, str]:
    """Value with its period, and England's: as little as a line of paper holds."""
    if one is None or one.newest is None:
        return formatting.EN_DASH, formatting.EN_DASH
    england = one.comparators.get(Comparator.ENGLAND.value)
    value = formatting.measure(one.newest.value, one.unit, one.decimals)
    return (
        f"{value} ({_when(one.newest.period, one.period_type)})",
        formatting.EN_DASH if england is None else formatting.short_measure(england, one.unit, one.decimals),
    )


def _exceptions_table(rows: list[dict[str, object]]) -> Table | None:
    """On screen: every exception with its words, those closed in this edition too."""
    if not rows:
        return None
    return Table(
        table_id="scorecard-exceptions-all",
        caption="Exceptions report: explanations, actions and decisions",
        columns=EXCEPTION_COLUMNS,
        rows=tuple(
            (
                f"{row['row']}. {row['measure']}",
                f"{formatting.sentence(str(row['state']))}: {_since(row)}",
                str(row["sentence"]),
                _explained(row),
                _decided(row),
                str(row["owner"]),
            )
            for row in rows
        ),
        numeric=(False,) * len(EXCEPTION_COLUMNS),
        in_pdf=False,
    )


def _since(row: Mapping[str, object]) -> str:
    """ "2024, 2 editions"; of a new one only the edition."""
    editions = int(str(row["editions_open"]))
    return f"{row['opened']}, {formatting.counted(editions, 'edition')}" if editions > 1 else str(row["opened"])


def _explained(row: Mapping[str, object]) -> str:
    if not row["explanation"]:
        return EXPLANATION_WANTED if row["state"] != "closed" else formatting.EN_DASH
    action = f"Action: {row['action']}" if row["action"] else ""
    due = f"By {_day(row['due'])}." if row["due"] else ""
    return " ".join(filter(None, (str(row["explanation"]), action, due)))


def _decided(row: Mapping[str, object]) -> str:
    if not row["decision"]:
        return DECISION_WANTED if row["stage"] == "decision_wanted" else formatting.EN_DASH
    return f"{DECISION_WORDS[str(row['decision'])]}, {_day(row['decided_on'])}"


def _day(text: object) -> str:
    return formatting.date_words(date.fromisoformat(str(text)))
