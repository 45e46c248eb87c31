"""Statements and EHC plans by age band, 2010 to 2022: the published file as a core table."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from jsna_pipeline.catalogue.datasets import datasets
from jsna_pipeline.core_tables import core_table
from jsna_pipeline.errors import InputError
from jsna_pipeline.sources.folder import LandingFolder
from tests.published_text import land

AGE_BANDS = datasets()["dfe__sen2_age_bands_to_2022"]
HEADER = (
    "time_period,time_identifier,geographic_level,country_code,country_name,region_code,region_name,old_la_code,"
    "new_la_code,la_name,characteristic_age,Total_st,Total_st_pc,Total_ehc,Total_ehc_pc,Total_all,Total_all_pc\n"
)


def line(year: str, code: str, age: str, plans: str) -> str:
    area = f"Local authority,E92000001,England,E12000001,North East,1,{code},Somewhere"
    return f"{year},Calendar year,{area},{age},z,z,{plans},100,{plans},100\n"


def built(root: Path, *lines: str) -> pd.DataFrame:
    root = land(root, {"sen2_age_caseload.csv": HEADER + "".join(lines)}, edition="2022")
    (root / "2025").mkdir(exist_ok=True)
    return core_table(AGE_BANDS, LandingFolder(root, "2025")).table


def test_january_is_named_as_the_other_tables_of_plans_name_it(tmp_path: Path) -> None:
    table = built(tmp_path, line("2022", "E06000047", "Total", "30"), line("2010", "E06000047", "Age 5 to 10", "7"))
    assert table["period"].tolist() == ["2021/22", "2009/10"]
    assert set(table["period_type"]) == {"january_snapshot"}
    assert table["dimension"].tolist() == ["total", "age_band"]
    assert table["category"].tolist() == ["total", "5_to_10"]
    assert table["plans"].tolist() == [30, 7]


def test_areas_of_then_keep_their_code_and_recoded_ones_have_todays(tmp_path: Path) -> None:
    table = built(tmp_path, *(line("2013", code, "Total", "9") for code in ("E10000006", "E06000048", "E06000028")))
    assert table["area_code"].tolist() == ["E10000006", "E06000057", "E06000028"]
    assert table["area_name"].tolist() == ["Cumbria", "Northumberland", "Bournemouth"]


def test_a_period_that_is_no_year_and_a_missing_column_are_refused(tmp_path: Path) -> None:
    good = line("2022", "E06000047", "Total", "1")
    with pytest.raises(InputError, match="line 3, the time period is not of the form"):
        built(tmp_path, good, line("2021/22", "E06000047", "Under 5", "1"))
    text = (HEADER + good).replace("Total_all,", "Total,")
    land(tmp_path, {"sen2_age_caseload.csv": text}, edition="2022")
    with pytest.raises(InputError, match="no column 'Total_all'"):
        core_table(AGE_BANDS, LandingFolder(tmp_path, "2025"))


def test_the_published_series(landing: Path) -> None:
    folder = LandingFolder(landing, "2025")
    build = core_table(AGE_BANDS, folder)
    table = build.table
    assert build.rejects.empty and build.notes == ()
    assert len(table) == 11_814 and table["plans"].notna().all()
    total = table[table["dimension"] == "total"].pivot_table("plans", "period", "area_code")
    assert total.loc[["2009/10", "2021/22"], "E92000001"].tolist() == [228_221, 473_255]
    assert total.loc[["2009/10", "2021/22"], "E08000010"].tolist() == [1_365, 2_337]  # Wigan
    # Northumberland, Gateshead, Buckinghamshire, North Yorkshire, Somerset: whole series under today's codes.
    recoded = ["E06000057", "E08000037", "E06000060", "E06000065", "E06000066"]
    assert total[recoded].notna().all(axis=None)
    # Abolished: Cumbria, Bournemouth, Poole, the old Dorset, Northamptonshire.
    years = total[["E10000006", "E06000028", "E06000029", "E10000009", "E10000021"]].notna().sum()
    assert years.tolist() == [13, 10, 10, 10, 12]
    bands = table[table["dimension"] == "age_band"].groupby(["area_code", "period"])["plans"].sum()
    whole = table[table["dimension"] == "total"].set_index(["area_code", "period"])["plans"]
    assert (bands.reindex(whole.index) == whole).all()
    later = core_table(datasets()["dfe__sen2_caseload"], folder).table
    later = later[(later["dimension"] == "total") & later["period"].between("2018/19", "2021/22")]
    again = whole.reindex(pd.MultiIndex.from_frame(later[["area_code", "period"]])).to_numpy()
    assert len(later) > 600 and (again == later["ehc_plans"]).all()
