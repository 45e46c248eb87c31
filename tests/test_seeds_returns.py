"""The embedded person-level returns: the persons whom the embedded publications count, and nobody real.

Here: `seeds/returns`, read as plain XML and CSV, without the pipeline's readers, and held against `seeds/2025`.
Not here: the publications themselves (`test_seeds.py`) or what the pipeline makes of a return (`tests/returns/`).
"""

from __future__ import annotations

import gzip
import io
import re
import zipfile
from collections import Counter
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from lxml import etree  # type: ignore[import-untyped]

from jsna_pipeline.catalogue.returns import ColumnKind, returns
from seeds import generate
from tests.test_seeds import PLANS, SEEDS, WIGAN, digests

RETURNS = SEEDS.parent / "returns"
EDITIONS = (2024, 2025)
PARENTS = {"Requests": "Person", "Assessment": "Requests", "NamedPlan": "Assessment", "ActivePlans": "Requests",
           "PlacementDetail": "ActivePlans", "SENneed": "ActivePlans"}  # fmt: skip
Tables = dict[str, pd.DataFrame]


def area(edition: int, name: str) -> Path:
    return RETURNS / str(edition) / "wigan" / name


@cache
def csv_files(edition: int, name: str) -> Tables:
    """The CSV files of a return by name, unpacked, all cells as text."""
    found = {}
    for path in sorted(area(edition, name).iterdir()):
        if path.suffix == ".zip":
            with zipfile.ZipFile(path) as archive:
                contents = {member: archive.read(member) for member in archive.namelist()}
        else:
            data = path.read_bytes()
            contents = {path.name.removesuffix(".gz"): gzip.decompress(data) if path.suffix == ".gz" else data}
        for member, content in contents.items():
            found[member] = pd.read_csv(io.BytesIO(content), dtype=str, keep_default_na=False)
    return found


@cache
def sen2(edition: int) -> Tables:
    """SEN2 by element, with `person`, the person's number in the file; dates as 2025-01-16."""
    return _from_xml() if edition == 2025 else _from_modules()


def _from_xml() -> Tables:
    root = etree.fromstring(gzip.decompress((area(2025, "sen2") / "sen2_2025.xml.gz").read_bytes()))
    rows: dict[str, list[dict[str, str]]] = {name: [] for name in ("Person", *PARENTS)}
    for number, person in enumerate(root.iter("Person")):
        for element in person.iter():
            if element.tag in rows:
                cells = {child.tag: child.text or "" for child in element if not len(child)}
                rows[element.tag].append({"person": str(number), **cells})
    return {name: pd.DataFrame(found).fillna("") for name, found in rows.items()}


def _from_modules() -> Tables:
    files = {name.split("_")[-1].removesuffix(".csv"): table for name, table in csv_files(2024, "sen2").items()}
    found: Tables = {}
    for element in ("Person", *PARENTS):
        table = files[element.lower()].copy()
        key = f"{element.lower()}tableid"
        parent = PARENTS.get(element)
        owner = table[key]
        if parent:
            above = f"{parent.lower()}tableid"
            owner = table[above].map(found[parent].set_index(above)["person"])
        for column in table:
            if table[column].str.fullmatch(r"\d{4}-[A-Z][a-z]{2}-\d\d 00:00:00").any():
                dates = pd.to_datetime(table[column], format="%Y-%b-%d 00:00:00", errors="coerce")
                table[column] = dates.dt.strftime("%Y-%m-%d").fillna("")
        found[element] = table.assign(person=owner)
    names = {name.lower(): name for table in _from_xml().values() for name in table}
    return {name: table.rename(columns=names) for name, table in found.items()}


@cache
def release(table: str, period: str) -> pd.DataFrame:
    """Wigan's rows of one period of a table of the published release."""
    with zipfile.ZipFile(PLANS) as archive:
        found = pd.read_csv(io.BytesIO(archive.read(f"data/{table}.csv")), dtype=str, encoding="utf-8-sig")
    return found[(found["new_la_code"] == WIGAN) & (found["time_period"] == period)]


def published(table: str, period: str, topic: str, column: str) -> dict[str, int]:
    rows = release(table, period)
    rows = rows[rows["breakdown_topic"] == topic]
    return dict(zip(rows["breakdown"], rows[column].astype(int), strict=True))


def whole(table: str, period: str, *columns: str) -> list[int]:
    """The published figures of all persons: the row that is broken down no further."""
    rows = release(table, period)
    (row,) = rows[rows["breakdown_topic"].str.match("All |New ")][list(columns)].astype(int).to_numpy().tolist()
    return list(row)


