"""The figures of an area as a commentary prints them, from tables made by hand."""

from __future__ import annotations

from dataclasses import fields
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

import seeds
from jsna_pipeline import geography
from jsna_pipeline.catalogue.indicators import indicators
from jsna_pipeline.commentary.area_figures import AreaFigures
from jsna_pipeline.commentary.contributors import read_contributors
from jsna_pipeline.commentary.markdown import paragraphs, parse, runs
from jsna_pipeline.commentary.placeholders import Part, placeholder
from jsna_pipeline.commentary.reading import read_commentary
from jsna_pipeline.commentary.typed_figures import typed_figures
from jsna_pipeline.report.view import AreaView
from jsna_pipeline.settings import NhsCover

WIGAN = geography.area("Wigan")
WEEKS = "ehcp_within_20_weeks_excl"


def observed(
    period: str, value: float | None, part: float | None, whole: float | None, **more: object
) -> dict[str, object]:
    row = {
        "indicator_id": WEEKS, "area_code": WIGAN.code, "area_name": "Wigan", "area_level": "local_authority",
        "period": period, "period_type": "calendar_year", "dimension": "total", "category": "total",
        "numerator": part, "denominator": whole, "value": value, "lower_ci": 38.7, "upper_ci": 46.6,
        "unit": "percent", "status": "ok",
    }  # fmt: skip
    return row | more


def compared(comparator: str, value: float, **more: object) -> dict[str, object]:
    row = {
        "indicator_id": WEEKS, "area_code": WIGAN.code, "period": "2024", "dimension": "total", "category": "total",
        "comparator": comparator, "comparator_value": value, "comparator_count": 1,
        "difference": round(42.6 - value, 1),
        "significance": "worse", "rank": None, "out_of": None, "quartile": None,
    }  # fmt: skip
    return row | more


def view(rows: list[dict[str, object]], comparisons: list[dict[str, object]], nhs: NhsCover | None = None) -> AreaView:
    made = {
        "area": WIGAN,
        "edition": "2025",
        "cut_off": date(2025, 12, 31),
        "nhs": nhs or NhsCover(),
        "observed": pd.DataFrame(rows, columns=list(observed("", None, None, None))),
        "compared": pd.DataFrame(comparisons, columns=list(compared("", 0))),
    }
    return AreaView(**({field.name: pd.DataFrame() for field in fields(AreaView)} | made))  # type: ignore[arg-type]


# Wigan's real figures of the 2025 release: 257 of 603 in 2024.
FIGURES = AreaFigures(
    view(
        [
            observed("2023", 64.4, 292, 453),
            observed("2024", 42.6, 257, 603),
            observed("2024", 51.2, 42, 82, dimension="sex", category="Female"),
            observed("2023", 61.0, 61, 100, dimension="age", category="2 and under"),
            observed("2024", None, None, None, dimension="age", category="2 and under", status="suppressed"),
            observed("2024", 46.4, 40_000, 86_000, area_code=geography.ENGLAND, area_level="england"),
        ],
        [
            compared("england", 46.4, rank=88.0, out_of=149.0),
            compared("previous", 64.4),
            compared("neighbours_mean", 54.2),
        ],
    )
)


@pytest.mark.parametrize(
    ("group", "part", "printed"),
    [
        (None, Part.VALUE, "42.6%"),
        (None, Part.NUMBER, "257"),
        (None, Part.DENOMINATOR, "603"),
        (None, Part.PERIOD, "calendar year 2024"),
        (None, Part.PREVIOUS, "64.4%"),
        (None, Part.ENGLAND, "46.4%"),
        (None, Part.NEIGHBOURS, "54.2%"),
        (None, Part.REGION, None),
        (None, Part.RANK, "88th of 149"),
        (("sex", "Female"), Part.VALUE, "51.2%"),
        (("sex", "female"), Part.NUMBER, "42"),
        (("sex", "Female"), Part.ENGLAND, None),
        (("sex", "Male"), Part.VALUE, None),
        (("age", "2 and under"), Part.VALUE, None),  # suppressed in 2024; 2023 is no figure of 2024
    ],
)
def test_a_figure_is_printed_as_in_the_report(group: tuple[str, str] | None, part: Part, printed: str | None) -> None:
    assert FIGURES.value(WEEKS, group, part) == printed


def test_what_is_not_there_is_none() -> None:
    assert FIGURES.value("persistent_absence", None, Part.VALUE) is None
    assert FIGURES.value("no_such_indicator", None, Part.VALUE) is None


def test_an_old_figure_is_printed_with_its_period() -> None:
    old = AreaFigures(view([observed("2021", 80.2, 279, 348)], []))
    assert old.value(WEEKS, None, Part.VALUE) == "80.2% (calendar year 2021)"


@pytest.mark.parametrize(
    ("typed", "same"),
    [
        ("42.6%", True),
        ("43%", True),
        ("42%", False),
        ("257 plans", True),
        ("346 late", True),  # 603 less 257: printed beside the statutory standard
        ("3.8 percentage points", True),
        ("88th", True),
        ("149 areas", True),
        ("54.2%", True),
        ("51.2%", True),
        ("51%", False),  # a group, and too rounded
        ("61.0%", False),  # a group of an earlier period is not printed
        ("46.6%", True),
        ("65%", False),
        ("64%", True),
    ],
)
def test_typed_figures_are_held_against_what_the_chapter_prints(typed: str, same: bool) -> None:
    (figure,) = typed_figures(typed)
    assert FIGURES.printed("ehc_system").agrees(figure) is same
    assert FIGURES.printed("voice").agrees(figure) is same  # made of all indicators
    assert not FIGURES.printed("health").agrees(figure)


def test_the_placeholders_offered_are_those_that_have_a_figure() -> None:
    offered = FIGURES.placeholders("ehc_system")
    assert [(name, text) for name, _, text in offered] == [
        (f"{{{{ {WEEKS} }}}}", "42.6%"),
        (f"{{{{ {WEEKS} | number }}}}", "257"),
        (f"{{{{ {WEEKS} | england }}}}", "46.4%"),
    ]
    assert all(placeholder(name[2:-2]) is not None for name, _, _ in offered)


# --- the examples that are handed out ----------------------------------------------------------

EXAMPLE = Path(seeds.__file__).parent / "contributions" / "2025" / "wigan"


def test_the_example_binds_every_figure_to_an_indicator_that_exists() -> None:
    found, problems = read_commentary(EXAMPLE, "2025")
    assert problems == () and len(found) == 3
    assert {each.edition for each in found} == {"2024", "2025"}
    for commentary in found:
        blocks, faults = parse(commentary.words, commentary.first_line)
        text = [list(runs(block.words)) for block in paragraphs(blocks)]
        assert faults == () and "invented example" in text[0][0].text + text[0][-1].text
        bound = [placeholder(run.text) for line in text for run in line if run.kind == "bound"]
        assert all(each is not None and each.indicator_id in indicators() for each in bound) and bound
        typed = ["".join(run.text if run.kind == "text" else "\ufffc" for run in line) for line in text]
        assert not [figure for line in typed for figure in typed_figures(line)]


def test_the_example_asks_the_authors_of_the_example() -> None:
    asked, problems = read_contributors(EXAMPLE)
    assert problems == ()
    chapters = {contributor.name: contributor.chapters for contributor in asked}
    for commentary in read_commentary(EXAMPLE, "2025")[0]:
        assert commentary.chapter in chapters[commentary.author]
