"""How the dimensions and categories of local tables are said, and in which order they stand.

Here: words and order for the ids of `local/bands.py`; the returns' own codes are said by the labels that the
catalogue gives them. Not here: words that local and published tables share (`formatting.CATEGORY_WORDS`).
"""

from __future__ import annotations

import re
from collections import defaultdict
from functools import cache

from jsna_pipeline.catalogue.returns import returns
from jsna_pipeline.local.bands import NO, NOT_KNOWN, YES
from jsna_pipeline.report import formatting
from jsna_pipeline.vocabulary import PeriodType

DIMENSION_WORDS = {
    "primary_need": "first need",
    "sen_stage": "stage of SEN",
    "sen": "SEN",
    "age_band": "age",
    "age_group": "age",
    "year_group": "school year",
    "year_of_age": "school year or age",
    "weeks_open": "time since the request",
    "weeks_waited": "time waited",
    "weeks_from_request": "time from request to plan",
    "over_20_weeks": "whether open for more than 20 weeks",
    "over_18_weeks": "whether they have waited more than 18 weeks",
    "within_20_weeks": "whether issued within 20 weeks",
    "decided_in_6_weeks": "whether decided within six weeks",
    "review_held": "whether a review was held",
    "review_decided_in_4_weeks": "whether decided within four weeks of the review",
    "transfer_in_time": "whether final in time",
    "phase_transfer": "kind of move",
    "in_area": "whether in the area",
    "residential": "whether residential",
    "after_16": "where they are after 16",
    "between_kinds": "whether to another kind of setting",
    "moved_from": "setting before",
    "moved_to": "setting after",
    "request_source": "who asked",
    "appeal": "whether appealed",
    "appeal_kind": "mediation or appeal",
    "mediation": "whether mediated",
    "exception": "whether an exception applied",
    "complaint_stage": "stage of the complaint",
    "upheld": "finding",
    "matter": "subject",
    "month_begun": "month of the start",
    "open": "whether still open",
    "persistent_absence": "persistent absence",
    "severe_absence": "severe absence",
    "absent_for_health": "persistent absence mostly for illness",
    "suspended": "whether suspended",
    "permanently_excluded": "whether permanently excluded",
    "category": "suspension or exclusion",
    "part_time_timetable": "whether on a part-time timetable",
    "agreed_with_parent": "whether agreed with a parent",
    "social_care": "social care status",
    "child_protection": "whether on a child protection plan",
    "disability": "whether disabled",
    "break_kind": "kind of short break",
    "place_kind": "kind of place",
    "provider_kind": "kind of provider",
    "commissioner": "who commissioned",
    "closed_reason": "how it ended",
    "reopened_within_12_months": "whether reopened within a year",
    "accepted": "whether accepted",
    "inpatient": "whether in hospital",
    "eligible": "whether eligible",
    "adult_assessment_planned": "whether an adult assessment is planned",
    "notifier": "who notified",
    "activity": "main activity",
    "has_plan": "whether they have an EHC plan",
    "september_offer": "whether offered a place for September",
    "send_screened": "whether screened for SEND",
    "first_time_entrant": "whether new to youth justice",
    "mode": "kind of transport",
    "intervention": "kind of intervention",
}
# What yes and no mean; a column that is headed "Yes" says nothing when it is read aloud.
ANSWERS = {
    "over_20_weeks": ("more than 20 weeks", "up to 20 weeks"),
    "over_18_weeks": ("more than 18 weeks", "up to 18 weeks"),
    "within_20_weeks": ("within 20 weeks", "later"),
    "decided_in_6_weeks": ("within six weeks", "not within six weeks"),
    "review_held": ("review held", "no review"),
    "review_decided_in_4_weeks": ("within four weeks", "not within four weeks"),
    "transfer_in_time": ("final in time", "not in time"),
    "in_area": ("in the area", "outside the area"),
    "residential": ("residential", "not residential"),
    "between_kinds": ("another kind", "the same kind"),
    "appeal": ("appeal", "no appeal"),
    "mediation": ("mediation", "no mediation"),
    "exception": ("with an exception", "without an exception"),
    "open": ("still open", "ended"),
    "persistent_absence": ("persistently absent", "not persistently absent"),
    "severe_absence": ("severely absent", "not severely absent"),
    "absent_for_health": ("absent mostly for illness", "not so"),
    "suspended": ("suspended", "not suspended"),
    "permanently_excluded": ("permanently excluded", "not excluded"),
    "part_time_timetable": ("on a part-time timetable", "not on one"),
    "agreed_with_parent": ("agreed", "not agreed"),
    "child_protection": ("child protection plan", "no child protection plan"),
    "disability": ("disabled", "no disability recorded"),
    "reopened_within_12_months": ("reopened", "not reopened"),
    "accepted": ("accepted", "not accepted"),
    "inpatient": ("in hospital", "not in hospital"),
    "eligible": ("eligible", "not eligible"),
    "adult_assessment_planned": ("planned", "not planned"),
    "has_plan": ("with an EHC plan", "without a plan"),
    "september_offer": ("offered", "not offered"),
    "send_screened": ("screened", "not screened"),
    "first_time_entrant": ("new", "known before"),
}
# What a filter of a table adds to its units: "pupils with SEN".
HELD_WORDS = {
    "sen": "with SEN",
    "in_unit": "in resourced provision or a SEN unit",
    "transfer_due": "due for a move to the next phase",
    "aged_16_or_over": "of young people of 16 or over",
}
CATEGORY_WORDS = {
    "adhd": "ADHD",
    "both": "autism and ADHD",
    "assess": "to assess",
    "not_assess": "not to assess",
    "semh": "social, emotional and mental health",
    "social_emotional_and_mental_health": "social, emotional and mental health",
    "transferred": "moved to another authority",
    "no_longer_engages": "no longer takes part",
    "employment": "in work",
    "higher_education": "in higher education",
    "maximum_age": "reached the maximum age",
    "educated_elsewhere": "educated other than at a setting",
    "neet": "not in education, employment or training",
    "resourced_or_unit": "resourced provision or SEN unit",
    "childs_disability": "the child’s disability",
    "parents_disability_or_illness": "a parent’s disability or illness",
    "10_and_over": "10 years and over",
    "under_1": "under a year",
    "not_by_year": "not taught by school year",
    "into_post_16": "into a setting after 16",
    "year_6_to_7": "from year 6 to year 7",
    "before": "earlier",
}
NONE_WORDS = {"primary_need": "no SEN", "area_of_need": "no SEN", "social_care": "not known to social care"}
# Columns of the returns that local tables rename (`local/services.py`, `local/amounts.py`).
COLUMNS = {
    "break_kind": "kind",
    "place_kind": "kind",
    "appeal_kind": "kind",
    "complaint_stage": "stage",
    "matter": "stage",
}
# Units of the bands of a dimension; ages are said before the numbers, times after them.
AGES = ("age_band", "age_group")
TIMES = {"weeks_open": "weeks", "weeks_waited": "weeks", "weeks_from_request": "weeks", "years_held": "years"}
SCALES = (
    ("early_years", "under_3", "nursery", "reception", "primary", "secondary", "all_through", "after_16", "post_16"),
    ("no_sen", "sen_support", "ehc_plan"),
    ("red", "amber", "green"),
    ("one", "two", "ombudsman"),
    ("before",),
)
PLACES = {category: place for scale in SCALES for place, category in enumerate(scale)}
AFTER_ALL_OTHERS = ("other", "none", "not_given", "not_by_year", NOT_KNOWN)
BAND = re.compile(r"(\d+)-(\d+)")


