"""The restricted store: who may read it, that it is never half written, and that a purge leaves nothing."""

from __future__ import annotations

import os
import stat
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from jsna_pipeline.errors import BuildError, InputError
from jsna_pipeline.linking import Pseudonyms, no_aliases
from jsna_pipeline.returns.intake import AreaIntake, Intake
from jsna_pipeline.returns.store import ALIASES, Purged, RecordStore
from jsna_pipeline.returns.validation_report import ValidationReport

TABLE = pl.DataFrame({"person": ["p1", None], "sex": ["F", "M"]})
KEYED = Pseudonyms(bytes.fromhex("8f1d33a2c4e07b5916fa0d6b2c98e1740ab3d5577ce2914f68b00e3d1a96c5f2"))


def area(edition: str, *returned: tuple[str, str, date | None]) -> AreaIntake:
    """An intake of returns, each with its id, one record table and its reference date."""
    report = ValidationReport("", "", int(edition), date(2024, 1, 1), (), (), (), 0, (), pl.DataFrame())
    intakes = {
        name: Intake(name, {table: TABLE}, no_aliases(), pl.DataFrame(), {}, {}, (), day, int(edition), report)
        for name, table, day in returned
    }
    records = {table: TABLE for _, table, _ in returned}
    return AreaIntake(edition, "wigan", intakes, records, no_aliases(), ())


SEN2 = ("sen2", "sen2_person", date(2024, 1, 18))
THERAPIES = ("therapies", "therapies_row", None)
PLACES = ("small_areas", "small_areas_row", None)


def test_only_the_owner_can_open_the_folders_and_read_the_files(tmp_path: Path) -> None:
    before = os.umask(0)  # whatever the account's own default
    try:
        store = RecordStore(tmp_path / "state" / "records")
        store.keep(area("2024", SEN2), KEYED, date(2024, 11, 1))
    finally:
        os.umask(before)
    modes = {stat.S_IMODE(path.stat().st_mode) for path in store.root.rglob("*") if path.is_file()}
    folders = {stat.S_IMODE(path.stat().st_mode) for path in (store.root, *store.root.rglob("*")) if path.is_dir()}
    assert (modes, folders) == ({0o600}, {0o700})
    assert (store.root / ".gitignore").read_text() == "*\n"
    store.root.chmod(0o755)
    store.write("2024", "wigan", "sen2_person", TABLE)
    assert stat.S_IMODE(store.root.stat().st_mode) == 0o700


def test_what_is_kept_is_read_back_and_what_is_no_longer_delivered_is_gone(tmp_path: Path) -> None:
    store = RecordStore(tmp_path / "records")
    store.keep(area("2024", SEN2, THERAPIES), KEYED, date(2024, 11, 1))
    assert store.names("2024", "wigan") == [ALIASES, "sen2_person", "therapies_row"]
    assert store.scan("2024", "wigan", "sen2_person").collect().equals(TABLE)
    store.keep(area("2024", SEN2), KEYED, date(2024, 12, 1))
    assert store.names("2024", "wigan") == [ALIASES, "sen2_person"]
    with pytest.raises(BuildError, match="therapies_row of wigan, 2024: no such records"):
        store.scan("2024", "wigan", "therapies_row")
    assert store.names("2025", "wigan") == [] and store.index("2025", "wigan") == {}


def test_the_index_says_what_is_kept_until_when_and_under_which_key(tmp_path: Path) -> None:
    store = RecordStore(tmp_path / "records")
    store.keep(area("2024", SEN2, THERAPIES, PLACES), KEYED, date(2024, 2, 29))
    index = store.index("2024", "wigan")
    assert (index["taken_in"], index["key_check"], index["cross_edition"]) == ("2024-02-29", KEYED.key_check, True)
    assert index["tables"]["sen2_person"] == {
        "return": "sen2",
        "rows": 2,
        "reference_date": "2024-01-18",
        "retention_until": "2027-01-18",
    }
    until = {name: entry["retention_until"] for name, entry in index["tables"].items()}
    # Without a reference date from the intake on; the aliases go with the first of what they join.
    assert until == {
        "sen2_person": "2027-01-18",
        "therapies_row": "2027-02-28",
        "small_areas_row": "2034-02-28",
        ALIASES: "2027-01-18",
    }


