"""Tables of the Office for Health Improvement and Disparities.

Here: the public health profiles (Fingertips) in their native export. Not here: NHS England's
publications (`schemas/nhs.py`).
"""

from __future__ import annotations

from jsna_pipeline.schemas import base
from jsna_pipeline.schemas.base import CoreTable, filter_column, number


class Fingertips(CoreTable):
    """One indicator for an area, period, sex and age; inequality splits are rows with a dimension."""

    indicator: str = filter_column("Fingertips indicator number", published_as=["Indicator ID"])
    sex: str = filter_column("Persons, Male, Female or Not applicable", published_as=["Sex"])
    age: str = filter_column("Age group in the publisher's words", published_as=["Age"])
    # Unbounded: slopes of inequality and changes are negative, rates exceed 100.
    value: float = number("The published value", published_as=["Value"], unit="varies by indicator")
    lower_ci: float = number(
        "Lower limit of the 95% confidence interval",
        published_as=["Lower CI 95.0 limit"],
        unit="varies by indicator",
    )
    upper_ci: float = number(
        "Upper limit of the 95% confidence interval",
        published_as=["Upper CI 95.0 limit"],
        unit="varies by indicator",
    )
    count: float = base.count("Numerator, modelled in some indicators", published_as=["Count"], unit="people or events")
    denominator: float = base.count("Denominator", published_as=["Denominator"], unit="people or events")
