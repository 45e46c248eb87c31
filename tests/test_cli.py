"""The command line: what it prints, its exit codes, and one sentence for every slip of a user."""

from __future__ import annotations

import re
import stat
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from openpyxl import load_workbook
from typer.testing import CliRunner, Result

from assets.build import BuildResult
from jsna_pipeline.catalogue.returns import returns
from jsna_pipeline.cli import app
from jsna_pipeline.commentary import workbook_layout
from jsna_pipeline.commentary.contributors import Contributor
from jsna_pipeline.commentary.reading import read_commentary
from jsna_pipeline.commentary.workbook_export import ChapterBrief, export_workbooks
from jsna_pipeline.contributions.gather import gather
from jsna_pipeline.errors import BuildError
from jsna_pipeline.governance.freezing import freeze
from jsna_pipeline.report.output import publish
from jsna_pipeline.returns.store import RecordStore
from jsna_pipeline.settings import Settings
from tests.builds import CASELOAD, EDITION, TIMELINESS, environment, jsna, plant, small_landing
from tests.published_text import EHC_PLANS, gzipped, land, many, row, text, zipped
from tests.returns import canaries

ZIP = zipped({"data/caseload.csv": text(many(200))})


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working folder without settings of anybody's."""
    names = ("CONFIG", "LANDING", "SOURCE", "EDITION", "STATE", "OUT", "AREAS", "RETURNS", "CONTRIBUTIONS", "AUDIENCE")
    for name in names:
        monkeypatch.delenv(f"JSNA_{name}", raising=False)
    monkeypatch.setenv("DAGSTER_HOME", "")
    monkeypatch.setenv("COLUMNS", "200")
    (tmp_path / "work").mkdir()
    monkeypatch.chdir(tmp_path / "work")
    return tmp_path / "work"


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def refused(result: Result) -> str:
    """The one sentence on standard error of a command that exits with 2; nothing follows it."""
    assert result.exit_code == 2, (result.output, result.exception)
    lines = [line for line in result.stderr.splitlines() if line.strip()]
    assert len(lines) == 1 and lines[0].startswith("jsna: ")
    return lines[0]


# --- look-ups -----------------------------------------------------------------------------------------


def test_areas_by_part_of_a_name_by_region_and_all() -> None:
    wigan = run("areas", "wig")
    assert wigan.exit_code == 0 and re.search(r"^E08000010  359  Wigan +wigan$", wigan.stdout, re.MULTILINE)
    assert wigan.stdout.splitlines()[0].split() == ["code", "DfE", "name", "slug"]
    assert len(run("areas", "North West").stdout.splitlines()) == 1 + 1 + 24  # heading, the region, its authorities
    assert len(run("areas").stdout.splitlines()) == 1 + 153
    assert "No area matches 'atlantis'; `jsna areas` alone lists all." in refused(run("areas", "atlantis"))


def test_indicators_by_id_name_or_chapter() -> None:
    assert "ehcp_within_20_weeks_excl" in run("indicators", "20 weeks").stdout
    by_chapter = run("indicators", "EHC_system").stdout.splitlines()
    assert len(by_chapter) > 5 and all(" ehc_system " in line for line in by_chapter[1:])
    assert len(run("indicators").stdout.splitlines()) > 40
    assert "No indicator matches 'shoe'" in refused(run("indicators", "shoe"))


def test_help_lists_the_commands() -> None:
    shown = run("--help")
    assert shown.exit_code == 0
    assert {"build", "status", "areas", "indicators", "export"} <= set(shown.stdout.split())
    assert {"template", "validate", "purge", "governance", "commentary", "verify"} <= set(shown.stdout.split())
    assert {"export", "import"} <= set(run("commentary", "--help").stdout.split())
    assert all(f"--{name}" in run("build", "--help").stdout for name in ("edition", "source", "landing", "out", "only"))


