"""SEN support ahead by first need: what of the census is grown, and when nothing is said."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from jsna_pipeline.local_area import empty_tables
from jsna_pipeline.report.future.own_support import needs_sentence, needs_table
from jsna_pipeline.report.view import AreaView
from tests.report.future import invented_future as invented

COUNTS = {"semh": 1_000, "autism": 500, "vision_impairment": None, "hearing_impairment": 99}
KEYS = ("dimension_1", "category_1", "dimension_2", "category_2", "dimension_3", "category_3")
TOTAL = ("total", "total")


def view(period: str = "2024/25", counts: dict[str, int | None] | None = None, **changes: object) -> AreaView:
    """Wigan with a census: SEN support by need, one of them hidden and one tiny, and the same needs among plans."""
    given = COUNTS if counts is None else counts
    groups = [(("primary_need", need, "sen_stage", "sen_support", *TOTAL), count) for need, count in given.items()]
    groups += [(("primary_need", need, "sen_stage", "ehc_plan", *TOTAL), 77) for need in given]
    groups += [(("sen_stage", "sen_support", *TOTAL, *TOTAL), 1_600)]
    shared = {"table_id": "pupils_with_sen_by_need", "population": "pupils", "period": period}
    shared |= {"period_type": "january_snapshot", "rule": "education", "edition": "2025"}
    rows = [
        shared | dict(zip(KEYS, keys, strict=True)) | {"count": count, "status": "ok" if count else "suppressed"}
        for keys, count in groups
    ]
    tables = empty_tables()
    like = tables["local_counts"]
    tables["local_counts"] = pd.DataFrame(rows)[list(like.columns)].astype(like.dtypes.to_dict())
    return replace(invented.view(**changes), local=tables)


def test_counts_grow_as_all_sen_support_does() -> None:
    """6,810 pupils become 6,900 (6,500 to 7,700) in 2026 and 7,260 in 2030."""
    table = needs_table(view())
    assert table is not None and not table.in_pdf
    assert table.columns[1:] == ("Census, January 2025", "January 2026", "95 in 100", "January 2030", "95 in 100")
    assert [row[0] for row in table.rows] == ["Social, emotional and mental health", "Autism"]
    assert table.rows[0][1:4] == ("1,000", "1,013", "954 to 1,131")
    assert table.rows[1][1:5] == ("500", "507", "477 to 565", "533")


def test_the_two_largest_needs_are_said_and_marked_provisional() -> None:
    told = needs_sentence(view())
    assert told is not None and told.label == "Provisional"
    assert told.text == (
        "If SEN support grows alike for every first need from the schools’ own census of January 2025, about 1,010 "
        "pupils (954 to 1,130) would have it in January 2026 for social, emotional and mental health, and about 507 "
        "(477 to 565) for autism."
    )


@pytest.mark.parametrize(
    ("made", "why"),
    [
        (invented.view(), "no census"),
        (view("2023/24"), "a census of another January than the forecast's"),
        (view(counts={"semh": 900, "autism": None}), "one need is no division"),
        (view(tables={}), "no forecast"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_nothing_is_said_where_it_cannot_be_known(made: AreaView, why: str) -> None:
    assert needs_table(made) is None and needs_sentence(made) is None, why
