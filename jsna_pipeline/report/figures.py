"""The figures of a section, from one area's rows: data, title, source and text alternative.

Here: choosing the rows of each figure and saying in words what it shows. Not here: any geometry
(`report/charts/`) or any number that the tables do not hold.
"""

from __future__ import annotations

import pandas as pd

from jsna_pipeline import geography
from jsna_pipeline.catalogue.indicators import Indicator
from jsna_pipeline.findings import Facts, when
from jsna_pipeline.report import formatting
from jsna_pipeline.report.charts import (
    AgeFigure,
    AgeSeries,
    Bar,
    BenchmarkFigure,
    CompositionFigure,
    Figure,
    FigureText,
    LineFigure,
    LinePoint,
    LineSeries,
    PyramidFigure,
    Segment,
    SeriesBreak,
    StackedBar,
)
from jsna_pipeline.report.place_figures import funnel_figure, tiles_figure
from jsna_pipeline.report.view import AreaView, each_row
from jsna_pipeline.vocabulary import AreaLevel, Comparator, Method, Polarity

AGE_BANDS = 5  # years in a band of the pyramid


def figures(view: AreaView, record: Indicator, known: Facts, source: str) -> tuple[Figure, ...]:
    """The figures that the record asks for and the rows allow, in its order."""
    makers = {
        "trend": trend_figure,
        "benchmark": benchmark_figure,
        "composition": composition_figure,
        "ages": age_figure,
        "pyramid": pyramid_figure,
        "funnel": funnel_figure,
        "tiles": tiles_figure,
    }
    made = (makers[kind](view, record, known, source) for kind in record.figures)
    return tuple(figure for figure in made if figure is not None)


def _rows(view: AreaView, record: Indicator, code: str, dimension: str, category: str | None = None) -> pd.DataFrame:
    rows = view.observations(record.id, area_code=code, dimension=dimension)
    return rows if category is None else rows.loc[rows["category"] == category]


def _text(record: Indicator, kind: str, title: str, alternative: str, source: str, subtitle: str = "") -> FigureText:
    subtitle = subtitle or f"{record.name}, {formatting.unit_label(record.unit)}"
    return FigureText(f"{record.id}-{kind}", title, subtitle, alternative, source)


def _value(record: Indicator, value: float | None) -> str:
    return formatting.measure(value, record.unit, record.decimals)


# --- through time ------------------------------------------------------------------------------


def trend_figure(view: AreaView, record: Indicator, known: Facts, source: str) -> LineFigure | None:
    """The headline series of the area and, unless it is a plain count, of its comparators."""
    code, level = view.speaks_for(record)
    dimension, category = record.headline_group
    own = _series(known.area_name, "area", _rows(view, record, code, dimension, category))
    if sum(point.value is not None for point in own.points) < 2:
        return None
    series = [own]
    if record.method is not Method.COUNT and level is AreaLevel.LOCAL_AUTHORITY:
        series.append(_series("England", "england", _rows(view, record, geography.ENGLAND, dimension, category)))
        neighbours = _neighbours_series(view, record, dimension, category)
        if neighbours.points:
            series.append(neighbours)
    first, last = _ends(own)
    standard = record.standard
    return LineFigure(
        text=_text(
            record, "trend", _trend_title(record, known), _trend_alternative(record, series, first, last), source
        ),
        unit=record.unit,
        decimals=record.decimals,
        series=tuple(line for line in series if line.points),
        breaks=_breaks(record, own),
        reference=standard.target if standard else None,
        reference_label="Statutory: 100%" if standard else "",
        zero_baseline=record.unit == "percent" or record.method is Method.COUNT,
    )


def _series(name: str, role: str, rows: pd.DataFrame) -> LineSeries:
    points = tuple(
        LinePoint(
            period=row.period,
            value=None if pd.isna(row.value) else row.value,
            lower=None if pd.isna(row.lower_ci) else row.lower_ci,
            upper=None if pd.isna(row.upper_ci) else row.upper_ci,
            note="" if row.status == "ok" else str(row.status).replace("_", " "),
        )
        for row in each_row(rows.sort_values("period"))
    )
    return LineSeries(name, role, points)  # type: ignore[arg-type]


def _neighbours_series(view: AreaView, record: Indicator, dimension: str, category: str) -> LineSeries:
    means = view.neighbours_mean(record.id, dimension, category)
    points = tuple(LinePoint(str(period), value, None, None) for period, value in means.items())
    return LineSeries("Statistical neighbours (mean)", "neighbours", points)


def _ends(series: LineSeries) -> tuple[LinePoint, LinePoint]:
    valued = [point for point in series.points if point.value is not None]
    return valued[0], valued[-1]


def _breaks(record: Indicator, own: LineSeries) -> tuple[SeriesBreak, ...]:
    shown = {point.period for point in own.points}
    return tuple(
        SeriesBreak(known.from_period, known.reason, connected=known.kind == "collection")
        for known in record.all_breaks
        if known.from_period in shown
    )


