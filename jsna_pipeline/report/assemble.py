"""The frozen report of one area, assembled from its view, the catalogue and the settings.

Here: which sentence, figure and table stands where: page one, chapters, data quality, dictionary,
sources. Not here: wording of findings (`findings.py`), figures' data (`report/figures.py`), markup.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from importlib.metadata import version

import pandas as pd

from jsna_pipeline import geography
from jsna_pipeline.catalogue.chapters import ChapterRecord, OwnedGap, chapters
from jsna_pipeline.catalogue.datasets import datasets
from jsna_pipeline.catalogue.indicators import Indicator, indicators
from jsna_pipeline.commissioning.decisions import in_order
from jsna_pipeline.findings import Facts, composition_statements, facts, statements
from jsna_pipeline.governance.sign_off import Step
from jsna_pipeline.report import formatting
from jsna_pipeline.report.branding import brand_of
from jsna_pipeline.report.commissioning_chapter import commissioning_chapter
from jsna_pipeline.report.companions.glance import glance
from jsna_pipeline.report.dictionary import dictionary_entry
from jsna_pipeline.report.figures import figures
from jsna_pipeline.report.front_page import front_page
from jsna_pipeline.report.further import drawn_on_paper, further_table, paper_table
from jsna_pipeline.report.future.chapter import future_chapter
from jsna_pipeline.report.glossary import GLOSSARY
from jsna_pipeline.report.governance_section import governance_box, governance_chapter
from jsna_pipeline.report.inequality_chapter import inequality_chapter
from jsna_pipeline.report.leads import lead_figures
from jsna_pipeline.report.local_chapter import local_chapter
from jsna_pipeline.report.local_section import local_sections
from jsna_pipeline.report.local_words import within_sentence
from jsna_pipeline.report.meaning import meaning
from jsna_pipeline.report.model import Chapter, Report, Section, SourceEntry, Statement, Table
from jsna_pipeline.report.openings import opening
from jsna_pipeline.report.quality import quality_sections
from jsna_pipeline.report.self_evaluation_chapter import self_evaluation_chapter
from jsna_pipeline.report.strategy_section import strategies_chapter
from jsna_pipeline.report.view import AreaView, each_row
from jsna_pipeline.report.voice_chapter import voice_chapter
from jsna_pipeline.self_evaluation import inspection_index
from jsna_pipeline.settings import Settings
from jsna_pipeline.steering import Steering
from jsna_pipeline.vocabulary import TOTAL, AreaLevel, Method, Significance, Status

SERIES_TABLE_YEARS = 8


def assemble(view: AreaView, settings: Settings, steered: Steering) -> Report:
    """The report of `view`'s area; the same tables, files and settings give the same report, byte for byte.

    `steered` is what follows from the view (`jsna_pipeline/steering.py`).
    """
    known = {record.id: found for record in indicators().values() if (found := facts(view, record)) is not None}
    made = [_chapter(view, record, known, settings.full, steered.priorities) for record in chapters().values()]
    made = [chapter for chapter in made if chapter.sections or chapter.further or chapter.local or chapter.gaps]
    own_records = {section.section_id: section for chapter in made for section in chapter.local}
    made += _chapters_of_the_whole(view, settings, steered, known, own_records)
    sign_off = steered.governance.sign_off
    return Report(
        area_name=view.area.name,
        area_code=view.area.code,
        area_slug=view.area.slug,
        region_name=view.region_name,
        edition=view.edition,
        source=settings.source,
        illustrative=settings.source == "seeds",
        draft=sign_off.draft,
        published=sign_off.state is Step.PUBLISHED,
        cut_off=view.cut_off,
        title="Joint Strategic Needs Assessment",
        subtitle="Children and young people aged 0 to 25 with special educational needs and disabilities",
        governance=governance_box(sign_off),
        neighbours=tuple(view.neighbours["name"]),
        neighbours_model=_neighbours_model(view),
        front_page=front_page(view, known, steered.voice),
        chapters=tuple(_whole(chapter, view, known, steered) for chapter in made),
        quality=quality_sections(view, (*steered.problems, *view.boundaries.problems)),
        dictionary=tuple(dictionary_entry(record, datasets()[record.source]) for record in indicators().values()),
        sources=_sources(view),
        glossary=GLOSSARY,
        code_version=version("jsna-pipeline"),
        brand=brand_of(settings.brand, view.area.slug, settings.base),
        restricted=settings.audience == "restricted",
        glance=glance(known, steered.voice, in_order(view.contributions.commissioning.decisions), view.cut_off),
    )


def _whole(chapter: Chapter, view: AreaView, known: Mapping[str, Facts], steered: Steering) -> Chapter:
    """`chapter` with the figures that lead it and the words of people about it."""
    return replace(
        chapter,
        figures=chapter.figures or lead_figures(chapter.chapter_id, view, known),
        commentary=steered.commentary.boxes.get(chapter.chapter_id, ()),
    )


def _chapters_of_the_whole(
    view: AreaView,
    settings: Settings,
    steered: Steering,
    known: dict[str, Facts],
    own_records: Mapping[str, Section],
) -> list[Chapter]:
    """The chapters after those of the catalogue, numbered as they come; one of which nothing is known is left out."""
    given, cut_off = view.contributions, view.cut_off
    figures_held = {
        name: (one.against_england.significance if one.against_england else Significance.NOT_TESTED, one.fails_standard)
        for name, one in known.items()
    }
    entries = inspection_index(given.self_evaluation, given.framework, figures_held)
    anchors = {*known, *(f"chapter-{name}" for name in chapters())}
    makers: list[Callable[[int], Chapter | None]] = [
        lambda number: future_chapter(view, number, settings.full),
        lambda number: inequality_chapter(view, number),
        lambda number: voice_chapter(given.voice, steered.voice, cut_off, number),
        lambda number: strategies_chapter(
            view, known, own_records, given.strategies, steered.measures, steered.exceptions, number
        ),
        lambda number: self_evaluation_chapter(entries, given.framework, figures_held, number, cut_off),
        lambda number: commissioning_chapter(
            given.commissioning, steered.priorities, number, cut_off, settings.priority_weights, anchors
        ),
        lambda number: local_chapter(view, number),
        lambda number: governance_chapter(steered.governance, number),
    ]
    made: list[Chapter] = []
    for make in makers:
        if chapter := make(len(chapters()) + 1 + len(made)):
            made.append(chapter)
    return made


def _neighbours_model(view: AreaView) -> str:
    dataset = datasets()["dfe__statistical_neighbours"]
    model = dataset.options.get("model_year", view.edition)
    return f"Department for Education statistical neighbours model, {model}"


# --- chapters ----------------------------------------------------------------------------------


def _chapter(
    view: AreaView, record: ChapterRecord, known: dict[str, Facts], full: bool, priorities: pd.DataFrame
) -> Chapter:
    own = [indicator for indicator in indicators().values() if indicator.chapter == record.id]
    absent = [indicator for indicator in own if indicator.id not in known]
    drawn = [known[indicator.id] for indicator in own if indicator.id in known and indicator.figures]
    further = [known[indicator.id] for indicator in own if indicator.id in known and not indicator.figures]
    leads = lead_figures(record.id, view, known)
    on_paper = None if full else drawn_on_paper(drawn, bool(leads))
    undrawn = [] if on_paper is None else [one for one in drawn if one.record.id not in on_paper]
    unanswered = _unanswered(view, record)
    gaps = (*_absent(view, absent), *_owned_gaps(unanswered))
    found = [known[indicator.id] for indicator in own if indicator.id in known]
    return Chapter(
        chapter_id=record.id,
        number=record.number,
        title=record.title,
        question=record.question,
        opening=opening(record, found, len(gaps)),
        figures=leads,
        sections=tuple(_section(view, one.record, one) for one in drawn),
        further=tuple(_section(view, one.record, one) for one in further),
        further_table=further_table(record, further, view.area.name),
        on_paper=on_paper,
        paper_table=paper_table(record, undrawn, further, view.area.name, full),
        local=local_sections(view, record.id),
        gaps=gaps,
        about=record.introduction,
        meaning=meaning(record, found, priorities, view.contributions.commissioning, unanswered, view.cut_off),
    )


def _section(view: AreaView, record: Indicator, known: Facts) -> Section:
    dataset = datasets()[record.source]
    composed = "composition" in record.figures
    return Section(
        section_id=record.id,
        heading=record.question,
        statements=composition_statements(view, record, known) if composed else statements(known),
        figures=figures(view, record, known, f"{dataset.publisher}, {dataset.publication}"),
        tables=tuple(
            table for table in (_series_table(view, record, known), *_breakdown_tables(view, record, known)) if table
        ),
        method=_method(record),
        sources=(dataset.source_line,),
        caveats=tuple(record.caveats),
    )


def _method(record: Indicator) -> str:
    tests = {
        Method.PROPORTION: "95% intervals by Wilson's method; compared by whether the interval holds England's value.",
        Method.RATE: "95% intervals by Byar's method, exact below 10 events; compared with England by the interval.",
        Method.PUBLISHED: "The publisher's own value, without counts: no interval and no test of a difference.",
        Method.COUNT: "A count of all, without sampling: no interval is given.",
    }
    text = f"{record.description} {tests.get(record.method, '')}".strip()
    if record.published and record.denominator is not None:
        text += " Recomputed from its counts and compared with the published figure (see data quality)."
    if not record.independent_events:
        text += " The events are not independent of each other, so no test is made."
    return text


def _series_table(view: AreaView, record: Indicator, known: Facts) -> Table | None:
    """The headline through time, beside England and the neighbours' mean."""
    code, level = view.speaks_for(record)
    dimension, category = record.headline_group
    rows = view.observations(record.id, dimension=dimension, category=category)
    own = rows.loc[rows["area_code"] == code].sort_values("period").tail(SERIES_TABLE_YEARS)
    if own.empty:
        return None
    counted = own["denominator"].notna().any()
    with_interval = own["lower_ci"].notna().any()
    beside = level is AreaLevel.LOCAL_AUTHORITY and record.method is not Method.COUNT
    england = rows.loc[rows["area_code"] == geography.ENGLAND].set_index("period")["value"]
    neighbours = view.neighbours_mean(record.id, dimension, category)
    columns = ["Period", known.area_name]
    columns += ["95% interval"] if with_interval else []
    columns += ["Number", "Out of"] if counted else []
    columns += ["England", "Neighbours (mean)"] if beside else []
    body = []
    for row in each_row(own):
        cells = [
            formatting.sentence(formatting.period_words(row.period, row.period_type)),
            _cell(row.value, record, row.status),
        ]
        cells += [_interval_cell(row, record)] if with_interval else []
        cells += [_count_cell(row.numerator), _count_cell(row.denominator)] if counted else []
        cells += [_cell(england.get(row.period), record), _cell(neighbours.get(row.period), record)] if beside else []
        body.append(tuple(cells))
    return Table(
        table_id=f"{record.id}-series",
        caption=f"{record.name}, {known.area_name}, by period",
        columns=tuple(columns),
        rows=tuple(body),
        numeric=(False, *[True] * (len(columns) - 1)),
        in_pdf=False,
    )


