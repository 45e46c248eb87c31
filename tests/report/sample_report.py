"""A rich `Report` of an invented area, for the renderers' tests and for looking at their pages.

Here: made-up values in every shape that the model allows (missing points, breaks, long names, negative
values, more than six categories). Nothing here describes a real place; the area's code is not in use.
"""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import date

from jsna_pipeline.report import charts
from jsna_pipeline.report import model as m

AREA = "Merrowdale"
REGION = "North West"
NEIGHBOURS = (
    "Aldersea", "Brackenshire", "Calderholme and Ravensworth", "Dunmere", "Eastwick", "Farlow",
    "Greyminster", "Hollinsford", "Ingleby and Upper Thornbridge Forest", "Kestrel Bay",
)  # fmt: skip
SOURCE = "Department for Education, Education, health and care plans, 26 June 2025"


def _wave(seed: int, k: int, size: float) -> float:
    """A repeatable wobble: the same report at every call, without a random generator."""
    return size * math.sin(1.7 * seed + 2.3 * k) + size / 2 * math.cos(0.9 * seed * k + k)


def line_figure(indicator: str, seed: int, *, broken: bool = False, first_year: int = 2017) -> charts.LineFigure:
    years = [f"{y}/{(y + 1) % 100:02d}" for y in range(first_year, 2025)]
    base = 20 + (seed * 13) % 60

    def points(shift: int, gap: int | None, interval: bool) -> tuple[charts.LinePoint, ...]:
        made = []
        for k, year in enumerate(years):
            value = round(min(max(base + k + _wave(seed + shift, k, 1.4) + shift / 2, 0.4), 99.0), 1)
            half = 2.6 + (seed % 3)
            known = k != gap
            made.append(
                charts.LinePoint(
                    year,
                    value if known else None,
                    max(0.0, round(value - half, 1)) if known and interval else None,
                    min(100.0, round(value + half, 1)) if known and interval else None,
                    "" if known else "suppressed",
                )
            )
        return tuple(made)

    return charts.LineFigure(
        text=_text(f"{indicator}-trend", "The share rose in most years and now stands above England", "percent"),
        unit="percent",
        decimals=1,
        series=(
            charts.LineSeries(AREA, "area", points(0, 2 if seed % 4 == 0 else None, True)),
            charts.LineSeries("England", "england", points(3, None, False)),
            charts.LineSeries(REGION, "region", points(5, None, False)),
            charts.LineSeries("Statistical neighbours (mean)", "neighbours", points(9, None, False)),
        ),
        breaks=(charts.SeriesBreak(years[4], "the return moved from area totals to one record a child"),)
        if broken
        else (),
        reference=100.0 if broken else None,
        reference_label="Legal standard: all plans in 20 weeks" if broken else "",
    )


def _text(figure_id: str, title: str, unit: str) -> charts.FigureText:
    return charts.FigureText(
        figure_id=figure_id,
        title=f"{title}.",
        subtitle=f"Plans issued in the year, {AREA} and comparators, {unit}, 2017/18 to 2024/25",
        alternative=f"Chart. {title}: {AREA} 53.6 percent in 2024/25 (95% interval 49.1 to 58.0), England 46.4.",
        source=SOURCE,
    )


def benchmark_figure(indicator: str, seed: int) -> charts.BenchmarkFigure:
    base = 20 + (seed * 13) % 60

    def bar(name: str, role: str, k: int) -> charts.Bar:
        value = round(base + _wave(seed, k, 9), 1)
        if role == "neighbour" and (k + seed) % 9 == 0:
            return charts.Bar(name, "neighbour", None, note="suppressed")
        tested = role in ("area", "neighbour")
        return charts.Bar(name, role, value, value - 4 if tested else None, value + 4 if tested else None)  # type: ignore[arg-type]

    bars = [bar(name, "neighbour", k) for k, name in enumerate(NEIGHBOURS)]
    bars += [bar(AREA, "area", 11), bar("England", "england", 12), bar(REGION, "region", 13),
             bar("Statistical neighbours (mean of 10)", "neighbours_mean", 14)]  # fmt: skip
    bars.sort(key=lambda it: -math.inf if it.value is None else it.value, reverse=True)
    return charts.BenchmarkFigure(
        text=_text(f"{indicator}-benchmark", f"{AREA} ranks fourth of eleven among its neighbours", "percent, 2024/25"),
        unit="percent",
        decimals=1,
        bars=tuple(bars),
        reference=base if seed % 5 == 0 else None,
        reference_label="Target for 2026" if seed % 5 == 0 else "",
    )


