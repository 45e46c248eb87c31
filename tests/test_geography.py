"""The register of areas against published counts, published files, and the names people use."""

from __future__ import annotations

import gzip
import io
import json
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jsna_pipeline import geography
from jsna_pipeline.errors import InputError

LIVE = [a for a in geography.search("") if a.is_live]
REGISTER = geography.register()
UNPUNCTUATED = str.maketrans("", "", ",.")


# --- the register as a whole --------------------------------------------------------------------------


def test_england_has_153_upper_tier_authorities_in_nine_regions():
    by_region = (
        geography.local_authorities()
        .merge(geography.regions(), left_on="region_code", right_on="area_code", suffixes=("", "_of_region"))
        .groupby("area_name_of_region")
        .size()
    )
    assert by_region.to_dict() == {
        "East Midlands": 10,
        "East of England": 11,
        "London": 33,
        "North East": 12,
        "North West": 24,
        "South East": 19,
        "South West": 15,
        "West Midlands": 14,
        "Yorkshire and The Humber": 15,
    }
    assert by_region.sum() == len(geography.slugs()) == 153


def test_authorities_by_type_as_ons_counts_them():
    assert geography.local_authorities()["area_type"].value_counts().to_dict() == {
        "unitary_authority": 63,
        "metropolitan_district": 36,
        "london_borough": 33,
        "county": 21,
    }


def test_codes_slugs_and_live_identifiers_are_unique():
    assert REGISTER["area_code"].is_unique
    assert REGISTER["slug"].is_unique
    live = REGISTER[REGISTER["valid_to"].eq("")]
    assert live["area_name"].is_unique
    assert live["dfe_code"].is_unique
    assert REGISTER["slug"].str.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*").all()
    assert REGISTER["dfe_code"].str.fullmatch(r"\d{3}").all()


def test_every_ended_code_has_live_successors_from_the_day_after_its_end():
    ended = REGISTER[REGISTER["valid_to"].ne("")]
    for code, last_day in zip(ended["area_code"], ended["valid_to"], strict=True):
        followed_by = geography.successors(code)
        assert followed_by, code
        for successor in followed_by:
            assert successor.is_live
            assert successor.valid_from == pd.Timestamp(last_day).date() + pd.Timedelta(days=1)


def test_inner_and_outer_london_are_parts_of_a_region_and_not_regions():
    assert geography.area("Inner London").area_type == "region_part"
    assert geography.area("London (Outer)").region_code == geography.area("London").code
    assert not {"E13000001", "E13000002"} & set(geography.regions()["area_code"])


def test_the_frame_handed_out_is_a_copy():
    handed_out = geography.register()
    handed_out["area_name"] = "changed"
    assert "changed" not in set(geography.register()["area_name"])


# --- lookup -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "slug", "code", "dfe_code", "region_code"),
    [
        ("Wigan", "wigan", "E08000010", "359", "E12000002"),
        ("Wolverhampton", "wolverhampton", "E08000031", "336", "E12000005"),
        ("Cumberland", "cumberland", "E06000063", "942", "E12000002"),
        (
            "Bournemouth, Christchurch and Poole",
            "bournemouth-christchurch-and-poole",
            "E06000058",
            "839",
            "E12000009",
        ),
        ("Westmorland and Furness", "westmorland-and-furness", "E06000064", "943", "E12000002"),
    ],
)
def test_the_first_areas_have_their_published_codes(name, slug, code, dfe_code, region_code):
    found = geography.area(name)
    assert (found.slug, found.code, found.dfe_code, found.region_code) == (slug, code, dfe_code, region_code)


@given(
    found=st.sampled_from(LIVE + [geography.area(c) for c in ("England", "E12000003", "E13000001")]),
    change=st.sampled_from([str, str.upper, str.lower, lambda s: f"  {s.translate(UNPUNCTUATED)} "]),
)
def test_name_slug_and_codes_find_the_same_area_however_they_are_written(found, change):
    written = (found.name, found.slug, found.code, found.dfe_code)
    assert {geography.area(change(text)) for text in written} == {found}


