"""The easy-read draft for young people and families: short sentences, one idea each, a picture beside each.

Here: its sentences, the words that have to be explained, and the rules that the sentences keep. Not here:
the facts (`glance.py`), the pictures (`report_templates/companions/symbols.j2`) or markup.

It is called a draft until young people and families have tested it. A sentence has at most fifteen words. A
hard word is explained where it first stands. Words that other people wrote (decisions, questions of a survey)
are quoted only where they keep the same rules.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from jsna_pipeline.report import formatting
from jsna_pipeline.report.companions import pages
from jsna_pipeline.report.companions.glance import (
    AUTISM_WAIT,
    CASELOAD,
    REQUESTS,
    SEN_SUPPORT,
    THERAPY_WAIT,
    Glance,
    Heard,
    KeyFigure,
    Sought,
)
from jsna_pipeline.report.model import Report

HERE = "easy-read.html"
LONGEST = 15  # words of a sentence
MOST_HEARD, MOST_QUOTED = 2, 3
# A hard word, and what it means in sentences that keep the rules themselves.
HARD_WORDS: Mapping[str, tuple[str, ...]] = {
    "draft": ("A draft is not finished.",),
    "SEND": ("SEND means special educational needs and disabilities.",),
    "EHC plan": ("EHC means education, health and care.", "The plan says what help a person must get."),
    "SEN support": ("SEN support is extra help from a school, without a plan.",),
    "council": ("The council runs many services in your area.",),
    "review": ("A review is a meeting to check that a plan still works.",),
    "autistic": ("Autistic people think and feel the world in their own way.",),
    "speech therapy": ("Speech therapy helps with talking and understanding.",),
    "survey": ("A survey is a list of questions for many people.",),
    "board": ("A board is a group of leaders who decide things.",),
}
# Words of the field that easy reading does without; what people wrote is not quoted where it has one.
TOO_HARD = frozenset(
    {
        "allocation", "assessment", "backlog", "benchmark", "caseload", "clusters", "cohort", "commission",
        "commissioning", "comparator", "compliance", "coproduction", "engagement", "framework", "governance",
        "implementation", "indicator", "intervention", "joint", "maintained", "mediation", "multi-agency",
        "outcome", "pathway", "percentage", "persistent", "prevalence", "procurement", "professionals", "provision",
        "provisional", "quartile", "resourced", "safeguarding", "stakeholder", "standard", "statutory", "strategic",
        "strategy", "sufficiency", "therapist", "therapists", "threshold", "timeliness", "trajectory", "transition",
        "tribunal",
    }
)  # fmt: skip
NEAR = 3.5  # percentage points within which a share is called a half, a third or a quarter
PARTS = ((25.0, "a quarter"), (100 / 3, "a third"), (50.0, "half"), (200 / 3, "two thirds"), (75.0, "three quarters"))


@dataclass(frozen=True)
class Line:
    """A picture and what stands beside it."""

    symbol: str
    picture: str  # what the picture shows: its text alternative
    sentences: tuple[str, ...]
    explained: tuple[str, ...] = ()  # what the hard words of the line mean
    quoted: str = ""  # words of other people


@dataclass(frozen=True)
class Part:
    heading: str
    lines: tuple[Line, ...]


def easy_read(report: Report) -> tuple[Part, ...]:
    """All parts in reading order, with each hard word explained on the line where it first stands."""
    found = report.glance
    parts = (
        Part("What is this?", tuple(_what_this_is(report))),
        Part("How many children and young people?", tuple(_how_many(found))),
        Part("Are plans on time?", tuple(_on_time(found))),
        Part("Who waits for health care?", tuple(_waits(found, report.area_name))),
        Part("What did families and young people say?", tuple(_said(found))),
        Part("What happens next?", tuple(_next(report))),
        Part("What do we not know?", tuple(_unknown(report))),
        Part("Who can I ask?", tuple(_ask())),
    )
    return _explain(tuple(part for part in parts if part.lines))


def render(report: Report) -> bytes:
    page = pages.render("easy_read.html.j2", report, HERE, parts=easy_read(report), emphasise=emphasise)
    return page.encode("utf-8")


# --- the rules ---------------------------------------------------------------------------------


def words(sentence: str) -> int:
    return len(sentence.split())


def is_easy(text: str) -> bool:
    """Whether words that somebody else wrote keep the rules: short, one sentence, no word of the field."""
    told = {word.strip(".,;:!?()“”‘’\"'").casefold() for word in text.split()}
    return words(text) <= LONGEST and not told & TOO_HARD and not re.search(r"[;:(]|\.\s", text)


def about(part: float, whole: float) -> str:
    """A share in words that can be pictured: "about half", "about 1 in 20", "none", "nearly all".

    Raises ValueError unless 0 <= part <= whole and whole > 0.
    """
    if not 0 <= part <= whole or whole <= 0:
        raise ValueError(f"{part!r} of {whole!r} is no share")
    percent = 100 * part / whole
    if part in (0, whole):
        return "none" if part == 0 else "all"
    if percent < 1:
        return "fewer than 1 in 100"
    if percent > 95:
        return "nearly all"
    for value, name in PARTS:
        if abs(percent - value) <= NEAR:
            return f"about {name}"
    return f"about {formatting.one_in(percent)}"


def emphasise(sentence: str) -> list[tuple[str, bool]]:
    """`sentence` in pieces, each with whether it is a hard word."""
    pattern = "|".join(re.escape(word) for word in HARD_WORDS)
    pieces = re.split(rf"(\b(?:{pattern})s?\b)", sentence)
    return [(piece, index % 2 == 1) for index, piece in enumerate(pieces) if piece]


def _explain(parts: tuple[Part, ...]) -> tuple[Part, ...]:
    known: set[str] = set()
    made = []
    for part in parts:
        lines = []
        for line in part.lines:
            stand = [word for word in HARD_WORDS if word not in known and _stands_in(word, line.sentences)]
            known |= set(stand)
            lines.append(replace(line, explained=tuple(said for word in stand for said in HARD_WORDS[word])))
        made.append(replace(part, lines=tuple(lines)))
    return tuple(made)


def _stands_in(word: str, sentences: tuple[str, ...]) -> bool:
    return any(re.search(rf"\b{re.escape(word)}s?\b", sentence) for sentence in sentences)


# --- the parts ---------------------------------------------------------------------------------


def _what_this_is(report: Report) -> Iterator[Line]:
    yield Line("report", "A page of a report", ("This is a short and easy version of a long report.",))
    about_whom = (
        "The report is about children and young people with SEND.",
        f"They live in {report.area_name} and are aged 0 to 25.",
    )
    yield Line("people", "Two people", about_whom)
    yield Line("pencil", "A pencil", ("This version is a draft.", "Young people have not tested it yet."))
    if report.illustrative:
        made_up = ("The numbers here are made up.", "They only show how the real pages will look.")
        yield Line("question", "A question mark", made_up)


def _how_many(found: Glance) -> Iterator[Line]:
    if one := found.get(CASELOAD):
        number = formatting.number(one.value)
        yield Line("people", "Two people", (f"{one.when}, {number} children and young people had an EHC plan.",))
        if one.before:
            verb = "more" if one.value > one.before else "fewer" if one.value < one.before else "as many"
            told = f"A year before, it was {formatting.number(one.before)}."
            picture = "Bars of different height"
            yield Line("growing", picture, (told, f"So {verb} people have a plan now."))
    if (one := found.get(SEN_SUPPORT)) and 0 < one.value < 100:
        exact = f"That is {formatting.number(one.value, 1)} in every 100 pupils."
        share = formatting.sentence(about(one.value, 100))
        yield Line("school", "A school", (f"{share} of all school pupils got SEN support.", exact))
    if one := found.get(REQUESTS):
        asked = f"{formatting.number(one.value)} times, people asked the council to check if a plan is needed."
        yield Line("letter", "A letter", (asked, f"That was in {_year(one)}."))


def _year(one: KeyFigure) -> str:
    return one.when.removeprefix("In ")


# Indicator: what the law says, what was late (after "of the"), and what is counted.
STANDARDS = {
    "ehcp_within_20_weeks_excl": (
        "The law says a new plan must be ready in 20 weeks.",
        "new plans were late.",
        "plans",
    ),
    "ehcp_reviews_held": (
        "The law says each plan must have a review every year.",
        "reviews had no meeting on record.",
        "reviews",
    ),
    "ehcp_review_decision_within_4_weeks": (
        "After a review, families must get an answer in 4 weeks.",
        "answers were late.",
        "answers",
    ),
    "ehcp_decision_within_6_weeks": (
        "When people ask for a plan, they must get an answer in 6 weeks.",
        "first answers were late.",
        "answers",
    ),
}


def _on_time(found: Glance) -> Iterator[Line]:
    for one in found.standards:
        if one.indicator_id not in STANDARDS or one.late is None or not one.out_of:
            continue
        law, late, noun = STANDARDS[one.indicator_id]
        yield Line("law", "Scales, for the law", (law,))
        share = formatting.sentence(about(one.late, one.out_of))
        exact = f"That is {formatting.of(one.late, one.out_of)} {noun}, in {_year(one)}."
        if one.late == 0:
            yield Line("on-time", "A clock with a tick", (f"None of the {late}",))
        else:
            yield Line("late", "A clock and a warning", (f"{share} of the {late}", exact))


WAITS = {
    AUTISM_WAIT: (
        "health",
        "A cross, for health care",
        "Some children wait to find out if they are autistic.",
        "had waited 13 weeks or more.",
    ),
    THERAPY_WAIT: (
        "talk",
        "A speech bubble",
        "Some children wait for speech therapy.",
        "had waited more than a year.",
    ),
}


def _waits(found: Glance, area: str) -> Iterator[Line]:
    known = [one for name in WAITS if (one := found.get(name)) and one.count is not None and one.out_of]
    for one in known:
        symbol, picture, who, waited = WAITS[one.indicator_id]
        count, out_of = one.count or 0, one.out_of or 0
        share = formatting.sentence(about(count, out_of))
        exact = f"That is {formatting.of(count, out_of)} children, in {_year(one)}."
        yield Line(symbol, picture, (who, f"{share} of them {waited}", exact))
    if known:
        yield Line("question", "A question mark", ("These numbers are for an NHS area.", f"It is not only {area}."))


def _said(found: Glance) -> Iterator[Line]:
    easy = [one for one in found.heard if is_easy(one.question)]
    asked = {one.audience: one for one in easy[::-1]}  # of each audience, what the fewest said
    told = sorted(asked.values(), key=lambda one: (one.share, one.question))[:MOST_HEARD]
    if told:
        yield Line(
            "talk", "A speech bubble", ("We asked questions in a survey.", "Here is what the fewest people said.")
        )
    for one in told:
        yield Line("talk", "A speech bubble", _share_said(one), quoted=one.question)


def _share_said(one: Heard) -> tuple[str, ...]:
    share = formatting.sentence(about(one.share, 100))
    return (
        f"{share} of the {one.audience} said this.",
        f"That is {formatting.number(one.share, 1)} in every 100.",
        f"{formatting.number(one.answers)} people answered.",
    )


def _next(report: Report) -> Iterator[Line]:
    sought = report.glance.sought
    if report.draft:
        yield Line("meeting", "People at a table", ("A board must still agree the long report.",))
    if sought:
        number = formatting.counted(len(sought), "thing")
        first = f"The first is due by {formatting.date_words(min(one.by for one in sought))}."
        yield Line("decision", "Arrows in two directions", (f"Leaders have {number} to decide.", first))
        for one in [one for one in sought if is_easy(_bare(one))][:MOST_QUOTED]:
            day = f"They have until {formatting.date_words(one.by)}."
            yield Line("calendar", "A calendar", ("One thing to decide is this:", day), quoted=_bare(one))
    refresh = report.governance.next_refresh
    if re.fullmatch(r"[A-Z][a-z]+ 20\d\d", refresh):
        yield Line("again", "An arrow in a circle", (f"We plan to do this again in {refresh}.",))


def _bare(one: Sought) -> str:
    return formatting.sentence(one.decision.removeprefix("Example: "))


def _unknown(report: Report) -> Iterator[Line]:
    gaps = sum(len(chapter.gaps) for chapter in report.chapters)
    yield Line("question", "A question mark", ("We do not know everything.",))
    if gaps:
        held = "The long report says who may know them."
        yield Line(
            "report", "A page of a report", (f"There are {formatting.number(gaps)} things we could not find.", held)
        )
    if report.glance.heard:
        yield Line(
            "talk", "A speech bubble", ("Not everybody answered our survey.", "Other people may feel differently.")
        )


def _ask() -> Iterator[Line]:
    yield Line("phone", "A telephone", ("You can ask us a question.", "The people to ask are named below."))
    yield Line("letter", "A letter", ("You can ask for this in another way.", "One example is bigger print."))
    yield Line("pencil", "A pencil", ("Please tell us if something here is hard to read.",))