NEEDS = (
    "Autistic spectrum disorder", "Speech, language and communication needs",
    "Social, emotional and mental health", "Moderate learning difficulty", "Severe learning difficulty",
    "Specific learning difficulty", "Physical disability", "Hearing impairment",
    "Profound and multiple learning difficulty", "Visual impairment", "Other difficulty or disability",
)  # fmt: skip


def composition_figure(indicator: str) -> charts.CompositionFigure:
    shares = {
        AREA: (34.1, 22.4, 16.3, 8.8, 6.4, 4.1, 3.2, 1.9, 1.2, 0.9, 0.7),
        "England": (33.1, 21.0, 18.6, 8.1, 6.6, 4.9, 3.0, 1.6, 1.4, 0.8, 0.9),
        REGION: (30.9, 23.2, 19.0, 8.9, 6.2, 4.0, 3.1, 1.8, 1.3, 0.9, None),
        "Statistical neighbours (mean)": (31.8, 22.9, 17.7, 9.4, 6.0, 4.4, 3.1, 1.7, 1.3, 0.8, 0.9),
    }
    roles = ("area", "england", "region", "neighbours_mean")
    return charts.CompositionFigure(
        text=_text(f"{indicator}-mix", "Autism is the need of one in three children with a plan", "percent"),
        unit="percent",
        bars=tuple(
            charts.StackedBar(
                name,
                role,  # type: ignore[arg-type]
                tuple(
                    charts.Segment(need, None if share is None else round(share * 29.66), share)
                    for need, share in zip(NEEDS, values, strict=True)
                ),
            )
            for (name, values), role in zip(shares.items(), roles, strict=True)
        ),
    )


def age_figure(indicator: str) -> charts.AgeFigure:
    ages = tuple(str(age) for age in range(26))

    def counts(scale: float) -> tuple[float | None, ...]:
        return tuple(
            None if age == 0 else float(round(scale * 215 * math.exp(-(((age - 12) / 6.2) ** 2)))) for age in range(26)
        )

    return charts.AgeFigure(
        text=_text(f"{indicator}-age", "Plans peak at age 12 and rose at every age", "children"),
        unit="count",
        ages=ages,
        series=(charts.AgeSeries("January 2025", counts(1.0)), charts.AgeSeries("January 2024", counts(0.86))),
    )


def pyramid_figure(indicator: str) -> charts.PyramidFigure:
    ages = ("0–4", "5–9", "10–14", "15–19", "20–25")
    return charts.PyramidFigure(
        text=_text(f"{indicator}-pyramid", "Merrowdale is younger than England", "percent of 0–25s"),
        ages=ages,
        females=(8_420.0, 9_105.0, 9_640.0, 8_870.0, 7_950.0),
        males=(8_890.0, 9_611.0, 10_020.0, 9_244.0, 8_310.0),
        england_females_share=(8.9, 9.5, 10.0, 9.6, 11.2),
        england_males_share=(9.3, 9.9, 10.5, 10.1, 11.0),
    )


def section(indicator: str, heading: str, seed: int, figures: tuple[charts.Figure, ...], *, table: bool) -> m.Section:
    rows = tuple(
        (f"{y}/{(y + 1) % 100:02d}", f"{300 + 31 * k + seed}", f"{700 + 40 * k}", f"{42.6 + k:.1f}%", "similar")
        for k, y in enumerate(range(2020, 2025))
    )
    tone = ("worse", "better", "similar", "unknown", "neutral")[seed % 5]
    label = {"worse": "Worse than England", "better": "Better than England", "similar": "Similar to England",
             "unknown": "Cannot tell", "neutral": ""}[tone]  # fmt: skip
    return m.Section(
        section_id=indicator,
        heading=heading,
        statements=(
            m.Statement(
                f"In 2024/25, 53.6% (257 of 479; 95% CI 49.1–58.0) in {AREA}, against 46.4% in England and 54.2% as "
                "the mean of ten statistical neighbours, all of which had a value; rank 88 of 150.",
                tone,  # type: ignore[arg-type]
                label,
            ),
            m.Statement("Over the last five years the share has been increasing.", "neutral", "Trend: increasing"),
        ),
        figures=figures,
        tables=(
            m.Table(
                f"{indicator}-years",
                f"{heading} Counts by year, {AREA}",
                ("Year", "In time", "All plans", "Share", "Against England"),
                rows,
                (False, True, True, True, False),
                ("Source: SEN2 return.",),
            ),
        )
        if table
        else (),
        method="Numerator: plans issued within 20 weeks. Denominator: plans issued, without exceptions. Wilson "
        "interval at 95%; the area's interval is compared with England's value.",
        sources=(SOURCE,),
        caveats=("Counts under 6 are suppressed by the publisher.",) if seed % 3 == 0 else (),
    )


