"""All that an area holds of what children, young people and families say, read from its folder of the edition.

Here: the frozen whole and its one reading function. Not here: the kinds of row (`registers.py`) or of survey
(`survey.py`).
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path

from jsna_pipeline.contributions.reading import Problem, read_rows
from jsna_pipeline.voice.registers import (
    Consultation,
    ForumStatement,
    HeldBack,
    Quotation,
    Theme,
    YouSaid,
    held_back,
)
from jsna_pipeline.voice.survey import Survey, read_surveys

FILES = {
    "themes.csv": Theme,
    "quotations.csv": Quotation,
    "you_said.csv": YouSaid,
    "consultations.csv": Consultation,
    "statements.csv": ForumStatement,
}


@dataclass(frozen=True)
class Voice:
    """What was said. `quotations` are those with consent in force; the words of others were never kept."""

    surveys: tuple[Survey, ...] = ()
    themes: tuple[Theme, ...] = ()
    quotations: tuple[Quotation, ...] = ()
    held_back: HeldBack = field(default_factory=HeldBack)
    you_said: tuple[YouSaid, ...] = ()
    consultations: tuple[Consultation, ...] = ()
    statements: tuple[ForumStatement, ...] = ()

    @property
    def is_empty(self) -> bool:
        return self == replace(Voice(), held_back=self.held_back)


def read_voice(folder: Path) -> tuple[Voice, tuple[Problem, ...]]:
    """Surveys and registers of an area's folder; each file may be missing, and a faulty row is told and left out."""
    surveys, problems = read_surveys(folder)
    themes = read_rows(folder / "themes.csv", Theme)
    quotations = read_rows(folder / "quotations.csv", Quotation)
    you_said = read_rows(folder / "you_said.csv", YouSaid)
    consultations = read_rows(folder / "consultations.csv", Consultation)
    statements = read_rows(folder / "statements.csv", ForumStatement)
    voice = Voice(
        surveys=surveys,
        themes=themes.rows,
        quotations=tuple(one for one in quotations.rows if one.in_force),
        held_back=held_back(quotations.rows),
        you_said=_once(you_said.rows),
        consultations=consultations.rows,
        statements=statements.rows,
    )
    registers = (themes, quotations, you_said, consultations, statements)
    told = (*problems, *(problem for rows in registers for problem in rows.problems), *_repeated(you_said.rows))
    return voice, told


def _once(items: tuple[YouSaid, ...]) -> tuple[YouSaid, ...]:
    """The last row of each id: a register is written on, and what stands below is newer."""
    return tuple({one.id: one for one in items}.values())


def _repeated(items: tuple[YouSaid, ...]) -> list[Problem]:
    kept = {one.row for one in _once(items)}
    return [
        Problem("you_said.csv", f"row {one.row}", "has an id that a later row repeats; the later row is used")
        for one in items
        if one.row not in kept
    ]
