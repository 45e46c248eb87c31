"""The words beside the data: README.md, LICENCE.txt and CITATION.cff, made from the report and its tables.

Here: how the files are opened, what a status means, on what terms they may be used and how they are cited. Not here:
the machine's description (`schema.py`), or the notes of the workbook (`sheets.py`).

Names that people wrote (owner, author) are hostile: they are escaped for Markdown and quoted for YAML.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

import pandas as pd
import yaml

from jsna_pipeline.report import formatting
from jsna_pipeline.report.datapack.contents import DESCRIPTIONS, FUTURE, LOCAL, REFERENCE, STEERING, TITLES, is_own
from jsna_pipeline.report.datapack.marking import UNNAMED, markings
from jsna_pipeline.report.datapack.star import RELATIONS, Star
from jsna_pipeline.report.model import Report
from jsna_pipeline.report.view import AreaView
from jsna_pipeline.vocabulary import Status

OGL_PAGE = "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/"
MARKDOWN = re.compile(r"([\\`*_\[\]<>#|~&])")
STATUS_MEANINGS: Mapping[Status, str] = {
    Status.OK: "the figure is there",
    Status.SUPPRESSED: "hidden so that no child can be recognised",
    Status.UNAVAILABLE: "not collected, not published or not returned",
    Status.NOT_APPLICABLE: "no such figure exists for this area, period or group",
    Status.ROUNDS_TO_ZERO: "not zero, but it rounds to zero",
    Status.LOW_RELIABILITY: "rests on too little to be relied on; it may be there with this warning",
}


# --- README -------------------------------------------------------------------------------------------


def readme(made: Report, view: AreaView, tables: Mapping[str, pd.DataFrame], star: Star) -> bytes:
    parts = [
        _opening(made),
        _files(tables),
        _opening_them(),
        _status_words(),
        _caveats(made, view, tables),
        _star_part(star),
        _terms(made),
    ]
    return ("\n\n".join(parts) + "\n").encode("utf-8")


def _opening(made: Report) -> str:
    marks = [f"**{sentence}**" for sentence in markings(made)]
    lines = [
        f"# Data of the {made.title}: {plain(made.area_name)}",
        *marks,
        f"{made.subtitle}. Edition {made.edition}, data cut-off {formatting.date_words(made.cut_off)}.",
        f"Owner: {plain(made.governance.owner)}. Author: {plain(made.governance.author)}.",
    ]
    return "\n\n".join(lines)


def _files(tables: Mapping[str, pd.DataFrame]) -> str:
    rows = [f"| `{name}` | {len(table):,} | {TITLES[name]}. {DESCRIPTIONS[name]} |" for name, table in tables.items()]
    rows += [f"| `{name}` (CSV only) | | {DESCRIPTIONS[name]} |" for name in REFERENCE]
    return "\n".join(
        [
            "## The files",
            "",
            "Each table is there as CSV (`.csv`) and, for programs, as Parquet (`.parquet`).",
            "",
            "| Table | Rows | What it holds |",
            "| --- | ---: | --- |",
            *rows,
            "",
            "- `datapackage.json` describes every column: type, meaning, unit and allowed values.",
            "- `star/` holds the published figures as facts and dimensions, for Power BI.",
            "- `LICENCE.txt` says on what terms you may use the data; `CITATION.cff` how to cite them.",
            "- `../jsna-data.xlsx` holds the same tables for reading.",
        ]
    )


def _opening_them() -> str:
    return """## How to open them

**Excel.** Open `jsna-data.xlsx`. If you need a CSV file, use Data, From Text/CSV, and choose 65001: Unicode (UTF-8). \
Set columns of codes and periods to Text, or Excel may turn them into numbers and dates.

**Power BI.** Get data, Parquet, one file of `star/` after the other. Relate the tables as listed below.

**R.**

```r
figures <- arrow::read_parquet("observations.parquet")
late <- subset(figures, indicator_id == "ehcp_within_20_weeks_excl" & dimension == "total")
```

**Python.**

