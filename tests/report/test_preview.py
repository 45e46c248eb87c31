"""The preview: which definitions have changed, and that only their figures are computed anew."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from jsna_pipeline import geography
from jsna_pipeline.catalogue.indicators import indicators
from jsna_pipeline.indicator_engine import definitions
from jsna_pipeline.report import preview
from jsna_pipeline.report.view import AreaView, load_view
from jsna_pipeline.storage import TableFolder
from tests.builds import EDITION, Build, jsna, settings_in

TIMELY = "ehcp_within_20_weeks_excl"
WIGAN = geography.local_authority("wigan")


@pytest.fixture(scope="module")
def tables(seeds_build: Build) -> TableFolder:
    return TableFolder(str(seeds_build.tables))


@pytest.fixture(scope="module")
def view(seeds_build: Build, tables: TableFolder) -> AreaView:
    return load_view(tables, settings_in(seeds_build.folder), WIGAN, EDITION)


def without(table: pd.DataFrame, name: str) -> pd.DataFrame:
    return table.loc[table["indicator_id"] != name].reset_index(drop=True)


def test_words_change_no_definition_and_what_is_counted_does() -> None:
    record = indicators()[TIMELY]
    assert record.model_copy(update={"name": "Plans in time", "caveats": ["New."]}).digest == record.digest
    for changed in ({"decimals": 2}, {"multiplier": 1000.0}, {"filters": {"sex": "Female"}}):
        assert record.model_copy(update=changed).digest != record.digest


def test_what_is_new_or_otherwise_defined_has_changed() -> None:
    stored = definitions(indicators(), EDITION)
    assert preview.changed_since(stored) == {}
    other = stored.assign(digest=stored["digest"].where(stored["indicator_id"] != TIMELY, "another"))
    assert list(preview.changed_since(other)) == [TIMELY]
    assert list(preview.changed_since(stored.loc[stored["indicator_id"] != TIMELY])) == [TIMELY]


def test_computing_an_unchanged_indicator_again_gives_the_stored_figures(view: AreaView, tables: TableFolder) -> None:
    again = preview.with_changed(view, {TIMELY: indicators()[TIMELY]}, tables)
    for name in ("observed", "compared", "trended", "unequal", "prioritised", "national"):
        before, after = (getattr(one, name) for one in (view, again))
        order = [column for column in before if before[column].dtype == "str"]
        pd.testing.assert_frame_equal(
            before.sort_values(order, ignore_index=True), after.sort_values(order, ignore_index=True), obj=name
        )


def test_only_a_changed_indicator_is_computed_anew(view: AreaView, tables: TableFolder) -> None:
    finer: dict[str, Any] = {TIMELY: indicators()[TIMELY].model_copy(update={"decimals": 3})}
    changed = preview.with_changed(view, finer, tables)
    rows = changed.observations(TIMELY, area_code=WIGAN.code, dimension="total", period="2024")
    exact = 100 * rows["numerator"] / rows["denominator"]
    assert (rows["value"] - exact).abs().max() <= 0.0005
    assert (rows["value"] != view.observations(TIMELY, area_code=WIGAN.code, period="2024", dimension="total")["value"]
            .to_numpy()).all()  # fmt: skip
    pd.testing.assert_frame_equal(without(changed.observed, TIMELY), without(view.observed, TIMELY))


def test_the_command_writes_a_draft_below_the_state_folder_alone(seeds_build: Build) -> None:
    before = sorted(path for path in seeds_build.report().rglob("*"))
    done = jsna(seeds_build.folder, "preview", "Wigan")
    assert done.returncode == 0, done.stderr
    page = seeds_build.state / "seeds" / "preview" / EDITION / "wigan" / "index.html"
    assert done.stdout.split() == [str(page)]
    assert "<strong>Draft.</strong>" in page.read_text("utf-8")
    assert sorted(path for path in seeds_build.report().rglob("*")) == before


def test_without_tables_it_says_what_to_do(tmp_path: Any) -> None:
    done = jsna(tmp_path, "preview", "Wigan")
    assert done.returncode == 2 and "run `jsna build` first" in done.stderr