def _trend_title(record: Indicator, known: Facts) -> str:
    before = known.comparisons.get(Comparator.PREVIOUS)
    name = formatting.sentence(record.name)
    if before is None or before.value is None:
        return f"{name}: {_value(record, known.value)} {_at(known)}"
    if before.difference == 0:
        return f"{name}: unchanged at {_value(record, known.value)} {_at(known)}"
    verb = "up" if before.difference > 0 else "down"
    was = formatting.short_measure(before.value, record.unit, record.decimals)
    return f"{name}: {verb} from {was} to {_value(record, known.value)} {_at(known)}"


def _at(known: Facts) -> str:
    opening = when(known)
    return opening[:1].lower() + opening[1:]


def _trend_alternative(record: Indicator, series: list[LineSeries], first: LinePoint, last: LinePoint) -> str:
    own = series[0]
    text = (
        f"Line chart. {record.name}. {own.name}: {_value(record, first.value)} in {first.period}, "
        f"{_value(record, last.value)} in {last.period}."
    )
    for other in series[1:]:
        valued = [point for point in other.points if point.value is not None]
        if valued:
            text += f" {other.name}: {_value(record, valued[-1].value)} in {valued[-1].period}."
    return text


# --- beside others -----------------------------------------------------------------------------


def benchmark_figure(view: AreaView, record: Indicator, known: Facts, source: str) -> BenchmarkFigure | None:
    """The area beside England, its region and each neighbour, best first (highest where no polarity)."""
    if known.area_level is not AreaLevel.LOCAL_AUTHORITY or record.method is Method.COUNT:
        return None
    dimension, category = record.headline_group
    rows = view.observations(record.id, period=known.period, dimension=dimension, category=category)
    roles = {view.area.code: "area", geography.ENGLAND: "england", view.region_code: "region"}
    bars = [
        Bar(
            name=row.area_name,
            role=roles.get(row.area_code, "neighbour"),  # type: ignore[arg-type]
            value=None if pd.isna(row.value) else row.value,
            lower=None if pd.isna(row.lower_ci) else row.lower_ci,
            upper=None if pd.isna(row.upper_ci) else row.upper_ci,
            note="" if row.status == "ok" else str(row.status).replace("_", " "),
        )
        for row in each_row(rows)
    ]
    mean = known.comparisons.get(Comparator.NEIGHBOURS_MEAN)
    if mean:
        bars.append(Bar("Neighbours (mean)", "neighbours_mean", mean.value))
    if sum(bar.value is not None for bar in bars) < 2:
        return None
    high_first = record.polarity is not Polarity.LOW
    bars.sort(key=lambda bar: (bar.value is None, -(bar.value or 0) if high_first else (bar.value or 0), bar.name))
    standard = record.standard
    return BenchmarkFigure(
        text=_text(
            record, "benchmark", _benchmark_title(record, known), _benchmark_alternative(record, known, bars), source
        ),
        unit=record.unit,
        decimals=record.decimals,
        bars=tuple(bars),
        reference=standard.target if standard else None,
        reference_label="Statutory: 100%" if standard else "",
    )


def _benchmark_title(record: Indicator, known: Facts) -> str:
    england = known.against_england
    if england is None:
        return f"{known.area_name} beside its statistical neighbours, {_at(known)[3:]}"
    relation = {
        "better": "is better than",
        "worse": "is worse than",
        "similar": "is similar to",
        "higher": "is higher than",
        "lower": "is lower than",
    }.get(
        england.significance,
        "is above" if england.difference > 0 else "is below" if england.difference < 0 else "equals",
    )
    return f"{known.area_name} ({_value(record, known.value)}) {relation} England ({_value(record, england.value)})"


def _benchmark_alternative(record: Indicator, known: Facts, bars: list[Bar]) -> str:
    said = ", ".join(f"{bar.name} {_value(record, bar.value)}" for bar in bars)
    return f"Bar chart for {formatting.period_words(known.period, known.period_type)}: {said}."


# --- parts of a whole --------------------------------------------------------------------------


def composition_figure(view: AreaView, record: Indicator, known: Facts, source: str) -> CompositionFigure | None:
    """Shares of each category of the composed dimension, in the record's order, for area and comparators."""
    if not record.numerator.categories or record.numerator.dimension is None:
        return None
    bars = []
    for name, role, code in (
        (known.area_name, "area", view.area.code),
        ("England", "england", geography.ENGLAND),
        (view.region_name, "region", view.region_code),
    ):
        rows = _rows(view, record, code, record.numerator.dimension)
        rows = rows.loc[rows["period"] == known.period].set_index("category")
        if not rows.empty:
            bars.append(StackedBar(name, role, _segments(record, rows)))  # type: ignore[arg-type]
    if not bars:
        return None
    largest = max(bars[0].segments, key=lambda segment: segment.share or 0)
    words = formatting.period_words(known.period, known.period_type)
    share = formatting.number(largest.share or 0, 1)
    title = f"{formatting.sentence(largest.category)} is the largest group, {share}%, in {words}"
    alternative = f"Stacked bars for {words}. " + " ".join(_spoken(bar) for bar in bars)
    return CompositionFigure(_text(record, "composition", title, alternative, source), record.unit, tuple(bars))