@pytest.mark.parametrize(
    ("spelling", "code"),
    [
        ("Bournemouth Christchurch and Poole", "E06000058"),
        ("Bournemouth, Christchurch and Poole Council", "E06000058"),
        ("Kingston upon Hull, City of", "E06000010"),
        ("Kingston Upon Hull, City of", "E06000010"),
        ("Kingston Upon Hull City of", "E06000010"),
        ("Kingston upon Hull", "E06000010"),
        ("City of Kingston upon Hull", "E06000010"),
        ("Herefordshire", "E06000019"),
        ("Herefordshire, County of", "E06000019"),
        ("County of Herefordshire", "E06000019"),
        ("Bristol, City of", "E06000023"),
        ("Bristol City of", "E06000023"),
        ("City of Bristol", "E06000023"),
        ("Bristol", "E06000023"),
        ("County Durham", "E06000047"),
        ("Durham", "E06000047"),
        ("Bedford Borough", "E06000055"),
        ("St Helens", "E08000013"),
        ("St. Helens", "E08000013"),
        ("Isles Of Scilly", "E06000053"),
        ("Wals", "E08000030"),
        ("Cornw", "E06000052"),
        ("Yorkshire and the Humber", "E12000003"),
        ("YORKSHIRE AND THE HUMBER", "E12000003"),
        ("EAST", "E12000006"),
        ("South West region", "E12000009"),
        ("London (Inner)", "E13000001"),
        # Names that councils use of themselves.
        ("Wigan Metropolitan Borough Council", "E08000010"),
        ("City of Wolverhampton Council", "E08000031"),
        ("Royal Borough of Windsor & Maidenhead", "E06000040"),
        ("London Borough of Camden", "E09000007"),
        ("City of London Corporation", "E09000001"),
        # The former code of an unchanged authority.
        ("E08000020", "E08000037"),
        ("E10000027", "E06000066"),
    ],
)
def test_published_spellings_are_understood(spelling, code):
    assert geography.area(spelling).code == code


def test_a_misspelt_name_gets_the_three_nearest():
    with pytest.raises(InputError) as error:
        geography.area("Wigen")
    assert str(error.value).startswith("No area 'Wigen'. Did you mean Wigan, ")
    assert str(error.value).endswith("? `jsna areas` lists all.")
    assert str(error.value).count(",") + str(error.value).count(" or ") == 2


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("Wolverhamton", "Wolverhampton"),
        ("Westmoreland", "Westmorland and Furness"),
        ("Kens", "Kensington and Chelsea"),
        ("Bournmouth", "Bournemouth, Christchurch and Poole"),
        ("Kensington", "Kensington and Chelsea"),
    ],
)
def test_the_nearest_name_is_offered_first(typed, expected):
    with pytest.raises(InputError, match=rf"Did you mean {geography.area(expected).name}"):
        geography.area(typed)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Cumbria", ["Cumberland", "Westmorland and Furness"]),
        ("909", ["Cumberland", "Westmorland and Furness"]),
        ("Pre-LGR 2023 Cumbria", ["Cumberland", "Westmorland and Furness"]),
        ("Pre-LGR 2019 Bournemouth", ["Bournemouth, Christchurch and Poole"]),
        ("Poole (Pre LG)", ["Bournemouth, Christchurch and Poole"]),
        ("E10000009", ["Bournemouth, Christchurch and Poole", "Dorset"]),
        ("northamptonshire", ["North Northamptonshire", "West Northamptonshire"]),
        ("Bedfordshire (Pre LGR 2009)", ["Bedford", "Central Bedfordshire"]),
        ("Cheshire", ["Cheshire East", "Cheshire West and Chester"]),
    ],
)
def test_a_predecessor_is_refused_with_its_successors(text, names):
    with pytest.raises(InputError, match=rf"ended on 31 March \d{{4}}; use {' or '.join(names)} instead\."):
        geography.area(text)


def test_dorset_by_name_is_the_authority_of_today():
    assert geography.area("Dorset").code == "E06000059"
    assert geography.area("838") == geography.area("Dorset")


