"""ONS projections: the wide file of persons, on small files written here in the published layout."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from jsna_pipeline.catalogue.datasets import datasets
from jsna_pipeline.core_tables import model_of, schema_of
from jsna_pipeline.errors import InputError
from jsna_pipeline.readers import projections
from jsna_pipeline.readers.result import ReadResult
from jsna_pipeline.schemas.validation import validate
from jsna_pipeline.sources.folder import LandingFolder
from jsna_pipeline.sources.published_file import PublishedFile
from tests.published_text import land

PROJECTIONS = datasets()["ons__population_projections"]
NAME = "2022 SNPP Population persons.csv"
HEADER = '"AREA_CODE","AREA_NAME","COMPONENT","SEX","AGE_GROUP","2022","2023","2024"\n'
AGES = [*(str(age) for age in range(90)), "90 and over", "All ages"]


def rows(code: str, sex: str = "persons", component: str = "Population", ages: list[str] = AGES) -> str:
    """Age a has 1000 + a residents in 2022, and half a resident more each year."""
    numbers = {age: 1000 + (int(age) if age.isdigit() else 90) for age in ages}
    return "".join(
        f"{code},Somewhere,{component},{sex},{age},{many}.000,{many}.500,{many + 1}.000\n"
        for age, many in numbers.items()
    )


def read(folder: Path, text: str) -> ReadResult:
    path = folder / NAME
    path.write_text(text)
    return projections.read(PublishedFile(path, NAME), PROJECTIONS, model_of(PROJECTIONS))


def test_residents_by_area_age_and_year(tmp_path: Path) -> None:
    result = read(tmp_path, HEADER + rows("E08000010") + rows("E12000002") + rows("E92000001"))
    table = validate(result.table, schema_of(PROJECTIONS), name="projections")
    assert len(table) == 3 * 26 * 3 and result.rejects.empty
    assert set(table["area_level"]) == {"local_authority", "region", "england"}
    assert (set(table["dimension"]), set(table["period_type"])) == ({"age"}, {"calendar_year"})
    wigan = table[(table["area_code"] == "E08000010") & (table["category"] == "7")].set_index("period")["residents"]
    assert wigan.to_dict() == {"2022": 1007.0, "2023": 1007.5, "2024": 1008.0}
    assert table["category"].astype(int).max() == 25


def test_what_is_not_wanted_is_left_aside_and_old_codes_become_todays(tmp_path: Path) -> None:
    others = rows("E07000026") + rows("E11000001") + rows("W92000004")
    births = rows("E10000023", component="Births") + rows("E10000023", sex="males")
    table = read(tmp_path, HEADER + others + births + rows("E10000023")).table
    assert table["area_code"].unique().tolist() == ["E06000065"]
    assert not table.duplicated(["area_code", "category", "period"]).any()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (HEADER + rows("E07000026"), "no row has the code of an English authority"),
        (HEADER.replace('"20', '"Y20') + rows("E08000010"), "no column of a year"),
        (HEADER.replace("AGE_GROUP", "BAND") + rows("E08000010"), "AGE_GROUP"),
        (HEADER + rows("E08000010", ages=AGES[1:]), "E08000010 has not every age from 0 to 25"),
        (HEADER + rows("E08000010", sex="females"), "has not every age"),
        (HEADER + rows("E08000010").replace("1007.500", "many"), "many"),
    ],
)
def test_a_wrong_file_is_refused_in_a_sentence(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(InputError, match=says):
        read(tmp_path, text)


@pytest.mark.parametrize("name", [NAME, "2018 SNPP Population persons.csv", "2022-based SNPP population persons.csv"])
def test_the_file_is_found_under_its_published_names(tmp_path: Path, name: str) -> None:
    text = HEADER + rows("E08000010")
    others = {name.replace("persons", sex): text for sex in ("males", "females")}
    root = land(tmp_path, {name: text, **others}, folder="population-projections")
    (file,) = LandingFolder(root, "2025").find(PROJECTIONS).chosen
    assert file.relative == f"2025/population-projections/{name}"
    assert file.sha256 == hashlib.sha256(text.encode()).hexdigest()