```python
import pandas as pd
figures = pd.read_parquet("observations.parquet")
late = figures.query("indicator_id == 'ehcp_within_20_weeks_excl' and dimension == 'total'")
```"""


def _status_words() -> str:
    rows = [f"| `{status.value}` | {meaning} |" for status, meaning in STATUS_MEANINGS.items()]
    return "\n".join(["## What the column `status` says", "", "| Word | Meaning |", "| --- | --- |", *rows])


def _caveats(made: Report, view: AreaView, tables: Mapping[str, pd.DataFrame]) -> str:
    points = [
        "A missing value is blank. It is never zero: the column `status` says why it is missing.",
        "Percentages run from 0 to 100.",
        "Values are rounded half up, as their publishers round them. Limits of intervals are not rounded.",
        "`dimension` and `category` are both `total` for the whole population.",
        "A January count keeps the label of its school year: `2024/25` is January 2025.",
        "Text that a spreadsheet would run as a formula begins with an apostrophe in the CSV files.",
        "Figures of NHS bodies are theirs. They cover more or less than the local authority.",
        f"The ten statistical neighbours are those of the {plain(made.neighbours_model)}.",
    ]
    if any(len(tables.get(name, ())) for name in FUTURE):
        points += [
            "`projections`, `scenarios` and `expected_need` hold numbers that are expected, with their ranges. None "
            "is a "
            "target, and a person’s right to an assessment depends on none. `backtest` says how wrong the method has "
            "been.",
            "Their `status` is `ok`, `widened` (its range is wider than the method’s own) or `withheld`; `reason` "
            "says why.",
        ]
    if any(name in LOCAL for name in tables):
        points += [
            f"Files that begin with `local_` are counted from {plain(made.area_name)}’s own returns. They are "
            "provisional: compare them neither with other years nor with other areas.",
            "Small numbers are not hidden in this copy: it is for named readers alone."
            if view.restricted
            else "Small numbers of own records are hidden, and others with them where a hidden one could be worked "
            "out. Do not try to work them out.",
        ]
    if any(name in STEERING for name in tables):
        points.append("Verdicts, exceptions and answers to surveys are the area’s own and may change until approval.")
    return "\n".join(["## Before you use a figure", "", *(f"- {point}" for point in points)])


def _star_part(star: Star) -> str:
    lines = [
        "## The star schema",
        "",
        "Every relation is one to many, from the dimension to the fact, on the whole-number key that both have. "
        "No key is missing. The folder holds published figures only.",
        "",
        "| Fact | Key | Dimension |",
        "| --- | --- | --- |",
        *(
            f"| `{fact}` | `{key}` | `{dimension}` |"
            for fact, relations in RELATIONS.items()
            for key, dimension in relations.items()
        ),
        "",
        "In `dim_period` sort `period_in_words` by `last_day`. In a trend the period is the last of its series. "
        "Never add up percentages or rates: add up `numerator` and `denominator` and divide.",
        "",
        "| Table | Rows |",
        "| --- | ---: |",
        *(f"| `{name}` | {len(table):,} |" for name, table in star.tables.items()),
    ]
    return "\n".join(lines)


def _terms(made: Report) -> str:
    return (
        "## Terms\n\n"
        f"Published figures: [Open Government Licence v3.0]({OGL_PAGE}). What else holds is in `LICENCE.txt`. "
        f"Please cite the edition ({made.edition}) with the data."
    )


def plain(text: str) -> str:
    """What people wrote, so that Markdown prints it as it is: on one line, and nothing in it is markup."""
    return MARKDOWN.sub(r"\\\1", " ".join(text.split()))


# --- licence and citation -----------------------------------------------------------------------------------


def licence(made: Report, tables: Mapping[str, pd.DataFrame]) -> bytes:
    """The Open Government Licence for published figures, with the attribution it asks for; and what is outside it."""
    publishers = list(dict.fromkeys(f"{one.publisher} ({one.licence})" for one in made.sources if one.present))
    own = [name for name in tables if is_own(name)]
    lines = [
        f"Licence of the data: {made.title}, {made.area_name}, edition {made.edition}",
        *markings(made),
        "",
        "1. Published figures",
        "",
        "Contains public sector information licensed under the Open Government Licence v3.0:",
        OGL_PAGE,
        "You may copy, publish, adapt and use these figures, also commercially, if you name the source.",
        "",
        "The information comes from:",
        *(f"- {publisher}" for publisher in publishers),
        "",
        "Figures computed from it (comparisons, trends, intervals, ranks) are not official statistics.",
    ]
    if own:
        lines += ["", "2. The area's own records, surveys and strategies", "", *_own_terms(made, own)]
    return ("\n".join(lines) + "\n").encode("utf-8")


def _own_terms(made: Report, own: list[str]) -> list[str]:
    lines = [
        "These files are not under the Open Government Licence unless their owner says so:",
        *(f"- {name}.csv and {name}.parquet" for name in own),
        f"They belong to {made.area_name}’s local area partnership. Ask the owner of the report before you use them.",
    ]
    if any(name in LOCAL for name in own):
        lines.append("Own records are provisional. Do not try to identify any child, or to work out a hidden figure.")
    if made.restricted:
        lines.append("This copy is for named readers alone. Do not pass it on.")
    return lines


def citation(made: Report, tables: Mapping[str, pd.DataFrame]) -> bytes:
    """A citation in the Citation File Format, version 1.2.0."""
    named = list(dict.fromkeys([made.governance.owner, made.governance.author]))
    authors = [" ".join(name.split()) for name in named if name.strip() and name != UNNAMED]
    told = {
        "cff-version": "1.2.0",
        "message": "If you use these data, please cite them as below.",
        "type": "dataset",
        "title": f"{made.title}: {made.area_name}. {made.subtitle}",
        "abstract": " ".join([*markings(made), f"Data of the report, edition {made.edition}."]),
        "authors": [{"name": name} for name in authors] or [{"name": f"{made.area_name}, owner not yet named"}],
        "version": made.edition,
        "date-released": made.cut_off.isoformat(),
        "keywords": ["SEND", "JSNA", "special educational needs", made.area_name],
    }
    if not any(is_own(name) for name in tables):
        told["license"] = "OGL-UK-3.0"  # of part of the files it would say too much
    return yaml.safe_dump(told, sort_keys=False, allow_unicode=True, width=1000).encode("utf-8")
