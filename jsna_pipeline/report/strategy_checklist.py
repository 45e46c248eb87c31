"""What public figures answer of what local strategies ask; for an area without one, all strategies as a checklist.

Here: how many measures published files answer, how those stand beside England, and the checklist's tables. Not
here: the facts themselves (`findings.py`), the same for all areas (`strategy_answers.py`), or the scorecards of
an area's own strategies (`report/strategy_section.py`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from jsna_pipeline.catalogue.indicators import indicators
from jsna_pipeline.catalogue.strategies import Answer, AnsweringIndicator, EvidenceKind, Measure, Strategy
from jsna_pipeline.findings import Facts, facts, tone_of
from jsna_pipeline.report import formatting
from jsna_pipeline.report.further import named
from jsna_pipeline.report.model import Section, Statement, Table
from jsna_pipeline.report.view import AreaView
from jsna_pipeline.vocabulary import Judgement, Significance

SHOWN = 3
COLUMNS = ("Measure", "Asked in", "Answer", "Newest figure beside England", "What is missing, and who holds it")
NO_ANSWER = {
    EvidenceKind.STATISTIC: "No public figure",
    EvidenceKind.SURVEY: "No: needs a survey",
    EvidenceKind.MILESTONE: "No: a milestone",
    EvidenceKind.RECORD: "No: a local record",
}
KINDS = {
    EvidenceKind.STATISTIC: ("statistic", "statistics"),
    EvidenceKind.SURVEY: ("survey result", "survey results"),
    EvidenceKind.MILESTONE: ("milestone", "milestones"),
    EvidenceKind.RECORD: ("local record", "local records"),
}
TESTED = (Significance.WORSE, Significance.SIMILAR, Significance.BETTER, Significance.HIGHER, Significance.LOWER)
Group = tuple[str, str]  # an indicator's id and the group meant; blank is its headline


def answers_section(
    view: AreaView,
    known: dict[str, Facts],
    own_records: Mapping[str, Section],
    chosen: Mapping[str, Strategy],
) -> Section:
    """How far public figures answer the strategies `chosen`; `known` are the area's headline facts.

    `own_records` are the sections made of the area's own returns, by id. Tables stand here only for an area
    without a strategy of its own: the others have their scorecards.
    """
    every = list(chosen.values())
    own = [strategy for strategy in every if view.area.slug in strategy.areas]
    asked = own or every
    found = _found(view, known, _measures(asked))
    return Section(
        section_id="local-strategies",
        heading="What can public figures answer?",
        statements=(
            *_of_documents(view, own, every),
            *_beside(found, own),
            *_gaps(view, asked, found),
            *_of_own_records(asked, own_records),
        ),
        figures=(),
        tables=() if own else tuple(_table(view, strategy, found, own_records) for strategy in every),
        method="Each measure was read against the published files in use: answered in full, in part, or not.",
        sources=tuple(cited(strategy) for strategy in asked),
        caveats=("A strategy may want a direction that is neither good nor bad in itself.",),
    )


def _measures(chosen: Iterable[Strategy]) -> list[Measure]:
    return [measure for strategy in chosen for measure in strategy.measures]


def _found(view: AreaView, known: dict[str, Facts], measures: list[Measure]) -> dict[Group, Facts]:
    """Facts of every group that a measure names; headlines are those the chapters print."""
    named_groups = {(one.id, one.group): one for measure in measures for one in measure.indicators}
    looked_up = {group: _facts_of(view, known, one) for group, one in named_groups.items()}
    return {group: one for group, one in looked_up.items() if one is not None}


def _facts_of(view: AreaView, known: dict[str, Facts], one: AnsweringIndicator) -> Facts | None:
    if not one.group:
        return known.get(one.id)
    return facts(view, indicators()[one.id].model_copy(update={"headline": one.group}))


def _known_of(measure: Measure, found: dict[Group, Facts]) -> list[Facts]:
    return [found[group] for one in measure.indicators if (group := (one.id, one.group)) in found]


# --- sentences ---------------------------------------------------------------------------------


def _of_documents(view: AreaView, own: list[Strategy], every: list[Strategy]) -> list[Statement]:
    if own:
        titles = formatting.listed([strategy.name for strategy in own])
        return [Statement(f"{titles}: {_counted(_measures(own))}", "neutral", f"Strategies of {view.area.name}")]
    areas = {slug for strategy in every for slug in strategy.areas}
    documents = f"{formatting.counted(len(every), 'document')} of {formatting.counted(len(areas), 'area')}"
    text = f"None of the documents is of {view.area.name}: they stand here as a checklist of what strategies ask."
    return [
        Statement(text, "neutral", "Checklist"),
        Statement(f"All {documents}: {_counted(_measures(every))}", "neutral", "All strategies"),
    ]


def _beside(found: dict[Group, Facts], own: list[Strategy]) -> list[Statement]:
    text = _beside_england([found[group] for group in sorted(found)]) if own else ""
    return [Statement(text, "neutral", "Beside England")] if text else []


def _beside_england(figures: list[Facts]) -> str:
    """How the figures stand beside England, and how many of them the law finds wanting all the same."""
    counts = Counter(Significance(one.against_england.significance) for one in figures if one.against_england)
    parts = [
        f"{formatting.number(counts[word])} {word.value} {'to' if word is Significance.SIMILAR else 'than'} England"
        for word in TESTED
        if counts[word]
    ]
    if not parts:
        return ""
    tested = formatting.counted(sum(counts[word] for word in TESTED), "figure")
    text = f"Of the {tested} behind them that can be tested against England, {formatting.listed(parts)}."
    failed = sum(one.fails_standard for one in figures)
    fails = (
        f"{formatting.counted(failed, 'figure')} {'falls' if failed == 1 else 'fall'} short of what the law requires"
    )
    return f"{text} Whatever England's value, {fails}." if failed else text


def _gaps(view: AreaView, asked: list[Strategy], found: dict[Group, Facts]) -> list[Statement]:
    """What nobody publishes, and what is published elsewhere only."""
    said = []
    kinds = Counter(measure.evidence for measure in _measures(asked) if measure.answer is Answer.NO)
    if kinds:
        parts = [formatting.counted(kinds[kind], *words) for kind, words in KINDS.items() if kinds[kind]]
        text = f"No public figure answers {formatting.listed(parts)}; the tables name who holds each."
        said.append(Statement(text, "unknown", "No public figure"))
    blank = [one for one in _measures(asked) if one.answer is not Answer.NO and not _known_of(one, found)]
    if blank:
        text = (
            f"For {formatting.counted(len(blank), 'measure')} that public figures answer elsewhere, "
            f"no figure is published for {view.area.name}."
        )
        said.append(Statement(text, "unknown", "Not published here"))
    return said


def _of_own_records(asked: list[Strategy], own_records: Mapping[str, Section]) -> list[Statement]:
    served = [measure for measure in _measures(asked) if _own_figures(measure, own_records)]
    if not served:
        return []
    text = f"The area’s own records add provisional figures to {formatting.counted(len(served), 'measure')} of them."
    return [Statement(text, "neutral", "Own records")]


def _counted(measures: list[Measure]) -> str:
    """ "of 160 measures, public figures answer 22 in full and 63 in part; 75 have none."""
    counts = Counter(measure.answer for measure in measures)
    return (
        f"of {formatting.counted(len(measures), 'measure')}, public figures answer "
        f"{formatting.number(counts[Answer.YES])} in full and {formatting.number(counts[Answer.PARTLY])} in part; "
        f"{formatting.number(counts[Answer.NO])} {'has' if counts[Answer.NO] == 1 else 'have'} none."
    )


