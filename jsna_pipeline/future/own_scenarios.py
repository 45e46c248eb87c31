"""The scenarios that an area adds to those of the catalogue, as YAML files in its own folder.

Here: reading `<area's folder>/scenarios/*.yml`, and the template from which a new one is written. Not here: the model
of a scenario (`catalogue/scenarios.py`), what follows from it (`scenarios.py`), or how a YAML file is read
(`contributions/reading.py`).

A faulty file is left out and told; the others are used.
"""

from __future__ import annotations

import re
from importlib.resources import files
from pathlib import Path

from jsna_pipeline.catalogue.scenarios import Scenario, scenarios
from jsna_pipeline.contributions.reading import Problem, read_record

FOLDER = "scenarios"
FILE_NAME = re.compile(r"[a-z][a-z0-9_]{1,59}\.yml")
MOST_FILES = 12  # a table and a chart hold no more beside those of the catalogue


def area_scenarios(folder: Path) -> tuple[dict[str, Scenario], tuple[Problem, ...]]:
    """The scenarios in an area's folder of an edition by id, which is the file's name, and what is wrong with others.

    None and no problem where there is no such folder. In the order of tables. Raises nothing for what the files hold.
    """
    found: dict[str, Scenario] = {}
    problems: list[Problem] = []
    paths = sorted(path for path in (folder / FOLDER).glob("*.y*ml") if path.is_file())
    for path in paths[:MOST_FILES]:
        read = _scenario(path, f"{FOLDER}/{path.name}")
        if isinstance(read, Problem):
            problems.append(read)
        else:
            found[read.id] = read
    if len(paths) > MOST_FILES:
        problems.append(Problem(FOLDER, "", f"holds more than {MOST_FILES} files; the others are not read"))
    return dict(sorted(found.items(), key=lambda item: (item[1].order, item[0]))), tuple(problems)


def scenario_template() -> str:
    """A commented scenario file, to be filled in and saved in the area's folder."""
    return files("jsna_pipeline.future").joinpath("scenario_template.yml").read_text("utf-8")


def _scenario(path: Path, name: str) -> Scenario | Problem:
    if not FILE_NAME.fullmatch(path.name):
        what = "its name becomes the scenario's id; use small letters, digits and underscores, and end it with .yml"
        return Problem(name, "", what)
    if path.stem in scenarios():
        return Problem(name, "", "a scenario of the catalogue has this id already; give the file another name")
    read = read_record(path, Scenario, name, id=path.stem)
    if read is None:
        return Problem(name, "", "is empty; `jsna template scenario` writes one to fill in")
    return read