def active(edition: int) -> pd.DataFrame:
    persons = sen2(edition)["Person"].set_index("person")
    return persons.loc[sen2(edition)["ActivePlans"]["person"]]


@pytest.mark.parametrize(("edition", "period", "plans"), [(2024, "202324", 1_830), (2025, "202425", 2_132)])
def test_those_with_an_active_plan_are_those_whom_the_release_counts(edition: int, period: str, plans: int) -> None:
    persons = active(edition)
    assert len(persons) == plans == whole("caseload", period, "ehcplans")[0]
    assert persons.index.is_unique

    born = pd.to_datetime(persons["PersonBirthDate"])
    age = edition - 1 - born.dt.year - (born.dt.month > 8)  # whole years on 31 August
    names = Counter("under 3" if years < 3 else f"age {years}" for years in age)
    assert names == published("caseload", period, "Child or young persons age", "ehcplans")
    sexes = Counter(persons["Sex"].map({"F": "Female", "M": "Male"}))
    assert sexes == published("caseload", period, "Sex", "ehcplans")
    white = published("caseload", period, "Ethnicity", "ehcplans")["White - White British"]
    assert (persons["Ethnicity"] == "WBRI").sum() == white


def test_needs_are_those_that_the_release_counts() -> None:
    needs = sen2(2025)["SENneed"]
    first = needs.loc[needs["SENtypeRank"] == "1", "SENtype"]
    columns = ["asd", "hi", "mld", "msi", "oth", "pd", "pmld", "semh", "slcn", "sld", "spld", "vi"]
    counts = whole("sen_needs_all_plans", "202425", *(f"number_{need}" for need in columns), "number_need_unknown")
    assert first.value_counts().reindex([need.upper() for need in columns]).tolist() == counts[:-1]
    assert len(active(2025)) - len(first) == counts[-1]
    assert first.index.isin(needs.index).all() and not needs.loc[first.index, "person"].duplicated().any()


# Words of a type in the register of schools -> the group in which the release counts a placement there.
GROUPS = (
    ("special post 16|further education|training provider", "fe_total"), ("pupil referral|alternative", "ap_pru_total"),
    ("special", "special_total"), ("online|welsh|secure", "ed_elsewhere"), ("", "mainstream_total"),
)  # fmt: skip
SETTINGS = dict.fromkeys(("OLA", "OPA", "EHE", "NEET", "NIEC", "NIEO"), "ed_elsewhere") | {"EYP": "nm_early_years"}


@pytest.mark.parametrize(("edition", "period"), [(2024, "202324"), (2025, "202425")])
def test_placements_are_those_that_the_release_counts(edition: int, period: str) -> None:
    register = csv_files(edition, "establishments")["establishments.csv"].set_index("URN")
    placements = sen2(edition)["PlacementDetail"]
    placements = placements[placements["LeavingDate"] == ""]
    assert not placements["person"].duplicated().any()
    kinds = register["TypeOfEstablishment (name)"].str.lower()
    number = placements["URN"].where(placements["URN"] != "", placements["UKPRN"])
    group = number.map(kinds.map(lambda kind: next(name for words, name in GROUPS if re.search(words, kind))))
    counts = group.fillna(placements["SENsetting"].map(SETTINGS)).value_counts()
    for name in ("mainstream_total", "special_total", "ap_pru_total", "fe_total", "ed_elsewhere", "nm_early_years"):
        assert counts.get(name, 0) == whole("caseload", period, name)[0], name
    assert len(active(edition)) - counts.sum() == whole("caseload", period, "placement_unknown")[0]


