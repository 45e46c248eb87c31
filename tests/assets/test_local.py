"""The local layer in the graph: who gets it, what blocks it, what of it the event store holds, and who may read it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import openpyxl
import pandas as pd
import pytest

from assets import build as building
from assets.dagster_home import open_instance
from assets.definitions import build_defs
from assets.jobs import REPORTS_JOB
from assets.local import LOCAL_TABLES
from jsna_pipeline import geography, local_area
from jsna_pipeline.errors import BuildError, InputError
from jsna_pipeline.local_area import LocalTables
from jsna_pipeline.report.output import FAILURE_NOTE
from jsna_pipeline.returns.store import RecordStore
from jsna_pipeline.settings import Settings
from jsna_pipeline.storage import TableFolder
from tests.builds import EDITION, Build, digests, pdf_pages, settings_in, spoken_text
from tests.local_returns import AREA, plant_everywhere, small_returns
from tests.returns.canaries import assert_none_in

WIGAN = geography.local_authority(AREA)
RETURNS = ("sen2", "small_areas", "therapies")
FEW = ("plans_by_age", "requests_by_month", "therapy_waits", "plans_by_ward")
MARKING = "OFFICIAL-SENSITIVE"


@pytest.fixture(scope="module", autouse=True)
def few_tables() -> Iterator[None]:
    """Four local tables instead of all: what the graph does with them does not depend on their number."""
    few = {name: table for name, table in local_area.local_tables().items() if name in FEW}
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DAGSTER_HOME", "")
        patch.setattr(local_area, "local_tables", lambda: few)
        yield


def settings_of(build: Build, **others: object) -> Settings:
    given = {"returns": build.folder / "returns", **others}
    return settings_in(build.folder, source="landing", landing=build.folder / "landing", **given)


def run_build(build: Build, *formats: str, **settings: object) -> Path:
    """The folder of the report of Wigan, built anew."""
    return building.build(settings_of(build, **settings), [WIGAN], EDITION, list(formats)).folders[AREA]


@pytest.fixture(scope="module")
def with_returns(small_build: Build, small_files: Path, tmp_path_factory: pytest.TempPathFactory) -> Build:
    """Wigan with three returns, full of canaries, HTML and data. Not to be changed by a test."""
    folder = tmp_path_factory.mktemp("with-returns")
    shutil.copytree(small_build.folder, folder, dirs_exist_ok=True)
    shutil.copytree(small_files, folder / "landing")
    plant_everywhere(small_returns(folder / "returns", EDITION, RETURNS) / EDITION / AREA)
    build = Build(folder, "landing")
    run_build(build, "html", "data")
    return build


@pytest.fixture
def copy(with_returns: Build, tmp_path: Path) -> Build:
    shutil.copytree(with_returns.folder, tmp_path / "copy")
    return Build(tmp_path / "copy", "landing")


def stored(build: Build, name: str) -> pd.DataFrame:
    return TableFolder(str(build.tables)).read(name, EDITION, AREA)


def local_files(build: Build) -> dict[str, str]:
    return {name: digest for name, digest in digests(build.tables).items() if name.startswith("local_")}


def run_report_alone(build: Build) -> bool:
    """What a person does in the UI: the page again, from the tables as they lie there."""
    settings = settings_of(build, edition=EDITION)
    with open_instance(settings) as instance:
        job = build_defs(settings).resolve_job_def(REPORTS_JOB)
        key = dg.MultiPartitionKey({"area": AREA, "edition": EDITION})
        return job.execute_in_process(
            instance=instance,
            partition_key=key,
            asset_selection=[dg.AssetKey("report_html")],
            run_config=building.QUIET_TERMINAL,
            raise_on_error=False,
        ).success


# --- the graph ----------------------------------------------------------------------------------------


def test_an_area_without_returns_has_empty_tables_and_a_report_without_local_part(small_build: Build) -> None:
    assert {name: len(stored(small_build, name)) for name in LOCAL_TABLES} == dict.fromkeys(LOCAL_TABLES, 0)
    assert "own-records" not in (small_build.report() / "index.html").read_text("utf-8")
    assert not (small_build.state / "landing" / "restricted" / "records").exists()


def test_with_returns_the_report_has_a_local_part_and_says_what_was_read(with_returns: Build) -> None:
    words = spoken_text((with_returns.report() / "index.html").read_text("utf-8"))
    assert "The area’s own records" in words and "Wigan delivered 3 returns." in words
    assert {name: bool(len(stored(with_returns, name))) for name in LOCAL_TABLES} == {
        **dict.fromkeys(LOCAL_TABLES, True),
        "local_unseen": False,  # nothing is known of rolls without the school census
    }
    assert set(stored(with_returns, "local_returns")["return_id"]) == set(RETURNS)
    assert set(stored(with_returns, "local_counts")["status"]) == {"ok", "suppressed"}


def test_lineage_runs_from_returns_through_protected_tables_to_the_report(with_returns: Build) -> None:
    graph = build_defs(settings_of(with_returns)).resolve_asset_graph()
    for name in (*LOCAL_TABLES,)[1:]:
        parents = {key.to_user_string() for key in graph.get(dg.AssetKey(name)).parent_keys}
        assert parents == {"local_returns", "indicators_observations"}, name
    for name in ("report_html", "report_pdf", "report_data"):
        assert {dg.AssetKey(table) for table in LOCAL_TABLES} <= graph.get(dg.AssetKey(name)).parent_keys


def test_the_event_store_holds_row_counts_and_no_row(with_returns: Build) -> None:
    """And no IO manager but the one of protected tables has written anything."""
    with open_instance(settings_of(with_returns)) as instance:
        for name in LOCAL_TABLES:
            wanted = dg.AssetRecordsFilter(asset_key=dg.AssetKey(name), asset_partitions=[f"{AREA}|{EDITION}"])
            latest = instance.fetch_materializations(wanted, limit=1).records[0].asset_materialization
            assert latest is not None
            assert set(latest.metadata) <= {"dagster/row_count", "path", "dagster/storage_kind"}, name
            assert latest.metadata["dagster/row_count"].value == len(stored(with_returns, name))
    kinds = {path.suffix for path in with_returns.home.rglob("*") if path.is_file()}
    assert not kinds & {".parquet", ".pickle", ".pkl", ".arrow", ".csv", ""}
    assert_none_in(with_returns.home)


def test_a_bad_local_table_stops_the_report_in_its_run_and_afterwards(
    copy: Build, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = digests(copy.report())

    def bad(*_: object) -> LocalTables:
        tables = {name: stored(copy, name) for name in LOCAL_TABLES if name != "local_returns"}
        tables["local_counts"]["count"] = pd.array([-1] * len(tables["local_counts"]), "Int64")
        return LocalTables(tables)

    monkeypatch.setattr(local_area, "tabulate", bad)
    with pytest.raises(BuildError, match=r"^local_counts: "):
        run_build(copy, "html")
    assert "local_counts: " in (copy.report() / FAILURE_NOTE).read_text("utf-8")
    (copy.report() / FAILURE_NOTE).unlink()
    assert not run_report_alone(copy)
    assert digests(copy.report()) == before


def test_sen2_is_needed_and_is_enough(copy: Build) -> None:
    area = copy.folder / "returns" / EDITION / AREA
    (area / "sen2").rename(copy.folder / "sen2")
    with pytest.raises(InputError, match="there is no folder 'sen2'; a local build needs the SEN2 return, and no oth"):
        run_build(copy, "html")
    shutil.rmtree(area)
    area.mkdir()
    (copy.folder / "sen2").rename(area / "sen2")
    page = (run_build(copy, "html") / "index.html").read_text("utf-8")
    assert "Wigan delivered 1 return." in spoken_text(page)
    assert "local-plans_by_age" in page and "local-therapy_waits" not in page
    kept = RecordStore(copy.state / "landing" / "restricted" / "records").names(EDITION, AREA)
    assert not [name for name in kept if name.startswith(("therapies", "small_areas"))]


def test_a_second_build_of_unchanged_returns_gives_the_same_bytes(copy: Build) -> None:
    """Though without a key the pseudonyms, and so the order of all records, are new."""
    records = copy.state / "landing" / "restricted" / "records"
    tables, report, pseudonyms = local_files(copy), digests(copy.report()), digests(records)
    run_build(copy, "html", "data")
    assert len(tables) == len(LOCAL_TABLES) and local_files(copy) == tables
    assert digests(copy.report()) == report
    assert digests(records) != pseudonyms


# --- the restricted audience --------------------------------------------------------------------------


def test_a_restricted_report_stays_in_the_store_is_marked_and_leaves_the_public_one_alone(copy: Build) -> None:
    tables, reports, everything = local_files(copy), digests(copy.folder / "reports"), set(digests(copy.folder))
    folder = run_build(copy, "html", "pdf", "data", audience="restricted")
    store = copy.state / "landing" / "restricted"
    assert folder.is_relative_to(store)
    assert local_files(copy) == tables and digests(copy.folder / "reports") == reports
    new = {name for name in set(digests(copy.folder)) - everything if "/dagster/" not in name}
    assert new and all(name.startswith(".jsna/landing/restricted/reports/") for name in new)

    assert MARKING in spoken_text((folder / "index.html").read_text("utf-8"))
    assert all(MARKING in page for page in pdf_pages(folder / "jsna.pdf"))
    book = openpyxl.load_workbook(folder / "jsna-data.xlsx", read_only=True)
    assert any(MARKING in str(cell) for (cell, *_) in book["Cover"].iter_rows(values_only=True))
    for name in ("index.html", "jsna-data.xlsx", "data/local_counts.csv"):
        assert MARKING not in spoken_text((copy.report() / name).read_text("utf-8", "ignore")), name

    printed, public = (pd.read_parquet(at / "data" / "local_counts.parquet") for at in (folder, copy.report()))
    exact = RecordStore(store / "records").scan(EDITION, AREA, local_area.EXACT_COUNTS).collect().to_pandas()
    assert printed["count"].tolist() == exact["count"].tolist() and set(printed["status"]) == {"ok"}
    hidden = public["count"].isna().to_numpy()
    assert hidden.any() and printed.loc[hidden, "count"].notna().all()
    assert_none_in(folder)


def test_nobody_else_can_enter_the_store(with_returns: Build) -> None:
    store = with_returns.state / "landing" / "restricted"
    assert store.stat().st_mode & 0o777 == 0o700 and (store / ".gitignore").read_text() == "*\n"
    for path in (store / "records").rglob("*"):
        assert path.stat().st_mode & 0o077 == 0, path
    for path in (path for path in (store / "validation").rglob("*") if path.is_file()):
        assert path.stat().st_mode & 0o077 == 0, path
