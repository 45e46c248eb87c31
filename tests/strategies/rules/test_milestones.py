"""Facts about things that are to be in place: IN_PLACE."""

from datetime import date

import pytest

from jsna_pipeline.strategies.question import MilestoneState
from jsna_pipeline.strategies.reported import MilestoneStatus
from tests.strategies.rules.asked import CANNOT_TELL, MET, NO_DATA, NOT_MET, NOTHING, ON_COURSE, answer, ask

PAST, TODAY, AHEAD = date(2025, 9, 29), date(2025, 9, 30), date(2025, 10, 1)


def stone(status: str, due: date | None = None, done: date | None = None, evidence: str = "") -> MilestoneState:
    return MilestoneState("Terms of reference renewed", MilestoneStatus(status), "Director", due, done, evidence)


DONE = stone("done", done=date(2025, 3, 31), evidence="board minutes")


@pytest.mark.parametrize(
    ("state", "verdict", "words"),
    [
        (DONE, MET, "in place since 31 March 2025"),
        (stone("done", date(2025, 1, 31), date(2025, 3, 31), "minutes"), MET, "after it was due"),
        (stone("done", done=TODAY, evidence="minutes"), MET, "30 September 2025"),
        (stone("done", done=PAST, evidence="  "), CANNOT_TELL, "no evidence"),
        (stone("done", done=AHEAD, evidence="minutes"), CANNOT_TELL, "no day that has come"),
        (stone("under_way", AHEAD), ON_COURSE, "due on 1 October 2025"),
        (stone("under_way", TODAY), ON_COURSE, "due on 30 September 2025"),
        (stone("under_way", PAST), NOT_MET, "was due on 29 September 2025"),
        (stone("under_way"), CANNOT_TELL, "no due day"),
        (stone("not_started", AHEAD), CANNOT_TELL, "not started"),
        (stone("not_started", PAST), NOT_MET, "not started"),
        (stone("stopped", AHEAD), NOT_MET, "stopped"),
    ],
)
def test_one_milestone(state: MilestoneState, verdict: object, words: str) -> None:
    outcome = answer("IN_PLACE", ask(NOTHING, milestones=(state,)))
    assert outcome.verdict is verdict and words in outcome.sentence


def test_several_together_and_none() -> None:
    def of(*states: MilestoneState, **target: object):
        return answer("IN_PLACE", ask(NOTHING, target=target, milestones=states))

    assert of(DONE, DONE).sentence == "2 of 2 are in place."
    assert of(DONE, stone("under_way", AHEAD)).verdict is ON_COURSE
    assert of(DONE, stone("under_way", AHEAD), stone("not_started", AHEAD)).verdict is CANNOT_TELL
    late = of(DONE, *[stone("under_way", PAST)] * 5)
    assert late.verdict is NOT_MET and "The same holds for 2 others." in late.sentence
    assert of(stone("under_way"), due="2025-12-31").verdict is ON_COURSE  # the target's own day
    assert of().verdict is NO_DATA
    assert late.evidence["milestone_2_due"] == "2025-09-29"


def test_a_long_milestone_is_cut_in_the_sentence_and_whole_in_the_evidence() -> None:
    long = MilestoneState(" ".join(["word"] * 60), MilestoneStatus.UNDER_WAY, due=PAST)
    outcome = answer("IN_PLACE", ask(NOTHING, milestones=(long,)))
    assert "…" in outcome.sentence and outcome.evidence["milestone_1_milestone"] == long.milestone
