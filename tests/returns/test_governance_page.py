"""The page for information governance officers agrees with what is read and kept."""

from __future__ import annotations

from jsna_pipeline.catalogue.returns import ColumnKind, returns
from jsna_pipeline.returns.governance_page import KEPT, governance_page


def test_every_return_stands_on_the_page_with_its_basis_and_retention() -> None:
    page = governance_page()
    for record in returns().values():
        row = next(line for line in page.splitlines() if f"(`{record.id}`)" in line)
        cells = [cell.strip() for cell in row.strip("|").split("|")]
        assert len(cells) == 6, record.id
        assert cells[1] == " ".join(record.controller.split()) and cells[2] == " ".join(record.basis.split())
        assert cells[4].split()[0] == str(record.retention_years) and cells[5] == record.disclosure


def test_the_page_says_of_every_kind_of_column_what_is_kept() -> None:
    said = [kind for kinds in KEPT for kind in kinds]
    assert sorted(said) == sorted(ColumnKind)
    assert all(f"| {held} | {kept} |" in governance_page() for held, kept in KEPT.values())


def test_the_page_leaves_no_mark_of_its_template() -> None:
    assert "{{" not in governance_page() and "{%" not in governance_page() and "&#" not in governance_page()
