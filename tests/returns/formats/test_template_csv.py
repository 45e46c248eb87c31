"""The project's own templates come back filled in, from one provider or several."""

from __future__ import annotations

from pathlib import Path

import pytest

from jsna_pipeline.catalogue.returns import returns
from jsna_pipeline.errors import InputError
from jsna_pipeline.returns.delivered import delivered_files
from jsna_pipeline.returns.formats import template_csv
from jsna_pipeline.returns.templates import empty_template

TEMPLATES = {name: record for name, record in returns().items() if record.formats == ("template_csv",)}


@pytest.mark.parametrize("name", TEMPLATES)
def test_an_empty_template_reads_as_a_table_without_rows(tmp_path: Path, name: str) -> None:
    (tmp_path / f"{name}.csv").write_bytes(empty_template(TEMPLATES[name]))
    raw = template_csv.read(delivered_files(tmp_path), TEMPLATES[name], 2025)
    table = raw.tables["row"].collect()
    assert table.columns == [*TEMPLATES[name].tables["row"].columns, "file", "row"]
    assert table.height == 0
    assert raw.notes == ()


def test_the_files_of_two_providers_are_read_one_after_the_other(tmp_path: Path) -> None:
    (tmp_path / "north.csv").write_text("referral_date,service,ward name\n2025-01-31,audiology,x\n")
    (tmp_path / "south.csv").write_text("service;referral_date\ndietetics;2025-02-28\n")
    raw = template_csv.read(delivered_files(tmp_path), TEMPLATES["therapies"], 2025)
    assert raw.tables["row"].collect().select("service", "referral_date", "file", "row").rows() == [
        ("audiology", "2025-01-31", "north.csv", 2),
        ("dietetics", "2025-02-28", "south.csv", 2),
    ]
    assert raw.notes == ("north.csv: columns not used: ward name.",)


def test_a_missing_column_names_file_column_and_the_command_that_writes_the_template(tmp_path: Path) -> None:
    (tmp_path / "north.csv").write_text("service\naudiology\n")
    with pytest.raises(InputError) as refused:
        template_csv.read(delivered_files(tmp_path), TEMPLATES["therapies"], 2025)
    assert str(refused.value) == (
        "north.csv: no column 'referral_date' (Date the referral was received); its first line has to be the one that "
        "`jsna template therapies` writes."
    )
