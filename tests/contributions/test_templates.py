"""Empty files of what an area writes: each is read back, explained column by column, and never written over."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from jsna_pipeline.catalogue.returns import returns
from jsna_pipeline.contributions.reading import Rows, read_rows
from jsna_pipeline.contributions.templates import templates, write_contribution_template
from jsna_pipeline.errors import InputError
from jsna_pipeline.governance.sign_off import SignOff, Step, read_sign_off

ROWS = sorted(name for name, one in templates().items() if one.model)


def test_names_are_apart_from_those_of_returns() -> None:
    """One command writes both."""
    assert not templates().keys() & returns().keys()
    assert len({one.file for one in templates().values()}) == len(templates())


@pytest.mark.parametrize("name", ROWS)
def test_an_empty_file_is_read_without_a_fault_and_its_guide_explains_each_column(name: str, tmp_path: Path) -> None:
    one = templates()[name]
    assert one.model is not None
    file, guide = write_contribution_template(name, tmp_path / "new")
    assert (file.name, guide.name) == (one.file, f"{name}-guide.md")
    assert file.read_bytes().startswith(b"\xef\xbb\xbf") and file.read_bytes().endswith(b"\r\n")
    assert read_rows(file, one.model) == Rows()
    lines = [line for line in guide.read_text("utf-8").splitlines() if line.startswith("| `")]
    columns = [line.split("`")[1] for line in lines]
    assert columns == file.read_text("utf-8-sig").strip().split(",")
    bare = [line for line in lines if not line.split("|")[3].strip()]
    assert not bare, "a column without a description"


def test_the_empty_sign_off_is_an_unsigned_draft(tmp_path: Path) -> None:
    (file,) = write_contribution_template("sign_off", tmp_path)
    signed, problems = read_sign_off(tmp_path, cut_off=date(2025, 12, 31), today=date(2026, 1, 1))
    assert not problems and signed.state is Step.DRAFT
    assert [one.step for one in signed.steps] == list(Step) and not any(one.on for one in signed.steps)
    assert (signed.owner, signed.assurance) == ("", SignOff().assurance)
    for step in Step:
        assert f"step: {step}" in file.read_text("utf-8")


def test_a_file_that_exists_is_not_written_over_and_nothing_beside_it(tmp_path: Path) -> None:
    (tmp_path / "errata.csv").write_text("filled in")
    with pytest.raises(InputError, match=r"errata\.csv exists already"):
        write_contribution_template("errata", tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["errata.csv"]
    assert (tmp_path / "errata.csv").read_text() == "filled in"


def test_an_unknown_name_is_told_with_those_there_are(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"no contribution 'erata'; the templates are milestones, .*sign_off\."):
        write_contribution_template("erata", tmp_path)
