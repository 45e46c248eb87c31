"""The indicator dictionary and the glossary: definitions in words, generated from the records.

Here: a record as a dictionary entry, and the field's terms explained. Not here: values.
"""

from __future__ import annotations

from jsna_pipeline.catalogue.datasets import Dataset, datasets
from jsna_pipeline.catalogue.indicators import Indicator, Side
from jsna_pipeline.core_tables import model_of
from jsna_pipeline.report import formatting
from jsna_pipeline.report.model import DictionaryEntry

GLOSSARY: tuple[tuple[str, str], ...] = (
    (
        "Annual review",
        "The yearly meeting at which an EHC plan is checked and, if needed, changed. The law sets 12 months.",
    ),
    (
        "Confidence interval (CI)",
        "The range in which the underlying level plausibly lies, given how few people are counted.",
    ),
    (
        "EHC plan",
        "Education, health and care plan: a legal document that says what support a person up to 25 must get.",
    ),
    ("EHC needs assessment", "The assessment that decides whether a child or young person needs an EHC plan."),
    ("Exception", "A case in which the law allows the authority more than 20 weeks to issue a plan."),
    (
        "Integrated care board (ICB)",
        "The NHS body that plans health services for an area, often larger than one authority.",
    ),
    ("NEET", "Not in education, employment or training."),
    ("Persistent absence", "Missing 10% or more of possible sessions. Severe absence is missing half or more."),
    ("SEN support", "Extra help that a school gives a pupil with special educational needs who has no EHC plan."),
    ("SEND", "Special educational needs and disabilities."),
    (
        "Similar, better, worse",
        "Whether England's value lies inside, or on which side of, the area's 95% confidence interval.",
    ),
    ("Statistical neighbours", "The ten authorities most like this one in the Department for Education's model."),
    ("Trend", "The direction over the last five points, tested so that chance alone would rarely produce it."),
)


def dictionary_entry(record: Indicator, source: Dataset) -> DictionaryEntry:
    """How the report's dictionary prints `record`."""
    return DictionaryEntry(
        indicator_id=record.id,
        name=record.name,
        question=record.question,
        description=record.description,
        rationale=record.rationale,
        population=record.population,
        numerator=side_in_words(record.numerator),
        denominator=side_in_words(record.denominator) if record.denominator else "none",
        method=formatting.METHOD_LABELS[record.method],
        polarity=formatting.POLARITY_LABELS[record.polarity],
        unit=formatting.unit_label(record.unit),
        source=f"{source.publisher}, {source.publication}: {source.title}",
        caveats=tuple(record.caveats),
        strategy_tags=tuple(record.strategies),
        reviewed=formatting.date_words(record.reviewed),
    )


def side_in_words(side: Side) -> str:
    """A numerator or denominator as the descriptions of the columns it adds."""
    columns = model_of(datasets()[side.table]).to_schema().columns
    if side.categories:
        return f"by {(side.dimension or '').replace('_', ' ')}: " + "; ".join(
            name.replace("_", " ") for name in side.categories
        )
    return " plus ".join(str(columns[name].description) for name in side.columns)
