"""The real published files, end to end: the figures that were read off the releases by hand.

Expected values are the publishers' own (Department for Education, Education, health and care plans,
release of June 2025; statistical neighbours of May 2025) or follow from their counts.
"""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pandas as pd
import pytest

from jsna_pipeline import geography
from jsna_pipeline.storage import TableFolder
from tests.builds import EDITION, Build, pdf_pages, spoken_text
from tests.test_builds import assert_manifest_is_true, assert_self_contained

pytestmark = pytest.mark.landing

AREAS = {
    "wigan": "E08000010",
    "wolverhampton": "E08000031",
    "cumberland": "E06000063",
    "bournemouth-christchurch-and-poole": "E06000058",
}
IN_TIME = "ehcp_within_20_weeks_excl"


def table(build: Build, name: str, slug: str = "wigan") -> pd.DataFrame:
    """The whole-population rows of one data file of a report."""
    found = pd.read_csv(
        build.report(slug) / "data" / f"{name}.csv", dtype={"period": "str", "area_code": "str"}, low_memory=False
    )
    return found.loc[(found["dimension"] == "total") & (found["category"] == "total")]


def series(build: Build, indicator: str, slug: str = "wigan") -> dict[str, float]:
    rows = table(build, "observations", slug)
    rows = rows.loc[(rows["indicator_id"] == indicator) & (rows["area_code"] == AREAS[slug])]
    return dict(zip(rows["period"], rows["value"], strict=True))


def beside(build: Build, indicator: str, period: str, slug: str = "wigan") -> pd.DataFrame:
    """Comparisons of one indicator and period, by comparator."""
    rows = table(build, "comparisons", slug)
    return rows.loc[(rows["indicator_id"] == indicator) & (rows["period"] == period)].set_index("comparator")


def test_wigans_plans_by_year(real_build: Build) -> None:
    expected = {"2018/19": 1804, "2019/20": 1930, "2020/21": 2111, "2021/22": 2337, "2022/23": 2607,
                "2023/24": 2966, "2024/25": 3579}  # fmt: skip
    assert series(real_build, "ehcp_caseload").items() >= expected.items()


def test_wigans_plans_in_time_beside_everyone_else(real_build: Build) -> None:
    expected = {"2019": 98.6, "2020": 80.4, "2021": 83.5, "2022": 83.9, "2023": 64.4, "2024": 42.6}
    assert series(real_build, IN_TIME) == expected
    rows = table(real_build, "observations")
    latest = rows.loc[(rows["indicator_id"] == IN_TIME) & (rows["area_code"] == AREAS["wigan"])].iloc[-1]
    assert (latest["numerator"], latest["denominator"]) == (257, 603)
    assert (round(latest["lower_ci"], 1), round(latest["upper_ci"], 1)) == (38.7, 46.6)
    compared = beside(real_build, IN_TIME, "2024")
    england = compared.loc["england"]
    assert (england["comparator_value"], england["significance"]) == (46.4, "similar")
    assert (england["rank"], england["out_of"]) == (88, 149)
    assert compared.loc[["neighbours_mean", "neighbours_pooled"], "comparator_value"].tolist() == [54.2, 49.7]
    assert compared.loc[["neighbours_mean", "neighbours_pooled"], "comparator_count"].tolist() == [10, 10]


@pytest.mark.parametrize(
    ("slug", "value", "significance", "rank"),
    [
        ("wolverhampton", 55.8, "better", 70),
        ("bournemouth-christchurch-and-poole", 77.6, "better", 42),
        ("cumberland", 42.6, "similar", None),
    ],
)
def test_other_areas_beside_england(
    real_build: Build, slug: str, value: float, significance: str, rank: int | None
) -> None:
    assert series(real_build, IN_TIME, slug)["2024"] == value
    england = beside(real_build, IN_TIME, "2024", slug).loc["england"]
    assert england["significance"] == significance
    assert rank is None or england["rank"] == rank


