"""Appeals to the SEND Tribunal: the printed figures, and the traps of a table made for people."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from jsna_pipeline.catalogue.datasets import datasets
from jsna_pipeline.core_tables import core_table
from jsna_pipeline.errors import InputError
from jsna_pipeline.readers import tribunals
from jsna_pipeline.schemas.hmcts import TribunalAppeals
from jsna_pipeline.sources.folder import LandingFolder
from jsna_pipeline.sources.published_file import PublishedFile

DATASET = datasets()["hmcts__send_tribunal"]
HEADER = """\
Title1,,,,,,,,,
,,,,,,,,,
Local Authority,LA code,2023,,,2024,,,,
,,Appeals registered4,"Total Appealable Decisions1,9",SEND Tribunal Appeal Rate2,Appeals registered4,\
"Total Appealable Decisions1,9",SEND Tribunal Appeal Rate2,"In development: Total Appealable Decisions1,8",\
In development: SEND Tribunal Appeal Rate2
NORTH WEST,,,,,,,,,
"""
WIGAN = 'Wigan,359,24,"3,135",0.80%,52,"3,881",1.30%,"2,099",2.50%\n'


def read(folder: Path, rows: str, header: str = HEADER) -> pd.DataFrame:
    path = folder / "SEND Tribunals.csv"
    path.write_text(header + rows, encoding="utf-8-sig")
    table = tribunals.read(PublishedFile(path, path.name), DATASET, TribunalAppeals).table
    return table.set_index(["area_code", "period"])


@pytest.fixture(scope="module")
def published(landing: Path) -> pd.DataFrame:
    return core_table(DATASET, LandingFolder(landing, "2025")).table.set_index(["area_code", "period"])


@pytest.mark.landing
@pytest.mark.parametrize(
    ("area", "period", "printed"),
    [
        ("E08000010", "2024", (52, 3881, 1.3, 52, 2099, 2.5)),
        ("E08000031", "2024", (27, 3257, 0.8, 27, 2036, 1.3)),
        ("E06000063", "2024", (65, 3191, 2.0, 65, 2039, 3.2)),
        ("E06000058", "2024", (145, 4977, 2.9, 145, 3268, 4.4)),
        # England's appeals on the new basis are those of the row that leaves six authorities out.
        ("E92000001", "2024", (22276, 689739, 3.2, 22082, 364912, 6.1)),
        # Blackpool is one of the six; City of London had a dash beside 0.00%.
        ("E06000009", "2024", (21, 1787, 1.2, None, None, None)),
        ("E09000001", "2024", (0, 26, 0.0, 0, 18, 0.0)),
        # Authorities that bear another's number, and two that bear none.
        ("E06000018", "2024", (52, 2102, 2.5, 52, 1451, 3.6)),
        ("E10000024", "2024", (184, 5919, 3.1, 184, 3788, 4.9)),
        ("E10000021", "2018", (145, 4530, 3.2, None, None, None)),
        ("E10000003", "2023", (126, 7655, 1.6, None, None, None)),
        ("E06000056", "2023", (96, 3711, 2.6, None, None, None)),
        ("E06000028", "2018", (20, 1078, 1.9, None, None, None)),
    ],
)
def test_figures_as_printed(published: pd.DataFrame, area: str, period: str, printed: tuple[float | None, ...]) -> None:
    row = published.loc[(area, period)]
    names = ["appeals", "decisions", "appeal_rate"]
    names += [f"{name}_in_development" for name in names]
    assert [None if pd.isna(row[name]) else row[name] for name in names] == list(printed)


@pytest.mark.landing
def test_no_row_is_anothers(published: pd.DataFrame, landing: Path) -> None:
    """Every plan in force in January is a decision open to appeal, so decisions below plans are another area's."""
    plans = core_table(datasets()["dfe__sen2_caseload"], LandingFolder(landing, "2025")).table.query(
        "dimension == 'total' and area_level == 'local_authority'"
    )
    plans = plans.assign(period=plans["period"].str[:4]).set_index(["area_code", "period"])["ehc_plans"]
    share = (published["decisions"] / plans).dropna()
    assert len(share) > 1_000
    # Peterborough counts 0.90 in 2023, a year of its returns that the release warns of.
    assert share.min() > 0.89
    assert share.drop("E06000053").max() < 1.9
    assert not {("E10000003", "2024"), ("E06000056", "2024")} & set(published.index)


def test_a_dash_is_none_only_beside_a_rate_of_nought(tmp_path: Path) -> None:
    rows = WIGAN + "Bury8,351, - ,450,0.00%, - ,500, .. , x ,x\nBolton,350,~, .. ,~,,400,0.00%,200,0.00%\n"
    table = read(tmp_path, rows)
    bury, bolton = table.loc["E08000002"], table.loc["E08000001"]
    assert bury["appeals"].fillna(-1).tolist() == [0, -1]
    assert bury["appeals_status"].tolist() == ["ok", "unavailable"]
    assert bolton["appeals_status"].tolist() == ["suppressed", "unavailable"]
    assert bolton["decisions_status"].tolist() == ["unavailable", "ok"]
    assert table.loc[("E08000010", "2024"), "source_line"] == 6


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ('Wigan,351,24,"3,135",0.80%,52,"3,881",1.30%,,\n', r"line 6 \(Wigan\): name and number .* two areas"),
        ('Erewhon,,24,"3,135",0.80%,52,"3,881",1.30%,,\n', r"line 6 \(Erewhon\): the authority is not in the register"),
        ('Wigan,359,24,"3,135",0.80%,many,"3,881",1.30%,,\n', "column '2024, appeals', line 6: 'many' is neither"),
    ],
)
def test_a_row_that_cannot_be_placed_is_refused(tmp_path: Path, rows: str, said: str) -> None:
    with pytest.raises(InputError, match=said):
        read(tmp_path, rows)


def test_another_layout_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no row with 'Local Authority' and 'LA code'"):
        read(tmp_path, WIGAN, header="Area,Code,2024\n")
    with pytest.raises(InputError, match="no column 'Appeals registered' under 2023"):
        read(tmp_path, WIGAN, header=HEADER.replace("Appeals registered4", "Appeals lodged"))
