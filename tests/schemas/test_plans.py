"""The EHC-plan release: that nothing published is left aside, and that every printed share has its counts."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from jsna_pipeline import geography
from jsna_pipeline.catalogue.datasets import Dataset, datasets
from jsna_pipeline.core_tables import core_table, model_of
from jsna_pipeline.readers import ees
from jsna_pipeline.schemas.base import published_names, value_columns
from jsna_pipeline.sources.folder import LandingFolder
from jsna_pipeline.sources.published_file import PublishedFile
from jsna_pipeline.statistics import rounding
from jsna_pipeline.vocabulary import TOTAL

PLANS = [dataset for dataset in datasets().values() if dataset.id.startswith("dfe__sen2_")]
REVIEWS = datasets()["dfe__sen2_annual_reviews"]
each = pytest.mark.parametrize("dataset", PLANS, ids=lambda dataset: dataset.id)

# The publisher divides by a number of decisions that it does not print.
OF_UNPRINTED_WHOLE = {"within_6_weeks_percent", "over_6_weeks_percent"}


@each
def test_the_sums_of_a_record_name_columns_breakdowns_and_areas_that_exist(dataset: Dataset) -> None:
    columns, sums = set(value_columns(model_of(dataset))), dataset.arithmetic
    shares = [share.published for share in sums.shares]
    assert sorted(shares) == sorted(name for name in columns if name.endswith("_percent"))
    named = {name for share in sums.shares for name in (*share.numerator, *share.denominator)}
    named |= {name for whole in sums.parts for name in (whole.whole, *whole.parts)}
    named |= {name for bound in sums.bounds for name in [*np.atleast_1d(bound.part), bound.whole]}
    named |= {*sums.levels, *(name for note in sums.footnotes for name in note.columns)}
    assert named <= columns
    assert set(sums.complete_dimensions) <= set(dataset.dimensions.values())
    noted = pd.Series([code for note in sums.footnotes for code in note.areas], dtype="str")
    assert not geography.unknown_codes(noted) and (geography.canonical_codes(noted) == noted).all()


def reviews(year: int) -> str:
    """A file of reviews with the columns of the release about `year`, each cell telling its column apart."""
    names = [published_names(model_of(REVIEWS), name)[0] for name in value_columns(model_of(REVIEWS))]
    named_by_year = ("review_meeting_", "review_decision")
    fixed = [name for name in names if not (name.startswith(named_by_year) and name[-1].isdigit())]
    moving = {f"review_meeting_{year + 1}": 1, f"review_meeting_{year}": 2, f"review_meeting_prior_{year}": 3}
    moving |= {f"review_decision{year + 1}": 4, f"review_decision{year}": 5, f"review_decision_prior{year}": 6}
    place = {
        "time_period": f"20{year}",
        "time_identifier": "Calendar year",
        "geographic_level": "National",
        "country_code": "E92000001",
        "region_code": "",
        "new_la_code": "",
        "breakdown_topic": "All annual reviews",
        "breakdown": "All annual reviews",
    }
    cells = place | dict.fromkeys(fixed, 0) | moving
    return ",".join(cells) + "\n" + ",".join(str(cell) for cell in cells.values()) + "\n"


@pytest.mark.parametrize("year", [24, 25, 26, 31])
def test_columns_named_by_year_are_told_apart_in_every_release(tmp_path: Path, year: int) -> None:
    path = tmp_path / "annual_reviews.csv"
    path.write_text(reviews(year))
    (found,) = ees.read(PublishedFile(path, path.name), REVIEWS, model_of(REVIEWS)).table.to_dict("records")
    names = ("held_after_year", "held_in_year", "held_earlier", "decided_after_year", "decided_in_year")
    assert [found[name] for name in (*names, "decided_earlier")] == [1, 2, 3, 4, 5, 6]


@pytest.mark.landing
@each
def test_every_column_and_breakdown_of_the_release_is_read(dataset: Dataset, landing: Path) -> None:
    """No note says that something is not used, and the table has as many rows as the file."""
    folder = LandingFolder(landing, "2025")
    made = core_table(dataset, folder)
    (file,) = folder.find(dataset).chosen
    assert made.notes == ()
    assert len(made.table) == file.content.count(b"\n") - 1
    assert set(made.table["dimension"]) == (set(dataset.dimensions.values()) or {TOTAL})


@pytest.mark.landing
@each
def test_printed_shares_follow_from_the_counts_that_the_record_names(dataset: Dataset, landing: Path) -> None:
    """Of each printed column fewer than 1 in 1,000 cells differs from its counts by a digit."""
    table = core_table(dataset, LandingFolder(landing, "2025")).table
    for share in dataset.arithmetic.shares:
        top = table[share.numerator].sum(axis=1, skipna=False)
        bottom = table[share.denominator].sum(axis=1, skipna=False)
        known = top.notna() & bottom.gt(0) & table[share.published].notna()
        ours = rounding.half_up(top[known], bottom[known], share.decimals, share.multiplier)
        differ = ((ours - table.loc[known, share.published]).abs() > 1e-9).mean()
        assert known.sum() > 5_000
        assert differ < (0.03 if share.published in OF_UNPRINTED_WHOLE else 0.001), share.published