@pytest.mark.parametrize("arguments", [["areas", "wig"], ["indicators"], ["--help"]])
def test_a_look_up_never_waits_for_what_it_does_not_need(folder: Path, arguments: list[str]) -> None:
    script = (
        "import sys\nfrom jsna_pipeline.cli import app\n"
        f"try:\n    app({arguments!r})\nexcept SystemExit as ended:\n    assert not ended.code\n"
        "print('imported:', *sorted({name.split('.')[0] for name in sys.modules}))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=folder, env=environment(), capture_output=True, text=True, check=True
    )
    imported = set(done.stdout.rsplit("imported:", 1)[1].split())
    assert not imported & {"dagster", "pandera", "weasyprint", "pandas", "scipy", "pyarrow", "assets"}


# --- slips of a user ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["build", "Wigann"], "No area 'Wigann'. Did you mean Wigan"),
        (["build", "Wigan", "Atlantis"], "No area 'Atlantis'. Did you mean"),
        (["build", "E99999999"], "No area 'E99999999'. Did you mean"),
        (["build", "North West"], "North West is not a local authority"),
        (["build", "Cumbria"], r"Cumbria \(E10000006\) ended on 31 March 2023; use Cumberland or Westmorland"),
        (
            ["build", "Wigan", "--edition", "2031"],
            r"no published files for edition 2031 \(editions found in .*: 2022, 2025",
        ),
        (["status", "--edition", "banana"], "no published files for edition banana"),
        (["status", "--source", "landing"], "no folder is named; give --landing DIR"),
        (["status", "--landing", "absent"], "absent has no edition folder such as 2025"),
        (["status", "--landing", "x", "--source", "seeds"], "--landing names a folder, but --source is seeds; leave"),
        (["template", "therapy"], "There is no return or contribution 'therapy'; `jsna template` alone lists all"),
        (["purge", "--area", "Wigann"], "No area 'Wigann'. Did you mean Wigan"),
        (["purge"], "Say what to delete: --edition, --area, both, or --expired."),
        (["validate", "absent.csv"], "1 of 1 cannot be used: absent.csv"),
        (["verify", "Wigann"], "No area 'Wigann'. Did you mean Wigan"),
        (["verify", "Wigan"], "reports/seeds/2025/wigan is not frozen; an edition is once its sign-off says published"),
        (["commentary", "export", "Wigann"], "No area 'Wigann'. Did you mean Wigan"),
        (["commentary", "export", "Bolton"], r"Bolton has no folder 2025/bolton of contributions; see the README"),
        (["commentary", "import", "Bolton", "a.xlsx"], r"Bolton has no folder 2025/bolton of contributions"),
        (["commentary", "import", "Wigan", "a.xlsx"], "The example that comes with the program is not written to"),
        (["build", "Wigan", "--audience", "restricted", "--out", "x"], "--out is for the public report; a restricted"),
        (["export", "observation"], "No table 'observation'; the tables are observations"),
        (["export", "trends"], "Edition 2025 of source seeds has not been built; run `jsna build` first"),
    ],
)
def test_a_wrong_argument_is_one_sentence(arguments: list[str], said: str) -> None:
    assert re.search(said, refused(run(*arguments)))


@pytest.mark.parametrize(
    "arguments",
    [
        ["build", "Wigan", "--audience", "all"],
        ["validate"],
        ["build"],
        ["build", "Wigan", "--only", "word"],
        ["status", "--source", "live"],
        ["bild"],
    ],
)
def test_wrong_usage_exits_with_two_and_shows_what_is_right(arguments: list[str]) -> None:
    result = run(*arguments)
    assert result.exit_code == 2
    if "--only" in arguments:
        assert all(form in result.stderr for form in ("html", "pdf", "data"))


def test_a_misspelt_setting_is_named(folder: Path) -> None:
    (folder / "jsna.toml").write_text('landng = "files"\n')
    assert "Setting 'landng': there is no such setting" in refused(run("status"))
    result = jsna(folder, "status", JSNA_CONFIG="absent.toml")
    assert result.returncode == 2
    assert result.stderr == "jsna: JSNA_CONFIG names absent.toml, which is not a file; correct or unset it.\n"


