"""Spine charts of an area: its measures among all authorities, chosen from the facts of the catalogue.

Here: which measures a chart holds, and what its title and text say. Not here: the spread of the authorities
(`report/national.py`) or the drawing (`report/charts/spine.py`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from jsna_pipeline.catalogue.chapters import chapters
from jsna_pipeline.findings import Facts
from jsna_pipeline.report import formatting
from jsna_pipeline.report.charts import FigureText, SpineFigure, SpineRow
from jsna_pipeline.report.further import named
from jsna_pipeline.report.leads.published import source_of
from jsna_pipeline.report.national import spread
from jsna_pipeline.report.view import AreaView
from jsna_pipeline.vocabulary import AreaLevel, Polarity

MOST = 10  # rows that a reader takes in at once


def overview(view: AreaView, known: Mapping[str, Facts], figure_id: str) -> SpineFigure | None:
    """The first drawn measure of each chapter that has a good side and a place among authorities, then the second."""
    by_chapter: dict[str, list[Facts]] = {name: [] for name in chapters()}
    for one in known.values():
        if one.may_lead and one.record.figures and spine_row(view, one) is not None:
            by_chapter[one.record.chapter].append(one)
    # A chapter's measures stand in its order, the most important first.
    firsts = [found[0] for found in by_chapter.values() if found][:MOST]
    seconds = [found[1] for found in by_chapter.values() if len(found) > 1][: MOST - len(firsts)]
    shown = [one for found in by_chapter.values() for one in found if one in firsts or one in seconds]
    return spine_figure(view, figure_id, "main measures", shown)


def spine_figure(
    view: AreaView, figure_id: str, what: str, found: Sequence[Facts], with_group: bool = True
) -> SpineFigure | None:
    """`found`, in their order, as far as they can be placed; None for fewer than two.

    `what` is counted in the subtitle: "main measures". Without `with_group` it already says of which group all are.
    """
    placed = [(one, row) for one in found if (row := spine_row(view, one, with_group)) is not None]
    if len(placed) < 2:
        return None
    rows = tuple(row for _, row in placed)
    text = FigureText(
        figure_id,
        _title(view.area.name, [one for one, _ in placed]),
        f"{view.area.name} among the authorities of England: {len(rows)} {what}, newest year of each",
        "Spine chart. " + " ".join(_spoken(one, row) for one, row in placed),
        source_of([one for one, _ in placed]),
    )
    return SpineFigure(text, view.area.name, rows)


def spine_row(view: AreaView, one: Facts, with_group: bool = True) -> SpineRow | None:
    """The measure among the authorities; None for figures of NHS bodies, counts, and what too few publish."""
    england = one.against_england
    if england is None or one.area_level is not AreaLevel.LOCAL_AUTHORITY:
        return None
    authorities = view.authorities(one.record.id)
    lies = spread(authorities.loc[authorities["period"] == one.period])
    if lies is None:
        return None
    return SpineRow(
        name=_name(one, with_group),
        value=one.value,
        england=england.value,
        least=lies.least,
        lower_quartile=lies.lower_quartile,
        upper_quartile=lies.upper_quartile,
        most=lies.most,
        verdict=str(england.significance),  # type: ignore[arg-type]
        sense=one.record.polarity.value,
        unit=one.record.unit,
        decimals=one.record.decimals,
    )


def _name(one: Facts, with_group: bool) -> str:
    """The measure, with its group and with its unit where values print without one."""
    unit, name = formatting.unit_label(one.record.unit), named(one) if with_group else one.record.name
    return f"{name}, {unit}" if unit.startswith("per ") else name


def _title(area: str, found: Sequence[Facts]) -> str:
    """How many measures lie in the last and the first quarter of the authorities, by their rank."""
    quarters = [
        one.against_england.quartile
        for one in found
        if one.record.polarity is not Polarity.NONE and one.against_england and one.against_england.quartile
    ]
    if not quarters:
        return f"{area} among the authorities of England"
    worst, best = quarters.count(4), quarters.count(1)
    return (
        f"Of {formatting.counted(len(quarters), 'measure')}, {worst or 'none'} {'is' if worst == 1 else 'are'} in the "
        f"worst quarter of authorities and {best or 'none'} in the best"
    )


def _spoken(one: Facts, row: SpineRow) -> str:
    here, there, least, most = (
        formatting.short_measure(value, row.unit, row.decimals)
        for value in (row.value, row.england, row.least, row.most)
    )
    return f"{row.name}: {here}; England {there}; authorities from {least} to {most}."