@pytest.mark.parametrize("edition", EDITIONS)
def test_the_steps_of_the_calendar_year_are_those_that_the_release_counts(edition: int) -> None:
    year, tables = str(edition - 1), sen2(edition)
    requests = tables["Requests"].set_index("person")
    # Plans that came from another authority have a request that is not this authority's.
    elsewhere = tables["ActivePlans"].loc[tables["ActivePlans"]["TransferLA"] != "", "person"]
    received = requests[requests["ReceivedDate"].str.startswith(year) & ~requests.index.isin(elsewhere)]
    columns = ("requests_decided_to_assess", "requests_decided_not_to_assess", "requests_decision_not_made",
               "requests_withdrawn")  # fmt: skip
    outcomes = received["RequestOutcome"].value_counts()
    assert [outcomes[code] for code in "YNAW"] == whole("requests", year, *columns)
    assert len(received) == whole("requests", year, "requests_received_in_year")[0]

    ended = tables["Assessment"]["AssessmentOutcomeDate"].str.startswith(year)
    assert ended.sum() == whole("assessments", year, "assess_in_year")[0]
    plans = tables["NamedPlan"]
    new = plans[plans["StartDate"].str.startswith(year)]
    days = (
        pd.to_datetime(new["StartDate"]).to_numpy()
        - pd.to_datetime(requests.loc[new["person"], "ReceivedDate"]).to_numpy()
    )
    within = (days <= pd.Timedelta(weeks=20)).sum()
    assert [len(new), within] == whole("timeliness_20_week", year, "plans_issued_den", "plans_issued_within_20_weeks")

    ceased = plans.loc[plans["CeaseDate"].str.startswith(year), "CeaseReason"].value_counts()
    reasons = (
        "max_age",
        "needs_met",
        "he",
        "employ",
        "transfer",
        "no_engage",
        "moved_outside_eng",
        "deceased",
        "other",
    )
    assert [ceased.get(str(code), 0) for code in range(1, 10)] == whole("ceased_plans", year, *reasons)


def test_open_cases_are_old_enough_to_be_told_and_none_is_lost_between_the_editions() -> None:
    tables = sen2(2025)
    undecided = tables["Assessment"].loc[tables["Assessment"]["AssessmentOutcome"] == "A", "person"]
    since = pd.to_datetime(tables["Requests"].set_index("person").loc[undecided, "ReceivedDate"])
    weeks = (pd.Timestamp("2025-01-16") - since).dt.days / 7
    assert len(weeks) > 150 and 0.3 < (weeks > 20).mean() < 0.6 and weeks.max() > 52
    keys = ["Surname", "Forename", "PersonBirthDate"]
    before, now = (set(map(tuple, sen2(edition)["Person"][keys].to_numpy())) for edition in EDITIONS)
    open_before = sen2(2024)["Assessment"]
    open_before = open_before.loc[open_before["AssessmentOutcome"] == "A", "person"]
    waiting = sen2(2024)["Person"].set_index("person").loc[open_before, keys]
    assert len(waiting) > 100 and set(map(tuple, waiting.to_numpy())) <= now
    assert len(before & now) > 1_700


@pytest.mark.parametrize("edition", EDITIONS)
def test_the_roll_is_the_one_that_is_published(edition: int) -> None:
    roll = next(table for name, table in csv_files(edition, "school_census").items() if "pupilonroll" in name)
    folder = SEEDS / "school-pupils-and-their-characteristics"
    census = pd.read_csv(folder / "spc_pupils_ethnicity_and_language.csv.gz", dtype=str)
    census = census[(census["new_la_code"] == WIGAN) & (census["time_period"] == f"{edition - 1}{edition % 100}")]
    census = census[(census["ethnicity"] == "Total") & (census["language"] == "Total")]
    headcount = census.set_index("phase_type_grouping")["headcount"].astype(int)
    assert len(roll) == headcount["Total"]
    register = csv_files(edition, "establishments")["establishments.csv"].set_index("URN")
    phase = roll["NativeId"].map(register["PhaseOfEducation (name)"])
    assert (phase == "Primary").sum() == headcount["State-funded primary"]
    assert (phase == "Secondary").sum() == headcount["State-funded secondary"]
    assert register.loc[roll["NativeId"].unique(), "LA (code)"].eq("359").all()
    support = (roll["senprovision"] == "K").mean()
    assert 0.12 < support < 0.14
    if edition == 2025:
        assert len(roll) == 47_780
        years = roll.loc[phase.isin(["Primary", "Secondary"]), "ncyearactual"].value_counts().to_dict()
        assert years.pop("16") == 1  # planted, a pupil of year 5
        assert years | {"5": years["5"] + 1} == _year_groups(folder)


def _year_groups(folder: Path) -> dict[str, int]:
    """Published pupils of primary and secondary schools by year."""
    meals = pd.read_csv(folder / "spc_pupils_fsm_ethnicity_yrgp.csv.gz", dtype=str)
    rows = meals[(meals["new_la_code"] == WIGAN) & (meals["characteristic_group"] == "NC year group")]
    found = rows["number_of_pupils"].astype(int).groupby(rows["characteristic"]).sum()
    found.index = found.index.str.replace("Year ", "").str.replace("Reception", "R")
    return {str(year): int(count) for year, count in found.items()}


