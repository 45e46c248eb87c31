"""The steering layer in the graph: what it stores for an area, and what it takes from the edition before."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from assets.steering import STEERING_TABLES, steering_of
from jsna_pipeline import geography
from jsna_pipeline.catalogue.chapters import chapters
from jsna_pipeline.catalogue.strategies import strategies
from jsna_pipeline.published_tables import ScorecardExceptions, checked
from jsna_pipeline.report.view import AreaView, load_view
from jsna_pipeline.settings import NhsCover
from jsna_pipeline.storage import TableFolder
from tests.builds import EDITION, Build, settings_in

AREA = "wigan"
EXCEPTIONS = "steering_scorecard_exceptions"


def stored(build: Build, name: str) -> pd.DataFrame:
    return TableFolder(str(build.tables)).read(name, EDITION, AREA)


def view_from(tables: Path, build: Build) -> AreaView:
    return load_view(TableFolder(str(tables)), settings_in(build.folder), geography.local_authority(AREA), EDITION)


def test_an_area_has_its_scorecard_surveys_and_priorities_stored(seeds_build: Build) -> None:
    tables = {name: stored(seeds_build, name) for name in STEERING_TABLES}
    for name, model in STEERING_TABLES.items():
        pd.testing.assert_frame_equal(checked(tables[name], model), tables[name])
    own = {(one.id, row.row) for one in strategies().values() if AREA in one.areas for row in one.measures}
    card = tables["steering_scorecard"]
    assert set(zip(card["strategy_id"], card["row"], strict=True)) == own
    surveys = tables["steering_survey_results"]
    assert set(zip(surveys["survey"], surveys["wave"], strict=True)) == {
        ("send_parents", "2024"),
        ("send_parents", "2025"),
        ("send_young_people", "2025"),
    }
    # Parents are weighted to the census that the area delivered; it does not reach young people of 16 to 25.
    assert dict(zip(surveys["population"], surveys["weighted"], strict=True)) == {
        "parents": True,
        "young_people": False,
    }
    assert set(tables["steering_commissioning_priorities"]["topic"]) == set(chapters())
    listed = tables[EXCEPTIONS]
    assert len(listed) and set(listed["state"]) == {"new"} and set(listed["editions_open"]) == {1}


def test_what_is_open_from_the_edition_before_is_carried_on(seeds_build: Build, tmp_path: Path) -> None:
    """The stored tables, and beside them an earlier edition with three exceptions."""
    now = stored(seeds_build, EXCEPTIONS)
    again, gone, closed = (row.to_dict() for _, row in now.head(3).iterrows())
    before = {"edition": "2023", "opened": "2023", "explanation": "Posts are vacant.", "action": "Recruit."}
    earlier = pd.DataFrame(
        [again | before, gone | before | {"row": 9_999}, closed | before | {"state": "closed", "stage": "closed"}]
    )
    for folder in seeds_build.tables.iterdir():
        (tmp_path / folder.name).symlink_to(folder)
    (tmp_path / EXCEPTIONS).unlink()
    (tmp_path / EXCEPTIONS / AREA).mkdir(parents=True)
    checked(earlier, ScorecardExceptions).to_parquet(tmp_path / EXCEPTIONS / AREA / "2023.parquet", index=False)
    now.assign(opened="1999", edition="2026").to_parquet(tmp_path / EXCEPTIONS / AREA / "2026.parquet", index=False)

    settings = settings_in(seeds_build.folder)
    made = steering_of(view_from(tmp_path, seeds_build), settings).tables[EXCEPTIONS]
    rows = made.set_index(["strategy_id", "row"])
    carried = rows.loc[(again["strategy_id"], again["row"])]
    assert (carried["state"], carried["opened"], carried["editions_open"]) == ("open", "2023", 2)
    assert (carried["explanation"], carried["stage"]) == ("Posts are vacant.", "decision_wanted")
    assert rows.loc[(gone["strategy_id"], 9_999), "state"] == "closed"
    anew = rows.loc[(closed["strategy_id"], closed["row"])]
    assert (anew["state"], anew["opened"]) == ("new", EDITION)
    assert len(made) == len(now) + 1 and set(made["edition"]) == {EDITION}
    assert steering_of(view_from(seeds_build.tables, seeds_build), settings).tables[EXCEPTIONS].equals(now)


def test_the_report_takes_what_its_layer_has_made_unless_something_differs(
    seeds_build: Build, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[object] = []

    def counted(view: AreaView, weights: object) -> object:
        made.append(weights)
        return object()

    monkeypatch.setattr("jsna_pipeline.steering.steer", counted)
    monkeypatch.setattr("assets.steering._newest", {})
    settings, view = settings_in(seeds_build.folder), view_from(seeds_build.tables, seeds_build)
    first = steering_of(view, settings)
    assert steering_of(view_from(seeds_build.tables, seeds_build), settings) is first
    others = [
        (view, settings.model_copy(update={"priority_weights": {"size": 2.0}})),
        (replace(view, nhs=NhsCover(sub_icb="E38000205", provider="RBN")), settings),
        (replace(view, restricted=True), settings),
    ]
    assert len({id(steering_of(*one)) for one in others} | {id(first)}) == 4
    assert len(made) == 4