@pytest.mark.parametrize("text", ["", "   "])
def test_no_name_is_an_error_that_says_where_the_list_is(text):
    with pytest.raises(InputError, match="`jsna areas` lists all"):
        geography.area(text)


def test_a_region_is_an_area_but_not_a_local_authority():
    assert geography.area("London").level == "region"
    with pytest.raises(InputError, match="London is not a local authority"):
        geography.local_authority("London")
    assert geography.local_authority("City of London").dfe_code == "201"


def test_search_finds_parts_of_names_regions_and_successors():
    assert [a.dfe_code for a in geography.search("northampton")] == ["940", "941"]
    assert [a.slug for a in geography.search("cumbria")] == ["cumberland", "westmorland-and-furness"]
    assert len(geography.search("North West")) == 1 + 24
    assert geography.search("359") == [geography.area("Wigan")]
    assert len(geography.search()) == 153
    assert geography.search("no such place") == []


# --- codes in tables ----------------------------------------------------------------------------------


def test_recodes_become_the_live_code_and_real_changes_stay():
    former = ["E10000002", "E08000020", "E10000023", "E06000048", "E10000027", "E08000016", "E08000019"]
    today = ["E06000060", "E08000037", "E06000065", "E06000057", "E06000066", "E08000038", "E08000039"]
    others = ["E10000006", "E10000009", "E06000028", "E08000010", "z", "", None]
    codes = pd.Series([*former, *others], index=[0] * 14, name="area_code")
    expected = pd.Series([*today, *others], index=[0] * 14, name="area_code")
    for dtype in ("str", "string[pyarrow]", "category"):
        canonical = geography.canonical_codes(codes.astype(dtype))
        pd.testing.assert_series_equal(canonical.astype("str"), expected.astype("str"))
    assert codes.iloc[0] == "E10000002"


@given(st.lists(st.sampled_from([*REGISTER["area_code"], "z", "W06000015"])))
def test_bringing_codes_to_live_ones_twice_changes_nothing_more(codes):
    once = geography.canonical_codes(pd.Series(codes, dtype="str"))
    pd.testing.assert_series_equal(geography.canonical_codes(once), once)


def test_unknown_codes_leaves_markers_and_predecessors_out():
    markers = ["z", "Z", " ", ".", ":", None]
    codes = pd.Series(["E08000010", "E10000006", "ZZ_TOTAL", *markers, "E99999999", "ZZ_TOTAL"])
    assert geography.unknown_codes(codes) == ["E99999999", "ZZ_TOTAL"]


def test_attributes_keep_the_index_and_leave_unknown_codes_null():
    codes = pd.Series(["E08000010", "z", None, "E12000002", "E08000010"], index=list("aabcd"))
    found = geography.attributes(codes)
    assert list(found.columns) == ["area_name", "area_level", "region_code"]
    assert list(found.index) == list("aabcd")
    assert found["area_name"].tolist()[::3] == ["Wigan", "North West"]
    assert found["region_code"].iloc[[0, 3, 4]].eq("E12000002").all()
    assert found.iloc[1:3].isna().all(axis=None)


def test_dfe_codes_lead_to_the_live_code_or_to_the_ended_one_of_an_abolished_authority():
    ons = geography.codes_from_dfe(pd.Series(["359", "825", "929", "835", "909", "970", "000"]))
    assert ons.tolist()[:6] == ["E08000010", "E06000060", "E06000057", "E10000009", "E10000006", "E92000001"]
    assert ons.isna().tolist() == [False] * 6 + [True]


def test_series_break_where_the_area_changed_and_not_where_only_its_code_did():
    breaks = geography.boundary_breaks().set_index("area_code")
    assert breaks.loc["E06000058", "date"] == "2019-04-01"
    assert breaks.loc["E06000058", "predecessors"] == "E06000028; E06000029; E10000009"
    assert breaks.loc["E06000058", "predecessor_names"] == "Bournemouth; Poole; Dorset"
    assert breaks.loc[["E06000063", "E06000064"], "predecessor_names"].eq("Cumbria").all()
    assert breaks.loc["E06000059", "predecessors"] == "E10000009"
    unbroken = ["E06000060", "E06000065", "E06000066", "E06000057", "E08000037", "E08000010", "E08000038"]
    assert not breaks.index.isin(unbroken).any()


