"""The glossary: the field's terms, each in one plain sentence, and the links to it from the words of a chapter.

Here: the terms, the forms in which they occur, and the filter that links the first of each in a chapter on screen.
Not here: the definitions of indicators (`report/dictionary.py`).

Links are put into finished markup, so that no sentence has to know about them: only words between tags are looked
at, what is escaped stays so, and nothing inside a heading, a link, a caption, a chart, words of people or a part
that opens on demand is touched.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from markupsafe import Markup

# What a reader has not asked for, or may not be changed.
HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
UNTOUCHED = frozenset(
    {*HEADINGS, "a", "abbr", "aside", "button", "caption", "code", "details", "dfn", "figcaption", "figure", "label"}
    | {"nav", "script", "strong", "style", "summary", "svg", "th"}
)
_TAG = re.compile(r"(<[^>]*>)")
_NAME = re.compile(r"</?([A-Za-z][A-Za-z0-9-]*)")


@dataclass(frozen=True)
class Term:
    """A term, what it means in one sentence, and the forms in which sentences use it (the term itself too)."""

    term: str
    meaning: str
    forms: tuple[str, ...] = ()

    @property
    def spoken(self) -> tuple[str, ...]:
        """Every form, without what the term has in brackets."""
        return (self.term.partition(" (")[0], *self.forms)


TERMS: tuple[Term, ...] = (
    Term("ADHD", "Attention deficit hyperactivity disorder: a condition that makes it hard to keep still and attend."),
    Term("Alternative provision", "Teaching outside a pupil’s own school, for pupils who cannot be taught there now."),
    Term("Annual review", "The meeting, at least once a year, that checks and if needed changes an EHC plan.",
         ("annual reviews",)),
    Term("ASQ-3", "The ages and stages questionnaire, which parents and health visitors fill in at the check at age 2.",
         ("ages and stages questionnaire",)),
    Term("Attainment 8", "The points of a pupil’s best results in eight subjects at 16, added up."),
    Term("Back-test", "Trying a method on past years whose outcome is known, to see how wrong it would have been.",
         ("back-tests",)),
    Term("CAMHS", "Child and adolescent mental health services of the NHS."),
    Term("Caseload", "All the plans that an authority maintains on one day."),
    Term("Care leaver", "A young person who was looked after by the authority and has left care.", ("care leavers",)),
    Term("Child looked after", "A child for whom the authority cares as a parent would, for instance in foster care.",
         ("children looked after", "looked after")),
    Term("Child protection plan", "What is agreed to keep a child safe who has been harmed or may be.",
         ("child protection plans", "protection plan", "protection plans")),
    Term("Children in need", "Children whom social care helps because without help they would not thrive, or are "
         "disabled.", ("child in need",)),
    Term("Confidence interval (CI)", "The range in which the true level plausibly lies, given how few are counted.",
         ("confidence intervals", "95% CI", "95% interval", "95% intervals")),
    Term("Continuing care", "NHS care for children whose complex needs other services cannot meet."),
    Term("Data cut-off", "The last day up to which this edition takes in figures.", ("cut-off",)),
    Term("Dedicated schools grant", "The money that government gives an authority for schools, early years and high "
         "needs."),
    Term("Deprived tenth or fifth", "The tenth or fifth of England’s neighbourhoods where people have least.",
         ("most deprived tenth", "most deprived fifth")),
    Term("Designated clinical officer", "The person in the NHS who sees to it that health services play their part in "
         "EHC plans."),
    Term("DfE", "The Department for Education."),
    Term("Disadvantaged pupil", "A pupil who had free school meals in the last six years, or is or was looked after.",
         ("disadvantaged pupils",)),
    Term("Dynamic support register", "A list of autistic people and people with a learning disability who may need to "
         "go into a mental health hospital."),
    Term("Early help", "Support for a family before a difficulty becomes serious."),
    Term("Early learning goals", "What most children can do at the end of reception, in 17 parts.",
         ("early learning goal",)),
    Term("EHC needs assessment", "The assessment that decides whether a child or young person gets an EHC plan.",
         ("EHC needs assessments", "needs assessment")),
    Term("EHC plan", "An education, health and care plan: the legal document that says what support a person up to 25 "
         "must get.", ("EHC plans", "EHCP", "EHCPs", "EHC")),
    Term("Elective home education", "Education at home by the choice of the parents.", ("home education",)),
    Term("English Baccalaureate (EBacc)", "A set of subjects at 16: English, maths, sciences, a language, and history "
         "or geography.", ("EBacc",)),
    Term("EOTAS", "Education otherwise than at school or college, which the authority arranges and an EHC plan names."),
    Term("Exception", "A case in which the law allows more than 20 weeks for a plan.",
         ("legal exception", "legal exceptions")),
    Term("Forecast", "What follows for the coming years if things go on as they have; not a target.",
         ("forecasts", "projection", "projections")),
    Term("Forecast range", "The limits within which so many of 100 futures like the past would lie.",
         ("95 in 100", "95 of 100 futures", "95% range")),
    Term("Free school meals", "Meals without payment for pupils whose families have little money."),
    Term("Gatsby benchmarks", "The eight marks of good career guidance in a school or college."),
    Term("GCSE", "The exams that most pupils take at 16.", ("GCSEs",)),
    Term("Good level of development", "Reaching the main early learning goals by the end of reception."),
    Term("High needs block", "The part of the schools grant for children and young people who need most support.",
         ("high needs", "high needs money", "high needs budget", "high-needs block")),
    Term("Independent or non-maintained special school", "A special school that the authority does not run and pays by "
         "the place.", ("independent or non-maintained special schools", "non-maintained special schools",
                        "independent special schools")),
    Term("Integrated care board (ICB)", "The NHS body that plans health services for an area, often larger than one "
         "authority.", ("integrated care boards", "ICB", "sub-ICB")),
    Term("JSNA", "The Joint Strategic Needs Assessment, which this report is: what the children of an area need, as a "
         "ground for planning."),
    Term("Key stage", "A part of schooling: key stage 2 ends at 11 and key stage 4 at 16.",
         ("key stage 1", "key stage 2", "key stage 4", "KS2", "KS4")),
    Term("Level 2 and level 3", "Level 2 is like good results at 16 (GCSE); level 3 is like A levels.",
         ("level 2", "level 3", "level 1")),
    Term("Mediation", "A meeting with someone neutral to settle a disagreement about a plan."),
    Term("Median", "The middle value: half lie below it and half above."),
    Term("MHCLG", "The Ministry of Housing, Communities and Local Government."),
    Term("NEET", "Not in education, employment or training.", ("not in education, employment or training",)),
    Term("Ofsted", "The inspectorate of schools and children’s services."),
    Term("ONS", "The Office for National Statistics."),
    Term("Parent carer forum", "A group of parents and carers of disabled children that speaks for families here.",
         ("parent carer forums",)),
    Term("Percentage point", "The unit of a difference of two percentages: from 40% to 45% is 5 points.",
         ("percentage points",)),
    Term("Persistent absence", "Missing 10% or more of one’s school sessions.", ("persistently absent",)),
    Term("Personal budget", "Money for the support in a plan that a family may direct itself.", ("personal budgets",)),
    Term("Phonics check", "A short test of reading by sound, at the end of year 1.", ("phonics",)),
    Term("Portage", "Home visits that help young children with SEND learn through play."),
    Term("Prevalence", "How many of a hundred children have a condition, as a study of some of them found."),
    Term("Primary need", "The kind of need that a plan or a school names first."),
    Term("Progress 8", "How far pupils came by 16, beside pupils who started from the same results at 11."),
    Term("Provisional", "Counted from the area’s own records, before publication, and open to correction."),
    Term("Pseudonym", "A code in place of a name or number, from which nobody can read who is meant.",
         ("keyed pseudonym",)),
    Term("Pupil referral unit", "A school for pupils who cannot be taught in an ordinary one for now.",
         ("pupil referral units",)),
    Term("Quarter of authorities", "Authorities ordered from best to worst and cut into four equal parts.",
         ("last quarter", "last quarter of authorities")),
    Term("Resourced provision", "Places in an ordinary school with extra staff for one kind of need.",
         ("SEN unit", "SEN units")),
    Term("Section 23 notification", "The notice by which the NHS tells the authority that a young child probably has "
         "SEND.", ("section 23",)),
    Term("SENCO", "The teacher who coordinates support for pupils with special educational needs.", ("SENCOs",)),
    Term("Scenario", "What would follow if one thing changed, without saying that it is likely or planned.",
         ("scenarios",)),
    Term("SEN", "Special educational needs: learning is harder than for most children of the same age."),
    Term("SEN support", "Extra help that a school gives a pupil with special educational needs who has no EHC plan."),
    Term("SEND", "Special educational needs and disabilities."),
    Term("Session", "Half a school day.", ("school sessions", "sessions")),
    Term("Severe absence", "Missing half or more of one’s school sessions.", ("severely absent",)),
    Term("Short breaks", "Time away from caring: activities or stays for disabled children.", ("short break",)),
    Term("Similar, better, worse", "Whether England’s value lies inside the area’s 95% confidence interval, or on the "
         "better or worse side of it; higher and lower are said where neither is good."),
    Term("Statistical neighbours", "The ten authorities most like this one in the Department for Education’s model.",
         ("statistical neighbour",)),
    Term("Statutory standard", "What the law requires, such as a plan within 20 weeks.", ("statutory standards",)),
    Term("Strengths and difficulties score", "The result of a short questionnaire on how a child feels and behaves.",
         ("strengths and difficulties questionnaire",)),
    Term("Supported internship", "A year of work and learning with a job coach, for young people with an EHC plan.",
         ("supported internships",)),
    Term("Suppressed", "Hidden, because a small number could show who is meant.", ("suppression",)),
    Term("Suspension", "Being sent home from school for some days.", ("suspensions",)),
    Term("Trend", "The direction over the last five points, tested so that chance alone would rarely produce it."),
    Term("Tribunal", "The court that decides appeals about SEND.", ("SEND tribunal",)),
    Term("Virtual school", "The team that looks after the education of children in care."),
    Term("Youth justice service", "The team that works with children who have come into conflict with the law."),
)  # fmt: skip

GLOSSARY: tuple[tuple[str, str], ...] = tuple(
    (one.term, one.meaning) for one in sorted(TERMS, key=lambda one: one.term.casefold())
)


# What paper explains, where room is short: the terms on which the chapters' first sentences rest.
ON_PAPER = frozenset(
    {
        "Alternative provision",
        "Annual review",
        "Child looked after",
        "Children in need",
        "Confidence interval (CI)",
        "EHC needs assessment",
        "EHC plan",
        "Exception",
        "Forecast",
        "Forecast range",
        "Good level of development",
        "High needs block",
        "Integrated care board (ICB)",
        "JSNA",
        "NEET",
        "Persistent absence",
        "Provisional",
        "Quarter of authorities",
        "Resourced provision",
        "Scenario",
        "SEN",
        "SEN support",
        "SEND",
        "Severe absence",
        "Similar, better, worse",
        "Statistical neighbours",
        "Statutory standard",
        "Suppressed",
        "Trend",
    }
)


def printed(glossary: Iterable[tuple[str, str]], medium: str) -> tuple[tuple[str, str], ...]:
    """The terms that a medium explains: all on screen, those of `ON_PAPER` in print."""
    return tuple(pair for pair in glossary if medium == "screen" or pair[0] in ON_PAPER)


def anchor(term: str) -> str:
    """Where the glossary explains a term: "EHC plan" → "glossary-ehc-plan"."""
    return f"glossary-{re.sub(r'[^a-z0-9]+', '-', term.lower()).strip('-')}"


@cache
def _forms() -> Mapping[str, Term]:
    """Each form with its term; a small first letter is a form too, unless the form begins with an abbreviation."""
    found: dict[str, Term] = {}
    for one in TERMS:
        for form in one.spoken:
            found.setdefault(form, one)
            if not form[1:2].isupper():
                found.setdefault(form[:1].lower() + form[1:], one)
                found.setdefault(form[:1].upper() + form[1:], one)
    return found


@cache
def _pattern() -> re.Pattern[str]:
    """Any form as a whole word, the longest first, so that "SEN support" is not taken for "SEN"."""
    ordered = sorted(_forms(), key=lambda form: (-len(form), form))
    return re.compile(rf"(?<![\w&#-])(?:{'|'.join(map(re.escape, ordered))})(?![\w-])")


def terms_in(text: str) -> frozenset[str]:
    """The terms of the glossary that plain `text` uses, each form counted for its longest match."""
    return frozenset(_forms()[found[0]].term for found in _pattern().finditer(text))


def linked(markup: str | Markup, explained: Iterable[tuple[str, str]]) -> Markup:
    """`markup` of one chapter with the first use of each term in its sentences as a link to the glossary.

    What is given must be finished markup, as a template renders it; words inside `UNTOUCHED` elements stay as they
    are. `explained` is the glossary that the page prints: a term that it lacks is not linked.
    """
    left = {term for term, _ in explained}
    parts = _TAG.split(str(markup))
    closed: list[str] = []  # the untouched elements that are open, outermost first
    for place, part in enumerate(parts):
        if place % 2:
            _follow(part, closed)
        elif left and not closed and part.strip():
            parts[place] = _pattern().sub(lambda found: _link(found[0], left), part)
    return Markup("".join(parts))  # noqa: S704 - the template's own markup, and anchors of this module


def _link(form: str, left: set[str]) -> str:
    term = _forms()[form].term
    if term not in left:
        return form
    left.remove(term)
    return f'<a class="term" href="#{anchor(term)}">{form}</a>'


def _follow(tag: str, closed: list[str]) -> None:
    """Keeps the list of open untouched elements at one tag of well-formed markup."""
    found = _NAME.match(tag)
    if found is None or tag.endswith("/>"):
        return
    name = found[1].lower()
    if name not in UNTOUCHED:
        return
    if not tag.startswith("</"):
        closed.append(name)
    elif name in closed:
        while closed.pop() != name:
            pass