def _cell(value: float | None, record: Indicator, status: str = "ok") -> str:
    if value is None or pd.isna(value):
        return formatting.STATUS_LABELS[Status(status)] if status != Status.OK else formatting.NOT_AVAILABLE
    return formatting.short_measure(float(value), record.unit, record.decimals)


def _interval_cell(row: object, record: Indicator) -> str:
    lower, upper = getattr(row, "lower_ci"), getattr(row, "upper_ci")  # noqa: B009 - itertuples has no static type
    return "" if pd.isna(lower) else formatting.interval(lower, upper, record.decimals)


def _count_cell(value: float) -> str:
    return "" if pd.isna(value) else formatting.number(value)


def _breakdown_tables(view: AreaView, record: Indicator, known: Facts) -> list[Table]:
    """One table per breakdown of the newest period: the area beside England."""
    code, level = view.speaks_for(record)
    rows = view.observations(record.id, period=known.period)
    made = []
    dimensions = [name for name in rows["dimension"].unique() if name != TOTAL and "_and_" not in name]
    for dimension in sorted(dimensions):
        own = rows.loc[(rows["area_code"] == code) & (rows["dimension"] == dimension)]
        if own.empty:
            continue
        england = rows.loc[(rows["area_code"] == geography.ENGLAND) & (rows["dimension"] == dimension)].set_index(
            "category"
        )["value"]
        made.append(
            _breakdown_table(
                record, known, dimension, own, england if level is AreaLevel.LOCAL_AUTHORITY else pd.Series(dtype=float)
            )
        )
    return made


