"""`jsna export`: a national table as CSV or Parquet, whole or not at all."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from jsna_pipeline.errors import InputError
from jsna_pipeline.export import EXPORTS, export_table
from jsna_pipeline.settings import Settings
from jsna_pipeline.storage import TableFolder, write_table

TABLE = pd.DataFrame({"area_name": ["=1+1", "Wigan"], "value": [-1.5, None]})


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    made = Settings(state=tmp_path / "state", base=tmp_path)
    for asset in EXPORTS.values():
        write_table(TABLE, TableFolder(made.tables).path(asset, "2025"))
    return made


def test_to_file_and_to_screen(settings: Settings, tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    for name in EXPORTS:
        export_table(settings, name, "2025", tmp_path / f"{name}.csv")
        export_table(settings, name, "2025", tmp_path / f"{name}.parquet")
        assert (tmp_path / f"{name}.csv").read_text() == "area_name,value\n'=1+1,-1.5\nWigan,\n"
        assert pd.read_parquet(tmp_path / f"{name}.parquet")["value"].tolist()[0] == -1.5
    export_table(settings, "trends", "2025", None)
    assert capfdbinary.readouterr().out == (tmp_path / "trends.csv").read_bytes()
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".")]


@pytest.mark.parametrize(
    ("name", "edition", "out", "said"),
    [
        ("observation", "2025", "a.csv", "No table 'observation'; the tables are observations, comparisons, trends"),
        ("trends", "2031", "a.csv", "Edition 2031 of source seeds has not been built; run `jsna build` first"),
        ("trends", "2025", "a.xlsx", r"a\.xlsx: give a name that ends in \.csv or \.parquet"),
        ("trends", "2025", "absent/a.csv", "there is no folder .*absent; make it first"),
    ],
)
def test_slips_are_one_sentence(
    settings: Settings, tmp_path: Path, name: str, edition: str, out: str, said: str
) -> None:
    with pytest.raises(InputError, match=said):
        export_table(settings, name, edition, tmp_path / out)


def test_a_failed_write_leaves_what_was_there(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "trends.csv"
    out.write_text("the last good one")

    def full(self: Path, target: object) -> None:
        raise OSError("no space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(OSError, match="no space left"):
        export_table(settings, "trends", "2025", out)
    assert out.read_text() == "the last good one"
    assert not [path for path in tmp_path.iterdir() if path.name.endswith(".tmp")]
