"""The embedded input states facts about itself: reproducible, consistent, calibrated, and said to be synthetic.

Here: `seeds/2025` and its generator. Not here: what the readers make of the files (`tests/readers/`).
Contents are compared unpacked, since another zlib or pyarrow packs the same content otherwise.
"""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest
from python_calamine import CalamineWorkbook

from seeds import generate
from seeds.generator import lait, plan_history, plan_tables, plans
from tests.builds import Build

SEEDS = Path(generate.__file__).parent / "2025"
ENDED = SEEDS.parent / "2022"
PLANS_BY_AGE = ENDED / "education-health-and-care-plans" / "education-health-and-care-plans_2022.zip"
PLANS = SEEDS / "education-health-and-care-plans" / "education-health-and-care-plans_2025.zip"
WIGAN = "E08000010"
IDENTIFIERS = 12

# Percentage column -> numerator and denominator, one decimal, in tables of the EHC-plan release.
PERCENTAGES = {
    "caseload": {**{share: (total, "ehcplans") for total, share in plan_tables.PERCENTAGES.items()}},
    "newplans": {**{share: (total, "new_ehc_plans") for total, share in plan_tables.PERCENTAGES.items()}},
    "timeliness_20_week": {
        "pc_plans_issued_within_20_weeks": ("plans_issued_within_20_weeks", "plans_issued_den"),
        "PC_plans_issued_20_weeks_ex": ("plans_issued_20_weeks_ex", "plans_issued_den_ex"),
        "PC_plans_issued_gt_1_year_ex": ("plans_issued_gt_1_year_ex", "plans_issued_den_ex"),
    },
    "assessments": {"assess_issued_pc": ("assess_issued", "assess_in_year")},
    "requests": {"request_not_assess_pc": ("requests_decided_not_to_assess", "requests_received_in_year")},
    "sen_needs_all_plans": {
        "semh_pc": ("number_semh", "ehc_plans"),
        "unknown_pc": ("number_need_unknown", "ehc_plans"),
    },
}


def contents(path: Path) -> bytes:
    """What a file says, without its packing."""
    data = path.read_bytes()
    if path.suffix == ".gz":
        return gzip.decompress(data)
    if path.suffix == ".parquet":
        return pq.read_table(path).to_pandas().to_csv(index=False).encode()
    if data[:2] == b"PK":
        with zipfile.ZipFile(path) as archive:
            return b"".join(name.encode() + archive.read(name) for name in sorted(archive.namelist()))
    return data


def digests(folder: Path) -> dict[str, str]:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): hashlib.sha256(contents(path)).hexdigest() for path in files}


@pytest.fixture(scope="module")
def plan_release() -> Callable[[str], pd.DataFrame]:
    """A table of the EHC-plan release by name, all cells as text."""
    loaded: dict[str, pd.DataFrame] = {}

    def table(name: str) -> pd.DataFrame:
        if name not in loaded:
            with zipfile.ZipFile(PLANS) as archive:
                content = io.BytesIO(archive.read(f"data/{name}.csv"))
            loaded[name] = pd.read_csv(content, dtype=str, keep_default_na=False, encoding="utf-8-sig")
        return loaded[name]

    return table


def numbers(table: pd.DataFrame) -> pd.DataFrame:
    """The indicator columns as numbers, markers as NaN."""
    return table.iloc[:, IDENTIFIERS:].apply(pd.to_numeric, errors="coerce")


def test_the_generator_writes_exactly_what_is_committed(tmp_path: Path) -> None:
    generate.generate(tmp_path)
    assert digests(tmp_path) == digests(SEEDS)


def test_the_ended_series_is_exactly_what_is_committed(tmp_path: Path) -> None:
    generate.generate_ended(tmp_path)
    assert digests(tmp_path) == digests(ENDED)
    assert sum(path.stat().st_size for path in ENDED.rglob("*") if path.is_file()) < 250_000
    (origin,) = ENDED.glob("*/ORIGIN.md")
    assert "**Synthetic.** Made by `seeds/generate.py`" in origin.read_text()


