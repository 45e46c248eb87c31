"""Pupils, schools and alternative provision: core tables of the Department for Education.

Here: which published columns each table keeps, what they mean and in which unit. Not here: where
the file lies (`catalogue/datasets/`) or how an indicator combines columns (`catalogue/indicators/`).
Meanings follow the data guidance that each release carries.
"""

from __future__ import annotations

from jsna_pipeline.schemas.base import CoreTable, count, filter_column, percentage


class PupilsByLanguage(CoreTable):
    """Pupils on roll at the January school census, by phase, ethnic group and first language."""

    phase: str = filter_column("Phase of the school", published_as=["phase_type_grouping"])
    ethnicity: str = filter_column("Ethnic group", published_as=["ethnicity"])
    language: str = filter_column("First language", published_as=["language"])
    pupils: float = count("Pupils on roll", published_as=["headcount"], unit="pupils")
    pupils_percent: float = percentage("Share of pupils", published_as=["percent_of_pupils"])


class PupilsByFreeMeals(CoreTable):
    """Pupils on roll at the January school census, by phase and eligibility for free school meals."""

    phase: str = filter_column("Phase of the school", published_as=["phase_type_grouping"])
    characteristic_group: str = filter_column("Characteristic", published_as=["characteristic_group"])
    characteristic: str = filter_column("Group", published_as=["characteristic"])
    eligibility: str = filter_column("Eligibility for free school meals", published_as=["fsm_eligibility"])
    pupils: float = count("Pupils in the group", published_as=["number_of_pupils"], unit="pupils")
    all_pupils: float = count("All pupils of the characteristic", published_as=["denominator"], unit="pupils")
    pupils_percent: float = percentage("Share of pupils", published_as=["percent_of_pupils"])


class AlternativeProvisionPlacements(CoreTable):
    """Placements in alternative provision that local authorities pay for, by kind of setting."""

    setting: str = filter_column("Kind of setting", published_as=["setting_type"])
    placements: float = count("Placements", published_as=["placements"], unit="placements")


class SchoolArrangedAlternativeProvision(CoreTable):
    """Pupils whom schools sent to alternative provision, by one characteristic or the reason, and kind of setting.

    A group without pupils has no row.
    """

    characteristic_group: str = filter_column("Characteristic", published_as=["characteristic_grouping"])
    characteristic: str = filter_column("Group", published_as=["pupil_characteristic"])
    setting: str = filter_column("Kind of setting", published_as=["setting_type"])
    pupils: float = count("Pupils", published_as=["pupils"], unit="pupils")
