"""The chapter "What should be commissioned": priorities, proposals, the map of services and decisions.

Here: sentences and tables from what the area has written, and the order of the sections. Not here: the priorities
(`report/priorities_section.py`) or reading the files (`commissioning/plan.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date

import pandas as pd

from jsna_pipeline.catalogue.chapters import chapters
from jsna_pipeline.catalogue.indicators import indicators
from jsna_pipeline.catalogue.strategies import TargetRule, strategies
from jsna_pipeline.commissioning import services as cover
from jsna_pipeline.commissioning.decisions import ANCHOR, COST_BANDS, decision_sentence, in_order
from jsna_pipeline.commissioning.plan import Commissioning, Lead, Proposal, Service
from jsna_pipeline.commissioning.weighing import TOP
from jsna_pipeline.report import formatting
from jsna_pipeline.report.model import Chapter, Section, Statement, Table
from jsna_pipeline.report.priorities_section import LEADING, chapter_title, priorities_section

SMALL = 5  # children waiting, up to which a number is hidden
HIDDEN = "c"
LEADS: dict[Lead, str] = {
    "authority": "Authority",
    "icb": "ICB",
    "both": "Authority and ICB",
    "schools": "Schools",
}
RULES = {
    TargetRule.ALL: "All (100%)",
    TargetRule.VS_PRIOR_TO_INTERVENTION: "Better than before the change",
    TargetRule.REDUCE_WINDOW: "Reduce over named years",
    TargetRule.MONTHLY_REDUCE: "Reduce month on month",
    TargetRule.RECORD: "Recorded in full",
}


def commissioning_chapter(
    plan: Commissioning,
    priorities: pd.DataFrame,
    number: int,
    today: date,
    weights: Mapping[str, float] | None = None,
    printed: Collection[str] = (),
) -> Chapter | None:
    """The chapter, or None where nothing is written and no chapter could be ranked.

    `priorities` is the `CommissioningPriorities` table of the area, made with `weights`; `today` is the edition's
    cut-off; `printed` are the anchors of the report to which it may link: ids of indicators, `chapter-<id>`.
    """
    ranked = priorities.loc[priorities["rank"].notna()]
    if not plan and ranked.empty:
        return None
    order = [str(topic) for topic in ranked.sort_values("rank")["topic"]]
    made = (
        priorities_section(priorities, weights) if len(ranked) else None,
        _proposals_section(plan, order, today, printed) if plan.proposals else None,
        _services_section(plan.services, order, today) if plan.services else None,
        _decisions_section(plan, today, printed) if plan.decisions else None,
    )
    return Chapter(
        chapter_id="commissioning",
        number=number,
        title="What should be commissioned",
        question="Which needs come first, what is proposed, and who decides?",
        opening=(
            *([_first_sentence(order)] if order else []),
            "Each chapter is weighed by the same seven criteria; the order starts a conversation and settles none.",
            _plan_sentence(plan),
        ),
        sections=tuple(section for section in made if section),
    )


def _first_sentence(order: Sequence[str]) -> str:
    """ "Of 8 chapters that could be ranked, these come first: The EHC system, Early years and Provision." """
    leading = formatting.listed([chapter_title(topic) for topic in order[:LEADING]])
    return f"Of {formatting.counted(len(order), 'chapter')} that could be ranked, these come first: {leading}."


def _plan_sentence(plan: Commissioning) -> str:
    """ "The area has written down 8 proposals and 4 decisions." """
    written = ((plan.proposals, "proposal"), (plan.services, "service"), (plan.decisions, "decision"))
    parts = [formatting.counted(len(rows), noun) for rows, noun in written if rows]
    return f"The area has written down {formatting.listed(parts) or 'no plan yet'}."


# --- proposals ---------------------------------------------------------------------------------


def _proposals_section(plan: Commissioning, order: Sequence[str], today: date, printed: Collection[str]) -> Section:
    number = {chapter: record.number for chapter, record in chapters().items()}
    ordered = sorted(plan.proposals, key=lambda one: (number[one.chapter], one.row))
    return Section(
        section_id="commissioning-proposals",
        heading="What do partners propose?",
        statements=_on_proposals(ordered, order, today),
        figures=(),
        tables=(_proposal_table(ordered), _full_table(ordered, printed)),
        method="Proposals, costs and leads are the partners' own. ICB is the integrated care board.",
        sources=(),
    )


def _on_proposals(proposals: Sequence[Proposal], order: Sequence[str], today: date) -> tuple[Statement, ...]:
    said = []
    proposed = {one.chapter for one in proposals}
    if missing := [chapter_title(chapter) for chapter in order[:TOP] if chapter not in proposed]:
        text = f"Among the first {TOP} chapters, no proposal is made for {formatting.listed(missing)}."
        said.append(Statement(text, "unknown", "No proposal"))
    if unmeasured := sum(not one.measure for one in proposals):
        verb = "has" if unmeasured == 1 else "have"
        text = f"{formatting.counted(unmeasured, 'proposal')} {verb} no measure by which success could be seen."
        said.append(Statement(text, "unknown", "No measure"))
    if late := sum(bool(one.due and one.due < today and one.status not in ("done", "declined")) for one in proposals):
        verb = "was" if late == 1 else "were"
        text = f"{formatting.counted(late, 'proposal')} {verb} due before {formatting.date_words(today)}, and not done."
        said.append(Statement(text, "worse", "Overdue"))
    return tuple(said)


def _proposal_table(proposals: Sequence[Proposal]) -> Table:
    return Table(
        table_id="commissioning-proposals-table",
        caption="From need to proposal",
        columns=("Need", "Chapter", "Proposal", "Lead", "Cost a year", "Measure and target", "Due"),
        rows=tuple(
            (
                one.need,
                str(chapters()[one.chapter].number),
                one.proposal,
                LEADS[one.lead],
                formatting.sentence(COST_BANDS[one.cost_band]),
                _measure(one),
                _month(one.due),
            )
            for one in proposals
        ),
        numeric=(False,) * 7,
    )


def _full_table(proposals: Sequence[Proposal], printed: Collection[str]) -> Table:
    return Table(
        table_id="commissioning-proposals-full",
        caption="Proposals in full",
        columns=(
            "Need",
            "Chapter",
            "Now",
            "Gap",
            "Proposal",
            "Lead",
            "Cost a year",
            "Measure",
            "Status",
            "Owner",
            "Due",
        ),
        rows=tuple(
            (
                one.need,
                chapter_title(one.chapter),
                one.current_service or formatting.EN_DASH,
                one.gap or formatting.EN_DASH,
                one.proposal,
                LEADS[one.lead],
                formatting.sentence(COST_BANDS[one.cost_band]),
                _measure(one),
                formatting.sentence(one.status),
                one.owner or formatting.EN_DASH,
                _day(one.due),
            )
            for one in proposals
        ),
        numeric=(False,) * 11,
        in_pdf=False,
        anchors=tuple(one.measure if one.measure in printed else "" for one in proposals),
    )


def _measure(one: Proposal) -> str:
    if not one.measure:
        return "Not yet agreed"
    rule = f": {rule_words(one.target_rule).lower()}" if one.target_rule else ": target not yet agreed"
    return _measure_name(one.measure) + rule


def _measure_name(measure: str) -> str:
    if measure in indicators():
        return indicators()[measure].name
    strategy, _, row = measure.partition("/")
    return f"{strategies()[strategy].name if strategy in strategies() else strategy}, row {row}"


def rule_words(rule: TargetRule) -> str:
    """A target rule as a table prints it."""
    return RULES.get(rule) or formatting.sentence(rule.lower().replace("_", " "))


def _day(day: date | None) -> str:
    return formatting.date_words(day) if day else formatting.EN_DASH


def _month(day: date | None) -> str:
    """A day's month, which is as much as a table on paper needs."""
    return formatting.date_words(day).partition(" ")[2] if day else formatting.EN_DASH


