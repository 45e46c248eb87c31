"""All that one area has written for one edition, read from its folder.

Here: which files there are, in the order in which they are read, and their digests. Not here: what each file holds
(the module of its subject), what follows from all of them together (`jsna_pipeline/steering.py`), or person-level
returns.

Every file is optional, and a faulty one takes nothing else with it: its faults are told beside the rest.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from jsna_pipeline.catalogue.inspection import InspectionFramework, framework_on
from jsna_pipeline.catalogue.scenarios import Scenario
from jsna_pipeline.catalogue.strategies import Strategy, strategies
from jsna_pipeline.commentary.reading import Commentary, read_commentary
from jsna_pipeline.commissioning.plan import Commissioning, read_commissioning
from jsna_pipeline.contributions.reading import Problem
from jsna_pipeline.fingerprints import digest
from jsna_pipeline.future.finance import Finance, read_finance
from jsna_pipeline.future.own_scenarios import area_scenarios
from jsna_pipeline.governance.records import AreaGovernance, read_governance
from jsna_pipeline.self_evaluation import SelfEvaluation, read_self_evaluation
from jsna_pipeline.strategies.of_area import area_strategies
from jsna_pipeline.strategies.reported import NOTHING_REPORTED, ReportedFigures, read_reported
from jsna_pipeline.voice.reading import Voice, read_voice


@dataclass(frozen=True)
class ContributedFile:
    """One file below the area's folder."""

    name: str
    bytes: int
    sha256: str


@dataclass(frozen=True)
class Contributions:
    """What an area has written for an edition; everything blank where it has written nothing.

    `strategies` are the catalogue's and the area's own. `problems` are faults of all files but those of governance,
    which depend on what else is wrong (`governance`).
    """

    edition: str
    cut_off: date
    today: date
    folder: Path | None = None
    strategies: Mapping[str, Strategy] = field(default_factory=strategies)
    framework: InspectionFramework = field(default_factory=lambda: framework_on(date.max))
    reported: ReportedFigures = NOTHING_REPORTED
    voice: Voice = field(default_factory=Voice)
    self_evaluation: SelfEvaluation = field(default_factory=lambda: SelfEvaluation({}))
    commissioning: Commissioning = field(default_factory=Commissioning)
    commentary: tuple[Commentary, ...] = ()
    scenarios: Mapping[str, Scenario] = field(default_factory=dict)  # the area's own, beside those of the catalogue
    finance: Finance | None = None  # its high-needs budget and balance
    problems: tuple[Problem, ...] = ()
    files: tuple[ContributedFile, ...] = ()

    @property
    def digest(self) -> str:
        """Changes whenever a file does; not with `today`, which only tells what is dated ahead: that is a problem."""
        return digest(*(f"{one.name} {one.sha256}" for one in self.files))

    def governance(self, blocking: tuple[Problem, ...] = ()) -> tuple[AreaGovernance, tuple[Problem, ...]]:
        """Who answers for the edition, and what is wrong with those files; `blocking` keeps approval from counting."""
        if self.folder is None:
            return AreaGovernance(self.edition, self.cut_off), ()
        return read_governance(self.folder, self.edition, self.today, cut_off=self.cut_off, blocking=blocking)


def gather(folder: Path | None, edition: str, cut_off: date, today: date) -> Contributions:
    """Everything in the area's `folder` of `edition`; None where the area has none. Never raises for a file."""
    framework = framework_on(cut_off)
    if folder is None:
        return Contributions(edition, cut_off, today, framework=framework)
    own, told = area_strategies(folder)
    chosen = {**strategies(), **own}
    reported, of_reported = read_reported(folder, chosen)
    voice, of_voice = read_voice(folder)
    evaluation, of_evaluation = read_self_evaluation(folder, framework)
    rows = [f"{one.id}/{measure.row}" for one in chosen.values() for measure in one.measures]
    commissioning, of_commissioning = read_commissioning(folder, rows)
    commentary, of_commentary = read_commentary(folder, edition)
    supposed, of_scenarios = area_scenarios(folder)
    finance, of_finance = read_finance(folder, today)
    problems = (
        *told,
        *of_reported,
        *of_voice,
        *of_evaluation,
        *of_commissioning,
        *of_commentary,
        *of_scenarios,
        *of_finance,
    )
    return Contributions(
        edition=edition,
        cut_off=cut_off,
        today=today,
        folder=folder,
        strategies=chosen,
        framework=framework,
        reported=reported,
        voice=voice,
        self_evaluation=evaluation,
        commissioning=commissioning,
        commentary=commentary,
        scenarios=supposed,
        finance=finance,
        problems=problems,
        files=_files(folder),
    )


def _files(folder: Path) -> tuple[ContributedFile, ...]:
    paths = sorted(path for path in folder.rglob("*") if path.is_file() and not path.name.startswith("."))
    return tuple(
        ContributedFile(
            path.relative_to(folder).as_posix(), path.stat().st_size, hashlib.sha256(path.read_bytes()).hexdigest()
        )
        for path in paths
    )
