"""The chapter on what children, young people and families say, and what of it leads page one.

Here: sentences and tables from an area's surveys and registers. Not here: reading and computing them (`voice/`), or
any judgement of people's own words: themes are printed as somebody entered them, quotations only with consent.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pandas as pd

from jsna_pipeline.report import formatting
from jsna_pipeline.report.leads.voice import voice_figures
from jsna_pipeline.report.model import Chapter, Section, Statement, Table
from jsna_pipeline.vocabulary import TOTAL, Significance, Status
from jsna_pipeline.voice.reading import Voice
from jsna_pipeline.voice.registers import Agrees, ForumStatement, Quotation, YouSaid, YouSaidStatus, open_items
from jsna_pipeline.voice.representativeness import LIKENESS_WORDS, Likeness, Mix, representativeness_index
from jsna_pipeline.voice.results import LOW_BASE, WITH_NOT_STATED, VoiceResults, hidden_categories
from jsna_pipeline.voice.survey import AUDIENCES, AskedQuestion, Survey
from jsna_pipeline.voice.weighting import Weighting

HIDDEN = "c"
HIDDEN_NOTE = f"c: fewer than {LOW_BASE} people answered, or such a number could be worked out from this one."
ON_PAPER = 6  # rows of a register; the rest is on screen
SAID = 3
QUOTED = 4
HEADLINE_MONTHS = 24
SMALL_P = 0.001
ILLUSTRATIVE = "The answers are invented and show what the chapter looks like."
Asked = tuple[Survey, pd.Series]  # a survey, and the row of a question's positive share in it
READING = {
    Significance.BETTER: "Better",
    Significance.WORSE: "Worse",
    Significance.SIMILAR: "No clear change",
    Significance.NOT_TESTED: "Not asked alike before",
}
STATUS_WORDS = {
    YouSaidStatus.DONE: "Done",
    YouSaidStatus.IN_PROGRESS: "In progress",
    YouSaidStatus.LISTENING: "We are listening",
    YouSaidStatus.NOT_POSSIBLE: "Not possible",
}
AGREES_WORDS = {Agrees.YES: "agrees", Agrees.IN_PART: "agrees in part", Agrees.NO: "does not agree"}
METHOD = (
    "Shares leave out “don’t know” and “not applicable”. Intervals are Wilson’s, on the effective number of answers "
    "(Kish). Changes are tested on the two waves’ shares, all questions of a survey together, at a false discovery "
    "rate of 5% (Benjamini and Hochberg); a change whose own interval leaves out zero can then still be chance."
)
MIX_METHOD = (
    "The index is 100 where those who answered are like the population, and falls by one for each respondent in a "
    "hundred who would have to be somebody else. Under 95 is printed as somewhat unlike, from 90 down as unlike, where "
    "a chi-square test at 5% rules out chance."
)


def voice_chapter(voice: Voice, results: VoiceResults, cut_off: date, number: int) -> Chapter | None:
    """The chapter; None where the area holds nothing of what people say."""
    if voice.is_empty:
        return None
    newest = results.newest()
    sections = [
        _who_answered(results) if newest else None,
        *(_survey(survey, results) for survey in newest),
        _themes(voice),
        _quotations(voice),
        _you_said(voice, cut_off),
        _consultations(voice),
        *(_forum(one, place) for place, one in enumerate(voice.statements, start=1)),
    ]
    return Chapter(
        chapter_id="voice",
        number=number,
        title="What children, young people and families say",
        question="What do children, young people, parents and carers tell us, and what came of it?",
        opening=_opening(voice, results, cut_off),
        sections=tuple(section for section in sections if section is not None),
        figures=voice_figures(results),
        gaps=(
            Statement(
                "People who answer differ from people who do not. Weights mend who answered, not why.",
                "unknown",
                "Not known",
            ),
        )
        if newest
        else (),
    )


def voice_front(voice: Voice, results: VoiceResults, cut_off: date) -> tuple[Statement, ...]:
    """At most three sentences for page one: the largest change, the least positive answer, and what waits for one.

    Surveys older than 24 months at the cut-off lead nothing.
    """
    current = [survey for survey in results.newest() if _is_current(survey, cut_off)]
    said: list[Statement] = []
    changes = [one for survey in current for one in _changes(survey, results)]
    told = sorted(changes, key=lambda pair: -abs(pair[1]["change"]))[:1]
    said += [_change_statement(*pair) for pair in told]
    lowest = [pair for survey in current if (pair := _least_positive(survey, results)) is not None]
    if lowest and not _is_among(least := min(lowest, key=lambda pair: pair[1]["value"]), told):
        said.append(_level_statement(*least))
    waiting = open_items(voice.you_said, cut_off)
    if waiting.oldest is not None:
        said.append(Statement(_waiting(voice.you_said, cut_off), "neutral", "", "voice-you-said"))
    return tuple(said[:SAID])


def _is_current(survey: Survey, cut_off: date) -> bool:
    months = (cut_off.year - survey.ended.year) * 12 + cut_off.month - survey.ended.month
    return survey.ended <= cut_off and months <= HEADLINE_MONTHS


def _opening(voice: Voice, results: VoiceResults, cut_off: date) -> tuple[str, ...]:
    said = []
    newest = results.newest()
    if newest:
        heard = formatting.listed(
            [
                f"{formatting.number(one.respondents)} {AUDIENCES[one.plan.population]} in {one.plan.wave}"
                for one in newest
            ]
        )
        said.append(f"Surveys were answered by {heard}.")
    if voice.you_said:
        said.append(_waiting(voice.you_said, cut_off))
    if any(one.agrees is not Agrees.YES for one in voice.statements):
        said.append("A forum that does not wholly agree with this report says so in its own words below.")
    return tuple(said)


# --- who answered ------------------------------------------------------------------------------


def _who_answered(results: VoiceResults) -> Section:
    newest = results.newest()
    rows = [_mix_row(survey, mix) for survey in newest for mix in results.mixes[survey.key]]
    table = Table(
        table_id="voice-mix",
        caption="Who answered, beside the population, before weighting",
        columns=("Survey", "Characteristic", "Stated it", "Index", "Most unlike", "Reading"),
        rows=tuple(rows),
        numeric=(False, False, True, True, False, False),
        in_pdf=False,
    )
    return Section(
        section_id="voice-who-answered",
        heading="Who answered?",
        statements=tuple(one for survey in newest for one in _response(survey, results)),
        figures=(),
        tables=((table,) if rows else ())
        + tuple(_mix_table(survey, mix) for survey in newest for mix in results.mixes[survey.key]),
        method=f"{MIX_METHOD} {METHOD}",
        sources=tuple(f"{survey.plan.title}, {survey.plan.wave}" for survey in newest),
        caveats=(ILLUSTRATIVE,) if any(survey.plan.illustrative for survey in newest) else (),
    )


def _response(survey: Survey, results: VoiceResults) -> list[Statement]:
    plan, who = survey.plan, AUDIENCES[survey.plan.population]
    days = f"{formatting.date_words(plan.fieldwork.first)} to {formatting.date_words(plan.fieldwork.last)}"
    if plan.asked is None:
        said = f"{formatting.number(survey.respondents)} {who} answered an open link, so there is no response rate"
    elif survey.respondents > plan.asked:
        said = f"{formatting.number(survey.respondents)} {who} answered; how many were asked is not known"
    else:
        rate = formatting.measure(100 * survey.respondents / plan.asked, "percent")
        said = f"{formatting.of(survey.respondents, plan.asked)} {who} who were asked answered ({rate})"
    told = [Statement(f"{said}, from {days}."), Statement(_weighted(survey, results.weightings[survey.key]))]
    index = representativeness_index(results.mixes[survey.key])
    if not pd.isna(index):
        worst = min(results.mixes[survey.key], key=lambda mix: mix.index if mix.stated else 101.0)
        told.append(
            Statement(
                f"The representativeness index of the {who} who answered is {formatting.number(index)} of 100, "
                f"set by {_label(survey, worst.characteristic).lower()}.",
                "unknown" if worst.likeness is Likeness.CANNOT_TELL else "neutral",
                LIKENESS_WORDS[worst.likeness],
            )
        )
    return told


def _weighted(survey: Survey, weighting: Weighting) -> str:
    who = AUDIENCES[survey.plan.population]
    if not weighting.weighted:
        return (
            f"Answers of {who} are not weighted, because the mix of the population is not known by any group asked for."
        )
    by = formatting.listed([_label(survey, name).lower() for name in weighting.used])
    worth = formatting.number(weighting.effective_n)
    said = (
        f"Answers of {who} are weighted to the population by {by}. They are worth {worth} answers of equal weight "
        f"(design effect {formatting.number(weighting.design_effect, 2)})."
    )
    if weighting.capped:
        said += f" {formatting.counted(weighting.capped, 'weight')} stood at the bound of five times the mean."
    if weighting.left_out:
        named = formatting.listed([f"{_label(survey, name).lower()} ({why})" for name, why in weighting.left_out])
        said += f" Not used: {named}."
    return said


def _label(survey: Survey, characteristic: str) -> str:
    return next(one.label for one in survey.plan.characteristics if one.characteristic == characteristic)


def _codes(survey: Survey, characteristic: str) -> dict[str, str]:
    return next(one.codes for one in survey.plan.characteristics if one.characteristic == characteristic)


def _mix_row(survey: Survey, mix: Mix) -> tuple[str, ...]:
    shown = mix.table.loc[[not one for one in hidden_categories(mix.table["respondents"].tolist())]]
    most = ""
    if mix.stated and len(shown):
        row = shown.loc[shown["difference"].abs().idxmax()]
        most = (
            f"{_codes(survey, mix.characteristic).get(row['category'], row['category'])}: "
            f"{formatting.measure(row['share'], 'percent', 0)} of answers, "
            f"{formatting.measure(row['population_share'], 'percent', 0)} of the population"
        )
    return (
        f"{formatting.sentence(AUDIENCES[survey.plan.population])}, {survey.plan.wave}",
        _label(survey, mix.characteristic),
        formatting.number(mix.stated),
        formatting.number(mix.index) if mix.stated else formatting.NOT_AVAILABLE,
        most or formatting.NOT_AVAILABLE,
        LIKENESS_WORDS[mix.likeness],
    )


def _mix_table(survey: Survey, mix: Mix) -> Table:
    codes = _codes(survey, mix.characteristic)
    hidden = hidden_categories(mix.table["respondents"].tolist())
    rows = tuple(
        (
            codes.get(row.category, row.category),
            *(
                (HIDDEN,) * 2
                if low
                else (formatting.number(row.respondents), formatting.measure(_known(row.share), "percent"))
            ),
            formatting.measure(row.population_share, "percent"),
            HIDDEN if low else formatting.measure(_known(row.difference), "percentage points"),
        )
        for row, low in zip(mix.table.itertuples(), hidden, strict=True)
    )
    chance = "" if pd.isna(mix.p_value) else f"Chi-square test: {_p_words(mix.p_value)}."
    return Table(
        table_id=f"voice-mix-{survey.plan.survey}-{mix.characteristic}".replace("_", "-"),
        caption=f"{_label(survey, mix.characteristic)}: {AUDIENCES[survey.plan.population]} who answered in "
        f"{survey.plan.wave}, and the population",
        columns=(_label(survey, mix.characteristic), "Answered", "Share", "Population", "Difference"),
        rows=rows,
        numeric=(False, True, True, True, True),
        notes=(*((HIDDEN_NOTE,) if any(hidden) else ()), *((chance,) if chance else ())),
        in_pdf=False,
    )


def _p_words(p_value: float) -> str:
    return f"p = {formatting.number(p_value, 3)}" if p_value >= SMALL_P else f"p under {SMALL_P}"


def _known(value: float) -> float | None:
    return None if pd.isna(value) else float(value)


# --- what they said ----------------------------------------------------------------------------


def _rows(survey: Survey, results: VoiceResults) -> pd.DataFrame:
    table = results.table
    return table.loc[(table["survey"] == survey.plan.survey) & (table["wave"] == survey.plan.wave)]


def _everybody(survey: Survey, results: VoiceResults, measure: str) -> pd.DataFrame:
    """One row a question, by its id: a measure of everybody who answered."""
    rows = _rows(survey, results)
    return rows.loc[(rows["dimension"] == TOTAL) & (rows["measure"] == measure)].set_index("question_id")


def _changes(survey: Survey, results: VoiceResults) -> list[Asked]:
    """Questions whose positive share changed by more than chance, the largest change first."""
    rows = _everybody(survey, results, "positive")
    seen = rows.loc[rows["significance"].isin([Significance.BETTER.value, Significance.WORSE.value])]
    return [(survey, row) for _, row in seen.sort_values("change", key=abs, ascending=False).iterrows()]


def _least_positive(survey: Survey, results: VoiceResults) -> Asked | None:
    rows = _everybody(survey, results, "positive").dropna(subset="value")
    return None if rows.empty else (survey, rows.loc[rows["value"].idxmin()])


def _is_among(pair: Asked, told: Sequence[Asked]) -> bool:
    return any(pair[0] is survey and pair[1].name == row.name for survey, row in told)


def _quoted(question: str) -> str:
    return f"“{question.strip().rstrip('.')}”"


def _share(row: pd.Series) -> str:
    value = formatting.with_interval(row["value"], row["lower"], row["upper"], "percent")
    return f"{value}, {formatting.counted(int(row['respondents']), 'answer')}"


def _change_statement(survey: Survey, row: pd.Series) -> Statement:
    better = row["significance"] == Significance.BETTER.value
    who = AUDIENCES[survey.plan.population]
    return Statement(
        f"{'More' if better else 'Fewer'} {who} say {_quoted(row['question'])}: {_share(row)}, "
        f"{formatting.points(abs(row['change']))} {'more' if better else 'fewer'} than in {row['previous_wave']}.",
        "better" if better else "worse",
        f"{'Better' if better else 'Worse'} than in {row['previous_wave']}",
        _section_id(survey),
    )


def _level_statement(survey: Survey, row: pd.Series) -> Statement:
    return Statement(
        f"Of what {AUDIENCES[survey.plan.population]} were asked in {survey.plan.wave}, fewest say "
        f"{_quoted(row['question'])}: {_share(row)}.",
        anchor=_section_id(survey),
    )


def _section_id(survey: Survey) -> str:
    return f"voice-{survey.plan.survey}".replace("_", "-")


def _survey(survey: Survey, results: VoiceResults) -> Section:
    changes = _changes(survey, results)
    lowest = _least_positive(survey, results)
    positive = _everybody(survey, results, "positive")
    told = [*changes[:SAID]]
    said = [_change_statement(*pair) for pair in told]
    tested = int((positive["significance"] != Significance.NOT_TESTED.value).sum())
    if tested and not changes:
        said.append(
            Statement(f"None of {formatting.counted(tested, 'question')} shows a clear change.", "similar", "Similar")
        )
    if lowest is not None and not _is_among(lowest, told):
        said.append(_level_statement(*lowest))
    weighted = "Weighted" if results.weightings[survey.key].weighted else "Not weighted"
    return Section(
        section_id=_section_id(survey),
        heading=f"What do {AUDIENCES[survey.plan.population]} say?",
        statements=tuple(replace(one, anchor="") for one in said),  # which lead here from page one
        figures=(),
        tables=tuple(
            table
            for table in (
                _question_table(survey, results, key_only=True),
                _question_table(survey, results, key_only=False),
                *_answer_tables(survey, results),
                *(_group_table(survey, results, one.characteristic) for one in survey.plan.characteristics),
            )
            if table is not None
        ),
        method=f"{weighted}; see “Who answered?” for weights, intervals and tests.",
        sources=(f"{survey.plan.title}, {survey.plan.wave}",),
        caveats=(),
    )


def _question_table(survey: Survey, results: VoiceResults, key_only: bool) -> Table | None:
    """Questions with their positive share (or mean) and its change; the key ones on paper, all of them on screen."""
    rows = _rows(survey, results)
    rows = rows.loc[(rows["dimension"] == TOTAL) & rows["measure"].isin(["positive", "mean"])].set_index("question_id")
    asked = [one for one in survey.plan.questions if one.question in rows.index]
    chosen = [one for one in asked if one.key] or asked[:ON_PAPER]
    if not asked or (not key_only and len(chosen) == len(asked)):
        return None
    net = _everybody(survey, results, "net")["value"]
    before = next((one for one in rows["previous_wave"] if one), "")
    columns = ("Question", "Answers", "Positive and 95% interval", "Net score", f"Change since {before}", "Reading")
    # Without an earlier wave that asked alike there is no change to print.
    shown = len(columns) if before else 4
    body = tuple(
        _question_row(one, rows.loc[one.question], net.get(one.question))[:shown]
        for one in (chosen if key_only else asked)
    )
    which = "Key questions" if key_only and len(chosen) < len(asked) else "All questions"
    return Table(
        table_id=f"{_section_id(survey)}-{'key' if key_only else 'all'}",
        caption=f"{which} to {AUDIENCES[survey.plan.population]}, {survey.plan.wave}",
        columns=columns[:shown],
        rows=body,
        numeric=(False, True, True, True, True, False)[:shown],
        notes=(HIDDEN_NOTE,) if any(HIDDEN in row for row in body) else (),
        in_pdf=key_only,
    )


def _question_row(asked: AskedQuestion, row: pd.Series, net: float | None) -> tuple[str, ...]:
    if row["status"] != Status.OK.value:
        sign = HIDDEN if row["status"] == Status.SUPPRESSED.value else formatting.EN_DASH
        return (asked.wording, sign, sign, sign, sign, formatting.NOT_AVAILABLE)
    mean = row["measure"] == "mean"
    value = formatting.number(row["value"], 1) if mean else formatting.measure(row["value"], "percent")
    change = formatting.EN_DASH
    if pd.notna(row["change"]):
        limits = f"{formatting.number(row['change_lower'], 1)} to {formatting.number(row['change_upper'], 1)}"
        change = f"{_signed(row['change'])} ({limits})"
    return (
        asked.wording,
        formatting.number(int(row["respondents"])),
        f"{value} ({formatting.interval(_known(row['lower']), _known(row['upper']))})",
        formatting.EN_DASH if net is None or pd.isna(net) else _signed(net),
        change,
        READING[Significance(row["significance"])] if not mean or pd.isna(row["change"]) else "Not tested",
    )


def _signed(value: float) -> str:
    text = formatting.number(value, 1)
    return text if text.startswith(formatting.MINUS) or float(text.replace(",", "")) == 0 else f"+{text}"


def _answer_tables(survey: Survey, results: VoiceResults) -> list[Table]:
    """How the answers divide; questions with the same answers stand in one table."""
    rows = _rows(survey, results)
    rows = rows.loc[(rows["dimension"] == TOTAL) & (rows["measure"] == "answer")]
    shares = rows.set_index(["question_id", "answer"])["value"]
    found: dict[tuple[str, ...], list[AskedQuestion]] = {}
    for one in survey.plan.questions:
        if one.question in rows["question_id"].unique():
            found.setdefault(one.counted, []).append(one)
    return [
        Table(
            table_id=f"{_section_id(survey)}-answers-{place}",
            caption=f"How answers of {AUDIENCES[survey.plan.population]} divide, {survey.plan.wave} (%)",
            columns=("Question", *answers),
            rows=tuple(
                (one.wording, *(_or_hidden(shares[one.question, answer]) for answer in answers)) for one in questions
            ),
            numeric=(False, *(True for _ in answers)),
            in_pdf=False,
        )
        for place, (answers, questions) in enumerate(found.items(), start=1)
    ]


def _or_hidden(share: float) -> str:
    return HIDDEN if pd.isna(share) else formatting.number(share, 1)


def _group_table(survey: Survey, results: VoiceResults, characteristic: str) -> Table | None:
    """Positive shares by one characteristic, with how many answered; a group that is hidden throughout is left out."""
    rows = _rows(survey, results)
    rows = rows.loc[(rows["dimension"] == characteristic) & (rows["measure"] == "positive")]
    shown = rows.loc[rows["status"] == Status.OK.value]
    groups = rows[["category", "category_name"]].drop_duplicates()
    groups = groups.loc[groups["category"].isin(shown["category"])]
    if groups.empty:
        return None
    cells = {(row.question_id, row.category): row for row in rows.itertuples()}
    asked = [one for one in survey.plan.questions if one.question in set(rows["question_id"])]
    body = tuple(
        (one.wording, *(_group_cell(cells[one.question, group]) for group in groups["category"])) for one in asked
    )
    label = _label(survey, characteristic)
    return Table(
        table_id=f"{_section_id(survey)}-by-{characteristic}".replace("_", "-"),
        caption=f"Positive answers by {label.lower()}: {AUDIENCES[survey.plan.population]}, {survey.plan.wave} "
        "(answers counted in brackets)",
        columns=("Question", *groups["category_name"]),
        rows=body,
        numeric=(False, *(True for _ in groups["category"])),
        notes=tuple(
            note
            for note, applies in (
                (HIDDEN_NOTE, any(HIDDEN in row for row in body)),
                ("Groups that are hidden in every question are left out.", len(groups) < rows["category"].nunique()),
                (
                    "Too few did not state it to stand alone; they are counted with the largest group.",
                    groups["category_name"].str.endswith(WITH_NOT_STATED).any(),
                ),
            )
            if applies
        ),
        in_pdf=False,
    )


def _group_cell(row: object) -> str:
    status = getattr(row, "status", "")
    if status != Status.OK.value:
        return HIDDEN if status == Status.SUPPRESSED.value else formatting.EN_DASH
    share, count = (float(getattr(row, name)) for name in ("value", "respondents"))
    return f"{formatting.measure(share, 'percent', 0)} ({formatting.number(count)})"


# --- registers ---------------------------------------------------------------------------------


def _paper_and_screen(table: Table) -> tuple[Table, ...]:
    """A long register: its first rows on paper, all of them on screen."""
    if len(table.rows) <= ON_PAPER:
        return (table,)
    first = Table(
        table_id=f"{table.table_id}-first",
        caption=f"{table.caption}: the first {ON_PAPER} of {len(table.rows)}",
        columns=table.columns,
        rows=table.rows[:ON_PAPER],
        numeric=table.numeric,
        notes=table.notes,
    )
    return first, Table(
        table.table_id, table.caption, table.columns, table.rows, table.numeric, table.notes, in_pdf=False
    )


def _themes(voice: Voice) -> Section | None:
    if not voice.themes:
        return None
    ordered = sorted(voice.themes, key=lambda one: (-(one.mentions or 0), one.theme))
    rows = tuple(
        (
            one.theme,
            f"{formatting.sentence(one.audience)}, {one.source}",
            _mentions(one.mentions, one.out_of),
            f"{one.entered_by}, {formatting.date_words(one.entered_on)}",
        )
        for one in ordered
    )
    table = Table(
        "voice-themes-table", "Themes, as entered", ("Theme", "Who said it, and where", "Raised by", "Entered by"),
        rows, (False, False, False, False),
    )  # fmt: skip
    return Section(
        section_id="voice-themes",
        heading="What comes up again and again?",
        statements=(),
        figures=(),
        tables=_paper_and_screen(table),
        method=f"Read and counted by the people named; none was computed. Numbers under {LOW_BASE} are hidden.",
        sources=(),
    )


def _mentions(mentions: int | None, out_of: int | None) -> str:
    if mentions is None:
        return "Not counted"
    if mentions < LOW_BASE:
        return f"Fewer than {LOW_BASE}"
    return formatting.of(mentions, out_of) if out_of is not None else formatting.number(mentions)


def _quotations(voice: Voice) -> Section | None:
    """Only words that may stand on web pages: the report is one, and its paper copy has the same sentences."""
    everywhere = [one for one in voice.quotations if one.may_be_printed("web") and one.may_be_printed("report")]
    on_screen = [one for one in voice.quotations if one.may_be_printed("web") and one not in everywhere[:QUOTED]]
    if not everywhere and not on_screen:
        return None
    tables = (
        Table(
            "voice-quotations-table", "More words", ("Who", "In their words"),
            tuple((_speaker(one), one.words) for one in on_screen), (False, False), in_pdf=False,
        ),
    ) if on_screen else ()  # fmt: skip
    held = voice.held_back
    withheld = held.without_consent + held.withdrawn + held.paper_alone
    counted = f"{formatting.counted(withheld, 'quotation')} {'is' if withheld == 1 else 'are'}"
    caveats = (f"{counted} not printed, for want of consent to print them here.",)
    return Section(
        section_id="voice-quotations",
        heading="In their own words",
        statements=tuple(Statement(f"{one.words} ({_speaker(one)})") for one in everywhere[:QUOTED]),
        figures=(),
        tables=tables,
        method="Each speaker agreed to be quoted here. One voice is no measure of how many feel alike.",
        sources=(),
        caveats=caveats if withheld else (),
    )


def _speaker(one: Quotation) -> str:
    return f"{one.speaker_kind}, {one.age_band}" if one.age_band else one.speaker_kind


def _waiting(items: Sequence[YouSaid], cut_off: date) -> str:
    """How much of what was said has an answer, and how long the rest has waited."""
    state = open_items(items, cut_off)
    if state.share_closed is None:
        return "Nothing had been entered by the cut-off."
    closed = f"{formatting.of(state.closed, state.total)} things that people asked for have an answer"
    if state.oldest_days is None or state.median_days is None:
        return f"{closed}."
    return (
        f"{closed}; half of those still open have waited {formatting.number(state.median_days)} days or more, "
        f"the oldest {formatting.number(state.oldest_days)}."
    )


def _you_said(voice: Voice, cut_off: date) -> Section | None:
    known = [one for one in voice.you_said if one.said_on <= cut_off]
    if not known:
        return None
    # What still waits stands first, the oldest above.
    ordered = sorted(known, key=lambda one: (not one.is_open, one.said_on, one.id))
    rows = tuple(
        (
            one.said,
            f"{one.who}, {formatting.date_words(one.said_on)}",
            STATUS_WORDS[one.status],
            _answer(one),
            one.owner,
        )
        for one in ordered
    )
    table = Table(
        "voice-you-said-table",
        "You said, we did, we are listening",
        ("You said", "Who and when", "Where it stands", "What we did, or why not", "Answers for it"),
        rows,
        (False,) * 5,
    )
    return Section(
        section_id="voice-you-said",
        heading="You said: what did we do?",
        statements=(Statement(_waiting(voice.you_said, cut_off)),),
        figures=(),
        tables=_paper_and_screen(table),
        method=f"Counted to {formatting.date_words(cut_off)}. “Done” and “not possible” both count as an answer.",
        sources=(),
    )


def _answer(one: YouSaid) -> str:
    when = f" ({formatting.date_words(one.done_on)})" if one.done_on else ""
    parts = [part for part in (one.did, one.why_not) if part]
    led_to = f" Led to: {one.linked_action}." if one.linked_action else ""
    return f"{' '.join(parts) or 'No answer yet.'}{when}{led_to}"


def _consultations(voice: Voice) -> Section | None:
    if not voice.consultations:
        return None
    ordered = sorted(voice.consultations, key=lambda one: one.first_day, reverse=True)
    rows = tuple(
        (
            one.title,
            formatting.sentence(one.kind),
            formatting.date_words(one.first_day)
            + (f" to {formatting.date_words(one.last_day)}" if one.last_day else ", still open"),
            _participants(one.participants),
            "; ".join(one.methods),
            one.what_changed or "Not yet said",
        )
        for one in ordered
    )
    changed = sum(bool(one.what_changed) for one in ordered)
    return Section(
        section_id="voice-consultations",
        heading="Who was asked, and what changed?",
        statements=(
            Statement(
                f"The log holds {formatting.counted(len(ordered), 'entry', 'entries')}; "
                f"{formatting.number(changed)} {'says' if changed == 1 else 'say'} what changed because of it."
            ),
        ),
        figures=(),
        tables=(
            Table(
                "voice-consultations-table", "Consultations and co-production",
                ("What about", "Kind", "When", "Took part", "How", "What changed"), rows,
                (False, False, False, True, False, False), in_pdf=False,
            ),
        ),
        method="Entered by those who ran them.",
        sources=(),
    )  # fmt: skip


def _participants(count: int | None) -> str:
    if count is None:
        return "Not counted"
    return f"Fewer than {LOW_BASE}" if count < LOW_BASE else formatting.number(count)


def _forum(one: ForumStatement, place: int) -> Section:
    """A statement, whole and unaltered, below a sentence that says whose it is."""
    paragraphs = [part.strip() for part in one.text.replace("\r\n", "\n").split("\n\n") if part.strip()]
    who = Statement(
        f"{one.by}, {one.role[:1].lower() + one.role[1:]}, wrote this on {formatting.date_words(one.date)}.",
        label=f"{formatting.sentence(AGREES_WORDS[one.agrees])} with the report",
    )
    return Section(
        section_id=f"voice-statement-{place}",
        heading=f"Statement of {one.by}",
        statements=(who, *(Statement(" ".join(part.split())) for part in paragraphs)),
        figures=(),
        tables=(),
        method="Printed whole and unaltered.",
        sources=(),
    )
