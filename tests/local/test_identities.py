"""The same persons in other words: what one table gives away of another."""

from __future__ import annotations

import pandas as pd

from jsna_pipeline.catalogue.disclosure import disclosure_rules
from jsna_pipeline.catalogue.local_tables import local_tables
from jsna_pipeline.disclosure.protect import protect
from jsna_pipeline.local import bands
from jsna_pipeline.local.counts import CELL_COLUMNS
from jsna_pipeline.local.identities import IDENTITIES, relations
from tests.disclosure.invented_tables import NO_NESTS, NO_STATISTICS

AGES = ("5-10", "11-15")
DECIDED = {"yes": (70, 60), "no": (10, 12), "not_decided": (16, 14)}
DECISIONS = {"assess": (50, 52), "not_assess": (30, 20), "not_yet_decided": (9, 10), "withdrawn": (7, 4)}


def requests() -> pd.DataFrame:
    """LOCAL_COUNTS of requests by age band: once by decision, once by whether it was in time."""
    rows = [(AGES[at], "decision", name, each[at]) for name, each in DECISIONS.items() for at in (0, 1)]
    rows += [(AGES[at], "decided_in_6_weeks", name, each[at]) for name, each in DECIDED.items() for at in (0, 1)]
    rows += [("total", "decision", name, sum(each)) for name, each in DECISIONS.items()]
    rows += [("total", "decided_in_6_weeks", name, sum(each)) for name, each in DECIDED.items()]
    rows += [(AGES[at], "total", "total", sum(each[at] for each in DECIDED.values())) for at in (0, 1)]
    rows += [("total", "total", "total", 182)]
    frame = pd.DataFrame(rows, columns=["category_1", "dimension_2", "category_2", "count"])
    frame["dimension_1"] = frame["category_1"].where(frame["category_1"] == "total", "age_band")
    fixed = {"table_id": "requests_decided", "population": "requests", "period": "2024", "period_type": "calendar_year"}
    frame = frame.assign(**fixed, dimension_3="total", category_3="total", rule="education")
    return frame.astype({"count": "Int64"})


def test_a_relation_holds_in_every_group_that_both_tables_print() -> None:
    counts = requests()
    found = relations(counts).merge(counts, on=["population", "period", "period_type", *CELL_COLUMNS])
    assert set(found["relation"]) == {"0 []", "0 [('age_band', '11-15')]", "0 [('age_band', '5-10')]"}
    assert (found["coefficient"] * found["count"]).groupby(found["relation"]).sum().eq(0).all()


def test_the_four_requests_withdrawn_do_not_follow_from_those_not_decided() -> None:
    """14 of 11 to 15 were not decided and 10 are open: alone, either table hides the 4 behind its own cells."""
    counts = requests()
    given = protect(counts, NO_STATISTICS, disclosure_rules(), NO_NESTS, [], relations=relations(counts)).counts
    older = given.loc[given["category_1"] == "11-15"].set_index("category_2")["status"]
    assert older["withdrawn"] == "suppressed"
    assert "suppressed" in {older["not_decided"], older["not_yet_decided"]}


def test_every_identity_speaks_of_dimensions_that_tables_print() -> None:
    printed = {(table.population, name) for table in local_tables().values() for name in table.dimensions}
    named = {
        (side.population, name) for pair in IDENTITIES for side in pair for part in side.groups for name, _ in part
    }
    assert named <= printed


def test_a_filter_rules_out_only_what_it_rules_out_by_definition() -> None:
    filters = {tuple(*table.filters.items()) for table in local_tables().values() if table.filters}
    assert set(bands.RULED_OUT) <= filters
