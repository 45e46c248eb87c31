"""Qualifications by age 19: wholes named `ALL`, cohorts that are too young, and the published figures."""

from __future__ import annotations

import io
from pathlib import Path

import pandas as pd
import pytest

from jsna_pipeline.catalogue.datasets import datasets
from jsna_pipeline.errors import InputError
from jsna_pipeline.readers import qualifications_by_19
from jsna_pipeline.schemas.base import table_schema
from jsna_pipeline.schemas.dfe_attainment import QualificationsByAge19
from jsna_pipeline.schemas.validation import validate
from jsna_pipeline.sources.folder import LandingFolder
from jsna_pipeline.sources.published_file import PublishedFile

DATASET = datasets()["dfe__qualifications_by_19"]
HEADER = (
    "cohort_19_in,number_in_ss_cohort,region,la_code_9,la_code_3,la_name,gender,fsm,sen,l2_by19,l2_with_em_by19,"
    "l3_by19,l2_em_by16,l2_em_by19_belowat16,l2_by19_rate,l2_with_em_by19_rate,l3_by19_rate,l2_em_by19_belowat16_rate\n"
)
WIGAN = "2022,3360,North West,E08000010,359,Wigan,ALL,ALL,ALL,2734,2366,1909,2008,473,81.4,70.4,56.8,35.0\n"
REGION = "2022,86490,Yorkshire and the Humber,ALL,ALL,ALL,ALL,ALL,ALL,71401,64007,53417,54660,12084,82.6,74.0,61.8,38\n"
ENGLAND = "2022,543313,ALL,ALL,ALL,ALL,ALL,ALL,ALL,443846,390385,329664,327762,79134,81.7,71.9,60.7,36.7\n"
TOO_YOUNG = "2023,560796,ALL,ALL,ALL,ALL,ALL,ALL,ALL,0,0,0,390050,0,0,0,0,0\n"


def read(folder: Path, text: str) -> qualifications_by_19.ReadResult:
    path = folder / "LA_Dashboard_2022_without_Scilly.csv"
    path.write_text(text, encoding="utf-8")
    return qualifications_by_19.read(PublishedFile(path, path.name), DATASET, QualificationsByAge19)


def test_wholes_are_england_and_regions_and_those_too_young_are_left_aside(tmp_path: Path) -> None:
    result = read(tmp_path, HEADER + WIGAN + REGION + ENGLAND + TOO_YOUNG)
    table = validate(result.table, table_schema(QualificationsByAge19), name="qualifications")
    assert table[["area_code", "area_level", "period", "source_line"]].to_numpy().tolist() == [
        ["E08000010", "local_authority", "2021/22", 2],
        ["E12000003", "region", "2021/22", 3],
        ["E92000001", "england", "2021/22", 4],
    ]
    # 3,360 young people less the 2,008 who had both subjects at 16.
    assert table.loc[0, "without_english_maths_at_16"] == 1352
    assert result.rows_read == 3 and "2022/23 were not yet 19" in result.notes[0]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (HEADER + WIGAN.replace("E08000010", "E08099999"), r"'la_code_9', line 2: area code .* not in the register"),
        (HEADER + WIGAN.replace("2734", "n/a"), r"'l2_by19', line 2: 'n/a' is neither a number nor a known marker"),
        (HEADER.replace("l3_by19,", "level3,") + WIGAN, "column 'l3_by19' missing from the header"),
    ],
)
def test_a_faulty_file_is_refused_by_column_and_line(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(InputError, match=said):
        read(tmp_path, text)


def test_a_cohort_that_is_no_year_is_rejected_by_line(tmp_path: Path) -> None:
    result = read(tmp_path, HEADER + WIGAN + WIGAN.replace("2022", "19 in 22"))
    assert (len(result.table), result.rejects[["line", "column"]].to_numpy().tolist()) == (1, [[3, "cohort_19_in"]])


@pytest.mark.landing
def test_every_published_rate_follows_from_the_counts_of_its_row(landing: Path) -> None:
    """The file prints its four rates with ten significant digits beside the counts."""
    file = LandingFolder(landing, "2025").require(DATASET).chosen[0]
    table = qualifications_by_19.read(file, DATASET, QualificationsByAge19).table.set_index("source_line")
    printed = pd.read_csv(io.BytesIO(file.content))
    printed.index += 2
    printed = printed.loc[table.index]
    for rate, count, whole in [
        ("l2_by19_rate", "level_2", "cohort"),
        ("l2_with_em_by19_rate", "level_2_english_maths", "cohort"),
        ("l3_by19_rate", "level_3", "cohort"),
        ("l2_em_by19_belowat16_rate", "english_maths_after_16", "without_english_maths_at_16"),
    ]:
        compared = table[whole] > 0
        assert compared.sum() > 20_000
        computed = 100 * table.loc[compared, count] / table.loc[compared, whole]
        assert (computed - printed.loc[compared, rate]).abs().max() < 1e-7
    assert table["period"].max() == "2021/22" and table["area_code"].nunique() == 163