def test_a_failed_build_exits_with_one(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object) -> None:
        raise BuildError("The run failed; its log is in the Dagster UI.")

    monkeypatch.setattr("assets.build.build", fails)
    result = run("build", "Wigan")
    assert result.exit_code == 1 and result.stderr == "jsna: The run failed; its log is in the Dagster UI.\n"


# --- faults of the files ------------------------------------------------------------------------------


def _in_place_of_a_file(root: Path) -> None:
    (root / EDITION / EHC_PLANS / "caseload.csv").mkdir(parents=True)


def _in_place_of_a_folder(root: Path) -> None:
    land(root, {EHC_PLANS: "x"}, folder=".")


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda root: land(root, {"plans.zip": ZIP[: len(ZIP) // 2]}), r"plans\.zip: the zip is damaged or cut short"),
        (
            lambda root: land(root, {"caseload.csv": gzipped(text(many(99)))[:-9]}),
            r"caseload\.csv: the archive is damaged",
        ),
        (lambda root: land(root, {"caseload.csv": b""}), r"caseload\.csv: the file is empty; download it again"),
        (_in_place_of_a_file, r"caseload\.csv: a folder where a published file was expected; put the file itself"),
        (_in_place_of_a_folder, "expected a folder with the publication's files, found a file; move it"),
    ],
    ids=["half a zip", "half a gz", "empty", "a folder for a file", "a file for a folder"],
)
def test_status_names_a_file_that_cannot_be_read(folder: Path, make: Callable[[Path], object], said: str) -> None:
    make(folder / "files")
    assert re.search(said, refused(run("status", "--landing", "files")))


def test_status_tells_what_is_there_and_what_is_not(folder: Path) -> None:
    land(folder / "files", {"assessments.csv": text([row((40, 10, 25))])})
    shown = run("status", "--landing", "files").stdout
    assert shown.splitlines()[0].endswith("edition 2025, data cut-off 2025-12-31.")
    states = {line.split()[1]: line.split()[0] for line in shown.splitlines()[2:]}
    assert (states["dfe__sen2_caseload"], states["dfe__sen2_assessments"]) == ("missing", "new")


def _without_required(landing: Path) -> None:
    (landing / EDITION / TIMELINESS).unlink()


def _wrong_column(landing: Path) -> None:
    plant(landing / EDITION / CASELOAD, "ehcplans", 1, "plans_held")


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (_without_required, r"no file like 'timeliness\*20\*week\*\.csv' for the required dataset .* from https://"),
        (_wrong_column, r"caseload\.csv, line 1: no column 'ehcplans' or 'num_caseload', which 'Number of EHC plans"),
        (
            lambda landing: plant(landing / EDITION / TIMELINESS, "new_la_code", 20, "E08000999"),
            r"timeliness_20_week\.csv: column 'new_la_code', line 20: area code 'E08000999' is not in the register",
        ),
    ],
    ids=["no required file", "wrong column", "unknown area code"],
)
def test_a_build_from_a_faulty_file_is_one_sentence_and_leaves_no_report(
    folder: Path, small_files: Path, spoil: Callable[[Path], object], said: str
) -> None:
    landing = small_landing(folder / "files")
    assert (landing / EDITION / CASELOAD).read_bytes() == (small_files / EDITION / CASELOAD).read_bytes()
    spoil(landing)
    result = run("build", "Wigan", "--landing", "files", "--only", "data")
    assert re.search(said, refused(result)) and not list(folder.glob("reports/**/*"))
    assert result.stdout.startswith(f"Source: landing ({landing}); edition {EDITION}.")


def test_only_one_format_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[list[str]] = []

    def noted(settings: object, areas: list, edition: str, formats: list[str], progress: object) -> None:
        asked.append([*(area.slug for area in areas), edition, *formats])
        raise BuildError("enough")

    monkeypatch.setattr("assets.build.build", noted)
    for form in ("html", "pdf", "data"):
        assert run("build", "359", "--only", form).exit_code == 1
    run("build", "Wigan", "E06000058", "cumberland")
    slugs = ["wigan", "bournemouth-christchurch-and-poole", "cumberland"]
    assert asked == [["wigan", "2025", form] for form in ("html", "pdf", "data")] + [
        [*slugs, "2025", "html", "pdf", "data"]
    ]