def test_absence_of_the_term_is_of_a_plausible_size() -> None:
    files = csv_files(2025, "school_census")
    sessions = files["2025_spring_termlysessiondetailsonroll.csv"]
    missed = sessions["sessions"].astype(float).groupby(sessions["pupilonrolltableid"]).sum()
    roll = files["2025_spring_pupilonroll.csv"].set_index("pupilonrolltableid")
    share = (missed / 140).reindex(roll.index).fillna(0)
    assert 0.19 < (share >= 0.1).mean() < 0.21
    assert 0.015 < (share >= 0.5).mean() < 0.025
    persistent = (share >= 0.1).groupby(roll["senprovision"]).mean()
    assert persistent["N"] < persistent["K"] < persistent["E"]


def test_nobody_is_real() -> None:
    wrong = 0
    for edition in EDITIONS:
        roll = next(table for name, table in csv_files(edition, "school_census").items() if "pupilonroll" in name)
        numbers = pd.concat([roll["upn"], sen2(edition)["Person"]["UPN"]])
        numbers = numbers[numbers != ""]
        assert numbers.str.fullmatch(r"[A-Z]999\d{9}").all()
        digits = numbers.str[1:].map(list).tolist()
        letter = pd.Series((np.array(digits, dtype=int) * np.arange(2, 14)).sum(axis=1) % 23)
        wrong += int(
            (letter.map(dict(enumerate("ABCDEFGHJKLMNPQRTUVWXYZ"))).to_numpy() != numbers.str[0].to_numpy()).sum()
        )
        learners = sen2(edition)["Person"]["UniqueLearnerNumber"]
        learners = learners[learners != ""]
        figures = pd.DataFrame(learners.map(list).tolist()).astype(int)
        assert learners.str.startswith("999").all()
        assert (10 - (figures.iloc[:, :9].to_numpy() * np.arange(10, 1, -1)).sum(axis=1) % 11 == figures[9]).all()
        homes = next(table for name, table in csv_files(edition, "school_census").items() if "addresses" in name)
        assert (~homes["postcode"].str.match("ZZ")).sum() == 1  # planted
        lookup = csv_files(edition, "small_areas")["small_areas.csv"]
        assert lookup["postcode"].str.startswith("ZZ").all() and lookup["postcode"].is_unique
        assert set(lookup["locality"]) == {"Wigan", "Leigh", "Ashton"} and lookup["ward"].nunique() == 25
    assert wrong == 2  # one planted in SEN2 of each edition


def test_templates_hold_the_catalogues_columns_and_codes() -> None:
    templates = {name: record for name, record in returns().items() if record.kind == "template"}
    for edition in EDITIONS:
        assert set(templates) <= {path.name for path in (RETURNS / str(edition) / "wigan").iterdir()}
        for name, record in templates.items():
            (table,) = csv_files(edition, name).values()
            columns = record.tables["row"].columns
            known = {spelling for column, entry in columns.items() for spelling in (column, *entry.names)}
            assert set(table) <= known and len(table.columns) == len(columns), name
            for column, entry in columns.items():
                cells = table[next(word for word in (*entry.names, column) if word in table)]
                if entry.required:
                    assert (cells != "").all(), (name, column)
                if entry.kind is ColumnKind.CODE:
                    assert set(cells) - {""} <= set(entry.allowed(edition)), (name, column)


def test_waits_are_long_and_many_have_not_ended() -> None:
    pathway = csv_files(2025, "autism_adhd_pathway")["autism_adhd_pathway.csv"]
    autism = pathway[pathway["pathway"] == "autism"]
    old = autism[(autism["referral_date"] < "2023-09-01") & (autism["outcome"] != "withdrawn")]
    start, first = (pd.to_datetime(old[column]) for column in ("referral_date", "first_appointment_date"))
    assert 36 < ((first - start).dt.days / 7).median() < 44
    assert 0.2 < autism["first_appointment_date"].eq("").mean() < 0.6


def test_returns_are_small_and_said_to_be_synthetic() -> None:
    files = [path for path in RETURNS.rglob("*") if path.is_file()]
    assert sum(path.stat().st_size for path in files) <= 5_000_000
    assert "**Synthetic.** Made by `seeds/generate.py`" in (RETURNS / "ORIGIN.md").read_text()


def test_the_generator_writes_exactly_the_committed_returns(tmp_path: Path) -> None:
    generate.generate_returns(tmp_path)
    assert digests(tmp_path) == digests(RETURNS)
