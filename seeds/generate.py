"""Writes the synthetic default input: `python -m seeds.generate [FOLDER]`, default this package's own folder.

Here: which publications there are, their origin notes, and the order of writing; the person-level returns of
one imaginary area are written beside them. Not here: how any of them is drawn or laid out
(`seeds/generator/`). The run takes about a minute, needs no network and gives the same bytes every time.
"""

from __future__ import annotations

import argparse
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from tempfile import TemporaryDirectory

from seeds.generator import (
    attainment,
    community_waits,
    deprivation,
    fingertips,
    lait_files,
    local_returns,
    mental_health,
    participation,
    plan_history,
    plan_tables,
    population,
    school_places,
    schools,
    schools_grant,
    social_care,
    social_care_needs,
    survey,
)
from seeds.generator.writing import write

EDITION, RETURNS = "2025", "returns"
ENDED = "2022"  # the last edition that published a series which later ones still read
CONTRIBUTED = Path("contributions", EDITION, "wigan")  # beside the answers to surveys, files written by hand


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
        "requests, assessments, timeliness and reviews only; breakdowns of new plans begin in 2023. On purpose, with "
        "the gaps where the real release of 2025 has them: Blackpool and Reading returned no reviews, Hackney and "
        "Peterborough only the totals of their plans of January 2024. Of our own: Rutland returned no requests for "
        "2020 and Gateshead has negative outstanding decisions. The guidance in the archive says so too.",
    ),
    Publication(
        "local-authority-interactive-tool", DFE,
        "Local Authority Interactive Tool, with its dictionary and the statistical neighbours of May 2025",
        lait_files.publish,
        "The measures' short names, units and years are those of the tool; names and descriptions are our own. "
        "Figures that the tool repeats (on EHC plans, children in need and looked after, participation, "
        "qualifications by 19 and the early years profile) are those of the synthetic releases beside. Six or seven "
        "years are kept of most measures. The neighbours are the nearest in invented features: they are not the real "
        "model's.",
    ),
    Publication(
        "population-estimates", "Office for National Statistics", "Mid-year population estimates, mid-2024",
        population.publish,
        "The workbook has the three sheets of single years of age and that of births, deaths and moves (MYE3) only, "
        "for England, its regions and upper-tier authorities. Its ages 0 to 17 add up to the under-18 series of 2024.",
    ),
    Publication(
        "school-pupils-and-their-characteristics", DFE, "Schools, pupils and their characteristics",
        schools.publish_census,
        "Pupils by type of school; ethnic groups and year groups for all pupils of January 2025 only; alternative "
        "provision that schools arrange for January 2024 and 2025, kinds of setting for all pupils only. Wigan's "
        "pupils of January 2025 are as many as its own education strategy states.",
    ),
    Publication(
        "pupil-attendance-in-schools", DFE, "Pupil attendance in schools: year to date", schools.publish_attendance,
        "The school year 2025/26 to date. Counts of the types of school add up to `Total`; `c` where an authority "
        "has a single special school.",
    ),
    Publication(
        "characteristics-of-children-in-need", DFE, "Children in need: tables b1, b2, b3 and c3, and SEN of 2022",
        social_care_needs.publish_children_in_need,
        "Counts of regions and England are rounded to 10; counts under 6 of an authority are `c`; Hackney is "
        "missing in 2021 and Herefordshire of low reliability in 2024. The special educational needs end in "
        "2021/22, as the real ones by authority do.",
    ),
    Publication(
        "children-looked-after-in-england", DFE,
        "Children looked after in England: numbers and rates, health and convictions",
        social_care_needs.publish_looked_after,
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
        "dedicated-schools-grant", DFE, "Dedicated schools grant: totals by year and blocks of 2022 to 2023",
        schools_grant.publish,
        "The workbook of blocks has the sheets and columns that are read, and lacks its type member as the real one "
        "does. London stands twice in each sheet.",
    ),
    Publication(
        "school-places-scorecard", DFE, "School places scorecard, 2023 to 2025", school_places.publish,
        "Only the columns that are read and the cost of a place, which is national in every row as in the real file. "
        "London is one region. Forecasts are `Low` for the City of London and the Isles of Scilly.",
    ),
    Publication(
        "early-years-foundation-stage-profile-results", DFE, "Early years foundation stage profile results",
        attainment.publish_early_years,
        "Headline measures of 2024/25, by sex for the whole only, and the closed series of 2016/17 to 2018/19. The "
        "levels of authorities agree with the synthetic Local Authority Interactive Tool.",
    ),
    Publication(
        "level-2-and-3-attainment-age-16-to-25", DFE, "Level 2 and 3 attainment age 16 to 25: authority dashboard",
        attainment.publish_qualifications,
        "Cohorts that turned 19 in 2021 to 2024, and that of 2025 with 0 in what is counted at 19, as in the real "
        "file. Levels by SEN agree with the synthetic Local Authority Interactive Tool.",
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
        "January 2024 to June 2025, ages 0 to 17 and 18 to 24. Counts are rounded to 5, under 5 hidden.",
    ),
    Publication(
        "mental-health-services-monthly-statistics", NHS, "Mental health services monthly statistics: time series",
        mental_health.publish_mental_health,
        "January 2024 to June 2025, nine measures of children and young people. Counts below England are rounded "
        "to 5 and hidden under 5; shares come from the counts before rounding.",
    ),
    Publication(
        "indices-of-deprivation-2019", "Ministry of Housing, Communities and Local Government",
        "English indices of deprivation 2019: Files 1, 2 and 6", deprivation.publish,
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

ENDED_SERIES = (
    Publication(
        "education-health-and-care-plans", DFE, "Education, health and care plans: reporting year 2022",
        plan_history.publish,
        "Two tables of the release: statements and EHC plans by age band, January 2010 to 2022, flat until 2015 and "
        "then growing by 6 to 11 % a year, and requests for assessment from 2016. The plans of January 2020 to 2022 "
        "and the requests of 2019 to 2021 are those of the release of 2025, but for its gaps.",
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


RETURNS_ORIGIN = """# Origin of the files below this folder

**Synthetic.** Made by `seeds/generate.py`; no real child, school, postcode or figure is in these files, and
none may be quoted.

They are person-level returns and extracts of an imaginary authority that bears Wigan's name, in the layouts that
`jsna_pipeline/catalogue/returns/` declares: `<edition>/wigan/<return>/<files>`.

* Persons are drawn with a fixed seed. Names come from short lists. UPNs have the authority number 999, ULNs begin
  with 9990, postcodes with ZZ, school numbers with 900: none of them can be real, and their check letters and
  digits are right. The names of wards and localities are Wigan's; ward codes (E05999...) are invented.
* The two editions follow the same persons from January 2024 to January 2025.
* Plans, requests, assessments and the roll of the schools are those that `../2025` publishes for Wigan.
* A few cells of SEN2 and of the school census are wrong on purpose; see `../README.md`.

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


def generate_ended(destination: Path) -> list[Path]:
    """Writes the files of the last edition of series that have ended below `destination` and returns them."""
    return generate(destination, ENDED_SERIES)


def generate_returns(destination: Path) -> list[Path]:
    """Writes the person-level returns of every edition below `destination` and returns the files."""
    return [*local_returns.publish(destination), write(destination / "ORIGIN.md", RETURNS_ORIGIN.encode())]


def main() -> None:
    """The command line: writes the files and says how much there is of them."""
    parser = argparse.ArgumentParser(prog="python -m seeds.generate", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("folder", nargs="?", type=Path, help="where to write; default: this package's own folder")
    folder = parser.parse_args().folder or Path(str(resources.files("seeds")))
    written = [
        path
        for name, make in {EDITION: generate, ENDED: generate_ended, RETURNS: generate_returns}.items()
        for path in _anew(folder / name, make)
    ]
    written += survey.publish(folder / CONTRIBUTED)
    size = sum(path.stat().st_size for path in written)
    print(f"{len(written)} files, {size / 1e6:.1f} MB, in {folder}")


def _anew(own: Path, make: Callable[[Path], list[Path]]) -> list[Path]:
    """Writes a folder anew, so that no file of an earlier run stays; a failed run changes nothing."""
    own.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=own.parent) as workshop:
        make(Path(workshop) / own.name)
        shutil.rmtree(own, ignore_errors=True)
        shutil.move(Path(workshop) / own.name, own)
    return [path for path in own.rglob("*") if path.is_file()]


if __name__ == "__main__":
    main()
