"""The section on which chapters come first: scores, the order, and how far it rests on the weights.

Here: sentences and tables from the priorities table. Not here: computing the order
(`commissioning/prioritisation.py`, `commissioning/weighing.py`), or the rest of its chapter
(`report/commissioning_chapter.py`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from jsna_pipeline.catalogue.chapters import chapters
from jsna_pipeline.commissioning.prioritisation import CRITERIA, MINIMUM_MEASURES, STEPS, scores_of
from jsna_pipeline.commissioning.weighing import DRAWS, TOP, full_weights, sensitivity
from jsna_pipeline.report import formatting
from jsna_pipeline.report.model import Section, Statement, Table

LEADING = 3  # chapters that a sentence speaks of
Row = dict[str, Any]  # one row of the priorities table


def chapter_title(chapter: str) -> str:
    """The title of a chapter; a topic that is none is spelt out."""
    return chapters()[chapter].title if chapter in chapters() else formatting.sentence(chapter.replace("_", " "))


def priorities_section(priorities: pd.DataFrame, weights: Mapping[str, float] | None) -> Section:
    """The section of a `CommissioningPriorities` table with at least one ranked row, made with `weights`."""
    rows: list[Row] = priorities.to_dict("records")
    shares = full_weights(weights, CRITERIA)
    weighed = "; ".join(
        f"{STEPS[name].name.lower()} {formatting.number(share * 100)}%"
        for name, share in zip(CRITERIA, shares, strict=True)
    )
    return Section(
        section_id="commissioning-priorities",
        heading="Which needs come first?",
        statements=(*_leading(rows), *_not_ranked(rows)),
        figures=(),
        tables=(
            _score_table([row for row in rows if not pd.isna(row["rank"])]),
            _figure_table(rows),
            _sensitivity_table(sensitivity(scores_of(priorities), shares)),
            _steps_table(),
        ),
        method=(
            "Seven criteria are scored from 0 to 4 by written thresholds; the total is the weighted mean of the scores "
            f"that are known, out of 100. Weights: {weighed}. The thresholds and the weights are judgements. “Other "
            "weights” is the range of the rank when each criterion in turn is left out or counts twice. The last "
            f"column is how many of {formatting.number(DRAWS)} random sets of weights put the chapter among the "
            f"first {TOP}."
        ),
        sources=(),
        caveats=(
            "The order starts a conversation; it does not settle one. The same children are in several chapters. "
            "Figures of NHS bodies are not used here, so health rests on less than its chapter holds.",
        ),
    )


def _leading(rows: list[Row]) -> list[Statement]:
    leading = [row for row in rows if row["rank"] <= LEADING][:LEADING]
    return [Statement(_leading_sentence(row), "neutral", f"Rank {formatting.number(row['rank'])}") for row in leading]


def _leading_sentence(row: Row) -> str:
    """ "The EHC system scores 89 of 100. It stays at rank 1 whichever criterion is left out or counts twice." """
    best, worst = (formatting.number(row[name]) for name in ("best_rank", "worst_rank"))
    moves = f"stays at rank {best}" if best == worst else f"moves between rank {best} and rank {worst}"
    failed = int(row["standards_failed"])
    verb = "is" if failed == 1 else "are"
    standards = f" {formatting.counted(failed, 'statutory standard')} {verb} not met." if failed else ""
    return (
        f"{chapter_title(row['topic'])} scores {formatting.number(row['total'])} of 100.{standards} "
        f"It {moves} when criteria are left out or count twice, and is among the first {TOP} with "
        f"{formatting.number(row['top_five_share'])}% of random weights."
    )


def _not_ranked(rows: list[Row]) -> list[Statement]:
    names = [chapter_title(row["topic"]) for row in rows if pd.isna(row["rank"])]
    if not names:
        return []
    text = (
        f"{formatting.listed(names)}: not ranked, because fewer than {MINIMUM_MEASURES} measures say what is good, "
        "or too few criteria are known. That is a gap in the evidence, and not a lack of need."
    )
    return [Statement(text, "unknown", "Not ranked")]


def _score_table(rows: list[Row]) -> Table:
    return Table(
        table_id="commissioning-scores",
        caption="Scores of each chapter, 0 to 4, and how far the order rests on the weights",
        columns=(
            "Chapter",
            *(STEPS[name].name for name in CRITERIA),
            "Total of 100",
            "Rank",
            "Other weights",
            f"First {TOP}, random weights",
        ),
        rows=tuple(
            (
                chapter_title(row["topic"]),
                *(_number(row[f"{name}_score"]) for name in CRITERIA),
                _number(row["total"]),
                _number(row["rank"]),
                _range(row),
                formatting.EN_DASH if pd.isna(row["top_five_share"]) else f"{_number(row['top_five_share'])}%",
            )
            for row in rows
        ),
        numeric=(False, *(True,) * (len(CRITERIA) + 4)),
        notes=(f"{formatting.EN_DASH} is not known, and left out of the total.",),
    )


def _range(row: Row) -> str:
    if pd.isna(row["rank"]):
        return formatting.EN_DASH
    best, worst = _number(row["best_rank"]), _number(row["worst_rank"])
    return best if best == worst else f"{best} to {worst}"


def _number(value: float, decimals: int = 0) -> str:
    return formatting.EN_DASH if pd.isna(value) else formatting.number(value, decimals)


def _figure_table(rows: list[Row]) -> Table:
    return Table(
        table_id="commissioning-figures",
        caption="The figures behind the scores",
        columns=(
            "Chapter",
            "Measures judged",
            "Standards failed",
            "Children per 1,000",
            "Measures bad beside England",
            "Gap of the worst group, points at least",
            "Measures getting worse",
            "Place among authorities",
            "Mentions",
            "What is known",
        ),
        rows=tuple(
            (
                chapter_title(row["topic"]),
                _number(row["measures"]),
                _number(row["standards_failed"]),
                _number(row["size"], 1),
                _percent(row["severity"]),
                _number(row["inequality"], 1),
                _percent(row["trend"]),
                _number(row["gap"], 2),
                _percent(row["voice"]),
                _percent(row["evidence"]),
            )
            for row in rows
        ),
        numeric=(False, *(True,) * 9),
        in_pdf=False,
    )


def _percent(value: float) -> str:
    return formatting.EN_DASH if pd.isna(value) else f"{formatting.number(value)}%"


def _sensitivity_table(found: pd.DataFrame) -> Table:
    scenarios = [name for name in found if name not in ("best", "worst", "top_five_share")]
    return Table(
        table_id="commissioning-sensitivity",
        caption="Rank of each chapter under other weights",
        columns=("Weights", *(chapter_title(topic) for topic in found.index)),
        rows=tuple((formatting.sentence(name), *(_number(rank) for rank in found[name])) for name in scenarios),
        numeric=(False, *(True,) * len(found)),
        in_pdf=False,
    )


def _steps_table() -> Table:
    return Table(
        table_id="commissioning-thresholds",
        caption="How a figure becomes a score (judgements)",
        columns=("Criterion", "Figure", "1 from", "2 from", "3 from", "4 from", "Why"),
        rows=tuple(
            (
                steps.name,
                formatting.sentence(steps.figure),
                *("above 0" if 0 < bound < 1e-9 else f"{bound:g}".replace("-", "−") for bound in steps.bounds),
                f"{formatting.sentence(steps.why)}.",
            )
            for steps in STEPS.values()
        ),
        numeric=(False, False, True, True, True, True, False),
        in_pdf=False,
    )
