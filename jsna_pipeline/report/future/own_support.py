"""SEN support ahead by first need, where the schools' own census says who has it now.

Here: the protected counts of the census, grown as all SEN support of the area is expected to grow, in words and a
table. Not here: that growth (`future/sen_support.py`) or plans by need (`expected_plans.py`).

No file that is published says how SEN support divides by need in an authority. Grown by one factor, every future keeps
its rank: the limits of a part are its count times the limits of the whole over its base.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from jsna_pipeline.future.composition_counts import january_label
from jsna_pipeline.future.sen_support import TINY
from jsna_pipeline.future.tables import Measure
from jsna_pipeline.report import formatting
from jsna_pipeline.report.front.own_records import LABEL
from jsna_pipeline.report.future import rows, words
from jsna_pipeline.report.leads.own_records import OwnRecords, own_records
from jsna_pipeline.report.local_words import category_words
from jsna_pipeline.report.model import Statement, Table
from jsna_pipeline.report.view import AreaView, each_row

CENSUS = "pupils_with_sen_by_need"
SUPPORT = "sen_support"


@dataclass(frozen=True)
class ByNeed:
    """Printed counts of the census by first need, of TINY or more, the largest first, and the years ahead."""

    counts: tuple[tuple[str, float], ...]
    when: str
    years: tuple[Any, ...]  # rows of Projections with a figure, in order

    @staticmethod
    def grown(count: float, row: Any) -> tuple[float, float, float]:
        """Middle and 95% limits of what a count of today would be in the year of `row`."""
        growth = count / row.base
        return row.central * growth, row.lower_95 * growth, row.upper_95 * growth


def by_need(view: AreaView) -> ByNeed | None:
    """SEN support by need; None without a forecast, or without a census of its January with two such needs."""
    own = own_records(view, CENSUS)
    found = rows.projected(view, measure=Measure.SEN_SUPPORT)
    years = tuple(each_row(found.loc[found["central"].notna() & found["base"].gt(0)]))
    if own is None or not years or own.counts.empty:
        return None
    counts = _printed(own)
    if len(counts) < 2 or set(own.counts["period"]) != {january_label(int(years[0].base_year))}:
        return None
    return ByNeed(counts, own.when, years)


def _printed(own: OwnRecords) -> tuple[tuple[str, float], ...]:
    known = ((need, own.count(primary_need=need, sen_stage=SUPPORT)) for need in own.categories("primary_need"))
    large = ((need, count) for need, count in known if count is not None and count >= TINY)
    return tuple(sorted(large, key=lambda one: (-one[1], one[0])))


def needs_sentence(view: AreaView) -> Statement | None:
    """The two largest needs in the first year ahead."""
    made = by_need(view)
    if made is None:
        return None
    first = made.years[0]
    (most, most_now), (second, second_now) = made.counts[:2]
    middle, lower, upper = made.grown(most_now, first)
    text = (
        f"If SEN support grows alike for every first need from the schools’ own census of {made.when}, about "
        f"{words.counted(middle, 'pupils', lower, upper)} would have it in January {first.year} for "
        f"{category_words('primary_need', most)}, and about {words.with_range(*made.grown(second_now, first))} for "
        f"{category_words('primary_need', second)}."
    )
    return Statement(text, "neutral", LABEL)


def needs_table(view: AreaView) -> Table | None:
    """Every need that is printed: in the census, in the first year ahead and in the last."""
    made = by_need(view)
    if made is None:
        return None
    shown = [made.years[0], *([made.years[-1]] if len(made.years) > 1 else [])]
    body = []
    for need, count in made.counts:
        cells = [formatting.sentence(category_words("primary_need", need)), formatting.number(count)]
        for row in shown:
            middle, lower, upper = made.grown(count, row)
            cells += [words.cell(middle), words.range_cell(lower, upper)]
        body.append(tuple(cells))
    return Table(
        table_id="future-plans-sen-support-needs",
        caption=f"Pupils expected to have SEN support by first need, schools of {view.area.name} (provisional)",
        columns=(
            "First need",
            f"Census, {made.when}",
            *(head for row in shown for head in (f"January {row.year}", "95 in 100")),
        ),
        rows=tuple(body),
        numeric=(False, *(True,) * (1 + 2 * len(shown))),
        notes=(
            "The counts of the census, grown as all SEN support is expected to: the range does not cover a change in "
            f"needs. Needs of fewer than {TINY} pupils are left out: their number can change a great deal.",
        ),
        in_pdf=False,
    )