# --- services ----------------------------------------------------------------------------------


def _services_section(services: Sequence[Service], order: Sequence[str], today: date) -> Section:
    return Section(
        section_id="commissioning-services",
        heading="What is there today, and where is nothing named?",
        statements=_on_services(services, order, today),
        figures=(),
        tables=(_count_table(services), _map_table(services), _service_table(services)),
        method="Services are those that partners have listed. An empty place may be a service that nobody wrote down.",
        sources=(),
    )


def _on_services(services: Sequence[Service], order: Sequence[str], today: date) -> tuple[Statement, ...]:
    said = []
    missing = cover.gaps(services)
    for tier in dict.fromkeys(gap.tier for gap in missing):
        places = formatting.listed([gap.locality for gap in missing if gap.tier == tier])
        said.append(Statement(f"No {tier} service is named in {places}.", "unknown", "Gap in the map"))
    served = {service.chapter for service in services}
    if unserved := [chapter_title(chapter) for chapter in order[:TOP] if chapter not in served]:
        text = f"Among the first {TOP} chapters, no service is listed for {formatting.listed(unserved)}."
        said.append(Statement(text, "unknown", "No service listed"))
    if ending := cover.ending_within(services, today):
        verb = "has ended or ends" if len(ending) == 1 else "have ended or end"
        text = (
            f"{formatting.counted(len(ending), 'contract')} {verb} within a year of {formatting.date_words(today)}; "
            f"first {ending[0].service}, on {_day(ending[0].contract_ends)}."
        )
        said.append(Statement(text, "neutral", "Contracts"))
    return tuple(said)


