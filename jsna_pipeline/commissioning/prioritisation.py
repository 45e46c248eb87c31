"""In which order the chapters call for commissioning: seven criteria, each a figure, a score and a reason.

Here: the figures of each criterion for one area, their scores from 0 to 4, totals and ranks. Not here: weights
and sensitivity (`weighing.py`), the tests behind the figures (`comparisons.py`, `trend_table.py`,
`inequalities.py`), or printing (`report/commissioning_chapter.py`).

The score is a way to order a conversation. The thresholds in `STEPS` are judgements, each with its reason, and
stand in the report. Only current figures of measures of which more, or less, is good are used, and only the area's
own: a figure of an NHS body is not shared out among authorities. What is not known is left out of the total,
and lowers the criterion `evidence`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd
from scipy.special import ndtri

from jsna_pipeline.catalogue.indicators import Indicator
from jsna_pipeline.commissioning.weighing import AS_SET, full_weights, sensitivity, totals
from jsna_pipeline.periods import may_be_headline
from jsna_pipeline.vocabulary import TOTAL, Comparator, Direction, Judgement, Method, Polarity, Significance

RESIDENTS = "residents_0_17"
# How well something is recorded is no need of a child's, and would be the largest "need" of some areas.
RECORDING = frozenset({"ehcp_ethnicity_not_recorded", "ehcp_placement_unknown", "ehcp_primary_need_unknown"})
MINIMUM_MEASURES = 3  # fewer say little of a whole chapter
MINIMUM_CRITERIA = 2  # of the six beside evidence; what is missing lowers evidence, and is named
LAST_QUARTER = 4
ANY = float(np.nextafter(0, 1))


@dataclass(frozen=True)
class Steps:
    """How a criterion's figure becomes a score: the number of `bounds` that it reaches."""

    name: str
    figure: str  # what the figure is
    bounds: tuple[float, float, float, float]
    why: str


STEPS: Mapping[str, Steps] = {
    "size": Steps(
        "Size",
        "children on the wrong side of the chapter's largest measure with counts, per 1,000 residents under 18",
        (0.3, 1, 3, 10),
        "each step is about three times the one before, because services grow by multiples and not by single children",
    ),
    "severity": Steps(
        "Severity",
        "percentage of measures worse than England, or in the last quarter of authorities where no test is possible",
        (ANY, 10, 25, 50),
        "an average area has some bad measures by chance; a quarter is what the last quarter holds by definition. A "
        "statutory standard that is failed scores at least 3, and 4 where the same measure is also worse than England",
    ),
    "inequality": Steps(
        "Inequality",
        "the gap, at the least, between the group that fares worst and the rest, in percentage points",
        (ANY, 2, 5, 10),
        "the limit of the 99.8% interval nearest to no gap is taken, so that small groups do not lead by chance",
    ),
    "trend": Steps(
        "Trend",
        "percentage of measures with a trend that are getting worse",
        (ANY, 10, 25, 50),
        "the same steps as for severity, so that one is not louder than the other",
    ),
    "gap": Steps(
        "Gap",
        "mean place among authorities as a normal score: 0 is the middle, above 0 worse than the middle",
        (-0.5, 0, 0.5, 1),
        "half a standard deviation a step; an area in the middle scores 2",
    ),
    "voice": Steps(
        "Voice",
        "percentage of what children, young people and families raised that is about the chapter",
        (1, 5, 10, 20),
        "twelve chapters with equal shares would each have 8%",
    ),
    "evidence": Steps(
        "Evidence",
        "mean of two percentages: of the chapter's judged measures with a current figure (a figure that cannot be "
        "tested counts half), and of the six other criteria that are known",
        (20, 40, 60, 80),
        "fifths; a low score is a reason to find out, and not a reason to do nothing",
    ),
}
CRITERIA = tuple(STEPS)
KNOWABLE = CRITERIA[:-1]  # evidence itself says how many of these are known
STANDARD_FAILED, STANDARD_FAILED_AND_WORSE = 3, 4
SERIES = ["indicator_id", "dimension", "category"]


@dataclass(frozen=True)
class AreaEvidence:
    """What is known of one area; tables as in `published_tables.py`, which may hold other areas' rows too.

    `voice` gives for each topic the percentage of mentions that are about it, None where nobody was asked.
    """

    area_code: str
    cut_off: date
    observed: pd.DataFrame
    compared: pd.DataFrame
    trended: pd.DataFrame
    unequal: pd.DataFrame
    voice: Mapping[str, float | None]


def topics_of(records: Mapping[str, Indicator]) -> dict[str, tuple[str, ...]]:
    """The judged indicators of each chapter, in the catalogue's order; none where all are context or recording."""
    found: dict[str, list[str]] = {record.chapter: [] for record in records.values()}
    for record in records.values():
        if _is_judged(record) and record.id not in RECORDING:
            found[record.chapter].append(record.id)
    return {chapter: tuple(ids) for chapter, ids in found.items()}


