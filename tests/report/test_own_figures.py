"""Heat tables and ward figures of own records: hidden counts stay hidden, outlines are used only if all are there."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from itertools import product

import pandas as pd

from jsna_pipeline.boundaries import Boundaries, Outline
from jsna_pipeline.local_area import empty_tables
from jsna_pipeline.report.charts import HeatFigure, MapFigure
from jsna_pipeline.report.own_figures import heat_figure, section_figures, ward_figure
from jsna_pipeline.report.view import AreaView
from tests.invented_area import view_of

TRIANGLE = ((-2.6, 53.5), (-2.5, 53.5), (-2.55, 53.6))
Group = tuple[tuple[str, str], ...]


@cache
def bare() -> AreaView:
    """A view costs half a second to make."""
    return view_of()


def view(table_id: str, counts: dict[Group, int | None]) -> AreaView:
    rows = []
    for group, count in counts.items():
        row: dict[str, object] = {"table_id": table_id, "period": "2024/25", "period_type": "january_snapshot"}
        for slot, (dimension, category) in enumerate((*group, *[("total", "total")] * (3 - len(group))), 1):
            row |= {f"dimension_{slot}": dimension, f"category_{slot}": category}
        status = "ok" if count is not None else "suppressed"
        rows.append(
            row | {"count": count, "rule": "education", "status": status, "population": "plans", "edition": "2025"}
        )
    table = pd.DataFrame(rows).astype({"count": "Int64"})
    return replace(bare(), local=empty_tables() | {"local_counts": table})


def needs() -> AreaView:
    def group(age: str, need: str) -> Group:
        return (("age_band", age), ("primary_need", need))

    return view(
        "plans_by_need_and_place",
        {
            group("0-4", "autism"): 26,
            group("0-4", "hearing_impairment"): None,
            group("5-10", "autism"): 216,
            group("5-10", "hearing_impairment"): 8,
            group("11-15", "autism"): 190,
            (("primary_need", "autism"),): 432,
            (("primary_need", "hearing_impairment"),): 20,
        },
    )


def test_needs_stand_by_size_and_ages_in_their_order() -> None:
    figure = heat_figure(needs(), "plans_by_need_and_place", "primary_need", "age_band", "x")
    assert isinstance(figure, HeatFigure)
    assert figure.columns == ("0–4", "5–10", "11–15")
    assert [row.name for row in figure.rows] == ["Autism", "Hearing impairment"]
    assert [cell.value for cell in figure.rows[0].cells] == [26, 216, 190]
    assert figure.text.title == "Autism, ages 5 to 10: 216 plans, the largest group"
    assert "(provisional)" in figure.text.subtitle


def test_what_is_hidden_is_a_letter_and_so_is_what_the_table_does_not_print() -> None:
    figure = heat_figure(needs(), "plans_by_need_and_place", "primary_need", "age_band", "x")
    assert figure is not None
    assert [(cell.value, cell.mark) for cell in figure.rows[1].cells] == [(None, "c"), (8, ""), (None, "c")]
    assert figure.marks == ("c: hidden to protect children.",)


def test_a_dimension_that_the_table_holds_at_one_category_does_not_count_as_a_third() -> None:
    crossed = product(("cognition_and_learning", "sensory_and_physical"), "123")
    counts: dict[Group, int | None] = {
        (("area_of_need", need), ("sen", "yes"), ("year_group", year)): k + 10 for k, (need, year) in enumerate(crossed)
    }
    figure = heat_figure(
        view("pupils_with_sen_by_need", counts), "pupils_with_sen_by_need", "year_group", "area_of_need", "x"
    )
    assert figure is not None
    assert len(figure.rows) == 3 and len(figure.columns) == 2


def test_no_figure_without_the_table_or_of_a_single_row() -> None:
    assert heat_figure(bare(), "plans_by_need_and_place", "primary_need", "age_band", "x") is None
    one = view("plans_by_need_and_place", {(("age_band", "0-4"), ("primary_need", "autism")): 5})
    assert heat_figure(one, "plans_by_need_and_place", "primary_need", "age_band", "x") is None
    assert section_figures(needs(), "appeals") == ()
    assert [type(figure) for figure in section_figures(needs(), "plans_by_need_and_place")] == [HeatFigure]


def wards() -> AreaView:
    counts: dict[Group, int | None] = {
        (("ward", name),): n for name, n in (("Abram", 93), ("Ince", 116), ("Orrell", None), ("Astley & Mosley", 66))
    }
    return view("plans_by_ward", counts | {(("locality", "Leigh"),): 657, (): 2132})


def test_wards_stand_by_value_the_hidden_last() -> None:
    figure = ward_figure(wards(), "plans_by_ward", "x")
    assert isinstance(figure, MapFigure)
    assert [place.name for place in figure.places] == ["Ince", "Abram", "Astley & Mosley", "Orrell"]
    assert (figure.places[-1].value, figure.places[-1].mark) == (None, "c")
    assert figure.text.title == "Ince has the most plans: 116"
    assert figure.text.alternative.startswith("Tiles of 4 wards")


def test_outlines_are_used_only_where_every_ward_has_one() -> None:
    names = ["ABRAM", "Ince", "Orrell", "Astley and Mosley"]
    outlines = tuple(Outline("", name, (TRIANGLE,)) for name in names)
    whole = ward_figure(replace(wards(), boundaries=Boundaries(outlines)), "plans_by_ward", "x")
    part = ward_figure(replace(wards(), boundaries=Boundaries(outlines[:3])), "plans_by_ward", "x")
    assert whole is not None and part is not None
    assert all(place.rings == (TRIANGLE,) for place in whole.places)
    assert not any(place.rings for place in part.places)
    assert whole.text.alternative.startswith("Map of 4 wards")


def test_two_wards_make_no_figure() -> None:
    assert (
        ward_figure(view("plans_by_ward", {(("ward", "Abram"),): 93, (("ward", "Ince"),): 9}), "plans_by_ward", "x")
        is None
    )