def test_an_authority_of_2023_has_no_trend_yet(real_build: Build) -> None:
    rows = table(real_build, "trends", "cumberland")
    found = rows.loc[(rows["indicator_id"] == IN_TIME) & (rows["area_code"] == AREAS["cumberland"])]
    assert found["direction"].tolist() == ["cannot_be_calculated"]


def test_reviews_held_are_meetings_of_the_year_over_those_expected(real_build: Build) -> None:
    rows = table(real_build, "observations")
    found = rows.loc[(rows["indicator_id"] == "ehcp_reviews_held") & (rows["area_code"] == AREAS["wigan"])]
    latest = found.loc[found["period"] == "2024"].iloc[0]
    assert (latest["numerator"], latest["denominator"], latest["value"]) == (1797, 2792, 64.4)


def test_the_report_says_first_how_many_were_late(real_build: Build) -> None:
    text = spoken_text((real_build.report() / "index.html").read_text("utf-8"))
    _, front = text.split("Is the law kept?", 1)
    first = front[: front.index("Evidence")]
    assert "Plans within 20 weeks Standard not met." in first
    card = front[: front.index("Plans reviewed")]
    assert re.search(r"346 of 603 late .*42\.6% on time .*Similar to England \(46\.4%\).*95% CI 38\.7–46\.6", card)
    chapter = front[front.index("In 2024, 346 of 603 plans were issued after 20 weeks. An EHC plan must") :]
    assert re.search(r"42\.6%.*38\.7–46\.6.*46\.4%.*54\.2%.*88th of 149", chapter[:1500])
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext (poppler-utils) is not installed")
    pages = pdf_pages(real_build.report() / "jsna.pdf")
    assert "346 of 603 late" in " ".join(pages[1].split())


def test_the_report_is_no_longer_than_it_may_be_and_not_marked_as_synthetic(real_build: Build) -> None:
    folder = real_build.report()
    assert "illustrative" not in (folder / "index.html").read_text("utf-8").casefold()
    assert (folder / "index.html").stat().st_size <= 3_000_000
    assert (folder / "jsna.pdf").stat().st_size <= 5_000_000
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext (poppler-utils) is not installed")
    pages = pdf_pages(folder / "jsna.pdf")
    assert 10 < len(pages) <= 50
    assert not [page for page in pages if "illustrative" in page.casefold()]
    assert not [number for number, page in enumerate(pages, 1) if "DRAFT" not in page.upper()]


@pytest.mark.parametrize("slug", list(AREAS))
def test_each_page_opens_from_disk_alone_and_is_of_its_area(real_build: Build, slug: str) -> None:
    page = (real_build.report(slug) / "index.html").read_text("utf-8")
    assert_self_contained(page)
    area = geography.local_authority(slug)
    assert area.code == AREAS[slug]
    assert f"{area.name} ({area.code}) is compared with England" in spoken_text(page)


def test_an_area_is_the_same_by_name_slug_and_code() -> None:
    names = {
        "wolverhampton": ("Wolverhampton", "E08000031", "336"),
        "cumberland": ("Cumberland", "E06000063", "942"),
        "bournemouth-christchurch-and-poole": ("Bournemouth, Christchurch and Poole", "E06000058", "839"),
        "wigan": ("WIGAN", "E08000010", "359"),
    }
    for slug, texts in names.items():
        assert {geography.local_authority(text).slug for text in (slug, *texts)} == {slug}


def test_the_manifest_names_every_input_with_its_digest(real_build: Build, landing: Path) -> None:
    for slug in ("wigan", "cumberland"):
        assert_manifest_is_true(real_build.report(slug), landing)


def test_a_figure_of_the_nhs_is_never_an_authoritys(real_build: Build) -> None:
    tables = TableFolder(str(real_build.tables))
    observed = tables.read("indicators_observations", EDITION)
    of_nhs = observed.loc[observed["source_id"].str.startswith("nhs__")]
    assert len(of_nhs) > 1000
    assert set(of_nhs["area_level"]) <= {"england", "sub_icb", "icb", "provider"}
    assert not of_nhs["area_code"].str.fullmatch(r"E(?:06|07|08|09|10|12)\d{6}").any()
    compared = tables.read("indicators_comparisons", EDITION)
    assert not compared["indicator_id"].isin(of_nhs["indicator_id"].unique()).any()


