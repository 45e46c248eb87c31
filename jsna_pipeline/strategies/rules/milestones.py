"""Things that are to be in place: IN_PLACE.

Here: the verdict on each milestone, and on all of a measure's together. Not here: reading them (`reported.py`),
or anything that is counted.

Done and shown by evidence is met; done without evidence cannot be told from a claim. Under way before its due
day is on course; the due day itself is still before. Past its due day, or stopped, is not met. Not started, or
under way without a due day, says nothing yet of whether it will be in place.
"""

from __future__ import annotations

from jsna_pipeline.report import formatting
from jsna_pipeline.strategies.question import MilestoneState, Question
from jsna_pipeline.strategies.reported import MilestoneStatus
from jsna_pipeline.strategies.rules import wording
from jsna_pipeline.strategies.verdict import Outcome, Verdict

ORDER = (Verdict.NOT_MET, Verdict.CANNOT_TELL, Verdict.ON_COURSE, Verdict.MET)
MOST_NAMED = 3


def in_place(question: Question) -> Outcome:
    """The verdict of all milestones together: one that fails fails the measure, and so down to met."""
    if not question.milestones:
        return Outcome(
            Verdict.NO_DATA, "There is no record of whether this is in place.", {"missing_series": "milestones"}
        )
    judged = [(one, *_one(question, one)) for one in question.milestones]
    verdict = next(one for one in ORDER if one in {found for _, found, _ in judged})
    evidence: dict[str, float | str] = {
        "milestones": len(judged),
        "met": sum(found is Verdict.MET for _, found, _ in judged),
    }
    for place, (one, found, _) in enumerate(judged, start=1):
        evidence |= _evidence(question, one, found, place)
    if len(judged) == 1:
        one, _, words = judged[0]
        return Outcome(verdict, f"{_short(one)}: {words}.", evidence)
    there = sum(found is Verdict.MET for _, found, _ in judged)
    said = f"{there or 'None'} of {len(judged)} {'are' if there > 1 else 'is'} in place."
    told = [said]
    if verdict is not Verdict.MET:
        deciding = [(one, words) for one, found, words in judged if found is verdict]
        told += [f"{_short(one)}: {words}." for one, words in deciding[:MOST_NAMED]]
        if rest := len(deciding) - MOST_NAMED:
            told += [f"The same holds for {formatting.counted(rest, 'other')}."] if rest > 0 else []
    return Outcome(verdict, wording.joined(*told), evidence)


def _one(question: Question, one: MilestoneState) -> tuple[Verdict, str]:
    due = one.due or question.target.due
    late = due is not None and due < question.today
    by = "" if due is None else formatting.date_words(due)
    if one.status is MilestoneStatus.DONE and (one.done_on is None or one.done_on > question.today):
        return Verdict.CANNOT_TELL, "said to be done, on no day that has come yet"
    if one.status is MilestoneStatus.DONE and not one.evidence.strip():
        return Verdict.CANNOT_TELL, "said to be done, and no evidence is given"
    if one.status is MilestoneStatus.DONE and one.done_on is not None:
        after = ", after it was due" if due is not None and one.done_on > due else ""
        return Verdict.MET, f"in place since {formatting.date_words(one.done_on)}{after}"
    if one.status is MilestoneStatus.STOPPED:
        return Verdict.NOT_MET, "stopped"
    begun = "under way" if one.status is MilestoneStatus.UNDER_WAY else "not started"
    if late:
        return Verdict.NOT_MET, f"{begun}, and was due on {by}"
    if due is None:
        return Verdict.CANNOT_TELL, f"{begun}, and no due day is set"
    if one.status is MilestoneStatus.UNDER_WAY:
        return Verdict.ON_COURSE, f"under way, due on {by}"
    return Verdict.CANNOT_TELL, f"not started, due on {by}"


def _evidence(question: Question, one: MilestoneState, found: Verdict, place: int) -> dict[str, str]:
    due = one.due or question.target.due
    told = {
        "milestone": one.milestone,
        "status": one.status.value,
        "owner": one.owner,
        "due": due.isoformat() if due else "",
        "done_on": one.done_on.isoformat() if one.done_on else "",
        "evidence": one.evidence,
        "verdict": found.value,
    }
    return {f"milestone_{place}_{name}": text for name, text in told.items() if text}


def _short(one: MilestoneState) -> str:
    """The milestone in at most twelve words: it is a contributor's text, and the whole is in the evidence."""
    words = one.milestone.strip().rstrip(".").split()
    return formatting.sentence(" ".join(words[:12]) + ("…" if len(words) > 12 else ""))
