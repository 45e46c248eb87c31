"""The figures that lead the chapter on what children, young people and families say.

Here: what they show and say, from the results of the area's surveys. Not here: computing or hiding answers
(`voice/results.py`), or how a kind of figure is drawn (`report/charts/`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import pandas as pd

from jsna_pipeline.report import formatting
from jsna_pipeline.report.charts import DivergingFigure, DivergingRow, FigureText, PossibleAnswer
from jsna_pipeline.report.charts.diverging import Side
from jsna_pipeline.vocabulary import TOTAL, Status
from jsna_pipeline.voice.results import LOW_BASE, VoiceResults
from jsna_pipeline.voice.survey import AUDIENCES, AskedQuestion, Survey

WITHHELD = f"withheld: fewer than {LOW_BASE} answered"
FIRST = 6  # questions of a survey that names no key ones


def voice_figures(results: VoiceResults) -> tuple[DivergingFigure, ...]:
    """The key questions of each survey's newest wave, a figure for each scale of answers."""
    return tuple(
        figure
        for survey in results.newest()
        for place, asked in enumerate(_by_scale(survey, results), start=1)
        if (figure := _figure(survey, results, asked, place)) is not None
    )


def _by_scale(survey: Survey, results: VoiceResults) -> list[list[AskedQuestion]]:
    """Key questions with answers on both sides of a middle, those of one scale together, in the order asked."""
    rows = _rows(survey, results)
    present = set(rows["question_id"])
    scaled = [one for one in survey.plan.questions if one.good and one.bad and one.question in present]
    chosen = [one for one in scaled if one.key] or scaled[:FIRST]
    scales: dict[tuple[PossibleAnswer, ...], list[AskedQuestion]] = defaultdict(list)
    for one in chosen:
        scales[_answers(one)].append(one)
    return list(scales.values())


def _answers(asked: AskedQuestion) -> tuple[PossibleAnswer, ...]:
    """From the most negative to the most positive; an answer on neither side stands between."""
    sides: dict[Side, list[str]] = {"negative": [], "neutral": [], "positive": []}
    for answer in reversed(asked.counted):
        side: Side = "positive" if answer in asked.good else "negative" if answer in asked.bad else "neutral"
        sides[side].append(answer)
    return tuple(PossibleAnswer(answer, side) for side, answers in sides.items() for answer in answers)


def _rows(survey: Survey, results: VoiceResults) -> pd.DataFrame:
    """What everybody answered in a wave."""
    table = results.table
    wave = (table["survey"] == survey.plan.survey) & (table["wave"] == survey.plan.wave)
    return table.loc[wave & (table["dimension"] == TOTAL)]


def _figure(
    survey: Survey, results: VoiceResults, asked: Sequence[AskedQuestion], place: int
) -> DivergingFigure | None:
    rows = _rows(survey, results)
    answers = _answers(asked[0])
    made = sorted((_row(one, answers, rows) for one in asked), key=lambda row: -(row.positive or 0.0))
    # A question that is withheld must not be placed by its answers.
    made.sort(key=lambda row: row.positive is None)
    if all(row.positive is None for row in made):
        return None
    who = AUDIENCES[survey.plan.population]
    weighted = "weighted" if results.weightings[survey.key].weighted else "not weighted"
    invented = ("The answers are invented",) if survey.plan.illustrative else ()
    text = FigureText(
        f"voice-{survey.plan.survey}-shares-{place}".replace("_", "-"),
        _title(made, who),
        f"Answers of {who} in {survey.plan.wave}, % of those who answered, {weighted}",
        f"Diverging bars, most agreement first. {' '.join(_spoken(row) for row in made)}",
        f"{survey.plan.title}, {survey.plan.wave}",
    )
    remarks = ("Left of the line: negative answers; right of it: positive ones; neutral answers lie across it",)
    return DivergingFigure(text, answers, tuple(made), (*remarks, *invented))


def _row(asked: AskedQuestion, answers: Sequence[PossibleAnswer], rows: pd.DataFrame) -> DivergingRow:
    own = rows.loc[rows["question_id"] == asked.question]
    shares = own.loc[own["measure"] == "answer"].set_index("answer")["value"]
    positive = own.loc[own["measure"] == "positive"].iloc[0]
    net = own.loc[own["measure"] == "net", "value"]
    wording = asked.wording.strip().rstrip(".")
    if positive["status"] != Status.OK.value:
        note = WITHHELD if positive["status"] == Status.SUPPRESSED.value else "nobody answered"
        return DivergingRow(wording, tuple(None for _ in answers), None, None, None, None, note=note)
    return DivergingRow(
        wording,
        tuple(float(shares[one.text]) for one in answers),
        positive=float(positive["value"]),
        lower=float(positive["lower"]),
        upper=float(positive["upper"]),
        respondents=int(positive["respondents"]),
        net=float(net.iloc[0]) if len(net) else None,
    )


def _title(rows: Sequence[DivergingRow], who: str) -> str:
    told = [row for row in rows if row.positive is not None]
    least = min(told, key=lambda row: row.positive or 0.0)
    return f"{formatting.measure(least.positive, 'percent')} of {who} agree: “{least.question}”"


def _spoken(row: DivergingRow) -> str:
    if row.positive is None:
        return f"{row.question}: {row.note}."
    share = formatting.with_interval(row.positive, row.lower, row.upper, "percent")
    return f"{row.question}: {share} positive, {formatting.counted(row.respondents or 0, 'answer')}."
