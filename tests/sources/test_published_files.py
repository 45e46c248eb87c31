"""Finding published files: by their first bytes, by their own names, the newest of several."""

from __future__ import annotations

import hashlib
import io
import zipfile
from pathlib import Path

import pytest
from openpyxl import Workbook

from jsna_pipeline.catalogue.datasets import Dataset, FilePattern, datasets
from jsna_pipeline.core_tables import core_table, landed_record
from jsna_pipeline.errors import InputError
from jsna_pipeline.sources.folder import LandingFolder, available_editions
from tests.published_text import ASSESSMENTS, EHC_PLANS, gzipped, land, many, row, text, zipped

GOOD = text([row((200, 150, 75))])
DAMAGED = zipped({"data/assessments.csv": text(many(200))})
NEW_PLANS = datasets()["dfe__sen2_new_plans"]


def found(root: Path, dataset: Dataset = ASSESSMENTS) -> list[str]:
    return [file.name for file in LandingFolder(root, "2025").find(dataset).chosen]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("assessments.csv", GOOD.encode()),
        ("assessments.csv", gzipped(GOOD)),
        ("assessments.csv.gz", GOOD.encode()),
        ("assessments.csv.gz", gzipped(GOOD)),
        ("Assessments_2025.CSV", GOOD.encode()),
        ("download.dat", zipped({"data/assessments.csv": GOOD})),
        ("download.csv.gz", zipped({"data/assessments.csv.gz": gzipped(GOOD)})),
    ],
    ids=["plain", "gz named csv", "plain named gz", "gz", "other case", "zip named dat", "gz in a zip"],
)
def test_first_bytes_decide_not_the_name(tmp_path: Path, name: str, content: bytes) -> None:
    folder = LandingFolder(land(tmp_path, {name: content}), "2025")
    assert core_table(ASSESSMENTS, folder).table["assessments"].tolist() == [200]
    record = landed_record(ASSESSMENTS, folder)
    assert record["sha256"].tolist() == [hashlib.sha256(GOOD.encode()).hexdigest()]
    assert record["bytes"].tolist() == [len(GOOD)] and record["role"].tolist() == ["used"]
    assert record["file"].tolist() == [f"2025/{EHC_PLANS}/{name}"]


def test_a_member_is_found_by_the_whole_of_its_own_name(tmp_path: Path) -> None:
    members = {
        "data/sen_need_newplans.csv": GOOD,
        "data/newplans.csv": GOOD,
        "data/newplans.meta.csv": "col_name\n",
        "__MACOSX/._newplans.csv": "x",
        "data/.newplans.csv": "x",
        "data-guidance/data-guidance.txt": "newplans.csv",
    }
    root = land(tmp_path, {"release_2025.zip": zipped(members), "~$newplans.csv": "lock", ".newplans.csv": "x"})
    assert found(root, NEW_PLANS) == [f"data/newplans.csv in 2025/{EHC_PLANS}/release_2025.zip"]


def test_newest_of_several_by_number_and_the_others_superseded(tmp_path: Path) -> None:
    names = ["assessments_2013_to_2025.csv", "assessments_2013_to_2024.csv", "assessments_9.csv", "assessments_10.csv"]
    files = LandingFolder(land(tmp_path, dict.fromkeys(names, GOOD)), "2025")
    one = files.find(ASSESSMENTS)
    assert [file.path.name for file in one.chosen] == ["assessments_2013_to_2025.csv"]
    assert [file.path.name for file in one.superseded] == ["assessments_9.csv", "assessments_10.csv", names[1]]
    record = landed_record(ASSESSMENTS, files)
    assert record["role"].tolist() == ["used", "superseded", "superseded", "superseded"]
    every = ASSESSMENTS.model_copy(update={"files": [FilePattern(folder=EHC_PLANS, name="assessments*", take="all")]})
    assert len(files.find(every).chosen) == 4 and not files.find(every).superseded


