"""Settings: command line over environment over jsna.toml, paths from its folder, one sentence for a slip."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from jsna_pipeline.errors import InputError
from jsna_pipeline.settings import load_settings, settings_file


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder of work, without the settings of whoever runs the tests."""
    for name in ("CONFIG", "LANDING", "SOURCE", "EDITION", "STATE", "OUT", "AREAS", "RETURNS", "AUDIENCE"):
        monkeypatch.delenv(f"JSNA_{name}", raising=False)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_defaults_keep_each_source_in_folders_of_its_own(project: Path) -> None:
    seeds, landing = load_settings(), load_settings(source="landing", landing=project / "files")
    assert seeds.source == "seeds" and (seeds.published_files / "generate.py").is_file()
    assert landing.published_files == project / "files"
    assert seeds.dagster_home == project / ".jsna/seeds/dagster" and seeds.dagster_home.is_absolute()
    assert seeds.tables == str(project / ".jsna/seeds/tables") and landing.tables != seeds.tables
    assert (seeds.reports, landing.reports) == (project / "reports/seeds", project / "reports/landing")
    remote = load_settings(tables_url="s3://bucket/tables/")
    assert remote.tables == "s3://bucket/tables/seeds"


def test_a_restricted_report_never_leaves_the_restricted_store(project: Path) -> None:
    public, restricted = load_settings(out="made"), load_settings(out="made", audience="restricted")
    assert public.reports == project / "made"
    assert restricted.reports == restricted.restricted_folder / "reports"
    assert restricted.restricted_folder == project / ".jsna/seeds/restricted"
    with pytest.raises(InputError, match=r"Setting 'audience': .*'public' or 'restricted'"):
        load_settings(audience="everybody")


def test_own_returns_lie_with_the_seeds_or_where_a_folder_is_named(project: Path) -> None:
    seeds = load_settings()
    assert seeds.local_returns == seeds.published_files / "returns" and seeds.local_returns.is_dir()
    assert load_settings(source="landing", landing=project / "files").local_returns is None
    (project / "jsna.toml").write_text('returns = "ours"\n')
    assert load_settings(source="landing", landing=project / "files").local_returns == project / "ours"


def test_what_an_area_writes_lies_with_the_seeds_or_where_a_folder_is_named(project: Path) -> None:
    example = load_settings().contributions_of("2025", "wigan")
    assert example is not None and (example / "sign_off.yml").is_file()
    assert load_settings().contributions_of("2025", "bolton") is None
    assert load_settings(source="landing", landing="files").contributions_of("2025", "wigan") is None
    ours = project / "ours" / "2025" / "wigan"
    named = load_settings(contributions="ours")
    assert named.contributions_of("2025", "wigan") is None, "not the example's, where a folder is named"
    ours.mkdir(parents=True)
    assert named.contributions_of("2025", "wigan") == ours and named.contributions_of("2025.1", "wigan") is None


def test_command_line_over_environment_over_file(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (project / "jsna.toml").write_text('edition = 2023\nstate = "kept"\nareas = ["wigan", "cumberland"]\n')
    assert load_settings().edition == "2023" and load_settings().areas == ("wigan", "cumberland")
    monkeypatch.setenv("JSNA_EDITION", "2024")
    assert load_settings().edition == "2024" and load_settings(edition="2025").edition == "2025"
    assert load_settings(edition=None).edition == "2024"


def test_relative_paths_start_at_the_settings_file_wherever_one_stands(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (project / "jsna.toml").write_text('source = "landing"\nlanding = "files"\n')
    (project / "deep/er").mkdir(parents=True)
    monkeypatch.chdir(project / "deep/er")
    assert load_settings().published_files == project / "files"
    assert load_settings().dagster_home == project / ".jsna/landing/dagster"
    elsewhere = project / "other.toml"
    elsewhere.write_text('out = "made"\n')
    monkeypatch.setenv("JSNA_CONFIG", str(elsewhere))
    assert settings_file() == elsewhere and load_settings().reports == project / "made"


def test_cut_off_and_nhs_cover(project: Path) -> None:
    (project / "jsna.toml").write_text("[cut_off]\n2025 = 2025-11-30\n[nhs.bolton]\nsub_icb = '00T'\n")
    settings = load_settings()
    assert settings.cut_off_of("2025") == date(2025, 11, 30) and settings.cut_off_of("2026.1") == date(2026, 12, 31)
    assert settings.nhs_cover_of("bolton").sub_icb == "00T" and settings.nhs_cover_of("wigan").sub_icb == "02H"
    assert settings.nhs_cover_of("york").sub_icb == ""


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ('landng = "x"', r"Setting 'landng': there is no such setting \(misspelt in .*jsna\.toml\?\); see"),
        ("[nhs.wigan]\nicb = ''", r"Setting 'nhs\.wigan\.icb': there is no such setting"),
        (
            "[priority_weights]\nsize = -1",
            r"Setting 'priority_weights\.size': Input should be greater than or equal to 0",
        ),
        ('source = "live"', "Setting 'source': Input should be 'seeds' or 'landing'"),
        ("first_edition = 1999", "Setting 'first_edition': Input should be greater than or equal to 2015"),
        ('[cut_off]\n2025 = "soon"', r"Setting 'cut_off\.2025': "),
        ("source = = 1", r"jsna\.toml: not valid TOML \(.*line 1"),
        (b"\xff\xfe", r"jsna\.toml: not a UTF-8 text file"),
    ],
)
def test_a_slip_in_the_file_is_one_sentence(project: Path, written: str | bytes, said: str) -> None:
    (project / "jsna.toml").write_bytes(written.encode() if isinstance(written, str) else written)
    with pytest.raises(InputError, match=said) as caught:
        load_settings()
    assert "\n" not in str(caught.value)


def test_slips_outside_the_file(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(InputError, match="no folder is named; give --landing DIR, or set `landing`"):
        _ = load_settings(source="landing").published_files
    monkeypatch.setenv("JSNA_AREAS", "wigan")
    with pytest.raises(InputError, match=r'An environment variable cannot be read: .*"areas".* written as JSON'):
        load_settings()
    monkeypatch.setenv("JSNA_CONFIG", "absent.toml")
    with pytest.raises(InputError, match=r"JSNA_CONFIG names absent\.toml, which is not a file; correct or unset it"):
        load_settings()
