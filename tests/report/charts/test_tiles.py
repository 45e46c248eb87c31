"""England as squares: each authority once, where its region lies, larger and darker the higher its fifth."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from jsna_pipeline import geography
from jsna_pipeline.report.charts import FigureText, Tile, TileBlock, TilesFigure, data_table
from jsna_pipeline.report.charts import tiles as kind
from jsna_pipeline.report.charts.tiles import draw_tiles
from tests.report.chart_checks import faults

TEXT = FigureText("tiles", "Title", "Subtitle", "What it shows", "Source")
REGISTER = geography.local_authorities()
REGIONS = geography.regions()


def tiles(fifth: dict[str, int | None], own: str = "Wigan", values: float = 10.0) -> TilesFigure:
    blocks = tuple(
        TileBlock(
            region.area_name,
            tuple(
                Tile(name, None if fifth.get(name, 3) is None else values, fifth.get(name, 3), name == own)
                for name in REGISTER.loc[REGISTER["region_code"] == region.area_code, "area_name"]
            ),
        )
        for region in REGIONS.itertuples()
    )
    return TilesFigure(TEXT, "percent", 1, blocks, tuple((10.0 * k, 10.0 * k + 9) for k in range(5)))


def test_there_is_one_square_for_each_authority_of_the_register() -> None:
    drawing = draw_tiles(tiles({"Dorset": None}))
    drawn = sum(path.d.count("M") for path in drawing.squares) - 5  # the key's five
    assert drawn == len(REGISTER) - 1 == 152
    assert drawing.crosses[0].d.count("M") == 2
    assert len(data_table(tiles({}))[1]) == 153


def test_every_region_has_a_place_and_no_two_the_same() -> None:
    assert set(kind._PLACES) == set(REGIONS["area_name"])
    assert len(set(kind._PLACES.values())) == 9


def test_a_higher_fifth_is_a_larger_and_a_darker_square() -> None:
    assert list(kind._SIDES) == sorted(kind._SIDES) and len(set(kind._SIDES)) == 5
    assert kind._SIDES[-1] < kind._PITCH
    luminance = [int(colour[3:5], 16) for colour in kind.TINTS]
    assert luminance == sorted(luminance, reverse=True)


def test_the_ring_of_the_area_lies_on_its_square_and_is_named() -> None:
    drawing = draw_tiles(tiles({"Wigan": 5}))
    named, marked = drawing.rings
    assert (named.x, named.y) == (1.5, 1.5)
    centre = (marked.x + 9, marked.y + 9)
    assert f"M{centre[0] - 8:g} {centre[1] - 8:g}h16" in drawing.squares[-1].d
    words = [label.text for label in drawing.labels]
    assert words[:3] == ["10.0%", "Wigan", "highest fifth"]


@settings(max_examples=25)
@given(
    st.dictionaries(st.sampled_from(list(REGISTER["area_name"])), st.none() | st.integers(1, 5)),
    st.sampled_from(list(REGISTER["area_name"])),
    st.floats(0, 1e6),
)
def test_labels_are_sound_for_any_values_and_any_area(fifth: dict[str, int | None], own: str, value: float) -> None:
    assert faults(tiles(fifth, own, round(value, 1))) == []


def test_no_authoritys_name_is_cut() -> None:
    assert [fault for name in REGISTER["area_name"] for fault in faults(tiles({}, name))] == []
