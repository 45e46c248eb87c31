"""The scenarios that an area adds to those of the catalogue, as YAML files in its own folder.

Here: reading `<area's folder>/scenarios/*.yml`, and the template from which a new one is written. Not here: the model
of a scenario (`catalogue/scenarios.py`), what follows from it (`scenarios.py`), or how a YAML file is read
(`contributions/reading.py`).

A faulty file is left out and told; the others are used.
"""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from jsna_pipeline.catalogue.scenarios import Scenario, scenarios
from jsna_pipeline.contributions.reading import Problem, read_named_records

FOLDER = "scenarios"
MOST_FILES = 12  # a table and a chart hold no more beside those of the catalogue


def area_scenarios(folder: Path) -> tuple[dict[str, Scenario], tuple[Problem, ...]]:
    """The scenarios in an area's folder of an edition by id, which is the file's name, and what is wrong with others.

    None and no problem where there is no such folder. In the order of tables. Raises nothing for what the files hold.
    """
    found, problems = read_named_records(folder / FOLDER, Scenario, "scenario", scenarios(), MOST_FILES)
    return dict(sorted(found.items(), key=lambda item: (item[1].order, item[0]))), problems


def scenario_template() -> str:
    """A commented scenario file, to be filled in and saved in the area's folder."""
    return files("jsna_pipeline.future").joinpath("scenario_template.yml").read_text("utf-8")
