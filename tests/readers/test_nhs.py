"""NHS England: published figures for Wigan's trust and sub-ICB area, and both layouts on small files."""

from pathlib import Path

import pandas as pd
import pytest
from openpyxl import Workbook

from jsna_pipeline.catalogue.datasets import datasets
from jsna_pipeline.errors import InputError
from jsna_pipeline.quarantine import quarantine
from jsna_pipeline.readers import nhs
from jsna_pipeline.readers.result import ReadResult
from jsna_pipeline.schemas.base import table_schema
from jsna_pipeline.schemas.nhs import CommunityWaits, MonthlyMeasures
from jsna_pipeline.schemas.validation import validate
from jsna_pipeline.sources.folder import LandingFolder
from jsna_pipeline.sources.published_file import PublishedFile

WAITS = datasets()["nhs__community_waits"]
AUTISM = datasets()["nhs__autism_waits"]
MENTAL_HEALTH = datasets()["nhs__mental_health"]

SERVICES = ["(A) Audiology", "(CYP) Safeguarding", "(CYP) Therapy interventions: dietetics"]
LABELS_DEC_2023 = ["Organisation Type", "Organisation Code", "Organisation Name"]
ROWS_DEC_2023 = [
    ["National", None, "England", 90, 4, 30],
    ["Region", "Y62", "NORTH WEST", 9, None, 3],
    ["ICB", "QOP", "GREATER MANCHESTER", 8, None, 0],
    ["Provider", "RRF", "WRIGHTINGTON, WIGAN AND LEIGH NHS FOUNDATION TRUST", None, None, "*"],
]
ROWS_MAR_2023 = [
    [None, None, "England", 90, 4, 30],
    [None, "Region", "North West", 9, None, 3],
    [None, "ICB", "Greater Manchester", 8, None, 0],
    [None, "Provider", "Wrightington, Wigan and Leigh NHS FT", None, None, "*"],
    [None, None, "Your Healthcare", None, None, 5],
]


def waits_workbook(
    folder: Path,
    rows: list[list],
    labels: list,
    title: str = "by service, October 2023",
    sheets: tuple[str, ...] = tuple(nhs.TABLES),
) -> PublishedFile:
    path = folder / "community_health.xlsx"
    book = Workbook()
    book.remove(book.active)
    for name in sheets:
        sheet = book.create_sheet(name)
        for row in [
            [title],
            ["Blanks indicate no organisation submitted."],
            [""],
            [*labels, *SERVICES],
            *rows,
        ]:
            sheet.append(row)
    book.save(path)
    return PublishedFile(path, path.name)


def read_waits(file: PublishedFile) -> ReadResult:
    return nhs.read_community_waits(file, WAITS, CommunityWaits)


def test_community_waits_of_october_2023(landing: Path) -> None:
    result = read_waits(LandingFolder(landing, "2025").require(WAITS).chosen[0])
    table = validate(result.table, table_schema(CommunityWaits), name="waits")
    assert len(quarantine(result, CommunityWaits, file="waits").table) == len(table) == (135 + 42 + 1) * 47
    children = table[table["age_group"] == "children"].set_index(["area_code", "service"])
    wigan = children.loc[("RRF", "Therapy interventions: Occupational therapy")]
    assert wigan["area_name"] == "Wrightington, Wigan and Leigh NHS Foundation Trust"
    assert (wigan["waiting"], wigan["waiting_over_18_weeks"], wigan["period"]) == (571, 181, "2023-10")
    speech = children.loc[("E92000001", "Therapy interventions: Speech and language")]
    assert (speech["waiting"], speech["waiting_over_18_weeks"]) == (67790, 22820 + 4113)
    # Northern Care Alliance knows the weeks of 1,720 of its 3,139 children, as Table 4a to 4g add up
    known = children.loc[("RM3", "Therapy interventions: Speech and language")]
    assert known[["waiting", "waiting_with_weeks", "waiting_over_18_weeks"]].tolist() == [3139, 1720, 1028]
    assert children.loc[("RRF", "Vision screening")]["waiting_status"] == "unavailable"
    assert children.loc[("RRF", "Safeguarding")]["waiting_status"] == "suppressed"
    providers = table[table["area_level"] == "provider"].groupby(["age_group", "service"])["waiting"].sum()
    england = table[table["area_level"] == "england"].set_index(["age_group", "service"])["waiting"]
    unequal = (england - providers).loc[lambda difference: difference != 0].index
    assert set(unequal.get_level_values("service")) == set(WAITS.options["withheld_services"])


