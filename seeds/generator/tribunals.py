"""Appeals to the SEND Tribunal: the table for people that lies in the EHC-plan release.

Here: its title rows, two header rows, regional headings, footnote digits and notes, with the five authorities
that bear another's number. Not here: the release's own tables (`plan_tables`).
"""

from __future__ import annotations

import csv
import io

import numpy as np

from seeds.generator import plans
from seeds.generator.country import Ints, country, stream
from seeds.generator.figures import half_up
from seeds.generator.plans import FLOW_YEARS

NAME = "SEND Tribunals and appeal rate 2019-2024.csv"
TITLE = "SEND Appeal rate table 1: Appeal rate to the SEND Tribunal by local authorities in England 2019-20242,3"
NEW_BASIS = (
    "In development: Total Appealable Decisions1,8",
    "In development: SEND Tribunal Appeal Rate2",
)
WITHOUT_NEW_BASIS = ("Blackpool", "Redbridge", "Waltham Forest", "Reading", "Surrey", "Plymouth")
FOOTNOTES = {
    "Cumberland": "8", "Westmorland and Furness": "8", "Cumbria": "8", "Northamptonshire": "7",
    "North Northamptonshire": "7", "West Northamptonshire": "7", "Dorset": "6",
}  # fmt: skip
# As in the real table: these rows carry the number of another authority.
OTHERS_NUMBERS = {
    "Northamptonshire": "892", "Nottingham": "891", "Nottinghamshire": "928",
    "Central Bedfordshire": "873", "Cambridgeshire": "823",
}  # fmt: skip
NOTES = (
    "Synthetic figures, written by seeds/generate.py.",
    "1. Decisions open to appeal count every plan in force in January.",
    "9. Caution should be used when comparing 2023 with earlier years, for the collection changed.",
    ".. Not Available",
    "~ Suppressed ",
)


def content() -> bytes:
    """The file as published: with a byte-order mark, all years side by side."""
    rows = [[TITLE], [], [], _years(), _measures(), *_body(), [], ["Notes: "], *([note] for note in NOTES)]
    width = max(map(len, rows))
    target = io.StringIO()
    csv.writer(target, lineterminator="\n").writerows([*row, *[""] * (width - len(row))] for row in rows)
    return target.getvalue().encode("utf-8-sig")


def _years() -> list[str]:
    return ["Local Authority", "LA code", *[word for year in FLOW_YEARS for word in (str(year), "", "")], "", ""]


def _measures() -> list[str]:
    three = ["Appeals registered4", "Total Appealable Decisions1", "SEND Tribunal Appeal Rate2"]
    return ["", "", *three * len(FLOW_YEARS), *NEW_BASIS]


def _counts() -> tuple[Ints, Ints, Ints]:
    """Appeals and decisions by authority and year, and the decisions of 2024 on the new basis."""
    place = country()
    rng = stream("tribunal")
    january = plans.stock()[:, 1:]
    decisions = january + rng.binomial(january, 0.07)
    level = np.exp(0.5 * rng.standard_normal(place.size) - 0.15 * place.deprivation)
    level /= np.average(level, weights=decisions[:, -1])
    rising = np.array([0.018, 0.017, 0.018, 0.022, 0.025, 0.032])
    appeals = rng.binomial(decisions, np.clip(level[:, None] * rising, 0, 0.3))
    return appeals, decisions, rng.binomial(decisions[:, -1], 0.53)


def _body() -> list[list[str]]:
    """Regional headings with their authorities, then the two rows of England."""
    place = country()
    appeals, decisions, new_basis = _counts()
    blocks = [_block(year, appeals[:, at], decisions[:, at]) for at, year in enumerate(FLOW_YEARS)]
    last = place.at(f"{FLOW_YEARS[-1]}-12-31")
    names = list(last.areas["area_name"])
    known = np.array([name not in WITHOUT_NEW_BASIS for name in names])
    by_area = last.roll_up(np.column_stack([appeals[:, -1], new_basis]))[: len(names)]
    extra = {
        code: _rate(by_area[row, 0], by_area[row, 1])[1:] if known[row] else [" x ", "x"]
        for row, code in enumerate(last.areas["area_code"])
    }
    rows = []
    listed = _listed()
    for region, title in zip(place.regions["area_code"], place.regions["area_name"], strict=True):
        rows.append([title.upper()])
        for code, (name, number, home) in listed.items():
            if home == region:
                cells = [cell for block in blocks for cell in block.get(code, [" .. "] * 3)]
                rows.append([name + FOOTNOTES.get(name, ""), number, *cells, *extra.get(code, [" .. ", ""])])
    whole = [cell for at in range(len(FLOW_YEARS)) for cell in _rate(appeals[:, at].sum(), decisions[:, at].sum())]
    kept, total = by_area[known].sum(axis=0)
    new = _rate(appeals[:, -1].sum(), total)[1:]
    apart = [""] * (3 * (len(FLOW_YEARS) - 1))
    rows.append(["England Total4,9", "", *whole, *new])
    rows.append(["England total excluding suppressed", "", *apart, f"{kept:,}", "", "", *_rate(kept, total)[1:]])
    return rows


def _listed() -> dict[str, tuple[str, str, str]]:
    """Every authority of any year by code: name, number as printed, region."""
    found: dict[str, tuple[str, str, str]] = {}
    for year in FLOW_YEARS:
        areas = country().at(f"{year}-12-31").areas
        for code, name, number, region in zip(
            areas["area_code"], areas["area_name"], areas["dfe_code"], areas["region_code"], strict=True
        ):
            renamed = any(name == known[0] for known in found.values())
            if not renamed:
                found[code] = (name, OTHERS_NUMBERS.get(name, number), region)
    return dict(sorted(found.items(), key=lambda item: item[1][0]))


def _block(year: int, appeals: Ints, decisions: Ints) -> dict[str, list[str]]:
    """The three cells of one year by code of the row that they stand in."""
    vintage = country().at(f"{year}-12-31")
    sums = vintage.roll_up(np.column_stack([appeals, decisions]))
    row_of = {name: code for code, (name, _, _) in _listed().items()}
    return {row_of[name]: _rate(sums[row, 0], sums[row, 1]) for row, name in enumerate(vintage.areas["area_name"])}


def _rate(appeals: int, decisions: int) -> list[str]:
    """Appeals (a dash for none), decisions with thousands separators, and the rate in per cent."""
    rate = float(half_up(np.array([appeals]), np.array([decisions]), 1)[0])
    return [f"{appeals:,}" if appeals else " - ", f"{decisions:,}", "0.00%" if not appeals else f"{rate:.2f}%"]
