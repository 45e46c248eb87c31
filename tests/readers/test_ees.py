"""Explore Education Statistics CSV: every quirk that releases are known to have, on small files."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jsna_pipeline.catalogue.datasets import Dataset, datasets
from jsna_pipeline.core_tables import CoreBuild, core_table, model_of
from jsna_pipeline.errors import InputError
from jsna_pipeline.readers import ees
from jsna_pipeline.readers.result import ReadResult
from jsna_pipeline.sources.folder import LandingFolder
from jsna_pipeline.sources.published_file import PublishedFile
from jsna_pipeline.vocabulary import AreaLevel, PeriodType
from tests.published_text import ASSESSMENTS, STANDARD, WHOLE, land, many, row, text

AGE = "Child or young persons age"


def read(folder: Path, content: str | bytes, dataset: Dataset = ASSESSMENTS) -> ReadResult:
    path = folder / "assessments.csv"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return ees.read(PublishedFile(path, path.name), dataset, model_of(dataset))


def built(folder: Path, content: str) -> CoreBuild:
    return core_table(ASSESSMENTS, LandingFolder(land(folder, {"assessments.csv": content}), "2025"))


def with_options(**changes: object) -> Dataset:
    return ASSESSMENTS.model_copy(update={"options": ASSESSMENTS.options | changes})


NATIONAL = row((200, 150, "75.0"), area="E92000001")
WIGAN = row((40, 10, "25.0"))


@pytest.mark.parametrize(
    "content",
    [
        text([NATIONAL, WIGAN]),
        "\ufeff" + text([NATIONAL, WIGAN]),
        "\ufeff" + text([NATIONAL, WIGAN], newline="\r\n"),
        text([NATIONAL, WIGAN]).rstrip("\n"),
        text([NATIONAL, WIGAN]) + "\n\r\n",
        text([NATIONAL, WIGAN], columns=[*list(WIGAN)[2:], "time_period", "time_identifier"]),
        text([NATIONAL, WIGAN], columns=list(reversed(WIGAN))),
        text([NATIONAL, WIGAN], columns=[*WIGAN, "assess_issued"]),
        text([NATIONAL | {"geographic_level": "national"}, WIGAN | {"geographic_level": "local authority "}]),
        text([NATIONAL, WIGAN]).replace("E08000010", '"E08000010"').replace("time_period", '"time_period"'),
        text([NATIONAL, WIGAN]).replace("geographic_level", "Geographic_Level").replace("time_period", "TIME_PERIOD"),
        text([NATIONAL, WIGAN]).replace("breakdown_topic", "Breakdown_Topic").replace("assess_", "ASSESS_"),
        text([NATIONAL | {"new_la_code": code, "region_code": code} for code in ("z",)] + [WIGAN]),
    ],
    ids=[
        "plain", "byte-order mark", "mark and CRLF", "no last newline", "blank lines at the end", "time last",
        "reversed", "header twice", "case of levels", "quotes", "case of header", "case of topic", "z for no code",
    ],
)  # fmt: skip
def test_one_table_however_the_release_spells_it(tmp_path: Path, content: str) -> None:
    table = read(tmp_path, content).table
    assert table["area_code"].tolist() == ["E92000001", "E08000010"]
    assert table["area_name"].tolist() == ["England", "Wigan"]
    assert table["area_level"].tolist() == ["england", "local_authority"]
    assert set(table["period"]) == {"2024"} and set(table["period_type"]) == {"calendar_year"}
    assert table["assessments"].tolist() == [200, 40] and table["plan_issued_percent"].tolist() == [75, 25]
    assert set(table["plan_issued_status"]) == {"ok"} and set(table["dimension"]) == {"total"}
    assert table["source_line"].tolist() == [2, 3] and set(table["source_file"]) == {"assessments.csv"}


def test_lines_are_those_of_the_file_past_blank_and_malformed_rows(tmp_path: Path) -> None:
    lines = text([WIGAN, row((50, 20, 40), period="2023"), row((60, 20, 33.3), period="2022")]).splitlines()
    result = read(tmp_path, "\n".join([*lines[:2], "", lines[2] + ",surplus", "2024,short", lines[3]]))
    assert result.table["source_line"].tolist() == [2, 6]
    assert result.rejects["line"].tolist() == [4, 5] and set(result.rejects["scope"]) == {"row"}
    assert set(result.rejects["reason"]) == {"the row has the wrong number of fields"}
    assert result.rows_read == len(result.table) + len(result.rejects) == 4


def test_a_bad_row_is_quarantined_with_its_line_and_the_rest_is_kept(tmp_path: Path) -> None:
    good = many(400)
    bad = row((1, 1, 100), period="202425")
    twice = row((5, 5, 100), period="2024", breakdown=(AGE, "Age 25"))
    rows = [*good[:10], bad, *good[10:], twice, twice | {"assess_in_year": "6"}]
    made = built(tmp_path, text(rows))
    assert made.rows_read == len(rows) == 403 and len(made.table) == 400
    assert made.rejects[["line", "column", "scope"]].to_numpy().tolist() == [
        [12, "time_period", "row"],
        [403, "", "row"],
        [404, "", "row"],
    ]
    assert made.rejects["reason"].tolist()[1:] == ["the same area, period and groups appear twice"] * 2


def test_more_than_one_in_a_hundred_bad_rows_stop_the_file(tmp_path: Path) -> None:
    short = "2024,Calendar year\n"
    assert len(built(tmp_path / "few", text(many(396)) + short * 4).rejects) == 4
    said = r"assessments\.csv: 5 of 400 rows are unusable, more than 1% \(first: line 397, the row has the wrong"
    with pytest.raises(InputError, match=said):
        built(tmp_path / "many", text(many(395)) + short * 5)


def test_impossible_cells_become_unavailable_and_are_listed(tmp_path: Path) -> None:
    made = built(tmp_path, text([row((-1, 10, 100.1)), row((0, "c", 100), period="2023"), *many(200)]))
    first = made.table.loc[made.table["source_line"] == 2].iloc[0]
    assert pd.isna(first["assessments"]) and first["assessments_status"] == "unavailable"
    assert pd.isna(first["plan_issued_percent"]) and first["plan_issued"] == 10
    second = made.table.loc[made.table["source_line"] == 3].iloc[0]
    assert (second["assessments"], second["plan_issued_percent"]) == (0, 100)
    assert second["plan_issued_status"] == "suppressed"
    assert made.rejects[["line", "column", "scope", "reason"]].to_numpy().tolist() == [
        [2, "assessments", "cell", "below 0, the smallest possible value"],
        [2, "plan_issued_percent", "cell", "above 100, the largest possible value"],
    ]


@pytest.mark.parametrize(
    ("period", "period_type", "printed"),
    [
        ("202425", PeriodType.ACADEMIC_YEAR, "2024/25"),
        ("199900", PeriodType.JANUARY_SNAPSHOT, "1999/00"),
        ("202425", PeriodType.FINANCIAL_YEAR, "2024/25"),
        ("2024", PeriodType.CALENDAR_YEAR, "2024"),
        (" 2025 ", PeriodType.REPORTING_YEAR, "2025"),
        ("202426", PeriodType.ACADEMIC_YEAR, None),
        ("2024", PeriodType.ACADEMIC_YEAR, None),
        ("202425", PeriodType.CALENDAR_YEAR, None),
        ("202425", PeriodType.REPORTING_YEAR, None),
        ("1824", PeriodType.CALENDAR_YEAR, None),
        ("2024/25", PeriodType.ACADEMIC_YEAR, None),
        ("", PeriodType.CALENDAR_YEAR, None),
    ],
)
def test_forms_of_a_period(period: str, period_type: PeriodType, printed: str | None) -> None:
    (made,) = ees.periods(pd.Series([period]), period_type)
    assert made == printed if printed else pd.isna(made)


@given(st.integers(1900, 2098))
def test_academic_years_keep_their_order(year: int) -> None:
    first, second = ees.periods(
        pd.Series([f"{start}{(start + 1) % 100:02d}" for start in (year, year + 1)]), PeriodType.ACADEMIC_YEAR
    )
    assert first < second and first == f"{year}/{(year + 1) % 100:02d}"


def test_spellings_of_age_are_one_category(tmp_path: Path) -> None:
    spelt = ["Age 10", "age 11", "Aged 12", "13", "Under 5", "Age unknown"]
    result = read(tmp_path, text([WIGAN, *(row((1, 1, 100), breakdown=(AGE, age)) for age in spelt)]))
    ages = result.table[result.table["dimension"] == "age"]
    assert ages["category"].tolist() == ["10", "11", "12", "13", "Under 5", "unknown"]
    assert result.table["category"].iloc[0] == "total"


def test_codes_regions_recodes_and_new_authorities(tmp_path: Path) -> None:
    codes = ["E12000002", "E06000048", "E08000020", "E10000006", "E06000063", "E06000028", "E06000058", ".", "z", "Z"]
    table = read(tmp_path, text([row((1, 1, 100), area=code) for code in codes])).table
    # Recoded authorities go on under their live code; those that a boundary change ended keep their own.
    assert table["area_code"].tolist() == [
        "E12000002", "E06000057", "E08000037", "E10000006", "E06000063", "E06000028", "E06000058",
    ]  # fmt: skip
    assert table["area_level"].tolist() == ["region", *["local_authority"] * 6]
    assert table["area_name"].tolist()[3:] == [
        "Cumbria", "Cumberland", "Bournemouth", "Bournemouth, Christchurch and Poole",
    ]  # fmt: skip


def test_rows_without_a_place_and_columns_without_a_use_are_notes(tmp_path: Path) -> None:
    rows = [WIGAN, row((1, 1, 100), area="."), row((9, 9, 100), breakdown=("Shoe size", "42"))]
    rows.append(row((3, 3, 100), area="E99999999") | {"geographic_level": "Parliamentary constituency"})
    result = read(tmp_path, text([cells | {"assess_online": "4"} for cells in rows]))
    assert len(result.table) == 1 and result.rejects.empty
    assert result.notes == (
        "assessments.csv: the breakdown 'Shoe size' is not used.",
        "assessments.csv: 1 rows carry no area code (for example 'Outside of England').",
        "EHC needs assessments: 1 published columns are not used.",
    )


def test_filters_that_keep_only_some_rows(tmp_path: Path) -> None:
    rows = [WIGAN | {"sector": "All"}, WIGAN | {"sector": "Special"}, WIGAN | {"sector": "All"}]
    rows[2] = rows[2] | {"time_identifier": "Autumn term"}
    kept = with_options(keep={"sector": ["All"]}, time_identifiers=["Calendar year"])
    assert read(tmp_path, text(rows), kept).table["source_line"].tolist() == [2]
    with pytest.raises(InputError, match="line 1: no column 'sector', which"):
        read(tmp_path, text([WIGAN]), kept)


def test_a_file_in_windows_encoding_is_read(tmp_path: Path) -> None:
    table = read(tmp_path, text([WIGAN | {"la_name": "Wigan\u2019s"}]).encode("cp1252")).table
    assert table["assessments"].tolist() == [40]


def without(cells: Mapping[str, str], *names: str) -> dict[str, str]:
    return {name: cell for name, cell in cells.items() if name not in names}


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (text([without(WIGAN, "assess_issued")]), r", line 1: no column 'assess_issued', which 'EHC needs assess"),
        (text([without(WIGAN, "time_period")]), ", line 1: no column 'time_period'"),
        (text([without(WIGAN, "breakdown")]), ", line 1: no column 'breakdown'"),
        (text([without(WIGAN, "region_code")]), ", line 1: no column 'region_code'"),
        (text([WIGAN, row((1, "qq", 3), period="2023")]), ": column 'assess_issued', line 3: 'qq' is neither a number"),
        (text([WIGAN, row((1, 1, 100), area="E08000999")]), ": column 'new_la_code', line 3: area code 'E08000999' is"),
        (
            text([WIGAN | {"geographic_level": "Regional", "region_code": "E12000099"}]),
            ": column 'region_code', line 2: area code 'E12000099' is not in the register; correct the file",
        ),
        (text([WIGAN]).splitlines()[0], ": the file has a header and no rows; download it again"),
        (text([WIGAN]).splitlines()[0] + "\r\n \r\n", ": the file has a header and no rows; download it again"),
        (text([WIGAN | {"geographic_level": "School"}]), ": no row has the levels and breakdowns that"),
        (text([WIGAN | {"breakdown_topic": "Shoe size"}]), ": no row has the levels and breakdowns that"),
        ("\n" + text([WIGAN]), ", line 1: no column names; download"),
        ("\r\n" + text([WIGAN]), ", line 1: no column names; download"),
        (text([WIGAN]).splitlines()[0] + "\n1,2\n", rf", line 2: no row has the {len(WIGAN)} fields of the header"),
    ],
)
def test_faults_of_a_file_are_one_sentence(tmp_path: Path, content: str, said: str) -> None:
    with pytest.raises(InputError, match=r"assessments\.csv" + said) as caught:
        read(tmp_path, content)
    assert caught.value.exit_code == 2 and "\n" not in str(caught.value)


def test_an_area_without_a_region_column_is_read_where_no_region_is_wanted(tmp_path: Path) -> None:
    local = ASSESSMENTS.model_copy(update={"geographic_levels": [AreaLevel.LOCAL_AUTHORITY]})
    cells = without(WIGAN, "country_code", "country_name", "region_code", "region_name")
    assert read(tmp_path, text([cells]), local).table["area_code"].tolist() == ["E08000010"]


@given(st.lists(st.sampled_from(["good", "short", "long", "period", "blank"]), min_size=1, max_size=40))
def test_no_row_is_lost_kept_and_refused_make_all(tmp_path_factory: pytest.TempPathFactory, kinds: list[str]) -> None:
    lines = {
        "short": "2024,Calendar year",
        "long": text([WIGAN]).splitlines()[1] + ",1",
        "period": text([WIGAN | {"time_period": "2024x"}]).splitlines()[1],
        "blank": "",
    }
    body = [
        lines.get(kind) if kind != "good" else text([row((number, 0, 0), breakdown=(AGE, f"{number}"))]).splitlines()[1]
        for number, kind in enumerate(kinds)
    ]
    head = text([WIGAN | dict(zip(("breakdown_topic", "breakdown"), WHOLE, strict=True))])
    result = read(tmp_path_factory.mktemp("rows"), head + "\n".join(str(line) for line in body) + "\n")
    expected = {kind: [place + 3 for place, found in enumerate(kinds) if found == kind] for kind in set(kinds)}
    assert result.table["source_line"].tolist() == [2, *expected.get("good", [])]
    refused = sorted(line for kind in ("short", "long", "period") for line in expected.get(kind, []))
    assert sorted(result.rejects["line"]) == refused
    assert result.rows_read == len(result.table) + len(result.rejects)
    for line, value in zip(result.table["source_line"].iloc[1:], result.table["assessments"].iloc[1:], strict=True):
        assert value == line - 3


def test_every_standard_column_of_the_catalogue_is_known() -> None:
    assert set(STANDARD) <= ees.STANDARD_COLUMNS
    topics = {dataset.options.get("topic") for dataset in datasets().values() if dataset.format == "ees_csv"}
    assert topics <= {"breakdown_topic", "characteristic", "characteristic_age", None}


def test_a_persons_number_in_the_wrong_column_is_not_repeated(tmp_path: Path) -> None:
    """A pasted pupil number reaches neither an error nor a note, wherever in the file it stands."""
    upn, wigan = "A123456789012", "E08000010"
    good = text([row((200, 150, 75)), row((40, 10, 25), area="E08000031")])
    (tmp_path / "area").mkdir()
    with pytest.raises(InputError) as refused:
        read(tmp_path / "area", good.replace(wigan, upn))
    assert "line 2" in str(refused.value) and upn not in str(refused.value)
    (tmp_path / "topic").mkdir()
    lines = good.splitlines(keepends=True)
    planted = "".join([*lines[:2], lines[2].replace(WHOLE[0], upn)])
    assert not any(upn in note for note in read(tmp_path / "topic", planted).notes)