def _breakdown_table(record: Indicator, known: Facts, dimension: str, own: pd.DataFrame, england: pd.Series) -> Table:
    counted = own["denominator"].notna().any()
    beside = len(england) > 0 and record.method is not Method.COUNT
    words = dimension.replace("_", " ")
    columns = [formatting.sentence(words), known.area_name]
    columns += ["Number", "Out of"] if counted else []
    columns += ["England"] if beside else []
    body = []
    for row in sorted(each_row(own), key=lambda row: _category_order(row.category)):
        cells = [formatting.sentence(formatting.category_label(row.category)), _cell(row.value, record, row.status)]
        cells += [_count_cell(row.numerator), _count_cell(row.denominator)] if counted else []
        cells += [_cell(england.get(row.category), record)] if beside else []
        body.append(tuple(cells))
    when = formatting.period_words(known.period, known.period_type)
    return Table(
        table_id=f"{record.id}-{dimension.replace('_', '-')}",
        caption=f"{record.name} by {words}, {known.area_name}, {when}",
        columns=tuple(columns),
        rows=tuple(body),
        numeric=(False, *[True] * (len(columns) - 1)),
        in_pdf=False,
    )


def _category_order(category: str) -> tuple[int, str]:
    digits = "".join(letter for letter in category if letter.isdigit())
    return (int(digits) if digits else 999, category)