def dimension_words(dimension: str) -> str:
    """A dimension as a heading or a sentence says it: "first need"."""
    return DIMENSION_WORDS.get(dimension, dimension.replace("_", " "))


def category_words(dimension: str, category: str) -> str:
    """A category of a dimension in words: "ages 5 to 10", "26 to 39 weeks", "April 2024", "autism"."""
    if category in (YES, NO) and dimension in ANSWERS:
        return ANSWERS[dimension][category == NO]
    if re.fullmatch(r"\d{4}-\d{2}", category):
        return formatting.period_words(category, PeriodType.MONTH)
    if category == "none" and dimension in NONE_WORDS:
        return NONE_WORDS[dimension]
    words = CATEGORY_WORDS.get(category) or _labels().get((COLUMNS.get(dimension, dimension), category))
    if words:
        return words
    unit = TIMES.get(dimension, "")
    if band := BAND.fullmatch(category):
        numbers = f"{band[1]} to {band[2]}"
        return f"ages {numbers}" if dimension in AGES else f"{numbers} {unit}".strip()
    words = formatting.category_label(category)
    return f"{words} {unit}".strip() if re.fullmatch(r"(over|up_to)_\d+", category) else words


@cache
def _labels() -> dict[tuple[str, str], str]:
    """Words of (column, code) of the returns, as they stand within a sentence, where all that use it say the same."""
    said = defaultdict(set)
    for record in returns().values():
        for table in record.tables.values():
            for name, column in table.columns.items():
                codes = column.codes if isinstance(column.codes, dict) else {}
                for code, entry in codes.items():
                    said[name, code].add(entry.label)
    return {key: within_sentence(next(iter(labels))) for key, labels in said.items() if len(labels) == 1}


def within_sentence(label: str) -> str:
    """A label with a small first letter, unless it begins with an abbreviation."""
    return label if label[1:2].isupper() else label[:1].lower() + label[1:]


def place_on_scale(category: str) -> tuple[int, int, int]:
    """Sorts stages of schooling, ages, bands and months in their order; categories without one stand equal, first.

    What is other or not known stands last.
    """
    if category in AFTER_ALL_OTHERS:
        return 2, AFTER_ALL_OTHERS.index(category), 0
    if category in (YES, NO):
        return -1, int(category == NO), 0
    if category in PLACES:
        return 0, PLACES[category], 0
    numbers = [int(digits) for digits in re.findall(r"\d+", category)]
    if not numbers:
        return 0, 0, 0
    # "up to 20" comes before "20 to 26", and "over 52" after "39 to 52".
    side = -1 if category.startswith(("under", "up_to")) else 1 if category.startswith("over") else 0
    return 1, numbers[0] * 4 + side, numbers[1] if len(numbers) > 1 else 0
