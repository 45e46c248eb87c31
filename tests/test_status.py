"""`jsna status`: missing, late, expected, new and present, on a fixed day."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from jsna_pipeline.catalogue.datasets import datasets
from jsna_pipeline.settings import Settings
from jsna_pipeline.sources.folder import LandingFolder
from jsna_pipeline.status import status_table
from jsna_pipeline.storage import TableFolder, write_table
from tests.published_text import land, row, text


def settings_for(root: Path) -> Settings:
    return Settings(source="landing", landing=root, state=root / "state", base=root)


def states(settings: Settings, today: date) -> dict[str, str]:
    return {line[1]: line[0] for line in status_table(settings, "2025", today)}


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return settings_for(land(tmp_path, {"assessments.csv": text([row((40, 10, 25))])}))


def test_each_state_on_its_day(settings: Settings) -> None:
    june = states(settings, date(2025, 6, 29))
    assert june["dfe__sen2_caseload"] == june["dfe__sen2_timeliness"] == "missing"
    assert june["dfe__sen2_assessments"] == "new"
    assert june["dfe__sen2_requests"] == "expected"  # due in June, which has not ended
    assert june["dfe__statistical_neighbours"] == "late"  # May
    assert june["dfe__cla"] == "expected"  # November
    assert states(settings, date(2025, 6, 30))["dfe__sen2_requests"] == "late"
    # Long after the edition's cut-off its files are judged as at the cut-off.
    assert states(settings, date(2031, 1, 1))["dfe__cla"] == "late"
    early = states(settings, date(2024, 1, 1))
    # A series that ended with an earlier edition is not waited for.
    ended = [name for name, dataset in datasets().items() if dataset.files[0].edition]
    assert "dfe__sen2_age_bands_to_2022" in ended
    assert {early.pop(name) for name in ended} == {"late"}
    assert set(early.values()) == {"missing", "new", "expected"}


def test_a_file_is_present_once_it_has_been_built_and_new_again_when_it_changes(settings: Settings) -> None:
    (file,) = LandingFolder(settings.published_files, "2025").find(datasets()["dfe__sen2_assessments"]).chosen
    built = pd.DataFrame({"sha256": [file.sha256]})
    write_table(built, TableFolder(settings.tables).path("evidence_sources", "2025"))
    assert states(settings, date(2025, 7, 1))["dfe__sen2_assessments"] == "present"
    land(settings.published_files, {"assessments.csv": text([row((41, 10, 24.4))])})
    assert states(settings, date(2025, 7, 1))["dfe__sen2_assessments"] == "new"


def test_urgent_states_come_first_with_file_months_and_chapters(settings: Settings) -> None:
    table = status_table(settings, "2025", date(2025, 7, 1))
    order = ["missing", "late", "new", "expected", "present"]
    assert [line[0] for line in table] == sorted((line[0] for line in table), key=order.index)
    lines = {line[1]: line for line in table}
    assert set(lines) == set(datasets())
    assert lines["dfe__sen2_caseload"][2:4] == ["education-health-and-care-plans/caseload*.csv", "Jun"]
    ended = "2022/education-health-and-care-plans/sen2_age_caseload*.csv"
    assert lines["dfe__sen2_age_bands_to_2022"][2:4] == [ended, "May"]
    assert lines["dfe__sen2_assessments"][2] == "2025/education-health-and-care-plans/assessments.csv"
    assert lines["dfe__lait"][3] == "most months"
    assert lines["dfe__statistical_neighbours"][4] == "comparisons and look-ups"
    assert "EHC" in lines["dfe__sen2_timeliness"][4] or "plan" in lines["dfe__sen2_timeliness"][4]
