"""Stored tables: whole or not there, one folder per source, a few areas without reading all."""

from __future__ import annotations

import uuid
from pathlib import Path

import pandas as pd
import pytest
from upath import UPath

from jsna_pipeline.errors import BuildError
from jsna_pipeline.storage import TableFolder, read_table, write_table

TABLE = pd.DataFrame({"area_code": ["A", "B", "A"], "value": [1.0, None, 3.0], "status": ["ok", "suppressed", "ok"]})


@pytest.fixture(params=["folder", "memory"])
def root(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    return str(tmp_path / "tables") if request.param == "folder" else f"memory://{uuid.uuid4()}/tables"


def test_a_table_comes_back_as_it_was_and_by_area(root: str) -> None:
    folder = TableFolder(root)
    path = folder.path("core_x", "2025")
    assert str(path).endswith("core_x/2025.parquet")
    write_table(TABLE, path)
    assert folder.read("core_x", "2025").equals(read_table(path))
    pd.testing.assert_frame_equal(folder.read("core_x", "2025"), TABLE, check_dtype=False)
    assert folder.read_areas("core_x", "2025", ["A"])["value"].tolist() == [1, 3]
    assert folder.read_areas("core_x", "2025", ["Z"]).empty
    write_table(TABLE.head(1), path)
    assert len(read_table(path)) == 1
    assert [entry.name for entry in path.parent.iterdir()] == ["2025.parquet"]


def test_a_write_that_fails_leaves_the_old_table_and_nothing_else(root: str, monkeypatch: pytest.MonkeyPatch) -> None:
    path = TableFolder(root).path("core_x", "2025")
    write_table(TABLE, path)

    def half(self: pd.DataFrame, stream: object, **options: object) -> None:
        stream.write(b"PAR1 half a file")  # type: ignore[attr-defined]
        raise OSError("no space left on device")

    monkeypatch.setattr(pd.DataFrame, "to_parquet", half)
    with pytest.raises(OSError, match="no space left"):
        write_table(TABLE, path)
    monkeypatch.undo()
    assert len(read_table(path)) == 3 and [entry.name for entry in path.parent.iterdir()] == ["2025.parquet"]


def test_a_table_that_is_not_there_says_how_to_make_it(tmp_path: Path) -> None:
    with pytest.raises(BuildError, match=r"2025\.parquet: the table is not there; run `jsna build` to make it"):
        read_table(UPath(tmp_path / "2025.parquet"))


def test_the_edition_before_is_the_newest_of_the_older_ones(root: str) -> None:
    folder = TableFolder(root)
    assert folder.read_edition_before("steering_x", "2025", "wigan") is None
    for edition in ("2023", "2024", "2024.9", "2024.10", "2025", "2026"):
        write_table(TABLE.assign(edition=edition), folder.path("steering_x", edition, "wigan"))

    def before(edition: str) -> set[str] | None:
        found = folder.read_edition_before("steering_x", edition, "wigan")
        return None if found is None else set(found["edition"])

    assert before("2025") == {"2024.10"}, "what was corrected is what was last published"
    assert before("2025.1") == {"2025"} and before("2023") is None
    assert folder.read_edition_before("steering_x", "2025", "bolton") is None
