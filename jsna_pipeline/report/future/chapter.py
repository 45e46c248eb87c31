"""The chapter "What may be needed": plans ahead, their error, need, people, places, money, and what would change it.

Here: the order of its sections, and its opening. Not here: what each says (a module each beside this one).
"""

from __future__ import annotations

from jsna_pipeline.report.charts import Figure
from jsna_pipeline.report.future import error as past
from jsna_pipeline.report.future import expected_plans, figures, money, need, places, population, rows, scenarios, words
from jsna_pipeline.report.future.rows import Outlook
from jsna_pipeline.report.model import Chapter, Section
from jsna_pipeline.report.view import AreaView

CHAPTER = "future"
# What paper prints; the rest is on screen alone.
ON_PAPER = frozenset({expected_plans.ANCHOR, past.ANCHOR, need.ANCHOR, places.ANCHOR, money.ANCHOR, scenarios.ANCHOR})


def future_chapter(view: AreaView, number: int, full: bool = False) -> Chapter | None:
    """The chapter, or None where nothing was projected for the area; `full` prints all of it on paper too."""
    seen = rows.outlook(view)
    if seen is None:
        return None
    leads = (figures.plans_fan(view, seen), figures.places_figure(view))
    made: tuple[Section | None, ...] = (
        expected_plans.plans_section(view, seen),
        past.error_section(view, seen),
        need.need_section(view, figures.need_dumbbell(view)),
        need.authorities_section(view, figures.need_funnel(view)),
        population.population_section(view),
        places.places_section(view),
        money.money_section(view),
        scenarios.scenarios_section(view, _one(figures.drivers_figure(view, scenarios.PLANS))),
        scenarios.cost_section(view, _one(figures.drivers_figure(view, scenarios.COST))),
    )
    return Chapter(
        chapter_id=CHAPTER,
        number=number,
        title="What may be needed",
        question="How many plans, places and how much money would be needed if things go on as they have?",
        opening=_opening(view, seen),
        figures=tuple(figure for figure in leads if figure),
        sections=tuple(section for section in made if section),
        on_paper=None if full else ON_PAPER,
        about=(
            "Each number ahead stands with its range, and with how wrong the same method has been. Expected numbers "
            "follow from the past; none of them is a target, and nobody’s right to an assessment depends on them."
        ),
    )


def _one(figure: Figure | None) -> tuple[Figure, ...]:
    return (figure,) if figure else ()


def _opening(view: AreaView, seen: Outlook) -> tuple[str, ...]:
    """Next year's plans; what that means in places and money; how wrong the method was a year ago."""
    reason = seen.widened or seen.reason
    found = (_first(seen), _places_and_money(view) or reason, _last_year(view, seen))
    return tuple(sentence for sentence in found if sentence)


def _first(seen: Outlook) -> str:
    if seen.next is None:
        return "No forecast of EHC plans is given."
    known = "" if seen.base is None else f", after {words.cell(seen.base)} a year before"
    return f"{expected_plans.expected_sentence(seen).rstrip('.')}{known}."


def _places_and_money(view: AreaView) -> str:
    """ "That would mean about 99 special places too few (26 to 161) and placements of about £67.6 million a year."""
    row = places.whole(rows.ahead(view, "future_places"))
    cost = next(iter(money.of(rows.ahead(view, "future_money"), money.COST).values()), None)
    parts = [
        *([places.gap_sentence(row).replace(" places ", " special places ", 1)] if row is not None else []),
        *([f"placements of about {money.cost_words(cost)}"] if cost is not None else []),
    ]
    return f"That would mean {' and '.join(parts)}." if parts else ""


def _last_year(view: AreaView, seen: Outlook) -> str:
    row = past.last_year(view, seen)
    if row is None:
        return ""
    said, counted = words.about(row.forecast), words.cell(row.actual)
    if said == counted:
        return f"A year ago this method would have said about {said} plans for January {row.origin + 1}, as it came."
    return (
        f"A year ago this method would have said about {said} plans for January {row.origin + 1}; there were "
        f"{counted}, so it was {past.missed(row.error)}."
    )
