"""Children without suitable education: no place, educated at home, missing, or in school for part of the week only.

Here: what is published of children with a plan, and the area's own lists, marked provisional. Not here: alternative
provision as a service (its chapter).
"""

from __future__ import annotations

from collections.abc import Mapping

from jsna_pipeline.findings import Facts, Tone, tone_of
from jsna_pipeline.report import formatting
from jsna_pipeline.report.front import own_records, words
from jsna_pipeline.report.model import FrontSection, FrontStatement
from jsna_pipeline.report.view import AreaView
from jsna_pipeline.vocabulary import Significance

HEADING = "Who is without suitable education?"
NO_PLACE, NOT_RECORDED, NEET = "ehcp_no_education_school_age", "ehcp_placement_unknown", "ehcp_neet"
HOME, ALTERNATIVE = "ehcp_elective_home_education", "ehcp_alternative_provision"
LISTS = (
    ("home_educated", {"open": "yes"}, "educated at home"),
    ("missing_education", {"open": "yes"}, "missing education"),
    ("part_time_timetables", {"part_time_timetable": "yes"}, "on a part-time timetable"),
)
MOST = 3
FEW = 5  # a count below this is not the first thing said: a single child never leads
UNPUBLISHED = "Who is missing education, or in school part-time only, is not published by area."


def education(view: AreaView, known: Mapping[str, Facts]) -> FrontSection:
    found = {name: known[name] for name in (NO_PLACE, NOT_RECORDED, NEET, HOME, ALTERNATIVE) if _counts(known, name)}
    lists = _own_lists(view)
    school_age, older = _school_age(found), _neet(found, view.area.name)
    few = school_age is not None and school_age.anchor == NO_PLACE and _few(found[NO_PLACE])
    ages = [older, school_age] if few else [school_age, older]
    published = [_unplaced(found, view.area.name), *ages, _elsewhere(found)]
    said = [one for one in published if one][: MOST - 1 if lists else MOST]
    return FrontSection(HEADING, "" if lists else UNPUBLISHED, (*said, *([lists] if lists else [])), "education")


def _counts(known: Mapping[str, Facts], name: str) -> bool:
    one = known.get(name)
    return one is not None and one.is_current and one.numerator is not None and one.denominator is not None


def _number(one: Facts) -> str:
    return formatting.number(one.numerator or 0)


def _unplaced(found: Mapping[str, Facts], area_name: str) -> FrontStatement | None:
    """Plans without a place on record, where they are more than elsewhere."""
    one = found.get(NOT_RECORDED)
    return words.sentence(one, area_name, *_mark(one)) if one and _mark(one)[1] else None


def _school_age(found: Mapping[str, Facts]) -> FrontStatement | None:
    """Children of school age in no education, and plans of which nobody has recorded the place."""
    one, unknown = found.get(NO_PLACE), found.get(NOT_RECORDED)
    if one is None:
        return None
    key, (tone, label) = formatting.of(one.numerator or 0, one.denominator or 0), _mark(one)
    england = words.beside_england(one, tuple(Significance) if label else (Significance.NOT_TESTED,))
    verb = "is" if one.numerator == 1 else "are"
    recorded = f"{key} school-age children with a plan {verb} recorded as out of education"
    at = "; ".join(part for part in (words.figure(one), england, words.when(one)) if part)
    if unknown is None or not unknown.numerator or _mark(unknown)[1]:
        return FrontStatement(f"{recorded} ({at}).", tone, label, one.record.id, key)
    if _few(one) and unknown.numerator > (one.numerator or 0):
        key = formatting.of(unknown.numerator, unknown.denominator or 0)
        text = f"{key} plans have no placement recorded; apart from these, {recorded} ({at})."
        return FrontStatement(text, tone, label, unknown.record.id, key)
    plans = formatting.counted(int(unknown.numerator), "more plan")
    text = (
        f"{recorded} ({at}); {plans}, of any age, {'has' if unknown.numerator == 1 else 'have'} no placement recorded."
    )
    return FrontStatement(text, tone, label, one.record.id, key)


def _few(one: Facts) -> bool:
    return (one.numerator or 0) < FEW


def _neet(found: Mapping[str, Facts], area_name: str) -> FrontStatement | None:
    one = found.get(NEET)
    return words.sentence(one, area_name, *_mark(one)) if one else None


def _mark(one: Facts) -> tuple[Tone, str]:
    """The mark of a figure, with its word only where it is worse: page one has no room to say what is as elsewhere."""
    tone, label = tone_of(one)
    return (tone, label) if tone == "worse" else ("neutral", "")


def _own_lists(view: AreaView) -> FrontStatement | None:
    """The area's own lists on the day of the extract; a hidden count is left out."""
    found = [
        (number, phrase, own_records.when(view, table), table)
        for table, group, phrase in LISTS
        if (number := own_records.count(view, table, group)) is not None
    ]
    if not found:
        return None
    days = {day for _, _, day, _ in found}
    named = [f"{n} {phrase}" if len(days) == 1 else f"{n} {phrase} ({day})" for n, phrase, day, _ in found]
    at = f", {days.pop()}" if len(days) == 1 else ""
    text = f"{formatting.sentence(formatting.listed(named))}, with or without a plan (the area’s own lists{at})."
    key = formatting.sentence(found[0][0])
    return FrontStatement(text, "neutral", own_records.LABEL, own_records.anchor(found[0][3]), key)


def _elsewhere(found: Mapping[str, Facts]) -> FrontStatement | None:
    home, alternative = found.get(HOME), found.get(ALTERNATIVE)
    if home is None or alternative is None or words.when(home) != words.when(alternative):
        return None
    places = ((home, "educated at home"), (alternative, "in alternative provision"))
    (more, first), (fewer, second) = sorted(places, key=lambda place: -(place[0].numerator or 0))
    text = f"{_number(more)} children with a plan were {first}, {_number(fewer)} {second} ({words.when(more)})."
    return FrontStatement(text, anchor=more.record.id, key=_number(more))