@pytest.mark.parametrize(
    ("labels", "rows", "trust"), [(LABELS_DEC_2023, ROWS_DEC_2023, "RRF"), ([None] * 3, ROWS_MAR_2023, None)]
)
def test_both_layouts(tmp_path: Path, labels: list, rows: list[list], trust: str | None) -> None:
    result = read_waits(waits_workbook(tmp_path, rows, labels))
    table = validate(result.table, table_schema(CommunityWaits), name="waits")
    assert set(table["area_level"]) == {"england", "icb", "provider"}
    dietetics = table[table["service"] == "Therapy interventions: Dietetics"].set_index("area_level")
    assert dietetics.loc["england", "area_code"] == "E92000001" and dietetics.loc["icb", "waiting"] == 0
    provider = dietetics.loc[["provider"]].iloc[0]
    assert provider["area_code"] == (trust or "WRIGHTINGTON, WIGAN AND LEIGH NHS FT")
    assert (provider["waiting_status"], provider["waiting_over_18_weeks_status"]) == (
        "suppressed",
        "suppressed",
    )
    audiology = table[(table["age_group"] == "adult") & (table["area_level"] == "provider")]
    assert set(audiology["waiting_status"]) == {"unavailable"}
    assert bool(result.notes) == (trust is None)


def test_faults_of_the_workbook_are_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no sheet 'Table 4g'"):
        read_waits(waits_workbook(tmp_path, ROWS_DEC_2023, LABELS_DEC_2023, sheets=tuple(nhs.TABLES)[:-1]))
    with pytest.raises(InputError, match="title of sheet 'Table 4' names no month"):
        read_waits(waits_workbook(tmp_path, ROWS_DEC_2023, LABELS_DEC_2023, title="Waiting list"))
    unknown = [["National", None, "England", "some", 4, 30], *ROWS_DEC_2023[1:]]
    with pytest.raises(InputError, match="sheet Table 4', line 5: 'some' is neither"):
        read_waits(waits_workbook(tmp_path, unknown, LABELS_DEC_2023))
    with pytest.raises(InputError, match="does not say which rows are providers"):
        read_waits(waits_workbook(tmp_path, ROWS_DEC_2023[:2], LABELS_DEC_2023))
    with pytest.raises(InputError, match="has no rows under the headings"):
        read_waits(waits_workbook(tmp_path, [], LABELS_DEC_2023))


# --- monthly measures ---------------------------------------------------------------------------------

HEADER = (
    "REPORTING_PERIOD_START,REPORTING_PERIOD_END,STATUS,BREAKDOWN,PRIMARY_LEVEL,PRIMARY_LEVEL_DESCRIPTION,"
    "SECONDARY_LEVEL,SECONDARY_LEVEL_DESCRIPTION,MEASURE_ID,MEASURE_NAME,MEASURE_VALUE"
)
CCG = "01/04/2021,31/03/2022,Final,CCG of Residence,02H,NHS WIGAN BOROUGH CCG,NONE,NONE,MHS95,Number of CYP,3445"
SUB_ICB = (
    "01/09/2021,31/08/2022,Performance,Sub ICB of Residence,02H,NHS GREATER MANCHESTER ICB - 02H,NONE,NONE,"
    "MHS95,MHS95 - Number of CYP,3610"
)


def read_monthly(folder: Path, *lines: str, header: str = HEADER) -> ReadResult:
    path = folder / "MHSDS Time_Series.csv"
    path.write_text("\r\n".join([header, *lines]), encoding="utf-8", newline="")
    return nhs.read_monthly_csv(PublishedFile(path, path.name), MENTAL_HEALTH, MonthlyMeasures)


def test_autism_referrals_of_wigan(landing: Path) -> None:
    result = nhs.read_monthly_csv(LandingFolder(landing, "2025").require(AUTISM).chosen[0], AUTISM, MonthlyMeasures)
    table = validate(result.table, table_schema(MonthlyMeasures), name="autism")
    wigan = table[(table["area_code"] == "02H") & (table["period"] == "2022-09")]
    whole = wigan[wigan["dimension"] == "total"].set_index("measure")
    # ages 0 to 17: 15 with an open referral, 10 of them for 13 weeks or more, 5 not yet seen
    assert whole.loc[["ASD16b", "ASD16c", "ASD18f"], "value"].tolist() == [15, 10, 5]
    assert whole.loc["ASD18c", "value_status"] == "suppressed"
    assert set(wigan["area_name"]) == {"NHS Greater Manchester ICB - 02H"} and set(wigan["period_type"]) == {"month"}
    assert set(table["category"]) == {"total", "Under 10", "10 to 17", "18 to 24"}
    # one row of the release ends on the day it begins
    assert result.rejects[["line", "column"]].to_numpy().tolist() == [[6, "REPORTING_PERIOD_END"]]


def test_mental_health_series_of_wigan(landing: Path) -> None:
    file = LandingFolder(landing, "2025").require(MENTAL_HEALTH).chosen[0]
    result = nhs.read_monthly_csv(file, MENTAL_HEALTH, MonthlyMeasures)
    validate(result.table, table_schema(MonthlyMeasures), name="mental health")
    assert len(quarantine(result, MonthlyMeasures, file="x").table) == len(result.table)
    access = result.table[(result.table["area_code"] == "02H") & (result.table["measure"] == "MHS95")]
    assert len(access) == 18 and set(access["period_type"]) == {"rolling"}
    by_period = access.set_index("period")["value"]
    assert by_period["2021-12 to 2022-11"] == 3685 and by_period["2020-04 to 2021-03"] == 3030
    # the same code before and after July 2022, under one name
    assert set(access["area_name"]) == {"NHS Greater Manchester ICB - 02H"}


