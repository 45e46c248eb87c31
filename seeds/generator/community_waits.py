"""NHS England's workbook of waiting lists for community health services, August 2025.

Here: the tables 1, 4 and 4a to 4g in the layout since December 2023 (header on row 5, codes in the
second column). Table 4 is the sum of the seven bands, boards and England the sums of the providers
that submitted. Not here: who the providers are (`nhs_places`).
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from seeds.generator.country import Floats, Ints, stream
from seeds.generator.nhs_places import BOARDS, PROVIDERS
from seeds.generator.writing import write, xlsx_bytes

MONTH = "August 2025"
NOT_SUBMITTED = "RXF"
"""The provider whose row is blank throughout."""

# Waiting per thousand children (or, for adults, per thousand children as a size) and the share of
# providers that offer the service; the last number shifts its waits towards the long bands.
SERVICES: dict[str, tuple[float, float, float]] = {
    "(A) Adult safeguarding": (0.02, 0.3, 0.0),
    "(A) Audiology": (2.6, 0.5, 0.1),
    "(A) Musculoskeletal service": (25.0, 0.7, 0.1),
    "(A) Podiatry and podiatric surgery": (7.5, 0.8, 0.0),
    "(A) Therapy interventions: Physiotherapy": (4.0, 0.6, 0.0),
    "(A) Therapy interventions: Speech and language": (1.8, 0.8, 0.0),
    "(CYP) Antenatal, new-born and children screening and immunisation services": (0.4, 0.2, -0.3),
    "(CYP) Audiology": (2.2, 0.5, 0.1),
    "(CYP) Child health information service": (0.05, 0.1, -0.5),
    "(CYP) Community nursing services (planned care and rapid response teams)": (0.2, 0.6, -0.4),
    "(CYP) Community paediatric service": (14.0, 0.75, 0.9),
    "(CYP) Looked after children teams": (0.06, 0.4, -0.4),
    "(CYP) New-born hearing screening": (0.05, 0.2, -0.6),
    "(CYP) Nursing and Therapy teams support for long term conditions": (0.4, 0.4, 0.0),
    "(CYP) Rapid Response Services": (0.01, 0.1, -0.8),
    "(CYP) Safeguarding": (0.01, 0.2, -0.5),
    "(CYP) Therapy interventions: Dietetics": (0.8, 0.7, 0.1),
    "(CYP) Therapy interventions: Occupational therapy": (2.4, 0.8, 0.4),
    "(CYP) Therapy interventions: Orthotics": (0.2, 0.2, 0.0),
    "(CYP) Therapy interventions: Physiotherapy": (1.6, 0.85, 0.0),
    "(CYP) Therapy interventions: Speech and language": (7.2, 0.85, 0.4),
    "(CYP) Vision screening": (0.4, 0.2, 0.0),
    "(CYP) Wheelchair, orthotics, prosthetics and equipment": (0.3, 0.4, 0.2),
}
WITHHELD = ("(A) Adult safeguarding", "(CYP) Looked after children teams", "(CYP) Safeguarding")
"""Published for England only, without bands, so that nobody can be told from them."""

BANDS = {
    "4a": "Number waiting >0-1 weeks (0-7 days)", "4b": "Number waiting >1-2 weeks (8-14 days)",
    "4c": "Number waiting >2-4 weeks (15-28 days)", "4d": "Number waiting >4-12 weeks (29-84 days)",
    "4e": "Number waiting >12-18 weeks (85-126 days)", "4f": "Number waiting >18-52 weeks (127-364 days)",
    "4g": "Number waiting over 52 weeks (over 365 days)",
}  # fmt: skip
_BAND_SHARE = np.array([0.07, 0.07, 0.12, 0.30, 0.13, 0.24, 0.07])
NOTES = (
    "Blanks indicate no organisation submitted for the service line.",
    "SYNTHETIC figures. Data are by provider, added up for boards and England; who did not submit is missing.",
    "* Data for safeguarding and looked after children teams are only published at national level.",
)


def publish(folder: Path) -> list[Path]:
    return [write(folder / "community_health_2025-10-01.xlsx", xlsx_bytes(sheets()))]


def _waiting() -> tuple[Ints, NDArray[np.bool_]]:
    """People waiting by provider, service and band (68 x 23 x 7), and which lines were submitted."""
    rng = stream("community waits")
    size = np.array([provider[3] for provider in PROVIDERS], float)
    level, offered, longer = (np.array(column) for column in zip(*SERVICES.values(), strict=True))
    has = rng.random((len(size), len(SERVICES))) < offered
    # The four areas that must work from the first day have the lines that their report needs.
    needed = [name.startswith("(CYP) Therapy") or "paediatric" in name for name in SERVICES]
    has[:4] |= np.array(needed)
    has[[provider[0] for provider in PROVIDERS].index(NOT_SUBMITTED)] = False
    expected = size[:, None] * level * np.exp(rng.normal(-0.1, 0.55, has.shape))
    listed = rng.poisson(expected) * has
    shift = longer[None, :] + rng.normal(0, 0.25, has.shape)
    weights: Floats = _BAND_SHARE * np.exp(shift[..., None] * np.linspace(-1, 1.6, 7))
    return rng.multinomial(listed, weights / weights.sum(axis=2, keepdims=True)), has


def sheets() -> dict[str, list[list[object]]]:
    waiting, has = _waiting()
    book: dict[str, list[list[object]]] = {
        "Cover page": [["Title:", "Community Health Services Waiting Times"], ["Status:", "SYNTHETIC"],
                       ["Basis:", "Provider"], ["Published:", "01/10/2025"]],
        "Contents": [["Contents"], [f"Table 4: Total waiting list by service, {MONTH}"]],
        "Table 1": _submissions(has),
        "Table 4": _table(f"Total waiting list by service, {MONTH}", waiting.sum(axis=2), has, banded=False),
    }  # fmt: skip
    for at, (number, title) in enumerate(BANDS.items()):
        book[f"Table {number}"] = _table(f"{title} by service, {MONTH}", waiting[:, :, at], has, banded=True)
    return book


def _submissions(has: NDArray[np.bool_]) -> list[list[object]]:
    missing: NDArray[np.bool_] = np.logical_not(np.any(has, axis=1))
    rows: list[list[object]] = [
        [f"Number of organisations of {len(PROVIDERS)} providers in scope that did not submit data"],
        [None],
        ["Organisation Type", "Organisation Name", "Aug-25"],
        [None, "England", int(missing.sum())],
    ]
    rows += [["ICB", name, int(missing[_members(code)].sum())] for code, name in BOARDS.items()]
    return rows


def _members(board: str) -> list[int]:
    """Positions of a board's providers."""
    return [at for at, provider in enumerate(PROVIDERS) if provider[2] == board]