# --- the area's own returns ---------------------------------------------------------------------------

THERAPIES = "upn,sex,service,referral_date,first_contact_date,discharge_date,source\n"
REFERRAL = f"{canaries.UPNS[0]},M,speech_and_language,2024-09-02,2024-12-02,,school\n"
BAD = f"{canaries.MALFORMED_UPN},{canaries.SURNAMES[0]},{canaries.FORENAMES[0]},2011-08-23,x,,school\n"


def test_templates_are_listed_written_and_never_overwritten(folder: Path) -> None:
    listed = run("template").stdout.splitlines()
    assert listed[0].split() == ["name", "kind", "title"]
    assert [line for line in listed if re.match(r"therapies +template +Children's therapies", line)]
    made = run("template", "therapies", "--out", "empty", "--year", "2025")
    assert made.exit_code == 0, made.output
    paths = [Path(line) for line in made.stdout.splitlines()]
    assert folder / "empty/therapies.csv" in paths and all(path.is_file() for path in paths) and len(paths) > 1
    assert (folder / "empty/therapies.csv").read_text("utf-8-sig").startswith("upn,")
    (folder / "empty/therapies.csv").write_text(THERAPIES + REFERRAL)
    assert "therapies.csv" in refused(run("template", "therapies", "--out", "empty", "--year", "2025"))
    assert (folder / "empty/therapies.csv").read_text() == THERAPIES + REFERRAL


def test_a_good_return_is_told_and_its_report_is_private_on_request(folder: Path) -> None:
    (folder / "extract 2025.csv").write_text(THERAPIES + REFERRAL)
    plain = run("validate", "extract 2025.csv")
    assert plain.exit_code == 0 and not list(folder.glob("*.html"))
    assert plain.stdout.startswith("Children's therapies and community health, 2025: It can be used; no row of 1 is")
    kept = run("validate", "extract 2025.csv", "--return", "therapies", "--year", "2024", "--out", "found")
    assert kept.exit_code == 0 and ", 2024: " in kept.stdout
    written = sorted((folder / "found").iterdir())
    assert [path.name for path in written] == ["extract 2025.csv", "extract 2025.html"]
    assert all(stat.S_IMODE(path.stat().st_mode) == 0o600 and str(path) in kept.stdout for path in written)


def test_of_several_returns_each_is_told_and_one_that_cannot_be_used_gives_exit_code_two(folder: Path) -> None:
    (folder / "good.csv").write_text(THERAPIES + REFERRAL)
    (folder / "bad.csv").write_text(THERAPIES + BAD * 30)
    (folder / "other.csv").write_text(f"Fruit,{canaries.SURNAMES[1]}\n{canaries.POSTCODES[0]},{canaries.ULNS[0]}\n")
    result = run("validate", "bad.csv", "other.csv", "good.csv", "--out", "found")
    assert "2 of 3 cannot be used: bad.csv, other.csv." in refused(result)
    assert "other.csv: cannot be read as a return." in result.stdout
    assert "It cannot be used: more than " in result.stdout and "It can be used; no row of 1" in result.stdout
    shown = result.output + "".join(path.read_text("utf-8") for path in (folder / "found").iterdir())
    assert not [text for text in (*canaries.planted(), canaries.MALFORMED_UPN) if text in shown]
    assert {path.name for path in (folder / "found").iterdir()} == {
        "bad.csv", "bad.html", "good.csv", "good.html",
    }  # fmt: skip


def test_the_governance_page_says_what_is_kept_and_for_how_long() -> None:
    page = run("governance").stdout
    assert page.startswith("# ") and "retention" in page.lower() and "pseudonym" in page.lower()
    assert all(record.title in page for record in returns().values())