@pytest.fixture(scope="module")
def plans_by_age() -> pd.DataFrame:
    """The table of plans by age band from 2010 to 2022, all cells as text."""
    with zipfile.ZipFile(PLANS_BY_AGE) as archive:
        content = io.BytesIO(archive.read("data/sen2_age_caseload.csv"))
    return pd.read_csv(content, dtype=str, keep_default_na=False)


def test_plans_by_age_join_the_later_release(
    plans_by_age: pd.DataFrame, plan_release: Callable[[str], pd.DataFrame]
) -> None:
    later = plan_release("caseload")
    later = later[(later["breakdown_topic"] == "All EHC plans") & later["time_period"].between("201920", "202122")]
    year = "20" + later["time_period"].str[4:]
    code = later["new_la_code"].mask(later["new_la_code"] == "", later["region_code"])
    expected = later["ehcplans"].astype(int).set_axis(pd.MultiIndex.from_arrays([year, code]))
    totals = plans_by_age[plans_by_age["characteristic_age"] == "Total"]
    code = totals["new_la_code"].mask(totals["new_la_code"] == "", totals["region_code"])
    found = totals["Total_all"].astype(int).set_axis(pd.MultiIndex.from_arrays([totals["time_period"], code]))
    assert len(expected) > 480
    assert found.reindex(expected.index).tolist() == expected.tolist()
    assert (plan_history.totals()[:, -4:] == plans.stock()[:, :4]).all()
    # Flat until 2015, then growing by 6 to 11 % a year.
    england = found.xs("", level=1).sort_index()
    growth = england.pct_change().dropna()
    assert growth[growth.index <= "2015"].between(0, 0.02).all()
    assert growth[growth.index > "2015"].between(0.06, 0.115).all()


def test_plans_by_age_add_up_and_stand_under_the_codes_of_their_day(plans_by_age: pd.DataFrame) -> None:
    counts = plans_by_age.assign(plans=plans_by_age["Total_all"].astype(int))
    by_level = counts.pivot_table("plans", ["time_period", "characteristic_age"], "geographic_level", aggfunc="sum")
    assert (by_level["Local authority"] == by_level["National"]).all()
    assert (by_level["Regional"] == by_level["National"]).all()
    whole = counts["characteristic_age"] == "Total"
    place = ["time_period", "region_code", "new_la_code"]
    assert (
        counts[whole]
        .set_index(place)["plans"]
        .equals(counts[~whole].groupby(place, sort=False)["plans"].sum().reindex(counts[whole].set_index(place).index))
    )
    kinds = counts[["Total_st", "Total_ehc"]].replace("z", "0").astype(int)
    assert (kinds.sum(axis=1) == counts["plans"]).all()
    years = counts[whole].groupby("la_name")["time_period"]
    assert max(years.get_group("Poole")) == "2019" and min(years.get_group("Cumbria")) == "2010"
    assert min(years.get_group("Bournemouth, Christchurch and Poole")) == "2020"
    dorset = counts[whole & (counts["la_name"] == "Dorset")]
    assert set(dorset["time_period"] + dorset["new_la_code"]) >= {"2019E10000009", "2020E06000059"}


def test_seeds_are_small_and_every_folder_says_that_they_are_synthetic() -> None:
    files = [path for path in SEEDS.rglob("*") if path.is_file()]
    assert sum(path.stat().st_size for path in files) <= 10_000_000
    folders = [path for path in SEEDS.iterdir() if path.is_dir()]
    assert {folder.name for folder in folders} == {one.folder for one in generate.PUBLICATIONS}
    for folder in folders:
        assert "**Synthetic.** Made by `seeds/generate.py`" in (folder / "ORIGIN.md").read_text(), folder.name