def test_a_purge_deletes_what_has_expired_and_names_it(tmp_path: Path) -> None:
    store = RecordStore(tmp_path / "records")
    store.keep(area("2024", SEN2, THERAPIES, PLACES), KEYED, date(2024, 11, 1))
    assert store.purge(expired_on=date(2027, 1, 18)) == []
    gone = store.purge(expired_on=date(2027, 1, 19))
    assert gone == [Purged("2024", "wigan", ALIASES), Purged("2024", "wigan", "sen2_person")]
    assert (
        store.names("2024", "wigan")
        == ["small_areas_row", "therapies_row"]
        == sorted(store.index("2024", "wigan")["tables"])
    )
    store.write("2024", "wigan", "unlisted", TABLE)
    assert store.purge(expired_on=date(2027, 1, 19)) == [Purged("2024", "wigan", "unlisted")]


def test_a_purge_of_an_edition_or_area_leaves_nothing_of_it(tmp_path: Path) -> None:
    store = RecordStore(tmp_path / "records")
    for edition in ("2024", "2025"):
        store.keep(area(edition, SEN2), KEYED, date(2025, 11, 1))
        (store.root / edition / "wigan" / ".sen2_person.parquet.77.tmp").write_bytes(b"half a file of a broken build")
    with pytest.raises(InputError, match="Nothing says what to delete"):
        store.purge()
    assert store.purge(edition="2024", area_slug="cumberland") == []
    assert {entry.edition for entry in store.purge(edition="2024")} == {"2024"}
    assert not (store.root / "2024").exists() and store.names("2025", "wigan")
    store.purge(area_slug="wigan")
    assert [path.name for path in store.root.iterdir()] == [".gitignore"]


def test_aliases_of_other_editions_are_used_under_the_same_key_alone(tmp_path: Path) -> None:
    store = RecordStore(tmp_path / "records")
    store.keep(area("2024", SEN2), KEYED, date(2024, 11, 1))
    assert len(store.earlier_aliases("2025", "wigan", KEYED.key_check)) == 1
    assert store.earlier_aliases("2024", "wigan", KEYED.key_check) == []
    assert store.earlier_aliases("2025", "wigan", Pseudonyms().key_check) == []


def test_a_failed_write_leaves_the_last_good_table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = RecordStore(tmp_path / "records")
    store.write("2024", "wigan", "sen2_person", TABLE)

    def full_disk(table: pl.DataFrame, stream: object) -> None:
        stream.write(b"PAR1 half")  # type: ignore[attr-defined]
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(pl.DataFrame, "write_parquet", full_disk)
    with pytest.raises(OSError, match="No space"):
        store.write("2024", "wigan", "sen2_person", TABLE)
    assert store.scan("2024", "wigan", "sen2_person").collect().equals(TABLE)
    assert [path.name for path in (store.root / "2024" / "wigan").iterdir()] == ["sen2_person.parquet"]


def test_records_never_lie_with_reports(tmp_path: Path) -> None:
    reports = tmp_path / "reports"
    for root in (reports, reports / "seeds" / "records", tmp_path):
        with pytest.raises(InputError, match="must not lie with the reports"):
            RecordStore(root, published=[reports])
    RecordStore(tmp_path / "state" / "records", published=[reports])


@pytest.mark.parametrize("name", ["../out", "a/b", "..", "", "A", "x..y", "/etc"])
def test_no_name_leads_out_of_the_store(tmp_path: Path, name: str) -> None:
    store = RecordStore(tmp_path / "records")
    for place in ((name, "wigan", "t"), ("2024", name, "t"), ("2024", "wigan", name)):
        with pytest.raises(InputError):
            store.write(*place, TABLE)
