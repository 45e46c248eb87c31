"""What certainly is another area's number is taken out before anything is computed from it, and nothing else."""

from __future__ import annotations

import pandas as pd
import pytest

from jsna_pipeline.reconciliation.withholding import without_defects
from tests.invented_indicators import TABLE, WIGAN, WOLVERHAMPTON, core, observed, record


def _exception(line: int, column: str = "n", **changes: str) -> dict:
    certain = {"rule": "repeated_values", "exception_class": "source_defect", "dataset_id": TABLE}
    return certain | {"column": column, "source_file": "a.csv", "source_line": line} | changes


def _tables() -> dict[str, pd.DataFrame]:
    rows = [{"area_code": WIGAN, "n": 50, "d": 100}, {"area_code": WOLVERHAMPTON, "n": 50, "d": 80}]
    return {TABLE: core(rows)}


def test_a_repeated_figure_is_no_value_and_the_other_rows_stay() -> None:
    cleaned = without_defects(_tables(), pd.DataFrame([_exception(line=2)]))
    table = observed(record(), tables=cleaned).set_index("area_code")
    assert pd.isna(table.loc[WIGAN, "value"]) and table.loc[WIGAN, "status"] == "unavailable"
    assert table.loc[WOLVERHAMPTON, "value"] == 62.5


@pytest.mark.parametrize(
    "changes", [{"rule": "jump"}, {"exception_class": "unexplained"}, {"dataset_id": "dfe__cla"}, {"column": "other"}]
)
def test_what_is_only_odd_or_elsewhere_is_left_as_published(changes: dict) -> None:
    tables = _tables()
    tables[TABLE]["other"], tables[TABLE]["other_status"] = 1.0, "ok"
    cleaned = without_defects(tables, pd.DataFrame([_exception(line=2, **changes)]))
    assert cleaned[TABLE]["n"].tolist() == [50, 50]
    assert cleaned[TABLE]["n_status"].tolist() == ["ok", "ok"]


def test_the_tables_given_are_not_changed() -> None:
    tables = _tables()
    without_defects(tables, pd.DataFrame([_exception(line=2)]))
    assert tables[TABLE]["n"].notna().all()
