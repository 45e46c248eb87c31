"""School places: core tables of the Department for Education's school places scorecard.

Here: places, spare places, forecasts, offers and Ofsted's judgement of the schools that hold the places.
Not here: places for pupils with SEN, of which the scorecard says nothing, or pupils (`schemas/dfe_schools.py`).
"""

from __future__ import annotations

from jsna_pipeline.schemas.base import CoreTable, count, number, percentage


class SchoolPlaces(CoreTable):
    """Mainstream state-funded school places of one authority and survey year, primary and secondary.

    Left out on purpose: the cost of a place (the publisher's national projects, not the authority's) and
    places created since 2009/10 (for an authority younger than that, all its places).
    """

    primary_places: float = count("Primary places", published_as=["PriCap"], unit="places")
    secondary_places: float = count("Secondary places", published_as=["SecCap"], unit="places")
    primary_unfilled_percent: float = percentage("Unfilled primary places", published_as=["Quan_P_UP"])
    secondary_unfilled_percent: float = percentage("Unfilled secondary places", published_as=["Quan_S_UP"])
    primary_spare_forecast_percent: float = number(
        "Primary places expected to be spare in three years", published_as=["Quan_P_Su"], unit="percent", le=100
    )
    secondary_spare_forecast_percent: float = number(
        "Secondary places expected to be spare in three years", published_as=["Quan_S_Su"], unit="percent", le=100
    )
    primary_places_needed: float = count(
        "Primary places still needed in three years", published_as=["Quan_P_RP"], unit="places"
    )
    secondary_places_needed: float = count(
        "Secondary places still needed in three years", published_as=["Quan_S_RP"], unit="places"
    )
    primary_pupil_change_percent: float = number(
        "Change in primary pupils expected in three years", published_as=["An_P_gro"], unit="percent"
    )
    secondary_pupil_change_percent: float = number(
        "Change in secondary pupils expected in three years", published_as=["An_S_gro"], unit="percent"
    )
    primary_forecast_error_1_percent: float = number(
        "Primary forecast of one year before, above (+) or below the roll", published_as=["For_1_P"], unit="percent"
    )
    primary_forecast_error_3_percent: float = number(
        "Primary forecast of three years before, above (+) or below the roll", published_as=["For_3_P"], unit="percent"
    )
    secondary_forecast_error_1_percent: float = number(
        "Secondary forecast of one year before, above (+) or below the roll", published_as=["For_1_S"], unit="percent"
    )
    secondary_forecast_error_3_percent: float = number(
        "Secondary forecast of three years before, above (+) or below the roll",
        published_as=["For_3_S"],
        unit="percent",
    )
    primary_outstanding: float = count(
        "Primary places in schools outstanding for quality of education", published_as=["Qual_P_1_E_QE"], unit="places"
    )
    primary_good: float = count(
        "Primary places in schools good for quality of education", published_as=["Qual_P_2_E_QE"], unit="places"
    )
    primary_requires_improvement: float = count(
        "Primary places in schools whose quality of education requires improvement",
        published_as=["Qual_P_3_E_QE"],
        unit="places",
    )
    primary_inadequate: float = count(
        "Primary places in schools inadequate for quality of education", published_as=["Qual_P_4_E_QE"], unit="places"
    )
    primary_not_judged: float = count(
        "Primary places in schools without a judgement", published_as=["Qual_P_NA_E_QE"], unit="places"
    )
    secondary_outstanding: float = count(
        "Secondary places in schools outstanding for quality of education",
        published_as=["Qual_S_1_E_QE"],
        unit="places",
    )
    secondary_good: float = count(
        "Secondary places in schools good for quality of education", published_as=["Qual_S_2_E_QE"], unit="places"
    )
    secondary_requires_improvement: float = count(
        "Secondary places in schools whose quality of education requires improvement",
        published_as=["Qual_S_3_E_QE"],
        unit="places",
    )
    secondary_inadequate: float = count(
        "Secondary places in schools inadequate for quality of education",
        published_as=["Qual_S_4_E_QE"],
        unit="places",
    )
    secondary_not_judged: float = count(
        "Secondary places in schools without a judgement", published_as=["Qual_S_NA_E_QE"], unit="places"
    )


class SchoolOffers(CoreTable):
    """Offers of a school place for entry in September, by the family's preference."""

    primary_first: float = percentage(
        "Offered the first preference of primary school", published_as=["Pref_P_1_CY", "Pref_P_1_NY"]
    )
    primary_first_three: float = percentage(
        "Offered one of the first three preferences of primary school", published_as=["Pref_P_T3_CY", "Pref_P_T3_NY"]
    )
    secondary_first: float = percentage(
        "Offered the first preference of secondary school", published_as=["Pref_S_1_CY", "Pref_S_1_NY"]
    )
    secondary_first_three: float = percentage(
        "Offered one of the first three preferences of secondary school",
        published_as=["Pref_S_T3_CY", "Pref_S_T3_NY"],
    )
