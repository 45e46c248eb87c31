"""Page one's line on future need: one short sentence, and nothing where a forecast is withheld."""

from __future__ import annotations

from jsna_pipeline.published_tables import SurveyResults
from jsna_pipeline.report.front.demand import demand
from jsna_pipeline.report.front.fit import ROOM, height
from jsna_pipeline.report.front_page import front_page
from jsna_pipeline.report.future.front import future_statement
from jsna_pipeline.voice.results import VoiceResults
from tests.report.future import invented_future as invented
from tests.report.future.invented_future import CITY, CUMBERLAND, NEWHAM
from tests.report.plain_english import sentences, words


def test_it_says_next_years_plans_with_their_range_and_the_places() -> None:
    made = future_statement(invented.view())
    assert made is not None and made.anchor == "future-plans" and made.key == "About 4,100 plans"
    assert (
        made.text == "About 4,100 plans in January 2026 (3,770 to 4,370); about 99 special places too few (26 to 161)."
    )
    assert made.text.startswith(made.key) and len(sentences(made.text)) == 1 and words(made.text) <= 25


def test_it_says_less_where_less_is_known() -> None:
    short, tiny = future_statement(invented.view(CUMBERLAND)), future_statement(invented.view(CITY))
    assert short is not None and short.text == "About 3,190 plans in January 2026 (2,940 to 3,430)."
    assert tiny is not None and tiny.text == "18 to 44 plans in January 2026."
    assert future_statement(invented.view(NEWHAM)) is None
    assert future_statement(invented.view(tables={})) is None


def test_it_stands_after_the_plans_of_today_and_page_one_still_fits() -> None:
    view = invented.view()
    assert [one.label for one in demand(view, {}).statements] == ["Expected"]
    made = front_page(view, {}, VoiceResults(SurveyResults.empty()))
    assert height(made) <= ROOM
