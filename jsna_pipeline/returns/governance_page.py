"""The page on local returns for information governance officers, as Markdown.

Here: what of the page follows from the catalogue, so that it cannot differ from what is read and kept. Not
here: its fixed text (`report_templates/information_governance.md.j2`), or the guidance of each template
(`templates.py`).
"""

from __future__ import annotations

from importlib import resources

import jinja2

from jsna_pipeline.catalogue.returns import ColumnKind, returns
from jsna_pipeline.linking import KEY_BYTES, KEY_VARIABLE
from jsna_pipeline.returns.store import INDEX

TEMPLATE = "information_governance.md.j2"

# What a return holds, and what the store keeps of it; every kind of column has a line.
KEPT: dict[tuple[ColumnKind, ...], tuple[str, str]] = {
    (ColumnKind.UPN, ColumnKind.ULN): (
        "Unique pupil number, unique learner number",
        "a pseudonym under the linking key, and which of the numbers it was made of",
    ),
    (ColumnKind.LOCAL_ID,): (
        "A system's own number for a person",
        "a pseudonym that links within its own return alone, unless it stands beside a pupil or learner number",
    ),
    (ColumnKind.NAME,): ("Names", "nothing"),
    (ColumnKind.BIRTH_DATE,): ("Date of birth", "the month of birth"),
    (ColumnKind.POSTCODE,): ("Postcode", "ward and locality, where a lookup of small areas is delivered; else nothing"),
    (ColumnKind.ROW_KEY, ColumnKind.PARENT_KEY): (
        "Numbers of rows",
        "new numbers, which join the tables of one return",
    ),
    (ColumnKind.CODE, ColumnKind.FLAG): ("Codes, yes and no", "as delivered, where the code is one of the list"),
    (ColumnKind.DATE,): ("Dates of events", "the day"),
    (ColumnKind.COUNT, ColumnKind.AMOUNT): ("Numbers and amounts", "as delivered"),
    (ColumnKind.ESTABLISHMENT, ColumnKind.LABEL): (
        "Schools and other places and services",
        "as delivered, unless it has the shape of a number, date of birth or postcode of a person",
    ),
}


def governance_page() -> str:
    """The page as Markdown text, one table row for each return of the catalogue."""
    template = resources.files("report_templates").joinpath(TEMPLATE).read_text(encoding="utf-8")
    environment = jinja2.Environment(
        autoescape=False,  # noqa: S701 - Markdown of reviewed records, no page and nothing from a file
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    return environment.from_string(template).render(
        returns=[record.model_copy(update=_cells(record.model_dump())) for record in returns().values()],
        kinds=list(KEPT.values()),
        key_bytes=KEY_BYTES,
        key_variable=KEY_VARIABLE,
        index=INDEX,
    )


def _cells(record: dict[str, object]) -> dict[str, str]:
    """The texts of a record as they can stand in a cell of a Markdown table: one line, no bars."""
    return {
        name: " ".join(value.split()).replace("|", "/")
        for name, value in record.items()
        if isinstance(value, str) and name != "id"
    }
