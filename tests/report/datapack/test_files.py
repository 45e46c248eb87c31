"""All files of the data: which there are, for whom, and that nothing hidden is in any of them."""

from __future__ import annotations

import csv
import io
import zipfile
from dataclasses import replace

import pandas as pd
import pytest

from jsna_pipeline.errors import BuildError
from jsna_pipeline.report.datapack import FUTURE, FUTURE_OF_AREA, LOCAL, PUBLISHED, REFERENCE, STAR, STEERING
from jsna_pipeline.report.datapack.files import data_files, flat_tables, local_tables_of, steering_tables_of
from jsna_pipeline.report.datapack.future_tables import future_tables_of
from tests.report.datapack import invented_pack as pack

BESIDE = {"jsna-data.xlsx", "data/datapackage.json", "data/README.md", "data/LICENCE.txt", "data/CITATION.cff"}


@pytest.fixture(scope="module")
def files() -> dict[str, bytes]:
    return data_files(pack.report(), pack.view(), pack.steering_tables())


def test_these_are_the_files(files: dict[str, bytes]) -> None:
    tables = [*PUBLISHED, *FUTURE, *FUTURE_OF_AREA, *LOCAL, *STEERING]
    expected = BESIDE | {f"data/{name}.csv" for name in (*tables, *REFERENCE)}
    expected |= {f"data/{name}.parquet" for name in tables} | {f"data/star/{name}.parquet" for name in STAR}
    assert set(files) == expected and all(files.values())


def test_the_same_input_gives_the_same_bytes(files: dict[str, bytes]) -> None:
    again = data_files(pack.report(), pack.view(), pack.steering_tables())
    assert [name for name in files if files[name] != again[name]] == []


def test_an_area_without_returns_has_no_file_of_them() -> None:
    bare = data_files(pack.report(), pack.view(returns=False), {})
    assert not [name for name in bare if "local_" in name or "scorecard" in name]
    assert local_tables_of(pack.view(returns=False)) == {}
    assert {f"data/{name}.csv" for name in FUTURE} < set(bare)
    assert not [name for name in bare if "places_ahead" in name or "money_ahead" in name]


def test_a_hidden_count_is_blank_in_every_form_and_in_no_star(files: dict[str, bytes]) -> None:
    counts = pd.read_parquet(io.BytesIO(files["data/local_counts.parquet"]))
    assert counts["count"].isna().tolist() == [False, True, False] and counts["status"][1] == "suppressed"
    lines = csv.DictReader(io.StringIO(files["data/local_counts.csv"].decode("utf-8")))
    assert [line["count"] for line in lines] == ["300", "", "120"]
    assert not [name for name in files if name.startswith("data/star/") and b"plans_by_age" in files[name]]


def test_a_figure_that_ought_to_be_hidden_stops_all_files_and_is_not_told() -> None:
    """Protection happens long before; this is the last look."""
    view = pack.view()
    leaked = view.local["local_counts"].assign(count=lambda table: table["count"].fillna(987654))
    with pytest.raises(BuildError, match=r"^local_counts holds figures whose status says that they are hidden") as told:
        data_files(pack.report(), replace(view, local={**view.local, "local_counts": leaked}), {})
    assert "987654" not in str(told.value)
    surveyed = pack.steering_tables()
    surveyed["steering_survey_results"] = surveyed["steering_survey_results"].assign(value=12.5, status="suppressed")
    with pytest.raises(BuildError, match=r"^survey_results holds figures"):
        data_files(pack.report(), view, surveyed)


@pytest.mark.parametrize("restricted", [True, False])
def test_own_tables_of_a_restricted_audience_are_marked_in_every_row(restricted: bool) -> None:
    view = pack.view(restricted=restricted)
    own = local_tables_of(view) | steering_tables_of(pack.steering_tables(), view)
    assert set(own) == {*LOCAL, *STEERING}
    own |= {name: table for name, table in future_tables_of(view).items() if name in FUTURE_OF_AREA}
    assert all(("marking" in table) is restricted for table in own.values())
    if restricted:
        assert all((table["marking"] == "OFFICIAL-SENSITIVE").all() for table in own.values())
    assert not any("marking" in flat_tables(view, {})[name] for name in (*PUBLISHED, *FUTURE))


def test_every_file_of_a_restricted_audience_that_has_words_is_marked() -> None:
    restricted = data_files(pack.report(restricted=True), pack.view(restricted=True), pack.steering_tables())
    marked = [name for name in restricted if name.startswith("data/star/")]
    marked += ["data/README.md", "data/LICENCE.txt", "data/CITATION.cff", "data/datapackage.json"]
    marked += [f"data/{name}.{form}" for name in ("local_counts", "scorecard") for form in ("csv", "parquet")]
    assert [name for name in marked if b"OFFICIAL-SENSITIVE" not in restricted[name]] == []
    with zipfile.ZipFile(io.BytesIO(restricted["jsna-data.xlsx"])) as book:
        assert b"OFFICIAL-SENSITIVE" in book.read("xl/sharedStrings.xml")
        assert b"OFFICIAL-SENSITIVE" in book.read("docProps/core.xml")