def test_purge_deletes_what_is_asked_and_says_what(folder: Path) -> None:
    assert run("purge", "--expired").stdout.splitlines()[-1] == "0 tables deleted."
    store = RecordStore(folder / ".jsna/seeds/restricted/records")
    for edition, slug in (("2024", "wigan"), ("2025", "wigan"), ("2025", "bolton")):
        store.write(edition, slug, "sen2_person", pl.DataFrame({"person": ["a"]}))
    made = folder / ".jsna/seeds/restricted/reports/2025"
    (made / "wigan").mkdir(parents=True)
    (made / "bolton").mkdir()
    gone = run("purge", "--edition", "2025", "--area", "Wigan")
    assert gone.exit_code == 0, gone.output
    assert gone.stdout.splitlines()[-1] == "1 table deleted." and "sen2_person" in gone.stdout
    assert not store.names("2025", "wigan")
    assert not (made / "wigan").exists() and (made / "bolton").exists()  # a report is made of the records
    assert store.names("2025", "bolton") and store.names("2024", "wigan")
    # A table that no index dates is left from a build that broke off, and past any retention.
    assert run("purge", "--expired").stdout.splitlines()[-1] == "2 tables deleted."


def test_returns_and_audience_reach_the_build_and_a_restricted_report_stays_in_the_store(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Settings] = []

    def noted(settings: Settings, *others: object) -> None:
        asked.append(settings)
        raise BuildError("enough")

    monkeypatch.setattr("assets.build.build", noted)
    run("build", "Wigan", "--returns", "ours", "--out", "made")
    run("build", "Wigan", "--audience", "restricted")
    assert asked[0].local_returns == folder / "ours" and asked[0].reports == folder / "made"
    assert (asked[0].audience, asked[1].audience) == ("public", "restricted")
    assert asked[1].reports == folder / ".jsna/seeds/restricted/reports"
    monkeypatch.setenv("JSNA_AUDIENCE", "restricted")
    assert "a restricted one stays in the restricted store" in refused(run("build", "Wigan", "--out", "made"))
    assert len(asked) == 2


# --- what the area writes -----------------------------------------------------------------------------


def test_an_empty_file_of_a_contribution_comes_with_its_guide(folder: Path) -> None:
    listed = run("template").stdout.splitlines()
    assert [line for line in listed if re.match(r"themes +contribution +Themes of what was said", line)]
    assert {"strategy", "sign_off", "milestones"} <= {line.split()[0] for line in listed if " contribution " in line}
    made = run("template", "themes", "--out", "empty")
    assert made.exit_code == 0, made.output
    assert made.stdout.splitlines() == [str(folder / "empty/themes.csv"), str(folder / "empty/themes-guide.md")]
    head, *rows = (folder / "empty/themes.csv").read_text("utf-8-sig").splitlines()
    assert head.split(",")[:3] == ["theme", "source", "audience"] and not rows
    guide = (folder / "empty/themes-guide.md").read_text("utf-8")
    assert all(f"| `{column}` |" in guide for column in head.split(","))
    assert "themes.csv" in refused(run("template", "themes", "--out", "empty"))


def test_the_empty_strategy_and_sign_off_explain_themselves_and_can_be_read_as_they_stand(folder: Path) -> None:
    area = folder / "ours/2025/wigan"
    strategy = run("template", "strategy", "--out", "ours/2025/wigan/strategies")
    sign_off = run("template", "sign_off", "--out", "ours/2025/wigan")
    assert strategy.stdout.splitlines() == [str(area / "strategies/strategy.yml")]
    assert sign_off.stdout.splitlines() == [str(area / "sign_off.yml")]
    found = gather(area, "2025", date(2025, 12, 31), date(2026, 1, 1))
    assert found.problems == () and "strategy" in found.strategies
    governance, told = found.governance()
    assert told == () and governance.sign_off.draft


def test_contributions_reach_the_build_and_what_was_left_out_is_told(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Settings] = []

    def built(settings: Settings, *others: object) -> BuildResult:
        asked.append(settings)
        return BuildResult({"wigan": folder / "report"}, tables_reused=True)

    monkeypatch.setattr("assets.build.build", built)
    (folder / "report").mkdir()
    (folder / "report/manifest.json").write_text('{"problems": ["themes.csv, row 2, column mentions: is blank."]}')
    result = run("build", "Wigan", "--contributions", "ours")
    assert result.exit_code == 0, result.output
    assert asked[0].contributions == folder / "ours"
    assert "Left out: themes.csv, row 2, column mentions: is blank." in result.stdout.splitlines()