def cited(strategy: Strategy) -> str:
    if strategy.begins is None:
        return strategy.title
    return f"{strategy.title}, {strategy.begins} to {strategy.ends}" if strategy.ends else strategy.title


# --- tables ------------------------------------------------------------------------------------


def _table(view: AreaView, strategy: Strategy, found: dict[Group, Facts], own_records: Mapping[str, Section]) -> Table:
    """One row for each measure of the strategy, linked to the section of its first figure."""
    first = [next(iter(_known_of(measure, found)), None) for measure in strategy.measures]
    return Table(
        table_id=f"strategy-{strategy.id.replace('_', '-')}",
        caption=f"What public figures answer: {strategy.title}",
        columns=COLUMNS,
        rows=tuple(_row(view, strategy, measure, found, own_records) for measure in strategy.measures),
        numeric=(False,) * len(COLUMNS),
        notes=(strategy.note,),
        in_pdf=False,
        anchors=tuple(one.record.id if one else "" for one in first),
    )


def _row(
    view: AreaView,
    strategy: Strategy,
    measure: Measure,
    found: dict[Group, Facts],
    own_records: Mapping[str, Section],
) -> tuple[str, ...]:
    answer = {Answer.YES: "Yes", Answer.PARTLY: "In part"}.get(measure.answer) or NO_ANSWER[measure.evidence]
    local = _own_figures(measure, own_records)
    return (
        measure.measure,
        asked_in(strategy, measure),
        f"{answer}; own records say more" if local else answer,
        " ".join(text for text in (_figures(view, measure, found), local) if text not in ("", formatting.EN_DASH))
        or formatting.EN_DASH,
        missing_words(measure),
    )