def test_a_code_goes_by_its_newest_name_and_the_measure_by_its_id(tmp_path: Path) -> None:
    table = read_monthly(tmp_path, SUB_ICB, CCG).table
    assert table[["area_name", "area_level", "measure", "value", "period"]].to_numpy().tolist() == [
        ["NHS Greater Manchester ICB - 02H", "sub_icb", "MHS95", 3610.0, "2021-09 to 2022-08"],
        ["NHS Greater Manchester ICB - 02H", "sub_icb", "MHS95", 3445.0, "2021-04 to 2022-03"],
    ]


def test_final_replaces_performance_and_residence_comes_first(tmp_path: Path) -> None:
    performance = CCG.replace("Final", "Performance").replace("3445", "3400")
    elsewhere = CCG.replace("CCG of Residence", "CCG - GP Practice or Residence").replace("3445", "9")
    result = read_monthly(tmp_path, performance, CCG, elsewhere)
    assert result.table["value"].tolist() == [3445.0]
    assert "2 rows gave way to a more final release" in result.notes[0]


def test_a_commissioner_among_the_providers_is_put_aside(tmp_path: Path) -> None:
    """South West London's code 36L stands for a location and, in four months of 2022, for a provider too."""
    provider = CCG.replace("CCG of Residence", "Provider").replace("3445", "*")
    trust = provider.replace("02H", "RRF").replace("*", "15")
    result = read_monthly(tmp_path, provider, CCG, trust)
    assert result.table[["area_code", "area_level", "value"]].to_numpy().tolist() == [
        ["02H", "sub_icb", 3445.0],
        ["RRF", "provider", 15.0],
    ]
    assert "1 provider rows of commissioners (02H) are not used" in result.notes[0]


def test_suppression_unknown_places_other_measures_and_bad_rows(tmp_path: Path) -> None:
    result = read_monthly(
        tmp_path,
        CCG.replace("3445", "*"),
        CCG.replace("02H", "UNKNOWN"),
        CCG.replace("MHS95", "MHS01"),
        CCG.replace("31/03/2022", "01/04/2021"),
        CCG.replace("02H", ""),
        CCG + ",one cell too many",
        CCG.replace("CCG of Residence", "England").replace("02H", "England"),
    )
    assert result.table[["area_code", "value_status", "source_line"]].to_numpy().tolist() == [
        ["02H", "suppressed", 2],
        ["E92000001", "ok", 8],
    ]
    assert sorted(result.rejects["line"]) == [5, 6, 7] and result.rows_read == 5


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        ("01/07/2022", "31/07/2022", ("2022-07", "month")),
        ("2024-02-01", "2024-02-29", ("2024-02", "month")),
        ("01/09/2022", "30/11/2022", ("2022-09 to 2022-11", "rolling")),
        ("01/07/2022", "30/07/2022", (None, None)),
        ("02/07/2022", "31/07/2022", (None, None)),
        ("01/08/2022", "31/07/2022", (None, None)),
        ("July 2022", "31/07/2022", (None, None)),
    ],
)
def test_reporting_periods_are_whole_months(start: str, end: str, expected: tuple) -> None:
    assert nhs.reporting_period(start, end) == expected


def test_faults_of_the_csv_are_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="column 'MEASURE_VALUE' missing from the header"):
        read_monthly(tmp_path, CCG, header=HEADER.replace("MEASURE_VALUE", "VALUE"))
    with pytest.raises(InputError, match="line 2: '#' is neither a number nor a known marker"):
        read_monthly(tmp_path, CCG.replace("3445", "#"))
    with pytest.raises(InputError, match="no row has the measures that"):
        read_monthly(tmp_path, CCG.replace("MHS95", "MHS01"))
    with pytest.raises(InputError, match="a header and no rows"):
        read_monthly(tmp_path)


@pytest.mark.parametrize(
    ("published", "printed"),
    [
        ("NHS GREATER MANCHESTER ICB - 02H", "NHS Greater Manchester ICB - 02H"),
        ("ALDER HEY CHILDREN'S NHS FOUNDATION TRUST", "Alder Hey Children's NHS Foundation Trust"),
        ("STAFFORDSHIRE AND STOKE-ON-TRENT", "Staffordshire and Stoke-on-Trent"),
        ("HCRG CARE SERVICES LTD", "HCRG Care Services Ltd"),
        ("CATCH22 (THE HIVE NW3)", "CATCH22 (the Hive NW3)"),
        ("Your Healthcare", "Your Healthcare"),
    ],
)
def test_names_are_printed_in_ordinary_case(published: str, printed: str) -> None:
    assert nhs.organisation_names(pd.Series([published])).tolist() == [printed]