TITLES = (
    ("population", "Population", "Who are the children and young people of this area?"),
    ("identified-need", "Identified need", "How many have special educational needs, and which?"),
    ("early-years", "Early years", "Are needs found early?"),
    ("system", "The EHC system", "Does the statutory process keep its deadlines?"),
    ("placement", "Provision and placement", "Where are children educated?"),
    ("outcomes", "Education outcomes", "How do they fare at school?"),
    ("attendance", "Attendance and exclusion", "Are they in school?"),
    ("health", "Health", "Do they get the care they need in time?"),
    ("adulthood", "Preparing for adulthood", "What comes after school?"),
    ("future", "Future demand", "How many plans will there be?"),
)


def local_sections(chapter_id: str) -> tuple[m.Section, ...]:
    """Two from the area's own records: one with a wide table that hides a figure, one of a sentence alone."""
    waits = m.Table(
        f"local-{chapter_id}-waits",
        "Referrals to therapies by service and age, twelve months to January 2025 (provisional)",
        ("Service", *(f"Ages {low} to {low + 1}" for low in range(0, 24, 2)), "All"),
        (
            ("Speech and language therapy", *("120",) * 11, "c", "1,320"),
            ("Learning disability nursing", *("c",) * 12, "40"),
            ("All", *("130",) * 12, "1,360"),
        ),
        (False, *(True,) * 13),
        notes=("c: hidden to protect children.", "Rounded to the nearest 5."),
        in_pdf=False,
    )
    said = m.Statement("In the twelve months to January 2025, half of the referrals waited up to 13 weeks.")
    few = m.Statement("In January 2025, there were 10 notifications. The groups are too small for a table.")
    return tuple(
        m.Section(f"local-{chapter_id}-{name}", heading, (statement,), (), tables, "Counted from returns.", (SOURCE,))
        for name, heading, statement, tables in (
            ("therapies", "How long do children wait?", said, (waits,)),
            ("notifications", "Are needs notified early?", few, ()),
        )
    )


def chapter(number: int, chapter_id: str, title: str, question: str) -> m.Chapter:
    sections = []
    for k in range(4):
        seed = number * 4 + k
        name = f"{chapter_id.replace('-', '_')}_{k + 1}"
        heading = f"{question.rstrip('?')}, measure {k + 1}?"
        shown: tuple[charts.Figure, ...]
        if (number, k) == (1, 0):
            shown = (pyramid_figure(name), age_figure(name))
        elif (number, k) == (2, 0):
            shown = (composition_figure(name), age_figure(name))
        elif k == 0 or (k == 1 and number % 2):
            shown = (line_figure(name, seed, broken=number == 4), benchmark_figure(name, seed))
        elif k == 3:
            shown = ()
        else:
            shown = (line_figure(name, seed, first_year=2021),) if k == 1 else (benchmark_figure(name, seed),)
        sections.append(section(name, heading, seed, shown, table=k == 3))
    return m.Chapter(
        chapter_id=chapter_id,
        number=number,
        title=title,
        question=question,
        opening=(
            f"{AREA} has 2,966 children and young people with a plan, one in 19 of those aged 0 to 25.",
            "The number has grown by 76.5% since 2018, faster than in England.",
        ),
        sections=tuple(sections),
        local=local_sections(chapter_id) if number % 2 == 0 else (),
        gaps=(
            m.Statement("Waits for an autism assessment by age are held by the integrated care board and were not "
                        "supplied.", "unknown", "Gap: NHS Merrowdale ICB"),
        ),
    )  # fmt: skip


def build() -> m.Report:
    """The sample: 10 chapters, 40 indicators, some 50 figures, every kind of figure and mark."""
    chapters = tuple(chapter(i, *titles) for i, titles in enumerate(TITLES, start=1))
    ids = [it.section_id for one in chapters for it in one.sections]
    return m.Report(
        area_name=AREA,
        area_code="E06999999",
        area_slug="merrowdale",
        region_name=REGION,
        edition="2025",
        source="seeds",
        illustrative=True,
        draft=True,
        cut_off=date(2025, 6, 26),
        title="Joint Strategic Needs Assessment",
        subtitle="Children and young people aged 0–25 with special educational needs and disabilities",
        governance=m.Governance(
            owner="Director of Children’s Services",
            author="Public health intelligence team",
            endorsed_by="SEND and Inclusion Board",
            approved_by="Health and Wellbeing Board",
            approved_on="",
            replaces="Edition 2024",
            next_refresh="July 2026",
        ),
        neighbours=NEIGHBOURS,
        neighbours_model="DfE statistical neighbours model, 2025",
        front_page=_front_page(ids),
        chapters=chapters,
        quality=(
            section("reconciliation", "Do the published percentages follow from their counts?", 3, (), table=True),
            replace(
                section("completeness", "Which files are missing or late?", 5, (), table=False),
                tables=(_long_table("freshness", "Age of each source", in_pdf=True),
                        _long_table("row_faults", "Rows set aside", in_pdf=False)),
            ),
        ),
        dictionary=tuple(_entry(i, k) for k, i in enumerate(ids)),
        sources=tuple(_source(k) for k in range(48)),
        glossary=tuple((f"Term {k}", "What the term means in this report, in one plain sentence.") for k in range(24)),
        code_version="0.1.0",
    )  # fmt: skip


