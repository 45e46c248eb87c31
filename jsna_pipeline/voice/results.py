"""What the answers say: weighted shares, scores and means with their intervals, and the change since the last wave.

Here: the results of every question for everybody and by characteristic, low bases, and tests. Not here: reading
(`survey.py`), weights (`weighting.py`), or sentences (`report/voice_chapter.py`).

A question that fewer than ten people of a group answered is not printed for that group; nor is any group from which
such a one could be worked out by subtraction. Those who did not state a characteristic are a group of it; where they
are fewer than ten they are counted with its largest group, which says so, since hiding them would hide another too.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from scipy import sparse

from jsna_pipeline.published_tables import SurveyResults, checked
from jsna_pipeline.statistics.multiplicity import benjamini_hochberg
from jsna_pipeline.statistics.proportions import FloatArray, difference_from_limits
from jsna_pipeline.statistics.surveys import (
    net_interval,
    share_difference_test,
    share_interval,
    weighted_mean_interval,
)
from jsna_pipeline.strategies.question import Answers, MixGroup, Wave
from jsna_pipeline.vocabulary import TOTAL, Significance, Status
from jsna_pipeline.voice.representativeness import Mix, mixes
from jsna_pipeline.voice.survey import AskedQuestion, Survey
from jsna_pipeline.voice.weighting import Margins, Weighting, weigh

LOW_BASE = 10
FALSE_DISCOVERIES = 0.05
NOT_STATED = "not_stated"
WITH_NOT_STATED = " or not stated"
MEASURE_KEY = ["question_id", "measure", "answer", "dimension", "category"]


@dataclass(frozen=True, eq=False)
class VoiceResults:
    """The results of all surveys: the table, and of each (survey, wave) its weights and who answered."""

    table: pd.DataFrame
    surveys: tuple[Survey, ...] = ()
    weightings: Mapping[tuple[str, str], Weighting] = field(default_factory=dict)
    mixes: Mapping[tuple[str, str], tuple[Mix, ...]] = field(default_factory=dict)

    def newest(self) -> tuple[Survey, ...]:
        """The last wave of each survey."""
        return tuple({survey.plan.survey: survey for survey in self.surveys}.values())


@dataclass(frozen=True)
class _Groups:
    """Groups of respondents: names, and which respondents each holds (groups × respondents)."""

    names: list[tuple[str, str, str]]  # dimension, category, label
    members: sparse.csr_matrix


def voice_results(surveys: Sequence[Survey], margins: Margins, edition: str) -> VoiceResults:
    """Everything that is computed of an area's surveys; `surveys` as `read_surveys` gives them.

    `margins`: see `weighting.Margins`; a survey without them is not weighted, and its rows say so.
    """
    mix_of = {survey.key: margins.get(survey.plan.population) for survey in surveys}
    weightings = {survey.key: weigh(survey, mix_of[survey.key]) for survey in surveys}
    return VoiceResults(
        _table(surveys, weightings, edition),
        tuple(surveys),
        weightings,
        {survey.key: mixes(survey, mix_of[survey.key]) for survey in surveys},
    )


def _table(surveys: Sequence[Survey], weightings: Mapping[tuple[str, str], Weighting], edition: str) -> pd.DataFrame:
    """Columns of `SurveyResults`: a row for each measure of each question, for everybody and for each group."""
    parts: list[pd.DataFrame] = []
    before: dict[str, tuple[Survey, pd.DataFrame]] = {}
    for survey in surveys:
        part = _with_low_bases_hidden(_measured(survey, weightings[survey.key]))
        part = _with_change(part, survey, *before.get(survey.plan.survey, (None, None)))
        before[survey.plan.survey] = survey, part
        parts.append(part)
    columns = list(SurveyResults.to_schema().columns)
    table = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=columns, dtype=object)
    return checked(table.assign(edition=edition)[columns], SurveyResults)


# --- one wave ----------------------------------------------------------------------------------


def _groups(survey: Survey) -> _Groups:
    """Everybody, and each category of each characteristic, those who did not state it among them."""
    names = [(TOTAL, TOTAL, "Everybody")]
    rows = [np.ones(survey.respondents)]
    answered = survey.answers[[one.question for one in survey.plan.questions if one.question in survey.answers]].notna()
    for column in survey.plan.characteristics:
        if column.characteristic not in survey.answers:
            continue
        codes = survey.answers[column.characteristic].cat.codes.to_numpy()
        labels = dict(column.codes)
        bases = answered.loc[codes == -1].sum()
        few = bool(((bases > 0) & (bases < LOW_BASE)).any())
        if few and (codes >= 0).any():
            largest = int(np.bincount(codes[codes >= 0]).argmax())
            codes = np.where(codes == -1, largest, codes)
            labels[list(labels)[largest]] += WITH_NOT_STATED
        names += [(column.characteristic, code, label) for code, label in labels.items()]
        rows += [codes == place for place in range(len(labels))]
        if (codes == -1).any():
            names.append((column.characteristic, NOT_STATED, "Not stated"))
            rows.append(codes == -1)
    return _Groups(names, sparse.csr_matrix(np.array(rows, dtype=float)))


def _measured(survey: Survey, weighting: Weighting) -> pd.DataFrame:
    """Every measure of every question, before anything is hidden."""
    groups = _groups(survey)
    frames = [
        _question(question, survey.answers[question.question], groups, weighting.weights)
        for question in survey.plan.questions
        if question.question in survey.answers
    ]
    return pd.concat(frames, ignore_index=True).assign(
        survey=survey.plan.survey,
        wave=survey.plan.wave,
        population=survey.plan.population,
        weighted=weighting.weighted,
        illustrative=bool(survey.plan.illustrative),
    )


def _question(question: AskedQuestion, answers: pd.Series, groups: _Groups, weights: FloatArray) -> pd.DataFrame:
    answered = answers.notna().to_numpy()
    mass = np.where(answered, weights, 0.0)
    total = groups.members @ mass
    with np.errstate(divide="ignore", invalid="ignore"):
        effective = total**2 / (groups.members @ mass**2)
    base = pd.DataFrame(groups.names, columns=["dimension", "category", "category_name"]).assign(
        question_id=question.question,
        question=question.wording,
        topic=question.topic,
        respondents=(groups.members @ answered.astype(float)).round().astype(int),
        effective_n=effective,
    )

    def mean_of(values: FloatArray) -> FloatArray:
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.asarray(groups.members @ (mass * np.where(answered, values, 0.0)) / total)

    if question.type == "number":
        values = answers.to_numpy(dtype=float)
        middle = mean_of(values)
        limits = weighted_mean_interval(middle, mean_of(values**2), effective)
        return base.assign(measure="mean", answer="", value=middle, lower=limits[0], upper=limits[1], unit="number")

    def share_of(chosen: Sequence[str]) -> FloatArray:
        return np.clip(mean_of(answers.isin(chosen).to_numpy(dtype=float)), 0, 1)

    good, bad = (
        [one for one in question.counted if one in chosen] if chosen else [] for chosen in (question.good, question.bad)
    )
    made = [("answer", answer, "percent", _with_limits(share_of([answer]), effective)) for answer in question.counted]
    if good:
        made.append(("positive", "", "percent", _with_limits(share_of(good), effective)))
    if good and bad:
        net = net_interval(share_of(good), share_of(bad), effective)
        made.append(("net", "", "percentage points", net))
    return pd.concat(
        [
            base.assign(measure=measure, answer=answer, unit=unit, value=100 * v, lower=100 * low, upper=100 * high)
            for measure, answer, unit, (v, low, high) in made
        ],
        ignore_index=True,
    )


def _with_limits(share: FloatArray, effective: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    return share, *share_interval(share, effective)


# --- low bases ---------------------------------------------------------------------------------


def hidden_categories(respondents: Sequence[int]) -> list[bool]:
    """Which categories of one characteristic are not printed for a question, from how many of each answered it.

    The categories add up to everybody, who are printed. Those of 1 to 9 are hidden; then the next smallest, until
    at least two are hidden and ten people or more stand behind them together, so that no subtraction gives fewer.
    Categories of nobody tell nothing and hide nothing.
    """
    sizes = np.asarray(respondents)
    hidden = (sizes > 0) & (sizes < LOW_BASE)
    if not hidden.any():
        return [bool(one) for one in hidden]
    for place in np.argsort(sizes, kind="stable"):
        if hidden.sum() >= 2 and sizes[hidden].sum() >= LOW_BASE:
            break
        hidden[place] |= sizes[place] > 0
    return [bool(one) for one in hidden]


def _with_low_bases_hidden(table: pd.DataFrame) -> pd.DataFrame:
    """The table with a status for each row, and no figure in rows that are hidden or that nobody answered."""
    bases = table[["question_id", "dimension", "category", "respondents"]].drop_duplicates()
    everybody = bases.loc[bases["dimension"] == TOTAL].set_index("question_id")["respondents"]
    bases["low"] = bases.groupby(["question_id", "dimension"], sort=False)["respondents"].transform(
        lambda sizes: hidden_categories(sizes.tolist())
    )
    # Where too few answered the question at all, no group of it is printed either.
    bases["low"] |= bases["question_id"].map(everybody < LOW_BASE)
    low = table.merge(bases, how="left", on=["question_id", "dimension", "category", "respondents"])["low"].to_numpy()
    nobody = ~low & (table["respondents"] == 0).to_numpy()
    status = np.select([low, nobody], [Status.SUPPRESSED.value, Status.UNAVAILABLE.value], Status.OK.value)
    shown = table.assign(status=status, respondents=table["respondents"].astype("Int64"))
    shown.loc[low, "respondents"] = pd.NA
    shown.loc[low | nobody, ["effective_n", "value", "lower", "upper"]] = np.nan
    return shown


# --- change ------------------------------------------------------------------------------------


def _with_change(
    table: pd.DataFrame, survey: Survey, earlier: Survey | None, earlier_table: pd.DataFrame | None
) -> pd.DataFrame:
    """The change of every figure that both waves print and that was asked alike, with its test.

    Tested are the positive shares, all questions of a dimension together (Benjamini-Hochberg, at 5 %). The limits
    of a change are those of one alone, at 95 %.
    """
    blank = {"change": np.nan, "change_lower": np.nan, "change_upper": np.nan}
    if earlier is None or earlier_table is None:
        return table.assign(previous_wave="", **blank, significance=Significance.NOT_TESTED.value)
    alike = _asked_alike(survey, earlier)
    columns = ["value", "lower", "upper", "effective_n", "category_name"]
    pair = table.merge(earlier_table[[*MEASURE_KEY, *columns]], how="left", on=MEASURE_KEY, suffixes=("", "_then"))
    same_group = pair["category_name"] == pair["category_name_then"]
    usable = (
        pair["question_id"].isin(alike) & same_group & pair["value"].notna() & pair["value_then"].notna()
    ).to_numpy()
    change, lower, upper = difference_from_limits(
        pair["value"], pair["lower"], pair["upper"], pair["value_then"], pair["lower_then"], pair["upper_then"]
    )
    tested = usable & (pair["measure"] == "positive").to_numpy()
    then = [(pair[name] / 100).where(tested) for name in ("value", "value_then")]
    chance = share_difference_test(
        then[0], pair["effective_n"].where(tested), then[1], pair["effective_n_then"].where(tested)
    )
    adjusted = pd.Series(chance).groupby(pair["dimension"]).transform(lambda p: benjamini_hochberg(p.to_numpy()))
    seen = adjusted.to_numpy() <= FALSE_DISCOVERIES
    words = [Significance.NOT_TESTED.value, Significance.BETTER.value, Significance.WORSE.value]
    return table.assign(
        previous_wave=np.where(usable, earlier.plan.wave, ""),
        change=np.where(usable, change, np.nan),
        change_lower=np.where(usable, lower, np.nan),
        change_upper=np.where(usable, upper, np.nan),
        significance=np.select([~tested, seen & (change > 0), seen], words, Significance.SIMILAR.value),
    )


def _asked_alike(survey: Survey, earlier: Survey) -> set[str]:
    then = {one.question: one for one in earlier.plan.questions}
    return {one.question for one in survey.plan.questions if one.question in then and one.same_as(then[one.question])}


# --- for target rules --------------------------------------------------------------------------


def answers_for(results: VoiceResults, questions: Sequence[str], name: str = "") -> tuple[Answers, ...]:
    """What target rules need of each question, in the order asked; questions that nobody asked are left out.

    A question is `survey/question`, or its bare id, which then stands for the first survey that has it; `survey/`
    stands for who answered a survey, and has no waves. Waves that asked otherwise than the newest, or whose answers
    are too few to print, are left out. `name` is whose answers they are.
    """
    found = (_answers(results, *_split(question), name) for question in questions)
    return tuple(one for one in found if one is not None)


def _split(question: str) -> tuple[str, str]:
    survey, slash, asked = question.partition("/")
    return (survey, asked) if slash else ("", survey)


def _answers(results: VoiceResults, survey_id: str, asked: str, name: str) -> Answers | None:
    waves = [
        survey
        for survey in results.surveys
        if (not survey_id or survey.plan.survey == survey_id) and (not asked or _asked(survey, asked))
    ]
    if not waves:
        return None
    waves = [survey for survey in waves if survey.plan.survey == waves[0].plan.survey]
    newest = waves[-1]
    question = _asked(newest, asked)
    told: tuple[Wave, ...] = ()
    if question is not None:
        alike = [survey.plan.wave for survey in waves if question.same_as(_asked(survey, asked) or question)]
        rows = results.table.loc[
            (results.table["survey"] == newest.plan.survey)
            & results.table["wave"].isin(alike)
            & (results.table["question_id"] == asked)
            & (results.table["dimension"] == TOTAL)
            & (results.table["measure"] == "positive")
            & (results.table["status"] == Status.OK.value)
        ]
        told = tuple(
            Wave(row.wave, int(row.respondents), row.effective_n, row.value, row.lower, row.upper)
            for row in rows.itertuples()
        )
    mix = tuple(
        MixGroup(label, labels[row.category], int(row.respondents), row.population_share)
        for one in results.mixes[newest.key]
        for label, labels in [_labels(newest, one.characteristic)]
        for row in one.table.itertuples()
    )
    return Answers(question.wording if question else newest.plan.title, told, mix, newest.plan.asked, name)


def _asked(survey: Survey, question_id: str) -> AskedQuestion | None:
    return next((one for one in survey.plan.questions if one.question == question_id), None)


def _labels(survey: Survey, characteristic: str) -> tuple[str, Mapping[str, str]]:
    column = next(one for one in survey.plan.characteristics if one.characteristic == characteristic)
    return column.label, column.codes