def prioritise(
    records: Mapping[str, Indicator],
    evidence: AreaEvidence,
    edition: str,
    weights: Mapping[str, float] | None = None,
    topics: Mapping[str, Sequence[str]] | None = None,
) -> pd.DataFrame:
    """One row a topic (by default a chapter), the most pressing first: `CommissioningPriorities`.

    `<criterion>` holds the figure and `<criterion>_score` its score, both null where not known. Topics of which too
    little is known have no total and no rank, and come last. InputError where a weight is faulty.
    """
    topics = topics or topics_of(records)
    checked = full_weights(weights, CRITERIA)
    measures = judged_measures(topics, records, evidence)
    figures = criterion_figures(topics, records, measures, evidence)
    scores = criterion_scores(figures, measures)
    known = scores[list(KNOWABLE)].notna().sum(axis=1)
    counted = measures.groupby("topic").size().reindex(figures.index, fill_value=0)
    ranked = (known >= MINIMUM_CRITERIA) & (counted >= MINIMUM_MEASURES)
    order = sensitivity(scores.loc[ranked], checked)
    table = figures.join(scores.add_suffix("_score")).assign(
        area_code=evidence.area_code,
        measures=counted,
        standards_failed=measures.loc[measures["failed"]].groupby("topic").size().reindex(figures.index, fill_value=0),
        missing=["; ".join(row.index[row.isna()]) for _, row in scores.iterrows()],
        total=pd.Series(totals(scores.loc[ranked].to_numpy(float), checked[None])[0], index=scores.index[ranked]),
        rank=order[AS_SET],
        best_rank=order["best"],
        worst_rank=order["worst"],
        top_five_share=order["top_five_share"],
        edition=edition,
    )
    table = table.rename_axis("topic").reset_index().sort_values(["rank", "topic"], ignore_index=True)
    paired = [column for name in CRITERIA for column in (name, f"{name}_score")]
    before, after = ["area_code", "topic", "measures", "standards_failed"], ["missing", "total", "rank"]
    return table[[*before, *paired, *after, "best_rank", "worst_rank", "top_five_share", "edition"]]


def scores_of(table: pd.DataFrame) -> pd.DataFrame:
    """The scores of the ranked topics of a `prioritise` table, as `weighing.sensitivity` takes them."""
    scores = table.loc[table["rank"].notna()].set_index("topic")[[f"{name}_score" for name in CRITERIA]]
    return scores.rename(columns=lambda name: name.removesuffix("_score"))


# --- what is known of each measure -------------------------------------------------------------


def judged_measures(
    topics: Mapping[str, Sequence[str]], records: Mapping[str, Indicator], evidence: AreaEvidence
) -> pd.DataFrame:
    """One row for each topic and judged indicator of which the area has a current headline.

    Columns: topic, indicator_id, affected (children on the wrong side, null without counts of children),
    failed (a statutory standard), worse, bad (worse, or untested and in the last quarter), tested, place
    (normal score of the rank), worsening (1, 0, or null where no trend can be calculated).
    """
    heads = pd.DataFrame(
        [
            (topic, one, *records[one].headline_group, *_nature(records[one]))
            for topic, ids in topics.items()
            for one in ids
            if _is_judged(records[one])
        ],
        columns=["topic", *SERIES, "high", "counts_children", "target"],
    )
    own = _own(evidence.observed, evidence)
    rows = own.loc[own["value"].notna()].merge(heads[SERIES].drop_duplicates(), on=SERIES)
    newest = rows.sort_values("period", kind="stable").drop_duplicates(SERIES, keep="last")
    current = newest.loc[_current(newest["period"], newest["period_type"], evidence.cut_off)]
    england = _own(evidence.compared, evidence)
    england = england.loc[england["comparator"] == Comparator.ENGLAND.value]
    trends = _own(evidence.trended, evidence)
    trends = trends.loc[trends["direction"] != Direction.CANNOT_BE_CALCULATED.value]
    england = england[[*SERIES, "period", "significance", "rank", "out_of", "quartile"]]
    known = current[[*SERIES, "period", "numerator", "denominator", "value"]].merge(
        england, "left", [*SERIES, "period"], validate="1:1"
    )
    known = known.merge(trends[[*SERIES, "judgement"]], "left", SERIES, validate="1:1")
    found = heads.merge(known, on=SERIES, validate="m:1")
    tested = found["significance"].notna() & (found["significance"] != Significance.NOT_TESTED.value)
    worse = found["significance"] == Significance.WORSE.value
    good = found["numerator"].where(found["high"].astype(bool), found["denominator"] - found["numerator"])
    return pd.DataFrame(
        {
            "topic": found["topic"],
            "indicator_id": found["indicator_id"],
            "affected": (found["denominator"] - good).where(found["counts_children"].astype(bool)),
            "failed": (found["value"] < found["target"]) & (found["denominator"] > found["numerator"]),
            "worse": worse,
            "bad": worse | (~tested & (found["quartile"] == LAST_QUARTER)),
            "tested": tested,
            "compared": found["rank"].notna() | tested,
            "place": ndtri((found["rank"].to_numpy(float) - 0.5) / found["out_of"].to_numpy(float)),
            "worsening": (found["judgement"] == Judgement.WORSENING.value).where(found["judgement"].notna()),
        }
    )


