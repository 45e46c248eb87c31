"""Figures in running words: what is one, what is none, and when it agrees with what the report prints."""

from __future__ import annotations

import time
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jsna_pipeline.commentary.typed_figures import (
    RANK,
    PrintedFigure,
    PrintedFigures,
    kind_of,
    number_in_words,
    typed_figures,
)
from jsna_pipeline.report import formatting


def found(text: str) -> list[tuple[str, str]]:
    return [(figure.text, figure.kind) for figure in typed_figures(text)]


def agrees(text: str, value: float, unit: str = "percent", decimals: int = 1) -> bool:
    (figure,) = typed_figures(text)
    return PrintedFigures([PrintedFigure(value, unit, decimals)]).agrees(figure)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("42.6% of plans (257 of 603)", [("42.6%", "percent"), ("257", "plain"), ("603", "plain")]),
        ("42.6 per cent, 7 percent, 9pc", [("42.6 per cent", "percent"), ("7 percent", "percent"), ("9pc", "percent")]),
        ("up 3.8 percentage points", [("3.8 percentage points", "points")]),
        (
            "a 5 percentage-point rise, 1.4ppt, 2 % points",
            [("5 percentage-point", "points"), ("1.4ppt", "points"), ("2 % points", "points")],
        ),
        ("£1,250 each, £3.4m in all, 40 pounds", [("£1,250", "pounds"), ("£3.4m", "pounds"), ("40 pounds", "pounds")]),
        ("ranked 88 of 153; 3rd highest", [("88", "rank"), ("153", "plain"), ("3rd", "rank")]),
        (
            "12.3 per 1,000 children, 4.1 per 10,000",
            [("12.3 per 1,000", "per 1,000"), ("4.1 per 10,000", "per 10,000")],
        ),
        ("one in 24, 4 in 10", [("one in 24", "frequency"), ("4 in 10", "frequency")]),
        ("38 to 46 per cent", [("38", "percent"), ("46 per cent", "percent")]),
        ("42, 45 and 47%", [("42", "percent"), ("45", "percent"), ("47%", "percent")]),
        ("2,966 plans and 2\u00a0966", [("2,966", "plain"), ("2\u00a0966", "plain")]),
        ("twelve schools, twenty-three plans", [("twelve", "plain"), ("twenty-three", "plain")]),
        ("ten per cent, five percentage points", [("ten per cent", "percent"), ("five percentage points", "points")]),
        ("two hundred and fifty families", [("two hundred and fifty", "plain")]),
        ("On 14 May 2025 there were 14 pupils", [("14", "plain")]),
        ("In 2024 2014 plans were issued; there were 2014 plans", [("2014", "plain"), ("2014", "plain")]),
        ("a 14% rise at level 14%", [("14%", "percent"), ("14%", "percent")]),
        ("last year 14 plans were late", [("14", "plain")]),
        ("families waited 45 weeks", [("45", "plain")]),
        ("Every week 14 children, last quarter 15 plans", [("14", "plain"), ("15", "plain")]),
        ("This year 12 families asked, each year 13", [("12", "plain"), ("13", "plain")]),
        ("in Year 9 14 pupils", [("14", "plain")]),
        ("−1.4 percentage points", [("−1.4 percentage points", "points")]),
        ("3 schools, and one school more (1)", [("3", "plain"), ("1", "plain")]),
    ],
)
def test_figures_are_found_with_their_units(text: str, expected: list[tuple[str, str]]) -> None:
    assert found(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "In 2024, since 2019 and in 2024/25, 2023-24, 2022–23, 2021 to 2025.",
        "on 14 June 2025, the 3rd of May, 14/06/2025, 2025-06-14, 14 to 18 June, June 2025, June 4th",
        "aged 16, aged 16 to 25, between the ages of 5 and 16, 16-year-olds, 5 to 10 year olds, 3 years old",
        "the 0–25 service, 0 to 25, under 5s, under-18s, post-16, post 16, 16+, on turning 18",
        "within 20 weeks, within six weeks, a 20-week limit, the statutory 15 days, after 12 months, the last 3 years",
        "children waiting over 18 weeks, more than 52 weeks",
        "section 23 notices, sections 19 and 20, s.23, § 3, chapter 4, paragraph 9.14, Part 3, page 12, no. 7",
        "key stage 2, Key Stages 1 and 2, Year 9, Years 7 to 11, year 6, Attainment 8, grade 5 or above, level 3",
        "tier 2, stage 1, band 4, decile 1, priority 2, Week 12, Quarter 3",
        "1:1 support, 1-to-1, 50/50, regulation 12(3), section 19(3A)(b), levels 2/3",
        "KS4, SEN2, E08000010, B2, COVID-19, Covid-19",
        "a 95% confidence interval (95% CI)",
        "call 01942 404040, see https://example.org/2025/14, write to team14@example.org",
        "(1) this, (2) that",
        "open 24/7, from 9am to 5.30pm, at 10:30",
        "three schools, one of them, nobody, no one, ten families, a second chance, the twenty-first century",
        "the 21st century, the 3rd edition, a 16th birthday",
        "",
    ],
)
def test_what_is_no_figure_is_left_alone(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize(
    ("text", "value", "unit", "decimals", "same"),
    [
        ("42.6%", 42.62, "percent", 1, True),
        ("42.6 per cent", 42.62, "percent", 1, True),
        ("42.60%", 42.6, "percent", 1, True),
        ("42.62%", 42.62, "percent", 1, False),  # more digits than are printed
        ("42.7%", 42.62, "percent", 1, False),
        ("43%", 42.62, "percent", 1, True),
        ("42%", 42.62, "percent", 1, False),
        ("42.6", 42.6, "percent", 1, False),  # a percentage without its sign
        ("42.6%", 42.6, "percentage points", 1, False),
        ("3%", 2.5, "percent", 1, True),  # half up, as printed; half to even would be 2
        ("2%", 2.5, "percent", 1, False),
        ("42%", 42.46, "percent", 1, True),  # printed 42.5: what lies behind it rounds down
        ("43%", 42.46, "percent", 1, True),  # and what is printed rounds up
        ("44%", 42.46, "percent", 1, False),
        ("0.2%", 0.15, "percent", 1, True),
        ("2,966 plans", 2966, "plans", 0, True),
        ("2966 plans", 2966, "plans", 0, True),
        ("2,967 plans", 2966, "plans", 0, False),
        ("3,000 plans", 2966, "plans", 0, False),
        ("nearly 3,000 plans", 2966, "plans", 0, True),
        ("about 3,000 plans", 2966, "plans", 0, True),
        ("over 2,900 plans", 2966, "plans", 0, True),
        ("over 3,000 plans", 2966, "plans", 0, False),
        ("nearly 2,900 plans", 2966, "plans", 0, False),
        ("about 2,900 plans", 2966, "plans", 0, False),
        ("over 40%", 42.6, "percent", 1, True),
        ("over 42.6%", 42.6, "percent", 1, False),
        ("3.8 percentage points", -3.8, "percentage points", 1, True),  # "fell by 3.8"
        ("−3.8 percentage points", -3.8, "percentage points", 1, True),
        ("−3.8 percentage points", 3.8, "percentage points", 1, False),
        ("4 percentage points", 3.8, "percentage points", 1, True),
        ("£3.4 million", 3_412_345, "pounds", 0, True),
        ("£3.4m", 3_450_000, "pounds", 0, False),
        ("£3.5m", 3_450_000, "pounds", 0, True),
        ("£45k", 44_600, "pounds", 0, True),
        ("3.4 million", 3_412_345, "pounds", 0, False),
        ("12.3 per 1,000", 12.34, "per 1,000", 1, True),
        ("12.3 per 10,000", 12.34, "per 1,000", 1, False),
        ("a rate of 12.3", 12.34, "per 1,000", 1, True),
        ("88th", 88, RANK, 0, True),
        ("ranked 88", 88, RANK, 0, True),
        ("ranked 88", 88, "plans", 0, False),
        ("87th", 88, RANK, 0, False),
        ("1 in 24", 4.2, "percent", 1, True),
        ("1 in 23", 4.2, "percent", 1, False),
        ("4 in 10", 42.6, "percent", 1, True),
        ("5 in 10", 42.6, "percent", 1, False),
        ("twelve schools", 12, "schools", 0, True),
        ("forty-three per cent", 42.62, "percent", 1, True),
    ],
)
def test_agreement_at_its_boundaries(text: str, value: float, unit: str, decimals: int, same: bool) -> None:
    assert agrees(text, value, unit, decimals) is same


UNITS = st.sampled_from(["percent", "percentage points", "pounds", "per 1,000", "per 10,000", "plans", "score"])


@given(st.floats(-99_999, 999_999), UNITS, st.integers(0, 2))
def test_a_figure_copied_from_the_report_always_agrees(value: float, unit: str, decimals: int) -> None:
    printed = PrintedFigure(value, unit, decimals)
    for text in (f"It was {printed.text}.", f"({printed.text})", f"now {printed.text}, then less"):
        figures = typed_figures(text)
        if 1900 <= abs(value) < 2101 and decimals == 0:
            continue  # bare, it may be a year
        assert len(figures) == 1, text
        assert figures[0].kind == kind_of(unit)
        assert PrintedFigures([printed]).agrees(figures[0]), text


@given(st.integers(1, 99_999), st.integers(1, 3), st.integers(1, 500))
def test_a_figure_that_is_off_by_its_last_digit_or_more_never_agrees(whole: int, decimals: int, off: int) -> None:
    value = Decimal(whole).scaleb(-decimals)
    typed = f"{value + Decimal(off).scaleb(-decimals):,f}%"
    assert not agrees(typed, float(value), "percent", decimals)


@given(st.floats(0.1, 99.9))
def test_a_frequency_as_the_report_words_it_agrees_with_its_percentage(percent: float) -> None:
    assert agrees(formatting.one_in(percent), percent)


@given(st.integers(1, 999_999))
def test_numbers_in_words(number: int) -> None:
    assert number_in_words(in_words(number)) == number
    figures = typed_figures(f"There were {in_words(number)} families.")
    assert [figure.value for figure in figures] == ([Decimal(number)] if number > 10 else [])


def in_words(number: int) -> str:
    """An independent spelling of English numbers."""
    ones = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    ones += "seventeen eighteen nineteen"
    tens = ["", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
    if number < 20:
        return ones.split(" ")[number]
    if number < 100:
        return tens[number // 10] + ("" if number % 10 == 0 else f"-{in_words(number % 10)}")
    size, name = (1000, "thousand") if number >= 1000 else (100, "hundred")
    rest = number % size
    joint = "" if not rest else " and " if rest < 100 else " "
    return f"{in_words(number // size)} {name}{joint}{in_words(rest) if rest else ''}"


def test_one_or_two_digits_are_held_against_leading_figures_alone() -> None:
    printed = PrintedFigures([PrintedFigure(42.6, "percent", 1, leading=False)])
    for text, same in (("43%", False), ("42.6%", True), ("4 in 10", False)):
        (figure,) = typed_figures(text)
        assert printed.agrees(figure) is same
        assert printed.agrees(figure, any_figure=True)


def test_the_nearest_figure_is_of_the_same_unit() -> None:
    printed = PrintedFigures(
        [PrintedFigure(41, "percent", 1), PrintedFigure(14, "plans", 0), PrintedFigure(15, "£", 0)]
    )
    assert printed.nearest(typed_figures("15%")[0]).value == 41
    assert printed.nearest(typed_figures("15 plans")[0]).value == 14
    assert printed.nearest(typed_figures("15 percentage points")[0]) is None
    assert PrintedFigures([]).nearest(typed_figures("15")[0]) is None


@given(st.text(alphabet="0123456789,.-–−%£ abinpoe\n()/:", max_size=120))
def test_any_text_is_read_and_each_figure_stands_where_it_is_said_to(text: str) -> None:
    place = 0
    for figure in typed_figures(text):
        assert place <= figure.start < figure.end <= len(text)
        assert text[figure.start : figure.end] == figure.text
        place = figure.end


@pytest.mark.parametrize(
    "piece",
    [
        "1",
        "1,",
        "1,000,",
        "one ",
        "twenty-",
        "1 to ",
        "two hundred and ",
        "0 ",
        "(1)",
        "£",
        "section 1, ",
        " \n",
        "1.",
        "a@",
        "a",
        "a ",
        "1 ",
        "5 in 6 ",
        "14 June ",
        "aged ",
        "within 1 ",
    ],
)
def test_hostile_lengths_take_no_time(piece: str) -> None:
    text = (piece * 10_000)[:10_000]
    begun = time.perf_counter()
    typed_figures(text)
    assert time.perf_counter() - begun < 2