@pytest.mark.parametrize(
    "name",
    ["caseload", "newplans", "timeliness_20_week", "assessments", "requests", "ceased_plans", "annual_reviews",
     "personal_budgets", "residential_settings", "sen_needs_all_plans", "work_based_placements"],
)  # fmt: skip
def test_authorities_add_up_to_regions_and_england(name: str, plan_release: Callable[[str], pd.DataFrame]) -> None:
    table = plan_release(name)
    counts = numbers(table)
    counts = counts[[column for column in counts if "pc" not in column.lower().split("_")]]
    keys = ["time_period", "breakdown_topic", "breakdown"]
    level = table["geographic_level"]
    if name == "annual_reviews":
        # Regions and England count plans here whose authorities returned nothing.
        counts = counts.drop(columns="review_not_expected")
    by_level = {
        one: counts[level == one].fillna(0).groupby([table[key] for key in keys]).sum() for one in level.unique()
    }
    pd.testing.assert_frame_equal(by_level["Local authority"], by_level["National"])
    pd.testing.assert_frame_equal(by_level["Regional"], by_level["National"])


@pytest.mark.parametrize("name", list(PERCENTAGES))
def test_percentages_are_half_up_roundings_of_their_counts(
    name: str, plan_release: Callable[[str], pd.DataFrame]
) -> None:
    table = plan_release(name)
    for share, (top, bottom) in PERCENTAGES[name].items():
        printed = table[(table[share] != "x") & (table["time_period"].str[:4].astype(int) >= 2019)]
        count, total = printed[top].astype(np.int64), printed[bottom].astype(np.int64)
        tenths = (2 * 1000 * count + total) // (2 * total)
        assert len(printed) > 500
        # "7" is printed for 7.0, and never "7.0".
        expected = (tenths // 10).astype(str) + np.where(tenths % 10 == 0, "", "." + (tenths % 10).astype(str))
        assert (printed[share] == expected).all(), share


@pytest.mark.parametrize(
    ("name", "whole", "period"),
    [("caseload", "All EHC plans", "202425"), ("sen_needs_all_plans", "All EHC plans", "202425"),
     ("newplans", "New EHC plans", "2024"), ("requests", "All requests for EHC needs assessments", "2024"),
     ("timeliness_20_week", "All EHC plans issued", "2023"), ("annual_reviews", "All annual reviews", "2024")],
)  # fmt: skip
def test_every_breakdown_adds_up_to_the_total(
    name: str, whole: str, period: str, plan_release: Callable[[str], pd.DataFrame]
) -> None:
    table = plan_release(name)
    table = table[(table["time_period"] == period) & ~table["breakdown"].str.endswith("- total")]
    counts = numbers(table)
    counts = counts[[column for column in counts if "pc" not in column.lower().split("_")]].fillna(0)
    area = table["region_code"] + table["new_la_code"]
    total = counts[table["breakdown_topic"] == whole].groupby(area).sum()
    for topic in set(table["breakdown_topic"]) - {whole}:
        parts = counts[table["breakdown_topic"] == topic].groupby(area).sum()
        # A review row without a return has no parts, but its plans are counted in each breakdown.
        pd.testing.assert_frame_equal(parts, total.loc[parts.index], obj=topic)


def test_the_steps_of_the_process_follow_from_each_other(plan_release: Callable[[str], pd.DataFrame]) -> None:
    keys = ["time_period", "region_code", "new_la_code"]

    def totals(name: str) -> pd.DataFrame:
        table = plan_release(name)
        whole = table["breakdown_topic"].str.match("All |New ")
        return numbers(table)[whole].set_index(pd.MultiIndex.from_frame(table.loc[whole, keys]))

    new, requests = totals("newplans"), totals("requests")
    assessments, issued = totals("assessments"), totals("timeliness_20_week")
    assert (new["new_ehc_plans"] <= requests["requests_received_in_year"].fillna(np.inf)).all()
    assert (new["new_ehc_plans"] == issued["plans_issued_den"]).all()
    assert (new["new_ehc_plans"] == assessments["assess_issued"]).all()
    assert (issued["plans_issued_20_weeks_ex"] <= issued["plans_issued_within_20_weeks"]).all()
    reviews = totals("annual_reviews")
    held = reviews["total_review_meeting"]
    decided = ["review_decision25", "review_decision24", "review_decision_prior24",
               "review_decision_not_due", "review_decision_outstanding"]  # fmt: skip
    returned = held.notna()
    assert (reviews.loc[returned, decided].sum(axis=1) == held[returned]).all()
    assert (held + reviews["no_review_meeting"] == reviews["review_expected"])[returned].all()
    assert int((reviews["review_decision_outstanding"] < 0).sum()) == 1


def test_header_and_gaps_are_those_of_real_releases(plan_release: Callable[[str], pd.DataFrame]) -> None:
    with zipfile.ZipFile(PLANS) as archive:
        header = archive.read("data/annual_reviews.csv").split(b"\r\n")[0]
    assert header.startswith(b"\xef\xbb\xbftime_period,")
    assert header.count(b"review_meeting_prior_24") == 2
    reviews = plan_release("annual_reviews")
    assert (reviews["review_meeting_prior_24"] == reviews["review_meeting_prior_24.1"]).all()
    whole = reviews[reviews["breakdown_topic"] == "All annual reviews"]
    assert set(whole.loc[whole["total_review_meeting"] == "x", "la_name"]) == {"Blackpool", "Reading"}
    requests = plan_release("requests")
    assert (requests.loc[requests["time_period"] < "2023", "requests_decided_to_assess"] == "x").all()
    assert "age 10" in set(plan_release("caseload")["breakdown"])
    assert "Aged 10" in set(requests["breakdown"])


# Files that exist in the folder of real ones too, by a pattern that fits both names.
REAL_NAMES = {
    "autism-waiting-times": ["AutismStats*"],
    "characteristics-of-children-in-need": ["b1_*", "b2_*", "b3_*", "sen_la*"],
    "children-looked-after-in-england": ["cla_number*", "la_conviction*"],
    "early-years-foundation-stage-profile-results": ["1_eyfsp*", "APS_*"],
    "geography": ["la_lad_hierarchy.csv"],
    "indices-of-deprivation-2019": ["File_1_*", "File_2_*", "File_6_*"],
    "level-2-and-3-attainment-age-16-to-25": ["LA_Dashboard*"],
    "local-authority-interactive-tool": ["lait_data_dictionary.csv"],
    "mental-health-services-monthly-statistics": ["MHSDS*"],
    "neet-and-participation": ["UD_NEETNK*"],
    "outcomes-for-children-in-need": ["absence_la*", "ks2_la*", "ks4_la*"],
    "population-estimates": ["ons_mid-year*"],
    "pupil-attendance-in-schools": ["EES_ytd*"],
    "school-pupils-and-their-characteristics": [
        "spc_ap_setting*", "spc_pupils_ethnicity*", "spc_pupils_fsm*", "spc_school_ap_ch*", "spc_school_ap_pl*",
    ],
}  # fmt: skip


def test_headings_are_those_of_the_real_files(landing: Path) -> None:
    def headings(content: bytes) -> list[str]:
        first = content.decode("utf-8-sig", errors="replace").splitlines()[0]
        return next(csv.reader([first]))

    for folder, patterns in REAL_NAMES.items():
        for pattern in patterns:
            (mine,), real = (SEEDS / folder).glob(pattern), sorted((landing / "2025" / folder).glob(pattern))
            assert headings(contents(mine)) == headings(contents(real[-1])), mine.name
    real_zip = landing / "2025" / "education-health-and-care-plans" / PLANS.name
    with zipfile.ZipFile(PLANS) as mine_zip, zipfile.ZipFile(real_zip) as theirs_zip:
        members = [name for name in mine_zip.namelist() if name.startswith("data/")]
        assert len(members) == 12
        for name in members:
            assert headings(mine_zip.read(name)) == headings(theirs_zip.read(name)), name
    real_zip = landing / "2022" / "education-health-and-care-plans" / PLANS_BY_AGE.name
    name = "data/sen2_age_caseload.csv"
    with zipfile.ZipFile(PLANS_BY_AGE) as mine_zip, zipfile.ZipFile(real_zip) as theirs_zip:
        assert headings(mine_zip.read(name)) == headings(theirs_zip.read(name))


def test_successors_publish_only_from_their_first_day(plan_release: Callable[[str], pd.DataFrame]) -> None:
    caseload = plan_release("caseload").groupby("la_name")["time_period"]
    assert set(caseload.get_group("Cumberland")) == {"202324", "202425"}
    assert max(caseload.get_group("Cumbria")) == "202223"
    assert min(caseload.get_group("Bournemouth, Christchurch and Poole")) == "201920"
    requests = plan_release("requests").groupby("la_name")["time_period"]
    assert set(requests.get_group("Cumberland")) == {"2023", "2024"}


def test_wigan_is_as_large_as_its_embedded_returns(plan_release: Callable[[str], pd.DataFrame]) -> None:
    plans = plan_release("caseload")
    wigan = plans[(plans["new_la_code"] == WIGAN) & (plans["breakdown_topic"] == "All EHC plans")]
    by_year = wigan.set_index("time_period")["ehcplans"].astype(int)
    assert by_year["202425"] == 2_132
    assert by_year["202324"] == 1_830
    assert by_year.is_monotonic_increasing
    england = plans[(plans["geographic_level"] == "National") & (plans["breakdown_topic"] == "All EHC plans")]
    assert england["ehcplans"].astype(int).between(380_000, 660_000).all()

    census = pd.read_csv(
        SEEDS / "school-pupils-and-their-characteristics" / "spc_pupils_ethnicity_and_language.csv.gz", dtype=str
    )
    pupils = census[
        (census["new_la_code"] == WIGAN) & (census["time_period"] == "202425")
        & (census["ethnicity"] == "Total") & (census["language"] == "Total")
    ].set_index("phase_type_grouping")["headcount"].astype(int)  # fmt: skip
    assert pupils["Total"] == 47_780
    assert pupils.drop("Total").sum() == pupils["Total"]


def test_shares_and_rates_of_pupils_and_children_looked_after_recompute() -> None:
    meals = pd.read_csv(
        SEEDS / "school-pupils-and-their-characteristics" / "spc_pupils_fsm_ethnicity_yrgp.csv.gz", dtype=str
    )
    eligible, pupils = meals["number_of_pupils"].astype(np.int64), meals["denominator"].astype(np.int64)
    hundredths = (2 * 10_000 * eligible + pupils) // (2 * pupils)
    assert (np.rint(meals["percent_of_pupils"].astype(float) * 100) == hundredths).all()
    assert (eligible.groupby(np.arange(len(meals)) // 2).sum() == pupils[::2].reset_index(drop=True)).all()

    care = pd.read_csv(
        SEEDS / "children-looked-after-in-england" / "cla_number_and_rate_per_10k_children.csv.gz",
        dtype=str, encoding="utf-8-sig",
    )  # fmt: skip
    shown = care[care["rate_per_10000"].str.isdecimal()]
    children, everyone = shown["children_count"].astype(np.int64), shown["population_estimate"].astype(np.int64)
    assert (shown["rate_per_10000"].astype(int) == (2 * 10_000 * children + everyone) // (2 * everyone)).all()
    # Cumbria and its successors have rows in every year, as in the real file.
    assert set(care.loc[care["la_name"] == "Cumbria", "time_period"]) == {"2021", "2022", "2023", "2024", "2025"}


def test_populations_of_the_workbook_and_the_series_agree() -> None:
    folder = SEEDS / "population-estimates"
    series = pd.read_csv(folder / "ons_mid-year_population_estimates_2012_to_2024.csv.gz", dtype=str)
    latest = series[series["time_period"] == "2024"]
    code = latest["new_la_code"].fillna(latest["region_code"]).fillna("E92000001")
    under_18 = pd.Series(latest["population_estimate"].astype(int).to_numpy(), index=code)
    book = CalamineWorkbook.from_path(folder / "mye24tablesew.xlsx")
    sheets = {}
    for sex in ("Persons", "Females", "Males"):
        rows = book.get_sheet_by_name(f"MYE2 - {sex}").to_python()[7:]
        sheets[sex] = pd.DataFrame(rows[1:], columns=rows[0]).set_index("Code").iloc[:, 2:].astype(int)
    persons = sheets["Persons"]
    assert (persons == sheets["Females"] + sheets["Males"]).all(axis=None)
    assert (persons["All ages"] == persons.drop(columns="All ages").sum(axis=1)).all()
    ages = persons[[str(age) for age in range(18)]].sum(axis=1)
    assert (ages == under_18.reindex(ages.index)).all()


def test_lait_repeats_the_release_and_its_neighbours_are_alive(plan_release: Callable[[str], pd.DataFrame]) -> None:
    folder = SEEDS / "local-authority-interactive-tool"
    table = pq.read_table(folder / "bds_long_0.parquet").to_pandas()
    dictionary = pd.read_csv(folder / "lait_data_dictionary.csv", dtype=str, keep_default_na=False)
    assert set(table["Short Desc"]) == set(dictionary["Measure_short"])
    assert set(table.groupby(["Short Desc", "Years"]).size()) == {len(lait.listed_areas())}
    timely = table[(table["Short Desc"] == "SEN_EHC_Excpt_20wks") & (table["Years"] == "2024")]
    printed = plan_release("timeliness_20_week").query("time_period == '2024' and new_la_code != ''")
    whole = printed[printed["breakdown_topic"] == "All EHC plans issued"].set_index("old_la_code")
    timely = timely[timely["Values"] != "-"]
    mine = pd.Series(timely["Values"].astype(float).to_numpy(), index=timely["LA Number"].astype(int).astype(str))
    expected = whole["PC_plans_issued_20_weeks_ex"].replace("x", np.nan).astype(float).dropna()
    assert np.allclose(mine.reindex(expected.index), expected, atol=1e-9)

    rows = CalamineWorkbook.from_path(folder / "sn_may_2025.xlsx").get_sheet_by_index(0).to_python()
    live = rows[3:156]
    numbers_listed = {int(str(row[0]).removesuffix(".0")) for row in live}
    neighbours = [[int(str(cell).removesuffix(".0")) for cell in row[5:25:2]] for row in live]
    assert len(live) == len(numbers_listed) == 153
    assert rows[157][1] == "Old SNs:"
    assert all(len(set(ten)) == 10 and set(ten) <= numbers_listed for ten in neighbours)
    assert all(int(str(row[0]).removesuffix(".0")) not in ten for row, ten in zip(live, neighbours, strict=True))


def test_lait_repeats_the_early_years_profile() -> None:
    folder = SEEDS / "early-years-foundation-stage-profile-results"
    profile = pd.read_csv(folder / "1_eyfsp_headline_measures_2025.csv.gz", dtype=str)
    profile = profile[(profile["gender"] == "Total") & (profile["geographic_level"] == "Local authority")]
    tool = pq.read_table(SEEDS / "local-authority-interactive-tool" / "bds_long_0.parquet").to_pandas()
    tool = tool[(tool["Years"] == "2025") & (tool["Values"] != "-")]
    tool = tool.assign(number=tool["LA Number"].astype(int).astype(str))
    for short, group in {
        "FSP_NEW_GOODDEV": "Total", "FSP_Gooddev_FSM": "Known to be eligible for free school meals",
        "FSP_Gooddev_With_SENSTATE": "EHC plan", "FSP_Gooddev_Asian": "Asian/Asian British",
    }.items():  # fmt: skip
        printed = profile[profile["characteristic_type"] == group].set_index("old_la_code")["gld_percentage"]
        repeated = tool.loc[tool["Short Desc"] == short].set_index("number")["Values"].astype(float)
        repeated = repeated[repeated.index.isin(printed.index)]
        assert len(repeated) > 145
        assert (repeated == printed.astype(float)[repeated.index]).all(), short


def test_measures_of_the_tool_end_with_a_year_as_the_real_tool_writes_it(landing: Path) -> None:
    def years(folder: Path) -> pd.DataFrame:
        path = folder / "2025" / "local-authority-interactive-tool" / "bds_long_0.parquet"
        return pq.read_table(path, columns=["Short Desc", "Years"]).to_pandas().drop_duplicates()

    last = years(SEEDS.parent).drop_duplicates("Short Desc", keep="last")
    assert len(last) > 250
    assert len(last.merge(years(landing))) == len(last)
    assert last.set_index("Short Desc").at["Hosp_Adm_Alc_<18yrs", "Years"] == "2021/22-23/24"


def test_what_does_not_add_up_is_what_was_planted(seeds_build: Build) -> None:
    found = pd.read_parquet(seeds_build.tables / "evidence_reconciliation" / "2025.parquet")
    rows = found.groupby(["exception_class", "dataset_id", "rule"]).size()
    assert rows.to_dict() == {
        # Hackney and Peterborough returned totals only: five breakdowns and the placements, in two regions and England.
        ("documented_footnote", "dfe__sen2_caseload", "categories_add_up"): 15,
        ("documented_footnote", "dfe__sen2_caseload", "parts_and_whole"): 3,
        # England's appeal rate counts what the suppressed rows leave out.
        ("documented_footnote", "hmcts__send_tribunal", "share_from_counts"): 1,
        # Gateshead decided more often than it met, in the total and once in each breakdown.
        ("source_defect", "dfe__sen2_annual_reviews", "impossible_value"): 7,
        # Bournemouth, Christchurch and Poole leapt from 10 to 75 % in time.
        ("unexplained", "dfe__sen2_timeliness", "jump"): 4,
    }
    covered = pd.read_parquet(seeds_build.tables / "evidence_reconciliation_coverage" / "2025.parquet")
    repeated = covered[covered["rule"] == "same_fact"]
    assert (repeated["compared"] > 0).all() and repeated["compared"].sum() > 40_000


def test_waits_add_up_and_absent_providers_are_blank() -> None:
    book = CalamineWorkbook.from_path(
        SEEDS / "community-health-services-waiting-lists" / "community_health_2025-10-01.xlsx"
    )
    tables = {}
    for name in ["4", *(f"4{letter}" for letter in "abcdefg")]:
        rows = book.get_sheet_by_name(f"Table {name}").to_python()
        frame = pd.DataFrame(rows[5:], columns=rows[4]).replace("", np.nan)
        tables[name] = frame.set_index(list(frame.columns[:3])).astype(float)
    total = tables.pop("4")
    bands = sum(table.fillna(0) for table in tables.values())
    assert (bands > 0).sum().sum() > 1_000
    assert ((total - bands).where(bands > 0).fillna(0) == 0).all(axis=None)
    kind = total.index.get_level_values(0)
    speech = "(CYP) Therapy interventions: Speech and language"
    assert total.loc[kind == "National", speech].sum() == total.loc[kind == "Provider", speech].sum()
    code = total.index.get_level_values(1)
    assert total[code == "RXF"].isna().all(axis=None)
    assert total.loc[code == "RRF", speech].notna().all()
