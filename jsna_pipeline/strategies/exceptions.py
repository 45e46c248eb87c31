"""The exceptions report: measures that are not met, what their managers say, what the board decides, and for how long.

Here: the table of one edition, carried on from the edition before. Not here: judging a measure
(`evaluation.py`), reading what managers write (`reported.py`), or printing it (`report/strategy_section.py`).

An exception opens when a measure is not met. It closes only when the measure is met or on course, when the board
closes it, or when its strategy has ended or no longer asks for it: figures that fall silent close nothing. A
measure that is not met again after its exception was closed is a new one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

import pandas as pd

from jsna_pipeline.geography import Area
from jsna_pipeline.published_tables import ScorecardExceptions, checked
from jsna_pipeline.strategies.evaluation import MeasureResult
from jsna_pipeline.strategies.reported import CommentaryRow, Decision, Key
from jsna_pipeline.strategies.verdict import Verdict

ANSWERED = (Verdict.MET, Verdict.ON_COURSE)


def exceptions(
    results: Iterable[MeasureResult],
    commentary: Mapping[Key, CommentaryRow],
    earlier: pd.DataFrame | None,
    edition: str,
    area: Area,
    today: date,
) -> pd.DataFrame:
    """SCORECARD_EXCEPTIONS of the edition, in the order of `results`; those whose measure is gone come last.

    `earlier` is the table of the edition before, None where there is none; the area's rows of it that were still
    open are carried on. Rows of this very edition are not an edition before, and are left out.
    """
    before = _open_before(earlier, edition, area)
    made = []
    for result in results:
        key = (result.strategy.id, result.measure.row)
        row = _of_measure(result, commentary.get(key), before.pop(key, None), edition, today)
        if row is not None:
            made.append(row)
    gone = [_gone(old, edition) for old in before.values()]
    columns = list(ScorecardExceptions.to_schema().columns)
    return checked(pd.DataFrame([*made, *gone], columns=columns), ScorecardExceptions)


def _open_before(earlier: pd.DataFrame | None, edition: str, area: Area) -> dict[Key, dict[str, object]]:
    if earlier is None:
        return {}
    rows = earlier.loc[
        (earlier["area_code"] == area.code) & (earlier["state"] != "closed") & (earlier["edition"] != edition)
    ]
    return {(str(row["strategy_id"]), int(row["row"])): row for row in rows.to_dict("records")}


def _of_measure(
    result: MeasureResult,
    said: CommentaryRow | None,
    old: dict[str, object] | None,
    edition: str,
    today: date,
) -> dict[str, object] | None:
    """The row of a measure, None where it is no exception and was none."""
    ended = result.strategy.closed(today)
    if old is None and (result.verdict is not Verdict.NOT_MET or ended):
        return None
    words = _words_of(said, old)
    closed = ended or result.verdict in ANSWERED or words["decision"] == Decision.CLOSE.value
    return {
        "strategy_id": result.strategy.id,
        "row": result.measure.row,
        "area_code": result.area.code,
        "measure": result.measure.measure,
        "owner": result.owner,
        "state": "closed" if closed else "new" if old is None else "open",
        "stage": _stage(words, closed),
        "opened": edition if old is None else old["opened"],
        "editions_open": 1 if old is None else _count(old) + 1,
        "verdict": result.verdict.value,
        "sentence": result.sentence,
        **words,
        "edition": edition,
    }


def _words_of(said: CommentaryRow | None, old: dict[str, object] | None) -> dict[str, object]:
    """The manager's words of this edition, else those carried on; a decision stands until another is taken."""
    blank: dict[str, object] = dict.fromkeys(("explanation", "action", "due", "decision", "decided_on"), "")
    carried = {name: old[name] for name in blank} if old is not None else blank
    if said is None:
        return carried
    given = {
        "explanation": said.explanation,
        "action": said.action,
        "due": said.due.isoformat() if said.due else "",
        "decision": said.decision.value if said.decision else "",
        "decided_on": said.decided_on.isoformat() if said.decided_on else "",
    }
    return {name: given[name] or carried[name] for name in blank}


def _stage(words: Mapping[str, object], closed: bool) -> str:
    if closed:
        return "closed"
    if not words["explanation"]:
        return "explanation_wanted"
    return "decided" if words["decision"] else "decision_wanted"


def _gone(old: Mapping[str, object], edition: str) -> dict[str, object]:
    """An exception whose measure is no longer asked for: closed, with what was last said."""
    sentence = "The strategies of this edition no longer ask for it."
    changes = {"state": "closed", "stage": "closed", "verdict": Verdict.NO_DATA.value, "sentence": sentence}
    return {**old, **changes, "editions_open": _count(old) + 1, "edition": edition}


def _count(old: Mapping[str, object]) -> int:
    return int(str(old["editions_open"]))