def test_members_of_one_name_follow_their_zips(tmp_path: Path) -> None:
    zips = {f"plans_{number}.zip": zipped({"data/assessments.csv": GOOD}) for number in (9, 2025, 2022)}
    assert found(land(tmp_path, zips)) == [f"data/assessments.csv in 2025/{EHC_PLANS}/plans_2025.zip"]


def test_a_workbook_is_one_file_though_it_is_a_zip(tmp_path: Path) -> None:
    stream = io.BytesIO()
    Workbook().save(stream)
    neighbours = datasets()["dfe__statistical_neighbours"]
    root = land(tmp_path, {"sn_may_2025.xlsx": stream.getvalue()}, folder=neighbours.files[0].folder)
    assert found(root, neighbours) == ["2025/local-authority-interactive-tool/sn_may_2025.xlsx"]


def _password_zip() -> bytes:
    content = bytearray(zipped({"assessments.csv": GOOD}))
    content[6] |= 1  # the flag of encryption, in the member's own header and in the directory
    content[content.index(b"PK\x01\x02") + 8] |= 1
    return bytes(content)


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({"release.zip": DAMAGED[: len(DAMAGED) // 2]}, r"release\.zip: the zip is damaged or cut short; download"),
        ({"assessments.csv.gz": gzipped(text(many(200)))[:-20]}, "assessments.csv.gz: the archive is damaged or cut"),
        ({"assessments.csv.gz": b"\x1f\x8b" + b"\x00" * 30}, "assessments.csv.gz: the archive is damaged or cut"),
        ({"release.zip": _password_zip()}, "assessments.csv in 2025/.*: the archive is damaged or cut short"),
        ({"assessments.csv": b""}, "assessments.csv: the file is empty; download it again"),
        ({"assessments.csv": b" \r\n\n"}, "assessments.csv: the file is empty; download it again"),
        ({"assessments.csv": gzipped("")}, "assessments.csv: the file is empty; download it again"),
        ({"assessments.csv": zipped({})}, "assessments.csv: not a CSV text file; download the CSV"),
        ({"assessments.csv": bytes(range(256)) * 9}, "assessments.csv: not a CSV text file; download the CSV"),
        ({"assessments.csv": GOOD.encode("utf-16")}, "assessments.csv: not a CSV text file; download the CSV"),
    ],
    ids=["half a zip", "half a gz", "no gz", "password", "empty", "blank", "empty gz", "empty zip", "binary", "utf-16"],
)
def test_a_damaged_file_is_one_sentence(tmp_path: Path, files: dict[str, bytes], said: str) -> None:
    with pytest.raises(InputError, match=said) as caught:
        core_table(ASSESSMENTS, LandingFolder(land(tmp_path, files), "2025"))
    assert "\n" not in str(caught.value) and caught.value.exit_code == 2


def test_folders_and_files_in_each_others_place(tmp_path: Path) -> None:
    (land(tmp_path / "a", {}) / "2025" / EHC_PLANS / "assessments.csv").mkdir()
    with pytest.raises(InputError, match=r"assessments\.csv: a folder where a published file was expected; put the"):
        found(tmp_path / "a")
    land(tmp_path / "b", {EHC_PLANS: "x"}, folder=".")
    with pytest.raises(InputError, match=f"{EHC_PLANS}: expected a folder with the publication's files, found a file"):
        found(tmp_path / "b")


def test_a_missing_required_file_names_the_file_and_its_page(tmp_path: Path) -> None:
    caseload = datasets()["dfe__sen2_caseload"]
    root = land(tmp_path, {"unrelated.csv": GOOD})
    with pytest.raises(InputError, match=rf"no file like 'caseload\*\.csv' for the required .* from {caseload.page}"):
        core_table(caseload, LandingFolder(root, "2025"))
    optional = core_table(ASSESSMENTS, LandingFolder(root, "2025"))
    assert optional.table.empty and "assessments_status" in optional.table and optional.rows_read == 0
    assert landed_record(ASSESSMENTS, LandingFolder(root, "2025")).empty


def test_a_missing_companion_is_named(tmp_path: Path) -> None:
    lait = datasets()["dfe__lait"]
    root = land(tmp_path, {"bds_long_0.parquet": b"PAR1"}, folder=lait.files[0].folder)
    with pytest.raises(InputError, match=r"no file like 'lait_data_dictionary\.csv', the dictionary that .* download"):
        core_table(lait, LandingFolder(root, "2025"))


def test_editions_are_the_folders_named_by_a_year_in_their_order(tmp_path: Path) -> None:
    for name in ("2025.10", "2025.2", "2024", "2025", "notes", "2025-old"):
        (tmp_path / name).mkdir()
    (tmp_path / "2026").write_text("a file")
    assert available_editions(tmp_path) == ["2024", "2025", "2025.2", "2025.10"]
    assert available_editions(tmp_path / "absent") == []
    for wrong in ("2031", "notes", "2025/..", ""):
        with pytest.raises(InputError, match=r"editions found in .*: 2024, 2025, 2025\.2, 2025\.10\)\. Name another"):
            LandingFolder(tmp_path, wrong)


def test_an_unpacked_damaged_member_is_refused(tmp_path: Path) -> None:
    whole = bytearray(zipped({"assessments.csv": text(many(500))}))
    whole[200:260] = b"\xff" * 60
    root = land(tmp_path, {"release.zip": bytes(whole)})
    assert zipfile.is_zipfile(root / "2025" / EHC_PLANS / "release.zip")
    with pytest.raises(InputError, match=r"assessments\.csv in .*release\.zip: the archive is damaged"):
        core_table(ASSESSMENTS, LandingFolder(root, "2025"))


BY_AGE = datasets()["dfe__sen2_age_bands_to_2022"]
TABLE = "sen2_age_caseload.csv"


def test_a_series_that_ended_is_found_in_its_last_edition(tmp_path: Path) -> None:
    root = land(tmp_path, {})
    later = LandingFolder(root, "2025")
    assert later.find(BY_AGE).chosen == () and landed_record(BY_AGE, later).empty
    assert core_table(BY_AGE, later).table.empty
    land(root, {"plans_2022.zip": zipped({f"data/{TABLE}": GOOD})}, edition="2022")
    (file,) = LandingFolder(root, "2025").find(BY_AGE).chosen
    assert file.name == f"data/{TABLE} in 2022/{EHC_PLANS}/plans_2022.zip"
    record = landed_record(BY_AGE, LandingFolder(root, "2025"))
    assert record["file"].tolist() == [f"2022/{EHC_PLANS}/plans_2022.zip"]
    assert record["sha256"].tolist() == [hashlib.sha256(GOOD.encode()).hexdigest()]
    # Another dataset of the same folder is not looked for there.
    assert found(root, NEW_PLANS) == []


def test_a_copy_of_an_ended_series_in_the_editions_own_folder_comes_first(tmp_path: Path) -> None:
    root = land(tmp_path, {TABLE: GOOD})
    assert found(root, BY_AGE) == [f"2025/{EHC_PLANS}/{TABLE}"]
    land(root, {TABLE: GOOD}, edition="2022")
    both = LandingFolder(root, "2025").find(BY_AGE)
    assert [file.relative for file in both.chosen] == [f"2025/{EHC_PLANS}/{TABLE}"]
    assert [file.relative for file in both.superseded] == [f"2022/{EHC_PLANS}/{TABLE}"]
    # Its own edition has it once; an edition before it has nothing of later days.
    assert [file.relative for file in LandingFolder(root, "2022").find(BY_AGE).chosen] == [f"2022/{EHC_PLANS}/{TABLE}"]
    land(root, {}, edition="2021")
    assert LandingFolder(root, "2021").find(BY_AGE).chosen == ()
