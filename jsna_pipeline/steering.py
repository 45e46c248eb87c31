"""What follows for one area from its figures and its words together: the order of the steps.

Here: survey results, scorecards, exceptions, commissioning priorities, commentary held against the data, and
sign-off, each made by its own module. Not here: how any of them is made, reading the files
(`contributions/gather.py`), or printing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from jsna_pipeline.catalogue.indicators import indicators
from jsna_pipeline.commentary.area_figures import AreaFigures
from jsna_pipeline.commentary.reading import chapter_ids
from jsna_pipeline.commissioning.prioritisation import AreaEvidence, prioritise
from jsna_pipeline.contributions.reading import Problem
from jsna_pipeline.governance.records import AreaGovernance
from jsna_pipeline.published_tables import (
    CommissioningPriorities,
    Scorecard,
    ScorecardExceptions,
    SurveyResults,
    checked,
)
from jsna_pipeline.report.commentary_box import PrintedCommentary, printed_commentary
from jsna_pipeline.report.inequality_chapter import current_groups
from jsna_pipeline.report.strategy_section import evidence_of
from jsna_pipeline.report.view import AreaView
from jsna_pipeline.strategies.evaluation import MeasureResult, evaluate_measures
from jsna_pipeline.strategies.exceptions import exceptions
from jsna_pipeline.strategies.scorecard import scorecard_table
from jsna_pipeline.vocabulary import TOTAL, PeriodType
from jsna_pipeline.voice.registers import Theme
from jsna_pipeline.voice.results import VoiceResults, answers_for, voice_results

MODELS = {
    "steering_scorecard": Scorecard,
    "steering_scorecard_exceptions": ScorecardExceptions,
    "steering_survey_results": SurveyResults,
    "steering_commissioning_priorities": CommissioningPriorities,
}
# What a survey may ask of those who answer, by its name in the local counts; counts of any other kind are no part of
# the population's mix.
CHARACTERISTICS = {
    "age_band": "age_band",
    "sex": "sex",
    "ethnic_group": "ethnic_group",
    "primary_need": "need",
    "locality": "locality",
    "sen_stage": "sen_stage",
}
SEN_STAGES = ("ehc_plan", "sen_support")
UNKNOWN = "not_known"


@dataclass(frozen=True)
class Steering:
    """What a report prints beside its figures; `tables` are those of them that are stored."""

    voice: VoiceResults
    measures: tuple[MeasureResult, ...]
    scorecard: pd.DataFrame
    exceptions: pd.DataFrame
    priorities: pd.DataFrame
    commentary: PrintedCommentary
    governance: AreaGovernance
    problems: tuple[Problem, ...]

    @property
    def tables(self) -> dict[str, pd.DataFrame]:
        """By the names of `MODELS`."""
        return {
            "steering_scorecard": self.scorecard,
            "steering_scorecard_exceptions": self.exceptions,
            "steering_survey_results": self.voice.table,
            "steering_commissioning_priorities": self.priorities,
        }


def steer(view: AreaView, weights: Mapping[str, float]) -> Steering:
    """Everything that follows from the view; `weights` are those of commissioning criteria."""
    given = view.contributions
    voice = voice_results(given.voice.surveys, population_mix(view.local["local_counts"]), view.edition)
    wanted = {
        one for strategy in given.strategies.values() for each in strategy.measures for one in each.survey_questions
    }
    answers = {one: found[0] for one in sorted(wanted) if (found := answers_for(voice, [one], view.area.name))}
    measures = evaluate_measures(given.strategies, evidence_of(view, given.strategies, given.reported, answers))
    excepted = exceptions(
        measures, given.reported.commentary, view.exceptions_before, view.edition, view.area, view.cut_off
    )
    evidence = AreaEvidence(
        view.area.code,
        view.cut_off,
        view.observed,
        view.compared,
        view.trended,
        view.unequal,
        mentions_by_chapter(given.voice.themes),
    )
    priorities = checked(prioritise(indicators(), evidence, view.edition, weights), CommissioningPriorities)
    figures = AreaFigures(view)
    chapters = [name for name in chapter_ids() if _has_chapter(name, view, priorities)]
    commentary = printed_commentary(given.commentary, view.edition, figures, figures.printed, chapters)
    governance, of_governance = given.governance(commentary.blocking)
    return Steering(
        voice=voice,
        measures=measures,
        scorecard=scorecard_table(measures, view.edition, view.area),
        exceptions=excepted,
        priorities=priorities,
        commentary=commentary,
        governance=governance,
        problems=(*given.problems, *commentary.told, *commentary.blocking, *of_governance),
    )


def _has_chapter(name: str, view: AreaView, priorities: pd.DataFrame) -> bool:
    """Whether the report has a chapter, so that words about it have a place."""
    given = view.contributions
    absent = {
        "inequalities": current_groups(view).empty,
        "own-records": view.local["local_returns"].empty,
        "voice": given.voice.is_empty,
        "self-evaluation": not given.self_evaluation.rows,
        "commissioning": not given.commissioning and priorities["rank"].isna().all(),
    }
    return not absent.get(name, False)


def population_mix(local_counts: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """The mix of the children with SEN in the area's schools, to which surveys of families and children are weighted.

    Of the area's own counts, after protection; a characteristic with a hidden count is not known, and where the area
    delivered no census there is no mix at all. Columns: characteristic, category, count.
    """
    pupils = local_counts.loc[
        (local_counts["population"] == "pupils")
        & (local_counts["period_type"] == PeriodType.JANUARY_SNAPSHOT.value)
        & (local_counts["dimension_3"] == TOTAL)
    ]
    pupils = pupils.loc[pupils["period"] == pupils["period"].max()]
    slots = [("dimension_1", "category_1"), ("dimension_2", "category_2")]
    parts = []
    for (stage, stage_is), (other, other_is) in (slots, slots[::-1]):
        rows = pupils.loc[(pupils[stage] == "sen_stage") & pupils[stage_is].isin(SEN_STAGES)]
        by_stage = rows[other] == TOTAL
        characteristic = rows[other].mask(by_stage, "sen_stage")
        category = rows[other_is].mask(by_stage, rows[stage_is])
        parts.append(rows.assign(characteristic=characteristic, category=category, stage=rows[stage_is]))
    rows = pd.concat(parts).drop_duplicates(["characteristic", "category", "stage"])
    rows = rows.loc[(rows["category"] != UNKNOWN) & rows["characteristic"].isin(CHARACTERISTICS)]
    rows = rows.assign(characteristic=rows["characteristic"].map(CHARACTERISTICS))
    if rows.empty:
        return {}
    counted = rows.groupby(["characteristic", "category"], as_index=False)["count"].agg(lambda n: n.sum(skipna=False))
    return {"parents": counted, "children": counted}


def mentions_by_chapter(themes: tuple[Theme, ...]) -> dict[str, float | None]:
    """Percentage of the mentions of all themes that are about each chapter; none where nobody entered a theme."""
    counted = [(one.chapter, one.mentions) for one in themes if one.chapter and one.mentions]
    total = sum(mentions for _, mentions in counted)
    shares: dict[str, float | None] = {}
    for chapter, mentions in counted:
        shares[chapter] = (shares.get(chapter) or 0.0) + 100 * mentions / total
    return {record.chapter: shares.get(record.chapter, 0.0) for record in indicators().values()} if total else {}
