"""What a target rule says: the verdict, its sentence and the figures that it rests on.

Here: the closed list of verdicts, an outcome, and how several outcomes make one. Not here: the rules
(`rules/`), or which rule a measure has (`catalogue/strategies.py`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum


class Verdict(StrEnum):
    MET = "met"
    ON_COURSE = "on_course"  # the end of the window or the due day is ahead, and it moves the right way
    NOT_MET = "not_met"
    CANNOT_TELL = "cannot_tell"  # figures exist, but are too few or too small to say
    NO_DATA = "no_data"  # an owned gap: nobody publishes or has supplied it
    NO_JUDGEMENT = "no_judgement"  # context: shown, and neither good nor bad


# Of several outcomes the first of these that occurs is the whole's: one failing part fails the measure, and what
# cannot be told is not covered up by what can. Parts without data or judgement say nothing beside others that do.
WEIGHT = (Verdict.NOT_MET, Verdict.CANNOT_TELL, Verdict.ON_COURSE, Verdict.MET, Verdict.NO_JUDGEMENT, Verdict.NO_DATA)


@dataclass(frozen=True)
class Outcome:
    """`sentence` is complete and printable. `evidence` names each figure used (`value`, `baseline`, `difference`,
    `lower`, `upper`, `period`, …). `detectable` is the smallest difference that would have been seen, in the unit
    of the series: given wherever the verdict is `cannot_tell` for want of numbers.
    """

    verdict: Verdict
    sentence: str
    evidence: Mapping[str, float | str] = field(default_factory=dict)
    detectable: float | None = None


def overall(outcomes: Sequence[Outcome], *, failed_standard: str = "") -> Verdict:
    """The verdict of a measure from those of its parts; `no_data` where there is none.

    `failed_standard` names a statutory standard that the area fails on this measure: no favourable comparison
    makes up for it, and none is needed to see it.
    """
    if failed_standard:
        return Verdict.NOT_MET
    found = {outcome.verdict for outcome in outcomes}
    return next((one for one in WEIGHT if one in found), Verdict.NO_DATA)