def _segments(record: Indicator, rows: pd.DataFrame) -> tuple[Segment, ...]:
    made = []
    for category in record.numerator.categories:
        present = category in rows.index and pd.notna(rows.at[category, "value"])
        share = float(rows.at[category, "value"]) if present else None
        counted = (
            float(rows.at[category, "numerator"]) if present and pd.notna(rows.at[category, "numerator"]) else None
        )
        made.append(Segment(formatting.category_label(category), counted, share))
    return tuple(made)


def _spoken(bar: StackedBar) -> str:
    shares = ", ".join(
        f"{part.category} {formatting.number(part.share, 1)}%" for part in bar.segments if part.share is not None
    )
    return f"{bar.name}: {shares}."


# --- by age ------------------------------------------------------------------------------------


def age_figure(view: AreaView, record: Indicator, known: Facts, source: str) -> AgeFigure | None:
    """Counts by single year of age in the newest period and the one before it that has ages."""
    rows = _rows(view, record, view.area.code, "age")
    rows = rows.loc[rows["value"].notna()]
    if rows.empty:
        return None
    ages = sorted(rows["category"].unique(), key=_age_order)
    periods = sorted(rows["period"].unique(), reverse=True)[:2]
    series = []
    for period in periods:
        values = rows.loc[rows["period"] == period].set_index("category")["value"]
        series.append(
            AgeSeries(
                formatting.sentence(formatting.period_words(period, known.period_type)),
                tuple(float(values[age]) if age in values.index else None for age in ages),
            )
        )
    newest = series[0]
    peak = max(range(len(ages)), key=lambda index: newest.values[index] or 0)
    at_peak = formatting.number(newest.values[peak] or 0)
    title = f"Age {ages[peak]} has the most {record.unit}: {at_peak} in {newest.name}"
    spoken = ", ".join(
        f"age {age} {formatting.number(value)}"
        for age, value in zip(ages, newest.values, strict=True)
        if value is not None
    )
    text = _text(record, "ages", title, f"Columns by single year of age, {newest.name}: {spoken}.", source)
    return AgeFigure(text, record.unit, tuple(ages), tuple(series))


def _age_order(age: str) -> tuple[int, str]:
    """`under 3` before `3`, `25 or over` after `25`, anything unknown last."""
    digits = "".join(letter for letter in age if letter.isdigit())
    if not digits:
        return 999, age
    lower = "under" in age or "below" in age
    upper = "over" in age or "+" in age or "more" in age
    return int(digits) * 10 + (-5 if lower else 5 if upper else 0), age


def pyramid_figure(view: AreaView, record: Indicator, known: Facts, source: str) -> PyramidFigure | None:
    """Residents by five-year band and sex, with England's shape as shares of its population in the figure."""
    own = _bands(_rows(view, record, view.area.code, "age_and_sex"), known.period)
    england = _bands(_rows(view, record, geography.ENGLAND, "age_and_sex"), known.period)
    if own.empty or england.empty:
        return None
    shares = england / england.to_numpy().sum() * 100
    bands = [str(band) for band in own.index]
    largest = bands[int(own.sum(axis=1).to_numpy().argmax())]
    total = formatting.number(float(own.to_numpy().sum()))
    title = f"{total} residents aged 0 to 25; the largest group is aged {largest}"
    spoken = ", ".join(
        f"{band}: {formatting.number(own.at[band, 'female'])} female, {formatting.number(own.at[band, 'male'])} male"
        for band in own.index
    )
    return PyramidFigure(
        text=_text(record, "pyramid", title, f"Population pyramid. {spoken}.", source),
        ages=tuple(bands),
        females=tuple(own["female"].astype(float)),
        males=tuple(own["male"].astype(float)),
        england_females_share=tuple(shares["female"].astype(float)),
        england_males_share=tuple(shares["male"].astype(float)),
    )


def _bands(rows: pd.DataFrame, period: str) -> pd.DataFrame:
    """Counts by band (rows, youngest first) and sex (columns female, male)."""
    rows = rows.loc[(rows["period"] == period) & rows["value"].notna()]
    if rows.empty:
        return pd.DataFrame()
    parts = rows["category"].str.extract(r"^(?P<sex>female|male)_(?P<age>\d+)")
    age = parts["age"].astype(int)
    start = age // AGE_BANDS * AGE_BANDS
    table = rows.assign(sex=parts["sex"], start=start).pivot_table(
        index="start", columns="sex", values="value", aggfunc="sum"
    )
    table.index = [f"{start}–{min(start + AGE_BANDS - 1, 25)}" if start < 25 else "25" for start in table.index]
    return table
