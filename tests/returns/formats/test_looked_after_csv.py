"""The files of the return on children looked after are known by their columns, whatever their names."""

from __future__ import annotations

from pathlib import Path

import pytest

from jsna_pipeline.catalogue.returns import Return, returns
from jsna_pipeline.errors import InputError
from jsna_pipeline.returns.delivered import delivered_files
from jsna_pipeline.returns.formats import looked_after_csv

HEADER = "CHILD,SEX,DOB,ETHNIC,UPN,MOTHER,MC_DOB\nA17,1,03/04/2012,WBRI,un4,0,\nB2,2,05/06/2015,MWBC,A123456789012,,\n"
EPISODES = (
    "CHILD,DECOM,RNE,LS,CIN,PLACE,PLACE_PROVIDER,DEC,REC,REASON_PLACE_CHANGE,HOME_POST,PL_POST,URN\n"
    "A17,01/02/2024,S,C2,N1,U4,PR1,,,,WN1 1AA,WN2 2BB,SC000001\n"
)
OC2 = (
    "CHILD,DOB,SDQ_SCORE,SDQ_REASON,CONVICTED,HEALTH_CHECK,IMMUNISATIONS,TEETH_CHECK,HEALTH_ASSESSMENT,SUBSTANCE_MISUSE,"
    "INTERVENTION_RECEIVED,INTERVENTION_OFFERED\nA17,03/04/2012,14,,0,,1,1,0,0,,\n"
)
UASC = "CHILD,SEX,DOB,DUC\nA17,1,03/04/2012,\n"


@pytest.fixture
def looked_after() -> Return:
    return returns()["looked_after"]


def test_children_episodes_and_outcomes_share_the_number_of_the_child(tmp_path: Path, looked_after: Return) -> None:
    for name, text in {"903 one.csv": UASC, "two.csv": EPISODES, "three.csv": OC2, "x_header.csv": HEADER}.items():
        (tmp_path / name).write_text(text)
    raw = looked_after_csv.read(delivered_files(tmp_path), looked_after, 2025)
    children = raw.tables["child"].collect()
    assert children.select("child_key", "local_id", "upn", "upn_unknown").rows() == [
        ("A17", "A17", None, "UN4"),
        ("B2", "B2", "A123456789012", None),
    ]
    assert raw.tables["episode"].collect().row(0, named=True) == {
        "child_key": "A17",
        "start_date": "01/02/2024",
        "reason_new_episode": "S",
        "legal_status": "C2",
        "category_of_need": "N1",
        "placement": "U4",
        "end_date": None,
        "end_reason": None,
        "file": "two.csv",
        "row": 2,
    }
    assert raw.tables["outcome"].collect()["sdq_score"].to_list() == ["14"]
    assert "903 one.csv: not read; its columns are those of no table of the return." in raw.notes


def test_outcomes_may_be_absent_but_episodes_may_not(tmp_path: Path, looked_after: Return) -> None:
    (tmp_path / "header.csv").write_text(HEADER)
    with pytest.raises(InputError, match=r"no file of episodes of care \(columns CHILD, DECOM, RNE, .*REC\)"):
        looked_after_csv.read(delivered_files(tmp_path), looked_after, 2025)
    (tmp_path / "episodes.csv").write_text(EPISODES)
    assert set(looked_after_csv.read(delivered_files(tmp_path), looked_after, 2025).tables) == {"child", "episode"}


def test_last_year_s_file_beside_this_year_s_is_refused(tmp_path: Path, looked_after: Return) -> None:
    (tmp_path / "header.csv").write_text(HEADER)
    (tmp_path / "header_last.csv").write_text(HEADER)
    with pytest.raises(InputError, match=r"header\.csv and header_last\.csv both hold children; keep the one"):
        looked_after_csv.read(delivered_files(tmp_path), looked_after, 2025)