def _front_page(ids: list[str]) -> tuple[m.FrontSection, ...]:
    return (
        m.FrontSection(
            "What the law requires",
            "Four duties have a deadline in law. One is met for every child.",
            (
                m.Statement("222 of 479 plans were issued after the 20-week limit: 53.6% were in time (95% CI "
                            "49.1–58.0) in 2024, above England (46.4%).", "fails_standard",
                            "Statutory standard failed for 222 children", ids[12]),
                m.Statement("96.2% of decisions to assess were made within six weeks; 38 of 1,020 were late.",
                            "fails_standard", "Statutory standard failed for 38 children", ids[13]),
            ),
            "standards",
        ),
        m.FrontSection(
            "Where the area stands",
            "Against England and ten statistical neighbours, where the test can tell.",
            (
                m.Statement("22.1% of pupils with a plan were persistently absent, below England (35.4%).",
                            "better", "Better than England", ids[24]),
                m.Statement("14.8 suspensions per 100 pupils with a plan, above England (12.1).", "worse",
                            "Worse than England", ids[25]),
                m.Statement("36.4% reached a good level of development, like England (35.9%).", "similar",
                            "Similar to England", ids[8]),
                m.Statement("41 young people are too few to tell; a gap under 15 percentage points would not be "
                            "seen.", "unknown", "", ids[33]),
            ),
        ),
        m.FrontSection(
            "What is changing",
            "",
            (
                m.Statement("Plans have grown from 1,680 in January 2018 to 2,966 in January 2025.", "neutral",
                            "Trend: increasing", ids[4]),
                m.Statement("Requests have grown from 326 in 2019 to 1,020 in 2024, age of the figure 6 months.",
                            "neutral", "", ids[14]),
            ),
        ),
    )  # fmt: skip


def _long_table(table_id: str, caption: str, *, in_pdf: bool) -> m.Table:
    rows = tuple(
        (f"Dataset number {k} with a rather long published title", "Department for Education", f"20{10 + k % 15}/24",
         f"{k * 1037:,}", "On time" if k % 5 else "Late: expected in May, published at the end of July")
        for k in range(70)
    )  # fmt: skip
    return m.Table(table_id, caption, ("Dataset", "Publisher", "Latest period", "Rows", "State"), rows,
                   (False, False, False, True, False), ("Rows are counted after validation.",), in_pdf)  # fmt: skip


def _entry(indicator_id: str, k: int) -> m.DictionaryEntry:
    return m.DictionaryEntry(
        indicator_id=indicator_id,
        name=f"Plans issued within 20 weeks, variant {k + 1}",
        question="Are plans issued on time?",
        description="New education, health and care plans issued within 20 weeks of the request, without exceptions.",
        rationale="The law gives 20 weeks; delay keeps support from children who need it.",
        population="Plans maintained by the authority",
        numerator="Plans issued within 20 weeks, exceptions excluded",
        denominator="Plans issued in the calendar year, exceptions excluded",
        method="Proportion with Wilson interval",
        polarity="Higher is better",
        unit="percent",
        source="DfE, Education, health and care plans, timeliness",
        caveats=("The return changed in 2023 from totals to one record a child.",),
        strategy_tags=("Timely plans", "Local Area SEND Strategy 2024–27"),
        reviewed="2025-05-14",
    )


def _source(k: int) -> m.SourceEntry:
    return m.SourceEntry(
        dataset_id=f"dataset_{k}",
        publisher="Department for Education",
        publication="Education, health and care plans",
        title=f"Caseload by primary need, table {k + 1}",
        file=f"landing/2025/ehcp/sen2_table_{k + 1}.csv",
        sha256=f"{k:064x}",
        licence="Open Government Licence v3.0",
        page="https://explore-education-statistics.service.gov.uk/find-statistics/education-health-and-care-plans",
        latest_period="January 2025",
        released="26 June 2025",
        present=k % 11 != 3,
    )