def _filled(folder: Path, words: str) -> Path:
    """A workbook that went out to a contributor and came back with words."""
    asked = Contributor(name="Health team", role="Clinical officer", chapters=("health",))
    brief = ChapterBrief("health", "Health", "Who waits?", ("Long waits are common.",), ())
    (path,) = export_workbooks([brief], [asked], folder, "wigan", "2025")
    book = load_workbook(path)
    cells = {row[0].value: row[1] for row in reversed(list(book["health"].iter_rows()))}
    cells[workbook_layout.WORDS_LABEL].value = words
    cells[workbook_layout.DATE_LABEL].value = date(2025, 10, 1)
    book.save(path)
    return path


def test_a_workbook_comes_back_as_words_of_the_area(folder: Path) -> None:
    area = folder / "ours/2025/wigan"
    area.mkdir(parents=True)
    path = _filled(folder / "out", "We **know** what helps.")
    taken = run("commentary", "import", "Wigan", path, "--contributions", "ours")
    assert taken.exit_code == 0, taken.output
    assert taken.stdout.splitlines() == [str(area / "commentary/health-health-team.md")]
    (written,), problems = read_commentary(area, "2025")
    assert problems == () and (written.author, written.words) == ("Health team", "We **know** what helps.")
    again = run("commentary", "import", "Wigan", path, "--contributions", "ours")
    assert (again.exit_code, again.stdout) == (0, "")


def test_a_workbook_that_cannot_be_taken_is_told_and_the_others_are(folder: Path) -> None:
    (folder / "ours/2025/wigan").mkdir(parents=True)
    good = _filled(folder / "out", "Words.")
    bad = _filled(folder / "back", '=HYPERLINK("http://zebedee.example")')
    (folder / "notes.xlsx").write_text("Zebedee")
    taken = run("commentary", "import", "Wigan", bad, "notes.xlsx", good, "--contributions", "ours")
    assert taken.exit_code == 0, taken.output
    *left_out, path = taken.stdout.splitlines()
    assert [line.partition(": ")[0] for line in left_out] == ["Left out", "Left out"]
    assert "formula" in left_out[0] and "notes.xlsx" in left_out[1] and Path(path).is_file()
    assert "zebedee" not in taken.output.casefold()
    assert "there is no such file" in refused(
        run("commentary", "import", "Wigan", "absent.xlsx", "--contributions", "ours")
    )


def test_words_are_asked_for_once_the_edition_is_built() -> None:
    result = run("commentary", "export", "Wigan")
    assert result.exit_code == 1 and result.stderr.count("\n") == 1
    assert "the table is not there; run `jsna build` to make it." in result.stderr


# --- published editions -------------------------------------------------------------------------------


def test_a_published_edition_is_unchanged_or_it_is_said_what_is_not(folder: Path) -> None:
    """Exit codes: 2 before it is frozen, 0 as it was frozen, 1 where a file differs."""
    report = folder / "made/2025/wigan"
    told = {"fingerprint": "f", "area": {"name": "Wigan"}, "edition": "2025", "draft": False}
    publish(report, {"index.html": b"one", "data/trends.csv": b"a"}, told)
    assert "is not frozen" in refused(run("verify", "Wigan", "--out", "made"))
    seal = freeze(report, date(2026, 3, 7))
    kept = run("verify", "E08000010", "--out", "made", "--edition", "2025")
    assert kept.exit_code == 0
    assert kept.stdout == f"Unchanged since 2026-03-07. Digest of the seal: {seal.digest}\n"
    (report / "index.html").write_bytes(b"two")
    (report / "data/trends.csv").unlink()
    changed = run("verify", "Wigan", "--out", "made")
    assert changed.exit_code == 1 and changed.stdout == ""
    assert changed.stderr.endswith("is not what was published: data/trends.csv is missing; index.html is changed.\n")
