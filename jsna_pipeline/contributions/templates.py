"""Empty files of what people of an area write, each with a page that says what its columns hold.

Here: the list of all such files, and writing one. A new kind of file is one more line of `templates`. Not here: the
columns and their meaning (the row models of each subject), reading a filled file (`reading.py`), or the templates of
person-level returns (`jsna_pipeline/returns/templates.py`).
"""

from __future__ import annotations

import codecs
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from jsna_pipeline.commentary import contributors
from jsna_pipeline.commissioning import plan
from jsna_pipeline.contributions.reading import ContributedRow, template_csv, template_guide
from jsna_pipeline.errors import InputError
from jsna_pipeline.future import finance
from jsna_pipeline.future.own_scenarios import scenario_template
from jsna_pipeline.governance import logs, partners, sign_off
from jsna_pipeline.new_files import EMPTY_FILE, write_new
from jsna_pipeline.self_evaluation import FILE as SELF_EVALUATION
from jsna_pipeline.self_evaluation import SelfEvaluationRow
from jsna_pipeline.strategies import reported
from jsna_pipeline.strategies.of_area import strategy_template
from jsna_pipeline.voice import registers


@dataclass(frozen=True)
class ContributionTemplate:
    """One file that an area may write. A file of rows has a `model`; a record's empty file explains itself."""

    file: str
    title: str
    model: type[ContributedRow] | None = None
    record: str = ""

    @property
    def name(self) -> str:
        return self.file.partition(".")[0]


@cache
def templates() -> dict[str, ContributionTemplate]:
    """Every template by its name, the file's without its ending."""
    found = (
        ContributionTemplate(reported.MILESTONES, "Milestones of the strategies", reported.MilestoneRow),
        ContributionTemplate(reported.FIGURES, "Figures that the area counts itself", reported.ReportedRow),
        ContributionTemplate(reported.COMMENTARY, "What managers say of measures not met", reported.CommentaryRow),
        ContributionTemplate("themes.csv", "Themes of what was said", registers.Theme),
        ContributionTemplate("quotations.csv", "Quotations, with consent", registers.Quotation),
        ContributionTemplate("you_said.csv", "You said, we did", registers.YouSaid),
        ContributionTemplate("consultations.csv", "Consultations and co-production", registers.Consultation),
        ContributionTemplate("statements.csv", "Statements by forums", registers.ForumStatement),
        ContributionTemplate(SELF_EVALUATION, "Self-evaluation against the inspection criteria", SelfEvaluationRow),
        ContributionTemplate(plan.PROPOSALS, "Proposals for commissioning", plan.Proposal),
        ContributionTemplate(plan.SERVICES, "Services and assets", plan.Service),
        ContributionTemplate(plan.DECISIONS, "Decisions sought", plan.Decision),
        ContributionTemplate(contributors.FILE, "Who is asked for words", contributors.Contributor),
        ContributionTemplate(partners.FILE, "What partners were asked for", partners.Contribution),
        ContributionTemplate(logs.ASSUMPTIONS, "Assumptions", logs.Assumption),
        ContributionTemplate(logs.DECISIONS, "Decisions taken by boards", logs.Decision),
        ContributionTemplate(logs.ERRATA, "Errata of a correction", logs.Erratum),
        ContributionTemplate(
            "strategy.yml", "A strategy of the area, for its folder strategies", record=strategy_template()
        ),
        ContributionTemplate(
            "scenario.yml", "A scenario of the area, for its folder scenarios", record=scenario_template()
        ),
        ContributionTemplate(finance.FILE, "High-needs budget and balance", record=finance.TEMPLATE),
        ContributionTemplate(sign_off.FILE, "Sign-off", record=sign_off.TEMPLATE),
    )
    return {one.name: one for one in found}


def write_contribution_template(name: str, folder: Path) -> list[Path]:
    """Writes the empty file, and for a file of rows its guide `<name>-guide.md`, into `folder`; returns the paths.

    Raises InputError where there is no such template, or, before anything is written, where a file exists: it may
    be a filled one.
    """
    if name not in templates():
        raise InputError(f"There is no contribution {name!r}; the templates are {', '.join(templates())}.")
    one = templates()[name]
    contents = {one.file: empty_file(one)}
    if one.model is not None:
        contents[f"{name}-guide.md"] = guide(one, one.model).encode("utf-8")
    return write_new(contents, folder, *EMPTY_FILE)


def empty_file(one: ContributionTemplate) -> bytes:
    """UTF-8; a CSV file with a byte order mark, without which spreadsheet programs misread accents, and CRLF."""
    if one.model is None:
        return one.record.encode("utf-8")
    return codecs.BOM_UTF8 + template_csv(one.model).replace("\n", "\r\n").encode("utf-8")


def guide(one: ContributionTemplate, model: type[ContributedRow]) -> str:
    """The page on a file of rows, as Markdown."""
    lines = [
        f"# {one.title}: `{one.file}`",
        "",
        " ".join((model.__doc__ or "").partition("\n\n")[0].split()),
        "",
        "Keep the header line as it is and write one row below it for each case. Leave a cell blank where there is "
        "nothing to say. Save the file as “CSV UTF-8” and put it into the area's folder of the edition.",
        "",
        "| Column | Needed | What it holds |",
        "|---|---|---|",
        *(f"| `{column}` | {needed} | {_cell(holds)} |" for column, needed, holds in template_guide(model)),
        "",
    ]
    return "\n".join(lines)


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")
