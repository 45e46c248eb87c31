"""Page one: what a board must act on, in full sentences, in a fixed order.

Here: choosing the findings that lead and the order in which they stand. Not here: their wording
(`findings.py`). Nothing older than 24 months at the cut-off, and nothing superseded, may lead.
"""

from __future__ import annotations

from jsna_pipeline.catalogue.chapters import chapters
from jsna_pipeline.catalogue.indicators import indicators
from jsna_pipeline.commissioning.decisions import decisions_front
from jsna_pipeline.findings import Facts, one_line, standard_sentence
from jsna_pipeline.report import formatting
from jsna_pipeline.report.model import FrontSection, Statement
from jsna_pipeline.report.view import AreaView
from jsna_pipeline.report.voice_chapter import voice_front
from jsna_pipeline.statistics import multiplicity
from jsna_pipeline.vocabulary import Comparator, Direction, Judgement, Method, Significance
from jsna_pipeline.voice.results import VoiceResults

DEMAND = ("ehcp_caseload", "ehcp_requests", "ehcp_no_education_school_age")
OUTCOME_CHAPTERS = ("early_years", "outcomes", "attendance", "social_care", "adulthood", "health")
WAITS = ("health_autism_wait_over_13_weeks", "health_cyp_waits_over_52_weeks", "health_cyp_waits_over_18_weeks")
# Page one is one page: what is left out stands in its chapter.
MOST_WORSE, MOST_WAITS, MOST_SAID = 3, 2, 2


def front_page(view: AreaView, known: dict[str, Facts], voice: VoiceResults) -> tuple[FrontSection, ...]:
    """The sections of page one, each with the sentences that the edition supports; `voice` is of the area's surveys."""
    return (
        _standards(known),
        _demand(known),
        _waits(known),
        _outcomes(view, known),
        *_said(view, voice),
        *_decisions(view),
        _not_known(view, known),
    )


def _said(view: AreaView, voice: VoiceResults) -> tuple[FrontSection, ...]:
    said = voice_front(view.contributions.voice, voice, view.cut_off)[:MOST_SAID]
    lead = "From the area’s surveys and registers. Who answers is not everybody."
    return (FrontSection("What families and young people say", lead, said),) if said else ()


def _decisions(view: AreaView) -> tuple[FrontSection, ...]:
    said = decisions_front(view.contributions.commissioning.decisions, view.cut_off)
    return (FrontSection("Decisions sought", "", said),) if said else ()


def _standards(known: dict[str, Facts]) -> FrontSection:
    """Failed statutory standards first, the most weighty of them before the rest."""
    judged = [one for one in known.values() if one.record.standard is not None and one.is_current]
    judged.sort(key=lambda one: (not one.fails_standard, one.record.standard.priority, one.record.order))  # type: ignore[union-attr]
    said = []
    for one in judged:
        if one.fails_standard:
            text = f"{standard_sentence(one)} {_beside_peers(one)}"
            said.append(Statement(text, "fails_standard", "Statutory standard not met", one.record.id))
        else:
            said.append(Statement(one_line(one), "better", "Statutory standard met", one.record.id))
    failed = sum(one.fails_standard for one in judged)
    lead = f"{failed} of {len(judged)} standards that the law sets and public files can answer are not met."
    return FrontSection("Is the law kept?", lead, tuple(said))


def _beside_peers(one: Facts) -> str:
    """The share on time beside England and the neighbours, its rank and its trend."""
    record = one.record
    evidence = (
        f" (95% CI {formatting.interval(one.lower, one.upper, record.decimals)})" if one.lower is not None else ""
    )
    text = f"{formatting.measure(one.value, record.unit, record.decimals)}{evidence} met it"
    england, neighbours = one.comparisons.get(Comparator.ENGLAND), one.comparisons.get(Comparator.NEIGHBOURS_MEAN)
    beside = []
    if england:
        beside.append(
            f"England {formatting.measure(england.value, record.unit, record.decimals)} ({england.significance})"
        )
    if neighbours:
        mean = formatting.measure(neighbours.value, record.unit, record.decimals)
        beside.append(f"mean of {neighbours.count} statistical neighbours {mean} ({neighbours.significance})")
    if beside:
        text += f"; {'; '.join(beside)}"
    if england and england.rank and england.out_of:
        text += f"; rank {england.rank} of {england.out_of}"
    return text + _trend_words(one) + "."


def _trend_words(one: Facts) -> str:
    if one.direction == Direction.CANNOT_BE_CALCULATED:
        return "; trend cannot be calculated"
    span = f"over {one.first_period} to {one.last_period}"
    word = {Judgement.IMPROVING: "improving", Judgement.WORSENING: "worsening"}.get(Judgement(one.judgement))
    return f"; {word} {span}" if word else f"; no clear trend {span}"


def _demand(known: dict[str, Facts]) -> FrontSection:
    found = [known[name] for name in DEMAND if name in known and known[name].is_current]
    said = [Statement(one_line(one, _growth(one)), anchor=one.record.id) for one in found]
    lead = "Places by area are not published: set these numbers beside the authority's own capacity."
    return FrontSection("Is demand outgrowing places?", lead, tuple(said))