def _absent(view: AreaView, records: list[Indicator]) -> tuple[Statement, ...]:
    """Measures of the catalogue that this edition cannot give for this area, each with its reason."""
    missing = set(view.sources.loc[view.sources["role"] == "missing", "dataset_id"])
    said = []
    for record in records:
        dataset = datasets()[record.numerator.table]
        reason = (
            f"the file '{dataset.title}' ({dataset.publication}) was not supplied; it is published at {dataset.page}"
            if dataset.id in missing
            else "the publisher gives no value for this area"
        )
        said.append(Statement(f"{record.name}: {reason}.", tone="unknown", label="Not known"))
    return tuple(said)


def _unanswered(view: AreaView, record: ChapterRecord) -> tuple[OwnedGap, ...]:
    """What no public source says, less what the area's own records and what it says of its finance do."""
    own = {*view.local["local_counts"]["table_id"], *view.local["local_statistics"]["table_id"]}
    told = view.contributions.finance is not None

    def answered(gap: OwnedGap) -> bool:
        held = own.issuperset(gap.local_tables) and (told or not gap.finance)
        return held and bool(gap.local_tables or gap.finance)

    return tuple(gap for gap in record.gaps if not answered(gap))


def _owned_gaps(unanswered: tuple[OwnedGap, ...]) -> tuple[Statement, ...]:
    return tuple(
        Statement(
            f"{gap.measure}. {gap.why} Who holds it: {gap.holder}. What to ask for: {within_sentence(gap.supply)}",
            tone="unknown",
            label="No public source",
            on_paper=f"{gap.measure}. Who holds it: {gap.holder}.",
        )
        for gap in unanswered
    )


def _sources(view: AreaView) -> tuple[SourceEntry, ...]:
    return tuple(
        SourceEntry(
            dataset_id=row.dataset_id,
            publisher=row.publisher,
            publication=row.publication,
            title=row.title,
            file=f"{row.member} in {row.file}" if row.member else row.file,
            sha256=row.sha256,
            licence=row.licence,
            page=row.page,
            latest_period=row.latest_period,
            released=row.released,
            present=row.role != "missing",
        )
        for row in view.sources.loc[view.sources["role"] != "superseded"].itertuples()
    )
