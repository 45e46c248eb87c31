"""Writes the synthetic default input: `python -m seeds.generate [FOLDER]`, default this package's `2025`.

Here: which publications there are, their origin notes, and the order of writing. Not here: how any
of them is drawn or laid out (`seeds/generator/`). The run takes well under a minute, needs no
network and gives the same bytes every time.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

from seeds.generator import (
    community_waits,
    deprivation,
    fingertips,
    lait,
    mental_health,
    participation,
    plan_tables,
    population,
    schools,
    social_care,
)
from seeds.generator.writing import write

EDITION = "2025"


@dataclass(frozen=True)
class Publication:
    """A publication folder: who publishes the real one, what imitates it, and what is special here."""

    folder: str
    publisher: str
    title: str
    publish: Callable[[Path], list[Path]]
    note: str


DFE = "Department for Education"
NHS = "NHS England"

PUBLICATIONS = (
    Publication(
        "education-health-and-care-plans", DFE, "Education, health and care plans: reporting year 2025",
        plan_tables.publish,
        "January counts 2019/20 to 2024/25, calendar years 2019 to 2024. Ethnicity is in the tables of plans, "
        "requests, assessments, timeliness and reviews only. On purpose, as in real releases: Slough and Torbay "
        "returned no reviews, Medway only the total of its plans of January 2024, Rutland no requests for 2020, and "
        "Gateshead has negative outstanding decisions. The guidance in the archive says so too.",
    ),
    Publication(
        "local-authority-interactive-tool", DFE,
        "Local Authority Interactive Tool, with its dictionary and the statistical neighbours of May 2025",
        lait.publish,
        "The measures' short names, units and years are those of the tool; names and descriptions are our own. "
        "Figures about EHC plans agree with the synthetic release beside. The neighbours are the nearest in "
        "invented features: they are not the real model's.",
    ),
    Publication(
        "population-estimates", "Office for National Statistics", "Mid-year population estimates, mid-2024",
        population.publish,
        "The workbook has the three sheets of single years of age only, for England, its regions and upper-tier "
        "authorities. Its ages 0 to 17 add up to the under-18 series of 2024.",
    ),
    Publication(
        "school-pupils-and-their-characteristics", DFE, "Schools, pupils and their characteristics",
        schools.publish_census,
        "Pupils by type of school; ethnic groups for all pupils of January 2025 only; no rows by year group. Wigan's "
        "pupils of January 2021 are those that its own education strategy states.",
    ),
    Publication(
        "pupil-attendance-in-schools", DFE, "Pupil attendance in schools: year to date", schools.publish_attendance,
        "The school year 2025/26 to date. Counts of the types of school add up to `Total`; `c` where an authority "
        "has a single special school.",
    ),
    Publication(
        "characteristics-of-children-in-need", DFE, "Children in need: tables b1 and b2",
        social_care.publish_children_in_need,
        "Counts of regions and England are rounded to 10; counts under 6 of an authority are `c`; Hackney is "
        "missing in 2021 and Herefordshire of low reliability in 2024.",
    ),
    Publication(
        "children-looked-after-in-england", DFE, "Children looked after in England: numbers and rates",
        social_care.publish_looked_after,
        "Populations are those of the mid-year before. Cumbria and its successors have rows in all years, with `x` "
        "and `z` where they did not exist.",
    ),
    Publication(
        "outcomes-for-children-in-need", DFE, "Outcomes for children in need and looked after",
        social_care.publish_outcomes,
        "Absence was not published for 2019/20, key stage 2 for 2019/20 and 2020/21, progress scores of key stage "
        "2 not at all. Small counts are `c`.",
    ),
    Publication(
        "neet-and-participation", DFE, "Participation: dashboard of local authorities, 2025", participation.publish,
        "Shares not in education, employment or training agree with the synthetic Local Authority Interactive Tool.",
    ),
    Publication(
        "fingertips", "Office for Health Improvement and Disparities", "Public health profiles (Fingertips)",
        fingertips.publish,
        "Four indicators in the native export of upper-tier authorities, with percentages that agree with the "
        "synthetic Local Authority Interactive Tool; no inequality splits.",
    ),
    Publication(
        "community-health-services-waiting-lists", NHS, "Community health services waiting lists, August 2025",
        community_waits.publish,
        "68 providers and 23 services; boards and England add up those that submitted. Mid Yorkshire did not. "
        "Each provider is given to one board, which simplifies.",
    ),
    Publication(
        "autism-waiting-times", NHS, "Autism statistics by sub-ICB location", mental_health.publish_autism,
        "January 2024 to June 2025, ages 0 to 17. Counts are rounded to 5, under 5 hidden.",
    ),
    Publication(
        "mental-health-services-monthly-statistics", NHS, "Mental health services monthly statistics: time series",
        mental_health.publish_mental_health,
        "January 2024 to June 2025, seven measures of children and young people. Counts below England are rounded "
        "to 5 and hidden under 5; shares come from the counts before rounding.",
    ),
    Publication(
        "indices-of-deprivation-2019", "Ministry of Housing, Communities and Local Government",
        "English indices of deprivation 2019: Files 1 and 6", deprivation.publish,
        "About 8,000 imaginary small areas with codes from E01900000, four times the real size. A county's small "
        "areas lie in two of its districts.",
    ),
    Publication(
        "geography", "compiled for this project", "Districts and the upper-tier authorities they are or were in",
        deprivation.publish_hierarchy,
        "No figures: codes and names only. Of today's counties two districts each are listed, as many as the "
        "synthetic small areas need.",
    ),
)  # fmt: skip

ORIGIN = """# Origin of the files in this folder

**Synthetic.** Made by `seeds/generate.py`; no real figure is in these files, and none may be quoted.

They imitate the layout (file names, headers, markers, line ends) of: *{title}*, {publisher}.
The names and codes of areas are real. Sizes follow public magnitudes rounded to two significant
digits (`seeds/generator/magnitudes.csv`); everything else was drawn at random with a fixed seed.

{note}

To rewrite them: `python -m seeds.generate`.
"""


def generate(destination: Path, publications: Sequence[Publication] = PUBLICATIONS) -> list[Path]:
    """Writes every publication below `destination` and returns the files, origin notes included."""
    written: list[Path] = []
    for publication in publications:
        folder = destination / publication.folder
        written += publication.publish(folder)
        text = ORIGIN.format(title=publication.title, publisher=publication.publisher, note=publication.note)
        written.append(write(folder / "ORIGIN.md", text.encode()))
    return written


def main() -> None:
    """The command line: writes the files and says how much there is of them."""
    parser = argparse.ArgumentParser(prog="python -m seeds.generate", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("folder", nargs="?", type=Path, help="where to write; default: this package's own folder")
    folder = parser.parse_args().folder or Path(str(resources.files("seeds"))) / EDITION
    written = generate(folder)
    size = sum(path.stat().st_size for path in written)
    print(f"{len(written)} files, {size / 1e6:.1f} MB, in {folder}")


if __name__ == "__main__":
    main()