def test_every_authority_stands_in_the_national_tables_once(real_build: Build) -> None:
    observed = TableFolder(str(real_build.tables)).read("indicators_observations", EDITION)
    whole = observed.loc[(observed["dimension"] == "total") & (observed["indicator_id"] == "ehcp_caseload")]
    latest = whole.loc[(whole["period"] == "2024/25") & (whole["area_level"] == "local_authority")]
    assert len(latest) == latest["area_code"].nunique() == 153
    assert observed.duplicated(["indicator_id", "area_code", "period", "dimension", "category"]).sum() == 0


# --- the evidence base: breadth, and every published figure held against its counts ----------------


def national(build: Build, name: str) -> pd.DataFrame:
    return TableFolder(str(build.tables)).read(name, EDITION)


def test_the_indicators_reach_every_authority(real_build: Build) -> None:
    observed = national(real_build, "indicators_observations")
    valued = observed.loc[observed["value"].notna() & (observed["area_level"] == "local_authority")]
    reach = valued.groupby("area_code")["indicator_id"].nunique().reindex(geography.local_authorities()["area_code"])
    assert reach[AREAS["wigan"]] >= 150
    assert min(reach[code] for code in AREAS.values()) >= 140
    assert (reach >= 140).sum() >= 148
    tested = valued.loc[(valued["area_code"] == AREAS["wigan"]) & valued["lower_ci"].notna()]
    assert tested["indicator_id"].nunique() >= 80


def test_every_printed_percentage_of_the_release_is_recomputed_and_explained(real_build: Build) -> None:
    covered = national(real_build, "evidence_reconciliation_coverage")
    plans = covered.loc[covered["dataset_id"].str.startswith("dfe__sen2") & (covered["rule"] == "share_from_counts")]
    assert plans["compared"].sum() > 600_000
    assert plans["unexplained"].sum() <= plans["compared"].sum() / 10_000


def test_the_regions_total_in_fifteen_authorities_is_found_and_withheld(real_build: Build) -> None:
    """newplans.csv of 2022 prints Yorkshire and The Humber's 6,078 in the row of each of its authorities."""
    found = national(real_build, "evidence_reconciliation")
    repeats = found.loc[(found["rule"] == "repeated_values") & (found["dataset_id"] == "dfe__sen2_new_plans")]
    yorkshire = geography.local_authorities().query("region_code == 'E12000003'")["area_code"]
    assert set(repeats["area_code"]) == set(yorkshire)
    assert set(repeats["published"]) == {6078}
    observed = national(real_build, "indicators_observations")
    cells = observed.query("indicator_id == 'ehcp_new_plans' and period == '2022' and dimension == 'total'")
    withheld = cells.loc[cells["area_code"].isin(yorkshire)]
    assert withheld["value"].isna().all() and set(withheld["status"]) == {"unavailable"}
    assert cells.loc[cells["area_code"] == "E12000003", "value"].tolist() == [6078]


def test_the_compilation_prints_what_the_release_prints(real_build: Build) -> None:
    """Every EHC-plan figure that LAIT repeats is equal, or its difference has a class and evidence."""
    found = national(real_build, "evidence_reconciliation")
    covered = national(real_build, "evidence_reconciliation_coverage")
    same = covered.loc[covered["dataset_id"].str.startswith("dfe__sen2") & (covered["rule"] == "same_fact")]
    assert same["compared"].sum() > 9_000
    apart = found.loc[
        found["dataset_id"].str.startswith("dfe__sen2")
        & (found["rule"] == "same_fact")
        & found["evidence"].str.contains("Local Authority Interactive Tool")
    ]
    assert "unexplained" not in set(apart["exception_class"])
    assert len(apart) < 30