def _growth(one: Facts) -> str:
    """How a count has moved since the period before; blank for a share, whose trend is tested."""
    before = one.comparisons.get(Comparator.PREVIOUS)
    if before is None or not before.value or one.record.method is not Method.COUNT:
        return ""
    share = formatting.number(abs(one.value - before.value) / before.value * 100, 1)
    verb = "up" if one.value > before.value else "down"
    return f" That is {verb} {share}% on the period before ({formatting.number(before.value)})."


def _waits(known: dict[str, Facts]) -> FrontSection:
    found = [known[name] for name in WAITS if name in known]
    current = [one for one in found if one.is_current][:MOST_WAITS]
    said = [Statement(one_line(one), "neutral", "NHS figure", one.record.id) for one in current]
    old = [one for one in found if not one.is_current]
    if old:
        newest = max(old, key=lambda one: one.period)
        words = formatting.period_words(newest.period, newest.period_type)
        names = formatting.listed([one.record.name[:1].lower() + one.record.name[1:] for one in old])
        text = f"The newest file supplied for {names} is for {words}, too old at the cut-off to lead."
        said.append(Statement(text, "unknown", "Out of date", newest.record.id))
    if not found:
        said.append(Statement("No waiting-time file with a figure for this area was supplied.", "unknown", "Not known"))
    lead = "NHS figures cover NHS areas and providers, not the local authority."
    return FrontSection("Who waits longest for health care?", lead, tuple(said))


def _outcomes(view: AreaView, known: dict[str, Facts]) -> FrontSection:
    """Worse and getting worse first; then outcomes worse than England, or in its last quarter if untested."""
    listed = set(view.prioritised.loc[view.prioritised["listed"], "indicator_id"])
    bad = [
        one
        for one in known.values()
        if one.may_lead
        and one.is_bad_beside_england
        and one.record.standard is None
        and (one.record.id in listed or one.record.chapter in OUTCOME_CHAPTERS)
    ]
    bad.sort(key=lambda one: (one.record.id not in listed, -_share_behind(one), one.record.id))
    said = [Statement(one_line(one), "worse", _why_bad(one, listed), one.record.id) for one in bad[:MOST_WORSE]]
    return FrontSection("What is worse, and getting worse?", _tested_both_ways(view), tuple(said))


def _tested_both_ways(view: AreaView) -> str:
    """How many measures were looked at, how many are listed, and how many chance alone would list."""
    looked_at = view.prioritised
    if looked_at.empty:
        return "No current measure could be tested both against England and over time."
    number, worse, listed = len(looked_at), int(looked_at["worse"].sum()), int(looked_at["listed"].sum())
    worse_by_chance = _by_chance(number * multiplicity.COMPARISON_CHANCE)
    both_by_chance = _by_chance(float(multiplicity.expected_false_alarms(number)))
    return (
        f"Of {formatting.counted(number, 'current measure')} that could be tested against England and over time, "
        f"{worse} {_verb(worse)} worse than England ({worse_by_chance} by chance), and {listed} of these "
        f"{_verb(listed)} getting worse too ({both_by_chance} by chance)."
    )


def _verb(number: int) -> str:
    return "is" if number == 1 else "are"


def _by_chance(expected: float) -> str:
    return f"about {formatting.number(expected, 1)} expected" if expected >= 0.1 else "fewer than 0.1 expected"


def _why_bad(one: Facts, listed: set[str]) -> str:
    if one.record.id in listed:
        return "Worse and getting worse"
    england = one.against_england
    return "Worse than England" if england and england.significance == Significance.WORSE else "In the last quarter"


def _share_behind(one: Facts) -> float:
    england = one.against_england
    return england.rank / england.out_of if england and england.rank and england.out_of else 0.0


def _not_known(view: AreaView, known: dict[str, Facts]) -> FrontSection:
    """What the edition lacks, counted: files, figures too old to lead, trends, measures nobody publishes."""
    missing = view.sources.loc[view.sources["role"] == "missing", "title"].tolist()
    absent = len(indicators()) - len(known)
    old = sum(not one.is_current for one in known.values())
    no_trend = sum(
        one.direction == Direction.CANNOT_BE_CALCULATED and one.record.method in {Method.PROPORTION, Method.RATE}
        for one in known.values()
    )
    gaps = sum(len(chapter.gaps) for chapter in chapters().values())
    counted = formatting.counted
    said = [
        (
            len(missing),
            "File missing",
            f"{counted(len(missing), 'published file')} not supplied: {formatting.listed(missing)}.",
        ),
        (
            absent,
            "Not known",
            f"{counted(absent, 'indicator')} of {len(indicators())} could not be given for this area.",
        ),
        (
            old,
            "Out of date",
            f"{counted(old, 'indicator')} more than 24 months old at the cut-off may not lead this page.",
        ),
        (no_trend, "No trend", f"{counted(no_trend, 'trend')} without five comparable points could not be calculated."),
        (
            gaps,
            "No public source",
            f"{counted(gaps, 'measure')} that strategies ask for have no public source; chapters say who holds each.",
        ),
    ]
    statements = tuple(Statement(text, "unknown", label, "data-quality") for number, label, text in said if number)
    return FrontSection("What is not known?", "", statements)