def test_looking_an_area_up_does_not_load_pandas():
    script = (
        "import sys; from jsna_pipeline import geography as g;"
        "g.area('Wigan'); g.search('cumb'); g.slugs();"
        "sys.exit(any(m in sys.modules for m in ('pandas', 'pandera', 'pydantic', 'dagster')))"
    )
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0


# --- against the files as published -------------------------------------------------------------------


def _tables(folder: Path) -> Iterator[tuple[str, io.BytesIO]]:
    """Name and bytes of every CSV below `folder`, inside zips and gzips too, whatever the file's suffix."""
    for path in sorted(p for p in folder.rglob("*") if p.suffix in {".csv", ".gz", ".zip"}):
        content = path.read_bytes()
        if content.startswith(b"PK\x03\x04"):
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                for member in archive.namelist():
                    if member.endswith(".csv"):
                        yield f"{path.name}/{member}", io.BytesIO(archive.read(member))
        else:
            zipped = content.startswith(b"\x1f\x8b")
            yield path.name, io.BytesIO(gzip.decompress(content) if zipped else content)


@pytest.fixture(scope="module")
def published_codes(landing: Path) -> pd.DataFrame:
    """The distinct area codes of every EES-style file: file, new_la_code, old_la_code, region_code."""
    wanted = ["new_la_code", "old_la_code", "region_code"]
    tables = []
    for name, content in _tables(landing):
        header = content.readline().decode("utf-8-sig", errors="replace").strip().replace('"', "").split(",")
        columns = [c for c in wanted if c in header]
        if not set(columns) & {"new_la_code", "region_code"}:
            continue
        content.seek(0)
        table = pd.read_csv(
            content, usecols=columns, dtype=str, keep_default_na=False, encoding="utf-8-sig", engine="pyarrow"
        )
        tables.append(table.drop_duplicates().assign(file=name))
    return pd.concat(tables, ignore_index=True).fillna("")


def test_every_published_code_is_in_the_register(published_codes):
    assert published_codes["file"].nunique() >= 40
    for column in ("new_la_code", "region_code"):
        assert geography.unknown_codes(published_codes[column]) == []


def test_published_dfe_codes_and_regions_agree_with_the_register(published_codes):
    coded = published_codes[published_codes["new_la_code"].str.startswith("E")]
    assert coded["new_la_code"].nunique() >= 160
    register = REGISTER.set_index("area_code")
    ours = register.reindex(coded["new_la_code"])
    dfe = coded["old_la_code"].str.strip()
    assert dfe[dfe.ne("") & dfe.ne(ours["dfe_code"].to_numpy())].empty
    region = coded["region_code"].str.strip().replace({"E13000001": "E12000007", "E13000002": "E12000007"})
    assert region[region.ne("") & region.ne(ours["region_code"].to_numpy())].empty


def test_the_statistical_neighbour_workbook_names_our_153_authorities(landing):
    (workbook,) = landing.rglob("sn_may_2025.xlsx")
    rows = pd.read_excel(workbook, sheet_name="LA SN Groups", header=2, dtype=str, engine="calamine")
    live = rows.iloc[: rows["LA num"].isna().to_numpy().argmax()]
    assert sorted(live["LA num"]) == sorted(geography.local_authorities()["dfe_code"])
    assert [geography.area(name).dfe_code for name in live["LA Name"]] == live["LA num"].tolist()


def test_the_boundary_file_of_2023_has_our_live_codes(landing):
    (boundaries,) = landing.rglob("ctyua_dec2023_bsc.geojson")
    features = json.loads(boundaries.read_text(encoding="utf-8"))["features"]
    codes = pd.Series([feature["properties"]["CTYUA23CD"] for feature in features])
    english = geography.canonical_codes(codes[codes.str.startswith("E")])
    assert sorted(english) == sorted(geography.local_authorities()["area_code"])