def _own_figures(measure: Measure, own_records: Mapping[str, Section]) -> str:
    """The first sentence of each local table that serves the measure."""
    found = [own_records[f"local-{name}"] for name in measure.local_tables if f"local-{name}" in own_records]
    said = [section.statements[0].text for section in found if section.statements]
    return f"Own records, provisional: {' '.join(said[:SHOWN])}" if said else ""


def missing_words(measure: Measure) -> str:
    held = f"Held by {measure.holder}." if measure.holder else ""
    return " ".join(filter(None, (measure.missing, held))) or formatting.EN_DASH


def asked_in(strategy: Strategy, measure: Measure) -> str:
    """ "Objective 3.1 and 3.2"; a part that has a name and no number is called by its title."""
    titles = {one.id: one.title for one in strategy.priorities} | {one.id: one.title for one in strategy.objectives}
    numbered = [text for text in measure.references if text[0].isdigit()]
    words = [titles.get(text, text) for text in measure.references if not text[0].isdigit()]
    places = ([f"{strategy.parts} {formatting.listed(numbered)}"] if numbered else []) + words
    return formatting.sentence(
        formatting.listed([f"every {strategy.parts}" if one == "all" else one for one in places])
    )


def _figures(view: AreaView, measure: Measure, found: dict[Group, Facts]) -> str:
    if measure.answer is Answer.NO:
        return formatting.EN_DASH
    known = _known_of(measure, found)
    if not known:
        return f"No figure is published for {view.area.name}."
    more = f" {formatting.counted(len(known) - SHOWN, 'further figure')} in the chapters." if len(known) > SHOWN else ""
    return " ".join(_figure(one) for one in known[:SHOWN]) + more


def _figure(one: Facts) -> str:
    """ "Repeat referrals: 19.7% (2024/25); similar to England (22.6%)."""
    record = one.record
    text = f"{named(one)}: {formatting.measure(one.value, record.unit, record.decimals)}"
    text += f" ({formatting.period_words(one.period, one.period_type)})"
    if england := one.against_england:
        value = formatting.measure(england.value, record.unit, record.decimals)
        _, words = tone_of(one)
        beside = words.replace("England", f"England ({value})")
        text += f"; {beside[:1].lower()}{beside[1:]}" if words else f"; England {value}"
    turn = {Judgement.IMPROVING: "; improving", Judgement.WORSENING: "; worsening"}
    return f"{text}{turn.get(Judgement(one.judgement), '')}."