def _count_table(services: Sequence[Service]) -> Table:
    """How many services each place has, for paper and as an overview on screen."""
    return Table(
        table_id="commissioning-map-counts",
        caption="Number of services by place and tier",
        columns=("Place", *(formatting.sentence(tier) for tier in cover.TIERS)),
        rows=_by_place(services, lambda found: formatting.number(len(found)) if found else "None named"),
        numeric=(False, *(True,) * len(cover.TIERS)),
        notes=("Services of the whole area also serve each place.",),
    )


def _map_table(services: Sequence[Service]) -> Table:
    return Table(
        table_id="commissioning-map",
        caption="Services by place and tier",
        columns=("Place", *(formatting.sentence(tier) for tier in cover.TIERS)),
        rows=_by_place(services, lambda found: "; ".join(one.service for one in found) or "None named"),
        numeric=(False,) * (1 + len(cover.TIERS)),
        in_pdf=False,
    )


def _by_place(services: Sequence[Service], cell: Callable[[Sequence[Service]], str]) -> tuple[tuple[str, ...], ...]:
    whole = ("Whole area", *(cell(cover.whole_area(services, tier)) for tier in cover.TIERS))
    places = (
        (place, *(cell(cover.serving(services, place, tier)) for tier in cover.TIERS))
        for place in cover.localities(services)
    )
    return (whole, *places)


def _service_table(services: Sequence[Service]) -> Table:
    tier = {name: place for place, name in enumerate(cover.TIERS)}
    ordered = sorted(services, key=lambda one: (tier[one.tier], one.service.casefold()))
    return Table(
        table_id="commissioning-services-table",
        caption="Services in full",
        columns=(
            "Service",
            "Kind",
            "Tier",
            "Provider",
            "Commissioner",
            "Ages",
            "Places served",
            "Capacity",
            "Waiting",
            "Contract ends",
            "Chapter",
        ),
        rows=tuple(_service_row(one) for one in ordered),
        numeric=(False, False, False, False, False, False, False, True, True, False, False),
        notes=(f"{HIDDEN}: 1 to {SMALL} children wait, and the number is hidden.",),
        in_pdf=False,
    )


def _service_row(one: Service) -> tuple[str, ...]:
    places = "Whole area" if cover.serves_whole_area(one) else formatting.listed(one.localities)
    return (
        one.service,
        one.kind or formatting.EN_DASH,
        formatting.sentence(one.tier),
        one.provider or formatting.EN_DASH,
        LEADS[one.commissioner],
        _ages(one),
        places,
        formatting.EN_DASH if one.capacity is None else formatting.number(one.capacity),
        _waiting(one.waiting),
        _day(one.contract_ends),
        chapter_title(one.chapter),
    )


def _ages(one: Service) -> str:
    if one.age_from is None and one.age_to is None:
        return formatting.EN_DASH
    return f"{one.age_from or 0} to {25 if one.age_to is None else one.age_to}"


def _waiting(number: int | None) -> str:
    if number is None:
        return formatting.EN_DASH
    return HIDDEN if 0 < number <= SMALL else formatting.number(number)


# --- decisions ---------------------------------------------------------------------------------


def _decisions_section(plan: Commissioning, today: date, printed: Collection[str]) -> Section:
    ordered = in_order(plan.decisions)
    return Section(
        section_id=ANCHOR,
        heading="Which decisions are sought?",
        statements=tuple(
            Statement(
                " ".join(filter(None, (decision_sentence(one, today), one.why))),
                "neutral",
                "Decision sought",
                anchor if (anchor := f"chapter-{one.chapter}") in printed else "",
            )
            for one in ordered
        ),
        figures=(),
        tables=_options(plan),
        method="Each decision is sought from the board that is named, by the day that is named.",
        sources=(),
    )


def _options(plan: Commissioning) -> tuple[Table, ...]:
    with_options = [one for one in in_order(plan.decisions) if one.options]
    if not with_options:
        return ()
    return (
        Table(
            table_id="commissioning-options",
            caption="Options for each decision",
            columns=("Decision", "Options", "Board", "By"),
            rows=tuple(
                (
                    formatting.sentence(one.decision),
                    "; ".join(one.options),
                    one.board or formatting.EN_DASH,
                    _day(one.by),
                )
                for one in with_options
            ),
            numeric=(False,) * 4,
            in_pdf=False,
        ),
    )
