"""The log of assumptions: shared ones first, every record's after, all whole sentences."""

from __future__ import annotations

from jsna_pipeline.catalogue.scenarios import RIGHTS, scenarios
from jsna_pipeline.future.assumptions import COLUMNS, SHARED, log
from tests.invented_forecast import scenario


def test_every_assumption_has_its_basis_and_what_would_change_it() -> None:
    found = log(scenarios().values())
    assert found.columns.tolist() == COLUMNS
    assert len(found) == len(SHARED) + sum(len(one.assumptions) for one in scenarios().values()) + 1
    assert found["scenario"].drop_duplicates().tolist() == ["all", *scenarios()]
    for column in ("assumption", "basis", "would_change"):
        assert found[column].str.fullmatch(r"[A-Z0-9].*\.").all()


def test_whoever_supposes_fewer_new_plans_supposes_that_rights_are_met() -> None:
    fewer = {"kind": "new_plan_rate", "factor": 0.9, "from": 2027}
    for record, expected in ((scenario(fewer), 1), (scenario({**fewer, "factor": 1.1}), 0)):
        found = log([record])
        assert found["basis"].str.endswith(RIGHTS).sum() == expected
        assert len(found) == len(SHARED) + 1 + expected


def test_years_without_joiners_are_told_where_there_are_any() -> None:
    assert len(log([], 0.0)) == len(log([])) == len(SHARED)
    assert "in about 4 of 100 simulated years" in log([], 0.04)["basis"].iloc[-1]
    assert "in fewer than 1 of 100 simulated years" in log([], 0.002)["basis"].iloc[-1]
