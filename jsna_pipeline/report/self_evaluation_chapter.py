"""The chapter of self-evaluation: the grid of criteria, and where in the report each is evidenced.

Here: sentences and tables from an inspection index. Not here: reading the grid or joining it with figures
(`self_evaluation.py`), or the criteria (`catalogue/inspection.py`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date

from jsna_pipeline.catalogue.chapters import chapters
from jsna_pipeline.catalogue.indicators import indicators
from jsna_pipeline.catalogue.inspection import InspectionFramework, Part
from jsna_pipeline.periods import months_between
from jsna_pipeline.report import formatting
from jsna_pipeline.report.model import Chapter, Section, Statement, Table
from jsna_pipeline.self_evaluation import Figures, IndexEntry, OwnJudgement
from jsna_pipeline.vocabulary import Significance

OLD_IN_MONTHS = 12
FAILS, WORSE = "fails the standard", "worse than England"
SAID = 3  # figures named in a sentence; the index has all
WORDS = {
    OwnJudgement.STRENGTH: "Strength",
    OwnJudgement.DEVELOPING: "Developing",
    OwnJudgement.AREA_FOR_DEVELOPMENT: "Area for development",
    OwnJudgement.NOT_YET_JUDGED: "Not yet judged",
}
PARTS = {Part.IMPACT: "Impact on children and young people", Part.PARTNERSHIP: "How partners work together"}


def self_evaluation_chapter(
    entries: Sequence[IndexEntry], framework: InspectionFramework, figures: Figures, number: int, today: date
) -> Chapter | None:
    """The chapter, or None where the area has judged nothing; `today` is the edition's cut-off.

    `figures` are the indicators that have a place in the report: the index links to them.
    """
    if not any(entry.row for entry in entries):
        return None
    return Chapter(
        chapter_id="self-evaluation",
        number=number,
        title="Self-evaluation",
        question="How well do partners think they do, and what bears it out?",
        opening=(
            "The local partnership judges itself against the criteria of area SEND inspections. The judgements are its "
            "own; the figures beside them are those of this report.",
            _counted(entries),
        ),
        sections=(_section(entries, framework, figures, today),),
    )


def _counted(entries: Sequence[IndexEntry]) -> str:
    """ "Of 11 criteria, 2 are judged a strength, 5 developing and 3 areas for development; 1 is not yet judged." """
    counts = Counter(entry.judgement for entry in entries)
    parts = [
        f"{formatting.number(counts[word])} {'is' if counts[word] == 1 else 'are'} {said}"
        for word, said in (
            (OwnJudgement.STRENGTH, "judged a strength"),
            (OwnJudgement.DEVELOPING, "developing"),
            (OwnJudgement.AREA_FOR_DEVELOPMENT, "for development"),
            (OwnJudgement.NOT_YET_JUDGED, "not yet judged"),
        )
        if counts[word]
    ]
    return f"Of {formatting.counted(len(entries), 'criterion', 'criteria')}, {formatting.listed(parts)}."


# --- the grid ----------------------------------------------------------------------------------


def _section(entries: Sequence[IndexEntry], framework: InspectionFramework, figures: Figures, today: date) -> Section:
    return Section(
        section_id="evaluation-grid",
        heading="What do partners judge to be strong, and what has to get better?",
        statements=(*_contradictions(entries), *_old(entries, today), *_without_figure(entries)),
        figures=(),
        tables=(_short_grid(entries), _full_grid(entries), *_index_tables(entries, figures)),
        method=(
            "The criteria are put in our own words. A judgement of “strength” is marked where a figure named for the "
            "criterion is worse than England at 95% confidence or fails what the law requires. A figure that cannot "
            "be tested marks nothing, and no judgement is changed. On screen each criterion is linked to its figures."
        ),
        sources=(
            f"{framework.publishers}: {framework.title}, used from {formatting.date_words(framework.used_from)}, "
            f"as updated on {formatting.date_words(framework.updated)}; {framework.page}",
        ),
        caveats=(framework.note,),
    )


def _contradictions(entries: Sequence[IndexEntry]) -> list[Statement]:
    return [_contradiction(entry) for entry in entries if entry.contradictions]


def _contradiction(entry: IndexEntry) -> Statement:
    named = [
        f"{indicators()[one.indicator_id].name} ({FAILS if one.fails_standard else WORSE})"
        for one in entry.contradictions[:SAID]
    ]
    rest = len(entry.contradictions) - SAID
    if rest > 0:
        named.append(formatting.counted(rest, "other"))
    text = f"{entry.criterion.criterion}: judged a strength. Look again at {formatting.listed(named)}."
    fails = any(one.fails_standard for one in entry.contradictions)
    return Statement(
        text,
        "fails_standard" if fails else "worse",
        "The figures do not bear this out",
        entry.contradictions[0].indicator_id,
    )


def _old(entries: Sequence[IndexEntry], today: date) -> list[Statement]:
    old = [
        entry
        for entry in entries
        if entry.row and entry.row.judged_on and months_between(entry.row.judged_on, today) >= OLD_IN_MONTHS
    ]
    if not old:
        return []
    verb = "was" if len(old) == 1 else "were"
    text = f"{formatting.counted(len(old), 'judgement')} {verb} made a year or more before the data cut-off."
    return [Statement(text, "neutral", "Judge again")]


def _short_grid(entries: Sequence[IndexEntry]) -> Table:
    """One line a criterion, for paper and as an overview on screen."""
    return Table(
        table_id="evaluation-grid-table",
        caption="The criteria of inspection and the partnership's own judgement",
        columns=("Criterion", "Own judgement", "Confidence", "Main strength", "First to develop", "Chapters"),
        rows=tuple(_short_row(entry) for entry in entries),
        numeric=(False,) * 6,
    )


def _short_row(entry: IndexEntry) -> tuple[str, ...]:
    row = entry.row
    judgement = WORDS[entry.judgement] + (" (figures do not bear this out)" if entry.contradictions else "")
    numbers = sorted(chapters()[one].number for one in entry.criterion.chapters)
    return (
        entry.criterion.criterion,
        judgement,
        _or_dash(formatting.sentence(row.confidence) if row else ""),
        _or_dash(_first_sentence(row.strengths) if row else ""),
        _or_dash(_first_sentence(row.areas_for_development) if row else ""),
        ", ".join(str(one) for one in numbers),
    )


def _full_grid(entries: Sequence[IndexEntry]) -> Table:
    return Table(
        table_id="evaluation-full-table",
        caption="Self-evaluation in full",
        columns=(
            "Criterion",
            "Part",
            "What is looked for",
            "Own judgement",
            "Strengths",
            "Areas for development",
            "Confidence",
            "Evidence beside the figures",
            "Owner",
            "Judged on",
            "What figures do not show",
        ),
        rows=tuple(_full_row(entry) for entry in entries),
        numeric=(False,) * 11,
        in_pdf=False,
    )


def _full_row(entry: IndexEntry) -> tuple[str, ...]:
    row, criterion = entry.row, entry.criterion
    own = (
        (
            row.strengths,
            row.areas_for_development,
            formatting.sentence(row.confidence),
            row.evidence,
            row.owner,
            formatting.date_words(row.judged_on) if row.judged_on else "",
        )
        if row
        else ("",) * 6
    )
    return (
        criterion.criterion,
        PARTS[criterion.part],
        " ".join(criterion.looked_for),
        WORDS[entry.judgement],
        *(_or_dash(cell) for cell in own),
        " ".join(criterion.gaps),
    )


# --- the index ---------------------------------------------------------------------------------


def _without_figure(entries: Sequence[IndexEntry]) -> list[Statement]:
    names = [entry.criterion.criterion for entry in entries if not entry.evidenced_by]
    text = f"No figure of this report bears on: {formatting.listed(names)}."
    return [Statement(text, "unknown", "No figure")] if names else []


def _index_tables(entries: Sequence[IndexEntry], figures: Figures) -> tuple[Table, ...]:
    """The inspection-ready index: a row for each criterion and figure, linked to the figure's section."""
    pairs = [(entry, one) for entry in entries for one in entry.evidenced_by]
    index = Table(
        table_id="evaluation-index",
        caption="Where to find the evidence for each criterion of inspection",
        columns=("Figure", "Criterion", "Beside England", "Chapter"),
        rows=tuple(
            (
                indicators()[one].name,
                entry.criterion.criterion,
                _beside(figures[one]),
                chapters()[indicators()[one].chapter].title,
            )
            for entry, one in pairs
        ),
        numeric=(False,) * 4,
        in_pdf=False,
        anchors=tuple(one for _, one in pairs),
    )
    return (index,) if pairs else ()


def _beside(figure: tuple[str, bool]) -> str:
    significance, fails = figure
    words = formatting.SIGNIFICANCE_LABELS[Significance(significance)]
    return f"{words}; fails what the law requires" if fails else words


def _first_sentence(text: str) -> str:
    first, stop, _ = text.partition(". ")
    return first + stop.strip()


def _or_dash(text: str) -> str:
    return text or formatting.EN_DASH
