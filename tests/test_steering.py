"""What follows from an area's figures and words together, on small views: the population's mix, themes, approval."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import get_args

import pandas as pd
import pytest

from jsna_pipeline.catalogue.indicators import indicators
from jsna_pipeline.commentary.checking import DISPUTED_MARK
from jsna_pipeline.commentary.reading import chapter_ids
from jsna_pipeline.governance.sign_off import Step
from jsna_pipeline.local_area import empty_tables
from jsna_pipeline.published_tables import checked
from jsna_pipeline.report.view import AreaView
from jsna_pipeline.steering import CHARACTERISTICS, MODELS, Steering, mentions_by_chapter, population_mix, steer
from jsna_pipeline.voice.registers import Theme
from jsna_pipeline.voice.survey import Characteristic
from jsna_pipeline.voice.weighting import weigh
from tests.invented_area import IN_TIME, SIGNED, group, view_of, words, write
from tests.report import protected_tables
from tests.voice import invented_surveys

# --- the population's mix ----------------------------------------------------------------------

PUPILS = "pupils_by_year_and_stage"
STAGE, SEX, ETHNIC = "sen_stage", "sex", "ethnic_group"
MIX = protected_tables.counts(
    PUPILS,
    {
        (): 1050,
        ((STAGE, "ehc_plan"),): 30,
        ((STAGE, "sen_support"),): 120,
        ((STAGE, "no_sen"),): 900,
        ((SEX, "female"), (STAGE, "ehc_plan")): 10,
        ((SEX, "male"), (STAGE, "ehc_plan")): 20,
        ((SEX, "female"), (STAGE, "sen_support")): 50,
        ((SEX, "male"), (STAGE, "sen_support")): 70,
        ((SEX, "female"), (STAGE, "no_sen")): 450,
        ((SEX, "male"), (STAGE, "no_sen")): 450,
        ((ETHNIC, "asian"), (STAGE, "ehc_plan")): None,
        ((ETHNIC, "asian"), (STAGE, "sen_support")): 15,
        ((ETHNIC, "white"), (STAGE, "ehc_plan")): 25,
        ((ETHNIC, "white"), (STAGE, "sen_support")): 99,
        ((ETHNIC, "not_known"), (STAGE, "ehc_plan")): 2,
        (("year_group", "7"), (STAGE, "ehc_plan")): 3,
    },
)


def _mix(local_counts: pd.DataFrame) -> dict[str, dict[str, int | None]]:
    """Counts by category of each characteristic; None is not known."""
    table = population_mix(local_counts)["parents"]
    return {
        name: {row.category: None if pd.isna(row.count_) else int(row.count_) for row in rows.itertuples()}
        for name, rows in table.rename(columns={"count": "count_"}).groupby("characteristic")
    }


def test_the_mix_is_of_pupils_with_sen_alone_by_what_a_survey_may_ask() -> None:
    assert _mix(MIX) == {
        # An EHC plan and SEN support together; one of the two is hidden for Asian pupils, so their number is not known.
        ETHNIC: {"asian": None, "white": 124},
        SEX: {"female": 60, "male": 90},
        STAGE: {"ehc_plan": 30, "sen_support": 120},
    }
    margins = population_mix(MIX)
    assert margins.keys() == {"parents", "children"}, "young people of 16 to 25 and staff are no pupils of a census"


def test_a_characteristic_with_a_hidden_count_is_not_weighted_on(tmp_path: Path) -> None:
    answers = {("female", "a"): (30, 10), ("male", "a"): (20, 10), ("male", "b"): (5, 10)}
    survey = invented_surveys.survey(tmp_path, answers)
    weighed = weigh(survey, population_mix(MIX)["parents"])
    assert weighed.used == (SEX,)
    women = survey.answers[SEX].eq("female").to_numpy()
    assert weighed.weights[women].sum() / len(women) == pytest.approx(60 / 150)
    hidden = MIX.assign(count=MIX["count"].mask(MIX["category_2"].eq("male") & MIX["category_1"].eq("ehc_plan")))
    assert weigh(survey, population_mix(hidden)["parents"]).used == ()


def test_every_characteristic_of_a_survey_can_be_known_of_the_population() -> None:
    assert set(CHARACTERISTICS.values()) == set(get_args(Characteristic.model_fields["characteristic"].annotation))
    needs = MIX.replace({ETHNIC: "primary_need", "asian": "autism", "white": "semh"})
    assert _mix(needs)["need"] == {"autism": None, "semh": 124}
    assert "phase" not in _mix(MIX.replace({ETHNIC: "phase"}))


@pytest.mark.parametrize(
    "change",
    [{"period_type": "financial_year"}, {"period_type": "rolling"}, {"population": "plans"}],
    ids=["of a year", "rolling", "of others"],
)
def test_counts_of_another_time_or_of_others_are_no_part_of_it(change: dict[str, str]) -> None:
    others = MIX.assign(count=MIX["count"] * 7, **change)
    assert population_mix(others) == {}
    assert _mix(pd.concat([others, MIX], ignore_index=True)) == _mix(MIX)


def test_only_the_newest_census_counts() -> None:
    before = MIX.assign(count=MIX["count"] * 7, period="2023/24")
    assert _mix(pd.concat([before, MIX], ignore_index=True)) == _mix(MIX)


def test_the_same_children_in_two_tables_are_counted_once() -> None:
    again = protected_tables.counts("pupils_by_ward", {((STAGE, "ehc_plan"),): 30, ((STAGE, "sen_support"),): 120})
    assert _mix(pd.concat([MIX, again], ignore_index=True)) == _mix(MIX)


def test_an_area_without_a_census_has_no_mix() -> None:
    assert population_mix(empty_tables()["local_counts"]) == {}
    assert population_mix(protected_tables.counts("plans_by_age", {(): 300, (("age_band", "0-4"),): 20})) == {}


# --- themes ------------------------------------------------------------------------------------


def _theme(chapter: str | None, mentions: int | None) -> Theme:
    given = {
        "theme": "Invented",
        "source": "survey",
        "audience": "parents and carers",
        "entered_by": "An officer",
        "entered_on": date(2025, 7, 1),
        "mentions": mentions,
        "out_of": 100 if mentions else None,
        "chapter": chapter,
    }
    return Theme.model_validate({name: one for name, one in given.items() if one is not None})


def test_mentions_are_shared_out_among_the_chapters() -> None:
    themes = (_theme("health", 30), _theme("health", 30), _theme("money", 40), _theme("adulthood", None))
    shares = mentions_by_chapter((*themes, _theme(None, 50)))
    assert shares.keys() == {record.chapter for record in indicators().values()}
    assert (shares["health"], shares["money"], shares["adulthood"]) == (60, 40, 0)
    assert sum(share or 0 for share in shares.values()) == pytest.approx(100)


@pytest.mark.parametrize("themes", [(), (_theme("health", None),), (_theme(None, 5),)])
def test_without_mentions_nothing_is_known_of_what_families_named(themes: tuple[Theme, ...]) -> None:
    assert mentions_by_chapter(themes) == {}


# --- all together ------------------------------------------------------------------------------


EQUAL: dict[str, float] = {}


@pytest.fixture(scope="module")
def bare() -> Steering:
    """An area that has written nothing."""
    return steer(view_of(), EQUAL)


def test_an_area_that_wrote_nothing_has_its_scorecard_and_no_problem(bare: Steering) -> None:
    assert bare.problems == () and bare.governance.sign_off.draft
    assert bare.tables.keys() == MODELS.keys()
    assert len(bare.tables["steering_scorecard"]) == len(bare.measures) > 0
    assert bare.tables["steering_survey_results"].empty


def test_what_is_stored_fits_its_model(bare: Steering) -> None:
    for name, model in MODELS.items():
        stored = bare.tables[name]
        assert list(stored.columns) == list(model.to_schema().columns), name
        pd.testing.assert_frame_equal(checked(stored, model), stored)


def test_a_typed_figure_that_disagrees_is_printed_in_the_draft_and_keeps_approval_from_counting(
    tmp_path: Path,
) -> None:
    disputed = write(tmp_path, {"sign_off.yml": SIGNED, "commentary/a.md": words("In time were 14% of plans.")})
    made = steer(view_of(disputed), EQUAL)
    (box,) = made.commentary.boxes["ehc_system"]
    assert DISPUTED_MARK in box.body and "14" in box.body
    sign_off = made.governance.sign_off
    assert sign_off.draft and sign_off.state is Step.ENDORSED
    (problem,) = [one for one in made.problems if one.file.startswith("commentary/")]
    assert "“14%” does not agree" in problem.what and problem in sign_off.blocking

    write(disputed, {"commentary/a.md": words(f"In time were {{{{ {IN_TIME} }}}} of plans, that is 43%.")})
    mended = steer(view_of(disputed), EQUAL)
    assert "42.6% of plans, that is 43%" in mended.commentary.boxes["ehc_system"][0].body
    assert not mended.governance.sign_off.draft and mended.governance.sign_off.state is Step.PUBLISHED
    assert mended.problems == ()


ALWAYS = set(chapter_ids()) - {"inequalities", "own-records", "voice", "self-evaluation", "commissioning"}
THEMES = "theme,source,audience,entered_by,entered_on\nWaits,survey,parents,An officer,2025-07-02\n"


def _with_place(view: AreaView) -> set[str]:
    """The chapters in which words are printed."""
    return set(steer(view, EQUAL).commentary.boxes)


def test_words_have_a_place_where_the_report_has_the_chapter(tmp_path: Path) -> None:
    folder = write(tmp_path, {f"commentary/{name}.md": words("Words.", name) for name in chapter_ids()})
    nothing = steer(view_of(folder), EQUAL)
    without = set(chapter_ids()) - nothing.commentary.boxes.keys()
    assert {"inequalities", "own-records", "voice", "self-evaluation"} <= without
    assert nothing.commentary.boxes.keys() >= ALWAYS
    told = {one.file: one.what for one in nothing.problems}
    assert told.keys() == {f"commentary/{name}.md" for name in without}
    assert all("this report does not have" in what for what in told.values())

    returned = pd.DataFrame([protected_tables.returned("sen2", "SEN2 person-level return", "plans")])
    delivered = {**empty_tables(), "local_returns": returned}
    assert _with_place(view_of(folder, local=delivered)) - nothing.commentary.boxes.keys() == {"own-records"}
    assert _with_place(view_of(folder, unequal=group("2024"))) - nothing.commentary.boxes.keys() == {"inequalities"}
    assert not _with_place(view_of(folder, unequal=group("2019"))) - nothing.commentary.boxes.keys(), "out of date"
    write(folder, {"themes.csv": THEMES})
    assert _with_place(view_of(folder)) - nothing.commentary.boxes.keys() == {"voice"}
