"""Facts about who answered beside who was asked: REPRESENTATIVE."""

from jsna_pipeline.strategies.question import Answers, MixGroup
from tests.strategies.rules.asked import CANNOT_TELL, MET, NO_DATA, NOT_MET, NOTHING, answer, ask


def survey(groups: dict[str, tuple[int, float]], invited: int | None = None, more=(), **target):
    mix = tuple(MixGroup("age group", name, *numbers) for name, numbers in groups.items())
    answers = Answers("Who answered", mix=(*mix, *more), invited=invited, name="Wigan")
    return answer("REPRESENTATIVE", ask(NOTHING, target=target, answers=answers))


def test_groups_near_far_and_unclear() -> None:
    near = survey({"5 to 10": (210, 40), "11 to 15": (210, 40), "16 to 25": (80, 20)}, invited=2000)
    assert near.verdict is MET
    assert near.sentence == "Wigan: 500 of 2,000 answered (25.0%). All 3 groups answered near their share."
    far = survey({"5 to 10": (300, 40), "11 to 15": (170, 40), "16 to 25": (30, 20)})
    assert far.verdict is NOT_MET and far.sentence.endswith("Under-represented: 16 to 25.")
    few = survey({"5 to 10": (11, 40), "11 to 15": (10, 40), "16 to 25": (6, 20)})
    assert few.verdict is CANNOT_TELL and few.detectable is not None and few.detectable > 10
    assert survey({"5 to 10": (4, 50), "11 to 15": (3, 50)}).verdict is CANNOT_TELL


def test_the_margin_and_half_of_a_small_group() -> None:
    """400 answered. A group of 20 % needs 10 % (both limits agree), one of 8 % needs 4 %."""
    assert survey({"with": (56, 20), "without": (344, 80)}).verdict is MET  # 14.0 %, at least 11.4
    assert survey({"with": (40, 20), "without": (360, 80)}).verdict is CANNOT_TELL  # 10.0 %
    assert survey({"with": (26, 20), "without": (374, 80)}).verdict is NOT_MET  # 6.5 %, at most 8.8
    assert survey({"with": (40, 20), "without": (360, 80)}, margin=15).verdict is CANNOT_TELL  # half is still the least
    assert survey({"with": (5, 8), "without": (395, 92)}).verdict is NOT_MET  # 1.3 %, at most 2.5
    assert survey({"with": (44, 8), "without": (356, 92)}).verdict is MET  # more than its share is no fault


def test_groups_too_small_to_judge_do_not_decide_unless_they_are_clearly_missing() -> None:
    small = {"speak English": (94, 95), "other": (4, 5)}
    outcome = survey(small)
    assert outcome.verdict is MET and outcome.sentence.endswith("Too small to judge: other.")
    assert "respondents age group/other" not in outcome.evidence  # four: not printed, nor worked out from the rest
    assert "respondents age group/speak English" not in outcome.evidence
    assert survey({"speak English": (180, 95), "other": (0, 5)}).verdict is NOT_MET  # nine expected, none came
    assert survey({"a": (10, 50), "b": (8, 50)}).verdict is CANNOT_TELL


def test_every_dimension_counts_and_nothing_is_nothing() -> None:
    good = {"5 to 10": (250, 50), "11 to 15": (250, 50)}
    lopsided = (MixGroup("sex", "girls", 450, 49.0), MixGroup("sex", "boys", 50, 51.0))
    assert survey(good).verdict is MET
    assert survey(good, more=lopsided).verdict is NOT_MET
    assert answer("REPRESENTATIVE", ask(NOTHING)).verdict is NO_DATA
    assert answer("REPRESENTATIVE", ask(NOTHING, answers=Answers("Who"))).verdict is NO_DATA
    assert survey({"a": (0, 50), "b": (0, 50)}).verdict is CANNOT_TELL


def test_first_language_of_pupils_in_wigan() -> None:
    """Pupils whose first language is not English: 3,368 of 48,102, 7.0 % in January 2022. DfE, Schools, pupils and
    their characteristics (first_language_not_english). Of 300 illustrative answers 21 would be a fair share; 5 are
    1.7 % (90 % Wilson 0.8 to 3.4), under the 3.5 that half of it is; 15 are 5.0 % (3.3 to 7.5): too few to tell."""
    share = 100 * 3368 / 48102
    for answered, verdict in ((5, NOT_MET), (15, CANNOT_TELL), (21, MET)):
        assert survey({"other": (answered, share), "English": (300 - answered, 100 - share)}).verdict is verdict