def _nature(record: Indicator) -> tuple[bool, bool, float]:
    """Whether more is good, whether it counts children, and what the law requires (null where nothing)."""
    counts_children = record.method is Method.PROPORTION and record.independent_events
    return record.polarity is Polarity.HIGH, counts_children, record.standard.target if record.standard else np.nan


def _own(table: pd.DataFrame, evidence: AreaEvidence) -> pd.DataFrame:
    return table.loc[table["area_code"] == evidence.area_code]


def _current(periods: pd.Series, kinds: pd.Series, cut_off: date) -> pd.Series:
    """Whether each period is young enough to lead."""
    pairs = {pair: may_be_headline(*pair, cut_off) for pair in set(zip(periods, kinds, strict=True))}
    return pd.Series([pairs[pair] for pair in zip(periods, kinds, strict=True)], index=periods.index, dtype=bool)


# --- the figure of each criterion --------------------------------------------------------------


def criterion_figures(
    topics: Mapping[str, Sequence[str]],
    records: Mapping[str, Indicator],
    measures: pd.DataFrame,
    evidence: AreaEvidence,
) -> pd.DataFrame:
    """Figures by topic (index) and criterion, as `STEPS` describes them; null where not known."""
    by_topic = measures.groupby("topic")
    compared = measures.loc[measures["compared"]].groupby("topic")
    figures = pd.DataFrame(
        {
            "size": by_topic["affected"].max() * 1000 / _residents(evidence),
            "severity": compared["bad"].mean() * 100,
            "inequality": _widest_gaps(topics, records, evidence),
            "trend": by_topic["worsening"].agg(lambda seen: seen.astype(float).mean()) * 100,
            "gap": by_topic["place"].mean(),
            "voice": pd.Series(dict(evidence.voice), dtype=float),
        },
        dtype=float,
    ).reindex(list(topics))
    judged = pd.Series({topic: sum(_is_judged(records[one]) for one in ids) for topic, ids in topics.items()})
    # A figure of which nobody can say whether it is chance tells half of what a tested one does.
    credit = (0.5 + measures["tested"] / 2).groupby(measures["topic"]).sum().reindex(figures.index, fill_value=0.0)
    shown = (credit / judged.where(judged > 0)).fillna(0.0)
    return figures.assign(evidence=(shown + figures.notna().sum(axis=1) / len(KNOWABLE)) / 2 * 100)


def _is_judged(record: Indicator) -> bool:
    return record.polarity is not Polarity.NONE


def _residents(evidence: AreaEvidence) -> float:
    """Residents under 18, newest; null where not known, and with it every size."""
    rows = _own(evidence.observed, evidence)
    rows = rows.loc[(rows["indicator_id"] == RESIDENTS) & (rows["dimension"] == TOTAL) & rows["value"].notna()]
    return float(rows.sort_values("period")["value"].iloc[-1]) if len(rows) else np.nan


def _widest_gaps(
    topics: Mapping[str, Sequence[str]], records: Mapping[str, Indicator], evidence: AreaEvidence
) -> pd.Series:
    """By topic, how far the worst group is behind the rest at the least; 0 where groups were compared and none is."""
    named = pd.DataFrame(
        [(topic, one, str(records[one].period_type)) for topic, ids in topics.items() for one in ids],
        columns=["topic", "indicator_id", "period_type"],
    )
    groups = _own(evidence.unequal, evidence).merge(named, on="indicator_id")
    judged = groups["indicator_id"].map({key: _is_judged(record) for key, record in records.items()}).astype(bool)
    groups = groups.loc[judged & _current(groups["period"], groups["period_type"], evidence.cut_off)]
    least = groups[["lower_ci", "upper_ci"]].abs().min(axis=1)
    behind = least.where(groups["significance"] == Significance.WORSE.value, 0.0)
    return behind.groupby(groups["topic"]).max()


# --- scores ------------------------------------------------------------------------------------


def criterion_scores(figures: pd.DataFrame, measures: pd.DataFrame) -> pd.DataFrame:
    """Scores from 0 to 4 by topic and criterion, null where the figure is."""
    scores = pd.DataFrame(
        {
            name: np.where(
                figures[name].isna(), np.nan, np.searchsorted(steps.bounds, figures[name].fillna(0.0), side="right")
            )
            for name, steps in STEPS.items()
        },
        index=figures.index,
    )
    failed = measures.loc[measures["failed"]].groupby("topic")["worse"].any().reindex(figures.index)
    least = failed.map({False: STANDARD_FAILED, True: STANDARD_FAILED_AND_WORSE}).astype(float)
    return scores.assign(severity=np.fmax(scores["severity"], least))
