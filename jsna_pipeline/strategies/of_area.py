"""The strategies that an area adds to those of the catalogue, as YAML files in its own folder.

Here: reading `<area's folder>/strategies/*.yml`, what holds between those files and the catalogue, and the
template from which a new one is written. Not here: the model of a strategy (`catalogue/strategies.py`) or how a
YAML file is read (`contributions/reading.py`).

A faulty file is left out and told; the others are used.
"""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from jsna_pipeline import geography
from jsna_pipeline.catalogue.strategies import Strategy, strategies
from jsna_pipeline.contributions.reading import Problem, read_named_records, record_line

FOLDER = "strategies"
MOST_FILES = 20  # a megabyte of YAML takes the parser ten seconds, and no area steers by more documents


def area_strategies(folder: Path) -> tuple[dict[str, Strategy], tuple[Problem, ...]]:
    """The strategies in an area's folder of an edition by id, which is the file's name, and what is wrong with others.

    None and no problem where there is no such folder. Raises nothing for what the files hold.
    """

    def fault(path: Path, name: str, strategy: Strategy) -> Problem | None:
        return _fault(path, name, folder.name, strategy)

    return read_named_records(folder / FOLDER, Strategy, "strategy", strategies(), MOST_FILES, fault)


def strategy_template() -> str:
    """A commented strategy file, to be filled in and saved in the area's folder."""
    return files("jsna_pipeline.strategies").joinpath("strategy_template.yml").read_text("utf-8")


def _fault(path: Path, name: str, slug: str, strategy: Strategy) -> Problem | None:
    """What the record alone cannot know of itself: whose folder it is in, and that its rows count from 1."""
    if slug in geography.slugs() and slug not in strategy.areas:
        line = record_line(path, ("areas",))
        return Problem(name, f"line {line}", f"is in the folder of {slug}, which it does not name; add it, or move it")
    for place, measure in enumerate(strategy.measures):
        if measure.row > len(strategy.measures):
            line = record_line(path, ("measures", place, "row"))
            what = f"is more than the file has measures; number them from 1 to {len(strategy.measures)}"
            return Problem(name, f"line {line}", what)
    return None
