"""The school places scorecard: the printed figures, its fractions, and whose September an offer is for."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from jsna_pipeline.catalogue.datasets import datasets
from jsna_pipeline.core_tables import core_table
from jsna_pipeline.errors import InputError
from jsna_pipeline.readers import school_places
from jsna_pipeline.schemas.base import published_names, value_columns
from jsna_pipeline.schemas.dfe_places import SchoolOffers, SchoolPlaces
from jsna_pipeline.sources.folder import LandingFolder
from jsna_pipeline.sources.published_file import PublishedFile

PLACES, OFFERS = datasets()["dfe__school_places"], datasets()["dfe__school_offers"]
KEYS = {"Year": "2024/25", "geographic_level": "Local authority", "country_code": "E92000001"}
HEADINGS = [name for column in value_columns(SchoolPlaces) for name in published_names(SchoolPlaces, column)]
HEADINGS += [name for column in value_columns(SchoolOffers) for name in published_names(SchoolOffers, column)]


def file(folder: Path, *rows: dict[str, str]) -> PublishedFile:
    cells = [KEYS | {"new_la_code": "E08000010"} | dict.fromkeys(HEADINGS, "0.5") | row for row in rows]
    path = folder / "scorecard_data_2025.csv"
    pd.DataFrame(cells).to_csv(path, index=False)
    return PublishedFile(path, path.name)


@pytest.mark.landing
def test_figures_as_printed(landing: Path) -> None:
    table = core_table(PLACES, LandingFolder(landing, "2025")).table.set_index(["area_code", "period"])
    wigan = table.loc[("E08000010", "2024/25")]
    assert (wigan["primary_places"], wigan["secondary_places_needed"]) == (27306, 250)
    assert round(wigan["primary_unfilled_percent"], 6) == 6.434483
    assert round(wigan["primary_spare_forecast_percent"], 6) == 9.394148
    assert round(wigan["primary_forecast_error_3_percent"], 6) == -1.401924
    assert (wigan["primary_outstanding"], wigan["primary_good"], wigan["primary_not_judged"]) == (4932, 21849, 0)
    # Unfilled places are whole places: the percentage and the number of places are of one survey.
    unfilled = (table["primary_unfilled_percent"] * table["primary_places"] / 100).dropna()
    assert ((unfilled - unfilled.round()).abs() < 0.01).mean() > 0.98
    scilly = table.loc[("E06000053", "2024/25")]
    assert pd.isna(scilly["primary_forecast_error_1_percent"])
    assert scilly["primary_forecast_error_1_percent_status"] == "low_reliability"


@pytest.mark.landing
def test_offers_stand_under_the_year_of_entry(landing: Path) -> None:
    """First preferences of England as the statistics of applications and offers print them for each entry."""
    table = core_table(OFFERS, LandingFolder(landing, "2025")).table.set_index(["area_code", "period"])
    england = table.loc["E92000001"].round(1)
    assert england["secondary_first"].to_dict() == {
        "2023/24": 82.6, "2024/25": 82.9, "2025/26": 83.5, "2026/27": 83.6,
    }  # fmt: skip
    assert england.loc["2025/26", "primary_first"] == 92.6
    wigan = table.loc["E08000010", "primary_first"].round(2).to_dict()
    assert wigan == {"2023/24": 91.3, "2024/25": 92.19, "2025/26": 89.67, "2026/27": 88.73}


def test_the_later_survey_speaks_for_an_entry_year(tmp_path: Path) -> None:
    older = {"Year": "2023/24", "Pref_P_1_CY": "91", "Pref_P_1_NY": "92"}
    newer = {"Pref_P_1_CY": "92.25", "Pref_P_1_NY": "93"}
    table = school_places.read_offers(file(tmp_path, newer, older), OFFERS, SchoolOffers).table
    found = table.set_index("period")["primary_first"].to_dict()
    assert found == {"2024/25": 91, "2025/26": 92.25, "2026/27": 93}


def test_fractions_become_percentages_and_percentages_stay(tmp_path: Path) -> None:
    table = school_places.read(file(tmp_path, {"For_3_P": "-0.07", "Quan_P_UP": "7"}), PLACES, SchoolPlaces).table
    row = table.iloc[0]
    assert (row["primary_forecast_error_3_percent"], row["primary_unfilled_percent"]) == (-7, 7)


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"Quan_P_Su": "9.4"}, "column 'Quan_P_Su' holds values above 1"),
        ({"new_la_code": "E08009999"}, "column 'new_la_code', line 2: the code is not in the register"),
        ({"PriCap": "lots"}, "column 'PriCap', line 2: 'lots' is neither a number nor a known marker"),
    ],
)
def test_a_file_that_has_changed_is_refused(tmp_path: Path, row: dict[str, str], said: str) -> None:
    with pytest.raises(InputError, match=said):
        school_places.read(file(tmp_path, row), PLACES, SchoolPlaces)


def test_a_year_of_another_form_is_rejected_and_the_rest_read(tmp_path: Path) -> None:
    result = school_places.read(file(tmp_path, {}, {"Year": "2024"}), PLACES, SchoolPlaces)
    assert result.table["period"].tolist() == ["2024/25"]
    assert result.rejects[["line", "column"]].to_numpy().tolist() == [[3, "Year"]]
    assert result.rows_read == 2