def _table(title: str, counts: Ints, has: NDArray[np.bool_], *, banded: bool) -> list[list[object]]:
    """One sheet: title, three notes, the header on row 5, England, the boards, the providers."""
    rows: list[list[object]] = [[text] for text in (title, *NOTES)]
    rows.append(["Organisation Type", "Organisation Code", "Organisation Name", *SERVICES])
    england = _cells(counts.sum(axis=0), np.logical_or.reduce(has, axis=0), national=not banded)
    rows.append(["National", None, "England", *england])
    for code, name in sorted(BOARDS.items(), key=lambda board: board[1]):
        members = _members(code)
        if members:
            cells = _cells(counts[members].sum(axis=0), np.logical_or.reduce(has[members], axis=0), national=False)
            rows.append(["ICB", code, name.upper(), *cells])
    order = sorted(range(len(PROVIDERS)), key=lambda at: PROVIDERS[at][1])
    for at in order:
        code, name = PROVIDERS[at][:2]
        rows.append(["Provider", code, name, *_cells(counts[at], has[at], national=False)])
    return rows


def _cells(counts: Ints, submitted: NDArray[np.bool_], *, national: bool) -> list[object]:
    """A blank is "nobody submitted", 0 is "nobody waits"; withheld services show only in England's list."""
    shown = submitted & np.array([national or name not in WITHHELD for name in SERVICES])
    return [int(value) if show else None for value, show in zip(counts, shown, strict=True)]
